//! Fingertips indicator values.
//!
//! Publisher: Office for Health Improvement and Disparities. Licence: Open Government Licence v3.0.
//! A row is one value: an indicator, for an area, a sex, an age group and a period, sometimes within a category such as a
//! deprivation decile; with its limits, count and denominator where the publisher gives them.

use super::table::{TextTable, plain};
use super::{SetAsides, Unreadable};
use csv::StringRecord;
use std::collections::{BTreeMap, BTreeSet};

/// What goes wrong with these files in practice, and what is done about it here.
pub const TRAPS: &[&str] = &[
    "One file holds many indicators, area types and periods: a value means nothing without all of its labels.",
    "Rows with a category (a deprivation decile, an ethnic group) split the rows without: the two are never mixed.",
    "The same area comes as its own row and, at other area types, again under the same code: area type is part of the key.",
    "An empty value has its reason in 'Value note' (suppressed, not published): it is missing, not zero.",
    "A count is often a fraction after the publisher's rounding or apportioning: it is not a count of people.",
    "Limits are 95 and 99.8 per cent: the second pair is for control, not for reading as an interval.",
    "'Time period Sortable' orders periods; 'Time period' is for reading and sorts wrongly.",
    "'Compared to England' is the publisher's own judgement, by a method that differs between indicators.",
    "The column 'Compared to <parent> …' carries the parent's kind in its name, so it is not found by its whole name.",
];

/// One indicator value.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The indicator's number.
    pub indicator: u32,
    /// The area's code as the file gives it: a GSS code, or another for health areas.
    pub area_code: String,
    /// The area's name.
    pub area_name: String,
    /// The type of area, such as "Districts & UAs (from Apr 2023)".
    pub area_type: String,
    /// The sex, such as "Persons".
    pub sex: String,
    /// The age group, such as "All ages".
    pub age: String,
    /// The category type and category, where the row is for part of an area's people.
    pub category: Option<(String, String)>,
    /// The period for reading, such as "2022/23".
    pub period: String,
    /// The period as a number that sorts, such as 20220000.
    pub period_order: u32,
    /// The value in the indicator's unit; `None` where it is suppressed or not published.
    pub value: Option<f64>,
    /// The lower and upper 95 per cent limits.
    pub limits_95: Option<(f64, f64)>,
    /// The lower and upper 99.8 per cent limits.
    pub limits_99_8: Option<(f64, f64)>,
    /// The count behind the value; may be a fraction.
    pub count: Option<f64>,
    /// The denominator behind the value.
    pub denominator: Option<f64>,
    /// What the publisher says about the value; empty when nothing.
    pub note: String,
    /// The code of the area's parent in this download; empty when it has none.
    pub parent_code: String,
    /// How the value stands beside England's, in the publisher's word such as "Worse" or "Similar"; empty when not given.
    pub compared_to_england: String,
    /// The publisher's word on the recent trend, such as "Cannot be calculated"; empty when not given.
    pub recent_trend: String,
}

/// A Fingertips file as read.
#[derive(Clone, Debug, PartialEq)]
pub struct FingertipsTable {
    /// The values, in order of the file.
    pub values: Vec<Value>,
    /// The names of the indicators.
    pub indicators: BTreeMap<u32, String>,
    /// Data rows read.
    pub n_rows: u64,
    /// Rows that could not be used, with reasons.
    pub set_aside: SetAsides,
}

/// What a Fingertips file covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FingertipsCoverage {
    /// How many indicators.
    pub n_indicators: usize,
    /// How many different areas.
    pub n_areas: usize,
    /// The types of area, in order of name.
    pub area_types: Vec<String>,
    /// How many values are missing.
    pub n_missing: usize,
}

const NAMES: [&str; 23] = [
    "indicator id",
    "indicator name",
    "area code",
    "area name",
    "area type",
    "sex",
    "age",
    "category type",
    "category",
    "time period",
    "value",
    "lower ci 95 0 limit",
    "upper ci 95 0 limit",
    "lower ci 99 8 limit",
    "upper ci 99 8 limit",
    "count",
    "denominator",
    "value note",
    "time period sortable",
    "parent code",
    "recent trend",
    "compared to england value or percentiles",
    "compared to england",
];

fn columns(header: &StringRecord) -> Option<[Option<usize>; NAMES.len()]> {
    let names: Vec<String> = header.iter().map(plain).collect();
    let found = NAMES.map(|wanted| names.iter().position(|name| name == wanted));
    // Without these a row cannot be told from another; the rest may be missing from older downloads.
    let is_key = |name: &&str| matches!(*name, "indicator id" | "area code" | "area type" | "sex" | "age" | "time period" | "value");
    NAMES.iter().zip(&found).all(|(name, at)| !is_key(name) || at.is_some()).then_some(found)
}

