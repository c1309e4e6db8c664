//! Controlled rounding: every count goes to a multiple of the base so that all sums still hold.
//!
//! First the finest counts are rounded and added up, and changed one by one until every total is near enough to the truth.
//! Where that does not end, small releases are worked on from the other side: the true table lies between the multiples
//! beside each count, and from it one goes on by moves, which keep every sum; each is followed until one of its cells arrives
//! at a multiple, where that cell stays. In tables of two dimensions, and wherever else the sums form a network, all cells
//! arrive. In others some may be left between; their surroundings are then solved by trying. Where nothing leads to the
//! multiples beside each count, totals may go further, which is then said. Whatever comes out is checked sum by sum.
//!
//! Which way a count goes is drawn, with the chance that is fair on average; the draw is seeded by all the counts together, so
//! that the same release gives the same table and nobody without the counts can repeat the draw; there is no secret in it, so
//! who knows all counts but one can, for each value of that one. A count that left earlier, rounded, goes where it went then, if
//! that can be.
//!
//! Sources: Cox and Ernst, "Controlled rounding" (INFOR 1982), for the problem and two-way tables; Causey, Cox and Ernst,
//! "Applications of transportation theory to statistical problems" (JASA 1985), for three-way tables that have no solution;
//! Hundepool and others, *Statistical Disclosure Control* (2012), 5.5. The search is our own.

mod leaves;

use super::Safety;
use super::desk::Desk;
use super::search::{self, Avoid, Scratch};
use crate::linked::{Linked, Standing};
use leaves::Leaves;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// A linked release rounded to multiples of a base, with all sums kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rounded {
    /// Every cell as it is shown.
    pub shown: Vec<u64>,
    /// Every count differs from what is shown by less than this: the base, or twice the base.
    pub within: u64,
}

impl Rounded {
    /// The lowest and the highest count that could be shown as a cell is.
    pub fn bounds(&self, cell: usize, count: u64, hide_up_to: u64) -> (u64, u64) {
        let shown = self.shown[cell];
        let (low, high) = (shown.saturating_sub(self.within - 1).max(u64::from(shown > 0)), shown.saturating_add(self.within - 1));
        // Counts from 1 to the threshold would have been hidden.
        match count {
            0 => (0, if high > hide_up_to { high } else { 0 }),
            _ if hide_up_to > 0 => (low.max(hide_up_to + 1), high),
            _ => (low, high),
        }
    }

    /// The same for some of the cells, in this order.
    pub fn of_cells(&self, cells: &[u32]) -> Self {
        Self { shown: cells.iter().map(|cell| self.shown[*cell as usize]).collect(), within: self.within }
    }
}

/// Rounds all cells; else those for which nothing fits.
pub(super) fn round(linked: &Linked, safety: &Safety, base: u64) -> Result<Rounded, Vec<u32>> {
    let between: Vec<u32> = (0..linked.n_cells() as u32).filter(|cell| !linked.counts[*cell as usize].is_multiple_of(base)).collect();
    let parts = linked.parts(&between);
    let done: Vec<Result<Rounded, Vec<u32>>> = parts.par_iter().map(|(_, part)| Underway::new(part, safety, base, between.len()).finish()).collect();
    let mut whole = Rounded { shown: linked.counts.clone(), within: base };
    let mut stuck = Vec::new();
    for ((cells, _), done) in parts.iter().zip(done) {
        match done {
            Ok(part) => {
                cells.iter().zip(part.shown).for_each(|(cell, shown)| whole.shown[*cell as usize] = shown);
                whole.within = whole.within.max(part.within);
            }
            Err(cells_of_part) => stuck.extend(cells_of_part.into_iter().map(|cell| cells[cell as usize])),
        }
    }
    if stuck.is_empty() { Ok(whole) } else { Err(stuck) }
}

/// A part of a release being rounded.
struct Underway<'a> {
    /// Holds the table as far as it is rounded, each cell between its two multiples.
    desk: Desk<'a>,
    base: u64,
    seed: u64,
}

