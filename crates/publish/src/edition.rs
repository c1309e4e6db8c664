//! All editions of a publication as one site: the newest at lasting addresses, every one at its dated address.

use crate::address::unique;
use crate::news;
use crate::page::slot::{Filling, fill};
use crate::page::{self, Standing};
use crate::site::File;
use headwater_release::Day;
use std::collections::BTreeSet;

/// A publication as it was on its day, with the places for what came later still open: see [`edition`](crate::edition).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// The day it was published.
    pub day: Day,
    /// The period it covers, in words.
    pub period: String,
    /// Why it superseded the edition before; none for the first.
    pub because: Option<String>,
    /// SHA-256 of the edition as it is kept, 64 hexadecimal digits.
    pub sha256: String,
    /// Its files.
    pub files: Vec<File>,
}

/// Pages that are about all editions and stand at the top only; so does the page that stands in for any.
const OF_ALL: [&str; 3] = ["404.html", EDITIONS, WHATS_NEW];
const EDITIONS: &str = "editions.html";
const WHATS_NEW: &str = "whats-new.html";

/// The folder of each edition below `editions/`: its day, with a number where two have the same.
pub(crate) fn addresses(editions: &[Edition]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    editions.iter().map(|edition| unique(&edition.day.to_string(), &mut taken)).collect()
}

/// Puts a site together of all editions, given oldest first; its files in order of path.
///
/// The newest edition stands at the top, and every edition, the newest too, below `editions/` under its day. Pages of an
/// edition that was superseded say so first, by which, when and why, and lead to the same page of the newest. A list of
/// the editions, what is new in each, and a feed stand at the top. The same editions always give the same bytes.
///
/// # Errors
/// Refuses no editions at all, editions that are not in order of their days, and a later one that says no reason.
pub fn site_of_editions(editions: &[Edition]) -> Result<Vec<File>, String> {
    let Some(newest) = editions.last() else {
        return Err("there is no edition to make a site of: publish one first".to_owned());
    };
    if let Some(pair) = editions.windows(2).find(|pair| pair[0].day > pair[1].day) {
        return Err(format!("the edition of {} comes after that of {}: give them oldest first", pair[1].day, pair[0].day));
    }
    if let Some(silent) = editions.iter().skip(1).find(|edition| edition.because.as_ref().is_none_or(|words| words.trim().is_empty())) {
        return Err(format!("the edition of {} does not say why it supersedes the one before", silent.day));
    }
    let there: BTreeSet<&str> = newest.files.iter().map(|file| file.path.as_str()).collect();
    let news = news::news(editions);
    let mut files = Vec::new();
    for file in &newest.files {
        let body = match file.path.as_str() {
            EDITIONS => page::list(editions),
            WHATS_NEW => page::news(&news),
            _ => String::new(),
        };
        let root = up(&file.path);
        let filling = Filling { head: page::head(Standing::Stable, &root, ""), links: page::links(&root), body, ..Filling::default() };
        files.push(filled(file, file.path.clone(), &filling));
    }
    files.push(File { path: "whats-new.atom".to_owned(), bytes: news::feed(&news).into_bytes() });
    for (i, (edition, address)) in editions.iter().zip(addresses(editions)).enumerate() {
        let standing = editions.get(i + 1).map_or(Standing::Newest(edition), |by| Standing::Superseded(edition, by));
        for file in edition.files.iter().filter(|file| !OF_ALL.contains(&file.path.as_str())) {
            let path = format!("editions/{address}/{}", file.path);
            let root = up(&path);
            let is_there = there.contains(file.path.as_str());
            let same = format!("{root}{}", if is_there { file.path.as_str() } else { "index.html" });
            let filling = Filling {
                head: page::head(standing, &root, &same),
                banner: page::banner(standing, &root, &same, is_there),
                links: page::links(&root),
                body: String::new(),
                title: format!(", edition of {}", edition.day.name()),
            };
            files.push(filled(file, path, &filling));
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn filled(file: &File, path: String, filling: &Filling) -> File {
    let bytes = if file.path.ends_with(".html") { fill(&file.bytes, filling) } else { file.bytes.clone() };
    File { path, bytes }
}

/// From a page to the top folder.
fn up(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}

/// The files of one edition as a site of its own, which knows of no other.
pub(crate) fn alone(files: Vec<File>) -> Vec<File> {
    let keep = |file: &File| ![EDITIONS, WHATS_NEW].contains(&file.path.as_str());
    files.into_iter().filter(keep).map(|file| filled(&file, file.path.clone(), &Filling::default())).collect()
}
