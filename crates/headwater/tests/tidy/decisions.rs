//! Every decision of the exchange can be taken by somebody: a page or a command leads to it.

use crate::tree::{hold, root};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The text of every Rust file below a folder without its comments, by its path.
fn sources(folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            found.insert(path.display().to_string(), code.join("\n"));
        }
    }
}

/// The names of all that gives back what is allowed, with what each does.
fn decisions(text: &str) -> BTreeMap<String, String> {
    let pieces = text.split("\npub fn ").skip(1);
    let named = pieces.filter_map(|piece| {
        let (signature, body) = piece.split_once(" {\n")?;
        let name = signature.split('(').next()?;
        signature.ends_with("-> Allowed").then(|| (name.to_owned(), body.split("\n}").next().unwrap_or_default().to_owned()))
    });
    named.collect()
}

/// Whether code calls a function, by its own name or by one given to it in a `use`.
fn calls(code: &str, name: &str) -> bool {
    let is_called = |name: &str| {
        code.match_indices(name).any(|(at, _)| {
            let (before, after) = (&code[..at], &code[at + name.len()..]);
            let is_whole = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
            is_whole && !before.ends_with("fn ") && after.starts_with("(state")
        })
    };
    let other = code.split_once(&format!("{name} as ")).and_then(|(_, rest)| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next());
    is_called(name) || other.is_some_and(is_called)
}

#[test]
fn every_decision_is_reached_by_a_page_or_a_command() {
    let (mut decide, mut program) = (BTreeMap::new(), BTreeMap::new());
    sources(&root().join("crates/prevention/src/exchange/decide"), &mut decide);
    sources(&root().join("crates/headwater/src"), &mut program);
    let all: BTreeMap<String, String> = decide.values().flat_map(|text| decisions(text)).collect();
    assert!(all.len() > 50, "only {} decisions were found", all.len());
    let mut reached: BTreeSet<&String> = all.keys().filter(|name| program.values().any(|code| calls(code, name))).collect();
    // A decision may be part of another.
    loop {
        let more: Vec<&String> = all.keys().filter(|name| !reached.contains(name) && reached.iter().any(|by| calls(&all[*by], name))).collect();
        if more.is_empty() {
            break;
        }
        reached.extend(more);
    }
    let faults = all.keys().filter(|name| !reached.contains(name)).map(|name| {
        format!(
            "prevention::exchange::decide: nobody can take the decision `{name}`; lead to it from a page in crates/headwater/src/web, or delete it"
        )
    });
    hold("every decision is reached by a page or a command", &faults.collect::<Vec<_>>());
}
