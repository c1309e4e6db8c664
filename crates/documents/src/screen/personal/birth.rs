//! Dates of birth: a date beside a word that says so, or in a column whose head does.
//!
//! A date alone is none. Nor is a cohort ("born between 1 September 2005 and 31 August 2006", "born on or after"), nor the
//! field of an empty form.

use super::said::Words;
use std::collections::BTreeSet;
use std::ops::Range;

/// Words that say what a date behind them is, English and Welsh.
const SAID: [&str; 13] = [
    "dob",
    "d.o.b",
    "d o b",
    "date of birth",
    "date-of-birth",
    "date_of_birth",
    "dateofbirth",
    "birth date",
    "birthdate",
    "dyddiad geni",
    "born",
    "ganwyd",
    "ganed",
];

/// Words between, after which a date is the border of a cohort.
const COHORT: [&str; 15] = [
    "between",
    "before",
    "after",
    "since",
    "until",
    "up to",
    "prior",
    "from",
    "later than",
    "earlier than",
    "rhwng",
    "cyn",
    "ar \u{f4}l",
    "ers",
    "hyd at",
];

/// How many there are.
pub(super) fn count(words: &Words) -> usize {
    let mut found: BTreeSet<usize> = BTreeSet::new();
    let dates = dates(words.text);
    for (i, date) in dates.iter().enumerate() {
        let before = words.before(date.start, 44);
        let Some((at, word)) = SAID.iter().filter_map(|word| said_at(&before, word).map(|at| (at, word))).max() else { continue };
        let between = before[at + word.len()..].trim_start_matches('.');
        let is_cohort = COHORT.iter().any(|word| between.contains(word));
        // "born 1 September 2005 to 31 August 2006".
        let next = dates.get(i + 1).filter(|next| next.start - date.end < 12);
        let is_range = next.is_some_and(|next| {
            let gap = words.text[date.end..next.start].trim();
            matches!(gap, "to" | "and" | "or" | "-" | "\u{2013}" | "\u{2014}" | "i" | "a" | "hyd at")
        });
        let behind = words.behind(date.end, 20);
        let is_bounded = ["or earlier", "or later", "or before", "or after", "onwards"].iter().any(|word| behind.trim_start().starts_with(word));
        // With another date or a sentence between, the word is about something else.
        // "born" is a word of a sentence, not the name of a field; "born of need" is of no person.
        let is_sentence = matches!(*word, "born" | "ganwyd" | "ganed");
        let is_other =
            is_sentence && (between.contains('\n') || between.trim_start().starts_with("of ") || between.trim_start().starts_with("out of "));
        let is_near = !is_other && between.bytes().filter(u8::is_ascii_digit).count() < 2 && !between.contains(". ");
        if !is_cohort && !is_range && !is_bounded && is_near {
            found.insert(date.start);
        }
    }
    for table in &words.tables {
        for at in table.columns(is_head) {
            for cell in table.column(at) {
                found.extend(dates.iter().filter(|date| cell.start <= date.start && date.end <= cell.end).map(|date| date.start));
            }
        }
    }
    found.len()
}

/// Whether the head of a column says that it holds dates of birth.
pub(super) fn is_head(head: &str) -> bool {
    SAID.iter().any(|word| said_at(head, word).is_some())
}

/// Where a word stands last, apart from other letters.
fn said_at(text: &str, word: &str) -> Option<usize> {
    let at = text.rfind(word)?;
    let before = text[..at].chars().next_back();
    let behind = text[at + word.len()..].chars().next();
    let is_apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphabetic());
    (is_apart(before) && is_apart(behind)).then_some(at)
}

/// Months, English and Welsh, by their first letters.
const MONTHS: [&str; 24] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "ionawr",
    "chwefror",
    "mawrth",
    "ebrill",
    "mai",
    "mehefin",
    "gorffennaf",
    "awst",
    "medi",
    "hydref",
    "tachwedd",
    "rhagfyr",
];

fn is_month(word: &str) -> bool {
    let word = word.to_lowercase();
    MONTHS.iter().any(|month| *month == word || word.len() >= 3 && word.len() < 5 && month.starts_with(&word))
}

