//! The log and the records in PostgreSQL, for several web processes over one workspace: one database for each workspace.
//!
//! Whoever appends takes one lock in the transaction that appends, so that events get their places one after another and
//! every chain has one head. A lost connection is made anew. Whether the last transaction before the loss was kept is then
//! asked of the table, where its events either have the hashes that were worked out or do not.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::Duration;

use postgres::config::Host;
use postgres::fallible_iterator::FallibleIterator;
use postgres::{Client, Config, GenericClient, NoTls, Transaction};

use super::{Condition, Entry, Event, Log, Row, Stored, chained};
use crate::problem::{Exit, Problem};
use crate::store::records::{Change, Put, Record, Records};

/// Where the password is, so that it stands in no file of the workspace and in no list of processes.
const PASSWORD_VARIABLE: &str = "PGPASSWORD";

/// Whoever holds this lock may append: "Hdwt".
const LOCK: i64 = 0x4864_7774;

/// How long to wait before the next try to reach a server that is restarting.
const WAITS: [Duration; 6] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_millis(750),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS event (
    seq           BIGINT PRIMARY KEY,
    at            TEXT NOT NULL,
    actor         TEXT NOT NULL,
    kind          TEXT NOT NULL,
    body          TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash          TEXT NOT NULL,
    -- The body's sha256, again, so that it can be looked for; no part of what is hashed.
    content       TEXT
);
CREATE INDEX IF NOT EXISTS event_by_content ON event (kind, content) WHERE content IS NOT NULL;
CREATE OR REPLACE FUNCTION events_are_never_changed() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'events are never changed or deleted'; END $$;
CREATE OR REPLACE TRIGGER event_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION events_are_never_changed();
CREATE TABLE IF NOT EXISTS record (
    kind    TEXT NOT NULL,
    id      TEXT NOT NULL,
    version BIGINT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (kind, id)
);
";

/// The tables of a workspace in PostgreSQL.
pub struct Postgres {
    config: Config,
    // What the database is called in messages: never a password.
    name: String,
    client: Mutex<Option<Client>>,
}

/// What went wrong, and whether trying again may help.
enum Fault {
    Lost(postgres::Error),
    Final(Problem),
}

impl From<postgres::Error> for Fault {
    fn from(error: postgres::Error) -> Self {
        use postgres::error::SqlState;
        let is_going_down = matches!(
            error.code(),
            Some(&SqlState::ADMIN_SHUTDOWN | &SqlState::CRASH_SHUTDOWN | &SqlState::CANNOT_CONNECT_NOW | &SqlState::TOO_MANY_CONNECTIONS)
        );
        // Without a code the answer did not come from the server: the line is cut.
        if is_going_down || error.is_closed() || error.as_db_error().is_none() { Self::Lost(error) } else { Self::Final(said(&error)) }
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::Final(problem)
    }
}

/// The server's own sentence; it never quotes values of ours.
fn said(error: &postgres::Error) -> Problem {
    let words = error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
    let problem = Problem::new(format!("the log in PostgreSQL: {words}"));
    match error.code() {
        Some(&postgres::error::SqlState::DISK_FULL) => problem.hint("make room on the server's disk; nothing that was acknowledged is lost"),
        Some(&postgres::error::SqlState::INVALID_PASSWORD) => {
            problem.hint(format!("put the password into the environment variable {PASSWORD_VARIABLE}")).exit(Exit::NotPermitted)
        }
        _ => problem,
    }
}

