//! Reading what came: documents to be read and coded, the codebook, rounds of blind coding, and areas by themes.

pub mod codebook;
pub mod coding;
pub mod comparison;
mod drift;
pub mod entry;
pub mod exchange;
mod quotations;
pub mod round;
pub mod rounds;
mod suggestions;

use headwater_prevention::exchange::id::{CodeId, DocumentId, PersonId};
use headwater_prevention::exchange::reading::codebook::{CodeEntry, Issue};
use headwater_prevention::exchange::reading::comparison::first_of;
use maud::{Markup, html};

use super::access::Right;
use super::documents::{self, is_erased};
use super::office::Known;
use super::visit::{Answer, Visit, page};
use super::{layout, paging, replies};

/// Documents on one page of the list.
const ON_A_PAGE: usize = 100;

/// The documents that may be coded, each file once, in the order in which they came.
fn to_code(known: &Known) -> Vec<DocumentId> {
    let all = (0..).map(DocumentId).zip(known.state.documents());
    all.filter(|(id, it)| it.screening.is_readable() && !is_erased(it) && first_of(&known.state, *id) == *id).map(|(id, _)| id).collect()
}

/// A code's name with a sign for each level above it, for lists in which all stand one below the other.
fn indented(entry: &CodeEntry, level: usize) -> String {
    format!("{}{}", "– ".repeat(level), entry.name)
}

/// The name of a code with those above it, as a line says it.
fn path(issue: &Issue, code: CodeId) -> String {
    issue.path(code).iter().map(|name| name.as_str()).collect::<Vec<_>>().join(" › ")
}

/// What is to be read, and the ways to everything that belongs to it.
///
/// # Errors
/// A record cannot be read.
pub fn show(visit: &Visit) -> Answer {
    let me = visit.person()?;
    let all: Vec<DocumentId> = to_code(&visit.app.office.known());
    let shown: Vec<DocumentId> = all[paging::range(visit, all.len(), ON_A_PAGE)].to_vec();
    let titles = replies::untitled(visit, |_| shown.clone())?;
    let known = visit.app.office.known();
    let reading = known.state.reading();
    let book = reading.codebook();
    let main = html! {
        ul {
            li { a href="/reading/codebook" { "Codebook" } @match book.version() { 0 => ": not issued yet", version => { ": version " (version) } } }
            li { a href="/reading/rounds" { "Rounds of blind coding" } @match reading.rounds().count() { 0 => "", n => { ": " (n) } } }
            @if reading.codings().next().is_some() && visit.may(Right::Prepare) { li { a href="/reading/reading.qdpx" { "Everything that is coded, for other programs" } " (REFI-QDA project, QDPX)" } }
            @for (number, campaign) in known.state.campaigns().iter().enumerate() {
                li { a href={ "/campaigns/" (number) "/comparison" } { "Areas by themes: " (campaign.brief.title) } }
            }
        }
        h2 { "Documents to read" }
        @if all.is_empty() { p { "No document may be read yet." } }
        @else {
            div.scroll tabindex="0" role="region" aria-label="Documents to read" {
                table {
                    caption { (layout::counted(all.len(), "document", "documents")) }
                    thead { tr { th.t scope="col" { "Document" } th.t scope="col" { "From" } th scope="col" { "Codings" } th.t scope="col" { "Read by" } th.t scope="col" { "For you" } } }
                    tbody { @for id in &shown { (row(&known, *id, me, titles.get(id).map(String::as_str))) } }
                }
            }
            (paging::ways(visit, all.len(), ON_A_PAGE))
        }
    };
    page(layout::page(visit, "Reading", &[], &main))
}

fn row(known: &Known, id: DocumentId, me: PersonId, called: Option<&str>) -> Markup {
    let reading = known.state.reading();
    let blind = reading.blind_in(id, me).and_then(|round| reading.round(round));
    let from = known.state.document(id).map(|it| documents::from(known, it)).unwrap_or_default();
    let title = called.map_or_else(|| super::recipient::document_title(known, id), str::to_owned);
    let readers: Vec<&str> = reading.readers(id).into_iter().map(|(who, _)| name_of(known, who)).collect();
    html! {
        tr {
            th.t scope="row" { a href={ "/documents/" (id.0) "/coding" } { (title) } }
            td.t { (from) }
            td { (reading.seen_by(id, me).len()) }
            td.t { @if readers.is_empty() { "nobody" } @else { (readers.join(", ")) } }
            td.t { @if let Some(round) = blind { "to be coded blind: " (round.title) } @else if reading.has_read(id, me) { "read" } @else { "not read" } }
        }
    }
}

/// The name of a person of the office.
fn name_of(known: &Known, person: PersonId) -> &str {
    known.people.get(person.as_str()).map_or("somebody whose name was erased", |it| it.name.as_str())
}
