//! The attack on a release before it leaves: can a hidden count be worked out?
//!
//! None of this shares code with [`protect`](crate::protect) but the description of the release. What readers know of a
//! cell is found by trying which counts would be shown alike. Three attacks follow, each stopped by a different kind of
//! mistake:
//!
//! 1. *Other tables.* The pattern exhibits other tables that would have been published alike. Each is checked sum by sum and
//!    bound by bound; what passes proves how many values a count can have.
//! 2. *Rank.* Is a hidden cell a combination of shown ones? The sums are eliminated with exact arithmetic, and a table of
//!    random changes that no reader could see is drawn: a cell that does not change in it is given away.
//! 3. *Linear programming.* The lowest and the highest value of a cell, given all that is shown: for every hidden cell of a
//!    part of the release that is small enough, and for every cell that the other tables do not prove.
//!
//! A count that must stay unknown and is not proven to be is *pinned*; a release with one cannot be cleared.
//!
//! Sources: Hundepool and others, *Statistical Disclosure Control* (2012), 4.3; the rank attack is that of Langsrud (2024),
//! with arithmetic modulo a prime.

mod interval;
mod people;
mod rank;
#[cfg(test)]
mod tests;

use crate::Rounding;
use crate::linked::{CellId, Linked, Standing};
use crate::protect::{Fate, Pattern, Safety};
use interval::Intervals;
use people::People;
use std::collections::BTreeMap;

/// What the attack on a release found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Counts that readers can work out, or narrow down too far.
    pub pinned: Vec<Pinned>,
    /// Cells hidden though they can be worked out: they protect nobody, and the release says less than it could.
    pub in_vain: Vec<CellId>,
    /// Counts that must stay unknown.
    pub n_needy: usize,
    /// Of those, how many have other tables as their proof.
    pub n_proven_by_tables: usize,
    /// How many hidden cells have an interval by linear programming.
    pub n_intervals: usize,
}

/// A count that is not safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinned {
    /// Which.
    pub cell: CellId,
    /// How.
    pub by: Attack,
}

/// How a count can be worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attack {
    /// It is shown although the rule hides it.
    Shown,
    /// It is a combination of counts that are shown.
    Rank,
    /// Its lowest and highest possible value are too near to each other.
    Interval,
    /// People who are few in another cell, and know its count, were not shown to be unable to work it out.
    Coalition,
    /// No proof was found in reasonable time that it is safe.
    NotProven,
}

impl Audit {
    /// Whether the release may be cleared.
    pub fn is_safe(&self) -> bool {
        self.pinned.is_empty()
    }
}

/// What readers know of a cell besides the sums: its lowest and its highest value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct View {
    low: u64,
    high: u64,
}

/// Attacks a release as a reader with patience would.
pub fn audit(linked: &Linked, safety: &Safety, pattern: &Pattern) -> Audit {
    let views = views(linked, safety, pattern);
    let mut audit = Audit::default();
    let must_hide = |at: usize| (1..=safety.hide_up_to).contains(&linked.counts[at]);
    let must_stay_unknown = |at: usize| match safety.rounding {
        Rounding::Controlled(base) => must_hide(at) || (1..base).contains(&linked.counts[at]),
        _ => must_hide(at),
    };
    let is_known_already = |at: usize| match linked.standings[at] {
        Standing::Released => true,
        Standing::ReleasedWithin { low, high, .. } => high.saturating_sub(low) < safety.least_values.saturating_sub(1),
        _ => false,
    };
    let needy: Vec<usize> = (0..linked.n_cells()).filter(|at| must_stay_unknown(*at) && !is_known_already(*at)).collect();
    audit.n_needy = needy.len();
    let tables = tables_that_stand(linked, pattern, &views);
    let widths = widths_by_tables(&tables, linked.n_cells());
    let in_tables = tables_of_cells(&tables, linked.n_cells());
    let is_given_away = rank::given_away(linked, &views);
    let wanted = safety.least_values.saturating_sub(1);
    let unproven: Vec<usize> = needy.iter().copied().filter(|at| widths[*at] < wanted).collect();
    let programs = Intervals::new(linked, &views);
    let intervals = programs.of_all(&unproven);
    audit.n_intervals = intervals.len();
    let people = People::new(linked, &views, safety);
    for at in needy {
        let by = if pattern.fates[at] == Fate::Shown && must_hide(at) {
            Some(Attack::Shown)
        } else if is_given_away[at] {
            Some(Attack::Rank)
        } else {
            match intervals.get(&(at as u32)) {
                // Room for the rounding of the solver; the true bounds are whole numbers or far from it.
                Some((low, high)) if high - low < wanted as f64 - 1e-6 => Some(Attack::Interval),
                None if widths[at] < wanted => Some(Attack::NotProven),
                _ if safety.coalition > 0 && widths[at] >= wanted => {
                    let own: Vec<&[(u32, i64)]> = in_tables[at].iter().map(|table| tables[*table as usize]).collect();
                    (!people.are_told_nothing_by_tables(at, &own)).then_some(Attack::Coalition)
                }
                // Nothing is exhibited, so that programs must tell.
                _ if safety.coalition > 0 => match people.are_told_nothing_by_programs(at, &programs) {
                    Some(true) => None,
                    Some(false) => Some(Attack::Coalition),
                    None => Some(Attack::NotProven),
                },
                _ => None,
            }
        };
        audit.n_proven_by_tables += usize::from(widths[at] >= wanted);
        audit.pinned.extend(by.map(|by| Pinned { cell: CellId(at as u32), by }));
    }
    audit.in_vain =
        (0..linked.n_cells()).filter(|at| pattern.fates[*at] == Fate::HiddenToProtect && is_given_away[*at]).map(|at| CellId(at as u32)).collect();
    audit
}

