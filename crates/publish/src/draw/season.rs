//! The months of the year around an average of 100.

use super::canvas::{Anchor, Canvas};
use super::scale::{Scale, label, round_up, ticks};
use super::{numbers, words};
use headwater_release::Table;

pub fn draw(mut canvas: Canvas, table: &Table, [name, value, lower, upper]: [usize; 4]) -> Option<Canvas> {
    let (names, values) = (words(table, name), numbers(table, value));
    let (lows, highs) = (numbers(table, lower), numbers(table, upper));
    let largest = values.iter().chain(&highs).flatten().fold(0.0f64, |a, b| a.max(*b));
    if names.is_empty() || largest <= 0.0 {
        return None;
    }
    let end = round_up(largest, 5);
    let (left, right, top, height) = (44.0, canvas.width - 8.0, 34.0, if canvas.narrow { 220.0 } else { 270.0 });
    let y = Scale::new((0.0, end), (top + height, top));
    let slot = (right - left) / names.len() as f64;
    canvas.text("t2", (0.0, 16.0), Anchor::Start, "Average day = 100; lines: 95 % interval");
    let marks = ticks(0.0, end, 5);
    let step = if marks.len() > 1 { marks[1] - marks[0] } else { end };
    for mark in &marks {
        canvas.line(if *mark == 0.0 { "axis" } else { "grid" }, (left, y.at(*mark)), (right, y.at(*mark)));
        canvas.text("t2", (left - 6.0, y.at(*mark) + 5.0), Anchor::End, &label(*mark, step));
    }
    let most = values.iter().flatten().fold(0.0f64, |a, b| a.max(*b));
    for i in 0..names.len() {
        let x = left + slot * i as f64;
        if let Some(v) = values[i] {
            canvas.rect(if v >= most { "bar hi" } else { "bar" }, x + slot * 0.14, y.at(v), slot * 0.72, y.at(0.0) - y.at(v));
            if let (Some(l), Some(h)) = (lows[i], highs[i]) {
                canvas.line("wh", (x + slot / 2.0, y.at(l)), (x + slot / 2.0, y.at(h)));
            }
        }
        let short: String = names[i].chars().take(if canvas.narrow { 1 } else { 3 }).collect();
        canvas.text("t2", (x + slot / 2.0, top + height + 20.0), Anchor::Middle, &short);
    }
    canvas.line("ref", (left, y.at(100.0)), (right, y.at(100.0)));
    canvas.height = top + height + 30.0;
    Some(canvas)
}
