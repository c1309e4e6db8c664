//! Counts from a street file of data.police.uk: `count_police_uk`.
//!
//! Inputs: `csv`, the name of the file, from the folder of the input file (from the working folder when the input is standard
//! input). Answer: rows, rows with an LSOA, counts by type and by force, repeats, the number of LSOA × month × type groups and
//! the first fifty of them; the rows set aside stand under `refusals`, by reason.

use std::collections::BTreeMap;
use std::io::Read;

use headwater_prevention::source::street::{CrimeType, Reader, StreetRead};
use serde_json::{Value, json};

use super::answer::Answer;
use super::inputs::Inputs;

/// How many groups are printed; all of them are counted.
const N_SHOWN: usize = 50;

/// Rows by LSOA, month and crime type, and what is wrong with them.
pub fn police_uk(inputs: &Inputs) -> Result<Answer, String> {
    let (name, path) = inputs.file("csv")?;
    let unreadable = |error: std::io::Error| format!("The file '{}' cannot be read: {error}.", path.display());
    let mut file = std::fs::File::open(&path).map_err(unreadable)?;
    let mut reader = Reader::new(name);
    let mut piece = vec![0; 1 << 20];
    loop {
        match file.read(&mut piece).map_err(unreadable)? {
            0 => break,
            n => reader.feed(&piece[..n]),
        }
    }
    let read = reader.finish().map_err(|problem| format!("{}: {problem}", path.display()))?;
    Ok(answer(&read))
}

fn answer(read: &StreetRead) -> Answer {
    let mut groups: BTreeMap<(String, String, &str), u64> = BTreeMap::new();
    for cell in read.counts().cells() {
        if let Some(lsoa) = cell.lsoa {
            *groups.entry((lsoa.to_string(), cell.month.to_string(), cell.crime_type.name())).or_default() += cell.n;
        }
    }
    let mut by_type: BTreeMap<&str, u64> = BTreeMap::new();
    let mut by_force: BTreeMap<&str, u64> = BTreeMap::new();
    for (force, _, part) in read.force_months() {
        *by_force.entry(force).or_default() += part.n_rows();
        for crime_type in CrimeType::ALL {
            if part.by_type(crime_type) > 0 {
                *by_type.entry(crime_type.name()).or_default() += part.by_type(crime_type);
            }
        }
    }
    let mut answer = Answer::default();
    answer.set("groups", groups.len());
    answer.set("rows_with_lsoa", groups.values().sum::<u64>());
    answer.set("rows", read.n_rows());
    answer.set("no_location", read.parts().map(|part| part.n_without_place()).sum::<u64>());
    answer.set("exact_duplicates", read.n_repeated_rows());
    answer.set("repeated_crime_id", read.n_repeated_ids());
    answer.set("by_type", json!(by_type));
    answer.set("by_force", json!(by_force));
    let first: Vec<Value> = groups.iter().take(N_SHOWN).map(|((lsoa, month, crime_type), n)| json!([lsoa, month, crime_type, n])).collect();
    answer.set("first_50_groups", first);
    for reason in read.set_aside().reasons() {
        let rows: Vec<String> = reason.first.iter().map(|(row, _)| row.to_string()).collect();
        let more = if reason.n_rows > rows.len() as u64 { " and later" } else { "" };
        let column = if reason.column.is_empty() { "the whole row" } else { &reason.column };
        let what = format!("{} of {} rows: {}; {}", reason.n_rows, read.n_rows(), reason.reason, reason.remedy);
        answer.refuse(format!("row {}{more}, {column}", rows.join(", ")), &what);
    }
    answer.note("forces are those of 'Falls within'; a force and month that is not in the file is a gap, not a zero");
    answer
}
