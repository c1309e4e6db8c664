//! Outlines as they come, laid on a fine grid so that "the same corner" is a question about whole numbers.

use std::fmt;

use super::radix::mix;

/// The usual step for longitude and latitude: 10⁻⁷ degrees, about a centimetre.
pub const DEGREES_STEP: f64 = 1e-7;

/// The usual step for coordinates in metres: one millimetre.
pub const METRES_STEP: f64 = 1e-3;

/// No real point is shared by more areas than this; a placeholder coordinate may be.
const MOST_AT_ONE_POINT: usize = 100;

/// The outline of one area: the rings of all its parts, outer borders and holes alike, in any order and direction.
///
/// A ring is a list of corners `[x, y]`; whether the first corner is repeated at the end does not matter. Coordinates
/// may be degrees or metres, as long as all areas use the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outline<'a> {
    /// The rings.
    pub rings: Vec<&'a [[f64; 2]]>,
}

impl<'a> Outline<'a> {
    /// An area of one ring.
    pub fn ring(corners: &'a [[f64; 2]]) -> Self {
        Outline { rings: vec![corners] }
    }
}

/// Why outlines cannot be compared. Areas and rings are given by their place, from 0; the sentence counts from 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OutlineFault {
    /// The grid step or the reach is not a finite number above 0.
    Length {
        /// "step" or "reach".
        name: &'static str,
        /// What was given.
        found: f64,
    },
    /// A coordinate is not a finite number.
    NotFinite {
        /// The area.
        area: usize,
        /// The ring in it.
        ring: usize,
        /// The corner in that.
        corner: usize,
    },
    /// An area has no ring with three different corners.
    Empty {
        /// The area.
        area: usize,
    },
    /// Two areas have the same outline.
    Twice {
        /// The earlier area.
        area: usize,
        /// The later one.
        again: usize,
    },
    /// Very many areas meet in one point, as they do in a placeholder such as (0, 0).
    Crowded {
        /// How many areas.
        areas: usize,
        /// One of them.
        area: usize,
        /// The point.
        at: [f64; 2],
    },
    /// The map is too wide for the step: more than 2³² steps.
    TooFine {
        /// The longer side of the map.
        extent: f64,
        /// The step.
        step: f64,
    },
    /// More than 2³² corners.
    TooMany {
        /// How many.
        corners: usize,
    },
    /// The neighbours belong to another number of areas than there are outlines.
    OtherAreas {
        /// How many outlines.
        outlines: usize,
        /// For how many areas there are neighbours.
        areas: usize,
    },
    /// The reach of a near miss is longer than the borders are detailed.
    FarReach {
        /// The reach.
        reach: f64,
        /// The mean distance from corner to corner.
        mean_edge: f64,
    },
}

impl fmt::Display for OutlineFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            OutlineFault::Length { name, found } => {
                write!(f, "The {name} is {found}; it must be a finite number above 0.")
            }
            OutlineFault::NotFinite { area, ring, corner } => write!(
                f,
                "Area {}, ring {}, corner {}: a coordinate is not a finite number. Mend or remove that corner.",
                area + 1,
                ring + 1,
                corner + 1
            ),
            OutlineFault::Empty { area } => {
                write!(f, "Area {} has no ring with three different corners, so nothing can touch it. Give it an outline or leave it out.", area + 1)
            }
            OutlineFault::Twice { area, again } => write!(f, "Areas {} and {} have the same outline. Remove one of them.", area + 1, again + 1),
            OutlineFault::Crowded { areas, area, at } => write!(
                f,
                "{areas} areas, area {} among them, share the point ({}, {}): it looks like a placeholder, not a border, or the step is too long.",
                area + 1,
                at[0],
                at[1]
            ),
            OutlineFault::TooFine { extent, step } => write!(
                f,
                "The map is {extent} across, more than four thousand million steps of {step}. Use a longer step, or check whether the coordinates are degrees or metres."
            ),
            OutlineFault::TooMany { corners } => write!(f, "There are {corners} corners, more than four thousand million. Simplify the outlines."),
            OutlineFault::OtherAreas { outlines, areas } => {
                write!(f, "There are {outlines} outlines and neighbours for {areas} areas; they belong together one by one.")
            }
            OutlineFault::FarReach { reach, mean_edge } => write!(
                f,
                "The reach of {reach} is longer than the mean distance from corner to corner, {mean_edge}. A near miss is smaller than the detail of the border: use a shorter reach."
            ),
        }
    }
}

impl std::error::Error for OutlineFault {}

