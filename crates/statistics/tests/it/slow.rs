//! Slow and obvious second implementations, held against the fast ones.

use headwater_statistics::compare::{Adjustment, Pair, adjust, exact_p};
use headwater_statistics::concentration::{gini_indices, lorenz_by_chance, measure, stability};
use headwater_statistics::estimate::Confidence;
use headwater_statistics::inequality::{Order, quantile_groups};
use headwater_statistics::special::{binomial_pmf, poisson_pmf};
use headwater_statistics::{funnel, rate};
use proptest::prelude::*;

/// A plain generator for tests: xorshift, seeded.
struct Draws(u64);

impl Draws {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((u128::from(self.0) * limit as u128) >> 64) as usize
    }
}

/// Gini's coefficient as the mean difference of all pairs over twice the mean.
fn gini_by_pairs(counts: &[f64]) -> f64 {
    let n = counts.len() as f64;
    let sum: f64 = counts.iter().sum();
    let pairs: f64 = counts.iter().flat_map(|a| counts.iter().map(move |b| (a - b).abs())).sum();
    pairs / (2.0 * n * sum)
}

/// The limit of a Poisson count found by halving a sum of single chances.
fn poisson_limit_by_sums(events: u32, upper: bool) -> f64 {
    let (mut low, mut high) = (0.0, 200.0);
    for _ in 0..200 {
        let mean = 0.5 * (low + high);
        let at_most = |count: u32| (0..=count).map(|k| poisson_pmf(f64::from(k), mean)).sum::<f64>();
        let before = if upper { at_most(events) > 0.025 } else { 1.0 - at_most(events - 1) < 0.025 };
        if before {
            low = mean;
        } else {
            high = mean;
        }
    }
    low
}

#[test]
fn exact_limits_agree_with_sums_of_single_chances() {
    let exact = rate::Settings { multiplier: 1.0, confidence: Confidence::P95, limits: rate::CountLimits::Exact };
    for events in [1, 2, 5, 9, 20, 60] {
        let found = rate::crude(f64::from(events), 1.0, &exact).unwrap();
        assert!((found.lower() - poisson_limit_by_sums(events, false)).abs() < 1e-9);
        assert!((found.upper() - poisson_limit_by_sums(events, true)).abs() < 1e-9);
    }
}

#[test]
fn chance_baselines_agree_with_simulation() {
    const DRAWS: usize = 2_000;
    for (places, events) in [(60, 25), (200, 200), (150, 900)] {
        let mut draws = Draws(0x5eed_0000 + places as u64);
        let mut ginis = Vec::new();
        let mut halves = Vec::new();
        let mut tenths = Vec::new();
        for _ in 0..DRAWS {
            let mut counts = vec![0.0; places];
            for _ in 0..events {
                counts[draws.below(places)] += 1.0;
            }
            let found = measure(&counts, Confidence::P95).unwrap();
            ginis.push(found.gini);
            halves.push(found.half_share);
            counts.sort_by(|a, b| b.total_cmp(a));
            tenths.push(counts[..places / 10].iter().sum::<f64>() / events as f64);
        }
        let mut any = vec![0.0; places];
        any[0] = events as f64;
        let by_chance = measure(&any, Confidence::P95).unwrap();
        let tenth = lorenz_by_chance(places, events as f64, &[0.1], Confidence::P95).unwrap()[0];
        let share = 1.0 / places as f64;
        for (what, draws, found, bias) in [
            // The expected Gini is exact; the two shares are those of a very large number of places.
            ("gini", &ginis, by_chance.gini_by_chance, 0.0),
            ("half", &halves, by_chance.half_share_by_chance, share),
            ("tenth", &tenths, tenth, 2.0 * share),
        ] {
            let mean = draws.iter().sum::<f64>() / DRAWS as f64;
            let variance = draws.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / (DRAWS as f64 - 1.0);
            let error = (variance / DRAWS as f64).sqrt();
            assert!((found.value() - mean).abs() < 4.0 * error + bias, "{what} of {events} in {places}: {} and simulated {mean}", found.value());
            let deviation = (found.upper() - found.value()) / 1.96;
            assert!(
                (deviation / variance.sqrt() - 1.0).abs() < 0.12,
                "{what} of {events} in {places}: deviation {deviation} and simulated {}",
                variance.sqrt()
            );
        }
    }
}

