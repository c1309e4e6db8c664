//! Whether rounded tables still add up, stay near the truth, and give no small count away.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::{Count, Crossing, Dimension, Standing, audit};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

const FIVES: Safety = Safety { hide_up_to: 0, least_values: 5, rounding: Rounding::Controlled(5), coalition: 0 };

fn whole(n: usize) -> Dimension {
    let mut dimension = Dimension::of_parts(n);
    dimension.add_total(&(0..n).collect::<Vec<_>>());
    dimension
}

fn table(dimensions: &[Dimension], sizes: &[usize], counts: &[u64]) -> (Linked, Crossing) {
    let mut linked = Linked::default();
    let finest = |place: &[usize]| Count::new(counts[place.iter().zip(sizes).fold(0, |at, (category, size)| at * size + category) % counts.len()]);
    let crossing = Crossing::add_to(&mut linked, dimensions, finest).unwrap();
    (linked, crossing)
}

/// What is wrong with a rounded release, checked without the code that rounds: nothing, it is to be hoped.
fn faults(linked: &Linked, pattern: &Pattern, base: u64, within: u64) -> Vec<String> {
    let shown = &pattern.rounded.as_ref().unwrap().shown;
    let mut faults = Vec::new();
    for (at, shown) in shown.iter().enumerate() {
        let treated = pattern.treated(linked, CellId(at as u32), &FIVES).unwrap().known();
        if treated != (pattern.fates[at] == Fate::Shown).then_some(*shown) {
            faults.push(format!("cell {at} is shown as {treated:?}"));
        }
    }
    for (at, (shown, count)) in shown.iter().zip(&linked.counts).enumerate() {
        if shown % base != 0 || shown.abs_diff(*count) >= within || (*count == 0 && *shown != 0) {
            faults.push(format!("cell {at}: {count} as {shown}"));
        }
    }
    for (at, sum) in linked.sums.iter().enumerate() {
        if sum.parts.iter().map(|part| shown[*part as usize]).sum::<u64>() != shown[sum.total as usize] {
            faults.push(format!("sum {at}"));
        }
    }
    faults
}

#[test]
fn three_ones_become_nought_or_five_and_still_add_up() {
    // 1 + 1 + 1 = 3: all noughts, or one five in one of three places.
    let (linked, _) = table(&[whole(3)], &[3], &[1, 1, 1]);
    let pattern = protect(&linked, &FIVES).unwrap();
    assert_eq!(faults(&linked, &pattern, 5, 5), Vec::<String>::new());
    assert_eq!(pattern.farthest(), Some(4));
    assert_eq!(protect(&linked, &FIVES).unwrap(), pattern, "the same release gives the same table");
}

#[test]
fn noughts_and_multiples_stay_as_they_are_where_they_can() {
    let (linked, _) = table(&[whole(2), whole(2)], &[2, 2], &[0, 5, 10, 25]);
    let pattern = protect(&linked, &FIVES).unwrap();
    assert_eq!(pattern.rounded.unwrap().shown, linked.counts);
}

#[test]
fn sums_that_leave_no_multiples_beside_are_rounded_further_and_it_is_said() {
    // Three ones, each two of which make 2: with base 2 one of each pair must go up, and of three that cannot be.
    let pairs = [[true, true, false], [false, true, true], [true, false, true]].map(Vec::from);
    let linked = tied(&[1, 1, 1], &pairs);
    assert!(!has_solution(&linked, 2));
    let twos = Safety { least_values: 2, rounding: Rounding::Controlled(2), ..FIVES };
    let pattern = protect(&linked, &twos).unwrap();
    assert_eq!(pattern.farthest(), Some(3));
    assert_eq!(faults(&linked, &pattern, 2, 4), Vec::<String>::new());
}

