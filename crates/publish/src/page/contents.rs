//! A document's contents page and its sections.

use super::block::{blocks, facts, findings};
use super::layout::{Crumb, page};
use super::passage::passage;
use crate::site::Links;
use headwater_release::{Audience, Block, Document};
use maud::{Markup, html};

fn restricted(document: &Document) -> Option<&'static str> {
    match document.audience {
        Audience::Public => None,
        Audience::Partners => Some("For the specified authorities under their information sharing agreement."),
        Audience::Team => Some("For the analysts who hold the data; small numbers are not hidden."),
    }
}

fn trail(links: &Links<'_>, document: &Document, last: Option<&str>) -> Vec<Crumb> {
    let mut crumbs = vec![(links.publication().title.clone(), Some(format!("{}index.html", links.up)))];
    match last {
        Some(last) => crumbs.extend([(document.area.clone(), Some("index.html".to_owned())), (last.to_owned(), None)]),
        None => crumbs.push((document.area.clone(), None)),
    }
    crumbs
}

/// The contents page: findings first, then the sections by name and finding.
pub fn contents(links: &Links<'_>, document: &Document) -> String {
    let ranked = document.sections.iter().flat_map(|section| &section.blocks).find_map(|block| match block {
        Block::Findings(ranked) => Some(ranked),
        _ => None,
    });
    let main = html! {
        h1 { (document.title) }
        p.lede { (passage(links, &document.standfirst)) }
        @if let Some(ranked) = ranked {
            h2 { "What stands out" }
            (findings(links, &ranked[..ranked.len().min(3)]))
            @if ranked.len() > 3 {
                p { a href={ (document.sections[0].slug) ".html" } { "All " (ranked.len()) " findings" } }
            }
        }
        h2 { "Contents" }
        ol.contents {
            @for section in &document.sections {
                li { a href={ (section.slug) ".html" } { (section.name) } span.line { (section.title.plain()) } }
            }
        }
        h2 { "About this document" }
        (facts(links, &document.front))
        (others(links, document, "index"))
    };
    page(links, &document.title, &trail(links, document, None), restricted(document), &main)
}

/// One section's page.
pub fn section(links: &Links<'_>, document: &Document, at: usize, number: &mut usize) -> String {
    let section = &document.sections[at];
    let before = at.checked_sub(1).and_then(|i| document.sections.get(i));
    let after = document.sections.get(at + 1);
    let main = html! {
        p.overline { (section.name) ", " (document.area) }
        h1 { (passage(links, &section.title)) }
        p.lede { (passage(links, &section.lede)) }
        (blocks(links, &section.blocks, number))
        nav.turn aria-label="Sections" {
            @if let Some(before) = before { a href={ (before.slug) ".html" } rel="prev" { span.small { "Previous: " } (before.name) } }
            a href="index.html" { "Contents" }
            @if let Some(after) = after { a href={ (after.slug) ".html" } rel="next" { span.small { "Next: " } (after.name) } }
        }
        (others(links, document, &section.slug))
    };
    let title = format!("{}: {}", section.name, document.area);
    page(links, &title, &trail(links, document, Some(&section.name)), restricted(document), &main)
}

/// The same page for the other areas.
fn others(links: &Links<'_>, document: &Document, slug: &str) -> Markup {
    let others: Vec<&Document> = links
        .publication()
        .documents
        .iter()
        .filter(|other| other.slug != document.slug && (slug == "index" || other.sections.iter().any(|s| s.slug == slug)))
        .collect();
    html! {
        @if !others.is_empty() {
            details.others {
                summary { "This page for another area" }
                ul.plain { @for other in others { li { a href={ (links.up) (other.slug) "/" (slug) ".html" } { (other.area) } } } }
            }
        }
    }
}
