//! The sums of a release: every total with its parts, along each axis.

use super::accounts::Accounts;
use super::keys::Keys;
use super::view::{self, View};
use super::{Axis, Known, Unlinked};
use crate::Count;
use crate::linked::{CellId, Linked, Standing};
use std::collections::{BTreeMap, BTreeSet};

/// One axis, its categories by position.
struct Ladder {
    /// What is made of what.
    totals: Vec<(usize, Vec<usize>)>,
    /// For each category, itself and all that it is made of, finer and finer.
    below: Vec<BTreeSet<usize>>,
    /// For each category, the relations in whose totals it stands, however far below.
    above: Vec<BTreeSet<usize>>,
}

impl Ladder {
    fn new(axis: &Axis, keys: &Keys, at: usize) -> Self {
        let numbered = |(total, parts): &(String, Vec<String>)| {
            let parts = parts.iter().filter_map(|part| keys.category(at, part)).collect();
            keys.category(at, total).map(|total| (total, parts))
        };
        let totals: Vec<(usize, Vec<usize>)> = axis.totals.iter().filter_map(numbered).collect();
        let mut below: Vec<BTreeSet<usize>> = (0..keys.n_categories(at)).map(|category| BTreeSet::from([category])).collect();
        let mut is_growing = true;
        while is_growing {
            is_growing = false;
            for (total, parts) in &totals {
                let finer: BTreeSet<usize> = parts.iter().flat_map(|part| below[*part].iter().copied()).collect();
                is_growing |= !finer.is_subset(&below[*total]);
                below[*total].extend(finer);
            }
        }
        let mut above = vec![BTreeSet::new(); keys.n_categories(at)];
        for (relation, (total, _)) in totals.iter().enumerate() {
            for category in &below[*total] {
                above[*category].insert(relation);
            }
        }
        Self { totals, below, above }
    }
}

/// One line: an axis, a relation along it, and the key of the total.
type Line = (usize, usize, u128);

/// What became of the attempt to tie a line.
enum Tied {
    /// It is a sum now, or was one before, or has no parts.
    Yes,
    /// The parts exceed the total, or are all there and do not make it up: these cells.
    No { exceeds: bool, cells: Vec<CellId> },
}

/// All lines of a release, and which of them are tied.
pub(super) struct Lines<'a> {
    axes: &'a [Axis],
    keys: &'a Keys,
    cells: &'a BTreeMap<(u128, u64), CellId>,
    own: BTreeSet<CellId>,
    ladders: Vec<Ladder>,
    /// Sums of one family run along one axis of one table, which is numbered, with the same parts missing. No two of one line
    /// are of one family: they may share cells.
    families: BTreeMap<(usize, usize, usize, Vec<usize>), u32>,
    /// What is tied: the total and the parts that are known.
    tied: BTreeSet<(CellId, Vec<CellId>)>,
    untied: Vec<Line>,
    /// How many tables there are so far.
    n_tables: usize,
}

impl<'a> Lines<'a> {
    /// None tied yet. `cells` are the cells by key and count; `own` is what leaves now.
    pub fn new(axes: &'a [Axis], keys: &'a Keys, cells: &'a BTreeMap<(u128, u64), CellId>, own: &'a Known) -> Self {
        let ladders = axes.iter().enumerate().map(|(at, axis)| Ladder::new(axis, keys, at)).collect();
        let own = own.iter().map(|(place, count)| cells[&(*place, *count)]).collect();
        Self { axes, keys, cells, own, ladders, families: BTreeMap::new(), tied: BTreeSet::new(), untied: Vec::new(), n_tables: 0 }
    }

    /// How many sums were left out because an earlier edition and this one count differently: nobody can subtract them.
    pub fn n_untied(&self) -> usize {
        self.untied.len()
    }

    /// Ties every line of this edition, of which `of_keys` names the cells.
    ///
    /// # Errors
    /// Refuses counts of this release that contradict each other.
    pub fn tie_all(&mut self, linked: &mut Linked, of_keys: &BTreeMap<u128, CellId>) -> Result<(), Unlinked> {
        self.untied = self.tie_table(linked, of_keys)?;
        Ok(())
    }

    /// Ties every line of a table; gives those that do not fit.
    fn tie_table(&mut self, linked: &mut Linked, of_keys: &BTreeMap<u128, CellId>) -> Result<Vec<Line>, Unlinked> {
        self.n_tables += 1;
        let mut untied = Vec::new();
        for at in 0..self.axes.len() {
            for relation in 0..self.ladders[at].totals.len() {
                let total = self.ladders[at].totals[relation].0;
                for place in of_keys.keys().copied().filter(|place| self.keys.along(*place, at) == total) {
                    let line = (at, relation, place);
                    if let Tied::No { exceeds, cells } = self.tie(linked, line, true, |place| of_keys.get(&place).copied())? {
                        if cells.iter().all(|cell| self.own.contains(cell)) {
                            return Err(self.refusal(exceeds, line));
                        }
                        untied.push(line);
                    }
                }
            }
        }
        Ok(untied)
    }

