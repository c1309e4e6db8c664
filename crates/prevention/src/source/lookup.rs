//! Area look-ups: which LSOA, ward, local authority, Community Safety Partnership lies in which larger area.
//!
//! Publisher: Office for National Statistics, Open Geography Portal. Licence: Open Government Licence v3.0.
//! A row says that the areas named in it lie in one another, smallest to largest.
//! The look-up of LSOAs 2011 to 2021 is of the same family, with a change letter: one row for each pair of an old and a new LSOA.
//!
//! No column is found by its position or by one spelling: `lsoa21_code`, `LSOA21CD`, `LSOA code (2021)` and
//! `LSOA 2021 Code` are the same column ([`area_column`]).

mod change;
mod column;

pub use change::{LsoaChangeTable, read_change, recognises_change};
pub use column::{AreaColumn, Part, area_column, code_columns, lsoa_code_column};

use super::table::TextTable;
use super::{SetAsides, Unreadable};
use crate::place::{AreaCode, Kind, Nesting, Vintage};
use change::is_change_header;
use csv::StringRecord;
use std::collections::{BTreeMap, BTreeSet};

/// What goes wrong with these files in practice, and what is done about it here.
pub const TRAPS: &[&str] = &[
    "A local authority may lie in several Community Safety Partnerships (7 of 318 in 2024): a plain join counts its people twice. Every parent is kept, and the area is not joined to any.",
    "Column names differ by carrier: lsoa21_code, LSOA21CD, LSOA code (2021). They are recognised by their parts.",
    "The year in a column name is the vintage of the codes. A column without a year marks no vintage.",
    "Scottish and Northern Irish rows appear in some files. They are set aside, not dropped.",
    "Names repeat and change between years: joins are made by code only.",
    "Counties are reorganised (Cumbria, North Yorkshire and Somerset in 2023), so look-ups of two years name two authorities for one LSOA. The newest year is believed.",
    "Welsh names stand in a second name column (LSOA11NMW). It is not read as the name.",
    "In the look-up of LSOAs 2011 to 2021 a split LSOA has several rows, each marked S; counting rows is not counting areas.",
    "A cell may be empty where an area has no larger area of that kind. The rest of the row is still used.",
];

/// Whether the header is that of an area look-up: codes of at least two kinds of area, and no figures.
fn is_lookup_header(header: &StringRecord) -> bool {
    let kinds: BTreeSet<Kind> = code_columns(header).iter().map(|(_, column)| column.kind).collect();
    kinds.len() >= 2 && !is_change_header(header) && !super::population::is_header(header) && !super::deprivation::is_header(header)
}

/// Whether the table is an area look-up.
pub fn recognises(table: &TextTable) -> bool {
    table.header(is_lookup_header).is_some()
}

/// A look-up as read: links, names and vintages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookupTable {
    /// Which area lies in which larger one, with the newest year of the larger area's codes that a column name says.
    pub links: BTreeMap<(AreaCode, AreaCode), Option<u16>>,
    /// The names of areas, where the table gives them.
    pub names: BTreeMap<AreaCode, String>,
    /// The LSOAs of each vintage that a column name says.
    pub lsoas: BTreeSet<(Vintage, AreaCode)>,
    /// The kinds of area with the year of their codes, smallest first.
    pub kinds: BTreeSet<(Kind, Option<u16>)>,
    /// Data rows read.
    pub n_rows: u64,
    /// Rows that could not be used, with reasons.
    pub set_aside: SetAsides,
}

/// What a look-up covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupCoverage {
    /// Data rows used.
    pub n_kept: u64,
    /// How many different areas of each kind are named.
    pub n_areas: BTreeMap<Kind, usize>,
    /// Areas that lie in several larger areas of one kind: a plain join would count them several times.
    pub several_parents: Vec<(AreaCode, Kind, Vec<AreaCode>)>,
}

