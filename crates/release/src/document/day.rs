//! A day of the calendar, as editions are dated.

use std::fmt;
use std::str::FromStr;

const MONTHS: [&str; 12] = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// A day of the Gregorian calendar, from the year 1 to 9999; earlier days are smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// The day as sentences have it: "3 March 2025".
    ///
    /// ```
    /// use headwater_release::Day;
    /// assert_eq!("2025-03-03".parse::<Day>()?.name(), "3 March 2025");
    /// # Ok::<(), String>(())
    /// ```
    pub fn name(self) -> String {
        format!("{} {} {}", self.day, MONTHS[usize::from(self.month) - 1], self.year)
    }
}

/// As in addresses: 2025-03-03.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Day {
    type Err = String;

    /// Reads `2025-03-03`; refuses days that are not in the calendar.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{text}\" is no day of the calendar: write year, month and day, such as 2025-03-03");
        let bytes = text.as_bytes();
        let is_shaped = bytes.len() == 10 && bytes.iter().enumerate().all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
        if !is_shaped {
            return Err(wrong());
        }
        let number = |from: usize, to: usize| text[from..to].parse::<u16>().map_err(|_| wrong());
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let n_days = match month {
            2 => 28 + u16::from(is_leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return Err(wrong()),
        };
        if year == 0 || day == 0 || day > n_days {
            return Err(wrong());
        }
        // Both are at most 31 by now.
        Ok(Self { year, month: month as u8, day: day as u8 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_of_the_calendar_are_days() {
        for good in ["2024-02-29", "2000-02-29", "2025-12-31", "0001-01-01"] {
            assert_eq!(good.parse::<Day>().unwrap().to_string(), good);
        }
        for bad in [
            "2025-02-29",
            "1900-02-29",
            "2025-13-01",
            "2025-00-01",
            "2025-04-31",
            "2025-01-00",
            "0000-01-01",
            "2025-1-1",
            "25-01-01",
            "",
            "2025-01-0١",
        ] {
            assert!(bad.parse::<Day>().unwrap_err().contains("2025-03-03"), "{bad}");
        }
    }

    #[test]
    fn days_are_in_order_of_time() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert!(day("2024-12-31") < day("2025-01-01") && day("2025-01-09") < day("2025-01-10"));
    }
}
