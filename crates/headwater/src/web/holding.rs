//! What a person found by reading, where the program found nothing: a document or a message is held for it, let through after
//! all, or sent back and destroyed.

use headwater_prevention::exchange::communication::{Communication, Direction};
use headwater_prevention::exchange::decide::{correspondence, documents};
use headwater_prevention::exchange::document::{ReceivedDocument, Screening, ScreeningFinding};
use headwater_prevention::exchange::id::{CommunicationId, DocumentId};
use maud::{Markup, html};
use std::io::Read;

use super::access::Right;
use super::documents::finding_words;
use super::form::{Problems, reason};
use super::layout::{self, radios, text};
use super::replies;
use super::visit::{Answer, Refusal, Visit, see};
use crate::problem::Problem;
use crate::reading;
use crate::screening::screening_finding;

/// What may be found by reading, as the form calls it, with what follows from it.
const FOUND: [(ScreeningFinding, &str, &str); 3] = [
    (ScreeningFinding::PatientInformation, "patient", "The law keeps it from us: it can only be sent back and destroyed"),
    (ScreeningFinding::IndividualCase, "case", "The law keeps it from us: it can only be sent back and destroyed"),
    (ScreeningFinding::PersonalIdentifier, "identifier", "It may be let through later, with a reason"),
];

/// The form that holds a thing; nothing for those who may not, and while it is public.
fn form(visit: &Visit, address: &str, screening: &Screening) -> Markup {
    let (right, summary) = match screening {
        Screening::Held { .. } => (Right::Approve, "Something else was found in it"),
        _ => (Right::Prepare, "It names a patient, a case or a person: hold it"),
    };
    let options: Vec<(&str, String, &str)> =
        FOUND.iter().map(|(finding, id, about)| (*id, layout::sentence(finding_words(*finding)), *about)).collect();
    let options: Vec<(&str, &str, &str)> = options.iter().map(|(id, words, about)| (*id, words.trim_end_matches('.'), *about)).collect();
    html! {
        @if visit.may(right) && !screening.is_destroyed() {
            (layout::fold(visit, address, summary, &layout::order(visit, address, "Hold it", &radios(visit, "found", "What you found", "Held, nobody can read it, until an approver has decided", &options, ""))))
        }
    }
}

/// What a person may do about a document that they read.
pub fn of_document(visit: &Visit, id: DocumentId, it: &ReceivedDocument) -> Markup {
    html! {
        @if it.publication.state.is_public() {
            @if visit.may(Right::Prepare) { p.hint { "If it names a patient, a case or a person: withdraw it, then hold it here." } }
        } @else { (form(visit, &format!("/documents/{}/hold", id.0), &it.screening)) }
    }
}

/// What a person may do about a message that they read, and what became of it.
pub fn of_message(visit: &Visit, id: CommunicationId, it: &Communication) -> Markup {
    let at = |order: &str| format!("/messages/{}/{order}", id.0);
    html! {
        @match &it.screening {
            Screening::Held { findings, by: _ } => {
                h2 { "What it says is held" }
                p.warning { "Somebody found in it: " (findings.iter().map(|finding| finding_words(*finding)).collect::<Vec<_>>().join("; ")) ". Nobody can read it while it is held." }
                @if visit.may(Right::Approve) {
                    @if !findings.iter().any(|finding| finding.is_barred()) {
                        (layout::fold(visit, &at("release"), "Let it be read", &layout::order(visit, &at("release"), "Let it be read", &text(visit, "release_reason", "Why it may be read", "Kept in the log", ""))))
                    }
                    (layout::fold(visit, &at("destroy"), "Send it back and destroy it here", &html! {
                        p { "The message is overwritten here with everything in it. Files that came with it are documents of their own, and are decided on at their own pages. A certificate with its hash stays." }
                        (layout::order(visit, &at("destroy"), "It was sent back: destroy it here", &text(visit, "destroy_reason", "Why", "Kept in the log and on the certificate", "")))
                    }))
                } @else { p { "It waits for " (Right::Approve.whose()) "." } }
            }
            Screening::ReturnedDestroyed { .. } => p { "It was sent back and destroyed here: " a href=(at("certificate")) { "the certificate" } "." },
            _ if !it.destroyed.is_empty() => p { "Files that came with it were destroyed here, so that only its header and its text are kept: " a href=(at("certificate")) { "the certificate" } "." },
            _ => {}
        }
        @if it.direction == Direction::In && it.content.is_some() { (form(visit, &at("hold"), &it.screening)) }
    }
}

