//! Control charts: monthly values between the limits of chance; what breaks a rule is marked by shape and named.

use crate::chart::axis::{self, Plot, categories};
use crate::chart::key::{Entry, Swatch};
use crate::chart::lettering::short_month;
use crate::chart::paper::{Anchor, LOUD, MAIN, Mark, Paper, QUIET, SHADE, Size};
use crate::chart::scale::{Foot, Scale};
use crate::chart::spot::{Area, Spots, spread};
use crate::chart::{breaks, cell, distinct, numbers, runs, title, words};
use headwater_release::{Table, Value};

/// Room for the labels of the limits at the right of a wide chart.
const LABEL_ROOM: f64 = 92.0;
const LIMIT_DASH: &str = "4 3";

pub(crate) struct Control<'a> {
    pub(crate) table: &'a Table,
    pub(crate) x: usize,
    pub(crate) y: usize,
    pub(crate) mean: usize,
    pub(crate) limits: (usize, usize),
    pub(crate) signal: usize,
    pub(crate) breaks: &'a [(String, String)],
}

impl Control<'_> {
    /// The mark of a rule; the last mark stands for all further rules.
    fn mark(&self, rule: &str) -> Option<Mark> {
        let at = distinct(self.table, self.signal).iter().position(|other| other == rule)?;
        Some(Mark::SIGNAL[at.min(Mark::SIGNAL.len() - 1)])
    }

    fn rule(&self, row: usize) -> String {
        cell(self.table, row, self.signal).map(Value::shown).unwrap_or_default()
    }

    pub(crate) fn key(&self) -> Vec<Entry> {
        let mut entries = vec![
            Entry::for_phones(Swatch::Line { colour: MAIN, dash: "", mark: Some(Mark::Circle) }, title(self.table, self.y)),
            Entry::for_phones(Swatch::Line { colour: QUIET, dash: "", mark: None }, "Average"),
            Entry::new(Swatch::Band, "Between the limits of chance"),
        ];
        for rule in distinct(self.table, self.signal) {
            if let Some(mark) = self.mark(&rule) {
                entries.push(Entry::new(Swatch::Point(mark, LOUD), rule));
            }
        }
        entries
    }

    pub(crate) fn draw(&self, size: Size) -> Paper {
        let (font, line) = (size.font(), size.line());
        let labels = words(self.table, self.x);
        let count = labels.len();
        let [values, mean, lower, upper] = [self.y, self.mean, self.limits.0, self.limits.1].map(|column| numbers(self.table, column));
        let all = [&values, &mean, &lower, &upper].into_iter().flatten().flatten().copied();
        let scale = Scale::over(all, Foot::NoughtIfNear, axis::steps(size), 0.0, 1.0);
        let left = axis::room_for_values(&scale, size);
        let right = size.width() - if size.is_narrow() { 6.0 } else { LABEL_ROOM };
        let heading = axis::title_lines(&title(self.table, self.y), &scale, size);
        let plan = breaks::plan(&labels, self.breaks, left, right, size);
        let top = heading.len() as f64 * line + 8.0 + plan.height(size);
        let plot = Plot { left, right, top, bottom: top + if size.is_narrow() { 220.0 } else { 300.0 } };
        let scale = scale.moved(plot.bottom, plot.top);
        let below = categories(&labels, plot.step(count), size);

        let mut paper = Paper::new(size, plot.bottom + below.height(size));
        paper.say_lines((0.0, font), Anchor::Start, &heading);
        for (below, above) in stepped(plot, &scale, &lower).into_iter().zip(stepped(plot, &scale, &upper)) {
            let outline: Vec<_> = above.into_iter().chain(below.into_iter().rev()).collect();
            paper.area(&outline, SHADE);
        }
        axis::values_upright(&mut paper, plot, &scale);
        below.draw(&mut paper, plot);
        plan.draw(&mut paper, plot, count);
        let mut spots = Spots::within(Area { left: plot.left, top: plot.top, right: plot.right, bottom: plot.bottom });
        plan.lines(plot, count).for_each(|line| spots.keep_off(&line));
        for (series, dash) in [(&lower, LIMIT_DASH), (&upper, LIMIT_DASH), (&mean, "")] {
            for steps in stepped(plot, &scale, series) {
                paper.curve(&steps, QUIET, 1.5, dash);
                spots.keep_off(&steps);
            }
        }
        let points: Vec<Option<(f64, f64)>> = values.iter().enumerate().map(|(i, v)| v.map(|v| (plot.middle(i, count), scale.at(v)))).collect();
        for run in runs(points.iter().copied()) {
            paper.curve(&run, MAIN, 2.0, "");
            spots.keep_off(&run);
        }
        self.draw_points(&mut paper, &points, &labels, &mut spots);
        if !size.is_narrow() {
            label_limits(&mut paper, plot, &scale, [&upper, &mean, &lower]);
        }
        paper
    }

    fn draw_points(&self, paper: &mut Paper, points: &[Option<(f64, f64)>], labels: &[String], spots: &mut Spots) {
        let small = if points.len() > 48 || paper.size.is_narrow() { 2.4 } else { 3.4 };
        for (i, point) in points.iter().enumerate() {
            let Some(point) = *point else { continue };
            match self.mark(&self.rule(i)) {
                Some(mark) => paper.mark(mark, point, small + 1.4, LOUD),
                None => paper.mark(Mark::Circle, point, small, MAIN),
            }
            spots.take(Area::around(point, small + 1.0));
        }
        // What lies beyond the limits is named first, then where a row of signals begins, each where there is room.
        let [y, lower, upper] = [self.y, self.limits.0, self.limits.1].map(|column| numbers(self.table, column));
        let outside = |i: usize| matches!((y[i], lower[i], upper[i]), (Some(y), Some(lower), Some(upper)) if y < lower || y > upper);
        let begins = |i: usize| !self.rule(i).is_empty() && (i == 0 || self.rule(i - 1).is_empty());
        let far = (0..points.len()).filter(|i| outside(*i));
        for i in far.chain((0..points.len()).filter(|i| begins(*i) && !outside(*i))) {
            if let Some(point) = points[i] {
                spots.label(paper, point, 9.0, &[short_month(&labels[i])], false);
            }
        }
    }
}

