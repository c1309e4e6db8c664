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
//! Anyone with SQL and a SHA-256 can check the chain without this program. An event names people by id only.
//!
//! The table is in SQLite ([`sqlite`]) or, for several web processes, in PostgreSQL ([`postgres`]); what the chain is and
//! how it is proven is the same for both and stands here.

pub mod postgres;
pub mod sqlite;

use std::fmt;

use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::blobs::hex;
use super::records::Change;
use crate::problem::{Exit, Problem};

/// What stands before the first event.
pub const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A log of events, wherever its table is. [`Log::write_with`] is the only way in.
pub trait Log: Send + Sync {
    /// Appends events that belong together and changes records with them, all or nothing, unless the condition forbids it or a
    /// record was changed by somebody else. When this returns events, all of it is on the disk.
    ///
    /// # Errors
    /// The last event in the log is not as it was written, or the log cannot be written.
    fn write_with(&self, entries: &[Entry<'_>], changes: &[Change<'_>], condition: Condition<'_>) -> Result<Option<Vec<Event>>, Problem>;

    /// Appends events that belong together and change no record.
    ///
    /// # Errors
    /// As [`write_with`](Log::write_with).
    fn write(&self, entries: &[Entry<'_>], condition: Condition<'_>) -> Result<Option<Vec<Event>>, Problem> {
        self.write_with(entries, &[], condition)
    }

    /// Shows every stored event after one place in the log and up to another, in order; none of them has been checked.
    ///
    /// # Errors
    /// The log cannot be read, or what it was shown to has a problem.
    fn walk(&self, after: u64, until: u64, show: &mut dyn FnMut(Row) -> Result<(), Problem>) -> Result<(), Problem>;

    /// The last event, if there is one.
    ///
    /// # Errors
    /// The log cannot be read.
    fn head(&self) -> Result<Option<Event>, Problem>;
}

/// What is to be appended.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// What happened, such as `source.added`.
    pub kind: &'a str,
    /// The particulars; `sha256` in it is the content that they are about.
    pub body: &'a Value,
    /// The id of who did it; never a name.
    pub actor: &'a str,
    /// When.
    pub at: Timestamp,
}

/// When entries are appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition<'a> {
    /// In any case.
    Always,
    /// Unless an event of this kind about this content is there: another command may have been quicker.
    UnlessTold {
        /// The kind.
        kind: &'a str,
        /// The content's SHA-256.
        sha256: &'a str,
    },
    /// Only while the log ends where it did when they were decided on; 0 is an empty log.
    HeadIs(u64),
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

/// A row of the table: an event as it stands there, or what cannot be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// All its fields are what they should be; whether its hash is right is not said.
    Stored(Stored),
    /// A field is of another type, or text that is no text.
    Garbled,
}

/// An event as it stands in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields of the table, explained above")]
pub struct Stored {
    pub seq: i64,
    pub at: String,
    pub actor: String,
    pub kind: String,
    pub body: String,
    pub previous_hash: String,
    pub hash: String,
}

impl Stored {
    /// The columns of the table in the order of the fields.
    pub const COLUMNS: &str = "seq, at, actor, kind, body, previous_hash, hash";

