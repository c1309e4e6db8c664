//! Do people who read the same things say the same of them? Cohen's kappa of two, Krippendorff's alpha of any number.
//!
//! Both set the disagreement that was seen against the disagreement that chance alone would bring. Where everybody used one and
//! the same category there is nothing that chance could have got wrong, and both are refused as undefined: neither is 1 then,
//! nor 0.
//!
//! What is counted is units that were read, never stretches of text that nobody marked: with enough of these any two readers
//! agree.
//!
//! For readers who are not programmers: `methods/agreement.md`.

use crate::chance::Chance;
use crate::estimate::{Confidence, Estimate, Method, Outcome, Refusal, RestsOn};
use crate::proportion;

/// The fewest units on which an interval can rest.
const FEWEST_UNITS: usize = 2;

/// Cohen's kappa: two people sort the same units into the same categories, each unit by both.
///
/// `table[i][j]` are the units that the first put into category `i` and the second into `j`. The interval rests on the
/// large-sample variance of Fleiss, Cohen and Everitt (1969). Where all units agree that variance is nought and says nothing:
/// the lower limit is then the kappa of Wilson's lower limit of agreement, with chance agreement as it was seen.
///
/// # Errors
/// Refused when the table is not square, holds fewer than 2 units, or all of them are in one category of both ("undefined").
///
/// ```
/// use headwater_statistics::{agreement, estimate::Confidence};
///
/// // Two diagnosticians and 100 patients (Fleiss, Levin and Paik, 2003, table 18.1).
/// let table = [vec![75, 1, 4], vec![5, 4, 1], vec![0, 0, 10]];
/// let kappa = agreement::kappa(&table, Confidence::P95).unwrap();
/// assert!((kappa.value() - 0.676).abs() < 5e-4);
/// assert!((kappa.lower() - 0.504).abs() < 5e-3 && (kappa.upper() - 0.848).abs() < 5e-3);
/// ```
pub fn kappa(table: &[Vec<u64>], confidence: Confidence) -> Outcome {
    if table.iter().any(|row| row.len() != table.len()) {
        return Err(Refusal::Degenerate { what: "the table must have a row and a column for each category" });
    }
    let n_units: u64 = table.iter().flatten().sum();
    if n_units < FEWEST_UNITS as u64 {
        let points = usize::try_from(n_units).unwrap_or(usize::MAX);
        return Err(Refusal::TooFewPoints { unit: "units read by both", points, minimum: FEWEST_UNITS });
    }
    let n = n_units as f64;
    let share = |count: u64| count as f64 / n;
    let rows: Vec<f64> = table.iter().map(|row| share(row.iter().sum())).collect();
    let columns: Vec<f64> = (0..table.len()).map(|column| share(table.iter().map(|row| row[column]).sum())).collect();
    let n_agree: u64 = (0..table.len()).map(|category| table[category][category]).sum();
    let by_chance: f64 = rows.iter().zip(&columns).map(|(row, column)| row * column).sum();
    // In whole numbers, so that rounding cannot hide it: both put every unit into one category.
    if (0..table.len()).any(|category| table[category][category] == n_units) {
        return Err(UNDEFINED);
    }
    let observed = share(n_agree);
    let value = (observed - by_chance) / (1.0 - by_chance);
    let limits = if n_agree == n_units {
        let (lowest, _) = proportion::limits(n, n, confidence.z());
        ((lowest - by_chance) / (1.0 - by_chance), 1.0)
    } else {
        let deviation = libm::sqrt(variance(table, &rows, &columns, by_chance, value, n));
        ((value - confidence.z() * deviation).max(-1.0), (value + confidence.z() * deviation).min(1.0))
    };
    Estimate::new(value, limits, confidence, Method::CohenKappa, RestsOn { events: n_agree as f64, denominator: n })
}

const UNDEFINED: Refusal = Refusal::Degenerate { what: "agreement is undefined where only one category was used" };

/// The variance of kappa in large samples (Fleiss, Cohen and Everitt, 1969, equation 13).
fn variance(table: &[Vec<u64>], rows: &[f64], columns: &[f64], by_chance: f64, kappa: f64, n: f64) -> f64 {
    let apart = 1.0 - kappa;
    let mut sum = 0.0;
    for (i, row) in table.iter().enumerate() {
        for (j, count) in row.iter().enumerate() {
            let share = *count as f64 / n;
            let weight = if i == j { 1.0 - (rows[i] + columns[i]) * apart } else { apart * (columns[i] + rows[j]) };
            sum += share * weight * weight;
        }
    }
    let mean = kappa - by_chance * apart;
    ((sum - mean * mean) / (n * (1.0 - by_chance) * (1.0 - by_chance))).max(0.0)
}

