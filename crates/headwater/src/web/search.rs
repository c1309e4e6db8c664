//! Searching all documents that may be read: where each says it, in its words.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use headwater_prevention::exchange::id::DocumentId;
use maud::{Markup, html};

use super::documents::{self, KINDS};
use super::library::{self, NotSearched};
use super::office::Known;
use super::spreadsheet::Spreadsheet;
use super::visit::{Answer, Refusal, Reply, Visit, page};
use super::{layout, replies, words};
use crate::problem::Problem;
use crate::search::index::{FoundPage, FoundPages};
use crate::search::question::Question;

/// Documents that are shown, and quotations of each.
const DOCUMENTS: usize = 50;
const QUOTATIONS: usize = 3;

/// Letters around a place, about.
const AROUND: usize = 110;

/// What is searched for, and in which documents.
struct Wanted {
    typed: String,
    body: String,
    kind: String,
}

impl Wanted {
    fn of(visit: &Visit) -> Self {
        let text = |field: &str| visit.query.text(field).to_owned();
        Self { typed: text("q"), body: text("body"), kind: text("kind") }
    }

    /// The same as part of an address.
    fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs([("q", &self.typed), ("body", &self.body), ("kind", &self.kind)]).finish()
    }

    /// The documents that are searched, by the hash of the file.
    fn documents(&self, known: &Known) -> BTreeMap<String, Vec<DocumentId>> {
        let mut all = library::readable(known);
        for ids in all.values_mut() {
            ids.retain(|id| {
                let Some(it) = known.state.document(*id) else { return false };
                let kind = KINDS.iter().find(|(kind, ..)| *kind == it.kind).map_or("", |(_, id, _)| id);
                let recipients = known.state.submission(it.submission).map(|submission| submission.recipients.as_slice()).unwrap_or_default();
                let is_of = |body: &str| recipients.iter().any(|id| known.state.recipient(*id).is_some_and(|it| it.body.0.to_string() == body));
                (self.kind.is_empty() || kind == self.kind) && (self.body.is_empty() || is_of(&self.body))
            });
        }
        all.retain(|_, ids| !ids.is_empty());
        all
    }
}

/// A document that says it.
struct Hit {
    id: DocumentId,
    title: String,
    from: String,
    kind: &'static str,
    /// How many of its pages say it.
    n_pages: usize,
    /// The first of them, each with its text and the places in it.
    pages: Vec<(usize, String, Vec<Range<usize>>)>,
}

/// The documents that say it.
struct Hits {
    /// The best first.
    shown: Vec<Hit>,
    n_documents: usize,
    n_pages: usize,
}

/// The form, and what was found.
///
/// # Errors
/// A file or a record cannot be read.
pub fn show(visit: &Visit) -> Answer {
    let not_searched = library::catch_up(&visit.app);
    let wanted = Wanted::of(visit);
    let question = if wanted.typed.is_empty() { None } else { Some(Question::read(&wanted.typed)) };
    let found = match &question {
        Some(Ok(question)) => Some(hits(visit, &wanted, question, DOCUMENTS, QUOTATIONS)?),
        _ => None,
    };
    let refused = question.and_then(Result::err);
    let known = visit.app.office.known();
    let main = html! {
        (form(&known, &wanted, refused.as_deref()))
        p { a href="/search/terms" { "Search for a whole list of terms" } ", and count each in every document." }
        @if let Some(hits) = &found { (results(&wanted, hits)) }
        (not_there(&known, &not_searched))
    };
    page(layout::page(visit, "Search", &[], &main))
}

