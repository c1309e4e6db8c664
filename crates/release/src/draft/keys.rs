//! Keys as numbers: a key is its position in the grid of all axes, so that finding a count compares one number and no words.

use super::Axis;
use std::collections::BTreeSet;

/// The categories of each axis in order, and how far apart neighbours along it lie. Numbers are in the order of their keys.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    names: Vec<Vec<String>>,
    strides: Vec<u128>,
}

impl Keys {
    /// All categories that occur in keys, and all that axes make of others.
    pub fn new<'a>(axes: &[Axis], keys: impl Iterator<Item = &'a [String]>) -> Self {
        let of_axis =
            |axis: &Axis| -> BTreeSet<String> { axis.totals.iter().flat_map(|(total, parts)| parts.iter().chain([total])).cloned().collect() };
        let mut names: Vec<BTreeSet<String>> = axes.iter().map(of_axis).collect();
        for key in keys {
            for (names, category) in names.iter_mut().zip(key) {
                if !names.contains(category) {
                    names.insert(category.clone());
                }
            }
        }
        let names: Vec<Vec<String>> = names.into_iter().map(|names| names.into_iter().collect()).collect();
        let mut strides = vec![1_u128; names.len()];
        for at in (0..names.len().saturating_sub(1)).rev() {
            strides[at] = strides[at + 1].saturating_mul(names[at + 1].len() as u128);
        }
        Self { names, strides }
    }

    /// The number of a key; `None` when a category is unknown or the key has another number of categories.
    pub fn number(&self, key: &[String]) -> Option<u128> {
        if key.len() != self.names.len() {
            return None;
        }
        (0..key.len()).map(|at| Some(self.category(at, &key[at])? as u128 * self.strides[at])).sum()
    }

    /// The key of a number.
    pub fn key(&self, number: u128) -> Vec<String> {
        (0..self.names.len()).filter_map(|at| self.names[at].get(self.along(number, at))).cloned().collect()
    }

    /// Where a category stands on an axis.
    pub fn category(&self, at: usize, name: &str) -> Option<usize> {
        self.names.get(at)?.binary_search_by(|known| known.as_str().cmp(name)).ok()
    }

    /// How many categories an axis has.
    pub fn n_categories(&self, at: usize) -> usize {
        self.names[at].len()
    }

    /// The category that a key has on an axis.
    pub fn along(&self, number: u128, at: usize) -> usize {
        (number / self.strides[at]) as usize % self.names[at].len().max(1)
    }

    /// The neighbour of a key that has another category on an axis.
    pub fn moved(&self, number: u128, at: usize, category: usize) -> u128 {
        number - self.along(number, at) as u128 * self.strides[at] + category as u128 * self.strides[at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_the_order_of_their_keys_and_lead_back_to_them() {
        let axes = [Axis::new("area").made_of("All", ["b", "a"]), Axis::new("year")];
        let key = |area: &str, year: &str| vec![area.to_owned(), year.to_owned()];
        let given = [key("c", "2023"), key("a", "2024")];
        let keys = Keys::new(&axes, given.iter().map(Vec::as_slice));
        let mut all: Vec<Vec<String>> = ["All", "a", "b", "c"].iter().flat_map(|area| ["2024", "2023"].map(|year| key(area, year))).collect();
        all.sort_by_key(|key| keys.number(key));
        assert!(all.is_sorted());
        assert!(all.iter().all(|key| keys.key(keys.number(key).unwrap()) == *key));
        let a = keys.number(&key("a", "2024")).unwrap();
        assert_eq!(keys.key(keys.moved(a, 0, keys.category(0, "b").unwrap())), key("b", "2024"));
        assert_eq!((keys.number(&key("d", "2024")), keys.number(&[])), (None, None));
    }
}