/// Surroundings of more cells are not tried through.
const MOST_CELLS: usize = 300;

/// A part of more cells is not rounded by moves, of which the last would be long ones.
const LARGE: usize = 400;

/// How many multiples beyond those beside it a total may be shown at.
const MOST_FURTHER: u64 = 3;

/// How many choices are tried for one set of surroundings.
const MOST_CHOICES: usize = 20_000;

impl<'a> Underway<'a> {
    fn new(part: &'a Linked, safety: &'a Safety, base: u64, n_in_all: usize) -> Self {
        let mut desk = Desk::new(part, safety, None, n_in_all);
        for (at, cell) in desk.cells.iter_mut().enumerate() {
            let count = part.counts[at];
            let (low, high) = (count / base * base, count.div_ceil(base).saturating_mul(base));
            (cell.now, cell.low, cell.high, cell.price) = (count, low, high, 0);
            if let Some(before) = shown_before(part.standings[at], count, base) {
                (cell.low, cell.high) = (count.min(before), count.max(before));
            }
        }
        let seed = part.counts.iter().fold(part.n_cells() as u64, |seed, count| mixed(seed ^ count));
        Self { desk, base, seed }
    }

    fn finish(mut self) -> Result<Rounded, Vec<u32>> {
        let all = || (0..self.desk.linked.n_cells() as u32).collect();
        if let Some(rounded) = self.settle(0, true) {
            return Ok(rounded);
        }
        if self.desk.linked.n_cells() <= LARGE
            && let Some(rounded) = self.follow()
        {
            return Ok(rounded);
        }
        let ways = [true, false].into_iter().flat_map(|as_before| (0..=MOST_FURTHER).map(move |further| (further, as_before)));
        ways.skip(1).find_map(|(further, as_before)| self.settle(further, as_before)).ok_or_else(all)
    }

    /// Rounds by moves, and what they leave between by trying.
    fn follow(&mut self) -> Option<Rounded> {
        let part = self.desk.linked;
        let mut scratch = Scratch::new(part.n_cells());
        let mut stuck: Vec<u32> = (0..part.n_cells() as u32).collect();
        let patience = self.desk.patience;
        // Where counts left earlier they may go one way only; if that leaves some between, it is given up.
        for (longer, is_free) in [(1, false), (10, false), (10, true)] {
            if is_free && !stuck.is_empty() {
                self.free(0);
            }
            self.desk.patience = patience * longer;
            stuck.retain(|cell| !self.arrive(&mut scratch, *cell));
        }
        let mut within = self.base;
        for further in [0, 1] {
            if stuck.is_empty() {
                break;
            }
            within = self.base * (further + 1);
            if further > 0 {
                self.free(further);
            }
            // One that is solved may have taken others along.
            for cell in std::mem::take(&mut stuck) {
                if !self.is_there(cell) && !self.try_around(cell) {
                    stuck.push(cell);
                }
            }
        }
        let shown: Vec<u64> = self.desk.cells.iter().map(|cell| cell.now).collect();
        (stuck.is_empty() && keeps(part, &shown, self.base, within)).then_some(Rounded { shown, within })
    }

    /// Rounds the finest counts and adds them up, with totals so many multiples further from the truth than those beside it;
    /// counts that left earlier as they left, if asked to.
    fn settle(&self, further: u64, as_before: bool) -> Option<Rounded> {
        let (part, within) = (self.desk.linked, self.base * (further + 1));
        let before = |cell: u32| shown_before(part.standings[cell as usize], part.counts[cell as usize], self.base).filter(|_| as_before);
        let mut leaves = Leaves::new(part, self.base, self.seed, before);
        if !leaves.settle(within, self.seed) {
            return None;
        }
        let mut shown = vec![None; part.n_cells()];
        leaves.shown().for_each(|(cell, n)| shown[cell as usize] = Some(n));
        let shown = added_up(part, shown);
        keeps(part, &shown, self.base, within).then_some(Rounded { shown, within })
    }

    fn is_there(&self, cell: u32) -> bool {
        self.desk.cells[cell as usize].now.is_multiple_of(self.base)
    }

