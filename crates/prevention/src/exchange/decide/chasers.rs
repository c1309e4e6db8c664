//! Reminders: proposed for those who are due, reviewed by a second person, sent once.

use super::{Allowed, AllowedOfEach, NotAllowed, Order, all_or_none, body_name, ensure, next, not_allowed, only, there};
use crate::exchange::chase::{Throttle, due};
use crate::exchange::communication::{ChaserState, Purpose};
use crate::exchange::event::{ChaserApproved, ChaserDropped, ChaserProposed, ChaserRewritten, ChaserSent, CommunicationSent, Event};
use crate::exchange::id::{AskId, BlobHash, BodyId, ChaserId, CommunicationId, MessageKey, RecipientId};
use crate::exchange::state::State;
use crate::exchange::words::Remark;

/// A reminder to propose.
#[derive(Clone, Debug)]
pub struct NewChaser {
    /// To whom.
    pub body: BodyId,
    /// Of what; all of that body.
    pub asks: Vec<AskId>,
    /// The text.
    pub text: BlobHash,
}

/// Proposes reminders, one for each body. Each ask must be due for one by the same rule that drew up the list.
pub fn propose(state: &State, order: &Order, throttle: &Throttle, chasers: Vec<NewChaser>) -> Allowed {
    ensure(!chasers.is_empty(), "nobody is chosen", "choose at least one body")?;
    let list = due(state, None, throttle, order.today());
    let mut events = Vec::new();
    let mut bodies = Vec::new();
    for (number, new) in (next(state.chasers())..).zip(chasers) {
        let name = body_name(state, new.body);
        ensure(!bodies.contains(&new.body), format!("{name} would get two reminders"), "put all of it into one")?;
        ensure(!new.asks.is_empty(), format!("the reminder to {name} names nothing"), "choose at least one ask")?;
        let ready = list.due.iter().find(|ready| ready.body == new.body);
        for ask in &new.asks {
            if !ready.is_some_and(|ready| ready.asks.contains(ask)) {
                let why = list.not_due.iter().find(|(other, _)| other == ask).map_or("it is not of that body", |(_, why)| why.words());
                return not_allowed(format!("{name} cannot be reminded of {} now: {why}", ask.item), "take it out of the reminder");
            }
        }
        bodies.push(new.body);
        events.push(ChaserProposed { chaser: ChaserId(number), body: new.body, asks: new.asks, text: new.text }.into());
    }
    Ok(events)
}

/// Lets a reminder go; refused to the one who proposed it.
pub fn approve(state: &State, order: &Order, chaser: ChaserId, text: BlobHash) -> Allowed {
    let now = there(state.chaser(chaser), chaser)?;
    order.fresh("the reminder", now.version)?;
    ensure(now.state == ChaserState::Proposed, "the reminder is not waiting for approval", "choose one that is")?;
    ensure(now.proposed_by != order.by, "you proposed this reminder", "ask a second person to approve it")?;
    ensure(now.text == text, "the text is not the one you looked at", "look at it again, then approve")?;
    only(ChaserApproved { chaser, text })
}

/// Gives a reminder that waits other words. Whoever wrote them is its author from then on, and cannot approve it.
pub fn rewrite(state: &State, order: &Order, chaser: ChaserId, text: BlobHash) -> Allowed {
    let now = there(state.chaser(chaser), chaser)?;
    order.fresh("the reminder", now.version)?;
    ensure(now.state == ChaserState::Proposed, "the reminder is not waiting for approval", "drop it, and propose another")?;
    ensure(now.text != text, "these are the words that it has", "change them, or leave it as it is")?;
    only(ChaserRewritten { chaser, text })
}

/// A reminder of either kind: of what was asked, or of answers that a body owes to recommendations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnyReminder {
    /// Of what was asked.
    OfAsks(ChaserId),
    /// Of answers to recommendations.
    OfDuties(BodyId),
}