/// What a reader sees of a count that is not hidden.
fn as_shown(count: u64, rounding: Rounding) -> u64 {
    match rounding {
        Rounding::Nearest(base) if base > 0 => (count + base / 2) - (count + base / 2) % base,
        Rounding::Midpoint(size) if size > 0 && count > 0 => count.div_ceil(size) * size - size / 2,
        _ => count,
    }
}

/// What readers know of each cell.
fn views(linked: &Linked, safety: &Safety, pattern: &Pattern) -> Vec<View> {
    let rule_hides = |count: u64| (1..=safety.hide_up_to).contains(&count);
    (0..linked.n_cells())
        .map(|at| {
            let count = linked.counts[at];
            let standing = linked.standings[at];
            match (standing, pattern.fates[at]) {
                (Standing::Released, _) => View { low: count, high: count },
                (Standing::ReleasedWithin { low, high, again: false }, _) => View { low, high },
                (Standing::Latent | Standing::Change, _) => View { low: 0, high: u64::MAX },
                (_, Fate::Shown) => {
                    let looks_alike = |other: u64| {
                        !rule_hides(other)
                            && match &pattern.rounded {
                                // Nought stays nought, and every other count is nearer to what is shown than was promised.
                                Some(rounded) => other.abs_diff(rounded.shown[at]) < rounded.within && (other > 0 || rounded.shown[at] == 0),
                                None => as_shown(other, safety.rounding) == as_shown(count, safety.rounding),
                            }
                    };
                    let mut view = View { low: count, high: count };
                    while view.low > 0 && looks_alike(view.low - 1) {
                        view.low -= 1;
                    }
                    while looks_alike(view.high + 1) {
                        view.high += 1;
                    }
                    if let Standing::ReleasedWithin { low, high, .. } = standing {
                        view = View { low: view.low.max(low), high: view.high.min(high) };
                    }
                    view
                }
                // Readers know that nought is never hidden, and that large counts may be.
                (_, _) => View { low: count.min(1), high: u64::MAX },
            }
        })
        .collect()
}

/// The tables that the pattern exhibits and that stand the test: every change within what readers know, every sum kept.
fn tables_that_stand<'a>(linked: &Linked, pattern: &'a Pattern, views: &[View]) -> Vec<&'a [(u32, i64)]> {
    let sums_of = linked.sums_of_cells();
    let within = |(cell, change): &(u32, i64)| {
        let at = *cell as usize;
        let other = linked.counts.get(at).and_then(|count| count.checked_add_signed(*change));
        other.is_some_and(|other| (views[at].low..=views[at].high).contains(&other))
    };
    let keeps_sums = |table: &[(u32, i64)]| {
        let mut residues = BTreeMap::new();
        for (cell, change) in table {
            for (sum, side) in sums_of.row(*cell as usize) {
                *residues.entry(*sum).or_insert(0_i64) += change * i64::from(*side);
            }
        }
        residues.values().all(|residue| *residue == 0)
    };
    pattern.alternatives.iter().map(Vec::as_slice).filter(|table| table.iter().all(within) && keeps_sums(table)).collect()
}

/// How many values besides its own each cell has in tables.
fn widths_by_tables(tables: &[&[(u32, i64)]], n_cells: usize) -> Vec<u64> {
    let (mut up, mut down) = (vec![0_u64; n_cells], vec![0_u64; n_cells]);
    for (cell, change) in tables.iter().copied().flatten() {
        let side = if *change > 0 { &mut up } else { &mut down };
        side[*cell as usize] = side[*cell as usize].max(change.unsigned_abs());
    }
    up.iter().zip(&down).map(|(up, down)| up + down).collect()
}

/// The tables that change each cell.
fn tables_of_cells(tables: &[&[(u32, i64)]], n_cells: usize) -> Vec<Vec<u32>> {
    let mut of_cells = vec![Vec::new(); n_cells];
    for (at, table) in tables.iter().enumerate() {
        for (cell, _) in *table {
            of_cells[*cell as usize].push(at as u32);
        }
    }
    of_cells
}
