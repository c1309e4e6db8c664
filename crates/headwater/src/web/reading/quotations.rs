//! What codings quote: texts of documents are read once, and each passage is found where it stands now.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use headwater_documents::text::DocumentText;
use headwater_prevention::exchange::id::{BlobHash, CodingId, DocumentId};
use headwater_prevention::exchange::reading::coding::{Coding, Place, Segment};

use crate::passages::{CodedPages, frame};
use crate::web::documents::is_erased;
use crate::web::library;
use crate::web::visit::{Refusal, Visit};

/// A coding with what it quotes.
#[derive(Clone)]
pub struct Quoted {
    /// Its number.
    pub id: CodingId,
    /// What it is.
    pub coding: Coding,
    /// Where it stands now and what it says; nothing for a whole document, or where the words are not there any more.
    pub words: Option<(Segment, String)>,
}

impl Quoted {
    /// The page on which it stands, as far as it is known.
    pub fn page(&self) -> Option<u32> {
        self.words.as_ref().map(|(segment, _)| segment.page).or_else(|| self.coding.place.segment().map(|segment| segment.page))
    }
}

/// The file and the text of a document that may be read. The state must not be held by whoever asks.
///
/// # Errors
/// The document is held or gone, or its file cannot be read.
pub fn text_of(visit: &Visit, id: DocumentId) -> Result<(BlobHash, DocumentText), Refusal> {
    let original = {
        let known = visit.app.office.known();
        let it = known.state.document(id).ok_or(Refusal::NotFound)?;
        if !it.screening.is_readable() || is_erased(it) {
            return Err(crate::web::form::Problems::one("", "The file is held or gone: nobody can read what it says").into());
        }
        it.original
    };
    // Of a file without text there is nothing to mark but the whole.
    let text = library::text_of(&visit.app, &original.to_string(), Some(id))?.unwrap_or_default();
    Ok((original, text))
}

/// Codings with what they quote, in their order.
///
/// # Errors
/// A file cannot be read. What is held by now quotes nothing.
pub fn quoted(visit: &Visit, codings: &[(CodingId, Coding)]) -> Result<Vec<Quoted>, Refusal> {
    let mut texts: BTreeMap<DocumentId, Option<(BlobHash, DocumentText)>> = BTreeMap::new();
    for (_, coding) in codings {
        if let Entry::Vacant(place) = texts.entry(coding.document) {
            place.insert(match text_of(visit, coding.document) {
                Ok(text) => Some(text),
                Err(Refusal::Problem(problem)) => return Err(problem.into()),
                Err(_) => None,
            });
        }
    }
    let mut pages: BTreeMap<DocumentId, CodedPages<'_>> =
        texts.iter().filter_map(|(id, text)| text.as_ref().map(|(original, text)| (*id, CodedPages::new(*original, text)))).collect();
    let words = |coding: &Coding, pages: &mut BTreeMap<DocumentId, CodedPages<'_>>| match coding.place {
        Place::Whole => None,
        Place::Segment(segment) => pages.get_mut(&coding.document)?.quotation(segment),
    };
    Ok(codings.iter().map(|(id, coding)| Quoted { id: *id, words: words(coding, &mut pages), coding: coding.clone() }).collect())
}

/// The sentences of documents in which coders are compared; a document that cannot be read is left out.
///
/// # Errors
/// A file cannot be read.
pub fn frames(visit: &Visit, documents: &[DocumentId]) -> Result<BTreeMap<DocumentId, Vec<Segment>>, Refusal> {
    let mut found = BTreeMap::new();
    for id in documents {
        match text_of(visit, *id) {
            Ok((original, text)) => drop(found.insert(*id, frame(original, &text))),
            Err(Refusal::Problem(problem)) => return Err(problem.into()),
            Err(_) => {}
        }
    }
    Ok(found)
}
