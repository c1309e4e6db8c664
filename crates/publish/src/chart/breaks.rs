//! Breaks in recording: upright dashed lines with words, or with numbers and notes where words have no room.

use crate::chart::axis::Plot;
use crate::chart::lettering::width;
use crate::chart::paper::{Anchor, INK, Paper, Size};
use crate::chart::{Note, words};
use headwater_release::Table;

/// More rows of words than this above a chart would push it down the page.
const MAX_ROWS: usize = 3;

/// Where the words of each break stand.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    /// Index of the first value after the break, what is written, the row it is written in, and on which side of the line.
    marks: Vec<(usize, String, usize, Anchor)>,
    rows: usize,
}

/// Which breaks lie in the table, by index of their label.
fn located<'a>(labels: &[String], breaks: &'a [(String, String)]) -> Vec<(usize, &'a str)> {
    let mut found: Vec<(usize, &str)> =
        breaks.iter().filter_map(|(label, words)| Some((labels.iter().position(|l| l == label)?, words.as_str()))).collect();
    found.sort_by_key(|(at, _)| *at);
    found
}

/// Plans the breaks over a plot from `left` to `right`.
pub(crate) fn plan(labels: &[String], breaks: &[(String, String)], left: f64, right: f64, size: Size) -> Plan {
    let found = located(labels, breaks);
    let step = (right - left) / labels.len().max(1) as f64;
    let in_words = (!size.is_narrow()).then(|| in_rows(&found, left, right, step, size)).flatten();
    in_words.unwrap_or_else(|| {
        let marks: Vec<_> = found.iter().enumerate().map(|(i, (at, _))| (*at, (i + 1).to_string(), 0, Anchor::Middle)).collect();
        Plan { rows: usize::from(!marks.is_empty()), marks }
    })
}

fn in_rows(found: &[(usize, &str)], left: f64, right: f64, step: f64, size: Size) -> Option<Plan> {
    let mut free_from = [left; MAX_ROWS];
    let mut marks = Vec::new();
    for (at, words) in found {
        let (x, w) = (left + *at as f64 * step, width(words, size.font()) + 8.0);
        let (row, anchor, end) = (0..MAX_ROWS).find_map(|row| {
            if x >= free_from[row] && x + w <= right {
                Some((row, Anchor::Start, x + w))
            } else if x - w >= free_from[row] {
                Some((row, Anchor::End, x + 4.0))
            } else {
                None
            }
        })?;
        free_from[row] = end;
        marks.push((*at, (*words).to_owned(), row, anchor));
    }
    let rows = marks.iter().map(|(_, _, row, _)| row + 1).max().unwrap_or(0);
    Some(Plan { marks, rows })
}

impl Plan {
    /// Height needed above the plot.
    pub(crate) fn height(&self, size: Size) -> f64 {
        self.rows as f64 * size.line()
    }

    /// The lines within a plot, for labels to keep off.
    pub(crate) fn lines(&self, plot: Plot, count: usize) -> impl Iterator<Item = [(f64, f64); 2]> {
        self.marks.iter().map(move |(at, ..)| plot.left + *at as f64 * plot.step(count)).map(move |x| [(x, plot.top), (x, plot.bottom)])
    }

    /// Draws lines and words; the plot must leave [`Plan::height`] above it.
    pub(crate) fn draw(&self, paper: &mut Paper, plot: Plot, count: usize) {
        for (at, words, row, anchor) in &self.marks {
            let x = plot.left + *at as f64 * plot.step(count);
            let top = plot.top - (self.rows - row) as f64 * paper.size.line();
            let start = if *anchor == Anchor::Middle { plot.top } else { top + 2.0 };
            paper.line((x, start), (x, plot.bottom), INK, 1.2, "3 3");
            let beside = match anchor {
                Anchor::Start => 5.0,
                Anchor::Middle => 0.0,
                Anchor::End => -5.0,
            };
            paper.say((x + beside, top + paper.size.font() * 0.9), *anchor, words);
        }
    }
}

/// The notes below the chart, in the order of the numbers in it.
pub(crate) fn notes(table: &Table, x: usize, breaks: &[(String, String)]) -> Vec<Note> {
    let labels = words(table, x);
    let found = located(&labels, breaks);
    // The wide plot is never narrower than this; if words fit here they fit there.
    let wide_says_it = in_rows(&found, 80.0, 560.0, 480.0 / labels.len().max(1) as f64, Size::Wide).is_some();
    found
        .iter()
        .enumerate()
        .map(|(i, (at, words))| Note { number: i + 1, words: format!("before {}: {words}", labels[*at]), narrow_only: wide_says_it })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_stand_in_rows_and_turn_into_numbers_when_there_are_too_many() {
        let labels: Vec<String> = (0..24).map(|i| format!("m{i}")).collect();
        let breaks =
            |n: usize| -> Vec<(String, String)> { (0..n).map(|i| (format!("m{}", i + 3), "recording of violence changed".to_owned())).collect() };
        assert_eq!(plan(&labels, &breaks(2), 60.0, 700.0, Size::Wide).rows, 2);
        assert_eq!(plan(&labels, &breaks(9), 60.0, 700.0, Size::Wide).marks[8].1, "9");
        assert_eq!(plan(&labels, &breaks(1), 40.0, 350.0, Size::Narrow).marks[0].1, "1");
        assert_eq!(plan(&labels, &[("unknown".into(), "x".into())], 40.0, 350.0, Size::Wide).marks, []);
    }
}
