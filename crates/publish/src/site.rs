//! Which files a site has.

use crate::address::{Here, Site};
use crate::ods;
use crate::page::{self, Download, Offer};
use headwater_release::Publication;

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
/// There is a page to choose an area, a folder for each document with a contents page, a page for each section and a CSV file
/// for each table, the pages about the publication, a page for what is not found, and one style sheet. No page needs a script
/// or asks for anything outside the site. The same publication always gives the same bytes.
///
/// `404.html` alone links from the root of the server, because it is shown at any depth.
///
/// ```
/// use headwater_release::{Passage, Publication};
/// let publication = Publication {
///     title: "Wealdmere".into(),
///     standfirst: Passage::new().say("An invented county."),
///     documents: vec![],
///     about: vec![],
///     attribution: vec![],
/// };
/// assert!(headwater_publish::site(&publication).is_err());
/// ```
///
/// # Errors
/// Refuses a publication without documents: there would be nothing to choose on the first page.
pub fn site(publication: &Publication) -> Result<Vec<File>, String> {
    if publication.documents.is_empty() {
        return Err(format!("the publication \"{}\" has no documents: build an assessment before publishing it", publication.title));
    }
    let site = Site::new(publication);
    let top = Here { site: &site, root: "", document: None, section: None };
    let mut files = vec![
        text("style.css", page::STYLE.to_owned()),
        text("index.html", page::home(&top)),
        text("404.html", page::not_found(&Here { root: "/", ..top })),
    ];
    for (position, section) in publication.about.iter().enumerate() {
        let here = Here { root: "../", ..top };
        let (html, downloads) = page::about(&here, section, position);
        files.push(text(&format!("about/{}", site.about_file(position)), html));
        files.extend(downloads.into_iter().map(|file| download("about", file)));
    }
    for (document, it) in publication.documents.iter().enumerate() {
        let here = Here { root: "../", document: Some(document), ..top };
        let folder = site.folder(document);
        let mut tables: Vec<Download<'_>> = Vec::new();
        for (section, part) in it.sections.iter().enumerate() {
            let here = Here { section: Some(section), ..here };
            let (html, downloads) = page::section(&here, it, part, section);
            files.push(text(&format!("{folder}/{}", site.section_file(document, section)), html));
            tables.extend(downloads);
        }
        let offers = vec![Offer {
            name: format!("{folder}-tables{}.ods", page::mark(&here)),
            bytes: ods::workbook(&here, it, &tables)?,
            words: "Spreadsheet with all tables",
            format: "ODS",
            about: "a cover, contents, notes, and one table on each sheet.",
        }];
        files.push(text(&format!("{folder}/index.html"), page::contents(&here, it, &offers)));
        files.extend(offers.into_iter().map(|offer| File { path: format!("{folder}/{}", offer.name), bytes: offer.bytes }));
        files.extend(tables.into_iter().map(|file| download(folder, file)));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn text(path: &str, text: String) -> File {
    File { path: path.to_owned(), bytes: text.into_bytes() }
}

fn download(folder: &str, file: Download<'_>) -> File {
    text(&format!("{folder}/{}", file.name), file.text)
}
