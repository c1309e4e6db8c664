//! Recommendations, the bodies that owe an answer to each, and what they said: action, or reason for none.

mod answers;
mod entry;

use std::io::Read;

use headwater_prevention::exchange::clock::PRESETS;
use headwater_prevention::exchange::decide::duties as decide;
use headwater_prevention::exchange::grid::statistics::{Activities, Share, activities};
use headwater_prevention::exchange::id::{BlobHash, BodyId, RecommendationId};
use headwater_prevention::exchange::moment::Day;
use headwater_prevention::exchange::recommendation::{Duty, DutyResponse, Recommendation, SentReminder};
use headwater_prevention::exchange::yearly::FinancialYear;
use maud::{Markup, html};

use super::access::Right;
use super::form::Problems;
use super::layout::{self, boxes, facts, radios, text};
use super::office::Known;
use super::replies;
use super::visit::{Answer, Refusal, Visit, page, see};
use super::yearly;
use crate::problem::Problem;

use self::answers::Names;
pub use self::answers::{answer, ask_answer, reopen, withdraw};
pub use self::entry::{ask_to_correct, correct, enter, new, withdraw_whole};

/// What is counted of the duties under a recommendation.
const COUNTS: [&str; 4] = ["Bodies", "Action", "Reason for none", "Overdue"];

/// How many bodies owe or gave an answer to it, how many said each, and how many are late; in the order of [`COUNTS`].
fn counts(it: &Recommendation, today: Day) -> [usize; COUNTS.len()] {
    let count = |is_so: &dyn Fn(&Duty) -> bool| it.duties.iter().filter(|duty| !duty.withdrawn && is_so(duty)).count();
    [
        count(&|_| true),
        count(&|duty| matches!(duty.response, Some(DutyResponse::Action(_)))),
        count(&|duty| matches!(duty.response, Some(DutyResponse::ReasonForNone(_)))),
        count(&|duty| duty.standing(today).is_overdue()),
    ]
}

/// All recommendations with their answers, and the statement of activities of a year.
///
/// # Errors
/// None: it has the form of a handler.
pub fn list(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let today = visit.today();
    let year = yearly::of(visit).or_else(|| FinancialYear::holding(today)).ok_or(Refusal::NotFound)?;
    let all = known.state.recommendations();
    let main = html! {
        @if all.is_empty() { p { "There is no recommendation yet." } }
        @else {
            // On a telephone each recommendation is a list; its roles say that it is a table all the same.
            div.scroll.read tabindex="0" role="region" aria-label="Recommendations" {
                table role="table" {
                    caption { (layout::counted(all.len(), "recommendation", "recommendations")) }
                    thead role="rowgroup" { tr role="row" {
                        @for title in ["Recommendation", "Report"] { th.t scope="col" role="columnheader" { (title) } }
                        @for title in COUNTS { th scope="col" role="columnheader" { (title) } }
                    } }
                    tbody role="rowgroup" {
                        @for (number, it) in all.iter().enumerate() {
                            tr role="row" {
                                th.t scope="row" role="rowheader" { a href={ "/recommendations/" (number) } { (it.number) ": " (it.title) } @if it.withdrawn.is_some() { " (withdrawn)" } }
                                td.t role="cell" data-of="Report" { (it.report) ", " (it.published.name()) }
                                @for (title, n) in COUNTS.iter().zip(counts(it, today)) { td role="cell" data-of=(title) { (n) } }
                            }
                        }
                    }
                }
            }
        }
        @if visit.may(Right::Prepare) { div.buttons { a.button href="/recommendations/new" { "Enter a recommendation" } } }
        h2 { "Statement of activities, " (year.words()) }
        form.filters method="get" action="/recommendations" { div { label for="year" { "Year that begins in April" } input type="number" id="year" name="year" value=(year.begins_in()); } button { "Show" } }
        (statement(&known, year))
    };
    page(layout::page(visit, "Recommendations", &[], &main))
}

/// How many answers to recommendations fell due in a year, and how many of these came.
fn answers_due(duties: Share) -> String {
    match duties.of {
        0 => "no answer to one fell due".to_owned(),
        of => format!("of {} that fell due, {} came", layout::counted(of as usize, "answer", "answers"), duties.n),
    }
}

