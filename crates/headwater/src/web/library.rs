//! The documents that may be read, kept ready for searching: taken in when they are let through, out when they are held or destroyed.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Mutex, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use headwater_documents::Refusal;
use headwater_prevention::exchange::id::{BlobHash, DocumentId};

use super::documents::is_erased;
use super::office::Known;
use super::replies::SCREENED_BYTES;
use super::{App, replies};
use crate::problem::Problem;
use crate::reading;
use crate::search::index::PageIndex;
use crate::search::seen_text;
use crate::store::texts;

/// How long documents are taken in before what is there is shown.
const AT_ONCE: Duration = Duration::from_secs(1);

/// Files that a page reads itself; larger ones are taken in beside it.
const SMALL_BYTES: u64 = 2_000_000;

/// Documents ready for searching.
pub struct Library {
    /// Their pages by words.
    pub pages: PageIndex,
    /// Documents of which there is no text, and why.
    without: Mutex<BTreeMap<String, Refusal>>,
    /// Held by whoever takes documents in.
    taking_in: Mutex<()>,
}

/// What is not searched.
#[derive(Default)]
pub struct NotSearched {
    /// How many documents have not been taken in yet.
    pub n_coming: usize,
    /// Documents without text, and why, by the hash of the file.
    pub without: BTreeMap<String, Refusal>,
}

impl Library {
    /// A library without documents.
    ///
    /// # Errors
    /// No thread can be started for it.
    pub fn new() -> Result<Self, Problem> {
        let pages = PageIndex::new().map_err(|error| Problem::while_doing("making an index of documents", error))?;
        Ok(Self { pages, without: Mutex::default(), taking_in: Mutex::new(()) })
    }
}

/// The documents that people may read now, by the hash of the file.
pub fn readable(known: &Known) -> BTreeMap<String, Vec<DocumentId>> {
    let mut found: BTreeMap<String, Vec<DocumentId>> = BTreeMap::new();
    for (number, it) in (0_u32..).zip(known.state.documents()) {
        if it.screening.is_readable() && !is_erased(it) {
            found.entry(it.original.to_string()).or_default().push(DocumentId(number));
        }
    }
    found
}

/// Takes in, for a while, what may be read and is not there, and out what may not: what is done again and again.
///
/// # Errors
/// A file or a record cannot be read, or a text that has to go stays.
pub fn take_in(app: &App) -> Result<(), Problem> {
    let _alone = app.library.taking_in.lock().unwrap_or_else(PoisonError::into_inner);
    change(app, u64::MAX)
}

/// The same before a page is made, of small files and without waiting long for whoever reads a large one; says what is not searched.
pub fn catch_up(app: &App) -> NotSearched {
    let began = Instant::now();
    while began.elapsed() < AT_ONCE {
        match app.library.taking_in.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(20)),
            _alone => {
                // What cannot be read is still to come; it is told where documents are taken in again and again.
                let _ = change(app, SMALL_BYTES);
                break;
            }
        }
    }
    let without = app.library.without.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let there = app.library.pages.documents();
    let readable = readable(&app.office.known());
    let n_coming = readable.keys().filter(|hash| !there.contains(*hash) && !without.contains_key(*hash)).count();
    NotSearched { n_coming, without }
}

/// Files of at most so many bytes are taken in. One that cannot be read keeps no other out.
fn change(app: &App, most_bytes: u64) -> Result<(), Problem> {
    let began = Instant::now();
    let readable = readable(&app.office.known());
    let there = app.library.pages.documents();
    let mut without = app.library.without.lock().unwrap_or_else(PoisonError::into_inner).clone();
    without.retain(|hash, _| readable.contains_key(hash));
    let gone: Vec<String> = there.iter().filter(|hash| !readable.contains_key(*hash)).cloned().collect();
    let kept = app.ws.texts().all();
    kept.iter().filter(|hash| !readable.contains_key(*hash)).try_for_each(|hash| app.ws.texts().forget(hash))?;
    let mut new: Vec<(String, Vec<String>)> = Vec::new();
    let mut unread = Ok(());
    for (hash, ids) in &readable {
        if began.elapsed() > AT_ONCE {
            break;
        }
        if there.contains(hash) || without.contains_key(hash) {
            continue;
        }
        match app.ws.blobs().size(hash).and_then(|n_bytes| (n_bytes <= most_bytes).then(|| text_of(app, hash, ids.first().copied())).transpose()) {
            Ok(Some(Ok(text))) => new.push((hash.clone(), text.pages.iter().map(seen_text).collect())),
            Ok(Some(Err(refusal))) => drop(without.insert(hash.clone(), refusal)),
            Ok(None) => {}
            Err(problem) => unread = Err(problem),
        }
    }
    if !gone.is_empty() || !new.is_empty() {
        let new = new.iter().map(|(hash, pages)| (hash.clone(), pages.iter().map(String::as_str).collect()));
        app.library.pages.change(&gone, new).map_err(|error| Problem::while_doing("taking documents into the index", error))?;
    }
    *app.library.without.lock().unwrap_or_else(PoisonError::into_inner) = without;
    unread
}

/// The text of a document that may be read, or why there is none.
///
/// # Errors
/// The file or its name cannot be read.
pub fn text_of(app: &App, hash: &str, id: Option<DocumentId>) -> Result<texts::Read, Problem> {
    if let Some(read) = app.ws.texts().get(hash) {
        return Ok(read);
    }
    let name = id.map(|id| replies::name_in(&app.ws, id)).transpose()?.flatten().unwrap_or_default();
    let n_bytes = app.ws.blobs().size(hash)?;
    if n_bytes > SCREENED_BYTES {
        let what = format!("the file is larger than {} MB, and was not read", SCREENED_BYTES / 1_000_000);
        return Ok(Err(Refusal::new(what, "ask for it in several files, or without pictures")));
    }
    let held = app.memory.hold(n_bytes);
    let mut bytes = Vec::new();
    app.ws.blobs().read(hash)?.read_to_end(&mut bytes).map_err(|error| Problem::of_files("reading a blob", &error))?;
    let read = reading::read(&name, &bytes);
    drop(held);
    // Between the reading and the keeping it may have been destroyed.
    let is_readable = hash.parse::<BlobHash>().is_ok() && readable(&app.office.known()).contains_key(hash);
    if is_readable {
        app.ws.texts().keep(hash, &read);
    }
    Ok(read)
}