#[test]
fn the_chance_of_recurrence_agrees_with_shuffling() {
    let counts: Vec<f64> = (0..50).map(f64::from).collect();
    let mut second = counts.clone();
    // Three of the worst five recur.
    second.swap(49, 0);
    second.swap(48, 1);
    let found = stability(&counts, &second, 5, Confidence::P95).unwrap();
    assert_eq!(found.recurring, 3);
    let mut draws = Draws(77);
    let mut order: Vec<usize> = (0..50).collect();
    let mut as_many = 0;
    for _ in 0..200_000 {
        for at in (1..50).rev() {
            order.swap(at, draws.below(at + 1));
        }
        as_many += usize::from(order[..5].iter().filter(|place| **place >= 45).count() >= 3);
    }
    let simulated = as_many as f64 / 200_000.0;
    assert!((simulated - found.p_value).abs() < 4.0 * (found.p_value / 200_000.0).sqrt(), "{simulated} {found:?}");
}

proptest! {
    #[test]
    fn gini_agrees_with_all_pairs(counts in prop::collection::vec(0u32..40, 2..60)) {
        let counts: Vec<f64> = counts.into_iter().map(f64::from).collect();
        prop_assume!(counts.iter().sum::<f64>() > 0.0);
        let found = gini_indices(&counts).unwrap();
        prop_assert!((found.gini - gini_by_pairs(&counts)).abs() < 1e-12);
    }

    #[test]
    fn the_exact_test_agrees_with_adding_up_every_outcome(
        first in 0u32..60, other in 0u32..60, exposure in 0.05f64..20.0,
    ) {
        prop_assume!(first + other > 0);
        let pair = Pair::new(f64::from(first), exposure, f64::from(other), 1.0).unwrap();
        let trials = f64::from(first + other);
        let chance = exposure / (exposure + 1.0);
        let seen = binomial_pmf(f64::from(first), trials, chance);
        let slow: f64 = (0..=first + other)
            .map(|count| binomial_pmf(f64::from(count), trials, chance))
            .filter(|outcome| *outcome <= seen * (1.0 + 1e-7))
            .sum();
        prop_assert!((exact_p(&pair).unwrap() - slow.min(1.0)).abs() < 1e-10);
    }

    #[test]
    fn adjusted_p_values_agree_with_their_definitions(p in prop::collection::vec(0.0f64..=1.0, 1..40)) {
        let mut sorted = p.clone();
        sorted.sort_by(f64::total_cmp);
        let m = p.len();
        let bh = adjust(&p, Adjustment::BenjaminiHochberg).unwrap();
        let holm = adjust(&p, Adjustment::Holm).unwrap();
        for (at, value) in p.iter().enumerate() {
            let place = sorted.iter().rposition(|other| other <= value).unwrap();
            let slow = (place..m).map(|j| sorted[j] * m as f64 / (j + 1) as f64).fold(1.0, f64::min);
            prop_assert!((bh[at] - slow).abs() < 1e-12);
            let slow = (0..=place).map(|j| (sorted[j] * (m - j) as f64).min(1.0)).fold(0.0, f64::max);
            // Equal p-values stand at several places, and Holm's last one is not larger than the first's.
            prop_assert!((holm[at] - slow).abs() < 1e-12);
        }
    }

    #[test]
    fn quantile_groups_agree_with_the_published_formula(
        values in prop::collection::vec(0u32..30, 5..80), groups in 2usize..6,
    ) {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let found = quantile_groups(&values, groups, Order::LowestFirst).unwrap();
        let n = values.len() as f64;
        for (at, value) in values.iter().enumerate() {
            let rank = 1.0 + values.iter().filter(|other| *other < value).count() as f64;
            // In whole numbers the quotient is exact; a hair is taken off before rounding up.
            let slow = (groups as f64 + 1.0) - ((n + 1.0 - rank) * groups as f64 / n - 1e-9).ceil();
            prop_assert_eq!(found[at], slow.max(1.0) as usize);
        }
    }

    #[test]
    fn an_area_on_the_exact_funnel_limit_has_the_average_on_its_own_limit(events in 1u32..2_000) {
        let events = f64::from(events);
        let limits = funnel::at_events(events, 100.0).unwrap();
        let exact = rate::Settings {
            multiplier: 100.0,
            confidence: Confidence::P95,
            limits: rate::CountLimits::Exact,
        };
        // The population that gives the area the funnel's upper limit as its rate.
        let population = events * 100.0 / limits.upper_95;
        let own = rate::crude(events, population, &exact).unwrap();
        prop_assert!((own.lower() / 100.0 - 1.0).abs() < 1e-12);
    }
}
