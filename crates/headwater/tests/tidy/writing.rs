//! What every file must hold, and what none may.

use crate::tree::{hold, rust_files, text_files};

/// A file that grows beyond this has parts that want files of their own.
const LONGEST_FILE_LINES: usize = 800;
/// A head shorter than this says no more than the file's name.
const SHORTEST_HEAD_WORDS: usize = 3;

/// Joined here so that this file does not hold what it forbids.
const UNFINISHED: [&str; 6] =
    [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("#[ign", "ore"), concat!("to", "do!("), concat!("unimple", "mented!("), concat!("db", "g!(")];

/// Folders of one machine.
const MACHINE_FOLDERS: [&str; 6] =
    [concat!("/", "work/"), concat!("/", "farm/"), concat!("/", "root/"), concat!("/", "tmp/"), concat!("/", "home/"), concat!("/", "Users/")];

/// Hosts of package registries: whoever builds this decides where packages come from.
const REGISTRIES: [&str; 7] = [
    concat!("crates", ".io"),
    concat!("py", "pi.org"),
    concat!("pythonhosted", ".org"),
    concat!("registry.np", "mjs"),
    concat!("np", "mjs.com"),
    concat!("deb.de", "bian.org"),
    concat!("proxy.go", "lang.org"),
];

/// The first paragraph of a file's `//!` lines.
fn head(text: &str) -> Option<String> {
    let first = text.lines().next()?;
    first.starts_with("//!").then(|| {
        text.lines()
            .map_while(|line| line.strip_prefix("//!"))
            .map(str::trim)
            .skip_while(|line| line.is_empty())
            .take_while(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    })
}

/// Every place where one of `words` stands, as a fault that says `why`.
fn places(endings: &[&str], words: &[&str], why: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for file in text_files(endings) {
        for (number, line) in file.text.lines().enumerate() {
            for word in words.iter().filter(|word| stands_alone(line, word)) {
                faults.push(format!("{}:{}: '{word}' {why}", file.path, number + 1));
            }
        }
    }
    faults
}

/// Whether `word` stands in `line` and is not the end of a longer word or address.
fn stands_alone(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '_' | '-'))
    })
}

#[test]
fn every_rust_file_says_at_its_head_what_it_is_for() {
    let mut faults = Vec::new();
    for file in rust_files() {
        match head(&file.text) {
            None => faults.push(format!("{}: its first line is not `//! …`", file.path)),
            Some(words) if words.split_whitespace().count() < SHORTEST_HEAD_WORDS => {
                faults.push(format!("{}: '{words}' says no more than the file's name", file.path));
            }
            Some(_) => {}
        }
    }
    hold("A newcomer reads the head of a file and knows whether to go on.", &faults);
}

#[test]
fn no_rust_file_is_longer_than_a_person_can_hold() {
    let faults: Vec<String> = rust_files()
        .iter()
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, n_lines)| *n_lines > LONGEST_FILE_LINES)
        .map(|(file, n_lines)| format!("{}: {n_lines} lines, at most {LONGEST_FILE_LINES}; give its parts files of their own", file.path))
        .collect();
    hold("Files are short.", &faults);
}

#[test]
fn nothing_is_left_unfinished_in_the_code() {
    let faults = places(&[".rs", ".mjs", ".py", ".sh", ".toml"], &UNFINISHED, "is work left for later: do it, or open an issue and take it out");
    hold("What is here is finished.", &faults);
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    hold(
        "A project has no machine.",
        &places(&[], &MACHINE_FOLDERS, "is a folder of one machine: take it from an argument, or make a temporary one"),
    );
}

#[test]
fn no_file_names_a_package_registry() {
    hold("Whoever builds this decides where packages come from.", &places(&[], &REGISTRIES, "is a registry's host: name the package instead"));
}

#[test]
fn the_rules_themselves_find_what_they_look_for() {
    assert_eq!(head("//! One\n//! two.\n//!\n//! Three.\nuse x;").as_deref(), Some("One two."));
    assert_eq!(head("use x;\n//! late"), None);
    assert!(stands_alone(concat!("open(\"/", "tmp/x\")"), concat!("/", "tmp/")));
    assert!(!stands_alone(concat!("example.org/", "tmp/x"), concat!("/", "tmp/")));
    assert!(stands_alone(concat!("// TO", "DO: later"), UNFINISHED[0]));
}
