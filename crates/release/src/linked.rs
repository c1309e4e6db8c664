//! The cells of a release, with every sum that ties them together.

use crate::Count;
use std::collections::BTreeMap;
use std::fmt;

/// The place of one cell in a [`Linked`] release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellId(pub(crate) u32);

/// How a cell comes into a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is to be published, and may be hidden at a cost: 1 for a cell like any other, more for one that readers need most.
    Candidate {
        /// What hiding it costs, from 1 to 1,000.
        weight: u16,
    },
    /// It is not published, but readers can narrow it down from cells that are: the rest of a total, or the small areas of
    /// which overlapping larger ones are made.
    Latent,
    /// By how much two editions differ in a count, for whoever has both. It is not published, and unlike a latent cell nobody
    /// knows of themselves that they are in it: people know where they are counted, not which edition counted them first.
    Change,
    /// It is out already and cannot be taken back: shown as it is.
    Released,
    /// It is out already, rounded: readers know that it lies within bounds.
    ReleasedWithin {
        /// The lowest count it may be.
        low: u64,
        /// The highest count it may be.
        high: u64,
        /// Whether it is in this release, too, and shown as the rule says.
        again: bool,
    },
    /// It was hidden in an earlier release and must stay unknown, whatever is shown now.
    HiddenBefore,
}

impl Standing {
    /// Whether readers have it already, or nearly: they know it to be one of fewer values than a rule asks for, and nothing can
    /// keep it from them.
    pub(crate) fn is_out(self, least_values: u64) -> bool {
        match self {
            Self::Released => true,
            Self::ReleasedWithin { low, high, .. } => high.saturating_sub(low) < least_values.saturating_sub(1),
            _ => false,
        }
    }
}

/// All cells of a release and of the earlier ones it may be compared with, and all sums between them.
///
/// The same count in two tables is one cell. Every table's margins, every hierarchy of areas, ages and periods, and every
/// overlap is a [`sum`](Linked::add_sum): a total and its parts. Two populations of which one lies in the other are a total
/// and two parts, the second of them latent.
///
/// ```
/// use headwater_release::{Count, Linked, Standing};
/// let mut linked = Linked::default();
/// let mut cell = |n| linked.add_cell(Count::new(n), Standing::Candidate { weight: 1 });
/// let (north, south, both) = (cell(3), cell(9), cell(12));
/// linked.add_sum(both, &[north, south])?;
/// assert!(linked.add_sum(north, &[south, both]).is_err());
/// # Ok::<(), headwater_release::Contradiction>(())
/// ```
#[derive(Clone, Default)]
pub struct Linked {
    pub(crate) counts: Vec<u64>,
    pub(crate) standings: Vec<Standing>,
    pub(crate) sums: Vec<Sum>,
    n_families: u32,
}

/// A total and its parts.
#[derive(Clone)]
pub(crate) struct Sum {
    pub total: u32,
    pub parts: Vec<u32>,
    /// Sums of one family run along one axis of a table: parts at the same position belong to the same category.
    pub family: u32,
}

/// Counts that cannot all be true, or a sum that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// The parts do not add up to the total. The counts themselves are not named: they are not cleared yet.
    #[error("the {n_parts} parts of sum {sum} do not add up to its total")]
    WrongTotal {
        /// The position of the sum among those added, from 0.
        sum: usize,
        /// How many parts it has.
        n_parts: usize,
    },
    /// A cell stands twice in a sum.
    #[error("cell {cell} stands twice in sum {sum}")]
    TwiceInOneSum {
        /// The position of the sum among those added, from 0.
        sum: usize,
        /// The cell.
        cell: u32,
    },
    /// A cell that was never added, perhaps one of another release.
    #[error("sum {sum} names cell {cell}, which is not in this release")]
    UnknownCell {
        /// The position of the sum among those added, from 0.
        sum: usize,
        /// The cell.
        cell: u32,
    },
}

impl Linked {
    /// Adds a cell.
    pub fn add_cell(&mut self, count: Count, standing: Standing) -> CellId {
        self.counts.push(count.0);
        self.standings.push(standing);
        CellId(self.counts.len() as u32 - 1)
    }

    /// Says that a total is the sum of parts. A sum of no parts is left out: it ties nothing.
    ///
    /// # Errors
    /// Refuses parts that do not add up, a cell that stands twice, and a cell of another release.
    pub fn add_sum(&mut self, total: CellId, parts: &[CellId]) -> Result<(), Contradiction> {
        let family = self.new_family();
        self.add_sum_of(family, total, parts)
    }

    /// A number for sums along one axis.
    pub(crate) fn new_family(&mut self) -> u32 {
        self.n_families += 1;
        self.n_families - 1
    }

