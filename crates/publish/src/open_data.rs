//! Files for programs beside the pages: what each column holds, what each file is, and where all of them are.
//!
//! | File | For |
//! |---|---|
//! | `<table>.csv-metadata.json` | CSV on the Web: titles, kinds, units, marks of missing values, licence and source of one table |
//! | `<table>.json` | the rows of one table, where the site is about campaigns |
//! | `datapackage.json` | Data Package 2.0: all tables of a document, with the hash and size of each |
//! | `…-fingertips.csv` | rates and shares by area in the 19 columns of a Fingertips upload |
//! | `…-areas.geojson` | the areas that the document's maps draw, with what the maps show of them |
//! | `catalogue.jsonld`, `datasets.jsonld` | all data sets of the site, for catalogues (DCAT) and search engines (schema.org) |
//!
//! All are made of the cleared tables that the pages show, so none can say more than a page does.

mod areas;
mod catalogue;
mod csvw;
mod field;
mod fingertips;
mod licence;
mod package;
mod span;

use crate::address::Here;
use crate::csv::csv;
use crate::page::{Download, Offer, mark};
use headwater_release::{Document, Table};
use licence::Licences;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

pub(crate) use catalogue::{Listed, catalogue, datasets};

/// Name and text of a file.
pub(crate) type Described = (String, String);

/// The description beside each table.
pub(crate) fn beside(tables: &[Download<'_>]) -> Vec<Described> {
    let licences = Licences::of(tables);
    tables.iter().map(|it| (format!("{}-metadata.json", it.name), pretty(&csvw::table(it, &licences)))).collect()
}

/// The table of the document's rates in Fingertips' columns; none when no figure fits them.
pub(crate) fn fingertips_table(here: &Here<'_>, document: &Document, tables: &[Download<'_>]) -> Option<Table> {
    fingertips::table(here, document, tables)
}

/// A table of our own making as one more file of the document.
pub(crate) fn fingertips_download<'a>(table: &'a Table, here: &Here<'_>) -> Download<'a> {
    let id = format!("{}-fingertips", here.document.map_or("", |document| here.site.folder(document)));
    Download { name: format!("{id}{}.csv", mark(here)), text: csv(table), id, number: None, table, figure: None }
}

/// The package of all tables of a document.
pub(crate) fn package(here: &Here<'_>, document: &Document, tables: &[Download<'_>]) -> Offer {
    let package = package::package(&package::Whole::of_document(here, document), tables);
    Offer {
        name: "datapackage.json".into(),
        bytes: pretty(&package).into_bytes(),
        words: "Description of all tables for programs",
        format: "Data Package",
        about: "names every CSV file beside it, with the kind and unit of each column, the marks of missing values, licences and hashes.",
    }
}

/// The package of the tables on the pages about the publication.
pub(crate) fn package_about(here: &Here<'_>, tables: &[Download<'_>]) -> Described {
    let package = package::package(&package::Whole::of_publication(here), tables);
    ("datapackage.json".into(), pretty(&package))
}

/// The areas that the maps of a document draw; none when it has no map.
pub(crate) fn areas(here: &Here<'_>, document: &Document, tables: &[Download<'_>]) -> Option<Offer> {
    let areas = areas::collection(document, tables)?;
    Some(Offer {
        name: format!("{}-areas{}.geojson", here.document.map_or("", |document| here.site.folder(document)), mark(here)),
        bytes: areas.to_string().into_bytes(),
        words: "Areas of the maps",
        format: "GeoJSON",
        about: "outlines as drawn, with what the maps show of each area.",
    })
}

/// Whether words end with a period of months.
pub(crate) fn has_period_at_end(words: &str) -> bool {
    span::Span::at_end_of(words).is_some()
}

/// The rows of a table for programs: a list with an object for each row, by the ids of its columns. Numbers are numbers; a cell
/// without one holds its shorthand, such as `[c]`, as in the CSV file.
pub(crate) fn rows(table: &Table) -> String {
    let cell = |value: &headwater_release::Value| match value.as_number() {
        Some(_) => serde_json::from_str(&value.csv()).unwrap_or(Json::Null),
        None => Json::from(value.csv()),
    };
    let row = |row: &Vec<headwater_release::Value>| -> Json {
        table.columns().iter().zip(row).map(|(column, value)| (column.id.clone(), cell(value))).collect::<serde_json::Map<_, _>>().into()
    };
    pretty(&table.rows().iter().map(row).collect())
}

/// SHA-256 in hexadecimal digits.
fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file that people can read, too.
fn pretty(value: &Json) -> String {
    format!("{value:#}\n")
}
