//! Cells hidden in vain are shown again.

use super::Fate;
use super::desk::{Cell, Desk, Proof};
use super::search::Scratch;
use crate::linked::Standing;

/// In a part with more counts than this that must stay unknown, searches for what may be shown again are cut short.
const MANY: usize = 5_000;

impl Desk<'_> {
    /// Shows cells again that turn out not to be needed, the dearest first.
    pub(super) fn show_again(&mut self, scratch: &mut Scratch) {
        let mut hidden: Vec<u32> = (0..self.fates.len() as u32).filter(|cell| self.fates[*cell as usize] == Fate::HiddenToProtect).collect();
        let cost = |cell: &u32| match self.linked.standings[*cell as usize] {
            Standing::Candidate { weight } => (weight, self.linked.counts[*cell as usize]),
            _ => (0, 0),
        };
        hidden.sort_by_key(|cell| (std::cmp::Reverse(cost(cell)), *cell));
        // Most cells stay hidden, and each of these searches is in vain: in a large part that is where the time goes.
        if self.needy.len() > MANY {
            self.patience = (self.patience / 3).max(20);
        }
        let mut loose = Loose::of(self);
        for cell in hidden {
            let Some(pinned) = loose.pin(self, cell) else { continue };
            let before: Vec<Cell> = pinned.iter().map(|other| self.cells[*other as usize]).collect();
            for other in &pinned {
                let cell = &mut self.cells[*other as usize];
                (cell.low, cell.high) = (cell.now, cell.now);
            }
            if !self.try_to_show(scratch, cell) {
                for (other, before) in pinned.iter().zip(before) {
                    self.cells[*other as usize] = before;
                }
                loose.undo(self, &pinned);
            }
        }
    }

    /// Shows a cell if every count that relied on it being hidden can do without; otherwise changes nothing.
    fn try_to_show(&mut self, scratch: &mut Scratch, cell: u32) -> bool {
        if self.uses.get(&cell).into_iter().flatten().any(|at| self.further.all.contains(at)) {
            return false;
        }
        self.undo.clear();
        let before = self.cells[cell as usize];
        let users = self.uses.remove(&cell).unwrap_or_default();
        let mut relying: Vec<u32> = users.iter().flat_map(|at| self.relied_on[*at as usize].iter().copied()).collect();
        relying.sort_unstable();
        relying.dedup();
        for other in &relying {
            let proof = &mut self.proofs[*other as usize];
            if proof.rests_on(&users) {
                self.undo.push((*other, *proof));
                *proof = Proof::default();
            }
        }
        self.fates[cell as usize] = Fate::Shown;
        let (low, high) = self.bounds_if_shown(cell);
        self.cells[cell as usize] = Cell { low, high, ..before };
        let is_needy = |other: &&u32| self.needy.binary_search(other).is_ok();
        let relying: Vec<u32> = relying.iter().filter(is_needy).copied().collect();
        if !relying.iter().all(|other| self.certify(scratch, *other, false)) {
            self.fates[cell as usize] = Fate::HiddenToProtect;
            self.cells[cell as usize] = before;
            self.uses.insert(cell, users);
            for (other, proof) in self.undo.drain(..).rev() {
                self.proofs[other as usize] = proof;
            }
            return false;
        }
        true
    }
}

/// Which cells can still move, and how many of them are in each sum: a sum with one such cell gives it away.
struct Loose {
    is_loose: Vec<bool>,
    n_in_sum: Vec<u32>,
}

impl Loose {
    fn of(desk: &Desk) -> Self {
        let is_loose: Vec<bool> = desk.cells.iter().map(|cell| cell.low < cell.high).collect();
        let n_in_sum =
            desk.linked.sums.iter().map(|sum| sum.parts.iter().chain([&sum.total]).filter(|cell| is_loose[**cell as usize]).count() as u32).collect();
        Self { is_loose, n_in_sum }
    }

    /// Shows a cell, and lists it with all the cells that are then given away one after the other; `None`, and no change, if
    /// one of them must stay unknown.
    fn pin(&mut self, desk: &Desk, cell: u32) -> Option<Vec<u32>> {
        if !self.is_loose[cell as usize] {
            return Some(Vec::new());
        }
        let mut pinned = vec![cell];
        self.is_loose[cell as usize] = false;
        let mut at = 0;
        while at < pinned.len() {
            let now = pinned[at];
            at += 1;
            for &(sum, _) in desk.sums_of.row(now as usize) {
                self.n_in_sum[sum as usize] -= 1;
                if self.n_in_sum[sum as usize] == 1 {
                    let tie = &desk.linked.sums[sum as usize];
                    if let Some(last) = tie.parts.iter().chain([&tie.total]).find(|cell| self.is_loose[**cell as usize]) {
                        pinned.push(*last);
                        self.is_loose[*last as usize] = false;
                    }
                }
            }
        }
        if pinned.iter().any(|cell| desk.needy.binary_search(cell).is_ok()) {
            self.undo(desk, &pinned);
            return None;
        }
        Some(pinned)
    }

    fn undo(&mut self, desk: &Desk, pinned: &[u32]) {
        for cell in pinned {
            self.is_loose[*cell as usize] = true;
            for &(sum, _) in desk.sums_of.row(*cell as usize) {
                self.n_in_sum[sum as usize] += 1;
            }
        }
    }
}
