//! What else is painted on a page: the ground on which letters stand, and what lies over them.

use hayro_interpret::FillRule;
use kurbo::{Affine, BezPath, Point, Rect, Shape};
use std::rc::Rc;

/// What a cover shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Ink {
    /// One colour, red, green and blue.
    Colour([u8; 3]),
    /// A pattern that is repeated: hatching.
    Pattern,
    /// Colours that run into each other.
    Blend,
    /// A picture; its light and dark where that was asked for.
    Picture(Option<Rc<Raster>>),
}

/// A region inside a path, and inside all regions around it.
#[derive(Debug)]
pub struct Region {
    path: BezPath,
    rule: FillRule,
    bounds: Rect,
    within: Option<Rc<Region>>,
}

impl Region {
    pub fn new(path: BezPath, rule: FillRule, within: Option<Rc<Region>>) -> Self {
        let bounds = path.bounding_box();
        Self { path, rule, bounds, within }
    }

    pub fn holds(&self, point: Point) -> bool {
        let mut region = self;
        loop {
            if !region.holds_itself(point) {
                return false;
            }
            match &region.within {
                Some(outer) => region = outer,
                None => return true,
            }
        }
    }

    fn holds_itself(&self, point: Point) -> bool {
        self.bounds.contains(point)
            && match self.rule {
                FillRule::NonZero => self.path.winding(point) != 0,
                FillRule::EvenOdd => self.path.winding(point) % 2 != 0,
            }
    }
}

/// Something that is painted and lets nothing through.
#[derive(Debug)]
pub struct Cover {
    pub region: Region,
    pub ink: Ink,
    /// How many letters of the page were drawn before it.
    pub n_letters: usize,
}

impl Cover {
    pub fn bounds(&self) -> Rect {
        self.region.bounds
    }
}

/// The light and dark of a picture.
#[derive(Debug, PartialEq)]
pub struct Raster {
    luma: Vec<u8>,
    width: usize,
    height: usize,
    /// From the page to the picture's own points.
    inverse: Affine,
}

/// Lighter and darker by less than this is one tone: paper and its noise.
const ONE_TONE: u8 = 48;

impl Raster {
    /// A picture of `channels` bytes a point, row by row; none if the bytes do not fill it or it has no size on the page.
    pub fn new(data: &[u8], channels: usize, (width, height): (u32, u32), to_page: Affine) -> Option<Self> {
        let (width, height) = (width as usize, height as usize);
        let is_whole = width > 0 && height > 0 && data.len() >= width.checked_mul(height)?.checked_mul(channels)?;
        if !is_whole || to_page.determinant().abs() < 1e-9 {
            return None;
        }
        let luma = match channels {
            1 => data.to_vec(),
            // What the eye makes of red, green and blue.
            _ => {
                data.chunks_exact(channels).map(|it| ((u32::from(it[0]) * 30 + u32::from(it[1]) * 59 + u32::from(it[2]) * 11) / 100) as u8).collect()
            }
        };
        Some(Self { luma, width, height, inverse: to_page.inverse() })
    }

    /// Whether nothing can be told apart within a rectangle of the page.
    pub fn is_plain(&self, area: Rect) -> bool {
        const STEPS: u32 = 24;
        let (mut darkest, mut lightest) = (u8::MAX, u8::MIN);
        for i in 0..=STEPS {
            for j in 0..=STEPS {
                let at = |low: f64, high: f64, step: u32| low + (high - low) * f64::from(step) / f64::from(STEPS);
                let point = self.inverse * Point::new(at(area.x0, area.x1, i), at(area.y0, area.y1, j));
                if point.x < 0.0 || point.y < 0.0 || point.x >= self.width as f64 || point.y >= self.height as f64 {
                    continue;
                }
                let Some(luma) = self.luma.get(point.y as usize * self.width + point.x as usize) else { continue };
                (darkest, lightest) = (darkest.min(*luma), lightest.max(*luma));
            }
        }
        lightest.saturating_sub(darkest) < ONE_TONE
    }
}
