//! Two releases of the same people, or two editions of their counts, attacked by someone who knows nothing of how they were made: every count that was shown,
//! in either, is an equation over the finest counts, and linear programming looks for the hidden ones.

use headwater_release::{Audience, Axis, CellId, Count, Draft, Entry, Fate, Ledger, Linked, Pattern, Places, Rounding, Safety, Seen, protect};
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, Variable};
use proptest::prelude::*;
use std::collections::BTreeMap;

const EXACT: Safety = Safety { hide_up_to: 4, least_values: 4, rounding: Rounding::None, coalition: 0 };

/// Areas and periods with the finest ones that each is made of.
const AREAS: [(&str, &[usize]); 7] =
    [("a", &[0]), ("b", &[1]), ("c", &[2]), ("d", &[3]), ("coast", &[0, 1]), ("towns", &[1, 2]), ("All", &[0, 1, 2, 3])];
const PERIODS: [(&str, &[usize]); 6] = [("Q1", &[0]), ("Q2", &[1]), ("Q3", &[2]), ("Q4", &[3]), ("H1", &[0, 1]), ("2024", &[0, 1, 2, 3])];

fn axes() -> Vec<Axis> {
    let areas = Axis::new("area").made_of("coast", ["a", "b"]).made_of("towns", ["b", "c"]).made_of("All", ["a", "b", "c", "d"]);
    let areas = areas.made_of("All", ["coast", "c", "d"]).made_of("All", ["towns", "a", "d"]);
    let periods = Axis::new("period").made_of("H1", ["Q1", "Q2"]).made_of("2024", ["Q1", "Q2", "Q3", "Q4"]).made_of("2024", ["H1", "Q3", "Q4"]);
    vec![areas, periods]
}

/// The keys with the finest counts in each.
fn keys() -> Vec<(Vec<String>, Vec<usize>)> {
    let pairs = AREAS.iter().flat_map(|area| PERIODS.iter().map(move |period| (area, period)));
    pairs
        .map(|((area, finer_areas), (period, finer_periods))| {
            let finest = finer_areas.iter().flat_map(|a| finer_periods.iter().map(move |p| a * 4 + p)).collect();
            (vec![(*area).to_owned(), (*period).to_owned()], finest)
        })
        .collect()
}

struct Left {
    places: Places,
    linked: Linked,
    pattern: Pattern,
}

impl Left {
    fn seen(&self, key: &[String]) -> Option<Seen> {
        let cell: CellId = self.places.cell(key)?;
        self.pattern.seen(&self.linked, cell, &EXACT)
    }
}

/// Releases the chosen keys; `None` where the first release leaves no way to.
fn release(chosen: &[bool], finest: &[u64], ledger: &Ledger) -> Option<Left> {
    release_later(chosen, finest, ledger, finest)
}

/// The same when the first release counted something else.
fn release_later(chosen: &[bool], finest: &[u64], ledger: &Ledger, finest_then: &[u64]) -> Option<Left> {
    let count = |cells: &[usize]| cells.iter().map(|cell| finest[*cell]).sum::<u64>();
    let all: BTreeMap<Vec<String>, u64> = keys().into_iter().map(|(key, cells)| (key, cells.iter().map(|cell| finest_then[*cell]).sum())).collect();
    let mut draft = Draft::new(axes());
    for ((key, cells), chosen) in keys().iter().zip(chosen) {
        if *chosen {
            draft.add(key.clone(), Count::new(count(cells))).unwrap();
        } else if cells.len() == 1 {
            // The finest counts tie everything together, whether they are published or not.
            draft.add_latent(key.clone(), Count::new(count(cells))).unwrap();
        }
    }
    let (linked, places) = draft.link(ledger, |_, key| all.get(key).map(|n| Count::new(*n))).unwrap();
    let pattern = protect(&linked, &EXACT).ok()?;
    Some(Left { places, linked, pattern })
}

/// The width of what a hidden count may be, given all that was shown: all counts are at least 0, hidden ones at least 1.
fn width(hidden: &[usize], shown: &[(Vec<usize>, u64)], all_hidden: &[Vec<usize>]) -> f64 {
    let of: Vec<f64> = (0..16).map(|at| f64::from(u8::from(hidden.contains(&at)))).collect();
    width_of(&of, shown, all_hidden)
}

