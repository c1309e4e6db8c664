//! The conditional permutation test of every area, with draws that areas share.
//!
//! Hold an area's own value and lay the others on the map at random: how often is the sum over its neighbours as high,
//! or as low, as it is? With equal weights that sum is a sum of k of the other n - 1 values, so its distribution depends
//! on the area only through its number of neighbours k and through leaving its own value out. So draw `draws` lists of
//! k + 1 different areas once for each k that occurs, sort their sums of the first k, and find each area's sum among
//! them by bisection. The few lists that hold the area itself are put right one by one: their spare, the (k + 1)th area,
//! takes its place. The lists put right are a fair draw from the others, so each p-value is exactly what a test with
//! draws of its own would give, at a cost that hardly grows with the number of areas.
//!
//! What is shared moves together: another seed makes all areas of one k a little more or less significant at once. That
//! is why the number of discoveries is counted again with other draws and printed (see [`MonteCarlo`]).
//!
//! Sums are made of whole numbers: each value, less the mean, in steps of 2⁻⁴⁴ of the largest. So sums are exact, ties
//! are ties in any order of adding, and threads cannot matter.

use rayon::prelude::*;

use super::Neighbours;
use super::spread::{Spread, check_links};
use crate::chance::Chance;
use crate::compare::{Adjustment, adjust};
use crate::estimate::Refusal;

/// How the draws are made and what counts as a discovery.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawing {
    /// How many draws for each number of neighbours; the smallest possible p is 2/(draws + 1).
    pub draws: u32,
    /// The seed, to be printed with the result.
    pub seed: u64,
    /// How many independent sets of draws the number of discoveries is counted with; the first set gives the p-values.
    pub sets: u32,
    /// The q-value at or under which an area is a discovery, above 0 and below 1.
    pub discovery: f64,
}

impl Drawing {
    /// What a map is made with: 99,999 draws, three sets, discoveries at q ≤ 0.05.
    ///
    /// With 999 draws no p is below 0.002, and over 35,672 areas the q-values then have nothing to find.
    pub fn standard(seed: u64) -> Self {
        Drawing { draws: 99_999, seed, sets: 3, discovery: 0.05 }
    }
}

/// The result of the permutation test for a whole map.
#[derive(Debug, Clone, PartialEq)]
pub struct Permuted {
    /// One entry for each area, `None` for an island.
    pub areas: Vec<Option<Tail>>,
    /// How many areas are discoveries, and how sure that number is.
    pub monte_carlo: MonteCarlo,
}

/// Where an area's neighbours stand among the draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tail {
    /// In how many draws the sum was as high or higher.
    pub at_least: u32,
    /// In how many draws the sum was as low or lower.
    pub at_most: u32,
    /// Two-sided p: twice the smaller of the two counts plus one, over draws plus one; at most 1.
    pub p: f64,
    /// The p-value adjusted for the number of areas (Benjamini and Hochberg).
    pub q: f64,
    /// Whether the neighbours lie on the high or the low side of the draws.
    pub lean: Lean,
    /// In how many of the sets of draws the area is a discovery.
    pub found_in_sets: u32,
}

/// The side of the draws on which an area's neighbours lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lean {
    /// Higher than most draws: a hot surrounding.
    High,
    /// Lower than most draws: a cold surrounding.
    Low,
    /// As often higher as lower.
    Neither,
}

/// How far the number of discoveries depends on the draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonteCarlo {
    /// The number of discoveries with each set of draws; the first belongs to the p-values and q-values shown.
    pub discoveries: Vec<usize>,
    /// How many areas are discoveries with every set.
    pub in_every_set: usize,
    /// How many are with at least one.
    pub in_any_set: usize,
}

