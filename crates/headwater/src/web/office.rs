//! The exchange as it stands, in memory: replayed from the log at the start, and following it from then on.
//!
//! Several programs may share one log. Each follows it, several times a second, and before each order; an order is written
//! only if the log has not grown since it was decided on, and is decided again if it has. What is in memory may lag behind
//! the log by a moment; it never differs from it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use headwater_prevention::exchange::decide::{Allowed, NotAllowed, Order};
use headwater_prevention::exchange::event::{Event, Recorded, UnreadableEvent};
use headwater_prevention::exchange::id::PersonId;
use headwater_prevention::exchange::moment::Moment;
use headwater_prevention::exchange::state::State;
use jiff::Timestamp;
use rayon::prelude::*;
use serde_json::Value;

use crate::people::{self, Person};
use crate::problem::{Exit, Problem};
use crate::store::Workspace;
use crate::store::log::{Condition, Entry, Row, Stored};
use crate::store::records::Change;

/// How often an order is decided anew because somebody else wrote first. Each time another order went through, so that a
/// hundred people who press at once all get an answer.
const ATTEMPTS: usize = 200;

/// Rows of the log that are read together at the start.
const AT_ONCE: usize = 4_096;

/// What is known of the log.
#[derive(Default)]
pub struct Known {
    /// The exchange.
    pub state: State,
    /// Who people are.
    pub people: BTreeMap<String, Person>,
    /// Everybody who ever did something, by id.
    pub actors: BTreeSet<String>,
    /// The last entry that was seen, of whatever kind.
    head: u64,
}

/// The exchange in memory.
#[derive(Default)]
pub struct Office {
    known: RwLock<Known>,
    writing: Mutex<()>,
}

/// A record that is made together with events.
pub struct NewRecord {
    /// What it is, such as `document`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// JSON.
    pub body: String,
}

/// The events that follow and the records that are made with them, or why not.
pub type AllowedWith = Result<(Vec<Event>, Vec<NewRecord>), NotAllowed>;

/// Why an order was not carried out.
pub enum Undone {
    /// It is not allowed.
    NotAllowed(NotAllowed),
    /// The log could not be read or written.
    Problem(Problem),
}

impl From<Problem> for Undone {
    fn from(problem: Problem) -> Self {
        Undone::Problem(problem)
    }
}

impl From<Undone> for Problem {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::NotAllowed(not) => Problem::new(not.what).hint(not.mend).exit(Exit::NotPermitted),
            Undone::Problem(problem) => problem,
        }
    }
}

impl Office {
    /// Reads the whole log.
    ///
    /// # Errors
    /// The log or the records cannot be read.
    pub fn open(ws: &Workspace) -> Result<Self, Problem> {
        let office = Self::default();
        office.follow(ws)?;
        office.known_mut().people = people_by_id(ws)?;
        Ok(office)
    }

    /// What is known now.
    pub fn known(&self) -> RwLockReadGuard<'_, Known> {
        // Whoever panicked while writing had either taken an event in or not: every event is taken in whole.
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn known_mut(&self) -> std::sync::RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what was appended to the log by whoever.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn follow(&self, ws: &Workspace) -> Result<(), Problem> {
        let _turn = self.turn();
        self.catch_up(ws)
    }

    fn catch_up(&self, ws: &Workspace) -> Result<(), Problem> {
        let after = self.known().head;
        if after == 0 {
            // At the start nobody reads yet, so that the lock is held throughout and nothing is kept twice.
            return self.known_mut().take_all(ws);
        }
        let mut rows = Vec::new();
        ws.log().walk(after, u64::MAX, &mut |row| {
            rows.push(row);
            Ok(())
        })?;
        if rows.is_empty() {
            return Ok(());
        }
        let mut people_changed = false;
        {
            let mut known = self.known_mut();
            for row in rows {
                people_changed |= known.take(row)?;
            }
        }
        if people_changed {
            let people = people_by_id(ws)?;
            self.known_mut().people = people;
        }
        Ok(())
    }

