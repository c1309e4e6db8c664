//! Lorenz curves: what share of events a share of places holds, beside what chance would give.

use crate::chart::axis::{self, Plot};
use crate::chart::lettering::{in_sentence, wrapped};
use crate::chart::paper::{Anchor, LOUD, MAIN, Mark, Paper, QUIET, Size};
use crate::chart::scale::Scale;
use crate::chart::spot::{Area, Spots};
use crate::chart::{numbers, runs, title};
use headwater_release::Table;

pub(crate) struct Lorenz<'a> {
    pub(crate) table: &'a Table,
    pub(crate) x: usize,
    pub(crate) y: usize,
    pub(crate) baseline: Option<usize>,
}

impl Lorenz<'_> {
    pub(crate) fn draw(&self, size: Size) -> Paper {
        let (font, line) = (size.font(), size.line());
        let side = if size.is_narrow() { 300.0 } else { 400.0 };
        let scale = Scale::fixed(0.0, 100.0, 20.0, 0.0, side);
        let left = axis::room_for_values(&scale, size);
        let heading = wrapped(&title(self.table, self.y), size.width() - 4.0, font, 2);
        let top = heading.len() as f64 * line + 8.0;
        let plot = Plot { left, right: left + side, top, bottom: top + side };
        let (across, up) = (scale.moved(plot.left, plot.right), scale.moved(plot.bottom, plot.top));
        let foot = wrapped(&title(self.table, self.x), side, font, 2);

        let mut paper = Paper::new(size, plot.bottom + line * (1.6 + foot.len() as f64) + 4.0);
        paper.say_lines((0.0, font), Anchor::Start, &heading);
        axis::values_upright(&mut paper, plot, &up);
        axis::values_level(&mut paper, plot, &across);
        paper.say_lines(((plot.left + plot.right) / 2.0, plot.bottom + line * 2.3), Anchor::Middle, &foot);
        let x = numbers(self.table, self.x);
        let curve = |column: usize| -> Vec<(f64, f64)> {
            runs(x.iter().zip(numbers(self.table, column)).map(|(x, y)| Some((across.at((*x)?), up.at(y?))))).into_iter().flatten().collect()
        };
        let middle = ((plot.left + plot.right) / 2.0, (plot.top + plot.bottom) / 2.0);
        let mut curves = vec![(curve(self.y), self.name(self.y), MAIN, 2.8, "")];
        if let Some(baseline) = self.baseline {
            curves.push((curve(baseline), self.name(baseline), LOUD, 2.0, "7 3"));
        }
        curves.push((vec![(plot.left, plot.bottom), middle, (plot.right, plot.top)], "if shared equally".to_owned(), QUIET, 1.2, "2 3"));
        let mut spots = Spots::within(Area { left: plot.left + 2.0, top: plot.top, right: size.width(), bottom: plot.bottom - 2.0 });
        for (points, _, stroke, width, dash) in &curves {
            paper.curve(points, stroke, *width, dash);
            spots.keep_off(points);
        }
        for (points, name, ..) in &curves {
            let others: Vec<&[(f64, f64)]> = curves.iter().map(|(points, ..)| points.as_slice()).collect();
            name_curve(&mut paper, &mut spots, plot, points, &others, name);
        }
        paper
    }

    fn name(&self, column: usize) -> String {
        self.table.columns().get(column).map(|c| in_sentence(&c.title)).unwrap_or_default()
    }
}

/// Names a curve beside its middle; where other curves leave no room there, beyond them, with a line that leads to it.
fn name_curve(paper: &mut Paper, spots: &mut Spots, plot: Plot, points: &[(f64, f64)], all: &[&[(f64, f64)]], name: &str) {
    let lines = wrapped(name, if paper.size.is_narrow() { 92.0 } else { 120.0 }, paper.size.font(), 3);
    let mut middle: Vec<usize> = (points.len() / 4..points.len() - points.len() / 4).collect();
    middle.sort_by_key(|i| (i.abs_diff(points.len() / 2), *i));
    if middle.iter().any(|i| spots.label(paper, points[*i], 10.0, &lines, false)) {
        return;
    }
    let half = lines.len() as f64 * paper.size.line() / 2.0;
    for share in [0.3, 0.2, 0.4, 0.15, 0.5, 0.6] {
        let y = plot.bottom - share * (plot.bottom - plot.top);
        // The upper edge of the label meets a rising curve first.
        let heights = [y - half, y, y + half];
        let beyond = heights.iter().flat_map(|y| all.iter().filter_map(|curve| crossing(curve, *y))).fold(plot.left, f64::max) + 10.0;
        if let Some(x) = crossing(points, y)
            && spots.write(paper, beyond, y, &lines)
        {
            let leader = [(x, y), (beyond - 3.0, y)];
            paper.curve(&leader, QUIET, 1.0, "");
            paper.mark(Mark::Circle, (x, y), 3.0, QUIET);
            spots.keep_off(&leader);
            return;
        }
    }
    if let Some(i) = middle.first() {
        spots.label(paper, points[*i], 10.0, &lines, true);
    }
}

/// Where a curve first reaches a height.
fn crossing(curve: &[(f64, f64)], y: f64) -> Option<f64> {
    let pair = curve.windows(2).find(|pair| pair[0].1 != pair[1].1 && (pair[0].1 - y) * (pair[1].1 - y) <= 0.0)?;
    Some(pair[0].0 + (y - pair[0].1) / (pair[1].1 - pair[0].1) * (pair[1].0 - pair[0].0))
}
