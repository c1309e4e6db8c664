//! What is drawn on a page, in the order in which it is drawn: the letters with their places, and what else lies on the page.
//! Nothing is painted.

use super::cover::{Cover, Ink, Raster, Region};
use crate::text::Area;
use hayro_interpret::font::Glyph;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::object::dict::keys::{MASK, SMASK};
use hayro_interpret::{BlendMode, ClipPath, Device, FillRule, GlyphDrawMode, Image, ImageData, Paint, PathDrawMode, SoftMask, pattern};
use kurbo::{Affine, BezPath, Point, Rect, Shape, Stroke, StrokeOpts, Vec2, stroke};
use std::rc::Rc;

/// The most letters of one page; a page of a newspaper has 50,000.
const MOST_GLYPHS: usize = 1_000_000;

/// How high letters reach above the line, and how deep below, in parts of their size.
const ASCENT: f64 = 0.8;
const DESCENT: f64 = 0.2;

/// The most shapes and pictures of one page that are kept; a map has more, and its letters are then taken as seen.
const MOST_COVERS: usize = 20_000;
/// The most regions within each other that are told apart.
const MOST_CLIPS: usize = 200;
/// What lets through less than this hides.
const OPAQUE: f32 = 0.9;
/// Lines thinner than this, in points, hide no letter; nor do long drawings by one line.
const THICK_LINE: f64 = 3.0;
const MOST_LINE_PARTS: usize = 50;

/// One letter, or several that are drawn as one.
#[derive(Clone, Debug)]
pub struct Letter {
    /// What it says.
    pub text: String,
    /// Where it begins on its line, in points from the top left corner.
    pub at: Point,
    /// From its beginning to that of a letter that would follow it.
    pub advance: Vec2,
    /// Its size in points.
    pub size: f64,
    /// Whether it is drawn with any ink.
    pub has_ink: bool,
    /// The colour of the ink, if it is one.
    pub colour: Option<[u8; 3]>,
    /// The region beyond which nothing of it is drawn.
    pub clip: Option<Rc<Region>>,
}

impl Letter {
    /// The direction in which its line runs, of length 1.
    pub fn along(&self) -> Vec2 {
        let length = self.advance.hypot();
        if length > 1e-6 { self.advance / length } else { Vec2::new(1.0, 0.0) }
    }

    /// The part of it that most letters fill: left, top, right, bottom.
    pub fn tight_area(&self) -> [f64; 4] {
        let up = Vec2::new(self.along().y, -self.along().x) * self.size;
        let rect = Rect::from_points(self.at, self.at + self.advance + up * 0.5);
        [rect.x0, rect.y0, rect.x1, rect.y1]
    }

