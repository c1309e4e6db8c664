//! Is it going up or down? Same month last year, the trend in per cent a year, and sudden steps.
//!
//! Month against the month before is no comparison: February is short and summer is busy. The fair ones are the same
//! month of last year ([`same_month_last_year`]), a line through all months with the season taken out ([`per_year`]),
//! and a control chart ([`crate::control_chart`]). Steps and odd months ([`sudden_changes`]) come first: a change in
//! recording looks like a trend to all of them.
//!
//! Missing months are `None`; exposures are days in the month or people times days, 1 where they do not matter.
//! For readers who are not programmers: `methods/trend.md`.

mod sudden;

pub use sudden::{OddMonth, Step, SuddenChanges, SuddenSettings, sudden_changes};

use crate::compare::{self, Pair};
use crate::estimate::{Confidence, Estimate, Method, Refusal, RestsOn, check};
use crate::glm;
use crate::special::{student_cdf, student_quantile, total};

/// A change from one period to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// The rate now over the rate then: 1.1 is 10 % more.
    pub ratio: Estimate,
    /// The two-sided p-value that nothing changed.
    pub p_value: f64,
    /// How much more the counts vary than Poisson counts (1: no more); the interval is widened by its root.
    pub dispersion: f64,
}

impl Change {
    /// The change in per cent: value, lower and upper limit.
    pub fn percent(&self) -> (f64, f64, f64) {
        let percent = |ratio: f64| 100.0 * (ratio - 1.0);
        (percent(self.ratio.value()), percent(self.ratio.lower()), percent(self.ratio.upper()))
    }
}

/// One month of a series against the same month of the year before, as a ratio of rates with its score interval.
///
/// `at` is the month's index. The interval allows for the usual over-dispersion of the series, estimated from the
/// typical size of the moves from month to month (never under Poisson, nor under 3 % of the count).
///
/// # Errors
/// Refused when either month lies outside the series or is missing, when the earlier one has no events, or an argument
/// is no count.
///
/// ```
/// use headwater_statistics::{estimate::Confidence, trend::same_month_last_year};
///
/// let mut counts: Vec<Option<f64>> = (0..24).map(|month| Some(100.0 + f64::from(month % 3))).collect();
/// counts[23] = Some(150.0);
/// let change = same_month_last_year(&counts, None, 23, Confidence::P95).unwrap();
/// assert!((change.percent().0 - 100.0 * (150.0 / 102.0 - 1.0)).abs() < 1e-9);
/// assert!(change.ratio.lower() > 1.0);
/// ```
pub fn same_month_last_year(counts: &[Option<f64>], exposures: Option<&[f64]>, at: usize, confidence: Confidence) -> Result<Change, Refusal> {
    let month = |index: usize| {
        counts
            .get(index)
            .copied()
            .flatten()
            .ok_or(Refusal::Degenerate { what: "the month or the same month of the year before is missing; a gap is not a zero" })
    };
    if at < 12 {
        return Err(Refusal::TooFewPoints { unit: "months before this one", points: at, minimum: 12 });
    }
    let (now, then) = (month(at)?, month(at - 12)?);
    let series = Series::new(counts, exposures)?;
    let exposure = |index: usize| exposures.map_or(1.0, |exposures| exposures[index]);
    let pair = Pair::new(now, exposure(at), then, exposure(at - 12))?;
    change(&pair, sudden::dispersion(&series.counts_with_gaps), confidence)
}

/// The fewest calendar months that two years must share to be compared.
pub const SHARED_MONTHS: usize = 6;

/// The last twelve months of a series against the twelve before them, like with like.
///
/// Only calendar months that are there in both years are added up, so that a gap in one of them is no fall.
///
/// # Errors
/// Refused when fewer than [`SHARED_MONTHS`] calendar months are there in both years.
///
/// ```
/// use headwater_statistics::{estimate::Confidence, trend::year_on_year};
///
/// let mut counts: Vec<Option<f64>> = vec![Some(100.0); 12];
/// counts.extend(vec![Some(110.0); 12]);
/// counts[3] = None; // and so the fifteenth is left out, too: 1,210 against 1,100
/// let change = year_on_year(&counts, None, Confidence::P95).unwrap();
/// assert!((change.percent().0 - 10.0).abs() < 1e-9);
/// ```
pub fn year_on_year(counts: &[Option<f64>], exposures: Option<&[f64]>, confidence: Confidence) -> Result<Change, Refusal> {
    check::at_least("months", counts.len(), 24)?;
    let series = Series::new(counts, exposures)?;
    let end = counts.len();
    let shared: Vec<(usize, f64, f64)> = (end - 12..end).filter_map(|index| Some((index, counts[index]?, counts[index - 12]?))).collect();
    check::at_least("calendar months in both years", shared.len(), SHARED_MONTHS)?;
    let exposure = |back: usize| total(shared.iter().map(|(index, ..)| exposures.map_or(1.0, |exposures| exposures[index - back])));
    let now = total(shared.iter().map(|(_, now, _)| *now));
    let then = total(shared.iter().map(|(_, _, then)| *then));
    let pair = Pair::new(now, exposure(0), then, exposure(12))?;
    change(&pair, sudden::dispersion(&series.counts_with_gaps), confidence)
}

