//! Taking in what came, screening it, and saying what it answers.

use super::correspondence::{Incoming, log_received};
use super::{Allowed, NotAllowed, Order, ensure, next, only, there};
use crate::exchange::body::Language;
use crate::exchange::communication::Direction;
use crate::exchange::document::{DocumentKind, ReceivedDocument, Screening, ScreeningFinding};
use crate::exchange::event::{
    CommunicationReduced, DocumentAssigned, DocumentDescribed, DocumentHeld, DocumentReceived, DocumentReleased, DocumentReturnedDestroyed,
    DocumentScreened, DocumentScreening, Event, SubmissionReceived,
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
    may_be_described_anew(now)?;
    only(DocumentDescribed { document, kind, language, title, dated })
}

/// What readers know a document by, and what a second person approved, changes only by a way that both can see.
fn may_be_described_anew(now: &ReceivedDocument) -> Result<(), NotAllowed> {
    use crate::exchange::publication::PublicationState as State;
    ensure(
        !now.publication.state.is_public(),
        "the document is public, and readers know it by its title and by what it answers",
        "withdraw it with an explanation, change it, and let it become public again: its address stays",
    )?;
    ensure(
        !matches!(now.publication.state, State::Approved | State::Embargoed { .. }),
        "a second person approved the document as it is described now",
        "have it sent back first",
    )
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

/// Holds a document in which a person found what nobody should read; also to say of a held one what it is that was found.
///
/// What the law keeps from us is taken back only by somebody else than who found it.
pub fn hold(state: &State, order: &Order, document: DocumentId, findings: Vec<ScreeningFinding>) -> Allowed {
    let now = there(state.document(document), document)?;
    order.fresh("the document", now.version)?;
    ensure(!now.publication.state.is_public(), "the document is public", "withdraw it first, so that it goes from the public pages; then hold it")?;
    may_be_held(order, &now.screening, &findings)?;
    let is_open = |id: &DocumentId| state.document(*id).is_some_and(|it| it.screening.is_readable());
    let twins: Vec<DocumentId> = goes_with(state, document, &[]).into_iter().filter(is_open).collect();
    let is_public = |id: &DocumentId| state.document(*id).is_some_and(|it| it.publication.state.is_public());
    ensure(
        !twins.iter().any(is_public),
        "the same file is public, as another document",
        "withdraw that first, so that it goes from the public pages; then hold it",
    )?;
    Ok([document].into_iter().chain(twins).map(|document| DocumentHeld { document, findings: findings.clone() }.into()).collect())
}

/// Whether something may be held with these findings.
pub(super) fn may_be_held(order: &Order, now: &Screening, findings: &[ScreeningFinding]) -> Result<(), NotAllowed> {
    ensure(!findings.is_empty(), "it is not said what was found", "choose what was found")?;
    match now {
        Screening::ReturnedDestroyed { .. } => super::not_allowed("it was destroyed here", "nothing needs to be done"),
        Screening::Held { findings: before, .. } if before == findings => {
            super::not_allowed("it is held for that already", "decide what becomes of it")
        }
        Screening::Held { findings: before, by } => {
            let takes_back = before.iter().any(|finding| finding.is_barred() && !findings.contains(finding));
            ensure(
                !takes_back || *by != Some(order.by),
                "you found what the law keeps from us in it",
                "ask a second person to look, and to say what it is",
            )
        }
        _ => Ok(()),
    }
}

/// What the law keeps from us is never let through: Modern Slavery Act 2015 s.43(5) and s.44.
pub(super) fn may_be_let_through(findings: &[ScreeningFinding]) -> Result<(), NotAllowed> {
    ensure(
        !findings.iter().any(|finding| finding.is_barred()),
        "it holds patient information or an individual case, which the law keeps from us",
        "send it back and destroy it here",
    )
}

/// Lets a held document through, with a reason.
///
/// Patient information and individual cases can never be let through: Modern Slavery Act 2015 s.43(5) and s.44.
pub fn release(state: &State, order: &Order, document: DocumentId, reason: Remark) -> Allowed {
    let now = there(state.document(document), document)?;
    order.fresh("the document", now.version)?;
    let Screening::Held { findings, .. } = &now.screening else {
        return super::not_allowed("the document is not held", "nothing needs to be done");
    };
    may_be_let_through(findings)?;
    only(DocumentReleased { document, reason })
}

/// What is destroyed with a document, so that nothing of it is left.
#[derive(Clone, Debug)]
pub struct Destruction {
    /// The document.
    pub document: DocumentId,
    /// Documents that hold its file in them, such as a message that carried it.
    pub carriers: Vec<DocumentId>,
    /// Messages that carried it, each with the copy without it that stands in its place, if there is one.
    pub messages: Vec<(CommunicationId, Option<BlobHash>)>,
    /// The certificate, which names all of these.
    pub certificate: BlobHash,
    /// Why.
    pub reason: Remark,
}

/// Documents that go with one: those with the same bytes, those that hold its file in them, and the twins of these.
///
/// What was destroyed already is left out.
pub fn goes_with(state: &State, document: DocumentId, carriers: &[DocumentId]) -> Vec<DocumentId> {
    let all = [document].into_iter().chain(carriers.iter().copied());
    let originals: Vec<BlobHash> = all.filter_map(|id| state.document(id)).map(|it| it.original).collect();
    let is_one = |it: &ReceivedDocument| originals.contains(&it.original) && !it.screening.is_destroyed();
    (0u32..).zip(state.documents()).filter(|(number, it)| *number != document.0 && is_one(it)).map(|(number, _)| DocumentId(number)).collect()
}

/// Sends a held document back and destroys it here, wherever its bytes are kept: a twin that came again and whatever carried
/// it go with it.
///
/// Refused while any of these is public. A document that was destroyed goes out of messages that still carry it, too.
pub fn return_and_destroy(state: &State, order: &Order, it: Destruction) -> Allowed {
    let Destruction { document, carriers, messages, certificate, reason } = it;
    let now = there(state.document(document), document)?;
    order.fresh("the document", now.version)?;
    let findings = match &now.screening {
        Screening::Held { findings, .. } => findings.clone(),
        Screening::ReturnedDestroyed { .. } if !messages.is_empty() || !carriers.is_empty() => vec![ScreeningFinding::PersonalIdentifier],
        _ => return super::not_allowed("the document is not held", "only what is held is destroyed"),
    };
    ensure(!state.is_ours(now.original), "the file is a copy of something that this office wrote and keeps", "let it through")?;
    let mut events: Vec<Event> = Vec::new();
    let first = (!now.screening.is_destroyed()).then_some(document);
    for id in first.into_iter().chain(goes_with(state, document, &carriers)) {
        let one = there(state.document(id), id)?;
        ensure(
            !one.publication.state.is_public(),
            format!("the same file is public, as {}", one.title.as_ref().map_or_else(|| id.to_string(), |title| format!("\"{title}\""))),
            "withdraw that document first",
        )?;
        if !matches!(one.screening, Screening::Held { .. }) {
            events.push(DocumentHeld { document: id, findings: findings.clone() }.into());
        }
        events.push(DocumentReturnedDestroyed { document: id, certificate, reason: reason.clone() }.into());
    }
    for (communication, content) in messages {
        let one = there(state.communication(communication), communication)?;
        ensure(one.direction == Direction::In, "it went out from here", "only what came in is taken back")?;
        ensure(one.content != content, "what would be kept of the message is what is kept now", "look at it again")?;
        events.push(CommunicationReduced { communication, content, certificate }.into());
    }
    Ok(events)
}

/// Says which asks a document answers, in place of what was said before; it does not say that they are answered in full.
pub fn assign(state: &State, order: &Order, document: DocumentId, asks: Vec<AskId>) -> Allowed {
    let now = there(state.document(document), document)?;
    order.fresh("the document", now.version)?;
    ensure(now.screening.is_readable(), "the document is not screened, or is held", "look at it in the list of held documents first")?;
    may_be_described_anew(now)?;
    for id in &asks {
        there(state.ask(*id), format!("ask for {} of {}", id.item, id.recipient))?;
        let campaign = state.recipient(id.recipient).and_then(|recipient| state.campaign(recipient.campaign));
        ensure(campaign.is_some_and(|campaign| campaign.stage.takes_answers()), "the campaign of an ask takes no answers", "leave that ask out")?;
    }
    only(DocumentAssigned { document, asks })
}
