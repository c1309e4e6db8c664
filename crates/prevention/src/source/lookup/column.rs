//! Column names that say which areas they hold, however they are spelt.

use crate::place::{Kind, Vintage};
use crate::source::table::plain;
use csv::StringRecord;

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
    ("communitysafetypartnership", Kind::CommunitySafetyPartnership),
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
    let (part, after) = [("code", Part::Code), ("cd", Part::Code), ("name", Part::Name), ("nm", Part::Name)]
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
    header.iter().enumerate().filter_map(|(i, cell)| Some((i, area_column(cell).filter(|c| c.part == Part::Code)?))).collect()
}

/// The one LSOA code column of a header; `None` when there is none or more than one.
pub fn lsoa_code_column(header: &StringRecord) -> Option<(usize, AreaColumn)> {
    let mut found = code_columns(header).into_iter().filter(|(_, column)| column.kind == Kind::Lsoa);
    found.next().filter(|_| found.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_names_of_every_carrier_are_the_same_column() {
        let cases = [
            ("ltla24_code", Kind::LocalAuthority, Part::Code, Some(2024)),
            ("LAD17CD", Kind::LocalAuthority, Part::Code, Some(2017)),
            ("Local Authority District code (2019)", Kind::LocalAuthority, Part::Code, Some(2019)),
            ("WD25NM", Kind::Ward, Part::Name, Some(2025)),
            ("ward24_code", Kind::Ward, Part::Code, Some(2024)),
            ("pfa24_code", Kind::PoliceForceArea, Part::Code, Some(2024)),
            ("LSOA code", Kind::Lsoa, Part::Code, None),
            ("csp", Kind::CommunitySafetyPartnership, Part::Bare, None),
        ];
        for (name, kind, part, year) in cases {
            assert_eq!(area_column(name), Some(AreaColumn { kind, part, year }), "{name}");
        }
        for name in ["LSOA11NMW", "LADCD_ACTIVE", "UTLACD", "icb22_code", "lad9", "ward manager", "", "lsoa21code21"] {
            assert_eq!(area_column(name), None, "{name}");
        }
    }
}