fn form(known: &Known, wanted: &Wanted, refused: Option<&str>) -> Markup {
    let bodies: BTreeSet<(&str, String)> = library::readable(known)
        .values()
        .flatten()
        .filter_map(|id| known.state.submission(known.state.document(*id)?.submission))
        .flat_map(|submission| &submission.recipients)
        .filter_map(|id| known.state.recipient(*id))
        .filter_map(|it| Some((known.state.body(it.body)?.entry.name.as_str(), it.body.0.to_string())))
        .collect();
    html! {
        form method="get" action="/search" role="search" {
            div.field.bad[refused.is_some()] {
                label for="q" { "Words in documents" }
                @if let Some(refused) = refused { p.wrong id="q-wrong" { span.unseen { "Error: " } (layout::sentence(refused)) } }
                input type="search" id="q" name="q" value=(wanted.typed) aria-describedby=[refused.map(|_| "q-wrong")] aria-invalid=[refused.map(|_| "true")];
            }
            div.filters {
                div { label for="body" { "From" } select id="body" name="body" {
                    option value="" { "any body" }
                    @for (name, id) in &bodies { option value=(id) selected[*id == wanted.body] { (name) } }
                } }
                div { label for="kind" { "Kind" } select id="kind" name="kind" {
                    option value="" { "any kind" }
                    @for (_, id, words) in &KINDS { option value=(id) selected[*id == wanted.kind] { (words) } }
                } }
                button { "Search" }
            }
        }
        details {
            summary { "What can be typed" }
            ul {
                li { code { "exploitation violence" } ": pages that say both" }
                li { code { "\"county lines\"" } ": the words next to each other" }
                li { code { "\"exploitation violence\"~10" } ": both, in any order, with at most 10 other words among them" }
                li { code { "traffick*" } ": every word that begins so" }
                li { code { "coercion OR control" } ": one or the other" }
                li { code { "slavery -history" } ": pages that say the one and not the other" }
            }
            p { "Capitals, accents and the s of a possessive make no difference. Only what a reader sees on the page is searched." }
        }
    }
}

fn results(wanted: &Wanted, hits: &Hits) -> Markup {
    let query = wanted.query();
    let Hits { shown, n_documents, n_pages } = hits;
    html! {
        h2 id="found" tabindex="-1" {
            @if shown.is_empty() { "No document says this" }
            @else { (layout::counted(*n_pages, "page", "pages")) " of " (layout::counted(*n_documents, "document", "documents")) }
        }
        @if *n_documents > shown.len() { p { "The " (shown.len()) " that fit best are shown. The CSV file has all." } }
        @for hit in shown {
            article.hit {
                h3 { a href={ (words::address(hit.id, &wanted.typed, hit.pages.first().map_or(1, |(page, ..)| *page))) } { (hit.title) } }
                p.hint { (hit.from) ". " (hit.kind) ". Said on " (layout::counted(hit.n_pages, "page", "pages")) "." }
                ul {
                    @for (page, text, places) in &hit.pages {
                        @if let Some(place) = places.first() {
                            li { a href={ (words::address(hit.id, &wanted.typed, *page)) } { "Page " (page) } ": " (quotation(text, places, place)) }
                        }
                    }
                }
            }
        }
        @if !shown.is_empty() { p.download { a href={ "/search.csv?" (query) } { "All places as a CSV file" } } }
    }
}

/// What is not searched, and why.
pub fn not_there(known: &Known, not_searched: &NotSearched) -> Markup {
    let readable = library::readable(known);
    let without: Vec<(DocumentId, &str)> =
        not_searched.without.iter().filter_map(|(hash, refusal)| Some((*readable.get(hash)?.first()?, refusal.what.as_str()))).collect();
    html! {
        @if not_searched.n_coming > 0 {
            p.warning role="status" { (layout::counted(not_searched.n_coming, "document is", "documents are")) " still being read and not searched yet. Search again in a moment." }
        }
        @if !without.is_empty() {
            details {
                summary { (layout::counted(without.len(), "document", "documents")) " without text to search" }
                ul { @for (id, why) in &without { li { a href={ "/documents/" (id.0) } { (super::recipient::document_title(known, *id)) } ": " (why) } } }
            }
        }
    }
}

/// The documents that say it: so many of them, and so many pages of each.
fn hits(visit: &Visit, wanted: &Wanted, question: &Question, most: usize, most_pages: usize) -> Result<Hits, Refusal> {
    let documents = wanted.documents(&visit.app.office.known());
    let found = find(visit, question, &documents)?;
    let mut of_documents: BTreeMap<u64, Vec<&FoundPage>> = BTreeMap::new();
    let mut in_order: Vec<u64> = Vec::new();
    for page in &found.pages {
        let pages = of_documents.entry(page.number).or_default();
        if pages.is_empty() {
            in_order.push(page.number);
        }
        pages.push(page);
    }
    let mut hits = Hits { shown: Vec::new(), n_documents: in_order.len(), n_pages: found.pages.len() };
    for number in in_order.iter().take(most) {
        let Some(saying) = of_documents.get_mut(number) else { continue };
        saying.sort_by_key(|page| page.page);
        let Some(ids) = saying.first().and_then(|page| documents.get(found.document(page))) else { continue };
        let with_places = |page: &&FoundPage| {
            let text = found.text(page).map_err(damaged)?;
            let places = question.places(&text);
            Ok((page.page, text, places))
        };
        let pages = saying.iter().take(most_pages).map(with_places).collect::<Result<Vec<_>, Problem>>()?;
        let n_pages = saying.len();
        hits.shown.extend(described(visit, ids)?.map(|(id, title, from, kind)| Hit { id, title, from, kind, n_pages, pages }));
    }
    Ok(hits)
}

