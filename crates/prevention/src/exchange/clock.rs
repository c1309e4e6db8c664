//! The clock of a duty: from which day it runs, how long, on whose holidays, and what stops it for a while.
//!
//! A clock says when something is due. Whether it is overdue today is never stored: [`standing`] works it out from dates.

pub mod holiday;
pub mod standing;

use super::moment::Day;
use holiday::{Division, is_working_day};
use serde::{Deserialize, Serialize};

/// What starts the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// The day the request was sent.
    Sent,
    /// The day it was known to have arrived.
    Delivered,
    /// The day the report that asks was published.
    Published,
    /// The day the addressee says it was received.
    Received,
}

/// How long the clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    /// For ever: nothing is ever overdue.
    NoLimit,
    /// So many days that are neither Saturday, Sunday nor bank holiday.
    WorkingDays(u16),
    /// So many days of any kind.
    CalendarDays(u16),
    /// Until this day, whenever it started.
    By(Day),
}

/// From what, how long and by which calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// What starts it.
    pub start: Start,
    /// How long it runs.
    pub length: Length,
    /// Whose bank holidays are no working days.
    pub holidays: Division,
    /// After how many working days a letter that was sent is deemed received, of a clock that starts with its arrival; `None`: it
    /// starts when somebody says that the letter arrived. What somebody says comes before what is deemed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deemed: Option<u16>,
}

/// Days on which the clock stood still: those after `from`, up to and with `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// The day clarification was asked for; it still counts.
    pub from: Day,
    /// The day it was given, the last that does not count; `None` while the clock stands.
    pub until: Option<Day>,
}

/// A ready-made clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Its permanent id.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// Where it is used.
    pub used_by: &'static str,
    /// The clock.
    pub clock: Clock,
}

/// The clocks that requests and recommendations of this field run on.
///
/// Their sources are statutes: see each preset's `used_by`. All use the holidays of England and Wales; change the
/// division for a body elsewhere.
pub const PRESETS: [Preset; 5] = [
    Preset {
        id: "none",
        name: "No time limit",
        used_by: "a request to co-operate: Modern Slavery Act 2015 s.43 sets no time",
        clock: Clock { start: Start::Sent, length: Length::NoLimit, holidays: Division::EnglandAndWales, deemed: None },
    },
    Preset {
        id: "20-working-days",
        name: "20 working days after receipt",
        used_by: "requests for information: Freedom of Information Act 2000 s.10",
        clock: Clock { start: Start::Received, length: Length::WorkingDays(20), holidays: Division::EnglandAndWales, deemed: None },
    },
    Preset {
        id: "56-days-after-publication",
        name: "56 days after publication",
        used_by: "comments on recommendations: Domestic Abuse Act 2021 s.16, Police Act 1996 s.55",
        clock: Clock { start: Start::Published, length: Length::CalendarDays(56), holidays: Division::EnglandAndWales, deemed: None },
    },
    Preset {
        id: "56-days-after-receipt",
        name: "56 days after receipt",
        used_by: "answers to a coroner's report to prevent future deaths: Coroners and Justice Act 2009 Sch. 5 para 7",
        clock: Clock { start: Start::Received, length: Length::CalendarDays(56), holidays: Division::EnglandAndWales, deemed: None },
    },
    Preset {
        id: "56-days-after-sending",
        name: "56 days after sending",
        used_by: "a request whose asker sets the period",
        clock: Clock { start: Start::Sent, length: Length::CalendarDays(56), holidays: Division::EnglandAndWales, deemed: None },
    },
];

/// The longest clock, in days: longer than this is a slip of the pen.
pub const LONGEST_DAYS: u16 = 1_000;

/// The most working days after which a letter is deemed received: longer than this, somebody should ask whether it came.
pub const LONGEST_DEEMED: u16 = 30;

/// The day that is so many after another, of those that count.
fn days_after(start: Day, n: u16, counts: impl Fn(Day) -> bool) -> Day {
    let (mut day, mut counted) = (start, 0);
    while counted < n {
        let next = day.plus(1);
        if next == day {
            break; // the last day that can be written
        }
        day = next;
        counted += u16::from(counts(day));
    }
    day
}

impl Clock {
    /// A clock without a limit.
    pub const NONE: Clock = PRESETS[0].clock;

