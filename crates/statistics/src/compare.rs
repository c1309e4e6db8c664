//! Is this rate different from that one, or from the average, by more than chance?
//!
//! Two rates are compared by their ratio (score, exact and log intervals) or their difference; one rate is held
//! against a benchmark by its intervals or by an exact test; and many tests at once are kept honest by [`adjust`].
//!
//! Sources: Miettinen and Nurminen 1985 and Ng and Tang 2005 (score), Clopper and Pearson 1934 (exact), Zou and Donner
//! 2008 (difference), Benjamini and Hochberg 1995, Benjamini and Yekutieli 2001, Holm 1979.
//! Oracles: `rate_ratio`, `multiple_testing`. Pages: `methods/rate_ratio.md`, `methods/multiple_testing.md`.

mod benchmark;
mod log_scale;
mod many;

pub use benchmark::{Standing, against_benchmark, exact_test, standing};
pub use log_scale::{ratio_score_log, ratio_wald_log, score_log_limits_of_peer};
pub use many::{Adjustment, adjust};

use crate::estimate::{Confidence, Estimate, Method, Outcome, Refusal, RestsOn, check};
use crate::rate::{exact_lower, exact_upper};
use crate::special::{beta_p_inverse, binomial_cdf, binomial_pmf, binomial_upper, normal_cdf};

/// Two counts with what they are counted over: people, days, person-years.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    events: [f64; 2],
    exposures: [f64; 2],
}

impl Pair {
    /// The first area or period and the one it is compared with.
    ///
    /// # Errors
    /// Refused when events are negative or not finite, or an exposure is not above 0.
    pub fn new(events: f64, exposure: f64, events_other: f64, exposure_other: f64) -> Result<Self, Refusal> {
        check::not_negative("events", events)?;
        check::positive("exposure", exposure)?;
        check::not_negative("events_other", events_other)?;
        check::positive("exposure_other", exposure_other)?;
        Ok(Pair { events: [events, events_other], exposures: [exposure, exposure_other] })
    }

    /// The ratio of the exposures: what the ratio of the counts is divided by.
    fn exposure_ratio(&self) -> f64 {
        self.exposures[0] / self.exposures[1]
    }

    /// The ratio of the rates; infinite when the other has no events.
    fn ratio(&self) -> f64 {
        self.events[0] / self.events[1] / self.exposure_ratio()
    }

    fn rests_on(&self) -> RestsOn {
        RestsOn { events: self.events[0] + self.events[1], denominator: self.exposures[0] + self.exposures[1] }
    }

    fn some_events(&self) -> Result<(), Refusal> {
        if self.events[0] + self.events[1] > 0.0 {
            Ok(())
        } else {
            Err(Refusal::Degenerate { what: "neither has any events, so that nothing can be compared" })
        }
    }
}

/// The two-sided p-value of the score test that both rates are equal.
///
/// # Errors
/// Refused when neither has any events.
///
/// ```
/// use headwater_statistics::compare::{Pair, score_p};
///
/// // (60 - 40)/sqrt(100) = 2 standard deviations
/// let p = score_p(&Pair::new(60.0, 1000.0, 40.0, 1000.0).unwrap()).unwrap();
/// assert!((p - 0.0455).abs() < 5e-5);
/// ```
pub fn score_p(pair: &Pair) -> Result<f64, Refusal> {
    score_p_dispersed(pair, 1.0)
}

/// The same where counts vary `dispersion` times as much as Poisson (variance over mean, at least 1).
pub(crate) fn score_p_dispersed(pair: &Pair, dispersion: f64) -> Result<f64, Refusal> {
    pair.some_events()?;
    let scale = pair.exposure_ratio();
    let [first, other] = pair.events;
    let z = (first - other * scale) / libm::sqrt(dispersion * (first + other) * scale);
    Ok(f64::min(1.0, 2.0 * normal_cdf(-libm::fabs(z))))
}

