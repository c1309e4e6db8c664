//! Boundaries: read, simplified, joined to districts and searched for neighbours.
#![no_main]

use headwater_prevention::place::AreaCode;
use headwater_prevention::place::shape::{Shape, outline, simplify};
use headwater_prevention::source::boundary::{read, recognises};
use headwater_prevention::source::table::decode;
use headwater_statistics::neighbour::{METRES_STEP, Outline, queen, rook};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = decode(bytes);
    let _ = recognises(&text);
    let Ok(table) = read(&text) else {
        return;
    };
    assert_eq!(table.shapes.len() as u64 + table.set_aside.n_rows(), table.n_rows, "every feature is kept or set aside");
    headwater_fuzz::check_reasons(&table.set_aside);
    for (_, faults) in &table.invalid {
        assert!(faults.iter().all(|fault| !fault.sentence().is_empty()));
    }
    check_shapes(&table.shapes);
    for tolerance_m in [0.0, 30.0, 400.0, 1e7] {
        let simple = simplify(&table.shapes, tolerance_m);
        assert!(simple.iter().map(|shape| shape.code).eq(table.shapes.iter().map(|shape| shape.code)), "no area is lost");
        check_shapes(&simple);
        check_shapes(&districts(&simple));
    }
    check_shapes(&districts(&table.shapes));
    let outlines: Vec<Outline<'_>> =
        table.shapes.iter().map(|s| Outline { rings: s.polygons.iter().flatten().map(Vec::as_slice).collect() }).collect();
    for neighbours in [queen(&outlines, METRES_STEP), rook(&outlines, METRES_STEP)].into_iter().flatten() {
        for area in 0..outlines.len() {
            assert!(neighbours.of(area).iter().all(|other| neighbours.of(*other as usize).contains(&(area as _))), "neighbours are mutual");
        }
    }
});

/// Two districts and a rest, by the last digit of the code.
fn districts(shapes: &[Shape]) -> Vec<Shape> {
    outline(shapes, |code: AreaCode| match code.pack() % 3 {
        0 => Some(("E07000901".parse().ok()?, "Amberley".to_owned())),
        1 => Some(("E07000902".parse().ok()?, "Merefold".to_owned())),
        _ => None,
    })
}

fn check_shapes(shapes: &[Shape]) {
    for shape in shapes {
        assert!(shape.polygons.iter().flatten().all(|ring| ring.first() == ring.last()), "rings are closed");
        assert!(shape.positions().flatten().all(f64::is_finite), "positions are numbers");
        assert!(shape.area_km2() >= 0.0, "no area is negative");
        assert_eq!(shape.bounds().is_some(), shape.n_positions() > 0);
    }
}
