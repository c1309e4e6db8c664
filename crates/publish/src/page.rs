//! Pages and their components, as plain functions from cleared things to HTML.

mod a_to_z;
mod block;
mod contents;
mod edition;
mod figure;
mod home;
mod layout;
mod measure;
mod passage;
mod provenance;
mod search;
mod section;
pub(crate) mod slot;
mod table;
mod translation;
mod words;
mod writing;

pub(crate) use a_to_z::a_to_z;
#[cfg(feature = "pdf")]
pub(crate) use block::exhibit_name;
pub(crate) use contents::contents;
pub(crate) use edition::{Standing, banner, editions, head, links, list, news, whats_new};
#[cfg(feature = "pdf")]
pub(crate) use figure::csv_name;
pub(crate) use figure::json_name;
pub(crate) use home::{home, not_found, not_found_anywhere};
pub(crate) use layout::marking;
pub(crate) use measure::{measure, measures};
#[cfg(feature = "pdf")]
pub(crate) use passage::pieces;
pub(crate) use passage::tied;
pub(crate) use search::search;
pub(crate) use section::{about, section};
pub(crate) use table::shorthand_in_words;
pub(crate) use translation::{translation, translation_file};
pub(crate) use words::{Words, words};

use crate::address::Here;
use headwater_release::{Audience, Column, ColumnKind, Figure, Table};

/// The one style sheet, of published pages and of the application alike.
pub const STYLE: &str = include_str!("style.css");

/// The one script, for the page that searches.
pub(crate) const SEARCH: &str = include_str!("search.js");

/// A table that a page offers as a file beside itself, and what is known of it.
#[derive(Clone, Debug)]
pub(crate) struct Download<'a> {
    /// The file's name.
    pub(crate) name: String,
    /// What is in the file.
    pub(crate) text: String,
    /// The table's own name on its page.
    pub(crate) id: String,
    /// The figure's number in the document, such as `6.3`.
    pub(crate) number: Option<String>,
    /// The table itself.
    pub(crate) table: &'a Table,
    /// The figure it belongs to; none when it stands alone.
    pub(crate) figure: Option<&'a Figure>,
}

/// A file about a whole document that its contents page offers.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    /// The file's name.
    pub(crate) name: String,
    /// What is in the file.
    pub(crate) bytes: Vec<u8>,
    /// What it is, in a few words: the words of the link.
    pub(crate) words: &'static str,
    /// The format's short name.
    pub(crate) format: &'static str,
    /// What it is for, in a sentence.
    pub(crate) about: &'static str,
}

/// A file's size as people read it: `40 kB`, `1.2 MB`.
pub(crate) fn size(bytes: usize) -> String {
    let kilobytes = bytes.div_ceil(1000);
    if kilobytes < 1000 { format!("{kilobytes} kB") } else { format!("{}.{} MB", kilobytes / 1000, kilobytes % 1000 / 100) }
}

/// What a file's name must carry when not everyone may read it: a file on its own has no banner.
pub(crate) fn mark(here: &Here<'_>) -> &'static str {
    let audience = here.the_document().map_or(Audience::Public, |document| document.audience);
    if marking(audience).is_some() { "-not-for-sharing" } else { "" }
}

/// A column's heading with its unit.
pub(crate) fn column_title(column: &Column) -> String {
    match &column.kind {
        ColumnKind::Number { unit } if !unit.is_empty() => format!("{} ({unit})", column.title),
        _ => column.title.clone(),
    }
}
