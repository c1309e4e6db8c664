//! Complementary suppression: what else must be hidden so that hidden counts stay unknown.
//!
//! Hiding small counts is not enough: a total and its other parts give the hidden one away. Here every sum of a release,
//! over all its tables and the earlier releases at once, is in one [`Linked`] system. For each count that must stay unknown
//! two other tables are exhibited that agree with everything shown and in which this count differs by at least as much as
//! the rule demands. Where there are none, further cells are hidden, the cheapest first, until there are. At the end cells
//! hidden in vain are shown again. What is exhibited is the proof: [`audit`](crate::audit) checks it with other code.
//!
//! Whole tables of whole numbers are a stronger proof than the usual one by linear programming, which allows tables with
//! fractions: an attacker who knows that people are whole learns no more.
//!
//! Sources: Hundepool and others, *Statistical Disclosure Control* (2012), chapter 4, for the problem; Langsrud, "Secondary
//! cell suppression by Gaussian elimination" (2024), for linked tables as one system; Repsilber (2002) for protection by
//! moves. The search is our own.

mod controlled;
#[cfg(test)]
mod controlled_tests;
mod desk;
#[cfg(test)]
mod edition_tests;
mod exact;
mod program;
mod search;
mod show_again;
#[cfg(test)]
mod tests;

use crate::Rounding;
use crate::ledger::Seen;
use crate::linked::{CellId, Linked};
use crate::treat::Treated;
use controlled::Rounded;
use desk::Desk;
use program::Programs;
use rayon::prelude::*;
use search::Scratch;

/// What a release must not give away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Safety {
    /// Counts from 1 to this one are hidden; nought is shown. Under controlled rounding counts below the base must stay unknown,
    /// too, though a rounded count stands in their place.
    pub hide_up_to: u64,
    /// How many different values a hidden small count must be able to have for all that readers know; at least 2.
    pub least_values: u64,
    /// How the counts that are shown are rounded.
    pub rounding: Rounding,
    /// The most people who may put together what they know of themselves: with 1, someone who is alone in a cell knows its
    /// count, and no other count may follow from that. With 0, readers are taken to know nothing of any cell.
    pub coalition: u64,
}

impl Safety {
    /// Whether a count is one that must stay unknown.
    pub(crate) fn is_small(&self, count: u64) -> bool {
        let up_to = match self.rounding {
            Rounding::Controlled(base) => self.hide_up_to.max(base.saturating_sub(1)),
            _ => self.hide_up_to,
        };
        (1..=up_to).contains(&count)
    }
}

/// What becomes of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Shown, rounded as the rule says.
    Shown,
    /// Hidden because the rule says so.
    Hidden,
    /// Hidden because a small count could be worked out from it.
    HiddenToProtect,
    /// Not in this release: latent, or hidden before.
    NotShown,
}

/// What is shown and hidden of a [`Linked`] release, with the proof that hidden counts stay unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    pub(crate) fates: Vec<Fate>,
    /// What is shown of each cell under controlled rounding.
    pub(crate) rounded: Option<Rounded>,
    /// Other tables that agree with all that is shown, as changes of the true one.
    pub(crate) alternatives: Vec<Vec<(u32, i64)>>,
}

/// More values than this would hide whole districts to protect one person.
const MOST_VALUES: u64 = 1_000;

/// A release that cannot be made safe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unprotected {
    /// A rule under which no release could be safe.
    #[error("a hidden count must be able to have from 2 to {MOST_VALUES} values; the rule says {least_values}")]
    Rule {
        /// What the rule says.
        least_values: u64,
    },
    /// Counts for which no rounded ones were found so that all sums hold, mostly because sums of several dimensions are tied
    /// to each other in too many ways.
    #[error("no controlled rounding was found for {} counts: their sums are tied in too many ways", .cells.len())]
    Rounding {
        /// Which.
        cells: Vec<CellId>,
    },
    /// Counts that stay known whatever else is hidden, mostly because of earlier releases, or for which no other tables were
    /// found in reasonable time.
    #[error("whatever else is hidden, {} counts are not shown to stay unknown", .cells.len())]
    Cells {
        /// Which.
        cells: Vec<CellId>,
    },
}

impl Pattern {
    /// The pattern of a rule that hides small counts and nothing else, whatever gives them away. Controlled rounding needs
    /// [`protect`]; without it, nothing is shown.
    pub fn small_only(linked: &Linked, safety: &Safety) -> Self {
        Self { fates: desk::first_fates(linked, safety), rounded: None, alternatives: Vec::new() }
    }

    /// A cell's count as this pattern lets it be seen; `None` for a cell that is not in this release.
    pub fn treated(&self, linked: &Linked, cell: CellId, safety: &Safety) -> Option<Treated> {
        let count = linked.counts[cell.0 as usize];
        match self.fate(cell) {
            Fate::Shown => Some(Treated(self.shown(cell).or_else(|| safety.rounding.of(count)))),
            Fate::Hidden | Fate::HiddenToProtect => Some(Treated(None)),
            Fate::NotShown => None,
        }
    }

    fn shown(&self, cell: CellId) -> Option<u64> {
        self.rounded.as_ref().map(|rounded| rounded.shown[cell.0 as usize])
    }