impl Postgres {
    /// Opens the tables of a database, and makes them in one that has none.
    ///
    /// The address is `postgres://USER@HOST/DATABASE`; the password comes from the environment variable `PGPASSWORD`.
    ///
    /// # Errors
    /// The address cannot be read, holds a password, or leads over the network without a tunnel; the server cannot be
    /// reached or refuses.
    pub fn open(address: &str) -> Result<Self, Problem> {
        let mut config: Config = address.parse().map_err(|_| {
            // The parser's own sentence may quote the address, and with it a password.
            Problem::new("the address of the PostgreSQL database cannot be read").hint("write postgres://USER@HOST/DATABASE").exit(Exit::WrongUse)
        })?;
        if config.get_password().is_some() {
            return Err(Problem::new("the address of the PostgreSQL database holds a password")
                .hint(format!("take it out and put it into the environment variable {PASSWORD_VARIABLE}"))
                .exit(Exit::NotPermitted));
        }
        let is_here = |host: &Host| match host {
            Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback()),
            Host::Unix(_) => true,
        };
        if !config.get_hosts().iter().all(is_here) {
            return Err(Problem::new("the PostgreSQL database is on another machine, and nothing would be encrypted on the way")
                .hint("lay a tunnel (ssh -L 5432:localhost:5432 SERVER) and use the address of its end here: localhost")
                .exit(Exit::NotPermitted));
        }
        if let Ok(password) = std::env::var(PASSWORD_VARIABLE) {
            config.password(password);
        }
        config.application_name("headwater").connect_timeout(Duration::from_secs(5));
        let name = config.get_dbname().unwrap_or("postgres").to_owned();
        let opened = Self { config, name, client: Mutex::new(None) };
        opened.tried(|client| {
            let mut transaction = client.transaction()?;
            // Two processes that make the tables at the same moment would trip over each other.
            lock(&mut transaction)?;
            transaction.batch_execute(SCHEMA)?;
            Ok(transaction.commit()?)
        })?;
        Ok(opened)
    }

    /// Runs something on the connection, and once more on a new one each time that the line is cut.
    fn tried<T>(&self, mut run: impl FnMut(&mut Client) -> Result<T, Fault>) -> Result<T, Problem> {
        let mut held = self.client();
        for wait in WAITS.iter().map(Some).chain([None]) {
            let outcome = match held.take() {
                Some(client) => Ok(client),
                None => self.config.connect(NoTls).map_err(Fault::from),
            }
            .and_then(|mut client| {
                let outcome = run(&mut client);
                if !client.is_closed() {
                    *held = Some(client);
                }
                outcome
            });
            match (outcome, wait) {
                (Ok(value), _) => return Ok(value),
                (Err(Fault::Final(problem)), _) => return Err(problem),
                (Err(Fault::Lost(_)), Some(wait)) => {
                    *held = None;
                    sleep(*wait);
                }
                (Err(Fault::Lost(error)), None) => {
                    return Err(Problem::new(format!("the PostgreSQL database {} cannot be reached: {error}", self.name))
                        .hint("see that the server runs; nothing that was acknowledged is lost"));
                }
            }
        }
        Err(Problem::new("the PostgreSQL database was never asked"))
    }

    fn client(&self) -> MutexGuard<'_, Option<Client>> {
        // A thread that panicked while holding it left no half-done transaction: the server rolls it back.
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs something while nobody else may append.
    ///
    /// # Errors
    /// As what is run, or the server cannot be reached.
    pub fn while_still<T>(&self, mut run: impl FnMut(&[Stored], &[Record]) -> Result<T, Problem>) -> Result<T, Problem> {
        self.tried(|client| {
            let mut transaction = client.transaction()?;
            lock(&mut transaction)?;
            transaction.batch_execute("LOCK TABLE record IN SHARE MODE")?;
            let sql = format!("SELECT {} FROM event ORDER BY seq", Stored::COLUMNS);
            let events: Vec<Stored> = transaction.query(&sql, &[])?.iter().map(stored).collect::<Result<_, _>>()?;
            let records: Vec<Record> = transaction
                .query("SELECT kind, id, version, body FROM record ORDER BY kind COLLATE \"C\", id COLLATE \"C\"", &[])?
                .iter()
                .map(record)
                .collect::<Result<_, _>>()?;
            Ok(run(&events, &records)?)
        })
    }

    /// Fills empty tables with rows that are known to be good.
    ///
    /// # Errors
    /// The tables are not empty, or cannot be written.
    pub fn fill(&self, events: &[Stored], records: &[Record]) -> Result<(), Problem> {
        self.tried(|client| {
            let mut transaction = client.transaction()?;
            lock(&mut transaction)?;
            match last(&mut transaction)? {
                // The line was cut after the server had kept it all.
                Some(head) if events.last() == Some(&head) => return Ok(()),
                Some(_) => {
                    return Err(Problem::new(format!("the PostgreSQL database {} holds events already", self.name))
                        .hint("name an empty database")
                        .into());
                }
                None => {}
            }
            insert(&mut transaction, events)?;
            let statement = transaction.prepare("INSERT INTO record (kind, id, version, body) VALUES ($1, $2, $3, $4)")?;
            for record in records {
                transaction.execute(&statement, &[&record.kind, &record.id, &record.version, &record.body])?;
            }
            Ok(transaction.commit()?)
        })
    }
}

