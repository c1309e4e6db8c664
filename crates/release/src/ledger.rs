//! Everything that was ever released, and to whom.

use crate::Audience;
use std::collections::BTreeMap;

/// What readers of a release saw of one count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The count itself, or the value it was rounded to with the lowest and the highest count that would be rounded so.
    Count {
        /// As it was shown.
        shown: u64,
        /// The lowest count it may be.
        low: u64,
        /// The highest count it may be.
        high: u64,
    },
    /// `[c]`.
    Hidden,
}

/// One count of one release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The release, by its id.
    pub release: String,
    /// Who received it.
    pub audience: Audience,
    /// What they saw.
    pub seen: Seen,
}

/// What was released, by the key of each count: one category for each axis, in the order of the axes.
///
/// A count may have been released several times; all of it stays known. Whoever received one release may read the next, so
/// what partners received counts for a public release, too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    entries: BTreeMap<Vec<String>, Vec<Entry>>,
    releases: Vec<String>,
}

impl Ledger {
    /// Writes down what readers saw of one count. Releases are written down one after the other, in the order in which they left.
    pub fn add(&mut self, key: Vec<String>, entry: Entry) {
        if self.releases.last() != Some(&entry.release) && !self.releases.contains(&entry.release) {
            self.releases.push(entry.release.clone());
        }
        self.entries.entry(key).or_default().push(entry);
    }

    /// Every key with what was seen of it, in order of the keys.
    pub fn entries(&self) -> impl Iterator<Item = (&[String], &[Entry])> {
        self.entries.iter().map(|(key, entries)| (key.as_slice(), entries.as_slice()))
    }

    /// The releases by their ids, in the order in which they were written down.
    pub fn releases(&self) -> impl Iterator<Item = &str> {
        self.releases.iter().map(String::as_str)
    }

    /// What was seen of one count.
    pub fn of(&self, key: &[String]) -> &[Entry] {
        self.entries.get(key).map_or(&[], Vec::as_slice)
    }

    /// How many counts were ever released.
    pub fn n_counts(&self) -> usize {
        self.entries.len()
    }
}
