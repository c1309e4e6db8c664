//! Messages in doubt: handed to the mail server, and nobody knows whether they went; or not taken by it.

use std::collections::BTreeMap;
use std::io::Read;

use headwater_prevention::exchange::communication::Purpose;
use headwater_prevention::exchange::decide::handovers as decide;
use headwater_prevention::exchange::handover::{Handover, HandoverStage};
use headwater_prevention::exchange::id::{BlobHash, MessageKey};
use headwater_prevention::exchange::moment::Day;
use headwater_prevention::exchange::state::State;
use maud::{Markup, html};

use super::access::Right;
use super::form::{Problems, reason};
use super::layout::{self, text};
use super::messages::names_of;
use super::office::Known;
use super::post::{self, Parcel};
use super::visit::{Answer, Refusal, Visit, page, see};
use crate::mail::compose::{header, message_id_of};
use crate::problem::Problem;

/// Where it is.
pub const ADDRESS: &str = "/messages/doubt";

/// The most bytes of a kept message that are looked at for its head.
const HEAD_BYTES: u64 = 64 << 10;

/// Every message that waits for somebody to say what became of it.
///
/// # Errors
/// A message cannot be read.
pub fn list(visit: &Visit) -> Answer {
    // The disk is read while nobody is kept from writing.
    let contents: Vec<(MessageKey, BlobHash)> =
        waiting(&visit.app.office.known().state, visit.today()).iter().map(|(key, it)| (*key, it.content)).collect();
    let heads = contents.into_iter().map(|(key, content)| Ok((key, head(visit, content)?))).collect::<Result<BTreeMap<_, _>, Refusal>>()?;
    let known = visit.app.office.known();
    // One that was handed over meanwhile stands here at the next look.
    let waiting = waiting(&known.state, visit.today()).into_iter().filter_map(|(key, it)| Some((key, it, heads.get(&key)?))).collect::<Vec<_>>();
    let main = html! {
        p { "Between the last word of a message and the mail server\u{2019}s answer the line or the program may fail. Then nobody here can say whether the message went. It is not sent again by itself, no clock runs for it, and it stands here until somebody has looked." }
        @if visit.app.post.is_going() { p.warning { "Messages are being handed over at this moment: what stands here may just be on its way. " a href=(ADDRESS) { "Look again" } "." } }
        @if waiting.is_empty() { p { "Nothing is in doubt." } }
        @for (key, handover, head) in waiting { (one(visit, &known, key, handover, head)) }
    };
    page(layout::page(visit, "Messages in doubt", &[("Messages", "/messages")], &main))
}

/// What waits, in doubt first.
fn waiting(state: &State, today: Day) -> Vec<(MessageKey, &Handover)> {
    let mut waiting: Vec<(MessageKey, &Handover)> = state
        .handovers()
        .filter(|(_, it)| match it.stage {
            HandoverStage::Unanswered => true,
            HandoverStage::RefusedForNow { .. } | HandoverStage::RefusedForGood { .. } => !it.went_otherwise(state, today),
            HandoverStage::Accepted { .. } | HandoverStage::Reminded { .. } | HandoverStage::CameBack { .. } | HandoverStage::GivenUp { .. } => false,
        })
        .collect();
    waiting.sort_by_key(|(_, it)| (it.stage != HandoverStage::Unanswered, it.version));
    waiting
}

fn head(visit: &Visit, content: BlobHash) -> Result<Vec<u8>, Refusal> {
    let mut head = Vec::new();
    let reading = |error: std::io::Error| Problem::of_files("reading a message", &error);
    visit.app.ws.blobs().read(&content.to_string())?.take(HEAD_BYTES).read_to_end(&mut head).map_err(reading)?;
    Ok(head)
}

