//! The paper a chart is drawn on: SVG written piece by piece, with every coordinate rounded to a tenth.

use maud::{Markup, PreEscaped};
use std::fmt::Write;

/// The fonts of words in a drawing.
pub(crate) const FONTS: &str = "Arial, Helvetica, sans-serif";
/// Text, axes of nought.
pub(crate) const INK: &str = "#0b0c0c";
/// Words and lines of second rank; still 7:1 on white.
pub(crate) const QUIET: &str = "#505a5f";
/// Grid lines.
pub(crate) const GRID: &str = "#d9dcde";
/// Between the limits of chance.
pub(crate) const SHADE: &str = "#e8eef4";
/// Bars that are not what the message is about: 3:1 on white.
pub(crate) const GREY: &str = "#949494";
/// The Analysis Function palette in its given order; two series take the first and the last.
pub(crate) const PALETTE: [&str; 4] = ["#12436D", "#28A197", "#801650", "#F46A25"];
/// The colour of a single series.
pub(crate) const MAIN: &str = PALETTE[0];
/// The colour of what stands out.
pub(crate) const LOUD: &str = PALETTE[2];

/// The page a chart is drawn for. Text keeps its size on both, so that it never shrinks below what can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    /// A laptop or a printed page.
    Wide,
    /// A phone.
    Narrow,
}

impl Size {
    /// Width in SVG units, about a pixel each.
    pub(crate) fn width(self) -> f64 {
        match self {
            Self::Wide => 720.0,
            Self::Narrow => 360.0,
        }
    }

    /// Font size in the same units.
    pub(crate) fn font(self) -> f64 {
        match self {
            Self::Wide => 14.0,
            Self::Narrow => 13.0,
        }
    }

    /// Height of a line of text.
    pub(crate) fn line(self) -> f64 {
        self.font() * 1.25
    }

    /// The middle nearest to `x` for words that reach `half` to either side, so that they stay on the paper.
    pub(crate) fn keep(self, x: f64, half: f64) -> f64 {
        x.min(self.width() - half).max(half)
    }

    /// The class that the style sheet shows or hides.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Narrow => "narrow",
        }
    }

    /// Whether it is for a phone.
    pub(crate) fn is_narrow(self) -> bool {
        self == Self::Narrow
    }
}

/// Which end of a text stands at its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// The shapes that tell series and signals apart where colour does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Circle,
    Square,
    Triangle,
    Diamond,
    Down,
    Ring,
    Cross,
    Plus,
    Frame,
}

impl Mark {
    /// In the order in which series take them.
    pub(crate) const SERIES: [Mark; 4] = [Mark::Circle, Mark::Square, Mark::Triangle, Mark::Diamond];
    /// In the order in which signals take them; none is the circle of ordinary points.
    pub(crate) const SIGNAL: [Mark; 8] = [Mark::Diamond, Mark::Square, Mark::Triangle, Mark::Down, Mark::Ring, Mark::Cross, Mark::Plus, Mark::Frame];
}

/// A drawing: shapes below, words on top of them.
#[derive(Clone, Debug)]
pub(crate) struct Paper {
    pub(crate) size: Size,
    pub(crate) height: f64,
    shapes: String,
    words: String,
}

impl Paper {
    pub(crate) fn new(size: Size, height: f64) -> Self {
        Self { size, height, shapes: String::new(), words: String::new() }
    }

    /// A straight line; an empty `dash` is a whole one.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: &str, width: f64, dash: &str) {
        let dash = dashed(dash);
        let (x1, y1, x2, y2) = (n(from.0), n(from.1), n(to.0), n(to.1));
        let _ = write!(self.shapes, r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{stroke}" stroke-width="{}"{dash}/>"#, n(width));
    }

    /// A line through points.
    pub(crate) fn curve(&mut self, points: &[(f64, f64)], stroke: &str, width: f64, dash: &str) {
        if points.len() > 1 {
            let _ = write!(
                self.shapes,
                r#"<path d="{}" fill="none" stroke="{stroke}" stroke-width="{}" stroke-linejoin="round"{}/>"#,
                through(points),
                n(width),
                dashed(dash)
            );
        }
    }

