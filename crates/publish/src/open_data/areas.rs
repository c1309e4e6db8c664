//! The areas that maps draw, as GeoJSON (RFC 7946).

use crate::address::figures_of;
use crate::page::Download;
use headwater_release::{Document, Shape, Table, Value, View};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// Decimals of a degree: about a metre, finer than any outline that is drawn.
const DECIMALS: usize = 5;

/// One feature for each area of any map of a document; none without a map. A property is named after the figure and the column
/// that it is from, so that two maps of the same areas share a feature.
pub(super) fn collection(document: &Document, tables: &[Download<'_>]) -> Option<Json> {
    let mut features: BTreeMap<(&str, &str), Feature<'_>> = BTreeMap::new();
    for figure in document.sections.iter().flat_map(figures_of) {
        let View::Map { code, shapes, outlines, .. } = figure.view() else { continue };
        let Some(id) = tables.iter().find(|it| it.figure.is_some_and(|other| std::ptr::eq(other, figure))).map(|it| it.id.as_str()) else {
            continue;
        };
        let rows: BTreeMap<String, &Vec<Value>> = figure.table().rows().iter().filter_map(|row| Some((row.get(*code)?.shown(), row))).collect();
        for shape in outlines {
            features.entry(("outline", &shape.code)).or_insert_with(|| Feature::new(shape, "outline"));
        }
        for shape in shapes {
            let feature = features.entry(("area", &shape.code)).or_insert_with(|| Feature::new(shape, "area"));
            if let Some(row) = rows.get(&shape.code) {
                feature.properties.extend(shown(figure.table(), row, id, *code));
            }
        }
    }
    let features: Vec<Json> = features.into_values().filter_map(Feature::json).collect();
    (!features.is_empty()).then(|| json!({"type": "FeatureCollection", "features": features}))
}

/// An area with what is shown of it.
struct Feature<'a> {
    properties: Map<String, Json>,
    shape: &'a Shape,
}

impl<'a> Feature<'a> {
    fn new(shape: &'a Shape, role: &str) -> Self {
        let facts = [("code", shape.code.as_str()), ("name", shape.name.as_str()), ("role", role)];
        Self { properties: facts.into_iter().map(|(key, words)| (key.to_owned(), json!(words))).collect(), shape }
    }

    /// The feature; none when nothing is left of its outline.
    fn json(self) -> Option<Json> {
        Some(json!({"type": "Feature", "properties": self.properties, "geometry": geometry(self.shape)?}))
    }
}

/// The cells of a row. A gap keeps its mark: a missing number would be drawn as none or nought.
fn shown<'a>(table: &'a Table, row: &'a [Value], id: &'a str, code: usize) -> impl Iterator<Item = (String, Json)> + 'a {
    let cells = table.columns().iter().zip(row).enumerate().filter(move |(i, _)| *i != code);
    cells.map(move |(_, (column, value))| {
        let number = value.as_number().and_then(|_| value.csv().parse::<serde_json::Number>().ok());
        (format!("{id}.{}", column.id), number.map_or_else(|| json!(value.shown()), Json::Number))
    })
}

/// The rings of an outline as polygons: outer rings against the clock, each with its holes.
fn geometry(shape: &Shape) -> Option<Json> {
    let rings: Vec<Vec<[f64; 2]>> = shape.rings.iter().filter_map(|ring| closed(ring)).collect();
    let largest = rings.iter().map(|ring| area(ring)).max_by(|a, b| a.abs().total_cmp(&b.abs()))?;
    // Holes run the other way round than the ring that holds them; the largest ring cannot be a hole.
    let (outer, holes): (Vec<_>, Vec<_>) = rings.into_iter().partition(|ring| area(ring).is_sign_positive() == largest.is_sign_positive());
    let mut polygons: Vec<Vec<Vec<[f64; 2]>>> = outer.into_iter().map(|ring| vec![turned(ring, true)]).collect();
    for hole in holes {
        let within = |polygon: &&mut Vec<Vec<[f64; 2]>>| hole.iter().any(|corner| contains(&polygon[0], *corner));
        let holder = polygons.iter_mut().filter(within).min_by(|a, b| area(&a[0]).total_cmp(&area(&b[0])));
        if let Some(polygon) = holder {
            polygon.push(turned(hole, false));
        }
    }
    Some(match polygons.as_slice() {
        [one] => json!({"type": "Polygon", "coordinates": one}),
        many => json!({"type": "MultiPolygon", "coordinates": many}),
    })
}

