//! One page of a document, sentence by sentence: ticked, coded, suggested; what is looked up; read to its end.

use headwater_prevention::exchange::decide::reading::coding::{self as decide, NewCoding, value_of};
use headwater_prevention::exchange::decide::reading::rounds;
use headwater_prevention::exchange::decide::{Decision, together};
use headwater_prevention::exchange::id::{CodeId, CodingId, DocumentId, FieldId, RoundId};
use headwater_prevention::exchange::reading::codebook::{FieldEntry, FieldKind, Issue};
use headwater_prevention::exchange::reading::coding::{Coding, FieldValue, Place, Segment};
use headwater_prevention::exchange::reading::comparison::first_of;
use headwater_prevention::exchange::reading::round::Round;
use maud::{Markup, html};
use serde_json::json;

use super::quotations::{Quoted, quoted, text_of};
use super::suggestions::{Suggestion, suggestions};
use super::{indented, name_of, path};
use crate::passages::CodedPage;
use crate::web::access::Right;
use crate::web::form::Problems;
use crate::web::layout;
use crate::web::office::Known;
use crate::web::visit::{Answer, Refusal, Reply, Visit, page, see};
use crate::web::{replies, words};

/// More codes than these are folded, theme by theme.
const FEW_CODES: usize = 15;

/// The document of the address, as the first with its bytes.
fn document(visit: &Visit) -> Result<DocumentId, Refusal> {
    let id = DocumentId(visit.part("document")?);
    let known = visit.app.office.known();
    known.state.document(id).map(|_| first_of(&known.state, id)).ok_or(Refusal::NotFound)
}

/// The page of a document that is asked for.
struct Asked {
    id: DocumentId,
    n_pages: usize,
    page: Option<CodedPage>,
    number: u32,
}

fn asked(visit: &Visit) -> Result<Asked, Refusal> {
    let id = document(visit)?;
    let (original, text) = text_of(visit, id)?;
    let n_pages = text.pages.len();
    let wanted = if visit.form.has("page") { visit.form.text("page") } else { visit.query.text("page") };
    let number = wanted.parse::<u32>().unwrap_or(1).clamp(1, n_pages.max(1) as u32);
    let page = text.pages.get(number as usize - 1).map(|page| CodedPage::of(original, number, page));
    Ok(Asked { id, n_pages, page, number })
}

/// Where a page of a document is coded.
pub fn address(id: DocumentId, page: u32) -> String {
    format!("/documents/{}/coding?page={page}", id.0)
}

/// The page with its sentences, what is coded there, and what can be. Who read it is logged.
///
/// # Errors
/// The document is held or gone.
pub fn show(visit: &Visit) -> Answer {
    let id = DocumentId(visit.part("document")?);
    let first = document(visit)?;
    if first != id {
        return Ok(Reply::See(address(first, 1), Some("The same file came before: it is coded there".to_owned())));
    }
    let asked = asked(visit)?;
    visit.log("audit.document_opened", json!({"document": id.0}))?;
    let me = visit.person()?;
    let title = replies::title_of(visit, id)?;
    let codings: Vec<(CodingId, Coding)> = {
        let known = visit.app.office.known();
        known.state.reading().seen_by(id, me).into_iter().map(|(id, coding)| (id, coding.clone())).collect()
    };
    let all = quoted(visit, &codings)?;
    let known = visit.app.office.known();
    let reading = known.state.reading();
    let blind = reading.blind_in(id, me).and_then(|round| Some((round, reading.round(round)?)));
    let seen: Vec<&Coding> = codings.iter().map(|(_, coding)| coding).collect();
    let suggested = match (&asked.page, blind) {
        (Some(page), None) => suggestions(reading, id, page, &seen),
        _ => Vec::new(),
    };
    let issue = reading.codebook().current();
    let prepares = visit.may(Right::Prepare);
    let main = html! {
        @if let Some((_, round)) = blind { p.warning { "You code this document blind, for \"" (round.title) "\": you see your own codings alone, and nobody sees them before all have finished." } }
        @if issue.is_none() { p { "No version of the " a href="/reading/codebook" { "codebook" } " was issued yet: nobody can code." } }
        (ways(&asked))
        @match &asked.page {
            None => p { "No text was read of it. It can be coded as a whole." },
            Some(page) if page.sentences.is_empty() => p { "No text was read on this page." },
            Some(_) => {},
        }
        @if let Some(issue) = issue && prepares { (form(visit, &asked, issue, blind.map(|(_, round)| round), &all)) }
        @else if let Some(page) = &asked.page { (plain(page, &all)) }
        (ways(&asked))
        (on_page(visit, &known, &asked, &all, prepares))
        @if !suggested.is_empty() && prepares && let (Some(page), Some(issue)) = (&asked.page, issue) { (offered(visit, &asked, page, issue, &suggested)) }
        @if let Some(issue) = issue && blind.is_none() { (fields(visit, &known, id, issue, prepares)) }
        @if prepares { (ends(visit, id, blind, reading.has_read(id, me))) }
    };
    let heading = if asked.n_pages > 1 { format!("{title}: page {}", asked.number) } else { title.clone() };
    page(layout::page(visit, &heading, &[("Reading", "/reading"), (&title, &format!("/documents/{}", id.0))], &main))
}

