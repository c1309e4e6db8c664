//! Naming a body that does not answer: evidence and time to reply come first.

use super::correspondence::{Outgoing, log_sent};
use super::{Allowed, NotAllowed, Order, body_name, ensure, next, only, there};
use crate::exchange::ask::AskStatus;
use crate::exchange::body::Channel;
use crate::exchange::campaign::Recipient;
use crate::exchange::communication::{Placement, Purpose};
use crate::exchange::document::Screening;
use crate::exchange::event::{NonResponseContested, NonResponseDelisted, NonResponseListed, NonResponseNotified, NonResponseSettled};
use crate::exchange::id::{BlobHash, CommunicationId, MessageKey, PersonId, RecipientId};
use crate::exchange::moment::Day;
use crate::exchange::non_response::{NonResponse, Notice};
use crate::exchange::state::State;
use crate::exchange::words::Remark;

/// The shortest time to reply to a notice, in days.
pub const SHORTEST_REPLY_DAYS: i32 = 10;

fn seen<'a>(state: &'a State, order: &Order, id: RecipientId) -> Result<(&'a Recipient, String), NotAllowed> {
    let recipient = there(state.recipient(id).filter(|recipient| !recipient.removed), id)?;
    let name = body_name(state, recipient.body);
    order.fresh(&name, recipient.version)?;
    Ok((recipient, name))
}

/// Whether anything a recipient owes is overdue on a day.
pub fn is_overdue(state: &State, recipient: &Recipient, today: Day) -> bool {
    let clock = state.campaign(recipient.campaign).map(|campaign| campaign.brief.clock);
    clock.is_some_and(|clock| recipient.asks().any(|(_, ask)| ask.standing(&clock, today).is_overdue()))
}

/// Whether a body may be called silent on a day, or why not.
///
/// It has answered nothing, promised nothing for a later day and asked nothing that we owe an answer to; something is overdue;
/// and nothing of it lies unread, neither a message nor a file.
pub fn silent(state: &State, id: RecipientId, today: Day) -> Result<(), NotAllowed> {
    let recipient = there(state.recipient(id).filter(|recipient| !recipient.removed), id)?;
    let name = body_name(state, recipient.body);
    ensure(!recipient.has_answered(), format!("{name} has answered some of it"), "remind it of the rest: only who answered nothing is named")?;
    let asks_back = recipient.asks().any(|(_, ask)| ask.status == AskStatus::ClarificationAsked);
    ensure(!asks_back, format!("{name} asked what we mean"), "answer its question first")?;
    let promised = recipient.asks().filter(|(_, ask)| ask.is_waiting()).filter_map(|(_, ask)| ask.promise).map(|promise| promise.until).max();
    if let Some(until) = promised.filter(|until| today <= *until) {
        return super::not_allowed(format!("{name} promised an answer for {}", until.name()), "wait until that day is over");
    }
    ensure(is_overdue(state, recipient, today), format!("{name} owes nothing that is overdue"), "wait until it is, or choose another")?;
    if let Some(message) = state.new_replies().filter(|(from, _)| *from == id).last().and_then(|(_, unread)| state.communication(unread)) {
        return super::not_allowed(
            format!("{name} wrote on {}, and nobody has said since how things stand", message.on.name()),
            "read it, and say how each ask stands or that it changes nothing",
        );
    }
    let files = state.submissions().iter().filter(|submission| submission.recipients.contains(&id)).flat_map(|submission| &submission.documents);
    let waits = files
        .filter_map(|file| state.document(*file))
        .any(|file| matches!(file.screening, Screening::Received | Screening::Screening | Screening::Held { .. }));
    ensure(!waits, format!("a file from {name} is held, or not looked into yet"), "decide on it first")?;
    Ok(())
}

/// Whether a body that had its notice may be named on a day, or why not: it is [`silent`], and no message that came since our
/// letter waits in the holding list, where it may be its answer.
pub fn may_be_named(state: &State, id: RecipientId, today: Day) -> Result<(), NotAllowed> {
    silent(state, id, today)?;
    let recipient = there(state.recipient(id), id)?;
    let (name, since) = (body_name(state, recipient.body), recipient.letter_sent);
    let held = state.communications().iter().find(|it| matches!(it.placement, Placement::Held(_)) && since.is_some_and(|sent| it.on >= sent));
    if let Some(message) = held {
        return super::not_allowed(
            format!("a message of {} waits in the holding list, and it may be from {name}", message.on.name()),
            "say first whom it is from, or set it aside",
        );
    }
    Ok(())
}