/// The two-sided conditional permutation test of every area with neighbours.
///
/// One test serves local Moran, Gi and Gi*: given the area's own value, each of them rises or falls with the sum over
/// its neighbours. With another variable's values it is the test of bivariate Moran. Where local Moran is 0 because the
/// area lies exactly at the mean, the p is that of its neighbours all the same.
///
/// The result depends on the values, the neighbours and the drawing, and on nothing else: not on threads, and not on the
/// unit of the values except through rounding of ties.
///
/// # Errors
/// Refused for fewer than three areas, values that are not finite or all equal, when no area has a neighbour, for fewer
/// than 99 draws or more than 10 million, for no set or more than 100, and for a discovery level outside 0 to 1.
///
/// ```
/// use headwater_statistics::neighbour::{Drawing, Lean, Neighbours, permute};
///
/// // Six areas in a row. Given the first, its neighbour is one of five others, of which only one is as high as 9.
/// let row = [vec![1], vec![0, 2], vec![1, 3], vec![2, 4], vec![3, 5], vec![4]];
/// let row = Neighbours::from_lists(&row).unwrap();
/// let found = permute(&[8.0, 9.0, 1.0, 2.0, 3.0, 4.0], &row, &Drawing::standard(1)).unwrap();
/// let first = found.areas[0].unwrap();
/// assert_eq!(first.lean, Lean::High);
/// assert!((first.p - 2.0 / 5.0).abs() < 0.01);
/// ```
pub fn permute(values: &[f64], neighbours: &Neighbours, drawing: &Drawing) -> Result<Permuted, Refusal> {
    let spread = Spread::of(values)?;
    check_links(values, neighbours)?;
    check_drawing(drawing)?;
    let map = Map::of(values, &spread, neighbours);
    let places: Vec<usize> = (0..values.len()).filter(|&area| map.count[area] > 0).collect();

    let mut first = None;
    let mut found_in_sets = vec![0_u32; values.len()];
    let mut discoveries = Vec::new();
    for set in 0..drawing.sets {
        let ranks = map.ranks(drawing, set);
        let p: Vec<f64> = places.iter().map(|&area| two_sided(ranks[area], drawing.draws)).collect();
        let q = adjust(&p, Adjustment::BenjaminiHochberg)?;
        let mut here = 0;
        for (&area, &q) in places.iter().zip(&q) {
            if q <= drawing.discovery {
                found_in_sets[area] += 1;
                here += 1;
            }
        }
        discoveries.push(here);
        if first.is_none() {
            first = Some((ranks, p, q));
        }
    }
    let mut areas = vec![None; values.len()];
    if let Some((ranks, p, q)) = first {
        for (at, &area) in places.iter().enumerate() {
            let (at_least, at_most) = ranks[area];
            areas[area] = Some(Tail {
                at_least,
                at_most,
                p: p[at],
                q: q[at],
                lean: match at_least.cmp(&at_most) {
                    std::cmp::Ordering::Less => Lean::High,
                    std::cmp::Ordering::Greater => Lean::Low,
                    std::cmp::Ordering::Equal => Lean::Neither,
                },
                found_in_sets: found_in_sets[area],
            });
        }
    }
    Ok(Permuted {
        areas,
        monte_carlo: MonteCarlo {
            discoveries,
            in_every_set: found_in_sets.iter().filter(|&&sets| sets == drawing.sets).count(),
            in_any_set: found_in_sets.iter().filter(|&&sets| sets > 0).count(),
        },
    })
}

/// The observed value counts as one of the draws: no p is 0.
fn two_sided((at_least, at_most): (u32, u32), draws: u32) -> f64 {
    let smaller = f64::from(at_least.min(at_most));
    f64::min(1.0, 2.0 * (smaller + 1.0) / (f64::from(draws) + 1.0))
}

fn check_drawing(drawing: &Drawing) -> Result<(), Refusal> {
    if !(99..=10_000_000).contains(&drawing.draws) {
        return Err(Refusal::argument("draws", f64::from(drawing.draws), "must be from 99 to 10 million"));
    }
    if !(1..=100).contains(&drawing.sets) {
        return Err(Refusal::argument("sets", f64::from(drawing.sets), "must be from 1 to 100"));
    }
    if !(drawing.discovery > 0.0 && drawing.discovery < 1.0) {
        return Err(Refusal::argument("discovery", drawing.discovery, "must be above 0 and below 1"));
    }
    Ok(())
}

/// How many lists one address of the generator covers. To change it is to change every draw.
const LISTS_PER_BLOCK: u32 = 4_096;

/// Above so many different areas a partial shuffle is faster than drawing again on repeats.
const MOST_BY_REJECTION: usize = 48;

