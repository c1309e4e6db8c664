//! The county itself: cells gathered into small areas of two vintages, wards and districts.
//!
//! A *cell* is the smallest piece. A small area (LSOA) of 2011 or of 2021 is one cell or a few, and
//! that is how the two vintages differ as the real ones do: a 2011 area of two cells was split when
//! each cell is an area of 2021, two 2011 areas of one cell each were merged when they share an area
//! of 2021, and an irregular change re-deals three cells between two areas.

use super::chance::Chance;
use super::mesh::Mesh;
use super::names;
use super::outline::{self, Point};
use super::small_areas::Areas;
use super::wards;

/// The county's geography is the same whatever the seed of the records: the planted facts name
/// areas, and a test must be able to look for them.
pub(super) const GEOGRAPHY_SEED: u64 = 1;

/// A small area of one vintage.
pub(super) struct SmallArea {
    /// Its code.
    pub(super) code: String,
    /// Its name: district, ward number within it, letter.
    pub(super) name: String,
    /// Its ward.
    pub(super) ward: usize,
    /// Its cells, in order.
    pub(super) cells: Vec<usize>,
}

/// A ward, which in Wealdmere is also what a name's number counts.
pub(super) struct Ward {
    /// Its code.
    pub(super) code: String,
    /// Its name.
    pub(super) name: String,
    /// Its district, 0 to 4.
    pub(super) district: usize,
    /// Its number within the district, from 1.
    pub(super) number: usize,
    /// Its cells, in order.
    pub(super) cells: Vec<usize>,
}

/// How a small area of 2011 became one of 2021.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Nothing changed.
    Unchanged,
    /// One area became several.
    Split,
    /// Several became one.
    Merged,
    /// Borders moved between areas.
    Irregular,
}

impl Change {
    /// The published letter.
    pub(super) fn letter(self) -> &'static str {
        match self {
            Change::Unchanged => "U",
            Change::Split => "S",
            Change::Merged => "M",
            Change::Irregular => "X",
        }
    }
}

/// One row of the look-up between the vintages.
pub(super) struct Bridge {
    /// Index into [`County::lsoa_2011`].
    pub(super) from: usize,
    /// Index into [`County::lsoa_2021`].
    pub(super) to: usize,
    /// What happened.
    pub(super) change: Change,
}

/// A small area next door, known by code, name and a point.
pub(super) struct Outsider {
    /// Its code, the same in both vintages.
    pub(super) code: String,
    /// Its name.
    pub(super) name: String,
    /// A point in it.
    pub(super) at: Point,
}

/// The invented county.
pub(super) struct County {
    /// Cells and their borders.
    pub(super) mesh: Mesh,
    /// Districts by cell, 0 to 4.
    pub(super) district_of: Vec<usize>,
    /// Wards, in code order.
    pub(super) wards: Vec<Ward>,
    /// Small areas of 2011, in code order.
    pub(super) lsoa_2011: Vec<SmallArea>,
    /// Small areas of 2021, in code order.
    pub(super) lsoa_2021: Vec<SmallArea>,
    /// Index into [`County::lsoa_2011`] by cell.
    pub(super) lsoa_2011_of: Vec<usize>,
    /// Index into [`County::lsoa_2021`] by cell.
    pub(super) lsoa_2021_of: Vec<usize>,
    /// The look-up between the two, in order of the 2011 area.
    pub(super) bridges: Vec<Bridge>,
    /// Index of each named neighbourhood's ward, in the order of [`NEIGHBOURHOODS`].
    pub(super) neighbourhoods: Vec<usize>,
    /// Areas next door.
    pub(super) outsiders: Vec<Outsider>,
}

/// A neighbourhood with a name of its own: four cells round a point.
pub(super) struct Neighbourhood {
    /// Its ward's name.
    pub(super) name: &'static str,
    /// Its district, 0 to 4.
    pub(super) district: usize,
    /// Its middle.
    pub(super) at: Point,
}

/// The neighbourhoods where violence is planted.
pub(super) const NEIGHBOURHOODS: [Neighbourhood; 4] = [
    Neighbourhood { name: "Lantern Quay", district: 0, at: Point::new(30.3, 9.9) },
    Neighbourhood { name: "Cloister Gate", district: 1, at: Point::new(36.0, 26.0) },
    Neighbourhood { name: "Ropewalk", district: 0, at: Point::new(28.2, 12.6) },
    Neighbourhood { name: "Tollgate Cross", district: 2, at: Point::new(17.6, 27.4) },
];

