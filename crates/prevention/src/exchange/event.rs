//! What can happen in the exchange: one type per kind of event, with names that never change.
//!
//! The log keeps a kind and a body of JSON. A kind that has once been written keeps its name and meaning for ever; what
//! must change gets a kind of its own. A body with a field that is not known is refused, not half read.
//!
//! No event holds a name, an address or a number of a person: people are ids ([`PersonId`]), messages and documents are
//! hashes ([`BlobHash`]), Message-IDs are digests ([`MessageKey`]), and the free text is checked
//! ([`Remark`]).

mod recorded;
#[macro_use]
mod table;
mod duties;
mod letters;
mod pages;
mod reading;
#[cfg(test)]
mod tests;

pub use duties::*;
pub use letters::*;
pub use pages::*;
pub use reading::*;
pub use recorded::{Recorded, UnreadableEvent};

use super::ask::{AskStatus, Proof};
use super::body::{BodyEntry, Channel, Language};
use super::campaign::{AskItem, Brief, DutyApplies};
use super::communication::{DeliveryOutcome, HoldReason, Purpose};
use super::document::{DocumentKind, ScreeningFinding};
use super::id::{
    AskId, BlobHash, BodyId, CampaignId, ChaserId, CommunicationId, ContactId, DocumentId, ItemId, MessageKey, PersonId, RecipientId, ReplyToken,
    SubmissionId,
};
use super::moment::{Day, Moment};
use super::non_response::NoticeTerms;
use super::publication::{FreeWords, OmissionGround, Permission};
use super::words::{Remark, Title};
use serde::{Deserialize, Serialize};

/// The version of the events as a whole: raised when a kind is added.
pub const VERSION: u16 = 6;

