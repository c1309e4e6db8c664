//! Handing a message over to a mail server, which may go wrong in the one moment when nobody can say whether it went.
//!
//! The message is kept whole under a Message-ID that never changes before it is handed over, and the log says that it is
//! about to be. If the program or the line dies then, the handover stands as unanswered until the server answers a second
//! handover of the same bytes, or a person settles it. It is never repeated by itself.

use super::communication::{ChaserState, Purpose};
use super::decide::silences::is_overdue;
use super::id::{BlobHash, BodyId, ChaserId, CommunicationId, ContactId, PersonId, RecipientId};
use super::moment::{Day, Moment};
use super::non_response::{NonResponse, NoticeTerms};
use super::state::State;
use super::words::Remark;
use serde::{Deserialize, Serialize};

/// How far a handover has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoverStage {
    /// Begun, and no answer is known: the message may be on its way.
    Unanswered,
    /// The server did not take it now; it may be handed over again.
    RefusedForNow {
        /// The server's three digits, when it was reached.
        code: Option<u16>,
    },
    /// The server will not take it.
    RefusedForGood {
        /// The server's three digits.
        code: Option<u16>,
    },
    /// It went out, as this communication.
    Accepted {
        /// Which.
        communication: CommunicationId,
    },
    /// It went out, as a reminder of answers to recommendations: it belongs to no request.
    Reminded {
        /// On which day.
        on: Day,
    },
    /// It went out as such a reminder, and came back.
    CameBack {
        /// On which day it came back.
        on: Day,
    },
    /// A person decided that it did not go and will not.
    GivenUp {
        /// Why.
        reason: Remark,
    },
}

impl HandoverStage {
    /// The stage in words.
    pub fn words(&self) -> &'static str {
        match self {
            HandoverStage::Unanswered => "handed over, no answer known",
            HandoverStage::RefusedForNow { .. } => "refused for now",
            HandoverStage::RefusedForGood { .. } => "refused for good",
            HandoverStage::Accepted { .. } | HandoverStage::Reminded { .. } => "accepted",
            HandoverStage::CameBack { .. } => "came back",
            HandoverStage::GivenUp { .. } => "given up",
        }
    }

    /// Whether nothing more is to be done about it: it went, or it will not.
    pub fn is_settled(&self) -> bool {
        match self {
            HandoverStage::Accepted { .. } | HandoverStage::Reminded { .. } | HandoverStage::CameBack { .. } | HandoverStage::GivenUp { .. } => true,
            HandoverStage::Unanswered | HandoverStage::RefusedForNow { .. } | HandoverStage::RefusedForGood { .. } => false,
        }
    }
}

impl Handover {
    /// The bodies that it goes to.
    pub fn bodies(&self, state: &State) -> Vec<BodyId> {
        let of_recipients = self.recipients.iter().filter_map(|id| state.recipient(*id)).map(|recipient| recipient.body);
        of_recipients.chain(self.duty).collect()
    }

    /// Whether what the message was to do has come about in another way, or need not any more.
    pub fn went_otherwise(&self, state: &State, today: Day) -> bool {
        if let Some(body) = self.duty {
            // One that was written or approved since is another.
            return state.duty_reminder(body).is_none_or(|reminder| reminder.approved_by.is_none() || reminder.version > self.version);
        }
        let recipients = || self.recipients.iter().filter_map(|id| state.recipient(*id));
        match self.purpose {
            Purpose::Letter => recipients().all(|recipient| recipient.letter_sent.is_some() || recipient.removed),
            Purpose::Chaser => {
                let chaser = self.chaser.and_then(|id| state.chaser(id));
                chaser.is_none_or(|chaser| matches!(chaser.state, ChaserState::Sent { .. } | ChaserState::Dropped { .. }))
            }
            Purpose::Notice => recipients().all(|recipient| {
                let is_open = matches!(recipient.non_response, NonResponse::None | NonResponse::Delisted { .. });
                !is_open || !is_overdue(state, recipient, today)
            }),
            Purpose::Clarification | Purpose::Other => false,
        }
    }
}

/// One message on its way to a mail server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// What the message is for.
    pub purpose: Purpose,
    /// To which recipients.
    pub recipients: Vec<RecipientId>,
    /// What it answers.
    pub answers: Option<CommunicationId>,
    /// The reminder that it is, if it is one.
    pub chaser: Option<ChaserId>,
    /// The body whose reminder of answers to recommendations it is, if it is one.
    #[serde(default)]
    pub duty: Option<BodyId>,
    /// Whom such a reminder was addressed to: the contact of its body when it was first handed over.
    #[serde(default)]
    pub contact: Option<ContactId>,
    /// What the notice says that it is, if it is one.
    pub notice: Option<NoticeTerms>,
    /// The whole message, as it is handed over each time.
    pub content: BlobHash,
    /// How far it has come.
    pub stage: HandoverStage,
    /// When it was last begun.
    pub begun: Moment,
    /// How often it was begun.
    pub n_begun: u32,
    /// Who began it.
    pub by: PersonId,
    /// The place in the log of its last change.
    pub version: u64,
}
