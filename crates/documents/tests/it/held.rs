//! The corpus of leaks: a file for each class of what no reader may meet unawares and each kind of file that can hold it. All
//! people in it are invented. Every one must be found, as what it is and where it is; none is told twice as something else.

pub mod files;
mod places;

use files::{File, all_kinds};
use headwater_documents::screen::{Finding, Limits, Screened, screen};
use proptest::prelude::*;

fn look((name, bytes): &File) -> Screened {
    let screened = screen(name, bytes, &Limits::default());
    assert!(
        screened.found.iter().all(|it| !it.what.is_empty() && !it.remedy.is_empty() && !it.what.contains("Invented")),
        "{name}: {:?}",
        screened.found
    );
    screened
}

/// Asserts that a file is held for this, with these words.
fn holds(file: &File, finding: Finding, words: &str) {
    let screened = look(file);
    let is_found = screened.found.iter().any(|it| it.finding == finding && format!("{}: {}", it.place, it.what).contains(words));
    assert!(is_found, "{}: no {finding:?} with \"{words}\" in {:#?}", file.0, screened.found);
}

/// What is said of a person, as it may stand in a sentence or a form, and how it is called.
const SAID: [(&str, &str); 22] = [
    ("Seen at A&E; NHS number 943 476 5919.", "1 NHS number"),
    ("Rhif GIG: 9434765919", "1 NHS number"),
    ("He (401 023 2137) was seen twice.", "1 NHS number"),
    ("Her National Insurance number is QQ 12 34 56 C.", "1 National Insurance number"),
    ("NINO AB123456C", "1 National Insurance number"),
    ("Nia Invented, DOB 12/03/1987, was arrested.", "1 date of birth"),
    ("Nia Invented was born on 12 March 1987.", "1 date of birth"),
    ("Dyddiad geni: 12 Mawrth 1987", "1 date of birth"),
    ("Date of birth: 1987-03-12", "1 date of birth"),
    ("Licence INVEN703127N99AB was shown.", "1 driving licence number"),
    ("Passport number: 123456789", "1 passport number"),
    ("Known as PNC 2021/0123456K.", "Police National Computer"),
    ("She lives at 4 Pretend Street, Amberton XX1 1AA.", "1 postcode of a person's home"),
    ("Cyfeiriad cartref: 4 Stryd Ffug, XX1 1AA", "1 postcode of a person's home"),
    ("Ref\tNHS number\n1\t943 476 5919\n2\t401 023 2137\n", "2 NHS numbers"),
    ("Ref\tNI number\n1\tQQ123456C\n2\tQQ123457C\n", "2 National Insurance numbers"),
    ("Ref\tDate of birth\n1\t1987-03-12\n2\t1988-04-13\n", "2 dates of birth"),
    ("Name\tAge\nNia Invented\t17\nTom Pretend\t16\nAnn Other\t15\n", "3 rows of a list of people"),
    ("Surname\tForename\tOffence\nInvented\tNia\tS47\nPretend\tTom\tS20\n", "2 rows of a list of people"),
    ("Victim\tSuspect\tOutcome\nNia Invented\tTom Pretend\t18\nAnn Other\tTom Pretend\t16\n", "2 rows of a list of people"),
    ("Age\tPostcode\n17\tXX1 1AA\n16\tXX1 1AB\n15\tXX1 1AD\n", "3 rows with a full postcode each"),
    ("Enw\tOed\nNia Invented\t17\nTom Pretend\t16\n", "2 rows of a list of people"),
];

#[test]
fn what_is_said_of_a_person_is_found_in_every_kind_of_file() {
    let mut n = 0;
    for (text, words) in SAID {
        for file in all_kinds(text) {
            // Words of old files are read as they lie, without their tables.
            if text.contains('\t') && file.0 == "a.doc" {
                continue;
            }
            holds(&file, Finding::PersonalIdentifier, words);
            n += 1;
        }
    }
    println!("{n} files with words about a person, all found");
    assert!(n > 250, "{n}");
}

#[test]
fn what_stands_in_many_places_is_counted_and_not_repeated() {
    let text: String = (1..40).map(|i| format!("DOB {:02}/03/19{:02}\u{c}", i % 28 + 1, 50 + i)).collect();
    let screened = look(&("a.txt".to_owned(), text.into_bytes()));
    assert_eq!(screened.found.len(), 21, "{:?}", screened.found);
    assert!(screened.found.iter().any(|it| it.place == "and 19 more places"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_is_cut_off_or_flipped_has_an_answer(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        for (name, whole) in all_kinds(SAID[0].0).into_iter().chain(places::samples()) {
            let mut bytes = whole;
            let n = at.index(bytes.len());
            bytes[n] = byte;
            let _ = look(&(name.clone(), bytes.clone()));
            bytes.truncate(cut.index(bytes.len()));
            let _ = look(&(name, bytes));
        }
    }
}
