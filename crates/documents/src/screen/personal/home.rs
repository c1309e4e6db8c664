//! Full postcodes that say where a person lives.
//!
//! A postcode stands at the head of every letter and in every list of schools; alone it is no reason. It is one
//! - beside words that say that somebody lives there, or as a field of a form beside a name or a date of birth;
//! - row by row beside columns about a person, or many different ones in a table that is neither of offices nor a lookup of areas.

use super::lists::{has_word, is_personal};
use super::number::tokens;
use super::said::{Table, Words};
use std::collections::BTreeSet;
use std::ops::Range;

/// So many different postcodes in a table of which nobody knows what it lists.
const MANY: usize = 10;
/// So many where a column beside is about a person.
const SOME: usize = 2;

/// Words that say that somebody lives at a place.
const LIVES: [&str; 14] = [
    "home address",
    "lives at",
    "lived at",
    "living at",
    "lives in",
    "resides at",
    "resident at",
    "residing at",
    "residence",
    "of no fixed",
    "home:",
    "cyfeiriad cartref",
    "yn byw yn",
    "yn byw ar",
];

/// Fields of a form that is about a person.
const FIELDS: [&str; 16] = [
    "date of birth",
    "dob",
    "d.o.b",
    "dyddiad geni",
    "surname",
    "forename",
    "first name",
    "last name",
    "full name",
    "victim",
    "victim name",
    "suspect",
    "patient",
    "cyfenw",
    "next of kin",
    "nhs number",
];

/// Heads that make a table one of offices, or a lookup of areas.
const OF_OTHERS: [&str; 36] = [
    "school",
    "organisation",
    "organization",
    "station",
    "site",
    "provider",
    "practice",
    "hospital",
    "centre",
    "center",
    "council",
    "trust",
    "venue",
    "office",
    "company",
    "business",
    "shop",
    "store",
    "pharmacy",
    "surgery",
    "service",
    "charity",
    "partner",
    "agency",
    "ysgol",
    "canolfan",
    "lsoa",
    "msoa",
    "oa21",
    "oa11",
    "ward",
    "easting",
    "northing",
    "latitude",
    "longitude",
    "local authority",
];

/// How many postcodes stand beside words that make them those of a home.
pub(super) fn homes(words: &Words) -> usize {
    let mut n = 0;
    for range in postcodes(words.text) {
        let before = words.before(range.start, 120);
        let lives = LIVES.iter().any(|word| before.contains(word));
        // "Name: … Address: … Postcode: …", as a form has it.
        let far = words.before(range.start, 260);
        let is_field = ["postcode", "post code", "address", "cod post", "cyfeiriad"].iter().any(|word| is_label(&far, word));
        let of_person = FIELDS.iter().any(|word| is_label(&far, word));
        n += usize::from(lives || is_field && of_person);
    }
    n
}

/// Whether a word stands there as the name of a field: before a colon, a cell or the end of its line.
fn is_label(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let is_apart = text[..at].chars().next_back().is_none_or(|c| !c.is_alphabetic());
        is_apart && text[at + word.len()..].trim_start_matches(['.', '*', ' ']).starts_with([':', '\t', '\n'])
    })
}

/// How many rows of tables have a full postcode that points at a person.
pub(super) fn rows(words: &Words) -> usize {
    words.tables.iter().map(|table| rows_of(words.text, table)).sum()
}

fn rows_of(text: &str, table: &Table) -> usize {
    let is_other = table.head.iter().any(|head| OF_OTHERS.iter().any(|word| has_word(head, word)));
    let is_about_people = table.head.iter().any(|head| is_personal(head) && !head.contains("address") && !head.contains("cyfeiriad"));
    if is_other && !is_about_people {
        return 0;
    }
    let mut distinct = BTreeSet::new();
    let mut n = 0;
    for row in &table.rows {
        let found: Vec<Range<usize>> =
            row.iter().flat_map(|cell| postcodes(&text[cell.clone()]).into_iter().map(|it| it.start + cell.start..it.end + cell.start)).collect();
        n += usize::from(!found.is_empty());
        distinct.extend(found.into_iter().map(|range| text[range].to_uppercase().replace([' ', '\u{a0}'], "")));
    }
    // Without a head that says "postcode", a table with some in it is one of letters' heads.
    let is_headed = table.head.iter().any(|head| head.contains("postcode") || head.contains("post code") || head.contains("cod post"));
    let enough = if is_about_people { SOME } else { MANY };
    let is_few = distinct.len() < enough || !is_about_people && !is_headed;
    if is_few { 0 } else { n }
}

