//! The page that searches, and what it says where no script runs.

use crate::address::Here;
use crate::page::layout::{Manner, Page, SEARCH_PAGE, framed_as};
use crate::page::section::narrowest;
use maud::html;

/// Where the script stands that searches, and where the index, below the site's folder.
pub(crate) const SCRIPTS: [&str; 2] = ["search-index.js", "search.js"];

/// The page that searches. Without a script it leads to the list of everything.
pub(crate) fn search(here: &Here<'_>) -> String {
    let documents = &here.site.publication.documents;
    let page = Page {
        title: "Search".into(),
        audience: narrowest(here),
        trail: vec![(here.site.words().all.into(), format!("{}index.html", here.root))],
        main: html! {
            h1 { "Search" }
            form #search.ask role="search" aria-label="Everything on this site" action=(SEARCH_PAGE) method="get" {
                div {
                    label for="words" { "Words to look for" }
                    input #words name="q" type="search" autocomplete="off";
                }
                div {
                    label for="area" { (here.site.words().which) }
                    select #area name="area" {
                        option value="" { (here.site.words().all) }
                        @for (position, document) in documents.iter().enumerate() { option value=(position) { (document.area) } }
                    }
                }
                button type="submit" { "Search" }
            }
            p.note {
                "The search runs on your own device, which must allow scripts. Everything is also listed in the "
                a href="a-to-z.html" { "A to Z" } "."
            }
            p #found role="status" {}
            ol #results {}
        },
        beside: None,
        path: SEARCH_PAGE,
    };
    framed_as(&page, here, Manner { language: "en-GB", scripts: &SCRIPTS })
}
