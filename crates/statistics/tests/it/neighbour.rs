//! Neighbours and hot spots: the peers' numbers, and slow and obvious second implementations.

use std::path::Path;

use headwater_statistics::chance::Chance;
use headwater_statistics::neighbour::{
    Drawing, METRES_STEP, Neighbours, Outline, gi, gi_star, local_moran, moran, near_misses, permute, queen, rook,
};
use proptest::prelude::*;
use serde_json::Value;

/// An oracle file, or a line that says it was skipped.
fn oracle(name: &str) -> Option<Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/oracles");
    let path = Path::new(folder).join(format!("{name}.json"));
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(serde_json::from_str(&text).unwrap()),
        Err(_) => {
            eprintln!("skipped: there is no oracle {}", path.display());
            None
        }
    }
}

fn numbers(list: &Value) -> Vec<f64> {
    let list = list.as_array().unwrap().iter();
    list.map(|value| value.as_f64().unwrap()).collect()
}

fn index_lists(lists: &Value) -> Vec<Vec<usize>> {
    let lists = lists.as_array().unwrap().iter();
    lists.map(|list| numbers(list).iter().map(|&at| at as usize).collect()).collect()
}

fn outlines(areas: &[Vec<Vec<[f64; 2]>>]) -> Vec<Outline<'_>> {
    let areas = areas.iter();
    areas.map(|rings| Outline { rings: rings.iter().map(Vec::as_slice).collect() }).collect()
}

#[test]
fn contiguity_is_that_of_spdep() {
    let Some(oracle) = oracle("contiguity") else {
        return;
    };
    let x = numbers(&oracle["inputs"]["x"]);
    let y = numbers(&oracle["inputs"]["y"]);
    let squares: Vec<Vec<Vec<[f64; 2]>>> =
        x.iter().zip(&y).map(|(&x, &y)| vec![vec![[x, y], [x + 1.0, y], [x + 1.0, y + 1.0], [x, y + 1.0]]]).collect();
    let outlines = outlines(&squares);
    for (rule, expected) in [(queen(&outlines, METRES_STEP), "queen"), (rook(&outlines, METRES_STEP), "rook")] {
        let lists = index_lists(&oracle["expected"][expected]);
        assert_eq!(rule.unwrap(), Neighbours::from_lists(&lists).unwrap());
    }
}

#[test]
fn local_moran_is_that_of_spdep() {
    let Some(oracle) = oracle("local_moran") else {
        return;
    };
    let tolerance = oracle["tolerance"].as_f64().unwrap();
    let values = numbers(&oracle["inputs"]["value"]);
    let lists = index_lists(&oracle["inputs"]["neighbours"]);
    let found = local_moran(&values, &Neighbours::from_lists(&lists).unwrap()).unwrap();
    let agree = |found: Option<f64>, expected: &Value, what: &str| match (found, expected.as_f64()) {
        (Some(found), Some(expected)) => {
            assert!((found - expected).abs() <= tolerance * expected.abs().max(1.0), "{what}: {found} against {expected}")
        }
        (found, expected) => assert_eq!(found, expected, "{what}"),
    };
    let expected = &oracle["expected"];
    for (area, found) in found.iter().enumerate() {
        for (moments, name) in [(found.conditional, "conditional"), (found.total, "total")] {
            let expected = &expected[name];
            let what = |field: &str| format!("{name} {field} of area {area}");
            agree(Some(found.i), &expected["Ii"][area], &what("Ii"));
            agree(Some(moments.expected), &expected["E"][area], &what("E"));
            agree(Some(moments.variance), &expected["Var"][area], &what("Var"));
            agree(moments.z, &expected["Z"][area], &what("Z"));
            agree(moments.p, &expected["p"][area], &what("p"));
        }
        assert_eq!(found.quadrant.name(), expected["quadrant_mean"][area]);
    }
}

