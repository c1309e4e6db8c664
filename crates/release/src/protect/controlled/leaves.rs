//! Controlled rounding of large tables: the finest counts are rounded and added up, and then changed one by one, up or down,
//! until every total is near enough to the truth.
//!
//! Sums hold by construction. What is sought is that no total strays; each step takes one that does and changes the finest
//! count that helps most over all totals it is part of, even where that makes others worse for a while, as in the search of
//! Selman, Kautz and Cohen for satisfying assignments ("Noise strategies for improving local search", AAAI 1994).

use super::mixed;
use crate::linked::{Linked, Rows};
use std::collections::BTreeMap;

/// How many steps are made for each of the finest counts before totals may stray further.
const STEPS_FOR_EACH: usize = 20;

/// How many finest counts are looked at in one step.
const MOST_LOOKED_AT: usize = 24;

/// A release as its finest counts and what is made of them.
pub(super) struct Leaves {
    base: u64,
    /// Which cell each is.
    cells: Vec<u32>,
    /// The multiple below each, and whether it may go to the one above.
    floors: Vec<u64>,
    can_change: Vec<bool>,
    is_up: Vec<bool>,
    /// Every total, and every second way to add one up, which must come to the same.
    lines: Vec<Line>,
    /// For each line its finest counts.
    in_lines: Rows<u32>,
    /// For each finest count its lines, and how often it is in each.
    lines_of: Rows<(u32, i8)>,
}

#[derive(Clone, Copy)]
struct Line {
    /// What is shown less the true count.
    stray: i64,
    /// What that must be exactly: nought for a tie, what it was for a total that left earlier.
    exactly: Option<i64>,
}

impl Leaves {
    /// Rounds the finest counts as they are drawn, except where it is known what they were `before`.
    pub fn new(linked: &Linked, base: u64, seed: u64, before: impl Fn(u32) -> Option<u64>) -> Self {
        let (made_of, ties) = made_of(linked);
        let cells: Vec<u32> = (0..linked.n_cells() as u32).filter(|cell| made_of[*cell as usize].is_none()).collect();
        let mut lines = Vec::new();
        let mut parts_of_line: Vec<Parts> = Vec::new();
        for (cell, parts) in made_of.into_iter().enumerate() {
            if let Some(parts) = parts {
                let exactly = before(cell as u32).map(|before| (before as i64).wrapping_sub(linked.counts[cell] as i64));
                lines.push(Line { stray: 0, exactly });
                parts_of_line.push(parts);
            }
        }
        lines.extend(ties.iter().map(|_| Line { stray: 0, exactly: Some(0) }));
        parts_of_line.extend(ties);
        let at = |cell: &u32| cells.binary_search(cell).unwrap_or_default() as u32;
        let pairs: Vec<(u32, (u32, i8))> = parts_of_line
            .iter()
            .enumerate()
            .flat_map(|(line, parts)| parts.iter().map(move |(cell, times)| (line as u32, *cell, *times)))
            .map(|(line, cell, times)| (at(&cell), (line, times.clamp(-100, 100) as i8)))
            .collect();
        let in_lines = Rows::gather(parts_of_line.len(), pairs.iter().map(|(leaf, (line, _))| (*line, *leaf)));
        let lines_of = Rows::gather(cells.len(), pairs.iter().copied());
        let count = |cell: &u32| linked.counts[*cell as usize];
        let mut leaves = Self {
            base,
            floors: cells.iter().map(|cell| count(cell) / base * base).collect(),
            can_change: cells.iter().map(|cell| !count(cell).is_multiple_of(base) && before(*cell).is_none()).collect(),
            is_up: vec![false; cells.len()],
            lines,
            in_lines,
            lines_of,
            cells,
        };
        for leaf in 0..leaves.cells.len() {
            let cell = leaves.cells[leaf];
            let drawn = mixed(seed ^ u64::from(cell)) % base < count(&cell) - leaves.floors[leaf];
            let rises = before(cell).map_or(drawn, |before| before > leaves.floors[leaf]);
            leaves.is_up[leaf] = rises;
            let shown = leaves.floors[leaf].saturating_add(base * u64::from(rises));
            let off = (shown as i64).wrapping_sub(count(&cell) as i64);
            for (line, times) in leaves.lines_of.row(leaf) {
                leaves.lines[*line as usize].stray += off * i64::from(*times);
            }
        }
        leaves
    }

    /// Changes finest counts until no total strays as far as this; says whether that was reached.
    pub fn settle(&mut self, within: u64, seed: u64) -> bool {
        let limit = within as i64 - 1;
        let mut astray: Vec<u32> = (0..self.lines.len() as u32).filter(|line| self.excess(*line, 0, limit) > 0).collect();
        let mut last_changed = vec![0_usize; self.cells.len()];
        let mut chance = seed;
        let mut draw = |n: usize| {
            chance = mixed(chance);
            (chance % n.max(1) as u64) as usize
        };
        let n_steps = STEPS_FOR_EACH * self.cells.len() + 10_000;
        for step in 1..=n_steps {
            let line = loop {
                if astray.is_empty() {
                    return true;
                }
                let at = draw(astray.len());
                if self.excess(astray[at], 0, limit) > 0 {
                    break astray[at];
                }
                astray.swap_remove(at);
            };
            let leaves = self.in_lines.row(line as usize);
            let begin = draw(leaves.len());
            let mut best: Option<(i64, usize, u32)> = None;
            let mut n_looked_at = 0;
            for offset in 0..leaves.len() {
                let leaf = leaves[(begin + offset) % leaves.len()];
                if !self.helps(leaf, line) {
                    continue;
                }
                n_looked_at += 1;
                // The longest unchanged first, so that a step is not undone at once.
                let changed = last_changed[leaf as usize];
                let penalty = if changed > 0 && step - changed < 10 { i64::MAX / 2 } else { self.gain(leaf, limit) };
                if best.is_none_or(|best| (penalty, changed) < (best.0, best.1)) {
                    best = Some((penalty, changed, leaf));
                }
                if n_looked_at >= MOST_LOOKED_AT {
                    break;
                }
            }
            let Some((_, _, leaf)) = best else { return false };
            self.change(leaf);
            last_changed[leaf as usize] = step;
            for (line, _) in self.lines_of.row(leaf as usize) {
                if self.excess(*line, 0, limit) > 0 {
                    astray.push(*line);
                }
            }
            if astray.len() > 4 * self.lines.len() + 64 {
                astray.sort_unstable();
                astray.dedup();
            }
        }
        false
    }

