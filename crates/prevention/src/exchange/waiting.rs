//! What is waiting for a person: the home page of an office.

use super::ask::AskStatus;
use super::body::ContactStatus;
use super::campaign::{Recipient, Stage};
use super::chase::{Throttle, due};
use super::clock::standing::Standing;
use super::clock::{Length, Start};
use super::communication::{ChaserState, Placement, Purpose};
use super::decide::duty_reminders::to_remind;
use super::document::Screening;
use super::handover::HandoverStage;
use super::id::{AskId, BodyId, CampaignId, ChaserId, CommunicationId, ContactId, DocumentId, MessageKey, PersonId, RecipientId, RecommendationId};
use super::moment::{Day, Moment};
use super::non_response::NonResponse;
use super::publication::PublicationState;
use super::state::State;
use serde::Serialize;
use std::collections::BTreeSet;

/// One thing that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Waiting {
    /// A campaign waits for a second person.
    CampaignReview(CampaignId),
    /// A campaign is approved and waits to be sent.
    CampaignToSend(CampaignId),
    /// Letters may leave.
    LettersToSend(CampaignId, u32),
    /// Letters are held back until somebody lets them go or leaves their bodies out.
    LettersHeldBack(CampaignId, u32),
    /// A reminder waits for a second person.
    ChaserReview(ChaserId),
    /// A reminder is approved and waits to be sent.
    ChaserToSend(ChaserId),
    /// The mail server gave no answer about a message: it may be out.
    UnansweredHandover(MessageKey),
    /// The mail server will not take a message, and nothing else went in its place.
    RefusedHandover(MessageKey),
    /// The mail server did not take a notice when it was tried; it may now.
    DelayedHandover(MessageKey),
    /// A message waits in the holding list.
    HeldMessage(CommunicationId),
    /// What a message says is held, because somebody found in it what nobody should read.
    HeldContent(CommunicationId),
    /// Something came from a body, and nobody has said yet what it means for what was asked.
    NewReply(CommunicationId),
    /// A document is held.
    HeldDocument(DocumentId),
    /// A document is readable and nobody said what it answers.
    UnassignedDocument(DocumentId),
    /// It is not known what the body allows.
    Permission(DocumentId),
    /// A rendition waits for the leak check.
    LeakCheck(DocumentId),
    /// A rendition waits for a second person.
    PublicationReview(DocumentId),
    /// What was proposed for the public was sent back.
    SentBack(DocumentId),
    /// A document may be published.
    ToPublish(DocumentId),
    /// What was sent to a contact came back.
    BouncedContact(ContactId),
    /// A letter that is read by itself is not made: its body was put on an open campaign, it came back, or it was sent back.
    JoiningLetter(RecipientId),
    /// A letter that is read by itself waits for a second person.
    JoiningReview(RecipientId),
    /// They asked what we mean.
    Clarification(RecipientId),
    /// A body passed on what it was asked for, and nobody has asked the body that is said to have it.
    PassedOn(RecipientId, BodyId),
    /// The day by which a body promised an answer is over, and it was not reminded since.
    PromiseOver(RecipientId),
    /// So many bodies are due a reminder.
    RemindersDue(u32),
    /// The time to answer of so many letters starts with their receipt, of which nobody knows.
    NoReceipt(CampaignId, u32),
    /// A body's time to answer a recommendation is over, and no reminder went or waits.
    DutyOverdue(RecommendationId, BodyId),
    /// A reminder of answers to recommendations waits for a second person.
    DutyReminderReview(BodyId),
    /// A reminder of answers to recommendations is approved and waits to be sent.
    DutyReminderToSend(BodyId),
    /// A body contests its notice.
    Contested(RecipientId),
    /// A body's time to reply is over.
    ToList(RecipientId),
}

impl Waiting {
    /// The document that it is about, if it is about one.
    pub fn document(&self) -> Option<DocumentId> {
        match self {
            Waiting::HeldDocument(id)
            | Waiting::UnassignedDocument(id)
            | Waiting::Permission(id)
            | Waiting::LeakCheck(id)
            | Waiting::PublicationReview(id)
            | Waiting::SentBack(id)
            | Waiting::ToPublish(id) => Some(*id),
            _ => None,
        }
    }
}

