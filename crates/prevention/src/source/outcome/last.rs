//! What came of the crimes of each type, from the street files' own "Last outcome category".
//!
//! Shares of recorded crimes by outcome can only be told here: a row is a crime, with its type and the month it was
//! recorded in. The outcomes files name no type, date each row to the month of the outcome, and hold a crime once for each
//! outcome it had. Read beside [`street`](crate::source::street), whose counts every exhibit rests on: a month whose rows
//! do not agree with them is not told.

use super::group::OutcomeGroup;
use crate::period::Month;
use crate::source::street::CrimeType;
use std::collections::BTreeMap;

/// The longest line that is taken for a row, as for the street reader.
const LONGEST_LINE_BYTES: usize = 64 * 1024;
/// Rows with more columns than this are no street rows.
const MOST_COLUMNS: usize = 32;
/// More forces than this in one file are no forces, and as many months as there are since 2010.
const MOST_FORCES: usize = 200;
const MOST_GATHERED: usize = MOST_FORCES * 300;

/// Crimes of one force and month by type, each with how many are in each [`OutcomeGroup`].
type ByType = [[u64; OutcomeGroup::COUNT]; CrimeType::COUNT];

/// What came of the crimes in one street file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastOutcomes {
    tallies: BTreeMap<(String, Month), ByType>,
}

impl LastOutcomes {
    /// Crimes of a force, month and type by [`OutcomeGroup`], in the order of [`OutcomeGroup::ALL`]; all nought when there are none.
    pub fn of(&self, force: &str, month: Month, crime_type: CrimeType) -> [u64; OutcomeGroup::COUNT] {
        self.tallies.get(&(force.to_owned(), month)).map(|by_type| by_type[crime_type as usize]).unwrap_or_default()
    }
}

/// Reads the last outcomes of one street file piece by piece.
///
/// ```
/// use headwater_prevention::source::outcome::{LastOutcomeReader, OutcomeGroup};
/// use headwater_prevention::source::street::{COLUMNS, CrimeType};
/// let mut reader = LastOutcomeReader::default();
/// reader.feed((COLUMNS.join(",") + "\n").as_bytes());
/// reader.feed(b"a1,2025-06,Vale Police,Vale Police,-0.2,50.8,On or near A,E01990001,A 1,Rob");
/// reader.feed(b"bery,Under investigation,\n");
/// let read = reader.finish();
/// let robbery = read.of("Vale Police", "2025-06".parse()?, CrimeType::Robbery);
/// assert_eq!(robbery[OutcomeGroup::UnderInvestigation as usize], 1);
/// # Ok::<(), String>(())
/// ```
#[derive(Default)]
pub struct LastOutcomeReader {
    columns: Option<Columns>,
    is_other: bool,
    tail: Vec<u8>,
    is_too_long: bool,
    gathered: Vec<Gathered>,
    /// Where the row before was counted: rows of one force and month come together.
    current: usize,
}

/// What was counted of one force and month.
struct Gathered {
    force: String,
    month: Month,
    by_type: ByType,
}

/// Where the columns stand.
struct Columns {
    n: usize,
    month: usize,
    force: usize,
    crime_type: usize,
    outcome: usize,
}

impl Columns {
    fn of(header: &[u8]) -> Option<Self> {
        let header = header.strip_prefix(b"\xef\xbb\xbf").unwrap_or(header);
        let mut names = [&header[..0]; MOST_COLUMNS];
        let n = cells(header, &mut names)?;
        let find = |wanted: &[u8]| names[..n].iter().position(|name| name.trim_ascii() == wanted);
        Some(Self {
            n,
            month: find(b"Month")?,
            force: find(b"Falls within")?,
            crime_type: find(b"Crime type")?,
            outcome: find(b"Last outcome category")?,
        })
    }
}

