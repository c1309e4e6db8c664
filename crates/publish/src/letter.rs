//! A letter as a page by itself: what a mail shows, and what a browser opens from a folder.

use headwater_release::{Letter, LetterLanguage, LetterPart, LetterPiece, LetterText};
use maud::{DOCTYPE, Markup, html};
use std::collections::BTreeSet;

/// A letter as one HTML file that needs nothing else: no style, no script, no picture.
///
/// Mail programs drop styles, so its meaning is in its elements alone: headings, lists, footnotes with links there and back.
pub fn letter_page(letter: &Letter) -> String {
    let (language, notes, back) = match letter.language() {
        LetterLanguage::English => ("en-GB", "Footnotes", "back to the text"),
        LetterLanguage::Welsh => ("cy", "Troednodiadau", "yn ôl i'r testun"),
    };
    let mut seen = BTreeSet::new();
    html! {
        (DOCTYPE)
        html lang=(language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (letter.title()) }
            }
            body {
                main {
                    h1 { (letter.title()) }
                    @for part in letter.parts() { (shown(part, &mut seen)) }
                    @if !letter.footnotes().is_empty() {
                        h2 { (notes) }
                        ol {
                            @for (place, text) in letter.footnotes().iter().enumerate() {
                                li id=(format!("note-{}", place + 1)) {
                                    (said(text, &mut BTreeSet::new())) " "
                                    a href=(format!("#mark-{}", place + 1)) aria-label=(format!("{} {}", place + 1, back)) { "\u{21a9}" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    .into_string()
}

fn shown(part: &LetterPart, seen: &mut BTreeSet<u16>) -> Markup {
    match part {
        LetterPart::Address(texts) | LetterPart::Closing(texts) => html! {
            p { @for (place, text) in texts.iter().enumerate() { @if place > 0 { br; } (said(text, seen)) } }
        },
        LetterPart::Heading(text) => html! { h2 { (said(text, seen)) } },
        LetterPart::Date(text) | LetterPart::Salutation(text) | LetterPart::Paragraph(text) => html! { p { (said(text, seen)) } },
        LetterPart::List(texts) => html! { ul { @for text in texts { li { (said(text, seen)) } } } },
        LetterPart::NumberedList(texts) => html! { ol { @for text in texts { li { (said(text, seen)) } } } },
    }
}

fn said(text: &LetterText, seen: &mut BTreeSet<u16>) -> Markup {
    html! {
        @for piece in text {
            @match piece {
                LetterPiece::Words(words) => (words),
                // Only the first mark of a footnote is what its way back leads to.
                LetterPiece::Mark(number) => sup { a id=[seen.insert(*number).then(|| format!("mark-{number}"))] href=(format!("#note-{number}")) { (number) } },
            }
        }
    }
}
