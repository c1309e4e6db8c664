//! A letter as a page by itself: what a mail shows, and what a browser opens from a folder.

use headwater_release::{Letter, LetterLanguage, LetterPart, LetterPiece, LetterText};
use maud::{DOCTYPE, Markup, html};
use std::collections::BTreeSet;

/// A letter as one HTML file that needs nothing else: no style, no script, no picture.
///
/// Mail programs drop styles, so its meaning is in its elements alone: headings, lists, footnotes with links there and back.
pub fn letter_page(letter: &Letter) -> String {
    html! {
        (DOCTYPE)
        html lang=(language(letter)) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (letter.title()) }
            }
            body {
                main {
                    h1 { (letter.title()) }
                    (words(letter, "", |text| html! { h2 { (text) } }))
                }
            }
        }
    }
    .into_string()
}

/// A letter within a page, below a heading of the second level: an article of its own, so that everyone can tell where it
/// begins and where it ends. The name must be the page's own.
pub(crate) fn quoted(letter: &Letter, name: &str) -> Markup {
    html! {
        article.letter lang=(language(letter)) aria-labelledby=(name) {
            h3 id=(name) { (letter.title()) }
            (words(letter, &format!("{name}-"), |text| html! { h4 { (text) } }))
        }
    }
}

fn language(letter: &Letter) -> &'static str {
    match letter.language() {
        LetterLanguage::English => "en-GB",
        LetterLanguage::Welsh => "cy",
    }
}

/// What is below the title: its parts and its footnotes. Ids begin with the prefix.
fn words(letter: &Letter, prefix: &str, heading: fn(Markup) -> Markup) -> Markup {
    let (notes, back) = match letter.language() {
        LetterLanguage::English => ("Footnotes", "back to the text"),
        LetterLanguage::Welsh => ("Troednodiadau", "yn ôl i'r testun"),
    };
    let mut seen = BTreeSet::new();
    html! {
        @for part in letter.parts() { (shown(part, prefix, heading, &mut seen)) }
        @if !letter.footnotes().is_empty() {
            (heading(html! { (notes) }))
            ol {
                @for (place, text) in letter.footnotes().iter().enumerate() {
                    li id=(format!("{prefix}note-{}", place + 1)) {
                        (said(text, prefix, &mut BTreeSet::new())) " "
                        a href=(format!("#{prefix}mark-{}", place + 1)) aria-label=(format!("{} {}", place + 1, back)) { "\u{21a9}" }
                    }
                }
            }
        }
    }
}

fn shown(part: &LetterPart, prefix: &str, heading: fn(Markup) -> Markup, seen: &mut BTreeSet<u16>) -> Markup {
    match part {
        LetterPart::Address(texts) | LetterPart::Closing(texts) => html! {
            p { @for (place, text) in texts.iter().enumerate() { @if place > 0 { br; } (said(text, prefix, seen)) } }
        },
        LetterPart::Heading(text) => heading(said(text, prefix, seen)),
        LetterPart::Date(text) | LetterPart::Salutation(text) | LetterPart::Paragraph(text) => html! { p { (said(text, prefix, seen)) } },
        LetterPart::List(texts) => html! { ul { @for text in texts { li { (said(text, prefix, seen)) } } } },
        LetterPart::NumberedList(texts) => html! { ol { @for text in texts { li { (said(text, prefix, seen)) } } } },
    }
}

fn said(text: &LetterText, prefix: &str, seen: &mut BTreeSet<u16>) -> Markup {
    html! {
        @for piece in text {
            @match piece {
                LetterPiece::Words(words) => (words),
                // Only the first mark of a footnote is what its way back leads to.
                LetterPiece::Mark(number) => sup {
                    a id=[seen.insert(*number).then(|| format!("{prefix}mark-{number}"))] href=(format!("#{prefix}note-{number}")) { (number) }
                },
            }
        }
    }
}
