//! The way of one document to the public: permission, redaction, leak check, second person, date.
//!
//! Every step is bound to the hash of one rendition. Another rendition begins again at the leak check.

use super::id::{AskId, BlobHash, BodyId, PersonId, RecommendationId};
use super::moment::{Day, Moment};
use super::words::{Remark, Title};
use serde::{Deserialize, Serialize};

/// What the body allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// As it is.
    Publish,
    /// With parts removed.
    PublishRedacted,
    /// Only that it exists.
    NameOnly,
    /// Not at all.
    Closed,
}

impl Permission {
    /// Whether the document itself may be published.
    pub fn opens(self) -> bool {
        matches!(self, Permission::Publish | Permission::PublishRedacted)
    }
}

/// Why something is left out: the closed list of the statutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OmissionGround {
    /// Against the interests of national security: Modern Slavery Act 2015 s.41(7).
    NationalSecurity,
    /// Might put somebody's safety at risk: Modern Slavery Act 2015 s.41; PCSC Act 2022 s.8.
    SafetyOfAPerson,
    /// Might prejudice an investigation or prosecution: Modern Slavery Act 2015 s.41; PCSC Act 2022 s.8.
    InvestigationOrProsecution,
    /// Might prejudice the prevention of crime: PCSC Act 2022 s.8.
    PreventionOfCrime,
    /// Might prejudice the security of a prison or youth custody: PCSC Act 2022 s.8.
    PrisonSecurity,
    /// Personal information that is not needed.
    PersonalInformation,
    /// Information about a patient: Modern Slavery Act 2015 s.43(5).
    PatientInformation,
    /// An individual case: Modern Slavery Act 2015 s.44.
    IndividualCase,
}

impl OmissionGround {
    /// All of them, in the order of the statutes.
    pub const ALL: [Self; 8] = [
        Self::NationalSecurity,
        Self::SafetyOfAPerson,
        Self::InvestigationOrProsecution,
        Self::PreventionOfCrime,
        Self::PrisonSecurity,
        Self::PersonalInformation,
        Self::PatientInformation,
        Self::IndividualCase,
    ];

    /// The ground in a few words, as a mark in a redacted document gives it.
    pub fn words(self) -> &'static str {
        match self {
            Self::NationalSecurity => "national security",
            Self::SafetyOfAPerson => "safety of a person",
            Self::InvestigationOrProsecution => "investigation or prosecution",
            Self::PreventionOfCrime => "prevention of crime",
            Self::PrisonSecurity => "security of a prison",
            Self::PersonalInformation => "personal information",
            Self::PatientInformation => "information about a patient",
            Self::IndividualCase => "individual case",
        }
    }
}

/// Words that one person typed and that readers see only after a second has read them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FreeWords {
    /// Why an ask was refused or withdrawn.
    Ask(AskId),
    /// What a body said to a recommendation.
    Duty {
        /// The recommendation.
        recommendation: RecommendationId,
        /// The body.
        body: BodyId,
    },
}

/// How far a document has come on its way to the public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicationState {
    /// Nothing is decided.
    Private,
    /// The body has said what it allows.
    PermissionKnown,
    /// A rendition is made, with what must go removed.
    RedactionDraft,
    /// That rendition passed the leak check.
    LeakChecked,
    /// A second person approved that rendition.
    Approved,
    /// Approved, and waits for a day.
    Embargoed {
        /// The first day on which it may be published.
        until: Day,
    },
    /// Public.
    Published {
        /// Since when.
        on: Day,
    },
    /// Public in a later rendition, with a notice.
    Corrected {
        /// Since when.
        on: Day,
        /// What was wrong.
        notice: Remark,
    },
    /// Taken back; a page that says so stays.
    Withdrawn {
        /// Since when.
        on: Day,
        /// Why.
        explanation: Remark,
    },
    /// Erased by law; only the hash is kept.
    Erased {
        /// On what ground.
        ground: Remark,
    },
}

impl PublicationState {
    /// The state in words.
    pub fn words(&self) -> &'static str {
        match self {
            PublicationState::Private => "private",
            PublicationState::PermissionKnown => "permission known",
            PublicationState::RedactionDraft => "redaction draft",
            PublicationState::LeakChecked => "leak checked",
            PublicationState::Approved => "approved",
            PublicationState::Embargoed { .. } => "embargoed",
            PublicationState::Published { .. } => "published",
            PublicationState::Corrected { .. } => "corrected",
            PublicationState::Withdrawn { .. } => "withdrawn",
            PublicationState::Erased { .. } => "erased",
        }
    }

    /// Whether the public can read the document.
    pub fn is_public(&self) -> bool {
        matches!(self, PublicationState::Published { .. } | PublicationState::Corrected { .. })
    }
}