/// A ring with rounded corners that ends where it begins; none when nothing is left of it.
fn closed(ring: &[[f64; 2]]) -> Option<Vec<[f64; 2]>> {
    let round = |degrees: f64| format!("{degrees:.DECIMALS$}").parse::<f64>().ok().filter(|degrees| degrees.is_finite());
    let mut corners: Vec<[f64; 2]> = ring.iter().filter_map(|[x, y]| Some([round(*x)?, round(*y)?])).collect();
    corners.dedup();
    if corners.first() == corners.last() {
        corners.pop();
    }
    if corners.len() < 3 {
        return None;
    }
    corners.push(corners[0]);
    (area(&corners) != 0.0).then_some(corners)
}

/// Twice the area within a closed ring; positive when it runs against the clock.
fn area(ring: &[[f64; 2]]) -> f64 {
    // Seen from the first corner, so that little is lost to rounding.
    let [x0, y0] = ring.first().copied().unwrap_or_default();
    ring.windows(2).map(|side| (side[0][0] - x0) * (side[1][1] - y0) - (side[1][0] - x0) * (side[0][1] - y0)).sum()
}

fn turned(mut ring: Vec<[f64; 2]>, against_the_clock: bool) -> Vec<[f64; 2]> {
    if (area(&ring) > 0.0) != against_the_clock {
        ring.reverse();
    }
    ring
}

/// Whether a point lies within a closed ring: a line from it to the east crosses the ring an odd number of times.
fn contains(ring: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    let crosses = |side: &[[f64; 2]]| {
        let ([x1, y1], [x2, y2]) = (side[0], side[1]);
        (y1 > y) != (y2 > y) && x < x1 + (y - y1) / (y2 - y1) * (x2 - x1)
    };
    ring.windows(2).filter(|side| crosses(side)).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(from: f64, to: f64) -> Vec<[f64; 2]> {
        vec![[from, from], [to, from], [to, to], [from, to]]
    }

    #[test]
    fn holes_lie_in_the_smallest_ring_that_holds_them_and_turn_with_the_clock() {
        let clockwise = |mut ring: Vec<[f64; 2]>| {
            ring.reverse();
            ring
        };
        // An island in a lake on an island: written with outer rings clockwise, as shapefiles do.
        let rings = vec![clockwise(square(0.0, 9.0)), square(1.0, 8.0), clockwise(square(2.0, 7.0)), square(3.0, 4.0)];
        let geometry = geometry(&Shape { code: "a".into(), name: "A".into(), rings }).unwrap();
        assert_eq!(geometry["type"], "MultiPolygon");
        let polygons = geometry["coordinates"].as_array().unwrap();
        let first = |polygon: usize, ring: usize| polygons[polygon][ring][0][0].as_f64().unwrap();
        assert_eq!((polygons.len(), first(0, 1), first(1, 1)), (2, 1.0, 3.0));
        for polygon in polygons {
            for (i, ring) in polygon.as_array().unwrap().iter().enumerate() {
                let ring: Vec<[f64; 2]> = serde_json::from_value(ring.clone()).unwrap();
                assert_eq!(ring.first(), ring.last());
                assert_eq!(area(&ring) > 0.0, i == 0);
            }
        }
    }

    #[test]
    fn a_ring_of_nothing_is_left_out() {
        for ring in [vec![], vec![[0.0, 50.0]], vec![[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]], vec![[f64::NAN, 0.0], [1.0, 0.0], [1.0, 1.0]]] {
            assert_eq!(geometry(&Shape { code: "a".into(), name: "A".into(), rings: vec![ring] }), None);
        }
    }
}
