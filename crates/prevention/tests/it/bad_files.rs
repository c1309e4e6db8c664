//! The bad files of `fixtures/bad`, each held to what its list says must happen.

use headwater_documents::kind::sniff;
use headwater_prevention::evidence::Reading;
use headwater_prevention::source::street::{Reader, StreetRead};
use headwater_prevention::source::table::TextTable;
use headwater_prevention::source::{Kind, Unreadable};
use std::collections::BTreeSet;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/bad")
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn street(name: &str) -> Result<StreetRead, Unreadable> {
    let mut reader = Reader::new(name);
    reader.feed(&bytes(name));
    reader.finish()
}

#[test]
fn the_list_names_every_file_and_no_other() {
    let list = std::fs::read_to_string(folder().join("README.md")).unwrap();
    let listed: BTreeSet<&str> = list.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let there: Vec<String> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let there: BTreeSet<&str> = there.iter().map(String::as_str).filter(|name| *name != "README.md").collect();
    assert_eq!(listed, there);
}

#[test]
fn street_files_that_can_be_read_lose_no_row() {
    for (name, n_rows, n_set_aside) in [
        ("street-latin-1.csv", 1, 0),
        ("street-byte-order-mark.csv", 6, 0),
        ("street-swapped-columns.csv", 6, 6),
        ("2020-11-ambermere-street.csv", 0, 0),
        ("street-cut-off.csv", 6, 1),
        ("street-open-quote.csv", 3, 1),
        ("street-other-nations.csv", 4, 0),
    ] {
        let read = street(name).unwrap();
        let n_kept: u64 = read.parts().map(|part| part.n_rows()).sum();
        assert_eq!((read.n_rows(), read.set_aside().n_rows(), n_kept), (n_rows, n_set_aside, n_rows - n_set_aside), "{name}");
    }
    assert_eq!(street("street-swapped-columns.csv").unwrap().set_aside().reasons()[0].reason, "not a month");
    assert!(street("2020-11-ambermere-street.csv").unwrap().promised().is_some(), "an empty month is known to be missing");
    assert_eq!(street("street-other-nations.csv").unwrap().parts().next().unwrap().n_unusable_code(), 3);
}

#[test]
fn street_files_that_cannot_be_read_are_refused_in_words() {
    for (name, says) in [("street-semicolons.csv", "commas"), ("street-no-header.csv", "header")] {
        let error = street(name).unwrap_err();
        assert!(error.what.contains("Crime ID") && error.remedy.contains(says), "{name}: {error:?}");
    }
    assert!(TextTable::from_csv(&bytes("street-semicolons.csv")).unwrap_err().what.contains("semicolons"));
    for (name, says) in [("street-utf-16.csv", "UTF-16"), ("street-error-page.csv", "web page")] {
        let refusal = sniff(&bytes(name)).refusal().unwrap();
        assert!(refusal.what.contains(says), "{name}: {refusal:?}");
    }
}

#[test]
fn a_file_cut_off_in_its_gzip_cannot_be_unpacked_to_its_end() {
    use std::io::Read;
    let mut text = Vec::new();
    let packed = bytes("street-truncated.csv.gz");
    assert!(flate2::read::MultiGzDecoder::new(packed.as_slice()).read_to_end(&mut text).is_err());
}

#[test]
fn tables_and_boundaries_are_refused_in_words() {
    for (kind, name, says) in [
        (Kind::Population, "population-missing-age.csv", "age 17 is missing"),
        (Kind::Deprivation, "deprivation-two-nations.csv", "cannot be compared"),
        (Kind::Lookup, "lookup-codes-in-names.csv", "row"),
        (Kind::Boundary, "boundary-national-grid.geojson", "metres"),
        (Kind::Boundary, "boundary-latitude-first.geojson", "latitude before longitude"),
        (Kind::Boundary, "boundary-cut-off.geojson", "line 1"),
        (Kind::Boundary, "boundary-points.geojson", "points"),
    ] {
        let error = Reading::from_bytes(kind, name, &bytes(name)).unwrap_err();
        assert!(error.what.contains(says) && !error.remedy.is_empty(), "{name}: {error:?}");
    }
}

#[test]
fn what_is_wrong_in_one_row_or_area_leaves_the_others() {
    match Reading::from_bytes(Kind::Population, "population-wrong-total.csv", &bytes("population-wrong-total.csv")).unwrap() {
        Reading::Population(read) => assert_eq!((read.n_rows, read.records.len(), read.set_aside.n_rows()), (3, 2, 1)),
        other => panic!("{other:?}"),
    }
    match Reading::from_bytes(Kind::Boundary, "boundary-bow-tie.geojson", &bytes("boundary-bow-tie.geojson")).unwrap() {
        Reading::Boundary(read) => assert_eq!((read.shapes.len(), read.invalid.len()), (2, 1)),
        other => panic!("{other:?}"),
    }
}
