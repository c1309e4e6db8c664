//! Who touches whom: queen (a corner is enough) and rook (an edge is needed).
//!
//! Corners are laid on a fine grid, brought together by a radix sort, and read off in one sweep over flat lists; edges
//! are sorted in the same way by the numbers of their two corners. Nothing is compared with everything, so a national
//! map takes a fraction of a second. See `methods/contiguity.md`.

use super::outline::Corners;
use super::radix::{Keyed, gather, runs};
use super::{Neighbours, Outline, OutlineFault};

/// Neighbours that share at least one corner.
///
/// `step` is the grid on which corners are compared, in the unit of the coordinates
/// ([`DEGREES_STEP`](super::DEGREES_STEP) or [`METRES_STEP`](super::METRES_STEP)): two corners are the same when they
/// round to the same grid point. A border with a corner on one side and none on the other still counts, as long as any
/// corner agrees; where none does, [`near_misses`](super::near_misses) finds it.
///
/// # Errors
/// An [`OutlineFault`] for a coordinate that is not finite, an area without extent, two areas with one outline, a point
/// shared by more than 100 areas, and a step that does not suit the map.
///
/// ```
/// use headwater_statistics::neighbour::{METRES_STEP, Outline, queen, rook};
///
/// // Three squares: the second lies right of the first, the third touches only a corner of the first.
/// let square = |x: f64, y: f64| [[x, y], [x + 1.0, y], [x + 1.0, y + 1.0], [x, y + 1.0]];
/// let squares = [square(0.0, 0.0), square(1.0, 0.0), square(-1.0, 1.0)];
/// let outlines: Vec<Outline> = squares.iter().map(|corners| Outline::ring(corners)).collect();
/// assert_eq!(queen(&outlines, METRES_STEP).unwrap().of(0), [1, 2]);
/// assert_eq!(rook(&outlines, METRES_STEP).unwrap().of(0), [1]);
/// ```
pub fn queen(outlines: &[Outline<'_>], step: f64) -> Result<Neighbours, OutlineFault> {
    let corners = Corners::lay(outlines, step)?;
    let mut entries: Vec<Keyed> = Vec::with_capacity(corners.keys.len());
    for area in 0..corners.count() {
        for ring in corners.rings_of(area) {
            entries.extend(corners.keys[ring].iter().map(|&key| (key, area as u32)));
        }
    }
    gather(&mut entries);
    linked(&corners, &entries, |key| key)
}

/// Neighbours that share at least one edge: two corners in a row, in either direction.
///
/// An edge that one side divides by a further corner is another edge; [`near_misses`](super::near_misses) finds borders
/// that agree nowhere.
///
/// # Errors
/// As for [`queen`].
pub fn rook(outlines: &[Outline<'_>], step: f64) -> Result<Neighbours, OutlineFault> {
    let corners = Corners::lay(outlines, step)?;
    // Corners get numbers first: two numbers of 32 bits fit into one key, two grid positions would not.
    let mut entries: Vec<Keyed> = corners.keys.iter().copied().zip(0..).collect();
    gather(&mut entries);
    let mut number = vec![0_u32; entries.len()];
    let mut key_of = Vec::new();
    for run in runs(&entries) {
        for &(_, at) in run {
            number[at as usize] = key_of.len() as u32;
        }
        key_of.push(run[0].0);
    }
    entries.clear();
    for area in 0..corners.count() {
        entries.extend(corners.edges_of(area).map(|(from, to)| {
            let (a, b) = (number[from], number[to]);
            (u64::from(a.min(b)) << 32 | u64::from(a.max(b)), area as u32)
        }));
    }
    gather(&mut entries);
    linked(&corners, &entries, |edge| key_of[(edge >> 32) as usize])
}

/// Join all areas that appear in one run.
fn linked(corners: &Corners, entries: &[Keyed], key_of: impl Fn(u64) -> u64) -> Result<Neighbours, OutlineFault> {
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let mut here: Vec<u32> = Vec::new();
    for run in runs(entries).filter(|run| run.len() > 1) {
        here.clear();
        here.extend(run.iter().map(|&(_, area)| area));
        // An area may come to a point more than once; its entries stand together.
        here.dedup();
        corners.refuse_crowd(here.len(), here[0], key_of(run[0].0))?;
        for (at, &a) in here.iter().enumerate() {
            pairs.extend(here[at + 1..].iter().map(|&b| (a, b)));
        }
    }
    Ok(Neighbours::from_pairs(corners.count(), &pairs))
}

#[cfg(test)]
mod tests {
    use super::super::{DEGREES_STEP, METRES_STEP};
    use super::*;

    fn square(x: f64, y: f64, side: f64) -> Vec<[f64; 2]> {
        vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side]]
    }

    fn check(areas: &[Vec<Vec<[f64; 2]>>], queens: &[&[u32]], rooks: &[&[u32]]) {
        let outlines: Vec<Outline> = areas.iter().map(|rings| Outline { rings: rings.iter().map(Vec::as_slice).collect() }).collect();
        let by_corner = queen(&outlines, METRES_STEP).unwrap();
        let by_edge = rook(&outlines, METRES_STEP).unwrap();
        for area in 0..areas.len() {
            assert_eq!(by_corner.of(area), queens[area], "queen, area {area}");
            assert_eq!(by_edge.of(area), rooks[area], "rook, area {area}");
        }
    }

    #[test]
    fn an_area_in_the_hole_of_another_touches_it() {
        let ring = vec![square(0.0, 0.0, 3.0), square(1.0, 1.0, 1.0)];
        check(&[ring, vec![square(1.0, 1.0, 1.0)]], &[&[1], &[0]], &[&[1], &[0]]);
    }

    #[test]
    fn every_part_of_an_area_counts() {
        let two_parts = vec![square(0.0, 0.0, 1.0), square(9.0, 0.0, 1.0)];
        let areas = [two_parts, vec![square(1.0, 0.0, 1.0)], vec![square(8.0, 1.0, 1.0)], vec![square(20.0, 20.0, 1.0)]];
        check(&areas, &[&[1, 2], &[0], &[0], &[]], &[&[1], &[0], &[], &[]]);
    }

    #[test]
    fn corners_that_differ_by_less_than_half_a_step_are_the_same() {
        let moved = square(1.000_000_2, 0.0, 1.0);
        let areas = [vec![square(0.0, 0.0, 1.0)], vec![moved]];
        check(&areas, &[&[1], &[0]], &[&[1], &[0]]);
    }

    #[test]
    fn negative_degrees_are_as_good_as_others() {
        let west = square(-0.2, 50.9, 0.1);
        let east = square(-0.1, 50.9, 0.2);
        let outlines = [Outline::ring(&west), Outline::ring(&east)];
        assert_eq!(queen(&outlines, DEGREES_STEP).unwrap().of(1), [0]);
        assert_eq!(rook(&outlines, DEGREES_STEP).unwrap().links(), 0);
    }

    #[test]
    fn a_placeholder_that_all_share_is_refused() {
        let areas: Vec<Vec<[f64; 2]>> = (1..=101)
            .map(|i| {
                let x = f64::from(i);
                vec![[0.0, 0.0], [x, 5_000.0], [x + 0.5, 5_000.0]]
            })
            .collect();
        let outlines: Vec<Outline> = areas.iter().map(|ring| Outline::ring(ring)).collect();
        assert_eq!(
            queen(&outlines, METRES_STEP).unwrap_err().to_string(),
            "101 areas, area 1 among them, share the point (0, 0): it looks like a placeholder, not a border, or the step is too long."
        );
        assert_eq!(queen(&outlines[1..], METRES_STEP).unwrap().count(0), 99);
    }

    #[test]
    fn no_areas_have_no_neighbours() {
        assert_eq!(queen(&[], METRES_STEP).unwrap().areas(), 0);
        assert_eq!(rook(&[], METRES_STEP).unwrap().areas(), 0);
    }
}
