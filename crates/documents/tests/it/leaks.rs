//! The proof that nothing removed is in a file: every way in which a file could still say it is tried once, and files in which
//! nothing is wrong pass.

use crate::removed::pdf;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use headwater_documents::remove::{Form, Kept, Removal, Secrets, Survivor, Target, Where, prove, prove_text, remove};
use headwater_documents::text::{Limits, of};
use std::io::Write;

const KEPT: &str =
    "Redacted document. Seen by Otto Kept, [removed: personal information] and the whole team here. Parent of the page, stream of the font.";

fn kept(beside: &str) -> Kept {
    Kept { text: KEPT.to_owned(), beside: beside.to_owned() }
}

/// What went: a name by itself, a word that also stays elsewhere, and words that are also markup.
fn secrets() -> Secrets {
    let text = of("a.txt", b"Nia Invented, Otto, team, Parent and Ed were seen: Nia Invented".to_vec(), &Limits::default()).unwrap();
    let of = |words: &str| Removal { target: Target::Term { words: words.to_owned(), is_whole: true }, reason: 0 };
    remove(&text, &["Nia Invented", "Otto", "team", "Parent", "Ed"].map(of)).unwrap().secrets
}

fn drawn(words: &str) -> String {
    format!("BT /F 9 Tf 40 700 Td ({words}) Tj ET\n")
}

fn of_pdf(bytes: &[u8]) -> Vec<Survivor> {
    prove(Form::Pdf, bytes, &kept(""), &pdf("", &drawn("x")), &secrets())
}

fn places(survivors: &[Survivor]) -> Vec<Where> {
    survivors.iter().map(|it| it.place).collect()
}

/// A sound PDF with something added to what is drawn, and behind its end.
fn with(more_drawn: &str, entries: &str, behind: &[u8]) -> Vec<u8> {
    [pdf(entries, &format!("{}{more_drawn}", drawn(KEPT))).as_slice(), behind].concat()
}

fn packed(words: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    packer.write_all(words).unwrap();
    [b"\n9 0 obj\n<</Filter/FlateDecode>>stream\n".as_slice(), &packer.finish().unwrap(), b"\nendstream\nendobj\n"].concat()
}

