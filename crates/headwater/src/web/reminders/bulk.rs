//! Many reminders at once: read on one page and approved together, or logged as sent together; all or none.

use std::collections::BTreeMap;

use headwater_prevention::exchange::chase::Throttle;
use headwater_prevention::exchange::communication::{Chaser, ChaserState};
use headwater_prevention::exchange::decide::chasers::{self as decide, AnyReminder};
use headwater_prevention::exchange::decide::{Allowed, Order};
use headwater_prevention::exchange::id::{BlobHash, BodyId, ChaserId, PersonId};
use headwater_prevention::exchange::recommendation::DutyReminder;
use headwater_prevention::exchange::state::State;
use maud::{Markup, html};

use super::{duties, name_of, read, shown};
use crate::web::form::Problems;
use crate::web::layout;
use crate::web::office::Known;
use crate::web::rows::{self, act_on_each, check, is_checked, is_to_change, tick};
use crate::web::visit::{Answer, Refusal, Visit, page, see};

/// A reminder that waits: which, the name of its body, its text, and who wrote it.
#[derive(Clone)]
pub struct Waiting {
    id: AnyReminder,
    name: String,
    text: BlobHash,
    by: PersonId,
}

/// Reminders that wait for approval by somebody who did not write them.
pub fn to_approve(known: &Known, me: PersonId) -> Vec<Waiting> {
    of(known, &|chaser| chaser.state == ChaserState::Proposed && chaser.proposed_by != me, &|_, it| it.approved_by.is_none() && it.proposed_by != me)
}

/// Reminders that are approved and can be sent by hand.
pub fn to_send(known: &Known) -> Vec<Waiting> {
    let state = &known.state;
    let mut found = of(known, &|chaser| matches!(chaser.state, ChaserState::Approved { .. }), &|_, it| it.approved_by.is_some());
    found.retain(|it| match it.id {
        AnyReminder::OfAsks(id) => state.unanswered_chaser(id).is_none(),
        AnyReminder::OfDuties(body) => state.unanswered_duty_reminder(body).is_none(),
    });
    found
}

/// First those of what was asked, then those of recommendations.
fn of(known: &Known, which: &dyn Fn(&Chaser) -> bool, of_duties: &dyn Fn(BodyId, &DutyReminder) -> bool) -> Vec<Waiting> {
    let asks = (0u32..).zip(known.state.chasers()).filter(|(_, chaser)| which(chaser)).map(|(number, chaser)| Waiting {
        id: AnyReminder::OfAsks(ChaserId(number)),
        name: name_of(known, chaser),
        text: chaser.text,
        by: chaser.proposed_by,
    });
    let duties = known.state.duty_reminders().filter(|(body, it)| of_duties(*body, it)).map(|(body, it)| Waiting {
        id: AnyReminder::OfDuties(body),
        name: format!("{}, of recommendations", duties::name(known, body)),
        text: it.text,
        by: it.proposed_by,
    });
    asks.chain(duties).collect()
}

/// How a form names a reminder.
fn key(id: AnyReminder) -> String {
    match id {
        AnyReminder::OfAsks(id) => id.0.to_string(),
        AnyReminder::OfDuties(body) => format!("of-{}", body.0),
    }
}

fn by_key(text: &str) -> Option<AnyReminder> {
    match text.strip_prefix("of-") {
        Some(body) => body.parse().ok().map(|body| AnyReminder::OfDuties(BodyId(body))),
        None => text.parse().ok().map(|id| AnyReminder::OfAsks(ChaserId(id))),
    }
}

/// The reminders that are ticked, with their names.
fn ticked(visit: &Visit) -> Result<BTreeMap<AnyReminder, String>, Refusal> {
    let known = visit.app.office.known();
    let named = |id: AnyReminder| match id {
        AnyReminder::OfAsks(chaser) => Some((id, name_of(&known, known.state.chaser(chaser)?))),
        AnyReminder::OfDuties(body) => {
            Some((id, known.state.duty_reminder(body).map(|_| format!("{}, of recommendations", duties::name(&known, body)))?))
        }
    };
    let chosen: BTreeMap<AnyReminder, String> = visit.form.all("reminder").filter_map(by_key).filter_map(named).collect();
    if chosen.is_empty() {
        return Err(Problems::one("reminder", "Tick at least one reminder").into());
    }
    Ok(chosen)
}

