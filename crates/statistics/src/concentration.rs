//! Is it bunched in a few places, more than chance alone would bunch it? And are they the same places next year?
//!
//! With fewer crimes than places most places are empty whatever happens, so a plain Gini or "5 % of places have half of
//! the crime" says little. Beside each measure stands what chance alone would give if every place had the same risk.
//!
//! Sources: Bernasco and Steenbeek 2017 (generalised Gini); expectation and variance under equal risk are worked out
//! here in closed form (multinomial counts, functional delta method) and checked by simulation in the tests.
//! Oracle: `gini_sparse`. For readers who are not programmers: `methods/gini_sparse.md`.

mod chance_baseline;
mod stability;

pub use stability::{Stability, jaccard, spearman, stability};

use crate::estimate::{Confidence, Estimate, Refusal, check};
use crate::special::total;
use chance_baseline::EqualRisk;

/// How bunched events are over places, beside what chance alone would give.
#[derive(Debug, Clone, PartialEq)]
pub struct Concentration {
    /// How many places there are.
    pub places: usize,
    /// How many events they had.
    pub events: f64,
    /// Gini's coefficient: 0 when all places are equal.
    pub gini: f64,
    /// Gini's coefficient times n/(n - 1), 1 when one place has everything; `None` with one place.
    pub gini_unbiased: Option<f64>,
    /// The generalised coefficient, which is 0 when the events are spread as evenly as so few can be.
    pub gini_generalised: f64,
    /// The same times m/(m - 1) with m the smaller of places and events; `None` where m is 1 or less.
    pub gini_generalised_unbiased: Option<f64>,
    /// The share of places, worst first, that hold half of the events (with a part of the last place).
    pub half_share: f64,
    /// Gini's coefficient under chance alone, with an interval.
    pub gini_by_chance: Estimate,
    /// The share of places that would hold half of the events under chance alone, with an interval.
    pub half_share_by_chance: Estimate,
}

impl Concentration {
    /// Whether the events are more bunched than chance explains: Gini above its chance interval.
    pub fn beyond_chance(&self) -> bool {
        self.gini > self.gini_by_chance.upper()
    }

    /// Gini in excess of chance: (G - G0)/(1 - G0), 0 when chance explains all of it, 1 when one place has everything.
    pub fn excess(&self) -> f64 {
        (self.gini - self.gini_by_chance.value()) / (1.0 - self.gini_by_chance.value())
    }
}

/// Measure how bunched the events of places are.
///
/// `counts` are the events of every place, the empty ones included: leaving those out is the commonest mistake.
/// `confidence` is that of the chance interval.
///
/// # Errors
/// Refused when a count is negative or not finite, when there are fewer than two places, or no events.
///
/// ```
/// use headwater_statistics::{concentration, estimate::Confidence};
///
/// // Three events in three of ten places: as even as three events can be.
/// let found = concentration::measure(&[1., 1., 1., 0., 0., 0., 0., 0., 0., 0.], Confidence::P95).unwrap();
/// assert!((found.gini - 0.7).abs() < 1e-12);
/// assert!(found.gini_generalised.abs() < 1e-12);
/// assert!(!found.beyond_chance());
/// ```
pub fn measure(counts: &[f64], confidence: Confidence) -> Result<Concentration, Refusal> {
    check::at_least("places", counts.len(), 2)?;
    let indices = gini_indices(counts)?;
    let baseline = EqualRisk::new(counts.len(), indices.events);
    let sorted = worst_first(counts);
    Ok(Concentration {
        places: counts.len(),
        events: indices.events,
        gini: indices.gini,
        gini_unbiased: indices.gini_unbiased,
        gini_generalised: indices.gini_generalised,
        gini_generalised_unbiased: indices.gini_generalised_unbiased,
        half_share: share_of_places_holding(&sorted, indices.events, 0.5),
        gini_by_chance: baseline.gini(confidence)?,
        half_share_by_chance: baseline.share_of_places_holding(0.5, confidence)?,
    })
}

/// The four Gini coefficients of a list of counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GiniIndices {
    /// The sum of the counts.
    pub events: f64,
    /// Gini's coefficient, `2 sum(i x_(i))/(n sum x) - (n + 1)/n` over ascending counts.
    pub gini: f64,
    /// Times n/(n - 1); `None` with one place.
    pub gini_unbiased: Option<f64>,
    /// `max(1, n/c) (G - 1) + 1` for c events.
    pub gini_generalised: f64,
    /// Times m/(m - 1) with m = min(n, c); `None` where m is 1 or less.
    pub gini_generalised_unbiased: Option<f64>,
}

