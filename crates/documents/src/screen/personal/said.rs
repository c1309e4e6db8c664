//! Words with the tables that they stand in.

use crate::kind::Kind;
use crate::text::{BlockKind, DocumentText, TextBlock};
use std::ops::Range;

/// What a page says, or something beside the pages.
pub(crate) struct Said {
    /// Where: "page 3".
    pub(super) place: String,
    text: String,
    blocks: Vec<TextBlock>,
}

impl Said {
    /// Words that stand beside the pages, a block a line.
    pub(crate) fn beside(place: impl Into<String>, words: &str) -> Self {
        let mut blocks = Vec::new();
        let mut at = 0;
        for line in words.split_inclusive('\n') {
            let kind = if line.contains('\t') { BlockKind::Row } else { BlockKind::Paragraph };
            blocks.push(TextBlock { kind, range: at..at + line.trim_end_matches('\n').len() });
            at += line.len();
        }
        Self { place: place.into(), text: words.to_owned(), blocks }
    }
}

/// The pages of a document, each with how a reader calls it.
pub(super) fn pages_of(text: DocumentText, kind: Kind, are_slides: bool) -> Vec<Said> {
    let is_one = text.pages.len() == 1;
    let called = |at: usize, name: Option<String>| match (name, kind) {
        (Some(name), _) => format!("sheet \"{name}\""),
        (None, _) if are_slides => format!("slide {}", at + 1),
        (None, Kind::Mailbox) => format!("message {}", at + 1),
        (None, Kind::Pdf) => format!("page {}", at + 1),
        (None, _) if is_one => String::new(),
        (None, _) => format!("page {}", at + 1),
    };
    let pages = text.pages.into_iter().enumerate();
    pages.map(|(at, page)| Said { place: called(at, page.name), text: page.text, blocks: page.blocks }).collect()
}

/// A table: rows of cells, each as its place in the text.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// The heads of its columns in small letters, if a row of them was found; on this page or on one before.
    pub(super) head: Vec<String>,
    /// The rows below the head.
    pub(super) rows: Vec<Vec<Range<usize>>>,
}

impl Table {
    /// The columns whose heads pass.
    pub(super) fn columns(&self, passes: impl Fn(&str) -> bool) -> Vec<usize> {
        self.head.iter().enumerate().filter(|(_, head)| passes(head)).map(|(at, _)| at).collect()
    }

    /// The cells of a column, of rows that have one for each head: a row that lost an empty cell is not told apart from one
    /// that did not.
    pub(super) fn column(&self, at: usize) -> impl Iterator<Item = &Range<usize>> {
        self.rows.iter().filter(move |row| row.len() <= self.head.len()).filter_map(move |row| row.get(at))
    }
}

/// What detectors read.
pub(super) struct Words<'a> {
    /// All of it.
    pub(super) text: &'a str,
    /// Its tables.
    pub(super) tables: Vec<Table>,
}

impl Words<'_> {
    /// What stands before a place, in small letters: at most `n` bytes of it.
    pub(super) fn before(&self, at: usize, n: usize) -> String {
        let mut start = at.saturating_sub(n);
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        self.text[start..at].to_lowercase()
    }

    /// What stands behind a place.
    pub(super) fn behind(&self, at: usize, n: usize) -> String {
        let mut end = (at + n).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.text[at..end].to_lowercase()
    }
}

/// How far below its beginning a table may have its heads.
const MOST_BEFORE_HEAD: usize = 12;

/// Finds the tables of a page. `open` is the table that the page before ended with, whose heads hold on; the same of this page
/// is handed back.
pub(super) fn words_of(said: &Said, open: Option<Vec<String>>) -> (Words<'_>, Option<Vec<String>>) {
    let mut tables: Vec<Table> = Vec::new();
    let mut rows: Vec<Vec<Range<usize>>> = Vec::new();
    let mut before = open;
    let mut ends_with_table = false;
    let mut close = |rows: &mut Vec<Vec<Range<usize>>>, before: Option<Vec<String>>| {
        if !rows.is_empty() {
            tables.push(table_of(&said.text, std::mem::take(rows), before));
        }
    };
    for block in said.blocks.iter().filter(|block| block.kind != BlockKind::Margin && block.kind != BlockKind::Note) {
        ends_with_table = block.kind == BlockKind::Row;
        if ends_with_table {
            let mut at = block.range.start;
            let cell = |cell: &str| {
                let range = at..at + cell.len();
                at = range.end + 1;
                range
            };
            rows.push(said.text[block.range.clone()].split('\t').map(cell).collect());
        } else {
            close(&mut rows, before.take());
        }
    }
    close(&mut rows, before.take());
    let goes_on = tables.last().filter(|_| ends_with_table).map(|table| table.head.clone());
    (Words { text: &said.text, tables }, goes_on)
}

fn table_of(text: &str, rows: Vec<Vec<Range<usize>>>, before: Option<Vec<String>>) -> Table {
    let heads = |row: &[Range<usize>]| row.iter().map(|cell| text[cell.clone()].trim().to_lowercase()).collect::<Vec<_>>();
    // The row of heads is the one that names most of what is asked for, the first of them.
    let asked = |row: &Vec<Range<usize>>| {
        let all = heads(row);
        // Where a cell is long or has a number in it, it is no head.
        let are_heads = all.iter().all(|head| head.len() < 60) && all.len() > 1;
        if are_heads { all.iter().filter(|head| super::lists::is_asked_for(head)).count() } else { 0 }
    };
    let mut best: Option<(usize, usize)> = None;
    for (at, row) in rows.iter().take(MOST_BEFORE_HEAD).enumerate() {
        let n = asked(row);
        if n > 0 && best.is_none_or(|(_, most)| n > most) {
            best = Some((at, n));
        }
    }
    match best {
        Some((at, _)) => Table { head: heads(&rows[at]), rows: rows.into_iter().skip(at + 1).collect() },
        None => match before {
            Some(head) if rows.first().is_some_and(|row| row.len() == head.len()) => Table { head, rows },
            // Without a word of its own the first row is as good as any.
            _ => Table { head: rows.first().map(|row| heads(row)).unwrap_or_default(), rows: rows.into_iter().skip(1).collect() },
        },
    }
}
/// What a detector counts in a text by itself.
#[cfg(test)]
pub(super) fn counted(count: fn(&Words) -> usize, text: &str) -> usize {
    count(&words_of(&Said::beside("", text), None).0)
}
