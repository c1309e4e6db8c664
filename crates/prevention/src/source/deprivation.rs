//! Indices of Deprivation (England 2015, 2019, 2025) and the Welsh Index of Multiple Deprivation, by LSOA.
//!
//! Publishers: Ministry of Housing, Communities & Local Government; Welsh Government. Licence: Open Government Licence v3.0.
//! A row is one LSOA with scores, ranks and deciles. Rank 1 and decile 1 are the most deprived.
//! Read here: the whole index, income, income affecting children (IDACI) and crime; for violence the index without its
//! crime part, or income, avoids explaining crime by crime. From the 2025 indicators also the modelled crime rates.

use super::lookup::{code_columns, lsoa_code_column};
use super::table::{TextTable, plain};
use super::{SetAsides, Unreadable};
use crate::place::{AreaCode, Kind, Vintage};
use csv::StringRecord;
use std::collections::{BTreeMap, BTreeSet};

/// What goes wrong with these files in practice, and what is done about it here.
pub const TRAPS: &[&str] = &[
    "England and Wales measure deprivation differently: ranks and deciles are never pooled. A file that mixes them is refused.",
    "The index contains a crime domain: comparing violence with it is partly circular. Income and IDACI are read beside it.",
    "The published headers hold line breaks and long explanations; carriers shorten them. Both are recognised by their parts.",
    "The 2019 file of one carrier has ranks and deciles and no scores: what is missing is listed, not invented.",
    "2015 and 2019 use LSOAs of 2011, 2025 those of 2021: joined to the wrong vintage they lose 5 to 7 per cent of areas.",
    "The short 2015 and 2019 files do not say their year. It is taken from the local authority's vintage, or from the rank of E01000001; otherwise it stays unknown.",
    "Decile 1 is the most deprived tenth, not the least.",
    "The 2025 indicators have 1,707 empty cells (suppressed or not applicable): counted for each column, never read as zero.",
    "The income score is a share of residents, the whole index's score is not: scores of different domains are not comparable.",
    "The violence rates of 2025 are shrunk towards the average by the publisher: they are not counts over residents.",
];

/// A part of the index that is read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Domain {
    /// The whole index.
    Overall,
    /// Income deprivation.
    Income,
    /// Income deprivation affecting children (IDACI); England only.
    Children,
    /// Crime; in Wales "community safety".
    Crime,
}

/// How deprivation is stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// The score: higher is more deprived.
    Score,
    /// The rank: 1 is the most deprived.
    Rank,
    /// The decile: 1 is the most deprived tenth.
    Decile,
}

impl Domain {
    /// Every part that is read.
    pub const ALL: [Domain; 4] = [Domain::Overall, Domain::Income, Domain::Children, Domain::Crime];

    /// The part as a reader says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Overall => "whole index",
            Self::Income => "income",
            Self::Children => "income affecting children (IDACI)",
            Self::Crime => "crime",
        }
    }
}

impl Measure {
    /// Every way deprivation is stated.
    pub const ALL: [Measure; 3] = [Measure::Score, Measure::Rank, Measure::Decile];

    /// The measure as a reader says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Rank => "rank",
            Self::Decile => "decile",
        }
    }
}

/// Which release of which index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edition {
    /// English Indices of Deprivation 2015.
    England2015,
    /// English Indices of Deprivation 2019.
    England2019,
    /// English Indices of Deprivation 2025.
    England2025,
    /// Welsh Index of Multiple Deprivation 2014.
    Wales2014,
    /// Welsh Index of Multiple Deprivation 2019.
    Wales2019,
    /// Welsh Index of Multiple Deprivation 2025.
    Wales2025,
}

