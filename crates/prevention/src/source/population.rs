//! Residents by LSOA: by single year of age, by broad age band, or in total.
//!
//! Publisher: Office for National Statistics (mid-year estimates; Census 2021). Licence: Open Government Licence v3.0.
//! A row is one LSOA. Four layouts are met: one column for each age; `F0 … F90, M0 … M90` under title rows; broad bands
//! such as `F16 to 29`; and tables where a total stands beside something else and each LSOA repeats.

use super::lookup::lsoa_code_column;
use super::table::{TextTable, plain};
use super::{SetAsides, Unreadable};
use crate::place::{AreaCode, Kind, Vintage};
use csv::StringRecord;
use std::collections::BTreeMap;

/// What goes wrong with these files in practice, and what is done about it here.
pub const TRAPS: &[&str] = &[
    "Title rows stand above the header of the published workbook (three in most years): the header is searched for.",
    "The year of the LSOAs (2011 or 2021) is in the header; the year of the estimate is only in the title or the sheet's name.",
    "The vintage of the local authority in the header changes from sheet to sheet: only the LSOA code is used.",
    "The last age is 90 and over, whether it is headed 90, 90+ or F90.",
    "A missing age column makes every age group that spans it wrong: the file is refused and the age named.",
    "Where a total differs from the sum of its ages, the row is set aside.",
    "In census tables by ethnic group or disability each LSOA repeats: its total is taken once, and must be the same each time.",
    "Numbers may carry thousands commas.",
    "Census totals are rounded and perturbed: two census tables differ by a few people in the same LSOA.",
    "Total households is not total residents.",
];

/// How many single ages there are: 0 to 89, and 90 and over.
pub const N_AGES: usize = 91;

/// How a table divides the residents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layout {
    /// One column for each age.
    Ages,
    /// One column for each age and sex.
    AgesBySex,
    /// Broad age bands by sex.
    BandsBySex,
    /// Totals only.
    Totals,
}

/// A band of ages, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Band {
    /// The youngest age, in years.
    pub from: u8,
    /// The oldest age, in years; `None` for "and over".
    pub to: Option<u8>,
}

/// The residents of one LSOA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Residents {
    /// The LSOA.
    pub lsoa: AreaCode,
    /// Everyone.
    pub total: u32,
    /// Residents by single year of age, the last being 90 and over; where the table gives them.
    pub ages: Option<Box<[u32; N_AGES]>>,
    /// Females and males by single year of age, where the table gives them.
    pub by_sex: Option<Box<[[u32; N_AGES]; 2]>>,
    /// Females and males in each of the table's [`bands`](PopulationTable::bands); empty in other layouts.
    pub in_bands: Vec<[u32; 2]>,
}

/// A population table as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PopulationTable {
    /// The census whose LSOAs the codes are, where header or title says.
    pub vintage: Option<Vintage>,
    /// The year the estimate is for, where the title says; see [`reference_year`] for names of sheets and files.
    pub year: Option<u16>,
    /// How the residents are divided.
    pub layout: Layout,
    /// The broad bands, in order of the columns; empty in other layouts.
    pub bands: Vec<Band>,
    /// One record for each LSOA, in order of the file.
    pub records: Vec<Residents>,
    /// Data rows read.
    pub n_rows: u64,
    /// Rows that repeat an LSOA with the same total, as census tables do: rows read = records + repeats + rows set aside.
    pub n_repeats: u64,
    /// Rows that could not be used, with reasons.
    pub set_aside: SetAsides,
}

/// What a population table covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PopulationCoverage {
    /// LSOAs with a usable row.
    pub n_lsoas: usize,
    /// LSOAs among them that lie in Wales.
    pub n_welsh: usize,
    /// Everyone in them.
    pub n_residents: u64,
    /// LSOAs with a total of zero: no rate can be made for them.
    pub n_empty: usize,
}

/// What the columns of a header are.
#[derive(Debug)]
struct Columns {
    lsoa: usize,
    vintage: Option<Vintage>,
    total: Option<usize>,
    /// Age, position.
    ages: Vec<(u8, usize)>,
    /// Sex (0 female, 1 male), age, position.
    ages_by_sex: Vec<(usize, u8, usize)>,
    /// Sex, band, position.
    bands: Vec<(usize, Band, usize)>,
}

