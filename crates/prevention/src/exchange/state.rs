//! What follows from the events: bodies, campaigns, asks, documents and duties as they stand.
//!
//! A state is a fold over the log: the same events in the same order give the same state. It keeps the rules that matter
//! most by itself, whatever the log holds: an event that does not fit is set aside with its reason and changes nothing.
//! So a log that was written wrongly, or put out of order, can neither stop the program nor publish a document that
//! nobody approved.

mod asks;
mod bodies;
mod campaigns;
mod communications;
mod documents;
mod duties;
mod handovers;
mod reading;
mod silences;

use super::ask::{Ask, AskStatus};
use super::body::{Body, Contact};
use super::campaign::{Campaign, Recipient};
use super::communication::{Chaser, Communication, Direction};
use super::document::{ReceivedDocument, Submission};
use super::event::{Event, Recorded};
use super::handover::Handover;
use super::id::{
    AskId, BlobHash, BodyId, CampaignId, ChaserId, CommunicationId, ContactId, DocumentId, ItemId, MessageKey, PersonId, RecipientId,
    RecommendationId, ReplyToken, SubmissionId,
};
use super::moment::Moment;
use super::publication::{FreeWords, PagesApproval};
use super::reading::Reading;
use super::recommendation::{DutyReminder, DutyResponse, Recommendation};
use super::words::Remark;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How many misfits are kept with their reasons; the rest is counted.
const MISFITS_KEPT: usize = 100;

/// An event that did not fit what went before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misfit {
    /// Its place in the log.
    pub seq: u64,
    /// Its kind.
    pub kind: String,
    /// Why it does not fit.
    pub why: String,
}

/// What an event brings with it besides itself.
#[derive(Clone, Copy)]
struct Stamp {
    seq: u64,
    at: Moment,
    by: PersonId,
}

/// Why an event does not fit.
type Fit = Result<(), &'static str>;

/// The exchange as it stands after some events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    seq: u64,
    n_events: u64,
    bodies: Vec<Body>,
    contacts: Vec<Contact>,
    campaigns: Vec<Campaign>,
    recipients: Vec<Recipient>,
    communications: Vec<Communication>,
    chasers: Vec<Chaser>,
    submissions: Vec<Submission>,
    documents: Vec<ReceivedDocument>,
    recommendations: Vec<Recommendation>,
    #[serde(default)]
    duty_reminders: BTreeMap<BodyId, DutyReminder>,
    handovers: BTreeMap<MessageKey, Handover>,
    by_message: BTreeMap<MessageKey, CommunicationId>,
    by_token: BTreeMap<ReplyToken, RecipientId>,
    by_original: BTreeMap<BlobHash, DocumentId>,
    #[serde(default)]
    cleared_words: BTreeSet<(FreeWords, BlobHash)>,
    #[serde(default)]
    pages_approval: Option<PagesApproval>,
    new_replies: BTreeSet<(RecipientId, CommunicationId)>,
    #[serde(default)]
    reading: Reading,
    misfits: Vec<Misfit>,
    n_misfits: u64,
}

macro_rules! shelves {
    ($($one:ident, $many:ident, $id:ty, $thing:ty;)*) => {
        impl State { $(
            #[doc = concat!("The ", stringify!($one), " of this number, if there is one.")]
            pub fn $one(&self, id: $id) -> Option<&$thing> {
                self.$many.get(id.index())
            }

            #[doc = concat!("All ", stringify!($many), " in the order of their numbers.")]
            pub fn $many(&self) -> &[$thing] {
                &self.$many
            }
        )* }
    };
}

shelves! {
    body, bodies, BodyId, Body;
    contact, contacts, ContactId, Contact;
    campaign, campaigns, CampaignId, Campaign;
    recipient, recipients, RecipientId, Recipient;
    communication, communications, CommunicationId, Communication;
    chaser, chasers, ChaserId, Chaser;
    submission, submissions, SubmissionId, Submission;
    document, documents, DocumentId, ReceivedDocument;
    recommendation, recommendations, RecommendationId, Recommendation;
}

/// The state after these events, in their order.
///
/// ```
/// use headwater_prevention::exchange::state::replay;
/// assert_eq!(replay([]).seq(), 0);
/// ```
pub fn replay(events: impl IntoIterator<Item = Recorded>) -> State {
    let mut state = State::default();
    events.into_iter().for_each(|recorded| state.apply(recorded));
    state
}

