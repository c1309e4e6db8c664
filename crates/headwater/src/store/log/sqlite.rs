//! The log and the records in one SQLite file: `log.sqlite`, the default.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};

use super::{Condition, Entry, Event, Log, Row, Stored, chained};
use crate::problem::Problem;
use crate::store::records::{Change, Put, Record, Records};

/// How long a program waits for another one that writes.
const BUSY: std::time::Duration = std::time::Duration::from_secs(30);

/// Marks the file as ours: "Hdwt".
const APPLICATION_ID: i32 = 0x4864_7774;

/// The version of the tables below. Format 1 had no records.
const FORMAT: i32 = 2;

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
-- What may be changed and erased: people, accounts, sessions. Events name these by id.
CREATE TABLE IF NOT EXISTS record (
    kind    TEXT NOT NULL,
    id      TEXT NOT NULL,
    version INTEGER NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
";

/// The tables of a workspace in SQLite.
pub struct Sqlite {
    // A lock, so that a workspace can be read from several threads.
    connection: Mutex<Connection>,
    // A second one that only reads, so that who reads does not wait until the disk has what another writes.
    reader: Mutex<Connection>,
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

fn stored(row: &rusqlite::Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        seq: row.get(0)?,
        at: row.get(1)?,
        actor: row.get(2)?,
        kind: row.get(3)?,
        body: row.get(4)?,
        previous_hash: row.get(5)?,
        hash: row.get(6)?,
    })
}

fn last(connection: &Connection) -> Result<Option<Stored>, Problem> {
    let sql = format!("SELECT {} FROM event ORDER BY seq DESC LIMIT 1", Stored::COLUMNS);
    connection.query_row(&sql, [], stored).optional().map_err(failed)
}

fn insert(transaction: &Transaction<'_>, rows: &[Stored]) -> Result<(), Problem> {
    let sql = "INSERT INTO event (seq, at, actor, kind, body, previous_hash, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let mut statement = transaction.prepare_cached(sql).map_err(failed)?;
    for row in rows {
        statement.execute(params![row.seq, row.at, row.actor, row.kind, row.body, row.previous_hash, row.hash]).map_err(failed)?;
    }
    Ok(())
}

impl Sqlite {
    /// Makes the tables, or opens those that are there.
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
            make_tables(&connection)?;
        }
        drop(connection);
        Self::open(path)
    }

    /// Opens the tables.
    ///
    /// # Errors
    /// There are none, or they were not written by this program, or by a newer version of it.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        if !path.is_file() {
            return Err(Problem::new(format!("{} is missing", path.display())).hint("restore it from a copy of the workspace"));
        }
        let connection = connect(path)?;
        let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(failed)?;
        let format: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?;
        if application != APPLICATION_ID {
            return Err(Problem::new(format!("{} is not a log of Headwater", path.display())).hint("restore it from a copy of the workspace"));
        }
        if format > FORMAT {
            return Err(
                Problem::new(format!("{} has format {format}; this version reads format {FORMAT}", path.display())).hint("use a newer Headwater")
            );
        }
        connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
        // Erased means overwritten, not only unlisted. A program that died over it left the old bytes in the write-ahead log,
        // which is brought in and cut here, unless somebody else is at work.
        connection.pragma_update(None, "secure_delete", "ON").map_err(failed)?;
        connection.busy_timeout(std::time::Duration::ZERO).map_err(failed)?;
        let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        connection.busy_timeout(BUSY).map_err(failed)?;
        if format < FORMAT {
            make_tables(&connection)?;
        }
        let reader = connect(path)?;
        reader.pragma_update(None, "query_only", "ON").map_err(failed)?;
        Ok(Self { connection: Mutex::new(connection), reader: Mutex::new(reader) })
    }

    fn reader(&self) -> MutexGuard<'_, Connection> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A thread that panicked while holding it left no half-done transaction: dropping one rolls it back.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Copies both tables, as they are at one moment, into a file that is not there yet, while others read and write.
    ///
    /// # Errors
    /// The file is there, or cannot be written.
    pub fn copy_to(&self, path: &Path) -> Result<(), Problem> {
        if path.exists() {
            return Err(Problem::new(format!("{} is there already", path.display())).hint("name another folder"));
        }
        let mut target = Connection::open(path).map_err(failed)?;
        let source = self.connection();
        let backup = rusqlite::backup::Backup::new(&source, &mut target).map_err(failed)?;
        backup.run_to_completion(1_000, std::time::Duration::ZERO, None).map_err(failed)
    }

    /// Runs something while nobody else may write.
    ///
    /// # Errors
    /// As what is run, or another command is writing.
    pub fn while_still<T>(&self, run: impl FnOnce(&[Stored], &[Record]) -> Result<T, Problem>) -> Result<T, Problem> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let mut statement = transaction.prepare(&format!("SELECT {} FROM event ORDER BY seq", Stored::COLUMNS)).map_err(failed)?;
        let events: Vec<Stored> = statement.query_map([], stored).and_then(Iterator::collect).map_err(failed)?;
        drop(statement);
        let mut statement = transaction.prepare("SELECT kind, id, version, body FROM record ORDER BY kind, id").map_err(failed)?;
        let records: Vec<Record> = statement.query_map([], record).and_then(Iterator::collect).map_err(failed)?;
        drop(statement);
        run(&events, &records)
    }

    /// Fills empty tables with rows that are known to be good.
    ///
    /// # Errors
    /// The tables are not empty, or cannot be written.
    pub fn fill(&self, events: &[Stored], records: &[Record]) -> Result<(), Problem> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        if last(&transaction)?.is_some() {
            return Err(Problem::new("log.sqlite holds events already").hint("move it away first"));
        }
        insert(&transaction, events)?;
        for record in records {
            transaction
                .execute(
                    "INSERT INTO record (kind, id, version, body) VALUES (?1, ?2, ?3, ?4)",
                    params![record.kind, record.id, record.version, record.body],
                )
                .map_err(failed)?;
        }
        transaction.commit().map_err(failed)
    }
}

