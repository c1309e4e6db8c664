//! Messages as Outlook saves them, made here of the same streams.

use cfb::CompoundFile;
use headwater_documents::mail::{Automatic, Limits, read};
use proptest::prelude::*;
use std::io::{Cursor, Write};

type File = CompoundFile<Cursor<Vec<u8>>>;

fn put(file: &mut File, path: &str, bytes: &[u8]) {
    file.create_stream(path).unwrap().write_all(bytes).unwrap();
}

fn text(file: &mut File, below: &str, property: u16, value: &str) {
    let bytes: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
    put(file, &format!("{below}/__substg1.0_{property:04X}001F"), &bytes);
}

fn numbers(file: &mut File, below: &str, head: usize, entries: &[(u16, u64)]) {
    let mut bytes = vec![0; head];
    for (property, value) in entries {
        let is_moment = *property == 0x0039;
        bytes.extend_from_slice(if is_moment { &[0x40, 0] } else { &[3, 0] });
        bytes.extend_from_slice(&property.to_le_bytes());
        bytes.extend_from_slice(&[6, 0, 0, 0]);
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    put(file, &format!("{below}/__properties_version1.0"), &bytes);
}

/// 21 October 2020, 08:30:00, in tenths of microseconds since 1601.
const SENT: u64 = (11_644_473_600 + 1_603_269_000) * 10_000_000;

fn recipient(file: &mut File, below: &str, number: u32, kind: u64, name: &str, address: &str) {
    let folder = format!("{below}/__recip_version1.0_#{number:08X}");
    file.create_storage(&folder).unwrap();
    text(file, &folder, 0x3001, name);
    text(file, &folder, 0x39fe, address);
    numbers(file, &folder, 8, &[(0x0c15, kind)]);
}

fn attachment(file: &mut File, below: &str, number: u32, name: &str, bytes: &[u8]) {
    let folder = format!("{below}/__attach_version1.0_#{number:08X}");
    file.create_storage(&folder).unwrap();
    text(file, &folder, 0x3707, name);
    text(file, &folder, 0x370e, "application/pdf");
    put(file, &format!("{folder}/__substg1.0_37010102"), bytes);
    numbers(file, &folder, 8, &[(0x3705, 1)]);
}

/// A message from the sender's own folder, with a message in it: no header, properties only.
pub(crate) fn sent_message() -> Vec<u8> {
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    text(&mut file, "", 0x001a, "IPM.Note");
    text(&mut file, "", 0x0037, "Our answer – Ynys Môn");
    text(&mut file, "", 0x0c1a, "Nia Pritchard");
    text(&mut file, "", 0x5d01, "nia.pritchard@ambermere.police.example");
    text(&mut file, "", 0x1000, "It is attached.\r\n");
    text(&mut file, "", 0x1035, "<answer-2@ambermere.police.example>");
    text(&mut file, "", 0x1042, "<letter-1@office.example>");
    numbers(&mut file, "", 32, &[(0x0039, SENT)]);
    recipient(&mut file, "", 0, 1, "The Office", "office+k7m2@office.example");
    recipient(&mut file, "", 1, 2, "Siân Owen", "sian.owen@ambermere.police.example");
    attachment(&mut file, "", 0, "Ateb Ynys Môn.pdf", b"%PDF-1.4\n%%EOF\n");
    let folder = "/__attach_version1.0_#00000001";
    let inside = format!("{folder}/__substg1.0_3701000D");
    file.create_storage(folder).unwrap();
    file.create_storage(&inside).unwrap();
    numbers(&mut file, folder, 8, &[(0x3705, 5)]);
    text(&mut file, &inside, 0x0037, "The council's part");
    put(&mut file, &format!("{inside}/__substg1.0_10130102"), b"<p>Fish &amp; chips at the caf\xe9</p>");
    attachment(&mut file, &inside, 0, "council.pdf", b"%PDF-1.4\n%%EOF\n");
    numbers(&mut file, &inside, 24, &[(0x0039, SENT)]);
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn received_message(class: &str) -> Vec<u8> {
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    text(&mut file, "", 0x001a, class);
    text(&mut file, "", 0x0037, "RE: A letter");
    text(
        &mut file,
        "",
        0x007d,
        "Received: by mx\r\nAuthentication-Results: mx.office.example; dmarc=pass header.from=b.example\r\nFrom: Ann <a@b.example>\r\nTo: office@office.example\r\nSubject: another\r\nMessage-ID: <m@b.example>\r\nContent-Type: multipart/mixed; boundary=x\r\n",
    );
    // The published example of compressed Rich Text.
    put(
        &mut file,
        "/__substg1.0_10090102",
        b"\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125B2\x0a\xf3 hel\x09\0 bw\x05\xb0ld}\x0a\x80\x0f\xa0",
    );
    numbers(&mut file, "", 32, &[]);
    file.flush().unwrap();
    file.into_inner().into_inner()
}

#[test]
fn a_saved_message_gives_its_properties_files_and_the_message_in_it() {
    let mail = read(&sent_message(), &Limits::default()).unwrap();
    assert_eq!(mail.subject, "Our answer – Ynys Môn");
    assert_eq!(mail.message_id.as_deref(), Some("answer-2@ambermere.police.example"));
    assert_eq!(mail.in_reply_to, ["letter-1@office.example"]);
    assert_eq!((mail.from[0].name.as_deref(), mail.from[0].domain().as_str()), (Some("Nia Pritchard"), "ambermere.police.example"));
    assert_eq!((mail.to[0].address.as_str(), mail.cc[0].name.as_deref()), ("office+k7m2@office.example", Some("Siân Owen")));
    assert_eq!((mail.text.as_str(), mail.date.as_deref()), ("It is attached.\n", Some("2020-10-21T08:30:00Z")));
    let [file] = mail.attachments.as_slice() else { panic!("{:?}", mail.attachments) };
    assert_eq!((file.name.as_deref(), file.bytes.as_slice()), (Some("Ateb Ynys Môn.pdf"), &b"%PDF-1.4\n%%EOF\n"[..]));
    let inner = &mail.messages[0];
    assert_eq!((inner.mail.subject.as_str(), inner.mail.text.as_str()), ("The council's part", "Fish & chips at the café\n"));
    assert_eq!(inner.mail.attachments[0].name.as_deref(), Some("council.pdf"));
    assert_eq!(inner.mail.remarks, ["it is kept in a code page and not in Unicode; it was read as Windows-1252"]);
    assert_eq!(mail.remarks, Vec::<String>::new());
    let shallow = Limits { deepest: 0, ..Limits::default() };
    assert!(read(&sent_message(), &shallow).unwrap_err().what.contains("more than 0 deep"));
    let small = Limits { most_parts: 4, ..Limits::default() };
    assert!(read(&sent_message(), &small).unwrap_err().what.contains("more than 4 parts"));
}

#[test]
fn the_header_that_outlook_keeps_is_believed_before_its_properties() {
    let mail = read(&received_message("IPM.Note"), &Limits::default()).unwrap();
    assert_eq!((mail.from[0].address.as_str(), mail.message_id.as_deref()), ("a@b.example", Some("m@b.example")));
    assert_eq!(mail.authentication[0].result, "pass");
    assert_eq!((mail.subject.as_str(), mail.text.as_str(), mail.automatic), ("RE: A letter", "hello world", None));
}

#[test]
fn the_class_of_a_message_tells_what_programs_wrote() {
    let cases = [
        ("IPM.Note.Rules.OofTemplate.Microsoft", Automatic::Reply),
        ("REPORT.IPM.Note.NDR", Automatic::DeliveryReport),
        ("REPORT.IPM.Note.IPNRN", Automatic::ReadReceipt),
    ];
    for (class, expected) in cases {
        assert_eq!(read(&received_message(class), &Limits::default()).unwrap().automatic, Some(expected), "{class}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn no_damage_makes_it_panic(at in 0usize..30_000, byte in any::<u8>(), cut in 0usize..30_000) {
        let mut bytes = sent_message();
        let n = bytes.len();
        bytes[at % n] = byte;
        let _ = read(&bytes, &Limits::default());
        bytes.truncate(cut % n);
        let _ = read(&bytes, &Limits::default());
    }
}
