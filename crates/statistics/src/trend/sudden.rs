//! Sudden steps and odd months: changes in recording, partial submissions, lockdowns.
//!
//! Counts are put on the scale `2 sqrt(x + 3/8)`, where Poisson noise has a standard deviation of 1 at every size
//! (Anscombe 1948). The noise of the series is a robust estimate from the moves between neighbouring months, never less
//! than Poisson noise. A step is a boundary with different levels on both sides, six months each where there are so
//! many, most of which happens from one month to the next; an odd month lies far from the level that its neighbours share.

use crate::estimate::{Refusal, check};
use crate::special::mean;

/// When a change counts as sudden.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SuddenSettings {
    /// How many standard errors (steps) or standard deviations (odd months) it must be from nothing.
    pub strength: f64,
    /// The least ratio between the levels of a step, up or down (1.25).
    pub step_ratio: f64,
    /// The least ratio between an odd month and its usual level, up or down (1.5).
    pub odd_ratio: f64,
    /// So many months on each side are looked at for a step.
    pub window: usize,
    /// So many of them must have a count.
    pub window_minimum: usize,
}

impl Default for SuddenSettings {
    /// Five standard errors, a quarter more or less for steps, half more or less for odd months, six months a side of
    /// which three must be there.
    fn default() -> Self {
        SuddenSettings { strength: 5.0, step_ratio: 1.25, odd_ratio: 1.5, window: 6, window_minimum: 3 }
    }
}

/// A month from which the level is another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Index of the first month at the new level.
    pub at: usize,
    /// The median count of the months before it.
    pub before: f64,
    /// The smallest and largest count of those months.
    pub before_range: (f64, f64),
    /// The median count of the months from it on.
    pub after: f64,
    /// The smallest and largest count of those months.
    pub after_range: (f64, f64),
    /// The size of the step in standard errors; negative for a fall.
    pub strength: f64,
}

/// A month that does not belong to the level of its neighbours: a partial submission, a backlog, a one-off event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OddMonth {
    /// The month's index.
    pub at: usize,
    /// Its count.
    pub count: f64,
    /// The median count of up to twelve months around it.
    pub usual: f64,
    /// Its distance from usual in standard deviations; negative for too few.
    pub strength: f64,
}

/// What was found in one series.
#[derive(Debug, Clone, PartialEq)]
pub struct SuddenChanges {
    /// The steps, in order of time.
    pub steps: Vec<Step>,
    /// The odd months, in order of time.
    pub odd_months: Vec<OddMonth>,
    /// The noise of the series as variance over mean (1: Poisson).
    pub dispersion: f64,
}

/// The steps and odd months of a series of monthly counts; `None` is a gap.
///
/// Nothing says *why* a level changed: the finding is a question to the force that sent the data. Steps across gaps of
/// more than a few months are not looked for, because they are not sudden.
///
/// # Errors
/// Refused when a count is negative or not finite, or fewer than five months have a count.
///
/// ```
/// use headwater_statistics::trend::{SuddenSettings, sudden_changes};
///
/// let counts = [85., 64., 73., 146., 140., 183., 168., 170., 165., 150., 136., 142.].map(Some);
/// let found = sudden_changes(&counts, &SuddenSettings::default()).unwrap();
/// assert_eq!(found.steps.len(), 1);
/// assert_eq!(found.steps[0].at, 3);
///
/// let partial = [17_200., 16_500., 8_438., 17_100., 16_900.].map(Some);
/// let found = sudden_changes(&partial, &SuddenSettings::default()).unwrap();
/// assert_eq!((found.odd_months[0].at, found.odd_months[0].usual), (2, 17_000.0));
/// ```
pub fn sudden_changes(counts: &[Option<f64>], settings: &SuddenSettings) -> Result<SuddenChanges, Refusal> {
    check_counts(counts)?;
    check::positive("strength", settings.strength)?;
    check::at_least("months", counts.iter().flatten().count(), 5)?;
    let scaled: Vec<Option<f64>> = counts.iter().map(|count| count.map(anscombe)).collect();
    let noise = noise(&scaled);
    let mut borders = Vec::new();
    // The strongest first; later ones must hold within the stretch that the earlier ones leave.
    while let Some(border) = strongest(counts, &scaled, &borders, noise, settings) {
        borders.push(border);
        borders.sort_unstable();
    }
    let steps = borders.iter().filter_map(|&at| {
        let others: Vec<usize> = borders.iter().copied().filter(|other| *other != at).collect();
        let (before, after) = sides(counts.len(), at, &others, settings)?;
        Some(describe(counts, &scaled, at, before, after, noise))
    });
    Ok(SuddenChanges { odd_months: odd_months(counts, &scaled, &borders, noise, settings), dispersion: noise * noise, steps: steps.collect() })
}

