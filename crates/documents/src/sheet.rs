//! The sheets of a workbook as rows of text, from the bytes of an XLSX or ODS file.
//!
//! A workbook is a zip that its sender controls: it may unpack to gigabytes, or repeat one cell a billion times in eleven
//! bytes. All parts are unpacked once against a limit before anything is parsed, and cells are counted as they come.
//! XLSX is parsed by `calamine`. ODS is parsed here: the general reader expands repeated cells before they can be counted,
//! and waits for ever for the end of a table that was cut off.

mod ods;
mod xlsx;

use crate::Refusal;
use crate::kind::{Kind, sniff};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// How much a workbook may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes that all its parts may unpack to.
    pub most_bytes: u64,
    /// The most cells, empty ones before the last of a row included; an empty row counts as one.
    pub most_cells: usize,
}

impl Default for Limits {
    /// Two gigabytes and thirty million cells: the widest published workbook, three years of population by LSOA, sex and
    /// single year of age, has twenty million.
    fn default() -> Self {
        Self { most_bytes: 2_000_000_000, most_cells: 30_000_000 }
    }
}

/// One sheet: rows of text cells, the first row being row 1 of the sheet even where it is empty.
///
/// Numbers are written in the fewest digits that give the same number, without a trailing `.0`; dates as 2024-06-30;
/// truth values as TRUE and FALSE; formulas as the value that was stored with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    name: String,
    text: String,
    /// Where each cell ends in the text.
    cell_ends: Vec<usize>,
    /// Where each row ends among the cells.
    row_ends: Vec<usize>,
}

impl Sheet {
    fn new(name: String) -> Self {
        Self { name, text: String::new(), cell_ends: Vec::new(), row_ends: Vec::new() }
    }

    /// The name on the sheet's tab.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many rows there are, up to the last that is not empty.
    pub fn n_rows(&self) -> usize {
        self.row_ends.len()
    }

    /// The cells of a row, counted from 0; empty beyond the last row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = &str> {
        let end = self.row_ends.get(row).copied().unwrap_or(0);
        let start = if row == 0 { 0 } else { self.row_ends.get(row - 1).copied().unwrap_or(end) };
        (start.min(end)..end).map(move |cell| {
            let from = if cell == 0 { 0 } else { self.cell_ends[cell - 1] };
            &self.text[from..self.cell_ends[cell]]
        })
    }

    /// All rows, each as a list of its cells.
    pub fn rows(&self) -> impl Iterator<Item = Vec<String>> + '_ {
        (0..self.n_rows()).map(|row| self.row(row).map(str::to_owned).collect())
    }

    fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.cell_ends.push(self.text.len());
    }

    fn end_row(&mut self) {
        self.row_ends.push(self.cell_ends.len());
    }
}

/// Counts cells and text against the limits.
struct Meter {
    cells_left: usize,
    text_left: u64,
    limits: Limits,
}

impl Meter {
    fn new(limits: Limits) -> Self {
        Self { cells_left: limits.most_cells, text_left: limits.most_bytes, limits }
    }

    fn spend(&mut self, cells: usize, text: usize, sheet: &str) -> Result<(), Refusal> {
        let all = u64::try_from(cells).unwrap_or(u64::MAX).saturating_mul(text as u64);
        match (self.cells_left.checked_sub(cells), self.text_left.checked_sub(all)) {
            (Some(left), Some(text_left)) => {
                (self.cells_left, self.text_left) = (left, text_left);
                Ok(())
            }
            _ => Err(Refusal::new(
                format!("sheet \"{sheet}\": the workbook has more than {} cells", self.limits.most_cells),
                "delete rows and columns that only look empty, or save the one sheet that is needed as CSV",
            )),
        }
    }
}

/// Reads every sheet of a workbook, in the order of their tabs.
///
/// # Errors
/// Refuses bytes that are neither XLSX nor ODS, workbooks that are broken, cut off or protected by a password, and those
/// beyond the limits.
pub fn read(bytes: &[u8], limits: Limits) -> Result<Vec<Sheet>, Refusal> {
    match sniff(bytes) {
        Kind::Xlsx => {
            check_parts(bytes, limits)?;
            xlsx::read(bytes, limits)
        }
        Kind::Ods => {
            check_parts(bytes, limits)?;
            ods::read(bytes, limits)
        }
        other => Err(other.refusal().unwrap_or_else(|| Refusal::new(format!("the file is {}, not a workbook", other.name()), "use XLSX or ODS"))),
    }
}

fn broken(what: impl std::fmt::Display) -> Refusal {
    Refusal::new(
        format!("the workbook is broken or was cut off: {what}"),
        "download it again; if that does not help, open it in a spreadsheet program and save it anew",
    )
}

impl From<crate::xml::Broken> for Refusal {
    fn from(fault: crate::xml::Broken) -> Self {
        broken(fault.0)
    }
}

/// Unpacks every part once without keeping it: what a part says about its own size cannot be trusted.
fn check_parts(bytes: &[u8], limits: Limits) -> Result<(), Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut left = limits.most_bytes;
    for i in 0..archive.len() {
        let part = archive.by_index(i).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(why) if why.contains("assword") => {
                Refusal::new("the workbook is protected by a password", "open it, take the password off, and save it again")
            }
            other => broken(other),
        })?;
        let n = std::io::copy(&mut part.take(left.saturating_add(1)), &mut std::io::sink()).map_err(broken)?;
        left = left.checked_sub(n).ok_or_else(|| {
            Refusal::new(format!("the workbook unpacks to more than {} bytes", limits.most_bytes), "save the one sheet that is needed as CSV")
        })?;
    }
    Ok(())
}

/// A number in the fewest digits that give it back.
fn number(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    /// A zip of the given parts, in order, the first one stored.
    pub(super) fn package(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (i, (name, content)) in parts.iter().enumerate() {
            let method = if i == 0 { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
            writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
            writer.write_all(content.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_parsed() {
        let bomb = " ".repeat(3_000_000);
        let bytes = package(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &bomb)]);
        assert!(bytes.len() < 10_000);
        let error = read(&bytes, Limits { most_bytes: 1_000_000, most_cells: 1_000 }).unwrap_err();
        assert!(error.what.contains("unpacks to more than 1000000 bytes"), "{error}");
    }

    #[test]
    fn what_is_no_workbook_is_named() {
        assert!(read(b"a,b\n", Limits::default()).unwrap_err().what.contains("text, not a workbook"));
        assert!(read(b"<html>", Limits::default()).unwrap_err().what.contains("web page"));
        assert!(read(b"PK\x03\x04[Content_Types].xml xl/workbook.xml", Limits::default()).unwrap_err().what.contains("cut off"));
    }

    proptest! {
        #[test]
        fn no_damage_makes_it_panic(at in 0usize..4000, byte in any::<u8>(), cut in 0usize..4000) {
            for good in [xlsx::tests::workbook(), ods::tests::workbook("<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"1\"/></table:table-row>")] {
                let mut bytes = good.clone();
                let n = bytes.len();
                bytes[at % n] = byte;
                let _ = read(&bytes, Limits { most_bytes: 1_000_000, most_cells: 10_000 });
                bytes.truncate(cut % n);
                let _ = read(&bytes, Limits { most_bytes: 1_000_000, most_cells: 10_000 });
            }
        }
    }
}
