//! An exhibit: message, subtitle, chart, words, table, what it does not show, how it was made, download.

use crate::address::Here;
use crate::chart::key::key;
use crate::chart::{Note, chart};
use crate::csv::csv;
use crate::map::Map;
use crate::page::passage::{passage, tied};
use crate::page::provenance::{about, provenance};
use crate::page::table::table;
use crate::page::{Download, mark, size};
use headwater_release::{Figure, Subject, Table, View, written};
use maud::{Markup, html};

/// The exhibit at a position within its section, and the file beside it.
pub(crate) fn figure<'a>(it: &'a Figure, here: &Here<'_>, position: usize) -> (Markup, Download<'a>) {
    let (id, number) = here.figure(position);
    let download = Download { number: Some(number.clone()), figure: Some(it), ..download(it.table(), &id, here) };
    let is_table = matches!(it.view(), View::TableOnly);
    let rows = written(it.table().rows().len() as f64, 0);
    let markup = html! {
        section.exhibit id=(id) aria-labelledby={ (id) "-title" } {
            h2 id={ (id) "-title" } { span.number { @if is_table { "Table " } @else { "Figure " } (number) ". " } (tied(&it.title().plain())) }
            p.subtitle { (tied(it.subtitle())) }
            (picture(it, &id))
            p.inwords { (passage(it.description(), here)) }
            @if is_table {
                (table(it.table(), here, &id))
            } @else {
                details {
                    summary { "Show the data as a table (" (rows) @if rows == "1" { " row)" } @else { " rows)" } }
                    (table(it.table(), here, &id))
                }
            }
            @if !it.cautions().is_empty() {
                h3 { "What it does not show" }
                ul { @for caution in it.cautions() { li { (passage(caution, here)) } } }
            }
            (about(it.provenance(), here))
            (provenance(it.provenance(), here))
            (link(&download, it.table(), here))
        }
    };
    (markup, download)
}

/// A table that stands alone, and the file beside it.
pub(crate) fn lone_table<'a>(it: &'a Table, here: &Here<'_>, id: &str) -> (Markup, Download<'a>) {
    let download = download(it, id, here);
    let markup = html! { div.exhibit id=(id) { (table(it, here, id)) (link(&download, it, here)) } };
    (markup, download)
}

fn download<'a>(table: &'a Table, name: &str, here: &Here<'_>) -> Download<'a> {
    Download { name: csv_name(name, here), text: csv(table), id: name.to_owned(), number: None, table, figure: None }
}

/// What the file beside an exhibit with this id is called.
pub(crate) fn csv_name(id: &str, here: &Here<'_>) -> String {
    format!("{id}{}.csv", mark(here))
}

/// What the rows of a table are called as JSON; none on a site whose tables are offered as CSV alone.
pub(crate) fn json_name(id: &str, here: &Here<'_>) -> Option<String> {
    matches!(here.site.publication.subject, Subject::Campaigns | Subject::Statement).then(|| format!("{id}{}.json", mark(here)))
}

fn link(download: &Download<'_>, table: &Table, here: &Here<'_>) -> Markup {
    html! {
        p.download {
            a href=(download.name) download { "Download the data (CSV, " (size(download.text.len())) ")" } span.unseen { ": " (table.caption()) }
            @if let Some(name) = json_name(&download.id, here) { ", or " a href=(name) download { "as JSON" span.unseen { ": " (table.caption()) } } }
        }
    }
}

/// The chart or map with its key and notes; the same table in other words.
fn picture(it: &Figure, id: &str) -> Markup {
    let title = it.subtitle();
    let short = |notes: &[Note]| {
        let marked: Vec<&str> = notes.iter().map(|note| note.words.as_str()).collect();
        let lines = if marked.is_empty() { String::new() } else { format!(" Marked: {}.", marked.join("; ")) };
        format!("Described in words and given as a table below.{lines}")
    };
    if let View::Map { code, class, shapes, classes, outlines, .. } = it.view() {
        let map = Map { table: it.table(), code: *code, class: *class, shapes, classes, outlines };
        return match map.draw(id, title, "Described in words and given as a table below.") {
            Some(drawn) => html! {
                div.chart { (map.key(id)) (drawn.svg) (notes(&drawn.notes, "Numbers on the map")) }
            },
            None => html! { p.note { "There are no outlines to draw a map from." } },
        };
    }
    match chart(it.table(), it.view()) {
        None => html! {},
        Some(chart) => html! {
            div.chart {
                (key(&chart.key))
                (chart.wide.svg(id, title, &short(&chart.notes)))
                (chart.narrow.svg(id, title, &short(&chart.notes)))
                (notes(&chart.notes, "Dashed upright lines"))
            }
        },
    }
}

fn notes(notes: &[Note], heading: &str) -> Markup {
    html! {
        @if !notes.is_empty() {
            @let phones = notes.iter().all(|note| note.narrow_only);
            div.notes.phones[phones] {
                p { (heading) ":" }
                ul { @for note in notes { li.phones[note.narrow_only] { b { (note.number) } " " (note.words) } } }
            }
        }
    }
}
