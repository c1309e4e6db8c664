//! Logging what went out and what came in, by mail, post, telephone or meeting.

use super::documents::{may_be_held, may_be_let_through};
use super::{Allowed, NotAllowed, Order, ensure, next, only, there};
use crate::exchange::ask::{Ask, AskStatus, Proof};
use crate::exchange::body::{Channel, Language};
use crate::exchange::campaign::Stage;
use crate::exchange::clock::{Clock, Length};
use crate::exchange::communication::{Communication, DeliveryOutcome, Direction, HoldReason, Placement, Purpose};
use crate::exchange::document::{Screening, ScreeningFinding};
use crate::exchange::event::{
    AskDescribed, AskReopened, CampaignOpened, CommunicationDealtWith, CommunicationDestroyed, CommunicationHeld, CommunicationPlaced,
    CommunicationReceived, CommunicationReleased, CommunicationSent, CommunicationSetAside, DeliveryRecorded, DocumentAssigned, Event,
};
use crate::exchange::id::{AskId, BlobHash, CampaignId, CommunicationId, DocumentId, MessageKey, RecipientId};
use crate::exchange::moment::Day;
use crate::exchange::state::State;
use crate::exchange::words::Remark;
use std::collections::BTreeSet;
use std::str::FromStr;

/// Something that went out, as it is logged.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// What for.
    pub purpose: Purpose,
    /// How.
    pub channel: Channel,
    /// On which day.
    pub on: Day,
    /// To which recipients.
    pub recipients: Vec<RecipientId>,
    /// The key of its Message-ID.
    pub message: Option<MessageKey>,
    /// What it answers.
    pub answers: Option<CommunicationId>,
    /// What was sent.
    pub content: Option<BlobHash>,
}

/// Something that came in, as it is logged.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// How.
    pub channel: Channel,
    /// On which day.
    pub on: Day,
    /// For which recipients, as far as it is certain; see [`thread`](crate::exchange::thread).
    pub recipients: Vec<RecipientId>,
    /// Why it must wait in the holding list, when it is not certain.
    pub held: Vec<HoldReason>,
    /// The key of its Message-ID.
    pub message: Option<MessageKey>,
    /// What it answers.
    pub answers: Option<CommunicationId>,
    /// What came.
    pub content: Option<BlobHash>,
}

fn checked(state: &State, order: &Order, on: Day, recipients: &[RecipientId], message: Option<MessageKey>) -> Result<(), NotAllowed> {
    ensure(on <= order.today(), format!("{} is still to come", on.name()), "give the day on which it happened")?;
    for id in recipients {
        there(state.recipient(*id).filter(|recipient| !recipient.removed), *id)?;
    }
    let twin = message.and_then(|key| state.by_message(key));
    ensure(twin.is_none(), "this message was logged before", "open the one that is there; nothing needs to be done")
}

/// Logs that something went out; with the first letter of a campaign, the campaign opens.
///
/// A letter is refused before the recall window is over, and when its recipient has it already and it did not bounce.
pub fn log_sent(state: &State, order: &Order, sent: Outgoing) -> Allowed {
    may_be_sent(state, order, &sent)?;
    Ok(went_out(state, sent))
}

/// Logs that letters of one campaign are out, each in all its languages: all of them or none.
///
/// Refused for a recipient of another campaign, and as [`log_sent`] refuses.
pub fn log_letters(state: &State, order: &Order, campaign: CampaignId, letters: &[RecipientId], channel: Channel, on: Day) -> Allowed {
    ensure(!letters.is_empty(), "no letter is chosen", "choose at least one")?;
    let (mut events, mut seen) = (Vec::new(), BTreeSet::new());
    for (number, id) in (next(state.communications())..).zip(letters) {
        let recipient = there(state.recipient(*id).filter(|it| it.campaign == campaign && seen.insert(*id)), *id)?;
        let sent = Outgoing { purpose: Purpose::Letter, channel, on, recipients: vec![*id], message: None, answers: None, content: None };
        may_be_sent(state, order, &sent)?;
        let own = recipient.contact.and_then(|id| state.contact(id)).map(|contact| contact.language);
        let first = own.filter(|it| recipient.letters.contains_key(it)).or(recipient.letters.keys().next().copied());
        let letter = |language: Language| recipient.letters.get(&language).map(|merged| merged.letter);
        events.push(
            CommunicationSent {
                communication: CommunicationId(number),
                purpose: Purpose::Letter,
                channel,
                on,
                recipients: sent.recipients,
                message: None,
                answers: None,
                content: first.and_then(letter),
                also: recipient.letters.keys().filter(|it| Some(**it) != first).filter_map(|it| letter(*it)).collect(),
            }
            .into(),
        );
    }
    events.extend(opens_with(state, letters).into_iter().map(|campaign| CampaignOpened { campaign }.into()));
    Ok(events)
}