impl Edition {
    /// The edition as a reader says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::England2015 => "English Indices of Deprivation 2015",
            Self::England2019 => "English Indices of Deprivation 2019",
            Self::England2025 => "English Indices of Deprivation 2025",
            Self::Wales2014 => "Welsh Index of Multiple Deprivation 2014",
            Self::Wales2019 => "Welsh Index of Multiple Deprivation 2019",
            Self::Wales2025 => "Welsh Index of Multiple Deprivation 2025",
        }
    }

    /// The census whose LSOAs the edition uses.
    pub fn vintage(self) -> Vintage {
        match self {
            Self::England2025 | Self::Wales2025 => Vintage::Lsoa2021,
            _ => Vintage::Lsoa2011,
        }
    }
}

/// What one part of the index says of one LSOA; absent where the file has no such column or the cell is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Standing {
    /// The score: higher is more deprived; the unit differs by part.
    pub score: Option<f64>,
    /// The rank, from 1 (most deprived).
    pub rank: Option<u32>,
    /// The decile, from 1 (most deprived tenth) to 10.
    pub decile: Option<u8>,
}

/// The deprivation of one LSOA.
#[derive(Clone, Debug, PartialEq)]
pub struct Deprivation {
    /// The LSOA.
    pub lsoa: AreaCode,
    standings: [Standing; 4],
    /// The publisher's modelled rates, in order of [`DeprivationTable::rates`]; `None` where the cell is empty.
    pub rates: Vec<Option<f64>>,
}

impl Deprivation {
    /// What one part of the index says.
    pub fn standing(&self, domain: Domain) -> Standing {
        self.standings[domain as usize]
    }
}

/// A deprivation table as read.
#[derive(Clone, Debug, PartialEq)]
pub struct DeprivationTable {
    /// Which release; `None` where neither header, title nor values say whether it is 2015 or 2019.
    pub edition: Option<Edition>,
    /// The census whose LSOAs the codes are, where header or edition says.
    pub vintage: Option<Vintage>,
    /// Whether the LSOAs lie in Wales; never both in one table.
    pub is_welsh: bool,
    /// What the file has columns for.
    pub has: BTreeSet<(Domain, Measure)>,
    /// The names of the columns with modelled crime rates, as the file gives them.
    pub rates: Vec<String>,
    /// One record for each LSOA, in order of the file.
    pub records: Vec<Deprivation>,
    /// How many cells are empty in each column that has any, in order of the columns; every column of the file counts.
    pub empty_cells: Vec<(String, u64)>,
    /// Data rows read.
    pub n_rows: u64,
    /// Rows that could not be used, with reasons.
    pub set_aside: SetAsides,
}

/// What a column is, from its reduced name; `None` for columns that are not read.
fn measure_of(cell: &str) -> Option<(Domain, Measure)> {
    const DOMAINS: [(&str, Domain); 10] = [
        ("index of multiple deprivation imd ", Domain::Overall),
        ("index of multiple deprivation ", Domain::Overall),
        ("imd ", Domain::Overall),
        ("wimd 2014 overall ", Domain::Overall),
        ("wimd 2019 overall ", Domain::Overall),
        ("wimd 2025 overall ", Domain::Overall),
        ("income deprivation affecting children index idaci ", Domain::Children),
        ("idaci ", Domain::Children),
        ("income ", Domain::Income),
        ("crime ", Domain::Crime),
    ];
    let (rest, domain) = DOMAINS
        .iter()
        .chain(&[("wimd ", Domain::Overall), ("community safety ", Domain::Crime)])
        .find_map(|(spelling, domain)| cell.strip_prefix(spelling).map(|rest| (rest, *domain)))?;
    let mut words = rest.split(' ').skip_while(|word| matches!(*word, "2014" | "2015" | "2019" | "2025"));
    let measure = match words.next()? {
        "score" => Measure::Score,
        "rank" => Measure::Rank,
        "decile" => Measure::Decile,
        _ => return None,
    };
    // "IMD rank of average rank" is a measure of local authorities.
    (words.next() != Some("of")).then_some((domain, measure))
}

