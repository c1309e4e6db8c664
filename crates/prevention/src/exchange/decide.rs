//! What is allowed: a function for each thing that a person may ask for, giving events or a sentence why not.
//!
//! A decision looks at the state and changes nothing. The caller appends the events to the log, in one piece and only if
//! the log has not grown meanwhile; if it has, it decides again. Who may do what by role is the caller's affair; that a
//! second person is not the first is decided here.
//!
//! Each order says how much of the log its giver had seen. If what it touches was changed after that, it is refused as a
//! conflict, and nothing is overwritten.

pub mod asks;
pub mod bodies;
pub mod campaigns;
pub mod chasers;
pub mod correspondence;
pub mod documents;
pub mod duties;
pub mod duty_reminders;
pub mod handovers;
pub mod joining;
pub mod publications;
pub mod reading;
pub mod silences;

use super::event::{Event, Recorded};
use super::id::PersonId;
use super::moment::{Day, Moment};
use super::state::State;
use std::fmt;

/// Who asks, when, and how much of the log they had seen.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// The place in the log of the last event in the page from which they ask; [`State::seq`] when it was made.
    pub seen: u64,
}

impl Order {
    /// The day in London.
    pub fn today(&self) -> Day {
        self.at.day_in_london()
    }

    /// Refuses when a thing was changed after what was seen.
    fn fresh(&self, thing: &str, version: u64) -> Result<(), NotAllowed> {
        if version <= self.seen {
            return Ok(());
        }
        Err(NotAllowed {
            what: format!("{thing} was changed by somebody else while you were at it (entry {version} of the log)"),
            mend: "look at it as it is now, and decide again".to_owned(),
            is_conflict: true,
        })
    }
}

/// Why something is not allowed, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAllowed {
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub mend: String,
    /// Whether somebody else changed the same thing meanwhile.
    pub is_conflict: bool,
}

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.mend)
    }
}

impl std::error::Error for NotAllowed {}

/// The events that follow, or why not.
pub type Allowed = Result<Vec<Event>, NotAllowed>;

/// The events that follow from several things of one kind, or which of them are refused, and why.
pub type AllowedOfEach<T> = Result<Vec<Event>, Vec<(T, NotAllowed)>>;

/// One of several decisions that belong together.
pub type Decision<'a> = Box<dyn Fn(&State, &Order) -> Allowed + 'a>;

/// Several decisions as one: each is made on what follows from those before it, and if one is refused, all are.
///
/// It costs a copy of the state, some 50 ms after a million events.
///
/// ```
/// use headwater_prevention::exchange::decide::{Order, together};
/// # let order = Order { by: "p-0123456789".parse().unwrap(), at: "2020-10-13T09:30:00Z".parse().unwrap(), seen: 0 };
/// let state = Default::default();
/// assert_eq!(together(&state, &order, &[]), Ok(Vec::new()));
/// ```
pub fn together(state: &State, order: &Order, decisions: &[Decision<'_>]) -> Allowed {
    let (mut then, mut all) = (state.clone(), Vec::new());
    for decide in decisions {
        for event in decide(&then, order)? {
            then.apply(Recorded { seq: then.seq() + 1, at: order.at, actor: order.by, event: event.clone() });
            all.push(event);
        }
    }
    Ok(all)
}

/// Several things of one kind at once, all or none: each is decided on what follows from those before it, and what is refused is
/// told of each, in the order in which they were given.
///
/// It costs a copy of the state, as [`together`] does.
///
/// ```
/// use headwater_prevention::exchange::decide::{Order, all_or_none};
/// # let order = Order { by: "p-0123456789".parse().unwrap(), at: "2020-10-13T09:30:00Z".parse().unwrap(), seen: 0 };
/// let state = Default::default();
/// assert_eq!(all_or_none(&state, &order, &[1, 2], |_, _, _| Ok(Vec::new())), Ok(Vec::new()));
/// ```
pub fn all_or_none<T: Clone>(state: &State, order: &Order, things: &[T], decide: impl Fn(&State, &Order, &T) -> Allowed) -> AllowedOfEach<T> {
    let (mut then, mut all, mut refused) = (state.clone(), Vec::new(), Vec::new());
    for thing in things {
        match decide(&then, order, thing) {
            Ok(events) => {
                for event in events {
                    then.apply(Recorded { seq: then.seq() + 1, at: order.at, actor: order.by, event: event.clone() });
                    all.push(event);
                }
            }
            Err(why) => refused.push((thing.clone(), why)),
        }
    }
    if refused.is_empty() { Ok(all) } else { Err(refused) }
}

/// What was refused of several things, as one refusal that names each.
pub fn as_one<T>(refused: &[(T, NotAllowed)], name: impl Fn(&T) -> String) -> NotAllowed {
    let what: Vec<String> = refused.iter().map(|(thing, why)| format!("{}: {}", name(thing), why.what)).collect();
    let mut mends: Vec<&str> = Vec::new();
    for (_, why) in refused.iter().filter(|(_, why)| !why.mend.is_empty()) {
        if !mends.contains(&why.mend.as_str()) {
            mends.push(&why.mend);
        }
    }
    NotAllowed { what: what.join("; "), mend: mends.join("; "), is_conflict: refused.iter().any(|(_, why)| why.is_conflict) }
}

fn not_allowed<T>(what: impl Into<String>, mend: impl Into<String>) -> Result<T, NotAllowed> {
    Err(NotAllowed { what: what.into(), mend: mend.into(), is_conflict: false })
}

fn ensure(holds: bool, what: impl Into<String>, mend: impl Into<String>) -> Result<(), NotAllowed> {
    if holds { Ok(()) } else { not_allowed(what, mend) }
}

/// A thing that must be there.
fn there<T>(found: Option<T>, id: impl fmt::Display) -> Result<T, NotAllowed> {
    found.ok_or_else(|| NotAllowed { what: format!("there is no {id}"), mend: "choose one from the list".to_owned(), is_conflict: false })
}

/// The next number of a shelf.
fn next<T>(shelf: &[T]) -> u32 {
    // Four thousand million things would fill any disk first.
    u32::try_from(shelf.len()).unwrap_or(u32::MAX)
}

fn only(event: impl Into<Event>) -> Allowed {
    Ok(vec![event.into()])
}

/// The name of a body, for sentences.
fn body_name(state: &State, body: super::id::BodyId) -> String {
    state.body(body).map_or_else(|| body.to_string(), |body| body.entry.name.to_string())
}
