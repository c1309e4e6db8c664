//! Saying what is known of asks.

use super::correspondence::{Outgoing, log_sent};
use super::{Allowed, AllowedOfEach, NotAllowed, Order, all_or_none, body_name, ensure, not_allowed, only, there};
use crate::exchange::ask::{Ask, AskStatus, Proof};
use crate::exchange::clock::Length;
use crate::exchange::event::{AskClarified, AskDescribed, AskExtended, AskReopened, CommunicationDealtWith};
use crate::exchange::id::AskId;
use crate::exchange::moment::Day;
use crate::exchange::state::State;
use crate::exchange::words::Remark;

/// How far ahead a promise may lie, in days: three years, or it is a slip of the pen.
const LONGEST_PROMISE_DAYS: i32 = 3 * 366;

fn sentence(state: &State, id: AskId) -> String {
    let recipient = state.recipient(id.recipient);
    let title = recipient
        .and_then(|recipient| state.campaign(recipient.campaign))
        .and_then(|campaign| campaign.items.get(id.item.index())?.as_ref())
        .map_or_else(|| id.item.to_string(), |item| format!("\"{}\"", item.title));
    format!("{title} of {}", recipient.map_or_else(|| id.recipient.to_string(), |recipient| body_name(state, recipient.body)))
}

