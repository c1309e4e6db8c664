//! Recommendations of a report, and the duty of each body to say what it does about them.

use super::clock::standing::{Dates, Standing, standing};
use super::clock::{Clock, Pause};
use super::id::{BlobHash, BodyId, DocumentId, PersonId};
use super::moment::Day;
use super::words::{Remark, Title};
use serde::{Deserialize, Serialize};

/// What a body says to a recommendation: the statutes know two answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyResponse {
    /// What it has done or will do.
    Action(Remark),
    /// Why it does nothing.
    ReasonForNone(Remark),
}

/// One body's duty to answer one recommendation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Whose.
    pub body: BodyId,
    /// On which clock.
    pub clock: Clock,
    /// The day the clock started.
    pub started: Day,
    /// When it stood still.
    pub pauses: Vec<Pause>,
    /// What was answered; `None` is no answer.
    pub response: Option<DutyResponse>,
    /// The day of the answer.
    pub answered: Option<Day>,
    /// Documents of the answer.
    pub documents: Vec<DocumentId>,
    /// Bodies whose comments the answer carries, such as a chief constable's inside a commissioner's.
    pub embeds: Vec<BodyId>,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
    /// Who last changed it.
    pub by: PersonId,
    /// The place in the log of its last change.
    pub version: u64,
}

impl Duty {
    /// How the duty stands on `today`.
    pub fn standing(&self, today: Day) -> Standing {
        let dates = Dates { started: Some(self.started), pauses: &self.pauses, answered: self.answered, withdrawn: self.withdrawn };
        standing(&self.clock, dates, today)
    }
}

/// A recommendation as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommendation {
    /// The report it stands in.
    pub report: Title,
    /// Its number there, such as "4" or "4b".
    pub number: Title,
    /// What it says in short.
    pub title: Title,
    /// Its full text.
    pub text: BlobHash,
    /// When the report was published.
    pub published: Day,
    /// The objective of the office's plan that it serves.
    pub plan_priority: Title,
    /// The duties it laid on bodies.
    pub duties: Vec<Duty>,
    /// The place in the log of its last change.
    pub version: u64,
}
