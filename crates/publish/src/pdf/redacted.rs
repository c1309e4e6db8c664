//! A redacted document as PDF/UA-1.

use super::press::{self, Layout};
use headwater_release::{LetterLanguage, RedactedDocument, RedactedPart, RedactedPiece, RedactedText};
use typst::foundations::{Array, Dict, IntoValue, Value, dict};

/// What stands for a letter that the typeface lacks.
const LACKING: char = '\u{25a1}';

/// A text with a square for every letter that the typeface lacks: what [`redacted_pdf`] sets. A PDF/UA-1 file may hold no other.
///
/// ```
/// assert_eq!(headwater_publish::settable("Nia \u{1f600} 中"), "Nia □ □");
/// ```
pub fn settable(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() || press::has_letter(c) { c } else { LACKING }).collect()
}

/// Sets a redacted document as PDF/UA-1: its title, language and headings are told to a screen reader, and so are lists and the
/// headings of tables. Letters that the typeface lacks are squares.
///
/// The bytes depend on the document alone.
///
/// # Errors
/// Says what PDF/UA-1 forbids; without words of the document.
pub fn redacted_pdf(document: &RedactedDocument) -> Result<Vec<u8>, String> {
    press::print(Layout::Redacted, values(document), &document.plain())
}

fn values(it: &RedactedDocument) -> Dict {
    let (language, about) = match it.language() {
        LetterLanguage::English => ("en", "What was left out"),
        LetterLanguage::Welsh => ("cy", "Yr hyn a dynnwyd"),
    };
    let below = u8::from(it.pages().iter().any(|page| page.heading.is_some()));
    let mut parts = Array::new();
    for page in it.pages() {
        parts.extend(page.heading.iter().map(|text| dict! {"kind" => "heading", "level" => 1, "text" => pieces(it, text)}.into_value()));
        parts.extend(page.parts.iter().map(|one| part(it, one, below)));
    }
    let notes: Array = it.notes().iter().map(|note| settable(note).into_value()).collect();
    dict! {"title" => settable(it.title()), "language" => language, "about" => about, "notes" => notes, "parts" => parts}
}

fn part(it: &RedactedDocument, part: &RedactedPart, below: u8) -> Value {
    match part {
        RedactedPart::Heading(level, text) => dict! {"kind" => "heading", "level" => i64::from(level + below), "text" => pieces(it, text)},
        RedactedPart::Paragraph(text) => dict! {"kind" => "paragraph", "text" => pieces(it, text)},
        RedactedPart::Note(text) => dict! {"kind" => "note", "text" => pieces(it, text)},
        RedactedPart::List(items) => {
            let items: Array =
                items.iter().map(|(level, text)| dict! {"level" => i64::from(*level), "text" => pieces(it, text)}.into_value()).collect();
            dict! {"kind" => "list", "items" => items}
        }
        RedactedPart::Table(rows) => {
            let rows: Array = rows.iter().map(|row| row.iter().map(|text| pieces(it, text)).collect::<Array>().into_value()).collect();
            dict! {"kind" => "table", "rows" => rows}
        }
    }
    .into_value()
}

fn pieces(it: &RedactedDocument, text: &RedactedText) -> Value {
    let piece = |piece: &RedactedPiece| match piece {
        RedactedPiece::Words(words) => dict! {"gone" => false, "words" => breakable(words)}.into_value(),
        RedactedPiece::Removed(reason) => dict! {"gone" => true, "words" => it.mark(reason)}.into_value(),
    };
    text.iter().map(piece).collect::<Array>().into_value()
}

/// Words that fit on a line: one that does not is set in pieces, since what runs over the edge is lost to whoever prints it.
fn breakable(words: &str) -> String {
    const LONGEST: usize = 40;
    let mut text = String::with_capacity(words.len());
    let mut n = 0;
    for c in settable(words).chars() {
        n = if c.is_whitespace() || c == '-' { 0 } else { n + 1 };
        if n > LONGEST {
            text.push('\u{200b}');
            n = 1;
        }
        text.push(c);
    }
    text
}
