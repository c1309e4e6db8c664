//! The Poisson distribution: counts of events that happen independently.

use super::gamma::{density_term, gamma_p, gamma_q};

/// The chance of exactly `count` events when `mean` are expected; `count` is a whole number as a float.
///
/// ```
/// # use headwater_statistics::special::poisson_pmf;
/// // e^-2 * 2^3 / 3!
/// assert!((poisson_pmf(3.0, 2.0) - 0.18044704431548356).abs() < 1e-15);
/// ```
pub fn poisson_pmf(count: f64, mean: f64) -> f64 {
    if !(count >= 0.0 && mean >= 0.0) {
        return f64::NAN;
    }
    density_term(count, mean)
}

/// The chance of at most `count` events when `mean` are expected.
///
/// ```
/// # use headwater_statistics::special::poisson_cdf;
/// assert!((poisson_cdf(0.0, 1.0) - (-1.0f64).exp()).abs() < 1e-15);
/// ```
pub fn poisson_cdf(count: f64, mean: f64) -> f64 {
    if count < 0.0 {
        return 0.0;
    }
    gamma_q(libm::floor(count) + 1.0, mean)
}

/// The chance of `count` events or more when `mean` are expected.
///
/// ```
/// # use headwater_statistics::special::poisson_upper;
/// assert_eq!(poisson_upper(0.0, 1.0), 1.0);
/// assert!((poisson_upper(1.0, 1.0) - (1.0 - (-1.0f64).exp())).abs() < 1e-15);
/// ```
pub fn poisson_upper(count: f64, mean: f64) -> f64 {
    if count <= 0.0 {
        return 1.0;
    }
    gamma_p(libm::ceil(count), mean)
}
