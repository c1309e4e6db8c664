//! The pattern of small areas: Voronoi cells whose borders are shared to the last vertex.
//!
//! Seeds are thrown thickly in towns and thinly elsewhere, and mirrored across the outline, so that
//! the edge between a seed and its mirror image *is* the county's border. A Delaunay triangulation
//! (Bowyer 1981, Watson 1981) gives the cells; a cell's corner is the circumcentre of a triangle and
//! is known by its number, so two cells that meet have the very same corners.
//!
//! Straight Voronoi edges do not look like a map, so each is bent by midpoint displacement. The bent
//! edge is kept inside the two triangles that join the straight edge to the seeds on either side.
//! Those triangles tile the plane, therefore no two bent edges can cross.

use std::collections::{BTreeMap, BTreeSet};

use super::chance::Chance;
use super::outline::{self, Point};

/// Cells, and the vertices their borders run through.
pub(super) struct Mesh {
    /// The seeds: the county's own first, then the mirror images outside it.
    pub(super) seeds: Vec<Point>,
    /// How many seeds are the county's own.
    pub(super) n_cells: usize,
    /// Every vertex of every border.
    pub(super) vertices: Vec<Point>,
    /// The border between cells `a < b`, as vertex numbers, anticlockwise as seen from `a`.
    borders: BTreeMap<(usize, usize), Vec<usize>>,
    /// The cells that touch each of the county's own.
    neighbours: Vec<Vec<usize>>,
}

impl Mesh {
    /// The county's mesh.
    pub(super) fn new(chance: &mut Chance) -> Self {
        let line = outline::outline();
        let own = throw_seeds(&line, chance);
        let n_cells = own.len();
        let mut seeds = own;
        seeds.extend(mirror(&seeds, &line, chance));
        let triangles = triangulate(&seeds);
        let mut vertices: Vec<Point> = triangles.iter().map(|t| t.centre).collect();

        // The triangle to the left of each directed edge.
        let mut left_of = BTreeMap::new();
        for (number, triangle) in triangles.iter().enumerate() {
            let [a, b, c] = triangle.corners;
            for edge in [(a, b), (b, c), (c, a)] {
                left_of.insert(edge, number);
            }
        }
        let mut borders = BTreeMap::new();
        let mut neighbours = vec![Vec::new(); n_cells];
        for (&(a, b), &left) in &left_of {
            if a >= n_cells {
                continue;
            }
            neighbours[a].push(b);
            let Some(&right) = left_of.get(&(b, a)) else {
                continue; // only at the far frame, which no cell of the county touches
            };
            if a < b || b >= n_cells {
                let path = bend(&mut vertices, right, left, [seeds[a], seeds[b]], chance);
                borders.insert((a, b), path);
            }
        }
        Mesh { seeds, n_cells, vertices, borders, neighbours }
    }

    /// The county's own cells that touch this one.
    pub(super) fn neighbours(&self, cell: usize) -> impl Iterator<Item = usize> + '_ {
        self.neighbours[cell].iter().copied().filter(|&other| other < self.n_cells)
    }

    /// The border between two touching cells, anticlockwise as seen from the first.
    pub(super) fn border(&self, a: usize, b: usize) -> Vec<usize> {
        if let Some(path) = self.borders.get(&(a, b)) {
            return path.clone();
        }
        let mut path = self.borders.get(&(b, a)).cloned().unwrap_or_default();
        path.reverse();
        path
    }

    /// The rings round a set of cells, as vertex numbers without the closing repeat: outer rings
    /// anticlockwise, holes clockwise.
    pub(super) fn rings(&self, cells: &BTreeSet<usize>) -> Vec<Vec<usize>> {
        let mut pieces = BTreeMap::new();
        for &a in cells {
            for &b in &self.neighbours[a] {
                if !cells.contains(&b) {
                    let path = self.border(a, b);
                    if let Some(&start) = path.first() {
                        pieces.insert(start, path);
                    }
                }
            }
        }
        let mut rings = Vec::new();
        while let Some((_, first)) = pieces.pop_first() {
            let start = first[0];
            let mut ring = first;
            // A piece ends where the next begins; the last ends where the first began.
            while let Some(&end) = ring.last() {
                ring.pop();
                if end == start {
                    break;
                }
                match pieces.remove(&end) {
                    Some(next) => ring.extend(next),
                    None => break,
                }
            }
            rings.push(ring);
        }
        rings
    }

    /// A point inside a cell, well clear of its border.
    pub(super) fn point_within(&self, cell: usize, chance: &mut Chance) -> Point {
        let around = &self.neighbours[cell];
        let other = around[chance.below(around.len())];
        let path = self.border(cell, other);
        let (Some(&first), Some(&last)) = (path.first(), path.last()) else {
            return self.seeds[cell];
        };
        // Bent edges come at most BEND of the way to the seed, so 0.6 of the way out is inside.
        let on_edge = self.vertices[first].towards(self.vertices[last], chance.unit());
        let reach = 0.6 * libm::sqrt(chance.between(0.02, 1.0));
        self.seeds[cell].towards(on_edge, reach)
    }
}