/// The pages of documents that say it, the best first.
///
/// # Errors
/// The index is damaged.
pub fn find(visit: &Visit, question: &Question, documents: &BTreeMap<String, Vec<DocumentId>>) -> Result<FoundPages, Problem> {
    visit.app.library.pages.find(question, &documents.keys().cloned().collect()).map_err(damaged)
}

/// What is said of an index that cannot be read.
pub fn damaged(error: tantivy::TantivyError) -> Problem {
    Problem::while_doing("searching documents", error)
}

/// What a document is called, from whom it is, and of what kind.
///
/// # Errors
/// A record cannot be read.
pub fn described(visit: &Visit, ids: &[DocumentId]) -> Result<Option<(DocumentId, String, String, &'static str)>, Refusal> {
    let Some(id) = ids.first().copied() else { return Ok(None) };
    let title = replies::title_of(visit, id)?;
    let known = visit.app.office.known();
    let from: BTreeSet<String> = ids.iter().filter_map(|id| Some(documents::from(&known, known.state.document(*id)?))).collect();
    let kind = known.state.document(id).and_then(|it| KINDS.iter().find(|(kind, ..)| *kind == it.kind)).map_or("", |(_, _, words)| words);
    Ok(Some((id, title, from.into_iter().collect::<Vec<_>>().join(", "), kind)))
}

/// The words around a place, all places in them marked.
fn quotation(text: &str, places: &[Range<usize>], place: &Range<usize>) -> Markup {
    let around = around(text, place);
    html! { @if around.start > 0 { "… " } (marked(text, &around, places)) @if around.end < text.trim_end().len() { " …" } }
}

/// A stretch of a text around a place: whole words.
fn around(text: &str, place: &Range<usize>) -> Range<usize> {
    let mut start = place.start.saturating_sub(AROUND);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = (place.end + AROUND).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    if start > 0 {
        start = text[start..place.start].find(char::is_whitespace).map_or(place.start, |at| start + at);
    }
    if end < text.len() {
        end = text[place.end..end].rfind(char::is_whitespace).map_or(place.end, |at| place.end + at);
    }
    start..end
}

/// Part of a text, the places in it marked.
pub fn marked(text: &str, part: &Range<usize>, places: &[Range<usize>]) -> Markup {
    let mut at = part.start;
    let inside = places.iter().map(|place| place.start.max(part.start)..place.end.min(part.end)).filter(|place| place.start < place.end);
    let pieces: Vec<(&str, &str)> = inside
        .map(|place| {
            let before = &text[at..place.start];
            at = place.end;
            (before, &text[place])
        })
        .collect();
    html! { @for (before, place) in &pieces { (before) mark { (place) } } (text[at..part.end]) }
}

/// All places as a CSV file. Who took it is logged, without the words.
///
/// # Errors
/// Nothing to look for is named.
pub fn csv(visit: &Visit) -> Answer {
    library::catch_up(&visit.app);
    let wanted = Wanted::of(visit);
    let question = Question::read(&wanted.typed).map_err(|why| super::form::Problems::one("q", &why))?;
    let hits = hits(visit, &wanted, &question, usize::MAX, usize::MAX)?;
    let mut out = Spreadsheet::new(&["document", "title", "from", "kind", "page", "place", "words", "quotation"])?;
    for hit in &hits.shown {
        for (page, text, places) in &hit.pages {
            for (number, place) in (1..).zip(places) {
                let quotation = text[around(text, place)].split_whitespace().collect::<Vec<_>>().join(" ");
                let (page, number, id) = (page.to_string(), number.to_string(), (hit.id.0 + 1).to_string());
                out.row(&[&id, &hit.title, &hit.from, hit.kind, &page, &number, &text[place.clone()], &quotation])?;
            }
        }
    }
    visit.log("audit.exported", serde_json::json!({"what": "places that a search found"}))?;
    Ok(Reply::File("search.csv".to_owned(), "text/csv; charset=utf-8", out.bytes()?))
}