/// Reads an area look-up.
///
/// A row counts when at least two of its codes can be read; a cell that is neither empty nor a code of the kind that its
/// column names sets the row aside.
///
/// # Errors
/// Refuses a table without a header row that names codes of two kinds of area within its first fifteen rows.
pub fn read(table: &TextTable) -> Result<LookupTable, Unreadable> {
    let Some(at) = table.header(is_lookup_header) else {
        return Err(Unreadable::new(
            "no row among the first fifteen names codes of two kinds of area",
            "an area look-up needs columns such as LSOA21CD and LAD24CD",
        ));
    };
    let header = &table.rows()[at].1;
    let columns = code_columns(header);
    let mut out = LookupTable { kinds: columns.iter().map(|(_, c)| (c.kind, c.year)).collect(), ..LookupTable::default() };
    let names = name_columns(header, &columns);
    for (row, record) in &table.rows()[at + 1..] {
        out.n_rows += 1;
        let Some(codes) = read_codes(*row, record, header, &columns, &mut out.set_aside) else {
            continue;
        };
        if codes.iter().flatten().count() < 2 {
            out.set_aside.add(
                *row,
                "",
                "fewer than two area codes",
                "fill in the codes, or delete the row if it is a note",
                &record.iter().take(3).collect::<Vec<_>>().join(", "),
            );
            continue;
        }
        for (i, child) in codes.iter().enumerate() {
            let Some(child) = *child else { continue };
            if let Some(name) = names[i].and_then(|position| record.get(position)).map(str::trim).filter(|name| !name.is_empty()) {
                out.names.insert(child, name.to_owned());
            }
            if let Some(vintage) = columns[i].1.vintage() {
                out.lsoas.insert((vintage, child));
            }
            for (j, parent) in codes.iter().enumerate() {
                if let Some(parent) = parent
                    && columns[i].1.kind < columns[j].1.kind
                {
                    let year = out.links.entry((child, *parent)).or_default();
                    *year = (*year).max(columns[j].1.year);
                }
            }
        }
    }
    if let Some(unreadable) = nothing_usable(out.n_rows, &out.set_aside) {
        return Err(unreadable);
    }
    Ok(out)
}

/// A table of which no row could be used: usually its columns were swapped, or it is another table with the same header.
pub(super) fn nothing_usable(n_rows: u64, set_aside: &SetAsides) -> Option<Unreadable> {
    if n_rows > set_aside.n_rows() {
        return None;
    }
    let Some(first) = set_aside.reasons().first() else {
        return Some(Unreadable::new("the table has a header and no rows", "download it again"));
    };
    let column = if first.column.is_empty() { String::new() } else { format!(" in column \"{}\"", first.column.replace(['\n', '\r'], " ")) };
    let (row, found) = first.first.first().map_or((0, ""), |(row, found)| (*row, found.as_str()));
    Some(Unreadable::new(
        format!("none of the {n_rows} rows could be used: {}{column}; row {row} has \"{found}\"", first.reason),
        first.remedy.clone(),
    ))
}

/// For each code column the column of its name, if there is one of the same kind and year.
fn name_columns(header: &StringRecord, codes: &[(usize, AreaColumn)]) -> Vec<Option<usize>> {
    codes
        .iter()
        .map(|(_, code)| {
            header
                .iter()
                .position(|cell| area_column(cell).is_some_and(|name| name.part == Part::Name && name.kind == code.kind && name.year == code.year))
        })
        .collect()
}

/// The codes of one row, or `None` when one of them cannot be read (the row is then set aside).
fn read_codes(
    row: u64,
    record: &StringRecord,
    header: &StringRecord,
    columns: &[(usize, AreaColumn)],
    set_aside: &mut SetAsides,
) -> Option<Vec<Option<AreaCode>>> {
    let mut codes = Vec::with_capacity(columns.len());
    for (position, column) in columns {
        let cell = record.get(*position).unwrap_or_default().trim();
        if cell.is_empty() {
            codes.push(None);
            continue;
        }
        let name = header.get(*position).unwrap_or_default();
        let Some(code) = AreaCode::from_bytes(cell.as_bytes()) else {
            set_aside.add(row, name, "not an area code", "area codes are one capital letter and eight digits, such as E01031349", cell);
            return None;
        };
        if code.kind() != Some(column.kind) {
            set_aside.add(
                row,
                name,
                "not a code of England or Wales of the kind the column names",
                "nothing to mend if the row is Scottish or Northern Irish; else check that columns were not swapped",
                cell,
            );
            return None;
        }
        codes.push(Some(code));
    }
    Some(codes)
}

impl LookupTable {
    /// Adds the links, names and LSOA vintages to the nesting of a workspace.
    pub fn apply(&self, nesting: &mut Nesting) {
        for (code, name) in &self.names {
            nesting.name_area(*code, name);
        }
        for ((child, parent), year) in &self.links {
            nesting.place_in(*child, *parent, *year);
        }
        for (vintage, code) in &self.lsoas {
            nesting.mark_lsoa(*code, *vintage);
        }
    }

