//! Somebody changes the past; an outsider finds it.

use std::fs;

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::{Desk, STREET};

fn desk() -> Desk {
    let desk = Desk::with_workspace();
    desk.put("a.csv", STREET);
    desk.put("b.csv", STREET.replace("2020-10", "2020-11"));
    desk.ws(&["source", "add", "a.csv", "b.csv"]).succeeds();
    desk
}

fn change(desk: &Desk, sql: &str) {
    let log = Connection::open(desk.path("ws/log.sqlite")).unwrap();
    log.execute_batch(&format!("DROP TRIGGER event_is_never_changed; DROP TRIGGER event_is_never_deleted; {sql}")).unwrap();
}

#[test]
fn a_changed_event_is_named_and_nothing_more_is_written() {
    let desk = desk();
    change(&desk, "UPDATE event SET body = replace(body, 'b.csv', 'c.csv') WHERE seq = 3");
    desk.ws(&["log", "verify"]).fails(10, "changed at event 3");
    desk.put("d.csv", STREET.replace("2020-10", "2020-12"));
    desk.ws(&["source", "add", "d.csv"]).fails(1, "changed at event 3");
}

#[test]
fn an_event_taken_out_is_named() {
    let desk = desk();
    change(&desk, "DELETE FROM event WHERE seq = 2");
    desk.ws(&["log", "verify"]).fails(10, "changed at event 2: it is missing");
}

#[test]
fn an_end_cut_off_is_found_by_a_hash_kept_elsewhere() {
    let desk = desk();
    let head = desk.ws(&["log", "verify"]).succeeds().out.trim().to_owned();
    change(&desk, "DELETE FROM event WHERE seq = 3");
    desk.ws(&["log", "verify"]).succeeds();
    desk.ws(&["log", "verify", "--head", &head]).fails(10, "changed at event 3");
}

#[test]
fn a_changed_file_is_named_and_a_missing_one_too() {
    let desk = desk();
    let list = desk.ws(&["source", "list", "--json"]).succeeds().json();
    let hash = list[1]["sha256"].as_str().unwrap().to_owned();
    let blob = desk.path("ws/blobs").join(&hash[..2]).join(&hash[2..]);
    fs::write(&blob, "x").unwrap();
    desk.ws(&["log", "verify"]).fails(10, "b.csv is not as it was");
    desk.ws(&["log", "verify", "--log-only"]).succeeds();
    fs::remove_file(&blob).unwrap();
    desk.ws(&["log", "verify"]).fails(11, &hash[2..]);
    desk.ws(&["source", "add", "b.csv"]).succeeds();
    desk.ws(&["log", "verify"]).succeeds();
}

#[test]
fn an_outsider_can_check_the_chain_with_sql_and_sha_256_alone() {
    let desk = desk();
    let log = Connection::open(desk.path("ws/log.sqlite")).unwrap();
    let mut statement = log.prepare("SELECT CAST(seq AS TEXT), at, actor, kind, body, previous_hash, hash FROM event ORDER BY seq").unwrap();
    let rows: Vec<[String; 7]> = statement
        .query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?]))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(rows.len(), 3);
    let mut previous = "0".repeat(64);
    for row in rows {
        assert_eq!(row[5], previous);
        let lines: String = row[..6].iter().map(|field| format!("{}:{field}\n", field.len())).collect();
        let hash: String = Sha256::digest(format!("headwater event 1\n{lines}")).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(row[6], hash);
        previous = hash;
    }
}

#[test]
fn a_file_that_is_no_log_is_said_to_be_none() {
    let desk = desk();
    let path = desk.path("ws/log.sqlite");
    for ending in ["-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", path.display()));
    }
    fs::write(&path, "not a database, but long enough to be looked at as one".repeat(40)).unwrap();
    desk.ws(&["log", "verify"]).fails(1, "log.sqlite");
    fs::remove_file(&path).unwrap();
    desk.ws(&["log", "verify"]).fails(1, "is missing");
}
