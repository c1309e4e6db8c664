//! One line of a street file, split into the fields that are looked at.

use super::COLUMNS;
use crate::source::Unreadable;

/// The fields of one row that are looked at; the others are only compared as part of the whole row.
pub(super) struct Fields<'a> {
    pub crime_id: &'a [u8],
    pub month: &'a [u8],
    pub reported_by: &'a [u8],
    pub falls_within: &'a [u8],
    pub longitude: &'a [u8],
    pub latitude: &'a [u8],
    pub lsoa_code: &'a [u8],
    pub crime_type: &'a [u8],
    pub outcome: &'a [u8],
    pub context: &'a [u8],
}

/// Where each of the twelve columns stands in this file.
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

    /// Splits a line into fields.
    pub fn split<'a>(&self, line: &'a [u8]) -> Result<Fields<'a>, Reason> {
        let mut ends = [0usize; 32];
        let mut n = 0;
        if self.n_columns > ends.len() {
            return Err(WRONG_WIDTH);
        }
        for comma in memchr::memchr_iter(b',', line) {
            if n + 1 >= self.n_columns {
                n += 1;
                break;
            }
            ends[n] = comma;
            n += 1;
        }
        if n + 1 == self.n_columns && memchr::memchr(b'"', line).is_none() {
            ends[n] = line.len();
            let field = |column: usize| {
                let place = self.at[column];
                let start = if place == 0 { 0 } else { ends[place - 1] + 1 };
                &line[start..ends[place]]
            };
            return Ok(self.fields(field));
        }
        if memchr::memchr(b'"', line).is_none() {
            return Err(WRONG_WIDTH);
        }
        let parts = split_quoted(line).ok_or(OPEN_QUOTE)?;
        if parts.len() != self.n_columns {
            return Err(WRONG_WIDTH);
        }
        Ok(self.fields(|column| parts[self.at[column]]))
    }

    fn fields<'a>(&self, field: impl Fn(usize) -> &'a [u8]) -> Fields<'a> {
        Fields {
            crime_id: field(0),
            month: field(1),
            reported_by: field(2),
            falls_within: field(3),
            longitude: field(4),
            latitude: field(5),
            lsoa_code: field(7),
            crime_type: field(9),
            outcome: field(10),
            context: field(11),
        }
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
