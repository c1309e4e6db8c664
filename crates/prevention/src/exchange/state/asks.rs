//! Events of asks, and what follows from them.

use super::{Fit, Stamp, State, require};
use crate::exchange::ask::{Ask, AskStatus, Extension, Promise, Proof};
use crate::exchange::clock::{Pause, Start};
use crate::exchange::event::{AskClarified, AskDescribed, AskExtended, AskReopened};
use crate::exchange::id::{AskId, RecipientId};
use crate::exchange::moment::Day;

const NO_ASK: &str = "there is no such ask";

impl Ask {
    /// Ends a pause that is still open.
    fn run_again(&mut self, on: Day) {
        if let Some(open) = self.pauses.iter_mut().find(|pause| pause.until.is_none()) {
            open.until = Some(on.max(open.from));
        }
        self.before_clarification = None;
    }

    fn take_status(&mut self, status: AskStatus, on: Day, proof: Option<Proof>, start: Start, stamp: Stamp) {
        let was_stopped = self.status == AskStatus::ClarificationAsked;
        // What they say of the future does not stop their question from being open.
        if was_stopped && !matches!(status, AskStatus::Promised { .. }) {
            self.run_again(on);
        }
        match &status {
            AskStatus::Delivered if matches!(start, Start::Delivered | Start::Received) => (self.started, self.is_deemed) = (Some(on), false),
            // Whoever says that they have it had it that day at the latest, whatever is deemed.
            AskStatus::Acknowledged
                if matches!(start, Start::Delivered | Start::Received) && self.started.is_none_or(|started| self.is_deemed && on < started) =>
            {
                (self.started, self.is_deemed) = (Some(on), false);
            }
            AskStatus::Promised { until } => self.promise = Some(Promise { until: *until, given: on, proof }),
            AskStatus::ClarificationAsked => {
                self.pauses.push(Pause { from: on, until: None });
                self.before_clarification = Some(Box::new(self.status.clone()));
            }
            answer if answer.is_answer() => self.answered = Some(on),
            _ => {}
        }
        if let Some(Proof::Document(document)) = proof
            && !self.documents.contains(&document)
        {
            self.documents.push(document);
        }
        let keeps = matches!(status, AskStatus::Promised { .. }) && matches!(self.status, AskStatus::PartProvided | AskStatus::ClarificationAsked);
        if !keeps {
            self.status = status;
        }
        self.touch(proof, stamp);
    }

    pub(super) fn touch(&mut self, proof: Option<Proof>, stamp: Stamp) {
        (self.since, self.by, self.version) = (stamp.at, stamp.by, stamp.seq);
        self.proof = proof.or(self.proof);
    }
}

impl State {
    pub(super) fn ask_mut(&mut self, id: AskId) -> Result<&mut Ask, &'static str> {
        let recipient = self.recipients.get_mut(id.recipient.index()).filter(|recipient| !recipient.removed);
        recipient.and_then(|recipient| recipient.asks.get_mut(id.item.index())?.as_mut()).ok_or(NO_ASK)
    }

    /// Whether all these asks are there and each may take the step.
    fn all_may(&self, asks: &[AskId], may: impl Fn(&Ask) -> bool) -> Fit {
        require(!asks.is_empty(), "it names no ask")?;
        for id in asks {
            let recipient = self.recipient(id.recipient).filter(|recipient| !recipient.removed).ok_or(NO_ASK)?;
            let takes = self.campaign(recipient.campaign).is_some_and(|campaign| campaign.stage.takes_answers());
            require(takes, "the campaign takes no answers")?;
            require(may(self.ask(*id).ok_or(NO_ASK)?), "this does not follow from what is known of the ask")?;
        }
        Ok(())
    }

    fn start_of(&self, recipient: RecipientId) -> Start {
        let campaign = self.recipient(recipient).and_then(|recipient| self.campaign(recipient.campaign));
        campaign.map_or(Start::Sent, |campaign| campaign.brief.clock.start)
    }

    fn proof_is_there(&self, proof: Option<Proof>) -> bool {
        match proof {
            None => true,
            Some(Proof::Communication(id)) => self.communication(id).is_some(),
            // What is held may not be used.
            Some(Proof::Document(id)) => self.document(id).is_some_and(|document| document.screening.is_readable()),
        }
    }

    pub(super) fn ask_described(&mut self, event: AskDescribed, stamp: Stamp) -> Fit {
        self.all_may(&event.asks, |ask| ask.status.may_become(&event.status))?;
        require(self.proof_is_there(event.proof), "its proof is not there, or is held")?;
        if let AskStatus::Transferred { to } = event.status {
            require(self.body(to).is_some(), "there is no such body")?;
        }
        for id in &event.asks {
            let start = self.start_of(id.recipient);
            self.ask_mut(*id)?.take_status(event.status.clone(), event.on, event.proof, start, stamp);
        }
        event.asks.iter().for_each(|id| self.replies_were_read(id.recipient));
        if event.status == AskStatus::Bounced {
            event.asks.iter().for_each(|id| self.bounce_contact(id.recipient, stamp));
        }
        self.after_asks(&event.asks, event.on, stamp);
        Ok(())
    }

    pub(super) fn ask_extended(&mut self, event: AskExtended, stamp: Stamp) -> Fit {
        self.all_may(&event.asks, |ask| !ask.status.is_final())?;
        let given = stamp.at.day_in_london();
        for id in &event.asks {
            let ask = self.ask_mut(*id)?;
            ask.extended = Some(Extension { until: event.until, given, reason: event.reason.clone() });
            ask.touch(None, stamp);
        }
        self.after_asks(&event.asks, given, stamp);
        Ok(())
    }

    pub(super) fn ask_clarified(&mut self, event: AskClarified, stamp: Stamp) -> Fit {
        self.all_may(&event.asks, |ask| ask.status == AskStatus::ClarificationAsked)?;
        for id in &event.asks {
            let ask = self.ask_mut(*id)?;
            let back_to = ask.before_clarification.take().map_or(AskStatus::Acknowledged, |status| *status);
            ask.run_again(event.on);
            ask.status = back_to;
            ask.touch(None, stamp);
        }
        self.after_asks(&event.asks, event.on, stamp);
        Ok(())
    }

    pub(super) fn ask_reopened(&mut self, event: AskReopened, stamp: Stamp) -> Fit {
        self.all_may(&event.asks, |ask| !matches!(ask.status, AskStatus::NotSent | AskStatus::Sent))?;
        let on = stamp.at.day_in_london();
        for id in &event.asks {
            let was_sent = self.recipient(id.recipient).is_some_and(|recipient| recipient.letter_sent.is_some());
            let ask = self.ask_mut(*id)?;
            ask.run_again(on);
            ask.status = if was_sent { AskStatus::Sent } else { AskStatus::NotSent };
            (ask.answered, ask.promise) = (None, None);
            ask.touch(None, stamp);
        }
        event.asks.iter().for_each(|id| self.replies_were_read(id.recipient));
        self.after_asks(&event.asks, on, stamp);
        Ok(())
    }

    /// New versions for the recipients, and the list of silent bodies put right.
    pub(super) fn after_asks(&mut self, asks: &[AskId], on: Day, stamp: Stamp) {
        let mut last = None;
        for id in asks {
            if last != Some(id.recipient) {
                self.delist_if_answered(id.recipient, on);
                if let Some(recipient) = self.recipients.get_mut(id.recipient.index()) {
                    recipient.version = stamp.seq;
                }
            }
            last = Some(id.recipient);
        }
    }
}
