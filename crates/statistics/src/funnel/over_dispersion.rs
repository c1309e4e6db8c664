//! How much more areas differ than chance explains, and where one stands once that is allowed for.

use super::{Position, place};
use crate::estimate::{Confidence, Refusal, check};
use crate::special::total;

/// How much more areas differ than chance explains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OverDispersion {
    /// The mean square of the winsorised z scores: 1 by chance, 3 means limits should be 1.7 times as wide.
    pub phi: f64,
    /// The variance between areas on the scale of the log rate, from a random-effects model; 0 if none is needed.
    pub between_variance: f64,
    /// How many areas it was estimated from.
    pub areas: usize,
}

impl OverDispersion {
    /// Where an area stands once the areas' usual differences are allowed for.
    ///
    /// The z score on the square-root scale is divided by the root of phi (never by less than 1).
    pub fn position(&self, events: f64, expected: f64) -> Position {
        let z = z_score(events, expected) / libm::sqrt(f64::max(1.0, self.phi));
        let (alert, alarm) = (Confidence::P95.z(), Confidence::P99_8.z());
        place(-z, (-alert, alert), (-alarm, alarm))
    }
}

/// Over-dispersion after Spiegelhalter (2005): z scores on the square-root scale, the outer tenth on each side
/// drawn in (winsorised), then their mean square.
///
/// Crime differs between areas for many reasons, so that the plain funnel often calls most areas unusual. This says how
/// much of it is the rule.
///
/// # Errors
/// Refused with fewer than ten areas, or lists that do not fit.
pub fn over_dispersion(events: &[f64], expected: &[f64]) -> Result<OverDispersion, Refusal> {
    check::lengths("events", events.len(), "expected", expected.len())?;
    check::at_least("areas", events.len(), 10)?;
    check::each("events", events, check::not_negative)?;
    check::each("expected", expected, check::positive)?;
    let mut scores: Vec<f64> = events.iter().zip(expected).map(|(&e, &x)| z_score(e, x)).collect();
    scores.sort_by(f64::total_cmp);
    let count = scores.len();
    let cut = count / 10;
    let (low, high) = (scores[cut], scores[count - 1 - cut]);
    let phi = total(scores.iter().map(|z| z.clamp(low, high)).map(|z| z * z)) / count as f64;
    // DerSimonian and Laird on the scale of log(O/E), whose sampling variance is 1/E.
    let weights = expected;
    let sum = total(weights.iter().copied());
    let square = total(weights.iter().map(|w| w * w));
    let excess = count as f64 * phi - (count as f64 - 1.0);
    let between_variance = f64::max(0.0, excess / (sum - square / sum));
    Ok(OverDispersion { phi, between_variance, areas: count })
}

/// The z score of a count on the square-root scale, where its spread does not depend on its size.
fn z_score(events: f64, expected: f64) -> f64 {
    2.0 * (libm::sqrt(events) - libm::sqrt(expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_that_differ_only_by_chance_have_a_phi_near_one() {
        // Counts at the Poisson quantiles of 20: as spread as chance makes them.
        let events = [12.0, 14.0, 15.0, 17.0, 18.0, 19.0, 20.0, 21.0, 22.0, 24.0, 26.0, 29.0];
        let found = over_dispersion(&events, &[20.0; 12]).unwrap();
        assert!((0.5..1.5).contains(&found.phi), "{found:?}");
        assert_eq!(found.position(40.0, 20.0), Position::High99_8);
    }
}
