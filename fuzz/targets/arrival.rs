//! What people drop: zips with any list of contents, messages with files, and bytes of any kind.
#![no_main]

use headwater_documents::arrival::{Arrived, Dropped, Limits, unpack};
use headwater_documents::mail;
use headwater_fuzz::dropped;

const LIMITS: Limits = Limits {
    most_bytes: 1_000_000,
    most_unpacked_bytes: 1_000_000,
    most_files: 20,
    deepest: 3,
    mail: mail::Limits { most_bytes: 1_000_000, most_parts: 50, deepest: 3 },
};

libfuzzer_sys::fuzz_target!(init: headwater_fuzz::let_parsers_panic(), |bytes: &[u8]| {
    let bytes = dropped(bytes);
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
