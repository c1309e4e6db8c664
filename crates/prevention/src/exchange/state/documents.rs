//! Events of submissions, documents and their way to the public.

use super::{Fit, Stamp, State, next_on, require};
use crate::exchange::document::{ReceivedDocument, Screening, Submission};
use crate::exchange::event::{
    DocumentAssigned, DocumentDescribed, DocumentHeld, DocumentPublished, DocumentReceived, DocumentReleased, DocumentReturnedDestroyed,
    DocumentScreened, DocumentScreening, LeakChecked, PublicationApproved, PublicationDrafted, PublicationEmbargoed, PublicationErased,
    PublicationPermitted, PublicationReturned, PublicationWithdrawn, SubmissionReceived, WordsCleared,
};
use crate::exchange::id::{AskId, BlobHash, DocumentId};
use crate::exchange::publication::{PublicStep, PublicationState, Publishing};

const NO_DOCUMENT: &str = "there is no such document";
const NOT_READABLE: &str = "the document is not screened, or is held";

impl State {
    fn document_mut(&mut self, id: DocumentId) -> Result<&mut ReceivedDocument, &'static str> {
        self.documents.get_mut(id.index()).ok_or(NO_DOCUMENT)
    }

    /// Changes the publication of a document that people may read and that was not erased.
    fn publication_step(&mut self, id: DocumentId, stamp: Stamp, step: impl FnOnce(&mut Publishing) -> Fit) -> Fit {
        let document = self.document_mut(id)?;
        require(document.screening.is_readable(), NOT_READABLE)?;
        require(!matches!(document.publication.state, PublicationState::Erased { .. }), "the document was erased")?;
        step(&mut document.publication)?;
        document.version = stamp.seq;
        Ok(())
    }

    pub(super) fn submission_received(&mut self, event: SubmissionReceived, stamp: Stamp) -> Fit {
        next_on(&self.submissions, event.submission.index())?;
        require(self.communication(event.communication).is_some(), "there is no such communication")?;
        require(event.recipients.iter().all(|id| self.recipient(*id).is_some()), "there is no such recipient")?;
        for id in &event.recipients {
            self.recipients[id.index()].version = stamp.seq;
        }
        self.submissions.push(Submission { communication: event.communication, recipients: event.recipients, documents: Vec::new() });
        Ok(())
    }

    pub(super) fn document_received(&mut self, event: DocumentReceived, stamp: Stamp) -> Fit {
        next_on(&self.documents, event.document.index())?;
        self.submissions.get_mut(event.submission.index()).ok_or("there is no such submission")?.documents.push(event.document);
        let same_as = self.by_original.get(&event.original).copied();
        self.by_original.entry(event.original).or_insert(event.document);
        self.documents.push(ReceivedDocument {
            submission: event.submission,
            original: event.original,
            same_as,
            kind: event.kind,
            language: event.language,
            title: None,
            dated: None,
            screening: Screening::Received,
            asks: Vec::new(),
            publication: Publishing::PRIVATE,
            version: stamp.seq,
        });
        Ok(())
    }

    pub(super) fn document_described(&mut self, event: DocumentDescribed, stamp: Stamp) -> Fit {
        let document = self.document_mut(event.document)?;
        (document.kind, document.language, document.title, document.dated) = (event.kind, event.language, Some(event.title), event.dated);
        document.version = stamp.seq;
        Ok(())
    }

    pub(super) fn document_screening(&mut self, event: DocumentScreening, stamp: Stamp) -> Fit {
        let document = self.document_mut(event.document)?;
        require(document.screening == Screening::Received, "the document was looked at already")?;
        document.screening = Screening::Screening;
        document.version = stamp.seq;
        Ok(())
    }

    pub(super) fn document_screened(&mut self, event: DocumentScreened, stamp: Stamp) -> Fit {
        let document = self.document_mut(event.document)?;
        require(matches!(document.screening, Screening::Received | Screening::Screening), "the document was looked at already")?;
        document.screening = if event.findings.is_empty() { Screening::Clean } else { Screening::Held { findings: event.findings, by: None } };
        document.version = stamp.seq;
        Ok(())
    }

    pub(super) fn document_held(&mut self, event: DocumentHeld, stamp: Stamp) -> Fit {
        require(!event.findings.is_empty(), "it says of nothing that it was found")?;
        let document = self.document_mut(event.document)?;
        require(!document.screening.is_destroyed(), "the document was destroyed")?;
        require(!document.publication.state.is_public(), "the document is public")?;
        document.screening = Screening::Held { findings: event.findings, by: Some(stamp.by) };
        // Let through, it goes the whole way again: what was approved was approved before this was found.
        (document.publication.rendition, document.publication.approved) = (None, None);
        document.publication.companions.clear();
        if !matches!(document.publication.state, PublicationState::Withdrawn { .. } | PublicationState::Erased { .. }) {
            let is_known = document.publication.permission.is_some();
            document.publication.state = if is_known { PublicationState::PermissionKnown } else { PublicationState::Private };
        }
        document.version = stamp.seq;
        Ok(())
    }

    pub(super) fn document_released(&mut self, event: DocumentReleased, stamp: Stamp) -> Fit {
        let document = self.document_mut(event.document)?;
        require(matches!(document.screening, Screening::Held { .. }), "the document is not held")?;
        document.screening = Screening::Released { by: stamp.by, reason: event.reason };
        document.version = stamp.seq;
        Ok(())
    }

    pub(super) fn document_returned_destroyed(&mut self, event: DocumentReturnedDestroyed, stamp: Stamp) -> Fit {
        let document = self.document_mut(event.document)?;
        require(matches!(document.screening, Screening::Held { .. }), "the document is not held")?;
        document.screening = Screening::ReturnedDestroyed { certificate: event.certificate };
        document.version = stamp.seq;
        Ok(())
    }

    pub(super) fn document_assigned(&mut self, event: DocumentAssigned, stamp: Stamp) -> Fit {
        let takes = |id: &AskId| {
            let recipient = self.recipient(id.recipient).filter(|recipient| !recipient.removed);
            let campaign = recipient.and_then(|recipient| self.campaign(recipient.campaign));
            self.ask(*id).is_some() && campaign.is_some_and(|campaign| campaign.stage.takes_answers())
        };
        // Of what is held or destroyed it can still be said that it does not answer something after all.
        let before = &self.documents.get(event.document.index()).ok_or(NO_DOCUMENT)?.asks;
        let takes_away = event.asks.iter().all(|id| before.contains(id));
        require(takes_away || event.asks.iter().all(takes), "there is no such ask, or its campaign takes no answers")?;
        let document = self.documents.get_mut(event.document.index()).ok_or(NO_DOCUMENT)?;
        require(document.screening.is_readable() || takes_away, NOT_READABLE)?;
        document.version = stamp.seq;
        let before = std::mem::replace(&mut document.asks, event.asks.clone());
        for id in before.into_iter().filter(|id| !event.asks.contains(id)) {
            if let Ok(ask) = self.ask_mut(id) {
                ask.documents.retain(|document| *document != event.document);
                ask.version = stamp.seq;
            }
        }
        for id in event.asks {
            let ask = self.ask_mut(id)?;
            if !ask.documents.contains(&event.document) {
                ask.documents.push(event.document);
            }
            ask.version = stamp.seq;
            self.recipients[id.recipient.index()].version = stamp.seq;
            self.delist_if_answered(id.recipient, stamp.at.day_in_london());
        }
        Ok(())
    }

    pub(super) fn publication_permitted(&mut self, event: PublicationPermitted, stamp: Stamp) -> Fit {
        require(event.basis.is_none_or(|id| self.communication(id).is_some()), "there is no such communication")?;
        self.publication_step(event.document, stamp, |publication| {
            require(!publication.state.is_public(), "the document is public: withdraw it first")?;
            publication.permission = Some(event.permission);
            // What was approved was approved under the permission of then.
            (publication.approved, publication.returned) = (None, None);
            publication.state = PublicationState::PermissionKnown;
            Ok(())
        })
    }

    pub(super) fn publication_drafted(&mut self, event: PublicationDrafted, stamp: Stamp) -> Fit {
        self.publication_step(event.document, stamp, |publication| {
            require(publication.permission.is_some_and(|permission| permission.opens()), "the body does not allow it")?;
            let is_twice = event.companions.iter().enumerate().any(|(at, it)| *it == event.rendition || event.companions[..at].contains(it));
            require(!is_twice, "a file is proposed twice")?;
            publication.rendition = Some(event.rendition);
            for file in [event.rendition].iter().chain(&event.companions) {
                if !publication.drafted.contains(file) {
                    publication.drafted.push(*file);
                }
            }
            publication.companions = event.companions;
            publication.checks.clear();
            publication.grounds = event.grounds;
            publication.drafted_by = Some(stamp.by);
            publication.returned = None;
            publication.approved = None;
            // A public document stays public while a correction is prepared.
            if !publication.state.is_public() {
                publication.state = PublicationState::RedactionDraft;
            }
            Ok(())
        })
    }

    pub(super) fn leak_checked(&mut self, event: LeakChecked, stamp: Stamp) -> Fit {
        self.publication_step(event.document, stamp, |publication| {
            publication.passed.retain(|passed| *passed != event.rendition);
            if event.passed {
                publication.passed.push(event.rendition);
            }
            let is_current = publication.rendition == Some(event.rendition) || publication.companions.contains(&event.rendition);
            if is_current && event.passed {
                publication.checks.push((event.rendition, event.method.clone()));
            }
            if is_current {
                publication.method = Some(event.method);
            }
            if is_current && !event.passed {
                publication.approved = None;
            }
            if is_current && !publication.state.is_public() && !matches!(publication.state, PublicationState::Withdrawn { .. }) {
                match (event.passed, &publication.state) {
                    (true, PublicationState::RedactionDraft) if !publication.has_passed() => {}
                    (true, PublicationState::RedactionDraft) => publication.state = PublicationState::LeakChecked,
                    (true, _) => {}
                    (false, _) => publication.state = PublicationState::RedactionDraft,
                }
            }
            Ok(())
        })
    }

    pub(super) fn publication_approved(&mut self, event: PublicationApproved, stamp: Stamp) -> Fit {
        self.publication_step(event.document, stamp, |publication| {
            require(publication.rendition == Some(event.rendition), "that rendition is not the one in hand")?;
            require(publication.has_passed(), "that rendition has not passed the leak check")?;
            require(publication.drafted_by.is_some_and(|drafter| drafter != stamp.by), "nobody approves their own rendition")?;
            publication.approved = Some((event.rendition, stamp.by));
            if !publication.state.is_public() {
                publication.state = PublicationState::Approved;
            }
            Ok(())
        })
    }

    pub(super) fn words_cleared(&mut self, event: WordsCleared, stamp: Stamp) -> Fit {
        let (text, typed_by) = self.free_words(event.words).ok_or("there are no such words")?;
        require(BlobHash::of(text.as_str().as_bytes()) == event.text, "the words are not those that were read")?;
        require(typed_by != stamp.by, "nobody clears their own words")?;
        self.cleared_words.insert((event.words, event.text));
        Ok(())
    }

    pub(super) fn publication_returned(&mut self, event: PublicationReturned, stamp: Stamp) -> Fit {
        self.publication_step(event.document, stamp, |publication| {
            require(publication.is_proposed(), "nothing is proposed")?;
            (publication.rendition, publication.approved, publication.drafted_by) = (publication.public, None, None);
            publication.companions.clone_from(&publication.public_companions);
            publication.grounds.clone_from(&publication.public_grounds);
            publication.returned = Some(event.reason);
            // What is public stays, though its correction was sent back.
            if !publication.state.is_public() {
                publication.state = PublicationState::PermissionKnown;
            }
            Ok(())
        })
    }

    pub(super) fn publication_embargoed(&mut self, event: PublicationEmbargoed, stamp: Stamp) -> Fit {
        self.publication_step(event.document, stamp, |publication| {
            let waits = matches!(publication.state, PublicationState::Approved | PublicationState::Embargoed { .. });
            require(waits && publication.approved.is_some(), "it is not approved")?;
            publication.state = PublicationState::Embargoed { until: event.until };
            Ok(())
        })
    }

    pub(super) fn document_published(&mut self, event: DocumentPublished, stamp: Stamp) -> Fit {
        self.publication_step(event.document, stamp, |publication| {
            require(publication.is_cleared(event.rendition), "that rendition is not leak-checked, approved and allowed")?;
            if let PublicationState::Embargoed { until } = publication.state {
                require(event.on >= until, "it is under embargo")?;
            }
            let step = PublicStep { on: event.on, before: publication.public, after: Some(event.rendition), why: event.notice.clone() };
            publication.state = match (publication.public, event.notice) {
                (None, None) => PublicationState::Published { on: event.on },
                (Some(before), Some(notice)) if before != event.rendition => PublicationState::Corrected { on: event.on, notice },
                (None, Some(_)) => return Err("there is nothing to correct"),
                _ => return Err("a correction is another rendition, and says what was wrong"),
            };
            publication.public = Some(event.rendition);
            publication.public_companions.clone_from(&publication.companions);
            publication.public_grounds.clone_from(&publication.grounds);
            publication.steps.push(step);
            Ok(())
        })?;
        let document = self.document_mut(event.document)?;
        if document.publication.named.is_none() {
            document.publication.named = document.title.clone();
        }
        Ok(())
    }

    pub(super) fn publication_withdrawn(&mut self, event: PublicationWithdrawn, stamp: Stamp) -> Fit {
        self.publication_step(event.document, stamp, |publication| {
            require(publication.state.is_public(), "it is not public")?;
            let why = Some(event.explanation.clone());
            publication.steps.push(PublicStep { on: event.on, before: publication.public, after: None, why });
            publication.state = PublicationState::Withdrawn { on: event.on, explanation: event.explanation };
            (publication.public, publication.approved) = (None, None);
            publication.public_companions.clear();
            publication.public_grounds.clear();
            Ok(())
        })
    }

    pub(super) fn publication_erased(&mut self, event: PublicationErased, stamp: Stamp) -> Fit {
        let document = self.document_mut(event.document)?;
        let publication = &mut document.publication;
        publication.state = PublicationState::Erased { ground: event.ground };
        (publication.public, publication.approved) = (None, None);
        publication.public_companions.clear();
        publication.public_grounds.clear();
        document.title = None;
        document.version = stamp.seq;
        Ok(())
    }
}
