//! One code or one field of the draft: its form, changed and retired.

use headwater_prevention::exchange::decide::reading::codebook as decide;
use headwater_prevention::exchange::id::{CodeId, FieldId};
use headwater_prevention::exchange::reading::codebook::{CodeEntry, Codebook, FieldEntry, FieldKind};
use headwater_prevention::exchange::words::{Remark, Title};
use maud::{Markup, html};

use super::indented;
use crate::web::access::Right;
use crate::web::form::{Problems, reason};
use crate::web::layout::{self, area, facts, select, text};
use crate::web::visit::{Answer, Refusal, Visit, page, see};

const BOOK: &str = "/reading/codebook";

/// Kinds of fields: the id in forms and the name.
const KINDS: [(&str, &str); 5] =
    [("words", "Words"), ("number", "A number"), ("day", "A day"), ("yes-no", "Yes or no"), ("choice", "One of several possibilities")];

fn lines<T: ToString>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The fields of the form of a code.
pub fn code_fields(visit: &Visit, book: &Codebook, it: Option<(CodeId, &CodeEntry)>) -> Markup {
    let words = |of: fn(&CodeEntry) -> Option<&Remark>| it.and_then(|(_, entry)| of(entry)).map_or("", |words| words.as_str());
    let mut above = vec![(String::new(), "nothing: it is a theme".to_owned())];
    above.extend(
        book.outline().iter().filter(|(id, ..)| Some(*id) != it.map(|it| it.0)).map(|(id, entry, level)| (id.0.to_string(), indented(entry, *level))),
    );
    let parent = it.and_then(|(_, entry)| entry.parent).map(|id| id.0.to_string()).unwrap_or_default();
    html! {
        (text(visit, "name", "Name of the code", "", it.map_or("", |(_, entry)| entry.name.as_str())))
        (select(visit, "parent", "Under", "", &above, &parent))
        (area(visit, "definition", "What is to be marked with it", "", words(|it| it.definition.as_ref())))
        (area(visit, "not_this", "What is not, though it looks like it", "May be left empty", words(|it| it.not_this.as_ref())))
        (area(visit, "examples", "Examples, one on each line", "Made up or public already: they stay in the log. May be left empty", &it.map_or_else(String::new, |(_, entry)| lines(&entry.examples))))
        (area(visit, "terms", "Terms by which passages are suggested, one on each line", "As in the search: \"county lines\", traffick*. A suggestion is never counted. May be left empty", &it.map_or_else(String::new, |(_, entry)| lines(&entry.terms))))
    }
}

/// What was entered for a code.
///
/// # Errors
/// What is wrong with the form.
pub fn code_of(visit: &Visit) -> Result<CodeEntry, Problems> {
    let (form, mut problems) = (&visit.form, Problems::default());
    let name: Option<Title> = problems.needed(form, "name", "Name the code");
    let parent = match form.text("parent") {
        "" => None,
        id => problems.take("parent", id.parse().map(CodeId).map_err(|_| "choose a code from the list")),
    };
    let definition = problems.optional(form, "definition");
    let not_this = problems.optional(form, "not_this");
    let examples = each_line(&mut problems, form.text("examples"), "examples");
    let terms: Vec<Title> = each_line(&mut problems, form.text("terms"), "terms");
    for term in &terms {
        if let Err(why) = crate::search::question::Question::read(term.as_str()) {
            problems.add("terms", format!("{term}: {why}"));
        }
    }
    match name {
        Some(name) if problems.is_empty() => Ok(CodeEntry { name, parent, definition, not_this, examples, terms }),
        _ => Err(problems),
    }
}

fn each_line<T: std::str::FromStr<Err = String>>(problems: &mut Problems, typed: &str, field: &str) -> Vec<T> {
    let all = typed.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::parse);
    all.filter_map(|read| problems.take(field, read)).collect()
}

/// The fields of the form of a field.
pub fn field_fields(visit: &Visit, it: Option<&FieldEntry>) -> Markup {
    let kind = match it.map(|it| &it.kind) {
        Some(FieldKind::Number) => "number",
        Some(FieldKind::Day) => "day",
        Some(FieldKind::YesNo) => "yes-no",
        Some(FieldKind::Choice(_)) => "choice",
        _ => "words",
    };
    let choices = if let Some(FieldKind::Choice(choices)) = it.map(|it| &it.kind) { lines(choices) } else { String::new() };
    html! {
        (text(visit, "field_name", "Name of the field", "", it.map_or("", |it| it.name.as_str())))
        (area(visit, "question", "The question to each document", "", it.map_or("", |it| it.question.as_str())))
        (select(visit, "kind", "What is written down", "", &KINDS.map(|(id, words)| (id.to_owned(), words.to_owned())), kind))
        (area(visit, "choices", "The possibilities, one on each line", "Only where one of several is to be chosen", &choices))
    }
}