#[test]
fn a_rounding_is_refused_for_a_broken_sum_a_count_too_far_and_a_nought_that_is_none() {
    // 3 + 8 = 11, and a nought beside: 11 + 0 = 11.
    let mut linked = Linked::default();
    let candidate = Standing::Candidate { weight: 1 };
    let [three, eight, eleven, nought, all] = [3, 8, 11, 0, 11].map(|n| linked.add_cell(Count::new(n), candidate));
    linked.add_sum(eleven, &[three, eight]).unwrap();
    linked.add_sum(all, &[eleven, nought]).unwrap();
    for (shown, keeps) in [
        ([5, 5, 10, 0, 10], true),
        ([0, 10, 10, 0, 10], true),
        ([5, 10, 10, 0, 10], false),
        ([5, 5, 10, 0, 15], false),
        ([5, 10, 15, 0, 15], true),
        ([0, 15, 15, 0, 15], false),
        ([5, 5, 10, 5, 15], false),
        ([4, 6, 10, 0, 10], false),
    ] {
        assert_eq!(super::controlled::keeps(&linked, &shown, 5, 5), keeps, "{shown:?}");
    }
}

#[test]
fn a_count_is_hidden_to_be_sure_where_no_other_table_of_whole_numbers_is_found() {
    let counts = [0, 0, 1, 0, 0, 2, 1, 4, 29, 1, 0, 0, 0, 30, 0, 0, 0, 0, 0, 1, 0, 3, 0, 8, 27, 1, 0];
    let (linked, _) = table(&[whole(3), whole(3), whole(3)], &[3, 3, 3], &counts);
    let pattern = protect(&linked, &FIVES).unwrap();
    assert_eq!(faults(&linked, &pattern, 5, 5), Vec::<String>::new());
    assert_eq!(pattern.n_with(Fate::HiddenToProtect), 1);
    assert!(audit(&linked, &FIVES, &pattern).is_safe());
    let all_shown = Pattern { fates: vec![Fate::Shown; linked.n_cells()], alternatives: vec![], ..pattern };
    assert!(audit(&linked, &FIVES, &all_shown).is_safe(), "linear programming alone would have let it pass");
}

#[test]
fn a_table_that_left_earlier_is_rounded_as_it_was() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..30 {
        let counts = proptest::collection::vec(0..20_u64, 12).new_tree(&mut runner).unwrap().current();
        let (mut linked, _) = table(&[whole(3), whole(4)], &[3, 4], &counts);
        let first = protect(&linked, &FIVES).unwrap();
        for at in 0..linked.n_cells() {
            let Some(Seen::Count { low, high, .. }) = first.seen(&linked, CellId(at as u32), &FIVES) else { panic!("all are shown") };
            linked.standings[at] = Standing::ReleasedWithin { low, high, again: true };
        }
        let again = protect(&linked, &FIVES).unwrap();
        assert_eq!(again.rounded, first.rounded, "{counts:?}");
        assert!(audit(&linked, &FIVES, &again).is_safe());
        // Rounded the other way a 3 that was 5, from 1 to 9, is now 0, to 4: from 1 to 4, and that is found.
        let mut other = again.clone();
        let rounded = other.rounded.as_mut().unwrap();
        let Some(at) = (0..linked.n_cells()).find(|at| (1..5).contains(&linked.counts[*at])) else { continue };
        rounded.shown[at] = 5 - rounded.shown[at];
        assert!(!audit(&linked, &FIVES, &other).is_safe());
    }
}

#[test]
fn an_exact_total_that_is_out_already_makes_more_be_hidden_or_is_refused() {
    let mut linked = Linked::default();
    let cells = [3, 47].map(|n| linked.add_cell(Count::new(n), Standing::Candidate { weight: 1 }));
    let total = linked.add_cell(Count::new(50), Standing::Released);
    linked.add_sum(total, &cells).unwrap();
    // 50 is known exactly, and 47 is shown as 45 or 50: the 3 is 1 to 4 or 0 to 9, never one value.
    let pattern = protect(&linked, &FIVES).unwrap();
    assert!(audit(&linked, &FIVES, &pattern).is_safe());
    linked.standings[1] = Standing::Released;
    assert_eq!(protect(&linked, &FIVES), Err(Unprotected::Cells { cells: vec![cells[0]] }));
}

