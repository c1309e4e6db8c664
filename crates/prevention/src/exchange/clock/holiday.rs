//! Working days of the United Kingdom: rules for the ordinary bank holidays, a file for the proclaimed ones.
//!
//! The rules are those of the Banking and Financial Dealings Act 1971 as practised: a fixed holiday on a Saturday or
//! Sunday is kept on the next weekday that is not one already. `registers/bank-holidays.csv` holds the days as gov.uk
//! publishes them, and a test compares.

use super::super::moment::Day;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// The parts of the United Kingdom that have bank holidays of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Division {
    /// England and Wales.
    EnglandAndWales,
    /// Scotland.
    Scotland,
    /// Northern Ireland.
    NorthernIreland,
}

/// All divisions.
pub const DIVISIONS: [Division; 3] = [Division::EnglandAndWales, Division::Scotland, Division::NorthernIreland];

impl Division {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Division::EnglandAndWales => "England and Wales",
            Division::Scotland => "Scotland",
            Division::NorthernIreland => "Northern Ireland",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Proclaimed {
    moved: Vec<Moved>,
    added: Vec<Added>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Moved {
    holiday: Movable,
    to: Day,
    #[serde(rename = "name")]
    _name: String,
    divisions: Vec<Division>,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Added {
    on: Day,
    #[serde(rename = "name")]
    _name: String,
    divisions: Vec<Division>,
    #[serde(rename = "source")]
    _source: String,
}

/// The holidays that have been moved for a year.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Movable {
    EarlyMay,
    Spring,
}

static PROCLAIMED: LazyLock<Proclaimed> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../registers/bank-holidays.toml")).expect("the file is part of the program and a test reads it")
});

/// The years whose holidays are kept ready; others are worked out when asked for.
const READY: std::ops::Range<u16> = 2010..2060;

static READY_DAYS: LazyLock<[Vec<Day>; 3]> = LazyLock::new(|| {
    DIVISIONS.map(|division| {
        let mut days: Vec<Day> = READY.flat_map(|year| bank_holidays(year, division)).collect();
        days.sort_unstable();
        days
    })
});

/// Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876, as Meeus gives it).
fn easter(year: u16) -> Option<Day> {
    let year = u32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (b - (b + 8) / 25 + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let l = (32 + 2 * e + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Day::new(year as u16, (n / 31) as u8, (n % 31 + 1) as u8)
}

fn is_weekend(day: Day) -> bool {
    day.weekday() >= 5
}

/// The bank holidays of a year in one division, in order.
///
/// True from 1979 on, when the early May holiday was in place; for the years before, the rules of today are applied.
/// A year outside 1900 to 2999 has none.
///
/// ```
/// use headwater_prevention::exchange::clock::holiday::{Division, bank_holidays};
/// let days: Vec<String> = bank_holidays(2022, Division::EnglandAndWales).iter().map(ToString::to_string).collect();
/// assert!(days.contains(&"2022-09-19".to_owned()));
/// assert_eq!(days.len(), 10);
/// ```
pub fn bank_holidays(year: u16, division: Division) -> Vec<Day> {
    let date = |month, day| Day::new(year, month, day);
    let first_monday = |month| date(month, 1).map(|first| first.plus(i32::from((7 - first.weekday()) % 7)));
    let last_monday = |month| date(month, 31).map(|last| last.plus(-i32::from(last.weekday())));
    let moved = |holiday, ordinary: Option<Day>| {
        let mut moves = PROCLAIMED.moved.iter();
        moves
            .find(|moved| moved.holiday == holiday && moved.to.year() == year && moved.divisions.contains(&division))
            .map(|moved| moved.to)
            .or(ordinary)
    };
    let good_friday = easter(year).map(|sunday| sunday.plus(-2));
    let easter_monday = easter(year).map(|sunday| sunday.plus(1));
    let mut days = vec![good_friday, moved(Movable::EarlyMay, first_monday(5)), moved(Movable::Spring, last_monday(5))];
    let mut fixed = vec![date(1, 1)];
    match division {
        Division::EnglandAndWales => days.extend([easter_monday, last_monday(8)]),
        Division::Scotland => {
            days.push(first_monday(8));
            fixed.extend([date(1, 2), date(11, 30)]);
        }
        Division::NorthernIreland => {
            days.extend([easter_monday, last_monday(8)]);
            fixed.extend([date(3, 17), date(7, 12)]);
        }
    }
    fixed.extend([date(12, 25), date(12, 26)]);
    let mut days: Vec<Day> = days.into_iter().flatten().collect();
    days.extend(PROCLAIMED.added.iter().filter(|added| added.on.year() == year && added.divisions.contains(&division)).map(|added| added.on));
    let fixed: Vec<Day> = fixed.into_iter().flatten().collect();
    days.extend(fixed.iter().filter(|day| !is_weekend(**day)));
    for day in fixed.into_iter().filter(|day| is_weekend(*day)) {
        let mut kept = day;
        while is_weekend(kept) || days.contains(&kept) {
            kept = kept.plus(1);
        }
        days.push(kept);
    }
    days.sort_unstable();
    days
}

/// Whether people work on this day: neither Saturday, Sunday nor a bank holiday of the division.
pub fn is_working_day(day: Day, division: Division) -> bool {
    if is_weekend(day) {
        return false;
    }
    if READY.contains(&day.year()) {
        return READY_DAYS[division as usize].binary_search(&day).is_err();
    }
    !bank_holidays(day.year(), division).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[derive(Deserialize)]
    struct Row {
        division: Division,
        date: Day,
        source: String,
    }

    #[test]
    fn the_rules_give_the_days_that_are_published() {
        let mut published: BTreeMap<(Division, u16), Vec<Day>> = BTreeMap::new();
        let mut n_published = 0;
        for row in csv::Reader::from_reader(include_bytes!("../../../registers/bank-holidays.csv").as_slice()).deserialize() {
            let row: Row = row.unwrap();
            n_published += usize::from(row.source.contains("gov.uk"));
            published.entry((row.division, row.date.year())).or_default().push(row.date);
        }
        assert_eq!(published.len(), 3 * 12, "2019 to 2030 in three divisions");
        assert_eq!(n_published, 279, "those of 2019 to 2028 but one");
        for ((division, year), days) in published {
            assert_eq!(bank_holidays(year, division), days, "{division:?} {year}");
        }
    }

    #[test]
    fn days_that_were_proclaimed_for_one_year_are_no_working_days() {
        for text in ["2020-05-08", "2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08"] {
            for division in DIVISIONS {
                assert!(!is_working_day(text.parse().unwrap(), division), "{text}");
            }
        }
        let world_cup = "2026-06-15".parse().unwrap();
        assert!(!is_working_day(world_cup, Division::Scotland) && is_working_day(world_cup, Division::EnglandAndWales));
        assert!(is_working_day("2020-05-04".parse().unwrap(), Division::EnglandAndWales), "moved away in 2020");
    }

    #[test]
    fn a_year_kept_ready_and_one_worked_out_agree() {
        for division in DIVISIONS {
            for year in [2009u16, 2010, 2059, 2060] {
                let first = Day::new(year, 1, 1).unwrap();
                for offset in 0..365 {
                    let day = first.plus(offset);
                    assert_eq!(is_working_day(day, division), day.weekday() < 5 && !bank_holidays(year, division).contains(&day));
                }
            }
        }
    }
}
