//! Text of workbooks: a page a sheet, a row a block.

use super::writer::Writer;
use super::{DocumentText, Limits};
use crate::Refusal;
use crate::kind::Kind;
use crate::screen::{self, hidden_cells};
use crate::sheet;
use std::collections::BTreeSet;

/// Reads a workbook. Numbers are as they are stored, not as they are shown.
pub(super) fn text(bytes: &[u8], kind: Kind, limits: &Limits) -> Result<DocumentText, Refusal> {
    let sheets = sheet::read(bytes, sheet::Limits { most_bytes: limits.most_unpacked_bytes, most_cells: limits.most_words })?;
    let looked =
        screen::Limits { most_unpacked_bytes: limits.most_unpacked_bytes, most_part_bytes: limits.most_part_bytes, ..screen::Limits::default() };
    let (mut hidden, is_whole) = hidden_cells(bytes, kind, &looked);
    let mut writer = Writer::new(limits);
    if !is_whole {
        writer.remark("a part of it could not be looked at, so that words may be hidden that are not marked as such");
    }
    for sheet in sheets {
        // Two sheets of one name are told apart by their order.
        let found = hidden.iter().position(|it| it.name == sheet.name()).map(|at| hidden.remove(at));
        let (is_shown, rows, columns) = found.map_or((true, BTreeSet::new(), BTreeSet::new()), |it| (it.is_shown(), it.rows, it.columns));
        let what = match (is_shown, rows.is_empty(), columns.is_empty()) {
            (true, true, true) => "",
            (false, ..) => "the sheet is hidden",
            (true, false, true) => "some rows are hidden",
            (true, true, false) => "some columns are hidden",
            (true, false, false) => "some rows and columns are hidden",
        };
        if !what.is_empty() {
            writer.remark(format!("sheet \"{}\": {what}; the words there are marked as not visible", sheet.name()));
        }
        for number in 0..sheet.n_rows() {
            let row_is_shown = is_shown && !rows.contains(&u32::try_from(number).unwrap_or(u32::MAX));
            let column_is_shown = |column: usize| !columns.contains(&u32::try_from(column).unwrap_or(u32::MAX));
            writer.row(sheet.row(number).enumerate().map(|(column, cell)| (cell, row_is_shown && column_is_shown(column))))?;
        }
        writer.end_page(Some(sheet.name().to_owned()))?;
    }
    Ok(writer.finish())
}
