//! Does it hold sheets, rows or columns that are hidden and have something in them?
//!
//! Empty rows and columns are often hidden to tidy a sheet; they are no finding.

mod ods;
mod xlsb;
mod xlsx;

use super::{Finding, Limits, Look, Screened, biff};
use crate::kind::Kind;
use std::collections::BTreeSet;

const REMEDY: &str = "ask the sender whether it was meant for us; if not, for a copy without it";

/// Looks at the sheets of workbooks of each kind.
pub(super) fn detect(look: &mut Look, screened: &mut Screened) {
    if look.kind == Kind::Xlsb {
        screened.not_looked.push("hidden rows and columns of a workbook in binary form (XLSB) were not looked at".into());
    }
    for sheet in sheets(look) {
        let place = format!("sheet \"{}\"", sheet.name);
        match sheet.shown {
            Shown::Yes => {}
            Shown::Hidden => screened.add(Finding::HiddenCells, place.as_str(), "the sheet is hidden", REMEDY),
            Shown::VeryHidden => {
                screened.add(Finding::HiddenCells, place.as_str(), "the sheet is hidden so that the program's menu does not show it again", REMEDY);
            }
        }
        if !sheet.rows.is_empty() {
            screened.add(Finding::HiddenCells, place.as_str(), said("row", "rows", &sheet.rows, |row| (row + 1).to_string()), REMEDY);
        }
        if !sheet.columns.is_empty() {
            screened.add(Finding::HiddenCells, place.as_str(), said("column", "columns", &sheet.columns, letters), REMEDY);
        }
    }
}

/// What is hidden of a workbook, sheet by sheet, and whether all of its parts could be looked at.
pub(crate) fn cells(bytes: &[u8], kind: Kind, limits: &Limits) -> (Vec<Sheet>, bool) {
    let Ok(mut look) = Look::at("", bytes, kind, limits) else { return (Vec::new(), false) };
    let sheets = sheets(&mut look);
    let mut screened = Screened::of(kind);
    look.tell_unread(&mut screened);
    (sheets, screened.found.is_empty())
}

fn sheets(look: &mut Look) -> Vec<Sheet> {
    match look.kind {
        Kind::Xlsx => xlsx::sheets(look),
        Kind::Ods => ods::sheets(look),
        Kind::Xlsb => xlsb::sheets(look),
        Kind::OldOffice => old(look),
        _ => Vec::new(),
    }
}

/// Whether a sheet can be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shown {
    #[default]
    Yes,
    Hidden,
    VeryHidden,
}

/// What is hidden of a sheet; rows and columns from 0, and only those that hold something.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    shown: Shown,
    pub(crate) rows: BTreeSet<u32>,
    pub(crate) columns: BTreeSet<u32>,
}

impl Sheet {
    /// Whether the sheet has a tab that can be seen.
    pub(crate) fn is_shown(&self) -> bool {
        self.shown == Shown::Yes
    }
}

/// Hidden columns of which it is not yet known whether they hold something.
#[derive(Default)]
struct Columns {
    undecided: BTreeSet<u32>,
    n_asked: u32,
}

impl Columns {
    /// The last column a sheet can have, from 0.
    const LAST: u32 = 16_383;

    /// Takes note of hidden columns. A sheet that hides each of them many times over is made to take time; once is enough.
    fn hide(&mut self, first: u32, last: u32) {
        let last = last.min(Self::LAST);
        self.n_asked = self.n_asked.saturating_add(1 + last.saturating_sub(first));
        if first <= last && self.n_asked <= 4 * Self::LAST {
            self.undecided.extend(first..=last);
        }
    }

    /// Those of the hidden columns from `first` to `last` that were not met before.
    fn meet(&mut self, first: u32, last: u32) -> Vec<u32> {
        let met: Vec<u32> = self.undecided.range(first..=last.max(first)).copied().collect();
        met.iter().for_each(|column| {
            self.undecided.remove(column);
        });
        met
    }
}

/// The most hidden rows of a sheet that are told apart: as many as a sheet can have.
const MOST_ROWS: usize = 1_048_576;

fn old(look: &mut Look) -> Vec<Sheet> {
    let Some(workbook) = biff::workbook(look) else { return Vec::new() };
    let sheets = workbook.sheets.into_iter().map(|sheet| Sheet {
        name: sheet.name,
        shown: match (sheet.is_hidden, sheet.is_very_hidden) {
            (_, true) => Shown::VeryHidden,
            (true, false) => Shown::Hidden,
            (false, false) => Shown::Yes,
        },
        rows: sheet.hidden_rows.into_iter().collect(),
        columns: sheet.hidden_columns.into_iter().flat_map(|(first, last)| first..=last.min(255)).collect(),
    });
    sheets.collect()
}

/// "rows 5 to 9 and 12 are hidden and hold something".
fn said(one: &str, many: &str, hidden: &BTreeSet<u32>, name: impl Fn(u32) -> String) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for at in hidden {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *at => *last = *at,
            _ => runs.push((*at, *at)),
        }
    }
    const SHOWN: usize = 5;
    let mut words: Vec<String> = runs
        .iter()
        .take(SHOWN)
        .map(|(first, last)| if first == last { name(*first) } else { format!("{} to {}", name(*first), name(*last)) })
        .collect();
    if runs.len() > SHOWN {
        words.push("others".to_owned());
    }
    let last = words.pop().unwrap_or_default();
    let list = if words.is_empty() { last } else { format!("{} and {last}", words.join(", ")) };
    if hidden.len() == 1 { format!("{one} {list} is hidden and holds something") } else { format!("{many} {list} are hidden and hold something") }
}

/// A column's letters: 0 is A, 26 is AA.
fn letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut n = column + 1;
    while n > 0 {
        letters.push(b'A' + ((n - 1) % 26) as u8);
        n = (n - 1) / 26;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

/// The column of a cell's address, from 0: "AB12" is 27.
fn column_of(address: &str) -> Option<u32> {
    let letters = address.bytes().take_while(u8::is_ascii_alphabetic).take(4);
    let n = letters.fold(0_u32, |n, letter| n * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    n.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_columns_are_named_as_a_spreadsheet_names_them() {
        for (column, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(letters(column), expected);
            assert_eq!(column_of(&format!("{expected}7")), Some(column));
        }
        assert_eq!(column_of("7"), None);
        let hidden = |rows: &[u32]| said("row", "rows", &rows.iter().copied().collect(), |row| (row + 1).to_string());
        assert_eq!(hidden(&[4]), "row 5 is hidden and holds something");
        assert_eq!(hidden(&[4, 5, 6, 11]), "rows 5 to 7 and 12 are hidden and hold something");
        assert_eq!(hidden(&[0, 2, 4, 6, 8, 10, 12]), "rows 1, 3, 5, 7, 9 and others are hidden and hold something");
    }
}