/// A map of `columns` x `rows` unit cells, each given to one of a few areas, so that areas have several parts and holes
/// of others; every cell side may carry a further corner, which both sides then have.
fn patchwork() -> impl Strategy<Value = Vec<Vec<Vec<[f64; 2]>>>> {
    (2_usize..6, 2_usize..6).prop_flat_map(|(columns, rows)| {
        let owners = prop::collection::vec(0_usize..12, columns * rows);
        (owners, any::<u64>()).prop_map(move |(owners, seed)| {
            let mut areas: Vec<Vec<Vec<[f64; 2]>>> = vec![Vec::new(); 12];
            for (cell, &owner) in owners.iter().enumerate() {
                // A twelfth of the cells belongs to nobody: holes and gaps.
                if owner == 11 {
                    continue;
                }
                let mut chance = Chance::of(seed, "turn", cell as u64);
                let mut ring = cell_ring(cell % columns, cell / columns, seed);
                let by = chance.below(ring.len() as u32) as usize;
                ring.rotate_left(by);
                if chance.below(2) == 0 {
                    ring.reverse();
                }
                if chance.below(2) == 0 {
                    ring.push(ring[0]);
                }
                areas[owner].push(ring);
            }
            areas.retain(|rings| !rings.is_empty());
            areas
        })
    })
}

fn cell_ring(column: usize, row: usize, seed: u64) -> Vec<[f64; 2]> {
    let corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)].map(|(x, y)| (column + x, row + y));
    let mut ring = Vec::new();
    for side in corners.windows(2) {
        let [from, to] = [side[0].min(side[1]), side[0].max(side[1])];
        ring.push([side[0].0 as f64, side[0].1 as f64]);
        let address = [from.0, from.1, to.0, to.1].iter().fold(0, |sum, &part| sum * 16 + part as u64);
        let mut chance = Chance::of(seed, "corner", address);
        if chance.below(3) == 0 {
            let share = 0.2 + 0.6 * chance.unit();
            ring.push([from.0 as f64 + share * (to.0 - from.0) as f64, from.1 as f64 + share * (to.1 - from.1) as f64]);
        }
    }
    ring
}

fn edges(rings: &[Vec<[f64; 2]>]) -> Vec<([f64; 2], [f64; 2])> {
    let rings = rings.iter();
    rings.flat_map(|ring| (0..ring.len()).map(|at| (ring[at], ring[(at + 1) % ring.len()]))).filter(|(from, to)| from != to).collect()
}

/// Every area against every other, every corner against every corner.
fn brute_force(areas: &[Vec<Vec<[f64; 2]>>], touch: impl Fn(&[Vec<[f64; 2]>], &[Vec<[f64; 2]>]) -> bool) -> Neighbours {
    let lists: Vec<Vec<usize>> = (0..areas.len()).map(|a| (0..areas.len()).filter(|&b| a != b && touch(&areas[a], &areas[b])).collect()).collect();
    Neighbours::from_lists(&lists).unwrap()
}

