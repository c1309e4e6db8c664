//! Gradients over deprivation groups: points with intervals at the middle of each group's ranks, and the fitted line.

use crate::chart::axis::{self, Plot};
use crate::chart::key::{Entry, Swatch};
use crate::chart::lettering::{in_sentence, widest, wrapped};
use crate::chart::paper::{Anchor, INK, LOUD, MAIN, Mark, Paper, Size};
use crate::chart::scale::{Foot, Scale};
use crate::chart::{from_to, numbers, runs, title, words};
use headwater_release::Table;

const DASH: &str = "7 3";

pub(crate) struct Gradient<'a> {
    pub(crate) table: &'a Table,
    pub(crate) label: usize,
    pub(crate) x: usize,
    pub(crate) y: usize,
    pub(crate) interval: (usize, usize),
    pub(crate) fitted: usize,
}

impl Gradient<'_> {
    fn name(&self, column: usize) -> String {
        self.table.columns().get(column).map(|c| in_sentence(&c.title)).unwrap_or_default()
    }

    pub(crate) fn key(&self) -> Vec<Entry> {
        vec![
            Entry::new(Swatch::Point(Mark::Circle, MAIN), self.name(self.y)),
            Entry::new(Swatch::Interval, format!("Thin lines run {}", from_to(self.table, self.interval.0, self.interval.1))),
            Entry::new(Swatch::Line { colour: LOUD, dash: DASH, mark: None }, self.name(self.fitted)),
        ]
    }

    pub(crate) fn draw(&self, size: Size) -> Paper {
        let (font, line) = (size.font(), size.line());
        let [x, y, lower, upper, fitted] = [self.x, self.y, self.interval.0, self.interval.1, self.fitted].map(|column| numbers(self.table, column));
        let all = [&y, &lower, &upper, &fitted].into_iter().flatten().flatten().copied();
        let scale = Scale::over(all, Foot::Nought, axis::steps(size), 0.0, 1.0);
        let left = axis::room_for_values(&scale, size);
        let heading = axis::title_lines(&title(self.table, self.y), &scale, size);
        let top = heading.len() as f64 * line + 8.0;
        let plot = Plot { left, right: size.width() - 8.0, top, bottom: top + if size.is_narrow() { 230.0 } else { 300.0 } };
        let scale = scale.moved(plot.bottom, plot.top);
        let across = Scale::fixed(0.0, 1.0, 0.2, plot.left, plot.right);

        // The ends of the ladder are told below the groups, so that no group's name needs more room than its number.
        let groups: Vec<(f64, String, Option<String>)> = words(self.table, self.label)
            .into_iter()
            .zip(&x)
            .map(|(label, rank)| {
                let (name, end) =
                    label.split_once(" (").map_or((label.as_str(), None), |(name, end)| (name, Some(end.trim_end_matches(')').to_owned())));
                (across.at(rank.unwrap_or(0.0)), name.to_owned(), end)
            })
            .collect();
        let ends = [groups.first().and_then(|group| group.2.clone()), groups.last().and_then(|group| group.2.clone())];
        let rows = if ends.iter().any(Option::is_some) { 2.0 } else { 1.0 };
        let mut paper = Paper::new(size, plot.bottom + line * (rows + 1.0) + 12.0);
        paper.say_lines((0.0, font), Anchor::Start, &heading);
        axis::values_upright(&mut paper, plot, &scale);
        let mut free_from = f64::NEG_INFINITY;
        for (at, name, _) in &groups {
            let lines = wrapped(name, 120.0, font, 1);
            let half = widest(&lines, font) / 2.0;
            let middle = size.keep(*at, half);
            if middle - half >= free_from {
                paper.say_lines((middle, plot.bottom + line), Anchor::Middle, &lines);
                free_from = middle + half + 3.0;
            }
        }
        let room = (plot.right - plot.left) / 2.0 - 8.0;
        for (end, at, anchor) in [(&ends[0], plot.left, Anchor::Start), (&ends[1], plot.right, Anchor::End)] {
            if let Some(end) = end {
                paper.say_lines((at, plot.bottom + line * 2.0), anchor, &wrapped(end, room, font, 1));
            }
        }
        let name = self.table.columns().get(self.label).map_or("", |c| c.title.as_str());
        paper.murmur(((plot.left + plot.right) / 2.0, plot.bottom + line * (rows + 1.0) + 4.0), Anchor::Middle, name);
        let at = |values: &[Option<f64>], i: usize| Some((across.at(x[i]?), scale.at(values[i]?)));
        for run in runs((0..x.len()).map(|i| at(&fitted, i))) {
            paper.curve(&run, LOUD, 2.0, DASH);
        }
        for i in 0..x.len() {
            if let (Some(from), Some(to)) = (at(&lower, i), at(&upper, i)) {
                paper.interval(from, to, INK);
            }
            if let Some(point) = at(&y, i) {
                paper.mark(Mark::Circle, point, 5.0, MAIN);
            }
        }
        paper
    }
}
