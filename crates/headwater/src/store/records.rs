//! What may be changed and erased: people, accounts, invitations, sessions.
//!
//! An event names a person by an id that says nothing. What the id stands for is a record beside the log; erasing the record
//! leaves the chain of the log as it was.

use crate::problem::Problem;

/// A record as it stands in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What it is, such as `person`.
    pub kind: String,
    /// Its id, unique among its kind; it says nothing.
    pub id: String,
    /// How often it was written, from 1: who changes it names the version that was read.
    pub version: i64,
    /// JSON.
    pub body: String,
}

/// What came of writing a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is on the disk, under this version.
    Kept(i64),
    /// Someone else wrote or erased it since it was read; nothing was overwritten.
    ChangedMeanwhile,
}

/// A change of a record that belongs to events: it is written with them, or neither is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    /// Writes a record over the version that was read; 0 for one that is new.
    Put {
        /// What it is.
        kind: &'a str,
        /// Its id.
        id: &'a str,
        /// The version that was read.
        seen: i64,
        /// JSON.
        body: &'a str,
    },
    /// Erases a record that is there. What its bytes were is overwritten in the table, but stays in the write-ahead log for a
    /// while: names of people are erased by [`Records::erase`].
    Erase {
        /// What it is.
        kind: &'a str,
        /// Its id.
        id: &'a str,
    },
}

/// The erasable records, wherever their table is.
pub trait Records: Send + Sync {
    /// One record.
    ///
    /// # Errors
    /// The table cannot be read.
    fn get(&self, kind: &str, id: &str) -> Result<Option<Record>, Problem>;

    /// All records of a kind, in order of their ids.
    ///
    /// # Errors
    /// The table cannot be read.
    fn all(&self, kind: &str) -> Result<Vec<Record>, Problem>;

    /// Writes a record over the version that was read; 0 for one that is new.
    ///
    /// # Errors
    /// The table cannot be written.
    fn put(&self, kind: &str, id: &str, seen: i64, body: &str) -> Result<Put, Problem>;

    /// Erases a record, and says whether it was there. Its bytes are overwritten where the store can do it.
    ///
    /// # Errors
    /// The table cannot be written, or the bytes could not be overwritten yet.
    fn erase(&self, kind: &str, id: &str) -> Result<bool, Problem>;
}
