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
pub(super) fn quantile(pair: &Pair, start: f64, tail: f64, slope_at: impl Fn(f64, f64) -> f64) -> (f64, f64) {
    limits(start, tail, |t| chance_below(pair, t, &slope_at))
}

/// The two points around `start` below which a value falls with the chances `tail` and `1 - tail`.
pub(super) fn limits(start: f64, tail: f64, below: impl Fn(f64) -> f64) -> (f64, f64) {
    let scale = f64::max(libm::fabs(start), 1e-6);
    let search = |wanted: f64, direction: f64| {
        // Step outwards until the limit is enclosed, then halve.
        let mut step = 0.01 * scale;
        let mut outer = start + direction * step;
        while (below(outer) - wanted) * direction < 0.0 && step < 1e12 * scale {
            step *= 2.0;
            outer = start + direction * step;
        }
        let (mut low, mut high) = if direction < 0.0 { (outer, start) } else { (start, outer) };
        for _ in 0..80 {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if below(middle) < wanted { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    };
    (search(tail, -1.0), search(1.0 - tail, 1.0))
}

/// A value that is not quite normal: its first three cumulants.
#[derive(Debug, Clone, Copy)]
pub(super) struct Skewed {
    mean: f64,
    variance: f64,
    third: f64,
}

impl Skewed {
    /// `back(middle + error * normal)`: moments by the trapezoid over the normal.
    pub(super) fn new(middle: f64, error: f64, back: impl Fn(f64) -> f64) -> Self {
        let step = REACH / f64::from(STEPS);
        let average = |of: &dyn Fn(f64) -> f64| {
            total((-STEPS..=STEPS).map(|k| {
                let z = f64::from(k) * step;
                step * normal_pdf(z) * of(back(middle + error * z))
            }))
        };
        let mean = average(&|value| value);
        let variance = average(&|value| (value - mean) * (value - mean));
        let third = average(&|value| (value - mean) * (value - mean) * (value - mean));
        Skewed { mean, variance, third }
    }

    /// A weighted sum of independent values.
    pub(super) fn sum(weights: &[f64], values: &[Skewed]) -> Self {
        let each = || weights.iter().zip(values);
        Skewed {
            mean: total(each().map(|(w, value)| w * value.mean)),
            variance: total(each().map(|(w, value)| w * w * value.variance)),
            third: total(each().map(|(w, value)| w * w * w * value.third)),
        }
    }

    fn skewness(&self) -> f64 {
        if self.variance > 0.0 { self.third / (self.variance * libm::sqrt(self.variance)) } else { 0.0 }
    }

    /// The quantile that lies at `z` for a normal value (Cornish and Fisher).
    pub(super) fn quantile(&self, z: f64) -> f64 {
        let shift = self.skewness() * (z * z - 1.0) / 6.0;
        self.mean + libm::sqrt(self.variance) * (z + shift)
    }

    /// The chance to be at most `t` (Edgeworth).
    pub(super) fn chance_below(&self, t: f64) -> f64 {
        if self.variance <= 0.0 {
            return f64::from(u8::from(self.mean <= t));
        }
        let z = (t - self.mean) / libm::sqrt(self.variance);
        normal_cdf(z) - normal_pdf(z) * self.skewness() * (z * z - 1.0) / 6.0
    }
}

/// The chance that the quantity is at most `t`.
fn chance_below(pair: &Pair, t: f64, slope_at: &impl Fn(f64, f64) -> f64) -> f64 {
    let spread = libm::sqrt(pair.foot_variance);
    let regression = if pair.foot_variance > 0.0 { pair.covariance / pair.foot_variance } else { 0.0 };
    let rest = libm::sqrt(f64::max(0.0, pair.slope_variance - regression * pair.covariance));
    let step = REACH / f64::from(STEPS);
    let parts = (-STEPS..=STEPS).map(|k| {
        let z = f64::from(k) * step;
        let foot = pair.foot + spread * z;
        let slope = pair.slope + regression * spread * z;
        let distance = slope_at(foot, t) - slope;
        let chance = if rest > 0.0 { normal_cdf(distance / rest) } else { f64::from(u8::from(distance >= 0.0)) };
        step * normal_pdf(z) * chance
    });
    total(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_normal_value_has_its_known_moments() {
        let value = Skewed::new(2.0, 0.3, libm::exp);
        let (growth, mean) = (libm::exp(0.09), libm::exp(2.045));
        assert!((value.mean / mean - 1.0).abs() < 1e-12);
        assert!((value.variance / (mean * mean * (growth - 1.0)) - 1.0).abs() < 1e-12);
        let skewness = (growth + 2.0) * libm::sqrt(growth - 1.0);
        assert!((value.skewness() / skewness - 1.0).abs() < 1e-10);
    }

    #[test]
    fn a_quantity_that_is_the_slope_itself_has_normal_limits() {
        let pair = Pair { foot: 3.0, slope: 2.0, foot_variance: 0.25, slope_variance: 1.0, covariance: -0.3 };
        let (low, high) = quantile(&pair, 2.0, 0.025, |_, t| t);
        assert!((low - (2.0 - 1.959963984540054)).abs() < 1e-9, "{low}");
        assert!((high - (2.0 + 1.959963984540054)).abs() < 1e-9, "{high}");
    }
}
