//! data.police.uk street-level crime: one row is one recorded crime or incident of anti-social behaviour.
//!
//! Publisher: Home Office, Open Government Licence v3.0. Columns and traps checked against every file of Sussex 2018 to 2025
//! and one national month. The reader takes bytes in pieces of any size, keeps counts and fingerprints, and never the rows:
//! five million rows need 170 megabytes, ninety million two gigabytes.

mod category;
mod count;
mod inspection;
mod keeping;
mod line;
mod part;
mod rows;
mod scan;

pub use category::{CategorySet, CrimeType};
pub use count::{Cell, Counts};
pub use part::Part;

use super::{SetAsides, Unreadable};
use crate::period::Month;
use inspection::Inspection;
use line::Columns;
use rows::Rows;
use std::collections::BTreeMap;

/// The twelve columns, in the published order.
pub const COLUMNS: [&str; 12] = [
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
];

/// What anyone who counts these files must know; each is a test, a check of `source check`, or a caution on an exhibit.
pub const TRAPS: [&str; 10] = [
    "Points are moved to one of about 750,000 map points shared by at least eight addresses: never map finer than an LSOA.",
    "There is a month and no day or hour.",
    "There is no severity, weapon, age or relationship: \"Violence and sexual offences\" is not serious violence.",
    "A month that a force did not supply is a gap, never a zero; a month may also be supplied in part.",
    "LSOA codes are those of 2011 in files up to May 2023 and those of 2021 from June 2023; archives mix them.",
    "Anti-social behaviour has no Crime ID and no outcome, so equal rows may be different incidents.",
    "Crime ID is not a key: some forces repeat it within one file.",
    "A force sometimes places records in another force's area.",
    "The set of crime types changed in September 2011 and May 2013.",
    "A month is issued again later with other outcomes and sometimes other rows.",
];

/// The longest line that is taken for a row; the longest real row is under 500 bytes.
const LONGEST_LINE_BYTES: usize = 64 * 1024;

/// Reads one street file piece by piece; nothing is kept but counts and 64-bit fingerprints.
///
/// ```
/// use headwater_prevention::source::street::{COLUMNS, CrimeType, Reader};
/// let mut reader = Reader::new("2020-10-sussex-street.csv");
/// reader.feed((COLUMNS.join(",") + "\n").as_bytes());
/// reader.feed(b",2020-10,Sussex Police,Sussex Police,-0.2,50.8,On or near Orchard Close,E01031349,Adur 001A,Anti-social ");
/// reader.feed(b"behaviour,,\n");
/// let read = reader.finish()?;
/// assert_eq!(read.n_rows(), 1);
/// let part = read.parts().next().unwrap();
/// assert_eq!(part.by_type(CrimeType::AntiSocialBehaviour), 1);
/// # Ok::<(), headwater_prevention::source::Unreadable>(())
/// ```
pub struct Reader {
    expected: Option<(Month, String)>,
    rows: Rows<Inspection>,
}

/// What one street file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct StreetRead {
    n_rows: u64,
    expected: Option<(Month, String)>,
    parts: BTreeMap<(String, Month), Part>,
    counts: Counts,
    set_aside: SetAsides,
    row_prints: Vec<u64>,
    id_prints: Vec<u64>,
    n_repeated_rows: u64,
    n_repeated_ids: u64,
}

impl Reader {
    /// A reader for the file of this name; police.uk's own names (`2020-10-sussex-street.csv`) say which month is to be expected.
    pub fn new(file_name: &str) -> Self {
        Self { expected: named_month(file_name), rows: Rows::new(Inspection::new()) }
    }

    /// Whether a first line is this data set's header, in whatever column order.
    pub fn recognises(first_line: &[u8]) -> bool {
        Columns::find(first_line).is_ok()
    }