/// The area of a ring in square kilometres: positive when it runs anticlockwise.
pub(super) fn signed_area_km2(ring: &[Point]) -> f64 {
    let twice: f64 = ring
        .iter()
        .enumerate()
        .map(|(i, a)| {
            let b = ring[(i + 1) % ring.len()];
            a.x * b.y - b.x * a.y
        })
        .sum();
    twice / 2.0
}

/// Throws darts at the county and keeps those far enough from the ones before.
fn throw_seeds(line: &[Point], chance: &mut Chance) -> Vec<Point> {
    // Enough that the last few thousand find no room: the county is full.
    const DARTS: usize = 60_000;
    let mut seeds: Vec<Point> = outline::TOWNS.iter().map(|town| town.at).collect();
    for _ in 0..DARTS {
        // Half of the darts go near towns, where room is scarce and soon filled.
        let p = if chance.happens(0.5) {
            let town = &outline::TOWNS[chance.below(outline::TOWNS.len())];
            Point::new(town.at.x + 3.0 * chance.normal(), town.at.y + 3.0 * chance.normal())
        } else {
            Point::new(chance.between(0.0, 60.0), chance.between(0.0, 42.0))
        };
        let room = outline::spacing_km(p);
        if seeds.iter().all(|seed| seed.distance_km(p) >= room)
            && outline::encloses(line, p)
            && outline::nearest_on(line, p).distance_km(p) >= 0.4 * room
        {
            seeds.push(p);
        }
    }
    seeds
}

/// The mirror images across the outline of the seeds near it, a little shaken.
///
/// Two seeds and their images across one straight line lie on one circle, which a triangulation
/// cannot decide; the shake also makes the border less smooth than the outline.
fn mirror(seeds: &[Point], line: &[Point], chance: &mut Chance) -> Vec<Point> {
    const REACH_KM: f64 = 9.0;
    let mut images: Vec<Point> = Vec::new();
    for &seed in seeds {
        let edge = outline::nearest_on(line, seed);
        let km = seed.distance_km(edge);
        if km > REACH_KM {
            continue;
        }
        let shake = 0.12 * km;
        let image = Point::new(2.0 * edge.x - seed.x + shake * chance.normal(), 2.0 * edge.y - seed.y + shake * chance.normal());
        let clear = images.iter().all(|other| other.distance_km(image) > 0.05);
        if clear && !outline::encloses(line, image) {
            images.push(image);
        }
    }
    images
}

/// A Delaunay triangle and its circumcircle.
struct Triangle {
    /// Seed numbers, anticlockwise.
    corners: [usize; 3],
    centre: Point,
    radius_squared: f64,
}

impl Triangle {
    fn new(points: &[Point], corners: [usize; 3]) -> Self {
        let [a, b, c] = corners.map(|i| points[i]);
        // Relative to the first corner, which keeps the sums small.
        let (bx, by, cx, cy) = (b.x - a.x, b.y - a.y, c.x - a.x, c.y - a.y);
        let twice_cross = 2.0 * (bx * cy - by * cx);
        let (b2, c2) = (bx * bx + by * by, cx * cx + cy * cy);
        let (x, y) = ((cy * b2 - by * c2) / twice_cross, (bx * c2 - cx * b2) / twice_cross);
        Triangle { corners, centre: Point::new(a.x + x, a.y + y), radius_squared: x * x + y * y }
    }

    fn circle_holds(&self, p: Point) -> bool {
        let (dx, dy) = (p.x - self.centre.x, p.y - self.centre.y);
        dx * dx + dy * dy < self.radius_squared
    }
}

