//! Months and spans of months: the only times that police.uk data know.

use std::fmt;
use std::str::FromStr;

/// One calendar month, such as December 2019.
///
/// Ordered in time. Years run from 1900 to 2999; anything else is refused when it is read.
///
/// ```
/// use headwater_prevention::period::Month;
/// let month: Month = "2019-12".parse()?;
/// assert_eq!(month.plus(1).to_string(), "2020-01");
/// assert_eq!(month.name(), "December 2019");
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(u16);

const NAMES: [&str; 12] = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

impl Month {
    /// The month of a year, or `None` when the year or the month number is out of range.
    pub fn new(year: u16, month: u8) -> Option<Self> {
        ((1900..3000).contains(&year) && (1..=12).contains(&month)).then(|| Self((year - 1900) * 12 + u16::from(month) - 1))
    }

    /// Reads `YYYY-MM` from bytes, as police.uk writes it; `None` for anything else.
    pub fn from_bytes(text: &[u8]) -> Option<Self> {
        let digit = |i: usize| text.get(i).filter(|b| b.is_ascii_digit()).map(|b| u16::from(b - b'0'));
        if text.len() != 7 || text[4] != b'-' {
            return None;
        }
        let year = digit(0)? * 1000 + digit(1)? * 100 + digit(2)? * 10 + digit(3)?;
        let month = digit(5)? * 10 + digit(6)?;
        Self::new(year, month as u8)
    }

    /// The number of months since January 1900; the inverse of [`Month::from_index`].
    pub fn index(self) -> u16 {
        self.0
    }

    /// The month that lies `index` months after January 1900.
    pub fn from_index(index: u16) -> Option<Self> {
        (index < 1100 * 12).then_some(Self(index))
    }

    /// The calendar year.
    pub fn year(self) -> u16 {
        1900 + self.0 / 12
    }

    /// The month of the year, 1 to 12.
    pub fn month(self) -> u8 {
        (self.0 % 12) as u8 + 1
    }

    /// The month `months` later, or earlier when negative; it stays within the range that can be written.
    pub fn plus(self, months: i32) -> Self {
        Self(i32::from(self.0).saturating_add(months).clamp(0, 1100 * 12 - 1) as u16)
    }

    /// Days in this month, leap years included.
    pub fn days(self) -> u8 {
        match self.month() {
            2 if self.year().is_multiple_of(4) && (!self.year().is_multiple_of(100) || self.year().is_multiple_of(400)) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// The month as a reader says it: "December 2019".
    pub fn name(self) -> String {
        format!("{} {}", NAMES[usize::from(self.month()) - 1], self.year())
    }

    /// The month without its year: "December".
    pub fn name_in_year(self) -> &'static str {
        NAMES[usize::from(self.month()) - 1]
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

impl FromStr for Month {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::from_bytes(text.as_bytes()).ok_or_else(|| format!("\"{text}\" is not a month: write it as 2019-12"))
    }
}

/// A span of whole months, both ends included.
///
/// ```
/// use headwater_prevention::period::Period;
/// let period: Period = "2019-12..2021-11".parse()?;
/// assert_eq!(period.n_months(), 24);
/// assert_eq!(period.name(), "December 2019 to November 2021");
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    first: Month,
    last: Month,
}

impl Period {
    /// The span from `first` to `last`, or `None` when it would run backwards.
    pub fn new(first: Month, last: Month) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// The first month of the span.
    pub fn first(self) -> Month {
        self.first
    }

    /// The last month of the span.
    pub fn last(self) -> Month {
        self.last
    }

    /// How many months the span holds; at least one.
    pub fn n_months(self) -> usize {
        usize::from(self.last.0 - self.first.0) + 1
    }

    /// Every month of the span, in order.
    pub fn months(self) -> impl Iterator<Item = Month> + Clone {
        (self.first.0..=self.last.0).map(Month)
    }

    /// Whether the month lies in the span.
    pub fn contains(self, month: Month) -> bool {
        self.first <= month && month <= self.last
    }

    /// The whole years that end with the last month of the span, oldest first; months left over at the start belong to none.
    ///
    /// December 2019 to November 2021 gives two: December 2019 to November 2020, December 2020 to November 2021.
    pub fn years(self) -> Vec<Period> {
        let n = self.n_months() / 12;
        (0..n)
            .rev()
            .map(|k| {
                let last = self.last.plus(-12 * k as i32);
                Period { first: last.plus(-11), last }
            })
            .collect()
    }

    /// The span as a reader says it, in words and never with a slash.
    pub fn name(self) -> String {
        if self.first == self.last { self.first.name() } else { format!("{} to {}", self.first.name(), self.last.name()) }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.first, self.last)
    }
}

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (first, last) =
            text.split_once("..").ok_or_else(|| format!("\"{text}\" is not a period: write it as 2019-12..2021-11, first and last month"))?;
        let (first, last) = (first.parse()?, last.parse()?);
        Self::new(first, last).ok_or_else(|| format!("the period {text} runs backwards: put the earlier month first"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leap_february_has_29_days() {
        for (text, days) in [("2020-02", 29), ("2021-02", 28), ("1900-02", 28), ("2000-02", 29), ("2021-11", 30)] {
            assert_eq!(text.parse::<Month>().unwrap().days(), days, "{text}");
        }
    }

    #[test]
    fn a_month_stays_within_the_range_that_can_be_written() {
        let month: Month = "2019-12".parse().unwrap();
        for (months, becomes) in [(i32::MAX, "2999-12"), (i32::MIN, "1900-01"), (-12, "2018-12")] {
            assert_eq!(month.plus(months).to_string(), becomes);
        }
    }

    #[test]
    fn what_is_not_a_month_is_refused_in_words() {
        for text in ["", "2019", "2019-13", "2019-00", "19-12", "2019/12", "2019-1", "2019-12-01", "12345-1"] {
            assert!(text.parse::<Month>().unwrap_err().contains("2019-12"), "{text}");
        }
        assert!("2021-11..2019-12".parse::<Period>().unwrap_err().contains("backwards"));
    }

    #[test]
    fn years_count_back_from_the_end() {
        let period: Period = "2019-11..2021-11".parse().unwrap();
        let years: Vec<String> = period.years().iter().map(Period::to_string).collect();
        assert_eq!(years, ["2019-12..2020-11", "2020-12..2021-11"]);
    }
}
