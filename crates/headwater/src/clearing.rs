//! Counts that are to leave: read, tied to all that left before, protected, attacked, proposed, decided on, written down.

pub mod counts;
mod record;

use std::collections::{BTreeMap, BTreeSet};

use headwater_release::{Audience, Audit, Count, Draft, Fate, Linked, Pattern, Places, Rule, Safety, Unlinked, Unprotected, Value, audit, protect};
use sha2::{Digest, Sha256};

use crate::problem::{Exit, Problem};
use crate::store::blobs::hex;
use counts::{CountTable, Seen, Totals};
pub use record::{Earlier, Proposed, decide, earlier, files, keep, propose, proposed};

/// A release ready to be looked at.
pub struct Prepared {
    /// The SHA-256 of everything that it is made from, raw counts too: its id in the workspace. It never leaves, nor any digits of
    /// it: with a table of few hidden counts a reader tries every value until the hash is the same.
    pub id: String,
    /// The tables as given.
    pub tables: Vec<CountTable>,
    /// Every count to be published once, in order of the keys.
    left: Vec<(Vec<String>, u64, Fate)>,
    /// The names of the axes.
    pub axes: Vec<String>,
    /// The rule.
    pub rule: Rule,
    /// Who is to receive it.
    pub audience: Audience,
    /// The linked cells.
    pub linked: Linked,
    /// Where each count stands among them.
    pub places: Places,
    /// What is shown and hidden.
    pub pattern: Pattern,
    /// What the attack found.
    pub audit: Audit,
    /// How many counts of earlier releases it was tied to.
    pub n_earlier: usize,
    /// What combining categories would save.
    pub redesigns: Vec<Redesign>,
    /// The share of all that the finest counts add up to which is hidden, in per cent: the information lost.
    pub lost_percent: f64,
}

/// What leaving a column out would save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redesign {
    /// The column.
    pub column: String,
    /// Small counts among the finest ones as they are.
    pub n_small: usize,
    /// Small counts when the categories of the column are added up.
    pub n_small_without: usize,
}

/// Reads, ties, protects and attacks.
///
/// # Errors
/// Counts that contradict each other, and a release that nothing can make safe, each with how to mend it.
pub fn prepare(tables: Vec<CountTable>, said: &Totals, rule: Rule, audience: Audience, earlier: &Earlier) -> Result<Prepared, Problem> {
    let mut names: Vec<String> = Vec::new();
    for column in tables.iter().flat_map(|table| &table.columns).chain(earlier.axes()) {
        if !names.contains(column) {
            names.push(column.clone());
        }
    }
    let keys = |table: &CountTable| -> Vec<(Vec<String>, u64)> { table.rows.iter().map(|(row, n)| (table.key(row, &names), *n)).collect() };
    let (ledger, counts_then) = earlier.over(&names);
    let mut seen = Seen::new();
    // Each count with whether it is to leave.
    let mut all: BTreeMap<Vec<String>, (u64, bool)> = BTreeMap::new();
    for table in &tables {
        for (key, n) in keys(table) {
            let entry = all.entry(key);
            if let std::collections::btree_map::Entry::Occupied(known) = &entry
                && known.get().0 != n
            {
                let place = known.key().join(", ");
                return Err(Problem::new(format!("{}: {place} has another count than elsewhere in this release", table.name))
                    .hint("one count of the same thing: mend the table that is wrong")
                    .exit(Exit::Findings));
            }
            entry.or_insert((n, false)).1 |= !table.is_latent;
        }
    }
    for (at, name) in names.iter().enumerate() {
        let categories: BTreeSet<&String> = all.keys().map(|key| &key[at]).chain(ledger.entries().map(|(key, _)| &key[at])).collect();
        seen.insert(name.clone(), categories.into_iter().cloned().collect());
    }
    let mut draft = Draft::new(counts::axes(&names, &seen, said));
    for (key, (n, is_leaving)) in &all {
        let (key, count) = (key.clone(), Count::new(*n));
        let added = if *is_leaving { draft.add(key, count) } else { draft.add_latent(key, count) };
        added.map_err(|error| unlinked(&error))?;
    }
    let (linked, places) = draft
        .link(&ledger, |release, key| counts_then.get(&(release.to_owned(), key.to_vec())).map(|n| Count::new(*n)))
        .map_err(|error| unlinked(&error))?;
    let safety = rule.safety();
    let pattern = if rule.hides_to_protect() {
        protect(&linked, &safety).map_err(|error| unprotected(&error, &places))?
    } else {
        Pattern::small_only(&linked, &safety)
    };
    let audit = if rule.hides_to_protect() { audit(&linked, &safety, &pattern) } else { Audit::default() };
    let none = BTreeSet::new();
    let coarse: Vec<BTreeSet<String>> = names.iter().map(|name| counts::coarse(name, seen.get(name).unwrap_or(&none), said)).collect();
    let finest: Vec<(&Vec<String>, u64)> = all
        .iter()
        .filter(|(key, _)| !key.iter().zip(&coarse).any(|(category, coarse)| coarse.contains(category)))
        .map(|(key, (n, _))| (key, *n))
        .collect();
    let redesigns = redesigns(&names, &finest, &safety);
    let lost_percent = lost_percent(&finest, &places, &pattern);
    let id = id(&tables, said, &rule, audience);
    let n_earlier = ledger.n_counts();
    let mut left = Vec::new();
    for (key, (n, _)) in all.into_iter().filter(|(_, (_, is_leaving))| *is_leaving) {
        if let Some(cell) = places.cell(&key) {
            left.push((key, n, pattern.fate(cell)));
        }
    }
    Ok(Prepared { id, tables, left, axes: names, rule, audience, linked, places, pattern, audit, n_earlier, redesigns, lost_percent })
}

