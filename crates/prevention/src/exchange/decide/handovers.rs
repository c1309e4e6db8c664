//! Handing messages over to a mail server: at most once without asking, and never silently.

use super::correspondence::{Outgoing, handed_over, may_be_sent};
use super::{Allowed, NotAllowed, Order, ensure, only, there};
use crate::exchange::body::Channel;
use crate::exchange::chase::Throttle;
use crate::exchange::communication::Purpose;
use crate::exchange::event::{ChaserSent, Event, HandoverBegun, HandoverGivenUp, HandoverRefused, NonResponseNotified};
use crate::exchange::handover::{Handover, HandoverStage};
use crate::exchange::id::{BlobHash, BodyId, ChaserId, CommunicationId, MessageKey, RecipientId};
use crate::exchange::moment::Day;
use crate::exchange::non_response::NoticeTerms;
use crate::exchange::state::State;
use crate::exchange::words::Remark;

/// A message that is kept and may now be handed over.
#[derive(Clone, Debug)]
pub struct NewHandover {
    /// The key of its Message-ID, which it keeps for ever.
    pub message: MessageKey,
    /// What it is for.
    pub purpose: Purpose,
    /// To which recipients.
    pub recipients: Vec<RecipientId>,
    /// What it answers.
    pub answers: Option<CommunicationId>,
    /// The approved reminder that it is, if it is one.
    pub chaser: Option<ChaserId>,
    /// The body whose approved reminder of answers to recommendations it is, if it is one.
    pub duty: Option<BodyId>,
    /// What the notice of non-response says that it is, if it is one.
    pub notice: Option<NoticeTerms>,
    /// The whole message.
    pub content: BlobHash,
}

/// Says that a message is about to be handed over for the first time. What a letter or a reminder must fulfil to be sent,
/// it must fulfil now.
pub fn begin(state: &State, order: &Order, throttle: &Throttle, new: NewHandover) -> Allowed {
    if let Some(before) = state.handover(new.message) {
        return super::not_allowed(
            format!("this message was handed over before: {}", before.stage.words()),
            "hand it over again, or say what became of it",
        );
    }
    may_go(state, order, &new)?;
    let is_reminder = new.chaser.is_some() != new.duty.is_some();
    ensure(is_reminder == (new.purpose == Purpose::Chaser), "a reminder is sent as one, and nothing else is", "send it as a reminder")?;
    if let Some(chaser) = new.chaser {
        super::chasers::send(state, order, throttle, chaser, Some(new.message))?;
    }
    only(begun(new))
}

/// What anything must fulfil to be handed over, and a notice besides.
fn may_go(state: &State, order: &Order, new: &NewHandover) -> Result<(), NotAllowed> {
    if let Some(body) = new.duty {
        ensure(new.recipients.is_empty() && new.notice.is_none(), "a reminder of recommendations asks for nothing else", "send it alone")?;
        let other = state.unanswered_duty_reminder(body).filter(|other| *other != new.message);
        ensure(other.is_none(), "this reminder may be out already", "look into the mailbox of what was sent, and say what became of it first")?;
        return super::duty_reminders::may_go(state, order, body);
    }
    may_be_sent(state, order, &outgoing(new, order.today()))?;
    match (new.notice, new.purpose, new.recipients.as_slice()) {
        (None, purpose, _) if purpose != Purpose::Notice => Ok(()),
        (Some(terms), Purpose::Notice, [recipient]) => {
            super::silences::may_be_told(state, order, *recipient, Some(new.message), order.today(), terms.reply_by)
        }
        _ => super::not_allowed("a notice goes to one recipient, with evidence and a day", "send it as a notice"),
    }
}

fn outgoing(new: &NewHandover, on: Day) -> Outgoing {
    let NewHandover { message, purpose, recipients, answers, content, .. } = new.clone();
    Outgoing { purpose, channel: Channel::Email, on, recipients, message: Some(message), answers, content: Some(content) }
}

