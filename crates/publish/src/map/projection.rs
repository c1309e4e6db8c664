//! From degrees to the paper: an equirectangular projection around the middle of the area, north up.
//!
//! Over a police force area it keeps shapes to within a fraction of a per cent, which is less than a line's width.

/// A projection that fits given points into a box.
#[derive(Clone, Debug)]
pub(crate) struct Projection {
    west: f64,
    north: f64,
    /// Tenths of a unit per degree of longitude and of latitude.
    per_degree: (f64, f64),
    size: (f64, f64),
}

/// White space around the outermost points, for the width of their line.
const EDGE: f64 = 4.0;

impl Projection {
    /// Fits points of longitude and latitude into `width` by `height`; `None` when there are no two different points.
    pub(crate) fn to_fit<'a>(points: impl Iterator<Item = &'a [f64; 2]>, width: f64, height: f64) -> Option<Self> {
        let (mut west, mut east, mut south, mut north) = (f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY);
        for [lon, lat] in points.filter(|[lon, lat]| lon.is_finite() && lat.is_finite()) {
            (west, east) = (west.min(*lon), east.max(*lon));
            (south, north) = (south.min(*lat), north.max(*lat));
        }
        let narrowing = cosine_of_degrees((south + north) / 2.0);
        let (across, down) = ((east - west) * narrowing, north - south);
        if !(across > 0.0 && down > 0.0) {
            return None;
        }
        let per_degree = ((width - 2.0 * EDGE) / across).min((height - 2.0 * EDGE) / down);
        Some(Self {
            west,
            north,
            per_degree: (10.0 * per_degree * narrowing, 10.0 * per_degree),
            size: (across * per_degree + 2.0 * EDGE, down * per_degree + 2.0 * EDGE),
        })
    }

    /// Width and height of the drawing in units.
    pub(crate) fn size(&self) -> (f64, f64) {
        self.size
    }

    /// The position of a point in whole tenths of a unit.
    pub(crate) fn tenths(&self, [lon, lat]: [f64; 2]) -> (i64, i64) {
        let x = (lon - self.west) * self.per_degree.0 + 10.0 * EDGE;
        let y = (self.north - lat) * self.per_degree.1 + 10.0 * EDGE;
        (x.round() as i64, y.round() as i64)
    }
}

/// The cosine of an angle in degrees by Bhaskara's formula of the seventh century: within 0.2 %, and the same on every machine.
fn cosine_of_degrees(degrees: f64) -> f64 {
    let square = degrees * degrees;
    (32_400.0 - 4.0 * square) / (32_400.0 + square)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cosine_is_good_enough_to_draw_with() {
        for (degrees, cosine) in [(0.0, 1.0), (50.0, 0.6428), (54.0, 0.5878), (60.0, 0.5)] {
            assert!((cosine_of_degrees(degrees) - cosine).abs() < 0.002, "{degrees}");
        }
    }

    #[test]
    fn north_is_up_and_everything_fits() {
        let points = [[-1.0, 50.0], [0.0, 51.0]];
        let projection = Projection::to_fit(points.iter(), 720.0, 640.0).unwrap();
        let (south_west, north_east) = (projection.tenths(points[0]), projection.tenths(points[1]));
        assert!(south_west.0 < north_east.0 && south_west.1 > north_east.1);
        let (width, height) = projection.size();
        assert!(width <= 720.0 && height <= 640.0);
        assert_eq!((north_east.0, south_west.1), ((10.0 * (width - EDGE)).round() as i64, (10.0 * (height - EDGE)).round() as i64));
    }

    #[test]
    fn no_map_is_made_of_nothing() {
        assert!(Projection::to_fit([].iter(), 720.0, 640.0).is_none());
        assert!(Projection::to_fit([[1.0, 51.0], [1.0, 51.0]].iter(), 720.0, 640.0).is_none());
        assert!(Projection::to_fit([[f64::NAN, 51.0]].iter(), 720.0, 640.0).is_none());
    }
}
