//! Passages as HTML.

use crate::address::Here;
use headwater_release::{Passage, Span};
use maud::{Markup, html};

/// A passage with its links, seen from the page it stands on. A link to nowhere becomes plain words.
pub(crate) fn passage(passage: &Passage, here: &Here<'_>) -> Markup {
    html! {
        @for span in passage.spans() {
            @match span {
                Span::Text(words) => (plain(words)),
                Span::Strong(words) => strong { (tied(words)) },
                Span::Link(words, target) => {
                    @if let Some(address) = here.href(target) { a href=(address) { (tied(words)) } } @else { (tied(words)) }
                },
            }
        }
    }
}

/// Words in which what stands between grave accents is a command.
fn plain(words: &str) -> Markup {
    html! {
        @for (is_command, part) in pieces(words) {
            @if is_command { code { (part) } } @else { (tied(part)) }
        }
    }
}

/// Words in pieces, each with whether it is a command: whether it stands between grave accents.
pub(crate) fn pieces(words: &str) -> Vec<(bool, &str)> {
    let parts: Vec<&str> = words.split('`').collect();
    // An accent without a partner is an accent.
    if parts.len().is_multiple_of(2) {
        return vec![(false, words)];
    }
    parts.into_iter().enumerate().map(|(i, part)| (i % 2 == 1, part)).collect()
}

/// Words in which a number is never parted from its per cent sign.
pub(crate) fn tied(words: &str) -> String {
    words.replace(" %", "\u{a0}%")
}
