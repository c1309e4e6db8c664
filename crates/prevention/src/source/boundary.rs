//! Boundaries of LSOAs, wards, local authorities, Community Safety Partnerships and police force areas, as GeoJSON.
//!
//! Publisher: Office for National Statistics, Open Geography Portal. Licence: Open Government Licence v3.0; contains OS
//! data © Crown copyright and database right. A feature is one area: its code among the properties, its outline in
//! degrees of longitude and latitude (RFC 7946). No property is found by one spelling: see [`area_column`].

mod geometry;

use super::lookup::{AreaColumn, Part, area_column};
use super::{SetAsides, Unreadable};
use crate::place::shape::{Fault, Polygon, Position, Shape, faults};
use crate::place::{AreaCode, Kind, Vintage};
use geometry::{Document, Geometry};
use std::collections::BTreeMap;

/// What goes wrong with these files in practice, and what is done about it here.
pub const TRAPS: &[&str] = &[
    "The portal offers British National Grid beside degrees: coordinates in metres are refused, with the way to export again.",
    "Some programs write latitude before longitude: refused, and said so.",
    "A feature carries codes of several kinds of area (ward and local authority): the property of the smallest kind is its own.",
    "Property names differ by carrier: lsoa21_code, LSOA21CD. The year in them is the vintage.",
    "One polygon of the simplified LSOAs of 2011 crosses itself: it is kept and listed by its code.",
    "Simplified boundaries misplace a tenth of the points near their edges: use the detailed ones to place points.",
    "Rings that do not end where they began are closed, and counted.",
    "A code may come twice, usually after files were joined: the first is used.",
    "An area may have many parts (islands) and holes.",
    "Features may have no geometry, or points instead of areas.",
];

/// The most features read from one file; England and Wales have 35,672 LSOAs and about 190,000 output areas.
pub const MOST_FEATURES: usize = 250_000;

/// The most positions read from one file.
pub const MOST_POSITIONS: usize = 30_000_000;

/// Boundaries as read.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundaryTable {
    /// One shape for each area, in order of the file.
    pub shapes: Vec<Shape>,
    /// The property that holds the code, as the file names it.
    pub property: String,
    /// The kind of area.
    pub kind: Kind,
    /// The year of the boundaries, where the property's name says it.
    pub year: Option<u16>,
    /// Features read; features = shapes + set aside.
    pub n_rows: u64,
    /// Features that could not be used: the number is the feature's place in the file, the first being 1.
    pub set_aside: SetAsides,
    /// How many rings did not end where they began; they were closed.
    pub n_rings_closed: u64,
    /// Areas whose rings cross or touch themselves, with the first fault of each kind; they are kept as they are.
    pub invalid: Vec<(AreaCode, Vec<Fault>)>,
}

/// Whether a text looks like a GeoJSON feature collection, by its first four thousand characters.
pub fn recognises(text: &str) -> bool {
    let head = text.trim_start_matches('\u{feff}').trim_start();
    let end = head.char_indices().nth(4_000).map_or(head.len(), |(i, _)| i);
    head.starts_with('{') && head[..end].contains("\"FeatureCollection\"")
}

