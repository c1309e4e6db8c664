//! What some bytes are, by their content alone: names and endings are often wrong.

use crate::Refusal;

/// What some bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Kind {
    /// No bytes, or white space only.
    Empty,
    /// Packed with gzip.
    Gzip,
    /// A zip of files that is none of the documents below.
    Zip,
    /// An Excel workbook (XLSX).
    Xlsx,
    /// An Excel workbook in binary form (XLSB).
    Xlsb,
    /// An OpenDocument spreadsheet (ODS).
    Ods,
    /// A Word document (DOCX).
    Docx,
    /// A PowerPoint presentation (PPTX).
    Pptx,
    /// An OpenDocument text (ODT).
    Odt,
    /// A drawing, presentation or other office file that is a zip inside and none of the above.
    OfficeDocument,
    /// An Excel workbook, Word document or presentation of before 2007, or a newer one with a password.
    OldOffice,
    /// A message saved by Outlook (MSG).
    OutlookMessage,
    /// A message as it travels (EML).
    Mail,
    /// Messages one after another in one file (mbox).
    Mailbox,
    /// A document in Rich Text Format.
    Rtf,
    /// A PDF.
    Pdf,
    /// A picture.
    Image,
    /// GeoJSON: a feature collection.
    GeoJson,
    /// JSON of another kind.
    Json,
    /// A web page, usually an error page saved in place of a file.
    HtmlPage,
    /// XML that is no web page.
    Xml,
    /// Text in lines: a table with a delimiter, or notes.
    Text,
    /// Text in UTF-16.
    Utf16Text,
    /// A program, or a script that a computer would run.
    Program,
    /// Packed in a form that is not unpacked here: RAR, 7-Zip, Cabinet, tar, bzip2, xz, a disk image.
    OtherArchive,
    /// Anything else.
    Binary,
}

impl Kind {
    /// The kind as a reader says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "an empty file",
            Self::Gzip => "a gzip file",
            Self::Zip => "a zip file",
            Self::Xlsx => "an Excel workbook",
            Self::Xlsb => "an Excel workbook in binary form",
            Self::Ods => "an OpenDocument spreadsheet",
            Self::Docx => "a Word document",
            Self::Pptx => "a PowerPoint presentation",
            Self::Odt => "an OpenDocument text",
            Self::OfficeDocument => "an office document that is not a spreadsheet",
            Self::OldOffice => "an old or password-protected office file",
            Self::OutlookMessage => "an Outlook message",
            Self::Mail => "an e-mail message",
            Self::Mailbox => "a file of e-mail messages",
            Self::Rtf => "a Rich Text document",
            Self::Pdf => "a PDF",
            Self::Image => "a picture",
            Self::GeoJson => "GeoJSON",
            Self::Json => "JSON",
            Self::HtmlPage => "a web page",
            Self::Xml => "XML",
            Self::Text => "text",
            Self::Utf16Text => "text in UTF-16",
            Self::Program => "a program",
            Self::OtherArchive => "an archive of a kind that is not unpacked here",
            Self::Binary => "a file of a kind that is not known here",
        }
    }

    /// Why no table, map or text can be had from it, and how to mend that; `None` for kinds that can be read.
    pub fn refusal(self) -> Option<Refusal> {
        let (what, remedy) = match self {
            Self::Gzip | Self::Zip | Self::Xlsx | Self::Ods | Self::Pdf | Self::GeoJson | Self::Json | Self::Text => return None,
            Self::Empty => ("the file is empty", "download it again"),
            Self::Docx | Self::Pptx | Self::Odt | Self::Rtf | Self::OfficeDocument => {
                ("the file is an office document, not a spreadsheet", "save its table as CSV")
            }
            Self::Xlsb => ("the file is an Excel workbook in binary form (XLSB)", "open it and save it as XLSX or CSV"),
            Self::OutlookMessage | Self::Mail | Self::Mailbox => ("the file is e-mail, not data", "save what is attached to it and add that"),
            Self::Image => ("the file is a picture, not data", "ask for the numbers as CSV, XLSX or ODS"),
            Self::Program => ("the file is a program, not data", "do not open it; download the data from its publisher"),
            Self::OtherArchive => ("the file is packed in a form that is not unpacked here", "unpack it and add what comes out, or pack it as a zip"),
            Self::OldOffice => (
                "the file is an Excel workbook or Word document of before 2007, or it has a password",
                "open it, take the password off, and save it as XLSX or CSV",
            ),
            Self::HtmlPage => (
                "the file is a web page, not data: probably an error or sign-in page that was saved in place of the download",
                "open it in a browser to see what it says, then download the data again",
            ),
            Self::Xml => ("the file is XML, which no source here uses", "download the data as CSV, XLSX, ODS or GeoJSON"),
            Self::Utf16Text => ("the file is text in UTF-16 (\"Unicode text\")", "save it again as CSV UTF-8"),
            Self::Binary => ("the file is of a kind that is not known here", "download the data as CSV, XLSX, ODS or GeoJSON"),
        };
        Some(Refusal::new(what, remedy))
    }
}

