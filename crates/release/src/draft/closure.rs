//! Counts that follow from others: a total of known parts, a part of a known total whose other parts are known, and
//! the parts of a total that others make up alone, which are nought.
//!
//! Readers can do these sums, too, and go on from what they find. So whatever follows is part of a release, though it is in no
//! table.

use super::Axis;
use super::keys::Keys;
use std::collections::{BTreeMap, BTreeSet};

/// More counts than this are not worked out: the tables of a release that large hold their own totals.
const MOST: usize = 1_000_000;

/// One sum: what is known of it.
#[derive(Default)]
struct Line {
    n_known: usize,
    parts: u64,
    total: Option<u64>,
}

/// The counts that follow from known ones, by the numbers of their keys, and whether all fit; the known ones themselves are left
/// out. Counts that contradict each other are not followed: whoever ties them finds out.
pub(super) fn follow(axes: &[Axis], keys: &Keys, known: &BTreeMap<u128, u64>) -> (BTreeMap<u128, u64>, bool) {
    let mut all_fit = true;
    let grids: Vec<Grid> = axes.iter().enumerate().map(|(at, axis)| Grid::new(axis, keys, at)).collect();
    let mut counts: BTreeMap<u128, u64> = BTreeMap::new();
    let mut fresh: Vec<(u128, u64)> = known.iter().map(|(place, n)| (*place, *n)).collect();
    let n_given = fresh.len();
    let mut lines: BTreeMap<(usize, usize, u128), Line> = BTreeMap::new();
    while let Some((place, n)) = fresh.pop() {
        if let Some(already) = counts.insert(place, n) {
            all_fit &= already == n;
            continue;
        }
        if counts.len() > n_given + MOST {
            continue;
        }
        for (at, grid) in grids.iter().enumerate() {
            let category = keys.along(place, at);
            let rest = keys.moved(place, at, 0);
            for &(relation, is_total) in &grid.relations_of[category] {
                let (total, parts) = &grid.relations[relation];
                let line = lines.entry((at, relation, rest)).or_default();
                line.n_known += 1;
                if is_total {
                    line.total = Some(n);
                } else {
                    line.parts = line.parts.saturating_add(n);
                }
                let is_whole = line.n_known > parts.len();
                all_fit &= line.total.is_none_or(|total| if is_whole { total == line.parts } else { total >= line.parts });
                let there = |category: usize| keys.moved(rest, at, category);
                if line.n_known != parts.len() {
                    // Where nothing is left for the other parts, they are nought.
                    if line.total == Some(line.parts) {
                        fresh.extend(parts.iter().map(|part| (there(*part), 0)).filter(|(place, _)| !counts.contains_key(place)));
                    }
                    continue;
                }
                let follows = match line.total {
                    None => Some((there(*total), line.parts)),
                    Some(total) => {
                        let missing = parts.iter().map(|part| there(*part)).find(|part| !counts.contains_key(part));
                        missing.zip(total.checked_sub(line.parts))
                    }
                };
                fresh.extend(follows.filter(|(place, _)| !counts.contains_key(place)));
            }
        }
    }
    counts.retain(|place, _| !known.contains_key(place));
    (counts, all_fit)
}

/// One axis: what is made of what, by position.
struct Grid {
    relations: Vec<(usize, Vec<usize>)>,
    /// For each category the relations it stands in, and whether as the total.
    relations_of: Vec<Vec<(usize, bool)>>,
}

impl Grid {
    fn new(axis: &Axis, keys: &Keys, at: usize) -> Self {
        let is_sound = |(total, parts): &&(String, Vec<String>)| {
            let distinct: BTreeSet<&String> = parts.iter().collect();
            !parts.is_empty() && distinct.len() == parts.len() && !parts.contains(total)
        };
        let place = |name: &String| keys.category(at, name);
        let placed = |(total, parts): &(String, Vec<String>)| Some((place(total)?, parts.iter().map(place).collect::<Option<Vec<_>>>()?));
        let relations: Vec<(usize, Vec<usize>)> = axis.totals.iter().filter(is_sound).filter_map(placed).collect();
        let mut relations_of = vec![Vec::new(); keys.n_categories(at)];
        for (relation, (total, parts)) in relations.iter().enumerate() {
            relations_of[*total].push((relation, true));
            parts.iter().for_each(|part| relations_of[*part].push((relation, false)));
        }
        Self { relations, relations_of }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Named = BTreeMap<Vec<String>, u64>;

    fn key(parts: &[&str]) -> Vec<String> {
        parts.iter().map(|part| (*part).to_owned()).collect()
    }

    fn follow(axes: &[Axis], known: &Named) -> (Named, bool) {
        let keys = Keys::new(axes, known.keys().map(Vec::as_slice));
        let numbered = known.iter().map(|(key, n)| (keys.number(key).unwrap(), *n)).collect();
        let (found, all_fit) = super::follow(axes, &keys, &numbered);
        (found.into_iter().map(|(place, n)| (keys.key(place), n)).collect(), all_fit)
    }

    #[test]
    fn sums_and_differences_are_followed_to_their_end() {
        let areas = Axis::new("area").made_of("All", ["a", "b", "c"]).made_of("coast", ["a", "b"]);
        let years = Axis::new("year").made_of("both", ["2023", "2024"]);
        let known = BTreeMap::from([(key(&["All", "2023"]), 10), (key(&["coast", "2023"]), 7), (key(&["b", "2023"]), 3), (key(&["a", "both"]), 9)]);
        let (found, all_fit) = follow(&[areas, years], &known);
        // a = coast − b, c = All − a − b, and then a of the other year.
        let expected = BTreeMap::from([(key(&["a", "2023"]), 4), (key(&["c", "2023"]), 3), (key(&["a", "2024"]), 5)]);
        assert_eq!((found, all_fit), (expected, true));
    }

    #[test]
    fn what_contradicts_itself_is_not_followed() {
        let areas = Axis::new("area").made_of("All", ["a", "b"]);
        let known = BTreeMap::from([(key(&["All"]), 10), (key(&["a"]), 12)]);
        assert_eq!(follow(&[areas], &known), (BTreeMap::new(), false));
    }
}
