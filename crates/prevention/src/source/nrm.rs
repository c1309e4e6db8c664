//! National Referral Mechanism referrals by first responder, exploitation, age, gender and nationality.
//!
//! Publisher: Home Office. Licence: Open Government Licence v3.0. One workbook (ODS) each quarter, with a table for each
//! type of first responder; carriers turn them into one long table. In both a row is a count of people, and the counts
//! are nested margins: a row for "Total, Total, Total" holds everyone in the rows below it. They are kept apart by type
//! ([`Exploitation::Total`], [`Age::Total`], [`Gender::Total`], no nationality) and checked to agree; never summed together.

mod label;
mod longitudinal;
mod margin;

pub use label::{Age, Exploitation, ExploitationTypes, Gender, Quarter, ResponderType, quarter_in};
pub use longitudinal::{Longitudinal, LongitudinalTable, read_longitudinal, recognises_longitudinal};
pub use margin::{Disagreement, MarginCheck};

use super::table::{TextTable, plain};
use super::{SetAsides, Unreadable};
use csv::StringRecord;
use label::{age, exploitation, gender, is_total, quarter, without_note};
use std::collections::BTreeSet;

/// What goes wrong with these files in practice, and what is done about it here.
pub const TRAPS: &[&str] = &[
    "Margins are rows like any other: summing a column counts everyone up to eight times. Each record says which margins it is.",
    "'Police total', 'NGO and third sector total' and the like are rows among the responders.",
    "In the workbook a row's labels are printed once and blank below; nationalities are columns that differ every quarter.",
    "Table numbers move between quarters: a table is found by its header, never by its number.",
    "Column names move: 'First responder (Police)', 'Police and ROCUs first responder', 'Police first responder'.",
    "Exploitation is several labels in one text, joined by commas and '&': it is split into its types. An unknown label stops the reading.",
    "One release had the wrong year typed: the quarter is compared with what is stated elsewhere, and the same figures twice are set aside.",
    "The local authority table has a single responder for all local authorities: there are no counts for each, and its overall row is called 'Local Authority total'.",
    "Zero counts are dropped by carriers, and here: a combination that is not there is zero, in quarters and for responders that are.",
    "Counts of one are published. They are public already, but must not be combined into new small counts.",
    "A quarter's count for one force is small (16 to 27 in Sussex): pool quarters before comparing, and give no percentages of them.",
];

/// One count of referrals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Referral {
    /// The quarter of the referral.
    pub quarter: Quarter,
    /// The type of first responder.
    pub responder_type: ResponderType,
    /// The first responder as the table names it, such as "Sussex Police".
    pub responder: String,
    /// Whether the row is the total of its type of responder.
    pub is_type_total: bool,
    /// The claimed exploitation, or the total over all.
    pub exploitation: Exploitation,
    /// The age at the time of exploitation, or the total over all.
    pub age: Age,
    /// The gender, or the total over all.
    pub gender: Gender,
    /// The nationality as the table names it, or `None` for the total over all.
    pub nationality: Option<String>,
    /// How many people were referred; at least one.
    pub people: u32,
}

/// A table of referrals as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NrmTable {
    /// The counts above zero, in order of the table.
    pub records: Vec<Referral>,
    /// Rows of figures read; a row of the workbook holds a count for each nationality.
    pub n_rows: u64,
    /// Rows that could not be used, with reasons.
    pub set_aside: SetAsides,
    /// Where the table's own title says another quarter than was stated from outside: (the title's, the stated). The stated one is used.
    pub conflict: Option<(Quarter, Quarter)>,
}

/// What the columns of a header are.
struct Columns {
    year: Option<usize>,
    quarter: Option<usize>,
    responder_type: Option<usize>,
    responder: usize,
    exploitation: usize,
    age: usize,
    gender: usize,
    figures: Figures,
}

enum Figures {
    /// One count in each row, with its nationality beside it.
    Long { nationality: usize, people: usize },
    /// A column for each nationality; `None` is the total.
    Wide(Vec<(Option<String>, usize)>),
}

