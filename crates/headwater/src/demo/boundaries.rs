//! Boundaries as GeoJSON (RFC 7946, longitude and latitude), with the property names of the ONS.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::county::{County, SmallArea};
use super::mesh;
use super::names;
use super::outline::{self, Point};

/// Something to draw: its properties and the cells it covers.
struct Feature {
    properties: Vec<(&'static str, String)>,
    cells: BTreeSet<usize>,
}

/// The small areas of 2011.
pub(super) fn lsoa_2011(county: &County) -> String {
    collection(county, "lsoa11_wealdmere", areas(&county.lsoa_2011, ["LSOA11CD", "LSOA11NM"]))
}

/// The small areas of 2021.
pub(super) fn lsoa_2021(county: &County) -> String {
    collection(county, "lsoa21_wealdmere", areas(&county.lsoa_2021, ["LSOA21CD", "LSOA21NM"]))
}

fn areas(areas: &[SmallArea], [code, name]: [&'static str; 2]) -> Vec<Feature> {
    areas
        .iter()
        .map(|area| Feature { properties: vec![(code, area.code.clone()), (name, area.name.clone())], cells: area.cells.iter().copied().collect() })
        .collect()
}

/// The wards.
pub(super) fn wards(county: &County) -> String {
    let features = county
        .wards
        .iter()
        .map(|ward| Feature {
            properties: vec![
                ("WD24CD", ward.code.clone()),
                ("WD24NM", ward.name.clone()),
                ("LAD24CD", names::district_code(ward.district + 1)),
                ("LAD24NM", names::DISTRICTS[ward.district].to_owned()),
            ],
            cells: ward.cells.iter().copied().collect(),
        })
        .collect();
    collection(county, "wards_wealdmere", features)
}

/// The districts.
pub(super) fn districts(county: &County) -> String {
    let features = names::DISTRICTS
        .iter()
        .enumerate()
        .map(|(district, &name)| Feature {
            properties: vec![("LAD24CD", names::district_code(district + 1)), ("LAD24NM", name.to_owned())],
            cells: (0..county.n_cells()).filter(|&cell| county.district_of[cell] == district).collect(),
        })
        .collect();
    collection(county, "districts_wealdmere", features)
}

fn collection(county: &County, name: &str, features: Vec<Feature>) -> String {
    let mut json = format!(
        "{{\n\"type\": \"FeatureCollection\",\n\"name\": \"{name}\",\n\"crs\": {{ \"type\": \"name\", \
         \"properties\": {{ \"name\": \"urn:ogc:def:crs:OGC:1.3:CRS84\" }} }},\n\"features\": [\n"
    );
    for (i, feature) in features.iter().enumerate() {
        if i > 0 {
            json.push_str(",\n");
        }
        let _ = write!(json, "{{ \"type\": \"Feature\", \"properties\": {{ \"FID\": {}", i + 1);
        for (key, value) in &feature.properties {
            // No invented name or code holds a quotation mark or a backslash.
            let _ = write!(json, ", \"{key}\": \"{value}\"");
        }
        json.push_str(" }, \"geometry\": ");
        json.push_str(&geometry(county, &feature.cells));
        json.push_str(" }");
    }
    json.push_str("\n]\n}\n");
    json
}

/// One polygon, or several, with holes where the cells surround others.
fn geometry(county: &County, cells: &BTreeSet<usize>) -> String {
    let rings: Vec<Vec<Point>> =
        county.mesh.rings(cells).into_iter().map(|ring| ring.into_iter().map(|v| county.mesh.vertices[v]).collect()).collect();
    let (outer, holes): (Vec<_>, Vec<_>) = rings.into_iter().partition(|ring: &Vec<Point>| mesh::signed_area_km2(ring) > 0.0);
    let mut polygons: Vec<Vec<Vec<Point>>> = outer.into_iter().map(|ring| vec![ring]).collect();
    for hole in holes {
        let home = polygons.iter_mut().find(|polygon| hole.iter().any(|&p| outline::encloses(&polygon[0], p)));
        if let Some(polygon) = home {
            polygon.push(hole);
        }
    }
    let written: Vec<String> = polygons.iter().map(|polygon| polygon_json(polygon)).collect();
    match written.as_slice() {
        [one] => format!("{{ \"type\": \"Polygon\", \"coordinates\": {one} }}"),
        many => format!("{{ \"type\": \"MultiPolygon\", \"coordinates\": [ {} ] }}", many.join(", ")),
    }
}

fn polygon_json(rings: &[Vec<Point>]) -> String {
    let mut json = String::from("[ ");
    for (i, ring) in rings.iter().enumerate() {
        if i > 0 {
            json.push_str(", ");
        }
        json.push_str("[ ");
        let mut places: Vec<(f64, f64)> = ring.iter().map(|p| p.lon_lat()).collect();
        // Two vertices less than a tenth of a metre apart are written as one.
        places.dedup();
        if places.first() == places.last() {
            places.pop();
        }
        for (lon, lat) in places.iter().chain(places.first()) {
            let _ = write!(json, "[ {lon}, {lat} ], ");
        }
        json.truncate(json.len() - 2);
        json.push_str(" ]");
    }
    json.push_str(" ]");
    json
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Every directed edge of a collection with the number of times it is used.
    fn edges(geojson: &str) -> BTreeMap<[String; 2], usize> {
        let parsed: serde_json::Value = serde_json::from_str(geojson).expect("valid JSON");
        let mut edges = BTreeMap::new();
        for feature in parsed["features"].as_array().expect("features") {
            let geometry = &feature["geometry"];
            let coordinates = geometry["coordinates"].as_array().expect("coordinates").clone();
            let polygons = match geometry["type"].as_str() {
                Some("Polygon") => vec![serde_json::Value::Array(coordinates)],
                _ => coordinates,
            };
            for ring in polygons.iter().flat_map(|p| p.as_array().expect("rings")) {
                let ring = ring.as_array().expect("a ring");
                assert!(ring.len() >= 4);
                assert_eq!(ring.first(), ring.last(), "rings are closed");
                for pair in ring.windows(2) {
                    *edges.entry([pair[0].to_string(), pair[1].to_string()]).or_insert(0) += 1;
                }
            }
        }
        edges
    }

    #[test]
    fn each_inner_edge_is_used_exactly_twice_and_the_rest_is_one_ring() {
        let county = County::new();
        for layer in [lsoa_2011, lsoa_2021, wards, districts] {
            let edges = edges(&layer(&county));
            assert!(edges.values().all(|&n| n == 1), "no edge twice the same way");
            let outer: Vec<_> = edges.keys().filter(|[a, b]| !edges.contains_key(&[b.clone(), a.clone()])).collect();
            // The outer edges make the county's one ring: as many ends as starts, each once.
            let starts: BTreeSet<_> = outer.iter().map(|edge| &edge[0]).collect();
            let ends: BTreeSet<_> = outer.iter().map(|edge| &edge[1]).collect();
            assert_eq!(starts, ends);
            assert_eq!(starts.len(), outer.len());
            assert!(outer.len() > 100, "{}", outer.len());
        }
    }
}
