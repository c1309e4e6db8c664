//! Referrals by quarter since 2009, by age and place of exploitation: for trends of the whole country.

use super::super::{SetAsides, Unreadable};
use super::label::{age, quarter, without_note};
use super::{Age, Quarter, people};
use crate::source::table::{TextTable, plain};
use csv::StringRecord;
use std::collections::BTreeMap;

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
    /// Rows read.
    pub n_rows: u64,
    /// Rows that give a whole year: rows read = records + these + rows set aside.
    pub n_year_totals: u64,
    /// Rows that could not be used, with reasons.
    pub set_aside: SetAsides,
}

fn columns(header: &StringRecord) -> Option<[usize; 5]> {
    let names: Vec<String> = header.iter().map(|cell| plain(&without_note(cell))).collect();
    let find = |is: &dyn Fn(&str) -> bool| names.iter().position(|name| is(name));
    Some([
        find(&|name| name == "year")?,
        find(&|name| name == "quarter")?,
        find(&|name| name.starts_with("age") && name.contains("exploitation"))?,
        find(&|name| name == "location of exploitation" || name == "place of exploitation")?,
        find(&|name| matches!(name, "nrm referrals" | "referrals" | "people"))?,
    ])
}

/// Whether the table is the long series of NRM referrals.
pub fn recognises_longitudinal(table: &TextTable) -> bool {
    table.header(|header| columns(header).is_some()).is_some()
}

/// Reads the long series of NRM referrals.
///
/// # Errors
/// Refuses a table without its header, and an age label that is not known here.
pub fn read_longitudinal(table: &TextTable) -> Result<LongitudinalTable, Unreadable> {
    let missing = || {
        Unreadable::new(
            "no row among the first fifteen names year, quarter, age, location of exploitation and referrals",
            "use the table of referrals by quarter",
        )
    };
    let at = table.header(|header| columns(header).is_some()).ok_or_else(missing)?;
    let header = &table.rows()[at].1;
    let positions = columns(header).ok_or_else(missing)?;
    let mut out = LongitudinalTable { records: Vec::new(), n_rows: 0, n_year_totals: 0, set_aside: SetAsides::default() };
    for (row, record) in &table.rows()[at + 1..] {
        out.n_rows += 1;
        let [year, number, aged, place, count] = positions.map(|position| record.get(position).unwrap_or_default().trim());
        if number.eq_ignore_ascii_case("total") {
            out.n_year_totals += 1;
            continue;
        }
        let Some(quarter) = quarter(year, number) else {
            out.set_aside.add(
                *row,
                "Year, Quarter",
                "not a year and a quarter",
                "write the year as 2023 and the quarter as Q4",
                &format!("{year}, {number}"),
            );
            continue;
        };
        let Some(people) = people(count) else {
            out.set_aside.add(
                *row,
                header.get(positions[4]).unwrap_or_default(),
                "not a whole number of people",
                "type the number as the publisher gives it",
                count,
            );
            continue;
        };
        let age = age(&without_note(aged)).ok_or_else(|| {
            Unreadable::new(
                format!("row {row}: the age \"{}\" is not known here; reading on would lose its people", aged.chars().take(60).collect::<String>()),
                "see whether the publisher has changed its labels; a new label has to be added to the program",
            )
        })?;
        let place = Some(without_note(place)).filter(|place| !place.eq_ignore_ascii_case("total"));
        out.records.push(Longitudinal { quarter, age, place, people });
    }
    Ok(out)
}

impl LongitudinalTable {
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
    }
}
