//! The same must be true of the log wherever its table is; and what is true of one place only.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::Connection;
use serde_json::json;

use super::postgres::Postgres;
use super::sqlite::Sqlite;
use super::*;
use crate::store::records::{Put, Records};

/// The address of a database of its own on the server that `./test` starts; none when there is no server.
pub fn empty_database() -> Option<String> {
    static N: AtomicU32 = AtomicU32::new(0);
    let Ok(server) = std::env::var("HEADWATER_TEST_POSTGRES") else {
        eprintln!("skipped for PostgreSQL: HEADWATER_TEST_POSTGRES names no server; ./test starts one");
        return None;
    };
    let name = format!("headwater_{}_{}", std::process::id(), N.fetch_add(1, Ordering::Relaxed));
    let mut admin = ::postgres::Client::connect(&server, ::postgres::NoTls).unwrap();
    // Two databases made at one moment from one template stand in each other's way.
    admin.batch_execute("SELECT pg_advisory_lock(1)").unwrap();
    admin.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    let mut parts: Vec<&str> = server.splitn(2, '?').collect();
    let cut = parts[0].rfind('/').unwrap();
    parts[0] = &parts[0][..cut];
    Some(format!("{}/{name}{}", parts[0], parts.get(1).map_or_else(String::new, |rest| format!("?{rest}"))))
}

