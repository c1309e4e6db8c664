//! Numbers and addresses of people that are found by their form.

use crate::check_digit::is_nhs_number;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What has a form by which it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Pattern {
    /// Ten digits, the last of which checks the others.
    NhsNumber,
    /// Two letters, six digits, a letter from A to D.
    NationalInsurance,
    /// An address with an `@`.
    Email,
    /// A number of the United Kingdom with its 0, or one with + and the code of a country.
    Telephone,
}

impl Pattern {
    /// All of them, with the words by which they are asked for.
    pub const ALL: [(&'static str, Pattern); 4] = [
        ("nhs-number", Pattern::NhsNumber),
        ("national-insurance", Pattern::NationalInsurance),
        ("email", Pattern::Email),
        ("telephone", Pattern::Telephone),
    ];
}

/// The most words over which one number is spread: a telephone number read out digit by digit.
const MOST_WORDS: usize = 15;

/// A word: its number, what it says, and in which cell or block it stands.
pub(super) type Numbered<'a> = (usize, &'a str, usize);

/// The words, by their number, that are or hold such a thing.
pub(super) fn found(pattern: Pattern, words: &[Numbered]) -> BTreeSet<usize> {
    if pattern == Pattern::Email { addresses(words) } else { numbers(pattern, words) }
}

/// Addresses. Where one is drawn in pieces, what is before and behind its mark are words of their own.
fn addresses(words: &[Numbered]) -> BTreeSet<usize> {
    let mut taken = BTreeSet::new();
    for (at, (number, word, _)) in words.iter().enumerate() {
        if let Some((before, behind)) = word.split_once(['@', '\u{ff20}']) {
            taken.insert(*number);
            taken.extend(before.is_empty().then(|| at.checked_sub(1)).flatten().map(|at| words[at].0));
            taken.extend(behind.is_empty().then(|| words.get(at + 1)).flatten().map(|word| word.0));
        }
    }
    taken
}

/// Numbers, in one word or over several. Over several cells only where each cell has one digit, as on a form: the cells of a table
/// of counts are no number.
fn numbers(pattern: Pattern, words: &[Numbered]) -> BTreeSet<usize> {
    let is_other = |c: char| !(c.is_numeric() || is_mark(c) || (pattern == Pattern::NationalInsurance && c.is_alphanumeric()));
    let mut taken = BTreeSet::new();
    for (first, (number, word, cell)) in words.iter().enumerate() {
        if !word.chars().any(char::is_alphanumeric) {
            continue;
        }
        if word.split(is_other).any(|piece| is_such(pattern, piece)) {
            taken.insert(*number);
            continue;
        }
        // It begins behind what is written before it without a space: "NHS:943 476 5919".
        let mut so_far = word.rsplit(is_other).next().unwrap_or_default().to_owned();
        let mut is_form = so_far.chars().count() == 1;
        let mut shortest = so_far.chars().filter(|c| c.is_alphanumeric()).count();
        if shortest == 0 {
            continue;
        }
        for (at, (_, word, other_cell)) in words.iter().enumerate().skip(first + 1).take(MOST_WORDS - 1) {
            is_form &= word.chars().count() == 1;
            let begin = word.split(is_other).next().unwrap_or_default();
            shortest = shortest.min(begin.chars().filter(|c| c.is_alphanumeric()).count());
            if so_far.is_empty() || begin.is_empty() || (cell != other_cell && !is_form) {
                break;
            }
            so_far.push_str(begin);
            // Counts in a line are no telephone number: it is spoken in groups.
            let is_spoken = pattern != Pattern::Telephone || shortest >= 2;
            if is_spoken && is_such(pattern, &so_far) {
                taken.extend(words[first..=at].iter().map(|(number, ..)| *number));
            }
            if begin.len() < word.len() {
                break;
            }
        }
    }
    taken
}

fn is_mark(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '.' | '(' | ')' | '/' | '+')
}

/// Whether this is such a thing, with spaces taken out.
fn is_such(pattern: Pattern, text: &str) -> bool {
    let text = text.trim_matches(|c: char| !c.is_alphanumeric() && c != '+' && c != '(');
    if text.chars().any(|c| !c.is_alphanumeric() && !is_mark(c)) {
        return false;
    }
    let plain: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect();
    let digits: Option<Vec<u32>> = plain.iter().map(|c| digit(*c)).collect();
    match (pattern, digits) {
        (Pattern::NhsNumber, Some(digits)) => is_nhs_number(&digits),
        (Pattern::Telephone, Some(digits)) => {
            let is_abroad = text.starts_with('+') || text.starts_with("(+") || digits.starts_with(&[0, 0]);
            (digits.first() == Some(&0) && (10..=11).contains(&digits.len())) || (is_abroad && (9..=17).contains(&digits.len()))
        }
        (Pattern::NationalInsurance, None) => {
            let [a, b, six @ .., last] = plain.as_slice() else { return false };
            a.is_ascii_uppercase()
                && b.is_ascii_uppercase()
                && six.len() == 6
                && six.iter().all(|c| digit(*c).is_some())
                && ('A'..='D').contains(last)
        }
        _ => false,
    }
}

/// Digits of any script that counts in tens: those of full width, too.
fn digit(c: char) -> Option<u32> {
    match c {
        '\u{ff10}'..='\u{ff19}' => Some(u32::from(c) - 0xff10),
        c => c.to_digit(10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(pattern: Pattern, text: &str) -> Vec<&str> {
        let cells = text.split('|').enumerate().flat_map(|(cell, text)| text.split(' ').map(move |word| (word, cell)));
        let words: Vec<Numbered> = cells.enumerate().map(|(number, (word, cell))| (number, word, cell)).collect();
        found(pattern, &words).into_iter().map(|number| words[number].1).collect()
    }

    #[test]
    fn numbers_and_addresses_are_found_however_they_are_spaced() {
        assert_eq!(taken(Pattern::NhsNumber, "No. 943 476 5919, seen"), ["943", "476", "5919,"]);
        assert_eq!(taken(Pattern::NhsNumber, "NHS:943-476-5919. but 9434765918 and 2024"), ["NHS:943-476-5919."]);
        assert_eq!(taken(Pattern::NationalInsurance, "of QQ 12 34 56 C there"), ["QQ", "12", "34", "56", "C"]);
        assert_eq!(taken(Pattern::NationalInsurance, "(qq123456c) in 123456"), ["(qq123456c)"]);
        assert_eq!(taken(Pattern::Email, "to <nia@office.example>, or at"), ["<nia@office.example>,"]);
        assert_eq!(taken(Pattern::Telephone, "call (01273) 496 012 or +44 7700 900123 by 2025"), ["(01273)", "496", "012", "+44", "7700", "900123"]);
        assert_eq!(taken(Pattern::Telephone, "12 of 340 in 2024"), [""; 0]);
    }

    #[test]
    fn the_counts_of_a_table_are_no_number_and_the_boxes_of_a_form_are() {
        assert_eq!(taken(Pattern::NhsNumber, "943|476|5919"), [""; 0]);
        assert_eq!(taken(Pattern::NhsNumber, "9|4|3|4|7|6|5|9|1|9").len(), 10);
        assert_eq!(taken(Pattern::Telephone, "0 12 340 5678 9"), [""; 0]);
        assert_eq!(taken(Pattern::Telephone, "01273|496012"), [""; 0]);
    }
}
