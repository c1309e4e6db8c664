//! Recommendations, the bodies that owe an answer to each, and what they said: action, or reason for none.

use std::io::Read;

use headwater_prevention::exchange::clock::PRESETS;
use headwater_prevention::exchange::decide::duties::{self as decide, NewRecommendation, NewResponse};
use headwater_prevention::exchange::grid::statistics::{Activities, Share, activities};
use headwater_prevention::exchange::id::{BlobHash, BodyId, RecommendationId};
use headwater_prevention::exchange::moment::Day;
use headwater_prevention::exchange::recommendation::{Duty, DutyResponse, Recommendation};
use headwater_prevention::exchange::words::Remark;
use maud::{Markup, html};

use super::access::Right;
use super::form::{Problems, reason};
use super::layout::{self, area, boxes, facts, radios, text};
use super::office::Known;
use super::recipient::standing_words;
use super::visit::{Answer, Refusal, Visit, page, see};
use crate::problem::Problem;

/// All recommendations with their answers, and the statement of activities of a year.
///
/// # Errors
/// None: it has the form of a handler.
pub fn list(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let today = visit.today();
    let year: u16 = visit
        .query
        .text("year")
        .parse()
        .ok()
        .filter(|year| (2000..=2100).contains(year))
        .unwrap_or_else(|| if today >= april(today.year()) { today.year() } else { today.year() - 1 });
    let all = known.state.recommendations();
    let main = html! {
        @if all.is_empty() { p { "There is no recommendation yet." } }
        @else {
            div.scroll tabindex="0" role="region" aria-label="Recommendations" {
                table {
                    caption { (layout::counted(all.len(), "recommendation", "recommendations")) }
                    thead { tr { th.t scope="col" { "Recommendation" } th.t scope="col" { "Report" } th scope="col" { "Bodies" } th scope="col" { "Action" } th scope="col" { "Reason for none" } th scope="col" { "Overdue" } } }
                    tbody {
                        @for (number, it) in all.iter().enumerate() {
                            @let live: Vec<&Duty> = it.duties.iter().filter(|duty| !duty.withdrawn).collect();
                            tr {
                                th.t scope="row" { a href={ "/recommendations/" (number) } { (it.number) ": " (it.title) } }
                                td.t { (it.report) ", " (it.published.name()) }
                                td { (live.len()) }
                                td { (live.iter().filter(|duty| matches!(duty.response, Some(DutyResponse::Action(_)))).count()) }
                                td { (live.iter().filter(|duty| matches!(duty.response, Some(DutyResponse::ReasonForNone(_)))).count()) }
                                td { (live.iter().filter(|duty| duty.standing(today).is_overdue()).count()) }
                            }
                        }
                    }
                }
            }
        }
        @if visit.may(Right::Prepare) { div.buttons { a.button href="/recommendations/new" { "Enter a recommendation" } } }
        h2 { "Statement of activities, April " (year) " to March " (year + 1) }
        (statement(&known, year))
        form.filters method="get" action="/recommendations" { div { label for="year" { "Year that begins in April" } input type="number" id="year" name="year" value=(year); } button { "Show" } }
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

/// The first day of a financial year.
fn april(year: u16) -> Day {
    Day::new(year, 4, 1).expect("the years that can be asked for have a first of April")
}

/// The year's work, a paragraph for each priority of the plan.
fn statement(known: &Known, year: u16) -> Markup {
    let found = activities(&known.state, april(year), april(year + 1).plus(-1));
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
    }
}

/// The form for a recommendation.
///
/// # Errors
/// None: it has the form of a handler.
pub fn new(visit: &Visit) -> Answer {
    let inside = html! {
        (text(visit, "report", "Report it stands in", "", ""))
        (layout::day(visit, "published", "Day the report was published", "", None))
        (text(visit, "number", "Its number there", "", ""))
        (text(visit, "title", "What it says in short", "", ""))
        (area(visit, "text", "Its full text", "", ""))
        (text(visit, "plan_priority", "The priority of the plan that it serves", "", ""))
    };
    page(layout::page(
        visit,
        "Enter a recommendation",
        &[("Recommendations", "/recommendations")],
        &layout::order(visit, &visit.path, "Enter the recommendation", &inside),
    ))
}

/// Enters a recommendation.
///
/// # Errors
/// What is wrong with the form.
pub fn enter(visit: &Visit) -> Answer {
    let (form, mut problems) = (&visit.form, Problems::default());
    let report = problems.needed(form, "report", "Name the report");
    let published = problems.day(form, "published", "Enter the day");
    let number = problems.needed(form, "number", "Enter its number");
    let title = problems.needed(form, "title", "Say it in short");
    if form.text("text").is_empty() {
        problems.add("text", "Enter its full text");
    }
    let plan_priority = problems.needed(form, "plan_priority", "Name the priority");
    let (Some(report), Some(published), Some(number), Some(title), Some(plan_priority), true) =
        (report, published, number, title, plan_priority, problems.is_empty())
    else {
        return Err(problems.into());
    };
    let bytes = form.text("text").as_bytes();
    visit.app.ws.blobs().put(&mut &*bytes)?;
    let new = NewRecommendation { report, number, title, text: BlobHash::of(bytes), published, plan_priority };
    visit.act_now(&|state, order| decide::enter(state, order, new.clone()))?;
    let last = visit
        .app
        .office
        .known()
        .state
        .recommendations()
        .iter()
        .rposition(|it| it.report == new.report && it.number == new.number)
        .unwrap_or_default();
    see(format!("/recommendations/{last}"), "The recommendation is entered. Now say who owes an answer")
}

fn of<'a>(visit: &Visit, known: &'a Known) -> Result<(RecommendationId, &'a Recommendation), Refusal> {
    let id = RecommendationId(visit.part("recommendation")?);
    known.state.recommendation(id).map(|it| (id, it)).ok_or(Refusal::NotFound)
}