    /// The same for one of a family of sums.
    pub(crate) fn add_sum_of(&mut self, family: u32, total: CellId, parts: &[CellId]) -> Result<(), Contradiction> {
        let sum = self.sums.len();
        let mut all: Vec<u32> = parts.iter().chain([&total]).map(|cell| cell.0).collect();
        all.sort_unstable();
        if let Some(&cell) = all.iter().find(|cell| **cell as usize >= self.counts.len()) {
            return Err(Contradiction::UnknownCell { sum, cell });
        }
        if let Some(pair) = all.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Contradiction::TwiceInOneSum { sum, cell: pair[0] });
        }
        let of_parts = parts.iter().try_fold(0_u64, |so_far, part| so_far.checked_add(self.counts[part.0 as usize]));
        if !parts.is_empty() && of_parts != Some(self.counts[total.0 as usize]) {
            return Err(Contradiction::WrongTotal { sum, n_parts: parts.len() });
        }
        if !parts.is_empty() {
            self.sums.push(Sum { total: total.0, parts: parts.iter().map(|part| part.0).collect(), family });
        }
        Ok(())
    }

    /// How many cells there are.
    pub fn n_cells(&self) -> usize {
        self.counts.len()
    }

    /// How many sums there are.
    pub fn n_sums(&self) -> usize {
        self.sums.len()
    }

    /// The parts of the release that no sum ties to each other, each with the places of its cells here; those without a wanted
    /// cell are left out.
    pub(crate) fn parts(&self, wanted: &[u32]) -> Vec<(Vec<u32>, Linked)> {
        let mut first: Vec<u32> = (0..self.counts.len() as u32).collect();
        for sum in &self.sums {
            for part in &sum.parts {
                let (a, b) = (first_of(&mut first, sum.total), first_of(&mut first, *part));
                first[a.max(b) as usize] = a.min(b);
            }
        }
        let mut at_of_part = BTreeMap::new();
        for cell in wanted {
            let next = at_of_part.len();
            at_of_part.entry(first_of(&mut first, *cell)).or_insert(next);
        }
        let mut parts = vec![(Vec::new(), Linked { n_families: self.n_families, ..Linked::default() }); at_of_part.len()];
        let mut place = vec![0_u32; self.counts.len()];
        for (cell, place) in place.iter_mut().enumerate() {
            if let Some(at) = at_of_part.get(&first_of(&mut first, cell as u32)) {
                let (cells, part) = &mut parts[*at];
                *place = cells.len() as u32;
                cells.push(cell as u32);
                part.counts.push(self.counts[cell]);
                part.standings.push(self.standings[cell]);
            }
        }
        for sum in &self.sums {
            if let Some(at) = at_of_part.get(&first_of(&mut first, sum.total)) {
                let there = |cell: &u32| place[*cell as usize];
                parts[*at].1.sums.push(Sum { total: there(&sum.total), parts: sum.parts.iter().map(there).collect(), family: sum.family });
            }
        }
        parts
    }

    /// For every cell the sums it stands in, with its sign in `total − parts`: rows of one flat list.
    pub(crate) fn sums_of_cells(&self) -> Rows<(u32, i8)> {
        let pairs = self.sums.iter().enumerate().flat_map(|(at, sum)| {
            let parts = sum.parts.iter().map(move |part| (*part, (at as u32, -1)));
            std::iter::once((sum.total, (at as u32, 1))).chain(parts)
        });
        Rows::gather(self.counts.len(), pairs)
    }
}

/// The first cell that is tied to a cell, as far as is known.
pub(crate) fn first_of(first: &mut [u32], mut cell: u32) -> u32 {
    while first[cell as usize] != cell {
        first[cell as usize] = first[first[cell as usize] as usize];
        cell = first[cell as usize];
    }
    cell
}

impl fmt::Debug for Linked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Linked({} cells, {} sums)", self.n_cells(), self.n_sums())
    }
}

/// Lists of different length, one after the other in one allocation.
#[derive(Clone, Debug)]
pub(crate) struct Rows<T> {
    begins: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy + Default> Rows<T> {
    /// Gathers `(row, item)` pairs; the items of a row keep their order.
    pub fn gather(n_rows: usize, pairs: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut begins = vec![0_u32; n_rows + 1];
        for (row, _) in pairs.clone() {
            begins[row as usize + 1] += 1;
        }
        for row in 0..n_rows {
            begins[row + 1] += begins[row];
        }
        let mut next = begins.clone();
        let mut items = vec![T::default(); begins[n_rows] as usize];
        for (row, item) in pairs {
            items[next[row as usize] as usize] = item;
            next[row as usize] += 1;
        }
        Self { begins, items }
    }

    /// The items of one row.
    pub fn row(&self, row: usize) -> &[T] {
        &self.items[self.begins[row] as usize..self.begins[row + 1] as usize]
    }
}
