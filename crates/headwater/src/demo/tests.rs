//! What must hold of the files as a whole, read back the way a stranger would read them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};
use std::sync::LazyLock;

use super::*;

static FILES: LazyLock<Vec<DemoFile>> = LazyLock::new(|| files(SEED).expect("packs"));
static PLANTED: LazyLock<Planted> = LazyLock::new(planted);

/// A street record as read back.
struct Read {
    id: String,
    lsoa: String,
    kind: String,
    line: String,
}

/// The files of a zip by path.
fn unzip(file: &DemoFile) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(&file.bytes)).expect("a zip");
    (0..archive.len())
        .map(|i| {
            let mut entry = archive.by_index(i).expect("an entry");
            let mut text = String::new();
            entry.read_to_string(&mut text).expect("text");
            (entry.name().expect("a name").into_owned(), text)
        })
        .collect()
}

static ZIPS: LazyLock<Vec<BTreeMap<String, String>>> = LazyLock::new(|| FILES.iter().filter(|file| file.path.ends_with(".zip")).map(unzip).collect());

/// A file's text, unpacked.
fn text(ending: &str) -> String {
    let file = FILES.iter().find(|file| file.path.ends_with(ending)).expect("a file");
    let mut text = String::new();
    if file.path.ends_with(".gz") {
        flate2::read::GzDecoder::new(file.bytes.as_slice()).read_to_string(&mut text).expect("gzip");
    } else {
        text = String::from_utf8(file.bytes.clone()).expect("text");
    }
    text
}

/// A table as rows of cells by column name.
fn table(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn street_rows(text: &str) -> Vec<Read> {
    text.lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), 12, "{line}");
            Read { id: cells[0].to_owned(), lsoa: cells[7].to_owned(), kind: cells[9].to_owned(), line: line.to_owned() }
        })
        .collect()
}

/// Street records by month, the second download winning where both have a month.
static STREET: LazyLock<BTreeMap<String, Vec<Read>>> = LazyLock::new(|| {
    let mut months = BTreeMap::new();
    for zip in ZIPS.iter() {
        for (path, text) in zip.iter().filter(|(path, _)| path.ends_with("-street.csv")) {
            months.insert(path[..7].to_owned(), street_rows(text));
        }
    }
    months
});

fn n_of(month: &str, kind: &str) -> f64 {
    STREET[month].iter().filter(|read| read.kind == kind).count() as f64
}

const VIOLENCE: &str = "Violence and sexual offences";

#[test]
fn the_same_seed_makes_the_same_bytes_and_another_makes_other_records() {
    assert_eq!(*FILES, files(SEED).expect("packs"));
    let other = files(SEED + 1).expect("packs");
    for (a, b) in FILES.iter().zip(&other) {
        let is_drawn = ["police", "nrm", "health"].iter().any(|part| a.path.contains(part));
        assert_eq!(a.bytes == b.bytes, !is_drawn, "{}", a.path);
    }
}

#[test]
fn the_demo_is_small_and_its_months_have_the_usual_number_of_records() {
    let size: usize = FILES.iter().map(|file| file.bytes.len()).sum();
    assert!((5_000_000..30_000_000).contains(&size), "{size}");
    for (month, rows) in STREET.iter() {
        let usual = match month {
            month if *month == PLANTED.partial_month => 1_400..2_200,
            month if *month == PLANTED.burst_month => 4_300..5_400,
            _ => 3_000..4_600,
        };
        assert!(usual.contains(&rows.len()), "{month} has {}", rows.len());
    }
}

#[test]
fn street_files_have_the_real_columns_and_kinds() {
    let zip = &ZIPS[0];
    assert!(zip["2022-01/2022-01-wealdmere-street.csv"].starts_with(
        "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,\
         Crime type,Last outcome category,Context\n"
    ));
    let kinds: BTreeSet<&str> = STREET.values().flatten().map(|read| read.kind.as_str()).collect();
    assert_eq!(kinds.len(), 14);
    for read in STREET.values().flatten() {
        let cells: Vec<&str> = read.line.split(',').collect();
        let is_asb = read.kind == "Anti-social behaviour";
        assert_eq!(read.id.is_empty(), is_asb);
        assert_eq!(cells[10].is_empty(), is_asb, "no outcome for anti-social behaviour");
        assert!(is_asb || read.id.len() == 64);
        assert_eq!(cells[4].is_empty(), read.lsoa.is_empty(), "no area without a position");
    }
}

