//! What bodies say to a recommendation: their words, the files that came with them, and whose comments they carry.

use std::cell::Cell;
use std::collections::BTreeMap;

use headwater_prevention::exchange::body::Channel;
use headwater_prevention::exchange::decide::duties::{self as decide, NewResponse};
use headwater_prevention::exchange::document::ReceivedDocument;
use headwater_prevention::exchange::id::{BodyId, DocumentId, RecommendationId};
use headwater_prevention::exchange::recommendation::{Duty, DutyResponse};
use headwater_prevention::exchange::words::Remark;
use maud::{Markup, html};

use super::{duty_of, of};
use crate::web::documents;
use crate::web::form::{Problems, reason};
use crate::web::gate;
use crate::web::intake::piece_of;
use crate::web::layout::{self, area, boxes, radios};
use crate::web::office::Known;
use crate::web::replies::{self, CHANNELS};
use crate::web::visit::{Answer, Refusal, Visit, page, see};

/// The most documents that are offered as part of an answer.
const MOST_OFFERED: usize = 30;

/// Bodies whose comments an answer may carry: those of the same area first, then by name.
fn others(known: &Known, own: BodyId) -> Vec<(String, String, bool)> {
    let area = known.state.body(own).and_then(|body| body.entry.area.clone());
    let mut found: Vec<(bool, String, u32)> = (0u32..)
        .zip(known.state.bodies())
        .filter(|(number, body)| *number != own.0 && body.successor.is_none())
        .map(|(number, body)| (area.is_none() || body.entry.area != area, body.entry.name.to_string(), number))
        .collect();
    found.sort();
    found.into_iter().map(|(_, name, number)| (number.to_string(), name, false)).collect()
}

/// Documents that came and of which nobody has said what they answer, the newest first.
fn unassigned(known: &Known) -> Vec<DocumentId> {
    let of_duties: Vec<DocumentId> =
        known.state.recommendations().iter().flat_map(|it| &it.duties).flat_map(|duty| duty.documents.iter().copied()).collect();
    let is_free = |id: DocumentId, it: &ReceivedDocument| {
        it.asks.is_empty() && it.screening.is_readable() && !documents::is_erased(it) && !of_duties.contains(&id)
    };
    let free: Vec<DocumentId> = (0u32..)
        .zip(known.state.documents())
        .map(|(number, it)| (DocumentId(number), it))
        .filter(|(id, it)| is_free(*id, it))
        .map(|(id, _)| id)
        .collect();
    free.into_iter().rev().take(MOST_OFFERED).collect()
}

/// The form for one body's answer.
///
/// # Errors
/// There is no such duty.
pub fn ask_answer(visit: &Visit) -> Answer {
    // Names are read while nobody is kept from writing.
    let free = unassigned(&visit.app.office.known());
    let came = free.into_iter().map(|id| Ok((id.0.to_string(), replies::name_of(visit, id)?, false))).collect::<Result<Vec<_>, Refusal>>()?;
    let known = visit.app.office.known();
    let (id, it) = of(visit, &known)?;
    let body = BodyId(visit.part("body")?);
    let duty = known.state.duty(id, body).ok_or(Refusal::NotFound)?;
    let name = known.state.body(body).map_or("", |body| body.entry.name.as_str());
    let others = others(&known, body);
    let channels: Vec<(&str, &str, &str)> =
        CHANNELS.iter().filter(|(channel, ..)| *channel != Channel::Upload).map(|(_, id, words)| (*id, *words, "")).collect();
    let inside = html! {
        (radios(visit, "response", "What it says", "", &[("action", "What it has done or will do", ""), ("none", "Why it does nothing", "")], ""))
        (area(visit, "words", "In its words", "Kept in the log; published once a second person has read them", ""))
        (layout::day(visit, "on", "On which day", "", Some(visit.today())))
        (radios(visit, "channel", "How it came", "", &channels, "email"))
        (layout::files(visit, "file", "Files of the answer", &format!("{}. Each is kept as it came, and looked at before anybody opens it", gate::largest(&visit.app))))
        @if !came.is_empty() { (boxes(visit, "document", "Or files that came already", "Of these nobody has said what they answer", &came)) }
        @if !others.is_empty() { (boxes(visit, "embeds", "Whose comments it carries", "A commissioner\u{2019}s answer may carry a chief constable\u{2019}s. Usually none", &others)) }
    };
    let back = format!("/recommendations/{}", id.0);
    let main = html! {
        @if duty.response.is_some() || duty.withdrawn { p { "It has answered, or owes no answer: open its duty again first." } }
        @else { (layout::order_with_files(visit, &visit.path, &format!("Log the answer of {name}"), &inside)) }
    };
    page(layout::page(visit, &format!("The answer of {name}"), &[("Recommendations", "/recommendations"), (it.title.as_str(), &back)], &main))
}

