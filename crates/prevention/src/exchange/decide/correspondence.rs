//! Logging what went out and what came in, by mail, post, telephone or meeting.

use super::{Allowed, NotAllowed, Order, ensure, next, only, there};
use crate::exchange::body::Channel;
use crate::exchange::campaign::Stage;
use crate::exchange::communication::{DeliveryOutcome, Direction, HoldReason, Placement, Purpose};
use crate::exchange::event::{
    CampaignOpened, CommunicationPlaced, CommunicationReceived, CommunicationSent, CommunicationSetAside, DeliveryRecorded, Event,
};
use crate::exchange::id::{BlobHash, CommunicationId, MessageKey, RecipientId};
use crate::exchange::moment::Day;
use crate::exchange::state::State;
use crate::exchange::words::Remark;

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

/// Logs that something went out; with the last letter of a campaign, the campaign opens.
///
/// A letter is refused before the recall window is over, and when its recipient has it already and it did not bounce.
pub fn log_sent(state: &State, order: &Order, sent: Outgoing) -> Allowed {
    may_be_sent(state, order, &sent)?;
    Ok(went_out(state, sent))
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
            letter_may_go(state, order, *id)?;
            ensure(
                state.unanswered_letter(*id).is_none_or(|other| Some(other) == sent.message),
                "the mail server gave no answer about this recipient's letter, so it may be out",
                "look into the mailbox of what was sent, and say what became of it first",
            )?;
        }
    }
    Ok(())
}

fn letter_may_go(state: &State, order: &Order, id: RecipientId) -> Result<(), NotAllowed> {
    let recipient = there(state.recipient(id), id)?;
    let campaign = there(state.campaign(recipient.campaign), recipient.campaign)?;
    match campaign.stage {
        Stage::Sending => {
            ensure(recipient.letter_sent.is_none(), "this recipient has its letter", "send a chaser or another message")?;
            let over = campaign.recall_until.is_some_and(|until| order.at >= until);
            ensure(over, "the recall window is still open", "wait until it closes, or recall the campaign")?;
            ensure(
                campaign.seal == Some(state.seal_of_letters(recipient.campaign)),
                "the letters are not those that were approved",
                "have the campaign approved again",
            )
        }
        Stage::Open | Stage::Paused => {
            let bounced = recipient.asks().any(|(_, ask)| ask.status == crate::exchange::ask::AskStatus::Bounced);
            ensure(bounced, "this recipient has its letter and it did not come back", "send a chaser or another message")
        }
        stage => super::not_allowed(format!("the campaign is {}", stage.words()), "have it approved and begin to send it"),
    }
}

/// Campaigns whose last letters these are.
fn opens_with(state: &State, recipients: &[RecipientId]) -> Vec<crate::exchange::id::CampaignId> {
    let mut campaigns: Vec<_> = recipients.iter().filter_map(|id| state.recipient(*id)).map(|recipient| recipient.campaign).collect();
    campaigns.sort_unstable();
    campaigns.dedup();
    campaigns.retain(|id| {
        let sending = state.campaign(*id).is_some_and(|campaign| campaign.stage == Stage::Sending);
        sending && state.recipients_of(*id).all(|(other, recipient)| recipient.letter_sent.is_some() || recipients.contains(&other))
    });
    campaigns
}

/// Logs that something came in: with its recipients, or into the holding list with reasons.
pub fn log_received(state: &State, order: &Order, received: Incoming) -> Allowed {
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

/// Says to whom something that came in belongs; also to put right what was placed wrongly.
pub fn place(state: &State, order: &Order, communication: CommunicationId, recipients: Vec<RecipientId>) -> Allowed {
    let now = there(state.communication(communication), communication)?;
    order.fresh("the message", now.version)?;
    ensure(now.direction == Direction::In, "it went out from here", "only what came in is placed")?;
    ensure(!recipients.is_empty(), "no recipient is chosen", "choose at least one, or set the message aside")?;
    checked(state, order, now.on, &recipients, None)?;
    only(CommunicationPlaced { communication, recipients })
}

/// Sets something aside that concerns no campaign.
pub fn set_aside(state: &State, order: &Order, communication: CommunicationId, reason: Remark) -> Allowed {
    let now = there(state.communication(communication), communication)?;
    order.fresh("the message", now.version)?;
    let waits = matches!(now.placement, Placement::Held(_));
    ensure(waits, "it does not wait in the holding list", "place it anew instead")?;
    only(CommunicationSetAside { communication, reason })
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
    only(DeliveryRecorded { communication, recipient, outcome, evidence, on })
}
