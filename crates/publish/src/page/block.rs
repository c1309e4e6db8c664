//! The blocks of a section.

use super::figure::figure;
use super::passage::passage;
use super::table::table;
use crate::site::Links;
use headwater_release::{Block, Finding};
use maud::{Markup, html};

/// All blocks; `number` counts the document's figures.
pub fn blocks(links: &Links<'_>, blocks: &[Block], number: &mut usize) -> Markup {
    html! {
        @for (i, block) in blocks.iter().enumerate() {
            @match block {
                Block::Paragraph(words) => p { (passage(links, words)) },
                Block::Heading(words) => h2 { (words) },
                Block::List(items) => ul { @for item in items { li { (passage(links, item)) } } },
                Block::Facts(facts) => (self::facts(links, facts)),
                Block::Figure(one) => ({ *number += 1; figure(links, one, *number) }),
                Block::Table(one) => (table(links, &format!("table-{}", i + 1), one)),
                Block::Warning(words) => div.warning { p { strong { "Warning: " } (passage(links, words)) } },
                Block::NotYetKnown(words) => div.unknown { p { strong { "Not yet known. " } (passage(links, words)) } },
                Block::Findings(ranked) => (findings(links, ranked)),
            }
        }
    }
}

/// Facts as a description list.
pub fn facts(links: &Links<'_>, facts: &[(String, headwater_release::Passage)]) -> Markup {
    html! {
        dl.facts { @for (what, value) in facts { div { dt { (what) } dd { (passage(links, value)) } } } }
    }
}

/// Ranked findings with their certainty.
pub fn findings(links: &Links<'_>, findings: &[Finding]) -> Markup {
    html! {
        ol.findings {
            @for finding in findings {
                li {
                    p { (passage(links, &finding.statement)) " " a href=(links.address(&finding.exhibit)) { "See the exhibit" span.unseen { " for: " (finding.statement.plain()) } } }
                    p.small { strong { "Certainty: " (finding.certainty.word()) "." } " " (passage(links, &finding.why)) }
                }
            }
        }
    }
}
