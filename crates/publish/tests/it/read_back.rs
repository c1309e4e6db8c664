//! Two editions of a site, read back from their files as a reader would who has kept both: tables, spreadsheet, JSON, pages, map
//! and the upload for Fingertips, each with a reader of its own. All that they say becomes one set of equations over the finest
//! counts, and linear programming looks for what was hidden.

use crate::checker::tags;
use crate::county::{figure, label, number, say, wealdmere};
use calamine::{Data, Ods, Reader};
use headwater_publish::{Edition, File, edition, site_of_editions};
use headwater_release::{
    Audience, Axis, Column, Count, Draft, Entry, Fill, Imprint, Ledger, MapClass, Pattern, Publication, Publisher, Rounding, Safety, Section, Seen,
    Shape, Subject, Table, Treated, Value, View, audit, derive_interval, protect,
};
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, Variable};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

const RULE: Safety = Safety { hide_up_to: 4, least_values: 4, rounding: Rounding::None, coalition: 0 };
const DAYS: [&str; 2] = ["2025-03-03", "2025-06-02"];
/// Four districts, and the county.
const AREAS: [&str; 5] = ["E07000901", "E07000902", "E07000903", "E07000904", "E10000090"];
/// Four quarters, and the year.
const PERIODS: [&str; 5] = ["q1", "q2", "q3", "q4", "year"];
const RESIDENTS: [f64; 5] = [41_200.0, 88_100.0, 23_900.0, 131_700.0, 284_900.0];
/// The finest counts of each edition: districts, each by quarter. The second counts a few people more.
const FINEST: [[[u64; 4]; 4]; 2] =
    [[[12, 3, 17, 9], [21, 18, 30, 24], [2, 0, 1, 0], [40, 36, 33, 51]], [[12, 3, 17, 11], [21, 18, 30, 24], [2, 0, 1, 1], [55, 36, 33, 51]]];

/// The finest counts in a cell, by position.
fn cells(area: usize, period: usize) -> Vec<usize> {
    let of = |at: usize| if at == 4 { 0..4 } else { at..at + 1 };
    of(area).flat_map(|a| of(period).map(move |p| a * 4 + p)).collect()
}

fn count(edition: usize, area: usize, period: usize) -> u64 {
    cells(area, period).iter().map(|cell| FINEST[edition][cell / 4][cell % 4]).sum()
}

/// What is taken away from how an edition is made.
#[derive(Clone, Copy, PartialEq)]
enum Without {
    Nothing,
    /// Only small counts are hidden.
    Protection,
    /// The second edition knows nothing of the first.
    Ledger,
}

type Grid = [[Treated; 5]; 5];

/// What each edition shows.
fn treated(without: Without) -> [Grid; 2] {
    let key = |area: usize, period: usize| vec![AREAS[area].to_owned(), PERIODS[period].to_owned()];
    let mut ledger = Ledger::default();
    [0, 1].map(|at| {
        let mut draft =
            Draft::new(vec![Axis::new("area").made_of(AREAS[4], AREAS[..4].to_vec()), Axis::new("period").made_of("year", PERIODS[..4].to_vec())]);
        let all = || (0..25).map(|cell| (cell / 5, cell % 5));
        all().for_each(|(area, period)| draft.add(key(area, period), Count::new(count(at, area, period))).unwrap());
        let known = if without == Without::Ledger { Ledger::default() } else { ledger.clone() };
        let then =
            |_: &str, of: &[String]| all().find(|(area, period)| key(*area, *period) == of).map(|(area, period)| Count::new(count(0, area, period)));
        let (linked, places) = draft.link(&known, then).unwrap();
        let pattern = if without == Without::Protection { Pattern::small_only(&linked, &RULE) } else { protect(&linked, &RULE).unwrap() };
        assert_eq!(audit(&linked, &RULE, &pattern).is_safe(), without != Without::Protection);
        std::array::from_fn(|area| {
            std::array::from_fn(|period| {
                let cell = places.cell(&key(area, period)).unwrap();
                let seen: Seen = pattern.seen(&linked, cell, &RULE).unwrap();
                ledger.add(key(area, period), Entry { release: DAYS[at].into(), audience: Audience::Public, seen });
                pattern.treated(&linked, cell, &RULE).unwrap()
            })
        })
    })
}

