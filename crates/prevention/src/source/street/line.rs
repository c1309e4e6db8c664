//! One line of a street file, split into the fields that are looked at.

use super::COLUMNS;
use crate::source::Unreadable;

/// The columns that are looked at, by their place in [`COLUMNS`]; the others are only compared as part of the whole row.
#[derive(Clone, Copy)]
pub(super) enum Column {
    CrimeId = 0,
    Month = 1,
    ReportedBy = 2,
    FallsWithin = 3,
    Longitude = 4,
    Latitude = 5,
    LsoaCode = 7,
    CrimeType = 9,
    Outcome = 10,
    Context = 11,
}

/// Where each of the twelve columns stands in this file.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    /// Position in the file of each column of [`COLUMNS`].
    at: [usize; 12],
    n_columns: usize,
}

/// Why a line is not a row, and what to do.
type Reason = (&'static str, &'static str);

const WRONG_WIDTH: Reason = ("not as many columns as the header", "download this month again: the file may have been edited");
const OPEN_QUOTE: Reason = ("a quotation mark is not closed", "download this month again: the file may have been edited");

impl Columns {
    /// Finds the columns by name in a header line.
    pub fn find(header: &[u8]) -> Result<Self, Unreadable> {
        let header = header.strip_prefix(b"\xef\xbb\xbf").unwrap_or(header);
        let header = header.strip_suffix(b"\r").unwrap_or(header);
        let names: Vec<String> = split_quoted(header)
            .ok_or_else(|| Unreadable::new("row 1: a quotation mark is not closed", "download this month again"))?
            .into_iter()
            .map(|name| String::from_utf8_lossy(name).trim().trim_matches('"').to_owned())
            .collect();
        let mut at = [0; 12];
        let mut missing = Vec::new();
        for (place, wanted) in at.iter_mut().zip(COLUMNS) {
            match names.iter().position(|name| name == wanted) {
                Some(position) => *place = position,
                None => missing.push(wanted),
            }
        }
        if missing.is_empty() {
            Ok(Self { at, n_columns: names.len() })
        } else {
            let delimiter = [b';', b'\t', b'|'].into_iter().find(|d| header.contains(d) && !header.contains(&b','));
            let remedy = if delimiter.is_some() {
                "save the file again with commas between the columns"
            } else {
                "download this month again from data.police.uk, and leave the header as it is"
            };
            Err(Unreadable::new(format!("row 1: no column named {}", missing.join(", ")), remedy))
        }
    }

    /// How many columns the file has.
    pub fn n(&self) -> usize {
        self.n_columns
    }

    /// A field of a line without quotation marks; `commas` are where its commas stand, as is `start` where it begins, in the text
    /// that it is a part of.
    #[inline(always)]
    pub fn field<'a>(&self, line: &'a [u8], commas: &[u32], start: usize, column: Column) -> &'a [u8] {
        let place = self.at[column as usize];
        let from = if place == 0 { 0 } else { commas[place - 1] as usize + 1 - start };
        let to = commas.get(place).map_or(line.len(), |comma| *comma as usize - start);
        &line[from..to]
    }

    /// Splits any line into its fields; slower than [`field`](Self::field), and good for every line.
    pub fn split<'a>(&self, line: &'a [u8]) -> Result<Vec<&'a [u8]>, Reason> {
        let parts = split_quoted(line).ok_or(OPEN_QUOTE)?;
        if parts.len() == self.n_columns { Ok(parts) } else { Err(WRONG_WIDTH) }
    }

    /// A field of a line that was split.
    pub fn part<'a>(&self, parts: &[&'a [u8]], column: Column) -> &'a [u8] {
        parts[self.at[column as usize]]
    }
}

/// Splits at commas outside quotation marks and takes the outer marks off; `None` when a mark is not closed.
///
/// A doubled mark inside a field stays doubled: no field that is looked at can hold one.
fn split_quoted(line: &[u8]) -> Option<Vec<&[u8]>> {
    let mut parts = Vec::with_capacity(12);
    let mut start = 0;
    let mut quoted = false;
    for (i, byte) in line.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                parts.push(unquoted(&line[start..i]));
                start = i + 1;
            }
            _ => {}
        }
    }
    if quoted {
        return None;
    }
    parts.push(unquoted(&line[start..]));
    Some(parts)
}

fn unquoted(field: &[u8]) -> &[u8] {
    field.strip_prefix(b"\"").and_then(|f| f.strip_suffix(b"\"")).unwrap_or(field)
}
