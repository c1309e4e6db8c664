//! Rounds of blind coding: the list, and one that is begun.

use headwater_prevention::exchange::decide::reading::rounds::{self as decide, NewRound};
use headwater_prevention::exchange::event::Event;
use headwater_prevention::exchange::id::{CodeId, DocumentId, PersonId};
use headwater_prevention::exchange::reading::round::{Round, Sample, draw};
use maud::{Markup, html};

use super::{indented, to_code};
use crate::problem::Problem;
use crate::web::access::Right;
use crate::web::form::Problems;
use crate::web::layout::{self, boxes, radios, text};
use crate::web::visit::{Answer, Refusal, Visit, page, see};
use crate::web::{account, replies};

/// How far a round is, in words.
pub fn standing(round: &Round) -> &'static str {
    match (round.is_given_up(), round.is_settled(), round.is_compared()) {
        (true, ..) => "given up",
        (_, true, _) => "settled",
        (_, _, true) => "all have finished: to be compared and settled",
        _ => "being coded",
    }
}

/// All rounds, the newest first.
///
/// # Errors
/// None: it has the form of a handler.
pub fn list(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let reading = known.state.reading();
    let main = html! {
        p { "In a round several people code the same documents, and none sees what the others do. When all have finished it is worked out how far they agree, and where they do not it is decided what is right." }
        @if reading.rounds().next().is_none() { p { "There was no round yet." } }
        ul { @for (id, round) in reading.rounds().rev() {
            li { a href={ "/reading/rounds/" (id.0) } { (round.title) } ": " (standing(round)) ". " span.hint { (layout::counted(round.documents.len(), "document", "documents")) ", " (layout::counted(round.codes.len(), "code", "codes")) ", " (round.coders.len()) " coders." } }
        } }
        @if visit.may(Right::Prepare) {
            @if reading.codebook().current().is_some() { p { a href="/reading/rounds/new" { "Begin a round" } } }
            @else { p { "A round needs an issued " a href="/reading/codebook" { "codebook" } "." } }
        }
    };
    page(layout::page(visit, "Rounds of blind coding", &[("Reading", "/reading")], &main))
}

/// People of the office who may code, with their names.
fn coders(visit: &Visit) -> Result<Vec<(String, String)>, Refusal> {
    let accounts = account::all(&visit.app.ws)?;
    let known = visit.app.office.known();
    let may = accounts.into_iter().filter(|(_, account)| account.role.may(Right::Prepare));
    let mut found: Vec<(String, String)> = may.filter_map(|(id, _)| Some((id.clone(), known.people.get(&id)?.name.clone()))).collect();
    found.sort_by(|one, other| one.1.cmp(&other.1));
    Ok(found)
}

/// The form of a round.
///
/// # Errors
/// A record cannot be read.
pub fn new(visit: &Visit) -> Answer {
    let coders = coders(visit)?;
    let documents = to_code(&visit.app.office.known());
    let titles = replies::untitled(visit, |_| documents.clone())?;
    let known = visit.app.office.known();
    let issue =
        known.state.reading().codebook().current().ok_or_else(|| Problems::one("", "No version of the codebook was issued: issue one first"))?;
    let title = |id: &DocumentId| titles.get(id).cloned().unwrap_or_else(|| crate::web::recipient::document_title(&known, *id));
    let people: Vec<(String, String, bool)> = coders.into_iter().map(|(id, name)| (id, name, false)).collect();
    let codes: Vec<(String, String, bool)> =
        issue.outline().iter().map(|(id, entry, level)| (id.0.to_string(), indented(entry, *level), false)).collect();
    let papers: Vec<(String, String, bool)> = documents.iter().map(|id| (id.0.to_string(), title(id), false)).collect();
    let main = layout::order(
        visit,
        "/reading/rounds/new",
        "Begin the round",
        &html! {
            (text(visit, "title", "Title of the round", "", ""))
            (boxes(visit, "coder", "Who codes", "At least two", &people))
            (radios(visit, "sample", "Which documents", "", &[("chosen", "Those that are ticked below", ""), ("all", "All that may be read", ""), ("random", "A draw by chance of all that may be read", "The seed of the draw is kept, so that anybody can draw again")], "chosen"))
            (text(visit, "n", "How many are drawn", "Only for a draw", ""))
            (boxes(visit, "document", "Documents", "", &papers))
            (boxes(visit, "code", "Codes", "A theme brings all codes under it", &codes))
        },
    );
    page(layout::page(visit, "Begin a round", &[("Reading", "/reading"), ("Rounds", "/reading/rounds")], &main))
}

/// Begins a round.
///
/// # Errors
/// What is wrong with the form.
pub fn begin(visit: &Visit) -> Answer {
    let (form, mut problems) = (&visit.form, Problems::default());
    let title = problems.needed(form, "title", "Name the round");
    let may_code = coders(visit)?;
    let chosen: Vec<PersonId> = form.all("coder").filter(|id| may_code.iter().any(|(one, _)| one == id)).filter_map(|id| id.parse().ok()).collect();
    if chosen.len() < 2 {
        problems.add("coder", "Choose at least two people");
    }
    let all = to_code(&visit.app.office.known());
    let (documents, sample) = match form.text("sample") {
        "all" => (all, Sample::Whole),
        "random" => {
            let n = form.text("n").parse::<usize>().ok().filter(|n| (1..=all.len()).contains(n));
            if n.is_none() {
                problems.add("n", format!("Say how many are drawn: 1 to {}", all.len()));
            }
            let mut chance = [0; 4];
            getrandom::fill(&mut chance).map_err(|error| Problem::while_doing("asking the system for chance", error))?;
            let seed = u64::from(u32::from_be_bytes(chance));
            (draw(&all, n.unwrap_or(0), seed), Sample::Random { seed, of: all.len() as u32 })
        }
        _ => (form.all("document").filter_map(|id| id.parse().ok()).map(DocumentId).collect(), Sample::Whole),
    };
    if documents.is_empty() && problems.of("n").is_none() {
        problems.add("document", "Choose at least one document");
    }
    let codes: Vec<CodeId> = {
        let known = visit.app.office.known();
        let issue = known.state.reading().codebook().current();
        let ticked = form.all("code").filter_map(|id| id.parse().ok()).map(CodeId);
        ticked.flat_map(|id| issue.map(|issue| issue.branch(id)).unwrap_or_default()).collect()
    };
    if codes.is_empty() {
        problems.add("code", "Choose at least one code");
    }
    let (Some(title), true) = (title, problems.is_empty()) else { return Err(problems.into()) };
    let new = NewRound { title, codes, documents, sample, coders: chosen };
    let written = visit.act_now(&|state, order| decide::begin(state, order, new.clone()))?;
    let id = written.iter().find_map(|event| if let Event::RoundBegun(it) = event { Some(it.round.0) } else { None });
    see(
        id.map_or_else(|| "/reading/rounds".to_owned(), |id| format!("/reading/rounds/{id}")),
        "The round is begun: each coder finds their documents under Reading",
    )
}

/// How the documents of a round were chosen, in words.
pub fn sample_words(sample: Sample, n: usize) -> Markup {
    html! {
        @match sample {
            Sample::Whole => (layout::counted(n, "document", "documents")),
            Sample::Random { seed, of } => { (n) " drawn by chance of " (of) ", seed " (seed) },
        }
    }
}
