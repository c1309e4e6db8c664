//! Rounds of blind coding: begun, finished document by document, decided, settled or given up.

use super::coding::{current, to_code};
use crate::exchange::decide::{Allowed, NotAllowed, Order, ensure, only, there};
use crate::exchange::event::{RoundBegun, RoundConflictDecided, RoundDocumentFinished, RoundGivenUp, RoundSettled};
use crate::exchange::id::{CodeId, DocumentId, PersonId, RoundId};
use crate::exchange::reading::agreement::{Frames, conflicts, settlement};
use crate::exchange::reading::coding::Place;
use crate::exchange::reading::round::{Round, Sample};
use crate::exchange::state::State;
use crate::exchange::words::{Remark, Title};

/// A round as it is begun.
#[derive(Clone, Debug)]
pub struct NewRound {
    /// What it is called.
    pub title: Title,
    /// With which codes.
    pub codes: Vec<CodeId>,
    /// Which documents, drawn already where they were drawn.
    pub documents: Vec<DocumentId>,
    /// How they were chosen.
    pub sample: Sample,
    /// By whom.
    pub coders: Vec<PersonId>,
}

/// Begins a round by the version of the codebook that is in force.
pub fn begin(state: &State, _order: &Order, new: NewRound) -> Allowed {
    let NewRound { title, mut codes, mut documents, sample, mut coders } = new;
    let issue = current(state)?;
    codes.sort_unstable();
    codes.dedup();
    documents.sort_unstable();
    documents.dedup();
    coders.sort_unstable();
    coders.dedup();
    ensure(coders.len() >= 2, "a round needs two coders", "choose at least two people")?;
    ensure(!codes.is_empty(), "no code is chosen", "choose at least one")?;
    ensure(!documents.is_empty(), "no document is chosen", "choose at least one")?;
    for code in &codes {
        let name = state.reading().codebook().name(*code);
        ensure(issue.code(*code).is_some(), format!("\"{name}\" is not in the version by which people code"), "issue the codebook first")?;
    }
    for document in &documents {
        to_code(state, *document)?;
        let is_in = |(_, round): &(RoundId, &Round)| round.is_open() && round.documents.contains(document);
        let busy = state.reading().rounds().find(|it| is_in(it) && it.1.coders.iter().any(|coder| coders.contains(coder)));
        if let Some((_, round)) = busy {
            return super::super::not_allowed(
                format!("{document} is being coded in \"{}\" by one of them", round.title),
                "wait until that round is finished, or give it up",
            );
        }
    }
    let round = RoundId(state.reading().rounds.len() as u32);
    only(RoundBegun { round, title, codes, documents, sample, coders })
}

fn seen<'a>(state: &'a State, order: &Order, id: RoundId) -> Result<&'a Round, NotAllowed> {
    let round = there(state.reading().round(id), id)?;
    order.fresh("the round", round.changed)?;
    ensure(round.end.is_none(), "the round is over", "nothing needs to be done")?;
    Ok(round)
}

/// Says that a coder has coded a document to its end. Nothing of it can be changed by them any more.
pub fn finish(state: &State, order: &Order, id: RoundId, document: DocumentId) -> Allowed {
    let round = there(state.reading().round(id), id)?;
    ensure(round.is_open(), "all have finished the round, or it is over", "nothing needs to be done")?;
    ensure(round.coders.contains(&order.by), "you are no coder of the round", "leave it to those who are")?;
    ensure(round.documents.contains(&document), format!("{document} is not part of the round"), "choose one that is")?;
    ensure(!round.has_finished(order.by, document), "you have finished it already", "go on with the next one")?;
    to_code(state, document)?;
    only(RoundDocumentFinished { round: id, document })
}

/// What is decided of a place that coders had coded differently.
#[derive(Clone, Debug)]
pub struct NewDecision {
    /// In which document.
    pub document: DocumentId,
    /// Where.
    pub place: Place,
    /// Which code.
    pub code: CodeId,
    /// Whether it is right there.
    pub applies: bool,
    /// Why.
    pub note: Option<Remark>,
}

/// Decides a conflict, or decides it otherwise than before. The frames are those in which coders are compared.
pub fn decide(state: &State, order: &Order, id: RoundId, new: NewDecision, frames: &Frames) -> Allowed {
    let round = there(state.reading().round(id), id)?;
    ensure(round.end.is_none(), "the round is over", "nothing needs to be done")?;
    ensure(round.is_compared(), "not all have finished it", "wait until they have")?;
    let NewDecision { document, place, code, applies, note } = new;
    let is_one = conflicts(state.reading(), id, frames).iter().any(|it| (it.document, it.place, it.code) == (document, place, code));
    ensure(is_one, "the coders do not differ there", "look at the list as it is now")?;
    let before = round.decision(document, place, code);
    ensure(before.is_none_or(|it| (it.applies, &it.note) != (applies, &note)), "that is decided already", "nothing needs to be done")?;
    if let Some(before) = before {
        ensure(before.by == order.by || order.seen >= round.changed, "somebody else decided it meanwhile", "look at it as it is now")?;
    }
    only(RoundConflictDecided { round: id, document, place, code, applies, note })
}

/// Ends a round of which every conflict is decided: what all coded alike or was decided to be right counts.
pub fn settle(state: &State, order: &Order, id: RoundId, frames: &Frames) -> Allowed {
    let round = seen(state, order, id)?;
    ensure(round.is_compared(), "not all have finished it", "wait until they have")?;
    let missing = round.documents.iter().find(|document| !frames.contains_key(document));
    ensure(missing.is_none(), "the text of a document cannot be read any more", "look at the document, or give the round up")?;
    let left = conflicts(state.reading(), id, frames).iter().filter(|it| round.decision(it.document, it.place, it.code).is_none()).count();
    match settlement(state.reading(), id, frames) {
        Some(settled) if left == 0 => only(RoundSettled { round: id, settled }),
        _ => super::super::not_allowed(format!("{left} places are not decided"), "decide each of them first"),
    }
}

/// Gives a round up: nothing of it counts.
pub fn give_up(state: &State, order: &Order, id: RoundId, reason: Remark) -> Allowed {
    seen(state, order, id)?;
    only(RoundGivenUp { round: id, reason })
}
