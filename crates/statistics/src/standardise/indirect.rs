//! Observed against expected: indirect standardisation.

use crate::estimate::{Confidence, Estimate, Method, Outcome, Refusal, RestsOn, check};
use crate::rate::{self, CountLimits};
use crate::special::total;

/// What the reference's rates lead one to expect in an area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// Events observed in the area.
    pub observed: f64,
    /// Events expected if the area had the reference's age-specific rates.
    pub expected: f64,
    /// The reference's crude rate, events per person.
    pub reference_rate: f64,
}

/// Observed and expected events of an area under the age-specific rates of a reference.
///
/// # Errors
/// Refused when the lists differ in length or are empty, a count is negative, a population is not above 0, or nothing at
/// all is expected.
///
/// ```
/// use headwater_statistics::standardise::expected;
///
/// // 1 % of 500 young and 0.2 % of 1,000 old people.
/// let found = expected(&[7., 3.], &[500., 1000.], &[100., 20.], &[10_000., 10_000.]).unwrap();
/// assert!((found.expected - 7.0).abs() < 1e-12);
/// assert_eq!(found.observed, 10.0);
/// ```
pub fn expected(events: &[f64], populations: &[f64], reference_events: &[f64], reference_populations: &[f64]) -> Result<Expected, Refusal> {
    check::lengths("events", events.len(), "populations", populations.len())?;
    check::each("events", events, check::not_negative)?;
    let observed = total(events.iter().copied());
    expected_for(observed, populations, reference_events, reference_populations)
}

/// The same where only the area's total is known.
///
/// # Errors
/// As for [`expected`].
pub fn expected_for(observed: f64, populations: &[f64], reference_events: &[f64], reference_populations: &[f64]) -> Result<Expected, Refusal> {
    check::not_negative("observed", observed)?;
    check::at_least("bands", populations.len(), 1)?;
    check::lengths("populations", populations.len(), "reference_events", reference_events.len())?;
    check::lengths("populations", populations.len(), "reference_populations", reference_populations.len())?;
    check::each("populations", populations, check::not_negative)?;
    check::each("reference_events", reference_events, check::not_negative)?;
    check::each("reference_populations", reference_populations, check::positive)?;
    let bands = reference_events.iter().zip(reference_populations).zip(populations);
    let expected = total(bands.map(|((events, reference), people)| events / reference * people));
    if expected <= 0.0 {
        return Err(Refusal::Degenerate { what: "no events are expected, so that nothing can be set against them" });
    }
    let reference_rate = total(reference_events.iter().copied()) / total(reference_populations.iter().copied());
    Ok(Expected { observed, expected, reference_rate })
}

/// The indirectly standardised ratio (SMR where the events are deaths): observed over expected.
///
/// Limits are exact under ten events and Byar's from ten, over the expected events, which are taken as known.
///
/// # Errors
/// Refused when nothing is expected.
pub fn indirect_ratio(found: &Expected, confidence: Confidence) -> Outcome {
    indirect(found, 1.0, confidence)
}

/// The indirectly standardised rate: the ratio times the reference's crude rate times `multiplier`.
///
/// # Errors
/// As for [`indirect_ratio`], or when the multiplier is not above 0.
pub fn indirect_rate(found: &Expected, multiplier: f64, confidence: Confidence) -> Outcome {
    check::positive("multiplier", multiplier)?;
    indirect(found, found.reference_rate * multiplier, confidence)
}

fn indirect(found: &Expected, unit: f64, confidence: Confidence) -> Outcome {
    check::not_negative("observed", found.observed)?;
    check::positive("expected", found.expected)?;
    let (lower, upper, method) = rate::count_limits(found.observed, confidence, CountLimits::ExactThenByar);
    let method = if method == Method::Byar { Method::IndirectByar } else { Method::IndirectExact };
    let per = unit / found.expected;
    Estimate::new(
        found.observed / found.expected * unit,
        (lower * per, upper * per),
        confidence,
        method,
        RestsOn { events: found.observed, denominator: found.expected },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_like_the_reference_has_a_ratio_of_one() {
        let reference = expected(&[30.0, 12.0], &[3000.0, 4000.0], &[30.0, 12.0], &[3000.0, 4000.0]);
        let ratio = indirect_ratio(&reference.unwrap(), Confidence::P95).unwrap();
        assert!((ratio.value() - 1.0).abs() < 1e-12);
        assert_eq!(ratio.method(), Method::IndirectByar);
    }

    #[test]
    fn nothing_expected_is_refused() {
        let refusal = expected(&[1.0], &[100.0], &[0.0], &[1000.0]).unwrap_err().to_string();
        assert!(refusal.contains("no events are expected"), "{refusal}");
    }
}
