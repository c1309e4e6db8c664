//! One round: how far it is, how far coders agree, where they differ, and how it ends.

use headwater_prevention::exchange::decide::reading::rounds::{self as decide, NewDecision};
use headwater_prevention::exchange::id::{CodeId, CodingId, DocumentId, PersonId, RoundId};
use headwater_prevention::exchange::reading::agreement::{CodeAgreement, Conflict, Frames, conflicts, of_documents, of_sentences};
use headwater_prevention::exchange::reading::coding::{Coding, Origin, Place};
use headwater_prevention::exchange::reading::round::{Round, RoundEnd};
use headwater_statistics::estimate::Outcome;
use maud::{Markup, html};

use super::quotations::{Quoted, frames, quoted};
use super::rounds::{sample_words, standing};
use super::{coding, name_of, path};
use crate::web::access::Right;
use crate::web::form::{Problems, reason};
use crate::web::layout::{self, facts, text};
use crate::web::office::Known;
use crate::web::recipient::document_title;
use crate::web::spreadsheet::Spreadsheet;
use crate::web::visit::{Answer, Refusal, Reply, Visit, page, see};

fn of(visit: &Visit) -> Result<(RoundId, Round), Refusal> {
    let id = RoundId(visit.part("round")?);
    visit.app.office.known().state.reading().round(id).cloned().map(|round| (id, round)).ok_or(Refusal::NotFound)
}

/// The sentences of the documents of a round, once all have finished it.
fn compared(visit: &Visit, round: &Round) -> Result<Frames, Refusal> {
    if round.is_compared() { frames(visit, &round.documents) } else { Ok(Frames::new()) }
}

/// One round.
///
/// # Errors
/// There is none of this number, or a file cannot be read.
pub fn show(visit: &Visit) -> Answer {
    let (id, round) = of(visit)?;
    let me = visit.person()?;
    let frames = compared(visit, &round)?;
    let open: Vec<Conflict> = conflicts(visit.app.office.known().state.reading(), id, &frames);
    let as_codings: Vec<(CodingId, Coding)> = (0..).map(CodingId).zip(open.iter().map(|it| stand_in(it, &round))).collect();
    let places: Vec<Quoted> = quoted(visit, &as_codings)?;
    let known = visit.app.office.known();
    let n_open = open.iter().filter(|it| round.decision(it.document, it.place, it.code).is_none()).count();
    let main = html! {
        (about(&known, &round))
        @if round.is_open() { (progress(visit, &known, id, &round, me)) }
        @if round.is_compared() {
            (agreement(&known, id, &round, &frames))
            (differences(visit, &known, id, &round, &open, &places))
            @if round.end.is_none() && visit.may(Right::Prepare) {
                h2 id="settle" { "Settle the round" }
                @if n_open > 0 { p { (layout::counted(n_open, "place is", "places are")) " not decided yet." } }
                @else { p { "Everything is decided. What all coded alike, and what was decided to be right, counts from then on." } (layout::button(visit, &format!("/reading/rounds/{}/settle", id.0), "Settle the round", "")) }
            }
        }
        @if round.end.is_none() && visit.may(Right::Prepare) {
            (layout::fold(visit, &format!("/reading/rounds/{}/give-up", id.0), "Give the round up", &layout::order(visit, &format!("/reading/rounds/{}/give-up", id.0), "Give it up: nothing of it counts", &text(visit, "why", "Why", "Kept in the log", ""))))
        }
    };
    page(layout::page(visit, round.title.as_str(), &[("Reading", "/reading"), ("Rounds", "/reading/rounds")], &main))
}

/// A conflict in the form of a coding, so that it is quoted as one.
fn stand_in(it: &Conflict, round: &Round) -> Coding {
    Coding {
        document: it.document,
        place: it.place,
        code: it.code,
        origin: Origin::Person,
        note: None,
        by: round.by,
        at: round.at,
        version: round.version,
        removed: false,
        changed: 0,
    }
}

fn about(known: &Known, round: &Round) -> Markup {
    let coders: Vec<&str> = round.coders.iter().map(|person| name_of(known, *person)).collect();
    let how_far = match &round.end {
        Some(RoundEnd::GivenUp { reason }) => format!("{}: {reason}", standing(round)),
        _ => standing(round).to_owned(),
    };
    facts(&[
        ("How far it is", html! { (layout::sentence(&how_far)) }),
        ("Coders", html! { (coders.join(", ")) }),
        ("Documents", sample_words(round.sample, round.documents.len())),
        ("Codes", html! { (round.codes.len()) ", by version " (round.version) " of the codebook" }),
        ("Begun", html! { (round.at.day_in_london().name()) ", by " (name_of(known, round.by)) }),
    ])
}

