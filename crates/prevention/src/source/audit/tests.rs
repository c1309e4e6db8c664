//! Each fault planted alone is found, and a clean series is left in peace.

use super::*;
use crate::source::street::{COLUMNS, CrimeType, Reader};

/// A month of an invented force: so many robberies, one ASB incident, in one LSOA.
fn month(name: &str, month: &str, robberies: usize) -> crate::source::street::StreetRead {
    let mut reader = Reader::new(name);
    reader.feed((COLUMNS.join(",") + "\n").as_bytes());
    for n in 0..robberies {
        let row = format!("{month}{n:057},{month},Wealdmere Police,Wealdmere Police,-0.2,50.8,x,E01990001,y,{},,\n", CrimeType::Robbery.name());
        reader.feed(row.as_bytes());
    }
    reader.finish().unwrap()
}

fn audited(counts: &[(&str, usize)]) -> Vec<Observation> {
    let mut evidence = Evidence::default();
    let extract = evidence.add_extract(&"0".repeat(64), "x.zip");
    for (text, n) in counts {
        let name = format!("{text}-wealdmere-street.csv");
        evidence.add_street(extract, &name, month(&name, text, *n));
    }
    audit(&evidence, &[]).unwrap().observations
}

fn found<'a>(observations: &'a [Observation], id: &str) -> Vec<&'a Observation> {
    observations.iter().filter(|o| o.id == id).collect()
}

#[test]
fn a_gap_is_named_and_a_clean_series_is_not() {
    let clean = audited(&[("2020-01", 80), ("2020-02", 75), ("2020-03", 84)]);
    assert!(found(&clean, "missing-months").is_empty());
    let gap = audited(&[("2020-01", 80), ("2020-03", 75)]);
    assert_eq!(
        found(&gap, "missing-months")[0].sentence.plain(),
        "Wealdmere Police: one month is missing between January 2020 and March 2020: February 2020."
    );
}

#[test]
fn a_step_and_a_partial_month_are_told_apart() {
    let names: Vec<String> = (1..=12).map(|m| format!("2020-{m:02}")).collect();
    let step: Vec<(&str, usize)> = names.iter().enumerate().map(|(i, m)| (m.as_str(), if i < 6 { 80 } else { 160 } + i % 3)).collect();
    let observations = audited(&step);
    assert!(found(&observations, "sudden-step")[0].sentence.plain().contains("Robbery steps up in July 2020"), "{observations:?}");
    let partial: Vec<(&str, usize)> = names.iter().enumerate().map(|(i, m)| (m.as_str(), if i == 6 { 35 } else { 80 + i % 3 })).collect();
    let observations = audited(&partial);
    assert!(found(&observations, "partial-month")[0].sentence.plain().contains("July 2020: 35 records"), "{observations:?}");
    assert!(found(&observations, "sudden-step").is_empty());
}

#[test]
fn a_month_issued_again_is_counted_once() {
    let observations = audited(&[("2020-01", 80), ("2020-01", 85)]);
    let again = found(&observations, "issued-again");
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].numbers, [("records_before".to_owned(), 80.0), ("records_now".to_owned(), 85.0), ("new_ids".to_owned(), 5.0)]);
}

#[test]
fn an_empty_month_is_a_gap() {
    let observations = audited(&[("2020-01", 80), ("2020-02", 0), ("2020-03", 80)]);
    assert_eq!(found(&observations, "empty-month").len(), 1);
    assert_eq!(found(&observations, "missing-months").len(), 1);
}

#[test]
fn look_ups_of_two_years_are_told_apart_and_the_newest_is_believed() {
    let mut evidence = Evidence::default();
    let extract = evidence.add_extract(&"0".repeat(64), "x.zip");
    let add = |evidence: &mut Evidence, name: &str, text: &str| {
        evidence.add(extract, name, crate::evidence::Reading::from_bytes(crate::source::Kind::Lookup, name, text.as_bytes()).unwrap());
    };
    add(&mut evidence, "new.csv", "LSOA21CD,LAD24CD,LAD24NM\nE01990001,E06000903,Vale\nE01990002,E06000903,Vale\nE01990003,E07000904,Dunmarsh\n");
    assert!(found(&audit(&evidence, &[]).unwrap().observations, "several-authorities").is_empty());
    add(
        &mut evidence,
        "old.csv",
        "LSOA21CD,LAD22CD,LAD22NM\nE01990001,E07000901,Ambermere\nE01990002,E07000902,Corrie\nE01990003,E07000904,Dunmarsh\n",
    );
    let observations = audit(&evidence, &[]).unwrap().observations;
    assert_eq!(
        found(&observations, "several-authorities")[0].sentence.plain(),
        "Look-ups of several years place 2 LSOAs in different local authorities, so that a plain join would count them more than once; \
         they now lie in: Vale."
    );
}
