//! Referrals by quarter since 2009, by age and place of exploitation: for trends of the whole country.

use super::super::{SetAsides, Unreadable};
use super::label::{age, quarter, without_note};
use super::{Age, Quarter, people};
use crate::source::table::{TextTable, plain};
use std::collections::{BTreeMap, BTreeSet};

/// One count of the long series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Longitudinal {
    /// The quarter of the referral.
    pub quarter: Quarter,
    /// The age at the time of exploitation, or the total over all.
    pub age: Age,
    /// Where the exploitation took place, as the table names it; `None` for the total over all.
    pub place: Option<String>,
    /// How many people were referred.
    pub people: u32,
}

/// The long series as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LongitudinalTable {
    /// The counts, in order of the table.
    pub records: Vec<Longitudinal>,
    /// Rows of figures read; a row of the workbook holds a count for each age and place, a row of the long layout one.
    pub n_rows: u64,
    /// Rows that give a whole year: in the long layout, rows read = records + these + rows set aside.
    pub n_year_totals: u64,
    /// Rows that could not be used, with reasons.
    pub set_aside: SetAsides,
}

/// Where the header stands, and what its columns are.
struct Columns {
    header: usize,
    year: usize,
    quarter: usize,
    figures: Figures,
}

enum Figures {
    /// One count in each row, with its age and place beside it.
    Long { age: usize, place: usize, people: usize },
    /// As published in the workbook: a column for each age and place.
    Wide(Vec<(Age, Option<String>, usize)>),
}

/// Words in the title or the columns of the workbook's other tables by quarter: decisions and reports are not referrals.
const OTHER_TABLES: [&str; 4] = ["reasonable grounds", "conclusive grounds", "duty to notify", "dtn"];

fn is_of_another_table(text: &str) -> bool {
    let text = plain(text);
    OTHER_TABLES.iter().any(|words| text.contains(words))
}

impl Columns {
    /// Finds the header by its titles and names; a table's number says nothing, it moves between quarters.
    fn of(table: &TextTable) -> Option<Self> {
        let header = table.header(|header| {
            let names: Vec<String> = header.iter().map(|cell| plain(&without_note(cell))).collect();
            ["year", "quarter"].iter().all(|wanted| names.iter().any(|name| name == wanted))
        })?;
        let record = &table.rows()[header].1;
        let names: Vec<String> = record.iter().map(|cell| plain(&without_note(cell))).collect();
        let find = |is: &dyn Fn(&str) -> bool| names.iter().position(|name| is(name));
        let (year, quarter) = (find(&|name| name == "year")?, find(&|name| name == "quarter")?);
        let long = || {
            Some(Figures::Long {
                age: find(&|name| name.starts_with("age") && name.contains("exploitation"))?,
                place: find(&|name| name == "location of exploitation" || name == "place of exploitation")?,
                people: find(&|name| matches!(name, "nrm referrals" | "referrals" | "people"))?,
            })
        };
        let figures = long().or_else(|| Self::wide(table, header, year.max(quarter)))?;
        Some(Self { header, year, quarter, figures })
    }

