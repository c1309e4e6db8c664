//! Messages as they travel, mailboxes, and pages in messages.
#![no_main]

use headwater_documents::mail::{Limits, Mail, read, split, text_of_html};

const LIMITS: Limits = Limits { most_bytes: 1_000_000, most_parts: 50, deepest: 3 };

libfuzzer_sys::fuzz_target!(init: headwater_fuzz::let_parsers_panic(), |bytes: &[u8]| {
    match read(bytes, &LIMITS) {
        Ok(mail) => check(&mail, 0),
        Err(refusal) => assert!(!refusal.what.is_empty() && !refusal.remedy.is_empty()),
    }
    match split(bytes, 20) {
        Ok(messages) => {
            assert!(messages.len() <= 20 && messages.iter().map(Vec::len).sum::<usize>() <= bytes.len());
            for message in messages {
                let _ = read(&message, &LIMITS);
            }
        }
        Err(refusal) => assert!(!refusal.what.is_empty() && !refusal.remedy.is_empty()),
    }
    let _ = text_of_html(&String::from_utf8_lossy(bytes));
});

fn check(mail: &Mail, depth: usize) {
    assert!(depth <= LIMITS.deepest, "messages in messages are beyond the limit");
    let lines = [Some(&mail.subject), mail.message_id.as_ref(), mail.return_path.as_ref()];
    for line in lines.into_iter().flatten().chain(mail.from.iter().map(|from| &from.address)) {
        assert!(!line.chars().any(char::is_control), "{line:?} could steer a terminal");
    }
    assert!(mail.remarks.iter().all(|remark| !remark.chars().any(char::is_control)));
    assert!(mail.attachments.iter().map(|file| file.bytes.len()).sum::<usize>() <= LIMITS.most_bytes);
    let _ = mail.sender_evidence("mx.office.example");
    for sign in &mail.signs {
        assert!(!sign.words().is_empty());
    }
    for enclosed in &mail.messages {
        check(&enclosed.mail, depth + 1);
    }
}
