//! The main job on real input: Sussex, the months around the letter of 13 October 2020, from files to a document.

use crate::published::{bytes, files};
use headwater_prevention::counting;
use headwater_prevention::definition::{Definitions, SHIPPED};
use headwater_prevention::evidence::{Evidence, Reading};
use headwater_prevention::needs_assessment::{Ask, assess};
use headwater_prevention::period::Period;
use headwater_prevention::place::Vintage;
use headwater_prevention::source::Kind;
use headwater_prevention::source::audit::audit;
use headwater_prevention::source::outcome::OutcomeGroup;
use headwater_prevention::source::street::{CrimeType, Reader};
use headwater_prevention::source::table::TextTable;
use headwater_release::Block;
use std::collections::BTreeMap;

/// Everything of Sussex that the data folder holds, or `None` with a word about it.
fn sussex() -> Option<Evidence> {
    let mut evidence = Evidence::default();
    for name in files("police_uk_sussex", ".csv.gz") {
        let extract = evidence.add_extract(&"0".repeat(64), &name);
        let mut reader = Reader::new(&name);
        reader.feed(&bytes(&name)?);
        evidence.add_street(extract, &name, reader.finish().unwrap());
    }
    let tables = [
        "population/population20_lsoa11.csv.gz",
        "population/ethnicity21_lsoa21.csv.gz",
        "imd/imd2019_england_lsoa11.csv.gz",
        // Wales uses the same census and must not stand in for England.
        "imd/imd2019_wales_lsoa11.csv.gz",
        "imd/imd2025_england_lsoa21.csv.gz",
        "lookups/lookup_lsoa11_ltla21.csv.gz",
        "lookups/lookup_lsoa21_ward24_ltla24.csv.gz",
        "lookups/lookup_ltla24_csp24_pfa24.csv.gz",
        "lookups/lookup_lsoa11_lsoa21_ltla22.csv.gz",
        "nrm/nrm_referrals_by_first_responder_2022q2_2023q4_nonzero.csv.gz",
        "nrm/nrm_referrals_longitudinal.csv.gz",
    ];
    for name in tables {
        let table = TextTable::from_csv(&bytes(name)?).unwrap();
        let kind = Reading::recognise_table(&table).unwrap();
        let extract = evidence.add_extract(&"0".repeat(64), name);
        evidence.add(extract, name, Reading::from_table(kind, name, &table).unwrap());
    }
    for name in files("boundaries/sussex_detail", ".geojson.gz") {
        let extract = evidence.add_extract(&"0".repeat(64), &name);
        evidence.add(extract, &name, Reading::from_bytes(Kind::Boundary, &name, &bytes(&name)?).unwrap());
    }
    Some(evidence)
}

#[test]
fn sussex_counts_agree_with_a_plain_count_and_its_faults_are_found() {
    let Some(evidence) = sussex() else { return };
    let period: Period = "2019-11..2021-11".parse().unwrap();
    let counted = counting::count(&evidence, "Sussex Police", "E23000033".parse().unwrap(), period).unwrap();
    assert_eq!(counted.vintage, Vintage::Lsoa2011);
    assert!(counted.reconciliation.agrees());
    // A plain count of lines by month and type, by splitting at commas.
    let mut plain: BTreeMap<(String, String), u64> = BTreeMap::new();
    for month in period.months() {
        let file = bytes(&format!("police_uk_sussex/{month}-sussex-street.csv.gz")).unwrap();
        for line in String::from_utf8(file).unwrap().lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            *plain.entry((fields[1].to_owned(), fields[9].to_owned())).or_default() += 1;
        }
    }
    for crime_type in CrimeType::ALL {
        for (month, n) in period.months().zip(counted.series_of_force(&[crime_type])) {
            let key = (month.to_string(), crime_type.name().to_owned());
            assert_eq!(n, Some(plain.get(&key).copied().unwrap_or(0)), "{key:?}");
        }
    }
    let found = audit(&evidence, &[]).unwrap();
    let sentences: Vec<String> = found.observations.iter().map(|o| format!("{}: {}", o.id, o.sentence.plain())).collect();
    let all = sentences.join("\n");
    for part in [
        "827 in November 2020 (6.5 %), 1,160 in December 2020 (9.5 %), 1,452 in January 2021 (11.4 %)",
        "missing-months: Sussex Police: 41 months are missing",
        "7 local authorities lie in several Community Safety Partnerships",
        "Robbery steps up in April 2025",
        "has codes of LSOA 2011",
        "has ranks and deciles and no scores",
        "0 of 141,961 records of anti-social behaviour have a Crime ID and 0 an outcome",
    ] {
        assert!(all.contains(part), "{part}\nnot found in\n{all}");
    }
    println!("{all}");
}

#[test]
fn a_year_across_the_change_of_lsoas_loses_no_record() {
    let Some(evidence) = sussex() else { return };
    let period: Period = "2019-12..2025-12".parse().unwrap();
    let counted = counting::count(&evidence, "Sussex Police", "E23000033".parse().unwrap(), period).unwrap();
    let r = counted.reconciliation;
    assert_eq!(counted.vintage, Vintage::Lsoa2021);
    assert!(r.agrees());
    assert!(r.n_carried > 0 && r.n_shared > 0, "{r:?}");
    assert_eq!(r.n_unknown, 0, "{r:?}");
}