/// Whether there is a rounding to multiples beside each count, by trying all.
fn has_solution(linked: &Linked, base: u64) -> bool {
    let between: Vec<usize> = (0..linked.n_cells()).filter(|at| !linked.counts[*at].is_multiple_of(base)).collect();
    (0..1_u32 << between.len()).any(|set| {
        let mut shown: Vec<u64> = linked.counts.iter().map(|n| n / base * base).collect();
        between.iter().enumerate().for_each(|(bit, at)| shown[*at] += base * u64::from(set >> bit & 1));
        linked.sums.iter().all(|sum| sum.parts.iter().map(|part| shown[*part as usize]).sum::<u64>() == shown[sum.total as usize])
    })
}

/// Odd ties between few cells: sums over overlapping groups, of which some have no rounding.
fn tied(counts: &[u64], groups: &[Vec<bool>]) -> Linked {
    let mut linked = Linked::default();
    let candidate = Standing::Candidate { weight: 1 };
    let cells: Vec<CellId> = counts.iter().map(|n| linked.add_cell(Count::new(*n), candidate)).collect();
    for group in groups {
        let parts: Vec<CellId> = cells.iter().zip(group).filter(|(_, is_in)| **is_in).map(|(cell, _)| *cell).collect();
        let total = parts.iter().map(|part| linked.counts[part.0 as usize]).sum();
        if parts.len() > 1 {
            let total = linked.add_cell(Count::new(total), candidate);
            linked.add_sum(total, &parts).unwrap();
        }
    }
    linked
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn tables_of_two_hierarchies_always_round_to_the_multiples_beside_each_count(
        rows in 1..6_usize,
        quarters in 1..4_usize,
        counts in proptest::collection::vec(prop_oneof![Just(0_u64), 1..5_u64, 5..40_u64], 60),
        base in prop_oneof![Just(3_u64), Just(5), Just(10)],
    ) {
        // Months, quarters and a year by areas: two trees, a network.
        let mut period = Dimension::of_parts(quarters * 3);
        let all: Vec<usize> = (0..quarters).map(|quarter| period.add_total(&[quarter * 3, quarter * 3 + 1, quarter * 3 + 2])).collect();
        period.add_total(&all);
        let (linked, _) = table(&[whole(rows), period], &[rows, quarters * 3], &counts);
        let safety = Safety { least_values: base, rounding: Rounding::Controlled(base), ..FIVES };
        let pattern = protect(&linked, &safety).unwrap();
        prop_assert_eq!(faults(&linked, &pattern, base, base), Vec::<String>::new());
        let found = audit(&linked, &safety, &pattern);
        prop_assert!(found.is_safe(), "{:?}", found);
        prop_assert_eq!(found.n_proven_by_tables, found.n_needy);
        prop_assert_eq!(pattern.n_with(Fate::Shown), linked.n_cells());
    }

    #[test]
    fn the_multiples_beside_each_count_are_found_wherever_trying_all_finds_them(
        counts in proptest::collection::vec(prop_oneof![Just(0_u64), 1..5_u64, 5..20_u64], 3..7),
        groups in proptest::collection::vec(proptest::collection::vec(any::<bool>(), 6), 1..7),
    ) {
        let linked = tied(&counts, &groups);
        let is_possible = has_solution(&linked, 5);
        let safety = Safety { least_values: 2, ..FIVES };
        match controlled::round(&linked, &safety, 5) {
            Ok(rounded) => {
                prop_assert_eq!(rounded.within == 5, is_possible);
                let pattern = Pattern { fates: vec![Fate::Shown; linked.n_cells()], alternatives: vec![], rounded: Some(rounded.clone()) };
                prop_assert_eq!(faults(&linked, &pattern, 5, rounded.within), Vec::<String>::new());
            }
            Err(_) => prop_assert!(!is_possible),
        }
    }

    #[test]
    fn cubes_are_rounded_and_stand_the_attack(counts in proptest::collection::vec(prop_oneof![Just(0_u64), 1..5_u64, 5..40_u64], 27)) {
        let (linked, _) = table(&[whole(3), whole(3), whole(3)], &[3, 3, 3], &counts);
        let pattern = protect(&linked, &FIVES).unwrap();
        let within = pattern.farthest().unwrap() + 1;
        prop_assert_eq!(faults(&linked, &pattern, 5, within), Vec::<String>::new());
        prop_assert!(audit(&linked, &FIVES, &pattern).is_safe());
    }
}
