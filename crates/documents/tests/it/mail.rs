//! Messages as mail programs write them, and as faults and forgers write them.

use headwater_documents::mail::{Automatic, DeliveryAction, Limits, Mail, SenderEvidence, SpoofSign, read, split};
use proptest::prelude::*;

const ANSWER: &[u8] = include_bytes!("../../../../fixtures/mail/answer.eml");
const FORWARDED: &[u8] = include_bytes!("../../../../fixtures/mail/forwarded.eml");
const HTML_ONLY: &[u8] = include_bytes!("../../../../fixtures/mail/html-only.eml");
const RETURNED: &[u8] = include_bytes!("../../../../fixtures/mail/returned.eml");
const AWAY: &[u8] = include_bytes!("../../../../fixtures/mail/away.eml");
const NO_CHARACTER_SET: &[u8] = include_bytes!("../../../../fixtures/mail/no-character-set.eml");
const PRETENDED: &[u8] = include_bytes!("../../../../fixtures/mail/pretended.eml");
const NODEMAILER: &[u8] = include_bytes!("../../../../fixtures/mail/nodemailer.eml");
const MAILBOX: &[u8] = include_bytes!("../../../../fixtures/mail/mailbox.mbox");

fn mail(bytes: &[u8]) -> Mail {
    read(bytes, &Limits::default()).unwrap()
}

#[test]
fn an_answer_gives_its_threads_its_text_and_its_files_as_they_were_sent() {
    let mail = mail(ANSWER);
    assert_eq!(mail.message_id.as_deref(), Some("answer-1@ambermere.police.example"));
    assert_eq!(mail.in_reply_to, ["letter-1@office.example"]);
    assert_eq!(mail.references, ["campaign-1@office.example", "letter-1@office.example"]);
    assert_eq!((mail.from[0].name.as_deref(), mail.from[0].domain().as_str()), (Some("Nia Pritchard"), "ambermere.police.example"));
    assert_eq!(mail.to[0].address, "office+k7m2@office.example");
    assert_eq!((mail.cc[0].name.as_deref(), mail.cc.len()), (Some("Owen, Siân"), 1));
    assert_eq!(mail.subject, "RE: Child criminal exploitation: Ynys Fôn’s answer");
    assert_eq!(mail.date.as_deref(), Some("2020-10-21T09:30:00+01:00"));
    assert_eq!(mail.text, "Annwyl Gomisiynydd,\n\nOur answer is attached.\n\nFrom here on we report each quarter.\n");
    let files: Vec<_> = mail.attachments.iter().map(|file| (file.name.as_deref(), file.declared_type.as_str(), file.is_inline)).collect();
    assert_eq!(files, [(None, "image/png", true), (Some("Ateb Ynys Môn.pdf"), "application/pdf", false), (Some("figures.csv"), "text/csv", false)]);
    assert_eq!(mail.attachments[1].bytes, b"%PDF-1.4\n%%EOF\n");
    assert_eq!(mail.attachments[2].bytes, b"Area,Assaults\r\nYnys M\xf4n,41\r\n", "bytes, not text in another character set");
    assert_eq!((mail.automatic, mail.signs.len(), mail.messages.len()), (None, 0, 0));
    assert_eq!(mail.remarks, Vec::<String>::new());
}

#[test]
fn another_programs_message_is_read_alike() {
    let mail = mail(NODEMAILER);
    assert_eq!(mail.from[0].name.as_deref(), Some("“Ambermere” Partnership"));
    assert_eq!(mail.subject, "Strategic needs assessment – Ambermere 2020 (with a subject long enough to be folded)");
    assert_eq!(mail.text, "Here it is.\n– The partnership");
    assert_eq!((mail.to.len(), mail.date.as_deref()), (2, Some("2020-10-21T08:30:00Z")));
    assert_eq!(mail.attachments[0].name.as_deref(), Some("asesiad anghenion – ’20.txt"));
    assert_eq!(mail.attachments[0].bytes, "Text – café\n".as_bytes());
}

