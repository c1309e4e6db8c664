//! Licences and sources of tables, as the extracts behind them name them.

use crate::page::Download;
use headwater_release::ExtractRef;
use std::collections::{BTreeMap, BTreeSet};

/// The address of the licence that most open data of the United Kingdom carry.
const OPEN_GOVERNMENT: &str = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/";

/// A licence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Licence {
    /// As the source names it.
    pub(super) title: String,
    /// A short name without spaces.
    pub(super) name: String,
    /// Where it can be read, where known.
    pub(super) address: Option<&'static str>,
}

impl Licence {
    fn named(title: &str) -> Self {
        if title.to_lowercase().starts_with("open government licence") {
            return Self { title: title.to_owned(), name: "OGL-UK-3.0".into(), address: Some(OPEN_GOVERNMENT) };
        }
        let words: Vec<String> =
            title.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.').filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
        let name = if words.is_empty() { "not-named".to_owned() } else { words.join("-") };
        Self { title: title.to_owned(), name, address: None }
    }
}

/// Licences of tables that belong together: a table without sources of its own takes those of all.
#[derive(Clone, Debug)]
pub(super) struct Licences(BTreeSet<Licence>);

impl Licences {
    /// The licences of all tables.
    pub(super) fn of(tables: &[Download<'_>]) -> Self {
        Self(tables.iter().flat_map(extracts).map(|extract| Licence::named(&extract.licence)).collect())
    }

    /// Those of one table.
    pub(super) fn of_table(&self, table: &Download<'_>) -> BTreeSet<Licence> {
        let own: BTreeSet<Licence> = extracts(table).iter().map(|extract| Licence::named(&extract.licence)).collect();
        if own.is_empty() { self.0.clone() } else { own }
    }

    /// All of them.
    pub(super) fn all(&self) -> &BTreeSet<Licence> {
        &self.0
    }
}

/// The extracts that a table rests on.
pub(super) fn extracts<'a>(table: &Download<'a>) -> &'a [ExtractRef] {
    table.figure.map(|figure| figure.provenance().extracts.as_slice()).unwrap_or_default()
}

/// Who published the extracts of tables, and how many files.
pub(super) fn sources<'a>(tables: impl Iterator<Item = &'a Download<'a>>) -> BTreeMap<&'a str, usize> {
    let mut files: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for extract in tables.flat_map(extracts) {
        files.entry(&extract.publisher).or_default().insert(&extract.hash);
    }
    files.into_iter().map(|(publisher, hashes)| (publisher, hashes.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::Licence;

    #[test]
    fn a_licence_that_is_not_known_keeps_its_words() {
        assert_eq!(Licence::named("Open Government Licence v3.0").name, "OGL-UK-3.0");
        let other = Licence::named("Under the information sharing agreement of 2024");
        assert_eq!((other.name.as_str(), other.address), ("under-the-information-sharing-agreement-of-2024", None));
        assert_eq!(Licence::named("–").name, "not-named");
    }
}
