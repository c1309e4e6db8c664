//! Searching documents: what is typed becomes a question, pages are indexed by their words, and places are found in a page's text.
//!
//! The index is in memory and is filled from kept texts: nothing of a document that was destroyed can be left in it.

pub mod index;
mod near;
pub mod question;
pub mod tokens;

use headwater_documents::text::PageText;

/// The text of a page as people see it: in place of words that nobody sees stand spaces, so that all places stay as they are.
pub fn seen_text(page: &PageText) -> String {
    let mut text = page.text.clone().into_bytes();
    for word in page.words.iter().filter(|word| !word.is_visible) {
        if let Some(bytes) = text.get_mut(word.range.clone()) {
            bytes.fill(b' ');
        }
    }
    // Words begin and end where letters do, so that this is text still; if one did not, nothing is searched of the page.
    String::from_utf8(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_documents::text::Word;

    #[test]
    fn words_that_nobody_sees_are_not_searched() {
        let word = |range, is_visible| Word { range, area: None, is_visible };
        let page =
            PageText {
                text: "Nia was é here\n".into(), words: vec![word(0..3, false), word(4..7, true), word(8..10, false)], ..PageText::default()
            };
        assert_eq!(seen_text(&page), "    was    here\n");
    }
}
