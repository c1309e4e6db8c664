//! Which crate may use which: exactly the arrows of ARCHITECTURE.md, read from the manifests.

use crate::tree::{hold, read, root};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// Every arrow of the house. A new one needs a decision record in docs/decisions/ and a line here.
const MAY_USE: [(&str, &[&str]); 7] = [
    ("statistics", &[]),
    ("linkage", &[]),
    ("documents", &[]),
    ("release", &[]),
    ("prevention", &["documents", "linkage", "release", "statistics"]),
    ("publish", &["release"]),
    ("headwater", &["documents", "linkage", "prevention", "publish", "release", "statistics"]),
];

/// What the crates that think may not draw in: programs that touch the world in their place.
const TOUCH_THE_WORLD: [&str; 14] =
    ["axum", "getrandom", "hyper", "jiff", "lettre", "memmap2", "rand", "reqwest", "rusqlite", "tempfile", "tokio", "tower-http", "ureq", "walkdir"];

fn manifest(name: &str) -> toml::Table {
    read(&format!("crates/{name}/Cargo.toml")).parse().unwrap_or_else(|error| panic!("crates/{name}/Cargo.toml: {error}"))
}

/// The manifest, and what it says for one platform alone.
fn platforms(manifest: &toml::Table) -> Vec<&toml::Table> {
    let mut tables = vec![manifest];
    if let Some(targets) = manifest.get("target").and_then(toml::Value::as_table) {
        tables.extend(targets.values().filter_map(toml::Value::as_table));
    }
    tables
}

/// Names under every table of dependencies, those for one platform included.
fn dependencies(manifest: &toml::Table, with_tests: bool) -> BTreeSet<String> {
    let kinds: &[&str] =
        if with_tests { &["dependencies", "build-dependencies", "dev-dependencies"] } else { &["dependencies", "build-dependencies"] };
    let mut found = BTreeSet::new();
    for table in platforms(manifest) {
        for kind in kinds {
            if let Some(listed) = table.get(*kind).and_then(toml::Value::as_table) {
                found.extend(listed.keys().cloned());
            }
        }
    }
    found
}

#[test]
fn there_are_seven_crates_and_each_has_its_arrows() {
    let there: BTreeSet<String> =
        fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    let known: BTreeSet<String> = MAY_USE.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(there, known, "a crate is a decision: write a record in docs/decisions/, then name it in tests/tidy/arrows.rs");
}

#[test]
fn no_crate_uses_another_without_an_arrow() {
    let mut faults = Vec::new();
    for (name, allowed) in MAY_USE {
        let used: BTreeSet<String> =
            dependencies(&manifest(name), true).iter().filter_map(|used| used.strip_prefix("headwater-").map(str::to_owned)).collect();
        for new in used.iter().filter(|used| !allowed.contains(&used.as_str())) {
            faults.push(format!("{name} uses {new}: there is no such arrow in ARCHITECTURE.md. Move what needs it to a crate that may."));
        }
    }
    hold("Crates use one another only along the arrows of the house.", &faults);
}

#[test]
fn every_arrow_that_is_drawn_is_used() {
    let mut faults = Vec::new();
    for (name, allowed) in MAY_USE {
        let used = dependencies(&manifest(name), false);
        for unused in allowed.iter().filter(|other| !used.contains(&format!("headwater-{other}"))) {
            faults.push(format!("{name} could use {unused} and does not: take the arrow out of tests/tidy/arrows.rs and ARCHITECTURE.md"));
        }
    }
    hold("An arrow that nobody uses is not drawn.", &faults);
}

#[test]
fn the_crates_that_think_draw_in_nothing_that_touches_the_world() {
    let mut faults = Vec::new();
    for (name, _) in MAY_USE.iter().filter(|(name, _)| *name != "headwater") {
        for used in dependencies(&manifest(name), false).iter().filter(|used| TOUCH_THE_WORLD.contains(&used.as_str())) {
            faults.push(format!("{name} depends on {used}; only headwater touches files, clock, network or chance"));
        }
    }
    hold("Six crates think, one touches the world.", &faults);
}

#[test]
fn every_dependency_is_listed_once_with_its_reason() {
    let text = read("Cargo.toml");
    let workspace: toml::Table = text.parse().unwrap();
    let listed = workspace["workspace"]["dependencies"].as_table().unwrap();
    let mut faults = Vec::new();
    let mut users: BTreeMap<&String, usize> = listed.keys().map(|name| (name, 0)).collect();
    for (name, _) in MAY_USE {
        let crate_manifest = manifest(name);
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (used, how) in platforms(&crate_manifest).iter().filter_map(|it| it.get(kind).and_then(toml::Value::as_table)).flatten() {
                if how.get("workspace").and_then(toml::Value::as_bool) != Some(true) {
                    faults.push(format!("crates/{name}/Cargo.toml gives {used} a version of its own: write `{used}.workspace = true`"));
                }
                if let Some(n) = users.get_mut(used) {
                    *n += 1;
                }
            }
        }
    }
    for (unused, _) in users.iter().filter(|(_, n)| **n == 0) {
        faults.push(format!("Cargo.toml lists {unused} and no crate uses it: take it out"));
    }
    hold("One list of dependencies serves the whole house.", &faults);
}
