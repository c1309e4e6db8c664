//! The thirty-six months the demo covers, 2022-01 to 2024-12.

use std::fmt;

/// One of the demo's months, counted from January 2022.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Month(u8);

/// How many months the demo covers.
pub(super) const N_MONTHS: usize = 36;

const FIRST_YEAR: u16 = 2022;

impl Month {
    /// A month by year and number; months outside the demo only arise as "never".
    pub(super) const fn new(year: u16, number: u8) -> Self {
        Month(((year - FIRST_YEAR) * 12) as u8 + number - 1)
    }

    /// All thirty-six, in order.
    pub(super) fn all() -> impl Iterator<Item = Month> {
        (0..N_MONTHS as u8).map(Month)
    }

    /// Months since January 2022.
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The calendar month, 1 to 12.
    pub(super) fn number(self) -> u8 {
        self.0 % 12 + 1
    }

    /// The number of days in it (2024 is the demo's one leap year).
    pub(super) fn days(self) -> u8 {
        match self.number() {
            2 if self.0 / 12 == 2 => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = FIRST_YEAR + u16::from(self.0 / 12);
        write!(f, "{year}-{:02}", self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_written_as_the_police_files_write_them() {
        assert_eq!(Month::new(2022, 1).to_string(), "2022-01");
        assert_eq!(Month::new(2023, 6).to_string(), "2023-06");
        assert_eq!(Month::new(2024, 2).days(), 29);
        assert_eq!(Month::all().last(), Some(Month::new(2024, 12)));
    }
}
