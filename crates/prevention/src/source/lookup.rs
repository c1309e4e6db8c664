//! Area look-ups: which LSOA, ward, local authority, Community Safety Partnership lies in which larger area.
//!
//! Publisher: Office for National Statistics, Open Geography Portal. Licence: Open Government Licence v3.0.
//! A row says that the areas named in it lie in one another, smallest to largest.
//! The look-up of LSOAs 2011 to 2021 is of the same family, with a change letter: one row for each pair of an old and a new LSOA.
//!
//! No column is found by its position or by one spelling: `lsoa21_code`, `LSOA21CD`, `LSOA code (2021)` and
//! `LSOA 2021 Code` are the same column ([`area_column`]).

use super::table::{TextTable, plain};
use super::{SetAsides, Unreadable};
use crate::place::{AreaCode, Bridge, Change, Kind, Nesting, Vintage};
use csv::StringRecord;
use std::collections::{BTreeMap, BTreeSet};

/// What goes wrong with these files in practice, and what is done about it here.
pub const TRAPS: &[&str] = &[
    "1. A local authority may lie in several Community Safety Partnerships (7 of 318 in 2024): a plain join counts its people twice. Every parent is kept, and the area is not joined to any.",
    "2. Column names differ by carrier: lsoa21_code, LSOA21CD, LSOA code (2021). They are recognised by their parts.",
    "3. The year in a column name is the vintage of the codes. A column without a year marks no vintage.",
    "4. Scottish and Northern Irish rows appear in some files. They are set aside, not dropped.",
    "5. Names repeat and change between years: joins are made by code only.",
    "6. Welsh names stand in a second name column (LSOA11NMW). It is not read as the name.",
    "7. In the look-up of LSOAs 2011 to 2021 a split LSOA has several rows, each marked S; counting rows is not counting areas.",
    "8. A cell may be empty where an area has no larger area of that kind. The rest of the row is still used.",
];

/// Which part of an area a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The nine-character code.
    Code,
    /// The name.
    Name,
    /// Not said: the column is called by the kind of area alone, as `csp`.
    Bare,
}

/// What a column name says about the areas in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AreaColumn {
    /// The kind of area.
    pub kind: Kind,
    /// Code or name.
    pub part: Part,
    /// The year of the boundaries, four digits, where the name says one.
    pub year: Option<u16>,
}

impl AreaColumn {
    /// The census whose LSOAs the column holds, where it holds LSOAs and says a year.
    pub fn vintage(&self) -> Option<Vintage> {
        match (self.kind, self.year) {
            (Kind::Lsoa, Some(2011)) => Some(Vintage::Lsoa2011),
            (Kind::Lsoa, Some(2021)) => Some(Vintage::Lsoa2021),
            _ => None,
        }
    }
}

/// How the kinds of area are spelt at the start of a column name, longest first where one begins another.
const SPELLINGS: [(&str, Kind); 14] = [
    ("lowerlayersuperoutputarea", Kind::Lsoa),
    ("lsoa", Kind::Lsoa),
    ("middlelayersuperoutputarea", Kind::Msoa),
    ("msoa", Kind::Msoa),
    ("ward", Kind::Ward),
    ("wd", Kind::Ward),
    ("localauthoritydistrict", Kind::LocalAuthority),
    ("localauthority", Kind::LocalAuthority),
    ("ltla", Kind::LocalAuthority),
    ("lad", Kind::LocalAuthority),
    (
        "communitysafetypartnership",
        Kind::CommunitySafetyPartnership,
    ),
    ("csp", Kind::CommunitySafetyPartnership),
    ("policeforcearea", Kind::PoliceForceArea),
    ("pfa", Kind::PoliceForceArea),
];