fn id(tables: &[CountTable], said: &Totals, rule: &Rule, audience: Audience) -> String {
    let mut digest = Sha256::new();
    // Each piece with its length, so that no two releases read alike.
    let mut take = |text: &str| {
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text);
    };
    take(&rule.to_string());
    take(&audience.to_string());
    take(&format!("{said:?}"));
    for table in tables {
        take(if table.is_latent { "latent" } else { "leaving" });
        take(&table.columns.join(","));
        for (row, n) in &table.rows {
            row.iter().for_each(|category| take(category));
            take(&n.to_string());
        }
    }
    hex(&digest.finalize())
}

fn unlinked(error: &Unlinked) -> Problem {
    let hint = match error {
        Unlinked::Forgotten { .. } => "run `headwater log verify`: the file of an earlier release is missing",
        Unlinked::Tampered { .. } => "run `headwater log verify`",
        _ => "mend the counts, or say in a file of axes (--axes) what the totals are made of",
    };
    Problem::new(error.to_string()).hint(hint).exit(Exit::Findings)
}

fn unprotected(error: &Unprotected, places: &Places) -> Problem {
    let problem = match error {
        Unprotected::Rule { .. } => Problem::new(error.to_string()).hint("mend the rule"),
        Unprotected::Cells { cells } | Unprotected::Rounding { cells } => {
            let named: Vec<String> = places.keys_of(cells).iter().take(5).map(|key| key.join(", ")).collect();
            let which = if named.is_empty() { String::new() } else { format!(", among them {}", named.join("; ")) };
            let problem = Problem::new(format!("{error}{which}"));
            match places.n_changed() {
                0 => problem.hint("release less beside them: combine areas, ages or periods, or leave a total out"),
                n => problem.hint(format!(
                    "{n} counts are not what an earlier release says, and whoever has both subtracts: release the new counts in larger areas, \
                     ages or periods only, leave out what changed by few, or hold them until the next edition"
                )),
            }
        }
    };
    problem.exit(Exit::ClearanceRefused)
}

