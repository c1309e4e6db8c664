//! Every method against its oracle file, at the file's own tolerance.
//!
//! The oracle files are no part of this repository. They are read where they lie beside it; where they do not, the tests
//! say so and the hand-made values in the library's own tests stand alone.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::list;

/// The folder of the oracle files, which name others in it.
fn oracles() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracles")
}

fn run(name: &str, input: &Value) -> Result<Value, String> {
    super::run(name, input, &oracles())
}

/// The oracle file of a method, or `None` with a line on standard error.
fn oracle(name: &str) -> Option<Value> {
    match std::fs::read_to_string(oracles().join(format!("{name}.json"))) {
        Ok(text) => Some(serde_json::from_str(&text).expect("an oracle file is JSON")),
        Err(_) => {
            eprintln!("skipped: the oracle file {name}.json is not there");
            None
        }
    }
}

/// How two numbers may differ: relative to the larger of 1 and the expected one; `None` to leave a value out.
type Tolerance<'a> = &'a dyn Fn(&str) -> Option<f64>;

/// Collect every place where `found` differs from `wanted`, and count the values compared.
fn compare(place: &str, wanted: &Value, found: &Value, tolerance: Tolerance, wrong: &mut Vec<String>) -> usize {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => wanted
            .iter()
            .filter(|(key, _)| !key.starts_with("DEFECT_"))
            .map(|(key, value)| {
                let found = found.get(key).unwrap_or(&Value::Null);
                compare(&format!("{place}.{key}"), value, found, tolerance, wrong)
            })
            .sum(),
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => wanted
            .iter()
            .zip(found)
            .enumerate()
            .map(|(at, (wanted, found))| compare(&format!("{place}[{at}]"), wanted, found, tolerance, wrong))
            .sum(),
        (Value::Number(a), Value::Number(b)) => {
            let Some(allowed) = tolerance(place) else {
                return 0;
            };
            let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            let error = (a - b).abs() / a.abs().max(1.0);
            if error.is_nan() || error > allowed {
                wrong.push(format!("{place}: {b} instead of {a}"));
            }
            1
        }
        (wanted, found) => {
            if wanted != found {
                wrong.push(format!("{place}: {found} instead of {wanted}"));
            }
            1
        }
    }
}

/// Run one oracle with its own tolerance for every value.
fn check(name: &str, at_least: usize) {
    let Some(file) = oracle(name) else { return };
    let allowed = file["tolerance"].as_f64().expect("an oracle has a tolerance");
    check_with(name, &file, at_least, &|_| Some(allowed));
}

fn check_with(name: &str, file: &Value, at_least: usize, tolerance: Tolerance) {
    let whole = run(name, file).unwrap_or_else(|problem| panic!("{name}: {problem}"));
    let inputs_alone = run(name, &file["inputs"]).unwrap_or_else(|problem| panic!("{name}: {problem}"));
    assert_eq!(whole, inputs_alone, "a file and its inputs alone must give the same");
    let mut wrong = Vec::new();
    let compared = compare("", &file["expected"], &whole, tolerance, &mut wrong);
    assert!(wrong.is_empty(), "{name}: {} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared >= at_least, "{name}: only {compared} values were compared");
}

#[test]
fn counts_of_a_street_file_are_those_of_pandas() {
    check("count_police_uk", 250);
}

#[test]
fn a_street_file_outside_the_folder_of_its_input_is_not_opened() {
    for name in ["../secret.csv", "/etc/passwd", ""] {
        let refused = run("count_police_uk", &json!({ "csv": name })).unwrap_err();
        assert!(refused.contains("must name a file in the folder of the input"), "{refused}");
    }
    let missing = run("count_police_uk", &json!({ "csv": "not-there.csv" })).unwrap_err();
    assert!(missing.contains("not-there.csv' cannot be read"), "{missing}");
}

#[test]
fn rows_that_are_no_records_are_refused_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let header = headwater_prevention::source::street::COLUMNS.join(",");
    let row = "E01031349,Adur 001A,Burglary,,";
    let text = format!(
        "{header}\na1,2020-10,Sussex Police,Sussex Police,-0.2,50.8,On or near A,{row}\na2,October,Sussex Police,Sussex Police,-0.2,50.8,On or near A,{row}\n"
    );
    std::fs::write(folder.path().join("street.csv"), text).unwrap();
    let found = super::run("count_police_uk", &json!({ "csv": "street.csv" }), folder.path()).unwrap();
    assert_eq!((&found["rows"], &found["groups"], &found["by_force"]["Sussex Police"]), (&json!(2), &json!(1), &json!(1)));
    assert_eq!(found["refusals"][0]["where"], "row 3, Month");
    assert_eq!(found["refusals"][0]["reason"], "1 of 2 rows: not a month; months are written 2020-10");
}

