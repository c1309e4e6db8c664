//! Archives damaged at random: a sentence or the files, never a panic, never more than was allowed.

#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use headwater_prevention::source::street::COLUMNS;
use proptest::prelude::*;
use zip::write::SimpleFileOptions;

use super::*;

fn street() -> Vec<u8> {
    let row = "a1,2020-10,Sussex Police,Sussex Police,-0.2,50.8,On or near A,E01031349,Adur 001A,Burglary,,\n";
    [COLUMNS.join(",").as_bytes(), b"\n", row.repeat(40).as_bytes()].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip_of(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Inspects the bytes as a file, and streams what was found in it.
fn taken(name: &str, bytes: &[u8]) -> Result<(Contents, u64), Fault> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    let contents = inspect(file.try_clone().unwrap(), bytes.len() as u64, name, &mut |_, _| {})?;
    file.rewind().unwrap();
    let extract = Extract {
        sha256: String::new(),
        name: name.to_owned(),
        n_bytes: bytes.len() as u64,
        form: contents.form.word().to_owned(),
        members: contents.members.clone(),
        n_not_used: contents.not_used.len() as u64,
        added_at: jiff::Timestamp::UNIX_EPOCH,
    };
    let mut n_streamed = 0;
    stream(file, &extract, &mut |_, _, reader| {
        n_streamed += io::copy(reader, &mut io::sink()).map_err(|error| Problem::new(error.to_string()))?;
        Ok(())
    })
    .unwrap_or_else(|problem| panic!("what was inspected cannot be streamed: {problem}"));
    Ok((contents, n_streamed))
}

#[test]
fn every_packing_gives_the_same_bytes() {
    let packed = [
        ("street.csv", street()),
        ("street.csv.gz", gzip(&street())),
        ("all.zip", zip_of(&[("2020-10/2020-10-sussex-street.csv", street())])),
        ("all.zip", zip_of(&[("README", b"hello".to_vec()), ("street.csv.gz", gzip(&street()))])),
    ];
    for (name, bytes) in packed {
        let (contents, n_streamed) = taken(name, &bytes).unwrap_or_else(|fault| panic!("{name}: {}", fault.what));
        assert_eq!((contents.members.len(), n_streamed), (1, street().len() as u64), "{name}");
        assert_eq!((contents.members[0].kind, contents.members[0].n_bytes), (Kind::Street, n_streamed));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]
    #[test]
    fn damage_anywhere_gives_a_sentence_or_the_files(
        which in 0..3_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let (name, mut bytes) = match which {
            0 => ("street.csv.gz", gzip(&street())),
            1 => ("all.zip", zip_of(&[("a/street.csv", street()), ("b/street.csv", street())])),
            _ => ("all.zip", zip_of(&[("street.csv.gz", gzip(&street())), ("notes.txt", b"hello".to_vec())])),
        };
        for (at, byte) in &changes {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        if let Some(at) = cut {
            bytes.truncate(at.index(bytes.len()));
        }
        match taken(name, &bytes) {
            Ok((contents, n_streamed)) => {
                let n_promised: u64 = contents.members.iter().map(|member| member.n_bytes).sum();
                prop_assert_eq!(n_streamed, n_promised);
            }
            Err(fault) => prop_assert!(!fault.what.is_empty()),
        }
    }
}
