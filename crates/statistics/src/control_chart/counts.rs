//! The chart for counts: exact Poisson limits, right at any size.

use super::rules::{self, RuleSet, Seen};
use super::{Better, Chart, Kind, Point, SHORT_PHASE, assurance, meaning, phase_starts};
use crate::estimate::{Refusal, check};
use crate::special::{gamma_p, gamma_p_inverse, gamma_q, gamma_q_inverse, normal_cdf, total};

/// How a chart of counts is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct CountSettings {
    /// The chance of a point beyond each limit when nothing changes: 0.001 is the 99.8 % limit.
    pub tail: f64,
    /// Which way is better.
    pub better: Better,
    /// A target to be judged.
    pub target: Option<f64>,
    /// Where new phases begin (indices from 0, rising).
    pub rebase_at: Vec<usize>,
    /// How long runs are.
    pub rules: RuleSet,
}

impl CountSettings {
    /// 99.8 % limits, no target, no rebase.
    pub fn monthly(better: Better) -> Self {
        CountSettings { tail: 0.001, better, target: None, rebase_at: Vec::new(), rules: RuleSet::making_data_count() }
    }
}

/// A chart of counts (c-chart) or, with `exposures`, of counts against what could have happened (u-chart).
///
/// Values are the counts themselves, which may be fractional after apportionment between areas. The centre line is the phase's rate times each point's exposure (days, people; 1
/// where none is given). A point is outside when so many events or more (or fewer) have at most the chance `tail`;
/// `lower` and `upper` are the outermost whole counts that are not outside, so a lower limit of 0 cannot be broken.
/// Points near a limit for the two-in-three rule have at most the chance of a normal value beyond two standard
/// deviations. Counts spread more than Poisson when events come in clusters: then prefer [`super::xmr`].
///
/// # Errors
/// Refused when a count is negative or not finite, an exposure is not above 0, lists differ in length, there are
/// fewer than four counts, no events at all, or `tail` is not between 0 and 0.05.
///
/// ```
/// use headwater_statistics::control_chart::{Better, CountSettings, Rule, count_chart};
///
/// let counts = [1.0, 0.0, 2.0, 1.0, 0.0, 1.0, 9.0, 1.0, 0.0, 1.0].map(Some);
/// let chart = count_chart(&counts, None, &CountSettings::monthly(Better::Lower)).unwrap();
/// assert_eq!(chart.points[6].rule, Some(Rule::AboveUpper));
/// assert_eq!(chart.points[0].lower, 0.0);
/// ```
pub fn count_chart(counts: &[Option<f64>], exposures: Option<&[f64]>, settings: &CountSettings) -> Result<Chart, Refusal> {
    for (at, count) in counts.iter().enumerate() {
        if let Some(count) = count
            && !(count.is_finite() && *count >= 0.0)
        {
            return Err(Refusal::Argument {
                name: "counts",
                index: Some(at),
                found: *count,
                must: "must be a number that is not negative, or a gap",
            });
        }
    }
    check::at_least("points", counts.iter().flatten().count(), 4)?;
    if !(settings.tail > 0.0 && settings.tail < 0.05) {
        return Err(Refusal::argument("tail", settings.tail, "must be above 0 and below 0.05"));
    }
    let ones = vec![1.0; counts.len()];
    let exposures = exposures.unwrap_or(&ones);
    check::lengths("counts", counts.len(), "exposures", exposures.len())?;
    check::each("exposures", exposures, check::positive)?;
    let starts = phase_starts(counts.len(), &settings.rebase_at)?;
    let mut points = Vec::with_capacity(counts.len());
    for (phase, &start) in starts.iter().enumerate() {
        let end = starts.get(phase + 1).copied().unwrap_or(counts.len());
        points.extend(one_phase(&counts[start..end], &exposures[start..end], phase, settings)?);
    }
    let assurance = assurance(settings.target, settings.better, &points);
    Ok(Chart { kind: Kind::Count, points, assurance })
}

