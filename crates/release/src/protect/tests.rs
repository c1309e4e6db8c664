//! Whether what is hidden stays unknown, and little more is hidden than must be.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::{Attack, Count, Crossing, Dimension, Standing, audit};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

const EXACT: Safety = Safety { hide_up_to: 4, least_values: 4, rounding: Rounding::None, coalition: 0 };

/// A dimension of parts with their total.
fn whole(n: usize) -> Dimension {
    let mut dimension = Dimension::of_parts(n);
    dimension.add_total(&(0..n).collect::<Vec<_>>());
    dimension
}

/// A table with all its margins, from its finest counts in row-major order.
fn table(sizes: &[usize], counts: &[u64]) -> (Linked, Crossing) {
    let mut linked = Linked::default();
    let dimensions: Vec<Dimension> = sizes.iter().map(|n| whole(*n)).collect();
    let finest = |place: &[usize]| Count::new(counts[place.iter().zip(sizes).fold(0, |at, (category, size)| at * size + category) % counts.len()]);
    let crossing = Crossing::add_to(&mut linked, &dimensions, finest).unwrap();
    (linked, crossing)
}

#[test]
fn one_small_count_takes_three_more_with_it() {
    let (linked, crossing) = table(&[3, 3], &[3, 20, 30, 25, 12, 61, 17, 40, 22]);
    let pattern = protect(&linked, &EXACT).unwrap();
    assert_eq!(pattern.fate(crossing.cell(&[0, 0]).unwrap()), Fate::Hidden);
    assert_eq!((pattern.n_with(Fate::Hidden), pattern.n_with(Fate::HiddenToProtect)), (1, 3), "{pattern:?}");
    let audit = audit(&linked, &EXACT, &pattern);
    assert!(audit.is_safe() && audit.in_vain.is_empty(), "{audit:?}");
    assert_eq!((audit.n_needy, audit.n_proven_by_tables, audit.n_intervals), (1, 1, 4));
}

#[test]
fn nothing_is_hidden_where_nothing_is_small() {
    let (linked, _) = table(&[2, 3], &[30, 20, 0, 25, 12, 61]);
    let pattern = protect(&linked, &EXACT).unwrap();
    assert_eq!(pattern.n_with(Fate::Shown), linked.n_cells());
}

#[test]
fn a_total_that_is_out_already_and_its_only_other_part_leave_nothing_to_hide() {
    let mut linked = Linked::default();
    let total = linked.add_cell(Count::new(50), Standing::Released);
    let part = linked.add_cell(Count::new(47), Standing::Released);
    let rest = linked.add_cell(Count::new(3), Standing::Latent);
    linked.add_sum(total, &[part, rest]).unwrap();
    assert_eq!(protect(&linked, &EXACT).unwrap_err(), Unprotected::Cells { cells: vec![rest] });
}

#[test]
fn the_rest_of_a_total_is_protected_although_nobody_prints_it() {
    let mut linked = Linked::default();
    let candidate = Standing::Candidate { weight: 1 };
    let all = linked.add_cell(Count::new(50), candidate);
    let most = linked.add_cell(Count::new(47), candidate);
    let rest = linked.add_cell(Count::new(3), Standing::Latent);
    linked.add_sum(all, &[most, rest]).unwrap();
    let pattern = protect(&linked, &EXACT).unwrap();
    assert_eq!(pattern.n_with(Fate::HiddenToProtect), 1);
    assert!(audit(&linked, &EXACT, &pattern).is_safe());
}

#[test]
fn rounding_to_five_alone_can_give_a_count_away_and_then_more_is_hidden() {
    // Hidden, and 9 shown as 10, in a row of 10 shown as 10: the hidden one is 1 to 4.
    let nhs = Safety { hide_up_to: 7, least_values: 5, rounding: Rounding::Nearest(5), coalition: 0 };
    let (linked, _) = table(&[1, 2], &[1, 9]);
    let only_small = Pattern {
        fates: linked.counts.iter().map(|n| if *n == 1 { Fate::Hidden } else { Fate::Shown }).collect(),
        alternatives: vec![],
        rounded: None,
    };
    let found = audit(&linked, &nhs, &only_small);
    assert!(!found.is_safe() && found.pinned.iter().all(|pinned| pinned.by == Attack::Interval), "{found:?}");
    let pattern = protect(&linked, &nhs).unwrap();
    assert!(pattern.n_with(Fate::HiddenToProtect) > 0);
    assert!(audit(&linked, &nhs, &pattern).is_safe());
}