#[test]
fn every_area_code_is_in_the_look_up_of_its_vintage() {
    let rows = table(&text("lookup_lsoa11_lsoa21_ltla22.csv"));
    let codes = |column: &str| -> BTreeSet<String> { rows.iter().map(|row| row[column].clone()).collect() };
    let (old, new) = (codes("lsoa11_code"), codes("lsoa21_code"));
    let outside: BTreeSet<_> = PLANTED.outside_lsoa_codes.iter().cloned().collect();
    assert_eq!(old.len() - outside.len(), PLANTED.n_lsoas[0]);
    assert_eq!(new.len() - outside.len(), PLANTED.n_lsoas[1]);
    let mut of_one_vintage_only = [0, 0];
    for (month, rows) in STREET.iter() {
        let is_new = *month >= PLANTED.lsoa_2021_from;
        for read in rows.iter().filter(|read| !read.lsoa.is_empty()) {
            let known = if is_new { &new } else { &old };
            assert!(known.contains(&read.lsoa), "{month}: {}", read.lsoa);
            let other = if is_new { &old } else { &new };
            of_one_vintage_only[usize::from(is_new)] += usize::from(!other.contains(&read.lsoa));
        }
    }
    // The vintages cannot be mistaken for each other without losing records.
    assert!(of_one_vintage_only.iter().all(|&n| n > 500), "{of_one_vintage_only:?}");
}

#[test]
fn the_planted_faults_are_in_the_files() {
    let planted = &*PLANTED;
    assert!(!STREET.contains_key(&planted.absent_month));
    assert_eq!(STREET.len(), 35);

    let mut n_unlocated = 0;
    for (month, rows) in STREET.iter() {
        let share = |n: usize| n as f64 / rows.len() as f64;
        let is_outside = |read: &&Read| planted.outside_lsoa_codes.contains(&read.lsoa);
        let outside = share(rows.iter().filter(is_outside).count());
        if *month == planted.outside_month {
            assert!((outside / planted.outside_share - 1.0).abs() < 0.15, "{outside}");
        } else {
            assert!(outside < 0.01, "{month}: {outside}");
        }
        n_unlocated += rows.iter().filter(|read| read.lsoa.is_empty()).count();

        let with_id = rows.iter().filter(|read| !read.id.is_empty());
        let lines: BTreeSet<&str> = with_id.clone().map(|read| read.line.as_str()).collect();
        let ids: BTreeSet<&str> = with_id.clone().map(|read| read.id.as_str()).collect();
        let n = with_id.count();
        let n_rows = if *month == planted.repeated_rows_month { planted.n_repeated_rows } else { 0 };
        let n_ids = if *month == planted.repeated_ids_month { planted.n_repeated_ids } else { 0 };
        assert_eq!(n - lines.len(), n_rows, "{month}");
        assert_eq!(lines.len() - ids.len(), n_ids, "{month}");
    }
    let n_all: usize = STREET.values().map(Vec::len).sum();
    let unlocated = n_unlocated as f64 / n_all as f64;
    assert!((unlocated / planted.unlocated_share - 1.0).abs() < 0.1, "{unlocated}");
}

#[test]
fn a_reissued_month_has_added_rows_and_changed_outcomes() {
    for month in &PLANTED.reissued_months {
        let path = format!("{month}/{month}-wealdmere-street.csv");
        let outcomes: Vec<BTreeMap<String, String>> = ZIPS
            .iter()
            .map(|zip| street_rows(&zip[&path]).into_iter().filter(|read| !read.id.is_empty()).map(|read| (read.id, read.line)).collect())
            .collect();
        let [first, second] = outcomes.as_slice() else {
            panic!("two downloads");
        };
        assert_eq!(second.len() - first.len(), PLANTED.n_added_on_reissue);
        assert!(first.keys().all(|id| second.contains_key(id)));
        let changed = first.iter().filter(|(id, line)| second[*id] != **line).count();
        assert!((100..900).contains(&changed), "{month}: {changed}");
    }
    assert_eq!(ZIPS[0].keys().filter(|path| ZIPS[1].contains_key(*path)).count(), 6);
}

