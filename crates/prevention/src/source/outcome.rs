//! data.police.uk outcomes: one row is one outcome recorded for one crime.
//!
//! Publisher: Home Office. Licence: Open Government Licence v3.0. Only counts are kept: by month, force and outcome.

mod group;

pub use group::OutcomeGroup;

use super::stop_search::named;
use super::table::{TextTable, plain};
use super::{SetAsides, Unreadable};
use crate::period::Month;
use crate::place::{AreaCode, Kind};
use csv::StringRecord;
use std::collections::{BTreeMap, BTreeSet};

/// What goes wrong with these files in practice, and what is done about it here.
pub const TRAPS: &[&str] = &[
    "The month is that of the outcome, not of the crime: outcomes over crimes of the same month are no rate of success.",
    "A crime may have several outcomes over time: rows are outcomes, not crimes, and Crime ID is no key.",
    "Court outcomes have been missing since June 2019.",
    "Outcomes are as they stood when the file was downloaded: shares under investigation are not comparable between downloads.",
    "Anti-social behaviour has no outcomes.",
    "Rows without a location have no LSOA; they are kept in every count.",
    "LSOA codes are those of 2011 in files up to May 2023 and those of 2021 from June 2023.",
    "Outcome names have changed over the years: they are counted as written, and grouped only when shown.",
    "There is no crime type: shares of robberies or violence by outcome are told from the street files' own last outcome.",
];

/// An outcomes file as counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeTable {
    /// The month and the force in the file's name, where it is police.uk's.
    pub named: Option<(Month, String)>,
    /// Outcomes by month, force ("Falls within") and outcome.
    pub tallies: BTreeMap<(Month, String, String), u64>,
    /// Outcomes without an LSOA.
    pub n_without_lsoa: u64,
    /// The LSOAs in the file, for telling its vintage.
    pub lsoas: BTreeSet<AreaCode>,
    /// Rows whose Crime ID came before in the file: further outcomes of the same crime.
    pub n_further_outcomes: u64,
    /// Rows read; rows = outcomes counted + rows set aside.
    pub n_rows: u64,
    /// Rows that could not be used, with reasons.
    pub set_aside: SetAsides,
}

struct Columns {
    id: usize,
    month: usize,
    force: usize,
    lsoa: usize,
    outcome: usize,
}

impl Columns {
    fn of(header: &StringRecord) -> Option<Self> {
        let names: Vec<String> = header.iter().map(plain).collect();
        let find = |wanted: &str| names.iter().position(|name| name == wanted);
        if find("crime type").is_some() {
            return None;
        }
        Some(Self {
            id: find("crime id")?,
            month: find("month")?,
            force: find("falls within")?,
            lsoa: find("lsoa code")?,
            outcome: find("outcome type")?,
        })
    }
}

/// Whether the table is a police.uk outcomes file.
pub fn recognises(table: &TextTable) -> bool {
    table.header(|header| Columns::of(header).is_some()).is_some()
}

/// Counts the outcomes of a file.
///
/// # Errors
/// Refuses a table without the columns of an outcomes file in its first fifteen rows. A file with a header and no rows is
/// read as an empty month.
pub fn read(table: &TextTable, file_name: &str) -> Result<OutcomeTable, Unreadable> {
    let missing = || {
        Unreadable::new(
            "no row among the first fifteen names Crime ID, Month, Falls within, LSOA code and Outcome type",
            "use the file as data.police.uk gives it and change no column",
        )
    };
    let at = table.header(|header| Columns::of(header).is_some()).ok_or_else(missing)?;
    let header = &table.rows()[at].1;
    let columns = Columns::of(header).ok_or_else(missing)?;
    let mut out = OutcomeTable {
        named: named(file_name, "outcomes"),
        tallies: BTreeMap::new(),
        n_without_lsoa: 0,
        lsoas: BTreeSet::new(),
        n_further_outcomes: 0,
        n_rows: 0,
        set_aside: SetAsides::default(),
    };
    let mut ids = BTreeSet::new();
    for (row, record) in &table.rows()[at + 1..] {
        out.n_rows += 1;
        let cell = |position: usize| record.get(position).unwrap_or_default().trim();
        let name = |position: usize| header.get(position).unwrap_or_default();
        let Some(month) = Month::from_bytes(cell(columns.month).as_bytes()) else {
            out.set_aside.add(*row, name(columns.month), "not a month", "months are written as 2019-12", cell(columns.month));
            continue;
        };
        if cell(columns.outcome).is_empty() {
            out.set_aside.add(*row, name(columns.outcome), "no outcome", "download the file again", "");
            continue;
        }
        match (cell(columns.lsoa), AreaCode::from_bytes(cell(columns.lsoa).as_bytes())) {
            ("", _) => out.n_without_lsoa += 1,
            (_, Some(code)) if code.kind() == Some(Kind::Lsoa) => {
                out.lsoas.insert(code);
            }
            (found, _) => {
                out.set_aside.add(*row, name(columns.lsoa), "not an LSOA code of England or Wales", "see whether columns were swapped", found);
                continue;
            }
        }
        if !cell(columns.id).is_empty() && !ids.insert(cell(columns.id)) {
            out.n_further_outcomes += 1;
        }
        *out.tallies.entry((month, cell(columns.force).to_owned(), cell(columns.outcome).to_owned())).or_default() += 1;
    }
    Ok(out)
}