#[test]
fn suppression_meets_its_oracle_and_hides_what_the_true_margins_would_give_away() {
    check("suppression_acro", 50);
    let Some(file) = oracle("suppression_acro") else { return };
    let found = run("suppression_acro", &file).unwrap();
    assert_eq!(found["protected"]["Knife"]["North"], Value::Null);
    assert_eq!((&found["protected"]["All"]["All"], &found["audit"]["can_be_worked_out"]), (&json!(215), &json!(0)));
    // At least one more in that row and in that column, and so four in all.
    assert_eq!((&found["audit"]["hidden"], &found["audit"]["hidden_to_protect"]), (&json!(1), &json!(3)));
    let twice = json!({ "cells": [["North", "Knife", 3], ["North", "Knife", 4]] });
    assert!(run("suppression_acro", &twice).unwrap_err().contains("two counts for North and Knife"));
    let negative = json!({ "cells": [["North", "Knife", -3]] });
    assert!(run("suppression_acro", &negative).unwrap_err().contains("a whole number from 0 on"));
}

#[test]
fn crude_rates_meet_their_oracle() {
    check("rate_byar_exact", 200);
}

#[test]
fn directly_standardised_rates_meet_their_oracle_and_say_why_one_is_missing() {
    check("dsr_byar_dobson", 40);
    let Some(file) = oracle("dsr_byar_dobson") else {
        return;
    };
    let found = run("dsr_byar_dobson", &file).unwrap();
    assert_eq!(found["refusals"][0]["where"], "D");
    assert!(found["refusals"][0]["reason"].as_str().unwrap().starts_with("Too few events: 2"));
}

#[test]
fn indirectly_standardised_rates_meet_their_oracle() {
    check("isr_smr", 50);
}

#[test]
fn funnels_meet_the_exact_limits_and_come_near_the_peers_own() {
    let Some(file) = oracle("funnel_rate") else {
        return;
    };
    check_with("funnel_rate", &file, 1_500, &|place| {
        let peers_bisection = place.starts_with(".limits.") && !place.contains(".Events") && !place.contains(".baseline");
        Some(if peers_bisection { 2e-4 } else { 1e-9 })
    });
}

#[test]
fn indices_of_inequality_meet_their_oracle_and_its_simulation_within_four_errors() {
    let Some(file) = oracle("sii_rii") else {
        return;
    };
    check_with("sii_rii", &file, 12, &|place| {
        let simulated = place.contains("_lower") || place.contains("_upper");
        (!simulated).then_some(1e-9)
    });
    // A limit from 100,000 draws has a standard error of sqrt(.025 .975/100,000)/phi(1.96) standard deviations.
    let found = run("sii_rii", &file).unwrap();
    for (name, table) in file["expected"].as_object().unwrap() {
        for index in ["sii", "rii"] {
            let keys: Vec<&String> = table.as_object().unwrap().keys().filter(|k| k.starts_with(&format!("{index}_"))).collect();
            assert_eq!(keys.len(), 2);
            let ours = |key: &str| found[name][key][0].as_f64().unwrap();
            let deviation = (ours(keys[0]) - ours(keys[1])).abs() / (2.0 * 1.96);
            for key in keys {
                let peers = table[key][0].as_f64().unwrap();
                let errors = (ours(key) - peers).abs() / (deviation * 0.00845);
                assert!(errors < 4.0, "{name}.{key}: {} instead of {peers}, {errors:.1} errors", ours(key));
            }
        }
    }
}

#[test]
fn ratios_of_rates_meet_their_oracle() {
    check("rate_ratio", 23);
    let Some(file) = oracle("rate_ratio") else {
        return;
    };
    let found = run("rate_ratio", &file).unwrap();
    assert_eq!(found[2]["refusals"][0]["where"], "score_log_ci");
}

#[test]
fn adjusted_p_values_meet_their_oracle() {
    check("multiple_testing", 300);
}

#[test]
fn control_charts_meet_their_oracle_and_note_the_degenerate_ones() {
    check("spc_xmr_making_data_count", 3_000);
    let Some(file) = oracle("spc_xmr_making_data_count") else {
        return;
    };
    let notes = run("spc_xmr_making_data_count", &file).unwrap()["notes"].to_string();
    assert!(notes.contains("'ties'") && notes.contains("'zeros'"), "{notes}");
}

#[test]
fn gini_coefficients_meet_their_oracle() {
    check("gini_sparse", 36);
}

#[test]
fn neighbours_meet_their_oracle() {
    check("contiguity", 500);
}

#[test]
fn local_moran_meets_its_oracle() {
    check("local_moran", 700);
}

