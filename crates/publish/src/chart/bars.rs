//! Level bars with their values, intervals and a reference line.

use crate::chart::axis::{self, Plot};
use crate::chart::key::{Entry, Swatch};
use crate::chart::lettering::{shortened, widest, width, wrapped};
use crate::chart::paper::{Anchor, GREY, INK, MAIN, Paper, Size};
use crate::chart::scale::{Foot, Scale};
use crate::chart::{cell, distinct, from_to, numbers, title, words};
use headwater_release::{Table, Value};

/// Labels on a wide page take at most this much of it.
const LABEL_SHARE: f64 = 0.36;
/// Values beside bars take at most this much, and are cut beyond; the table has them whole.
const VALUE_SHARE: f64 = 0.25;

pub(crate) struct Bars<'a> {
    pub(crate) table: &'a Table,
    pub(crate) label: usize,
    pub(crate) value: usize,
    pub(crate) interval: Option<(usize, usize)>,
    pub(crate) reference: Option<&'a (String, Value)>,
    pub(crate) highlight: Option<usize>,
}

/// Where a row stands on the paper.
struct Row {
    top: f64,
    height: f64,
    left: f64,
}

impl Bars<'_> {
    pub(crate) fn key(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        if let Some(column) = self.highlight {
            let marked = distinct(self.table, column);
            if !marked.is_empty() {
                entries.push(Entry::dark(marked.join("; ")));
                if words(self.table, column).iter().any(String::is_empty) {
                    entries.push(Entry::pale("others"));
                }
            }
        }
        if let Some((lower, upper)) = self.interval {
            entries.push(Entry::new(Swatch::Interval, format!("Thin lines run {}", from_to(self.table, lower, upper))));
        }
        entries
    }

    pub(crate) fn draw(&self, size: Size) -> Paper {
        let (font, line) = (size.font(), size.line());
        let labels: Vec<Vec<String>> = words(self.table, self.label).iter().map(|label| label_lines(label, size)).collect();
        let left = if size.is_narrow() { 2.0 } else { labels.iter().map(|lines| widest(lines, font)).fold(0.0, f64::max).ceil() + 12.0 };
        let room = widest(&words(self.table, self.value), font).min(size.width() * VALUE_SHARE).ceil() + 12.0;
        let plot_right = size.width() - room;

        let mut all: Vec<f64> = numbers(self.table, self.value).into_iter().flatten().collect();
        if let Some((lower, upper)) = self.interval {
            all.extend(numbers(self.table, lower).into_iter().chain(numbers(self.table, upper)).flatten());
        }
        let reference = self.reference.and_then(|(words, value)| Some((words, value.as_number()?)));
        all.extend(reference.map(|(_, at)| at));
        // Values of negative bars are written on their left.
        let start = if all.iter().any(|v| *v < 0.0) { left + room } else { left };
        let scale = Scale::over(all, Foot::Nought, axis::steps(size), start, plot_right);

        let heading = wrapped(&title(self.table, self.value), size.width() - left, font, 2);
        let head = heading.len() as f64 * line + 6.0 + if reference.is_some() { line + 4.0 } else { 0.0 };
        let heights: Vec<f64> = labels.iter().map(|lines| row_height(lines.len(), size)).collect();
        let plot = Plot { left, right: plot_right, top: head, bottom: head + heights.iter().sum::<f64>() + 4.0 };
        let mut paper = Paper::new(size, plot.bottom + line + 8.0);
        paper.say_lines((left, font), Anchor::Start, &heading);
        axis::values_level(&mut paper, plot, &scale);

        let mut top = head + 2.0;
        for (row, lines) in labels.iter().enumerate() {
            self.draw_row(&mut paper, row, lines, &Row { top, height: heights[row], left }, &scale);
            top += heights[row];
        }
        if let Some((words, at)) = reference {
            let x = scale.at(at);
            paper.line((x, plot.top - 5.0), (x, plot.bottom), INK, 1.5, "5 3");
            let half = width(words, font) / 2.0;
            paper.say((size.keep(x, half + 2.0), plot.top - 9.0), Anchor::Middle, words);
        }
        paper
    }

    fn draw_row(&self, paper: &mut Paper, row: usize, lines: &[String], at: &Row, scale: &Scale) {
        let (font, line) = (paper.size.font(), paper.size.line());
        let strong = self.highlight.is_some_and(|column| cell(self.table, row, column).is_some_and(|v| !v.shown().is_empty()));
        let any_strong = self.highlight.is_some_and(|column| !distinct(self.table, column).is_empty());
        let fill = if any_strong && !strong { GREY } else { MAIN };
        let narrow = paper.size.is_narrow();
        // On a phone the label stands above its bar.
        let (thick, middle) = if narrow { (14.0, at.top + lines.len() as f64 * line + 10.0) } else { (17.0, at.top + at.height / 2.0) };
        let first = if narrow { at.top + font } else { middle + font * 0.35 - (lines.len() as f64 - 1.0) * line / 2.0 };
        let (x, anchor) = if narrow { (at.left + 4.0, Anchor::Start) } else { (at.left - 8.0, Anchor::End) };
        for (i, words) in lines.iter().enumerate() {
            let at = (x, first + i as f64 * line);
            if strong { paper.stress(at, anchor, words) } else { paper.say(at, anchor, words) }
        }
        let Some(value) = cell(self.table, row, self.value) else { return };
        let base = middle + font * 0.35;
        let Some(number) = value.as_number() else {
            let why = value.shorthand().map_or(String::new(), |s| format!(" {}", s.meaning()));
            paper.murmur((scale.at(0.0) + 6.0, base), Anchor::Start, &format!("{}{why}", value.shown()));
            return;
        };
        paper.bar((scale.at(0.0), middle - thick / 2.0), (scale.at(number), middle + thick / 2.0), fill);
        let (mut low, mut high) = (number, number);
        if let Some((lower, upper)) = self.interval
            && let (Some(from), Some(to)) =
                (cell(self.table, row, lower).and_then(Value::as_number), cell(self.table, row, upper).and_then(Value::as_number))
        {
            paper.interval_on_bar((scale.at(from), middle), (scale.at(to), middle), scale.at(0.0), scale.at(number), fill);
            (low, high) = (low.min(from), high.max(to));
        }
        let shown = shortened(&value.shown(), paper.size.width() * VALUE_SHARE, font);
        let room = width(&shown, font);
        // Where the reference line would run through the value, the value stands beyond it.
        let line_at = self.reference.and_then(|(_, value)| value.as_number()).map_or(f64::NEG_INFINITY, |value| scale.at(value));
        if number < 0.0 {
            let end = scale.at(low) - 7.0;
            let struck = line_at > end - room - 4.0 && line_at < end + 4.0;
            paper.say((if struck { line_at - 5.0 } else { end }, base), Anchor::End, &shown);
        } else {
            let start = scale.at(high) + 7.0;
            let struck = line_at > start - 4.0 && line_at < start + room + 4.0;
            paper.say((if struck { line_at + 5.0 } else { start }, base), Anchor::Start, &shown);
        }
    }
}

fn label_lines(label: &str, size: Size) -> Vec<String> {
    let room = if size.is_narrow() { size.width() - 4.0 } else { size.width() * LABEL_SHARE };
    wrapped(label, room, size.font(), if size.is_narrow() { 2 } else { 3 })
}

fn row_height(lines: usize, size: Size) -> f64 {
    if size.is_narrow() { lines as f64 * size.line() + 26.0 } else { (lines as f64 * size.line() + 8.0).max(28.0) }
}
