//! What people drop: zips with any list of contents, messages with files, and bytes of any kind.
#![no_main]

use headwater_documents::arrival::{Arrived, Dropped, Limits, unpack};
use headwater_documents::mail;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

const LIMITS: Limits = Limits {
    most_bytes: 1_000_000,
    most_unpacked_bytes: 1_000_000,
    most_files: 20,
    deepest: 3,
    mail: mail::Limits { most_bytes: 1_000_000, most_parts: 50, deepest: 3 },
};

libfuzzer_sys::fuzz_target!(init: headwater_fuzz::let_parsers_panic(), |bytes: &[u8]| {
    // The first letter says what the rest is: files of a zip (name, line end, content, zero), the same with damage to the
    // zip, or whatever was dropped.
    let bytes = match bytes.split_first() {
        Some((b'z', files)) => packed(files),
        Some((b'd', damage)) => damaged(damage),
        _ => bytes.to_vec(),
    };
    match unpack(vec![Dropped { name: "dropped".to_owned(), bytes }], &LIMITS) {
        Ok(list) => {
            assert!(list.len() <= LIMITS.most_files);
            assert!(list.iter().filter_map(|one| one.bytes.as_ref()).map(|bytes| bytes.len() as u64).sum::<u64>() <= 8 * LIMITS.most_unpacked_bytes);
            for (at, one) in list.iter().enumerate() {
                assert!(!one.name.is_empty() && !one.name.contains(['/', '\\', '\n', '\u{1b}']), "{:?}", one.name);
                assert!(one.carried_by.is_none_or(|by| by < at && matches!(list[by].what, Arrived::Message(_))));
            }
        }
        Err(refusal) => assert!(!refusal.what.is_empty() && !refusal.remedy.is_empty()),
    }
});

fn packed(files: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for file in files.split(|byte| *byte == 0) {
        let end = file.iter().position(|byte| *byte == b'\n').unwrap_or(file.len());
        let (name, content) = file.split_at(end);
        // A name twice is refused by the packer; the damage below makes such zips.
        if writer.start_file(String::from_utf8_lossy(name), options).is_ok() {
            writer.write_all(content.get(1..).unwrap_or_default()).expect("memory can be written");
        }
    }
    writer.finish().map_or_else(|_| Vec::new(), Cursor::into_inner)
}

fn damaged(damage: &[u8]) -> Vec<u8> {
    let mut bytes = packed(b"a.txt\ntext\0b.eml\nFrom: a@b.example\nSubject: x\n\ny\0folder/c.csv\nArea,Count\n");
    for three in damage.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([three[0], three[1]])) % bytes.len();
        bytes[at] = three[2];
    }
    bytes
}