fn lock(transaction: &mut Transaction<'_>) -> Result<(), postgres::Error> {
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).map(|_| ())
}

fn stored(row: &postgres::Row) -> Result<Stored, postgres::Error> {
    Ok(Stored {
        seq: row.try_get(0)?,
        at: row.try_get(1)?,
        actor: row.try_get(2)?,
        kind: row.try_get(3)?,
        body: row.try_get(4)?,
        previous_hash: row.try_get(5)?,
        hash: row.try_get(6)?,
    })
}

fn record(row: &postgres::Row) -> Result<Record, postgres::Error> {
    Ok(Record { kind: row.try_get(0)?, id: row.try_get(1)?, version: row.try_get(2)?, body: row.try_get(3)? })
}

fn last(client: &mut impl GenericClient) -> Result<Option<Stored>, postgres::Error> {
    let sql = format!("SELECT {} FROM event ORDER BY seq DESC LIMIT 1", Stored::COLUMNS);
    client.query_opt(&sql, &[])?.as_ref().map(stored).transpose()
}

fn insert(transaction: &mut Transaction<'_>, rows: &[Stored]) -> Result<(), Fault> {
    let sql = "INSERT INTO event (seq, at, actor, kind, body, previous_hash, hash, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let statement = transaction.prepare(sql)?;
    for row in rows {
        let body: serde_json::Value = serde_json::from_str(&row.body)
            .map_err(|_| Problem::new(format!("event {} of the log has a body that cannot be read", row.seq)).hint("run `headwater log verify`"))?;
        let content = body["sha256"].as_str();
        let values: [&(dyn postgres::types::ToSql + Sync); 8] =
            [&row.seq, &row.at, &row.actor, &row.kind, &row.body, &row.previous_hash, &row.hash, &content];
        transaction.execute(&statement, &values)?;
    }
    Ok(())
}

/// Whether the record was as it was seen, and is now changed.
fn apply(client: &mut impl GenericClient, change: Change<'_>) -> Result<bool, postgres::Error> {
    let n = match change {
        Change::Put { kind, id, seen: 0, body } => {
            client.execute("INSERT INTO record (kind, id, version, body) VALUES ($1, $2, 1, $3) ON CONFLICT DO NOTHING", &[&kind, &id, &body])
        }
        Change::Put { kind, id, seen, body } => {
            let sql = "UPDATE record SET version = version + 1, body = $4 WHERE kind = $1 AND id = $2 AND version = $3";
            client.execute(sql, &[&kind, &id, &seen, &body])
        }
        Change::Erase { kind, id } => client.execute("DELETE FROM record WHERE kind = $1 AND id = $2", &[&kind, &id]),
    };
    n.map(|n| n == 1)
}

/// Whether rows are in the table just as they were worked out.
fn are_there(transaction: &mut Transaction<'_>, rows: &[Stored]) -> Result<bool, Fault> {
    let Some(row) = rows.last() else { return Ok(false) };
    Ok(transaction.query_opt("SELECT hash FROM event WHERE seq = $1", &[&row.seq])?.is_some_and(|found| found.get::<_, String>(0) == row.hash))
}

