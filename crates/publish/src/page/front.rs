//! The start page, the pages about the publication, and the page for addresses that do not exist.

use super::block::blocks;
use super::layout::page;
use super::passage::passage;
use crate::site::Links;
use headwater_release::{Document, Section};
use maud::{Markup, html};

/// The start page: which area, first.
pub fn index(links: &Links<'_>) -> String {
    let publication = links.publication();
    let restricted =
        publication.documents.iter().any(|d| !d.audience.is_public()).then_some("Some of these documents are for the team or partners only.");
    let main = html! {
        h1 { (publication.title) }
        p.lede { (passage(links, &publication.standfirst)) }
        @if let Some((whole, parts)) = publication.documents.split_first() {
            h2 { "Choose an area" }
            div.scroll role="region" tabindex="0" aria-labelledby="areas-caption" {
                table {
                    caption #areas-caption { "Areas with their key figures, " (whole.period) ": records in the last twelve months" }
                    thead {
                        tr {
                            th scope="col" { "Area" }
                            @for (what, _) in &whole.key_figures { th scope="col" class="n" { (what) } }
                        }
                    }
                    tbody {
                        (row(links, whole, true))
                        @for part in parts { (row(links, part, false)) }
                    }
                }
            }
        }
        @if !publication.about.is_empty() {
            h2 { "About these pages" }
            ul { @for section in &publication.about { li { a href={ (links.up) "about/" (section.slug) ".html" } { (section.name) } } } }
        }
    };
    page(links, &publication.title, &[], restricted, &main)
}

fn row(links: &Links<'_>, document: &Document, whole: bool) -> Markup {
    html! {
        tr {
            th scope="row" {
                a href={ (links.up) (document.slug) "/index.html" } { (document.area) }
                @if whole { " (whole area)" }
            }
            @for (_, value) in &document.key_figures { td class="n" { (passage(links, value)) } }
        }
    }
}

/// A page about the publication.
pub fn about(links: &Links<'_>, section: &Section) -> String {
    let crumbs = [(links.publication().title.clone(), Some(format!("{}index.html", links.up))), (section.name.clone(), None)];
    let main = html! {
        h1 { (passage(links, &section.title)) }
        p.lede { (passage(links, &section.lede)) }
        (blocks(links, &section.blocks, &mut 0))
    };
    page(links, &section.name, &crumbs, None, &main)
}

/// The page for addresses that do not exist.
pub fn not_found(links: &Links<'_>) -> String {
    let main = html! {
        h1 { "Page not found" }
        p { "If you typed the address, check that it is right. If you followed a link, go to the " a href="index.html" { "start page" } " and choose an area." }
    };
    page(links, "Page not found", &[], None, &main)
}