#[test]
fn someone_who_is_alone_in_a_cell_cannot_work_out_another() {
    // For strangers the 1 and the 4 are any two counts that make 5. Who is alone in the first cell subtracts.
    let (linked, crossing) = table(&[2, 3], &[1, 4, 40, 30, 20, 50]);
    let lone = Safety { coalition: 1, ..EXACT };
    let against_strangers = protect(&linked, &EXACT).unwrap();
    let against_all = protect(&linked, &lone).unwrap();
    assert!(cost(&linked, &against_all) > cost(&linked, &against_strangers));
    assert!(audit(&linked, &lone, &against_all).is_safe());
    let found = audit(&linked, &lone, &against_strangers);
    let other = crossing.cell(&[0, 1]).unwrap();
    assert_eq!(found.pinned, [crate::Pinned { cell: other, by: Attack::Coalition }]);
    let exhibits_nothing = |pattern| Pattern { alternatives: vec![], ..pattern };
    assert!(audit(&linked, &lone, &exhibits_nothing(against_all)).is_safe());
    let found = audit(&linked, &lone, &exhibits_nothing(against_strangers));
    assert_eq!(found.pinned, [crate::Pinned { cell: other, by: Attack::Coalition }]);
}

#[test]
fn a_rule_that_nothing_can_satisfy_is_refused() {
    for least_values in [0, 1, 1_001] {
        let refused = protect(&Linked::default(), &Safety { least_values, ..EXACT });
        assert_eq!(refused, Err(Unprotected::Rule { least_values }));
    }
}

/// Whether the attack works out one of the refused counts although everything is hidden that can be.
pub(super) fn is_in_part_hopeless(linked: &Linked, safety: &Safety, refused: &Unprotected) -> bool {
    let Unprotected::Cells { cells } = refused else { return false };
    let mut hidden = Pattern::small_only(linked, safety);
    for (at, fate) in hidden.fates.iter_mut().enumerate() {
        if matches!(linked.standings[at], Standing::Candidate { .. }) && linked.counts[at] > 0 {
            *fate = Fate::HiddenToProtect;
        }
    }
    let found = audit(linked, safety, &hidden);
    found.pinned.iter().any(|pinned| cells.contains(&pinned.cell) && pinned.by != Attack::NotProven)
}

/// Counts as they come: noughts, small ones, large ones.
fn counts(n: usize) -> impl Strategy<Value = Vec<u64>> {
    proptest::collection::vec(prop_oneof![Just(0_u64), 1..=4_u64, 5..40_u64, 5..40_u64, 5..40_u64], n)
}

/// The least that must be hidden so that linear programming finds every small count wide enough: by trying everything that would
/// cost less than what is known to do.
fn least_cost(linked: &Linked, safety: &Safety, at_most: u32) -> u32 {
    let weight = |at: usize| match linked.standings[at] {
        Standing::Candidate { weight } => u32::from(weight),
        _ => 0,
    };
    let first: Vec<Fate> = linked.counts.iter().map(|n| if (1..=safety.hide_up_to).contains(n) { Fate::Hidden } else { Fate::Shown }).collect();
    let mut can_hide: Vec<(usize, u32)> =
        (0..linked.n_cells()).filter(|at| linked.counts[*at] > safety.hide_up_to).map(|at| (at, weight(at))).collect();
    can_hide.sort_by_key(|(at, weight)| (*weight, *at));
    let mut best = at_most;
    try_hiding(linked, safety, &can_hide, first, 0, &mut best);
    best
}

/// Goes on with every set of the cells that remain, as long as it costs less than the best.
fn try_hiding(linked: &Linked, safety: &Safety, can_hide: &[(usize, u32)], fates: Vec<Fate>, cost: u32, best: &mut u32) {
    // Who is alone in a sum is known: a small count is given away, and another one is hidden in vain, which is no least.
    let is_hidden = |cell: &u32| fates[*cell as usize] != Fate::Shown;
    let is_alone = |sum: &crate::linked::Sum| sum.parts.iter().chain([&sum.total]).filter(|cell| is_hidden(cell)).count() == 1;
    if cost < *best && !linked.sums.iter().any(is_alone) {
        let pattern = Pattern { fates, alternatives: vec![], rounded: None };
        if audit(linked, safety, &pattern).is_safe() {
            *best = cost;
            return;
        }
        return next_hiding(linked, safety, can_hide, &pattern.fates, cost, best);
    }
    next_hiding(linked, safety, can_hide, &fates, cost, best);
}