    /// The day on which an answer is due, or `None` without a limit or while the clock stands still.
    ///
    /// The first day counted is the one after the start. Days of a pause are not counted, and move a fixed last day, too. A calendar clock may end on a
    /// day that is no working day; it is not moved.
    ///
    /// ```
    /// use headwater_prevention::exchange::clock::PRESETS;
    /// let twenty = PRESETS[1].clock;
    /// // From Friday 4 December 2020: Christmas Day, 28 December and New Year's Day do not count.
    /// let due = twenty.due("2020-12-04".parse()?, &[]);
    /// assert_eq!(due, Some("2021-01-06".parse()?));
    /// # Ok::<(), String>(())
    /// ```
    pub fn due(&self, start: Day, pauses: &[Pause]) -> Option<Day> {
        if pauses.iter().any(|pause| pause.until.is_none()) {
            return None;
        }
        let (length, working) = match self.length {
            Length::NoLimit => return None,
            Length::WorkingDays(days) => (days, true),
            Length::CalendarDays(days) => (days, false),
            // More days than can be counted here are as good as any: nobody gives a body 179 years.
            Length::By(last) => match u16::try_from(last.since(start)) {
                Ok(days) => (days, false),
                Err(_) => return Some(last),
            },
        };
        if !working && pauses.is_empty() {
            return Some(start.plus(i32::from(length)));
        }
        let paused = |day: Day| pauses.iter().any(|pause| pause.from < day && pause.until.is_some_and(|until| day <= until));
        Some(days_after(start, length, |day| !paused(day) && (!working || is_working_day(day, self.holidays))))
    }

    /// Whether it starts with the arrival of the letter.
    pub fn starts_on_arrival(&self) -> bool {
        matches!(self.start, Start::Delivered | Start::Received)
    }

    /// The day on which it starts when a letter leaves on a day and nobody says more: that day, or the one on which the letter is
    /// deemed received; `None` where somebody has to say that it arrived.
    ///
    /// ```
    /// use headwater_prevention::exchange::clock::{Clock, PRESETS};
    /// let twenty = Clock { deemed: Some(2), ..PRESETS[1].clock };
    /// // Sent on Thursday 24 December 2020: Christmas Day, the weekend and 28 December do not count.
    /// assert_eq!(twenty.begins("2020-12-24".parse()?), Some("2020-12-30".parse()?));
    /// assert_eq!(PRESETS[1].clock.begins("2020-12-24".parse()?), None);
    /// # Ok::<(), String>(())
    /// ```
    pub fn begins(&self, sent: Day) -> Option<Day> {
        if self.starts_on_arrival() { self.deemed.map(|n| days_after(sent, n, |day| is_working_day(day, self.holidays))) } else { Some(sent) }
    }

    /// Whether the length is one that can be meant: 1 to 1,000 days, or no limit.
    pub fn is_sensible(&self) -> bool {
        match self.length {
            Length::NoLimit | Length::By(_) => true,
            Length::WorkingDays(days) | Length::CalendarDays(days) => (1..=LONGEST_DAYS).contains(&days),
        }
    }

    /// The clock in words: "56 days after it was sent".
    pub fn words(&self) -> String {
        format!("{}{}", self.length_in_words(), self.deemed_in_words().map_or_else(String::new, |words| format!("; {words}")))
    }

    /// When a letter is deemed received, in words; `None` where that is not so.
    pub fn deemed_in_words(&self) -> Option<String> {
        let days = self.deemed.filter(|_| self.starts_on_arrival())?;
        let days = if days == 1 { "1 working day".to_owned() } else { format!("{days} working days") };
        Some(format!("a letter is deemed received {days} after it was sent ({}), unless it is known when it came", self.holidays.name()))
    }

