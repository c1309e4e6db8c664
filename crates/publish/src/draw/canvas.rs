//! A drawing that grows: shapes by class, text escaped, positions rounded.

use std::fmt::Write;

/// How wide a character of 14 px text is at most on average: wide faces are the measure, so that nothing is cut off.
pub const CHARACTER: f64 = 8.3;

/// A drawing in one of the two widths.
pub struct Canvas {
    out: String,
    /// Whether it is the drawing for narrow pages.
    pub narrow: bool,
    /// Width in pixels.
    pub width: f64,
    /// Height in pixels, set by whoever draws.
    pub height: f64,
}

/// Where a text stands relative to its position.
#[derive(Clone, Copy)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// A number with at most one decimal and no needless nought.
pub fn px(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded == rounded.trunc() { format!("{}", rounded as i64) } else { format!("{rounded:.1}") }
}

impl Canvas {
    pub fn new(narrow: bool) -> Self {
        Self { out: String::new(), narrow, width: if narrow { 360.0 } else { 720.0 }, height: 0.0 }
    }

    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let _ = write!(self.out, r#"<path class="{class}" d="M{} {}L{} {}"/>"#, px(from.0), px(from.1), px(to.0), px(to.1));
    }

    pub fn rect(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        let _ = write!(
            self.out,
            r#"<rect class="{class}" x="{}" y="{}" width="{}" height="{}"/>"#,
            px(x),
            px(y),
            px(width.max(0.0)),
            px(height.max(0.0))
        );
    }

    pub fn circle(&mut self, class: &str, at: (f64, f64), radius: f64) {
        let _ = write!(self.out, r#"<circle class="{class}" cx="{}" cy="{}" r="{}"/>"#, px(at.0), px(at.1), px(radius));
    }

    /// A square on its corner.
    pub fn diamond(&mut self, class: &str, at: (f64, f64), r: f64) {
        let _ = write!(
            self.out,
            r#"<path class="{class}" d="M{} {}l{} {}l{} {}l{} {}z"/>"#,
            px(at.0),
            px(at.1 - r),
            px(r),
            px(r),
            px(-r),
            px(r),
            px(-r),
            px(-r)
        );
    }

    /// A line through points; `None` breaks it. A point alone between two gaps is drawn as a dot of the line's width.
    pub fn polyline(&mut self, class: &str, points: &[Option<(f64, f64)>]) {
        let mut d = String::new();
        let mut open = false;
        for point in points {
            match point {
                Some((x, y)) => {
                    let _ = write!(d, "{}{} {}", if open { "L" } else { "M" }, px(*x), px(*y));
                    open = true;
                }
                None => open = false,
            }
        }
        self.path(class, &d);
    }

    /// A filled shape.
    pub fn polygon(&mut self, class: &str, points: &[(f64, f64)]) {
        let mut d = String::new();
        for (i, (x, y)) in points.iter().enumerate() {
            let _ = write!(d, "{}{} {}", if i == 0 { "M" } else { "L" }, px(*x), px(*y));
        }
        self.path(class, &(d + "Z"));
    }

    pub fn path(&mut self, class: &str, d: &str) {
        if d.len() > 1 {
            let _ = write!(self.out, r#"<path class="{class}" fill-rule="evenodd" d="{d}"/>"#);
        }
    }

    pub fn text(&mut self, class: &str, at: (f64, f64), anchor: Anchor, words: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let class = if class.is_empty() { String::new() } else { format!(r#" class="{class}""#) };
        let _ = write!(self.out, r#"<text{class} x="{}" y="{}"{anchor}>{}</text>"#, px(at.0), px(at.1), escape(words));
    }

    /// The finished drawing.
    pub fn finish(self, slug: &str, title: &str, subtitle: &str, description: &str) -> String {
        let kind = if self.narrow { "narrow" } else { "wide" };
        format!(
            r#"<svg class="{kind}" role="img" viewBox="0 0 {} {}" aria-labelledby="{slug}-{kind}-t {slug}-{kind}-d"><title id="{slug}-{kind}-t">{}. {}</title><desc id="{slug}-{kind}-d">{}</desc>{}</svg>"#,
            px(self.width),
            px(self.height),
            escape(title),
            escape(subtitle),
            escape(description),
            self.out
        )
    }
}

/// Text as it may stand in markup.
pub fn escape(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Words cut to a width in pixels, with an ellipsis; the full words are in the table.
pub fn fit(words: &str, width: f64) -> String {
    let most = (width / CHARACTER).max(4.0) as usize;
    if words.chars().count() <= most { words.to_owned() } else { words.chars().take(most - 1).collect::<String>().trim_end().to_owned() + "…" }
}
