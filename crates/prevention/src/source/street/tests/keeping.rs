//! What is written down of a reading is read back as it was, and what is damaged is refused or still adds up.

use super::second_reader::{file, line};
use super::*;

const NAME: &str = "2020-10/2020-10-wealdmere-street.csv";

fn written(read: &StreetRead) -> Vec<u8> {
    let mut out = Vec::new();
    read.write_down(&mut out).unwrap();
    out
}

fn read_back(mut bytes: &[u8]) -> std::io::Result<(StreetRead, usize)> {
    let most = bytes.len() as u64;
    let read = StreetRead::read_back(NAME, &mut bytes, most)?;
    Ok((read, bytes.len()))
}

fn read_of(text: &[u8]) -> StreetRead {
    let mut reader = Reader::new(NAME);
    reader.feed(text);
    reader.finish().unwrap()
}

proptest! {
    #[test]
    fn a_reading_comes_back_as_it_was_and_damaged_it_is_refused_or_adds_up(
        lines in proptest::collection::vec((line(), any::<bool>()), 0..20),
        n_times in prop_oneof![8 => 1usize..4, 1 => 100usize..150],
        more in proptest::collection::vec(any::<u8>(), 0..10),
        at in any::<prop::sample::Index>(),
        other in 1u8..,
    ) {
        let order: Vec<usize> = (0..COLUMNS.len()).collect();
        let read = read_of(&file(&order, 0, false, &lines, n_times));
        let bytes = written(&read);
        let (back, n_left) = read_back(&[bytes.as_slice(), &more].concat()).unwrap();
        prop_assert_eq!(&back, &read);
        prop_assert_eq!(n_left, more.len(), "it takes its own bytes and no more");

        let at = at.index(bytes.len());
        prop_assert!(read_back(&bytes[..at]).is_err(), "cut off");
        let mut damaged = bytes;
        damaged[at] ^= other;
        if let Ok((back, _)) = read_back(&damaged) {
            prop_assert_eq!(back.counts().total() + back.set_aside().n_rows(), back.n_rows());
            prop_assert_eq!(back.parts().map(Part::n_rows).sum::<u64>(), back.counts().total());
            prop_assert_eq!(back.counts().cells().count(), back.counts().n_cells());
        }
    }
}

#[test]
fn many_cells_and_fingerprints_take_several_blocks() {
    let rows = (0..10_000).map(|n| row(&format!("{n:064x}"), "2020-10", &format!("E0199{n:04}"), "Drugs", "Local resolution"));
    let text = std::iter::once(HEADER.to_owned()).chain(rows).collect::<Vec<_>>().join("\n");
    let read = read_of(text.as_bytes());
    let bytes = written(&read);
    assert_eq!(read_back(&bytes).unwrap(), (read, 0));
}

#[test]
fn a_claim_of_more_than_there_is_asks_for_no_memory() {
    let bytes = written(&read_of(HEADER.as_bytes()));
    for at in 0..bytes.len() {
        let mut claims = bytes.clone();
        claims[at..bytes.len().min(at + 9)].fill(0xff);
        assert!(read_back(&claims).is_err(), "at {at}");
    }
    assert!(StreetRead::read_back(NAME, &mut bytes.as_slice(), 3).is_err(), "no longer than it may be");
}
