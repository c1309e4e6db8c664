//! data.police.uk stop and search: one row is one search of a person, a vehicle or both.
//!
//! Publisher: Home Office. Licence: Open Government Licence v3.0. Only counts are kept: by month and one other thing at a
//! time, and of each count how many led to something. No row, place or combination that could single out a person leaves
//! the reader.

use super::table::{TextTable, plain};
use super::{SetAsides, Unreadable};
use crate::period::Month;
use csv::StringRecord;
use std::collections::BTreeMap;

/// What goes wrong with these files in practice, and what is done about it here.
pub const TRAPS: &[&str] = &[
    "There is no column for the force: it is in the file's name alone, YYYY-MM-force-stop-and-search.csv.",
    "The month in the file's name is not in every row: searches of neighbouring days and late records stray. Each row counts for its own month.",
    "Times are in universal time: a search in the first hour of a summer month is dated to the month before.",
    "Ethnicity is given twice, as the person said and as the officer saw: the two are not interchangeable.",
    "Self-defined ethnicity is often missing or 'Not stated', more so where nothing was found: rates by it are biased.",
    "Vehicle searches have no person: gender, age and ethnicity are empty by right.",
    "Searches without a location are kept in every count; they have no place on a map.",
    "A month that a force did not supply is a gap, not a zero; some forces have supplied nothing for years.",
    "Outcome 'False' or an empty one stood for 'nothing found' in older files: both are read as not recorded, and not as nothing found.",
    "An outcome need not concern what was looked for: 'Outcome linked to object of search' says so, and is empty for many searches.",
    "A search is not a person: the same person may be searched again.",
    "Resident counts are a poor denominator for searches in town centres and on roads.",
    "Carriers add columns of their own, such as a postcode found later: they are not read.",
];

/// What searches are counted by, beside their month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// Person, vehicle, or person and vehicle.
    Type,
    /// What the officer was looking for.
    Object,
    /// What came of it.
    Outcome,
    /// Ethnicity as the person said.
    SelfDefinedEthnicity,
    /// Ethnicity as the officer saw.
    OfficerDefinedEthnicity,
    /// Age range.
    Age,
    /// Gender.
    Gender,
    /// The power used.
    Legislation,
}

impl Dimension {
    /// Every dimension, in the order of the columns.
    pub const ALL: [Dimension; 8] = [
        Self::Type,
        Self::Object,
        Self::Outcome,
        Self::SelfDefinedEthnicity,
        Self::OfficerDefinedEthnicity,
        Self::Age,
        Self::Gender,
        Self::Legislation,
    ];

    /// The column, reduced to lower case and single spaces.
    fn column(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Object => "object of search",
            Self::Outcome => "outcome",
            Self::SelfDefinedEthnicity => "self defined ethnicity",
            Self::OfficerDefinedEthnicity => "officer defined ethnicity",
            Self::Age => "age range",
            Self::Gender => "gender",
            Self::Legislation => "legislation",
        }
    }
}

/// Searches that share a label, and what they led to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SearchTally {
    /// Searches.
    pub n: u64,
    /// Of these, searches whose outcome is recorded: only they can be part of a find rate.
    pub n_with_outcome: u64,
    /// Of these, searches after which the police took some action; see [`is_action`].
    pub n_action: u64,
    /// Of these, actions that the file says are linked to what was looked for.
    pub n_linked: u64,
}

impl SearchTally {
    /// Adds other searches to these.
    pub fn add(&mut self, other: Self) {
        self.n += other.n;
        self.n_with_outcome += other.n_with_outcome;
        self.n_action += other.n_action;
        self.n_linked += other.n_linked;
    }
}

/// Whether an outcome, as the files name it, is any action at all: everything but "nothing found" and "no further action".
///
/// "Suspected psychoactive substances seized - No further action" is one: something was found. An outcome that is not
/// recorded is none.
///
/// ```
/// use headwater_prevention::source::stop_search::is_action;
/// assert!(is_action("Community resolution") && is_action("Suspected psychoactive substances seized - No further action"));
/// assert!(!is_action("A no further action disposal") && !is_action("Nothing found - no further action") && !is_action(""));
/// ```
pub fn is_action(outcome: &str) -> bool {
    !matches!(plain(outcome).as_str(), "" | "false" | "a no further action disposal" | "nothing found no further action" | "no further action")
}

