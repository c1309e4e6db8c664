//! A list of terms in all documents that may be read: how often each document says each.

use std::collections::BTreeMap;

use headwater_prevention::exchange::id::DocumentId;
use maud::{Markup, html};

use super::form::Problems;
use super::search::{damaged, described, find, not_there};
use super::spreadsheet::Spreadsheet;
use super::visit::{Answer, Refusal, Reply, Visit, page};
use super::{layout, library};
use crate::search::question::Question;

/// The most terms of a list: as many as an address can hold.
const MOST_TERMS: usize = 50;

/// A list of terms, each with its question.
type Terms = Vec<(String, Question)>;

/// How often a document says a term.
#[derive(Clone, Default)]
struct Said {
    n_places: usize,
    n_pages: usize,
    /// The first page that says it.
    first: Option<usize>,
}

/// A document with how often it says each term.
struct Row {
    id: DocumentId,
    title: String,
    from: String,
    counts: Vec<Said>,
}

/// The form, and the table.
///
/// # Errors
/// A file or a record cannot be read.
pub fn show(visit: &Visit) -> Answer {
    let not_searched = library::catch_up(&visit.app);
    let typed = visit.query.text("terms");
    let terms = if typed.is_empty() { Ok(Terms::new()) } else { terms(typed) };
    let rows = match &terms {
        Ok(terms) if !terms.is_empty() => rows(visit, terms)?,
        _ => Vec::new(),
    };
    let known = visit.app.office.known();
    let main = html! {
        @let problem = terms.as_ref().err();
        form method="get" action="/search/terms" {
            div.field.bad[problem.is_some()] {
                label for="terms" { "Terms, one on each line" }
                p.hint id="terms-hint" { "Each is a search of its own, as on the " a href="/search" { "page for one search" } ": " code { "\"county lines\"" } ", " code { "traffick*" } ", " code { "coercion OR control" } "." }
                @if let Some(why) = problem { p.wrong id="terms-wrong" { span.unseen { "Error: " } (layout::sentence(why)) } }
                textarea id="terms" name="terms" rows="8" aria-invalid=[problem.map(|_| "true")] aria-describedby={ @if problem.is_some() { "terms-wrong " } "terms-hint" } { (typed) }
            }
            button { "Count them" }
        }
        @if let Ok(terms) = &terms && !terms.is_empty() { (table(terms, &rows, typed)) }
        (not_there(&known, &not_searched))
    };
    page(layout::page(visit, "Search for a list of terms", &[("Search", "/search")], &main))
}

fn table(terms: &Terms, rows: &[Row], typed: &str) -> Markup {
    let query = |pairs: &[(&str, &str)]| form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    html! {
        h2 { (layout::counted(rows.len(), "document says", "documents say")) " at least one of them" }
        @if !rows.is_empty() { p { "How often each says each term; documents that say none are left out." } }
        @if !rows.is_empty() {
            div.scroll tabindex="0" role="region" aria-label="Terms by document" {
                table {
                    caption { "Places that say it, by document" }
                    thead { tr { th.t scope="col" { "Document" } th.t scope="col" { "From" } @for (term, _) in terms { th scope="col" { (term) } } } }
                    tbody {
                        @for row in rows {
                            tr {
                                th.t scope="row" { a href={ "/documents/" (row.id.0) } { (row.title) } }
                                td.t { (row.from) }
                                @for (said, (term, _)) in row.counts.iter().zip(terms) {
                                    td { @if let Some(first) = said.first { a href={ (super::words::address(row.id, term, first)) } { (said.n_places) } } @else { "0" } }
                                }
                            }
                        }
                    }
                    tfoot { tr {
                        th.t scope="row" colspan="2" { "Documents that say it" }
                        @for at in 0..terms.len() { td { (rows.iter().filter(|row| row.counts[at].n_places > 0).count()) } }
                    } }
                }
            }
            p.download { a href={ "/search/terms.csv?" (query(&[("terms", typed)])) } { "The table as a CSV file" } }
        }
    }
}

/// The terms of a list, or what is wrong with one.
fn terms(typed: &str) -> Result<Terms, String> {
    let lines: Vec<&str> = typed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > MOST_TERMS {
        return Err(format!("a list may have {MOST_TERMS} terms at most; search for the others after them"));
    }
    lines.into_iter().map(|line| Ok((line.to_owned(), Question::read(line).map_err(|why| format!("{line}: {why}"))?))).collect()
}

/// The documents that say one of the terms, as they came, the newest first.
fn rows(visit: &Visit, terms: &Terms) -> Result<Vec<Row>, Refusal> {
    let documents = library::readable(&visit.app.office.known());
    let mut counts: BTreeMap<String, Vec<Said>> = BTreeMap::new();
    for (at, (_, question)) in terms.iter().enumerate() {
        let found = find(visit, question, &documents)?;
        for page in &found.pages {
            let n_places = question.places(&found.text(page).map_err(damaged)?).len();
            let said = &mut counts.entry(found.document(page).to_owned()).or_insert_with(|| vec![Said::default(); terms.len()])[at];
            (said.n_places, said.n_pages) = (said.n_places + n_places, said.n_pages + 1);
            said.first = Some(said.first.map_or(page.page, |first| first.min(page.page)));
        }
    }
    let mut rows = Vec::new();
    for (hash, counts) in counts {
        let Some(ids) = documents.get(&hash) else { continue };
        rows.extend(described(visit, ids)?.map(|(id, title, from, _)| Row { id, title, from, counts }));
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    Ok(rows)
}

/// The table as a CSV file: a row for each document and term. Who took it is logged, without the terms.
///
/// # Errors
/// No term is named, or one is no search.
pub fn csv(visit: &Visit) -> Answer {
    library::catch_up(&visit.app);
    let terms = terms(visit.query.text("terms")).map_err(|why| Problems::one("terms", &why))?;
    if terms.is_empty() {
        return Err(Problems::one("terms", "Enter a term").into());
    }
    let mut out = Spreadsheet::new(&["document", "title", "from", "term", "places", "pages"])?;
    for row in rows(visit, &terms)? {
        for ((term, _), said) in terms.iter().zip(&row.counts) {
            out.row(&[&(row.id.0 + 1).to_string(), &row.title, &row.from, term, &said.n_places.to_string(), &said.n_pages.to_string()])?;
        }
    }
    visit.log("audit.exported", serde_json::json!({"what": "a list of terms in documents"}))?;
    Ok(Reply::File("terms.csv".to_owned(), "text/csv; charset=utf-8", out.bytes()?))
}