/// A thing that waits, since which entry of the log, and who may not do it because they were the first person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WaitingSince {
    /// What.
    pub what: Waiting,
    /// The entry of the log after which it waits.
    pub since_seq: u64,
    /// The first day on which it waited, where that is later than the entry: a time was over, a day came.
    pub since_day: Option<Day>,
    /// People for whom it does not wait.
    pub not_for: Vec<PersonId>,
}

/// Everything that waits, in the order of the log.
pub fn waiting(state: &State, now: Moment) -> Vec<WaitingSince> {
    let today: Day = now.day_in_london();
    let mut found: Vec<WaitingSince> = Vec::new();
    let mut add = |what, since_seq, not_for: Vec<PersonId>| found.push(WaitingSince { what, since_seq, since_day: None, not_for });
    for (number, campaign) in state.campaigns().iter().enumerate() {
        let id = CampaignId(number as u32);
        match campaign.stage {
            Stage::Review => {
                add(Waiting::CampaignReview(id), campaign.version, campaign.submitted_by.into_iter().chain(campaign.hands.iter().copied()).collect())
            }
            Stage::Approved => add(Waiting::CampaignToSend(id), campaign.version, vec![]),
            stage if stage.letters_may_leave() => {
                let letters = super::decide::campaigns::letters_to_send(state, id, now).len();
                if letters > 0 {
                    add(Waiting::LettersToSend(id, letters as u32), campaign.version, vec![]);
                }
                let held = state.recipients_of(id).filter(|(_, recipient)| recipient.held_back.is_some());
                let (n, since) = held.fold((0, 0), |(n, since), (_, recipient)| (n + 1, recipient.version.max(since)));
                if n > 0 {
                    add(Waiting::LettersHeldBack(id, n), since, vec![]);
                }
                for (recipient_id, recipient) in state.recipients_of(id) {
                    let Some(hands) = &recipient.joining else { continue };
                    if super::decide::campaigns::gaps_of(state, campaign, recipient).is_empty() {
                        add(Waiting::JoiningReview(recipient_id), recipient.version, hands.iter().copied().collect());
                    } else {
                        add(Waiting::JoiningLetter(recipient_id), recipient.version, vec![]);
                    }
                }
            }
            _ => {}
        }
    }
    for (number, chaser) in state.chasers().iter().enumerate() {
        let id = ChaserId(number as u32);
        match chaser.state {
            ChaserState::Proposed => add(Waiting::ChaserReview(id), chaser.version, vec![chaser.proposed_by]),
            ChaserState::Approved { .. } => add(Waiting::ChaserToSend(id), chaser.version, vec![]),
            _ => {}
        }
    }
    for (message, handover) in state.handovers() {
        match handover.stage {
            HandoverStage::Unanswered => add(Waiting::UnansweredHandover(message), handover.version, vec![]),
            HandoverStage::RefusedForGood { .. } if !handover.went_otherwise(state, today) => {
                add(Waiting::RefusedHandover(message), handover.version, vec![])
            }
            // Letters and reminders that were refused for now are among those that are still to be sent.
            HandoverStage::RefusedForNow { .. } if handover.purpose == Purpose::Notice && !handover.went_otherwise(state, today) => {
                add(Waiting::DelayedHandover(message), handover.version, vec![])
            }
            _ => {}
        }
    }
    for (number, communication) in state.communications().iter().enumerate() {
        if matches!(communication.placement, Placement::Held(_)) {
            add(Waiting::HeldMessage(CommunicationId(number as u32)), communication.version, vec![]);
        }
        if matches!(communication.screening, Screening::Held { .. }) {
            add(Waiting::HeldContent(CommunicationId(number as u32)), communication.version, vec![]);
        }
    }
    let new: BTreeSet<CommunicationId> = state.new_replies().filter(|(recipient, _)| takes_answers(state, *recipient)).map(|(_, id)| id).collect();
    for id in new {
        add(Waiting::NewReply(id), state.communication(id).map_or(0, |it| it.version), vec![]);
    }
    for (body, reminder) in state.duty_reminders() {
        match reminder.approved_by {
            None => add(Waiting::DutyReminderReview(body), reminder.version, vec![reminder.proposed_by]),
            Some(_) => add(Waiting::DutyReminderToSend(body), reminder.version, vec![]),
        }
    }
    let of_duties: BTreeSet<DocumentId> =
        state.recommendations().iter().flat_map(|it| &it.duties).flat_map(|duty| duty.documents.iter().copied()).collect();
    for (number, document) in state.documents().iter().enumerate() {
        let id = DocumentId(number as u32);
        if matches!(document.publication.state, PublicationState::Erased { .. }) {
            continue;
        }
        if matches!(document.screening, Screening::Held { .. }) {
            add(Waiting::HeldDocument(id), document.version, vec![]);
        }
        if !document.screening.is_readable() {
            continue;
        }
        if document.asks.is_empty() && !of_duties.contains(&id) {
            add(Waiting::UnassignedDocument(id), document.version, vec![]);
        }
        let publication = &document.publication;
        if publication.returned.is_some() {
            add(Waiting::SentBack(id), document.version, vec![]);
        }
        match &publication.state {
            PublicationState::Private => add(Waiting::Permission(id), document.version, vec![]),
            PublicationState::RedactionDraft => add(Waiting::LeakCheck(id), document.version, vec![]),
            PublicationState::LeakChecked => add(Waiting::PublicationReview(id), document.version, publication.drafted_by.into_iter().collect()),
            PublicationState::Approved => add(Waiting::ToPublish(id), document.version, vec![]),
            PublicationState::Embargoed { until } if *until <= today => add(Waiting::ToPublish(id), document.version, vec![]),
            // What corrects a public document goes the same way, while that stays public.
            _ if publication.is_being_corrected() => match publication.rendition.is_some_and(|rendition| publication.is_cleared(rendition)) {
                true => add(Waiting::ToPublish(id), document.version, vec![]),
                false => add(Waiting::PublicationReview(id), document.version, publication.drafted_by.into_iter().collect()),
            },
            _ => {}
        }
    }
    for (number, contact) in state.contacts().iter().enumerate() {
        let id = ContactId(number as u32);
        if contact.status == ContactStatus::Bounced && is_missed(state, id, contact.body) {
            add(Waiting::BouncedContact(id), contact.version, vec![]);
        }
    }
    for (number, recipient) in state.recipients().iter().enumerate() {
        let id = RecipientId(number as u32);
        if recipient.asks().any(|(_, ask)| ask.status == AskStatus::ClarificationAsked) {
            add(Waiting::Clarification(id), recipient.version, vec![]);
        }
        match &recipient.non_response {
            NonResponse::Contested { .. } => add(Waiting::Contested(id), recipient.version, vec![]),
            NonResponse::NoticeSent(notice) if today > notice.reply_by => {
                let told_by = state.communication(notice.communication).map(|it| it.by);
                add(Waiting::ToList(id), recipient.version, told_by.into_iter().collect());
            }
            _ => {}
        }
    }
    for waiting in &mut found {
        waiting.since_day = since_day(state, &waiting.what);
    }
    found.extend(by_the_calendar(state, today));
    found.sort_by_key(|waiting| waiting.since_seq);
    found
}

