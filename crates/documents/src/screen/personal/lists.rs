//! Lists of people: a table with a column of names beside columns that are about a person.
//!
//! Tables of areas, schools and offices have names, too; so have lists of contacts and of who sat round a table, with role,
//! address of mail and telephone. None of these is one: the head must not be that of a place or an office, what stands beside
//! must be personal, and most cells must look like names of people.

use super::said::{Table, Words};

/// Fewer rows than this are no list.
const FEWEST: usize = 2;

/// Heads of columns that hold names of people whatever is in them.
const OF_PEOPLE: [&str; 20] = [
    "surname",
    "forename",
    "first name",
    "last name",
    "family name",
    "given name",
    "full name",
    "victim",
    "suspect",
    "offender",
    "nominal",
    "complainant",
    "patient",
    "client name",
    "child's name",
    "pupil name",
    "cyfenw",
    "enw cyntaf",
    "enw llawn",
    "dioddefwr",
];

/// Heads of columns whose names are those of people in a case, whatever stands beside.
const OF_ROLE: [&str; 8] = ["victim", "suspect", "offender", "nominal", "complainant", "patient", "pupil", "dioddefwr"];

/// Heads of columns that are about a person.
const PERSONAL: [&str; 34] = [
    "date of birth",
    "dob",
    "d.o.b",
    "born",
    "dyddiad geni",
    "age",
    "oed",
    "gender",
    "sex",
    "rhyw",
    "ethnic",
    "nationality",
    "home address",
    "address",
    "cyfeiriad",
    "nhs",
    "national insurance",
    "nino",
    "pnc",
    "offence",
    "trosedd",
    "allegation",
    "victim",
    "suspect",
    "offender",
    "injury",
    "anaf",
    "risk level",
    "next of kin",
    "religion",
    "disability",
    "diagnosis",
    "custody",
    "exploitation type",
];

/// Words in a head that make its names those of no person.
const OF_OTHERS: [&str; 30] = [
    "area",
    "ward",
    "lsoa",
    "msoa",
    "school",
    "force",
    "team",
    "organisation",
    "organization",
    "agency",
    "service",
    "provider",
    "file",
    "field",
    "variable",
    "column",
    "sheet",
    "table",
    "site",
    "station",
    "place",
    "practice",
    "hospital",
    "project",
    "programme",
    "intervention",
    "council",
    "body",
    "measure",
    "ysgol",
];

/// Whether the head of a column names something that is asked for here or by another detector.
pub(super) fn is_asked_for(head: &str) -> bool {
    is_name(head)
        || is_personal(head)
        || head.contains("postcode")
        || head.contains("post code")
        || head.contains("cod post")
        || head.contains("passport")
}

fn is_name(head: &str) -> bool {
    let is_other = OF_OTHERS.iter().any(|word| has_word(head, word));
    let is_count = ["number", "count", "total", "rate", "per ", "%", "nifer", "age", "sex", "gender", "ethnic", "type", "group", "status"]
        .iter()
        .any(|word| head.contains(word));
    !is_other
        && !is_count
        && (matches!(head, "name" | "names" | "enw" | "enwau" | "person" | "subject" | "individual")
            || head.ends_with(" name")
            || OF_PEOPLE.iter().any(|word| has_word(head, word)))
}

pub(super) fn is_personal(head: &str) -> bool {
    let is_group =
        ["group", "band", "rate", "number of", "total", "count", "per ", "%", "average", "mean", "median"].iter().any(|word| head.contains(word));
    !is_group && PERSONAL.iter().any(|word| has_word(head, word))
}

/// Whether a word, or its plural, stands in a text apart from other letters.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + word.len()..].strip_prefix('s').unwrap_or(&text[at + word.len()..]).chars().next();
        [before, behind].iter().all(|c| c.is_none_or(|c| !c.is_alphabetic())) || word.len() > 5 && before.is_none_or(|c| !c.is_alphabetic())
    })
}

/// How many rows of lists of people there are.
pub(super) fn count(words: &Words) -> usize {
    words.tables.iter().map(|table| rows(words.text, table)).sum()
}

fn rows(text: &str, table: &Table) -> usize {
    let names = table.columns(is_name);
    names
        .iter()
        .map(|name| {
            // A column that names a victim is about a person; so is one of the other name only together with more.
            let n_beside = table.head.iter().enumerate().filter(|(at, head)| at != name && is_personal(head)).count();
            let is_role = OF_ROLE.iter().any(|word| has_word(&table.head[*name], word));
            if n_beside == 0 && !is_role {
                return 0;
            }
            let cells: Vec<&str> = table.column(*name).map(|cell| text[cell.clone()].trim()).filter(|cell| !cell.is_empty()).collect();
            let is_whole = table.head[*name].contains("name") && !OF_PEOPLE.iter().any(|word| has_word(&table.head[*name], word))
                || matches!(table.head[*name].as_str(), "enw" | "person" | "subject" | "individual");
            let n = cells.iter().filter(|cell| looks_like_name(cell, if is_whole || n_beside == 0 { 2 } else { 1 })).count();
            if n >= FEWEST && n * 10 >= cells.len() * 6 { n } else { 0 }
        })
        .max()
        .unwrap_or(0)
}

