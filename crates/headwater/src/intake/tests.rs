//! Content of every sort is told apart before it is kept, and what no source reads is refused with its reason.

use super::*;
use crate::config::{Settings, register};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

const STREET: &str = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context\n\
,2020-10,Sussex Police,Sussex Police,-0.2,50.8,On or near Orchard Close,E01031349,Adur 001A,Anti-social behaviour,,\n";
const LOOKUP: &str = "LTLA24CD,LTLA24NM,CSP24CD,CSP24NM,PFA24CD,PFA24NM\nE07000223,Adur,E22000259,Adur and Worthing,E23000033,Sussex\n";

struct Desk {
    folder: tempfile::TempDir,
    ws: Workspace,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::new(register::find("sussex").unwrap().area(), "sussex-vrp");
        let ws = Workspace::create(&folder.path().join("ws"), &settings, &[("a.toml", "x")], "owner", Timestamp::UNIX_EPOCH).unwrap();
        Self { folder, ws }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join("in").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    fn add(&self, paths: &[PathBuf]) -> Added {
        add(&self.ws, paths, Occasion { actor: "owner", at: Timestamp::UNIX_EPOCH }, &mut |_, _, _| {}).unwrap()
    }

    fn fault(&self, name: &str, bytes: &[u8]) -> String {
        let added = self.add(&[self.file(name, bytes)]);
        assert!(added.new.is_empty() && added.already.is_empty());
        assert!(!added.refused[0].remedy.is_empty());
        assert_eq!(self.ws.extracts().unwrap(), []);
        added.refused[0].what.clone()
    }

