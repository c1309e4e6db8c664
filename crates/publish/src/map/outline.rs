//! Rings as short SVG paths, and the place inside them where a name stands.

use crate::chart::spot::Area;
use crate::map::projection::Projection;
use std::fmt::Write;

/// Appends a ring to a path: the first point where it is, the others as steps in whole tenths; steps of nothing are left out.
pub(crate) fn write(path: &mut String, projection: &Projection, ring: &[[f64; 2]]) {
    let mut points: Vec<(i64, i64)> = ring.iter().map(|point| projection.tenths(*point)).collect();
    points.dedup();
    if points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    if points.len() < 3 {
        return;
    }
    let _ = write!(path, "M{}", pair(points[0]));
    for (i, step) in points.windows(2).enumerate() {
        let step = (step[1].0 - step[0].0, step[1].1 - step[0].1);
        let words = pair(step);
        // A minus sign parts numbers as well as a space does; after the first step the letter is understood.
        let before = match (i, words.starts_with('-')) {
            (0, _) => "l",
            (_, true) => "",
            (_, false) => " ",
        };
        let _ = write!(path, "{before}{words}");
    }
    path.push('z');
}

fn pair((x, y): (i64, i64)) -> String {
    if y < 0 { format!("{x}{y}") } else { format!("{x} {y}") }
}

/// The rectangle that the rings fill, in units; `None` without a point.
pub(crate) fn extent(projection: &Projection, rings: &[Vec<[f64; 2]>]) -> Option<Area> {
    let points = rings.iter().flatten().map(|point| projection.tenths(*point)).map(|(x, y)| (x as f64 / 10.0, y as f64 / 10.0));
    points.map(|point| Area::around(point, 0.0)).reduce(|all, point| all.with(&point))
}

/// The middle of the largest ring, in units; `None` without a ring of any size. When the centre of gravity lies outside a
/// bent ring, the middle of the widest part at that height is taken.
pub(crate) fn middle(projection: &Projection, rings: &[Vec<[f64; 2]>]) -> Option<(f64, f64)> {
    let rings: Vec<Vec<(f64, f64)>> = rings
        .iter()
        .map(|ring| ring.iter().map(|point| projection.tenths(*point)).map(|(x, y)| (x as f64 / 10.0, y as f64 / 10.0)).collect())
        .collect();
    let (twice_area, ring) =
        rings.iter().map(|ring| (twice_area(ring), ring)).filter(|(area, _)| *area != 0.0).max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()))?;
    let (mut x, mut y) = (0.0, 0.0);
    for (a, b) in edges(ring) {
        let cross = a.0 * b.1 - b.0 * a.1;
        x += (a.0 + b.0) * cross;
        y += (a.1 + b.1) * cross;
    }
    let (x, y) = (x / (3.0 * twice_area), y / (3.0 * twice_area));
    let mut crossings: Vec<f64> =
        edges(ring).filter(|(a, b)| (a.1 <= y) != (b.1 <= y)).map(|(a, b)| a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0)).collect();
    crossings.sort_by(f64::total_cmp);
    let inside = crossings.chunks_exact(2).any(|pair| pair[0] < x && x < pair[1]);
    let widest = crossings.chunks_exact(2).max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])));
    Some((if inside { x } else { widest.map_or(x, |pair| (pair[0] + pair[1]) / 2.0) }, y))
}

fn twice_area(ring: &[(f64, f64)]) -> f64 {
    edges(ring).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum()
}

fn edges(ring: &[(f64, f64)]) -> impl Iterator<Item = ((f64, f64), (f64, f64))> {
    (0..ring.len()).map(|i| (ring[i], ring[(i + 1) % ring.len()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn projection() -> Projection {
        Projection::to_fit([[0.0, 0.0], [1.0, 1.0]].iter(), 108.0, 108.0).unwrap()
    }

    #[test]
    fn a_ring_is_written_in_steps() {
        let mut path = String::new();
        write(&mut path, &projection(), &[[0.0, 1.0], [0.5, 1.0], [0.5, 0.5], [0.0, 1.0]]);
        assert_eq!(path, "M40 40l500 0 0 500z");
    }

    #[test]
    fn a_ring_smaller_than_a_tenth_is_left_out() {
        let mut path = String::new();
        write(&mut path, &projection(), &[[0.0, 1.0], [0.000_01, 1.0], [0.0, 0.999_99]]);
        assert_eq!(path, "");
    }

    #[test]
    fn a_name_stands_inside_a_bent_area() {
        // A horseshoe open to the north: its centre of gravity lies in the gap.
        let shoe = vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.9, 1.0], [0.9, 0.1], [0.1, 0.1], [0.1, 1.0], [0.0, 1.0]];
        let (x, _) = middle(&projection(), &[shoe]).unwrap();
        assert!(!(14.0..=94.0).contains(&x), "{x}");
        assert_eq!(middle(&projection(), &[vec![]]), None);
    }
}