/// Whether the table is a Fingertips download.
pub fn recognises(table: &TextTable) -> bool {
    table.header(|header| columns(header).is_some()).is_some()
}

/// Reads a Fingertips download.
///
/// # Errors
/// Refuses a table without the columns that tell one value from another in its first fifteen rows.
pub fn read(table: &TextTable) -> Result<FingertipsTable, Unreadable> {
    let missing = || {
        Unreadable::new(
            "no row among the first fifteen names Indicator ID, Area Code, Area Type, Sex, Age, Time period and Value",
            "download the data of a Fingertips profile as CSV and change no column",
        )
    };
    let at = table.header(|header| columns(header).is_some()).ok_or_else(missing)?;
    let header = &table.rows()[at].1;
    let positions = columns(header).ok_or_else(missing)?;
    let mut out = FingertipsTable { values: Vec::new(), indicators: BTreeMap::new(), n_rows: 0, set_aside: SetAsides::default() };
    let mut seen = BTreeSet::new();
    for (row, record) in &table.rows()[at + 1..] {
        out.n_rows += 1;
        let cell = |name: &str| {
            let position = NAMES.iter().position(|known| *known == name).and_then(|i| positions[i]);
            position.and_then(|position| record.get(position)).unwrap_or_default().trim()
        };
        let text = |name: &str| cell(name).to_owned();
        let Ok(indicator) = cell("indicator id").parse::<u32>() else {
            out.set_aside.add(*row, "Indicator ID", "not an indicator's number", "nothing to mend if the row is a note", cell("indicator id"));
            continue;
        };
        let mut wrong = None;
        let mut number = |name: &'static str| match cell(name) {
            "" => None,
            found => {
                let value = found.replace(',', "").parse::<f64>().ok().filter(|x| x.is_finite());
                if value.is_none() {
                    wrong = wrong.or(Some(name));
                }
                value
            }
        };
        let value = number("value");
        let limits_95 = number("lower ci 95 0 limit").zip(number("upper ci 95 0 limit"));
        let limits_99_8 = number("lower ci 99 8 limit").zip(number("upper ci 99 8 limit"));
        let (count, denominator) = (number("count"), number("denominator"));
        if let Some(name) = wrong {
            let column = NAMES.iter().position(|known| *known == name).and_then(|i| positions[i]).and_then(|i| header.get(i)).unwrap_or(name);
            out.set_aside.add(*row, column, "not a number", "leave the cell empty where there is no value", cell(name));
            continue;
        }
        let period = text("time period");
        let value = Value {
            indicator,
            area_code: text("area code"),
            area_name: text("area name"),
            area_type: text("area type"),
            sex: text("sex"),
            age: text("age"),
            category: Some((text("category type"), text("category"))).filter(|(kind, name)| !kind.is_empty() || !name.is_empty()),
            period_order: period_order(cell("time period sortable"), &period),
            period,
            value,
            limits_95,
            limits_99_8,
            count,
            denominator,
            note: text("value note"),
            parent_code: text("parent code"),
            compared_to_england: Some(text("compared to england value or percentiles"))
                .filter(|word| !word.is_empty())
                .unwrap_or_else(|| text("compared to england")),
            recent_trend: text("recent trend"),
        };
        let key = (
            indicator,
            value.area_code.clone(),
            value.area_type.clone(),
            value.sex.clone(),
            value.age.clone(),
            value.category.clone(),
            value.period.clone(),
        );
        if !seen.insert(key) {
            out.set_aside.add(
                *row,
                "",
                "the same indicator, area, sex, age, category and period once more",
                "delete the repeated row; the first is used",
                &format!("{indicator}, {}", value.area_code),
            );
            continue;
        }
        let name = cell("indicator name");
        if !name.is_empty() {
            out.indicators.entry(indicator).or_insert_with(|| name.to_owned());
        }
        out.values.push(value);
    }
    if let Some(unreadable) = super::lookup::nothing_usable(out.n_rows, &out.set_aside) {
        return Err(unreadable);
    }
    Ok(out)
}

/// The sortable period, or one made from the first year of the period for reading: `2022/23` gives 20220000.
fn period_order(sortable: &str, period: &str) -> u32 {
    sortable.parse().ok().unwrap_or_else(|| {
        let year: String = period.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).take(4).collect();
        year.parse::<u32>().unwrap_or(0) * 10_000
    })
}

impl FingertipsTable {
    /// What the file covers.
    pub fn coverage(&self) -> FingertipsCoverage {
        FingertipsCoverage {
            n_indicators: self.values.iter().map(|v| v.indicator).collect::<BTreeSet<_>>().len(),
            n_areas: self.values.iter().map(|v| &v.area_code).collect::<BTreeSet<_>>().len(),
            area_types: self.values.iter().map(|v| v.area_type.clone()).collect::<BTreeSet<_>>().into_iter().collect(),
            n_missing: self.values.iter().filter(|v| v.value.is_none()).count(),
        }
    }