fn distance_to_edge(point: [f64; 2], (from, to): ([f64; 2], [f64; 2])) -> f64 {
    // The shortest of many steps along the edge, refined around the best: nothing to get wrong.
    let at = |share: f64| {
        let x = from[0] + share * (to[0] - from[0]) - point[0];
        let y = from[1] + share * (to[1] - from[1]) - point[1];
        (x * x + y * y).sqrt()
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..100 {
        let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if at(a) < at(b) {
            high = b;
        } else {
            low = a;
        }
    }
    at(0.5 * (low + high))
}

proptest! {
    #[test]
    fn contiguity_agrees_with_comparing_everything(areas in patchwork()) {
        let outlines = outlines(&areas);
        let same = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).abs() < 1e-6 && (a[1] - b[1]).abs() < 1e-6;
        let by_corner = brute_force(&areas, |a, b| {
            a.iter().flatten().any(|&one| b.iter().flatten().any(|&other| same(one, other)))
        });
        let by_edge = brute_force(&areas, |a, b| {
            edges(a).iter().any(|one| {
                edges(b).iter().any(|other| {
                    same(one.0, other.0) && same(one.1, other.1) || same(one.0, other.1) && same(one.1, other.0)
                })
            })
        });
        prop_assert_eq!(queen(&outlines, METRES_STEP).unwrap(), by_corner);
        prop_assert_eq!(rook(&outlines, METRES_STEP).unwrap(), by_edge);
    }

    #[test]
    fn near_misses_agree_with_measuring_everything(areas in patchwork(), gap in 0.0_f64..0.2, reach in 0.02_f64..0.3) {
        // Shrink every cell towards its middle, so that nothing meets and gaps are twice the shrinking.
        let shrunk: Vec<Vec<Vec<[f64; 2]>>> = areas
            .iter()
            .map(|rings| rings.iter().map(|ring| shrink(ring, gap)).collect())
            .collect();
        let outlines = outlines(&shrunk);
        let known = queen(&outlines, METRES_STEP).unwrap();
        let found = near_misses(&outlines, &known, reach).unwrap();
        let mut expected = Vec::new();
        for a in 0..shrunk.len() {
            for b in a + 1..shrunk.len() {
                let one_way = |from: usize, to: usize| {
                    let corners: Vec<[f64; 2]> = shrunk[from].iter().flatten().copied().collect();
                    let edges = edges(&shrunk[to]);
                    corners
                        .iter()
                        .flat_map(|&corner| edges.iter().map(move |&edge| distance_to_edge(corner, edge)))
                        .fold(f64::INFINITY, f64::min)
                };
                let distance = one_way(a, b).min(one_way(b, a));
                // Leave alone what lies within rounding of the reach.
                prop_assume!((distance - reach).abs() > 1e-6);
                if distance <= reach && !known.touches(a, b) {
                    expected.push((a, b, distance));
                }
            }
        }
        prop_assert_eq!(found.len(), expected.len());
        for (found, (a, b, distance)) in found.iter().zip(expected) {
            prop_assert_eq!((found.area, found.other), (a, b));
            prop_assert!((found.distance - distance).abs() < 1e-6);
        }
    }
}

fn shrink(ring: &[[f64; 2]], by: f64) -> Vec<[f64; 2]> {
    let middle = [0, 1].map(|side| {
        let low = ring.iter().map(|corner| corner[side]).fold(f64::INFINITY, f64::min);
        low + 0.5
    });
    ring.iter().map(|corner| [0, 1].map(|side| middle[side] + (1.0 - by) * (corner[side] - middle[side]))).collect()
}

/// Values and symmetric neighbours of a small map: values are small whole numbers, so that sums tie.
fn small_map() -> impl Strategy<Value = (Vec<f64>, Vec<Vec<usize>>)> {
    (5_usize..9).prop_flat_map(|n| {
        let values = prop::collection::vec((0_u8..6).prop_map(f64::from), n);
        let pairs = prop::collection::vec((0..n, 0..n), 1..2 * n);
        (values, pairs).prop_filter("some values must differ", |(values, _)| values.iter().any(|value| *value != values[0])).prop_map(
            move |(values, pairs)| {
                let mut lists = vec![Vec::new(); n];
                for (a, b) in pairs.into_iter().filter(|(a, b)| a != b).chain([(0, 1)]) {
                    if !lists[a].contains(&b) {
                        lists[a].push(b);
                        lists[b].push(a);
                    }
                }
                (values, lists)
            },
        )
    })
}

/// Every choice of `k` of the values.
fn choices(values: &[f64], k: usize) -> Vec<Vec<f64>> {
    if k == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for first in 0..values.len() {
        for mut rest in choices(&values[first + 1..], k - 1) {
            rest.push(values[first]);
            all.push(rest);
        }
    }
    all
}

fn mean(list: &[f64]) -> f64 {
    list.iter().sum::<f64>() / list.len() as f64
}

fn variance(list: &[f64]) -> f64 {
    let middle = mean(list);
    list.iter().map(|x| (x - middle) * (x - middle)).sum::<f64>() / list.len() as f64
}

