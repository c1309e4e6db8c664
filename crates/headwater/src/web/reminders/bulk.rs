//! Many reminders at once: read on one page and approved together, or logged as sent together; all or none.

use std::collections::BTreeMap;

use headwater_prevention::exchange::chase::Throttle;
use headwater_prevention::exchange::communication::{Chaser, ChaserState};
use headwater_prevention::exchange::decide::chasers as decide;
use headwater_prevention::exchange::id::{BlobHash, ChaserId, PersonId};
use maud::{Markup, html};

use super::{name_of, read, shown};
use crate::web::form::Problems;
use crate::web::layout;
use crate::web::office::Known;
use crate::web::rows::{self, act_on_each, check, is_checked, is_to_change, tick};
use crate::web::visit::{Answer, Refusal, Visit, page, see};

/// Reminders that wait for approval by somebody who did not write them.
pub fn to_approve(known: &Known, me: PersonId) -> Vec<(ChaserId, Chaser)> {
    of(known, &|chaser| chaser.state == ChaserState::Proposed && chaser.proposed_by != me)
}

/// Reminders that are approved and can be sent by hand.
pub fn to_send(known: &Known) -> Vec<(ChaserId, Chaser)> {
    let mut found = of(known, &|chaser| matches!(chaser.state, ChaserState::Approved { .. }));
    found.retain(|(id, _)| known.state.unanswered_chaser(*id).is_none());
    found
}

fn of(known: &Known, which: &dyn Fn(&Chaser) -> bool) -> Vec<(ChaserId, Chaser)> {
    (0u32..).zip(known.state.chasers()).filter(|(_, chaser)| which(chaser)).map(|(number, chaser)| (ChaserId(number), chaser.clone())).collect()
}

/// The reminders that are ticked, with their names.
fn ticked(visit: &Visit) -> Result<BTreeMap<ChaserId, String>, Refusal> {
    let known = visit.app.office.known();
    let ids = visit.form.all("reminder").filter_map(|number| number.parse().ok()).map(ChaserId);
    let chosen: BTreeMap<ChaserId, String> = ids.filter_map(|id| Some((id, name_of(&known, known.state.chaser(id)?)))).collect();
    if chosen.is_empty() {
        return Err(Problems::one("reminder", "Tick at least one reminder").into());
    }
    Ok(chosen)
}

fn row(chosen: &BTreeMap<ChaserId, String>, id: ChaserId) -> (String, String) {
    (format!("reminder-{}", id.0), chosen.get(&id).cloned().unwrap_or_default())
}

/// The page that says once more what was ticked, and what was not.
fn once_more(visit: &Visit, title: &str, chosen: &BTreeMap<ChaserId, String>, others: &[(ChaserId, Chaser)], button: &str) -> Answer {
    let left: Vec<String> = {
        let known = visit.app.office.known();
        others.iter().filter(|(id, _)| !chosen.contains_key(id)).map(|(_, chaser)| name_of(&known, chaser)).collect()
    };
    let main = html! {
        p.lede { (layout::counted(chosen.len(), "reminder is", "reminders are")) " ticked:" }
        ul { @for name in chosen.values() { li { "To " (name) } } }
        @if !left.is_empty() { p { "Not ticked, and left as they are: " (left.join(", ")) "." } }
        (check(visit, button))
    };
    page(layout::page(visit, title, &[("Reminders", "/reminders")], &main))
}

fn gone(visit: &Visit, waiting: &[(ChaserId, Chaser)]) -> Markup {
    rows::gone(visit, "reminder", &waiting.iter().map(|(id, _)| id.0.to_string()).collect::<Vec<_>>())
}

/// The page on which reminders are ticked, each in its row.
fn to_tick(visit: &Visit, title: &str, waiting: &[(ChaserId, Chaser)], none: &str, words: &str, rows: &[Markup]) -> Answer {
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
    for (id, chaser) in &waiting {
        let words = read(visit, chaser.text)?;
        let known = visit.app.office.known();
        let name = name_of(&known, chaser);
        rows.push(html! {
            section {
                h2 { "To " (name) }
                (shown(&words))
                p { "Written by " (known.name(chaser.proposed_by.as_str())) ". " a href={ "/reminders/" (id.0) "/words" } { "Change the words to " (name) } "." }
                (tick(visit, "reminder", &id.0.to_string(), &format!("I have read the reminder to {name}, and it may go"), false))
                input type="hidden" name={ "text-" (id.0) } value=(chaser.text);
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
    let with_text = |id: &ChaserId| -> Result<(ChaserId, BlobHash), Refusal> {
        let text = visit.form.text(&format!("text-{}", id.0)).parse();
        Ok((*id, text.map_err(|_: String| Problems::one("", "The page was not the one that this program makes: load it again"))?))
    };
    let chasers: Vec<(ChaserId, BlobHash)> = chosen.keys().map(with_text).collect::<Result<_, _>>()?;
    act_on_each(visit, &|(id, _)| row(&chosen, *id), &|state, order| decide::approve_all(state, order, &chasers))?;
    see("/reminders", &format!("{count} approved"))
}

/// Approved reminders as whole messages, to be sent by hand and then logged together.
///
/// # Errors
/// A text cannot be read.
pub fn ask_to_send(visit: &Visit) -> Answer {
    let waiting = to_send(&visit.app.office.known());
    let mut rows = Vec::new();
    for (id, chaser) in &waiting {
        let words = read(visit, chaser.text)?;
        let known = visit.app.office.known();
        let name = name_of(&known, chaser);
        rows.push(html! {
            section {
                h2 { "To " (name) }
                (super::message(visit, &known, *id, &words))
                (tick(visit, "reminder", &id.0.to_string(), &format!("The reminder to {name} is out"), false))
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
    let chasers: Vec<ChaserId> = chosen.keys().copied().collect();
    act_on_each(visit, &|id| row(&chosen, *id), &|state, order| decide::send_all(state, order, &Throttle::default(), &chasers))?;
    see("/reminders", &format!("{count} logged as sent today"))
}

/// The words of one reminder, to be changed.
///
/// # Errors
/// There is none of this number, or its text cannot be read.
pub fn ask_words(visit: &Visit) -> Answer {
    let (id, text) = super::of(visit)?;
    let words = read(visit, text)?;
    let name = {
        let known = visit.app.office.known();
        known.state.chaser(id).map_or_else(String::new, |chaser| name_of(&known, chaser))
    };
    let main = html! {
        p { "Whoever changes the words is their author: somebody else has to approve them." }
        (layout::order(visit, &visit.path, "Save the words", &html! {
            (layout::area(visit, "words", "The whole reminder", "It goes as it stands here", &words))
        }))
    };
    page(layout::page(visit, &format!("The words to {name}"), &[("Reminders", "/reminders")], &main))
}

/// Gives a reminder other words.
///
/// # Errors
/// They are empty or the same, or the reminder is approved, out or dropped.
pub fn rewrite(visit: &Visit) -> Answer {
    let (id, _) = super::of(visit)?;
    // A browser ends lines in its own way.
    let words = visit.form.text("words").replace("\r\n", "\n");
    if words.is_empty() {
        return Err(Problems::one("words", "Write what the reminder says").into());
    }
    visit.app.ws.blobs().put(&mut words.as_bytes())?;
    let text = BlobHash::of(words.as_bytes());
    visit.act(&|state, order| decide::rewrite(state, order, id, text))?;
    see("/reminders", "The words are saved. Somebody else than you has to approve them")
}
