//! One section, one page; and the pages about the publication, which are sections, too.

use crate::address::Here;
use crate::page::Download;
use crate::page::block::blocks;
use crate::page::layout::{Page, framed};
use crate::page::passage::{passage, tied};
use headwater_release::{Audience, Document, Section};
use maud::{Markup, html};

/// The page of a section, and the files it offers.
pub(crate) fn section<'a>(here: &Here<'_>, document: &Document, it: &'a Section, position: usize) -> (String, Vec<Download<'a>>) {
    let (content, downloads) = blocks(&it.blocks, here, &it.slug);
    let number = position + 1;
    let index = here.document.unwrap_or(0);
    let path = format!("{}/{}", here.site.folder(index), here.site.section_file(index, position));
    let page = Page {
        title: format!("{}: {}", document.area, it.title.plain()),
        audience: document.audience,
        trail: vec![(here.site.words().all.into(), format!("{}index.html", here.root)), (document.area.clone(), "index.html".into())],
        main: html! {
            p.above { (document.area) ", " (document.period) ". Section " (number) " of " (document.sections.len()) ": " (it.name) }
            h1 { (tied(&it.title.plain())) }
            @if !it.lede.is_empty() { p.lede { (passage(&it.lede, here)) } }
            (content)
            (neighbours(here, document, position))
        },
        beside: Some(html! {
            nav.beside aria-labelledby="sections" {
                h2 #sections { (here.site.words().this) }
                ol {
                    @for (i, section) in document.sections.iter().enumerate() {
                        li {
                            @if i == position { a href=(here.site.section_file(index, i)) aria-current="page" { (section.name) } }
                            @else { a href=(here.site.section_file(index, i)) { (section.name) } }
                        }
                    }
                }
            }
        }),
        path: &path,
    };
    (framed(&page, here), downloads)
}

fn neighbours(here: &Here<'_>, document: &Document, position: usize) -> Markup {
    let index = here.document.unwrap_or(0);
    let before = position.checked_sub(1).and_then(|i| Some((i, document.sections.get(i)?)));
    let after = document.sections.get(position + 1).map(|section| (position + 1, section));
    html! {
        nav.neighbours aria-label="Previous and next section" {
            @if let Some((i, section)) = before {
                a rel="prev" href=(here.site.section_file(index, i)) { span { "Previous: " } (section.name) }
            } @else {
                a rel="prev" href="index.html" { span { "Previous: " } "Contents" }
            }
            @if let Some((i, section)) = after {
                a rel="next" href=(here.site.section_file(index, i)) { span { "Next: " } (section.name) }
            }
        }
    }
}

/// A page about the publication, and the files it offers.
pub(crate) fn about<'a>(here: &Here<'_>, it: &'a Section, position: usize) -> (String, Vec<Download<'a>>) {
    let (content, downloads) = blocks(&it.blocks, here, &it.slug);
    let path = format!("about/{}", here.site.about_file(position));
    let page = Page {
        title: it.title.plain(),
        audience: narrowest(here),
        trail: vec![(here.site.words().all.into(), format!("{}index.html", here.root))],
        main: html! {
            p.above { (it.name) }
            h1 { (tied(&it.title.plain())) }
            @if !it.lede.is_empty() { p.lede { (passage(&it.lede, here)) } }
            (content)
        },
        beside: None,
        path: &path,
    };
    (framed(&page, here), downloads)
}

/// The narrowest audience of all documents: what a page about all of them must be marked with.
pub(crate) fn narrowest(here: &Here<'_>) -> Audience {
    here.site.publication.documents.iter().map(|document| document.audience).min().unwrap_or(Audience::Public)
}
