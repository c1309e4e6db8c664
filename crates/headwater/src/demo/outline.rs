//! The lie of the land: the county's outline, its towns, and how thickly it is settled.
//!
//! Everything is drawn in kilometres east and north of a corner that lies in the open sea off the
//! east coast of England, so that no map of the demo can be taken for a real place.

/// A point in kilometres east (`x`) and north (`y`) of the county's south-west corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    /// Kilometres east.
    pub(super) x: f64,
    /// Kilometres north.
    pub(super) y: f64,
}

impl Point {
    /// A point from its two distances.
    pub(super) const fn new(x: f64, y: f64) -> Self {
        Point { x, y }
    }

    /// The distance to another point, in kilometres.
    pub(super) fn distance_km(self, other: Point) -> f64 {
        libm::hypot(self.x - other.x, self.y - other.y)
    }

    /// Part of the way to another point: 0 stays, 1 arrives.
    pub(super) fn towards(self, other: Point, share: f64) -> Point {
        Point::new(self.x + (other.x - self.x) * share, self.y + (other.y - self.y) * share)
    }

    /// Longitude and latitude (WGS84, degrees), to six places: a tenth of a metre or so.
    ///
    /// A plain affine map is right to a fraction of a per cent over sixty kilometres, and nothing
    /// here has a true position to be wrong about.
    pub(super) fn lon_lat(self) -> (f64, f64) {
        const WEST: f64 = 0.75;
        const SOUTH: f64 = 53.25;
        const KM_PER_DEGREE_EAST: f64 = 66.3; // at 53.4 degrees north
        const KM_PER_DEGREE_NORTH: f64 = 111.3;
        let to_six_places = |degrees: f64| libm::round(degrees * 1e6) / 1e6;
        (to_six_places(WEST + self.x / KM_PER_DEGREE_EAST), to_six_places(SOUTH + self.y / KM_PER_DEGREE_NORTH))
    }
}

/// A settlement: where it is and how thickly it is built.
pub(super) struct Town {
    /// Its middle.
    pub(super) at: Point,
    /// Distance between neighbouring LSOA centres in the middle, in kilometres.
    pub(super) spacing_km: f64,
    /// Growth of that distance per kilometre from the middle.
    pub(super) thinning: f64,
    /// How much of a shopping and night-time centre it has, 0 to 1.
    pub(super) centre: f64,
}

const fn town(x: f64, y: f64, spacing_km: f64, thinning: f64, centre: f64) -> Town {
    Town { at: Point::new(x, y), spacing_km, thinning, centre }
}

/// The seaside resort, on its bay.
pub(super) const RESORT: usize = 0;
/// The university city.
pub(super) const CITY: usize = 1;
/// The market town.
pub(super) const MARKET_TOWN: usize = 2;

/// The towns and villages; the first three are [`RESORT`], [`CITY`] and [`MARKET_TOWN`].
pub(super) const TOWNS: [Town; 14] = [
    town(30.3, 9.9, 0.46, 0.08, 1.0),
    town(36.0, 26.0, 0.46, 0.10, 1.0),
    town(16.5, 28.5, 0.58, 0.24, 0.7),
    town(10.0, 14.5, 0.70, 0.40, 0.4),
    town(49.5, 18.5, 0.70, 0.40, 0.4),
    town(20.0, 17.5, 0.95, 0.60, 0.15),
    town(5.5, 23.5, 0.95, 0.60, 0.15),
    town(44.0, 8.0, 0.95, 0.60, 0.25),
    town(51.0, 30.5, 0.95, 0.60, 0.2),
    town(26.0, 34.5, 0.95, 0.60, 0.1),
    town(11.5, 35.0, 0.95, 0.60, 0.1),
    town(43.0, 34.0, 0.95, 0.60, 0.1),
    town(19.0, 8.5, 0.95, 0.60, 0.2),
    town(55.0, 12.5, 0.95, 0.60, 0.15),
];

