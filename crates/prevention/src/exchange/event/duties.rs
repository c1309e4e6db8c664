//! Events of recommendations, of the duties they lay on bodies, and of reminders of these.

use super::Event;
use crate::exchange::clock::Clock;
use crate::exchange::id::{BlobHash, BodyId, DocumentId, MessageKey, RecommendationId};
use crate::exchange::moment::Day;
use crate::exchange::recommendation::DutyResponse;
use crate::exchange::words::{Remark, Title};
use serde::{Deserialize, Serialize};

kinds! {
    /// A recommendation was entered.
    "recommendation.entered" RecommendationEntered {
        /// Its number.
        recommendation: RecommendationId,
        /// The report it stands in.
        report: Title,
        /// Its number there.
        number: Title,
        /// What it says in short.
        title: Title,
        /// Its full text.
        text: BlobHash,
        /// When the report was published.
        published: Day,
        /// The objective of the plan that it serves.
        plan_priority: Title,
    }
    /// What was entered of a recommendation was put right, before anybody answered it.
    "recommendation.corrected" RecommendationCorrected {
        /// Which.
        recommendation: RecommendationId,
        /// The report it stands in.
        report: Title,
        /// Its number there.
        number: Title,
        /// What it says in short.
        title: Title,
        /// Its full text.
        text: BlobHash,
        /// When the report was published: clocks that started on the day that stood here before start on this one.
        published: Day,
        /// The objective of the plan that it serves.
        plan_priority: Title,
        /// Why.
        reason: Remark,
    }
    /// A recommendation was withdrawn: nobody owes an answer to it any more.
    "recommendation.withdrawn" RecommendationWithdrawn {
        /// Which.
        recommendation: RecommendationId,
        /// Why.
        reason: Remark,
    }
    /// A body must answer a recommendation.
    "duty.laid" DutyLaid {
        /// Which recommendation.
        recommendation: RecommendationId,
        /// Which body.
        body: BodyId,
        /// On which clock.
        clock: Clock,
        /// The day the clock starts.
        from: Day,
    }
    /// A body answered a recommendation.
    "duty.answered" DutyAnswered {
        /// Which recommendation.
        recommendation: RecommendationId,
        /// Which body.
        body: BodyId,
        /// What it said.
        response: DutyResponse,
        /// On which day.
        on: Day,
        /// Documents of the answer.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        documents: Vec<DocumentId>,
        /// Bodies whose comments the answer carries.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        embeds: Vec<BodyId>,
    }
    /// An answer to a recommendation was not one after all.
    "duty.reopened" DutyReopened {
        /// Which recommendation.
        recommendation: RecommendationId,
        /// Which body.
        body: BodyId,
        /// Why.
        reason: Remark,
    }
    /// A body need not answer a recommendation any more.
    "duty.withdrawn" DutyWithdrawn {
        /// Which recommendation.
        recommendation: RecommendationId,
        /// Which body.
        body: BodyId,
        /// Why.
        reason: Remark,
    }
    /// A reminder of answers that are owed to recommendations was drafted.
    "duty.reminder_proposed" DutyReminderProposed {
        /// To whom.
        body: BodyId,
        /// Of which recommendations.
        recommendations: Vec<RecommendationId>,
        /// The text.
        text: BlobHash,
    }
    /// A second person let a reminder of answers to recommendations go.
    "duty.reminder_approved" DutyReminderApproved {
        /// To whom.
        body: BodyId,
        /// The text as it was seen.
        text: BlobHash,
    }
    /// A reminder of answers to recommendations was given other words.
    "duty.reminder_rewritten" DutyReminderRewritten {
        /// To whom.
        body: BodyId,
        /// The text now.
        text: BlobHash,
    }
    /// A reminder of answers to recommendations will not be sent.
    "duty.reminder_dropped" DutyReminderDropped {
        /// To whom.
        body: BodyId,
        /// Why.
        reason: Remark,
    }
    /// A reminder of answers to recommendations went out.
    "duty.reminder_sent" DutyReminderSent {
        /// To whom.
        body: BodyId,
        /// On which day.
        on: Day,
        /// The message that the mail server took, if it went by mail.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<MessageKey>,
    }
    /// A reminder of answers to recommendations that had gone out came back.
    "duty.reminder_came_back" DutyReminderCameBack {
        /// The message.
        message: MessageKey,
        /// What shows it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence: Option<BlobHash>,
        /// On which day.
        on: Day,
    }
}
