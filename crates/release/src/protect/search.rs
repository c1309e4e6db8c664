//! The search for another table that readers could not tell from the true one.
//!
//! A *move* changes some cells by one, up or down, so that every sum still holds. If a hidden cell is in a move of hidden
//! cells, two different tables would have been published alike, and nobody can tell which is true.
//!
//! The search begins with the change of one cell. Some sums are then violated; it takes a family of them (all sums along one
//! axis of a table) and mends each with its part at the same position: the changes made so far are mirrored in another
//! month, another area, another age band. When all families are mended the move is complete. In a table of three axes that
//! takes three steps and gives a box of eight cells. Where sums belong to no family, and where no position serves all of
//! one, sums are mended one by one. Cheap steps are tried first.

use super::desk::{COST_OF_ONE, Desk};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Cells with the direction in which each changes by one.
pub(super) type Move = Vec<(u32, i8)>;

/// A move of more cells protects nobody in practice: each of its cells limits how far it goes.
const MOST_CELLS: usize = 128;

/// What a cell that is still to be added is taken to cost, on average: a quarter of a cell of weight 1.
const EXPECTED: u64 = COST_OF_ONE as u64 / 8;

/// Some cells added to those before them; which, and what is then violated, stands in the scratch.
#[derive(Clone, Copy)]
struct Step {
    before: u32,
    added: Span,
    violated: Span,
    length: u16,
    cost: u32,
}

/// A stretch of a list.
#[derive(Clone, Copy)]
struct Span(u32, u32);

impl Span {
    /// From here to the end of a list.
    fn from<T>(start: usize, list: &[T]) -> Self {
        Self(start as u32, list.len() as u32)
    }

    fn range(self) -> std::ops::Range<usize> {
        self.0 as usize..self.1 as usize
    }
}

/// A sum with its `total − parts`, which ought to be nought.
#[derive(Clone, Copy)]
struct Violated {
    sum: u32,
    family: u32,
    by: i8,
}

/// Cells that a move must leave as they are.
pub(super) struct Avoid<'a> {
    /// All with counts from 1 to this: the people in them may know the count between them.
    pub small_up_to: u64,
    /// These, in order.
    pub cells: &'a [u32],
}

impl Avoid<'_> {
    /// A move may change whatever readers cannot see.
    pub(super) const NOTHING: Avoid<'static> = Avoid { small_up_to: 0, cells: &[] };

    pub(super) fn holds(&self, desk: &Desk, cell: u32) -> bool {
        (1..=self.small_up_to).contains(&desk.linked.counts[cell as usize]) || self.cells.binary_search(&cell).is_ok()
    }
}

/// A move that changes a cell in the given direction, as cheap as the search can tell; `None` when it finds none within its
/// patience, a number of steps.
pub(super) fn find(desk: &Desk, scratch: &mut Scratch, (cell, sign): (u32, i8), avoid: &Avoid, may_hide: bool, patience: usize) -> Option<Move> {
    let terms = Terms { avoid, may_hide };
    desk.cells[cell as usize].leave(sign, may_hide)?;
    scratch.clear();
    scratch.added.push((cell, sign));
    scratch.push(desk, Step { before: u32::MAX, added: Span(0, 1), violated: Span(0, 0), length: 1, cost: 0 }, terms);
    while let Some(Reverse((_, Reverse(at)))) = scratch.open.pop() {
        let step = scratch.steps[at as usize];
        if step.violated.range().is_empty() {
            return Some(scratch.taken(at));
        }
        if scratch.steps.len() > patience {
            continue;
        }
        scratch.mark(at, desk.has_slack);
        scratch.choose_family(desk, step.violated, terms);
        let n_added = scratch.chosen.len();
        let length = usize::from(step.length) + n_added;
        if n_added == 0 || length > MOST_CELLS {
            continue;
        }
        for position in positions(desk, &scratch.chosen) {
            let Some(price) = price_at(desk, scratch, &scratch.chosen, position, terms) else { continue };
            let start = scratch.added.len();
            scratch.added.extend(scratch.chosen.iter().map(|violated| mending(desk, *violated, position)));
            let added = Span::from(start, &scratch.added);
            scratch.push(desk, Step { before: at, added, violated: step.violated, length: length as u16, cost: step.cost + price }, terms);
        }
    }
    None
}

