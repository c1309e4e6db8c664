//! Writes of which the disk kept a part: the last one to the write-ahead log, to the database, to a file; cut off, or with
//! noughts or the old bytes behind it, at every sector.

use std::fs;
use std::path::Path;

use super::{blob, copy, desk, events};
use crate::browser::{Server, lead};
use crate::{Desk, STREET};

/// What a disk writes in one piece.
const SECTOR: usize = 512;

/// The ways in which the bytes after a sector can be wrong: gone, noughts, or what was there before.
fn torn(before: &[u8], after: &[u8], at: usize) -> [Vec<u8>; 3] {
    let cut = after[..at].to_vec();
    let noughts = [&after[..at], &vec![0; after.len() - at][..]].concat();
    let old = [&after[..at], before.get(at..).unwrap_or_default()].concat();
    [cut, noughts, old]
}

/// The sectors at which two states of a file differ.
fn sectors(before: &[u8], after: &[u8]) -> Vec<usize> {
    let differs = |at: usize| after.get(at..(at + SECTOR).min(after.len())) != before.get(at..(at + SECTOR).min(after.len()));
    (0..after.len()).step_by(SECTOR).filter(|at| differs(*at)).collect()
}

/// The kinds of all events, once the program says that the log is as it was written.
fn verified(desk: &Desk) -> Vec<String> {
    desk.ws(&["log", "verify"]).succeeds();
    events(&desk.path("ws")).into_iter().map(|(kind, _)| kind).collect()
}

/// Enters a body and then eighteen together, and gives the database and its write-ahead log before and after these.
fn entered(top: &Desk) -> [[Vec<u8>; 2]; 2] {
    let server = Server::start(top, "ws");
    let (mut one, _) = lead(&server);
    let read = || ["log.sqlite", "log.sqlite-wal"].map(|name| fs::read(top.path("ws").join(name)).unwrap());
    one.submit("/bodies/new", "/bodies/new", &[("name", "First body"), ("kind", "other"), ("languages", "en")]).leads();
    let before = read();
    one.fill("/bodies", "/bodies/register", &[("register", "units-2019")]).leads();
    [before, read()]
}

#[test]
fn a_torn_write_to_the_write_ahead_log_is_as_if_it_had_not_been_made() {
    let top = desk();
    top.run(&["new", "ws", "--area", "sussex"]).succeeds();
    let [[_, before], [database, after]] = entered(&top);
    let sectors = sectors(&before, &after);
    let (mut n_without, mut n_with) = (0, 0);
    for (at, wal) in sectors.iter().flat_map(|at| torn(&before, &after, *at).map(|wal| (*at, wal))) {
        let desk = desk();
        copy(&top.path("ws"), &desk.path("ws"));
        let _ = fs::remove_file(desk.path("ws/log.sqlite-shm"));
        fs::write(desk.path("ws/log.sqlite"), &database).unwrap();
        fs::write(desk.path("ws/log.sqlite-wal"), wal).unwrap();
        let n = verified(&desk).iter().filter(|kind| *kind == "body.entered").count();
        assert!(n == 1 || n == 19, "torn at {at} there are {n} bodies");
        if n == 1 { n_without += 1 } else { n_with += 1 }
    }
    eprintln!("{} torn writes: {n_without} as before, {n_with} whole", n_without + n_with);
    assert!(n_without > 20, "only {n_without}");
}

#[test]
fn a_torn_write_to_the_database_is_made_again_from_the_write_ahead_log() {
    let top = desk();
    top.run(&["new", "ws", "--area", "sussex"]).succeeds();
    let [_, [database, wal]] = entered(&top);
    let right = verified(&top);
    let connection = rusqlite::Connection::open(top.path("ws/log.sqlite")).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(connection);
    let after = fs::read(top.path("ws/log.sqlite")).unwrap();
    let mut n = 0;
    for at in sectors(&database, &after) {
        // A file that grew may have noughts at its end; it is never cut below what it was.
        for torn in torn(&database, &after, at).into_iter().skip(1) {
            let desk = desk();
            copy(&top.path("ws"), &desk.path("ws"));
            let _ = fs::remove_file(desk.path("ws/log.sqlite-shm"));
            fs::write(desk.path("ws/log.sqlite"), torn).unwrap();
            fs::write(desk.path("ws/log.sqlite-wal"), &wal).unwrap();
            assert_eq!(verified(&desk), right, "torn at {at}");
            n += 1;
        }
    }
    assert!(n > 20, "only {n}");
}

#[test]
fn a_torn_file_is_swept_if_it_had_no_name_and_told_and_mended_if_it_had() {
    let desk = desk();
    desk.run(&["new", "ws", "--area", "sussex"]).succeeds();
    let street = STREET.to_owned() + &",2020-10,,,,,,,,,,\n".repeat(300);
    desk.put("in/street.csv", &street);
    desk.ws(&["source", "add", "in"]).succeeds();
    let hash = events(&desk.path("ws")).into_iter().find_map(|(_, body)| body["sha256"].as_str().map(str::to_owned)).unwrap();
    let kept = blob(&desk.path("ws"), &hash);
    let (whole, nothing) = (fs::read(&kept).unwrap(), Vec::new());
    assert!(whole.len() > 10 * SECTOR);
    for at in (0..whole.len()).step_by(SECTOR) {
        for bytes in torn(&nothing, &whole, at).into_iter().take(2) {
            let half = desk.path("ws/blobs/incoming/.tmpabcdef.part");
            fs::write(&half, &bytes).unwrap();
            desk.ws(&["log", "verify"]).succeeds();
            assert!(!Path::new(&half).exists(), "at {at}: what had no name yet is swept");
            // A disk that lied: it said that the file was flushed.
            fs::write(&kept, &bytes).unwrap();
            assert_ne!(desk.ws(&["log", "verify"]).code, 0, "at {at}: it is told");
            desk.ws(&["source", "add", "in"]).succeeds();
            assert_eq!(fs::read(&kept).unwrap(), whole, "at {at}: adding it again mends it");
            desk.ws(&["log", "verify"]).succeeds();
        }
    }
}
