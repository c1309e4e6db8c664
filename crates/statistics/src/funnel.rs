//! Which areas differ from the average by more than chance? Funnel limits and where each area stands.
//!
//! A league table ranks noise; a funnel draws how far an area of a given size strays by chance alone, at 95 % and
//! 99.8 %. Limits for rates and ratios are exact Poisson limits by the inverse incomplete gamma function, those for
//! proportions are inverse Wilson limits, and areas are judged as OHID does: by their own interval against the average.
//!
//! Oracle: `funnel_rate`. Its peer solves for the limits by bisection and stops early (up to 5e-5 off at one event);
//! ours are exact. For readers who are not programmers: `methods/funnel_rate.md`.

mod over_dispersion;

pub use over_dispersion::{OverDispersion, over_dispersion};

use crate::estimate::{Confidence, Refusal, check};
use crate::proportion;
use crate::rate::{self, CountLimits};
use crate::special::{gamma_q, total};

/// The four limits at one size of area, in the unit of the value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The size: events, population or trials, as the function says.
    pub at: f64,
    /// Lower 95 % limit.
    pub lower_95: f64,
    /// Upper 95 % limit.
    pub upper_95: f64,
    /// Lower 99.8 % limit.
    pub lower_99_8: f64,
    /// Upper 99.8 % limit.
    pub upper_99_8: f64,
}

/// Where an area stands against the average.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Position {
    /// Below the 99.8 % limits.
    Low99_8,
    /// Below the 95 % limits only.
    Low95,
    /// No evidence of a difference.
    Similar,
    /// Above the 95 % limits only.
    High95,
    /// Above the 99.8 % limits.
    High99_8,
}

impl Position {
    /// OHID's label: `High (0.001)`, `Not significant`.
    pub fn label(self) -> &'static str {
        match self {
            Position::Low99_8 => "Low (0.001)",
            Position::Low95 => "Low (0.025)",
            Position::Similar => "Not significant",
            Position::High95 => "High (0.025)",
            Position::High99_8 => "High (0.001)",
        }
    }

    /// The same in words for a page.
    pub fn words(self) -> &'static str {
        match self {
            Position::Low99_8 => "lower than average (99.8 % limits)",
            Position::Low95 => "lower than average (95 % limits)",
            Position::Similar => "similar to average",
            Position::High95 => "higher than average (95 % limits)",
            Position::High99_8 => "higher than average (99.8 % limits)",
        }
    }
}

/// The pooled average: all events over all of the denominators.
///
/// # Errors
/// Refused when the lists differ in length, are empty, or hold a negative count or an empty denominator.
pub fn baseline(events: &[f64], denominators: &[f64]) -> Result<f64, Refusal> {
    check::lengths("events", events.len(), "denominators", denominators.len())?;
    check::at_least("areas", events.len(), 1)?;
    check::each("events", events, check::not_negative)?;
    check::each("denominators", denominators, check::positive)?;
    Ok(total(events.iter().copied()) / total(denominators.iter().copied()))
}

/// Limits of a rate or ratio for an area with so many `events`, as OHID draws them (events on the x axis).
///
/// `average` is the pooled rate in the unit wanted (per 100,000, say). At `events` the lower limit is the rate of an
/// area whose count is just as low as chance allows: `average * events / U`, where U is the exact upper limit of the
/// count; the upper limit uses the exact lower limit.
///
/// # Errors
/// Refused when the average or the events are not above 0.
///
/// ```
/// use headwater_statistics::funnel;
///
/// // 9 events have exact limits of 4.115 and 17.085.
/// let limits = funnel::at_events(9.0, 100.0).unwrap();
/// assert!((limits.lower_95 - 100.0 * 9.0 / 17.085).abs() < 0.005);
/// assert!((limits.upper_95 - 100.0 * 9.0 / 4.115).abs() < 0.02);
/// ```
pub fn at_events(events: f64, average: f64) -> Result<Limits, Refusal> {
    check::positive("events", events)?;
    check::positive("average", average)?;
    let bounds = |confidence: Confidence| {
        let tail = confidence.tail();
        (average * events / rate::exact_upper(events, tail), average * events / rate::exact_lower(events, tail))
    };
    let (lower_95, upper_95) = bounds(Confidence::P95);
    let (lower_99_8, upper_99_8) = bounds(Confidence::P99_8);
    Ok(Limits { at: events, lower_95, upper_95, lower_99_8, upper_99_8 })
}

