//! Records of one force counted by LSOA, crime type and month, on one set of boundaries, with nothing lost.

use crate::evidence::Evidence;
use crate::period::{Month, Period};
use crate::place::{AreaCode, Kind, Vintage};
use crate::source::street::CrimeType;
use std::collections::BTreeMap;

/// Where the records of a period went: the parts add up to the total exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciliation {
    /// All records of the force in the period.
    pub n_total: u64,
    /// Records in an LSOA of the force area.
    pub n_in_area: u64,
    /// Records in an LSOA of another force area.
    pub n_outside: u64,
    /// Records without an LSOA.
    pub n_without_place: u64,
    /// Records with an LSOA code that no look-up knows, or that could not be carried to the other vintage.
    pub n_unknown: u64,
    /// Records in the area that were carried from LSOAs of one census to those of the other.
    pub n_carried: u64,
    /// Records among these that lie in an area which was split, and were shared by population.
    pub n_shared: u64,
}

impl Reconciliation {
    /// Whether the parts add up.
    pub fn agrees(&self) -> bool {
        self.n_total == self.n_in_area + self.n_outside + self.n_without_place + self.n_unknown
    }
}

/// The counts of one force in one period.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The period.
    pub period: Period,
    /// The months of the period in order.
    pub months: Vec<Month>,
    /// Which of them the force supplied: the others are gaps.
    pub supplied: Vec<bool>,
    /// The boundaries on which the records are counted.
    pub vintage: Vintage,
    /// The LSOAs of the force area on these boundaries, in code order.
    pub lsoas: Vec<AreaCode>,
    /// How all records are accounted for.
    pub reconciliation: Reconciliation,
    placed: Vec<u32>,
    all: Vec<u64>,
    outside: Vec<u64>,
}

/// Counts the records that a force reported in a period.
///
/// The boundaries are those of the LSOA codes in the last month supplied; months with codes of the other census are carried
/// over by the look-up, areas that were split being shared by population (see [`crate::place::Bridge::carry`]). Codes of 2021 are never
/// carried back to 2011.
///
/// # Errors
/// Says what is missing: no file for the force and period, or no look-up that places the LSOAs in the force area.
pub fn count(evidence: &Evidence, force: &str, force_area: AreaCode, period: Period) -> Result<Counted, String> {
    let months: Vec<Month> = period.months().collect();
    let supplied: Vec<bool> = months.iter().map(|month| evidence.speaks(force, *month).is_some()).collect();
    if !supplied.contains(&true) {
        return Err(format!("no street crime of {force} between {}: add the files with `source add`", period.name()));
    }
    let mut vintages = BTreeMap::new();
    for file in &evidence.street {
        vintages.insert((file.extract, file.name.as_str()), evidence.vintage(file));
    }
    let vintage_of =
        |month: Month| evidence.speaks(force, month).and_then(|file| vintages.get(&(file.extract, file.name.as_str())).copied().flatten());
    let vintage = months.iter().rev().find_map(|month| vintage_of(*month)).unwrap_or(Vintage::Lsoa2021);
    let lsoas = evidence.lsoas_in(force_area, vintage);
    if lsoas.is_empty() {
        return Err(format!(
            "no {vintage} is known to lie in {force_area}: add a look-up of LSOAs to local authorities and one of local authorities to police force areas"
        ));
    }
    let (n_types, n_months) = (CrimeType::COUNT, months.len());
    let mut out = Counted {
        period,
        supplied,
        vintage,
        reconciliation: Reconciliation::default(),
        placed: vec![0; lsoas.len() * n_types * n_months],
        all: vec![0; n_types * n_months],
        outside: vec![0; n_types * n_months],
        months,
        lsoas,
    };
    // Counts to be carried: by old LSOA and type, a series over the months.
    let mut to_carry: BTreeMap<(AreaCode, usize), Vec<u64>> = BTreeMap::new();
    for (m, month) in out.months.clone().into_iter().enumerate() {
        let Some(file) = evidence.speaks(force, month) else { continue };
        let counts = file.read.counts();
        for cell in counts.cells().filter(|cell| cell.month == month && counts.forces()[cell.force] == force) {
            let t = cell.crime_type as usize;
            out.all[t * n_months + m] += cell.n;
            out.reconciliation.n_total += cell.n;
            match cell.lsoa {
                None => out.reconciliation.n_without_place += cell.n,
                Some(lsoa) if out.lsoas.binary_search(&lsoa).is_ok() => out.place(lsoa, t, m, cell.n),
                Some(lsoa) => match evidence.nesting.parent(lsoa, Kind::PoliceForceArea) {
                    None => out.reconciliation.n_unknown += cell.n,
                    Some(area) if area != force_area => {
                        out.reconciliation.n_outside += cell.n;
                        out.outside[t * n_months + m] += cell.n;
                    }
                    Some(_) => to_carry.entry((lsoa, t)).or_insert_with(|| vec![0; n_months])[m] += cell.n,
                },
            }
        }
    }
    let population: BTreeMap<AreaCode, f64> = evidence
        .population_for(vintage, period.last())
        .map(|file| file.read.records.iter().map(|r| (r.lsoa, f64::from(r.total))).collect())
        .unwrap_or_default();
    for ((lsoa, t), series) in to_carry {
        let n: u64 = series.iter().sum();
        let carried = if vintage == Vintage::Lsoa2021 { evidence.bridge.carry(lsoa, &series, |to| population.get(&to).copied()) } else { None };
        match carried {
            Some(parts) if parts.iter().all(|(to, _)| out.lsoas.binary_search(to).is_ok()) => {
                out.reconciliation.n_carried += n;
                out.reconciliation.n_shared += if parts.len() > 1 { n } else { 0 };
                for (to, part) in parts {
                    for (m, n) in part.into_iter().enumerate() {
                        out.place(to, t, m, n);
                    }
                }
            }
            _ => out.reconciliation.n_unknown += n,
        }
    }
    debug_assert!(out.reconciliation.agrees());
    Ok(out)
}

