//! Events of handing messages over to a mail server.

use super::{Fit, Stamp, State, require};
use crate::exchange::body::ContactStatus;
use crate::exchange::campaign::Stage;
use crate::exchange::communication::{ChaserState, Purpose};
use crate::exchange::event::{CommunicationSent, HandoverBegun, HandoverGivenUp, HandoverRefused};
use crate::exchange::handover::{Handover, HandoverStage};
use crate::exchange::id::{BodyId, CampaignId, ChaserId, MessageKey, RecipientId};
use crate::exchange::reminder::addressee_of_duties;

const NO_HANDOVER: &str = "no message of this Message-ID was handed over";

impl State {
    /// The handover of the message of this key, if there was one.
    pub fn handover(&self, message: MessageKey) -> Option<&Handover> {
        self.handovers.get(&message)
    }

    /// Every handover, by the key of its message.
    pub fn handovers(&self) -> impl Iterator<Item = (MessageKey, &Handover)> {
        self.handovers.iter().map(|(key, handover)| (*key, handover))
    }

    /// The handover of a letter to this recipient of which nobody knows whether it went.
    pub fn unanswered_letter(&self, recipient: RecipientId) -> Option<MessageKey> {
        let is_open = |it: &Handover| it.purpose == Purpose::Letter && it.stage == HandoverStage::Unanswered && it.recipients.contains(&recipient);
        self.handovers().find(|(_, handover)| is_open(handover)).map(|(key, _)| key)
    }

    /// The handover of this reminder of which nobody knows whether it went.
    pub fn unanswered_chaser(&self, chaser: ChaserId) -> Option<MessageKey> {
        let is_open = |it: &Handover| it.chaser == Some(chaser) && it.stage == HandoverStage::Unanswered;
        self.handovers().find(|(_, handover)| is_open(handover)).map(|(key, _)| key)
    }

    /// The handover of the reminder of answers to recommendations to this body of which nobody knows whether it went.
    pub fn unanswered_duty_reminder(&self, body: BodyId) -> Option<MessageKey> {
        let is_open = |it: &Handover| it.duty == Some(body) && it.stage == HandoverStage::Unanswered;
        self.handovers().find(|(_, handover)| is_open(handover)).map(|(key, _)| key)
    }

    /// The handover of a notice to this recipient of which nobody knows whether it went.
    pub fn unanswered_notice(&self, recipient: RecipientId) -> Option<MessageKey> {
        let is_open = |it: &Handover| it.notice.is_some() && it.stage == HandoverStage::Unanswered && it.recipients.contains(&recipient);
        self.handovers().find(|(_, handover)| is_open(handover)).map(|(key, _)| key)
    }

    pub(super) fn handover_begun(&mut self, event: HandoverBegun, stamp: Stamp) -> Fit {
        require(event.recipients.is_empty() == event.duty.is_some(), "it names no recipient, or one that it does not ask")?;
        require(!self.by_message.contains_key(&event.message), "a communication with this Message-ID is there already")?;
        for id in &event.recipients {
            let recipient = self.recipient(*id).filter(|recipient| !recipient.removed).ok_or("there is no such recipient")?;
            if event.purpose == Purpose::Letter {
                let campaign = self.campaign(recipient.campaign).ok_or("there is no such campaign")?;
                require(matches!(campaign.stage, Stage::Sending | Stage::Open | Stage::Paused), "the campaign is not on its way")?;
                // The same message may be handed over again; another letter must wait until it is known what became of it.
                require(self.unanswered_letter(*id).is_none_or(|other| other == event.message), "it is not known whether the letter before it went")?;
            }
        }
        require(event.answers.is_none_or(|id| self.communication(id).is_some()), "there is no such communication")?;
        let is_reminder = event.chaser.is_some() != event.duty.is_some();
        require(is_reminder == (event.purpose == Purpose::Chaser), "a reminder is named if, and only if, it is one")?;
        if let Some(body) = event.duty {
            let approved = self.duty_reminder(body).is_some_and(|reminder| reminder.approved_by.is_some());
            require(approved && event.chaser.is_none() && event.notice.is_none(), "no reminder to that body was approved")?;
            require(self.unanswered_duty_reminder(body).is_none_or(|other| other == event.message), "it is not known whether the reminder went")?;
        }
        if let Some(id) = event.chaser {
            let state = self.chaser(id).map(|chaser| &chaser.state);
            require(matches!(state, Some(ChaserState::Approved { .. })), "the chaser was not approved")?;
            require(self.unanswered_chaser(id).is_none_or(|other| other == event.message), "it is not known whether the chaser went")?;
        }
        if event.notice.is_some() {
            require(event.purpose == Purpose::Notice && event.recipients.len() == 1, "a notice goes to one recipient")?;
            let unknown = event.recipients.iter().find_map(|id| self.unanswered_notice(*id));
            require(unknown.is_none_or(|other| other == event.message), "it is not known whether the notice before it went")?;
        }
        let (n_before, contact) = match self.handovers.get(&event.message) {
            None => (0, event.duty.and_then(|body| addressee_of_duties(self, body))),
            Some(before) => {
                let again = matches!(before.stage, HandoverStage::Unanswered | HandoverStage::RefusedForNow { .. });
                require(again, "the message is settled")?;
                let same = before.content == event.content
                    && before.purpose == event.purpose
                    && before.recipients == event.recipients
                    && before.answers == event.answers
                    && before.chaser == event.chaser
                    && before.duty == event.duty
                    && before.notice == event.notice;
                require(same, "the message of this Message-ID is another one")?;
                (before.n_begun, before.contact)
            }
        };
        self.handovers.insert(
            event.message,
            Handover {
                purpose: event.purpose,
                recipients: event.recipients,
                answers: event.answers,
                chaser: event.chaser,
                duty: event.duty,
                contact,
                notice: event.notice,
                content: event.content,
                stage: HandoverStage::Unanswered,
                begun: stamp.at,
                n_begun: n_before.saturating_add(1),
                by: stamp.by,
                version: stamp.seq,
            },
        );
        Ok(())
    }

