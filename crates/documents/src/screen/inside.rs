//! What do the files inside it hold? Each is looked into as if it had come by itself, under one limit for all.

use super::look::Look;
use super::{Limits, Screened, screen_within};
use crate::kind::{Kind, sniff};
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How deep files may lie in each other.
const DEEPEST: usize = 4;
/// How many files inside files are looked into.
const MOST_FILES: usize = 100;

/// How much room is left for files inside files; all that lie in one file share it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Room {
    depth_left: usize,
    files_left: usize,
    bytes_left: u64,
}

impl Room {
    pub(super) fn of(limits: &Limits) -> Self {
        Self { depth_left: DEEPEST, files_left: MOST_FILES, bytes_left: limits.most_unpacked_bytes }
    }
}

/// Looks into every file that was found inside.
pub(super) fn detect(look: &mut Look, screened: &mut Screened) {
    office(look);
    for (place, name, bytes) in std::mem::take(&mut look.files) {
        let called = if name.is_empty() { place.clone() } else { name.clone() };
        let called: String = called.chars().filter(|c| !c.is_control()).take(100).collect();
        let within = if called.is_empty() { "a file inside".to_owned() } else { format!("inside \"{called}\"") };
        let room = &mut look.room;
        let n = bytes.len() as u64;
        if room.depth_left == 0 || room.files_left == 0 || n > room.bytes_left {
            screened.not_looked.push(format!("{within}: files lie in it too deep, or are too many or too large, and were not looked into").into());
            continue;
        }
        (room.depth_left, room.files_left, room.bytes_left) = (room.depth_left - 1, room.files_left - 1, room.bytes_left - n);
        let inner = screen_within(&name, &bytes, &look.limits, room);
        room.depth_left += 1;
        let placed = |place: String| if place.is_empty() { within.clone() } else { format!("{within}, {place}") };
        screened.found.extend(inner.found.into_iter().map(|mut it| {
            it.place = placed(it.place);
            it
        }));
        screened.noted.extend(inner.noted.into_iter().map(|mut it| {
            it.place = placed(it.place);
            it
        }));
        screened.not_looked.extend(inner.not_looked.into_iter().map(|what| format!("{within}: {what}").into()));
    }
}

/// The files inside office files of today. A part of no known kind is told where files inside are told.
fn office(look: &mut Look) {
    if !matches!(look.kind, Kind::Docx | Kind::Xlsx | Kind::Xlsb | Kind::Pptx) {
        return;
    }
    for part in look.parts_where(|name| name.contains("/embeddings/") && !name.ends_with('/') && !name.contains("/_rels/")) {
        let Some(bytes) = look.part(&part) else { continue };
        let bytes = if bytes.starts_with(b"\xd0\xcf\x11\xe0") { unwrapped(&bytes).unwrap_or(bytes) } else { bytes };
        if !matches!(sniff(&bytes), Kind::Binary | Kind::Empty) {
            look.files.push((part, String::new(), bytes));
        }
    }
}

/// The file that an object of another program wraps.
fn unwrapped(bytes: &[u8]) -> Option<Vec<u8>> {
    let read = || {
        let mut file = super::compound::open(bytes).ok()?;
        let mut stream = |path: &str| {
            let mut out = Vec::new();
            file.open_stream(path).ok()?.take(bytes.len() as u64).read_to_end(&mut out).ok()?;
            Some(out)
        };
        // A packed file whole; a PDF; or a file of any kind behind a head of its own, which begins where its mark is.
        stream("/Package").or_else(|| stream("/CONTENTS")).or_else(|| {
            let native = stream("/\u{1}Ole10Native")?;
            let marks = [&b"%PDF-"[..], b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xd8\xff", b"{\\rtf"];
            let at = marks.iter().filter_map(|mark| memchr::memmem::find(&native, mark)).min()?;
            Some(native[at..].to_vec())
        })
    };
    // The parser is another project's: a panic in it is a file that cannot be unwrapped.
    catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}
