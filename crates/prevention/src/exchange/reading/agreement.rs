//! How far the coders of a round agree, where they do not, and what is settled.
//!
//! They are compared over **units**: the sentences of a document's text, every one, whether anybody marked it or not, for whoever
//! reads a document to its end judges each sentence. Codes of whole documents are compared over documents. So the frame is the same
//! for all coders and does not depend on what they marked; a measure over characters would depend on how much of the document is
//! text that concerns nobody.
//!
//! A unit is coded when at least half of its words are marked, or when at least half of a marked passage lies in it.

use super::Reading;
use super::coding::{Coding, Place, Segment};
use super::round::{Round, Settled};
use crate::exchange::id::{CodeId, DocumentId, PersonId, RoundId};
use headwater_statistics::agreement::{alpha, kappa};
use headwater_statistics::estimate::{Confidence, Outcome};
use std::collections::BTreeMap;

/// How often units are drawn for the interval of alpha.
const N_DRAWS: u32 = 1_000;

/// The units of documents: the sentences of each, in their order. Their words must not overlap.
pub type Frames = BTreeMap<DocumentId, Vec<Segment>>;

/// How far coders agree on one code.
#[derive(Clone, Debug)]
pub struct CodeAgreement {
    /// The code.
    pub code: CodeId,
    /// How many units, or documents, were judged.
    pub n_units: usize,
    /// How many each coder gave the code, in the order of the coders.
    pub n_coded: Vec<usize>,
    /// How many all coders judged alike.
    pub n_alike: usize,
    /// Cohen's kappa, where there are two coders.
    pub kappa: Option<Outcome>,
    /// Krippendorff's alpha.
    pub alpha: Outcome,
}

/// Whether a passage counts for a unit.
fn covers(segment: Segment, unit: Segment) -> bool {
    let shared = segment.shared(unit);
    shared > 0 && (2 * u64::from(shared) >= u64::from(unit.n_words) || 2 * u64::from(shared) >= u64::from(segment.n_words))
}

/// Who of the coders gave a code to each unit of a document: a row for each unit, a place for each coder.
fn marks(round: &Round, codings: &[&Coding], units: &[Segment], code: CodeId) -> Vec<Vec<bool>> {
    let mut rows = vec![vec![false; round.coders.len()]; units.len()];
    for coding in codings.iter().filter(|coding| coding.code == code) {
        let (Some(segment), Some(coder)) = (coding.place.segment(), round.coders.iter().position(|it| *it == coding.by)) else { continue };
        rows.iter_mut().zip(units).filter(|(_, unit)| covers(segment, **unit)).for_each(|(row, _)| row[coder] = true);
    }
    rows
}

/// Who of the coders gave a code to a document as a whole.
fn whole(round: &Round, codings: &[&Coding], code: CodeId) -> Vec<bool> {
    let gave = |person: &PersonId| codings.iter().any(|it| it.code == code && it.by == *person && it.place == Place::Whole);
    round.coders.iter().map(gave).collect()
}

/// Which unit stands in which document.
type Marks = Vec<Vec<bool>>;

/// The codings of a round, by document.
fn of_round<'a>(reading: &'a Reading, id: RoundId, round: &Round) -> BTreeMap<DocumentId, Vec<&'a Coding>> {
    let in_it = |coding: &&Coding| !coding.counts() && coding.origin.round() == Some(id);
    round.documents.iter().map(|document| (*document, reading.codings_of(*document).map(|(_, it)| it).filter(in_it).collect())).collect()
}

/// How far the coders of a round agree, code by code in the order of the round, over sentences.
///
/// Of a document that is not among the frames nothing is compared. Before all have finished there is nothing to compare: the list
/// is empty then.
pub fn of_sentences(reading: &Reading, id: RoundId, frames: &Frames) -> Vec<CodeAgreement> {
    let rows = |round: &Round, codings: &BTreeMap<DocumentId, Vec<&Coding>>, code: CodeId| -> Marks {
        let of = |document: &DocumentId| marks(round, &codings[document], frames.get(document).map_or(&[][..], Vec::as_slice), code);
        round.documents.iter().flat_map(of).collect()
    };
    each_code(reading, id, rows)
}

/// The same over whole documents: whether a document was given the code at all, as a whole or in any passage.
pub fn of_documents(reading: &Reading, id: RoundId) -> Vec<CodeAgreement> {
    let rows = |round: &Round, codings: &BTreeMap<DocumentId, Vec<&Coding>>, code: CodeId| -> Marks {
        let gave = |document: &DocumentId, person: &PersonId| codings[document].iter().any(|it| it.code == code && it.by == *person);
        round.documents.iter().map(|document| round.coders.iter().map(|person| gave(document, person)).collect()).collect()
    };
    each_code(reading, id, rows)
}