/// What the files of answers are called.
pub type Names = BTreeMap<DocumentId, String>;

/// What a body answered, on the page of its recommendation.
pub fn shown(known: &Known, duty: &Duty, names: &Names) -> Markup {
    let bodies: Vec<&str> = duty.embeds.iter().filter_map(|body| known.state.body(*body)).map(|body| body.entry.name.as_str()).collect();
    let files: Vec<(DocumentId, &str, bool)> = duty
        .documents
        .iter()
        .map(|id| (*id, names.get(id).map_or("a file", String::as_str), known.state.document(*id).is_some_and(|it| it.screening.is_readable())))
        .collect();
    html! {
        @match &duty.response {
            Some(DutyResponse::Action(words)) => { " Action: " (words) }
            Some(DutyResponse::ReasonForNone(words)) => { " Reason for no action: " (words) }
            None => {}
        }
        @if !bodies.is_empty() { " It carries the comments of " (bodies.join(", ")) "." }
        @if !files.is_empty() {
            " Files: "
            @for (place, (id, name, readable)) in files.iter().enumerate() {
                @if place > 0 { "; " }
                a href={ "/documents/" (id.0) } { (name) }
                @if !readable { " (held)" }
            }
            "."
        }
    }
}

/// Logs an answer with its files, which are looked into like all files.
///
/// # Errors
/// What is wrong with the form, or the body has answered.
pub fn answer(visit: &Visit) -> Answer {
    let (id, body) = duty_of(visit)?;
    let (form, mut problems) = (&visit.form, Problems::default());
    let words: Option<Remark> = problems.needed(form, "words", "Enter what it says");
    let on = problems.day(form, "on", "Enter the day");
    let is_action = problems.choice(form, "response", "Choose what it says", |text| match text {
        "action" => Some(true),
        "none" => Some(false),
        _ => None,
    });
    let channel = problems.choice(form, "channel", "Choose how it came", |id| CHANNELS.iter().find(|(_, one, _)| *one == id).map(|(it, ..)| *it));
    let embeds: Vec<BodyId> = form.all("embeds").filter_map(|number| number.parse().ok()).map(BodyId).collect();
    let documents: Vec<DocumentId> = form.all("document").filter_map(|number| number.parse().ok()).map(DocumentId).collect();
    let (Some(words), Some(on), Some(is_action), Some(channel), true) = (words, on, is_action, channel, problems.is_empty()) else {
        return Err(problems.into());
    };
    let response = if is_action { DutyResponse::Action(words) } else { DutyResponse::ReasonForNone(words) };
    let new = NewResponse { response, on, documents, embeds };
    let pieces = visit.files.iter().filter(|file| file.field == "file").map(|file| piece_of(visit, file)).collect::<Result<Vec<_>, _>>()?;
    let (files, names, found) = replies::keep_all(visit, pieces)?;
    let first = Cell::new(0);
    visit.act_with(&|state, order| {
        first.set(state.documents().len());
        let events = decide::answer_with_files(state, order, id, body, new.clone(), channel, files.clone())?;
        Ok((events, replies::records_of(state.documents().len(), &names)))
    })?;
    for (number, findings) in (first.get()..).zip(&found) {
        replies::say_what_was_found(&visit.app, visit.at, DocumentId(u32::try_from(number).unwrap_or(u32::MAX)), findings)?;
    }
    let n_held = found.iter().filter(|findings| !findings.is_empty()).count();
    let held = format!(". {} held: nobody can open it before it is let through", layout::counted(n_held, "file is", "files are"));
    see(format!("/recommendations/{}", id.0), &format!("The answer is logged{}", if n_held > 0 { held.as_str() } else { "" }))
}

/// Opens a duty again.
///
/// # Errors
/// No reason is given, or it is open.
pub fn reopen(visit: &Visit) -> Answer {
    let (id, body) = duty_of(visit)?;
    let why = reason(&visit.form, &format!("again-{}", body.0))?;
    visit.act(&|state, order| decide::reopen(state, order, id, body, why.clone()))?;
    see(format!("/recommendations/{}", id.0), "The duty is open again")
}

/// Withdraws a duty.
///
/// # Errors
/// No reason is given, or it is withdrawn already.
pub fn withdraw(visit: &Visit) -> Answer {
    let (id, body): (RecommendationId, BodyId) = duty_of(visit)?;
    let why = reason(&visit.form, &format!("withdrawn-{}", body.0))?;
    visit.act(&|state, order| decide::withdraw(state, order, id, body, why.clone()))?;
    see(format!("/recommendations/{}", id.0), "The duty is withdrawn")
}