fn section(grid: &Grid) -> Section {
    let by_quarter: Vec<Vec<Value>> =
        (0..5).map(|area| std::iter::once(label(AREAS[area])).chain(grid[area].iter().map(|n| Value::count(*n))).collect()).collect();
    let titled = |id: &str| Column::number(id, &format!("Records, {id}"), "records");
    let by_quarter_columns = std::iter::once(Column::text("area", "Area")).chain(PERIODS.iter().map(|id| titled(id))).collect();
    let rates: Vec<Vec<Value>> = (0..4)
        .map(|area| {
            let (n, residents) = (grid[area][4], RESIDENTS[area]);
            let limits = derive_interval(&[n], 3, |n| Ok([1.0, 0.9, 1.1].map(|by| by * 1000.0 * n[0] as f64 / residents)));
            let class = limits.value.as_number().map_or("hidden", |_| "known");
            vec![label(AREAS[area]), Value::count(n), number(residents, 0), limits.value, limits.lower, limits.upper, label(class)]
        })
        .collect();
    let columns = vec![
        Column::text("area", "Area"),
        Column::number("records", "Records", "records"),
        Column::number("residents", "Residents", "people"),
        Column::number("rate", "Rate", "per 1,000 residents"),
        Column::number("rate_lower_95", "Lower 95 % limit", "per 1,000 residents"),
        Column::number("rate_upper_95", "Upper 95 % limit", "per 1,000 residents"),
        Column::text("class", "Class on the map"),
    ];
    let square = |i: usize| {
        let (x, y) = (i as f64, 50.0);
        vec![[x, y], [x + 1.0, y], [x + 1.0, y + 1.0], [x, y + 1.0], [x, y]]
    };
    let shapes =
        AREAS[..4].iter().enumerate().map(|(i, code)| Shape { code: (*code).into(), name: (*code).into(), rings: vec![square(i)] }).collect();
    let classes = [("known", Fill::Step(3)), ("hidden", Fill::Hidden)];
    let classes = classes.into_iter().map(|(key, fill)| MapClass { key: key.into(), label: key.into(), fill }).collect();
    let map = View::Map { code: 0, name: 0, class: 6, shapes, classes, outlines: vec![] };
    let subtitle = "Records per 1,000 residents, Wealdmere, year to November 2021";
    let by_quarter = Table::new("Records by district and quarter", by_quarter_columns, by_quarter).unwrap();
    let rates = Table::new("Rates by district", columns, rates).unwrap();
    Section {
        slug: "counts".into(),
        name: "Counts".into(),
        title: say("Counts that are protected together"),
        lede: say("By district and quarter."),
        blocks: vec![
            figure("by-quarter", say("By quarter"), subtitle, by_quarter, View::TableOnly),
            figure("rates", say("Rates"), subtitle, rates, map),
        ],
    }
}

fn built(without: Without) -> Vec<File> {
    let editions: Vec<Edition> = treated(without)
        .iter()
        .zip(DAYS)
        .map(|(grid, day)| {
            let mut publication: Publication = wealdmere();
            // Tables are offered as JSON, too, where a publication is about campaigns.
            publication.subject = Subject::Campaigns;
            publication.documents.truncate(1);
            publication.documents[0].sections.truncate(1);
            publication.documents[0].sections.push(section(grid));
            publication.imprint = Imprint { publisher: Publisher::default(), issued: Some(day.parse().unwrap()) };
            Edition {
                day: day.parse().unwrap(),
                period: "December 2020 to November 2021".into(),
                because: (day == DAYS[1]).then(|| "counted again".into()),
                sha256: day.bytes().map(|byte| format!("{byte:02x}")).collect::<String>().repeat(4)[..64].to_owned(),
                files: edition(&publication, vec![]).unwrap(),
            }
        })
        .collect();
    site_of_editions(&editions).unwrap()
}

/// What a file says of a cell.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
enum Said {
    Hidden,
    Count(f64),
    /// A rate per 1,000 residents with three decimals.
    Rate(f64),
}

/// Area, period, and what is said.
type Fact = (usize, usize, Said);

/// A row of a table, by the ids or the titles of its columns.
fn facts_of(row: &BTreeMap<String, String>) -> Vec<Fact> {
    let area = row.get("area").or(row.get("Area")).or(row.get("AreaCode")).or(row.get("code"));
    let Some(area) = area.and_then(|code| AREAS.iter().position(|known| known == code)) else { return Vec::new() };
    let said = |text: &str, is_rate: bool| {
        let text = text.replace(',', "");
        match text.parse::<f64>() {
            Ok(n) if is_rate => Some(Said::Rate(n)),
            Ok(n) => Some(Said::Count(n)),
            Err(_) => (text == "[c]").then_some(Said::Hidden),
        }
    };
    let period = |name: &str| PERIODS.iter().position(|period| name == *period || name.starts_with(&format!("Records, {period}")));
    row.iter()
        .filter_map(|(name, text)| {
            let is_rate = name == "rate" || name == "Rate" || name.starts_with("Rate (") || name == "rates.rate";
            let is_count = name == "records" || name == "Records" || name.starts_with("Records (") || name == "rates.records";
            let period = if is_rate || is_count { 4 } else { period(name)? };
            Some((area, period, said(text, is_rate)?))
        })
        .collect()
}

