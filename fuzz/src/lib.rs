//! What several targets ask of a table.
//!
//! A target fails when a reader panics, or when rows read are not rows kept and rows set aside: a lost row is a wrong number.

use std::io::{Cursor, Write};

use headwater_prevention::evidence::{Evidence, Reading};
use headwater_prevention::source::table::TextTable;
use headwater_prevention::source::{Kind, SetAside, SetAsides};
use zip::write::SimpleFileOptions;

/// Reads bytes as a table: once as the kind that it shows itself to be, and once as `kind`, whatever it shows itself to be.
pub fn try_table(kind: Kind, bytes: &[u8]) {
    let Ok(table) = TextTable::from_csv(bytes) else {
        return;
    };
    let recognised = Reading::recognise_table(&table);
    for kind in [Some(kind), recognised.filter(|recognised| *recognised != kind)].into_iter().flatten() {
        read_table(kind, &table);
    }
}

/// Reads a table as a kind, accounts for its rows, and joins it to an empty workspace.
pub fn read_table(kind: Kind, table: &TextTable) {
    let name = match kind {
        Kind::StopAndSearch => "2019-12/2019-12-ambermere-stop-and-search.csv",
        Kind::Outcome => "2019-12/2019-12-ambermere-outcomes.csv",
        _ => "mid-2020 table.csv",
    };
    match Reading::from_table(kind, name, table) {
        Ok(reading) => {
            account(&reading, table);
            let mut evidence = Evidence::default();
            let extract = evidence.add_extract("0", name);
            evidence.add(extract, name, reading);
            let _ = evidence.nesting.problems();
        }
        Err(refused) => assert!(!refused.what.is_empty() && !refused.remedy.is_empty(), "a refusal says what is wrong and how to mend it"),
    }
}

/// Sees that no row of a table is lost.
fn account(reading: &Reading, table: &TextTable) {
    let (n_kept, n_rows, set_aside) = match reading {
        Reading::Population(read) => {
            let _ = read.coverage();
            (read.records.len() as u64 + read.n_repeats, read.n_rows, &read.set_aside)
        }
        Reading::Deprivation(read) => (read.records.len() as u64, read.n_rows, &read.set_aside),
        Reading::Lookup(read) => (read.coverage().n_kept, read.n_rows, &read.set_aside),
        Reading::LsoaChange(read) => (read.rows_by_change().iter().sum(), read.n_rows, &read.set_aside),
        Reading::Fingertips(read) => {
            let _ = read.coverage();
            (read.values.len() as u64, read.n_rows, &read.set_aside)
        }
        Reading::StopSearch(read) => (read.months.values().sum(), read.n_rows, &read.set_aside),
        Reading::Outcome(read) => (read.months().values().sum(), read.n_rows, &read.set_aside),
        Reading::Nrm(read) => {
            let _ = read.check_margins();
            for quarter in read.quarters() {
                for responder in read.responders() {
                    let _ = read.total(quarter, responder);
                }
            }
            // A row of it holds many counts, and one of zero is no record.
            (read.n_rows.saturating_sub(read.set_aside.n_rows()), read.n_rows, &read.set_aside)
        }
        Reading::NrmSeries(read) => {
            let _ = read.by_quarter();
            (read.n_rows.saturating_sub(read.set_aside.n_rows()), read.n_rows, &read.set_aside)
        }
        Reading::Boundary(_) => return,
    };
    assert_eq!(n_kept + set_aside.n_rows(), n_rows, "rows kept and rows set aside are all rows");
    assert!(n_rows <= table.rows().len() as u64, "no more rows than the table has");
    check_reasons(set_aside);
}

/// Sees that every reason is in words and shows rows that are there.
pub fn check_reasons(set_aside: &SetAsides) {
    for reason in set_aside.reasons() {
        assert!(!reason.reason.is_empty() && !reason.remedy.is_empty() && reason.n_rows > 0);
        assert_eq!(reason.first.len() as u64, reason.n_rows.min(SetAside::SHOWN as u64), "the first rows are shown");
    }
}

/// Parsers of other projects, whose panics the readers turn into refusals.
const PARSERS: [&str; 8] = ["/calamine-", "/quick-xml-", "/mail-parser-", "/cfb-", "/imap-proto-", "/hayro-", "/kurbo-", "/skrifa-"];

/// Lets a panic in another project's parser come as far as the reader that catches it; any other ends the target.
pub fn let_parsers_panic() {
    let abort = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let is_theirs = panic.location().is_some_and(|place| PARSERS.iter().any(|name| place.file().contains(name)));
        if !is_theirs {
            abort(panic);
        }
    }));
}

/// What somebody drops. The first letter says what the rest is: files of a zip (name, line end, content, zero), the same with damage
/// to the zip, or whatever was dropped.
pub fn dropped(bytes: &[u8]) -> Vec<u8> {
    match bytes.split_first() {
        Some((b'z', files)) => packed(files),
        Some((b'd', damage)) => damaged(damage),
        _ => bytes.to_vec(),
    }
}

fn packed(files: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for file in files.split(|byte| *byte == 0) {
        let end = file.iter().position(|byte| *byte == b'\n').unwrap_or(file.len());
        let (name, content) = file.split_at(end);
        // A name twice is refused by the packer; the damage below makes such zips.
        if writer.start_file(String::from_utf8_lossy(name), options).is_ok() {
            writer.write_all(content.get(1..).unwrap_or_default()).expect("memory can be written");
        }
    }
    writer.finish().map_or_else(|_| Vec::new(), Cursor::into_inner)
}

fn damaged(damage: &[u8]) -> Vec<u8> {
    let mut bytes = packed(b"a.txt\ntext\0b.eml\nFrom: a@b.example\nSubject: x\n\ny\0folder/c.csv\nArea,Count\n");
    for three in damage.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([three[0], three[1]])) % bytes.len();
        bytes[at] = three[2];
    }
    bytes
}
