//! The whole file of one request, to be handed over or kept elsewhere: what went and came as it was, how it stands, and what the
//! log says of it.

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write};

use headwater_prevention::exchange::communication::{Communication, Direction};
use headwater_prevention::exchange::document::Screening;
use headwater_prevention::exchange::grid::correspondence;
use headwater_prevention::exchange::id::{BlobHash, CommunicationId, DocumentId, RecipientId};
use headwater_prevention::exchange::letter::merge::Letter;
use headwater_prevention::exchange::letter::ready::ready;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::documents::is_erased;
use super::layout;
use super::office::Known;
use super::recipient::status_words;
use super::replies::{self, channel_words};
use super::said::Said;
use super::sending::file_name;
use super::spreadsheet::Spreadsheet;
use super::traces;
use super::visit::{Answer, Refusal, Reply, Visit};
use crate::problem::Problem;
use crate::store::log::Row;

/// What stands first in the file.
const ABOUT: &str = "The file of one request\n\n\
    asks.csv            what was asked, and how each thing stands\n\
    correspondence.csv  what went and came, in order, and which files here are of it\n\
    messages/           each message as it went or came, unaltered: .eml with all its headers; a letter as the page that was sent\n\
    documents/          each file that came, unaltered; one that is held or was destroyed is named in documents.csv and not here\n\
    log.json            every entry of the log about this request; the hash of each is over its fields and the hash before it\n\
    SHA256SUMS          the hash of every file: sha256sum --check SHA256SUMS\n";

/// Something that is read once the office is let go.
struct Piece {
    path: String,
    hash: BlobHash,
}

/// The file that is being packed.
struct Packing {
    out: ZipWriter<Cursor<Vec<u8>>>,
    sums: String,
}

impl Packing {
    fn add(&mut self, path: &str, bytes: &[u8]) -> Result<(), Problem> {
        let failed = |error: &dyn std::fmt::Display| Problem::while_doing("packing the file of a request", error);
        // Files may be larger than four gigabytes together.
        self.out.start_file(path, SimpleFileOptions::default().large_file(true)).map_err(|error| failed(&error))?;
        self.out.write_all(bytes).map_err(|error| failed(&error))?;
        let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        self.sums.push_str(&format!("{hash}  {path}\n"));
        Ok(())
    }

    fn done(mut self) -> Result<Vec<u8>, Problem> {
        let sums = std::mem::take(&mut self.sums);
        self.add("SHA256SUMS", sums.as_bytes())?;
        Ok(self.out.finish().map_err(|error| Problem::while_doing("packing the file of a request", error))?.into_inner())
    }
}

/// Whether the bytes of a message may be opened: neither it nor one of its files is held. Of a message whose files were destroyed
/// a copy without them is kept.
pub fn is_open(known: &Known, id: CommunicationId) -> bool {
    let may_be_packed = |it: &Screening| it.is_readable() || it.is_destroyed();
    known.state.communication(id).is_some_and(Communication::is_readable)
        && documents_of(known, id).all(|document| known.state.document(document).is_some_and(|it| may_be_packed(&it.screening)))
}

fn documents_of(known: &Known, id: CommunicationId) -> impl Iterator<Item = DocumentId> {
    let submissions = known.state.submissions().iter().filter(move |submission| submission.communication == id);
    submissions.flat_map(|submission| submission.documents.iter().copied())
}

/// What a message is on disk: its ending, and the bytes to hand out. A letter is that of its day; what was erased says so.
pub fn as_it_is(visit: &Visit, message: &Communication, hash: BlobHash) -> Result<(&'static str, Vec<u8>), Refusal> {
    if let Some(erased) = traces::erased(&visit.app.ws, hash)? {
        return Ok(("txt", format!("Erased on {}: {}\n", erased.on, layout::sentence(&erased.why)).into_bytes()));
    }
    let mut bytes = Vec::new();
    visit.app.ws.blobs().read(&hash.to_string())?.read_to_end(&mut bytes).map_err(|error| Problem::of_files("reading a message", &error))?;
    if let Ok(letter) = serde_json::from_slice::<Letter>(&bytes) {
        let letter = super::letters::as_it_left(&visit.app.office.known().state, message, letter);
        let page = ready(&letter, visit.app.office_name()).map_err(Problem::new)?;
        return Ok(("html", headwater_publish::letter_page(&page).into_bytes()));
    }
    if Said::of(&bytes).is_some() {
        return Ok(("json", bytes));
    }
    // A note of ours begins with no header.
    let is_mail = headwater_documents::mail::read(&bytes, &headwater_documents::mail::Limits::default()).is_ok_and(|mail| !mail.from.is_empty());
    Ok((if is_mail { "eml" } else { "txt" }, bytes))
}

