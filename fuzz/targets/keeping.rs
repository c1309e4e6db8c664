//! A reading that was written down, damaged in any way: it is refused, or adds up, and asks for no memory that is not there.
#![no_main]

use headwater_prevention::source::street::StreetRead;

const NAME: &str = "2020-10/2020-10-ambermere-street.csv";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(read) = StreetRead::read_back(NAME, &mut &bytes[..], bytes.len() as u64) else {
        return;
    };
    let n_kept: u64 = read.parts().map(|part| part.n_rows()).sum();
    assert_eq!(n_kept + read.set_aside().n_rows(), read.n_rows(), "rows kept and rows set aside are all rows");
    assert_eq!(read.counts().cells().map(|cell| cell.n).sum::<u64>(), n_kept, "every row kept is counted");
    assert_eq!(read.row_prints().len() as u64 + read.n_repeated_rows(), n_kept, "every row kept has its fingerprint");
    let mut written = Vec::new();
    read.write_down(&mut written).expect("memory takes everything");
    let again = StreetRead::read_back(NAME, &mut written.as_slice(), written.len() as u64);
    assert_eq!(again.ok().as_ref(), Some(&read), "what was taken can be written and taken again");
});