fn next_hiding(linked: &Linked, safety: &Safety, can_hide: &[(usize, u32)], fates: &[Fate], cost: u32, best: &mut u32) {
    for (i, (at, weight)) in can_hide.iter().enumerate() {
        if cost + weight >= *best {
            break; // All that follow cost as much or more.
        }
        let mut more = fates.to_vec();
        more[*at] = Fate::HiddenToProtect;
        try_hiding(linked, safety, &can_hide[i + 1..], more, cost + weight, best);
    }
}

fn cost(linked: &Linked, pattern: &Pattern) -> u32 {
    let weight = |at: usize| match (linked.standings[at], pattern.fates[at]) {
        (Standing::Candidate { weight }, Fate::HiddenToProtect) => u32::from(weight),
        _ => 0,
    };
    (0..linked.n_cells()).map(weight).sum()
}

#[test]
fn little_more_is_hidden_than_the_least_that_would_do() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let parts = Dimension::of_parts;
    // Two ways, a hierarchy, areas that overlap, three ways.
    let mut halves = parts(4);
    let both = [halves.add_total(&[0, 1]), halves.add_total(&[2, 3])];
    halves.add_total(&both);
    let mut overlapping = parts(4);
    overlapping.add_total(&[0, 1, 2, 3]);
    overlapping.add_total(&[0, 1]);
    overlapping.add_total(&[1, 2]);
    // Trying everything takes too long for more cells than these have.
    let shapes: [(&str, Vec<Dimension>); 7] = [
        ("3 by 3", vec![whole(3), whole(3)]),
        ("2 by 4", vec![whole(2), whole(4)]),
        ("4 in halves", vec![halves]),
        ("4 that overlap", vec![overlapping]),
        ("2 by 2 by 1", vec![whole(2), whole(2), whole(1)]),
        ("2 by 2 by 2", vec![whole(2), whole(2), whole(2)]),
        ("3 by 2 by 2", vec![whole(3), whole(2), whole(2)]),
    ];
    let (mut all_ours, mut all_least, mut ratios) = (0, 0, Vec::new());
    for (name, dimensions) in shapes {
        let sizes: Vec<usize> = dimensions.iter().map(|dimension| dimension.n_parts()).collect();
        let (mut ours, mut least) = (0, 0);
        for _ in 0..16 {
            let counts = counts(sizes.iter().product()).new_tree(&mut runner).unwrap().current();
            let mut linked = Linked::default();
            let finest = |place: &[usize]| Count::new(counts[place.iter().zip(&sizes).fold(0, |at, (category, size)| at * size + category)]);
            Crossing::add_to(&mut linked, &dimensions, finest).unwrap();
            let Ok(pattern) = protect(&linked, &EXACT) else { continue };
            assert!(audit(&linked, &EXACT, &pattern).is_safe());
            let found = cost(&linked, &pattern);
            let best = least_cost(&linked, &EXACT, found);
            ours += found;
            least += best;
            if found > 0 {
                ratios.push(f64::from(found) / f64::from(best.max(1)));
            }
        }
        println!("{name}: hidden {ours}, least {least}");
        all_ours += ours;
        all_least += least;
    }
    ratios.sort_by(f64::total_cmp);
    let (n, worst) = (ratios.len(), ratios.last().copied().unwrap_or(1.0));
    let n_least = ratios.iter().filter(|ratio| **ratio <= 1.0).count();
    println!(
        "{n} tables, {n_least} with the least; ratio of all {:.3}, of nine in ten at most {:.2}, worst {worst:.2}",
        f64::from(all_ours) / f64::from(all_least),
        ratios[n * 9 / 10]
    );
    assert!(f64::from(all_ours) <= 1.05 * f64::from(all_least));
    assert!(worst <= 1.3 && n > 30);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn generated_tables_are_safe_from_every_attack(
        coalition in 0..3_u64,
        sizes in proptest::collection::vec(1..5_usize, 1..4),
        counts in counts(64),
        rounding in prop_oneof![Just(Rounding::None), Just(Rounding::Nearest(5)), Just(Rounding::Midpoint(6))],
    ) {
        let (linked, _) = table(&sizes, &counts);
        let safety = Safety { rounding, coalition, ..EXACT };
        match protect(&linked, &safety) {
            Ok(pattern) => {
                let found = audit(&linked, &safety, &pattern);
                prop_assert!(found.is_safe(), "{:?}", found);
                prop_assert!(found.in_vain.is_empty(), "{:?}", found);
                prop_assert_eq!(found.n_proven_by_tables, found.n_needy);
            }
            Err(refused) => prop_assert!(coalition > 0 || is_in_part_hopeless(&linked, &safety, &refused), "{}", refused),
        }
    }
}
