//! A release being worked on: who is proven to be unknown, by which other tables, and what had to be hidden for it.

use super::controlled::Rounded;
use super::program::Programs;
use super::search::{self, Avoid, Scratch};
use super::{Fate, Pattern, Safety};
use crate::Rounding;
use crate::linked::{Linked, Rows, Standing, first_of};
use std::collections::{BTreeMap, BTreeSet};

/// What readers know of a cell besides the sums: its lowest and highest value.
fn known_bounds(linked: &Linked, at: usize, fate: Fate, safety: &Safety, rounded: Option<&Rounded>) -> (u64, u64) {
    let (count, standing) = (linked.counts[at], linked.standings[at]);
    let bounds_if_shown = || bounds_if_shown(at, count, safety, rounded);
    match (fate, standing) {
        (_, Standing::Released) => (count, count),
        (_, Standing::ReleasedWithin { low, high, again }) => {
            let (shown_low, shown_high) = if again { bounds_if_shown() } else { (low, high) };
            (low.max(shown_low), high.min(shown_high))
        }
        (_, Standing::Latent | Standing::Change) => (0, u64::MAX),
        (Fate::Shown, _) => bounds_if_shown(),
        // Nought is always shown, so what is hidden is at least one. It may be large: every release says that counts are also
        // hidden to protect others.
        _ => (count.min(1), u64::MAX),
    }
}

/// The lowest and the highest count that would be shown as a cell is, if it is shown.
pub(super) fn bounds_if_shown(cell: usize, count: u64, safety: &Safety, rounded: Option<&Rounded>) -> (u64, u64) {
    rounded.map_or_else(|| rounded_bounds(count, safety), |rounded| rounded.bounds(cell, count, safety.hide_up_to))
}

/// The same where it depends on the count alone.
fn rounded_bounds(count: u64, safety: &Safety) -> (u64, u64) {
    let (low, high) = match safety.rounding {
        Rounding::None => (count, count),
        Rounding::Nearest(base) if base > 0 => {
            let shown = count.saturating_add(base / 2) / base * base;
            (shown.saturating_sub(base / 2), shown.saturating_add((base - 1) / 2))
        }
        Rounding::Midpoint(size) if size > 0 && count > 0 => {
            let group = (count - 1) / size;
            (group * size + 1, (group + 1) * size)
        }
        _ => (count, count),
    };
    // Counts from 1 to the threshold would have been hidden.
    match count {
        0 if safety.hide_up_to > 0 => (0, if high > safety.hide_up_to { high } else { 0 }),
        0 => (0, high),
        _ => (low.max(safety.hide_up_to + 1), high),
    }
}

/// The change of a cell that one alternative table shows.
pub(super) type Shown = Option<(u32, i64)>;

/// The alternatives in which a cell is highest and lowest; a second pair, where one is needed, changes no cell that members of
/// a coalition may know and that the first pair changes. The third pair is one being sought.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Proof {
    pub(super) pairs: [[Shown; 2]; 3],
}

impl Proof {
    /// How many values besides its own the cell is shown to be able to have, by one of the pairs.
    fn width(&self, pair: usize) -> u64 {
        self.pairs[pair].iter().map(|shown| shown.map_or(0, |(_, change)| change.unsigned_abs())).sum()
    }

    /// The alternatives of a pair.
    fn alternatives(&self, pair: usize) -> impl Iterator<Item = u32> + use<> {
        self.pairs[pair].into_iter().flatten().map(|(at, _)| at)
    }

    /// Whether it rests on one of these alternatives, which are in order.
    pub(super) fn rests_on(&self, alternatives: &[u32]) -> bool {
        (0..2).flat_map(|pair| self.alternatives(pair)).any(|at| alternatives.binary_search(&at).is_ok())
    }
}

/// A cell being worked on.
#[derive(Clone, Copy)]
pub(super) struct Cell {
    /// Its count in the table that a search begins from: the true one, unless an alternative is being extended.
    pub(super) now: u64,
    /// What readers know of it: its lowest and its highest value.
    pub(super) low: u64,
    pub(super) high: u64,
    /// What hiding it costs; 0 if it is hidden or cannot be.
    pub(super) price: u32,
}

