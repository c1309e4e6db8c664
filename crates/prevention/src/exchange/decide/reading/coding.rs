//! Coding documents, reading marks, and what is looked up.

use crate::exchange::decide::{Allowed, NotAllowed, Order, ensure, not_allowed, only, there};
use crate::exchange::document::ReceivedDocument;
use crate::exchange::event::{CodingEntered, CodingRemoved, DocumentRead, Event, FieldExtracted, SuggestionDismissed};
use crate::exchange::id::{CodeId, CodingId, DocumentId, FieldId};
use crate::exchange::moment::Day;
use crate::exchange::publication::PublicationState;
use crate::exchange::reading::codebook::{FieldEntry, FieldKind, Issue};
use crate::exchange::reading::coding::{FieldValue, Origin, Place, Segment};
use crate::exchange::state::State;
use crate::exchange::words::{Remark, Title};

/// The most codes that are given at once.
const MOST_AT_ONCE: usize = 50;

/// A document that may be coded.
pub(super) fn to_code(state: &State, id: DocumentId) -> Result<&ReceivedDocument, NotAllowed> {
    let document = there(state.document(id), id)?;
    if let Some(first) = document.same_as {
        return not_allowed(format!("the same file came before, as {first}"), "code it there");
    }
    ensure(document.screening.is_readable(), format!("{id} is held or gone"), "decide first what becomes of it")?;
    let is_erased = matches!(document.publication.state, PublicationState::Erased { .. });
    ensure(!is_erased, format!("{id} was erased"), "choose another")?;
    Ok(document)
}

pub(super) fn current(state: &State) -> Result<&Issue, NotAllowed> {
    state.reading().codebook().current().ok_or_else(|| NotAllowed {
        what: "no version of the codebook was issued".to_owned(),
        mend: "take a start codebook or enter codes, and issue it".to_owned(),
        is_conflict: false,
    })
}

/// What somebody wants to mark.
#[derive(Clone, Debug)]
pub struct NewCoding {
    /// In which document.
    pub document: DocumentId,
    /// Where.
    pub place: Place,
    /// With which codes.
    pub codes: Vec<CodeId>,
    /// What they say of it.
    pub note: Option<Remark>,
    /// Whether the program suggested it.
    pub suggested: bool,
}

/// Marks a place with codes. While its coder has to code the document blind, it goes into that round.
pub fn code(state: &State, order: &Order, new: NewCoding) -> Allowed {
    let NewCoding { document, place, codes, note, suggested } = new;
    to_code(state, document)?;
    let reading = state.reading();
    let issue = current(state)?;
    ensure(place.is_sound(), "no passage is chosen", "tick at least one sentence, or say that it is of the whole document")?;
    ensure((1..=MOST_AT_ONCE).contains(&codes.len()), "no code is chosen", "choose at least one")?;
    let round = reading.blind_in(document, order.by);
    let mut events: Vec<Event> = Vec::new();
    for (at, code) in codes.iter().enumerate() {
        let name = reading.codebook().name(*code);
        match round.and_then(|id| reading.round(id)) {
            Some(round) => ensure(round.codes.contains(code), format!("\"{name}\" is not part of the round"), "choose a code of the round")?,
            None => ensure(issue.code(*code).is_some(), format!("\"{name}\" is not in the version by which people code"), "choose another code")?,
        }
        let is_twin = reading
            .codings_of(document)
            .any(|(_, it)| (it.place, it.code, it.origin.round()) == (place, *code, round) && (round.is_none() || it.by == order.by));
        if is_twin || codes[..at].contains(code) {
            continue;
        }
        let coding = CodingId((reading.codings.len() + events.len()) as u32);
        let suggested = suggested && round.is_none();
        events.push(CodingEntered { coding, document, place, code: *code, round, suggested, note: note.clone() }.into());
    }
    ensure(!events.is_empty(), "it is coded so already", "nothing needs to be done")?;
    Ok(events)
}

/// Takes a coding back.
pub fn remove(state: &State, order: &Order, coding: CodingId) -> Allowed {
    let reading = state.reading();
    let now = there(reading.coding(coding), coding)?;
    order.fresh("the coding", now.changed)?;
    ensure(!now.removed, "it was taken back already", "nothing needs to be done")?;
    match now.origin {
        Origin::Settled(_) => return not_allowed("it was settled in a round", "begin another round, or code the place once more with another code"),
        Origin::Blind(id) => {
            let round = there(reading.round(id), id)?;
            ensure(now.by == order.by, "it is somebody else's", "leave it")?;
            ensure(
                round.is_open() && !round.has_finished(order.by, now.document),
                "the document is finished in that round",
                "where the coders differ is decided when all have finished",
            )?;
        }
        Origin::Person | Origin::Suggestion => {}
    }
    only(CodingRemoved { coding })
}