/// What the bare names of the Welsh table of ranks are: there "WIMD 2019" and "Income" are ranks.
fn rank_of(cell: &str) -> Option<Domain> {
    match cell {
        "wimd 2014" | "wimd 2019" | "wimd 2025" => Some(Domain::Overall),
        "income" => Some(Domain::Income),
        "community safety" => Some(Domain::Crime),
        _ => None,
    }
}

/// What each column that is read is, by position; the first of two with the same meaning.
fn measures_of(names: &[String]) -> Vec<(usize, Domain, Measure)> {
    let has_bare_ranks = names.iter().any(|name| rank_of(name) == Some(Domain::Overall));
    let mut measures: Vec<(usize, Domain, Measure)> = Vec::new();
    for (position, name) in names.iter().enumerate() {
        let bare = || rank_of(name).filter(|_| has_bare_ranks).map(|domain| (domain, Measure::Rank));
        if let Some((domain, measure)) = measure_of(name).or_else(bare)
            && !measures.iter().any(|(_, d, m)| (*d, *m) == (domain, measure))
        {
            measures.push((position, domain, measure));
        }
    }
    measures
}

/// Whether a column holds one of the modelled crime rates of the 2025 indicators.
fn is_rate(cell: &str) -> bool {
    cell.contains("rate per 1 000")
        && ["violence", "stalking", "burglary", "theft", "criminal damage", "public order", "anti social"].iter().any(|word| cell.contains(word))
}

/// Whether a header row is that of a deprivation table by LSOA.
pub(super) fn is_header(header: &StringRecord) -> bool {
    if lsoa_code_column(header).is_none() {
        return false;
    }
    let names: Vec<String> = header.iter().map(plain).collect();
    !measures_of(&names).is_empty() || names.iter().any(|name| is_rate(name))
}

/// Whether the table is a deprivation table by LSOA.
pub fn recognises(table: &TextTable) -> bool {
    table.header(is_header).is_some()
}

