//! What a file that somebody sent says, and what is hidden in it: the one way from its bytes to either.
//!
//! Both are found out by a confined process: a hostile file can stop that, and nothing else.

use headwater_documents::Refusal;
use headwater_documents::kind::sniff;
use headwater_documents::remove::{self, Form, Kept, Secrets, Survivor};
use headwater_documents::screen::{self, Finding, Found, Screened};
use headwater_documents::text::{self, DocumentText};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::confined::{self, Allowed, Stopped, Task};

/// The names under which a confined process does this.
const TEXT: &str = "text";
const SCREEN: &str = "screen";
const PROVE: &str = "prove";
const LEAKS: &str = "leaks";

/// What a confined process of this program does, by name.
pub const TASKS: [(&str, Task); 4] = [(TEXT, text_of), (SCREEN, screened), (PROVE, confined::prove), (LEAKS, leaks_in)];

/// Reads a file of any kind. `name` is the name it was sent under.
///
/// # Errors
/// There is no text to be had from it; the refusal says why, and how to mend it.
pub fn read(name: &str, bytes: &[u8]) -> Result<DocumentText, Refusal> {
    ask::<Result<DocumentText, Refusal>>(TEXT, name, bytes).unwrap_or_else(|stopped| Err(Refusal::new(stopped.to_string(), remedy(&stopped))))
}

/// Looks into a file before anybody opens it. `name` is the name it was sent under. A file that stops the looking is not clean.
pub fn look(name: &str, bytes: &[u8]) -> Screened {
    ask(SCREEN, name, bytes).unwrap_or_else(|stopped| {
        let finding = if matches!(stopped, Stopped::Time(_) | Stopped::Memory(_)) { Finding::Bomb } else { Finding::WrongKind };
        let found = Found { finding, place: String::new(), what: stopped.to_string(), remedy: remedy(&stopped).to_owned() };
        Screened { kind: sniff(bytes), found: vec![found], noted: Vec::new(), not_looked: Vec::new() }
    })
}

/// A file that is to leave, and what must not be in it.
#[derive(Serialize, Deserialize)]
pub struct Leaks {
    /// What it is.
    pub form: Form,
    /// The file.
    pub bytes: Vec<u8>,
    /// What may be in it.
    pub kept: Kept,
    /// A file of the same form without words.
    pub skeleton: Vec<u8>,
    /// What must not be in it.
    pub secrets: Secrets,
}

/// Looks in a file of ours for what was removed; the readers that look are other people's.
///
/// # Errors
/// The search came to no end.
pub fn leaks(leaks: &Leaks) -> Result<Vec<Survivor>, Refusal> {
    let unsearched = |why: String| {
        Refusal::new(format!("what was made could not be searched, so that it is not written: {why}"), "redact the document in several parts")
    };
    let input = postcard::to_allocvec(leaks).map_err(|error| unsearched(error.to_string()))?;
    let answer = run(LEAKS, &[&input]).map_err(|stopped| unsearched(stopped.to_string()))?;
    // Nothing is no answer: a search that found nothing says so.
    postcard::from_bytes(&answer).map_err(|_| unsearched("the search gave no answer".to_owned()))
}

fn leaks_in(input: Vec<u8>) -> Vec<u8> {
    let Ok(it) = postcard::from_bytes::<Leaks>(&input) else { return Vec::new() };
    drop(input);
    let found = remove::prove(it.form, &it.bytes, &it.kept, &it.skeleton, &it.secrets);
    postcard::to_allocvec(&found).unwrap_or_default()
}

/// What a confined process could do on this computer that no reader of files may, a line each; nothing where all is well.
pub fn possible() -> String {
    run(PROVE, &[]).map_or_else(|stopped| stopped.to_string(), |lines| String::from_utf8_lossy(&lines).into_owned())
}

fn remedy(stopped: &Stopped) -> &'static str {
    match stopped {
        Stopped::NotBegun(_) => "ask whoever looks after this computer; on Linux, the program must be allowed to start itself",
        Stopped::Length(_) => "ask for it in several files",
        Stopped::Time(_) | Stopped::Memory(_) | Stopped::Broken => {
            "do not open it elsewhere; ask the sender to save or print it anew, without pictures"
        }
    }
}

fn ask<T: DeserializeOwned>(task: &str, name: &str, bytes: &[u8]) -> Result<T, Stopped> {
    let length = u32::try_from(name.len()).unwrap_or_default().to_le_bytes();
    let answer = run(task, &[&length, name.as_bytes(), bytes])?;
    postcard::from_bytes(&answer).map_err(|_| Stopped::Broken)
}

fn run(task: &str, input: &[&[u8]]) -> Result<Vec<u8>, Stopped> {
    // The program of unit tests cannot be its own child.
    if cfg!(test) {
        let (_, task) = TASKS.iter().find(|(name, _)| *name == task).ok_or(Stopped::Broken)?;
        return Ok(task(input.concat()));
    }
    confined::run(task, input, &Allowed::default())
}

fn text_of(input: Vec<u8>) -> Vec<u8> {
    answer(input, |name, bytes| text::of(name, bytes, &text::Limits::default()))
}

fn screened(input: Vec<u8>) -> Vec<u8> {
    answer(input, |name, bytes| screen::screen(name, &bytes, &screen::Limits::default()))
}

/// The other end of [`ask`]. Nothing is an answer that nobody understands.
fn answer<T: Serialize>(mut input: Vec<u8>, work: fn(&str, Vec<u8>) -> T) -> Vec<u8> {
    let Some(length) = input.first_chunk::<4>().map(|length| u32::from_le_bytes(*length) as usize) else { return Vec::new() };
    if input.len() < 4 + length {
        return Vec::new();
    }
    let bytes = input.split_off(4 + length);
    let name = String::from_utf8_lossy(&input[4..]).into_owned();
    drop(input);
    postcard::to_allocvec(&work(&name, bytes)).unwrap_or_default()
}
