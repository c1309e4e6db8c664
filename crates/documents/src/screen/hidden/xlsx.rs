//! Hidden sheets, rows and columns of an XLSX workbook.

use super::super::look::{Element, Look};
use super::{Columns, MOST_ROWS, Sheet, Shown, column_of};
use crate::xml::attribute;
use std::collections::{BTreeMap, BTreeSet};

/// What is hidden, sheet by sheet.
pub(super) fn sheets(look: &mut Look) -> Vec<Sheet> {
    let mut listed: Vec<(String, Shown, String)> = Vec::new();
    look.elements("xl/workbook.xml", |element| {
        if let Element::Start("sheet", attributes) = element {
            let shown = match attribute(attributes, "state").as_deref() {
                Some("hidden") => Shown::Hidden,
                Some("veryHidden") => Shown::VeryHidden,
                _ => Shown::Yes,
            };
            listed.push((attribute(attributes, "name").unwrap_or_default(), shown, attribute(attributes, "r:id").unwrap_or_default()));
        }
    });
    let mut parts: BTreeMap<String, String> = BTreeMap::new();
    look.elements("xl/_rels/workbook.xml.rels", |element| {
        if let Element::Start("Relationship", attributes) = element {
            let target = attribute(attributes, "Target").unwrap_or_default();
            let part = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            parts.insert(part.to_lowercase(), attribute(attributes, "Id").unwrap_or_default());
        }
    });
    let mut out: Vec<Sheet> = Vec::new();
    // Every part is looked at, also one that the list of sheets does not name.
    for part in look.parts_where(|name| name.starts_with("xl/worksheets/") && name.ends_with(".xml")) {
        let id = parts.get(&part.to_lowercase());
        let at = listed.iter().position(|(.., listed_id)| Some(listed_id) == id);
        let (name, shown) = match at {
            Some(at) => {
                let (name, shown, _) = listed.remove(at);
                (name, shown)
            }
            None => (part.clone(), Shown::Yes),
        };
        let (rows, columns) = cells(look, &part);
        out.push(Sheet { name, shown, rows, columns });
    }
    // Sheets of other kinds (charts), and sheets whose part has another name.
    out.extend(listed.into_iter().map(|(name, shown, _)| Sheet { name, shown, ..Sheet::default() }));
    out
}

fn cells(look: &mut Look, part: &str) -> (BTreeSet<u32>, BTreeSet<u32>) {
    let is_true = |attributes: &str, name: &str| attribute(attributes, name).is_some_and(|value| value == "1" || value == "true");
    let is_nought = |attributes: &str, name: &str| attribute(attributes, name).and_then(|value| value.parse().ok()) == Some(0.0_f64);
    let mut hidden_columns = Columns::default();
    let (mut rows, mut columns) = (BTreeSet::new(), BTreeSet::new());
    let (mut row, mut column) = (0_u32, 0_u32);
    let (mut next_row, mut next_column) = (0_u32, 0_u32);
    let (mut row_is_hidden, mut in_cell) = (false, false);
    look.elements(part, |element| match element {
        Element::Start("col", attributes) if is_true(attributes, "hidden") || is_nought(attributes, "width") => {
            let number = |name| attribute(attributes, name).and_then(|n| n.trim().parse::<u32>().ok()).and_then(|n| n.checked_sub(1));
            if let (Some(first), Some(last)) = (number("min"), number("max")) {
                hidden_columns.hide(first, last);
            }
        }
        Element::Start("row", attributes) => {
            row = attribute(attributes, "r").and_then(|n| n.trim().parse::<u32>().ok()).and_then(|n| n.checked_sub(1)).unwrap_or(next_row);
            next_row = row.saturating_add(1);
            next_column = 0;
            row_is_hidden = is_true(attributes, "hidden") || is_nought(attributes, "ht");
        }
        Element::Start("c", attributes) => {
            column = attribute(attributes, "r").as_deref().and_then(column_of).unwrap_or(next_column);
            next_column = column.saturating_add(1);
            in_cell = true;
        }
        Element::End("c") => in_cell = false,
        // A value, a formula or a text: a cell that has only a colour holds nothing.
        Element::Start("v" | "f" | "is", _) if in_cell => {
            if row_is_hidden && rows.len() < MOST_ROWS {
                rows.insert(row);
            }
            columns.extend(hidden_columns.meet(column, column));
        }
        _ => {}
    });
    (rows, columns)
}
