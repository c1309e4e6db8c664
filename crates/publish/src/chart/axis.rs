//! Axes: light grid, darker nought, level words, and as many of them as there is room for.

use crate::chart::lettering::{month_and_year, short_month, widest, width, wrapped};
use crate::chart::paper::{Anchor, GRID, INK, Paper, QUIET, Size};
use crate::chart::scale::Scale;

/// The part of the paper inside the axes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plot {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

impl Plot {
    /// The middle of category `i` of `count`, spread evenly from left to right.
    pub(crate) fn middle(&self, i: usize, count: usize) -> f64 {
        self.left + (i as f64 + 0.5) * self.step(count)
    }

    /// The width of one of `count` categories.
    pub(crate) fn step(&self, count: usize) -> f64 {
        (self.right - self.left) / count.max(1) as f64
    }
}

/// How many steps an upright axis has.
pub(crate) fn steps(size: Size) -> f64 {
    if size.is_narrow() { 4.0 } else { 5.0 }
}

/// Room to the left of a plot for the numbers of an upright axis.
pub(crate) fn room_for_values(scale: &Scale, size: Size) -> f64 {
    let written: Vec<String> = scale.ticks().into_iter().map(|tick| scale.written(tick)).collect();
    widest(&written, size.font()).ceil() + 8.0
}

/// The title above an upright axis, wrapped to the paper; says so when the axis does not begin at nought.
pub(crate) fn title_lines(title: &str, scale: &Scale, size: Size) -> Vec<String> {
    let title = if scale.has_nought() { title.to_owned() } else { format!("{title}; axis starts at {}", scale.written(scale.foot())) };
    wrapped(&title, size.width() - 4.0, size.font(), 2)
}

/// An upright axis: grid lines across the plot, numbers on its left.
pub(crate) fn values_upright(paper: &mut Paper, plot: Plot, scale: &Scale) {
    let drop = paper.size.font() * 0.35;
    for tick in scale.ticks() {
        let y = scale.at(tick);
        let (stroke, width) = if tick == 0.0 { (INK, 1.2) } else { (GRID, 1.0) };
        paper.line((plot.left, y), (plot.right, y), stroke, width, "");
        paper.murmur((plot.left - 6.0, y + drop), Anchor::End, &scale.written(tick));
    }
    if !scale.has_nought() {
        paper.line((plot.left, plot.bottom), (plot.right, plot.bottom), QUIET, 1.0, "");
    }
}

/// A level axis of numbers: grid lines down the plot, numbers below it. Numbers that would touch are left out.
pub(crate) fn values_level(paper: &mut Paper, plot: Plot, scale: &Scale) {
    let mut free_from = f64::NEG_INFINITY;
    for tick in scale.ticks() {
        let x = scale.at(tick);
        let (stroke, thick) = if tick == 0.0 { (INK, 1.2) } else { (GRID, 1.0) };
        paper.line((x, plot.top), (x, plot.bottom), stroke, thick, "");
        let words = scale.written(tick);
        let half = width(&words, paper.size.font()) / 2.0;
        let middle = paper.size.keep(x, half);
        if middle - half > free_from {
            paper.murmur((middle, plot.bottom + paper.size.line()), Anchor::Middle, &words);
            free_from = middle + half + 6.0;
        }
    }
}

/// The labels below a level axis of categories: which are written, and in which lines.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Categories {
    written: Vec<(usize, Vec<String>)>,
    lines: usize,
    count: usize,
}

/// Chooses labels for categories `step` wide so that none touch. Months are written at regular places of the year, with the
/// year below where it begins.
pub(crate) fn categories(labels: &[String], step: f64, size: Size) -> Categories {
    let months: Option<Vec<(usize, &str)>> = labels.iter().map(|label| month_and_year(label)).collect();
    let written = match months {
        Some(months) if months.iter().all(|(_, year)| !year.is_empty()) => months_written(labels, &months, step, size),
        Some(_) => every(&labels.iter().map(|label| short_month(label)).collect::<Vec<_>>(), step, size),
        None => every(labels, step, size),
    };
    let lines = written.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
    Categories { written, lines, count: labels.len() }
}

