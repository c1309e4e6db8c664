//! Events of what went out and came in, and of chasers.

use super::{Fit, Stamp, State, next_on, require};
use crate::exchange::ask::{AskStatus, Proof};
use crate::exchange::body::ContactStatus;
use crate::exchange::campaign::Stage;
use crate::exchange::clock::Start;
use crate::exchange::communication::{Chaser, ChaserState, Communication, DeliveryOutcome, Destroyed, Direction, Placement, Purpose};
use crate::exchange::document::Screening;
use crate::exchange::event::{
    ChaserApproved, ChaserDropped, ChaserProposed, ChaserRewritten, ChaserSent, CommunicationDealtWith, CommunicationDestroyed, CommunicationHeld,
    CommunicationPlaced, CommunicationReceived, CommunicationReduced, CommunicationReleased, CommunicationSent, CommunicationSetAside,
    DeliveryRecorded,
};
use crate::exchange::id::{AskId, CommunicationId, ContactId, ItemId, MessageKey, RecipientId};
use crate::exchange::letter::due::given_before;
use crate::exchange::moment::Day;

const NO_COMMUNICATION: &str = "there is no such communication";
const NO_RECIPIENT: &str = "there is no such recipient";
const NO_CHASER: &str = "there is no such chaser";

impl State {
    fn recipients_are_there(&self, recipients: &[RecipientId]) -> Fit {
        require(recipients.iter().all(|id| self.recipient(*id).is_some_and(|recipient| !recipient.removed)), NO_RECIPIENT)
    }

    fn message_is_new(&self, message: Option<MessageKey>) -> Fit {
        require(message.is_none_or(|key| !self.by_message.contains_key(&key)), "a communication with this Message-ID is there already")
    }

    pub(super) fn communication_sent(&mut self, event: CommunicationSent, stamp: Stamp) -> Fit {
        next_on(&self.communications, event.communication.index())?;
        require(!event.recipients.is_empty(), "it names no recipient")?;
        self.recipients_are_there(&event.recipients)?;
        self.message_is_new(event.message)?;
        require(event.answers.is_none_or(|id| self.communication(id).is_some()), NO_COMMUNICATION)?;
        self.fits_its_handover(&event)?;
        if event.purpose == Purpose::Letter {
            // What was begun while the campaign was on its way did go out, even if it is known only after it was closed.
            let was_begun = event.message.is_some_and(|key| self.handover(key).is_some());
            for id in &event.recipients {
                let stage = self.recipient(*id).and_then(|recipient| self.campaign(recipient.campaign)).map(|campaign| campaign.stage);
                let is_over = matches!(stage, Some(Stage::Closed | Stage::Archived));
                let on_its_way = matches!(stage, Some(Stage::Sending | Stage::Open | Stage::Paused));
                require(on_its_way || (was_begun && is_over), "the campaign is not on its way")?;
                require(self.recipient(*id).is_some_and(|recipient| recipient.joining.is_none()), "nobody has approved its letter")?;
            }
        }
        let is_letter = event.purpose == Purpose::Letter;
        let until = event.recipients.iter().filter(|_| is_letter).filter_map(|id| Some((*id, given_before(self.recipient(*id)?)?))).collect();
        for id in &event.recipients {
            match event.purpose {
                Purpose::Letter => self.letter_went_out(*id, event.communication, event.on, stamp),
                Purpose::Chaser => self.recipients[id.index()].last_chased = Some(event.on),
                _ => {}
            }
            self.recipients[id.index()].version = stamp.seq;
        }
        if let Some(key) = event.message {
            self.by_message.insert(key, event.communication);
        }
        self.handover_accepted(&event, stamp);
        let contacts = event.recipients.iter().filter_map(|id| Some((*id, self.recipient(*id)?.contact?))).collect();
        self.communications.push(Communication {
            direction: Direction::Out,
            channel: event.channel,
            purpose: Some(event.purpose),
            on: event.on,
            recipients: event.recipients,
            message: event.message,
            answers: event.answers,
            content: event.content,
            placement: Placement::Placed,
            screening: Screening::Received,
            destroyed: Vec::new(),
            contacts,
            also: event.also,
            until,
            deliveries: Vec::new(),
            by: stamp.by,
            version: stamp.seq,
        });
        Ok(())
    }

