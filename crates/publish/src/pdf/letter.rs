//! A letter as PDF/UA-1.

use super::press::{self, Layout};
use crate::page::tied;
use headwater_release::{Letter, LetterLanguage, LetterPart, LetterPiece, LetterText};
use std::collections::BTreeSet;
use typst::foundations::{Array, Dict, IntoValue, Value, dict};

/// Sets a letter as PDF/UA-1: its title, language and headings are told to a screen reader, footnotes are linked.
///
/// The bytes depend on the letter alone.
///
/// # Errors
/// Says what PDF/UA-1 forbids.
pub fn letter_pdf(letter: &Letter) -> Result<Vec<u8>, String> {
    let identifier = format!("{}\n{}", letter.title(), letter.plain());
    press::print(Layout::Letter, values(letter), &identifier).map_err(|why| format!("the letter \"{}\" cannot be set: {why}", letter.title()))
}

fn values(it: &Letter) -> Dict {
    let (language, page) = match it.language() {
        LetterLanguage::English => ("en", ["Page", "of"]),
        LetterLanguage::Welsh => ("cy", ["Tudalen", "o"]),
    };
    let mut seen = BTreeSet::new();
    let parts = it.parts().iter().map(|part| {
        let kind = match part {
            LetterPart::Address(_) => "address",
            LetterPart::Date(_) => "date",
            LetterPart::Salutation(_) => "salutation",
            LetterPart::Heading(_) => "heading",
            LetterPart::Paragraph(_) => "paragraph",
            LetterPart::List(_) => "list",
            LetterPart::NumberedList(_) => "numbered",
            LetterPart::Closing(_) => "closing",
        };
        let texts: Array = part.texts().iter().map(|text| pieces(text, &mut seen)).collect();
        dict! {"kind" => kind, "texts" => texts}.into_value()
    });
    let parts: Array = parts.collect();
    let footnotes: Array = it.footnotes().iter().map(|text| pieces(text, &mut BTreeSet::new())).collect();
    let page: Array = page.into_iter().map(IntoValue::into_value).collect();
    dict! {
        "title" => tied(it.title()),
        "author" => it.author(),
        "language" => language,
        "page" => page,
        "parts" => parts,
        "footnotes" => footnotes,
    }
}

fn pieces(text: &LetterText, seen: &mut BTreeSet<u16>) -> Value {
    let piece = |piece: &LetterPiece| match piece {
        LetterPiece::Words(words) => dict! {"mark" => 0, "first" => false, "words" => tied(words)}.into_value(),
        LetterPiece::Mark(number) => dict! {"mark" => i64::from(*number), "first" => seen.insert(*number), "words" => ""}.into_value(),
    };
    text.iter().map(piece).collect::<Array>().into_value()
}
