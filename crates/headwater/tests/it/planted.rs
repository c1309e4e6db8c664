//! What was planted in the demo's county is found by the real commands, and what was not planted is not.

use std::fs;

use serde_json::Value;

use crate::Desk;

fn json(desk: &Desk, path: &str) -> Value {
    serde_json::from_slice(&fs::read(desk.path(path)).unwrap()).unwrap()
}

/// The rows of a CSV file of the site, header left out.
fn rows(desk: &Desk, path: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_path(desk.path(path)).unwrap();
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The month as sentences have it.
fn spoken(month: &Value) -> String {
    month.as_str().unwrap().parse::<headwater_prevention::period::Month>().unwrap().name()
}

#[test]
fn every_planted_fault_and_fact_is_found() {
    let desk = Desk::empty();
    desk.run(&["demo", "--dir", "d", "--no-serve"]).succeeds();
    let planted = json(&desk, "d/planted.json");
    let (faults, facts) = (&planted["faults"], &planted["facts"]);

    let checked: Value = serde_json::from_str(&desk.run(&["--workspace", "d/workspace", "source", "check", "--json"]).out).unwrap();
    let found = |id: &str| -> Vec<String> {
        let all = checked["observations"].as_array().unwrap();
        all.iter().filter(|o| o["id"] == id).map(|o| o["sentence"].as_str().unwrap().to_owned()).collect()
    };
    let says = |id: &str, words: &str| assert!(found(id).iter().any(|sentence| sentence.contains(words)), "{id}: {words} not in {:?}", found(id));
    says("missing-months", &spoken(&faults["absent_month"]));
    says("partial-month", &spoken(&faults["partial_month"]));
    assert_eq!(found("partial-month").len(), 1);
    says("outside-force-area", &spoken(&faults["outside_month"]));
    says("sudden-step", &format!("Robbery steps up in {}", spoken(&faults["robbery_step_month"])));
    says("odd-month", &format!("Anti-social behaviour in {}", spoken(&faults["burst_of_anti_social_behaviour_month"])));
    says("repeated-crime-ids", &format!("{} in {}", faults["n_repeated_rows"], faults["repeated_rows_month"].as_str().unwrap()));
    says("repeated-crime-ids", &format!("{} in {}", faults["n_repeated_ids"], faults["repeated_ids_month"].as_str().unwrap()));
    let again = faults["reissued_months"].as_array().unwrap();
    assert_eq!(found("issued-again").len(), again.len());
    for month in again {
        says("issued-again", &spoken(month));
    }
    says("issued-again", &format!("with {} new Crime IDs", faults["n_added_on_reissue"]));
    says("lsoa-vintage", &format!("{} to", spoken(&planted["lsoa_2021_from"])));

    let county = format!("d/site/{}", planted["area"].as_str().unwrap());
    let hot: Vec<String> =
        rows(&desk, &format!("{county}/hot-spots.csv")).into_iter().filter(|row| row[2] == "hot spot").map(|row| row[0].clone()).collect();
    for spot in facts["hotspots"].as_array().unwrap() {
        let codes: Vec<&str> = spot["lsoa_codes"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
        let n = codes.iter().filter(|code| hot.iter().any(|h| h == *code)).count();
        let is_hot_in_the_last_year = spot["to"] == planted["months"][1];
        assert_eq!(n > 0, is_hot_in_the_last_year, "{}: {n} of {codes:?} among {hot:?}", spot["name"]);
    }

    let above: Vec<String> = rows(&desk, &format!("{county}/beside-other-areas.csv"))
        .into_iter()
        .filter(|row| row[6].to_lowercase().contains("higher"))
        .map(|row| row[0].clone())
        .collect();
    assert_eq!(above, [facts["district_above"][1].as_str().unwrap()]);

    let fifths: Vec<f64> = rows(&desk, &format!("{county}/deprivation-gradient.csv")).iter().map(|row| row[4].parse().unwrap()).collect();
    let planted_ratio = facts["violence_ratio_of_most_to_least_deprived_fifth"].as_f64().unwrap();
    assert!((fifths[0] / fifths[4] - planted_ratio).abs() < 0.3, "{fifths:?}");

    let season: Vec<f64> = rows(&desk, &format!("{county}/season.csv")).iter().map(|row| row[1].parse().unwrap()).collect();
    let peak = (0..12).max_by(|a, b| season[*a].total_cmp(&season[*b])).unwrap() + 1;
    let planted_peak = facts["violence_peak_and_trough"][0].as_u64().unwrap() as usize;
    assert!(peak.abs_diff(planted_peak) <= 1, "{season:?}");

    let summary = fs::read_to_string(desk.path(&format!("{county}/summary.html"))).unwrap();
    for words in ["Gullhaven", "hot spots", "deprivation ladder", "Robbery is", "Possession of weapons is"] {
        assert!(summary.contains(words), "{words}");
    }
    // A step in recording is no rise in robbery: it is found, and it is not called sure.
    let robbery = summary.split("<li").find(|part| part.contains("Robbery is")).unwrap();
    assert!(robbery.contains("low"), "{robbery}");
}