    /// Lets every count that is not nought go to the multiples on either side of it, and so many further.
    fn free(&mut self, further: u64) {
        for (cell, count) in self.desk.cells.iter_mut().zip(&self.desk.linked.counts) {
            let (low, high) = (count / self.base, count.div_ceil(self.base));
            let further = if *count == 0 { 0 } else { further };
            (cell.low, cell.high) = (low.saturating_sub(further) * self.base, high.saturating_add(further).saturating_mul(self.base));
        }
        if further == 0 {
            // What has arrived stays.
            let base = self.base;
            self.desk.cells.iter_mut().filter(|cell| cell.now.is_multiple_of(base)).for_each(|cell| (cell.low, cell.high) = (cell.now, cell.now));
        }
    }

    /// Follows moves until a cell has arrived at a multiple; says whether it has.
    fn arrive(&mut self, scratch: &mut Scratch, cell: u32) -> bool {
        let first = self.draw(cell);
        while !self.is_there(cell) {
            let patience = self.desk.patience;
            let found =
                [first, -first].into_iter().find_map(|sign| search::find(&self.desk, scratch, (cell, sign), &Avoid::NOTHING, false, patience));
            let Some(found) = found else { return false };
            let room = |(cell, sign): &(u32, i8)| self.desk.cells[*cell as usize].leave(*sign, false).map_or(0, |(room, _)| room);
            let far = found.iter().map(room).min().unwrap_or(0) as i64;
            if far == 0 {
                return false;
            }
            for (cell, sign) in found {
                let cell = &mut self.desk.cells[cell as usize];
                cell.now = cell.now.saturating_add_signed(far * i64::from(sign));
                if cell.now.is_multiple_of(self.base) {
                    (cell.low, cell.high) = (cell.now, cell.now);
                }
            }
        }
        true
    }

    /// Which way a count goes: up with the chance by which it is nearer to the multiple above.
    fn draw(&self, cell: u32) -> i8 {
        let left = self.desk.linked.counts[cell as usize] % self.base;
        if mixed(self.seed ^ u64::from(cell)) % self.base < left { 1 } else { -1 }
    }

    /// Tries everything in ever wider surroundings of a cell until all of them are at multiples; says whether that worked.
    fn try_around(&mut self, cell: u32) -> bool {
        let mut around = BTreeSet::from([cell]);
        loop {
            let n_before = around.len();
            let sums: BTreeSet<u32> = around.iter().flat_map(|cell| self.desk.sums_of.row(*cell as usize).iter().map(|(sum, _)| *sum)).collect();
            for sum in sums {
                let sum = &self.desk.linked.sums[sum as usize];
                around.extend(sum.parts.iter().chain([&sum.total]));
            }
            let is_all = around.len() == n_before;
            if around.len() > MOST_CELLS && n_before > 1 {
                return false;
            }
            if let Some(solved) = Trial::new(self, &around).solve() {
                for (cell, steps) in solved {
                    self.desk.cells[cell as usize].now = steps * self.base;
                }
                return true;
            }
            if is_all {
                return false;
            }
        }
    }
}

/// Where a count that left earlier went, if that was one of the two multiples beside it.
fn shown_before(standing: Standing, count: u64, base: u64) -> Option<u64> {
    let Standing::ReleasedWithin { low, high, .. } = standing else { return None };
    let shown = high.checked_add(1)?.checked_sub(base)?;
    let is_of_base = shown.is_multiple_of(base) && low == shown.saturating_sub(base - 1).max(u64::from(shown > 0));
    (is_of_base && shown.abs_diff(count) < base).then_some(shown)
}

/// The totals of rounded finest counts.
fn added_up(linked: &Linked, mut shown: Vec<Option<u64>>) -> Vec<u64> {
    loop {
        let mut is_done = true;
        for sum in linked.sums.iter().filter(|sum| shown[sum.total as usize].is_none()).collect::<Vec<_>>() {
            let total = sum.parts.iter().try_fold(0_u64, |so_far, part| shown[*part as usize].and_then(|part| so_far.checked_add(part)));
            is_done &= total.is_none();
            shown[sum.total as usize] = total;
        }
        if is_done {
            return shown.into_iter().map(Option::unwrap_or_default).collect();
        }
    }
}

