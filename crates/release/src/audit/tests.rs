//! Whether every attack finds what it is for.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::{Count, Crossing, Dimension, protect};
use proptest::prelude::*;

const EXACT: Safety = Safety { hide_up_to: 4, least_values: 4, rounding: Rounding::None, coalition: 0 };

fn whole(n: usize) -> Dimension {
    let mut dimension = Dimension::of_parts(n);
    dimension.add_total(&(0..n).collect::<Vec<_>>());
    dimension
}

/// Two rows of two with their margins; the small count is first.
fn square() -> (Linked, Crossing) {
    let mut linked = Linked::default();
    let counts = [[3, 20], [25, 12]];
    let crossing = Crossing::add_to(&mut linked, &[whole(2), whole(2)], |place| Count::new(counts[place[0]][place[1]])).unwrap();
    (linked, crossing)
}

#[test]
fn showing_any_of_the_cells_that_protect_a_count_gives_it_away_by_rank() {
    let (linked, crossing) = square();
    let pattern = protect(&linked, &EXACT).unwrap();
    let small = crossing.cell(&[0, 0]).unwrap();
    for at in 0..linked.n_cells() {
        if pattern.fates[at] == Fate::HiddenToProtect {
            let mut weaker = pattern.clone();
            weaker.fates[at] = Fate::Shown;
            let found = audit(&linked, &EXACT, &weaker);
            assert_eq!(found.pinned, [Pinned { cell: small, by: Attack::Rank }]);
            assert_eq!(found.n_proven_by_tables, 0);
            assert_eq!(found.in_vain.len(), 2, "the other two hide nothing any more");
        }
    }
}

#[test]
fn a_small_count_that_is_shown_is_found() {
    let (linked, crossing) = square();
    let mut pattern = protect(&linked, &EXACT).unwrap();
    let small = crossing.cell(&[0, 0]).unwrap();
    pattern.fates[small.0 as usize] = Fate::Shown;
    assert_eq!(audit(&linked, &EXACT, &pattern).pinned, [Pinned { cell: small, by: Attack::Shown }]);
}

#[test]
fn a_table_that_does_not_add_up_or_shows_a_known_count_otherwise_proves_nothing() {
    let (linked, _) = square();
    let pattern = protect(&linked, &EXACT).unwrap();
    assert_eq!(audit(&linked, &EXACT, &pattern).n_proven_by_tables, 1);
    for forged in [vec![(0, 9)], vec![(0, 9), (2, 9), (6, 9), (8, 9)], vec![(0, -3)], vec![(99, 1)]] {
        let forged = Pattern { alternatives: vec![forged], ..pattern.clone() };
        let found = audit(&linked, &EXACT, &forged);
        assert_eq!((found.n_proven_by_tables, found.n_intervals), (0, 4));
        assert!(found.is_safe(), "the interval still shows that the count is safe");
    }
}

#[test]
fn the_interval_is_what_one_works_out_by_hand() {
    // Rows of 20 and 40, columns of 30 and 30, four hidden cells.
    let mut linked = Linked::default();
    let counts = [[3, 17], [27, 13]];
    let crossing = Crossing::add_to(&mut linked, &[whole(2), whole(2)], |place| Count::new(counts[place[0]][place[1]])).unwrap();
    let mut fates = vec![Fate::Shown; linked.n_cells()];
    let inner: Vec<CellId> = [[0, 0], [0, 1], [1, 0], [1, 1]].iter().map(|place| crossing.cell(place).unwrap()).collect();
    for cell in &inner {
        fates[cell.0 as usize] = Fate::HiddenToProtect;
    }
    let views = views(&linked, &EXACT, &Pattern { fates, alternatives: vec![], rounded: None });
    let intervals = Intervals::new(&linked, &views).of_all(&[]);
    let near = |cell: CellId, low: f64, high: f64| {
        let found = intervals[&cell.0];
        assert!((found.0 - low).abs() < 1e-6 && (found.1 - high).abs() < 1e-6, "{found:?}");
    };
    // By hand: x runs from 1 to 19, and the other three follow from it.
    near(inner[0], 1.0, 19.0);
    near(inner[1], 1.0, 19.0);
    near(inner[2], 11.0, 29.0);
    near(inner[3], 11.0, 29.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn rank_and_programming_agree_on_what_is_given_away(
        rows in 1..4_usize,
        columns in 1..5_usize,
        counts in proptest::collection::vec(0..30_u64, 20),
        hidden in proptest::collection::vec(any::<bool>(), 30),
    ) {
        let mut linked = Linked::default();
        Crossing::add_to(&mut linked, &[whole(rows), whole(columns)], |place| Count::new(counts[place[0] * columns + place[1]])).unwrap();
        let fates = (0..linked.n_cells()).map(|at| if hidden[at] && linked.counts[at] > 0 { Fate::HiddenToProtect } else { Fate::Shown }).collect();
        let views = views(&linked, &EXACT, &Pattern { fates, alternatives: vec![], rounded: None });
        let by_rank = rank::given_away(&linked, &views);
        for (cell, (low, high)) in Intervals::new(&linked, &views).of_all(&[]) {
            // A cell that rank gives away has one value; one that it does not may still be narrowed down by its bounds.
            if by_rank[cell as usize] {
                prop_assert!((high - low).abs() < 1e-6, "{low} to {high}");
                prop_assert!((low - linked.counts[cell as usize] as f64).abs() < 1e-6);
            }
            prop_assert!(low <= linked.counts[cell as usize] as f64 + 1e-6 && high >= linked.counts[cell as usize] as f64 - 1e-6);
        }
    }
}
