//! The XmR chart: individual values with limits from the mean moving range.

use super::rules::{self, RuleSet, Seen};
use super::{Assurance, Better, Chart, Kind, Point, SHORT_PHASE, assurance, meaning, phase_starts, suits_xmr};
use crate::estimate::{Refusal, check};
use crate::special::mean;

/// Three standard deviations in units of the mean moving range: 3 / 1.128, rounded as everybody rounds it.
const LIMIT: f64 = 2.66;
/// A moving range of at least so many mean moving ranges is a jump, not the usual noise.
const JUMP: f64 = 3.267;
/// The fewest values from which limits are drawn.
const MINIMUM: usize = 4;

/// How an XmR chart is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct XmrSettings {
    /// Drop moving ranges that are jumps, once, before the limits are drawn.
    pub screen_outliers: bool,
    /// Which way is better.
    pub better: Better,
    /// A target to be judged.
    pub target: Option<f64>,
    /// Where new phases begin (indices from 0, rising): documented changes only.
    pub rebase_at: Vec<usize>,
    /// Freeze the limits after so many values of each phase (at least 12).
    pub fix_after: Option<usize>,
    /// How long runs are.
    pub rules: RuleSet,
    /// The values are counts: refuse means under ten and many ties, and draw no limit below 0.
    pub counts: bool,
    /// Draw limits even where they have collapsed, as the peer does. For comparison with it only.
    pub degenerate_limits: bool,
}

impl XmrSettings {
    /// The settings for a measure that is no count (a percentage, a waiting time).
    pub fn for_measure(better: Better) -> Self {
        XmrSettings {
            screen_outliers: true,
            better,
            target: None,
            rebase_at: Vec::new(),
            fix_after: None,
            rules: RuleSet::making_data_count(),
            counts: false,
            degenerate_limits: false,
        }
    }

    /// The settings for monthly counts.
    pub fn for_counts(better: Better) -> Self {
        XmrSettings { counts: true, ..Self::for_measure(better) }
    }
}

/// An XmR chart of values in order of time; `None` is a gap.
///
/// In each phase: the mean; the mean of `|y_t - y_(t-1)|`; with screening, ranges of 3.267 times that mean or more are
/// dropped once and the mean taken again; limits are the mean -/+ 2.66 times it.
///
/// # Errors
/// Refused when a value is not finite, fewer than four have a value, a rebase or a freeze lies outside the series, the
/// counts do not suit the chart ([`suits_xmr`]), or the limits collapse because no two neighbours differ.
///
/// ```
/// use headwater_statistics::control_chart::{Better, XmrSettings, xmr};
///
/// let values = [5.0, 7.0, 6.0, 9.0, 8.0].map(Some);
/// let chart = xmr(&values, &XmrSettings::for_measure(Better::Lower)).unwrap();
/// // mean 7, moving ranges 2 1 3 1: mean 1.75
/// assert!((chart.points[0].upper - (7.0 + 2.66 * 1.75)).abs() < 1e-12);
/// assert!(chart.points[0].short_phase);
/// ```
pub fn xmr(values: &[Option<f64>], settings: &XmrSettings) -> Result<Chart, Refusal> {
    for (at, value) in values.iter().enumerate() {
        if let Some(value) = value {
            check::finite("values", *value).map_err(|_| Refusal::Argument {
                name: "values",
                index: Some(at),
                found: *value,
                must: "must be a finite number or a gap",
            })?;
        }
    }
    let minimum = if settings.degenerate_limits { 1 } else { MINIMUM };
    check::at_least("points", values.iter().flatten().count(), minimum)?;
    if settings.fix_after.is_some_and(|points| points < 12) {
        return Err(Refusal::argument(
            "fix_after",
            settings.fix_after.unwrap_or(0) as f64,
            "must be at least 12: limits from fewer points are not settled",
        ));
    }
    if settings.counts {
        suits_xmr(values)?;
    }
    let starts = phase_starts(values.len(), &settings.rebase_at)?;
    let mut points = Vec::with_capacity(values.len());
    for (phase, &start) in starts.iter().enumerate() {
        let end = starts.get(phase + 1).copied().unwrap_or(values.len());
        points.extend(one_phase(&values[start..end], phase, settings)?);
    }
    let assurance: Option<Assurance> = assurance(settings.target, settings.better, &points);
    Ok(Chart { kind: Kind::Xmr, points, assurance })
}

