//! How deprived each small area is, in the shape of the English Indices of Deprivation.
//!
//! One hidden measure by cell orders the areas; the index and each domain see it with noise of
//! their own. The areas are spread evenly over the national ranks, so that the county has about as
//! many in each national tenth as in each tenth of its own. Planted: three of the neighbourhoods
//! with violence are among the most deprived twentieth, the fourth is in the second fifth.

use std::fmt::Write as _;

use super::chance::Chance;
use super::county::{self, County, SmallArea};
use super::names;
use super::residents::Residents;

/// The LSOAs ranked in England in 2019.
const N_RANKED_2019: u32 = 32_844;
/// The LSOAs ranked in England in 2025.
const N_RANKED_2025: u32 = 33_755;

/// A domain of the Indices.
struct Domain {
    name: &'static str,
    /// What follows `Score` in the header.
    unit: &'static str,
    /// How loosely it follows the hidden measure.
    noise: f64,
    /// The score of the least deprived area.
    least: f64,
    /// The score of the most deprived area.
    most: f64,
    places: usize,
}

const fn domain(name: &'static str, unit: &'static str, noise: f64, least: f64, most: f64, places: usize) -> Domain {
    Domain { name, unit, noise, least, most, places }
}

const INDEX: usize = 0;

/// The index itself, the seven domains and the two supplementary indices, in published order.
const DOMAINS: [Domain; 10] = [
    domain("Index of Multiple Deprivation (IMD)", "", 0.0, 1.5, 78.0, 3),
    domain("Income", " (rate)", 0.25, 0.01, 0.42, 3),
    domain("Employment", " (rate)", 0.3, 0.01, 0.33, 3),
    domain("Education, Skills and Training", "", 0.5, 0.4, 85.0, 3),
    domain("Health Deprivation and Disability", "", 0.4, -2.6, 2.4, 3),
    domain("Crime", "", 0.5, -2.3, 2.4, 3),
    domain("Barriers to Housing and Services", "", 2.5, 4.0, 52.0, 3),
    domain("Living Environment", "", 1.2, 2.0, 70.0, 3),
    domain("Income Deprivation Affecting Children Index (IDACI)", " (rate)", 0.3, 0.01, 0.55, 3),
    domain("Income Deprivation Affecting Older People (IDAOPI)", " (rate)", 0.45, 0.02, 0.5, 3),
];

/// The Indices of both years.
pub(super) struct Deprivation {
    /// Rank by domain and area of 2011: `[domain][area]`, 1 is most deprived.
    ranks_2019: Vec<Vec<u32>>,
    /// Rank by domain and area of 2021.
    ranks_2025: Vec<Vec<u32>>,
}

impl Deprivation {
    /// Ranks the county's areas.
    pub(super) fn new(county: &County) -> Self {
        let chance = &mut Chance::of(county::GEOGRAPHY_SEED, "deprivation");
        let hidden = hidden_measure(county, chance);
        let mut rank = |areas: &[SmallArea], n_ranked: u32| -> Vec<Vec<u32>> {
            DOMAINS
                .iter()
                .map(|domain| {
                    let seen: Vec<f64> = areas
                        .iter()
                        .map(|area| {
                            let sum: f64 = area.cells.iter().map(|&cell| hidden[cell]).sum();
                            sum / area.cells.len() as f64 + domain.noise * chance.normal()
                        })
                        .collect();
                    spread(&seen, n_ranked, chance)
                })
                .collect()
        };
        Deprivation { ranks_2019: rank(&county.lsoa_2011, N_RANKED_2019), ranks_2025: rank(&county.lsoa_2021, N_RANKED_2025) }
    }

    /// The national fifth of 2019 a cell lies in: 0 is the most deprived.
    pub(super) fn fifth_of_cell(&self, county: &County, cell: usize) -> usize {
        let rank = self.ranks_2019[INDEX][county.lsoa_2011_of[cell]];
        ((decile(rank, N_RANKED_2019) - 1) / 2) as usize
    }

    /// How deprived a cell is, from 0 (least) to 1 (most).
    pub(super) fn share_of_cell(&self, county: &County, cell: usize) -> f64 {
        let rank = self.ranks_2019[INDEX][county.lsoa_2011_of[cell]];
        1.0 - f64::from(rank) / f64::from(N_RANKED_2019)
    }

    /// The Indices of 2019 by LSOA of 2011.
    pub(super) fn csv_2019(&self, county: &County, residents: &Residents) -> String {
        csv(county, residents, &county.lsoa_2011, &self.ranks_2019, N_RANKED_2019, ["2011", "2019", "2015"])
    }

    /// The Indices of 2025 by LSOA of 2021.
    pub(super) fn csv_2025(&self, county: &County, residents: &Residents) -> String {
        csv(county, residents, &county.lsoa_2021, &self.ranks_2025, N_RANKED_2025, ["2021", "2024", "2022"])
    }
}

