//! A redacted document as a page by itself.

use headwater_release::{LetterLanguage, RedactedDocument, RedactedPart, RedactedText};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The whole look of the page; it may draw in nothing else.
const LOOK: &str = "\
body{font:1.05rem/1.5 system-ui,sans-serif;color:#0b0c0c;background:#fff;max-width:46rem;overflow-wrap:anywhere;margin:0 auto;padding:1rem}\
h1,h2,h3,h4,h5,h6{line-height:1.25;margin:1.6em 0 .5em}\
h2{border-top:1px solid #b1b4b6;padding-top:.8em}\
section{background:#f1f4f7;border-left:4px solid #12436d;padding:.2rem 1rem}\
strong{background:#0b0c0c;color:#fff;font-weight:400;padding:0 .25em}\
div{overflow-x:auto}table{border-collapse:collapse;margin:1em 0}\
th,td{border:1px solid #b1b4b6;padding:.3em .6em;text-align:left;vertical-align:top}\
ul.numbered{list-style:none;padding-left:0}ul.numbered ul{list-style:none}\
small{display:block;margin:.6em 0;color:#505a5f}\
@media print{strong{color:#0b0c0c;background:none;border:1px solid}}";

/// A redacted document as one HTML file that needs nothing else and runs nothing: a browser that reads it asks nobody for
/// anything, and the marks of what was removed are words, not colours.
pub fn redacted_page(document: &RedactedDocument) -> String {
    let (language, about) = match document.language() {
        LetterLanguage::English => ("en-GB", "What was left out"),
        LetterLanguage::Welsh => ("cy", "Yr hyn a dynnwyd"),
    };
    // Headings of a page lie below its own.
    let level = |of: u8| if document.pages().iter().any(|page| page.heading.is_some()) { of + 2 } else { of + 1 };
    html! {
        (DOCTYPE)
        html lang=(language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";
                meta name="referrer" content="no-referrer";
                title { (document.title()) }
                style { (PreEscaped(LOOK)) }
            }
            body {
                header { h1 { (document.title()) } }
                main {
                    section aria-label=(about) { @for note in document.notes() { p { (note) } } }
                    @for page in document.pages() {
                        @if let Some(text) = &page.heading { h2 { (said(document, text)) } }
                        @for part in &page.parts { (shown(document, part, &level)) }
                    }
                }
            }
        }
    }
    .into_string()
}

fn shown(document: &RedactedDocument, part: &RedactedPart, level: &impl Fn(u8) -> u8) -> Markup {
    let of = |text: &RedactedText| said(document, text);
    match part {
        RedactedPart::Heading(at, text) => match level(*at) {
            2 => html! { h2 { (of(text)) } },
            3 => html! { h3 { (of(text)) } },
            4 => html! { h4 { (of(text)) } },
            5 => html! { h5 { (of(text)) } },
            _ => html! { h6 { (of(text)) } },
        },
        RedactedPart::Paragraph(text) => html! { p { (of(text)) } },
        RedactedPart::Note(text) => html! { small { (of(text)) } },
        RedactedPart::List(items) => {
            let is_numbered = items.first().is_some_and(|(_, text)| document.said(text).starts_with(|c: char| c.is_ascii_digit() || c == '('));
            list(document, items, is_numbered)
        }
        RedactedPart::Table(rows) => table(document, rows),
    }
}

/// A list, the lists within it in their items.
fn list(document: &RedactedDocument, items: &[(u8, RedactedText)], is_numbered: bool) -> Markup {
    let Some((level, _)) = items.first() else { return html! {} };
    // An item, and all behind it that lie deeper.
    let groups = items.chunk_by(|_, next| next.0 > *level);
    html! {
        ul class=[is_numbered.then_some("numbered")] role=[is_numbered.then_some("list")] {
            @for group in groups {
                @if let Some(((_, text), within)) = group.split_first() {
                    li { (said(document, text)) (list(document, within, is_numbered)) }
                }
            }
        }
    }
}

/// A table: where it has several rows, the first says what is in the columns; the first cell of a single one says what is in it.
fn table(document: &RedactedDocument, rows: &[Vec<RedactedText>]) -> Markup {
    let cell = |text: &RedactedText, scope: Option<&str>| {
        html! {
            @match scope.filter(|_| !text.is_empty()) {
                Some(scope) => th scope=(scope) { (said(document, text)) },
                None => td { (said(document, text)) },
            }
        }
    };
    let row = |row: &[RedactedText], first: Option<&str>, other: Option<&str>| html! { tr { @for (at, text) in row.iter().enumerate() { (cell(text, if at == 0 { first } else { other })) } } };
    html! {
        div tabindex="0" role="group" aria-label="Table" {
            table {
                @match rows {
                    [one] => tbody { (row(one, Some("row"), None)) },
                    [head, body @ ..] => {
                        thead { (row(head, Some("col"), Some("col"))) }
                        tbody { @for it in body { (row(it, Some("row"), None)) } }
                    }
                    [] => {}
                }
            }
        }
    }
}

fn said(document: &RedactedDocument, text: &RedactedText) -> Markup {
    html! {
        @for (at, piece) in text.iter().enumerate() {
            @if at > 0 { " " }
            @match piece {
                headwater_release::RedactedPiece::Words(words) => (words),
                headwater_release::RedactedPiece::Removed(reason) => strong { (document.mark(reason)) },
            }
        }
    }
}
