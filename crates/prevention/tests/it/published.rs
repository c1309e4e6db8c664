//! Every parser over the files as they are really published, against numbers counted with another tool.
//!
//! The files are too large to ship. They are looked for in `$HEADWATER_PUBLISHED`, or else in `../shared/data` beside the
//! repository; where they are not there, each test says so and ends.

use flate2::read::GzDecoder;
use headwater_prevention::place::{Bridge, Kind, Nesting, Vintage};
use headwater_prevention::source::deprivation::{Domain, Edition, Measure};
use headwater_prevention::source::population::Layout;
use headwater_prevention::source::table::TextTable;
use headwater_prevention::source::{deprivation, lookup, population};
use std::io::Read;
use std::path::PathBuf;

fn folder() -> PathBuf {
    std::env::var_os("HEADWATER_PUBLISHED").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from)
}

/// The bytes of a published file, unpacked; `None` (and a line to say so) where it is not there.
pub fn bytes(name: &str) -> Option<Vec<u8>> {
    start(name, u64::MAX)
}

/// The first bytes of a published file, unpacked; `None` (and a line to say so) where it is not there.
pub fn start(name: &str, most: u64) -> Option<Vec<u8>> {
    let path = folder().join(name);
    let Ok(file) = std::fs::File::open(&path) else {
        println!("skipped: {} is not here", path.display());
        return None;
    };
    let mut bytes = Vec::new();
    if name.ends_with(".gz") {
        GzDecoder::new(file).take(most).read_to_end(&mut bytes).unwrap();
    } else {
        std::io::BufReader::new(file).take(most).read_to_end(&mut bytes).unwrap();
    }
    Some(bytes)
}

pub fn table(name: &str) -> Option<TextTable> {
    bytes(name).map(|bytes| TextTable::from_csv(&bytes).unwrap())
}

/// Every file of a folder with the given ending, in order of name.
pub fn files(inside: &str, ending: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder().join(inside)) else {
        println!("skipped: {inside} is not here");
        return Vec::new();
    };
    let mut names: Vec<String> =
        entries.filter_map(|e| e.ok()?.file_name().into_string().ok()).filter(|n| n.ends_with(ending)).map(|n| format!("{inside}/{n}")).collect();
    names.sort();
    names
}

#[test]
fn the_look_up_of_lsoas_has_its_published_rows() {
    let Some(table) = table("lookups/lookup_lsoa11_lsoa21_ltla22.csv.gz") else {
        return;
    };
    let change = lookup::read_change(&table).unwrap();
    assert_eq!(change.n_rows, 35_795);
    assert_eq!(change.rows_by_change(), [33_647, 1_900, 239, 9]);
    assert_eq!(change.set_aside.n_rows(), 0);
    let (mut bridge, mut nesting) = (Bridge::default(), Nesting::default());
    change.apply(&mut bridge);
    change.apply_to_nesting(&mut nesting);
    assert_eq!(bridge.tally().iter().sum::<usize>(), 34_753);
    assert_eq!((nesting.lsoas(Vintage::Lsoa2011).count(), nesting.lsoas(Vintage::Lsoa2021).count()), (34_753, 35_672));
}

#[test]
fn seven_local_authorities_have_several_partnerships() {
    let Some(table) = table("lookups/lookup_ltla24_csp24_pfa24.csv.gz") else {
        return;
    };
    let lookup = lookup::read(&table).unwrap();
    let coverage = lookup.coverage();
    assert_eq!((lookup.n_rows, coverage.n_kept), (332, 332));
    assert_eq!(coverage.n_areas[&Kind::LocalAuthority], 318);
    assert_eq!(
        coverage
            .several_parents
            .iter()
            .filter(|(child, kind, _)| child.kind() == Some(Kind::LocalAuthority) && *kind == Kind::CommunitySafetyPartnership)
            .count(),
        7
    );
}

