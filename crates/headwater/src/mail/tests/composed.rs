//! What a message says, read back from its bytes.

use std::collections::BTreeSet;
use std::fs;

use super::super::address::{Address, Mailbox, MessageId};
use super::super::by_hand::{self, Sheet};
use super::super::cleaned;
use super::super::compose::{Envelope, Way, compose, header, message_id_of};
use super::{letter, mailbox};
use proptest::prelude::*;

fn composed(to: &Mailbox, title: &str, thread: &[MessageId], way: Way) -> Vec<u8> {
    let from = mailbox("Swyddfa’r Comisiynydd, an office", "office@vru.example");
    let reply_to: Address = from.address().with_token("k7q2-x9ab".parse().unwrap()).unwrap();
    let message_id: MessageId = "<7f@vru.example>".parse().unwrap();
    let at = "2026-03-02T09:30:00Z".parse().unwrap();
    let envelope = Envelope { from: &from, to, reply_to: &reply_to, message_id: &message_id, at, thread, way };
    compose(&envelope, &[letter(title)]).unwrap()
}

/// The names of the headers, as they stand before the first empty line.
fn headers(bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes).unwrap();
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    head.split("\r\n").filter(|line| !line.starts_with([' ', '\t'])).map(|line| line.split(':').next().unwrap_or("").to_owned()).collect()
}

#[test]
fn a_message_bears_what_it_should_and_nothing_of_a_list() {
    let to = mailbox("Siân Žižek, PhD", "sian@area.example");
    let thread: Vec<MessageId> = ["<a@area.example>", "<b@vru.example>"].iter().map(|id| id.parse().unwrap()).collect();
    let bytes = composed(&to, "Cais: a request", &thread, Way::Server);
    assert!(bytes.is_ascii() && bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 78), "no server needs to change it");
    assert_eq!(header(&bytes, "reply-to").as_deref(), Some("<office+k7q2-x9ab@vru.example>"));
    assert_eq!(header(&bytes, "In-Reply-To").as_deref(), Some("<b@vru.example>"));
    assert_eq!(header(&bytes, "References").as_deref(), Some("<a@area.example> <b@vru.example>"));
    assert_eq!(header(&bytes, "Content-Language").as_deref(), Some("en"));
    assert_eq!(header(&bytes, "Date").as_deref(), Some("Mon, 2 Mar 2026 09:30:00 +0000"));
    assert_eq!(message_id_of(&bytes).unwrap().as_str(), "7f@vru.example");
    let names = headers(&bytes);
    assert!(!names.iter().any(|name| name.starts_with("List-") || name == "X-Unsent" || name == "Bcc"), "{names:?}");
    assert_eq!(bytes, composed(&to, "Cais: a request", &thread, Way::Server), "same letter, same bytes");
    assert!(headers(&composed(&to, "A request", &[], Way::ByHand)).contains(&"X-Unsent".to_owned()));
}

#[test]
fn another_reader_of_mail_sees_the_letter_its_page_and_its_files() {
    // Python's own reader; the tests of this house run with it in any case.
    let bytes = composed(&mailbox("Ŵyn ap Żółw", "wyn@area.example"), "Cais — a request", &[], Way::Server);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.eml");
    fs::write(&path, bytes).unwrap();
    let program = "import email, email.policy, json, sys\n\
        m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)\n\
        to = m['to'].addresses[0]\n\
        print(json.dumps([m['subject'], to.display_name, to.addr_spec, m.get_body(('plain',)).get_content(), \
        m.get_body(('html',)).get_content(), [a.get_filename() for a in m.iter_attachments()], len(m.defects)]))";
    let output = std::process::Command::new("python3").args(["-c", program]).arg(&path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&seen[0], &seen[1], &seen[2]), (&"Cais — a request".into(), &"Ŵyn ap Żółw".into(), &"wyn@area.example".into()));
    let plain = letter("Cais — a request").plain();
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(seen[3].as_str().unwrap()), lines(&plain));
    assert!(seen[4].as_str().unwrap().contains("Gwenllïan O’Brien-Žižek"));
    let files: Vec<&str> = seen[5].as_array().unwrap().iter().filter_map(|name| name.as_str()).collect();
    assert_eq!(files, if cfg!(feature = "pdf") { vec!["letter.pdf", "letter.html"] } else { vec!["letter.html"] });
    assert_eq!(seen[6], 0);
}

