//! Reminders of answers that are owed to recommendations: one for each body, read by a second person, sent by mail or by hand.

use headwater_prevention::exchange::chase::Throttle;
use headwater_prevention::exchange::decide::duty_reminders::{self as decide, to_remind};
use headwater_prevention::exchange::decide::{Decision, together};
use headwater_prevention::exchange::id::{BlobHash, BodyId, PersonId, RecommendationId};
use headwater_prevention::exchange::recommendation::DutyReminder;
use headwater_prevention::exchange::reminder::{CLOSING_OF_DUTIES, OPENING_OF_DUTIES, ReminderFrame, addressee_of_duties, of_duties};
use maud::{Markup, html};

use super::{Texts, bulk, shown, whole_message};
use crate::mail::outbox::{DUTY_SUBJECT, Errand};
use crate::people::Person;
use crate::web::access::Right;
use crate::web::by_mail;
use crate::web::doubt;
use crate::web::form::{Problems, reason};
use crate::web::layout::{self, area, boxes, text};
use crate::web::office::Known;
use crate::web::post::{self, Parcel};
use crate::web::visit::{Answer, Refusal, Visit, see};

pub(super) fn name(known: &Known, body: BodyId) -> String {
    known.state.body(body).map_or_else(String::new, |body| body.entry.name.to_string())
}

/// Whom to write to at a body.
fn contact(known: &Known, body: BodyId) -> Option<&Person> {
    let contact = addressee_of_duties(&known.state, body).and_then(|id| known.state.contact(id))?;
    known.people.get(contact.person.as_str())
}

/// A reminder as the whole message that is sent by hand.
pub(super) fn message(visit: &Visit, known: &Known, body: BodyId, words: &str) -> Markup {
    let office = visit.app.ws.settings().office_address().map(ToString::to_string);
    whole_message(contact(known, body), office.as_deref(), DUTY_SUBJECT, words)
}

/// The part of the page of reminders that is about recommendations; nothing where no answer is late.
pub fn part(visit: &Visit, known: &Known, texts: &Texts, me: PersonId) -> Markup {
    let due = to_remind(&known.state, &Throttle::default(), visit.today());
    let options: Vec<(String, String, bool)> = due
        .iter()
        .map(|(body, owed)| {
            let newest = owed.iter().filter_map(|id| known.state.duty(*id, *body)).filter_map(|duty| duty.reminders.last()).max_by_key(|it| it.on);
            let back = if newest.is_some_and(|it| it.came_back.is_some()) { "; our last reminder came back" } else { "" };
            (body.0.to_string(), format!("{}: {}{back}", name(known, *body), layout::counted(owed.len(), "answer", "answers")), true)
        })
        .collect();
    let waiting: Vec<(BodyId, &DutyReminder)> = known.state.duty_reminders().collect();
    if waiting.is_empty() && options.is_empty() {
        return html! {};
    }
    html! {
        h2 id="duties" { "Answers to recommendations" }
        @for (body, reminder) in waiting { @if let Some(words) = texts.get(&reminder.text) { (one(visit, known, body, reminder, words, me)) } }
        @if !options.is_empty() && visit.may(Right::Prepare) {
            h3 { "Write reminders of these" }
            (layout::order(visit, "/reminders/duties", "Propose reminders of these answers", &html! {
                (boxes(visit, "owing", "To", "One reminder for each body, of every answer whose time is over", &options))
                (area(visit, "duty_opening", "Words before the list", "", OPENING_OF_DUTIES))
                (area(visit, "duty_closing", "Words after it", "", CLOSING_OF_DUTIES))
            }))
        }
    }
}

fn one(visit: &Visit, known: &Known, body: BodyId, reminder: &DutyReminder, words: &str, me: PersonId) -> Markup {
    let to = name(known, body);
    let at = |order: &str| format!("/reminders/duties/{}/{order}", body.0);
    let by_mail = by_mail::heading(visit, known, Errand::DutyReminder(body), DUTY_SUBJECT);
    html! {
        h3 { "To " (to) }
        @if let Some(whom) = &by_mail { (shown(words)) p { "By mail " (whom) "." } } @else { (message(visit, known, body, words)) }
        p { "Written by " (known.name(reminder.proposed_by.as_str())) "." }
        @match &reminder.approved_by {
            None if reminder.proposed_by == me => p { "Somebody else has to approve it." },
            None if visit.may(Right::Approve) => {
                (layout::order(visit, &at("approve"), &format!("Approve the reminder to {to}"), &html! { input type="hidden" name="text" value=(reminder.text); }))
            }
            None => p { "It waits for " (Right::Approve.whose()) "." },
            Some(_) if known.state.unanswered_duty_reminder(body).is_some() => p.warning { "It may be out: the mail server gave no answer. " a href=(doubt::ADDRESS) { "Find out whether it went" } "." },
            Some(by) if by_mail.is_some() => {
                p { "Approved by " (known.name(by.as_str())) "." }
                @if visit.may(Right::Prepare) {
                    div.buttons {
                        (layout::button(visit, &at("mail"), &format!("Send the reminder to {to} by mail now"), ""))
                        (layout::button(visit, &at("sent"), &format!("Log the reminder to {to} as sent today in another way"), "other"))
                    }
                }
            }
            Some(by) => {
                p { "Approved by " (known.name(by.as_str())) ". Send it from your own mail or by post, then:" }
                @if visit.may(Right::Prepare) { div.buttons { (layout::button(visit, &at("sent"), &format!("Log the reminder to {to} as sent today"), "")) } }
            }
        }
        @if visit.may(Right::Prepare) {
            @if reminder.approved_by.is_none() { p { a href=(at("words")) { "Change the words to " (to) } } }
            (layout::fold(visit, &at("drop"), &format!("Drop the reminder to {to}"), &layout::order(visit, &at("drop"), &format!("Drop the reminder to {to}"), &text(visit, &format!("duty_reason-{}", body.0), "Why", "Kept in the log", ""))))
        }
    }
}