impl Counted {
    fn place(&mut self, lsoa: AreaCode, t: usize, m: usize, n: u64) {
        if let Ok(i) = self.lsoas.binary_search(&lsoa) {
            let n_months = self.months.len();
            self.placed[(i * CrimeType::COUNT + t) * n_months + m] += n as u32;
            self.reconciliation.n_in_area += n;
        }
    }

    /// All records of the force by month, wherever they are placed; `None` is a month that was not supplied.
    pub fn series_of_force(&self, types: &[CrimeType]) -> Vec<Option<u64>> {
        self.gaps((0..self.months.len()).map(|m| types.iter().map(|t| self.all[*t as usize * self.months.len() + m]).sum()).collect())
    }

    /// Records placed outside the force area, by month.
    pub fn series_outside(&self, types: &[CrimeType]) -> Vec<Option<u64>> {
        self.gaps((0..self.months.len()).map(|m| types.iter().map(|t| self.outside[*t as usize * self.months.len() + m]).sum()).collect())
    }

    /// Records in some of the LSOAs (positions in [`Counted::lsoas`]) by month.
    pub fn series_of_lsoas(&self, lsoas: &[usize], types: &[CrimeType]) -> Vec<Option<u64>> {
        let n_months = self.months.len();
        let mut sums = vec![0u64; n_months];
        for i in lsoas {
            for t in types {
                let start = (i * CrimeType::COUNT + *t as usize) * n_months;
                for (sum, n) in sums.iter_mut().zip(&self.placed[start..start + n_months]) {
                    *sum += u64::from(*n);
                }
            }
        }
        self.gaps(sums)
    }

    /// Records in one LSOA over some months of the period.
    pub fn in_lsoa(&self, lsoa: usize, types: &[CrimeType], within: Period) -> u64 {
        let n_months = self.months.len();
        types
            .iter()
            .map(|t| {
                let start = (lsoa * CrimeType::COUNT + *t as usize) * n_months;
                let series = &self.placed[start..start + n_months];
                self.months.iter().zip(series).filter(|(month, _)| within.contains(**month)).map(|(_, n)| u64::from(*n)).sum::<u64>()
            })
            .sum()
    }

    /// How many months of a span were supplied.
    pub fn n_supplied(&self, within: Period) -> usize {
        self.months.iter().zip(&self.supplied).filter(|(month, supplied)| within.contains(**month) && **supplied).count()
    }

    fn gaps(&self, sums: Vec<u64>) -> Vec<Option<u64>> {
        sums.into_iter().zip(&self.supplied).map(|(n, supplied)| supplied.then_some(n)).collect()
    }
}
