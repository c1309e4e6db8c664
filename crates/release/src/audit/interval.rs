//! The lowest and the highest value of hidden cells, by linear programming.

use super::View;
use crate::linked::Linked;
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem};
use std::collections::BTreeMap;

/// In a connected part of a release with at most this many unknown cells each has its interval; in a larger one two programs
/// for every cell would take minutes, and only the cells asked for have one.
const MOST_CELLS: usize = 150;

/// A larger part than this is left to the other attacks.
const MOST_CELLS_IF_ASKED: usize = 3_000;

/// A connected part of a release: its unknown cells, and the sums that hold any of them.
type Part = (Vec<u32>, Vec<usize>);

/// A release as a reader sees it, in its connected parts; those that are too large are left out.
pub(super) struct Intervals<'a> {
    linked: &'a Linked,
    views: &'a [View],
    parts: Vec<Part>,
}

impl<'a> Intervals<'a> {
    pub(super) fn new(linked: &'a Linked, views: &'a [View]) -> Self {
        let is_unknown = |cell: u32| views[cell as usize].low < views[cell as usize].high;
        let mut part_of: Vec<u32> = (0..views.len() as u32).collect();
        for sum in &linked.sums {
            let mut unknown = sum.parts.iter().chain([&sum.total]).copied().filter(|cell| is_unknown(*cell));
            if let Some(first) = unknown.next() {
                for other in unknown {
                    let (a, b) = (root(&mut part_of, first), root(&mut part_of, other));
                    part_of[a.max(b) as usize] = a.min(b);
                }
            }
        }
        let mut parts: BTreeMap<u32, Part> = BTreeMap::new();
        for cell in (0..views.len() as u32).filter(|cell| is_unknown(*cell)) {
            parts.entry(root(&mut part_of, cell)).or_default().0.push(cell);
        }
        for (at, sum) in linked.sums.iter().enumerate() {
            if let Some(cell) = sum.parts.iter().chain([&sum.total]).find(|cell| is_unknown(**cell)) {
                parts.entry(root(&mut part_of, *cell)).or_default().1.push(at);
            }
        }
        Self { linked, views, parts: parts.into_values().filter(|(cells, _)| cells.len() <= MOST_CELLS_IF_ASKED).collect() }
    }

    /// The interval of every unknown cell in the small parts, and in those where a cell is asked for.
    ///
    /// A part that is too large has none, nor has one that the solver gives up on.
    pub(super) fn of_all(&self, asked: &[usize]) -> BTreeMap<u32, (f64, f64)> {
        let mut intervals = BTreeMap::new();
        for part in &self.parts {
            let is_wanted = |cell: &&u32| part.0.len() <= MOST_CELLS || asked.binary_search(&(**cell as usize)).is_ok();
            for cell in part.0.iter().filter(is_wanted) {
                intervals.extend(self.of_one(part, *cell, None).map(|interval| (*cell, interval)));
            }
        }
        intervals
    }

    /// The narrowest interval of a cell for people who know one other cell, of those that somebody may know; `None` where its
    /// part is not small, or the solver gives up.
    pub(super) fn for_those_who_know(&self, cell: u32, is_knowable: impl Fn(usize) -> bool) -> Option<f64> {
        let part = self.parts.iter().find(|(cells, _)| cells.len() <= MOST_CELLS && cells.binary_search(&cell).is_ok())?;
        let known = part.0.iter().filter(|known| **known != cell && is_knowable(**known as usize));
        known
            .map(|known| self.of_one(part, cell, Some(*known)).map(|(low, high)| high - low))
            .try_fold(f64::INFINITY, |least, width| Some(least.min(width?)))
    }

    fn of_one(&self, part: &Part, cell: u32, known: Option<u32>) -> Option<(f64, f64)> {
        let side = |direction| bound(self.linked, self.views, part, (cell, known), direction);
        Some((side(OptimizationDirection::Minimize)?, side(OptimizationDirection::Maximize)?))
    }
}

fn root(part_of: &mut [u32], mut cell: u32) -> u32 {
    while part_of[cell as usize] != cell {
        part_of[cell as usize] = part_of[part_of[cell as usize] as usize];
        cell = part_of[cell as usize];
    }
    cell
}

/// One end of a cell's interval for a reader who may know another cell; infinite where nothing limits it, `None` where the solver
/// gives up.
fn bound(
    linked: &Linked,
    views: &[View],
    (cells, sums): &Part,
    (wanted, known): (u32, Option<u32>),
    direction: OptimizationDirection,
) -> Option<f64> {
    let unbounded = match direction {
        OptimizationDirection::Maximize => f64::INFINITY,
        OptimizationDirection::Minimize => f64::NEG_INFINITY,
    };
    let mut problem = Problem::new(direction);
    let variables: BTreeMap<u32, microlp::Variable> = cells
        .iter()
        .map(|cell| {
            let count = linked.counts[*cell as usize];
            let view = if known == Some(*cell) { View { low: count, high: count } } else { views[*cell as usize] };
            let high = if view.high == u64::MAX { f64::INFINITY } else { view.high as f64 };
            (*cell, problem.add_var(f64::from(u8::from(*cell == wanted)), (view.low as f64, high)))
        })
        .collect();
    for sum in sums.iter().map(|at| &linked.sums[*at]) {
        let mut left = LinearExpr::empty();
        let mut known = 0.0;
        for (cell, side) in sum.parts.iter().map(|part| (part, -1.0)).chain([(&sum.total, 1.0)]) {
            match variables.get(cell) {
                Some(variable) => left.add(*variable, side),
                None => known += side * linked.counts[*cell as usize] as f64,
            }
        }
        problem.add_constraint(left, ComparisonOp::Eq, -known);
    }
    match problem.solve() {
        Ok(solution) => Some(solution.objective()),
        Err(microlp::Error::Unbounded) => Some(unbounded),
        Err(_) => None,
    }
}