/// For each column with several categories: how many small counts are left when they are added up.
fn redesigns(names: &[String], finest: &[(&Vec<String>, u64)], safety: &Safety) -> Vec<Redesign> {
    let is_small = |n: &u64| (1..=safety.hide_up_to).contains(n);
    let n_small = finest.iter().filter(|(_, n)| is_small(n)).count();
    let mut found = Vec::new();
    for (at, name) in names.iter().enumerate().filter(|(_, name)| *name != counts::MEASURE) {
        let mut sums: BTreeMap<Vec<&str>, u64> = BTreeMap::new();
        for (key, n) in finest {
            let rest = key.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, category)| category.as_str()).collect();
            *sums.entry(rest).or_default() += n;
        }
        let n_small_without = sums.values().filter(|n| is_small(n)).count();
        if n_small_without < n_small && sums.len() < finest.len() {
            found.push(Redesign { column: name.clone(), n_small, n_small_without });
        }
    }
    found.sort_by(|a, b| (a.n_small_without, &a.column).cmp(&(b.n_small_without, &b.column)));
    found
}

/// The share of all that the finest counts add up to which is hidden, in per cent.
fn lost_percent(finest: &[(&Vec<String>, u64)], places: &Places, pattern: &Pattern) -> f64 {
    let all: u64 = finest.iter().map(|(_, n)| n).sum();
    let is_hidden = |key: &[String]| places.cell(key).is_some_and(|cell| pattern.fate(cell) != Fate::Shown);
    let hidden: u64 = finest.iter().filter(|(key, _)| is_hidden(key)).map(|(_, n)| n).sum();
    if all == 0 { 0.0 } else { 100.0 * hidden as f64 / all as f64 }
}

impl Prepared {
    /// What becomes of the counts to be published: shown, hidden by the rule, hidden to protect.
    pub fn n_fates(&self) -> [usize; 3] {
        [Fate::Shown, Fate::Hidden, Fate::HiddenToProtect].map(|fate| self.keys().filter(|(_, _, found)| *found == fate).count())
    }

    /// Every count to be published once: its key, the raw count, what becomes of it.
    pub fn keys(&self) -> impl Iterator<Item = (&[String], u64, Fate)> {
        self.left.iter().map(|(key, n, fate)| (key.as_slice(), *n, *fate))
    }

    /// The noughts that are shown, where the rule asks that people look at them.
    pub fn noughts_to_look_at(&self) -> impl Iterator<Item = &[String]> {
        let is_asked = self.rule.limits().nought_needs_a_look;
        self.keys().filter(move |(_, n, fate)| is_asked && *n == 0 && *fate == Fate::Shown).map(|(key, _, _)| key)
    }

    /// What leaves, as names and bytes: every table but the latent ones, treated.
    ///
    /// # Errors
    /// A table cannot be written, which memory alone can cause.
    pub fn leaving(&self) -> Result<Vec<(&str, Vec<u8>)>, Problem> {
        self.tables.iter().filter(|table| !table.is_latent).map(|table| Ok((table.name.as_str(), self.cleared_csv(table)?))).collect()
    }

    /// A table as it may be seen: the columns of the file, and the treated count last.
    ///
    /// # Errors
    /// The table cannot be written, which memory alone can cause.
    fn cleared_csv(&self, table: &CountTable) -> Result<Vec<u8>, Problem> {
        let failed = |error: csv::Error| Problem::while_doing("writing the table", error);
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(table.columns.iter().take(table.n_given).map(String::as_str).chain(["count"])).map_err(failed)?;
        let safety = self.rule.safety();
        for (row, _) in &table.rows {
            let cell = self.places.cell(&table.key(row, &self.axes));
            let treated = cell.and_then(|cell| self.pattern.treated(&self.linked, cell, &safety));
            let shown = treated.map_or_else(String::new, |treated| Value::count(treated).csv());
            writer.write_record(row.iter().take(table.n_given).map(String::as_str).chain([shown.as_str()])).map_err(failed)?;
        }
        writer.into_inner().map_err(|error| Problem::while_doing("writing the table", error))
    }
}