    /// The columns of the workbook: "Adult (18 or over) - Overseas" in one cell, or the age above the first of its places.
    fn wide(table: &TextTable, header: usize, labels: usize) -> Option<Figures> {
        let titles = table.rows()[..header].iter().flat_map(|(_, record)| record.iter());
        if titles.clone().any(is_of_another_table) {
            return None;
        }
        let record = &table.rows()[header].1;
        let above = header.checked_sub(1).map(|row| &table.rows()[row].1);
        let mut age_above = None;
        let mut wide: Vec<(Age, Option<String>, usize)> = Vec::new();
        for at in labels + 1..record.len() {
            let name = without_note(record.get(at).unwrap_or_default());
            // A merged cell is printed at its left end; blanks to the right repeat it.
            match above.and_then(|row| row.get(at)).map(without_note).filter(|cell| !cell.is_empty()) {
                Some(cell) => age_above = age(&cell),
                None if name.is_empty() => continue,
                None => {}
            }
            if is_of_another_table(&name) {
                return None;
            }
            let whole = |place: &str| Some(place.trim().to_owned()).filter(|place| !place.eq_ignore_ascii_case("total"));
            // Dashes differ between releases; none of the labels holds one between spaces.
            let parts = [" - ", " \u{2013} ", "\n"].iter().find_map(|dash| name.split_once(dash));
            let (aged, place) = match (parts.and_then(|(aged, place)| Some((age(aged)?, whole(place)))), age_above) {
                (Some(named), _) => named,
                (None, Some(aged)) => (aged, whole(&name)),
                (None, None) if name.eq_ignore_ascii_case("total") => (Age::Total, None),
                (None, None) => return None,
            };
            // A second total under the same age is everyone's: nothing is printed above it.
            let is_second = place.is_none() && wide.iter().any(|(known, place, _)| *known == aged && place.is_none());
            wide.push((if is_second { Age::Total } else { aged }, place, at));
        }
        let is_place =
            |place: &Option<String>| place.as_deref().is_some_and(|place| matches!(plain(place).as_str(), "uk" | "overseas" | "uk and overseas"));
        wide.iter().any(|(_, place, _)| is_place(place)).then_some(Figures::Wide(wide))
    }
}

/// Whether the table is the long series of NRM referrals, as published or as carriers turn it into one count a row.
pub fn recognises_longitudinal(table: &TextTable) -> bool {
    Columns::of(table).is_some()
}

/// Reads the long series of NRM referrals.
///
/// In the workbook's layout a year is printed once, with the year's total beside it, and its quarters follow.
///
/// # Errors
/// Refuses a table without its header, and an age label that is not known here.
pub fn read_longitudinal(table: &TextTable) -> Result<LongitudinalTable, Unreadable> {
    let columns = Columns::of(table).ok_or_else(|| {
        Unreadable::new(
            "no row among the first fifteen names year, quarter, age, location of exploitation and referrals",
            "use the table of referrals by quarter",
        )
    })?;
    let header = &table.rows()[columns.header].1;
    let mut out = LongitudinalTable { records: Vec::new(), n_rows: 0, n_year_totals: 0, set_aside: SetAsides::default() };
    let mut seen: BTreeSet<(Quarter, Age, Option<String>)> = BTreeSet::new();
    let mut year = String::new();
    for (row, record) in &table.rows()[columns.header + 1..] {
        let cell = |position: usize| record.get(position).unwrap_or_default().trim();
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        out.n_rows += 1;
        let number = without_note(cell(columns.quarter));
        let printed = without_note(cell(columns.year));
        let has_figures = match &columns.figures {
            Figures::Long { people, .. } => !cell(*people).is_empty(),
            Figures::Wide(wide) => wide.iter().any(|(_, _, at)| !cell(*at).is_empty()),
        };
        if !has_figures {
            out.set_aside.add(*row, "", "no figures", "nothing to mend if the row is a note", cell(columns.year));
            continue;
        }
        if !printed.is_empty() {
            year = printed;
        }
        if number.eq_ignore_ascii_case("total") || (number.is_empty() && matches!(columns.figures, Figures::Wide(_))) {
            out.n_year_totals += 1;
            continue;
        }
        let Some(quarter) = quarter(&year, &number) else {
            out.set_aside.add(
                *row,
                "Year, Quarter",
                "not a year and a quarter",
                "write the year as 2023 and the quarter as Q4",
                &format!("{year}, {number}"),
            );
            continue;
        };
        let counts: Vec<(Age, Option<String>, usize)> = match &columns.figures {
            Figures::Wide(wide) => wide.clone(),
            Figures::Long { age: aged, place, people } => {
                let aged = cell(*aged);
                let known = age(&without_note(aged)).ok_or_else(|| {
                    Unreadable::new(
                        format!(
                            "row {row}: the age \"{}\" is not known here; reading on would lose its people",
                            aged.chars().take(60).collect::<String>()
                        ),
                        "see whether the publisher has changed its labels; a new label has to be added to the program",
                    )
                })?;
                vec![(known, Some(without_note(cell(*place))).filter(|place| !place.eq_ignore_ascii_case("total")), *people)]
            }
        };
        if let Some((.., at)) = counts.iter().find(|(.., at)| people(cell(*at)).is_none()) {
            out.set_aside.add(
                *row,
                header.get(*at).unwrap_or_default(),
                "not a whole number of people",
                "type the number as the publisher gives it",
                cell(*at),
            );
            continue;
        }
        // One release gave four quarters the year before: summed with the right ones they would double it.
        if counts.iter().any(|(aged, place, _)| seen.contains(&(quarter, *aged, place.clone()))) {
            out.set_aside.add(
                *row,
                "",
                "the same quarter, age and place once more",
                "see whether the year or quarter was typed wrongly",
                &quarter.to_string(),
            );
            continue;
        }
        for (aged, place, at) in counts {
            seen.insert((quarter, aged, place.clone()));
            out.records.push(Longitudinal { quarter, age: aged, place, people: people(cell(at)).unwrap_or(0) });
        }
    }
    if let Some(unreadable) = super::super::lookup::nothing_usable(out.n_rows, &out.set_aside) {
        return Err(unreadable);
    }
    Ok(out)
}

