//! Events of bodies that do not answer.

use super::{Fit, Stamp, State, require};
use crate::exchange::campaign::Recipient;
use crate::exchange::communication::Purpose;
use crate::exchange::event::{NonResponseContested, NonResponseDelisted, NonResponseListed, NonResponseNotified, NonResponseSettled};
use crate::exchange::id::RecipientId;
use crate::exchange::moment::Day;
use crate::exchange::non_response::{NonResponse, Notice};

const NO_RECIPIENT: &str = "there is no such recipient";

impl Recipient {
    /// Whether something that was sent to it is still to come.
    pub fn is_waited_for(&self) -> bool {
        self.asks().any(|(_, ask)| ask.is_waiting())
    }
}

impl State {
    fn silent_mut(&mut self, id: RecipientId) -> Result<&mut Recipient, &'static str> {
        self.recipients.get_mut(id.index()).filter(|recipient| !recipient.removed).ok_or(NO_RECIPIENT)
    }

    /// With its first answer a body is named no longer, nor with nothing left to wait for; nobody need remember it.
    pub(super) fn delist_if_answered(&mut self, id: RecipientId, on: Day) {
        let Some(recipient) = self.recipients.get_mut(id.index()) else { return };
        let answered = recipient.has_answered();
        if !answered && recipient.is_waited_for() {
            return;
        }
        match recipient.non_response {
            NonResponse::Listed { .. } => recipient.non_response = NonResponse::Delisted { on, answered },
            NonResponse::NoticeSent(_) | NonResponse::Contested { .. } => recipient.non_response = NonResponse::None,
            NonResponse::None | NonResponse::Delisted { .. } => {}
        }
    }

    pub(super) fn non_response_notified(&mut self, event: NonResponseNotified, stamp: Stamp) -> Fit {
        let notice = self.communication(event.communication).ok_or("there is no such communication")?;
        let is_notice = notice.purpose == Some(Purpose::Notice) && notice.recipients.contains(&event.recipient);
        require(is_notice, "the communication is no notice to that recipient")?;
        let recipient = self.silent_mut(event.recipient)?;
        require(recipient.is_waited_for(), "nothing is waited for")?;
        require(matches!(recipient.non_response, NonResponse::None | NonResponse::Delisted { .. }), "a notice is out already")?;
        let notice = Notice { communication: event.communication, evidence: event.evidence, reply_by: event.reply_by };
        (recipient.non_response, recipient.version) = (NonResponse::NoticeSent(notice), stamp.seq);
        Ok(())
    }

    pub(super) fn non_response_contested(&mut self, event: NonResponseContested, stamp: Stamp) -> Fit {
        let recipient = self.silent_mut(event.recipient)?;
        let notice = match recipient.non_response {
            // Named already: it comes off the list until somebody has looked.
            NonResponse::NoticeSent(notice) | NonResponse::Listed { notice, .. } => notice,
            _ => return Err("there is nothing to contest"),
        };
        (recipient.non_response, recipient.version) = (NonResponse::Contested { reason: event.reason, notice }, stamp.seq);
        Ok(())
    }

    pub(super) fn non_response_settled(&mut self, event: NonResponseSettled, stamp: Stamp) -> Fit {
        let recipient = self.silent_mut(event.recipient)?;
        let NonResponse::Contested { notice, .. } = recipient.non_response else { return Err("nothing is contested") };
        let delisted = NonResponse::Delisted { on: stamp.at.day_in_london(), answered: false };
        recipient.non_response = if event.body_was_right { delisted } else { NonResponse::NoticeSent(notice) };
        recipient.version = stamp.seq;
        // Whoever settles it has looked at what the body wrote.
        self.replies_were_read(event.recipient);
        Ok(())
    }

    pub(super) fn non_response_listed(&mut self, event: NonResponseListed, stamp: Stamp) -> Fit {
        let recipient = self.silent_mut(event.recipient)?;
        let NonResponse::NoticeSent(notice) = recipient.non_response else { return Err("no notice is out, or it is contested") };
        require(event.on > notice.reply_by, "its time to reply is not over")?;
        require(recipient.is_waited_for(), "nothing is waited for")?;
        require(!recipient.has_answered(), "it has answered")?;
        (recipient.non_response, recipient.version) = (NonResponse::Listed { on: event.on, notice }, stamp.seq);
        Ok(())
    }

    pub(super) fn non_response_delisted(&mut self, event: NonResponseDelisted, stamp: Stamp) -> Fit {
        let recipient = self.silent_mut(event.recipient)?;
        require(matches!(recipient.non_response, NonResponse::Listed { .. }), "it is not listed")?;
        (recipient.non_response, recipient.version) = (NonResponse::Delisted { on: event.on, answered: false }, stamp.seq);
        Ok(())
    }
}