    /// What the look-up covers, and which areas a plain join would count several times.
    pub fn coverage(&self) -> LookupCoverage {
        let mut areas: BTreeMap<Kind, BTreeSet<AreaCode>> = BTreeMap::new();
        let mut parents: BTreeMap<(AreaCode, Kind), Vec<AreaCode>> = BTreeMap::new();
        for (child, parent) in self.links.keys() {
            for code in [child, parent] {
                if let Some(kind) = code.kind() {
                    areas.entry(kind).or_default().insert(*code);
                }
            }
            if let Some(kind) = parent.kind() {
                parents.entry((*child, kind)).or_default().push(*parent);
            }
        }
        LookupCoverage {
            n_kept: self.n_rows - self.set_aside.n_rows(),
            n_areas: areas.into_iter().map(|(kind, codes)| (kind, codes.len())).collect(),
            several_parents: parents.into_iter().filter(|(_, p)| p.len() > 1).map(|((child, kind), p)| (child, kind, p)).collect(),
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

    fn code(text: &str) -> AreaCode {
        text.parse().unwrap()
    }

    #[test]
    fn a_local_authority_with_two_partnerships_keeps_both_and_is_named() {
        let lookup = read(&table(
            "LAD24CD,LAD24NM,CSP24CD,CSP24NM,PFA24CD,PFA24NM\n\
             E07000901,Ambermere,E22000901,Ambermere,E23000901,Vale Police\n\
             E06000902,Broadfen,E22000902,Broadfen North,E23000901,Vale Police\n\
             E06000902,Broadfen,E22000903,Broadfen South,E23000901,Vale Police\n\
             E07000903,Corrie,,,E23000901,Vale Police\n\
             S12000033,Far North,S22000001,x,S23000009,y\n\
             E07000904,Dunmarsh,Dunmarsh CSP,E22000905,E23000901,Vale Police\n\
             note: codes of 2024,,,,,\n",
        ))
        .unwrap();
        let coverage = lookup.coverage();
        assert_eq!((lookup.n_rows, coverage.n_kept, lookup.set_aside.n_rows()), (7, 4, 3));
        assert_eq!(coverage.several_parents, [(code("E06000902"), Kind::CommunitySafetyPartnership, vec![code("E22000902"), code("E22000903")])]);
        let mut nesting = Nesting::default();
        lookup.apply(&mut nesting);
        assert_eq!(nesting.parent(code("E06000902"), Kind::CommunitySafetyPartnership), None);
        assert_eq!(nesting.parent(code("E06000902"), Kind::PoliceForceArea), Some(code("E23000901")));
        assert_eq!(nesting.name(code("E22000902")), "Broadfen North");
        assert_eq!(nesting.problems().len(), 1);
    }

    #[test]
    fn the_year_in_the_column_name_marks_the_vintage() {
        let lookup = read(&table("lsoa11_name,lsoa11_code,ltla21_name,ltla21_code\nAmbermere 001A,E01990001,Ambermere,E07000901\n")).unwrap();
        let mut nesting = Nesting::default();
        lookup.apply(&mut nesting);
        assert_eq!(nesting.vintages(code("E01990001")), Some((true, false)));
        let unmarked = read(&table("LSOA code,Local authority code\nE01990001,E07000901\n")).unwrap();
        assert!(unmarked.lsoas.is_empty());
    }

    #[test]
    fn tables_with_figures_are_not_look_ups() {
        for header in [
            "lsoa11_code,lad13_code,IMD_score,IMD_rank,IMD_decile",
            "LAD 2021 Code,LSOA 2021 Code,Total",
            "Crime ID,Month,LSOA code,LSOA name,Crime type",
            "ltla22_code,ltla22_name,ltla23_code,ltla23_name",
        ] {
            assert!(!recognises(&table(&format!("{header}\n"))), "{header}");
        }
    }

    proptest! {
        #[test]
        fn no_rows_make_it_panic_and_every_row_is_accounted_for(
            rows in proptest::collection::vec(proptest::collection::vec("([EWS][0-9]{8}|[USMXQ]|[a-zA-Zé,]{0,6})", 0..8), 0..20),
        ) {
            for header in ["LSOA21CD,WD24CD,LAD24CD,LAD24NM", "LSOA11CD,LSOA21CD,CHGIND"] {
                let head: Vec<String> = header.split(',').map(str::to_owned).collect();
                let table = TextTable::from_rows(std::iter::once(head).chain(rows.clone()));
                if let Ok(lookup) = read(&table) {
                    prop_assert_eq!(lookup.coverage().n_kept + lookup.set_aside.n_rows(), lookup.n_rows);
                }
                if let Ok(change) = read_change(&table) {
                    prop_assert_eq!(change.changes.len() as u64 + change.set_aside.n_rows(), change.n_rows);
                }
            }
        }
    }
}