fn rows_of_csv(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    reader.deserialize().map(Result::unwrap).collect()
}

/// The upload for Fingertips has no marks: -1 is no number, and note 101 says that it is hidden.
fn of_fingertips(bytes: &[u8]) -> Vec<Fact> {
    let area = |row: &BTreeMap<String, String>| AREAS.iter().position(|code| *code == row["AreaCode"]).unwrap();
    let of_row = |row: &BTreeMap<String, String>| {
        let is_hidden = row["ValueNoteId"] == "101";
        let number = |column: &str| row[column].parse::<f64>().ok().filter(|n| *n >= 0.0);
        let said = [number("Count").map(Said::Count), number("Value").map(Said::Rate), is_hidden.then_some(Said::Hidden)];
        said.into_iter().flatten().map(|said| (area(row), 4, said)).collect::<Vec<_>>()
    };
    rows_of_csv(bytes).iter().filter(|row| row["IndicatorId"] == "rates").flat_map(of_row).collect()
}

fn of_ods(bytes: &[u8]) -> Vec<Fact> {
    let mut book: Ods<_> = Ods::new(Cursor::new(bytes.to_vec())).unwrap();
    let mut facts = Vec::new();
    for name in book.sheet_names() {
        let sheet = book.worksheet_range(&name).unwrap();
        let words = |cell: &Data| match cell {
            Data::Float(n) => n.to_string(),
            Data::Int(n) => n.to_string(),
            other => other.to_string(),
        };
        let rows: Vec<Vec<String>> = sheet.rows().map(|row| row.iter().map(words).collect()).collect();
        let Some(head) = rows.iter().position(|row| row.first().is_some_and(|cell| cell == "Area") && row.len() > 4) else { continue };
        for row in &rows[head + 1..] {
            facts.extend(facts_of(&rows[head].iter().cloned().zip(row.iter().cloned()).collect()));
        }
    }
    facts
}

fn of_json(bytes: &[u8]) -> Vec<Fact> {
    let rows: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_slice(bytes).unwrap();
    rows.into_iter().flat_map(|row| facts_of(&texts(row))).collect()
}

fn of_geojson(bytes: &[u8]) -> Vec<Fact> {
    let all: serde_json::Value = serde_json::from_slice(bytes).unwrap();
    let properties = |feature: &serde_json::Value| feature["properties"].as_object().unwrap().clone();
    all["features"].as_array().unwrap().iter().flat_map(|feature| facts_of(&texts(properties(feature)))).collect()
}

fn texts(object: serde_json::Map<String, serde_json::Value>) -> BTreeMap<String, String> {
    object.into_iter().map(|(key, value)| (key, value.as_str().map_or_else(|| value.to_string(), str::to_owned))).collect()
}

/// Every table of a page.
fn of_html(bytes: &[u8]) -> Vec<Fact> {
    let page = std::str::from_utf8(bytes).unwrap();
    let (mut facts, mut head, mut row): (Vec<Fact>, Vec<String>, Vec<String>) = (Vec::new(), Vec::new(), Vec::new());
    for tag in tags(page).unwrap() {
        match (tag.name.as_str(), tag.closes, tag.get("scope")) {
            ("table", false, _) => head.clear(),
            ("th", false, Some("col")) => head.push(tag.text.clone()),
            ("th", false, _) | ("td", false, _) => row.push(tag.text.clone()),
            ("tr", true, _) => facts.extend(facts_of(&head.iter().cloned().zip(std::mem::take(&mut row)).collect())),
            _ => {}
        }
    }
    facts
}

/// What the files of one edition say, by the kind of file.
fn read_back(files: &[File], folder: &str) -> BTreeMap<&'static str, Vec<Fact>> {
    let mut said: BTreeMap<&'static str, Vec<Fact>> = BTreeMap::new();
    for file in files {
        let Some(path) = file.path.strip_prefix(folder) else { continue };
        let bytes = file.bytes.as_slice();
        let (kind, facts) = match path {
            "wealdmere/wealdmere-fingertips.csv" => ("Fingertips", of_fingertips(bytes)),
            "wealdmere/by-quarter.csv" | "wealdmere/rates.csv" => ("CSV", rows_of_csv(bytes).iter().flat_map(facts_of).collect()),
            "wealdmere/by-quarter.json" | "wealdmere/rates.json" => ("JSON", of_json(bytes)),
            "wealdmere/counts.html" => ("HTML", of_html(bytes)),
            _ if path.ends_with(".ods") => ("ODS", of_ods(bytes)),
            _ if path.ends_with(".geojson") => ("GeoJSON", of_geojson(bytes)),
            _ => continue,
        };
        said.entry(kind).or_default().extend(facts);
    }
    said
}