/// Reads a deprivation table by LSOA.
///
/// # Errors
/// Refuses a table without a header in its first fifteen rows, and one that mixes English and Welsh LSOAs.
pub fn read(table: &TextTable) -> Result<DeprivationTable, Unreadable> {
    let missing = || {
        Unreadable::new(
            "no row among the first fifteen names an LSOA code and a score, rank or decile of deprivation",
            "use the file of all ranks, scores and deciles",
        )
    };
    let at = table.header(is_header).ok_or_else(missing)?;
    let header = &table.rows()[at].1;
    let (code_at, code_column) = lsoa_code_column(header).ok_or_else(missing)?;
    let names: Vec<String> = header.iter().map(plain).collect();
    let measures = measures_of(&names);
    let rates: Vec<usize> = (0..names.len()).filter(|&i| is_rate(&names[i])).collect();
    let mut out = DeprivationTable {
        edition: None,
        vintage: code_column.vintage(),
        is_welsh: false,
        has: measures.iter().map(|(_, domain, measure)| (*domain, *measure)).collect(),
        rates: rates.iter().map(|&i| header.get(i).unwrap_or_default().to_owned()).collect(),
        records: Vec::new(),
        empty_cells: Vec::new(),
        n_rows: 0,
        set_aside: SetAsides::default(),
    };
    let mut empty = vec![0u64; header.len()];
    let mut seen: BTreeMap<AreaCode, u64> = BTreeMap::new();
    for (row, record) in &table.rows()[at + 1..] {
        out.n_rows += 1;
        let cell = record.get(code_at).unwrap_or_default().trim();
        let Some(lsoa) = AreaCode::from_bytes(cell.as_bytes()).filter(|code| code.kind() == Some(Kind::Lsoa)) else {
            out.set_aside.add(
                *row,
                header.get(code_at).unwrap_or_default(),
                "not an LSOA code of England or Wales",
                "nothing to mend if the row is a note",
                cell,
            );
            continue;
        };
        if seen.contains_key(&lsoa) {
            out.set_aside.add(*row, "", "an LSOA that came before", "delete the repeated row; the first is used", cell);
            continue;
        }
        let mut entry = Deprivation { lsoa, standings: [Standing::default(); 4], rates: Vec::with_capacity(rates.len()) };
        let mut fill = || {
            for (position, domain, measure) in &measures {
                set(&mut entry.standings[*domain as usize], *measure, record.get(*position).unwrap_or_default().trim())
                    .map_err(|reason| (*position, reason))?;
            }
            for position in &rates {
                entry.rates.push(number(record.get(*position).unwrap_or_default().trim()).map_err(|reason| (*position, reason))?);
            }
            Ok::<(), (usize, &'static str)>(())
        };
        if let Err((position, reason)) = fill() {
            let found = record.get(position).unwrap_or_default();
            out.set_aside.add(
                *row,
                header.get(position).unwrap_or_default(),
                reason,
                "see the published table; columns may have been swapped",
                found,
            );
            continue;
        }
        for (position, count) in empty.iter_mut().enumerate() {
            *count += u64::from(record.get(position).unwrap_or_default().trim().is_empty());
        }
        seen.insert(lsoa, *row);
        out.records.push(entry);
    }
    if let Some(unreadable) = super::lookup::nothing_usable(out.n_rows, &out.set_aside) {
        return Err(unreadable);
    }
    let n_welsh = out.records.iter().filter(|r| r.lsoa.is_welsh()).count();
    if n_welsh > 0 && n_welsh < out.records.len() {
        return Err(Unreadable::new(
            format!(
                "{} LSOAs of England and {n_welsh} of Wales in one table: their ranks and deciles cannot be compared",
                out.records.len() - n_welsh
            ),
            "add the English and the Welsh index as two files, as they are published",
        ));
    }
    out.is_welsh = n_welsh > 0;
    out.empty_cells = empty.into_iter().enumerate().filter(|(_, n)| *n > 0).map(|(i, n)| (header.get(i).unwrap_or_default().to_owned(), n)).collect();
    let titles: String = table.rows()[..=at].iter().flat_map(|(_, record)| record.iter()).map(plain).collect::<Vec<_>>().join(" | ");
    out.edition = edition(&out, header, &titles);
    out.vintage = out.vintage.or(out.edition.map(Edition::vintage));
    Ok(out)
}

/// Which release: by vintage, by the year of the local authority's codes, by the titles, or by the rank of a known LSOA.
fn edition(table: &DeprivationTable, header: &StringRecord, titles: &str) -> Option<Edition> {
    if table.is_welsh {
        return match table.vintage {
            Some(Vintage::Lsoa2021) => Some(Edition::Wales2025),
            _ if titles.contains("wimd 2014") => Some(Edition::Wales2014),
            _ if titles.contains("wimd 2025") => Some(Edition::Wales2025),
            // Carriers name the columns of 2019 without their year; 2014 is met only as the publisher titles it.
            _ => Some(Edition::Wales2019),
        };
    }
    if table.vintage == Some(Vintage::Lsoa2021) {
        return Some(Edition::England2025);
    }
    let authority_year = code_columns(header).iter().find(|(_, c)| c.kind == Kind::LocalAuthority).and_then(|(_, c)| c.year);
    match authority_year {
        Some(2013..=2015) => return Some(Edition::England2015),
        Some(2019) => return Some(Edition::England2019),
        _ => {}
    }
    let says = |year: &str| {
        ["iod", "imd", "indices of deprivation ", "index of multiple deprivation "]
            .iter()
            .any(|name| titles.contains(&format!("{name}{year}")) || titles.contains(&format!("{name} {year}")))
    };
    match (says("2015"), says("2019")) {
        (true, false) => return Some(Edition::England2015),
        (false, true) => return Some(Edition::England2019),
        _ => {}
    }
    // The first LSOA of the City of London, which every national file holds.
    let city = table.records.iter().find(|r| r.lsoa.to_string() == "E01000001")?;
    match city.standing(Domain::Overall).rank? {
        29_199 => Some(Edition::England2019),
        29_111 => Some(Edition::England2015),
        _ => None,
    }
}

fn number(cell: &str) -> Result<Option<f64>, &'static str> {
    if cell.is_empty() {
        return Ok(None);
    }
    // A comma can only be a thousands separator here: decimal commas are not published.
    cell.replace(',', "").parse::<f64>().ok().filter(|x| x.is_finite()).map(Some).ok_or("not a number")
}