fn progress(visit: &Visit, known: &Known, id: RoundId, round: &Round, me: PersonId) -> Markup {
    html! {
        h2 { "Who has finished" }
        ul { @for person in &round.coders { li { (name_of(known, *person)) ": " (round.n_finished(*person)) " of " (round.documents.len()) } } }
        @if round.coders.contains(&me) && visit.may(Right::Prepare) {
            h2 { "Yours" }
            ul { @for document in &round.documents {
                li {
                    a href=(coding::address(*document, 1)) { (document_title(known, *document)) }
                    @if round.has_finished(me, *document) { ": finished" }
                    @else if known.state.reading().blind_in(*document, me) != Some(id) { ": in another round first" }
                }
            } }
        }
    }
}

fn figure(outcome: &Outcome) -> String {
    match outcome {
        Ok(it) => format!("{:.2} ({:.2} to {:.2})", it.value(), it.lower(), it.upper()),
        Err(_) => "undefined".to_owned(),
    }
}

fn agreement(known: &Known, id: RoundId, round: &Round, frames: &Frames) -> Markup {
    let reading = known.state.reading();
    html! {
        h2 id="agreement" { "How far they agree" }
        p { "Kappa and alpha set the agreement that was seen against the one that chance alone would bring: 1 is full agreement, 0 is no more than chance. Both are undefined where nobody used the code, or all used it everywhere. Intervals are of 95 per cent, and treat sentences as if they did not depend on one another; sentences of one document do, so the truth is less certain." }
        (table(known, round, "By sentences", "sentences", &of_sentences(reading, id, frames)))
        (table(known, round, "By documents: whether the code was given at all", "documents", &of_documents(reading, id)))
        p.download { a href={ "/reading/rounds/" (id.0) "/agreement.csv" } { "Both tables as a CSV file" } }
    }
}

fn table(known: &Known, round: &Round, caption: &str, units: &str, rows: &[CodeAgreement]) -> Markup {
    let used: Vec<&CodeAgreement> = rows.iter().filter(|it| it.n_coded.iter().any(|n| *n > 0)).collect();
    let n_unused = rows.len() - used.len();
    let issue = known.state.reading().codebook().issue(round.version);
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table {
                caption { (caption) }
                thead { tr {
                    th.t scope="col" { "Code" }
                    @for person in &round.coders { th scope="col" { (name_of(known, *person)) } }
                    th scope="col" { "Alike, of " (units) }
                    @if round.coders.len() == 2 { th scope="col" { "Kappa" } }
                    th scope="col" { "Alpha" }
                } }
                tbody {
                    @for it in &used {
                        tr {
                            th.t scope="row" { (issue.map_or_else(String::new, |issue| path(issue, it.code))) }
                            @for n in &it.n_coded { td { (n) } }
                            td { (it.n_alike) " of " (it.n_units) }
                            @if let Some(kappa) = &it.kappa { td { (figure(kappa)) } }
                            td { (figure(&it.alpha)) }
                        }
                    }
                }
            }
        }
        @if n_unused > 0 { p.hint { (layout::counted(n_unused, "code", "codes")) " that nobody used, of which both are undefined, left out." } }
    }
}

fn differences(visit: &Visit, known: &Known, id: RoundId, round: &Round, open: &[Conflict], places: &[Quoted]) -> Markup {
    let issue = known.state.reading().codebook().issue(round.version);
    let may = round.end.is_none() && visit.may(Right::Prepare);
    html! {
        h2 id="differences" { "Where they differ" }
        @if open.is_empty() { p { "Nowhere." } }
        ol.codings {
            @for (number, (conflict, quoted)) in open.iter().zip(places).enumerate() {
                @let decided = round.decision(conflict.document, conflict.place, conflict.code);
                li id={ "difference-" (number + 1) } tabindex="-1" {
                    strong { (issue.map_or_else(String::new, |issue| path(issue, conflict.code))) }
                    " in " a href=(coding::address(conflict.document, quoted.page().unwrap_or(1))) { (document_title(known, conflict.document)) @if let Some(page) = quoted.page() { ", page " (page) } }
                    @match &quoted.words { Some((_, words)) => blockquote { (words) }, None => { " as a whole" } }
                    p { "Given by " (conflict.given_by.iter().map(|it| name_of(known, *it)).collect::<Vec<_>>().join(", ")) "; not by " (round.coders.iter().filter(|it| !conflict.given_by.contains(it)).map(|it| name_of(known, *it)).collect::<Vec<_>>().join(", ")) "." }
                    @if let Some(decided) = decided {
                        p { strong { @if decided.applies { "Decided: the code is right here" } @else { "Decided: the code is not right here" } } ", by " (name_of(known, decided.by)) @if let Some(note) = &decided.note { ": " (note) } }
                    }
                    @if may { (decision(visit, id, conflict, number + 1)) }
                }
            }
        }
    }
}

