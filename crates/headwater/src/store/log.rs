//! The append-only log: one table of events, each carrying the hash of the one before.
//!
//! The hash of an event is the SHA-256 of these lines, each field written as its length in bytes, a colon, the bytes and
//! a line feed, so that no two different events have the same encoding:
//!
//! ```text
//! headwater event 1
//! 1:7                          seq, decimal
//! 27:2026-01-31T09:30:00.000000Z  at, as stored
//! 5:owner                      actor
//! 12:source.added              kind
//! 2:{}                         body, the JSON text as stored
//! 64:0000…                     previous_hash; sixty-four zeros before the first event
//! ```
//!
//! Anyone with SQLite and a SHA-256 can check the chain without this program. An event names people by id only.

use std::fmt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, TransactionBehavior, params};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::blobs::hex;
use crate::problem::{Exit, Problem};

/// What stands before the first event.
const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Marks the file as ours: "Hdwt".
const APPLICATION_ID: i32 = 0x4864_7774;

/// The version of the table below.
const FORMAT: i32 = 1;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS event (
    seq           INTEGER PRIMARY KEY,
    at            TEXT NOT NULL,
    actor         TEXT NOT NULL,
    kind          TEXT NOT NULL,
    body          TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash          TEXT NOT NULL
) STRICT;
-- Has this content been added? Asked before every addition, inside the transaction that makes it.
CREATE INDEX IF NOT EXISTS event_by_content ON event (kind, json_extract(body, '$.sha256')) WHERE json_extract(body, '$.sha256') IS NOT NULL;
-- Slips are stopped here; intent is found by the chain.
CREATE TRIGGER IF NOT EXISTS event_is_never_changed BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER IF NOT EXISTS event_is_never_deleted BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
";

/// The event log of a workspace.
pub struct Log {
    // A lock, so that a workspace can be read from several threads.
    connection: Mutex<Connection>,
}

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its place in the log, from 1.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// The id of who did it; never a name.
    pub actor: String,
    /// What happened, such as `source.added`.
    pub kind: String,
    /// The particulars.
    pub body: Value,
    /// Its hash, 64 hexadecimal digits.
    pub hash: String,
}

/// A log whose every event was found unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many events it has.
    pub n_events: u64,
    /// The hash of the last one: who keeps it can later show that nothing before it was changed.
    pub head_hash: String,
}

/// The first event that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its place in the log.
    pub seq: i64,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the log was changed at event {}: {}", self.seq, self.what)
    }
}

/// An event as it stands in the table.
struct Stored {
    seq: i64,
    at: String,
    actor: String,
    kind: String,
    body: String,
    previous_hash: String,
    hash: String,
}

impl Stored {
    const COLUMNS: &str = "seq, at, actor, kind, body, previous_hash, hash";

    fn of(row: &Row) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            at: row.get(1)?,
            actor: row.get(2)?,
            kind: row.get(3)?,
            body: row.get(4)?,
            previous_hash: row.get(5)?,
            hash: row.get(6)?,
        })
    }

    fn right_hash(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"headwater event 1\n");
        for field in [&self.seq.to_string(), &self.at, &self.actor, &self.kind, &self.body, &self.previous_hash] {
            hash.update(format!("{}:", field.len()));
            hash.update(field);
            hash.update(b"\n");
        }
        hex(&hash.finalize())
    }

    fn event(self) -> Result<Event, Problem> {
        let unreadable =
            |what: &str| Problem::new(format!("event {} of the log has {what} that cannot be read", self.seq)).hint("run `headwater log verify`");
        Ok(Event {
            seq: u64::try_from(self.seq).map_err(|_| unreadable("a number"))?,
            at: self.at.parse().map_err(|_| unreadable("a time"))?,
            body: serde_json::from_str(&self.body).map_err(|_| unreadable("a body"))?,
            actor: self.actor,
            kind: self.kind,
            hash: self.hash,
        })
    }
}

fn failed(error: rusqlite::Error) -> Problem {
    let problem = Problem::while_doing("the log (log.sqlite)", &error);
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy) => problem.hint("another command is writing to it: wait for it to finish"),
        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
            problem.hint("restore log.sqlite from a copy of the workspace")
        }
        Some(rusqlite::ErrorCode::DiskFull) => problem.hint("make room on the disk; nothing that was acknowledged is lost"),
        _ => problem,
    }
}

impl Log {
    /// Makes a log, or opens the one that is there.
    ///
    /// # Errors
    /// The file cannot be written, or is not a log.
    pub fn create(path: &Path) -> Result<Self, Problem> {
        let connection = Connection::open(path).map_err(failed)?;
        let (application, format): (i32, i32) = (
            connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(failed)?,
            connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?,
        );
        if (application, format) == (0, 0) {
            connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
            connection
                .execute_batch(&format!(
                    "BEGIN IMMEDIATE; {SCHEMA} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT}; COMMIT;"
                ))
                .map_err(failed)?;
        }
        drop(connection);
        Self::open(path)
    }