impl State {
    /// The place in the log of the last event that was applied or set aside.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// How many events went into the state, misfits among them.
    pub fn n_events(&self) -> u64 {
        self.n_events
    }

    /// The first hundred events that did not fit.
    pub fn misfits(&self) -> &[Misfit] {
        &self.misfits
    }

    /// How many events did not fit.
    pub fn n_misfits(&self) -> u64 {
        self.n_misfits
    }

    /// One ask.
    pub fn ask(&self, id: AskId) -> Option<&Ask> {
        self.recipient(id.recipient)?.asks.get(id.item.index())?.as_ref()
    }

    /// The ask that follows one which was passed on: of the same thing, at the body that is said to have it.
    ///
    /// It stands in the same campaign, or in one that was begun to take it up; `None` while nobody has asked that body.
    pub fn taken_up(&self, id: AskId) -> Option<AskId> {
        let AskStatus::Transferred { to } = self.ask(id)?.status else { return None };
        let campaign = self.recipient(id.recipient)?.campaign;
        let title = |campaign: CampaignId, item: ItemId| Some(&self.campaign(campaign)?.items.get(item.index())?.as_ref()?.title);
        let wanted = title(campaign, id.item)?;
        let takes = |recipient: &Recipient| {
            recipient.body == to && !recipient.removed && (recipient.campaign == campaign || recipient.takes_up.contains(&id))
        };
        let found = self.recipients.iter().enumerate().rev().filter(|(_, recipient)| takes(recipient));
        let mut asks = found.flat_map(|(number, recipient)| recipient.asks().map(move |(item, _)| (number, recipient.campaign, item)));
        let (number, _, item) = asks.find(|(_, campaign, item)| title(*campaign, *item) == Some(wanted))?;
        Some(AskId { recipient: RecipientId(number as u32), item })
    }

    /// Every ask of every campaign with its id, recipients that were taken off left out.
    pub fn asks(&self) -> impl Iterator<Item = (AskId, &Ask)> {
        self.recipients
            .iter()
            .enumerate()
            .filter(|(_, recipient)| !recipient.removed)
            .flat_map(|(number, recipient)| recipient.asks().map(move |(item, ask)| (AskId { recipient: RecipientId(number as u32), item }, ask)))
    }

    /// Recipients of a campaign with their numbers, those that were taken off left out.
    pub fn recipients_of(&self, campaign: CampaignId) -> impl Iterator<Item = (RecipientId, &Recipient)> {
        let ids = self.campaign(campaign).map_or(&[][..], |campaign| &campaign.recipients);
        ids.iter().filter_map(|id| Some((*id, self.recipient(*id)?))).filter(|(_, recipient)| !recipient.removed)
    }

    /// The communication that bore this Message-ID.
    pub fn by_message(&self, key: MessageKey) -> Option<CommunicationId> {
        self.by_message.get(&key).copied()
    }