fn connect(path: &Path) -> Result<Connection, Problem> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(BUSY).map_err(failed)?;
    Ok(connection)
}

fn make_tables(connection: &Connection) -> Result<(), Problem> {
    let sql = format!("BEGIN IMMEDIATE; {SCHEMA} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT}; COMMIT;");
    connection.execute_batch(&sql).map_err(failed)
}

impl Log for Sqlite {
    fn write_with(&self, entries: &[Entry<'_>], changes: &[Change<'_>], condition: Condition<'_>) -> Result<Option<Vec<Event>>, Problem> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let head = last(&transaction)?;
        let stands = match condition {
            Condition::Always => true,
            Condition::HeadIs(seq) => head.as_ref().map_or(0, |head| head.seq.unsigned_abs()) == seq,
            Condition::UnlessTold { kind, sha256 } => {
                let sql = "SELECT 1 FROM event WHERE kind = ?1 AND json_extract(body, '$.sha256') = ?2 LIMIT 1";
                transaction.query_row(sql, params![kind, sha256], |_| Ok(())).optional().map_err(failed)?.is_none()
            }
        };
        if !stands {
            return Ok(None);
        }
        let rows = chained(head.as_ref(), entries)?;
        insert(&transaction, &rows)?;
        for change in changes {
            if !apply(&transaction, *change).map_err(failed)? {
                return Ok(None);
            }
        }
        transaction.commit().map_err(failed)?;
        rows.into_iter().map(Stored::event).collect::<Result<_, _>>().map(Some)
    }

    fn walk(&self, after: u64, until: u64, show: &mut dyn FnMut(Row) -> Result<(), Problem>) -> Result<(), Problem> {
        let connection = self.reader();
        let mut statement =
            connection.prepare_cached(&format!("SELECT {} FROM event WHERE seq > ?1 AND seq <= ?2 ORDER BY seq", Stored::COLUMNS)).map_err(failed)?;
        let mut rows = statement.query([after, until].map(|seq| i64::try_from(seq).unwrap_or(i64::MAX))).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            show(stored(row).map_or(Row::Garbled, Row::Stored))?;
        }
        Ok(())
    }

    fn head(&self) -> Result<Option<Event>, Problem> {
        last(&self.reader())?.map(Stored::event).transpose()
    }
}

/// Whether the record was as it was seen, and is now changed.
fn apply(connection: &Connection, change: Change<'_>) -> rusqlite::Result<bool> {
    let n = match change {
        Change::Put { kind, id, seen: 0, body } => {
            let sql = "INSERT INTO record (kind, id, version, body) VALUES (?1, ?2, 1, ?3) ON CONFLICT DO NOTHING";
            connection.execute(sql, params![kind, id, body])
        }
        Change::Put { kind, id, seen, body } => {
            let sql = "UPDATE record SET version = version + 1, body = ?4 WHERE kind = ?1 AND id = ?2 AND version = ?3";
            connection.execute(sql, params![kind, id, seen, body])
        }
        Change::Erase { kind, id } => connection.execute("DELETE FROM record WHERE kind = ?1 AND id = ?2", [kind, id]),
    };
    n.map(|n| n == 1)
}

fn record(row: &rusqlite::Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record { kind: row.get(0)?, id: row.get(1)?, version: row.get(2)?, body: row.get(3)? })
}

impl Records for Sqlite {
    fn get(&self, kind: &str, id: &str) -> Result<Option<Record>, Problem> {
        let connection = self.reader();
        let sql = "SELECT kind, id, version, body FROM record WHERE kind = ?1 AND id = ?2";
        connection.prepare_cached(sql).and_then(|mut statement| statement.query_row([kind, id], record).optional()).map_err(failed)
    }

    fn all(&self, kind: &str) -> Result<Vec<Record>, Problem> {
        let connection = self.reader();
        let mut statement = connection.prepare_cached("SELECT kind, id, version, body FROM record WHERE kind = ?1 ORDER BY id").map_err(failed)?;
        statement.query_map([kind], record).and_then(Iterator::collect).map_err(failed)
    }

    fn put(&self, kind: &str, id: &str, seen: i64, body: &str) -> Result<Put, Problem> {
        let kept = apply(&self.connection(), Change::Put { kind, id, seen, body }).map_err(failed)?;
        Ok(if kept { Put::Kept(seen + 1) } else { Put::ChangedMeanwhile })
    }

    fn erase(&self, kind: &str, id: &str) -> Result<bool, Problem> {
        let connection = self.connection();
        let was_there = apply(&connection, Change::Erase { kind, id }).map_err(failed)?;
        // The write-ahead log still has what was there: it is brought in and cut to nothing.
        let busy: i32 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map_err(failed)?;
        if busy != 0 {
            return Err(Problem::new(format!(
                "{kind} {id} was deleted, but another command still reads log.sqlite, whose write-ahead log keeps the old bytes"
            ))
            .hint("erase again when nothing else is running"));
        }
        Ok(was_there)
    }
}
