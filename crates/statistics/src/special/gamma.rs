//! The gamma function and the incomplete gamma ratios P and Q = 1 - P, with their inverses.
//!
//! Three ways to the same number, each where it is good: a series of positive terms below the mean, a continued
//! fraction above it (both with the saddle-point form of the density, after Loader 2000), and Temme's uniform
//! expansion (1979) for shapes from 200, where the other two would need thousands of terms.

use std::f64::consts::PI;

use super::{log1p_minus, normal_quantile, rising_root, stirling_error};

/// The natural logarithm of the gamma function.
///
/// ```
/// # use headwater_statistics::special::log_gamma;
/// assert!((log_gamma(5.0) - 24.0_f64.ln()).abs() < 1e-14);
/// ```
pub fn log_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// `x^a e^-x / gamma(a + 1)`: the Poisson chance of `a` events when `x` are expected, for any `a >= 0`.
pub(crate) fn density_term(a: f64, x: f64) -> f64 {
    if x == 0.0 {
        return if a == 0.0 { 1.0 } else { 0.0 };
    }
    if a == 0.0 {
        return libm::exp(-x);
    }
    if a < 10.0 {
        return libm::exp(a * libm::log(x) - x - libm::lgamma(a + 1.0));
    }
    let exponent = a * log1p_minus((x - a) / a) - stirling_error(a);
    libm::exp(exponent) / libm::sqrt(2.0 * PI * a)
}

/// The lower incomplete gamma ratio P(a, x): the chance that a gamma value of shape `a` is at most `x`.
///
/// `a > 0`, `x >= 0`; `NaN` otherwise.
///
/// ```
/// # use headwater_statistics::special::gamma_p;
/// assert!((gamma_p(1.0, 2.0) - (1.0 - (-2.0f64).exp())).abs() < 1e-15);
/// ```
pub fn gamma_p(a: f64, x: f64) -> f64 {
    ratios(a, x).0
}

/// The upper incomplete gamma ratio Q(a, x) = 1 - P(a, x), computed as a tail of its own.
///
/// ```
/// # use headwater_statistics::special::gamma_q;
/// assert!((gamma_q(1.0, 40.0) / (-40.0f64).exp() - 1.0).abs() < 1e-14);
/// ```
pub fn gamma_q(a: f64, x: f64) -> f64 {
    ratios(a, x).1
}

/// P and Q together: the smaller is computed, the larger is its complement.
fn ratios(a: f64, x: f64) -> (f64, f64) {
    if !(a > 0.0 && x >= 0.0) || a.is_infinite() {
        return (f64::NAN, f64::NAN);
    }
    if x == 0.0 {
        return (0.0, 1.0);
    }
    if x.is_infinite() {
        return (1.0, 0.0);
    }
    if a >= 200.0 && libm::fabs(x - a) < 0.35 * a {
        return temme(a, x);
    }
    if x < a + 1.0 {
        let p = density_term(a, x) * series(a, x);
        (p, 1.0 - p)
    } else {
        let q = density_term(a, x) * a * fraction(a, x);
        (1.0 - q, q)
    }
}

