//! Outlines of districts, by taking away the borders between their small areas.

use super::{Polygon, Position, Ring, Shape, twice_area};
use crate::place::AreaCode;
use std::collections::{BTreeMap, BTreeSet};

/// A position that can be sorted and compared exactly.
type Key = [u64; 2];

/// Edges with their smaller end first: how many more run from it than to it.
type Edges = BTreeMap<(Key, Key), i32>;

fn key(position: Position) -> Key {
    // Adding nothing turns the negative zero into the positive one.
    [(position[0] + 0.0).to_bits(), (position[1] + 0.0).to_bits()]
}

fn position(key: Key) -> Position {
    key.map(f64::from_bits)
}

/// Joins areas to the larger areas they belong to: a border between two areas of one group disappears, every other stays.
///
/// `group_of` gives the code and name of an area's group; areas without one are left out. The groups come in order of
/// code. Works on full and on simplified shapes alike, as long as neighbours share the positions of their border; where
/// they do not, the border stays and shows. Groups whose code names no known kind of area are left out.
pub fn outline(shapes: &[Shape], group_of: impl Fn(AreaCode) -> Option<(AreaCode, String)>) -> Vec<Shape> {
    let mut groups: BTreeMap<AreaCode, (String, Edges)> = BTreeMap::new();
    for shape in shapes {
        let Some((code, name)) = group_of(shape.code) else {
            continue;
        };
        let (known, edges) = groups.entry(code).or_default();
        *known = name;
        for polygon in &shape.polygons {
            for (i, ring) in polygon.iter().enumerate() {
                add_ring(ring, i == 0, edges);
            }
        }
    }
    groups
        .into_iter()
        .filter_map(|(code, (name, edges))| Some(Shape { code, name, kind: code.kind()?, year: None, polygons: polygons(rings(&edges)) }))
        .collect()
}

/// Adds a ring's edges so that its area lies to their left; the opposite edge of a neighbour cancels.
fn add_ring(ring: &Ring, is_outer: bool, edges: &mut Edges) {
    let forwards = (twice_area(ring) >= 0.0) == is_outer;
    for pair in ring.windows(2) {
        let (mut from, mut to) = (key(pair[0]), key(pair[1]));
        if from == to {
            continue;
        }
        if !forwards {
            std::mem::swap(&mut from, &mut to);
        }
        // One entry for both directions: its sign says which way is left over.
        if from < to {
            *edges.entry((from, to)).or_default() += 1;
        } else {
            *edges.entry((to, from)).or_default() -= 1;
        }
    }
}

/// Chains what is left of the edges to closed rings, none of which touches itself.
fn rings(edges: &Edges) -> Vec<Ring> {
    let mut onward: BTreeMap<Key, Vec<Key>> = BTreeMap::new();
    for (&(a, b), &n) in edges {
        for _ in 0..n.unsigned_abs() {
            let (from, to) = if n > 0 { (a, b) } else { (b, a) };
            onward.entry(from).or_default().push(to);
        }
    }
    let mut rings = Vec::new();
    while let Some((&start, _)) = onward.iter().find(|(_, to)| !to.is_empty()) {
        let mut path: Vec<Key> = vec![start];
        let mut on_path: BTreeMap<Key, usize> = BTreeMap::from([(start, 0)]);
        // As many edges leave every position as arrive there, so the walk always comes back to where it has been.
        while let Some(here) = path.last().copied() {
            let before = (path.len() > 1).then(|| path[path.len() - 2]);
            let Some(next) = onward.get_mut(&here).and_then(|to| take_leftmost(before, here, to)) else {
                break;
            };
            match on_path.get(&next).copied() {
                Some(at) => {
                    let mut ring: Ring = path[at..].iter().map(|k| position(*k)).collect();
                    ring.push(position(next));
                    rings.push(ring);
                    for left in path.drain(at + 1..) {
                        on_path.remove(&left);
                    }
                }
                None => {
                    on_path.insert(next, path.len());
                    path.push(next);
                }
            }
        }
        onward.retain(|_, to| !to.is_empty());
    }
    rings
}

/// Takes the edge that turns most to the left, which keeps parts that touch in one point apart.
fn take_leftmost(before: Option<Key>, here: Key, to: &mut Vec<Key>) -> Option<Key> {
    if to.len() < 2 {
        return to.pop();
    }
    let Some(before) = before.map(position) else {
        return Some(to.remove(0));
    };
    let h = position(here);
    let (ax, ay) = (h[0] - before[0], h[1] - before[1]);
    let turn = |k: &Key| {
        let p = position(*k);
        let (bx, by) = (p[0] - h[0], p[1] - h[1]);
        libm::atan2(ax * by - ay * bx, ax * bx + ay * by)
    };
    let best = (0..to.len()).max_by(|&i, &j| turn(&to[i]).total_cmp(&turn(&to[j])).then(j.cmp(&i)))?;
    Some(to.remove(best))
}

/// Sorts rings into outer rings, largest first, each with its holes.
fn polygons(rings: Vec<Ring>) -> Vec<Polygon> {
    let (mut outers, holes): (Vec<Ring>, Vec<Ring>) = rings.into_iter().filter(|ring| ring.len() >= 4).partition(|ring| twice_area(ring) > 0.0);
    outers.sort_by(|a, b| twice_area(b).total_cmp(&twice_area(a)).then_with(|| key(a[0]).cmp(&key(b[0]))));
    let corners: Vec<BTreeSet<Key>> = outers.iter().map(|ring| ring.iter().map(|p| key(*p)).collect()).collect();
    let mut polygons: Vec<Polygon> = outers.into_iter().map(|ring| vec![ring]).collect();
    for hole in holes {
        // The smallest outer ring around it; a hole's corner may lie on that ring, so one that does not is asked.
        let around = (0..polygons.len()).rev().find(|&i| {
            let free = hole.iter().find(|p| !corners[i].contains(&key(**p)));
            free.is_some_and(|p| contains(&polygons[i][0], *p))
        });
        if let Some(i) = around {
            polygons[i].push(hole);
        }
    }
    polygons
}