/// What searches write on, kept from one to the next so that nothing is allocated for a step.
pub(super) struct Scratch {
    /// For each cell the number of the last step whose move it was found to be in.
    marked: Vec<u32>,
    mark: u32,
    /// By how much that move changes it; kept only where a sum has slack.
    net: Vec<i8>,
    steps: Vec<Step>,
    added: Move,
    violated: Vec<Violated>,
    open: BinaryHeap<Reverse<(u64, Reverse<u32>)>>,
    /// The sums that the step being taken has to mend, by family; and those of them that are mended now.
    sorted: Vec<Violated>,
    chosen: Vec<Violated>,
    families: Vec<u32>,
}

impl Scratch {
    /// For so many cells.
    pub(super) fn new(n_cells: usize) -> Self {
        Self {
            marked: vec![0; n_cells],
            mark: 0,
            net: vec![0; n_cells],
            steps: Vec::new(),
            added: Vec::new(),
            violated: Vec::new(),
            open: BinaryHeap::new(),
            sorted: Vec::new(),
            chosen: Vec::new(),
            families: Vec::new(),
        }
    }

    fn clear(&mut self) {
        self.unmark();
        self.steps.clear();
        self.added.clear();
        self.violated.clear();
        self.open.clear();
    }

    fn unmark(&mut self) {
        self.mark = self.mark.wrapping_add(1);
        if self.mark == 0 {
            self.marked.fill(0);
            self.mark = 1;
        }
    }

    /// Marks the cells of the move that ends with a step.
    fn mark(&mut self, mut at: u32, has_slack: bool) {
        self.unmark();
        while let Some(step) = self.steps.get(at as usize) {
            for (cell, sign) in &self.added[step.added.range()] {
                let at = *cell as usize;
                if has_slack {
                    self.net[at] = if self.marked[at] == self.mark { self.net[at] + sign } else { *sign };
                }
                self.marked[at] = self.mark;
            }
            at = step.before;
        }
    }

    /// By how much the move that ends with some cells changes a cell.
    fn net(&self, added: Span, cell: u32) -> i8 {
        let before = if self.is_marked(cell) { self.net[cell as usize] } else { 0 };
        before + self.added[added.range()].iter().filter(|(other, _)| *other == cell).map(|(_, sign)| *sign).sum::<i8>()
    }

    fn is_marked(&self, cell: u32) -> bool {
        self.marked[cell as usize] == self.mark
    }

    /// Opens a step that comes with what was violated before it, ranked by what it costs and what it may still cost: every
    /// family left to mend doubles the move.
    fn push(&mut self, desk: &Desk, mut step: Step, terms: Terms) {
        let start = self.violated.len();
        self.violated.extend_from_within(step.violated.range());
        for at in step.added.range() {
            let (cell, sign) = self.added[at];
            for &(sum, side) in desk.sums_of.row(cell as usize) {
                let by = side * sign;
                match self.violated[start..].iter_mut().find(|known| known.sum == sum) {
                    Some(known) => known.by += by,
                    None => self.violated.push(Violated { sum, family: desk.linked.sums[sum as usize].family, by }),
                }
            }
        }
        let mut kept = start;
        for at in start..self.violated.len() {
            if self.violated[at].by != 0 {
                self.violated[kept] = self.violated[at];
                kept += 1;
            }
        }
        self.violated.truncate(kept);
        if desk.has_slack {
            self.take_up_slack(desk, &mut step, start, terms);
        }
        step.violated = Span::from(start, &self.violated);
        self.families.clear();
        for violated in &self.violated[start..] {
            if !self.families.contains(&violated.family) {
                self.families.push(violated.family);
            }
        }
        let doubled = (1_u64 << self.families.len().min(16)) - 1;
        let rank = u64::from(step.cost) + EXPECTED * doubled * u64::from(step.length);
        // Among equals the newest is followed first.
        self.open.push(Reverse((rank, Reverse(self.steps.len() as u32))));
        self.steps.push(step);
    }

