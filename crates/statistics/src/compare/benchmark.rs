//! One rate against a benchmark.

use crate::estimate::{Estimate, Refusal, check};
use crate::funnel::{self, Position};
use crate::special::{gamma_p, gamma_q};

/// Where a value stands against a benchmark, in the words that Fingertips uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Lower than the benchmark.
    Lower,
    /// No evidence of a difference.
    Similar,
    /// Higher than the benchmark.
    Higher,
}

impl Standing {
    /// "lower", "similar", "higher".
    pub fn word(self) -> &'static str {
        match self {
            Standing::Lower => "lower",
            Standing::Similar => "similar",
            Standing::Higher => "higher",
        }
    }
}

/// Whether an estimate's own interval lies below, around or above a benchmark that is known without error.
///
/// ```
/// use headwater_statistics::{compare::{Standing, standing}, estimate::Confidence, rate::{self, Settings}};
///
/// let rate = rate::crude(25.0, 10_000.0, &Settings::per_100_000(Confidence::P95)).unwrap();
/// assert_eq!(standing(&rate, 100.0), Standing::Higher); // 250 (162 to 369)
/// assert_eq!(standing(&rate, 200.0), Standing::Similar);
/// ```
pub fn standing(estimate: &Estimate, benchmark: f64) -> Standing {
    if benchmark > estimate.upper() {
        Standing::Lower
    } else if benchmark < estimate.lower() {
        Standing::Higher
    } else {
        Standing::Similar
    }
}

/// The same with both of the usual intervals of one value: how strong the evidence is, too.
///
/// `at_95` and `at_99_8` are the same estimate with the two confidences.
pub fn against_benchmark(at_95: &Estimate, at_99_8: &Estimate, benchmark: f64) -> Position {
    funnel::place(benchmark, (at_95.lower(), at_95.upper()), (at_99_8.lower(), at_99_8.upper()))
}

/// The two-sided exact p-value of so many events where `expected` are the rule.
///
/// Twice the smaller tail, never above 1: it agrees with the exact interval (under 0.05 just when the 95 % limits leave
/// the expectation out), for fractional counts, too.
///
/// # Errors
/// Refused when events are negative or not finite, or `expected` is not above 0.
///
/// ```
/// use headwater_statistics::compare::exact_test;
///
/// // 0 where 4 are expected: 2 e^-4
/// assert!((exact_test(0.0, 4.0).unwrap() - 2.0 * (-4.0f64).exp()).abs() < 1e-15);
/// ```
pub fn exact_test(events: f64, expected: f64) -> Result<f64, Refusal> {
    check::not_negative("events", events)?;
    check::positive("expected", expected)?;
    let upper = if events == 0.0 { 1.0 } else { gamma_p(events, expected) };
    let tail = f64::min(upper, gamma_q(events + 1.0, expected));
    Ok(f64::min(1.0, 2.0 * tail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::Confidence;
    use crate::rate::{self, CountLimits, Settings};

    #[test]
    fn the_exact_test_rejects_just_when_the_exact_interval_leaves_the_benchmark_out() {
        let settings = Settings { multiplier: 1.0, confidence: Confidence::P95, limits: CountLimits::Exact };
        for events in 0..40 {
            let events = f64::from(events);
            let interval = rate::crude(events, 1.0, &settings).unwrap();
            for expected in [0.5, 3.0, 7.7, 12.0, 20.0, 33.3] {
                assert_eq!(interval.holds(expected), exact_test(events, expected).unwrap() > 0.05);
            }
        }
    }

    #[test]
    fn strength_is_told_by_the_wider_interval() {
        let at = |confidence| rate::crude(25.0, 10_000.0, &Settings::per_100_000(confidence)).unwrap();
        let (usual, strict) = (at(Confidence::P95), at(Confidence::P99_8));
        assert_eq!(against_benchmark(&usual, &strict, 140.0), Position::High95);
        assert_eq!(against_benchmark(&usual, &strict, 100.0), Position::High99_8);
    }
}