impl Columns {
    fn of(header: &StringRecord) -> Option<Self> {
        let (lsoa, column) = lsoa_code_column(header)?;
        let mut out = Self { lsoa, vintage: column.vintage(), total: None, ages: Vec::new(), ages_by_sex: Vec::new(), bands: Vec::new() };
        for (position, cell) in header.iter().enumerate() {
            let cell = plain(cell);
            if is_total(&cell) {
                out.total = out.total.or(Some(position));
            } else if let Some(age) = single_age(&cell) {
                out.ages.push((age, position));
            } else if let Some((sex, rest)) = sex_of(&cell) {
                if let Some(age) = single_age(rest) {
                    out.ages_by_sex.push((sex, age, position));
                } else if let Some(band) = band(rest) {
                    out.bands.push((sex, band, position));
                }
            }
        }
        let n_parts = out.ages.len().max(out.ages_by_sex.len()).max(out.bands.len());
        (out.total.is_some() || n_parts >= 2).then_some(out)
    }

    fn layout(&self) -> Layout {
        if self.ages_by_sex.len() >= 2 {
            Layout::AgesBySex
        } else if self.ages.len() >= 2 {
            Layout::Ages
        } else if self.bands.len() >= 2 {
            Layout::BandsBySex
        } else {
            Layout::Totals
        }
    }
}

fn is_total(cell: &str) -> bool {
    matches!(cell, "total" | "total population" | "total residents" | "all ages" | "all persons" | "all usual residents" | "usual residents")
}

/// An age from a header such as `0`, `89`, `90+` or `90 and over`.
fn single_age(cell: &str) -> Option<u8> {
    let cell = cell.strip_prefix("age ").unwrap_or(cell);
    if cell == "90 and over" || cell == "90 plus" {
        return Some(90);
    }
    if cell.is_empty() || cell.len() > 2 || !cell.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    cell.parse().ok().filter(|age| usize::from(*age) < N_AGES)
}

/// The sex that a header begins with, and the rest of it.
fn sex_of(cell: &str) -> Option<(usize, &str)> {
    for (spelling, sex) in [("females ", 0), ("female ", 0), ("males ", 1), ("male ", 1), ("f", 0), ("m", 1)] {
        if let Some(rest) = cell.strip_prefix(spelling).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            return Some((sex, rest));
        }
    }
    None
}

/// A band from a header such as `16 to 29` or `65 and over`.
fn band(cell: &str) -> Option<Band> {
    if let Some(from) = cell.strip_suffix(" and over") {
        return Some(Band { from: from.parse().ok()?, to: None });
    }
    let (from, to) = cell.split_once(" to ")?;
    let (from, to) = (from.parse().ok()?, to.parse().ok()?);
    (from <= to).then_some(Band { from, to: Some(to) })
}

/// Whether a header row is that of a population table by LSOA.
pub(super) fn is_header(header: &StringRecord) -> bool {
    Columns::of(header).is_some() && !super::deprivation::is_header(header)
}

/// Whether the table is a population table by LSOA.
pub fn recognises(table: &TextTable) -> bool {
    table.header(is_header).is_some()
}

/// The year an estimate is for, from a title, a sheet's name or a file's name; `None` when none is said, or more than one.
///
/// ```
/// use headwater_prevention::source::population::reference_year;
/// assert_eq!(reference_year("Mid-2024 LSOA 2021"), Some(2024));
/// assert_eq!(reference_year("population20_lsoa11.csv"), Some(2020));
/// assert_eq!(reference_year("ethnicity21_lsoa21.csv"), None);
/// ```
pub fn reference_year(text: &str) -> Option<u16> {
    let text = plain(text);
    let mut found = None;
    for spelling in ["mid ", "mid", "mid year ", "population"] {
        for (at, _) in text.match_indices(spelling) {
            let rest = &text[at + spelling.len()..];
            let n = rest.bytes().take_while(u8::is_ascii_digit).count();
            let year = match n {
                4 => rest[..4].parse().ok(),
                2 if spelling == "population" => rest[..2].parse::<u16>().ok().map(|year| 2000 + year),
                _ => None,
            };
            if let Some(year) = year.filter(|year| (1981..2100).contains(year)) {
                if found.is_some_and(|known| known != year) {
                    return None;
                }
                found = Some(year);
            }
        }
    }
    found
}