/// The year's work, a paragraph for each priority of the plan.
fn statement(known: &Known, year: FinancialYear) -> Markup {
    let found = activities(&known.state, year.first(), year.last());
    let words = |it: &Activities| {
        let mut sentences = Vec::new();
        if it.n_campaigns > 0 {
            sentences.push(format!(
                "{} asked {} for {}; {} answered.",
                layout::counted(it.n_campaigns as usize, "campaign", "campaigns"),
                layout::counted(it.n_bodies as usize, "body", "bodies"),
                layout::counted(it.n_asks as usize, "thing", "things"),
                if it.n_answered == 1 { "1 was".to_owned() } else { format!("{} were", it.n_answered) },
            ));
        }
        if it.n_campaigns > 0 || it.n_published > 0 {
            sentences.push(format!("{} published.", layout::counted(it.n_published as usize, "document was", "documents were")));
        }
        if it.n_recommendations > 0 || it.duties.of > 0 {
            let made = layout::counted(it.n_recommendations as usize, "recommendation was", "recommendations were");
            sentences.push(format!("{made} made; {}.", answers_due(it.duties)));
        }
        sentences.join(" ")
    };
    html! {
        @if found.is_empty() { p { "Nothing was done in that year." } }
        @for (priority, it) in &found { h3 { (priority) } p { (words(it)) } }
        @if !found.is_empty() {
            p.download { a href={ "/recommendations/statement.zip?year=" (year.begins_in()) } { "Take the statement" } ": pages with who was asked and who answered, " @if cfg!(feature = "pdf") { "the same as a PDF, " } "each table as CSV, all of them as a workbook (ODS), in a zip" }
        }
    }
}

fn of<'a>(visit: &Visit, known: &'a Known) -> Result<(RecommendationId, &'a Recommendation), Refusal> {
    let id = RecommendationId(visit.part("recommendation")?);
    known.state.recommendation(id).map(|it| (id, it)).ok_or(Refusal::NotFound)
}

/// The full text of a recommendation.
fn full_text(visit: &Visit, text: BlobHash) -> Result<String, Refusal> {
    let mut words = String::new();
    let doing = |error: std::io::Error| Problem::of_files("reading a recommendation", &error);
    visit.app.ws.blobs().read(&text.to_string())?.read_to_string(&mut words).map_err(doing)?;
    Ok(words)
}

/// One recommendation.
///
/// # Errors
/// There is none of this number.
pub fn show(visit: &Visit) -> Answer {
    // The disk and the database are read while nobody is kept from writing.
    let (full, documents) = {
        let known = visit.app.office.known();
        let (_, it) = of(visit, &known)?;
        (it.text, it.duties.iter().flat_map(|duty| duty.documents.iter().copied()).collect::<Vec<_>>())
    };
    let words = full_text(visit, full)?;
    let names = documents.into_iter().map(|id| Ok((id, replies::name_of(visit, id)?))).collect::<Result<Names, Refusal>>()?;
    let known = visit.app.office.known();
    let (id, it) = of(visit, &known)?;
    let at = |order: &str| format!("/recommendations/{}/{order}", id.0);
    let is_answered = it.duties.iter().any(|duty| duty.response.is_some());
    let free: Vec<(String, String, bool)> = known
        .state
        .bodies()
        .iter()
        .enumerate()
        .filter(|(number, body)| body.successor.is_none() && !it.duties.iter().any(|duty| duty.body.index() == *number))
        .map(|(number, body)| (number.to_string(), body.entry.name.to_string(), false))
        .collect();
    let clocks: Vec<(&str, &str, &str)> = PRESETS.iter().map(|preset| (preset.id, preset.name, preset.used_by)).collect();
    let main = html! {
        (facts(&[
            ("Report", html! { (it.report) ", " (it.published.name()) }),
            ("Number", html! { (it.number) }),
            ("Plan priority", html! { (it.plan_priority) }),
        ]))
        div.letter { @for paragraph in words.split('\n').filter(|line| !line.trim().is_empty()) { p { (paragraph) } } }
        @if let Some(why) = &it.withdrawn { p.warning { "It was withdrawn, and nobody owes an answer to it any more: " (layout::sentence(why.as_str())) } }
        @else if visit.may(Right::Prepare) {
            @if !is_answered { p { a href=(at("correct")) { "Put right what was entered" } } }
            (layout::fold(visit, &at("withdraw"), "Withdraw the recommendation", &layout::order(visit, &at("withdraw"), "Withdraw it", &text(visit, "withdraw_reason", "Why", "Kept in the log", ""))))
        }
        h2 { "Who owes an answer" }
        @if it.duties.is_empty() { p { "Nobody yet." } }
        @for duty in &it.duties { (one(visit, &known, id, it, duty, &names)) }
        @if visit.may(Right::Prepare) && !free.is_empty() && it.withdrawn.is_none() {
            (layout::fold(visit, &at("lay"), "Ask bodies for an answer", &layout::order(visit, &at("lay"), "Ask those that are ticked", &html! {
                (boxes(visit, "body", "Bodies", "", &free))
                (radios(visit, "clock", "Time to answer", "", &clocks, "56-days-after-publication"))
                (layout::day(visit, "from", "Day on which the clock starts", "Empty: the day the report was published", None))
            })))
        }
    };
    page(layout::page(visit, it.title.as_str(), &[("Recommendations", "/recommendations")], &main))
}

