//! How an exhibit was made: everything needed to make it again.

use crate::address::Here;
use headwater_release::{ExtractRef, MeasureKind, Provenance, Target};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// The facts of an exhibit, folded away.
pub(crate) fn provenance(it: &Provenance, here: &Here<'_>) -> Markup {
    html! {
        details {
            summary { "How this was made" }
            dl.facts {
                @if !it.methods.is_empty() {
                    (fact(if it.methods.len() == 1 { "Method" } else { "Methods" }, html! {
                        ul {
                            @for method in &it.methods {
                                li {
                                    @let about = here.measure_page(|it| it.kind == MeasureKind::Method && it.id == method.page);
                                    @if let Some(address) = about { a href=(address) { (method.name) } } @else { (method.name) }
                                    ": " code { "headwater method run " (method.page) }
                                }
                            }
                        }
                        @if let Some(address) = here.href(&Target::About("methods".into())) { p { a href=(address) { "About the methods" } } }
                    }))
                }
                @if !it.period.is_empty() { (fact("Period", html! { (it.period) })) }
                @if let Some((id, version)) = &it.definition { (definition(here, id, version)) }
                @if !it.sources.is_empty() {
                    (fact(if it.sources.len() == 1 { "Data set" } else { "Data sets" }, html! { ul { @for id in &it.sources { li { (measure(here, id)) } } } }))
                }
                @if !it.rule.is_empty() { (fact("Rule on small numbers", html! { (it.rule) })) }
                (fact("Program", html! { (it.program) }))
                @if !it.extracts.is_empty() { (fact("Files it rests on", extracts(&it.extracts))) }
            }
        }
    }
}

/// What an exhibit is about, in sight: its definition or indicator or, where it rests on none, its data sets.
pub(crate) fn about(it: &Provenance, here: &Here<'_>) -> Markup {
    let ids: Vec<&str> = match &it.definition {
        Some((id, _)) => vec![id],
        None => it.sources.iter().map(String::as_str).collect(),
    };
    let known: Vec<&&str> = ids.iter().filter(|id| here.href(&Target::Measure((**id).to_owned())).is_some()).collect();
    html! {
        @if !known.is_empty() {
            p.about {
                "About this measure: "
                @for (i, id) in known.iter().enumerate() { @if i > 0 { ", " } (measure(here, id)) }
            }
        }
    }
}

/// The case definition or indicator, with a link to its page.
fn definition(here: &Here<'_>, id: &str, version: &str) -> Markup {
    fact("What is counted", html! { (measure(here, id)) ", version " code { (version) } })
}

/// A measure or data set by its name, with a link to its page where there is one.
fn measure(here: &Here<'_>, id: &str) -> Markup {
    let name = here.site.publication.measures.iter().find(|it| it.id == id).map_or(id, |it| it.name.as_str());
    html! { @if let Some(address) = here.href(&Target::Measure(id.to_owned())) { a href=(address) { (name) } } @else { (name) } }
}

fn fact(name: &str, value: Markup) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

fn extracts(all: &[ExtractRef]) -> Markup {
    let mut by_source: BTreeMap<(&str, &str), Vec<&ExtractRef>> = BTreeMap::new();
    for extract in all {
        by_source.entry((&extract.publisher, &extract.licence)).or_default().push(extract);
    }
    html! {
        @for ((publisher, licence), files) in &by_source {
            p { (publisher) ", " (licence) ". " @if files.len() == 1 { "One file" } @else { (files.len()) " files" } ", with SHA-256:" }
            ul.hashes { @for file in files { li { (file.name) " " code { (file.hash) } } } }
        }
    }
}
