//! Simplifying shared borders once.

use super::{Ring, Shape, bounds, metres_in_a_degree, twice_area};
use std::collections::HashMap;

/// A position's number; equal positions have equal numbers.
type Vertex = u32;

/// Simplifies outlines so that no vertex left out was further than `tolerance_m` metres from the line that replaces it
/// (Douglas and Peucker), each border once for both its sides.
///
/// Rings are cut into arcs where the set of neighbours changes; those cuts always stay, so areas that touched still share
/// the very same positions and no gap opens. An island smaller than the tolerance squared is left out when its area has a
/// larger part; an area's largest part always stays, as a triangle at least. Lines may cross where a strait is narrower
/// than the tolerance: the result is for drawing, never for finding which area a point is in.
///
/// A tolerance that is not a positive number leaves the shapes as they are.
pub fn simplify(shapes: &[Shape], tolerance_m: f64) -> Vec<Shape> {
    let Some(bounds) = bounds(shapes) else {
        return shapes.to_vec();
    };
    if !(tolerance_m > 0.0 && tolerance_m.is_finite()) {
        return shapes.to_vec();
    }
    let scale = metres_in_a_degree((bounds.least[1] + bounds.most[1]) / 2.0);
    let mesh = Mesh::of(shapes);
    let metres: Vec<[f64; 2]> = mesh.positions.iter().map(|p| [p[0] * scale[0], p[1] * scale[1]]).collect();
    let mut simple: Vec<Vec<Vertex>> = mesh.arcs.iter().map(|arc| thin(arc, &metres, tolerance_m)).collect();
    let area_m2 = |ring: &MeshRing, arcs: &[Vec<Vertex>]| {
        let outline: Ring = mesh.assemble(ring, arcs).iter().map(|&v| metres[v as usize]).collect();
        twice_area(&outline).abs() / 2.0
    };
    let least_m2 = tolerance_m * tolerance_m;
    // The largest part of each area must not vanish: force one more vertex into its longest arc, for both its sides.
    for shape in &mesh.shapes {
        let outers = shape.iter().filter_map(|polygon| polygon.first());
        let largest = outers.map(|ring| (area_m2(ring, &mesh.arcs), ring)).max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, ring)) = largest {
            mesh.keep_open(ring, &mut simple, &metres);
        }
    }
    let stays = |ring: &MeshRing, is_largest: bool| {
        let alone = ring.len() == 1 && mesh.uses[ring[0].arc] == 1;
        let is_line = mesh.assemble(ring, &simple).len() < 4;
        is_largest || !(is_line || alone && area_m2(ring, &mesh.arcs) < least_m2)
    };
    shapes
        .iter()
        .zip(&mesh.shapes)
        .map(|(shape, rings)| {
            let areas: Vec<f64> = rings.iter().map(|polygon| polygon.first().map_or(0.0, |ring| area_m2(ring, &mesh.arcs))).collect();
            let largest = (0..areas.len()).rev().max_by(|&i, &j| areas[i].total_cmp(&areas[j]));
            let polygons = rings
                .iter()
                .enumerate()
                .filter(|(i, polygon)| polygon.first().is_some_and(|outer| stays(outer, Some(*i) == largest)))
                .map(|(_, polygon)| {
                    let kept = polygon.iter().enumerate().filter(|(i, ring)| *i == 0 || stays(ring, false));
                    kept.map(|(_, ring)| mesh.assemble(ring, &simple).iter().map(|&v| mesh.positions[v as usize]).collect()).collect()
                })
                .collect();
            Shape { polygons, ..shape.clone() }
        })
        .collect()
}

/// One arc as a ring runs along it.
#[derive(Clone, Copy, Debug)]
struct Step {
    arc: usize,
    backwards: bool,
}

type MeshRing = Vec<Step>;

/// The shapes as rings of shared arcs.
struct Mesh {
    positions: Vec<[f64; 2]>,
    /// Each arc once, in one direction: the one that is smaller as a list of positions.
    arcs: Vec<Vec<Vertex>>,
    /// How many rings run along each arc.
    uses: Vec<u32>,
    shapes: Vec<Vec<Vec<MeshRing>>>,
}

