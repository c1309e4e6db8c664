//! Student's t distribution, for intervals whose spread was estimated from few points.

use std::f64::consts::PI;

use super::{beta_p, beta_q, log_gamma, normal_quantile, rising_root};

/// The chance that a t value with `degrees` of freedom is below `t`.
///
/// ```
/// # use headwater_statistics::special::student_cdf;
/// // One degree of freedom is the Cauchy distribution.
/// assert!((student_cdf(1.0, 1.0) - 0.75).abs() < 1e-15);
/// ```
pub fn student_cdf(t: f64, degrees: f64) -> f64 {
    if degrees.is_nan() || degrees <= 0.0 || t.is_nan() {
        return f64::NAN;
    }
    let square = t * t;
    // The tail is half of I_x(degrees/2, 1/2) with x = degrees/(degrees + t^2). Where x is near 1 the other side of the
    // same function, at 1 - x, keeps the digits.
    let tail = if square < degrees {
        0.5 * beta_q(0.5, 0.5 * degrees, square / (degrees + square))
    } else {
        0.5 * beta_p(0.5 * degrees, 0.5, degrees / (degrees + square))
    };
    if t < 0.0 { tail } else { 1.0 - tail }
}

/// The value below which a t variable with `degrees` of freedom falls with chance `p`.
///
/// ```
/// # use headwater_statistics::special::student_quantile;
/// assert!((student_quantile(0.975, 10.0) - 2.2281388519862744).abs() < 1e-12);
/// ```
pub fn student_quantile(p: f64, degrees: f64) -> f64 {
    if !(degrees > 0.0 && p > 0.0 && p < 1.0) {
        return f64::NAN;
    }
    if p == 0.5 {
        return 0.0;
    }
    let tail = if p < 0.5 { p } else { 1.0 - p };
    // The lower tail: t = -sqrt(degrees) exp(s), solved in s because small degrees have very long tails.
    let log_height = log_gamma(0.5 * (degrees + 1.0)) - log_gamma(0.5 * degrees) - 0.5 * libm::log(degrees * PI);
    let start = libm::log(-normal_quantile(tail) / libm::sqrt(degrees) + 1e-300);
    let s = rising_root(start, -700.0, 700.0, |s| {
        let t = -libm::sqrt(degrees) * libm::exp(s);
        let below = student_cdf(t, degrees);
        let height = libm::exp(log_height - 0.5 * (degrees + 1.0) * libm::log1p(t * t / degrees));
        if below == 0.0 {
            return (1.0, 0.0);
        }
        (libm::log(tail / below), height * -t / below)
    });
    let t = libm::sqrt(degrees) * libm::exp(s);
    if p < 0.5 { -t } else { t }
}