fn ways(asked: &Asked) -> Markup {
    html! {
        @if asked.n_pages > 1 {
            nav.pages aria-label="Pages of the document" {
                p { "Page " (asked.number) " of " (asked.n_pages) "." }
                ul {
                    @if asked.number > 1 { li { a rel="prev" href=(address(asked.id, asked.number - 1)) { "Page " (asked.number - 1) } } }
                    @if (asked.number as usize) < asked.n_pages { li { a rel="next" href=(address(asked.id, asked.number + 1)) { "Page " (asked.number + 1) } } }
                }
            }
        }
    }
}

/// The numbers of the codings that stand on a sentence, as marks behind it.
fn marks(all: &[Quoted], segment: Segment) -> Vec<usize> {
    let is_on = |it: &Quoted| it.words.as_ref().is_some_and(|(at, _)| at.shared(segment) > 0);
    (1..).zip(all).filter(|(_, it)| is_on(it)).map(|(number, _)| number).collect()
}

fn signs(all: &[Quoted], segment: Segment) -> Markup {
    let numbers = marks(all, segment);
    html! { @if !numbers.is_empty() { " " span.coded { "[" span.unseen { "Coded: " } @for (at, number) in numbers.iter().enumerate() { @if at > 0 { ", " } a href={ "#coding-" (number) } { (number) } } "]" } } }
}

fn plain(page: &CodedPage, all: &[Quoted]) -> Markup {
    html! {
        section.sentences aria-label="Text of the page" {
            @for sentence in &page.sentences { p { (page.quotation(sentence.segment).unwrap_or("")) (signs(all, sentence.segment)) } }
        }
    }
}

fn form(visit: &Visit, asked: &Asked, issue: &Issue, round: Option<&Round>, all: &[Quoted]) -> Markup {
    html! {
        form method="post" action={ "/documents/" (asked.id.0) "/coding" } novalidate {
            (layout::hidden(visit))
            input type="hidden" name="page" value=(asked.number);
            @if let Some(page) = &asked.page && !page.sentences.is_empty() {
                fieldset.field.sentences.bad[visit.problems.of("sentence").is_some()] {
                    legend { "Tick the sentences of a passage" }
                    p.hint { "Sentences that follow one another become one passage. Numbers in brackets lead to what is coded there." }
                    @if let Some(words) = visit.problems.of("sentence") { p.wrong { span.unseen { "Error: " } (words) } }
                    @for (at, sentence) in page.sentences.iter().enumerate() {
                        @let id = if at == 0 { "sentence".to_owned() } else { format!("sentence-{at}") };
                        @let begins = at == 0 || page.sentences[at - 1].block != sentence.block;
                        div.option.begins[begins] {
                            input type="checkbox" id=(id) name="sentence" value=(sentence.segment.first) checked[visit.ticked("sentence", &sentence.segment.first.to_string(), false)];
                            label for=(id) { (page.quotation(sentence.segment).unwrap_or("")) }
                            (signs(all, sentence.segment))
                        }
                    }
                }
            }
            div.option { input type="checkbox" id="whole" name="whole" value="yes" checked[visit.ticked("whole", "yes", false)]; label for="whole" { "The document as a whole" } }
            (codes(visit, issue, round))
            (layout::text(visit, "note", "A note", "Kept in the log. May be left empty", ""))
            div.buttons { button { "Code it" } }
        }
    }
}