/// Whether a point lies within a ring, by counting crossings to the east.
fn contains(ring: &Ring, point: Position) -> bool {
    let mut inside = false;
    for pair in ring.windows(2) {
        let ([x0, y0], [x1, y1]) = (pair[0], pair[1]);
        if (y0 > point[1]) != (y1 > point[1]) && point[0] < x0 + (point[1] - y0) / (y1 - y0) * (x1 - x0) {
            inside = !inside;
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::super::tests::{grid, square};
    use super::*;
    use proptest::prelude::*;

    fn district(n: usize) -> (AreaCode, String) {
        (format!("E0700000{n}").parse().unwrap(), format!("District {n}"))
    }

    fn number(code: AreaCode) -> usize {
        code.to_string()[3..].parse().unwrap()
    }

    #[test]
    fn two_districts_of_a_grid_have_one_ring_each_and_the_area_of_their_parts() {
        let shapes = grid(4, 3, 3, |i, j| [0.2 * ((i * 7 + j) % 3) as f64 / 3.0, 0.1]);
        let districts = outline(&shapes, |code| Some(district(1 + number(code) % 4 / 2)));
        assert_eq!(districts.iter().map(|d| d.name.as_str()).collect::<Vec<_>>(), ["District 1", "District 2"]);
        for d in &districts {
            assert_eq!(d.polygons.iter().map(Vec::len).collect::<Vec<_>>(), [1]);
        }
        let parts: f64 = shapes.iter().map(Shape::area_km2).sum();
        assert!((districts.iter().map(Shape::area_km2).sum::<f64>() - parts).abs() < 1e-9);
    }

    #[test]
    fn a_district_around_another_has_a_hole() {
        let districts = outline(&grid(3, 3, 2, |_, _| [0.0, 0.0]), |code| Some(district(if number(code) == 4 { 2 } else { 1 })));
        assert_eq!(districts[0].polygons.len(), 1);
        assert_eq!(districts[0].polygons[0].len(), 2, "outer ring and hole");
        assert_eq!(districts[1].polygons[0].len(), 1);
    }

    #[test]
    fn parts_that_touch_in_one_point_stay_apart_and_rings_do_not_touch_themselves() {
        let corner = outline(&grid(2, 2, 1, |_, _| [0.0, 0.0]), |code| matches!(number(code), 0 | 3).then(|| district(1)));
        assert_eq!(corner[0].polygons.len(), 2);
        // Eight cells around a missing one, and one missing corner: the hole touches the outer ring in one point.
        let shapes = grid(3, 3, 1, |_, _| [0.0, 0.0]);
        let ring = outline(&shapes, |code| (!matches!(number(code), 4 | 8)).then(|| district(1)));
        let mut lengths: Vec<usize> = ring[0].polygons.iter().flatten().map(Vec::len).collect();
        lengths.sort_unstable();
        assert_eq!(lengths, [5, 13]);
        let cells: f64 = shapes.iter().filter(|s| !matches!(number(s.code), 4 | 8)).map(Shape::area_km2).sum();
        assert!((ring[0].area_km2() - cells).abs() < 1e-9);
    }

    #[test]
    fn areas_without_a_group_are_left_out_and_direction_does_not_matter() {
        let mut turned = square("E01000002", 0.01, 51.0, 0.01);
        turned.polygons[0][0].reverse();
        let shapes = [square("E01000001", 0.0, 51.0, 0.01), turned, square("E01000003", 5.0, 51.0, 0.01)];
        let joined = outline(&shapes, |code| (number(code) < 3).then(|| district(1)));
        assert_eq!(joined.len(), 1);
        assert_eq!(joined[0].polygons[0][0].len(), 7);
    }

    proptest! {
        #[test]
        fn any_grouping_of_a_grid_keeps_its_area(groups in proptest::collection::vec(1usize..4, 20)) {
            let shapes = grid(5, 4, 2, |i, j| [0.3 * ((i * 5 + j * 3) % 7) as f64 / 7.0, 0.2 * ((i + j) % 2) as f64]);
            let districts = outline(&shapes, |code| Some(district(groups[number(code)])));
            let (parts, joined): (f64, f64) = (shapes.iter().map(Shape::area_km2).sum(), districts.iter().map(Shape::area_km2).sum());
            prop_assert!((parts - joined).abs() < 1e-9, "{parts} against {joined}");
        }

        #[test]
        fn no_rings_make_it_panic(corners in proptest::collection::vec((0u8..4, 0u8..4), 0..12), more in proptest::collection::vec((0u8..4, 0u8..4), 0..12)) {
            let ring = |corners: &[(u8, u8)]| corners.iter().map(|(x, y)| [f64::from(*x), f64::from(*y)]).collect::<Ring>();
            let mut shape = square("E01000001", 0.0, 51.0, 0.01);
            shape.polygons = vec![vec![ring(&corners), ring(&more)], vec![]];
            let _ = outline(std::slice::from_ref(&shape), |_| Some(district(1)));
            let _ = crate::place::shape::simplify(&[shape.clone(), shape], 1000.0);
        }
    }
}
