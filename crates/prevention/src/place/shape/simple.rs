//! Whether an area's rings are sound: none crosses, none touches itself.

use super::{Polygon, Position, Ring};
use geo::kernels::{Kernel, RobustKernel};
use geo::{Coord, Orientation};

/// What is wrong with an area's rings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// Two edges cross, or run over one another (a "bow-tie", or parts that overlap).
    Crossing {
        /// Where, as longitude and latitude: a corner of one of the two edges.
        near: Position,
    },
    /// A ring touches itself at a corner.
    TouchesItself {
        /// Where, as longitude and latitude.
        near: Position,
    },
    /// A ring has fewer than three different corners.
    TooFewCorners {
        /// Where, as longitude and latitude; the equator's zero point for a ring without positions.
        near: Position,
    },
}

impl Fault {
    /// The fault as a reader says it.
    pub fn sentence(&self) -> String {
        let (what, near) = match self {
            Self::Crossing { near } => ("two edges cross or overlap", near),
            Self::TouchesItself { near } => ("a ring touches itself", near),
            Self::TooFewCorners { near } => ("a ring has fewer than three corners", near),
        };
        format!("{what} near longitude {:.5}, latitude {:.5}", near[0], near[1])
    }
}

/// One edge of a ring.
struct Edge {
    from: Position,
    to: Position,
    /// Which ring, of all the area's rings.
    ring: usize,
    /// Its place in the ring, and how many edges the ring has.
    place: usize,
    of: usize,
}

/// The first fault of an area's rings of each kind that has one; empty when they are sound.
///
/// Finds what `make_valid` of other programs repairs: crossings and overlaps of any two edges of the area, and rings that
/// touch themselves. Two different rings may touch in a point. Exact: orientation is decided with robust arithmetic.
/// Takes time in proportion to the edges whose longitudes overlap, so that long coastlines stay cheap.
pub fn faults(polygons: &[Polygon]) -> Vec<Fault> {
    let mut found: Vec<Fault> = Vec::new();
    let mut edges: Vec<Edge> = Vec::new();
    for (number, ring) in polygons.iter().flatten().enumerate() {
        let corners = distinct(ring);
        if corners.len() < 3 {
            note(&mut found, Fault::TooFewCorners { near: corners.first().copied().unwrap_or([0.0; 2]) });
            continue;
        }
        let mut sorted = corners.clone();
        sorted.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            note(&mut found, Fault::TouchesItself { near: pair[0] });
        }
        let of = corners.len();
        edges.extend((0..of).map(|place| Edge { from: corners[place], to: corners[(place + 1) % of], ring: number, place, of }));
    }
    edges.sort_unstable_by(|a, b| west(a).total_cmp(&west(b)));
    let mut open: Vec<&Edge> = Vec::new();
    for edge in &edges {
        open.retain(|other| east(other) >= west(edge));
        for other in &open {
            if other.from[1].max(other.to[1]) < edge.from[1].min(edge.to[1]) || other.from[1].min(other.to[1]) > edge.from[1].max(edge.to[1]) {
                continue;
            }
            if let Some(fault) = meeting(other, edge) {
                note(&mut found, fault);
            }
        }
        open.push(edge);
    }
    found
}

fn note(found: &mut Vec<Fault>, fault: Fault) {
    if !found.iter().any(|known| std::mem::discriminant(known) == std::mem::discriminant(&fault)) {
        found.push(fault);
    }
}

fn west(edge: &Edge) -> f64 {
    edge.from[0].min(edge.to[0])
}

fn east(edge: &Edge) -> f64 {
    edge.from[0].max(edge.to[0])
}

/// The ring's corners in order, none standing still, the closing one left out.
fn distinct(ring: &Ring) -> Vec<Position> {
    let mut corners = ring.clone();
    corners.dedup();
    while corners.len() > 1 && corners.first() == corners.last() {
        corners.pop();
    }
    corners
}

fn side(a: Position, b: Position, p: Position) -> Orientation {
    let coord = |p: Position| Coord { x: p[0], y: p[1] };
    RobustKernel::orient2d(coord(a), coord(b), coord(p))
}

