//! What files are called and how pages link to each other. Links are relative, so that a site works in any folder.

use crate::page::{Words, words};
use headwater_release::{Document, Figure, Measure, MeasureKind, Publication, Section, Target};
use std::collections::BTreeSet;

/// Where every page of a publication stands.
#[derive(Clone, Debug)]
pub(crate) struct Site<'a> {
    pub(crate) publication: &'a Publication,
    documents: Vec<DocumentAddress>,
    about: Vec<String>,
    measures: Vec<String>,
}

#[derive(Clone, Debug)]
struct DocumentAddress {
    folder: String,
    sections: Vec<String>,
    figures: Vec<FigureAddress>,
}

/// Where a figure stands, and its number.
#[derive(Clone, Debug)]
struct FigureAddress {
    slug: String,
    id: String,
    section: usize,
    number: String,
}

impl<'a> Site<'a> {
    /// What its documents are called.
    pub(crate) fn words(&self) -> &'static Words {
        words(self.publication.subject)
    }

    /// Gives every page its address. Slugs that cannot stand in one are mended, repeated ones are numbered.
    pub(crate) fn new(publication: &'a Publication) -> Self {
        let mut folders: BTreeSet<String> = ["about", "measures", "editions"].map(str::to_owned).into();
        let documents = publication.documents.iter().map(|document| DocumentAddress::new(unique(&document.slug, &mut folders), document)).collect();
        let mut taken = BTreeSet::new();
        let about = publication.about.iter().map(|section| unique(&section.slug, &mut taken)).collect();
        let mut taken = BTreeSet::from(["index".to_owned()]);
        let measures = publication.measures.iter().map(|measure| unique(&format!("{} {}", measure.kind.word(), measure.id), &mut taken)).collect();
        Self { publication, documents, about, measures }
    }

    /// The folder of a document.
    pub(crate) fn folder(&self, document: usize) -> &str {
        self.documents.get(document).map_or("", |d| &d.folder)
    }

    /// The file of a section within its document's folder.
    pub(crate) fn section_file(&self, document: usize, section: usize) -> String {
        let name = self.documents.get(document).and_then(|d| d.sections.get(section)).map_or("index", String::as_str);
        format!("{name}.html")
    }

    /// The file of a measure within its folder.
    pub(crate) fn measure_file(&self, measure: usize) -> String {
        format!("{}.html", self.measures.get(measure).map_or("index", String::as_str))
    }

    /// Figures of a document in order: slug, number, address below the site's folder.
    pub(crate) fn figures(&self, document: usize) -> impl Iterator<Item = (&str, &str, String)> {
        let own = self.documents.get(document);
        own.into_iter().flat_map(move |own| {
            own.figures.iter().map(move |figure| {
                let address = format!("{}/{}#{}", own.folder, self.section_file(document, figure.section), figure.id);
                (figure.slug.as_str(), figure.number.as_str(), address)
            })
        })
    }

    /// The file of an about page within its folder.
    pub(crate) fn about_file(&self, page: usize) -> String {
        format!("{}.html", self.about.get(page).map_or("index", String::as_str))
    }
}

impl DocumentAddress {
    fn new(folder: String, document: &Document) -> Self {
        let mut files = BTreeSet::from(["index".to_owned()]);
        let sections = document.sections.iter().map(|section| unique(&section.slug, &mut files)).collect();
        let (mut ids, mut figures) = (BTreeSet::from(["main".to_owned(), "top".to_owned()]), Vec::new());
        for (section, part) in document.sections.iter().enumerate() {
            for (i, figure) in figures_of(part).enumerate() {
                let id = unique(figure.slug(), &mut ids);
                figures.push(FigureAddress { slug: figure.slug().to_owned(), id, section, number: format!("{}.{}", section + 1, i + 1) });
            }
        }
        Self { folder, sections, figures }
    }
}

/// The figures of a section in order.
pub(crate) fn figures_of(section: &Section) -> impl Iterator<Item = &Figure> {
    section.blocks.iter().filter_map(|block| match block {
        headwater_release::Block::Figure(figure) => Some(figure.as_ref()),
        _ => None,
    })
}

/// A slug that can stand in an address, with a number when it is taken.
pub(crate) fn unique(slug: &str, taken: &mut BTreeSet<String>) -> String {
    let mut clean = String::new();
    for c in slug.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            clean.push(c);
        } else if !clean.is_empty() && !clean.ends_with('-') {
            clean.push('-');
        }
    }
    let clean = clean.trim_end_matches('-');
    let clean = if clean.is_empty() { "page" } else { clean };
    let mut name = clean.to_owned();
    let mut next = 2;
    while !taken.insert(name.clone()) {
        name = format!("{clean}-{next}");
        next += 1;
    }
    name
}

