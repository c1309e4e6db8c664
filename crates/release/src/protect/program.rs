//! Another table by linear programming, where the search finds none.
//!
//! The search goes on from what it found and takes no step back. Where editions differ by little, each of its moves uses up room
//! that the next would need. A linear program weighs all changes at once: the count that must stay unknown earns by changing, and
//! every cell pays that changes, the more the dearer it is to hide. Cells that a sum ties to each other, all others of it being
//! known, are one variable. What comes out is taken only where it is whole numbers and all sums hold.
//!
//! Source: Kelly, Golden and Assad, "Cell suppression: disclosure protection for sensitive tabular data", Networks 22 (1992).

use super::desk::{COST_OF_ONE, Desk};
use super::search::Avoid;
use crate::linked::{Sum, first_of};
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, Variable};
use std::collections::{BTreeMap, VecDeque};

/// A program looks at so many variables around a count.
const MOST_VARIABLES: usize = 2_000;

/// How much all programs of a part may take before the longer search, and after it: each takes about the square of its variables.
/// That is a part of a second, and a minute or so, which is spent only where else a release would be refused.
pub(super) const EFFORTS: [u64; 2] = [10_000_000, 20_000_000_000];

/// How many prices are tried.
const TURNS: u32 = 12;

/// What a count earns by each step: more than any cell pays.
const EARNS: f64 = 100_000.0;

/// What a cell pays for each step beside what hiding it costs.
const PAYS: f64 = 0.01;

/// More than this is no limit.
const FAR: u64 = 1_000_000;

/// The cells of a part that could change if everything were hidden that may be, those in one that change only together.
pub(super) struct Programs {
    /// For each cell its variable, and whether it changes the same way.
    of_cells: Vec<Option<(u32, i8)>>,
    members: Vec<Vec<(u32, i8)>>,
    /// Changes that must add up to nought, each with its factor: many cells of one sum may be one variable.
    rows: Vec<Vec<(u32, i32)>>,
    rows_of: Vec<Vec<u32>>,
    pub(super) effort_left: u64,
}

impl Programs {
    pub(super) fn new(desk: &Desk) -> Self {
        let n = desk.cells.len();
        let is_loose: Vec<bool> = desk.cells.iter().map(|cell| [1, -1].into_iter().any(|sign| cell.leave(sign, true).is_some())).collect();
        let loose_of = |sum: &Sum| -> Vec<(u32, i8)> {
            let all = std::iter::once((sum.total, 1)).chain(sum.parts.iter().map(|part| (*part, -1)));
            all.filter(|(cell, _)| is_loose[*cell as usize]).collect()
        };
        let mut first: Vec<u32> = (0..n as u32).collect();
        let mut tied_to: Vec<Vec<(u32, i8)>> = vec![Vec::new(); n];
        for sum in &desk.linked.sums {
            if let [(a, sign_a), (b, sign_b)] = loose_of(sum)[..] {
                let (first_a, first_b) = (first_of(&mut first, a), first_of(&mut first, b));
                first[first_a.max(first_b) as usize] = first_a.min(first_b);
                tied_to[a as usize].push((b, -sign_a * sign_b));
                tied_to[b as usize].push((a, -sign_a * sign_b));
            }
        }
        let mut of_cells: Vec<Option<(u32, i8)>> = vec![None; n];
        let mut members: Vec<Vec<(u32, i8)>> = Vec::new();
        for cell in (0..n as u32).filter(|cell| is_loose[*cell as usize] && first[*cell as usize] == *cell) {
            let variable = members.len() as u32;
            of_cells[cell as usize] = Some((variable, 1));
            let mut together = vec![(cell, 1)];
            let mut at = 0;
            while let Some(&(cell, same)) = together.get(at) {
                at += 1;
                for (other, sign) in &tied_to[cell as usize] {
                    if of_cells[*other as usize].is_none() {
                        of_cells[*other as usize] = Some((variable, same * sign));
                        together.push((*other, same * sign));
                    }
                }
            }
            members.push(together);
        }
        let mut rows = Vec::new();
        let mut rows_of = vec![Vec::new(); members.len()];
        for sum in &desk.linked.sums {
            let mut row: BTreeMap<u32, i32> = BTreeMap::new();
            for (cell, side) in loose_of(sum) {
                if let Some((variable, same)) = of_cells[cell as usize] {
                    *row.entry(variable).or_default() += i32::from(side * same);
                }
            }
            row.retain(|_, factor| *factor != 0);
            row.keys().for_each(|variable| rows_of[*variable as usize].push(rows.len() as u32));
            rows.push(row.into_iter().collect());
        }
        Self { of_cells, members, rows, rows_of, effort_left: 0 }
    }

