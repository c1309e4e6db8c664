//! A recommendation as it is entered, put right, and withdrawn.

use headwater_prevention::exchange::decide::duties::{self as decide, NewRecommendation};
use headwater_prevention::exchange::event::Event;
use headwater_prevention::exchange::id::{BlobHash, RecommendationId};
use headwater_prevention::exchange::recommendation::Recommendation;
use headwater_prevention::exchange::words::Remark;
use maud::{Markup, html};

use super::{full_text, of};
use crate::web::form::{Problems, reason};
use crate::web::layout::{self, area, text};
use crate::web::visit::{Answer, Visit, page, see};

fn fields(visit: &Visit, it: Option<(&Recommendation, &str)>) -> Markup {
    let stands = |of: fn(&Recommendation) -> &str| it.map_or("", |(it, _)| of(it));
    html! {
        (text(visit, "report", "Report it stands in", "", stands(|it| it.report.as_str())))
        (layout::day(visit, "published", "Day the report was published", "", it.map(|(it, _)| it.published)))
        (text(visit, "number", "Its number there", "", stands(|it| it.number.as_str())))
        (text(visit, "title", "What it says in short", "", stands(|it| it.title.as_str())))
        (area(visit, "text", "Its full text", "", it.map_or("", |(_, words)| words)))
        (text(visit, "plan_priority", "The priority of the plan that it serves", "", stands(|it| it.plan_priority.as_str())))
    }
}

/// What was entered, its text kept; what is wrong goes to `problems`.
fn read(visit: &Visit, problems: &mut Problems) -> Option<NewRecommendation> {
    let form = &visit.form;
    let report = problems.needed(form, "report", "Name the report");
    let published = problems.day(form, "published", "Enter the day");
    let number = problems.needed(form, "number", "Enter its number");
    let title = problems.needed(form, "title", "Say it in short");
    // A browser ends lines in its own way.
    let words = form.text("text").replace("\r\n", "\n");
    if words.is_empty() {
        problems.add("text", "Enter its full text");
    }
    let plan_priority = problems.needed(form, "plan_priority", "Name the priority");
    let text = BlobHash::of(words.as_bytes());
    Some(NewRecommendation { report: report?, number: number?, title: title?, text, published: published?, plan_priority: plan_priority? })
}

fn keep_text(visit: &Visit) -> Result<(), crate::problem::Problem> {
    visit.app.ws.blobs().put(&mut visit.form.text("text").replace("\r\n", "\n").as_bytes()).map(|_| ())
}

/// The form for a recommendation.
///
/// # Errors
/// None: it has the form of a handler.
pub fn new(visit: &Visit) -> Answer {
    page(layout::page(
        visit,
        "Enter a recommendation",
        &[("Recommendations", "/recommendations")],
        &layout::order(visit, &visit.path, "Enter the recommendation", &fields(visit, None)),
    ))
}

/// Enters a recommendation.
///
/// # Errors
/// What is wrong with the form.
pub fn enter(visit: &Visit) -> Answer {
    let mut problems = Problems::default();
    let (Some(new), true) = (read(visit, &mut problems), problems.is_empty()) else { return Err(problems.into()) };
    keep_text(visit)?;
    let written = visit.act_now(&|state, order| decide::enter(state, order, new.clone()))?;
    let given = written.iter().find_map(|event| if let Event::RecommendationEntered(it) = event { Some(it.recommendation.0) } else { None });
    see(
        given.map_or_else(|| "/recommendations".to_owned(), |id| format!("/recommendations/{id}")),
        "The recommendation is entered. Now say who owes an answer",
    )
}

/// The form that puts right what was entered.
///
/// # Errors
/// There is none of this number.
pub fn ask_to_correct(visit: &Visit) -> Answer {
    let (id, it) = {
        let known = visit.app.office.known();
        let (id, it) = of(visit, &known)?;
        (id, it.clone())
    };
    let words = full_text(visit, it.text)?;
    let back = format!("/recommendations/{}", id.0);
    let main = html! {
        p { "What was entered can be put right until the first body has answered it. A clock that started with publication starts on the day that stands here." }
        (layout::order(visit, &visit.path, "Put it right", &html! {
            (fields(visit, Some((&it, &words))))
            (text(visit, "why", "Why it changes", "Kept in the log", ""))
        }))
    };
    page(layout::page(visit, "Put the recommendation right", &[("Recommendations", "/recommendations"), (it.title.as_str(), &back)], &main))
}

/// Puts right what was entered.
///
/// # Errors
/// What is wrong with the form, a body has answered it, or somebody else changed it meanwhile.
pub fn correct(visit: &Visit) -> Answer {
    let id = RecommendationId(visit.part("recommendation")?);
    let mut problems = Problems::default();
    let new = read(visit, &mut problems);
    let why: Option<Remark> = problems.needed(&visit.form, "why", "Say why it changes");
    let (Some(new), Some(why), true) = (new, why, problems.is_empty()) else { return Err(problems.into()) };
    keep_text(visit)?;
    visit.act(&|state, order| decide::correct(state, order, id, new.clone(), why.clone()))?;
    see(format!("/recommendations/{}", id.0), "It is put right")
}

/// Withdraws a recommendation: nobody owes an answer to it any more.
///
/// # Errors
/// No reason is given, or it is withdrawn already.
pub fn withdraw_whole(visit: &Visit) -> Answer {
    let id = RecommendationId(visit.part("recommendation")?);
    let why = reason(&visit.form, "withdraw_reason")?;
    visit.act(&|state, order| decide::withdraw_recommendation(state, order, id, why.clone()))?;
    see(format!("/recommendations/{}", id.0), "The recommendation is withdrawn: nobody owes an answer to it any more")
}
