//! What the first bytes of a file say it is, and a sentence where that is of no use.

use headwater_documents::kind::{self, sniff};
use headwater_prevention::evidence::Reading;
use headwater_prevention::source::table::{TextTable, decode};
use headwater_prevention::source::{Kind, boundary, street};

/// How much of the beginning is looked at.
pub const HEAD_BYTES: usize = 64 * 1024;

/// Why something is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, without a full stop.
    pub what: String,
    /// How to mend it.
    pub remedy: String,
    /// Whether it was meant to be used: damaged, dangerous, or promised by its name. A read-me file is not.
    pub is_serious: bool,
}

impl Fault {
    /// Something that was meant to be used and cannot be.
    pub fn serious(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into(), is_serious: true }
    }

    /// Something of no kind used here.
    pub fn other(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into(), is_serious: false }
    }

    /// The same fault, of one member of a container.
    pub fn of_member(self, name: &str) -> Self {
        Self { what: format!("{name}: {}", self.what), ..self }
    }
}

/// Whether a file's name promises data of a form that is read here.
fn promises_data(name: &str) -> bool {
    let lower = name.to_lowercase();
    [".csv", ".csv.gz", ".geojson", ".geojson.gz", ".xlsx", ".ods", ".zip", ".gz"].iter().any(|ending| lower.ends_with(ending))
}

/// The data set that unpacked bytes belong to, by their first [`HEAD_BYTES`] or fewer; `is_all` when there are no more.
///
/// # Errors
/// They are of no kind used here.
pub fn data_set(name: &str, head: &[u8], is_all: bool) -> Result<Kind, Fault> {
    match sniff(head) {
        kind::Kind::Text => table(name, head, is_all),
        kind::Kind::GeoJson => {
            let text = decode(head);
            if text.contains("\"Point\"") && !text.contains("Polygon\"") {
                return Err(Fault::other(
                    "the file is GeoJSON of points, not of boundaries",
                    "add the boundaries of LSOAs, wards, districts or force areas",
                ));
            }
            if boundary::recognises(&text) { Ok(Kind::Boundary) } else { Err(no_kind()) }
        }
        found => Err(unusable(name, found)),
    }
}

/// Why a file that is no table and no map is of no use.
pub fn unusable(name: &str, found: kind::Kind) -> Fault {
    let (what, remedy) = match found.refusal() {
        Some(refusal) => (refusal.what, refusal.remedy),
        None => (format!("the file is {}, which no source here uses", found.name()), "download the data as CSV, XLSX, ODS or GeoJSON".to_owned()),
    };
    Fault { what, remedy, is_serious: promises_data(name) }
}

fn table(name: &str, head: &[u8], is_all: bool) -> Result<Kind, Fault> {
    let whole_lines = match (is_all, memchr(head, true)) {
        (true, _) => head,
        (false, Some(end)) => &head[..=end],
        (false, None) => {
            return Err(Fault {
                what: format!("the first line is longer than {} bytes: the file is not a table", HEAD_BYTES),
                remedy: "download it again; if it is a table, save it as comma-separated values with line ends".to_owned(),
                is_serious: promises_data(name),
            });
        }
    };
    let text = whole_lines.strip_prefix(b"\xef\xbb\xbf").unwrap_or(whole_lines);
    let first_line = &text[..memchr(text, false).unwrap_or(text.len())];
    if street::Reader::recognises(first_line) {
        return Ok(Kind::Street);
    }
    let table =
        TextTable::from_csv(whole_lines).map_err(|error| Fault { what: error.what, remedy: error.remedy, is_serious: promises_data(name) })?;
    Reading::recognise_table(&table).ok_or_else(no_kind)
}

/// The data set that the rows of a sheet belong to.
pub fn sheet(rows: impl Iterator<Item = Vec<String>>) -> Option<Kind> {
    // Headers stand in the first fifteen rows, and a row or two below them help to tell kinds apart.
    let rows: Vec<Vec<String>> = rows.take(25).collect();
    let header_is_street = rows.first().is_some_and(|row| street::Reader::recognises(row.join(",").as_bytes()));
    if header_is_street { Some(Kind::Street) } else { Reading::recognise_table(&TextTable::from_rows(rows)) }
}

fn no_kind() -> Fault {
    Fault::other(
        "its columns are those of no kind of source used here",
        "`headwater source kinds` lists the kinds; change no column name of a download",
    )
}

/// Where the last or first line ends.
fn memchr(bytes: &[u8], last: bool) -> Option<usize> {
    let is_end = |byte: &u8| *byte == b'\n';
    if last { bytes.iter().rposition(is_end) } else { bytes.iter().position(is_end) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREET: &str =
        "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context\n";

    #[test]
    fn a_street_file_is_told_with_and_without_a_mark_and_in_windows_lines() {
        for text in [STREET.to_owned(), format!("\u{feff}{STREET}"), STREET.replace('\n', "\r\n"), STREET.trim().to_owned()] {
            assert_eq!(data_set("x.csv", text.as_bytes(), true), Ok(Kind::Street), "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_used_gets_its_own_sentence() {
        let long = vec![b'a'; HEAD_BYTES];
        let cases: [(&str, &[u8], &str, bool); 6] = [
            ("x.csv", b"<!DOCTYPE html><html>403", "web page", true),
            ("guide.pdf", b"%PDF-1.7", "a PDF", false),
            ("x.csv", b"a;b;c\n1;2;3\n", "semicolons", true),
            ("README.txt", b"Hello there\n", "no kind", false),
            ("x.csv", &long, "first line", true),
            ("points.geojson", b"{\"type\":\"FeatureCollection\",\"features\":[{\"geometry\":{\"type\":\"Point\"}}]}", "points", false),
        ];
        for (name, bytes, words, is_serious) in cases {
            let fault = data_set(name, bytes, bytes.len() < HEAD_BYTES).unwrap_err();
            assert!(fault.what.contains(words) && fault.is_serious == is_serious, "{name}: {fault:?}");
        }
    }
}
