//! The values that fill a letter: those of the office, the same in all, and those of each recipient, from a CSV file.

use super::super::body::Language;
use super::template::LetterTemplate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The longest value, in characters: a paragraph, not a report.
const LONGEST_VALUE: usize = 10_000;

/// Values by field; a Welsh letter takes the Welsh value where there is one.
///
/// They may name people. They are handed in and handed on, and never stand in an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldValues {
    values: BTreeMap<(String, Option<Language>), String>,
    late: BTreeSet<LateField>,
}

/// A field whose value follows from the day on which the letter leaves: no letter bears the day on which it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateField {
    /// `campaign.date`: that day.
    Sent,
    /// `campaign.due`: the last day of a clock that starts with it.
    Due,
}

impl LateField {
    /// The field of a name.
    pub fn of(field: &str) -> Option<Self> {
        match field {
            "campaign.date" => Some(Self::Sent),
            "campaign.due" => Some(Self::Due),
            _ => None,
        }
    }

    /// What stands in its place until then.
    pub fn words(self) -> &'static str {
        match self {
            Self::Sent => "the day on which it is sent",
            Self::Due => "the last day, counted from the day on which it is sent",
        }
    }
}

impl FieldValues {
    /// Leaves a field to the day on which the letter leaves.
    pub fn leave(&mut self, field: LateField) {
        self.late.insert(field);
    }

    /// Whether a field is left to that day: one with a value of its own is not.
    pub fn is_late(&self, field: LateField) -> bool {
        self.late.contains(&field)
    }

    /// Sets the value of a field in every language; an empty value is none.
    pub fn set(&mut self, field: &str, value: &str) {
        self.put(field, None, value);
    }

    /// Sets the value of a field in one language.
    pub fn set_in(&mut self, language: Language, field: &str, value: &str) {
        self.put(field, Some(language), value);
    }

    fn put(&mut self, field: &str, language: Option<Language>, value: &str) {
        if value.trim().is_empty() {
            self.values.remove(&(field.to_owned(), language));
        } else {
            self.values.insert((field.to_owned(), language), value.trim().to_owned());
        }
    }

    /// The value of a field in a language.
    pub fn get(&self, language: Language, field: &str) -> Option<&str> {
        let in_language = self.values.get(&(field.to_owned(), Some(language)));
        in_language.or_else(|| self.values.get(&(field.to_owned(), None))).map(String::as_str)
    }
}

/// The values of each recipient, and what is wrong with the file that they came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValueTable {
    /// By the name in the column `body`, as it is written there.
    pub rows: BTreeMap<String, FieldValues>,
    /// A sentence for each fault, with line and column.
    pub problems: Vec<String>,
}

/// Reads a CSV file with a column `body` and a column for each field; `field:cy` is the Welsh value of a field.
///
/// Faults are collected: unknown columns, unknown bodies, a body twice, rows of another length, values too long. A row
/// with a fault gives no values.
pub fn read_values(bytes: &[u8], template: &LetterTemplate, bodies: &BTreeSet<String>) -> ValueTable {
    let mut table = ValueTable::default();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            table.problems.push(format!("the file cannot be read as a table: {error}; save it as CSV in UTF-8"));
            return table;
        }
    };
    let Some(body_column) = header.iter().position(|name| name.trim() == "body") else {
        table.problems.push("the file has no column \"body\": name the body of each row there".to_owned());
        return table;
    };
    let fields = template.fields();
    let mut columns: Vec<Option<(String, Option<Language>)>> = Vec::new();
    for (place, name) in header.iter().enumerate() {
        let name = name.trim();
        let (field, language) = match name.rsplit_once(':') {
            Some((field, "en")) => (field, Some(Language::En)),
            Some((field, "cy")) => (field, Some(Language::Cy)),
            _ => (name, None),
        };
        let known = fields.contains(field);
        if !known && place != body_column {
            let some: Vec<&str> = fields.iter().copied().take(4).collect();
            table.problems.push(format!("column {}: the letter has no field \"{name}\"; it has {}, …", place + 1, some.join(", ")));
        }
        let twice = columns.iter().flatten().any(|(other, in_language)| other == field && *in_language == language);
        if known && twice {
            table.problems.push(format!("column {}: \"{name}\" stands there twice", place + 1));
        }
        columns.push((known && !twice).then(|| (field.to_owned(), language)));
    }
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                table.problems.push(format!("a row cannot be read: {error}; save the file as CSV in UTF-8"));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != header.len() {
            table.problems.push(format!(
                "line {line} has {} cells and the header {}: put quotes around text with commas",
                record.len(),
                header.len()
            ));
            continue;
        }
        let name = record.get(body_column).unwrap_or("").trim().to_owned();
        if !bodies.contains(&name) {
            table.problems.push(format!("line {line}: \"{}\" is not on the campaign", name.chars().take(60).collect::<String>()));
            continue;
        }
        if table.rows.contains_key(&name) {
            table.problems.push(format!("line {line}: {name} has a row already"));
            continue;
        }
        let mut values = FieldValues::default();
        let mut sound = true;
        for (place, (cell, column)) in record.iter().zip(&columns).enumerate() {
            let Some((field, language)) = column else { continue };
            let n_characters = cell.chars().count();
            if n_characters > LONGEST_VALUE {
                table.problems.push(format!("line {line}, column {}: {n_characters} characters; at most {LONGEST_VALUE}", place + 1));
                sound = false;
            } else {
                values.put(field, *language, cell);
            }
        }
        if sound {
            table.rows.insert(name, values);
        }
    }
    table
}