    pub(super) fn handover_refused(&mut self, event: HandoverRefused, stamp: Stamp) -> Fit {
        let handover = self.handovers.get_mut(&event.message).ok_or(NO_HANDOVER)?;
        require(handover.stage == HandoverStage::Unanswered, "the handover was answered already")?;
        let code = event.code;
        handover.stage = if event.for_good { HandoverStage::RefusedForGood { code } } else { HandoverStage::RefusedForNow { code } };
        handover.version = stamp.seq;
        if event.for_good && event.of_address {
            let (contact, recipients) = (handover.contact, handover.recipients.clone());
            self.set_contact(contact, ContactStatus::Good, ContactStatus::Bounced, stamp);
            for recipient in recipients {
                self.bounce_contact(recipient, stamp);
            }
        }
        Ok(())
    }

    pub(super) fn handover_given_up(&mut self, event: HandoverGivenUp, stamp: Stamp) -> Fit {
        let handover = self.handovers.get_mut(&event.message).ok_or(NO_HANDOVER)?;
        require(!handover.stage.is_settled(), "the message is settled")?;
        handover.stage = HandoverStage::GivenUp { reason: event.reason };
        handover.version = stamp.seq;
        Ok(())
    }

    /// A message that went out is the one that was handed over, if one of its Message-ID was.
    pub(super) fn fits_its_handover(&self, event: &CommunicationSent) -> Fit {
        let Some(handover) = event.message.and_then(|key| self.handover(key)) else { return Ok(()) };
        let same = Some(handover.content) == event.content && handover.purpose == event.purpose && handover.recipients == event.recipients;
        require(same, "the message that was handed over is another one")
    }

    /// What went out is settled, also when it had been given up for lost.
    pub(super) fn handover_accepted(&mut self, event: &CommunicationSent, stamp: Stamp) {
        if let Some(handover) = event.message.and_then(|key| self.handovers.get_mut(&key)) {
            handover.stage = HandoverStage::Accepted { communication: event.communication };
            handover.version = stamp.seq;
        }
    }

    /// Whether a letter of a campaign may be out without anybody knowing.
    pub(super) fn may_be_out(&self, campaign: CampaignId) -> bool {
        self.recipients_of(campaign).any(|(id, _)| self.unanswered_letter(id).is_some())
    }

    /// Letters that the server had not taken, and that are not to go any more, are not handed over again.
    pub(super) fn letters_given_up(&mut self, recipients: &[RecipientId], reason: &crate::exchange::words::Remark, stamp: Stamp) {
        let still_to_go = |it: &Handover| it.purpose == Purpose::Letter && matches!(it.stage, HandoverStage::RefusedForNow { .. });
        for handover in self.handovers.values_mut().filter(|it| still_to_go(it) && it.recipients.iter().any(|id| recipients.contains(id))) {
            handover.stage = HandoverStage::GivenUp { reason: reason.clone() };
            handover.version = stamp.seq;
        }
    }
}
