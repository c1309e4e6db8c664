//! What is new in an edition beside the one before, and the feed that tells it.

use crate::edition::{Edition, addresses};
use maud::{PreEscaped, html};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// The file of an edition that says what is in it.
pub(crate) const CONTENTS: &str = "contents.json";

/// Areas by the name of what came or went in them.
type ByName<'a> = BTreeMap<String, BTreeSet<&'a str>>;

/// A figure whose message is another one now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) was: String,
    pub(crate) now: String,
    /// Where it stands, below the edition's folder.
    pub(crate) address: String,
}

/// What is new in one edition.
#[derive(Clone, Debug)]
pub(crate) struct News<'a> {
    pub(crate) edition: &'a Edition,
    /// The edition that it superseded.
    pub(crate) before: Option<&'a Edition>,
    /// From the top folder to where it stands: nothing for the newest.
    pub(crate) folder: String,
    pub(crate) added: Vec<String>,
    pub(crate) gone: Vec<String>,
    /// By area.
    pub(crate) changed: Vec<(String, Vec<Change>)>,
}

/// What is new in each edition, newest first; editions are given oldest first.
pub(crate) fn news(editions: &[Edition]) -> Vec<News<'_>> {
    let contents: Vec<Json> = editions.iter().map(contents).collect();
    let mut all = Vec::new();
    for (i, (edition, address)) in editions.iter().zip(addresses(editions)).enumerate() {
        let before = i.checked_sub(1).and_then(|before| editions.get(before));
        let folder = if i + 1 == editions.len() { String::new() } else { format!("editions/{address}/") };
        let mut one = News { edition, before, folder, added: Vec::new(), gone: Vec::new(), changed: Vec::new() };
        if let Some(earlier) = i.checked_sub(1).and_then(|before| contents.get(before)) {
            one.compare(earlier, &contents[i]);
        }
        all.push(one);
    }
    all.reverse();
    all
}

/// What an edition says is in it; nothing of an edition that does not say.
fn contents(edition: &Edition) -> Json {
    let file = edition.files.iter().find(|file| file.path == CONTENTS);
    file.and_then(|file| serde_json::from_slice(&file.bytes).ok()).unwrap_or(Json::Null)
}

fn text<'a>(value: &'a Json, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// Members of a list by their slugs.
fn by_slug<'a>(value: &'a Json, key: &str) -> BTreeMap<&'a str, &'a Json> {
    value[key].as_array().into_iter().flatten().map(|it| (text(it, "slug"), it)).collect()
}

impl News<'_> {
    /// What it is, in a sentence or two.
    pub(crate) fn headline(&self) -> String {
        let period = &self.edition.period;
        match (self.before, &self.edition.because) {
            (Some(before), Some(because)) => {
                let because = because.trim().trim_end_matches('.');
                format!("Supersedes the edition of {}: {because}. It covers {period}.", before.day.name())
            }
            _ => format!("The first edition. It covers {period}."),
        }
    }

    fn compare(&mut self, earlier: &Json, later: &Json) {
        let (before, now) = (by_slug(earlier, "documents"), by_slug(later, "documents"));
        let area = |document: &Json| format!("The area {}", text(document, "area"));
        self.added.extend(now.iter().filter(|(slug, _)| !before.contains_key(*slug)).map(|(_, document)| area(document)));
        self.gone.extend(before.iter().filter(|(slug, _)| !now.contains_key(*slug)).map(|(_, document)| area(document)));
        let (mut came, mut went) = (ByName::new(), ByName::new());
        // In the order of the document, not of the alphabet: the whole area is the first.
        for document in later["documents"].as_array().into_iter().flatten() {
            let Some(old) = before.get(text(document, "slug")) else { continue };
            let area = text(document, "area");
            for part in ["sections", "exhibits"] {
                let (had, has) = (by_slug(old, part), by_slug(document, part));
                let name = |it: &Json| format!("{}: {}", if part == "sections" { "Section" } else { "Exhibit" }, text(it, "name"));
                for (_, it) in has.iter().filter(|(slug, _)| !had.contains_key(*slug)) {
                    came.entry(name(it)).or_default().insert(area);
                }
                for (_, it) in had.iter().filter(|(slug, _)| !has.contains_key(*slug)) {
                    went.entry(name(it)).or_default().insert(area);
                }
            }
            let had = by_slug(old, "exhibits");
            let changes: Vec<Change> = document["exhibits"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|it| {
                    let was = text(had.get(text(it, "slug"))?, "title");
                    let now = text(it, "title");
                    (was != now).then(|| Change { was: was.to_owned(), now: now.to_owned(), address: text(it, "address").to_owned() })
                })
                .collect();
            if !changes.is_empty() {
                self.changed.push((area.to_owned(), changes));
            }
        }
        let lines = |all: ByName<'_>| {
            all.into_iter().map(|(name, areas)| format!("{name} ({})", areas.into_iter().collect::<Vec<_>>().join(", "))).collect::<Vec<_>>()
        };
        self.added.extend(lines(came));
        self.gone.extend(lines(went));
    }
}

