//! Small areas (LSOAs) of 2011 and of 2021, and the changes between them.

use std::collections::BTreeMap;

use super::county::{Bridge, Change, NEIGHBOURHOODS, SmallArea, Ward};
use super::mesh::Mesh;
use super::names;

/// The small areas of both vintages, being drawn.
pub(super) struct Areas {
    /// The areas of 2011, in code order.
    pub(super) of_2011: Vec<SmallArea>,
    /// The areas of 2021, in code order.
    pub(super) of_2021: Vec<SmallArea>,
    /// Index of a cell's area of 2011.
    pub(super) index_2011: Vec<usize>,
    /// Index of a cell's area of 2021.
    pub(super) index_2021: Vec<usize>,
    /// The look-up between the vintages.
    pub(super) bridges: Vec<Bridge>,
}

/// The changes between the vintages: which, and how many cells each takes.
const CHANGES: [(Change, usize); 11] = [
    (Change::Split, 2),
    (Change::Split, 2),
    (Change::Merged, 2),
    (Change::Split, 3),
    (Change::Irregular, 3),
    (Change::Split, 2),
    (Change::Merged, 2),
    (Change::Split, 2),
    (Change::Merged, 2),
    (Change::Split, 2),
    (Change::Unchanged, 0),
];

impl Areas {
    /// Draws both vintages, ward by ward.
    pub(super) fn draw(mesh: &Mesh, wards: &[Ward]) -> Self {
        let mut drawn = Areas {
            of_2011: Vec::new(),
            of_2021: Vec::new(),
            index_2011: vec![0; mesh.n_cells],
            index_2021: vec![0; mesh.n_cells],
            bridges: Vec::new(),
        };
        let named: Vec<&str> = NEIGHBOURHOODS.iter().map(|place| place.name).collect();
        let mut changes = CHANGES.iter();
        let mut new_number = names::FIRST_LSOA_NEW_IN_2021;
        for (w, ward) in wards.iter().enumerate() {
            // Every sixth ward that has no planted violence sees a change.
            let due = w % 6 == 2 && !named.contains(&ward.name.as_str());
            let change = due.then(|| changes.next()).flatten().and_then(|&(change, n)| chain(mesh, &ward.cells, n).map(|cells| (change, cells)));
            let (change, chained) = change.unwrap_or((Change::Unchanged, Vec::new()));
            let (old, new) = match (change, chained.as_slice()) {
                (Change::Split, all) => (vec![all.to_vec()], one_each(all)),
                (Change::Merged, all) => (one_each(all), vec![all.to_vec()]),
                (Change::Irregular, &[a, b, c]) => (vec![vec![a, b], vec![c]], vec![vec![a], vec![b, c]]),
                _ => (Vec::new(), Vec::new()),
            };
            let rest: Vec<usize> = ward.cells.iter().copied().filter(|cell| !chained.contains(cell) || old.is_empty()).collect();
            let mut letters = 'A'..='Z';
            let mut name = || {
                let letter = letters.next().unwrap_or('Z');
                let district = names::DISTRICTS[ward.district];
                format!("{district} {:03}{letter}", ward.number)
            };
            for cell in rest {
                let code = names::lsoa_code(drawn.of_2011.len() + 1);
                let area = |name: String| SmallArea { code: code.clone(), name, ward: w, cells: vec![cell] };
                let name = name();
                drawn.bridges.push(Bridge { from: drawn.of_2011.len(), to: drawn.of_2021.len(), change: Change::Unchanged });
                drawn.add_2011(area(name.clone()));
                drawn.add_2021(area(name));
            }
            let first_old = drawn.of_2011.len();
            let first_new = drawn.of_2021.len();
            for cells in old {
                let code = names::lsoa_code(drawn.of_2011.len() + 1);
                let name = name();
                drawn.add_2011(SmallArea { code, name, ward: w, cells });
            }
            for cells in new {
                let code = names::lsoa_code(new_number);
                new_number += 1;
                let name = name();
                drawn.add_2021(SmallArea { code, name, ward: w, cells });
            }
            for from in first_old..drawn.of_2011.len() {
                for to in first_new..drawn.of_2021.len() {
                    let shared = |cell: &usize| drawn.of_2021[to].cells.contains(cell);
                    if drawn.of_2011[from].cells.iter().any(shared) {
                        drawn.bridges.push(Bridge { from, to, change });
                    }
                }
            }
        }
        drawn.sort_2021();
        drawn
    }

    fn add_2011(&mut self, area: SmallArea) {
        for &cell in &area.cells {
            self.index_2011[cell] = self.of_2011.len();
        }
        self.of_2011.push(area);
    }

    fn add_2021(&mut self, area: SmallArea) {
        for &cell in &area.cells {
            self.index_2021[cell] = self.of_2021.len();
        }
        self.of_2021.push(area);
    }

    /// Puts the areas of 2021 in code order, the new ones last.
    fn sort_2021(&mut self) {
        let mut order: Vec<usize> = (0..self.of_2021.len()).collect();
        order.sort_by(|&a, &b| self.of_2021[a].code.cmp(&self.of_2021[b].code));
        let place: BTreeMap<usize, usize> = order.iter().enumerate().map(|(new, &old)| (old, new)).collect();
        self.of_2021.sort_by(|a, b| a.code.cmp(&b.code));
        for index in &mut self.index_2021 {
            *index = place[index];
        }
        for bridge in &mut self.bridges {
            bridge.to = place[&bridge.to];
        }
    }
}

fn one_each(cells: &[usize]) -> Vec<Vec<usize>> {
    cells.iter().map(|&cell| vec![cell]).collect()
}

/// The first `n` cells of a ward in which each touches the one before; none when there is no such
/// chain, or when it would take the whole ward.
fn chain(mesh: &Mesh, cells: &[usize], n: usize) -> Option<Vec<usize>> {
    if n == 0 || n >= cells.len() {
        return None;
    }
    for &start in cells {
        let mut taken = vec![start];
        while taken.len() < n {
            let last = taken[taken.len() - 1];
            let next = mesh.neighbours(last).filter(|other| cells.contains(other) && !taken.contains(other)).min();
            match next {
                Some(next) => taken.push(next),
                None => break,
            }
        }
        if taken.len() == n {
            return Some(taken);
        }
    }
    None
}
