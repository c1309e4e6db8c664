//! The sheets before the tables: cover, contents, notes.

use super::sheet::{Cell, Marked, Sheet};
use crate::address::Here;
use crate::page::marking;
use headwater_release::{Document, Shorthand};

/// The cover: title, what it is, for whom, from when, under which licence, how to read it.
pub(super) fn cover(here: &Here<'_>, document: &Document, n_tables: usize) -> Sheet {
    let mut cells = vec![Cell::Title(document.title.clone())];
    let mut say = |words: String| cells.push(Cell::Words(words));
    if let Some(words) = marking(document.audience) {
        say(format!("Not for sharing: {words}"));
    }
    say(document.standfirst.plain());
    say(format!("This workbook holds every table of the document: {n_tables} tables, one on each sheet, as on the pages beside it."));
    cells.push(Cell::Heading("About this document".into()));
    let mut say = |words: String| cells.push(Cell::Words(words));
    let own = [("Area", &document.area), ("Kind of area", &document.area_kind), ("Period", &document.period)];
    for (name, words) in own.iter().filter(|(name, words)| !words.is_empty() && !document.front.iter().any(|(told, _)| told == name)) {
        say(format!("{name}: {words}"));
    }
    for (name, words) in &document.front {
        say(format!("{name}: {}", words.plain()));
    }
    if !here.site.publication.attribution.is_empty() {
        cells.push(Cell::Heading("Sources and licence".into()));
        cells.extend(here.site.publication.attribution.iter().map(|line| Cell::Words(line.clone())));
    }
    cells.push(Cell::Heading("Shorthand in the tables".into()));
    for kind in [Shorthand::Confidential, Shorthand::NotAvailable, Shorthand::NotApplicable] {
        cells.push(Cell::Words(format!("{}: {}", kind.mark(), kind.meaning())));
    }
    Sheet { name: "Cover".into(), rows: cells.into_iter().map(|cell| vec![cell]).collect(), marked: None }
}

/// The contents: a link to each sheet after it.
pub(super) fn contents(tables: &[Sheet], has_notes: bool) -> Sheet {
    let mut rows = vec![
        vec![Cell::Title("Contents".into())],
        vec![Cell::Line("This sheet holds one table. Its first column leads to each of the other sheets.".into())],
    ];
    let header = rows.len();
    rows.push(vec![Cell::Header("Sheet".into(), false), Cell::Header("What it holds".into(), false), Cell::Header("Rows".into(), true)]);
    let link = |name: &str| Cell::Link(name.to_owned(), name.to_owned());
    if has_notes {
        rows.push(vec![link("Notes"), Cell::Words("Notes on the tables".into()), Cell::Shorthand(Shorthand::NotApplicable.mark())]);
    }
    for table in tables {
        let n = table.n_rows().to_string();
        rows.push(vec![link(&table.name), Cell::Words(table.title().to_owned()), Cell::Number(n.clone(), n)]);
    }
    Sheet { name: "Contents".into(), rows, marked: Some(Marked { name: "contents".into(), header }) }
}

/// Notes of all tables, each once, numbered in the order in which the tables need them.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes(Vec<String>);

impl Notes {
    /// The mark of a note, such as `[note 3]`.
    pub(super) fn mark(&mut self, words: &str) -> String {
        let position = self.0.iter().position(|known| known == words).unwrap_or_else(|| {
            self.0.push(words.to_owned());
            self.0.len() - 1
        });
        format!("[note {}]", position + 1)
    }

    /// Whether no table has a note.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The sheet of notes; none when there are no notes.
    pub(super) fn sheet(&self) -> Option<Sheet> {
        let mut rows = vec![
            vec![Cell::Title("Notes".into())],
            vec![Cell::Line("This sheet holds one table: what the tables do not show, and how to read them.".into())],
            vec![Cell::Header("Note".into(), false), Cell::Header("Words".into(), false)],
        ];
        rows.extend(self.0.iter().enumerate().map(|(i, words)| vec![Cell::Words(format!("note {}", i + 1)), Cell::Words(words.clone())]));
        (!self.is_empty()).then(|| Sheet { name: "Notes".into(), rows, marked: Some(Marked { name: "notes".into(), header: 2 }) })
    }
}