/// What was entered for a field.
///
/// # Errors
/// What is wrong with the form.
pub fn field_of(visit: &Visit) -> Result<FieldEntry, Problems> {
    let (form, mut problems) = (&visit.form, Problems::default());
    let name = problems.needed(form, "field_name", "Name the field");
    let question = problems.needed(form, "question", "Write the question");
    let choices = each_line(&mut problems, form.text("choices"), "choices");
    let kind = match form.text("kind") {
        "words" => Some(FieldKind::Words),
        "number" => Some(FieldKind::Number),
        "day" => Some(FieldKind::Day),
        "yes-no" => Some(FieldKind::YesNo),
        "choice" => Some(FieldKind::Choice(choices)),
        _ => {
            problems.add("kind", "Choose what is written down");
            None
        }
    };
    match (name, question, kind) {
        (Some(name), Some(question), Some(kind)) if problems.is_empty() => Ok(FieldEntry { name, question, kind }),
        _ => Err(problems),
    }
}

/// One code.
///
/// # Errors
/// There is none of this number.
pub fn code(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let book = known.state.reading().codebook();
    let id = CodeId(visit.part("code")?);
    let it = book.code(id).ok_or(Refusal::NotFound)?;
    let name = it.entry.name.as_str();
    let main = html! {
        @if let Some(why) = &it.retired { p.warning { "It is retired: " (why) ". What was coded with it stays." } (described(&it.entry)) }
        @else if visit.may(Right::Prepare) {
            (layout::order(visit, &format!("{BOOK}/codes/{}", id.0), "Change it", &code_fields(visit, book, Some((id, &it.entry)))))
            (layout::fold(visit, &format!("{BOOK}/codes/{}/retire", id.0), "Retire it", &layout::order(visit, &format!("{BOOK}/codes/{}/retire", id.0), "Retire the code and what stands under it", &text(visit, "why", "Why", "Kept in the log", ""))))
        } @else { (described(&it.entry)) }
    };
    page(layout::page(visit, &format!("Code: {name}"), &[("Reading", "/reading"), ("Codebook", BOOK)], &main))
}

fn described(entry: &CodeEntry) -> Markup {
    let words = |it: Option<&Remark>| html! { @if let Some(it) = it { (it) } @else { "nothing is said" } };
    facts(&[
        ("What is to be marked", words(entry.definition.as_ref())),
        ("What is not", words(entry.not_this.as_ref())),
        ("Terms", html! { (lines(&entry.terms).replace('\n', ", ")) }),
    ])
}

/// Changes a code.
///
/// # Errors
/// What is wrong with the form, or somebody else changed it meanwhile.
pub fn change_code(visit: &Visit) -> Answer {
    let id = CodeId(visit.part("code")?);
    let entry = code_of(visit)?;
    visit.act(&|state, order| decide::change_code(state, order, id, entry.clone()))?;
    see(format!("{BOOK}#codes"), "The code is changed in the draft")
}

/// Retires a code.
///
/// # Errors
/// No reason is given.
pub fn retire_code(visit: &Visit) -> Answer {
    let id = CodeId(visit.part("code")?);
    let why = reason(&visit.form, "why")?;
    visit.act(&|state, order| decide::retire_code(state, order, id, why.clone()))?;
    see(format!("{BOOK}#codes"), "The code is out of the draft")
}

/// One field.
///
/// # Errors
/// There is none of this number.
pub fn field(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let id = FieldId(visit.part("field")?);
    let it = known.state.reading().codebook().field(id).ok_or(Refusal::NotFound)?;
    let main = html! {
        @if let Some(why) = &it.retired { p.warning { "It is retired: " (why) ". What was written down stays." } p { (it.entry.question) } }
        @else if visit.may(Right::Prepare) {
            (layout::order(visit, &format!("{BOOK}/fields/{}", id.0), "Change it", &field_fields(visit, Some(&it.entry))))
            (layout::fold(visit, &format!("{BOOK}/fields/{}/retire", id.0), "Retire it", &layout::order(visit, &format!("{BOOK}/fields/{}/retire", id.0), "Retire the field", &text(visit, "why", "Why", "Kept in the log", ""))))
        } @else { p { (it.entry.question) } }
    };
    page(layout::page(visit, &format!("Field: {}", it.entry.name), &[("Reading", "/reading"), ("Codebook", BOOK)], &main))
}

/// Changes a field.
///
/// # Errors
/// What is wrong with the form, or somebody else changed it meanwhile.
pub fn change_field(visit: &Visit) -> Answer {
    let id = FieldId(visit.part("field")?);
    let entry = field_of(visit)?;
    visit.act(&|state, order| decide::change_field(state, order, id, entry.clone()))?;
    see(format!("{BOOK}#fields"), "The field is changed in the draft")
}

/// Retires a field.
///
/// # Errors
/// No reason is given.
pub fn retire_field(visit: &Visit) -> Answer {
    let id = FieldId(visit.part("field")?);
    let why = reason(&visit.form, "why")?;
    visit.act(&|state, order| decide::retire_field(state, order, id, why.clone()))?;
    see(format!("{BOOK}#fields"), "The field is out of the draft")
}
