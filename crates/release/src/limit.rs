//! What rules say of figures that are no counts: rates, totals and means of amounts, models.
//!
//! The raw events and amounts go in, the rule's limit is tried on them, and what comes out is a figure or a gap with its
//! reason. That there were too few is then known, and so is meant to be: the limits are public.
//!
//! Sources: NHS England, disclosure control for Hospital Episode Statistics (means and medians of 1 to 7 hidden); Office for
//! National Statistics, policy on tables of birth and death statistics (rates of fewer than 3 or 10 events, and of fewer than
//! 20 marked); Hundepool and others, *Statistical Disclosure Control* (2012), 4.2.1, for dominance and the p% rule; ACRO
//! 1.0.2, `default.yaml`, for its limits.

use crate::value::withheld;
use crate::{Audience, Count, Interval, Rule, Value, derive_interval, treat};
use std::fmt;

/// What kind of rate it is; rules ask for more events where they are weighted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateKind {
    /// Events divided by people.
    Crude,
    /// Weighted so that it is as if an area's people had everyone's ages.
    Standardised,
}

/// A rate under a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rated {
    /// The rate with its limits, or the gap that stands for all three.
    pub interval: Interval,
    /// Whether the rule asks that it be marked as unreliable: there are few events.
    pub is_unreliable: bool,
}

/// Makes a rate from a raw number of events; withheld, with the reason, where a rule asks for more events.
///
/// The team that holds the events sees every rate; it is marked for them, too.
///
/// ```
/// use headwater_release::{Audience, Count, RateKind, Rule, derive_rate};
/// let rule = Rule::named("ons-mortality-rates")?;
/// let per_1_000 = |n: u64| Ok([n as f64 / 50.0, 0.0, 1.0]);
/// let rate = |n, kind| derive_rate(kind, Count::new(n), rule, Audience::Public, 2, per_1_000).interval.value;
/// assert_eq!(rate(9, RateKind::Crude).shown(), "0.18");
/// assert_eq!(rate(9, RateKind::Standardised).reason(), Some("fewer than 10 events: no standardised rate"));
/// # Ok::<(), headwater_release::UnknownRule>(())
/// ```
pub fn derive_rate(
    kind: RateKind,
    events: Count,
    rule: &Rule,
    audience: Audience,
    decimals: u8,
    formula: impl FnOnce(u64) -> Result<[f64; 3], String>,
) -> Rated {
    let limits = rule.limits();
    let (least, words) = match kind {
        RateKind::Crude => (limits.least_events_for_crude_rate, "crude"),
        RateKind::Standardised => (limits.least_events_for_standardised_rate, "standardised"),
    };
    let is_unreliable = limits.unreliable_below.is_some_and(|below| events.0 < below);
    let interval = match least {
        Some(least) if events.0 < least && audience != Audience::Team => {
            let gap = withheld(format!("fewer than {least} events: no {words} rate"));
            Interval { value: gap.clone(), lower: gap.clone(), upper: gap }
        }
        _ => derive_interval(&[treat(events, rule, audience)], decimals, |known| formula(known.first().copied().unwrap_or_default())),
    };
    Rated { interval, is_unreliable }
}

/// Raw amounts, one for each person: costs, days, distances. They go in and do not come out again.
///
/// ```
/// use headwater_release::{Amounts, Audience, Rule};
/// let days = Amounts::new(vec![2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0])?;
/// let nhs = Rule::named("nhs-subnational")?;
/// assert_eq!(days.mean(nhs, Audience::Public, 1).shown(), "5.5");
/// let seven = Amounts::new(vec![2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])?;
/// assert_eq!(seven.mean(nhs, Audience::Public, 1).shown(), "[c]");
/// assert!(Amounts::new(vec![f64::NAN]).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// They cannot be read:
///
/// ```compile_fail
/// let first = headwater_release::Amounts::new(vec![3.0]).unwrap().0[0];
/// ```
#[derive(Clone)]
pub struct Amounts(Vec<f64>);

/// Amounts that are none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("amount {position} is negative or no number; whose share of a total is largest cannot then be told")]
pub struct NotAnAmount {
    /// Its position, from 1.
    pub position: usize,
}

