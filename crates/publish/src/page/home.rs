//! The first page of the site: choose an area; and the page for what is not there.

use crate::address::Here;
use crate::chart::lettering::capital;
use crate::page::layout::{Page, framed};
use crate::page::passage::passage;
use crate::page::section::narrowest;
use headwater_release::{Audience, Document};
use maud::{Markup, html};

/// The page to choose an area.
pub(crate) fn home(here: &Here<'_>) -> String {
    let publication = here.site.publication;
    let page = Page {
        title: publication.title.clone(),
        audience: narrowest(here),
        trail: vec![],
        main: html! {
            h1 { (publication.title) }
            p.lede { (passage(&publication.standfirst, here)) }
            @if !publication.documents.is_empty() {
                h2 #areas { "Choose an area" }
                ul.areas { @for (i, document) in publication.documents.iter().enumerate() { (area(here, i, document)) } }
                (compared(here))
            }
            @if let Some(first) = publication.documents.first() {
                h2 #inside { "What is in each assessment" }
                ol.inside { @for section in &first.sections { li { (section.name) } } }
                @if !first.front.is_empty() {
                    h2 #facts { "Period and sources" }
                    (crate::page::block::facts(&first.front, &Here { document: None, ..*here }))
                }
            }
            @if !publication.about.is_empty() {
                h2 #about { "About the figures" }
                ul.links {
                    @for (i, section) in publication.about.iter().enumerate() {
                        li { a href=(here.about_page(i)) { (section.name) } ": " (passage(&section.lede, here)) }
                    }
                }
            }
        },
        beside: None,
        path: "index.html",
    };
    framed(&page, here)
}

fn area(here: &Here<'_>, i: usize, document: &Document) -> Markup {
    html! {
        li.whole[i == 0] {
            a href=(here.document_home(i)) { (document.area) }
            span.kind { (capital(&document.area_kind)) }
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
        @if !names.is_empty() {
            h2 #compared { "Areas compared" }
            div.scroll role="group" aria-labelledby="compared-caption" tabindex="0" {
                table {
                    caption #compared-caption { "Key figures by area, " (documents.first().map_or("", |d| &d.period)) }
                    thead { tr { th.t scope="col" { "Area" } @for name in &names { th scope="col" { (name) } } } }
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

/// The page that is shown when there is none at an address.
pub(crate) fn not_found(here: &Here<'_>) -> String {
    let page = Page {
        title: "Page not found".into(),
        audience: Audience::Public,
        trail: vec![],
        main: html! {
            h1 { "Page not found" }
            p { "If you typed the address, check it is right. If you followed a link, the page may belong to an earlier edition." }
            p { a href="/index.html" { "Choose an area on the first page" } }
        },
        beside: None,
        path: "404.html",
    };
    framed(&page, here)
}
