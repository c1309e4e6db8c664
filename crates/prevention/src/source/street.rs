//! data.police.uk street-level crime: one row is one recorded crime or incident of anti-social behaviour.
//!
//! Publisher: Home Office, Open Government Licence v3.0. Columns and traps checked against every file of Sussex 2018 to 2025
//! and one national month. The reader takes bytes in pieces of any size, keeps counts and fingerprints, and never the rows:
//! five million rows need about a hundred megabytes.

mod category;
mod count;
mod line;
mod part;

pub use category::{CategorySet, CrimeType};
pub use count::{Cell, Counts};
pub use part::Part;

use super::{SetAsides, Unreadable};
use crate::period::Month;
use crate::place::AreaCode;
use count::Gathering;
use line::{Columns, Fields};
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
    columns: Option<Columns>,
    refused: Option<Unreadable>,
    tail: Vec<u8>,
    skipping: bool,
    row: u64,
    n_rows: u64,
    expected: Option<(Month, String)>,
    forces: Vec<Vec<u8>>,
    parts: Vec<(u8, Month, Part)>,
    current: usize,
    gathering: Gathering,
    set_aside: SetAsides,
    row_prints: Vec<u64>,
    id_prints: Vec<u64>,
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
        Self {
            columns: None,
            refused: None,
            tail: Vec::new(),
            skipping: false,
            row: 0,
            n_rows: 0,
            expected: named_month(file_name),
            forces: Vec::new(),
            parts: Vec::new(),
            current: 0,
            gathering: Gathering::default(),
            set_aside: SetAsides::default(),
            row_prints: Vec::new(),
            id_prints: Vec::new(),
        }
    }

    /// Whether a first line is this data set's header, in whatever column order.
    pub fn recognises(first_line: &[u8]) -> bool {
        Columns::find(first_line).is_ok()
    }

    /// Takes the next bytes of the file.
    pub fn feed(&mut self, mut bytes: &[u8]) {
        if self.refused.is_some() {
            return;
        }
        if !self.tail.is_empty() || self.skipping {
            let Some(end) = memchr::memchr(b'\n', bytes) else {
                self.keep_tail(bytes);
                return;
            };
            if self.skipping {
                self.skipping = false;
                self.too_long();
            } else {
                let mut line = std::mem::take(&mut self.tail);
                line.extend_from_slice(&bytes[..end]);
                self.line(&line);
                line.clear();
                self.tail = line;
            }
            bytes = &bytes[end + 1..];
        }
        let Some(end) = memchr::memrchr(b'\n', bytes) else {
            self.keep_tail(bytes);
            return;
        };
        let mut start = 0;
        for newline in memchr::memchr_iter(b'\n', &bytes[..=end]) {
            self.line(&bytes[start..newline]);
            start = newline + 1;
        }
        self.keep_tail(&bytes[end + 1..]);
    }

    /// Ends the file.
    ///
    /// # Errors
    /// Refuses a file without the street header.
    pub fn finish(mut self) -> Result<StreetRead, Unreadable> {
        if self.skipping {
            self.too_long();
        } else if !self.tail.is_empty() {
            let line = std::mem::take(&mut self.tail);
            self.line(&line);
        }
        if let Some(refused) = self.refused {
            return Err(refused);
        }
        if self.columns.is_none() {
            return Err(Unreadable::new("the file is empty: not even a header", "download this month again"));
        }
        let (row_prints, n_repeated_rows) = sorted(self.row_prints);
        let (id_prints, n_repeated_ids) = sorted(self.id_prints);
        let forces: Vec<String> = self.forces.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        let parts = self.parts.into_iter().map(|(force, month, part)| ((forces[usize::from(force)].clone(), month), part)).collect();
        Ok(StreetRead {
            n_rows: self.n_rows,
            expected: self.expected,
            parts,
            counts: self.gathering.finish(forces),
            set_aside: self.set_aside,
            row_prints,
            id_prints,
            n_repeated_rows,
            n_repeated_ids,
        })
    }

    fn keep_tail(&mut self, bytes: &[u8]) {
        if self.skipping {
            return;
        }
        if self.tail.len() + bytes.len() > LONGEST_LINE_BYTES {
            self.tail.clear();
            self.skipping = true;
        } else {
            self.tail.extend_from_slice(bytes);
        }
    }

    /// Ends a line that is longer than any line of this data set.
    fn too_long(&mut self) {
        self.row += 1;
        if self.columns.is_none() {
            let remedy = "this is not a police.uk street file: look at it in a text editor";
            self.refused.get_or_insert_with(|| Unreadable::new("row 1 is longer than any header", remedy));
            return;
        }
        self.n_rows += 1;
        self.set_aside.add(self.row, "", "longer than any row", "look at the file in a text editor: a line end is missing", "");
    }

    fn line(&mut self, line: &[u8]) {
        // Where a file is cut into pieces must not matter: a long line that came whole is judged as one that did not.
        if line.len() > LONGEST_LINE_BYTES {
            self.too_long();
            return;
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        self.row += 1;
        let Some(columns) = &self.columns else {
            if self.refused.is_some() {
                return;
            }
            match Columns::find(line) {
                Ok(columns) => self.columns = Some(columns),
                Err(refused) => self.refused = Some(refused),
            }
            return;
        };
        if line.is_empty() {
            return;
        }
        self.n_rows += 1;
        match columns.split(line) {
            Ok(fields) => self.take(&fields, line),
            Err((reason, remedy)) => self.set_aside.add(self.row, "", reason, remedy, ""),
        }
    }

    fn take(&mut self, fields: &Fields<'_>, line: &[u8]) {
        let Some(month) = Month::from_bytes(fields.month) else {
            self.set_aside.add(self.row, "Month", "not a month", "months are written 2020-10", &String::from_utf8_lossy(fields.month));
            return;
        };
        let Some(crime_type) = CrimeType::from_bytes(fields.crime_type) else {
            let found = String::from_utf8_lossy(fields.crime_type).into_owned();
            self.set_aside.add(
                self.row,
                "Crime type",
                "not a crime type of data.police.uk",
                "check that the columns are in the published order",
                &found,
            );
            return;
        };
        let Some(part) = self.part(fields.falls_within, month) else {
            self.set_aside.add(
                self.row,
                "Falls within",
                "no force, not text, or more than 200 forces in one file",
                "check that the columns are in the published order",
                "",
            );
            return;
        };
        self.current = part;
        let (force, _, part) = &mut self.parts[part];
        let lsoa = AreaCode::from_bytes(fields.lsoa_code);
        part.take(fields, crime_type, lsoa);
        self.gathering.add(*force, month, lsoa, crime_type);
        self.row_prints.push(rapidhash::v3::rapidhash_v3(line));
        if !fields.crime_id.is_empty() {
            self.id_prints.push(rapidhash::v3::rapidhash_v3(fields.crime_id));
        }
    }

    /// The position in `parts` of a force and month; rows of one force and month come together, so the last one is tried first.
    fn part(&mut self, force: &[u8], month: Month) -> Option<usize> {
        if let Some((index, known, _)) = self.parts.get(self.current)
            && *known == month
            && self.forces[usize::from(*index)] == force
        {
            return Some(self.current);
        }
        // Two names that are not text could be shown alike, and one part would then hide the other.
        if force.is_empty() || std::str::from_utf8(force).is_err() {
            return None;
        }
        let index = match self.forces.iter().position(|known| known == force) {
            Some(index) => index,
            None if self.forces.len() < 200 => {
                self.forces.push(force.to_vec());
                self.forces.len() - 1
            }
            None => return None,
        } as u8;
        Some(match self.parts.iter().position(|(f, m, _)| *f == index && *m == month) {
            Some(position) => position,
            None => {
                self.parts.push((index, month, Part::new()));
                self.parts.len() - 1
            }
        })
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

/// Sorts and removes repeats; also says how many repeats there were.
///
/// Two different values among n share a fingerprint with a chance of about n²/2⁶⁵: one in 4,600 for ninety million.
fn sorted(mut prints: Vec<u64>) -> (Vec<u64>, u64) {
    let n = prints.len();
    prints.sort_unstable();
    prints.dedup();
    let repeats = (n - prints.len()) as u64;
    prints.shrink_to_fit();
    (prints, repeats)
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
