//! Local Moran's I: is a place like its neighbours or unlike them, more than chance would make it?

use super::Neighbours;
use super::spread::{Spread, check_links};
use crate::estimate::Refusal;
use crate::special::normal_cdf;

/// Where a place and its neighbours' mean lie against the mean of all; exactly at the mean counts as low, as in spdep
/// and esda.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quadrant {
    /// A high place among high ones.
    HighHigh,
    /// A low place among high ones.
    LowHigh,
    /// A low place among low ones.
    LowLow,
    /// A high place among low ones.
    HighLow,
}

impl Quadrant {
    /// As spdep writes it: "High-Low" is a high place among low ones.
    pub fn name(self) -> &'static str {
        match self {
            Quadrant::HighHigh => "High-High",
            Quadrant::LowHigh => "Low-High",
            Quadrant::LowLow => "Low-Low",
            Quadrant::HighLow => "High-Low",
        }
    }
}

/// What a local Moran would be by chance, and how far it is from that.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// Its mean.
    pub expected: f64,
    /// Its variance.
    pub variance: f64,
    /// Distance from the mean in standard deviations; `None` for an island and where the variance is 0.
    pub z: Option<f64>,
    /// Two-sided p of that distance by the normal curve; `None` as for `z`.
    pub p: Option<f64>,
}

/// Local Moran's I of one area, with row-standardised weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalMoran {
    /// z_i/m₂ times the mean of the neighbours' z, where m₂ = Σz²/n; 0 for an island. (esda divides by Σz²/(n - 1).)
    pub i: f64,
    /// Given the area's own value, over all ways of laying the others on the map (Sokal and others 1998). The usual one.
    pub conditional: Moments,
    /// Over all ways of laying all values on the map (Anselin 1995).
    pub total: Moments,
    /// High or low, among high or low. It is set for every area; it means something only where the p-value is small.
    pub quadrant: Quadrant,
}

/// Local Moran's I of every area with both sets of exact moments.
///
/// Islands stay in the mean and the variance; they get 0, moments of 0 and no p. The normal curve is a poor guide in the
/// tails when values are skewed, as crime counts are: use [`permute`](super::permute) for a map.
///
/// # Errors
/// Refused for fewer than three areas, values that are not finite or all equal, or when no area has a neighbour.
///
/// ```
/// use headwater_statistics::neighbour::{Neighbours, Quadrant, local_moran};
///
/// let chain = Neighbours::from_lists(&[vec![1], vec![0, 2], vec![1, 3], vec![2]]).unwrap();
/// let found = local_moran(&[1.0, 2.0, 3.0, 4.0], &chain).unwrap();
/// // z = -1.5, -0.5, ...; m2 = 5/4; the first area's only neighbour has z = -0.5.
/// assert!((found[0].i - -1.5 / 1.25 * -0.5).abs() < 1e-15);
/// assert_eq!(found[0].quadrant, Quadrant::LowLow);
/// ```
pub fn local_moran(values: &[f64], neighbours: &Neighbours) -> Result<Vec<LocalMoran>, Refusal> {
    let spread = Spread::of(values)?;
    check_links(values, neighbours)?;
    Ok((0..values.len()).map(|area| one(&spread, neighbours, area)).collect())
}

fn one(spread: &Spread, neighbours: &Neighbours, area: usize) -> LocalMoran {
    let count = neighbours.count(area) as f64;
    let z = spread.z[area];
    let around = if count > 0.0 { spread.around(neighbours, area) / count } else { 0.0 };
    let quadrant = match (z > 0.0, around > 0.0) {
        (true, true) => Quadrant::HighHigh,
        (false, true) => Quadrant::LowHigh,
        (false, false) => Quadrant::LowLow,
        (true, false) => Quadrant::HighLow,
    };
    let i = z / spread.m2 * around;
    if count == 0.0 {
        let nothing = Moments { expected: 0.0, variance: 0.0, z: None, p: None };
        return LocalMoran { i: 0.0, conditional: nothing, total: nothing, quadrant };
    }
    let n = spread.n();
    // Row-standardised weights add up to 1, and their squares to one over the number of neighbours.
    let squares = 1.0 / count;
    let m2 = spread.m2;
    let own = z / m2;
    let conditional = Moments::from(
        i,
        -z * z / ((n - 1.0) * m2),
        own * own * (n / (n - 2.0)) * (squares - 1.0 / (n - 1.0)) * (m2 - z * z / (n - 1.0)),
        own * own * squares * m2,
    );
    let kurtosis = spread.m4 / (m2 * m2);
    let expected = -1.0 / (n - 1.0);
    let total = Moments::from(
        i,
        expected,
        squares * (n - kurtosis) / (n - 1.0) + (1.0 - squares) * (2.0 * kurtosis - n) / ((n - 1.0) * (n - 2.0)) - expected * expected,
        squares * kurtosis,
    );
    LocalMoran { i, conditional, total, quadrant }
}

impl Moments {
    /// `scale` is the size of the terms of the variance: what is smaller than their rounding is 0.
    fn from(i: f64, expected: f64, variance: f64, scale: f64) -> Self {
        if variance <= 1e-13 * scale {
            return Moments { expected, variance: 0.0, z: None, p: None };
        }
        let z = (i - expected) / libm::sqrt(variance);
        Moments { expected, variance, z: Some(z), p: Some(2.0 * normal_cdf(-libm::fabs(z))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[f64], expected: &str) {
        let lists: Vec<Vec<usize>> = (0..values.len())
            .map(|area| {
                let next = (area + 1) % values.len();
                if next == area { vec![] } else { vec![next] }
            })
            .collect();
        let refusal = local_moran(values, &Neighbours::from_lists(&lists).unwrap()).unwrap_err();
        assert_eq!(refusal.to_string(), expected);
    }

    #[test]
    fn values_that_cannot_be_used_are_named() {
        check(&[1.0, f64::INFINITY, 3.0], "Value 2 of 'values' is inf; each must be a finite number.");
        check(&[1.0, 2.0], "Too few areas: 2, and at least 3 are needed.");
        check(&[4.0; 5], "No answer: all areas have the same value, so none differs from its neighbours.");
        check(&[1e200, 2e200, 4e200], "No answer: the values are too large or too close together to be squared; change their unit.");
    }

    #[test]
    fn a_map_of_islands_is_refused() {
        let islands = Neighbours::from_lists(&[vec![], vec![], vec![]]).unwrap();
        let refusal = local_moran(&[1.0, 2.0, 4.0], &islands).unwrap_err();
        assert_eq!(refusal.to_string(), "No answer: no area has a neighbour.");
        let refusal = local_moran(&[1.0, 2.0, 4.0, 8.0], &islands).unwrap_err();
        assert!(matches!(refusal, Refusal::Lengths { .. }));
    }

    #[test]
    fn a_place_next_to_all_others_has_no_chance_to_be_different() {
        let star = Neighbours::from_lists(&[vec![1, 2], vec![0], vec![0]]).unwrap();
        let found = local_moran(&[5.0, 1.0, 2.0], &star).unwrap();
        assert_eq!(found[0].conditional.z, None);
        assert!(found[1].conditional.z.is_some());
    }
}
