//! Records by force, month, LSOA and crime type, as sorted arrays.
//!
//! A record becomes one 64-bit key; keys are sorted and run-length coded whenever four million have gathered.
//! No hash table, no strings, and the result is in order whatever order the rows came in.

use super::category::CrimeType;
use crate::period::Month;
use crate::place::{AreaCode, Kind};

/// How many keys gather before they are folded into counts: 32 MB.
const FOLD_AT: usize = 4 << 20;

const TYPE_BITS: u32 = 4;
const LSOA_BITS: u32 = 28;
const FORCE_BITS: u32 = 8;
const NO_LSOA: u64 = (1 << LSOA_BITS) - 1;
const WALES: u64 = 1 << (LSOA_BITS - 1);

/// Records of one force, month, LSOA and crime type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Position of the force in [`Counts::forces`].
    pub force: usize,
    /// The month.
    pub month: Month,
    /// The LSOA, or `None` for records without a usable one.
    pub lsoa: Option<AreaCode>,
    /// The crime type.
    pub crime_type: CrimeType,
    /// How many records; never zero.
    pub n: u64,
}

/// Counts in order of month, force, LSOA and crime type; records without an LSOA come last in their month and force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    forces: Vec<String>,
    keys: Vec<u64>,
    counts: Vec<u32>,
}

impl Counts {
    /// Counts that were made before; `None` when they are not in order, or name a force or month that is not there.
    pub(super) fn of(forces: Vec<String>, keys: Vec<u64>, counts: Vec<u32>) -> Option<Self> {
        let is_known = |key: &u64| {
            let force = (key >> (TYPE_BITS + LSOA_BITS) & ((1 << FORCE_BITS) - 1)) as usize;
            let month = u16::try_from(key >> (TYPE_BITS + LSOA_BITS + FORCE_BITS)).ok().and_then(Month::from_index);
            force < forces.len() && month.is_some()
        };
        let fits = keys.len() == counts.len() && keys.is_sorted_by(|a, b| a < b) && keys.iter().all(is_known) && !counts.contains(&0);
        fits.then_some(Self { forces, keys, counts })
    }

    /// The cells as [`Counts::of`] takes them.
    pub(super) fn keys_and_counts(&self) -> (&[u64], &[u32]) {
        (&self.keys, &self.counts)
    }

    /// The names of the forces, in order of first appearance.
    pub fn forces(&self) -> &[String] {
        &self.forces
    }

    /// How many cells hold at least one record.
    pub fn n_cells(&self) -> usize {
        self.keys.len()
    }

    /// All records.
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|n| u64::from(*n)).sum()
    }

    /// Every cell in order.
    pub fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        self.keys.iter().zip(&self.counts).filter_map(|(key, n)| {
            Some(Cell {
                force: (key >> (TYPE_BITS + LSOA_BITS) & ((1 << FORCE_BITS) - 1)) as usize,
                month: Month::from_index((key >> (TYPE_BITS + LSOA_BITS + FORCE_BITS)) as u16)?,
                lsoa: lsoa_of(key >> TYPE_BITS & ((1 << LSOA_BITS) - 1)),
                crime_type: CrimeType::ALL[(key & ((1 << TYPE_BITS) - 1)) as usize],
                n: u64::from(*n),
            })
        })
    }
}

/// Gathers records into [`Counts`].
#[derive(Default)]
pub(super) struct Gathering {
    fresh: Vec<u64>,
    keys: Vec<u64>,
    counts: Vec<u32>,
}

impl Gathering {
    pub fn add(&mut self, force: u8, month: Month, lsoa: Option<AreaCode>, crime_type: CrimeType) {
        let place = lsoa.and_then(index_of).unwrap_or(NO_LSOA);
        let key = ((u64::from(month.index()) << FORCE_BITS | u64::from(force)) << LSOA_BITS | place) << TYPE_BITS | crime_type as u64;
        self.fresh.push(key);
        if self.fresh.len() >= FOLD_AT {
            self.fold();
        }
    }

    pub fn finish(mut self, forces: Vec<String>) -> Counts {
        self.fold();
        self.keys.shrink_to_fit();
        self.counts.shrink_to_fit();
        Counts { forces, keys: self.keys, counts: self.counts }
    }

    /// Sorts the fresh keys and merges them into the counts.
    fn fold(&mut self) {
        self.fresh.sort_unstable();
        let (old_keys, old_counts) = (std::mem::take(&mut self.keys), std::mem::take(&mut self.counts));
        let mut old = old_keys.iter().copied().zip(old_counts.iter().copied()).peekable();
        for run in self.fresh.chunk_by(|a, b| a == b) {
            let key = run[0];
            while let Some((known, n)) = old.next_if(|(known, _)| *known < key) {
                self.keys.push(known);
                self.counts.push(n);
            }
            let before = old.next_if(|(known, _)| *known == key).map_or(0, |(_, n)| n);
            self.keys.push(key);
            self.counts.push(before.saturating_add(run.len() as u32));
        }
        for (known, n) in old {
            self.keys.push(known);
            self.counts.push(n);
        }
        self.fresh.clear();
    }
}

fn index_of(lsoa: AreaCode) -> Option<u64> {
    if lsoa.kind() != Some(Kind::Lsoa) {
        return None;
    }
    let digits = lsoa.pack() % 100_000_000;
    Some(if lsoa.is_welsh() { WALES | digits } else { digits })
}

fn lsoa_of(index: u64) -> Option<AreaCode> {
    if index == NO_LSOA {
        return None;
    }
    let letter = if index & WALES == 0 { b'E' } else { b'W' };
    AreaCode::unpack(u64::from(letter - b'A') * 100_000_000 + (index & (WALES - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn counting_by_sorting_agrees_with_counting_by_map(
            rows in proptest::collection::vec((0u8..3, 0u16..4, 0u32..6, 0usize..16), 0..300),
            fold_every in 1usize..50,
        ) {
            let mut gathering = Gathering::default();
            let mut slow: BTreeMap<(Month, usize, Option<AreaCode>, CrimeType), u64> = BTreeMap::new();
            for (i, (force, month, lsoa, crime)) in rows.iter().enumerate() {
                let month = Month::new(2020, 1).unwrap().plus(i32::from(*month));
                let lsoa: Option<AreaCode> = match lsoa {
                    0 => None,
                    1 => Some("W01000003".parse().unwrap()),
                    n => Some(format!("E010000{n:02}").parse().unwrap()),
                };
                let crime = CrimeType::ALL[*crime];
                gathering.add(*force, month, lsoa, crime);
                *slow.entry((month, usize::from(*force), lsoa, crime)).or_default() += 1;
                if i % fold_every == 0 {
                    gathering.fold();
                }
            }
            let counts = gathering.finish(vec!["A".into(), "B".into(), "C".into()]);
            let fast: BTreeMap<_, _> = counts.cells().map(|c| ((c.month, c.force, c.lsoa, c.crime_type), c.n)).collect();
            prop_assert_eq!(counts.total(), rows.len() as u64);
            prop_assert_eq!(fast, slow);
        }
    }
}
