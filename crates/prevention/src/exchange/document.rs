//! Submissions and the documents in them: nothing is seen before it is screened.

use super::body::Language;
use super::id::{AskId, BlobHash, CommunicationId, DocumentId, PersonId, RecipientId, SubmissionId};
use super::moment::Day;
use super::publication::Publishing;
use super::words::{Remark, Title};
use serde::{Deserialize, Serialize};

/// What kind of document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A letter, such as the answer itself.
    Letter,
    /// A strategic needs assessment or problem profile.
    NeedsAssessment,
    /// A response strategy.
    Strategy,
    /// An update on delivery.
    Update,
    /// A data set.
    Dataset,
    /// Anything else.
    Other,
}

impl DocumentKind {
    /// The kind in words, as the head of a line.
    pub fn words(self) -> &'static str {
        match self {
            DocumentKind::Letter => "Letter",
            DocumentKind::NeedsAssessment => "Strategic needs assessment or problem profile",
            DocumentKind::Strategy => "Response strategy",
            DocumentKind::Update => "Update on delivery",
            DocumentKind::Dataset => "Data set",
            DocumentKind::Other => "A document",
        }
    }
}

/// What screening found that no reader should see unawares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreeningFinding {
    /// Sheets, rows or columns that are hidden.
    HiddenCells,
    /// A pivot table that carries its source.
    PivotCache,
    /// Links to other files.
    ExternalLinks,
    /// Macros or other programs.
    Macros,
    /// Changes that are tracked but not accepted.
    TrackedChanges,
    /// Comments.
    Comments,
    /// A place or a person in the metadata.
    Metadata,
    /// Files inside the file.
    Attachments,
    /// Words that a program reads and nobody sees: under a black box, in white, in an earlier version.
    FalseRedaction,
    /// Information about an identifiable patient (Modern Slavery Act 2015 s.43(5)).
    PatientInformation,
    /// An individual case (Modern Slavery Act 2015 s.44).
    IndividualCase,
    /// A number, date of birth or postcode of a person.
    PersonalIdentifier,
    /// A file that grows beyond measure when it is opened.
    Bomb,
    /// Larger than may be taken in.
    TooLarge,
    /// Not of a kind that may be taken in, or not what it says it is.
    WrongKind,
    /// Protected by a password.
    Locked,
}

impl ScreeningFinding {
    /// What a person may find who reads, where the program found nothing.
    pub const BY_READING: [ScreeningFinding; 3] =
        [ScreeningFinding::PatientInformation, ScreeningFinding::IndividualCase, ScreeningFinding::PersonalIdentifier];

    /// Whether the law keeps it from us whatever we decide: Modern Slavery Act 2015 s.43(5) and s.44.
    pub fn is_barred(self) -> bool {
        matches!(self, ScreeningFinding::PatientInformation | ScreeningFinding::IndividualCase)
    }
}

/// How far the screening of a document has come. Nothing that is held can be searched or coded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Screening {
    /// It arrived.
    Received,
    /// It is being looked at by the program.
    Screening,
    /// Nothing was found.
    Clean,
    /// Something was found; a person must look.
    Held {
        /// What.
        findings: Vec<ScreeningFinding>,
        /// The person who found it; nobody where the program did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonId>,
    },
    /// A person looked, and let it through.
    Released {
        /// Who.
        by: PersonId,
        /// Why.
        reason: Remark,
    },
    /// Sent back and destroyed here.
    ReturnedDestroyed {
        /// The certificate.
        certificate: BlobHash,
    },
}

impl Screening {
    /// Whether people may read, search and code the document.
    pub fn is_readable(&self) -> bool {
        matches!(self, Screening::Clean | Screening::Released { .. })
    }

    /// Whether it was destroyed here.
    pub fn is_destroyed(&self) -> bool {
        matches!(self, Screening::ReturnedDestroyed { .. })
    }
}

/// What came in together; it may answer for several bodies and campaigns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// With which communication it came.
    pub communication: CommunicationId,
    /// For which recipients it answers.
    pub recipients: Vec<RecipientId>,
    /// Its documents.
    pub documents: Vec<DocumentId>,
}

/// A document as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedDocument {
    /// The submission it came in.
    pub submission: SubmissionId,
    /// The file as it came.
    pub original: BlobHash,
    /// The first document with the same bytes, if this is not it.
    pub same_as: Option<DocumentId>,
    /// Its kind.
    pub kind: DocumentKind,
    /// Its language.
    pub language: Language,
    /// Its title, as we give it: file names can hold anything.
    pub title: Option<Title>,
    /// The date it bears.
    pub dated: Option<Day>,
    /// How far screening has come.
    pub screening: Screening,
    /// The asks it answers.
    pub asks: Vec<AskId>,
    /// Its way to the public.
    pub publication: Publishing,
    /// The place in the log of its last change.
    pub version: u64,
}

impl ReceivedDocument {
    /// Everything that is kept of it: the file as it came, and what was made of it for the public.
    pub fn blobs(&self) -> impl Iterator<Item = BlobHash> + '_ {
        [self.original].into_iter().chain(self.publication.drafted.iter().copied())
    }
}
