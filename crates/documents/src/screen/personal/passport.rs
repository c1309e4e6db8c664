//! Numbers of passports: nine digits, or a letter or two and digits, beside the word. Alone they are any number.

use super::number::{is_part_of_more, tokens};
use super::said::Words;

/// How many there are.
pub(super) fn count(words: &Words) -> usize {
    let says = |text: &str| text.contains("passport") || text.contains("pasbort");
    let columns: Vec<_> =
        words.tables.iter().flat_map(|table| table.columns(says).into_iter().flat_map(|at| table.column(at).cloned().collect::<Vec<_>>())).collect();
    let is_one = |token: &&super::number::Token<'_>| {
        let n_digits = token.text.bytes().filter(u8::is_ascii_digit).count();
        let has_form = matches!((token.text.len(), n_digits), (9, 7..=9) | (8, 6..=7));
        let letters_first = token.text.bytes().skip_while(u8::is_ascii_alphabetic).all(|byte| byte.is_ascii_digit());
        let before = words.before(token.range.start, 40);
        // "Passport to Independence, charity number 123456789".
        let is_other = ["tel", "phone", "charity", "company", "isbn", "grant"].iter().any(|word| before.contains(word));
        let in_column = columns.iter().any(|cell| cell.start <= token.range.start && token.range.end <= cell.end);
        has_form && letters_first && (in_column || says(&before) && !is_other) && !is_part_of_more(words.text, &token.range)
    };
    tokens(words.text).iter().filter(is_one).count()
}

#[cfg(test)]
mod tests {
    use super::super::said::{Said, words_of};
    use super::*;

    #[test]
    fn a_number_beside_the_word_is_found_and_alone_is_not() {
        let n = |text: &str| count(&words_of(&Said::beside("", text), None).0);
        for text in ["Passport no. 123456789", "pasbort: AB1234567", "travelled on a Ruritanian passport, no X1234567"] {
            assert_eq!(n(text), 1, "{text}");
        }
        assert_eq!(n("Name\tPassport number\nA\t123456789\n"), 1);
        for text in ["123456789", "Passport fees rose to 123456789.50", "Passport to Work, charity 123456789", "passports issued in 2019: 6712345"] {
            assert_eq!(n(text), 0, "{text}");
        }
    }
}
