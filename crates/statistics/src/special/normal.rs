//! The normal distribution.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use super::rising_root;

/// The height of the standard normal curve at `z`.
///
/// ```
/// # use headwater_statistics::special::normal_pdf;
/// assert!((normal_pdf(0.0) - 0.3989422804014327).abs() < 1e-15);
/// ```
pub fn normal_pdf(z: f64) -> f64 {
    // z * z is split into its rounded value and the rest, or the tail would lose digits at |z| = 30.
    let square = z * z;
    let rest = libm::fma(z, z, -square);
    libm::exp(-0.5 * square) * (1.0 - 0.5 * rest) / libm::sqrt(2.0 * PI)
}

/// The chance that a standard normal value is below `z`; `normal_cdf(-z)` is the upper tail.
///
/// ```
/// # use headwater_statistics::special::normal_cdf;
/// assert!((normal_cdf(1.959963984540054) - 0.975).abs() < 1e-15);
/// assert!(normal_cdf(-30.0) > 0.0);
/// ```
pub fn normal_cdf(z: f64) -> f64 {
    // 1/sqrt(2) is not a double: what its nearest double leaves out.
    const REST: f64 = -4.833_646_656_726_457e-17;
    let y = -z * FRAC_1_SQRT_2;
    let left_out = libm::fma(-z, FRAC_1_SQRT_2, -y) - z * REST;
    let slope = 2.0 / libm::sqrt(PI) * libm::exp(-y * y);
    0.5 * (libm::erfc(y) - slope * left_out)
}

/// The `z` below which a standard normal value falls with chance `p`; infinite at 0 and 1.
///
/// ```
/// # use headwater_statistics::special::normal_quantile;
/// assert!((normal_quantile(0.975) - 1.959963984540054).abs() < 1e-14);
/// assert_eq!(normal_quantile(0.5), 0.0);
/// ```
pub fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    if p == 1.0 {
        return f64::INFINITY;
    }
    if (0.25..=0.75).contains(&p) {
        // Near the middle the distance from one half keeps the digits.
        let distance = p - 0.5;
        return rising_root(distance * libm::sqrt(2.0 * PI), -1.0, 1.0, |z| (0.5 * libm::erf(z * FRAC_1_SQRT_2) - distance, normal_pdf(z)));
    }
    let tail = if p < 0.5 { p } else { 1.0 - p };
    let log_tail = libm::log(tail);
    // Solve for the lower tail on the log scale, where the curve is nearly a parabola.
    let z = rising_root(-libm::sqrt(-2.0 * log_tail), -40.0, 0.0, |z| {
        let below = normal_cdf(z);
        if below == 0.0 {
            return (-1.0, 0.0);
        }
        (libm::log(below / tail), normal_pdf(z) / below)
    });
    if p < 0.5 { z } else { -z }
}
