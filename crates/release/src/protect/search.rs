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

/// Some cells added to those before them.
struct Step {
    before: u32,
    added: Move,
    length: u16,
    cost: u32,
    violated: Vec<Violated>,
}

/// A sum with its `total − parts`, which ought to be nought.
#[derive(Clone, Copy)]
struct Violated {
    sum: u32,
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

    fn holds(&self, desk: &Desk, cell: u32) -> bool {
        (1..=self.small_up_to).contains(&desk.linked.counts[cell as usize]) || self.cells.binary_search(&cell).is_ok()
    }
}

/// A move that changes a cell in the given direction, as cheap as the search can tell; `None` when it finds none within its
/// patience, a number of steps.
pub(super) fn find(desk: &Desk, marks: &mut Marks, (cell, sign): (u32, i8), avoid: &Avoid, may_hide: bool, patience: usize) -> Option<Move> {
    let terms = Terms { avoid, may_hide };
    desk.cells[cell as usize].leave(sign, may_hide)?;
    let mut steps: Vec<Step> = Vec::new();
    let mut open = Open::new();
    let violated = violated_after(desk, &[], &[(cell, sign)]);
    push(desk, &mut steps, &mut open, Step { before: u32::MAX, added: vec![(cell, sign)], length: 1, cost: 0, violated });
    while let Some(Reverse((_, Reverse(at)))) = open.pop() {
        let step = &steps[at as usize];
        if step.violated.is_empty() {
            return Some(taken(&steps, at));
        }
        if steps.len() > patience {
            continue;
        }
        marks.begin();
        let mut back = at;
        while let Some(step) = steps.get(back as usize) {
            step.added.iter().for_each(|(cell, _)| marks.set(*cell));
            back = step.before;
        }
        let (cost, n_before, violated) = (step.cost, usize::from(step.length), step.violated.clone());
        for (added, price) in ways_out(desk, marks, &violated, terms) {
            let length = n_before + added.len();
            if length <= MOST_CELLS {
                let violated = violated_after(desk, &violated, &added);
                let step = Step { before: at, added, length: length as u16, cost: cost + price, violated };
                push(desk, &mut steps, &mut open, step);
            }
        }
    }
    None
}

/// Which cells are in the move so far.
pub(super) struct Marks {
    of_cells: Vec<u32>,
    now: u32,
}

impl Marks {
    /// Marks for so many cells.
    pub(super) fn new(n_cells: usize) -> Self {
        Self { of_cells: vec![0; n_cells], now: 0 }
    }

    fn begin(&mut self) {
        self.now = self.now.wrapping_add(1);
        if self.now == 0 {
            self.of_cells.fill(0);
            self.now = 1;
        }
    }

    fn set(&mut self, cell: u32) {
        self.of_cells[cell as usize] = self.now;
    }

    fn is_set(&self, cell: u32) -> bool {
        self.of_cells[cell as usize] == self.now
    }
}

/// What a search may do.
#[derive(Clone, Copy)]
struct Terms<'a> {
    avoid: &'a Avoid<'a>,
    may_hide: bool,
}

type Open = BinaryHeap<Reverse<(u64, Reverse<u32>)>>;

/// Opens a step, ranked by what it costs and what it may still cost: every family left to mend doubles the move.
fn push(desk: &Desk, steps: &mut Vec<Step>, open: &mut Open, step: Step) {
    let mut families: Vec<u32> = step.violated.iter().map(|violated| desk.linked.sums[violated.sum as usize].family).collect();
    families.sort_unstable();
    families.dedup();
    let doubled = (1_u64 << families.len().min(16)) - 1;
    let rank = u64::from(step.cost) + EXPECTED * doubled * u64::from(step.length);
    // Among equals the newest is followed first.
    open.push(Reverse((rank, Reverse(steps.len() as u32))));
    steps.push(step);
}

fn taken(steps: &[Step], mut at: u32) -> Move {
    let mut all = Move::new();
    while let Some(step) = steps.get(at as usize) {
        all.extend(&step.added);
        at = step.before;
    }
    all.sort_unstable();
    all
}

/// The ways to mend the family with the fewest ways: the cells that change, and the price of hiding them.
fn ways_out(desk: &Desk, marks: &Marks, violated: &[Violated], terms: Terms) -> Vec<(Move, u32)> {
    let family_of = |violated: &Violated| desk.linked.sums[violated.sum as usize].family;
    let mut sorted = violated.to_vec();
    sorted.sort_unstable_by_key(|violated| (family_of(violated), violated.sum));
    let mut fewest: Option<(usize, &[Violated])> = None;
    for family in sorted.chunk_by(|a, b| family_of(a) == family_of(b)) {
        let most = fewest.map_or(usize::MAX, |(n, _)| n);
        // Sums that cannot all be mended at one position are mended one by one.
        let (n, sums) = match n_mirrors(desk, marks, family, terms, most) {
            0 if family.len() > 1 => (n_mirrors(desk, marks, &family[..1], terms, most), &family[..1]),
            n => (n, family),
        };
        if n == 0 {
            return Vec::new();
        }
        if n < most {
            fewest = Some((n, sums));
        }
    }
    let Some((n, sums)) = fewest else { return Vec::new() };
    let mut ways = Vec::with_capacity(n);
    ways.extend(positions(desk, sums).filter_map(|position| {
        let price = price_at(desk, marks, sums, position, terms)?;
        Some((sums.iter().map(|violated| mending(desk, *violated, position)).collect(), price))
    }));
    ways
}

/// How many positions mend all of these sums; counting stops at `most`.
fn n_mirrors(desk: &Desk, marks: &Marks, sums: &[Violated], terms: Terms, most: usize) -> usize {
    positions(desk, sums).filter(|position| price_at(desk, marks, sums, *position, terms).is_some()).take(most).count()
}

/// The positions at which sums of one family may be mended: one for each part, and one for the totals.
fn positions(desk: &Desk, sums: &[Violated]) -> std::ops::RangeInclusive<usize> {
    0..=sums.first().map_or(0, |violated| desk.linked.sums[violated.sum as usize].parts.len())
}

/// What it costs to mend sums at one position; `None` where one of the cells cannot move.
fn price_at(desk: &Desk, marks: &Marks, sums: &[Violated], position: usize, terms: Terms) -> Option<u32> {
    let mut price = 0;
    for violated in sums {
        let (cell, sign) = mending(desk, *violated, position);
        if marks.is_set(cell) || terms.avoid.holds(desk, cell) {
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

/// The sums violated after some more cells have changed.
fn violated_after(desk: &Desk, before: &[Violated], added: &[(u32, i8)]) -> Vec<Violated> {
    let mut violated = before.to_vec();
    for (cell, sign) in added {
        for &(sum, side) in desk.sums_of.row(*cell as usize) {
            let by = side * sign;
            match violated.iter_mut().find(|known| known.sum == sum) {
                Some(known) => known.by += by,
                None => violated.push(Violated { sum, by }),
            }
        }
    }
    violated.retain(|violated| violated.by != 0);
    violated
}
