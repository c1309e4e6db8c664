//! Where and when crimes are expected: the fourteen kinds, their seasons and their places.
//!
//! The expected number of records in a month is a plain product (usual number, season, growth,
//! planted step or burst); where they fall is a weight by cell. The weights of violence are scaled
//! so that the planted ratio between the fifths of deprivation holds exactly in expectation, with
//! the hotspots counted in.

use super::calendar::{Month, N_MONTHS};
use super::chance::Chance;
use super::county::{self, County};
use super::deprivation::Deprivation;
use super::outline;
use super::planted;
use super::residents::Residents;

/// A kind of crime as data.police.uk names it, and how it behaves in Wealdmere.
pub(super) struct Kind {
    /// The published name.
    pub(super) name: &'static str,
    /// Records in an ordinary month.
    monthly: f64,
    /// July above, January below the middle of the year, as a share.
    summer: f64,
    /// Growth a year, as a share.
    growth: f64,
    /// Pull of deprivation: the most deprived places have `exp` of it times the least deprived.
    deprivation: f64,
    /// Pull of town centres: how many times over.
    centre: f64,
    /// Scatter between places (standard deviation of the logarithm).
    scatter: f64,
    /// How much of the violence in a hotspot it shares, 0 to 1.
    hotspot: f64,
}

#[expect(clippy::too_many_arguments, reason = "a table of constants")]
const fn kind(name: &'static str, monthly: f64, summer: f64, growth: f64, deprivation: f64, centre: f64, scatter: f64, hotspot: f64) -> Kind {
    Kind { name, monthly, summer, growth, deprivation, centre, scatter, hotspot }
}

/// Anti-social behaviour's place in [`KINDS`].
pub(super) const ASB: usize = 0;
/// Violence's place.
pub(super) const VIOLENCE: usize = 13;
/// Possession of weapons' place.
pub(super) const WEAPONS: usize = 7;
/// Robbery's place.
pub(super) const ROBBERY: usize = 9;
/// Shoplifting's place.
pub(super) const SHOPLIFTING: usize = 10;

/// The fourteen kinds in the police files since May 2013, in alphabetical order.
pub(super) const KINDS: [Kind; 14] = [
    kind("Anti-social behaviour", 640.0, 0.24, -0.03, 1.0, 6.0, 0.6, 0.3),
    kind("Bicycle theft", 52.0, 0.3, -0.05, 0.2, 8.0, 0.7, 0.0),
    kind("Burglary", 140.0, -0.08, -0.05, 0.5, 0.5, 0.6, 0.0),
    kind("Criminal damage and arson", 300.0, 0.06, -0.02, 1.0, 2.5, 0.5, 0.1),
    kind("Drugs", 110.0, 0.05, 0.03, 1.1, 4.0, 0.7, 0.4),
    kind("Other crime", 82.0, 0.02, 0.0, 0.9, 1.0, 0.6, 0.1),
    kind("Other theft", 260.0, 0.05, 0.0, 0.4, 8.0, 0.6, 0.0),
    kind("Possession of weapons", 34.0, 0.0, planted::WEAPONS_GROWTH, 1.0, 1.5, 0.5, 0.5),
    kind("Public order", 290.0, 0.12, -0.04, 1.0, 6.0, 0.5, 0.4),
    kind("Robbery", 46.0, 0.0, 0.0, 1.0, 5.0, 0.5, 0.5),
    kind("Shoplifting", 320.0, 0.0, 0.08, 0.5, 30.0, 1.3, 0.0),
    kind("Theft from the person", 44.0, 0.1, 0.0, 0.2, 25.0, 0.7, 0.1),
    kind("Vehicle crime", 170.0, -0.04, -0.03, 0.4, 0.4, 0.6, 0.0),
    kind("Violence and sexual offences", 1_180.0, planted::VIOLENCE_AMPLITUDE, 0.01, 0.0, 1.0, 0.35, 1.0),
];

/// What is expected where and when.
pub(super) struct Pattern {
    /// `[kind][cell]`, apart from hotspots.
    weights: Vec<Vec<f64>>,
    /// The neighbourhood with planted violence, by cell.
    neighbourhood: Vec<Option<usize>>,
}

