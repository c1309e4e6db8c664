//! The incomplete beta ratio and its inverse.

use std::f64::consts::PI;

use super::{log1p_minus, rising_root, stirling_error};

/// The incomplete beta ratio I_x(a, b): the chance that a beta value with shapes `a` and `b` is at most `x`.
///
/// `a > 0`, `b > 0`, `0 <= x <= 1`; `NaN` otherwise.
///
/// ```
/// # use headwater_statistics::special::beta_p;
/// // For b = 1 it is x^a.
/// assert!((beta_p(3.0, 1.0, 0.5) - 0.125).abs() < 1e-15);
/// ```
pub fn beta_p(a: f64, b: f64, x: f64) -> f64 {
    ratios(a, b, x).0
}

/// The upper tail 1 - I_x(a, b), computed as a tail of its own.
///
/// ```
/// # use headwater_statistics::special::beta_q;
/// assert!((beta_q(1.0, 3.0, 0.5) - 0.125).abs() < 1e-15);
/// ```
pub fn beta_q(a: f64, b: f64, x: f64) -> f64 {
    ratios(a, b, x).1
}

/// `x^a (1-x)^b / B(a, b)`, by the deviances of `a` and `b` from their share of `a + b`.
pub(crate) fn density_term(a: f64, b: f64, x: f64) -> f64 {
    let n = a + b;
    if a < 10.0 || b < 10.0 {
        return small_shape_term(a, b, x);
    }
    // n x - a in one rounding: at shapes of a million an ordinary product would cost three digits.
    let excess = libm::fma(n, x, -a);
    let exponent = a * log1p_minus(excess / a) + b * log1p_minus(-excess / b);
    let error = stirling_error(n) - stirling_error(a) - stirling_error(b);
    libm::exp(exponent + error) * libm::sqrt(a * b / (2.0 * PI * n))
}

/// The same where one shape is small and the logarithms are, too.
fn small_shape_term(a: f64, b: f64, x: f64) -> f64 {
    let (small, large, log_small, log_large) = if a < b { (a, b, libm::log(x), libm::log1p(-x)) } else { (b, a, libm::log1p(-x), libm::log(x)) };
    if large < 10.0 {
        let log_beta = libm::lgamma(small) + libm::lgamma(large) - libm::lgamma(small + large);
        return libm::exp(small * log_small + large * log_large - log_beta);
    }
    // gamma(n)/gamma(large) by Stirling, so that two large logarithms do not cancel:
    // log = (large - 1/2) log1p(small/large) + small log(n) - small + errors.
    let n = small + large;
    let growth = (large - 0.5) * libm::log1p(small / large) - small + stirling_error(n) - stirling_error(large);
    // stirling_error belongs to gamma(n + 1) = n gamma(n); both sides carry the same factor:
    // log gamma(n) = (n - 1/2) log n - n + log(2 pi)/2 + error(n).
    let exponent = small * (log_small + libm::log(n)) + large * log_large + growth - libm::lgamma(small);
    libm::exp(exponent)
}

/// I_x and its complement: the smaller is computed by the continued fraction on its own side.
fn ratios(a: f64, b: f64, x: f64) -> (f64, f64) {
    if !(a > 0.0 && b > 0.0 && (0.0..=1.0).contains(&x)) || a.is_infinite() || b.is_infinite() {
        return (f64::NAN, f64::NAN);
    }
    if x == 0.0 {
        return (0.0, 1.0);
    }
    if x == 1.0 {
        return (1.0, 0.0);
    }
    let term = density_term(a, b, x);
    if x < (a + 1.0) / (a + b + 2.0) {
        let p = term * fraction(a, b, x, 1.0 - x) / a;
        (p, 1.0 - p)
    } else {
        let q = term * fraction(b, a, 1.0 - x, x) / b;
        (1.0 - q, q)
    }
}

/// The continued fraction of Didonato and Morris (1992), which converges on both sides of the mean.
fn fraction(a: f64, b: f64, x: f64, complement: f64) -> f64 {
    const TINY: f64 = 1e-290;
    // lambda = a - (a + b) x in one rounding.
    let lambda = if x <= 0.5 { libm::fma(-(a + b), x, a) } else { libm::fma(a + b, complement, -b) };
    let mut beta = a / (a + 1.0) * (lambda + 1.0);
    let mut c = beta;
    let mut d = 0.0;
    let mut value = beta;
    let mut n = 1.0;
    loop {
        let twice = a + 2.0 * n;
        let alpha = (a + n - 1.0) * (a + b + n - 1.0) * n * (b - n) * x * x / ((twice - 1.0) * (twice - 1.0));
        beta = n + n * (b - n) * x / (twice - 1.0) + (a + n) / (twice + 1.0) * (lambda + 1.0 + n * (1.0 + complement));
        d = beta + alpha * d;
        if d == 0.0 {
            d = TINY;
        }
        c = beta + alpha / c;
        if c == 0.0 {
            c = TINY;
        }
        d = 1.0 / d;
        let change = c * d;
        value *= change;
        if libm::fabs(change - 1.0) < 2e-16 || n > 200_000.0 {
            break;
        }
        n += 1.0;
    }
    a / value
}

/// The `x` at which I_x(a, b) is `p`.
///
/// ```
/// # use headwater_statistics::special::beta_p_inverse;
/// assert!((beta_p_inverse(3.0, 1.0, 0.125) - 0.5).abs() < 1e-15);
/// ```
pub fn beta_p_inverse(a: f64, b: f64, p: f64) -> f64 {
    if !(a > 0.0 && b > 0.0 && (0.0..=1.0).contains(&p)) {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return p;
    }
    // Solved in log(x / (1 - x)), where the curve has no walls; on the log of the smaller tail.
    let start = libm::log(a / b);
    let logit = rising_root(start, -700.0, 700.0, |logit| {
        let x = 1.0 / (1.0 + libm::exp(-logit));
        let (below, above) = ratios(a, b, x);
        let slope = density_term(a, b, x);
        if p <= 0.5 {
            if below == 0.0 { (-1.0, 0.0) } else { (libm::log(below / p), slope / below) }
        } else if above == 0.0 {
            (1.0, 0.0)
        } else {
            (libm::log((1.0 - p) / above), slope / above)
        }
    });
    let x = 1.0 / (1.0 + libm::exp(-logit));
    let step = (beta_p(a, b, x) - p) * x * (1.0 - x) / density_term(a, b, x);
    if libm::fabs(step) < 1e-8 * x { x - step } else { x }
}
