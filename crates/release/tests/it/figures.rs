//! Exhibits that lack what a reader needs cannot be made.

use headwater_release::{Column, Figure, FigureParts, Open, Passage, Provenance, Rule, Table, Value, View};

fn table() -> Table {
    let columns = vec![Column::text("area", "Area"), Column::number("rate", "Rate", "per 1,000 residents")];
    Table::new("Rate by area", columns, vec![vec![Value::label("Adur"), Value::reference(Open::under(Rule::already_public()).unwrap(), 1.5, 1)]])
        .unwrap()
}

fn parts() -> FigureParts {
    FigureParts {
        slug: "rate-by-area".into(),
        title: Passage::new().say("Adur is low"),
        subtitle: "Rate per 1,000 residents, 2021".into(),
        description: Passage::new().say("Bar chart of one area."),
        table: table(),
        view: View::Bars { label: 0, value: 1, lower: None, upper: None, reference: None, highlight: None },
        cautions: vec![],
        provenance: Provenance { program: "Headwater 0.1.0".into(), ..Provenance::default() },
    }
}

fn refused(change: impl FnOnce(&mut FigureParts)) -> String {
    let mut parts = parts();
    change(&mut parts);
    Figure::build(parts).unwrap_err()
}

#[test]
fn a_whole_figure_is_accepted() {
    assert_eq!(Figure::build(parts()).unwrap().slug(), "rate-by-area");
}

#[test]
fn a_figure_without_words_is_refused() {
    assert!(refused(|p| p.title = Passage::new()).contains("message title"));
    assert!(refused(|p| p.subtitle = " ".into()).contains("statistical subtitle"));
    assert!(refused(|p| p.description = Passage::new()).contains("text description"));
    assert!(refused(|p| p.provenance.program.clear()).contains("program version"));
}

#[test]
fn a_figure_cannot_have_an_address_that_leaves_its_folder() {
    for slug in ["", "../secret", "a b", "Rate"] {
        assert!(refused(|p| p.slug = slug.into()).contains("cannot be part of an address"));
    }
}

#[test]
fn a_view_of_a_column_that_is_not_there_is_refused() {
    assert!(refused(|p| p.view = View::Pyramid { label: 0, left: 1, right: 2 }).contains("column 2"));
    assert!(refused(|p| p.view = View::Line { x: 0, series: vec![1], band: Some((1, 9)), breaks: vec![] }).contains("column 9"));
}

#[test]
fn tables_are_rectangular_and_their_columns_have_names_of_their_own() {
    let column = || Column::text("area", "Area");
    assert!(Table::new("A", vec![column(), column()], vec![]).unwrap_err().contains("two columns called area"));
    assert!(Table::new("A", vec![column()], vec![vec![]]).unwrap_err().contains("row 1 has 0 cells"));
    assert!(Table::new(" ", vec![column()], vec![]).is_err());
}
