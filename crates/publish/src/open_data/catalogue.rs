//! All data sets of a site: for catalogues (DCAT) and for search engines (schema.org). Addresses are relative to the file, so
//! that the site may lie anywhere. The one date is that of the edition, so that the same publication always gives the same bytes.

use super::fingertips::own_code;
use super::hash;
use super::licence::{Licence, Licences};
use super::span::Span;
use crate::address::Site;
use crate::page::{Download, marking};
use headwater_release::{Document, Imprint, Publisher};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;

/// A file of a data set.
#[derive(Clone, Debug)]
struct Listing {
    path: String,
    title: String,
    bytes: usize,
    hash: String,
    media_type: &'static str,
}

/// A document with its files, as catalogues list it.
#[derive(Clone, Debug)]
pub(crate) struct Listed<'a> {
    document: &'a Document,
    home: String,
    licences: BTreeSet<Licence>,
    files: Vec<Listing>,
}

impl<'a> Listed<'a> {
    /// A document at its place, its tables, and its other files by name, title and content.
    pub(crate) fn new(folder: &str, document: &'a Document, tables: &[Download<'_>], others: &[(&str, &str, &[u8])]) -> Self {
        let listing = |name: &str, title: &str, bytes: &[u8]| Listing {
            path: format!("{folder}/{name}"),
            title: title.to_owned(),
            bytes: bytes.len(),
            hash: hash(bytes),
            media_type: media_type(name),
        };
        let mut files: Vec<Listing> = others.iter().map(|(name, title, bytes)| listing(name, title, bytes)).collect();
        files.extend(tables.iter().map(|it| listing(&it.name, it.table.caption(), it.text.as_bytes())));
        Self { document, home: format!("{folder}/index.html"), licences: Licences::of(tables).all().clone(), files }
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "csv" => "text/csv",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "geojson" => "application/geo+json",
        "json" => "application/json",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}

/// The catalogue by the Data Catalog Vocabulary of the W3C.
pub(crate) fn catalogue(site: &Site<'_>, listed: &[Listed<'_>]) -> String {
    let imprint = &site.publication.imprint;
    let datasets: Vec<Json> = listed.iter().map(|it| dcat(it, imprint)).collect();
    let mut whole = json!({
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "skos": "http://www.w3.org/2004/02/skos/core#",
            "spdx": "http://spdx.org/rdf/terms#",
            "vcard": "http://www.w3.org/2006/vcard/ns#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": "catalogue.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": english(&site.publication.title),
        "dct:description": english(&site.publication.standfirst.plain()),
        "dct:language": {"@id": "http://publications.europa.eu/resource/authority/language/ENG"},
        "dct:rights": site.publication.attribution,
        "dcat:dataset": datasets,
    });
    if let Json::Object(whole) = &mut whole {
        whole.append(&mut published(imprint));
    }
    super::pretty(&whole)
}

/// When and by whom something was published, and whom to ask; nothing of what is not known.
fn published(imprint: &Imprint) -> Map<String, Json> {
    let mut about = Map::new();
    if let Some(day) = imprint.issued {
        about.insert("dct:issued".into(), json!({"@type": "xsd:date", "@value": day.to_string()}));
        about.insert("dcat:version".into(), json!(day.to_string()));
    }
    let Publisher { name, email, address, .. } = &imprint.publisher;
    if let Some(name) = name {
        about.insert("dct:publisher".into(), json!({"@type": "foaf:Agent", "foaf:name": name}));
    }
    if imprint.publisher.can_be_reached() {
        let mut card = Map::new();
        card.insert("@type".into(), json!("vcard:Kind"));
        card.insert("vcard:fn".into(), json!(name.as_deref().unwrap_or("Publisher")));
        if let Some(email) = email {
            card.insert("vcard:hasEmail".into(), json!({"@id": format!("mailto:{email}")}));
        }
        if let Some(address) = address {
            card.insert("vcard:hasAddress".into(), json!({"@type": "vcard:Address", "vcard:label": address}));
        }
        about.insert("dcat:contactPoint".into(), Json::Object(card));
    }
    about
}