/// The map in whole numbers.
struct Map {
    /// Values less their mean, in steps.
    steps: Vec<i64>,
    /// The sum of steps over each area's neighbours.
    around: Vec<i64>,
    /// Each area's number of neighbours.
    count: Vec<u32>,
    /// How far apart two values may be and still tie, in steps.
    slack: i64,
}

/// The sums of a block of lists, and the areas that stand differently when the spare takes their place: the area, and
/// the change of its counts of "at least" and "at most".
type Block = (Vec<i64>, Vec<(u32, i8, i8)>);

impl Map {
    fn of(values: &[f64], spread: &Spread, neighbours: &Neighbours) -> Self {
        let largest = spread.z.iter().fold(0.0, |m, z| f64::max(m, libm::fabs(*z)));
        let step = largest / (1_u64 << 44) as f64;
        let steps: Vec<i64> = spread.z.iter().map(|z| libm::round(z / step) as i64).collect();
        let around = (0..steps.len())
            .map(|area| {
                let list = neighbours.of(area).iter();
                list.map(|&other| steps[other as usize]).sum()
            })
            .collect();
        // Values that differ only by their own last binary digit tie, as do those that differ by rounding to steps.
        let extent = values.iter().fold(0.0, |m, v| f64::max(m, libm::fabs(*v)));
        let last_digit = libm::ceil(extent * f64::EPSILON / step) as i64;
        Map { steps, around, count: (0..values.len()).map(|area| neighbours.count(area) as u32).collect(), slack: last_digit.max(1) }
    }

    /// For each area, in how many draws the sum is at least and at most as large as it is.
    fn ranks(&self, drawing: &Drawing, set: u32) -> Vec<(u32, u32)> {
        let mut classes: std::collections::BTreeMap<u32, Vec<u32>> = Default::default();
        for (area, &count) in self.count.iter().enumerate().filter(|(_, count)| **count > 0) {
            classes.entry(count).or_default().push(area as u32);
        }
        let found: Vec<Vec<(u32, u32)>> = classes.par_iter().map(|(&count, members)| self.ranks_of_class(drawing, set, count, members)).collect();
        let mut ranks = vec![(0, 0); self.count.len()];
        for (members, of_class) in classes.values().zip(found) {
            for (&area, rank) in members.iter().zip(of_class) {
                ranks[area as usize] = rank;
            }
        }
        ranks
    }

    /// The same for the areas with `count` neighbours.
    fn ranks_of_class(&self, drawing: &Drawing, set: u32, count: u32, members: &[u32]) -> Vec<(u32, u32)> {
        let blocks: Vec<Block> = (0..drawing.draws.div_ceil(LISTS_PER_BLOCK))
            .into_par_iter()
            .map(|block| {
                let begin = block * LISTS_PER_BLOCK;
                let lists = LISTS_PER_BLOCK.min(drawing.draws - begin);
                let mut chance = Chance::of(drawing.seed, "permute neighbours", u64::from(set) << 32 | u64::from(count));
                chance.jump(block);
                self.block(&mut chance, count, lists)
            })
            .collect();
        let mut sums = Vec::with_capacity(drawing.draws as usize);
        let mut change = vec![(0_i64, 0_i64); if blocks.is_empty() { 0 } else { self.count.len() }];
        for (block, changes) in blocks {
            sums.extend(block);
            for (area, at_least, at_most) in changes {
                let sum = &mut change[area as usize];
                sum.0 += i64::from(at_least);
                sum.1 += i64::from(at_most);
            }
        }
        sums.sort_unstable();
        let slack = self.slack * i64::from(count);
        members
            .iter()
            .map(|&area| {
                let here = self.around[area as usize];
                let below = sums.partition_point(|&sum| sum < here - slack);
                let at_most = sums.partition_point(|&sum| sum <= here + slack);
                let change = change[area as usize];
                (((sums.len() - below) as i64 + change.0) as u32, (at_most as i64 + change.1) as u32)
            })
            .collect()
    }