/// How many bytes at the start are looked at, and at the end of a zip.
const LOOKED_AT: usize = 64 * 1024;

/// What the bytes are. The first 64 KiB are enough, except for workbooks, whose list of contents stands at their end.
///
/// ```
/// use headwater_documents::kind::{Kind, sniff};
/// assert_eq!(sniff(b"Crime ID,Month\n"), Kind::Text);
/// assert_eq!(sniff(b"<!DOCTYPE html><title>403</title>"), Kind::HtmlPage);
/// ```
pub fn sniff(bytes: &[u8]) -> Kind {
    let head = &bytes[..bytes.len().min(LOOKED_AT)];
    if head.starts_with(&[0x1f, 0x8b]) {
        return Kind::Gzip;
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return sniff_zip(bytes, head);
    }
    if head.starts_with(&COMPOUND_FILE) {
        return if is_outlook(bytes) { Kind::OutlookMessage } else { Kind::OldOffice };
    }
    // Programs that print to PDF may put a few bytes before its mark.
    if contains(&head[..head.len().min(1024)], b"%PDF-") {
        return Kind::Pdf;
    }
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Kind::Utf16Text;
    }
    if let Some(kind) = marked(bytes, head) {
        return kind;
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if let Some(kind) = mail_of(text) {
        return kind;
    }
    if looks_like_utf16(text) {
        return Kind::Utf16Text;
    }
    if has_control(text) {
        return Kind::Binary;
    }
    let text = text.trim_ascii_start();
    let Some(first) = text.first() else {
        // White space as far as looked: more may follow in a strange file, but no table begins so.
        return Kind::Empty;
    };
    let lower: Vec<u8> = text.iter().take(2_000).map(u8::to_ascii_lowercase).collect();
    match first {
        b'<' if lower.starts_with(b"<!doctype html") || lower.starts_with(b"<html") || contains(&lower, b"<html") || contains(&lower, b"<head") => {
            Kind::HtmlPage
        }
        b'<' => Kind::Xml,
        b'{' | b'[' if contains(text, b"\"FeatureCollection\"") => Kind::GeoJson,
        b'{' => Kind::Json,
        b'[' if text[1..].trim_ascii_start().first().is_some_and(|b| matches!(b, b'{' | b'[' | b'"' | b'-' | b']' | b'0'..=b'9')) => Kind::Json,
        _ => Kind::Text,
    }
}

/// How an OLE compound file begins.
const COMPOUND_FILE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// How files begin that no text begins like.
const MARKS: [(&[u8], Kind); 22] = [
    (b"\x89PNG\r\n", Kind::Image),
    (b"\xff\xd8\xff", Kind::Image),
    (b"GIF87a", Kind::Image),
    (b"GIF89a", Kind::Image),
    (b"II*\0", Kind::Image),
    (b"MM\0*", Kind::Image),
    (b"{\\rtf", Kind::Rtf),
    (b"\x7fELF", Kind::Program),
    (b"\xca\xfe\xba\xbe", Kind::Program),
    (b"\xcf\xfa\xed\xfe", Kind::Program),
    (b"\xce\xfa\xed\xfe", Kind::Program),
    // A Windows shortcut may start any program.
    (b"L\0\0\0\x01\x14\x02\0", Kind::Program),
    (b"#!/", Kind::Program),
    (b"#! /", Kind::Program),
    (b"@echo off", Kind::Program),
    (b"\0asm", Kind::Program),
    (b"Rar!\x1a\x07", Kind::OtherArchive),
    (b"7z\xbc\xaf\x27\x1c", Kind::OtherArchive),
    (b"MSCF\0\0\0\0", Kind::OtherArchive),
    (b"BZh91AY&SY", Kind::OtherArchive),
    (b"\xfd7zXZ\0", Kind::OtherArchive),
    (b"\x28\xb5\x2f\xfd", Kind::OtherArchive),
];