fn decision(visit: &Visit, id: RoundId, conflict: &Conflict, number: usize) -> Markup {
    html! {
        form method="post" action={ "/reading/rounds/" (id.0) "/decide" } {
            (layout::hidden(visit))
            input type="hidden" name="document" value=(conflict.document.0);
            input type="hidden" name="code" value=(conflict.code.0);
            input type="hidden" name="at" value=(place_id(conflict.place));
            input type="hidden" name="number" value=(number);
            div.field { label for={ "note-" (number) } { "Why" span.unseen { ", of difference " (number) } } input type="text" id={ "note-" (number) } name="note" autocomplete="off"; }
            div.buttons {
                button name="applies" value="yes" { "It is right" span.unseen { ": difference " (number) } }
                button.other name="applies" value="no" { "It is not" span.unseen { ": difference " (number) } }
            }
        }
    }
}

/// A place as a form names it.
fn place_id(place: Place) -> String {
    place.segment().map_or_else(|| "whole".to_owned(), |it| format!("{}.{}", it.page, it.first))
}

/// Decides a difference.
///
/// # Errors
/// There is none in that place, or somebody else decided it meanwhile.
pub fn decide(visit: &Visit) -> Answer {
    let (id, round) = of(visit)?;
    let frames = compared(visit, &round)?;
    let form = &visit.form;
    let (document, code) = (form.text("document").parse().map(DocumentId), form.text("code").parse().map(CodeId));
    let mut problems = Problems::default();
    let note = problems.optional(form, "note");
    let open = conflicts(visit.app.office.known().state.reading(), id, &frames);
    let is_it = |it: &&Conflict| Ok(it.document) == document && Ok(it.code) == code && place_id(it.place) == form.text("at");
    let Some(conflict) = open.iter().find(is_it) else {
        return Err(Problems::one("", "The coders do not differ there any more: look at the list as it is now").into());
    };
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let new = NewDecision { document: conflict.document, place: conflict.place, code: conflict.code, applies: form.text("applies") == "yes", note };
    visit.act(&|state, order| decide::decide(state, order, id, new.clone(), &frames))?;
    see(format!("/reading/rounds/{}#difference-{}", id.0, form.text("number").parse::<usize>().unwrap_or(1)), "It is decided")
}

/// Settles a round.
///
/// # Errors
/// Something is not decided.
pub fn settle(visit: &Visit) -> Answer {
    let (id, round) = of(visit)?;
    let frames = compared(visit, &round)?;
    visit.act(&|state, order| decide::settle(state, order, id, &frames))?;
    see(format!("/reading/rounds/{}", id.0), "The round is settled")
}

/// Gives a round up.
///
/// # Errors
/// No reason is given, or it is over.
pub fn give_up(visit: &Visit) -> Answer {
    let (id, _) = of(visit)?;
    let why = reason(&visit.form, "why")?;
    visit.act(&|state, order| decide::give_up(state, order, id, why.clone()))?;
    see(format!("/reading/rounds/{}", id.0), "The round is given up: nothing of it counts")
}

/// How far coders agree, as a CSV file.
///
/// # Errors
/// Not all have finished the round.
pub fn csv(visit: &Visit) -> Answer {
    let (id, round) = of(visit)?;
    if !round.is_compared() {
        return Err(Problems::one("", "Not all have finished the round: there is nothing to compare yet").into());
    }
    let frames = compared(visit, &round)?;
    let known = visit.app.office.known();
    let reading = known.state.reading();
    let mut out = Spreadsheet::new(&[
        "unit",
        "code",
        "units",
        "alike",
        "coded_by_each",
        "kappa",
        "kappa_lower",
        "kappa_upper",
        "alpha",
        "alpha_lower",
        "alpha_upper",
    ])?;
    let issue = reading.codebook().issue(round.version);
    for (unit, rows) in [("sentence", of_sentences(reading, id, &frames)), ("document", of_documents(reading, id))] {
        for it in rows {
            let three = |outcome: Option<&Outcome>| match outcome {
                Some(Ok(it)) => [it.value(), it.lower(), it.upper()].map(|it| format!("{it:.4}")),
                _ => Default::default(),
            };
            let (kappa, alpha) = (three(it.kappa.as_ref()), three(Some(&it.alpha)));
            let coded: Vec<String> = round.coders.iter().zip(&it.n_coded).map(|(person, n)| format!("{}: {n}", name_of(&known, *person))).collect();
            let code = issue.map_or_else(String::new, |issue| path(issue, it.code));
            out.row(&[
                unit,
                &code,
                &it.n_units.to_string(),
                &it.n_alike.to_string(),
                &coded.join("; "),
                &kappa[0],
                &kappa[1],
                &kappa[2],
                &alpha[0],
                &alpha[1],
                &alpha[2],
            ])?;
        }
    }
    let bytes = out.bytes()?;
    drop(known);
    visit.log("audit.exported", serde_json::json!({"what": "agreement of coders"}))?;
    Ok(Reply::File("agreement.csv".to_owned(), "text/csv; charset=utf-8", bytes))
}
