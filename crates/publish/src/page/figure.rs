//! An exhibit: message, picture, words, data, what it does not show, how it was made.

use super::passage::passage;
use super::table::table;
use crate::draw;
use crate::site::Links;
use headwater_release::{Figure, Provenance};
use maud::{Markup, PreEscaped, html};

/// The exhibit with its number in the document.
pub fn figure(links: &Links<'_>, figure: &Figure, number: usize) -> Markup {
    let n_rows = figure.table().rows().len();
    let slug = figure.slug();
    html! {
        section.figure id=(slug) aria-labelledby={ (slug) "-heading" } {
            h2 id={ (slug) "-heading" } { (passage(links, figure.title())) }
            p.subtitle { "Figure " (number) ". " (figure.subtitle()) }
            @if let Some(svg) = draw::draw(figure) { div.chart { (PreEscaped(svg)) } }
            p { strong { "In words: " } (passage(links, figure.description())) }
            details {
                summary { "Show the data as a table (" (rows(n_rows)) ")" span.unseen { ": " (figure.title().plain()) } }
                (table(links, slug, figure.table()))
            }
            p { a href={ (slug) ".csv" } download { "Download the data (CSV, " (rows(n_rows)) ")" span.unseen { ": " (figure.title().plain()) } } }
            @if !figure.cautions().is_empty() {
                h3 { "What this does not show" }
                ul { @for caution in figure.cautions() { li { (passage(links, caution)) } } }
            }
            details {
                summary { "How this was made" span.unseen { ": " (figure.title().plain()) } }
                (provenance(figure.provenance()))
            }
        }
    }
}

fn rows(n: usize) -> String {
    if n == 1 { "1 row".to_owned() } else { format!("{n} rows") }
}

fn provenance(provenance: &Provenance) -> Markup {
    html! {
        dl.facts {
            @if let Some((id, version)) = &provenance.definition {
                div { dt { "Definition" } dd { (id) ", version " (version) } }
            }
            @if !provenance.methods.is_empty() {
                div { dt { "Method" } dd { @for method in &provenance.methods { span.line { (method.name) " (" code { (method.page) } ")" } } } }
            }
            div { dt { "Period" } dd { (provenance.period) } }
            div { dt { "Small numbers" } dd { (provenance.rule) } }
            div { dt { "Program" } dd { (provenance.program) } }
            div {
                dt { "Extracts" }
                dd {
                    @for extract in &provenance.extracts {
                        span.line { (extract.name) ", " (extract.publisher) ", " (extract.licence) ", SHA-256 " code.hash { (extract.hash) } }
                    }
                }
            }
        }
    }
}
