//! A log-linear model of counts whose spread is estimated from themselves (quasi-Poisson), for trend and season.

use crate::estimate::Refusal;
use crate::special::{Sum, total};

/// A fitted model.
#[derive(Debug, Clone)]
pub(crate) struct Fit {
    /// One coefficient for each column, on the log scale.
    pub(crate) coefficients: Vec<f64>,
    /// Their covariance for a dispersion of 1: multiply by `dispersion`.
    pub(crate) covariance: Vec<Vec<f64>>,
    /// Pearson's chi-square over the degrees of freedom.
    pub(crate) dispersion: f64,
    /// Twice the log-likelihood short of a perfect fit.
    pub(crate) deviance: f64,
    /// Points less columns.
    pub(crate) degrees: f64,
}

impl Fit {
    /// The variance of a weighted sum of the coefficients, with the dispersion in it (never taken to be under 1).
    pub(crate) fn variance_of(&self, weights: &[f64]) -> f64 {
        let mut sum = Sum::default();
        for (row, left) in self.covariance.iter().zip(weights) {
            for (value, right) in row.iter().zip(weights) {
                sum.add(value * left * right);
            }
        }
        sum.value() * f64::max(1.0, self.dispersion)
    }
}

/// Iterations after which a fit that has not settled is refused; a dozen are usual.
const ITERATIONS: usize = 60;

/// Fit `log(mean) = log(exposure) + row . coefficients` by iteratively reweighted least squares.
///
/// All rows have the same length, and so have the three lists. Refused when a column says nothing new (the matrix is
/// singular), when there are no more points than columns, or when the fit does not settle.
pub(crate) fn quasi_poisson(rows: &[Vec<f64>], counts: &[f64], exposures: &[f64]) -> Result<Fit, Refusal> {
    let columns = rows.first().map_or(0, Vec::len);
    if rows.len() <= columns {
        return Err(Refusal::TooFewPoints { unit: "months", points: rows.len(), minimum: columns + 1 });
    }
    if total(counts.iter().copied()) <= 0.0 {
        return Err(Refusal::Degenerate { what: "there are no events in the series" });
    }
    // Start from the counts themselves, nudged off zero.
    let mut means: Vec<f64> = counts.iter().map(|count| count + 0.5).collect();
    let mut deviance = f64::INFINITY;
    for _ in 0..ITERATIONS {
        let target: Vec<f64> =
            counts.iter().zip(exposures).zip(&means).map(|((count, exposure), mean)| libm::log(mean / exposure) + (count - mean) / mean).collect();
        let (matrix, right) = normal_equations(rows, &means, &target);
        let inverse = invert(&matrix)?;
        let coefficients: Vec<f64> = inverse.iter().map(|row| total(row.iter().zip(&right).map(|(a, b)| a * b))).collect();
        for ((mean, row), exposure) in means.iter_mut().zip(rows).zip(exposures) {
            let log_rate = total(row.iter().zip(&coefficients).map(|(a, b)| a * b));
            *mean = exposure * libm::exp(log_rate.clamp(-60.0, 60.0));
        }
        let next = total(counts.iter().zip(&means).map(|(count, mean)| deviance_part(*count, *mean)));
        let settled = libm::fabs(next - deviance) <= 1e-12 * (1.0 + libm::fabs(next));
        deviance = next;
        if settled {
            let (matrix, _) = normal_equations(rows, &means, &target);
            let pearson = total(counts.iter().zip(&means).map(|(count, mean)| (count - mean) * (count - mean) / mean));
            let degrees = (rows.len() - columns) as f64;
            return Ok(Fit { coefficients, covariance: invert(&matrix)?, dispersion: pearson / degrees, deviance, degrees });
        }
    }
    Err(Refusal::Degenerate { what: "the model does not settle on these counts; are there long stretches of zeros?" })
}

/// One point's share of the deviance.
fn deviance_part(count: f64, mean: f64) -> f64 {
    let part = if count > 0.0 { count * libm::log(count / mean) } else { 0.0 };
    2.0 * (part - (count - mean))
}

/// X'WX and X'Wz, with the means as weights.
fn normal_equations(rows: &[Vec<f64>], weights: &[f64], target: &[f64]) -> (Vec<Vec<f64>>, Vec<f64>) {
    let columns = rows.first().map_or(0, Vec::len);
    let mut matrix = vec![vec![0.0; columns]; columns];
    let mut right = vec![0.0; columns];
    for ((row, weight), target) in rows.iter().zip(weights).zip(target) {
        for (i, left) in row.iter().enumerate() {
            right[i] += weight * left * target;
            for (entry, value) in matrix[i].iter_mut().zip(row) {
                *entry += weight * left * value;
            }
        }
    }
    (matrix, right)
}

/// The inverse of a symmetric positive matrix by Gauss and Jordan with the largest pivot; refused when singular.
fn invert(matrix: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, Refusal> {
    let size = matrix.len();
    let scale = matrix.iter().flatten().fold(0.0, |a: f64, b| f64::max(a, libm::fabs(*b)));
    let mut left: Vec<Vec<f64>> = matrix.to_vec();
    let mut right: Vec<Vec<f64>> = (0..size).map(|i| (0..size).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for column in 0..size {
        let pivot = (column..size).max_by(|&a, &b| libm::fabs(left[a][column]).total_cmp(&libm::fabs(left[b][column]))).unwrap_or(column);
        left.swap(column, pivot);
        right.swap(column, pivot);
        let divisor = left[column][column];
        if libm::fabs(divisor) <= 1e-13 * scale || divisor.is_nan() {
            return Err(Refusal::Degenerate { what: "the months given cannot tell trend and season apart" });
        }
        for k in 0..size {
            left[column][k] /= divisor;
            right[column][k] /= divisor;
        }
        for row in (0..size).filter(|row| *row != column) {
            let factor = left[row][column];
            for k in 0..size {
                left[row][k] -= factor * left[column][k];
                right[row][k] -= factor * right[column][k];
            }
        }
    }
    Ok(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_of_the_mean_alone_finds_the_mean_and_its_dispersion() {
        let counts = [4.0, 6.0, 8.0, 2.0];
        let fit = quasi_poisson(&vec![vec![1.0]; 4], &counts, &[1.0; 4]).unwrap();
        assert!((libm::exp(fit.coefficients[0]) - 5.0).abs() < 1e-12);
        // (1 + 1 + 9 + 9)/5 over 3 degrees of freedom
        assert!((fit.dispersion - 4.0 / 3.0).abs() < 1e-12);
        assert!((fit.covariance[0][0] - 1.0 / 20.0).abs() < 1e-12);
    }

    #[test]
    fn two_equal_columns_are_refused() {
        let rows = vec![vec![1.0, 1.0]; 5];
        assert!(matches!(quasi_poisson(&rows, &[1.0, 2.0, 3.0, 4.0, 5.0], &[1.0; 5]), Err(Refusal::Degenerate { .. })));
    }
}
