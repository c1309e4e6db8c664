//! What nothing may be called: names that tell a reader nothing.

use crate::tree::{hold, rust_files, text_files};

/// Never the whole name of a file, folder, module or type, singular or plural.
const SAY_NOTHING: [&str; 13] =
    ["util", "helper", "common", "core", "base", "misc", "manager", "service", "handler", "processor", "data", "info", "model"];

/// Never even a part of a type's name: they name a layer and not a thing.
const NAME_A_LAYER: [&str; 8] = ["Util", "Utils", "Helper", "Misc", "Manager", "Service", "Handler", "Processor"];

fn says_nothing(name: &str) -> bool {
    let lower = name.to_lowercase();
    SAY_NOTHING.contains(&lower.as_str()) || lower.strip_suffix('s').is_some_and(|one| SAY_NOTHING.contains(&one))
}

/// The parts of `CaseDefinition`: `Case`, `Definition`.
fn parts(type_name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for letter in type_name.chars() {
        match parts.last_mut() {
            Some(part) if !letter.is_uppercase() => part.push(letter),
            _ => parts.push(letter.to_string()),
        }
    }
    parts
}

/// What a line declares: the kind and the name, visible or not.
fn declared(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split_whitespace().skip_while(|word| word.starts_with("pub") || *word == "unsafe");
    let kind = words.next().filter(|kind| matches!(*kind, "mod" | "struct" | "enum" | "trait" | "type" | "union"))?;
    let name = words.next()?.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next()?;
    (!name.is_empty()).then_some((kind, name))
}

#[test]
fn no_file_or_folder_has_a_name_that_tells_nothing() {
    let mut faults = Vec::new();
    for file in text_files(&[]) {
        for part in file.path.split('/') {
            let stem = part.split('.').next().unwrap_or(part);
            if says_nothing(stem) {
                faults.push(format!("{}: '{part}' tells a reader nothing; name the thing that is inside", file.path));
            }
        }
    }
    hold("Files and folders are named for the thing inside.", &faults);
}

#[test]
fn no_module_or_type_has_a_name_that_tells_nothing() {
    let mut faults = Vec::new();
    for file in rust_files() {
        for (number, line) in file.text.lines().enumerate() {
            let Some((kind, name)) = declared(line) else { continue };
            let layer = kind != "mod" && parts(name).iter().any(|part| NAME_A_LAYER.contains(&part.as_str()));
            if says_nothing(name) || layer {
                faults.push(format!("{}:{}: the {kind} '{name}' is not named for what it is", file.path, number + 1));
            }
        }
    }
    hold("Modules and types are named as a practitioner would name them.", &faults);
}

#[test]
fn a_folder_of_modules_has_its_file_beside_it() {
    let faults: Vec<String> = rust_files()
        .iter()
        .filter(|file| file.path.ends_with("/mod.rs"))
        .map(|file| format!("{}: write thing.rs beside thing/", file.path))
        .collect();
    hold("One style for modules: thing.rs beside thing/.", &faults);
}

#[test]
fn tests_are_named_as_sentences() {
    let mut faults = Vec::new();
    for file in rust_files() {
        let mut is_test = false;
        for (number, line) in file.text.lines().map(str::trim).enumerate() {
            if line == "#[test]" {
                is_test = true;
            } else if let Some(rest) = line.strip_prefix("fn ") {
                let name = rest.split('(').next().unwrap_or(rest);
                if is_test && (name.starts_with("test_") || name.split('_').count() < 3) {
                    faults.push(format!("{}:{}: '{name}' does not say what is true", file.path, number + 1));
                }
                is_test = false;
            }
        }
    }
    hold("A test's name is a sentence: a_count_of_three_is_hidden_from_the_public.", &faults);
}

#[test]
fn the_rules_themselves_find_what_they_look_for() {
    assert_eq!(declared("    pub(crate) mod helpers;"), Some(("mod", "helpers")));
    assert_eq!(declared("pub struct BlobManager<'a> {"), Some(("struct", "BlobManager")));
    assert_eq!(declared("let model = 3;"), None);
    assert!(says_nothing("helpers") && says_nothing("Data") && !says_nothing("database"));
    assert_eq!(parts("BlobManager"), ["Blob", "Manager"]);
}
