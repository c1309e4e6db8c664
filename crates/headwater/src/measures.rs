//! The pages about measures: definitions and indicators from the workspace, methods from the program, sources with their traps.

use std::collections::BTreeSet;

use headwater_prevention::definition::{CaseDefinition, Definitions, Indicator};
use headwater_prevention::source::{Kind, boundary, deprivation, fingertips, lookup, nrm, outcome, population, stop_search, street};
use headwater_release::{Measure, MeasureKind, Passage, Publication};

use crate::method;

/// Every measure that some figure of the publication names, what belongs to it, and every source that was read.
pub fn of(publication: &Publication, definitions: &Definitions, read: &BTreeSet<Kind>) -> Vec<Measure> {
    let (mut named, mut methods) = (BTreeSet::new(), BTreeSet::new());
    for (_, figure) in publication.documents.iter().flat_map(headwater_release::Document::figures) {
        let provenance = figure.provenance();
        named.extend(provenance.definition.as_ref().map(|(id, _)| id.as_str()));
        methods.extend(provenance.methods.iter().map(|method| method.page.as_str()));
    }
    let cases: Vec<&CaseDefinition> = definitions.cases.iter().filter(|case| named.contains(case.id.as_str())).collect();
    // What stands in for a definition belongs to it, drawn or not.
    named.extend(cases.iter().flat_map(|case| &case.sources).flat_map(|source| &source.proxies).map(String::as_str));
    let mut all: Vec<Measure> = cases.into_iter().map(case).collect();
    all.extend(definitions.indicators.iter().filter(|it| named.contains(it.id.as_str())).map(indicator));
    all.extend(method::list().iter().filter(|it| methods.contains(it.name)).map(of_method));
    all.extend(read.iter().map(|kind| source(*kind)));
    all
}

fn name(words: &str) -> Passage {
    Passage::new().name(words)
}

fn case(it: &CaseDefinition) -> Measure {
    let mut facts = vec![("In words".to_owned(), name(&it.words)), ("Said by".to_owned(), name(&it.told_by))];
    facts.extend(it.elements.iter().map(|(element, words)| (element_name(element), name(words))));
    let mut traps = Vec::new();
    for source in &it.sources {
        let title = Kind::from_id(&source.source).map_or_else(|| source.source.clone(), |kind| kind.name().to_owned());
        if !source.cannot.is_empty() {
            let missing: Vec<String> = source.cannot.iter().map(|element| element_name(element).to_lowercase()).collect();
            traps.push(
                name(&title)
                    .say(" cannot tell: ")
                    .name(missing.join(", "))
                    .say(". What is counted from it stands in for the definition and is not the same."),
            );
        }
    }
    Measure {
        kind: MeasureKind::Definition,
        id: it.id.clone(),
        version: it.version.clone(),
        name: it.name.clone(),
        lede: Passage::new().say("What this area has agreed to call serious violence, and how near the sources come to it."),
        facts,
        traps,
        page: String::new(),
        see: it.sources.iter().flat_map(|source| source.proxies.iter().cloned().chain([source.source.clone()])).collect(),
    }
}

/// `age_years` as people say it.
fn element_name(id: &str) -> String {
    match id {
        "age_years" => "Age".to_owned(),
        other => {
            let words = other.replace('_', " ");
            let mut letters = words.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
    }
}

fn indicator(it: &Indicator) -> Measure {
    let types: Vec<String> = it.crime_types.iter().map(|crime_type| format!("\u{201c}{}\u{201d}", crime_type.name())).collect();
    let mut traps = if it.caution.is_empty() { Vec::new() } else { vec![name(&it.caution)] };
    traps.extend(street::TRAPS.iter().map(|trap| name(trap)));
    Measure {
        kind: MeasureKind::Indicator,
        id: it.id.clone(),
        version: it.version.clone(),
        name: it.name.clone(),
        lede: name(&it.words),
        facts: vec![
            (
                "How it is counted".to_owned(),
                Passage::new()
                    .say("Each row of a street-level file whose crime type is ")
                    .name(types.join(" or "))
                    .say(" is one record, counted in the month and small area that the row names."),
            ),
            ("Source".to_owned(), name(Kind::Street.name()).say(", ").name(Kind::Street.publisher()).say(", ").name(Kind::Street.licence())),
        ],
        traps,
        page: String::new(),
        see: vec![Kind::Street.id().to_owned()],
    }
}

fn of_method(it: &method::MethodEntry) -> Measure {
    let title = it.page.lines().next().unwrap_or_default().trim_start_matches('#').trim();
    Measure {
        kind: MeasureKind::Method,
        id: it.name.to_owned(),
        version: String::new(),
        name: if title.is_empty() { it.name.to_owned() } else { title.to_owned() },
        lede: name(it.description).say("."),
        facts: Vec::new(),
        traps: Vec::new(),
        page: it.page.to_owned(),
        see: Vec::new(),
    }
}

fn source(kind: Kind) -> Measure {
    let traps: &[&str] = match kind {
        Kind::Street => &street::TRAPS,
        Kind::StopAndSearch => stop_search::TRAPS,
        Kind::Outcome => outcome::TRAPS,
        Kind::Population => population::TRAPS,
        Kind::Deprivation => deprivation::TRAPS,
        Kind::Boundary => boundary::TRAPS,
        Kind::Lookup | Kind::LsoaChange => lookup::TRAPS,
        Kind::NrmReferral => nrm::TRAPS,
        Kind::Fingertips => fingertips::TRAPS,
    };
    Measure {
        kind: MeasureKind::Source,
        id: kind.id().to_owned(),
        version: String::new(),
        name: kind.name().to_owned(),
        lede: Passage::new(),
        facts: vec![("Publisher".to_owned(), name(kind.publisher())), ("Licence".to_owned(), name(kind.licence()))],
        traps: traps.iter().map(|trap| name(trap)).collect(),
        page: String::new(),
        see: Vec::new(),
    }
}