fn dcat(it: &Listed<'_>, imprint: &Imprint) -> Json {
    let mut about = published(imprint);
    about.insert("@id".into(), json!(it.home));
    about.insert("@type".into(), json!("dcat:Dataset"));
    about.insert("dct:identifier".into(), json!(it.document.slug));
    about.insert("dct:title".into(), english(&it.document.title));
    about.insert("dct:description".into(), english(&it.document.standfirst.plain()));
    about.insert("dcat:landingPage".into(), json!({"@id": it.home}));
    about.insert("dct:accessRights".into(), json!(marking(it.document.audience).map_or("OPEN", |_| "INTERNAL")));
    about.insert("dct:license".into(), it.licences.iter().map(licence).collect());
    if let Some(span) = Span::at_end_of(&it.document.period) {
        let month = |month: String| json!({"@type": "xsd:gYearMonth", "@value": month});
        about.insert(
            "dct:temporal".into(),
            json!({"@type": "dct:PeriodOfTime", "dcat:startDate": month(span.first()), "dcat:endDate": month(span.last())}),
        );
    }
    let mut place = Map::new();
    place.insert("@type".into(), json!("dct:Location"));
    place.insert("skos:prefLabel".into(), english(&it.document.area));
    if let Some(code) = own_code(it.document) {
        place.insert("dct:identifier".into(), json!(code));
    }
    about.insert("dct:spatial".into(), Json::Object(place));
    let distributions: Vec<Json> = it
        .files
        .iter()
        .map(|file| {
            json!({
                "@type": "dcat:Distribution",
                "dct:title": english(&file.title),
                "dcat:downloadURL": {"@id": file.path},
                "dcat:mediaType": {"@id": format!("https://www.iana.org/assignments/media-types/{}", file.media_type)},
                "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": file.bytes.to_string()},
                "spdx:checksum": {
                    "@type": "spdx:Checksum",
                    "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                    "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": file.hash},
                },
            })
        })
        .collect();
    about.insert("dcat:distribution".into(), Json::Array(distributions));
    Json::Object(about)
}

fn english(words: &str) -> Json {
    json!({"@language": "en-GB", "@value": words})
}

fn licence(it: &Licence) -> Json {
    it.address.map_or_else(|| json!(it.title), |address| json!({"@id": address}))
}

/// The same for search engines.
pub(crate) fn datasets(site: &Site<'_>, listed: &[Listed<'_>]) -> String {
    let imprint = &site.publication.imprint;
    let datasets: Vec<Json> = listed.iter().map(|it| dataset(it, imprint)).collect();
    let mut whole = json!({
        "@context": {"@vocab": "https://schema.org/"},
        "@type": "DataCatalog",
        "name": site.publication.title,
        "description": site.publication.standfirst.plain(),
        "url": {"@id": "index.html"},
        "inLanguage": "en-GB",
        "dataset": datasets,
    });
    if let Json::Object(whole) = &mut whole {
        whole.append(&mut dated(imprint));
    }
    super::pretty(&whole)
}

/// As [`published`], in the words of schema.org.
fn dated(imprint: &Imprint) -> Map<String, Json> {
    let mut about = Map::new();
    if let Some(day) = imprint.issued {
        about.insert("datePublished".into(), json!(day.to_string()));
        about.insert("version".into(), json!(day.to_string()));
    }
    let Publisher { name, email, address, .. } = &imprint.publisher;
    let parts = [("name", name), ("email", email), ("address", address)];
    let known: Map<String, Json> = parts.into_iter().filter_map(|(key, value)| Some((key.to_owned(), json!(value.as_ref()?)))).collect();
    if !known.is_empty() {
        let mut organisation = Map::from_iter([("@type".to_owned(), json!("Organization"))]);
        organisation.extend(known);
        about.insert("publisher".into(), Json::Object(organisation));
    }
    about
}

fn dataset(it: &Listed<'_>, imprint: &Imprint) -> Json {
    let mut about = dated(imprint);
    about.insert("@type".into(), json!("Dataset"));
    about.insert("identifier".into(), json!(it.document.slug));
    about.insert("name".into(), json!(it.document.title));
    about.insert("description".into(), json!(it.document.standfirst.plain()));
    about.insert("url".into(), json!({"@id": it.home}));
    about.insert("inLanguage".into(), json!("en-GB"));
    about.insert("license".into(), it.licences.iter().map(licence).collect());
    match marking(it.document.audience) {
        None => about.insert("isAccessibleForFree".into(), json!(true)),
        Some(words) => about.insert("conditionsOfAccess".into(), json!(format!("Not for sharing: {words}"))),
    };
    if let Some(span) = Span::at_end_of(&it.document.period) {
        about.insert("temporalCoverage".into(), json!(span.iso()));
    }
    let mut place = Map::new();
    place.insert("@type".into(), json!("Place"));
    place.insert("name".into(), json!(it.document.area));
    if let Some(code) = own_code(it.document) {
        place.insert("identifier".into(), json!(code));
    }
    about.insert("spatialCoverage".into(), Json::Object(place));
    let downloads: Vec<Json> = it
        .files
        .iter()
        .map(|file| {
            json!({
                "@type": "DataDownload",
                "name": file.title,
                "contentUrl": {"@id": file.path},
                "encodingFormat": file.media_type,
                "contentSize": format!("{} B", file.bytes),
                "sha256": file.hash,
            })
        })
        .collect();
    about.insert("distribution".into(), Json::Array(downloads));
    Json::Object(about)
}
