//! The least that must be hidden in a small release, found by trying.
//!
//! Begins with what the quick search hid, and looks for something cheaper: nothing more is hidden than the small counts, and
//! wherever one of them is given away, one of the cells whose hiding could help is hidden in turn. With few cells all ways are
//! gone through that could be cheaper; else it ends after a number of steps with the best found.

use super::controlled::Rounded;
use super::desk::Desk;
use super::search::Scratch;
use super::{Fate, Pattern, Safety};
use crate::linked::{Linked, Standing};
use std::collections::BTreeSet;

/// A part with more cells that may be hidden is left as the quick search made it.
const MOST_CANDIDATES: usize = 24;

/// How many sets of cells are tried.
const MOST_TRIED: usize = 1_500;

/// The same pattern, or one that costs less.
pub(super) fn improved(part: &Linked, safety: &Safety, rounded: Option<&Rounded>, pattern: Pattern) -> Pattern {
    let weight = |cell: u32| match part.standings[cell as usize] {
        Standing::Candidate { weight } => u32::from(weight.clamp(1, 1_000)),
        _ => 0,
    };
    let first = super::desk::first_fates(part, safety);
    let may_be_hidden = |cell: &u32| first[*cell as usize] == Fate::Shown && weight(*cell) > 0 && part.counts[*cell as usize] > 0;
    let mut candidates: Vec<u32> = (0..part.n_cells() as u32).filter(may_be_hidden).collect();
    candidates.sort_by_key(|cell| (weight(*cell), part.counts[*cell as usize], *cell));
    let costs: Vec<u32> = candidates.iter().map(|cell| weight(*cell)).collect();
    let cost = candidates.iter().zip(&costs).filter(|(cell, _)| pattern.fates[**cell as usize] == Fate::HiddenToProtect).map(|(_, cost)| cost).sum();
    let is_small = candidates.len() <= MOST_CANDIDATES && part.n_cells() <= 4 * MOST_CANDIDATES;
    if cost == 0 || !is_small {
        return pattern;
    }
    let mut trying = Trying { part, safety, rounded, candidates, costs, best: pattern, best_cost: cost, tried: BTreeSet::new() };
    trying.go(0, 0);
    trying.best
}

struct Trying<'a> {
    part: &'a Linked,
    safety: &'a Safety,
    rounded: Option<&'a Rounded>,
    /// The cells that may be hidden, the cheapest first, and what each costs.
    candidates: Vec<u32>,
    costs: Vec<u32>,
    best: Pattern,
    best_cost: u32,
    /// Sets of candidates, a bit for each.
    tried: BTreeSet<u32>,
}

impl Trying<'_> {
    /// Goes on from a set of hidden candidates.
    fn go(&mut self, hidden: u32, cost: u32) {
        if cost >= self.best_cost || self.tried.len() >= MOST_TRIED || !self.tried.insert(hidden) {
            return;
        }
        let mut desk = Desk::new(self.part, self.safety, self.rounded, 1);
        for (at, cell) in self.candidates.iter().enumerate() {
            if hidden >> at & 1 == 1 {
                desk.hide(*cell);
            }
        }
        let could_help = match given_away(&desk) {
            Some(sums) => {
                let in_sums = |cell: &u32| desk.sums_of.row(*cell as usize).iter().any(|(sum, _)| sums.contains(sum));
                self.candidates.iter().enumerate().filter(|(_, cell)| in_sums(cell)).map(|(at, _)| at).collect()
            }
            None => {
                let mut scratch = Scratch::new(self.part.n_cells());
                let needy = desk.needy.clone();
                if needy.iter().all(|cell| desk.certify(&mut scratch, *cell, false)) {
                    (self.best, self.best_cost) = (desk.into_pattern(), cost);
                    return;
                }
                (0..self.candidates.len()).collect::<Vec<usize>>()
            }
        };
        for at in could_help.into_iter().filter(|at| hidden >> at & 1 == 0) {
            self.go(hidden | 1 << at, cost + self.costs[at]);
        }
    }
}

/// The sums by which a count that must stay unknown is given away, one cell after the other; `None` if none is.
fn given_away(desk: &Desk) -> Option<BTreeSet<u32>> {
    let mut is_loose: Vec<bool> = desk.cells.iter().map(|cell| cell.low < cell.high).collect();
    let mut used = BTreeSet::new();
    loop {
        let n_before = used.len();
        for (at, sum) in desk.linked.sums.iter().enumerate() {
            let mut loose = sum.parts.iter().chain([&sum.total]).filter(|cell| is_loose[**cell as usize]);
            if let (Some(only), None) = (loose.next(), loose.next()) {
                used.insert(at as u32);
                is_loose[*only as usize] = false;
                if desk.needy.binary_search(only).is_ok() {
                    return Some(used);
                }
            }
        }
        if used.len() == n_before {
            return None;
        }
    }
}