impl OutcomeTable {
    /// Outcomes by month.
    pub fn months(&self) -> BTreeMap<Month, u64> {
        let mut out = BTreeMap::new();
        for ((month, _, _), n) in &self.tallies {
            *out.entry(*month).or_default() += n;
        }
        out
    }

    /// Outcomes by name over all months and forces.
    pub fn by_outcome(&self) -> BTreeMap<&str, u64> {
        let mut out = BTreeMap::new();
        for ((_, _, outcome), n) in &self.tallies {
            *out.entry(outcome.as_str()).or_default() += n;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEADER: &str = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type\n";

    #[test]
    fn outcomes_are_counted_and_a_second_outcome_of_a_crime_is_noted() {
        let text = HEADER.to_owned()
            + "a1,2020-10,Vale Police,Vale Police,-0.2,50.8,On or near A,E01990001,A 1,Unable to prosecute suspect\n\
               a1,2020-10,Vale Police,Vale Police,-0.2,50.8,On or near A,E01990001,A 1,Suspect charged\n\
               ,2020-10,Vale Police,Vale Police,,,No Location,,,Suspect charged\n\
               a2,2020-13,Vale Police,Vale Police,-0.2,50.8,On or near A,E01990001,A 1,Suspect charged\n\
               a3,2020-10,Vale Police,Vale Police,-0.2,50.8,On or near A,A 1,E01990001,Suspect charged\n\
               a4,2020-11,Vale Police,Vale Police,-0.2,50.8,On or near A,E01990002,A 2,\n";
        let table = TextTable::from_csv(text.as_bytes()).unwrap();
        assert!(recognises(&table));
        let read = read(&table, "2020-10-vale-outcomes.csv").unwrap();
        assert_eq!((read.n_rows, read.set_aside.n_rows(), read.n_without_lsoa, read.n_further_outcomes), (6, 3, 1, 1));
        assert_eq!(read.named.as_ref().map(|(month, force)| (month.to_string(), force.as_str())), Some(("2020-10".to_owned(), "vale")));
        assert_eq!(read.by_outcome(), BTreeMap::from([("Suspect charged", 2), ("Unable to prosecute suspect", 1)]));
        assert_eq!(read.months().values().sum::<u64>(), 3);
    }

    #[test]
    fn a_street_file_is_not_an_outcomes_file() {
        let street =
            TextTable::from_csv(b"Crime ID,Month,Reported by,Falls within,LSOA code,Crime type,Last outcome category,Outcome type\n").unwrap();
        assert!(!recognises(&street));
        assert!(read(&street, "x.csv").unwrap_err().what.contains("Outcome type"));
    }

    proptest! {
        #[test]
        fn no_rows_make_it_panic_and_every_row_is_accounted_for(
            rows in proptest::collection::vec(proptest::collection::vec("(20[12][0-9]-[01][0-9]|E0199000[0-9]|[-a-zé.]{0,8})", 0..11), 0..12),
        ) {
            let head: Vec<String> = HEADER.trim().split(',').map(str::to_owned).collect();
            let read = read(&TextTable::from_rows(std::iter::once(head).chain(rows)), "x").unwrap();
            prop_assert_eq!(read.tallies.values().sum::<u64>() + read.set_aside.n_rows(), read.n_rows);
        }
    }
}
