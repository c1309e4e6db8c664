//! The neighbours of every area, in two flat arrays.

use crate::estimate::Refusal;

/// The neighbours of every area, each list rising and without repeats.
///
/// Held as one long array of neighbours and the place where each area's part of it begins, so that a national map of
/// 35,672 areas takes one megabyte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbours {
    /// Where each area's neighbours begin; one more entry than there are areas.
    offsets: Vec<u32>,
    links: Vec<u32>,
}

impl Neighbours {
    /// Neighbours by your own rule: one list of areas, from 0, for each area.
    ///
    /// The lists may be in any order and need not be symmetric (the five nearest, say).
    ///
    /// # Errors
    /// Refused when a list names an area that does not exist, the area itself, or one area twice.
    ///
    /// ```
    /// use headwater_statistics::neighbour::Neighbours;
    ///
    /// let chain = Neighbours::from_lists(&[vec![1], vec![2, 0], vec![1], vec![]]).unwrap();
    /// assert_eq!(chain.of(1), [0, 2]);
    /// assert_eq!(chain.islands(), [3]);
    /// ```
    pub fn from_lists(lists: &[Vec<usize>]) -> Result<Self, Refusal> {
        let wrong =
            |area: usize, found: usize, must: &'static str| Refusal::Argument { name: "neighbours", index: Some(area), found: found as f64, must };
        let mut offsets = vec![0];
        let mut links: Vec<u32> = Vec::new();
        for (area, list) in lists.iter().enumerate() {
            let begin = links.len();
            for &other in list {
                if other >= lists.len() {
                    return Err(wrong(area, other, "neighbour must be an area of the list, counted from 0"));
                }
                if other == area {
                    return Err(wrong(area, other, "neighbour must be another area, not the area itself"));
                }
                links.push(other as u32);
            }
            links[begin..].sort_unstable();
            if let Some(pair) = links[begin..].windows(2).find(|pair| pair[0] == pair[1]) {
                return Err(wrong(area, pair[0] as usize, "neighbour must be listed once"));
            }
            let end = u32::try_from(links.len()).map_err(|_| Refusal::Degenerate { what: "there are more than four thousand million links" })?;
            offsets.push(end);
        }
        Ok(Neighbours { offsets, links })
    }

    /// From pairs of areas below `areas`, none with itself; repeats and either order are allowed.
    pub(super) fn from_pairs(areas: usize, pairs: &[(u32, u32)]) -> Self {
        // Both directions, counted and laid out by area; then each short list is sorted and thinned.
        let mut begin = vec![0_u32; areas + 1];
        for &(a, b) in pairs {
            begin[a as usize + 1] += 1;
            begin[b as usize + 1] += 1;
        }
        for area in 0..areas {
            begin[area + 1] += begin[area];
        }
        let mut next = begin.clone();
        let mut all = vec![0_u32; 2 * pairs.len()];
        for &(a, b) in pairs {
            for (from, to) in [(a, b), (b, a)] {
                let place = &mut next[from as usize];
                all[*place as usize] = to;
                *place += 1;
            }
        }
        let mut offsets = Vec::with_capacity(areas + 1);
        offsets.push(0);
        let mut links = Vec::new();
        for area in 0..areas {
            let list = &mut all[begin[area] as usize..begin[area + 1] as usize];
            list.sort_unstable();
            let mut last = None;
            for &other in list.iter() {
                if last != Some(other) {
                    links.push(other);
                    last = Some(other);
                }
            }
            offsets.push(links.len() as u32);
        }
        Neighbours { offsets, links }
    }

    /// How many areas there are.
    pub fn areas(&self) -> usize {
        self.offsets.len() - 1
    }

    /// The neighbours of an area, rising; none for an area that does not exist.
    pub fn of(&self, area: usize) -> &[u32] {
        match (self.offsets.get(area), self.offsets.get(area + 1)) {
            (Some(&begin), Some(&end)) => &self.links[begin as usize..end as usize],
            _ => &[],
        }
    }

    /// How many neighbours an area has.
    pub fn count(&self, area: usize) -> usize {
        self.of(area).len()
    }

    /// All links, each symmetric pair counted twice.
    pub fn links(&self) -> usize {
        self.links.len()
    }

    /// Whether `other` is among the neighbours of `area`.
    pub fn touches(&self, area: usize, other: usize) -> bool {
        u32::try_from(other).is_ok_and(|other| self.of(area).binary_search(&other).is_ok())
    }

    /// The areas without neighbours, rising.
    pub fn islands(&self) -> Vec<usize> {
        (0..self.areas()).filter(|&area| self.count(area) == 0).collect()
    }

    /// The same with more pairs joined, in both directions: a ferry, a bridge, a near miss that someone has looked at.
    ///
    /// # Errors
    /// Refused when a pair names an area that does not exist or joins an area to itself.
    ///
    /// ```
    /// use headwater_statistics::neighbour::Neighbours;
    ///
    /// let apart = Neighbours::from_lists(&[vec![1], vec![0], vec![]]).unwrap();
    /// let joined = apart.joined(&[(2, 1)]).unwrap();
    /// assert_eq!(joined.of(1), [0, 2]);
    /// assert!(joined.islands().is_empty());
    /// ```
    pub fn joined(&self, pairs: &[(usize, usize)]) -> Result<Self, Refusal> {
        let mut lists: Vec<Vec<usize>> = (0..self.areas()).map(|area| self.of(area).iter().map(|&other| other as usize).collect()).collect();
        for (at, &(a, b)) in pairs.iter().enumerate() {
            if a == b || a >= lists.len() || b >= lists.len() {
                return Err(Refusal::Argument {
                    name: "pairs",
                    index: Some(at),
                    found: a.max(b) as f64,
                    must: "must join two different areas of the list, counted from 0",
                });
            }
            for (from, to) in [(a, b), (b, a)] {
                if !lists[from].contains(&to) {
                    lists[from].push(to);
                }
            }
        }
        Self::from_lists(&lists)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lists: &[Vec<usize>], expected: &str) {
        let refusal = Neighbours::from_lists(lists).unwrap_err().to_string();
        assert_eq!(refusal, expected);
    }

    #[test]
    fn a_neighbour_that_does_not_exist_is_named() {
        check(&[vec![1], vec![0, 7]], "Value 2 of 'neighbours' is 7; each neighbour must be an area of the list, counted from 0.");
    }

    #[test]
    fn no_area_is_its_own_neighbour() {
        check(&[vec![0]], "Value 1 of 'neighbours' is 0; each neighbour must be another area, not the area itself.");
    }

    #[test]
    fn a_neighbour_counts_once() {
        check(&[vec![1, 1], vec![0]], "Value 1 of 'neighbours' is 1; each neighbour must be listed once.");
    }

    #[test]
    fn pairs_in_any_order_with_repeats_give_sorted_lists() {
        let found = Neighbours::from_pairs(4, &[(2, 0), (0, 1), (0, 2), (1, 0)]);
        let lists = [vec![1, 2], vec![0], vec![0], vec![]];
        assert_eq!(found, Neighbours::from_lists(&lists).unwrap());
        assert_eq!(found.links(), 4);
        assert!(found.touches(2, 0) && !found.touches(2, 1));
        assert_eq!(found.of(99), [] as [u32; 0]);
    }
}
