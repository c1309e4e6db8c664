//! The sheet of a table: title, what it shows, shorthand, source, a way back, the table.

use super::front::Notes;
use super::sheet::{Cell, Marked, Sheet};
use crate::page::{Download, column_title, shorthand_in_words};
use headwater_release::{ColumnKind, Value};
use std::collections::BTreeSet;

/// Makes the sheet with its place among the tables, from 1. Notes and cautions are gathered in `notes`.
pub(super) fn sheet(position: usize, it: &Download<'_>, notes: &mut Notes) -> Sheet {
    let cautions = it.figure.map(|figure| figure.cautions()).unwrap_or_default();
    let marks: String = it.table.notes().iter().chain(cautions).map(|note| format!(" {}", notes.mark(&note.plain()))).collect();
    let mut rows = vec![Cell::Title(format!("Table {position}: {}{marks}", it.table.caption()))];
    if let Some(figure) = it.figure {
        let number = it.number.as_deref().unwrap_or_default();
        rows.push(Cell::Line(format!("Behind figure {number}: {}. {}.", figure.title().plain().trim_end_matches('.'), figure.subtitle())));
    }
    rows.push(Cell::Line(if marks.is_empty() {
        "This sheet holds one table.".to_owned()
    } else {
        "This sheet holds one table. Numbers of notes in its title lead to the sheet Notes.".to_owned()
    }));
    rows.extend(shorthand_in_words(it.table.rows()).into_iter().map(|words| Cell::Line(format!("{words}."))));
    rows.push(Cell::Line(source(it)));
    rows.push(Cell::Link("Back to the contents".into(), "Contents".into()));
    let mut rows: Vec<Vec<Cell>> = rows.into_iter().map(|line| vec![line]).collect();
    let header = rows.len();
    rows.push(it.table.columns().iter().map(|column| Cell::Header(column_title(column), column.kind != ColumnKind::Text)).collect());
    rows.extend(it.table.rows().iter().map(|row| row.iter().map(cell).collect()));
    Sheet { name: format!("Table_{position}"), rows, marked: Some(Marked { name: format!("table_{}", it.id.replace('-', "_")), header }) }
}

fn cell(value: &Value) -> Cell {
    match value.shorthand() {
        Some(shorthand) => Cell::Shorthand(shorthand.mark()),
        None if value.as_number().is_some() => Cell::Number(value.csv(), value.shown()),
        // No cell is empty: a screen reader would pass over it without a word.
        None if value.shown().is_empty() => Cell::Words("none".into()),
        None => Cell::Words(value.shown()),
    }
}

fn source(it: &Download<'_>) -> String {
    let Some(provenance) = it.figure.map(|figure| figure.provenance()) else {
        return "Source: the sources named on the cover.".into();
    };
    let publishers: BTreeSet<String> = provenance.extracts.iter().map(|e| format!("{}, {}", e.publisher, e.licence)).collect();
    let publishers: Vec<String> = publishers.into_iter().collect();
    let rule = if provenance.rule.is_empty() { String::new() } else { format!(" Rule on small numbers: {}.", provenance.rule) };
    match publishers.as_slice() {
        [] => format!("Source: the sources named on the cover.{rule}"),
        all => format!("Source: {}.{rule}", all.join("; ")),
    }
}
