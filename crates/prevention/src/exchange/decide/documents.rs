//! Taking in what came, screening it, and saying what it answers.

use super::correspondence::{Incoming, log_received};
use super::{Allowed, Order, ensure, next, only, there};
use crate::exchange::body::Language;
use crate::exchange::document::{DocumentKind, Screening, ScreeningFinding};
use crate::exchange::event::{
    DocumentAssigned, DocumentDescribed, DocumentReceived, DocumentReleased, DocumentReturnedDestroyed, DocumentScreened, DocumentScreening, Event,
    SubmissionReceived,
};
use crate::exchange::id::{AskId, BlobHash, CommunicationId, DocumentId, RecipientId, SubmissionId};
use crate::exchange::moment::Day;
use crate::exchange::state::State;
use crate::exchange::words::{Remark, Title};

/// A file as it came.
#[derive(Clone, Debug)]
pub struct NewDocument {
    /// Its hash.
    pub original: BlobHash,
    /// Its size.
    pub n_bytes: u64,
    /// Its kind, as far as it is known.
    pub kind: DocumentKind,
    /// Its language.
    pub language: Language,
}

/// Takes in the files of one communication, for recipients of any number of bodies and campaigns.
pub fn receive(state: &State, _order: &Order, communication: CommunicationId, recipients: Vec<RecipientId>, files: Vec<NewDocument>) -> Allowed {
    there(state.communication(communication), communication)?;
    ensure(!files.is_empty(), "there are no files", "choose at least one")?;
    for id in &recipients {
        there(state.recipient(*id).filter(|recipient| !recipient.removed), *id)?;
    }
    Ok(submitted(state, communication, recipients, files))
}

/// Logs something that came in together with its files, so that a reply never stands without them.
pub fn log_received_with(state: &State, order: &Order, received: Incoming, files: Vec<NewDocument>) -> Allowed {
    let (communication, recipients) = (CommunicationId(next(state.communications())), received.recipients.clone());
    let mut events = log_received(state, order, received)?;
    if !files.is_empty() {
        events.extend(submitted(state, communication, recipients, files));
    }
    Ok(events)
}

fn submitted(state: &State, communication: CommunicationId, recipients: Vec<RecipientId>, files: Vec<NewDocument>) -> Vec<Event> {
    let submission = SubmissionId(next(state.submissions()));
    let mut events: Vec<Event> = vec![SubmissionReceived { submission, communication, recipients }.into()];
    let numbers = next(state.documents())..;
    events.extend(numbers.zip(files).map(|(number, file)| {
        let NewDocument { original, n_bytes, kind, language } = file;
        DocumentReceived { document: DocumentId(number), submission, original, n_bytes, kind, language }.into()
    }));
    events
}

/// Says what a document is.
pub fn describe(
    state: &State,
    order: &Order,
    document: DocumentId,
    kind: DocumentKind,
    language: Language,
    title: Title,
    dated: Option<Day>,
) -> Allowed {
    let now = there(state.document(document), document)?;
    order.fresh("the document", now.version)?;
    only(DocumentDescribed { document, kind, language, title, dated })
}

/// Says that the program begins to look at a document.
pub fn begin_screening(state: &State, _order: &Order, document: DocumentId) -> Allowed {
    let now = there(state.document(document), document)?;
    ensure(now.screening == Screening::Received, "the document was looked at already", "nothing needs to be done")?;
    only(DocumentScreening { document })
}

/// Says what the program found in a document.
pub fn screened(state: &State, _order: &Order, document: DocumentId, findings: Vec<ScreeningFinding>) -> Allowed {
    let now = there(state.document(document), document)?;
    let open = matches!(now.screening, Screening::Received | Screening::Screening);
    ensure(open, "the document was looked at already", "nothing needs to be done")?;
    only(DocumentScreened { document, findings })
}

/// Lets a held document through, with a reason.
///
/// Patient information and individual cases can never be let through: Modern Slavery Act 2015 s.43(5) and s.44.
pub fn release(state: &State, order: &Order, document: DocumentId, reason: Remark) -> Allowed {
    let now = there(state.document(document), document)?;
    order.fresh("the document", now.version)?;
    let Screening::Held { findings } = &now.screening else {
        return super::not_allowed("the document is not held", "nothing needs to be done");
    };
    let barred = findings.iter().any(|finding| matches!(finding, ScreeningFinding::PatientInformation | ScreeningFinding::IndividualCase));
    ensure(!barred, "the document holds patient information or an individual case, which the law keeps from us", "send it back and destroy it here")?;
    only(DocumentReleased { document, reason })
}

/// Sends a held document back and destroys it here.
pub fn return_and_destroy(state: &State, order: &Order, document: DocumentId, certificate: BlobHash, reason: Remark) -> Allowed {
    let now = there(state.document(document), document)?;
    order.fresh("the document", now.version)?;
    ensure(matches!(now.screening, Screening::Held { .. }), "the document is not held", "only what is held is destroyed")?;
    only(DocumentReturnedDestroyed { document, certificate, reason })
}

/// Says which asks a document answers, in place of what was said before; it does not say that they are answered in full.
pub fn assign(state: &State, order: &Order, document: DocumentId, asks: Vec<AskId>) -> Allowed {
    let now = there(state.document(document), document)?;
    order.fresh("the document", now.version)?;
    ensure(now.screening.is_readable(), "the document is not screened, or is held", "look at it in the list of held documents first")?;
    for id in &asks {
        there(state.ask(*id), format!("ask for {} of {}", id.item, id.recipient))?;
        let campaign = state.recipient(id.recipient).and_then(|recipient| state.campaign(recipient.campaign));
        ensure(campaign.is_some_and(|campaign| campaign.stage.takes_answers()), "the campaign of an ask takes no answers", "leave that ask out")?;
    }
    only(DocumentAssigned { document, asks })
}
