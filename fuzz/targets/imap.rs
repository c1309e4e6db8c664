//! What an IMAP server says: whole responses come out, the same however it came in pieces, or it is no IMAP.
#![no_main]

// The program has no library to borrow from; this file of it needs nothing but the parser.
#[allow(dead_code)]
#[path = "../../crates/headwater/src/mail/imap/answers.rs"]
mod answers;

use answers::Answers;

libfuzzer_sys::fuzz_target!(init: headwater_fuzz::let_parsers_panic(), |bytes: &[u8]| {
    let whole = heard(bytes, bytes.len().max(1));
    // Pieces of other sizes end lines, numbers and messages in other places.
    for at_once in [1, 7, 64] {
        let pieces = heard(bytes, at_once);
        // What is refused may be refused later, when more of it is there; never another response.
        let n = whole.0.len().min(pieces.0.len());
        assert_eq!(whole.0[..n], pieces.0[..n], "{at_once} bytes at once");
        assert!(whole.1 || pieces.1 || whole.0.len() == pieces.0.len(), "{at_once} bytes at once");
    }
});

/// The responses as they are shown, and whether the rest was refused.
fn heard(bytes: &[u8], at_once: usize) -> (Vec<String>, bool) {
    let (mut answers, mut responses) = (Answers::default(), Vec::new());
    for piece in bytes.chunks(at_once) {
        answers.hear(piece);
        loop {
            match answers.next() {
                Ok(Some(response)) => responses.push(format!("{response:?}")),
                Ok(None) => break,
                Err(what) => {
                    assert!(!what.is_empty());
                    return (responses, true);
                }
            }
        }
    }
    (responses, false)
}
