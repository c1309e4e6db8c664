//! Data Package 2.0: all tables of a document in one description.

use super::field::{Field, MARKS, unit};
use super::hash;
use super::licence::{Licence, Licences, extracts, sources};
use super::span::Span;
use crate::address::Here;
use crate::page::{Download, marking};
use headwater_release::{Document, Imprint, Publisher};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// What the tables belong to.
#[derive(Clone, Debug)]
pub(super) struct Whole {
    name: String,
    title: String,
    description: String,
    address: String,
    imprint: Imprint,
}

impl Whole {
    /// A document.
    pub(super) fn of_document(here: &Here<'_>, document: &Document) -> Self {
        let name = here.document.map_or("", |document| here.site.folder(document)).to_owned();
        let marking = marking(document.audience).map(|words| format!("Not for sharing: {words} ")).unwrap_or_default();
        let description = format!("{marking}{}", document.standfirst.plain());
        Self { name, title: document.title.clone(), description, address: "index.html".into(), imprint: here.site.publication.imprint.clone() }
    }

    /// The pages about the publication.
    pub(super) fn of_publication(here: &Here<'_>) -> Self {
        let publication = here.site.publication;
        let title = format!("{}: tables about the publication", publication.title);
        Self {
            name: "about".into(),
            title,
            description: publication.standfirst.plain(),
            address: "../index.html".into(),
            imprint: publication.imprint.clone(),
        }
    }
}

/// Describes the tables, which lie beside the description.
pub(super) fn package(whole: &Whole, tables: &[Download<'_>]) -> Json {
    let licences = Licences::of(tables);
    let mut about = Map::new();
    about.insert("$schema".into(), json!("https://datapackage.org/profiles/2.0/datapackage.json"));
    about.insert("name".into(), json!(whole.name));
    about.insert("title".into(), json!(whole.title));
    about.insert("description".into(), json!(whole.description));
    about.insert("language".into(), json!("en-GB"));
    about.insert("page".into(), json!(whole.address));
    if let Some(day) = whole.imprint.issued {
        about.insert("version".into(), json!(day.to_string()));
        about.insert("created".into(), json!(format!("{day}T00:00:00Z")));
    }
    let Publisher { name, email, .. } = &whole.imprint.publisher;
    if let Some(name) = name {
        let mut publisher = json!({"title": name, "roles": ["publisher"]});
        if let Some(email) = email {
            publisher["email"] = json!(email);
        }
        about.insert("contributors".into(), json!([publisher]));
    }
    if !licences.all().is_empty() {
        about.insert("licenses".into(), licences.all().iter().map(licence).collect());
    }
    let sources = sources(tables.iter());
    if !sources.is_empty() {
        about.insert("sources".into(), sources.iter().map(source).collect());
    }
    let extracts: BTreeMap<&str, Json> = tables
        .iter()
        .flat_map(extracts)
        .map(|e| (e.hash.as_str(), json!({"name": e.name, "publisher": e.publisher, "licence": e.licence, "hash": format!("sha256:{}", e.hash)})))
        .collect();
    if !extracts.is_empty() {
        about.insert("extracts".into(), extracts.into_values().collect());
    }
    about.insert("resources".into(), tables.iter().map(|it| resource(it, &licences)).collect());
    Json::Object(about)
}

fn licence(it: &Licence) -> Json {
    match it.address {
        Some(address) => json!({"name": it.name, "path": address, "title": it.title}),
        None => json!({"name": it.name, "title": it.title}),
    }
}

fn source((publisher, files): (&&str, &usize)) -> Json {
    json!({"title": publisher, "version": format!("{files} {}, by hash under \"extracts\"", if *files == 1 { "file" } else { "files" })})
}

fn resource(it: &Download<'_>, licences: &Licences) -> Json {
    let mut about = Map::new();
    about.insert("name".into(), json!(it.id));
    about.insert("path".into(), json!(it.name));
    about.insert("title".into(), json!(it.table.caption()));
    let mut description = String::new();
    if let Some(figure) = it.figure {
        description = format!("{}. {}.", figure.title().plain().trim_end_matches('.'), figure.subtitle());
    }
    for note in it.table.notes().iter().chain(it.figure.map(|figure| figure.cautions()).unwrap_or_default()) {
        description = format!("{description} {}", note.plain()).trim().to_owned();
    }
    if !description.is_empty() {
        about.insert("description".into(), json!(description));
    }
    for (key, value) in [("type", "table"), ("format", "csv"), ("mediatype", "text/csv"), ("encoding", "utf-8")] {
        about.insert(key.into(), json!(value));
    }
    about.insert("bytes".into(), json!(it.text.len()));
    about.insert("hash".into(), json!(format!("sha256:{}", hash(it.text.as_bytes()))));
    let own = licences.of_table(it);
    if !own.is_empty() {
        about.insert("licenses".into(), own.iter().map(licence).collect());
    }
    if let Some(figure) = it.figure {
        let provenance = figure.provenance();
        if let Some(span) = Span::at_end_of(figure.subtitle()) {
            about.insert("temporal".into(), json!(span.iso()));
        }
        if let Some((id, version)) = &provenance.definition {
            about.insert("definition".into(), json!({"id": id, "version": version}));
        }
        about.insert("methods".into(), provenance.methods.iter().map(|method| json!({"name": method.name, "page": method.page})).collect());
        about.insert("ruleOnSmallNumbers".into(), json!(provenance.rule));
        about.insert("program".into(), json!(provenance.program));
    }
    let marks: Vec<Json> = MARKS.iter().map(|kind| json!({"value": kind.mark(), "label": kind.meaning()})).collect();
    let fields: Vec<Json> = (0..it.table.columns().len()).map(|column| field(it, column)).collect();
    about.insert(
        "schema".into(),
        json!({"$schema": "https://datapackage.org/profiles/2.0/tableschema.json", "fields": fields, "missingValues": marks}),
    );
    Json::Object(about)
}

fn field(it: &Download<'_>, position: usize) -> Json {
    let column = &it.table.columns()[position];
    let kind = match Field::of(it.table, position) {
        Field::Words => "string",
        Field::Whole => "integer",
        Field::Decimal => "number",
    };
    match unit(&column.kind) {
        Some(unit) => json!({"name": column.id, "type": kind, "title": column.title, "description": format!("Unit: {unit}"), "unit": unit}),
        None => json!({"name": column.id, "type": kind, "title": column.title}),
    }
}
