//! NHS numbers: ten digits of which the last checks the others, written as one or as 3-3-4.
//!
//! One in eleven of all numbers of ten digits passes the check, so that the check alone is no reason:
//! - numbers of England and Wales begin with 4, 6, 7 (and 9 in tests); those that begin with 0 to 3 are telephone numbers, dates,
//!   times, or Scotland's, and need a word beside them that says what they are;
//! - beside a word for a telephone, a book (ISBN has the same check) or an account it is that;
//! - a single one without spaces needs a word of care or of a person near it: numbers of grants and of programs have ten digits, too;
//! - in a column, or on a page, of numbers of ten digits of which most fail the check, those that pass do so by chance.
//!
//! Where a word says that it is one, it counts though the check fails: numbers are mistyped, and point at the same person.

use super::number::{Token, is_part_of_more, parted, tokens};
use super::said::Words;
use std::collections::BTreeSet;
use std::ops::Range;

/// Words that say that a number is one.
const SAID: [&str; 16] = [
    "nhs no",
    "nhs num",
    "nhs n\u{b0}",
    "nhs:",
    "nhs #",
    "nhs id",
    "nhs_n",
    "nhsno",
    "nhsnum",
    "patient no",
    "patient number",
    "patient id",
    "chi no",
    "chi number",
    "rhif gig",
    "rhif y gig",
];

/// Words that say that it is something else.
const OTHER: [&str; 33] = [
    "tel",
    "phone",
    "fax",
    "ff\u{f4}n",
    "ffon",
    "mobile",
    "symudol",
    "helpline",
    "hotline",
    "call ",
    "ring ",
    "text ",
    "isbn",
    "issn",
    "account",
    "cyfrif",
    "uprn",
    "usrn",
    "order",
    "invoice",
    "reference",
    "ref ",
    "ref:",
    "ref.",
    "company",
    "charity",
    "grant",
    "doi",
    "orcid",
    "barcode",
    "serial",
    "licence",
    "contract",
];

/// How many there are.
pub(super) fn count(words: &Words) -> usize {
    let all = candidates(words.text);
    let in_columns = columns(words);
    let (mut by_word, mut by_check, mut n_unsaid, mut n_by_chance) = (BTreeSet::new(), BTreeSet::new(), 0_usize, 0_usize);
    for (range, digits) in &all {
        let column = in_columns.iter().find(|(ranges, _)| ranges.iter().any(|cell| cell.start <= range.start && range.end <= cell.end));
        let before = words.before(range.start, 48);
        let is_said = is_said(&before) || column.is_some_and(|(_, said)| *said == Column::Said);
        let is_other =
            column.is_some_and(|(_, said)| *said == Column::Other) || OTHER.iter().any(|word| words.before(range.start, 24).contains(word));
        let passes = checks(digits);
        if is_said && (passes || digits[0] != 0) {
            by_word.insert(range.start);
        } else if !is_other && digits[0] >= 4 && digits.iter().any(|digit| *digit != digits[0]) {
            n_unsaid += 1;
            n_by_chance += usize::from(passes);
            // Written in groups it has the look of one; so have several that all pass.
            let is_grouped = range.len() > 10;
            if passes {
                by_check.insert((range.start, is_grouped || is_near_person(words, range)));
            }
        }
    }
    // Chance lets one in eleven pass.
    let is_chance = n_by_chance * 2 <= n_unsaid;
    let is_several = by_check.len() > 1;
    let n_by_check = by_check.iter().filter(|(_, is_one)| *is_one || is_several).count();
    by_word.len() + if is_chance { 0 } else { n_by_check }
}

/// Words of care, and of a person, near which a number of ten digits may be one.
const NEAR: [&str; 28] = [
    "nhs",
    "patient",
    "hospital",
    "clinic",
    "gp",
    "a&e",
    "ward",
    "admitted",
    "attended",
    "discharged",
    "ambulance",
    "surgery",
    "seen",
    "victim",
    "suspect",
    "he",
    "she",
    "his",
    "her",
    "him",
    "born",
    "dob",
    "injured",
    "stabbed",
    "claf",
    "ysbyty",
    "dioddefwr",
    "meddyg",
];

fn is_near_person(words: &Words, range: &Range<usize>) -> bool {
    let near = format!("{} {}", words.before(range.start, 100), words.behind(range.end, 60));
    near.split(|c: char| !(c.is_alphanumeric() || c == '&')).any(|word| NEAR.contains(&word))
}

fn is_said(before: &str) -> bool {
    // The last word that says anything decides: "NHS number 943 476 5919, tel. 020 7946 0000".
    let last = |words: &[&str]| words.iter().filter_map(|word| before.rfind(word)).max();
    match (last(&SAID), last(&OTHER)) {
        (Some(said), Some(other)) => said > other,
        (said, _) => said.is_some(),
    }
}

/// What a column says of its numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Said,
    Other,
}

