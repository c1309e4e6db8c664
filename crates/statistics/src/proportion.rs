//! What share of so many? Proportions with Wilson's score interval.
//!
//! Wilson's interval (1927), without continuity correction, is the one that OHID publishes: it never leaves 0 to 1 and
//! stays right at small numbers, where the textbook interval p +/- 1.96 sqrt(p(1-p)/n) does not.
//!
//! For readers who are not programmers: `methods/wilson.md`.

use crate::estimate::{Confidence, Estimate, Method, Outcome, Refusal, RestsOn, check};

/// The proportion `successes / trials` times `multiplier` (1 for a share, 100 for per cent).
///
/// # Errors
/// Refused when a number is negative or not finite, when there are no trials, or more successes than trials.
///
/// ```
/// use headwater_statistics::{estimate::Confidence, proportion};
///
/// let share = proportion::wilson(5.0, 40.0, 1.0, Confidence::P95).unwrap();
/// assert_eq!(share.value(), 0.125);
/// assert!((share.lower() - 0.0546).abs() < 5e-5);
/// assert!((share.upper() - 0.2611).abs() < 5e-5);
/// ```
pub fn wilson(successes: f64, trials: f64, multiplier: f64, confidence: Confidence) -> Outcome {
    check::not_negative("successes", successes)?;
    check::positive("trials", trials)?;
    check::positive("multiplier", multiplier)?;
    if successes > trials {
        return Err(Refusal::argument("successes", successes, "must not exceed the number of trials"));
    }
    let (lower, upper) = limits(successes, trials, confidence.z());
    Estimate::new(
        successes / trials * multiplier,
        (lower * multiplier, upper * multiplier),
        confidence,
        Method::Wilson,
        RestsOn { events: successes, denominator: trials },
    )
}

/// Wilson's limits as shares. Used by the funnel, too.
pub(crate) fn limits(successes: f64, trials: f64, z: f64) -> (f64, f64) {
    let square = z * z;
    let failures = trials - successes;
    let centre = 2.0 * successes + square;
    let width = z * libm::sqrt(square + 4.0 * successes * failures / trials);
    let lower = (centre - width) / (2.0 * (trials + square));
    let upper = (centre + width) / (2.0 * (trials + square));
    // At 0 and at all successes the limits are exactly 0 and 1; rounding must not put them outside.
    let lower = if successes == 0.0 { 0.0 } else { lower };
    let upper = if failures == 0.0 { 1.0 } else { upper };
    (lower, upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_of_ten_has_a_lower_limit_of_exactly_zero() {
        let none = wilson(0.0, 10.0, 100.0, Confidence::P95).unwrap();
        assert_eq!(none.lower(), 0.0);
        assert!((none.upper() - 27.75).abs() < 0.005);
    }

    #[test]
    fn all_of_ten_mirrors_none_of_ten() {
        let none = wilson(0.0, 10.0, 1.0, Confidence::P95).unwrap();
        let all = wilson(10.0, 10.0, 1.0, Confidence::P95).unwrap();
        assert_eq!(all.upper(), 1.0);
        assert!((all.lower() - (1.0 - none.upper())).abs() < 1e-15);
    }

    #[test]
    fn more_successes_than_trials_are_refused() {
        assert!(wilson(11.0, 10.0, 1.0, Confidence::P95).is_err());
        assert!(wilson(0.0, 0.0, 1.0, Confidence::P95).is_err());
    }
}
