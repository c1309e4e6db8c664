//! A workbook of all tables of a document, for people: OpenDocument, to the Analysis Function's checklist for accessible
//! spreadsheets.
//!
//! A cover, contents with links, notes, then one table a sheet, each marked as a table under a name. No merged cells, no blank
//! rows or columns, no meaning in colour, no filters, no frozen panes, no headers and footers; words are never formulas, since
//! OpenDocument tells the two apart. [Decision 0007](../../../docs/decisions/0007-files-beside-the-pages.md) says why it is
//! written here.

mod archive;
mod front;
mod sheet;
mod styles;
mod table;
mod xml;

use crate::address::Here;
use crate::page::Download;
use front::Notes;
use headwater_release::Document;
use sheet::Sheet;
use xml::{declared, element, empty};

/// The media type of a workbook; it stands first in the file.
const MEDIA_TYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// Every name space that the parts of a workbook use.
const NAME_SPACES: [(&str, &str); 11] = [
    ("office:version", "1.3"),
    ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ("xmlns:fo", "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"),
    ("xmlns:meta", "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"),
    ("xmlns:number", "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"),
    ("xmlns:office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
    ("xmlns:style", "urn:oasis:names:tc:opendocument:xmlns:style:1.0"),
    ("xmlns:svg", "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"),
    ("xmlns:table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"),
    ("xmlns:text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
    ("xmlns:xlink", "http://www.w3.org/1999/xlink"),
];

/// Makes the workbook. The same tables give the same bytes: the file names no time.
///
/// # Errors
/// Says so when the parts cannot be packed, which happens beyond four gigabytes only.
pub(crate) fn workbook(here: &Here<'_>, document: &Document, tables: &[Download<'_>]) -> Result<Vec<u8>, String> {
    let mut notes = Notes::default();
    let tables: Vec<Sheet> = tables.iter().enumerate().map(|(i, it)| table::sheet(i + 1, it, &mut notes)).collect();
    let mut sheets = vec![front::cover(here, document, tables.len()), front::contents(&tables, !notes.is_empty())];
    sheets.extend(notes.sheet());
    sheets.extend(tables);
    let parts =
        [("META-INF/manifest.xml", manifest()), ("content.xml", content(&sheets)), ("meta.xml", meta(document)), ("styles.xml", styles::common())];
    archive::pack(MEDIA_TYPE, &parts).map_err(|error| format!("the workbook of {} cannot be packed: {error}", document.title))
}

fn content(sheets: &[Sheet]) -> String {
    let ranges: String = sheets.iter().filter_map(Sheet::range).collect();
    let spreadsheet = sheets.iter().map(Sheet::xml).collect::<String>() + &element("table:database-ranges", &[], &ranges);
    let body = element("office:body", &[], &element("office:spreadsheet", &[], &spreadsheet));
    declared(&element("office:document-content", &NAME_SPACES, &(styles::automatic(sheets) + &body)))
}

fn meta(document: &Document) -> String {
    let text = |name: &str, words: &str| element(name, &[], &xml::escaped(words));
    let facts = [
        text("dc:title", &document.title),
        text("dc:subject", &format!("{}, {}", document.area, document.period)),
        text("dc:description", &document.standfirst.plain()),
        text("dc:language", "en-GB"),
        text("meta:generator", "Headwater"),
    ];
    declared(&element("office:document-meta", &NAME_SPACES, &element("office:meta", &[], &facts.concat())))
}

fn manifest() -> String {
    let entry = |path: &str, kind: &str| empty("manifest:file-entry", &[("manifest:full-path", path), ("manifest:media-type", kind)]);
    let entries = [entry("/", MEDIA_TYPE), entry("content.xml", "text/xml"), entry("meta.xml", "text/xml"), entry("styles.xml", "text/xml")].concat();
    let name_space = ("xmlns:manifest", "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0");
    declared(&element("manifest:manifest", &[name_space, ("manifest:version", "1.3")], &entries))
}
