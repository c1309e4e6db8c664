//! The files beside the pages: what a spreadsheet and a program find in them.

use crate::county::{figure, number, say, wealdmere};
use headwater_publish::site;
use headwater_release::{Column, Publication, Shorthand, Table, Value, View};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::LazyLock;

type Files = BTreeMap<String, Vec<u8>>;

static BUILT: LazyLock<Files> = LazyLock::new(|| files(&wealdmere()));

fn files(publication: &Publication) -> Files {
    site(publication).unwrap().into_iter().map(|file| (file.path, file.bytes)).collect()
}

fn text(files: &Files, path: &str) -> String {
    String::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}")).clone()).unwrap()
}

fn json(files: &Files, path: &str) -> Json {
    serde_json::from_str(&text(files, path)).unwrap()
}

/// A part of a workbook.
fn part(files: &Files, book: &str, name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(files.get(book).unwrap_or_else(|| panic!("no {book}")))).unwrap();
    let mut out = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut out).unwrap();
    out
}

/// The first document of the county with one table alone.
fn with_table(columns: Vec<Column>, rows: Vec<Vec<Value>>) -> Files {
    let mut publication = wealdmere();
    publication.documents.truncate(1);
    publication.documents[0].sections.truncate(1);
    let table = Table::new("Odd names", columns, rows).unwrap();
    publication.documents[0].sections[0].blocks = vec![figure("odd", say("Odd"), "Odd, year to November 2021", table, View::TableOnly)];
    files(&publication)
}

const ODD: [&str; 7] = ["Poole, Dorset", "the \"Lanes\"", "Ynys Môn, Tŷ Croes", "=1+1", "@SUM(A1)", " two  spaces", "<b>& 'markup' ]]></text:p>"];

#[test]
fn names_survive_in_every_file() {
    let rows = ODD.iter().map(|name| vec![Value::label(*name)]).collect();
    let files = with_table(vec![Column::text("area", "Area")], rows);
    let content = part(&files, "wealdmere/wealdmere-tables.ods", "content.xml");
    // A formula would be an attribute; words are words, whatever they begin with.
    assert!(!content.contains("formula"));
    for written in [
        "<text:p>Poole, Dorset</text:p>",
        "<text:p>the &quot;Lanes&quot;</text:p>",
        "<text:p>Ynys Môn, Tŷ Croes</text:p>",
        "<text:p>=1+1</text:p>",
        "<text:p>@SUM(A1)</text:p>",
        "<text:p><text:s/>two <text:s/>spaces</text:p>",
        "<text:p>&lt;b&gt;&amp; 'markup' ]]&gt;&lt;/text:p&gt;</text:p>",
    ] {
        assert_eq!(content.matches(written).count(), 1, "{written}");
    }
    let csv = text(&files, "wealdmere/odd.csv");
    assert!(csv.contains("\r\n'=1+1\r\n'@SUM(A1)\r\n\" two  spaces\"\r\n") && csv.contains("Ynys Môn"));
}

