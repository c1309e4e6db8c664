//! What a document says, page by page, as the program reads it; what was searched for is marked.

use headwater_documents::text::{BlockKind, DocumentText, PageText};
use headwater_prevention::exchange::id::DocumentId;
use maud::{Markup, html};
use serde_json::json;

use super::documents::{self, is_erased};
use super::form::Problems;
use super::search::marked;
use super::visit::{Answer, Visit, page};
use super::{layout, library, replies};
use crate::search::question::Question;
use crate::search::seen_text;

/// More blocks than this stand on several pages of ours, as a word-processor file is one page whatever its length.
const BLOCKS: usize = 400;

/// One page of a document. Who read it is logged.
///
/// # Errors
/// The document is held, was destroyed or erased.
pub fn show(visit: &Visit) -> Answer {
    let (id, hash) = {
        let known = visit.app.office.known();
        let (id, it) = documents::of(visit, &known)?;
        if !it.screening.is_readable() || is_erased(it) {
            return Err(Problems::one("", "The file is held or gone: nobody can read what it says").into());
        }
        (id, it.original.to_string())
    };
    let (text, refused) = match library::text_of(&visit.app, &hash, Some(id))? {
        Ok(text) => (text, None),
        Err(refusal) => (DocumentText::default(), Some(refusal)),
    };
    visit.log("audit.document_opened", json!({"document": id.0}))?;
    let n_pages = text.pages.len();
    let number = visit.query.text("page").parse::<usize>().unwrap_or(1).clamp(1, n_pages.max(1));
    let typed = visit.query.text("q");
    let question = Question::read(typed).ok();
    let title = replies::title_of(visit, id)?;
    let main = html! {
        p.hint { "As the program reads it, without pictures and layout. " a href={ "/documents/" (id.0) "/original" } { "Take the file as it came" } "." }
        @for remark in &text.remarks { p.hint { (layout::sentence(remark)) } }
        @if refused.is_none() && let Some(question) = &question { (others(id, &text.pages, question, typed, number)) }
        @if let Some(it) = text.pages.get(number - 1) {
            (ways(id, number, n_pages, typed))
            (one_page(visit, it, question.as_ref(), number))
            (ways(id, number, n_pages, typed))
        } @else if refused.is_none() { p { "It has no page." } }
        @if let Some(refusal) = &refused { p.warning { (layout::sentence(&refusal.what)) ": " (refusal.remedy) "." } }
    };
    let here = format!("/documents/{}", id.0);
    let back = form_urlencoded::Serializer::new(String::new()).append_pair("q", typed).finish();
    let search = format!("/search?{back}");
    let trail: Vec<(&str, &str)> =
        if typed.is_empty() { vec![("Documents", "/documents"), (&title, &here)] } else { vec![("Search", &search), (&title, &here)] };
    let heading = if n_pages > 1 { format!("{title}: page {number}") } else { title.clone() };
    page(layout::page(visit, &heading, &trail, &main))
}

/// The pages that say what was searched for.
fn others(id: DocumentId, pages: &[PageText], question: &Question, typed: &str, number: usize) -> Markup {
    let saying: Vec<usize> = (1..).zip(pages).filter(|(_, page)| !question.places(&seen_text(page)).is_empty()).map(|(page, _)| page).collect();
    html! {
        nav.pages aria-label="Pages that say it" {
            p { @if saying.is_empty() { "No page says " } @else { (layout::counted(saying.len(), "page says ", "pages say ")) } code { (typed) } "." }
            @if pages.len() > 1 { ul { @for page in &saying { li { a href=(address(id, typed, *page)) aria-current=[(*page == number).then_some("page")] { (page) } } } } }
        }
    }
}

/// Where a page of a document is read, with what was searched for marked.
pub fn address(id: DocumentId, typed: &str, page: usize) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs([("q", typed), ("page", &page.to_string())]).finish();
    format!("/documents/{}/words?{query}", id.0)
}

