//! Months in words, back as months: the period at the end of a figure's subtitle.

const MONTHS: [&str; 12] = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// From a first to a last month, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// Months since year 0.
    first: u32,
    last: u32,
}

impl Span {
    /// The period that words end with, after their last comma: "January 2024 to December 2024", "year to November 2021", or one
    /// month. None when they end otherwise.
    pub(super) fn at_end_of(words: &str) -> Option<Self> {
        let end = words.rsplit(", ").next().unwrap_or(words).trim_end_matches('.');
        if let Some(last) = end.strip_prefix("year to ") {
            let last = month(last)?;
            return Some(Self { first: last.checked_sub(11)?, last });
        }
        let (first, last) = end.split_once(" to ").unwrap_or((end, end));
        let (first, last) = (month(first)?, month(last)?);
        (first <= last).then_some(Self { first, last })
    }

    /// As programs write it: `2024-01/2024-12`.
    pub(super) fn iso(self) -> String {
        format!("{}/{}", self.first(), self.last())
    }

    /// The first month: `2024-01`.
    pub(super) fn first(self) -> String {
        iso(self.first)
    }

    /// The last month: `2024-12`.
    pub(super) fn last(self) -> String {
        iso(self.last)
    }

    /// The first year and how many years, when it is whole years from any month on.
    pub(super) fn years(self) -> Option<(u32, u32)> {
        let months = self.last - self.first + 1;
        months.is_multiple_of(12).then_some((self.first / 12, months / 12))
    }
}

fn month(words: &str) -> Option<u32> {
    let (name, year) = words.split_once(' ')?;
    let position = MONTHS.iter().position(|month| *month == name)?;
    let year: u32 = year.parse().ok().filter(|year| (1000..=9999).contains(year))?;
    Some(year * 12 + position as u32)
}

fn iso(month: u32) -> String {
    format!("{:04}-{:02}", month / 12, month % 12 + 1)
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn periods_are_read_as_they_are_written() {
        let read = |words: &str| Span::at_end_of(words).map(|span| (span.iso(), span.years()));
        assert_eq!(read("Records, Wealdmere, January 2024 to December 2024"), Some(("2024-01/2024-12".into(), Some((2024, 1)))));
        assert_eq!(read("Records, Wealdmere, year to November 2021"), Some(("2020-12/2021-11".into(), Some((2020, 1)))));
        assert_eq!(read("Records a month, April 2021 to March 2024."), Some(("2021-04/2024-03".into(), Some((2021, 3)))));
        assert_eq!(read("Records, May 2021"), Some(("2021-05/2021-05".into(), None)));
        for words in ["2022 Q2 to 2023 Q4", "Wealdmere", "", "March 2022 to January 2021", "May 99999999999"] {
            assert_eq!(read(words), None, "{words}");
        }
    }
}
