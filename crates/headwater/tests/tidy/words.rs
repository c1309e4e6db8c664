//! One thing, one word: GLOSSARY.md has a line for each public type that carries a word of the field.
//!
//! Held to it: all of `release`, and of `prevention` all but the inside of `source/` (the records and tables of one data
//! set are explained by that data set's own file).

use crate::tree::{hold, read, rust_files};
use std::collections::{BTreeMap, BTreeSet};

/// Public types by name, with the file that declares them.
fn public_types(below: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for file in rust_files().iter().filter(|file| file.path.starts_with(below)) {
        for line in file.text.lines() {
            let mut words = line.split_whitespace();
            if line.starts_with("pub ") && words.nth(1).is_some_and(|kind| matches!(kind, "struct" | "enum" | "trait" | "type")) {
                let name: String = words.next().unwrap_or("").chars().take_while(|letter| letter.is_alphanumeric()).collect();
                found.insert(name, file.path.clone());
            }
        }
    }
    found
}

/// The names in code that the glossary gives: what stands in backticks in the third cell of its rows.
fn glossary() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in read("GLOSSARY.md").lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
        assert_eq!(cells.len(), 3, "GLOSSARY.md: '{line}' has {} cells; a row is word, meaning, name in code", cells.len());
        names.extend(cells[2].split('`').skip(1).step_by(2).map(str::to_owned));
    }
    assert!(!names.is_empty(), "GLOSSARY.md names nothing in code");
    names
}

#[test]
fn every_public_type_of_the_field_has_its_line_in_the_glossary() {
    let names = glossary();
    let mut faults = Vec::new();
    for (name, path) in public_types("crates/release/src").into_iter().chain(public_types("crates/prevention/src")) {
        if !path.starts_with("crates/prevention/src/source/") && !names.contains(&name) {
            faults.push(format!("{path}: `{name}` has no line in GLOSSARY.md; add one, or use a word that is there"));
        }
    }
    hold("A new noun in code needs a line in the glossary.", &faults);
}

#[test]
fn every_type_that_the_glossary_names_exists() {
    let there: BTreeSet<String> = public_types("crates/").into_keys().collect();
    let faults: Vec<String> = glossary()
        .iter()
        .filter(|name| name.starts_with(char::is_uppercase) && !name.contains("::"))
        .filter(|name| !there.contains(*name))
        .map(|name| format!("`{name}` is no public type any more; mend its line"))
        .collect();
    hold("The glossary speaks of what is there.", &faults);
}
