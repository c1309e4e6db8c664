//! A body that does not answer: evidence first, time to reply, then a public list, and off it with the first answer.

use super::id::{BlobHash, CommunicationId};
use super::moment::Day;
use super::words::Remark;
use serde::{Deserialize, Serialize};

/// What a silent body was told before it is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// As which communication.
    pub communication: CommunicationId,
    /// The evidence pack.
    pub evidence: BlobHash,
    /// The last day of its time to reply.
    pub reply_by: Day,
}

/// What a notice says that is on its way: what we can show, and until when the body may reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeTerms {
    /// The evidence pack.
    pub evidence: BlobHash,
    /// The last day of its time to reply.
    pub reply_by: Day,
}

/// How far the naming of a silent body has come. That it is overdue is never stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NonResponse {
    /// Nothing was begun.
    None,
    /// It was told, with evidence, and may reply.
    NoticeSent(Notice),
    /// It says that it did answer, or was not asked; blocks listing until settled.
    Contested {
        /// What it says.
        reason: Remark,
        /// The notice that it had.
        notice: Notice,
    },
    /// It is named.
    Listed {
        /// Since when.
        on: Day,
        /// The notice that it had.
        notice: Notice,
    },
    /// It is named no longer.
    Delisted {
        /// Since when.
        on: Day,
        /// Whether because it answered; otherwise by a person's decision.
        answered: bool,
    },
}

impl NonResponse {
    /// The state in words.
    pub fn words(&self) -> &'static str {
        match self {
            NonResponse::None => "none",
            NonResponse::NoticeSent(_) => "notice sent",
            NonResponse::Contested { .. } => "contested",
            NonResponse::Listed { .. } => "listed",
            NonResponse::Delisted { .. } => "delisted",
        }
    }
}
