//! The files of a site and the addresses between them.

use crate::{csv, draw, page};
use headwater_release::{Block, Document, Publication, Section, Target};
use std::collections::BTreeMap;

/// One file of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path from the root of the site, with forward slashes.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Where a page stands, so that links can be written relative to it.
pub(crate) struct Links<'a> {
    publication: &'a Publication,
    document: Option<&'a Document>,
    /// In which section each figure of the document stands.
    figures: BTreeMap<&'a str, &'a str>,
    /// "" for pages in the root, "../" for pages one folder down.
    pub up: &'static str,
}

impl<'a> Links<'a> {
    fn new(publication: &'a Publication, document: Option<&'a Document>, up: &'static str) -> Self {
        let figures = document.map(|d| d.figures().map(|(section, figure)| (figure.slug(), section.slug.as_str())).collect()).unwrap_or_default();
        Self { publication, document, figures, up }
    }

    /// The address of a target as seen from this page; a target that does not exist leads to the page itself.
    pub fn address(&self, target: &Target) -> String {
        match target {
            Target::Section(slug) => format!("{slug}.html"),
            Target::Figure(slug) => self.figures.get(slug.as_str()).map_or_else(|| "#".to_owned(), |section| format!("{section}.html#{slug}")),
            Target::Document(slug) => format!("{}{slug}/index.html", self.up),
            Target::About(slug) => format!("{}about/{slug}.html", self.up),
            Target::Url(url) => url.clone(),
        }
    }

    /// The publication.
    pub fn publication(&self) -> &'a Publication {
        self.publication
    }

    /// Whether a target exists.
    fn leads_somewhere(&self, target: &Target) -> bool {
        match target {
            Target::Section(slug) => self.document.is_some_and(|d| d.sections.iter().any(|s| s.slug == *slug)),
            Target::Figure(slug) => self.figures.contains_key(slug.as_str()),
            Target::Document(slug) => self.publication.documents.iter().any(|d| d.slug == *slug),
            Target::About(slug) => self.publication.about.iter().any(|s| s.slug == *slug),
            Target::Url(url) => url.starts_with("https://"),
        }
    }
}

/// Makes the site.
///
/// # Errors
/// Names a link that leads nowhere, and two files that would have one path.
pub fn site(publication: &Publication) -> Result<Vec<File>, String> {
    let mut files = BTreeMap::new();
    let mut add = |path: String, bytes: Vec<u8>| match files.insert(path.clone(), bytes) {
        None => Ok(()),
        Some(_) => Err(format!("two files of the site would be called {path}")),
    };
    add("style.css".into(), (include_str!("style.css").to_owned() + draw::CHART_CSS).into_bytes())?;
    let root = Links::new(publication, None, "");
    add("index.html".into(), page::front::index(&root).into_bytes())?;
    add("404.html".into(), page::front::not_found(&root).into_bytes())?;
    for document in &publication.documents {
        let links = Links::new(publication, Some(document), "../");
        check(&links, document.sections.iter())?;
        let mut number = 0;
        add(format!("{}/index.html", document.slug), page::contents::contents(&links, document).into_bytes())?;
        for (i, section) in document.sections.iter().enumerate() {
            let html = page::contents::section(&links, document, i, &mut number);
            add(format!("{}/{}.html", document.slug, section.slug), html.into_bytes())?;
        }
        for (_, figure) in document.figures() {
            add(format!("{}/{}.csv", document.slug, figure.slug()), csv::text(figure.table()).into_bytes())?;
        }
    }
    let about = Links::new(publication, None, "../");
    check(&about, publication.about.iter())?;
    for section in &publication.about {
        add(format!("about/{}.html", section.slug), page::front::about(&about, section).into_bytes())?;
    }
    Ok(files.into_iter().map(|(path, bytes)| File { path, bytes }).collect())
}

/// Every link of some sections must lead somewhere.
fn check<'s>(links: &Links<'_>, sections: impl Iterator<Item = &'s Section>) -> Result<(), String> {
    for section in sections {
        for passage in passages(section) {
            for span in passage.spans() {
                if let headwater_release::Span::Link(words, target) = span
                    && !links.leads_somewhere(target)
                {
                    return Err(format!("in \"{}\" the link \"{words}\" leads nowhere", section.name));
                }
            }
        }
    }
    Ok(())
}

fn passages(section: &Section) -> Vec<&headwater_release::Passage> {
    let mut out = vec![&section.title, &section.lede];
    for block in &section.blocks {
        match block {
            Block::Paragraph(p) | Block::Warning(p) | Block::NotYetKnown(p) => out.push(p),
            Block::List(items) => out.extend(items),
            Block::Facts(facts) => out.extend(facts.iter().map(|(_, p)| p)),
            Block::Figure(figure) => {
                out.extend([figure.title(), figure.description()]);
                out.extend(figure.cautions());
            }
            Block::Table(table) => out.extend(table.notes()),
            Block::Findings(findings) => out.extend(findings.iter().flat_map(|f| [&f.statement, &f.why])),
            Block::Heading(_) => {}
        }
    }
    out
}