impl Amounts {
    /// Takes amounts in.
    ///
    /// # Errors
    /// Refuses what is negative, infinite or no number.
    pub fn new(mut amounts: Vec<f64>) -> Result<Self, NotAnAmount> {
        if let Some(at) = amounts.iter().position(|amount| !amount.is_finite() || *amount < 0.0) {
            return Err(NotAnAmount { position: at + 1 });
        }
        amounts.sort_by(|a, b| b.total_cmp(a));
        Ok(Self(amounts))
    }

    /// The total; withheld where few people make it up, or where one or two make up nearly all.
    pub fn total(&self, rule: &Rule, audience: Audience, decimals: u8) -> Value {
        let too_few = self.too_few(rule, false).or_else(|| self.is_dominated(rule));
        self.unless(too_few, audience, decimals, Ok(self.sum()))
    }

    /// The mean; withheld where the rule asks for more people, and wherever the total would be: it is the total divided by a
    /// number that is mostly known.
    pub fn mean(&self, rule: &Rule, audience: Audience, decimals: u8) -> Value {
        let too_few = self.too_few(rule, true).or_else(|| self.is_dominated(rule));
        let mean = if self.0.is_empty() { Err("there is nobody".to_owned()) } else { Ok(self.sum() / self.0.len() as f64) };
        self.unless(too_few, audience, decimals, mean)
    }

    /// The median, the mean of the middle two if they are even in number; withheld where the rule asks for more people.
    pub fn median(&self, rule: &Rule, audience: Audience, decimals: u8) -> Value {
        let (n, too_few) = (self.0.len(), self.too_few(rule, true));
        let median = if n == 0 { Err("there is nobody".to_owned()) } else { Ok((self.0[(n - 1) / 2] + self.0[n / 2]) / 2.0) };
        self.unless(too_few, audience, decimals, median)
    }

    fn sum(&self) -> f64 {
        // The smallest first, so that little is lost.
        self.0.iter().rev().sum()
    }

    fn unless(&self, unsafe_because: Option<String>, audience: Audience, decimals: u8, figure: Result<f64, String>) -> Value {
        match unsafe_because.filter(|_| audience != Audience::Team) {
            Some(reason) => withheld(reason),
            None => figure.map_or_else(Value::refused, |figure| Value::worked_out(figure, decimals)),
        }
    }

    fn too_few(&self, rule: &Rule, is_mean: bool) -> Option<String> {
        let n = self.0.len() as u64;
        if let Some(least) = rule.limits().least_count_for_mean.filter(|least| is_mean && (1..*least).contains(&n)) {
            return Some(format!("of fewer than {least} people"));
        }
        (1..=rule.hide_up_to).contains(&n).then(|| format!("of fewer than {} people", rule.hide_up_to + 1))
    }

    /// Why the total would tell much of one contribution, if it would.
    fn is_dominated(&self, rule: &Rule) -> Option<String> {
        let (limits, total) = (rule.limits(), self.sum());
        if let Some((n, percent)) = limits.dominance {
            let largest: f64 = self.0.iter().take(n).sum();
            if total > 0.0 && 100.0 * largest > percent * total {
                return Some(format!("{n} of the amounts are more than {percent} % of the total"));
            }
        }
        if let (Some(p), Some(largest)) = (limits.p_percent, self.0.first()) {
            let rest: f64 = self.0.iter().skip(2).rev().sum();
            if *largest > 0.0 && 100.0 * rest < p * largest {
                return Some(format!("whoever has the second largest amount could work out the largest to within {p} %"));
            }
        }
        None
    }
}

impl fmt::Debug for Amounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Amounts(hidden)")
    }
}

impl Rule {
    /// Whether a model that was fitted with so many degrees of freedom left may be shown.
    ///
    /// ```
    /// use headwater_release::Rule;
    /// let acro = Rule::named("acro")?;
    /// assert!(acro.allows_model(10).is_ok());
    /// assert_eq!(acro.allows_model(9), Err("a model with 9 degrees of freedom left; acro asks for 10".to_owned()));
    /// # Ok::<(), headwater_release::UnknownRule>(())
    /// ```
    ///
    /// # Errors
    /// Refuses one with fewer than the rule asks for: with few left, a model repeats its data.
    pub fn allows_model(&self, degrees_of_freedom: u64) -> Result<(), String> {
        match self.limits().least_degrees_of_freedom {
            Some(least) if degrees_of_freedom < least => {
                Err(format!("a model with {degrees_of_freedom} degrees of freedom left; {} asks for {least}", self.id()))
            }
            _ => Ok(()),
        }
    }
}
