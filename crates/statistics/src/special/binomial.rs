//! The binomial distribution.

use super::beta::{self, beta_p, beta_q};

/// The chance of exactly `count` successes in `trials` with chance `p` each; counts are whole numbers as floats.
///
/// ```
/// # use headwater_statistics::special::binomial_pmf;
/// assert!((binomial_pmf(1.0, 2.0, 0.5) - 0.5).abs() < 1e-15);
/// ```
pub fn binomial_pmf(count: f64, trials: f64, p: f64) -> f64 {
    if !((0.0..=1.0).contains(&p) && count >= 0.0 && count <= trials) {
        return f64::NAN;
    }
    let failures = trials - count;
    if count == 0.0 {
        return libm::exp(trials * libm::log1p(-p));
    }
    if failures == 0.0 {
        return libm::exp(trials * libm::log(p));
    }
    // x^a (1-x)^b / B(a, b) with 1/B(a, b) = C(n, a) a b / n.
    beta::density_term(count, failures, p) * trials / (count * failures)
}

/// The chance of at most `count` successes in `trials`.
///
/// ```
/// # use headwater_statistics::special::binomial_cdf;
/// assert!((binomial_cdf(1.0, 2.0, 0.5) - 0.75).abs() < 1e-15);
/// ```
pub fn binomial_cdf(count: f64, trials: f64, p: f64) -> f64 {
    if count < 0.0 {
        return 0.0;
    }
    if count >= trials {
        return 1.0;
    }
    beta_q(count + 1.0, trials - count, p)
}

/// The chance of `count` successes or more in `trials`.
///
/// ```
/// # use headwater_statistics::special::binomial_upper;
/// assert!((binomial_upper(1.0, 2.0, 0.5) - 0.75).abs() < 1e-15);
/// ```
pub fn binomial_upper(count: f64, trials: f64, p: f64) -> f64 {
    if count <= 0.0 {
        return 1.0;
    }
    if count > trials {
        return 0.0;
    }
    beta_p(count, trials - count + 1.0, p)
}