    /// Takes the next bytes of the file.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.rows.feed(bytes);
    }

    /// Ends the file.
    ///
    /// # Errors
    /// Refuses a file without the street header.
    pub fn finish(self) -> Result<StreetRead, Unreadable> {
        let all = self.rows.finish()?;
        let (parts, (row_prints, n_repeated_rows), (id_prints, n_repeated_ids)) = all.watch.finish(all.counts.forces());
        Ok(StreetRead {
            n_rows: all.n_rows,
            expected: self.expected,
            parts,
            counts: all.counts,
            set_aside: all.set_aside,
            row_prints,
            id_prints,
            n_repeated_rows,
            n_repeated_ids,
        })
    }
}

/// Counts the rows of one street file piece by piece, and looks at nothing else: no repeats, no missing places.
///
/// The counts and the rows set aside are those of a [`Reader`], in two thirds of the time and of the memory: for files whose
/// faults are known.
///
/// ```
/// use headwater_prevention::source::street::{COLUMNS, Counter};
/// let mut counter = Counter::new();
/// counter.feed((COLUMNS.join(",") + "\n").as_bytes());
/// counter.feed(b",2020-10,Sussex Police,Sussex Police,-0.2,50.8,On or near Orchard Close,E01031349,Adur 001A,Drugs,,\n");
/// assert_eq!(counter.finish()?.counts.total(), 1);
/// # Ok::<(), headwater_prevention::source::Unreadable>(())
/// ```
pub struct Counter {
    rows: Rows<()>,
}

/// What a [`Counter`] has counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// Rows below the header, kept and set aside together.
    pub n_rows: u64,
    /// Records by force, month, LSOA and crime type.
    pub counts: Counts,
    /// Rows set aside, with reasons.
    pub set_aside: SetAsides,
}

impl Default for Counter {
    fn default() -> Self {
        Self::new()
    }
}

impl Counter {
    /// A counter for one file.
    pub fn new() -> Self {
        Self { rows: Rows::new(()) }
    }

    /// Takes the next bytes of the file.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.rows.feed(bytes);
    }

    /// Ends the file.
    ///
    /// # Errors
    /// Refuses a file without the street header.
    pub fn finish(self) -> Result<Counted, Unreadable> {
        let all = self.rows.finish()?;
        Ok(Counted { n_rows: all.n_rows, counts: all.counts, set_aside: all.set_aside })
    }
}

impl StreetRead {
    /// Rows below the header, kept and set aside together.
    pub fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// Rows set aside, with reasons.
    pub fn set_aside(&self) -> &SetAsides {
        &self.set_aside
    }

    /// What the file holds of each force and month, ordered by force name and month.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.values()
    }

    /// The same with force name and month.
    pub fn force_months(&self) -> impl Iterator<Item = (&str, Month, &Part)> {
        self.parts.iter().map(|((force, month), part)| (force.as_str(), *month, part))
    }

    /// The month and force that the file's own name promises, as `(2020-10, "sussex")`.
    pub fn promised(&self) -> Option<(Month, &str)> {
        self.expected.as_ref().map(|(month, force)| (*month, force.as_str()))
    }

    /// Records by force, month, LSOA and crime type.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Rows beyond the first among rows that are the same to the letter.
    pub fn n_repeated_rows(&self) -> u64 {
        self.n_repeated_rows
    }

    /// Rows beyond the first among rows with the same Crime ID; rows without one are not counted.
    pub fn n_repeated_ids(&self) -> u64 {
        self.n_repeated_ids
    }

    /// Sorted, distinct 64-bit fingerprints of the Crime IDs: to compare files, never to identify a crime.
    pub fn id_prints(&self) -> &[u64] {
        &self.id_prints
    }

    /// Sorted, distinct 64-bit fingerprints of the rows.
    pub fn row_prints(&self) -> &[u64] {
        &self.row_prints
    }
}

/// Month and force in a name such as `2020-10/2020-10-sussex-street.csv`.
fn named_month(file_name: &str) -> Option<(Month, String)> {
    let name = file_name.rsplit(['/', '\\']).next()?;
    let name = name.strip_suffix(".gz").unwrap_or(name).strip_suffix("-street.csv")?;
    let month = Month::from_bytes(name.as_bytes().get(..7)?)?;
    Some((month, name.get(8..)?.to_owned()))
}

#[cfg(test)]
mod tests;
