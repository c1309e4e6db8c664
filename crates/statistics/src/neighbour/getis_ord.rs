//! Getis and Ord's Gi and Gi*: does a place lie in a hot spot or a cold spot?

use super::Neighbours;
use super::spread::{Spread, check_links};
use crate::estimate::Refusal;
use crate::special::normal_cdf;

/// Gi or Gi* of one area.
///
/// The z-score does not depend on whether weights are binary or row-standardised, as long as its variance is the right
/// one; G itself and its moments are given for binary weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GetisOrd {
    /// The neighbourhood's share of the whole: the sum of values around (Gi* : and in) the area over the sum of all
    /// (Gi: of all others). `None` where that sum is 0 or a value is negative: a share then means nothing, and z does.
    pub share: Option<f64>,
    /// What the share would be by chance: how many areas it covers over how many there are. `None` as for `share`.
    pub expected: Option<f64>,
    /// Distance of the sum from its mean in standard deviations: above 0 hot, below 0 cold. `None` where the sum cannot
    /// vary: the neighbourhood is the whole map, or all other areas are equal (Gi).
    pub z: Option<f64>,
    /// Two-sided p of that distance by the normal curve; `None` as for `z`.
    pub p: Option<f64>,
}

/// Gi of every area: the neighbours without the place itself, given the place's own value. `None` for an island.
///
/// # Errors
/// Refused for fewer than three areas, values that are not finite or all equal, or when no area has a neighbour.
pub fn gi(values: &[f64], neighbours: &Neighbours) -> Result<Vec<Option<GetisOrd>>, Refusal> {
    every(values, neighbours, |sums, area| {
        let spread = &sums.spread;
        let z = spread.z[area];
        let others = spread.n() - 1.0;
        let count = neighbours.count(area) as f64;
        // Mean and variance of the other areas, from those of all.
        let mean = -z / others;
        let variance = if sums.others_are_equal(values[area]) { 0.0 } else { (spread.n() * spread.m2 - z * z) / others - mean * mean };
        let found = spread.around(neighbours, area) - count * mean;
        sums.answer(found, count, others, variance, sums.value_around(values, neighbours, area), sums.sum - values[area])
    })
}

/// Gi* of every area: the place and its neighbours together. `None` for an island, whose Gi* would be its own value.
///
/// # Errors
/// As for [`gi`].
///
/// ```
/// use headwater_statistics::neighbour::{Neighbours, gi_star};
///
/// let chain = Neighbours::from_lists(&[vec![1], vec![0, 2], vec![1, 3], vec![2]]).unwrap();
/// let found = gi_star(&[8.0, 6.0, 1.0, 1.0], &chain).unwrap();
/// let first = found[0].unwrap();
/// // 14 of 16; the mean is 4, the variance 9.5, so the sum of two of four has mean 8 and variance 2 * 9.5 * 2/3.
/// assert_eq!(first.share, Some(14.0 / 16.0));
/// assert!((first.z.unwrap() - 6.0 / (2.0_f64 * 9.5 * 2.0 / 3.0).sqrt()).abs() < 1e-14);
/// ```
pub fn gi_star(values: &[f64], neighbours: &Neighbours) -> Result<Vec<Option<GetisOrd>>, Refusal> {
    every(values, neighbours, |sums, area| {
        let spread = &sums.spread;
        sums.answer(
            spread.around(neighbours, area) + spread.z[area],
            neighbours.count(area) as f64 + 1.0,
            spread.n(),
            spread.m2,
            sums.value_around(values, neighbours, area) + values[area],
            sums.sum,
        )
    })
}

fn every(values: &[f64], neighbours: &Neighbours, one: impl Fn(&Sums, usize) -> GetisOrd) -> Result<Vec<Option<GetisOrd>>, Refusal> {
    let sums = Sums::of(values)?;
    check_links(values, neighbours)?;
    Ok((0..values.len()).map(|area| (neighbours.count(area) > 0).then(|| one(&sums, area))).collect())
}

/// What the areas have in common.
struct Sums {
    spread: Spread,
    sum: f64,
    any_negative: bool,
    /// The two lowest and the two highest values.
    lowest: [f64; 2],
    highest: [f64; 2],
}

impl Sums {
    fn of(values: &[f64]) -> Result<Self, Refusal> {
        let spread = Spread::of(values)?;
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let last = sorted.len() - 1;
        Ok(Sums {
            spread,
            sum: crate::special::total(values.iter().copied()),
            any_negative: sorted[0] < 0.0,
            lowest: [sorted[0], sorted[1]],
            highest: [sorted[last], sorted[last - 1]],
        })
    }

    /// Whether all areas but one with this value are equal: asked of the values, since rounding hides it in the moments.
    fn others_are_equal(&self, value: f64) -> bool {
        let low = self.lowest[usize::from(value == self.lowest[0])];
        let high = self.highest[usize::from(value == self.highest[0])];
        low == high
    }

    fn value_around(&self, values: &[f64], neighbours: &Neighbours, area: usize) -> f64 {
        let around = neighbours.of(area).iter();
        crate::special::total(around.map(|&other| values[other as usize]))
    }

    /// `found` is the sum of `count` values less its mean; they are drawn, without putting back, from `of` values of this
    /// variance.
    fn answer(&self, found: f64, count: f64, of: f64, variance: f64, part: f64, whole: f64) -> GetisOrd {
        let is_share = !self.any_negative && whole > 0.0;
        let z = (variance > 0.0 && count < of).then(|| found / libm::sqrt(count * variance * (of - count) / (of - 1.0)));
        GetisOrd { share: is_share.then(|| part / whole), expected: is_share.then(|| count / of), z, p: z.map(|z| 2.0 * normal_cdf(-libm::fabs(z))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn islands_have_no_answer() {
        let lists = [vec![1], vec![0], vec![], vec![]];
        let map = Neighbours::from_lists(&lists).unwrap();
        for found in [gi(&[1.0, 2.0, 3.0, 5.0], &map).unwrap(), gi_star(&[1.0, 2.0, 3.0, 5.0], &map).unwrap()] {
            assert!(found[0].is_some() && found[1].is_some());
            assert_eq!(found[2..], [None, None]);
        }
    }

    #[test]
    fn a_neighbourhood_that_is_the_whole_map_cannot_stand_out() {
        let lists = [vec![1, 2], vec![0], vec![0]];
        let map = Neighbours::from_lists(&lists).unwrap();
        assert_eq!(gi_star(&[1.0, 2.0, 4.0], &map).unwrap()[0].unwrap().z, None);
        assert_eq!(gi(&[1.0, 2.0, 4.0], &map).unwrap()[0].unwrap().z, None);
    }

    #[test]
    fn one_odd_place_among_equals_has_no_gi_but_a_gi_star() {
        let lists = [vec![1], vec![0, 2], vec![1, 3], vec![2]];
        let map = Neighbours::from_lists(&lists).unwrap();
        let values = [0.1, 0.1, 0.7, 0.1];
        let without = gi(&values, &map).unwrap();
        assert_eq!(without[2].unwrap().z, None);
        assert!(without[0].unwrap().z.is_some());
        assert!(gi_star(&values, &map).unwrap()[2].unwrap().z.is_some());
    }

    #[test]
    fn negative_values_have_a_score_and_no_share() {
        let lists = [vec![1], vec![0, 2], vec![1]];
        let map = Neighbours::from_lists(&lists).unwrap();
        let found = gi_star(&[-1.0, 2.0, 4.0], &map).unwrap()[0].unwrap();
        assert_eq!((found.share, found.expected), (None, None));
        assert!(found.z.is_some_and(|z| z < 0.0));
    }
}