    fn streamed(&self) -> Vec<(String, Kind, String)> {
        let mut out = Vec::new();
        for extract in self.ws.extracts().unwrap() {
            members(&self.ws, &extract, |name, kind, reader| {
                let mut text = String::new();
                reader.read_to_string(&mut text).unwrap();
                out.push((name.to_owned(), kind, text));
                Ok(())
            })
            .unwrap();
        }
        out
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The same zip with a name changed in place, for names that no honest writer would write.
fn renamed(zip: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut out = zip.to_vec();
    let at: Vec<usize> = out.windows(from.len()).enumerate().filter(|(_, window)| *window == from.as_bytes()).map(|(i, _)| i).collect();
    for i in at {
        out[i..i + from.len()].copy_from_slice(to.as_bytes());
    }
    out
}

fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet><table:table table:name=\"Areas 2024\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("mimetype", SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)).unwrap();
    writer.write_all(b"application/vnd.oasis.opendocument.spreadsheet").unwrap();
    writer.start_file("content.xml", SimpleFileOptions::default()).unwrap();
    writer.write_all(content.as_bytes()).unwrap();
    writer.finish().unwrap().into_inner()
}

fn ods_rows() -> String {
    let row = |line: &str| {
        let cells: String = line
            .split(',')
            .map(|cell| format!("<table:table-cell office:value-type=\"string\"><text:p>{cell}</text:p></table:table-cell>"))
            .collect();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    LOOKUP.lines().map(row).collect()
}

#[test]
fn every_way_of_packing_gives_the_same_bytes_back() {
    let desk = Desk::new();
    let street = STREET.as_bytes();
    // One gzip of two members, as `cat a.gz b.gz` makes.
    let (first, second) = street.split_at(100);
    desk.file("a-plain.csv", street);
    desk.file("b.csv.gz", &[gzip(first), gzip(second)].concat());
    desk.file(
        "c.zip",
        &zip_of(&[("README.txt", b"hello"), ("2020-10/x-street.csv", street), ("y.csv.gz", &gzip(LOOKUP.as_bytes())), ("z.ods", &ods(&ods_rows()))]),
    );
    desk.file("d.ods", &ods(&ods_rows()));
    desk.file("notes.txt", b"remember the milk");
    let added = desk.add(&[desk.folder.path().join("in")]);
    assert_eq!((added.new.len(), added.not_used.len(), added.refused.len()), (4, 1, 0), "{added:?}");
    assert_eq!(added.new[2].n_not_used, 1);
    let streamed = desk.streamed();
    let told: Vec<(&str, Kind)> = streamed.iter().map(|(name, kind, _)| (name.as_str(), *kind)).collect();
    assert_eq!(
        told,
        [
            ("a-plain.csv", Kind::Street),
            ("b.csv", Kind::Street),
            ("2020-10/x-street.csv", Kind::Street),
            ("y.csv.gz", Kind::Lookup),
            ("z.ods, sheet Areas 2024", Kind::Lookup),
            ("d.ods, sheet Areas 2024", Kind::Lookup),
        ]
    );
    for (name, kind, text) in streamed {
        assert_eq!(text, if kind == Kind::Street { STREET } else { LOOKUP }, "{name}");
    }
}

#[test]
fn what_is_there_is_not_added_again_whatever_its_name() {
    let desk = Desk::new();
    let paths = [desk.file("a.csv", STREET.as_bytes()), desk.file("copy.csv", STREET.as_bytes())];
    let added = desk.add(&paths);
    assert_eq!((added.new.len(), added.already.as_slice()), (1, ["copy.csv".to_owned()].as_slice()));
    assert_eq!(desk.add(&paths).already.len(), 2);
    assert_eq!(desk.ws.log().head().unwrap().unwrap().seq, 2);
}

#[test]
fn a_lost_blob_comes_back_when_the_file_is_added_again() {
    let desk = Desk::new();
    let path = desk.file("a.csv", STREET.as_bytes());
    let extract = desk.add(std::slice::from_ref(&path)).new.remove(0);
    let blob = desk.ws.root().join("blobs").join(&extract.sha256[..2]).join(&extract.sha256[2..]);
    // The same length, so that only the content tells.
    fs::write(&blob, STREET.replace("Adur", "Ydur")).unwrap();
    assert!(!desk.ws.blobs().is_whole(&extract.sha256).unwrap());
    assert_eq!(desk.add(&[path]).already.len(), 1);
    assert!(desk.ws.blobs().is_whole(&extract.sha256).unwrap());
}

#[test]
fn zips_that_are_not_to_be_trusted_are_refused_with_a_sentence() {
    let zip = zip_of(&[("aaaaaaaaaaaa.csv", STREET.as_bytes()), ("bbbbbbbbbbbb.csv", LOOKUP.as_bytes())]);
    let many: Vec<(String, Vec<u8>)> = (0..50_001).map(|n| (n.to_string(), Vec::new())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let mut encrypted = zip.clone();
    for (i, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)].into_iter().flat_map(|(mark, at)| {
        let starts: Vec<usize> = zip.windows(4).enumerate().filter(|(_, window)| window == mark).map(|(i, _)| i).collect();
        starts.into_iter().map(move |i| (i, at))
    }) {
        encrypted[i + flags] |= 1;
    }
    let mut damaged = zip.clone();
    damaged[70] ^= 0xff;
    // One more than may be unpacked whatever the ratio.
    let zeros = vec![b'0'; (32 << 20) + 1];
    for (bytes, words) in [
        (renamed(&zip, "aaaaaaaaaaaa.csv", "../../../aaa.csv"), "leads out of the folder"),
        (renamed(&zip, "aaaaaaaaaaaa.csv", "..\\..\\..\\aaa.csv"), "leads out of the folder"),
        (renamed(&zip, "aaaaaaaaaaaa.csv", "/aaaaaaaaaaa.csv"), "leads out of the folder"),
        (renamed(&zip, "aaaaaaaaaaaa.csv", "C:\\aaaaaaaaa.csv"), "leads out of the folder"),
        (renamed(&zip, "aaaaaaaaaaaa.csv", "bbbbbbbbbbbb.csv"), "two files of the same name"),
        (encrypted, "password"),
        (zip_of(&many), "holds 50001 files"),
        (zip_of(&[("zeros.csv", &zeros)]), "unpacks to more than"),
        (zip_of(&[("zeros.csv.gz", &gzip(&zeros))]), "unpacks to more than"),
        (zip[..zip.len() / 2].to_vec(), "cut off"),
        (damaged, "damaged"),
        (zip_of(&[("inner.zip", &zip)]), "packed twice"),
        (zip_of(&[("README.txt", b"hello")]), "nothing in it"),
    ] {
        let what = Desk::new().fault("x.zip", &bytes);
        assert!(what.contains(words), "{words}: {what}");
    }
}

#[test]
fn gzips_that_are_damaged_or_made_to_fill_a_disk_are_refused() {
    let noise: Vec<u8> = STREET
        .bytes()
        .cycle()
        .take(500_000)
        .enumerate()
        .map(|(i, byte)| if i > 300 && i * i % 7 == 0 { b'0' + (i % 10) as u8 } else { byte })
        .collect();
    let good = gzip(&noise);
    let mut damaged = good.clone();
    let n = damaged.len();
    damaged[n - 6] ^= 0xff;
    let zeros = vec![b'0'; (32 << 20) + 1];
    for (bytes, words) in [
        (good[..good.len() / 2].to_vec(), "cut off before its end"),
        (good[..good.len() - 4].to_vec(), "cut off before its end"),
        (damaged, "damaged"),
        (gzip(&zeros), "unpacks to more than"),
        (gzip(&good), "packed twice"),
        (gzip(b"<html>Sign in"), "web page"),
    ] {
        let what = Desk::new().fault("x.csv.gz", &bytes);
        assert!(what.contains(words), "{words}: {what}");
    }
}

#[test]
fn a_new_workspace_that_was_interrupted_can_be_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("ws");
    let settings = Settings::new(register::find("kent").unwrap().area(), "sussex-vrp");
    let make = || Workspace::create(&root, &settings, &[("a.toml", "x")], "owner", Timestamp::UNIX_EPOCH);
    make().unwrap();
    // As if it had stopped just before the settings were written.
    fs::remove_file(root.join("headwater.toml")).unwrap();
    assert!(Workspace::open(&root).is_err());
    assert!(make().is_err(), "without the mark it might be anything");
    fs::write(root.join(".headwater-unfinished"), "").unwrap();
    let ws = make().unwrap();
    assert_eq!(ws.log().verify(None).unwrap().unwrap().n_events, 1);
    assert!(make().is_err());
}