impl LongitudinalTable {
    /// People referred in each quarter at one age, wherever they were exploited; `None` for quarters without that row.
    pub fn of_age(&self, quarter: Quarter, age: Age) -> Option<u64> {
        let of_age = || self.records.iter().filter(|r| r.quarter == quarter && r.age == age);
        let stated = of_age().find(|r| r.place.is_none()).map(|r| u64::from(r.people));
        stated.or_else(|| of_age().next().map(|_| of_age().map(|r| u64::from(r.people)).sum()))
    }

    /// Everyone referred in each quarter: from the margins where the table has them, else from their parts.
    pub fn by_quarter(&self) -> BTreeMap<Quarter, u64> {
        let mut stated: BTreeMap<Quarter, u64> = BTreeMap::new();
        let mut summed: BTreeMap<Quarter, u64> = BTreeMap::new();
        for r in &self.records {
            match (r.age, &r.place) {
                (Age::Total, None) => *stated.entry(r.quarter).or_default() += u64::from(r.people),
                (Age::Total, Some(_)) | (_, None) => {}
                _ => *summed.entry(r.quarter).or_default() += u64::from(r.people),
            }
        }
        summed.extend(stated);
        summed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn margins_and_year_totals_are_not_summed_with_their_parts() {
        let table = TextTable::from_csv(
            b"Year,Quarter,Age at exploitation,Location of exploitation,NRM referrals\n\
              2023,Q4,Adult (18 or over),UK,4\n2023,Q4,Child (17 or under),Overseas,\"1,003\"\n2023,Q4,Total,UK,4\n\
              2023,Total,Adult (18 or over),UK,16\n2024,Q1,Total,Total,9\n2024,Q1,Adult (18 or over),UK,9\n2024,Q9,Total,Total,9\n2024,Q1,Total,UK,x\n",
        )
        .unwrap();
        assert!(recognises_longitudinal(&table) && !super::super::recognises(&table));
        let read = read_longitudinal(&table).unwrap();
        assert_eq!((read.n_rows, read.records.len() as u64 + read.n_year_totals + read.set_aside.n_rows()), (8, 8));
        let of = |year, number| read.by_quarter()[&Quarter { year, number }];
        assert_eq!((of(2023, 4), of(2024, 1)), (1_007, 9));
        assert_eq!(read.of_age(Quarter { year: 2023, number: 4 }, Age::Child), Some(1_003));
    }

    fn sheet(rows: &[&[&str]]) -> TextTable {
        TextTable::from_rows(rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()))
    }