    /// Opens a log.
    ///
    /// # Errors
    /// There is none, or it was not written by this program, or by a newer version of it.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        if !path.is_file() {
            return Err(Problem::new(format!("{} is missing", path.display())).hint("restore it from a copy of the workspace"));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        connection.busy_timeout(std::time::Duration::from_secs(30)).map_err(failed)?;
        let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(failed)?;
        let format: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?;
        if application != APPLICATION_ID {
            return Err(Problem::new(format!("{} is not a log of Headwater", path.display())).hint("restore it from a copy of the workspace"));
        }
        if format != FORMAT {
            return Err(
                Problem::new(format!("{} has format {format}; this version reads format {FORMAT}", path.display())).hint("use a newer Headwater")
            );
        }
        connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A thread that panicked while holding it left no half-done transaction: dropping one rolls it back.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends an event. When this returns, the event is on the disk.
    ///
    /// # Errors
    /// The last event in the log is not as it was written, or the log cannot be written.
    pub fn append(&self, kind: &str, body: Value, actor: &str, at: Timestamp) -> Result<Event, Problem> {
        match self.append_unless(kind, None, body, actor, at)? {
            Some(event) => Ok(event),
            // Nothing was to be looked for, so nothing was found.
            None => Err(Problem::new("the log took no event")),
        }
    }

    /// Appends an event about some content, unless one of the same kind about the same content is there already; another
    /// command may have been quicker.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    pub fn append_once(&self, kind: &str, sha256: &str, body: Value, actor: &str, at: Timestamp) -> Result<Option<Event>, Problem> {
        self.append_unless(kind, Some(sha256), body, actor, at)
    }

    fn append_unless(&self, kind: &str, sha256: Option<&str>, body: Value, actor: &str, at: Timestamp) -> Result<Option<Event>, Problem> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        if let Some(sha256) = sha256 {
            let sql = "SELECT EXISTS (SELECT 1 FROM event WHERE kind = ?1 AND json_extract(body, '$.sha256') = ?2 AND json_extract(body, '$.sha256') IS NOT NULL)";
            if transaction.query_row(sql, params![kind, sha256], |row| row.get(0)).map_err(failed)? {
                return Ok(None);
            }
        }
        let head = transaction
            .query_row(&format!("SELECT {} FROM event ORDER BY seq DESC LIMIT 1", Stored::COLUMNS), [], Stored::of)
            .optional()
            .map_err(failed)?;
        if let Some(head) = &head
            && head.right_hash() != head.hash
        {
            return Err(broken(&Broken { seq: head.seq, what: "its content does not have its hash".to_owned() }).exit(Exit::Failed));
        }
        let mut stored = Stored {
            seq: head.as_ref().map_or(0, |head| head.seq) + 1,
            at: format!("{at:.6}"),
            actor: actor.to_owned(),
            kind: kind.to_owned(),
            body: body.to_string(),
            previous_hash: head.map_or_else(|| BEGINNING.to_owned(), |head| head.hash),
            hash: String::new(),
        };
        stored.hash = stored.right_hash();
        transaction
            .execute(
                "INSERT INTO event (seq, at, actor, kind, body, previous_hash, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![stored.seq, stored.at, stored.actor, stored.kind, stored.body, stored.previous_hash, stored.hash],
            )
            .map_err(failed)?;
        transaction.commit().map_err(failed)?;
        stored.event().map(Some)
    }

    /// The last event, if there is one.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn head(&self) -> Result<Option<Event>, Problem> {
        self.connection()
            .query_row(&format!("SELECT {} FROM event ORDER BY seq DESC LIMIT 1", Stored::COLUMNS), [], Stored::of)
            .optional()
            .map_err(failed)?
            .map(Stored::event)
            .transpose()
    }

    /// Every event, in order.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn events(&self) -> Result<Vec<Event>, Problem> {
        let connection = self.connection();
        let mut statement = connection.prepare(&format!("SELECT {} FROM event ORDER BY seq", Stored::COLUMNS)).map_err(failed)?;
        let rows = statement.query_map([], Stored::of).map_err(failed)?;
        rows.map(|row| row.map_err(failed)?.event()).collect()
    }

    /// Walks the chain from the first event to the last.
    ///
    /// `known_head` is the hash of an event that is known from elsewhere to have been in the log: a log that was cut short
    /// or written anew is a good chain in itself, and only that shows it.
    ///
    /// # Errors
    /// The log cannot be read at all; a broken chain is the inner error.
    pub fn verify(&self, known_head: Option<&str>) -> Result<Result<Verified, Broken>, Problem> {
        let connection = self.connection();
        let mut statement = connection.prepare(&format!("SELECT {} FROM event ORDER BY seq", Stored::COLUMNS)).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        let (mut n_events, mut head_hash) = (0_i64, BEGINNING.to_owned());
        let mut known_is_there = known_head.is_none_or(|known| known == BEGINNING);
        while let Some(row) = rows.next().map_err(failed)? {
            let seq = n_events + 1;
            // Whatever was put there must be named, not trip the reader: another type, text that is no text.
            let Ok(stored) = Stored::of(row) else { return Ok(Err(Broken { seq, what: "a field of it is not text".to_owned() })) };
            if stored.seq != seq {
                return Ok(Err(Broken { seq, what: format!("it is missing; the next one there is event {}", stored.seq) }));
            }
            if stored.right_hash() != stored.hash {
                return Ok(Err(Broken { seq, what: "its content does not have its hash".to_owned() }));
            }
            if stored.previous_hash != head_hash {
                return Ok(Err(Broken { seq, what: "it does not follow from the event before it".to_owned() }));
            }
            known_is_there |= known_head == Some(stored.hash.as_str());
            (n_events, head_hash) = (seq, stored.hash);
        }
        if !known_is_there {
            let what = "it and what follows were cut off or written anew: no event has the hash that is known".to_owned();
            return Ok(Err(Broken { seq: n_events + 1, what }));
        }
        Ok(Ok(Verified { n_events: n_events.unsigned_abs(), head_hash }))
    }
}

