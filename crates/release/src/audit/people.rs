//! What people can work out who are few in one cell, and so know its count, of another.

use super::View;
use super::interval::Intervals;
use crate::linked::{Linked, Rows, Standing};
use crate::protect::Safety;
use std::collections::BTreeSet;

/// Those who may know a cell of themselves.
pub(super) struct People<'a> {
    linked: &'a Linked,
    views: &'a [View],
    /// How many may put together what they know.
    coalition: u64,
    /// How many values besides its own a count must be able to have.
    wanted: u64,
    sums_of: Rows<(u32, i8)>,
}

impl<'a> People<'a> {
    pub(super) fn new(linked: &'a Linked, views: &'a [View], safety: &Safety) -> Self {
        let sums_of = linked.sums_of_cells();
        Self { linked, views, coalition: safety.coalition, wanted: safety.least_values.saturating_sub(1), sums_of }
    }

    /// Whether a cell keeps its values in the tables that change it when any one other cell, whose people know its count, is taken
    /// as known: only tables that leave that one as it is still count.
    pub(super) fn are_told_nothing_by_tables(&self, cell: usize, tables: &[&[(u32, i64)]]) -> bool {
        let of_others =
            |same: &BTreeSet<usize>| stands_without_any(cell as u32, tables, self.wanted, |other| self.may_know(other) && !same.contains(&other));
        of_others(&BTreeSet::from([cell])) || of_others(&self.with_the_same_people(cell))
    }

    /// Whether the interval of a cell stays wide enough when any one other cell, whose people know its count, is taken as known;
    /// `None` where programs do not tell.
    pub(super) fn are_told_nothing_by_programs(&self, cell: usize, programs: &Intervals) -> Option<bool> {
        let same = self.with_the_same_people(cell);
        let width = programs.for_those_who_know(cell as u32, |other| self.may_know(other) && !same.contains(&other))?;
        Some(width >= self.wanted as f64 - 1e-6)
    }

    /// Whether somebody may know a hidden cell of themselves. Nobody knows which edition counted them first.
    fn may_know(&self, cell: usize) -> bool {
        let view = self.views[cell];
        view.low < view.high && self.linked.standings[cell] != Standing::Change && (1..=self.coalition).contains(&self.linked.counts[cell])
    }

    /// The cells that count the very people of a cell: a total of which readers know all other parts to be nought, and its part.
    /// Who knows the one knows the other, of themselves.
    fn with_the_same_people(&self, cell: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::from([cell]);
        let mut fresh = vec![cell];
        while let Some(cell) = fresh.pop() {
            for (sum, _) in self.sums_of.row(cell) {
                let sum = &self.linked.sums[*sum as usize];
                let mut with_people = sum.parts.iter().filter(|part| self.views[**part as usize].high > 0);
                if let (Some(part), None) = (with_people.next(), with_people.next()) {
                    fresh.extend([*part as usize, sum.total as usize].into_iter().filter(|other| found.insert(*other)));
                }
            }
        }
        found
    }
}

fn stands_without_any(cell: u32, tables: &[&[(u32, i64)]], wanted: u64, is_known: impl Fn(usize) -> bool) -> bool {
    let mut known: Vec<u32> = tables.iter().copied().flatten().map(|(other, _)| *other).filter(|other| is_known(*other as usize)).collect();
    known.sort_unstable();
    known.dedup();
    known.iter().all(|known| {
        let (mut up, mut down) = (0, 0);
        for table in tables.iter().filter(|table| !table.iter().any(|(other, _)| other == known)) {
            let change = table.iter().find(|(other, _)| *other == cell).map_or(0, |(_, change)| *change);
            (up, down) = (up.max(change), down.max(-change));
        }
        (up + down) as u64 >= wanted
    })
}
