//! Counts that follow from others: a total of known parts, a part of a known total whose other parts are known, and
//! the parts of a total that others make up alone, which are nought.
//!
//! Readers can do these sums, too, and go on from what they find. So whatever follows is part of a release, though it is in no
//! table.

use super::Axis;
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

/// The counts that follow from known ones, by key, and whether all fit; the known ones themselves are left out. Counts that
/// contradict each other are not followed: whoever ties them finds out.
pub(super) fn follow(axes: &[Axis], known: &BTreeMap<Vec<String>, u64>) -> (BTreeMap<Vec<String>, u64>, bool) {
    let mut all_fit = true;
    let grids: Vec<Grid> = axes.iter().enumerate().map(|(at, axis)| Grid::new(axis, known.keys().map(|key| key[at].as_str()))).collect();
    // A key is one number, the position in the grid of all axes.
    let mut strides = vec![1_u128; axes.len()];
    for at in (0..axes.len().saturating_sub(1)).rev() {
        strides[at] = strides[at + 1].saturating_mul(grids[at + 1].names.len() as u128);
    }
    let mut counts: BTreeMap<u128, u64> = BTreeMap::new();
    let mut fresh: Vec<(u128, u64)> = Vec::new();
    for (key, n) in known {
        let place = key.iter().zip(&grids).zip(&strides).map(|((category, grid), stride)| grid.at(category) as u128 * stride).sum();
        fresh.push((place, *n));
    }
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
            let category = (place / strides[at]) as usize % grid.names.len().max(1);
            let rest = place - category as u128 * strides[at];
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
                let there = |category: usize| rest + category as u128 * strides[at];
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
    let name = |place: u128| -> Vec<String> {
        grids.iter().zip(&strides).map(|(grid, stride)| grid.names[(place / stride) as usize % grid.names.len().max(1)].clone()).collect()
    };
    (counts.into_iter().map(|(place, n)| (name(place), n)).filter(|(key, _)| !known.contains_key(key)).collect(), all_fit)
}

/// One axis: its categories, and what is made of what, by position.
struct Grid {
    names: Vec<String>,
    relations: Vec<(usize, Vec<usize>)>,
    /// For each category the relations it stands in, and whether as the total.
    relations_of: Vec<Vec<(usize, bool)>>,
}

impl Grid {
    /// The categories that occur, and all that are tied to them.
    fn new<'a>(axis: &Axis, seen: impl Iterator<Item = &'a str>) -> Self {
        let mut names: BTreeSet<String> = seen.map(str::to_owned).collect();
        let is_sound = |(total, parts): &&(String, Vec<String>)| {
            let distinct: BTreeSet<&String> = parts.iter().collect();
            !parts.is_empty() && distinct.len() == parts.len() && !parts.contains(total)
        };
        let sound: Vec<&(String, Vec<String>)> = axis.totals.iter().filter(is_sound).collect();
        loop {
            let n_before = names.len();
            for (total, parts) in &sound {
                if names.contains(total) || parts.iter().any(|part| names.contains(part)) {
                    names.insert(total.clone());
                    names.extend(parts.iter().cloned());
                }
            }
            if names.len() == n_before {
                break;
            }
        }
        let names: Vec<String> = names.into_iter().collect();
        let at = |name: &String| names.binary_search(name).ok();
        let relations: Vec<(usize, Vec<usize>)> =
            sound.iter().filter_map(|(total, parts)| Some((at(total)?, parts.iter().map(at).collect::<Option<_>>()?))).collect();
        let mut relations_of = vec![Vec::new(); names.len()];
        for (relation, (total, parts)) in relations.iter().enumerate() {
            relations_of[*total].push((relation, true));
            parts.iter().for_each(|part| relations_of[*part].push((relation, false)));
        }
        Self { names, relations, relations_of }
    }

    fn at(&self, category: &str) -> usize {
        self.names.binary_search_by(|name| name.as_str().cmp(category)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(parts: &[&str]) -> Vec<String> {
        parts.iter().map(|part| (*part).to_owned()).collect()
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
