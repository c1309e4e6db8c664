//! What became of codes from version to version of the codebook: what was changed, how each was used, what was coded under an
//! earlier meaning.

use super::Reading;
use super::codebook::Issue;
use crate::exchange::id::{CodeId, CodingId, DocumentId};
use std::collections::{BTreeMap, BTreeSet};

/// What changed of a code between two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It was not there before.
    New,
    /// It is not in use any more.
    Retired,
    /// Its definition, or what it is not, says something else.
    Redefined,
    /// It has another name.
    Renamed,
    /// It stands under another code.
    Moved,
    /// Its examples or its terms are others.
    Illustrated,
}

impl Change {
    /// The change in words.
    pub fn words(self) -> &'static str {
        match self {
            Change::New => "new",
            Change::Retired => "retired",
            Change::Redefined => "defined anew",
            Change::Renamed => "renamed",
            Change::Moved => "moved",
            Change::Illustrated => "other examples or terms",
        }
    }
}

/// What changed from one version to another, code by code; codes without a change are left out.
pub fn changes(earlier: &Issue, later: &Issue) -> Vec<(CodeId, Vec<Change>)> {
    let all: BTreeSet<CodeId> = earlier.codes.iter().chain(&later.codes).map(|(id, _)| *id).collect();
    let of = |id: CodeId| match (earlier.code(id), later.code(id)) {
        (None, Some(_)) => vec![Change::New],
        (Some(_), None) => vec![Change::Retired],
        (Some(before), Some(now)) => [
            (!before.means_the_same(now), Change::Redefined),
            (before.name != now.name, Change::Renamed),
            (before.parent != now.parent, Change::Moved),
            ((&before.examples, &before.terms) != (&now.examples, &now.terms), Change::Illustrated),
        ]
        .into_iter()
        .filter_map(|(is_so, change)| is_so.then_some(change))
        .collect(),
        (None, None) => Vec::new(),
    };
    all.into_iter().map(|id| (id, of(id))).filter(|(_, changes)| !changes.is_empty()).collect()
}

/// How a code was used under one version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// How many codings that count.
    pub n_codings: usize,
    /// In how many documents.
    pub n_documents: usize,
}

/// What became of one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeDrift {
    /// The code.
    pub code: CodeId,
    /// How it was used under each version, the first one first.
    pub by_version: Vec<Use>,
    /// Codings that count and were made when the code meant something else than now.
    pub under_earlier_meaning: Vec<CodingId>,
}

/// What became of every code that is in use or was used, in the order of their numbers.
pub fn drift(reading: &Reading) -> Vec<CodeDrift> {
    let book = reading.codebook();
    let n_versions = book.issues().len();
    let mut documents: BTreeMap<(CodeId, u32), BTreeSet<DocumentId>> = BTreeMap::new();
    let in_use = book.current().into_iter().flat_map(|issue| issue.codes.iter().map(|(id, _)| *id));
    let empty = |code| CodeDrift { code, by_version: vec![Use::default(); n_versions], under_earlier_meaning: Vec::new() };
    let mut found: BTreeMap<CodeId, CodeDrift> = in_use.map(|id| (id, empty(id))).collect();
    for (id, coding) in reading.counted() {
        let drift = found.entry(coding.code).or_insert_with(|| empty(coding.code));
        let Some(used) = (coding.version as usize).checked_sub(1).and_then(|at| drift.by_version.get_mut(at)) else { continue };
        used.n_codings += 1;
        let of_it = documents.entry((coding.code, coding.version)).or_default();
        of_it.insert(coding.document);
        used.n_documents = of_it.len();
        let meant = book.issue(coding.version).and_then(|issue| issue.code(coding.code));
        let means = book.current().and_then(|issue| issue.code(coding.code));
        if let (Some(meant), Some(means)) = (meant, means)
            && !meant.means_the_same(means)
        {
            drift.under_earlier_meaning.push(id);
        }
    }
    found.into_values().collect()
}