fn months_written(labels: &[String], months: &[(usize, &str)], step: f64, size: Size) -> Vec<(usize, Vec<String>)> {
    let needed = width("May", size.font()).max(width("2020", size.font())) + 5.0;
    let every = [1, 2, 3, 4, 6, 12].into_iter().find(|k| *k as f64 * step >= needed).unwrap_or(12);
    let mut year_written = "";
    let mut written = Vec::new();
    for (i, (month, year)) in months.iter().enumerate() {
        if !(month - 1).is_multiple_of(every) {
            continue;
        }
        let short = short_month(&labels[i]);
        let name = short.split(' ').next().unwrap_or_default().to_owned();
        let lines = match (every, *year == year_written) {
            (12, true) => continue,
            (12, false) => vec![(*year).to_owned()],
            (_, true) => vec![name],
            (_, false) => vec![name, (*year).to_owned()],
        };
        year_written = year;
        written.push((i, lines));
    }
    // Too short a span to hold a January: the first month must do.
    if written.is_empty() && !labels.is_empty() {
        written.push((0, vec![short_month(&labels[0])]));
    }
    written
}

fn every(labels: &[String], step: f64, size: Size) -> Vec<(usize, Vec<String>)> {
    // Names of months touch sooner on a phone, but shorter ones cannot be told apart.
    let gap = if labels.len() == 12 { 1.0 } else { 6.0 };
    let longest_word = labels.iter().flat_map(|label| label.split_whitespace()).map(|word| width(word, size.font())).fold(0.0, f64::max);
    let fits = |k: usize| {
        let room = k as f64 * step - gap;
        longest_word <= room && labels.iter().step_by(k).all(|label| wrapped(label, room, size.font(), 9).len() <= 3)
    };
    let k = (1..=labels.len().max(1)).find(|k| fits(*k)).unwrap_or(labels.len().max(1));
    let room = (k as f64 * step - gap).max(longest_word);
    labels.iter().enumerate().step_by(k).map(|(i, label)| (i, wrapped(label, room, size.font(), 3))).collect()
}

impl Categories {
    /// Height needed below the plot.
    pub(crate) fn height(&self, size: Size) -> f64 {
        self.lines as f64 * size.line() + 10.0
    }

    /// Writes the labels and their ticks below a plot.
    pub(crate) fn draw(&self, paper: &mut Paper, plot: Plot) {
        let font = paper.size.font();
        let mut free_from = f64::NEG_INFINITY;
        for (i, lines) in &self.written {
            let x = plot.middle(*i, self.count);
            paper.line((x, plot.bottom), (x, plot.bottom + 5.0), QUIET, 1.0, "");
            let half = widest(lines, font) / 2.0;
            let middle = paper.size.keep(x, half);
            if middle - half < free_from {
                continue;
            }
            free_from = middle + half;
            for (row, line) in lines.iter().enumerate() {
                paper.murmur((middle, plot.bottom + 6.0 + (row as f64 + 0.8) * paper.size.line()), Anchor::Middle, line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(labels: &[&str], step: f64) -> Vec<String> {
        let labels: Vec<String> = labels.iter().map(|l| (*l).to_owned()).collect();
        categories(&labels, step, Size::Wide).written.into_iter().map(|(_, lines)| lines.join("/")).collect()
    }

    #[test]
    fn months_are_written_at_regular_places_with_the_year_where_it_begins() {
        let labels = ["November 2019", "December 2019", "January 2020", "February 2020", "March 2020", "April 2020"];
        assert_eq!(written(&labels, 40.0), ["Nov/2019", "Dec", "Jan/2020", "Feb", "Mar", "Apr"]);
        assert_eq!(written(&labels, 14.0), ["Jan/2020", "Apr"]);
        assert_eq!(written(&labels[..1], 3.0), ["Nov 2019"]);
    }

    #[test]
    fn other_labels_are_left_out_until_they_fit() {
        assert_eq!(written(&["2019 Q1", "2019 Q2", "2019 Q3"], 100.0), ["2019 Q1", "2019 Q2", "2019 Q3"]);
        assert_eq!(written(&["2019 Q1", "2019 Q2", "2019 Q3"], 25.0), ["2019/Q1", "2019/Q3"]);
    }
}