    /// The values of an indicator for everyone in an area, oldest first: rows for a category are left out.
    pub fn series(&self, indicator: u32, area_code: &str, sex: &str, age: &str) -> Vec<&Value> {
        let mut series: Vec<&Value> = self
            .values
            .iter()
            .filter(|v| v.indicator == indicator && v.area_code == area_code && v.sex == sex && v.age == age && v.category.is_none())
            .collect();
        series.sort_by(|a, b| a.period_order.cmp(&b.period_order).then_with(|| a.area_type.cmp(&b.area_type)));
        series
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEADER: &str = "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,Category Type,Category,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Lower CI 99.8 limit,Upper CI 99.8 limit,Count,Denominator,Value note,Recent Trend,Compared to England value or percentiles,Compared to Regions (statistical) value or percentiles,Time period Sortable,New data\n";

    fn table(rows: &str) -> TextTable {
        TextTable::from_csv(format!("{HEADER}{rows}").as_bytes()).unwrap()
    }

    #[test]
    fn values_keep_their_labels_and_missing_is_not_zero() {
        let table = table(
            "11202,Violent crime,E12000008,South East,E07000901,Ambermere,Districts,Persons,All ages,,,2022/23,31.5,29.9,33.1,,,\"3,812.5\",121000,,,,,20220000,\n\
             11202,Violent crime,E12000008,South East,E07000901,Ambermere,Districts,Persons,All ages,,,2021/22,30.0,28.9,31.1,28.2,31.9,3600,120000,,Cannot be calculated,Worse,,20210000,\n\
             11202,Violent crime,E12000008,South East,E07000901,Ambermere,Districts,Persons,All ages,,,2020/21,,,,,,,,Value suppressed,,,,20200000,\n\
             11202,Violent crime,,,E92000001,England,England,Persons,All ages,Deprivation deciles,Most deprived,2022/23,50,,,,,,,,,,,20220000,\n\
             11202,Violent crime,E12000008,South East,E07000901,Ambermere,Districts,Persons,All ages,,,2022/23,31.5,,,,,,,,,,,20220000,\n\
             11202,Violent crime,E12000008,South East,E07000902,Broadfen,Districts,Persons,All ages,,,2022/23,n/a,,,,,,,,,,,20220000,\n\
             Note,,,,,,,,,,,,,,,,,,,,,,,,\n",
        );
        assert!(recognises(&table));
        let read = read(&table).unwrap();
        assert_eq!((read.n_rows, read.values.len(), read.set_aside.n_rows()), (7, 4, 3));
        let series = read.series(11_202, "E07000901", "Persons", "All ages");
        assert_eq!(series.iter().map(|v| v.value).collect::<Vec<_>>(), [None, Some(30.0), Some(31.5)]);
        assert_eq!((series[2].count, series[2].limits_95, series[2].limits_99_8), (Some(3_812.5), Some((29.9, 33.1)), None));
        assert_eq!(series[0].note, "Value suppressed");
        assert_eq!((series[1].compared_to_england.as_str(), series[1].recent_trend.as_str()), ("Worse", "Cannot be calculated"));
        assert_eq!((series[2].compared_to_england.as_str(), series[2].parent_code.as_str()), ("", "E12000008"));
        assert!(read.series(11_202, "E92000001", "Persons", "All ages").is_empty(), "only rows for a category");
        let coverage = read.coverage();
        assert_eq!((coverage.n_indicators, coverage.n_areas, coverage.n_missing), (1, 2, 1));
        assert_eq!(read.set_aside.reasons()[1].column, "Value");
    }

    #[test]
    fn a_table_without_its_key_columns_is_refused_in_words() {
        let table = TextTable::from_csv(b"Indicator ID,Area Code,Value\n1,E92000001,2\n").unwrap();
        assert!(!recognises(&table));
        assert!(read(&table).unwrap_err().what.contains("Area Type"));
        assert_eq!((period_order("", "2019/20 - 21/22"), period_order("", "soon"), period_order("20190001", "x")), (20_190_000, 0, 20_190_001));
    }

    proptest! {
        #[test]
        fn no_rows_make_it_panic_and_every_row_is_accounted_for(
            rows in proptest::collection::vec(proptest::collection::vec("([0-9]{1,12}|[-a-z.]{0,3})", 0..26), 0..12),
        ) {
            let head: Vec<String> = HEADER.trim().split(',').map(str::to_owned).collect();
            if let Ok(read) = read(&TextTable::from_rows(std::iter::once(head).chain(rows))) {
                prop_assert_eq!(read.values.len() as u64 + read.set_aside.n_rows(), read.n_rows);
            }
        }
    }
}
