//! Counts over asks, each with what it is a share of; and the statement of activities for an annual report.
//!
//! Every figure here is a query over the asks of the state and nothing else, so that a reader can count again.

use super::super::ask::{Ask, AskStatus};
use super::super::clock::Clock;
use super::super::clock::standing::Standing;
use super::super::id::{BodyId, CampaignId, ItemId};
use super::super::moment::Day;
use super::super::state::State;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// How many.
    pub n: u64,
    /// Of how many.
    pub of: u64,
}

impl Share {
    fn count(&mut self, is_one: bool) {
        self.of += 1;
        self.n += u64::from(is_one);
    }
}

/// The figures of a campaign on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CampaignStatistics {
    /// The campaign.
    pub campaign: CampaignId,
    /// The day.
    pub on: Day,
    /// Asks by status, in the words and order of [`AskStatus::WORDS`]; each of all asks of the campaign.
    pub by_status: Vec<(&'static str, Share)>,
    /// Asks answered, of those that reached the body and were neither withdrawn nor passed to another body.
    pub answered: Share,
    /// Asks that the body passed to another body, of those that reached it and were not withdrawn.
    pub passed_on: Share,
    /// Asks answered by the day they were due, of those whose day has come or that were answered, passed on left out; none without a limit.
    pub answered_on_time: Share,
    /// Asks overdue, of the same as [`answered`](Self::answered).
    pub overdue: Share,
    /// Half days from sending to the answer: the median, doubled so that it stays a whole number; `None` without answers.
    pub median_half_days: Option<i64>,
    /// On how many answers the median rests.
    pub n_in_median: u64,
    /// Provided in full, of the same as [`answered`](Self::answered), item by item.
    pub items_provided: Vec<(ItemId, Share)>,
    /// Recipients from whom every required item was provided, of those that the letter reached. Items withdrawn or
    /// passed on are not wanted; a recipient of whom nothing else is wanted is not complete.
    pub recipients_complete: Share,
    /// Recipients who answered nothing at all, of those that the letter reached.
    pub recipients_silent: Share,
    /// Recipients whose letter came back and who have none of what was asked, of those to whom the letter went.
    pub recipients_unreached: Share,
}

/// Whether an answer came by the day it was due; `None` while that day has not come, or without a limit.
fn on_time(ask: &Ask, clock: &Clock, today: Day) -> Option<bool> {
    let limited = ask.started.is_some_and(|start| clock.due(start, &[]).is_some());
    match ask.standing(clock, today) {
        Standing::Answered { .. } if limited => Some(true),
        Standing::AnsweredLate { .. } | Standing::Overdue { .. } => Some(false),
        _ => None,
    }
}

/// The median of some numbers, doubled; `None` of none.
fn doubled_median(mut numbers: Vec<i64>) -> Option<i64> {
    numbers.sort_unstable();
    let middle = numbers.len() / 2;
    match numbers.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(2 * numbers[middle]),
        _ => Some(numbers[middle - 1] + numbers[middle]),
    }
}

/// The figures of a campaign on a day, or `None` when there is no such campaign.
pub fn statistics(state: &State, campaign: CampaignId, today: Day) -> Option<CampaignStatistics> {
    let now = state.campaign(campaign)?;
    let clock = &now.brief.clock;
    let mut by_status = AskStatus::WORDS.map(|words| (words, Share::default())).to_vec();
    let (mut answered, mut answered_on_time, mut overdue) = (Share::default(), Share::default(), Share::default());
    let (mut complete, mut silent, mut unreached, mut passed_on) = (Share::default(), Share::default(), Share::default(), Share::default());
    let mut items: BTreeMap<ItemId, Share> =
        now.items.iter().enumerate().filter(|(_, item)| item.is_some()).map(|(place, _)| (ItemId(place as u16), Share::default())).collect();
    let mut days = Vec::new();
    for (_, recipient) in state.recipients_of(campaign) {
        for (item, ask) in recipient.asks() {
            for (place, (_, share)) in by_status.iter_mut().enumerate() {
                share.count(ask.status.place() == place);
            }
            if !ask.reached() {
                continue;
            }
            let is_passed_on = matches!(ask.status, AskStatus::Transferred { .. });
            passed_on.count(is_passed_on);
            if is_passed_on {
                continue;
            }
            answered.count(ask.is_answered());
            overdue.count(ask.standing(clock, today).is_overdue());
            items.entry(item).or_default().count(ask.status == AskStatus::Provided);
            if let Some(kept) = on_time(ask, clock, today) {
                answered_on_time.count(kept);
            }
            if let (Some(sent), Some(on)) = (recipient.letter_sent, ask.answered) {
                days.push(i64::from(on.since(sent)));
            }
        }
        if recipient.letter_sent.is_none() {
            continue;
        }
        let reached = recipient.asks().any(|(_, ask)| ask.reached());
        unreached.count(!reached && recipient.asks().any(|(_, ask)| ask.status == AskStatus::Bounced));
        if reached {
            let required = |item: &ItemId| now.items.get(item.index()).and_then(Option::as_ref).is_some_and(|item| item.required);
            let is_wanted = |ask: &Ask| !matches!(ask.status, AskStatus::Withdrawn { .. } | AskStatus::Transferred { .. });
            let mut wanted = recipient.asks().filter(|(item, ask)| required(item) && is_wanted(ask)).peekable();
            complete.count(wanted.peek().is_some() && wanted.all(|(_, ask)| ask.status == AskStatus::Provided));
            silent.count(recipient.asks().all(|(_, ask)| !ask.has_brought_something()));
        }
    }
    Some(CampaignStatistics {
        campaign,
        on: today,
        by_status,
        answered,
        passed_on,
        answered_on_time,
        overdue,
        n_in_median: days.len() as u64,
        median_half_days: doubled_median(days),
        items_provided: items.into_iter().collect(),
        recipients_complete: complete,
        recipients_silent: silent,
        recipients_unreached: unreached,
    })
}