/// The kinds that a mark tells, at the beginning or where the form puts it.
fn marked(bytes: &[u8], head: &[u8]) -> Option<Kind> {
    let at = |from: usize, mark: &[u8]| bytes.get(from..from + mark.len()) == Some(mark);
    if let Some((_, kind)) = MARKS.iter().find(|(mark, _)| head.starts_with(mark)) {
        return Some(*kind);
    }
    let is_photo = at(4, b"ftyp") && [&b"heic"[..], b"heix", b"mif1", b"avif"].iter().any(|brand| at(8, brand));
    if is_photo || at(0, b"RIFF") && at(8, b"WEBP") || at(0, b"BM") && at(6, &[0; 4]) {
        return Some(Kind::Image);
    }
    // Text may begin with these two letters, but it has no zeros.
    if at(0, b"MZ") && head[..head.len().min(64)].contains(&0) {
        return Some(Kind::Program);
    }
    // A tar file, and the image of a disc.
    (at(257, b"ustar") || at(0x8001, b"CD001")).then_some(Kind::OtherArchive)
}

/// Whether a compound file is a message: by the class of its root, or by the stream that every message has.
fn is_outlook(bytes: &[u8]) -> bool {
    const MESSAGE_CLASS: [u8; 16] = [0x0b, 0x0d, 0x02, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];
    let number = |at: usize| bytes.get(at..at + 4).map_or(0, |four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]) as usize);
    let shift = if bytes.get(30) == Some(&12) { 12 } else { 9 };
    let Some(root) = number(48).checked_add(1).and_then(|sector| sector.checked_mul(1 << shift)) else { return false };
    let Some(folder) = bytes.get(root..bytes.len().min(root.saturating_add(LOOKED_AT))) else { return false };
    let name: Vec<u8> = "__properties_version1.0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    folder.get(80..96) == Some(&MESSAGE_CLASS) || contains(folder, &name)
}

/// Header fields of messages; two of them one after another are no table and no prose.
const MAIL_FIELDS: [&[u8]; 14] = [
    b"received",
    b"return-path",
    b"from",
    b"to",
    b"cc",
    b"subject",
    b"date",
    b"message-id",
    b"mime-version",
    b"delivered-to",
    b"reply-to",
    b"content-type",
    b"dkim-signature",
    b"sender",
];

/// Mail, if the text begins with the header of a message, or with the line that parts the messages of a mailbox.
fn mail_of(text: &[u8]) -> Option<Kind> {
    let (first, rest) = text.split_at(text.iter().position(|byte| *byte == b'\n').map_or(text.len(), |end| end + 1));
    if first.starts_with(b"From ") {
        return has_mail_header(rest).then_some(Kind::Mailbox);
    }
    has_mail_header(text).then_some(Kind::Mail)
}

/// Whether the first lines are fields, and two of them known ones, before the first empty line.
fn has_mail_header(text: &[u8]) -> bool {
    let mut n_known = 0;
    for line in text.split(|byte| *byte == b'\n').take(60) {
        if line.trim_ascii().is_empty() || n_known == 2 {
            break;
        }
        if line[0] == b' ' || line[0] == b'\t' {
            continue;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { return false };
        let name = line[..colon].trim_ascii_end().to_ascii_lowercase();
        if name.is_empty() || !name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
            return false;
        }
        n_known += usize::from(MAIL_FIELDS.contains(&name.as_slice()));
    }
    n_known >= 2
}

/// Whether there is a control character that no text has.
fn has_control(text: &[u8]) -> bool {
    // Every byte of a piece is looked at, without a way out: so the compiler looks at many at a time.
    let is_control = |b: &u8| matches!(b, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f);
    text.chunks(1024).any(|piece| piece.iter().fold(false, |found, b| found | is_control(b)))
}

fn sniff_zip(bytes: &[u8], head: &[u8]) -> Kind {
    let tail = &bytes[bytes.len().saturating_sub(LOOKED_AT)..];
    let names = |name: &[u8]| contains(head, name) || contains(tail, name);
    if contains(&head[..head.len().min(200)], b"application/vnd.oasis.opendocument.spreadsheet") {
        Kind::Ods
    } else if contains(&head[..head.len().min(200)], b"application/vnd.oasis.opendocument.textPK") {
        Kind::Odt
    } else if names(b"xl/workbook.xml") {
        Kind::Xlsx
    } else if names(b"xl/workbook.bin") {
        Kind::Xlsb
    } else if names(b"word/document.xml") {
        Kind::Docx
    } else if names(b"ppt/presentation.xml") {
        Kind::Pptx
    } else if names(b"[Content_Types].xml") || contains(&head[..head.len().min(200)], b"application/vnd.oasis.opendocument") {
        Kind::OfficeDocument
    } else {
        Kind::Zip
    }
}