#[test]
fn hidden_values_are_their_shorthand_in_every_file_and_never_nought() {
    let columns = vec![Column::text("area", "Area"), Column::number("records", "Records", ""), Column::number("rate", "Rate", "per 1,000")];
    let gap = |kind| Value::gap(kind);
    let rows = vec![
        vec![Value::label("A"), gap(Shorthand::Confidential), gap(Shorthand::Confidential)],
        vec![Value::label("B"), number(12.0, 0), Value::refused("fewer than ten events")],
        vec![Value::label("C"), gap(Shorthand::NotApplicable), number(1234.5, 1)],
    ];
    let files = with_table(columns, rows);
    let content = part(&files, "wealdmere/wealdmere-tables.ods", "content.xml");
    let sheet = content.split("table:name=\"Table_1\"").nth(1).unwrap();
    assert_eq!(sheet.matches("<text:p>[c]</text:p>").count(), 2);
    assert_eq!(sheet.matches("<text:p>[x]</text:p>").count(), 1);
    // Two numbers in the table; gaps are words.
    let numbers: Vec<&str> = sheet.split("office:value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(numbers, ["12", "1234.5"]);
    assert!(sheet.contains("[x]: not available; fewer than ten events (1 cell)."));
    assert_eq!(text(&files, "wealdmere/odd.csv"), "area,records,rate\r\nA,[c],[c]\r\nB,12,[x]\r\nC,[z],1234.5\r\n");
    let package = json(&files, "wealdmere/datapackage.json");
    let schema = &package["resources"][0]["schema"];
    assert_eq!(schema["missingValues"][0], serde_json::json!({"value": "[c]", "label": "hidden to protect people"}));
    let kinds: Vec<&str> = schema["fields"].as_array().unwrap().iter().map(|field| field["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["string", "integer", "number"]);
    let column = &json(&files, "wealdmere/odd.csv-metadata.json")["tableSchema"]["columns"][2];
    assert_eq!(column["null"], serde_json::json!(["[c]", "[x]", "[z]"]));
    assert_eq!((column["datatype"].as_str(), column["schema:unitText"].as_str()), (Some("decimal"), Some("per 1,000")));
}

#[test]
fn a_hidden_rate_is_hidden_for_fingertips_and_says_why() {
    let table = text(&BUILT, "fellmarket/fellmarket-fingertips-not-for-sharing.csv");
    let mut lines = table.lines();
    assert_eq!(lines.next().map(|header| header.split(',').count()), Some(19));
    let row = lines.find(|line| line.starts_with("crime-types/bicycle-theft,")).unwrap();
    assert_eq!(row, "crime-types/bicycle-theft,2020,1,-1,-1,1,4,E23000099,-1,-1,-1,-1,-1,-1,-1,-1,101,-1,-1");
    assert!(!table.contains("[c]"), "its template takes numbers alone");
    let shown = table.lines().find(|line| line.starts_with("crime-types/robbery,")).unwrap();
    assert!(shown.ends_with(",-1,-1,-1,-1,-1,-1,-1"), "{shown}");
}

#[test]
fn areas_keep_the_marks_of_their_table() {
    let areas = json(&BUILT, "wealdmere/wealdmere-areas.geojson");
    let features = areas["features"].as_array().unwrap();
    // A thousand small areas of two maps once each, and eleven districts drawn on top.
    assert_eq!(features.len(), 1011);
    let table = text(&BUILT, "wealdmere/rates.csv");
    let row: Vec<&str> = table.lines().nth(1).unwrap().split(',').collect();
    let area = features.iter().find(|feature| feature["properties"]["code"] == row[0]).unwrap();
    assert_eq!(area["properties"]["rates.rate"].to_string(), row[2]);
    assert_eq!(area["properties"]["rates.class"], row[3]);
    assert!(area["properties"]["hot-spots.class"].is_string());
}

#[test]
fn a_document_without_maps_or_tables_offers_neither() {
    let mut publication = wealdmere();
    publication.documents.truncate(1);
    publication.documents[0].sections.truncate(1);
    let files = files(&publication);
    let others: Vec<&String> = files.keys().filter(|path| path.starts_with("wealdmere/") && !path.ends_with(".html")).collect();
    assert!(others.is_empty(), "{others:?}");
    assert!(!text(&files, "wealdmere/index.html").contains("To download") && !text(&files, "wealdmere/index.html").contains("datapackage.json"));
}

#[test]
fn the_first_page_of_a_document_names_its_files_with_their_sizes() {
    let page = text(&BUILT, "wealdmere/index.html");
    let book = BUILT["wealdmere/wealdmere-tables.ods"].len().div_ceil(1000);
    for link in [
        format!("<a href=\"wealdmere-tables.ods\" download>Spreadsheet with all tables (ODS, {book} kB)</a>"),
        "<a href=\"datapackage.json\" download>Description of all tables for programs (Data Package, ".to_owned(),
        "<a href=\"wealdmere-areas.geojson\" download>Areas of the maps (GeoJSON, ".to_owned(),
        "<a href=\"wealdmere-fingertips.csv\" download>Rates by area for Fingertips (CSV, ".to_owned(),
    ] {
        assert!(page.contains(&link), "{link}");
    }
}

#[test]
fn every_table_is_named_by_its_package_with_its_size_and_in_the_catalogue() {
    let catalogue = text(&BUILT, "catalogue.jsonld");
    for (path, bytes) in BUILT.iter().filter(|(path, _)| path.ends_with(".csv")) {
        let (folder, name) = path.split_once('/').unwrap();
        let package = json(&BUILT, &format!("{folder}/datapackage.json"));
        let resource = package["resources"].as_array().unwrap().iter().find(|it| it["path"] == name).unwrap_or_else(|| panic!("{path}"));
        assert_eq!(resource["bytes"], bytes.len(), "{path}");
        assert!(BUILT.contains_key(&format!("{path}-metadata.json")), "{path}");
        assert!(folder == "about" || catalogue.contains(&format!("\"{path}\"")), "{path}");
    }
}

#[test]
fn a_workbook_is_marked_up_and_says_its_language_and_title() {
    let book = "wealdmere/wealdmere-tables.ods";
    // The media type can be read from the first bytes, uncompressed.
    assert_eq!(&BUILT[book][30..85], b"mimetypeapplication/vnd.oasis.opendocument.spreadsheetP");
    assert!(part(&BUILT, book, "meta.xml").contains("<dc:title>Wealdmere: Strategic Needs Assessment, December 2019 to November 2021</dc:title>"));
    assert!(part(&BUILT, book, "styles.xml").contains("fo:language=\"en\" fo:country=\"GB\""));
    let content = part(&BUILT, book, "content.xml");
    assert!(content.contains("table:name=\"table_season\" table:target-range-address=\"Table_11.A6:Table_11.D18\" table:contains-header=\"true\""));
    assert_eq!(content.matches("<table:table ").count(), content.matches("<table:database-range ").count() + 1, "all but the cover hold a table");
}
