//! The register of the 43 police force areas of England and Wales, which ships with the program.
//!
//! Names and codes are those of the Office for National Statistics (police force areas, April 2024); the force's name is
//! that in the column "Falls within" of police.uk files.

use std::sync::LazyLock;

use headwater_linkage::nearest;
use serde::Deserialize;

use super::{Area, BUILT_IN_DEFINITION};
use crate::problem::{Exit, Problem};

/// One police force area.
#[derive(Debug, Deserialize)]
pub struct Entry {
    /// Its short name: `avon-and-somerset`.
    pub slug: String,
    /// The name people read.
    pub name: String,
    /// Its code, such as E23000036.
    pub code: String,
    police_uk_force: String,
    definition: String,
}

impl Entry {
    /// The area as settings hold it.
    pub fn area(&self) -> Area {
        Area { slug: self.slug.clone(), name: self.name.clone(), code: self.code.clone(), force: self.police_uk_force.clone() }
    }

    /// The force as police.uk names it.
    pub fn force(&self) -> &str {
        &self.police_uk_force
    }

    /// The id of the case definition that the area's partnership uses, as far as one ships.
    pub fn definition(&self) -> &str {
        if self.definition.is_empty() { BUILT_IN_DEFINITION } else { &self.definition }
    }
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(include_bytes!("../../areas/police-force-areas.csv").as_slice());
    // The file is part of the program, and a test counts its rows: none is left out here.
    reader.deserialize().filter_map(Result::ok).collect()
});

/// All areas, in order of their codes.
pub fn entries() -> &'static [Entry] {
    &ENTRIES
}

/// The area of this slug, name or code, whatever the case.
pub fn find(name: &str) -> Option<&'static Entry> {
    entries().iter().find(|entry| [&entry.slug, &entry.name, &entry.code].iter().any(|it| it.eq_ignore_ascii_case(name)))
}

/// The problem of an area that is not in the register, with those that may have been meant.
pub fn unknown(name: &str, what: &str) -> Problem {
    let slugs = entries().iter().map(|entry| entry.slug.as_str());
    let meant: Vec<String> = nearest(name, slugs).iter().map(|suggestion| format!("`{}`", suggestion.name)).collect();
    let problem = Problem::new(what).exit(Exit::WrongUse);
    if meant.is_empty() {
        problem.hint("areas are those of the 43 police forces of England and Wales, such as `sussex`; for another place give `--area-name`, `--area-code` and `--force` too")
    } else {
        problem.hint(format!("did you mean {}?", meant.join(" or ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_force_area_of_england_and_wales_is_there_once() {
        let codes: BTreeSet<&str> = entries().iter().map(|entry| entry.code.as_str()).collect();
        let expected: BTreeSet<String> = (1..=39).map(|n| format!("E23{n:06}")).chain((1..=4).map(|n| format!("W15{n:06}"))).collect();
        assert_eq!(codes, expected.iter().map(String::as_str).collect());
        let forces: BTreeSet<&str> = entries().iter().map(|entry| entry.police_uk_force.as_str()).collect();
        assert_eq!((entries().len(), forces.len()), (43, 43));
        for entry in entries() {
            super::super::checked(entry.area()).unwrap();
        }
    }

    #[test]
    fn an_area_is_found_by_slug_name_or_code_and_a_slip_is_answered() {
        for name in ["devon-and-cornwall", "Devon and Cornwall", "e23000035"] {
            assert_eq!(find(name).unwrap().police_uk_force, "Devon & Cornwall Police");
        }
        assert_eq!(find("sussex").unwrap().definition(), "sussex-vrp");
        use miette::Diagnostic;
        assert!(unknown("susex", "x").help().unwrap().to_string().contains("`sussex`"));
        assert!(unknown("narnia", "x").help().unwrap().to_string().contains("43"));
    }

    #[test]
    fn every_definition_named_ships() {
        for entry in entries() {
            let file = format!("{}.toml", entry.definition());
            assert!(headwater_prevention::definition::SHIPPED.iter().any(|(name, _)| *name == file), "{file}");
        }
    }
}