#[test]
fn messages_forwarded_whole_are_messages_of_their_own() {
    let outer = mail(FORWARDED);
    assert_eq!(outer.attachments.len(), 0);
    let middle = &outer.messages[0];
    assert_eq!((middle.mail.subject.as_str(), middle.mail.text.as_str()), ("FW: The council's part", "See below.\n"));
    let inner = &middle.mail.messages[0];
    assert_eq!(inner.mail.message_id.as_deref(), Some("council-1@wealdmere.example"));
    assert_eq!(inner.mail.attachments[0].name.as_deref(), Some("council.csv"));
    for enclosed in [middle, inner] {
        let again = mail(enclosed.bytes.as_deref().unwrap());
        assert_eq!(again, enclosed.mail, "its own bytes say the same");
    }
    let shallow = Limits { deepest: 1, ..Limits::default() };
    assert_eq!(read(FORWARDED, &shallow).unwrap_err().what, "messages lie in messages more than 1 deep");
}

#[test]
fn a_page_becomes_text() {
    assert_eq!(mail(HTML_ONLY).text, "We hold no such plan.\nCafé\n");
}

#[test]
fn a_returned_message_says_for_whom_why_and_about_which() {
    let mail = mail(RETURNED);
    assert_eq!((mail.automatic, mail.return_path.as_deref()), (Some(Automatic::DeliveryReport), Some("")));
    let [report] = mail.deliveries.as_slice() else { panic!("{:?}", mail.deliveries) };
    assert_eq!((report.recipient.as_str(), report.action), ("old.clerk@ambermere.police.example", DeliveryAction::Failed));
    assert_eq!((report.status.as_deref(), report.about.as_deref()), (Some("5.1.1"), Some("letter-1@office.example")));
    assert_eq!(report.diagnostic.as_deref(), Some("smtp; 550 5.1.1 User unknown"));
    assert_eq!(mail.attachments.len(), 0, "the parts of the report are no files");
    assert!(mail.text.starts_with("This is the mail system"));
}

#[test]
fn an_automatic_reply_is_not_taken_for_an_answer() {
    assert_eq!(mail(AWAY).automatic, Some(Automatic::Reply));
    let head = "Subject: ";
    let cases = [
        ("Out of office: x\nReturn-Path: <>", Some(Automatic::Reply)),
        ("x\nAuto-Submitted: auto-replied (vacation)", Some(Automatic::Reply)),
        ("x\nAuto-Submitted: auto-generated", Some(Automatic::Other)),
        ("x\nAuto-Submitted: no", None),
        ("x\nList-Id: <l.example>", Some(Automatic::List)),
        ("x\nX-Failed-Recipients: c@d.example", Some(Automatic::DeliveryReport)),
        ("x\nFrom: MAILER-DAEMON@b.example", Some(Automatic::DeliveryReport)),
        ("Out of office cover in our reply", None),
        ("x\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b--", Some(Automatic::ReadReceipt)),
    ];
    for (rest, expected) in cases {
        assert_eq!(mail(format!("{head}{rest}\n\n").as_bytes()).automatic, expected, "{rest}");
    }
}

#[test]
fn letters_in_no_stated_character_set_are_read_and_this_is_said() {
    let mail = mail(NO_CHARACTER_SET);
    assert_eq!(mail.subject, "Ynys Môn – our answer");
    assert_eq!((mail.from[0].name.as_deref(), mail.from[0].address.as_str()), (Some("Siân Owen"), "sian.owen@ambermere.police.example"));
    assert_eq!(mail.text, "Café “Môn”\n");
    assert_eq!(mail.message_id.as_deref(), Some("sian-1@ambermere.police.example"));
    assert_eq!(mail.date, None);
    assert_eq!(
        mail.remarks,
        [
            "its header holds letters in no stated character set; they were read as Windows-1252",
            "its date cannot be read",
            "a part of type text/plain is not in the character set it names; it was read as Windows-1252"
        ]
    );
}

#[test]
fn a_pretended_sender_is_denied_whatever_lies_below() {
    let mail = mail(PRETENDED);
    assert_eq!(mail.sender_evidence("mx.office.example"), SenderEvidence::Denied);
    assert!(mail.signs.contains(&SpoofSign::FailedCheck { server: "mx.office.example".into(), method: "dmarc".into() }));
    assert!(mail.signs.iter().any(|sign| matches!(sign, SpoofSign::OtherReplyDomain { replies, .. } if replies == "free.example.com")));
    assert!(mail.signs.iter().any(|sign| matches!(sign, SpoofSign::OtherReturnDomain { returns, .. } if returns == "mailer.example.com")));
}

