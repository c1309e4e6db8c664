//! Which letters of a page nobody can see, and why not.
//!
//! A letter is asked at nine places of it: what lies there above it, and what beneath. Two thirds must say the same.

use super::cover::{Cover, Ink};
use super::drawing::{Drawing, Letter};
use kurbo::{Point, Rect};

/// Why a letter is not seen by who reads the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unseen {
    /// A shape of one colour lies over it.
    UnderShape,
    /// A hatching lies over it.
    UnderPattern,
    /// A picture lies over it that shows nothing there.
    UnderPicture,
    /// An annotation lies over it.
    UnderAnnotation,
    /// It has the colour of what it stands on.
    ColourOfGround,
    /// It is drawn without ink, and no picture shows it.
    NoInk,
    /// It stands beside the page.
    OffPage,
}

/// Colours that differ by less than this in each part are one to the eye.
const SAME_COLOUR: u8 = 24;
/// Bands of the page, by which covers are found.
const BAND: f64 = 12.0;

/// Finds for each letter of a page why it is not seen. What was drawn from the cover `n_page_covers` on comes from annotations.
pub fn unseen(drawing: &Drawing, n_page_covers: usize) -> Vec<Option<Unseen>> {
    let page = Rect::new(0.0, 0.0, f64::from(drawing.size.0), f64::from(drawing.size.1));
    let bands = Bands::of(&drawing.covers, page);
    let look = |(order, letter): (usize, &Letter)| {
        let [left, top, right, bottom] = letter.tight_area();
        let area = Rect::new(left, top, right, bottom);
        if area.intersect(page).is_zero_area() {
            return Some(Unseen::OffPage);
        }
        let places = letter.places();
        let at = |place: &Point| at_place(drawing, &bands, order, letter, *place, area, n_page_covers);
        let reasons: Vec<Option<Unseen>> = places.iter().map(at).collect();
        let first = reasons.iter().flatten().next()?;
        (reasons.iter().filter(|reason| reason.is_some()).count() * 3 >= places.len() * 2).then_some(*first)
    };
    drawing.letters.iter().enumerate().map(look).collect()
}

fn at_place(drawing: &Drawing, bands: &Bands, order: usize, letter: &Letter, place: Point, area: Rect, n_page_covers: usize) -> Option<Unseen> {
    if letter.clip.as_ref().is_some_and(|clip| !clip.holds(place)) {
        return Some(Unseen::OffPage);
    }
    let (mut ground, mut over): (Option<&Cover>, Option<(usize, &Cover)>) = (None, None);
    for at in bands.around(place.y) {
        let cover = &drawing.covers[*at];
        if cover.bounds().contains(place) && cover.region.holds(place) {
            if cover.n_letters > order {
                over = Some((*at, cover));
            } else {
                ground = Some(cover);
            }
        }
    }
    match over {
        Some((at, _)) if at >= n_page_covers => return Some(Unseen::UnderAnnotation),
        Some((_, Cover { ink: Ink::Colour(_) | Ink::Blend, .. })) => return Some(Unseen::UnderShape),
        Some((_, Cover { ink: Ink::Pattern, .. })) => return Some(Unseen::UnderPattern),
        // Scans carry their letters under the picture, where it shows them.
        Some((_, Cover { ink: Ink::Picture(picture), .. })) => {
            return picture.as_ref().is_some_and(|picture| picture.is_plain(area)).then_some(Unseen::UnderPicture);
        }
        None => {}
    }
    match (&letter.colour, ground.map(|ground| &ground.ink)) {
        (None, Some(Ink::Picture(Some(picture)))) => picture.is_plain(area).then_some(Unseen::NoInk),
        (None, Some(Ink::Picture(None))) if letter.has_ink => None,
        (None, _) => (!letter.has_ink).then_some(Unseen::NoInk),
        (Some(colour), Some(Ink::Colour(ground))) => is_same(*colour, *ground).then_some(Unseen::ColourOfGround),
        (Some(colour), None) => is_same(*colour, [255; 3]).then_some(Unseen::ColourOfGround),
        (Some(_), Some(_)) => None,
    }
}

fn is_same(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter().zip(other).all(|(one, other)| one.abs_diff(other) < SAME_COLOUR)
}

/// Covers by the bands of the page that they reach.
struct Bands(Vec<Vec<usize>>);

impl Bands {
    fn of(covers: &[Cover], page: Rect) -> Self {
        let n = ((page.height() / BAND).ceil().clamp(0.0, 10_000.0)) as usize + 1;
        let mut bands = vec![Vec::new(); n];
        for (at, cover) in covers.iter().enumerate() {
            let bounds = cover.bounds();
            let band = |y: f64| ((y / BAND).clamp(0.0, (n - 1) as f64)) as usize;
            bands[band(bounds.y0)..=band(bounds.y1)].iter_mut().for_each(|band| band.push(at));
        }
        Self(bands)
    }

    fn around(&self, y: f64) -> &[usize] {
        self.0.get((y / BAND).max(0.0) as usize).map_or(&[], Vec::as_slice)
    }
}
