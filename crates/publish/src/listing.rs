//! Everything that a reader may look for, in one list: what search, the A to Z and `contents.json` are made of.

use crate::address::{Here, Site};
use crate::open_data::has_period_at_end;
use headwater_release::{Block, Document, Figure, Passage, Rendering, Section, View};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// What kind of thing is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Found {
    Area,
    Section,
    Figure,
    Table,
    Measure,
    Term,
    Page,
}

impl Found {
    /// All kinds, in the order of their numbers in the index.
    pub(crate) const ALL: [Self; 7] = [Self::Area, Self::Section, Self::Figure, Self::Table, Self::Measure, Self::Term, Self::Page];

    /// The kind in words.
    pub(crate) fn word(self, site: &Site<'_>) -> &'static str {
        match self {
            Self::Area => site.words().first_page,
            Self::Section => "Section",
            Self::Figure => "Figure",
            Self::Table => "Table",
            Self::Measure => "About a measure",
            Self::Term => "Word",
            Self::Page => "Page",
        }
    }
}

/// One thing that can be found.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) kind: Found,
    /// The document it belongs to, by position.
    pub(crate) document: Option<usize>,
    /// What a reader sees first.
    pub(crate) title: String,
    /// The same thing's name whatever the area: what it stands under in the A to Z.
    pub(crate) general: String,
    /// What it is called in its document, the same for every area.
    key: String,
    /// Its address below the site's folder.
    pub(crate) address: String,
    /// Further words by which it is found.
    words: BTreeSet<String>,
}

/// Everything on a site, areas first, then each document in its order, then what is about all of them.
pub(crate) fn listing(site: &Site<'_>) -> Vec<Entry> {
    let publication = site.publication;
    let mut all = Vec::new();
    for (position, document) in publication.documents.iter().enumerate() {
        let address = format!("{}/index.html", site.folder(position));
        all.push(Entry::new(Found::Area, Some(position), &document.area, address).with_words(&[&document.area_kind, &document.title]));
    }
    for (position, document) in publication.documents.iter().enumerate() {
        all.extend(of_document(site, position, document));
    }
    for (position, measure) in publication.measures.iter().enumerate() {
        let words = [measure.id.as_str(), measure.kind.word(), &measure.lede.plain()];
        all.push(Entry::new(Found::Measure, None, &measure.name, format!("measures/{}", site.measure_file(position))).with_words(&words));
    }
    for (position, section) in publication.about.iter().enumerate() {
        let address = format!("about/{}", site.about_file(position));
        all.push(Entry::new(Found::Page, None, &section.name, address.clone()).with_words(&[&section.title.plain(), &words_of(section)]));
        // A page of facts and nothing else explains words; facts among other things are facts.
        let explains = section.blocks.iter().all(|block| matches!(block, Block::Facts(_)));
        for (name, meaning) in
            section.blocks.iter().filter(|_| explains).filter_map(|block| if let Block::Facts(facts) = block { Some(facts) } else { None }).flatten()
        {
            all.push(Entry::new(Found::Term, None, name, address.clone()).with_words(&[&meaning.plain()]));
        }
    }
    let top = Here { site, root: "", document: None, section: None };
    for translation in &publication.translations {
        let position = translation.document.as_ref().and_then(|slug| publication.documents.iter().position(|document| document.slug == *slug));
        let file = crate::page::translation_file(translation);
        let address = position.map_or_else(|| file.clone(), |position| format!("{}{}/{file}", top.root, site.folder(position)));
        let words = if let Rendering::Words(text) = &translation.rendering { text.as_str() } else { "" };
        all.push(Entry::new(Found::Page, position, translation.readership.name(), address).with_words(&[words]));
    }
    all
}

