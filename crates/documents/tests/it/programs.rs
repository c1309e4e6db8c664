//! The same answer, as seven mail libraries write it: headers folded and encoded in every way, five character sets, two that are wrong.

use headwater_documents::mail::{Limits, Mail, read};

const TEXT: &str = "Annwyl Gomisiynydd,\n\nMae ein hateb o Fôn ynghlwm.\n";
const SUBJECT: &str = "Ateb Ynys Môn: ein hasesiad o anghenion ac ein strategaeth ar gyfer y flwyddyn";
const FILE: &[u8] = b"Area,Count\r\nYnys M\xf4n,41\r\n";

macro_rules! programs {
    ($($name:literal)*) => { [$(($name, include_bytes!(concat!("../../../../fixtures/mail/programs/", $name)).as_slice())),*] };
}

fn mail(bytes: &[u8]) -> Mail {
    read(bytes, &Limits::default()).unwrap()
}

/// Lines as they are meant, whichever way their ends are written.
fn lines(text: &str) -> String {
    text.replace('\r', "").trim_end().to_owned() + "\n"
}

#[test]
fn one_answer_is_the_same_whichever_program_wrote_it() {
    for (name, bytes) in programs!["phpmailer.eml" "ruby-mail.eml" "mime-lite.eml" "javamail.eml" "python-welsh.eml"] {
        let mail = mail(bytes);
        assert_eq!(mail.from[0].name.as_deref(), Some("Siân Owen"), "{name}");
        assert_eq!(
            (mail.from[0].address.as_str(), mail.to[0].address.as_str()),
            ("sian.owen@ambermere.police.example", "office+k7m2@office.example")
        );
        assert_eq!(mail.subject, SUBJECT, "{name}");
        assert_eq!(mail.in_reply_to, ["letter-1@office.example"], "{name}");
        assert!(mail.message_id.as_deref().is_some_and(|id| id.ends_with("-1@ambermere.police.example")), "{name}: {:?}", mail.message_id);
        assert_eq!(mail.date.as_deref(), Some("2020-10-21T09:30:00+01:00"), "{name}");
        let text = lines(&mail.text);
        assert_eq!(text.replace(", am ŵyn a llŷr", ""), TEXT, "{name}");
        assert_eq!(text.contains("ŵyn a llŷr"), name == "python-welsh.eml", "{name}");
        let [file] = mail.attachments.as_slice() else { panic!("{name}: {:?}", mail.attachments) };
        assert_eq!((file.name.as_deref(), file.declared_type.as_str(), file.is_inline), (Some("Ateb Môn.csv"), "text/csv", false), "{name}");
        // Whatever character set is said of it, a file is bytes.
        assert_eq!(file.bytes, FILE, "{name}");
        assert_eq!((mail.automatic, mail.signs.len(), mail.remarks.len()), (None, 0, 0), "{name}: {:?} {:?}", mail.signs, mail.remarks);
    }
}

#[test]
fn what_is_called_ascii_and_is_utf_8_is_read_as_that() {
    let [(_, bytes)] = programs!["phpmailer-wrong.eml"];
    let at = bytes.windows(4).position(|four| four == b"F\xf4n ").unwrap();
    let mut utf_8 = bytes.to_vec();
    utf_8.splice(at + 1..at + 2, "ô".bytes());
    let mail = mail(&utf_8);
    assert_eq!(lines(&mail.text), TEXT);
    assert!(mail.remarks.iter().any(|remark| remark.ends_with("read as UTF-8")), "{:?}", mail.remarks);
}

#[test]
fn text_in_a_character_set_that_is_wrong_or_unknown_is_read_and_this_is_said() {
    for (name, bytes) in programs!["phpmailer-wrong.eml" "javamail-wrong.eml"] {
        let mail = mail(bytes);
        assert_eq!(lines(&mail.text), TEXT, "{name}");
        assert_eq!(mail.attachments[0].bytes, FILE, "{name}");
        assert!(!mail.text.contains('\u{fffd}'), "{name}");
        assert!(mail.remarks.iter().any(|remark| remark.contains("character set")), "{name}: {:?}", mail.remarks);
    }
}
