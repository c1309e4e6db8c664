//! Everything on the site by its first letter: what search finds, for readers without a script.

use crate::address::Here;
use crate::chart::lettering::capital;
use crate::listing::Entry;
use crate::page::layout::{Page, framed};
use crate::page::section::narrowest;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// What stands under a letter: by name, whatever its case, the name as written and where it is.
type Names<'a> = BTreeMap<String, (String, Vec<&'a Entry>)>;

/// The list of everything.
pub(crate) fn a_to_z(here: &Here<'_>, entries: &[Entry]) -> String {
    let mut letters: BTreeMap<char, Names<'_>> = BTreeMap::new();
    for entry in entries {
        let name = capital(entry.general.trim());
        let letter = name.chars().next().filter(char::is_ascii_alphabetic).map_or('#', |letter| letter.to_ascii_uppercase());
        let under = letters.entry(letter).or_default().entry(name.to_lowercase()).or_insert_with(|| (name.clone(), Vec::new()));
        under.1.push(entry);
    }
    let page = Page {
        title: "A to Z".into(),
        audience: narrowest(here),
        trail: vec![(here.site.words().all.into(), format!("{}index.html", here.root))],
        main: html! {
            h1 { "A to Z" }
            p.lede { (here.site.words().a_to_z) }
            nav aria-label="Letters" {
                ul.letters { @for letter in letters.keys() { li { a href={ "#" (id(*letter)) } { (spoken(*letter)) } } } }
            }
            @for (letter, names) in &letters {
                h2 id=(id(*letter)) { (spoken(*letter)) }
                dl.names { @for (name, places) in names.values() { (under(here, name, places)) } }
            }
        },
        beside: None,
        path: "a-to-z.html",
    };
    framed(&page, here)
}

fn id(letter: char) -> String {
    if letter == '#' { "other".to_owned() } else { letter.to_ascii_lowercase().to_string() }
}

fn spoken(letter: char) -> String {
    if letter == '#' { "Numbers".to_owned() } else { letter.to_string() }
}

/// One name: a link, or a link for each area.
fn under(here: &Here<'_>, name: &str, places: &[&Entry]) -> Markup {
    let documents = &here.site.publication.documents;
    let area = |entry: &Entry| entry.document.and_then(|position| documents.get(position)).map(|document| document.area.as_str());
    html! {
        @match places {
            [one] => {
                dt { a href={ (here.root) (one.address) } { (name) } }
                dd { (one.kind.word(here.site)) @if let Some(area) = area(one).filter(|area| *area != name) { ", " (area) } }
            },
            many => {
                dt { (name) }
                dd {
                    ul {
                        @for entry in many {
                            li { a href={ (here.root) (entry.address) } { (area(entry).unwrap_or(entry.kind.word(here.site))) } }
                        }
                    }
                }
            }
        }
    }
}