/// Reads a population table by LSOA.
///
/// # Errors
/// Refuses a table without a header in its first fifteen rows, and one where the column of an age, or of an age and sex,
/// is missing or there twice: the age is named.
pub fn read(table: &TextTable) -> Result<PopulationTable, Unreadable> {
    let missing = || {
        Unreadable::new(
            "no row among the first fifteen names an LSOA code and a total or ages",
            "a population table needs a column such as LSOA 2021 Code, and Total or the ages 0 to 90+",
        )
    };
    let at = table.header(is_header).ok_or_else(missing)?;
    let (header_row, header) = &table.rows()[at];
    let columns = Columns::of(header).ok_or_else(missing)?;
    let layout = columns.layout();
    check_ages(&columns, layout, *header_row)?;
    let titles: Vec<String> = table.rows()[..at].iter().flat_map(|(_, record)| record.iter().map(str::to_owned)).collect();
    let mut out = PopulationTable {
        vintage: columns.vintage.or_else(|| vintage_of_titles(&titles)),
        year: titles.iter().find_map(|title| reference_year(title)),
        layout,
        bands: if layout == Layout::BandsBySex {
            columns.bands.iter().filter(|(sex, _, _)| *sex == 0).map(|(_, band, _)| *band).collect()
        } else {
            Vec::new()
        },
        records: Vec::new(),
        n_rows: 0,
        n_repeats: 0,
        set_aside: SetAsides::default(),
    };
    let mut seen: BTreeMap<AreaCode, u32> = BTreeMap::new();
    for (row, record) in &table.rows()[at + 1..] {
        out.n_rows += 1;
        let Some(residents) = read_row(*row, record, header, &columns, layout, &out.bands, &mut out.set_aside) else {
            continue;
        };
        let total_name = columns.total.and_then(|i| header.get(i)).unwrap_or_default();
        match seen.get(&residents.lsoa) {
            None => {
                seen.insert(residents.lsoa, residents.total);
                out.records.push(residents);
            }
            Some(known) if layout == Layout::Totals && *known == residents.total => out.n_repeats += 1,
            Some(_) if layout == Layout::Totals => {
                out.set_aside.add(
                    *row,
                    total_name,
                    "a different total for an LSOA that came before",
                    "see which of the rows is right; the first is used",
                    &residents.lsoa.to_string(),
                );
            }
            Some(_) => {
                out.set_aside.add(*row, "", "an LSOA that came before", "delete the repeated row; the first is used", &residents.lsoa.to_string())
            }
        }
    }
    if let Some(unreadable) = super::lookup::nothing_usable(out.n_rows, &out.set_aside) {
        return Err(unreadable);
    }
    Ok(out)
}