/// Limits of a rate for an area of `population` people, for a chart with population on the x axis.
///
/// The same curves as [`at_events`] read the other way round: the counts that are just as low or as high as chance
/// allows when `average / multiplier * population` events are expected, between whole counts interpolated by the
/// incomplete gamma function. A lower limit of 0 means that no count would be low enough to notice.
///
/// # Errors
/// Refused when a number is not above 0.
///
/// ```
/// use headwater_statistics::funnel;
///
/// // 17.085 expected: 9 events are just as low as chance allows (see the example above).
/// let limits = funnel::at_population(17_085.0, 100.0, 100_000.0).unwrap();
/// assert!((limits.lower_95 - 9.0 / 0.17085).abs() < 0.01);
/// ```
pub fn at_population(population: f64, average: f64, multiplier: f64) -> Result<Limits, Refusal> {
    check::positive("population", population)?;
    check::positive("average", average)?;
    check::positive("multiplier", multiplier)?;
    let expected = average / multiplier * population;
    let per = multiplier / population;
    let bounds = |confidence: Confidence| {
        let tail = confidence.tail();
        (low_count(expected, tail) * per, high_count(expected, tail) * per)
    };
    let (lower_95, upper_95) = bounds(Confidence::P95);
    let (lower_99_8, upper_99_8) = bounds(Confidence::P99_8);
    Ok(Limits { at: population, lower_95, upper_95, lower_99_8, upper_99_8 })
}

/// The count at which at most so many have the chance `tail`: Q(count + 1, expected) = tail; 0 if none is so rare.
fn low_count(expected: f64, tail: f64) -> f64 {
    if gamma_q(1.0, expected) >= tail {
        return 0.0;
    }
    halve(0.0, expected, |count| gamma_q(count + 1.0, expected) < tail)
}

/// The count at which so many or more have the chance `tail`: P(count, expected) = tail.
fn high_count(expected: f64, tail: f64) -> f64 {
    let far = expected + 12.0 * libm::sqrt(expected) + 40.0;
    halve(f64::min(expected, 1e-9), far, |count| 1.0 - gamma_q(count, expected) > tail)
}