fn of_document(site: &Site<'_>, position: usize, document: &Document) -> Vec<Entry> {
    let mut all = Vec::new();
    let mut figures = site.figures(position);
    for (number, section) in document.sections.iter().enumerate() {
        let page = format!("{}/{}", site.folder(position), site.section_file(position, number));
        let title = section.title.plain();
        let title = if title == section.name { title } else { format!("{}: {title}", section.name) };
        let mut entry = Entry::new(Found::Section, Some(position), &title, page.clone()).with_words(&[&words_of(section)]);
        (entry.general, entry.key) = (section.name.clone(), section.slug.clone());
        all.push(entry);
        let mut n_tables = 0;
        for block in &section.blocks {
            match block {
                Block::Figure(figure) => {
                    let kind = if matches!(figure.view(), View::TableOnly) { Found::Table } else { Found::Figure };
                    let address = figures.next().map_or_else(|| page.clone(), |(_, _, address)| address);
                    let mut entry = Entry::new(kind, Some(position), &figure.title().plain(), address).with_words(&[figure.subtitle()]);
                    (entry.general, entry.key) = (general(site, figure, &document.area), figure.slug().to_owned());
                    all.push(entry);
                }
                Block::Table(table) => {
                    n_tables += 1;
                    let id = format!("{}-table-{n_tables}", section.slug);
                    let mut entry = Entry::new(Found::Table, Some(position), table.caption(), format!("{page}#{id}"));
                    (entry.general, entry.key) = (format!("{}, table", section.name), id);
                    all.push(entry);
                }
                _ => {}
            }
        }
    }
    all
}

impl Entry {
    fn new(kind: Found, document: Option<usize>, title: &str, address: String) -> Self {
        let key = title.to_owned();
        Self { kind, document, title: title.to_owned(), general: title.to_owned(), key, address, words: BTreeSet::new() }
    }

    /// Adds words that its title does not hold.
    fn with_words(mut self, texts: &[&str]) -> Self {
        let own: BTreeSet<String> = words(&self.title).collect();
        self.words.extend(texts.iter().flat_map(|text| words(text)).filter(|word| !own.contains(word)));
        self
    }
}

/// Lower-case words of three letters and more; numbers are not looked for.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| word.chars().count() > 2 && word.chars().any(char::is_alphabetic))
        .map(str::to_lowercase)
        .filter(|word| !STOP_WORDS.contains(&word.as_str()))
}

/// Words that are on every page and find nothing.
const STOP_WORDS: [&str; 34] = [
    "and", "are", "been", "but", "can", "each", "for", "from", "had", "has", "have", "her", "his", "how", "its", "more", "not", "one", "other",
    "than", "that", "the", "their", "them", "then", "there", "they", "this", "was", "were", "what", "which", "who", "with",
];

fn words_of(section: &Section) -> String {
    let mut text = section.lede.plain();
    let mut add = |passage: &Passage| {
        text.push(' ');
        text += &passage.plain();
    };
    for block in &section.blocks {
        match block {
            Block::Paragraph(words) | Block::Warning(words) | Block::NotYetKnown(words) => add(words),
            Block::List(items) => items.iter().for_each(&mut add),
            Block::Findings(all) => all.iter().for_each(|finding| add(&finding.statement)),
            Block::Facts(all) => all.iter().for_each(|(name, value)| {
                add(&Passage::new().name(name.clone()));
                add(value);
            }),
            Block::Heading(words) => add(&Passage::new().name(words.clone())),
            Block::Letter(letter) => add(&Passage::new().name(letter.plain())),
            Block::Figure(_) | Block::Table(_) => {}
        }
    }
    text
}