    /// Nine places of it, from its foot to the height of a small letter.
    pub fn places(&self) -> [Point; 9] {
        let up = Vec2::new(self.along().y, -self.along().x) * self.size;
        let along = [0.2, 0.5, 0.8];
        std::array::from_fn(|i| self.at + self.advance * along[i % 3] + up * [0.08, 0.25, 0.42][i / 3])
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

/// What is drawn on a page.
#[derive(Debug, Default)]
pub struct Drawing {
    /// Width and height of the page in points.
    pub size: (f32, f32),
    /// The letters, in the order in which they are drawn.
    pub letters: Vec<Letter>,
    /// Letters of which the font does not say which they are.
    pub n_unknown: usize,
    /// What lets nothing through, in the order in which it is drawn.
    pub covers: Vec<Cover>,
    /// Whether pictures are looked into; otherwise it is only known where they are.
    pub looks_into_pictures: bool,
    clips: Vec<Rc<Region>>,
    /// How much of each group that is open comes through.
    groups: Vec<f32>,
    is_masked: bool,
    is_blended: bool,
}

impl Drawing {
    /// An empty page of this width and height.
    pub fn of(size: (f32, f32), looks_into_pictures: bool) -> Self {
        Self { size, looks_into_pictures, ..Self::default() }
    }

    fn opacity(&self) -> f32 {
        if self.is_masked || self.is_blended { 0.0 } else { self.groups.iter().product() }
    }

    fn cover(&mut self, path: BezPath, rule: FillRule, ink: Ink) {
        let bounds = path.bounding_box();
        let is_speck = !bounds.is_finite() || bounds.width() < 1.0 || bounds.height() < 1.0;
        if !is_speck && self.covers.len() < MOST_COVERS {
            let region = Region::new(path, rule, self.clips.last().cloned());
            self.covers.push(Cover { region, ink, n_letters: self.letters.len() });
        }
    }
}

/// What a paint shows, and how much of it.
fn ink(paint: &Paint) -> (Ink, f32) {
    match paint {
        Paint::Color(colour) => {
            let colour = colour.to_rgba();
            let [red, green, blue, _] = colour.to_rgba8();
            (Ink::Colour([red, green, blue]), colour.components()[3])
        }
        Paint::Pattern(pattern) => (if matches!(**pattern, pattern::Pattern::Tiling(_)) { Ink::Pattern } else { Ink::Blend }, 1.0),
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
        let (ink, opacity) = ink(paint);
        let has_ink = !matches!(mode, GlyphDrawMode::Invisible) && opacity > 0.0;
        // What is mixed with its ground has a colour of its own that is not known here.
        let is_plain = has_ink && opacity >= OPAQUE && self.opacity() >= OPAQUE;
        let colour = if let (Ink::Colour(colour), true) = (ink, is_plain) { Some(colour) } else { None };
        self.letters.push(Letter { text, at, advance, size, has_ink, colour, clip: self.clips.last().cloned() });
    }

    fn draw_path(&mut self, path: &BezPath, transform: Affine, paint: &Paint<'a>, mode: &PathDrawMode) {
        let (ink, opacity) = ink(paint);
        if opacity * self.opacity() < OPAQUE {
            return;
        }
        match mode {
            PathDrawMode::Fill(rule) => self.cover(transform * path.clone(), *rule, ink),
            PathDrawMode::Stroke(pen) => {
                let width = f64::from(pen.line_width) * transform.determinant().abs().sqrt();
                if width >= THICK_LINE && width.is_finite() && path.elements().len() <= MOST_LINE_PARTS {
                    let line = stroke(
                        (transform * path.clone()).elements().iter().copied(),
                        &Stroke::new(width).with_caps(pen.line_cap),
                        &StrokeOpts::default(),
                        0.5,
                    );
                    self.cover(line, FillRule::NonZero, ink);
                }
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, transform: Affine) {
        let (width, height) = (image.width(), image.height());
        let frame = transform * Rect::new(0.0, 0.0, f64::from(width), f64::from(height)).to_path(0.1);
        match image {
            // A stencil lets its ground through where it is open: only one that is all ink hides.
            Image::Stencil(stencil) => {
                let mut is_full = None;
                stencil.with_stencil(|mask, paint| is_full = mask.data.iter().all(|it| *it == u8::MAX).then(|| ink(paint)), None);
                if let Some((ink, _)) = is_full.filter(|(_, opacity)| opacity * self.opacity() >= OPAQUE) {
                    self.cover(frame, FillRule::NonZero, ink);
                }
            }
            Image::Raster(raster) => {
                let dict = raster.stream().dict();
                if dict.contains_key(SMASK) || dict.contains_key(MASK) || self.opacity() < OPAQUE {
                    return;
                }
                let mut picture = None;
                if self.looks_into_pictures {
                    let keep = |data: ImageData| {
                        // A picture may be smaller than it says.
                        let to_page = |(across, down): (f32, f32)| transform * Affine::scale_non_uniform(across.into(), down.into());
                        match data {
                            ImageData::Rgb(it) => Raster::new(&it.data, 3, (it.width, it.height), to_page(it.scale_factors)),
                            ImageData::Luma(it) => Raster::new(&it.data, 1, (it.width, it.height), to_page(it.scale_factors)),
                        }
                    };
                    raster.with_rgba(|data, _| picture = keep(data).map(Rc::new), None);
                }
                self.cover(frame, FillRule::NonZero, Ink::Picture(picture));
            }
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        if let Some(last) = self.clips.last().filter(|_| self.clips.len() >= MOST_CLIPS).cloned() {
            return self.clips.push(last);
        }
        self.clips.push(Rc::new(Region::new(clip.path.clone(), clip.fill, self.clips.last().cloned())));
    }

    fn pop_clip_path(&mut self) {
        self.clips.pop();
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, blend_mode: BlendMode) {
        self.groups.push(if mask.is_some() || blend_mode != BlendMode::Normal { 0.0 } else { opacity });
    }

    fn pop_transparency_group(&mut self) {
        self.groups.pop();
    }

    fn set_soft_mask(&mut self, mask: Option<SoftMask<'a>>) {
        self.is_masked = mask.is_some();
    }

    fn set_blend_mode(&mut self, blend_mode: BlendMode) {
        self.is_blended = blend_mode != BlendMode::Normal;
    }
}
