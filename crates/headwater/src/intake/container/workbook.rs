//! Workbooks, sheet by sheet: each is handed on as comma-separated text.

use std::fs::File;
use std::io::{Cursor, Read};

use headwater_documents::sheet;

use super::{Contents, ReadMember, Stopped};
use crate::intake::recognise::{self, Fault};
use crate::store::Member;

/// The largest workbook that is taken into memory.
pub(super) const MOST_BYTES: u64 = 512 << 20;

/// What is said of a workbook beyond that.
pub(super) fn too_large() -> Fault {
    Fault::serious(format!("the workbook is larger than {MOST_BYTES} bytes"), "save the one sheet that is needed as CSV")
}

/// A workbook's bytes.
pub(super) fn bytes(file: &mut File) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| Fault::serious(format!("it cannot be read: {error}"), "try again"))?;
    if bytes.len() as u64 > MOST_BYTES { Err(too_large()) } else { Ok(bytes) }
}

/// Sheets are named after their workbook: a year in either name dates a table that does not say its own.
fn sheet_name(workbook: &str, sheet: &str) -> String {
    format!("{workbook}, sheet {sheet}")
}

/// Says which sheets are of a kind of source.
pub(super) fn inspect(name: &str, bytes: &[u8], contents: &mut Contents) -> Result<(), Fault> {
    let sheets = sheet::read(bytes, sheet::Limits::default()).map_err(|refusal| Fault::serious(refusal.what, refusal.remedy))?;
    for sheet in &sheets {
        match recognise::sheet(sheet.rows()) {
            Some(kind) => contents.members.push(Member { name: sheet_name(name, sheet.name()), kind, n_bytes: as_csv(sheet).len() as u64 }),
            None => contents.not_used.push((sheet_name(name, sheet.name()), "its columns are those of no kind of source used here".to_owned())),
        }
    }
    Ok(())
}

/// A sheet as comma-separated text, one line a row, so that row numbers stay those of the sheet.
fn as_csv(sheet: &sheet::Sheet) -> Vec<u8> {
    let mut out = Vec::new();
    for row in 0..sheet.n_rows() {
        let mut is_first = true;
        for cell in sheet.row(row) {
            if !is_first {
                out.push(b',');
            }
            is_first = false;
            let cell = cell.replace(['\r', '\n'], " ");
            if cell.contains([',', '"']) {
                out.push(b'"');
                out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
                out.push(b'"');
            } else {
                out.extend_from_slice(cell.as_bytes());
            }
        }
        out.push(b'\n');
    }
    out
}

/// Streams the sheets that the log calls readable.
pub(super) fn stream(name: &str, bytes: &[u8], members: &[Member], read: ReadMember) -> Result<(), Stopped> {
    let sheets = sheet::read(bytes, sheet::Limits::default()).map_err(|refusal| Fault::serious(refusal.what, refusal.remedy))?;
    for member in members {
        let sheet = sheets.iter().find(|sheet| sheet_name(name, sheet.name()) == member.name);
        if let Some(sheet) = sheet {
            read(&member.name, member.kind, &mut Cursor::new(as_csv(sheet)))?;
        }
    }
    Ok(())
}