/// Columns of which the head says what they are, or the cells: where most of many fail the check.
fn columns(words: &Words) -> Vec<(Vec<Range<usize>>, Column)> {
    let mut out = Vec::new();
    for table in &words.tables {
        for (at, head) in table.head.iter().enumerate() {
            let cells: Vec<Range<usize>> = table.column(at).cloned().collect();
            let says = SAID.iter().any(|word| head.contains(word.trim_end())) || matches!(head.as_str(), "nhs" | "chi" | "nhs number");
            let says_other = OTHER.iter().any(|word| head.contains(word.trim())) && !says;
            let numbers: Vec<[u8; 10]> = cells.iter().filter_map(|cell| ten(words.text[cell.clone()].trim())).collect();
            let n_passing = numbers.iter().filter(|digits| checks(digits)).count();
            if says {
                out.push((cells, Column::Said));
            } else if says_other || numbers.len() > 2 && n_passing * 2 <= numbers.len() {
                out.push((cells, Column::Other));
            }
        }
    }
    out
}

/// All that is written as one could be.
fn candidates(text: &str) -> Vec<(Range<usize>, [u8; 10])> {
    let tokens: Vec<Token<'_>> = tokens(text);
    let mut out = Vec::new();
    let is_digits = |token: &Token<'_>, n: usize| token.text.len() == n && token.text.bytes().all(|byte| byte.is_ascii_digit());
    for (i, token) in tokens.iter().enumerate() {
        if is_digits(token, 10) && !is_part_of_more(text, &token.range) {
            out.extend(ten(token.text).map(|digits| (token.range.clone(), digits)));
        }
        let (Some(second), Some(third)) = (tokens.get(i + 1), tokens.get(i + 2)) else { continue };
        if !(is_digits(token, 3) && is_digits(second, 3) && is_digits(third, 4)) {
            continue;
        }
        let marks = (parted(text, &token.range, &second.range), parted(text, &second.range, &third.range));
        if marks.0.is_none() || marks.0 != marks.1 {
            continue;
        }
        // A group before or behind makes it a telephone number, or a row of numbers.
        let is_group = |other: Option<&Token<'_>>, left: bool| {
            other.is_some_and(|other| {
                let gap = if left { parted(text, &other.range, &token.range) } else { parted(text, &third.range, &other.range) };
                gap.is_some() && other.text.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        let range = token.range.start..third.range.end;
        if !is_group(i.checked_sub(1).and_then(|before| tokens.get(before)), true)
            && !is_group(tokens.get(i + 3), false)
            && !is_part_of_more(text, &range)
        {
            let digits: String = [token.text, second.text, third.text].concat();
            out.extend(ten(&digits).map(|digits| (range, digits)));
        }
    }
    out
}

/// Ten digits, with or without what parts them.
fn ten(text: &str) -> Option<[u8; 10]> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect();
    let others = text.chars().filter(|c| !c.is_ascii_digit()).all(|c| c == ' ' || c == '-' || c == '\u{a0}');
    if others { digits.try_into().ok() } else { None }
}

/// Whether the last digit checks the others.
fn checks(digits: &[u8; 10]) -> bool {
    crate::check_digit::is_nhs_number(&digits.map(u32::from))
}

#[cfg(test)]
mod tests {
    use super::super::said::counted;
    use super::*;

    fn n(text: &str) -> usize {
        counted(count, text)
    }

    #[test]
    fn numbers_are_found_however_they_are_written() {
        for text in [
            "seen at A&E (943 476 5919) twice",
            "NHS number: 9434765919",
            "943-476-5919",
            "Rhif GIG\t943 476 5919",
            "His is 4010232137.",
            // The word counts though the check fails.
            "NHS No. 943 476 5918",
            "CHI number 0102030405",
        ] {
            assert_eq!(n(text), 1, "{text}");
        }
        assert_eq!(n("Name\tNHS number\nA Person\t943 476 5919\nB Person\t401 023 2137\n"), 2);
        assert_eq!(n("NHS number 943 476 5919, tel. 020 7946 0991"), 1);
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for text in [
            "Tel: 943 476 5919",
            "call 943 476 5919",
            "+44 943 476 5919",
            "0151 777 4352",
            "ISBN 9434765919",
            "\u{a3}9434765919",
            "run with seed 9434765919",
            "9434765919.5 and 1,943,476,5919",
            "https://example.org/9434765919",
            "943 476 5918",
            "12 943 476 5919 and 943 476 5919 12",
            "E01000001 and 2434765919",
            "4444444444",
            "UPRN\tWard\n9434765919\tA\n4010232137\tB\n",
            "NHS number helpline 0300 123 4567",
        ] {
            assert_eq!(n(text), 0, "{text}");
        }
        // One of many passes by chance.
        let column: String = (0..40).map(|i| format!("{}\tA\n", 4_123_456_700_u64 + i * 7)).collect();
        assert_eq!(n(&format!("Spend\tArea\n{column}")), 0);
        assert_eq!(n(&column.replace('\t', " ")), 0);
    }
}