    /// Mends what was violated from a place on where a cell that stands in no other sum can take it up.
    fn take_up_slack(&mut self, desk: &Desk, step: &mut Step, start: usize, terms: Terms) {
        let mut kept = start;
        for at in start..self.violated.len() {
            let violated = self.violated[at];
            if let Some(position) = desk.slack[violated.sum as usize] {
                let (cell, sign) = mending(desk, violated, position as usize);
                let net = self.net(step.added, cell);
                let is_sought = self.added.first().is_some_and(|(sought, _)| *sought == cell);
                let has_room = || !terms.avoid.holds(desk, cell) && desk.cells[cell as usize].leave(sign, false).is_some();
                if violated.by.abs() == 1 && !is_sought && (net == -sign || net == 0 && has_room()) {
                    self.added.push((cell, sign));
                    step.added.1 += 1;
                    continue;
                }
            }
            self.violated[kept] = violated;
            kept += 1;
        }
        self.violated.truncate(kept);
    }

    /// Chooses what to mend next: the family with the fewest ways; nothing where one cannot be mended.
    fn choose_family(&mut self, desk: &Desk, violated: Span, terms: Terms) {
        self.sorted.clear();
        self.sorted.extend_from_slice(&self.violated[violated.range()]);
        self.sorted.sort_unstable_by_key(|violated| (violated.family, violated.sum));
        let mut fewest: Option<(usize, &[Violated])> = None;
        for family in self.sorted.chunk_by(|a, b| a.family == b.family) {
            let most = fewest.map_or(usize::MAX, |(n, _)| n);
            // Sums that cannot all be mended at one position are mended one by one.
            let (n, sums) = match n_mirrors(desk, self, family, terms, most) {
                0 if family.len() > 1 => (n_mirrors(desk, self, &family[..1], terms, most), &family[..1]),
                n => (n, family),
            };
            if n < most {
                fewest = Some((n, sums));
            }
            if n == 0 {
                break;
            }
        }
        self.chosen.clear();
        if let Some((1.., sums)) = fewest {
            self.chosen.extend_from_slice(sums);
        }
    }

    fn taken(&self, mut at: u32) -> Move {
        let mut all = Move::new();
        while let Some(step) = self.steps.get(at as usize) {
            all.extend_from_slice(&self.added[step.added.range()]);
            at = step.before;
        }
        all.sort_unstable();
        // A cell that took up a change and gave it back.
        while let Some(at) = all.windows(2).position(|pair| pair[0].0 == pair[1].0) {
            all.drain(at..at + 2);
        }
        all
    }
}

/// What a search may do.
#[derive(Clone, Copy)]
struct Terms<'a> {
    avoid: &'a Avoid<'a>,
    may_hide: bool,
}

/// How many positions mend all of these sums; counting stops at `most`.
fn n_mirrors(desk: &Desk, scratch: &Scratch, sums: &[Violated], terms: Terms, most: usize) -> usize {
    positions(desk, sums).filter(|position| price_at(desk, scratch, sums, *position, terms).is_some()).take(most).count()
}

/// The positions at which sums of one family may be mended: one for each part, and one for the totals.
fn positions(desk: &Desk, sums: &[Violated]) -> std::ops::RangeInclusive<usize> {
    0..=sums.first().map_or(0, |violated| desk.linked.sums[violated.sum as usize].parts.len())
}

/// What it costs to mend sums at one position; `None` where one of the cells cannot move.
fn price_at(desk: &Desk, scratch: &Scratch, sums: &[Violated], position: usize, terms: Terms) -> Option<u32> {
    let mut price = 0;
    for violated in sums {
        let (cell, sign) = mending(desk, *violated, position);
        if scratch.is_marked(cell) || terms.avoid.holds(desk, cell) {
            return None;
        }
        price += desk.cells[cell as usize].leave(sign, terms.may_hide)?.1;
    }
    Some(price)
}

/// The cell at a position of a violated sum, with the direction that mends the sum.
fn mending(desk: &Desk, violated: Violated, position: usize) -> (u32, i8) {
    let sum = &desk.linked.sums[violated.sum as usize];
    match sum.parts.get(position) {
        Some(part) => (*part, violated.by.signum()),
        None => (sum.total, -violated.by.signum()),
    }
}