/// One thing that happened to what the public reads of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicStep {
    /// When.
    pub on: Day,
    /// The rendition that was public until then.
    pub before: Option<BlobHash>,
    /// The rendition that is public from then on.
    pub after: Option<BlobHash>,
    /// What was wrong, or why it was taken back; nothing where it was published.
    pub why: Option<Remark>,
}

impl PublicStep {
    /// What happened, in a word.
    pub fn words(&self) -> &'static str {
        match (self.before, self.after) {
            (None, _) => "published",
            (Some(_), Some(_)) => "corrected",
            (Some(_), None) => "withdrawn",
        }
    }
}

/// A document's way to the public as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publishing {
    /// How far it has come.
    pub state: PublicationState,
    /// What the body allows.
    pub permission: Option<Permission>,
    /// The rendition that is being prepared.
    pub rendition: Option<BlobHash>,
    /// The same in other forms, which go with the rendition that is being prepared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub companions: Vec<BlobHash>,
    /// Every rendition that was ever prepared, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drafted: Vec<BlobHash>,
    /// Who made it.
    pub drafted_by: Option<PersonId>,
    /// Why things were removed from it.
    pub grounds: Vec<OmissionGround>,
    /// Renditions that passed the leak check and did not fail it since.
    pub passed: Vec<BlobHash>,
    /// How the rendition in hand was checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Title>,
    /// Every check that the rendition in hand or one of its companions passed, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<(BlobHash, Title)>,
    /// The rendition that a second person approved, and who.
    pub approved: Option<(BlobHash, PersonId)>,
    /// The rendition that the public reads.
    pub public: Option<BlobHash>,
    /// The same in other forms, which the public reads beside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub public_companions: Vec<BlobHash>,
    /// Why things were removed from what the public reads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub public_grounds: Vec<OmissionGround>,
    /// The title under which it was first public: its address is made of it, and stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<Title>,
    /// Why what was proposed last was sent back, until something is proposed anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Remark>,
    /// Everything that happened to what the public reads, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<PublicStep>,
}

impl Publishing {
    /// Nothing decided.
    pub const PRIVATE: Publishing = Publishing {
        state: PublicationState::Private,
        permission: None,
        rendition: None,
        companions: Vec::new(),
        drafted: Vec::new(),
        drafted_by: None,
        grounds: Vec::new(),
        passed: Vec::new(),
        method: None,
        checks: Vec::new(),
        approved: None,
        public: None,
        public_companions: Vec::new(),
        public_grounds: Vec::new(),
        named: None,
        returned: None,
        steps: Vec::new(),
    };

    /// When and why the document was taken back, if that was the last the public heard of it.
    pub fn withdrawal(&self) -> Option<&PublicStep> {
        self.steps.last().filter(|step| step.after.is_none())
    }

    /// Whether another rendition than the public one is being prepared.
    pub fn is_being_corrected(&self) -> bool {
        self.state.is_public() && self.rendition.is_some() && self.rendition != self.public
    }

    /// Whether a second person approved it for the public, and it is not public yet.
    pub fn is_approved(&self) -> bool {
        matches!(self.state, PublicationState::Approved | PublicationState::Embargoed { .. })
    }

    /// Whether something was proposed for the public that is not public yet, and can be sent back.
    pub fn is_proposed(&self) -> bool {
        use PublicationState as State;
        matches!(self.state, State::RedactionDraft | State::LeakChecked | State::Approved | State::Embargoed { .. }) || self.is_being_corrected()
    }

    /// Whether the rendition in hand and all that goes with it passed the leak check.
    pub fn has_passed(&self) -> bool {
        self.rendition.iter().chain(&self.companions).all(|it| self.passed.contains(it))
    }

    /// Whether this rendition may be made public now: it and what goes with it passed the leak check, a second person approved
    /// it, the body allows it.
    pub fn is_cleared(&self, rendition: BlobHash) -> bool {
        self.has_passed()
            && self.permission.is_some_and(Permission::opens)
            && self.rendition == Some(rendition)
            && self.approved.is_some_and(|(approved, by)| approved == rendition && self.drafted_by.is_some_and(|drafter| drafter != by))
    }
}

/// The last approval of the public pages as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PagesApproval {
    /// The hash over all of them, as they were seen: other pages are not approved with them.
    pub pages: BlobHash,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: Moment,
}
