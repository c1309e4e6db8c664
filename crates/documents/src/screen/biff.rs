//! The records of an Excel workbook of before 2007 (MS-XLS), as far as a screen asks for them.

use super::Look;
use super::compound::{Old, what};

/// Record numbers (MS-XLS 2.3.1).
mod record {
    pub const EOF: u16 = 0x000a;
    pub const FILE_PASS: u16 = 0x002f;
    pub const COLUMN: u16 = 0x007d;
    pub const BOUND_SHEET: u16 = 0x0085;
    pub const BOOK_LINK: u16 = 0x01ae;
    pub const DIMENSIONS: u16 = 0x0200;
    pub const ROW: u16 = 0x0208;
    pub const BEGINNING: u16 = 0x0809;
    pub const CONNECTION: u16 = 0x0876;
}

/// The most sheets that are told apart; no workbook of people has as many.
const MOST_SHEETS: usize = 4_000;

/// The most rows and columns a sheet of this kind can have.
const MOST_ROWS: usize = 65_536;
const MOST_COLUMNS: usize = 256;

/// A sheet of the workbook.
#[derive(Clone, Debug, Default)]
pub(super) struct OldSheet {
    pub(super) name: String,
    pub(super) is_hidden: bool,
    /// Excel's own menu does not show it again.
    pub(super) is_very_hidden: bool,
    pub(super) is_macro: bool,
    /// Hidden rows that hold cells, counted from 0.
    pub(super) hidden_rows: Vec<u32>,
    /// Hidden columns that lie among the cells, counted from 0: first and last.
    pub(super) hidden_columns: Vec<(u32, u32)>,
    starts_at: u32,
}

/// What the records say of the workbook.
#[derive(Clone, Debug, Default)]
pub(super) struct OldWorkbook {
    pub(super) sheets: Vec<OldSheet>,
    pub(super) is_locked: bool,
    pub(super) has_links: bool,
    pub(super) has_connections: bool,
}

/// Reads the records once; none if the file is no such workbook.
pub(super) fn workbook(look: &mut Look) -> Option<OldWorkbook> {
    if look.old_workbook.is_none() {
        let is_workbook = look.compound().is_some_and(|file| what(file) == Old::Workbook);
        let stream = if is_workbook { look.stream("/Workbook").or_else(|| look.stream("/Book")) } else { None };
        look.old_workbook = Some(stream.map(|bytes| read(&bytes)));
    }
    look.old_workbook.clone().flatten()
}

fn two(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]))
}

fn four(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(two(bytes, at)?) | u32::from(two(bytes, at + 2)?) << 16)
}

fn read(bytes: &[u8]) -> OldWorkbook {
    let mut workbook = OldWorkbook::default();
    let mut at = 0;
    let mut sheet: Option<usize> = None;
    let mut depth = 0_u32;
    let mut n_columns = 0_u32;
    while let (Some(kind), Some(n)) = (two(bytes, at), two(bytes, at + 2)) {
        let start = at;
        let body = &bytes[(at + 4).min(bytes.len())..(at + 4 + usize::from(n)).min(bytes.len())];
        at += 4 + usize::from(n);
        match kind {
            record::BEGINNING => {
                // Charts within a sheet have a beginning of their own.
                if depth == 0 {
                    sheet = workbook.sheets.iter().position(|sheet| sheet.starts_at as usize == start);
                    n_columns = 256;
                }
                depth += 1;
            }
            record::EOF => depth = depth.saturating_sub(1),
            record::FILE_PASS => {
                workbook.is_locked = true;
                return workbook;
            }
            record::BOUND_SHEET if workbook.sheets.len() < MOST_SHEETS => workbook.sheets.extend(bound_sheet(body)),
            // Links to itself and to functions have these marks in place of a name (MS-XLS 2.4.271).
            record::BOOK_LINK => workbook.has_links |= !matches!(two(body, 2), Some(0x0401 | 0x3a01) | None),
            record::CONNECTION => workbook.has_connections = true,
            record::DIMENSIONS if depth == 1 => n_columns = two(body, 10).map_or(256, u32::from),
            record::ROW if depth == 1 => {
                let hidden = four(body, 12).is_some_and(|flags| flags & 0x20 != 0);
                let holds = two(body, 4) > two(body, 2);
                if let (Some(sheet), Some(row), true) = (sheet, two(body, 0), hidden && holds)
                    && workbook.sheets[sheet].hidden_rows.len() < MOST_ROWS
                {
                    workbook.sheets[sheet].hidden_rows.push(u32::from(row));
                }
            }
            record::COLUMN if depth == 1 => {
                let hidden = two(body, 8).is_some_and(|flags| flags & 1 != 0) || two(body, 4) == Some(0);
                let (first, last) = (two(body, 0).map_or(0, u32::from), two(body, 2).map_or(0, u32::from));
                if let (Some(sheet), true) = (sheet, hidden && first < n_columns && first <= last)
                    && workbook.sheets[sheet].hidden_columns.len() < MOST_COLUMNS
                {
                    workbook.sheets[sheet].hidden_columns.push((first, last.min(n_columns - 1)));
                }
            }
            _ => {}
        }
    }
    workbook
}

fn bound_sheet(body: &[u8]) -> Option<OldSheet> {
    let state = body.get(4)? & 3;
    let n_letters = usize::from(*body.get(6)?);
    // One byte says whether letters take one byte or two; files of before 1997 have no such byte.
    let name = match body.get(7)? {
        0 => encoding_rs::WINDOWS_1252.decode_without_bom_handling(body.get(8..8 + n_letters)?).0.into_owned(),
        1 => {
            let letters: Vec<u16> = body.get(8..8 + n_letters * 2)?.chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
            String::from_utf16_lossy(&letters)
        }
        _ => encoding_rs::WINDOWS_1252.decode_without_bom_handling(body.get(7..7 + n_letters)?).0.into_owned(),
    };
    Some(OldSheet {
        name,
        is_hidden: state != 0,
        is_very_hidden: state == 2,
        is_macro: *body.get(5)? == 1,
        starts_at: four(body, 0)?,
        ..OldSheet::default()
    })
}
