//! "Did you mean …?": the names most like one that was mistyped.

use crate::compare::{damerau_similarity, jaro_winkler};

/// A name that may have been meant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Suggestion<'a> {
    /// The candidate, as it was given.
    pub name: &'a str,
    /// How alike the two are, from 0 to 1.
    pub similarity: f64,
}

/// Below this two names are too different for one to be a slip for the other.
const LEAST_SIMILARITY: f64 = 0.75;

/// The candidates that a mistyped name may stand for, best first, at most three; equal ones in the order given.
///
/// Case, and whether words are joined by spaces, hyphens or underscores, do not count. Empty when nothing is near.
///
/// ```
/// use headwater_linkage::nearest;
/// let forces = ["surrey", "sussex", "suffolk", "avon-and-somerset"];
/// assert_eq!(nearest("susex", forces)[0].name, "sussex");
/// assert_eq!(nearest("Avon and Sommerset", forces)[0].name, "avon-and-somerset");
/// assert!(nearest("strathclyde", forces).is_empty());
/// ```
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<Suggestion<'a>> {
    let wanted = folded(name);
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<Suggestion<'a>> = candidates
        .into_iter()
        .map(|candidate| {
            let other = folded(candidate);
            // Slips of the finger are edits; names cut short or begun rightly are better told by their beginning.
            let similarity = (damerau_similarity(&wanted, &other) + jaro_winkler(&wanted, &other)) / 2.0;
            Suggestion { name: candidate, similarity }
        })
        .filter(|suggestion| suggestion.similarity >= LEAST_SIMILARITY)
        .collect();
    found.sort_by(|a, b| b.similarity.total_cmp(&a.similarity));
    found.truncate(3);
    found
}

/// Lower case, and one space for any run of spaces, hyphens, underscores and dots.
fn folded(name: &str) -> String {
    let is_joint = |c: char| c.is_whitespace() || matches!(c, '-' | '_' | '.');
    name.to_lowercase().split(is_joint).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FORCES: [&str; 8] = ["sussex", "surrey", "suffolk", "south-wales", "south-yorkshire", "essex", "west-mercia", "west-midlands"];

    #[test]
    fn slips_find_the_name_that_was_meant() {
        for (typed, meant) in [
            ("susex", "sussex"),
            ("sussecks", "sussex"),
            ("susesx", "sussex"),
            ("ESSEX ", "essex"),
            ("south_wale", "south-wales"),
            ("West Midland", "west-midlands"),
            ("surry", "surrey"),
        ] {
            assert_eq!(nearest(typed, FORCES).first().map(|s| s.name), Some(meant), "{typed}");
        }
        for typed in ["", " - ", "kent", "x", "metropolitan"] {
            assert!(nearest(typed, FORCES).is_empty(), "{typed}: {:?}", nearest(typed, FORCES));
        }
    }

    #[test]
    fn equal_candidates_keep_their_order_and_three_are_enough() {
        let names = ["vale a", "vale b", "vale c", "vale d"];
        let found = nearest("vale x", names);
        assert_eq!(found.iter().map(|s| s.name).collect::<Vec<_>>(), ["vale a", "vale b", "vale c"]);
    }

    proptest! {
        #[test]
        fn a_name_is_nearest_to_itself(i in 0usize..8, other in ".{0,20}") {
            prop_assert_eq!(nearest(FORCES[i], FORCES)[0].name, FORCES[i]);
            prop_assert!(nearest(&other, FORCES).len() <= 3);
        }
    }
}
