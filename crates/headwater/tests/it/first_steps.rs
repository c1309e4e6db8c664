//! A newcomer, from an empty folder.

use std::fs;

use crate::{Desk, STREET, contents};

#[test]
fn no_arguments_give_a_short_page_with_commands_that_work() {
    let desk = Desk::empty();
    let page = desk.run(&[]).succeeds().out;
    assert!(page.lines().count() < 15 && page.contains("headwater demo"), "{page}");
    let example = page.lines().find(|line| line.trim_start().starts_with("headwater new")).unwrap();
    let words: Vec<&str> = example.split_whitespace().skip(1).take_while(|word| *word != "begin").collect();
    desk.run(&words).succeeds();
    assert!(desk.path("vru/headwater.toml").is_file());
    let help = desk.run(&["--help"]).succeeds().out;
    for words in ["Exit codes", "Examples", "source", "method"] {
        assert!(help.contains(words), "{help}");
    }
}

#[test]
fn from_an_empty_folder_to_a_proven_log() {
    let desk = Desk::empty();
    let made = desk.run(&["new", "ws", "--area", "sussex"]).succeeds();
    assert!(made.err.contains("Sussex") && made.err.contains("Next:"), "{}", made.err);
    for name in ["headwater.toml", "log.sqlite", "blobs", "index", ".gitignore", "definitions/sussex-vrp.toml"] {
        assert!(desk.path("ws").join(name).exists(), "{name}");
    }
    desk.put("downloads/2020-10/2020-10-sussex-street.csv", STREET);
    let added = desk.ws(&["source", "add", "downloads"]).succeeds();
    assert!(added.out.contains("police.uk street crime  2020-10/2020-10-sussex-street.csv"), "{}", added.out);
    assert!(added.err.contains("Added 1 file"), "{}", added.err);
    let verified = desk.ws(&["log", "verify"]).succeeds();
    assert_eq!(verified.out.trim().len(), 64);
    desk.ws(&["log", "verify", "--head", verified.out.trim()]).succeeds();
    let log = desk.ws(&["log", "show", "--json"]).succeeds().json();
    assert_eq!(log[0]["kind"], "workspace.created");
    assert_eq!((log[1]["kind"].as_str(), log[1]["actor"].as_str()), (Some("source.added"), Some("owner")));
    assert_eq!(log[1]["body"]["licence"][0], "Open Government Licence v3.0");
    assert_eq!(log[1]["hash"].as_str(), Some(verified.out.trim()));
}

#[test]
fn a_workspace_is_found_from_a_folder_inside_it() {
    let desk = Desk::with_workspace();
    let inside = desk.path("ws/definitions");
    let output = desk.program().current_dir(&inside).args(["config", "show"]).output().unwrap();
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("area.code = \"E23000033\""));
    desk.run(&["config", "show"]).fails(2, "not in a workspace");
}

#[test]
fn a_folder_with_anything_in_it_is_left_as_it_is() {
    let desk = Desk::empty();
    desk.put("ws/thesis.txt", "ten years of work");
    let before = contents(&desk.path("ws"));
    desk.run(&["new", "ws", "--area", "sussex"]).fails(1, "not empty");
    assert_eq!(contents(&desk.path("ws")), before);
    desk.put("file", "x");
    assert_eq!(desk.run(&["new", "file", "--area", "sussex"]).code, 1);
    assert_eq!(fs::read(desk.path("file")).unwrap(), b"x");
}

#[test]
fn a_mistyped_area_is_answered_and_makes_nothing() {
    let desk = Desk::empty();
    let done = desk.run(&["new", "ws", "--area", "susex"]);
    done.fails(2, "no area \"susex\"");
    assert!(done.err.contains("`sussex`"), "{}", done.err);
    assert!(!desk.path("ws").exists());
}

#[test]
fn a_place_that_is_not_in_the_register_is_given_whole_or_not_at_all() {
    let desk = Desk::empty();
    desk.run(&["new", "ws", "--area", "wealdmere", "--area-name", "Wealdmere"]).fails(2, "only part of it");
    desk.run(&["new", "ws", "--area", "wealdmere", "--area-name", "Wealdmere", "--area-code", "99", "--force", "Wealdmere Police"])
        .fails(2, "area.code");
    desk.run(&["new", "ws", "--area", "wealdmere", "--area-name", "Wealdmere", "--area-code", "E23990001", "--force", "Wealdmere Police"]).succeeds();
    let shown = desk.ws(&["config", "show", "--json"]).succeeds().json();
    let value = |name: &str| shown.as_array().unwrap().iter().find(|setting| setting["name"] == name).unwrap()["value"].clone();
    assert_eq!((value("area.name"), value("area.force")), ("\"Wealdmere\"".into(), "\"Wealdmere Police\"".into()));
}

#[test]
fn settings_say_where_they_come_from_and_what_is_wrong_with_them() {
    let desk = Desk::with_workspace();
    let output = desk.program().args(["--workspace", "ws", "config", "show"]).env("HEADWATER_SEED", "99").output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("assessment.seed = 99  # environment variable HEADWATER_SEED"), "{shown}");
    let path = desk.path("ws/headwater.toml");
    let good = fs::read_to_string(&path).unwrap();
    fs::write(&path, good.replace("seed = 1", "sed = 1")).unwrap();
    desk.ws(&["config", "show"]).fails(11, "headwater.toml, line 14: unknown field `sed`");
}

#[test]
fn wrong_use_ends_with_two_and_says_what_was_meant() {
    let desk = Desk::empty();
    for arguments in [&["sourc"][..], &["source"], &["source", "add"], &["new"], &["method", "run", "wilson"]] {
        let done = desk.run(arguments);
        assert_eq!(done.code, 2, "{arguments:?}: {}", done.err);
        assert!(done.out.is_empty() && !done.err.is_empty());
    }
}
