//! The steps of a document to the public.

use super::{Allowed, NotAllowed, Order, ensure, only, there};
use crate::exchange::document::ReceivedDocument;
use crate::exchange::event::{
    DocumentPublished, LeakChecked, PagesApproved, PublicationApproved, PublicationDrafted, PublicationEmbargoed, PublicationErased,
    PublicationPermitted, PublicationReturned, PublicationWithdrawn, WordsCleared,
};
use crate::exchange::id::{BlobHash, CommunicationId, DocumentId};
use crate::exchange::moment::Day;
use crate::exchange::publication::{FreeWords, OmissionGround, Permission, PublicationState};
use crate::exchange::state::State;
use crate::exchange::words::{Remark, Title};

fn readable(state: &State, id: DocumentId) -> Result<&ReceivedDocument, NotAllowed> {
    let document = there(state.document(id), id)?;
    ensure(document.screening.is_readable(), "the document is not screened, or is held", "look at it in the list of held documents first")?;
    ensure(
        !matches!(document.publication.state, PublicationState::Erased { .. }),
        "the document was erased",
        "nothing can be done with it any more",
    )?;
    Ok(document)
}

fn seen<'a>(state: &'a State, order: &Order, id: DocumentId) -> Result<&'a ReceivedDocument, NotAllowed> {
    let document = readable(state, id)?;
    order.fresh("the document", document.version)?;
    Ok(document)
}

/// Says what the body allows; what was approved before is void.
pub fn permit(state: &State, order: &Order, document: DocumentId, permission: Permission, basis: Option<CommunicationId>) -> Allowed {
    let now = seen(state, order, document)?;
    ensure(!now.publication.state.is_public(), "the document is public", "withdraw it first")?;
    if let Some(basis) = basis {
        there(state.communication(basis), basis)?;
    }
    only(PublicationPermitted { document, permission, basis })
}

/// Takes a rendition for the public. A document that must be redacted is not its own rendition.
pub fn draft(state: &State, order: &Order, document: DocumentId, rendition: BlobHash, grounds: Vec<OmissionGround>) -> Allowed {
    draft_with(state, order, document, rendition, Vec::new(), grounds)
}

/// The same with companions: the rendition in other forms. They are checked, approved and published with it, or none is. The
/// document as it came is no companion of what was made of it.
pub fn draft_with(
    state: &State,
    order: &Order,
    document: DocumentId,
    rendition: BlobHash,
    companions: Vec<BlobHash>,
    grounds: Vec<OmissionGround>,
) -> Allowed {
    let now = seen(state, order, document)?;
    match now.publication.permission {
        None => return super::not_allowed("it is not known what the body allows", "ask, and record the answer first"),
        Some(permission) => {
            ensure(permission.opens(), "the body does not allow the document itself to be published", "publish its name only, or ask again")?
        }
    }
    let must_redact = now.publication.permission == Some(Permission::PublishRedacted);
    ensure(
        !(must_redact && rendition == now.original),
        "the rendition is the document as it came, and the body asked for redaction",
        "remove what must go, and take the result",
    )?;
    ensure(!(must_redact && grounds.is_empty()), "no ground is given for what was removed", "choose the grounds from the list")?;
    ensure(!companions.contains(&now.original), "the document as it came lies beside what was made of it", "propose only what was made of it")?;
    let is_twice = companions.iter().enumerate().any(|(at, it)| *it == rendition || companions[..at].contains(it));
    ensure(!is_twice, "a file is proposed twice", "propose each file once")?;
    only(PublicationDrafted { document, rendition, grounds, companions })
}

/// Records what the leak check found in a rendition.
pub fn leak_check(state: &State, _order: &Order, document: DocumentId, rendition: BlobHash, method: Title, passed: bool) -> Allowed {
    readable(state, document)?;
    only(LeakChecked { document, rendition, method, passed })
}

/// Approves a rendition as it was seen; refused to the one who made it, and before it passed the leak check.
pub fn approve(state: &State, order: &Order, document: DocumentId, rendition: BlobHash) -> Allowed {
    let publication = &seen(state, order, document)?.publication;
    ensure(
        publication.is_proposed(),
        "nothing is proposed: it was sent back, held, or the body said something else",
        "look at it again, and propose it anew",
    )?;
    ensure(publication.rendition == Some(rendition), "the rendition is not the one you looked at", "look at it again, then approve")?;
    ensure(publication.has_passed(), "the rendition has not passed the leak check", "run the check first")?;
    ensure(publication.drafted_by != Some(order.by), "you made this rendition", "ask a second person to approve it")?;
    only(PublicationApproved { document, rendition })
}