/// Counts that are negative or not finite are refused by their place.
pub(super) fn check_counts(counts: &[Option<f64>]) -> Result<(), Refusal> {
    for (at, count) in counts.iter().enumerate() {
        if let Some(count) = count
            && !(count.is_finite() && *count >= 0.0)
        {
            return Err(Refusal::Argument {
                name: "counts",
                index: Some(at),
                found: *count,
                must: "must be a number that is not negative, or a gap",
            });
        }
    }
    Ok(())
}

/// How much more a series varies from month to month than Poisson counts do: variance over mean, at least 1.
pub(super) fn dispersion(counts: &[Option<f64>]) -> f64 {
    let scaled: Vec<Option<f64>> = counts.iter().map(|count| count.map(anscombe)).collect();
    let noise = noise(&scaled);
    noise * noise
}

fn anscombe(count: f64) -> f64 {
    2.0 * libm::sqrt(count + 0.375)
}

/// The noise on the square-root scale.
///
/// Moves between neighbours are spoilt by odd months and spreads around the level by steps; in a series with either
/// the smaller of the two estimates is the one that was not. It is never under Poisson noise, nor under 3 % of the count:
/// even steady months differ by as much.
fn noise(scaled: &[Option<f64>]) -> f64 {
    // The median distance of a normal value from its centre is 0.6745 standard deviations.
    const TO_DEVIATION: f64 = 1.482_602_218_505_602;
    let present: Vec<f64> = scaled.iter().flatten().copied().collect();
    let level = median(&present);
    let spread = TO_DEVIATION * median(&present.iter().map(|y| libm::fabs(y - level)).collect::<Vec<_>>());
    let moves: Vec<f64> = scaled.windows(2).filter_map(|pair| Some(libm::fabs(pair[1]? - pair[0]?))).collect();
    let from_moves = if moves.len() < 3 { f64::INFINITY } else { TO_DEVIATION * median(&moves) / std::f64::consts::SQRT_2 };
    f64::max(1.0, f64::max(0.015 * level, f64::min(spread, from_moves)))
}

/// The months before and from `at` that belong to its two sides: ranges of indices, cut at other borders.
fn sides(months: usize, at: usize, borders: &[usize], settings: &SuddenSettings) -> Option<(std::ops::Range<usize>, std::ops::Range<usize>)> {
    if borders.contains(&at) {
        return None;
    }
    let last = borders.iter().copied().filter(|border| *border < at).max().unwrap_or(0);
    let next = borders.iter().copied().filter(|border| *border > at).min().unwrap_or(months);
    let start = usize::max(last, at.saturating_sub(settings.window));
    let end = usize::min(next, at + settings.window);
    Some((start..at, at..end))
}

fn present(values: &[Option<f64>], range: std::ops::Range<usize>) -> Vec<f64> {
    values[range].iter().flatten().copied().collect()
}

