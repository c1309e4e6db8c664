//! Funnel plots: areas against the limits of chance for an area of their size.

use crate::chart::axis::{self, Plot};
use crate::chart::key::{Entry, Swatch};
use crate::chart::lettering::{width, wrapped};
use crate::chart::paper::{Anchor, LOUD, MAIN, Mark, Paper, QUIET, Size};
use crate::chart::scale::{Foot, Scale};
use crate::chart::spot::{Area, Spots, spread};
use crate::chart::{distinct, numbers, runs, title, words};
use headwater_release::Table;

/// Room for the names of the curves at the right of a wide chart.
const LABEL_ROOM: f64 = 96.0;
/// With more areas than this only those that stand out are named.
const MAX_NAMED: usize = 20;
/// The curves in the columns of the limits after the first: name, dash, width.
const CURVES: [(&str, &str, f64); 5] =
    [("99.8 % limit", "", 1.3), ("95 % limit", "5 3", 1.3), ("average", "", 2.0), ("95 % limit", "5 3", 1.3), ("99.8 % limit", "", 1.3)];

pub(crate) struct Funnel<'a> {
    pub(crate) table: &'a Table,
    pub(crate) label: usize,
    pub(crate) x: usize,
    pub(crate) y: usize,
    pub(crate) class: usize,
    pub(crate) limits: &'a Table,
}

impl Funnel<'_> {
    fn mark(&self, class: &str) -> Option<Mark> {
        let at = distinct(self.table, self.class).iter().position(|other| other == class)?;
        Some(Mark::SIGNAL[at.min(Mark::SIGNAL.len() - 1)])
    }

    pub(crate) fn key(&self) -> Vec<Entry> {
        let marked = distinct(self.table, self.class).into_iter();
        let mut entries: Vec<Entry> = marked.filter_map(|class| Some(Entry::new(Swatch::Point(self.mark(&class)?, LOUD), class))).collect();
        if words(self.table, self.class).iter().any(String::is_empty) {
            entries.push(Entry::new(Swatch::Point(Mark::Circle, MAIN), "within what chance explains"));
        }
        let line = |dash| Swatch::Line { colour: QUIET, dash, mark: None };
        entries.push(Entry::for_phones(line("5 3"), "limits of chance, 95 %"));
        entries.push(Entry::for_phones(line(""), "limits of chance, 99.8 %, and the average between them"));
        entries
    }

    pub(crate) fn draw(&self, size: Size) -> Paper {
        let (font, line) = (size.font(), size.line());
        let (x, y) = (numbers(self.table, self.x), numbers(self.table, self.y));
        let limit_x = numbers(self.limits, 0);
        let curves: Vec<Vec<Option<f64>>> = (1..=CURVES.len()).map(|column| numbers(self.limits, column)).collect();
        let scale = Scale::over(y.iter().chain(curves.iter().flatten()).flatten().copied(), Foot::NoughtIfNear, axis::steps(size), 0.0, 1.0);
        let left = axis::room_for_values(&scale, size);
        let right = size.width() - if size.is_narrow() { 8.0 } else { LABEL_ROOM };
        let heading = axis::title_lines(&title(self.table, self.y), &scale, size);
        let top = heading.len() as f64 * line + 8.0;
        let plot = Plot { left, right, top, bottom: top + if size.is_narrow() { 280.0 } else { 380.0 } };
        let scale = scale.moved(plot.bottom, plot.top);
        let widths: Vec<f64> = x.iter().chain(&limit_x).flatten().copied().collect();
        let across = Scale::tight(&widths, axis::steps(size), left, right);
        let foot = wrapped(&title(self.table, self.x), right - left, font, 2);

        let mut paper = Paper::new(size, plot.bottom + line * (1.6 + foot.len() as f64) + 4.0);
        paper.say_lines((0.0, font), Anchor::Start, &heading);
        axis::values_upright(&mut paper, plot, &scale);
        axis::values_level(&mut paper, plot, &across);
        paper.say_lines(((left + right) / 2.0, plot.bottom + line * 2.3), Anchor::Middle, &foot);
        let mut spots = Spots::within(Area { left, top: plot.top, right, bottom: plot.bottom });
        for (values, (_, dash, width)) in curves.iter().zip(CURVES) {
            for run in runs(limit_x.iter().zip(values).map(|(x, y)| Some((across.at((*x)?), scale.at((*y)?))))) {
                paper.curve(&run, QUIET, width, dash);
                spots.keep_off(&run);
            }
        }
        let points: Vec<Option<(f64, f64)>> = x.iter().zip(&y).map(|(x, y)| Some((across.at((*x)?), scale.at((*y)?)))).collect();
        self.draw_points(&mut paper, &points, &mut spots);
        if !size.is_narrow() {
            name_curves(&mut paper, plot, &scale, &curves);
        }
        paper
    }

    fn draw_points(&self, paper: &mut Paper, points: &[Option<(f64, f64)>], spots: &mut Spots) {
        let (names, classes) = (words(self.table, self.label), words(self.table, self.class));
        for (point, class) in points.iter().zip(&classes) {
            let Some(point) = *point else { continue };
            match self.mark(class) {
                Some(mark) => paper.mark(mark, point, 5.0, LOUD),
                None => paper.mark(Mark::Circle, point, 4.2, MAIN),
            }
            spots.take(Area::around(point, 5.0));
        }
        // What stands out is named first and must be; the others where there is room.
        let mut order: Vec<usize> = (0..points.len()).filter(|i| !classes[*i].is_empty() || points.len() <= MAX_NAMED).collect();
        order.sort_by_key(|i| (classes[*i].is_empty(), *i));
        let room = if paper.size.is_narrow() { 110.0 } else { 130.0 };
        for i in order {
            if let Some(point) = points[i] {
                let lines =
                    if width(&names[i], paper.size.font()) <= room { vec![names[i].clone()] } else { wrapped(&names[i], room, paper.size.font(), 2) };
                spots.label(paper, point, 10.0, &lines, !classes[i].is_empty());
            }
        }
    }
}

fn name_curves(paper: &mut Paper, plot: Plot, scale: &Scale, curves: &[Vec<Option<f64>>]) {
    let wanted: Vec<f64> = curves.iter().map(|values| values.iter().rev().find_map(|v| *v).map_or(plot.bottom, |v| scale.at(v))).collect();
    let room = [paper.size.line(); CURVES.len()];
    for ((y, at), (words, ..)) in spread(&wanted, &room, plot.top - 8.0, plot.bottom + 8.0).into_iter().zip(&wanted).zip(CURVES) {
        if (y - at).abs() > 3.0 {
            paper.line((plot.right, *at), (plot.right + 7.0, y), QUIET, 0.8, "");
        }
        paper.murmur((plot.right + 9.0, y + paper.size.font() * 0.35), Anchor::Start, words);
    }
}
