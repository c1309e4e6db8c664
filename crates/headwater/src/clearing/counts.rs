//! Files of counts that are to leave: a comma-separated table whose column `count` says how many, and whose other columns
//! say of what.

use std::collections::{BTreeMap, BTreeSet};

use headwater_release::Axis;
use serde::Deserialize;

use crate::problem::{Exit, Problem};

/// The category that stands for all others of its column, and for a column that a table does not have.
pub const ALL: &str = "All";

/// The axis that says what is counted.
pub const MEASURE: &str = "measure";

/// The most rows of one file: a release of more is not one that two people can look at.
const MOST_ROWS: usize = 2_000_000;

/// One file of counts.
#[derive(Clone, Debug)]
pub struct CountTable {
    /// Its name.
    pub name: String,
    /// Its columns in their order, without the count.
    pub columns: Vec<String>,
    /// How many of the columns are in the file: the measure may be said outside it.
    pub n_given: usize,
    /// Whether it is not to leave: it only ties the others together.
    pub is_latent: bool,
    /// Its rows: the categories in the order of the columns, and the count.
    pub rows: Vec<(Vec<String>, u64)>,
}

impl CountTable {
    /// Reads a file; a table without a column `measure` counts the given one.
    ///
    /// # Errors
    /// Names the row and column that cannot be read, and how to mend it.
    pub fn read(name: &str, bytes: &[u8], measure: Option<&str>) -> Result<Self, Problem> {
        let wrong = |what: String, remedy: &str| Problem::new(format!("{name}: {what}")).hint(remedy).exit(Exit::Unreadable);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let header = reader.headers().map_err(|error| wrong(error.to_string(), "save the table as CSV in UTF-8"))?.clone();
        let mut columns: Vec<String> = header.iter().map(|cell| cell.trim_start_matches('\u{feff}').to_lowercase()).collect();
        let Some(at) = columns.iter().position(|column| column == "count") else {
            return Err(wrong(
                format!("it has no column \"count\"; its columns are: {}", columns.join(", ")),
                "name the column with the numbers \"count\"",
            ));
        };
        columns.remove(at);
        let distinct: BTreeSet<&String> = columns.iter().collect();
        if distinct.len() != columns.len() || columns.iter().any(String::is_empty) {
            return Err(wrong("two columns have the same name, or one has none".into(), "give every column a name of its own"));
        }
        let has_measure = columns.iter().any(|column| column == MEASURE);
        let Some(added) = (if has_measure { Some(None) } else { measure.map(Some) }) else {
            return Err(wrong(
                "it does not say what it counts".into(),
                "say it with --measure \"Hospital admissions for assault\", or in a column \"measure\"",
            ));
        };
        let mut rows = Vec::new();
        for (index, record) in reader.records().enumerate() {
            let row = index + 2;
            let record = record.map_err(|error| wrong(error.to_string(), "save the table as CSV in UTF-8, with as many cells in every row"))?;
            let cell = record.get(at).unwrap_or_default();
            let Ok(count) = cell.parse::<u64>() else {
                let remedy = if cell.starts_with('-') {
                    "counts begin at 0"
                } else {
                    "give the raw count as a whole number without commas: what is hidden already cannot be protected"
                };
                return Err(wrong(format!("row {row}, column count: \"{}\" is not a count", short(cell)), remedy));
            };
            let mut key: Vec<String> = record.iter().enumerate().filter(|(column, _)| *column != at).map(|(_, cell)| cell.to_owned()).collect();
            if let Some(column) = key.iter().position(String::is_empty) {
                return Err(wrong(format!("row {row}, column {}: empty", columns[column]), "write All for a total, and a category everywhere else"));
            }
            for category in &mut key {
                if ["all", "total"].contains(&category.to_lowercase().as_str()) {
                    ALL.clone_into(category);
                }
            }
            key.extend(added.map(str::to_owned));
            rows.push((key, count));
            if rows.len() > MOST_ROWS {
                return Err(wrong(format!("it has more than {MOST_ROWS} rows"), "release fewer counts at once"));
            }
        }
        let n_given = columns.len();
        if added.is_some() {
            columns.push(MEASURE.to_owned());
        }
        Ok(Self { name: name.to_owned(), columns, n_given, is_latent: false, rows })
    }

