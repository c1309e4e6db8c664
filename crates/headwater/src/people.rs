//! The people whom events name by id: records beside the log, which can be erased while the log stays whole.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::intake::Occasion;
use crate::problem::{Exit, Problem};
use crate::store::Workspace;
use crate::store::log::{Condition, Entry};
use crate::store::records::Change;

/// The kind of their records.
const PERSON: &str = "person";

/// Bytes of chance in an id: two people get the same one only once in 2^40.
const ID_BYTES: usize = 5;

/// Who an id is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The name that colleagues know.
    pub name: String,
    /// An address for mail, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The organisation they belong to, if it is not the office's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// How a letter greets them, after "Dear": "Commissioner".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salutation: Option<String>,
    /// Where post reaches them, on one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_address: Option<String>,
}

/// Whether a text has the form of an e-mail address.
pub fn is_address(text: &str) -> bool {
    let strange = |c: char| c.is_whitespace() || c.is_control() || "?&<>\",;:".contains(c);
    text.len() <= 254
        && !text.contains(strange)
        && text.split_once('@').is_some_and(|(who, at)| !who.is_empty() && at.contains('.') && !at.contains('@'))
}

fn sound(person: &Person) -> Result<(), Problem> {
    let wrong = |what: &str, hint: &str| Problem::new(what).hint(hint).exit(Exit::WrongUse);
    if person.name.trim().is_empty() {
        return Err(wrong("a person needs a name", "give one with --name"));
    }
    if person.email.as_deref().is_some_and(|email| !is_address(email)) {
        return Err(wrong("the e-mail address is none", "write it as someone@somewhere.example"));
    }
    Ok(())
}

/// Writes down a person and gives the id by which events name them from now on; the id says nothing.
///
/// # Errors
/// The name is empty, the address is none, or the record cannot be written.
pub fn add(ws: &Workspace, person: &Person, occasion: Occasion) -> Result<String, Problem> {
    sound(person)?;
    let body = serde_json::to_string(person).map_err(|error| Problem::while_doing("writing the record of a person", error))?;
    loop {
        let mut chance = [0; ID_BYTES];
        getrandom::fill(&mut chance).map_err(|error| Problem::while_doing("asking the system for chance", error))?;
        let id = chance.iter().fold("p-".to_owned(), |mut id, byte| {
            // Writing to a string cannot fail.
            let _ = write!(id, "{byte:02x}");
            id
        });
        let event = json!({"person": id});
        let entry = Entry { kind: "person.added", body: &event, actor: occasion.actor, at: occasion.at };
        // Neither without the other: a name without an event could not be erased.
        let record = Change::Put { kind: PERSON, id: &id, seen: 0, body: &body };
        if ws.log().write_with(&[entry], &[record], Condition::Always)?.is_some() {
            return Ok(id);
        }
    }
}

fn read(body: &str, id: &str) -> Result<Person, Problem> {
    serde_json::from_str(body).map_err(|_| {
        Problem::new(format!("the record of the person {id} is not one that this version writes")).hint("use the version of Headwater that wrote it")
    })
}

/// Everyone who is known, by id.
///
/// # Errors
/// The records cannot be read.
pub fn all(ws: &Workspace) -> Result<Vec<(String, Person)>, Problem> {
    ws.records().all(PERSON)?.into_iter().map(|record| Ok((record.id.clone(), read(&record.body, &record.id)?))).collect()
}

/// Who an id is, and the version of the record: whoever changes it names the version that they read.
///
/// # Errors
/// The record cannot be read.
pub fn get(ws: &Workspace, id: &str) -> Result<Option<(Person, i64)>, Problem> {
    ws.records().get(PERSON, id)?.map(|record| Ok((read(&record.body, id)?, record.version))).transpose()
}

/// Puts right who an id is; says whether it was done, or somebody else changed the record since that version.
///
/// The log gets the names of the fields that changed: what stood in them could not be erased there.
///
/// # Errors
/// The name is empty, the address is none, or the record cannot be written.
pub fn change(ws: &Workspace, id: &str, before: &Person, person: &Person, seen: i64, occasion: Occasion) -> Result<bool, Problem> {
    sound(person)?;
    let body = serde_json::to_string(person).map_err(|error| Problem::while_doing("writing the record of a person", error))?;
    let fields: Vec<&str> = [
        ("name", before.name != person.name),
        ("email", before.email != person.email),
        ("salutation", before.salutation != person.salutation),
        ("postal_address", before.postal_address != person.postal_address),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field))
    .collect();
    if fields.is_empty() {
        return Ok(true);
    }
    let event = json!({"person": id, "fields": fields});
    let entry = Entry { kind: "person.changed", body: &event, actor: occasion.actor, at: occasion.at };
    let record = Change::Put { kind: PERSON, id, seen, body: &body };
    Ok(ws.log().write_with(&[entry], &[record], Condition::Always)?.is_some())
}

/// Erases who an id is. What they did stays in the log under the id, which says nothing more.
///
/// # Errors
/// There is no such person, or the record cannot be erased.
pub fn erase(ws: &Workspace, id: &str, occasion: Occasion) -> Result<(), Problem> {
    if ws.records().get(PERSON, id)?.is_none() {
        return Err(Problem::new(format!("no person has the id {id}"))
            .hint("`headwater person list` shows who is known; who was erased is known no more")
            .exit(Exit::WrongUse));
    }
    let event = json!({"person": id});
    let entry = Entry { kind: "person.erased", body: &event, actor: occasion.actor, at: occasion.at };
    ws.log().write_with(&[entry], &[Change::Erase { kind: PERSON, id }], Condition::Always)?;
    // It is gone from the table; now also from what was written ahead of it.
    ws.records().erase(PERSON, id)?;
    Ok(())
}
