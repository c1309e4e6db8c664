//! A round: several people code the same documents, none seeing what the others do, until all have finished.

use super::coding::Place;
use crate::exchange::id::{CodeId, DocumentId, PersonId};
use crate::exchange::moment::Moment;
use crate::exchange::words::{Remark, Title};
use headwater_statistics::chance::Chance;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How the documents of a round were chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sample {
    /// All that there were, or those that somebody chose.
    Whole,
    /// By chance: see [`draw`].
    Random {
        /// The seed of the draw.
        seed: u64,
        /// Out of how many.
        of: u32,
    },
}

/// So many of these documents by chance, in the order of their numbers; the same for the same seed. All where there are not so many.
///
/// ```
/// use headwater_prevention::exchange::{id::DocumentId, reading::round::draw};
/// let all: Vec<DocumentId> = (0..18).map(DocumentId).collect();
/// let drawn = draw(&all, 4, 7);
/// assert_eq!((drawn.len(), draw(&all, 4, 7) == drawn), (4, true));
/// assert_eq!(draw(&all, 99, 7), all);
/// ```
pub fn draw(documents: &[DocumentId], n: usize, seed: u64) -> Vec<DocumentId> {
    let mut left = documents.to_vec();
    let mut chance = Chance::of(seed, "documents of a round", 0);
    let mut drawn: Vec<DocumentId> = Vec::new();
    while drawn.len() < n && !left.is_empty() {
        let at = chance.below(u32::try_from(left.len()).unwrap_or(u32::MAX));
        drawn.push(left.swap_remove(at as usize));
    }
    drawn.sort_unstable();
    drawn
}

/// What was decided of a place that coders had coded differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// In which document.
    pub document: DocumentId,
    /// Where.
    pub place: Place,
    /// Which code.
    pub code: CodeId,
    /// Whether it is right there.
    pub applies: bool,
    /// Why.
    pub note: Option<Remark>,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: Moment,
}

/// What counts once a round is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settled {
    /// In which document.
    pub document: DocumentId,
    /// Where.
    pub place: Place,
    /// With which code.
    pub code: CodeId,
}

/// How a round ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundEnd {
    /// It was settled.
    Settled {
        /// By whom.
        by: PersonId,
        /// When.
        at: Moment,
    },
    /// It was given up.
    GivenUp {
        /// Why.
        reason: Remark,
    },
}

/// A round as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// What it is called.
    pub title: Title,
    /// With which codes.
    pub codes: Vec<CodeId>,
    /// Which documents.
    pub documents: Vec<DocumentId>,
    /// How they were chosen.
    pub sample: Sample,
    /// By whom; at least two.
    pub coders: Vec<PersonId>,
    /// By which version of the codebook.
    pub version: u32,
    /// Who has finished what.
    pub finished: BTreeSet<(PersonId, DocumentId)>,
    /// What was decided where coders differed, the last decision of a place being the one that stands.
    pub decided: Vec<Decided>,
    /// How it ended, if it has.
    pub end: Option<RoundEnd>,
    /// By whom it was begun.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// The place in the log of its last change.
    pub changed: u64,
}

impl Round {
    /// Whether a coder has finished a document.
    pub fn has_finished(&self, person: PersonId, document: DocumentId) -> bool {
        self.finished.contains(&(person, document))
    }

    /// How many documents a coder has finished.
    pub fn n_finished(&self, person: PersonId) -> usize {
        self.finished.iter().filter(|(who, _)| *who == person).count()
    }

    /// Whether somebody still has to code.
    pub fn is_open(&self) -> bool {
        self.end.is_none() && !self.all_finished()
    }

    /// Whether all have finished, so that what they did can be set side by side.
    pub fn is_compared(&self) -> bool {
        !self.is_given_up() && self.all_finished()
    }

    /// Whether it was settled.
    pub fn is_settled(&self) -> bool {
        matches!(self.end, Some(RoundEnd::Settled { .. }))
    }

    /// Whether it was given up.
    pub fn is_given_up(&self) -> bool {
        matches!(self.end, Some(RoundEnd::GivenUp { .. }))
    }

    fn all_finished(&self) -> bool {
        self.coders.iter().all(|person| self.documents.iter().all(|document| self.has_finished(*person, *document)))
    }

    /// What was decided of a place last.
    pub fn decision(&self, document: DocumentId, place: Place, code: CodeId) -> Option<&Decided> {
        self.decided.iter().rev().find(|it| (it.document, it.place, it.code) == (document, place, code))
    }
}