/// Lets readers see words that another person typed, as they were read.
pub fn clear_words(state: &State, order: &Order, words: FreeWords, text: BlobHash) -> Allowed {
    let (now, typed_by) = there(state.free_words(words), "such words")?;
    ensure(BlobHash::of(now.as_str().as_bytes()) == text, "the words are not those that you read", "read them again")?;
    ensure(typed_by != order.by, "you typed these words", "ask a second person to read them")?;
    ensure(state.public_words(words).is_none(), "readers see these words already", "nothing needs to be done")?;
    only(WordsCleared { words, text })
}

/// Sends back what was proposed for the public, or approved already, with a reason; what is public stays.
pub fn send_back(state: &State, order: &Order, document: DocumentId, reason: Remark) -> Allowed {
    let publication = &seen(state, order, document)?.publication;
    ensure(publication.is_proposed(), "nothing is proposed for this document", "withdraw it if it is public already")?;
    only(PublicationReturned { document, reason })
}

/// Lets an approved rendition wait for a day.
pub fn embargo(state: &State, order: &Order, document: DocumentId, until: Day) -> Allowed {
    let publication = &seen(state, order, document)?.publication;
    let approved = matches!(publication.state, PublicationState::Approved | PublicationState::Embargoed { .. });
    ensure(approved && publication.approved.is_some(), "the document is not approved", "have it approved first")?;
    ensure(until > order.today(), "the day is not ahead", "publish it now, or give a later day")?;
    only(PublicationEmbargoed { document, until })
}

/// Makes the approved rendition public.
pub fn publish(state: &State, order: &Order, document: DocumentId) -> Allowed {
    let publication = &seen(state, order, document)?.publication;
    let rendition = cleared(publication)?;
    ensure(publication.public.is_none(), "the document is public already", "correct it with a notice, or withdraw it")?;
    if let PublicationState::Embargoed { until } = publication.state {
        ensure(order.today() >= until, format!("the document is under embargo until {}", until.name()), "wait for that day, or give another")?;
    }
    only(DocumentPublished { document, rendition, on: order.today(), notice: None })
}

/// Puts another approved rendition in the place of the public one, with a notice of what was wrong.
pub fn correct(state: &State, order: &Order, document: DocumentId, notice: Remark) -> Allowed {
    let publication = &seen(state, order, document)?.publication;
    ensure(publication.state.is_public(), "the document is not public", "publish it instead")?;
    let rendition = cleared(publication)?;
    ensure(publication.public != Some(rendition), "the rendition is the one that is public", "make another, have it checked and approved")?;
    only(DocumentPublished { document, rendition, on: order.today(), notice: Some(notice) })
}

fn cleared(publication: &crate::exchange::publication::Publishing) -> Result<BlobHash, NotAllowed> {
    let rendition = publication.rendition.filter(|rendition| publication.is_cleared(*rendition));
    rendition.ok_or_else(|| {
        let what = if publication.approved.is_none() {
            "a second person has not approved the document"
        } else {
            "the document has not passed the leak check, or the body does not allow it"
        };
        NotAllowed { what: what.to_owned(), mend: "go through the steps on its page".to_owned(), is_conflict: false }
    })
}

/// Takes a public document back; a page that says why stays.
pub fn withdraw(state: &State, order: &Order, document: DocumentId, explanation: Remark) -> Allowed {
    let publication = &seen(state, order, document)?.publication;
    ensure(publication.state.is_public(), "the document is not public", "nothing needs to be done")?;
    only(PublicationWithdrawn { document, on: order.today(), explanation })
}

/// Records that a document was erased by law; its hash stays.
pub fn erase(state: &State, order: &Order, document: DocumentId, ground: Remark) -> Allowed {
    let now = there(state.document(document), document)?;
    order.fresh("the document", now.version)?;
    ensure(!matches!(now.publication.state, PublicationState::Erased { .. }), "the document was erased already", "nothing needs to be done")?;
    ensure(!now.publication.state.is_public(), "the document is public", "withdraw it first, so that readers are told")?;
    only(PublicationErased { document, ground })
}

/// Approves the public pages as a whole, as they were seen; `now` is the hash over the pages as they are.
pub fn approve_pages(state: &State, _order: &Order, seen: BlobHash, now: BlobHash) -> Allowed {
    ensure(seen == now, "the public pages are not those that you looked at", "look at them again, then approve")?;
    let is_approved = state.pages_approval().is_some_and(|approval| approval.pages == now);
    ensure(!is_approved, "these pages are approved already", "nothing needs to be done")?;
    only(PagesApproved { pages: now })
}
