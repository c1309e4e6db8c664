//! A second reader, slow and plain: whole text, whole lines, letter by letter, maps of strings. The two must agree.

use super::*;
use crate::place::{AreaCode, Kind};
use crate::source::outcome::OutcomeGroup;
use std::collections::BTreeSet;

/// One row's fields in the published order.
type Fields = Vec<Vec<u8>>;

/// What the second reader finds; the tallies of each force and month in the order of [`tallies`].
#[derive(Debug, Default, PartialEq)]
struct Found {
    n_rows: u64,
    set_aside: BTreeMap<(String, String), (u64, Vec<u64>)>,
    cells: BTreeMap<(String, String, String, String), u64>,
    tallies: BTreeMap<(String, String), [u64; 12]>,
    outcomes: BTreeMap<(String, String, String, String), u64>,
    n_distinct_rows: usize,
    n_distinct_ids: usize,
}

fn split_slowly(line: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (mut fields, mut inside) = (vec![Vec::new()], false);
    for letter in line {
        inside ^= *letter == b'"';
        if *letter == b',' && !inside {
            fields.push(Vec::new());
        } else {
            fields.last_mut()?.push(*letter);
        }
    }
    for field in &mut fields {
        if field.len() > 1 && field.starts_with(b"\"") && field.ends_with(b"\"") {
            *field = field[1..field.len() - 1].to_vec();
        }
    }
    (!inside).then_some(fields)
}

fn without_return(line: &[u8]) -> &[u8] {
    if line.ends_with(b"\r") { &line[..line.len() - 1] } else { line }
}

