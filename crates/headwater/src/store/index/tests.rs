//! What was written comes back; what is damaged, cut off, of other readers or of other files does not.

use super::*;
use headwater_prevention::source::street::{COLUMNS, Reader};

const NAMES: [&str; 2] = ["2020-10/2020-10-wealdmere-street.csv", "2020-11/2020-11-wealdmere-street.csv"];
const SHA256: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn reading(name: &str, n_rows: usize) -> StreetRead {
    let row = |n| format!("{n},{},Wealdmere Police,Wealdmere Police,-0.2,50.8,On or near A,E01990001,Wealdmere 001A,Drugs,,\n", &name[..7]);
    let mut reader = Reader::new(name);
    reader.feed((COLUMNS.join(",") + "\n" + &(0..n_rows).map(row).collect::<String>()).as_bytes());
    reader.finish().unwrap()
}

fn index() -> (tempfile::TempDir, Index, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(&folder.path().join("index"));
    let file = folder.path().join("index/street").join(SHA256);
    (folder, index, file)
}

fn write(index: &Index) -> Vec<StreetRead> {
    let reads = vec![reading(NAMES[0], 3), reading(NAMES[1], 50)];
    let writing = NAMES.iter().zip(&reads).fold(index.begin(SHA256).unwrap(), |writing, (name, read)| writing.add(name, read).unwrap());
    writing.keep();
    reads
}

#[test]
fn readings_come_back_for_the_files_they_are_of_and_for_no_others() {
    let (_folder, index, _) = index();
    assert!(index.read(SHA256, &NAMES).is_none());
    let reads = write(&index);
    assert_eq!(index.read(SHA256, &NAMES), Some(reads));
    for names in [&NAMES[..1], &NAMES[1..], &[NAMES[1], NAMES[0]], &[NAMES[0], NAMES[1], NAMES[1]], &[]] {
        assert_eq!(index.read(SHA256, names), None, "{names:?}");
    }
    assert_eq!(index.read(&SHA256.replace('b', "c"), &NAMES), None);
    assert_eq!(index.read("../../headwater.toml", &NAMES), None);
}

#[test]
fn one_changed_byte_anywhere_and_a_cut_anywhere_are_told() {
    let (_folder, index, file) = index();
    let reads = write(&index);
    let bytes = fs::read(&file).unwrap();
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        fs::write(&file, damaged).unwrap();
        assert_eq!(index.read(SHA256, &NAMES), None, "changed at {at}");
        fs::write(&file, &bytes[..at]).unwrap();
        assert_eq!(index.read(SHA256, &NAMES), None, "cut at {at}");
    }
    fs::write(&file, [bytes.as_slice(), b"x"].concat()).unwrap();
    assert_eq!(index.read(SHA256, &NAMES), None, "more at its end");
    assert_eq!(write(&index), reads);
    assert_eq!(index.read(SHA256, &NAMES), Some(reads), "written anew over what was damaged");
}

#[test]
fn what_other_sources_of_the_readers_wrote_is_not_taken_however_whole_it_is() {
    let (_folder, index, file) = index();
    write(&index);
    let mut bytes = fs::read(&file).unwrap();
    let n = bytes.len() - 4;
    bytes[MARK.len()..MARK.len() + READERS.len()].fill(b'0');
    let sum = crc32fast::hash(&bytes[..n]).to_le_bytes();
    bytes[n..].copy_from_slice(&sum);
    fs::write(&file, bytes).unwrap();
    assert_eq!(index.read(SHA256, &NAMES), None);
}

#[test]
fn what_is_not_brought_to_its_end_leaves_nothing() {
    let (folder, index, file) = index();
    let half = index.begin(SHA256).unwrap().add(NAMES[0], &reading(NAMES[0], 3)).unwrap();
    assert!(!file.exists());
    drop(half);
    let left: Vec<_> = fs::read_dir(folder.path().join("index/incoming")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["lock"]);
}

#[test]
fn where_nothing_can_be_written_nothing_is_kept_and_nothing_fails() {
    let (folder, index, _) = index();
    fs::write(folder.path().join("index"), "a file stands in the way").unwrap();
    assert!(index.begin(SHA256).is_none());
    assert_eq!(index.read(SHA256, &NAMES), None);
}