/// Lets several reminders go, each with the text that was read: all or none, and what is refused is told of each.
pub fn approve_all(state: &State, order: &Order, chosen: &[(AnyReminder, BlobHash)]) -> AllowedOfEach<(AnyReminder, BlobHash)> {
    all_or_none(state, order, chosen, |state, order, (reminder, text)| match reminder {
        AnyReminder::OfAsks(chaser) => approve(state, order, *chaser, *text),
        AnyReminder::OfDuties(body) => super::duty_reminders::approve(state, order, *body, *text),
    })
}

/// Logs several approved reminders as sent today: all or none, and what is refused is told of each.
pub fn send_all(state: &State, order: &Order, throttle: &Throttle, chosen: &[AnyReminder]) -> AllowedOfEach<AnyReminder> {
    all_or_none(state, order, chosen, |state, order, reminder| match reminder {
        AnyReminder::OfAsks(chaser) => send(state, order, throttle, *chaser, None),
        AnyReminder::OfDuties(body) => super::duty_reminders::send(state, order, *body),
    })
}

/// Drops a reminder.
pub fn drop_chaser(state: &State, order: &Order, chaser: ChaserId, reason: Remark) -> Allowed {
    let now = there(state.chaser(chaser), chaser)?;
    order.fresh("the reminder", now.version)?;
    let waits = matches!(now.state, ChaserState::Proposed | ChaserState::Approved { .. });
    ensure(waits, "the reminder is out or dropped already", "nothing needs to be done")?;
    not_in_doubt(state, chaser)?;
    only(ChaserDropped { chaser, reason })
}

/// Refuses while it is not known whether the reminder went.
fn not_in_doubt(state: &State, chaser: ChaserId) -> Result<(), NotAllowed> {
    ensure(
        state.unanswered_chaser(chaser).is_none(),
        "the mail server gave no answer about this reminder, so it may be out",
        "look into the mailbox of what was sent, and say what became of it first",
    )
}

/// Sends an approved reminder, if what it asks is still owed today: an answer or a promise that came meanwhile stops it.
pub fn send(state: &State, order: &Order, throttle: &Throttle, chaser: ChaserId, message: Option<MessageKey>) -> Allowed {
    let now = there(state.chaser(chaser), chaser)?;
    ensure(matches!(now.state, ChaserState::Approved { .. }), "the reminder was not approved, or is out or dropped", "have it approved first")?;
    not_in_doubt(state, chaser)?;
    let list = due(state, None, throttle, order.today());
    // The proposal itself is no reason against sending it.
    let blocks = |why: &crate::exchange::chase::NotDue| !matches!(why, crate::exchange::chase::NotDue::ChaserWaiting);
    if let Some((ask, why)) = list.not_due.iter().find(|(ask, why)| now.asks.contains(ask) && blocks(why)) {
        return not_allowed(
            format!("{} is no longer to be reminded of {}: {}", body_name(state, now.body), ask.item, why.words()),
            "drop the reminder and propose another",
        );
    }
    let twin = message.and_then(|key| state.by_message(key));
    ensure(twin.is_none(), "this message was logged before", "nothing needs to be done")?;
    let mut recipients: Vec<RecipientId> = now.asks.iter().map(|ask| ask.recipient).collect();
    recipients.sort_unstable();
    recipients.dedup();
    let channel = recipients
        .iter()
        .find_map(|id| state.contact(state.recipient(*id)?.contact?))
        .map_or(crate::exchange::body::Channel::Email, |contact| contact.channel);
    let communication = CommunicationId(next(state.communications()));
    let on = order.today();
    let sent = CommunicationSent {
        communication,
        purpose: Purpose::Chaser,
        channel,
        on,
        recipients,
        message,
        answers: None,
        content: Some(now.text),
        also: Vec::new(),
    };
    let events: [Event; 2] = [sent.into(), ChaserSent { chaser, communication, on }.into()];
    Ok(events.into())
}
