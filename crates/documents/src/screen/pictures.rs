//! Do its pictures say where they were taken, or with whose camera?
//!
//! A place holds the file: a photograph from a victim's home says where that is, and no page shows it. Whose camera it was is
//! noted beside. What a camera says is read by `kamadak-exif`.

use super::look::Look;
use super::{Finding, Note, Screened};
use crate::kind::Kind;
use crate::pdf::has_place;
use exif::{Context, Exif, In, Reader, Tag, Value};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(super) const REMEDY: &str = "do not pass it on; ask the sender for a copy with the properties of its pictures removed";

/// The most pictures of one file that are looked into.
const MOST_PICTURES: usize = 5_000;

/// Looks at a picture alone, and at those in office files; those in a PDF come with its pages.
pub(super) fn detect(look: &mut Look, screened: &mut Screened) {
    match look.kind {
        Kind::Image => {
            let bytes = look.bytes;
            picture(look, screened, "", bytes);
            screened.not_looked.push("words in pictures were not read".into());
        }
        Kind::Docx | Kind::Pptx | Kind::Xlsx | Kind::Xlsb | Kind::Odt | Kind::Ods | Kind::OfficeDocument => {
            const ENDINGS: [&str; 8] = [".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".heic", ".jfif"];
            let parts = look.parts_where(|name| ENDINGS.iter().any(|ending| name.ends_with(ending)));
            for part in parts.iter().take(MOST_PICTURES) {
                if let Some(bytes) = look.part(part) {
                    picture(look, screened, part, &bytes);
                }
            }
            let has_pictures = !parts.is_empty();
            screened.not_looked.extend(has_pictures.then(|| "words in pictures were not read".into()));
            if parts.len() > MOST_PICTURES {
                screened.not_looked.push(format!("of its pictures, {MOST_PICTURES} were looked into").into());
            }
        }
        // Pictures lie in Rich Text as digits, in old files as they are.
        Kind::OldOffice => {
            let bytes = look.bytes;
            for at in memchr::memmem::find_iter(bytes, b"\xff\xd8\xff").take(MOST_PICTURES) {
                picture(look, screened, "a picture in it", &bytes[at..bytes.len().min(at + 256 * 1024)]);
            }
        }
        Kind::Rtf => {
            for digits in rich_text_pictures(look.bytes) {
                picture(look, screened, "a picture in it", &digits);
            }
        }
        _ => {}
    }
}

/// The beginnings of the JPEGs of a Rich Text document.
fn rich_text_pictures(bytes: &[u8]) -> Vec<Vec<u8>> {
    let of = |at: usize| -> Vec<u8> {
        let rest = &bytes[at..bytes.len().min(at + 600_000)];
        // The digits come behind the words that describe them.
        let Some(start) = memchr::memmem::find(&rest[..rest.len().min(4_000)], b"ffd8ff")
            .or_else(|| memchr::memmem::find(&rest[..rest.len().min(4_000)], b"FFD8FF"))
        else {
            return Vec::new();
        };
        let digits = rest[start..].iter().take_while(|byte| **byte != b'}').filter_map(|byte| char::from(*byte).to_digit(16));
        let digits: Vec<u8> = digits.map(|digit| digit as u8).collect();
        digits.chunks_exact(2).map(|two| two[0] << 4 | two[1]).collect()
    };
    memchr::memmem::find_iter(bytes, b"\\jpegblip").take(MOST_PICTURES).map(of).filter(|picture| !picture.is_empty()).collect()
}

/// Looks into one picture.
pub(super) fn picture(look: &mut Look, screened: &mut Screened, place: &str, bytes: &[u8]) {
    let mut is_placed = packets(bytes).iter().any(|packet| has_place(packet));
    if let Some(exif) = read(bytes) {
        let fields = || exif.fields();
        let says = |tag: Tag| fields().any(|field| field.tag == tag && !is_empty(&field.value));
        is_placed |= fields().any(|field| is_place(field.tag) && !is_nought(&field.value));
        if [Tag::CameraOwnerName, Tag::Artist, Tag::Copyright].into_iter().any(says) {
            screened.note(Note::Camera, place, "a picture names its owner or who took it");
        }
        if [Tag::BodySerialNumber, Tag::LensSerialNumber].into_iter().any(says) {
            screened.note(Note::Camera, place, "a picture holds the number of the camera");
        }
        if exif.get_field(Tag::JPEGInterchangeFormat, In::THUMBNAIL).is_some() {
            screened.note(Note::Preview, place, "a picture holds a smaller one, which may show what was cut off");
        }
        let mut words = String::new();
        for field in fields() {
            if let (Tag::ImageDescription | Tag::Artist | Tag::CameraOwnerName | Tag::UserComment | Tag::Copyright, Some(said)) =
                (field.tag, text_of(&field.value))
            {
                words += &said;
                words.push('\n');
            }
        }
        look.say(if place.is_empty() { "the properties of the picture".to_owned() } else { format!("the properties of {place}") }, &words);
    }
    if is_placed {
        screened.add(Finding::Metadata, place, "a picture says where it was taken (GPS)", REMEDY);
    }
}

/// What a camera wrote; none if it wrote nothing, or cannot be read.
fn read(bytes: &[u8]) -> Option<Exif> {
    // The reader is another project's and reads bytes that anyone may have made.
    let read = || {
        let mut reader = Reader::new();
        reader.continue_on_error(true);
        let read = reader.read_from_container(&mut Cursor::new(bytes));
        // In a picture that was damaged what stands before the damage counts.
        read.or_else(|error| error.distill_partial_result(|_| {})).ok()
    };
    catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}

/// Whether a field of the place is one that says it: not the version of the form, nor the date.
fn is_place(tag: Tag) -> bool {
    // Latitude, longitude and the destination's (Exif 2.3, table 15).
    tag.context() == Context::Gps && matches!(tag.number(), 0x02 | 0x04 | 0x14 | 0x16 | 0x1b | 0x1c)
}

/// Some cameras write a place of nothing but noughts when they know none.
fn is_nought(value: &Value) -> bool {
    match value {
        Value::Rational(parts) => parts.iter().all(|part| part.num == 0 || part.denom == 0),
        other => is_empty(other),
    }
}

fn is_empty(value: &Value) -> bool {
    text_of(value).is_some_and(|text| text.trim().is_empty())
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Ascii(lines) => {
            Some(lines.iter().map(|line| String::from_utf8_lossy(line).trim_matches(['\0', ' ']).to_owned()).collect::<Vec<_>>().join(" "))
        }
        // A comment begins with eight bytes that name its character set.
        Value::Undefined(bytes, _) => Some(String::from_utf8_lossy(bytes.get(8..).unwrap_or_default()).replace('\0', "")),
        _ => None,
    }
}

/// The XMP packets that lie in a picture as text.
fn packets(bytes: &[u8]) -> Vec<String> {
    let end = |at: usize| memchr::memmem::find(&bytes[at..], b"</x:xmpmeta>").map_or(bytes.len().min(at + 64 * 1024), |n| at + n);
    memchr::memmem::find_iter(bytes, b"<x:xmpmeta").take(20).map(|at| String::from_utf8_lossy(&bytes[at..end(at)]).into_owned()).collect()
}