fn row(chosen: &BTreeMap<AnyReminder, String>, id: AnyReminder) -> (String, String) {
    (format!("reminder-{}", key(id)), chosen.get(&id).cloned().unwrap_or_default())
}

/// The page that says once more what was ticked, and what was not.
fn once_more(visit: &Visit, title: &str, chosen: &BTreeMap<AnyReminder, String>, others: &[Waiting], button: &str) -> Answer {
    let left: Vec<&str> = others.iter().filter(|it| !chosen.contains_key(&it.id)).map(|it| it.name.as_str()).collect();
    let main = html! {
        p.lede { (layout::counted(chosen.len(), "reminder is", "reminders are")) " ticked:" }
        ul { @for name in chosen.values() { li { "To " (name) } } }
        @if !left.is_empty() { p { "Not ticked, and left as they are: " (left.join(", ")) "." } }
        (check(visit, button))
    };
    page(layout::page(visit, title, &[("Reminders", "/reminders")], &main))
}

fn gone(visit: &Visit, waiting: &[Waiting]) -> Markup {
    rows::gone(visit, "reminder", &waiting.iter().map(|it| key(it.id)).collect::<Vec<_>>())
}

/// The page on which reminders are ticked, each in its row.
fn to_tick(visit: &Visit, title: &str, waiting: &[Waiting], none: &str, words: &str, rows: &[Markup]) -> Answer {
    let main = html! {
        (gone(visit, waiting))
        @if waiting.is_empty() { p { (none) } }
        @else {
            p { (words) }
            (layout::order(visit, &visit.path, "Go on with those that are ticked", &html! { @for row in rows { (row) } }))
        }
    };
    page(layout::page(visit, title, &[("Reminders", "/reminders")], &main))
}

/// Every reminder that one may approve, whole, on one page.
///
/// # Errors
/// A text cannot be read.
pub fn ask_to_approve(visit: &Visit) -> Answer {
    let waiting = to_approve(&visit.app.office.known(), visit.person()?);
    let mut rows = Vec::new();
    for Waiting { id, name, text, by } in &waiting {
        let words = read(visit, *text)?;
        let known = visit.app.office.known();
        rows.push(html! {
            section {
                h2 { "To " (name) }
                (shown(&words))
                p { "Written by " (known.name(by.as_str())) "." " " a href=(words_address(*id)) { "Change the words to " (name) } "." }
                (tick(visit, "reminder", &key(*id), &format!("I have read the reminder to {name}, and it may go"), false))
                input type="hidden" name={ "text-" (key(*id)) } value=(text);
            }
        });
    }
    let words = "Read each, and tick what may go. If you change the words of one, somebody else has to approve it: nobody approves what they wrote.";
    to_tick(visit, "Approve reminders", &waiting, "No reminder waits for you.", words, &rows)
}

/// Approves those that are ticked, after one more look at which they are, with the texts that were read.
///
/// # Errors
/// None is ticked, or one of them is refused: then none is approved.
pub fn approve_all(visit: &Visit) -> Answer {
    if is_to_change(visit) {
        return ask_to_approve(visit);
    }
    let chosen = ticked(visit)?;
    let count = layout::counted(chosen.len(), "reminder", "reminders");
    if !is_checked(visit) {
        let waiting = to_approve(&visit.app.office.known(), visit.person()?);
        return once_more(visit, "Check which reminders may go", &chosen, &waiting, &format!("Approve {count}"));
    }
    let with_text = |id: &AnyReminder| -> Result<(AnyReminder, BlobHash), Refusal> {
        let text = visit.form.text(&format!("text-{}", key(*id))).parse();
        Ok((*id, text.map_err(|_: String| Problems::one("", "The page was not the one that this program makes: load it again"))?))
    };
    let reminders: Vec<(AnyReminder, BlobHash)> = chosen.keys().map(with_text).collect::<Result<_, _>>()?;
    act_on_each(visit, &|(id, _)| row(&chosen, *id), &|state, order| decide::approve_all(state, order, &reminders))?;
    see("/reminders", &format!("{count} approved"))
}