/// The feed (RFC 4287). Addresses are relative to it, so that the site may lie anywhere; ids are made of checksums.
pub(crate) fn feed(all: &[News<'_>]) -> String {
    let Some(newest) = all.first() else { return String::new() };
    let about = contents(newest.edition);
    let title = text(&about, "title");
    let publisher = about["publisher"].as_str().unwrap_or(title);
    let first = all.last().map_or("", |one| one.edition.sha256.as_str());
    let entries = html! {
        @for one in all {
            (open("entry"))
            (element("title", &format!("Edition of {}", one.edition.day.name())))
            (element("id", &urn(&one.edition.sha256)))
            (element("updated", &format!("{}T00:00:00Z", one.edition.day)))
            (link("alternate", &format!("{}index.html", one.folder)))
            (element("summary", &one.summary()))
            (close("entry"))
        }
    };
    html! {
        (PreEscaped("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en-GB\">\n"))
        (element("title", &format!("What’s new: {title}")))
        // The first edition never changes: its checksum names the feed for good, apart from the entry's own.
        (element("id", &urn(&first.chars().rev().collect::<String>())))
        (element("updated", &format!("{}T00:00:00Z", newest.edition.day)))
        (link("self", "whats-new.atom"))
        (link("alternate", "whats-new.html"))
        (open("author")) (element("name", publisher)) (close("author"))
        (entries)
        (close("feed"))
    }
    .into_string()
}

impl News<'_> {
    fn summary(&self) -> String {
        let n: usize = self.changed.iter().map(|(_, changes)| changes.len()).sum();
        let mut words = self.headline();
        for (what, lines) in [("Added", &self.added), ("No longer there", &self.gone)] {
            if !lines.is_empty() {
                words += &format!(" {what}: {}.", lines.join("; "));
            }
        }
        if n > 0 {
            words += &format!(" {n} {} something else than before.", if n == 1 { "figure says" } else { "figures say" });
        }
        words
    }
}

fn open(name: &str) -> PreEscaped<String> {
    PreEscaped(format!("<{name}>\n"))
}

fn close(name: &str) -> PreEscaped<String> {
    PreEscaped(format!("</{name}>\n"))
}

fn element(name: &str, words: &str) -> PreEscaped<String> {
    PreEscaped(format!("<{name}>{}</{name}>\n", html! { (words) }.into_string()))
}

fn link(relation: &str, address: &str) -> PreEscaped<String> {
    PreEscaped(format!("<link rel=\"{relation}\" href=\"{}\"/>\n", html! { (address) }.into_string()))
}

/// A name made of the first half of a checksum: a UUID of version 8, whose bits are the maker's own (RFC 9562).
fn urn(sha256: &str) -> String {
    let mut digits: Vec<char> = sha256.chars().filter(char::is_ascii_hexdigit).chain("0".repeat(32).chars()).take(32).collect();
    (digits[12], digits[16]) = ('8', '8');
    let part = |from: usize, to: usize| digits[from..to].iter().collect::<String>();
    format!("urn:uuid:{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

#[cfg(test)]
mod tests {
    use super::urn;

    #[test]
    fn a_checksum_gives_a_uuid_of_version_eight() {
        assert_eq!(urn("ba7816bf8f01cfea414140de5dae2223b00361a396177a9c"), "urn:uuid:ba7816bf-8f01-8fea-8141-40de5dae2223");
        assert_eq!(urn("ab"), "urn:uuid:ab000000-0000-8000-8000-000000000000");
    }
}
