//! The look-up of LSOAs 2011 to 2021: one row for each pair of an old and a new LSOA, with a change letter.

use super::{code_columns, name_columns, nothing_usable, read_codes};
use crate::place::{AreaCode, Bridge, Change, Kind, Nesting, Vintage};
use crate::source::table::{TextTable, plain};
use crate::source::{SetAsides, Unreadable};
use csv::StringRecord;
use std::collections::{BTreeMap, BTreeSet};

/// Whether the header is that of the look-up of LSOAs 2011 to 2021.
pub(super) fn is_change_header(header: &StringRecord) -> bool {
    change_columns(header).is_some()
}

/// The positions of the 2011 code, the 2021 code and the change letter.
fn change_columns(header: &StringRecord) -> Option<(usize, usize, usize)> {
    let codes = code_columns(header);
    let lsoa = |vintage| codes.iter().find(|(_, c)| c.vintage() == Some(vintage)).map(|(i, _)| *i);
    let letter = header.iter().position(|cell| matches!(plain(cell).as_str(), "chgind" | "change code" | "change indicator"))?;
    Some((lsoa(Vintage::Lsoa2011)?, lsoa(Vintage::Lsoa2021)?, letter))
}

/// Whether the table is the look-up of LSOAs 2011 to 2021.
pub fn recognises_change(table: &TextTable) -> bool {
    table.header(is_change_header).is_some()
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
    let position = |wanted: usize| columns.iter().position(|(i, _)| *i == wanted).unwrap_or_default();
    let (old_column, new_column) = (position(old_at), position(new_at));
    let authority_column = columns.iter().position(|(_, c)| c.kind == Kind::LocalAuthority);
    let mut out = LsoaChangeTable::default();
    let mut seen = BTreeSet::new();
    for (row, record) in &table.rows()[at + 1..] {
        out.n_rows += 1;
        let Some(codes) = read_codes(*row, record, header, &columns, &mut out.set_aside) else {
            continue;
        };
        let (Some(old), Some(new)) = (codes[old_column], codes[new_column]) else {
            out.set_aside.add(*row, "", "one of the two LSOA codes is empty", "download the look-up again", "");
            continue;
        };
        let letter = record.get(letter_at).unwrap_or_default();
        let Some(change) = Change::from_letter(letter) else {
            out.set_aside.add(*row, header.get(letter_at).unwrap_or_default(), "not a change letter", "the letters are U, S, M and X", letter);
            continue;
        };
        if !seen.insert((old, new)) {
            out.set_aside.add(*row, "", "the same pair of LSOAs once more", "delete the repeated row", &format!("{old} to {new}"));
            continue;
        }
        out.changes.push((old, new, change));
        for (i, code) in codes.iter().enumerate() {
            let name = names[i].and_then(|position| record.get(position)).map(str::trim).filter(|name| !name.is_empty());
            if let (Some(code), Some(name)) = (code, name) {
                out.names.insert(*code, name.to_owned());
            }
        }
        if let Some(authority) = authority_column.and_then(|i| codes[i]) {
            out.local_authorities.insert(old, authority);
        }
    }
    if let Some(unreadable) = nothing_usable(out.n_rows, &out.set_aside) {
        return Err(unreadable);
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
                nesting.place_in(*lsoa, *authority, None);
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

    fn table(text: &str) -> TextTable {
        TextTable::from_csv(text.as_bytes()).unwrap()
    }

    fn code(text: &str) -> AreaCode {
        text.parse().unwrap()
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
        assert!(recognises_change(&table(text)) && !super::super::recognises(&table(text)));
        let change = read_change(&table(text)).unwrap();
        assert_eq!((change.n_rows, change.set_aside.n_rows(), change.rows_by_change()), (8, 3, [1, 2, 2, 0]));
        let (mut bridge, mut nesting) = (Bridge::default(), Nesting::default());
        change.apply(&mut bridge);
        change.apply_to_nesting(&mut nesting);
        assert_eq!(bridge.tally(), [1, 1, 2, 0]);
        assert_eq!(nesting.vintages(code("E01990002")), Some((true, false)));
        assert_eq!(nesting.vintages(code("E01990001")), Some((true, true)));
        assert_eq!(nesting.parent(code("E01990002"), Kind::LocalAuthority), Some(code("E07000901")));
    }
}