/// Krippendorff's alpha for categories without an order: any number of people, not all of whom need have read every unit.
///
/// `units[u]` are the categories that were given to unit `u`, one for each person who read it; a unit that fewer than two read
/// tells nothing and is left out. The interval are the percentiles of `n_draws` draws of units with replacement (Zapf and
/// others, 2016), each from its own address of chance, so that the same seed gives the same limits. A draw in which one category
/// alone came up has no alpha and is drawn over by the next. Where everybody agrees, every draw gives 1: the lower limit is then
/// the alpha of Wilson's upper limit of units in disagreement.
///
/// # Errors
/// Refused when fewer than 2 units were read by two people, when all ratings are of one category ("undefined"), when there are
/// fewer than 100 draws, or when one category came up alone in more than half of them.
///
/// ```
/// use headwater_statistics::{agreement, estimate::Confidence};
///
/// // Krippendorff (2011), "Computing Krippendorff's alpha-reliability", C: two observers, twelve units.
/// let first = [0, 0, 1, 1, 3, 2, 2, 2, 4, 3, 3, 0];
/// let second = [1, 0, 1, 1, 1, 2, 2, 2, 4, 3, 3, 3];
/// let units: Vec<Vec<usize>> = first.iter().zip(&second).map(|(first, second)| vec![*first, *second]).collect();
/// let alpha = agreement::alpha(&units, 1_000, 1, Confidence::P95).unwrap();
/// assert!((alpha.value() - 0.692).abs() < 5e-4);
/// ```
pub fn alpha(units: &[Vec<usize>], n_draws: u32, seed: u64, confidence: Confidence) -> Outcome {
    const FEWEST_DRAWS: u32 = 100;
    if n_draws < FEWEST_DRAWS {
        return Err(Refusal::argument("n_draws", f64::from(n_draws), "must be at least 100"));
    }
    let read: Vec<Unit> = units.iter().filter(|ratings| ratings.len() > 1).map(|ratings| Unit::of(ratings)).collect();
    let n_units = u32::try_from(read.len()).unwrap_or(u32::MAX);
    if read.len() < FEWEST_UNITS {
        return Err(Refusal::TooFewPoints { unit: "units read by two", points: read.len(), minimum: FEWEST_UNITS });
    }
    let n_categories = read.iter().flat_map(|unit| &unit.counts).map(|(category, _)| category + 1).max().unwrap_or(0);
    let value = alpha_of(read.iter(), n_categories).ok_or(UNDEFINED)?;
    let n_disagree = read.iter().filter(|unit| unit.counts.len() > 1).count();
    let limits = if n_disagree == 0 {
        let (_, highest) = proportion::limits(0.0, f64::from(n_units), confidence.z());
        let (_, expected) = disagreement(read.iter(), n_categories).ok_or(UNDEFINED)?;
        ((1.0 - highest / expected).max(-1.0), 1.0)
    } else {
        drawn(&read, n_categories, (n_draws, seed), confidence)?
    };
    let rests_on = RestsOn { events: f64::from(n_units) - n_disagree as f64, denominator: f64::from(n_units) };
    Estimate::new(value, limits, confidence, Method::KrippendorffAlpha, rests_on)
}

/// What was said of one unit: each category with how often, in their order.
struct Unit {
    counts: Vec<(usize, f64)>,
    n: f64,
}

impl Unit {
    fn of(ratings: &[usize]) -> Self {
        let mut sorted = ratings.to_vec();
        sorted.sort_unstable();
        let counts = sorted.chunk_by(|one, next| one == next).map(|same| (same[0], same.len() as f64)).collect();
        Unit { counts, n: ratings.len() as f64 }
    }

    /// Pairs of different ratings, each unit's pairs weighed so that a rating counts once.
    fn in_disagreement(&self) -> f64 {
        let alike: f64 = self.counts.iter().map(|(_, count)| count * count).sum();
        (self.n * self.n - alike) / (self.n - 1.0)
    }
}

/// The disagreement that was seen and the one that chance would bring, each as a share of pairs; `None` where one category was
/// used alone.
fn disagreement<'a>(units: impl Iterator<Item = &'a Unit>, n_categories: usize) -> Option<(f64, f64)> {
    let (mut seen, mut totals) = (0.0, vec![0.0; n_categories]);
    for unit in units {
        seen += unit.in_disagreement();
        for (category, count) in &unit.counts {
            totals[*category] += count;
        }
    }
    let n: f64 = totals.iter().sum();
    let alike: f64 = totals.iter().map(|total| total * total).sum();
    let expected = (n * n - alike) / (n * (n - 1.0));
    (expected > 0.0).then_some((seen / n, expected))
}