/// Where in a held file the program found what it found, and what can be done: it is looked into again, and not opened.
///
/// # Errors
/// The file cannot be read.
pub fn places(visit: &Visit, id: DocumentId) -> Result<Markup, Refusal> {
    let hash = {
        let known = visit.app.office.known();
        let it = known.state.document(id).ok_or(Refusal::NotFound)?;
        // What a person found by reading, the program does not see.
        match &it.screening {
            Screening::Held { by: None, .. } if visit.may(Right::Approve) => it.original,
            _ => return Ok(html! {}),
        }
    };
    let hash = hash.to_string();
    if visit.app.ws.blobs().size(&hash)? > replies::LOOKED_INTO_BYTES {
        return Ok(html! {});
    }
    let mut bytes = Vec::new();
    visit.app.ws.blobs().read(&hash)?.read_to_end(&mut bytes).map_err(|error| Problem::of_files("reading a document", &error))?;
    let looked = reading::look(&replies::name_of(visit, id)?, &bytes);
    let (found, noted) = (looked.found, looked.noted);
    Ok(html! {
        @if !found.is_empty() {
            h2 { "Where it was found" }
            ul {
                @for it in &found {
                    li {
                        strong { (layout::sentence(finding_words(screening_finding(it.finding)))) } " "
                        @if !it.place.is_empty() { (it.place) ": " } (layout::sentence(&it.what)) " "
                        span.hint { "What can be done: " (layout::sentence(&it.remedy)) }
                    }
                }
            }
        }
        @if !noted.is_empty() {
            h2 { "What is noted beside it" }
            p.hint { "This is no reason to hold it: nearly every file says as much. Have it taken out before the file becomes public." }
            ul {
                @for it in &noted {
                    li { strong { (layout::sentence(it.note.words())) } " " @if it.place.is_empty() { (layout::sentence(&it.what)) } @else { (it.place) ": " (it.what) "." } }
                }
            }
        }
    })
}

fn found(visit: &Visit) -> Result<Vec<ScreeningFinding>, Refusal> {
    let mut problems = Problems::default();
    let found = problems
        .choice(&visit.form, "found", "Choose what you found", |id| FOUND.iter().find(|(_, one, _)| *one == id).map(|(finding, ..)| *finding));
    found.map(|finding| vec![finding]).ok_or_else(|| problems.into())
}

/// Holds a document. Who may only prepare may hold what is open, and not say anew what was found in what is held.
///
/// # Errors
/// Nothing was chosen, or it is public.
pub fn hold_document(visit: &Visit) -> Answer {
    let (id, findings) = (DocumentId(visit.part("document")?), found(visit)?);
    let is_held = visit.app.office.known().state.document(id).is_some_and(|it| matches!(it.screening, Screening::Held { .. }));
    may_say_anew(visit, is_held)?;
    visit.act(&|state, order| documents::hold(state, order, id, findings.clone()))?;
    see(format!("/documents/{}", id.0), "It is held. Nobody can open it until an approver has decided")
}

fn may_say_anew(visit: &Visit, is_held: bool) -> Result<(), Refusal> {
    if is_held && !visit.may(Right::Approve) { Err(Refusal::NotPermitted(Right::Approve)) } else { Ok(()) }
}

/// Holds what a message says.
///
/// # Errors
/// Nothing was chosen, or it is no message that came in.
pub fn hold_message(visit: &Visit) -> Answer {
    let (id, findings) = (CommunicationId(visit.part("message")?), found(visit)?);
    let is_held = visit.app.office.known().state.communication(id).is_some_and(|it| matches!(it.screening, Screening::Held { .. }));
    may_say_anew(visit, is_held)?;
    visit.act(&|state, order| correspondence::hold(state, order, id, findings.clone()))?;
    see(format!("/messages/{}", id.0), "It is held. Nobody can read it until an approver has decided")
}

/// Lets what a message says be read after all.
///
/// # Errors
/// No reason is given, or the law keeps it from us.
pub fn release_message(visit: &Visit) -> Answer {
    let (id, reason) = (CommunicationId(visit.part("message")?), reason(&visit.form, "release_reason")?);
    visit.act(&|state, order| correspondence::release(state, order, id, reason.clone()))?;
    see(format!("/messages/{}", id.0), "It can be read")
}
