//! Which hidden cells are combinations of shown ones.
//!
//! Arithmetic is modulo the prime 2⁶¹ − 1: exact, and without numbers that grow. A change of the table that leaves all that
//! is shown as it is solves a system of homogeneous equations, one for each sum. One solution is drawn at random: a cell
//! is given away if and only if it is nought in every solution, and a cell that is free is nought in a random one with a
//! chance of 2⁻⁶¹. A cell that can be worked out only with fractions whose denominator is that prime would be missed; the
//! sums of a release have no such determinants.

use super::View;
use crate::linked::Linked;
use std::collections::BTreeMap;

const PRIME: u64 = (1 << 61) - 1;

fn times(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    plus((product & u128::from(PRIME)) as u64, (product >> 61) as u64)
}

fn plus(a: u64, b: u64) -> u64 {
    let sum = a + b;
    if sum >= PRIME { sum - PRIME } else { sum }
}

fn minus(a: u64, b: u64) -> u64 {
    plus(a, PRIME - b)
}

/// One divided by a number, by Fermat's little theorem.
fn inverse(a: u64) -> u64 {
    let (mut power, mut left, mut result) = (a, PRIME - 2, 1);
    while left > 0 {
        if left & 1 == 1 {
            result = times(result, power);
        }
        power = times(power, power);
        left >>= 1;
    }
    result
}

/// An equation: cells with their factors, which add up to nought.
type Equation = BTreeMap<u32, u64>;

/// For every cell whether a reader can work it out exactly.
pub(super) fn given_away(linked: &Linked, views: &[View]) -> Vec<bool> {
    let is_unknown = |cell: u32| views[cell as usize].low < views[cell as usize].high;
    let equations: Vec<Equation> = linked
        .sums
        .iter()
        .map(|sum| {
            let parts = sum.parts.iter().map(|part| (*part, PRIME - 1));
            parts.chain([(sum.total, 1)]).filter(|(cell, _)| is_unknown(*cell)).collect()
        })
        .filter(|equation: &Equation| !equation.is_empty())
        .collect();
    let solution = random_solution(equations, views.len());
    (0..views.len()).map(|at| !is_unknown(at as u32) || solution[at] == 0).collect()
}

/// A random solution of homogeneous equations.
fn random_solution(mut equations: Vec<Equation>, n: usize) -> Vec<u64> {
    let mut in_equations: Vec<Vec<u32>> = vec![Vec::new(); n];
    for (at, equation) in equations.iter().enumerate() {
        for cell in equation.keys() {
            in_equations[*cell as usize].push(at as u32);
        }
    }
    // Short equations first: they change the fewest others. The order changes as equations are eliminated from each other.
    let mut order: std::collections::BTreeSet<(usize, u32)> = equations.iter().enumerate().map(|(at, e)| (e.len(), at as u32)).collect();
    let mut solved: Vec<(u32, Equation)> = Vec::new();
    while let Some((_, at)) = order.pop_first() {
        let equation = std::mem::take(&mut equations[at as usize]);
        // The cell that stands in the fewest other equations.
        let Some((&pivot, &factor)) = equation.iter().min_by_key(|(cell, _)| (in_equations[**cell as usize].len(), **cell)) else { continue };
        for cell in equation.keys() {
            in_equations[*cell as usize].retain(|known| *known != at);
        }
        let scale = inverse(factor);
        for other in std::mem::take(&mut in_equations[pivot as usize]) {
            let target = &mut equations[other as usize];
            order.remove(&(target.len(), other));
            let Some(amount) = target.remove(&pivot).map(|amount| times(amount, scale)) else { continue };
            for (cell, factor) in equation.iter().filter(|(cell, _)| **cell != pivot) {
                let entry = target.entry(*cell).or_insert_with(|| {
                    in_equations[*cell as usize].push(other);
                    0
                });
                *entry = minus(*entry, times(amount, *factor));
                if *entry == 0 {
                    target.remove(cell);
                    in_equations[*cell as usize].retain(|known| *known != other);
                }
            }
            if !target.is_empty() {
                order.insert((target.len(), other));
            }
        }
        solved.push((pivot, equation));
    }
    let mut is_pivot = vec![false; n];
    for (pivot, _) in &solved {
        is_pivot[*pivot as usize] = true;
    }
    let mut solution: Vec<u64> = (0..n as u64).map(|at| if is_pivot[at as usize] { 0 } else { drawn(at) }).collect();
    for (pivot, equation) in solved.iter().rev() {
        let rest = equation.iter().filter(|(cell, _)| *cell != pivot);
        let sum = rest.fold(0, |sum, (cell, factor)| plus(sum, times(*factor, solution[*cell as usize])));
        solution[*pivot as usize] = times(minus(0, sum), inverse(equation[pivot]));
    }
    solution
}

/// A number that looks random and is the same every time, never nought: splitmix64 modulo the prime.
fn drawn(at: u64) -> u64 {
    let value = (at + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (value ^ (value >> 31)) % (PRIME - 1) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_modulo_the_prime_undoes_itself() {
        for a in [1, 2, 3, PRIME - 1, 1 << 60, 987_654_321] {
            assert_eq!(times(a, inverse(a)), 1);
            assert_eq!(plus(a, minus(0, a)), 0);
        }
        assert_eq!(times(PRIME - 1, PRIME - 1), 1);
    }

    #[test]
    fn a_random_solution_solves_the_equations_and_nought_means_given_away() {
        // x0 + x1 = 0, x1 + x2 = 0, x0 - x2 = 0 (follows), x3 + x4 = 0, x4 = 0.
        let one = |cells: &[(u32, i8)]| cells.iter().map(|(cell, sign)| (*cell, if *sign > 0 { 1 } else { PRIME - 1 })).collect::<Equation>();
        let equations = vec![one(&[(0, 1), (1, 1)]), one(&[(1, 1), (2, 1)]), one(&[(0, 1), (2, -1)]), one(&[(3, 1), (4, 1)]), one(&[(4, 1)])];
        let solution = random_solution(equations.clone(), 6);
        for equation in &equations {
            assert_eq!(equation.iter().fold(0, |sum, (cell, factor)| plus(sum, times(*factor, solution[*cell as usize]))), 0);
        }
        assert_eq!(solution.iter().map(|value| *value == 0).collect::<Vec<_>>(), [false, false, false, true, true, false]);
    }
}
