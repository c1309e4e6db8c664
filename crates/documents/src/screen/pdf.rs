//! The names in a PDF, as far as a plain look at its structure reaches.
//!
//! Names are found in the file as it lies and in streams of objects that are packed in the usual way. They are not found in
//! what is encrypted, in streams packed otherwise, and in files within the file.

use super::{Finding, Look, Screened};
use crate::allowance::{Allowance, Metered};
use flate2::read::ZlibDecoder;
use std::collections::BTreeSet;
use std::io::Read;

/// Names that detectors ask for. All are long enough not to come up by chance in packed bytes.
const ASKED: [&str; 9] =
    ["Encrypt", "JavaScript", "Launch", "RichMedia", "EmbeddedFile", "EmbeddedFiles", "FileAttachment", "SubmitForm", "ImportData"];

/// The most bytes that all streams of objects may unpack to.
const MOST_BYTES: u64 = 200_000_000;

/// How far before its content the description of a stream may begin.
const DESCRIPTION_BYTES: usize = 2_000;

/// Which of the asked names stand in the PDF.
pub(super) fn names(look: &mut Look, screened: &mut Screened) -> BTreeSet<&'static str> {
    if let Some(names) = &look.pdf_names {
        return names.clone();
    }
    let mut names = BTreeSet::new();
    gather(look.bytes, &mut names);
    let mut allowance = Allowance::new(look.bytes.len() as u64, MOST_BYTES);
    let mut is_bomb = false;
    for at in memchr::memmem::find_iter(look.bytes, b"stream") {
        let before = &look.bytes[at.saturating_sub(DESCRIPTION_BYTES)..at];
        if before.ends_with(b"end") {
            continue;
        }
        // Only what stands after the end of the object before describes this stream.
        let description = &before[memchr::memmem::rfind(before, b"endobj").unwrap_or(0)..];
        if memchr::memmem::find(description, b"ObjStm").is_none() {
            continue;
        }
        let body = &look.bytes[at + b"stream".len()..];
        let body = body.strip_prefix(b"\r\n").or_else(|| body.strip_prefix(b"\n")).unwrap_or(body);
        if memchr::memmem::find(description, b"FlateDecode").is_none() {
            screened.not_looked.push("some objects of the PDF are packed in an unusual way and were not looked at".into());
            gather(&body[..memchr::memmem::find(body, b"endstream").unwrap_or(body.len())], &mut names);
            continue;
        }
        let mut unpacked = Vec::new();
        match (Metered { inner: ZlibDecoder::new(body), allowance: &mut allowance }).read_to_end(&mut unpacked) {
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::QuotaExceeded => {
                is_bomb = true;
                break;
            }
            Err(_) => screened.not_looked.push("some objects of the PDF are damaged or encrypted and were not looked at".into()),
        }
        gather(&unpacked, &mut names);
    }
    if is_bomb {
        screened.add_fault("", &crate::package::Fault::Bomb);
    }
    if !look.bytes.windows(5).rev().take(2_048).any(|five| five == b"%%EOF") {
        screened.add(Finding::WrongKind, "", "the PDF has no end: it was cut off, or something was added to it", "ask the sender for the file again");
    }
    look.pdf_names = Some(names.clone());
    names
}

/// Adds the asked names that stand in `bytes`; any letter of a name may be written as `#` and two digits.
fn gather(bytes: &[u8], names: &mut BTreeSet<&'static str>) {
    for at in memchr::memchr_iter(b'/', bytes) {
        let mut name = Vec::with_capacity(16);
        let mut rest = &bytes[at + 1..];
        while let Some((&byte, after)) = rest.split_first() {
            let hex = (byte == b'#').then(|| after.get(..2)).flatten();
            let code = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
            match (code, byte) {
                (Some(code), _) => {
                    name.push(code);
                    rest = &after[2..];
                }
                (None, byte) if byte.is_ascii_alphanumeric() => {
                    name.push(byte);
                    rest = after;
                }
                _ => break,
            }
            if name.len() > 16 {
                break;
            }
        }
        names.extend(ASKED.iter().find(|asked| asked.as_bytes() == name));
    }
}