/// Areas of postcodes (Royal Mail), of one letter and of two.
const AREAS: &str = " AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE XX ZZ AA ";

/// Where full postcodes stand. Areas that are not given out and are used in invented ones (XX, ZZ, AA) count.
pub(super) fn postcodes(text: &str) -> Vec<Range<usize>> {
    let tokens = tokens(text);
    let mut out = Vec::new();
    let is_inward = |word: &str| {
        let bytes = word.as_bytes();
        bytes.len() == 3 && bytes[0].is_ascii_digit() && bytes[1..].iter().all(|byte| byte.is_ascii_alphabetic() && !b"CIKMOVcikmov".contains(byte))
    };
    let is_outward = |word: &str| {
        let letters = word.bytes().take_while(u8::is_ascii_alphabetic).count();
        let rest = &word.as_bytes()[letters..];
        let is_area = (1..=2).contains(&letters) && AREAS.contains(&format!(" {} ", word[..letters].to_uppercase()));
        is_area
            && match rest {
                [a] => a.is_ascii_digit(),
                [a, b] => a.is_ascii_digit() && b.is_ascii_alphanumeric(),
                _ => false,
            }
    };
    for (i, token) in tokens.iter().enumerate() {
        let is_capital = |word: &str| word.bytes().all(|byte| !byte.is_ascii_lowercase());
        if (5..=7).contains(&token.text.len()) {
            let (outward, inward) = token.text.split_at(token.text.len() - 3);
            if is_outward(outward) && is_inward(inward) && is_capital(token.text) {
                out.push(token.range.clone());
            }
        } else if let Some(next) = tokens.get(i + 1)
            && is_outward(token.text)
            && is_inward(next.text)
            && matches!(&text[token.range.end..next.range.start], " " | "\u{a0}" | "  ")
            && is_capital(token.text) == is_capital(next.text)
        {
            out.push(token.range.start..next.range.end);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::said::{Said, words_of};
    use super::*;

    fn n(text: &str) -> (usize, usize) {
        let said = Said::beside("", text);
        let words = words_of(&said, None).0;
        (homes(&words), rows(&words))
    }

    #[test]
    fn postcodes_are_told_from_codes() {
        for text in ["XX1 1AA", "SW1A 1AA", "M1 1AE", "CF10 3NQ", "EC1A1BB", "cf10 3nq"] {
            assert_eq!(postcodes(text).len(), 1, "{text}");
        }
        for text in ["E01 2CD", "QQ1 1AA", "XX1 1AAA", "A1 2", "B4 30 days", "E01000001", "M25 4km", "S47 3CC"] {
            assert_eq!(postcodes(text).len(), 0, "{text}");
        }
    }

    #[test]
    fn a_home_is_found_and_the_head_of_a_letter_is_not() {
        assert_eq!(n("She lives at 4 Pretend Street, Amberton, XX1 1AA."), (1, 0));
        assert_eq!(n("Full name: Nia Invented\nAddress: 4 Pretend Street\nPostcode: XX1 1AA"), (1, 0));
        assert_eq!(n("Police and Crime Commissioner\nThe Hall\n1 High Street\nAmberton XX1 1AA\nTelephone 01632 960001"), (0, 0));
        assert_eq!(n("Write to Nia Invented, Data Protection Officer, 1 High Street, Amberton XX1 1AA"), (0, 0));
    }

    #[test]
    fn rows_of_postcodes_count_where_they_are_about_people() {
        let rows = |head: &str, n: usize| {
            format!("{head}\n{}", (0..n).map(|i| format!("a\tXX{} 1A{}\n", i % 9 + 1, ["A", "B", "D", "E"][i % 4])).collect::<String>())
        };
        assert_eq!(n(&rows("Age\tPostcode", 3)), (0, 3));
        assert_eq!(n(&rows("Incident\tPostcode", 12)), (0, 12));
        assert_eq!(n(&rows("Incident\tPostcode", 5)), (0, 0));
        assert_eq!(n(&rows("School\tPostcode", 30)), (0, 0));
        assert_eq!(n(&rows("LSOA21CD\tPostcode", 30)), (0, 0));
        assert_eq!(n(&rows("LSOA code\tPostcode", 30)), (0, 0));
    }
}