/// What was handed over, as it would be for the first time.
fn as_new(message: MessageKey, it: &Handover) -> NewHandover {
    let Handover { purpose, answers, chaser, duty, notice, content, .. } = *it;
    NewHandover { message, purpose, recipients: it.recipients.clone(), answers, chaser, duty, notice, content }
}

fn begun(new: NewHandover) -> HandoverBegun {
    let NewHandover { message, purpose, recipients, answers, chaser, duty, notice, content } = new;
    HandoverBegun { message, purpose, recipients, answers, chaser, duty, notice, content }
}

fn known(state: &State, message: MessageKey) -> Result<&Handover, NotAllowed> {
    there(state.handover(message), "message of that Message-ID that was handed over")
}

/// Hands the same message over again. One whose fate nobody knows goes again only if a person accepts that it may arrive
/// twice; its Message-ID is the same, so most mail programs then show one.
pub fn again(state: &State, order: &Order, message: MessageKey, may_arrive_twice: bool) -> Allowed {
    let now = known(state, message)?;
    let refused = matches!(now.stage, HandoverStage::RefusedForNow { .. });
    let unanswered = now.stage == HandoverStage::Unanswered;
    ensure(refused || unanswered, format!("the message is settled: {}", now.stage.words()), "nothing needs to be done, or write a new one")?;
    ensure(
        refused || may_arrive_twice,
        "it is not known whether the message went",
        "look into the mailbox of what was sent and say what became of it, or hand it over again and accept that it may arrive twice",
    )?;
    if unanswered {
        order.fresh("the message", now.version)?;
    }
    let new = as_new(message, now);
    may_go(state, order, &new)?;
    only(begun(new))
}

/// A person found that the message went, on a day.
pub fn went(state: &State, order: &Order, message: MessageKey, on: Day) -> Allowed {
    order.fresh("the message", known(state, message)?.version)?;
    accepted(state, order, message, on)
}

/// Says that the message went out on a day: the server took it, or a person found that it had. With a notice the time to
/// reply begins, unless the body has answered meanwhile or would have too few days.
pub fn accepted(state: &State, order: &Order, message: MessageKey, on: Day) -> Allowed {
    let now = known(state, message)?;
    if let Some(body) = now.duty {
        let is_out = matches!(now.stage, HandoverStage::Reminded { .. } | HandoverStage::CameBack { .. });
        ensure(!is_out, format!("the message is settled: {}", now.stage.words()), "nothing needs to be done")?;
        return super::duty_reminders::went_by_mail(state, body, message, on);
    }
    let sent = outgoing(&as_new(message, now), on);
    let communication = CommunicationId(super::next(state.communications()));
    let mut events = handed_over(state, order, sent)?;
    if let Some(chaser) = now.chaser {
        events.push(Event::from(ChaserSent { chaser, communication, on }));
    }
    if let (Some(terms), [recipient]) = (now.notice, now.recipients.as_slice()) {
        let NoticeTerms { evidence, reply_by } = terms;
        if super::silences::may_be_told(state, order, *recipient, Some(message), on, reply_by).is_ok() {
            events.push(NonResponseNotified { recipient: *recipient, communication, evidence, reply_by }.into());
        }
    }
    Ok(events)
}

/// Says that the server did not take the message, and whether it was the recipient's address that it refused.
pub fn refused(state: &State, _order: &Order, message: MessageKey, for_good: bool, of_address: bool, code: Option<u16>) -> Allowed {
    let now = known(state, message)?;
    ensure(now.stage == HandoverStage::Unanswered, format!("the message is settled: {}", now.stage.words()), "nothing needs to be done")?;
    only(HandoverRefused { message, for_good, of_address, code })
}

/// A person says that the message did not go and will not.
pub fn give_up(state: &State, order: &Order, message: MessageKey, reason: Remark) -> Allowed {
    let now = known(state, message)?;
    order.fresh("the message", now.version)?;
    ensure(!now.stage.is_settled(), format!("the message is settled: {}", now.stage.words()), "nothing needs to be done")?;
    only(HandoverGivenUp { message, reason })
}
