//! The codebook as it is drafted, its versions, and books to start from.

use headwater_prevention::exchange::decide::reading::codebook as decide;
use headwater_prevention::exchange::id::CodeId;
use headwater_prevention::exchange::reading::codebook::{CodeEntry, Codebook, FieldKind};
use headwater_prevention::exchange::reading::starters::starters;
use maud::{Markup, html};

use super::{drift, entry, name_of};
use crate::web::access::Right;
use crate::web::form::{Problems, reason};
use crate::web::layout::{self, area};
use crate::web::visit::{Answer, Visit, page, see};

const HERE: &str = "/reading/codebook";

/// The codebook.
///
/// # Errors
/// None: it has the form of a handler.
pub fn show(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let reading = known.state.reading();
    let book = reading.codebook();
    let prepares = visit.may(Right::Prepare);
    let outline = book.outline();
    let main = html! {
        @match book.current() {
            None => p { "No version was issued: nobody can code yet. Take a start codebook or enter codes, then issue the first version." },
            Some(issue) => p { "People code by version " (book.version()) ", issued by " (name_of(&known, issue.by)) " on " (issue.at.day_in_london().name()) ": " (issue.note) },
        }
        @if book.is_changed() {
            p.warning { "The draft below differs from what people code by." }
            @if prepares {
                (layout::order(visit, "/reading/codebook/issue", &format!("Issue version {}", book.version() + 1), &area(visit, "note", "What it is for, or what was changed and why", "Kept in the log, and shown to whoever codes", "")))
            }
        }
        h2 id="codes" { "Codes" }
        @if outline.is_empty() { p { "There is no code yet." } }
        @else {
            (table(&outline))
            p.download { a href="/reading/codebook.qdc" { "The codebook for other programs" } " (REFI-QDA codebook, QDC)" }
        }
        @if prepares {
            (layout::fold(visit, "/reading/codebook/codes", "Enter a code", &layout::order(visit, "/reading/codebook/codes", "Enter the code", &entry::code_fields(visit, book, None))))
            (start(visit, book))
            (layout::fold(visit, "/reading/codebook/import", "Take in a codebook from another program", &layout::order_with_files(visit, "/reading/codebook/import", "Take its codes into the draft", &layout::files(visit, "file", "REFI-QDA codebook (QDC)", "Codes that are there already stay as they are"))))
        }
        h2 id="fields" { "Fields" }
        p.hint { "A field is a question that is put to each document as a whole, with one answer: the year of the data, the screening tool, the model of a panel." }
        (fields(visit, book))
        @if prepares {
            (layout::fold(visit, "/reading/codebook/fields", "Enter a field", &layout::order(visit, "/reading/codebook/fields", "Enter the field", &entry::field_fields(visit, None))))
        }
        (drift::show(&known))
    };
    page(layout::page(visit, "Codebook", &[("Reading", "/reading")], &main))
}

fn table(outline: &[(CodeId, &CodeEntry, usize)]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Codes" {
            table {
                caption { (layout::counted(outline.len(), "code", "codes")) ", each below the one it belongs to" }
                thead { tr { th.t scope="col" { "Code" } th.t scope="col" { "What is to be marked" } th scope="col" { "Terms" } } }
                tbody {
                    @for (id, entry, level) in outline {
                        tr {
                            th.t scope="row" { @if *level > 0 { span aria-hidden="true" { ("– ".repeat(*level)) } } a href={ "/reading/codebook/codes/" (id.0) } { (entry.name) } @if *level > 0 { span.unseen { ", level " (level + 1) } } }
                            td.t {
                                @if let Some(words) = &entry.definition { (words) }
                                @if let Some(words) = &entry.not_this { br; span.hint { "Not: " (words) } }
                                @for example in &entry.examples { br; span.hint { "Example: " (example) } }
                            }
                            td { (entry.terms.len()) }
                        }
                    }
                }
            }
        }
    }
}

fn start(visit: &Visit, book: &Codebook) -> Markup {
    let is_there = |name: &str| book.outline().iter().any(|(_, entry, level)| *level == 0 && entry.name.as_str() == name);
    let left: Vec<_> = starters().iter().filter(|it| !is_there(it.name())).collect();
    html! {
        @if !left.is_empty() {
            details open[book.codes().is_empty()] {
                summary { "Take a start codebook" }
                @for starter in left {
                    section {
                        h3 { (starter.name()) }
                        p { (starter.about) " " span.hint { (layout::counted(starter.codes.len(), "code", "codes")) ". " (starter.source) "." } }
                        (layout::button(visit, &format!("/reading/codebook/start/{}", starter.key), &format!("Take \"{}\"", starter.name()), "other"))
                    }
                }
            }
        }
    }
}

/// A kind of field in words.
pub fn kind_words(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Words => "words".to_owned(),
        FieldKind::Number => "a number".to_owned(),
        FieldKind::Day => "a day".to_owned(),
        FieldKind::YesNo => "yes or no".to_owned(),
        FieldKind::Choice(choices) => format!("one of: {}", choices.iter().map(|it| it.as_str()).collect::<Vec<_>>().join("; ")),
    }
}

fn fields(_: &Visit, book: &Codebook) -> Markup {
    let all: Vec<_> = book.fields_in_use().collect();
    html! {
        @if all.is_empty() { p { "There is no field yet." } }
        @else {
            ul { @for (id, field) in all { li { a href={ "/reading/codebook/fields/" (id.0) } { (field.name) } ": " (field.question) " " span.hint { (layout::sentence(&kind_words(&field.kind))) } } } }
        }
    }
}

/// Enters a code.
///
/// # Errors
/// What is wrong with the form.
pub fn enter_code(visit: &Visit) -> Answer {
    let entry = entry::code_of(visit)?;
    visit.act(&|state, order| decide::enter_code(state, order, entry.clone()))?;
    see(format!("{HERE}#codes"), &format!("The code \"{}\" is in the draft", entry.name))
}

/// Enters a field.
///
/// # Errors
/// What is wrong with the form.
pub fn enter_field(visit: &Visit) -> Answer {
    let entry = entry::field_of(visit)?;
    visit.act(&|state, order| decide::enter_field(state, order, entry.clone()))?;
    see(format!("{HERE}#fields"), &format!("The field \"{}\" is in the draft", entry.name))
}

/// Takes a start codebook.
///
/// # Errors
/// There is none of this name, or it was taken.
pub fn take(visit: &Visit) -> Answer {
    let key: String = visit.part("starter")?;
    let starter = starters().iter().find(|it| it.key == key).ok_or_else(|| Problems::one("", "There is no such start codebook"))?;
    visit.act(&|state, order| decide::take_starter(state, order, starter))?;
    see(HERE, &format!("\"{}\" is in the draft", starter.name()))
}

/// Issues the draft.
///
/// # Errors
/// It is not said what for, or nothing was changed.
pub fn issue(visit: &Visit) -> Answer {
    let note = reason(&visit.form, "note")?;
    visit.act(&|state, order| decide::issue(state, order, note.clone()))?;
    see(HERE, "The version is issued: people code by it from now on")
}