/// The file of a request.
///
/// # Errors
/// There is no such recipient, or something of it cannot be read.
pub fn take(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let mut packing = Packing { out: ZipWriter::new(Cursor::new(Vec::new())), sums: String::new() };
    packing.add("README.txt", ABOUT.as_bytes())?;
    let (name, messages, documents) = {
        let known = visit.app.office.known();
        let recipient = known.state.recipient(id).ok_or(Refusal::NotFound)?;
        let name = known.state.body(recipient.body).map_or("", |body| body.entry.name.as_str()).to_owned();
        packing.add("asks.csv", &asks(visit, &known, id)?)?;
        let messages: Vec<(CommunicationId, Communication, bool, Vec<DocumentId>)> = correspondence(&known.state, id)
            .filter_map(|(number, ..)| {
                Some((number, known.state.communication(number)?.clone(), is_open(&known, number), documents_of(&known, number).collect()))
            })
            .collect();
        // Files of its messages, and files that answer it wherever they came.
        let mut documents: BTreeSet<DocumentId> = messages.iter().flat_map(|(.., documents)| documents.clone()).collect();
        let numbered = known.state.documents().iter().enumerate().map(|(number, it)| (DocumentId(number as u32), it));
        documents.extend(numbered.filter(|(_, it)| it.asks.iter().any(|ask| ask.recipient == id)).map(|(number, _)| number));
        let documents: Vec<(DocumentId, BlobHash, bool, String)> = documents
            .into_iter()
            .filter_map(|number| Some((number, known.state.document(number)?)))
            .map(|(number, it)| {
                let title = it.title.as_ref().map_or_else(String::new, ToString::to_string);
                (number, it.original, it.screening.is_readable() && !is_erased(it), title)
            })
            .collect();
        (name, messages, documents)
    };
    let mut list = Spreadsheet::new(&["day", "direction", "channel", "file", "sha256"])?;
    let mut pieces = Vec::new();
    for (number, it, is_open, _) in &messages {
        let direction = if it.direction == Direction::Out { "we wrote" } else { "they wrote" };
        let hash = it.content.map(|hash| hash.to_string()).unwrap_or_default();
        let file = match it.content {
            None => "nothing was kept: it was logged without words".to_owned(),
            Some(_) if !is_open => "not here: it or one of its files is held, or it was destroyed".to_owned(),
            Some(hash) => {
                let (ending, bytes) = as_it_is(visit, it, hash)?;
                let path = format!("messages/{:04}-{}.{ending}", number.0, it.on);
                packing.add(&path, &bytes)?;
                path
            }
        };
        list.row(&[&it.on.to_string(), direction, channel_words(it.channel), &file, &hash])?;
        for (place, hash) in (2..).zip(it.also.iter().filter(|_| *is_open)) {
            let (ending, bytes) = as_it_is(visit, it, *hash)?;
            let path = format!("messages/{:04}-{}-{place}.{ending}", number.0, it.on);
            packing.add(&path, &bytes)?;
            list.row(&[&it.on.to_string(), direction, channel_words(it.channel), &path, &hash.to_string()])?;
        }
    }
    packing.add("correspondence.csv", &list.bytes()?)?;
    let mut list = Spreadsheet::new(&["number", "name", "title", "file", "sha256"])?;
    for (number, hash, is_readable, title) in &documents {
        let named = replies::name_of(visit, *number)?;
        let path = format!("documents/{:04}-{}", number.0, plain_name(&named));
        let is_small = *is_readable && visit.app.ws.blobs().size(&hash.to_string())? <= replies::LOOKED_INTO_BYTES;
        list.row(&[
            &number.0.to_string(),
            &named,
            title,
            if !is_readable {
                "not here: it is held, or was destroyed or erased"
            } else if is_small {
                &path
            } else {
                "not here: it is too large to be packed; take it from its page"
            },
            &hash.to_string(),
        ])?;
        if is_small {
            pieces.push(Piece { path, hash: *hash });
        }
    }
    packing.add("documents.csv", &list.bytes()?)?;
    for piece in pieces {
        let mut bytes = Vec::new();
        let mut blob = visit.app.ws.blobs().read(&piece.hash.to_string())?;
        blob.read_to_end(&mut bytes).map_err(|error| Problem::of_files("reading a document", &error))?;
        packing.add(&piece.path, &bytes)?;
    }
    let of_messages: BTreeSet<u64> = messages.iter().map(|(number, ..)| u64::from(number.0)).collect();
    let of_documents: BTreeSet<u64> = documents.iter().map(|(number, ..)| u64::from(number.0)).collect();
    packing.add("log.json", &entries(visit, id, &of_messages, &of_documents)?)?;
    let bytes = packing.done()?;
    visit.log("audit.exported", json!({"what": "the file of a request", "recipient": id.0}))?;
    Ok(Reply::File(format!("request-{}-{}.zip", file_name(&name), visit.today()), "application/zip", bytes))
}

