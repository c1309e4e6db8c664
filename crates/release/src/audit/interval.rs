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

/// The interval of every unknown cell in the small connected parts of a release, and in those where a cell is asked for.
///
/// A part that is too large has none, nor has one that the solver gives up on.
pub(super) fn by_programming(linked: &Linked, views: &[View], asked: &[usize]) -> BTreeMap<u32, (f64, f64)> {
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
    let mut parts: BTreeMap<u32, (Vec<u32>, Vec<usize>)> = BTreeMap::new();
    for cell in (0..views.len() as u32).filter(|cell| is_unknown(*cell)) {
        parts.entry(root(&mut part_of, cell)).or_default().0.push(cell);
    }
    for (at, sum) in linked.sums.iter().enumerate() {
        if let Some(cell) = sum.parts.iter().chain([&sum.total]).find(|cell| is_unknown(**cell)) {
            parts.entry(root(&mut part_of, *cell)).or_default().1.push(at);
        }
    }
    let mut intervals = BTreeMap::new();
    for (cells, sums) in parts.values().filter(|(cells, _)| cells.len() <= MOST_CELLS_IF_ASKED) {
        let is_wanted = |cell: &&u32| cells.len() <= MOST_CELLS || asked.binary_search(&(**cell as usize)).is_ok();
        for cell in cells.iter().filter(is_wanted) {
            let side = |direction| bound(linked, views, cells, sums, *cell, direction);
            if let (Some(low), Some(high)) = (side(OptimizationDirection::Minimize), side(OptimizationDirection::Maximize)) {
                intervals.insert(*cell, (low, high));
            }
        }
    }
    intervals
}

fn root(part_of: &mut [u32], mut cell: u32) -> u32 {
    while part_of[cell as usize] != cell {
        part_of[cell as usize] = part_of[part_of[cell as usize] as usize];
        cell = part_of[cell as usize];
    }
    cell
}

/// One end of a cell's interval; infinite where nothing limits it, `None` where the solver gives up.
fn bound(linked: &Linked, views: &[View], cells: &[u32], sums: &[usize], wanted: u32, direction: OptimizationDirection) -> Option<f64> {
    let unbounded = match direction {
        OptimizationDirection::Maximize => f64::INFINITY,
        OptimizationDirection::Minimize => f64::NEG_INFINITY,
    };
    let mut problem = Problem::new(direction);
    let variables: BTreeMap<u32, microlp::Variable> = cells
        .iter()
        .map(|cell| {
            let view = views[*cell as usize];
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