    /// Decides, writes what follows, and takes it in; gives back the events that were written.
    ///
    /// # Errors
    /// What the decision refuses, or the log.
    pub fn act(&self, ws: &Workspace, order: &Order, decide: &dyn Fn(&State, &Order) -> Allowed) -> Result<Vec<Event>, Undone> {
        self.act_with(ws, order, &|state, order| Ok((decide(state, order)?, Vec::new())))
    }

    /// The same for what also makes records: they are written with the events, or neither is.
    ///
    /// # Errors
    /// As [`act`](Self::act).
    pub fn act_with(&self, ws: &Workspace, order: &Order, decide: &dyn Fn(&State, &Order) -> AllowedWith) -> Result<Vec<Event>, Undone> {
        let _turn = self.turn();
        for _ in 0..ATTEMPTS {
            self.catch_up(ws)?;
            let known = self.known();
            let head = known.head;
            let (events, records) = decide(&known.state, order).map_err(Undone::NotAllowed)?;
            drop(known);
            if events.is_empty() || self.write(ws, order, &events, &records, head)? {
                return Ok(events);
            }
        }
        Err(Problem::new("too many people wrote at the same moment").hint("nothing was changed; try again").into())
    }

    /// Writes what follows, if nobody else wrote since; and says whether it did.
    fn write(&self, ws: &Workspace, order: &Order, events: &[Event], records: &[NewRecord], head: u64) -> Result<bool, Problem> {
        let at = Timestamp::from_microsecond(order.at.microseconds()).map_err(|error| Problem::while_doing("telling the time", error))?;
        let bodies: Vec<Value> = events
            .iter()
            .map(|event| serde_json::from_str(&event.body()).map_err(|error| Problem::while_doing("writing an event", error)))
            .collect::<Result<_, _>>()?;
        let entries: Vec<Entry<'_>> =
            events.iter().zip(&bodies).map(|(event, body)| Entry { kind: event.kind(), body, actor: order.by.as_str(), at }).collect();
        let changes: Vec<Change<'_>> = records.iter().map(|new| Change::Put { kind: new.kind, id: &new.id, seen: 0, body: &new.body }).collect();
        let Some(written) = ws.log().write_with(&entries, &changes, Condition::HeadIs(head))? else { return Ok(false) };
        let mut known = self.known_mut();
        for (event, entry) in events.iter().zip(&written) {
            known.state.apply(Recorded { seq: entry.seq, at: order.at, actor: order.by, event: event.clone() });
            known.head = entry.seq;
        }
        known.acted(order.by.as_str());
        Ok(true)
    }

    /// Reads anew who people are, after a change made here.
    ///
    /// # Errors
    /// The records cannot be read.
    pub fn people_changed(&self, ws: &Workspace) -> Result<(), Problem> {
        let people = people_by_id(ws)?;
        self.known_mut().people = people;
        Ok(())
    }
}

fn people_by_id(ws: &Workspace) -> Result<BTreeMap<String, Person>, Problem> {
    Ok(people::all(ws)?.into_iter().collect())
}

impl Known {
    /// Takes in one row of the log, and says whether it tells of people.
    fn take(&mut self, row: Row) -> Result<bool, Problem> {
        let read = read(row)?;
        Ok(self.add(read))
    }

    fn add(&mut self, read: Read) -> bool {
        self.head = read.seq;
        self.acted(&read.actor);
        if let Some(recorded) = read.recorded {
            self.state.apply(recorded);
        }
        read.is_of_people
    }

    fn acted(&mut self, actor: &str) {
        if !self.actors.contains(actor) {
            self.actors.insert(actor.to_owned());
        }
    }

