//! The distribution of a function of two jointly normal numbers, by integration over the first.

use crate::special::{normal_cdf, normal_pdf, total};

/// Foot and slope of the fitted line on its scale, with their variances.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) foot: f64,
    pub(super) slope: f64,
    pub(super) foot_variance: f64,
    pub(super) slope_variance: f64,
    pub(super) covariance: f64,
}

/// Half the number of steps of the trapezoid, over eight and a half standard deviations on each side.
///
/// The integrand is smooth and vanishes at both ends, where the trapezoid converges faster than any power of the step:
/// twice as many steps change the limits by less than 1e-12.
const STEPS: i32 = 68;
const REACH: f64 = 8.5;

/// The two limits of a quantity that rises with the slope.
///
/// `slope_at(foot, t)` is the slope at which the quantity is `t` for that foot. `start` is the quantity itself.
pub(super) fn quantile(
    pair: &Pair,
    start: f64,
    tail: f64,
    slope_at: impl Fn(f64, f64) -> f64,
) -> (f64, f64) {
    let below = |t: f64| chance_below(pair, t, &slope_at);
    let scale = f64::max(libm::fabs(start), 1e-6);
    let search = |wanted: f64, direction: f64| {
        // Step outwards until the limit is enclosed, then halve.
        let mut step = 0.01 * scale;
        let mut outer = start + direction * step;
        while (below(outer) - wanted) * direction < 0.0 && step.is_finite() {
            step *= 2.0;
            outer = start + direction * step;
        }
        let (mut low, mut high) = if direction < 0.0 {
            (outer, start)
        } else {
            (start, outer)
        };
        for _ in 0..80 {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if below(middle) < wanted {
                low = middle
            } else {
                high = middle
            }
        }
        0.5 * (low + high)
    };
    (search(tail, -1.0), search(1.0 - tail, 1.0))
}

/// The chance that the quantity is at most `t`.
fn chance_below(pair: &Pair, t: f64, slope_at: &impl Fn(f64, f64) -> f64) -> f64 {
    let spread = libm::sqrt(pair.foot_variance);
    let regression = if pair.foot_variance > 0.0 {
        pair.covariance / pair.foot_variance
    } else {
        0.0
    };
    let rest = libm::sqrt(f64::max(
        0.0,
        pair.slope_variance - regression * pair.covariance,
    ));
    let step = REACH / f64::from(STEPS);
    let parts = (-STEPS..=STEPS).map(|k| {
        let z = f64::from(k) * step;
        let foot = pair.foot + spread * z;
        let slope = pair.slope + regression * spread * z;
        let distance = slope_at(foot, t) - slope;
        let chance = if rest > 0.0 {
            normal_cdf(distance / rest)
        } else {
            f64::from(u8::from(distance >= 0.0))
        };
        step * normal_pdf(z) * chance
    });
    total(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_that_is_the_slope_itself_has_normal_limits() {
        let pair = Pair {
            foot: 3.0,
            slope: 2.0,
            foot_variance: 0.25,
            slope_variance: 1.0,
            covariance: -0.3,
        };
        let (low, high) = quantile(&pair, 2.0, 0.025, |_, t| t);
        assert!((low - (2.0 - 1.959963984540054)).abs() < 1e-9, "{low}");
        assert!((high - (2.0 + 1.959963984540054)).abs() < 1e-9, "{high}");
    }
}