fn wide(words: &str, big: bool) -> Vec<u8> {
    words.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

#[test]
fn a_pdf_without_what_was_removed_passes() {
    assert_eq!(of_pdf(&with("", "", b"")), []);
}

#[test]
fn a_word_that_can_be_read_on_a_page_is_found_by_both_readers() {
    assert_eq!(places(&of_pdf(&with("BT /F 9 Tf 40 600 Td (Nia Invented) Tj ET", "", b""))), [Where::OwnReader, Where::OtherReader, Where::Bytes]);
    // In pieces, in white, too small to see, as numbers.
    for drawing in [
        "BT /F 9 Tf 40 600 Td [(N)-40(i)40(a I)-3(nven)-290(ted)] TJ ET",
        "1 g BT /F 9 Tf 40 600 Td (NIA INVENTED) Tj ET",
        "BT 3 Tr /F 1 Tf 40 600 Td (Nia) Tj 20 0 Td (Invented) Tj ET",
        "BT /F 9 Tf 40 600 Td <4E696120496E76656E746564> Tj ET",
        "BT /F 9 Tf 40 600 Td (\\116ia In\\\nvented) Tj ET",
    ] {
        let found = places(&of_pdf(&with(drawing, "", b"")));
        assert!(found.contains(&Where::OwnReader) && found.contains(&Where::Bytes), "{drawing}: {found:?}");
    }
}

#[test]
fn what_no_page_shows_is_found_in_the_bytes() {
    let bytes = |found: Vec<Survivor>| assert_eq!(places(&found), [Where::Bytes]);
    // A property of the file, a comment on the page, a bookmark, something behind the end.
    bytes(of_pdf(&with("", "/Title(Plan of Nia Invented)", b"")));
    bytes(of_pdf(&with("", "/Title<FEFF004E0069006100200049006E00760065006E007400650064>", b"")));
    bytes(of_pdf(&with("", "", b"% nia-invented\n")));
    bytes(of_pdf(&with("", "", "% NÎA INVÉNTED".as_bytes())));
    for big in [true, false] {
        bytes(of_pdf(&with("", "", &[b"%", wide("Nia Invented", big).as_slice()].concat())));
        bytes(of_pdf(&with("", "", &[b"%%", wide("Nia Invented", big).as_slice()].concat())));
    }
    // Packed: as text, as strings in pieces, as the properties of today, as two bytes a letter.
    for words in ["Nia Invented", "[(Ni)-20(a Inven)3(ted)] TJ", "<dc:title>Nia Invented</dc:title>", "<</Title(Nia \\111nvented)>>"] {
        bytes(of_pdf(&with("", "", &packed(words.as_bytes()))));
    }
    bytes(of_pdf(&with("", "", &packed(&wide("Nia Invented", true)))));
    // One half of what went together is enough.
    bytes(of_pdf(&with("", "", b"% Invented")));
}

#[test]
fn a_word_that_lawfully_stands_elsewhere_may_be_there_as_often_as_it_was_kept() {
    assert_eq!(places(&of_pdf(&with("BT /F 9 Tf 40 600 Td (Otto) Tj ET", "", b""))), [Where::OwnReader, Where::OtherReader, Where::Bytes]);
    // Two letters are found in any bytes; as a word they are found on the page.
    assert_eq!(places(&of_pdf(&with("BT /F 9 Tf 40 600 Td (Ed) Tj ET", "", b""))), [Where::OwnReader, Where::OtherReader]);
}

#[test]
fn a_file_that_a_reader_cannot_read_proves_nothing() {
    let unread = of_pdf(b"%PDF-1.7 and no more");
    assert_eq!(places(&unread), [Where::OwnReader, Where::OtherReader]);
    assert!(unread.iter().all(|it| it.n == 0 && it.sentence().contains("proves nothing")));
    // Half of what should be there is not enough either.
    assert_eq!(of_pdf(&pdf("", &drawn("Redacted document. Seen by Otto"))).len(), 2);
    assert_eq!(prove_text("", &kept(""), &secrets()).map(|it| it.n), Some(0));
}

#[test]
fn the_text_of_another_program_is_held_to_the_same() {
    assert_eq!(prove_text(KEPT, &kept(""), &secrets()), None);
    let found = prove_text(&format!("{KEPT}\u{c}nia\ninvented"), &kept(""), &secrets()).unwrap();
    assert_eq!(found.place, Where::OtherProgram);
    let sentence = found.sentence().to_lowercase();
    assert!(sentence.contains("pdftotext") && !sentence.contains("nia") && !sentence.contains("invented"), "{sentence}");
}

const HTML: &str = "<!DOCTYPE html><html lang=\"en-GB\"><head><title>Redacted document</title><style>p.parent{margin:0}</style></head><body><main>";

fn of_html(body: &str) -> Vec<Where> {
    let page = |words: &str, more: &str| format!("{HTML}<p>{words}</p>{more}</main></body></html>");
    places(&prove(Form::Html, page(KEPT, body).as_bytes(), &kept("Redacted document"), page("x", "").as_bytes(), &secrets()))
}

#[test]
fn the_name_of_a_typeface_is_no_word_of_the_document() {
    let text = of("a.txt", b"A Helvetica, seen".to_vec(), &Limits::default()).unwrap();
    let removal = Removal { target: Target::Term { words: "helvetica".to_owned(), is_whole: false }, reason: 0 };
    let secrets = remove(&text, &[removal]).unwrap().secrets;
    let named = |words: &str| pdf("/X(Helvetica Neue)", &drawn(words));
    assert_eq!(prove(Form::Pdf, &named(KEPT), &kept(""), &named("x"), &secrets), []);
    let twice = [named(KEPT).as_slice(), b"(Helvetica)"].concat();
    assert_eq!(places(&prove(Form::Pdf, &twice, &kept(""), &named("x"), &secrets)), [Where::Bytes]);
}

#[test]
fn a_page_is_searched_to_its_last_attribute() {
    assert_eq!(of_html(""), []);
    assert_eq!(of_html("<p>N\u{ee}a Invented</p>"), [Where::OwnReader, Where::OtherReader, Where::Bytes]);
    assert_eq!(of_html("<p>&#78;ia &#x49;nvented</p>"), [Where::OwnReader, Where::OtherReader, Where::Bytes]);
    for unseen in ["<!-- Nia Invented -->", "<p title=\"Nia Invented\"></p>", "<a href=\"/Nia%20In%76ented\"></a>", "<style>.nia-invented{}</style>"]
    {
        assert_eq!(of_html(unseen), [Where::Bytes], "{unseen}");
    }
    assert!(of_html("<p hidden>Nia Invented</p>").contains(&Where::OwnReader));
    assert!(of_html("<p>N<b>ia</b> Inv<i>en</i>ted</p>").contains(&Where::OwnReader));
}