    /// The workbook's layout with its header in one row or two; the invented numbers are the same.
    fn workbook(title: &'static str, header: &[&[&str]]) -> TextTable {
        let mut rows: Vec<&[&str]> = vec![std::slice::from_ref(&title), &["Some counts are small."], &[]];
        rows.extend(header);
        rows.extend::<[&[&str]; 9]>([
            &["2022", "", "9", "30", "39", "2", "20", "22", "61"],
            &["", "Q3", "4", "10", "14", "1", "9", "10", "24"],
            &["", "Q4 [note 2]", "5", "20", "25", "1", "11", "12", "37"],
            &["2023", "", "2", "8", "10", "-", "1,004", "1,004", "1,014"],
            &["", "Q1", "1", "4", "5", "0", "1,000", "1,000", "1,005"],
            &["", "Q1", "1", "4", "5", "0", "4", "4", "9"],
            &["", "Q3", "1", "4", "5", "x", "4", "4", "9"],
            &["", "", "", "", "", "", "", "", ""],
            &["Source: Home Office", "", "", "", "", "", "", "", ""],
        ]);
        sheet(&rows)
    }

    const ONE_ROW: &[&[&str]] = &[&[
        "Year",
        "Quarter",
        "Adult (18 or over) - Overseas",
        "Adult (18 or over) - UK",
        "Adult (18 or over) - Total [note 1]",
        "Child (17 or under) \u{2013} Overseas",
        "Child (17 or under) \u{2013} UK",
        "Child (17 or under) \u{2013} Total",
        "Total",
    ]];
    const TWO_ROWS: &[&[&str]] = &[
        &["", "", "Adult (18 or over)", "", "", "Child (17 or under)", "", "", ""],
        &["Year", "Quarter", "Overseas", "UK", "Total", "Overseas", "UK", "Total", "Total"],
    ];

    #[test]
    fn the_published_layout_is_told_by_title_and_header_and_read_with_either_header() {
        for header in [ONE_ROW, TWO_ROWS] {
            let table = workbook("Table 99: NRM referrals by quarter, age at exploitation and location of exploitation", header);
            assert!(recognises_longitudinal(&table) && !super::super::recognises(&table));
            let read = read_longitudinal(&table).unwrap();
            assert_eq!((read.n_rows, read.n_year_totals, read.set_aside.n_rows(), read.records.len()), (8, 2, 3, 21));
            let reasons: Vec<&str> = read.set_aside.reasons().iter().map(|r| r.reason.as_ref()).collect();
            assert_eq!(reasons, ["the same quarter, age and place once more", "not a whole number of people", "no figures"]);
            let of = |year, number| read.by_quarter().get(&Quarter { year, number }).copied();
            assert_eq!([of(2022, 3), of(2022, 4), of(2023, 1), of(2023, 3)], [Some(24), Some(37), Some(1_005), None]);
            assert_eq!(read.of_age(Quarter { year: 2022, number: 4 }, Age::Child), Some(12));
            assert_eq!(read.of_age(Quarter { year: 2022, number: 4 }, Age::NotSpecified), None);
            let uk = read.records.iter().filter(|r| r.place.as_deref() == Some("UK") && r.age == Age::Adult).count();
            assert_eq!(uk, 3);
        }
    }

    #[test]
    fn decisions_and_duty_to_notify_by_quarter_are_not_taken_for_referrals() {
        for title in ["Table 2: Reasonable grounds decisions by quarter", "Table 2: Duty to Notify (DtN) reports by quarter"] {
            assert!(!recognises_longitudinal(&workbook(title, TWO_ROWS)), "{title}");
        }
        let decisions: &[&[&str]] = &[
            &["", "", "Adult (18 or over)", "", "", "Child (17 or under)", "", "", ""],
            &["Year", "Quarter", "Negative conclusive grounds", "Positive conclusive grounds", "Total", "Negative", "Positive", "Total", "Total"],
        ];
        assert!(!recognises_longitudinal(&workbook("Table 2", decisions)));
        assert!(read_longitudinal(&sheet(&[&["Year", "Quarter", "Total"], &["2015", "Q4", "65"]])).unwrap_err().what.contains("location"));
    }
}