    /// Takes in the whole log: one thread fetches rows, all read them, one applies them in their order.
    fn take_all(&mut self, ws: &Workspace) -> Result<(), Problem> {
        let (fetched, waiting) = std::sync::mpsc::sync_channel::<Vec<Row>>(4);
        std::thread::scope(|scope| {
            let taking = scope.spawn(move || -> Result<(), Problem> {
                for rows in waiting {
                    let read: Vec<Read> = rows.into_par_iter().map(read).collect::<Result<_, _>>()?;
                    for read in read {
                        self.add(read);
                    }
                }
                Ok(())
            });
            let mut rows = Vec::with_capacity(AT_ONCE);
            // Whoever takes them in has ended only if it failed: then there is no use in fetching more, and its words count.
            let walked = ws.log().walk(0, u64::MAX, &mut |row| {
                rows.push(row);
                if rows.len() < AT_ONCE {
                    return Ok(());
                }
                let full = std::mem::replace(&mut rows, Vec::with_capacity(AT_ONCE));
                fetched.send(full).map_err(|_| unreadable())
            });
            let sent = walked.and_then(|()| fetched.send(rows).map_err(|_| unreadable()));
            drop(fetched);
            taking.join().unwrap_or_else(|_| Err(unreadable()))?;
            sent
        })
    }

    /// The name of a person, or that it was erased.
    pub fn name<'a>(&'a self, person: &'a str) -> &'a str {
        match self.people.get(person) {
            Some(person) => &person.name,
            None if person.starts_with("p-") => "a person whose name was erased",
            None => person,
        }
    }
}

/// What a row of the log says.
struct Read {
    seq: u64,
    recorded: Option<Recorded>,
    actor: String,
    is_of_people: bool,
}

fn unreadable() -> Problem {
    Problem::new("an event of the log cannot be read").hint("run `headwater log verify`")
}

fn read(row: Row) -> Result<Read, Problem> {
    let Row::Stored(stored) = row else { return Err(unreadable()) };
    let seq = u64::try_from(stored.seq).map_err(|_| unreadable())?;
    Ok(Read { seq, recorded: recorded(&stored, seq)?, is_of_people: stored.kind.starts_with("person."), actor: stored.actor })
}

/// The event of the exchange that a row holds, if it is of the exchange.
///
/// # Errors
/// It is, and cannot be read: what follows from the log would be wrong without it.
fn recorded(stored: &Stored, seq: u64) -> Result<Option<Recorded>, Problem> {
    let unreadable = |why: &dyn std::fmt::Display| {
        Problem::new(format!("entry {seq} of the log cannot be read: {why}")).hint("use the version of Headwater that wrote it, or a newer one")
    };
    let event = match Event::read(&stored.kind, &stored.body) {
        Ok(event) => event,
        // Looked at only here: of a million entries nearly all are of the exchange and can be read.
        Err(UnreadableEvent::UnknownKind(_)) if !is_of_the_exchange(&stored.kind) => return Ok(None),
        Err(error) => return Err(unreadable(&error)),
    };
    let at = stored.at.parse::<Moment>().map_err(|error| unreadable(&error))?;
    let actor = stored.actor.parse::<PersonId>().map_err(|error| unreadable(&error))?;
    Ok(Some(Recorded { seq, at, actor, event }))
}

/// Whether a kind of event has a noun of the exchange.
fn is_of_the_exchange(kind: &str) -> bool {
    let noun = |kind: &str| kind.split('.').next().unwrap_or_default().to_owned();
    Event::KINDS.iter().any(|one| noun(one) == noun(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(kind: &str, body: &str) -> Stored {
        let text = |text: &str| text.to_owned();
        Stored {
            seq: 7,
            at: text("2020-10-13T09:30:00.000000Z"),
            actor: text("p-0123456789"),
            kind: text(kind),
            body: text(body),
            previous_hash: String::new(),
            hash: String::new(),
        }
    }

    #[test]
    fn what_is_of_the_exchange_is_read_or_refused_and_the_rest_is_left() {
        assert!(recorded(&row("campaign.archived", r#"{"campaign":1}"#), 7).unwrap().is_some());
        assert!(recorded(&row("source.added", "{}"), 7).unwrap().is_none());
        for (kind, body) in [("campaign.archived", "{}"), ("campaign.of_a_later_version", "{}")] {
            assert!(recorded(&row(kind, body), 7).unwrap_err().to_string().contains("entry 7 of the log cannot be read"), "{kind}");
        }
    }
}