/// Whether some words look like the name of a person: one to four words of letters, each with a capital, none of an office.
fn looks_like_name(cell: &str, fewest: usize) -> bool {
    const OFFICE: [&str; 81] = [
        "white",
        "black",
        "asian",
        "british",
        "welsh",
        "mixed",
        "male",
        "female",
        "adult",
        "child",
        "young",
        "unknown",
        "known",
        "not",
        "stranger",
        "library",
        "station",
        "fire",
        "park",
        "hall",
        "house",
        "church",
        "chapel",
        "inn",
        "pub",
        "club",
        "hotel",
        "theatre",
        "museum",
        "clinic",
        "surgery",
        "pharmacy",
        "practice",
        "stores",
        "shop",
        "market",
        "primary",
        "secondary",
        "community",
        "association",
        "project",
        "council",
        "police",
        "trust",
        "school",
        "academy",
        "college",
        "university",
        "hospital",
        "centre",
        "office",
        "service",
        "services",
        "team",
        "unit",
        "board",
        "partnership",
        "ltd",
        "limited",
        "street",
        "road",
        "ward",
        "north",
        "south",
        "east",
        "west",
        "constabulary",
        "authority",
        "county",
        "city",
        "borough",
        "district",
        "all",
        "total",
        "and",
        "of",
        "the",
        "violence",
        "theft",
        "robbery",
        "group",
    ];
    let cell = cell.replace(',', " ");
    let words: Vec<&str> = cell.split_whitespace().collect();
    let is_word = |word: &&str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '\u{2019}' | '-' | '.'))
            && !OFFICE.contains(&word.to_lowercase().as_str())
    };
    let n_small = words.iter().filter(|word| matches!(**word, "ap" | "ab" | "ferch" | "van" | "de" | "al" | "bin" | "von" | "der" | "la")).count();
    (fewest..=5).contains(&words.len()) && words.iter().filter(|word| is_word(word)).count() + n_small == words.len() && n_small < words.len()
}

#[cfg(test)]
mod tests {
    use super::super::said::counted;
    use super::*;

    fn n(text: &str) -> usize {
        counted(count, text)
    }

    #[test]
    fn names_beside_what_is_personal_are_a_list() {
        for text in [
            "Name\tDate of birth\nNia Invented\t1991-05-03\nTom Pretend\t1992-05-03\nSi\u{e2}n ap Ffug\t1993-05-03\n",
            "Surname\tForename\tAge\nInvented\tNia\t17\nPretend\tTom\t16\nMade-Up\tAnn\t15\n",
            "Victim\tSuspect\tOffence\nNia Invented\tTom Pretend\tS47\nTom Pretend\tAnn Made-Up\tS20\nAnn Made-Up\tNia Invented\tS18\n",
            "Victim name\tCrime number\tPlace\nNia Invented\t12\tAmberton\nTom Pretend\t13\tAmberton\nAnn Madeup\t14\tAmberton\n",
            "Table 1\t\t\nEnw\tOed\tAnaf\nNia Invented\t17\tbraich\nTom Pretend\t16\tcoes\nAnn Other\t16\tcoes\n",
        ] {
            assert_eq!(n(text), 3, "{text}");
        }
    }

    #[test]
    fn names_of_places_and_of_contacts_are_none() {
        for text in [
            "Area name\tAge group\tOffences\nAmber Mere\t10 to 17\t12\nWest Vale\t10 to 17\t3\nHigh Ford\t18 to 24\t4\n",
            "Name\tRole\tEmail\nNia Invented\tAnalyst\tn@office.example\nTom Pretend\tChair\tt@office.example\nAnn Other\tClerk\ta@office.example\n",
            "Name\tAddress\nAmbermere Council\t1 High Street\nVale Police Station\t2 High Street\nFord School\t3 High Street\n",
            "Name\tAge\nNia Invented\t17\n",
            "Victim\tSuspect\tOffences\nWhite British\tMale Adult\t3\nBlack British\tFemale Adult\t4\nNot Known\tYoung Adult\t9\n",
            "Victims\tSuspects\tYear\n12\t14\t2019\n13\t15\t2020\n11\t9\t2021\n",
            "Ward\tVictims\tPopulation\nAmber\t12\t100\nMere\t13\t120\nVale\t9\t90\n",
            "Offence\tVictim age group\tSex\nRobbery\tAdult\tMale\nTheft\tChild\tFemale\nRape\tChild\tFemale\n",
        ] {
            assert_eq!(n(text), 0, "{text}");
        }
    }
}