impl Log for Postgres {
    fn write_with(&self, entries: &[Entry<'_>], changes: &[Change<'_>], condition: Condition<'_>) -> Result<Option<Vec<Event>>, Problem> {
        // What was offered to a server that then fell silent: it may have kept it.
        let mut offered: Vec<Stored> = Vec::new();
        let written = self.tried(|client| {
            let mut transaction = client.transaction()?;
            lock(&mut transaction)?;
            if are_there(&mut transaction, &offered)? {
                return Ok(Some(offered.clone()));
            }
            let head = last(&mut transaction)?;
            let stands = match condition {
                Condition::Always => true,
                Condition::HeadIs(seq) => head.as_ref().map_or(0, |head| head.seq.unsigned_abs()) == seq,
                Condition::UnlessTold { kind, sha256 } => {
                    transaction.query_opt("SELECT 1 FROM event WHERE kind = $1 AND content = $2 LIMIT 1", &[&kind, &sha256])?.is_none()
                }
            };
            if !stands {
                return Ok(None);
            }
            let rows = chained(head.as_ref(), entries)?;
            insert(&mut transaction, &rows)?;
            for change in changes {
                if !apply(&mut transaction, *change)? {
                    return Ok(None);
                }
            }
            offered.clone_from(&rows);
            transaction.commit()?;
            Ok(Some(rows))
        })?;
        written.map(|rows| rows.into_iter().map(Stored::event).collect()).transpose()
    }

    fn walk(&self, after: u64, until: u64, show: &mut dyn FnMut(Row) -> Result<(), Problem>) -> Result<(), Problem> {
        let sql = format!("SELECT {} FROM event WHERE seq > $1 AND seq <= $2 ORDER BY seq", Stored::COLUMNS);
        // After a cut line the walk goes on where it was, so that nothing is shown twice.
        let [mut at, until] = [after, until].map(|seq| i64::try_from(seq).unwrap_or(i64::MAX));
        self.tried(|client| {
            let mut rows = client.query_raw(&sql, [at, until])?;
            while let Some(row) = rows.next()? {
                let row = stored(&row)?;
                at = row.seq;
                show(Row::Stored(row))?;
            }
            Ok(())
        })
    }

    fn head(&self) -> Result<Option<Event>, Problem> {
        self.tried(|client| Ok(last(client)?))?.map(Stored::event).transpose()
    }
}

impl Records for Postgres {
    fn get(&self, kind: &str, id: &str) -> Result<Option<Record>, Problem> {
        self.tried(|client| {
            let row = client.query_opt("SELECT kind, id, version, body FROM record WHERE kind = $1 AND id = $2", &[&kind, &id])?;
            Ok(row.as_ref().map(record).transpose()?)
        })
    }

    fn all(&self, kind: &str) -> Result<Vec<Record>, Problem> {
        self.tried(|client| {
            let rows = client.query("SELECT kind, id, version, body FROM record WHERE kind = $1 ORDER BY id COLLATE \"C\"", &[&kind])?;
            Ok(rows.iter().map(record).collect::<Result<_, _>>()?)
        })
    }

    fn put(&self, kind: &str, id: &str, seen: i64, body: &str) -> Result<Put, Problem> {
        let mut was_offered = false;
        self.tried(|client| {
            let is_again = std::mem::replace(&mut was_offered, true);
            if apply(client, Change::Put { kind, id, seen, body })? {
                return Ok(Put::Kept(seen + 1));
            }
            // The line may have been cut after the server had kept it.
            let sql = "SELECT 1 FROM record WHERE kind = $1 AND id = $2 AND version = $3 AND body = $4";
            let is_ours = is_again && client.query_opt(sql, &[&kind, &id, &(seen + 1), &body])?.is_some();
            Ok(if is_ours { Put::Kept(seen + 1) } else { Put::ChangedMeanwhile })
        })
    }

    fn erase(&self, kind: &str, id: &str) -> Result<bool, Problem> {
        self.tried(|client| {
            let was_there = apply(client, Change::Erase { kind, id })?;
            // Rewrites the table without what was deleted; the server's write-ahead log forgets it in its own time.
            client.batch_execute("VACUUM (FULL) record")?;
            Ok(was_there)
        })
    }
}