    fn letter_went_out(&mut self, id: RecipientId, communication: CommunicationId, on: Day, stamp: Stamp) {
        let clock = self.recipient(id).and_then(|recipient| self.campaign(recipient.campaign)).map(|campaign| campaign.brief.clock);
        let recipient = &mut self.recipients[id.index()];
        (recipient.letter_sent, recipient.letter, recipient.held_back) = (Some(on), Some(communication), None);
        for ask in recipient.asks.iter_mut().flatten().filter(|ask| matches!(ask.status, AskStatus::NotSent | AskStatus::Bounced)) {
            ask.status = AskStatus::Sent;
            // Sent again after a bounce, the clock starts again: the first letter never arrived.
            ask.started = clock.and_then(|clock| clock.begins(on));
            ask.is_deemed = ask.started.is_some() && clock.is_some_and(|clock| clock.starts_on_arrival());
            ask.touch(Some(Proof::Communication(communication)), stamp);
        }
    }

    pub(super) fn communication_received(&mut self, event: CommunicationReceived, stamp: Stamp) -> Fit {
        next_on(&self.communications, event.communication.index())?;
        self.recipients_are_there(&event.recipients)?;
        self.message_is_new(event.message)?;
        require(event.answers.is_none_or(|id| self.communication(id).is_some()), NO_COMMUNICATION)?;
        require(event.recipients.is_empty() != event.held.is_empty(), "it is either placed or held")?;
        for id in &event.recipients {
            self.recipients[id.index()].version = stamp.seq;
            self.new_replies.insert((*id, event.communication));
        }
        if let Some(key) = event.message {
            self.by_message.insert(key, event.communication);
        }
        self.communications.push(Communication {
            direction: Direction::In,
            channel: event.channel,
            purpose: None,
            on: event.on,
            recipients: event.recipients,
            message: event.message,
            answers: event.answers,
            content: event.content,
            placement: if event.held.is_empty() { Placement::Placed } else { Placement::Held(event.held) },
            screening: Screening::Received,
            destroyed: Vec::new(),
            contacts: Vec::new(),
            also: Vec::new(),
            until: Vec::new(),
            deliveries: Vec::new(),
            by: stamp.by,
            version: stamp.seq,
        });
        Ok(())
    }

    pub(super) fn communication_placed(&mut self, event: CommunicationPlaced, stamp: Stamp) -> Fit {
        require(!event.recipients.is_empty(), "it names no recipient")?;
        self.recipients_are_there(&event.recipients)?;
        let communication = self.communications.get_mut(event.communication.index()).ok_or(NO_COMMUNICATION)?;
        require(communication.direction == Direction::In, "what went out is placed already")?;
        communication.placement = Placement::Placed;
        let before = std::mem::replace(&mut communication.recipients, event.recipients.clone());
        communication.version = stamp.seq;
        // The files that came with it are from the same bodies.
        for submission in self.submissions.iter_mut().filter(|submission| submission.communication == event.communication) {
            submission.recipients = event.recipients.clone();
        }
        for id in before {
            self.new_replies.remove(&(id, event.communication));
        }
        for id in event.recipients {
            self.recipients[id.index()].version = stamp.seq;
            self.new_replies.insert((id, event.communication));
        }
        Ok(())
    }

    pub(super) fn communication_dealt_with(&mut self, event: CommunicationDealtWith, stamp: Stamp) -> Fit {
        let communication = self.communications.get_mut(event.communication.index()).ok_or(NO_COMMUNICATION)?;
        communication.version = stamp.seq;
        for id in communication.recipients.clone() {
            self.new_replies.remove(&(id, event.communication));
        }
        Ok(())
    }

    /// Somebody said how the asks of a recipient stand: what came from it until then has been read.
    pub(super) fn replies_were_read(&mut self, recipient: RecipientId) {
        let of_recipient = (recipient, CommunicationId(0))..=(recipient, CommunicationId(u32::MAX));
        let read: Vec<_> = self.new_replies.range(of_recipient).copied().collect();
        for reply in &read {
            self.new_replies.remove(reply);
        }
    }

