//! What a person sent with a form: text by field, files, and what is wrong with it.

use std::str::FromStr;

use headwater_prevention::exchange::moment::Day;
use headwater_prevention::exchange::words::Remark;

use super::visit::Refusal;
use crate::store::blobs::Staged;

/// Fields in the order in which they were sent; one may stand there several times.
#[derive(Debug, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// Reads `a=1&b=2`.
    pub fn read(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// The text of a field without the space around it; empty if it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    /// Whether a field was sent at all.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }

    /// Every value of a field: the boxes that were ticked.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

/// A file that a browser sent, on the disk and not yet kept.
pub struct Sent {
    /// The field it was sent in.
    pub field: String,
    /// Its name, as the browser gave it.
    pub name: String,
    /// Its bytes.
    pub staged: Staged,
}

/// The most bytes of rows that come as a file: as many as fit into a form.
const LONGEST_ROWS: u64 = 4 << 20;

impl Sent {
    /// The bytes of a file of rows.
    ///
    /// # Errors
    /// It is too large for rows, or cannot be read.
    pub fn rows(&self) -> Result<Vec<u8>, Refusal> {
        if self.staged.n_bytes() > LONGEST_ROWS {
            let words =
                format!("The file holds more than {} MB: choose one with the rows alone, or hand them over in several parts", LONGEST_ROWS >> 20);
            return Err(Problems::one(&self.field, words).into());
        }
        Ok(self.staged.bytes()?)
    }
}

/// What is wrong with a form, in the order of its fields: the name of the field and the words beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<(String, String)>);

impl Problems {
    /// One problem.
    pub fn one(field: &str, words: impl Into<String>) -> Self {
        Self(vec![(field.to_owned(), words.into())])
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds one.
    pub fn add(&mut self, field: &str, words: impl Into<String>) {
        self.0.push((field.to_owned(), words.into()));
    }

    /// The words beside a field.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, words)| words.as_str())
    }

    /// Keeps a value, or adds what is wrong with it.
    pub fn take<T, E: ToString>(&mut self, field: &str, read: Result<T, E>) -> Option<T> {
        read.map_err(|error| self.add(field, sentence(&error.to_string()))).ok()
    }

    /// A field that must be filled in: "Enter …" when it is empty.
    pub fn needed<T: FromStr<Err = String>>(&mut self, fields: &Fields, field: &str, enter: &str) -> Option<T> {
        match fields.text(field) {
            "" => {
                self.add(field, enter);
                None
            }
            text => self.take(field, text.parse()),
        }
    }

    /// A field that may be left empty.
    pub fn optional<T: FromStr<Err = String>>(&mut self, fields: &Fields, field: &str) -> Option<T> {
        match fields.text(field) {
            "" => None,
            text => self.take(field, text.parse()),
        }
    }

    /// One choice of several.
    pub fn choice<T>(&mut self, fields: &Fields, field: &str, choose: &str, of: impl Fn(&str) -> Option<T>) -> Option<T> {
        let chosen = of(fields.text(field));
        if chosen.is_none() {
            self.add(field, choose);
        }
        chosen
    }

    /// A day, which must be given.
    pub fn day(&mut self, fields: &Fields, field: &str, enter: &str) -> Option<Day> {
        match fields.text(field) {
            "" => {
                self.add(field, enter);
                None
            }
            text => self.take(field, text.parse().map_err(|_| format!("\"{text}\" is not a date: write it like 2020-11-13"))),
        }
    }
}

/// The reason that an order must give.
///
/// # Errors
/// None is given, or it holds what does not belong in the log.
pub fn reason(fields: &Fields, field: &str) -> Result<Remark, Problems> {
    let mut problems = Problems::default();
    problems.needed(fields, field, "Say why").ok_or(problems)
}

/// A sentence begins with a capital letter.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_order_and_their_words() {
        let fields = Fields::read(b"body=3&body=7&title=+Two%20words+&bad=%ff");
        assert_eq!(fields.all("body").collect::<Vec<_>>(), ["3", "7"]);
        assert_eq!((fields.text("title"), fields.text("none"), fields.has("bad")), ("Two words", "", true));
    }

    #[test]
    fn what_is_wrong_stands_beside_its_field() {
        let fields = Fields::read(b"from=13+November&title=");
        let mut problems = Problems::default();
        assert_eq!(problems.day(&fields, "from", "Enter the day"), None);
        assert_eq!(problems.needed::<headwater_prevention::exchange::words::Title>(&fields, "title", "Enter a title"), None);
        assert_eq!(problems.of("title"), Some("Enter a title"));
        assert_eq!(problems.of("from"), Some("\"13 November\" is not a date: write it like 2020-11-13"));
    }
}
