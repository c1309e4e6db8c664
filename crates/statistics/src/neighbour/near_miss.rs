//! Borders that should meet and do not: gaps and slivers that exact matching passes over in silence.

use super::outline::{bounds, check_length};
use super::{Neighbours, Outline, OutlineFault};

/// Two areas that do not share a corner although their borders come very close.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NearMiss {
    /// The earlier area.
    pub area: usize,
    /// The later area.
    pub other: usize,
    /// The shortest distance from a corner of one to the border of the other, in the unit of the coordinates; 0 where
    /// a corner lies on the other's border between two of its corners.
    pub distance: f64,
    /// The corner where it was measured.
    pub at: [f64; 2],
}

/// All pairs of areas that are not `known` neighbours but have a corner of one within `reach` of the border of the other.
///
/// Read the list, then join the pairs that belong together with [`Neighbours::joined`]. Distances are plain distances in
/// the unit of the coordinates, so degrees east count as much as degrees north. Pairs are in rising order; of several
/// corners the closest is given. Borders that cross without a corner near the crossing are not found: they are an
/// overlap, not a near miss.
///
/// # Errors
/// An [`OutlineFault`] for a coordinate that is not finite, for neighbours of another map, and for a reach longer than
/// the mean distance from corner to corner.
///
/// ```
/// use headwater_statistics::neighbour::{METRES_STEP, Outline, near_misses, queen};
///
/// let left = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
/// let right = [[1.02, 0.0], [2.0, 0.0], [2.0, 1.0], [1.02, 1.0]]; // a gap of two centimetres
/// let outlines = [Outline::ring(&left), Outline::ring(&right)];
/// let touching = queen(&outlines, METRES_STEP).unwrap();
/// assert_eq!(touching.islands(), [0, 1]);
/// let missed = near_misses(&outlines, &touching, 0.05).unwrap();
/// assert_eq!((missed[0].area, missed[0].other), (0, 1));
/// assert!((missed[0].distance - 0.02).abs() < 1e-9);
/// ```
pub fn near_misses(outlines: &[Outline<'_>], known: &Neighbours, reach: f64) -> Result<Vec<NearMiss>, OutlineFault> {
    check_length("reach", reach)?;
    if known.areas() != outlines.len() {
        return Err(OutlineFault::OtherAreas { outlines: outlines.len(), areas: known.areas() });
    }
    let edges = Edges::of(outlines)?;
    let mut found: Vec<NearMiss> = Vec::new();
    let Some(grid) = Grid::over(&edges, reach)? else {
        return Ok(found);
    };
    // Each corner begins one edge, so the beginnings of all edges are all corners.
    for (edge, &area) in edges.owner.iter().enumerate() {
        let corner = edges.ends[edge].0;
        for &other_edge in grid.cell(corner) {
            let other = edges.owner[other_edge as usize];
            if other == area {
                continue;
            }
            let square = square_distance(corner, edges.ends[other_edge as usize], reach);
            if square <= reach * reach && !known.touches(area as usize, other as usize) {
                found.push(NearMiss { area: area.min(other) as usize, other: area.max(other) as usize, distance: libm::sqrt(square), at: corner });
            }
        }
    }
    found.sort_by(|a, b| {
        (a.area, a.other)
            .cmp(&(b.area, b.other))
            .then(a.distance.total_cmp(&b.distance))
            .then(a.at[0].total_cmp(&b.at[0]))
            .then(a.at[1].total_cmp(&b.at[1]))
    });
    found.dedup_by_key(|miss| (miss.area, miss.other));
    Ok(found)
}

/// All edges of all areas, and the map's corners.
struct Edges {
    ends: Vec<([f64; 2], [f64; 2])>,
    owner: Vec<u32>,
    mean_length: f64,
    low: [f64; 2],
    high: [f64; 2],
}

impl Edges {
    fn of(outlines: &[Outline<'_>]) -> Result<Self, OutlineFault> {
        let (low, high, corners) = bounds(outlines)?;
        let mut edges = Edges { ends: Vec::with_capacity(corners), owner: Vec::with_capacity(corners), mean_length: 0.0, low, high };
        let mut length = 0.0;
        for (area, outline) in outlines.iter().enumerate() {
            for ring in &outline.rings {
                let ends = ring.iter().zip(ring.iter().cycle().skip(1));
                for (&from, &to) in ends.filter(|(from, to)| from != to) {
                    let (x, y) = (to[0] - from[0], to[1] - from[1]);
                    length += libm::sqrt(x * x + y * y);
                    edges.ends.push((from, to));
                    edges.owner.push(area as u32);
                }
            }
        }
        edges.mean_length = length / edges.ends.len().max(1) as f64;
        Ok(edges)
    }
}

/// Square cells, each with the edges that come within the reach of it.
struct Grid {
    low: [f64; 2],
    side: f64,
    columns: usize,
    rows: usize,
    offsets: Vec<usize>,
    entries: Vec<u32>,
}

impl Grid {
    /// `None` without edges.
    fn over(edges: &Edges, reach: f64) -> Result<Option<Self>, OutlineFault> {
        if edges.ends.is_empty() {
            return Ok(None);
        }
        if reach > edges.mean_length {
            return Err(OutlineFault::FarReach { reach, mean_edge: edges.mean_length });
        }
        let (low, high) = (edges.low, edges.high);
        let extent = f64::max(high[0] - low[0], high[1] - low[1]);
        // Not more cells than edges, and none shorter than an edge usually is: then both lists stay short.
        let side = f64::max(edges.mean_length, extent / libm::sqrt(edges.ends.len() as f64));
        let mut grid = Grid {
            low,
            side,
            columns: ((high[0] - low[0]) / side) as usize + 1,
            rows: ((high[1] - low[1]) / side) as usize + 1,
            offsets: Vec::new(),
            entries: Vec::new(),
        };
        grid.offsets = vec![0; grid.columns * grid.rows + 1];
        let mut sizes = vec![0_usize; grid.columns * grid.rows];
        for ends in &edges.ends {
            grid.cells_near(*ends, reach, |cell| sizes[cell] += 1);
        }
        for (cell, size) in sizes.iter().enumerate() {
            grid.offsets[cell + 1] = grid.offsets[cell] + size;
        }
        let mut next = grid.offsets.clone();
        let mut entries = vec![0_u32; grid.offsets[sizes.len()]];
        for (edge, ends) in edges.ends.iter().enumerate() {
            grid.cells_near(*ends, reach, |cell| {
                entries[next[cell]] = edge as u32;
                next[cell] += 1;
            });
        }
        grid.entries = entries;
        Ok(Some(grid))
    }

    fn column(&self, x: f64) -> usize {
        // The cast takes what lies left of the map to 0.
        (((x - self.low[0]) / self.side) as usize).min(self.columns - 1)
    }

    fn row(&self, y: f64) -> usize {
        (((y - self.low[1]) / self.side) as usize).min(self.rows - 1)
    }

    fn cell(&self, point: [f64; 2]) -> &[u32] {
        let cell = self.row(point[1]) * self.columns + self.column(point[0]);
        &self.entries[self.offsets[cell]..self.offsets[cell + 1]]
    }

    /// The cells within the reach of an edge: row by row, the columns of that part of the edge that lies in the row.
    fn cells_near(&self, (from, to): ([f64; 2], [f64; 2]), reach: f64, mut visit: impl FnMut(usize)) {
        let (lower, upper) = if from[1] <= to[1] { (from, to) } else { (to, from) };
        let rise = upper[1] - lower[1];
        let x_at = |y: f64| {
            let share = if rise > 0.0 { ((y - lower[1]) / rise).clamp(0.0, 1.0) } else { 0.0 };
            lower[0] + share * (upper[0] - lower[0])
        };
        for row in self.row(lower[1] - reach)..=self.row(upper[1] + reach) {
            let (mut left, mut right) = (lower[0].min(upper[0]), lower[0].max(upper[0]));
            if rise > self.side {
                // A long edge is in few columns of each row; a tenth of a cell covers rounding.
                let bottom = self.low[1] + row as f64 * self.side;
                let slack = reach + 0.1 * self.side;
                let ends = [x_at(bottom - slack), x_at(bottom + self.side + slack)];
                left = left.max(ends[0].min(ends[1]));
                right = right.min(ends[0].max(ends[1]));
            }
            for column in self.column(left - reach)..=self.column(right + reach) {
                visit(row * self.columns + column);
            }
        }
    }
}

/// The square of the distance from a point to the nearest point of an edge; infinite where the edge's box is already
/// farther than the reach, which nearly always settles it.
fn square_distance(point: [f64; 2], (from, to): ([f64; 2], [f64; 2]), reach: f64) -> f64 {
    for side in 0..2 {
        let (low, high) = (from[side].min(to[side]), from[side].max(to[side]));
        if point[side] < low - reach || point[side] > high + reach {
            return f64::INFINITY;
        }
    }
    let along = [to[0] - from[0], to[1] - from[1]];
    let away = [point[0] - from[0], point[1] - from[1]];
    // An edge has two different ends; where their squares vanish all the same, its beginning is as good as any point.
    let length_square = along[0] * along[0] + along[1] * along[1];
    let share = if length_square > 0.0 { ((away[0] * along[0] + away[1] * along[1]) / length_square).clamp(0.0, 1.0) } else { 0.0 };
    let (x, y) = (away[0] - share * along[0], away[1] - share * along[1]);
    x * x + y * y
}

#[cfg(test)]
mod tests {
    use super::super::{METRES_STEP, queen};
    use super::*;

    fn misses(areas: &[Vec<[f64; 2]>], reach: f64) -> Result<Vec<NearMiss>, OutlineFault> {
        let outlines: Vec<Outline> = areas.iter().map(|ring| Outline::ring(ring)).collect();
        let known = queen(&outlines, METRES_STEP).unwrap();
        near_misses(&outlines, &known, reach)
    }

    fn square(x: f64, y: f64) -> Vec<[f64; 2]> {
        vec![[x, y], [x + 1.0, y], [x + 1.0, y + 1.0], [x, y + 1.0]]
    }

    #[test]
    fn a_corner_on_the_middle_of_an_edge_is_a_miss_of_nothing() {
        let found = misses(&[square(0.0, 0.0), square(1.0, 0.5)], 0.01).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].area, found[0].other), (0, 1));
        assert!(found[0].distance < 1e-9);
    }

    #[test]
    fn neighbours_and_far_areas_are_not_reported() {
        let areas = [square(0.0, 0.0), square(1.0, 0.0), square(2.5, 0.0)];
        assert_eq!(misses(&areas, 0.4).unwrap(), []);
        assert_eq!(misses(&areas, 0.6).unwrap().len(), 1);
    }

    #[test]
    fn a_long_edge_is_found_from_anywhere_along_it() {
        let mut areas = vec![vec![[0.0, 0.0], [90.0, 60.0], [0.0, 60.0]]];
        for i in 1..9 {
            // One step right of the slope and a hundredth below it.
            let (x, y) = (f64::from(i) * 10.0, f64::from(i) * 10.0 / 1.5 - 0.01);
            areas.push(vec![[x, y], [x + 1.0, y - 1.0], [x, y - 1.0]]);
        }
        let found = misses(&areas, 0.02).unwrap();
        let others: Vec<usize> = found.iter().map(|miss| miss.other).collect();
        assert_eq!(others, [1, 2, 3, 4, 5, 6, 7, 8]);
        assert!(found.iter().all(|miss| miss.area == 0));
    }

    #[test]
    fn a_tip_is_found_on_every_side_of_a_bar_wherever_cells_begin() {
        for shift in 0..400 {
            let h = f64::from(shift) * 0.01;
            // A bar with corners far from the tip, and two far squares that hold the map's extent still.
            let bar = [[3.0, 3.0 + h], [6.0, 3.0 + h], [6.0, 3.5 + h], [3.0, 3.5 + h]];
            for (tip, away) in [(2.99 + h, -0.3), (3.51 + h, 0.3)] {
                let point = [[4.5, tip], [4.6, tip + away], [4.4, tip + away]];
                for turned in [false, true] {
                    let turn = |[x, y]: [f64; 2]| if turned { [y, x] } else { [x, y] };
                    let areas = [bar.map(turn).to_vec(), point.map(turn).to_vec(), square(0.0, 0.0), square(9.0, 9.0)];
                    let found = misses(&areas, 0.02).unwrap();
                    assert_eq!(found.len(), 1, "{tip} {turned}");
                    assert!((found[0].distance - 0.01).abs() < 1e-9);
                }
            }
        }
    }

    #[test]
    fn a_reach_beyond_the_detail_of_the_border_is_refused() {
        let fault = misses(&[square(0.0, 0.0), square(5.0, 0.0)], 1.5).unwrap_err();
        assert!(matches!(fault, OutlineFault::FarReach { mean_edge, .. } if (mean_edge - 1.0).abs() < 1e-9));
    }

    #[test]
    fn neighbours_of_another_map_are_refused() {
        let known = Neighbours::from_lists(&[vec![], vec![]]).unwrap();
        let fault = near_misses(&[], &known, 1.0).unwrap_err();
        assert_eq!(fault.to_string(), "There are 0 outlines and neighbours for 2 areas; they belong together one by one.");
        let none = Neighbours::from_lists(&[]).unwrap();
        assert_eq!(near_misses(&[], &none, 1.0), Ok(vec![]));
    }
}