/// Limits as steps: level over each month, so that a change of level is seen as one.
fn stepped(plot: Plot, scale: &Scale, values: &[Option<f64>]) -> Vec<Vec<(f64, f64)>> {
    let half = plot.step(values.len()) / 2.0;
    let points = values.iter().enumerate().map(|(i, v)| v.map(|v| (plot.middle(i, values.len()), scale.at(v))));
    runs(points)
        .into_iter()
        .map(|run| {
            let mut steps: Vec<(f64, f64)> = Vec::new();
            for (x, y) in run {
                // A level stretch needs its two ends only.
                match steps.last_mut() {
                    Some(last) if (last.1 - y).abs() < 0.05 => last.0 = x + half,
                    _ => steps.extend([(x - half, y), (x + half, y)]),
                }
            }
            steps
        })
        .collect()
}

fn label_limits(paper: &mut Paper, plot: Plot, scale: &Scale, series: [&Vec<Option<f64>>; 3]) {
    let wanted = series.map(|values| values.iter().rev().find_map(|v| *v).map_or(plot.bottom, |v| scale.at(v)));
    let room = [paper.size.line() + 2.0; 3];
    let at = spread(&wanted, &room, plot.top - 8.0, plot.bottom + 8.0);
    for (y, words) in at.into_iter().zip(["upper limit", "average", "lower limit"]) {
        paper.murmur((plot.right + 8.0, y + paper.size.font() * 0.35), Anchor::Start, words);
    }
}