#[test]
fn the_planted_series_are_in_the_files() {
    let planted = &*PLANTED;
    let months = |first: &str, last: &str| -> Vec<&str> {
        STREET.keys().map(String::as_str).filter(|month| (first..=last).contains(month) && *month != planted.partial_month).collect()
    };
    let mean = |kind: &str, months: &[&str]| months.iter().map(|month| n_of(month, kind)).sum::<f64>() / months.len() as f64;
    let step = mean("Robbery", &months(&planted.robbery_step_month, "2024-12")) / mean("Robbery", &months("2022-01", "2023-09"));
    assert!((step / planted.robbery_step_ratio - 1.0).abs() < 0.1, "{step}");

    let two_years = mean("Possession of weapons", &months("2024-01", "2024-12")) / mean("Possession of weapons", &months("2022-01", "2022-12"));
    assert!((1.3..1.8).contains(&two_years), "{two_years}");

    let burst = n_of(&planted.burst_month, "Anti-social behaviour") / mean("Anti-social behaviour", &["2022-07", "2023-07"]);
    assert!((burst / planted.burst_ratio - 1.0).abs() < 0.15, "{burst}");

    let season = mean(VIOLENCE, &["2022-07", "2023-07", "2024-07"]) / mean(VIOLENCE, &["2022-01", "2023-01", "2024-01"]);
    assert!((1.35..1.65).contains(&season), "{season}");
    let december = mean("Shoplifting", &["2022-12", "2023-12", "2024-12"]) / mean("Shoplifting", &["2022-06", "2023-06", "2024-06"]);
    assert!((1.3..1.65).contains(&december), "{december}");
}

#[test]
fn the_planted_places_are_in_the_files() {
    let planted = &*PLANTED;
    let people: BTreeMap<String, f64> = table(&text("mid-2022-lsoa-2021.csv"))
        .into_iter()
        .map(|row| (row["LSOA 2021 Code"].clone(), row["Total"].parse().expect("a number")))
        .collect();
    let violence = |from: &str, to: &str| {
        let mut counts: BTreeMap<&str, f64> = BTreeMap::new();
        for (_, rows) in STREET.range(from.to_owned()..=to.to_owned()) {
            for read in rows.iter().filter(|read| read.kind == VIOLENCE) {
                *counts.entry(&read.lsoa).or_insert(0.0) += 1.0;
            }
        }
        counts
    };
    let rate = |counts: &BTreeMap<&str, f64>, is_in: &dyn Fn(&str) -> bool| {
        let count: f64 = counts.iter().filter(|(code, _)| is_in(code)).map(|(_, n)| n).sum();
        let people: f64 = people.iter().filter(|(code, _)| is_in(code)).map(|(_, n)| n).sum();
        count / people
    };
    // Areas whose code is the same in both vintages, so that years can be compared directly.
    let is_hot = |code: &str| planted.hotspots.iter().any(|h| h.lsoa_codes.iter().any(|c| c == code));
    let is_rest = |code: &str| people.contains_key(code) && !is_hot(code);
    for (from, to) in [("2023-07", "2023-12"), ("2024-01", "2024-12")] {
        let counts = violence(from, to);
        let rest = rate(&counts, &is_rest);
        for hotspot in &planted.hotspots {
            let own = |code: &str| hotspot.lsoa_codes.iter().any(|c| c == code);
            let ratio = rate(&counts, &own) / rest;
            if hotspot.from.as_str() <= from && to <= hotspot.to.as_str() {
                assert!((5.2..6.8).contains(&ratio), "{} {from}: {ratio}", hotspot.name);
            } else {
                assert!(ratio < 2.2, "{} {from}: {ratio}", hotspot.name);
            }
        }
    }

    let counts = violence("2023-06", "2024-12");
    let districts = table(&text("lookup_lsoa21_ward24_ltla24.csv"));
    let district_of: BTreeMap<String, String> = districts.into_iter().map(|row| (row["lsoa21_code"].clone(), row["ltla24_code"].clone())).collect();
    let all = rate(&counts, &|code| people.contains_key(code));
    for number in 1..=5 {
        let district = names::district_code(number);
        let inside = |code: &str| district_of.get(code) == Some(&district);
        let ratio = rate(&counts, &inside) / all;
        // Each district has some thousands of records: three standard errors are below 6 %.
        if district == planted.district_above[0] {
            assert!(ratio > 1.2, "{district}: {ratio}");
        } else {
            assert!(ratio < 1.0, "{district}: {ratio}");
        }
    }

    let fifths: BTreeMap<String, u32> = table(&text("Population_Denominators.csv"))
        .into_iter()
        .map(|row| {
            let column = "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)";
            let decile: u32 = row[column].parse().expect("a decile");
            (row["LSOA code (2011)"].clone(), decile.div_ceil(2))
        })
        .collect();
    let counts = violence("2022-01", "2023-05");
    let people: BTreeMap<String, f64> = table(&text("population20_lsoa11.csv.gz"))
        .into_iter()
        .map(|row| (row["lsoa11_code"].clone(), row["total_population"].parse().expect("n")))
        .collect();
    let of_fifth = |fifth: u32| {
        let is_in = |code: &str| fifths.get(code) == Some(&fifth);
        let count: f64 = counts.iter().filter(|(code, _)| is_in(code)).map(|(_, n)| n).sum();
        count / people.iter().filter(|(code, _)| is_in(code)).map(|(_, n)| n).sum::<f64>()
    };
    let ratio = of_fifth(1) / of_fifth(5);
    assert!((ratio / planted.violence_ratio_of_fifths - 1.0).abs() < 0.12, "{ratio}");
}