fn alpha_of<'a>(units: impl Iterator<Item = &'a Unit>, n_categories: usize) -> Option<f64> {
    disagreement(units, n_categories).map(|(seen, expected)| 1.0 - seen / expected)
}

/// The limits between which alpha lies in draws of the units with replacement.
fn drawn(read: &[Unit], n_categories: usize, (n_draws, seed): (u32, u64), confidence: Confidence) -> Result<(f64, f64), Refusal> {
    let n_units = u32::try_from(read.len()).unwrap_or(u32::MAX);
    let mut chance = Chance::of(seed, "draw units", 0);
    let mut found = Vec::with_capacity(n_draws as usize);
    for draw in 0..n_draws.saturating_mul(2) {
        chance.jump(draw);
        let units = (0..n_units).map(|_| &read[chance.below(n_units) as usize]);
        found.extend(alpha_of(units, n_categories));
        if found.len() == n_draws as usize {
            break;
        }
    }
    if found.len() < n_draws as usize {
        return Err(Refusal::Degenerate { what: "one category is so rare that most draws of the units hold no other: no interval can be given" });
    }
    found.sort_unstable_by(f64::total_cmp);
    // The smallest values that at most this share of draws lies below, and above.
    let outside = libm::floor(confidence.tail() * f64::from(n_draws)) as usize;
    Ok((found[outside], found[found.len() - 1 - outside]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn alpha_only(units: &[Vec<usize>]) -> Outcome {
        alpha(units, 200, 7, Confidence::P95)
    }

    /// Units from one row for each observer; a dot is not read.
    fn observers(rows: &[&str]) -> Vec<Vec<usize>> {
        let rows: Vec<Vec<char>> = rows.iter().map(|row| row.chars().collect()).collect();
        (0..rows[0].len()).map(|unit| rows.iter().filter_map(|row| row[unit].to_digit(36)).map(|it| it as usize).collect()).collect()
    }

    #[test]
    fn alpha_is_that_of_the_published_examples() {
        // Krippendorff (2011), B: binary data of two observers, and D's data with four observers, seven ratings missing.
        let b = observers(&["0100000010", "1110010000"]);
        assert!((alpha_only(&b).unwrap().value() - 0.095).abs() < 5e-4);
        let d = observers(&["123321412...", "1233224125.3", ".3332342251.", "12332441251."]);
        let found = alpha_only(&d).unwrap();
        assert!((found.value() - 0.743).abs() < 5e-4, "{}", found.value());
        // The unit that one observer alone has read tells nothing.
        assert_eq!(found.rests_on().denominator, 11.0);
    }

    #[test]
    fn kappa_is_that_of_the_published_example_with_its_standard_error() {
        // Fleiss, Levin and Paik (2003), table 18.1: kappa 0.68, standard error 0.087.
        let found = kappa(&[vec![75, 1, 4], vec![5, 4, 1], vec![0, 0, 10]], Confidence::P95).unwrap();
        let error = (found.upper() - found.value()) / Confidence::P95.z();
        assert!((found.value() - 0.6764).abs() < 1e-4 && (error - 0.0877).abs() < 1e-3, "{} {error}", found.value());
    }

    #[test]
    fn what_nobody_marked_does_not_count_and_changes_nothing() {
        // QualCoder multiplies where it should add: 80 shared, 20 and 20 of one alone give 0.66 there for any length of text.
        let of = |neither: u64| kappa(&[vec![80, 20], vec![20, neither]], Confidence::P95).unwrap().value();
        assert!((of(20) - 0.3).abs() < 1e-12);
        assert!((of(880) - 0.777_777_777_777_777_8).abs() < 1e-12);
    }

    #[test]
    fn one_category_alone_is_undefined_and_full_agreement_is_no_certainty() {
        assert!(kappa(&[vec![9, 0], vec![0, 0]], Confidence::P95).unwrap_err().to_string().contains("undefined"));
        assert!(alpha_only(&observers(&["1111", "1111"])).unwrap_err().to_string().contains("undefined"));
        let all = kappa(&[vec![5, 0], vec![0, 5]], Confidence::P95).unwrap();
        assert!(all.value() == 1.0 && all.upper() == 1.0 && (all.lower() - 0.4449).abs() < 1e-3, "{}", all.lower());
        let all = alpha_only(&observers(&["0000011111", "0000011111"])).unwrap();
        assert!(all.value() == 1.0 && all.upper() == 1.0 && all.lower() < 0.5, "{}", all.lower());
        assert!(kappa(&[vec![1, 0], vec![0, 0]], Confidence::P95).is_err());
        assert!(kappa(&[vec![1, 0], vec![0]], Confidence::P95).is_err());
        assert!(alpha(&observers(&["01", "01"]), 99, 7, Confidence::P95).is_err());
    }

    #[test]
    fn the_interval_holds_the_truth_about_as_often_as_it_says() {
        // Two readers who see the truth four times in five and else toss a coin, 60 units of two kinds: kappa is 0.64.
        let (mut chance, n) = (Chance::of(5, "test", 0), 400);
        let mut held = [0; 2];
        for _ in 0..n {
            let mut table = [[0_u64; 2]; 2];
            let mut units = Vec::new();
            for _ in 0..60 {
                let truth = chance.below(2) as usize;
                let mut reads = || if chance.unit() < 0.8 { truth } else { chance.below(2) as usize };
                let both = [reads(), reads()];
                table[both[0]][both[1]] += 1;
                units.push(both.to_vec());
            }
            let table: Vec<Vec<u64>> = table.iter().map(|row| row.to_vec()).collect();
            held[0] += u32::from(kappa(&table, Confidence::P95).unwrap().holds(0.64));
            held[1] += u32::from(alpha(&units, 400, 3, Confidence::P95).unwrap().holds(0.64));
        }
        // 380 of 400, five standard deviations to either side.
        assert!(held.iter().all(|held| (358..=400).contains(held)), "{held:?}");
    }

    proptest! {
        #[test]
        fn neither_names_nor_order_nor_who_read_first_matter(pairs in prop::collection::vec((0_usize..3, 0_usize..3), 2..40)) {
            let table_of = |pairs: &[(usize, usize)]| {
                let mut table = vec![vec![0; 3]; 3];
                pairs.iter().for_each(|(first, second)| table[*first][*second] += 1);
                kappa(&table, Confidence::P95)
            };
            let units_of = |pairs: &[(usize, usize)]| pairs.iter().map(|(first, second)| vec![*first, *second]).collect::<Vec<_>>();
            let value = |found: Outcome| found.map(|found| found.value()).ok();
            let close = |a: Option<f64>, b: Option<f64>| match (a, b) { (Some(a), Some(b)) => (a - b).abs() < 1e-12, (a, b) => a == b };
            let swapped: Vec<(usize, usize)> = pairs.iter().map(|(first, second)| (*second, *first)).collect();
            let renamed: Vec<(usize, usize)> = pairs.iter().map(|(first, second)| (2 - first, 2 - second)).collect();
            let reversed: Vec<(usize, usize)> = pairs.iter().rev().copied().collect();
            for other in [&swapped, &renamed, &reversed] {
                prop_assert!(close(value(table_of(&pairs)), value(table_of(other))));
                prop_assert!(close(value(alpha_only(&units_of(&pairs))), value(alpha_only(&units_of(other)))));
            }
            for found in [table_of(&pairs), alpha_only(&units_of(&pairs))].into_iter().flatten() {
                prop_assert!(found.value() <= 1.0 && found.value() >= -1.0 && found.lower() <= found.upper());
            }
        }

        #[test]
        fn alpha_is_that_of_the_slow_definition(units in prop::collection::vec(prop::collection::vec(0_usize..4, 0..5), 2..20)) {
            // Every pair of ratings of a unit, and every pair of all ratings of units that two have read.
            let read: Vec<&Vec<usize>> = units.iter().filter(|unit| unit.len() > 1).collect();
            let all: Vec<usize> = read.iter().flat_map(|unit| unit.iter().copied()).collect();
            let mut seen = 0.0;
            for unit in &read {
                for (i, one) in unit.iter().enumerate() {
                    for (j, other) in unit.iter().enumerate() {
                        seen += f64::from(u8::from(i != j && one != other)) / (unit.len() - 1) as f64;
                    }
                }
            }
            let differ = all.iter().flat_map(|one| all.iter().map(move |other| usize::from(one != other))).sum::<usize>();
            match alpha_only(&units) {
                Ok(found) => {
                    let expected = differ as f64 / (all.len() - 1) as f64;
                    prop_assert!((found.value() - (1.0 - seen / expected)).abs() < 1e-9);
                }
                Err(_) => prop_assert!(read.len() < 2 || differ == 0 || all.len() < 12),
            }
        }
    }
}