/// Reads a GeoJSON feature collection.
///
/// # Errors
/// Refuses what is not JSON, not a feature collection, has no property with a code of an area used here, has more
/// features or positions than [`MOST_FEATURES`] and [`MOST_POSITIONS`], or whose coordinates are metres or swapped.
pub fn read(text: &str) -> Result<BoundaryTable, Unreadable> {
    let document = Document::parse(text)?;
    if let Some(crs) = &document.crs
        && ["27700", "3857", "900913"].iter().any(|code| crs.contains(code))
    {
        return Err(metres(&format!("the file says that its coordinate system is {crs}")));
    }
    let (property, column) = code_property(&document)?;
    check_places(&document)?;
    let name_property = name_property(&document, &column);
    let mut out = BoundaryTable {
        shapes: Vec::with_capacity(document.features.len()),
        property,
        kind: column.kind,
        year: column.year,
        n_rows: document.features.len() as u64,
        set_aside: SetAsides::default(),
        n_rings_closed: 0,
        invalid: Vec::new(),
    };
    let mut seen: BTreeMap<AreaCode, u64> = BTreeMap::new();
    for (number, feature) in (1u64..).zip(document.features) {
        let text_of = |property: &str| feature.properties.iter().find(|(key, _)| key == property).map_or("", |(_, value)| value.trim());
        let found = text_of(&out.property);
        let Some(code) = AreaCode::from_bytes(found.as_bytes()).filter(|code| code.kind() == Some(column.kind)) else {
            out.set_aside.add(
                number,
                &out.property,
                "not a code of England or Wales of the kind the property names",
                "nothing to mend if the area lies elsewhere",
                found,
            );
            continue;
        };
        if seen.contains_key(&code) {
            out.set_aside.add(number, &out.property, "a code that came before", "delete the repeated feature; the first is used", found);
            continue;
        }
        let mut polygons = match feature.geometry {
            Geometry::Areas(polygons) if polygons.iter().any(|polygon| !polygon.is_empty()) => polygons,
            Geometry::Areas(_) | Geometry::None => {
                out.set_aside.add(number, "geometry", "no outline", "download the boundaries again", found);
                continue;
            }
            Geometry::Other => {
                out.set_aside.add(number, "geometry", "points or lines instead of an area", "download boundaries, not centroids", found);
                continue;
            }
        };
        polygons.retain(|polygon| !polygon.is_empty());
        for ring in polygons.iter_mut().flatten() {
            if let (Some(first), Some(last)) = (ring.first().copied(), ring.last().copied())
                && first != last
            {
                ring.push(first);
                out.n_rings_closed += 1;
            }
        }
        let faults = faults(&polygons);
        if !faults.is_empty() {
            out.invalid.push((code, faults));
        }
        seen.insert(code, number);
        let name = name_property.as_deref().map(text_of).unwrap_or_default().to_owned();
        out.shapes.push(Shape { code, name, kind: column.kind, year: column.year, polygons });
    }
    if out.shapes.is_empty() {
        let why = out.set_aside.reasons().first().map_or("the collection is empty", |reason| reason.reason.as_ref());
        return Err(Unreadable::new(
            format!("no area could be read: {why}"),
            "download the boundaries as GeoJSON (WGS84) from the Open Geography Portal",
        ));
    }
    Ok(out)
}

/// The property that holds the features' own code: that of the smallest kind of area among those whose values are codes.
fn code_property(document: &Document) -> Result<(String, AreaColumn), Unreadable> {
    let sample = || document.features.iter().take(50);
    let mut found: Vec<(String, AreaColumn)> = Vec::new();
    for (key, value) in sample().flat_map(|feature| &feature.properties) {
        let Some(column) = area_column(key).filter(|c| c.part != Part::Name) else {
            continue;
        };
        let is_code = AreaCode::from_bytes(value.trim().as_bytes()).and_then(AreaCode::kind) == Some(column.kind);
        if is_code && !found.iter().any(|(known, _)| known == key) {
            found.push((key.clone(), column));
        }
    }
    if let Some(smallest) = found.iter().min_by_key(|(_, column)| (column.kind, column.part == Part::Bare)) {
        return Ok(smallest.clone());
    }
    let mut names: Vec<&str> = sample().flat_map(|f| f.properties.iter().map(|(key, _)| key.as_str())).collect();
    names.sort_unstable();
    names.dedup();
    let names = if names.is_empty() { "none".to_owned() } else { names.iter().take(12).copied().collect::<Vec<_>>().join(", ") };
    Err(Unreadable::new(
        format!(
            "no property of the features holds codes of LSOAs, wards, local authorities, partnerships or force areas; the properties are: {names}"
        ),
        "use boundaries with a property such as LSOA21CD, WD25CD, LAD24CD or PFA24CD",
    ))
}

fn name_property(document: &Document, code: &AreaColumn) -> Option<String> {
    let properties = &document.features.first()?.properties;
    properties
        .iter()
        .map(|(key, _)| key)
        .find(|key| area_column(key).is_some_and(|c| c.part == Part::Name && c.kind == code.kind && c.year == code.year))
        .cloned()
}