/// Every second byte is zero in most of Latin text as UTF-16 without its mark.
fn looks_like_utf16(text: &[u8]) -> bool {
    let zeros = |offset: usize| text.iter().skip(offset).step_by(2).take(200).filter(|b| **b == 0).count();
    text.len() >= 8 && zeros(0).max(zeros(1)) * 2 > text.len().min(400) * 9 / 10
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn content_decides_whatever_the_name_says() {
        let utf16: Vec<u8> = "a,b\r\n1,2\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cases: [(&[u8], Kind); 29] = [
            (b"", Kind::Empty),
            (b"\xef\xbb\xbf \r\n", Kind::Empty),
            (b"\x1f\x8b\x08\x00", Kind::Gzip),
            (b"PK\x03\x04....2025-01/2025-01-sussex-street.csv", Kind::Zip),
            (b"PK\x03\x04............mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK", Kind::Ods),
            (b"PK\x03\x04..[Content_Types].xml....xl/workbook.xml", Kind::Xlsx),
            (b"PK\x03\x04..[Content_Types].xml....word/document.xml", Kind::Docx),
            (b"PK\x03\x04..[Content_Types].xml....ppt/presentation.xml", Kind::Pptx),
            (b"PK\x03\x04..[Content_Types].xml....visio/document.xml", Kind::OfficeDocument),
            (b"PK\x03\x04............mimetypeapplication/vnd.oasis.opendocument.textPK", Kind::Odt),
            (b"Return-Path: <a@example.org>\nX-A: b\n\tc\nSubject: d\n\ne", Kind::Mail),
            (b"From a@example.org Mon Nov 30 2020\nFrom: a@example.org\nTo: b@example.org\n\ne", Kind::Mailbox),
            (b"From: we write\nand then to\n", Kind::Text),
            (b"From,To,Date\n1,2,3\n", Kind::Text),
            (b"MZ\x90\x00\x03", Kind::Program),
            (b"MZ,MA\n1,2\n", Kind::Text),
            (b"\xff\xd8\xff\xe0..JFIF", Kind::Image),
            (b"{\\rtf1\\ansi", Kind::Rtf),
            (b"Rar!\x1a\x07\x01\x00", Kind::OtherArchive),
            (b"#!/bin/sh\n", Kind::Program),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..", Kind::OldOffice),
            (b"junk\n%PDF-1.7\n", Kind::Pdf),
            (b"{ \"type\": \"FeatureCollection\", \"features\": [] }", Kind::GeoJson),
            (b"[{\"a\":1}]", Kind::Json),
            (b"[Note] this is text\n", Kind::Text),
            (b"<?xml version=\"1.0\"?>\n<HTML><body>403", Kind::HtmlPage),
            (b"<?xml version=\"1.0\"?><kml/>", Kind::Xml),
            (b"name\nYnys M\xf4n\n", Kind::Text),
            (b"\x00\x01\x02\x03table", Kind::Binary),
        ];
        for (bytes, kind) in cases {
            assert_eq!(sniff(bytes), kind, "{}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(sniff(&utf16), Kind::Utf16Text);
        assert_eq!(sniff(&[b"\xff\xfe", &utf16[..]].concat()), Kind::Utf16Text);
    }

    #[test]
    fn what_cannot_be_used_says_why_and_what_to_do() {
        for kind in [
            Kind::Empty,
            Kind::OfficeDocument,
            Kind::Docx,
            Kind::OldOffice,
            Kind::Mail,
            Kind::Image,
            Kind::Program,
            Kind::OtherArchive,
            Kind::HtmlPage,
            Kind::Xml,
            Kind::Utf16Text,
            Kind::Binary,
        ] {
            let refusal = kind.refusal().unwrap();
            assert!(refusal.what.starts_with("the file") && !refusal.remedy.is_empty(), "{kind:?}");
        }
        assert_eq!(Kind::Text.refusal(), None);
    }

    proptest! {
        #[test]
        fn any_bytes_have_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..300), mark in 0usize..6) {
            let marks: [&[u8]; 6] = [b"", b"PK\x03\x04", b"\x1f\x8b", b"\xef\xbb\xbf", &COMPOUND_FILE, b"From: a\n"];
            let _ = sniff(&[marks[mark], &bytes].concat());
        }
    }
}
