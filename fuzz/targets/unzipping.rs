//! A zip that lies on the disk is taken apart file by file, and comes to the same as when it is held in memory.
#![no_main]

use headwater_documents::arrival::{Arrival, Arrived, Dropped, Limits, Unpacking, unpack};
use headwater_documents::kind::{Kind, sniff};
use headwater_documents::mail;
use headwater_fuzz::dropped;
use std::io::Cursor;

const LIMITS: Limits = Limits {
    most_bytes: 1_000_000,
    most_unpacked_bytes: 1_000_000,
    most_files: 20,
    deepest: 3,
    mail: mail::Limits { most_bytes: 1_000_000, most_parts: 50, deepest: 3 },
};

libfuzzer_sys::fuzz_target!(init: headwater_fuzz::let_parsers_panic(), |bytes: &[u8]| {
    let zip = dropped(bytes);
    let (mut n_found, mut n_bytes) = (0, 0_u64);
    let mut count = |at: usize, found: &mut Arrival| {
        assert_eq!(at, n_found, "each thing is shown once, in its order");
        n_found += 1;
        n_bytes += found.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
        Ok(())
    };
    let taken = Unpacking::begin(zip.len() as u64, 1, &LIMITS, &mut count).and_then(|mut unpacking| {
        unpacking.take_zip_apart("dropped.zip", Cursor::new(&zip))?;
        Ok(unpacking.end())
    });
    if let Err(refusal) = &taken {
        assert!(!refusal.what.is_empty() && !refusal.remedy.is_empty());
    }
    if let Ok(list) = &taken {
        assert!(list.len() <= LIMITS.most_files && list.len() == n_found);
        assert!(n_bytes <= 8 * LIMITS.most_unpacked_bytes);
        for (at, one) in list.iter().enumerate() {
            assert!(!one.name.is_empty() && !one.name.contains(['/', '\\', '\n', '\u{1b}']), "{:?}", one.name);
            assert!(one.carried_by.is_none_or(|by| by < at && matches!(list[by].what, Arrived::Message(_))));
        }
    }
    // What is a document, or no zip at all, is not taken apart in memory; nobody hands it over as a zip on the disk.
    if sniff(&zip) != Kind::Zip {
        return;
    }
    match (taken, unpack(vec![Dropped { name: "dropped.zip".to_owned(), bytes: zip }], &LIMITS)) {
        (Ok(there), Ok(here)) => {
            assert_eq!(there.len(), here.len());
            for (there, here) in there.iter().zip(&here) {
                assert_eq!((&there.name, &there.place, there.carried_by), (&here.name, &here.place, here.carried_by));
                // A zip that cannot be opened is kept whole only where it is held whole.
                let is_whole = matches!(here.what, Arrived::LeftOut(_)) && there.bytes.is_none();
                assert!(is_whole || there.bytes == here.bytes, "{}", here.name);
            }
        }
        (Err(there), Err(here)) => assert_eq!(there.what, here.what),
        (there, here) => panic!("{:?} on the disk, {:?} in memory", there.map(|list| list.len()), here.map(|list| list.len())),
    }
});