#[test]
fn the_example_of_the_method_pages_is_right() {
    let row = [vec![1], vec![0, 2], vec![1, 3], vec![2, 4], vec![3, 5], vec![4]];
    let row = Neighbours::from_lists(&row).unwrap();
    let values = [8.0, 9.0, 1.0, 2.0, 3.0, 4.0];
    let near = |found: f64, printed: f64| assert!((found - printed).abs() <= 0.0051, "{found} is printed as {printed}");
    let local = local_moran(&values, &row).unwrap()[0];
    near(local.i, 1.766);
    near(local.conditional.expected, -0.275);
    near(local.conditional.variance, 1.196);
    near(local.conditional.p.unwrap(), 0.062);
    let star = gi_star(&values, &row).unwrap()[0].unwrap();
    near(star.share.unwrap(), 0.63);
    near(star.z.unwrap(), 2.12);
    near(star.p.unwrap(), 0.034);
    near(gi(&values, &row).unwrap()[0].unwrap().z.unwrap(), 1.87);
    let permuted = permute(&values, &row, &Drawing::standard(1)).unwrap();
    near(permuted.areas[0].unwrap().p, 0.4);
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-10 * a.abs().max(b.abs()).max(1.0)
}

fn without(values: &[f64], area: usize) -> Vec<f64> {
    let mut others = values.to_vec();
    others.remove(area);
    others
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The full conditional permutation test: every choice of the others for every area.
    #[test]
    fn shared_draws_have_the_distribution_of_draws_made_for_each_area((values, lists) in small_map(), seed in any::<u64>()) {
        let drawing = Drawing { draws: 20_000, sets: 1, ..Drawing::standard(seed) };
        let found = permute(&values, &Neighbours::from_lists(&lists).unwrap(), &drawing).unwrap();
        for (area, list) in lists.iter().enumerate() {
            let Some(tail) = found.areas[area] else {
                prop_assert!(list.is_empty());
                continue;
            };
            let here: f64 = list.iter().map(|&other| values[other]).sum();
            let sums: Vec<f64> = choices(&without(&values, area), list.len())
                .iter()
                .map(|choice| choice.iter().sum())
                .collect();
            for (drawn, exact) in [
                (tail.at_least, sums.iter().filter(|&&sum| sum >= here).count()),
                (tail.at_most, sums.iter().filter(|&&sum| sum <= here).count()),
            ] {
                let chance = exact as f64 / sums.len() as f64;
                let draws = f64::from(drawing.draws);
                let off = (f64::from(drawn) - draws * chance).abs();
                prop_assert!(
                    off <= 6.0 * (draws * chance * (1.0 - chance)).sqrt() + 5.0,
                    "area {}: {} of {} draws, exact share {}", area, drawn, draws, chance
                );
            }
            let smaller = f64::from(tail.at_least.min(tail.at_most));
            prop_assert!(close(tail.p, (2.0 * (smaller + 1.0) / 20_001.0).min(1.0)));
        }
    }

    /// Getis and Ord's formula for any weights, with binary and with row-standardised ones: the same z, as it must be.
    #[test]
    fn getis_ord_agrees_with_the_definition_for_both_styles_of_weights((values, lists) in small_map()) {
        let neighbours = Neighbours::from_lists(&lists).unwrap();
        let with = gi_star(&values, &neighbours).unwrap();
        let outside = gi(&values, &neighbours).unwrap();
        for (area, list) in lists.iter().enumerate().filter(|(_, list)| !list.is_empty()) {
            let others = without(&values, area);
            let mut inside = list.clone();
            inside.push(area);
            for row_standardised in [false, true] {
                let score = |members: &[usize], drawn_from: &[f64]| {
                    let weight = if row_standardised { 1.0 / members.len() as f64 } else { 1.0 };
                    let (n, spread) = (drawn_from.len() as f64, variance(drawn_from).sqrt());
                    let sum_w: f64 = members.iter().map(|_| weight).sum();
                    let sum_w2: f64 = members.iter().map(|_| weight * weight).sum();
                    let sum: f64 = members.iter().map(|&at| weight * values[at]).sum();
                    let variance = (n * sum_w2 - sum_w * sum_w) / (n - 1.0);
                    (sum - sum_w * mean(drawn_from)) / (spread * variance.max(0.0).sqrt())
                };
                for (found, expected, whole) in [
                    (with[area].unwrap(), score(&inside, &values), inside.len() == values.len()),
                    (outside[area].unwrap(), score(list, &others), list.len() == others.len() || variance(&others) == 0.0),
                ] {
                    match found.z {
                        None => prop_assert!(whole),
                        Some(z) => prop_assert!(!whole && close(z, expected), "{} against {}", z, expected),
                    }
                }
            }
        }
    }

    /// Given a place's own value, both measure its neighbours' sum.
    #[test]
    fn gi_and_local_moran_have_the_same_score_but_for_the_sign((values, lists) in small_map()) {
        let neighbours = Neighbours::from_lists(&lists).unwrap();
        let local = local_moran(&values, &neighbours).unwrap();
        let middle = mean(&values);
        for (area, found) in gi(&values, &neighbours).unwrap().iter().enumerate() {
            if let (Some(z), Some(score)) = (found.and_then(|found| found.z), local[area].conditional.z) {
                prop_assert!(close(score, z * (values[area] - middle).signum()), "{} against {}", score, z);
            }
        }
    }

    #[test]
    fn conditional_moments_of_local_moran_are_those_of_all_choices((values, lists) in small_map()) {
        let found = local_moran(&values, &Neighbours::from_lists(&lists).unwrap()).unwrap();
        let middle = mean(&values);
        for (area, list) in lists.iter().enumerate().filter(|(_, list)| !list.is_empty()) {
            let all: Vec<f64> = choices(&without(&values, area), list.len())
                .iter()
                .map(|choice| (values[area] - middle) / variance(&values) * (mean(choice) - middle))
                .collect();
            let moments = found[area].conditional;
            prop_assert!(close(moments.expected, mean(&all)));
            prop_assert!(close(moments.variance, variance(&all)), "{} against {}", moments.variance, variance(&all));
        }
    }
}

