//! Which edition a page belongs to, the list of all editions, and what is new in each.

use crate::address::Here;
use crate::edition::{Edition, addresses};
use crate::news::{Change, News};
use crate::page::layout::{Page, framed};
use crate::page::section::narrowest;
use crate::page::slot;
use maud::{PreEscaped, html};

/// How a page stands to the newest edition.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Standing<'a> {
    /// At its stable address.
    Stable,
    /// At the dated address of the newest edition.
    Newest(&'a Edition),
    /// At the dated address of an edition that was superseded by the second.
    Superseded(&'a Edition, &'a Edition),
}

/// The page that lists the editions, before they are known.
pub(crate) fn editions(here: &Here<'_>) -> String {
    framed_slot(here, "Editions", "editions.html")
}

/// The page that says what is new, before it is known.
pub(crate) fn whats_new(here: &Here<'_>) -> String {
    framed_slot(here, "What’s new", "whats-new.html")
}

fn framed_slot(here: &Here<'_>, title: &str, path: &str) -> String {
    let page = Page {
        title: title.to_owned(),
        audience: narrowest(here),
        trail: vec![(here.site.words().all.into(), format!("{}index.html", here.root))],
        main: html! { h1 { (title) } (PreEscaped(slot::BODY)) },
        beside: None,
        path,
    };
    framed(&page, here)
}

/// Relations for programs: the feed, and the page's newest edition. `root` leads from the page to the top folder.
pub(crate) fn head(standing: Standing<'_>, root: &str, newest: &str) -> String {
    html! {
        link rel="alternate" type="application/atom+xml" title="What’s new" href={ (root) "whats-new.atom" };
        @match standing {
            Standing::Stable => {},
            Standing::Newest(_) => link rel="canonical" href=(newest);,
            Standing::Superseded(..) => link rel="latest-version" href=(newest);,
        }
    }
    .into_string()
}

/// Which edition this is: nothing at a stable address. `newest` is the page's address there, or the front page's where
/// the newest edition has no such page.
pub(crate) fn banner(standing: Standing<'_>, root: &str, newest: &str, is_there: bool) -> String {
    let all = html! { a href={ (root) "editions.html" } { "All editions" } };
    let banner = match standing {
        Standing::Stable => html! {},
        Standing::Newest(edition) => html! {
            p.edition {
                "This is the edition of " (edition.day.name()) ", kept at this address. It is the newest: "
                a href=(newest) { "its lasting address" } ". " (all)
            }
        },
        Standing::Superseded(edition, by) => html! {
            div.edition.superseded {
                p {
                    strong { "Superseded: " } "this is the edition of " (edition.day.name()) ". It was superseded on " (by.day.name()) " by "
                    a href={ (root) "editions/" (by.day) "/index.html" } { "the edition of that day" } "."
                    @if let Some(because) = &by.because { " Reason: " (ended(because)) }
                }
                p {
                    @if is_there { a href=(newest) { "This page in the newest edition" } }
                    @else { "The newest edition has no such page. " a href=(newest) { "Its front page" } }
                    ". " (all)
                }
            }
        },
    };
    banner.into_string()
}

/// A reason as a sentence, whether it was given with a full stop or without.
fn ended(words: &str) -> String {
    let words = words.trim();
    if words.ends_with(['.', '!', '?']) { words.to_owned() } else { format!("{words}.") }
}

/// Links to the pages about editions, for the list at the foot.
pub(crate) fn links(root: &str) -> String {
    html! {
        li { a href={ (root) "editions.html" } { "Editions" } }
        li { a href={ (root) "whats-new.html" } { "What’s new" } }
    }
    .into_string()
}

/// The list of all editions, given oldest first.
pub(crate) fn list(editions: &[Edition]) -> String {
    let newest_first: Vec<(&Edition, String, Option<&Edition>)> =
        editions.iter().zip(addresses(editions)).enumerate().map(|(i, (edition, address))| (edition, address, editions.get(i + 1))).rev().collect();
    html! {
        p.lede { "The newest edition stands at the lasting addresses of this site. Every edition stays at its own, dated address." }
        div.scroll role="group" aria-labelledby="editions-caption" tabindex="0" {
            table {
                caption #editions-caption { "Editions, newest first" }
                thead { tr { th.t scope="col" { "Published" } th.t scope="col" { "Period" } th.t scope="col" { "Standing" } th.t scope="col" { "Why" } } }
                tbody {
                    @for (edition, address, superseded_by) in &newest_first {
                        tr {
                            th.t scope="row" { a href={ "editions/" (address) "/index.html" } { (edition.day.name()) } }
                            td.t { (edition.period) }
                            td.t { @match superseded_by { Some(by) => { "superseded on " (by.day.name()) }, None => "newest" } }
                            td.t { @match &edition.because { Some(because) => (because), None => "first edition" } }
                        }
                    }
                }
            }
        }
        h2 { "Checksums" }
        p { "The publisher keeps each edition whole, as one file, and has its SHA-256 in a log to which nothing can be added in between. Ask the publisher for the file to compare." }
        dl.facts { @for (edition, ..) in &newest_first { div { dt { (edition.day.name()) } dd { code { (edition.sha256) } } } } }
    }
    .into_string()
}

/// What is new in each edition, newest first.
pub(crate) fn news(all: &[News<'_>]) -> String {
    html! {
        p.lede { "What was added, corrected and superseded, edition by edition. " a href="whats-new.atom" { "Follow it as a feed (Atom)" } "." }
        @for one in all {
            h2 { time datetime=(one.edition.day) { (one.edition.day.name()) } }
            p {
                (one.headline())
                " " a href={ (one.folder) "index.html" } { "Open this edition" } "."
            }
            @for (title, words) in [("Added", &one.added), ("No longer there", &one.gone)] {
                @if !words.is_empty() {
                    h3 { (title) }
                    ul { @for line in words { li { (line) } } }
                }
            }
            @if !one.changed.is_empty() {
                h3 { "Figures that say something else" }
                @for (area, changes) in &one.changed {
                    details {
                        summary { (area) " (" (changes.len()) ")" }
                        ul { @for Change { was, now, address } in changes { li { a href={ (one.folder) (address) } { (now) } span.kind { "Before: " (was) } } } }
                    }
                }
            }
        }
    }
    .into_string()
}
