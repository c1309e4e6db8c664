//! How the asks of several bodies stand, said on one page: by a message that answers for them, or by a document that does.

use std::collections::BTreeMap;

use headwater_prevention::exchange::ask::{AskStatus, Proof};
use headwater_prevention::exchange::decide::asks as decide;
use headwater_prevention::exchange::id::{AskId, CommunicationId, DocumentId, RecipientId};
use headwater_prevention::exchange::moment::Day;
use headwater_prevention::exchange::words::Remark;
use maud::{Markup, html};

use super::form::Problems;
use super::layout::{self, select, text};
use super::office::Known;
use super::recipient::{STATUSES, status_words};
use super::rows::{act_on_each, check, is_checked, is_to_change};
use super::visit::{Answer, Refusal, Visit, page, see};

/// What can be said of an ask here: id, words. What is withdrawn or passed on is said on the page of its body.
fn sayable() -> impl Iterator<Item = (&'static str, &'static str)> {
    let here = STATUSES.into_iter().filter(|(id, _)| !matches!(*id, "transferred" | "withdrawn"));
    std::iter::once(("", "It changes nothing")).chain(here)
}

/// What shows how asks stand: its page, its title, its day, and the asks that it may be about.
struct Shown {
    proof: Proof,
    address: String,
    title: String,
    on: Day,
    asks: Vec<AskId>,
}

impl Shown {
    fn message(visit: &Visit, known: &Known) -> Result<Self, Refusal> {
        let id = CommunicationId(visit.part("message")?);
        let it = known.state.communication(id).ok_or(Refusal::NotFound)?;
        let of = |recipient: &RecipientId| {
            let recipient_id = *recipient;
            let asks = known.state.recipient(recipient_id).filter(|it| !it.removed).into_iter().flat_map(|it| it.asks());
            asks.map(move |(item, _)| AskId { recipient: recipient_id, item }).collect::<Vec<_>>()
        };
        let asks: Vec<AskId> = it.recipients.iter().flat_map(of).collect();
        Ok(Self { proof: Proof::Communication(id), address: format!("/messages/{}", id.0), title: "The message".to_owned(), on: it.on, asks })
    }

    fn document(visit: &Visit, known: &Known) -> Result<Self, Refusal> {
        let id = DocumentId(visit.part("document")?);
        let it = known.state.document(id).ok_or(Refusal::NotFound)?;
        let came = known.state.submission(it.submission).and_then(|submission| known.state.communication(submission.communication));
        let title = super::recipient::document_title(known, id);
        let on = came.map_or_else(|| visit.today(), |came| came.on);
        Ok(Self { proof: Proof::Document(id), address: format!("/documents/{}", id.0), title, on, asks: it.asks.clone() })
    }
}

fn field(ask: AskId) -> String {
    format!("ask-{}-{}", ask.recipient.0, ask.item.0)
}

/// The asks by recipient, in the order of the recipients.
fn by_recipient(asks: &[AskId]) -> BTreeMap<RecipientId, Vec<AskId>> {
    let mut found: BTreeMap<RecipientId, Vec<AskId>> = BTreeMap::new();
    for ask in asks {
        found.entry(ask.recipient).or_default().push(*ask);
    }
    found
}

fn item(known: &Known, ask: AskId) -> String {
    let campaign = known.state.recipient(ask.recipient).and_then(|recipient| known.state.campaign(recipient.campaign));
    let item = campaign.and_then(|campaign| campaign.items.get(ask.item.index())).and_then(Option::as_ref);
    item.map_or_else(String::new, |item| item.title.to_string())
}

fn body(known: &Known, id: RecipientId) -> String {
    let body = known.state.recipient(id).and_then(|recipient| known.state.body(recipient.body));
    body.map_or_else(String::new, |body| body.entry.name.to_string())
}

fn row(visit: &Visit, known: &Known, ask: AskId) -> Markup {
    let stands = known.state.ask(ask).map_or_else(String::new, |ask| status_words(known, &ask.status));
    let options: Vec<(String, String)> = sayable().map(|(value, words)| (value.to_owned(), words.to_owned())).collect();
    select(visit, &field(ask), &item(known, ask), &format!("Until now: {stands}"), &options, "")
}

fn form(visit: &Visit, known: &Known, shown: &Shown) -> Answer {
    let inside = html! {
        @for (recipient, asks) in by_recipient(&shown.asks) {
            fieldset.field {
                legend { h2 { a href={ "/recipients/" (recipient.0) } { (body(known, recipient)) } } }
                @for ask in asks { (row(visit, known, ask)) }
            }
        }
        h2 { "For all of them" }
        (layout::day(visit, "since", "Since which day", "", Some(shown.on)))
        (layout::day(visit, "until", "Promised for", "Only where something is promised", None))
        (text(visit, "reason", "Reason", "Only where something is refused; kept in the log and published with the state once a second person has read it", ""))
    };
    let main = html! {
        @if shown.asks.is_empty() { p { "It answers for nobody yet: say first whom it is from, or what it answers." } }
        @else { (layout::order(visit, &visit.path, "Go on", &inside)) }
    };
    page(layout::page(visit, "How the asks stand", &[(&shown.title, &shown.address)], &main))
}