impl Columns {
    fn of(header: &StringRecord) -> Option<Self> {
        let names: Vec<String> = header.iter().map(|cell| plain(&without_note(cell))).collect();
        let find = |is: &dyn Fn(&str) -> bool| names.iter().position(|name| is(name));
        let responder = find(&|name| name.contains("first responder") && !name.contains("type") && name.len() < 60)?;
        let exploitation = find(&|name| name == "exploitation type" || name == "claimed exploitation type")?;
        let age = find(&|name| name.starts_with("age") && name.contains("exploitation"))?;
        let gender = find(&|name| name == "gender" || name == "sex")?;
        let [year, quarter, responder_type] = ["year", "quarter", "first responder type"].map(|wanted| find(&|name| name == wanted));
        let nationality = find(&|name| name == "nationality");
        let people = find(&|name| matches!(name, "people" | "referrals" | "nrm referrals" | "number of referrals"));
        let figures = match (nationality, people) {
            (Some(nationality), Some(people)) => Figures::Long { nationality, people },
            (None, None) => {
                let last = [responder, exploitation, age, gender].into_iter().max()?;
                let wide: Vec<_> = (last + 1..names.len())
                    .filter(|&i| !names[i].is_empty())
                    .map(|i| (Some(without_note(header.get(i).unwrap_or_default())).filter(|name| !is_total(name)), i))
                    .collect();
                if wide.is_empty() {
                    return None;
                }
                Figures::Wide(wide)
            }
            _ => return None,
        };
        Some(Self { year, quarter, responder_type, responder, exploitation, age, gender, figures })
    }
}

/// Whether the table holds NRM referrals by first responder, in either layout.
pub fn recognises(table: &TextTable) -> bool {
    table.header(|header| Columns::of(header).is_some()).is_some()
}

/// Reads a table of referrals that says its own quarter.
///
/// # Errors
/// As [`read_for`].
pub fn read(table: &TextTable) -> Result<NrmTable, Unreadable> {
    read_for(table, None)
}

/// Reads a table of referrals; `stated` is the quarter that the file's name or its publisher's page says, where known.
///
/// # Errors
/// Refuses a table without a header in its first fifteen rows; one that says no quarter when none is stated; one whose
/// titles say two quarters; and any with a label of exploitation, age, gender or responder type that is not known here,
/// because counts under a label that was passed over would be missing from every sum.
pub fn read_for(table: &TextTable, stated: Option<Quarter>) -> Result<NrmTable, Unreadable> {
    let missing = || {
        Unreadable::new(
            "no row among the first fifteen names a first responder, an exploitation type, an age at exploitation and a gender",
            "use the table of referrals by first responder",
        )
    };
    let at = table.header(|header| Columns::of(header).is_some()).ok_or_else(missing)?;
    let header = &table.rows()[at].1;
    let columns = Columns::of(header).ok_or_else(missing)?;
    let titled = titled_quarter(table, at)?;
    let in_rows = columns.year.is_some() && columns.quarter.is_some();
    let of_table = stated.or(titled);
    if !in_rows && of_table.is_none() {
        return Err(Unreadable::new("the table says no year and quarter", "put them into the file's name, as in nrm-2023-q4.ods"));
    }
    let mut out = NrmTable {
        records: Vec::new(),
        n_rows: 0,
        set_aside: SetAsides::default(),
        conflict: stated.zip(titled).filter(|(s, t)| s != t).map(|(s, t)| (t, s)),
    };
    let table_type = columns.responder_type.is_none().then(|| type_of_table(table, at, header.get(columns.responder).unwrap_or_default())).flatten();
    let mut labels: [String; 4] = Default::default();
    let mut seen: BTreeSet<Referral> = BTreeSet::new();
    for (row, record) in &table.rows()[at + 1..] {
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        out.n_rows += 1;
        let cell = |position: usize| record.get(position).unwrap_or_default().trim();
        let counts: Vec<(Option<String>, usize)> = match &columns.figures {
            Figures::Long { nationality, people } => vec![(Some(without_note(cell(*nationality))).filter(|name| !is_total(name)), *people)],
            Figures::Wide(wide) => wide.clone(),
        };
        if counts.iter().all(|(_, position)| cell(*position).is_empty()) {
            out.set_aside.add(*row, "", "no figures", "nothing to mend if the row is a note", cell(columns.responder));
            continue;
        }
        let positions = [columns.responder, columns.exploitation, columns.age, columns.gender];
        match &columns.figures {
            Figures::Long { .. } => labels = positions.map(|position| without_note(cell(position))),
            // A blank label repeats the one above, unless a label to its left is new: then it begins a block, with its total.
            Figures::Wide(_) => {
                let mut is_new = false;
                for (label, position) in labels.iter_mut().zip(positions) {
                    let printed = without_note(cell(position));
                    if !printed.is_empty() {
                        *label = printed;
                        is_new = true;
                    } else if is_new || label.is_empty() {
                        "Total".clone_into(label);
                    }
                }
            }
        }
        let year_and_quarter = match (columns.year, columns.quarter) {
            (Some(year), Some(number)) => match quarter(cell(year), cell(number)) {
                Some(quarter) => Some(quarter),
                None => {
                    out.set_aside.add(
                        *row,
                        "Year, Quarter",
                        "not a year and a quarter",
                        "write the year as 2023 and the quarter as Q4",
                        &format!("{}, {}", cell(year), cell(number)),
                    );
                    continue;
                }
            },
            _ => of_table,
        };
        let Some(quarter) = year_and_quarter else {
            continue;
        };
        let unknown = |position: usize, label: &str| {
            let column = header.get(position).unwrap_or_default();
            Unreadable::new(
                format!(
                    "row {row}, column {column}: the label \"{}\" is not known here; reading on would lose its people",
                    label.chars().take(60).collect::<String>()
                ),
                "see whether the publisher has changed its labels; a new label has to be added to the program",
            )
        };
        let [responder, exploited, aged, gendered] = &labels;
        let responder_type = match columns.responder_type {
            Some(position) => ResponderType::read(cell(position)).ok_or_else(|| unknown(position, cell(position)))?,
            None => table_type.or_else(|| ResponderType::read(responder)).ok_or_else(|| unknown(columns.responder, responder))?,
        };
        let made = Referral {
            quarter,
            responder_type,
            responder: responder.clone(),
            is_type_total: is_total(responder) || plain(responder).ends_with(" total"),
            exploitation: exploitation(exploited).ok_or_else(|| unknown(columns.exploitation, exploited))?,
            age: age(aged).ok_or_else(|| unknown(columns.age, aged))?,
            gender: gender(gendered).ok_or_else(|| unknown(columns.gender, gendered))?,
            nationality: None,
            people: 0,
        };
        let mut of_row = Vec::new();
        let wrong = counts.iter().find_map(|(nationality, position)| match people(cell(*position)) {
            Some(0) => None,
            Some(people) => {
                of_row.push(Referral { nationality: nationality.clone(), people, ..made.clone() });
                None
            }
            None => Some(*position),
        });
        if let Some(position) = wrong {
            out.set_aside.add(
                *row,
                header.get(position).unwrap_or_default(),
                "not a whole number of people",
                "type the number as the publisher gives it",
                cell(position),
            );
            continue;
        }
        // The same figures twice would be counted twice: one release had a wrong year typed.
        let keys: Vec<Referral> = of_row.iter().map(|r| Referral { people: 0, ..r.clone() }).collect();
        if keys.iter().any(|key| seen.contains(key)) {
            out.set_aside.add(
                *row,
                "",
                "the same quarter, responder, exploitation, age, gender and nationality once more",
                "see whether the year or quarter was typed wrongly",
                &format!("{quarter}, {responder}"),
            );
            continue;
        }
        seen.extend(keys);
        out.records.extend(of_row);
    }
    if let Some(unreadable) = super::lookup::nothing_usable(out.n_rows, &out.set_aside) {
        return Err(unreadable);
    }
    Ok(out)
}