#[test]
fn the_assessment_of_sussex_has_a_document_for_each_partnership() {
    let Some(evidence) = sussex() else { return };
    let definitions = Definitions::read(&SHIPPED).unwrap();
    let found = audit(&evidence, &[]).unwrap();
    let ask = Ask {
        force: "Sussex Police",
        force_area: "E23000033".parse().unwrap(),
        name: "Sussex",
        slug: "sussex",
        period: "2019-12..2021-11".parse().unwrap(),
        definition: "sussex-vrp",
        program: "headwater test",
        seed: 1,
    };
    let publication = assess(&ask, &evidence, &found, &definitions).unwrap();
    assert_eq!(publication.documents.len(), 14);
    for document in &publication.documents {
        assert!(document.figures().count() >= 10, "{}: {}", document.area, document.figures().count());
    }
    let whole = &publication.documents[0];
    for slug in ["deprivation-gradient", "residents-by-deprivation", "hot-spots", "season", "nrm-referrals"] {
        assert!(whole.figures().any(|(_, figure)| figure.slug() == slug), "no {slug}");
    }
    assert_eq!(publication, assess(&ask, &evidence, &found, &definitions).unwrap());
    let table = |slug: &str| whole.figures().find(|(_, figure)| figure.slug() == slug).unwrap_or_else(|| panic!("no {slug}")).1.table();
    // The shares of robbery over the last year, from a plain count of lines.
    let plain = plain_outcomes("2020-12..2021-11");
    let robbery: u64 = plain.iter().filter(|((_, crime_type, _), _)| crime_type == "Robbery").map(|(_, n)| n).sum();
    let closed =
        plain.iter().filter(|((_, t, outcome), _)| t == "Robbery" && outcome.starts_with("Investigation complete")).map(|(_, n)| n).sum::<u64>();
    let row = table("outcomes-robbery").rows().iter().find(|row| row[0].shown() == OutcomeGroup::NoSuspect.name()).unwrap();
    assert_eq!(row[1].as_number(), Some(closed as f64));
    assert!((row[2].as_number().unwrap() - 100.0 * closed as f64 / robbery as f64).abs() < 0.05);
    // The nation's last quarter of 2023, as the published headline has it for the year.
    let nation = table("nrm-nation");
    let of_2023: f64 = nation.rows().iter().filter(|row| row[0].shown().starts_with("2023")).filter_map(|row| row[1].as_number()).sum();
    assert_eq!(of_2023, 17_004.0);
    // Nothing of stop and search and no hospital figures are here for Sussex, and the pages say so.
    let said: Vec<String> = whole.sections.iter().flat_map(|section| &section.blocks).filter_map(not_yet_known).collect();
    for words in ["stop and search files of data.police.uk", "indicator 11201"] {
        assert!(said.iter().any(|line| line.contains(words)), "{words} not in {said:?}");
    }
    assert!(!whole.sections.iter().any(|section| section.slug == "stop-and-search"));
}

fn not_yet_known(block: &Block) -> Option<String> {
    match block {
        Block::NotYetKnown(line) => Some(line.plain()),
        _ => None,
    }
}

/// Records by month, type and last outcome, from splitting lines at commas.
fn plain_outcomes(period: &str) -> BTreeMap<(String, String, String), u64> {
    let mut plain = BTreeMap::new();
    for month in period.parse::<Period>().unwrap().months() {
        let file = bytes(&format!("police_uk_sussex/{month}-sussex-street.csv.gz")).unwrap();
        for line in String::from_utf8(file).unwrap().lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            *plain.entry((fields[1].to_owned(), fields[9].to_owned(), fields[10].to_owned())).or_default() += 1;
        }
    }
    plain
}

#[test]
fn what_came_of_every_crime_agrees_with_a_plain_count_and_every_wording_is_known() {
    let Some(evidence) = sussex() else { return };
    for span in ["2019-11..2021-11", "2025-01..2025-12"] {
        let mut plain: BTreeMap<(String, String), [u64; OutcomeGroup::COUNT]> = BTreeMap::new();
        for ((month, crime_type, outcome), n) in plain_outcomes(span) {
            plain.entry((month, crime_type)).or_default()[OutcomeGroup::of(outcome.as_bytes()) as usize] += n;
        }
        for month in span.parse::<Period>().unwrap().months() {
            for crime_type in CrimeType::ALL {
                let key = (month.to_string(), crime_type.name().to_owned());
                let told = evidence.last_outcomes("Sussex Police", month, crime_type).unwrap();
                assert_eq!(told, plain.get(&key).copied().unwrap_or_default(), "{key:?}");
                assert_eq!(told[OutcomeGroup::OtherWords as usize], 0, "{key:?}");
            }
        }
    }
    assert_eq!(evidence.last_outcomes("Sussex Police", "2022-05".parse().unwrap(), CrimeType::Robbery), None);
}
