//! Moran's I over the whole map: do alike values lie together?

use super::Neighbours;
use super::spread::{Spread, check_links};
use crate::estimate::{Refusal, check};
use crate::special::{normal_cdf, total};

/// Moran's I with row-standardised weights, and what it would be by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moran {
    /// The mean product of an area's value and its neighbours' mean, in units of the variance: about 0 by chance, up to
    /// about 1 where alike values lie together, below 0 where unlike ones do.
    pub i: f64,
    /// Its mean over all ways of laying the same values on the map: -1/(n - 1).
    pub expected: f64,
    /// Its variance over all those ways (the randomisation assumption).
    pub variance: f64,
    /// Its variance if the values were draws from a normal distribution.
    pub variance_if_normal: f64,
    /// Distance from the mean in standard deviations, under randomisation.
    pub z: f64,
    /// Two-sided p of that distance by the normal curve.
    pub p: f64,
    /// How many areas it rests on.
    pub areas: usize,
    /// How many islands were left out.
    pub islands: usize,
}

/// Global Moran's I with exact moments (Cliff and Ord 1981).
///
/// Islands are left out altogether, value included: an area without neighbours cannot be like them. (spdep leaves them
/// out of n but not of the mean; esda leaves them in. Without islands all three agree.)
///
/// # Errors
/// Refused when fewer than four areas have neighbours, a value is not finite, or all values are equal.
///
/// ```
/// use headwater_statistics::neighbour::{Neighbours, moran};
///
/// let chain = Neighbours::from_lists(&[vec![1], vec![0, 2], vec![1, 3], vec![2]]).unwrap();
/// let found = moran(&[1.0, 2.0, 3.0, 4.0], &chain).unwrap();
/// // z = -1.5, -0.5, 0.5, 1.5; neighbours' means -0.5, -0.5, 0.5, 0.5; sum of products 2 over sum of squares 5.
/// assert!((found.i - 0.4).abs() < 1e-15);
/// assert!((found.expected - -1.0 / 3.0).abs() < 1e-15);
/// ```
pub fn moran(values: &[f64], neighbours: &Neighbours) -> Result<Moran, Refusal> {
    check::each("values", values, check::finite)?;
    check_links(values, neighbours)?;
    // A neighbour must itself be kept; with lists that are not symmetric an area may be a neighbour and have none.
    let mut kept: Vec<bool> = (0..values.len()).map(|area| neighbours.count(area) > 0).collect();
    for area in 0..values.len() {
        for &other in neighbours.of(area) {
            kept[other as usize] = true;
        }
    }
    let places: Vec<usize> = (0..values.len()).filter(|&area| kept[area]).collect();
    check::at_least("areas with neighbours", places.len(), 4)?;
    let inside: Vec<f64> = places.iter().map(|&area| values[area]).collect();
    let spread = Spread::of(&inside)?;
    let mut at = vec![0; values.len()];
    for (place, &area) in places.iter().enumerate() {
        at[area] = place;
    }

    let n = spread.n();
    let sums = Sums::of(neighbours, &places, &at);
    let product = total(places.iter().enumerate().flat_map(|(place, &area)| {
        let list = neighbours.of(area);
        let weight = 1.0 / list.len() as f64;
        let spread = &spread;
        let at = &at;
        list.iter().map(move |&other| spread.z[place] * spread.z[at[other as usize]] * weight)
    }));
    let i = product / (sums.s0 * spread.m2);
    let expected = -1.0 / (n - 1.0);
    let s0_squared = sums.s0 * sums.s0;
    let normal_square = (n * n * sums.s1 - n * sums.s2 + 3.0 * s0_squared) / ((n * n - 1.0) * s0_squared);
    let kurtosis = spread.m4 / (spread.m2 * spread.m2);
    let random_square = (n * ((n * n - 3.0 * n + 3.0) * sums.s1 - n * sums.s2 + 3.0 * s0_squared)
        - kurtosis * ((n * n - n) * sums.s1 - 2.0 * n * sums.s2 + 6.0 * s0_squared))
        / ((n - 1.0) * (n - 2.0) * (n - 3.0) * s0_squared);
    let variance = random_square - expected * expected;
    // When everyone neighbours everyone, I is the same however the values are laid.
    if variance <= 1e-13 * random_square {
        return Err(Refusal::Degenerate { what: "the measure is the same however the values are laid on the map" });
    }
    let z = (i - expected) / libm::sqrt(variance);
    Ok(Moran {
        i,
        expected,
        variance,
        variance_if_normal: normal_square - expected * expected,
        z,
        p: 2.0 * normal_cdf(-libm::fabs(z)),
        areas: places.len(),
        islands: values.len() - places.len(),
    })
}

/// The three sums of weights on which the moments rest.
struct Sums {
    /// Σ w_ij
    s0: f64,
    /// ½ Σ (w_ij + w_ji)²
    s1: f64,
    /// Σ (Σ_j w_ij + Σ_j w_ji)²
    s2: f64,
}

impl Sums {
    fn of(neighbours: &Neighbours, places: &[usize], at: &[usize]) -> Self {
        let weight = |area: usize| 1.0 / neighbours.count(area) as f64;
        let mut into = vec![0.0; places.len()];
        let mut out = vec![0.0; places.len()];
        let mut squares = Vec::with_capacity(neighbours.links());
        for (place, &area) in places.iter().enumerate() {
            for &other in neighbours.of(area) {
                let other = other as usize;
                let there = weight(area);
                out[place] = 1.0;
                into[at[other]] += there;
                // ½ (w_ij + w_ji)² comes up twice where both are links, once where one is.
                if neighbours.touches(other, area) {
                    let both = there + weight(other);
                    squares.push(0.5 * both * both);
                } else {
                    squares.push(there * there);
                }
            }
        }
        Sums { s0: total(out.iter().copied()), s1: total(squares), s2: total(out.iter().zip(&into).map(|(out, into)| (out + into) * (out + into))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_next_to_everyone_is_refused() {
        let all = [vec![1, 2, 3], vec![0, 2, 3], vec![0, 1, 3], vec![0, 1, 2]];
        let all = Neighbours::from_lists(&all).unwrap();
        assert_eq!(
            moran(&[1.0, 5.0, 2.0, 2.0], &all).unwrap_err().to_string(),
            "No answer: the measure is the same however the values are laid on the map."
        );
    }

    #[test]
    fn islands_change_nothing_but_their_count() {
        let chain = [vec![1], vec![0, 2], vec![1, 3], vec![2]];
        let with_island = [vec![2], vec![], vec![0, 3], vec![2, 4], vec![3]];
        let plain = moran(&[3.0, 1.0, 4.0, 1.5], &Neighbours::from_lists(&chain).unwrap()).unwrap();
        let island = moran(&[3.0, 99.0, 1.0, 4.0, 1.5], &Neighbours::from_lists(&with_island).unwrap()).unwrap();
        assert_eq!((island.islands, island.areas), (1, 4));
        assert_eq!(Moran { islands: 0, ..island }, plain);
    }

    #[test]
    fn three_areas_with_neighbours_are_too_few() {
        let lists = [vec![1], vec![0, 2], vec![1], vec![]];
        let refusal = moran(&[1.0, 2.0, 4.0, 9.0], &Neighbours::from_lists(&lists).unwrap());
        assert_eq!(refusal.unwrap_err().to_string(), "Too few areas with neighbours: 3, and at least 4 are needed.");
    }
}