impl LastOutcomeReader {
    /// Takes the next bytes of the file.
    pub fn feed(&mut self, mut bytes: &[u8]) {
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            if self.is_too_long {
                self.is_too_long = false;
            } else if self.tail.is_empty() {
                self.line(&bytes[..end]);
            } else {
                let mut line = std::mem::take(&mut self.tail);
                line.extend_from_slice(&bytes[..end]);
                self.line(&line);
            }
            self.tail.clear();
            bytes = &bytes[end + 1..];
        }
        if self.is_too_long || self.tail.len() + bytes.len() > LONGEST_LINE_BYTES {
            self.is_too_long = true;
            self.tail.clear();
        } else {
            self.tail.extend_from_slice(bytes);
        }
    }

    /// Ends the file. One that is no street file gives nothing: the street reader refuses it in words.
    pub fn finish(mut self) -> LastOutcomes {
        let line = std::mem::take(&mut self.tail);
        if !line.is_empty() && !self.is_too_long {
            self.line(&line);
        }
        LastOutcomes { tallies: self.gathered.into_iter().map(|of| ((of.force, of.month), of.by_type)).collect() }
    }

    fn line(&mut self, line: &[u8]) {
        if self.is_other || line.len() > LONGEST_LINE_BYTES {
            return;
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Some(columns) = &self.columns else {
            self.columns = Columns::of(line);
            self.is_other = self.columns.is_none();
            return;
        };
        let mut row = [&line[..0]; MOST_COLUMNS];
        if cells(line, &mut row) != Some(columns.n) {
            return;
        }
        let (Some(month), Some(crime_type)) = (Month::from_bytes(row[columns.month]), CrimeType::from_bytes(row[columns.crime_type])) else {
            return;
        };
        let group = OutcomeGroup::of(row[columns.outcome]);
        if let Some(at) = self.place(row[columns.force], month) {
            self.gathered[at].by_type[crime_type as usize][group as usize] += 1;
        }
    }

    /// Where a force and month are counted; `None` where the street reader sets a row aside for its force.
    fn place(&mut self, force: &[u8], month: Month) -> Option<usize> {
        let is_same = |of: &Gathered| of.month == month && of.force.as_bytes() == force;
        if !self.gathered.get(self.current).is_some_and(is_same) {
            self.current = match self.gathered.iter().position(is_same) {
                Some(at) => at,
                None => {
                    let force = std::str::from_utf8(force).ok().filter(|force| !force.is_empty())?;
                    if self.gathered.len() >= MOST_GATHERED {
                        return None;
                    }
                    self.gathered.push(Gathered { force: force.to_owned(), month, by_type: ByType::default() });
                    self.gathered.len() - 1
                }
            };
        }
        Some(self.current)
    }
}

/// Splits a line into its cells; how many there are, or `None` when there are too many or a quotation mark is not closed.
fn cells<'a>(line: &'a [u8], cells: &mut [&'a [u8]; MOST_COLUMNS]) -> Option<usize> {
    let (mut start, mut quoted, mut n) = (0, false, 0);
    for at in memchr::memchr2_iter(b',', b'"', line).chain([line.len()]) {
        if line.get(at) == Some(&b'"') {
            quoted = !quoted;
        } else if !quoted {
            *cells.get_mut(n)? = bare(&line[start..at]);
            start = at + 1;
            n += 1;
        }
    }
    (!quoted).then_some(n)
}

fn bare(cell: &[u8]) -> &[u8] {
    cell.strip_prefix(b"\"").and_then(|cell| cell.strip_suffix(b"\"")).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::street::{COLUMNS, Reader};
    use proptest::prelude::*;

    fn read(text: &[u8], piece: usize) -> LastOutcomes {
        let mut reader = LastOutcomeReader::default();
        text.chunks(piece).for_each(|bytes| reader.feed(bytes));
        reader.finish()
    }

    #[test]
    fn rows_are_grouped_whatever_the_quotes_the_line_ends_or_the_pieces() {
        let header = COLUMNS.join(",");
        let text = format!(
            "\u{feff}{header}\r\na,2025-06,V,V,,,\"On, near \"\"A\"\"\",E01990001,A,Robbery,Under investigation,\r\n\
             \"b\",2025-06,V,\"V\",,,,,,Robbery,Awaiting court outcome,\r\n,2025-06,V,V,,,,,,Drugs,,\r\n,2025-06,V,V,,,,,,Robbery,\r\n\
             ,2025-06,V,V,,,,,,Arson,,\r\nc,2025-06,V,V,,,,,,Robbery,Under review,"
        );
        for piece in [1, 7, 10_000] {
            let read = read(text.as_bytes(), piece);
            assert_eq!(read.of("V", "2025-06".parse().unwrap(), CrimeType::Robbery), [1, 0, 0, 0, 0, 1, 0, 1]);
            assert_eq!(read.of("V", "2025-06".parse().unwrap(), CrimeType::Drugs), [0, 0, 0, 0, 0, 0, 1, 0]);
            assert_eq!(read.of("W", "2025-06".parse().unwrap(), CrimeType::Drugs), [0; 8]);
        }
        assert_eq!(read(b"Name,Number\nx,1\n", 100), LastOutcomes::default());
    }

    proptest! {
        #[test]
        fn every_row_that_the_street_reader_keeps_is_grouped_once(
            rows in proptest::collection::vec(("2025-0[0-3]", "(A|B|)", "(Robbery|Drugs|Arson)", "(Under investigation|Suspect charged|\"|,|)"), 0..20),
            piece in 1usize..200,
        ) {
            let mut text = COLUMNS.join(",") + "\n";
            for (month, force, crime_type, outcome) in &rows {
                text += &format!("x,{month},F,{force},,,,,,{crime_type},{outcome},\n");
            }
            let mut street = Reader::new("x");
            street.feed(text.as_bytes());
            let street = street.finish().unwrap();
            let read = read(text.as_bytes(), piece);
            for (force, month, part) in street.force_months() {
                for crime_type in CrimeType::ALL {
                    prop_assert_eq!(read.of(force, month, crime_type).iter().sum::<u64>(), part.by_type(crime_type));
                }
            }
        }
    }
}
