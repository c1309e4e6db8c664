//! The first screen: parts of office files of any content, records of old workbooks, PDFs, pictures, words, and bytes under any name.
#![no_main]

use cfb::CompoundFile;
use headwater_documents::screen::{Limits, screen};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

const LIMITS: Limits = Limits { most_bytes: 1_000_000, most_unpacked_bytes: 1_000_000, most_part_bytes: 500_000, most_parts: 50 };

const GOOD_WORKBOOK: &[u8] = include_bytes!("../parts/workbook.xml");
const GOOD_RELATIONS: &[u8] = include_bytes!("../parts/workbook.rels");
const GOOD_SHEET: &[u8] = include_bytes!("../parts/sheet.xml");

libfuzzer_sys::fuzz_target!(init: headwater_fuzz::let_parsers_panic(), |bytes: &[u8]| {
    let (name, bytes) = match bytes.split_first() {
        Some((b's', sheet)) => ("a.xlsx", xlsx(GOOD_WORKBOOK, GOOD_RELATIONS, sheet)),
        Some((b'w', workbook)) => ("a.xlsx", xlsx(workbook, GOOD_RELATIONS, GOOD_SHEET)),
        Some((b'r', relations)) => ("a.xlsx", xlsx(GOOD_WORKBOOK, relations, GOOD_SHEET)),
        Some((b'o', content)) => ("a.ods", ods(content, b"<manifest/>")),
        Some((b'm', manifest)) => ("a.ods", ods(include_bytes!("../parts/content.xml"), manifest)),
        Some((b'b', records)) => ("a.xls", old("/Workbook", records)),
        Some((b'i', book)) => ("a.xlsb", package(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.bin", book)])),
        Some((b'p', pdf)) => ("a.pdf", [b"%PDF-1.5\n", pdf].concat()),
        Some((b'd', document)) => ("a.docx", docx(document, b"<w:comments/>")),
        Some((b'c', comments)) => ("a.docx", docx(b"<w:document/>", comments)),
        Some((b'x', content)) => {
            ("a.odt", package(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("META-INF/manifest.xml", b"<manifest/>"), ("content.xml", content)]))
        }
        Some((b'f', rich)) => ("a.rtf", [b"{\\rtf1 ", rich].concat()),
        Some((b't', words)) => ("a.csv", words.to_vec()),
        Some((b'e', exif)) => ("a.jpg", jpeg(exif)),
        Some((b'n', name)) => {
            look(&String::from_utf8_lossy(name), name);
            return;
        }
        _ => ("a", bytes.to_vec()),
    };
    look(name, &bytes);
});

fn look(name: &str, bytes: &[u8]) {
    let screened = screen(name, bytes, &LIMITS);
    assert!(screened.found.iter().all(|found| !found.what.is_empty() && !found.remedy.is_empty()));
    assert!(screened.found.is_sorted() && screened.noted.is_sorted());
}

fn docx(document: &[u8], comments: &[u8]) -> Vec<u8> {
    const RELATION: &[u8] = b"<Relationships><Relationship Id=\"r\" Type=\"x/officeDocument\" Target=\"word/document.xml\"/></Relationships>";
    package(&[("[Content_Types].xml", b"<Types/>"), ("_rels/.rels", RELATION), ("word/document.xml", document), ("word/comments.xml", comments)])
}

/// A picture with what a camera may have written.
fn jpeg(exif: &[u8]) -> Vec<u8> {
    let n = u16::try_from(exif.len() + 8).unwrap_or(u16::MAX).to_be_bytes();
    [&b"\xff\xd8\xff\xe1"[..], &n, b"Exif\0\0", exif, b"\xff\xd9"].concat()
}

fn xlsx(workbook: &[u8], relations: &[u8], sheet: &[u8]) -> Vec<u8> {
    package(&[
        ("[Content_Types].xml", include_bytes!("../parts/types.xml")),
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", relations),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

fn ods(content: &[u8], manifest: &[u8]) -> Vec<u8> {
    package(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("META-INF/manifest.xml", manifest), ("content.xml", content)])
}

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, options).expect("memory can be written");
        writer.write_all(content).expect("memory can be written");
    }
    writer.finish().expect("memory can be written").into_inner()
}

fn old(path: &str, content: &[u8]) -> Vec<u8> {
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).expect("memory can be written");
    file.create_stream(path).and_then(|mut stream| stream.write_all(content)).expect("memory can be written");
    file.flush().expect("memory can be written");
    file.into_inner().into_inner()
}
