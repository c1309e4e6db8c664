//! Tables: a caption, headings with scope, numbers at the right, shorthand explained above.

use crate::address::Here;
use crate::page::column_title;
use crate::page::passage::{passage, tied};
use headwater_release::{ColumnKind, Shorthand, Table, Value};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// A table that scrolls by itself when the page is too narrow for it. The id must be the page's own.
pub(crate) fn table(table: &Table, here: &Here<'_>, id: &str) -> Markup {
    html! {
        (shorthand(table))
        // Focusable, so that it can be scrolled with a keyboard.
        div.scroll role="group" aria-labelledby={ (id) "-caption" } tabindex="0" {
            table {
                caption id={ (id) "-caption" } { (tied(table.caption())) }
                thead {
                    tr {
                        @for column in table.columns() {
                            th scope="col" class=[(column.kind == ColumnKind::Text).then_some("t")] { (tied(&column_title(column))) }
                        }
                    }
                }
                tbody { @for row in table.rows() { tr { @for (i, value) in row.iter().enumerate() { (cell(table, i, value)) } } } }
            }
        }
        @for note in table.notes() { p.note { (passage(note, here)) } }
    }
}

fn cell(table: &Table, i: usize, value: &Value) -> Markup {
    let text = table.columns().get(i).is_some_and(|column| column.kind == ColumnKind::Text);
    let shown = value.shown();
    // No cell is empty: a screen reader would pass over it without a word.
    let shown = if shown.is_empty() { "none".to_owned() } else { tied(&shown) };
    html! {
        @if i == 0 { th scope="row" class=[text.then_some("t")] { (shown) } }
        @else if text { td.t { (shown) } }
        @else { td { (shown) } }
    }
}

/// What the shorthand in some rows means, with the reasons that methods gave: a line for each kind that occurs.
pub(crate) fn shorthand_in_words(rows: &[Vec<Value>]) -> Vec<String> {
    let mut found: BTreeMap<Shorthand, BTreeMap<&str, usize>> = BTreeMap::new();
    for value in rows.iter().flatten() {
        if let Some(kind) = value.shorthand() {
            *found.entry(kind).or_default().entry(value.reason().unwrap_or("")).or_default() += 1;
        }
    }
    let line = |(kind, reasons): (Shorthand, BTreeMap<&str, usize>)| {
        let mut words = format!("{}: {}", kind.mark(), kind.meaning());
        for (reason, count) in reasons.iter().filter(|(reason, _)| !reason.is_empty()) {
            words += &format!("; {reason} ({count} {})", if *count == 1 { "cell" } else { "cells" });
        }
        words
    };
    found.into_iter().map(line).collect()
}

fn shorthand(table: &Table) -> Markup {
    let lines = shorthand_in_words(table.rows());
    html! { @if !lines.is_empty() { ul.shorthand { @for line in &lines { li { (line) } } } } }
}
