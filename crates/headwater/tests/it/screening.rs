//! A person looks into what arrived before anybody opens it.

use std::fs;
use std::path::Path;

use crate::Desk;

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)).unwrap()
}

#[test]
fn files_are_told_apart_and_what_is_hidden_is_named() {
    let desk = Desk::empty();
    desk.put("clean.xlsx", fixture("documents/clean.xlsx"));
    desk.put("hidden.xlsx", fixture("documents/hidden.xlsx"));
    let clean = desk.run(&["document", "screen", "clean.xlsx"]).succeeds();
    assert_eq!(clean.out, "clean.xlsx: an Excel workbook; nothing found\n  noted: docProps/core.xml: its properties name who wrote it\n");
    let held = desk.run(&["document", "screen", "clean.xlsx", "hidden.xlsx"]);
    held.fails(10, "1 of 2 items must be looked at by a person");
    assert!(held.out.contains("  hidden cells: sheet \"Raw\": the sheet is hidden\n    ask the sender"), "{}", held.out);
}

#[test]
fn a_message_is_taken_apart_and_the_answer_names_no_person() {
    let desk = Desk::empty();
    desk.put("pretended.eml", fixture("mail/pretended.eml"));
    desk.put("answer.eml", fixture("mail/answer.eml"));
    let done = desk.run(&["document", "screen", "--json", "pretended.eml", "answer.eml"]);
    assert_eq!(done.code, 10, "{}", done.err);
    let list = done.json();
    assert_eq!(list[0]["message"]["signs"].as_array().unwrap().len(), 3, "{list}");
    assert_eq!((list[1]["path"].as_str(), list[1]["message"]["signs"].as_array().unwrap().len()), (Some("answer.eml"), 0));
    assert_eq!((list[4]["path"].as_str(), list[4]["carried_by"].as_u64()), (Some("answer.eml > figures.csv"), Some(1)));
    assert_eq!(list[4]["file"]["kind"], "text");
    assert_eq!(list[2]["file"]["found"], serde_json::json!([]));
    assert!(!done.out.contains("nia.pritchard") && !done.out.contains("Pritchard"), "{}", done.out);
}

#[test]
fn what_a_message_says_of_a_person_is_found_and_not_repeated() {
    let desk = Desk::empty();
    desk.put("case.eml", "From: a@office.example\nTo: b@office.example\nSubject: A case\n\nNia Invented, NHS number 943 476 5919, was seen.\n");
    let done = desk.run(&["document", "screen", "--json", "case.eml"]);
    assert_eq!(done.code, 10, "{}", done.err);
    assert_eq!(done.json()[0]["message"]["found"][0]["finding"], "personal_identifier");
    assert!(!done.out.contains("Invented") && !done.out.contains("943"), "{}", done.out);
    assert!(desk.run(&["document", "screen", "case.eml"]).out.contains("  personal identifiers: it holds what looks like 1 NHS number\n"));
}

#[test]
fn a_finding_has_the_word_that_the_exchange_uses() {
    let desk = Desk::empty();
    desk.put("macros.xlsm", fixture("documents/macros.xlsm"));
    desk.put("pivot.xlsx", fixture("documents/pivot.xlsx"));
    let list = desk.run(&["document", "screen", "--json", "macros.xlsm", "pivot.xlsx"]).json();
    assert_eq!((&list[0]["file"]["found"][0]["finding"], &list[1]["file"]["found"][0]["finding"]), (&"macros".into(), &"pivot_cache".into()));
}

#[test]
fn what_cannot_be_looked_at_fails_with_a_sentence() {
    let desk = Desk::empty();
    desk.put("bomb.zip", fixture("bad/bomb.zip"));
    desk.put("folder/a.txt", "x");
    desk.run(&["document", "screen", "bomb.zip"]).fails(11, "unpacks to more than");
    desk.run(&["document", "screen", "none.pdf"]).fails(11, "reading none.pdf");
    desk.run(&["document", "screen", "folder"]).fails(2, "folder is not a file");
}

#[test]
fn what_documents_say_is_printed_and_told_to_programs() {
    let desk = Desk::empty();
    for name in ["clean.docx", "clean.ods", "hidden.xlsx", "clean.xls"] {
        desk.put(name, fixture(&format!("documents/{name}")));
    }
    // Without a table of its objects, as when it was cut off.
    const PDF: &str = "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n\
        3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R>>\nendobj\n\
        4 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>\nendobj\n\
        5 0 obj\n<</Length 41>>stream\nBT /F 10 Tf 72 700 Td (Our answer) Tj ET\nendstream\nendobj\n";
    desk.put("plan.pdf", PDF);
    desk.put("answer.eml", fixture("mail/answer.eml"));
    assert_eq!(desk.run(&["document", "text", "clean.docx"]).succeeds().out, "Our answer, with a link to a page:\n");
    let both = desk.run(&["document", "text", "clean.ods", "hidden.xlsx"]).succeeds();
    assert!(both.out.starts_with("==> clean.ods <==\n0 0\t0 1\n") && both.out.contains("39\n\u{c}case 1\n\u{c}case 1"), "{}", both.out);
    assert!(both.err.contains("hidden.xlsx: sheet \"Raw\": the sheet is hidden"), "{}", both.err);
    assert!(desk.run(&["document", "text", "answer.eml"]).succeeds().out.contains("\nAttached: figures.csv"));
    let told = desk.run(&["document", "text", "--json", "plan.pdf", "hidden.xlsx", "clean.xls"]);
    told.fails(11, "1 of 3 files could not be read, the first of them clean.xls: the file is an office document of before 2007");
    let list = told.json();
    let word = &list[0]["pages"][0]["words"][0];
    assert!(word["area"][0].as_f64().is_some_and(|left| left > 0.0) && word["is_visible"] == true, "{word}");
    assert_eq!((&list[1]["pages"][1]["name"], &list[1]["pages"][1]["words"][0]["is_visible"]), (&"Raw".into(), &false.into()));
    assert_eq!(list[1]["pages"][0]["blocks"][0]["kind"], "row");
    assert!(list[2]["refused"]["remedy"].as_str().unwrap().contains("DOCX"));
    desk.run(&["document", "text", "none.pdf"]).fails(11, "reading none.pdf");
    assert_eq!(desk.run(&["document", "text"]).code, 2);
}
