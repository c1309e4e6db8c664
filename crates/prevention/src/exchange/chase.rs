//! Who is due a reminder, one for each body, and why the others are not.
//!
//! A promise that still runs holds a reminder back, and so does one that went out lately; what is withdrawn, answered or
//! asked back about is never chased.

use super::ask::AskStatus;
use super::body::ContactStatus;
use super::campaign::Stage;
use super::clock::Length;
use super::clock::standing::Standing;
use super::communication::ChaserState;
use super::id::{AskId, BodyId, CampaignId};
use super::moment::Day;
use super::non_response::NonResponse;
use super::state::State;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How often a body may be reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Throttle {
    /// Days between two reminders to one body, over all campaigns.
    pub days_between: u16,
    /// Days after sending before the first reminder where there is no time limit.
    pub days_before_first: u16,
    /// Whether to remind when something is due soon, and not only when it is overdue.
    pub when_due_soon: bool,
}

impl Default for Throttle {
    /// Two weeks between reminders, four before the first, only when overdue.
    fn default() -> Self {
        Self { days_between: 14, days_before_first: 28, when_due_soon: false }
    }
}

/// Why an ask is not due for a reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotDue {
    /// It was answered, withdrawn or never sent.
    NothingOwed,
    /// The letter came back.
    Bounced,
    /// They asked what we mean, of this or of something else in the same letter.
    ClockStopped,
    /// They contest a notice, and nobody has settled it.
    Contested,
    /// They wrote, and nobody has said since how things stand.
    Unread,
    /// There is time left.
    NotYetDue,
    /// They promised, and the day is not over.
    Promised {
        /// The day.
        until: Day,
    },
    /// They were reminded lately.
    ChasedLately {
        /// When.
        on: Day,
    },
    /// A reminder is proposed or approved and not yet out.
    ChaserWaiting,
    /// The campaign is not open.
    CampaignNotOpen,
    /// There is nobody to write to, or what was sent came back.
    NoWayThere,
}

impl NotDue {
    /// The reason in a sentence without its day.
    pub fn words(self) -> &'static str {
        match self {
            NotDue::NothingOwed => "it was answered, withdrawn or never sent",
            NotDue::Bounced => "the letter came back",
            NotDue::ClockStopped => "they asked what we mean, and we owe them the answer",
            NotDue::Contested => "they contest a notice, and nobody has settled it",
            NotDue::Unread => "they wrote, and nobody has said since how things stand",
            NotDue::NotYetDue => "there is time left",
            NotDue::Promised { .. } => "they promised an answer, and the day is not over",
            NotDue::ChasedLately { .. } => "they were reminded lately",
            NotDue::ChaserWaiting => "a reminder is on its way already",
            NotDue::CampaignNotOpen => "the campaign is not open",
            NotDue::NoWayThere => "there is nobody to write to, or what was sent came back",
        }
    }
}

/// One body and all that it may be reminded of in one summary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The body.
    pub body: BodyId,
    /// What it owes.
    pub asks: Vec<AskId>,
    /// The day since which the oldest of them is due; `None` where there is no limit.
    pub oldest: Option<Day>,
}

/// Who is due a reminder and who is not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChaseList {
    /// Bodies that are due, those longest overdue first.
    pub due: Vec<Due>,
    /// Every other ask with its reason.
    pub not_due: Vec<(AskId, NotDue)>,
}

/// Who is due a reminder today, over all campaigns or in one.
pub fn due(state: &State, campaign: Option<CampaignId>, throttle: &Throttle, today: Day) -> ChaseList {
    let mut list = ChaseList::default();
    let waiting: BTreeSet<AskId> = state
        .chasers()
        .iter()
        .filter(|chaser| matches!(chaser.state, ChaserState::Proposed | ChaserState::Approved { .. }))
        .flat_map(|chaser| chaser.asks.iter().copied())
        .collect();
    let mut chased: BTreeMap<BodyId, Day> = BTreeMap::new();
    for recipient in state.recipients().iter().filter(|recipient| !recipient.removed) {
        if let Some(on) = recipient.last_chased {
            let last = chased.entry(recipient.body).or_insert(on);
            *last = (*last).max(on);
        }
    }
    let mut due: BTreeMap<BodyId, Due> = BTreeMap::new();
    for (id, _) in state.asks() {
        let Some(recipient) = state.recipient(id.recipient).filter(|it| campaign.is_none_or(|campaign| it.campaign == campaign)) else { continue };
        match why_not(state, id, throttle, today, chased.get(&recipient.body).copied(), &waiting) {
            Err(why) => list.not_due.push((id, why)),
            Ok(since) => {
                let entry = due.entry(recipient.body).or_insert_with(|| Due { body: recipient.body, asks: Vec::new(), oldest: None });
                entry.asks.push(id);
                entry.oldest = match (entry.oldest, since) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
            }
        }
    }
    list.due = due.into_values().collect();
    list.due.sort_by_key(|due| (due.oldest.is_none(), due.oldest, due.body));
    list
}

/// The day since which an ask is due, or why it is not to be chased. What holds for ever is said first.
fn why_not(state: &State, id: AskId, throttle: &Throttle, today: Day, chased: Option<Day>, waiting: &BTreeSet<AskId>) -> Result<Option<Day>, NotDue> {
    let (Some(recipient), Some(ask)) = (state.recipient(id.recipient), state.ask(id)) else { return Err(NotDue::NothingOwed) };
    let Some(campaign) = state.campaign(recipient.campaign) else { return Err(NotDue::CampaignNotOpen) };
    if ask.status.is_final() || ask.status == AskStatus::NotSent {
        return Err(NotDue::NothingOwed);
    }
    if ask.status == AskStatus::Bounced {
        return Err(NotDue::Bounced);
    }
    if campaign.stage != Stage::Open {
        return Err(NotDue::CampaignNotOpen);
    }
    if recipient.asks().any(|(_, ask)| ask.status == AskStatus::ClarificationAsked) {
        return Err(NotDue::ClockStopped);
    }
    if matches!(recipient.non_response, NonResponse::Contested { .. }) {
        return Err(NotDue::Contested);
    }
    if state.new_replies().any(|(from, _)| from == id.recipient) {
        return Err(NotDue::Unread);
    }
    let reached = recipient.contact.and_then(|contact| state.contact(contact)).is_some_and(|contact| contact.status == ContactStatus::Good);
    if !reached {
        return Err(NotDue::NoWayThere);
    }
    if let Some(promise) = ask.promise.filter(|promise| today <= promise.until) {
        return Err(NotDue::Promised { until: promise.until });
    }
    let since = match ask.standing(&campaign.brief.clock, today) {
        Standing::Overdue { due, .. } => Some(due),
        Standing::DueSoon { due } if throttle.when_due_soon => Some(due),
        // A promise that was not kept is due whatever the clock says.
        _ if ask.promise_holds_until().is_some_and(|until| until < today) => ask.promise_holds_until(),
        Standing::NoLimit | Standing::NotStarted if campaign.brief.clock.length == Length::NoLimit => {
            let sent = recipient.letter_sent.ok_or(NotDue::NothingOwed)?;
            if today.since(sent) < i32::from(throttle.days_before_first) {
                return Err(NotDue::NotYetDue);
            }
            None
        }
        _ => return Err(NotDue::NotYetDue),
    };
    if waiting.contains(&id) {
        return Err(NotDue::ChaserWaiting);
    }
    match chased.filter(|on| today.since(*on) < i32::from(throttle.days_between)) {
        Some(on) => Err(NotDue::ChasedLately { on }),
        None => Ok(since),
    }
}
