//! A table of counts made safe: `suppression_acro`.
//!
//! Inputs: `cells`, a list of `[row, column, count]`, and `threshold` (10): smaller counts than it are hidden. Answer: the
//! table with small counts hidden (`no_margins`), with margins over what is left (`margins`, `margins_show_suppressed`: what
//! the peer gives in either case), with the true margins (`true_margins`), and what we would publish: the true margins and
//! as many more counts hidden as they make necessary (`protected`), with what the attack on it found (`audit`).

use headwater_release::{Audit, CellId, Count, Crossing, Dimension, Fate, Linked, Pattern, Rounding, Safety, audit, protect};
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::inputs::{Inputs, array};

/// Rows and columns in order of first appearance, and the counts of their combinations.
struct Table {
    rows: Vec<String>,
    columns: Vec<String>,
    counts: Vec<Vec<u64>>,
}

/// The table under the peer's threshold rule, and under ours.
pub fn threshold(inputs: &Inputs) -> Result<Answer, String> {
    let table = Table::read(inputs)?;
    let threshold = inputs.number_or("threshold", 10.0)?;
    if threshold.fract() != 0.0 || !(2.0..=1_000.0).contains(&threshold) {
        return Err(format!("The input 'threshold' must be a whole number from 2 to 1,000; it is {threshold}."));
    }
    let hide_up_to = threshold as u64 - 1;
    let safety = Safety { hide_up_to, least_values: hide_up_to.max(2), rounding: Rounding::None, coalition: 0 };
    let shown = |n: u64| !(1..=hide_up_to).contains(&n);
    let mut answer = Answer::default();
    answer.set("no_margins", table.printed(|row, column| Some(table.counts[row][column]).filter(|n| shown(*n)), false));
    let over_what_is_left = table.printed(
        |row, column| {
            let all: Vec<u64> = table.part(row, column).into_iter().filter(|n| shown(*n)).collect();
            (!all.is_empty()).then(|| all.iter().sum())
        },
        true,
    );
    answer.set("margins", over_what_is_left.clone());
    answer.set("margins_show_suppressed", over_what_is_left);
    answer.set("true_margins", table.printed(|row, column| Some(table.part(row, column).iter().sum()), true));
    for (row, counts) in table.rows.iter().zip(&table.counts) {
        for (column, _) in table.columns.iter().zip(counts).filter(|(_, n)| !shown(**n)) {
            answer.refuse(format!("no_margins.{column}.{row}"), &format!("counts from 1 to {hide_up_to} are hidden"));
        }
    }
    let (linked, crossing) = table.linked()?;
    match protect(&linked, &safety) {
        Ok(pattern) => {
            let found = audit(&linked, &safety, &pattern);
            let printed = protected(&table, &crossing, &pattern, &mut answer);
            answer.set("protected", printed);
            answer.set("audit", attacked(&found, &pattern));
        }
        Err(refusal) => {
            answer.set("protected", Value::Null);
            answer.refuse("protected", &refusal);
        }
    }
    answer.note("the peer's margins are those of the counts that are left; ours are the true ones, and what they give away is hidden");
    Ok(answer)
}

fn protected(table: &Table, crossing: &Crossing, pattern: &Pattern, answer: &mut Answer) -> Value {
    let fate = |row: usize, column: usize| crossing.cell(&[row, column]).map_or(Fate::NotShown, |cell: CellId| pattern.fate(cell));
    for (row, name) in table.rows.iter().map(String::as_str).chain(["All"]).enumerate() {
        for (column, column_name) in table.columns.iter().map(String::as_str).chain(["All"]).enumerate() {
            let reason = match fate(row, column) {
                Fate::Hidden => "it is small",
                Fate::HiddenToProtect => "a small count could be worked out from it",
                Fate::Shown | Fate::NotShown => continue,
            };
            answer.refuse(format!("protected.{column_name}.{name}"), &reason);
        }
    }
    table.printed(|row, column| (fate(row, column) == Fate::Shown).then(|| table.part(row, column).iter().sum()), true)
}