/// What a column name, or a GeoJSON property name, says about the areas in it; `None` when it names no area.
///
/// ```
/// use headwater_prevention::place::Kind;
/// use headwater_prevention::source::lookup::{Part, area_column};
/// for name in ["lsoa21_code", "LSOA21CD", "LSOA code\n(2021)", "LSOA 2021 Code"] {
///     let column = area_column(name).unwrap();
///     assert_eq!((column.kind, column.part, column.year), (Kind::Lsoa, Part::Code, Some(2021)));
/// }
/// assert_eq!(area_column("LADCD_ACTIVE"), None);
/// ```
pub fn area_column(name: &str) -> Option<AreaColumn> {
    let plain = plain(name).replace(' ', "");
    SPELLINGS.iter().find_map(|&(spelling, kind)| {
        let (part, year) = part_and_year(plain.strip_prefix(spelling)?)?;
        Some(AreaColumn { kind, part, year })
    })
}

/// Reads what follows the kind of area: code or name, with a year before or after it.
fn part_and_year(rest: &str) -> Option<(Part, Option<u16>)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (before, rest) = rest.split_at(digits(rest));
    let (part, after) = [
        ("code", Part::Code),
        ("cd", Part::Code),
        ("name", Part::Name),
        ("nm", Part::Name),
    ]
    .into_iter()
    .find_map(|(spelling, part)| rest.strip_prefix(spelling).map(|after| (part, after)))
    .unwrap_or((Part::Bare, rest));
    if !after.bytes().all(|b| b.is_ascii_digit()) || !(before.is_empty() || after.is_empty()) {
        return None;
    }
    let year: Option<u16> = match before.len() + after.len() {
        0 => None,
        2 => Some(2000 + format!("{before}{after}").parse::<u16>().ok()?),
        4 => Some(format!("{before}{after}").parse().ok()?),
        _ => return None,
    };
    Some((part, year))
}

/// The columns of a header that hold area codes, with their positions.
pub fn code_columns(header: &StringRecord) -> Vec<(usize, AreaColumn)> {
    header
        .iter()
        .enumerate()
        .filter_map(|(i, cell)| Some((i, area_column(cell).filter(|c| c.part == Part::Code)?)))
        .collect()
}

/// The one LSOA code column of a header; `None` when there is none or more than one.
pub fn lsoa_code_column(header: &StringRecord) -> Option<(usize, AreaColumn)> {
    let mut found = code_columns(header)
        .into_iter()
        .filter(|(_, column)| column.kind == Kind::Lsoa);
    found.next().filter(|_| found.next().is_none())
}

/// Whether the header is that of the look-up of LSOAs 2011 to 2021.
fn is_change_header(header: &StringRecord) -> bool {
    change_columns(header).is_some()
}

/// The positions of the 2011 code, the 2021 code and the change letter.
fn change_columns(header: &StringRecord) -> Option<(usize, usize, usize)> {
    let codes = code_columns(header);
    let lsoa = |vintage| {
        codes
            .iter()
            .find(|(_, c)| c.vintage() == Some(vintage))
            .map(|(i, _)| *i)
    };
    let letter = header.iter().position(|cell| {
        matches!(
            plain(cell).as_str(),
            "chgind" | "change code" | "change indicator"
        )
    })?;
    Some((lsoa(Vintage::Lsoa2011)?, lsoa(Vintage::Lsoa2021)?, letter))
}

/// Whether the header is that of an area look-up: codes of at least two kinds of area, and no figures.
fn is_lookup_header(header: &StringRecord) -> bool {
    let kinds: BTreeSet<Kind> = code_columns(header)
        .iter()
        .map(|(_, column)| column.kind)
        .collect();
    kinds.len() >= 2
        && !is_change_header(header)
        && !super::population::is_header(header)
        && !super::deprivation::is_header(header)
}

/// Whether the table is an area look-up.
pub fn recognises(table: &TextTable) -> bool {
    table.header(is_lookup_header).is_some()
}

/// Whether the table is the look-up of LSOAs 2011 to 2021.
pub fn recognises_change(table: &TextTable) -> bool {
    table.header(is_change_header).is_some()
}