#[test]
fn what_would_end_a_line_of_a_header_is_refused() {
    for name in ["A\r\nBcc: b@x.example", "A\nB", "A\0B", "A\u{202e}B", "\u{2028}A b"] {
        assert!(Mailbox::new(name, "a@x.example".parse().unwrap()).is_err() || name.trim() != name, "{name:?}");
    }
    for address in
        ["a@b", "a b@x.example", "a@x.example\r\nBcc: c@d.example", "<a@x.example>", "a@@x.example", "é@x.example", "a@é.example", ".a@x.example", ""]
    {
        assert!(address.parse::<Address>().is_err(), "{address:?}");
    }
    for id in ["a b@x", "<a@x>\r\nBcc: c@d.example", "<a>, <b>", "", "é@x"] {
        assert!(id.parse::<MessageId>().is_err(), "{id:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_name_and_no_title_brings_a_header_of_its_own(name in ".{0,60}", title in "[^\\p{C}\\p{Z}].{0,200}") {
        let usual = headers(&composed(&mailbox("A", "a@x.example"), "A", &[], Way::Server));
        let (Ok(to), true) = (Mailbox::new(&name, "a@x.example".parse().unwrap()), title.chars().all(|it| !it.is_control() && !super::super::is_invisible(it))) else {
            return Ok(());
        };
        let bytes = composed(&to, &title, &[], Way::Server);
        prop_assert!(bytes.is_ascii());
        prop_assert_eq!(headers(&bytes), usual);
    }
}

#[test]
fn the_words_of_a_server_are_shown_on_one_line_without_addresses() {
    assert_eq!(cleaned("550 5.1.1 <jane@area.example>: no\r\n such\u{1b}[31m user"), "550 5.1.1 [address] no such [31m user");
    assert_eq!(cleaned(&"x".repeat(500)).chars().count(), 201);
}

#[test]
fn letters_to_send_by_hand_are_whole_or_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let sheet = |body: &str| Sheet { body: body.to_owned(), subject: "A request".to_owned(), bytes: b"From: x\r\n\r\n".to_vec() };
    let sheets = [sheet("Heddlu Gogledd Cymru / North Wales"), sheet("=cmd|' /C calc'!A0"), sheet("Ŵ")];
    let out = folder.path().join("letters");
    by_hand::write(&sheets, &out).unwrap();
    let names: BTreeSet<String> = fs::read_dir(&out).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    let expected = ["01-heddlu-gogledd-cymru-north-wales.eml", "02-cmd-c-calc-a0.eml", "03-body.eml", "letters.csv", "read-me.txt"];
    assert_eq!(names, expected.iter().map(|name| (*name).to_owned()).collect());
    let list = fs::read_to_string(out.join("letters.csv")).unwrap();
    assert!(list.contains("\r\n'=cmd|' /C calc'!A0,02-cmd-c-calc-a0.eml,A request\r\n"), "{list}");
    let again = by_hand::write(&sheets, &out).unwrap_err().to_string();
    assert!(again.contains("there already"), "{again}");
    let zip = folder.path().join("letters.zip");
    by_hand::write(&sheets, &zip).unwrap();
    let archive = zip::ZipArchive::new(fs::File::open(&zip).unwrap()).unwrap();
    assert_eq!(archive.file_names().map(|name| name.unwrap().into_owned()).collect::<BTreeSet<_>>(), names);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing half-written is left");
}