/// Whether somebody has to take the place of a contact: letters go there still, or the body has no other.
fn is_missed(state: &State, id: ContactId, body: BodyId) -> bool {
    let is_open = |recipient: &Recipient| state.campaign(recipient.campaign).is_some_and(|campaign| campaign.stage < Stage::Closed);
    let is_written_to = state.recipients().iter().any(|it| !it.removed && it.contact == Some(id) && is_open(it));
    let is_good = |id: &ContactId| state.contact(*id).is_some_and(|contact| contact.status == ContactStatus::Good);
    is_written_to || !state.body(body).is_some_and(|body| body.contacts.iter().any(is_good))
}

/// The day that had to come before something waited.
fn since_day(state: &State, what: &Waiting) -> Option<Day> {
    match what {
        Waiting::ToPublish(id) => match state.document(*id)?.publication.state {
            PublicationState::Embargoed { until } => Some(until),
            _ => None,
        },
        Waiting::ToList(id) => match &state.recipient(*id)?.non_response {
            NonResponse::NoticeSent(notice) => Some(notice.reply_by.plus(1)),
            _ => None,
        },
        _ => None,
    }
}

fn takes_answers(state: &State, recipient: RecipientId) -> bool {
    let stage = state.recipient(recipient).filter(|it| !it.removed).and_then(|it| state.campaign(it.campaign)).map(|campaign| campaign.stage);
    stage.is_some_and(Stage::takes_answers)
}