/// The page for all asks of all bodies that a message answers for.
///
/// # Errors
/// There is no such message.
pub fn of_message(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    form(visit, &known, &Shown::message(visit, &known)?)
}

/// The page for all asks that a document answers, of any number of bodies.
///
/// # Errors
/// There is no such document.
pub fn of_document(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    form(visit, &known, &Shown::document(visit, &known)?)
}

/// Says how the asks stand by a message; where nothing is said of a body, the message changes nothing there.
///
/// # Errors
/// What is wrong with the form, or a step of one of them is not allowed: then nothing is said of any.
pub fn say_of_message(visit: &Visit) -> Answer {
    if is_to_change(visit) {
        return of_message(visit);
    }
    let known = visit.app.office.known();
    let shown = Shown::message(visit, &known)?;
    say(visit, &known, &shown).and_then(|said| carry_out(visit, shown, said, known))
}

/// Says how the asks stand by a document.
///
/// # Errors
/// As [`say_of_message`].
pub fn say_of_document(visit: &Visit) -> Answer {
    if is_to_change(visit) {
        return of_document(visit);
    }
    let known = visit.app.office.known();
    let shown = Shown::document(visit, &known)?;
    say(visit, &known, &shown).and_then(|said| carry_out(visit, shown, said, known))
}

/// One thing that is said of one ask, with the words for it.
struct Said {
    ask: AskId,
    status: AskStatus,
    name: String,
    words: String,
}

fn say(visit: &Visit, known: &Known, shown: &Shown) -> Result<(Vec<Said>, Day), Refusal> {
    let (form, mut problems) = (&visit.form, Problems::default());
    let on = problems.day(form, "since", "Enter the day");
    let all: Vec<(AskId, &str)> = shown.asks.iter().map(|ask| (*ask, form.text(&field(*ask)))).filter(|(_, said)| !said.is_empty()).collect();
    let is_said = |what: &str| all.iter().any(|(_, said)| *said == what);
    let until = if is_said("promised") { problems.day(form, "until", "Enter the day it is promised for") } else { None };
    let reason: Option<Remark> = if is_said("refused") { problems.needed(form, "reason", "Give their reason") } else { None };
    let mut found = Vec::new();
    for (ask, said) in &all {
        let status = match *said {
            "acknowledged" => Some(AskStatus::Acknowledged),
            "part" => Some(AskStatus::PartProvided),
            "provided" => Some(AskStatus::Provided),
            "not-held" => Some(AskStatus::NotHeld),
            "clarification" => Some(AskStatus::ClarificationAsked),
            "promised" => until.map(|until| AskStatus::Promised { until }),
            "refused" => reason.clone().map(|reason| AskStatus::Refused { reason }),
            _ => {
                problems.add(&field(*ask), "Choose how it stands");
                None
            }
        };
        if let Some(status) = status {
            let words = status_words(known, &status);
            found.push(Said { ask: *ask, status, name: format!("{}: {}", body(known, ask.recipient), item(known, *ask)), words });
        }
    }
    if all.is_empty() {
        let first = shown.asks.first().map_or_else(String::new, |ask| field(*ask));
        problems.add(&first, "Say of at least one how it stands; if it changes nothing at all, say so on its own page");
    }
    match on {
        Some(on) if problems.is_empty() => Ok((found, on)),
        _ => Err(problems.into()),
    }
}

fn carry_out(visit: &Visit, shown: Shown, (said, on): (Vec<Said>, Day), known: impl std::ops::Deref<Target = Known>) -> Answer {
    if !is_checked(visit) {
        let silent: Vec<String> =
            by_recipient(&shown.asks).keys().filter(|id| !said.iter().any(|it| it.ask.recipient == **id)).map(|id| body(&known, *id)).collect();
        let main = html! {
            p.lede { "Since " (on.name()) ", by " (shown.title.to_lowercase()) ":" }
            ul { @for it in &said { li { (it.name) ": " strong { (it.words) } } } }
            @if !silent.is_empty() { p { "It changes nothing for " (silent.join(", ")) "." } }
            (check(visit, &format!("Say that {} so", layout::counted(said.len(), "thing stands", "things stand"))))
        };
        return page(layout::page(visit, "Check how the asks stand", &[(&shown.title, &shown.address)], &main));
    }
    drop(known);
    let names: BTreeMap<AskId, String> = said.iter().map(|it| (it.ask, it.name.clone())).collect();
    let all: Vec<(AskId, AskStatus)> = said.into_iter().map(|it| (it.ask, it.status)).collect();
    let row = |(ask, _): &(AskId, AskStatus)| (field(*ask), names.get(ask).cloned().unwrap_or_default());
    act_on_each(visit, &row, &|state, order| decide::describe_all(state, order, &all, on, shown.proof))?;
    see(shown.address, "Saved")
}
