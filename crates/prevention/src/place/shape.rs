//! Where areas lie: their outlines in degrees, what they cover, and outlines simple enough to draw.
//!
//! Areas that share a border share its very vertices in the published boundaries. Everything here keeps it so: a border
//! is simplified once, for both its sides ([`simplify`]), and districts are made by taking away the borders between
//! their small areas ([`outline`]), not by guessing a union.

mod arcs;
mod dissolve;
mod simple;

pub use arcs::simplify;
pub use dissolve::outline;
pub use simple::{Fault, faults};

use super::code::{AreaCode, Kind, Vintage};

/// A point as longitude and latitude in degrees (WGS84).
pub type Position = [f64; 2];

/// A closed line: its last position repeats its first.
pub type Ring = Vec<Position>;

/// An outer ring and the holes in it.
pub type Polygon = Vec<Ring>;

/// Where one area lies.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// The area's code.
    pub code: AreaCode,
    /// The area's name; empty where the boundaries do not give it.
    pub name: String,
    /// The kind of area, as its code says.
    pub kind: Kind,
    /// The year of the boundaries, where the name of the code's property says it (`LSOA21CD`: 2021).
    pub year: Option<u16>,
    /// The parts of the area: each an outer ring followed by its holes. Rings are closed.
    pub polygons: Vec<Polygon>,
}

/// The smallest rectangle of longitudes and latitudes around something, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The western and southern edge.
    pub least: Position,
    /// The eastern and northern edge.
    pub most: Position,
}

impl Shape {
    /// The census whose LSOA this is, where it is one and the boundaries say.
    pub fn vintage(&self) -> Option<Vintage> {
        match (self.kind, self.year) {
            (Kind::Lsoa, Some(2011)) => Some(Vintage::Lsoa2011),
            (Kind::Lsoa, Some(2021)) => Some(Vintage::Lsoa2021),
            _ => None,
        }
    }

    /// Every position of every ring.
    pub fn positions(&self) -> impl Iterator<Item = Position> + '_ {
        self.polygons.iter().flatten().flatten().copied()
    }

    /// The area in square kilometres on the WGS84 ellipsoid, holes taken away.
    ///
    /// Exact for edges that are straight in an equal-area projection; boundary edges are so short that it makes no difference.
    pub fn area_km2(&self) -> f64 {
        self.polygons
            .iter()
            .map(|polygon| {
                let mut rings = polygon.iter().map(|ring| ring_area_km2(ring).abs());
                let outer = rings.next().unwrap_or(0.0);
                (outer - rings.sum::<f64>()).max(0.0)
            })
            .sum()
    }

    /// The smallest rectangle around the area; `None` when it has no position.
    pub fn bounds(&self) -> Option<Bounds> {
        bounds(std::slice::from_ref(self))
    }

    /// How many positions its rings have.
    pub fn n_positions(&self) -> usize {
        self.polygons.iter().flatten().map(Vec::len).sum()
    }
}

/// The smallest rectangle around all the areas; `None` when there is no position.
pub fn bounds(shapes: &[Shape]) -> Option<Bounds> {
    let mut positions = shapes.iter().flat_map(Shape::positions);
    let first = positions.next()?;
    let mut out = Bounds { least: first, most: first };
    for position in positions {
        let [x, y] = position;
        out.least = [out.least[0].min(x), out.least[1].min(y)];
        out.most = [out.most[0].max(x), out.most[1].max(y)];
    }
    Some(out)
}

/// The signed area within a ring in square kilometres: positive when it runs anticlockwise.
pub fn ring_area_km2(ring: &[Position]) -> f64 {
    // WGS84: semi-major axis in km and first eccentricity squared.
    const A: f64 = 6378.137;
    const E2: f64 = 0.006_694_379_990_141_316;
    let e = E2.sqrt();
    // The equal-area ordinate: twice the area between equator and latitude for one radian of longitude, in units of A².
    let q = |latitude: f64| {
        let sine = libm::sin(latitude.to_radians());
        (1.0 - E2) * (sine / (1.0 - E2 * sine * sine) + libm::atanh(e * sine) / e)
    };
    let mut sum = 0.0;
    for pair in ring.windows(2) {
        sum += (pair[0][0] - pair[1][0]).to_radians() * (q(pair[0][1]) + q(pair[1][1])) / 2.0;
    }
    A * A / 2.0 * sum
}

