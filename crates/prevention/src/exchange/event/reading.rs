//! Events of reading: the codebook, what people mark in documents by it, and rounds in which several do so blind.

use super::Event;
use crate::exchange::id::{CodeId, CodingId, DocumentId, FieldId, PersonId, RoundId};
use crate::exchange::reading::codebook::{CodeEntry, FieldEntry};
use crate::exchange::reading::coding::{FieldValue, Place, Segment};
use crate::exchange::reading::round::{Sample, Settled};
use crate::exchange::words::{Remark, Title};
use serde::{Deserialize, Serialize};

kinds! {
    /// A code was entered.
    "code.entered" CodeEntered {
        /// Its number.
        code: CodeId,
        /// What it means.
        entry: Box<CodeEntry>,
    }
    /// What a code means was changed.
    "code.changed" CodeChanged {
        /// Which.
        code: CodeId,
        /// What it means now.
        entry: Box<CodeEntry>,
    }
    /// A code is not to be used any more, and what stands under it neither.
    "code.retired" CodeRetired {
        /// Which.
        code: CodeId,
        /// Why.
        reason: Remark,
    }
    /// A field was entered: something to be looked up in each document.
    "field.entered" FieldEntered {
        /// Its number.
        field: FieldId,
        /// What is looked up.
        entry: Box<FieldEntry>,
    }
    /// What is looked up for a field was changed.
    "field.changed" FieldChanged {
        /// Which.
        field: FieldId,
        /// What is looked up now.
        entry: Box<FieldEntry>,
    }
    /// A field is not to be looked up any more.
    "field.retired" FieldRetired {
        /// Which.
        field: FieldId,
        /// Why.
        reason: Remark,
    }
    /// The codebook as it stood became a version, by which people code.
    "codebook.issued" CodebookIssued {
        /// The number of the version: 1, 2, and so on.
        version: u32,
        /// What it is for, or what was changed and why.
        note: Remark,
    }
    /// A passage, or a document as a whole, was coded.
    "coding.entered" CodingEntered {
        /// Its number.
        coding: CodingId,
        /// In which document.
        document: DocumentId,
        /// Where.
        place: Place,
        /// With which code.
        code: CodeId,
        /// In which round; in none, it is seen and counted at once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        round: Option<RoundId>,
        /// Whether the program had suggested it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        suggested: bool,
        /// What its coder said of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Remark>,
    }
    /// A coding was taken back.
    "coding.removed" CodingRemoved {
        /// Which.
        coding: CodingId,
    }
    /// A passage that the program suggested for a code is not to be suggested again.
    "suggestion.dismissed" SuggestionDismissed {
        /// In which document.
        document: DocumentId,
        /// Where.
        segment: Segment,
        /// For which code.
        code: CodeId,
    }
    /// Somebody has read a document, or has not after all.
    "document.read" DocumentRead {
        /// Which.
        document: DocumentId,
        /// Whether they have.
        read: bool,
    }
    /// What a document says of a field was written down.
    "field.extracted" FieldExtracted {
        /// From which document.
        document: DocumentId,
        /// For which field.
        field: FieldId,
        /// What it says; nothing takes back what was written down.
        value: Option<FieldValue>,
        /// Where it says so.
        place: Place,
    }
    /// Several people are to code the same documents, none seeing what the others do.
    "round.begun" RoundBegun {
        /// Its number.
        round: RoundId,
        /// What it is called.
        title: Title,
        /// With which codes.
        codes: Vec<CodeId>,
        /// Which documents.
        documents: Vec<DocumentId>,
        /// How they were chosen.
        sample: Sample,
        /// By whom.
        coders: Vec<PersonId>,
    }
    /// Somebody has coded a document of a round to its end.
    "round.document_finished" RoundDocumentFinished {
        /// In which round.
        round: RoundId,
        /// Which document.
        document: DocumentId,
    }
    /// Of a place that coders of a round had coded differently it was decided whether the code is right.
    "round.conflict_decided" RoundConflictDecided {
        /// In which round.
        round: RoundId,
        /// In which document.
        document: DocumentId,
        /// Where.
        place: Place,
        /// Which code.
        code: CodeId,
        /// Whether it is right there.
        applies: bool,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Remark>,
    }
    /// A round is over: what all coded alike or was decided counts from now on.
    "round.settled" RoundSettled {
        /// Which.
        round: RoundId,
        /// What counts.
        settled: Vec<Settled>,
    }
    /// A round was given up: nothing of it counts.
    "round.given_up" RoundGivenUp {
        /// Which.
        round: RoundId,
        /// Why.
        reason: Remark,
    }
}