/// Refuses a header in which an age is missing or there twice.
fn check_ages(columns: &Columns, layout: Layout, row: u64) -> Result<(), Unreadable> {
    let count = |sex: Option<usize>, age: u8| match sex {
        None => columns.ages.iter().filter(|(a, _)| *a == age).count(),
        Some(sex) => columns.ages_by_sex.iter().filter(|(s, a, _)| *s == sex && *a == age).count(),
    };
    let series: &[(Option<usize>, &str)] = match layout {
        Layout::Ages => &[(None, "")],
        Layout::AgesBySex => &[(Some(0), " of females"), (Some(1), " of males")],
        Layout::BandsBySex => {
            let of = |sex| columns.bands.iter().filter(|(s, _, _)| *s == sex).map(|(_, band, _)| *band).collect::<Vec<_>>();
            let (female, male) = (of(0), of(1));
            if let Some(band) = female.iter().find(|band| !male.contains(band)).or_else(|| male.iter().find(|band| !female.contains(band))) {
                let to = band.to.map_or("and over".to_owned(), |to| format!("to {to}"));
                return Err(Unreadable::new(
                    format!("row {row}: the ages {} {to} are given for one sex only", band.from),
                    "download the table again, and delete no column",
                ));
            }
            let mut sorted = female.clone();
            sorted.sort_unstable();
            let mut next = Some(0);
            for band in &sorted {
                if next != Some(band.from) {
                    return Err(Unreadable::new(
                        format!("row {row}: the age bands do not follow one another: a gap or an overlap before age {}", band.from),
                        "download the table again, and delete no column",
                    ));
                }
                next = band.to.map(|to| to.saturating_add(1));
            }
            if next.is_some() {
                return Err(Unreadable::new(
                    format!("row {row}: the last age band, \"… and over\", is missing"),
                    "download the table again, and delete no column",
                ));
            }
            return Ok(());
        }
        Layout::Totals => &[],
    };
    for (sex, whom) in series {
        for age in 0..N_AGES as u8 {
            let what = match count(*sex, age) {
                1 => continue,
                0 => "is missing",
                _ => "is there more than once",
            };
            return Err(Unreadable::new(
                format!("row {row}: the column for age {age}{whom} {what}; the ages 0 to 90+ are all needed"),
                "download the table again, and delete no column",
            ));
        }
    }
    Ok(())
}

fn vintage_of_titles(titles: &[String]) -> Option<Vintage> {
    let says = |year: &str| {
        titles
            .iter()
            .map(|t| plain(t))
            .any(|t| t.contains(&format!("{year} lsoa")) || t.contains(&format!("lsoa {year}")) || t.contains(&format!("lsoas {year}")))
    };
    match (says("2011"), says("2021")) {
        (true, false) => Some(Vintage::Lsoa2011),
        (false, true) => Some(Vintage::Lsoa2021),
        _ => None,
    }
}

/// Reads a whole number of people; thousands commas and a trailing `.0` are allowed.
fn people(cell: &str) -> Option<u32> {
    let cell = cell.trim();
    let cell = cell.strip_suffix(".0").unwrap_or(cell);
    if cell.is_empty() || !cell.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut out = 0u32;
    for byte in cell.bytes() {
        match byte {
            b'0'..=b'9' => out = out.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?,
            b',' => {}
            _ => return None,
        }
    }
    Some(out)
}

fn read_row(
    row: u64,
    record: &StringRecord,
    header: &StringRecord,
    columns: &Columns,
    layout: Layout,
    bands: &[Band],
    set_aside: &mut SetAsides,
) -> Option<Residents> {
    let name = |position: usize| header.get(position).unwrap_or_default();
    let cell = record.get(columns.lsoa).unwrap_or_default().trim();
    let Some(lsoa) = AreaCode::from_bytes(cell.as_bytes()).filter(|code| code.kind() == Some(Kind::Lsoa)) else {
        set_aside.add(row, name(columns.lsoa), "not an LSOA code of England or Wales", "nothing to mend if the row is a note or a total", cell);
        return None;
    };
    let mut number = |position: usize| {
        let cell = record.get(position).unwrap_or_default();
        let read = people(cell);
        if read.is_none() {
            set_aside.add(row, name(position), "not a whole number of people", "type the number as the publisher gives it", cell);
        }
        read
    };
    let mut out = Residents { lsoa, total: 0, ages: None, by_sex: None, in_bands: Vec::new() };
    let given = match columns.total {
        Some(position) => Some(number(position)?),
        None => None,
    };
    let mut sum = 0u64;
    match layout {
        Layout::Totals => sum = u64::from(given?),
        Layout::Ages => {
            let mut ages = Box::new([0; N_AGES]);
            for (age, position) in &columns.ages {
                ages[usize::from(*age)] = number(*position)?;
            }
            sum = ages.iter().map(|&n| u64::from(n)).sum();
            out.ages = Some(ages);
        }
        Layout::AgesBySex => {
            let mut by_sex = Box::new([[0; N_AGES]; 2]);
            for (sex, age, position) in &columns.ages_by_sex {
                by_sex[*sex][usize::from(*age)] = number(*position)?;
            }
            let mut ages = Box::new([0u32; N_AGES]);
            for (age, both) in ages.iter_mut().enumerate() {
                *both = by_sex[0][age].saturating_add(by_sex[1][age]);
            }
            sum = by_sex.iter().flatten().map(|&n| u64::from(n)).sum();
            (out.ages, out.by_sex) = (Some(ages), Some(by_sex));
        }
        Layout::BandsBySex => {
            out.in_bands = vec![[0; 2]; bands.len()];
            for (sex, band, position) in &columns.bands {
                let n = number(*position)?;
                sum += u64::from(n);
                if let Some(i) = bands.iter().position(|b| b == band) {
                    out.in_bands[i][*sex] = n;
                }
            }
        }
    }
    let total = given.or_else(|| u32::try_from(sum).ok());
    match total {
        Some(total) if u64::from(total) == sum => out.total = total,
        _ => {
            let position = columns.total.unwrap_or(columns.lsoa);
            let found = format!("{} against {sum}", given.map_or_else(|| "no total".to_owned(), |total| total.to_string()));
            set_aside.add(row, name(position), "the total differs from the sum of its ages", "see which is right in the published table", &found);
            return None;
        }
    }
    Some(out)
}

