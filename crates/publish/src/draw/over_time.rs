//! Lines over time, and control charts.

use super::canvas::{Anchor, CHARACTER, Canvas, fit};
use super::scale::{Scale, label, round_up, ticks};
use super::{numbers, words};
use headwater_release::Table;

/// The plot's frame with its scales.
struct Frame {
    x: Scale,
    y: Scale,
    top: f64,
    bottom: f64,
    left: f64,
    right: f64,
}

/// Draws the frame: y grid, x labels thinned to what fits, labelled vertical lines.
fn frame(canvas: &mut Canvas, labels: &[String], largest: f64, title: &str, right_margin: f64, breaks: &[(String, String)]) -> Frame {
    let end = round_up(largest, 5);
    let marks = ticks(0.0, end, 5);
    let step = if marks.len() > 1 { marks[1] - marks[0] } else { end };
    let left = marks.iter().map(|m| label(*m, step).len()).max().unwrap_or(1) as f64 * CHARACTER + 12.0;
    let (top, height) = (34.0 + 20.0 * breaks.len().min(3) as f64, if canvas.narrow { 230.0 } else { 290.0 });
    let f = Frame {
        x: Scale::new((0.0, labels.len().max(2) as f64 - 1.0), (left + 6.0, canvas.width - right_margin)),
        y: Scale::new((0.0, end), (top + height, top)),
        top,
        bottom: top + height,
        left,
        right: canvas.width - right_margin,
    };
    canvas.text("t2", (0.0, 16.0), Anchor::Start, &fit(title, canvas.width));
    for mark in &marks {
        canvas.line(if *mark == 0.0 { "axis" } else { "grid" }, (f.left, f.y.at(*mark)), (f.right, f.y.at(*mark)));
        canvas.text("t2", (f.left - 6.0, f.y.at(*mark) + 5.0), Anchor::End, &label(*mark, step));
    }
    // Short labels under the axis: the month's first three letters and the year on two lines.
    let wanted = if canvas.narrow { 4 } else { 8 };
    let every = labels.len().div_ceil(wanted).max(1);
    for (i, words) in labels.iter().enumerate().filter(|(i, _)| i % every == 0) {
        let x = f.x.at(i as f64);
        canvas.line("axis", (x, f.bottom), (x, f.bottom + 5.0));
        let (first, second) = words.split_once(' ').unwrap_or((words, ""));
        let first: String = if second.is_empty() { first.to_owned() } else { first.chars().take(3).collect() };
        canvas.text("t2", (x, f.bottom + 20.0), Anchor::Middle, &first);
        canvas.text("t2", (x, f.bottom + 37.0), Anchor::Middle, second);
    }
    for (i, (at, words)) in breaks.iter().enumerate().take(3) {
        if let Some(position) = labels.iter().position(|l| l == at) {
            let x = f.x.at(position as f64 - 0.5);
            let y = f.top - 8.0 - 20.0 * i as f64;
            canvas.line("brk", (x, y + 4.0), (x, f.bottom));
            let words = format!("{at}: {words}");
            let width = words.chars().count() as f64 * CHARACTER;
            let (anchor, shift) = if x + 4.0 + width <= canvas.width { (Anchor::Start, 4.0) } else { (Anchor::End, -4.0) };
            let room = if shift > 0.0 { canvas.width - x } else { x } - 8.0;
            canvas.text("halo", (x + shift, y), anchor, &fit(&words, room));
        }
    }
    canvas.height = f.bottom + 46.0;
    f
}