/// A look-up as read: links, names and vintages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookupTable {
    /// Which area lies in which larger one; each pair once.
    pub links: BTreeSet<(AreaCode, AreaCode)>,
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
    let mut out = LookupTable {
        kinds: columns.iter().map(|(_, c)| (c.kind, c.year)).collect(),
        ..LookupTable::default()
    };
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
            if let Some(name) = names[i]
                .and_then(|position| record.get(position))
                .map(str::trim)
                .filter(|name| !name.is_empty())
            {
                out.names.insert(child, name.to_owned());
            }
            if let Some(vintage) = columns[i].1.vintage() {
                out.lsoas.insert((vintage, child));
            }
            for (j, parent) in codes.iter().enumerate() {
                if let Some(parent) = parent
                    && columns[i].1.kind < columns[j].1.kind
                {
                    out.links.insert((child, *parent));
                }
            }
        }
    }
    if out.n_rows == 0 {
        return Err(Unreadable::new(
            "the look-up has a header and no rows",
            "download it again",
        ));
    }
    Ok(out)
}

/// For each code column the column of its name, if there is one of the same kind and year.
fn name_columns(header: &StringRecord, codes: &[(usize, AreaColumn)]) -> Vec<Option<usize>> {
    codes
        .iter()
        .map(|(_, code)| {
            header.iter().position(|cell| {
                area_column(cell).is_some_and(|name| {
                    name.part == Part::Name && name.kind == code.kind && name.year == code.year
                })
            })
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
            set_aside.add(
                row,
                name,
                "not an area code",
                "area codes are one capital letter and eight digits, such as E01031349",
                cell,
            );
            return None;
        };
        if code.kind() != Some(column.kind) {
            set_aside.add(row, name, "not a code of England or Wales of the kind the column names", "nothing to mend if the row is Scottish or Northern Irish; else check that columns were not swapped", cell);
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
        for (child, parent) in &self.links {
            nesting.place_in(*child, *parent);
        }
        for (vintage, code) in &self.lsoas {
            nesting.mark_lsoa(*code, *vintage);
        }
    }

    /// What the look-up covers, and which areas a plain join would count several times.
    pub fn coverage(&self) -> LookupCoverage {
        let mut areas: BTreeMap<Kind, BTreeSet<AreaCode>> = BTreeMap::new();
        let mut parents: BTreeMap<(AreaCode, Kind), Vec<AreaCode>> = BTreeMap::new();
        for (child, parent) in &self.links {
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
            n_areas: areas
                .into_iter()
                .map(|(kind, codes)| (kind, codes.len()))
                .collect(),
            several_parents: parents
                .into_iter()
                .filter(|(_, p)| p.len() > 1)
                .map(|((child, kind), p)| (child, kind, p))
                .collect(),
        }
    }
}

/// The look-up of LSOAs 2011 to 2021 as read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LsoaChangeTable {
    /// Old LSOA, new LSOA, how it changed; in order of the file, each pair once.
    pub changes: Vec<(AreaCode, AreaCode, Change)>,
    /// The names of LSOAs of either vintage and of local authorities.
    pub names: BTreeMap<AreaCode, String>,
    /// The local authority of each LSOA of 2011, where the table gives one.
    pub local_authorities: BTreeMap<AreaCode, AreaCode>,
    /// Data rows read.
    pub n_rows: u64,
    /// Rows that could not be used, with reasons.
    pub set_aside: SetAsides,
}