/// The Delaunay triangulation, by inserting points one at a time; triangles that hang on the far
/// frame are kept, so that every edge between seeds has two sides.
fn triangulate(seeds: &[Point]) -> Vec<Triangle> {
    let n = seeds.len();
    let mut points = seeds.to_vec();
    points.extend([Point::new(-2_000.0, -1_500.0), Point::new(2_060.0, -1_500.0), Point::new(30.0, 3_000.0)]);
    let mut triangles = vec![Triangle::new(&points, [n, n + 1, n + 2])];
    for i in 0..n {
        let mut hole = BTreeSet::new();
        let p = points[i];
        triangles.retain(|triangle| {
            if !triangle.circle_holds(p) {
                return true;
            }
            let [a, b, c] = triangle.corners;
            for (from, to) in [(a, b), (b, c), (c, a)] {
                // An edge met from both sides is inside the hole.
                if !hole.remove(&(to, from)) {
                    hole.insert((from, to));
                }
            }
            false
        });
        for (a, b) in hole {
            triangles.push(Triangle::new(&points, [a, b, i]));
        }
    }
    triangles
}

/// The largest share of the way to a seed that a bent edge may come.
const BEND: f64 = 0.35;

/// Bends the straight edge between two vertices and returns it as vertex numbers.
///
/// The bend is a height above the edge at evenly spaced steps, so it cannot double back; the two
/// seeds mirror each other in the edge, so one limit serves both sides.
fn bend(vertices: &mut Vec<Point>, from: usize, to: usize, seeds: [Point; 2], chance: &mut Chance) -> Vec<usize> {
    let (a, b) = (vertices[from], vertices[to]);
    let length_km = a.distance_km(b);
    let levels = match length_km {
        km if km > 2.2 => 4,
        km if km > 0.9 => 3,
        km if km > 0.35 => 2,
        km if km > 0.15 => 1,
        _ => 0,
    };
    let steps = 1_usize << levels;
    let mut heights = vec![0.0; steps + 1];
    let mut span = steps;
    let mut swing = 0.13 * length_km;
    while span > 1 {
        for left in (0..steps).step_by(span) {
            let middle = (heights[left] + heights[left + span]) / 2.0;
            heights[left + span / 2] = middle + swing * chance.between(-1.0, 1.0);
        }
        span /= 2;
        swing *= 0.55;
    }
    let (ux, uy) = ((b.x - a.x) / length_km, (b.y - a.y) / length_km);
    // Where the seed stands along the edge (0 to 1 is abreast of it), and how far off.
    let (sx, sy) = (seeds[0].x - a.x, seeds[0].y - a.y);
    let foot = (sx * ux + sy * uy) / length_km;
    let off_km = (sx * uy - sy * ux).abs();
    let mut path = vec![from];
    for (step, height) in heights.iter().enumerate().take(steps).skip(1) {
        let t = step as f64 / steps as f64;
        let rising = if foot > 0.0 { t / foot } else { f64::INFINITY };
        let falling = if foot < 1.0 { (1.0 - t) / (1.0 - foot) } else { f64::INFINITY };
        let limit = BEND * off_km * rising.min(falling);
        let height = height.clamp(-limit, limit);
        let on_edge = a.towards(b, t);
        path.push(vertices.len());
        vertices.push(Point::new(on_edge.x - uy * height, on_edge.y + ux * height));
    }
    path.push(to);
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mesh() -> Mesh {
        Mesh::new(&mut Chance::of(1, "mesh"))
    }

    fn points(mesh: &Mesh, ring: &[usize]) -> Vec<Point> {
        ring.iter().map(|&v| mesh.vertices[v]).collect()
    }

    #[test]
    fn the_cells_fill_the_county_and_no_more() {
        let mesh = mesh();
        let all: BTreeSet<usize> = (0..mesh.n_cells).collect();
        let whole: f64 = mesh.rings(&all).iter().map(|ring| signed_area_km2(&points(&mesh, ring))).sum();
        let parts: f64 = all
            .iter()
            .map(|&cell| {
                let rings = mesh.rings(&BTreeSet::from([cell]));
                assert_eq!(rings.len(), 1, "cell {cell} is in one piece");
                let area = signed_area_km2(&points(&mesh, &rings[0]));
                assert!(area > 0.0, "cell {cell} runs anticlockwise");
                area
            })
            .sum();
        assert!((whole - parts).abs() < 1e-6 * whole);
        // The drawn outline encloses about 1,800 square kilometres.
        let drawn = signed_area_km2(&outline::outline());
        assert!((whole / drawn - 1.0).abs() < 0.05, "{whole} of {drawn}");
    }

    #[test]
    fn a_point_within_a_cell_is_enclosed_by_its_border() {
        let mesh = mesh();
        let mut chance = Chance::of(2, "points");
        for cell in 0..mesh.n_cells {
            let ring = points(&mesh, &mesh.rings(&BTreeSet::from([cell]))[0]);
            for _ in 0..10 {
                let p = mesh.point_within(cell, &mut chance);
                assert!(outline::encloses(&ring, p), "cell {cell}");
            }
        }
    }
}