pub fn lines(
    mut canvas: Canvas,
    table: &Table,
    x: usize,
    series: &[usize],
    band: Option<(usize, usize)>,
    breaks: &[(String, String)],
) -> Option<Canvas> {
    let labels = words(table, x);
    let columns: Vec<Vec<Option<f64>>> = series.iter().take(4).map(|column| numbers(table, *column)).collect();
    let upper = band.map(|(_, upper)| numbers(table, upper)).unwrap_or_default();
    let largest = columns.iter().flatten().chain(&upper).flatten().fold(0.0f64, |a, b| a.max(*b));
    if labels.is_empty() || largest <= 0.0 {
        return None;
    }
    let names: Vec<String> = series.iter().take(4).map(|c| table.columns()[*c].title.clone()).collect();
    // Labels stand at the line ends on wide pages, in a list above on narrow ones.
    let right = if canvas.narrow { 12.0 } else { names.iter().map(|n| n.chars().count()).max().unwrap_or(0).min(22) as f64 * CHARACTER + 22.0 };
    let f = frame(&mut canvas, &labels, largest, "", right, breaks);
    if let Some((lower, upper)) = band {
        let (l, u) = (numbers(table, lower), numbers(table, upper));
        let known: Vec<usize> = (0..labels.len()).filter(|i| l[*i].is_some() && u[*i].is_some()).collect();
        let mut outline: Vec<(f64, f64)> = known.iter().filter_map(|i| u[*i].map(|v| (f.x.at(*i as f64), f.y.at(v)))).collect();
        outline.extend(known.iter().rev().filter_map(|i| l[*i].map(|v| (f.x.at(*i as f64), f.y.at(v)))));
        canvas.polygon("band", &outline);
    }
    let mut ends: Vec<(f64, usize)> = Vec::new();
    for (s, values) in columns.iter().enumerate() {
        let points: Vec<Option<(f64, f64)>> = values.iter().enumerate().map(|(i, v)| v.map(|v| (f.x.at(i as f64), f.y.at(v)))).collect();
        canvas.polyline(&format!("s{s}"), &points);
        for point in points.iter().flatten() {
            if s % 2 == 0 {
                canvas.circle(&format!("m{s}"), *point, 3.5);
            } else {
                canvas.diamond(&format!("m{s}"), *point, 4.5);
            }
        }
        if let Some((_, y)) = points.iter().rev().flatten().next() {
            ends.push((*y, s));
        }
    }
    if canvas.narrow {
        for (s, name) in names.iter().enumerate() {
            let y = canvas.height + 16.0;
            canvas.line(&format!("s{s}"), (4.0, y - 5.0), (34.0, y - 5.0));
            canvas.text("", (42.0, y), Anchor::Start, &fit(name, 310.0));
            canvas.height += 22.0;
        }
    } else {
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut last = f64::NEG_INFINITY;
        for (y, s) in ends {
            let y = y.max(last + 18.0);
            last = y;
            canvas.text("halo", (f.right + 8.0, y + 5.0), Anchor::Start, &fit(&names[s], right - 22.0));
        }
    }
    Some(canvas)
}

/// The columns of a control chart.
pub struct Control {
    pub x: usize,
    pub y: usize,
    pub mean: usize,
    pub lower: usize,
    pub upper: usize,
    pub signal: usize,
}

pub fn control(mut canvas: Canvas, table: &Table, columns: &Control, breaks: &[(String, String)]) -> Option<Canvas> {
    let labels = words(table, columns.x);
    let values = numbers(table, columns.y);
    let (mean, lower, upper) = (numbers(table, columns.mean), numbers(table, columns.lower), numbers(table, columns.upper));
    let signals = words(table, columns.signal);
    let largest = values.iter().chain(&upper).flatten().fold(0.0f64, |a, b| a.max(*b));
    if labels.is_empty() || largest <= 0.0 {
        return None;
    }
    let right = if canvas.narrow { 12.0 } else { 92.0 };
    let f = frame(&mut canvas, &labels, largest, "Records a month", right, breaks);
    for (class, line, words) in [("lim", &upper, "upper limit"), ("avg", &mean, "average"), ("lim", &lower, "lower limit")] {
        let points: Vec<_> = line.iter().enumerate().map(|(i, v)| v.map(|v| (f.x.at(i as f64), f.y.at(v)))).collect();
        canvas.polyline(class, &points);
        if !canvas.narrow
            && let Some((_, y)) = points.iter().rev().flatten().next()
        {
            canvas.text("t2", (f.right + 8.0, y + 5.0), Anchor::Start, words);
        }
    }
    let points: Vec<_> = values.iter().enumerate().map(|(i, v)| v.map(|v| (f.x.at(i as f64), f.y.at(v)))).collect();
    canvas.polyline("s0", &points);
    let mut marked = false;
    for (point, signal) in points.iter().zip(&signals) {
        let Some(at) = point else { continue };
        if signal.is_empty() {
            canvas.circle("m0", *at, 3.5);
        } else {
            marked = true;
            canvas.diamond("m2", *at, 7.0);
        }
    }
    let mut note = |words: &str, draw: &dyn Fn(&mut Canvas, f64)| {
        let y = canvas.height + 14.0;
        draw(&mut canvas, y - 5.0);
        canvas.text("", (42.0, y), Anchor::Start, words);
        canvas.height += 22.0;
    };
    if marked {
        note("breaks a rule: see the table", &|c, y| c.diamond("m2", (20.0, y), 7.0));
    }
    if canvas.narrow {
        let y = canvas.height + 14.0;
        canvas.line("avg", (6.0, y - 5.0), (34.0, y - 5.0));
        canvas.text("", (42.0, y), Anchor::Start, "average");
        canvas.line("lim", (150.0, y - 5.0), (178.0, y - 5.0));
        canvas.text("", (186.0, y), Anchor::Start, "limits of chance");
        canvas.height += 22.0;
    }
    Some(canvas)
}
