//! A table of several dimensions with all its margins, as part of a linked release.

use crate::Count;
use crate::linked::{CellId, Contradiction, Linked, Standing};

/// One dimension of a table: its categories, and which of them are made of which others.
///
/// ```
/// use headwater_release::Dimension;
/// // Two quarters of three months, and the half-year.
/// let mut months = Dimension::of_parts(6);
/// let first = months.add_total(&[0, 1, 2]);
/// let second = months.add_total(&[3, 4, 5]);
/// months.add_total(&[first, second]);
/// assert_eq!(months.n_categories(), 9);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimension {
    totals: Vec<(usize, Vec<usize>)>,
    n_parts: usize,
    n: usize,
}

impl Dimension {
    /// A dimension of this many categories of which none is made of others.
    pub fn of_parts(n: usize) -> Self {
        Self { totals: Vec::new(), n_parts: n, n }
    }

    /// Adds a category made of others that are there already; returns its position. Parts that are not there are left out.
    pub fn add_total(&mut self, parts: &[usize]) -> usize {
        let total = self.n;
        self.totals.push((total, parts.iter().copied().filter(|part| *part < total).collect()));
        self.n += 1;
        total
    }

    /// Says that an existing category is also made of other parts: a year of months, and of quarters.
    pub fn also_made_of(&mut self, total: usize, parts: &[usize]) {
        if total >= self.n_parts && total < self.n {
            self.totals.push((total, parts.iter().copied().filter(|part| *part < self.n && *part != total).collect()));
        }
    }

    /// How many of the categories are made of no others.
    #[cfg(test)]
    pub(crate) fn n_parts(&self) -> usize {
        self.n_parts
    }

    /// How many categories there are, with the totals.
    pub fn n_categories(&self) -> usize {
        self.n
    }

    /// How many totals a category is away from the finest ones: 0 for a part.
    fn height(&self, category: usize) -> u32 {
        let parts = self.totals.iter().find(|(total, _)| *total == category).map(|(_, parts)| parts);
        parts.map_or(0, |parts| 1 + parts.iter().map(|part| self.height(*part)).max().unwrap_or(0))
    }
}

/// The cells of a table with all its margins.
#[derive(Clone, Debug)]
pub struct Crossing {
    cells: Vec<CellId>,
    sizes: Vec<usize>,
}

impl Crossing {
    /// Adds a table of all combinations to a release: the finest counts are given, the margins are added up here.
    ///
    /// A margin's weight is three for every step of adding up, times the steps of the other dimensions: readers need the
    /// totals most.
    ///
    /// # Errors
    /// Refuses sums that contradict each other, as when a total is made of two sets of parts with different sums.
    pub fn add_to(linked: &mut Linked, dimensions: &[Dimension], finest: impl Fn(&[usize]) -> Count) -> Result<Self, Contradiction> {
        let sizes: Vec<usize> = dimensions.iter().map(Dimension::n_categories).collect();
        let mut table = Self { cells: Vec::new(), sizes };
        let mut counts = Vec::with_capacity(table.n_cells());
        for at in 0..table.n_cells() {
            let place = table.place(at);
            let coarse = dimensions.iter().zip(&place).position(|(dimension, category)| *category >= dimension.n_parts);
            let count = match coarse {
                None => finest(&place),
                Some(axis) => {
                    // Parts come before their totals in every dimension, so they are counted already.
                    let parts = dimensions[axis].totals.iter().find(|(total, _)| *total == place[axis]).map_or(&[][..], |(_, parts)| parts);
                    parts.iter().map(|part| counts[table.position(&with(&place, axis, *part))]).sum()
                }
            };
            let weight =
                dimensions.iter().zip(&place).map(|(dimension, category)| 3_u32.saturating_pow(dimension.height(*category))).product::<u32>();
            counts.push(count);
            table.cells.push(linked.add_cell(count, Standing::Candidate { weight: weight.min(1_000) as u16 }));
        }
        for (axis, dimension) in dimensions.iter().enumerate() {
            for (total, parts) in &dimension.totals {
                let family = linked.new_family();
                for place in (0..table.n_cells()).map(|at| table.place(at)).filter(|place| place[axis] == *total) {
                    let parts: Vec<CellId> = parts.iter().map(|part| table.cells[table.position(&with(&place, axis, *part))]).collect();
                    linked.add_sum_of(family, table.cells[table.position(&place)], &parts)?;
                }
            }
        }
        Ok(table)
    }

    /// The cell of one category of each dimension; `None` outside the table.
    pub fn cell(&self, place: &[usize]) -> Option<CellId> {
        let is_inside = place.len() == self.sizes.len() && place.iter().zip(&self.sizes).all(|(category, size)| category < size);
        is_inside.then(|| self.cells[self.position(place)])
    }

    /// How many cells the table has, with its margins.
    pub fn n_cells(&self) -> usize {
        self.sizes.iter().product()
    }

    fn position(&self, place: &[usize]) -> usize {
        place.iter().zip(&self.sizes).fold(0, |at, (category, size)| at * size + category)
    }

    fn place(&self, mut at: usize) -> Vec<usize> {
        let mut place = vec![0; self.sizes.len()];
        for axis in (0..self.sizes.len()).rev() {
            place[axis] = at % self.sizes[axis];
            at /= self.sizes[axis];
        }
        place
    }
}

fn with(place: &[usize], axis: usize, category: usize) -> Vec<usize> {
    let mut other = place.to_vec();
    other[axis] = category;
    other
}