/// The way to the pages before and behind.
fn ways(id: DocumentId, number: usize, n_pages: usize, typed: &str) -> Markup {
    let at = |page: usize| address(id, typed, page);
    html! {
        @if n_pages > 1 {
            nav.pages aria-label="Pages of the document" {
                p { "Page " (number) " of " (n_pages) "." }
                ul {
                    @if number > 1 { li { a rel="prev" href=(at(number - 1)) { "Page " (number - 1) } } }
                    @if number < n_pages { li { a rel="next" href=(at(number + 1)) { "Page " (number + 1) } } }
                }
            }
        }
    }
}

fn one_page(visit: &Visit, it: &PageText, question: Option<&Question>, number: usize) -> Markup {
    let text = seen_text(it);
    let places = question.map(|question| question.places(&text)).unwrap_or_default();
    let parts = it.blocks.len().div_ceil(BLOCKS).max(1);
    let first = places.first().and_then(|place| it.blocks.iter().position(|block| block.range.contains(&place.start))).unwrap_or(0) / BLOCKS;
    let part = visit.query.text("part").parse::<usize>().map_or(first, |part| part.saturating_sub(1)).min(parts - 1);
    let blocks = &it.blocks[part * BLOCKS..it.blocks.len().min((part + 1) * BLOCKS)];
    let words = |range: &std::ops::Range<usize>| marked(&text, range, &places);
    let mut rest = blocks;
    let mut pieces: Vec<Markup> = Vec::new();
    while let Some(block) = rest.first() {
        let alike = rest.iter().take_while(|other| std::mem::discriminant(&other.kind) == std::mem::discriminant(&block.kind)).count();
        let (these, others) = rest.split_at(alike);
        rest = others;
        pieces.push(match block.kind {
            // The page has one heading of the first level, its title, and this text is a section of it.
            BlockKind::Heading(_) => html! { @for block in these { h3 { (words(&block.range)) } } },
            BlockKind::Paragraph => html! { @for block in these { p { (words(&block.range)) } } },
            BlockKind::Item(_) => html! { ul { @for block in these { li { (words(&block.range)) } } } },
            BlockKind::Row => html! {
                div.scroll tabindex="0" role="region" aria-label="Table of the document" { table { tbody { @for block in these {
                    tr { @for cell in cells(&text, &block.range) { td.t { (words(&cell)) } } }
                } } } }
            },
            BlockKind::Note => html! { @for block in these { p.hint { "Note: " (words(&block.range)) } } },
            BlockKind::Margin => html! { @for block in these { p.hint { "In the margin: " (words(&block.range)) } } },
        });
    }
    html! {
        section.said aria-labelledby="said" {
            h2 id="said" { "Page " (number) @if let Some(name) = &it.name { ": " (name) } @if parts > 1 { ", part " (part + 1) " of " (parts) } }
            @if blocks.is_empty() { p { "No text was read on this page." } }
            @for piece in &pieces { (piece) }
            @if it.n_unknown > 0 { p.warning { (layout::counted(it.n_unknown, "letter", "letters")) " of this page could not be read: the font does not say which they are." } }
            @if parts > 1 { (parts_of(visit, part + 1, parts)) }
        }
    }
}

fn parts_of(visit: &Visit, part: usize, parts: usize) -> Markup {
    let at = |part: usize| {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("q", visit.query.text("q")), ("page", visit.query.text("page")), ("part", &part.to_string())])
            .finish();
        format!("{}?{query}", visit.path)
    };
    html! {
        nav.pages aria-label="Parts of this page" {
            ul {
                @if part > 1 { li { a rel="prev" href=(at(part - 1)) { "Part " (part - 1) } } }
                @if part < parts { li { a rel="next" href=(at(part + 1)) { "Part " (part + 1) } } }
            }
        }
    }
}

/// The cells of a row: they stand apart by tabs.
fn cells(text: &str, row: &std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
    let mut start = row.start;
    let ends = text[row.clone()].match_indices('\t').map(|(at, _)| row.start + at).chain([row.end]);
    ends.map(|end| std::mem::replace(&mut start, end + 1)..end).collect()
}
