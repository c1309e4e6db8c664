//! What is kept of messages, read and taken apart while nobody is kept from writing.

use std::collections::BTreeMap;
use std::io::Read;

use headwater_documents::mail::{Limits, Mail};
use headwater_prevention::exchange::communication::{Communication, Direction, Placement};
use headwater_prevention::exchange::id::{BlobHash, CommunicationId};
use headwater_prevention::exchange::letter::merge::Letter;

use super::said::{Names, Said};
use super::traces::{self, Erased};
use super::visit::{Refusal, Visit};
use crate::problem::Problem;

/// The most bytes of a message that a page shows.
const SHOWN_BYTES: u64 = 60_000_000;

/// The most bytes of a message that are looked at for the list: its headers stand at its beginning.
const LOOKED_AT_BYTES: u64 = 200_000;

/// What a message says.
pub enum Kept {
    /// It was erased.
    Erased(Erased),
    /// A letter of ours.
    Letter(Letter),
    /// What was said by the link of a letter, and what the files are called that it speaks of.
    Said(Said, Names),
    /// A mail.
    Mail(Box<Mail>),
    /// A note, or what does not read as a message.
    Words(String),
}

/// What is kept of one message that can be read now, by hash.
///
/// # Errors
/// It cannot be read.
pub fn of_message(visit: &Visit, id: CommunicationId) -> Result<BTreeMap<BlobHash, Kept>, Refusal> {
    let hashes: Vec<BlobHash> = {
        let known = visit.app.office.known();
        let it = known.state.communication(id).filter(|it| it.is_readable());
        it.into_iter().flat_map(|it| it.content.iter().chain(&it.also).copied()).collect()
    };
    hashes.into_iter().map(|hash| Ok((hash, one(visit, hash)?))).collect()
}

fn one(visit: &Visit, hash: BlobHash) -> Result<Kept, Refusal> {
    if let Some(erased) = traces::erased(&visit.app.ws, hash)? {
        return Ok(Kept::Erased(erased));
    }
    let bytes = first_bytes(visit, hash, SHOWN_BYTES)?;
    if let Ok(letter) = serde_json::from_slice::<Letter>(&bytes) {
        return Ok(Kept::Letter(letter));
    }
    if let Some(said) = Said::of(&bytes) {
        let names = said.names(visit)?;
        return Ok(Kept::Said(said, names));
    }
    // A note of ours begins with no header; what does not read as a message is shown as the text that it is.
    Ok(match headwater_documents::mail::read(&bytes, &Limits::default()) {
        Ok(mail) if !mail.from.is_empty() => Kept::Mail(Box::new(mail)),
        _ => Kept::Words(String::from_utf8_lossy(&bytes).into_owned()),
    })
}

/// The heads of the mails that wait in the holding list.
///
/// # Errors
/// One cannot be read.
pub fn heads(visit: &Visit) -> Result<BTreeMap<CommunicationId, Mail>, Refusal> {
    let is_held = |it: &Communication| it.direction == Direction::In && it.is_readable() && matches!(it.placement, Placement::Held(_));
    let held: Vec<(CommunicationId, BlobHash)> = {
        let known = visit.app.office.known();
        let numbered = (0u32..).zip(known.state.communications()).filter(|(_, it)| is_held(it));
        numbered.filter_map(|(number, it)| Some((CommunicationId(number), it.content?))).collect()
    };
    let mut found = BTreeMap::new();
    for (id, hash) in held {
        if traces::erased(&visit.app.ws, hash)?.is_some() {
            continue;
        }
        let bytes = first_bytes(visit, hash, LOOKED_AT_BYTES)?;
        found.extend(headwater_documents::mail::read(&bytes, &Limits::default()).ok().map(|mail| (id, mail)));
    }
    Ok(found)
}

fn first_bytes(visit: &Visit, hash: BlobHash, at_most: u64) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let blob = visit.app.ws.blobs().read(&hash.to_string())?;
    blob.take(at_most).read_to_end(&mut bytes).map_err(|error| Problem::of_files("reading a message", &error))?;
    Ok(bytes)
}
