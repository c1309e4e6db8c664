//! The ask: one recipient, one item; the cell of the grid that everything turns on.

use super::clock::standing::{Dates, Standing, standing};
use super::clock::{Clock, Length, Pause};
use super::id::{BodyId, CommunicationId, DocumentId, PersonId};
use super::moment::{Day, Moment};
use super::words::Remark;
use serde::{Deserialize, Serialize};

/// What is known of an ask. Said by a person, or following from a letter that went out; never "overdue".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskStatus {
    /// Nothing has gone out.
    NotSent,
    /// The letter went out.
    Sent,
    /// It is known to have arrived.
    Delivered,
    /// It came back.
    Bounced,
    /// They said they have it.
    Acknowledged,
    /// They said when they will answer.
    Promised {
        /// By when.
        until: Day,
    },
    /// Some of it came.
    PartProvided,
    /// It came.
    Provided,
    /// They have no such thing.
    NotHeld,
    /// They will not give it.
    Refused {
        /// Why, in their words as we understand them.
        reason: Remark,
    },
    /// They passed it to somebody else.
    Transferred {
        /// To whom.
        to: BodyId,
    },
    /// We no longer ask.
    Withdrawn {
        /// Why.
        reason: Remark,
    },
    /// They asked what we mean; the clock stands still.
    ClarificationAsked,
}

impl AskStatus {
    /// Every status in words, in the order in which a page lists them.
    pub const WORDS: [&'static str; 13] = [
        "not sent",
        "sent",
        "delivered",
        "bounced",
        "acknowledged",
        "promised",
        "part provided",
        "provided",
        "not held",
        "refused",
        "transferred",
        "withdrawn",
        "clarification asked",
    ];

    /// Every status as a reader is told of it, in the same order: who has done what. "Sent" is our word for what we did; beside
    /// the name of a body it would read as if the body had sent it.
    pub const TOLD: [&'static str; 13] = [
        "not asked yet",
        "asked, no answer yet",
        "has our letter, no answer yet",
        "asked, our letter came back",
        "acknowledged, no answer yet",
        "promised",
        "provided in part",
        "provided",
        "not held",
        "refused",
        "passed to another body",
        "no longer asked",
        "asked us a question",
    ];

    /// The place of the status in [`AskStatus::WORDS`] and in [`AskStatus::TOLD`].
    pub fn place(&self) -> usize {
        match self {
            AskStatus::NotSent => 0,
            AskStatus::Sent => 1,
            AskStatus::Delivered => 2,
            AskStatus::Bounced => 3,
            AskStatus::Acknowledged => 4,
            AskStatus::Promised { .. } => 5,
            AskStatus::PartProvided => 6,
            AskStatus::Provided => 7,
            AskStatus::NotHeld => 8,
            AskStatus::Refused { .. } => 9,
            AskStatus::Transferred { .. } => 10,
            AskStatus::Withdrawn { .. } => 11,
            AskStatus::ClarificationAsked => 12,
        }
    }

    /// The status in words.
    pub fn words(&self) -> &'static str {
        AskStatus::WORDS[self.place()]
    }

    /// The status as a reader is told of it, with its day, its reason, or the body that has it now as `name` calls it.
    ///
    /// ```
    /// use headwater_prevention::exchange::ask::AskStatus;
    /// assert_eq!(AskStatus::Sent.told(|_| String::new()), "asked, no answer yet");
    /// let promised = AskStatus::Promised { until: "2026-12-12".parse().unwrap() };
    /// assert_eq!(promised.told(|_| String::new()), "promised for 12 December 2026");
    /// ```
    pub fn told(&self, name: impl Fn(BodyId) -> String) -> String {
        let words = AskStatus::TOLD[self.place()];
        match self {
            AskStatus::Promised { until } => format!("{words} for {}", until.name()),
            AskStatus::Refused { reason } | AskStatus::Withdrawn { reason } => format!("{words}: {reason}"),
            AskStatus::Transferred { to } => format!("passed to {}", name(*to)),
            _ => words.to_owned(),
        }
    }

    /// Whether it answers the ask, with or without the thing itself: the clock stops.
    pub fn is_answer(&self) -> bool {
        matches!(self, AskStatus::Provided | AskStatus::NotHeld | AskStatus::Refused { .. } | AskStatus::Transferred { .. })
    }

    /// Whether only reopening, with a reason, leads on from it.
    pub fn is_final(&self) -> bool {
        self.is_answer() || matches!(self, AskStatus::Withdrawn { .. })
    }

    /// Whether the status may be said of an ask that has this one.
    ///
    /// `sent` is not said: it follows from a letter. A first answer may come at any time after sending, also after a bounce.
    pub fn may_become(&self, next: &AskStatus) -> bool {
        if self.is_final() {
            return false;
        }
        match next {
            AskStatus::NotSent | AskStatus::Sent => false,
            AskStatus::Withdrawn { .. } => true,
            _ if *self == AskStatus::NotSent => false,
            AskStatus::Delivered => matches!(self, AskStatus::Sent | AskStatus::Bounced),
            AskStatus::Bounced => matches!(self, AskStatus::Sent | AskStatus::Delivered),
            AskStatus::Acknowledged => matches!(self, AskStatus::Sent | AskStatus::Delivered | AskStatus::Bounced),
            AskStatus::ClarificationAsked => *self != AskStatus::ClarificationAsked,
            _ => true,
        }
    }
}

