//! Months of the year as upright bars around 100, an average month of equal length.

use crate::chart::axis::{self, Plot, categories};
use crate::chart::key::{Entry, Swatch};
use crate::chart::paper::{Anchor, GREY, INK, MAIN, Paper, Size};
use crate::chart::scale::{Foot, Scale};
use crate::chart::{cell, from_to, numbers, title, words};
use headwater_release::{Table, Value};

/// What an average month stands at.
const AVERAGE: f64 = 100.0;
const DASH: &str = "5 3";

pub(crate) struct Season<'a> {
    pub(crate) table: &'a Table,
    pub(crate) label: usize,
    pub(crate) value: usize,
    pub(crate) interval: (usize, usize),
}

impl Season<'_> {
    /// Whether a month's interval lies wholly above or below the average.
    fn is_clear(&self, row: usize) -> bool {
        let limit = |column| cell(self.table, row, column).and_then(Value::as_number);
        limit(self.interval.0).is_some_and(|lower| lower > AVERAGE) || limit(self.interval.1).is_some_and(|upper| upper < AVERAGE)
    }

    pub(crate) fn key(&self) -> Vec<Entry> {
        let clear: Vec<bool> = (0..self.table.rows().len()).map(|row| self.is_clear(row)).collect();
        let mut entries = Vec::new();
        if clear.contains(&true) {
            entries.push(Entry::dark("months clearly above or below average"));
        }
        if clear.contains(&false) {
            entries.push(Entry::pale("months within what chance explains"));
        }
        entries.push(Entry::new(Swatch::Interval, format!("Thin lines run {}", from_to(self.table, self.interval.0, self.interval.1))));
        entries.push(Entry::new(Swatch::Line { colour: INK, dash: DASH, mark: None }, "average month"));
        entries
    }

    pub(crate) fn draw(&self, size: Size) -> Paper {
        let (font, line) = (size.font(), size.line());
        let labels = words(self.table, self.label);
        let count = labels.len();
        let [values, lower, upper] = [self.value, self.interval.0, self.interval.1].map(|column| numbers(self.table, column));
        let all = [&values, &lower, &upper].into_iter().flatten().flatten().copied().chain([AVERAGE]);
        let scale = Scale::over(all, Foot::Nought, axis::steps(size), 0.0, 1.0);
        let heading = axis::title_lines(&title(self.table, self.value), &scale, size);
        let top = heading.len() as f64 * line + 8.0;
        let bottom = top + if size.is_narrow() { 220.0 } else { 280.0 };
        let plot = Plot { left: axis::room_for_values(&scale, size), right: size.width() - 2.0, top, bottom };
        let scale = scale.moved(plot.bottom, plot.top);
        let below = categories(&labels, plot.step(count), size);

        let mut paper = Paper::new(size, plot.bottom + below.height(size));
        paper.say_lines((0.0, font), Anchor::Start, &heading);
        axis::values_upright(&mut paper, plot, &scale);
        below.draw(&mut paper, plot);
        let half = plot.step(count) * 0.36;
        for (i, value) in values.iter().enumerate() {
            let x = plot.middle(i, count);
            if let Some(value) = value {
                paper.bar((x - half, scale.at(0.0)), (x + half, scale.at(*value)), if self.is_clear(i) { MAIN } else { GREY });
            } else if let Some(gap) = cell(self.table, i, self.value) {
                paper.murmur((x, plot.bottom - 6.0), Anchor::Middle, &gap.shown());
            }
        }
        let at = scale.at(AVERAGE);
        paper.line((plot.left, at), (plot.right, at), "#fff", 3.0, "");
        paper.line((plot.left, at), (plot.right, at), INK, 1.5, DASH);
        for (i, limits) in lower.iter().zip(&upper).enumerate() {
            if let ((Some(from), Some(to)), Some(value)) = (limits, values[i]) {
                let x = plot.middle(i, count);
                let fill = if self.is_clear(i) { MAIN } else { GREY };
                paper.interval_on_bar((x, scale.at(*from)), (x, scale.at(*to)), scale.at(0.0), scale.at(value), fill);
            }
        }
        paper
    }
}
