//! The first page of the site: choose an area; and the page for what is not there.

use crate::address::Here;
use crate::chart::lettering::capital;
use crate::page::contents::key_figure;
use crate::page::layout::{Page, framed, imprint};
use crate::page::passage::passage;
use crate::page::section::narrowest;
use crate::page::translation::other_readings;
use headwater_release::{Audience, Document, Subject};
use maud::{DOCTYPE, Markup, html};

/// The page to choose an area.
pub(crate) fn home(here: &Here<'_>) -> String {
    let publication = here.site.publication;
    let page = Page {
        title: publication.title.clone(),
        audience: narrowest(here),
        trail: vec![],
        main: html! {
            h1 { (publication.title) }
            (other_readings(here))
            p.lede { (passage(&publication.standfirst, here)) }
            @match publication.subject {
                Subject::Areas => (areas(here)),
                Subject::Campaigns => (campaigns(here)),
                Subject::Statement => (statement(here)),
            }
            @if !publication.about.is_empty() {
                h2 #about { (here.site.words().about) }
                ul.links {
                    @for (i, section) in publication.about.iter().enumerate() {
                        li { a href=(here.about_page(i)) { (section.name) } ": " (passage(&section.lede, here)) }
                    }
                    @if !publication.measures.is_empty() {
                        li { a href="measures/index.html" { "About the measures" } ": what is counted, how, and what it does not show." }
                    }
                }
            }
        },
        beside: None,
        path: "index.html",
    };
    framed(&page, here)
}

/// The areas to choose from, and what each assessment holds.
fn areas(here: &Here<'_>) -> Markup {
    html! {
        h2 #areas { (here.site.words().choose) }
        (chooser(here))
        (compared(here))
        @if let Some(first) = here.site.publication.documents.first() {
            h2 #inside { "What is in each assessment" }
            ol.inside { @for section in &first.sections { li { (section.name) } } }
            @if !first.front.is_empty() {
                h2 #facts { "Period and sources" }
                (crate::page::block::facts(&first.front, &Here { document: None, ..*here }))
            }
        }
    }
}

/// Each campaign with its days and how it stands, the newest first as they are given; then what is about more than one.
fn campaigns(here: &Here<'_>) -> Markup {
    let all = here.site.publication.documents.iter().enumerate();
    let (campaigns, others): (Vec<_>, Vec<_>) = all.partition(|(_, document)| document.area_kind == "campaign");
    html! {
        @if !campaigns.is_empty() {
            h2 #campaigns { (here.site.words().choose) }
            ul.areas { @for (i, document) in &campaigns { (said(here, *i, document, true)) } }
        }
        @if !others.is_empty() {
            h2 #others { (here.site.words().others) }
            ul.areas { @for (i, document) in &others { (said(here, *i, document, false)) } }
        }
    }
}

/// The way into a statement, and to each of its sections.
fn statement(here: &Here<'_>) -> Markup {
    html! {
        @for (i, document) in here.site.publication.documents.iter().enumerate() {
            p { a href=(here.document_home(i)) { (document.title) } ": contents, files to download, and what it rests on." }
            h2 #inside { (here.site.words().choose) }
            ol.inside {
                @for (place, section) in document.sections.iter().enumerate() {
                    li { a href={ (here.root) (here.site.folder(i)) "/" (here.site.section_file(i, place)) } { (section.name) } ": " (section.title.plain()) }
                }
            }
        }
    }
}

/// A document by its title, what it is about, and its figures.
fn said(here: &Here<'_>, i: usize, document: &Document, is_wide: bool) -> Markup {
    html! {
        li.whole[is_wide] {
            h3 { a href=(here.document_home(i)) { (document.area) } }
            p { (passage(&document.standfirst, here)) }
            @if !document.key_figures.is_empty() {
                dl.key-figures { @for (name, value) in &document.key_figures { div { dt { (name) } dd { (passage(value, here)) } } } }
            }
        }
    }
}

/// From so many documents on, the areas stand under headings of their kinds.
const MANY_AREAS: usize = 8;

