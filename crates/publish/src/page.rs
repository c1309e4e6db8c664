//! Pages and their components, as plain functions from cleared things to HTML.

mod block;
mod contents;
mod figure;
mod home;
mod layout;
mod passage;
mod provenance;
mod section;
mod table;

pub(crate) use contents::contents;
pub(crate) use home::{home, not_found};
pub(crate) use passage::tied;
pub(crate) use section::{about, section};

use headwater_release::{Column, ColumnKind};

/// The one style sheet.
pub(crate) const STYLE: &str = include_str!("style.css");

/// A file that a page offers beside itself.
#[derive(Clone, Debug)]
pub(crate) struct Download {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// A column's heading with its unit.
pub(crate) fn column_title(column: &Column) -> String {
    match &column.kind {
        ColumnKind::Number { unit } if !unit.is_empty() => format!("{} ({unit})", column.title),
        _ => column.title.clone(),
    }
}
