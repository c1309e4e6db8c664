//! A campaign: one purpose, some items, many recipients.

use super::ask::{Ask, AskStatus};
use super::body::Language;
use super::clock::Clock;
use super::id::{AskId, BlobHash, BodyId, CampaignId, CommunicationId, ContactId, ItemId, PersonId, RecipientId, ReplyToken};
use super::moment::{Day, Moment};
use super::non_response::NonResponse;
use super::words::{Remark, Title};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublishPolicy {
    /// Published document by document, as the bodies allow.
    AsPermitted,
    /// Only counts and states are published.
    StatesOnly,
    /// Nothing is published.
    Closed,
}

/// What a campaign is for, as it is drafted or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brief {
    /// Its title.
    pub title: Title,
    /// Its purpose.
    pub purpose: Remark,
    /// The law it rests on.
    pub legal_basis: Remark,
    /// The objective of the office's plan that it serves: the annual report is sorted by it.
    pub plan_priority: Title,
    /// The clock of every ask.
    pub clock: Clock,
    /// The languages its letters are written in.
    pub languages: Vec<Language>,
    /// What becomes of the answers.
    pub publish_policy: PublishPolicy,
}

/// How far a campaign has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Being written.
    Draft,
    /// Waiting for a second person.
    Review,
    /// Approved by a second person; its letters can no longer change.
    Approved,
    /// On its way, and nothing has left; can be recalled.
    Sending,
    /// Out, or the first letters are, and answers come in.
    Open,
    /// Out, but nobody is chased.
    Paused,
    /// No answers are waited for any more.
    Closed,
    /// Put away.
    Archived,
}

impl Stage {
    /// The stage in words.
    pub fn words(self) -> &'static str {
        match self {
            Stage::Draft => "draft",
            Stage::Review => "in review",
            Stage::Approved => "approved",
            Stage::Sending => "sending",
            Stage::Open => "open",
            Stage::Paused => "paused",
            Stage::Closed => "closed",
            Stage::Archived => "archived",
        }
    }

    /// Whether letters may leave, or be kept from leaving.
    pub fn letters_may_leave(self) -> bool {
        matches!(self, Stage::Sending | Stage::Open | Stage::Paused)
    }

    /// Whether answers are recorded: from the first letter sent until it is put away.
    pub fn takes_answers(self) -> bool {
        matches!(self, Stage::Sending | Stage::Open | Stage::Paused | Stage::Closed)
    }
}

/// What kind of thing is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// A document that exists.
    Document,
    /// Data.
    Data,
    /// An answer to a question.
    Answer,
    /// A statement written to be published.
    Statement,
}

/// One thing that every recipient is asked for, as it is entered or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskItem {
    /// Its title; a repeated campaign finds last year's item by it.
    pub title: Title,
    /// What kind of thing.
    pub kind: ItemKind,
    /// Whether an answer without it is incomplete.
    pub required: bool,
    /// What exactly counts.
    pub definition: Remark,
    /// The format wanted, such as "text document, not PDF".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Title>,
}

impl AskItem {
    /// The item as it stands in the list of what a letter asks for: "Update on delivery: what has been done, what comes next."
    pub fn in_a_letter(&self) -> String {
        let definition = self.definition.as_str();
        let mut letters = definition.chars();
        // "The newest" becomes "the newest" after the colon; "NRM referrals" stays.
        let begun = match (letters.next(), letters.clone().next()) {
            (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
            _ => definition.to_owned(),
        };
        let dot = if begun.ends_with(['.', '!', '?']) { "" } else { "." };
        let format = self.format.as_ref().map_or_else(String::new, |format| format!(" Format: {format}."));
        format!("{}: {begun}{dot}{format}", self.title)
    }
}

/// Whether the recipient must co-operate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyApplies {
    /// A duty to co-operate applies.
    Applies,
    /// Asked by courtesy.
    ByCourtesy,
    /// Not confirmed either way.
    NotConfirmed,
}

