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
    assert_eq!(clean.out, "clean.xlsx: an Excel workbook; nothing found\n");
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