/// Whether rounded counts are multiples, near enough, nought where the count is, and keep every sum.
pub(super) fn keeps(linked: &Linked, shown: &[u64], base: u64, within: u64) -> bool {
    let is_near = |(shown, count): (&u64, &u64)| shown.is_multiple_of(base) && shown.abs_diff(*count) < within && (*count > 0 || *shown == 0);
    let holds = |sum: &crate::linked::Sum| {
        let parts = sum.parts.iter().try_fold(0_u64, |so_far, part| so_far.checked_add(shown[*part as usize]));
        parts == Some(shown[sum.total as usize])
    };
    shown.iter().zip(&linked.counts).all(is_near) && linked.sums.iter().all(holds)
}

/// One set of cells being tried through, in steps of the base: each has the steps it may still take.
struct Trial<'a> {
    rounding: &'a Underway<'a>,
    cells: Vec<u32>,
    /// The lowest and highest step of each.
    left: Vec<(u64, u64)>,
    /// Sums among them: positions with their side, and what the fixed cells come to.
    sums: Vec<(Vec<(usize, i8)>, i128)>,
    sums_of: Vec<Vec<usize>>,
}

/// Cells with the steps they had before, the newest last.
type Narrowed = Vec<(usize, (u64, u64))>;

impl<'a> Trial<'a> {
    fn new(rounding: &'a Underway<'a>, around: &BTreeSet<u32>) -> Self {
        let (desk, base) = (&rounding.desk, rounding.base);
        // A cell that is still between and lies outside would break its sums: the surroundings are then too small, and the
        // trial finds no solution.
        let cells: Vec<u32> = around.iter().copied().collect();
        let range = |cell: &u32| {
            let (count, low, high) = (desk.linked.counts[*cell as usize], desk.cells[*cell as usize].low, desk.cells[*cell as usize].high);
            // What has arrived was fixed; here it may go to either side again.
            let (floor, ceiling) = (count / base, count.div_ceil(base));
            ((low / base).min(floor), (high / base).max(ceiling))
        };
        let left = cells.iter().map(range).collect();
        let touched: BTreeSet<u32> = cells.iter().flat_map(|cell| desk.sums_of.row(*cell as usize).iter().map(|(sum, _)| *sum)).collect();
        let mut sums_of = vec![Vec::new(); cells.len()];
        let sums = touched
            .into_iter()
            .enumerate()
            .map(|(at, sum)| {
                let sum = &desk.linked.sums[sum as usize];
                let (mut within, mut fixed) = (Vec::new(), 0_i128);
                for (cell, side) in sum.parts.iter().map(|part| (part, -1_i8)).chain([(&sum.total, 1)]) {
                    match cells.binary_search(cell) {
                        Ok(position) => {
                            sums_of[position].push(at);
                            within.push((position, side));
                        }
                        // One that is between counts as more than it is, so that the sum cannot hold by chance.
                        Err(_) => fixed += i128::from(side) * i128::from(desk.cells[*cell as usize].now.div_ceil(base)),
                    }
                }
                (within, fixed)
            })
            .collect();
        Self { rounding, cells, left, sums, sums_of }
    }

