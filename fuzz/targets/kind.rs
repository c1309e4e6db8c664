//! Telling what bytes are: every kind is readable or has a sentence.
#![no_main]

use headwater_documents::kind::sniff;
use headwater_prevention::evidence::Reading;
use headwater_prevention::source::Kind;
use headwater_prevention::source::street::Reader;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let kind = sniff(bytes);
    assert!(!kind.name().is_empty());
    if let Some(refusal) = kind.refusal() {
        assert!(!refusal.what.is_empty() && !refusal.remedy.is_empty());
    }
    let _ = Reader::recognises(bytes);
    for kind in Kind::ALL {
        assert_eq!(Kind::from_id(kind.id()), Some(kind));
        let _ = Reading::from_bytes(kind, "tried", bytes);
    }
});
