//! Figures as inline SVG: one drawing for wide pages and one for narrow ones, of which the style sheet shows one.
//!
//! Each has a title and a description for those who do not see it. Text is 14 px in both, so that it stays legible on a phone.
//! Positions are rounded to a tenth of a pixel: the same figure gives the same bytes.

mod bars;
mod canvas;
mod curve;
mod funnel;
mod map;
mod over_time;
mod scale;
mod season;

use canvas::Canvas;
use headwater_release::{Figure, Table, View};

/// The rules of the style sheet that colour the drawings.
pub const CHART_CSS: &str = include_str!("draw/draw.css");

/// The figure's picture in both widths; `None` for tables and for figures with nothing to draw.
pub fn draw(figure: &Figure) -> Option<String> {
    let wide = one(figure, false)?;
    Some(wide + &one(figure, true)?)
}

fn one(figure: &Figure, narrow: bool) -> Option<String> {
    let canvas = Canvas::new(narrow);
    let table = figure.table();
    let drawn = match figure.view() {
        View::TableOnly => return None,
        View::Bars { label, value, lower, upper, reference, highlight } => bars::draw(
            canvas,
            table,
            &bars::Columns { label: *label, value: *value, interval: lower.zip(*upper), highlight: *highlight },
            reference.as_ref(),
        ),
        View::Line { x, series, band, breaks } => over_time::lines(canvas, table, *x, series, *band, breaks),
        View::ControlChart { x, y, mean, lower, upper, signal, breaks } => over_time::control(
            canvas,
            table,
            &over_time::Control { x: *x, y: *y, mean: *mean, lower: *lower, upper: *upper, signal: *signal },
            breaks,
        ),
        View::Funnel { label, x, y, class, limits } => funnel::draw(canvas, table, [*label, *x, *y, *class], limits),
        View::Lorenz { x, y, baseline } => curve::lorenz(canvas, table, *x, *y, *baseline),
        View::Gradient { label, x, y, lower, upper, fitted } => curve::gradient(canvas, table, [*label, *x, *y, *lower, *upper, *fitted]),
        View::SeasonBars { label, value, lower, upper } => season::draw(canvas, table, [*label, *value, *lower, *upper]),
        View::Pyramid { label, left, right } => bars::pyramid(canvas, table, [*label, *left, *right]),
        View::Map { code, class, shapes, classes, outlines, .. } => map::draw(canvas, table, *code, *class, shapes, classes, outlines),
    }?;
    Some(drawn.finish(figure.slug(), &figure.title().plain(), figure.subtitle(), &figure.description().plain()))
}

/// The numbers of a column; gaps are `None`.
fn numbers(table: &Table, column: usize) -> Vec<Option<f64>> {
    table.rows().iter().map(|row| row[column].as_number()).collect()
}

/// The words of a column.
fn words(table: &Table, column: usize) -> Vec<String> {
    table.rows().iter().map(|row| row[column].shown()).collect()
}

/// A column's heading with its unit.
fn heading(table: &Table, column: usize) -> String {
    let column = &table.columns()[column];
    match &column.kind {
        headwater_release::ColumnKind::Number { unit } if !unit.is_empty() => format!("{} ({unit})", column.title),
        _ => column.title.clone(),
    }
}