/// The points of one phase.
fn one_phase(counts: &[Option<f64>], exposures: &[f64], phase: usize, settings: &CountSettings) -> Result<Vec<Point>, Refusal> {
    let with_count = || counts.iter().zip(exposures).filter_map(|(count, exposure)| Some(((*count)?, *exposure)));
    let events = total(with_count().map(|(count, _)| count));
    let exposure = total(with_count().map(|(_, exposure)| exposure));
    if events == 0.0 {
        return Err(Refusal::Degenerate { what: "there are no events, so nothing can be said about their rate" });
    }
    let rate = events / exposure;
    let two_sigma = normal_cdf(-2.0);
    let near_tail = f64::max(two_sigma, settings.tail);
    let seen: Vec<Option<Seen>> = counts
        .iter()
        .zip(exposures)
        .map(|(count, exposure)| {
            count.map(|count| {
                let mean = rate * exposure;
                let outside = beyond(count, mean, settings.tail);
                Seen {
                    value: count / exposure,
                    side: i8::from(count > mean) - i8::from(count < mean),
                    close: outside == 0 && beyond(count, mean, near_tail) != 0,
                    outside,
                }
            })
        })
        .collect();
    let broken = rules::broken(&seen, settings.rules);
    let short_phase = with_count().count() < SHORT_PHASE;
    let points = seen.iter().zip(broken).enumerate().map(|(at, (seen, rule))| {
        let mean = rate * exposures[at];
        let (lower, upper) = whole_limits(mean, settings.tail);
        Point {
            value: counts[at],
            mean,
            lower,
            upper,
            close_to_limits: seen.map(|seen| seen.close),
            side: seen.map_or(0, |seen| seen.side),
            rule,
            variation: meaning(rule, settings.better),
            phase,
            short_phase,
        }
    });
    Ok(points.collect())
}

/// 1 when so many or more are too rare, -1 when so many or fewer are, 0 otherwise.
fn beyond(count: f64, mean: f64, tail: f64) -> i8 {
    // The Poisson tails as incomplete gamma ratios, which lie smoothly between those of whole counts.
    if count > mean && gamma_p(count, mean) <= tail {
        1
    } else if count < mean && gamma_q(count + 1.0, mean) <= tail {
        -1
    } else {
        0
    }
}

/// The outermost whole counts that are not beyond the limits.
fn whole_limits(mean: f64, tail: f64) -> (f64, f64) {
    // A gamma quantile is near; a few steps settle which whole number it is.
    let mut lower = libm::floor(gamma_p_inverse(f64::max(mean, 0.5), tail));
    while lower > 0.0 && beyond(lower - 1.0, mean, tail) == 0 {
        lower -= 1.0;
    }
    while beyond(lower, mean, tail) < 0 {
        lower += 1.0;
    }
    let mut upper = libm::ceil(gamma_q_inverse(mean + 1.0, tail));
    while upper > 0.0 && beyond(upper, mean, tail) > 0 {
        upper -= 1.0;
    }
    while beyond(upper + 1.0, mean, tail) == 0 {
        upper += 1.0;
    }
    (lower, upper)
}

#[cfg(test)]
mod tests {
    use super::super::Rule;
    use super::*;
    use crate::special::{poisson_cdf, poisson_upper};

    #[test]
    fn the_limits_are_the_outermost_counts_that_are_not_rare() {
        for mean in [0.3, 1.0, 4.2, 10.0, 55.5, 400.0] {
            let (lower, upper) = whole_limits(mean, 0.001);
            assert!(poisson_cdf(lower, mean) > 0.001);
            assert!(lower == 0.0 || poisson_cdf(lower - 1.0, mean) <= 0.001);
            assert!(poisson_upper(upper, mean) > 0.001);
            assert!(poisson_upper(upper + 1.0, mean) <= 0.001);
        }
    }

    #[test]
    fn a_short_month_is_not_called_low() {
        // Half the days, half the events: nothing special.
        let counts = [60.0, 62.0, 58.0, 30.0, 61.0, 59.0].map(Some);
        let days = [30.0, 31.0, 30.0, 15.0, 31.0, 30.0];
        let settings = CountSettings::monthly(Better::Lower);
        let with_days = count_chart(&counts, Some(&days), &settings).unwrap();
        assert_eq!(with_days.signals().count(), 0);
        let without = count_chart(&counts, None, &settings).unwrap();
        assert_eq!(without.points[3].rule, Some(Rule::BelowLower));
    }

    #[test]
    fn fractional_counts_are_judged_between_their_neighbours() {
        assert_eq!((beyond(8.0, 2.0, 0.002), beyond(8.6, 2.0, 0.002)), (1, 1));
        assert_eq!((beyond(7.0, 2.0, 0.002), beyond(7.2, 2.0, 0.002)), (0, 0));
    }

    #[test]
    fn no_events_at_all_are_refused() {
        let none = [Some(0.0); 6];
        assert!(count_chart(&none, None, &CountSettings::monthly(Better::Lower)).is_err());
    }
}