/// A stop and search file as counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StopSearchTable {
    /// The force in the file's name, such as "sussex"; `None` when the name is not police.uk's.
    pub force: Option<String>,
    /// The month in the file's name.
    pub named_month: Option<Month>,
    /// Searches by month, dimension and label; the label is empty where nothing is recorded.
    pub tallies: BTreeMap<(Month, Dimension, String), SearchTally>,
    /// Searches by month.
    pub months: BTreeMap<Month, u64>,
    /// Searches without a location.
    pub n_without_location: u64,
    /// Rows read; rows = searches counted + rows set aside.
    pub n_rows: u64,
    /// Rows that could not be used, with reasons.
    pub set_aside: SetAsides,
}

struct Columns {
    date: usize,
    location: Option<[usize; 2]>,
    linked: Option<usize>,
    dimensions: [usize; 8],
}

impl Columns {
    fn of(header: &StringRecord) -> Option<Self> {
        let names: Vec<String> = header.iter().map(plain).collect();
        let find = |wanted: &str| names.iter().position(|name| name == wanted);
        let mut dimensions = [0; 8];
        for (position, dimension) in dimensions.iter_mut().zip(Dimension::ALL) {
            *position = find(dimension.column())?;
        }
        Some(Self {
            date: find("date")?,
            location: find("latitude").zip(find("longitude")).map(|(a, b)| [a, b]),
            linked: find("outcome linked to object of search"),
            dimensions,
        })
    }
}

/// Whether the table is a police.uk stop and search file.
pub fn recognises(table: &TextTable) -> bool {
    table.header(|header| Columns::of(header).is_some()).is_some()
}

/// The month and force that a police.uk file name says, for a kind such as `stop-and-search`.
///
/// ```
/// use headwater_prevention::source::stop_search::named;
/// let (month, force) = named("2019-02/2019-02-avon-and-somerset-stop-and-search.csv.gz", "stop-and-search").unwrap();
/// assert_eq!((month.to_string().as_str(), force.as_str()), ("2019-02", "avon-and-somerset"));
/// assert_eq!(named("searches.csv", "stop-and-search"), None);
/// ```
pub fn named(file_name: &str, kind: &str) -> Option<(Month, String)> {
    let name = file_name.rsplit(['/', '\\']).next()?;
    let name = name.strip_suffix(".gz").unwrap_or(name).strip_suffix(".csv")?;
    let name = name.strip_suffix(kind)?.strip_suffix('-')?;
    let month = Month::from_bytes(name.as_bytes().get(..7)?)?;
    let force = name.get(7..)?.strip_prefix('-').filter(|force| !force.is_empty())?;
    Some((month, force.to_owned()))
}

/// Counts the searches of a file; `file_name` says the force, which no column does.
///
/// # Errors
/// Refuses a table without the columns of a stop and search file in its first fifteen rows. A file with a header and no
/// rows is read as an empty month.
pub fn read(table: &TextTable, file_name: &str) -> Result<StopSearchTable, Unreadable> {
    let missing = || {
        Unreadable::new(
            "no row among the first fifteen names Type, Date, Gender, Age range, both ethnicities, Legislation, Object of search and Outcome",
            "use the file as data.police.uk gives it and change no column",
        )
    };
    let at = table.header(|header| Columns::of(header).is_some()).ok_or_else(missing)?;
    let header = &table.rows()[at].1;
    let columns = Columns::of(header).ok_or_else(missing)?;
    let (named_month, force) = named(file_name, "stop-and-search").unzip();
    let mut out = StopSearchTable {
        force,
        named_month,
        tallies: BTreeMap::new(),
        months: BTreeMap::new(),
        n_without_location: 0,
        n_rows: 0,
        set_aside: SetAsides::default(),
    };
    for (row, record) in &table.rows()[at + 1..] {
        out.n_rows += 1;
        let cell = |position: usize| record.get(position).unwrap_or_default().trim();
        let date = cell(columns.date);
        let Some(month) = date.as_bytes().get(..7).and_then(Month::from_bytes) else {
            out.set_aside.add(
                *row,
                header.get(columns.date).unwrap_or_default(),
                "not a date",
                "dates begin with the year and month: 2019-02-28",
                date,
            );
            continue;
        };
        *out.months.entry(month).or_default() += 1;
        if columns.location.is_none_or(|at| at.iter().any(|&position| cell(position).is_empty())) {
            out.n_without_location += 1;
        }
        let outcome = columns.dimensions.iter().zip(Dimension::ALL).find(|(_, of)| *of == Dimension::Outcome).map_or("", |(at, _)| cell(*at));
        let has_outcome = !matches!(outcome, "" | "False" | "false");
        let action = is_action(outcome);
        let linked = action && columns.linked.is_some_and(|position| cell(position).eq_ignore_ascii_case("true"));
        let one = SearchTally { n: 1, n_with_outcome: u64::from(has_outcome), n_action: u64::from(action), n_linked: u64::from(linked) };
        for (position, dimension) in columns.dimensions.iter().zip(Dimension::ALL) {
            let label = match (dimension, cell(*position)) {
                (Dimension::Outcome, "False" | "false") => "",
                (_, label) => label,
            };
            out.tallies.entry((month, dimension, label.to_owned())).or_default().add(one);
        }
    }
    Ok(out)
}