/// The hidden measure by cell: higher is more deprived.
fn hidden_measure(county: &County, chance: &mut Chance) -> Vec<f64> {
    const BY_DISTRICT: [f64; 5] = [0.75, 0.15, 0.1, -0.35, -0.3];
    let mut hidden: Vec<f64> = (0..county.n_cells())
        .map(|cell| {
            let at = county.at(cell);
            // Two long waves make neighbours alike.
            let alike = 0.45 * libm::sin(at.x / 2.3 + 1.0) * libm::cos(at.y / 2.9) + 0.35 * libm::sin((at.x + at.y) / 1.7);
            BY_DISTRICT[county.district_of[cell]] + alike + 0.45 * chance.normal()
        })
        .collect();
    let mut ordered = hidden.clone();
    ordered.sort_by(|a, b| b.total_cmp(a));
    // Cloister Gate is a city centre: mixed, and not among the poorest.
    let second_fifth = ordered[ordered.len() * 3 / 10];
    for (place, &ward) in county.neighbourhoods.iter().enumerate() {
        for &cell in &county.wards[ward].cells {
            hidden[cell] = if place == 1 { second_fifth + 0.02 * chance.normal() } else { ordered[0] + chance.between(0.1, 0.6) };
        }
    }
    hidden
}

/// Ranks the areas by what is seen of them and spreads the ranks over the nation's.
fn spread(seen: &[f64], n_ranked: u32, chance: &mut Chance) -> Vec<u32> {
    let mut order: Vec<usize> = (0..seen.len()).collect();
    order.sort_by(|&a, &b| seen[b].total_cmp(&seen[a]).then(a.cmp(&b)));
    let mut ranks = vec![0; seen.len()];
    let step = f64::from(n_ranked) / seen.len() as f64;
    for (position, &area) in order.iter().enumerate() {
        // Each has a slot of its own, so no two ranks are equal.
        let slot = position as f64 + chance.between(0.05, 0.95);
        ranks[area] = 1 + (slot * step) as u32;
    }
    ranks
}

/// The national tenth a rank falls in: 1 is the most deprived.
fn decile(rank: u32, n_ranked: u32) -> u32 {
    (rank - 1) * 10 / n_ranked + 1
}

/// A score that goes with a rank: steep among the most deprived, as the published ones are.
fn score(domain: &Domain, rank: u32, n_ranked: u32) -> f64 {
    let p = 1.0 - f64::from(rank) / f64::from(n_ranked);
    // Scores that may be negative are spread evenly; rates and indices bunch low.
    let shape = if domain.least < 0.0 { p } else { p * p * (0.4 + 0.6 * p) };
    domain.least + (domain.most - domain.least) * shape
}

/// The published table of all scores, ranks and deciles with population denominators.
fn csv(
    county: &County,
    residents: &Residents,
    areas: &[SmallArea],
    ranks: &[Vec<u32>],
    n_ranked: u32,
    [lsoa_year, district_year, people_year]: [&str; 3],
) -> String {
    let mut csv = format!(
        "LSOA code ({lsoa_year}),LSOA name ({lsoa_year}),\
         Local Authority District code ({district_year}),\
         Local Authority District name ({district_year})"
    );
    let quoted = |name: String| {
        if name.contains(',') { format!("\"{name}\"") } else { name }
    };
    for Domain { name, unit, .. } in &DOMAINS {
        for column in [
            format!("{name} Score{unit}"),
            format!("{name} Rank (where 1 is most deprived)"),
            format!("{name} Decile (where 1 is most deprived 10% of LSOAs)"),
        ] {
            let _ = write!(csv, ",{}", quoted(column));
        }
    }
    for column in [
        format!("Total population: mid {people_year}"),
        format!("Dependent Children aged 0-15: mid {people_year}"),
        format!("Older population aged 60 and over: mid {people_year}"),
    ] {
        let _ = write!(csv, ",{column}");
        if lsoa_year == "2011" {
            csv.push_str(" (excluding prisoners)");
        }
    }
    csv.push('\n');
    for (i, area) in areas.iter().enumerate() {
        let district = county.district_of_area(area);
        let _ = write!(csv, "{},{},{},{}", area.code, area.name, names::district_code(district + 1), names::DISTRICTS[district]);
        for (domain, ranks) in DOMAINS.iter().zip(ranks) {
            let rank = ranks[i];
            let _ = write!(csv, ",{:.*},{rank},{}", domain.places, score(domain, rank, n_ranked), decile(rank, n_ranked));
        }
        for (youngest, oldest) in [(0, 90), (0, 15), (60, 90)] {
            let _ = write!(csv, ",{}", residents.aged(&area.cells, youngest, oldest));
        }
        csv.push('\n');
    }
    csv
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_become_the_published_deciles() {
        assert_eq!(decile(1, N_RANKED_2019), 1);
        assert_eq!(decile(3_284, N_RANKED_2019), 1);
        assert_eq!(decile(3_286, N_RANKED_2019), 2);
        assert_eq!(decile(N_RANKED_2019, N_RANKED_2019), 10);
    }

    #[test]
    fn ranks_are_spread_without_ties() {
        let mut ranks = spread(&[0.4, 2.0, -1.0, 0.4], 33_755, &mut Chance::of(1, "ranks"));
        assert!(ranks[1] < ranks[0] && ranks[0] < ranks[2]);
        ranks.sort_unstable();
        ranks.dedup();
        assert_eq!(ranks.len(), 4);
    }
}
