//! Pages about what is counted and how, each with every place where it is used; and the list of them.

use crate::address::Here;
use crate::page::layout::{Page, framed};
use crate::page::passage::passage;
use crate::page::section::narrowest;
use crate::page::writing::written;
use headwater_release::{Document, Figure, Measure, MeasureKind, Provenance, Target};
use maud::{Markup, html};
use std::collections::BTreeSet;

/// Whether an exhibit rests on a measure.
fn uses(it: &Measure, provenance: &Provenance) -> bool {
    match it.kind {
        MeasureKind::Definition | MeasureKind::Indicator => provenance.definition.as_ref().is_some_and(|(id, _)| *id == it.id),
        MeasureKind::Method => provenance.methods.iter().any(|method| method.page == it.id),
        MeasureKind::Source => provenance.sources.contains(&it.id),
    }
}

/// A document by position, with its figures that use a measure, by position.
type Used<'a> = (usize, &'a Document, Vec<(usize, &'a Figure)>);

/// The page about a measure, named by its position.
pub(crate) fn measure(here: &Here<'_>, it: &Measure, position: usize) -> String {
    let documents = &here.site.publication.documents;
    let used: Vec<Used<'_>> = documents
        .iter()
        .enumerate()
        .map(|(i, document)| {
            (i, document, document.figures().map(|(_, figure)| figure).enumerate().filter(|(_, f)| uses(it, f.provenance())).collect())
        })
        .filter(|(.., figures): &Used<'_>| !figures.is_empty())
        .collect();
    let provenances: Vec<&Provenance> = used.iter().flat_map(|(.., figures)| figures).map(|(_, figure)| figure.provenance()).collect();
    let path = format!("measures/{}", here.site.measure_file(position));
    let page = Page {
        title: format!("About this measure: {}", it.name),
        audience: narrowest(here),
        trail: vec![(here.site.words().all.into(), format!("{}index.html", here.root)), ("About the measures".into(), "index.html".into())],
        main: html! {
            p.above { (it.kind.word()) }
            h1 { (it.name) }
            @if !it.lede.is_empty() { p.lede { (passage(&it.lede, here)) } }
            dl.facts {
                @for (name, value) in &it.facts { div { dt { (name) } dd { (passage(value, here)) } } }
                div { dt { "Id" } dd { code { (it.id) } @if !it.version.is_empty() { ", version " code { (it.version) } } } }
                (gathered("Rule on small numbers", provenances.iter().map(|p| p.rule.clone())))
                (gathered("Published by", provenances.iter().flat_map(|p| p.extracts.iter().map(|e| format!("{}, {}", e.publisher, e.licence)))))
                (gathered("Periods", provenances.iter().map(|p| p.period.clone())))
                (see(here, it))
            }
            @if !it.traps.is_empty() {
                h2 { "What to know before reading it" }
                ul { @for trap in &it.traps { li { (passage(trap, here)) } } }
            }
            @if !it.page.is_empty() { (written(&it.page).body) }
            @if it.kind == MeasureKind::Method { p { "Anyone can compute it on their own numbers: " code { "headwater method run " (it.id) } } }
            h2 #used { "Where it is used" }
            @if used.is_empty() { p { "In no figure of this edition." } }
            @for (i, document, figures) in &used { (in_document(here, *i, document, figures)) }
            @if let Some(address) = here.href(&Target::About("sources".into())) {
                p { a href=(address) { "All files read, and what was found in them" } }
            }
        },
        beside: None,
        path: &path,
    };
    framed(&page, here)
}

/// A fact of several values, each once; nothing when there is none.
fn gathered(name: &str, values: impl Iterator<Item = String>) -> Markup {
    let values: BTreeSet<String> = values.filter(|value| !value.is_empty()).collect();
    html! { @if !values.is_empty() { div { dt { (name) } dd { @for value in &values { p { (value) } } } } } }
}

/// What belongs to it, whichever of the two says so.
fn see(here: &Here<'_>, it: &Measure) -> Markup {
    let all = &here.site.publication.measures;
    let related = all.iter().enumerate().filter(|(_, other)| it.see.contains(&other.id) || other.see.contains(&it.id));
    let links: Vec<(String, &Measure)> = related.map(|(position, other)| (here.site.measure_file(position), other)).collect();
    html! {
        @if !links.is_empty() {
            div { dt { "Belongs with" } dd { ul { @for (address, other) in &links { li { a href=(address) { (other.name) } " (" (other.kind.word().to_lowercase()) ")" } } } } }
        }
    }
}

fn in_document(here: &Here<'_>, position: usize, document: &Document, figures: &[(usize, &Figure)]) -> Markup {
    let addresses: Vec<(&str, &str, String)> = here.site.figures(position).collect();
    html! {
        details open[position == 0] {
            summary { (document.area) " (" (figures.len()) @if figures.len() == 1 { " exhibit)" } @else { " exhibits)" } }
            ul {
                @for (i, figure) in figures {
                    @if let Some((_, number, address)) = addresses.get(*i) {
                        li { a href={ (here.root) (address) } { (number) " " (figure.title().plain()) } }
                    }
                }
            }
        }
    }
}

/// The list of all measures, by kind.
pub(crate) fn measures(here: &Here<'_>) -> String {
    let all = &here.site.publication.measures;
    let page = Page {
        title: "About the measures".into(),
        audience: narrowest(here),
        trail: vec![(here.site.words().all.into(), format!("{}index.html", here.root))],
        main: html! {
            h1 { "About the measures" }
            p.lede { "What is counted, how, from what, and what each does not show; with every figure that uses it." }
            @for kind in MeasureKind::ALL {
                @if all.iter().any(|measure| measure.kind == kind) {
                    h2 { (kind.plural()) }
                    ul.links {
                        @for (position, measure) in all.iter().enumerate().filter(|(_, measure)| measure.kind == kind) {
                            li { a href=(here.site.measure_file(position)) { (measure.name) } @if !measure.lede.is_empty() { ": " (passage(&measure.lede, here)) } }
                        }
                    }
                }
            }
        },
        beside: None,
        path: "measures/index.html",
    };
    framed(&page, here)
}