/// What was asked, and how each thing stands.
fn asks(visit: &Visit, known: &Known, id: RecipientId) -> Result<Vec<u8>, Refusal> {
    let mut list = Spreadsheet::new(&["item", "state", "time", "since", "recorded_by"])?;
    let recipient = known.state.recipient(id).ok_or(Refusal::NotFound)?;
    let campaign = known.state.campaign(recipient.campaign).ok_or(Refusal::NotFound)?;
    for (item, ask) in recipient.asks() {
        let title = campaign.items.get(item.index()).and_then(Option::as_ref).map_or("", |item| item.title.as_str());
        let time = ask.standing(&campaign.brief.clock, visit.today()).told();
        let counted = ask.counted_from().filter(|_| ask.due(&campaign.brief.clock).is_some());
        let time = counted.map_or_else(|| time.clone(), |words| format!("{time}; {words}"));
        list.row(&[title, &status_words(known, &ask.status), &time, &ask.since.to_string(), known.name(ask.by.as_str())])?;
    }
    Ok(list.bytes()?)
}

/// Every entry of the log about a recipient, its messages or its documents, as it is kept.
fn entries(visit: &Visit, id: RecipientId, messages: &BTreeSet<u64>, documents: &BTreeSet<u64>) -> Result<Vec<u8>, Refusal> {
    let mut found: Vec<Value> = Vec::new();
    visit.app.ws.log().walk(0, u64::MAX, &mut |row| {
        let Row::Stored(row) = row else { return Ok(()) };
        if serde_json::from_str::<Value>(&row.body).is_ok_and(|body| is_about(&body, u64::from(id.0), messages, documents)) {
            found.push(json!({
                "entry": row.seq, "at": row.at, "actor": row.actor, "kind": row.kind, "body": row.body,
                "previous_hash": row.previous_hash, "hash": row.hash,
            }));
        }
        Ok(())
    })?;
    Ok(serde_json::to_vec_pretty(&found).map_err(|error| Problem::while_doing("writing the log", error))?)
}

/// Whether an event names the recipient, one of its messages or one of its documents.
fn is_about(value: &Value, recipient: u64, messages: &BTreeSet<u64>, documents: &BTreeSet<u64>) -> bool {
    let is = |name: &str, value: &Value| match (name, value.as_u64()) {
        ("recipient" | "recipients", Some(number)) => number == recipient,
        ("communication", Some(number)) => messages.contains(&number),
        ("document" | "documents", Some(number)) => documents.contains(&number),
        _ => false,
    };
    match value {
        Value::Object(fields) => fields.iter().any(|(name, value)| {
            is(name, value)
                || value.as_array().is_some_and(|all| all.iter().any(|one| is(name, one)))
                || is_about(value, recipient, messages, documents)
        }),
        Value::Array(all) => all.iter().any(|one| is_about(one, recipient, messages, documents)),
        _ => false,
    }
}

/// A file's name with nothing in it that leads elsewhere.
fn plain_name(name: &str) -> String {
    let plain: String =
        name.chars().map(|letter| if letter.is_alphanumeric() || "._- ()".contains(letter) { letter } else { '_' }).take(120).collect();
    plain.trim_start_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_about_a_recipient_that_it_names_anywhere() {
        let about = |text: &str| is_about(&serde_json::from_str(text).unwrap(), 3, &BTreeSet::from([7]), &BTreeSet::from([9]));
        for text in [
            r#"{"recipient":3}"#,
            r#"{"recipients":[1,3]}"#,
            r#"{"asks":[{"recipient":3,"item":0}]}"#,
            r#"{"letters":[[3,"en"]],"recipient":3}"#,
            r#"{"communication":7}"#,
            r#"{"document":9}"#,
        ] {
            assert!(about(text), "{text}");
        }
        for text in [r#"{"recipient":4}"#, r#"{"campaign":3}"#, r#"{"asks":[{"recipient":4,"item":3}]}"#, r#"{"document":7}"#] {
            assert!(!about(text), "{text}");
        }
    }

    #[test]
    fn a_name_leads_nowhere_else() {
        assert_eq!(plain_name("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(plain_name("Our strategy (final).docx"), "Our strategy (final).docx");
    }
}
