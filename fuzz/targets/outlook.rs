//! Messages that Outlook saved: streams of any content, and good ones with damage to the container.
#![no_main]

use cfb::CompoundFile;
use headwater_documents::mail::{Limits, read};
use std::io::{Cursor, Write};

const LIMITS: Limits = Limits { most_bytes: 1_000_000, most_parts: 50, deepest: 3 };

/// The streams that a message is made of; the bytes are dealt out to them in this order, parted by zeros.
const STREAMS: [&str; 11] = [
    "/__substg1.0_007D001F",
    "/__substg1.0_007D001E",
    "/__substg1.0_1000001E",
    "/__substg1.0_10130102",
    "/__substg1.0_10090102",
    "/__substg1.0_0037001E",
    "/__substg1.0_001A001E",
    "/__attach_version1.0_#00000000/__substg1.0_37010102",
    "/__attach_version1.0_#00000000/__substg1.0_3707001E",
    "/__attach_version1.0_#00000001/__substg1.0_3701000D/__properties_version1.0",
    "/__recip_version1.0_#00000000/__substg1.0_39FE001E",
];

libfuzzer_sys::fuzz_target!(init: headwater_fuzz::let_parsers_panic(), |bytes: &[u8]| {
    let bytes = match bytes.split_first() {
        Some((b's', streams)) => message(streams),
        Some((b'd', damage)) => damaged(damage),
        _ => bytes.to_vec(),
    };
    if let Err(refusal) = read(&bytes, &LIMITS) {
        assert!(!refusal.what.is_empty() && !refusal.remedy.is_empty());
    }
});

fn message(streams: &[u8]) -> Vec<u8> {
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).expect("memory can be written");
    let put = |file: &mut CompoundFile<Cursor<Vec<u8>>>, path: &str, content: &[u8]| {
        if let Some((storage, _)) = path.rsplit_once('/').filter(|(storage, _)| !storage.is_empty()) {
            file.create_storage_all(storage).expect("memory can be written");
        }
        file.create_stream(path).and_then(|mut stream| stream.write_all(content)).expect("memory can be written");
    };
    put(&mut file, "/__properties_version1.0", &[0; 32]);
    for (path, content) in STREAMS.iter().zip(streams.split(|byte| *byte == 0)) {
        put(&mut file, path, content);
    }
    file.flush().expect("memory can be written");
    file.into_inner().into_inner()
}

/// A good message with bytes changed: two say where, one says what.
fn damaged(damage: &[u8]) -> Vec<u8> {
    let mut bytes = message(b"From: a@b.example\0\0text\0<p>page</p>\0\0subject\0IPM.Note\0file\0name\0\0c@d.example");
    for three in damage.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([three[0], three[1]])) % bytes.len();
        bytes[at] = three[2];
    }
    bytes
}
