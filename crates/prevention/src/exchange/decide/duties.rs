//! Recommendations and the answers that bodies owe to them.

use super::correspondence::Incoming;
use super::documents::{NewDocument, log_received_with};
use super::{Allowed, NotAllowed, Order, body_name, ensure, next, not_allowed, only, there};
use crate::exchange::body::Channel;
use crate::exchange::clock::Clock;
use crate::exchange::communication::HoldReason;
use crate::exchange::event::{
    CommunicationSetAside, DutyAnswered, DutyLaid, DutyReopened, DutyWithdrawn, Event, RecommendationCorrected, RecommendationEntered,
    RecommendationWithdrawn, Recorded,
};
use crate::exchange::id::{BlobHash, BodyId, CommunicationId, DocumentId, RecommendationId};
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

/// Puts right what was entered of a recommendation, before anybody answered it. Clocks that started on the day of publication
/// that stood there start on the new one.
pub fn correct(state: &State, order: &Order, recommendation: RecommendationId, new: NewRecommendation, reason: Remark) -> Allowed {
    let now = there(state.recommendation(recommendation), recommendation)?;
    order.fresh("the recommendation", now.version)?;
    ensure(now.withdrawn.is_none(), "the recommendation was withdrawn", "enter another")?;
    if let Some(duty) = now.duties.iter().find(|duty| duty.response.is_some()) {
        let what = format!("{} has answered it as it stands", body_name(state, duty.body));
        return not_allowed(what, "withdraw it with a reason, and enter the other one");
    }
    let twin =
        state.recommendations().iter().zip(0u32..).any(|(it, id)| id != recommendation.0 && it.report == new.report && it.number == new.number);
    ensure(!twin, format!("recommendation {} of \"{}\" is there already", new.number, new.report), "check the number")?;
    let NewRecommendation { report, number, title, text, published, plan_priority } = new;
    let stands = (&now.report, &now.number, &now.title, now.text, now.published, &now.plan_priority);
    ensure(stands != (&report, &number, &title, text, published, &plan_priority), "nothing is changed", "change it, or leave it as it is")?;
    only(RecommendationCorrected { recommendation, report, number, title, text, published, plan_priority, reason })
}

/// Withdraws a recommendation: what was answered stays, and nobody owes an answer any more.
pub fn withdraw_recommendation(state: &State, order: &Order, recommendation: RecommendationId, reason: Remark) -> Allowed {
    let now = there(state.recommendation(recommendation), recommendation)?;
    order.fresh("the recommendation", now.version)?;
    ensure(now.withdrawn.is_none(), "the recommendation was withdrawn already", "nothing needs to be done")?;
    only(RecommendationWithdrawn { recommendation, reason })
}

/// Lays the duty to answer a recommendation on bodies; the clock starts on a day, or with publication.
pub fn lay(state: &State, order: &Order, recommendation: RecommendationId, bodies: &[BodyId], clock: Clock, from: Option<Day>) -> Allowed {
    let now = there(state.recommendation(recommendation), recommendation)?;
    order.fresh("the recommendation", now.version)?;
    ensure(now.withdrawn.is_none(), "the recommendation was withdrawn", "enter another")?;
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
        ensure(!document.screening.is_destroyed(), format!("{id} was destroyed"), "leave it out")?;
    }
    for id in &new.embeds {
        there(state.body(*id), *id)?;
    }
    only(DutyAnswered { recommendation, body, response: new.response, on: new.on, documents: new.documents, embeds: new.embeds })
}

/// Records what a body said to a recommendation together with the files of its answer, which concern no campaign: they are looked
/// into like all files, and nobody reads one that is held.
pub fn answer_with_files(
    state: &State,
    order: &Order,
    recommendation: RecommendationId,
    body: BodyId,
    mut new: NewResponse,
    channel: Channel,
    files: Vec<NewDocument>,
) -> Allowed {
    if files.is_empty() {
        return answer(state, order, recommendation, body, new);
    }
    let communication = CommunicationId(next(state.communications()));
    let came =
        Incoming { channel, on: new.on, recipients: Vec::new(), held: vec![HoldReason::NothingToMatch], message: None, answers: None, content: None };
    let (first, n) = (next(state.documents()), next(&files));
    let mut events = log_received_with(state, order, came, files)?;
    // A sentence of ours: it names nobody.
    let reason: Remark =
        "It answers a recommendation".parse().map_err(|what: String| NotAllowed { what, mend: String::new(), is_conflict: false })?;
    events.push(CommunicationSetAside { communication, reason }.into());
    let mut then = state.clone();
    for event in &events {
        then.apply(Recorded { seq: then.seq() + 1, at: order.at, actor: order.by, event: event.clone() });
    }
    new.documents.extend((first..first + n).map(DocumentId));
    events.extend(answer(&then, order, recommendation, body, new)?);
    Ok(events)
}

/// Opens a duty again that was answered or withdrawn.
pub fn reopen(state: &State, order: &Order, recommendation: RecommendationId, body: BodyId, reason: Remark) -> Allowed {
    let duty = seen(state, order, recommendation, body)?;
    ensure(duty.response.is_some() || duty.withdrawn, "the duty is open", "nothing needs to be done")?;
    let is_live = state.recommendation(recommendation).is_some_and(|it| it.withdrawn.is_none());
    ensure(is_live, "the recommendation was withdrawn", "enter another")?;
    only(DutyReopened { recommendation, body, reason })
}

/// Frees a body from a duty.
pub fn withdraw(state: &State, order: &Order, recommendation: RecommendationId, body: BodyId, reason: Remark) -> Allowed {
    let duty = seen(state, order, recommendation, body)?;
    ensure(!duty.withdrawn, "the duty was withdrawn already", "nothing needs to be done")?;
    only(DutyWithdrawn { recommendation, body, reason })
}
