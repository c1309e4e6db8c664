//! Charts as SVG, each drawn twice: for a wide page and for a phone, so that words keep their size on both.
//!
//! House style: the message is the heading above, not in the picture; lines and bars are labelled where they are; words are
//! level; the title of the upright axis stands above it; bars begin at nought; what chance can explain is drawn and named;
//! a gap in the values is a gap in the line; nothing is told by colour alone.

mod axis;
mod bars;
mod breaks;
mod control;
mod funnel;
mod gradient;
pub(crate) mod key;
pub(crate) mod lettering;
mod line;
mod lorenz;
pub(crate) mod paper;
mod pyramid;
mod scale;
mod season;
pub(crate) mod spot;

use headwater_release::{Table, Value, View};
use key::Entry;
use paper::{Paper, Size};

/// A chart in both sizes, with what stands above and below it.
#[derive(Clone, Debug)]
pub(crate) struct Chart {
    pub(crate) wide: Paper,
    pub(crate) narrow: Paper,
    /// The key, where labels in the chart do not say it all.
    pub(crate) key: Vec<Entry>,
    /// Numbered notes below.
    pub(crate) notes: Vec<Note>,
}

/// A note to a number in the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) number: usize,
    pub(crate) words: String,
    /// Whether only the narrow chart carries the number.
    pub(crate) narrow_only: bool,
}

/// The chart of a view; `None` for a table alone, and for maps, which are drawn elsewhere.
pub(crate) fn chart(table: &Table, view: &View) -> Option<Chart> {
    let both = |draw: &dyn Fn(Size) -> Paper| (draw(Size::Wide), draw(Size::Narrow));
    let ((wide, narrow), key, notes) = match view {
        View::TableOnly | View::Map { .. } => return None,
        View::Bars { label, value, lower, upper, reference, highlight } => {
            let bars =
                bars::Bars { table, label: *label, value: *value, interval: lower.zip(*upper), reference: reference.as_ref(), highlight: *highlight };
            (both(&|size| bars.draw(size)), bars.key(), vec![])
        }
        View::Line { x, series, band, breaks } => {
            let line = line::Line { table, x: *x, series, band: *band, breaks };
            (both(&|size| line.draw(size)), line.key(), breaks::notes(table, *x, breaks))
        }
        View::ControlChart { x, y, mean, lower, upper, signal, breaks } => {
            let control = control::Control { table, x: *x, y: *y, mean: *mean, limits: (*lower, *upper), signal: *signal, breaks };
            (both(&|size| control.draw(size)), control.key(), breaks::notes(table, *x, breaks))
        }
        View::Funnel { label, x, y, class, limits } => {
            let funnel = funnel::Funnel { table, label: *label, x: *x, y: *y, class: *class, limits };
            (both(&|size| funnel.draw(size)), funnel.key(), vec![])
        }
        View::Lorenz { x, y, baseline } => {
            let lorenz = lorenz::Lorenz { table, x: *x, y: *y, baseline: *baseline };
            (both(&|size| lorenz.draw(size)), vec![], vec![])
        }
        View::Gradient { label, x, y, lower, upper, fitted } => {
            let gradient = gradient::Gradient { table, label: *label, x: *x, y: *y, interval: (*lower, *upper), fitted: *fitted };
            (both(&|size| gradient.draw(size)), gradient.key(), vec![])
        }
        View::SeasonBars { label, value, lower, upper } => {
            let season = season::Season { table, label: *label, value: *value, interval: (*lower, *upper) };
            (both(&|size| season.draw(size)), season.key(), vec![])
        }
        View::Pyramid { label, left, right } => {
            let pyramid = pyramid::Pyramid { table, label: *label, left: *left, right: *right };
            (both(&|size| pyramid.draw(size)), vec![], vec![])
        }
    };
    Some(Chart { wide, narrow, key, notes })
}

/// A cell, or a gap where the table has none.
fn cell(table: &Table, row: usize, column: usize) -> Option<&Value> {
    table.rows().get(row).and_then(|cells| cells.get(column))
}

/// The numbers of a column, with gaps.
fn numbers(table: &Table, column: usize) -> Vec<Option<f64>> {
    table.rows().iter().map(|cells| cells.get(column).and_then(Value::as_number)).collect()
}

/// The words of a column.
fn words(table: &Table, column: usize) -> Vec<String> {
    table.rows().iter().map(|cells| cells.get(column).map(Value::shown).unwrap_or_default()).collect()
}

/// The distinct words of a column that are not empty, in order of appearance.
fn distinct(table: &Table, column: usize) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for word in words(table, column) {
        if !word.is_empty() && !seen.contains(&word) {
            seen.push(word);
        }
    }
    seen
}

/// The title of a column with its unit, as an axis names it.
fn title(table: &Table, column: usize) -> String {
    table.columns().get(column).map(crate::page::column_title).unwrap_or_default()
}

/// "from the lower 95 % limit to the upper 95 % limit", after the columns that hold them.
fn from_to(table: &Table, lower: usize, upper: usize) -> String {
    let name = |column: usize| table.columns().get(column).map(|c| lettering::in_sentence(&c.title)).unwrap_or_default();
    format!("from the {} to the {}", name(lower), name(upper))
}

/// Points in unbroken runs: a gap ends one.
fn runs(points: impl IntoIterator<Item = Option<(f64, f64)>>) -> Vec<Vec<(f64, f64)>> {
    let mut runs = vec![Vec::new()];
    for point in points {
        match (point, runs.last_mut()) {
            (Some(point), Some(run)) => run.push(point),
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn a_gap_breaks_the_line() {
        let points = [Some((0.0, 1.0)), None, None, Some((3.0, 1.0)), Some((4.0, 2.0))];
        assert_eq!(runs(points), [vec![(0.0, 1.0)], vec![(3.0, 1.0), (4.0, 2.0)]]);
    }
}
