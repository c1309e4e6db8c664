//! A passage as inline HTML.

use crate::site::Links;
use headwater_release::{Passage, Span};
use maud::{Markup, html};

/// The passage with its emphasis and links.
pub fn passage(links: &Links<'_>, passage: &Passage) -> Markup {
    html! {
        @for span in passage.spans() {
            @match span {
                Span::Text(words) => (words),
                Span::Strong(words) => strong { (words) },
                Span::Link(words, target) => a href=(links.address(target)) { (words) },
            }
        }
    }
}
