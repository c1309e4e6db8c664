//! Are the worst places the same ones next year?

use std::collections::BTreeSet;

use crate::estimate::{Confidence, Refusal, check};
use crate::special::{mean, total};

/// How many of the worst places of one period are among the worst of the next, beside chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stability {
    /// How many places there are.
    pub places: usize,
    /// How many of them are called the worst.
    pub worst: usize,
    /// How many are among the worst in both periods.
    pub recurring: usize,
    /// `recurring / worst`.
    pub share: f64,
    /// The share expected if the second period's worst were drawn at random: `worst / places`.
    pub share_by_chance: f64,
    /// So many recurring, as a share, chance would leave behind with the stated confidence (hypergeometric).
    pub chance_upper: f64,
    /// The chance of so many recurring or more by luck.
    pub p_value: f64,
    /// Places that tie with the last of the worst but fell outside, in either period: the cut is as arbitrary as that.
    pub tied_outside: usize,
    /// Rank correlation over all places; `None` where one period has no variation.
    pub spearman: Option<f64>,
    /// Shared worst places over all worst places.
    pub jaccard: f64,
}

/// Compare the `worst` places of two periods; `first[i]` and `second[i]` are the same place.
///
/// Places with equal counts are taken in the order given (sort by code), and `tied_outside` says how many lost by that.
///
/// # Errors
/// Refused when the lists differ in length, a count is negative or not finite, or `worst` is 0 or all of the places.
///
/// ```
/// use headwater_statistics::{concentration::stability, estimate::Confidence};
///
/// let found = stability(&[9., 8., 1., 0., 2., 1.], &[7., 1., 8., 0., 1., 2.], 2, Confidence::P95).unwrap();
/// assert_eq!(found.recurring, 1); // the first place
/// assert!((found.share_by_chance - 1.0 / 3.0).abs() < 1e-15);
/// // 1 - C(4,2)/C(6,2) = 1 - 6/15
/// assert!((found.p_value - 0.6).abs() < 1e-12);
/// ```
pub fn stability(first: &[f64], second: &[f64], worst: usize, confidence: Confidence) -> Result<Stability, Refusal> {
    check::lengths("first", first.len(), "second", second.len())?;
    check::each("first", first, check::not_negative)?;
    check::each("second", second, check::not_negative)?;
    let places = first.len();
    if worst == 0 || worst >= places {
        return Err(Refusal::argument("worst", worst as f64, "must be at least 1 and less than the number of places"));
    }
    let (before, tied_before) = worst_places(first, worst);
    let (after, tied_after) = worst_places(second, worst);
    let recurring = before.intersection(&after).count();
    let upper_tails = hypergeometric_upper(places, worst);
    let tail = 1.0 - confidence.share();
    let chance_upper = upper_tails.iter().position(|p| *p <= tail).map_or(worst, |at| at.saturating_sub(1));
    Ok(Stability {
        places,
        worst,
        recurring,
        share: recurring as f64 / worst as f64,
        share_by_chance: worst as f64 / places as f64,
        chance_upper: chance_upper as f64 / worst as f64,
        p_value: upper_tails[recurring],
        tied_outside: tied_before + tied_after,
        spearman: spearman(first, second).ok(),
        jaccard: recurring as f64 / (2 * worst - recurring) as f64,
    })
}

/// The indices of the `worst` largest counts, and how many outside tie with the last of them.
fn worst_places(counts: &[f64], worst: usize) -> (BTreeSet<usize>, usize) {
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by(|&a, &b| counts[b].total_cmp(&counts[a]).then(a.cmp(&b)));
    let last = counts[order[worst - 1]];
    let tied = order[worst..].iter().take_while(|&&at| counts[at] == last).count();
    (order[..worst].iter().copied().collect(), tied)
}

/// The chance of at least 0, 1, ..., `worst` matches when `worst` of `places` are drawn twice.
fn hypergeometric_upper(places: usize, worst: usize) -> Vec<f64> {
    // C(k, m) C(n - k, k - m) / C(n, k), from its peak outwards by the ratio of neighbours and divided by the sum at the
    // end: logarithms of factorials of 35,000 would cost five digits.
    let (n, k) = (places as f64, worst as f64);
    let fewest = (2 * worst).saturating_sub(places);
    let up = |m: f64| (k - m) * (k - m) / ((m + 1.0) * (n - 2.0 * k + m + 1.0));
    let peak = (libm::floor((k + 1.0) * (k + 1.0) / (n + 2.0)) as usize).clamp(fewest, worst);
    let mut weights = vec![0.0; worst + 1];
    weights[peak] = 1.0;
    for m in peak..worst {
        weights[m + 1] = weights[m] * up(m as f64);
    }
    for m in (fewest..peak).rev() {
        weights[m] = weights[m + 1] / up(m as f64);
    }
    let all = total(weights.iter().copied());
    let mut upper = vec![0.0; worst + 1];
    let mut sum = 0.0;
    for matches in (0..=worst).rev() {
        sum += weights[matches] / all;
        upper[matches] = f64::min(1.0, sum);
    }
    upper
}

