//! Tables: a caption, headings with scope, numbers at the right, shorthand explained above.

use crate::address::Here;
use crate::page::column_title;
use crate::page::passage::{passage, tied};
use headwater_release::{ColumnKind, Shorthand, Table, Value};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Up to so many rows a table of words stands on its page at its full height.
const WHOLE: usize = 100;

/// A table. The id must be the page's own.
///
/// One of numbers scrolls by itself when the page is too narrow for it, or it is long. One of words alone is read, not
/// compared down its columns: it has its full height, and on a telephone each row becomes a list.
pub(crate) fn table(table: &Table, here: &Here<'_>, id: &str) -> Markup {
    let is_read = table.is_of_words() && table.columns().len() > 2 && table.rows().len() <= WHOLE;
    // Some browsers forget that a table is one where its rows are shown in another way; its roles say it again.
    let role = |role: &'static str| is_read.then_some(role);
    html! {
        (shorthand(table))
        // Focusable, so that it can be scrolled with a keyboard.
        div.scroll.read[is_read] role="group" aria-labelledby={ (id) "-caption" } tabindex="0" {
            table role=[role("table")] {
                caption id={ (id) "-caption" } { span { (tied(table.caption())) } }
                thead role=[role("rowgroup")] {
                    tr role=[role("row")] {
                        @for column in table.columns() {
                            th scope="col" role=[role("columnheader")] class=[(column.kind == ColumnKind::Text).then_some("t")] { (tied(&column_title(column))) }
                        }
                    }
                }
                tbody role=[role("rowgroup")] {
                    @for (number, row) in table.rows().iter().enumerate() {
                        tr role=[role("row")] {
                            @for (i, value) in row.iter().enumerate() {
                                @let lead = table.lead(number).filter(|_| i == 0).and_then(|target| here.href(target));
                                (cell(table, i, value, lead.as_deref(), is_read))
                            }
                        }
                    }
                }
            }
        }
        @for note in table.notes() { p.note { (passage(note, here)) } }
    }
}

fn cell(table: &Table, i: usize, value: &Value, lead: Option<&str>, is_read: bool) -> Markup {
    let column = table.columns().get(i);
    let text = column.is_some_and(|column| column.kind == ColumnKind::Text);
    let shown = value.shown();
    // No cell is empty: a screen reader would pass over it without a word.
    let shown = if shown.is_empty() { "none".to_owned() } else { tied(&shown) };
    let class = text.then_some("t");
    let role = |role: &'static str| is_read.then_some(role);
    html! {
        @if i == 0 {
            th scope="row" role=[role("rowheader")] class=[class] { @if let Some(address) = lead { a href=(address) { (shown) } } @else { (shown) } }
        } @else {
            td role=[role("cell")] class=[class] data-of=[column.filter(|_| is_read).map(|column| &column.title)] { (shown) }
        }
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