/// When a body was reminded, or should have been.
fn reminded(it: &SentReminder) -> String {
    let back = it.came_back.map_or_else(String::new, |day| format!(" (it came back on {})", day.name()));
    format!("{}{back}", it.on.name())
}

fn one(visit: &Visit, known: &Known, id: RecommendationId, it: &Recommendation, duty: &Duty, names: &Names) -> Markup {
    let name = known.state.body(duty.body).map_or("", |body| body.entry.name.as_str());
    let at = |order: &str| format!("/recommendations/{}/{}/{order}", id.0, duty.body.0);
    let field = |name: &str| format!("{name}-{}", duty.body.0);
    let folded = |order: &str, words: &str, name: &str| {
        layout::fold(visit, &at(order), words, &layout::order(visit, &at(order), words, &text(visit, &field(name), "Why", "Kept in the log", "")))
    };
    let waiting = known.state.duty_reminder(duty.body).filter(|reminder| reminder.recommendations.contains(&id));
    html! {
        h3 { (name) }
        p { (layout::sentence(&duty.standing(visit.today()).told())) (answers::shown(known, duty, names)) }
        @if !duty.reminders.is_empty() { p { "Reminded on " (duty.reminders.iter().map(reminded).collect::<Vec<_>>().join(", ")) "." } }
        @if waiting.is_some() { p { "A reminder " a href="/reminders#duties" { "waits" } "." } }
        @else if duty.standing(visit.today()).is_overdue() { p { a href="/reminders#duties" { "Remind it" } } }
        @if visit.may(Right::Prepare) {
            @if duty.response.is_none() && !duty.withdrawn {
                p { a href=(at("answer")) { "Log the answer of " (name) } }
                (folded("withdraw", &format!("Withdraw the duty of {name}"), "withdrawn"))
            } @else if it.withdrawn.is_none() { (folded("reopen", &format!("Open the duty of {name} again"), "again")) }
        }
    }
}

/// Asks bodies for an answer.
///
/// # Errors
/// What is wrong with the form.
pub fn lay(visit: &Visit) -> Answer {
    let id = RecommendationId(visit.part("recommendation")?);
    let mut problems = Problems::default();
    let bodies: Vec<BodyId> = visit.form.all("body").filter_map(|number| number.parse().ok()).map(BodyId).collect();
    if bodies.is_empty() {
        problems.add("body", "Tick at least one body");
    }
    let clock = problems
        .choice(&visit.form, "clock", "Choose the time to answer", |id| PRESETS.iter().find(|preset| preset.id == id).map(|preset| preset.clock));
    let from: Option<Day> = problems.optional(&visit.form, "from");
    let (Some(clock), true) = (clock, problems.is_empty()) else { return Err(problems.into()) };
    visit.act(&|state, order| decide::lay(state, order, id, &bodies, clock, from))?;
    see(format!("/recommendations/{}", id.0), &format!("{} asked", layout::counted(bodies.len(), "body is", "bodies are")))
}

fn duty_of(visit: &Visit) -> Result<(RecommendationId, BodyId), Refusal> {
    Ok((RecommendationId(visit.part("recommendation")?), BodyId(visit.part("body")?)))
}