fn set(standing: &mut Standing, measure: Measure, cell: &str) -> Result<(), &'static str> {
    let Some(value) = number(cell)? else {
        return Ok(());
    };
    let whole = |least: f64, most: f64, reason| {
        if value.fract() == 0.0 && (least..=most).contains(&value) { Ok(value) } else { Err(reason) }
    };
    match measure {
        Measure::Score => standing.score = Some(value),
        Measure::Rank => standing.rank = Some(whole(1.0, 50_000.0, "not a rank")? as u32),
        Measure::Decile => standing.decile = Some(whole(1.0, 10.0, "not a decile from 1 to 10")? as u8),
    }
    Ok(())
}

impl DeprivationTable {
    /// What the file has no column for, of everything that is read.
    pub fn missing(&self) -> Vec<(Domain, Measure)> {
        Domain::ALL.into_iter().flat_map(|domain| Measure::ALL.map(|measure| (domain, measure))).filter(|part| !self.has.contains(part)).collect()
    }

    /// How many cells are empty in the whole file.
    pub fn n_empty_cells(&self) -> u64 {
        self.empty_cells.iter().map(|(_, n)| n).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(text: &str) -> TextTable {
        TextTable::from_csv(text.as_bytes()).unwrap()
    }

    #[test]
    fn the_short_file_of_2019_has_no_scores_and_says_so() {
        let text = "lsoa11_code,IMD_decile,Income_decile,Crime_decile,IMD_rank,Income_rank,Crime_rank\nE01000001,9,10,10,29199,32831,32662\nE01990002,11,1,1,1,1,1\nE01990003,1,1,1,0.5,1,1\nE01990004,,1,1,4,x,1\n";
        let read = read(&table(text)).unwrap();
        assert_eq!((read.edition, read.vintage), (Some(Edition::England2019), Some(Vintage::Lsoa2011)));
        assert!(read.missing().contains(&(Domain::Overall, Measure::Score)) && read.missing().contains(&(Domain::Children, Measure::Rank)));
        assert_eq!((read.records.len(), read.n_rows, read.set_aside.n_rows()), (1, 4, 3));
        assert_eq!(read.records[0].standing(Domain::Crime).rank, Some(32_662));
    }

    #[test]
    fn the_published_long_headers_are_read_with_their_line_breaks() {
        let text = "LSOA code (2011),LSOA name (2011),Local Authority District code (2019),Local Authority District name (2019),\
            Index of Multiple Deprivation (IMD) Score,\"Index of Multiple Deprivation (IMD) Rank\n(where 1 is most deprived)\",\
            Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs),Income Score (rate),\
            Income Deprivation Affecting Children Index (IDACI) Score (rate),Income Deprivation Affecting Older People (IDAOPI) Score (rate),\
            Crime Score,Total population: mid 2015 (excluding prisoners)\n\
            E01990001,A 1,E07000901,A,12.5,\"20,001\",7,0.05,0.061,0.4,-0.5,1500\n";
        assert!(recognises(&table(text)) && !super::super::lookup::recognises(&table(text)) && !super::super::population::recognises(&table(text)));
        let read = read(&table(text)).unwrap();
        assert_eq!(read.edition, Some(Edition::England2019));
        let record = &read.records[0];
        assert_eq!(record.standing(Domain::Overall), Standing { score: Some(12.5), rank: Some(20_001), decile: Some(7) });
        assert_eq!((record.standing(Domain::Children).score, record.standing(Domain::Crime).score), (Some(0.061), Some(-0.5)));
    }

    #[test]
    fn england_and_wales_in_one_table_are_refused() {
        let error = read(&table("lsoa11_code,IMD_rank\nE01990001,1\nW01990001,1\n")).unwrap_err();
        assert!(error.what.contains("cannot be compared"), "{error}");
        let welsh = read(&table("lsoa11_code,IMD_rank,Crime_score\nW01990001,1,0.6\n")).unwrap();
        assert_eq!((welsh.edition, welsh.is_welsh), (Some(Edition::Wales2019), true));
    }

    #[test]
    fn the_welsh_table_of_ranks_has_bare_names() {
        let welsh =
            read(&table("WIMD 2019 ranks,,,,\nLSOA Code,LSOA Name (Eng),WIMD 2019,Income,Community Safety\nW01990001,A 1,3,7,1909\n")).unwrap();
        assert_eq!((welsh.edition, welsh.vintage), (Some(Edition::Wales2019), Some(Vintage::Lsoa2011)));
        let rank = |domain| welsh.records[0].standing(domain).rank;
        assert_eq!((rank(Domain::Overall), rank(Domain::Income), rank(Domain::Crime)), (Some(3), Some(7), Some(1_909)));
        assert!(!recognises(&table("LSOA Code,Income\nW01990001,3\n")));
    }

    #[test]
    fn swapped_columns_are_refused_in_words() {
        let error = read(&table("lsoa11_code,IMD_rank,IMD_decile\n1,E01990001,1\n2,E01990002,1\n")).unwrap_err();
        assert!(error.what.contains("none of the 2 rows") && error.what.contains("lsoa11_code"), "{error}");
    }

    #[test]
    fn a_regional_file_without_its_year_stays_without_it() {
        assert_eq!(read(&table("lsoa11_code,IMD_rank\nE01990001,1\n")).unwrap().edition, None);
        assert_eq!(read(&table("lsoa21_code,IMD_rank\nE01990001,1\n")).unwrap().edition, Some(Edition::England2025));
    }

    #[test]
    fn empty_cells_of_the_indicators_are_counted_and_never_zero() {
        let read = read(&table(
            "lsoa21_code,income_domain_numerator,violence_with_injury_rate_per_1_000_at_risk_population\nE01990001,10,\nE01990002,,2.5\nE01990003,,3\n",
        ))
        .unwrap();
        assert_eq!(read.records[0].rates, [None]);
        assert_eq!(
            read.empty_cells,
            [("income_domain_numerator".to_owned(), 2), ("violence_with_injury_rate_per_1_000_at_risk_population".to_owned(), 1)]
        );
        assert_eq!((read.n_empty_cells(), read.has.len()), (3, 0));
    }

    #[test]
    fn measures_of_local_authorities_are_not_measures_of_lsoas() {
        for name in ["imd average rank", "imd rank of average rank", "income extent", "income domain numerator", "incomes", "rank"] {
            assert_eq!(measure_of(name), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_rows_make_it_panic_and_every_row_is_accounted_for(
            rows in proptest::collection::vec(proptest::collection::vec("([EW]0199000[0-9]|-?[0-9]{1,9}(\\.[0-9])?|[-a-zN.,]{0,4})", 0..6), 0..20),
        ) {
            let head = ["lsoa11_code", "IMD_rank", "IMD_decile", "Income score"].map(str::to_owned).to_vec();
            if let Ok(read) = read(&TextTable::from_rows(std::iter::once(head).chain(rows))) {
                prop_assert_eq!(read.records.len() as u64 + read.set_aside.n_rows(), read.n_rows);
            }
        }
    }
}
