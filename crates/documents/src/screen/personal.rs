//! Do its words point at a person: by a number, a date of birth, a home, a list of names?
//!
//! Read are the words of every kind that has a text, those that nobody sees among them, and what stands beside the pages:
//! comments, deletions, fields, properties. Each detector is a file with the reasons for which it keeps silent. What is missed
//! is worse than what is held in vain, but an office that is alarmed by every telephone number stops to look. What was found
//! is counted and never repeated.

mod birth;
mod driving;
mod home;
mod insurance;
mod lists;
mod nhs;
mod number;
mod passport;
mod police;
mod said;

use super::strings::strings;
use super::{Finding, Look, Screened};
use crate::kind::Kind;
pub(super) use said::Said;
use said::{Words, words_of};

const REMEDY: &str = "read what it is; send it back if it is about a patient or a case, or let it through with a reason";

/// What points at a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Identifier {
    NhsNumber,
    InsuranceNumber,
    BirthDate,
    DrivingLicence,
    Passport,
    PoliceNumber,
    Home,
    Postcodes,
    People,
}

impl Identifier {
    fn said(self, n: usize) -> String {
        let (one, many) = match self {
            Self::NhsNumber => ("NHS number", "NHS numbers"),
            Self::InsuranceNumber => ("National Insurance number", "National Insurance numbers"),
            Self::BirthDate => ("date of birth", "dates of birth"),
            Self::DrivingLicence => ("driving licence number", "driving licence numbers"),
            Self::Passport => ("passport number", "passport numbers"),
            Self::PoliceNumber => ("number of the Police National Computer", "numbers of the Police National Computer"),
            Self::Home => ("postcode of a person's home", "postcodes of people's homes"),
            Self::Postcodes => ("row with a full postcode", "rows with a full postcode each"),
            Self::People => ("row of a list of people", "rows of a list of people"),
        };
        format!("it holds what looks like {}", super::opc::counted(n, one, many))
    }
}

/// One question about words: how many of what.
type Detector = fn(&Words) -> usize;

const DETECTORS: [(Identifier, Detector); 9] = [
    (Identifier::NhsNumber, nhs::count),
    (Identifier::InsuranceNumber, insurance::count),
    (Identifier::BirthDate, birth::count),
    (Identifier::DrivingLicence, driving::count),
    (Identifier::Passport, passport::count),
    (Identifier::PoliceNumber, police::count),
    (Identifier::Home, home::homes),
    (Identifier::Postcodes, home::rows),
    (Identifier::People, lists::count),
];

/// Reads all that the file says.
pub(super) fn detect(look: &mut Look, screened: &mut Screened) {
    let are_slides = look.kind == Kind::Pptx || look.kind == Kind::OfficeDocument && look.is_open_document("presentation");
    let pages = match look.take_text() {
        Some(text) => said::pages_of(text, look.kind, are_slides),
        None => unread(look, screened),
    };
    // Pages go on from each other, what stands beside them does not.
    let mut found: Vec<(Identifier, String, usize)> = Vec::new();
    let mut open = None;
    for page in &pages {
        let (words, goes_on) = words_of(page, open.take());
        open = goes_on;
        count(&words, &page.place, &mut found);
    }
    for beside in &look.said {
        count(&words_of(beside, None).0, &beside.place, &mut found);
    }
    let mut told = std::collections::BTreeMap::new();
    for (identifier, place, n) in found {
        let n_told = told.entry(identifier).or_insert(0_usize);
        *n_told += 1;
        if *n_told <= super::NAMED {
            screened.add(Finding::PersonalIdentifier, place, identifier.said(n), REMEDY);
        }
    }
    for (identifier, n) in told.into_iter().filter(|(_, n)| *n > super::NAMED) {
        screened.add(Finding::PersonalIdentifier, format!("and {} more places", n - super::NAMED), identifier.said(1), REMEDY);
    }
}

fn count(words: &Words, place: &str, found: &mut Vec<(Identifier, String, usize)>) {
    for (identifier, detector) in DETECTORS {
        let n = detector(words);
        if n > 0 {
            found.push((identifier, place.to_owned(), n));
        }
    }
}

/// The words of a file that is not read as a document.
fn unread(look: &mut Look, screened: &mut Screened) -> Vec<Said> {
    match look.kind {
        Kind::OldOffice | Kind::Xlsb => {
            screened.not_looked.push("words were looked for as they lie in the file; numbers of its cells were not".into());
            let mut words = String::new();
            if look.kind == Kind::Xlsb {
                for part in look.parts_where(|name| name.ends_with(".bin") && !name.contains("vbaproject") && !name.contains("printersettings")) {
                    words += &look.part(&part).map(|bytes| strings(&bytes)).unwrap_or_default();
                }
            } else {
                for stream in ["/WordDocument", "/0Table", "/1Table", "/Workbook", "/Book", "/PowerPoint Document"] {
                    words += &look.stream(stream).map(|bytes| strings(&bytes)).unwrap_or_default();
                }
            }
            vec![Said::beside("", &words)]
        }
        Kind::Xml => vec![Said::beside("", &strings(look.bytes))],
        Kind::Pdf | Kind::Image | Kind::Zip | Kind::Gzip | Kind::Program | Kind::OtherArchive | Kind::Binary | Kind::Empty => Vec::new(),
        _ => {
            // What keeps it from being read is found where its parts are looked at, or it holds more than may be read.
            screened.not_looked.push("its words could not be read, so that nobody looked for people in them".into());
            Vec::new()
        }
    }
}