/// The codes to choose from, a group for each theme, folded where there are many.
fn codes(visit: &Visit, issue: &Issue, round: Option<&Round>) -> Markup {
    let all: Vec<_> = issue.outline().into_iter().filter(|(id, ..)| round.is_none_or(|round| round.codes.contains(id))).collect();
    let is_short = all.len() <= FEW_CODES;
    let top = |id: CodeId| issue.outline().iter().rev().skip_while(|(at, ..)| *at != id).find(|(_, _, level)| *level == 0).map(|(at, ..)| *at);
    let mut themes: Vec<(CodeId, Vec<(CodeId, String)>)> = Vec::new();
    for (id, entry, level) in &all {
        let theme = top(*id).unwrap_or(*id);
        let line = (*id, indented(entry, *level));
        match themes.last_mut() {
            Some((last, lines)) if *last == theme => lines.push(line),
            _ => themes.push((theme, vec![line])),
        }
    }
    let wrong = visit.problems.of("code");
    html! {
        fieldset.field.bad[wrong.is_some()] id="code" tabindex="-1" {
            legend { "Codes" }
            @if let Some(words) = wrong { p.wrong { span.unseen { "Error: " } (words) } }
            @for (theme, lines) in &themes {
                @let ticked = |(id, _): &(CodeId, String)| visit.ticked("code", &id.0.to_string(), false);
                details open[is_short || lines.iter().any(ticked)] {
                    summary { (issue.code(*theme).map_or("", |entry| entry.name.as_str())) }
                    @for line in lines {
                        div.option {
                            input type="checkbox" id={ "code-" (line.0.0) } name="code" value=(line.0.0) checked[ticked(line)];
                            label for={ "code-" (line.0.0) } { (line.1) }
                        }
                    }
                }
            }
        }
    }
}

fn on_page(visit: &Visit, known: &Known, asked: &Asked, all: &[Quoted], prepares: bool) -> Markup {
    let me = visit.person().ok();
    let reading = known.state.reading();
    let book = reading.codebook();
    let named = |it: &Quoted| book.issue(it.coding.version).map_or_else(|| book.name(it.coding.code).to_owned(), |issue| path(issue, it.coding.code));
    let may_go = |it: &Quoted| match it.coding.origin.round() {
        None => true,
        Some(id) => {
            !it.coding.counts()
                && Some(it.coding.by) == me
                && reading.round(id).is_some_and(|round| round.is_open() && !round.has_finished(it.coding.by, asked.id))
        }
    };
    let elsewhere = all.iter().filter(|it| it.page().is_some_and(|page| page != asked.number)).count();
    html! {
        h2 id="coded" { "What is coded" }
        @if all.is_empty() { p { "Nothing yet." } }
        @if elsewhere > 0 { p { (layout::counted(elsewhere, "coding is", "codings are")) " on other pages." } }
        ol.codings {
            @for (number, it) in (1..).zip(all) {
                li id={ "coding-" (number) } value=(number) tabindex="-1" {
                    strong { (named(it)) }
                    @match (&it.words, it.coding.place) {
                        (Some((segment, quotation)), _) => { blockquote { (quotation) } @if segment.page != asked.number { " " a href=(address(asked.id, segment.page)) { "Page " (segment.page) } } }
                        (None, Place::Whole) => { " the document as a whole" },
                        (None, Place::Segment(segment)) => { p.warning { "Its words are not found any more: the text was read anew. It stood on page " (segment.page) "." } },
                    }
                    span.hint {
                        (name_of(known, it.coding.by)) ", " (it.coding.at.day_in_london().name())
                        @if let Some(note) = &it.coding.note { ": " (note) }
                        @if it.coding.origin.round().is_some_and(|_| it.coding.counts()) { ". Settled in a round" }
                    }
                    @if prepares && may_go(it) { (layout::button(visit, &format!("/documents/{}/coding/{}/remove", asked.id.0, it.id.0), &format!("Take back coding {number}"), "other")) }
                }
            }
        }
    }
}