fn metres(what: &str) -> Unreadable {
    Unreadable::new(
        format!("{what}: the coordinates are metres (British National Grid or Web Mercator), not degrees"),
        "download the boundaries as GeoJSON, which is always WGS84, or export them again with the coordinate system EPSG:4326",
    )
}

/// Refuses coordinates that cannot be longitude and latitude in the British Isles.
fn check_places(document: &Document) -> Result<(), Unreadable> {
    let mut n_swapped = 0u64;
    let mut n_elsewhere = 0u64;
    let mut n_areas = 0u64;
    let mut example: Option<Position> = None;
    for (number, feature) in (1u64..).zip(&document.features) {
        let Geometry::Areas(polygons) = &feature.geometry else {
            continue;
        };
        let Some(first) = first_position(polygons) else {
            continue;
        };
        n_areas += 1;
        for [x, y] in polygons.iter().flatten().flatten().copied() {
            if x.abs() > 180.0 || y.abs() > 180.0 {
                return Err(metres(&format!("feature {number} has a position {x}, {y}")));
            }
        }
        let [x, y] = first;
        let is_here = |longitude: f64, latitude: f64| (-11.0..=3.0).contains(&longitude) && (48.0..=62.0).contains(&latitude);
        if !is_here(x, y) {
            example = example.or(Some(first));
            if is_here(y, x) {
                n_swapped += 1;
            } else {
                n_elsewhere += 1;
            }
        }
    }
    let shown = example.map_or_else(String::new, |[x, y]| format!(" (the first is {x}, {y})"));
    if n_swapped > 0 {
        return Err(Unreadable::new(
            format!("{n_swapped} of {n_areas} areas have latitude before longitude{shown}"),
            "GeoJSON has longitude first: export the boundaries again, or swap the two",
        ));
    }
    if n_elsewhere > 0 {
        return Err(Unreadable::new(
            format!("{n_elsewhere} of {n_areas} areas lie outside the British Isles{shown}"),
            "see that the file holds boundaries of England or Wales in degrees of longitude and latitude",
        ));
    }
    Ok(())
}

fn first_position(polygons: &[Polygon]) -> Option<Position> {
    polygons.iter().flatten().flatten().next().copied()
}

impl BoundaryTable {
    /// The census whose LSOAs these are, where they are and the property's name says.
    pub fn vintage(&self) -> Option<Vintage> {
        self.shapes.first().and_then(Shape::vintage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn feature(properties: &str, geometry: &str) -> String {
        format!("{{\"type\":\"Feature\",\"properties\":{{{properties}}},\"geometry\":{geometry}}}")
    }

    fn collection(features: &[String]) -> String {
        format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","))
    }

    fn square(x: f64, y: f64) -> String {
        format!("{{\"type\":\"Polygon\",\"coordinates\":[[[{x},{y}],[{},{y}],[{},{}],[{x},{}],[{x},{y}]]]}}", x + 0.01, x + 0.01, y + 0.01, y + 0.01)
    }