/// Logs the notice with its evidence as sent on a day, and records what it says, in one piece.
pub fn log_notice(state: &State, order: &Order, recipient: RecipientId, channel: Channel, on: Day, evidence: BlobHash, reply_by: Day) -> Allowed {
    seen(state, order, recipient)?;
    may_be_told(state, order, recipient, None, on, reply_by)?;
    let communication = CommunicationId(next(state.communications()));
    let sent = Outgoing { purpose: Purpose::Notice, channel, on, recipients: vec![recipient], message: None, answers: None, content: Some(evidence) };
    let mut events = log_sent(state, order, sent)?;
    events.push(NonResponseNotified { recipient, communication, evidence, reply_by }.into());
    Ok(events)
}

/// Whether a notice may go on a day, and no other is in doubt. Who looked at the page before may have seen less.
pub(super) fn may_be_told(
    state: &State,
    order: &Order,
    recipient: RecipientId,
    message: Option<MessageKey>,
    on: Day,
    reply_by: Day,
) -> Result<(), NotAllowed> {
    let newest = Order { seen: u64::MAX, ..*order };
    let name = not_told_yet(state, &newest, recipient)?;
    ensure(
        state.unanswered_notice(recipient).is_none_or(|other| Some(other) == message),
        format!("the mail server gave no answer about a notice to {name}, so it may be out"),
        "look into the mailbox of what was sent, and say what became of it first",
    )?;
    time_enough(&name, on, reply_by)
}

fn not_told_yet(state: &State, order: &Order, recipient: RecipientId) -> Result<String, NotAllowed> {
    let (now, name) = seen(state, order, recipient)?;
    silent(state, recipient, order.today())?;
    ensure(
        matches!(now.non_response, NonResponse::None | NonResponse::Delisted { .. }),
        format!("{name} has a notice already"),
        "wait for its time to reply",
    )?;
    Ok(name)
}

fn time_enough(name: &str, told: Day, reply_by: Day) -> Result<(), NotAllowed> {
    let days = reply_by.since(told);
    ensure(days >= SHORTEST_REPLY_DAYS, format!("{name} would have {days} days to reply"), format!("give at least {SHORTEST_REPLY_DAYS}"))
}

/// Records that the body says it did answer, or was not asked; it is not named until that is settled.
pub fn contest(state: &State, order: &Order, recipient: RecipientId, reason: Remark) -> Allowed {
    let (now, name) = seen(state, order, recipient)?;
    let open = matches!(now.non_response, NonResponse::NoticeSent(_) | NonResponse::Listed { .. });
    ensure(open, format!("{name} has no notice and is not listed"), "there is nothing to contest")?;
    only(NonResponseContested { recipient, reason })
}

/// Settles what a body contested.
pub fn settle(state: &State, order: &Order, recipient: RecipientId, body_was_right: bool, reason: Remark) -> Allowed {
    let (now, name) = seen(state, order, recipient)?;
    ensure(matches!(now.non_response, NonResponse::Contested { .. }), format!("{name} contests nothing"), "nothing needs to be settled")?;
    only(NonResponseSettled { recipient, body_was_right, reason })
}

/// Names a body that was told, had its time and [may be named](may_be_named); refused to whoever gave the notice.
pub fn list(state: &State, order: &Order, recipient: RecipientId) -> Allowed {
    let (now, name) = seen(state, order, recipient)?;
    let notice = match &now.non_response {
        NonResponse::NoticeSent(notice) => notice,
        NonResponse::Contested { .. } => return super::not_allowed(format!("{name} contests it"), "settle that first"),
        _ => return super::not_allowed(format!("{name} has had no notice"), "send the evidence first"),
    };
    let reply_by = notice.reply_by;
    ensure(order.today() > reply_by, format!("{name} may reply until {}", reply_by.name()), "wait until that day is over")?;
    may_be_named(state, recipient, order.today())?;
    ensure(!gave_notice(state, notice, order.by), "you gave this notice", "ask a second person to look at the evidence and list it")?;
    only(NonResponseListed { recipient, on: order.today() })
}

/// Whether a person gave a notice: logged it as sent, or began to send it by mail.
pub fn gave_notice(state: &State, notice: &Notice, person: PersonId) -> bool {
    let Some(sent) = state.communication(notice.communication) else { return false };
    let begun_by = sent.message.and_then(|message| state.handover(message)).map(|it| it.by);
    sent.by == person || begun_by == Some(person)
}

/// Takes a body off the list by decision; an answer does so by itself.
pub fn delist(state: &State, order: &Order, recipient: RecipientId, reason: Remark) -> Allowed {
    let (now, name) = seen(state, order, recipient)?;
    ensure(matches!(now.non_response, NonResponse::Listed { .. }), format!("{name} is not listed"), "nothing needs to be done")?;
    only(NonResponseDelisted { recipient, on: order.today(), reason })
}