/// The same for any sum of the finest counts, each of which is taken so many times.
fn width_of(times: &[f64], shown: &[(Vec<usize>, u64)], all_hidden: &[Vec<usize>]) -> f64 {
    let bound = |direction| {
        let mut problem = Problem::new(direction);
        let variables: Vec<Variable> = times.iter().map(|n| problem.add_var(*n, (0.0, 10_000.0))).collect();
        let sum = |cells: &[usize]| {
            let mut sum = LinearExpr::empty();
            cells.iter().for_each(|cell| sum.add(variables[*cell], 1.0));
            sum
        };
        for (cells, n) in shown {
            problem.add_constraint(sum(cells), ComparisonOp::Eq, *n as f64);
        }
        for cells in all_hidden {
            problem.add_constraint(sum(cells), ComparisonOp::Ge, 1.0);
        }
        problem.solve().unwrap().objective()
    };
    bound(OptimizationDirection::Maximize) - bound(OptimizationDirection::Minimize)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn no_small_count_of_two_releases_can_be_narrowed_down(
        finest in proptest::collection::vec(prop_oneof![Just(0_u64), 1..=4_u64, 5..30_u64, 5..30_u64], 16),
        first in proptest::collection::vec(prop::bool::weighted(0.4), 42),
        second in proptest::collection::vec(prop::bool::weighted(0.4), 42),
    ) {
        let Some(one) = release(&first, &finest, &Ledger::default()) else { return Ok(()) };
        let mut ledger = Ledger::default();
        for (key, _) in keys().into_iter().zip(&first).filter(|(_, chosen)| **chosen).map(|(key, _)| key) {
            let seen = one.seen(&key).unwrap();
            ledger.add(key, Entry { release: "one".into(), audience: Audience::Public, seen });
        }
        let two = release(&second, &finest, &ledger);
        let (mut shown, mut hidden) = (Vec::new(), Vec::new());
        for (left, chosen) in [(Some(&one), &first), (two.as_ref(), &second)] {
            let Some(left) = left else { continue };
            for ((key, cells), _) in keys().into_iter().zip(chosen).filter(|(_, chosen)| **chosen) {
                match left.seen(&key).unwrap() {
                    Seen::Count { shown: n, .. } => shown.push((cells, n)),
                    Seen::Hidden => hidden.push(cells),
                }
            }
        }
        // A count that one release hides and the other shows is known.
        hidden.retain(|cells| !shown.iter().any(|(known, _)| known == cells));
        for cells in &hidden {
            let n: u64 = cells.iter().map(|cell| finest[*cell]).sum();
            if n <= EXACT.hide_up_to {
                let width = width(cells, &shown, &hidden);
                prop_assert!(width >= 3.0 - 1e-6, "{cells:?} is {n} and can be narrowed down to a width of {width}");
            }
        }
        if let Some(two) = two {
            let is_small = |cells: &[usize]| (1..=4).contains(&cells.iter().map(|cell| finest[*cell]).sum::<u64>());
            for ((key, cells), _) in keys().into_iter().zip(&second).filter(|(_, chosen)| **chosen) {
                prop_assert!(!is_small(&cells) || two.pattern.fate(two.places.cell(&key).unwrap()) != Fate::Shown);
            }
        }
    }
}

/// The finest counts in what is shown, with the count, and in what is hidden.
type Looked = (Vec<(Vec<usize>, u64)>, Vec<Vec<usize>>);

/// What a reader of one edition sees of the chosen keys, its finest counts numbered from `first`.
fn look(left: &Left, chosen: &[bool], first: usize) -> Looked {
    let (mut shown, mut hidden) = (Vec::new(), Vec::new());
    for ((key, cells), _) in keys().into_iter().zip(chosen).filter(|(_, chosen)| **chosen) {
        let cells: Vec<usize> = cells.iter().map(|cell| cell + first).collect();
        match left.seen(&key).unwrap() {
            Seen::Count { shown: n, .. } => shown.push((cells, n)),
            Seen::Hidden => hidden.push(cells),
        }
    }
    (shown, hidden)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn no_small_count_and_no_small_change_between_editions_can_be_narrowed_down(
        finest in proptest::collection::vec(prop_oneof![Just(0_u64), 1..=4_u64, 5..30_u64, 5..30_u64], 16),
        more in proptest::collection::vec(prop_oneof![5 => Just(0_u64), 1 => 1..=4_u64, 1 => 5..30_u64], 16),
        first in proptest::collection::vec(prop::bool::weighted(0.4), 42),
        second in proptest::collection::vec(prop::bool::weighted(0.4), 42),
    ) {
        let later: Vec<u64> = finest.iter().zip(&more).map(|(n, more)| n + more).collect();
        let Some(one) = release(&first, &finest, &Ledger::default()) else { return Ok(()) };
        let mut ledger = Ledger::default();
        for (key, _) in keys().into_iter().zip(&first).filter(|(_, chosen)| **chosen).map(|(key, _)| key) {
            let seen = one.seen(&key).unwrap();
            ledger.add(key, Entry { release: "one".into(), audience: Audience::Public, seen });
        }
        let Some(two) = release_later(&second, &later, &ledger, &finest) else { return Ok(()) };
        let (mut shown, mut hidden) = look(&one, &first, 0);
        let (shown_later, hidden_later) = look(&two, &second, 16);
        shown.extend(shown_later);
        hidden.extend(hidden_later);
        let both: Vec<u64> = finest.iter().chain(&later).copied().collect();
        for cells in &hidden {
            let n: u64 = cells.iter().map(|cell| both[*cell]).sum();
            if n <= EXACT.hide_up_to {
                let times: Vec<f64> = (0..32).map(|at| f64::from(u8::from(cells.contains(&at)))).collect();
                let width = width_of(&times, &shown, &hidden);
                prop_assert!(width >= 3.0 - 1e-6, "{cells:?} is {n} and can be narrowed down to a width of {width}");
            }
        }
        // Who compares the editions asks by how much each count changed, whether either says it or not.
        for (key, cells) in keys() {
            let change: u64 = cells.iter().map(|cell| more[*cell]).sum();
            if (1..=EXACT.hide_up_to).contains(&change) {
                let times: Vec<f64> = (0..32).map(|at| f64::from(u8::from(at >= 16 && cells.contains(&(at - 16)))) - f64::from(u8::from(cells.contains(&at)))).collect();
                let width = width_of(&times, &shown, &hidden);
                prop_assert!(width >= 3.0 - 1e-6, "{key:?} changed by {change}, which can be narrowed down to a width of {width}; shown {shown:?}");
            }
        }
    }
}

