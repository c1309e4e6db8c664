//! The blocks of a section.

use crate::address::Here;
use crate::letter::quoted;
use crate::page::Download;
use crate::page::figure::{figure, lone_table};
use crate::page::passage::passage;
use headwater_release::{Block, Finding, Passage, Target};
use maud::{Markup, html};

/// All blocks in order, and the files they offer. What is not yet known is gathered where it follows on itself.
pub(crate) fn blocks<'a>(all: &'a [Block], here: &Here<'_>, name: &str) -> (Markup, Vec<Download<'a>>) {
    let (mut parts, mut downloads) = (Vec::new(), Vec::new());
    let (mut figures, mut tables, mut letters) = (0, 0, 0);
    let mut rest = all;
    while let Some((block, after)) = rest.split_first() {
        rest = after;
        parts.push(match block {
            Block::Paragraph(words) => html! { p { (passage(words, here)) } },
            Block::Heading(words) => html! { h2 { (words) } },
            Block::List(items) => html! { ul { @for item in items { li { (passage(item, here)) } } } },
            Block::Facts(facts) => self::facts(facts, here),
            Block::Findings(all) => findings(all, here),
            Block::Warning(words) => html! { div.warning { p { strong { "Important: " } (passage(words, here)) } } },
            Block::NotYetKnown(first) => {
                let more = rest.iter().take_while(|block| matches!(block, Block::NotYetKnown(_))).count();
                let (following, after) = rest.split_at(more);
                rest = after;
                let following = following.iter().filter_map(|block| if let Block::NotYetKnown(words) = block { Some(words) } else { None });
                not_yet_known(std::iter::once(first).chain(following), here)
            }
            Block::Letter(it) => {
                letters += 1;
                quoted(it, &format!("letter-{letters}"))
            }
            Block::Figure(it) => {
                let (markup, download) = figure(it, here, figures);
                figures += 1;
                downloads.push(download);
                markup
            }
            Block::Table(it) => {
                tables += 1;
                let (markup, download) = lone_table(it, here, &format!("{name}-table-{tables}"));
                downloads.push(download);
                markup
            }
        });
    }
    (html! { @for part in &parts { (part) } }, downloads)
}

/// Facts as a list of names and values.
pub(crate) fn facts(facts: &[(String, Passage)], here: &Here<'_>) -> Markup {
    html! { dl.facts { @for (name, value) in facts { div { dt { (name) } dd { (passage(value, here)) } } } } }
}

/// Ranked findings, each with how sure it is and the exhibit it rests on.
pub(crate) fn findings(all: &[Finding], here: &Here<'_>) -> Markup {
    html! {
        ol.findings {
            @for finding in all {
                li {
                    p.statement { (passage(&finding.statement, here)) }
                    p.sure { strong { "Certainty: " (finding.certainty.word()) ". " } (passage(&finding.why, here)) }
                    @if let Some(address) = here.href(&finding.exhibit) { p.see { a href=(address) { (exhibit_name(&finding.exhibit, here)) } } }
                }
            }
        }
    }
}

/// The words that lead to an exhibit.
pub(crate) fn exhibit_name(target: &Target, here: &Here<'_>) -> String {
    if let Some((number, figure)) = here.named_figure(target) {
        return format!("See figure {number}: {}", figure.title().plain());
    }
    let name = |name: &str| format!("See {name}");
    match target {
        Target::Section(slug) => {
            here.the_document().and_then(|d| d.sections.iter().find(|s| s.slug == *slug)).map_or_else(|| name("the exhibit"), |s| name(&s.name))
        }
        Target::Document(slug) => {
            here.site.publication.documents.iter().find(|d| d.slug == *slug).map_or_else(|| name("the document"), |d| name(&d.title))
        }
        _ => name("the exhibit"),
    }
}

fn not_yet_known<'a>(all: impl Iterator<Item = &'a Passage>, here: &Here<'_>) -> Markup {
    let all: Vec<&Passage> = all.collect();
    html! {
        div.unknown {
            p { strong { "Not yet known" } }
            @match all.as_slice() {
                [one] => p { (passage(one, here)) },
                many => ul { @for words in many { li { (passage(words, here)) } } },
            }
        }
    }
}