/// What shows that a status is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// A communication.
    Communication(CommunicationId),
    /// A document.
    Document(DocumentId),
}

/// A day by which a body said it will answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// The day promised.
    pub until: Day,
    /// The day it was given.
    pub given: Day,
    /// Where it was given.
    pub proof: Option<Proof>,
}

/// A later day until which an ask may be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// The last day now.
    pub until: Day,
    /// The day on which it was given.
    pub given: Day,
    /// Why.
    pub reason: Remark,
}

/// An ask as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// What is known of it.
    pub status: AskStatus,
    /// When that was recorded.
    pub since: Moment,
    /// By whom.
    pub by: PersonId,
    /// What shows it.
    pub proof: Option<Proof>,
    /// The day the clock started.
    pub started: Option<Day>,
    /// Whether the letter is only deemed received on that day: nobody said when it arrived.
    #[serde(default)]
    pub is_deemed: bool,
    /// When the clock stood still.
    pub pauses: Vec<Pause>,
    /// The time to answer that was given instead of the campaign's.
    pub extended: Option<Extension>,
    /// The last promise that still counts.
    pub promise: Option<Promise>,
    /// The day of the answer.
    pub answered: Option<Day>,
    /// Documents that answer it.
    pub documents: Vec<DocumentId>,
    /// The status to which clarification leads back.
    pub before_clarification: Option<Box<AskStatus>>,
    /// The place in the log of its last change.
    pub version: u64,
}

impl Ask {
    /// An ask nobody has sent.
    pub fn not_sent(since: Moment, by: PersonId, version: u64) -> Self {
        Self {
            status: AskStatus::NotSent,
            since,
            by,
            proof: None,
            started: None,
            is_deemed: false,
            pauses: Vec::new(),
            extended: None,
            promise: None,
            answered: None,
            documents: Vec::new(),
            before_clarification: None,
            version,
        }
    }

    /// How the ask stands on `today` by the campaign's clock.
    pub fn standing(&self, clock: &Clock, today: Day) -> Standing {
        let started = if self.status == AskStatus::Bounced { None } else { self.started };
        let withdrawn = matches!(self.status, AskStatus::Withdrawn { .. });
        let (clock, started) = started.map_or((*clock, None), |day| {
            let (clock, day) = self.runs_on(clock, day);
            (clock, Some(day))
        });
        standing(&clock, Dates { started, pauses: &self.pauses, answered: self.answered, withdrawn }, today)
    }

    /// The last day to answer, with the days on which the clock stood and the time that was given; `None` before it starts, while
    /// it stands still, and without a limit.
    pub fn due(&self, clock: &Clock) -> Option<Day> {
        let (clock, started) = self.runs_on(clock, self.started?);
        clock.due(started, &self.pauses)
    }

    /// The day before which it is not due, whatever stands in its way: the last one that was given, by the campaign or since then.
    pub fn not_due_before(&self, clock: &Clock) -> Option<Day> {
        let fixed = if let Length::By(last) = clock.length { Some(last) } else { None };
        self.due(clock).max(self.extended.as_ref().map(|extension| extension.until)).max(fixed)
    }