    pub(super) fn communication_set_aside(&mut self, event: CommunicationSetAside, stamp: Stamp) -> Fit {
        let communication = self.communications.get_mut(event.communication.index()).ok_or(NO_COMMUNICATION)?;
        require(matches!(communication.placement, Placement::Held(_)), "it does not wait in the holding list")?;
        communication.placement = Placement::SetAside(event.reason);
        communication.version = stamp.seq;
        Ok(())
    }

    pub(super) fn communication_held(&mut self, event: CommunicationHeld, stamp: Stamp) -> Fit {
        require(!event.findings.is_empty(), "it says of nothing that it was found")?;
        let communication = self.communications.get_mut(event.communication.index()).ok_or(NO_COMMUNICATION)?;
        require(communication.direction == Direction::In, "it is a message of ours")?;
        require(!communication.screening.is_destroyed(), "it was destroyed")?;
        communication.screening = Screening::Held { findings: event.findings, by: Some(stamp.by) };
        communication.version = stamp.seq;
        Ok(())
    }

    pub(super) fn communication_released(&mut self, event: CommunicationReleased, stamp: Stamp) -> Fit {
        let communication = self.communications.get_mut(event.communication.index()).ok_or(NO_COMMUNICATION)?;
        require(matches!(communication.screening, Screening::Held { .. }), "what it says is not held")?;
        communication.screening = Screening::Released { by: stamp.by, reason: event.reason };
        communication.version = stamp.seq;
        Ok(())
    }

    pub(super) fn communication_destroyed(&mut self, event: CommunicationDestroyed, stamp: Stamp) -> Fit {
        let communication = self.communications.get_mut(event.communication.index()).ok_or(NO_COMMUNICATION)?;
        require(matches!(communication.screening, Screening::Held { .. }), "what it says is not held")?;
        let certificate = event.certificate;
        communication.destroyed.extend(communication.content.take().map(|content| Destroyed { content, certificate }));
        communication.screening = Screening::ReturnedDestroyed { certificate };
        communication.version = stamp.seq;
        Ok(())
    }

    pub(super) fn communication_reduced(&mut self, event: CommunicationReduced, stamp: Stamp) -> Fit {
        let communication = self.communications.get_mut(event.communication.index()).ok_or(NO_COMMUNICATION)?;
        require(communication.direction == Direction::In, "it is a message of ours")?;
        require(communication.content != event.content, "what is kept of it is the same as before")?;
        let before = std::mem::replace(&mut communication.content, event.content);
        communication.destroyed.extend(before.map(|content| Destroyed { content, certificate: event.certificate }));
        communication.version = stamp.seq;
        Ok(())
    }

    pub(super) fn delivery_recorded(&mut self, event: DeliveryRecorded, stamp: Stamp) -> Fit {
        let communication = self.communications.get_mut(event.communication.index()).ok_or(NO_COMMUNICATION)?;
        let ours = communication.direction == Direction::Out && communication.recipients.contains(&event.recipient);
        require(ours, "it did not go out to that recipient")?;
        communication.deliveries.push((event.recipient, event.outcome));
        communication.version = stamp.seq;
        let contact = communication.contacts.iter().find(|(to, _)| *to == event.recipient).map(|(_, contact)| *contact);
        let is_letter = communication.purpose == Some(Purpose::Letter);
        // What becomes of an older letter says nothing of the one that was sent after it.
        let is_newest = self.recipient(event.recipient).is_some_and(|recipient| recipient.letter == Some(event.communication));
        let proof = Some(Proof::Communication(event.communication));
        if is_letter && is_newest {
            let start =
                self.recipient(event.recipient).and_then(|recipient| self.campaign(recipient.campaign)).map(|campaign| campaign.brief.clock.start);
            let recipient = &mut self.recipients[event.recipient.index()];
            for ask in recipient.asks.iter_mut().flatten() {
                match event.outcome {
                    DeliveryOutcome::Delivered if ask.status == AskStatus::Sent => {
                        ask.status = AskStatus::Delivered;
                        if matches!(start, Some(Start::Delivered | Start::Received)) {
                            (ask.started, ask.is_deemed) = (Some(event.on), false);
                        }
                        ask.touch(proof, stamp);
                    }
                    DeliveryOutcome::Bounced if matches!(ask.status, AskStatus::Sent | AskStatus::Delivered) => {
                        ask.status = AskStatus::Bounced;
                        ask.touch(proof, stamp);
                    }
                    _ => {}
                }
            }
            recipient.version = stamp.seq;
        }
        match event.outcome {
            DeliveryOutcome::Bounced => self.set_contact(contact, ContactStatus::Good, ContactStatus::Bounced, stamp),
            DeliveryOutcome::Delivered => self.set_contact(contact, ContactStatus::Bounced, ContactStatus::Good, stamp),
        }
        Ok(())
    }