/// Reads the look-up of LSOAs 2011 to 2021.
///
/// # Errors
/// Refuses a table whose first fifteen rows hold no header with both LSOA codes and the change letter.
pub fn read_change(table: &TextTable) -> Result<LsoaChangeTable, Unreadable> {
    let missing = || {
        Unreadable::new(
            "no row among the first fifteen names LSOA codes of 2011, LSOA codes of 2021 and the change letter",
            "use the exact-fit look-up with columns such as LSOA11CD, LSOA21CD and CHGIND",
        )
    };
    let at = table.header(is_change_header).ok_or_else(missing)?;
    let header = &table.rows()[at].1;
    let (old_at, new_at, letter_at) = change_columns(header).ok_or_else(missing)?;
    let columns = code_columns(header);
    let names = name_columns(header, &columns);
    let position = |wanted: usize| {
        columns
            .iter()
            .position(|(i, _)| *i == wanted)
            .unwrap_or_default()
    };
    let (old_column, new_column) = (position(old_at), position(new_at));
    let authority_column = columns
        .iter()
        .position(|(_, c)| c.kind == Kind::LocalAuthority);
    let mut out = LsoaChangeTable::default();
    let mut seen = BTreeSet::new();
    for (row, record) in &table.rows()[at + 1..] {
        out.n_rows += 1;
        let Some(codes) = read_codes(*row, record, header, &columns, &mut out.set_aside) else {
            continue;
        };
        let (Some(old), Some(new)) = (codes[old_column], codes[new_column]) else {
            out.set_aside.add(
                *row,
                "",
                "one of the two LSOA codes is empty",
                "download the look-up again",
                "",
            );
            continue;
        };
        let letter = record.get(letter_at).unwrap_or_default();
        let Some(change) = Change::from_letter(letter) else {
            out.set_aside.add(
                *row,
                header.get(letter_at).unwrap_or_default(),
                "not a change letter",
                "the letters are U, S, M and X",
                letter,
            );
            continue;
        };
        if !seen.insert((old, new)) {
            out.set_aside.add(
                *row,
                "",
                "the same pair of LSOAs once more",
                "delete the repeated row",
                &format!("{old} to {new}"),
            );
            continue;
        }
        out.changes.push((old, new, change));
        for (i, code) in codes.iter().enumerate() {
            let name = names[i]
                .and_then(|position| record.get(position))
                .map(str::trim)
                .filter(|name| !name.is_empty());
            if let (Some(code), Some(name)) = (code, name) {
                out.names.insert(*code, name.to_owned());
            }
        }
        if let Some(authority) = authority_column.and_then(|i| codes[i]) {
            out.local_authorities.insert(old, authority);
        }
    }
    if out.n_rows == 0 {
        return Err(Unreadable::new(
            "the look-up has a header and no rows",
            "download it again",
        ));
    }
    Ok(out)
}

impl LsoaChangeTable {
    /// Adds the changes to the bridge of a workspace.
    pub fn apply(&self, bridge: &mut Bridge) {
        for (old, new, change) in &self.changes {
            bridge.add(*old, *new, *change);
        }
    }

    /// Marks the vintage of every LSOA, names it, and gives an LSOA of 2011 its local authority where no look-up has done so.
    ///
    /// Apply it after the other look-ups: what they say about an area's larger areas is never contradicted here.
    pub fn apply_to_nesting(&self, nesting: &mut Nesting) {
        for (old, new, _) in &self.changes {
            nesting.mark_lsoa(*old, Vintage::Lsoa2011);
            nesting.mark_lsoa(*new, Vintage::Lsoa2021);
        }
        for (code, name) in &self.names {
            if nesting.name(*code) == code.to_string() {
                nesting.name_area(*code, name);
            }
        }
        for (lsoa, authority) in &self.local_authorities {
            if nesting.parent(*lsoa, Kind::LocalAuthority).is_none() {
                nesting.place_in(*lsoa, *authority);
            }
        }
    }

