//! What people drop: zips in zips, messages with zips in them, and parcels that mean harm.

use headwater_documents::arrival::{Arrival, Arrived, Dropped, Limits, Unpacking, unpack};
use proptest::prelude::*;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

const ANSWER: &[u8] = include_bytes!("../../../../fixtures/mail/answer.eml");
const FORWARDED: &[u8] = include_bytes!("../../../../fixtures/mail/forwarded.eml");
const MAILBOX: &[u8] = include_bytes!("../../../../fixtures/mail/mailbox.mbox");
const WORKBOOK: &[u8] = include_bytes!("../../../../fixtures/documents/clean.xlsx");
const BOMB: &[u8] = include_bytes!("../../../../fixtures/bad/bomb.zip");
const LEAVES: &[u8] = include_bytes!("../../../../fixtures/bad/street-leaves-its-folder.zip");

fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        if name.ends_with('/') {
            writer.add_directory(*name, SimpleFileOptions::default()).unwrap();
        } else {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

fn dropped(name: &str, bytes: &[u8]) -> Vec<Dropped> {
    vec![Dropped { name: name.to_owned(), bytes: bytes.to_vec() }]
}

fn list(name: &str, bytes: &[u8]) -> Vec<Arrival> {
    unpack(dropped(name, bytes), &Limits::default()).unwrap()
}

fn paths(list: &[Arrival]) -> Vec<String> {
    list.iter().map(Arrival::path).collect()
}

#[test]
fn a_file_by_itself_stays_as_it_is() {
    let list = list("../post\\Counts\u{7}.xlsx", WORKBOOK);
    assert_eq!((paths(&list), list[0].bytes.as_deref()), (vec!["Counts.xlsx".to_owned()], Some(WORKBOOK)));
    assert_eq!(list[0].what, Arrived::File { is_inline: false }, "a workbook is a zip inside and is not taken apart");
    assert_eq!(paths(&self::list("", b"some text")), ["without a name"]);
}

#[test]
fn zips_in_zips_and_messages_in_them_come_as_one_list() {
    let inner = zip(&[("counts.csv", b"Area,Count\n"), ("post/answer.eml", ANSWER)]);
    let outer = zip(&[("2020/", b""), ("2020/inner.zip", &inner), ("book.xlsx", WORKBOOK), ("__MACOSX/._book.xlsx", b"x")]);
    let list = list("answers.zip", &outer);
    assert_eq!(
        paths(&list),
        [
            "answers.zip > inner.zip > counts.csv",
            "answers.zip > inner.zip > answer.eml",
            "answers.zip > inner.zip > answer.eml > attachment 1",
            "answers.zip > inner.zip > answer.eml > Ateb Ynys Môn.pdf",
            "answers.zip > inner.zip > answer.eml > figures.csv",
            "answers.zip > book.xlsx",
            "answers.zip > ._book.xlsx",
        ]
    );
    let Arrived::Message(mail) = &list[1].what else { panic!("{:?}", list[1].what) };
    assert_eq!((mail.attachments.len(), list[1].bytes.as_deref()), (0, Some(ANSWER)));
    assert_eq!(list.iter().map(|one| one.carried_by).collect::<Vec<_>>(), [None, None, Some(1), Some(1), Some(1), None, None]);
    assert_eq!(list[2].what, Arrived::File { is_inline: true });
    assert!(matches!(&list[6].what, Arrived::LeftOut(why) if why.what.contains("adds of itself")));
}

#[test]
fn messages_in_messages_and_mailboxes_follow_each_other() {
    let list_ = list("forwarded.eml", FORWARDED);
    assert_eq!(
        paths(&list_),
        [
            "forwarded.eml",
            "forwarded.eml > message 1",
            "forwarded.eml > message 1 > message 1",
            "forwarded.eml > message 1 > message 1 > council.csv"
        ]
    );
    assert_eq!(list_.iter().map(|one| one.carried_by).collect::<Vec<_>>(), [None, Some(0), Some(1), Some(2)]);
    let list_ = list("post", MAILBOX);
    assert_eq!((list_.len(), list_[0].path().as_str(), list_[4].path().as_str()), (5, "post > message 1", "post > message 2"));
    assert_eq!(list_[1].carried_by, Some(0));
    assert_eq!(list("sent.msg", &super::outlook::sent_message()).len(), 4, "the message, its file, the message in it, and that one's file");
}

#[test]
fn a_note_that_quotes_a_message_is_a_note() {
    assert!(matches!(list("note.txt", ANSWER)[0].what, Arrived::File { .. }));
    assert!(matches!(list("short.eml", b"Subject: x\n\ny")[0].what, Arrived::Message(_)));
    assert!(matches!(&list("none.eml", b"no header")[0].what, Arrived::LeftOut(why) if why.what.contains("no header of a message")));
}

#[test]
fn harm_is_refused_and_what_is_merely_broken_is_left_out_with_its_reason() {
    let refused = |name: &str, bytes: &[u8]| unpack(dropped(name, bytes), &Limits::default()).unwrap_err();
    assert!(refused("bomb.zip", BOMB).what.contains("unpacks to more than"));
    assert!(refused("outer.zip", &zip(&[("inner/bomb.zip", BOMB)])).what.contains("unpacks to more than"), "within another");
    let left = list("out.zip", LEAVES);
    assert!(matches!(&left[0].what, Arrived::LeftOut(why) if why.what.contains("leads out of the folder")));
    assert_eq!((left[0].name.as_str(), left[0].bytes.is_none()), ("2020-10-ambermere-street.csv", true));
    let cut = zip(&[("a.txt", b"x")]);
    let list = list("outer.zip", &zip(&[("cut.zip", &cut[..cut.len() - 8]), ("good.txt", b"y")]));
    assert!(matches!(&list[0].what, Arrived::LeftOut(why) if why.what.contains("damaged or was cut off")));
    assert_eq!(list[1].path(), "outer.zip > good.txt");
    let mut deep = b"x".to_vec();
    for i in 0..9 {
        deep = zip(&[(&format!("{i}.zip"), &deep)]);
    }
    let list = self::list("deep.zip", &deep);
    assert!(matches!(&list[0].what, Arrived::LeftOut(why) if why.what.contains("more than 6 deep")));
    assert_eq!(list[0].place.len(), 6);
}

#[test]
fn five_thousand_files_get_a_clear_message() {
    const SAID: &str = "at once there may be 1000, those in zips and messages counted too";
    let names: Vec<String> = (0..5_000).map(|i| format!("{i}.txt")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"x".as_slice())).collect();
    let packed = zip(&parts);
    let refusal = unpack(dropped("all.zip", &packed), &Limits::default()).unwrap_err();
    assert_eq!(refusal.what, format!("\"all.zip\" holds 5000 files; {SAID}"));
    let many: Vec<Dropped> = names.iter().map(|name| Dropped { name: name.clone(), bytes: b"x".to_vec() }).collect();
    assert_eq!(unpack(many, &Limits::default()).unwrap_err().what, format!("5000 files were dropped; {SAID}"));
    // Many zips of few files come to too many together.
    let few = zip(&parts[..600]);
    let two = zip(&[("a.zip", &few), ("b.zip", &few)]);
    let refusal = unpack(dropped("two.zip", &two), &Limits::default()).unwrap_err();
    assert_eq!(refusal.what, format!("it comes to more than 1000 messages and files; {SAID}"));
    let small = Limits { most_bytes: 10, ..Limits::default() };
    assert!(unpack(dropped("a.txt", b"12345678901"), &small).unwrap_err().what.contains("11 bytes long; at once it may be 10"));
}

