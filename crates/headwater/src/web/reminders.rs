//! Reminders: one for each body, of all that it owes; read by a second person before they leave.

mod bulk;
mod duties;

use std::collections::BTreeMap;
use std::io::Read;

use headwater_prevention::exchange::chase::{Due, Throttle, due};
use headwater_prevention::exchange::communication::{Chaser, ChaserState};
use headwater_prevention::exchange::decide::chasers::{self as decide, NewChaser};
use headwater_prevention::exchange::id::{AskId, BlobHash, BodyId, CampaignId, ChaserId};
use headwater_prevention::exchange::reminder::{CLOSING, OPENING, ReminderFrame, addressee, of_asks};
use headwater_prevention::exchange::state::State;
use maud::{Markup, html};

use super::access::Right;
use super::by_mail;
use super::doubt;
use super::form::{Problems, reason};
use super::layout::{self, area, boxes, text};
use super::office::Known;
use super::post::{self, Parcel};
use super::visit::{Answer, Refusal, Visit, page, see};
use crate::mail::outbox::{Errand, reminder_subject};
use crate::people::Person;
use crate::problem::Problem;

pub use self::bulk::{approve_all, ask_to_approve, ask_to_send, ask_words, rewrite, send_all};
pub use self::duties::{
    approve as approve_of_duties, ask_words as ask_words_of_duties, drop_one as drop_of_duties, mail as mail_of_duties, propose as propose_of_duties,
    rewrite as rewrite_of_duties, sent as sent_of_duties,
};

/// The reminders that wait, and those that could be written.
///
/// # Errors
/// A text cannot be read.
pub fn show(visit: &Visit) -> Answer {
    let me = visit.person()?;
    // The texts are read while nobody is kept from writing.
    let written: Vec<BlobHash> = {
        let known = visit.app.office.known();
        let duties = known.state.duty_reminders().map(|(_, reminder)| reminder.text);
        waiting(&known.state).map(|(_, chaser)| chaser.text).chain(duties).collect()
    };
    let texts: Texts = written.into_iter().map(|text| Ok((text, read(visit, text)?))).collect::<Result<_, Refusal>>()?;
    let known = visit.app.office.known();
    let campaign = campaign_of(&visit.value("campaign", visit.query.text("campaign")));
    let list = due(&known.state, campaign, &Throttle::default(), visit.today());
    let waiting: Vec<(ChaserId, &Chaser)> = waiting(&known.state).collect();
    let options: Vec<(String, String, bool)> = list
        .due
        .iter()
        .filter(|one| !waiting.iter().any(|(_, chaser)| chaser.body == one.body))
        .map(|one| {
            let name = known.state.body(one.body).map_or("", |body| body.entry.name.as_str());
            let since = one.oldest.map_or_else(String::new, |day| format!(", the oldest due {}", day.name()));
            (one.body.0.to_string(), format!("{name}: {}{since}", layout::counted(one.asks.len(), "thing", "things")), true)
        })
        .collect();
    let mut why: Vec<(&str, usize)> = Vec::new();
    for (_, reason) in &list.not_due {
        match why.iter_mut().find(|(words, _)| *words == reason.words()) {
            Some((_, n)) => *n += 1,
            None => why.push((reason.words(), 1)),
        }
    }
    let (n_to_approve, n_to_send) = (bulk::to_approve(&known, me).len(), bulk::to_send(&known).len());
    let main = html! {
        @if n_to_approve > 1 && visit.may(Right::Approve) { p { a.button href="/reminders/approve" { "Read and approve " (n_to_approve) " reminders" } } }
        @if n_to_send > 1 && visit.may(Right::Prepare) { p { a.button.other href="/reminders/sent" { "Log several of " (n_to_send) " approved reminders as sent" } } }
        @for (id, chaser) in &waiting { @if let Some(words) = texts.get(&chaser.text) { (one(visit, &known, *id, chaser, words, chaser.proposed_by == me)) } }
        @if waiting.is_empty() { p { @if known.state.duty_reminders().next().is_some() { "No reminder of what was asked waits; those of recommendations stand below." } @else { "No reminder waits." } } }
        h2 { "Write reminders" }
        @if let Some(campaign) = campaign.and_then(|id| known.state.campaign(id)) { p { "Only of \u{201c}" (campaign.brief.title) "\u{201d}. " a href="/reminders" { "Of all campaigns" } } }
        @if options.is_empty() { p { "Nobody is due for one." } }
        @else if visit.may(Right::Prepare) {
            (layout::order(visit, "/reminders", &format!("Propose {}", if options.len() == 1 { "this reminder" } else { "the reminders that are ticked" }), &html! {
                @if let Some(campaign) = campaign { input type="hidden" name="campaign" value=(campaign.0); }
                (boxes(visit, "body", "To", "One reminder for each body, of everything that is late. Untick those that should wait", &options))
                (area(visit, "opening", "Words before the list", "", OPENING))
                (area(visit, "closing", "Words after it", "", CLOSING))
            }))
        }
        @if !why.is_empty() {
            h3 { "Not reminded of, and why" }
            ul { @for (words, n) in &why { li { (layout::counted(*n, "ask", "asks")) ": " (words) } } }
        }
        @if campaign.is_none() { (duties::part(visit, &known, &texts, me)) }
    };
    page(layout::page(visit, "Reminders", &[], &main))
}