/// What linear programming finds of sums of the finest counts of both editions.
struct Attack {
    /// The finest counts in a sum, and the bounds that were read.
    known: Vec<(Vec<usize>, f64, f64)>,
}

impl Attack {
    fn with(said: &[Vec<Fact>; 2]) -> Self {
        let of = |at: usize, (area, period, said): &Fact| {
            let cells: Vec<usize> = cells(*area, *period).iter().map(|cell| cell + 16 * at).collect();
            match said {
                Said::Hidden => (cells, 1.0, 100_000.0),
                Said::Count(n) => (cells, *n, *n),
                // The residents are public, and the count is a whole number.
                Said::Rate(rate) => {
                    let n = |rate: f64| rate * RESIDENTS[*area] / 1000.0;
                    (cells, n(rate - 0.0005).ceil(), n(rate + 0.0005).floor())
                }
            }
        };
        Self { known: said.iter().enumerate().flat_map(|(at, facts)| facts.iter().map(move |fact| of(at, fact))).collect() }
    }

    /// How far apart the lowest and the highest value are of a sum in which each finest count is taken so many times.
    fn width(&self, times: &[f64]) -> f64 {
        let bound = |direction| {
            let mut problem = Problem::new(direction);
            let variables: Vec<Variable> = times.iter().map(|n| problem.add_var(*n, (0.0, 10_000.0))).collect();
            for (cells, low, high) in &self.known {
                let mut sum = LinearExpr::empty();
                cells.iter().for_each(|cell| sum.add(variables[*cell], 1.0));
                if low == high {
                    problem.add_constraint(sum, ComparisonOp::Eq, *low);
                } else {
                    problem.add_constraint(sum.clone(), ComparisonOp::Ge, *low);
                    problem.add_constraint(sum, ComparisonOp::Le, *high);
                }
            }
            problem.solve().unwrap().objective()
        };
        bound(OptimizationDirection::Maximize) - bound(OptimizationDirection::Minimize)
    }
}

/// Small counts, and small changes between the editions, that a reader can narrow down.
fn recovered(files: &[File]) -> Vec<String> {
    let kinds = ["CSV", "Fingertips", "GeoJSON", "HTML", "JSON", "ODS"];
    let said = DAYS.map(|day| read_back(files, &format!("editions/{day}/")));
    for (said, day) in said.iter().zip(DAYS) {
        assert_eq!(said.keys().copied().collect::<Vec<_>>(), kinds, "{day}");
        // Each kind of file was read, and says nothing else than the table.
        let of = |kind: &str| -> BTreeSet<String> { said[kind].iter().map(|fact| format!("{fact:?}")).collect() };
        assert!(of("CSV").len() >= 25 && kinds.iter().all(|kind| of(kind).is_subset(&of("CSV"))), "{day}");
        assert!(["HTML", "JSON", "ODS"].iter().all(|kind| of(kind) == of("CSV")), "{day}");
    }
    for kind in kinds {
        let any = |is_it: fn(&Said) -> bool| said.iter().any(|said| said[kind].iter().any(|(.., said)| is_it(said)));
        assert!(any(|said| *said == Said::Hidden) && any(|said| matches!(said, Said::Count(_))), "{kind}");
    }
    let said: [Vec<Fact>; 2] = said.map(|said| said.into_values().flatten().collect());
    let attack = Attack::with(&said);
    let mut found = Vec::new();
    for (area, period) in (0..25).map(|cell| (cell / 5, cell % 5)) {
        let is_in = |at: usize| cells(area, period).contains(&at);
        let mut ask = |what: &str, n: u64, times: Vec<f64>| {
            let width = attack.width(&times);
            if (1..=RULE.hide_up_to).contains(&n) && width < 3.0 - 1e-6 {
                found.push(format!("{what} {} {}: {n}, to a width of {width}", AREAS[area], PERIODS[period]));
            }
        };
        for at in [0, 1] {
            ask(DAYS[at], count(at, area, period), (0..32).map(|cell| f64::from(u8::from(cell / 16 == at && is_in(cell % 16)))).collect());
        }
        let change = count(1, area, period).abs_diff(count(0, area, period));
        let times = (0..32).map(|cell| if is_in(cell % 16) { [-1.0, 1.0][cell / 16] } else { 0.0 });
        ask("change of", change, times.collect());
    }
    found
}

#[test]
fn nothing_leaks_that_can_be_worked_out_of_the_files_of_two_editions() {
    assert_eq!(recovered(&built(Without::Nothing)), Vec::<String>::new());
}

#[test]
fn the_same_attack_finds_what_is_not_protected() {
    for (without, words) in [(Without::Protection, "2025-03-03"), (Without::Ledger, "change of")] {
        let found = recovered(&built(without));
        assert!(found.iter().any(|line| line.starts_with(words)), "{found:?}");
    }
}
