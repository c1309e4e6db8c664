//! What some bytes are, by their content alone: names and endings are often wrong.

use crate::Refusal;

/// What some bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// No bytes, or white space only.
    Empty,
    /// Packed with gzip.
    Gzip,
    /// A zip of files that is none of the documents below.
    Zip,
    /// An Excel workbook (XLSX).
    Xlsx,
    /// An OpenDocument spreadsheet (ODS).
    Ods,
    /// A text document, presentation or other file that is a zip inside.
    OfficeDocument,
    /// An Excel workbook or Word document of before 2007, or one with a password.
    OldOffice,
    /// A PDF.
    Pdf,
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
            Self::Ods => "an OpenDocument spreadsheet",
            Self::OfficeDocument => "an office document that is not a spreadsheet",
            Self::OldOffice => "an old or password-protected office file",
            Self::Pdf => "a PDF",
            Self::GeoJson => "GeoJSON",
            Self::Json => "JSON",
            Self::HtmlPage => "a web page",
            Self::Xml => "XML",
            Self::Text => "text",
            Self::Utf16Text => "text in UTF-16",
            Self::Binary => "a file of a kind that is not known here",
        }
    }

    /// Why no table, map or text can be had from it, and how to mend that; `None` for kinds that can be read.
    pub fn refusal(self) -> Option<Refusal> {
        let (what, remedy) = match self {
            Self::Gzip | Self::Zip | Self::Xlsx | Self::Ods | Self::Pdf | Self::GeoJson | Self::Json | Self::Text => return None,
            Self::Empty => ("the file is empty", "download it again"),
            Self::OfficeDocument => ("the file is an office document, not a spreadsheet", "save its table as CSV"),
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
    if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return Kind::OldOffice;
    }
    // Programs that print to PDF may put a few bytes before its mark.
    if contains(&head[..head.len().min(1024)], b"%PDF-") {
        return Kind::Pdf;
    }
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Kind::Utf16Text;
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if looks_like_utf16(text) {
        return Kind::Utf16Text;
    }
    if text.iter().any(|b| matches!(b, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f)) {
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

fn sniff_zip(bytes: &[u8], head: &[u8]) -> Kind {
    let tail = &bytes[bytes.len().saturating_sub(LOOKED_AT)..];
    let names = |name: &[u8]| contains(head, name) || contains(tail, name);
    if contains(&head[..head.len().min(200)], b"application/vnd.oasis.opendocument.spreadsheet") {
        Kind::Ods
    } else if names(b"xl/workbook.xml") {
        Kind::Xlsx
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
        let cases: [(&[u8], Kind); 16] = [
            (b"", Kind::Empty),
            (b"\xef\xbb\xbf \r\n", Kind::Empty),
            (b"\x1f\x8b\x08\x00", Kind::Gzip),
            (b"PK\x03\x04....2025-01/2025-01-sussex-street.csv", Kind::Zip),
            (b"PK\x03\x04............mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK", Kind::Ods),
            (b"PK\x03\x04..[Content_Types].xml....xl/workbook.xml", Kind::Xlsx),
            (b"PK\x03\x04..[Content_Types].xml....word/document.xml", Kind::OfficeDocument),
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
        for kind in [Kind::Empty, Kind::OfficeDocument, Kind::OldOffice, Kind::HtmlPage, Kind::Xml, Kind::Utf16Text, Kind::Binary] {
            let refusal = kind.refusal().unwrap();
            assert!(refusal.what.starts_with("the file") && !refusal.remedy.is_empty(), "{kind:?}");
        }
        assert_eq!(Kind::Text.refusal(), None);
    }

    proptest! {
        #[test]
        fn any_bytes_have_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..300), mark in 0usize..4) {
            let marks: [&[u8]; 4] = [b"", b"PK\x03\x04", b"\x1f\x8b", b"\xef\xbb\xbf"];
            let _ = sniff(&[marks[mark], &bytes].concat());
        }
    }
}
