//! Odd exhibits: nothing, one thing, only gaps, the largest numbers, words where numbers should be. None may break a page.

use crate::checker::tags;
use crate::county::{figure, number, say, wealdmere};
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
        View::Map { code: 0, name: 1, class: 2, shapes: shapes.clone(), classes, outlines: shapes },
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