/// The two-sided p-value of the exact conditional test that both rates are equal.
///
/// Given their sum, the first count is binomial; outcomes no more likely than the one seen are added up (the
/// minimum-likelihood rule). Counts must be whole.
///
/// # Errors
/// Refused when neither has any events, or a count is no whole number.
pub fn exact_p(pair: &Pair) -> Result<f64, Refusal> {
    pair.some_events()?;
    let [first, other] = pair.events;
    whole("events", first)?;
    whole("events_other", other)?;
    let trials = first + other;
    let chance = pair.exposures[0] / (pair.exposures[0] + pair.exposures[1]);
    let seen = binomial_pmf(first, trials, chance);
    // Ties in probability must count as ties although they were rounded.
    let as_rare = seen * (1.0 + 1e-7);
    let mode = libm::floor((trials + 1.0) * chance);
    // On the far side of the mode the probabilities rise or fall steadily, so the border is found by halving.
    let p = if first <= mode {
        let border = first_whole(f64::max(mode, first), trials, |count| binomial_pmf(count, trials, chance) <= as_rare);
        binomial_cdf(first, trials, chance) + binomial_upper(f64::max(border, first + 1.0), trials, chance)
    } else {
        let border = last_whole(0.0, mode, |count| binomial_pmf(count, trials, chance) <= as_rare);
        binomial_upper(first, trials, chance) + border.map_or(0.0, |border| binomial_cdf(border, trials, chance))
    };
    Ok(f64::min(1.0, p))
}

/// The first whole number from `low` to `high` for which a condition holds that holds ever after; `high + 1` if none.
fn first_whole(low: f64, high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (low, high + 1.0);
    while low < high {
        let middle = libm::floor((low + high) / 2.0);
        if holds(middle) { high = middle } else { low = middle + 1.0 }
    }
    low
}

/// The last whole number from `low` to `high` for which a condition holds that held ever before.
fn last_whole(low: f64, high: f64, holds: impl Fn(f64) -> bool) -> Option<f64> {
    let after = first_whole(low, high, |count| !holds(count));
    (after > low).then_some(after - 1.0)
}

fn whole(name: &'static str, value: f64) -> Result<(), Refusal> {
    if libm::floor(value) == value { Ok(()) } else { Err(Refusal::argument(name, value, "must be a whole number for an exact test")) }
}

/// The ratio of the first rate to the other, with the score interval.
///
/// The interval holds every ratio that the score test would not reject; it is closed under a count of 0 on either side
/// (a ratio to 0 events is infinite and refused, but the interval of its inverse exists).
///
/// # Errors
/// Refused when neither has any events, or the other has none: exchange the two.
///
/// ```
/// use headwater_statistics::{compare::{Pair, ratio_score}, estimate::Confidence};
///
/// let ratio = ratio_score(&Pair::new(250.0, 100_000.0, 198.0, 98_000.0).unwrap(), Confidence::P95).unwrap();
/// assert!((ratio.value() - 1.2374).abs() < 5e-5);
/// assert!(ratio.lower() > 1.0);
/// ```
pub fn ratio_score(pair: &Pair, confidence: Confidence) -> Outcome {
    ratio_score_dispersed(pair, confidence, 1.0)
}

/// The same where counts vary `dispersion` times as much as Poisson.
pub(crate) fn ratio_score_dispersed(pair: &Pair, confidence: Confidence, dispersion: f64) -> Outcome {
    other_has_events(pair)?;
    let [first, other] = pair.events;
    // (first - other r)^2 = z^2 phi (first + other) r in r = ratio of counts: a quadratic, both roots of one sign.
    let square = confidence.z() * confidence.z() * dispersion;
    let half = first * other + 0.5 * square * (first + other);
    let root = libm::sqrt(half * half - first * first * other * other);
    let upper = (half + root) / (other * other);
    let lower = if first == 0.0 { 0.0 } else { first * first / (half + root) };
    let unit = 1.0 / pair.exposure_ratio();
    Estimate::new(pair.ratio(), (lower * unit, upper * unit), confidence, Method::RatioScore, pair.rests_on())
}

/// The ratio with the exact conditional interval: never too narrow, often wider than need be.
///
/// # Errors
/// Refused when neither has any events, or the other has none.
pub fn ratio_exact(pair: &Pair, confidence: Confidence) -> Outcome {
    other_has_events(pair)?;
    let [first, other] = pair.events;
    let tail = confidence.tail();
    let odds = |share: f64| share / (1.0 - share) / pair.exposure_ratio();
    let lower = if first == 0.0 { 0.0 } else { odds(beta_p_inverse(first, other + 1.0, tail)) };
    let upper = odds(1.0 - beta_p_inverse(other, first + 1.0, tail));
    Estimate::new(pair.ratio(), (lower, upper), confidence, Method::RatioExact, pair.rests_on())
}

