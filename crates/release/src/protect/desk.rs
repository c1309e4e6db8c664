//! A release being worked on: who is proven to be unknown, by which other tables, and what had to be hidden for it.

use super::controlled::Rounded;
use super::search::{self, Avoid, Move, Scratch};
use super::{Fate, Pattern, Safety};
use crate::Rounding;
use crate::linked::{Linked, Rows, Standing};
use std::collections::BTreeMap;

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
        (_, Standing::Latent) => (0, u64::MAX),
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
/// a coalition may know and that the first pair changes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Proof {
    pub(super) pairs: [[Shown; 2]; 2],
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
        Standing::Latent | Standing::HiddenBefore | Standing::ReleasedWithin { .. } => Fate::NotShown,
    };
    linked.standings.iter().zip(&linked.counts).map(fate).collect()
}

/// The cells that must stay unknown, in order.
pub(super) fn needy(linked: &Linked, safety: &Safety) -> Vec<u32> {
    let is_needy = |at: &u32| safety.is_small(linked.counts[*at as usize]) && !linked.standings[*at as usize].is_out(safety.least_values);
    (0..linked.n_cells() as u32).filter(is_needy).collect()
}

/// A release being worked on.
pub(super) struct Desk<'a> {
    pub(super) linked: &'a Linked,
    pub(super) safety: &'a Safety,
    rounded: Option<&'a Rounded>,
    pub(super) sums_of: Rows<(u32, i8)>,
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
        let cells = (0..n)
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
        Self {
            linked,
            safety,
            rounded,
            sums_of: linked.sums_of_cells(),
            fates,
            cells,
            proofs: vec![Proof::default(); n],
            alternatives: Vec::new(),
            relied_on: Vec::new(),
            uses: BTreeMap::new(),
            undo: Vec::new(),
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
            if self.proofs[cell as usize].width(1) >= wanted {
                return true;
            }
        }
        false
    }

    /// The other cells in a cell's first pair of alternatives whose count the people in them may know between them.
    fn knowable(&self, cell: u32) -> Vec<u32> {
        let changed = self.proofs[cell as usize].alternatives(0).flat_map(|at| self.alternatives[at as usize].iter().map(|(other, _)| *other));
        let is_unknown = |other: &Cell| other.low < other.high;
        let is_knowable = |other: &u32| {
            *other != cell && is_unknown(&self.cells[*other as usize]) && (1..=self.safety.coalition).contains(&self.linked.counts[*other as usize])
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
        self.note((cell, pair), base, &found, far as i64);
        true
    }

    /// Writes an alternative down: for the cell it was sought for, and in the first pair of all others that it serves and that
    /// are not yet proven.
    fn note(&mut self, (sought, pair): (u32, usize), mut changes: Vec<(u32, i64)>, found: &Move, far: i64) {
        changes.extend(found.iter().map(|(cell, sign)| (*cell, far * i64::from(*sign))));
        changes.sort_unstable();
        changes.dedup_by(|later, kept| {
            let is_same = later.0 == kept.0;
            kept.1 += if is_same { later.1 } else { 0 };
            is_same
        });
        changes.retain(|(_, change)| *change != 0);
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
        let mut kept: Vec<u32> = proofs.flat_map(|proof| (0..2).flat_map(move |pair| proof.alternatives(pair))).collect();
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