impl Cell {
    /// How far it may go in a direction before readers would see it, and what has to be paid for that: nothing where it is
    /// hidden or rounded, the price of hiding it where it is shown and may be hidden. `None` where it cannot move.
    pub(super) fn leave(&self, sign: i8, may_hide: bool) -> Option<(u64, u32)> {
        let room = |low: u64, high: u64| if sign > 0 { high.saturating_sub(self.now) } else { self.now.saturating_sub(low) };
        match room(self.low, self.high) {
            0 if may_hide && self.price > 0 => Some((room(1, u64::MAX), self.price)).filter(|(room, _)| *room > 0),
            0 => None,
            room => Some((room, 0)),
        }
    }
}

/// What becomes of each cell before anything is hidden to protect others.
pub(super) fn first_fates(linked: &Linked, safety: &Safety) -> Vec<Fate> {
    let fate = |(standing, count): (&Standing, &u64)| match standing {
        Standing::Candidate { .. } if (1..=safety.hide_up_to).contains(count) => Fate::Hidden,
        Standing::Candidate { .. } | Standing::Released | Standing::ReleasedWithin { again: true, .. } => Fate::Shown,
        Standing::Latent | Standing::Change | Standing::HiddenBefore | Standing::ReleasedWithin { .. } => Fate::NotShown,
    };
    linked.standings.iter().zip(&linked.counts).map(fate).collect()
}

/// The cells that must stay unknown, in order.
pub(super) fn needy(linked: &Linked, safety: &Safety) -> Vec<u32> {
    let is_needy = |at: &u32| safety.is_small(linked.counts[*at as usize]) && !linked.standings[*at as usize].is_out(safety.least_values);
    (0..linked.n_cells() as u32).filter(is_needy).collect()
}

/// Further alternatives, beside the pairs.
#[derive(Default)]
pub(super) struct Further {
    of_cells: BTreeMap<u32, Vec<u32>>,
    pub(super) all: BTreeSet<u32>,
}

/// For each cell a number that it shares with the cells of the very same people: with a total of which all other parts are known
/// to be nought, or with the part of such a total.
fn same_people(linked: &Linked, cells: &[Cell]) -> Vec<u32> {
    let mut first: Vec<u32> = (0..cells.len() as u32).collect();
    for sum in &linked.sums {
        let mut with_people = sum.parts.iter().filter(|part| cells[**part as usize].high > 0);
        if let (Some(part), None) = (with_people.next(), with_people.next()) {
            let (a, b) = (first_of(&mut first, sum.total), first_of(&mut first, *part));
            first[a.max(b) as usize] = a.min(b);
        }
    }
    (0..cells.len() as u32).map(|cell| first_of(&mut first, cell)).collect()
}

/// A release being worked on.
pub(super) struct Desk<'a> {
    pub(super) linked: &'a Linked,
    pub(super) safety: &'a Safety,
    rounded: Option<&'a Rounded>,
    pub(super) sums_of: Rows<(u32, i8)>,
    /// For each sum the position of a part that is published nowhere and stands in no other sum: it takes up what others leave.
    pub(super) slack: Vec<Option<u32>>,
    pub(super) has_slack: bool,
    pub(super) fates: Vec<Fate>,
    pub(super) cells: Vec<Cell>,
    /// Cells that must stay unknown.
    pub(super) needy: Vec<u32>,
    /// For each cell the alternatives that prove it.
    pub(super) proofs: Vec<Proof>,
    alternatives: Vec<Vec<(u32, i64)>>,
    /// Who relies on an alternative.
    pub(super) relied_on: Vec<Vec<u32>>,
    /// The alternatives that use a cell hidden to protect others.
    pub(super) uses: BTreeMap<u32, Vec<u32>>,
    /// What the proofs of cells were before, newest last.
    pub(super) undo: Vec<(u32, Proof)>,
    /// Further alternatives of cells of which no second pair leaves everything as it is that the first changes and others may
    /// know: for each such cell there are some that leave it as it is.
    pub(super) further: Further,
    /// For each cell a number that it shares with those of the same people; none is worked out where nobody knows anything.
    of_people: Vec<u32>,
    /// How many steps one search may take.
    pub(super) patience: usize,
}

/// What hiding a cell of weight 1 costs: room for finer differences below it.
pub(super) const COST_OF_ONE: u32 = 64;

/// How many steps all searches together may take, roughly: shared out among the counts that must stay unknown, so that a
/// release of ten counts is searched thoroughly and one of ten thousand in seconds.
const STEPS: usize = 1_500_000;

