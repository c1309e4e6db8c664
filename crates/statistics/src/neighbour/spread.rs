//! What every measure needs of the values: checked, centred, and their moments.

use super::Neighbours;
use crate::estimate::{Refusal, check};
use crate::special::{mean, total};

/// Values that passed the checks, as differences from their mean.
pub(super) struct Spread {
    /// Value less mean.
    pub(super) z: Vec<f64>,
    /// Mean of z².
    pub(super) m2: f64,
    /// Mean of z⁴.
    pub(super) m4: f64,
}

impl Spread {
    /// One finite value for each area, at least three, not all equal.
    pub(super) fn of(values: &[f64]) -> Result<Self, Refusal> {
        check::each("values", values, check::finite)?;
        check::at_least("areas", values.len(), 3)?;
        if values.iter().all(|&value| value == values[0]) {
            return Err(Refusal::Degenerate { what: "all areas have the same value, so none differs from its neighbours" });
        }
        let middle = mean(values);
        let z: Vec<f64> = values.iter().map(|&value| value - middle).collect();
        let count = values.len() as f64;
        let m2 = total(z.iter().map(|z| z * z)) / count;
        let m4 = total(z.iter().map(|z| z * z * z * z)) / count;
        // Below this, fourth powers lose digits before they vanish.
        if !(m4.is_finite() && m4 > 1e-290) {
            return Err(Refusal::Degenerate { what: "the values are too large or too close together to be squared; change their unit" });
        }
        Ok(Spread { z, m2, m4 })
    }

    /// How many areas, as a number to calculate with.
    pub(super) fn n(&self) -> f64 {
        self.z.len() as f64
    }

    /// The sum of z over an area's neighbours.
    pub(super) fn around(&self, neighbours: &Neighbours, area: usize) -> f64 {
        total(neighbours.of(area).iter().map(|&other| self.z[other as usize]))
    }
}

/// One list of neighbours for each value, and not all islands.
pub(super) fn check_links(values: &[f64], neighbours: &Neighbours) -> Result<(), Refusal> {
    check::lengths("values", values.len(), "neighbours", neighbours.areas())?;
    if neighbours.links() == 0 {
        return Err(Refusal::Degenerate { what: "no area has a neighbour" });
    }
    Ok(())
}