/// The points of one phase.
fn one_phase(values: &[Option<f64>], phase: usize, settings: &XmrSettings) -> Result<Vec<Point>, Refusal> {
    let basis = &values[..settings.fix_after.unwrap_or(values.len()).min(values.len())];
    let present: Vec<f64> = basis.iter().flatten().copied().collect();
    let minimum = if settings.degenerate_limits { 1 } else { MINIMUM };
    check::at_least("points in one phase", present.len(), minimum)?;
    let centre = mean(&present);
    let range = mean_range(basis, settings.screen_outliers);
    let collapsed = range.is_none_or(|range| range == 0.0);
    if collapsed && !settings.degenerate_limits {
        return Err(Refusal::Degenerate { what: "the limits collapse onto the mean, because (nearly) no two neighbouring points differ" });
    }
    let reach = LIMIT * range.unwrap_or(f64::NAN);
    let inner = reach / 1.5;
    let lower = centre - reach;
    let lower = if settings.counts && lower < 0.0 { 0.0 } else { lower };
    let upper = centre + reach;
    let seen: Vec<Option<Seen>> = values
        .iter()
        .map(|value| {
            value.map(|value| {
                let outside = i8::from(value > upper) - i8::from(value < lower);
                let beyond = value > centre + inner || value < centre - inner;
                Seen { value, side: i8::from(value > centre) - i8::from(value < centre), close: outside == 0 && beyond, outside }
            })
        })
        .collect();
    let broken = rules::broken(&seen, settings.rules);
    let short_phase = values.iter().flatten().count() < SHORT_PHASE;
    let points = seen.iter().zip(broken).zip(values).map(|((seen, rule), &value)| Point {
        value,
        mean: centre,
        lower,
        upper,
        close_to_limits: seen.filter(|_| !upper.is_nan()).map(|seen| seen.close),
        side: seen.map_or(0, |seen| seen.side),
        rule,
        variation: meaning(rule, settings.better),
        phase,
        short_phase,
    });
    Ok(points.collect())
}

/// The mean moving range, screened if asked; `None` when no range is left.
fn mean_range(values: &[Option<f64>], screen: bool) -> Option<f64> {
    let ranges: Vec<f64> = values.windows(2).filter_map(|pair| Some(libm::fabs(pair[1]? - pair[0]?))).collect();
    if ranges.is_empty() {
        return None;
    }
    let first = mean(&ranges);
    if !screen {
        return Some(first);
    }
    let kept: Vec<f64> = ranges.into_iter().filter(|range| *range < JUMP * first).collect();
    if kept.is_empty() { None } else { Some(mean(&kept)) }
}

#[cfg(test)]
mod tests {
    use super::super::Rule;
    use super::*;

    fn some(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    #[test]
    fn equal_points_are_refused_and_not_called_special() {
        let zeros = some(&[0.0; 14]);
        assert!(matches!(xmr(&zeros, &XmrSettings::for_measure(Better::Lower)), Err(Refusal::Degenerate { .. })));
        // One 6 after twelve 5s: the only range is screened out.
        let mut ties = vec![5.0; 12];
        ties.push(6.0);
        assert!(xmr(&some(&ties), &XmrSettings::for_measure(Better::Lower)).is_err());
    }

    #[test]
    fn a_lone_spike_does_not_widen_the_limits() {
        let mut values = vec![51.0, 47.0, 55.0, 54.0, 60.0, 54.0, 42.0, 49.0, 61.0, 53.0, 50.0, 52.0];
        values.push(120.0);
        values.extend([50.0, 51.0, 49.0]);
        let chart = xmr(&some(&values), &XmrSettings::for_measure(Better::Lower)).unwrap();
        assert_eq!(chart.points[12].rule, Some(Rule::AboveUpper));
        assert!(chart.points[0].upper < 80.0);
    }

    #[test]
    fn counts_have_no_limit_below_zero() {
        let chart = xmr(&some(&[14.0, 2.0, 25.0, 4.0, 19.0, 1.0, 28.0, 6.0]), &XmrSettings::for_counts(Better::Lower)).unwrap();
        assert_eq!(chart.points[0].lower, 0.0);
    }

    #[test]
    fn a_rebase_gives_each_phase_its_own_mean() {
        let values = some(&[50.0, 52.0, 49.0, 51.0, 80.0, 83.0, 79.0, 82.0]);
        let settings = XmrSettings { rebase_at: vec![4], ..XmrSettings::for_measure(Better::Lower) };
        let chart = xmr(&values, &settings).unwrap();
        assert_eq!(chart.points[3].mean, 50.5);
        assert_eq!(chart.points[4].mean, 81.0);
        assert_eq!(chart.points[4].phase, 1);
    }

    #[test]
    fn a_range_does_not_span_a_gap() {
        let values = [Some(10.0), Some(12.0), None, Some(40.0), Some(42.0)];
        assert_eq!(mean_range(&values, false), Some(2.0));
    }
}
