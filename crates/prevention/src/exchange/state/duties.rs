//! Events of recommendations and the duties they lay on bodies.

use super::{Fit, Stamp, State, next_on, require};
use crate::exchange::event::{DutyAnswered, DutyLaid, DutyReopened, DutyWithdrawn, RecommendationEntered};
use crate::exchange::id::{BodyId, RecommendationId};
use crate::exchange::recommendation::{Duty, Recommendation};

const NO_DUTY: &str = "there is no such duty";

impl State {
    fn duty_step(&mut self, recommendation: RecommendationId, body: BodyId, stamp: Stamp, step: impl FnOnce(&mut Duty) -> Fit) -> Fit {
        let recommendation = self.recommendations.get_mut(recommendation.index()).ok_or("there is no such recommendation")?;
        let duty = recommendation.duties.iter_mut().find(|duty| duty.body == body).ok_or(NO_DUTY)?;
        step(duty)?;
        (duty.by, duty.version, recommendation.version) = (stamp.by, stamp.seq, stamp.seq);
        Ok(())
    }

    /// One body's duty under one recommendation.
    pub fn duty(&self, recommendation: RecommendationId, body: BodyId) -> Option<&Duty> {
        self.recommendation(recommendation)?.duties.iter().find(|duty| duty.body == body)
    }

    pub(super) fn recommendation_entered(&mut self, event: RecommendationEntered, stamp: Stamp) -> Fit {
        next_on(&self.recommendations, event.recommendation.index())?;
        self.recommendations.push(Recommendation {
            report: event.report,
            number: event.number,
            title: event.title,
            text: event.text,
            published: event.published,
            plan_priority: event.plan_priority,
            duties: Vec::new(),
            version: stamp.seq,
        });
        Ok(())
    }

    pub(super) fn duty_laid(&mut self, event: DutyLaid, stamp: Stamp) -> Fit {
        require(self.body(event.body).is_some(), "there is no such body")?;
        let recommendation = self.recommendations.get_mut(event.recommendation.index()).ok_or("there is no such recommendation")?;
        require(recommendation.duties.iter().all(|duty| duty.body != event.body), "the body has that duty already")?;
        recommendation.version = stamp.seq;
        recommendation.duties.push(Duty {
            body: event.body,
            clock: event.clock,
            started: event.from,
            pauses: Vec::new(),
            response: None,
            answered: None,
            documents: Vec::new(),
            embeds: Vec::new(),
            withdrawn: false,
            by: stamp.by,
            version: stamp.seq,
        });
        Ok(())
    }

    pub(super) fn duty_answered(&mut self, event: DutyAnswered, stamp: Stamp) -> Fit {
        let readable = |id: &_| self.document(*id).is_some_and(|document| document.screening.is_readable());
        require(event.documents.iter().all(readable), "a document is not there, or is held")?;
        require(event.embeds.iter().all(|id| self.body(*id).is_some()), "there is no such body")?;
        self.duty_step(event.recommendation, event.body, stamp, |duty| {
            require(!duty.withdrawn && duty.response.is_none(), "the duty is answered or withdrawn")?;
            (duty.response, duty.answered, duty.documents, duty.embeds) = (Some(event.response), Some(event.on), event.documents, event.embeds);
            Ok(())
        })
    }

    pub(super) fn duty_reopened(&mut self, event: DutyReopened, stamp: Stamp) -> Fit {
        self.duty_step(event.recommendation, event.body, stamp, |duty| {
            (duty.response, duty.answered, duty.withdrawn) = (None, None, false);
            Ok(())
        })
    }

    pub(super) fn duty_withdrawn(&mut self, event: DutyWithdrawn, stamp: Stamp) -> Fit {
        self.duty_step(event.recommendation, event.body, stamp, |duty| {
            duty.withdrawn = true;
            Ok(())
        })
    }
}