/// The fewest and the most steps of one search.
const STEPS_OF_ONE: (usize, usize) = (60, 2_000);

impl<'a> Desk<'a> {
    /// A part of a release with so many cells in all that must stay unknown.
    pub(super) fn new(linked: &'a Linked, safety: &'a Safety, rounded: Option<&'a Rounded>, n_needy_in_all: usize) -> Self {
        let n = linked.n_cells();
        let (fates, needy) = (first_fates(linked, safety), needy(linked, safety));
        let cells: Vec<Cell> = (0..n)
            .map(|at| {
                let (count, standing) = (linked.counts[at], linked.standings[at]);
                let (low, high) = known_bounds(linked, at, fates[at], safety, rounded);
                let price = match (fates[at], standing) {
                    // Among cells of one weight the smaller count is the smaller loss.
                    (Fate::Shown, Standing::Candidate { weight }) if count > 0 => u32::from(weight.clamp(1, 1_000)) * COST_OF_ONE + count.ilog2(),
                    _ => 0,
                };
                Cell { now: count, low, high, price }
            })
            .collect();
        let sums_of = linked.sums_of_cells();
        let is_slack = |cell: &u32| {
            let is_latent = matches!(linked.standings[*cell as usize], Standing::Latent | Standing::Change);
            is_latent && sums_of.row(*cell as usize).len() == 1
        };
        let slack: Vec<Option<u32>> = linked.sums.iter().map(|sum| sum.parts.iter().position(is_slack).map(|at| at as u32)).collect();
        let of_people = if safety.coalition > 0 { same_people(linked, &cells) } else { Vec::new() };
        Self {
            linked,
            safety,
            rounded,
            has_slack: slack.iter().any(Option::is_some),
            slack,
            sums_of,
            fates,
            cells,
            proofs: vec![Proof::default(); n],
            alternatives: Vec::new(),
            relied_on: Vec::new(),
            uses: BTreeMap::new(),
            undo: Vec::new(),
            further: Further::default(),
            of_people,
            patience: (STEPS / n_needy_in_all.max(1)).clamp(STEPS_OF_ONE.0, STEPS_OF_ONE.1),
            needy,
        }
    }

    /// What readers know of a cell that is shown.
    pub(super) fn bounds_if_shown(&self, cell: u32) -> (u64, u64) {
        bounds_if_shown(cell as usize, self.linked.counts[cell as usize], self.safety, self.rounded)
    }

    /// Hides a cell to protect others.
    pub(super) fn hide(&mut self, cell: u32) {
        self.fates[cell as usize] = Fate::HiddenToProtect;
        let cell = &mut self.cells[cell as usize];
        (cell.low, cell.high, cell.price) = (1, u64::MAX, 0);
    }

    /// Finds other tables in which the cell has enough other values, hiding further cells if it may.
    pub(super) fn certify(&mut self, scratch: &mut Scratch, cell: u32, may_hide: bool) -> bool {
        let wanted = self.safety.least_values - 1;
        for may_hide in [false, true].into_iter().take(1 + usize::from(may_hide)) {
            if self.safety.coalition > 0 {
                self.extend(scratch, cell, 0, &Avoid { small_up_to: self.safety.coalition, cells: &[] }, may_hide);
            }
            self.extend(scratch, cell, 0, &Avoid::NOTHING, may_hide);
            if self.proofs[cell as usize].width(0) < wanted {
                continue;
            }
            let knowable = self.knowable(cell);
            if knowable.is_empty() {
                return true;
            }
            let second: Vec<u32> = self.proofs[cell as usize].alternatives(1).collect();
            let is_known = |known: &(u32, i64)| knowable.binary_search(&known.0).is_ok();
            if second.iter().any(|at| self.alternatives[*at as usize].iter().any(is_known)) {
                self.undo.push((cell, self.proofs[cell as usize]));
                self.proofs[cell as usize].pairs[1] = [None; 2];
            }
            self.extend(scratch, cell, 1, &Avoid { small_up_to: 0, cells: &knowable }, may_hide);
            if self.proofs[cell as usize].width(1) >= wanted || knowable.iter().all(|known| self.certify_without(scratch, cell, *known, may_hide)) {
                return true;
            }
        }
        false
    }

