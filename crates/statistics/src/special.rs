//! The functions that every interval and test stands on: normal, gamma, beta and what follows from them.
//!
//! They use `libm` only, so that the same inputs give the same bytes on every machine, and they are held to a
//! relative error of 1e-13 on a grid that reaches probabilities of 1e-12 and shapes from 0.5 to a million
//! (`tests/oracle/special.csv`). Tails are computed as tails: `1 - p` is never formed where `p` is asked for.
//!
//! Arguments outside a function's domain give `NaN`, as in `libm`; the modules above check what people type and
//! answer with a [`crate::estimate::Refusal`] instead.

mod beta;
mod binomial;
mod gamma;
mod normal;
mod poisson;
mod student;
mod sum;

pub use beta::{beta_p, beta_p_inverse, beta_q};
pub use binomial::{binomial_cdf, binomial_pmf, binomial_upper};
pub use gamma::{chi_square_quantile, chi_square_upper, gamma_p, gamma_p_inverse, gamma_q, gamma_q_inverse, log_gamma};
pub use normal::{normal_cdf, normal_pdf, normal_quantile};
pub use poisson::{poisson_cdf, poisson_pmf, poisson_upper};
pub use student::{student_cdf, student_quantile};
pub use sum::{Sum, mean, total};

/// `log(1 + u) - u` without the loss of digits near `u = 0`.
///
/// The exponents of the gamma, beta, Poisson and binomial densities are sums of this function, and it is why their
/// tails keep their digits at shapes of a million. With r = u/(2+u), log(1+u) = 2 artanh(r) and 2r - u = -r u.
pub(crate) fn log1p_minus(u: f64) -> f64 {
    if !(-0.38..=0.6).contains(&u) {
        return libm::log1p(u) - u;
    }
    let r = u / (2.0 + u);
    let y = r * r;
    // sum of y^k / (2k + 3); |y| is under 0.056, so 14 terms reach the last bit.
    let mut series = 0.0;
    for k in (0..14).rev() {
        series = series * y + 1.0 / f64::from(2 * k + 3);
    }
    r * (2.0 * y * series - u)
}

/// What Stirling's formula leaves out of `log_gamma(a + 1)`: `log(a!) - (a + 1/2) log a + a - log(2 pi)/2`.
pub(crate) fn stirling_error(a: f64) -> f64 {
    if a < 16.0 {
        const HALF_LOG_TWO_PI: f64 = 0.918_938_533_204_672_8;
        return libm::lgamma(a + 1.0) - (a + 0.5) * libm::log(a) + a - HALF_LOG_TWO_PI;
    }
    let inverse = 1.0 / a;
    let y = inverse * inverse;
    inverse * (1.0 / 12.0 - y * (1.0 / 360.0 - y * (1.0 / 1260.0 - y * (1.0 / 1680.0 - y * (1.0 / 1188.0 - y * 691.0 / 360_360.0)))))
}

/// Solve `f(x) = 0` for a rising `f` between `low` and `high` by Newton steps that fall back to halving the bracket.
///
/// `f` returns its value and its slope. Used for every quantile here.
pub(crate) fn rising_root(start: f64, mut low: f64, mut high: f64, f: impl Fn(f64) -> (f64, f64)) -> f64 {
    let mut x = start.clamp(low, high);
    for _ in 0..200 {
        let (value, slope) = f(x);
        if value == 0.0 || value.is_nan() {
            break;
        }
        if value > 0.0 {
            high = x;
        } else {
            low = x;
        }
        let mut next = x - value / slope;
        if !(next > low && next < high) {
            next = 0.5 * (low + high);
        }
        let step = libm::fabs(next - x);
        x = next;
        if step <= 1e-16 * libm::fabs(x) {
            break;
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log1p_minus_agrees_with_its_taylor_series_near_zero() {
        for u in [-1e-3, 1e-6, 1e-3] {
            let series = -u * u / 2.0 + u * u * u / 3.0 - u * u * u * u / 4.0 + u * u * u * u * u / 5.0;
            assert!((log1p_minus(u) / series - 1.0).abs() < 1e-12, "{u}");
        }
    }

    #[test]
    fn log1p_minus_has_no_step_where_its_two_formulas_meet() {
        for u in [-0.38, 0.6] {
            let direct = libm::log1p(u) - u;
            assert!((log1p_minus(u) / direct - 1.0).abs() < 5e-15, "{u}");
        }
    }

    #[test]
    fn stirling_error_has_no_step_where_the_series_takes_over() {
        let below = stirling_error(16.0 - 1e-12);
        let above = stirling_error(16.0);
        assert!((below - above).abs() < 5e-14, "{below} {above}");
    }
}