impl Mesh {
    fn of(shapes: &[Shape]) -> Self {
        // Numbers follow the order of the positions, so that comparing numbers is comparing positions: the result cannot
        // depend on the order of the shapes.
        let bits = |p: &[f64; 2]| [p[0] + 0.0, p[1] + 0.0];
        let mut positions: Vec<[f64; 2]> = shapes.iter().flat_map(Shape::positions).map(|p| bits(&p)).collect();
        positions.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
        positions.dedup_by(|a, b| a[0].to_bits() == b[0].to_bits() && a[1].to_bits() == b[1].to_bits());
        let number: HashMap<[u64; 2], Vertex> = positions.iter().zip(0..).map(|(p, i)| (p.map(f64::to_bits), i)).collect();
        // Rings as open cycles of numbers, without standing still.
        let cycles: Vec<Vec<Vec<Vec<Vertex>>>> = shapes
            .iter()
            .map(|shape| {
                let cycle = |ring: &Ring| {
                    let mut cycle: Vec<Vertex> = ring.iter().map(|p| number[&bits(p).map(f64::to_bits)]).collect();
                    cycle.dedup();
                    while cycle.len() > 1 && cycle.first() == cycle.last() {
                        cycle.pop();
                    }
                    cycle
                };
                shape.polygons.iter().map(|polygon| polygon.iter().map(cycle).filter(|cycle| !cycle.is_empty()).collect()).collect()
            })
            .collect();
        let is_junction = junctions(cycles.iter().flatten().flatten(), positions.len());
        let mut mesh = Self { positions, arcs: Vec::new(), uses: Vec::new(), shapes: Vec::new() };
        let mut known: HashMap<Vec<Vertex>, usize> = HashMap::new();
        mesh.shapes = cycles
            .iter()
            .map(|polygons| polygons.iter().map(|rings| rings.iter().map(|cycle| mesh.cut(cycle, &is_junction, &mut known)).collect()).collect())
            .collect();
        mesh
    }

    /// Cuts a cycle at its junctions and files each arc.
    fn cut(&mut self, cycle: &[Vertex], is_junction: &[bool], known: &mut HashMap<Vec<Vertex>, usize>) -> MeshRing {
        let n = cycle.len();
        let start = (0..n).find(|&i| is_junction[cycle[i] as usize]);
        // A ring that touches nothing starts at its smallest position, so that a hole and what fills it agree.
        let start = start.or_else(|| (0..n).min_by_key(|&i| cycle[i])).unwrap_or(0);
        let mut steps = MeshRing::new();
        let mut arc = vec![cycle[start]];
        for k in 1..=n {
            let vertex = cycle[(start + k) % n];
            arc.push(vertex);
            if k == n || is_junction[vertex as usize] {
                steps.push(self.file(std::mem::replace(&mut arc, vec![vertex]), known));
            }
        }
        steps
    }

    fn file(&mut self, mut arc: Vec<Vertex>, known: &mut HashMap<Vec<Vertex>, usize>) -> Step {
        let backwards = arc.iter().rev().lt(arc.iter());
        if backwards {
            arc.reverse();
        }
        let index = *known.entry(arc).or_insert_with_key(|arc| {
            self.arcs.push(arc.clone());
            self.uses.push(0);
            self.arcs.len() - 1
        });
        self.uses[index] += 1;
        Step { arc: index, backwards }
    }

    /// The closed ring that the steps make of the arcs given.
    fn assemble(&self, ring: &MeshRing, arcs: &[Vec<Vertex>]) -> Vec<Vertex> {
        let mut out: Vec<Vertex> = Vec::new();
        for step in ring {
            let arc = &arcs[step.arc];
            let skip = usize::from(!out.is_empty());
            if step.backwards {
                out.extend(arc.iter().rev().skip(skip));
            } else {
                out.extend(arc.iter().skip(skip));
            }
        }
        out
    }