#[test]
fn hot_spots_have_a_z_that_does_not_come_from_their_island() {
    let ring: Vec<Vec<usize>> = (0..8).map(|at| vec![(at + 1) % 8, (at + 7) % 8]).collect();
    let mut neighbours = ring.clone();
    neighbours.push(vec![]);
    let input = json!({ "value": [9, 8, 9, 1, 2, 1, 2, 1, 5], "neighbours": neighbours });
    let found = run("getis_ord", &input).unwrap();
    assert!(found["gi_star"]["Z"][1].as_f64().unwrap() > 2.0);
    assert!(found["gi_star"]["Z"][5].as_f64().unwrap() < 0.0);
    assert!(found["gi"]["p"][8].is_null());
    assert!(found["notes"][0].as_str().unwrap().starts_with("1 areas have no neighbours"));
}

#[test]
fn an_unknown_method_is_answered_with_the_names_there_are() {
    let problem = run("rates", &json!({})).unwrap_err();
    assert!(problem.contains("no method named 'rates'") && problem.contains("rate_byar_exact"), "{problem}");
}

#[test]
fn a_missing_input_and_a_wrong_one_are_named() {
    let missing = run("rate_byar_exact", &json!({ "x": [1, 2] })).unwrap_err();
    assert_eq!(missing, "The input 'n' is missing; there are: x.");
    let wrong = run("rate_byar_exact", &json!({ "x": [1, "two"], "n": [10, 10] })).unwrap_err();
    assert_eq!(wrong, "Value 2 of 'x' is \"two\"; it must be a number.");
    let not_an_object = run("wilson", &json!([1, 2])).unwrap_err();
    assert!(not_an_object.contains("must be a JSON object"));
}

#[test]
fn a_refused_value_is_null_and_its_reason_is_listed() {
    let found = run("wilson", &json!({ "x": [5, 12], "n": [40, 10], "confidence": 0.95 })).unwrap();
    assert!((found["0.95"]["lowercl"][0].as_f64().unwrap() - 0.0546).abs() < 5e-5);
    assert!(found["0.95"]["value"][1].is_null());
    assert_eq!(found["refusals"][0]["where"], "0.95[1]");
}

#[test]
fn agreement_is_that_of_a_table_or_of_units_and_is_refused_where_it_is_undefined() {
    let found = run("agreement", &json!({ "table": [[75, 1, 4], [5, 4, 1], [0, 0, 10]] })).unwrap();
    assert!((found["0.95"]["kappa"]["value"].as_f64().unwrap() - 0.6764).abs() < 1e-4);
    let units = json!([[0, 1], [1, 1], [0, 1], [0, 0], [0, 0], [0, 1], [0, 0], [0, 0], [1, 0], [0, 0]]);
    let found = run("agreement", &json!({ "units": units, "draws": 200 })).unwrap();
    assert!((found["0.95"]["alpha"]["value"].as_f64().unwrap() - 0.095).abs() < 5e-4);
    let found = run("agreement", &json!({ "table": [[9, 0], [0, 0]] })).unwrap();
    assert!(found["0.95"]["kappa"].is_null() && found["refusals"][0]["reason"].as_str().unwrap().contains("undefined"));
    for (input, says) in [
        (json!({}), "either 'table'"),
        (json!({ "table": [[1.5]] }), "whole numbers"),
        (json!({ "units": [[0, 99_999]] }), "the most is"),
        (json!({ "units": [[0, 1]], "draws": -1 }), "'draws' holds -1"),
    ] {
        assert!(run("agreement", &input).unwrap_err().contains(says), "{input}");
    }
}

#[test]
fn methods_over_time_answer_in_their_own_shape() {
    let counts: Vec<u32> = (0..36).map(|at| 100 + (at % 12) + if at >= 20 { 90 } else { 0 }).collect();
    let steps = run("sudden_changes", &json!({ "counts": counts })).unwrap();
    assert_eq!(steps["sudden_changes"]["steps"][0]["at"], 20);
    let trend = run("trend", &json!({ "counts": counts })).unwrap();
    assert!(trend["percent_a_year"]["value"].as_f64().unwrap() > 10.0);
    let season = run("season", &json!({ "counts": counts[..20] })).unwrap();
    assert!(season["season"].is_null() && season["refusals"][0]["where"] == "season");
}

#[test]
fn every_method_has_a_page_that_says_when_not_to_use_it() {
    for entry in list() {
        assert!(entry.page.starts_with("# "), "{}", entry.name);
        for heading in ["## What it answers", "## When not to use it", "## A worked example", "## What others do"] {
            assert!(entry.page.contains(heading), "{} lacks '{heading}'", entry.name);
        }
        assert!(!entry.description.is_empty());
    }
}