/// The border with the largest difference between its sides, if it is a step.
fn strongest(counts: &[Option<f64>], scaled: &[Option<f64>], borders: &[usize], noise: f64, settings: &SuddenSettings) -> Option<usize> {
    let mut best: Option<(f64, usize)> = None;
    for at in 1..counts.len() {
        // The new level must begin with a month that is there.
        if counts[at].is_none() {
            continue;
        }
        let Some((before, after)) = sides(counts.len(), at, borders, settings) else {
            continue;
        };
        let step = describe(counts, scaled, at, before.clone(), after.clone(), noise);
        let (left, right) = (present(scaled, before.clone()), present(scaled, after.clone()));
        if usize::min(left.len(), right.len()) < settings.window_minimum {
            continue;
        }
        let error = noise * libm::sqrt(1.0 / left.len() as f64 + 1.0 / right.len() as f64);
        let by_mean = libm::fabs(mean(&right) - mean(&left)) / error;
        let ratio = f64::max(step.before, step.after) / f64::max(0.5, f64::min(step.before, step.after));
        let strong = f64::min(libm::fabs(step.strength), by_mean) >= settings.strength;
        if !strong || ratio < settings.step_ratio || !is_sharp(scaled, &left, &right, at) {
            continue;
        }
        if best.is_none_or(|(score, _)| by_mean > score) {
            best = Some((by_mean, at));
        }
    }
    best.map(|(_, at)| at)
}

/// The step at a border, by medians, with its strength.
fn describe(
    counts: &[Option<f64>],
    scaled: &[Option<f64>],
    at: usize,
    before: std::ops::Range<usize>,
    after: std::ops::Range<usize>,
    noise: f64,
) -> Step {
    let (left, right) = (present(scaled, before.clone()), present(scaled, after.clone()));
    // A median is sqrt(pi/2) times as uncertain as a mean.
    let error = noise * libm::sqrt(std::f64::consts::FRAC_PI_2 * (1.0 / left.len() as f64 + 1.0 / right.len() as f64));
    let (before, after) = (present(counts, before), present(counts, after));
    Step {
        at,
        before: median(&before),
        before_range: range(&before),
        after: median(&after),
        after_range: range(&after),
        strength: (median(&right) - median(&left)) / error,
    }
}

/// Whether most of the change happened from one month to the next: a season or a slow trend is no step.
///
/// Over a whole year of a smooth season the steepest month makes two fifths of the difference between the half years;
/// a step makes all of it.
fn is_sharp(scaled: &[Option<f64>], before: &[f64], after: &[f64], at: usize) -> bool {
    const LEAST_SHARE: f64 = 0.6;
    let last = scaled[..at].iter().rev().flatten().next();
    let (Some(last), Some(first)) = (last, scaled[at]) else {
        return false;
    };
    (first - last) / (mean(after) - mean(before)) >= LEAST_SHARE
}

/// Months far from the median of up to twelve months around them, within the same stretch between steps.
fn odd_months(counts: &[Option<f64>], scaled: &[Option<f64>], borders: &[usize], noise: f64, settings: &SuddenSettings) -> Vec<OddMonth> {
    const AROUND: usize = 12;
    const REACH: usize = 24;
    const LEAST_JUMP: f64 = 0.5;
    let stretch = |at: usize| borders.iter().filter(|border| **border <= at).count();
    let mut found = Vec::new();
    for at in 0..counts.len() {
        let (Some(count), Some(y)) = (counts[at], scaled[at]) else {
            continue;
        };
        let mut around: Vec<usize> = (0..counts.len())
            .filter(|&other| other != at && other.abs_diff(at) <= REACH)
            .filter(|&other| counts[other].is_some() && stretch(other) == stretch(at))
            .collect();
        around.sort_by_key(|&other| (other.abs_diff(at), other));
        around.truncate(AROUND);
        if around.len() < 4 {
            continue;
        }
        let level = median(&around.iter().filter_map(|&other| scaled[other]).collect::<Vec<_>>());
        let usual = median(&around.iter().filter_map(|&other| counts[other]).collect::<Vec<_>>());
        let strength = (y - level) / noise;
        let ratio = f64::max(count, usual) / f64::max(0.5, f64::min(count, usual));
        if libm::fabs(strength) >= settings.strength && ratio >= settings.odd_ratio {
            found.push(OddMonth { at, count, usual, strength });
        }
    }
    // A run of odd months must stand out from the months right beside it, too: the end of a slow decline does not.
    found
        .chunk_by(|a, b| a.at + 1 == b.at)
        .filter(|run| {
            let (first, last) = (&run[0], &run[run.len() - 1]);
            let stands_out = |odd: &OddMonth, beside: Option<usize>| {
                let neighbour = beside.and_then(|at| scaled.get(at).copied().flatten());
                neighbour.is_none_or(|y| (anscombe(odd.count) - y) / noise / odd.strength >= LEAST_JUMP)
            };
            stands_out(first, first.at.checked_sub(1)) && stands_out(last, Some(last.at + 1))
        })
        .flatten()
        .copied()
        .collect()
}