/// The page that is being written: links are seen from here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Here<'a> {
    pub(crate) site: &'a Site<'a>,
    /// From this page to the top folder: empty, `../`, or the folder on the server for the page that stands in for any.
    pub(crate) root: &'a str,
    /// The document it belongs to.
    pub(crate) document: Option<usize>,
    /// The section it is.
    pub(crate) section: Option<usize>,
}

impl<'a> Here<'a> {
    /// The document it belongs to.
    pub(crate) fn the_document(&self) -> Option<&'a Document> {
        self.site.publication.documents.get(self.document?)
    }

    fn own(&self) -> Option<&'a DocumentAddress> {
        self.site.documents.get(self.document?)
    }

    /// The address of a target; `None` when there is no such page, or when an outside address is not one for reading.
    pub(crate) fn href(&self, target: &Target) -> Option<String> {
        match target {
            Target::Section(slug) => {
                let position = self.the_document()?.sections.iter().position(|section| section.slug == *slug)?;
                Some(self.site.section_file(self.document?, position))
            }
            Target::Figure(slug) => {
                let figure = self.own()?.figures.iter().find(|figure| figure.slug == *slug)?;
                let page = if self.section == Some(figure.section) { String::new() } else { self.site.section_file(self.document?, figure.section) };
                Some(format!("{page}#{}", figure.id))
            }
            Target::Document(slug) => {
                let position = self.site.publication.documents.iter().position(|document| document.slug == *slug)?;
                Some(self.document_home(position))
            }
            Target::SectionOf(document, section) => {
                let position = self.site.publication.documents.iter().position(|it| it.slug == *document)?;
                let number = self.site.publication.documents[position].sections.iter().position(|it| it.slug == *section)?;
                Some(format!("{}{}/{}", self.root, self.site.folder(position), self.site.section_file(position, number)))
            }
            Target::About(slug) => {
                let position = self.site.publication.about.iter().position(|section| section.slug == *slug)?;
                Some(self.about_page(position))
            }
            Target::Measure(id) => self.measure_page(|measure| measure.id == *id),
            Target::File(path) => {
                let plain =
                    |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)) && part != "..";
                path.split('/').all(plain).then(|| format!("{}{path}", self.root))
            }
            Target::Url(address) => {
                let allowed = ["https://", "http://", "mailto:"].iter().any(|scheme| address.starts_with(scheme));
                allowed.then(|| address.clone())
            }
        }
    }

    /// The address of a document's first page.
    pub(crate) fn document_home(&self, document: usize) -> String {
        format!("{}{}/index.html", self.root, self.site.folder(document))
    }

    /// The address of an about page.
    pub(crate) fn about_page(&self, page: usize) -> String {
        format!("{}about/{}", self.root, self.site.about_file(page))
    }

    /// The address of the page about a measure; none when there is no such page.
    pub(crate) fn measure_page(&self, is_it: impl Fn(&Measure) -> bool) -> Option<String> {
        let position = self.site.publication.measures.iter().position(is_it)?;
        Some(format!("{}measures/{}", self.root, self.site.measure_file(position)))
    }

    /// The page about the indicator or definition of this name: a key figure is called like what it counts.
    pub(crate) fn page_of_key_figure(&self, name: &str) -> Option<String> {
        self.measure_page(|measure| matches!(measure.kind, MeasureKind::Definition | MeasureKind::Indicator) && measure.name == name)
    }

    /// The id and the number of the figure at a position within the section being written.
    pub(crate) fn figure(&self, position: usize) -> (String, String) {
        let in_document = self.own().and_then(|own| own.figures.iter().filter(|f| Some(f.section) == self.section).nth(position));
        match in_document {
            Some(figure) => (figure.id.clone(), figure.number.clone()),
            None => (format!("figure-{}", position + 1), (position + 1).to_string()),
        }
    }

    /// The id of a figure of the document being written.
    #[cfg(feature = "pdf")]
    pub(crate) fn figure_id(&self, slug: &str) -> Option<String> {
        Some(self.own()?.figures.iter().find(|figure| figure.slug == slug)?.id.clone())
    }

    /// Number and title of the figure a target names.
    pub(crate) fn named_figure(&self, target: &Target) -> Option<(String, &'a Figure)> {
        let Target::Figure(slug) = target else { return None };
        let number = self.own()?.figures.iter().find(|figure| figure.slug == *slug)?.number.clone();
        let figure = self.the_document()?.sections.iter().flat_map(figures_of).find(|figure| figure.slug() == *slug)?;
        Some((number, figure))
    }
}

#[cfg(test)]
mod tests {
    use super::unique;
    use std::collections::BTreeSet;

    #[test]
    fn addresses_are_clean_and_each_is_used_once() {
        let mut taken = BTreeSet::from(["index".to_owned()]);
        for (slug, address) in
            [("index", "index-2"), ("Brighton & Hove", "brighton-hove"), ("../../etc", "etc"), ("", "page"), ("etc", "etc-2"), ("адур", "page-2")]
        {
            assert_eq!(unique(slug, &mut taken), address);
        }
    }
}
