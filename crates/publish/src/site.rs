//! Which files a site has.

use crate::address::{Here, Site};
use crate::edition::alone;
use crate::listing::{self, listing};
use crate::news::CONTENTS;
use crate::ods;
use crate::open_data::{self, Listed};
use crate::page::slot::{Filling, fill};
use crate::page::{self, Download, Offer};
use headwater_release::{Document, Publication, Rendering};

/// A file of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path below the site's folder, with forward slashes.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Makes a static site of a publication, its files in order of path.
///
/// There is a page to choose an area, a folder for each document with a contents page, a page for each section, a CSV file for
/// each table with its description, a workbook of all tables and a package that names them; the pages about the publication and
/// about each measure, a page for what is not found, catalogues of all data sets, and one style sheet. One page searches, with
/// a script and an index beside it; everything it finds is listed in an A to Z. No page needs a script or asks for anything
/// outside the site. The same publication always gives the same bytes.
///
/// `404.html` is shown at any depth, and links from the root of the server to the publisher's `site`; where that is not known
/// it links to nothing, and needs nothing beside it.
///
/// ```
/// use headwater_release::{Passage, Publication};
/// let publication = Publication {
///     title: "Wealdmere".into(),
///     standfirst: Passage::new().say("An invented county."),
///     ..Publication::default()
/// };
/// assert!(headwater_publish::site(&publication).is_err());
/// ```
///
/// # Errors
/// Refuses a publication without documents: there would be nothing to choose on the first page.
pub fn site(publication: &Publication) -> Result<Vec<File>, String> {
    site_with_pdfs(publication, Vec::new())
}

/// The same with a PDF of some of its documents, to which their first pages link.
///
/// # Errors
/// Refuses what [`site`] refuses, and a PDF that belongs to no document.
pub fn site_with_pdfs(publication: &Publication, pdfs: Vec<File>) -> Result<Vec<File>, String> {
    edition(publication, pdfs).map(alone)
}