events! {
    /// A body was entered.
    "body.entered" BodyEntered {
        /// Its number.
        body: BodyId,
        /// What it is.
        entry: Box<BodyEntry>,
    }
    /// What is known of a body was changed.
    "body.changed" BodyChanged {
        /// Which.
        body: BodyId,
        /// What it is now.
        entry: Box<BodyEntry>,
        /// Why.
        reason: Remark,
    }
    /// Another body took a body's place.
    "body.succeeded" BodySucceeded {
        /// Which.
        body: BodyId,
        /// By whom.
        by: BodyId,
        /// From when.
        from: Day,
    }
    /// A contact was entered.
    "contact.entered" ContactEntered {
        /// Its number.
        contact: ContactId,
        /// Where.
        body: BodyId,
        /// Who.
        person: PersonId,
        /// In what role.
        role: Title,
        /// How they are reached.
        channel: Channel,
        /// In which language.
        language: Language,
    }
    /// Somebody checked that the way to a contact works.
    "contact.verified" ContactVerified {
        /// Which.
        contact: ContactId,
        /// When.
        on: Day,
    }
    /// Somebody else is to be written to.
    "contact.replaced" ContactReplaced {
        /// Who was written to.
        contact: ContactId,
        /// Who is now.
        by: ContactId,
        /// Why.
        reason: Remark,
    }
    /// A campaign was begun.
    "campaign.drafted" CampaignDrafted {
        /// Its number.
        campaign: CampaignId,
        /// What it is for.
        brief: Box<Brief>,
        /// The campaign that it repeats.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        previous: Option<CampaignId>,
    }
    /// What a campaign is for was changed.
    "campaign.changed" CampaignChanged {
        /// Which.
        campaign: CampaignId,
        /// What it is for now.
        brief: Box<Brief>,
    }
    /// An item was added or rewritten.
    "campaign.item_set" ItemSet {
        /// In which campaign.
        campaign: CampaignId,
        /// Which item.
        item: ItemId,
        /// What is asked for.
        entry: Box<AskItem>,
    }
    /// An item was dropped before anything was sent.
    "campaign.item_dropped" ItemDropped {
        /// In which campaign.
        campaign: CampaignId,
        /// Which item.
        item: ItemId,
    }
    /// A body was put on a campaign.
    "recipient.added" RecipientAdded {
        /// Its number.
        recipient: RecipientId,
        /// On which campaign.
        campaign: CampaignId,
        /// Which body.
        body: BodyId,
        /// Who is written to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact: Option<ContactId>,
        /// Whether a duty applies.
        duty_applies: DutyApplies,
        /// Its part of the reply address.
        reply_token: ReplyToken,
    }
    /// The letter of a body that was put on an open campaign was approved by a second person.
    "recipient.approved" RecipientApproved {
        /// Which.
        recipient: RecipientId,
        /// The seal over its letters, as they were read.
        seal: BlobHash,
    }
    /// A body was taken off a campaign before its letter went out.
    "recipient.removed" RecipientRemoved {
        /// Which.
        recipient: RecipientId,
        /// Why.
        reason: Remark,
    }
    /// An item is not asked of a recipient, or is again.
    "recipient.item_chosen" ItemChosen {
        /// Which recipient.
        recipient: RecipientId,
        /// Which item.
        item: ItemId,
        /// Whether it is asked.
        asked: bool,
    }
    /// A body is asked for what others said that it has.
    "recipient.took_up" TookUp {
        /// Which recipient.
        recipient: RecipientId,
        /// What was passed on to it, by other bodies of other campaigns.
        asks: Vec<AskId>,
    }
    /// Whether a recipient must co-operate was put right while the campaign was a draft.
    "recipient.duty_set" DutySet {
        /// Which recipient.
        recipient: RecipientId,
        /// Whether a duty applies.
        duty_applies: DutyApplies,
    }
    /// Another contact of the body is written to for a recipient.
    "recipient.contact_changed" RecipientContactChanged {
        /// Which recipient.
        recipient: RecipientId,
        /// Who is written to now.
        contact: ContactId,
    }
    /// The letter of a campaign was written in one language.
    "letter.written" LetterWritten {
        /// For which campaign.
        campaign: CampaignId,
        /// In which language.
        language: Language,
        /// The template.
        template: BlobHash,
    }
    /// The letter was merged for one recipient.
    "letter.merged" LetterMerged {
        /// For which recipient.
        recipient: RecipientId,
        /// In which language.
        language: Language,
        /// The letter.
        letter: BlobHash,
        /// The values that went into it.
        values: BlobHash,
        /// How many fields had none.
        n_missing: u16,
    }
    /// The letter to one recipient is not to leave for now.
    "letter.held_back" LetterHeldBack {
        /// Which recipient.
        recipient: RecipientId,
        /// Why.
        reason: Remark,
    }
    /// A letter that was held back may leave.
    "letter.let_go" LetterLetGo {
        /// Which recipient.
        recipient: RecipientId,
    }
    /// A campaign was put up for review.
    "campaign.submitted" CampaignSubmitted {
        /// Which.
        campaign: CampaignId,
    }
    /// A campaign was sent back to its author.
    "campaign.returned" CampaignReturned {
        /// Which.
        campaign: CampaignId,
        /// Why.
        reason: Remark,
    }
    /// A second person approved a campaign and its letters.
    "campaign.approved" CampaignApproved {
        /// Which.
        campaign: CampaignId,
        /// The seal over the letters as they were seen.
        seal: BlobHash,
    }
    /// A campaign is on its way.
    "campaign.sending" CampaignSending {
        /// Which.
        campaign: CampaignId,
        /// Until when it can be recalled.
        recall_until: Moment,
    }
    /// A campaign was recalled before anything went out.
    "campaign.recalled" CampaignRecalled {
        /// Which.
        campaign: CampaignId,
        /// Why.
        reason: Remark,
    }
    /// The letters are out, or the first of them is.
    "campaign.opened" CampaignOpened {
        /// Which.
        campaign: CampaignId,
    }
    /// Chasing rests.
    "campaign.paused" CampaignPaused {
        /// Which.
        campaign: CampaignId,
        /// Why.
        reason: Remark,
    }
    /// Chasing goes on.
    "campaign.resumed" CampaignResumed {
        /// Which.
        campaign: CampaignId,
    }
    /// Answers are no longer waited for.
    "campaign.closed" CampaignClosed {
        /// Which.
        campaign: CampaignId,
        /// Why.
        reason: Remark,
    }
    /// A campaign was put away.
    "campaign.archived" CampaignArchived {
        /// Which.
        campaign: CampaignId,
    }
    /// Something went out.
    "communication.sent" CommunicationSent {
        /// Its number.
        communication: CommunicationId,
        /// What for.
        purpose: Purpose,
        /// How.
        channel: Channel,
        /// On which day.
        on: Day,
        /// To which recipients.
        recipients: Vec<RecipientId>,
        /// The key of its Message-ID.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<MessageKey>,
        /// What it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answers: Option<CommunicationId>,
        /// What was sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content: Option<BlobHash>,
        /// Letters in further languages that went with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        also: Vec<BlobHash>,
    }
    /// Something came in.
    "communication.received" CommunicationReceived {
        /// Its number.
        communication: CommunicationId,
        /// How.
        channel: Channel,
        /// On which day.
        on: Day,
        /// For which recipients; none when it waits in the holding list.
        recipients: Vec<RecipientId>,
        /// Why it waits; empty when it was placed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        held: Vec<HoldReason>,
        /// The key of its Message-ID.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<MessageKey>,
        /// What it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answers: Option<CommunicationId>,
        /// What came.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content: Option<BlobHash>,
    }
    /// A person said to whom something that came in belongs.
    "communication.placed" CommunicationPlaced {
        /// Which.
        communication: CommunicationId,
        /// To which recipients.
        recipients: Vec<RecipientId>,
    }
    /// A person said that something that came in changes nothing in how the asks stand.
    "communication.dealt_with" CommunicationDealtWith {
        /// Which.
        communication: CommunicationId,
    }
    /// Something that came in concerns no campaign.
    "communication.set_aside" CommunicationSetAside {
        /// Which.
        communication: CommunicationId,
        /// Why.
        reason: Remark,
    }
    /// A person found what nobody should read in what a message says: it is shown to nobody until it is decided on.
    "communication.held" CommunicationHeld {
        /// Which.
        communication: CommunicationId,
        /// What was found.
        findings: Vec<ScreeningFinding>,
    }
    /// A person let what a message says be read after all.
    "communication.released" CommunicationReleased {
        /// Which.
        communication: CommunicationId,
        /// Why.
        reason: Remark,
    }
    /// What a message says was sent back and destroyed here.
    "communication.destroyed" CommunicationDestroyed {
        /// Which.
        communication: CommunicationId,
        /// The certificate.
        certificate: BlobHash,
        /// Why.
        reason: Remark,
    }
    /// The files that a message carried were destroyed, and a copy without them stands in its place.
    "communication.reduced" CommunicationReduced {
        /// Which.
        communication: CommunicationId,
        /// What is kept of it; none where it cannot be kept without the files.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content: Option<BlobHash>,
        /// The certificate.
        certificate: BlobHash,
    }
    /// Something that went out arrived or came back.
    "communication.delivery" DeliveryRecorded {
        /// Which.
        communication: CommunicationId,
        /// For which recipient.
        recipient: RecipientId,
        /// What became of it.
        outcome: DeliveryOutcome,
        /// What shows it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence: Option<BlobHash>,
        /// On which day.
        on: Day,
    }
    /// A message, which is kept, is about to be handed over to a mail server.
    "handover.begun" HandoverBegun {
        /// The key of its Message-ID; handed over again, it is the same.
        message: MessageKey,
        /// What for.
        purpose: Purpose,
        /// To which recipients.
        recipients: Vec<RecipientId>,
        /// What it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answers: Option<CommunicationId>,
        /// The reminder that it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chaser: Option<ChaserId>,
        /// The body whose reminder of answers to recommendations it is: it names no recipient.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        duty: Option<BodyId>,
        /// What the notice that it is says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notice: Option<NoticeTerms>,
        /// The whole message.
        content: BlobHash,
    }
    /// The mail server did not take a message.
    "handover.refused" HandoverRefused {
        /// The key of its Message-ID.
        message: MessageKey,
        /// Whether the server will never take it.
        for_good: bool,
        /// Whether it was the recipient's address that it refused.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        of_address: bool,
        /// The server's three digits, when it was reached.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<u16>,
    }
    /// A person decided that a message did not go and will not.
    "handover.given_up" HandoverGivenUp {
        /// The key of its Message-ID.
        message: MessageKey,
        /// Why.
        reason: Remark,
    }
    /// A person said what is known of some asks.
    "ask.described" AskDescribed {
        /// Which asks.
        asks: Vec<AskId>,
        /// What is known.
        status: AskStatus,
        /// On which day it became so: the clock goes by it.
        on: Day,
        /// What shows it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<Proof>,
    }
    /// More time was given for some asks.
    "ask.extended" AskExtended {
        /// Which asks.
        asks: Vec<AskId>,
        /// The last day to answer them now.
        until: Day,
        /// Why.
        reason: Remark,
    }
    /// We said what we mean; the clock runs again.
    "ask.clarified" AskClarified {
        /// Which asks.
        asks: Vec<AskId>,
        /// On which day.
        on: Day,
    }
    /// Some asks were set back to sent.
    "ask.reopened" AskReopened {
        /// Which asks.
        asks: Vec<AskId>,
        /// Why.
        reason: Remark,
    }
    /// A reminder was drafted.
    "chaser.proposed" ChaserProposed {
        /// Its number.
        chaser: ChaserId,
        /// To whom.
        body: BodyId,
        /// Of what.
        asks: Vec<AskId>,
        /// The text.
        text: BlobHash,
    }
    /// A reminder that waits was given other words: whoever wrote them is its author now.
    "chaser.rewritten" ChaserRewritten {
        /// Which.
        chaser: ChaserId,
        /// The text now.
        text: BlobHash,
    }
    /// A second person let a reminder go.
    "chaser.approved" ChaserApproved {
        /// Which.
        chaser: ChaserId,
        /// The text as it was seen.
        text: BlobHash,
    }
    /// A reminder will not be sent.
    "chaser.dropped" ChaserDropped {
        /// Which.
        chaser: ChaserId,
        /// Why.
        reason: Remark,
    }
    /// A reminder went out.
    "chaser.sent" ChaserSent {
        /// Which.
        chaser: ChaserId,
        /// As which communication.
        communication: CommunicationId,
        /// On which day.
        on: Day,
    }
    /// Documents came in together.
    "submission.received" SubmissionReceived {
        /// Its number.
        submission: SubmissionId,
        /// With which communication.
        communication: CommunicationId,
        /// For which recipients, in any number of campaigns.
        recipients: Vec<RecipientId>,
    }
    /// A document came in.
    "document.received" DocumentReceived {
        /// Its number.
        document: DocumentId,
        /// In which submission.
        submission: SubmissionId,
        /// The file as it came.
        original: BlobHash,
        /// Its size.
        n_bytes: u64,
        /// Its kind, as far as it is known.
        kind: DocumentKind,
        /// Its language.
        language: Language,
    }
    /// What a document is was said.
    "document.described" DocumentDescribed {
        /// Which.
        document: DocumentId,
        /// Its kind.
        kind: DocumentKind,
        /// Its language.
        language: Language,
        /// Its title.
        title: Title,
        /// The date it bears.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dated: Option<Day>,
    }
    /// The program began to look at a document.
    "document.screening" DocumentScreening {
        /// Which.
        document: DocumentId,
    }
    /// The program has looked at a document.
    "document.screened" DocumentScreened {
        /// Which.
        document: DocumentId,
        /// What it found; nothing means clean.
        findings: Vec<ScreeningFinding>,
    }
    /// A person found in a document what nobody should read.
    "document.held" DocumentHeld {
        /// Which.
        document: DocumentId,
        /// What was found.
        findings: Vec<ScreeningFinding>,
    }
    /// A person let a held document through.
    "document.released" DocumentReleased {
        /// Which.
        document: DocumentId,
        /// Why.
        reason: Remark,
    }
    /// A held document was sent back and destroyed here.
    "document.returned_destroyed" DocumentReturnedDestroyed {
        /// Which.
        document: DocumentId,
        /// The certificate.
        certificate: BlobHash,
        /// Why.
        reason: Remark,
    }
    /// A person said which asks a document answers.
    "document.assigned" DocumentAssigned {
        /// Which.
        document: DocumentId,
        /// Which asks.
        asks: Vec<AskId>,
    }
    /// It is known what the body allows.
    "publication.permitted" PublicationPermitted {
        /// Of which document.
        document: DocumentId,
        /// What is allowed.
        permission: Permission,
        /// Where it was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        basis: Option<CommunicationId>,
    }
    /// A rendition for the public was made.
    "publication.drafted" PublicationDrafted {
        /// Of which document.
        document: DocumentId,
        /// The rendition.
        rendition: BlobHash,
        /// Why things were removed; empty when nothing was.
        grounds: Vec<OmissionGround>,
        /// The same in other forms, which go with it: approved, published and taken back together.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        companions: Vec<BlobHash>,
    }
    /// A rendition was tried for what should be gone.
    "publication.leak_checked" LeakChecked {
        /// Of which document.
        document: DocumentId,
        /// Which rendition.
        rendition: BlobHash,
        /// How, with versions.
        method: Title,
        /// Whether nothing was found.
        passed: bool,
    }
    /// What was proposed, or approved already, was sent back before it was public.
    "publication.returned" PublicationReturned {
        /// Of which document.
        document: DocumentId,
        /// Why.
        reason: Remark,
    }
    /// A second person let readers see words that one person typed.
    "publication.words_cleared" WordsCleared {
        /// Of what.
        words: FreeWords,
        /// The hash of the words as they were read: others are not cleared with them.
        text: BlobHash,
    }
    /// A second person approved a rendition.
    "publication.approved" PublicationApproved {
        /// Of which document.
        document: DocumentId,
        /// Which rendition.
        rendition: BlobHash,
    }
    /// An approved rendition waits for a day.
    "publication.embargoed" PublicationEmbargoed {
        /// Of which document.
        document: DocumentId,
        /// The first day on which it may be published.
        until: Day,
    }
    /// A rendition became public, for the first time or in place of another.
    "publication.published" DocumentPublished {
        /// Of which document.
        document: DocumentId,
        /// Which rendition.
        rendition: BlobHash,
        /// On which day.
        on: Day,
        /// What was wrong before, when it takes the place of another.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notice: Option<Remark>,
    }
    /// A document was taken back.
    "publication.withdrawn" PublicationWithdrawn {
        /// Which document.
        document: DocumentId,
        /// On which day.
        on: Day,
        /// Why.
        explanation: Remark,
    }
    /// A document was erased by law.
    "publication.erased" PublicationErased {
        /// Which document.
        document: DocumentId,
        /// On what ground.
        ground: Remark,
    }
    /// A silent body was told that it will be named, with evidence.
    "non_response.notified" NonResponseNotified {
        /// Which recipient.
        recipient: RecipientId,
        /// As which communication.
        communication: CommunicationId,
        /// The evidence pack.
        evidence: BlobHash,
        /// The last day of its time to reply.
        reply_by: Day,
    }
    /// The body says otherwise.
    "non_response.contested" NonResponseContested {
        /// Which recipient.
        recipient: RecipientId,
        /// What it says.
        reason: Remark,
    }
    /// What the body said was looked into.
    "non_response.settled" NonResponseSettled {
        /// Which recipient.
        recipient: RecipientId,
        /// Whether the body was right.
        body_was_right: bool,
        /// Why.
        reason: Remark,
    }
    /// A silent body was named.
    "non_response.listed" NonResponseListed {
        /// Which recipient.
        recipient: RecipientId,
        /// On which day.
        on: Day,
    }
    /// A body is named no longer, by decision; an answer does the same by itself.
    "non_response.delisted" NonResponseDelisted {
        /// Which recipient.
        recipient: RecipientId,
        /// On which day.
        on: Day,
        /// Why.
        reason: Remark,
    }
    also RecommendationEntered
    also RecommendationCorrected
    also RecommendationWithdrawn
    also DutyLaid
    also DutyAnswered
    also DutyReopened
    also DutyWithdrawn
    also DutyReminderProposed
    also DutyReminderApproved
    also DutyReminderDropped
    also DutyReminderSent
    also DutyReminderRewritten
    also DutyReminderCameBack
    also LetterReopened
    also LetterReturned
    also PagesApproved
    also CodeEntered
    also CodeChanged
    also CodeRetired
    also FieldEntered
    also FieldChanged
    also FieldRetired
    also CodebookIssued
    also CodingEntered
    also CodingRemoved
    also SuggestionDismissed
    also DocumentRead
    also FieldExtracted
    also RoundBegun
    also RoundDocumentFinished
    also RoundConflictDecided
    also RoundSettled
    also RoundGivenUp
}