/// Outlines on the grid: the corners of all rings in one list, each a whole number, repeats in a row dropped.
pub(super) struct Corners {
    /// Grid position: x in the upper 32 bits, y in the lower, from the corner of the map.
    pub(super) keys: Vec<u64>,
    /// Where each ring begins, and the end of the last one.
    pub(super) rings: Vec<u32>,
    /// For each area its first ring, and the end of the last area.
    pub(super) areas: Vec<u32>,
    step: f64,
    /// The grid position of the map's lower left corner.
    origin: [f64; 2],
}

impl Corners {
    /// Lay outlines on a grid of this step.
    pub(super) fn lay(outlines: &[Outline<'_>], step: f64) -> Result<Self, OutlineFault> {
        check_length("step", step)?;
        let (low, high, count) = bounds(outlines)?;
        let on_grid = |value: f64| (value / step + 0.5).floor();
        let origin = low.map(on_grid);
        let mut corners = Corners { keys: Vec::with_capacity(count), rings: vec![0], areas: vec![0], step, origin };
        if count == 0 {
            return match outlines {
                [] => Ok(corners),
                _ => Err(OutlineFault::Empty { area: 0 }),
            };
        }
        for (from, to) in origin.iter().zip(high.map(on_grid)) {
            if to - from > f64::from(u32::MAX) {
                let extent = f64::max(high[0] - low[0], high[1] - low[1]);
                return Err(OutlineFault::TooFine { extent, step });
            }
        }
        for (area, outline) in outlines.iter().enumerate() {
            let mut has_shape = false;
            for ring in &outline.rings {
                let begin = corners.keys.len();
                for corner in *ring {
                    let x = (on_grid(corner[0]) - origin[0]) as u64;
                    let y = (on_grid(corner[1]) - origin[1]) as u64;
                    let key = x << 32 | y;
                    if corners.keys.len() == begin || corners.keys.last() != Some(&key) {
                        corners.keys.push(key);
                    }
                }
                let mut end = corners.keys.len();
                if end - begin > 1 && corners.keys[begin] == corners.keys[end - 1] {
                    corners.keys.pop();
                    end -= 1;
                }
                has_shape |= end - begin >= 3;
                corners.rings.push(end as u32);
            }
            if !has_shape {
                return Err(OutlineFault::Empty { area });
            }
            corners.areas.push(corners.rings.len() as u32 - 1);
        }
        corners.refuse_repeats()?;
        Ok(corners)
    }

    /// How many areas there are.
    pub(super) fn count(&self) -> usize {
        self.areas.len() - 1
    }

    /// The rings of an area as ranges of [`Corners::keys`].
    pub(super) fn rings_of(&self, area: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
        let rings = self.areas[area] as usize..self.areas[area + 1] as usize;
        rings.map(|ring| self.rings[ring] as usize..self.rings[ring + 1] as usize)
    }

    /// The edges of an area, each as the places of its two corners in [`Corners::keys`].
    pub(super) fn edges_of(&self, area: usize) -> impl Iterator<Item = (usize, usize)> {
        self.rings_of(area).flat_map(|ring| {
            let first = ring.start;
            let last = ring.end;
            ring.filter(move |_| last - first > 1).map(move |at| (at, if at + 1 == last { first } else { at + 1 }))
        })
    }

    /// The coordinates of a grid position.
    pub(super) fn point(&self, key: u64) -> [f64; 2] {
        let x = (key >> 32) as u32;
        let y = key as u32;
        [(self.origin[0] + f64::from(x)) * self.step, (self.origin[1] + f64::from(y)) * self.step]
    }

    /// Refuse a point that is shared by more areas than any real one.
    pub(super) fn refuse_crowd(&self, areas: usize, area: u32, key: u64) -> Result<(), OutlineFault> {
        if areas <= MOST_AT_ONE_POINT {
            return Ok(());
        }
        Err(OutlineFault::Crowded { areas, area: area as usize, at: self.point(key) })
    }

    /// Two areas with the same edges are one area twice. Sums of mixed edges find the candidates; sorted edges decide.
    fn refuse_repeats(&self) -> Result<(), OutlineFault> {
        let mut marks: Vec<(u64, usize)> = (0..self.count())
            .map(|area| {
                let mark = self.edges_of(area).fold(0_u64, |sum, (from, to)| {
                    let (a, b) = self.edge(from, to);
                    sum.wrapping_add(mix(mix(a).rotate_left(23) ^ b))
                });
                (mark, area)
            })
            .collect();
        marks.sort_unstable();
        let mut found: Option<(usize, usize)> = None;
        for alike in marks.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
            let mut shapes: Vec<(Vec<(u64, u64)>, usize)> = alike.iter().map(|&(_, area)| (self.sorted_edges(area), area)).collect();
            shapes.sort();
            for pair in shapes.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
                let pair = (pair[0].1, pair[1].1);
                found = Some(found.map_or(pair, |earlier| earlier.min(pair)));
            }
        }
        match found {
            Some((area, again)) => Err(OutlineFault::Twice { area, again }),
            None => Ok(()),
        }
    }

    fn sorted_edges(&self, area: usize) -> Vec<(u64, u64)> {
        let mut edges: Vec<_> = self.edges_of(area).map(|(from, to)| self.edge(from, to)).collect();
        edges.sort_unstable();
        edges
    }

    fn edge(&self, from: usize, to: usize) -> (u64, u64) {
        let (a, b) = (self.keys[from], self.keys[to]);
        (a.min(b), a.max(b))
    }
}