    pub(super) fn bounce_contact(&mut self, recipient: RecipientId, stamp: Stamp) {
        let contact = self.recipient(recipient).and_then(|recipient| recipient.contact);
        self.set_contact(contact, ContactStatus::Good, ContactStatus::Bounced, stamp);
    }

    pub(super) fn set_contact(&mut self, contact: Option<ContactId>, from: ContactStatus, to: ContactStatus, stamp: Stamp) {
        if let Some(contact) = contact.and_then(|id| self.contacts.get_mut(id.index())).filter(|contact| contact.status == from) {
            contact.status = to;
            contact.version = stamp.seq;
        }
    }

    pub(super) fn chaser_proposed(&mut self, event: ChaserProposed, stamp: Stamp) -> Fit {
        next_on(&self.chasers, event.chaser.index())?;
        require(!event.asks.is_empty(), "it names no ask")?;
        let of_body = |id: &AskId| self.recipient(id.recipient).is_some_and(|recipient| recipient.body == event.body) && self.ask(*id).is_some();
        require(event.asks.iter().all(of_body), "an ask is not of that body")?;
        self.chasers.push(Chaser {
            body: event.body,
            asks: event.asks,
            text: event.text,
            proposed_by: stamp.by,
            state: ChaserState::Proposed,
            version: stamp.seq,
        });
        Ok(())
    }

    pub(super) fn chaser_rewritten(&mut self, event: ChaserRewritten, stamp: Stamp) -> Fit {
        let chaser = self.chasers.get_mut(event.chaser.index()).ok_or(NO_CHASER)?;
        require(chaser.state == ChaserState::Proposed, "the chaser is not waiting for approval")?;
        (chaser.text, chaser.proposed_by, chaser.version) = (event.text, stamp.by, stamp.seq);
        Ok(())
    }

    pub(super) fn chaser_approved(&mut self, event: ChaserApproved, stamp: Stamp) -> Fit {
        let chaser = self.chasers.get_mut(event.chaser.index()).ok_or(NO_CHASER)?;
        require(chaser.state == ChaserState::Proposed, "the chaser is not waiting for approval")?;
        require(chaser.text == event.text, "the text is not the one that was approved")?;
        require(chaser.proposed_by != stamp.by, "nobody approves their own chaser")?;
        chaser.state = ChaserState::Approved { by: stamp.by };
        chaser.version = stamp.seq;
        Ok(())
    }

    pub(super) fn chaser_dropped(&mut self, event: ChaserDropped, stamp: Stamp) -> Fit {
        require(self.unanswered_chaser(event.chaser).is_none(), "it is not known whether the chaser went")?;
        let chaser = self.chasers.get_mut(event.chaser.index()).ok_or(NO_CHASER)?;
        require(matches!(chaser.state, ChaserState::Proposed | ChaserState::Approved { .. }), "the chaser is out or dropped already")?;
        chaser.state = ChaserState::Dropped { reason: event.reason };
        chaser.version = stamp.seq;
        Ok(())
    }

    pub(super) fn chaser_sent(&mut self, event: ChaserSent, stamp: Stamp) -> Fit {
        let sent = self.communication(event.communication).ok_or(NO_COMMUNICATION)?;
        require(sent.purpose == Some(Purpose::Chaser), "the communication is no chaser")?;
        let chaser = self.chasers.get_mut(event.chaser.index()).ok_or(NO_CHASER)?;
        require(matches!(chaser.state, ChaserState::Approved { .. }), "the chaser was not approved")?;
        chaser.state = ChaserState::Sent { communication: event.communication };
        chaser.version = stamp.seq;
        let mut recipients: Vec<RecipientId> = chaser.asks.iter().map(|AskId { recipient, item: ItemId(_) }| *recipient).collect();
        recipients.dedup();
        for id in recipients {
            self.recipients[id.index()].last_chased = Some(event.on);
            self.recipients[id.index()].version = stamp.seq;
        }
        Ok(())
    }
}
