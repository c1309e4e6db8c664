//! The first page of a document: what it is, what was found, what is in it.

use crate::address::Here;
use crate::chart::lettering::capital;
use crate::page::block::{facts, findings};
use crate::page::layout::{Page, framed};
use crate::page::passage::passage;
use crate::page::translation::other_readings;
use crate::page::{Offer, size};
use headwater_release::{Block, Document, Section};
use maud::{Markup, html};

/// The name of a key figure, which leads to the page about what it counts where there is one.
pub(crate) fn key_figure(name: &str, here: &Here<'_>) -> Markup {
    html! { @if let Some(address) = here.page_of_key_figure(name) { a href=(address) { (name) } } @else { (name) } }
}

/// The contents page of a document.
pub(crate) fn contents(here: &Here<'_>, document: &Document, offers: &[Offer]) -> String {
    let index = here.document.unwrap_or(0);
    let path = format!("{}/index.html", here.site.folder(index));
    let found: Vec<&Block> =
        document.sections.iter().take(1).flat_map(|s| &s.blocks).filter(|b| matches!(b, Block::Findings(all) if !all.is_empty())).collect();
    let page = Page {
        title: document.title.clone(),
        audience: document.audience,
        trail: vec![(here.site.words().all.into(), format!("{}index.html", here.root))],
        main: html! {
            p.above { (capital(&document.area_kind)) }
            h1 { (document.title) }
            (other_readings(here))
            p.lede { (passage(&document.standfirst, here)) }
            @if !document.key_figures.is_empty() {
                dl.figures { @for (name, value) in &document.key_figures { div { dt { (key_figure(name, here)) } dd { (passage(value, here)) } } } }
            }
            @if !found.is_empty() {
                h2 #findings { "What was found" }
                @for block in found { @if let Block::Findings(all) = block { (findings(all, here)) } }
            }
            h2 #contents { "Contents" }
            ol.contents { @for (i, section) in document.sections.iter().enumerate() { (entry(here, index, i, section)) } }
            @if !offers.is_empty() {
                h2 #downloads { "To download" }
                ul.links {
                    @for offer in offers {
                        li { a href=(offer.name) download { (offer.words) " (" (offer.format) ", " (size(offer.bytes.len())) ")" } ": " (offer.about) }
                    }
                }
            }
            @if !document.front.is_empty() {
                h2 #facts { "About this document" }
                (facts(&document.front, here))
            }
        },
        beside: beside(here, index),
        path: &path,
    };
    framed(&page, here)
}

fn entry(here: &Here<'_>, document: usize, i: usize, section: &Section) -> Markup {
    let unknown = !section.blocks.is_empty() && section.blocks.iter().all(|block| matches!(block, Block::NotYetKnown(_)));
    html! {
        li {
            a href=(here.site.section_file(document, i)) { (section.name) }
            @if unknown { " " span.tag { "Not yet known" } }
            @if section.title.plain() != section.name { p { (section.title.plain()) } }
        }
    }
}

/// The other areas of the publication.
fn beside(here: &Here<'_>, index: usize) -> Option<Markup> {
    let documents = &here.site.publication.documents;
    (documents.len() > 1).then(|| {
        html! {
            nav.beside aria-labelledby="areas" {
                h2 #areas { (here.site.words().others) }
                ul {
                    @for (i, document) in documents.iter().enumerate() {
                        li {
                            @if i == index { a href=(here.document_home(i)) aria-current="page" { (document.area) } }
                            @else { a href=(here.document_home(i)) { (document.area) } }
                        }
                    }
                }
            }
        }
    })
}