    fn length_in_words(&self) -> String {
        let after = match self.start {
            Start::Sent => "after it was sent",
            Start::Delivered => "after it was delivered",
            Start::Published => "after publication",
            Start::Received => "after receipt",
        };
        match self.length {
            Length::NoLimit => "no time limit".to_owned(),
            Length::WorkingDays(days) => format!("{days} working days {after} ({})", self.holidays.name()),
            Length::CalendarDays(days) => format!("{days} days {after}"),
            Length::By(last) => format!("by {}", last.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn fifty_six_days_are_eight_weeks() {
        let clock = PRESETS[2].clock;
        assert_eq!(clock.due(day("2020-10-13"), &[]), Some(day("2020-12-08")));
        assert_eq!(Clock::NONE.due(day("2020-10-13"), &[]), None);
    }

    #[test]
    fn an_open_pause_stops_the_clock_and_a_closed_one_moves_the_day() {
        let clock = PRESETS[3].clock;
        let start = day("2020-10-13");
        let open = Pause { from: day("2020-10-20"), until: None };
        assert_eq!(clock.due(start, &[open]), None);
        let closed = Pause { from: day("2020-10-20"), until: Some(day("2020-10-27")) };
        assert_eq!(clock.due(start, &[closed]), Some(day("2020-12-15")), "seven days were lost");
        assert_eq!(clock.due(start, &[closed, closed]), Some(day("2020-12-15")), "the same days are not lost twice");
        let before = Pause { from: day("2020-09-01"), until: Some(day("2020-10-13")) };
        assert_eq!(clock.due(start, &[before]), Some(day("2020-12-08")), "days before the start do not matter");
        let same_day = Pause { from: day("2020-10-20"), until: Some(day("2020-10-20")) };
        assert_eq!(clock.due(start, &[same_day]), Some(day("2020-12-08")));
    }

    #[test]
    fn a_fixed_last_day_is_the_same_for_all_and_moves_by_the_days_on_which_the_clock_stood() {
        let clock = Clock { length: Length::By(day("2020-11-13")), ..Clock::NONE };
        for start in ["2020-10-13", "2020-11-12", "2020-11-13", "2020-12-01"] {
            assert_eq!(clock.due(day(start), &[]), Some(day("2020-11-13")), "{start}");
        }
        let pause = Pause { from: day("2020-10-20"), until: Some(day("2020-10-27")) };
        assert_eq!(clock.due(day("2020-10-13"), &[pause]), Some(day("2020-11-20")));
        assert_eq!(clock.words(), "by 13 November 2020");
        assert!(clock.is_sensible());
    }

    #[test]
    fn a_letter_is_deemed_received_so_many_working_days_after_it_was_sent() {
        let clock = Clock { deemed: Some(2), ..PRESETS[3].clock };
        // A Friday before a weekend; a day before Easter, which is four days long; one day in the week.
        for (sent, received) in [("2020-10-16", "2020-10-20"), ("2021-04-01", "2021-04-07"), ("2020-10-13", "2020-10-15")] {
            assert_eq!(clock.begins(day(sent)), Some(day(received)), "{sent}");
        }
        assert!(clock.words().starts_with("56 days after receipt; a letter is deemed received 2 working days after"), "{}", clock.words());
        assert_eq!(clock.begins(day("2999-12-31")), Some(day("2999-12-31")));
        // One that starts with sending knows nothing of it.
        let sent = Clock { deemed: Some(2), ..PRESETS[4].clock };
        assert_eq!((sent.begins(day("2020-10-16")), sent.deemed_in_words()), (Some(day("2020-10-16")), None));
        // In the log a clock without it is what it was.
        assert!(!serde_json::to_string(&PRESETS[3].clock).unwrap().contains("deemed"));
        let back: Clock = serde_json::from_str(&serde_json::to_string(&clock).unwrap()).unwrap();
        assert_eq!(back, clock);
    }

    #[test]
    fn working_days_differ_between_the_divisions() {
        for (division, due) in
            [(Division::EnglandAndWales, "2021-01-04"), (Division::Scotland, "2021-01-05"), (Division::NorthernIreland, "2021-01-04")]
        {
            let clock = Clock { start: Start::Sent, length: Length::WorkingDays(1), holidays: division, deemed: None };
            assert_eq!(clock.due(day("2020-12-31"), &[]), Some(day(due)), "{division:?}");
        }
    }

    #[test]
    fn a_clock_at_the_end_of_time_ends() {
        let clock = PRESETS[1].clock;
        assert_eq!(clock.due(day("2999-12-30"), &[]), Some(day("2999-12-31")));
    }

    #[test]
    fn every_preset_is_sensible_and_has_its_own_id() {
        let ids: std::collections::BTreeSet<_> = PRESETS.iter().map(|preset| preset.id).collect();
        assert_eq!(ids.len(), PRESETS.len());
        assert!(PRESETS.iter().all(|preset| preset.clock.is_sensible()));
        assert!(!Clock { length: Length::WorkingDays(0), ..Clock::NONE }.is_sensible());
    }
}
