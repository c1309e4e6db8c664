//! How something that was asked for stands today: worked out from dates, never stored.

use super::super::moment::Day;
use super::{Clock, Pause};
use serde::{Deserialize, Serialize};

/// How many calendar days before the due day something is called due soon: a week, so that one reminder still helps.
pub const DUE_SOON_DAYS: i32 = 7;

/// How an ask or a duty stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nothing has started the clock: not sent, or it never arrived.
    NotStarted,
    /// Asked without a time limit and not answered.
    NoLimit,
    /// The clock stands still since this day.
    Paused {
        /// The day clarification was asked for.
        since: Day,
    },
    /// Not answered, and not yet due.
    OnTime {
        /// When it is due.
        due: Day,
    },
    /// Not answered, and due within a week.
    DueSoon {
        /// When it is due.
        due: Day,
    },
    /// Not answered by the day it was due.
    Overdue {
        /// When it was due.
        due: Day,
        /// Days since.
        days: i32,
    },
    /// Answered, and there was no limit or it was kept.
    Answered {
        /// On which day.
        on: Day,
    },
    /// Answered after the day it was due.
    AnsweredLate {
        /// On which day.
        on: Day,
        /// Days after it was due.
        days: i32,
    },
    /// Withdrawn by us: nobody waits for it.
    Withdrawn,
}

impl Standing {
    /// Every standing in one word or two, in the order in which a page lists them.
    pub const WORDS: [&'static str; 9] =
        ["not started", "waiting, no time limit", "clock stopped", "on time", "due soon", "overdue", "answered", "answered late", "withdrawn"];

    /// The standing in one word or two, out of [`Standing::WORDS`].
    pub fn words(self) -> &'static str {
        Standing::WORDS[match self {
            Standing::NotStarted => 0,
            Standing::NoLimit => 1,
            Standing::Paused { .. } => 2,
            Standing::OnTime { .. } => 3,
            Standing::DueSoon { .. } => 4,
            Standing::Overdue { .. } => 5,
            Standing::Answered { .. } => 6,
            Standing::AnsweredLate { .. } => 7,
            Standing::Withdrawn => 8,
        }]
    }

    /// The same with its day, as people say it: "due 13 November 2020, 3 days late".
    pub fn told(self) -> String {
        let days = |n: i32| if n == 1 { "1 day".to_owned() } else { format!("{n} days") };
        match self {
            Self::NotStarted => "not started".to_owned(),
            Self::NoLimit => "no time limit".to_owned(),
            Self::Paused { since } => format!("stands still since {}", since.name()),
            Self::OnTime { due } => format!("due {}", due.name()),
            Self::DueSoon { due } => format!("due soon: {}", due.name()),
            Self::Overdue { due, days: n } => format!("due {}, {} late", due.name(), days(n)),
            Self::Answered { on } => format!("answered {}", on.name()),
            Self::AnsweredLate { on, days: n } => format!("answered {}, {} late", on.name(), days(n)),
            Self::Withdrawn => "withdrawn".to_owned(),
        }
    }

    /// Whether it is overdue.
    pub fn is_overdue(self) -> bool {
        matches!(self, Standing::Overdue { .. })
    }

    /// Whether it has been answered, in time or late.
    pub fn is_answered(self) -> bool {
        matches!(self, Standing::Answered { .. } | Standing::AnsweredLate { .. })
    }
}

/// The dates a standing follows from.
#[derive(Clone, Copy, Debug)]
pub struct Dates<'a> {
    /// The day the clock started, if it did.
    pub started: Option<Day>,
    /// When it stood still.
    pub pauses: &'a [Pause],
    /// The day of the answer, if there is one.
    pub answered: Option<Day>,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
}

/// How something stands on `today`.
pub fn standing(clock: &Clock, dates: Dates<'_>, today: Day) -> Standing {
    if dates.withdrawn {
        return Standing::Withdrawn;
    }
    if let Some(on) = dates.answered {
        // An answer ends a pause that was still open.
        let due = dates.started.and_then(|start| {
            let closed: Vec<Pause> =
                dates.pauses.iter().map(|pause| Pause { from: pause.from, until: pause.until.or(Some(on.max(pause.from))) }).collect();
            clock.due(start, &closed)
        });
        return match due {
            Some(due) if on > due => Standing::AnsweredLate { on, days: on.since(due) },
            _ => Standing::Answered { on },
        };
    }
    let Some(start) = dates.started else { return Standing::NotStarted };
    if let Some(open) = dates.pauses.iter().find(|pause| pause.until.is_none()) {
        return Standing::Paused { since: open.from };
    }
    match clock.due(start, dates.pauses) {
        None => Standing::NoLimit,
        Some(due) if today > due => Standing::Overdue { due, days: today.since(due) },
        Some(due) if due.since(today) <= DUE_SOON_DAYS => Standing::DueSoon { due },
        Some(due) => Standing::OnTime { due },
    }
}

#[cfg(test)]
mod tests {
    use super::super::PRESETS;
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn the_standing_follows_the_dates() {
        let clock = PRESETS[4].clock;
        let sent = Dates { started: Some(day("2020-10-13")), pauses: &[], answered: None, withdrawn: false };
        let due = day("2020-12-08");
        for (today, expected) in [
            ("2020-10-13", Standing::OnTime { due }),
            ("2020-11-30", Standing::OnTime { due }),
            ("2020-12-01", Standing::DueSoon { due }),
            ("2020-12-08", Standing::DueSoon { due }),
            ("2020-12-09", Standing::Overdue { due, days: 1 }),
        ] {
            assert_eq!(standing(&clock, sent, day(today)), expected, "{today}");
        }
        let answered = |on: &str| standing(&clock, Dates { answered: Some(day(on)), ..sent }, day("2021-06-01"));
        assert_eq!(answered("2020-12-08"), Standing::Answered { on: due });
        assert_eq!(answered("2020-12-10"), Standing::AnsweredLate { on: day("2020-12-10"), days: 2 });
        assert_eq!(standing(&clock, Dates { withdrawn: true, ..sent }, day("2021-06-01")), Standing::Withdrawn);
        assert_eq!(standing(&clock, Dates { started: None, ..sent }, day("2021-06-01")), Standing::NotStarted);
        assert_eq!(standing(&Clock::NONE, sent, day("2030-01-01")), Standing::NoLimit);
    }

    #[test]
    fn nothing_becomes_overdue_while_the_clock_stands() {
        let pauses = [Pause { from: day("2020-10-20"), until: None }];
        let dates = Dates { started: Some(day("2020-10-13")), pauses: &pauses, answered: None, withdrawn: false };
        assert_eq!(standing(&PRESETS[4].clock, dates, day("2029-01-01")), Standing::Paused { since: day("2020-10-20") });
        let answered = Dates { answered: Some(day("2028-01-01")), ..dates };
        assert_eq!(standing(&PRESETS[4].clock, answered, day("2029-01-01")), Standing::Answered { on: day("2028-01-01") });
    }
}
