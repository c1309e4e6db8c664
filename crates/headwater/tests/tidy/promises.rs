//! What README, methods, decisions and change log say, held to what the program does.

use crate::tree::{hold, read, root, rust_files, text_files};
use std::collections::BTreeSet;
use std::process::{Command, Output};

fn headwater(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_headwater")).args(arguments).output().expect("the built program starts")
}

/// Lines of the fenced `sh` blocks of a Markdown file, comments and continuations joined out.
fn commands(path: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in read(path).replace("\\\n", " ").lines() {
        if line.starts_with("```") {
            inside = line == "```sh";
        } else if inside && !line.trim().is_empty() && !line.starts_with('#') {
            found.push(line.split(" #").next().unwrap_or(line).trim().to_owned());
        }
    }
    found
}

/// What a documented line asks of the program: its arguments, or nothing when it starts something else.
///
/// Which workspace is meant may stand before the command and is left out.
fn asked(line: &str) -> Option<Vec<String>> {
    let words = line.strip_prefix("cargo run --release -- ").or_else(|| line.strip_prefix("headwater "))?;
    let mut words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    if words.first().is_some_and(|first| first == "--workspace") {
        words.drain(..2.min(words.len()));
    }
    Some(words)
}

/// What the program says of a command, or nothing when there is no such command.
fn help_of(command: &[&str]) -> Option<String> {
    let output = headwater(&[command, &["--help"]].concat());
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A fault for a documented command that the program does not know, or an option that its help does not name.
fn fault_of(path: &str, line: &str) -> Option<String> {
    let arguments = asked(line)?;
    let words: Vec<&str> = arguments.iter().map(String::as_str).take_while(|word| !word.starts_with('-')).collect();
    let noun = &words[..words.len().min(1)];
    let Some(mut help) = help_of(noun) else { return Some(format!("{path}: `{line}` is no command of the program")) };
    // A noun with verbs lists them; the word that follows must then be one. Otherwise it is a value.
    if help.contains("\nCommands:") && !words.is_empty() {
        match words.get(1).and_then(|verb| help_of(&[words[0], verb])) {
            Some(found) => help = found,
            None => return Some(format!("{path}: `{line}`: '{}' has no such verb", words[0])),
        }
    }
    let unknown = arguments.iter().filter(|word| word.starts_with("--")).find(|option| !help.contains(option.split('=').next().unwrap_or(option)))?;
    Some(format!("{path}: `{line}` uses {unknown}, which the help of '{}' does not name", words.join(" ")))
}

#[test]
fn every_command_in_the_documents_exists() {
    let mut faults = Vec::new();
    let documents = ["README.md".to_owned()]
        .into_iter()
        .chain(text_files(&[".md"]).into_iter().map(|file| file.path).filter(|path| path.starts_with("docs/guide/")));
    for path in documents {
        let lines = commands(&path);
        assert!(!lines.is_empty(), "{path} shows no command");
        faults.extend(lines.iter().filter_map(|line| fault_of(&path, line)));
    }
    hold("A command that is written down works.", &faults);
}

#[test]
fn the_readme_gives_the_two_commands_of_the_house() {
    let lines = commands("README.md");
    for command in ["./test", "cargo run --release -- demo"] {
        assert!(lines.iter().any(|line| line == command), "README.md does not show `{command}` on a line of its own");
    }
    assert!(root().join("test").is_file(), "README.md shows ./test, which is not there");
}

#[test]
fn a_command_that_is_not_there_is_noticed() {
    assert!(fault_of("a page", "headwater frobnicate widgets").is_some());
    assert!(fault_of("a page", "headwater --workspace here source frobnicate").is_some());
    assert!(fault_of("a page", "cargo run --release -- demo --no-such-option").is_some());
    assert!(fault_of("a page", "cd elsewhere").is_none());
}

#[test]
fn every_method_has_its_page_and_every_page_its_method() {
    let output = headwater(&["method", "list"]);
    assert!(output.status.success(), "method list: {}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).expect("method list prints text");
    let listed: BTreeSet<&str> = listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let pages: Vec<String> = text_files(&[".md"])
        .into_iter()
        .filter_map(|file| file.path.strip_prefix("methods/").map(|name| name.trim_end_matches(".md").to_owned()))
        .filter(|name| name != "README")
        .collect();
    assert!(!pages.is_empty(), "methods/ holds no page");
    let mut faults: Vec<String> = pages
        .iter()
        .filter(|page| !listed.contains(page.as_str()))
        .map(|page| format!("methods/{page}.md: `method list` does not name it"))
        .collect();
    let inside = read("crates/headwater/src/method.rs");
    // Names are words of small letters; anything else in the list is decoration.
    let names = listed.iter().filter(|name| name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_'));
    faults.extend(
        names
            .filter(|name| inside.contains(&format!("\"{name}\"")) && !pages.iter().any(|page| page == *name))
            .map(|name| format!("{name}: `method list` names it and methods/{name}.md is not there")),
    );
    hold("Each method has one page for readers who are not programmers.", &faults);
}

#[test]
fn every_decision_says_what_was_decided_and_what_follows() {
    let mut faults = Vec::new();
    let records: Vec<_> = text_files(&[".md"]).into_iter().filter(|file| file.path.starts_with("docs/decisions/")).collect();
    assert!(!records.is_empty(), "docs/decisions/ holds no record");
    for (place, file) in records.iter().enumerate() {
        let number = format!("docs/decisions/{:04}-", place + 1);
        if !file.path.starts_with(&number) {
            faults.push(format!("{}: numbers run without gaps; this is number {}", file.path, place + 1));
        }
        for part in ["## Context", "## Options", "## Choice", "## Consequences"] {
            if !file.text.lines().any(|line| line == part) {
                faults.push(format!("{}: has no part '{part}'", file.path));
            }
        }
    }
    hold("A decision can be read years later.", &faults);
}

#[test]
fn the_change_log_tells_of_this_version() {
    let version = env!("CARGO_PKG_VERSION");
    let log = read("CHANGELOG.md");
    let told: Vec<&str> =
        log.lines().skip_while(|line| !line.starts_with(&format!("## {version}"))).skip(1).take_while(|line| !line.starts_with("## ")).collect();
    assert!(told.iter().any(|line| line.starts_with("- ")), "CHANGELOG.md has no '## {version}' with at least one line under it");
}

#[test]
fn every_link_between_the_documents_leads_somewhere() {
    let mut faults = Vec::new();
    for file in text_files(&[".md"]) {
        for link in file.text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or(link);
            if target.is_empty() || target.contains(':') {
                continue;
            }
            let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if !root().join(folder).join(target).exists() {
                faults.push(format!("{}: links to {link}, which is not there", file.path));
            }
        }
    }
    hold("Documents lead to one another.", &faults);
}

#[test]
fn every_test_that_the_documents_name_is_there() {
    let sources: String = rust_files().into_iter().map(|file| file.text).collect();
    let mut faults = Vec::new();
    for path in ["docs/faults.md", "docs/security.md"] {
        let text = read(path);
        let named = text.split('`').skip(1).step_by(2).filter(|name| {
            name.matches('_').count() >= 2
                && name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "_…".contains(letter))
        });
        for name in named {
            let is_there = match name.strip_suffix('…') {
                Some(beginning) => sources.contains(&format!("fn {beginning}")),
                None => sources.contains(&format!("fn {name}(")),
            };
            if !is_there {
                faults.push(format!("{path}: names `{name}`, which no test is called"));
            }
        }
    }
    hold("What is promised is shown by a test.", &faults);
}