/// How two edges meet, where they must not.
fn meeting(a: &Edge, b: &Edge) -> Option<Fault> {
    let sides = [side(a.from, a.to, b.from), side(a.from, a.to, b.to), side(b.from, b.to, a.from), side(b.from, b.to, a.to)];
    let flat = |o: Orientation| o == Orientation::Collinear;
    if sides[0] == sides[1] && !flat(sides[0]) || sides[2] == sides[3] && !flat(sides[2]) {
        return None;
    }
    if sides.iter().all(|o| flat(*o)) {
        // On one line: they overlap if they share more than a point.
        let axis = usize::from((a.from[0] - a.to[0]).abs() < (a.from[1] - a.to[1]).abs());
        let least = a.from[axis].min(a.to[axis]).max(b.from[axis].min(b.to[axis]));
        let most = a.from[axis].max(a.to[axis]).min(b.from[axis].max(b.to[axis]));
        return (most > least).then_some(Fault::Crossing { near: b.from });
    }
    if sides.iter().any(|o| flat(*o)) {
        // They touch. Neighbours in a ring do; so may different rings.
        let shares_corner = a.from == b.from || a.from == b.to || a.to == b.from || a.to == b.to;
        let touches = |edge: &Edge, p: Position| flat(side(edge.from, edge.to, p)) && within(edge, p);
        let near = [(b, a.from), (b, a.to), (a, b.from), (a, b.to)].into_iter().find(|(edge, p)| touches(edge, *p)).map(|(_, p)| p)?;
        let neighbours = a.ring == b.ring && ((a.place + 1) % a.of == b.place || (b.place + 1) % b.of == a.place);
        // A corner met twice by one ring is found among its corners; only a corner on another edge is left to say.
        return (a.ring == b.ring && !neighbours && !shares_corner).then_some(Fault::TouchesItself { near });
    }
    Some(Fault::Crossing { near: b.from })
}

fn within(edge: &Edge, p: Position) -> bool {
    (0..2).all(|axis| p[axis] >= edge.from[axis].min(edge.to[axis]) && p[axis] <= edge.from[axis].max(edge.to[axis]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{LineString, Validation};
    use proptest::prelude::*;

    fn ring(corners: &[(i32, i32)]) -> Ring {
        let mut ring: Ring = corners.iter().map(|(x, y)| [f64::from(*x), f64::from(*y)]).collect();
        if let Some(first) = ring.first().copied() {
            ring.push(first);
        }
        ring
    }

    #[test]
    fn a_bow_tie_a_self_touch_and_an_overlap_are_told_apart() {
        assert!(matches!(faults(&[vec![ring(&[(0, 0), (2, 2), (2, 0), (0, 2)])]])[..], [Fault::Crossing { .. }]));
        let touching = ring(&[(0, 0), (4, 0), (4, 4), (2, 0), (0, 4)]);
        assert_eq!(faults(&[vec![touching]]), [Fault::TouchesItself { near: [2.0, 0.0] }]);
        let spike = ring(&[(0, 0), (4, 0), (4, 4), (2, 4), (2, 6), (2, 4), (0, 4)]);
        assert!(!faults(&[vec![spike]]).is_empty());
        let overlapping = [vec![ring(&[(0, 0), (2, 0), (2, 2), (0, 2)])], vec![ring(&[(1, 1), (3, 1), (3, 3), (1, 3)])]];
        assert!(matches!(faults(&overlapping)[..], [Fault::Crossing { .. }]));
        assert!(matches!(faults(&[vec![ring(&[(0, 0), (1, 1)])]])[..], [Fault::TooFewCorners { .. }]));
        assert!(faults(&[vec![ring(&[(0, 0), (1, 1)])]])[0].sentence().contains("fewer than three"));
    }

    #[test]
    fn a_hole_that_touches_its_outer_ring_in_one_point_is_sound() {
        let outer = ring(&[(0, 0), (8, 0), (8, 8), (0, 8)]);
        assert_eq!(faults(&[vec![outer.clone(), ring(&[(4, 0), (2, 4), (6, 4)])]]), []);
        assert_eq!(faults(&[vec![outer.clone()], vec![ring(&[(8, 8), (9, 8), (9, 9)])]]), []);
        assert_ne!(faults(&[vec![outer, ring(&[(2, 2), (10, 2), (4, 4)])]]), []);
    }

    proptest! {
        #[test]
        fn single_rings_are_judged_as_another_library_judges_them(corners in proptest::collection::vec((0i32..7, 0i32..7), 3..9)) {
            let ring = ring(&corners);
            let other = geo::Polygon::new(LineString::from(ring.iter().map(|p| (p[0], p[1])).collect::<Vec<_>>()), vec![]);
            // That library also calls a position repeated at once a fault; it is harmless and passed over here.
            prop_assume!(ring.windows(2).all(|pair| pair[0] != pair[1]));
            // And it misses some edges that run straight back over themselves.
            let n = ring.len() - 1;
            let runs_back = |i: usize| {
                let (a, b, c) = (ring[i], ring[i + 1], ring[(i + 2) % n]);
                side(a, b, c) == Orientation::Collinear && (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0.0
            };
            prop_assume!(!(0..n).any(runs_back));
            prop_assert_eq!(faults(&[vec![ring.clone()]]).is_empty(), other.is_valid(), "{:?}", ring);
        }
    }
}
