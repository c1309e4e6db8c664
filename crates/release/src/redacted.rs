//! A document of somebody else's, made anew with parts left out.

use crate::LetterLanguage;

/// A piece of a redacted document's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedactedPiece {
    /// Words of the document.
    Words(String),
    /// Something was left out here; the reason in a few words.
    Removed(String),
}

/// A text of a redacted document: its pieces, a space between them.
pub type RedactedText = Vec<RedactedPiece>;

/// One part of a redacted document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedactedPart {
    /// A heading below that of its page; 1 is the highest. No level is left out on the way down.
    Heading(u8, RedactedText),
    /// A paragraph.
    Paragraph(RedactedText),
    /// A note, or what stood in the margin of every page.
    Note(RedactedText),
    /// Items of a list, each with its level; 1 is the outermost. Numbers are part of their words.
    List(Vec<(u8, RedactedText)>),
    /// Rows of a table, all of one length; the first says what is in each column if there are more.
    Table(Vec<Vec<RedactedText>>),
}

/// One page of a redacted document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedactedPage {
    /// Its heading: its number, or the name of a sheet; none where the document has one page without a name.
    pub heading: Option<RedactedText>,
    /// What is on it.
    pub parts: Vec<RedactedPart>,
}

/// A document of somebody else's, made anew with parts left out and with a note of what was left out.
///
/// Its words are those of whoever wrote it. That nothing of what had to go is in it is for whoever makes it to show: with every
/// file that is made of it, before the file leaves.
///
/// ```
/// use headwater_release::{LetterLanguage, RedactedDocument, RedactedPage, RedactedPart, RedactedPiece};
/// let text = vec![RedactedPiece::Words("Seen by".into()), RedactedPiece::Removed("personal information".into())];
/// let page = RedactedPage { heading: None, parts: vec![RedactedPart::Paragraph(text)] };
/// let document = RedactedDocument::new(LetterLanguage::English, "A plan", vec!["Parts were left out.".into()], vec![page])?;
/// assert_eq!(document.plain(), "A plan\nParts were left out.\nSeen by [removed: personal information]\n");
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedactedDocument {
    language: LetterLanguage,
    title: String,
    notes: Vec<String>,
    pages: Vec<RedactedPage>,
}

impl RedactedDocument {
    /// A document of these pages. Levels of headings and lists are made to follow one another, and rows of a table to be of one
    /// length.
    ///
    /// # Errors
    /// Refuses one without a title, or without a note of what was left out.
    pub fn new(language: LetterLanguage, title: &str, notes: Vec<String>, mut pages: Vec<RedactedPage>) -> Result<Self, String> {
        if title.trim().is_empty() {
            return Err("the redacted document has no title".to_owned());
        }
        if notes.is_empty() {
            return Err(format!("the redacted document \"{title}\" does not say what was left out"));
        }
        for page in &mut pages {
            let mut above = 0;
            for part in &mut page.parts {
                match part {
                    RedactedPart::Heading(level, _) => {
                        *level = (*level).clamp(1, above + 1).min(4);
                        above = *level;
                    }
                    RedactedPart::List(items) => {
                        let mut above = 0;
                        for (level, _) in items {
                            *level = (*level).clamp(1, above + 1);
                            above = *level;
                        }
                    }
                    RedactedPart::Table(rows) => {
                        let most = rows.iter().map(Vec::len).max().unwrap_or(0);
                        rows.iter_mut().for_each(|row| row.resize(most, Vec::new()));
                    }
                    RedactedPart::Paragraph(_) | RedactedPart::Note(_) => {}
                }
            }
        }
        Ok(Self { language, title: title.trim().to_owned(), notes, pages })
    }

    /// The language in which it is written.
    pub fn language(&self) -> LetterLanguage {
        self.language
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What was left out, in sentences.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Its pages in reading order.
    pub fn pages(&self) -> &[RedactedPage] {
        &self.pages
    }

    /// How the mark of a removal is worded.
    pub fn mark(&self, reason: &str) -> String {
        match self.language {
            LetterLanguage::English => format!("[removed: {reason}]"),
            LetterLanguage::Welsh => format!("[tynnwyd: {reason}]"),
        }
    }

    /// A text as words, marks among them.
    pub fn said(&self, text: &RedactedText) -> String {
        let pieces = text.iter().map(|piece| match piece {
            RedactedPiece::Words(words) => words.clone(),
            RedactedPiece::Removed(reason) => self.mark(reason),
        });
        pieces.collect::<Vec<_>>().join(" ")
    }

    /// All of it as plain text, a line for each part, row and item.
    pub fn plain(&self) -> String {
        let mut lines = vec![self.title.clone()];
        lines.extend(self.notes.iter().cloned());
        for page in &self.pages {
            lines.extend(page.heading.iter().map(|text| self.said(text)));
            for part in &page.parts {
                match part {
                    RedactedPart::Heading(_, text) | RedactedPart::Paragraph(text) | RedactedPart::Note(text) => lines.push(self.said(text)),
                    RedactedPart::List(items) => lines.extend(items.iter().map(|(_, text)| self.said(text))),
                    RedactedPart::Table(rows) => {
                        lines.extend(rows.iter().map(|row| row.iter().map(|text| self.said(text)).collect::<Vec<_>>().join(" ")));
                    }
                }
            }
        }
        lines.join("\n") + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> RedactedText {
        vec![RedactedPiece::Words(text.to_owned())]
    }

    #[test]
    fn levels_follow_one_another_and_rows_are_of_one_length() {
        let parts = vec![
            RedactedPart::Heading(4, words("a")),
            RedactedPart::Heading(3, words("b")),
            RedactedPart::Heading(1, words("c")),
            RedactedPart::List(vec![(3, words("d")), (9, words("e"))]),
            RedactedPart::Table(vec![vec![words("f")], vec![words("g"), words("h")]]),
        ];
        let page = RedactedPage { heading: None, parts };
        let made = RedactedDocument::new(LetterLanguage::English, " A plan ", vec!["Parts were left out.".into()], vec![page]).unwrap();
        let wanted = vec![
            RedactedPart::Heading(1, words("a")),
            RedactedPart::Heading(2, words("b")),
            RedactedPart::Heading(1, words("c")),
            RedactedPart::List(vec![(1, words("d")), (2, words("e"))]),
            RedactedPart::Table(vec![vec![words("f"), vec![]], vec![words("g"), words("h")]]),
        ];
        assert_eq!((made.title(), &made.pages()[0].parts), ("A plan", &wanted));
    }

    #[test]
    fn a_title_and_a_note_of_what_was_left_out_are_needed() {
        let refused = |title, notes| RedactedDocument::new(LetterLanguage::English, title, notes, vec![]).unwrap_err();
        assert_eq!(refused(" ", vec!["x".into()]), "the redacted document has no title");
        assert!(refused("A plan", vec![]).contains("does not say what was left out"));
    }
}