#[test]
fn both_population_tables_count_the_same_people() {
    let sum = |text: &str, column: &str, ages: &[String]| {
        let rows = table(text);
        let total: u32 = rows.iter().map(|row| row[column].parse::<u32>().expect("n")).sum();
        for row in &rows {
            let by_age: u32 = ages.iter().map(|age| row[age].parse::<u32>().expect("n")).sum();
            assert_eq!(row[column], by_age.to_string());
        }
        total
    };
    let persons: Vec<String> = (0..90).map(|age| age.to_string()).chain(["90+".to_owned()]).collect();
    let by_sex: Vec<String> = ["F", "M"].iter().flat_map(|sex| (0..=90).map(move |age| format!("{sex}{age}"))).collect();
    let old = sum(&text("population20_lsoa11.csv.gz"), "total_population", &persons);
    let new = sum(&text("mid-2022-lsoa-2021.csv"), "Total", &by_sex);
    assert_eq!(old, new);
    assert_eq!(old, PLANTED.n_residents);
    assert!((420_000..560_000).contains(&old), "{old}");
}

#[test]
fn no_real_place_and_no_code_in_a_real_range_appears() {
    // Forces, counties and districts a reader might take the demo for, and the words they end in.
    const REAL: [&str; 24] = [
        "Sussex",
        "Kent",
        "Surrey",
        "Hampshire",
        "Norfolk",
        "Suffolk",
        "Lincoln",
        "Essex",
        "Devon",
        "Dorset",
        "Brighton",
        "Hastings",
        "Eastbourne",
        "Crawley",
        "Worthing",
        "London",
        "Humber",
        "York",
        "Cambridge",
        "Oxford",
        "Bristol",
        "Leeds",
        "Manchester",
        "Wales",
    ];
    for file in FILES.iter().filter(|file| !file.path.ends_with(".zip")) {
        let name = file.path.rsplit('/').next().unwrap_or("");
        let text = text(name);
        for real in REAL {
            assert!(!text.contains(real), "{real} in {}", file.path);
        }
        // Every code has 99 after its letter and kind, England's own excepted.
        for (at, _) in text.match_indices('E') {
            let code: String = text[at + 1..].chars().take_while(char::is_ascii_digit).collect();
            assert!(code.len() != 8 || &code[2..4] == "99" || code == "92000001", "E{code} in {}", file.path);
        }
    }
    for read in STREET.values().flatten().filter(|read| !read.lsoa.is_empty()) {
        assert!(read.lsoa.starts_with("E0199"), "{}", read.lsoa);
    }
}

#[test]
fn searches_and_outcomes_have_the_real_columns() {
    for zip in ZIPS.iter() {
        let n_months = zip.keys().filter(|path| path.ends_with("-outcomes.csv")).count();
        assert_eq!(zip.keys().filter(|path| path.ends_with("-stop-and-search.csv")).count(), n_months);
        for (path, text) in zip {
            let n_columns = match path {
                path if path.ends_with("-outcomes.csv") => 10,
                path if path.ends_with("-stop-and-search.csv") => 15,
                _ => 12,
            };
            assert!(text.lines().count() > 50, "{path}");
            for line in text.lines() {
                assert_eq!(line.split(',').count(), n_columns, "{path}: {line}");
            }
        }
    }
}