fn change(pair: &Pair, dispersion: f64, confidence: Confidence) -> Result<Change, Refusal> {
    Ok(Change {
        ratio: compare::ratio_score_dispersed(pair, confidence, dispersion)?,
        p_value: compare::score_p_dispersed(pair, dispersion)?,
        dispersion,
    })
}

/// A line through the logarithms of all months.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// The change in per cent a year, with its interval.
    pub percent_a_year: Estimate,
    /// The two-sided p-value that there is no trend.
    pub p_value: f64,
    /// How much more the counts vary around the line than Poisson counts.
    pub dispersion: f64,
    /// Whether the month of the year was taken out.
    pub season_removed: bool,
}

/// The fewest months through which a line is drawn.
pub const TREND_MONTHS: usize = 12;
/// From this many months on, the month of the year is taken out.
pub const SEASON_MONTHS: usize = 24;

/// The trend of monthly counts in per cent a year.
///
/// A quasi-Poisson log-linear model with the exposures as offset; with 24 months or more, each calendar month has a level
/// of its own (`first_month` is that of the first point, 1 to 12), so that a series that begins in winter and ends in
/// summer does not look like a rise. Intervals use Student's t. Months that follow one another are taken to be
/// independent around the line: after a step they are not, so look at [`sudden_changes`] first.
///
/// # Errors
/// Refused with fewer than twelve months, no events, an argument that is no count, or lists of different lengths.
///
/// ```
/// use headwater_statistics::{estimate::Confidence, trend::per_year};
///
/// // 1 % a month, compounding to 12.7 % a year.
/// let counts: Vec<Option<f64>> = (0..36).map(|month| Some(1000.0 * 1.01f64.powi(month))).collect();
/// let trend = per_year(&counts, None, 1, Confidence::P95).unwrap();
/// assert!((trend.percent_a_year.value() - 12.6825).abs() < 1e-3);
/// ```
pub fn per_year(counts: &[Option<f64>], exposures: Option<&[f64]>, first_month: usize, confidence: Confidence) -> Result<Trend, Refusal> {
    if !(1..=12).contains(&first_month) {
        return Err(Refusal::argument("first_month", first_month as f64, "must be 1 (January) to 12"));
    }
    let series = Series::new(counts, exposures)?;
    check::at_least("months", series.counts.len(), TREND_MONTHS)?;
    let season_removed = series.counts.len() >= SEASON_MONTHS;
    let rows = series.design(first_month, season_removed, true);
    let fit = glm::quasi_poisson(&rows, &series.counts, &series.exposures)?;
    let columns = fit.coefficients.len();
    let mut slope_only = vec![0.0; columns];
    slope_only[columns - 1] = 1.0;
    let slope = fit.coefficients[columns - 1];
    let error = libm::sqrt(fit.variance_of(&slope_only));
    let reach = student_quantile(1.0 - confidence.tail(), fit.degrees) * error;
    let percent = |slope: f64| 100.0 * libm::expm1(slope);
    let rests_on = RestsOn { events: total(series.counts.iter().copied()), denominator: series.counts.len() as f64 };
    Ok(Trend {
        percent_a_year: Estimate::new(percent(slope), (percent(slope - reach), percent(slope + reach)), confidence, Method::QuasiPoisson, rests_on)?,
        p_value: 2.0 * student_cdf(-libm::fabs(slope / error), fit.degrees),
        dispersion: fit.dispersion,
        season_removed,
    })
}

