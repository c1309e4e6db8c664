//! What became of codes from version to version.

use headwater_prevention::exchange::reading::drift::{changes, drift};
use maud::{Markup, html};

use super::name_of;
use crate::web::layout;
use crate::web::office::Known;

/// Versions with what was changed in each, and how codes were used under them; nothing before a second version.
pub fn show(known: &Known) -> Markup {
    let reading = known.state.reading();
    let book = reading.codebook();
    let issues = book.issues();
    if issues.len() < 2 {
        return html! {};
    }
    let used: Vec<_> = drift(reading).into_iter().filter(|it| it.by_version.iter().any(|used| used.n_codings > 0)).collect();
    html! {
        h2 id="versions" { "Versions" }
        ol {
            @for (at, issue) in issues.iter().enumerate() {
                li {
                    (issue.at.day_in_london().name()) ", " (name_of(known, issue.by)) ": " (issue.note)
                    @if let Some(before) = at.checked_sub(1).and_then(|at| issues.get(at)) {
                        ul { @for (code, changes) in changes(before, issue) {
                            li { (book.name(code)) ": " (changes.iter().map(|it| it.words()).collect::<Vec<_>>().join(", ")) }
                        } }
                    }
                }
            }
        }
        @if !used.is_empty() {
            h3 { "How codes were used" }
            p { "A code whose use changes much from one version to the next may mean something else to people than before. Codings of an earlier meaning are to be looked at again." }
            div.scroll tabindex="0" role="region" aria-label="Use of codes by version" {
                table {
                    caption { "Codings, and in how many documents, by version" }
                    thead { tr { th.t scope="col" { "Code" } @for number in 1..=issues.len() { th scope="col" { "Version " (number) } } th scope="col" { "Under an earlier meaning" } } }
                    tbody {
                        @for it in &used {
                            tr {
                                th.t scope="row" { (book.name(it.code)) }
                                @for used in &it.by_version { td { (used.n_codings) @if used.n_codings > 0 { " in " (layout::counted(used.n_documents, "document", "documents")) } } }
                                td { (it.under_earlier_meaning.len()) }
                            }
                        }
                    }
                }
            }
        }
    }
}
