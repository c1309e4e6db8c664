//! The comparisons against pairs computed with other programs.
//!
//! The pairs are looked for in `$HEADWATER_ORACLES`, or else in `../shared/oracles` beside the repository; where they are
//! not there, the test says so and ends.

// Tests read files; the crate itself does not.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use headwater_linkage::compare::{damerau, jaro, jaro_winkler, levenshtein};
use std::path::PathBuf;

#[test]
fn every_pair_has_the_similarity_that_other_programs_give_it() {
    let folder = std::env::var_os("HEADWATER_ORACLES")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracles"), PathBuf::from);
    let path = folder.join("linkage/strings/similarity.csv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not here", path.display());
        return;
    };
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let column = |name: &str| header.iter().position(|h| *h == name).unwrap();
    let mut n_pairs = 0;
    for line in lines {
        // No name in this file holds a comma.
        let cells: Vec<&str> = line.split(',').collect();
        let (a, b) = (cells[column("a")], cells[column("b")]);
        let number = |name: &str| cells[column(name)].parse::<f64>().unwrap();
        assert!((jaro(a, b) - number("jaro")).abs() < 1e-12, "jaro of {a} and {b}: {}", jaro(a, b));
        assert!((jaro_winkler(a, b) - number("jaro_winkler")).abs() < 1e-12, "jaro_winkler of {a} and {b}: {}", jaro_winkler(a, b));
        assert_eq!(levenshtein(a, b) as f64, number("levenshtein"), "{a} and {b}");
        assert_eq!(damerau(a, b) as f64, number("damerau_levenshtein"), "{a} and {b}");
        n_pairs += 1;
    }
    assert_eq!(n_pairs, 810);
}
