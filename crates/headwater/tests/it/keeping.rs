//! A workspace is copied, moved and restored; a person is erased; the chain of the log stays whole.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{Desk, STREET};

/// The address of a database of its own on the server that `./test` starts; none when there is no server.
pub fn empty_database() -> Option<String> {
    static N: AtomicU32 = AtomicU32::new(0);
    let Ok(server) = std::env::var("HEADWATER_TEST_POSTGRES") else {
        eprintln!("skipped: HEADWATER_TEST_POSTGRES names no server; ./test starts one");
        return None;
    };
    let name = format!("headwater_journey_{}_{}", std::process::id(), N.fetch_add(1, Ordering::Relaxed));
    let made = Command::new("psql").args(["--quiet", "--command", &format!("CREATE DATABASE {name}"), &server]).status().unwrap();
    assert!(made.success());
    Some(server.replacen("/postgres?", &format!("/{name}?"), 1))
}

fn head(desk: &Desk) -> String {
    desk.ws(&["log", "verify"]).succeeds().out.trim().to_owned()
}

#[test]
fn a_copy_stands_for_a_workspace_that_was_lost() {
    let desk = Desk::with_workspace();
    desk.put("a.csv", STREET);
    desk.ws(&["source", "add", "a.csv"]).succeeds();
    let before = head(&desk);
    let said = desk.ws(&["store", "backup", "copy"]).succeeds();
    assert_eq!(said.out.trim(), before);
    assert!(said.err.contains("2 events and 1 file"), "{}", said.err);
    fs::remove_dir_all(desk.path("ws")).unwrap();
    desk.run(&["store", "restore", "copy", "ws"]).succeeds();
    assert_eq!(head(&desk), before);
    desk.ws(&["source", "check"]);
    desk.ws(&["source", "add", "a.csv"]).succeeds();
    desk.run(&["store", "restore", "copy", "ws"]).fails(2, "there already");
}

#[test]
fn a_person_who_is_erased_is_nowhere_in_the_workspace_and_the_log_is_whole() {
    let desk = Desk::with_workspace();
    let id = desk.ws(&["person", "add", "--name", "Perdita Quillfeather", "--email", "perdita@quill.example"]).succeeds().out.trim().to_owned();
    desk.put("a.csv", STREET);
    desk.ws(&["source", "add", "a.csv", "--actor", &id]).succeeds();
    assert!(desk.ws(&["person", "list"]).succeeds().out.contains("Quillfeather"));
    desk.ws(&["person", "erase", &id]).succeeds();
    assert_eq!(desk.ws(&["person", "list"]).succeeds().out, "");
    assert!(desk.ws(&["log", "show"]).succeeds().out.contains(&id));
    head(&desk);
    for entry in fs::read_dir(desk.path("ws")).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
        let bytes = fs::read(entry.path()).unwrap();
        assert!(!bytes.windows(5).any(|window| window == b"Quill" || window == b"quill"), "{} still has the name", entry.path().display());
    }
    desk.ws(&["person", "erase", &id]).fails(2, "no person has the id");
    desk.ws(&["person", "add", "--name", " "]).fails(2, "needs a name");
}

#[test]
fn a_workspace_works_the_same_with_its_log_in_postgresql_and_comes_back() {
    let Some(address) = empty_database() else { return };
    let desk = Desk::with_workspace();
    desk.put("a.csv", STREET);
    desk.ws(&["source", "add", "a.csv"]).succeeds();
    let before = head(&desk);
    desk.ws(&["store", "migrate", "postgres://vru:hunter2@localhost/vru"]).fails(12, "holds a password");
    desk.ws(&["store", "migrate", &address]).succeeds();
    desk.ws(&["log", "verify", "--head", &before]).succeeds();
    desk.put("b.csv", STREET.replace("2020-10", "2020-11"));
    desk.ws(&["source", "add", "a.csv", "b.csv"]).succeeds();
    assert_eq!(desk.ws(&["source", "list", "--json"]).succeeds().json().as_array().unwrap().len(), 2);
    desk.ws(&["store", "backup", "copy"]).succeeds();
    let after = head(&desk);
    desk.ws(&["store", "migrate", "sqlite"]).succeeds();
    desk.ws(&["log", "verify", "--head", &after]).succeeds();
    desk.run(&["log", "verify", "--workspace", "copy", "--head", &before]).succeeds();
    desk.ws(&["store", "migrate", &address]).fails(1, "log-before-moving.sqlite");
}