/// A checked series: the months that have a count, and where they stand.
pub(crate) struct Series {
    /// Index of each present month.
    pub(crate) at: Vec<usize>,
    /// Its count.
    pub(crate) counts: Vec<f64>,
    /// Its exposure.
    pub(crate) exposures: Vec<f64>,
    /// All months, per unit of mean exposure, for the dispersion.
    counts_with_gaps: Vec<Option<f64>>,
}

impl Series {
    pub(crate) fn new(counts: &[Option<f64>], exposures: Option<&[f64]>) -> Result<Self, Refusal> {
        if let Some(exposures) = exposures {
            check::lengths("counts", counts.len(), "exposures", exposures.len())?;
            check::each("exposures", exposures, check::positive)?;
        }
        sudden::check_counts(counts)?;
        let exposure = |index: usize| exposures.map_or(1.0, |exposures| exposures[index]);
        let at: Vec<usize> = (0..counts.len()).filter(|&index| counts[index].is_some()).collect();
        check::at_least("months", at.len(), 1)?;
        let usual = total(at.iter().map(|&index| exposure(index))) / at.len() as f64;
        Ok(Series {
            counts: at.iter().filter_map(|&index| counts[index]).collect(),
            exposures: at.iter().map(|&index| exposure(index)).collect(),
            counts_with_gaps: (0..counts.len()).map(|i| counts[i].map(|count| count * usual / exposure(i))).collect(),
            at,
        })
    }

    /// The columns of the model: levels of the calendar months (or one level), then time in years.
    pub(crate) fn design(&self, first_month: usize, season: bool, trend: bool) -> Vec<Vec<f64>> {
        let middle = total(self.at.iter().map(|at| *at as f64)) / self.at.len() as f64;
        self.at
            .iter()
            .map(|&at| {
                let month = (first_month - 1 + at) % 12;
                let mut row: Vec<f64> = if season { (0..12).map(|m| f64::from(u8::from(m == month))).collect() } else { vec![1.0] };
                if trend {
                    row.push((at as f64 - middle) / 12.0);
                }
                row
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_month_is_not_compared() {
        let mut counts = vec![Some(50.0); 24];
        counts[11] = None;
        let refusal = same_month_last_year(&counts, None, 23, Confidence::P95).unwrap_err();
        assert!(refusal.to_string().contains("a gap is not a zero"), "{refusal}");
        // The year is still compared, by the eleven calendar months that both have; with too few of them it is not.
        assert!((year_on_year(&counts, None, Confidence::P95).unwrap().ratio.value() - 1.0).abs() < 1e-12);
        counts[4..11].fill(None);
        assert!(year_on_year(&counts, None, Confidence::P95).is_err());
    }

    #[test]
    fn a_leap_february_is_compared_by_its_days() {
        let counts: Vec<Option<f64>> = (0..13).map(|at| Some(if at == 12 { 290.0 } else { 280.0 })).collect();
        let mut days = vec![28.0; 13];
        days[12] = 29.0;
        let change = same_month_last_year(&counts, Some(&days), 12, Confidence::P95).unwrap();
        assert!((change.ratio.value() - 1.0).abs() < 1e-12);
        assert!(change.p_value > 0.99);
    }

    #[test]
    fn season_does_not_look_like_a_trend() {
        // Two and a half years from January to June: the last half year is the rising half.
        let counts: Vec<Option<f64>> =
            (0..30).map(|at| Some(libm::round(400.0 + 150.0 * libm::sin(std::f64::consts::TAU * (at as f64 - 3.0) / 12.0)))).collect();
        let trend = per_year(&counts, None, 1, Confidence::P95).unwrap();
        assert!(trend.season_removed && trend.percent_a_year.value().abs() < 0.1, "{trend:?}");
    }

    #[test]
    fn the_plain_trend_agrees_with_statsmodels() {
        // statsmodels 0.15 GLM(y, [1, t/12], Poisson).fit(scale='X2'), t interval with 10 degrees of freedom.
        let counts = [31.0, 25.0, 36.0, 40.0, 28.0, 45.0, 39.0, 50.0, 41.0, 47.0, 58.0, 44.0].map(Some);
        let trend = per_year(&counts, None, 1, Confidence::P95).unwrap();
        assert!(!trend.season_removed);
        let found = trend.percent_a_year;
        let wanted = [83.89694619656957, 28.898230010528675, 162.36269355802384, 0.98106746688209, 0.003374366377109959];
        for (found, wanted) in [found.value(), found.lower(), found.upper(), trend.dispersion, trend.p_value].iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-8 * (1.0 + f64::abs(wanted)), "{found} {wanted}");
        }
    }
}
