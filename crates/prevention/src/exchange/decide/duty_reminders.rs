//! Reminders of answers that are owed to recommendations: one for each body, reviewed by a second person, sent once.

use super::{Allowed, NotAllowed, Order, body_name, ensure, only, there};
use crate::exchange::chase::Throttle;
use crate::exchange::event::{
    DutyReminderApproved, DutyReminderCameBack, DutyReminderDropped, DutyReminderProposed, DutyReminderRewritten, DutyReminderSent,
};
use crate::exchange::handover::HandoverStage;
use crate::exchange::id::{BlobHash, BodyId, MessageKey, RecommendationId};
use crate::exchange::moment::Day;
use crate::exchange::state::State;
use crate::exchange::words::Remark;
use std::collections::BTreeMap;

/// Bodies that may be reminded of answers to recommendations today, each with those whose time is over.
///
/// Left out are bodies to which such a reminder waits, and duties of which the body was reminded lately.
pub fn to_remind(state: &State, throttle: &Throttle, today: Day) -> BTreeMap<BodyId, Vec<RecommendationId>> {
    let mut found: BTreeMap<BodyId, Vec<RecommendationId>> = BTreeMap::new();
    for (number, recommendation) in (0u32..).zip(state.recommendations()) {
        for duty in recommendation.duties.iter().filter(|duty| duty.standing(today).is_overdue()) {
            let lately = duty.last_reminded().is_some_and(|on| today.since(on) < i32::from(throttle.days_between));
            if !lately && state.duty_reminder(duty.body).is_none() {
                found.entry(duty.body).or_default().push(RecommendationId(number));
            }
        }
    }
    found
}

/// Proposes a reminder to one body, of answers whose time is over.
pub fn propose(state: &State, order: &Order, throttle: &Throttle, body: BodyId, recommendations: Vec<RecommendationId>, text: BlobHash) -> Allowed {
    there(state.body(body), body)?;
    let name = body_name(state, body);
    ensure(state.duty_reminder(body).is_none(), format!("a reminder to {name} waits already"), "send or drop that one first")?;
    ensure(!recommendations.is_empty(), format!("the reminder to {name} names nothing"), "choose at least one recommendation")?;
    let due = to_remind(state, throttle, order.today()).remove(&body).unwrap_or_default();
    let wrong = recommendations.iter().find(|id| !due.contains(id));
    ensure(
        wrong.is_none(),
        format!(
            "{name} cannot be reminded of {} now: it has time left, has answered, or was reminded lately",
            wrong.map_or_else(String::new, ToString::to_string)
        ),
        "take it out of the reminder",
    )?;
    only(DutyReminderProposed { body, recommendations, text })
}

/// Lets a reminder go; refused to the one who proposed it.
pub fn approve(state: &State, order: &Order, body: BodyId, text: BlobHash) -> Allowed {
    let now = there(state.duty_reminder(body), format!("reminder to {}", body_name(state, body)))?;
    order.fresh("the reminder", now.version)?;
    ensure(now.approved_by.is_none(), "the reminder is approved already", "nothing needs to be done")?;
    ensure(now.proposed_by != order.by, "you proposed this reminder", "ask a second person to approve it")?;
    ensure(now.text == text, "the text is not the one you looked at", "look at it again, then approve")?;
    only(DutyReminderApproved { body, text })
}

/// Gives a reminder that waits other words. Whoever wrote them is its author from then on, and cannot approve it.
pub fn rewrite(state: &State, order: &Order, body: BodyId, text: BlobHash) -> Allowed {
    let now = there(state.duty_reminder(body), format!("reminder to {}", body_name(state, body)))?;
    order.fresh("the reminder", now.version)?;
    ensure(now.approved_by.is_none(), "the reminder is approved", "drop it, and propose another")?;
    ensure(now.text != text, "these are the words that it has", "change them, or leave it as it is")?;
    only(DutyReminderRewritten { body, text })
}

/// Refuses while it is not known whether the reminder went.
fn not_in_doubt(state: &State, body: BodyId) -> Result<(), NotAllowed> {
    ensure(
        state.unanswered_duty_reminder(body).is_none(),
        "the mail server gave no answer about this reminder, so it may be out",
        "look into the mailbox of what was sent, and say what became of it first",
    )
}

/// Drops a reminder.
pub fn withdraw(state: &State, order: &Order, body: BodyId, reason: Remark) -> Allowed {
    let now = there(state.duty_reminder(body), format!("reminder to {}", body_name(state, body)))?;
    order.fresh("the reminder", now.version)?;
    not_in_doubt(state, body)?;
    only(DutyReminderDropped { body, reason })
}

/// Logs an approved reminder as sent today, if every answer that it asks for is still owed.
pub fn send(state: &State, order: &Order, body: BodyId) -> Allowed {
    not_in_doubt(state, body)?;
    may_go(state, order, body)?;
    only(DutyReminderSent { body, on: order.today(), message: None })
}

/// Refuses a reminder that nobody approved, or that asks for an answer which came meanwhile.
pub(super) fn may_go(state: &State, order: &Order, body: BodyId) -> Result<(), NotAllowed> {
    let name = body_name(state, body);
    let now = there(state.duty_reminder(body), format!("reminder to {name}"))?;
    ensure(now.approved_by.is_some(), "the reminder was not approved", "have it approved first")?;
    let owed = |id: &RecommendationId| state.duty(*id, body).is_some_and(|duty| duty.standing(order.today()).is_overdue());
    ensure(
        now.recommendations.iter().all(owed),
        format!("{name} no longer owes every answer that it asks for"),
        "drop the reminder and propose another",
    )
}

/// Logs that the mail server took a reminder on a day: it went, whatever came meanwhile.
pub(super) fn went_by_mail(state: &State, body: BodyId, message: MessageKey, on: Day) -> Allowed {
    let now = there(state.duty_reminder(body), format!("reminder to {}", body_name(state, body)))?;
    ensure(now.approved_by.is_some(), "the reminder was not approved", "have it approved first")?;
    only(DutyReminderSent { body, on, message: Some(message) })
}

/// Logs that a reminder which had gone out by mail came back: nobody was reminded by it.
pub fn came_back(state: &State, order: &Order, message: MessageKey, evidence: Option<BlobHash>, on: Day) -> Allowed {
    let now = there(state.handover(message), "message of that Message-ID that was handed over")?;
    ensure(on <= order.today(), format!("{} is still to come", on.name()), "give the day on which it happened")?;
    let HandoverStage::Reminded { on: sent } = now.stage else {
        let what = format!("the message is no reminder of recommendations that is out: {}", now.stage.words());
        return super::not_allowed(what, "choose the message that came back");
    };
    ensure(on >= sent, format!("it went out on {}, after the day given", sent.name()), "give the day on which it came back")?;
    only(DutyReminderCameBack { message, evidence, on })
}