/// What follows from something having gone out.
fn went_out(state: &State, sent: Outgoing) -> Vec<Event> {
    let opened: Vec<_> = if sent.purpose == Purpose::Letter { opens_with(state, &sent.recipients) } else { Vec::new() };
    let sent = CommunicationSent {
        communication: CommunicationId(next(state.communications())),
        purpose: sent.purpose,
        channel: sent.channel,
        on: sent.on,
        recipients: sent.recipients,
        message: sent.message,
        answers: sent.answers,
        content: sent.content,
        also: Vec::new(),
    };
    let opened = opened.into_iter().map(|campaign| CampaignOpened { campaign }.into());
    [Event::from(sent)].into_iter().chain(opened).collect()
}

/// Logs that a message which was handed over did go out: that is so whatever has happened since it was begun.
pub(super) fn handed_over(state: &State, order: &Order, sent: Outgoing) -> Allowed {
    checked(state, order, sent.on, &sent.recipients, sent.message)?;
    if sent.purpose == Purpose::Letter {
        for id in &sent.recipients {
            let recipient = there(state.recipient(*id), *id)?;
            let stage = there(state.campaign(recipient.campaign), recipient.campaign)?.stage;
            let is_before = matches!(stage, Stage::Draft | Stage::Review | Stage::Approved);
            ensure(
                !is_before,
                "the campaign was recalled after this letter was given up",
                "write to its recipient, and log that as another message",
            )?;
        }
    }
    Ok(went_out(state, sent))
}

/// Whether something may go out, or may be said to have.
pub(super) fn may_be_sent(state: &State, order: &Order, sent: &Outgoing) -> Result<(), NotAllowed> {
    ensure(!sent.recipients.is_empty(), "it goes to nobody", "choose at least one recipient")?;
    checked(state, order, sent.on, &sent.recipients, sent.message)?;
    if let Some(answers) = sent.answers {
        there(state.communication(answers), answers)?;
    }
    if sent.purpose == Purpose::Letter {
        for id in &sent.recipients {
            letter_may_go(state, order, *id, sent.on)?;
            ensure(
                state.unanswered_letter(*id).is_none_or(|other| Some(other) == sent.message),
                "the mail server gave no answer about this recipient's letter, so it may be out",
                "look into the mailbox of what was sent, and say what became of it first",
            )?;
        }
    }
    Ok(())
}

fn letter_may_go(state: &State, order: &Order, id: RecipientId, on: Day) -> Result<(), NotAllowed> {
    let recipient = there(state.recipient(id), id)?;
    let campaign = there(state.campaign(recipient.campaign), recipient.campaign)?;
    match campaign.stage {
        Stage::Sending | Stage::Open | Stage::Paused => {
            let over = campaign.recall_until.is_some_and(|until| order.at >= until);
            ensure(over, "the recall window is still open", "wait until it closes, or recall the campaign")?;
            let is_due = recipient.letter_sent.is_none() || recipient.letter_came_back();
            ensure(is_due, "this recipient has its letter and it did not come back", "send a chaser or another message")?;
            ensure(recipient.joining.is_none(), "nobody has approved the letter to this recipient", "have a second person read it")?;
            ensure(recipient.letter_is_owed(), "nothing is asked of this recipient any more", "open an ask again, with a reason, or leave it")?;
            ensure(
                recipient.asks().filter(|(_, ask)| !ask.status.is_final()).any(|(_, ask)| has_time(ask, &campaign.brief.clock, on)),
                "the last day to answer is over",
                "give this recipient more time: its letter names the new day",
            )?;
            ensure(recipient.held_back.is_none(), "the letter to this recipient is held back", "let it go first")?;
            ensure(state.is_sealed(recipient.campaign), "the letters are not those that were approved", "have the campaign approved again")
        }
        stage => super::not_allowed(format!("the campaign is {}", stage.words()), "have it approved and begin to send it"),
    }
}

/// Whether a letter that leaves on this day leaves time to answer: a number of days does.
fn has_time(ask: &Ask, clock: &Clock, on: Day) -> bool {
    let Length::By(last) = clock.length else { return true };
    ask.extended.as_ref().map_or(last, |extension| last.max(extension.until)) > on
}

