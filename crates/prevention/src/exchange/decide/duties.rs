//! Recommendations and the answers that bodies owe to them.

use super::{Allowed, NotAllowed, Order, body_name, ensure, next, only, there};
use crate::exchange::clock::Clock;
use crate::exchange::event::{DutyAnswered, DutyLaid, DutyReopened, DutyWithdrawn, Event, RecommendationEntered};
use crate::exchange::id::{BlobHash, BodyId, DocumentId, RecommendationId};
use crate::exchange::moment::Day;
use crate::exchange::recommendation::{Duty, DutyResponse};
use crate::exchange::state::State;
use crate::exchange::words::{Remark, Title};

/// A recommendation as it is entered.
#[derive(Clone, Debug)]
pub struct NewRecommendation {
    /// The report it stands in.
    pub report: Title,
    /// Its number there.
    pub number: Title,
    /// What it says in short.
    pub title: Title,
    /// Its full text.
    pub text: BlobHash,
    /// When the report was published.
    pub published: Day,
    /// The objective of the plan that it serves.
    pub plan_priority: Title,
}

/// Enters a recommendation.
pub fn enter(state: &State, _order: &Order, new: NewRecommendation) -> Allowed {
    let twin = state.recommendations().iter().any(|it| it.report == new.report && it.number == new.number);
    ensure(!twin, format!("recommendation {} of \"{}\" is there already", new.number, new.report), "check the number")?;
    let NewRecommendation { report, number, title, text, published, plan_priority } = new;
    let recommendation = RecommendationId(next(state.recommendations()));
    only(RecommendationEntered { recommendation, report, number, title, text, published, plan_priority })
}

/// Lays the duty to answer a recommendation on bodies; the clock starts on a day, or with publication.
pub fn lay(state: &State, order: &Order, recommendation: RecommendationId, bodies: &[BodyId], clock: Clock, from: Option<Day>) -> Allowed {
    let now = there(state.recommendation(recommendation), recommendation)?;
    order.fresh("the recommendation", now.version)?;
    ensure(!bodies.is_empty(), "no body is chosen", "choose at least one")?;
    ensure(clock.is_sensible(), "the time limit is not between 1 and 1,000 days", "give another, or none")?;
    let mut events: Vec<Event> = Vec::new();
    for (place, body) in bodies.iter().enumerate() {
        there(state.body(*body), *body)?;
        let twice = now.duties.iter().any(|duty| duty.body == *body) || bodies[..place].contains(body);
        ensure(!twice, format!("{} must answer it already", body_name(state, *body)), "leave it out")?;
        events.push(DutyLaid { recommendation, body: *body, clock, from: from.unwrap_or(now.published) }.into());
    }
    Ok(events)
}

fn seen<'a>(state: &'a State, order: &Order, recommendation: RecommendationId, body: BodyId) -> Result<&'a Duty, NotAllowed> {
    there(state.recommendation(recommendation), recommendation)?;
    let duty = there(state.duty(recommendation, body), format!("duty of {} under it", body_name(state, body)))?;
    order.fresh(&format!("the duty of {}", body_name(state, body)), duty.version)?;
    Ok(duty)
}

/// An answer to a recommendation, as it is recorded.
#[derive(Clone, Debug)]
pub struct NewResponse {
    /// What was said.
    pub response: DutyResponse,
    /// On which day.
    pub on: Day,
    /// Documents of the answer.
    pub documents: Vec<DocumentId>,
    /// Bodies whose comments the answer carries.
    pub embeds: Vec<BodyId>,
}

/// Records what a body said to a recommendation.
pub fn answer(state: &State, order: &Order, recommendation: RecommendationId, body: BodyId, new: NewResponse) -> Allowed {
    let duty = seen(state, order, recommendation, body)?;
    ensure(duty.response.is_none(), format!("{} has answered", body_name(state, body)), "reopen its duty first")?;
    ensure(!duty.withdrawn, "the duty was withdrawn", "reopen it first")?;
    ensure(new.on <= order.today(), format!("{} is still to come", new.on.name()), "give the day of the answer")?;
    ensure(new.on >= duty.started, "the answer is older than the duty", "check the day")?;
    let published = state.recommendation(recommendation).map_or(new.on, |it| it.published);
    ensure(new.on >= published, format!("the recommendation was published on {}, after that day", published.name()), "check the day")?;
    for id in &new.documents {
        let document = there(state.document(*id), *id)?;
        ensure(document.screening.is_readable(), format!("{id} is not screened, or is held"), "look at it in the list of held documents first")?;
    }
    for id in &new.embeds {
        there(state.body(*id), *id)?;
    }
    only(DutyAnswered { recommendation, body, response: new.response, on: new.on, documents: new.documents, embeds: new.embeds })
}

/// Opens a duty again that was answered or withdrawn.
pub fn reopen(state: &State, order: &Order, recommendation: RecommendationId, body: BodyId, reason: Remark) -> Allowed {
    let duty = seen(state, order, recommendation, body)?;
    ensure(duty.response.is_some() || duty.withdrawn, "the duty is open", "nothing needs to be done")?;
    only(DutyReopened { recommendation, body, reason })
}

/// Frees a body from a duty.
pub fn withdraw(state: &State, order: &Order, recommendation: RecommendationId, body: BodyId, reason: Remark) -> Allowed {
    let duty = seen(state, order, recommendation, body)?;
    ensure(!duty.withdrawn, "the duty was withdrawn already", "nothing needs to be done")?;
    only(DutyWithdrawn { recommendation, body, reason })
}
