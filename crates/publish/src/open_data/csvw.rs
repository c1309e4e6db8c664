//! CSV on the Web: the description of one table.

use super::field::{Field, MARKS, unit};
use super::licence::{Licence, Licences, sources};
use super::span::Span;
use crate::page::Download;
use serde_json::{Map, Value as Json, json};

/// Describes a table that lies beside the description.
pub(super) fn table(it: &Download<'_>, licences: &Licences) -> Json {
    let columns: Vec<Json> = it.table.columns().iter().enumerate().map(|(i, _)| column(it, i)).collect();
    let mut about = Map::new();
    about.insert("@context".into(), json!(["http://www.w3.org/ns/csvw", {"@language": "en-GB"}]));
    about.insert("url".into(), json!(it.name));
    about.insert("dc:title".into(), json!(it.table.caption()));
    if let Some(figure) = it.figure {
        about.insert("dc:description".into(), json!(format!("{}. {}.", figure.title().plain().trim_end_matches('.'), figure.subtitle())));
        if let Some(span) = Span::at_end_of(figure.subtitle()) {
            about.insert("dc:temporal".into(), json!(span.iso()));
        }
        let rule = &figure.provenance().rule;
        if !rule.is_empty() {
            about.insert("dc:rights".into(), json!(format!("Rule on small numbers: {rule}")));
        }
    }
    about.insert("dc:language".into(), json!("en-GB"));
    let licences: Vec<Json> = licences.of_table(it).into_iter().map(licence).collect();
    if !licences.is_empty() {
        about.insert("dc:license".into(), Json::Array(licences));
    }
    let sources: Vec<Json> = sources(std::iter::once(it)).into_keys().map(Json::from).collect();
    if !sources.is_empty() {
        about.insert("dc:source".into(), Json::Array(sources));
    }
    let notes: Vec<String> = it.table.notes().iter().chain(it.figure.map(|f| f.cautions()).unwrap_or_default()).map(|n| n.plain()).collect();
    if !notes.is_empty() {
        about.insert("rdfs:comment".into(), json!(notes));
    }
    about.insert("tableSchema".into(), json!({"columns": columns}));
    Json::Object(about)
}

fn licence(it: Licence) -> Json {
    it.address.map_or_else(|| json!(it.title), |address| json!({"@id": address}))
}

fn column(it: &Download<'_>, position: usize) -> Json {
    let column = &it.table.columns()[position];
    let mut about = Map::new();
    about.insert("name".into(), json!(column.id));
    // The first title is the one in the file's header.
    let titles = if column.title == column.id { vec![&column.id] } else { vec![&column.id, &column.title] };
    about.insert("titles".into(), json!(titles));
    let datatype = match Field::of(it.table, position) {
        Field::Words => "string",
        Field::Whole => "integer",
        Field::Decimal => "decimal",
    };
    about.insert("datatype".into(), json!(datatype));
    about.insert("null".into(), json!(MARKS.map(|kind| kind.mark())));
    if let Some(unit) = unit(&column.kind) {
        about.insert("schema:unitText".into(), json!(unit));
    }
    Json::Object(about)
}