/// Every order of the values.
fn orders(values: &[f64]) -> Vec<Vec<f64>> {
    if values.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for at in 0..values.len() {
        for mut rest in orders(&without(values, at)) {
            rest.push(values[at]);
            all.push(rest);
        }
    }
    all
}

#[test]
fn total_and_global_moments_are_those_of_all_orders() {
    let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0];
    // Not symmetric on purpose: area 5 is a neighbour of 4 only one way, and 2 has three neighbours.
    let lists = [vec![1], vec![0, 2], vec![1, 3, 4], vec![2], vec![2, 5], vec![3]];
    let neighbours = Neighbours::from_lists(&lists).unwrap();
    let all = orders(&values);
    let global: Vec<f64> = all.iter().map(|order| moran(order, &neighbours).unwrap().i).collect();
    let found = moran(&values, &neighbours).unwrap();
    assert!(close(found.expected, mean(&global)));
    assert!(close(found.variance, variance(&global)));
    for area in 0..values.len() {
        let local: Vec<f64> = all.iter().map(|order| local_moran(order, &neighbours).unwrap()[area].i).collect();
        let moments = local_moran(&values, &neighbours).unwrap()[area].total;
        assert!(close(moments.expected, mean(&local)));
        assert!(close(moments.variance, variance(&local)));
    }
}

#[test]
fn global_moran_is_the_mean_of_the_local_ones() {
    let (values, neighbours) = lattice(9, 7, 3);
    let local = local_moran(&values, &neighbours).unwrap();
    let average = mean(&local.iter().map(|found| found.i).collect::<Vec<f64>>());
    assert!(close(moran(&values, &neighbours).unwrap().i, average));
}

/// A lattice with queen neighbours and skewed values without pattern.
fn lattice(columns: usize, rows: usize, seed: u64) -> (Vec<f64>, Neighbours) {
    let squares: Vec<Vec<Vec<[f64; 2]>>> = (0..columns * rows).map(|cell| vec![cell_ring(cell % columns, cell / columns, seed)]).collect();
    let mut chance = Chance::of(seed, "lattice", 0);
    let values = (0..columns * rows)
        .map(|_| {
            let unit = chance.unit();
            (20.0 * unit * unit * unit * unit).floor()
        })
        .collect();
    (values, queen(&outlines(&squares), METRES_STEP).unwrap())
}

fn ten_thousand(seed: u64) -> Drawing {
    Drawing { draws: 9_999, ..Drawing::standard(seed) }
}

