//! What every page has: head, skip link, header, marking, footer.

use crate::address::Here;
use crate::page::slot;
use headwater_release::{Audience, Block, Document, Imprint};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The page that searches, below the site's folder.
pub(crate) const SEARCH_PAGE: &str = "search.html";

/// A page before its frame is put around it.
pub(crate) struct Page<'a> {
    /// The page's own part of the title in the browser.
    pub(crate) title: String,
    /// Who may read it.
    pub(crate) audience: Audience,
    /// The way here: name and address, the page itself not included.
    pub(crate) trail: Vec<(String, String)>,
    /// What the page is about.
    pub(crate) main: Markup,
    /// What stands beside it on a wide page and below it on a narrow one.
    pub(crate) beside: Option<Markup>,
    /// Its path below the site's folder, printed on paper.
    pub(crate) path: &'a str,
}

/// How a page differs from nearly all others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// The language of what the page is about; its frame is in English.
    pub(crate) language: &'static str,
    /// Its scripts, below the site's folder; only the page that searches has any.
    pub(crate) scripts: &'static [&'static str],
}

/// English, and no script.
const PLAIN: Manner = Manner { language: "en-GB", scripts: &[] };

/// The words of a marking; nothing for what anyone may read.
pub(crate) fn marking(audience: Audience) -> Option<&'static str> {
    match audience {
        Audience::Team => Some("for the team that holds the data only. Small numbers are not hidden."),
        Audience::Partners => Some("for the partners under their information sharing agreement only."),
        Audience::Public => None,
    }
}

/// The whole page.
pub(crate) fn framed(page: &Page<'_>, here: &Here<'_>) -> String {
    framed_as(page, here, PLAIN)
}

/// The whole page in its own manner.
pub(crate) fn framed_as(page: &Page<'_>, here: &Here<'_>, manner: Manner) -> String {
    // Around what is in another language the frame must say that it is in English.
    let frame = (manner.language != PLAIN.language).then_some(PLAIN.language);
    let publication = here.site.publication;
    let home = format!("{}index.html", here.root);
    let is_home = page.trail.is_empty() && page.title == publication.title;
    let markup = html! {
        (DOCTYPE)
        html lang=(manner.language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                @if page.audience != Audience::Public { meta name="robots" content="noindex, nofollow"; }
                title { (page.title) @if !is_home { " – " (publication.title) } }
                link rel="stylesheet" href={ (here.root) "style.css" };
                link rel="alternate" type="application/ld+json" title="Data sets of this site (DCAT)" href={ (here.root) "catalogue.jsonld" };
                link rel="alternate" type="application/ld+json" title="Data sets of this site (schema.org)" href={ (here.root) "datasets.jsonld" };
                @if here.the_document().is_some_and(has_tables) {
                    link rel="describedby" type="application/json" title="Tables of this document (Data Package)" href="datapackage.json";
                }
                @for script in manner.scripts { script src={ (here.root) (script) } defer {} }
                (PreEscaped(slot::HEAD))
            }
            body {
                a.skip href="#main" lang=[frame] { "Skip to main content" }
                header lang=[frame] {
                    div.inner.bar {
                        @if is_home { p.site { (publication.title) } } @else { p.site { a href=(home) { (publication.title) } } }
                        @if page.path != SEARCH_PAGE {
                            form.find role="search" action={ (here.root) (SEARCH_PAGE) } method="get" {
                                label for="find" { "Search" }
                                input #find name="q" type="search" autocomplete="off";
                                button type="submit" { "Search" }
                            }
                        }
                    }
                    (PreEscaped(slot::BANNER))
                    @if let Some(words) = marking(page.audience) {
                        p.marking { strong { "Not for sharing: " } (words) }
                    }
                }
                @if !page.trail.is_empty() {
                    nav.trail aria-label="Where you are" lang=[frame] {
                        ol { @for (name, address) in &page.trail { li { a href=(address) { (name) } } } }
                    }
                }
                div.columns {
                    main #main tabindex="-1" { (page.main) }
                    @if let Some(beside) = &page.beside { (beside) }
                }
                (footer(page, here, frame))
            }
        }
    };
    markup.into_string()
}

/// Whether there is a table, and so a description of tables.
fn has_tables(document: &Document) -> bool {
    document.sections.iter().flat_map(|section| &section.blocks).any(|block| matches!(block, Block::Figure(_) | Block::Table(_)))
}

fn footer(page: &Page<'_>, here: &Here<'_>, frame: Option<&str>) -> Markup {
    let publication = here.site.publication;
    html! {
        footer lang=[frame] {
            div.inner {
                nav aria-label="About this publication" {
                    ul {
                        @for (i, section) in publication.about.iter().enumerate() { li { a href=(here.about_page(i)) { (section.name) } } }
                        @if !publication.measures.is_empty() { li { a href={ (here.root) "measures/index.html" } { "About the measures" } } }
                        li { a href={ (here.root) "a-to-z.html" } { "A to Z" } }
                        (PreEscaped(slot::LINKS))
                    }
                }
                (imprint(&publication.imprint))
                @for line in &publication.attribution { p { (line) } }
                p.paper { "Page: " (page.path) }
            }
        }
    }
}

/// Who publishes, and since when; nothing when neither is known.
pub(crate) fn imprint(it: &Imprint) -> Markup {
    let publisher = &it.publisher;
    html! {
        @if it.issued.is_some() || publisher.name.is_some() {
            p.imprint {
                "Published"
                @if let Some(day) = it.issued { " " time datetime=(day) { (day.name()) } }
                @if let Some(name) = &publisher.name { " by " (name) }
                "."
                @if let Some(email) = &publisher.email { " Contact: " a href={ "mailto:" (email) } { (email) } }
                @else if let Some(address) = &publisher.address { " Contact: " (address) "." }
                @else { " Contact not given." }
            }
        }
    }
}
