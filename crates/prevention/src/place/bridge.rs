//! From the LSOAs of 2011 to those of 2021 without losing a record.

use super::code::AreaCode;
use std::collections::BTreeMap;

/// How an LSOA of 2011 changed for 2021, as the exact-fit look-up codes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// U: unchanged.
    Unchanged,
    /// S: split into two or more.
    Split,
    /// M: merged with others.
    Merged,
    /// X: irregular, parts of several.
    Irregular,
}

impl Change {
    /// Reads the look-up's letter.
    pub fn from_letter(letter: &str) -> Option<Self> {
        Some(match letter.trim() {
            "U" => Self::Unchanged,
            "S" => Self::Split,
            "M" => Self::Merged,
            "X" => Self::Irregular,
            _ => return None,
        })
    }
}

/// The look-up from LSOAs of 2011 to LSOAs of 2021, with the share of each old area that goes to each new one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bridge {
    rows: BTreeMap<AreaCode, Vec<(AreaCode, Change)>>,
}

impl Bridge {
    /// Adds one row of the look-up.
    pub fn add(&mut self, from: AreaCode, to: AreaCode, change: Change) {
        let row = self.rows.entry(from).or_default();
        if !row.iter().any(|(known, _)| *known == to) {
            row.push((to, change));
            row.sort();
        }
    }

    /// Whether the look-up holds no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The LSOAs of 2021 that one of 2011 became, in code order.
    pub fn successors(&self, from: AreaCode) -> &[(AreaCode, Change)] {
        self.rows.get(&from).map_or(&[], Vec::as_slice)
    }

    /// How many LSOAs of 2011 changed in each way: (unchanged, split, merged, irregular).
    pub fn tally(&self) -> [usize; 4] {
        let mut tally = [0; 4];
        for row in self.rows.values() {
            if let Some((_, change)) = row.first() {
                tally[*change as usize] += 1;
            }
        }
        tally
    }

    /// Carries a series of monthly counts for one LSOA of 2011 over to its successors; the totals agree exactly in every month.
    ///
    /// A split area's counts are shared by the populations of its parts (`population` of an area of 2021; equal shares where
    /// no part has one). Counts stay whole: what a part is owed is carried forward from month to month, so that over the
    /// series each part receives its share to within one record. Returns `None` when the look-up does not know the area:
    /// the caller must then keep the records apart and say so.
    ///
    /// ```
    /// use headwater_prevention::place::{Bridge, Change};
    /// let [old, a, b] = ["E01000001", "E01099001", "E01099002"].map(|c| c.parse().unwrap());
    /// let mut bridge = Bridge::default();
    /// bridge.add(old, a, Change::Split);
    /// bridge.add(old, b, Change::Split);
    /// // Three quarters of the people live in a: eight single records become six and two.
    /// let carried = bridge.carry(old, &[1; 8], |lsoa| Some(if lsoa == a { 1500.0 } else { 500.0 })).unwrap();
    /// assert_eq!(carried[0].1.iter().sum::<u64>(), 6);
    /// assert_eq!(carried[1].1.iter().sum::<u64>(), 2);
    /// ```
    pub fn carry(&self, from: AreaCode, counts: &[u64], population: impl Fn(AreaCode) -> Option<f64>) -> Option<Vec<(AreaCode, Vec<u64>)>> {
        let successors = self.rows.get(&from)?;
        let shares = shares(successors, population);
        let mut parts: Vec<(AreaCode, Vec<u64>)> = successors.iter().map(|(to, _)| (*to, Vec::with_capacity(counts.len()))).collect();
        let mut owed = vec![0.0f64; parts.len()];
        for &count in counts {
            for (debt, share) in owed.iter_mut().zip(&shares) {
                *debt += share * count as f64;
            }
            // Whole records first, then one each to the parts owed most, until the month's count is spent.
            let mut given: Vec<u64> = owed.iter().map(|debt| debt.max(0.0).floor() as u64).collect();
            while given.iter().sum::<u64>() > count {
                if let Some(i) =
                    (0..given.len()).filter(|&i| given[i] > 0).min_by(|&i, &j| (owed[i] - given[i] as f64).total_cmp(&(owed[j] - given[j] as f64)))
                {
                    given[i] -= 1;
                }
            }
            while given.iter().sum::<u64>() < count {
                let most = (0..given.len()).rev().max_by(|&i, &j| (owed[i] - given[i] as f64).total_cmp(&(owed[j] - given[j] as f64)));
                if let Some(i) = most {
                    given[i] += 1;
                }
            }
            for (i, part) in parts.iter_mut().enumerate() {
                owed[i] -= given[i] as f64;
                part.1.push(given[i]);
            }
        }
        Some(parts)
    }
}

/// Each successor's share of the people; equal when no populations are known.
fn shares(successors: &[(AreaCode, Change)], population: impl Fn(AreaCode) -> Option<f64>) -> Vec<f64> {
    let people: Vec<Option<f64>> = successors.iter().map(|(to, _)| population(*to).filter(|p| *p > 0.0)).collect();
    let total: f64 = people.iter().flatten().sum();
    if total > 0.0 && people.iter().all(Option::is_some) {
        people.iter().map(|p| p.unwrap_or(0.0) / total).collect()
    } else {
        vec![1.0 / successors.len() as f64; successors.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn new_area(i: usize) -> AreaCode {
        format!("E0109{i:04}").parse().unwrap()
    }

    proptest! {
        #[test]
        fn every_month_reconciles_and_every_part_gets_its_share(
            people in proptest::collection::vec(1.0f64..5000.0, 1..5),
            counts in proptest::collection::vec(0u64..40, 1..60),
        ) {
            let old: AreaCode = "E01000001".parse().unwrap();
            let mut bridge = Bridge::default();
            for i in 0..people.len() {
                bridge.add(old, new_area(i), Change::Split);
            }
            let of = |lsoa: AreaCode| (0..people.len()).find(|&i| new_area(i) == lsoa).map(|i| people[i]);
            let carried = bridge.carry(old, &counts, of).unwrap();
            for (month, count) in counts.iter().enumerate() {
                prop_assert_eq!(carried.iter().map(|(_, c)| c[month]).sum::<u64>(), *count);
            }
            let (total, all): (f64, u64) = (people.iter().sum(), counts.iter().sum());
            for (i, (_, part)) in carried.iter().enumerate() {
                let due = all as f64 * people[i] / total;
                prop_assert!((part.iter().sum::<u64>() as f64 - due).abs() < people.len() as f64, "part {i}: {part:?} against {due}");
            }
        }
    }

    #[test]
    fn an_unknown_area_is_not_carried() {
        assert_eq!(Bridge::default().carry("E01000001".parse().unwrap(), &[1], |_| None), None);
    }
}
