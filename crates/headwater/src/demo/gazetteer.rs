//! The map points that crimes are moved to, with the words the police files use for them.
//!
//! data.police.uk moves every record to the nearest of a fixed list of points, so that many records
//! share one position. Each cell here has a handful, the first the busiest.

use super::chance::{Chance, running_totals};
use super::county::{self, County};
use super::names;
use super::outline::{self, Point};

/// A map point.
pub(super) struct MapPoint {
    /// `longitude,latitude` as the street files write them.
    pub(super) lon_lat: String,
    /// `latitude,longitude` as the stop-and-search files write them.
    pub(super) lat_lon: String,
    /// `On or near …`.
    pub(super) location: String,
    /// Whether it is a shop or a place of shops.
    pub(super) is_shop: bool,
}

/// All map points.
pub(super) struct Gazetteer {
    /// By cell.
    pub(super) cells: Vec<Vec<MapPoint>>,
    /// By area next door.
    pub(super) outside: Vec<Vec<MapPoint>>,
}

impl Gazetteer {
    /// Places the points; the same whatever the seed of the records.
    pub(super) fn new(county: &County) -> Self {
        let chance = &mut Chance::of(county::GEOGRAPHY_SEED, "gazetteer");
        let cells = (0..county.n_cells())
            .map(|cell| {
                let centre = outline::centrality(county.at(cell));
                let n = 7 + chance.below(6) + (8.0 * centre) as usize;
                (0..n).map(|_| map_point(county.mesh.point_within(cell, chance), centre, chance)).collect()
            })
            .collect();
        let outside = county
            .outsiders
            .iter()
            .map(|area| {
                (0..5)
                    .map(|_| {
                        let at = Point::new(area.at.x + chance.between(-0.8, 0.8), area.at.y + chance.between(-0.8, 0.8));
                        map_point(at, 0.1, chance)
                    })
                    .collect()
            })
            .collect();
        Gazetteer { cells, outside }
    }

    /// One of a list of points, the first the likeliest; a shop if there is one and it is wanted.
    pub(super) fn choose(points: &[MapPoint], wants_shop: bool, chance: &mut Chance) -> usize {
        // Zipf's weights, 1, 1/2, 1/3 …: a few points hold much.
        let weight = |(i, point): (usize, &MapPoint)| {
            let liking = if wants_shop && point.is_shop { 12.0 } else { 1.0 };
            liking / (i + 1) as f64
        };
        let weights: Vec<f64> = points.iter().enumerate().map(weight).collect();
        chance.place_in(&running_totals(&weights))
    }
}

fn map_point(at: Point, centre: f64, chance: &mut Chance) -> MapPoint {
    let venue = if chance.happens(0.25 + 0.35 * centre) {
        let choices: Vec<(&str, f64)> =
            names::VENUES.iter().map(|&(kind, in_town, elsewhere)| (kind, in_town * centre + elsewhere * (1.0 - centre))).collect();
        chance.one_of(&choices)
    } else {
        None
    };
    let name = venue.unwrap_or_else(|| names::STREETS[chance.below(names::STREETS.len())]);
    let (lon, lat) = at.lon_lat();
    MapPoint {
        lon_lat: format!("{lon:.6},{lat:.6}"),
        lat_lon: format!("{lat:.6},{lon:.6}"),
        location: format!("On or near {name}"),
        is_shop: matches!(name, "Supermarket" | "Shopping Area"),
    }
}
