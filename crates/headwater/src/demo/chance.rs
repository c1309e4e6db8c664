//! The demo's one source of chance: a seeded stream per purpose, the same on every machine.
//!
//! Each part of the county draws from a stream of its own (`Chance::of(seed, "streets")`), so that
//! a change in one part does not move the numbers of another.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// A seeded stream of draws.
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    /// The stream that belongs to a seed and a purpose.
    pub(super) fn of(seed: u64, purpose: &str) -> Self {
        // FNV-1a: small, stable, and good enough to keep purposes apart.
        let name = purpose.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Chance(ChaCha8Rng::seed_from_u64(seed ^ name))
    }

    /// A number in `[0, 1)`.
    pub(super) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number in `[low, high)`.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number below `n`; 0 when `n` is 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// Whether something of probability `p` happens.
    pub(super) fn happens(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// A standard normal draw (Box and Muller).
    pub(super) fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(2.0 * core::f64::consts::PI * self.unit())
    }

    /// A Poisson count with this mean, by multiplying uniforms in slices small enough not to
    /// underflow; 0 for a mean that is not positive.
    pub(super) fn poisson(&mut self, mean: f64) -> usize {
        let mut left = mean;
        let mut count = 0;
        while left > 0.0 {
            let slice = left.min(40.0);
            left -= slice;
            let floor = libm::exp(-slice);
            let mut product = self.unit();
            while product > floor {
                count += 1;
                product *= self.unit();
            }
        }
        count
    }

    /// The index of one weight out of running totals, drawn in proportion to the weights.
    pub(super) fn place_in(&mut self, running_totals: &[f64]) -> usize {
        let whole = running_totals.last().copied().unwrap_or(0.0);
        let mark = self.unit() * whole;
        running_totals.partition_point(|&total| total <= mark).min(running_totals.len().saturating_sub(1))
    }

    /// One of a list of `(value, weight)`; the first when the weights are all zero.
    pub(super) fn one_of<T: Copy>(&mut self, choices: &[(T, f64)]) -> Option<T> {
        let whole: f64 = choices.iter().map(|(_, weight)| weight).sum();
        let mut mark = self.unit() * whole;
        for &(value, weight) in choices {
            if mark < weight {
                return Some(value);
            }
            mark -= weight;
        }
        choices.first().map(|&(value, _)| value)
    }

    /// Thirty-two random bytes: the making of a Crime ID.
    pub(super) fn bytes_32(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}

/// Running totals of a list of weights, for [`Chance::place_in`].
pub(super) fn running_totals(weights: &[f64]) -> Vec<f64> {
    weights
        .iter()
        .scan(0.0, |total, weight| {
            *total += weight;
            Some(*total)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_has_its_own_stream() {
        let first = Chance::of(7, "streets").unit();
        assert_eq!(first, Chance::of(7, "streets").unit());
        assert_ne!(first, Chance::of(7, "names").unit());
        assert_ne!(first, Chance::of(8, "streets").unit());
    }

    #[test]
    fn poisson_counts_have_the_mean_they_were_asked_for() {
        let mut chance = Chance::of(1, "poisson");
        for mean in [0.3, 12.0, 130.0] {
            let n = 2_000;
            let average = (0..n).map(|_| chance.poisson(mean)).sum::<usize>() as f64 / f64::from(n);
            // Five standard errors of the mean.
            assert!((average - mean).abs() < 5.0 * libm::sqrt(mean / f64::from(n)));
        }
        assert_eq!(chance.poisson(0.0), 0);
    }

    #[test]
    fn a_weight_of_zero_is_never_drawn() {
        let mut chance = Chance::of(1, "weights");
        let totals = running_totals(&[0.0, 1.0, 0.0, 3.0, 0.0]);
        let drawn: std::collections::BTreeSet<_> = (0..500).map(|_| chance.place_in(&totals)).collect();
        assert_eq!(drawn.into_iter().collect::<Vec<_>>(), [1, 3]);
    }
}
