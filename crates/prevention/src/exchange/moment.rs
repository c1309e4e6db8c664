//! Calendar days and moments: the exchange is told both and never asks a clock.

use super::body::Language;
use super::id::as_text;
use std::fmt;
use std::str::FromStr;

/// A calendar day from 1900-01-01 to 2999-12-31, written as 2020-10-13.
///
/// ```
/// use headwater_prevention::exchange::moment::Day;
/// let day: Day = "2020-10-13".parse()?;
/// assert_eq!(day.plus(56).to_string(), "2020-12-08");
/// assert_eq!(day.name(), "13 October 2020");
/// assert_eq!(day.weekday(), 1); // a Tuesday
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

const MONTHS: [&str; 12] = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

const WELSH_MONTHS: [&str; 12] =
    ["Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"];

/// 1900-01-01 and 2999-12-31 in days from 1970-01-01.
const FIRST: i32 = -25_567;
const LAST: i32 = 376_199;

/// Days from 1970-01-01 to a date of the Gregorian calendar: years begin in March, so that a leap day ends one.
fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

impl Day {
    /// The day of a date, or `None` when there is no such date between 1900 and 2999.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        if !(1900..3000).contains(&year) || !(1..=12).contains(&month) || day == 0 {
            return None;
        }
        let made = Self(days_from_civil(i32::from(year), i32::from(month), i32::from(day)));
        (made.date() == (year, month, day)).then_some(made)
    }

    /// Year, month and day of the month.
    pub fn date(self) -> (u16, u8, u8) {
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_of_year = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_of_year + 2) / 5 + 1;
        let month = if month_of_year < 10 { month_of_year + 3 } else { month_of_year - 9 };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (year as u16, month as u8, day as u8)
    }

    /// The calendar year.
    pub fn year(self) -> u16 {
        self.date().0
    }

    /// The day of the week: Monday is 0, Sunday 6.
    pub fn weekday(self) -> u8 {
        (self.0 + 3).rem_euclid(7) as u8
    }

    /// The day so many days later, or earlier when negative; it stays within the days that can be written.
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days).clamp(FIRST, LAST))
    }

    /// Days from `earlier` to this day; negative when it comes before.
    pub fn since(self, earlier: Day) -> i32 {
        self.0 - earlier.0
    }

    /// The day as a letter writes it: "13 October 2020".
    pub fn name(self) -> String {
        let (year, month, day) = self.date();
        format!("{day} {} {year}", MONTHS[usize::from(month) - 1])
    }
}

impl Day {
    /// The day as a letter in a language writes it: "13 October 2020", "13 Hydref 2020".
    pub fn name_in(self, language: Language) -> String {
        let (year, month, day) = self.date();
        match language {
            Language::En => self.name(),
            Language::Cy => format!("{day} {} {year}", WELSH_MONTHS[usize::from(month) - 1]),
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// The number in these digits, or `None`.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
}

fn read_day(text: &[u8]) -> Option<Day> {
    if text.len() != 10 || text[4] != b'-' || text[7] != b'-' {
        return None;
    }
    Day::new(number(&text[..4])? as u16, number(&text[5..7])? as u8, number(&text[8..])? as u8)
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        read_day(text.as_bytes()).ok_or_else(|| format!("\"{}\" is not a day: write it as 2020-10-13", text.chars().take(40).collect::<String>()))
    }
}

/// A moment in coordinated universal time, to the microsecond, as the log writes it: 2020-10-13T09:30:00.000000Z.
///
/// ```
/// use headwater_prevention::exchange::moment::Moment;
/// // Half past eleven at night in London is still the same day there, in summer too.
/// let moment: Moment = "2020-07-01T23:30:00.000000Z".parse()?;
/// assert_eq!(moment.day_in_london().to_string(), "2020-07-02");
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

impl Moment {
    /// The moment so many microseconds after the beginning of 1970, kept within the years 1900 to 2999.
    pub fn from_microseconds(microseconds: i64) -> Self {
        Self(microseconds.clamp(i64::from(FIRST) * DAY, i64::from(LAST) * DAY + DAY - 1))
    }

    /// Microseconds since the beginning of 1970.
    pub fn microseconds(self) -> i64 {
        self.0
    }

    /// Midnight at the beginning of a day, in universal time.
    pub fn at_start_of(day: Day) -> Self {
        Self(i64::from(day.0) * DAY)
    }

    /// So many minutes later.
    pub fn plus_minutes(self, minutes: u32) -> Self {
        Self::from_microseconds(self.0.saturating_add(i64::from(minutes) * 60 * SECOND))
    }

    /// The day on the calendars of London, Cardiff, Edinburgh and Belfast.
    ///
    /// Summer time runs from 01:00 universal time on the last Sunday of March to 01:00 on the last Sunday of October
    /// (the Summer Time Order 2002).
    pub fn day_in_london(self) -> Day {
        Day((self.0 + self.summer_time()).div_euclid(DAY) as i32)
    }