    /// Rows by change letter: (unchanged, split, merged, irregular). A split LSOA has a row for each of its parts.
    pub fn rows_by_change(&self) -> [u64; 4] {
        let mut tally = [0; 4];
        for (_, _, change) in &self.changes {
            tally[*change as usize] += 1;
        }
        tally
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
    fn column_names_of_every_carrier_are_the_same_column() {
        let cases = [
            ("ltla24_code", Kind::LocalAuthority, Part::Code, Some(2024)),
            ("LAD17CD", Kind::LocalAuthority, Part::Code, Some(2017)),
            (
                "Local Authority District code (2019)",
                Kind::LocalAuthority,
                Part::Code,
                Some(2019),
            ),
            ("WD25NM", Kind::Ward, Part::Name, Some(2025)),
            ("ward24_code", Kind::Ward, Part::Code, Some(2024)),
            ("pfa24_code", Kind::PoliceForceArea, Part::Code, Some(2024)),
            ("LSOA code", Kind::Lsoa, Part::Code, None),
            ("csp", Kind::CommunitySafetyPartnership, Part::Bare, None),
        ];
        for (name, kind, part, year) in cases {
            assert_eq!(
                area_column(name),
                Some(AreaColumn { kind, part, year }),
                "{name}"
            );
        }
        for name in [
            "LSOA11NMW",
            "LADCD_ACTIVE",
            "UTLACD",
            "icb22_code",
            "lad9",
            "ward manager",
            "",
            "lsoa21code21",
        ] {
            assert_eq!(area_column(name), None, "{name}");
        }
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
        assert_eq!(
            (lookup.n_rows, coverage.n_kept, lookup.set_aside.n_rows()),
            (7, 4, 3)
        );
        assert_eq!(
            coverage.several_parents,
            [(
                code("E06000902"),
                Kind::CommunitySafetyPartnership,
                vec![code("E22000902"), code("E22000903")]
            )]
        );
        let mut nesting = Nesting::default();
        lookup.apply(&mut nesting);
        assert_eq!(
            nesting.parent(code("E06000902"), Kind::CommunitySafetyPartnership),
            None
        );
        assert_eq!(
            nesting.parent(code("E06000902"), Kind::PoliceForceArea),
            Some(code("E23000901"))
        );
        assert_eq!(nesting.name(code("E22000902")), "Broadfen North");
        assert_eq!(nesting.problems().len(), 1);
    }

    #[test]
    fn the_year_in_the_column_name_marks_the_vintage() {
        let lookup = read(&table("lsoa11_name,lsoa11_code,ltla21_name,ltla21_code\nAmbermere 001A,E01990001,Ambermere,E07000901\n")).unwrap();
        let mut nesting = Nesting::default();
        lookup.apply(&mut nesting);
        assert_eq!(nesting.vintages(code("E01990001")), Some((true, false)));
        let unmarked = read(&table(
            "LSOA code,Local authority code\nE01990001,E07000901\n",
        ))
        .unwrap();
        assert!(unmarked.lsoas.is_empty());
    }

    #[test]
    fn split_areas_have_several_rows_and_the_bridge_counts_them_once() {
        let text = "lsoa11_name,lsoa11_code,change_code,lsoa21_name,lsoa21_code,ltla22_name,ltla22_code\n\
             A 1,E01990001,U,A 1,E01990001,Ambermere,E07000901\n\
             A 2,E01990002,S,A 2a,E01990012,Ambermere,E07000901\n\
             A 2,E01990002,S,A 2b,E01990013,Ambermere,E07000901\n\
             A 2,E01990002,S,A 2b,E01990013,Ambermere,E07000901\n\
             A 3,E01990003,M,A 34,E01990014,Ambermere,E07000901\n\
             A 4,E01990004,M,A 34,E01990014,Ambermere,E07000901\n\
             A 5,E01990005,Q,A 5,E01990005,Ambermere,E07000901\n\
             A 6,E01990006,X,A 6,,Ambermere,E07000901\n";
        assert!(recognises_change(&table(text)) && !recognises(&table(text)));
        let change = read_change(&table(text)).unwrap();
        assert_eq!(
            (
                change.n_rows,
                change.set_aside.n_rows(),
                change.rows_by_change()
            ),
            (8, 3, [1, 2, 2, 0])
        );
        let (mut bridge, mut nesting) = (Bridge::default(), Nesting::default());
        change.apply(&mut bridge);
        change.apply_to_nesting(&mut nesting);
        assert_eq!(bridge.tally(), [1, 1, 2, 0]);
        assert_eq!(nesting.vintages(code("E01990002")), Some((true, false)));
        assert_eq!(nesting.vintages(code("E01990001")), Some((true, true)));
        assert_eq!(
            nesting.parent(code("E01990002"), Kind::LocalAuthority),
            Some(code("E07000901"))
        );
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
