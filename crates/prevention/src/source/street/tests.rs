//! Twelve invented rows that hold every trap, and inputs that are wrong in every way we could think of.

mod keeping;
mod second_reader;

use super::*;
use proptest::prelude::*;

const HEADER: &str =
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context";

/// A Crime ID of the real length.
fn id(n: u8) -> String {
    format!("{n:02x}").repeat(32)
}

fn row(id: &str, month: &str, lsoa: &str, crime: &str, outcome: &str) -> String {
    format!("{id},{month},Wealdmere Police,Wealdmere Police,-0.2,50.8,On or near Invented Lane,{lsoa},Wealdmere 001A,{crime},{outcome},")
}

fn read(text: &str) -> Result<StreetRead, Unreadable> {
    let mut reader = Reader::new("2020-10-wealdmere-street.csv");
    reader.feed(text.as_bytes());
    reader.finish()
}

#[test]
fn repeats_and_missing_places_are_counted_and_no_row_is_lost() {
    let same = row(&id(1), "2020-10", "E01990001", "Robbery", "Under investigation");
    let text = [
        HEADER.to_owned(),
        same.clone(),
        same,
        row(&id(1), "2020-10", "E01990002", "Burglary", ""),
        row("", "2020-10", "E01990001", "Anti-social behaviour", ""),
        row("", "2020-10", "E01990001", "Anti-social behaviour", ""),
        format!("{},2020-10,Wealdmere Police,Wealdmere Police,,,No Location,,,Drugs,Local resolution,", id(2)),
        row(&id(3), "2020-13", "E01990001", "Drugs", ""),
        row(&id(4), "2020-10", "E01990001", "Piracy", ""),
        "too,few,columns".to_owned(),
        format!("{},2020-10,Wealdmere Police,Wealdmere Police,0.000000,0.000000,\"Here, there\",E01990001,\"Wealdmere, 001A\",Drugs,,", id(5)),
    ]
    .join("\r\n");
    let read = read(&text).unwrap();
    assert_eq!(read.n_rows(), 10);
    assert_eq!(read.set_aside().n_rows(), 3);
    assert_eq!(read.counts().total(), 7);
    assert_eq!(read.n_repeated_rows(), 2, "one crime and one incident");
    assert_eq!(read.n_repeated_ids(), 2);
    let (force, month, part) = read.force_months().next().unwrap();
    assert_eq!((force, month.to_string().as_str()), ("Wealdmere Police", "2020-10"));
    assert_eq!((part.n_without_place(), part.n_without_lsoa(), part.n_odd_point()), (1, 1, 1));
    assert_eq!(read.promised().map(|(m, f)| (m.to_string(), f)), Some(("2020-10".to_owned(), "wealdmere")));
    let reasons: Vec<_> = read.set_aside().reasons().iter().map(|s| (s.first[0].0, s.column.as_str())).collect();
    assert_eq!(reasons, [(8, "Month"), (9, "Crime type"), (10, "")]);
}

#[test]
fn columns_in_another_order_are_found_by_name() {
    let text = "Month,Crime ID,Reported by,Falls within,Latitude,Longitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context\n\
                2020-10,,A,A,50.8,-0.2,x,E01990001,y,Robbery,,\n";
    let read = read(text).unwrap();
    assert_eq!(read.counts().cells().next().unwrap().crime_type, CrimeType::Robbery);
}

#[test]
fn a_wrong_header_is_named() {
    for (text, word) in [("", "empty"), ("a,b\n", "Crime ID"), (&HEADER.replace(',', ";"), "Crime ID"), (&HEADER.replace("Month", "Date"), "Month")] {
        let error = read(text).unwrap_err();
        assert!(error.what.contains(word), "{error}");
        assert!(!error.remedy.is_empty());
    }
}

#[test]
fn forces_whose_names_are_not_text_are_set_aside_and_hide_nothing() {
    let mut text = (HEADER.to_owned() + "\n").into_bytes();
    for name in [b"\xe9".as_slice(), b"\xe8", b"Wealdmere Police"] {
        text.extend_from_slice(b",2020-10,A,");
        text.extend_from_slice(name);
        text.extend_from_slice(b",-0.2,50.8,x,E01990001,y,Robbery,,\n");
    }
    let mut reader = Reader::new("2020-10-wealdmere-street.csv");
    reader.feed(&text);
    let read = reader.finish().unwrap();
    assert_eq!((read.n_rows(), read.set_aside().n_rows(), read.parts().map(Part::n_rows).sum::<u64>()), (3, 2, 1));
}