fn of(visit: &Visit) -> Result<BodyId, Refusal> {
    Ok(BodyId(visit.part("body")?))
}

/// Proposes reminders to the bodies that are ticked, of every answer whose time is over.
///
/// # Errors
/// Nobody is ticked, or somebody is not due any more.
pub fn propose(visit: &Visit) -> Answer {
    let bodies: Vec<BodyId> = visit.form.all("owing").filter_map(|number| number.parse().ok()).map(BodyId).collect();
    let (opening, closing) = (visit.form.text("duty_opening"), visit.form.text("duty_closing"));
    let mut problems = Problems::default();
    if bodies.is_empty() {
        problems.add("owing", "Tick at least one body");
    }
    if opening.is_empty() {
        problems.add("duty_opening", "Write what comes before the list");
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let new: Vec<(BodyId, Vec<RecommendationId>, String)> = {
        let known = visit.app.office.known();
        let mut due = to_remind(&known.state, &Throttle::default(), visit.today());
        let office = visit.app.ws.settings().office_address().map(ToString::to_string);
        let one = |body: BodyId| {
            let owed = due.remove(&body).unwrap_or_default();
            let salutation = contact(&known, body).map(|person| person.salutation.as_deref().unwrap_or(&person.name));
            let frame = ReminderFrame { salutation, opening, closing, reply_to: office.as_deref(), office: visit.app.office_name() };
            let words = of_duties(&known.state, body, &owed, &frame);
            (body, owed, words)
        };
        bodies.into_iter().map(one).collect()
    };
    for (_, _, words) in &new {
        visit.app.ws.blobs().put(&mut words.as_bytes())?;
    }
    let propose = |(body, owed, words): &(BodyId, Vec<RecommendationId>, String)| -> Decision<'_> {
        let (body, owed, text) = (*body, owed.clone(), BlobHash::of(words.as_bytes()));
        Box::new(move |state, order| decide::propose(state, order, &Throttle::default(), body, owed.clone(), text))
    };
    let all: Vec<Decision<'_>> = new.iter().map(propose).collect();
    visit.act(&|state, order| together(state, order, &all))?;
    see("/reminders", &format!("{} proposed", layout::counted(new.len(), "reminder", "reminders")))
}

/// The words of one, to be changed.
///
/// # Errors
/// None waits for this body, or its text cannot be read.
pub fn ask_words(visit: &Visit) -> Answer {
    let body = of(visit)?;
    let (text, to, waits) = {
        let known = visit.app.office.known();
        let reminder = known.state.duty_reminder(body).ok_or(Refusal::NotFound)?;
        (reminder.text, name(&known, body), reminder.approved_by.is_none())
    };
    bulk::words_form(visit, &to, text, waits)
}

/// Gives one other words.
///
/// # Errors
/// They are empty or the same, or it is approved or out.
pub fn rewrite(visit: &Visit) -> Answer {
    let body = of(visit)?;
    bulk::with_words(visit, &|state, order, text| decide::rewrite(state, order, body, text))
}

/// Approves one, with the text that was read.
///
/// # Errors
/// They wrote it, or it changed meanwhile.
pub fn approve(visit: &Visit) -> Answer {
    let body = of(visit)?;
    let text = visit.form.text("text").parse().map_err(|error: String| Problems::one("", error))?;
    visit.act(&|state, order| decide::approve(state, order, body, text))?;
    see("/reminders", "The reminder is approved")
}

/// Drops one.
///
/// # Errors
/// No reason is given, or it is out.
pub fn drop_one(visit: &Visit) -> Answer {
    let body = of(visit)?;
    let reason = reason(&visit.form, &format!("duty_reason-{}", body.0))?;
    visit.act(&|state, order| decide::withdraw(state, order, body, reason.clone()))?;
    see("/reminders", "The reminder is dropped")
}

/// Hands an approved one to the mail server, in the words that were approved.
///
/// # Errors
/// It was not approved, an answer came meanwhile, or the server does not take it.
pub fn mail(visit: &Visit) -> Answer {
    let body = of(visit)?;
    match post::hand_over(visit, Parcel::One(Errand::DutyReminder(body)))? {
        Some(done) => see("/reminders", &done.said()?),
        None => see("/reminders", "The reminder is on its way to the mail server. Look again to see what became of it"),
    }
}

/// Logs one as sent by hand today.
///
/// # Errors
/// It was not approved, or an answer came meanwhile.
pub fn sent(visit: &Visit) -> Answer {
    let body = of(visit)?;
    visit.act(&|state, order| decide::send(state, order, body))?;
    see("/reminders", "The reminder is logged as sent")
}
