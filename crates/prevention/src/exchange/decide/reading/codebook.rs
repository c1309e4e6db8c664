//! Drafting the codebook and issuing it.

use crate::exchange::decide::{Allowed, NotAllowed, Order, ensure, next, only, there};
use crate::exchange::event::{CodeChanged, CodeEntered, CodeRetired, CodebookIssued, Event, FieldChanged, FieldEntered, FieldRetired};
use crate::exchange::id::{CodeId, FieldId};
use crate::exchange::reading::codebook::{CodeEntry, Codebook, FieldEntry, FieldKind, MOST_LEVELS};
use crate::exchange::reading::starters::{Starter, StarterCode};
use crate::exchange::state::State;
use crate::exchange::words::Remark;

/// The fewest and the most choices of a field.
const CHOICES: std::ops::RangeInclusive<usize> = 2..=50;

/// Refuses a code that stands where it cannot, or whose name another one there has.
fn may_stand(book: &Codebook, id: Option<CodeId>, entry: &CodeEntry) -> Result<(), NotAllowed> {
    if let Some(parent) = entry.parent {
        let above = there(book.code(parent), parent)?;
        ensure(above.retired.is_none(), format!("\"{}\" is retired", above.entry.name), "let it stand under another code")?;
        let mut next = Some(parent);
        let mut n_above = 0;
        while let Some(at) = next.filter(|_| n_above <= MOST_LEVELS) {
            ensure(Some(at) != id, format!("\"{}\" would stand under itself", entry.name), "let it stand under another code")?;
            n_above += 1;
            next = book.code(at).and_then(|it| it.entry.parent);
        }
        let n_below = id.map_or(0, |id| depth(book, id));
        ensure(
            n_above + 1 + n_below <= MOST_LEVELS,
            format!("codes would stand deeper than {MOST_LEVELS} levels"),
            "let it stand higher, or bring some codes together",
        )?;
    }
    let is_twin = |(other, at): (u32, &crate::exchange::reading::codebook::Drafted<CodeEntry>)| {
        Some(CodeId(other)) != id && at.retired.is_none() && at.entry.parent == entry.parent && at.entry.name == entry.name
    };
    let twin = (0..).zip(book.codes()).any(is_twin);
    ensure(!twin, format!("there is another code \"{}\" in that place", entry.name), "give it another name, or change the one that is there")
}

/// How many levels of codes in use stand under a code.
fn depth(book: &Codebook, top: CodeId) -> usize {
    let outline = book.outline();
    let Some(at) = outline.iter().position(|(id, _, _)| *id == top) else { return 0 };
    let level = outline[at].2;
    outline[at + 1..].iter().map(|(_, _, it)| *it).take_while(|it| *it > level).max().map_or(0, |deepest| deepest - level)
}

/// Enters a code in the draft.
pub fn enter_code(state: &State, _order: &Order, entry: CodeEntry) -> Allowed {
    let book = state.reading().codebook();
    may_stand(book, None, &entry)?;
    only(CodeEntered { code: CodeId(next(book.codes())), entry: Box::new(entry) })
}

/// Changes a code of the draft.
pub fn change_code(state: &State, order: &Order, code: CodeId, entry: CodeEntry) -> Allowed {
    let book = state.reading().codebook();
    let now = there(book.code(code), code)?;
    order.fresh("the code", now.changed)?;
    ensure(now.retired.is_none(), "the code is retired", "enter another")?;
    ensure(now.entry != entry, "nothing is changed", "change it, or leave it as it is")?;
    may_stand(book, Some(code), &entry)?;
    only(CodeChanged { code, entry: Box::new(entry) })
}

/// Takes a code, and what stands under it, out of the draft. What was coded with it stays.
pub fn retire_code(state: &State, order: &Order, code: CodeId, reason: Remark) -> Allowed {
    let now = there(state.reading().codebook().code(code), code)?;
    order.fresh("the code", now.changed)?;
    ensure(now.retired.is_none(), "the code is retired already", "nothing needs to be done")?;
    only(CodeRetired { code, reason })
}

fn may_be_asked(book: &Codebook, id: Option<FieldId>, entry: &FieldEntry) -> Result<(), NotAllowed> {
    let twin = book.fields_in_use().any(|(other, at)| Some(other) != id && at.name == entry.name);
    ensure(!twin, format!("there is another field \"{}\"", entry.name), "give it another name, or change the one that is there")?;
    if let FieldKind::Choice(choices) = &entry.kind {
        ensure(CHOICES.contains(&choices.len()), "a choice needs 2 to 50 possibilities", "write one in each line, or choose another kind")?;
        let mut sorted = choices.clone();
        sorted.sort();
        sorted.dedup();
        ensure(sorted.len() == choices.len(), "a possibility stands there twice", "write each once")?;
    }
    Ok(())
}