/// Logs, each with the name of its place.
type Logs = Vec<(&'static str, Arc<dyn Log>)>;

/// A log in each kind of place; the folder lives as long as the logs.
fn everywhere() -> (tempfile::TempDir, Logs) {
    let folder = tempfile::tempdir().unwrap();
    let mut logs: Logs = vec![("SQLite", Arc::new(Sqlite::create(&folder.path().join("log.sqlite")).unwrap()))];
    if let Some(address) = empty_database() {
        logs.push(("PostgreSQL", Arc::new(Postgres::open(&address).unwrap())));
    }
    (folder, logs)
}

fn append(log: &dyn Log, n: i64) -> Event {
    log.append("test", json!({"n": n}), "owner", Timestamp::from_second(n).unwrap()).unwrap()
}

#[test]
fn the_hash_is_the_documented_one() {
    for (place, log) in everywhere().1 {
        let event = log.append("workspace.created", json!({"a": 1}), "owner", "2026-01-31T09:30:00Z".parse().unwrap()).unwrap();
        // printf 'headwater event 1\n1:1\n27:2026-01-31T09:30:00.000000Z\n5:owner\n17:workspace.created\n7:{"a":1}\n64:000…\n' | sha256sum
        assert_eq!(event.hash, "f01c981a0deb1b5bcf5dc6c14bfcb2d20deac098be3ea2a951f54cc05c81fdcb", "{place}");
        assert_eq!(log.verify(None).unwrap(), Ok(Verified { n_events: 1, head_hash: event.hash }), "{place}");
    }
}

#[test]
fn events_come_back_in_order_and_as_written() {
    for (place, log) in everywhere().1 {
        let written: Vec<Event> = (1..=3).map(|n| append(log.as_ref(), n)).collect();
        assert_eq!(log.events().unwrap(), written, "{place}");
        assert_eq!(log.events_after(2).unwrap(), written[2..], "{place}");
        assert_eq!(log.head().unwrap().as_ref(), written.last(), "{place}");
    }
}

#[test]
fn content_is_told_once_however_often_it_is_offered() {
    for (place, log) in everywhere().1 {
        let tell =
            |kind: &str, sha256: &str| log.append_once(kind, sha256, json!({"sha256": sha256}), "owner", Timestamp::UNIX_EPOCH).unwrap().is_some();
        assert!(tell("source.added", "aa") && tell("source.added", "bb") && tell("source.removed", "aa"), "{place}");
        assert!(!tell("source.added", "aa"), "{place}");
        assert_eq!(log.verify(None).unwrap().unwrap().n_events, 3, "{place}");
    }
}

#[test]
fn what_was_decided_on_an_older_log_is_not_appended_and_what_belongs_together_stays_together() {
    for (place, log) in everywhere().1 {
        append(log.as_ref(), 1);
        let body = json!({});
        let entry = Entry { kind: "test", body: &body, actor: "owner", at: Timestamp::UNIX_EPOCH };
        assert_eq!(log.write(&[entry.clone(), entry.clone()], Condition::HeadIs(0)).unwrap(), None, "{place}");
        let written = log.write(&[entry.clone(), entry.clone()], Condition::HeadIs(1)).unwrap().unwrap();
        assert_eq!(written.iter().map(|event| event.seq).collect::<Vec<_>>(), [2, 3], "{place}");
        assert_eq!(log.write(&[entry], Condition::HeadIs(1)).unwrap(), None, "{place}");
    }
}

#[test]
fn many_who_write_at_once_lose_nothing_and_make_one_chain() {
    for (place, log) in everywhere().1 {
        std::thread::scope(|scope| {
            for writer in 0..10 {
                let log = &log;
                scope.spawn(move || (0..20).for_each(|n| drop(append(log.as_ref(), writer * 100 + n))));
            }
        });
        let mut told: Vec<i64> = log.events().unwrap().iter().map(|event| event.body["n"].as_i64().unwrap()).collect();
        told.sort_unstable();
        assert_eq!(told, (0..10).flat_map(|writer| (0..20).map(move |n| writer * 100 + n)).collect::<Vec<_>>(), "{place}");
        assert_eq!(log.verify(None).unwrap().unwrap().n_events, 200, "{place}");
    }
}

#[test]
fn two_processes_over_one_database_see_each_others_events_and_one_chain() {
    let Some(address) = empty_database() else { return };
    let (one, two) = (Postgres::open(&address).unwrap(), Postgres::open(&address).unwrap());
    let (one, two): (&dyn Log, &dyn Log) = (&one, &two);
    let first = append(one, 1);
    assert_eq!(two.events().unwrap(), [first]);
    let second = append(two, 2);
    assert_eq!(one.events_after(1).unwrap(), [second]);
    assert_eq!(one.verify(None).unwrap(), two.verify(None).unwrap());
}

/// Tells the others when it goes, also when a test fails: a scope waits for all its threads, and would wait for ever.
struct Done<'a>(&'a std::sync::atomic::AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_line_that_is_cut_again_and_again_loses_nothing_and_tells_nothing_twice() {
    let Some(address) = empty_database() else { return };
    let log = Postgres::open(&address).unwrap();
    let is_done = std::sync::atomic::AtomicBool::new(false);
    let n_cut = std::thread::scope(|scope| {
        let cutter = scope.spawn(|| {
            let mut admin = ::postgres::Client::connect(&address, ::postgres::NoTls).unwrap();
            let mut n_cut = 0;
            while !is_done.load(Ordering::Relaxed) {
                let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
                n_cut += admin.query(sql, &[]).unwrap().len();
                std::thread::sleep(std::time::Duration::from_millis(30));
            }
            n_cut
        });
        {
            let _done = Done(&is_done);
            (0..60).for_each(|n| drop(append(&log, n)));
        }
        cutter.join().unwrap()
    });
    assert!(n_cut > 0, "nothing was ever cut");
    let log: &dyn Log = &log;
    let told: Vec<i64> = log.events().unwrap().iter().map(|event| event.body["n"].as_i64().unwrap()).collect();
    assert_eq!(told, (0..60).collect::<Vec<_>>());
    assert_eq!(log.verify(None).unwrap().unwrap().n_events, 60);
}

#[test]
fn an_address_with_a_password_or_over_the_network_is_refused_and_not_repeated() {
    for (address, words) in [
        ("postgres://vru:hunter2@localhost/vru", "holds a password"),
        ("postgres://vru@db.example/vru", "another machine"),
        ("postgres://vru:hunter2@[/vru", "cannot be read"),
    ] {
        let refused = Postgres::open(address).err().unwrap().to_string();
        assert!(refused.contains(words) && !refused.contains("hunter2"), "{refused}");
    }
}

fn three(folder: &Path) -> Sqlite {
    let log = Sqlite::create(&folder.join("log.sqlite")).unwrap();
    (1..=3).for_each(|n| drop(append(&log, n)));
    log
}

/// Changes a log behind its back.
fn change(folder: &Path, sql: &str) {
    let connection = Connection::open(folder.join("log.sqlite")).unwrap();
    connection.execute_batch(&format!("DROP TRIGGER event_is_never_changed; DROP TRIGGER event_is_never_deleted; {sql}")).unwrap();
}

fn broken_in(log: &dyn Log, known_head: Option<&str>) -> Broken {
    log.verify(known_head).unwrap().unwrap_err()
}

#[test]
fn each_way_to_change_the_past_is_named_with_its_event() {
    for (sql, seq, word) in [
        ("UPDATE event SET body = '{\"n\":9}' WHERE seq = 2", 2, "hash"),
        ("UPDATE event SET at = '2030-01-01T00:00:00Z' WHERE seq = 1", 1, "hash"),
        ("DELETE FROM event WHERE seq = 2", 2, "missing"),
        ("DELETE FROM event WHERE seq = 1", 1, "missing"),
        ("UPDATE event SET seq = 9 WHERE seq = 3", 3, "missing"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let log = three(folder.path());
        change(folder.path(), sql);
        let broken = broken_in(&log, None);
        assert!(broken.seq == seq && broken.what.contains(word), "{sql}: {broken}");
    }
}

#[test]
fn an_event_forged_with_a_right_hash_breaks_the_one_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let log = three(folder.path());
    let mut forged = None;
    log.walk(1, u64::MAX, &mut |row| {
        if let (None, Row::Stored(stored)) = (&forged, row) {
            forged = Some(stored);
        }
        Ok(())
    })
    .unwrap();
    let mut forged = forged.unwrap();
    forged.body = "{}".to_owned();
    change(folder.path(), &format!("UPDATE event SET body = '{{}}', hash = '{}' WHERE seq = 2", forged.right_hash()));
    assert_eq!(broken_in(&log, None).seq, 3);
}

#[test]
fn a_log_that_was_cut_short_is_told_by_a_hash_kept_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let log = three(folder.path());
    let head = Log::head(&log).unwrap().unwrap().hash;
    let log: &dyn Log = &log;
    assert!(log.verify(Some(&head)).unwrap().is_ok());
    change(folder.path(), "DELETE FROM event WHERE seq = 3");
    assert!(log.verify(None).unwrap().is_ok());
    assert_eq!(broken_in(log, Some(&head)).seq, 3);
}

