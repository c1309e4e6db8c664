//! A release being prepared: its counts, the axes they lie on, and what was released before.

mod accounts;
mod closure;
mod keys;
mod lines;
mod view;

use crate::Count;
use crate::ledger::{Ledger, Seen};
use crate::linked::{CellId, Linked, Standing};
use accounts::Accounts;
use keys::Keys;
use std::collections::{BTreeMap, BTreeSet};

/// One axis of a release (areas, months, ages, measures): which categories are made of which others.
///
/// ```
/// use headwater_release::Axis;
/// let areas = Axis::new("area").made_of("E23000033", ["E22000200", "E22000201"]);
/// assert_eq!(areas.name(), "area");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Axis {
    name: String,
    totals: Vec<(String, Vec<String>)>,
}

impl Axis {
    /// An axis on which no category is made of others.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), totals: Vec::new() }
    }

    /// Says that a category is made of others, completely and without overlap. It may be said in several ways: a year is made
    /// of months, and of quarters. The parts need not all be released.
    #[must_use]
    pub fn made_of<S: Into<String>>(mut self, total: impl Into<String>, parts: impl IntoIterator<Item = S>) -> Self {
        self.totals.push((total.into(), parts.into_iter().map(Into::into).collect()));
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many steps of adding up a category is away from the finest ones; what is made of itself counts as finest.
    fn height(&self, category: &str, within: usize) -> u32 {
        let parts = self.totals.iter().filter(|(total, parts)| total == category && !parts.iter().any(|part| part == total));
        let below = parts.flat_map(|(_, parts)| parts).map(|part| if within == 0 { 0 } else { self.height(part, within - 1) }).max();
        below.map_or(0, |below| below + 1)
    }
}

/// A release being prepared.
#[derive(Clone, Debug)]
pub struct Draft {
    axes: Vec<Axis>,
    counts: BTreeMap<Vec<String>, (Count, bool)>,
}

/// The place of every count of a draft, and of every count released before it, in the linked system.
#[derive(Clone, Debug, Default)]
pub struct Places {
    keys: Keys,
    /// By the numbers of the keys.
    of_keys: BTreeMap<u128, CellId>,
    /// The key of each cell that stands for another count than this edition's: as another edition counted it, or by how much two
    /// of them differ.
    of_others: BTreeMap<CellId, u128>,
    n_untied: usize,
    n_changed: usize,
}

/// A release that cannot be linked up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unlinked {
    /// A key with another number of categories than there are axes.
    #[error("{key:?} has {} categories and the release {n_axes} axes", .key.len())]
    Key {
        /// The key.
        key: Vec<String>,
        /// How many axes there are.
        n_axes: usize,
    },
    /// One key was given twice.
    #[error("{key:?} has two counts")]
    Twice {
        /// The key.
        key: Vec<String>,
    },
    /// Parts of a total add up to more than it.
    #[error("the parts of {total:?} along {axis} add up to more than it")]
    TooMuch {
        /// The key of the total.
        total: Vec<String>,
        /// The axis.
        axis: String,
    },
    /// Parts of a total, all there, add up to something else.
    #[error("the parts of {total:?} along {axis} do not add up to it")]
    WrongTotal {
        /// The key of the total.
        total: Vec<String>,
        /// The axis.
        axis: String,
    },
    /// A count that an earlier release hid or rounded, and that cannot be counted any more.
    #[error("an earlier release hid or rounded {key:?}, and its count cannot be found any more; add the extract that it was counted from")]
    Forgotten {
        /// The key.
        key: Vec<String>,
    },
    /// No count can have been shown as the ledger says.
    #[error("the ledger says of {key:?} that it was shown as {shown}, and gives bounds that no count lies between; was it changed by hand?")]
    Tampered {
        /// The key.
        key: Vec<String>,
        /// What the ledger says.
        shown: u64,
    },
}

/// One count of a key, among those that editions gave it.
#[derive(Clone, Copy, Debug)]
struct Variant {
    standing: Standing,
    /// What readers know of it.
    bounds: Option<(u64, u64)>,
}

/// Counts by the numbers of their keys.
type Known = BTreeMap<u128, u64>;

/// The counts of each key, by its number, as this release and earlier ones count it.
type Variants = BTreeMap<u128, BTreeMap<u64, Variant>>;

impl Default for Variant {
    fn default() -> Self {
        Self { standing: Standing::HiddenBefore, bounds: None }
    }
}

