//! A letter: written by a person, to one recipient, in one language.

use std::collections::BTreeSet;

/// The language of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterLanguage {
    /// British English.
    English,
    /// Welsh.
    Welsh,
}

/// A piece of a letter's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LetterPiece {
    /// Words.
    Words(String),
    /// The mark of a footnote; 1 is the first.
    Mark(u16),
}

/// A text of a letter: one line or one paragraph.
pub type LetterText = Vec<LetterPiece>;

/// One part of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LetterPart {
    /// Who writes, or to whom: lines under each other.
    Address(Vec<LetterText>),
    /// The date.
    Date(LetterText),
    /// "Dear …".
    Salutation(LetterText),
    /// A heading.
    Heading(LetterText),
    /// A paragraph.
    Paragraph(LetterText),
    /// A list in no order.
    List(Vec<LetterText>),
    /// A list with numbers.
    NumberedList(Vec<LetterText>),
    /// The end, with a name: lines under each other.
    Closing(Vec<LetterText>),
}

impl LetterPart {
    /// Its texts in reading order.
    pub fn texts(&self) -> &[LetterText] {
        match self {
            Self::Address(texts) | Self::List(texts) | Self::NumberedList(texts) | Self::Closing(texts) => texts,
            Self::Date(text) | Self::Salutation(text) | Self::Heading(text) | Self::Paragraph(text) => std::slice::from_ref(text),
        }
    }
}

/// A letter that can be sent: it has a title and a date, and every mark has its footnote.
///
/// Its words are a person's own. Where it tells of counts that were treated, look through [`Letter::plain`] with
/// [`scan`](crate::scan()) before it goes.
///
/// ```
/// use headwater_release::{Letter, LetterLanguage, LetterPart, LetterPiece};
/// let words = |text: &str| vec![LetterPiece::Words(text.to_owned())];
/// let parts = vec![LetterPart::Date(words("13 October 2020")), LetterPart::Salutation(words("Dear Commissioner"))];
/// let letter = Letter::new(LetterLanguage::English, "A request", "An Office", parts.clone(), vec![]).unwrap();
/// assert_eq!(letter.plain(), "13 October 2020\n\nDear Commissioner\n");
/// let refused = Letter::new(LetterLanguage::English, " ", "An Office", parts, vec![]).unwrap_err();
/// assert_eq!(refused, "the letter has no title");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    language: LetterLanguage,
    title: String,
    author: String,
    parts: Vec<LetterPart>,
    footnotes: Vec<LetterText>,
}

impl Letter {
    /// A letter of these parts; the author is the office that writes, not a person.
    ///
    /// # Errors
    /// Refuses one without title or date, with a mark that leads nowhere, a footnote that is never marked, or a mark within
    /// a footnote; the sentence says which.
    pub fn new(language: LetterLanguage, title: &str, author: &str, parts: Vec<LetterPart>, footnotes: Vec<LetterText>) -> Result<Self, String> {
        if title.trim().is_empty() {
            return Err("the letter has no title".to_owned());
        }
        if !parts.iter().any(|part| matches!(part, LetterPart::Date(_))) {
            return Err(format!("the letter \"{title}\" has no date"));
        }
        let marks = |texts: &[LetterText]| -> BTreeSet<usize> {
            let mark = |piece: &LetterPiece| if let LetterPiece::Mark(number) = piece { Some(usize::from(*number)) } else { None };
            texts.iter().flatten().filter_map(mark).collect()
        };
        let marked: BTreeSet<usize> = parts.iter().flat_map(|part| marks(part.texts())).collect();
        if let Some(lost) = marked.iter().find(|number| **number == 0 || **number > footnotes.len()) {
            return Err(format!("the letter \"{title}\" has the mark {lost}, and no footnote of that number"));
        }
        if let Some(idle) = (1..=footnotes.len()).find(|number| !marked.contains(number)) {
            return Err(format!("the letter \"{title}\" has a footnote {idle} to which no mark leads"));
        }
        if !marks(&footnotes).is_empty() {
            return Err(format!("the letter \"{title}\" has a mark within a footnote"));
        }
        Ok(Self { language, title: title.to_owned(), author: author.to_owned(), parts, footnotes })
    }

    /// Its language.
    pub fn language(&self) -> LetterLanguage {
        self.language
    }

    /// Its title: the subject of a mail, the name of a file in a reader's window.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The office that writes.
    pub fn author(&self) -> &str {
        &self.author
    }

    /// Its parts in reading order.
    pub fn parts(&self) -> &[LetterPart] {
        &self.parts
    }

    /// Its footnotes; the first is number 1.
    pub fn footnotes(&self) -> &[LetterText] {
        &self.footnotes
    }

    /// All of it as plain text, footnotes last.
    pub fn plain(&self) -> String {
        let line = |text: &LetterText| {
            text.iter()
                .map(|piece| match piece {
                    LetterPiece::Words(words) => words.clone(),
                    LetterPiece::Mark(number) => format!("[{number}]"),
                })
                .collect::<String>()
        };
        let mut blocks: Vec<String> = Vec::new();
        for part in &self.parts {
            let lines = part.texts().iter().enumerate().map(|(place, text)| match part {
                LetterPart::List(_) => format!("- {}", line(text)),
                LetterPart::NumberedList(_) => format!("{}. {}", place + 1, line(text)),
                _ => line(text),
            });
            blocks.push(lines.collect::<Vec<_>>().join("\n"));
        }
        if !self.footnotes.is_empty() {
            blocks.push(
                self.footnotes.iter().enumerate().map(|(place, text)| format!("[{}] {}", place + 1, line(text))).collect::<Vec<_>>().join("\n"),
            );
        }
        blocks.join("\n\n") + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> LetterText {
        vec![LetterPiece::Words(text.to_owned())]
    }

    fn letter(paragraph: LetterText, footnotes: Vec<LetterText>) -> Result<Letter, String> {
        let parts = vec![LetterPart::Date(words("1 March 2026")), LetterPart::Paragraph(paragraph)];
        Letter::new(LetterLanguage::English, "A request", "An office", parts, footnotes)
    }

    #[test]
    fn marks_and_footnotes_must_meet() {
        let marked = |number| vec![LetterPiece::Words("See".to_owned()), LetterPiece::Mark(number)];
        assert_eq!(letter(marked(1), vec![words("A source")]).unwrap().plain(), "1 March 2026\n\nSee[1]\n\n[1] A source\n");
        assert!(letter(marked(2), vec![words("A source")]).unwrap_err().contains("the mark 2"));
        assert!(letter(marked(0), vec![words("A source")]).unwrap_err().contains("the mark 0"));
        assert!(letter(words("See"), vec![words("A source")]).unwrap_err().contains("footnote 1"));
        assert!(letter(marked(1), vec![marked(1)]).unwrap_err().contains("within a footnote"));
    }

    #[test]
    fn a_letter_has_a_date() {
        let refused = Letter::new(LetterLanguage::Welsh, "Cais", "Swyddfa", vec![LetterPart::Paragraph(words("x"))], vec![]).unwrap_err();
        assert_eq!(refused, "the letter \"Cais\" has no date");
    }
}
