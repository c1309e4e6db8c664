//! Does it depend on the time of year, and how much? Indices for the twelve months.
//!
//! An index of 120 for July says that an average day in July has 20 % more than the average day of the year. The level
//! of each calendar month and a straight trend are fitted together (quasi-Poisson, log scale, days in the month as
//! exposure), so that a rising series does not make December look high. One test says whether there is a season at all.
//!
//! From data.police.uk only the month is known: no weekday, no hour. For readers who are not programmers:
//! `methods/season.md`.

use crate::estimate::{Confidence, Estimate, Method, Refusal, RestsOn, check};
use crate::glm;
use crate::special::{beta_p, student_quantile, total};
use crate::trend::Series;

/// The fewest months with a count.
pub const MINIMUM_MONTHS: usize = 24;

/// The season of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Season {
    /// January to December: 100 is the average day of the year, with intervals.
    pub indices: Vec<Estimate>,
    /// The p-value that all months are alike (quasi-likelihood F test).
    pub p_value: f64,
    /// How much more the counts vary than Poisson counts.
    pub dispersion: f64,
}

impl Season {
    /// The calendar month (1 to 12) with the highest index.
    pub fn peak_month(&self) -> usize {
        self.extreme(|a, b| a > b)
    }

    /// The calendar month (1 to 12) with the lowest index.
    pub fn low_month(&self) -> usize {
        self.extreme(|a, b| a < b)
    }

    fn extreme(&self, beats: impl Fn(f64, f64) -> bool) -> usize {
        let mut best = 0;
        for month in 1..self.indices.len() {
            if beats(self.indices[month].value(), self.indices[best].value()) {
                best = month;
            }
        }
        best + 1
    }
}

/// The indices of the twelve months of the year.
///
/// `exposures` are the days of each month ([`days_in_months`]) or `None`; `first_month` is the calendar month of the
/// first count, 1 to 12. The indices' geometric mean is 100.
///
/// # Errors
/// Refused with fewer than 24 months, a calendar month that never occurs, a calendar month without any event, no room
/// for an estimate of the noise, or an argument that is no count.
///
/// ```
/// use headwater_statistics::{estimate::Confidence, season};
///
/// // Twice as much in July as in any other month, for three years.
/// let counts: Vec<Option<f64>> = (0..36).map(|at| Some(if at % 12 == 6 { 400.0 } else { 200.0 })).collect();
/// let found = season::monthly_indices(&counts, None, 1, Confidence::P95).unwrap();
/// assert_eq!(found.peak_month(), 7);
/// // 100 * 2^(11/12)
/// assert!((found.indices[6].value() - 188.77).abs() < 0.01);
/// assert!(found.p_value < 1e-6);
/// ```
pub fn monthly_indices(counts: &[Option<f64>], exposures: Option<&[f64]>, first_month: usize, confidence: Confidence) -> Result<Season, Refusal> {
    if !(1..=12).contains(&first_month) {
        return Err(Refusal::argument("first_month", first_month as f64, "must be 1 (January) to 12"));
    }
    let series = Series::new(counts, exposures)?;
    check::at_least("months", series.counts.len(), MINIMUM_MONTHS)?;
    let mut by_month = [(0usize, 0.0); 12];
    for (at, count) in series.at.iter().zip(&series.counts) {
        let month = &mut by_month[(first_month - 1 + at) % 12];
        *month = (month.0 + 1, month.1 + count);
    }
    let occurring = by_month.iter().filter(|(times, _)| *times > 0).count();
    check::at_least("calendar months that occur", occurring, 12)?;
    if by_month.iter().any(|(_, events)| *events == 0.0) {
        return Err(Refusal::Degenerate { what: "a calendar month has no event in any year, so that its index has no interval" });
    }
    let fit = glm::quasi_poisson(&series.design(first_month, true, true), &series.counts, &series.exposures)?;
    let alike = glm::quasi_poisson(&series.design(first_month, false, true), &series.counts, &series.exposures)?;
    let average = total(fit.coefficients[..12].iter().copied()) / 12.0;
    let quantile = student_quantile(1.0 - confidence.tail(), fit.degrees);
    let index = |log: f64| 100.0 * libm::exp(log);
    let mut indices = Vec::with_capacity(12);
    for (month, (_, events)) in by_month.iter().enumerate() {
        let mut contrast = vec![-1.0 / 12.0; 13];
        contrast[month] += 1.0;
        contrast[12] = 0.0;
        let log = fit.coefficients[month] - average;
        let reach = quantile * libm::sqrt(fit.variance_of(&contrast));
        indices.push(Estimate::new(
            index(log),
            (index(log - reach), index(log + reach)),
            confidence,
            Method::SeasonalIndex,
            RestsOn { events: *events, denominator: series.counts.len() as f64 },
        )?);
    }
    let scale = f64::max(1.0, fit.dispersion);
    let f = f64::max(0.0, (alike.deviance - fit.deviance) / 11.0 / scale);
    Ok(Season { indices, p_value: f_upper(f, 11.0, fit.degrees), dispersion: fit.dispersion })
}