/// One recommendation.
///
/// # Errors
/// There is none of this number.
pub fn show(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let (id, it) = of(visit, &known)?;
    let mut words = String::new();
    visit
        .app
        .ws
        .blobs()
        .read(&it.text.to_string())?
        .read_to_string(&mut words)
        .map_err(|error| Problem::of_files("reading a recommendation", &error))?;
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
        h2 { "Who owes an answer" }
        @if it.duties.is_empty() { p { "Nobody yet." } }
        @for duty in &it.duties { (one(visit, &known, id, duty)) }
        @if visit.may(Right::Prepare) && !free.is_empty() {
            details open[visit.form.has("clock")] { summary { "Ask bodies for an answer" }
                (layout::order(visit, &format!("/recommendations/{}/lay", id.0), "Ask those that are ticked", &html! {
                    (boxes(visit, "body", "Bodies", "", &free))
                    (radios(visit, "clock", "Time to answer", "", &clocks, "56-days-after-publication"))
                    (layout::day(visit, "from", "Day on which the clock starts", "Empty: the day the report was published", None))
                }))
            }
        }
    };
    page(layout::page(visit, it.title.as_str(), &[("Recommendations", "/recommendations")], &main))
}

fn one(visit: &Visit, known: &Known, id: RecommendationId, duty: &Duty) -> Markup {
    let name = known.state.body(duty.body).map_or("", |body| body.entry.name.as_str());
    let at = |order: &str| format!("/recommendations/{}/{}/{order}", id.0, duty.body.0);
    let field = |name: &str| format!("{name}-{}", duty.body.0);
    html! {
        h3 { (name) }
        p {
            (layout::sentence(&standing_words(duty.standing(visit.today()))))
            @match &duty.response {
                Some(DutyResponse::Action(words)) => { " Action: " (words) }
                Some(DutyResponse::ReasonForNone(words)) => { " Reason for no action: " (words) }
                None => {}
            }
            @if !duty.embeds.is_empty() { " It carries the comments of " (duty.embeds.iter().filter_map(|body| known.state.body(*body)).map(|body| body.entry.name.as_str()).collect::<Vec<_>>().join(", ")) "." }
        }
        @if visit.may(Right::Prepare) {
            @if duty.response.is_none() && !duty.withdrawn {
                details { summary { "Log the answer of " (name) }
                    (layout::order(visit, &at("answer"), &format!("Log the answer of {name}"), &html! {
                        (radios(visit, &field("response"), "What it says", "", &[("action", "What it has done or will do", ""), ("none", "Why it does nothing", "")], ""))
                        (area(visit, &field("words"), "In its words", "Kept in the log and published", ""))
                        (layout::day(visit, &field("on"), "On which day", "", Some(visit.today())))
                        (text(visit, &field("embeds"), "Whose comments it carries", "Names of bodies as they stand here, parted by semicolons; a commissioner's answer may carry a chief constable's", ""))
                    }))
                }
                details { summary { "Withdraw the duty of " (name) } (layout::order(visit, &at("withdraw"), &format!("Withdraw the duty of {name}"), &text(visit, &field("withdrawn"), "Why", "Kept in the log", ""))) }
            } @else {
                details { summary { "Open the duty of " (name) " again" } (layout::order(visit, &at("reopen"), &format!("Open the duty of {name} again"), &text(visit, &field("again"), "Why", "Kept in the log", ""))) }
            }
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

/// Logs an answer.
///
/// # Errors
/// What is wrong with the form.
pub fn answer(visit: &Visit) -> Answer {
    let (id, body) = duty_of(visit)?;
    let field = |name: &str| format!("{name}-{}", body.0);
    let (form, mut problems) = (&visit.form, Problems::default());
    let words: Option<Remark> = problems.needed(form, &field("words"), "Enter what it says");
    let on = problems.day(form, &field("on"), "Enter the day");
    let is_action = problems.choice(form, &field("response"), "Choose what it says", |text| match text {
        "action" => Some(true),
        "none" => Some(false),
        _ => None,
    });
    let mut embeds: Vec<BodyId> = Vec::new();
    {
        let known = visit.app.office.known();
        for name in form.text(&field("embeds")).split(';').map(str::trim).filter(|name| !name.is_empty()) {
            match known.state.bodies().iter().position(|body| body.entry.name.as_str().eq_ignore_ascii_case(name)) {
                Some(number) => embeds.push(BodyId(number as u32)),
                None => problems.add(&field("embeds"), format!("There is no body called \u{201c}{name}\u{201d}")),
            }
        }
    }
    let (Some(words), Some(on), Some(is_action), true) = (words, on, is_action, problems.is_empty()) else { return Err(problems.into()) };
    let response = if is_action { DutyResponse::Action(words) } else { DutyResponse::ReasonForNone(words) };
    let new = NewResponse { response, on, documents: Vec::new(), embeds };
    visit.act(&|state, order| decide::answer(state, order, id, body, new.clone()))?;
    see(format!("/recommendations/{}", id.0), "The answer is logged")
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
    let (id, body) = duty_of(visit)?;
    let why = reason(&visit.form, &format!("withdrawn-{}", body.0))?;
    visit.act(&|state, order| decide::withdraw(state, order, id, body, why.clone()))?;
    see(format!("/recommendations/{}", id.0), "The duty is withdrawn")
}