/// The one quarter that the titles above the header say.
fn titled_quarter(table: &TextTable, at: usize) -> Result<Option<Quarter>, Unreadable> {
    let said: BTreeSet<Quarter> = table.rows()[..at].iter().flat_map(|(_, record)| record.iter()).filter_map(quarter_in).collect();
    if said.len() > 1 {
        let said: Vec<String> = said.iter().map(Quarter::to_string).collect();
        return Err(Unreadable::new(
            format!("the titles say different quarters: {}", said.join(" and ")),
            "see which is right and correct the title; one release had a wrong year typed",
        ));
    }
    Ok(said.first().copied())
}

/// The type of responder that the header or the titles of a workbook's table name.
fn type_of_table(table: &TextTable, at: usize, header: &str) -> Option<ResponderType> {
    ResponderType::read(header).or_else(|| {
        let titles = table.rows()[..at].iter().flat_map(|(_, record)| record.iter());
        let said: BTreeSet<ResponderType> = titles.filter_map(ResponderType::read).collect();
        said.first().copied().filter(|_| said.len() == 1)
    })
}

/// Reads a count; thousands commas are allowed, a dash is nothing.
fn people(cell: &str) -> Option<u32> {
    match cell {
        "-" | "\u{2013}" => Some(0),
        _ => cell.replace(',', "").parse().ok(),
    }
}

