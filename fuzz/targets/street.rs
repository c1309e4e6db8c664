//! Street crime, fed in pieces: the same as in one piece, and no row lost wherever the cuts fall.
#![no_main]

use headwater_prevention::source::Unreadable;
use headwater_prevention::source::street::{Reader, StreetRead};

const NAME: &str = "2020-10/2020-10-ambermere-street.csv";

/// The last bytes say how long the pieces are, in turn.
const N_CUTS: usize = 8;

/// The most bytes that are made of one input.
const MOST_BYTES: usize = 400_000;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (text, cuts) = bytes.split_at(bytes.len().saturating_sub(N_CUTS));
    let text = with_runs(text);
    let whole = in_pieces(&text, std::iter::once(text.len()));
    let longer = if cuts.first().is_some_and(|cut| cut % 2 == 1) { 1 } else { 1_021 };
    let pieces = in_pieces(&text, cuts.iter().map(|cut| usize::from(*cut) * longer));
    assert_eq!(whole, pieces, "cuts change nothing");
    let Ok(read) = whole else {
        return;
    };
    let n_kept: u64 = read.parts().map(|part| part.n_rows()).sum();
    assert_eq!(n_kept + read.set_aside().n_rows(), read.n_rows(), "rows kept and rows set aside are all rows");
    assert_eq!(read.counts().cells().map(|cell| cell.n).sum::<u64>(), n_kept, "every row kept is counted");
    assert_eq!(read.row_prints().len() as u64 + read.n_repeated_rows(), n_kept, "every row kept has its fingerprint");
    let n_lines = text.split(|byte| *byte == b'\n').skip(1).filter(|line| !matches!(line, [] | [b'\r'])).count() as u64;
    assert_eq!(read.n_rows(), n_lines, "every line below the header is a row");
    headwater_fuzz::check_reasons(read.set_aside());
});

/// Feeds the text in pieces of the given lengths, over and over; the rest at once when they come to nothing.
fn in_pieces(text: &[u8], lengths: impl Iterator<Item = usize> + Clone) -> Result<StreetRead, Unreadable> {
    let mut reader = Reader::new(NAME);
    let mut rest = text;
    let never = lengths.clone().all(|length| length == 0);
    for length in lengths.cycle().take_while(|_| !never) {
        let (piece, after) = rest.split_at(length.min(rest.len()));
        reader.feed(piece);
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    reader.feed(rest);
    reader.finish()
}

/// Byte 1 and the byte after it stand for a run of that many half kilobytes, so that a short input can hold a long line.
fn with_runs(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        if *byte == 1 {
            let n = usize::from(bytes.next().copied().unwrap_or(1)) * 512;
            out.resize((out.len() + n).min(MOST_BYTES.max(out.len())), b'x');
        } else {
            out.push(*byte);
        }
    }
    out
}
