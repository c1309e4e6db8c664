//! A sheet: rows of cells, and which of them are the marked table.

use super::xml::{element, empty, escaped, paragraph};
use std::collections::BTreeSet;

/// One cell; there is no empty one.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// The sheet's title.
    Title(String),
    /// A heading between lines of words.
    Heading(String),
    /// Words in a line above a table; they run on over the cells beside them.
    Line(String),
    /// Words in a cell.
    Words(String),
    /// The heading of a column, and whether numbers stand below it.
    Header(String, bool),
    /// A number: as programs write it, as people read it.
    Number(String, String),
    /// A shorthand in place of a number.
    Shorthand(&'static str),
    /// A link to another sheet.
    Link(String, String),
}

/// The rows that are the table, and its name.
#[derive(Clone, Debug)]
pub(super) struct Marked {
    pub(super) name: String,
    /// The header's position among the rows, from 0.
    pub(super) header: usize,
}

/// A sheet. Each table row is as wide as the header; a line above the table has one cell.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) rows: Vec<Vec<Cell>>,
    pub(super) marked: Option<Marked>,
}

/// How wide the one column of a sheet without a table is, in tenths of a centimetre.
const PAGE: u32 = 170;

impl Sheet {
    /// The sheet's title.
    pub(super) fn title(&self) -> &str {
        match self.rows.first().and_then(|row| row.first()) {
            Some(Cell::Title(words)) => words,
            _ => &self.name,
        }
    }

    /// How many rows the table has, its header not counted.
    pub(super) fn n_rows(&self) -> usize {
        self.marked.as_ref().map_or(0, |marked| self.rows.len().saturating_sub(marked.header + 1))
    }

    /// The width of each column in tenths of a centimetre.
    pub(super) fn widths(&self) -> Vec<u32> {
        let Some(marked) = &self.marked else { return vec![PAGE] };
        let table = self.rows.get(marked.header..).unwrap_or_default();
        let columns = table.first().map_or(0, Vec::len);
        let widest = |column: usize| table.iter().filter_map(|row| row.get(column)).map(Cell::letters).max().unwrap_or(0);
        // About two millimetres a letter; longer words are wrapped.
        (0..columns).map(|column| (widest(column) as u32 * 2 + 5).clamp(22, 120).next_multiple_of(4)).collect()
    }

    /// Every number of decimals in the sheet.
    pub(super) fn decimals(&self) -> BTreeSet<usize> {
        self.rows.iter().flatten().filter_map(Cell::decimals).collect()
    }

    /// The sheet as XML.
    pub(super) fn xml(&self) -> String {
        let columns: String = self.widths().iter().map(|width| empty("table:table-column", &[("table:style-name", &format!("w{width}"))])).collect();
        let rows: String = self
            .rows
            .iter()
            .map(|row| element("table:table-row", &[("table:style-name", "row")], &row.iter().map(Cell::xml).collect::<String>()))
            .collect();
        element("table:table", &[("table:name", &self.name), ("table:style-name", "sheet")], &(columns + &rows))
    }

    /// The mark that makes the rows a table with a name.
    pub(super) fn range(&self) -> Option<String> {
        let marked = self.marked.as_ref()?;
        let width = self.rows.get(marked.header)?.len();
        let name = &self.name;
        let address = format!("{name}.A{}:{name}.{}{}", marked.header + 1, letters(width.saturating_sub(1)), self.rows.len());
        Some(empty(
            "table:database-range",
            &[
                ("table:name", &marked.name),
                ("table:target-range-address", &address),
                ("table:contains-header", "true"),
                ("table:display-filter-buttons", "false"),
            ],
        ))
    }
}

impl Cell {
    fn letters(&self) -> usize {
        match self {
            Self::Title(words) | Self::Heading(words) | Self::Line(words) | Self::Words(words) | Self::Header(words, _) | Self::Link(words, _) => {
                words.chars().count()
            }
            Self::Number(_, shown) => shown.chars().count(),
            Self::Shorthand(mark) => mark.chars().count(),
        }
    }

    fn decimals(&self) -> Option<usize> {
        let Self::Number(written, _) = self else { return None };
        Some(written.split_once('.').map_or(0, |(_, decimals)| decimals.len()))
    }

    fn xml(&self) -> String {
        let words = |style: &str, words: &str| {
            element("table:table-cell", &[("office:value-type", "string"), ("table:style-name", style)], &paragraph(words))
        };
        match self {
            Self::Title(it) => words("title", it),
            Self::Heading(it) => words("heading", it),
            Self::Line(it) => words("line", it),
            Self::Words(it) => words("words", it),
            Self::Header(it, false) => words("header", it),
            Self::Header(it, true) => words("header-of-numbers", it),
            Self::Shorthand(mark) => words("shorthand", mark),
            Self::Number(written, shown) => {
                let style = format!("number{}", self.decimals().unwrap_or(0));
                let attributes = [("office:value-type", "float"), ("office:value", written), ("table:style-name", &style)];
                element("table:table-cell", &attributes, &paragraph(shown))
            }
            Self::Link(it, sheet) => {
                let link = element("text:a", &[("xlink:type", "simple"), ("xlink:href", &format!("#{sheet}.A1"))], &escaped(it));
                element("table:table-cell", &[("office:value-type", "string"), ("table:style-name", "line")], &element("text:p", &[], &link))
            }
        }
    }
}

/// The letters of a column, from 0: A, B, … Z, AA.
fn letters(column: usize) -> String {
    let last = char::from(b'A' + (column % 26) as u8);
    if column < 26 { last.to_string() } else { format!("{}{last}", letters(column / 26 - 1)) }
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_beyond_z_have_two_letters() {
        let named: Vec<String> = [0, 25, 26, 701, 702].into_iter().map(letters).collect();
        assert_eq!(named, ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
