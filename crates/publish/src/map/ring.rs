//! Rings around marked areas that are too small to see: on the map of a county, a hot spot of two streets is a speck.

use crate::chart::paper::{LOUD, MAIN, n};
use crate::chart::spot::Area;
use headwater_release::Fill;
use std::fmt::Write;

/// What is smaller than this on the paper needs a ring.
const SMALL: f64 = 14.0;
/// Specks this close stand in one ring.
const CLOSE: f64 = 10.0;
/// The space between a speck and its ring, and the ring's least radius.
const SPACE: f64 = 5.0;
const LEAST_RADIUS: f64 = 10.0;

/// A ring in units of the drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ring {
    pub(crate) middle: (f64, f64),
    pub(crate) radius: f64,
}

impl Ring {
    /// The rings around what is small among the areas of one class, each given by the rectangle it fills; those close to
    /// each other share a ring, and many that together can be seen need none. `scale` is how much smaller the reader sees
    /// the drawing than it is on a wide page.
    pub(crate) fn around(areas: &[Area], scale: f64) -> Vec<Ring> {
        let mut crowds: Vec<Area> = Vec::new();
        for area in areas {
            let mut crowd = *area;
            // What it joins can bring it near to another, so that one look is not enough.
            while let Some(at) = crowds.iter().position(|other| crowd.wider(CLOSE * scale).meets(other)) {
                crowd = crowd.with(&crowds.swap_remove(at));
            }
            crowds.push(crowd);
        }
        crowds.retain(|crowd| (crowd.right - crowd.left).max(crowd.bottom - crowd.top) < SMALL * scale);
        crowds.sort_by(|a, b| a.top.total_cmp(&b.top).then(a.left.total_cmp(&b.left)));
        crowds.iter().map(|crowd| Ring::of(crowd, scale)).collect()
    }

    fn of(crowd: &Area, scale: f64) -> Ring {
        let (width, height) = (crowd.right - crowd.left, crowd.bottom - crowd.top);
        let radius = ((width * width + height * height).sqrt() / 2.0 + SPACE * scale).max(LEAST_RADIUS * scale);
        Ring { middle: ((crowd.left + crowd.right) / 2.0, (crowd.top + crowd.bottom) / 2.0), radius }
    }
}

/// Whether areas of this fill are what the map is there to show.
pub(crate) fn is_marked(fill: Fill) -> bool {
    matches!(fill, Fill::Focus | Fill::Contrast)
}

/// How the key says that rings stand for a class.
pub(crate) fn in_words(fill: Fill) -> &'static str {
    if fill == Fill::Contrast { "in a dashed ring where small" } else { "ringed where small" }
}

/// Appends rings to a drawing: dark on white, dashed for the second of the two strong fills, so that a grey print tells them
/// apart.
pub(crate) fn write(svg: &mut String, rings: &[Ring], fill: Fill, scale: f64) {
    let (colour, dashes) = if fill == Fill::Contrast { (MAIN, format!(r#" stroke-dasharray="{}""#, n(4.0 * scale))) } else { (LOUD, String::new()) };
    for Ring { middle: (x, y), radius } in rings {
        let (x, y, radius) = (n(*x), n(*y), n(*radius));
        let _ = write!(
            svg,
            r##"<circle cx="{x}" cy="{y}" r="{radius}" fill="none" stroke="#fff" stroke-width="{}"/><circle cx="{x}" cy="{y}" r="{radius}" fill="none" stroke="{colour}" stroke-width="{}"{dashes}/>"##,
            n(5.0 * scale),
            n(2.5 * scale),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(left: f64, top: f64, side: f64) -> Area {
        Area { left, top, right: left + side, bottom: top + side }
    }

    #[test]
    fn a_speck_has_a_ring_and_what_can_be_seen_has_none() {
        assert_eq!(Ring::around(&[square(100.0, 50.0, 2.0), square(300.0, 300.0, 40.0)], 1.0), [Ring { middle: (101.0, 51.0), radius: 10.0 }]);
        assert_eq!(Ring::around(&[], 1.0), []);
    }

    #[test]
    fn specks_that_are_close_share_a_ring_whatever_their_order() {
        let specks = [square(0.0, 0.0, 2.0), square(10.0, 0.0, 2.0), square(5.0, 0.0, 2.0), square(200.0, 0.0, 2.0)];
        for turn in 0..specks.len() {
            let mut turned = specks;
            turned.rotate_left(turn);
            let rings = Ring::around(&turned, 1.0);
            assert_eq!(rings.iter().map(|ring| ring.middle).collect::<Vec<_>>(), [(6.0, 1.0), (201.0, 1.0)]);
        }
    }

    #[test]
    fn many_specks_that_together_can_be_seen_need_no_ring_on_a_wide_page_but_one_on_a_phone() {
        let row: Vec<Area> = (0..4).map(|i| square(f64::from(i) * 6.0, 0.0, 2.0)).collect();
        assert_eq!(Ring::around(&row, 1.0).len(), 0);
        assert_eq!(Ring::around(&row, 2.0).len(), 1);
    }
}