#[test]
fn nothing_is_appended_to_a_changed_head_and_slips_are_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let log = three(folder.path());
    let other = Connection::open(folder.path().join("log.sqlite")).unwrap();
    assert!(other.execute("DELETE FROM event", []).is_err());
    assert!(other.execute("UPDATE event SET kind = 'x'", []).is_err());
    change(folder.path(), "UPDATE event SET body = '{}' WHERE seq = 3");
    let log: &dyn Log = &log;
    assert!(log.append("test", json!({}), "owner", Timestamp::UNIX_EPOCH).unwrap_err().to_string().contains("event 3"));
}

#[test]
fn slips_are_stopped_in_postgresql_too_and_a_changed_event_is_named() {
    let Some(address) = empty_database() else { return };
    let log = Postgres::open(&address).unwrap();
    (1..=3).for_each(|n| drop(append(&log, n)));
    let mut other = ::postgres::Client::connect(&address, ::postgres::NoTls).unwrap();
    for sql in ["DELETE FROM event", "UPDATE event SET kind = 'x'", "TRUNCATE event"] {
        assert!(other.batch_execute(sql).is_err(), "{sql}");
    }
    other.batch_execute("DROP TRIGGER event_is_never_changed ON event; UPDATE event SET actor = 'x' WHERE seq = 2").unwrap();
    assert_eq!(broken_in(&log, None).seq, 2);
}

#[test]
fn a_record_is_changed_only_by_who_saw_its_last_version_and_erased_to_the_last_byte() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Sqlite::create(&folder.path().join("log.sqlite")).unwrap();
    let postgres = empty_database().map(|address| Postgres::open(&address).unwrap());
    let mut stores: Vec<&dyn Records> = vec![&sqlite];
    stores.extend(postgres.iter().map(|store| store as &dyn Records));
    for store in stores {
        assert_eq!(store.put("person", "p2", 0, "{\"name\":\"Perdita Quillfeather\"}").unwrap(), Put::Kept(1));
        assert_eq!(store.put("person", "p1", 0, "{}").unwrap(), Put::Kept(1));
        assert_eq!(store.put("person", "p1", 0, "{}").unwrap(), Put::ChangedMeanwhile);
        assert_eq!(store.put("person", "p1", 1, "[]").unwrap(), Put::Kept(2));
        assert_eq!(store.put("person", "p1", 1, "{}").unwrap(), Put::ChangedMeanwhile);
        assert_eq!(store.all("person").unwrap().iter().map(|record| record.id.as_str()).collect::<Vec<_>>(), ["p1", "p2"]);
        assert_eq!(store.get("person", "p1").unwrap().map(|record| (record.version, record.body)), Some((2, "[]".to_owned())));
        assert!(store.erase("person", "p2").unwrap());
        assert!(!store.erase("person", "p2").unwrap());
        assert_eq!(store.get("person", "p2").unwrap(), None);
        assert_eq!(store.put("person", "p2", 1, "{}").unwrap(), Put::ChangedMeanwhile);
    }
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(12).any(|window| window == b"Quillfeather"), "an erased name is still in the file");
    }
}