    /// The key of a row over axes of these names.
    pub fn key(&self, row: &[String], axes: &[String]) -> Vec<String> {
        let category = |axis: &String| self.columns.iter().position(|column| column == axis).map_or(ALL, |at| row[at].as_str());
        axes.iter().map(|axis| category(axis).to_owned()).collect()
    }
}

fn short(cell: &str) -> String {
    let mut text: String = cell.chars().take(20).collect();
    if text.len() < cell.len() {
        text.push('…');
    }
    text
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AxesFile {
    #[serde(default)]
    axis: Vec<AxisFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AxisFile {
    column: String,
    #[serde(default)]
    total: Vec<TotalFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TotalFile {
    name: String,
    parts: Vec<String>,
}

/// Which categories are made of which others, by column.
pub type Totals = BTreeMap<String, Vec<(String, Vec<String>)>>;

/// Reads a file that says which categories are made of which others.
///
/// # Errors
/// Refuses what is not TOML of the right shape, with line and column.
pub fn totals(text: &str) -> Result<Totals, Problem> {
    let file: AxesFile = toml::from_str(text).map_err(|error| {
        Problem::new(format!("the file of axes: {}", error.to_string().trim_end()))
            .hint("write [[axis]] with its column, and below it [[axis.total]] with name and parts")
            .exit(Exit::Unreadable)
    })?;
    let mut totals = Totals::new();
    for axis in file.axis {
        let entry = totals.entry(axis.column.to_lowercase()).or_default();
        entry.extend(axis.total.into_iter().map(|total| (total.name, total.parts)));
    }
    Ok(totals)
}

/// What the categories of a column are made of: as said in the file, as known of periods, and All of the coarsest.
fn made_of(name: &str, seen: &BTreeSet<String>, said: &Totals) -> Vec<(String, Vec<String>)> {
    let mut totals: Vec<(String, Vec<String>)> = said.get(name).cloned().unwrap_or_default();
    totals.extend(seen.iter().flat_map(|category| parts_of_period(category)));
    let is_part =
        |category: &String| totals.iter().any(|(total, parts)| total != category && total != ALL && seen.contains(total) && parts.contains(category));
    let whole: Vec<String> = seen.iter().filter(|category| *category != ALL && !is_part(category)).cloned().collect();
    // What is counted does not add up: a person may be in two measures.
    if name != MEASURE && !whole.is_empty() && !totals.iter().any(|(total, _)| total == ALL) {
        totals.push((ALL.to_owned(), whole));
    }
    totals
}

/// The categories of each column that occur in a release and in those before it.
pub type Seen = BTreeMap<String, BTreeSet<String>>;

/// The axes of a release.
pub fn axes(names: &[String], seen: &Seen, said: &Totals) -> Vec<Axis> {
    let none = BTreeSet::new();
    let axis = |name: &String| {
        let totals = made_of(name, seen.get(name).unwrap_or(&none), said);
        totals.into_iter().fold(Axis::new(name), |axis, (total, parts)| axis.made_of(total, parts))
    };
    names.iter().map(axis).collect()
}

/// The categories of a column that are made of others that occur.
pub fn coarse(name: &str, seen: &BTreeSet<String>, said: &Totals) -> BTreeSet<String> {
    let totals = made_of(name, seen, said).into_iter().filter(|(total, parts)| parts.iter().any(|part| part != total && seen.contains(part)));
    totals.map(|(total, _)| total).chain([ALL.to_owned()]).collect()
}

/// What a calendar year or quarter is made of: `2024`, `2024-Q1`, `2024-01`.
fn parts_of_period(category: &str) -> Vec<(String, Vec<String>)> {
    let is_year = |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_year(category) {
        let quarters = (1..=4).map(|quarter| format!("{category}-Q{quarter}")).collect();
        let months = (1..=12).map(|month| format!("{category}-{month:02}")).collect();
        return vec![(category.to_owned(), quarters), (category.to_owned(), months)];
    }
    match category.split_once("-Q") {
        Some((year, quarter)) if is_year(year) => match quarter.parse::<u32>() {
            Ok(quarter @ 1..=4) => vec![(category.to_owned(), (quarter * 3 - 2..=quarter * 3).map(|month| format!("{year}-{month:02}")).collect())],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_cannot_be_read_is_refused_with_its_place() {
        for (text, words) in [
            ("area,n\nNorth,3\n", "no column \"count\"; its columns are: area, n"),
            ("area,count\nNorth,3\nSouth,-2\n", "row 3, column count: \"-2\" is not a count"),
            ("area,count\nNorth,[c]\n", "row 2, column count: \"[c]\""),
            ("area,count\n,3\n", "row 2, column area: empty"),
            ("area,Area,count\nNorth,North,3\n", "the same name"),
            ("area,count\nNorth\n", "record 1"),
        ] {
            let refused = CountTable::read("t.csv", text.as_bytes(), Some("Assaults")).unwrap_err().to_string();
            assert!(refused.starts_with("t.csv: ") && refused.contains(words), "{refused}");
        }
        let unsaid = CountTable::read("t.csv", b"area,count\nNorth,3\n", None).unwrap_err().to_string();
        assert!(unsaid.contains("does not say what it counts"));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_a_reader_panic_and_every_row_is_kept_or_the_file_refused(
            lines in proptest::collection::vec("[a-z0-9,\"\u{e9}\u{0}-]{0,24}", 0..12),
            bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..64),
        ) {
            let _ = CountTable::read("t.csv", &bytes, Some("Assaults"));
            let _ = totals(&String::from_utf8_lossy(&bytes));
            let text = format!("area,age,count\n{}\n", lines.join("\n"));
            if let Ok(table) = CountTable::read("t.csv", text.as_bytes(), Some("Assaults")) {
                let n_rows = lines.iter().filter(|line| !line.is_empty()).count();
                proptest::prop_assert!(table.rows.len() <= n_rows);
                proptest::prop_assert!(table.rows.iter().all(|(key, _)| key.len() == 3));
            }
        }
    }

    #[test]
    fn totals_are_known_by_their_word_and_columns_that_are_missing_mean_all() {
        let table = CountTable::read("t.csv", "\u{feff}Area,Count\nNorth,3\nTOTAL,12\n".as_bytes(), Some("Assaults")).unwrap();
        let axes = ["area", "age", "measure"].map(str::to_owned);
        assert_eq!(table.key(&table.rows[1].0, &axes), ["All", "All", "Assaults"]);
    }

    #[test]
    fn all_is_made_of_the_coarsest_categories() {
        let seen = BTreeMap::from([("period".to_owned(), ["All", "2023", "2024", "2024-Q1", "2024-Q2"].map(str::to_owned).into())]);
        let made = axes(&["period".to_owned()], &seen, &Totals::new());
        let expected = Axis::new("period")
            .made_of("2023", (1..=4).map(|q| format!("2023-Q{q}")))
            .made_of("2023", (1..=12).map(|m| format!("2023-{m:02}")))
            .made_of("2024", (1..=4).map(|q| format!("2024-Q{q}")))
            .made_of("2024", (1..=12).map(|m| format!("2024-{m:02}")))
            .made_of("2024-Q1", ["2024-01", "2024-02", "2024-03"])
            .made_of("2024-Q2", ["2024-04", "2024-05", "2024-06"])
            .made_of("All", ["2023", "2024"]);
        assert_eq!(made, [expected]);
    }
}
