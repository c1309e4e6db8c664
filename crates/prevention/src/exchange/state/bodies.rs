//! Events of bodies and contacts.

use super::{Fit, Stamp, State, next_on, require};
use crate::exchange::body::{Body, Contact, ContactStatus};
use crate::exchange::event::{BodyChanged, BodyEntered, BodySucceeded, ContactEntered, ContactReplaced, ContactVerified};

const NO_BODY: &str = "there is no such body";
const NO_CONTACT: &str = "there is no such contact";

impl State {
    pub(super) fn body_entered(&mut self, event: BodyEntered, stamp: Stamp) -> Fit {
        next_on(&self.bodies, event.body.index())?;
        self.bodies.push(Body { entry: *event.entry, successor: None, contacts: Vec::new(), version: stamp.seq });
        Ok(())
    }

    pub(super) fn body_changed(&mut self, event: BodyChanged, stamp: Stamp) -> Fit {
        let body = self.bodies.get_mut(event.body.index()).ok_or(NO_BODY)?;
        body.entry = *event.entry;
        body.version = stamp.seq;
        Ok(())
    }

    pub(super) fn body_succeeded(&mut self, event: BodySucceeded, stamp: Stamp) -> Fit {
        require(event.by != event.body && self.body(event.by).is_some(), NO_BODY)?;
        let body = self.bodies.get_mut(event.body.index()).ok_or(NO_BODY)?;
        body.successor = Some((event.by, event.from));
        body.version = stamp.seq;
        Ok(())
    }

    pub(super) fn contact_entered(&mut self, event: ContactEntered, stamp: Stamp) -> Fit {
        next_on(&self.contacts, event.contact.index())?;
        let body = self.bodies.get_mut(event.body.index()).ok_or(NO_BODY)?;
        body.contacts.push(event.contact);
        body.version = stamp.seq;
        self.contacts.push(Contact {
            body: event.body,
            person: event.person,
            role: event.role,
            channel: event.channel,
            language: event.language,
            status: ContactStatus::Good,
            verified: None,
            version: stamp.seq,
        });
        Ok(())
    }

    pub(super) fn contact_verified(&mut self, event: ContactVerified, stamp: Stamp) -> Fit {
        let contact = self.contacts.get_mut(event.contact.index()).ok_or(NO_CONTACT)?;
        require(!matches!(contact.status, ContactStatus::Replaced { .. }), "the contact was replaced")?;
        contact.verified = Some(event.on);
        contact.status = ContactStatus::Good;
        contact.version = stamp.seq;
        Ok(())
    }

    pub(super) fn contact_replaced(&mut self, event: ContactReplaced, stamp: Stamp) -> Fit {
        let by = self.contact(event.by).ok_or(NO_CONTACT)?;
        let old = self.contact(event.contact).ok_or(NO_CONTACT)?;
        require(event.by != event.contact && by.body == old.body, "the new contact is at another body")?;
        require(!matches!(by.status, ContactStatus::Replaced { .. }), "the new contact was itself replaced")?;
        let old = self.contacts.get_mut(event.contact.index()).ok_or(NO_CONTACT)?;
        old.status = ContactStatus::Replaced { by: event.by };
        old.version = stamp.seq;
        // A corrected contact mends every request that is still open (muckrock#2226).
        for recipient in self.recipients.iter_mut().filter(|recipient| recipient.contact == Some(event.contact)) {
            let stage = self.campaigns.get(recipient.campaign.index()).map(|campaign| campaign.stage);
            if stage.is_some_and(|stage| stage < crate::exchange::campaign::Stage::Closed) {
                recipient.contact = Some(event.by);
                recipient.version = stamp.seq;
            }
        }
        Ok(())
    }
}
