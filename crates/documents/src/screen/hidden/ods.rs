//! Hidden sheets, rows and columns of an OpenDocument spreadsheet.

use super::super::look::{Element, Look};
use super::{Columns, MOST_ROWS, Sheet, Shown};
use crate::xml::attribute;
use std::collections::BTreeSet;

/// What is hidden, sheet by sheet.
pub(super) fn sheets(look: &mut Look) -> Vec<Sheet> {
    // A sheet is hidden by its style.
    let mut hiding: BTreeSet<String> = BTreeSet::new();
    for part in ["styles.xml", "content.xml"] {
        let mut style = String::new();
        look.elements(part, |element| match element {
            Element::Start("style", attributes) => style = attribute(attributes, "style:name").unwrap_or_default(),
            Element::Start("table-properties", attributes) if attribute(attributes, "table:display").as_deref() == Some("false") => {
                hiding.insert(style.clone());
            }
            _ => {}
        });
    }
    let mut out: Vec<Sheet> = Vec::new();
    let mut hidden_columns = Columns::default();
    let (mut depth, mut row, mut column, mut n_rows, mut n_cells) = (0_u32, 0_u32, 0_u32, 0_u32, 0_u32);
    let (mut row_is_hidden, mut in_cell, mut cell_holds) = (false, false, false);
    let mut row_columns: BTreeSet<u32> = BTreeSet::new();
    let mut row_holds = false;
    look.elements("content.xml", |element| {
        let times = |attributes: &str, name: &str| attribute(attributes, name).and_then(|n| n.trim().parse::<u32>().ok()).unwrap_or(1).max(1);
        let is_hidden = |attributes: &str| attribute(attributes, "table:visibility").is_some_and(|value| value == "collapse" || value == "filter");
        match element {
            Element::Start("table", attributes) => {
                depth += 1;
                if depth == 1 {
                    let style = attribute(attributes, "table:style-name").unwrap_or_default();
                    let shown = if hiding.contains(&style) { Shown::Hidden } else { Shown::Yes };
                    out.push(Sheet { name: attribute(attributes, "table:name").unwrap_or_default(), shown, ..Sheet::default() });
                    hidden_columns = Columns::default();
                    (row, column) = (0, 0);
                }
            }
            Element::End("table") => depth = depth.saturating_sub(1),
            // A table within a cell belongs to the cell.
            _ if depth != 1 => {}
            Element::Start("table-column", attributes) => {
                let n = times(attributes, "table:number-columns-repeated");
                if is_hidden(attributes) {
                    hidden_columns.hide(column, column.saturating_add(n - 1));
                }
                column = column.saturating_add(n);
            }
            Element::Start("table-row", attributes) => {
                n_rows = times(attributes, "table:number-rows-repeated");
                row_is_hidden = is_hidden(attributes);
                column = 0;
                row_holds = false;
            }
            Element::Start("table-cell" | "covered-table-cell", attributes) => {
                n_cells = times(attributes, "table:number-columns-repeated");
                in_cell = true;
                cell_holds = attribute(attributes, "office:value-type").is_some() || attribute(attributes, "table:formula").is_some();
            }
            Element::Text(_) if in_cell => cell_holds = true,
            Element::End("table-cell" | "covered-table-cell") => {
                if cell_holds {
                    row_holds = true;
                    row_columns.extend(hidden_columns.meet(column, column.saturating_add(n_cells - 1)));
                }
                column = column.saturating_add(n_cells);
                (in_cell, cell_holds) = (false, false);
            }
            Element::End("table-row") => {
                if let Some(sheet) = out.last_mut() {
                    if row_is_hidden && row_holds {
                        let room = MOST_ROWS.saturating_sub(sheet.rows.len()).min(n_rows as usize) as u32;
                        sheet.rows.extend(row..row.saturating_add(room));
                    }
                    sheet.columns.append(&mut row_columns);
                }
                row = row.saturating_add(n_rows);
            }
            _ => {}
        }
    });
    out
}