fn offered(visit: &Visit, asked: &Asked, page: &CodedPage, issue: &Issue, suggested: &[Suggestion]) -> Markup {
    let address = format!("/documents/{}/suggestion", asked.id.0);
    html! {
        h2 { "Suggestions" }
        p.hint { "Sentences in which the terms of a code stand. They count for nothing until a person confirms them." }
        ul.codings {
            @for it in suggested {
                li {
                    strong { (path(issue, it.code)) "?" }
                    blockquote { (page.quotation(it.segment).unwrap_or("")) }
                    form method="post" action=(address) {
                        (layout::hidden(visit))
                        input type="hidden" name="page" value=(asked.number);
                        input type="hidden" name="first" value=(it.segment.first);
                        input type="hidden" name="code" value=(it.code.0);
                        div.buttons {
                            button name="do" value="confirm" { "Confirm" span.unseen { " " (path(issue, it.code)) ", word " (it.segment.first + 1) } }
                            button.other name="do" value="dismiss" { "Not this" span.unseen { ": " (path(issue, it.code)) ", word " (it.segment.first + 1) } }
                        }
                    }
                }
            }
        }
    }
}

fn ends(visit: &Visit, id: DocumentId, blind: Option<(RoundId, &Round)>, has_read: bool) -> Markup {
    html! {
        h2 { "When you are through" }
        @if let Some((round, it)) = blind {
            p { "Say so when you have read the document to its end and coded all that is to be coded. After that you cannot change what you coded." }
            (layout::button(visit, &format!("/documents/{}/finish/{}", id.0, round.0), &format!("I have finished it for \"{}\"", it.title), ""))
        } @else {
            p { "A document that somebody has read to its end tells by what is not coded, too: comparisons say \"read, nothing found\"." }
            form method="post" action={ "/documents/" (id.0) "/read" } {
                (layout::hidden(visit))
                input type="hidden" name="read" value=(if has_read { "no" } else { "yes" });
                button.other[has_read] { @if has_read { "I have not read it after all" } @else { "I have read it to its end" } }
            }
        }
    }
}

fn fields(visit: &Visit, known: &Known, id: DocumentId, issue: &Issue, prepares: bool) -> Markup {
    let reading = known.state.reading();
    html! {
        @if !issue.fields.is_empty() {
            h2 id="fields" { "What is looked up" }
            @for (field, entry) in &issue.fields {
                section {
                    h3 { (entry.name) }
                    p { (entry.question) }
                    @if let Some(it) = reading.extraction(id, *field) {
                        p { strong { @if let Some(value) = &it.value { (value_words(entry, value)) } } " " span.hint {
                            @if let Place::Segment(segment) = it.place { a href=(words::address(id, "", segment.page as usize)) { "page " (segment.page) } ", " }
                            (name_of(known, it.by)) ", " (it.at.day_in_london().name())
                        } }
                    }
                    @if prepares { (field_form(visit, id, *field, entry)) }
                }
            }
        }
    }
}