/// Says that a passage is not to be suggested for a code again.
pub fn dismiss(state: &State, _order: &Order, document: DocumentId, segment: Segment, code: CodeId) -> Allowed {
    to_code(state, document)?;
    there(state.reading().codebook().code(code), code)?;
    ensure(segment.is_sound(), "no passage is named", "go back to the page and try again")?;
    ensure(!state.reading().is_dismissed(document, code, segment), "it is not suggested any more", "nothing needs to be done")?;
    only(SuggestionDismissed { document, segment, code })
}

/// Marks a document as read by whoever says so, or as not read after all.
pub fn mark_read(state: &State, order: &Order, document: DocumentId, read: bool) -> Allowed {
    to_code(state, document)?;
    let was = state.reading().has_read(document, order.by);
    ensure(was != read, if read { "you have marked it as read" } else { "you have not marked it as read" }, "nothing needs to be done")?;
    only(DocumentRead { document, read })
}

/// Reads what somebody typed for a field; white space around it does not count.
///
/// # Errors
/// It is not of the kind of the field, in a sentence.
pub fn value_of(entry: &FieldEntry, typed: &str) -> Result<FieldValue, String> {
    let typed = typed.trim();
    match &entry.kind {
        FieldKind::Words => Ok(FieldValue::Words(typed.parse()?)),
        FieldKind::Number => {
            let digits = typed.strip_prefix('-').unwrap_or(typed);
            let is_number = digits.chars().all(|it| it.is_ascii_digit() || it == '.')
                && digits.matches('.').count() <= 1
                && digits.starts_with(|it: char| it.is_ascii_digit())
                && digits.ends_with(|it: char| it.is_ascii_digit());
            if !is_number || typed.len() > 40 {
                return Err("it is not a number: write digits and at most one point, such as 1250 or 0.5".to_owned());
            }
            Ok(FieldValue::Number(typed.parse::<Title>()?))
        }
        FieldKind::Day => typed.parse::<Day>().map(FieldValue::Day).map_err(|_| "it is not a day: write it as 2020-10-13".to_owned()),
        FieldKind::YesNo => match typed {
            "yes" => Ok(FieldValue::YesNo(true)),
            "no" => Ok(FieldValue::YesNo(false)),
            _ => Err("choose yes or no".to_owned()),
        },
        FieldKind::Choice(choices) => {
            let place = typed.parse::<u16>().ok().filter(|at| usize::from(*at) < choices.len());
            place.map(FieldValue::Choice).ok_or_else(|| "choose one of the possibilities".to_owned())
        }
    }
}

/// Writes down what a document says of a field, and where; `None` takes back what was written down.
pub fn extract(state: &State, order: &Order, document: DocumentId, field: FieldId, value: Option<FieldValue>, place: Place) -> Allowed {
    to_code(state, document)?;
    let issue = current(state)?;
    let entry = there(issue.field(field), field)?;
    let before = state.reading().extractions_of(document, field).last();
    order.fresh("what is written down", before.map_or(0, |it| it.changed))?;
    ensure(place.is_sound(), "no passage is named", "say where it stands, or that it is of the whole document")?;
    let fits = match (&value, &entry.kind) {
        (None | Some(FieldValue::NotSaid), _)
        | (Some(FieldValue::Words(_)), FieldKind::Words)
        | (Some(FieldValue::Number(_)), FieldKind::Number)
        | (Some(FieldValue::Day(_)), FieldKind::Day)
        | (Some(FieldValue::YesNo(_)), FieldKind::YesNo) => true,
        (Some(FieldValue::Choice(at)), FieldKind::Choice(choices)) => usize::from(*at) < choices.len(),
        _ => false,
    };
    ensure(fits, format!("\"{}\" is of another kind", entry.name), "write down what it asks for")?;
    let now = state.reading().extraction(document, field);
    let is_same = now.map(|it| (it.value.as_ref(), it.place)) == value.as_ref().map(|value| (Some(value), place));
    ensure(!is_same, "that is written down already", "nothing needs to be done")?;
    only(FieldExtracted { document, field, value, place })
}