/// Makes the files of an edition: those of [`site_with_pdfs`], with places for what only later editions can say, and pages
/// about editions that wait to be filled. It is kept as it is; [`site_of_editions`](crate::site_of_editions) makes a site of it.
///
/// # Errors
/// As [`site_with_pdfs`].
pub fn edition(publication: &Publication, mut pdfs: Vec<File>) -> Result<Vec<File>, String> {
    if publication.documents.is_empty() {
        return Err(format!("the publication \"{}\" has no documents: build an assessment before publishing it", publication.title));
    }
    let site = Site::new(publication);
    let top = Here { site: &site, root: "", document: None, section: None };
    let mut files = vec![
        text("style.css", page::STYLE.to_owned()),
        text("index.html", page::home(&top)),
        text("404.html", not_found(&top)),
        text("search.html", page::search(&top)),
        text("search.js", page::SEARCH.to_owned()),
        text("editions.html", page::editions(&top)),
        text("whats-new.html", page::whats_new(&top)),
    ];
    let entries = listing(&site);
    files.push(text("a-to-z.html", page::a_to_z(&top, &entries)));
    files.push(text("search-index.js", listing::index(&site, &entries)));
    files.push(text(CONTENTS, format!("{:#}\n", listing::contents(&site, &entries))));
    if !publication.measures.is_empty() {
        let here = Here { root: "../", ..top };
        files.push(text("measures/index.html", page::measures(&here)));
        for (position, measure) in publication.measures.iter().enumerate() {
            files.push(text(&format!("measures/{}", site.measure_file(position)), page::measure(&here, measure, position)));
        }
    }
    files.extend(translations(&top)?);
    let mut about_tables: Vec<Download<'_>> = Vec::new();
    for (position, section) in publication.about.iter().enumerate() {
        let here = Here { root: "../", ..top };
        let (html, downloads) = page::about(&here, section, position);
        files.push(text(&format!("about/{}", site.about_file(position)), html));
        about_tables.extend(downloads);
    }
    if !about_tables.is_empty() {
        let package = open_data::package_about(&top, &about_tables);
        files.extend(open_data::beside(&about_tables).into_iter().chain([package]).map(|(name, words)| text(&format!("about/{name}"), words)));
    }
    files.extend(about_tables.into_iter().map(|file| download("about", file)));
    let mut listed = Vec::new();
    for (document, it) in publication.documents.iter().enumerate() {
        let here = Here { root: "../", document: Some(document), ..top };
        let folder = site.folder(document);
        let path = format!("{folder}/{}", pdf_name(folder, page::mark(&here)));
        let pdf = pdfs.iter().position(|file| file.path == path).map(|position| pdfs.swap_remove(position));
        listed.push(of_document(&here, it, pdf, &mut files)?);
    }
    if let Some(stray) = pdfs.first() {
        return Err(format!("{} is the PDF of no document of \"{}\"", stray.path, publication.title));
    }
    files.push(text("catalogue.jsonld", open_data::catalogue(&site, &listed)));
    files.push(text("datasets.jsonld", open_data::datasets(&site, &listed)));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The page that stands in for any. It is about no edition: what is filled in on other pages stays empty.
fn not_found(top: &Here<'_>) -> String {
    let page = match top.site.publication.imprint.publisher.folder() {
        Some(folder) => page::not_found(&Here { root: &folder, ..*top }),
        None => page::not_found_anywhere(top),
    };
    String::from_utf8_lossy(&fill(page.as_bytes(), &Filling::default())).into_owned()
}

/// What people wrote for other readers, beside what it translates.
fn translations(top: &Here<'_>) -> Result<Vec<File>, String> {
    let publication = top.site.publication;
    let mut files: Vec<File> = Vec::new();
    for it in &publication.translations {
        let document = match &it.document {
            None => None,
            Some(slug) => Some(publication.documents.iter().position(|document| document.slug == *slug).ok_or_else(|| {
                let slugs: Vec<&str> = publication.documents.iter().map(|document| document.slug.as_str()).collect();
                format!("the translation for \"{slug}\" belongs to no document; there are {}", slugs.join(", "))
            })?),
        };
        let here = Here { root: if document.is_some() { "../" } else { "" }, document, ..*top };
        let file = page::translation_file(it);
        let path = document.map_or_else(|| file.clone(), |document| format!("{}/{file}", top.site.folder(document)));
        files.push(match &it.rendering {
            Rendering::Words(words) => text(&path, page::translation(&here, it, words)),
            Rendering::Pdf(bytes) => File { path, bytes: bytes.clone() },
        });
    }
    Ok(files)
}

/// Adds the pages of a document and all files beside them, and says how catalogues list it.
fn of_document<'a>(here: &Here<'_>, it: &'a Document, pdf: Option<File>, files: &mut Vec<File>) -> Result<Listed<'a>, String> {
    let document = here.document.unwrap_or(0);
    let folder = here.site.folder(document);
    let mut tables: Vec<Download<'_>> = Vec::new();
    for (section, part) in it.sections.iter().enumerate() {
        let here = Here { section: Some(section), ..*here };
        let (html, downloads) = page::section(&here, it, part, section);
        files.push(text(&format!("{folder}/{}", here.site.section_file(document, section)), html));
        tables.extend(downloads);
    }
    let mut offers: Vec<Offer> = Vec::new();
    if let Some(pdf) = pdf {
        let name = pdf_name(folder, page::mark(here));
        offers.push(Offer { name, bytes: pdf.bytes, words: "The whole document", format: "PDF", about: "for printing and for reading offline." });
    }
    if !tables.is_empty() {
        offers.push(Offer {
            name: format!("{folder}-tables{}.ods", page::mark(here)),
            bytes: ods::workbook(here, it, &tables)?,
            words: "Spreadsheet with all tables",
            format: "ODS",
            about: "a cover, contents, notes, and one table on each sheet.",
        });
    }
    offers.extend(open_data::areas(here, it, &tables));
    let fingertips = open_data::fingertips_table(here, it, &tables);
    if let Some(table) = &fingertips {
        let file = open_data::fingertips_download(table, here);
        offers.push(Offer {
            name: file.name.clone(),
            bytes: file.text.clone().into_bytes(),
            words: "Rates by area for Fingertips",
            format: "CSV",
            about: "in the 19 columns of an upload; our own names stand in place of the numbers that indicators have there.",
        });
        tables.push(file);
    }
    if !tables.is_empty() {
        offers.push(open_data::package(here, it, &tables));
    }
    files.push(text(&format!("{folder}/index.html"), page::contents(here, it, &offers)));
    files.extend(open_data::beside(&tables).into_iter().map(|(name, words)| text(&format!("{folder}/{name}"), words)));
    files.extend(tables.iter().filter_map(|it| Some(text(&format!("{folder}/{}", page::json_name(&it.id, here)?), open_data::rows(it.table)))));
    let others: Vec<(&str, &str, &[u8])> =
        offers.iter().filter(|offer| offer.format != "CSV").map(|offer| (offer.name.as_str(), offer.words, offer.bytes.as_slice())).collect();
    let listed = Listed::new(folder, it, &tables, &others);
    // The table for Fingertips is a table like the others from here on.
    files.extend(
        offers.into_iter().filter(|offer| offer.format != "CSV").map(|offer| File { path: format!("{folder}/{}", offer.name), bytes: offer.bytes }),
    );
    files.extend(tables.into_iter().map(|file| download(folder, file)));
    Ok(listed)
}

/// What the PDF in a document's folder is called; the mark says when not everyone may read it.
pub(crate) fn pdf_name(folder: &str, mark: &str) -> String {
    format!("{folder}{mark}.pdf")
}

fn text(path: &str, text: String) -> File {
    File { path: path.to_owned(), bytes: text.into_bytes() }
}

fn download(folder: &str, file: Download<'_>) -> File {
    text(&format!("{folder}/{}", file.name), file.text)
}
