//! Odd exhibits: nothing, one thing, only gaps, the largest numbers, words where numbers should be. None may break a page.

use crate::checker::tags;
use crate::county::{figure, label, number, say, wealdmere};
use headwater_publish::site;
use headwater_release::{Block, Column, Fill, MapClass, Section, Shape, Shorthand, Table, Value, View};

fn tables() -> Vec<(&'static str, Vec<Vec<Value>>)> {
    let row = |cell: fn(usize) -> Value| (0..6).map(cell).collect::<Vec<_>>();
    let words: fn(usize) -> Value = |_| Value::label("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch");
    let gaps: fn(usize) -> Value = |_| Value::gap(Shorthand::Confidential);
    let huge: fn(usize) -> Value = |i| number([f64::MAX, f64::MIN, 1e300, -1e300, f64::MIN_POSITIVE, 0.0][i], 0);
    let same: fn(usize) -> Value = |_| number(7.0, 1);
    let none: fn(usize) -> Value = |_| Value::label("");
    vec![
        ("nothing", vec![]),
        ("one", vec![row(same)]),
        ("same", vec![row(same); 14]),
        ("words", vec![row(words); 3]),
        ("gaps", vec![row(gaps); 3]),
        ("huge", vec![row(huge), row(same)]),
        ("none", vec![row(none); 2]),
        ("mixed", vec![row(same), row(gaps), row(same), row(words)]),
    ]
}

fn views(limits: &Table) -> Vec<View> {
    let breaks =
        vec![("7.0".to_owned(), "a break with many words that would not fit in any chart that was ever drawn for a telephone".to_owned()); 5];
    let ring = vec![[0.0, 50.0], [0.1, 50.0], [0.1, 50.1], [f64::NAN, 50.1]];
    let shapes = vec![
        Shape { code: "7.0".into(), name: "Seven".into(), rings: vec![ring, vec![], vec![[0.0, 50.0]]] },
        Shape { code: "x".into(), name: String::new(), rings: vec![] },
    ];
    let classes = vec![MapClass { key: "7.0".into(), label: "seven".into(), fill: Fill::Step(200) }];
    vec![
        View::TableOnly,
        View::Bars {
            label: 0,
            value: 1,
            lower: Some(2),
            upper: Some(3),
            reference: Some(("Reference".into(), Value::gap(Shorthand::NotAvailable))),
            highlight: Some(4),
        },
        View::Line { x: 0, series: vec![1, 2, 3, 4, 5], band: Some((1, 2)), breaks: breaks.clone() },
        View::Line { x: 0, series: vec![], band: None, breaks: vec![] },
        View::ControlChart { x: 0, y: 1, mean: 2, lower: 3, upper: 4, signal: 5, breaks },
        View::Funnel { label: 0, x: 1, y: 2, class: 3, limits: limits.clone() },
        View::Lorenz { x: 0, y: 1, baseline: Some(2) },
        View::Gradient { label: 0, x: 1, y: 2, lower: 3, upper: 4, fitted: 5 },
        View::SeasonBars { label: 0, value: 1, lower: 2, upper: 3 },
        View::Pyramid { label: 0, left: 1, right: 2 },
        View::Map { code: 0, name: 1, class: 2, shapes: vec![], classes: classes.clone(), outlines: vec![] },
        View::Map { code: 0, name: 1, class: 2, shapes: shapes.clone(), classes, outlines: shapes.clone() },
        View::Map {
            code: 0,
            name: 1,
            class: 2,
            shapes: shapes.clone(),
            classes: vec![MapClass { key: "7.0".into(), label: "seven".into(), fill: Fill::Focus }],
            outlines: shapes,
        },
    ]
}