/// All areas with their key figures: the whole first, then the others by kind.
fn chooser(here: &Here<'_>) -> Markup {
    let documents = &here.site.publication.documents;
    let mut kinds: Vec<&str> = Vec::new();
    for document in documents.iter().skip(1) {
        if !kinds.contains(&document.area_kind.as_str()) {
            kinds.push(&document.area_kind);
        }
    }
    let is_grouped = kinds.len() > 1 || documents.len() >= MANY_AREAS;
    html! {
        @if is_grouped {
            ul.areas { @for (i, document) in documents.iter().enumerate().take(1) { (area(here, i, document, true)) } }
            @for kind in kinds {
                @let of_kind: Vec<(usize, &Document)> = documents.iter().enumerate().skip(1).filter(|(_, document)| document.area_kind == kind).collect();
                h3 { (capital(kind)) " (" (of_kind.len()) ")" }
                ul.areas { @for (i, document) in of_kind { (area(here, i, document, false)) } }
            }
        } @else {
            ul.areas { @for (i, document) in documents.iter().enumerate() { (area(here, i, document, true)) } }
        }
    }
}

/// An area. The names of its key figures lead to what they count in the first alone: the same few in each would stand in the
/// way of who chooses an area with the keyboard.
fn area(here: &Here<'_>, i: usize, document: &Document, with_kind: bool) -> Markup {
    html! {
        li.whole[i == 0] {
            a href=(here.document_home(i)) { (document.area) }
            @if with_kind { span.kind { (capital(&document.area_kind)) } }
            @if !document.key_figures.is_empty() {
                dl.key-figures { @for (name, value) in &document.key_figures { div { dt { @if i == 0 { (key_figure(name, here)) } @else { (name) } } dd { (passage(value, here)) } } } }
            }
        }
    }
}

/// Key figures of all areas side by side; a column for every name that any area uses.
fn compared(here: &Here<'_>) -> Markup {
    let documents = &here.site.publication.documents;
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in documents.iter().flat_map(|document| &document.key_figures) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    html! {
        @if !names.is_empty() && documents.len() > 1 {
            details {
            summary { "Compare the areas in a table" }
            div.scroll role="group" aria-labelledby="compared-caption" tabindex="0" {
                table {
                    caption #compared-caption { "Key figures by area, " (documents.first().map_or("", |d| &d.period)) }
                    thead { tr { th.t scope="col" { "Area" } @for name in &names { th scope="col" { (key_figure(name, here)) } } } }
                    tbody {
                        @for (i, document) in documents.iter().enumerate() {
                            tr {
                                th.t scope="row" { a href=(here.document_home(i)) { (document.area) } }
                                @for name in &names {
                                    td {
                                        @match document.key_figures.iter().find(|(n, _)| n == name) {
                                            Some((_, value)) => (passage(value, here)),
                                            None => "[x]",
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            }
        }
    }
}

/// What is said first where there is no page.
const NOT_FOUND: &str = "If you typed the address, check it is right. If you followed a link, the page may belong to an earlier edition.";

/// The page that is shown when there is none at an address of a site whose folder is known.
pub(crate) fn not_found(here: &Here<'_>) -> String {
    let page = Page {
        title: "Page not found".into(),
        audience: Audience::Public,
        trail: vec![],
        main: html! {
            h1 { "Page not found" }
            p { (NOT_FOUND) }
            p {
                a href={ (here.root) "index.html" } { (here.site.words().choose) " on the first page" } ", or look in the "
                a href={ (here.root) "a-to-z.html" } { "A to Z" } "."
            }
        },
        beside: None,
        path: "404.html",
    };
    framed(&page, here)
}

/// The same where nobody said at which address the site will lie: from an address that is not there no relative link leads
/// anywhere, so there is none, and no style sheet.
pub(crate) fn not_found_anywhere(here: &Here<'_>) -> String {
    let publication = here.site.publication;
    let markup = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Page not found – " (publication.title) }
            }
            body {
                a href="#main" { "Skip to main content" }
                header { p { (publication.title) } }
                main #main tabindex="-1" {
                    h1 { "Page not found" }
                    p { (NOT_FOUND) }
                    p { "To reach the first page, take away the end of the address after a slash, again and again until there is a page." }
                }
                footer { (imprint(&publication.imprint)) }
            }
        }
    };
    markup.into_string()
}