#[test]
fn a_mailbox_comes_apart_and_its_quoted_line_is_given_back() {
    assert!(read(MAILBOX, &Limits::default()).unwrap_err().what.contains("several messages"));
    let messages = split(MAILBOX, 10).unwrap();
    assert_eq!(messages.len(), 2);
    let first = mail(&messages[0]);
    assert!(first.text.contains("\nFrom here on we report"), "{}", first.text);
    assert_eq!(first.attachments.len(), 3);
    assert_eq!(mail(&messages[1]).automatic, Some(Automatic::Reply));
}

#[test]
fn what_is_no_message_is_named() {
    let cases: [(&[u8], &str); 5] = [
        (b"just a note", "no header of a message"),
        (b"", "an empty file, not a message"),
        (b"%PDF-1.4", "a PDF, not a message"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office file of before 2007"),
        (b"<html><p>x</p>", "no header of a message"),
    ];
    for (bytes, what) in cases {
        let refusal = read(bytes, &Limits::default()).unwrap_err();
        assert!(refusal.what.contains(what) && !refusal.remedy.is_empty(), "{}", refusal.what);
    }
}

#[test]
fn messages_made_to_exhaust_the_reader_are_refused() {
    let limits = Limits::default();
    let nested = b"From: a@b.example\nContent-Type: message/rfc822\n\n".repeat(100_000);
    assert!(read(&nested, &limits).unwrap_err().what.contains("more than 1000 parts"));
    let just_below = b"From: a@b.example\nContent-Type: message/rfc822\n\n".repeat(990);
    assert!(read(&just_below, &limits).unwrap_err().what.contains("more than 8 deep"));
    let parts =
        format!("From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n{}", "--b\nContent-Type: application/x\n\nx\n".repeat(2_000));
    assert!(read(parts.as_bytes(), &limits).unwrap_err().what.contains("parts"));
    let small = Limits { most_bytes: 100, ..limits };
    assert!(read(ANSWER, &small).unwrap_err().what.contains("larger than 100 bytes"));
}

proptest! {
    #[test]
    fn no_damage_makes_it_panic(which in 0usize..7, at in 0usize..4_000, byte in any::<u8>(), cut in 0usize..4_000) {
        let messages = [ANSWER, FORWARDED, HTML_ONLY, RETURNED, NO_CHARACTER_SET, PRETENDED, NODEMAILER];
        let mut bytes = messages[which].to_vec();
        let n = bytes.len();
        bytes[at % n] = byte;
        let _ = read(&bytes, &Limits::default());
        bytes.truncate(cut % n);
        let _ = read(&bytes, &Limits::default());
    }

    /// A message of another maker, put together here, comes back as it was.
    #[test]
    fn what_is_written_is_read(subject in "[A-Za-z ]{1,30}[A-Za-z]", lines in proptest::collection::vec("[A-Za-z ,.]{0,40}", 1..6), n_files in 0usize..4) {
        let subject = subject.trim_start();
        prop_assume!(!subject.is_empty());
        let text = lines.join("\r\n");
        let mut message = format!("From: a@b.example\r\nSubject: {subject}\r\nContent-Type: multipart/mixed; boundary=\"=x\"\r\n\r\n--=x\r\n\r\n{text}\r\n");
        for i in 0..n_files {
            message.push_str(&format!("--=x\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename={i}.bin\r\n\r\nfile {i}\r\n"));
        }
        message.push_str("--=x--\r\n");
        let mail = mail(message.as_bytes());
        prop_assert_eq!(mail.subject, subject);
        prop_assert_eq!(mail.text, text.replace("\r\n", "\n"));
        let files: Vec<_> = mail.attachments.iter().map(|file| file.bytes.clone()).collect();
        prop_assert_eq!(files, (0..n_files).map(|i| format!("file {i}").into_bytes()).collect::<Vec<_>>());
    }
}