/// What is measured, without area and period: the parts of a subtitle that every area shares.
fn general(site: &Site<'_>, figure: &Figure, area: &str) -> String {
    let others: Vec<&Figure> =
        site.publication.documents.iter().flat_map(Document::figures).map(|(_, other)| other).filter(|other| other.slug() == figure.slug()).collect();
    let mut parts: Vec<&str> = figure.subtitle().split(", ").collect();
    if parts.len() > 1 && has_period_at_end(figure.subtitle()) {
        parts.pop();
    }
    let in_all = |part: &&str| *part != area && others.iter().all(|other| other.subtitle().split(", ").any(|it| it == *part));
    let shared: Vec<&str> = parts.iter().filter(|part| in_all(part)).copied().collect();
    let words = if shared.is_empty() { parts.first().copied().unwrap_or_default().to_owned() } else { shared.join(", ") };
    // Several exhibits may measure the same of different things: then the thing is named.
    let is_shared_by_another = site
        .publication
        .documents
        .iter()
        .flat_map(Document::figures)
        .any(|(_, other)| other.slug() != figure.slug() && other.subtitle() == figure.subtitle());
    let subject = figure
        .provenance()
        .definition
        .as_ref()
        .filter(|_| is_shared_by_another)
        .map(|(id, _)| site.publication.measures.iter().find(|measure| measure.id == *id).map_or(id.as_str(), |measure| measure.name.as_str()));
    subject.map_or(words.clone(), |subject| format!("{words}: {subject}"))
}

/// The index as a script: a value and nothing that acts.
///
/// Words that all areas have of the same section or figure are written once.
pub(crate) fn index(site: &Site<'_>, entries: &[Entry]) -> String {
    let mut alike: BTreeMap<(Found, &str), Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        alike.entry((entry.kind, &entry.key)).or_default().push(entry);
    }
    let mut shared: Vec<String> = vec![String::new()];
    let mut place: BTreeMap<(Found, &str), (usize, BTreeSet<&str>)> = BTreeMap::new();
    for (key, group) in alike.iter().filter(|(_, group)| group.len() > 1) {
        let common: BTreeSet<&str> =
            group[0].words.iter().map(String::as_str).filter(|word| group.iter().all(|entry| entry.words.contains(*word))).collect();
        if !common.is_empty() {
            shared.push(common.iter().copied().collect::<Vec<_>>().join(" "));
            place.insert(*key, (shared.len() - 1, common));
        }
    }
    let kinds: Vec<&str> = Found::ALL.iter().map(|kind| kind.word(site)).collect();
    let rows: Vec<Json> = entries
        .iter()
        .map(|entry| {
            let found = place.get(&(entry.kind, entry.key.as_str()));
            let own: Vec<&str> =
                entry.words.iter().map(String::as_str).filter(|word| found.is_none_or(|(_, common)| !common.contains(word))).collect();
            let area = entry.document.map_or(-1, |position| i64::try_from(position).unwrap_or(-1));
            let kind = Found::ALL.iter().position(|kind| *kind == entry.kind).unwrap_or(0);
            json!([kind, area, entry.title, entry.address, found.map_or(0, |(place, _)| *place), own.join(" ")])
        })
        .collect();
    let areas: Vec<&str> = site.publication.documents.iter().map(|document| document.area.as_str()).collect();
    let index = json!({"areas": areas, "kinds": kinds, "shared": shared, "entries": rows});
    // A line an entry, so that two editions can be compared; and no `</`, should anyone ever put it into a page.
    let index = index.to_string().replace("],[", "],\n[").replace("</", "<\\/");
    format!("\"use strict\";\nvar headwaterIndex = {index};\n")
}

/// What is on a site, for programs and for the next edition, which says what has changed.
pub(crate) fn contents(site: &Site<'_>, entries: &[Entry]) -> Json {
    let publication = site.publication;
    let documents: Vec<Json> = publication
        .documents
        .iter()
        .enumerate()
        .map(|(position, document)| {
            let of = |wanted: &[Found]| -> Vec<Json> {
                entries
                    .iter()
                    .filter(|entry| entry.document == Some(position) && wanted.contains(&entry.kind))
                    .map(|entry| json!({"slug": entry.key, "title": entry.title, "name": entry.general, "address": entry.address}))
                    .collect()
            };
            json!({
                "slug": document.slug, "area": document.area, "title": document.title, "period": document.period,
                "address": format!("{}/index.html", site.folder(position)),
                "sections": of(&[Found::Section]), "exhibits": of(&[Found::Figure, Found::Table]),
            })
        })
        .collect();
    json!({
        "title": publication.title,
        "issued": publication.imprint.issued.map(|day| day.to_string()),
        "publisher": publication.imprint.publisher.name,
        "documents": documents,
    })
}