    /// The hash that its content should have.
    pub fn right_hash(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"headwater event 1\n");
        for field in [&self.seq.to_string(), &self.at, &self.actor, &self.kind, &self.body, &self.previous_hash] {
            hash.update(format!("{}:", field.len()));
            hash.update(field);
            hash.update(b"\n");
        }
        hex(&hash.finalize())
    }

    /// The event that it is.
    ///
    /// # Errors
    /// A field is not one that this program writes.
    pub fn event(self) -> Result<Event, Problem> {
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

/// The rows that entries become after the last one there.
///
/// # Errors
/// The last event is not as it was written: nothing may follow it.
fn chained(head: Option<&Stored>, entries: &[Entry<'_>]) -> Result<Vec<Stored>, Problem> {
    if let Some(head) = head
        && head.right_hash() != head.hash
    {
        return Err(broken(&Broken { seq: head.seq, what: "its content does not have its hash".to_owned() }).exit(Exit::Failed));
    }
    let mut rows: Vec<Stored> = Vec::with_capacity(entries.len());
    for entry in entries {
        let before = rows.last().or(head);
        let mut row = Stored {
            seq: before.map_or(0, |before| before.seq) + 1,
            at: format!("{:.6}", entry.at),
            actor: entry.actor.to_owned(),
            kind: entry.kind.to_owned(),
            body: entry.body.to_string(),
            previous_hash: before.map_or_else(|| BEGINNING.to_owned(), |before| before.hash.clone()),
            hash: String::new(),
        };
        row.hash = row.right_hash();
        rows.push(row);
    }
    Ok(rows)
}

impl dyn Log + '_ {
    /// Appends one event in any case.
    ///
    /// # Errors
    /// As [`Log::write`].
    pub fn append(&self, kind: &str, body: Value, actor: &str, at: Timestamp) -> Result<Event, Problem> {
        self.one(Entry { kind, body: &body, actor, at }, Condition::Always)?.ok_or_else(|| Problem::new("the log took no event"))
    }

    /// Appends an event about some content, unless one of the same kind about the same content is there already.
    ///
    /// # Errors
    /// As [`Log::write`].
    pub fn append_once(&self, kind: &str, sha256: &str, body: Value, actor: &str, at: Timestamp) -> Result<Option<Event>, Problem> {
        self.one(Entry { kind, body: &body, actor, at }, Condition::UnlessTold { kind, sha256 })
    }

    fn one(&self, entry: Entry<'_>, condition: Condition<'_>) -> Result<Option<Event>, Problem> {
        Ok(self.write(&[entry], condition)?.and_then(|mut written| written.pop()))
    }

    /// Every event, in order.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn events(&self) -> Result<Vec<Event>, Problem> {
        self.events_after(0)
    }

    /// Every event after a place in the log, in order.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn events_after(&self, seq: u64) -> Result<Vec<Event>, Problem> {
        let mut events = Vec::new();
        self.walk(seq, u64::MAX, &mut |row| {
            let Row::Stored(stored) = row else {
                return Err(Problem::new("an event of the log has a field that is not text").hint("run `headwater log verify`"));
            };
            events.push(stored.event()?);
            Ok(())
        })?;
        Ok(events)
    }

    /// Walks the chain from the first event to the last.
    ///
    /// `known_head` is the hash of an event that is known from elsewhere to have been in the log: a log that was cut short
    /// or written anew is a good chain in itself, and only that shows it.
    ///
    /// # Errors
    /// The log cannot be read at all; a broken chain is the inner error.
    pub fn verify(&self, known_head: Option<&str>) -> Result<Result<Verified, Broken>, Problem> {
        let mut chain = Chain::default();
        let mut known_is_there = known_head.is_none_or(|known| known == BEGINNING);
        self.walk(0, u64::MAX, &mut |row| {
            if let Row::Stored(stored) = &row {
                known_is_there |= known_head == Some(stored.hash.as_str());
            }
            chain.follow(row);
            Ok(())
        })?;
        let cut_at = chain.n_events + 1;
        let proven = chain.proven();
        if proven.is_ok() && !known_is_there {
            let what = "it and what follows were cut off or written anew: no event has the hash that is known".to_owned();
            return Ok(Err(Broken { seq: cut_at, what }));
        }
        Ok(proven)
    }
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

/// A broken chain as a problem.
pub fn broken(broken: &Broken) -> Problem {
    Problem::new(broken.to_string())
        .hint("compare the log with an older copy of the workspace; nothing more is written to a changed log")
        .exit(Exit::Findings)
}

/// The chain as far as it was followed.
pub struct Chain {
    n_events: i64,
    head_hash: String,
    broken: Option<Broken>,
}

impl Default for Chain {
    fn default() -> Self {
        Self { n_events: 0, head_hash: BEGINNING.to_owned(), broken: None }
    }
}

impl Chain {
    /// Takes the next row; after the first fault nothing more is asked.
    pub fn follow(&mut self, row: Row) {
        if self.broken.is_some() {
            return;
        }
        let seq = self.n_events + 1;
        // Whatever was put there must be named, not trip the reader.
        let fault = match &row {
            Row::Garbled => Some("a field of it is not text".to_owned()),
            Row::Stored(stored) if stored.seq != seq => Some(format!("it is missing; the next one there is event {}", stored.seq)),
            Row::Stored(stored) if stored.right_hash() != stored.hash => Some("its content does not have its hash".to_owned()),
            Row::Stored(stored) if stored.previous_hash != self.head_hash => Some("it does not follow from the event before it".to_owned()),
            Row::Stored(_) => None,
        };
        self.broken = fault.map(|what| Broken { seq, what });
        if let (None, Row::Stored(stored)) = (&self.broken, row) {
            (self.n_events, self.head_hash) = (seq, stored.hash);
        }
    }

    /// What was found.
    ///
    /// # Errors
    /// The first event that is not as it was written.
    pub fn proven(self) -> Result<Verified, Broken> {
        match self.broken {
            Some(broken) => Err(broken),
            None => Ok(Verified { n_events: self.n_events.unsigned_abs(), head_hash: self.head_hash }),
        }
    }
}

#[cfg(test)]
pub mod tests;