#[test]
fn no_exhibit_however_odd_breaks_its_page() {
    let columns: Vec<Column> = ["a", "b", "c", "d", "e", "f"].iter().map(|id| Column::number(id, id, "")).collect();
    let mut blocks: Vec<Block> = Vec::new();
    for (name, rows) in tables() {
        let table = Table::new(name, columns.clone(), rows).unwrap();
        blocks.extend(views(&table).into_iter().enumerate().map(|(i, view)| figure(&format!("{name}-{i}"), say("Odd"), "Odd", table.clone(), view)));
    }
    let count = blocks.len();
    let mut publication = wealdmere();
    publication.documents.truncate(1);
    publication.documents[0].sections = vec![Section { slug: "odd".into(), name: "Odd".into(), title: say("Odd"), lede: say("Odd."), blocks }];
    let files = site(&publication).unwrap();
    let page = files.iter().find(|file| file.path == "wealdmere/odd.html").unwrap();
    let html = std::str::from_utf8(&page.bytes).unwrap();
    assert!(tags(html).is_ok());
    assert_eq!(html.matches("<section class=\"exhibit\"").count(), count);
    assert!(!html.contains("NaN") && !html.contains("\"inf") && !html.contains("\"-inf"));
    // A coordinate with an exponent, or beyond any paper, would mean that a scale had gone astray.
    let farthest = html.split(['"', ' ']).filter_map(|word| word.parse::<f64>().ok()).fold(0.0, |a: f64, b| a.max(b.abs()));
    assert!(farthest < 100_000.0, "{farthest}");
}

/// A map on which the one hot spot is a speck in the middle of its district, where the district's name would stand.
fn speck() -> Block {
    let square = |code: &str, middle: f64, half: f64| {
        let (west, east, south, north) = (middle - half, middle + half, 51.0 - half, 51.0 + half);
        let ring = vec![[west, south], [east, south], [east, north], [west, north]];
        Shape { code: code.into(), name: code.into(), rings: vec![ring] }
    };
    let rows = [("Fellmarket", "neither"), ("Mill Lane", "hot spot")].map(|(name, class)| vec![label(name), label(name), label(class)]);
    let classes = [("hot spot", Fill::Focus), ("cold spot", Fill::Contrast), ("neither", Fill::Plain)];
    figure(
        "speck",
        say("One hot spot"),
        "Hot spots",
        Table::new("Hot spots", vec![Column::text("code", "Code"), Column::text("name", "Name"), Column::text("class", "Class")], rows.into())
            .unwrap(),
        View::Map {
            code: 0,
            name: 1,
            class: 2,
            shapes: vec![square("Fellmarket", 0.0, 0.5), square("Mill Lane", 0.0, 0.001)],
            classes: classes.map(|(key, fill)| MapClass { key: key.into(), label: key.into(), fill }).into(),
            outlines: vec![square("Fellmarket", 0.0, 0.5)],
        },
    )
}

#[test]
fn a_hot_spot_too_small_to_see_is_ringed_and_no_name_lies_on_it() {
    let mut publication = wealdmere();
    publication.documents.truncate(1);
    publication.documents[0].sections =
        vec![Section { slug: "odd".into(), name: "Odd".into(), title: say("Odd"), lede: say("Odd."), blocks: vec![speck()] }];
    let files = site(&publication).unwrap();
    let page = files.iter().find(|file| file.path == "wealdmere/odd.html").unwrap();
    let html = std::str::from_utf8(&page.bytes).unwrap().replace('\u{a0}', " ");
    assert!(html.contains("Hot spot (1 area; ringed where small)"), "{html}");
    assert!(html.contains("Cold spot (0 areas)"));
    let number = |from: &str, name: &str| -> f64 {
        let rest = &from[from.find(&format!(r#" {name}=""#)).unwrap() + name.len() + 3..];
        rest[..rest.find('"').unwrap()].parse().unwrap()
    };
    for paper in ["wide", "narrow"] {
        let group = format!(r#"<g class="{paper}""#);
        let mut groups = html.split(&group).skip(1);
        let (ring, name) = (groups.next().unwrap(), groups.next().unwrap());
        let (y, radius) = (number(ring, "cy"), number(ring, "r"));
        assert!((number(name, "y") - y).abs() > radius, "{paper}: the name stands in the ring");
        assert!(radius >= if paper == "wide" { 10.0 } else { 20.0 });
    }
}
