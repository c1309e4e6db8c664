//! The same for other readers: a page of their own, and links in both directions.

use crate::address::Here;
use crate::page::layout::{Manner, Page, framed_as};
use crate::page::section::narrowest;
use crate::page::writing::written;
use headwater_release::{Readership, Rendering, Translation};
use maud::{Markup, html};

/// What a translation's file is called, beside the page that it translates.
pub(crate) fn translation_file(it: &Translation) -> String {
    let ending = match it.rendering {
        Rendering::Words(_) => "html",
        Rendering::Pdf(_) => "pdf",
    };
    format!("{}.{ending}", it.readership.slug())
}

/// The page of a translation in words. `here` is the page that it translates.
pub(crate) fn translation(here: &Here<'_>, it: &Translation, markdown: &str) -> String {
    let text = written(markdown);
    let publication = here.site.publication;
    let subject = here.the_document().map_or(publication.title.as_str(), |document| document.title.as_str());
    let file = translation_file(it);
    let path = here.document.map_or_else(|| file.clone(), |document| format!("{}/{file}", here.site.folder(document)));
    let title = text.title.unwrap_or_else(|| subject.to_owned());
    let is_welsh = it.readership == Readership::Welsh;
    let page = Page {
        title: format!("{title} ({})", it.readership.name()),
        audience: here.the_document().map_or_else(|| narrowest(here), |document| document.audience),
        trail: vec![(here.site.words().all.into(), format!("{}index.html", here.root)), (subject.to_owned(), "index.html".into())],
        main: html! {
            p.other-readings lang="en-GB" { a href="index.html" hreflang="en-GB" { @if is_welsh { "English" } @else { "The full page" } } }
            div.easy[it.readership == Readership::EasyRead] {
                h1 { (title) }
                (text.body)
            }
        },
        beside: None,
        path: &path,
    };
    framed_as(&page, here, Manner { language: it.readership.language(), scripts: &[] })
}

/// Links from a page to its translations; nothing where there is none.
pub(crate) fn other_readings(here: &Here<'_>) -> Markup {
    let slug = here.the_document().map(|document| &document.slug);
    let all: Vec<&Translation> = here.site.publication.translations.iter().filter(|it| it.document.as_ref() == slug).collect();
    html! {
        @if !all.is_empty() {
            ul.other-readings {
                @for it in all {
                    li {
                        a href=(translation_file(it)) hreflang=(it.readership.language()) lang=(it.readership.language()) {
                            (it.readership.name()) @if matches!(it.rendering, Rendering::Pdf(_)) { " (PDF)" }
                        }
                    }
                }
            }
        }
    }
}
