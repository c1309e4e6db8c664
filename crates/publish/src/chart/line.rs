//! Lines over time, at most four, each with its own mark, dash and label.

use crate::chart::axis::{self, Plot, categories};
use crate::chart::key::{Entry, Swatch};
use crate::chart::lettering::{capital, wrapped};
use crate::chart::paper::{Anchor, MAIN, Mark, PALETTE, Paper, QUIET, SHADE, Size};
use crate::chart::scale::{Foot, Scale};
use crate::chart::spot::spread;
use crate::chart::{breaks, from_to, numbers, runs, title, words};
use headwater_release::{ColumnKind, Table};

/// The advised ceiling; the table holds what goes beyond it.
const MAX_SERIES: usize = 4;
/// With more points than this a mark on each would make a rope of the line.
const MAX_MARKED: usize = 40;
/// Room for the labels at the right of a wide chart.
const LABEL_ROOM: f64 = 150.0;
const DASHES: [&str; MAX_SERIES] = ["", "7 3", "2 3", "9 3 2 3"];

pub(crate) struct Line<'a> {
    pub(crate) table: &'a Table,
    pub(crate) x: usize,
    pub(crate) series: &'a [usize],
    pub(crate) band: Option<(usize, usize)>,
    pub(crate) breaks: &'a [(String, String)],
}

impl Line<'_> {
    fn drawn(&self) -> &[usize] {
        &self.series[..self.series.len().min(MAX_SERIES)]
    }

    fn colour(&self, i: usize) -> &'static str {
        match self.drawn().len() {
            2 => [PALETTE[0], PALETTE[3]][i % 2],
            _ => PALETTE[i % PALETTE.len()],
        }
    }

    pub(crate) fn key(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        if self.drawn().len() > 1 {
            for (i, column) in self.drawn().iter().enumerate() {
                let swatch = Swatch::Line { colour: self.colour(i), dash: DASHES[i], mark: Some(Mark::SERIES[i]) };
                entries.push(Entry::for_phones(swatch, self.name(*column)));
            }
        }
        if let Some((lower, upper)) = self.band {
            entries.push(Entry::new(Swatch::Band, format!("Shaded {}", from_to(self.table, lower, upper))));
        }
        entries
    }

    /// A series as its label says it; the unit stands on the axis.
    fn name(&self, column: usize) -> &str {
        self.table.columns().get(column).map_or("", |c| c.title.as_str())
    }

    /// What the upright axis counts: the only series, or what all have as their unit.
    fn axis_title(&self) -> String {
        match self.drawn() {
            [] => String::new(),
            [only] => title(self.table, *only),
            [first, ..] => match self.table.columns().get(*first).map(|c| &c.kind) {
                Some(ColumnKind::Number { unit }) if !unit.is_empty() => capital(unit),
                _ => "Number".to_owned(),
            },
        }
    }

    pub(crate) fn draw(&self, size: Size) -> Paper {
        let (font, line) = (size.font(), size.line());
        let labels = words(self.table, self.x);
        let count = labels.len();
        let series: Vec<Vec<Option<f64>>> = self.drawn().iter().map(|column| numbers(self.table, *column)).collect();
        let band = self.band.map(|(lower, upper)| (numbers(self.table, lower), numbers(self.table, upper)));
        let all = series.iter().flatten().chain(band.iter().flat_map(|(l, u)| l.iter().chain(u))).flatten().copied();
        let scale = Scale::over(all, Foot::NoughtIfNear, axis::steps(size), 0.0, 1.0);

        let direct = !size.is_narrow() && self.drawn().len() > 1;
        let left = axis::room_for_values(&scale, size);
        let right = size.width() - if direct { LABEL_ROOM } else { 6.0 };
        let heading = axis::title_lines(&self.axis_title(), &scale, size);
        let plan = breaks::plan(&labels, self.breaks, left, right, size);
        let top = heading.len() as f64 * line + 8.0 + plan.height(size);
        let plot = Plot { left, right, top, bottom: top + if size.is_narrow() { 230.0 } else { 320.0 } };
        let scale = scale.moved(plot.bottom, plot.top);
        let below = categories(&labels, plot.step(count), size);

        let mut paper = Paper::new(size, plot.bottom + below.height(size));
        paper.say_lines((0.0, font), Anchor::Start, &heading);
        if let Some((lower, upper)) = &band {
            shade(&mut paper, plot, &scale, lower, upper);
        }
        axis::values_upright(&mut paper, plot, &scale);
        below.draw(&mut paper, plot);
        plan.draw(&mut paper, plot, count);
        for (i, values) in series.iter().enumerate() {
            let runs = runs(values.iter().enumerate().map(|(j, v)| v.map(|v| (plot.middle(j, count), scale.at(v)))));
            for run in &runs {
                paper.curve(run, self.colour(i), 2.5, DASHES[i]);
            }
            for run in &runs {
                for (j, point) in run.iter().enumerate() {
                    if count <= MAX_MARKED || run.len() == 1 || j + 1 == run.len() || j.is_multiple_of(count / 12) {
                        paper.mark(Mark::SERIES[i], *point, 3.8, self.colour(i));
                    }
                }
            }
        }
        if direct {
            self.label_ends(&mut paper, plot, &scale, &series);
        }
        paper
    }

    fn label_ends(&self, paper: &mut Paper, plot: Plot, scale: &Scale, series: &[Vec<Option<f64>>]) {
        let (font, line) = (paper.size.font(), paper.size.line());
        let lines: Vec<Vec<String>> = self.drawn().iter().map(|column| wrapped(self.name(*column), LABEL_ROOM - 30.0, font, 3)).collect();
        let ends: Vec<Option<(f64, f64)>> = series
            .iter()
            .map(|values| values.iter().enumerate().rev().find_map(|(j, v)| Some((plot.middle(j, values.len()), scale.at((*v)?)))))
            .collect();
        let wanted: Vec<f64> = ends.iter().map(|end| end.map_or(plot.bottom, |(_, y)| y)).collect();
        let room: Vec<f64> = lines.iter().map(|lines| lines.len() as f64 * line + 4.0).collect();
        for (i, y) in spread(&wanted, &room, plot.top - line, plot.bottom + line).into_iter().enumerate() {
            let Some(end) = ends[i] else { continue };
            let x = plot.right + 14.0;
            paper.line((end.0 + 6.0, end.1), (x - 8.0, y), QUIET, 0.8, "");
            paper.mark(Mark::SERIES[i], (x, y), 3.8, self.colour(i));
            let first = y + font * 0.35 - (lines[i].len() as f64 - 1.0) * line / 2.0;
            paper.say_lines((x + 9.0, first), Anchor::Start, &lines[i]);
        }
    }
}

/// Shades between limits, with gaps where there are none.
fn shade(paper: &mut Paper, plot: Plot, scale: &Scale, lower: &[Option<f64>], upper: &[Option<f64>]) {
    let count = lower.len();
    let edges = |j: usize| Some((plot.middle(j, count), scale.at(lower[j]?), scale.at(upper[j]?)));
    let mut run: Vec<(f64, f64, f64)> = Vec::new();
    for edge in (0..count).map(edges).chain([None]) {
        if let Some(edge) = edge {
            run.push(edge);
            continue;
        }
        if let [(x, low, high)] = run[..] {
            paper.interval((x, low), (x, high), MAIN);
        }
        let outline: Vec<_> = run.iter().map(|(x, _, high)| (*x, *high)).chain(run.iter().rev().map(|(x, low, _)| (*x, *low))).collect();
        paper.area(&outline, SHADE);
        run.clear();
    }
}