/// The chance that an F variable exceeds `f`.
fn f_upper(f: f64, above: f64, below: f64) -> f64 {
    beta_p(0.5 * below, 0.5 * above, below / (below + above * f))
}

/// The days of `count` months from one on: exposures for counts of events.
///
/// # Errors
/// Refused when the month is not 1 to 12.
///
/// ```
/// use headwater_statistics::season::days_in_months;
///
/// assert_eq!(days_in_months(2023, 12, 3).unwrap(), [31.0, 31.0, 29.0]);
/// ```
pub fn days_in_months(first_year: i32, first_month: usize, count: usize) -> Result<Vec<f64>, Refusal> {
    if !(1..=12).contains(&first_month) {
        return Err(Refusal::argument("first_month", first_month as f64, "must be 1 (January) to 12"));
    }
    let days = (0..count).map(|at| {
        let months = first_month - 1 + at;
        let year = i64::from(first_year) + (months / 12) as i64;
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        match months % 12 {
            1 if leap => 29.0,
            1 => 28.0,
            3 | 5 | 8 | 10 => 30.0,
            _ => 31.0,
        }
    });
    Ok(days.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(values: impl IntoIterator<Item = f64>) -> Vec<Option<f64>> {
        values.into_iter().map(Some).collect()
    }

    #[test]
    fn equal_days_in_months_of_different_length_are_no_season() {
        let days = days_in_months(2022, 1, 36).unwrap();
        let found = monthly_indices(&some(days.iter().map(|d| 10.0 * d)), Some(&days), 1, Confidence::P95).unwrap();
        assert!(found.p_value > 0.99);
        assert!(found.indices.iter().all(|index| (index.value() - 100.0).abs() < 1e-9));
    }

    #[test]
    fn a_rising_series_does_not_make_december_high() {
        let found = monthly_indices(&some((0..36).map(|at| 300.0 * libm::exp(0.02 * f64::from(at)))), None, 1, Confidence::P95).unwrap();
        assert!(found.indices.iter().all(|index| (index.value() - 100.0).abs() < 1e-6));
    }

    #[test]
    fn two_years_are_needed_and_gaps_do_not_count() {
        let mut counts = some((0..24).map(|_| 10.0));
        assert!(monthly_indices(&counts, None, 1, Confidence::P95).is_ok());
        counts[5] = None;
        let refusal = monthly_indices(&counts, None, 1, Confidence::P95).unwrap_err();
        assert_eq!(refusal.to_string(), "Too few months: 23, and at least 24 are needed.");
    }

    #[test]
    fn the_indices_agree_with_statsmodels() {
        // statsmodels 0.15 GLM of 30 months from April, month levels and t/12, offset log(days), scale 'X2'.
        let counts = [
            252.0, 280.0, 305.0, 303.0, 261.0, 274.0, 267.0, 210.0, 203.0, 179.0, 184.0, 187.0, 279.0, 275.0, 358.0, 327.0, 327.0, 354.0, 265.0,
            214.0, 198.0, 156.0, 264.0, 271.0, 250.0, 222.0, 410.0, 437.0, 414.0, 265.0,
        ];
        let days = days_in_months(2021, 4, 30).unwrap();
        let found = monthly_indices(&some(counts), Some(&days), 4, Confidence::P95).unwrap();
        let wanted = [
            (1, 63.74858750387874, 49.023662328282974, 82.89634465752937),
            (5, 99.88903947533704, 83.53902048562742, 119.43903758151066),
            (9, 115.13599094590144, 97.23953639745946, 136.3261992211744),
        ];
        for (month, value, lower, upper) in wanted {
            let index = found.indices[month - 1];
            for (found, wanted) in [(index.value(), value), (index.lower(), lower), (index.upper(), upper)] {
                assert!((found - wanted).abs() < 1e-7 * wanted, "{month}: {found} {wanted}");
            }
        }
        let tests = [(found.dispersion, 5.889362172576113), (found.p_value, 0.0006660115841603293)];
        for (found, wanted) in tests {
            assert!((found - wanted).abs() < 1e-7 * wanted, "{found} {wanted}");
        }
    }
}
