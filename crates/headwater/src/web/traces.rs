//! What else names a person than their record: letters, messages, files. A lead sees all of it with what can be erased, and
//! what has to stay because it is public.
//!
//! The log holds none of these words, only their hashes. To erase is to overwrite the blob; its hash, who erased it and why
//! stay in the log, whose chain was not touched. That it was erased, not lost, is written down in a record of kind `erased`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use headwater_documents::mail::{self, Limits};
use headwater_prevention::exchange::campaign::Stage;
use headwater_prevention::exchange::communication::{ChaserState, Communication, Direction};
use headwater_prevention::exchange::decide::publications;
use headwater_prevention::exchange::id::{BlobHash, DocumentId, RecipientId};
use headwater_prevention::exchange::letter::merge::Letter;
use headwater_prevention::exchange::publication::PublicationState;
use headwater_prevention::exchange::words::Remark;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::App;
use super::form::Problems;
use super::layout::{self, text};
use super::messages::{names, names_of};
use super::office::Known;
use super::replies;
use super::visit::{Answer, Refusal, Visit, page, see};
use crate::people::Person;
use crate::problem::Problem;
use crate::store::Workspace;
use crate::store::log::{Condition, Entry};
use crate::store::records::Change;

const ERASED: &str = "erased";

/// The most bytes of one thing that are looked through for a name.
const LOOKED_THROUGH_BYTES: u64 = 60_000_000;

/// Why something was erased, and when.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erased {
    /// The day, in words.
    pub on: String,
    /// Why.
    pub why: String,
}

/// That what had this hash was erased, if it was.
///
/// # Errors
/// The record cannot be read.
pub fn erased(ws: &Workspace, hash: BlobHash) -> Result<Option<Erased>, Problem> {
    let record = ws.records().get(ERASED, &hash.to_string())?;
    record.map(|record| serde_json::from_str(&record.body).map_err(|error| Problem::while_doing("reading what was erased", error))).transpose()
}

/// What becomes of a thing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// A lead may erase it.
    Erasable,
    /// The public can read it.
    Public,
    /// Its letter has not left yet.
    InUse,
}

/// One thing that names a person.
struct Trace {
    hash: BlobHash,
    words: String,
    address: String,
    why: &'static str,
    fate: Fate,
    documents: Vec<DocumentId>,
}

/// Everything that names a person, each content once.
fn traces(app: &App, known: &Known, id: &str, person: &Person) -> Result<Vec<Trace>, Problem> {
    let needles: Vec<String> = [Some(person.name.as_str()), person.email.as_deref()].into_iter().flatten().map(str::to_lowercase).collect();
    let is_named = |text: &str| {
        let text = text.to_lowercase();
        needles.iter().any(|needle| text.contains(needle))
    };
    let mut found: BTreeMap<BlobHash, Trace> = BTreeMap::new();
    let is_theirs = |recipient: RecipientId| {
        let contact = known.state.recipient(recipient).and_then(|it| it.contact).and_then(|id| known.state.contact(id));
        contact.is_some_and(|contact| contact.person.as_str() == id)
    };
    let mut add = |trace: Trace| {
        let Trace { hash, fate, ref documents, .. } = trace;
        let there = found.entry(hash);
        match there {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(trace);
            }
            std::collections::btree_map::Entry::Occupied(mut place) => {
                let before = place.get_mut();
                before.documents.extend(documents);
                if fate != Fate::Erasable {
                    before.fate = fate;
                }
            }
        }
    };
    for (number, recipient) in known.state.recipients().iter().enumerate() {
        let Some(campaign) = known.state.campaign(recipient.campaign) else { continue };
        let is_out = matches!(campaign.stage, Stage::Open | Stage::Paused | Stage::Closed | Stage::Archived);
        for merged in recipient.letters.values() {
            let Some(bytes) = content(app, merged.letter)? else { continue };
            let to_them = is_theirs(RecipientId(number as u32));
            if to_them || is_named(&words_of(&bytes)) {
                add(Trace {
                    hash: merged.letter,
                    words: format!("Our letter to {}", names(known, &[RecipientId(number as u32)])),
                    address: format!("/campaigns/{}/letters", recipient.campaign.0),
                    why: if to_them { "it is written to them" } else { "it names them" },
                    fate: if is_out { Fate::Erasable } else { Fate::InUse },
                    documents: Vec::new(),
                });
            }
        }
    }
    for (number, chaser) in known.state.chasers().iter().enumerate() {
        // One that went is among the messages.
        let is_out = matches!(chaser.state, ChaserState::Sent { .. });
        let Some(bytes) = (if is_out { None } else { content(app, chaser.text)? }) else { continue };
        if is_named(&String::from_utf8_lossy(&bytes)) {
            let body = known.state.body(chaser.body).map_or("", |body| body.entry.name.as_str());
            add(Trace {
                hash: chaser.text,
                words: format!("Reminder {} to {body}, which was not sent", number + 1),
                address: "/reminders".to_owned(),
                why: "it names them",
                fate: if matches!(chaser.state, ChaserState::Dropped { .. }) { Fate::Erasable } else { Fate::InUse },
                documents: Vec::new(),
            });
        }
    }
    for (key, handover) in known.state.handovers() {
        let Some(bytes) = content(app, handover.content)? else { continue };
        if is_named(&words_of(&bytes)) {
            let is_settled = known.state.by_message(key).is_some();
            add(Trace {
                hash: handover.content,
                words: format!("A message that was handed to the mail server, to {}", names_of(&known.state, &handover.bodies(&known.state))),
                address: handover.recipients.first().map_or_else(|| "/campaigns".to_owned(), |id| format!("/recipients/{}", id.0)),
                why: "it names them",
                fate: if is_settled { Fate::Erasable } else { Fate::InUse },
                documents: Vec::new(),
            });
        }
    }
    let mut theirs: BTreeSet<usize> = BTreeSet::new();
    for (number, it) in known.state.communications().iter().enumerate() {
        let Some(hash) = it.content else { continue };
        let Some(bytes) = content(app, hash)? else { continue };
        if is_named(&words_of(&bytes)) {
            theirs.insert(number);
            add(Trace {
                hash,
                words: message_words(known, it),
                address: format!("/messages/{number}"),
                why: "it names them",
                fate: Fate::Erasable,
                documents: Vec::new(),
            });
        }
    }
    for (number, document) in known.state.documents().iter().enumerate() {
        let id = DocumentId(number as u32);
        if matches!(document.publication.state, PublicationState::Erased { .. }) {
            continue;
        }
        let Some(bytes) = content(app, document.original)? else { continue };
        let name = replies::name_in(&app.ws, id)?.unwrap_or_default();
        let came_with = known.state.submission(document.submission).is_some_and(|it| theirs.contains(&it.communication.index()));
        let why = if is_named(&name) || is_named(&String::from_utf8_lossy(&bytes)) {
            "it names them"
        } else if came_with {
            "it came with a message that names them"
        } else {
            continue;
        };
        let hash = document.original;
        let is_public =
            known.state.documents().iter().any(|it| it.publication.public == Some(hash) || (it.original == hash && it.publication.state.is_public()));
        add(Trace {
            hash,
            words: document.title.as_ref().map_or(name, ToString::to_string),
            address: format!("/documents/{number}"),
            why,
            fate: if is_public { Fate::Public } else { Fate::Erasable },
            documents: vec![id],
        });
    }
    Ok(found.into_values().collect())
}