#[test]
fn what_follows_a_wrong_header_changes_nothing() {
    for rest in [HEADER.to_owned(), "a,\"b".to_owned(), "x".repeat(2 * LONGEST_LINE_BYTES)] {
        let error = read(&format!("a,b\n{rest}\n{rest}")).unwrap_err();
        assert_eq!(error, read("a,b\n").unwrap_err());
    }
}

#[test]
fn a_line_without_end_is_set_aside_in_little_memory() {
    let mut reader = Reader::new("x.csv");
    reader.feed(HEADER.as_bytes());
    reader.feed(b"\n");
    for _ in 0..1000 {
        reader.feed(&[b'x'; 10_000]);
        assert!(reader.rows.tail.len() <= LONGEST_LINE_BYTES);
    }
    reader.feed(b"\n");
    reader.feed(row("", "2020-10", "E01990001", "Drugs", "").as_bytes());
    let read = reader.finish().unwrap();
    assert_eq!((read.n_rows(), read.set_aside().n_rows()), (2, 1));
}

#[test]
fn a_long_line_is_one_row_set_aside_wherever_the_pieces_are_cut() {
    let good = row("", "2020-10", "E01990001", "Drugs", "");
    for n_bytes in [LONGEST_LINE_BYTES - 1, LONGEST_LINE_BYTES, LONGEST_LINE_BYTES + 1, 3 * LONGEST_LINE_BYTES] {
        let long = "x".repeat(n_bytes);
        for text in [format!("{HEADER}\n{good}\n{long}\n{good}\n"), format!("{HEADER}\n{good}\n{good}\n{long}")] {
            let whole = read(&text).unwrap();
            assert_eq!((whole.n_rows(), whole.set_aside().n_rows()), (3, 1), "{n_bytes}");
            for n_piece in [1, 4_096, LONGEST_LINE_BYTES, LONGEST_LINE_BYTES + 1] {
                let mut reader = Reader::new("2020-10-wealdmere-street.csv");
                text.as_bytes().chunks(n_piece).for_each(|piece| reader.feed(piece));
                assert_eq!(reader.finish().unwrap(), whole, "{n_bytes} bytes in pieces of {n_piece}");
            }
        }
        for header in [format!("{long}\n{good}\n"), long] {
            let whole = read(&header).unwrap_err();
            let mut reader = Reader::new("2020-10-wealdmere-street.csv");
            header.as_bytes().chunks(1_000).for_each(|piece| reader.feed(piece));
            assert_eq!(reader.finish().unwrap_err(), whole, "{n_bytes}");
        }
    }
}

#[test]
fn cuts_change_nothing_in_files_with_many_further_columns() {
    let further = ",Further".repeat(40);
    let plain = row(&id(1), "2020-10", "E01990001", "Robbery", "");
    let text = format!("{HEADER}{further}\n{plain}{}\n{plain}\n", ",x".repeat(40));
    let whole = read(&text).unwrap();
    assert_eq!((whole.counts().total(), whole.set_aside().n_rows()), (1, 1));
    let mut reader = Reader::new("2020-10-wealdmere-street.csv");
    text.as_bytes().chunks(7).for_each(|piece| reader.feed(piece));
    assert_eq!(reader.finish().unwrap(), whole);
}

proptest! {
    #[test]
    fn pieces_of_any_size_give_the_same_reading(cuts in proptest::collection::vec(0usize..2000, 0..12), bad in "[a-z,\"\r\n]{0,40}") {
        let mut text = HEADER.to_owned() + "\n";
        for n in 0..8u8 {
            text += &row(&id(n % 3), "2020-10", &format!("E0199000{n}"), "Robbery", "");
            text += "\n";
        }
        text += &bad;
        let whole = read(&text).unwrap();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|c| c % (text.len() + 1)).collect();
        cuts.sort_unstable();
        let mut reader = Reader::new("2020-10-wealdmere-street.csv");
        let mut start = 0;
        for cut in cuts {
            reader.feed(&text.as_bytes()[start..cut]);
            start = cut;
        }
        reader.feed(&text.as_bytes()[start..]);
        prop_assert_eq!(reader.finish().unwrap(), whole);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), with_header in any::<bool>()) {
        let mut reader = Reader::new("2020-10-wealdmere-street.csv");
        if with_header {
            reader.feed(HEADER.as_bytes());
            reader.feed(b"\n");
        }
        reader.feed(&bytes);
        if let Ok(read) = reader.finish() {
            prop_assert_eq!(read.n_rows(), read.counts().total() + read.set_aside().n_rows());
        }
    }
}