    /// The steps of every cell, if there are some for which all sums hold.
    fn solve(mut self) -> Option<Vec<(u32, u64)>> {
        let outside_between = |cell: &&u32| !self.rounding.is_there(**cell) && self.cells.binary_search(cell).is_err();
        let touched = self.cells.iter().flat_map(|cell| self.rounding.desk.sums_of.row(*cell as usize)).map(|(sum, _)| *sum as usize);
        let mut beside = touched.flat_map(|sum| {
            let sum = &self.rounding.desk.linked.sums[sum];
            sum.parts.iter().chain([&sum.total])
        });
        if beside.any(|cell| outside_between(&cell)) || !self.narrow((0..self.sums.len()).collect(), &mut Vec::new()) {
            return None;
        }
        // Each choice: the cell, the steps not yet tried, and what was narrowed since.
        let mut choices: Vec<(usize, Vec<u64>, Narrowed)> = Vec::new();
        let mut n_choices = 0;
        while let Some(cell) = self.next() {
            let mut tried = (cell, self.ways(cell), Vec::new());
            loop {
                n_choices += 1;
                if n_choices > MOST_CHOICES {
                    return None;
                }
                if let Some(step) = tried.1.pop() {
                    tried.2.push((tried.0, self.left[tried.0]));
                    self.left[tried.0] = (step, step);
                    if self.narrow(self.sums_of[tried.0].clone(), &mut tried.2) {
                        choices.push(tried);
                        break;
                    }
                    self.undo(&mut tried.2);
                } else {
                    tried = choices.pop()?;
                    self.undo(&mut tried.2);
                }
            }
        }
        Some(self.cells.iter().zip(&self.left).map(|(cell, (step, _))| (*cell, *step)).collect())
    }

    /// The undecided cell of the sum with the fewest of them.
    fn next(&self) -> Option<usize> {
        let open = |at: &usize| self.left[*at].0 < self.left[*at].1;
        let of_sum = |(within, _): &(Vec<(usize, i8)>, i128)| {
            let mut open = within.iter().map(|(at, _)| *at).filter(open);
            let first = open.next()?;
            Some((open.count(), first))
        };
        self.sums.iter().filter_map(of_sum).min().map(|(_, first)| first).or_else(|| (0..self.cells.len()).find(open))
    }

    /// The steps a cell may take, the first to be tried last: those nearest to the count, beginning with the one drawn.
    fn ways(&self, at: usize) -> Vec<u64> {
        let (cell, base) = (self.cells[at], self.rounding.base);
        let count = self.rounding.desk.linked.counts[cell as usize];
        let drawn = if self.rounding.draw(cell) > 0 { count.div_ceil(base) } else { count / base };
        let mut ways: Vec<u64> = (self.left[at].0..=self.left[at].1).collect();
        ways.sort_by_key(|step| std::cmp::Reverse((step.abs_diff(drawn), (step * base).abs_diff(count))));
        ways
    }

    /// Narrows the steps of all cells to those that sums leave them; `false` if one has none left.
    fn narrow(&mut self, mut queue: Vec<usize>, before: &mut Narrowed) -> bool {
        while let Some(sum) = queue.pop() {
            let (within, fixed) = &self.sums[sum];
            let ends = |at: usize, side: i8| signed(self.left[at], side);
            let add = |(low, high): (i128, i128), (at, side): &(usize, i8)| (low + ends(*at, *side).0, high + ends(*at, *side).1);
            let (lowest, highest) = within.iter().fold((*fixed, *fixed), add);
            if lowest > 0 || highest < 0 {
                return false;
            }
            for (at, side) in within.clone() {
                let (low, high) = signed(self.left[at], side);
                // With all others lowest this one may be as high as makes nought, and the other way round.
                let (new_low, new_high) = (low.max(high - highest), high.min(low - lowest));
                if new_low > new_high {
                    return false;
                }
                if (new_low, new_high) != (low, high) {
                    before.push((at, self.left[at]));
                    self.left[at] = if side > 0 { (new_low as u64, new_high as u64) } else { (-new_high as u64, -new_low as u64) };
                    queue.extend(self.sums_of[at].iter().copied());
                }
            }
        }
        true
    }

    fn undo(&mut self, narrowed: &mut Narrowed) {
        for (at, left) in narrowed.drain(..).rev() {
            self.left[at] = left;
        }
    }
}

/// The ends of a range as they count in a sum.
fn signed((low, high): (u64, u64), side: i8) -> (i128, i128) {
    if side > 0 { (i128::from(low), i128::from(high)) } else { (-i128::from(high), -i128::from(low)) }
}

/// The finalizer of splitmix64: numbers that look random and are the same every time.
fn mixed(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
