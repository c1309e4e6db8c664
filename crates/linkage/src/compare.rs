//! How alike two names are written.
//!
//! All comparisons are by Unicode scalar value and take the names as they are: fold case, accents and spaces beforehand if
//! they should not count. A missing name is not an empty one: comparing absence with absence says nothing about a match,
//! so do not ask.

use rapidfuzz::distance::{damerau_levenshtein, jaro as jaro_distance, jaro_winkler as winkler_distance, levenshtein as levenshtein_distance};

/// How much of two names is shared, in roughly the same order (Jaro 1989): 0 for nothing, 1 for the same.
///
/// Two empty names are the same; an empty and another share nothing.
///
/// ```
/// use headwater_linkage::compare::jaro;
/// // Six letters match; one pair (h and t) has changed places: (6/6 + 6/6 + 5/6) / 3.
/// assert!((jaro("martha", "marhta") - 17.0 / 18.0).abs() < 1e-15);
/// ```
pub fn jaro(a: &str, b: &str) -> f64 {
    jaro_distance::similarity(a.chars(), b.chars())
}

/// [`jaro`], raised where the beginnings agree (Winkler 1990): by a tenth of what is missing for each of up to four letters.
///
/// As in the original, only names with a Jaro similarity above 0.7 are raised.
///
/// ```
/// use headwater_linkage::compare::jaro_winkler;
/// // 17/18 and three letters of common beginning: 17/18 + 0.3 × 1/18.
/// assert!((jaro_winkler("martha", "marhta") - (17.0 / 18.0 + 0.3 / 18.0)).abs() < 1e-15);
/// ```
pub fn jaro_winkler(a: &str, b: &str) -> f64 {
    winkler_distance::similarity(a.chars(), b.chars())
}

/// The fewest letters to put in, take out or change that turn one name into the other (Levenshtein 1966).
///
/// ```
/// assert_eq!(headwater_linkage::compare::levenshtein("kitten", "sitting"), 3);
/// ```
pub fn levenshtein(a: &str, b: &str) -> usize {
    levenshtein_distance::distance(a.chars(), b.chars())
}

/// As [`levenshtein`], where changing two neighbouring letters' places also counts as one (Damerau 1964), even if letters
/// are put in between them afterwards.
///
/// ```
/// use headwater_linkage::compare::damerau;
/// assert_eq!((damerau("sussex", "susesx"), damerau("ca", "abc")), (1, 2));
/// ```
pub fn damerau(a: &str, b: &str) -> usize {
    damerau_levenshtein::distance(a.chars(), b.chars())
}

/// [`damerau`] as a share of the longer name: 1 for the same, 0 where nothing can be kept.
///
/// ```
/// // One change in six letters.
/// assert_eq!(headwater_linkage::compare::damerau_similarity("sussex", "susesx"), 1.0 - 1.0 / 6.0);
/// ```
pub fn damerau_similarity(a: &str, b: &str) -> f64 {
    let longest = a.chars().count().max(b.chars().count());
    if longest == 0 { 1.0 } else { 1.0 - damerau(a, b) as f64 / longest as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Worked by hand from the definitions.
    #[test]
    fn known_pairs_have_their_known_similarities() {
        let cases = [
            ("dwayne", "duane", 0.822_222_222_222_222_2, 0.84),
            ("dixon", "dicksonx", 0.766_666_666_666_666_7, 0.813_333_333_333_333_3),
            ("abc", "xyz", 0.0, 0.0),
        ];
        for (a, b, plain, raised) in cases {
            assert!((jaro(a, b) - plain).abs() < 1e-12 && (jaro_winkler(a, b) - raised).abs() < 1e-12, "{a} {b}");
        }
        // Below 0.7 a common beginning raises nothing.
        assert_eq!(jaro("abcdxxxxxx", "abcdyyyyyyyyyyyyyyyyyyyyy").to_bits(), jaro_winkler("abcdxxxxxx", "abcdyyyyyyyyyyyyyyyyyyyyy").to_bits());
        assert_eq!((jaro("", ""), jaro("", "abc"), levenshtein("", "abc"), damerau_similarity("", "")), (1.0, 0.0, 3, 1.0));
        assert_eq!(levenshtein("Ynys Môn", "Ynys Mon"), 1);
    }

    proptest! {
        #[test]
        fn similarities_are_symmetric_and_one_only_for_the_same(a in "[a-dé ]{0,12}", b in "[a-dé ]{0,12}") {
            for similarity in [jaro, jaro_winkler, damerau_similarity] {
                let (forth, back) = (similarity(&a, &b), similarity(&b, &a));
                prop_assert!((forth - back).abs() < 1e-12 && (0.0..=1.0).contains(&forth));
                prop_assert_eq!(similarity(&a, &a), 1.0);
            }
            prop_assert_eq!(damerau_similarity(&a, &b) == 1.0, a == b);
            prop_assert!(damerau(&a, &b) <= levenshtein(&a, &b));
            prop_assert!(levenshtein(&a, &b) <= a.chars().count().max(b.chars().count()));
            prop_assert!(jaro_winkler(&a, &b) >= jaro(&a, &b) - 1e-15);
        }

        #[test]
        fn the_plain_table_of_edits_agrees(a in "[a-c]{0,8}", b in "[a-c]{0,8}") {
            let (a_letters, b_letters): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let mut row: Vec<usize> = (0..=b_letters.len()).collect();
            for (i, x) in a_letters.iter().enumerate() {
                let mut next = vec![i + 1];
                for (j, y) in b_letters.iter().enumerate() {
                    next.push((row[j] + usize::from(x != y)).min(row[j + 1] + 1).min(next[j] + 1));
                }
                row = next;
            }
            prop_assert_eq!(levenshtein(&a, &b), row[b_letters.len()]);
        }
    }
}