/// What was written down, in words.
pub fn value_words(entry: &FieldEntry, value: &FieldValue) -> String {
    match (value, &entry.kind) {
        (FieldValue::Words(words), _) => words.to_string(),
        (FieldValue::Number(number), _) => number.to_string(),
        (FieldValue::Day(day), _) => day.name(),
        (FieldValue::YesNo(yes), _) => if *yes { "yes" } else { "no" }.to_owned(),
        (FieldValue::Choice(at), FieldKind::Choice(choices)) => choices.get(usize::from(*at)).map_or_else(String::new, ToString::to_string),
        (FieldValue::Choice(_), _) => String::new(),
        (FieldValue::NotSaid, _) => "the document does not say".to_owned(),
    }
}

fn field_form(visit: &Visit, id: DocumentId, field: FieldId, entry: &FieldEntry) -> Markup {
    let (value, at) = (format!("value-{}", field.0), format!("at-{}", field.0));
    let choices: Vec<(String, String)> = match &entry.kind {
        FieldKind::YesNo => [("yes", "yes"), ("no", "no")].map(|(id, words)| (id.to_owned(), words.to_owned())).to_vec(),
        FieldKind::Choice(choices) => choices.iter().enumerate().map(|(at, it)| (at.to_string(), it.to_string())).collect(),
        _ => Vec::new(),
    };
    let more =
        [(String::new(), "nothing: take back what is written down".to_owned()), ("not-said".to_owned(), "the document does not say".to_owned())];
    let options: Vec<(String, String)> = choices.into_iter().chain(more).collect();
    let address = format!("/documents/{}/fields/{}", id.0, field.0);
    layout::fold(
        visit,
        &address,
        &format!("Write down: {}", entry.name),
        &layout::order(
            visit,
            &address,
            "Write it down",
            &html! {
                @match entry.kind {
                    FieldKind::YesNo | FieldKind::Choice(_) => (layout::select(visit, &value, "What it says", "", &options, "")),
                    _ => (layout::text(visit, &value, "What it says", "Write \"not said\" where the document does not say; leave it empty to take back what is written down", "")),
                }
                (layout::text(visit, &at, "Page on which it says so", "Leave it empty for the document as a whole", ""))
            },
        ),
    )
}

/// Codes what was ticked.
///
/// # Errors
/// Nothing was ticked or chosen, or it is not allowed.
pub fn code(visit: &Visit) -> Answer {
    let asked = asked(visit)?;
    let mut problems = Problems::default();
    let ticked: Vec<u32> = visit.form.all("sentence").filter_map(|it| it.parse().ok()).collect();
    let codes: Vec<CodeId> = visit.form.all("code").filter_map(|it| it.parse().ok()).map(CodeId).collect();
    let note = problems.optional(&visit.form, "note");
    let sentences = asked.page.iter().flat_map(|page| &page.sentences).map(|it| it.segment).filter(|it| ticked.contains(&it.first));
    let mut places: Vec<Place> = Vec::new();
    for segment in sentences {
        match places.last_mut() {
            Some(Place::Segment(before)) if before.is_followed_by(segment) => *before = before.joined(segment),
            _ => places.push(Place::Segment(segment)),
        }
    }
    if visit.form.text("whole") == "yes" {
        places.push(Place::Whole);
    }
    if places.is_empty() {
        problems.add(
            if ticked.is_empty() && asked.page.is_some() { "sentence" } else { "whole" },
            "Tick at least one sentence, or the document as a whole",
        );
    }
    if codes.is_empty() {
        problems.add("code", "Choose at least one code");
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let id = asked.id;
    visit.act_now(&|state, order| {
        let one = |place: Place| -> Decision<'_> {
            let (codes, note) = (codes.clone(), note.clone());
            Box::new(move |state, order| {
                decide::code(state, order, NewCoding { document: id, place, codes: codes.clone(), note: note.clone(), suggested: false })
            })
        };
        together(state, order, &places.iter().copied().map(one).collect::<Vec<_>>())
    })?;
    see(format!("{}#coded", address(id, asked.number)), "It is coded")
}