    /// Under controlled rounding, how far any count may be from what is shown in its place: less than the base where that can
    /// be, less than twice the base where the sums leave no other way.
    pub fn farthest(&self) -> Option<u64> {
        self.rounded.as_ref().map(|rounded| rounded.within - 1)
    }

    /// The same for the ledger: with the bounds that a rounded count gives away.
    pub fn seen(&self, linked: &Linked, cell: CellId, safety: &Safety) -> Option<Seen> {
        let (low, high) = desk::bounds_if_shown(cell.0 as usize, linked.counts[cell.0 as usize], safety, self.rounded.as_ref());
        self.treated(linked, cell, safety).map(|treated| treated.known().map_or(Seen::Hidden, |shown| Seen::Count { shown, low, high }))
    }

    /// What becomes of a cell.
    pub fn fate(&self, cell: CellId) -> Fate {
        self.fates[cell.0 as usize]
    }

    /// How many cells have this fate.
    pub fn n_with(&self, fate: Fate) -> usize {
        self.fates.iter().filter(|known| **known == fate).count()
    }
}

/// Hides small counts and whatever would give them away.
///
/// Parts of a release that no sum ties together are protected side by side. The same release gives the same pattern, always.
///
/// # Errors
/// Refuses a rule that nothing can satisfy, and a release in which counts stay known whatever is hidden.
pub fn protect(linked: &Linked, safety: &Safety) -> Result<Pattern, Unprotected> {
    if !(2..=MOST_VALUES).contains(&safety.least_values) {
        return Err(Unprotected::Rule { least_values: safety.least_values });
    }
    let rounded = match safety.rounding {
        Rounding::Controlled(base) if base > 1 => {
            let to_ids = |cells: Vec<u32>| cells.into_iter().map(CellId).collect();
            Some(controlled::round(linked, safety, base).map_err(|cells| Unprotected::Rounding { cells: to_ids(cells) })?)
        }
        _ => None,
    };
    let needy = desk::needy(linked, safety);
    let parts = linked.parts(&needy);
    let of_part = |(cells, part): &(Vec<u32>, Linked)| {
        let rounded = rounded.as_ref().map(|rounded| rounded.of_cells(cells));
        protect_part(part, safety, rounded.as_ref(), needy.len())
    };
    let done: Vec<Result<Pattern, Vec<u32>>> = parts.par_iter().map(of_part).collect();
    let mut whole = Pattern { fates: desk::first_fates(linked, safety), rounded, alternatives: Vec::new() };
    let mut unknown = Vec::new();
    for ((cells, _), done) in parts.iter().zip(done) {
        match done {
            Ok(pattern) => {
                cells.iter().zip(pattern.fates).for_each(|(cell, fate)| whole.fates[*cell as usize] = fate);
                let here = |table: Vec<(u32, i64)>| table.into_iter().map(|(cell, change)| (cells[cell as usize], change)).collect();
                whole.alternatives.extend(pattern.alternatives.into_iter().map(here));
            }
            Err(known) => unknown.extend(known.into_iter().map(|cell| CellId(cells[cell as usize]))),
        }
    }
    unknown.sort_unstable();
    if unknown.is_empty() { Ok(whole) } else { Err(Unprotected::Cells { cells: unknown }) }
}

/// A release with at most so many small counts is small enough to look for the very least that must be hidden.
const FEW: usize = 200;

/// How many steps the longer searches may take, shared out among the counts that are left.
const STEPS_LATER: usize = 200_000;

/// Protects a part of a release; else the cells that are not shown to stay unknown whatever is hidden.
fn protect_part(part: &Linked, safety: &Safety, rounded: Option<&Rounded>, n_needy_in_all: usize) -> Result<Pattern, Vec<u32>> {
    let mut desk = Desk::new(part, safety, rounded, n_needy_in_all);
    let mut scratch = Scratch::new(part.n_cells());
    let mut unknown = desk.needy.clone();
    let patience = desk.patience;
    if rounded.is_some() {
        // Nothing is to be hidden where it can be helped.
        for longer in [1, 20] {
            desk.patience = patience * longer;
            unknown.retain(|cell| !desk.certify(&mut scratch, *cell, false));
        }
    }
    // Few are left after the first round, and are worth a longer search, and others of another kind: a short one before, since
    // what the longer search hides can stand in its way, and a long one at the end.
    let mut programs = None;
    for (longer, effort) in [1, 20].into_iter().zip(program::EFFORTS) {
        let patience_for_each = STEPS_LATER / unknown.len().max(1);
        // If not, more are left than could be searched for longer.
        if longer == 1 || patience_for_each >= 2 * patience {
            desk.patience = (patience * longer).min(patience_for_each.max(patience));
            unknown.retain(|cell| !desk.certify(&mut scratch, *cell, true));
        }
        if !unknown.is_empty() {
            let programs = programs.get_or_insert_with(|| Programs::new(&desk));
            programs.effort_left = effort;
            unknown.retain(|cell| !desk.certify_by_program(programs, *cell));
        }
    }
    desk.patience = patience;
    if !unknown.is_empty() {
        return Err(unknown);
    }
    desk.show_again(&mut scratch);
    let pattern = desk.into_pattern();
    // Where there is much to do, the time goes to what must be done.
    Ok(if n_needy_in_all <= FEW { exact::improved(part, safety, rounded, pattern) } else { pattern })
}
