//! Look-ups between areas, with the columns of the published ones.
//!
//! They cover Wealdmere and, as a national look-up would, the few areas next door that some records
//! are placed in: that is how a reader can tell a record outside the force area from a false code.

use std::fmt::Write as _;

use super::county::County;
use super::names;

/// The neighbour's number among districts and partnerships.
const NEIGHBOUR_NUMBER: usize = 6;

/// Writes one quoted row.
fn row(csv: &mut String, cells: &[&str]) {
    for (i, cell) in cells.iter().enumerate() {
        let comma = if i > 0 { "," } else { "" };
        let _ = write!(csv, "{comma}\"{cell}\"");
    }
    csv.push('\n');
}

/// LSOA 2011 to LSOA 2021, with the kind of change, and district.
pub(super) fn lsoa_2011_to_2021(county: &County) -> String {
    let mut csv = String::new();
    row(&mut csv, &["lsoa11_name", "lsoa11_code", "change_code", "lsoa21_name", "lsoa21_code", "ltla22_name", "ltla22_code"]);
    for bridge in &county.bridges {
        let (old, new) = (&county.lsoa_2011[bridge.from], &county.lsoa_2021[bridge.to]);
        let district = county.district_of_area(new);
        row(
            &mut csv,
            &[&old.name, &old.code, bridge.change.letter(), &new.name, &new.code, names::DISTRICTS[district], &names::district_code(district + 1)],
        );
    }
    for next_door in &county.outsiders {
        row(
            &mut csv,
            &[
                &next_door.name,
                &next_door.code,
                "U",
                &next_door.name,
                &next_door.code,
                names::NEIGHBOUR_DISTRICT,
                &names::district_code(NEIGHBOUR_NUMBER),
            ],
        );
    }
    csv
}

/// LSOA 2021 to ward to district.
pub(super) fn lsoa_2021_to_ward(county: &County) -> String {
    let mut csv = String::new();
    row(&mut csv, &["lsoa21_name", "lsoa21_code", "ward24_name", "ward24_code", "ltla24_name", "ltla24_code"]);
    for area in &county.lsoa_2021 {
        let ward = &county.wards[area.ward];
        row(&mut csv, &[&area.name, &area.code, &ward.name, &ward.code, names::DISTRICTS[ward.district], &names::district_code(ward.district + 1)]);
    }
    // Next door everything is in one ward.
    for next_door in &county.outsiders {
        row(
            &mut csv,
            &[
                &next_door.name,
                &next_door.code,
                "Outer Bramble",
                &names::ward_code(9_001),
                names::NEIGHBOUR_DISTRICT,
                &names::district_code(NEIGHBOUR_NUMBER),
            ],
        );
    }
    csv
}

/// LSOA 2011 to district.
pub(super) fn lsoa_2011_to_district(county: &County) -> String {
    let mut csv = String::new();
    row(&mut csv, &["lsoa11_name", "lsoa11_code", "ltla21_name", "ltla21_code"]);
    for area in &county.lsoa_2011 {
        let district = county.district_of_area(area);
        row(&mut csv, &[&area.name, &area.code, names::DISTRICTS[district], &names::district_code(district + 1)]);
    }
    for next_door in &county.outsiders {
        row(&mut csv, &[&next_door.name, &next_door.code, names::NEIGHBOUR_DISTRICT, &names::district_code(NEIGHBOUR_NUMBER)]);
    }
    csv
}

/// District to community safety partnership to police force area.
pub(super) fn district_to_force_area() -> String {
    let mut csv = String::new();
    row(&mut csv, &["ltla24_code", "ltla24_name", "csp24_code", "csp24_name", "pfa24_code", "pfa24_name"]);
    let own = names::DISTRICTS.iter().enumerate().map(|(district, &name)| (district + 1, name, names::FORCE_AREA_CODE, names::COUNTY));
    let next_door = (NEIGHBOUR_NUMBER, names::NEIGHBOUR_DISTRICT, names::NEIGHBOUR_FORCE_AREA_CODE, names::NEIGHBOUR);
    for (number, name, force_area_code, force_area) in own.chain([next_door]) {
        row(&mut csv, &[&names::district_code(number), name, &names::partnership_code(number), name, force_area_code, force_area]);
    }
    csv
}