    /// What is shown of each of the finest counts.
    pub fn shown(&self) -> impl Iterator<Item = (u32, u64)> {
        self.cells.iter().enumerate().map(|(leaf, cell)| (*cell, self.floors[leaf].saturating_add(self.base * u64::from(self.is_up[leaf]))))
    }

    fn direction(&self, leaf: u32) -> i64 {
        if self.is_up[leaf as usize] { -(self.base as i64) } else { self.base as i64 }
    }

    /// Whether changing one of the finest counts brings a line nearer to the truth.
    fn helps(&self, leaf: u32, line: u32) -> bool {
        let times = self.lines_of.row(leaf as usize).iter().find(|(known, _)| *known == line).map_or(0, |(_, times)| i64::from(*times));
        let line = self.lines[line as usize];
        self.can_change[leaf as usize] && (self.direction(leaf) * times).signum() == (line.exactly.unwrap_or(0) - line.stray).signum()
    }

    /// How far beyond its limit a line would be after a change, squared.
    fn excess(&self, line: u32, change: i64, limit: i64) -> i64 {
        let line = self.lines[line as usize];
        let beyond = (line.stray + change - line.exactly.unwrap_or(0)).abs() - if line.exactly.is_some() { 0 } else { limit };
        let beyond = beyond.max(0);
        beyond * beyond
    }

    /// What changing one of the finest counts adds to all excesses.
    fn gain(&self, leaf: u32, limit: i64) -> i64 {
        let direction = self.direction(leaf);
        let of_line = |(line, times): &(u32, i8)| self.excess(*line, direction * i64::from(*times), limit) - self.excess(*line, 0, limit);
        self.lines_of.row(leaf as usize).iter().map(of_line).sum()
    }

    fn change(&mut self, leaf: u32) {
        let direction = self.direction(leaf);
        self.is_up[leaf as usize] = !self.is_up[leaf as usize];
        for (line, times) in self.lines_of.row(leaf as usize) {
            self.lines[*line as usize].stray += direction * i64::from(*times);
        }
    }
}

/// The finest counts, with how often each counts.
type Parts = BTreeMap<u32, i64>;

/// For every total the finest counts that it is made of, and for every further way to add one up the difference, where there
/// is one.
fn made_of(linked: &Linked) -> (Vec<Option<Parts>>, Vec<Parts>) {
    let n = linked.n_cells();
    let mut first_sum: Vec<Option<usize>> = vec![None; n];
    for (at, sum) in linked.sums.iter().enumerate().rev() {
        first_sum[sum.total as usize] = Some(at);
    }
    // 0 not looked at, 1 on the way, 2 done.
    let mut state = vec![0_u8; n];
    let mut made_of: Vec<Option<Parts>> = vec![None; n];
    for begin in 0..n as u32 {
        let mut stack = vec![begin];
        while let Some(&cell) = stack.last() {
            let at = cell as usize;
            let sum = first_sum[at].map(|sum| &linked.sums[sum]);
            match (state[at], sum) {
                (0, Some(sum)) => {
                    state[at] = 1;
                    // A total that is made of itself is taken as one of the finest counts.
                    if sum.parts.iter().any(|part| state[*part as usize] == 1) {
                        first_sum[at] = None;
                    } else {
                        stack.extend(sum.parts.iter().filter(|part| state[**part as usize] == 0));
                        continue;
                    }
                }
                (1, Some(sum)) => {
                    let mut parts = Parts::new();
                    for part in &sum.parts {
                        add(&mut parts, made_of[*part as usize].as_ref(), *part, 1);
                    }
                    made_of[at] = Some(parts);
                }
                _ => {}
            }
            state[at] = 2;
            stack.pop();
        }
    }
    let mut ties = Vec::new();
    for (_, sum) in linked.sums.iter().enumerate().filter(|(at, sum)| first_sum[sum.total as usize] != Some(*at)) {
        let mut difference = Parts::new();
        add(&mut difference, made_of[sum.total as usize].as_ref(), sum.total, 1);
        for part in &sum.parts {
            add(&mut difference, made_of[*part as usize].as_ref(), *part, -1);
        }
        difference.retain(|_, times| *times != 0);
        if !difference.is_empty() {
            ties.push(difference);
        }
    }
    (made_of, ties)
}

fn add(to: &mut Parts, parts: Option<&Parts>, cell: u32, times: i64) {
    match parts {
        Some(parts) => parts.iter().for_each(|(leaf, n)| *to.entry(*leaf).or_default() += n * times),
        None => *to.entry(cell).or_default() += times,
    }
}