impl PopulationTable {
    /// What the table covers.
    pub fn coverage(&self) -> PopulationCoverage {
        PopulationCoverage {
            n_lsoas: self.records.len(),
            n_welsh: self.records.iter().filter(|r| r.lsoa.is_welsh()).count(),
            n_residents: self.records.iter().map(|r| u64::from(r.total)).sum(),
            n_empty: self.records.iter().filter(|r| r.total == 0).count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(text: &str) -> TextTable {
        TextTable::from_csv(text.as_bytes()).unwrap()
    }

    fn ages(prefix: &str, without: Option<u8>) -> Vec<String> {
        (0..91)
            .filter(|age| Some(*age) != without)
            .map(|age| format!("{prefix}{age}{}", if age == 90 && prefix.is_empty() { "+" } else { "" }))
            .collect()
    }

    fn row(code: &str, total: &str, n: usize, each: &str) -> String {
        format!("{code},Ambermere 1,{total},{}\n", vec![each; n].join(","))
    }

    #[test]
    fn single_years_are_read_and_a_wrong_total_is_set_aside() {
        let text = format!("lsoa11_code,lsoa11_name,total_population,{}\n", ages("", None).join(","))
            + &row("E01990001", "182", 91, "2")
            + &row("E01990002", "\"1,820\"", 91, "20")
            + &row("E01990003", "183", 91, "2")
            + &row("E01990001", "182", 91, "2")
            + &row("Total", "2002", 91, "22")
            + &row("E01990004", "..", 91, "2")
            + &row("S01000001", "182", 91, "2")
            + "E01990005,short row,12\n";
        let population = read(&table(&text)).unwrap();
        assert_eq!((population.layout, population.vintage, population.year), (Layout::Ages, Some(Vintage::Lsoa2011), None));
        assert_eq!(population.records.iter().map(|r| r.total).collect::<Vec<_>>(), [182, 1820]);
        assert_eq!(population.records[1].ages.as_ref().unwrap()[90], 20);
        assert_eq!((population.n_rows, population.set_aside.n_rows()), (8, 6));
        assert_eq!(population.coverage(), PopulationCoverage { n_lsoas: 2, n_welsh: 0, n_residents: 2002, n_empty: 0 });
    }

    #[test]
    fn a_missing_age_is_named() {
        let text = format!("lsoa11_code,lsoa11_name,total_population,{}\n", ages("", Some(37)).join(",")) + &row("E01990001", "182", 90, "2");
        let error = read(&table(&text)).unwrap_err();
        assert!(error.what.contains("age 37 is missing"), "{error}");
        let by_sex = format!("LSOA 2021 Code,LSOA 2021 Name,Total,{},{}\n", ages("F", None).join(","), ages("M", Some(0)).join(","));
        let error = read(&table(&by_sex)).unwrap_err();
        assert!(error.what.contains("age 0 of males is missing"), "{error}");
    }

    #[test]
    fn the_published_sheet_by_sex_is_read_below_its_titles() {
        let text = "Mid-2024 population estimates for 2021 LSOAs in England and Wales,,\nInvented,,\n,,\n".to_owned()
            + &format!(
                "LAD 2023 Code,LAD 2023 Name,LSOA 2021 Code,LSOA 2021 Name,Total,{},{}\n",
                ages("F", None).join(","),
                ages("M", None).join(",")
            )
            + &format!("E07000901,Ambermere,W01990001,Ambermere 1,{},{},{}\n", 91 * 3, vec!["1"; 91].join(","), vec!["2"; 91].join(","));
        assert!(recognises(&table(&text)) && !super::super::lookup::recognises(&table(&text)));
        let population = read(&table(&text)).unwrap();
        assert_eq!((population.year, population.vintage, population.layout), (Some(2024), Some(Vintage::Lsoa2021), Layout::AgesBySex));
        let record = &population.records[0];
        assert_eq!((record.total, record.ages.as_ref().unwrap()[5], record.by_sex.as_ref().unwrap()[1][90]), (273, 3, 2));
        assert_eq!(population.coverage().n_welsh, 1);
    }

    #[test]
    fn broad_bands_must_follow_one_another_for_both_sexes() {
        let header = "LSOA 2021 Code,Total,F0 to 15,F16 to 64,F65 and over,M0 to 15,M16 to 64,M65 and over\n";
        let population = read(&table(&format!("{header}E01990001,21,1,2,3,4,5,6\n"))).unwrap();
        assert_eq!(population.bands, [Band { from: 0, to: Some(15) }, Band { from: 16, to: Some(64) }, Band { from: 65, to: None }]);
        assert_eq!(population.records[0].in_bands, [[1, 4], [2, 5], [3, 6]]);
        for (bad, says) in [
            (header.replace("F16", "F17"), "one sex only"),
            (header.replace("16", "17"), "gap"),
            (header.replace("65 and over", "65 to 80"), "and over"),
        ] {
            assert!(read(&table(&bad)).unwrap_err().what.contains(says), "{bad}");
        }
    }

    #[test]
    fn a_total_beside_something_else_is_taken_once() {
        let population = read(&table(
            "lsoa21_code,total_residents,ethnic_group,n,prop\n\
             E01990001,1474,A,158,0.1\nE01990001,1474,B,11,0.01\nE01990001,1473,C,11,0.01\nE01990002,0,A,0,0\n",
        ))
        .unwrap();
        assert_eq!((population.records.len(), population.n_repeats, population.set_aside.n_rows()), (2, 1, 1));
        assert_eq!((population.layout, population.coverage().n_residents, population.coverage().n_empty), (Layout::Totals, 1474, 1));
        assert!(!recognises(&table("lsoa21_code,total_households,type,n\n")));
    }

    #[test]
    fn years_are_found_where_they_are_said_and_only_there() {
        for (text, year) in [
            ("Mid-2020", Some(2020)),
            ("SAPE23DT2: mid 2020 estimates", Some(2020)),
            ("mid-2019 and mid-2020", None),
            ("lsoa21", None),
            ("population1_x", None),
        ] {
            assert_eq!(reference_year(text), year, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_rows_make_it_panic_and_every_row_is_accounted_for(
            rows in proptest::collection::vec(proptest::collection::vec("(E0199000[0-9]|[0-9]{1,9}|[-a-z.,]{0,4})", 0..8), 0..20),
            header in "(LSOA21CD,Total|LSOA21CD,total residents,F0 to 15,F16 and over,M0 to 15,M16 and over)",
        ) {
            let head: Vec<String> = header.split(',').map(str::to_owned).collect();
            if let Ok(population) = read(&TextTable::from_rows(std::iter::once(head).chain(rows))) {
                prop_assert_eq!(population.records.len() as u64 + population.n_repeats + population.set_aside.n_rows(), population.n_rows);
            }
        }
    }
}
