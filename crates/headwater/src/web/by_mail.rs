//! The letters of a campaign by mail: the order, what became of each, and what a person does next.

use std::collections::BTreeMap;

use headwater_prevention::exchange::ask::AskStatus;
use headwater_prevention::exchange::communication::Purpose;
use headwater_prevention::exchange::decide::campaigns::letters_to_send;
use headwater_prevention::exchange::handover::{Handover, HandoverStage};
use headwater_prevention::exchange::id::{CampaignId, RecipientId};
use maud::{Markup, html};

use super::access::Right;
use super::doubt;
use super::form::Problems;
use super::layout;
use super::office::Known;
use super::post::{self, Handing, Parcel};
use super::visit::{Answer, Visit, see};
use crate::mail::outbox::{Errand, Fate, addressee, body_of};
use crate::mail::send;
use crate::problem::Problem;

/// The part of the page from which letters leave that deals with mail; `waits` while they can still be called back.
pub fn part(visit: &Visit, known: &Known, id: CampaignId, waits: bool) -> Markup {
    let newest = newest(known);
    let server = post::server(&visit.app);
    if server.is_none() && !known.state.recipients_of(id).any(|(recipient, _)| newest.contains_key(&recipient)) {
        return html! {};
    }
    let going = visit.app.post.going(Parcel::Letters(id));
    let told = visit.app.post.told(Parcel::Letters(id));
    let to_send = letters_to_send(&known.state, id, visit.now());
    let (may_go, cannot): (Vec<_>, Vec<_>) =
        to_send.iter().map(|recipient| (*recipient, reachable(known, *recipient))).partition(|(_, why)| why.is_ok());
    let n = may_go.len();
    html! {
        @if let Some((mail, _)) = server {
            h2 { "By mail" }
            @if let Some(going) = &going {
                (under_way(known, going, &format!("/campaigns/{}/send", id.0)))
            } @else if waits {
                p { "When the time to call them back is over, the letters can be handed to the mail server here." }
            } @else if to_send.is_empty() {
                p { "No letter is left that could go by mail now." }
            } @else {
                p { "Each letter is kept, and told to the log, before it goes to the mail server; it goes from " (mail.office.address().as_str()) ", and its answers come back to an address of its own. If it is not known whether one went, it is not sent again by itself." }
                @if !cannot.is_empty() {
                    p.warning { (layout::counted(cannot.len(), "letter", "letters")) " cannot go by mail:" }
                    ul { @for (_, why) in &cannot { @if let Err(problem) = why { li { (layout::sentence(&problem.sentences())) } } } }
                }
                @if n > 0 && visit.may(Right::Prepare) {
                    (layout::order(visit, &format!("/campaigns/{}/mail", id.0), &format!("Send {} by mail now", layout::counted(n, "letter", "letters")), &html! {}))
                } @else if n > 0 { p { "Sending is for " (Right::Prepare.whose()) "." } }
            }
            @if let (None, Some(told)) = (&going, &told) {
                @if let Some(trouble) = &told.trouble { p.warning { "At " (layout::clock(told.since)) " it came to an end before all was sent: " (trouble) } }
            }
        }
        @if !waits { (fates(known, id, &newest, told.as_ref().or(going.as_ref()))) }
    }
}

/// What is being handed over at this moment, as the page of an address says it.
pub fn under_way(known: &Known, going: &Handing, address: &str) -> Markup {
    html! {
        p.warning {
            "On its way to the mail server since " (layout::clock(going.since)) ", by " (known.name(going.by.as_str()))
            @if !going.fates.is_empty() { "; " (layout::counted(going.fates.len(), "message is", "messages are")) " done so far" }
            ". You can leave this page; nothing is broken off. " a href=(address) { "Look again" } "."
        }
    }
}

fn reachable(known: &Known, id: RecipientId) -> Result<(), Problem> {
    addressee(&known.state, &known.people, Errand::Letter(id)).map(drop)
}

/// The last letter to each recipient that was handed to the mail server.
fn newest(known: &Known) -> BTreeMap<RecipientId, &Handover> {
    let mut newest: BTreeMap<RecipientId, &Handover> = BTreeMap::new();
    for (_, handover) in known.state.handovers().filter(|(_, it)| it.purpose == Purpose::Letter) {
        for id in &handover.recipients {
            let held = newest.entry(*id).or_insert(handover);
            if handover.version > held.version {
                *held = handover;
            }
        }
    }
    newest
}

