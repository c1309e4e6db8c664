//! Recommendations of a report, and the duty of each body to say what it does about them.

use super::clock::standing::{Dates, Standing, standing};
use super::clock::{Clock, Pause};
use super::id::{BlobHash, BodyId, DocumentId, MessageKey, PersonId, RecommendationId};
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
    /// Reminders that went out, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reminders: Vec<SentReminder>,
    /// Who last changed it.
    pub by: PersonId,
    /// The place in the log of its last change.
    pub version: u64,
}

/// A reminder of answers to recommendations that went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentReminder {
    /// On which day.
    pub on: Day,
    /// In which words.
    pub text: BlobHash,
    /// The message that the mail server took, if it went by mail.
    pub message: Option<MessageKey>,
    /// The day on which it came back, if it did.
    pub came_back: Option<Day>,
}

impl Duty {
    /// The day on which the body was last reminded, as far as is known; what came back reminded nobody.
    pub fn last_reminded(&self) -> Option<Day> {
        self.reminders.iter().rev().find(|reminder| reminder.came_back.is_none()).map(|reminder| reminder.on)
    }

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
    /// Why it was withdrawn, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Remark>,
    /// The place in the log of its last change.
    pub version: u64,
}

/// A reminder of answers that one body owes to recommendations, not yet out; a body has one at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyReminder {
    /// Of which recommendations.
    pub recommendations: Vec<RecommendationId>,
    /// The text.
    pub text: BlobHash,
    /// Who proposed it.
    pub proposed_by: PersonId,
    /// The second person who let it go; `None` while it waits for one.
    pub approved_by: Option<PersonId>,
    /// The place in the log of its last change.
    pub version: u64,
}
