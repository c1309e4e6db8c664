//! A release being prepared: its counts, the axes they lie on, and what was released before.

use crate::Count;
use crate::ledger::{Ledger, Seen};
use crate::linked::{CellId, Contradiction, Linked, Standing};
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
    of_keys: BTreeMap<Vec<String>, CellId>,
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
    /// `count_now` counts a key of an earlier release again from the data at hand. Where parts of a total are missing, a latent
    /// cell stands for the rest. Where a count has changed since it was released, the two are tied by their difference, which
    /// is latent: a small change is as telling as a small count.
    ///
    /// # Errors
    /// Refuses parts that exceed or miss their total, and an earlier count that can no longer be counted.
    pub fn link(&self, ledger: &Ledger, count_now: impl Fn(&[String]) -> Option<Count>) -> Result<(Linked, Places), Unlinked> {
        let mut linked = Linked::default();
        let mut places = Places::default();
        for (key, (count, is_latent)) in &self.counts {
            let standing = if *is_latent { Standing::Latent } else { Standing::Candidate { weight: self.weight(key) } };
            self.place(&mut linked, &mut places, key, *count, standing, ledger)?;
        }
        for (key, _) in ledger.entries().filter(|(key, _)| !self.counts.contains_key(*key)) {
            let entries = ledger.of(key);
            let hidden = entries.iter().all(|entry| entry.seen == Seen::Hidden);
            let exact = entries.iter().rev().find_map(|entry| match entry.seen {
                Seen::Count { shown, low, high } if low == high => Some(Count::new(shown)),
                _ => None,
            });
            let count = count_now(key).or(exact).ok_or_else(|| Unlinked::Forgotten { key: key.to_vec() })?;
            let standing = if hidden { Standing::HiddenBefore } else { Standing::Latent };
            self.place(&mut linked, &mut places, key, count, standing, ledger)?;
        }
        for at in 0..self.axes.len() {
            self.tie(&mut linked, &places, at)?;
        }
        Ok((linked, places))
    }

    /// Adds the cell of a key, tied to what was seen of it before.
    fn place(
        &self,
        linked: &mut Linked,
        places: &mut Places,
        key: &[String],
        count: Count,
        standing: Standing,
        ledger: &Ledger,
    ) -> Result<(), Unlinked> {
        let mut seen: BTreeSet<(u64, u64)> = BTreeSet::new();
        for entry in ledger.of(key) {
            if let Seen::Count { shown, low, high } = entry.seen {
                if low > high {
                    return Err(Unlinked::Tampered { key: key.to_vec(), shown });
                }
                seen.insert((low, high));
            }
        }
        let still_so = seen.iter().find(|(low, high)| (*low..=*high).contains(&count.0)).copied();
        let standing = match still_so {
            Some((low, high)) if low == high => Standing::Released,
            Some((low, high)) => Standing::ReleasedWithin { low, high, again: matches!(standing, Standing::Candidate { .. }) },
            None => standing,
        };
        let now = linked.add_cell(count, standing);
        places.of_keys.insert(key.to_vec(), now);
        // Counts that have changed since: only what was shown exactly can be subtracted.
        for (was, _) in seen.iter().filter(|(low, high)| low == high && *low != count.0) {
            let before = linked.add_cell(Count::new(*was), Standing::Released);
            let change = linked.add_cell(Count::new(was.abs_diff(count.0)), Standing::Latent);
            let (more, less) = if *was > count.0 { (before, now) } else { (now, before) };
            linked.add_sum(more, &[less, change]).map_err(|_| Unlinked::WrongTotal { total: key.to_vec(), axis: "edition".into() })?;
        }
        Ok(())
    }

    /// Adds the sums along one axis.
    fn tie(&self, linked: &mut Linked, places: &Places, at: usize) -> Result<(), Unlinked> {
        let axis = &self.axes[at];
        for (total, parts) in &axis.totals {
            // Sums with the same parts missing run along one axis of one table.
            let mut families: BTreeMap<Vec<String>, u32> = BTreeMap::new();
            for (key, whole) in places.of_keys.iter().filter(|(key, _)| key[at] == *total) {
                let (mut there, mut is_complete, mut named) = (Vec::new(), true, Vec::new());
                for part in parts {
                    is_complete &= self.gather(places, key, at, part, axis.totals.len(), &mut there, &mut named);
                }
                if there.is_empty() || named.iter().any(|name| name == total) {
                    continue;
                }
                let problem = |contradiction| match contradiction {
                    Contradiction::WrongTotal { .. } => Unlinked::WrongTotal { total: key.clone(), axis: axis.name.clone() },
                    _ => Unlinked::TooMuch { total: key.clone(), axis: axis.name.clone() },
                };
                if !is_complete {
                    let sum: Option<u64> = there.iter().try_fold(0_u64, |sum, cell| sum.checked_add(linked.counts[cell.0 as usize]));
                    let rest = sum.and_then(|sum| linked.counts[whole.0 as usize].checked_sub(sum));
                    let rest = rest.ok_or_else(|| Unlinked::TooMuch { total: key.clone(), axis: axis.name.clone() })?;
                    there.push(linked.add_cell(Count::new(rest), Standing::Latent));
                }
                let family = *families.entry(named).or_insert_with(|| linked.new_family());
                linked.add_sum_of(family, *whole, &there).map_err(problem)?;
            }
        }
        Ok(())
    }

    /// Gathers the cell of a part or, where it is not there, those of its own parts; says whether they make it up completely.
    #[allow(clippy::too_many_arguments)]
    fn gather(
        &self,
        places: &Places,
        key: &[String],
        at: usize,
        part: &str,
        within: usize,
        there: &mut Vec<CellId>,
        named: &mut Vec<String>,
    ) -> bool {
        let mut of_part = key.to_vec();
        part.clone_into(&mut of_part[at]);
        if let Some(cell) = places.of_keys.get(&of_part) {
            there.push(*cell);
            named.push(part.to_owned());
            return true;
        }
        if within == 0 {
            return false;
        }
        for (_, parts) in self.axes[at].totals.iter().filter(|(total, _)| total == part) {
            let n_before = there.len();
            let mut is_complete = true;
            for finer in parts {
                is_complete &= self.gather(places, key, at, finer, within - 1, there, named);
            }
            if there.len() > n_before {
                return is_complete;
            }
        }
        false
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
        self.of_keys.get(key).copied()
    }

    /// Every key with its cell, in order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&[String], CellId)> {
        self.of_keys.iter().map(|(key, cell)| (key.as_slice(), *cell))
    }
}