fn attacked(found: &Audit, pattern: &Pattern) -> Value {
    json!({
        "hidden": pattern.n_with(Fate::Hidden),
        "hidden_to_protect": pattern.n_with(Fate::HiddenToProtect),
        "must_stay_unknown": found.n_needy,
        "proven_by_other_tables": found.n_proven_by_tables,
        "intervals_by_linear_programming": found.n_intervals,
        "can_be_worked_out": found.pinned.len(),
    })
}

impl Table {
    fn read(inputs: &Inputs) -> Result<Self, String> {
        let cells = inputs.get("cells").ok_or("The input 'cells' is missing: a list of [row, column, count].")?;
        let mut table = Table { rows: Vec::new(), columns: Vec::new(), counts: Vec::new() };
        let mut found: Vec<(usize, usize, u64)> = Vec::new();
        for (at, cell) in array("cells", cells)?.iter().enumerate() {
            let wrong = || format!("Value {} of 'cells' is {cell}; it must be [row, column, count], the count a whole number from 0 on.", at + 1);
            let [row, column, n] = cell.as_array().map(Vec::as_slice).ok_or_else(wrong)? else { return Err(wrong()) };
            let (Some(row), Some(column), Some(n)) = (row.as_str(), column.as_str(), n.as_u64()) else { return Err(wrong()) };
            let place = (position(&mut table.rows, row), position(&mut table.columns, column));
            if found.iter().any(|known| (known.0, known.1) == place) {
                return Err(format!("'cells' has two counts for {row} and {column}; it must have one."));
            }
            found.push((place.0, place.1, n));
        }
        table.counts = vec![vec![0; table.columns.len()]; table.rows.len()];
        for (row, column, n) in found {
            table.counts[row][column] = n;
        }
        let whole = table.counts.iter().flatten().try_fold(0_u64, |sum, n| sum.checked_add(*n));
        whole.filter(|sum| *sum < 1 << 53).map(|_| table).ok_or_else(|| "The counts of 'cells' add up to more than can be counted.".into())
    }

    /// The counts of a row and a column; one beyond the last stands for all.
    fn part(&self, row: usize, column: usize) -> Vec<u64> {
        let rows = self.counts.iter().enumerate().filter(|(at, _)| row == self.rows.len() || *at == row);
        rows.flat_map(|(_, counts)| counts.iter().enumerate().filter(|(at, _)| column == self.columns.len() || *at == column))
            .map(|(_, n)| *n)
            .collect()
    }

    /// Columns of rows, with or without the margins `All`.
    fn printed(&self, value: impl Fn(usize, usize) -> Option<u64>, with_margins: bool) -> Value {
        let with_all = |names: &[String]| -> Vec<String> { names.iter().cloned().chain(with_margins.then(|| "All".to_owned())).collect() };
        let (rows, columns) = (with_all(&self.rows), with_all(&self.columns));
        let column = |at: usize| -> Map<String, Value> { rows.iter().enumerate().map(|(row, name)| (name.clone(), json!(value(row, at)))).collect() };
        columns.iter().enumerate().map(|(at, name)| (name.clone(), Value::Object(column(at)))).collect::<Map<_, _>>().into()
    }

    fn linked(&self) -> Result<(Linked, Crossing), String> {
        let whole = |n: usize| {
            let mut dimension = Dimension::of_parts(n);
            dimension.add_total(&(0..n).collect::<Vec<_>>());
            dimension
        };
        let mut linked = Linked::default();
        let dimensions = [whole(self.rows.len()), whole(self.columns.len())];
        let crossing = Crossing::add_to(&mut linked, &dimensions, |place| Count::new(self.counts[place[0]][place[1]]));
        crossing.map(|crossing| (linked, crossing)).map_err(|contradiction| contradiction.to_string())
    }
}

/// The position of a name in a list, added if it is new.
fn position(names: &mut Vec<String>, name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    })
}
