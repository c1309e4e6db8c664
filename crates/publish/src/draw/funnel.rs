//! Funnels: areas against the limits of chance.

use super::canvas::{Anchor, CHARACTER, Canvas, fit};
use super::scale::{Scale, label, round_up, ticks};
use super::{heading, numbers, words};
use headwater_release::Table;

pub fn draw(mut canvas: Canvas, table: &Table, [name, x, y, class]: [usize; 4], limits: &Table) -> Option<Canvas> {
    let (names, sizes, rates, classes) = (words(table, name), numbers(table, x), numbers(table, y), words(table, class));
    let largest_size = sizes.iter().flatten().chain(numbers(limits, 0).iter().flatten()).fold(0.0f64, |a, b| a.max(*b));
    let largest_rate = rates.iter().flatten().chain(numbers(limits, 5).iter().flatten()).fold(0.0f64, |a, b| a.max(*b));
    if largest_size <= 0.0 || largest_rate <= 0.0 {
        return None;
    }
    let (top, height) = (34.0, if canvas.narrow { 260.0 } else { 330.0 });
    let (end_x, end_y) = (round_up(largest_size, 4), round_up(largest_rate, 5));
    let y_marks = ticks(0.0, end_y, 5);
    let y_step = if y_marks.len() > 1 { y_marks[1] - y_marks[0] } else { end_y };
    let left = y_marks.iter().map(|m| label(*m, y_step).len()).max().unwrap_or(1) as f64 * CHARACTER + 12.0;
    let right = canvas.width - if canvas.narrow { 14.0 } else { 130.0 };
    let sx = Scale::new((0.0, end_x), (left, right));
    let sy = Scale::new((0.0, end_y), (top + height, top));
    let bottom = top + height;
    canvas.text("t2", (0.0, 16.0), Anchor::Start, &fit(&heading(table, y), canvas.width));
    for mark in &y_marks {
        canvas.line(if *mark == 0.0 { "axis" } else { "grid" }, (left, sy.at(*mark)), (right, sy.at(*mark)));
        canvas.text("t2", (left - 6.0, sy.at(*mark) + 5.0), Anchor::End, &label(*mark, y_step));
    }
    let x_marks = ticks(0.0, end_x, if canvas.narrow { 2 } else { 4 });
    let x_step = if x_marks.len() > 1 { x_marks[1] - x_marks[0] } else { end_x };
    for mark in &x_marks {
        canvas.text("t2", (sx.at(*mark), bottom + 20.0), Anchor::Middle, &label(*mark, x_step));
    }
    canvas.text("t2", (right, bottom + 40.0), Anchor::End, &heading(table, x));
    canvas.height = bottom + 50.0;
    let at: Vec<Option<f64>> = numbers(limits, 0);
    let mut labels: Vec<(f64, &str)> = Vec::new();
    for (column, class, words) in [(1, "lim", "99.8 % limit"), (2, "ref", "95 % limit"), (3, "avg", "average"), (4, "ref", ""), (5, "lim", "")] {
        let points: Vec<_> = at.iter().zip(numbers(limits, column)).map(|(x, y)| x.zip(y).map(|(x, y)| (sx.at(x), sy.at(y)))).collect();
        canvas.polyline(class, &points);
        if !canvas.narrow
            && !words.is_empty()
            && let Some((_, y)) = points.iter().rev().flatten().next()
        {
            labels.push((*y, words));
        }
    }
    // From the average downwards, each label a line below the one above it.
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut above = f64::NEG_INFINITY;
    for (y, words) in labels {
        let y = y.max(above + 20.0);
        above = y;
        canvas.text("t2", (right + 10.0, y + 5.0), Anchor::Start, words);
    }
    let mut taken: Vec<(f64, f64, f64)> = Vec::new();
    let mut order: Vec<usize> = (0..names.len()).filter(|i| sizes[*i].is_some() && rates[*i].is_some()).collect();
    order.sort_by(|a, b| rates[*b].unwrap_or(0.0).total_cmp(&rates[*a].unwrap_or(0.0)).then(a.cmp(b)));
    for i in &order {
        let (Some(size), Some(rate)) = (sizes[*i], rates[*i]) else { continue };
        let point = (sx.at(size), sy.at(rate));
        if classes[*i].is_empty() {
            canvas.circle("dot", point, 5.0);
        } else {
            canvas.diamond("dot hi", point, 7.0);
        }
    }
    // Names go right of their point, else left; one that would cover another is left to the table.
    for i in order.into_iter().filter(|i| !classes[*i].is_empty()) {
        let (Some(size), Some(rate)) = (sizes[i], rates[i]) else { continue };
        let (px, py) = (sx.at(size), sy.at(rate));
        let words = fit(&names[i], if canvas.narrow { 130.0 } else { 190.0 });
        let width = words.chars().count() as f64 * CHARACTER;
        let places = [(px + 11.0, Anchor::Start), (px - 11.0, Anchor::End)];
        for (x, anchor) in places {
            let from = if matches!(anchor, Anchor::Start) { x } else { x - width };
            let free =
                from > left && from + width < canvas.width && taken.iter().all(|(a, b, y)| from + width < *a || from > *b || (py - y).abs() > 16.0);
            if free {
                canvas.text("halo", (x, py + 5.0), anchor, &words);
                taken.push((from, from + width, py));
                break;
            }
        }
    }
    let y = canvas.height + 14.0;
    canvas.diamond("dot hi", (12.0, y - 5.0), 7.0);
    canvas.text(
        "",
        (26.0, y),
        Anchor::Start,
        if canvas.narrow { "beyond the limits of chance" } else { "differs from the average by more than chance" },
    );
    canvas.height += 22.0;
    if canvas.narrow {
        let y = canvas.height + 14.0;
        canvas.line("ref", (4.0, y - 5.0), (40.0, y - 5.0));
        canvas.text("", (48.0, y), Anchor::Start, "95 %");
        canvas.line("lim", (110.0, y - 5.0), (146.0, y - 5.0));
        canvas.text("", (154.0, y), Anchor::Start, "99.8 % limits of chance");
        canvas.height += 22.0;
    }
    Some(canvas)
}
