//! Many tests at once: p-values turned into values that may be read together.

use crate::estimate::Refusal;
use crate::special::total;

/// How p-values are adjusted for their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// Benjamini and Hochberg: the share of false discoveries among the discoveries (q-values). For maps.
    BenjaminiHochberg,
    /// Benjamini and Yekutieli: the same under any dependence, and stricter.
    BenjaminiYekutieli,
    /// Holm: the chance of any false discovery at all. For a few questions asked on purpose.
    Holm,
}

/// The adjusted p-values, in the order given; those at or under 0.05 are the discoveries at 5 %.
///
/// # Errors
/// Refused when a p-value is not between 0 and 1.
///
/// ```
/// use headwater_statistics::compare::{Adjustment, adjust};
///
/// let q = adjust(&[0.01, 0.04, 0.03, 0.5], Adjustment::BenjaminiHochberg).unwrap();
/// assert!((q[0] - 0.04).abs() < 1e-15); // 0.01 * 4/1
/// assert!((q[1] - 0.04 * 4.0 / 3.0).abs() < 1e-15);
/// assert!((q[2] - q[1]).abs() < 1e-15); // 0.03 * 4/2 is more than the next one's
/// ```
pub fn adjust(p: &[f64], how: Adjustment) -> Result<Vec<f64>, Refusal> {
    for (at, value) in p.iter().enumerate() {
        if !(0.0..=1.0).contains(value) {
            return Err(Refusal::Argument { name: "p", index: Some(at), found: *value, must: "must be 0 to 1" });
        }
    }
    let count = p.len() as f64;
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]).then(a.cmp(&b)));
    let mut adjusted = vec![0.0; p.len()];
    match how {
        Adjustment::Holm => {
            let mut highest = 0.0;
            for (place, &at) in order.iter().enumerate() {
                highest = f64::max(highest, f64::min(1.0, p[at] * (count - place as f64)));
                adjusted[at] = highest;
            }
        }
        Adjustment::BenjaminiHochberg | Adjustment::BenjaminiYekutieli => {
            let penalty = if how == Adjustment::BenjaminiYekutieli { total((1..=p.len()).map(|k| 1.0 / k as f64)) } else { 1.0 };
            let mut lowest = 1.0;
            for (place, &at) in order.iter().enumerate().rev() {
                let rank = place as f64 + 1.0;
                lowest = f64::min(lowest, p[at] * count / rank * penalty);
                adjusted[at] = lowest;
            }
        }
    }
    Ok(adjusted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holm_multiplies_by_the_tests_left() {
        let adjusted = adjust(&[0.02, 0.01, 0.4], Adjustment::Holm).unwrap();
        assert_eq!(adjusted, [0.04, 0.03, 0.4]);
    }

    #[test]
    fn one_test_needs_no_adjustment() {
        for how in [Adjustment::BenjaminiHochberg, Adjustment::BenjaminiYekutieli, Adjustment::Holm] {
            assert_eq!(adjust(&[0.03], how).unwrap(), [0.03]);
        }
    }

    #[test]
    fn a_p_value_above_one_is_named() {
        let refusal = adjust(&[0.1, 1.2], Adjustment::Holm).unwrap_err().to_string();
        assert!(refusal.starts_with("Value 2 of 'p' is 1.2"), "{refusal}");
    }
}
