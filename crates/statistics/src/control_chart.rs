//! Has it changed, or is it only the usual ups and downs? Control charts with the NHS 'Making Data Count' rules.
//!
//! Two charts: [`xmr`] for measures and large counts, whose limits come from the moving range, and [`count_chart`] for
//! counts of any size, whose limits are exact Poisson limits. [`for_counts`] picks one and says why; XmR is refused
//! where it misleads: a mean under ten events, more than a third of the points equal, or limits that collapse.
//!
//! Missing months are gaps: they are not zeros, no moving range spans them, and a run of points stops at them.
//!
//! Oracle: `spc_xmr_making_data_count`. For readers who are not programmers:
//! `methods/spc_xmr_making_data_count.md`.

mod counts;
mod rules;
mod xmr;

pub use counts::{CountSettings, count_chart};
pub use rules::{Rule, RuleSet, TwoInThree};
pub use xmr::{XmrSettings, xmr};

use crate::estimate::{Refusal, check};
use crate::special::mean;

/// Below this mean an XmR chart of counts misleads: its limits are symmetrical and Poisson counts are not.
pub const XMR_MEAN_FROM: f64 = 10.0;

/// Phases shorter than this get a warning: limits from so few points still move (Making Data Count).
pub const SHORT_PHASE: usize = 13;

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// More is better: referrals, charge rates.
    Higher,
    /// Less is better: robbery, injuries.
    Lower,
    /// Neither: recorded crime as a measure of recording.
    Neither,
}

/// What a special cause means for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variation {
    /// Only the usual ups and downs.
    Common,
    /// Something changed for the better.
    Improvement,
    /// Something changed for the worse.
    Concern,
    /// Something changed, and no direction is better.
    Neutral,
}

impl Variation {
    /// The peer's name for it: `common_cause`, `special_cause_concern`.
    pub fn label(self) -> &'static str {
        match self {
            Variation::Common => "common_cause",
            Variation::Improvement => "special_cause_improvement",
            Variation::Concern => "special_cause_concern",
            Variation::Neutral => "special_cause_neutral",
        }
    }
}

/// Whether a target will be met if nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assurance {
    /// The target is so far outside the limits that it will be met every time.
    ConsistentPass,
    /// The target will be missed every time.
    ConsistentFail,
    /// Inside the limits: hit and miss.
    Inconsistent,
}

impl Assurance {
    /// The peer's name for it.
    pub fn label(self) -> &'static str {
        match self {
            Assurance::ConsistentPass => "consistent_pass",
            Assurance::ConsistentFail => "consistent_fail",
            Assurance::Inconsistent => "inconsistent",
        }
    }
}

/// Which chart was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Individual values and moving range.
    Xmr,
    /// Counts with exact Poisson limits (a c-chart, or a u-chart where exposure varies).
    Count,
}

/// One month of the chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The value; `None` is a gap.
    pub value: Option<f64>,
    /// The centre line at this point.
    pub mean: f64,
    /// The lower limit; `NaN` only where degenerate limits were asked for.
    pub lower: f64,
    /// The upper limit; `NaN` only where degenerate limits were asked for.
    pub upper: f64,
    /// Inside the limits but in their outer third. `None` where there is no value or no limit.
    pub close_to_limits: Option<bool>,
    /// -1 below the centre line, 1 above, 0 on it or no value.
    pub side: i8,
    /// The first rule, in order of precedence, that the point breaks.
    pub rule: Option<Rule>,
    /// What that means.
    pub variation: Variation,
    /// The phase, from 0; it rises at each rebase.
    pub phase: usize,
    /// The phase has fewer than [`SHORT_PHASE`] points: its limits are provisional.
    pub short_phase: bool,
}

/// A whole chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Which chart it is.
    pub kind: Kind,
    /// One point for each month given, gaps included.
    pub points: Vec<Point>,
    /// Whether the target will be met, judged on the last phase; `None` without a target.
    pub assurance: Option<Assurance>,
}

impl Chart {
    /// The points that break a rule, with their index.
    pub fn signals(&self) -> impl Iterator<Item = (usize, &Point)> {
        self.points.iter().enumerate().filter(|(_, point)| point.rule.is_some())
    }

    /// The newest point that has a value, with its index.
    pub fn latest(&self) -> Option<(usize, &Point)> {
        self.points.iter().enumerate().rev().find(|(_, point)| point.value.is_some())
    }
}

/// A chart for monthly counts, chosen by their size, and the sentence that says why.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// The chart.
    pub chart: Chart,
    /// Why this chart: for the note below it.
    pub because: String,
}

/// The right chart for monthly counts: XmR where it is fit, exact Poisson limits elsewhere.
///
/// # Errors
/// Refused when counts are negative or fewer than four months have a value.
///
/// ```
/// use headwater_statistics::control_chart::{self, Better, Kind};
///
/// let homicide = [0.0, 1.0, 0.0, 0.0, 2.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0].map(Some);
/// let chosen = control_chart::for_counts(&homicide, Better::Lower).unwrap();
/// assert_eq!(chosen.chart.kind, Kind::Count);
/// assert!(chosen.because.contains("mean"));
/// ```
pub fn for_counts(counts: &[Option<f64>], better: Better) -> Result<Chosen, Refusal> {
    match xmr(counts, &XmrSettings::for_counts(better)) {
        Ok(chart) => Ok(Chosen { chart, because: "The counts are large and varied enough for limits from the month-to-month range (XmR).".into() }),
        Err(Refusal::WrongChart { because, .. }) => Ok(Chosen { chart: count_chart(counts, None, &CountSettings::monthly(better))?, because }),
        Err(Refusal::Degenerate { what }) => Ok(Chosen {
            chart: count_chart(counts, None, &CountSettings::monthly(better))?,
            because: format!("An XmR chart gives no answer: {what}. Exact Poisson limits are drawn."),
        }),
        Err(other) => Err(other),
    }
}