    /// The clock it runs on, and since when: that of the campaign, or the day until which time was given, whichever ends later.
    fn runs_on(&self, clock: &Clock, started: Day) -> (Clock, Day) {
        let Some(extension) = &self.extended else { return (*clock, started) };
        // Whoever gave the day knew of the time that was lost before.
        let (given, since) = (Clock { length: Length::By(extension.until), ..*clock }, started.max(extension.given));
        let closed: Vec<Pause> = self.pauses.iter().filter(|pause| pause.until.is_some()).copied().collect();
        if clock.due(started, &closed) > given.due(since, &closed) { (*clock, started) } else { (given, since) }
    }

    /// From which day its time is counted, and what our letter was on it: `sent`, `received`, or only `deemed received`; `None`
    /// before the clock starts, and where no number of days is counted.
    pub fn counted(&self, clock: &Clock) -> Option<(Day, &'static str)> {
        let counts = matches!(clock.length, Length::WorkingDays(_) | Length::CalendarDays(_));
        let day = self.started.filter(|_| counts && self.status != AskStatus::Bounced)?;
        let what = match (self.is_deemed, clock.starts_on_arrival()) {
            (true, _) => "deemed received",
            (false, true) => "received",
            (false, false) => "sent",
        };
        Some((day, what))
    }

    /// From which day its time is counted, in words, where the letter is only deemed received on that day.
    pub fn counted_from(&self) -> Option<String> {
        let day = self.started.filter(|_| self.is_deemed && self.status != AskStatus::Bounced)?;
        Some(format!("counted from {}, on which our letter is deemed received", day.name()))
    }

    /// Until when what was promised may still come: the day promised, or the one until which more time was given since, if that is
    /// later; `None` where nothing is promised, or the ask is at its end.
    pub fn promise_holds_until(&self) -> Option<Day> {
        let promise = self.promise.filter(|_| !self.status.is_final())?;
        let given = self.extended.as_ref().filter(|extension| extension.given >= promise.given).map(|extension| extension.until);
        Some(given.map_or(promise.until, |until| until.max(promise.until)))
    }

    /// Whether the body could answer it: it was sent, did not come back, and was not withdrawn.
    pub fn reached(&self) -> bool {
        !matches!(self.status, AskStatus::NotSent | AskStatus::Bounced | AskStatus::Withdrawn { .. })
    }

    /// Whether the body itself has answered it; that another body has it now is no answer to what was asked.
    pub fn is_answered(&self) -> bool {
        self.status.is_answer() && !matches!(self.status, AskStatus::Transferred { .. })
    }

    /// Whether the body has answered anything of it: in full or in part, with a document, or that it has none, will not, or
    /// another body has it.
    pub fn has_brought_something(&self) -> bool {
        self.status.is_answer() || self.status == AskStatus::PartProvided || !self.documents.is_empty()
    }

    /// Whether something is still to come: sent and not answered, withdrawn or bounced.
    pub fn is_waiting(&self) -> bool {
        !self.status.is_final() && !matches!(self.status, AskStatus::NotSent | AskStatus::Bounced)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reopening_leads_on_from_an_answer() {
        let reason: Remark = "not for sharing".parse().unwrap();
        let all = [
            AskStatus::NotSent,
            AskStatus::Sent,
            AskStatus::Delivered,
            AskStatus::Bounced,
            AskStatus::Acknowledged,
            AskStatus::Promised { until: "2020-12-01".parse().unwrap() },
            AskStatus::PartProvided,
            AskStatus::Provided,
            AskStatus::NotHeld,
            AskStatus::Refused { reason: reason.clone() },
            AskStatus::Transferred { to: BodyId(1) },
            AskStatus::Withdrawn { reason },
            AskStatus::ClarificationAsked,
        ];
        for (place, status) in all.iter().enumerate() {
            assert_eq!(status.place(), place);
            assert!(all.iter().all(|next| !status.is_final() || !status.may_become(next)), "{status:?}");
            assert!(!status.may_become(&AskStatus::Sent) && !status.may_become(&AskStatus::NotSent));
        }
        assert!(!AskStatus::NotSent.may_become(&AskStatus::Provided), "nothing is answered before it is asked");
        assert!(AskStatus::Bounced.may_become(&AskStatus::Provided));
        assert!(AskStatus::PartProvided.may_become(&AskStatus::PartProvided));
    }
}