impl Variant {
    /// Takes in what readers of an earlier release saw.
    fn see(&mut self, key: &[String], seen: Seen, count: u64) -> Result<(), Unlinked> {
        if seen == Seen::Hidden && self.standing == Standing::Latent {
            // It stood in a table as hidden, so readers know that it is not nought.
            self.standing = Standing::HiddenBefore;
        }
        if let Seen::Count { shown, low, high } = seen {
            if !(low..=high).contains(&count) {
                return Err(Unlinked::Tampered { key: key.to_vec(), shown });
            }
            let (known_low, known_high) = self.bounds.unwrap_or((low, high));
            self.bounds = Some((known_low.max(low), known_high.min(high)));
        }
        Ok(())
    }

    fn standing(&self) -> Standing {
        match self.bounds {
            Some((low, high)) if low == high => Standing::Released,
            Some((low, high)) => Standing::ReleasedWithin { low, high, again: matches!(self.standing, Standing::Candidate { .. }) },
            None => self.standing,
        }
    }
}

/// The count that readers saw, if they saw it exactly.
fn exact(seen: Seen) -> Option<u64> {
    match seen {
        Seen::Count { low, high, .. } if low == high => Some(low),
        _ => None,
    }
}

impl Draft {
    /// An empty draft over axes.
    pub fn new(axes: Vec<Axis>) -> Self {
        Self { axes, counts: BTreeMap::new() }
    }

    /// Adds a count to be published.
    ///
    /// # Errors
    /// Refuses a key that has not one category for each axis, and one that is there already.
    pub fn add(&mut self, key: Vec<String>, count: Count) -> Result<(), Unlinked> {
        self.put(key, count, false)
    }

    /// Adds a count that is not published, so that readers cannot work it out either: a small area of which wards and
    /// neighbourhoods are both made.
    ///
    /// # Errors
    /// As [`Draft::add`].
    pub fn add_latent(&mut self, key: Vec<String>, count: Count) -> Result<(), Unlinked> {
        self.put(key, count, true)
    }