    /// A table in which a cell is changed in a direction, at most as far as wanted, and none that is to be avoided; `None` where
    /// the program finds none, none of whole numbers, or too much was tried already.
    pub(super) fn table(&mut self, desk: &Desk, (cell, sign): (u32, i8), wanted: u64, avoid: &Avoid) -> Option<Vec<(u32, i64)>> {
        let (sought, same) = self.of_cells[cell as usize]?;
        let around = self.around(sought);
        // Another price leads to another corner where the first is none of whole numbers.
        (0..TURNS).find_map(|turn| {
            self.effort_left = self.effort_left.checked_sub((around.len() * around.len()) as u64)?;
            self.solve(desk, &around, (sought, sign * same), wanted, avoid, turn)
        })
    }

    /// The variables around one, those tied to it by fewest sums first.
    fn around(&self, variable: u32) -> Vec<u32> {
        let mut is_in = vec![false; self.members.len()];
        is_in[variable as usize] = true;
        let (mut all, mut next) = (Vec::new(), VecDeque::from([variable]));
        while let Some(variable) = next.pop_front() {
            all.push(variable);
            for (other, _) in self.rows_of[variable as usize].iter().flat_map(|row| &self.rows[*row as usize]) {
                if !is_in[*other as usize] && all.len() + next.len() < MOST_VARIABLES {
                    is_in[*other as usize] = true;
                    next.push_back(*other);
                }
            }
        }
        all
    }

    fn solve(&self, desk: &Desk, around: &[u32], (sought, towards): (u32, i8), wanted: u64, avoid: &Avoid, turn: u32) -> Option<Vec<(u32, i64)>> {
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        let mut left: BTreeMap<u32, LinearExpr> = BTreeMap::new();
        let mut steps: Vec<(u32, i8, Variable)> = Vec::new();
        for variable in around {
            for direction in [1, -1] {
                let (room, pays) = self.leave(desk, *variable, direction, avoid);
                let (room, earns) = match (*variable == sought, direction == towards) {
                    (true, true) => (room.min(wanted), EARNS),
                    (true, false) => (0, 0.0),
                    _ => (room, 0.0),
                };
                if room > 0 {
                    let bend = PAYS * f64::from((variable ^ 0x5555).wrapping_mul(0x9E37_79B9).rotate_left(turn * 8) % 16) * f64::from(turn);
                    let most = if room > FAR { f64::INFINITY } else { room as f64 };
                    let step = problem.add_var(earns - pays - bend, (0.0, most));
                    steps.push((*variable, direction, step));
                    for row in &self.rows_of[*variable as usize] {
                        let factor = self.rows[*row as usize].iter().find(|(other, _)| other == variable).map_or(0, |(_, factor)| *factor);
                        left.entry(*row).or_insert_with(LinearExpr::empty).add(step, f64::from(factor * i32::from(direction)));
                    }
                }
            }
        }
        left.into_values().for_each(|left| problem.add_constraint(left, ComparisonOp::Eq, 0.0));
        let solution = problem.solve().ok()?;
        let mut changes: BTreeMap<u32, i64> = BTreeMap::new();
        for (variable, direction, step) in steps {
            let (far, whole) = (solution[step], solution[step].round());
            if (far - whole).abs() > 1e-6 {
                return None;
            }
            *changes.entry(variable).or_default() += whole as i64 * i64::from(direction);
        }
        changes.retain(|_, change| *change != 0);
        let residue = |row: &Vec<(u32, i32)>| {
            row.iter().map(|(variable, factor)| changes.get(variable).copied().unwrap_or(0) * i64::from(*factor)).sum::<i64>()
        };
        let holds = |variable: &u32| self.rows_of[*variable as usize].iter().all(|row| residue(&self.rows[*row as usize]) == 0);
        if changes.is_empty() || !changes.keys().all(holds) {
            return None;
        }
        let of_members = |(variable, change): (&u32, &i64)| -> Vec<(u32, i64)> {
            self.members[*variable as usize].iter().map(|(cell, same)| (*cell, change * i64::from(*same))).collect()
        };
        let mut table: Vec<(u32, i64)> = changes.iter().flat_map(of_members).collect();
        table.sort_unstable();
        Some(table)
    }

    /// How far a variable may go in a direction, and what each step pays.
    fn leave(&self, desk: &Desk, variable: u32, direction: i8, avoid: &Avoid) -> (u64, f64) {
        let mut all = (u64::MAX, PAYS);
        for (cell, same) in &self.members[variable as usize] {
            let leave = desk.cells[*cell as usize].leave(direction * same, true).filter(|_| !avoid.holds(desk, *cell));
            let Some((room, price)) = leave else { return (0, 0.0) };
            all = (all.0.min(room), all.1 + f64::from(price) / f64::from(COST_OF_ONE));
        }
        all
    }
}