    /// A filled area.
    pub(crate) fn area(&mut self, points: &[(f64, f64)], fill: &str) {
        if points.len() > 2 {
            let _ = write!(self.shapes, r#"<path d="{}Z" fill="{fill}"/>"#, through(points));
        }
    }

    /// A bar between two corners in any order.
    pub(crate) fn bar(&mut self, a: (f64, f64), b: (f64, f64), fill: &str) {
        let (x, y, w, h) = (a.0.min(b.0), a.1.min(b.1), (a.0 - b.0).abs(), (a.1 - b.1).abs());
        let _ = write!(self.shapes, r#"<rect x="{}" y="{}" width="{}" height="{}" fill="{fill}"/>"#, n(x), n(y), n(w), n(h));
    }

    /// An interval as a thin line with an end at each limit, across or upright.
    pub(crate) fn interval(&mut self, from: (f64, f64), to: (f64, f64), stroke: &str) {
        let across = (from.1 - to.1).abs() < 0.05;
        let (dx, dy) = if across { (0.0, 4.0) } else { (4.0, 0.0) };
        for end in [from, to] {
            self.line((end.0 - dx, end.1 - dy), (end.0 + dx, end.1 + dy), stroke, 1.5, "");
        }
        self.line(from, to, stroke, 1.5, "");
    }

    /// An interval over a bar that runs from `foot` to `end` the same way: white where the bar is dark, black beyond it.
    pub(crate) fn interval_on_bar(&mut self, from: (f64, f64), to: (f64, f64), foot: f64, end: f64, fill: &str) {
        let across = (from.1 - to.1).abs() < 0.05;
        let along = |point: (f64, f64)| if across { point.0 } else { point.1 };
        let at = |v: f64| if across { (v, from.1) } else { (from.0, v) };
        let colour = |v: f64| if fill == MAIN && v > foot.min(end) && v < foot.max(end) { "#fff" } else { INK };
        let (low, high) = (along(from).min(along(to)), along(from).max(along(to)));
        let mut stops = [low, end.max(low).min(high), foot.max(low).min(high), high];
        stops.sort_by(f64::total_cmp);
        for pair in stops.windows(2).filter(|pair| pair[1] - pair[0] > 0.05) {
            self.line(at(pair[0]), at(pair[1]), colour((pair[0] + pair[1]) / 2.0), 1.7, "");
        }
        let (dx, dy) = if across { (0.0, 4.0) } else { (4.0, 0.0) };
        for v in [low, high] {
            let (x, y) = at(v);
            self.line((x - dx, y - dy), (x + dx, y + dy), colour(v), 1.7, "");
        }
    }

    /// A mark of about the given radius.
    pub(crate) fn mark(&mut self, mark: Mark, at: (f64, f64), radius: f64, fill: &str) {
        self.shapes.push_str(&drawn(mark, at, radius, fill));
    }

    /// Words with their base line at the position. They stand on a white halo, so that a line below does not strike them out.
    pub(crate) fn say(&mut self, at: (f64, f64), anchor: Anchor, words: &str) {
        self.set(at, anchor, words, "");
    }

    /// Words of second rank.
    pub(crate) fn murmur(&mut self, at: (f64, f64), anchor: Anchor, words: &str) {
        self.set(at, anchor, words, &format!(r#" fill="{QUIET}""#));
    }

    /// Words that matter most.
    pub(crate) fn stress(&mut self, at: (f64, f64), anchor: Anchor, words: &str) {
        self.set(at, anchor, words, r#" font-weight="bold""#);
    }

    fn set(&mut self, at: (f64, f64), anchor: Anchor, words: &str, more: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let _ = write!(self.words, r#"<text x="{}" y="{}"{anchor}{more}>{}</text>"#, n(at.0), n(at.1), escaped(words));
    }

    /// Several lines of words below each other, the first base line at the position.
    pub(crate) fn say_lines(&mut self, at: (f64, f64), anchor: Anchor, lines: &[String]) {
        for (i, line) in lines.iter().enumerate() {
            self.say((at.0, at.1 + i as f64 * self.size.line()), anchor, line);
        }
    }

    /// The words alone, for a drawing that is put together elsewhere.
    pub(crate) fn into_words(self) -> String {
        self.words
    }

    /// The finished drawing, named by `title` and described by `description`; ids start with `id`.
    pub(crate) fn svg(&self, id: &str, title: &str, description: &str) -> Markup {
        let (class, width, height, font) = (self.size.class(), n(self.size.width()), n(self.height), n(self.size.font()));
        let (title, description) = (escaped(title), escaped(description));
        PreEscaped(format!(
            r##"<svg class="{class}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="{id}-{class}-t" aria-describedby="{id}-{class}-d" font-family="{FONTS}" font-size="{font}"><title id="{id}-{class}-t">{title}</title><desc id="{id}-{class}-d">{description}</desc><g>{}</g><g fill="{INK}" stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke">{}</g></svg>"##,
            self.shapes, self.words
        ))
    }
}

/// A mark as SVG.
pub(crate) fn drawn(mark: Mark, (x, y): (f64, f64), r: f64, fill: &str) -> String {
    let polygon = |points: &[(f64, f64)]| format!(r##"<path d="{}Z" fill="{fill}" stroke="#fff"/>"##, through(points));
    let strokes = |d: String| format!(r##"<path d="{d}" fill="none" stroke="{fill}" stroke-width="2.2"/>"##);
    match mark {
        Mark::Circle => format!(r##"<circle cx="{}" cy="{}" r="{}" fill="{fill}" stroke="#fff"/>"##, n(x), n(y), n(r)),
        Mark::Square => polygon(&[(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)]),
        Mark::Triangle => polygon(&[(x, y - 1.3 * r), (x + 1.2 * r, y + r), (x - 1.2 * r, y + r)]),
        Mark::Down => polygon(&[(x, y + 1.3 * r), (x + 1.2 * r, y - r), (x - 1.2 * r, y - r)]),
        Mark::Diamond => polygon(&[(x, y - 1.4 * r), (x + 1.4 * r, y), (x, y + 1.4 * r), (x - 1.4 * r, y)]),
        Mark::Ring => format!(r##"<circle cx="{}" cy="{}" r="{}" fill="#fff" stroke="{fill}" stroke-width="2"/>"##, n(x), n(y), n(r)),
        Mark::Cross => strokes(format!("{}{}", through(&[(x - r, y - r), (x + r, y + r)]), through(&[(x - r, y + r), (x + r, y - r)]))),
        Mark::Plus => strokes(format!("{}{}", through(&[(x - r, y), (x + r, y)]), through(&[(x, y - r), (x, y + r)]))),
        Mark::Frame => format!(
            r##"<rect x="{}" y="{}" width="{}" height="{}" fill="#fff" stroke="{fill}" stroke-width="2"/>"##,
            n(x - r),
            n(y - r),
            n(2.0 * r),
            n(2.0 * r)
        ),
    }
}

fn through(points: &[(f64, f64)]) -> String {
    let mut d = String::new();
    for (i, (x, y)) in points.iter().enumerate() {
        let _ = write!(d, "{}{} {}", if i == 0 { "M" } else { "L" }, n(*x), n(*y));
    }
    d
}

fn dashed(dash: &str) -> String {
    if dash.is_empty() { String::new() } else { format!(r#" stroke-dasharray="{dash}""#) }
}

/// A coordinate with at most one decimal; what is not a number becomes nought rather than a broken picture.
pub(crate) fn n(value: f64) -> String {
    let tenths = if value.is_finite() { (value * 10.0).round() / 10.0 } else { 0.0 };
    if tenths == 0.0 { "0".to_owned() } else { format!("{tenths}") }
}

/// Words as XML text.
pub(crate) fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_have_one_decimal_and_never_break_the_picture() {
        for (value, written) in [(1.26, "1.3"), (2.0, "2"), (-0.04, "0"), (f64::NAN, "0"), (f64::INFINITY, "0"), (-12.35, "-12.4")] {
            assert_eq!(n(value), written);
        }
    }

    #[test]
    fn an_interval_is_seen_on_its_bar_and_beyond_it() {
        let mut paper = Paper::new(Size::Wide, 10.0);
        paper.interval_on_bar((40.0, 5.0), (60.0, 5.0), 0.0, 50.0, MAIN);
        let svg = paper.svg("a", "t", "d").into_string();
        assert!(svg.contains(r##"<line x1="40" y1="5" x2="50" y2="5" stroke="#fff""##));
        assert!(svg.contains(r##"<line x1="50" y1="5" x2="60" y2="5" stroke="#0b0c0c""##));
    }

    #[test]
    fn words_cannot_close_their_element() {
        let mut paper = Paper::new(Size::Wide, 10.0);
        paper.say((0.0, 0.0), Anchor::Start, "</text><script>");
        let svg = paper.svg("a", "\"><b>", "&").into_string();
        assert!(!svg.contains("<script>") && !svg.contains("<b>"));
    }
}