#[test]
fn sussex_nests_from_lsoa_to_force() {
    let mut nesting = Nesting::default();
    for name in ["lookup_lsoa21_ward24_ltla24", "lookup_ltla24_csp24_pfa24"] {
        let Some(table) = table(&format!("lookups/{name}.csv.gz")) else {
            return;
        };
        lookup::read(&table).unwrap().apply(&mut nesting);
    }
    let sussex = "E23000033".parse().unwrap();
    assert_eq!(nesting.within(sussex, Kind::Lsoa).len(), 1_029);
    assert_eq!(nesting.within(sussex, Kind::CommunitySafetyPartnership).len(), 13);
    assert_eq!(nesting.name(sussex), "Sussex");
}

#[test]
fn look_ups_of_several_years_put_every_lsoa_into_one_authority() {
    let mut nesting = Nesting::default();
    let of_2021_and_2024 = ["lookup_lsoa11_ltla20", "lookup_lsoa11_ltla21", "lookup_lsoa21_ward24_ltla24", "lookup_lsoa11_sicbl22_icb22_ltla22"];
    for name in of_2021_and_2024 {
        let Some(table) = table(&format!("lookups/{name}.csv.gz")) else {
            return;
        };
        lookup::read(&table).unwrap().apply(&mut nesting);
    }
    let nowhere = nesting.lsoas(Vintage::Lsoa2021).filter(|lsoa| nesting.parent(*lsoa, Kind::LocalAuthority).is_none()).count();
    assert_eq!((nesting.lsoas(Vintage::Lsoa2021).count(), nowhere), (35_672, 0));
    // Mendip became part of Somerset in April 2023.
    let mendip = "E07000187".parse().unwrap();
    assert!(nesting.lsoas(Vintage::Lsoa2021).all(|lsoa| nesting.parent(lsoa, Kind::LocalAuthority) != Some(mendip)));
}

#[test]
fn single_years_of_age_sum_to_the_published_population() {
    let Some(table) = table("population/population20_lsoa11.csv.gz") else {
        return;
    };
    let population = population::read(&table).unwrap();
    assert_eq!((population.layout, population.vintage), (Layout::Ages, Some(Vintage::Lsoa2011)));
    let coverage = population.coverage();
    assert_eq!((coverage.n_lsoas, coverage.n_residents), (34_753, 59_719_724));
}

#[test]
fn census_totals_are_taken_once_for_each_lsoa() {
    let Some(table) = table("population/ethnicity21_lsoa21.csv.gz") else {
        return;
    };
    let population = population::read(&table).unwrap();
    assert_eq!((population.n_rows, population.n_repeats), (178_360, 178_360 - 35_672));
    assert_eq!(population.coverage().n_residents, 59_597_576);
}

#[test]
fn every_edition_of_deprivation_is_told_apart() {
    let cases = [
        ("imd2015_england_lsoa11", Edition::England2015, 32_844, true),
        ("imd2019_england_lsoa11", Edition::England2019, 32_844, false),
        ("imd2019_wales_lsoa11", Edition::Wales2019, 1_909, true),
        ("imd2025_england_lsoa21", Edition::England2025, 33_755, true),
    ];
    for (name, edition, n_lsoas, has_score) in cases {
        let Some(table) = table(&format!("imd/{name}.csv.gz")) else {
            return;
        };
        let read = deprivation::read(&table).unwrap();
        assert_eq!((read.edition, read.records.len(), read.set_aside.n_rows()), (Some(edition), n_lsoas, 0), "{name}");
        assert_eq!(read.has.contains(&(Domain::Overall, Measure::Score)), has_score, "{name}");
        // Every rank is given once, so they sum like the whole numbers, but for a few ties.
        let ranks: u64 = read.records.iter().filter_map(|r| r.standing(Domain::Overall).rank).map(u64::from).sum();
        let n = n_lsoas as u64;
        assert!(ranks.abs_diff(n * (n + 1) / 2) < 100, "{name}: {ranks}");
    }
}

#[test]
fn the_2025_indicators_have_their_empty_cells_counted() {
    let Some(table) = table("imd/imd2025_england_lsoa21_indicators.csv.gz") else {
        return;
    };
    let read = deprivation::read(&table).unwrap();
    assert_eq!((read.records.len(), read.rates.len(), read.n_empty_cells()), (33_755, 8, 1_707));
}
