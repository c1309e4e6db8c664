//! Numbers of the Police National Computer: a year, a stroke, up to seven digits and a letter that checks them.
//!
//! A crime's reference has the same look; the letter tells them apart, but for one in 23, so that a number with two digits of a
//! year or of few digits needs a word beside it.

use super::number::{Token, tokens};
use super::said::Words;

/// The letters that check, by the remainder of the number divided by 23.
const LETTERS: &[u8; 23] = b"ZABCDEFGHJKLMNPQRTUVWXY";

/// How many there are.
pub(super) fn count(words: &Words) -> usize {
    let tokens = tokens(words.text);
    let is_one = |pair: &&[Token<'_>]| {
        let (year, number) = (&pair[0], &pair[1]);
        if &words.text[year.range.end..number.range.start] != "/" || !year.text.bytes().all(|byte| byte.is_ascii_digit()) {
            return false;
        }
        let before = words.before(year.range.start, 40);
        let is_said = ["pnc", "police national computer"].iter().any(|word| before.contains(word));
        let is_year = year.text.len() == 4 && matches!(year.text.parse(), Ok(1900..=2099)) || year.text.len() == 2 && is_said;
        let is_joined = words.text[..year.range.start].ends_with(['/', '-', '_']) || words.text[number.range.end..].starts_with(['/', '_']);
        let (Some(letter), digits) = (number.text.bytes().last(), number.text.get(..number.text.len() - 1).unwrap_or_default()) else { return false };
        let is_long = (if is_said { 1..=7 } else { 6..=7 }).contains(&digits.len());
        is_year && !is_joined && is_long && digits.bytes().all(|byte| byte.is_ascii_digit()) && checks(year.text, digits, letter.to_ascii_uppercase())
    };
    tokens.windows(2).filter(is_one).count()
}

fn checks(year: &str, digits: &str, letter: u8) -> bool {
    let number: Option<u64> = format!("{}{digits:0>7}", &year[year.len() - 2..]).parse().ok();
    number.is_some_and(|number| LETTERS[(number % 23) as usize] == letter)
}

#[cfg(test)]
mod tests {
    use super::super::said::{Said, words_of};
    use super::*;

    #[test]
    fn the_letter_tells_them_from_references_of_crimes() {
        let n = |text: &str| count(&words_of(&Said::beside("", text), None).0);
        let letter = char::from(LETTERS[210123456_usize % 23]);
        assert_eq!(n(&format!("known as 2021/0123456{letter}")), 1);
        assert_eq!(n(&format!("PNC 21/123456{letter}")), 1);
        let other = if letter == 'A' { 'B' } else { 'A' };
        for text in [
            format!("2021/0123456{other}"),
            format!("21/123456{letter}"),
            format!("CR/2021/0123456{letter}"),
            "2021/22".to_owned(),
            "2021/0123456".to_owned(),
        ] {
            assert_eq!(n(&text), 0, "{text}");
        }
    }
}
