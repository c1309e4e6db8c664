//! Reading what came: a codebook, what people mark in documents by it, whether they agree, and what each area says of each theme.
//!
//! [`codebook`]: codes in a hierarchy and fields, in numbered versions, with books to start from ([`starters`]). [`coding`]: what
//! is marked where, and what was looked up. [`round`]: several people code the same documents blind; [`agreement`]: how far they
//! agree, where they do not, and what is settled. [`drift`]: what became of a code from version to version. [`comparison`]: areas
//! by themes. [`Reading`] is all that the log says of it.
//!
//! A passage is a page and words on it, so that no word of a document gets into the log. What counts as a word is the caller's
//! affair, who reads the texts: words are numbered from 0 on each page.

pub mod agreement;
pub mod codebook;
pub mod coding;
pub mod comparison;
pub mod drift;
pub mod round;
pub mod starters;

use self::codebook::Codebook;
use self::coding::{Coding, Extraction, Origin, Segment};
use self::round::Round;
use super::id::{CodeId, CodingId, DocumentId, FieldId, PersonId, RoundId};
use super::moment::Moment;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What follows from the events of reading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub(super) codebook: Codebook,
    pub(super) codings: Vec<Coding>,
    pub(super) by_document: BTreeMap<DocumentId, Vec<CodingId>>,
    pub(super) extractions: Vec<Extraction>,
    pub(super) read: BTreeSet<(DocumentId, PersonId)>,
    pub(super) read_at: Vec<(DocumentId, PersonId, Moment)>,
    pub(super) dismissed: BTreeSet<(DocumentId, CodeId, Segment)>,
    pub(super) rounds: Vec<Round>,
}

impl Reading {
    /// The codebook.
    pub fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    /// One coding.
    pub fn coding(&self, id: CodingId) -> Option<&Coding> {
        self.codings.get(id.index())
    }

    /// One round.
    pub fn round(&self, id: RoundId) -> Option<&Round> {
        self.rounds.get(id.index())
    }

    /// All rounds with their numbers.
    pub fn rounds(&self) -> impl DoubleEndedIterator<Item = (RoundId, &Round)> {
        (0..).map(RoundId).zip(&self.rounds).collect::<Vec<_>>().into_iter()
    }

    /// Codings that were not taken back, of all documents, with their numbers.
    pub fn codings(&self) -> impl Iterator<Item = (CodingId, &Coding)> {
        (0..).map(CodingId).zip(&self.codings).filter(|(_, coding)| !coding.removed)
    }

    /// Codings of one document that were not taken back, in the order in which they were made.
    pub fn codings_of(&self, document: DocumentId) -> impl Iterator<Item = (CodingId, &Coding)> {
        let ids = self.by_document.get(&document).map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(|id| Some((*id, self.coding(*id)?))).filter(|(_, coding)| !coding.removed)
    }

    /// The codings that count: those of no round, and what was settled in one.
    pub fn counted(&self) -> impl Iterator<Item = (CodingId, &Coding)> {
        self.codings().filter(|(_, coding)| coding.counts())
    }

    /// The codings of one document that a person may see. While they code it blind they see their own of that round and no other;
    /// what others do in a round is seen by nobody else before all have finished it.
    pub fn seen_by(&self, document: DocumentId, person: PersonId) -> Vec<(CodingId, &Coding)> {
        let blind_in = self.blind_in(document, person);
        let is_seen = |coding: &Coding| match (blind_in, coding.origin.round()) {
            (Some(round), in_round) => in_round == Some(round) && coding.by == person,
            (None, None) => true,
            (None, Some(round)) => coding.counts() || coding.by == person || self.round(round).is_some_and(|it| it.is_compared() || it.is_given_up()),
        };
        self.codings_of(document).filter(|(_, coding)| is_seen(coding)).collect()
    }

    /// The round in which a person still has to code a document, if there is one.
    pub fn blind_in(&self, document: DocumentId, person: PersonId) -> Option<RoundId> {
        let is_open = |round: &Round| round.is_open() && round.documents.contains(&document) && round.coders.contains(&person);
        self.rounds().find(|(_, round)| is_open(round) && !round.has_finished(person, document)).map(|(id, _)| id)
    }

    /// What a document says of a field, as it was last written down.
    pub fn extraction(&self, document: DocumentId, field: FieldId) -> Option<&Extraction> {
        let last = self.extractions.iter().rev().find(|it| it.document == document && it.field == field)?;
        last.value.is_some().then_some(last)
    }

    /// Everything that was ever written down of a field of a document, the oldest first.
    pub fn extractions_of(&self, document: DocumentId, field: FieldId) -> impl Iterator<Item = &Extraction> {
        self.extractions.iter().filter(move |it| it.document == document && it.field == field)
    }

    /// Whether anything was ever written down of a field.
    pub fn was_extracted(&self, field: FieldId) -> bool {
        self.extractions.iter().any(|it| it.field == field)
    }

    /// Whether a person has read a document.
    pub fn has_read(&self, document: DocumentId, person: PersonId) -> bool {
        self.read.contains(&(document, person))
    }

    /// Who has read a document, and when, in the order in which they did.
    pub fn readers(&self, document: DocumentId) -> Vec<(PersonId, Moment)> {
        let of_it = self.read_at.iter().filter(|(id, person, _)| *id == document && self.has_read(document, *person));
        of_it.map(|(_, person, at)| (*person, *at)).collect()
    }

    /// Whether a passage is not to be suggested for a code again.
    pub fn is_dismissed(&self, document: DocumentId, code: CodeId, segment: Segment) -> bool {
        self.dismissed.contains(&(document, code, segment))
    }

    /// Whether somebody has read a document to its end: has marked it as read, or finished it in a round that was settled.
    pub fn is_read(&self, document: DocumentId) -> bool {
        self.read.iter().any(|(id, _)| *id == document) || self.rounds.iter().any(|round| round.is_settled() && round.documents.contains(&document))
    }
}

impl Origin {
    /// The round in which it came about.
    pub fn round(self) -> Option<RoundId> {
        match self {
            Origin::Person | Origin::Suggestion => None,
            Origin::Blind(round) | Origin::Settled(round) => Some(round),
        }
    }
}