/// Gini's coefficient and its versions for few events.
///
/// # Errors
/// Refused when a count is negative or not finite, or there are no places or no events.
///
/// ```
/// use headwater_statistics::concentration::gini_indices;
///
/// let found = gini_indices(&[22., 18., 17., 12., 11., 8., 6., 3., 2., 1.]).unwrap();
/// assert!((found.gini - 0.392).abs() < 1e-12);
/// ```
pub fn gini_indices(counts: &[f64]) -> Result<GiniIndices, Refusal> {
    check::at_least("places", counts.len(), 1)?;
    check::each("counts", counts, check::not_negative)?;
    let places = counts.len() as f64;
    let events = total(counts.iter().copied());
    if events <= 0.0 {
        return Err(Refusal::Degenerate { what: "there are no events, so nothing can be bunched" });
    }
    let mut ascending = counts.to_vec();
    ascending.sort_by(f64::total_cmp);
    // The ranks are taken from the middle, which keeps whole counts exact: sum((2i - n - 1) x_(i)) / (n sum x).
    let weighted = total(ascending.iter().enumerate().map(|(at, count)| (2.0 * (at as f64 + 1.0) - places - 1.0) * count));
    let gini = weighted / (places * events);
    let stretch = f64::max(1.0, places / events);
    let gini_generalised = stretch * (gini - 1.0) + 1.0;
    let fewer = f64::min(places, events);
    Ok(GiniIndices {
        events,
        gini,
        gini_unbiased: (counts.len() > 1).then(|| gini * places / (places - 1.0)),
        gini_generalised,
        gini_generalised_unbiased: (fewer > 1.0).then(|| gini_generalised * fewer / (fewer - 1.0)),
    })
}

/// One point of the Lorenz curve, worst places first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LorenzPoint {
    /// The share of places.
    pub places: f64,
    /// The share of events that they hold.
    pub events: f64,
}

/// The Lorenz curve, worst places first, from (0, 0) to (1, 1).
///
/// Only the corners are kept (places with the same count lie on one straight line), so that 35,000 places make a few
/// dozen points.
///
/// # Errors
/// Refused when a count is negative or not finite, or there are no events.
///
/// ```
/// use headwater_statistics::concentration::lorenz;
///
/// let curve = lorenz(&[0.0, 6.0, 1.0, 1.0]).unwrap();
/// assert_eq!((curve[1].places, curve[1].events), (0.25, 0.75));
/// ```
pub fn lorenz(counts: &[f64]) -> Result<Vec<LorenzPoint>, Refusal> {
    let events = gini_indices(counts)?.events;
    let places = counts.len() as f64;
    let mut curve = vec![LorenzPoint { places: 0.0, events: 0.0 }];
    let (mut passed, mut held) = (0.0, 0.0);
    for equal in worst_first(counts).chunk_by(|a, b| a == b) {
        passed += equal.len() as f64;
        held += equal.len() as f64 * equal[0];
        curve.push(LorenzPoint { places: passed / places, events: f64::min(1.0, held / events) });
    }
    Ok(curve)
}

/// The Lorenz curve that chance alone would draw, at the given shares of places, each with an interval.
///
/// # Errors
/// Refused when a share is outside 0 to 1, or there are fewer than two places or no events.
pub fn lorenz_by_chance(places: usize, events: f64, shares: &[f64], confidence: Confidence) -> Result<Vec<Estimate>, Refusal> {
    check::at_least("places", places, 2)?;
    check::positive("events", events)?;
    let baseline = EqualRisk::new(places, events);
    for (at, share) in shares.iter().enumerate() {
        if !(0.0..=1.0).contains(share) {
            return Err(Refusal::Argument { name: "shares", index: Some(at), found: *share, must: "must be 0 to 1" });
        }
    }
    shares.iter().map(|&share| baseline.share_held_by(share, confidence)).collect()
}

/// The counts in falling order.
fn worst_first(counts: &[f64]) -> Vec<f64> {
    let mut sorted = counts.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    sorted
}

/// The share of places that hold `share` of the events, with a part of the last place.
fn share_of_places_holding(worst_first: &[f64], events: f64, share: f64) -> f64 {
    let wanted = share * events;
    let mut held = 0.0;
    for (at, count) in worst_first.iter().enumerate() {
        if held + count >= wanted {
            let part = if *count > 0.0 { (wanted - held) / count } else { 0.0 };
            return (at as f64 + part) / worst_first.len() as f64;
        }
        held += count;
    }
    1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_with_everything_has_an_unbiased_gini_of_one() {
        let found = gini_indices(&[5.0, 0.0, 0.0, 0.0]).unwrap();
        assert_eq!(found.gini_unbiased, Some(1.0));
        assert_eq!(found.gini_generalised_unbiased, Some(1.0));
    }

    #[test]
    fn one_event_has_no_unbiased_generalised_gini() {
        assert_eq!(gini_indices(&[1.0, 0.0, 0.0]).unwrap().gini_generalised_unbiased, None);
    }

    #[test]
    fn half_of_the_events_in_a_part_of_a_place() {
        // The worst of four has 6 of 8: half of the events need two thirds of it.
        assert!((share_of_places_holding(&[6.0, 1.0, 1.0, 0.0], 8.0, 0.5) - (2.0 / 3.0) / 4.0).abs() < 1e-12);
    }

    #[test]
    fn planted_hotspots_lie_beyond_chance() {
        let mut counts = vec![2.0; 300];
        counts[..10].fill(60.0);
        let found = measure(&counts, Confidence::P99_8).unwrap();
        assert!(found.beyond_chance() && found.excess() > 0.2, "{found:?}");
        assert!(found.half_share < found.half_share_by_chance.lower());
    }

    #[test]
    fn no_events_are_refused() {
        assert!(measure(&[0.0; 20], Confidence::P95).is_err());
        assert!(gini_indices(&[]).is_err());
        assert!(gini_indices(&[-1.0, 2.0]).unwrap_err().to_string().contains("Value 1 of 'counts'"));
    }
}