impl Pattern {
    /// Works out the pattern of the county.
    pub(super) fn new(county: &County, residents: &Residents, deprivation: &Deprivation) -> Self {
        let chance = &mut Chance::of(county::GEOGRAPHY_SEED, "pattern");
        let n = county.n_cells();
        let people: Vec<f64> = (0..n).map(|cell| f64::from(residents.in_cell(cell))).collect();
        let neighbourhood: Vec<Option<usize>> = (0..n).map(|cell| county.neighbourhood_of(cell)).collect();
        let weights = KINDS
            .iter()
            .enumerate()
            .map(|(number, kind)| {
                let raw: Vec<f64> = (0..n)
                    .map(|cell| {
                        let scatter = chance.normal().clamp(-2.2, 2.2) * kind.scatter;
                        let poor = kind.deprivation * deprivation.share_of_cell(county, cell);
                        let centre = 1.0 + kind.centre * outline::centrality(county.at(cell));
                        people[cell] * centre * libm::exp(poor + scatter)
                    })
                    .collect();
                if number == VIOLENCE { violence(county, deprivation, &people, &neighbourhood, &raw) } else { raw }
            })
            .collect();
        Pattern { weights, neighbourhood }
    }

    /// The weight of each cell for a kind in a month.
    pub(super) fn weights(&self, kind: usize, month: Month) -> Vec<f64> {
        self.weights[kind]
            .iter()
            .zip(&self.neighbourhood)
            .map(|(weight, neighbourhood)| {
                let ratio = neighbourhood.map_or(1.0, |n| planted::violence_ratio(n, month));
                weight * (1.0 + (ratio - 1.0) * KINDS[kind].hotspot)
            })
            .collect()
    }

    /// The number of records expected of a kind in a month.
    pub(super) fn expected(kind: usize, month: Month) -> f64 {
        let Kind { monthly, summer, growth, .. } = KINDS[kind];
        let angle = core::f64::consts::TAU * (f64::from(month.number()) - 7.0) / 12.0;
        let season = match (kind, month.number()) {
            (SHOPLIFTING, 12) => planted::SHOPLIFTING_DECEMBER,
            (SHOPLIFTING, 11) => 1.15,
            (SHOPLIFTING, 1) => 0.85,
            _ => 1.0 + summer * libm::cos(angle),
        };
        let years = month.index() as f64 / 12.0;
        let event = match kind {
            ROBBERY if month >= planted::ROBBERY_STEP => planted::ROBBERY_STEP_RATIO,
            ASB if month == planted::BURST => planted::BURST_RATIO,
            _ => 1.0,
        };
        monthly * season * libm::pow(1.0 + growth, years) * event
    }
}

