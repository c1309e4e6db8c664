//! Areas by themes: what the documents of each recipient of a campaign say of each theme, as far as somebody read them.

use super::Reading;
use super::coding::Coding;
use crate::exchange::document::ReceivedDocument;
use crate::exchange::id::{CampaignId, CodeId, CodingId, DocumentId, RecipientId};
use crate::exchange::publication::PublicationState;
use crate::exchange::state::State;

/// What is known of one theme in the documents of one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Something is said of it.
    Said,
    /// All documents were read to the end, and nothing was found.
    NothingFound,
    /// Nothing was found so far, and a document is still to be read.
    ToBeRead,
    /// There is no document that people may read.
    NoDocument,
}

impl Standing {
    /// The standing in words, as a cell says it.
    pub fn words(self) -> &'static str {
        match self {
            Standing::Said => "said",
            Standing::NothingFound => "read, nothing found",
            Standing::ToBeRead => "not read yet",
            Standing::NoDocument => "no document",
        }
    }
}

/// One theme in the documents of one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What is known.
    pub standing: Standing,
    /// The codings that say so, by document and place.
    pub codings: Vec<CodingId>,
}

/// The documents of one recipient and what they say of each theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub recipient: RecipientId,
    /// Those that people may read, each file once.
    pub documents: Vec<DocumentId>,
    /// How many of them nobody has read to the end.
    pub n_unread: usize,
    /// A cell for each theme, in their order.
    pub cells: Vec<Cell>,
}

/// The first document with the same bytes: what is coded is coded there, however often the file came.
pub fn first_of(state: &State, document: DocumentId) -> DocumentId {
    state.document(document).and_then(|it| it.same_as).unwrap_or(document)
}

/// Whether people may read a document, and it was not erased.
fn is_there(document: &ReceivedDocument) -> bool {
    document.screening.is_readable() && !matches!(document.publication.state, PublicationState::Erased { .. })
}

/// The documents by which a recipient answered and which people may read, each file once, in the order in which they came.
pub fn documents_of(state: &State, recipient: RecipientId) -> Vec<DocumentId> {
    let came_from = |document: &ReceivedDocument| {
        let submission = state.submission(document.submission);
        let answers = document.asks.iter().any(|ask| ask.recipient == recipient);
        answers || submission.is_some_and(|it| it.recipients.contains(&recipient))
    };
    let mut found: Vec<DocumentId> = Vec::new();
    for (id, document) in (0..).map(DocumentId).zip(state.documents()) {
        let first = first_of(state, id);
        if came_from(document) && is_there(document) && state.document(first).is_some_and(is_there) && !found.contains(&first) {
            found.push(first);
        }
    }
    found
}

/// Themes in the order in which they are compared: each code with all that stand under it.
fn branches(reading: &Reading, themes: &[CodeId]) -> Vec<Vec<CodeId>> {
    let branch = |theme: &CodeId| match reading.codebook().current().map(|issue| issue.branch(*theme)) {
        Some(branch) if !branch.is_empty() => branch,
        _ => vec![*theme],
    };
    themes.iter().map(branch).collect()
}

/// What each recipient of a campaign says of each theme. A theme is a code with all that stand under it.
pub fn matrix(state: &State, campaign: CampaignId, themes: &[CodeId]) -> Vec<Row> {
    let reading = state.reading();
    let branches = branches(reading, themes);
    state.recipients_of(campaign).map(|(recipient, _)| row(state, reading, recipient, &branches)).collect()
}

fn row(state: &State, reading: &Reading, recipient: RecipientId, branches: &[Vec<CodeId>]) -> Row {
    let documents = documents_of(state, recipient);
    let n_unread = documents.iter().filter(|document| !reading.is_read(**document)).count();
    let counted: Vec<(CodingId, &Coding)> =
        documents.iter().flat_map(|document| reading.codings_of(*document)).filter(|(_, coding)| coding.counts()).collect();
    let cell = |branch: &Vec<CodeId>| {
        let mut of_it: Vec<_> = counted.iter().filter(|(_, coding)| branch.contains(&coding.code)).collect();
        of_it.sort_by_key(|(id, coding)| (documents.iter().position(|it| *it == coding.document), coding.place, *id));
        let standing = match (of_it.is_empty(), documents.is_empty(), n_unread) {
            (false, ..) => Standing::Said,
            (true, true, _) => Standing::NoDocument,
            (true, false, 0) => Standing::NothingFound,
            (true, false, _) => Standing::ToBeRead,
        };
        Cell { standing, codings: of_it.into_iter().map(|(id, _)| *id).collect() }
    };
    Row { recipient, n_unread, cells: branches.iter().map(cell).collect(), documents }
}