/// The one campaign of which to remind, if one was chosen.
fn campaign_of(number: &str) -> Option<CampaignId> {
    number.parse().ok().map(CampaignId)
}

/// The name of the body that a reminder goes to.
fn name_of(known: &Known, chaser: &Chaser) -> String {
    known.state.body(chaser.body).map_or_else(String::new, |body| body.entry.name.to_string())
}

/// The words of a reminder.
fn read(visit: &Visit, text: BlobHash) -> Result<String, Refusal> {
    let mut words = String::new();
    let doing = |error: std::io::Error| Problem::of_files("reading a reminder", &error);
    visit.app.ws.blobs().read(&text.to_string())?.read_to_string(&mut words).map_err(doing)?;
    Ok(words)
}

/// The words of a reminder as a reader sees them.
fn shown(words: &str) -> Markup {
    html! { div.letter { @for paragraph in words.split("\n\n") { p { @for (place, line) in paragraph.lines().enumerate() { @if place > 0 { br; } (line) } } } } }
}

/// A reminder as the whole message that is sent by hand: to whom, from where answers find their way, under which subject.
fn message(visit: &Visit, known: &Known, id: ChaserId, words: &str) -> Markup {
    let asks = known.state.chaser(id).map_or(&[][..], |chaser| &chaser.asks);
    let recipient = addressee(&known.state, asks.iter().map(|ask| ask.recipient)).and_then(|id| known.state.recipient(id));
    let contact = recipient.and_then(|it| it.contact).and_then(|id| known.state.contact(id));
    let person = contact.and_then(|contact| known.people.get(contact.person.as_str()));
    let reply_to = recipient.and_then(|it| visit.app.reply_address(it.reply_token.as_str()));
    whole_message(person, reply_to.as_deref(), &reminder_subject(&known.state, id), words)
}

/// A whole message to be copied into a mail program, or onto paper.
fn whole_message(to: Option<&Person>, reply_to: Option<&str>, subject: &str, words: &str) -> Markup {
    html! { (envelope(to, reply_to, subject)) (shown(words)) }
}