    /// The same by linear programming.
    pub(super) fn certify_by_program(&mut self, programs: &mut Programs, cell: u32) -> bool {
        if !self.extend_by_program(programs, cell, 0, &Avoid { small_up_to: self.safety.coalition, cells: &[] })
            && !self.extend_by_program(programs, cell, 0, &Avoid::NOTHING)
        {
            return false;
        }
        let knowable = self.knowable(cell);
        self.proofs[cell as usize].pairs[1] = [None; 2];
        knowable.is_empty()
            || self.extend_by_program(programs, cell, 1, &Avoid { small_up_to: 0, cells: &knowable })
            || knowable.iter().all(|known| {
                self.stands_without(cell, *known) || {
                    let found = self.extend_by_program(programs, cell, 2, &Avoid { small_up_to: 0, cells: &[*known] });
                    self.keep_third(cell, found)
                }
            })
    }

    /// Finds a pair of alternatives anew.
    fn extend_by_program(&mut self, programs: &mut Programs, cell: u32, pair: usize, avoid: &Avoid) -> bool {
        let wanted = self.safety.least_values - 1;
        if self.proofs[cell as usize].width(pair) >= wanted {
            return true;
        }
        self.proofs[cell as usize].pairs[pair] = [None; 2];
        for sign in [1, -1] {
            let missing = wanted - self.proofs[cell as usize].width(pair);
            if missing > 0
                && let Some(table) = programs.table(self, (cell, sign), missing, avoid)
            {
                for (cell, _) in &table {
                    if self.cells[*cell as usize].price > 0 {
                        self.hide(*cell);
                    }
                }
                self.note((cell, pair), table);
            }
        }
        self.proofs[cell as usize].width(pair) >= wanted
    }

    /// Finds other tables in which the cell has enough other values and a cell that others know is as it is.
    fn certify_without(&mut self, scratch: &mut Scratch, cell: u32, known: u32, may_hide: bool) -> bool {
        if self.stands_without(cell, known) {
            return true;
        }
        self.extend(scratch, cell, 2, &Avoid { small_up_to: 0, cells: &[known] }, may_hide);
        let found = self.proofs[cell as usize].width(2) >= self.safety.least_values - 1;
        self.keep_third(cell, found)
    }

    /// Whether the alternatives that leave another cell as it is give a cell enough values.
    fn stands_without(&self, cell: u32, known: u32) -> bool {
        let wanted = self.safety.least_values - 1;
        let proof = self.proofs[cell as usize];
        let further = self.further.of_cells.get(&cell).into_iter().flatten().copied();
        let (mut up, mut down) = (0, 0);
        for at in proof.alternatives(0).chain(proof.alternatives(1)).chain(further) {
            let changes = &self.alternatives[at as usize];
            let change = |cell: u32| changes.binary_search_by_key(&cell, |(other, _)| *other).map_or(0, |at| changes[at].1);
            if change(known) == 0 {
                (up, down) = (up.max(change(cell)), down.max(-change(cell)));
            }
        }
        (up + down) as u64 >= wanted
    }

    /// Keeps the third pair of a cell among the further alternatives, if it is good for anything.
    fn keep_third(&mut self, cell: u32, is_wide: bool) -> bool {
        let third = std::mem::take(&mut self.proofs[cell as usize].pairs[2]);
        if is_wide {
            self.further.of_cells.entry(cell).or_default().extend(third.iter().flatten().map(|(at, _)| *at));
            self.further.all.extend(third.iter().flatten().map(|(at, _)| *at));
        }
        is_wide
    }

