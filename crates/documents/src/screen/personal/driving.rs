//! Numbers of driving licences: five letters of the surname, six digits of the date of birth, two initials, a digit, two letters.
//!
//! The form holds a date that must be one, so that it needs no word beside it; Northern Ireland's eight digits do.

use super::number::{is_part_of_more, parted, tokens};
use super::said::Words;

/// How many there are.
pub(super) fn count(words: &Words) -> usize {
    let tokens = tokens(words.text);
    let mut n = 0;
    for (i, token) in tokens.iter().enumerate() {
        // Whole, or in the groups that the card shows: "MORGA 657054 SM9IJ"; the first of them has digits only if it is short.
        let whole = token.text.get(..16).filter(|_| matches!(token.text.len(), 16 | 18)).map(str::to_owned);
        let grouped =
            tokens.get(i + 1).filter(|next| token.text.len() == 6 && next.text.len() == 5 && parted(words.text, &token.range, &next.range).is_some());
        let grouped = grouped.and_then(|next| {
            let head = words.text[..token.range.start].strip_suffix([' ', '\u{a0}'])?;
            let name = head.get(head.len().checked_sub(5)?..)?;
            Some([name, token.text, next.text].concat())
        });
        let is_said = ["driving licence", "driver number", "licence no", "licence number", "trwydded yrru"]
            .iter()
            .any(|word| words.before(token.range.start, 60).contains(word));
        let is_irish = is_said && token.text.len() == 8 && token.text.bytes().all(|byte| byte.is_ascii_digit());
        let has_form = whole.or(grouped).is_some_and(|number| fits(&number.to_uppercase()));
        n += usize::from((has_form || is_irish) && !is_part_of_more(words.text, &token.range));
    }
    n
}

fn fits(number: &str) -> bool {
    let Ok(bytes) = <[u8; 16]>::try_from(number.as_bytes()) else { return false };
    let name = &bytes[..5];
    let n_letters = name.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let digits = &bytes[5..11];
    if n_letters < 2 || name[n_letters..].iter().any(|byte| *byte != b'9') || digits.iter().any(|byte| !byte.is_ascii_digit()) {
        return false;
    }
    let two = |at: usize| u32::from(digits[at] - b'0') * 10 + u32::from(digits[at + 1] - b'0');
    // A woman's month has 50 added.
    let (month, day) = (two(1) % 50, two(3));
    (1..=12).contains(&month)
        && two(1) < 63
        && (1..=31).contains(&day)
        && bytes[11].is_ascii_uppercase()
        && (bytes[12].is_ascii_uppercase() || bytes[12] == b'9')
        && bytes[13].is_ascii_digit()
        && bytes[14..].iter().all(u8::is_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::super::said::counted;
    use super::*;

    fn n(text: &str) -> usize {
        counted(count, text)
    }

    #[test]
    fn the_form_of_the_card_is_found_and_codes_are_not() {
        for text in ["INVEN657054SM9IJ", "licence inven 657054 sm9ij", "IN999507121N99AB 35", "Driving licence number: 12345678"] {
            assert_eq!(n(text), 1, "{text}");
        }
        for text in ["INVEN699054SM9IJ", "INVEN657994SM9IJ", "12345657054SM9IJ", "A1B2C3D4E5F6A7B8", "12345678", "id=INVEN657054SM9IJ"] {
            assert_eq!(n(text), 0, "{text}");
        }
    }
}
