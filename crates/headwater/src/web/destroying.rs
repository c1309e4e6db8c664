//! What was sent back is destroyed here wherever its bytes are kept, with a certificate that names all of it.
//!
//! A file lies under its own hash, and again within the message that carried it, and within a message in that message. All of
//! these go, in one entry of the log; of a message its header and its text stay, where they can be kept without the file.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Read;

use headwater_documents::arrival::{Dropped, Limits, unpack};
use headwater_documents::mail::{self, without_files};
use headwater_prevention::exchange::communication::Direction;
use headwater_prevention::exchange::decide::correspondence;
use headwater_prevention::exchange::decide::documents::{Destruction, goes_with, return_and_destroy};
use headwater_prevention::exchange::document::Screening;
use headwater_prevention::exchange::id::{BlobHash, CommunicationId, DocumentId};
use headwater_prevention::exchange::state::State;

use super::App;
use super::form::reason;
use super::replies;
use super::visit::{Answer, Refusal, Reply, Visit, see};
use crate::problem::Problem;

/// What certificates say of copies: they are out of a program's reach.
const COPIES: &str = "Copies of this workspace that were made before this day may still hold it: destroy them too.\n";

/// What else holds the file of a document.
#[derive(Default)]
pub struct Carriers {
    /// Documents, such as a message that came within a message.
    documents: Vec<DocumentId>,
    /// Messages, each with what is kept of it now, and the copy without the file.
    messages: Vec<(CommunicationId, BlobHash, Option<Vec<u8>>)>,
}

impl Carriers {
    /// Whether nothing else holds it.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty() && self.messages.is_empty()
    }
}

/// Where the file of a document is kept besides, as its messages are taken apart again.
///
/// # Errors
/// A message or a file that came with it cannot be read.
pub fn carriers(app: &App, document: DocumentId) -> Result<Carriers, Problem> {
    // Every message that carried the file made a document of it: none has to be looked for elsewhere.
    let (file, messages, documents) = {
        let known = app.office.known();
        let state = &known.state;
        let Some(file) = state.document(document).map(|it| it.original) else { return Ok(Carriers::default()) };
        let is_file = |id: &DocumentId| state.document(*id).is_some_and(|it| it.original == file);
        let submissions: Vec<_> = state.submissions().iter().filter(|it| it.documents.iter().any(is_file)).collect();
        let content = |id: CommunicationId| state.communication(id).filter(|it| it.direction == Direction::In)?.content;
        let messages: BTreeSet<(CommunicationId, BlobHash)> =
            submissions.iter().filter_map(|it| Some((it.communication, content(it.communication)?))).collect();
        let beside =
            |id: &DocumentId| state.document(*id).filter(|it| it.original != file && !it.screening.is_destroyed()).map(|it| (*id, it.original));
        let documents: BTreeSet<(DocumentId, BlobHash)> = submissions.iter().flat_map(|it| &it.documents).filter_map(beside).collect();
        (file, messages, documents)
    };
    let mut found = Carriers::default();
    for (id, hash) in documents {
        let name = replies::name_in(&app.ws, id)?.unwrap_or_else(|| "message.eml".to_owned());
        if carries(&name, bytes_of(app, hash)?, file).unwrap_or(false) {
            found.documents.push(id);
        }
    }
    for (id, hash) in messages {
        let bytes = bytes_of(app, hash)?;
        // One that can no longer be taken apart may hold it.
        if carries("message.eml", bytes.clone(), file).unwrap_or(true) {
            let copy = mail::read(&bytes, &mail::Limits::default()).ok().map(|mail| without_files(&bytes, &mail));
            found.messages.push((id, hash, copy.filter(|copy| carries("message.eml", copy.clone(), file) == Some(false))));
        }
    }
    Ok(found)
}

/// Whether something holds a file in it; nothing if it cannot be taken apart.
fn carries(name: &str, bytes: Vec<u8>, file: BlobHash) -> Option<bool> {
    let inside = unpack(vec![Dropped { name: name.to_owned(), bytes }], &Limits::default()).ok()?;
    Some(inside.iter().filter_map(|it| it.bytes.as_deref()).any(|bytes| BlobHash::of(bytes) == file))
}

fn bytes_of(app: &App, hash: BlobHash) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    app.ws.blobs().read(&hash.to_string())?.read_to_end(&mut bytes).map_err(|error| Problem::of_files("reading a blob", &error))?;
    Ok(bytes)
}