#[test]
fn threads_do_not_change_a_single_byte() {
    let (values, neighbours) = lattice(20, 20, 5);
    let drawing = Drawing { draws: 9_999, ..Drawing::standard(8) };
    let with_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().unwrap();
        format!("{:?}", pool.install(|| permute(&values, &neighbours, &drawing)))
    };
    let alone = with_threads(1);
    for threads in [2, 3, 8] {
        assert_eq!(alone, with_threads(threads));
    }
    let other_seed = permute(&values, &neighbours, &ten_thousand(9));
    assert_ne!(alone, format!("{other_seed:?}"));
}

#[test]
fn without_a_pattern_one_area_in_twenty_is_significant_and_none_is_a_discovery() {
    let (mut values, neighbours) = lattice(40, 40, 6);
    // Values without ties, or p would be too cautious.
    let mut chance = Chance::of(6, "untie", 0);
    values.iter_mut().for_each(|value| *value += chance.unit());
    let found = permute(&values, &neighbours, &ten_thousand(1)).unwrap();
    let share_under = |level: f64| {
        let under = found.areas.iter().flatten().filter(|tail| tail.p <= level);
        under.count() as f64 / values.len() as f64
    };
    // Neighbouring areas share neighbours, so the shares vary more than those of independent tests: twice as much.
    for level in [0.01, 0.05, 0.2, 0.5] {
        let spread = (level * (1.0 - level) / values.len() as f64).sqrt();
        assert!((share_under(level) - level).abs() < 6.0 * spread, "{level}");
    }
    assert_eq!(found.monte_carlo.in_every_set, 0);
}

#[test]
fn a_planted_hot_spot_is_found_with_every_set_of_draws() {
    let (mut values, neighbours) = lattice(30, 30, 7);
    for (column, row) in [(10, 10), (11, 10), (12, 10), (10, 11), (11, 11), (12, 11), (10, 12), (11, 12), (12, 12)] {
        values[row * 30 + column] += 25.0;
    }
    let found = permute(&values, &neighbours, &ten_thousand(1)).unwrap();
    let middle = found.areas[11 * 30 + 11].unwrap();
    assert!(middle.q <= 0.05);
    assert_eq!(middle.found_in_sets, 3);
    assert_eq!(middle.lean, headwater_statistics::neighbour::Lean::High);
    let carlo = &found.monte_carlo;
    let fewest = *carlo.discoveries.iter().min().unwrap();
    let most = *carlo.discoveries.iter().max().unwrap();
    assert!(carlo.in_every_set <= fewest && most <= carlo.in_any_set);
    assert!(carlo.in_every_set >= 9);
}

#[test]
fn many_neighbours_are_drawn_as_fairly_as_few() {
    // Sixty neighbours of sixty-five areas: more than are drawn by rejection.
    let lists: Vec<Vec<usize>> = (0..65_usize).map(|area| (1..=60).map(|step| (area + step) % 65).collect()).collect();
    let neighbours = Neighbours::from_lists(&lists).unwrap();
    let mut chance = Chance::of(11, "many", 0);
    let values: Vec<f64> = (0..65).map(|_| chance.unit()).collect();
    let drawing = Drawing { draws: 50_000, sets: 1, ..Drawing::standard(4) };
    let found = permute(&values, &neighbours, &drawing).unwrap();
    for (area, list) in lists.iter().enumerate() {
        // The four left out are a fair draw too, and few enough to try all choices.
        let others = without(&values, area);
        let left_out: f64 = others.iter().sum::<f64>() - list.iter().map(|&at| values[at]).sum::<f64>();
        let sums = choices(&others, 4);
        let lower = sums.iter().filter(|choice| choice.iter().sum::<f64>() <= left_out + 1e-12).count();
        let chance = lower as f64 / sums.len() as f64;
        let drawn = f64::from(found.areas[area].unwrap().at_least) / 50_000.0;
        let spread = (chance * (1.0 - chance) / 50_000.0).sqrt();
        assert!((drawn - chance).abs() < 6.0 * spread + 1e-4, "{area}: {drawn} against {chance}");
    }
}