/// Spearman's rank correlation with ties: Pearson's correlation of the mean ranks.
///
/// The short formula `1 - 6 sum d^2/(n(n^2 - 1))` is wrong where values tie, as counts nearly always do.
///
/// # Errors
/// Refused when the lists differ in length, hold fewer than two values or a value that is not finite, or when all
/// values of a list are equal.
///
/// ```
/// use headwater_statistics::concentration::spearman;
///
/// // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5/sqrt(4.5 * 5)
/// let found = spearman(&[0., 1., 1., 5.], &[1., 2., 3., 4.]).unwrap();
/// assert!((found - 4.5 / 22.5f64.sqrt()).abs() < 1e-12);
/// ```
pub fn spearman(left: &[f64], right: &[f64]) -> Result<f64, Refusal> {
    check::lengths("left", left.len(), "right", right.len())?;
    check::at_least("values", left.len(), 2)?;
    check::each("left", left, check::finite)?;
    check::each("right", right, check::finite)?;
    let (left, right) = (mean_ranks(left), mean_ranks(right));
    let (left_mean, right_mean) = (mean(&left), mean(&right));
    let joint = total(left.iter().zip(&right).map(|(a, b)| (a - left_mean) * (b - right_mean)));
    let spread = |ranks: &[f64], mean: f64| total(ranks.iter().map(|rank| (rank - mean) * (rank - mean)));
    let (left_spread, right_spread) = (spread(&left, left_mean), spread(&right, right_mean));
    if left_spread == 0.0 || right_spread == 0.0 {
        return Err(Refusal::Degenerate { what: "all values of one list are equal, so that they have no order" });
    }
    Ok((joint / libm::sqrt(left_spread * right_spread)).clamp(-1.0, 1.0))
}

/// Ranks from 1, equal values sharing the mean of theirs.
fn mean_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    for equal in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let rank = start as f64 + (equal.len() as f64 + 1.0) / 2.0;
        for &at in equal {
            ranks[at] = rank;
        }
        start += equal.len();
    }
    ranks
}

/// Shared members over all members of two sets of places, given by index; repeats count once. 1 for two empty sets.
///
/// ```
/// use headwater_statistics::concentration::jaccard;
///
/// assert_eq!(jaccard(&[1, 2, 3], &[2, 3, 4]), 0.5);
/// ```
pub fn jaccard(left: &[usize], right: &[usize]) -> f64 {
    let left: BTreeSet<usize> = left.iter().copied().collect();
    let right: BTreeSet<usize> = right.iter().copied().collect();
    let shared = left.intersection(&right).count();
    let all = left.len() + right.len() - shared;
    if all == 0 { 1.0 } else { shared as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_worst_places_recur_fully() {
        let counts: Vec<f64> = (0..40).map(f64::from).collect();
        let found = stability(&counts, &counts, 4, Confidence::P95).unwrap();
        assert_eq!((found.recurring, found.share, found.jaccard), (4, 1.0, 1.0));
        assert!((found.p_value - 1.0 / 91_390.0).abs() < 1e-15); // 1/C(40, 4)
        assert!((found.spearman.unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn ties_at_the_cut_are_counted() {
        let found = stability(&[5.0, 3.0, 3.0, 3.0], &[5.0, 4.0, 1.0, 0.0], 2, Confidence::P95).unwrap();
        assert_eq!(found.tied_outside, 2);
    }

    #[test]
    fn ranks_of_ties_are_their_mean() {
        assert_eq!(mean_ranks(&[3.0, 1.0, 3.0, 0.0]), [3.5, 2.0, 3.5, 1.0]);
    }

    #[test]
    fn the_chances_of_matches_sum_to_one() {
        let upper = hypergeometric_upper(30, 20);
        assert!((upper[0] - 1.0).abs() < 1e-12);
        assert!((upper[10] - 1.0).abs() < 1e-12, "at least ten must match");
        assert!(upper[11] < 1.0);
    }
}