/// Finite and above zero.
pub(super) fn check_length(name: &'static str, found: f64) -> Result<(), OutlineFault> {
    if found.is_finite() && found > 0.0 { Ok(()) } else { Err(OutlineFault::Length { name, found }) }
}

/// The map's lower left and upper right corner, and how many corners there are: few enough to be numbered in 32 bits.
pub(super) fn bounds(outlines: &[Outline<'_>]) -> Result<([f64; 2], [f64; 2], usize), OutlineFault> {
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    let mut count = 0;
    for (area, outline) in outlines.iter().enumerate() {
        for (ring, corners) in outline.rings.iter().enumerate() {
            count += corners.len();
            for (corner, point) in corners.iter().enumerate() {
                if !(point[0].is_finite() && point[1].is_finite()) {
                    return Err(OutlineFault::NotFinite { area, ring, corner });
                }
                for side in 0..2 {
                    low[side] = low[side].min(point[side]);
                    high[side] = high[side].max(point[side]);
                }
            }
        }
    }
    if count > u32::MAX as usize {
        return Err(OutlineFault::TooMany { corners: count });
    }
    Ok((low, high, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: [[f64; 2]; 5] = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]];

    #[test]
    fn a_closing_corner_and_repeats_in_a_row_are_dropped() {
        let stuttering = [[5.0, 5.0], [6.0, 5.0], [6.0, 5.0], [6.0, 6.0], [5.0, 5.0], [5.0, 5.0]];
        let outlines = [Outline::ring(&SQUARE), Outline::ring(&stuttering)];
        let corners = Corners::lay(&outlines, METRES_STEP).unwrap();
        assert_eq!(corners.rings, [0, 4, 7]);
        assert_eq!(corners.point(corners.keys[4]), [5.0, 5.0]);
        assert_eq!(corners.edges_of(1).last(), Some((6, 4)));
    }

    #[test]
    fn a_coordinate_that_is_not_a_number_is_found() {
        let mut broken = SQUARE;
        broken[2][1] = f64::NAN;
        let outline = Outline { rings: vec![&SQUARE, &broken] };
        let fault = Corners::lay(&[outline], METRES_STEP).err().unwrap();
        assert_eq!(fault.to_string(), "Area 1, ring 2, corner 3: a coordinate is not a finite number. Mend or remove that corner.");
    }

    #[test]
    fn an_area_without_extent_is_refused() {
        let line = [[0.0, 0.0], [1.0, 1.0], [0.0, 0.0]];
        for outline in [Outline::default(), Outline::ring(&line)] {
            let fault = Corners::lay(&[Outline::ring(&SQUARE), outline], METRES_STEP).err();
            assert_eq!(fault, Some(OutlineFault::Empty { area: 1 }));
        }
        let nothing = Corners::lay(&[Outline::default()], METRES_STEP).err();
        assert_eq!(nothing, Some(OutlineFault::Empty { area: 0 }));
    }

    #[test]
    fn the_same_outline_drawn_the_other_way_round_is_found() {
        let other_way = [[1.0, 1.0], [1.0, 0.0], [0.0, 0.0], [0.0, 1.0]];
        let next = SQUARE.map(|[x, y]| [x + 1.0, y]);
        let outlines = [Outline::ring(&next), Outline::ring(&SQUARE), Outline::ring(&other_way)];
        let fault = Corners::lay(&outlines, METRES_STEP).err();
        assert_eq!(fault, Some(OutlineFault::Twice { area: 1, again: 2 }));
    }

    #[test]
    fn metres_with_a_step_of_degrees_are_refused_with_a_hint() {
        let county = SQUARE.map(|[x, y]| [530_000.0 + 100_000.0 * x, 100_000.0 * y]);
        let fault = Corners::lay(&[Outline::ring(&county)], DEGREES_STEP).err().unwrap();
        assert!(fault.to_string().contains("degrees or metres"), "{fault}");
        let step = Corners::lay(&[Outline::ring(&county)], 0.0).err().unwrap();
        assert_eq!(step.to_string(), "The step is 0; it must be a finite number above 0.");
    }
}