    fn put(&mut self, key: Vec<String>, count: Count, is_latent: bool) -> Result<(), Unlinked> {
        if key.len() != self.axes.len() {
            return Err(Unlinked::Key { key, n_axes: self.axes.len() });
        }
        match self.counts.entry(key) {
            std::collections::btree_map::Entry::Occupied(known) => Err(Unlinked::Twice { key: known.key().clone() }),
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert((count, is_latent));
                Ok(())
            }
        }
    }

    /// How many counts are to be published.
    pub fn n_counts(&self) -> usize {
        self.counts.values().filter(|(_, is_latent)| !is_latent).count()
    }

    /// Ties all counts together, those of earlier releases with them.
    ///
    /// `count_then` counts a key as an earlier release, named by its id, counted it. Where parts of a total are missing, a latent
    /// cell stands for the rest. A count that has changed since it was released is two cells, each tied to what left with it, to
    /// what any other release says that does not contradict it along the same sum, and to each other by their difference, which
    /// is latent: a small change is as telling as a small count, whether the two were shown, follow from what was, or were hidden.
    ///
    /// # Errors
    /// Refuses parts that exceed or miss their total, and an earlier count that can no longer be counted.
    pub fn link(&self, ledger: &Ledger, count_then: impl Fn(&str, &[String]) -> Option<Count>) -> Result<(Linked, Places), Unlinked> {
        let mut linked = Linked::default();
        let seen = ledger.entries().map(|(key, _)| key);
        let keys = Keys::new(&self.axes, self.counts.keys().map(Vec::as_slice).chain(seen));
        let number = |key: &[String]| keys.number(key).ok_or_else(|| Unlinked::Key { key: key.to_vec(), n_axes: self.axes.len() });
        let mut variants: Variants = BTreeMap::new();
        let mut own = Known::new();
        for (key, (count, is_latent)) in &self.counts {
            let standing = if *is_latent { Standing::Latent } else { Standing::Candidate { weight: self.weight(key) } };
            let place = number(key)?;
            own.insert(place, count.0);
            variants.entry(place).or_default().insert(count.0, Variant { standing, ..Variant::default() });
        }
        // What left with each earlier release, in the order in which they left.
        let mut editions: Vec<(&str, Known)> = ledger.releases().map(|id| (id, Known::new())).collect();
        let at_of: BTreeMap<&str, usize> = ledger.releases().enumerate().map(|(at, id)| (id, at)).collect();
        for (key, entries) in ledger.entries() {
            let place = number(key)?;
            for entry in entries {
                let count = count_then(&entry.release, key).map(|count| count.0).or(exact(entry.seen));
                let count = count.ok_or_else(|| Unlinked::Forgotten { key: key.to_vec() })?;
                variants.entry(place).or_default().entry(count).or_default().see(key, entry.seen, count)?;
                if let Some(at) = at_of.get(entry.release.as_str()) {
                    editions[*at].1.insert(place, count);
                }
            }
        }
        // This edition: what leaves now, for all else what left last, and what follows from them, which is known to whoever can
        // add; small counts among it must stay unknown, too.
        let mut now: Known = editions.iter().flat_map(|(_, edition)| edition).map(|(place, count)| (*place, *count)).collect();
        now.extend(&own);
        let (follows, all_fit) = closure::follow(&self.axes, &keys, &now);
        // What leaves now and was another count then, though it did not leave: bounds may tell what no sum does.
        let unseen = |id: &str, edition: &Known| -> Known {
            let own = own.iter().zip(self.counts.keys()).filter(|((place, _), _)| !edition.contains_key(place));
            own.filter_map(|((place, n), key)| count_then(id, key).filter(|then| then.0 != *n).map(|then| (*place, then.0))).collect()
        };
        let mut sources: Vec<Known> = vec![own.clone()];
        for (id, edition) in &editions {
            sources.push(edition.iter().map(|(place, count)| (*place, *count)).chain(unseen(id, edition)).collect());
        }
        let is_one = all_fit && sources.iter().flatten().all(|(place, count)| now.get(place) == Some(count));
        // Where editions count differently, readers can still put together those that do not.
        let accounts = if is_one { Accounts::default() } else { accounts::accounts(&self.axes, &keys, sources) };
        for (place, count) in accounts.each.iter().chain(&accounts.together).flatten().chain(&follows) {
            let latent = Variant { standing: Standing::Latent, bounds: None };
            variants.entry(*place).or_default().entry(*count).or_insert(latent);
        }
        let mut cells: BTreeMap<(u128, u64), CellId> = BTreeMap::new();
        let mut of_others = BTreeMap::new();
        for (place, of_key) in &variants {
            let known: Vec<(u64, CellId)> = of_key
                .iter()
                .map(|(count, variant)| {
                    let cell = linked.add_cell(Count::new(*count), variant.standing());
                    cells.insert((*place, *count), cell);
                    (*count, cell)
                })
                .collect();
            for (at, (count, more)) in known.iter().enumerate() {
                for (fewer, less) in &known[..at] {
                    let change = linked.add_cell(Count::new(count - fewer), Standing::Change);
                    let wrong = |_| Unlinked::WrongTotal { total: keys.key(*place), axis: "edition".into() };
                    linked.add_sum(*more, &[*less, change]).map_err(wrong)?;
                    of_others.extend([*more, *less, change].map(|cell| (cell, *place)));
                }
            }
        }
        let of_keys: BTreeMap<u128, CellId> = follows.iter().chain(&now).map(|(place, count)| (*place, cells[&(*place, *count)])).collect();
        let mut lines = lines::Lines::new(&self.axes, &keys, &cells, &own);
        lines.tie_all(&mut linked, &of_keys)?;
        let n_untied = lines.n_untied();
        let changed: Vec<u128> = variants.iter().filter(|(_, of_key)| of_key.len() > 1).map(|(place, _)| *place).collect();
        let n_changed = changed.len();
        lines.tie_accounts(&mut linked, &accounts, &of_keys, changed.into_iter())?;
        Ok((linked, Places { keys, of_keys, of_others, n_untied, n_changed }))
    }

    /// Readers need totals most: three times as much for each step of adding up.
    fn weight(&self, key: &[String]) -> u16 {
        let steps: u32 = self.axes.iter().zip(key).map(|(axis, category)| axis.height(category, 8)).sum();
        3_u32.saturating_pow(steps).min(1_000) as u16
    }
}

impl Places {
    /// The cell of a key.
    pub fn cell(&self, key: &[String]) -> Option<CellId> {
        self.of_keys.get(&self.keys.number(key)?).copied()
    }

    /// How many sums were left out because an earlier edition and this one count differently.
    pub fn n_untied(&self) -> usize {
        self.n_untied
    }

    /// How many counts are another than in an earlier edition.
    pub fn n_changed(&self) -> usize {
        self.n_changed
    }

    /// The keys of cells, each once, in their order: also of counts of earlier editions, and of changes since.
    pub fn keys_of(&self, cells: &[CellId]) -> Vec<Vec<String>> {
        let own = self.of_keys.iter().filter(|(_, cell)| cells.contains(cell)).map(|(place, _)| *place);
        let places: BTreeSet<u128> = own.chain(cells.iter().filter_map(|cell| self.of_others.get(cell).copied())).collect();
        places.into_iter().map(|place| self.keys.key(place)).collect()
    }

    /// Every key with its cell, in order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (Vec<String>, CellId)> {
        self.of_keys.iter().map(|(place, cell)| (self.keys.key(*place), *cell))
    }
}
