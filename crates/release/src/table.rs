//! Tables: one header row, one header column, one kind of thing in each column.

use crate::{Passage, Target, Value};

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Names, dates, codes, words: left-aligned.
    Text,
    /// Numbers in one unit: right-aligned.
    Number {
        /// The unit, such as "per 1,000 residents"; empty for plain counts.
        unit: String,
    },
}

/// A column: its name in the CSV file, its heading on the page, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Lower-case identifier used as CSV heading, such as `rate_per_1_000`.
    pub id: String,
    /// The heading people read; the unit is added by the page.
    pub title: String,
    /// What it holds.
    pub kind: ColumnKind,
}

impl Column {
    /// A column of words.
    pub fn text(id: &str, title: &str) -> Self {
        Self { id: id.to_owned(), title: title.to_owned(), kind: ColumnKind::Text }
    }

    /// A column of numbers in a unit.
    pub fn number(id: &str, title: &str, unit: &str) -> Self {
        Self { id: id.to_owned(), title: title.to_owned(), kind: ColumnKind::Number { unit: unit.to_owned() } }
    }
}

/// A table of cleared values; the first column names the rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
    leads: Vec<Option<Target>>,
    notes: Vec<Passage>,
}

impl Table {
    /// Makes a table.
    ///
    /// # Errors
    /// Refuses an empty caption, repeated column ids and rows of another width than the header.
    pub fn new(caption: impl Into<String>, columns: Vec<Column>, rows: Vec<Vec<Value>>) -> Result<Self, String> {
        let caption = caption.into();
        if caption.trim().is_empty() || columns.is_empty() {
            return Err("a table needs a caption and a column".to_owned());
        }
        if let Some(twice) = columns.iter().enumerate().find(|(i, c)| columns[..*i].iter().any(|before| before.id == c.id)) {
            return Err(format!("the table \"{caption}\" has two columns called {}", twice.1.id));
        }
        if let Some((row, cells)) = rows.iter().enumerate().find(|(_, cells)| cells.len() != columns.len()) {
            return Err(format!("the table \"{caption}\" has {} columns but row {} has {} cells", columns.len(), row + 1, cells.len()));
        }
        Ok(Self { caption, columns, rows, leads: Vec::new(), notes: Vec::new() })
    }

    /// Lets the name of each row lead somewhere, in the order of the rows; a row beyond them leads nowhere.
    #[must_use]
    pub fn leading(mut self, leads: Vec<Option<Target>>) -> Self {
        self.leads = leads;
        self
    }

    /// Where the name of a row leads.
    pub fn lead(&self, row: usize) -> Option<&Target> {
        self.leads.get(row)?.as_ref()
    }

    /// Whether every column holds words.
    pub fn is_of_words(&self) -> bool {
        self.columns.iter().all(|column| column.kind == ColumnKind::Text)
    }

    /// Adds a note shown below the table.
    #[must_use]
    pub fn with_note(mut self, note: Passage) -> Self {
        self.notes.push(note);
        self
    }

    /// What the table shows.
    pub fn caption(&self) -> &str {
        &self.caption
    }

    /// The columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The rows, each as wide as the header.
    pub fn rows(&self) -> &[Vec<Value>] {
        &self.rows
    }

    /// Notes shown below.
    pub fn notes(&self) -> &[Passage] {
        &self.notes
    }

    /// The position of a column by its id.
    pub fn column(&self, id: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.id == id)
    }
}