fn each(state: &State, order: &Order, asks: &[AskId], may: impl Fn(&Ask) -> Result<(), (String, &'static str)>) -> Result<(), NotAllowed> {
    ensure(!asks.is_empty(), "nothing is chosen", "choose at least one")?;
    for id in asks {
        let name = sentence(state, *id);
        let recipient = there(state.recipient(id.recipient).filter(|recipient| !recipient.removed), id.recipient)?;
        let ask = there(state.ask(*id), &name)?;
        order.fresh(&name, ask.version)?;
        let stage = there(state.campaign(recipient.campaign), recipient.campaign)?.stage;
        ensure(stage.takes_answers(), format!("the campaign is {} and takes no answers", stage.words()), "send it first")?;
        if let Err((what, mend)) = may(ask) {
            return not_allowed(format!("{name} {what}"), mend);
        }
    }
    Ok(())
}

/// Says what is known of some asks, all or none.
///
/// The day may lie in the past, not in the future. A document as proof must have been screened.
pub fn describe(state: &State, order: &Order, asks: Vec<AskId>, status: AskStatus, on: Day, proof: Option<Proof>) -> Allowed {
    each(state, order, &asks, |ask| {
        if ask.status.may_become(&status) {
            return Ok(());
        }
        let what = format!("is {}, and {} does not follow from that", ask.status.words(), status.words());
        Err((what, if ask.status.is_final() { "reopen it with a reason first" } else { "choose what happened next" }))
    })?;
    ensure(on <= order.today(), format!("{} is still to come", on.name()), "give the day on which it became so")?;
    for id in asks.iter().filter(|_| !matches!(status, AskStatus::Withdrawn { .. })) {
        let sent = state.recipient(id.recipient).and_then(|recipient| recipient.letter_sent);
        if let Some(sent) = sent.filter(|sent| on < *sent) {
            return not_allowed(format!("{} is before our letter, which went on {}", on.name(), sent.name()), "check the day");
        }
        not_before_their_question(state, *id, on)?;
    }
    match &status {
        AskStatus::Promised { until } => {
            ensure(*until >= on, "the promise is for a day that was over when it was given", "check the two days")?;
            ensure(until.since(on) <= LONGEST_PROMISE_DAYS, "the promise is for a day more than three years ahead", "check the year")?;
        }
        AskStatus::Transferred { to } => {
            there(state.body(*to), *to)?;
            let own = asks.iter().any(|id| state.recipient(id.recipient).is_some_and(|recipient| recipient.body == *to));
            ensure(!own, "a body cannot pass a request to itself", "choose the body that has it now")?;
        }
        _ => {}
    }
    match proof {
        Some(Proof::Communication(id)) => {
            there(state.communication(id), id)?;
        }
        Some(Proof::Document(id)) => {
            let document = there(state.document(id), id)?;
            ensure(document.screening.is_readable(), format!("{id} is not screened, or is held"), "look at it in the list of held documents first")?;
        }
        None => {}
    }
    only(AskDescribed { asks, status, on, proof })
}

/// Says how several asks stand, each its own way, by one thing that shows it: all or none, and what is refused is told of each.
///
/// Where a message shows it, it changes nothing for those of its bodies of whom nothing is said: the message is dealt with.
pub fn describe_all(state: &State, order: &Order, said: &[(AskId, AskStatus)], on: Day, proof: Proof) -> AllowedOfEach<(AskId, AskStatus)> {
    let mut events =
        all_or_none(state, order, said, |state, order, (ask, status)| describe(state, order, vec![*ask], status.clone(), on, Some(proof)))?;
    if let Proof::Communication(communication) = proof {
        let still_new = state.new_replies().any(|(from, reply)| reply == communication && !said.iter().any(|(ask, _)| ask.recipient == from));
        if still_new {
            events.push(CommunicationDealtWith { communication }.into());
        }
    }
    Ok(events)
}

/// Logs our answer to what a body asked of us: what we sent, and that its clock runs again from that day.
///
/// Refused where it asked nothing of us, and where one of the asks is another body's.
pub fn answer_question(state: &State, order: &Order, asks: Vec<AskId>, sent: Outgoing) -> Allowed {
    let is_theirs = |ask: &AskId| sent.recipients.contains(&ask.recipient);
    ensure(asks.iter().all(is_theirs), "the answer went to another body", "choose asks of those to whom it went")?;
    let cleared = clarify(state, order, asks, sent.on)?;
    Ok([log_sent(state, order, sent)?, cleared].concat())
}

fn not_before_their_question(state: &State, id: AskId, on: Day) -> Result<(), NotAllowed> {
    let open = state.ask(id).and_then(|ask| ask.pauses.iter().find(|pause| pause.until.is_none()));
    match open.filter(|pause| on < pause.from) {
        Some(pause) => not_allowed(format!("{} is before they asked what we mean, on {}", on.name(), pause.from.name()), "check the day"),
        None => Ok(()),
    }
}

/// Gives more time to answer, to one body or to many, all or none: reminders and lists of silent bodies go by the new day.
pub fn extend(state: &State, order: &Order, asks: Vec<AskId>, until: Day, reason: Remark) -> Allowed {
    each(state, order, &asks, |ask| {
        if ask.status.is_final() {
            return Err((format!("is {}: nobody waits for it", ask.status.words()), "choose one that is waited for"));
        }
        Ok(())
    })?;
    ensure(until > order.today(), format!("{} is over, or ends today", until.name()), "give a day that is still to come")?;
    ensure(until.since(order.today()) <= LONGEST_PROMISE_DAYS, "the day is more than three years ahead", "check the year")?;
    for id in &asks {
        let (Some(ask), Some(recipient)) = (state.ask(*id), state.recipient(id.recipient)) else { continue };
        let Some(clock) = state.campaign(recipient.campaign).map(|campaign| campaign.brief.clock) else { continue };
        let name = sentence(state, *id);
        ensure(clock.length != Length::NoLimit, format!("{name} has no time limit"), "there is nothing to move: ask for it in a reminder")?;
        if let Some(due) = ask.not_due_before(&clock).filter(|due| until <= *due) {
            return not_allowed(format!("{name} is due on {} already", due.name()), "give a later day: time that was given is not taken away");
        }
    }
    only(AskExtended { asks, until, reason })
}

/// Says that what we mean has been made clear: the clock runs again.
pub fn clarify(state: &State, order: &Order, asks: Vec<AskId>, on: Day) -> Allowed {
    each(state, order, &asks, |ask| match ask.status {
        AskStatus::ClarificationAsked => Ok(()),
        _ => Err((format!("is {}: they asked nothing", ask.status.words()), "choose one whose clock stands")),
    })?;
    ensure(on <= order.today(), format!("{} is still to come", on.name()), "give the day on which it was sent")?;
    asks.iter().try_for_each(|id| not_before_their_question(state, *id, on))?;
    only(AskClarified { asks, on })
}

/// Sets asks back to sent, with a reason: an answer was none, or a slip is put right.
pub fn reopen(state: &State, order: &Order, asks: Vec<AskId>, reason: Remark) -> Allowed {
    each(state, order, &asks, |ask| match ask.status {
        // The clock of a letter that came back never ran: it starts when the letter goes again.
        AskStatus::Bounced => Err(("came back: there is nothing to reopen".to_owned(), "send the letter again, or say that they acknowledged it")),
        AskStatus::NotSent | AskStatus::Sent => Err((format!("is {}: there is nothing to reopen", ask.status.words()), "choose another")),
        _ => Ok(()),
    })?;
    only(AskReopened { asks, reason })
}