/// `1 + x/(a+1) + x^2/((a+1)(a+2)) + ...`
fn series(a: f64, x: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut n = a;
    while term > sum * 1e-17 {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    sum
}

/// Legendre's continued fraction for Q, by the modified Lentz method.
fn fraction(a: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-290;
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut h = d;
    let mut i = 1.0;
    loop {
        let numerator = -i * (i - a);
        b += 2.0;
        d = numerator * d + b;
        if d == 0.0 {
            d = TINY;
        }
        c = b + numerator / c;
        if c == 0.0 {
            c = TINY;
        }
        d = 1.0 / d;
        let change = d * c;
        h *= change;
        if libm::fabs(change - 1.0) < 2e-16 || i > 100_000.0 {
            return h;
        }
        i += 1.0;
    }
}

/// Temme's expansion: Q = erfc(eta sqrt(a/2))/2 + R, P = erfc(-eta sqrt(a/2))/2 - R.
fn temme(a: f64, x: f64) -> (f64, f64) {
    let mu = (x - a) / a;
    let half_square = -log1p_minus(mu);
    let eta = libm::copysign(libm::sqrt(2.0 * half_square), mu);
    let mut correction = 0.0;
    for row in TEMME.iter().rev() {
        let mut value = 0.0;
        for &coefficient in row.iter().rev() {
            value = value * eta + coefficient;
        }
        correction = correction / a + value;
    }
    let exponent = libm::exp(-a * half_square);
    let remainder = exponent / libm::sqrt(2.0 * PI * a) * correction;
    let tail = 0.5 * libm::erfc(libm::fabs(eta) * libm::sqrt(0.5 * a));
    if eta >= 0.0 {
        let q = tail + remainder;
        (1.0 - q, q)
    } else {
        let p = tail - remainder;
        (p, 1.0 - p)
    }
}

/// The Taylor coefficients in eta of Temme's c_0 to c_6 (DLMF 8.12.9 to 8.12.13), computed in exact fractions.
#[rustfmt::skip]
const TEMME: [&[f64]; 7] = [
    &[-0.3333333333333333, 0.08333333333333333, -0.014814814814814815, 0.0011574074074074073, 0.0003527336860670194, -0.0001787551440329218, 3.919263178522438e-05, -2.185448510679992e-06, -1.85406221071516e-06, 8.296711340953087e-07, -1.7665952736826078e-07, 6.707853543401498e-09, 1.0261809784240309e-08, -4.382036018453353e-09, 9.14769958223679e-10, -2.5514193994946248e-11, -5.830772132550426e-11, 2.4361948020667415e-11, -5.0276692801141755e-12],
    &[-0.001851851851851852, -0.003472222222222222, 0.0026455026455026454, -0.0009902263374485596, 0.00020576131687242798, -4.018775720164609e-07, -1.8098550334489977e-05, 7.64916091608111e-06, -1.6120900894563446e-06, 4.647127802807434e-09, 1.378633446915721e-07, -5.752545603517705e-08, 1.1951628599778148e-08, -1.7543241719747647e-11, -1.0091543710600413e-09, 4.162792991842583e-10, -8.56390702649298e-11],
    &[0.004133597883597883, -0.0026813271604938273, 0.0007716049382716049, 2.0093878600823047e-06, -0.0001073665322636516, 5.2923448829120125e-05, -1.2760635188618728e-05, 3.423578734096138e-08, 1.3721957309062934e-06, -6.298992138380055e-07, 1.4280614206064242e-07, -2.0477098421990866e-10, -1.409252991086752e-08, 6.228974084922022e-09],
    &[0.0006494341563786008, 0.00022947209362139917, -0.0004691894943952557, 0.00026772063206283885, -7.561801671883977e-05, -2.396505113867297e-07, 1.1082654115347302e-05, -5.6749528269915965e-06, 1.4230900732435883e-06, -2.7861080291528143e-11, -1.6958404091930278e-07, 8.099464905388083e-08],
    &[-0.0008618882909167117, 0.0007840392217200666, -0.0002990724803031902, -1.4638452578843418e-06, 6.641498215465122e-05, -3.968365047179435e-05, 1.1375726970678419e-05, 2.507497226237533e-10, -1.6954149536558305e-06],
    &[-0.00033679855336635813, -6.972813758365857e-05, 0.0002772753244959392, -0.00019932570516188847, 6.797780477937208e-05],
    &[0.0005313079364639922, -0.0005921664373536939],
];

/// The `x` at which P(a, x) is `p`; 0 at `p = 0`, infinite at `p = 1`.
///
/// `gamma_p_inverse(events, 0.025)` is the exact lower 95 % limit of a Poisson count.
///
/// ```
/// # use headwater_statistics::special::gamma_p_inverse;
/// assert!((gamma_p_inverse(9.0, 0.025) - 4.115).abs() < 5e-4);
/// ```
pub fn gamma_p_inverse(a: f64, p: f64) -> f64 {
    inverse(a, p, true)
}

/// The `x` at which Q(a, x) is `q`; infinite at `q = 0`.
///
/// `gamma_q_inverse(events + 1, 0.025)` is the exact upper 95 % limit of a Poisson count.
///
/// ```
/// # use headwater_statistics::special::gamma_q_inverse;
/// assert!((gamma_q_inverse(10.0, 0.025) - 17.085).abs() < 5e-4);
/// ```
pub fn gamma_q_inverse(a: f64, q: f64) -> f64 {
    inverse(a, q, false)
}

/// Solve P(a, x) = chance (`lower`) or Q(a, x) = chance.
fn inverse(a: f64, chance: f64, lower: bool) -> f64 {
    if !(a > 0.0 && a.is_finite() && (0.0..=1.0).contains(&chance)) {
        return f64::NAN;
    }
    if chance == 0.0 || chance == 1.0 {
        let zero = (chance == 0.0) == lower;
        return if zero { 0.0 } else { f64::INFINITY };
    }
    // Wilson and Hilferty: the cube root of a gamma value is nearly normal.
    let z = normal_quantile(chance) * if lower { 1.0 } else { -1.0 };
    let root = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * libm::sqrt(a));
    let mut start = a * root * root * root;
    if start <= 0.05 * a || root <= 0.0 {
        // Far in the lower tail P is x^a / gamma(a + 1).
        let log_chance = if lower { libm::log(chance) } else { libm::log1p(-chance) };
        start = libm::exp((log_chance + libm::lgamma(a + 1.0)) / a);
    }
    if start == 0.0 {
        return 0.0; // smaller than the smallest double
    }
    // The equation is solved in log x, and for the log of the tail that was asked for.
    let log_x = rising_root(libm::log(start), -745.0, libm::log(a + 2000.0) + 710.0, |log_x| {
        let x = libm::exp(log_x);
        let (p, q) = ratios(a, x);
        let slope = density_term(a, x) * a;
        if lower {
            if p == 0.0 { (-1.0, 0.0) } else { (libm::log(p / chance), slope / p) }
        } else if q == 0.0 {
            (1.0, 0.0)
        } else {
            (libm::log(chance / q), slope / q)
        }
    });
    // One last step in x itself: log x has lost the digits that exp would need.
    let x = libm::exp(log_x);
    let (p, q) = ratios(a, x);
    let error = if lower { p - chance } else { chance - q };
    let step = error / (density_term(a, x) * a / x);
    if libm::fabs(step) < 1e-8 * x { x - step } else { x }
}

/// The value below which a chi-square variable with `degrees` of freedom falls with chance `p`.
///
/// ```
/// # use headwater_statistics::special::chi_square_quantile;
/// assert!((chi_square_quantile(0.95, 1.0) - 3.841458820694124).abs() < 1e-12);
/// ```
pub fn chi_square_quantile(p: f64, degrees: f64) -> f64 {
    2.0 * gamma_p_inverse(0.5 * degrees, p)
}

/// The chance that a chi-square variable with `degrees` of freedom exceeds `x`.
///
/// ```
/// # use headwater_statistics::special::chi_square_upper;
/// assert!((chi_square_upper(3.841458820694124, 1.0) - 0.05).abs() < 1e-14);
/// ```
pub fn chi_square_upper(x: f64, degrees: f64) -> f64 {
    gamma_q(0.5 * degrees, 0.5 * x)
}