/// Campaigns whose first letters these are.
fn opens_with(state: &State, recipients: &[RecipientId]) -> Vec<CampaignId> {
    let mut campaigns: Vec<_> = recipients.iter().filter_map(|id| state.recipient(*id)).map(|recipient| recipient.campaign).collect();
    campaigns.sort_unstable();
    campaigns.dedup();
    campaigns.retain(|id| state.campaign(*id).is_some_and(|campaign| campaign.stage == Stage::Sending));
    campaigns
}

/// Logs that something came in: with its recipients, or into the holding list with reasons.
pub(super) fn log_received(state: &State, order: &Order, received: Incoming) -> Allowed {
    checked(state, order, received.on, &received.recipients, received.message)?;
    if let Some(answers) = received.answers {
        there(state.communication(answers), answers)?;
    }
    let certain = received.held.is_empty();
    ensure(certain || received.recipients.is_empty(), "it cannot be both placed and held", "place it, or hold it")?;
    let held = if certain && received.recipients.is_empty() { vec![HoldReason::NothingToMatch] } else { received.held };
    only(CommunicationReceived {
        communication: CommunicationId(next(state.communications())),
        channel: received.channel,
        on: received.on,
        recipients: received.recipients,
        held,
        message: received.message,
        answers: received.answers,
        content: received.content,
    })
}

/// What placing a message elsewhere takes from those it no longer belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenBack {
    /// Documents that came with it, with the asks that they still answer.
    pub documents: Vec<(DocumentId, Vec<AskId>)>,
    /// Asks of which it, or a document that came with it, is what showed how they stand.
    pub asks: Vec<AskId>,
}

/// What is taken back when a message is placed with these recipients and no others.
pub fn taken_back(state: &State, communication: CommunicationId, recipients: &[RecipientId]) -> TakenBack {
    let Some(now) = state.communication(communication) else { return TakenBack::default() };
    // A reply may answer for a body that it does not come from: only those it is taken from lose anything.
    let loses = |id: &AskId| now.recipients.contains(&id.recipient) && !recipients.contains(&id.recipient);
    let came_with = |id: DocumentId| {
        state.document(id).and_then(|it| state.submission(it.submission)).is_some_and(|submission| submission.communication == communication)
    };
    let documents = (0u32..)
        .zip(state.documents())
        .map(|(number, it)| (DocumentId(number), it))
        .filter(|(id, it)| it.asks.iter().any(loses) && came_with(*id))
        .map(|(id, it)| (id, it.asks.iter().copied().filter(|id| !loses(id)).collect()))
        .collect();
    let shows = |ask: &Ask| match ask.proof {
        Some(Proof::Communication(id)) => id == communication,
        Some(Proof::Document(id)) => came_with(id),
        None => false,
    };
    let has_moved = |ask: &Ask| !matches!(ask.status, AskStatus::NotSent | AskStatus::Sent);
    let is_open = |id: &AskId| {
        let campaign = state.recipient(id.recipient).and_then(|recipient| state.campaign(recipient.campaign));
        campaign.is_some_and(|campaign| campaign.stage.takes_answers())
    };
    let asks = state.asks().filter(|(id, ask)| loses(id) && is_open(id) && has_moved(ask) && shows(ask)).map(|(id, _)| id).collect();
    TakenBack { documents, asks }
}

/// Says to whom something that came in belongs; also to put right what was placed wrongly.
///
/// Of those it is taken from, its documents answer nothing any more, and what it alone showed is open again.
pub fn place(state: &State, order: &Order, communication: CommunicationId, recipients: Vec<RecipientId>) -> Allowed {
    let now = there(state.communication(communication), communication)?;
    order.fresh("the message", now.version)?;
    ensure(now.direction == Direction::In, "it went out from here", "only what came in is placed")?;
    ensure(!recipients.is_empty(), "no recipient is chosen", "choose at least one, or set the message aside")?;
    checked(state, order, now.on, &recipients, None)?;
    let back = taken_back(state, communication, &recipients);
    let mut events: Vec<Event> = Vec::new();
    for (document, asks) in back.documents {
        let it = there(state.document(document), document)?;
        let name = it.title.as_ref().map_or_else(|| document.to_string(), |title| format!("\"{title}\""));
        ensure(
            !it.publication.state.is_public(),
            format!("{name} came with it and is public as the answer of a body that it is taken from"),
            "withdraw that document first",
        )?;
        events.push(DocumentAssigned { document, asks }.into());
    }
    events.push(CommunicationPlaced { communication, recipients }.into());
    if !back.asks.is_empty() {
        let reason = Remark::from_str("the message that showed it was placed with another body");
        let reason = reason.map_err(|error| NotAllowed { what: error, mend: "tell the maintainers".to_owned(), is_conflict: false })?;
        events.push(AskReopened { asks: back.asks.clone(), reason }.into());
    }
    // A promise that something else shows still counts.
    for id in back.asks {
        let Some(ask) = state.ask(id) else { continue };
        if let Some(promise) = ask.promise.filter(|promise| promise.proof.is_some() && promise.proof != ask.proof) {
            let status = AskStatus::Promised { until: promise.until };
            events.push(AskDescribed { asks: vec![id], status, on: promise.given, proof: promise.proof }.into());
        }
    }
    Ok(events)
}