    /// Sees to it that the ring encloses something: puts vertices back into its arcs until it has three corners.
    fn keep_open(&self, ring: &MeshRing, simple: &mut [Vec<Vertex>], metres: &[[f64; 2]]) {
        for _ in 0..2 {
            if self.assemble(ring, simple).len() >= 4 {
                return;
            }
            let furthest = ring
                .iter()
                .filter_map(|step| furthest_left_out(&self.arcs[step.arc], &simple[step.arc], metres).map(|(distance, at)| (distance, step.arc, at)))
                .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
            let Some((_, arc, at)) = furthest else { return };
            // Within an arc no vertex comes twice, but for the two ends of a closed one.
            let last = self.arcs[arc].len() - 1;
            let stays = |i: usize, vertex: &Vertex| i == at || i == 0 || i == last || simple[arc].contains(vertex);
            simple[arc] = self.arcs[arc].iter().enumerate().filter(|(i, vertex)| stays(*i, vertex)).map(|(_, vertex)| *vertex).collect();
        }
    }
}

/// The vertex left out of an arc that lies furthest from what is left of it: its distance and its place in the arc.
fn furthest_left_out(arc: &[Vertex], simple: &[Vertex], metres: &[[f64; 2]]) -> Option<(f64, usize)> {
    let at = |v: Vertex| metres[v as usize];
    (1..arc.len().saturating_sub(1))
        .filter(|&i| !simple.contains(&arc[i]))
        .map(|i| {
            let distance = simple.windows(2).map(|pair| distance(at(arc[i]), at(pair[0]), at(pair[1]))).fold(f64::INFINITY, f64::min);
            (distance, i)
        })
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
}

/// Which vertices are junctions: those where two rings go different ways, or one ring passes twice.
fn junctions<'a>(cycles: impl Iterator<Item = &'a Vec<Vertex>>, n_vertices: usize) -> Vec<bool> {
    const UNSEEN: [Vertex; 2] = [Vertex::MAX; 2];
    let mut ways = vec![UNSEEN; n_vertices];
    let mut is_junction = vec![false; n_vertices];
    for cycle in cycles {
        let n = cycle.len();
        for (i, &vertex) in cycle.iter().enumerate() {
            let (before, after) = (cycle[(i + n - 1) % n], cycle[(i + 1) % n]);
            let way = [before.min(after), before.max(after)];
            let known = &mut ways[vertex as usize];
            if *known == UNSEEN {
                *known = way;
            } else if *known != way {
                is_junction[vertex as usize] = true;
            }
        }
    }
    is_junction
}

/// Douglas and Peucker along one arc; both ends stay.
fn thin(arc: &[Vertex], metres: &[[f64; 2]], tolerance: f64) -> Vec<Vertex> {
    let at = |i: usize| metres[arc[i] as usize];
    let last = arc.len() - 1;
    let mut kept = vec![false; arc.len()];
    (kept[0], kept[last]) = (true, true);
    let mut spans = vec![(0, last)];
    while let Some((from, to)) = spans.pop() {
        // The first of equals, so that the choice is the same on every machine.
        let mut furthest = (0.0, from);
        for i in from + 1..to {
            let distance = distance(at(i), at(from), at(to));
            if distance > furthest.0 {
                furthest = (distance, i);
            }
        }
        if furthest.0 > tolerance {
            kept[furthest.1] = true;
            spans.push((from, furthest.1));
            spans.push((furthest.1, to));
        }
    }
    arc.iter().zip(kept).filter(|(_, kept)| *kept).map(|(vertex, _)| *vertex).collect()
}