/// Say whether counts suit an XmR chart.
///
/// # Errors
/// [`Refusal::WrongChart`] when their mean is under ten or more than a third of them are equal.
pub fn suits_xmr(counts: &[Option<f64>]) -> Result<(), Refusal> {
    const INSTEAD: &str = "a chart of counts with exact Poisson limits";
    let present: Vec<f64> = counts.iter().flatten().copied().collect();
    check::each("counts", &present, check::not_negative)?;
    check::at_least("points", present.len(), 1)?;
    let mean = mean(&present);
    if mean < XMR_MEAN_FROM {
        return Err(Refusal::WrongChart {
            because: format!("The mean is {mean:.1} a month; under {XMR_MEAN_FROM} an XmR chart raises false alarms."),
            instead: INSTEAD,
        });
    }
    let mut sorted = present.clone();
    sorted.sort_by(f64::total_cmp);
    let equal = sorted.chunk_by(|a, b| a == b).map(<[f64]>::len).max().unwrap_or(0);
    if 3 * equal > present.len() {
        return Err(Refusal::WrongChart {
            because: format!("{equal} of {} points are equal; the month-to-month range says too little about chance.", present.len()),
            instead: INSTEAD,
        });
    }
    Ok(())
}

/// What a broken rule means for people.
fn meaning(rule: Option<Rule>, better: Better) -> Variation {
    let Some(rule) = rule else {
        return Variation::Common;
    };
    match (better, rule.upward()) {
        (Better::Neither, _) => Variation::Neutral,
        (Better::Higher, true) | (Better::Lower, false) => Variation::Improvement,
        (Better::Higher, false) | (Better::Lower, true) => Variation::Concern,
    }
}

/// Whether the target will be met, from the limits of the last phase.
fn assurance(target: Option<f64>, better: Better, points: &[Point]) -> Option<Assurance> {
    let (target, last) = (target?, points.last()?);
    let higher_is_better = match better {
        Better::Higher => true,
        Better::Lower => false,
        Better::Neither => return None,
    };
    Some(if target > last.upper {
        if higher_is_better { Assurance::ConsistentFail } else { Assurance::ConsistentPass }
    } else if target < last.lower {
        if higher_is_better { Assurance::ConsistentPass } else { Assurance::ConsistentFail }
    } else {
        Assurance::Inconsistent
    })
}

/// Where each phase begins: 0 and every rebase, in order.
///
/// A rebase outside the series is refused by name.
fn phase_starts(points: usize, rebase_at: &[usize]) -> Result<Vec<usize>, Refusal> {
    let mut starts = vec![0];
    for &at in rebase_at {
        if at == 0 || at >= points || starts.last().is_some_and(|&last| at <= last) {
            return Err(Refusal::Argument {
                name: "rebase_at",
                index: Some(starts.len() - 1),
                found: at as f64,
                must: "must lie inside the series, after the one before it",
            });
        }
        starts.push(at);
    }
    Ok(starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    #[test]
    fn small_counts_get_exact_limits_and_large_ones_an_xmr_chart() {
        let small = for_counts(&some(&[2.0, 1.0, 0.0, 3.0, 2.0, 1.0, 4.0, 0.0]), Better::Lower).unwrap();
        assert_eq!(small.chart.kind, Kind::Count);
        assert!(small.because.contains("mean is 1.6"), "{}", small.because);
        let large = for_counts(&some(&[52.0, 61.0, 48.0, 50.0, 57.0, 66.0, 49.0, 58.0]), Better::Lower).unwrap();
        assert_eq!(large.chart.kind, Kind::Xmr);
    }

    #[test]
    fn mostly_equal_counts_are_refused_an_xmr_chart() {
        let refusal = suits_xmr(&some(&[20.0, 20.0, 20.0, 25.0, 20.0, 19.0])).unwrap_err();
        assert!(refusal.to_string().contains("4 of 6 points are equal"), "{refusal}");
    }

    #[test]
    fn a_gap_is_not_a_zero() {
        let mut months = some(&[52.0, 61.0, 48.0, 50.0, 57.0, 66.0, 49.0, 58.0]);
        let whole = for_counts(&months, Better::Lower).unwrap();
        months.insert(8, None);
        months.insert(9, None);
        let gaps = for_counts(&months, Better::Lower).unwrap();
        assert_eq!(whole.chart.points[0].mean, gaps.chart.points[0].mean);
        assert_eq!(gaps.chart.signals().count(), 0);
        assert_eq!(gaps.chart.latest().unwrap().0, 7);
    }

    #[test]
    fn a_rebase_outside_the_series_is_refused() {
        let refusal = phase_starts(10, &[4, 12]).unwrap_err();
        assert!(refusal.to_string().contains("Value 2 of 'rebase_at' is 12"), "{refusal}");
    }
}
