//! Horizontal bars with names, values and intervals; and bars back to back.

use super::canvas::{Anchor, CHARACTER, Canvas, fit};
use super::scale::{Scale, label, round_up, ticks};
use super::{heading, numbers, words};
use headwater_release::{Table, Value};

/// More bars than this are not drawn; the table has them all.
const MOST_BARS: usize = 40;

/// Which columns are drawn.
pub struct Columns {
    pub label: usize,
    pub value: usize,
    pub interval: Option<(usize, usize)>,
    pub highlight: Option<usize>,
}

pub fn draw(mut canvas: Canvas, table: &Table, columns: &Columns, reference: Option<&(String, Value)>) -> Option<Canvas> {
    let names = words(table, columns.label);
    let values = numbers(table, columns.value);
    let n = values.len().min(MOST_BARS);
    let intervals: Vec<Option<(f64, f64)>> = match columns.interval {
        Some((lower, upper)) => numbers(table, lower).into_iter().zip(numbers(table, upper)).map(|(l, u)| l.zip(u)).collect(),
        None => vec![None; values.len()],
    };
    let largest = values[..n].iter().flatten().chain(intervals[..n].iter().flatten().map(|(_, u)| u)).fold(0.0f64, |a, b| a.max(*b));
    if n == 0 || largest <= 0.0 {
        return None;
    }
    let reference = reference.and_then(|(words, value)| value.as_number().map(|v| (words, v)));
    let end = round_up(largest.max(reference.map_or(0.0, |(_, v)| v)), if canvas.narrow { 3 } else { 5 });
    let longest = names[..n].iter().map(|name| name.chars().count()).max().unwrap_or(0) as f64 * CHARACTER;
    // On narrow pages names stand above their bars.
    let left = if canvas.narrow { 4.0 } else { longest.clamp(60.0, 250.0) + 12.0 };
    let row = if canvas.narrow { 44.0 } else { 30.0 };
    let right = 64.0;
    let top = if reference.is_some() { 62.0 } else { 42.0 };
    let bottom = top + row * n as f64;
    canvas.height = bottom + 32.0;
    let x = Scale::new((0.0, end), (left, canvas.width - right));
    let start = if canvas.narrow { 4.0 } else { left };
    let head = heading(table, columns.value) + if columns.interval.is_some() { "; lines: 95 % interval" } else { "" };
    canvas.text("t2", (start, 16.0), Anchor::Start, &fit(&head, canvas.width - start));
    let marks = ticks(0.0, end, if canvas.narrow { 3 } else { 5 });
    let step = if marks.len() > 1 { marks[1] - marks[0] } else { end };
    for mark in &marks {
        canvas.line(if *mark == 0.0 { "axis" } else { "grid" }, (x.at(*mark), top - 6.0), (x.at(*mark), bottom));
        canvas.text("t2", (x.at(*mark), bottom + 20.0), if *mark == 0.0 { Anchor::Start } else { Anchor::Middle }, &label(*mark, step));
    }
    let strong = columns.highlight.map(|column| words(table, column));
    for i in 0..n {
        let y = top + row * i as f64;
        let (bar_top, bar) = if canvas.narrow { (y + 20.0, 18.0) } else { (y + 4.0, 20.0) };
        let middle = bar_top + bar / 2.0;
        if canvas.narrow {
            canvas.text("", (left, y + 14.0), Anchor::Start, &fit(&names[i], canvas.width - 12.0));
        } else {
            canvas.text("", (left - 8.0, middle + 5.0), Anchor::End, &fit(&names[i], left - 14.0));
        }
        let shown = table.rows()[i][columns.value].shown();
        let Some(value) = values[i] else {
            canvas.text("t2", (x.at(0.0) + 6.0, middle + 5.0), Anchor::Start, &shown);
            continue;
        };
        let hi = strong.as_ref().is_none_or(|s| !s[i].is_empty());
        canvas.rect(if hi { "bar hi" } else { "bar" }, x.at(0.0), bar_top, x.at(value) - x.at(0.0), bar);
        let mut tip = x.at(value);
        if let Some((lower, upper)) = intervals[i] {
            for class in ["under", "wh"] {
                canvas.line(class, (x.at(lower), middle), (x.at(upper), middle));
                canvas.line(class, (x.at(lower), middle - 4.0), (x.at(lower), middle + 4.0));
                canvas.line(class, (x.at(upper), middle - 4.0), (x.at(upper), middle + 4.0));
            }
            tip = tip.max(x.at(upper));
        }
        canvas.text("halo", (tip + 6.0, middle + 5.0), Anchor::Start, &shown);
    }
    if let Some((words, value)) = reference {
        canvas.line("ref", (x.at(value), top - 6.0), (x.at(value), bottom));
        canvas.text("halo", (x.at(value), top - 12.0), Anchor::Middle, words);
    }
    if values.len() > n {
        canvas.text("t2", (4.0, bottom + 44.0), Anchor::Start, &format!("The first {n} of {}; all are in the table.", values.len()));
        canvas.height += 22.0;
    }
    Some(canvas)
}

/// Two sets of bars back to back, youngest at the foot.
pub fn pyramid(mut canvas: Canvas, table: &Table, [name, left, right]: [usize; 3]) -> Option<Canvas> {
    let (names, l, r) = (words(table, name), numbers(table, left), numbers(table, right));
    let largest = l.iter().chain(&r).flatten().fold(0.0f64, |a, b| a.max(*b));
    if largest <= 0.0 {
        return None;
    }
    let row = 24.0;
    let gap = if canvas.narrow { 74.0 } else { 110.0 };
    let (centre, top) = (canvas.width / 2.0, 30.0);
    let bottom = top + row * names.len() as f64;
    canvas.height = bottom + 8.0;
    let room = Scale::new((0.0, largest), (0.0, centre - gap / 2.0 - 58.0));
    for (column, values, side, anchor, class) in [(left, &l, -1.0, Anchor::End, "bar hi"), (right, &r, 1.0, Anchor::Start, "bar")] {
        let edge = centre + side * gap / 2.0;
        canvas.text("b", (edge, 16.0), anchor, &heading(table, column));
        for (i, value) in values.iter().enumerate() {
            let Some(value) = value else { continue };
            let (y, width) = (bottom - row * (i + 1) as f64, room.at(*value));
            canvas.rect(class, if side < 0.0 { edge - width } else { edge }, y + 3.0, width, row - 6.0);
            canvas.text("", (edge + side * (width + 4.0), y + 17.0), anchor, &table.rows()[i][column].shown());
        }
    }
    for (i, name) in names.iter().enumerate() {
        canvas.text("", (centre, bottom - row * i as f64 - 7.0), Anchor::Middle, &fit(name, gap));
    }
    Some(canvas)
}