/// The weights of violence: hotspots at their planted multiple of the rate elsewhere, and the rest
/// scaled fifth by fifth until each fifth of deprivation, hotspots included, is as planted.
fn violence(county: &County, deprivation: &Deprivation, people: &[f64], neighbourhood: &[Option<usize>], raw: &[f64]) -> Vec<f64> {
    // Apart from deprivation and hotspots: the resort is livelier than its deprivation.
    const BY_DISTRICT: [f64; 5] = [1.15, 0.78, 0.76, 1.0, 1.0];
    let average_ratio = |place: usize| {
        let sum: f64 = Month::all().map(|m| planted::violence_ratio(place, m)).sum();
        sum / N_MONTHS as f64
    };
    // Violence per resident elsewhere is the unit, so a hotspot's cell counts its ratio.
    let hot = |cell: usize| neighbourhood[cell].map(|place| people[cell] * average_ratio(place));
    let cells = 0..people.len();
    let in_hotspots: f64 = cells.clone().filter_map(hot).sum();
    let elsewhere: f64 = cells.clone().filter(|&cell| neighbourhood[cell].is_none()).map(|cell| people[cell]).sum();
    let fifth: Vec<usize> = cells.clone().map(|cell| deprivation.fifth_of_cell(county, cell)).collect();
    let mut wanted: Vec<f64> = (0..5)
        .map(|f| {
            let residents: f64 = cells.clone().filter(|&c| fifth[c] == f).map(|c| people[c]).sum();
            residents * planted::VIOLENCE_BY_FIFTH[f]
        })
        .collect();
    let scale = (in_hotspots + elsewhere) / wanted.iter().sum::<f64>();
    wanted.iter_mut().for_each(|w| *w *= scale);
    let mut drawn = [0.0; 5];
    for cell in cells.clone() {
        match hot(cell) {
            Some(violence) => wanted[fifth[cell]] -= violence,
            None => drawn[fifth[cell]] += raw[cell] * BY_DISTRICT[county.district_of[cell]],
        }
    }
    cells
        .map(|cell| match neighbourhood[cell] {
            Some(_) => people[cell],
            None => {
                let f = fifth[cell];
                raw[cell] * BY_DISTRICT[county.district_of[cell]] * wanted[f].max(0.0) / drawn[f]
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn() -> (County, Residents, Deprivation, Pattern) {
        let county = County::new();
        let (residents, deprivation) = planted::settle(&county);
        let pattern = Pattern::new(&county, &residents, &deprivation);
        (county, residents, deprivation, pattern)
    }

    /// Expected violence by cell over some months.
    fn violence_by_cell(pattern: &Pattern, months: &[Month]) -> Vec<f64> {
        let mut sums = vec![0.0; pattern.neighbourhood.len()];
        for &month in months {
            let weights = pattern.weights(VIOLENCE, month);
            let whole: f64 = weights.iter().sum();
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += Pattern::expected(VIOLENCE, month) * weight / whole;
            }
        }
        sums
    }

    #[test]
    fn violence_by_deprivation_is_as_planted() {
        let (county, residents, deprivation, pattern) = drawn();
        let violence = violence_by_cell(&pattern, &Month::all().collect::<Vec<_>>());
        let mut counts = [0.0; 5];
        let mut people = [0.0; 5];
        for (cell, count) in violence.iter().enumerate() {
            let fifth = deprivation.fifth_of_cell(&county, cell);
            counts[fifth] += count;
            people[fifth] += f64::from(residents.in_cell(cell));
        }
        for fifth in 0..5 {
            let ratio = counts[fifth] / people[fifth] / (counts[4] / people[4]);
            let wanted = planted::VIOLENCE_BY_FIFTH[fifth];
            // The season and the moving hotspots shift it by a trace.
            assert!((ratio / wanted - 1.0).abs() < 0.02, "fifth {fifth}: {ratio}");
        }
    }

    #[test]
    fn hotspots_have_six_times_the_rate_of_the_rest() {
        let (county, residents, _, pattern) = drawn();
        let violence = violence_by_cell(&pattern, &[Month::new(2024, 3)]);
        let rate = |cells: &[usize]| {
            let count: f64 = cells.iter().map(|&cell| violence[cell]).sum();
            let people: u32 = cells.iter().map(|&cell| residents.in_cell(cell)).sum();
            count / f64::from(people)
        };
        let rest: Vec<usize> = (0..county.n_cells()).filter(|&cell| county.neighbourhood_of(cell).is_none()).collect();
        let ratios: Vec<f64> = county.neighbourhoods.iter().map(|&ward| rate(&county.wards[ward].cells) / rate(&rest)).collect();
        for (ratio, wanted) in ratios.iter().zip([6.0, 6.0, 1.5, 6.0]) {
            assert!((ratio / wanted - 1.0).abs() < 0.05, "{ratios:?}");
        }
    }

    #[test]
    fn only_the_resort_stands_above_the_county_in_every_year() {
        let (county, residents, _, pattern) = drawn();
        let months: Vec<Month> = Month::all().collect();
        for year in months.chunks(12).chain([months.as_slice()]) {
            let violence = violence_by_cell(&pattern, year);
            let mut counts = [0.0; 5];
            let mut people = [0.0; 5];
            for (cell, count) in violence.iter().enumerate() {
                counts[county.district_of[cell]] += count;
                people[county.district_of[cell]] += f64::from(residents.in_cell(cell));
            }
            let whole = counts.iter().sum::<f64>() / people.iter().sum::<f64>();
            let relative: Vec<f64> = (0..5).map(|d| counts[d] / people[d] / whole).collect();
            assert!(relative[planted::DISTRICT_ABOVE] > 1.25, "{relative:?}");
            for (district, ratio) in relative.iter().enumerate().skip(1) {
                assert!(*ratio < 0.98, "district {district}: {relative:?}");
            }
        }
    }

    #[test]
    fn the_step_the_burst_and_the_growth_are_as_planted() {
        let ratio = |kind, later, sooner| Pattern::expected(kind, later) / Pattern::expected(kind, sooner);
        let before = Month::new(2023, 9);
        assert!((ratio(ROBBERY, planted::ROBBERY_STEP, before) - 1.8).abs() < 1e-9);
        let year = ratio(WEAPONS, Month::new(2024, 4), Month::new(2023, 4));
        assert!((year - 1.25).abs() < 1e-9);
        assert!((ratio(VIOLENCE, Month::new(2022, 7), Month::new(2022, 1)) - 1.5).abs() < 0.02);
        assert!(ratio(ASB, planted::BURST, Month::new(2023, 7)) > 2.0);
    }
}