proptest! {
    /// Whatever files are packed, however deep, come out as they were, in their order.
    #[test]
    fn what_is_packed_comes_out_as_it_was(files in proptest::collection::vec("[a-z ,\n]{1,40}", 1..8), depth in 1usize..5) {
        let names: Vec<String> = (0..files.len()).map(|i| format!("{i}.txt")).collect();
        let parts: Vec<(&str, &[u8])> = names.iter().zip(&files).map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
        let mut packed = zip(&parts);
        for _ in 1..depth {
            packed = zip(&[("again.zip", &packed)]);
        }
        let list = list("all.zip", &packed);
        let out: Vec<Vec<u8>> = list.iter().filter_map(|one| one.bytes.clone()).collect();
        prop_assert_eq!(out, files.iter().map(|text| text.clone().into_bytes()).collect::<Vec<_>>());
        let as_packed = |one: &Arrival| one.place.len() == depth && matches!(one.what, Arrived::File { is_inline: false });
        prop_assert!(list.iter().all(as_packed));
    }

    #[test]
    fn no_damage_makes_it_panic(at in 0usize..6_000, byte in any::<u8>(), cut in 0usize..6_000) {
        let good = zip(&[("a.zip", &zip(&[("answer.eml", ANSWER), ("b.txt", b"x")])), ("post.mbox", MAILBOX)]);
        let mut bytes = good.clone();
        let n = bytes.len();
        bytes[at % n] = byte;
        let _ = unpack(dropped("a", &bytes), &Limits::default());
        bytes.truncate(cut % n);
        let _ = unpack(dropped("a", &bytes), &Limits::default());
    }
}

