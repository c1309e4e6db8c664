//! The land of the invented county: a thousand small areas, eleven districts, and the maps of them.

use crate::county::{figure, label, noise, number, say};
use crate::exhibits::AREAS;
use headwater_release::{Block, Column, Fill, MapClass, Shape, Shapes, Table, View};

/// Corners of a bent grid, so that neighbours share their borders.
fn corner(column: usize, row: usize) -> [f64; 2] {
    let seed = (row * 1000 + column) as u64;
    [-0.9 + 0.045 * (column as f64 + 0.7 * noise(seed)), 50.75 + 0.024 * (row as f64 + 0.7 * noise(seed + 500_000))]
}

const COLUMNS: usize = 40;
const ROWS: usize = 25;

fn ring(left: usize, bottom: usize, right: usize, top: usize) -> Vec<[f64; 2]> {
    let mut ring: Vec<[f64; 2]> = (left..right).map(|c| corner(c, bottom)).collect();
    ring.extend((bottom..top).map(|r| corner(right, r)));
    ring.extend((left + 1..=right).rev().map(|c| corner(c, top)));
    ring.extend((bottom + 1..=top).rev().map(|r| corner(left, r)));
    ring
}

fn small_areas() -> Shapes {
    let name = |c: usize, r: usize| format!("{} {:03}{}", AREAS[(c / 8 + r / 9) % AREAS.len()].0, r * 3 + c, ["A", "B", "C"][c % 3]);
    (0..ROWS)
        .flat_map(|r| (0..COLUMNS).map(move |c| (c, r)))
        .map(|(c, r)| Shape { code: format!("E01{:06}", r * COLUMNS + c), name: name(c, r), rings: vec![ring(c, r, c + 1, r + 1)] })
        .collect()
}

fn districts() -> Shapes {
    let blocks = [
        (0, 0, 10, 9),
        (10, 0, 13, 3),
        (13, 0, 26, 9),
        (26, 0, 40, 7),
        (10, 3, 13, 9),
        (0, 9, 16, 18),
        (16, 9, 29, 25),
        (29, 7, 40, 16),
        (29, 16, 40, 25),
        (0, 18, 8, 25),
        (8, 18, 16, 25),
    ];
    AREAS
        .iter()
        .zip(blocks)
        .map(|((name, ..), (l, b, r, t))| Shape { code: (*name).into(), name: (*name).into(), rings: vec![ring(l, b, r, t)] })
        .collect()
}

pub fn map(slug: &str, hot_spots: bool) -> Block {
    let shapes = small_areas();
    let class = |value: f64, i: usize| match (hot_spots, i % 97, value) {
        (false, 13, _) => "hidden",
        (false, 55, _) => "no rate",
        (true, _, v) if v > 0.93 => "hot spot",
        (true, _, v) if v < 0.08 => "cold spot",
        (true, ..) => "neither",
        (_, _, v) if v < 0.2 => "under 8.0",
        (_, _, v) if v < 0.4 => "8.0 to under 14.5",
        (_, _, v) if v < 0.6 => "14.5 to under 22.1",
        (_, _, v) if v < 0.8 => "22.1 to under 35.0",
        _ => "35.0 and over",
    };
    let rows = shapes
        .iter()
        .enumerate()
        .map(|(i, shape)| {
            let (x, y) = ((i % COLUMNS) as f64, (i / COLUMNS) as f64);
            let centre = 1.0 - ((x - 20.0).abs() / 20.0).max((y - 8.0).abs() / 17.0);
            let value = (0.55 * centre + 0.45 * noise(i as u64 * 31)).min(0.999);
            vec![label(shape.code.clone()), label(shape.name.clone()), number(value * 45.0, 1), label(class(value, i))]
        })
        .collect();
    let classes: Vec<(&str, Fill)> = if hot_spots {
        vec![("hot spot", Fill::Focus), ("cold spot", Fill::Contrast), ("neither", Fill::Plain)]
    } else {
        vec![
            ("under 8.0", Fill::Step(0)),
            ("8.0 to under 14.5", Fill::Step(1)),
            ("14.5 to under 22.1", Fill::Step(2)),
            ("22.1 to under 35.0", Fill::Step(3)),
            ("35.0 and over", Fill::Step(4)),
            ("hidden", Fill::Hidden),
            ("no rate", Fill::NoData),
        ]
    };
    let classes = classes.into_iter().map(|(key, fill)| MapClass { key: key.into(), label: key.into(), fill }).collect();
    let columns = vec![
        Column::text("lsoa", "LSOA"),
        Column::text("name", "Name"),
        Column::number("rate", "Rate", "per 1,000 residents"),
        Column::text("class", "Class on the map"),
    ];
    figure(
        slug,
        if hot_spots { say("Hot spots lie in the middle of the county") } else { say("A fifth of small areas have 35.0 and over per 1,000") },
        "Violence per 1,000 residents by small area, Wealdmere, year to November 2021",
        Table::new(format!("Violence by small area ({slug})"), columns, rows).unwrap(),
        View::Map { code: 0, name: 1, class: 3, shapes, classes, outlines: districts() },
    )
}
