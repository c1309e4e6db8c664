//! Figures and tables as values: the drawing of the page, its words, and as many rows as paper bears.

use super::extracts::Extracts;
use super::press::FAMILY;
use super::values::{figure_label, passage, passages};
use crate::address::Here;
use crate::chart::key::{Entry, swatch};
use crate::chart::lettering::capital;
use crate::chart::{Note, chart, paper};
use crate::map::Map;
use crate::page::{column_title, csv_name, shorthand_in_words, tied};
use headwater_release::{ColumnKind, Figure, Provenance, Subject, Table, Value as Cell, View, written};
use maud::Markup;
use typst::foundations::{Array, Bytes, Dict, IntoValue, Value, dict};

/// Rows printed below a picture: a longer table is for a spreadsheet.
const ROWS_BELOW_PICTURE: usize = 14;
/// Rows of a table that stands by itself.
const ROWS_OF_TABLE: usize = 40;

/// The exhibit at a position within its section.
pub(crate) fn figure(it: &Figure, here: &Here<'_>, position: usize, extracts: &Extracts<'_>) -> Dict {
    let (id, number) = here.figure(position);
    let picture = picture(it, &id);
    let is_table = picture.is_none();
    let rows = if is_table { ROWS_OF_TABLE } else { ROWS_BELOW_PICTURE };
    let drawn = picture.map_or(Value::None, |picture| {
        dict! {
            "svg" => picture.svg,
            "alt" => it.description().plain(),
            "key" => picture.key,
            "notes_heading" => picture.notes_heading,
            "notes" => picture.notes.iter().map(|note| dict! {"number" => note.number.to_string(), "words" => tied(&note.words)}.into_value()).collect::<Array>(),
        }
        .into_value()
    });
    dict! {
        "kind" => "figure",
        "label" => figure_label(&id),
        "number" => format!("{} {number}", if is_table { "Table" } else { "Figure" }),
        "title" => tied(&it.title().plain()),
        "subtitle" => tied(it.subtitle()),
        "picture" => drawn,
        "words" => passage(it.description(), here),
        "table" => table(it.table(), here, &id, rows, !is_table),
        "cautions" => passages(it.cautions(), here),
        "provenance" => provenance(it.provenance(), extracts),
    }
}

/// A table that stands alone. A statement of who answered names all of them on paper, too.
pub(crate) fn lone_table(it: &Table, here: &Here<'_>, id: &str) -> Dict {
    let rows = if here.site.publication.subject == Subject::Statement { usize::MAX } else { ROWS_OF_TABLE };
    dict! {"kind" => "table", "table" => table(it, here, id, rows, false)}
}

/// A drawing with what stands above and below it.
struct Picture {
    svg: Value,
    key: Array,
    notes_heading: &'static str,
    notes: Vec<Note>,
}

fn picture(it: &Figure, id: &str) -> Option<Picture> {
    let title = it.title().plain();
    if let View::Map { code, class, shapes, classes, outlines, .. } = it.view() {
        let map = Map { table: it.table(), code: *code, class: *class, shapes, classes, outlines };
        let drawn = map.draw_for_paper(id, &title)?;
        let key = map.key_entries(id, true).into_iter().map(|(swatch, words)| key_entry(swatch, &words)).collect();
        return Some(Picture { svg: standalone(drawn.svg), key, notes_heading: "Numbers on the map", notes: for_paper(drawn.notes) });
    }
    let chart = chart(it.table(), it.view())?;
    let key = chart.key.iter().filter(|entry| !entry.narrow_only).map(|Entry { swatch: drawn, words, .. }| key_entry(swatch(drawn), words)).collect();
    let svg = standalone(chart.wide.svg(id, &title, ""));
    Some(Picture { svg, key, notes_heading: "Dashed upright lines", notes: for_paper(chart.notes) })
}

fn key_entry(swatch: Markup, words: &str) -> Value {
    dict! {"swatch" => standalone(swatch), "words" => capital(&tied(words))}.into_value()
}

fn for_paper(notes: Vec<Note>) -> Vec<Note> {
    notes.into_iter().filter(|note| !note.narrow_only).collect()
}

/// A drawing of a page as a file of its own: it names its language and our font.
fn standalone(svg: Markup) -> Value {
    let svg = svg.into_string().replacen("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ", 1).replacen(paper::FONTS, FAMILY, 1);
    Bytes::from_string(svg).into_value()
}

/// The first rows of a table and where the others are; `none` when a picture stands for a table too long to print.
fn table(it: &Table, here: &Here<'_>, id: &str, most_rows: usize, is_below_picture: bool) -> Value {
    let n_rows = it.rows().len();
    let count = |n: usize| written(n as f64, 0);
    let file = csv_name(id, here);
    if is_below_picture && n_rows > most_rows {
        let words = format!(
            "The table behind this picture has {} rows and is not printed. They are in the file {file}, published with this document.",
            count(n_rows)
        );
        return dict! {"rows" => Value::None, "more" => words}.into_value();
    }
    let shown = &it.rows()[..n_rows.min(most_rows)];
    let more = if n_rows > most_rows {
        format!("The first {} of {} rows. All are in the file {file}, published with this document.", count(most_rows), count(n_rows))
    } else {
        String::new()
    };
    let columns =
        it.columns().iter().map(|column| dict! {"title" => tied(&column_title(column)), "is_number" => column.kind != ColumnKind::Text}.into_value());
    let rows = shown.iter().map(|row| row.iter().map(|value| cell(value).into_value()).collect::<Array>().into_value());
    dict! {
        "caption" => tied(it.caption()),
        "columns" => columns.collect::<Array>(),
        "rows" => rows.collect::<Array>(),
        "meanings" => shorthand_in_words(shown).into_iter().map(|words| tied(&words).into_value()).collect::<Array>(),
        "notes" => passages(it.notes(), here),
        "more" => more,
    }
    .into_value()
}

/// No cell is empty: a screen reader would pass over it without a word.
fn cell(value: &Cell) -> String {
    let shown = value.shown();
    if shown.is_empty() { "none".to_owned() } else { tied(&shown) }
}

/// How it was made, as names and words for the small print.
fn provenance(it: &Provenance, extracts: &Extracts<'_>) -> Array {
    let methods: Vec<&str> = it.methods.iter().map(|method| method.name.as_str()).collect();
    let definition = it.definition.as_ref().map(|(id, version)| format!("{id}, version {version}")).unwrap_or_default();
    let facts = [
        (if methods.len() == 1 { "Method" } else { "Methods" }, methods.join("; ")),
        ("Period", it.period.clone()),
        ("Definition", definition),
        ("Rule on small numbers", it.rule.clone()),
        ("Program", it.program.clone()),
        ("Rests on files", extracts.named(&it.extracts)),
    ];
    facts
        .into_iter()
        .filter(|(_, words)| !words.is_empty())
        .map(|(name, words)| dict! {"name" => name, "words" => tied(&words)}.into_value())
        .collect()
}