impl NrmTable {
    /// Everyone that a responder referred in a quarter; `None` when one of the two is not in the table.
    ///
    /// "Local Authority" has no overall row of its own: it is then the sum over the exploitation claimed.
    pub fn total(&self, quarter: Quarter, responder: &str) -> Option<u64> {
        if !self.records.iter().any(|r| r.quarter == quarter) || !self.records.iter().any(|r| r.responder == responder) {
            return None;
        }
        let stated = self.margin(quarter, responder, Exploitation::Total, Age::Total, Gender::Total);
        if stated > 0 {
            return Some(stated);
        }
        let of_responder = self.records.iter().filter(|r| r.quarter == quarter && r.responder == responder && r.nationality.is_none());
        Some(of_responder.filter(|r| (r.age, r.gender) == (Age::Total, Gender::Total)).map(|r| u64::from(r.people)).sum())
    }

    /// The people of all nationalities in one combination of margins; zero where the table has no such row.
    pub fn margin(&self, quarter: Quarter, responder: &str, exploitation: Exploitation, age: Age, gender: Gender) -> u64 {
        self.records
            .iter()
            .filter(|r| {
                r.quarter == quarter
                    && r.responder == responder
                    && (r.exploitation, r.age, r.gender) == (exploitation, age, gender)
                    && r.nationality.is_none()
            })
            .map(|r| u64::from(r.people))
            .sum()
    }

    /// The people a responder referred in a quarter whose claimed exploitation includes a type, alone or with others.
    pub fn with_type(&self, quarter: Quarter, responder: &str, kind: ExploitationTypes) -> u64 {
        self.records
            .iter()
            .filter(|r| {
                r.quarter == quarter && r.responder == responder && (r.age, r.gender) == (Age::Total, Gender::Total) && r.nationality.is_none()
            })
            .filter(|r| matches!(r.exploitation, Exploitation::Types(types) if types.includes(kind)))
            .map(|r| u64::from(r.people))
            .sum()
    }

