//! Files of every condition are added, or refused in words.

use std::fs;
use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;

use crate::{Desk, STREET, contents};

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_folder_in_any_mix_is_added_once_and_its_files_stay_as_they_are() {
    let desk = Desk::with_workspace();
    desk.put("in/a.csv", STREET);
    desk.put("in/b.csv.gz", gzip(STREET.replace("2020-10", "2020-11").as_bytes()));
    desk.put("in/c.zip", zip_of(&[("2020-12/2020-12-sussex-street.csv", STREET.replace("2020-10", "2020-12").as_bytes()), ("README", b"hello")]));
    desk.put("in/README.txt", "what these are");
    desk.put("in/guide.pdf", "%PDF-1.7\n");
    let before = contents(&desk.path("in"));
    let added = desk.ws(&["source", "add", "in", "--json"]).succeeds().json();
    assert_eq!((added["new"].as_array().unwrap().len(), added["not_used"].as_array().unwrap().len()), (3, 2), "{added}");
    assert_eq!(added["refused"].as_array().unwrap().len(), 0);
    assert_eq!(contents(&desk.path("in")), before);
    let head = desk.ws(&["log", "verify"]).succeeds().out;
    let again = desk.ws(&["source", "add", "in"]).succeeds();
    assert!(again.err.contains("3 there already") && again.out.is_empty(), "{}", again.err);
    assert_eq!(desk.ws(&["log", "verify"]).succeeds().out, head);
    // Every blob is one of the files, byte for byte.
    let blobs: Vec<Vec<u8>> =
        contents(&desk.path("ws/blobs")).into_iter().filter(|(path, _)| !path.ends_with("lock")).map(|(_, bytes)| bytes).collect();
    assert_eq!(blobs.len(), 3);
    assert!(blobs.iter().all(|blob| before.iter().any(|(_, bytes)| bytes == blob)));
}

#[test]
fn a_file_that_was_named_and_cannot_be_used_is_an_error_in_words() {
    let desk = Desk::with_workspace();
    let good = gzip(STREET.repeat(500).as_bytes());
    let long_line = [b"Crime ID,Month".as_slice(), &vec![b'x'; 300_000]].concat();
    let utf16: Vec<u8> = STREET.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("page.csv", b"<!DOCTYPE html><html><title>Sign in</title>".to_vec(), "web page"),
        ("empty.csv", Vec::new(), "empty"),
        ("wide.csv", utf16, "UTF-16"),
        ("semicolon.csv", STREET.replace(',', ";").into_bytes(), "semicolons"),
        ("cut.csv.gz", good[..good.len() / 2].to_vec(), "cut off"),
        ("long.csv", long_line, "first line is longer"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....".to_vec(), "before 2007"),
        ("guide.pdf", b"%PDF-1.7\n".to_vec(), "PDF"),
        ("other.csv", b"a,b\n1,2\n".to_vec(), "no kind of source"),
        ("bomb.zip", zip_of(&[("zeros.csv", &vec![b'0'; (32 << 20) + 1])]), "unpacks to more than"),
        ("cut.zip", zip_of(&[("a.csv", STREET.as_bytes())])[..80].to_vec(), "cut off"),
        ("noise.bin", vec![0, 1, 2, 3, 255], "not known here"),
    ];
    for (name, bytes, words) in cases {
        desk.put(name, bytes);
        desk.ws(&["source", "add", name]).fails(11, words);
    }
    desk.ws(&["source", "add", "missing.csv"]).fails(11, "missing.csv");
    assert_eq!(desk.ws(&["source", "list", "--json"]).succeeds().json().as_array().unwrap().len(), 0);
    assert!(contents(&desk.path("ws/blobs")).iter().all(|(path, _)| path.ends_with("lock")), "nothing refused is kept");
}

#[test]
fn the_bad_archives_that_are_kept_are_refused_and_write_nothing_outside() {
    let kept = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/bad");
    let desk = Desk::with_workspace();
    for (name, words) in [
        ("street-truncated.csv.gz", "cut off before its end"),
        ("street-leaves-its-folder.zip", "leads out of the folder"),
        ("bomb.zip", "unpacks to more than"),
    ] {
        let file = kept.join(name);
        desk.ws(&["source", "add", file.to_str().unwrap()]).fails(11, words);
        let outside: Vec<_> = fs::read_dir(desk.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(outside, ["ws"], "{name} left something behind");
        assert!(contents(&desk.path("ws/blobs")).iter().all(|(path, _)| path.ends_with("lock")), "{name} was kept");
    }
}

#[test]
fn a_damaged_file_in_a_folder_stops_none_of_the_others() {
    let desk = Desk::with_workspace();
    desk.put("in/1-cut.csv.gz", &gzip(STREET.as_bytes())[..60]);
    desk.put("in/2-good.csv", STREET);
    let done = desk.ws(&["source", "add", "in"]);
    done.fails(11, "1-cut.csv.gz: it was cut off");
    assert!(done.out.contains("2-good.csv") && done.err.contains("Added 1 file"), "{}", done.err);
}

#[test]
fn marks_latin_letters_and_windows_lines_are_no_obstacle() {
    let desk = Desk::with_workspace();
    desk.put("bom.csv", format!("\u{feff}{STREET}"));
    desk.put("windows.csv", STREET.replace('\n', "\r\n"));
    desk.put("latin.csv", STREET.replace("Orchard Close", "Caf\u{e9}").chars().map(|c| c as u8).collect::<Vec<u8>>());
    let added = desk.ws(&["source", "add", "bom.csv", "windows.csv", "latin.csv", "--json"]).succeeds().json();
    assert_eq!(added["new"].as_array().unwrap().len(), 3);
}

#[test]
fn a_workspace_inside_the_folder_is_not_added_to_itself() {
    let desk = Desk::with_workspace();
    desk.put("a.csv", STREET);
    for _ in 0..2 {
        desk.ws(&["source", "add", "."]).succeeds();
    }
    assert_eq!(desk.ws(&["source", "list", "--json"]).succeeds().json().as_array().unwrap().len(), 1);
}

#[test]
fn names_in_the_log_hold_no_path_of_the_computer() {
    let desk = Desk::with_workspace();
    let path = desk.put("somebody/downloads/a.csv", STREET);
    desk.ws(&["source", "add", path.to_str().unwrap()]).succeeds();
    let log = desk.ws(&["log", "show", "--json"]).succeeds().out;
    assert!(log.contains("\"a.csv\"") && !log.contains("somebody"), "{log}");
}

#[cfg(unix)]
#[test]
fn links_that_go_round_in_circles_end() {
    let desk = Desk::with_workspace();
    desk.put("in/a.csv", STREET);
    std::os::unix::fs::symlink(desk.path("in"), desk.path("in/again")).unwrap();
    desk.ws(&["source", "add", "in"]).succeeds();
    assert_eq!(fs::read_dir(desk.path("in")).unwrap().count(), 2);
}