    /// The time there, by the clock on the wall: "14:05".
    pub fn time_in_london(self) -> String {
        let seconds = (self.0 + self.summer_time()).rem_euclid(DAY) / SECOND;
        format!("{:02}:{:02}", seconds / 3_600, seconds / 60 % 60)
    }

    /// By how many microseconds clocks are put forward.
    fn summer_time(self) -> i64 {
        let universal = Day(self.0.div_euclid(DAY) as i32);
        let changes_on = |month: u8| {
            let last = Day(days_from_civil(i32::from(universal.year()), i32::from(month), 31));
            Moment::at_start_of(Day(last.0 - (i32::from(last.weekday()) + 1) % 7)).0 + 3_600 * SECOND
        };
        if (changes_on(3)..changes_on(10)).contains(&self.0) { 3_600 * SECOND } else { 0 }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rest = self.0.rem_euclid(DAY);
        let seconds = rest / SECOND;
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}.{:06}Z", Day(self.0.div_euclid(DAY) as i32), rest % SECOND)
    }
}

fn read_moment(text: &[u8]) -> Option<Moment> {
    let (day, rest) = (read_day(text.get(..10)?)?, text.get(10..)?);
    let (time, fraction) = (rest.get(..9)?, rest.get(9..)?.strip_suffix(b"Z")?);
    if time[0] != b'T' || time[3] != b':' || time[6] != b':' {
        return None;
    }
    let (hour, minute, second) = (number(&time[1..3])?, number(&time[4..6])?, number(&time[7..9])?);
    let fraction = match fraction.strip_prefix(b".") {
        None if fraction.is_empty() => 0,
        // Finer than a microsecond is cut off.
        Some(digits) if (1..=9).contains(&digits.len()) => {
            number(digits)?;
            (0..6).try_fold(0, |sum, place| digits.get(place).map_or(Some(sum * 10), |digit| Some(sum * 10 + i64::from(digit - b'0'))))?
        }
        _ => return None,
    };
    (hour < 24 && minute < 60 && second < 60).then(|| {
        let seconds = i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
        Moment(i64::from(day.0) * DAY + seconds * SECOND + fraction)
    })
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        read_moment(text.as_bytes())
            .ok_or_else(|| format!("\"{}\" is not a moment: write it as 2020-10-13T09:30:00Z", text.chars().take(40).collect::<String>()))
    }
}

as_text!(Day, "a day such as 2020-10-13");
as_text!(Moment, "a moment such as 2020-10-13T09:30:00Z");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::period::Month;

    #[test]
    fn every_day_of_eleven_centuries_comes_back_from_its_text_and_follows_the_one_before() {
        let mut expected = FIRST;
        for index in 0..1100 * 12 {
            let month = Month::from_index(index).unwrap();
            for day in 1..=month.days() {
                let made = Day::new(month.year(), month.month(), day).unwrap();
                assert_eq!(made.0, expected, "{made}");
                assert_eq!(made.to_string().parse(), Ok(made));
                expected += 1;
            }
            assert_eq!(Day::new(month.year(), month.month(), month.days() + 1), None);
        }
        assert_eq!(expected - 1, LAST);
    }

    #[test]
    fn weekdays_are_those_of_the_calendar() {
        for (text, weekday) in [("1970-01-01", 3), ("2020-10-13", 1), ("2022-09-19", 0), ("1900-01-01", 0), ("2000-02-29", 1)] {
            assert_eq!(text.parse::<Day>().unwrap().weekday(), weekday, "{text}");
        }
    }

    #[test]
    fn the_day_in_london_follows_summer_time() {
        for (moment, day) in [
            ("2020-03-28T23:59:59Z", "2020-03-28"),
            ("2020-03-29T23:00:00Z", "2020-03-30"),
            ("2020-10-24T23:00:00Z", "2020-10-25"),
            ("2020-10-25T23:30:00Z", "2020-10-25"),
            ("2021-12-31T23:59:59.999999Z", "2021-12-31"),
        ] {
            assert_eq!(moment.parse::<Moment>().unwrap().day_in_london().to_string(), day, "{moment}");
        }
    }

    #[test]
    fn moments_are_read_as_the_log_writes_them_and_nothing_else_is() {
        let moment: Moment = "2026-01-31T09:30:00.000250Z".parse().unwrap();
        assert_eq!(moment.to_string(), "2026-01-31T09:30:00.000250Z");
        assert_eq!("2026-01-31T09:30:00.0002509Z".parse(), Ok(moment));
        for text in
            ["", "2026-01-31", "2026-01-31T09:30:00", "2026-01-31T24:00:00Z", "2026-02-30T09:30:00Z", "2026-01-31T09:30:00.Z", "2026-01-31 09:30:00Z"]
        {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }
}