/// The distance from a point to the piece of line between two others.
fn distance(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length = dx * dx + dy * dy;
    let t = if length > 0.0 { (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    let (x, y) = (p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
    (x * x + y * y).sqrt()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{grid, square};
    use super::*;
    use crate::place::shape::outline;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Undirected edges with how many rings run along each.
    fn edges(shapes: &[Shape]) -> BTreeMap<[[u64; 2]; 2], u32> {
        let mut edges = BTreeMap::new();
        for ring in shapes.iter().flat_map(|s| s.polygons.iter().flatten()) {
            for pair in ring.windows(2) {
                let mut ends = [pair[0].map(f64::to_bits), pair[1].map(f64::to_bits)];
                ends.sort_unstable();
                *edges.entry(ends).or_default() += 1;
            }
        }
        edges
    }

    proptest! {
        #[test]
        fn no_gap_opens_between_neighbours(
            columns in 1usize..5, rows in 1usize..5, cuts in 1usize..8,
            moves in proptest::collection::vec((-0.3f64..0.3, -0.3f64..0.3), 1..200),
            coarseness in 0.01f64..0.2,
        ) {
            // A fraction of a cell: beyond that whole cells would fold up.
            let tolerance = coarseness * cuts as f64 * 70.0;
            let shapes = grid(columns, rows, cuts, |i, j| { let (x, y) = moves[(i * 31 + j * 17) % moves.len()]; [x, y] });
            let simple = simplify(&shapes, tolerance);
            prop_assert_eq!(simple.len(), shapes.len());
            for shape in &simple {
                prop_assert!(shape.polygons.len() == 1 && shape.polygons[0][0].len() >= 4);
                prop_assert_eq!(shape.polygons[0][0].first(), shape.polygons[0][0].last());
            }
            // An inner border is on two rings, an outer one on one: their numbers agree with the grid's.
            let inner_before = edges(&shapes).values().filter(|n| **n == 2).count();
            let edges_after = edges(&simple);
            prop_assert!(edges_after.values().all(|n| *n <= 2));
            if inner_before > 0 {
                prop_assert!(edges_after.values().any(|n| *n == 2));
            }
            // The whole grid's outline is one ring without a hole: any gap would leave a second.
            let whole = outline(&simple, |_| Some(("E07000001".parse().unwrap(), String::new())));
            prop_assert_eq!(whole.len(), 1);
            prop_assert_eq!(whole[0].polygons.iter().flatten().count(), 1);
            // The order of the shapes does not matter.
            let mut turned = shapes.clone();
            turned.reverse();
            let mut again = simplify(&turned, tolerance);
            again.reverse();
            prop_assert_eq!(again, simple);
        }
    }

    #[test]
    fn a_straight_border_keeps_only_its_ends() {
        let shapes = grid(2, 1, 10, |_, _| [0.0, 0.0]);
        let simple = simplify(&shapes, 5.0);
        // Four corners of a cell; two of them are shared, the other two stay by their angle.
        assert_eq!(simple.iter().map(Shape::n_positions).collect::<Vec<_>>(), [5, 5]);
        assert_eq!(simplify(&shapes, 0.0), shapes);
        assert_eq!(simplify(&shapes, f64::NAN), shapes);
    }

    #[test]
    fn a_small_island_goes_only_when_its_area_has_a_larger_part() {
        let mut shape = square("E07000001", -0.1, 51.0, 0.02);
        let island = square("E07000002", 0.1, 51.0, 0.000_2);
        shape.polygons.push(island.polygons[0].clone());
        let simple = simplify(&[shape, square("E07000003", 0.2, 51.0, 0.000_2)], 500.0);
        assert_eq!(simple[0].polygons.len(), 1);
        assert_eq!(simple[1].polygons.len(), 1);
        assert_eq!(simple[1].polygons[0][0].len(), 4, "a triangle at least");
        assert!(simple[1].area_km2() > 0.0);
    }

    #[test]
    fn a_hole_and_what_fills_it_stay_the_same() {
        let mut outer = square("E07000001", -0.1, 51.0, 0.1);
        let mut ring: Ring = (0..60)
            .map(|k| f64::from(k) * std::f64::consts::TAU / 60.0)
            .map(|t| [-0.05 + 0.01 * libm::cos(t), 51.05 + 0.01 * libm::sin(t)])
            .collect();
        ring.push(ring[0]);
        let mut inner = square("E07000002", 0.0, 0.0, 1.0);
        inner.polygons = vec![vec![ring.clone()]];
        let mut turned = ring[20..].to_vec();
        turned.extend_from_slice(&ring[1..=20]);
        turned.reverse();
        outer.polygons[0].push(turned);
        for tolerance in [20.0, 200.0, 5_000.0] {
            let simple = simplify(&[outer.clone(), inner.clone()], tolerance);
            let sorted = |ring: &Ring| {
                let mut positions: Vec<_> = ring[1..].iter().map(|p| p.map(f64::to_bits)).collect();
                positions.sort_unstable();
                positions
            };
            assert_eq!(sorted(&simple[0].polygons[0][1]), sorted(&simple[1].polygons[0][0]), "{tolerance}");
            assert!(simple[1].n_positions() < 61 && simple[1].n_positions() >= 4);
        }
    }
}