fn message_words(known: &Known, it: &Communication) -> String {
    let whom = names(known, &it.recipients);
    let on = it.on.name();
    match it.direction {
        Direction::Out => format!("What went to {whom} on {on}"),
        Direction::In if it.recipients.is_empty() => format!("What came on {on}, from nobody who is known"),
        Direction::In => format!("What came from {whom} on {on}"),
    }
}

/// The first bytes of a blob; nothing where it was erased or sent back.
fn content(app: &App, hash: BlobHash) -> Result<Option<Vec<u8>>, Problem> {
    // What is missing for another reason is told by `log verify` and the page that needs it.
    let Ok(blob) = app.ws.blobs().read(&hash.to_string()) else { return Ok(None) };
    let mut bytes = Vec::new();
    blob.take(LOOKED_THROUGH_BYTES).read_to_end(&mut bytes).map_err(|error| Problem::of_files("looking for a name", &error))?;
    Ok(Some(bytes))
}

/// The words of a letter, of a message with its addresses, or of a note.
fn words_of(bytes: &[u8]) -> String {
    if let Ok(letter) = serde_json::from_slice::<Letter>(bytes) {
        return letter.plain_text();
    }
    match mail::read(bytes, &Limits::default()) {
        Ok(mail) if !mail.from.is_empty() => {
            let addresses = mail.from.iter().chain(&mail.to).chain(&mail.cc);
            let people: Vec<String> = addresses.map(|one| format!("{} {}", one.name.as_deref().unwrap_or_default(), one.address)).collect();
            format!("{}\n{}\n{}", people.join("\n"), mail.subject, mail.text)
        }
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn person(visit: &Visit, known: &Known) -> Result<(String, Person), Refusal> {
    let id: String = visit.part("person")?;
    let person = known.people.get(&id).cloned().ok_or(Refusal::NotFound)?;
    Ok((id, person))
}

/// Everything that names a person, with what can be erased of it.
///
/// # Errors
/// There is no such person, or something cannot be read.
pub fn show(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let (id, person) = person(visit, &known)?;
    let found = traces(&visit.app, &known, &id, &person)?;
    let (erasable, rest): (Vec<&Trace>, Vec<&Trace>) = found.iter().partition(|trace| trace.fate == Fate::Erasable);
    let line =
        |trace: &Trace| html! { a href=(trace.address) { (trace.words) } span.hint { "Because " (trace.why) ". SHA-256 " code { (trace.hash) } } };
    let back = format!("/people/{id}");
    let main = html! {
        p { "Letters, messages and files in which the name or the address of " (person.name) " stands, and files that came with such messages. Word, PDF and spreadsheet files are told by their names and by the message they came with: what is written inside is not read here, so look into them." }
        p { "To erase is to overwrite the words. Their hash, who erased them and why stay in the log, so that nobody can say that there was nothing." }
        @if found.is_empty() { p { "Nothing was found." } }
        @if !erasable.is_empty() {
            h2 { "What can be erased" }
            (layout::order(visit, &visit.path, "Erase what is ticked, for good", &html! { (ticks(visit, &erasable)) (text(visit, "why", "Why", "Kept in the log. Name nobody", "")) }))
        }
        @if !rest.is_empty() {
            h2 { "What has to stay for now" }
            ul.tasks {
                @for trace in &rest {
                    li {
                        span { (line(trace)) }
                        span.state.wait { (if trace.fate == Fate::Public { "Public: correct or withdraw it first" } else { "Not sent yet: change the contact and make the letters again" }) }
                    }
                }
            }
        }
        @if visit.who()?.id != id { p { a href={ (back) "/erase" } { "Erase who this is" } } }
    };
    page(layout::page(visit, &format!("What names {}", person.name), &[("People", "/people"), (&person.name, &back)], &main))
}

fn ticks(visit: &Visit, traces: &[&Trace]) -> Markup {
    let wrong = visit.problems.of("hash");
    html! {
        fieldset.field.bad[wrong.is_some()] {
            legend { "Things that name them" }
            @if let Some(words) = wrong { p.wrong id="hash-wrong" { span.unseen { "Error: " } (words) } }
            @for (place, trace) in traces.iter().enumerate() {
                @let id = if place == 0 { "hash".to_owned() } else { format!("hash-{place}") };
                div.option {
                    input type="checkbox" id=(id) name="hash" value=(trace.hash) checked[visit.ticked("hash", &trace.hash.to_string(), false)];
                    label for=(id) { (trace.words) span.hint { "Because " (trace.why) ". SHA-256 " code { (trace.hash) } } }
                }
            }
        }
        p { "To read one before: " @for (place, trace) in traces.iter().enumerate() { @if place > 0 { ", " } a href=(trace.address) { (trace.words) } } "." }
    }
}

/// Erases what was ticked.
///
/// # Errors
/// Nothing was ticked, no reason is given, or it became public meanwhile.
pub fn erase(visit: &Visit) -> Answer {
    let mut problems = Problems::default();
    let why: Option<Remark> = problems.needed(&visit.form, "why", "Say why");
    let ticked: BTreeSet<&str> = visit.form.all("hash").collect();
    if ticked.is_empty() {
        problems.add("hash", "Tick at least one");
    }
    let (Some(why), true) = (why, problems.is_empty()) else { return Err(problems.into()) };
    let (id, chosen) = {
        let known = visit.app.office.known();
        let (id, person) = person(visit, &known)?;
        let mut found = traces(&visit.app, &known, &id, &person)?;
        found.retain(|trace| trace.fate == Fate::Erasable && ticked.contains(trace.hash.to_string().as_str()));
        (id, found)
    };
    for trace in &chosen {
        for document in &trace.documents {
            visit.act_now(&|state, order| publications::erase(state, order, *document, why.clone()))?;
        }
        gone(visit, &id, trace, &why)?;
    }
    see(
        format!("/people/{id}/traces"),
        &format!("{} erased. The log is whole: its chain was not touched", layout::counted(chosen.len(), "thing is", "things are")),
    )
}

/// Says in the log that something was erased, then overwrites it: if the program dies between the two, it is still on the list.
fn gone(visit: &Visit, id: &str, trace: &Trace, why: &Remark) -> Result<(), Refusal> {
    let (ws, key) = (&visit.app.ws, trace.hash.to_string());
    let body = json!({"person": id, "sha256": key, "why": why.to_string()});
    let record = serde_json::to_string(&Erased { on: visit.today().name(), why: why.to_string() })
        .map_err(|error| Problem::while_doing("writing what was erased", error))?;
    let seen = ws.records().get(ERASED, &key)?.map_or(0, |record| record.version);
    let entry = Entry { kind: "person.content_erased", body: &body, actor: &visit.who()?.id, at: visit.at };
    ws.log().write_with(&[entry], &[Change::Put { kind: ERASED, id: &key, seen, body: &record }], Condition::Always)?;
    // The names of files may name people, too.
    for document in &trace.documents {
        replies::forget_name(ws, *document)?;
    }
    let is_needed = {
        let known = visit.app.office.known();
        let needs = |it: &headwater_prevention::exchange::document::ReceivedDocument| {
            it.publication.public == Some(trace.hash)
                || (it.original == trace.hash && !matches!(it.publication.state, PublicationState::Erased { .. }))
        };
        known.state.documents().iter().any(needs)
    };
    if !is_needed {
        ws.texts().forget(&key)?;
        ws.blobs().destroy(&key)?;
    }
    Ok(())
}
