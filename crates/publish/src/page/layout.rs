//! What every page has: head, skip link, header, main, footer.

use crate::site::Links;
use maud::{DOCTYPE, Markup, html};

/// One step of the trail from the start page: its words and, but for the last, its address.
pub type Crumb = (String, Option<String>);

/// A whole page. `restricted` is the banner's text on pages that are not for everyone.
pub fn page(links: &Links<'_>, title: &str, crumbs: &[Crumb], restricted: Option<&str>, main: &Markup) -> String {
    let publication = links.publication();
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) @if title != publication.title { " – " (publication.title) } }
                link rel="stylesheet" href={ (links.up) "style.css" };
            }
            body {
                a.skip href="#main" { "Skip to main content" }
                header.band {
                    div.width {
                        a.home href={ (links.up) "index.html" } { (publication.title) }
                    }
                }
                div.width {
                    @if !crumbs.is_empty() {
                        nav.crumbs aria-label="Breadcrumb" {
                            ol {
                                @for (words, address) in crumbs {
                                    li {
                                        @match address {
                                            Some(address) => a href=(address) { (words) },
                                            None => span aria-current="page" { (words) },
                                        }
                                    }
                                }
                            }
                        }
                    }
                    @if let Some(words) = restricted {
                        p.restricted { strong { "Not for sharing." } " " (words) }
                    }
                    main #main tabindex="-1" { (main) }
                }
                footer.band {
                    div.width {
                        @if !publication.about.is_empty() {
                            nav aria-label="About these pages" {
                                ul.plain {
                                    @for section in &publication.about {
                                        li { a href={ (links.up) "about/" (section.slug) ".html" } { (section.name) } }
                                    }
                                }
                            }
                        }
                        @for words in &publication.attribution { p.small { (words) } }
                    }
                }
            }
        }
    }
    .into_string()
}