/// What each of several releases says of one line: a county of four districts, as one of two files counts it.
const LINE: [&str; 5] = ["county", "north", "east", "south", "west"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    /// Releases from two files by turns, of whichever of the five counts. For each file, a reader takes what was shown of the
    /// districts from what was shown of the county.
    #[test]
    fn no_release_gives_away_what_others_of_the_same_file_kept_whatever_left_between(
        districts in proptest::collection::vec(prop_oneof![1..=4_u64, 5..30_u64, 5..30_u64], 4),
        more in proptest::collection::vec(prop_oneof![1 => Just(0_u64), 2 => 10..30_u64], 4),
        releases in proptest::collection::vec((prop::bool::ANY, proptest::collection::vec(prop::bool::weighted(0.4), 5)), 2..6),
    ) {
        let later: Vec<u64> = districts.iter().zip(&more).map(|(n, more)| n + more).collect();
        let file = |of_districts: &[u64]| -> Vec<u64> { std::iter::once(of_districts.iter().sum()).chain(of_districts.iter().copied()).collect() };
        let files = [file(&districts), file(&later)];
        let key = |area: &str| vec![area.to_owned()];
        let (mut ledger, mut counted) = (Ledger::default(), BTreeMap::new());
        // By file and area: whether it was ever shown, and whether it ever stood as hidden.
        let (mut shown, mut hidden) = ([[false; 5]; 2], [[false; 5]; 2]);
        for (at, (is_later, chosen)) in releases.iter().enumerate() {
            let of = usize::from(*is_later);
            let mut draft = Draft::new(vec![Axis::new("area").made_of("county", LINE[1..].to_vec())]);
            for area in (0..5).filter(|area| chosen[*area]) {
                draft.add(key(LINE[area]), Count::new(files[of][area])).unwrap();
                counted.insert((at.to_string(), key(LINE[area])), files[of][area]);
            }
            let (linked, places) = draft.link(&ledger, |id, key| counted.get(&(id.to_owned(), key.to_vec())).map(|n| Count::new(*n))).unwrap();
            let Ok(pattern) = protect(&linked, &EXACT) else { continue };
            for area in (0..5).filter(|area| chosen[*area]) {
                let seen = pattern.seen(&linked, places.cell(&key(LINE[area])).unwrap(), &EXACT).unwrap();
                shown[of][area] |= seen != Seen::Hidden;
                hidden[of][area] |= seen == Seen::Hidden;
                ledger.add(key(LINE[area]), Entry { release: at.to_string(), audience: Audience::Public, seen });
            }
        }
        for (at, file) in files.iter().enumerate() {
            // What is left when all that was shown is taken from the total: hidden counts, each at least 1; counts that are hidden in
            // the other file only, and the same there, of which nobody knows whether they are nought here; and all the others as one.
            let (is_hidden, is_hidden_there) = (|area: &usize| hidden[at][*area], |area: &usize| hidden[1 - at][*area] && files[1 - at][*area] == file[*area]);
            let unknown = || (1..5).filter(|area| !shown[at][*area]);
            let of_hidden: Vec<u64> = unknown().filter(is_hidden).map(|area| file[area]).collect();
            let of_hidden_there: Vec<u64> = unknown().filter(|area| !is_hidden(area) && is_hidden_there(area)).map(|area| file[area]).collect();
            let rest: u64 = unknown().filter(|area| !is_hidden(area) && !is_hidden_there(area)).map(|area| file[area]).sum();
            let is_small = |n: &u64| (1..=EXACT.hide_up_to).contains(n);
            if shown[at][0] && of_hidden.iter().chain(&of_hidden_there).chain([&rest]).any(is_small) {
                let left: u64 = of_hidden.iter().chain(&of_hidden_there).sum::<u64>() + rest;
                let is_one = of_hidden.len() + of_hidden_there.len() + usize::from(rest > 0) == 1;
                let width = if is_one { 0 } else { left - of_hidden.len() as u64 };
                prop_assert!(width >= 3, "{of_hidden:?}, {of_hidden_there:?} and {rest} of {file:?} make {left}; {releases:?}");
            }
        }
    }
}