/// What an office did in a period, under one objective of its plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Activities {
    /// Campaigns of which a letter went out in the period.
    pub n_campaigns: u64,
    /// Bodies to which a letter went out.
    pub n_bodies: u64,
    /// Asks in those letters.
    pub n_asks: u64,
    /// Of those asks, answered by the end of the period.
    pub n_answered: u64,
    /// Documents that became public for the first time in the period and still are; a correction changes nothing.
    pub n_published: u64,
    /// Recommendations of reports published in the period.
    pub n_recommendations: u64,
    /// Duties to answer recommendations, of those that fell due in the period, or were answered in it before they were due; and
    /// how many of these were answered by its end. So each counts in one period.
    pub duties: Share,
}

/// The statement of activities from `first` to `last`, both included, by objective of the plan (Modern Slavery Act 2015
/// s.42: the annual report says what was done towards each objective and what else was done).
pub fn activities(state: &State, first: Day, last: Day) -> BTreeMap<String, Activities> {
    let within = |day: Day| first <= day && day <= last;
    let mut by_priority: BTreeMap<String, Activities> = BTreeMap::new();
    for (number, campaign) in state.campaigns().iter().enumerate() {
        let mut bodies: BTreeSet<BodyId> = BTreeSet::new();
        let mut found = Activities::default();
        for (_, recipient) in state.recipients_of(CampaignId(number as u32)).filter(|(_, recipient)| recipient.letter_sent.is_some_and(within)) {
            bodies.insert(recipient.body);
            for (_, ask) in recipient.asks() {
                found.n_asks += 1;
                found.n_answered += u64::from(ask.answered.is_some_and(|on| on <= last));
            }
        }
        if !bodies.is_empty() {
            let entry = by_priority.entry(campaign.brief.plan_priority.to_string()).or_default();
            entry.n_campaigns += 1;
            entry.n_bodies += bodies.len() as u64;
            entry.n_asks += found.n_asks;
            entry.n_answered += found.n_answered;
        }
    }
    for document in state.documents() {
        let first = document.publication.steps.iter().find(|step| step.before.is_none()).map(|step| step.on);
        if !document.publication.state.is_public() || !first.is_some_and(within) {
            continue;
        }
        // A document may answer several campaigns; it is counted once under each objective.
        let campaigns = document.asks.iter().filter_map(|ask| state.campaign(state.recipient(ask.recipient)?.campaign));
        let priorities: BTreeSet<&str> = campaigns.map(|campaign| campaign.brief.plan_priority.as_str()).collect();
        for priority in priorities {
            by_priority.entry(priority.to_owned()).or_default().n_published += 1;
        }
    }
    for recommendation in state.recommendations() {
        let priority = || recommendation.plan_priority.to_string();
        if within(recommendation.published) && recommendation.withdrawn.is_none() {
            by_priority.entry(priority()).or_default().n_recommendations += 1;
        }
        for duty in recommendation.duties.iter().filter(|duty| !duty.withdrawn) {
            let due = duty.clock.due(duty.started, &duty.pauses);
            let answered = duty.answered.filter(|on| *on <= last);
            if due.into_iter().chain(answered).min().is_some_and(within) {
                by_priority.entry(priority()).or_default().duties.count(answered.is_some());
            }
        }
    }
    by_priority
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_lies_between_the_middle_two() {
        for (numbers, median) in [(vec![], None), (vec![3], Some(6)), (vec![9, 1, 5], Some(10)), (vec![4, 1, 2, 9], Some(6)), (vec![1, 2], Some(3))] {
            assert_eq!(doubled_median(numbers), median);
        }
    }
}