/// The point between `low` and `high` up to which `before` holds.
fn halve(mut low: f64, mut high: f64, before: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if before(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Limits of a proportion for an area of so many `trials`: inverse Wilson limits around `average` (a share).
///
/// # Errors
/// Refused when the average is outside 0 to 1 or there are no trials.
pub fn of_proportion(trials: f64, average: f64, multiplier: f64) -> Result<Limits, Refusal> {
    check::positive("trials", trials)?;
    check::positive("multiplier", multiplier)?;
    if !(0.0..=1.0).contains(&average) {
        return Err(Refusal::argument("average", average, "must be a share from 0 to 1"));
    }
    // The values whose own Wilson interval just touches the average: p = average +/- z sqrt(average(1-average)/n).
    let bounds = |confidence: Confidence| {
        let reach = confidence.z() * libm::sqrt(average * (1.0 - average) / trials);
        (f64::max(0.0, average - reach) * multiplier, f64::min(1.0, average + reach) * multiplier)
    };
    let (lower_95, upper_95) = bounds(Confidence::P95);
    let (lower_99_8, upper_99_8) = bounds(Confidence::P99_8);
    Ok(Limits { at: trials, lower_95, upper_95, lower_99_8, upper_99_8 })
}

/// Where one area's rate or ratio stands against `average` events per unit of its denominator.
///
/// The area's own limits (exact under ten events, Byar from ten) are held against the average, as OHID does.
///
/// # Errors
/// Refused when events are negative or a number is not finite or the denominator is not above 0.
///
/// ```
/// use headwater_statistics::funnel::{self, Position};
///
/// // 25 events where 10 are average: the 99.8 % limits start at 12.3.
/// assert_eq!(funnel::position(25.0, 10_000.0, 0.001).unwrap(), Position::High99_8);
/// assert_eq!(funnel::position(12.0, 10_000.0, 0.001).unwrap(), Position::Similar);
/// ```
pub fn position(events: f64, denominator: f64, average: f64) -> Result<Position, Refusal> {
    check::not_negative("events", events)?;
    check::positive("denominator", denominator)?;
    check::not_negative("average", average)?;
    let expected = average * denominator;
    let limits = |confidence| {
        let (lower, upper, _) = rate::count_limits(events, confidence, CountLimits::ExactThenByar);
        (lower, upper)
    };
    Ok(place(expected, limits(Confidence::P95), limits(Confidence::P99_8)))
}

/// Where one area's proportion stands against `average` (a share), by its own Wilson limits.
///
/// # Errors
/// Refused when there are no trials, more successes than trials, or the average is no share.
pub fn position_of_proportion(successes: f64, trials: f64, average: f64) -> Result<Position, Refusal> {
    check::not_negative("successes", successes)?;
    check::positive("trials", trials)?;
    if successes > trials {
        return Err(Refusal::argument("successes", successes, "must not exceed the number of trials"));
    }
    if !(0.0..=1.0).contains(&average) {
        return Err(Refusal::argument("average", average, "must be a share from 0 to 1"));
    }
    let limits = |confidence: Confidence| proportion::limits(successes, trials, confidence.z());
    Ok(place(average, limits(Confidence::P95), limits(Confidence::P99_8)))
}

/// The position of an area whose limits are given, against the average in the same unit.
pub(crate) fn place(average: f64, at_95: (f64, f64), at_99_8: (f64, f64)) -> Position {
    if average > at_99_8.1 {
        Position::Low99_8
    } else if average > at_95.1 {
        Position::Low95
    } else if average < at_99_8.0 {
        Position::High99_8
    } else if average < at_95.0 {
        Position::High95
    } else {
        Position::Similar
    }
}

/// How many points a funnel's axis has.
const AXIS_POINTS: usize = 100;

/// A hundred whole counts for the x axis, spaced in growing steps as OHID's charts have them.
///
/// From 1 (or near the smallest, when the largest area is less than twice the smallest) to the events expected in an
/// area slightly larger than the largest.
///
/// # Errors
/// Refused when there are no areas, a denominator is not above 0, or the average is not above 0.
///
/// ```
/// use headwater_statistics::funnel;
///
/// let axis = funnel::events_axis(&[500.0, 48_000.0], 0.09).unwrap();
/// assert_eq!(axis[..3], [1.0, 2.0, 3.0]);
/// assert_eq!(axis.len(), 100);
/// ```
pub fn events_axis(denominators: &[f64], average: f64) -> Result<Vec<f64>, Refusal> {
    check::at_least("areas", denominators.len(), 1)?;
    check::each("denominators", denominators, check::positive)?;
    check::positive("average", average)?;
    let smallest = denominators.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = denominators.iter().copied().fold(0.0, f64::max);
    // 5 % above the largest, rounded up to two leading digits; 5 % below the smallest, rounded down to one.
    let reach = libm::ceil(largest * 1.05);
    let unit = libm::pow(10.0, f64::max(0.0, digits(reach) - 2.0));
    let end = libm::ceil(libm::ceil(largest * 1.05 / unit) * unit * average);
    let begin = if largest > 2.0 * smallest {
        0.0
    } else {
        let unit = libm::pow(10.0, f64::max(0.0, digits(libm::floor(smallest * 0.95)) - 1.0));
        libm::floor(libm::floor(smallest * 0.95 / unit) * unit * average)
    };
    let mut axis = vec![f64::max(1.0, begin)];
    for point in 2..=AXIS_POINTS {
        let last = axis[point - 2];
        let left = (AXIS_POINTS + 1 - point) as f64;
        let step = libm::rint(libm::pow(end / last, 1.0 / left) * last);
        axis.push(f64::max(step, last + 1.0));
    }
    Ok(axis)
}

/// How many digits a whole number has before the point.
fn digits(whole: f64) -> f64 {
    if whole < 1.0 { 1.0 } else { libm::floor(libm::log10(whole)) + 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_ways_to_draw_a_funnel_are_the_same_curve() {
        for events in [1.0, 5.0, 40.0, 700.0] {
            let by_events = at_events(events, 250.0).unwrap();
            for (rate, side) in [(by_events.lower_95, 0), (by_events.upper_95, 1), (by_events.upper_99_8, 2)] {
                let population = events / rate * 100_000.0;
                let by_population = at_population(population, 250.0, 100_000.0).unwrap();
                let found = [by_population.lower_95, by_population.upper_95, by_population.upper_99_8][side];
                assert!((found / rate - 1.0).abs() < 1e-9, "{events} {side}: {found} {rate}");
            }
        }
    }

    #[test]
    fn a_proportion_on_its_funnel_limit_has_an_interval_that_touches_the_average() {
        let limits = of_proportion(80.0, 0.3, 1.0).unwrap();
        let (lower, _) = proportion::limits(limits.upper_95 * 80.0, 80.0, Confidence::P95.z());
        assert!((lower - 0.3).abs() < 1e-12);
    }

    #[test]
    fn a_zero_in_a_large_area_is_low() {
        assert_eq!(position(0.0, 10_000.0, 0.001).unwrap(), Position::Low99_8);
        assert_eq!(position(0.0, 1_000.0, 0.001).unwrap(), Position::Similar);
    }
}