    /// The quarters in the table, in order.
    pub fn quarters(&self) -> Vec<Quarter> {
        self.records.iter().map(|r| r.quarter).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The first responders that are not totals, in order of name.
    pub fn responders(&self) -> Vec<&str> {
        self.records.iter().filter(|r| !r.is_type_total).map(|r| r.responder.as_str()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Whether every margin equals the sum of its parts.
    pub fn check_margins(&self) -> MarginCheck {
        margin::check(&self.records)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sheet(rows: &[&[&str]]) -> TextTable {
        TextTable::from_rows(rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()))
    }

    const Q4: Quarter = Quarter { year: 2023, number: 4 };

    /// An invented quarter in the workbook's layout.
    fn workbook(responder: &str, claimed: &str, aged: &str, title: &str) -> TextTable {
        sheet(&[
            &[title],
            &["Some counts are small."],
            &[],
            &[responder, claimed, aged, "Gender", "Albanian", "Albanian UK", "Vietnamese [note 2]", "Total"],
            &["Police total", "Total", "Total", "Total", "2", "1", "1,002", "1,005"],
            &["Ambermere Police", "Total", "", "", "2", "1", "2", "5"],
            &["", "Criminal", "Total", "Total", "2", "0", "1", "3"],
            &["", "", "Child (17 or under)", "Total", "2", "-", "1", "3"],
            &["", "", "", "Male", "2", "0", "1", "3"],
            &["", "Sexual, Labour, Domestic & Organ Harvesting [note 3]", "Total", "Total", "0", "1", "1", "2"],
            &["", "", "Adult (18 or over)", "Total", "0", "1", "1", "2"],
            &["", "", "", "Other / Not Recorded", "0", "1", "1", "2"],
            &["Ambermere ROCU", "Total", "Total", "Total", "0", "0", "1000", "1000"],
            &["", "Not specified or unknown", "", "", "0", "0", "x", "1000"],
            &["Source: Home Office", "", "", "", "", "", "", ""],
        ])
    }

    #[test]
    fn the_workbook_layout_is_read_under_each_of_its_names() {
        for (responder, claimed, aged) in [
            ("First responder (Police)", "Claimed exploitation type", "Age group at exploitation"),
            ("Police and ROCUs first responder", "Exploitation type [note 1]", "Age at exploitation"),
            ("Police first responder", "Exploitation type", "Age at exploitation"),
        ] {
            let table = workbook(responder, claimed, aged, "Table 13: referrals, Quarter 4 2023, October to December 2023");
            assert!(recognises(&table));
            let read = read(&table).unwrap();
            assert_eq!((read.n_rows, read.set_aside.n_rows(), read.quarters()), (11, 2, vec![Q4]));
            assert_eq!(read.responders(), ["Ambermere Police", "Ambermere ROCU"]);
            assert_eq!(read.total(Q4, "Ambermere Police"), Some(5));
            assert_eq!(read.total(Q4, "Nowhere Police"), None);
            assert_eq!(read.margin(Q4, "Ambermere Police", Exploitation::Types(ExploitationTypes::CRIMINAL), Age::Child, Gender::Male), 3);
            assert_eq!(read.with_type(Q4, "Ambermere Police", ExploitationTypes::LABOUR), 2);
            assert_eq!(read.records.iter().filter(|r| r.nationality.as_deref() == Some("Vietnamese")).count(), 9);
            assert!(read.records.iter().all(|r| r.responder_type == ResponderType::Police && r.people > 0));
        }
    }

    #[test]
    fn an_unknown_label_is_loud() {
        let good: Vec<&[&str]> =
            vec![&["Quarter 4 2023"], &["Police first responder", "Exploitation type", "Age at exploitation", "Gender", "Total"]];
        for (row, says) in [
            (["A", "Cyber", "Total", "Total", "1"], "Cyber"),
            (["A", "Labour & Cyber", "Total", "Total", "1"], "Labour & Cyber"),
            (["A", "Total", "Pensioner", "Total", "1"], "Pensioner"),
            (["A", "Total", "Total", "Martian", "1"], "Martian"),
        ] {
            let mut rows = good.clone();
            rows.push(&row);
            let error = read(&sheet(&rows)).unwrap_err();
            assert!(error.what.contains(says) && error.what.contains("row 3"), "{error}");
        }
    }

    #[test]
    fn a_wrong_year_is_noticed() {
        let names = ("Police first responder", "Exploitation type", "Age at exploitation");
        let table = workbook(names.0, names.1, names.2, "Table 13: Quarter 4 2022");
        let read = read_for(&table, Some(Q4)).unwrap();
        assert_eq!((read.conflict, read.quarters()), (Some((Quarter { year: 2022, number: 4 }, Q4)), vec![Q4]));
        let mut rows: Vec<Vec<String>> = table.rows().iter().map(|(_, r)| r.iter().map(str::to_owned).collect()).collect();
        rows[1] = vec!["1 October to 31 December 2023".to_owned()];
        assert!(super::read(&TextTable::from_rows(rows.clone())).unwrap_err().what.contains("2022 Q4 and 2023 Q4"));
        rows[0].clear();
        rows[1].clear();
        assert!(super::read(&TextTable::from_rows(rows)).unwrap_err().what.contains("no year"));
    }

    #[test]
    fn the_long_layout_keeps_margins_apart_and_sets_repeats_aside() {
        let table = TextTable::from_csv(
            b"Year,Quarter,First responder type,First responder,Exploitation type,Age at exploitation,Gender,Nationality,People\n\
              2023,Q4,Police,Ambermere Police,Total,Total,Total,Total,3\n\
              2023,Q4,Police,Ambermere Police,Total,Total,Total,Invented,3\n\
              2023,Q4,Police,Ambermere Police,Labour & Criminal,Total,Total,Total,2\n\
              2023,Q4,Police,Ambermere Police,Sexual,Total,Total,Total,1\n\
              2023,Q4,Police,Police total,Total,Total,Total,Total,3\n\
              2023,Q4,Police,Ambermere Police,Sexual,Total,Total,Total,1\n\
              2023,Q5,Police,Ambermere Police,Total,Total,Total,Total,3\n\
              2023,Q4,Police,Ambermere Police,Total,Child (17 or under),Total,Total,three\n",
        )
        .unwrap();
        let read = read(&table).unwrap();
        assert_eq!((read.n_rows, read.records.len(), read.set_aside.n_rows()), (8, 5, 3));
        assert_eq!(read.total(Q4, "Ambermere Police"), Some(3));
        assert_eq!(read.with_type(Q4, "Ambermere Police", ExploitationTypes::CRIMINAL), 2);
    }

    proptest! {
        #[test]
        fn no_rows_make_it_panic(
            rows in proptest::collection::vec(proptest::collection::vec("(Total|Male|Criminal|Labour, & |[0-9]{1,12}|[-a-z\u{2013}]{0,3})", 0..8), 0..20),
            title in "(Quarter [0-9]|Q[0-9] 20[0-9]{2}|[a-z0-9 ]{0,12})",
        ) {
            let head = ["Police first responder", "Exploitation type", "Age at exploitation", "Gender", "Kosovan", "Total"].map(str::to_owned).to_vec();
            if let Ok(read) = read_for(&TextTable::from_rows([vec![title], head].into_iter().chain(rows)), Some(Q4)) {
                prop_assert!(read.set_aside.n_rows() <= read.n_rows);
                let _ = read.check_margins();
            }
        }
    }
}
