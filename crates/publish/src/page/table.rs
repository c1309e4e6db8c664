//! A table with caption, scoped headers and the meaning of its shorthand.

use super::passage::passage;
use crate::site::Links;
use headwater_release::{ColumnKind, Shorthand, Table};
use maud::{Markup, html};
use std::collections::BTreeSet;

/// The table in a region that scrolls sideways by itself where the page is narrow.
pub fn table(links: &Links<'_>, id: &str, table: &Table) -> Markup {
    let numeric: Vec<bool> = table.columns().iter().map(|column| column.kind != ColumnKind::Text).collect();
    let used: BTreeSet<Shorthand> = table.rows().iter().flatten().filter_map(|value| value.shorthand()).collect();
    let reasons: BTreeSet<&str> = table.rows().iter().flatten().filter_map(|value| value.reason()).collect();
    html! {
        div.scroll role="region" tabindex="0" aria-labelledby={ (id) "-caption" } {
            table {
                caption id={ (id) "-caption" } { (table.caption()) }
                thead {
                    tr {
                        @for (column, numeric) in table.columns().iter().zip(&numeric) {
                            th scope="col" class=[numeric.then_some("n")] {
                                (column.title)
                                @if let ColumnKind::Number { unit } = &column.kind { @if !unit.is_empty() { " (" (unit) ")" } }
                            }
                        }
                    }
                }
                tbody {
                    @for row in table.rows() {
                        tr {
                            @for (i, (value, numeric)) in row.iter().zip(&numeric).enumerate() {
                                @if i == 0 {
                                    th scope="row" class=[numeric.then_some("n")] { (value.shown()) }
                                } @else {
                                    td class=[numeric.then_some("n")] { (value.shown()) }
                                }
                            }
                        }
                    }
                }
            }
        }
        @for shorthand in used {
            p.small { (shorthand.mark()) " " (shorthand.meaning()) @if shorthand == Shorthand::NotAvailable && !reasons.is_empty() { ": " (reasons.iter().copied().collect::<Vec<_>>().join("; ")) } "." }
        }
        @for note in table.notes() { p.small { (passage(links, note)) } }
    }
}