impl County {
    /// Draws the county.
    pub(super) fn new() -> Self {
        let mesh = Mesh::new(&mut Chance::of(GEOGRAPHY_SEED, "mesh"));
        let district_of: Vec<usize> = mesh.seeds[..mesh.n_cells].iter().map(|&p| district_at(p)).collect();
        let (wards, neighbourhoods) = wards::draw(&mesh, &district_of);
        let drawn = Areas::draw(&mesh, &wards);
        County {
            mesh,
            district_of,
            wards,
            lsoa_2011: drawn.of_2011,
            lsoa_2021: drawn.of_2021,
            lsoa_2011_of: drawn.index_2011,
            lsoa_2021_of: drawn.index_2021,
            bridges: drawn.bridges,
            neighbourhoods,
            outsiders: draw_outsiders(),
        }
    }

    /// How many cells there are.
    pub(super) fn n_cells(&self) -> usize {
        self.mesh.n_cells
    }

    /// The middle of a cell.
    pub(super) fn at(&self, cell: usize) -> Point {
        self.mesh.seeds[cell]
    }

    /// The neighbourhood with planted violence that a cell lies in.
    pub(super) fn neighbourhood_of(&self, cell: usize) -> Option<usize> {
        self.neighbourhoods.iter().position(|&ward| self.wards[ward].cells.contains(&cell))
    }

    /// The district a small area lies in.
    pub(super) fn district_of_area(&self, area: &SmallArea) -> usize {
        self.wards[area.ward].district
    }
}

/// The district a place belongs to: the resort and the city are compact, the rest of the county
/// goes to the nearest of the three other seats.
fn district_at(p: Point) -> usize {
    let from = |town: usize| p.distance_km(outline::TOWNS[town].at);
    if from(outline::CITY) < 6.0 {
        return 1;
    }
    if from(outline::RESORT) < 6.2 {
        return 0;
    }
    let seats = [(2, from(outline::MARKET_TOWN)), (3, from(3) - 2.0), (4, from(4) + 1.0)];
    seats.iter().min_by(|a, b| a.1.total_cmp(&b.1)).map_or(4, |&(district, _)| district)
}

/// Twelve small areas across the county's northern border.
fn draw_outsiders() -> Vec<Outsider> {
    (0..12)
        .map(|n| Outsider {
            code: names::lsoa_code(names::FIRST_LSOA_OF_NEIGHBOUR + n),
            name: format!("{} {:03}{}", names::NEIGHBOUR_DISTRICT, n / 4 + 1, ["A", "B", "C", "D"][n % 4]),
            at: Point::new(10.0 + 3.0 * n as f64, 46.0 + 1.5 * (n % 3) as f64),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn hangs_together(mesh: &Mesh, cells: &[usize]) -> bool {
        let mut reached = BTreeSet::from([cells[0]]);
        let mut waiting = vec![cells[0]];
        while let Some(cell) = waiting.pop() {
            for other in mesh.neighbours(cell) {
                if cells.contains(&other) && reached.insert(other) {
                    waiting.push(other);
                }
            }
        }
        reached.len() == cells.len()
    }

    #[test]
    fn areas_wards_and_districts_each_hang_together() {
        let county = County::new();
        for area in county.lsoa_2011.iter().chain(&county.lsoa_2021) {
            assert!(hangs_together(&county.mesh, &area.cells), "{}", area.name);
        }
        for ward in &county.wards {
            assert!(hangs_together(&county.mesh, &ward.cells), "{}", ward.name);
            assert!((3..=8).contains(&ward.cells.len()), "{} has {}", ward.name, ward.cells.len());
        }
        for district in 0..5 {
            let cells: Vec<usize> = (0..county.n_cells()).filter(|&cell| county.district_of[cell] == district).collect();
            assert!((40..=85).contains(&cells.len()), "{district} has {}", cells.len());
            assert!(hangs_together(&county.mesh, &cells), "district {district}");
        }
    }

    #[test]
    fn every_cell_is_in_one_area_of_each_vintage_and_the_look_up_joins_them() {
        let county = County::new();
        for cell in 0..county.n_cells() {
            let (old, new) = (county.lsoa_2011_of[cell], county.lsoa_2021_of[cell]);
            assert!(county.lsoa_2011[old].cells.contains(&cell));
            assert!(county.lsoa_2021[new].cells.contains(&cell));
            assert!(county.bridges.iter().any(|b| b.from == old && b.to == new));
        }
        let count = |change| county.bridges.iter().filter(|b| b.change == change).count();
        // Five splits in two and one in three; three mergers; one irregular change of three rows.
        assert_eq!(count(Change::Split), 13);
        assert_eq!(count(Change::Merged), 6);
        assert_eq!(count(Change::Irregular), 3);
        assert!((290..=310).contains(&county.lsoa_2011.len()), "{}", county.lsoa_2011.len());
    }

    #[test]
    fn ward_names_and_codes_do_not_repeat() {
        let county = County::new();
        let names: BTreeSet<_> = county.wards.iter().map(|w| &w.name).collect();
        assert_eq!(names.len(), county.wards.len());
        let codes: BTreeSet<_> = county.lsoa_2021.iter().map(|a| &a.code).collect();
        assert_eq!(codes.len(), county.lsoa_2021.len());
    }
}
