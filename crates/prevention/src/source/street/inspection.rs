//! What a row is looked at for besides its counts: missing places, odd points, repeats.

use super::line::Column;
use super::part::Part;
use super::rows::{Kept, Watch};
use crate::period::Month;
use rapidhash::fast::SeedableState;
use std::collections::{BTreeMap, HashMap};

/// Tallies every row by force and month, and keeps the fingerprints of rows and Crime IDs.
pub(super) struct Inspection {
    parts: Vec<(u8, Month, Part)>,
    // Looked up, never gone through: its order shows nowhere.
    part_at: HashMap<(u8, Month), usize, SeedableState<'static>>,
    last: usize,
    row_prints: Vec<u64>,
    id_prints: Vec<u64>,
}

/// Sorted, distinct fingerprints, and how many were repeats.
pub(super) type Prints = (Vec<u64>, u64);

impl Inspection {
    pub fn new() -> Self {
        let part_at = HashMap::with_hasher(SeedableState::fixed());
        Self { parts: Vec::new(), part_at, last: 0, row_prints: Vec::new(), id_prints: Vec::new() }
    }

    /// The tallies by name of force and month, and the fingerprints of rows and of Crime IDs.
    pub fn finish(self, forces: &[String]) -> (BTreeMap<(String, Month), Part>, Prints, Prints) {
        let parts = self.parts.into_iter().map(|(force, month, part)| ((forces[usize::from(force)].clone(), month), part)).collect();
        (parts, sorted(self.row_prints), sorted(self.id_prints))
    }

    /// The position in `parts` of a force and month; rows of one mostly come together, so the last one is tried first.
    fn part(&mut self, force: u8, month: Month) -> usize {
        if !self.parts.get(self.last).is_some_and(|(f, m, _)| *f == force && *m == month) {
            self.last = *self.part_at.entry((force, month)).or_insert_with(|| {
                self.parts.push((force, month, Part::new()));
                self.parts.len() - 1
            });
        }
        self.last
    }
}

impl Watch for Inspection {
    #[inline(always)]
    fn row<'a>(&mut self, kept: Kept, field: impl Fn(Column) -> &'a [u8], line: &'a [u8]) {
        let part = self.part(kept.force, kept.month);
        self.parts[part].2.take(kept, &field);
        self.row_prints.push(rapidhash::v3::rapidhash_v3(line));
        let id = field(Column::CrimeId);
        if !id.is_empty() {
            self.id_prints.push(rapidhash::v3::rapidhash_v3(id));
        }
    }
}

/// Sorts and removes repeats; also says how many repeats there were.
///
/// Two different values among n share a fingerprint with a chance of about n²/2⁶⁵: one in 4,600 for ninety million.
fn sorted(mut prints: Vec<u64>) -> Prints {
    let n = prints.len();
    prints.sort_unstable();
    prints.dedup();
    let n_repeats = (n - prints.len()) as u64;
    prints.shrink_to_fit();
    (prints, n_repeats)
}