/// How many days a letter is given to arrive before somebody should find out whether it did.
const DAYS_TO_ARRIVE: i32 = 3;

/// What waits because a day is over.
fn by_the_calendar(state: &State, today: Day) -> Vec<WaitingSince> {
    let mut found: Vec<WaitingSince> = Vec::new();
    let mut add = |what, since_seq, since_day: Option<Day>| found.push(WaitingSince { what, since_seq, since_day, not_for: vec![] });
    let list = due(state, None, &Throttle::default(), today);
    let since_seq = |asks: &[AskId]| asks.iter().filter_map(|id| state.ask(*id)).map(|ask| ask.version).min();
    if let Some(oldest) = list.due.iter().filter_map(|due| since_seq(&due.asks)).min() {
        add(Waiting::RemindersDue(list.due.len() as u32), oldest, list.due.iter().filter_map(|due| due.oldest).min());
    }
    for (number, recipient) in state.recipients().iter().enumerate().filter(|(_, recipient)| !recipient.removed) {
        if state.campaign(recipient.campaign).is_none_or(|campaign| campaign.stage != Stage::Open) {
            continue;
        }
        let passed: BTreeSet<(BodyId, u64)> = recipient
            .asks()
            .filter_map(|(_, ask)| match ask.status {
                AskStatus::Transferred { to } => Some((to, ask.version)),
                _ => None,
            })
            .filter(|(to, _)| !super::decide::campaigns::passed_on(state, RecipientId(number as u32), *to).is_empty())
            .collect();
        let mut said = None;
        for (to, version) in passed {
            if said.replace(to) != Some(to) {
                add(Waiting::PassedOn(RecipientId(number as u32), to), version, None);
            }
        }
        let promised = recipient.asks().filter(|(_, ask)| ask.is_waiting()).filter_map(|(_, ask)| Some((ask.promise_holds_until()?, ask.version)));
        let not_reminded = |until: &Day| *until < today && recipient.last_chased.is_none_or(|on| on <= *until);
        if let Some((until, version)) = promised.filter(|(until, _)| not_reminded(until)).min() {
            add(Waiting::PromiseOver(RecipientId(number as u32)), version, Some(until.plus(1)));
        }
    }
    for (number, campaign) in state.campaigns().iter().enumerate() {
        let id = CampaignId(number as u32);
        let starts_on_receipt =
            matches!(campaign.brief.clock.start, Start::Delivered | Start::Received) && campaign.brief.clock.length != Length::NoLimit;
        if !starts_on_receipt || !campaign.stage.letters_may_leave() {
            continue;
        }
        let without = |recipient: &Recipient| recipient.asks().any(|(_, ask)| ask.status == AskStatus::Sent && ask.started.is_none());
        let sent = state.recipients_of(id).filter(|(_, recipient)| without(recipient)).filter_map(|(_, recipient)| recipient.letter_sent);
        let sent: Vec<Day> = sent.filter(|on| today.since(*on) > DAYS_TO_ARRIVE).collect();
        if let Some(first) = sent.iter().min() {
            add(Waiting::NoReceipt(id, sent.len() as u32), campaign.version, Some(*first));
        }
    }
    for (body, recommendations) in to_remind(state, &Throttle::default(), today) {
        for id in recommendations {
            if let Some((duty, Standing::Overdue { due, .. })) = state.duty(id, body).map(|duty| (duty, duty.standing(today))) {
                add(Waiting::DutyOverdue(id, body), duty.version, Some(due.plus(1)));
            }
        }
    }
    found
}
