//! An event as it stands in the log, and what can be wrong with one.

use super::Event;
use crate::exchange::id::PersonId;
use crate::exchange::moment::Moment;
use std::fmt;

/// An event of the log that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnreadableEvent {
    /// Its kind is none of the exchange's, or of a later version of the program.
    UnknownKind(String),
    /// Its body is not as its kind demands.
    WrongBody {
        /// The kind.
        kind: &'static str,
        /// What is wrong.
        why: String,
    },
}

impl fmt::Display for UnreadableEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnreadableEvent::UnknownKind(kind) => {
                write!(f, "the exchange knows no event of kind \"{kind}\": it may have been written by a later version of the program")
            }
            UnreadableEvent::WrongBody { kind, why } => write!(f, "an event of kind \"{kind}\" cannot be read: {why}"),
        }
    }
}

impl std::error::Error for UnreadableEvent {}

/// An event with its place in the log, its time and who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in the log, from 1; other events of the log may stand between.
    pub seq: u64,
    /// When it was recorded.
    pub at: Moment,
    /// Who did it.
    pub actor: PersonId,
    /// What happened.
    pub event: Event,
}
