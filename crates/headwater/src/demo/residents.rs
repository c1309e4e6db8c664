//! Who lives where: counts by single year of age and sex, cell by cell.
//!
//! Both published tables are sums over the same cells, so the two vintages agree to the person. The
//! people are counts only: nobody in the demo has a name, a birthday or a record.

use std::fmt::Write as _;

use super::chance::Chance;
use super::county::{self, Change, County};
use super::names;
use super::outline::{self, Point};

/// Single years of age, 0 to 90 and over.
pub(super) const N_AGES: usize = 91;

/// Residents by cell: `[cell][sex][age]`, females first.
pub(super) struct Residents(Vec<[[u32; N_AGES]; 2]>);

impl Residents {
    /// Peoples the county.
    pub(super) fn new(county: &County) -> Self {
        let chance = &mut Chance::of(county::GEOGRAPHY_SEED, "residents");
        let mut size: Vec<f64> = (0..county.n_cells()).map(|_| (1_620.0 + 220.0 * chance.normal()).clamp(1_150.0, 2_300.0)).collect();
        // Areas are merged because they have become too small, and re-dealt because they are uneven.
        for bridge in &county.bridges {
            let (old, new) = (&county.lsoa_2011[bridge.from], &county.lsoa_2021[bridge.to]);
            if matches!(bridge.change, Change::Merged | Change::Irregular) {
                for &cell in old.cells.iter().filter(|cell| new.cells.contains(cell)) {
                    size[cell] = size[cell].min(820.0 + f64::from(cell as u32 % 7) * 25.0);
                }
            }
        }
        Residents((0..county.n_cells()).map(|cell| people_cell(county, cell, size[cell], chance)).collect())
    }

    /// Everyone in a cell.
    pub(super) fn in_cell(&self, cell: usize) -> u32 {
        self.0[cell].iter().flatten().sum()
    }

    /// One sex and age over some cells.
    fn of(&self, cells: &[usize], sex: usize, age: usize) -> u32 {
        cells.iter().map(|&cell| self.0[cell][sex][age]).sum()
    }

    /// Everyone between two ages (both included) over some cells.
    pub(super) fn aged(&self, cells: &[usize], youngest: usize, oldest: usize) -> u32 {
        (youngest..=oldest).map(|age| self.of(cells, 0, age) + self.of(cells, 1, age)).sum()
    }

    /// The table by LSOA of 2011 and single year of age, persons (columns as the R package that
    /// carries the mid-2020 estimates writes them).
    pub(super) fn csv_2011(&self, county: &County) -> String {
        let mut csv = String::from("\"lsoa11_name\",\"lsoa11_code\",\"total_population\"");
        for age in 0..N_AGES - 1 {
            let _ = write!(csv, ",\"{age}\"");
        }
        csv.push_str(",\"90+\"\n");
        for area in &county.lsoa_2011 {
            let all = self.aged(&area.cells, 0, N_AGES - 1);
            let _ = write!(csv, "\"{}\",\"{}\",{all}", area.name, area.code);
            for age in 0..N_AGES {
                let _ = write!(csv, ",{}", self.aged(&area.cells, age, age));
            }
            csv.push('\n');
        }
        csv
    }

    /// The table by LSOA of 2021, sex and single year of age, with the columns of the published
    /// workbook (`F90` and `M90` are 90 and over).
    pub(super) fn csv_2021(&self, county: &County) -> String {
        let mut csv = String::from("LAD 2021 Code,LAD 2021 Name,LSOA 2021 Code,LSOA 2021 Name,Total");
        for sex in ["F", "M"] {
            for age in 0..N_AGES {
                let _ = write!(csv, ",{sex}{age}");
            }
        }
        csv.push('\n');
        for area in &county.lsoa_2021 {
            let district = county.district_of_area(area);
            let all = self.aged(&area.cells, 0, N_AGES - 1);
            let _ = write!(csv, "{},{},{},{},{all}", names::district_code(district + 1), names::DISTRICTS[district], area.code, area.name);
            for sex in 0..2 {
                for age in 0..N_AGES {
                    let _ = write!(csv, ",{}", self.of(&area.cells, sex, age));
                }
            }
            csv.push('\n');
        }
        csv
    }
}

/// What draws people of some ages to a place: 0 is the average, 1 strongly.
struct Pull {
    students: f64,
    young_adults: f64,
    families: f64,
    retired: f64,
}

fn pull(county: &County, cell: usize) -> Pull {
    let at = county.at(cell);
    let near = |x: f64, y: f64, reach_km: f64| {
        let km = at.distance_km(Point::new(x, y)) / reach_km;
        libm::exp(-km * km)
    };
    let district = county.district_of[cell];
    Pull {
        // The university stands west of the city's middle.
        students: near(34.4, 26.4, 1.3),
        young_adults: outline::centrality(at),
        families: [0.2, 0.5, 0.6, 0.2, 0.2][district],
        retired: [0.6, 0.1, 0.3, 0.8, 0.9][district] * (1.0 - outline::centrality(at)),
    }
}

/// The relative number of people of an age; 1 is an even spread over ages below 60.
fn ages(pull: &Pull, sex: usize, age: usize) -> f64 {
    let years = age as f64;
    let hump = |middle: f64, width: f64| {
        let off = (years - middle) / width;
        libm::exp(-off * off)
    };
    let ageing = match age {
        0..60 => 1.0,
        60..90 => 1.0 - (years - 60.0) / 36.0,
        _ => 0.55,
    };
    // Women outlive men.
    let sex_balance = match (sex, age) {
        (0, 75..) => 1.0 + (years - 75.0) * 0.018,
        (1, 75..) => 1.0 - (years - 75.0) * 0.018,
        _ => 1.0,
    };
    let extra = 7.0 * pull.students * hump(20.0, 2.2)
        + 1.3 * pull.young_adults * hump(28.0, 8.0)
        + 0.5 * pull.families * (hump(7.0, 7.0) + hump(37.0, 8.0))
        + 0.9 * pull.retired * hump(70.0, 12.0);
    ageing * sex_balance * (1.0 + extra)
}

fn people_cell(county: &County, cell: usize, size: f64, chance: &mut Chance) -> [[u32; N_AGES]; 2] {
    let pull = pull(county, cell);
    let mut weights = [[0.0; N_AGES]; 2];
    for (sex, row) in weights.iter_mut().enumerate() {
        for (age, weight) in row.iter_mut().enumerate() {
            *weight = ages(&pull, sex, age) * libm::exp(0.18 * chance.normal());
        }
    }
    let whole: f64 = weights.iter().flatten().sum();
    // Rounding each running total, not each count, keeps the sum right.
    let mut running = 0.0;
    let mut given = 0.0;
    weights.map(|row| {
        row.map(|weight| {
            running += size * weight / whole;
            let count = libm::round(running) - given;
            given += count;
            count as u32
        })
    })
}
