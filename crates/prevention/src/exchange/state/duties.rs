//! Events of recommendations and the duties they lay on bodies.

use super::{Fit, Stamp, State, next_on, require};
use crate::exchange::body::ContactStatus;
use crate::exchange::event::{
    DutyAnswered, DutyLaid, DutyReminderApproved, DutyReminderCameBack, DutyReminderDropped, DutyReminderProposed, DutyReminderRewritten,
    DutyReminderSent, DutyReopened, DutyWithdrawn, RecommendationCorrected, RecommendationEntered, RecommendationWithdrawn,
};
use crate::exchange::handover::HandoverStage;
use crate::exchange::id::{BodyId, RecommendationId};
use crate::exchange::recommendation::{Duty, DutyReminder, Recommendation, SentReminder};

const NO_DUTY: &str = "there is no such duty";
const NO_RECOMMENDATION: &str = "there is no such recommendation";
const NO_REMINDER: &str = "no reminder to that body waits";
const IN_DOUBT: &str = "it is not known whether the reminder went";

impl State {
    fn duty_step(&mut self, recommendation: RecommendationId, body: BodyId, stamp: Stamp, step: impl FnOnce(&mut Duty) -> Fit) -> Fit {
        let recommendation = self.recommendations.get_mut(recommendation.index()).ok_or(NO_RECOMMENDATION)?;
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
            withdrawn: None,
            version: stamp.seq,
        });
        Ok(())
    }

    pub(super) fn recommendation_corrected(&mut self, event: RecommendationCorrected, stamp: Stamp) -> Fit {
        let it = self.recommendations.get_mut(event.recommendation.index()).ok_or(NO_RECOMMENDATION)?;
        require(it.withdrawn.is_none(), "the recommendation was withdrawn")?;
        require(it.duties.iter().all(|duty| duty.response.is_none()), "a body has answered it as it stands")?;
        for duty in it.duties.iter_mut().filter(|duty| duty.started == it.published && event.published != it.published) {
            (duty.started, duty.version) = (event.published, stamp.seq);
        }
        (it.report, it.number, it.title, it.text) = (event.report, event.number, event.title, event.text);
        (it.published, it.plan_priority, it.version) = (event.published, event.plan_priority, stamp.seq);
        Ok(())
    }

    pub(super) fn recommendation_withdrawn(&mut self, event: RecommendationWithdrawn, stamp: Stamp) -> Fit {
        let it = self.recommendations.get_mut(event.recommendation.index()).ok_or(NO_RECOMMENDATION)?;
        require(it.withdrawn.is_none(), "the recommendation was withdrawn already")?;
        (it.withdrawn, it.version) = (Some(event.reason), stamp.seq);
        for duty in it.duties.iter_mut().filter(|duty| duty.response.is_none()) {
            (duty.withdrawn, duty.by, duty.version) = (true, stamp.by, stamp.seq);
        }
        Ok(())
    }

    pub(super) fn duty_laid(&mut self, event: DutyLaid, stamp: Stamp) -> Fit {
        require(self.body(event.body).is_some(), "there is no such body")?;
        let recommendation = self.recommendations.get_mut(event.recommendation.index()).ok_or(NO_RECOMMENDATION)?;
        require(recommendation.withdrawn.is_none(), "the recommendation was withdrawn")?;
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
            reminders: Vec::new(),
            by: stamp.by,
            version: stamp.seq,
        });
        Ok(())
    }

    pub(super) fn duty_answered(&mut self, event: DutyAnswered, stamp: Stamp) -> Fit {
        // What came with an answer belongs to it, whatever the look into it finds: nobody reads it before it is let through.
        let kept = |id: &_| self.document(*id).is_some_and(|document| !document.screening.is_destroyed());
        require(event.documents.iter().all(kept), "a document is not there, or was destroyed")?;
        require(event.embeds.iter().all(|id| self.body(*id).is_some()), "there is no such body")?;
        self.duty_step(event.recommendation, event.body, stamp, |duty| {
            require(!duty.withdrawn && duty.response.is_none(), "the duty is answered or withdrawn")?;
            (duty.response, duty.answered, duty.documents, duty.embeds) = (Some(event.response), Some(event.on), event.documents, event.embeds);
            Ok(())
        })
    }

    pub(super) fn duty_reopened(&mut self, event: DutyReopened, stamp: Stamp) -> Fit {
        let is_live = self.recommendation(event.recommendation).is_some_and(|it| it.withdrawn.is_none());
        require(is_live, "there is no such recommendation, or it was withdrawn")?;
        self.duty_step(event.recommendation, event.body, stamp, |duty| {
            (duty.response, duty.answered, duty.withdrawn) = (None, None, false);
            (duty.documents, duty.embeds) = (Vec::new(), Vec::new());
            Ok(())
        })
    }

    pub(super) fn duty_withdrawn(&mut self, event: DutyWithdrawn, stamp: Stamp) -> Fit {
        self.duty_step(event.recommendation, event.body, stamp, |duty| {
            duty.withdrawn = true;
            Ok(())
        })
    }

    /// The reminder to a body of answers that it owes to recommendations, if one waits.
    pub fn duty_reminder(&self, body: BodyId) -> Option<&DutyReminder> {
        self.duty_reminders.get(&body)
    }

    /// All reminders of answers to recommendations that are not yet out, by body.
    pub fn duty_reminders(&self) -> impl Iterator<Item = (BodyId, &DutyReminder)> + '_ {
        self.duty_reminders.iter().map(|(body, reminder)| (*body, reminder))
    }

    pub(super) fn duty_reminder_proposed(&mut self, event: DutyReminderProposed, stamp: Stamp) -> Fit {
        require(!event.recommendations.is_empty(), "it names no recommendation")?;
        require(event.recommendations.iter().all(|id| self.duty(*id, event.body).is_some()), NO_DUTY)?;
        require(self.duty_reminder(event.body).is_none(), "a reminder to that body waits already")?;
        let (recommendations, text) = (event.recommendations, event.text);
        let reminder = DutyReminder { recommendations, text, proposed_by: stamp.by, approved_by: None, version: stamp.seq };
        self.duty_reminders.insert(event.body, reminder);
        Ok(())
    }

    pub(super) fn duty_reminder_approved(&mut self, event: DutyReminderApproved, stamp: Stamp) -> Fit {
        let reminder = self.duty_reminders.get_mut(&event.body).ok_or(NO_REMINDER)?;
        require(reminder.approved_by.is_none() && reminder.text == event.text, "it is approved, or its text is another")?;
        require(reminder.proposed_by != stamp.by, "nobody approves their own reminder")?;
        (reminder.approved_by, reminder.version) = (Some(stamp.by), stamp.seq);
        Ok(())
    }

    /// Whoever gives it other words is its author from then on.
    pub(super) fn duty_reminder_rewritten(&mut self, event: DutyReminderRewritten, stamp: Stamp) -> Fit {
        let reminder = self.duty_reminders.get_mut(&event.body).ok_or(NO_REMINDER)?;
        require(reminder.approved_by.is_none(), "the reminder is approved")?;
        (reminder.text, reminder.proposed_by, reminder.version) = (event.text, stamp.by, stamp.seq);
        Ok(())
    }

    pub(super) fn duty_reminder_dropped(&mut self, event: DutyReminderDropped, _stamp: Stamp) -> Fit {
        require(self.unanswered_duty_reminder(event.body).is_none(), IN_DOUBT)?;
        self.duty_reminders.remove(&event.body).map(drop).ok_or(NO_REMINDER)
    }

    pub(super) fn duty_reminder_sent(&mut self, event: DutyReminderSent, stamp: Stamp) -> Fit {
        let is_approved = self.duty_reminder(event.body).is_some_and(|reminder| reminder.approved_by.is_some());
        require(is_approved, "no reminder to that body was approved")?;
        require(self.unanswered_duty_reminder(event.body).is_none_or(|key| event.message == Some(key)), IN_DOUBT)?;
        if let Some(key) = event.message {
            let handover = self.handovers.get_mut(&key).filter(|it| it.duty == Some(event.body)).ok_or("no such reminder was handed over")?;
            let is_out = matches!(handover.stage, HandoverStage::Reminded { .. } | HandoverStage::CameBack { .. });
            require(!is_out, "the message is settled")?;
            (handover.stage, handover.version) = (HandoverStage::Reminded { on: event.on }, stamp.seq);
        }
        let Some(reminder) = self.duty_reminders.remove(&event.body) else { return Err(NO_REMINDER) };
        for id in reminder.recommendations {
            self.duty_step(id, event.body, stamp, |duty| {
                duty.reminders.push(SentReminder { on: event.on, text: reminder.text, message: event.message, came_back: None });
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Nobody was reminded by what came back, and to its address nothing more is sent.
    pub(super) fn duty_reminder_came_back(&mut self, event: DutyReminderCameBack, stamp: Stamp) -> Fit {
        let handover = self.handovers.get_mut(&event.message).filter(|it| matches!(it.stage, HandoverStage::Reminded { .. }));
        let handover = handover.ok_or("no reminder of this Message-ID is out")?;
        (handover.stage, handover.version) = (HandoverStage::CameBack { on: event.on }, stamp.seq);
        let contact = handover.contact;
        self.set_contact(contact, ContactStatus::Good, ContactStatus::Bounced, stamp);
        for duty in self.recommendations.iter_mut().flat_map(|it| &mut it.duties) {
            for reminder in duty.reminders.iter_mut().filter(|it| it.message == Some(event.message)) {
                reminder.came_back = Some(event.on);
                (duty.by, duty.version) = (stamp.by, stamp.seq);
            }
        }
        Ok(())
    }
}
