//! What must be true of every page: a reader of tags, not of layout; `accessibility/` looks with a browser.

use std::collections::{BTreeMap, BTreeSet};

/// A start tag with its attributes, and the text up to the next tag.
#[derive(Clone, Debug)]
pub struct Tag {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub text: String,
    pub closes: bool,
}

impl Tag {
    pub fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute).map(String::as_str)
    }
}

const VOID: [&str; 6] = ["meta", "link", "br", "hr", "img", "input"];

/// The tags of a page in order; complains about what is not well formed.
pub fn tags(html: &str) -> Result<Vec<Tag>, String> {
    let (mut tags, mut open): (Vec<Tag>, Vec<String>) = (Vec::new(), Vec::new());
    for piece in html.split('<').skip(1) {
        let (inside, text) = piece.split_once('>').ok_or("a tag does not end")?;
        if inside.starts_with('!') {
            continue;
        }
        let closes = inside.starts_with('/');
        let own_end = inside.ends_with('/');
        let inside = inside.trim_matches('/');
        let (name, rest) = inside.split_once(' ').unwrap_or((inside, ""));
        if closes {
            let expected = open.pop().ok_or_else(|| format!("</{name}> closes nothing"))?;
            if expected != name {
                return Err(format!("</{name}> closes <{expected}>"));
            }
        } else if !own_end && !VOID.contains(&name) {
            open.push(name.to_owned());
        }
        tags.push(Tag { name: name.to_owned(), attributes: attributes(rest)?, text: text.to_owned(), closes });
    }
    if open.is_empty() { Ok(tags) } else { Err(format!("never closed: {open:?}")) }
}

fn attributes(mut rest: &str) -> Result<BTreeMap<String, String>, String> {
    let mut found = BTreeMap::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Ok(found);
        }
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        let (value, after) = match rest[end..].strip_prefix("=\"") {
            Some(quoted) => quoted.split_once('"').ok_or_else(|| format!("the value of {name} does not end"))?,
            None => ("", &rest[end..]),
        };
        if found.insert(name.clone(), value.to_owned()).is_some() {
            return Err(format!("{name} is given twice"));
        }
        rest = after;
    }
}

/// Everything wrong with a page, in sentences. `files` are all paths of the site with the ids in them.
pub fn faults(path: &str, html: &str, files: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let tags = match tags(html) {
        Ok(tags) => tags,
        Err(fault) => return vec![fault],
    };
    let mut faults = Vec::new();
    let mut say = |wrong: bool, words: String| {
        if wrong {
            faults.push(words);
        }
    };
    let starts = || tags.iter().filter(|tag| !tag.closes);
    let count = |name: &str| starts().filter(|tag| tag.name == name).count();
    for (name, wanted) in [
        ("h1", 1),
        ("main", 1),
        ("header", 1),
        ("footer", 1),
        ("title", 1),
        ("script", if path.ends_with("search.html") { 2 } else { 0 }),
        ("style", 0),
        ("img", 0),
        ("iframe", 0),
    ] {
        // Drawings have titles of their own; the page has one in its head.
        let found = if name == "title" { html.split("<body").next().unwrap_or("").matches("<title").count() } else { count(name) };
        say(found != wanted, format!("has {found} <{name}>, not {wanted}"));
    }
    let language = if path.ends_with("cymraeg.html") { "cy" } else { "en-GB" };
    say(starts().find(|t| t.name == "html").and_then(|t| t.get("lang")) != Some(language), format!("is not in {language}"));
    say(starts().find(|t| t.name == "a").and_then(|t| t.get("href")) != Some("#main"), "does not begin with a skip link".into());

    let mut ids = BTreeSet::new();
    for id in starts().filter_map(|tag| tag.get("id")) {
        say(!ids.insert(id.to_owned()), format!("has the id {id} twice"));
    }
    let mut level = 0;
    for tag in starts().filter(|tag| tag.name.len() == 2 && tag.name.starts_with('h') && tag.name != "hr") {
        let this: usize = tag.name[1..].parse().unwrap_or(9);
        say(this > level + 1, format!("goes from heading {level} to {this}"));
        level = this;
    }
    for tag in starts() {
        for attribute in tag.attributes.keys() {
            say(attribute == "style" || attribute.starts_with("on"), format!("has {attribute} on a <{}>", tag.name));
        }
        for reference in ["aria-labelledby", "aria-describedby"] {
            if let Some(id) = tag.get(reference) {
                say(!ids.contains(id), format!("<{}> points to the missing id {id}", tag.name));
            }
        }
        let named = tag.get("role") == Some("img") && tag.get("aria-labelledby").is_some() && tag.get("aria-describedby").is_some();
        say(tag.name == "svg" && !named && tag.get("aria-hidden") != Some("true"), "has a drawing without a name".into());
        say(tag.name == "th" && !matches!(tag.get("scope"), Some("col" | "row")), "has a heading cell without scope".into());
        let target = tag.get("href").or(tag.get("src")).or(tag.get("action")).unwrap_or("");
        say(tag.name != "a" && target.contains("://"), format!("asks for {target}"));
        if ["a", "link", "script", "form"].contains(&tag.name.as_str()) {
            say(!resolves(path, target, files), format!("links to {target}, which is not there"));
        }
    }
    for (cell, next) in tags.iter().zip(tags.iter().skip(1)) {
        let empty = !cell.closes && ["td", "th", "h1", "h2", "h3", "li", "a", "text"].contains(&cell.name.as_str());
        say(empty && cell.text.trim().is_empty() && next.closes, format!("has an empty <{}>", cell.name));
    }
    say(count("table") != count("caption"), "has a table without caption".into());
    say(html.contains("NaN") || html.contains("\"inf"), "holds something that is no number".into());
    faults
}

fn resolves(from: &str, target: &str, files: &BTreeMap<String, BTreeSet<String>>) -> bool {
    if target.starts_with("https://") || target.starts_with("mailto:") {
        return true;
    }
    let (address, id) = target.split_once('#').unwrap_or((target, ""));
    let mut parts: Vec<&str> = if address.starts_with('/') { vec![] } else { from.split('/').collect() };
    if !address.is_empty() {
        parts.pop();
        for part in address.split('/').filter(|part| !part.is_empty()) {
            if part == ".." {
                parts.pop();
            } else {
                parts.push(part);
            }
        }
    }
    files.get(&parts.join("/")).is_some_and(|ids| id.is_empty() || ids.contains(id))
}