#[test]
fn a_zip_that_lies_on_a_disk_comes_to_the_same_and_nothing_of_it_is_held() {
    let inner = zip(&[("counts.csv", b"Area,Count\n"), ("post/answer.eml", ANSWER)]);
    let outer = zip(&[("inner.zip", &inner), ("book.xlsx", WORKBOOK), ("forwarded.eml", FORWARDED)]);
    let expected = list("answers.zip", &outer);
    let limits = Limits::default();
    let (mut bytes, mut n_held) = (Vec::new(), 0);
    let mut put_away = |at: usize, found: &mut Arrival| {
        assert_eq!(at, bytes.len());
        n_held += usize::from(found.bytes.is_some());
        bytes.push(found.bytes.take());
        Ok(())
    };
    let mut unpacking = Unpacking::begin(outer.len() as u64, 1, &limits, &mut put_away).unwrap();
    unpacking.take_zip_apart("answers.zip", Cursor::new(&outer)).unwrap();
    let mut found = unpacking.end();
    assert!(n_held > 5 && found.iter().all(|one| one.bytes.is_none()));
    for (one, bytes) in found.iter_mut().zip(bytes) {
        one.bytes = bytes;
    }
    assert_eq!(found, expected);
    // Damaged, it is in the list without its bytes; made to do harm, it is refused whole; and its entries are counted wherever
    // a mark of one lies across two readings.
    let nothing = &mut |_: usize, _: &mut Arrival| Ok(());
    let mut unpacking = Unpacking::begin(1, 1, &limits, nothing).unwrap();
    unpacking.take_zip_apart("cut.zip", Cursor::new(&outer[..outer.len() / 2])).unwrap();
    let found = unpacking.end();
    assert!(matches!(&found[0].what, Arrived::LeftOut(_)) && found[0].bytes.is_none(), "{found:?}");
    let nothing = &mut |_: usize, _: &mut Arrival| Ok(());
    assert!(Unpacking::begin(BOMB.len() as u64, 1, &limits, nothing).unwrap().take_zip_apart("b.zip", Cursor::new(BOMB)).is_err());
    let few = Limits { most_files: 2, ..Limits::default() };
    for n_before in [0, (1 << 20) - 103, (1 << 20) - 102, (1 << 20) - 101, (1 << 20) - 100] {
        let many = [vec![b'x'; n_before], b"PK\x01\x02".repeat(101)].concat();
        let nothing = &mut |_: usize, _: &mut Arrival| Ok(());
        let refused = Unpacking::begin(many.len() as u64, 1, &few, nothing).unwrap().take_zip_apart("m.zip", Cursor::new(&many));
        assert!(refused.unwrap_err().what.contains("holds 101 files"), "{n_before}");
    }
}
