//! Reminders: one for each body, of all that it owes; read by a second person before they leave.

use std::io::Read;

use headwater_prevention::exchange::ask::Ask;
use headwater_prevention::exchange::chase::{Due, Throttle, due};
use headwater_prevention::exchange::clock::Clock;
use headwater_prevention::exchange::communication::{Chaser, ChaserState};
use headwater_prevention::exchange::decide::chasers::{self as decide, NewChaser};
use headwater_prevention::exchange::id::{AskId, BlobHash, BodyId, CampaignId, ChaserId};
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
use crate::problem::Problem;

/// The words before and after what is owed, unless somebody writes others.
const OPENING: &str = "We wrote to you and have not had everything we asked for. This is what is still open:";
const CLOSING: &str = "If you have sent it already, please tell us on which day, so that we can look for it. If it needs more time, please tell us by when. If you do not hold it, an answer that says so is enough.";

/// The reminders that wait, and those that could be written.
///
/// # Errors
/// A text cannot be read.
pub fn show(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let me = visit.person()?;
    let campaign = campaign_of(&visit.value("campaign", visit.query.text("campaign")));
    let list = due(&known.state, campaign, &Throttle::default(), visit.today());
    let waiting: Vec<(ChaserId, &Chaser)> = known
        .state
        .chasers()
        .iter()
        .enumerate()
        .map(|(number, chaser)| (ChaserId(number as u32), chaser))
        .filter(|(_, chaser)| matches!(chaser.state, ChaserState::Proposed | ChaserState::Approved { .. }))
        .collect();
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
    let main = html! {
        @for (id, chaser) in &waiting { (one(visit, &known, *id, chaser, chaser.proposed_by == me)?) }
        @if waiting.is_empty() { p { "No reminder waits." } }
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
    };
    page(layout::page(visit, "Reminders", &[], &main))
}

/// The one campaign of which to remind, if one was chosen.
fn campaign_of(number: &str) -> Option<CampaignId> {
    number.parse().ok().map(CampaignId)
}

fn one(visit: &Visit, known: &Known, id: ChaserId, chaser: &Chaser, is_mine: bool) -> Result<Markup, Refusal> {
    let body = known.state.body(chaser.body);
    let name = body.map_or("", |body| body.entry.name.as_str());
    let mut words = String::new();
    visit
        .app
        .ws
        .blobs()
        .read(&chaser.text.to_string())?
        .read_to_string(&mut words)
        .map_err(|error| Problem::of_files("reading a reminder", &error))?;
    let at = |order: &str| format!("/reminders/{}/{order}", id.0);
    let by_mail = by_mail::heading(visit, known, Errand::Reminder(id), &reminder_subject(&known.state, id));
    Ok(html! {
        h2 { "To " (name) }
        div.letter { @for paragraph in words.split("\n\n") { p { @for (place, line) in paragraph.lines().enumerate() { @if place > 0 { br; } (line) } } } }
        @if let Some(to) = &by_mail { p { "By mail " (to) "." } }
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
        @if visit.may(Right::Prepare) { details { summary { "Drop it" } (layout::order(visit, &at("drop"), &format!("Drop the reminder to {name}"), &text(visit, &format!("reason-{}", id.0), "Why", "Kept in the log", ""))) } }
    })
}

/// Since when something is owed. It is said by its days alone: a reminder is read, approved and sent on different days.
fn since(ask: &Ask, clock: &Clock) -> String {
    let due = ask.started.and_then(|start| clock.due(start, &ask.pauses)).map(|day| format!("due {}", day.name()));
    let promised = ask.promise.map(|promise| format!("promised for {}", promise.until.name()));
    let both: Vec<String> = due.into_iter().chain(promised).collect();
    if both.is_empty() { String::new() } else { format!(": {}", both.join(", ")) }
}

/// What a reminder says: what was asked, in which campaign, and when it was due.
fn words(known: &Known, due: &Due, opening: &str, closing: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut last: Option<CampaignId> = None;
    for ask_id in &due.asks {
        let Some(recipient) = known.state.recipient(ask_id.recipient) else { continue };
        let Some(campaign) = known.state.campaign(recipient.campaign) else { continue };
        if last != Some(recipient.campaign) {
            let sent = recipient.letter_sent.map_or_else(String::new, |day| format!(", our letter of {}", day.name()));
            lines.push(format!("{}{sent}", campaign.brief.title));
            last = Some(recipient.campaign);
        }
        let title = campaign.items.get(ask_id.item.index()).and_then(Option::as_ref).map_or("", |item| item.title.as_str());
        lines.push(format!("- {title}{}", known.state.ask(*ask_id).map_or_else(String::new, |ask| since(ask, &campaign.brief.clock))));
    }
    format!("{opening}\n\n{}\n\n{closing}", lines.join("\n"))
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
            let text = words(&known, due, opening, closing);
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