/// Metres in a degree of longitude and of latitude at a latitude, on a sphere: near enough for tolerances.
pub(crate) fn metres_in_a_degree(latitude: f64) -> [f64; 2] {
    const METRES: f64 = 111_195.0;
    [METRES * libm::cos(latitude.to_radians()), METRES]
}

/// Twice the signed area of a ring in square degrees: only for its sign and for comparing neighbours.
pub(crate) fn twice_area(ring: &[Position]) -> f64 {
    let Some(first) = ring.first() else {
        return 0.0;
    };
    ring.windows(2).map(|p| (p[0][0] - first[0]) * (p[1][1] - first[1]) - (p[1][0] - first[0]) * (p[0][1] - first[1])).sum()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The cells of a grid of `columns` by `rows`, each edge cut into `cuts`, its inner positions moved by `jitter`.
    ///
    /// The same border has the same positions on both sides, as in published boundaries.
    pub fn grid(columns: usize, rows: usize, cuts: usize, jitter: impl Fn(usize, usize) -> Position) -> Vec<Shape> {
        let at = |i: usize, j: usize| {
            let [dx, dy] = jitter(i, j);
            [(i as f64 + dx) * 0.001 - 0.2, (j as f64 + dy) * 0.001 + 51.0]
        };
        let mut shapes = Vec::new();
        for row in 0..rows {
            for column in 0..columns {
                let (x0, y0) = (column * cuts, row * cuts);
                let mut ring: Ring = Vec::new();
                ring.extend((0..cuts).map(|k| at(x0 + k, y0)));
                ring.extend((0..cuts).map(|k| at(x0 + cuts, y0 + k)));
                ring.extend((0..cuts).map(|k| at(x0 + cuts - k, y0 + cuts)));
                ring.extend((0..cuts).map(|k| at(x0, y0 + cuts - k)));
                ring.push(ring[0]);
                let code = format!("E01{:06}", row * columns + column).parse().unwrap();
                shapes.push(Shape { code, name: String::new(), kind: Kind::Lsoa, year: Some(2021), polygons: vec![vec![ring]] });
            }
        }
        shapes
    }

    pub fn square(code: &str, x: f64, y: f64, side: f64) -> Shape {
        let ring = vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]];
        let code: AreaCode = code.parse().unwrap();
        Shape { code, name: String::new(), kind: code.kind().unwrap(), year: None, polygons: vec![vec![ring]] }
    }

    #[test]
    fn an_eighth_of_the_world_has_its_known_area() {
        let mut ring: Ring = (0..=90).map(|x| [f64::from(x), 0.0]).collect();
        ring.extend([[90.0, 90.0], [0.0, 90.0], [0.0, 0.0]]);
        // The surface of WGS84 is 510,065,621.724 km².
        assert!((ring_area_km2(&ring) - 510_065_621.724 / 8.0).abs() < 1.0, "{}", ring_area_km2(&ring));
        ring.reverse();
        assert!(ring_area_km2(&ring) < 0.0);
    }

    #[test]
    fn a_hole_is_taken_away_and_bounds_are_tight() {
        let mut shape = square("E01000001", -0.1, 51.0, 0.02);
        let whole = shape.area_km2();
        let hole = square("E01000002", -0.095, 51.005, 0.01);
        shape.polygons[0].push(hole.polygons[0][0].clone());
        assert!((shape.area_km2() - (whole - hole.area_km2())).abs() < 1e-9);
        // 0.02° at 51° north: about 1.40 km by 2.22 km.
        assert!((whole - 1.404 * 2.225).abs() < 0.01, "{whole}");
        assert_eq!(shape.bounds().unwrap().least, [-0.1, 51.0]);
        assert_eq!(bounds(&[]), None);
    }
}