/// Destroys a held document, with whatever else holds its file, and keeps a certificate.
///
/// # Errors
/// No reason is given, it is not held, or the same file is public.
pub fn destroy_document(visit: &Visit) -> Answer {
    let (id, reason) = (DocumentId(visit.part("document")?), reason(&visit.form, "destroy_reason")?);
    let found = carriers(&visit.app, id)?;
    let mut certificate = {
        let known = visit.app.office.known();
        let of = |id: DocumentId| known.state.document(id).map(|it| it.original).ok_or(Refusal::NotFound);
        let mut text = format!(
            "Certificate of destruction\n\nDocument {} with the SHA-256\n{}\nwas sent back to the body that sent it, and destroyed here on {}.\nReason: {reason}\n",
            id.0 + 1,
            of(id)?,
            visit.today().name()
        );
        for other in goes_with(&known.state, id, &found.documents).into_iter().filter(|other| *other != id) {
            // Writing to a string cannot fail.
            let _ = write!(text, "\nDestroyed with it, because it is the same file or holds it:\ndocument {}, SHA-256 {}\n", other.0 + 1, of(other)?);
        }
        text
    };
    let mut messages = Vec::new();
    for (message, before, copy) in found.messages {
        let after = copy.map(|copy| replies::keep(visit, &copy)).transpose()?;
        let _ = write!(certificate, "\nDestroyed with it, because it carried the file:\nmessage {}, SHA-256 {before}\n", message.0 + 1);
        if let Some(after) = after {
            let _ = writeln!(certificate, "Its header and its text are kept, SHA-256 {after}");
        }
        messages.push((message, after));
    }
    let certificate = replies::keep(visit, (certificate + "\n" + COPIES).as_bytes())?;
    let it = Destruction { document: id, carriers: found.documents, messages, certificate, reason };
    visit.act(&|state, order| return_and_destroy(state, order, it.clone()))?;
    sweep(&visit.app)?;
    see(format!("/documents/{}", id.0), "It is destroyed here, wherever it was kept. The certificate says where")
}

/// Destroys what is kept of a held message, and keeps a certificate.
///
/// # Errors
/// No reason is given, or it is not held.
pub fn destroy_message(visit: &Visit) -> Answer {
    let (id, reason) = (CommunicationId(visit.part("message")?), reason(&visit.form, "destroy_reason")?);
    let content = visit.app.office.known().state.communication(id).and_then(|it| it.content).ok_or(Refusal::NotFound)?;
    let text = format!(
        "Certificate of destruction\n\nMessage {} with the SHA-256\n{content}\nwas sent back to the body that sent it, and destroyed here on {}.\nReason: {reason}\n\n{COPIES}",
        id.0 + 1,
        visit.today().name()
    );
    let certificate = replies::keep(visit, text.as_bytes())?;
    visit.act(&|state, order| correspondence::destroy(state, order, id, certificate, reason.clone()))?;
    sweep(&visit.app)?;
    see(format!("/messages/{}", id.0), "It is destroyed here. The certificate is kept")
}

/// Destroys what the log says is destroyed: after the entry, so that a crash between the two leaves a file too many and never
/// one too few. Done at each start and every hour besides, for what a crash left.
///
/// # Errors
/// A file cannot be overwritten, or a name cannot be erased.
pub fn sweep(app: &App) -> Result<(), Problem> {
    let (blobs, documents) = {
        let known = app.office.known();
        let gone = (0u32..).zip(known.state.documents()).filter(|(_, it)| it.screening.is_destroyed());
        (known.state.destroyed(), gone.map(|(number, _)| DocumentId(number)).collect::<Vec<_>>())
    };
    for hash in blobs {
        app.ws.texts().forget(&hash.to_string())?;
        app.ws.blobs().destroy(&hash.to_string())?;
    }
    // What a file is called may name whom it is about.
    documents.into_iter().try_for_each(|id| replies::forget_name(&app.ws, id))
}

/// The certificate of a document.
///
/// # Errors
/// There is none.
pub fn certificate_of_document(visit: &Visit) -> Answer {
    let id = DocumentId(visit.part("document")?);
    certificate(visit, &format!("certificate-document-{}.txt", id.0 + 1), |state| match state.document(id)?.screening {
        Screening::ReturnedDestroyed { certificate } => Some(certificate),
        _ => None,
    })
}

/// The last certificate of a message.
///
/// # Errors
/// There is none.
pub fn certificate_of_message(visit: &Visit) -> Answer {
    let id = CommunicationId(visit.part("message")?);
    certificate(visit, &format!("certificate-message-{}.txt", id.0 + 1), |state| Some(state.communication(id)?.destroyed.last()?.certificate))
}

fn certificate(visit: &Visit, name: &str, of: impl Fn(&State) -> Option<BlobHash>) -> Answer {
    let hash = of(&visit.app.office.known().state).ok_or(Refusal::NotFound)?;
    Ok(Reply::File(name.to_owned(), "text/plain; charset=utf-8", bytes_of(&visit.app, hash)?))
}