/// A year in which somebody who is alive may be born.
fn is_year(word: &str, takes_two: bool) -> bool {
    let n: Option<u32> = word.parse().ok();
    word.bytes().all(|byte| byte.is_ascii_digit())
        && match word.len() {
            4 => n.is_some_and(|n| (1900..=2035).contains(&n)),
            2 => takes_two,
            _ => false,
        }
}

fn is_between(word: &str, least: u32, most: u32) -> bool {
    word.len() <= 2 && word.parse().is_ok_and(|n: u32| (least..=most).contains(&n))
}

/// All dates with day, month and year.
fn dates(text: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, c.is_alphanumeric()) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                runs.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    let mut out: Vec<Range<usize>> = Vec::new();
    for three in runs.windows(3) {
        let [a, b, c] = [0, 1, 2].map(|i| &text[three[i].clone()]);
        let gaps = [&text[three[0].end..three[1].start], &text[three[1].end..three[2].start]];
        let is_marked = gaps[0] == gaps[1] && matches!(gaps[0], "/" | "-" | "." | "\u{2011}" | "\u{2010}" | " / " | " ");
        let is_spaced = gaps.iter().all(|gap| matches!(*gap, " " | "\u{a0}" | ", " | "-" | "." | ". " | "/"));
        let day = |word: &str| {
            let bare = word.trim_end_matches(char::is_alphabetic);
            is_between(bare, 1, 31)
                && (bare.len() == word.len()
                    || ["st", "nd", "rd", "th", "af", "ail", "ydd", "fed", "eg", "ain"].contains(&word[bare.len()..].to_lowercase().as_str()))
        };
        let is_date = is_marked && gaps[0] != " " && is_between(a, 1, 31) && is_between(b, 1, 31) && is_year(c, true)
            || is_marked && gaps[0] == " " && is_between(a, 1, 31) && is_between(b, 1, 12) && is_year(c, false)
            || is_marked
                && is_year(a, false)
                && is_between(b, 1, 12)
                && is_between(c.trim_end_matches(|c: char| !c.is_ascii_digit()).split('T').next().unwrap_or(c), 1, 31)
            || is_spaced && day(a) && is_month(b) && is_year(c, true)
            || is_spaced && is_month(a) && day(b) && is_year(c, false);
        if is_date && out.last().is_none_or(|last| last.end <= three[0].start) {
            out.push(three[0].start..three[2].end);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::said::counted;
    use super::*;

    fn n(text: &str) -> usize {
        counted(count, text)
    }

    #[test]
    fn dates_are_found_beside_what_says_so() {
        for text in [
            "DOB: 12/03/1987",
            "D.O.B. 12.03.87",
            "Date of birth\t1987-03-12",
            "Date of birth (dd/mm/yyyy): 12/03/1987",
            "Nia Invented, born on 3rd May 1991 in Amberton",
            "(born May 3, 1991)",
            "Dyddiad geni: 3 Mawrth 1991",
            "Ganed ar 3 Mai 1991",
            "dob 03-Feb-91",
            "date of birth: 03 05 1991",
        ] {
            assert_eq!(n(text), 1, "{text}");
        }
        assert_eq!(n("Name\tDOB\nA\t1991-05-03\nB\t04/05/1992\n"), 2);
    }

    #[test]
    fn what_is_no_date_of_a_person_is_none() {
        for text in [
            "12/03/1987",
            "Reported on 3 May 2021",
            "Children born between 1 September 2005 and 31 August 2006",
            "born 1 September 2005 to 31 August 2006",
            "whose date of birth is on or after 1 April 2010",
            "born 1 April 2010 or later",
            "Date of birth (dd/mm/yyyy):",
            "stubborn 12/03/1987",
            "It was born of need. On 3 May 2021 it met",
            "born in 1987",
            "DOB 99/99/1987",
            "Name\tDate\nA\t1991-05-03\n",
        ] {
            assert_eq!(n(text), 0, "{text}");
        }
    }
}