    /// What came in and of which nobody has said yet what it means for what was asked, by recipient.
    pub fn new_replies(&self) -> impl Iterator<Item = (RecipientId, CommunicationId)> + '_ {
        self.new_replies.iter().copied()
    }

    /// The recipient whose reply address holds this token.
    pub fn by_token(&self, token: ReplyToken) -> Option<RecipientId> {
        self.by_token.get(&token).copied()
    }

    /// The first document with these bytes.
    pub fn by_original(&self, original: BlobHash) -> Option<DocumentId> {
        self.by_original.get(&original).copied()
    }

    /// Words that one person typed, as they stand, and who typed them.
    pub fn free_words(&self, words: FreeWords) -> Option<(&Remark, PersonId)> {
        match words {
            FreeWords::Ask(id) => match self.ask(id)? {
                Ask { status: AskStatus::Refused { reason } | AskStatus::Withdrawn { reason }, by, .. } => Some((reason, *by)),
                _ => None,
            },
            FreeWords::Duty { recommendation, body } => {
                let duty = self.duty(recommendation, body).filter(|duty| !duty.withdrawn)?;
                match duty.response.as_ref()? {
                    DutyResponse::Action(words) | DutyResponse::ReasonForNone(words) => Some((words, duty.by)),
                }
            }
        }
    }

    /// The words that readers may see: those of which a second person has read exactly these.
    pub fn public_words(&self, words: FreeWords) -> Option<&Remark> {
        let (text, _) = self.free_words(words)?;
        self.cleared_words.contains(&(words, BlobHash::of(text.as_str().as_bytes()))).then_some(text)
    }

    /// Words that wait for a second person before readers may see them.
    pub fn words_to_clear(&self) -> impl Iterator<Item = FreeWords> + '_ {
        let asks = self.asks().map(|(id, _)| FreeWords::Ask(id));
        let duties = (0u32..).zip(&self.recommendations).flat_map(|(number, it)| {
            let recommendation = RecommendationId(number);
            it.duties.iter().map(move |duty| FreeWords::Duty { recommendation, body: duty.body })
        });
        asks.chain(duties).filter(|words| self.free_words(*words).is_some() && self.public_words(*words).is_none())
    }

    /// Bytes that were destroyed here and of which nothing may be left: of documents, what came and every rendition of it; of
    /// messages, what was kept of them. What something else needs that was not destroyed is left out.
    pub fn destroyed(&self) -> BTreeSet<BlobHash> {
        let of_documents = self.documents.iter().filter(|it| it.screening.is_destroyed()).flat_map(ReceivedDocument::blobs);
        let of_messages = self.communications.iter().flat_map(|it| it.destroyed.iter().map(|it| it.content));
        let mut gone: BTreeSet<BlobHash> = of_documents.chain(of_messages).collect();
        if gone.is_empty() {
            return gone;
        }
        self.documents.iter().filter(|it| !it.screening.is_destroyed()).flat_map(ReceivedDocument::blobs).for_each(|hash| {
            gone.remove(&hash);
        });
        self.communications.iter().filter_map(|it| it.content).for_each(|hash| {
            gone.remove(&hash);
        });
        gone.retain(|hash| !self.is_ours(*hash));
        gone
    }

    /// Whether these bytes are something that the office itself wrote: a letter, a reminder, a message that went out.
    pub fn is_ours(&self, hash: BlobHash) -> bool {
        let sent = self.communications.iter().any(|it| it.direction == Direction::Out && it.content == Some(hash));
        sent || self.handovers.values().any(|it| it.content == hash)
            || self.chasers.iter().any(|it| it.text == hash)
            || self.recommendations.iter().any(|it| it.text == hash)
            || self.duty_reminders.values().any(|it| it.text == hash)
            || self.recommendations.iter().flat_map(|it| &it.duties).flat_map(|duty| &duty.reminders).any(|it| it.text == hash)
            || self.recipients.iter().flat_map(|it| it.letters.values()).any(|it| it.letter == hash || it.values == hash)
    }

    /// The seal over the letters of a campaign as they are now: recipients in their order, languages in theirs. Those of bodies that
    /// join it are approved one by one.
    pub fn seal_of_letters(&self, campaign: CampaignId) -> BlobHash {
        let approved_together = self.recipients_of(campaign).filter(|(_, recipient)| recipient.joining.is_none());
        BlobHash::seal(approved_together.flat_map(|(_, recipient)| recipient.letters.values().map(|merged| merged.letter)))
    }

    /// The last approval of the public pages as a whole, if there was one.
    pub fn pages_approval(&self) -> Option<PagesApproval> {
        self.pages_approval
    }

    /// Takes one event in. An event that does not fit, or stands before one already taken in, is set aside.
    pub fn apply(&mut self, recorded: Recorded) {
        let Recorded { seq, at, actor, event } = recorded;
        self.n_events += 1;
        let kind = event.kind();
        let fits =
            if seq <= self.seq { Err("its place in the log is not after the one before") } else { self.take(event, Stamp { seq, at, by: actor }) };
        self.seq = self.seq.max(seq);
        if let Err(why) = fits {
            self.n_misfits += 1;
            if self.misfits.len() < MISFITS_KEPT {
                self.misfits.push(Misfit { seq, kind: kind.to_owned(), why: why.to_owned() });
            }
        }
    }

    fn take(&mut self, event: Event, stamp: Stamp) -> Fit {
        match event {
            Event::BodyEntered(event) => self.body_entered(event, stamp),
            Event::BodyChanged(event) => self.body_changed(event, stamp),
            Event::BodySucceeded(event) => self.body_succeeded(event, stamp),
            Event::ContactEntered(event) => self.contact_entered(event, stamp),
            Event::ContactVerified(event) => self.contact_verified(event, stamp),
            Event::ContactReplaced(event) => self.contact_replaced(event, stamp),
            Event::CampaignDrafted(event) => self.campaign_drafted(event, stamp),
            Event::CampaignChanged(event) => self.campaign_changed(event, stamp),
            Event::ItemSet(event) => self.item_set(event, stamp),
            Event::ItemDropped(event) => self.item_dropped(event, stamp),
            Event::RecipientAdded(event) => self.recipient_added(event, stamp),
            Event::RecipientApproved(event) => self.recipient_approved(event, stamp),
            Event::RecipientRemoved(event) => self.recipient_removed(event, stamp),
            Event::ItemChosen(event) => self.item_chosen(event, stamp),
            Event::TookUp(event) => self.took_up(event, stamp),
            Event::DutySet(event) => self.duty_set(event, stamp),
            Event::RecipientContactChanged(event) => self.recipient_contact_changed(event, stamp),
            Event::LetterWritten(event) => self.letter_written(event, stamp),
            Event::LetterMerged(event) => self.letter_merged(event, stamp),
            Event::PagesApproved(event) => {
                self.pages_approval = Some(PagesApproval { pages: event.pages, by: stamp.by, at: stamp.at });
                Ok(())
            }
            Event::LetterReopened(event) => self.letter_reopened(event, stamp),
            Event::LetterReturned(event) => self.letter_returned(event, stamp),
            Event::LetterHeldBack(event) => self.letter_held_back(event, stamp),
            Event::LetterLetGo(event) => self.letter_let_go(event, stamp),
            Event::CampaignSubmitted(event) => self.campaign_submitted(event, stamp),
            Event::CampaignReturned(event) => self.campaign_returned(event, stamp),
            Event::CampaignApproved(event) => self.campaign_approved(event, stamp),
            Event::CampaignSending(event) => self.campaign_sending(event, stamp),
            Event::CampaignRecalled(event) => self.campaign_recalled(event, stamp),
            Event::CampaignOpened(event) => self.campaign_opened(event, stamp),
            Event::CampaignPaused(event) => self.campaign_paused(event, stamp),
            Event::CampaignResumed(event) => self.campaign_resumed(event, stamp),
            Event::CampaignClosed(event) => self.campaign_closed(event, stamp),
            Event::CampaignArchived(event) => self.campaign_archived(event, stamp),
            Event::CommunicationSent(event) => self.communication_sent(event, stamp),
            Event::CommunicationReceived(event) => self.communication_received(event, stamp),
            Event::CommunicationPlaced(event) => self.communication_placed(event, stamp),
            Event::CommunicationDealtWith(event) => self.communication_dealt_with(event, stamp),
            Event::CommunicationSetAside(event) => self.communication_set_aside(event, stamp),
            Event::CommunicationHeld(event) => self.communication_held(event, stamp),
            Event::CommunicationReleased(event) => self.communication_released(event, stamp),
            Event::CommunicationDestroyed(event) => self.communication_destroyed(event, stamp),
            Event::CommunicationReduced(event) => self.communication_reduced(event, stamp),
            Event::DeliveryRecorded(event) => self.delivery_recorded(event, stamp),
            Event::HandoverBegun(event) => self.handover_begun(event, stamp),
            Event::HandoverRefused(event) => self.handover_refused(event, stamp),
            Event::HandoverGivenUp(event) => self.handover_given_up(event, stamp),
            Event::AskDescribed(event) => self.ask_described(event, stamp),
            Event::AskExtended(event) => self.ask_extended(event, stamp),
            Event::AskClarified(event) => self.ask_clarified(event, stamp),
            Event::AskReopened(event) => self.ask_reopened(event, stamp),
            Event::ChaserProposed(event) => self.chaser_proposed(event, stamp),
            Event::ChaserRewritten(event) => self.chaser_rewritten(event, stamp),
            Event::ChaserApproved(event) => self.chaser_approved(event, stamp),
            Event::ChaserDropped(event) => self.chaser_dropped(event, stamp),
            Event::ChaserSent(event) => self.chaser_sent(event, stamp),
            Event::SubmissionReceived(event) => self.submission_received(event, stamp),
            Event::DocumentReceived(event) => self.document_received(event, stamp),
            Event::DocumentDescribed(event) => self.document_described(event, stamp),
            Event::DocumentScreening(event) => self.document_screening(event, stamp),
            Event::DocumentScreened(event) => self.document_screened(event, stamp),
            Event::DocumentHeld(event) => self.document_held(event, stamp),
            Event::DocumentReleased(event) => self.document_released(event, stamp),
            Event::DocumentReturnedDestroyed(event) => self.document_returned_destroyed(event, stamp),
            Event::DocumentAssigned(event) => self.document_assigned(event, stamp),
            Event::PublicationPermitted(event) => self.publication_permitted(event, stamp),
            Event::PublicationDrafted(event) => self.publication_drafted(event, stamp),
            Event::LeakChecked(event) => self.leak_checked(event, stamp),
            Event::PublicationReturned(event) => self.publication_returned(event, stamp),
            Event::WordsCleared(event) => self.words_cleared(event, stamp),
            Event::PublicationApproved(event) => self.publication_approved(event, stamp),
            Event::PublicationEmbargoed(event) => self.publication_embargoed(event, stamp),
            Event::DocumentPublished(event) => self.document_published(event, stamp),
            Event::PublicationWithdrawn(event) => self.publication_withdrawn(event, stamp),
            Event::PublicationErased(event) => self.publication_erased(event, stamp),
            Event::NonResponseNotified(event) => self.non_response_notified(event, stamp),
            Event::NonResponseContested(event) => self.non_response_contested(event, stamp),
            Event::NonResponseSettled(event) => self.non_response_settled(event, stamp),
            Event::NonResponseListed(event) => self.non_response_listed(event, stamp),
            Event::NonResponseDelisted(event) => self.non_response_delisted(event, stamp),
            Event::RecommendationEntered(event) => self.recommendation_entered(event, stamp),
            Event::RecommendationCorrected(event) => self.recommendation_corrected(event, stamp),
            Event::RecommendationWithdrawn(event) => self.recommendation_withdrawn(event, stamp),
            Event::DutyLaid(event) => self.duty_laid(event, stamp),
            Event::DutyAnswered(event) => self.duty_answered(event, stamp),
            Event::DutyReopened(event) => self.duty_reopened(event, stamp),
            Event::DutyWithdrawn(event) => self.duty_withdrawn(event, stamp),
            Event::DutyReminderProposed(event) => self.duty_reminder_proposed(event, stamp),
            Event::DutyReminderApproved(event) => self.duty_reminder_approved(event, stamp),
            Event::DutyReminderDropped(event) => self.duty_reminder_dropped(event, stamp),
            Event::DutyReminderSent(event) => self.duty_reminder_sent(event, stamp),
            Event::DutyReminderRewritten(event) => self.duty_reminder_rewritten(event, stamp),
            Event::DutyReminderCameBack(event) => self.duty_reminder_came_back(event, stamp),
            Event::CodeEntered(event) => self.code_entered(event, stamp),
            Event::CodeChanged(event) => self.code_changed(event, stamp),
            Event::CodeRetired(event) => self.code_retired(event, stamp),
            Event::FieldEntered(event) => self.field_entered(event, stamp),
            Event::FieldChanged(event) => self.field_changed(event, stamp),
            Event::FieldRetired(event) => self.field_retired(event, stamp),
            Event::CodebookIssued(event) => self.codebook_issued(event, stamp),
            Event::CodingEntered(event) => self.coding_entered(event, stamp),
            Event::CodingRemoved(event) => self.coding_removed(event, stamp),
            Event::SuggestionDismissed(event) => self.suggestion_dismissed(event, stamp),
            Event::DocumentRead(event) => self.document_read(event, stamp),
            Event::FieldExtracted(event) => self.field_extracted(event, stamp),
            Event::RoundBegun(event) => self.round_begun(event, stamp),
            Event::RoundDocumentFinished(event) => self.round_document_finished(event, stamp),
            Event::RoundConflictDecided(event) => self.round_conflict_decided(event, stamp),
            Event::RoundSettled(event) => self.round_settled(event, stamp),
            Event::RoundGivenUp(event) => self.round_given_up(event, stamp),
        }
    }
}

/// Whether a condition holds, or why the event does not fit.
fn require(holds: bool, why: &'static str) -> Fit {
    if holds { Ok(()) } else { Err(why) }
}

/// Whether a number is the next to be given out on a shelf.
fn next_on<T>(shelf: &[T], index: usize) -> Fit {
    require(shelf.len() == index, "its number is not the next")
}
