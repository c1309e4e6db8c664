//! What the build draws in: licences we may pass on, nothing that was decided against, no package twice unawares.
//!
//! `cargo deny check` does the same and looks for known weaknesses too, but needs a network; here `cargo metadata` is
//! read against the same deny.toml.

use crate::tree::{hold, read, root};
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

struct Package {
    name: String,
    version: String,
    licence: String,
}

/// All packages that a build on this machine draws in.
fn packages() -> Vec<Package> {
    let rustc = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let about = String::from_utf8(rustc.stdout).unwrap();
    let machine = about.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", machine])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |package: &serde_json::Value, key: &str| package[key].as_str().unwrap_or("").to_owned();
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| Package { name: text(package, "name"), version: text(package, "version"), licence: text(package, "license") })
        .collect()
}

/// A list of strings, or of the `crate` of each table, under two names of deny.toml.
fn listed(table: &str, list: &str) -> BTreeSet<String> {
    let deny: toml::Table = read("deny.toml").parse().unwrap();
    deny[table][list]
        .as_array()
        .unwrap_or_else(|| panic!("deny.toml: [{table}] {list} is a list"))
        .iter()
        .map(|entry| entry.as_str().or_else(|| entry.get("crate")?.as_str()).expect("an entry is a name or {{ crate = … }}").to_owned())
        .collect()
}

/// Whether a licence expression can be met with the allowed licences alone.
///
/// Reads SPDX (`A OR B`, `A AND B`, `A WITH B`, parentheses) and the older `A/B`, which means OR.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ").replace(" WITH ", "+WITH+");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = any_of(&tokens, &mut at, allowed);
    met && at == tokens.len()
}

fn any_of(tokens: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut met = all_of(tokens, at, allowed);
    while tokens.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all_of(tokens, at, allowed);
    }
    met
}

fn all_of(tokens: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut met = one(tokens, at, allowed);
    while tokens.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(tokens, at, allowed);
    }
    met
}

fn one(tokens: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let Some(token) = tokens.get(*at) else { return false };
    *at += 1;
    if *token != "(" {
        return allowed.contains(&token.replace("+WITH+", " WITH "));
    }
    let met = any_of(tokens, at, allowed);
    *at += 1;
    met
}

#[test]
fn every_licence_may_be_passed_on() {
    let allowed = listed("licenses", "allow");
    let faults: Vec<String> = packages()
        .iter()
        .filter(|package| !is_met(&package.licence, &allowed))
        .map(|package| format!("{} {} is under '{}', which deny.toml does not allow", package.name, package.version, package.licence))
        .collect();
    hold("All that we build on may be passed on under MIT OR Apache-2.0.", &faults);
}

#[test]
fn every_licence_that_is_allowed_is_needed() {
    let allowed = listed("licenses", "allow");
    let packages = packages();
    let faults: Vec<String> = allowed
        .iter()
        .filter(|licence| !packages.iter().any(|package| package.licence.contains(licence.as_str())))
        .map(|licence| format!("deny.toml allows {licence}, under which nothing stands: take it out"))
        .collect();
    hold("A list holds only lines that we chose.", &faults);
}

#[test]
fn nothing_is_drawn_in_that_was_decided_against() {
    let banned = listed("bans", "deny");
    let faults: Vec<String> = packages()
        .iter()
        .filter(|package| banned.contains(&package.name))
        .map(|package| format!("{} {}: deny.toml says why not", package.name, package.version))
        .collect();
    hold("Some packages were tried and left out.", &faults);
}

#[test]
fn no_package_comes_twice_unawares() {
    let known = listed("bans", "skip");
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages() {
        versions.entry(package.name).or_default().insert(package.version);
    }
    let twice: BTreeMap<&String, &BTreeSet<String>> = versions.iter().filter(|(_, versions)| versions.len() > 1).collect();
    let mut faults: Vec<String> = twice
        .iter()
        .filter(|(name, versions)| !versions.iter().any(|version| known.contains(&format!("{name}@{version}"))))
        .map(|(name, versions)| {
            format!("{name} comes as {}: mend it, or say why under `skip` in deny.toml", versions.iter().cloned().collect::<Vec<_>>().join(" and "))
        })
        .collect();
    faults.extend(
        known
            .iter()
            .filter(|known| !twice.keys().any(|name| known.starts_with(&format!("{name}@"))))
            .map(|known| format!("deny.toml skips {known}, which no longer comes twice: take it out")),
    );
    hold("Two versions of one package are known and have a reason.", &faults);
}

#[test]
fn licence_expressions_are_read_as_they_are_meant() {
    let allowed: BTreeSet<String> = ["MIT", "Apache-2.0", "X WITH Y"].map(str::to_owned).into();
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("MIT/GPL-3.0", true),
        ("(GPL-3.0 OR MIT) AND Apache-2.0", true),
        ("(GPL-3.0 OR MIT) AND BSD-3-Clause", false),
        ("X WITH Y OR GPL-3.0", true),
        ("X", false),
        ("", false),
        ("MIT MIT", false),
    ] {
        assert_eq!(is_met(expression, &allowed), met, "{expression}");
    }
}