/// Enters a field in the draft.
pub fn enter_field(state: &State, _order: &Order, entry: FieldEntry) -> Allowed {
    let book = state.reading().codebook();
    may_be_asked(book, None, &entry)?;
    only(FieldEntered { field: FieldId(next(book.fields())), entry: Box::new(entry) })
}

/// Changes a field of the draft. Choices that were there keep their places, so that what was written down means what it meant.
pub fn change_field(state: &State, order: &Order, field: FieldId, entry: FieldEntry) -> Allowed {
    let book = state.reading().codebook();
    let now = there(book.field(field), field)?;
    order.fresh("the field", now.changed)?;
    ensure(now.retired.is_none(), "the field is retired", "enter another")?;
    ensure(now.entry != entry, "nothing is changed", "change it, or leave it as it is")?;
    let keeps_meaning = match (&now.entry.kind, &entry.kind) {
        (FieldKind::Choice(before), FieldKind::Choice(after)) => after.starts_with(before),
        (before, after) => before == after,
    };
    ensure(
        keeps_meaning || !state.reading().was_extracted(field),
        "something is written down for the field already",
        "add possibilities behind those that are there, or retire it and enter another",
    )?;
    may_be_asked(book, Some(field), &entry)?;
    only(FieldChanged { field, entry: Box::new(entry) })
}

/// Takes a field out of the draft. What was written down stays.
pub fn retire_field(state: &State, order: &Order, field: FieldId, reason: Remark) -> Allowed {
    let now = there(state.reading().codebook().field(field), field)?;
    order.fresh("the field", now.changed)?;
    ensure(now.retired.is_none(), "the field is retired already", "nothing needs to be done")?;
    only(FieldRetired { field, reason })
}

/// Makes the draft the version by which people code. Rounds that were begun go on by theirs.
pub fn issue(state: &State, order: &Order, note: Remark) -> Allowed {
    let book = state.reading().codebook();
    let last = book.codes().iter().map(|it| it.changed).chain(book.fields().iter().map(|it| it.changed)).max();
    order.fresh("the codebook", last.unwrap_or(0))?;
    ensure(book.is_changed(), "nothing was changed since the last version", "change the draft first")?;
    ensure(book.outline().iter().any(|_| true), "it has no code", "enter one, or take a start codebook")?;
    only(CodebookIssued { version: book.version() + 1, note })
}

/// Takes a start codebook into the draft: its theme at the top, and its codes under it.
pub fn take_starter(state: &State, _order: &Order, starter: &Starter) -> Allowed {
    let book = state.reading().codebook();
    let is_there = book.outline().iter().any(|(_, entry, level)| *level == 0 && entry.name == starter.codes[0].entry.name);
    ensure(!is_there, format!("\"{}\" is in the codebook already", starter.codes[0].entry.name), "change what is there")?;
    let first = next(book.codes());
    let mut events: Vec<Event> = Vec::with_capacity(starter.codes.len());
    for (number, code) in (first..).zip(&starter.codes) {
        let parent = code.under.map(|under| CodeId(first + under as u32));
        events.push(CodeEntered { code: CodeId(number), entry: Box::new(CodeEntry { parent, ..code.entry.clone() }) }.into());
    }
    Ok(events)
}

/// Takes codes into the draft, each under the one that is named. A code that is there already, by its name and its place, stays as it
/// is, and what stands under it in the list goes there.
pub fn take_in(state: &State, _order: &Order, codes: &[StarterCode]) -> Allowed {
    let book = state.reading().codebook();
    let there_already = book.outline();
    let (mut ids, mut levels): (Vec<CodeId>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut events: Vec<Event> = Vec::new();
    let mut new: Vec<(Option<CodeId>, &str, CodeId)> = Vec::new();
    for code in codes {
        let under = code.under.filter(|at| *at < ids.len());
        let (parent, level) = (under.map(|at| ids[at]), under.map_or(0, |at| levels[at] + 1));
        let name = code.entry.name.as_str();
        ensure(level < MOST_LEVELS, format!("\"{name}\" would stand deeper than {MOST_LEVELS} levels"), "bring some codes together first")?;
        let old = there_already.iter().find(|(_, entry, _)| entry.parent == parent && entry.name.as_str() == name).map(|(id, ..)| *id);
        let known = old.or_else(|| new.iter().find(|(above, called, _)| *above == parent && *called == name).map(|(.., id)| *id));
        let id = known.unwrap_or_else(|| {
            let id = CodeId(next(book.codes()) + new.len() as u32);
            new.push((parent, name, id));
            events.push(CodeEntered { code: id, entry: Box::new(CodeEntry { parent, ..code.entry.clone() }) }.into());
            id
        });
        ids.push(id);
        levels.push(level);
    }
    ensure(!codes.is_empty(), "there is no code in it", "choose another file")?;
    ensure(!events.is_empty(), "all its codes are in the codebook already", "nothing needs to be done")?;
    Ok(events)
}
