//! Does a document hold words that its reader does not see: hidden as the program does it, white on white, too small to be
//! read, or on slides that are not shown?
//!
//! White letters on a dark cell, box or band are common and are seen: white counts only where nothing dark can lie beneath.

mod open_document;
mod rich_text;
mod word;

use super::look::{Element, Look};
use super::opc::{counted, n_words, slides};
use super::{Finding, Screened};
use crate::kind::Kind;
use crate::text::BlockKind;
use crate::xml::attribute;

const REMEDY: &str = "ask the sender whether it was meant for us; if not, for a copy without it";

/// Looks for what is there and not seen; PDF and workbooks have looks of their own.
pub(super) fn detect(look: &mut Look, screened: &mut Screened) {
    match look.kind {
        Kind::Docx => {
            hidden_words(look, screened);
            let pale = word::pale_words(look);
            tell_pale(screened, &pale);
        }
        Kind::Odt => {
            hidden_words(look, screened);
            let pale = open_document::pale_words(look);
            tell_pale(screened, &pale);
        }
        Kind::Rtf => {
            hidden_words(look, screened);
            let pale = rich_text::pale_words(look.bytes);
            tell_pale(screened, &pale);
        }
        Kind::Pptx => {
            let mut hidden = Vec::new();
            for (place, part) in slides(look) {
                let mut is_hidden = false;
                look.elements(&part, |element| {
                    if let Element::Start("sld", attributes) = element {
                        is_hidden |= attribute(attributes, "show").is_some_and(|show| matches!(show.as_str(), "0" | "false"));
                    }
                });
                if is_hidden {
                    hidden.push(place);
                }
            }
            screened.add_places(Finding::Concealed, &hidden, "the slide is not shown", REMEDY);
        }
        Kind::OfficeDocument if look.is_open_document("presentation") => {
            let hidden = open_document::hidden_slides(look);
            screened.add_places(Finding::Concealed, &hidden, "the slide is not shown", REMEDY);
        }
        _ => {}
    }
}

/// Words that the program hides, paragraph by paragraph.
fn hidden_words(look: &mut Look, screened: &mut Screened) {
    let Some(text) = look.text() else { return };
    let mut found: Vec<(usize, usize)> = Vec::new();
    for page in &text.pages {
        let mut blocks = page.blocks.iter().enumerate().filter(|(_, block)| block.kind != BlockKind::Margin).peekable();
        let mut number = 0;
        for word in page.words.iter().filter(|word| !word.is_visible) {
            while blocks.next_if(|(_, block)| block.range.end <= word.range.start).is_some() {
                number += 1;
            }
            match found.last_mut() {
                Some((last, n)) if *last == number + 1 => *n += 1,
                _ => found.push((number + 1, 1)),
            }
        }
    }
    for (paragraph, n) in found.iter().take(super::NAMED) {
        let what = format!("{} hidden as the program does it", counted(*n, "word is", "words are"));
        screened.add(Finding::Concealed, format!("paragraph {paragraph}"), what, REMEDY);
    }
    if let Some(beyond) = found.len().checked_sub(super::NAMED).filter(|n| *n > 0) {
        screened.add(Finding::Concealed, format!("and {beyond} more paragraphs"), "words are hidden as the program does it", REMEDY);
    }
}

/// Words that are there in ink and not seen.
#[derive(Debug, Default, PartialEq, Eq)]
struct Pale {
    /// White on white.
    white: String,
    /// Of letters that nobody can read.
    tiny: String,
}

fn tell_pale(screened: &mut Screened, pale: &Pale) {
    for (words, how) in [(&pale.white, "in white on white"), (&pale.tiny, "too small to be read")] {
        if words.chars().any(char::is_alphanumeric) {
            let n = n_words(words);
            screened.add(Finding::Concealed, "", format!("{} {how}", counted(n, "word is", "words are")), REMEDY);
        }
    }
}

/// Whether a colour, as six digits, is white to the eye.
fn is_white(colour: &str) -> bool {
    let colour = colour.trim_start_matches('#');
    colour.len() == 6 && (0..3).all(|i| colour.get(2 * i..2 * i + 2).and_then(|two| u8::from_str_radix(two, 16).ok()).is_some_and(|part| part > 231))
}
