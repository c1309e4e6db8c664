//! What every page has: head, skip link, header, marking, footer.

use crate::address::Here;
use headwater_release::{Audience, Block, Document};
use maud::{DOCTYPE, Markup, html};

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
    let publication = here.site.publication;
    let home = format!("{}index.html", here.root);
    let is_home = page.trail.is_empty() && page.title == publication.title;
    let markup = html! {
        (DOCTYPE)
        html lang="en-GB" {
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
            }
            body {
                a.skip href="#main" { "Skip to main content" }
                header {
                    div.inner {
                        @if is_home { p.site { (publication.title) } } @else { p.site { a href=(home) { (publication.title) } } }
                    }
                    @if let Some(words) = marking(page.audience) {
                        p.marking { strong { "Not for sharing: " } (words) }
                    }
                }
                @if !page.trail.is_empty() {
                    nav.trail aria-label="Where you are" {
                        ol { @for (name, address) in &page.trail { li { a href=(address) { (name) } } } }
                    }
                }
                div.columns {
                    main #main tabindex="-1" { (page.main) }
                    @if let Some(beside) = &page.beside { (beside) }
                }
                (footer(page, here))
            }
        }
    };
    markup.into_string()
}

/// Whether there is a table, and so a description of tables.
fn has_tables(document: &Document) -> bool {
    document.sections.iter().flat_map(|section| &section.blocks).any(|block| matches!(block, Block::Figure(_) | Block::Table(_)))
}

fn footer(page: &Page<'_>, here: &Here<'_>) -> Markup {
    let publication = here.site.publication;
    html! {
        footer {
            div.inner {
                @if !publication.about.is_empty() {
                    nav aria-label="About this publication" {
                        ul {
                            @for (i, section) in publication.about.iter().enumerate() { li { a href=(here.about_page(i)) { (section.name) } } }
                        }
                    }
                }
                @for line in &publication.attribution { p { (line) } }
                p.paper { "Page: " (page.path) }
            }
        }
    }
}
