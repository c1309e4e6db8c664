//! The Lorenz curve and the deprivation gradient.

use super::canvas::{Anchor, CHARACTER, Canvas, fit};
use super::scale::{Scale, label, round_up, ticks};
use super::{heading, numbers, words};
use headwater_release::Table;

pub fn lorenz(mut canvas: Canvas, table: &Table, x: usize, y: usize, baseline: Option<usize>) -> Option<Canvas> {
    let (xs, ys) = (numbers(table, x), numbers(table, y));
    if xs.iter().flatten().count() < 2 {
        return None;
    }
    let side = if canvas.narrow { 270.0 } else { 360.0 };
    let (left, top) = (52.0, 34.0);
    let (sx, sy) = (Scale::new((0.0, 100.0), (left, left + side)), Scale::new((0.0, 100.0), (top + side, top)));
    canvas.text("t2", (0.0, 16.0), Anchor::Start, &fit(&heading(table, y), canvas.width));
    for mark in [0.0, 25.0, 50.0, 75.0, 100.0] {
        canvas.line(if mark == 0.0 { "axis" } else { "grid" }, (left, sy.at(mark)), (left + side, sy.at(mark)));
        canvas.text("t2", (left - 6.0, sy.at(mark) + 5.0), Anchor::End, &format!("{mark} %"));
        canvas.text("t2", (sx.at(mark), top + side + 20.0), Anchor::Middle, &format!("{mark} %"));
    }
    canvas.text("t2", (left, top + side + 40.0), Anchor::Start, &fit(&heading(table, x), canvas.width - left));
    canvas.height = top + side + 50.0;
    let points =
        |ys: &[Option<f64>]| -> Vec<Option<(f64, f64)>> { xs.iter().zip(ys).map(|(x, y)| x.zip(*y).map(|(x, y)| (sx.at(x), sy.at(y)))).collect() };
    canvas.polyline("lim", &[Some((sx.at(0.0), sy.at(0.0))), Some((sx.at(100.0), sy.at(100.0)))]);
    let mut lines: Vec<(&str, &str)> = vec![("s0", "recorded")];
    if let Some(column) = baseline {
        canvas.polyline("s1", &points(&numbers(table, column)));
        lines.push(("s1", "equal risk, by chance"));
    }
    canvas.polyline("s0", &points(&ys));
    lines.push(("lim", "every area the same"));
    if canvas.narrow {
        for (class, words) in lines {
            let y = canvas.height + 14.0;
            canvas.line(class, (6.0, y - 5.0), (40.0, y - 5.0));
            canvas.text("", (48.0, y), Anchor::Start, words);
            canvas.height += 22.0;
        }
    } else {
        for (i, (class, words)) in lines.into_iter().enumerate() {
            let y = top + 40.0 + 28.0 * i as f64;
            canvas.line(class, (left + side + 24.0, y - 5.0), (left + side + 64.0, y - 5.0));
            canvas.text("", (left + side + 74.0, y), Anchor::Start, words);
        }
    }
    Some(canvas)
}

pub fn gradient(mut canvas: Canvas, table: &Table, [name, x, y, lower, upper, fitted]: [usize; 6]) -> Option<Canvas> {
    let (names, xs, ys) = (words(table, name), numbers(table, x), numbers(table, y));
    let (lows, highs, line) = (numbers(table, lower), numbers(table, upper), numbers(table, fitted));
    let largest = ys.iter().chain(&highs).chain(&line).flatten().fold(0.0f64, |a, b| a.max(*b));
    if largest <= 0.0 {
        return None;
    }
    let end = round_up(largest, 5);
    let marks = ticks(0.0, end, 5);
    let step = if marks.len() > 1 { marks[1] - marks[0] } else { end };
    let left = marks.iter().map(|m| label(*m, step).len()).max().unwrap_or(1) as f64 * CHARACTER + 14.0;
    let (top, height, right) = (34.0, if canvas.narrow { 230.0 } else { 300.0 }, canvas.width - 20.0);
    let (sx, sy) = (Scale::new((0.0, 1.0), (left, right)), Scale::new((0.0, end), (top + height, top)));
    canvas.text("t2", (0.0, 16.0), Anchor::Start, &fit(&heading(table, y), canvas.width));
    for mark in &marks {
        canvas.line(if *mark == 0.0 { "axis" } else { "grid" }, (left, sy.at(*mark)), (right, sy.at(*mark)));
        canvas.text("t2", (left - 6.0, sy.at(*mark) + 5.0), Anchor::End, &label(*mark, step));
    }
    let points: Vec<_> = xs.iter().zip(&line).map(|(x, y)| x.zip(*y).map(|(x, y)| (sx.at(x), sy.at(y)))).collect();
    canvas.polyline("s1", &points);
    for i in 0..names.len() {
        let (Some(rank), Some(rate)) = (xs[i], ys[i]) else { continue };
        let at = (sx.at(rank), sy.at(rate));
        if let (Some(low), Some(high)) = (lows[i], highs[i]) {
            canvas.line("wh", (at.0, sy.at(low)), (at.0, sy.at(high)));
        }
        canvas.circle("m0", at, 6.0);
        let shown = table.rows()[i][y].shown();
        let fits = at.0 + 10.0 + shown.chars().count() as f64 * CHARACTER <= canvas.width;
        let (x, anchor) = if fits { (at.0 + 10.0, Anchor::Start) } else { (at.0 - 10.0, Anchor::End) };
        canvas.text("halo", (x, at.1 - 8.0), anchor, &shown);
        let (first, rest) = names[i].split_once(' ').unwrap_or((&names[i], ""));
        canvas.text("t2", (at.0, top + height + 20.0), Anchor::Middle, first);
        if i == 0 {
            canvas.text("t2", (left, top + height + 38.0), Anchor::Start, rest.trim_matches(['(', ')']));
        } else if i + 1 == names.len() {
            canvas.text("t2", (right, top + height + 38.0), Anchor::End, rest.trim_matches(['(', ')']));
        }
    }
    canvas.height = top + height + 48.0;
    let y = canvas.height + 14.0;
    canvas.circle("m0", (16.0, y - 5.0), 6.0);
    canvas.text("", (30.0, y), Anchor::Start, "rate; upright line: 95 % interval");
    canvas.line("s1", (4.0, y + 17.0), (40.0, y + 17.0));
    canvas.text("", (48.0, y + 22.0), Anchor::Start, "fitted line");
    canvas.height += 46.0;
    Some(canvas)
}
