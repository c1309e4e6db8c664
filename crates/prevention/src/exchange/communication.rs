//! What went out and what came in, by whatever way; and chasers, which are reviewed before they go.

use super::body::Channel;
use super::document::Screening;
use super::id::{AskId, BlobHash, BodyId, CommunicationId, ContactId, MessageKey, PersonId, RecipientId};
use super::moment::Day;
use super::words::Remark;
use serde::{Deserialize, Serialize};

/// Which way it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To a body.
    Out,
    /// From a body.
    In,
}

/// What something that went out was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The letter of the campaign: it starts the clock.
    Letter,
    /// A reminder.
    Chaser,
    /// An answer to a question of theirs.
    Clarification,
    /// The evidence pack that goes before a non-response is listed.
    Notice,
    /// Anything else.
    Other,
}

/// What became of something that went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryOutcome {
    /// It arrived.
    Delivered,
    /// It came back.
    Bounced,
}

impl DeliveryOutcome {
    /// What became of it, in words.
    pub fn words(self) -> &'static str {
        match self {
            DeliveryOutcome::Delivered => "it arrived",
            DeliveryOutcome::Bounced => "it came back",
        }
    }
}

impl Purpose {
    /// What went out, in words.
    pub fn words(self) -> &'static str {
        match self {
            Purpose::Letter => "our letter",
            Purpose::Chaser => "a reminder",
            Purpose::Clarification => "an answer to your question",
            Purpose::Notice => "a notice",
            Purpose::Other => "a message",
        }
    }
}

/// Why something that came in waits in the holding list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// It carries no reply address of ours and answers no message of ours.
    NothingToMatch,
    /// Its reply address is one that was never given out.
    UnknownToken,
    /// Its reply address and the message it answers belong to different recipients.
    EvidenceDisagrees,
    /// It comes from a domain that is not known for that body.
    UnknownSender,
    /// Its sender was not authenticated, or the check failed.
    NotAuthenticated,
    /// It came through a campaign that takes no answers.
    CampaignTakesNoAnswers,
}

impl HoldReason {
    /// The reason in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            HoldReason::NothingToMatch => "it carries no reply address of ours and answers no message of ours",
            HoldReason::UnknownToken => "its reply address is one that was never given out",
            HoldReason::EvidenceDisagrees => "its reply address and the message it answers belong to different recipients",
            HoldReason::UnknownSender => "it comes from a domain that is not known for that body",
            HoldReason::NotAuthenticated => "its sender could not be verified",
            HoldReason::CampaignTakesNoAnswers => "the campaign takes no answers",
        }
    }
}

/// Where something that came in has been put.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    /// With its recipients.
    Placed,
    /// In the holding list.
    Held(Vec<HoldReason>),
    /// Not for us, or not for any campaign.
    SetAside(Remark),
}

/// A communication as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Communication {
    /// Which way it went.
    pub direction: Direction,
    /// How.
    pub channel: Channel,
    /// What for; `None` for what came in.
    pub purpose: Option<Purpose>,
    /// The day it went or came.
    pub on: Day,
    /// Recipients it concerns, in any number of campaigns.
    pub recipients: Vec<RecipientId>,
    /// The key of its Message-ID.
    pub message: Option<MessageKey>,
    /// What it answers.
    pub answers: Option<CommunicationId>,
    /// The message as sent or received, or the note of a call or meeting.
    pub content: Option<BlobHash>,
    /// Where it has been put.
    pub placement: Placement,
    /// Whether what it says may be read: anybody may, until somebody finds in it what nobody should read.
    #[serde(default = "not_looked_at")]
    pub screening: Screening,
    /// Contents that were destroyed here, whole or with a copy left without their files, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub destroyed: Vec<Destroyed>,
    /// The contacts to whom it went, by recipient, as they were then.
    #[serde(default)]
    pub contacts: Vec<(RecipientId, ContactId)>,
    /// Letters in further languages that went with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<BlobHash>,
    /// Of a letter: the day until which time had been given before it left, by recipient.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub until: Vec<(RecipientId, Day)>,
    /// What is known of its arrival, by recipient.
    pub deliveries: Vec<(RecipientId, DeliveryOutcome)>,
    /// Who recorded it.
    pub by: PersonId,
    /// The place in the log of its last change.
    pub version: u64,
}

fn not_looked_at() -> Screening {
    Screening::Received
}

impl Communication {
    /// Whether what it says may be read.
    pub fn is_readable(&self) -> bool {
        !matches!(self.screening, Screening::Held { .. } | Screening::ReturnedDestroyed { .. })
    }
}

/// Something that was kept of a communication and was destroyed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Destroyed {
    /// What was destroyed.
    pub content: BlobHash,
    /// The certificate.
    pub certificate: BlobHash,
}

/// How far a chaser has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChaserState {
    /// Waiting for a second person.
    Proposed,
    /// Reviewed; may go out.
    Approved {
        /// By whom.
        by: PersonId,
    },
    /// Out.
    Sent {
        /// As this communication.
        communication: CommunicationId,
    },
    /// Not sent after all.
    Dropped {
        /// Why.
        reason: Remark,
    },
}

/// One reminder to one body, over all that it owes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chaser {
    /// The body.
    pub body: BodyId,
    /// What it is reminded of.
    pub asks: Vec<AskId>,
    /// The text.
    pub text: BlobHash,
    /// Who proposed it, or gave it other words last.
    pub proposed_by: PersonId,
    /// How far it has come.
    pub state: ChaserState,
    /// The place in the log of its last change.
    pub version: u64,
}