/// What stands above the words of a message that is sent by hand: to whom, where answers find their way, the subject.
pub fn envelope(to: Option<&Person>, reply_to: Option<&str>, subject: &str) -> Markup {
    layout::facts(&[
        (
            "To",
            html! { @match to {
                Some(Person { name, email: Some(email), .. }) => { (name) " <" (email) ">" }
                Some(Person { name, postal_address, .. }) => { (name) @if let Some(address) = postal_address { ", " (address) } }
                None => "nobody is known to write to",
            } },
        ),
        ("Reply-To", html! { (reply_to.unwrap_or("no address is set for the office")) }),
        ("Subject", html! { (subject) }),
    ])
}

/// The words of reminders by their hashes.
type Texts = BTreeMap<BlobHash, String>;

/// The reminders that are written and not out.
fn waiting(state: &State) -> impl Iterator<Item = (ChaserId, &Chaser)> {
    let numbered = state.chasers().iter().enumerate().map(|(number, chaser)| (ChaserId(number as u32), chaser));
    numbered.filter(|(_, chaser)| matches!(chaser.state, ChaserState::Proposed | ChaserState::Approved { .. }))
}

fn one(visit: &Visit, known: &Known, id: ChaserId, chaser: &Chaser, words: &str, is_mine: bool) -> Markup {
    let name = name_of(known, chaser);
    let at = |order: &str| format!("/reminders/{}/{order}", id.0);
    let by_mail = by_mail::heading(visit, known, Errand::Reminder(id), &reminder_subject(&known.state, id));
    html! {
        h2 { "To " (name) }
        @if let Some(to) = &by_mail { (shown(words)) p { "By mail " (to) "." } } @else { (message(visit, known, id, words)) }
        p { "Written by " (known.name(chaser.proposed_by.as_str())) "." }
        div.buttons {
            @match &chaser.state {
                ChaserState::Proposed if is_mine => p { "Somebody else has to approve it." },
                ChaserState::Proposed if visit.may(Right::Approve) => (layout::button(visit, &at("approve"), &format!("Approve the reminder to {name}"), "")),
                ChaserState::Proposed => p { "It waits for " (Right::Approve.whose()) "." },
                ChaserState::Approved { by } if !visit.may(Right::Prepare) => p { "Approved by " (known.name(by.as_str())) ", and not sent yet." },
                ChaserState::Approved { .. } if known.state.unanswered_chaser(id).is_some() => p.warning { "It may be out: the mail server gave no answer. " a href=(doubt::ADDRESS) { "Find out whether it went" } "." },
                ChaserState::Approved { by } if by_mail.is_some() => {
                    p { "Approved by " (known.name(by.as_str())) "." }
                    (layout::button(visit, &at("mail"), &format!("Send the reminder to {name} by mail now"), ""))
                    (layout::button(visit, &at("sent"), &format!("Log the reminder to {name} as sent today in another way"), "other"))
                }
                ChaserState::Approved { by } => {
                    p { "Approved by " (known.name(by.as_str())) ". Send it from your own mail, then:" }
                    (layout::button(visit, &at("sent"), &format!("Log the reminder to {name} as sent today"), ""))
                }
                _ => {}
            }
        }
        @if visit.may(Right::Prepare) {
            @if chaser.state == ChaserState::Proposed { p { a href=(at("words")) { "Change the words to " (name) } } }
            (layout::fold(visit, &at("drop"), &format!("Drop the reminder to {name}"), &layout::order(visit, &at("drop"), &format!("Drop the reminder to {name}"), &text(visit, &format!("reason-{}", id.0), "Why", "Kept in the log", ""))))
        }
    }
}

/// What a reminder of some asks says: whoever is written to is greeted as in a letter.
fn words(visit: &Visit, known: &Known, due: &Due, opening: &str, closing: &str) -> String {
    let recipient = addressee(&known.state, due.asks.iter().map(|ask| ask.recipient)).and_then(|id| known.state.recipient(id));
    let contact = recipient.and_then(|it| it.contact).and_then(|id| known.state.contact(id));
    let person = contact.and_then(|contact| known.people.get(contact.person.as_str()));
    let salutation = person.map(|person| person.salutation.as_deref().unwrap_or(&person.name));
    let reply_to = recipient.and_then(|it| visit.app.reply_address(it.reply_token.as_str()));
    let frame = ReminderFrame { salutation, opening, closing, reply_to: reply_to.as_deref(), office: visit.app.office_name() };
    of_asks(&known.state, &due.asks, &frame)
}