/// Takes a coding back.
///
/// # Errors
/// It is not theirs to take back.
pub fn remove(visit: &Visit) -> Answer {
    let id = document(visit)?;
    let coding = CodingId(visit.part("coding")?);
    let page = visit.app.office.known().state.reading().coding(coding).and_then(|it| it.place.segment()).map_or(1, |it| it.page);
    visit.act(&|state, order| decide::remove(state, order, coding))?;
    see(format!("{}#coded", address(id, page)), "The coding is taken back")
}

/// Confirms or dismisses a suggestion.
///
/// # Errors
/// There is no such sentence, or it is not allowed.
pub fn answer_suggestion(visit: &Visit) -> Answer {
    let asked = asked(visit)?;
    let id = asked.id;
    let first: Option<u32> = visit.form.text("first").parse().ok();
    let sentence = asked.page.iter().flat_map(|page| &page.sentences).map(|it| it.segment).find(|it| Some(it.first) == first);
    let (Some(segment), Ok(code)) = (sentence, visit.form.text("code").parse().map(CodeId)) else {
        return Err(Problems::one("", "The page is not as it was: look at the suggestions again").into());
    };
    if visit.form.text("do") == "dismiss" {
        visit.act_now(&|state, order| decide::dismiss(state, order, id, segment, code))?;
        return see(address(id, asked.number), "It is not suggested any more");
    }
    let new = NewCoding { document: id, place: Place::Segment(segment), codes: vec![code], note: None, suggested: true };
    visit.act_now(&|state, order| decide::code(state, order, new.clone()))?;
    see(format!("{}#coded", address(id, asked.number)), "The suggestion is confirmed and counts")
}

/// Marks a document as read, or not.
///
/// # Errors
/// It is marked so already.
pub fn mark_read(visit: &Visit) -> Answer {
    let id = document(visit)?;
    let read = visit.form.text("read") == "yes";
    visit.act_now(&|state, order| decide::mark_read(state, order, id, read))?;
    see("/reading", if read { "It is marked as read" } else { "It is not marked as read any more" })
}

/// Writes down what a document says of a field.
///
/// # Errors
/// It is not of the field's kind, or there is no such page.
pub fn write_down(visit: &Visit) -> Answer {
    let id = document(visit)?;
    let field = FieldId(visit.part("field")?);
    let (value_field, at_field) = (format!("value-{}", field.0), format!("at-{}", field.0));
    let entry = {
        let known = visit.app.office.known();
        let entry = known.state.reading().codebook().current().and_then(|issue| issue.field(field));
        entry.ok_or(Refusal::NotFound)?.clone()
    };
    let value = match visit.form.text(&value_field) {
        "" => None,
        "not-said" | "not said" => Some(FieldValue::NotSaid),
        typed => Some(value_of(&entry, typed).map_err(|why| Problems::one(&value_field, layout::sentence(&why)))?),
    };
    let place = match visit.form.text(&at_field) {
        "" => Place::Whole,
        typed => {
            Place::Segment(whole_page(visit, id, typed).ok_or_else(|| Problems::one(&at_field, "There is no such page with text: give its number"))?)
        }
    };
    visit.act(&|state, order| decide::extract(state, order, id, field, value.clone(), place))?;
    see(format!("/documents/{}/coding#fields", id.0), "It is written down")
}

/// All words of a page.
fn whole_page(visit: &Visit, id: DocumentId, typed: &str) -> Option<Segment> {
    let number: u32 = typed.parse().ok()?;
    let (original, text) = text_of(visit, id).ok()?;
    let page = CodedPage::of(original, number, text.pages.get((number as usize).checked_sub(1)?)?);
    page.sentences.iter().map(|it| it.segment).reduce(Segment::joined)
}

/// Says that whoever asks has finished a document of a round.
///
/// # Errors
/// They are no coder of it, or have finished it.
pub fn finish(visit: &Visit) -> Answer {
    let (id, round) = (document(visit)?, RoundId(visit.part("round")?));
    visit.act_now(&|state, order| rounds::finish(state, order, round, id))?;
    see(format!("/reading/rounds/{}", round.0), "You have finished it")
}