impl StopSearchTable {
    /// Searches by label of a dimension over all months; the empty label is "not recorded".
    pub fn by(&self, dimension: Dimension) -> BTreeMap<&str, u64> {
        let mut out = BTreeMap::new();
        for ((_, of, label), tally) in &self.tallies {
            if *of == dimension {
                *out.entry(label.as_str()).or_default() += tally.n;
            }
        }
        out
    }

    /// Searches for which a dimension is not recorded.
    pub fn n_without(&self, dimension: Dimension) -> u64 {
        self.by(dimension).get("").copied().unwrap_or(0)
    }

    /// Searches dated to another month than the file's name says.
    pub fn n_in_other_months(&self) -> u64 {
        self.named_month.map_or(0, |named| self.months.iter().filter(|(month, _)| **month != named).map(|(_, n)| n).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEADER: &str = "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,Outcome linked to object of search,Removal of more than just outer clothing\n";

    fn table(rows: &str) -> TextTable {
        TextTable::from_csv(format!("{HEADER}{rows}").as_bytes()).unwrap()
    }

    #[test]
    fn searches_are_counted_by_one_thing_at_a_time() {
        let table = table(
            "Person search,2019-02-03T10:00:00+00:00,False,,51.1,-0.1,Male,18-24,White - Other,White,Section 1,Offensive weapons,Arrest,True,False\n\
             Person search,2019-02-03T11:00:00+00:00,False,,,,Male,10-17,,Black,Section 1,Offensive weapons,False,,\n\
             Vehicle search,2019-01-31 23:30:00,False,,51.1,-0.1,,,,,Section 23,Controlled drugs,,,\n\
             Person search,03/02/2019,False,,51.1,-0.1,Male,18-24,,White,Section 1,Controlled drugs,Arrest,,\n",
        );
        assert!(recognises(&table));
        let read = read(&table, "2019-02/2019-02-sussex-stop-and-search.csv").unwrap();
        assert_eq!((read.force.as_deref(), read.n_rows, read.set_aside.n_rows()), (Some("sussex"), 4, 1));
        assert_eq!((read.n_without_location, read.n_in_other_months()), (1, 1));
        assert_eq!(read.by(Dimension::Object), BTreeMap::from([("Controlled drugs", 1), ("Offensive weapons", 2)]));
        assert_eq!((read.n_without(Dimension::SelfDefinedEthnicity), read.n_without(Dimension::OfficerDefinedEthnicity)), (2, 1));
        assert_eq!(read.n_without(Dimension::Outcome), 2);
        let february = |label: &str| read.tallies[&("2019-02".parse().unwrap(), Dimension::Object, label.to_owned())];
        assert_eq!(february("Offensive weapons"), SearchTally { n: 2, n_with_outcome: 1, n_action: 1, n_linked: 1 });
        assert!(Dimension::ALL.iter().all(|d| read.by(*d).values().sum::<u64>() == 3));
    }

    #[test]
    fn an_empty_month_is_read_and_another_table_is_refused() {
        assert_eq!(read(&table(""), "x.csv").unwrap().months.len(), 0);
        let other = TextTable::from_csv(b"Type,Date\nPerson search,2019-02-03\n").unwrap();
        assert!(!recognises(&other) && read(&other, "x.csv").unwrap_err().what.contains("Object of search"));
        for name in [
            "2019-02-stop-and-search.csv",
            "2019-13-sussex-stop-and-search.csv",
            "",
            "2019-02-sussex-street.csv",
            "é019-02-sussex-stop-and-search.csv",
        ] {
            assert_eq!(named(name, "stop-and-search"), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_rows_make_it_panic_and_every_row_is_accounted_for(
            rows in proptest::collection::vec(proptest::collection::vec("(20[12][0-9]-[01][0-9]-01|[-a-zé.]{0,8})", 0..16), 0..12), name in "[-0-9a-zé./]{0,40}",
        ) {
            let head: Vec<String> = HEADER.trim().split(',').map(str::to_owned).collect();
            let read = read(&TextTable::from_rows(std::iter::once(head).chain(rows)), &name).unwrap();
            prop_assert_eq!(read.months.values().sum::<u64>() + read.set_aside.n_rows(), read.n_rows);
        }
    }
}