/// Says that something that came in changes nothing in how the asks stand.
pub fn changes_nothing(state: &State, order: &Order, communication: CommunicationId) -> Allowed {
    let now = there(state.communication(communication), communication)?;
    order.fresh("the message", now.version)?;
    let is_new = now.recipients.iter().any(|id| state.new_replies().any(|it| it == (*id, communication)));
    ensure(is_new, "somebody has said already what it means", "nothing needs to be done")?;
    only(CommunicationDealtWith { communication })
}

/// Sets something aside that concerns no campaign.
pub fn set_aside(state: &State, order: &Order, communication: CommunicationId, reason: Remark) -> Allowed {
    let now = there(state.communication(communication), communication)?;
    order.fresh("the message", now.version)?;
    let waits = matches!(now.placement, Placement::Held(_));
    ensure(waits, "it does not wait in the holding list", "place it anew instead")?;
    only(CommunicationSetAside { communication, reason })
}

/// Holds what a message says, because a person found in it what nobody should read; also to say anew what was found.
///
/// What the law keeps from us is taken back only by somebody else than who found it.
pub fn hold(state: &State, order: &Order, communication: CommunicationId, findings: Vec<ScreeningFinding>) -> Allowed {
    let now = there(state.communication(communication), communication)?;
    order.fresh("the message", now.version)?;
    ensure(now.direction == Direction::In, "it went out from here", "only what came in is held")?;
    may_be_held(order, &now.screening, &findings)?;
    only(CommunicationHeld { communication, findings })
}

/// Lets what a message says be read after all, with a reason; never what the law keeps from us.
pub fn release(state: &State, order: &Order, communication: CommunicationId, reason: Remark) -> Allowed {
    let now = there(state.communication(communication), communication)?;
    order.fresh("the message", now.version)?;
    let Screening::Held { findings, .. } = &now.screening else {
        return super::not_allowed("what the message says is not held", "nothing needs to be done");
    };
    may_be_let_through(findings)?;
    only(CommunicationReleased { communication, reason })
}

/// Destroys what is kept of a held message; every message with the same bytes goes with it.
pub fn destroy(state: &State, order: &Order, communication: CommunicationId, certificate: BlobHash, reason: Remark) -> Allowed {
    let now = there(state.communication(communication), communication)?;
    order.fresh("the message", now.version)?;
    let Screening::Held { findings, .. } = &now.screening else {
        return super::not_allowed("what the message says is not held", "only what is held is destroyed");
    };
    ensure(
        now.content.is_none_or(|content| !state.is_ours(content)),
        "it is a copy of something that this office wrote and keeps",
        "let it through",
    )?;
    let is_twin = |id: CommunicationId, one: &Communication| id != communication && one.content == now.content && now.content.is_some();
    let twins = (0u32..).zip(state.communications()).map(|(number, one)| (CommunicationId(number), one)).filter(|(id, one)| is_twin(*id, one));
    let mut events: Vec<Event> = vec![CommunicationDestroyed { communication, certificate, reason: reason.clone() }.into()];
    for (communication, one) in twins {
        if !matches!(one.screening, Screening::Held { .. }) {
            events.push(CommunicationHeld { communication, findings: findings.clone() }.into());
        }
        events.push(CommunicationDestroyed { communication, certificate, reason: reason.clone() }.into());
    }
    Ok(events)
}

/// Logs that something that went out arrived or came back.
pub fn log_delivery(
    state: &State,
    order: &Order,
    communication: CommunicationId,
    recipient: RecipientId,
    outcome: DeliveryOutcome,
    evidence: Option<BlobHash>,
    on: Day,
) -> Allowed {
    let now = there(state.communication(communication), communication)?;
    ensure(on <= order.today(), format!("{} is still to come", on.name()), "give the day on which it happened")?;
    let ours = now.direction == Direction::Out && now.recipients.contains(&recipient);
    ensure(ours, "it did not go out to that recipient", "choose the message that did")?;
    ensure(on >= now.on, format!("it went out on {}, after the day given", now.on.name()), "give the day on which it arrived or came back")?;
    only(DeliveryRecorded { communication, recipient, outcome, evidence, on })
}
