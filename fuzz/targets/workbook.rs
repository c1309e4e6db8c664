//! Workbooks: parts of any content, good workbooks with damage, and bytes that only say they are one.
#![no_main]

use headwater_documents::sheet::{Limits, Sheet, read};
use headwater_prevention::evidence::Reading;
use headwater_prevention::source::table::TextTable;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

const LIMITS: Limits = Limits { most_bytes: 1_000_000, most_cells: 20_000 };

const ODS_TYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";
const GOOD_SHEET: &str = include_str!("../parts/sheet.xml");
const GOOD_CONTENT: &str = include_str!("../parts/content.xml");

libfuzzer_sys::fuzz_target!(init: headwater_fuzz::let_parsers_panic(), |bytes: &[u8]| {
    // The first letter says what the rest is: the sheet of an XLSX, its other parts, the content of an ODS, or damage.
    let bytes = match bytes.split_first() {
        Some((b's', sheet)) => xlsx(&[], sheet),
        Some((b'p', parts)) => xlsx(&parts.split(|byte| *byte == 0).collect::<Vec<_>>(), GOOD_SHEET.as_bytes()),
        Some((b'o', content)) => ods(content),
        Some((b'd', damage)) => damaged(xlsx(&[], GOOD_SHEET.as_bytes()), damage),
        Some((b'e', damage)) => damaged(ods(GOOD_CONTENT.as_bytes()), damage),
        _ => bytes.to_vec(),
    };
    match read(&bytes, LIMITS) {
        Ok(sheets) => {
            let n_cells: usize = sheets.iter().flat_map(Sheet::rows).map(|row| row.len()).sum();
            assert!(n_cells <= LIMITS.most_cells, "{n_cells} cells are beyond the limit");
            for sheet in &sheets {
                assert_eq!(sheet.rows().count(), sheet.n_rows());
                let table = TextTable::from_rows(sheet.rows());
                if let Some(kind) = Reading::recognise_table(&table) {
                    headwater_fuzz::read_table(kind, &table);
                }
            }
        }
        Err(refusal) => assert!(!refusal.what.is_empty() && !refusal.remedy.is_empty()),
    }
});

/// The workbook's list of sheets, its shared strings and its styles, where they are given, and one sheet.
fn xlsx(parts: &[&[u8]], sheet: &[u8]) -> Vec<u8> {
    let or = |i: usize, good: &'static str| parts.get(i).copied().filter(|part| !part.is_empty()).unwrap_or(good.as_bytes());
    package(&[
        ("[Content_Types].xml", include_bytes!("../parts/types.xml")),
        ("_rels/.rels", include_bytes!("../parts/package.rels")),
        ("xl/workbook.xml", or(0, include_str!("../parts/workbook.xml"))),
        ("xl/_rels/workbook.xml.rels", or(3, include_str!("../parts/workbook.rels"))),
        ("xl/sharedStrings.xml", or(1, include_str!("../parts/strings.xml"))),
        ("xl/styles.xml", or(2, include_str!("../parts/styles.xml"))),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

fn ods(content: &[u8]) -> Vec<u8> {
    package(&[("mimetype", ODS_TYPE.as_bytes()), ("META-INF/manifest.xml", b"<manifest:manifest/>"), ("content.xml", content)])
}

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, options).expect("a zip in memory takes any file");
        writer.write_all(content).expect("a zip in memory takes any bytes");
    }
    writer.finish().expect("a zip in memory can be ended").into_inner()
}

/// Other bytes at some places, three bytes saying where and which; an odd one left over cuts off the end.
fn damaged(mut good: Vec<u8>, damage: &[u8]) -> Vec<u8> {
    let n = good.len();
    let mut chunks = damage.chunks_exact(3);
    for chunk in &mut chunks {
        good[(usize::from(chunk[0]) << 8 | usize::from(chunk[1])) % n] = chunk[2];
    }
    if let [cut] = chunks.remainder() {
        good.truncate(n * usize::from(*cut) / 256);
    }
    good
}