    #[test]
    fn a_ward_is_known_by_its_own_code_and_not_by_its_local_authority() {
        let text = collection(&[
            feature("\"FID\":1,\"WD25CD\":\"E05990001\",\"WD25NM\":\"Mill\",\"LAD25CD\":\"E07000901\",\"x\":null", &square(-0.1, 51.0)),
            feature("\"WD25CD\":\"E05990001\"", &square(-0.1, 51.0)),
            feature("\"WD25CD\":\"S13000001\"", &square(-3.0, 56.0)),
            feature("\"WD25CD\":\"E05990002\"", "null"),
            feature("\"WD25CD\":\"E05990003\"", "{\"type\":\"Point\",\"coordinates\":[-0.1,51.0]}"),
            feature("\"WD25CD\":\"E05990004\"", "{\"coordinates\":[[[-0.1,51.0,3.5],[-0.09,51.01],[-0.09,51.0],[-0.1,51.01]]],\"type\":\"Polygon\"}"),
            feature(
                "\"WD25CD\":\"E05990005\"",
                &format!(
                    "{{\"type\":\"MultiPolygon\",\"coordinates\":[{},{}]}}",
                    "[[[0,51],[0.1,51],[0,51.1],[0,51]]]", "[[[1,51],[1.1,51],[1,51.1],[1,51]]]"
                ),
            ),
        ]);
        assert!(recognises(&text));
        let read = read(&text).unwrap();
        assert_eq!((read.property.as_str(), read.kind, read.year), ("WD25CD", Kind::Ward, Some(2025)));
        assert_eq!((read.n_rows, read.shapes.len(), read.set_aside.n_rows(), read.n_rings_closed), (7, 3, 4, 1));
        assert_eq!((read.shapes[0].name.as_str(), read.shapes[2].polygons.len()), ("Mill", 2));
        assert_eq!(read.invalid.iter().map(|(code, _)| code.to_string()).collect::<Vec<_>>(), ["E05990004"]);
    }

    #[test]
    fn metres_swapped_axes_and_other_countries_are_refused_in_words() {
        let code = "\"LSOA21CD\":\"E01990001\"";
        let cases = [
            (square(530_000.0, 104_000.0), "metres"),
            (square(51.0, -0.1), "latitude before longitude"),
            (square(2.3, 40.0), "outside the British Isles"),
        ];
        for (geometry, says) in cases {
            let error = read(&collection(&[feature(code, &geometry)])).unwrap_err();
            assert!(error.what.contains(says), "{error}");
        }
        let crs = collection(&[feature(code, &square(-0.1, 51.0))])
            .replace("\"features\"", "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::27700\"}},\"features\"");
        assert!(read(&crs).unwrap_err().what.contains("27700"));
    }

    #[test]
    fn what_is_no_collection_or_has_no_code_is_refused_in_words() {
        let cases = [
            (String::new(), "not JSON"),
            ("[1,2]".to_owned(), "FeatureCollection"),
            ("{\"type\":\"Topology\",\"objects\":{}}".to_owned(), "FeatureCollection"),
            (feature("\"LSOA21CD\":\"E01990001\"", &square(-0.1, 51.0)), "FeatureCollection"),
            (collection(&[]), "no property"),
            (collection(&[feature("\"icb22_code\":\"E54000008\"", &square(-0.1, 51.0))]), "icb22_code"),
            (collection(&[feature("\"LSOA21CD\":\"E01990001\"", "null")]), "no outline"),
            (format!("{}{}", "[".repeat(500), "]".repeat(500)), "JSON"),
        ];
        for (text, says) in cases {
            let error = read(&text).unwrap_err();
            assert!(error.what.contains(says), "{text}: {error}");
        }
        let mut cut = collection(&[feature("\"LSOA21CD\":\"E01990001\"", &square(-0.1, 51.0))]);
        cut.truncate(cut.len() - 20);
        assert!(read(&cut).unwrap_err().what.contains("line 1"));
    }

    #[test]
    fn a_property_called_by_its_kind_alone_counts_when_it_holds_codes() {
        let read_it = |value: &str| read(&collection(&[feature(&format!("\"csp\":\"{value}\""), &square(-0.1, 51.0))]));
        assert_eq!(read_it("E22990001").unwrap().kind, Kind::CommunitySafetyPartnership);
        assert!(read_it("Ambermere").unwrap_err().what.contains("csp"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[\\[\\]{}:,\"a-zA-Z0-9.e-]{0,80}", depth in 0usize..12, number in "-?[0-9]{1,3}(\\.[0-9]{1,3})?(e[0-9]{1,2})?") {
            let _ = read(&text);
            let nested = format!("{}{number},{number}{}", "[".repeat(depth), "]".repeat(depth));
            for kind in ["Polygon", "MultiPolygon", "Nonsense"] {
                let _ = read(&collection(&[feature("\"LSOA21CD\":\"E01990001\"", &format!("{{\"type\":\"{kind}\",\"coordinates\":{nested}}}"))]));
            }
        }
    }
}
