//! Hospital admissions for violence, in the columns of a Fingertips download (indicator 11201).
//!
//! The row for England is invented like the rest: it is there because every such file has one.

use std::fmt::Write as _;

use super::chance::Chance;
use super::county::County;
use super::names;
use super::residents::Residents;

const HEADER: &str = "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,\
                      Area Type,Sex,Age,Category Type,Category,Time period,Value,\
                      Lower CI 95.0 limit,Upper CI 95.0 limit,Lower CI 99.8 limit,\
                      Upper CI 99.8 limit,Count,Denominator,Value note,Recent Trend,\
                      Compared to England value or percentiles,\
                      Compared to Counties & UAs (from Apr 2023) value or percentiles,\
                      Time period Sortable,New data\n";

/// Admissions a year per 100,000 residents, by district.
const USUAL_PER_100_000: [f64; 5] = [74.0, 41.0, 36.0, 29.0, 27.0];

/// The invented rate for England, and its residents over three years.
const ENGLAND_PER_100_000: f64 = 42.0;
const ENGLAND_RESIDENT_YEARS: f64 = 169_500_000.0;

/// Periods of three years: label, first year, level.
const PERIODS: [(&str, u16, f64); 4] =
    [("2018/19 - 20/21", 2018, 1.08), ("2019/20 - 21/22", 2019, 1.0), ("2020/21 - 22/23", 2020, 0.96), ("2021/22 - 23/24", 2021, 1.03)];

/// An area's place in the file.
struct Area {
    code: String,
    name: String,
    kind: &'static str,
    parent: [&'static str; 2],
}

const DISTRICT_KIND: &str = "Districts & UAs (from Apr 2023)";
const COUNTY_KIND: &str = "Counties & UAs (from Apr 2023)";
const ENGLAND: [&str; 2] = ["E92000001", "England"];

/// The table: England, the county and its districts, four overlapping periods.
pub(super) fn csv(county: &County, residents: &Residents, seed: u64) -> String {
    let chance = &mut Chance::of(seed, "admissions");
    let mut csv = String::from(HEADER);
    for (label, first_year, level) in PERIODS {
        let mut people = [0.0; 5];
        for cell in 0..county.n_cells() {
            people[county.district_of[cell]] += 3.0 * f64::from(residents.in_cell(cell));
        }
        let counts: Vec<f64> =
            people.iter().zip(USUAL_PER_100_000).map(|(years, usual)| chance.poisson(years * usual * level / 1e5) as f64).collect();
        let of_county = [counts.iter().sum::<f64>(), people.iter().sum::<f64>()];
        let england_count = libm::round(ENGLAND_RESIDENT_YEARS * ENGLAND_PER_100_000 * level / 1e5);
        let of_england = [england_count, ENGLAND_RESIDENT_YEARS];
        let mut rows = vec![
            (Area { code: ENGLAND[0].to_owned(), name: ENGLAND[1].to_owned(), kind: "England", parent: ["", ""] }, of_england),
            (Area { code: names::COUNTY_CODE.to_owned(), name: names::COUNTY.to_owned(), kind: COUNTY_KIND, parent: ENGLAND }, of_county),
        ];
        for (district, name) in names::DISTRICTS.iter().enumerate() {
            rows.push((
                Area {
                    code: names::district_code(district + 1),
                    name: (*name).to_owned(),
                    kind: DISTRICT_KIND,
                    parent: [names::COUNTY_CODE, names::COUNTY],
                },
                [counts[district], people[district]],
            ));
        }
        let is_new = if first_year == 2021 { "New" } else { "" };
        for (area, counted) in &rows {
            let [count, years] = *counted;
            let [low, high] = interval(count, years, 1.959_964);
            let [lower, upper] = interval(count, years, 3.090_232);
            let against_england = match area.kind {
                "England" => "Not compared",
                _ => comparison([low, high], of_england),
            };
            let against_county = match area.kind {
                DISTRICT_KIND => comparison([low, high], of_county),
                _ => "Not compared",
            };
            let _ = writeln!(
                csv,
                "11201,Violent crime - hospital admissions for violence (including sexual \
                 violence),{},{},{},{},{},Persons,All ages,,,{label},{},{low},{high},{lower},\
                 {upper},{count},{years},Invented for a demonstration,Cannot be calculated,\
                 {against_england},{against_county},{first_year}0000,{is_new}",
                area.parent[0],
                area.parent[1],
                area.code,
                area.name,
                area.kind,
                count / years * 1e5,
            );
        }
    }
    csv
}

/// Byar's interval for a rate per 100,000 (Breslow and Day 1987, equation 2.12 and 2.13).
fn interval(count: f64, years: f64, z: f64) -> [f64; 2] {
    let bound = |count: f64, sign: f64| {
        let root = 1.0 - 1.0 / (9.0 * count) + sign * z / (3.0 * libm::sqrt(count));
        count * root * root * root / years * 1e5
    };
    [bound(count, -1.0), bound(count + 1.0, 1.0)]
}

fn comparison([low, high]: [f64; 2], [count, years]: [f64; 2]) -> &'static str {
    let benchmark = count / years * 1e5;
    if low > benchmark {
        "Worse"
    } else if high < benchmark {
        "Better"
    } else {
        "Similar"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_agrees_with_a_worked_value() {
        // 100 events in 100,000 years: Byar's 95 % limits are 81.36 and 121.63.
        let [low, high] = interval(100.0, 100_000.0, 1.959_964);
        assert!((low - 81.36).abs() < 0.01 && (high - 121.63).abs() < 0.01, "{low} {high}");
    }

    #[test]
    fn the_resort_is_worse_than_england_and_the_country_better() {
        let county = County::new();
        let csv = csv(&county, &Residents::new(&county), 1);
        let n_columns = HEADER.split(',').count();
        for line in csv.lines() {
            assert_eq!(line.split(',').count(), n_columns, "{line}");
        }
        let latest = |name: &str| {
            let line = csv.lines().rfind(|line| line.contains(&format!(",{name},Districts")));
            line.expect("a row").split(',').nth(21).map(str::to_owned)
        };
        assert_eq!(latest("Gullhaven").as_deref(), Some("Worse"));
        assert_eq!(latest("Larkendale").as_deref(), Some("Better"));
    }
}