/// A letter as it was merged for one recipient in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedLetter {
    /// The hash of the letter.
    pub letter: BlobHash,
    /// The hash of the values that went into it; the values themselves are kept with the erasable records.
    pub values: BlobHash,
    /// How many fields had no value.
    pub n_missing: u16,
}

/// One body in one campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The campaign.
    pub campaign: CampaignId,
    /// The body.
    pub body: BodyId,
    /// Who is written to there.
    pub contact: Option<ContactId>,
    /// Whether a duty applies.
    pub duty_applies: DutyApplies,
    /// Its part of the reply address.
    pub reply_token: ReplyToken,
    /// Its letters.
    pub letters: BTreeMap<Language, MergedLetter>,
    /// The contact for whom its letters were made: they name nobody else.
    pub letters_name: Option<ContactId>,
    /// Its asks by item; none where the item is not asked of it.
    pub asks: Vec<Option<Ask>>,
    /// Whether it was taken off the campaign before its letter went out.
    pub removed: bool,
    /// Asks of other bodies that said it has what they were asked for.
    pub takes_up: Vec<AskId>,
    /// When its letter went out.
    pub letter_sent: Option<Day>,
    /// Whoever put it on a campaign that was open already, or made its letter by itself, until a second person has approved that.
    #[serde(default)]
    pub joining: Option<BTreeSet<PersonId>>,
    /// Why a second person sent its letter back that is read by itself, until it is made again.
    #[serde(default)]
    pub returned: Option<Remark>,
    /// Why its letter is held back, if it is.
    pub held_back: Option<Remark>,
    /// When it was last chased.
    pub last_chased: Option<Day>,
    /// Whether and how its silence is published.
    pub non_response: NonResponse,
    /// The letter that it has, or that went last.
    #[serde(default)]
    pub letter: Option<CommunicationId>,
    /// The place in the log of its last change.
    pub version: u64,
}

impl Recipient {
    /// Whether it has answered anything at all, in full or in part: then it is no silent body.
    pub fn has_answered(&self) -> bool {
        self.asks().any(|(_, ask)| ask.has_brought_something())
    }

    /// Its asks with their items.
    pub fn asks(&self) -> impl Iterator<Item = (ItemId, &Ask)> {
        self.asks.iter().enumerate().filter_map(|(item, ask)| Some((ItemId(item as u16), ask.as_ref()?)))
    }

    /// Whether its letter came back, so that it has to be sent again: something that was asked never reached it.
    pub fn letter_came_back(&self) -> bool {
        self.asks().any(|(_, ask)| ask.status == AskStatus::Bounced)
    }

    /// Whether a letter has still to go: what it asks never went out, or came back. One that nobody has approved is not owed yet.
    pub fn letter_is_owed(&self) -> bool {
        self.joining.is_none() && self.asks().any(|(_, ask)| matches!(ask.status, AskStatus::NotSent | AskStatus::Bounced))
    }

    /// The seal over its letters as they are now.
    pub fn seal(&self) -> BlobHash {
        BlobHash::seal(self.letters.values().map(|merged| merged.letter))
    }
}

/// A campaign as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// What it is for.
    pub brief: Brief,
    /// How far it has come.
    pub stage: Stage,
    /// Since when.
    pub stage_since: Moment,
    /// Who drafted it.
    pub author: PersonId,
    /// Everybody who drafted or changed it: none of them may approve it.
    pub hands: BTreeSet<PersonId>,
    /// Who put it up for review.
    pub submitted_by: Option<PersonId>,
    /// Who approved it.
    pub approved_by: Option<PersonId>,
    /// The seal over the letters that were approved.
    pub seal: Option<BlobHash>,
    /// Until when it can be recalled.
    pub recall_until: Option<Moment>,
    /// Its items; one that was dropped keeps its place.
    pub items: Vec<Option<AskItem>>,
    /// Its recipients.
    pub recipients: Vec<RecipientId>,
    /// Its letter by language.
    pub templates: BTreeMap<Language, BlobHash>,
    /// The campaign that it repeats.
    pub previous: Option<CampaignId>,
    /// The place in the log of its last change.
    pub version: u64,
}