    /// Ties what releases say that differ: each as a table of its own, then those that agree everywhere, then the lines on which
    /// some agree that differ elsewhere. `changed` are the keys with several counts.
    ///
    /// A table is tied whole, though some of its sums are there already: the search for other tables mirrors what it changes
    /// along all sums of one.
    ///
    /// # Errors
    /// As [`Lines::tie_all`].
    pub fn tie_accounts(
        &mut self,
        linked: &mut Linked,
        accounts: &Accounts,
        of_keys: &BTreeMap<u128, CellId>,
        changed: impl Iterator<Item = u128>,
    ) -> Result<(), Unlinked> {
        let mut tables: Vec<BTreeMap<u128, CellId>> = vec![of_keys.clone()];
        for account in accounts.together.iter().chain(&accounts.each) {
            let table: BTreeMap<u128, CellId> = account.iter().map(|(place, count)| (*place, self.cells[&(*place, *count)])).collect();
            if !tables.iter().any(|known| table.iter().all(|(place, cell)| known.get(place) == Some(cell))) {
                self.tie_table(linked, &table)?;
                tables.push(table);
            }
        }
        let mut lines: BTreeSet<Line> = if accounts.each.is_empty() { BTreeSet::new() } else { self.untied.iter().copied().collect() };
        for place in changed.filter(|_| !accounts.each.is_empty()) {
            for (at, ladder) in self.ladders.iter().enumerate() {
                for relation in &ladder.above[self.keys.along(place, at)] {
                    lines.insert((at, *relation, self.keys.moved(place, at, ladder.totals[*relation].0)));
                }
            }
        }
        for line in lines {
            let places: Vec<u128> = self.places(line).collect();
            let own = accounts.each.first().map(|own| view::of(own, &places));
            let mut tied: Vec<View> = Vec::new();
            for view in view::together(&view::all(accounts, &places)) {
                if tied.iter().any(|more| view::says(more, &view)) {
                    continue;
                }
                let known: Known = places.iter().zip(&view).filter_map(|(place, n)| Some((*place, (*n)?))).collect();
                self.n_tables += 1;
                match self.tie(linked, line, false, |place| known.get(&place).and_then(|n| self.cells.get(&(place, *n))).copied())? {
                    Tied::Yes => tied.push(view),
                    Tied::No { exceeds, .. } if Some(&view) == own.as_ref() => return Err(self.refusal(exceeds, line)),
                    // One of them counted something else, though they never spoke of the same.
                    Tied::No { .. } => {}
                }
            }
        }
        Ok(())
    }

    /// The keys of a line: of the total and of all that it is made of, finer and finer.
    fn places(&self, (at, relation, place): Line) -> impl Iterator<Item = u128> {
        let ladder = &self.ladders[at];
        ladder.below[ladder.totals[relation].0].iter().map(move |category| self.keys.moved(place, at, *category))
    }

    fn refusal(&self, exceeds: bool, (at, _, place): Line) -> Unlinked {
        let (total, axis) = (self.keys.key(place), self.axes[at].name.clone());
        if exceeds { Unlinked::TooMuch { total, axis } } else { Unlinked::WrongTotal { total, axis } }
    }

    /// Ties one line, if what is known of it fits; again where it is part of a table.
    fn tie(
        &mut self,
        linked: &mut Linked,
        (at, relation, place): Line,
        again: bool,
        cell: impl Fn(u128) -> Option<CellId>,
    ) -> Result<Tied, Unlinked> {
        let Some(whole) = cell(place) else { return Ok(Tied::Yes) };
        let ladder = &self.ladders[at];
        let (total, parts) = &ladder.totals[relation];
        let mut gathered =
            Gathered { totals: &ladder.totals, cell: |part| cell(self.keys.moved(place, at, part)), there: Vec::new(), named: Vec::new() };
        let mut is_complete = true;
        for part in parts {
            is_complete &= gathered.gather(*part, ladder.totals.len());
        }
        let Gathered { mut there, named, .. } = gathered;
        if there.is_empty() || named.contains(total) {
            return Ok(Tied::Yes);
        }
        // Small numbers cannot overflow; a ledger that was changed may hold others.
        let sum = there.iter().try_fold(0_u64, |sum, cell| sum.checked_add(linked.counts[cell.0 as usize]));
        let rest = sum.and_then(|sum| linked.counts[whole.0 as usize].checked_sub(sum));
        let Some(rest) = rest.filter(|rest| !is_complete || *rest == 0) else {
            there.push(whole);
            return Ok(Tied::No { exceeds: rest.is_none(), cells: there });
        };
        if !self.tied.insert((whole, there.clone())) && !again {
            return Ok(Tied::Yes);
        }
        if !is_complete {
            there.push(linked.add_cell(Count::new(rest), Standing::Latent));
        }
        let family = *self.families.entry((self.n_tables, at, relation, named)).or_insert_with(|| linked.new_family());
        let wrong = |_| Unlinked::WrongTotal { total: self.keys.key(place), axis: self.axes[at].name.clone() };
        linked.add_sum_of(family, whole, &there).map_err(wrong)?;
        Ok(Tied::Yes)
    }
}

/// The parts of one total that are there.
struct Gathered<'a, C> {
    totals: &'a [(usize, Vec<usize>)],
    /// The cell of a category on this line.
    cell: C,
    there: Vec<CellId>,
    /// Which categories these are of.
    named: Vec<usize>,
}

impl<C: Fn(usize) -> Option<CellId>> Gathered<'_, C> {
    /// Gathers the cell of a part or, where it is not there, those of its own parts; says whether they make it up completely.
    fn gather(&mut self, part: usize, within: usize) -> bool {
        if let Some(cell) = (self.cell)(part) {
            self.there.push(cell);
            self.named.push(part);
            return true;
        }
        if within == 0 {
            return false;
        }
        let totals = self.totals;
        for (_, parts) in totals.iter().filter(|(total, _)| *total == part) {
            let n_before = self.there.len();
            let mut is_complete = true;
            for finer in parts {
                is_complete &= self.gather(*finer, within - 1);
            }
            if self.there.len() > n_before {
                return is_complete;
            }
        }
        false
    }
}