fn range(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)))
}

/// The middle value, or the mean of the two in the middle; `NaN` for none.
fn median(values: &[f64]) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { 0.5 * (sorted[middle - 1] + sorted[middle]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts as text, `-` for a gap; then the steps and odd months found, by index.
    fn check(counts: &str, steps: &[usize], odd: &[usize]) {
        let counts: Vec<Option<f64>> = counts.split_whitespace().map(|word| word.parse().ok()).collect();
        let found = sudden_changes(&counts, &SuddenSettings::default()).unwrap();
        assert_eq!(found.steps.iter().map(|s| s.at).collect::<Vec<_>>(), steps, "{found:?}");
        assert_eq!(found.odd_months.iter().map(|o| o.at).collect::<Vec<_>>(), odd, "{found:?}");
    }

    #[test]
    fn a_doubling_in_one_month_is_a_step() {
        check("2300 2150 2200 2100 2650 5970 6140 4990 4370 4610 3780 3530", &[5], &[]);
    }

    #[test]
    fn a_classification_change_is_a_step() {
        check("88 70 64 101 92 85 64 73 146 140 183 168 170 165 150 136 142", &[8], &[]);
    }

    #[test]
    fn ordinary_noise_has_no_steps() {
        check("51 47 55 54 60 54 42 49 61 61 53 50 52 50 50 51 57 50 49 48 59 51 58 58", &[], &[]);
    }

    #[test]
    fn summer_is_no_step() {
        let season: Vec<Option<f64>> =
            (0..48).map(|at| Some(libm::round(600.0 * (1.0 + 0.35 * libm::sin(std::f64::consts::TAU * at as f64 / 12.0))))).collect();
        let found = sudden_changes(&season, &SuddenSettings::default()).unwrap();
        assert!(found.steps.is_empty() && found.odd_months.is_empty(), "{found:?}");
    }

    #[test]
    fn a_slow_rise_is_no_step() {
        let rise: Vec<Option<f64>> = (0..36).map(|at| Some(100.0 + 12.0 * f64::from(at))).collect();
        assert!(sudden_changes(&rise, &SuddenSettings::default()).unwrap().steps.is_empty());
    }

    #[test]
    fn a_partial_month_is_odd_and_no_step() {
        check("3300 3500 3200 3400 1187 3600 3450 3300 3380 3500", &[], &[4]);
    }

    #[test]
    fn partial_months_between_gaps_are_odd() {
        check("3300 3500 3200 3400 3600 - - - - - - - 164 900 1187 700 - - - - - - - - 3450 3300 3380 3500 3620 3410", &[], &[12, 13, 14, 15]);
    }

    #[test]
    fn the_end_of_a_slow_decline_is_not_odd() {
        check("5265 4715 5023 4544 4384 4330 4258 3875 3449 2884 2359", &[], &[]);
    }

    #[test]
    fn small_counts_need_a_large_step() {
        check("2 1 3 0 2 1 4 2 5 3 4 6 3 5", &[], &[]);
        check("2 1 3 0 2 1 24 22 25 23 24 26 23 25", &[6], &[]);
    }

    #[test]
    fn two_steps_are_both_found() {
        check("100 95 104 99 101 97 210 205 215 199 208 211 90 97 102 95 100 96", &[6, 12], &[]);
    }
}
