//! What chance alone would bunch: every place with the same risk, the total as it was.
//!
//! Then the counts are multinomial. The expected Gini coefficient is exact; standard deviations come from the
//! influence of one place's count on the measure, less what fixing the total takes away (the regression on the count),
//! whose error is of the order of one over the number of places.

use crate::estimate::{Confidence, Estimate, Method, Outcome, RestsOn};
use crate::special::{binomial_pmf, total};

/// Equal risk over so many places with so many events.
pub(super) struct EqualRisk {
    places: f64,
    events: f64,
    /// The chance that a place has 0, 1, 2, ... events; it ends where the rest is negligible.
    chances: Vec<f64>,
}

impl EqualRisk {
    /// `places` is at least 2 and `events` is above 0; fractional events are rounded to the nearest whole number.
    pub(super) fn new(places: usize, events: f64) -> Self {
        let places = places as f64;
        let events = f64::max(1.0, libm::round(events));
        let mean = events / places;
        let far = f64::min(events, libm::ceil(mean + 12.0 * libm::sqrt(mean) + 40.0));
        let chances = (0..=far as usize).map(|count| binomial_pmf(count as f64, events, 1.0 / places)).collect();
        EqualRisk { places, events, chances }
    }

    fn mean(&self) -> f64 {
        self.events / self.places
    }

    fn rests_on(&self) -> RestsOn {
        RestsOn { events: self.events, denominator: self.places }
    }

    /// Gini's coefficient by chance.
    pub(super) fn gini(&self, confidence: Confidence) -> Outcome {
        let mean = self.mean();
        let value = (self.places - 1.0) / self.places * self.mean_difference() / (2.0 * mean);
        // g(j) = E|j - X|; the influence of a count on G is g(j)/mean.
        let spread = self.spread_given_total(&self.distances()) / mean;
        self.with_interval(value, spread, confidence)
    }

    /// The share of events in the worst `share` of places.
    pub(super) fn share_held_by(&self, share: f64, confidence: Confidence) -> Outcome {
        let value = self.held_by(share);
        let spread = self.held_spread(share);
        self.with_interval(value, spread, confidence)
    }

    /// The share of the worst places that hold `share` of the events.
    pub(super) fn share_of_places_holding(&self, share: f64, confidence: Confidence) -> Outcome {
        // held_by is concave and made of straight pieces: halve.
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if self.held_by(middle) < share { low = middle } else { high = middle }
        }
        let value = 0.5 * (low + high);
        let slope = self.threshold(value) / self.mean();
        let spread = if slope > 0.0 { self.held_spread(value) / slope } else { 0.0 };
        self.with_interval(value, spread, confidence)
    }

    fn with_interval(&self, value: f64, spread: f64, confidence: Confidence) -> Outcome {
        let reach = confidence.z() * spread;
        let limits = (f64::max(0.0, value - reach), f64::min(1.0, value + reach));
        Estimate::new(value, limits, confidence, Method::ChanceBaseline, self.rests_on())
    }

    /// E|X - Y| for two different places, exact: given their sum s each event falls on either with chance 1/2, and
    /// E|2B - s| = s C(s - 1, floor((s - 1)/2)) / 2^(s - 1).
    fn mean_difference(&self) -> f64 {
        let pair_mean = 2.0 * self.mean();
        let far = f64::min(self.events, libm::ceil(pair_mean + 12.0 * libm::sqrt(pair_mean) + 40.0)) as usize;
        let two_places = f64::min(1.0, 2.0 / self.places);
        total((1..=far).map(|sum| {
            let sum = sum as f64;
            let middle = binomial_pmf(libm::floor((sum - 1.0) / 2.0), sum - 1.0, 0.5);
            binomial_pmf(sum, self.events, two_places) * sum * middle
        }))
    }

    /// g(j) = E|j - X| for every j of the list, in one sweep.
    fn distances(&self) -> Vec<f64> {
        let mut distances = Vec::with_capacity(self.chances.len());
        let mut distance = self.mean();
        let mut at_most = 0.0;
        for chance in &self.chances {
            distances.push(distance);
            at_most += chance;
            // From j to j + 1 the distance grows for values up to j and shrinks for those above.
            distance += 2.0 * at_most - 1.0;
        }
        distances
    }

    /// The standard deviation of a mean of f(count) over the places, given their total.
    fn spread_given_total(&self, of_count: &[f64]) -> f64 {
        let mean = self.mean();
        let average = total(self.chances.iter().zip(of_count).map(|(p, f)| p * f));
        let variance = total(self.chances.iter().zip(of_count).map(|(p, f)| p * (f - average) * (f - average)));
        let count_variance = mean * (1.0 - 1.0 / self.places);
        let covariance = total(self.chances.iter().zip(of_count).enumerate().map(|(count, (p, f))| p * (f - average) * (count as f64 - mean)));
        libm::sqrt(f64::max(0.0, variance - covariance * covariance / count_variance) / self.places)
    }

    /// The count t above which fewer than `share` of the places lie.
    fn threshold(&self, share: f64) -> f64 {
        let mut above = 1.0;
        for (count, chance) in self.chances.iter().enumerate() {
            above -= chance;
            if above < share {
                return count as f64;
            }
        }
        self.chances.len() as f64 - 1.0
    }

    /// (E(X - t)+ + t share)/mean: the worst places down to the threshold and a part of those on it.
    fn held_by(&self, share: f64) -> f64 {
        let threshold = self.threshold(share);
        let excess = self.excess_over(threshold);
        let above = total(self.chances.iter().zip(&excess).map(|(p, e)| p * e));
        f64::min(1.0, (above + threshold * share) / self.mean())
    }

    fn held_spread(&self, share: f64) -> f64 {
        self.spread_given_total(&self.excess_over(self.threshold(share))) / self.mean()
    }

    fn excess_over(&self, threshold: f64) -> Vec<f64> {
        (0..self.chances.len()).map(|count| f64::max(0.0, count as f64 - threshold)).collect()
    }
}