fn one(visit: &Visit, known: &Known, key: MessageKey, handover: &Handover, head: &[u8]) -> Markup {
    let whom = names_of(&known.state, &handover.bodies(&known.state));
    let at = |order: &str| format!("{ADDRESS}/{key}/{order}");
    let is_in_doubt = handover.stage == HandoverStage::Unanswered;
    let day = handover.begun.day_in_london();
    let what = match handover.purpose {
        Purpose::Letter => "The letter",
        Purpose::Chaser => "The reminder",
        Purpose::Notice => "The notice",
        Purpose::Clarification | Purpose::Other => "The message",
    };
    let (reason_field, day_field) = (format!("reason-{key}"), format!("on-{key}"));
    html! {
        section {
            h2 id={ "message-" (key) } { (what) " to " (whom) }
            (layout::facts(&[
                ("State", html! { @match handover.stage {
                    HandoverStage::RefusedForNow { code } => { "refused for now" @if let Some(code) = code { ": the mail server said " (code) } },
                    HandoverStage::RefusedForGood { code } => { "refused for good" @if let Some(code) = code { ": the mail server said " (code) } },
                    _ => strong { "in doubt: the mail server gave no answer" },
                } }),
                ("Handed over", html! { (day.name()) " at " (handover.begun.time_in_london()) ", by " (known.name(handover.by.as_str())) ", " (layout::counted(handover.n_begun as usize, "time", "times")) " in all" }),
                ("To", html! { (header(head, "To").map(|to| address_of(&to).to_owned()).unwrap_or_default()) }),
                ("Message-ID", html! { (message_id_of(head).map(|id| id.as_str().to_owned()).unwrap_or_default()) }),
            ]))
            @if visit.may(Right::Prepare) {
                @if is_in_doubt {
                    p { "Look into the mailbox of what was sent, or ask whoever keeps the mail server for this Message-ID. Then say what became of it." }
                    (layout::fold(visit, &at("went"), "It went", &layout::order(visit, &at("went"), &format!("Say that it went to {whom}"), &layout::day(visit, &day_field, "On which day", "For a letter that starts the clock", Some(day)))))
                } @else if matches!(handover.stage, HandoverStage::RefusedForGood { .. }) {
                    p { "Find another contact and send it anew, or send it by post and log it. Then nothing needs to be done here." }
                }
                @if !matches!(handover.stage, HandoverStage::RefusedForGood { .. }) && post::server(&visit.app).is_some() {
                    (layout::fold(visit, &at("again"), "Hand it over again", &html! {
                        @if is_in_doubt { p { "It is the same message under the same Message-ID. If it did go, it may arrive twice; most mail programs then show one." } }
                        (layout::order(visit, &at("again"), &format!("Hand it over to {whom} again"), &html! {}))
                    }))
                }
                (layout::fold(visit, &at("lost"), if is_in_doubt { "It was lost" } else { "Give it up" }, &layout::order(visit, &at("lost"), &format!("Say that it did not go to {whom}, and will not"), &text(visit, &reason_field, "How that is known", "Kept in the log", ""))))
            }
        }
    }
}

/// The address of a header, without the name beside it.
fn address_of(to: &str) -> &str {
    to.rsplit_once('<').map_or(to, |(_, rest)| rest).trim_end_matches('>').trim()
}

/// Says that a message went.
///
/// # Errors
/// No day is given, or somebody else settled it meanwhile.
pub fn went(visit: &Visit) -> Answer {
    let key: MessageKey = visit.part("key")?;
    let mut problems = Problems::default();
    let on: Option<Day> = problems.day(&visit.form, &format!("on-{key}"), "Enter the day on which it went");
    let Some(on) = on else { return Err(problems.into()) };
    visit.act(&|state, order| decide::went(state, order, key, on))?;
    see(ADDRESS, "It is logged as sent")
}

/// Says that a message did not go and will not.
///
/// # Errors
/// No reason is given, or somebody else settled it meanwhile.
pub fn lost(visit: &Visit) -> Answer {
    let key: MessageKey = visit.part("key")?;
    let reason = reason(&visit.form, &format!("reason-{key}"))?;
    visit.act(&|state, order| decide::give_up(state, order, key, reason.clone()))?;
    see(ADDRESS, "It is given up. What it said can be sent anew, as another message")
}

/// Hands a message over again, and accepts that it may arrive twice.
///
/// # Errors
/// Somebody else settled it meanwhile, or the server did not take it.
pub fn again(visit: &Visit) -> Answer {
    let key: MessageKey = visit.part("key")?;
    match post::hand_over(visit, Parcel::Again(key))? {
        Some(done) => see(ADDRESS, &done.said()?),
        None => see(ADDRESS, "It is on its way to the mail server. Look again to see what became of it"),
    }
}