fn read_slowly(text: &[u8]) -> Found {
    let mut lines: Vec<&[u8]> = text.split(|letter| *letter == b'\n').collect();
    if lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    let header = String::from_utf8(without_return(lines[0]).to_vec()).unwrap();
    let names: Vec<String> = header.trim_start_matches('\u{feff}').split(',').map(|name| name.trim().trim_matches('"').to_owned()).collect();
    let mut found = Found::default();
    let (mut rows, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for (i, line) in lines.iter().enumerate().skip(1) {
        let line = without_return(line);
        if line.is_empty() {
            continue;
        }
        found.n_rows += 1;
        match judge(line, &names) {
            Ok(fields) => {
                rows.insert(line);
                if !fields[0].is_empty() {
                    ids.insert(fields[0].clone());
                }
                tally(&mut found, &fields);
            }
            Err((column, reason)) => {
                let (n, shown) = found.set_aside.entry((column.to_owned(), reason.to_owned())).or_default();
                *n += 1;
                shown.push(i as u64 + 1);
            }
        }
    }
    (found.n_distinct_rows, found.n_distinct_ids) = (rows.len(), ids.len());
    found
}

fn judge(line: &[u8], names: &[String]) -> Result<Fields, (&'static str, &'static str)> {
    let parts = split_slowly(line).ok_or(("", "a quotation mark is not closed"))?;
    if parts.len() != names.len() {
        return Err(("", "not as many columns as the header"));
    }
    let fields: Fields = COLUMNS.iter().map(|wanted| parts[names.iter().position(|name| name == wanted).unwrap()].clone()).collect();
    let text = |column: usize| std::str::from_utf8(&fields[column]).unwrap_or("\u{fffd}");
    if text(1).parse::<Month>().is_err() {
        return Err(("Month", "not a month"));
    }
    if CrimeType::ALL.iter().all(|crime| crime.name() != text(9)) {
        return Err(("Crime type", "not a crime type of data.police.uk"));
    }
    if fields[3].is_empty() || std::str::from_utf8(&fields[3]).is_err() {
        return Err(("Falls within", "no force, not text, or more than 200 forces in one file"));
    }
    Ok(fields)
}

fn tally(found: &mut Found, fields: &Fields) {
    let text = |column: usize| String::from_utf8_lossy(&fields[column]).into_owned();
    let lsoa = text(7).parse::<AreaCode>().ok().filter(|code| code.kind() == Some(Kind::Lsoa)).map_or(String::new(), |code| code.to_string());
    *found.cells.entry((text(3), text(1), lsoa.clone(), text(9))).or_default() += 1;
    // The groups of the pool's wordings, told by hand.
    let group = match text(10).as_str() {
        "" => "No outcome given",
        "Under investigation" => "Still under investigation",
        "Local resolution" => "Dealt with out of court",
        "Suspect charged" => "Charged, or dealt with by a court",
        _ => "Other wording",
    };
    *found.outcomes.entry((text(3), text(1), text(9), group.to_owned())).or_default() += 1;
    let (asb, id, outcome) = (text(9) == "Anti-social behaviour", !fields[0].is_empty(), !fields[10].is_empty());
    let placed = !fields[4].is_empty() && !fields[5].is_empty();
    // The points of the pool: two can lie in the United Kingdom, the others cannot.
    let fits = text(4).starts_with("-0.") && text(5).starts_with("50.");
    let facts = [
        true,
        !placed,
        fields[7].is_empty(),
        !fields[7].is_empty() && lsoa.is_empty(),
        !id,
        asb && id,
        asb && outcome,
        !asb && !outcome,
        text(10) == "Under investigation",
        placed && !fits,
        fields[2] != fields[3],
        !fields[11].is_empty(),
    ];
    let tallies = found.tallies.entry((text(3), text(1))).or_default();
    for (tally, fact) in tallies.iter_mut().zip(facts) {
        *tally += u64::from(fact);
    }
}

fn tallies(part: &Part) -> [u64; 12] {
    [
        part.n_rows(),
        part.n_without_place(),
        part.n_without_lsoa(),
        part.n_unusable_code(),
        part.n_without_id(),
        part.n_asb_with_id(),
        part.n_asb_with_outcome(),
        part.n_without_outcome(),
        part.n_under_investigation(),
        part.n_odd_point(),
        part.n_other_reporter(),
        part.n_context(),
    ]
}

/// What the real reader finds, put as the second one puts it.
fn put_plainly(read: &StreetRead) -> Found {
    let cells = read.counts().cells().map(|cell| {
        let lsoa = cell.lsoa.map_or(String::new(), |lsoa| lsoa.to_string());
        ((read.counts().forces()[cell.force].clone(), cell.month.to_string(), lsoa, cell.crime_type.name().to_owned()), cell.n)
    });
    let set_aside = read.set_aside().reasons().iter().map(|reason| {
        ((reason.column.clone(), reason.reason.clone().into_owned()), (reason.n_rows, reason.first.iter().map(|(row, _)| *row).collect()))
    });
    let outcomes = read.force_months().flat_map(|(force, month, part)| {
        let key =
            move |crime: CrimeType, group: OutcomeGroup| (force.to_owned(), month.to_string(), crime.name().to_owned(), group.name().to_owned());
        let each = move |crime| OutcomeGroup::ALL.into_iter().zip(part.by_outcome(crime)).map(move |(group, n)| (key(crime, group), n));
        CrimeType::ALL.into_iter().flat_map(each).filter(|(_, n)| *n > 0)
    });
    Found {
        n_rows: read.n_rows(),
        set_aside: set_aside.collect(),
        cells: cells.collect(),
        tallies: read.force_months().map(|(force, month, part)| ((force.to_owned(), month.to_string()), tallies(part))).collect(),
        outcomes: outcomes.collect(),
        n_distinct_rows: read.row_prints().len(),
        n_distinct_ids: read.id_prints().len(),
    }
}

/// A field of a column, mostly good, as bytes: Latin-1 is among them.
fn field(column: usize) -> impl Strategy<Value = Vec<u8>> {
    let pool: &[&[u8]] = match COLUMNS[column] {
        "Crime ID" => &[b"", b"00aa", b"00ab", b"6f1d0e8cb3b1a7c4e2f90a5d8b7c6e4f1029384756abcdeffedcba9876543210"],
        "Month" => &[b"2020-10", b"2020-10", b"2020-10", b"2020-11", b"1999-12", b"2020-13", b"2020-1", b""],
        "Reported by" | "Falls within" => {
            &[b"Ambermere Police", b"Ambermere Police", b"Wealdmere Police", b"Mid\xf4n Police", "Midôn".as_bytes(), b""]
        }
        "Longitude" => &[b"-0.2", b"-0.123456", b"", b"531234.0", b"0"],
        "Latitude" => &[b"50.8", b"50.123456", b"", b"12.3"],
        "LSOA code" => &[b"E01990001", b"E01990002", b"W01000003", b"S01006506", b"E02000001", b"E0199000", b"e01990001", b""],
        "Crime type" => {
            &[b"Robbery", b"Drugs", b"Anti-social behaviour", b"Violence and sexual offences", b"Violence and sexual offencez", b"robbery", b""]
        }
        "Last outcome category" => &[b"", b"Under investigation", b"Local resolution", b"Suspect charged", b"under investigation"],
        "Context" => &[b"", b"", b"x"],
        _ => &[b"", b"On or near Here", b"Here, there", b"Pe\xf1a", b"a \"\" b"],
    };
    proptest::sample::select(pool.to_vec()).prop_map(<[u8]>::to_vec)
}

/// The fields of one row in the published order, each with whether it stands in quotation marks.
fn row_of_fields() -> impl Strategy<Value = Vec<(Vec<u8>, bool)>> {
    let quoted = prop_oneof![4 => Just([false; 12]), 1 => any::<[bool; 12]>(), 1 => Just([true; 12])];
    let fields: Vec<_> = (0..COLUMNS.len()).map(|column| field(column).boxed()).collect();
    (fields, quoted).prop_map(|(fields, quoted)| {
        // A comma needs its marks, or the row is too wide; both come about.
        fields.into_iter().zip(quoted).collect()
    })
}

#[derive(Clone, Debug)]
pub(super) enum Line {
    Row(Vec<(Vec<u8>, bool)>),
    Odd(Vec<u8>),
}

pub(super) fn line() -> impl Strategy<Value = Line> {
    prop_oneof![
        6 => row_of_fields().prop_map(Line::Row),
        1 => "[a-z,\"\r]{0,24}".prop_map(|text| Line::Odd(text.into_bytes())),
        1 => Just(Line::Odd(b",,,,,,,,,,,".to_vec())),
        1 => Just(Line::Odd(b"\"".to_vec())),
    ]
}

/// A file with its columns in some order, with `n_more` columns that mean nothing.
pub(super) fn file(order: &[usize], n_more: usize, mark: bool, lines: &[(Line, bool)], n_times: usize) -> Vec<u8> {
    let mut text = if mark { b"\xef\xbb\xbf".to_vec() } else { Vec::new() };
    let more = ",More".repeat(n_more);
    text.extend_from_slice(order.iter().map(|column| COLUMNS[*column]).collect::<Vec<_>>().join(",").as_bytes());
    text.extend_from_slice(more.as_bytes());
    text.push(b'\n');
    for (line, windows) in lines.iter().cycle().take(lines.len() * n_times) {
        match line {
            Line::Odd(odd) => text.extend_from_slice(odd),
            Line::Row(fields) => {
                for (i, column) in order.iter().enumerate() {
                    let (field, quoted) = &fields[*column];
                    let marks: &[u8] = if *quoted { b"\"" } else { b"" };
                    let before: &[u8] = if i == 0 { b"" } else { b"," };
                    text.extend_from_slice(&[before, marks, field, marks].concat());
                }
                text.extend_from_slice(more.as_bytes());
            }
        }
        text.extend_from_slice(if *windows { b"\r\n" } else { b"\n" });
    }
    text
}

proptest! {
    #[test]
    fn a_slow_second_reader_finds_the_same(
        order in Just((0..COLUMNS.len()).collect::<Vec<_>>()).prop_shuffle(),
        shuffled in any::<bool>(),
        n_more in prop_oneof![3 => Just(0usize), 1 => 1usize..4],
        mark in any::<bool>(),
        lines in proptest::collection::vec((line(), any::<bool>()), 1..20),
        // So often that some files are longer than several blocks.
        n_times in prop_oneof![8 => 1usize..4, 1 => 100usize..150],
        cut_off in 0usize..400,
        piece in prop_oneof![Just(usize::MAX), 1usize..300, Just(LONGEST_LINE_BYTES), Just(LONGEST_LINE_BYTES + 1)],
    ) {
        let published: Vec<usize> = (0..COLUMNS.len()).collect();
        let mut text = file(if shuffled { &order } else { &published }, n_more, mark, &lines, n_times);
        let n_header = text.iter().position(|letter| *letter == b'\n').unwrap() + 1;
        text.truncate(text.len().saturating_sub(cut_off / 2 * (cut_off % 2)).max(n_header));

        let (mut reader, mut counter) = (Reader::new("x.csv"), Counter::new());
        for piece in text.chunks(piece) {
            reader.feed(piece);
            counter.feed(piece);
        }
        let (read, counted) = (reader.finish().unwrap(), counter.finish().unwrap());
        let (fast, mut slow) = (put_plainly(&read), read_slowly(&text));
        for (_, shown) in slow.set_aside.values_mut() {
            shown.truncate(crate::source::SetAside::SHOWN);
        }
        prop_assert_eq!(fast, slow);
        prop_assert_eq!((counted.n_rows, &counted.counts, &counted.set_aside), (read.n_rows(), read.counts(), read.set_aside()));
    }
}
