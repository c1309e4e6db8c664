//! What is drawn on a page, in the order in which it is drawn: the letters with their places. Nothing is painted.

use crate::text::Area;
use hayro_interpret::font::Glyph;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::{BlendMode, ClipPath, Device, GlyphDrawMode, Image, Paint, PathDrawMode, SoftMask};
use kurbo::{Affine, BezPath, Point, Vec2};

/// The most letters of one page; a page of a newspaper has 50,000.
const MOST_GLYPHS: usize = 1_000_000;

/// How high letters reach above the line, and how deep below, in parts of their size.
const ASCENT: f64 = 0.8;
const DESCENT: f64 = 0.2;

/// One letter, or several that are drawn as one.
#[derive(Clone, Debug, PartialEq)]
pub struct Letter {
    /// What it says.
    pub text: String,
    /// Where it begins on its line, in points from the top left corner.
    pub at: Point,
    /// From its beginning to that of a letter that would follow it.
    pub advance: Vec2,
    /// Its size in points.
    pub size: f64,
    /// Whether it is drawn with any ink, and on the page.
    pub is_visible: bool,
}

impl Letter {
    /// The direction in which its line runs, of length 1.
    pub fn along(&self) -> Vec2 {
        let length = self.advance.hypot();
        if length > 1e-6 { self.advance / length } else { Vec2::new(1.0, 0.0) }
    }

    /// The rectangle of the page that it may cover.
    pub fn area(&self) -> Area {
        let up = Vec2::new(self.along().y, -self.along().x) * self.size;
        let corners = [up * ASCENT, up * -DESCENT, self.advance + up * ASCENT, self.advance + up * -DESCENT].map(|corner| self.at + corner);
        let of = |pick: fn(f64, f64) -> f64, of: fn(&Point) -> f64, start: f64| corners.iter().map(of).fold(start, pick) as f32;
        Area {
            left: of(f64::min, |it| it.x, f64::INFINITY),
            top: of(f64::min, |it| it.y, f64::INFINITY),
            right: of(f64::max, |it| it.x, f64::NEG_INFINITY),
            bottom: of(f64::max, |it| it.y, f64::NEG_INFINITY),
        }
    }
}

/// The letters of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// Width and height of the page in points.
    pub size: (f32, f32),
    /// The letters, in the order in which they are drawn.
    pub letters: Vec<Letter>,
    /// Letters of which the font does not say which they are.
    pub n_unknown: usize,
}

impl Drawing {
    /// An empty page of this width and height.
    pub fn of(size: (f32, f32)) -> Self {
        Self { size, ..Self::default() }
    }
}

impl<'a> Device<'a> for Drawing {
    fn draw_glyph(&mut self, glyph: &Glyph<'a>, transform: Affine, glyph_transform: Affine, paint: &Paint<'a>, mode: &GlyphDrawMode) {
        if self.letters.len() >= MOST_GLYPHS {
            return;
        }
        let text = match glyph.as_unicode() {
            Some(BfString::Char(letter)) => letter.to_string(),
            Some(BfString::String(letters)) => letters,
            None => {
                self.n_unknown += 1;
                return;
            }
        };
        // Glyphs are a thousand units high.
        let place = transform * glyph_transform;
        let at = place * Point::ORIGIN;
        let width = if let Glyph::Outline(outline) = glyph { f64::from(outline.advance_width().unwrap_or(0.0)) } else { 0.0 };
        let advance = place * Point::new(width, 0.0) - at;
        let size = (place * Point::new(0.0, 1000.0) - at).hypot();
        if !(at.is_finite() && advance.is_finite() && size.is_finite()) {
            return;
        }
        let has_ink = !matches!(mode, GlyphDrawMode::Invisible) && !matches!(paint, Paint::Color(color) if color.to_rgba().components()[3] == 0.0);
        let is_on_page = (0.0..=f64::from(self.size.0)).contains(&at.x) && (0.0..=f64::from(self.size.1)).contains(&at.y);
        self.letters.push(Letter { text, at, advance, size, is_visible: has_ink && is_on_page });
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'a>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'a>, _: &PathDrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: Affine) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