/// A broken chain as a problem.
pub fn broken(broken: &Broken) -> Problem {
    Problem::new(broken.to_string())
        .hint("compare log.sqlite with an older copy of the workspace; nothing more is written to a changed log")
        .exit(Exit::Findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn log() -> (tempfile::TempDir, Log) {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::create(&folder.path().join("log.sqlite")).unwrap();
        (folder, log)
    }

    fn three() -> (tempfile::TempDir, Log) {
        let (folder, log) = log();
        for n in 1..=3 {
            log.append("test", json!({"n": n}), "owner", Timestamp::from_second(n).unwrap()).unwrap();
        }
        (folder, log)
    }

    fn change(log: &Log, sql: &str) {
        log.connection().execute_batch(&format!("DROP TRIGGER event_is_never_changed; DROP TRIGGER event_is_never_deleted; {sql}")).unwrap();
    }

    #[test]
    fn the_hash_is_the_documented_one() {
        let (_folder, log) = log();
        let event = log.append("workspace.created", json!({"a": 1}), "owner", "2026-01-31T09:30:00Z".parse().unwrap()).unwrap();
        // printf 'headwater event 1\n1:1\n27:2026-01-31T09:30:00.000000Z\n5:owner\n17:workspace.created\n7:{"a":1}\n64:000…\n' | sha256sum
        assert_eq!(event.hash, "f01c981a0deb1b5bcf5dc6c14bfcb2d20deac098be3ea2a951f54cc05c81fdcb");
        assert_eq!(log.verify(None).unwrap(), Ok(Verified { n_events: 1, head_hash: event.hash }));
    }

    #[test]
    fn events_come_back_in_order_and_as_written() {
        let (_folder, log) = three();
        let events = log.events().unwrap();
        assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!((events[1].body.clone(), events[1].at), (json!({"n": 2}), Timestamp::from_second(2).unwrap()));
        assert_eq!(log.head().unwrap().as_ref(), events.last());
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
            let (_folder, log) = three();
            change(&log, sql);
            let broken = log.verify(None).unwrap().unwrap_err();
            assert!(broken.seq == seq && broken.what.contains(word), "{sql}: {broken}");
        }
    }

    #[test]
    fn content_is_told_once_however_often_it_is_offered() {
        let (_folder, log) = log();
        let tell =
            |kind: &str, sha256: &str| log.append_once(kind, sha256, json!({"sha256": sha256}), "owner", Timestamp::UNIX_EPOCH).unwrap().is_some();
        assert!(tell("source.added", "aa") && tell("source.added", "bb") && tell("source.removed", "aa"));
        assert!(!tell("source.added", "aa"));
        assert_eq!(log.verify(None).unwrap().unwrap().n_events, 3);
    }

    #[test]
    fn an_event_forged_with_a_right_hash_breaks_the_one_after_it() {
        let (_folder, log) = three();
        let connection = log.connection();
        let mut forged = connection.query_row(&format!("SELECT {} FROM event WHERE seq = 2", Stored::COLUMNS), [], Stored::of).unwrap();
        drop(connection);
        forged.body = "{}".to_owned();
        change(&log, &format!("UPDATE event SET body = '{{}}', hash = '{}' WHERE seq = 2", forged.right_hash()));
        assert_eq!(log.verify(None).unwrap().unwrap_err().seq, 3);
    }

    #[test]
    fn a_log_that_was_cut_short_is_told_by_a_hash_kept_elsewhere() {
        let (_folder, log) = three();
        let head = log.head().unwrap().unwrap().hash;
        assert!(log.verify(Some(&head)).unwrap().is_ok());
        change(&log, "DELETE FROM event WHERE seq = 3");
        assert!(log.verify(None).unwrap().is_ok());
        assert_eq!(log.verify(Some(&head)).unwrap().unwrap_err().seq, 3);
    }

    #[test]
    fn nothing_is_appended_to_a_changed_head_and_slips_are_stopped() {
        let (_folder, log) = three();
        assert!(log.connection().execute("DELETE FROM event", []).is_err());
        assert!(log.connection().execute("UPDATE event SET kind = 'x'", []).is_err());
        change(&log, "UPDATE event SET body = '{}' WHERE seq = 3");
        assert!(log.append("test", json!({}), "owner", Timestamp::UNIX_EPOCH).unwrap_err().to_string().contains("event 3"));
    }
}