/// The first rate minus the other, times `multiplier`, with limits recovered from the exact limits of each.
///
/// # Errors
/// Refused when the multiplier is not above 0.
///
/// ```
/// use headwater_statistics::{compare::{Pair, difference}, estimate::Confidence};
///
/// let more = difference(&Pair::new(60.0, 1000.0, 40.0, 1000.0).unwrap(), 1000.0, Confidence::P95).unwrap();
/// assert!((more.value() - 20.0).abs() < 1e-12);
/// assert!(more.lower() < 20.0 && more.upper() > 20.0);
/// ```
pub fn difference(pair: &Pair, multiplier: f64, confidence: Confidence) -> Outcome {
    check::positive("multiplier", multiplier)?;
    let tail = confidence.tail();
    let rate = |at: usize| pair.events[at] / pair.exposures[at];
    let low = |at: usize| exact_lower(pair.events[at], tail) / pair.exposures[at];
    let high = |at: usize| exact_upper(pair.events[at], tail) / pair.exposures[at];
    let value = rate(0) - rate(1);
    let lower = value - libm::hypot(rate(0) - low(0), high(1) - rate(1));
    let upper = value + libm::hypot(high(0) - rate(0), rate(1) - low(1));
    Estimate::new(value * multiplier, (lower * multiplier, upper * multiplier), confidence, Method::DifferenceRecovered, pair.rests_on())
}

fn other_has_events(pair: &Pair) -> Result<(), Refusal> {
    pair.some_events()?;
    if pair.events[1] > 0.0 {
        Ok(())
    } else {
        Err(Refusal::Degenerate { what: "the other rate is 0, and nothing is a multiple of 0; exchange the two" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(first: f64, other: f64) -> Pair {
        Pair::new(first, 1000.0, other, 1100.0).unwrap()
    }

    #[test]
    fn the_score_interval_ends_where_the_score_test_rejects() {
        let found = ratio_score(&pair(30.0, 20.0), Confidence::P95).unwrap();
        for limit in [found.lower(), found.upper()] {
            // Dividing the first exposure's rate by the limit makes the rates equal under the null.
            let null = Pair::new(30.0, 1000.0 * limit, 20.0, 1100.0).unwrap();
            assert!((score_p(&null).unwrap() - 0.05).abs() < 1e-12);
        }
    }

    #[test]
    fn no_events_on_the_first_side_have_a_ratio_of_zero_with_an_upper_limit() {
        for ratio in [ratio_score, ratio_exact, ratio_wald_log] {
            let found = ratio(&pair(0.0, 4.0), Confidence::P95).unwrap();
            assert_eq!(found.value(), 0.0);
            assert!(found.upper() > 0.5 && found.upper() < 4.0, "{found:?}");
        }
        assert!(ratio_score_log(&pair(0.0, 4.0), Confidence::P95).is_err());
        assert!(ratio_score(&pair(4.0, 0.0), Confidence::P95).is_err());
    }

    #[test]
    fn the_exact_p_value_adds_every_outcome_that_is_no_more_likely() {
        // Ten events, 2 on the first side, equal exposure: (1 + 10 + 45) * 2 of 1024.
        let equal = Pair::new(2.0, 1.0, 8.0, 1.0).unwrap();
        assert!((exact_p(&equal).unwrap() - 112.0 / 1024.0).abs() < 1e-12);
        let middle = Pair::new(5.0, 1.0, 5.0, 1.0).unwrap();
        assert!((exact_p(&middle).unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_exact_interval_holds_the_score_interval_for_few_events() {
        let (exact, score) = (ratio_exact(&pair(6.0, 9.0), Confidence::P95).unwrap(), ratio_score(&pair(6.0, 9.0), Confidence::P95).unwrap());
        assert!(exact.lower() < score.lower() && exact.upper() > score.upper());
    }

    #[test]
    fn half_events_have_no_exact_test() {
        assert!(exact_p(&pair(1.5, 3.0)).unwrap_err().to_string().contains("whole number"));
    }
}