/// Corners of the county, anticlockwise from the south-west; the south side is the coast.
const CORNERS: [Point; 22] = [
    Point::new(3.5, 10.0),
    Point::new(11.0, 6.8),
    Point::new(19.0, 4.2),
    Point::new(24.5, 5.6),
    Point::new(27.0, 8.4),
    Point::new(31.0, 9.2),
    Point::new(34.6, 7.6),
    Point::new(38.0, 4.4),
    Point::new(44.0, 3.2),
    Point::new(51.0, 5.4),
    Point::new(57.5, 8.6),
    Point::new(59.0, 15.5),
    Point::new(55.5, 22.5),
    Point::new(57.0, 30.0),
    Point::new(50.5, 36.0),
    Point::new(42.0, 38.0),
    Point::new(33.5, 41.0),
    Point::new(24.5, 38.2),
    Point::new(15.0, 40.0),
    Point::new(7.0, 35.0),
    Point::new(4.5, 28.0),
    Point::new(1.0, 20.0),
];

/// The outline as a closed line of short pieces: a Catmull-Rom curve through the corners.
pub(super) fn outline() -> Vec<Point> {
    const PIECES: usize = 12;
    let n = CORNERS.len();
    let mut line = Vec::with_capacity(n * PIECES);
    for i in 0..n {
        let [a, b, c, d] = [n - 1, 0, 1, 2].map(|step| CORNERS[(i + step) % n]);
        for piece in 0..PIECES {
            let t = piece as f64 / PIECES as f64;
            let along = |a: f64, b: f64, c: f64, d: f64| {
                0.5 * (2.0 * b + (c - a) * t + (2.0 * a - 5.0 * b + 4.0 * c - d) * t * t + (3.0 * b - a - 3.0 * c + d) * t * t * t)
            };
            line.push(Point::new(along(a.x, b.x, c.x, d.x), along(a.y, b.y, c.y, d.y)));
        }
    }
    line
}

/// Whether a closed line goes round a point (even-odd rule).
pub(super) fn encloses(line: &[Point], p: Point) -> bool {
    let mut inside = false;
    for (i, &a) in line.iter().enumerate() {
        let b = line[(i + 1) % line.len()];
        if (a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x) {
            inside = !inside;
        }
    }
    inside
}

/// The point of a closed line nearest to `p`.
pub(super) fn nearest_on(line: &[Point], p: Point) -> Point {
    let mut best = p;
    let mut best_km = f64::INFINITY;
    for (i, &a) in line.iter().enumerate() {
        let b = line[(i + 1) % line.len()];
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let along = ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy);
        let candidate = a.towards(b, along.clamp(0.0, 1.0));
        let km = p.distance_km(candidate);
        if km < best_km {
            (best, best_km) = (candidate, km);
        }
    }
    best
}

/// The distance in kilometres between LSOA centres that suits this place: short in towns.
pub(super) fn spacing_km(p: Point) -> f64 {
    const OPEN_COUNTRY_KM: f64 = 4.7;
    // A town's edge is sharper than its thinning alone would make it.
    const COUNTRYSIDE: f64 = 0.012;
    TOWNS
        .iter()
        .map(|town| {
            let km = p.distance_km(town.at);
            town.spacing_km + town.thinning * km + COUNTRYSIDE * km * km
        })
        .fold(OPEN_COUNTRY_KM, f64::min)
}

/// How much of a shopping and night-time centre this place is, 0 to 1.
pub(super) fn centrality(p: Point) -> f64 {
    TOWNS
        .iter()
        .map(|town| {
            let reach = p.distance_km(town.at) / 0.8;
            town.centre * libm::exp(-reach * reach)
        })
        .fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_town_is_inside_the_outline() {
        let line = outline();
        for town in &TOWNS {
            assert!(encloses(&line, town.at), "{:?}", town.at);
        }
        assert!(!encloses(&line, Point::new(0.0, 0.0)));
    }

    #[test]
    fn positions_lie_in_the_open_sea_but_inside_british_waters() {
        for p in outline() {
            let (lon, lat) = p.lon_lat();
            // East of every English shore at this latitude, and still in the range that files
            // of British places keep to.
            assert!((0.7..1.75).contains(&lon) && (53.2..53.65).contains(&lat));
        }
    }
}