    /// The other cells in a cell's first pair of alternatives whose count the people in them may know between them.
    fn knowable(&self, cell: u32) -> Vec<u32> {
        let changed = self.proofs[cell as usize].alternatives(0).flat_map(|at| self.alternatives[at as usize].iter().map(|(other, _)| *other));
        let is_unknown = |other: &Cell| other.low < other.high;
        let is_knowable = |other: &u32| {
            let at = *other as usize;
            let is_known_to_others = || self.linked.standings[at] != Standing::Change && self.of_people[at] != self.of_people[cell as usize];
            *other != cell && is_unknown(&self.cells[at]) && (1..=self.safety.coalition).contains(&self.linked.counts[at]) && is_known_to_others()
        };
        let mut all: Vec<u32> = changed.filter(is_knowable).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Extends a pair of alternatives until it gives the cell enough values, or no more is found.
    fn extend(&mut self, scratch: &mut Scratch, cell: u32, pair: usize, avoid: &Avoid, may_hide: bool) {
        let wanted = self.safety.least_values - 1;
        for sign in [1, -1] {
            while self.proofs[cell as usize].width(pair) < wanted {
                let missing = wanted - self.proofs[cell as usize].width(pair);
                if !self.stretch(scratch, cell, (pair, sign), missing, avoid, may_hide) {
                    break;
                }
            }
        }
    }

    /// Extends the highest or the lowest alternative of a cell by one more move, at most as far as wanted.
    fn stretch(&mut self, scratch: &mut Scratch, cell: u32, (pair, sign): (usize, i8), wanted: u64, avoid: &Avoid, may_hide: bool) -> bool {
        let side = self.proofs[cell as usize].pairs[pair][usize::from(sign < 0)];
        let base = side.map(|(at, _)| self.alternatives[at as usize].clone()).unwrap_or_default();
        for (cell, change) in &base {
            self.cells[*cell as usize].now = self.linked.counts[*cell as usize].saturating_add_signed(*change);
        }
        let patience = self.patience * if may_hide { 5 } else { 1 };
        let found = search::find(self, scratch, (cell, sign), avoid, may_hide, patience);
        let leaves: Vec<(u64, u32)> = found.iter().flatten().filter_map(|(cell, sign)| self.cells[*cell as usize].leave(*sign, may_hide)).collect();
        for (cell, _) in &base {
            self.cells[*cell as usize].now = self.linked.counts[*cell as usize];
        }
        let Some(found) = found else { return false };
        for ((cell, _), (_, price)) in found.iter().zip(&leaves) {
            if *price > 0 {
                self.hide(*cell);
            }
        }
        let far = leaves.iter().map(|(room, _)| *room).min().unwrap_or(0).min(wanted);
        let mut changes = base;
        changes.extend(found.iter().map(|(cell, sign)| (*cell, far as i64 * i64::from(*sign))));
        changes.sort_unstable();
        changes.dedup_by(|later, kept| {
            let is_same = later.0 == kept.0;
            kept.1 += if is_same { later.1 } else { 0 };
            is_same
        });
        changes.retain(|(_, change)| *change != 0);
        self.note((cell, pair), changes);
        true
    }

    /// Writes an alternative down: for the cell it was sought for, and in the first pair of all others that it serves and that
    /// are not yet proven.
    fn note(&mut self, (sought, pair): (u32, usize), changes: Vec<(u32, i64)>) {
        let at = self.alternatives.len() as u32;
        let mut relied_on = Vec::new();
        for &(cell, change) in &changes {
            if self.fates[cell as usize] == Fate::HiddenToProtect {
                self.uses.entry(cell).or_default().push(at);
            }
            let pair = if cell == sought { pair } else { 0 };
            let proof = &mut self.proofs[cell as usize];
            let known = proof.pairs[pair][usize::from(change < 0)];
            if proof.width(pair) < self.safety.least_values - 1 && known.is_none_or(|(_, known)| known.abs() < change.abs()) {
                self.undo.push((cell, *proof));
                proof.pairs[pair][usize::from(change < 0)] = Some((at, change));
                relied_on.push(cell);
            }
        }
        self.alternatives.push(changes);
        self.relied_on.push(relied_on);
    }

    /// The pattern, with the alternatives that counts rely on; a cell that none of these uses is hidden in vain, and shown.
    pub(super) fn into_pattern(mut self) -> Pattern {
        let proofs = self.needy.iter().map(|cell| self.proofs[*cell as usize]);
        let mut kept: Vec<u32> = proofs.flat_map(|proof| (0..2).flat_map(move |pair| proof.alternatives(pair))).chain(self.further.all).collect();
        kept.sort_unstable();
        kept.dedup();
        let mut is_used = vec![false; self.fates.len()];
        for (cell, _) in kept.iter().flat_map(|at| &self.alternatives[*at as usize]) {
            is_used[*cell as usize] = true;
        }
        for (fate, is_used) in self.fates.iter_mut().zip(is_used) {
            if *fate == Fate::HiddenToProtect && !is_used {
                *fate = Fate::Shown;
            }
        }
        let mut alternatives = self.alternatives;
        Pattern {
            fates: self.fates,
            rounded: None,
            alternatives: kept.into_iter().map(|at| std::mem::take(&mut alternatives[at as usize])).collect(),
        }
    }
}