/// Approved reminders as whole messages, to be sent by hand and then logged together.
///
/// # Errors
/// A text cannot be read.
pub fn ask_to_send(visit: &Visit) -> Answer {
    let waiting = to_send(&visit.app.office.known());
    let mut rows = Vec::new();
    for Waiting { id, name, text, .. } in &waiting {
        let words = read(visit, *text)?;
        let known = visit.app.office.known();
        rows.push(html! {
            section {
                h2 { "To " (name) }
                @match id {
                    AnyReminder::OfAsks(id) => (super::message(visit, &known, *id, &words)),
                    AnyReminder::OfDuties(body) => (duties::message(visit, &known, *body, &words)),
                }
                (tick(visit, "reminder", &key(*id), &format!("The reminder to {name} is out"), false))
            }
        });
    }
    let words = "Send each from your own mail or by post, then tick it: it is logged as sent today.";
    to_tick(visit, "Log reminders as sent", &waiting, "No reminder is approved and not yet out.", words, &rows)
}

/// Logs those that are ticked as sent today, after one more look at which they are.
///
/// # Errors
/// None is ticked, or one of them is refused: then none is logged.
pub fn send_all(visit: &Visit) -> Answer {
    if is_to_change(visit) {
        return ask_to_send(visit);
    }
    let chosen = ticked(visit)?;
    let count = layout::counted(chosen.len(), "reminder", "reminders");
    if !is_checked(visit) {
        let waiting = to_send(&visit.app.office.known());
        return once_more(visit, "Check which reminders are out", &chosen, &waiting, &format!("Log {count} as sent today"));
    }
    let reminders: Vec<AnyReminder> = chosen.keys().copied().collect();
    act_on_each(visit, &|id| row(&chosen, *id), &|state, order| decide::send_all(state, order, &Throttle::default(), &reminders))?;
    see("/reminders", &format!("{count} logged as sent today"))
}

/// Where the words of a reminder are changed.
pub fn words_address(id: AnyReminder) -> String {
    match id {
        AnyReminder::OfAsks(id) => format!("/reminders/{}/words", id.0),
        AnyReminder::OfDuties(body) => format!("/reminders/duties/{}/words", body.0),
    }
}

/// The words of one reminder, to be changed.
///
/// # Errors
/// There is none of this number, or its text cannot be read.
pub fn ask_words(visit: &Visit) -> Answer {
    let (id, text) = super::of(visit)?;
    let (name, waits) = {
        let known = visit.app.office.known();
        let chaser = known.state.chaser(id).ok_or(Refusal::NotFound)?;
        (name_of(&known, chaser), chaser.state == ChaserState::Proposed)
    };
    words_form(visit, &name, text, waits)
}

/// The form in which the words of a reminder are changed, if it waits for approval.
pub(super) fn words_form(visit: &Visit, name: &str, text: BlobHash, waits: bool) -> Answer {
    let words = read(visit, text)?;
    let main = html! {
        @if waits {
            p { "Whoever changes the words is their author: somebody else has to approve them." }
            (layout::order(visit, &visit.path, "Save the words", &html! {
                (layout::area(visit, "words", "The whole reminder", "It goes as it stands here", &words))
            }))
        } @else {
            p { "The reminder is approved, out or dropped: its words stay as they were read. To send others, " a href="/reminders" { "drop it and write another" } "." }
            (shown(&words))
        }
    };
    page(layout::page(visit, &format!("The words to {name}"), &[("Reminders", "/reminders")], &main))
}

/// Gives a reminder other words.
///
/// # Errors
/// They are empty or the same, or the reminder is approved, out or dropped.
pub fn rewrite(visit: &Visit) -> Answer {
    let (id, _) = super::of(visit)?;
    with_words(visit, &|state, order, text| decide::rewrite(state, order, id, text))
}

/// Keeps the words of the form, and has it decided what they are for.
pub(super) fn with_words(visit: &Visit, decide: &dyn Fn(&State, &Order, BlobHash) -> Allowed) -> Answer {
    // A browser ends lines in its own way.
    let words = visit.form.text("words").replace("\r\n", "\n");
    if words.is_empty() {
        return Err(Problems::one("words", "Write what the reminder says").into());
    }
    visit.app.ws.blobs().put(&mut words.as_bytes())?;
    let text = BlobHash::of(words.as_bytes());
    visit.act(&|state, order| decide(state, order, text))?;
    see("/reminders", "The words are saved. Somebody else than you has to approve them")
}