/// Proposes reminders, one for each body that is ticked.
///
/// # Errors
/// Nobody was ticked, or somebody is not due any more.
pub fn propose(visit: &Visit) -> Answer {
    let bodies: Vec<BodyId> = visit.form.all("body").filter_map(|number| number.parse().ok()).map(BodyId).collect();
    let mut problems = Problems::default();
    if bodies.is_empty() {
        problems.add("body", "Tick at least one body");
    }
    let (opening, closing) = (visit.form.text("opening"), visit.form.text("closing"));
    if opening.is_empty() {
        problems.add("opening", "Write what comes before the list");
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let new: Vec<(NewChaser, String)> = {
        let known = visit.app.office.known();
        let list = due(&known.state, campaign_of(visit.form.text("campaign")), &Throttle::default(), visit.today());
        let one = |due: &Due| {
            let text = words(visit, &known, due, opening, closing);
            let asks: Vec<AskId> = due.asks.clone();
            (NewChaser { body: due.body, asks, text: BlobHash::of(text.as_bytes()) }, text)
        };
        list.due.iter().filter(|due| bodies.contains(&due.body)).map(one).collect()
    };
    for (_, text) in &new {
        visit.app.ws.blobs().put(&mut text.as_bytes())?;
    }
    let chasers: Vec<NewChaser> = new.into_iter().map(|(chaser, _)| chaser).collect();
    let n = chasers.len();
    visit.act(&|state, order| decide::propose(state, order, &Throttle::default(), chasers.clone()))?;
    see("/reminders", &format!("{} proposed", layout::counted(n, "reminder", "reminders")))
}

fn of(visit: &Visit) -> Result<(ChaserId, BlobHash), Refusal> {
    let id = ChaserId(visit.part("reminder")?);
    let text = visit.app.office.known().state.chaser(id).map(|chaser| chaser.text).ok_or(Refusal::NotFound)?;
    Ok((id, text))
}

/// Approves a reminder.
///
/// # Errors
/// They wrote it, or it changed meanwhile.
pub fn approve(visit: &Visit) -> Answer {
    let (id, text) = of(visit)?;
    visit.act(&|state, order| decide::approve(state, order, id, text))?;
    see("/reminders", "The reminder is approved")
}

/// Drops a reminder.
///
/// # Errors
/// No reason is given, or it is out.
pub fn drop_one(visit: &Visit) -> Answer {
    let (id, _) = of(visit)?;
    let field = format!("reason-{}", id.0);
    let reason = reason(&visit.form, &field)?;
    visit.act(&|state, order| decide::drop_chaser(state, order, id, reason.clone()))?;
    see("/reminders", "The reminder is dropped")
}

/// Hands an approved reminder to the mail server, in the words that were approved.
///
/// # Errors
/// It was not approved, is no longer due, or the server does not take it.
pub fn mail(visit: &Visit) -> Answer {
    let (id, _) = of(visit)?;
    match post::hand_over(visit, Parcel::One(Errand::Reminder(id)))? {
        Some(done) => see("/reminders", &done.said()?),
        None => see("/reminders", "The reminder is on its way to the mail server. Look again to see what became of it"),
    }
}

/// Logs that a reminder was sent by hand today.
///
/// # Errors
/// It was not approved, or is no longer due: an answer or a promise came meanwhile.
pub fn sent(visit: &Visit) -> Answer {
    let (id, _) = of(visit)?;
    visit.act(&|state, order| decide::send(state, order, &Throttle::default(), id, None))?;
    see("/reminders", "The reminder is logged as sent")
}
