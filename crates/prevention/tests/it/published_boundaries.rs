//! Boundaries as they are really published: read, checked, simplified and joined.

use crate::published::{bytes, files, table};
use headwater_prevention::place::shape::{Shape, outline, simplify};
use headwater_prevention::place::{Kind, Nesting, Vintage};
use headwater_prevention::source::boundary::{self, BoundaryTable};
use headwater_prevention::source::lookup;

fn read(name: &str) -> Option<BoundaryTable> {
    let text = String::from_utf8(bytes(name)?).unwrap();
    assert!(boundary::recognises(&text), "{name}");
    Some(boundary::read(&text).unwrap())
}

#[test]
fn one_polygon_of_the_lsoas_of_2011_crosses_itself() {
    let Some(table) = read("boundaries/boundaries_lsoa11_ew.geojson.gz") else {
        return;
    };
    assert_eq!((table.n_rows, table.shapes.len(), table.vintage()), (34_753, 34_753, Some(Vintage::Lsoa2011)));
    assert_eq!(table.invalid.len(), 1, "{:?}", table.invalid);
}

#[test]
fn the_lsoas_of_2021_simplify_without_gaps() {
    let Some(table) = read("boundaries/boundaries_lsoa21_ew.geojson.gz") else {
        return;
    };
    assert_eq!((table.shapes.len(), table.set_aside.n_rows(), table.n_rings_closed), (35_672, 0, 0));
    let simple = simplify(&table.shapes, 500.0);
    let n = |shapes: &[Shape]| shapes.iter().map(Shape::n_positions).sum::<usize>();
    println!("{} positions become {}", n(&table.shapes), n(&simple));
    assert!(n(&simple) < n(&table.shapes) * 4 / 5);
    // England and Wales cover 151,000 km²; what one area loses its neighbour gains, so only coasts change the sum.
    let area = |shapes: &[Shape]| shapes.iter().map(Shape::area_km2).sum::<f64>();
    assert!((area(&table.shapes) - 151_000.0).abs() < 1_500.0, "{}", area(&table.shapes));
    assert!((area(&simple) / area(&table.shapes) - 1.0).abs() < 0.01);
}

#[test]
fn boundaries_of_other_areas_are_refused_in_words_and_the_rest_are_read() {
    let kinds = [
        ("icb22", None),
        ("lhb22", None),
        ("msoa21", Some(Kind::Msoa)),
        ("ltla24", Some(Kind::LocalAuthority)),
        ("pfa20", Some(Kind::PoliceForceArea)),
        ("utla21", None),
    ];
    for (name, kind) in kinds {
        let Some(bytes) = bytes(&format!("boundaries/boundaries_{name}_ew.geojson.gz")) else {
            return;
        };
        let read = boundary::read(std::str::from_utf8(&bytes).unwrap());
        match kind {
            Some(kind) => assert_eq!(read.unwrap().kind, kind, "{name}"),
            None => assert!(read.unwrap_err().what.contains(&format!("{name}_code")), "{name}"),
        }
    }
}

#[test]
fn sussex_joins_to_thirteen_districts_from_its_small_areas() {
    let (mut small, mut wards) = (Vec::new(), 0);
    for name in files("boundaries/sussex_detail", ".geojson.gz") {
        let Some(table) = read(&name) else { return };
        assert_eq!(table.set_aside.n_rows(), 0, "{name}");
        assert_eq!(table.invalid, [], "{name}");
        match (table.kind, table.vintage()) {
            (Kind::Ward, _) => wards += table.shapes.len(),
            (Kind::Lsoa, Some(Vintage::Lsoa2021)) => small.extend(table.shapes),
            other => assert_eq!(other, (Kind::Lsoa, Some(Vintage::Lsoa2011)), "{name}"),
        }
    }
    let Some(lookup_table) = table("lookups/lookup_lsoa21_ward24_ltla24.csv.gz") else {
        return;
    };
    assert_eq!((small.len(), wards), (1_029, 264));
    let mut nesting = Nesting::default();
    lookup::read(&lookup_table).unwrap().apply(&mut nesting);
    let district_of = |lsoa| nesting.parent(lsoa, Kind::LocalAuthority).map(|code| (code, nesting.name(code)));
    let simple = simplify(&small, 50.0);
    for shapes in [&small, &simple] {
        let districts = outline(shapes, district_of);
        assert_eq!(districts.len(), 13);
        let holes: usize = districts.iter().flat_map(|d| &d.polygons).map(|polygon| polygon.len() - 1).sum();
        let positions: usize = districts.iter().map(Shape::n_positions).sum();
        println!("{positions} positions, {holes} holes");
        // No slivers are left between the small areas of a district.
        assert_eq!(holes, 0);
        let (parts, joined): (f64, f64) = (shapes.iter().map(Shape::area_km2).sum(), districts.iter().map(Shape::area_km2).sum());
        assert!((parts - joined).abs() < 0.01, "{parts} against {joined}");
        // Sussex has 3,783 km².
        assert!((joined - 3_783.0).abs() < 40.0, "{joined}");
    }
}