    /// Draw a block of lists.
    fn block(&self, chance: &mut Chance, count: u32, lists: u32) -> Block {
        let areas = self.steps.len();
        let length = count as usize + 1;
        let slack = self.slack * i64::from(count);
        let mut sums = Vec::with_capacity(lists as usize);
        let mut changes = Vec::new();
        let by_rejection = length <= MOST_BY_REJECTION && 4 * length <= areas;
        let mut list: Vec<u32> = if by_rejection { vec![0; length] } else { (0..areas as u32).collect() };
        for _ in 0..lists {
            if by_rejection {
                chance.different(areas as u32, &mut list);
            } else {
                chance.shuffle_front(&mut list, length);
            }
            let spare = self.steps[list[length - 1] as usize];
            let drawn = &list[..length - 1];
            let sum: i64 = drawn.iter().map(|&area| self.steps[area as usize]).sum();
            sums.push(sum);
            for &area in drawn {
                if self.count[area as usize] != count {
                    continue;
                }
                let here = self.around[area as usize];
                let instead = sum - self.steps[area as usize] + spare;
                let at_least = i8::from(instead >= here - slack) - i8::from(sum >= here - slack);
                let at_most = i8::from(instead <= here + slack) - i8::from(sum <= here + slack);
                if at_least != 0 || at_most != 0 {
                    changes.push((area, at_least, at_most));
                }
            }
        }
        (sums, changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(areas: usize) -> Neighbours {
        let lists: Vec<Vec<usize>> = (0..areas).map(|area| vec![(area + 1) % areas, (area + areas - 1) % areas]).collect();
        Neighbours::from_lists(&lists).unwrap()
    }

    fn quick(seed: u64) -> Drawing {
        Drawing { draws: 999, ..Drawing::standard(seed) }
    }

    #[test]
    fn tied_values_count_on_both_sides() {
        // The two neighbours of area 0 are 1 and 2, and so is every choice of two of the others.
        let values = [9.0, 1.0, 2.0];
        let found = permute(&values, &ring(3), &quick(1)).unwrap();
        let first = found.areas[0].unwrap();
        assert_eq!((first.at_least, first.at_most, first.p), (999, 999, 1.0));
        assert_eq!(first.lean, Lean::Neither);
    }

    #[test]
    fn decimals_that_add_up_to_the_same_tie() {
        // 0.1 + 0.2 and 0.3 + 0.0 differ in binary; each pair of the others is one of them or far away.
        let values = [7.0, 0.1, 50.0, 0.3, 0.0, 0.2];
        let lists = [vec![1, 5], vec![0], vec![0], vec![0], vec![0], vec![0]];
        let map = Neighbours::from_lists(&lists).unwrap();
        let first = permute(&values, &map, &quick(3)).unwrap().areas[0].unwrap();
        // Of ten pairs of the others {0.1, 50, 0.3, 0, 0.2}: at most 0.3 are 0.1+0.2, 0.3+0, 0.1+0, 0.2+0.
        let share = f64::from(first.at_most) / 999.0;
        assert!((share - 0.4).abs() < 5.0 * (0.24_f64 / 999.0).sqrt(), "{share}");
    }

    #[test]
    fn drawings_that_make_no_sense_are_refused() {
        let check = |drawing: Drawing, expected: &str| {
            let refusal = permute(&[1.0, 2.0, 4.0, 8.0], &ring(4), &drawing).unwrap_err();
            assert_eq!(refusal.to_string(), expected);
        };
        let standard = Drawing::standard(1);
        check(Drawing { draws: 9, ..standard }, "The argument 'draws' is 9; it must be from 99 to 10 million.");
        check(Drawing { sets: 0, ..standard }, "The argument 'sets' is 0; it must be from 1 to 100.");
        check(Drawing { discovery: f64::NAN, ..standard }, "The argument 'discovery' is NaN; it must be above 0 and below 1.");
    }

    #[test]
    fn islands_are_no_part_of_the_family_of_tests() {
        let lists = [vec![1], vec![0], vec![], vec![4], vec![3], vec![6], vec![5]];
        let map = Neighbours::from_lists(&lists).unwrap();
        let values = [5.0, 1.0, 3.0, 2.0, 8.0, 9.0, 4.0];
        let found = permute(&values, &map, &quick(2)).unwrap();
        assert_eq!(found.areas[2], None);
        assert_eq!(found.areas.iter().flatten().count(), 6);
        assert_eq!(found.monte_carlo.discoveries.len(), 3);
    }
}
