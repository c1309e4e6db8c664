//! Numbers in words: where they stand, and what makes them part of something else.

use std::ops::Range;

/// A run of letters and digits, with what stands right before and behind it.
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    pub(super) range: Range<usize>,
}

/// The runs of ASCII letters and digits that hold a digit.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let n = bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        // A letter with an accent beside it makes it a word.
        let is_apart = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii) || byte == Some(&0xc2) || byte == Some(&0xe2);
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let has_digit = bytes[at..at + n].iter().any(u8::is_ascii_digit);
        if has_digit && is_apart(bytes.get(at + n)) && before.is_none_or(|byte| byte.is_ascii() || *byte >= 0x80) {
            out.push(Token { text: &text[at..at + n], range: at..at + n });
        }
        at += n;
    }
    out
}

/// What lies between two runs, if it is one mark that parts groups of one number: a space, a narrow or firm one, a hyphen.
pub(super) fn parted(text: &str, left: &Range<usize>, right: &Range<usize>) -> Option<char> {
    let between = &text[left.end..right.start];
    let mut letters = between.chars();
    match (letters.next(), letters.next()) {
        (Some(mark @ (' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '-' | '\u{2011}' | '\u{2010}')), None) => Some(mark),
        _ => None,
    }
}

/// Whether a run belongs to something longer: an amount, a decimal, an address on the web, a version.
pub(super) fn is_part_of_more(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let mut behind = text[range.end..].chars();
    let (next, after) = (behind.next(), behind.next());
    matches!(before, Some('\u{a3}' | '$' | '\u{20ac}' | '+' | '=' | '/' | '_' | '.' | '%' | '@' | '&' | '?' | '#' | '~'))
        || matches!(next, Some('_' | '@' | '=' | '%' | '\u{b0}'))
        || matches!((next, after), (Some('.' | ',' | '/' | ':'), Some(after)) if after.is_ascii_alphanumeric())
        || matches!(before, Some(',' | ':')) && text[..range.start].chars().rev().nth(1).is_some_and(|c| c.is_ascii_digit())
}