/// What became of each letter.
fn fates(known: &Known, id: CampaignId, newest: &BTreeMap<RecipientId, &Handover>, told: Option<&Handing>) -> Markup {
    html! {
        h2 { "What became of each letter" }
        div.scroll tabindex="0" role="region" aria-label="What became of each letter" {
            table.grid {
                thead { tr { th scope="col" { "Body" } th scope="col" { "Letter" } th scope="col" { "What to do next" } } }
                tbody {
                    @for (recipient_id, recipient) in known.state.recipients_of(id) {
                        @let name = body_of(&known.state, recipient_id);
                        @let stage = newest.get(&recipient_id).map(|handover| &handover.stage);
                        @let came_back = recipient.asks().any(|(_, ask)| ask.status == AskStatus::Bounced);
                        @let words = told.and_then(|told| told.fates.iter().rev().find(|(body, _)| *body == name)).and_then(|(_, fate)| words_of(fate));
                        tr {
                            th scope="row" { a href={ "/recipients/" (recipient_id.0) } { (name) } }
                            @if let Some(day) = recipient.letter_sent {
                                td { @if came_back { "came back" } @else if matches!(stage, Some(HandoverStage::Accepted { .. })) { "accepted by the mail server" } @else { "out" } small { (day.name()) } }
                                td { @if came_back { "Find " a href={ "/bodies/" (recipient.body.0) } { "another contact" } ", then send it anew." } @else { "Nothing: the body has the next move." } }
                            } @else {
                                @match stage {
                                    Some(HandoverStage::Unanswered) => {
                                        td { strong { "in doubt" } small { (words.as_deref().unwrap_or("the mail server gave no answer")) } }
                                        td { a href=(doubt::ADDRESS) { "Find out whether it went" } ". It does not go again by itself." }
                                    }
                                    Some(HandoverStage::RefusedForNow { code }) => {
                                        td { "refused for now" (small(*code, words.as_deref())) }
                                        td { "Wait a little, then send again: the same message goes." }
                                    }
                                    Some(HandoverStage::RefusedForGood { code }) => {
                                        td { strong { "refused for good" } (small(*code, words.as_deref())) }
                                        td { "Find " a href={ "/bodies/" (recipient.body.0) } { "another contact" } ", then send again: a new message goes. Or send it by post." }
                                    }
                                    Some(HandoverStage::GivenUp { reason }) => {
                                        td { "given up" small { (reason) } }
                                        td { "It can be sent again, as a new message." }
                                    }
                                    Some(HandoverStage::Accepted { .. } | HandoverStage::Reminded { .. } | HandoverStage::CameBack { .. }) | None => {
                                        td { "not sent" @if let Some(words) = &words { small { (words) } } }
                                        td { @if let Err(problem) = reachable(known, recipient_id) { (layout::sentence(&problem.sentences())) } @else { "Send it." } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn small(code: Option<u16>, words: Option<&str>) -> Markup {
    html! {
        @if let Some(words) = words { small { (words) } }
        @else if let Some(code) = code { small { "the mail server said " (code) } }
    }
}

/// The server's own words.
fn words_of(fate: &Fate) -> Option<String> {
    match fate {
        Fate::NotBegun(why) => Some(why.clone()),
        Fate::Answered(send::Answer::Refused { words, .. } | send::Answer::Silence { words }) => Some(words.clone()),
        Fate::Answered(send::Answer::Accepted) => None,
    }
}

/// To whom a message would go and under which subject, if it can go by mail.
pub fn heading(visit: &Visit, known: &Known, errand: Errand, subject: &str) -> Option<String> {
    post::server(&visit.app)?;
    let to = addressee(&known.state, &known.people, errand).ok()?.to;
    Some(format!("to {} <{}>, under the subject \u{201c}{subject}\u{201d}", to.name(), to.address()))
}

/// Hands the letters of a campaign to the mail server.
///
/// # Errors
/// No letter may go, somebody has begun already, or none of them went.
pub fn send(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    if letters_to_send(&visit.app.office.known().state, id, visit.now()).is_empty() {
        return Err(Problems::one("", "No letter may go now: they are out, in doubt, or can still be called back").into());
    }
    let to = format!("/campaigns/{}/send", id.0);
    match post::hand_over(visit, Parcel::Letters(id))? {
        Some(done) => see(to, &done.said()?),
        None => see(to, "The letters are on their way to the mail server. You can leave this page; look again to see what became of each"),
    }
}