fn each_code(reading: &Reading, id: RoundId, rows: impl Fn(&Round, &BTreeMap<DocumentId, Vec<&Coding>>, CodeId) -> Marks) -> Vec<CodeAgreement> {
    let Some(round) = reading.round(id).filter(|round| round.is_compared()) else { return Vec::new() };
    let codings = of_round(reading, id, round);
    round.codes.iter().map(|code| of_code(*code, round.coders.len(), &rows(round, &codings, *code))).collect()
}

fn of_code(code: CodeId, n_coders: usize, rows: &[Vec<bool>]) -> CodeAgreement {
    let ratings: Vec<Vec<usize>> = rows.iter().map(|row| row.iter().map(|it| usize::from(*it)).collect()).collect();
    let kappa = (n_coders == 2).then(|| {
        let mut table = vec![vec![0_u64; 2]; 2];
        ratings.iter().for_each(|row| table[row[0]][row[1]] += 1);
        kappa(&table, Confidence::P95)
    });
    CodeAgreement {
        code,
        n_units: rows.len(),
        n_coded: (0..n_coders).map(|coder| rows.iter().filter(|row| row[coder]).count()).collect(),
        n_alike: rows.iter().filter(|row| row.iter().all(|it| *it == row[0])).count(),
        kappa,
        alpha: alpha(&ratings, N_DRAWS, u64::from(code.0), Confidence::P95),
    }
}

/// A place that coders coded differently: units that follow one another and were coded by the same of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// In which document.
    pub document: DocumentId,
    /// Where.
    pub place: Place,
    /// Which code.
    pub code: CodeId,
    /// Who gave the code.
    pub given_by: Vec<PersonId>,
}

/// Runs of units that follow one another on one page and are alike in what `key` says of them; those of which it says nothing are left out.
fn runs<K: PartialEq>(units: &[Segment], key: impl Fn(usize) -> Option<K>) -> Vec<(Segment, K)> {
    let mut found: Vec<(Segment, K)> = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        let Some(now) = key(at) else { continue };
        match found.last_mut() {
            Some((segment, before)) if *before == now && segment.is_followed_by(*unit) => *segment = segment.joined(*unit),
            _ => found.push((*unit, now)),
        }
    }
    found
}

/// Where the coders of a round differ, by document, code and place. Empty before all have finished.
pub fn conflicts(reading: &Reading, id: RoundId, frames: &Frames) -> Vec<Conflict> {
    let Some(round) = reading.round(id).filter(|round| round.is_compared()) else { return Vec::new() };
    let codings = of_round(reading, id, round);
    let mut found = Vec::new();
    for document in &round.documents {
        let units = frames.get(document).map_or(&[][..], Vec::as_slice);
        for code in &round.codes {
            let differ = |row: &Vec<bool>| row.iter().any(|it| *it != row[0]);
            let who = |row: &[bool]| round.coders.iter().zip(row).filter(|(_, gave)| **gave).map(|(person, _)| *person).collect::<Vec<_>>();
            let row = whole(round, &codings[document], *code);
            if differ(&row) {
                found.push(Conflict { document: *document, place: Place::Whole, code: *code, given_by: who(&row) });
            }
            let rows = marks(round, &codings[document], units, *code);
            let of_units = runs(units, |at| differ(&rows[at]).then(|| who(&rows[at])));
            found.extend(of_units.into_iter().map(|(segment, given_by)| Conflict {
                document: *document,
                place: Place::Segment(segment),
                code: *code,
                given_by,
            }));
        }
    }
    found
}

/// What counts when a round is settled: what all coded alike, and what was decided to be right; units that follow one another make
/// one passage. `None` while a conflict is not decided.
pub fn settlement(reading: &Reading, id: RoundId, frames: &Frames) -> Option<Vec<Settled>> {
    let round = reading.round(id).filter(|round| round.is_compared())?;
    let decided = |conflict: &Conflict| round.decision(conflict.document, conflict.place, conflict.code).map(|it| it.applies);
    let conflicts = conflicts(reading, id, frames);
    let right: Vec<&Conflict> = conflicts
        .iter()
        .map(|conflict| decided(conflict).map(|applies| applies.then_some(conflict)))
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect();
    let codings = of_round(reading, id, round);
    let mut settled = Vec::new();
    for document in &round.documents {
        let units = frames.get(document).map_or(&[][..], Vec::as_slice);
        for code in &round.codes {
            let right: Vec<Place> = right.iter().filter(|it| (it.document, it.code) == (*document, *code)).map(|it| it.place).collect();
            let mut count = |place| settled.push(Settled { document: *document, place, code: *code });
            if whole(round, &codings[document], *code).iter().all(|gave| *gave) || right.contains(&Place::Whole) {
                count(Place::Whole);
            }
            let rows = marks(round, &codings[document], units, *code);
            let is_right = |at: usize| {
                let was_decided = || right.iter().filter_map(|place| place.segment()).any(|segment| segment.shared(units[at]) > 0);
                (rows[at].iter().all(|gave| *gave) || was_decided()).then_some(())
            };
            runs(units, is_right).into_iter().for_each(|(segment, ())| count(Place::Segment(segment)));
        }
    }
    Some(settled)
}
