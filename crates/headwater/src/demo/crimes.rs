//! The records, drawn month by month, with the planted faults in them.

use super::calendar::Month;
use super::chance::{Chance, running_totals};
use super::county::County;
use super::gazetteer::Gazetteer;
use super::pattern::{self, KINDS, Pattern};
use super::planted;

/// Where a record is placed.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// In a cell of the county, at one of its map points.
    Within {
        /// The cell.
        cell: usize,
        /// The map point's number in the cell.
        point: usize,
    },
    /// In an area next door.
    Outside {
        /// The area's number among the outsiders.
        area: usize,
        /// The map point's number in the area.
        point: usize,
    },
    /// Nowhere: no location was given.
    Unknown,
}

/// One record.
#[derive(Clone)]
pub(super) struct Crime {
    /// Its Crime ID; anti-social behaviour has none.
    pub(super) id: Option<[u8; 32]>,
    /// Its kind, in [`KINDS`].
    pub(super) kind: usize,
    /// Where it is placed.
    pub(super) place: Place,
    /// Its outcome in the end, in [`OUTCOMES`].
    pub(super) outcome: usize,
    /// Months until the outcome is known.
    pub(super) lag: u8,
    /// Whether only a re-issue of its month has it.
    pub(super) added_on_reissue: bool,
}

/// Outcomes: as a street file's last outcome category, and as an outcomes file's outcome type.
pub(super) const OUTCOMES: [(&str, &str); 13] = [
    ("Unable to prosecute suspect", "Unable to prosecute suspect"),
    ("Investigation complete; no suspect identified", "Investigation complete; no suspect identified"),
    ("Awaiting court outcome", "Suspect charged"),
    ("Court result unavailable", "Suspect charged"),
    ("Local resolution", "Local resolution"),
    ("Offender given a caution", "Offender given a caution"),
    ("Further investigation is not in the public interest", "Further investigation is not in the public interest"),
    ("Action to be taken by another organisation", "Action to be taken by another organisation"),
    ("Further action is not in the public interest", "Further action is not in the public interest"),
    ("Formal action is not in the public interest", "Formal action is not in the public interest"),
    ("Offender given penalty notice", "Offender given penalty notice"),
    ("Suspect charged as part of another case", "Suspect charged as part of another case"),
    ("Offender given a drugs possession warning", "Offender given a drugs possession warning"),
];

/// How likely each outcome is, by the sort of crime.
const AGAINST_PEOPLE: [f64; 13] = [58.0, 18.0, 7.0, 5.0, 3.0, 2.0, 3.0, 1.5, 1.0, 0.7, 0.3, 0.2, 0.0];
const AGAINST_PROPERTY: [f64; 13] = [11.0, 76.0, 4.0, 3.0, 1.5, 1.0, 2.0, 0.3, 0.4, 0.3, 0.3, 0.2, 0.0];
const OFFENCES_FOUND: [f64; 13] = [26.0, 12.0, 12.0, 9.0, 16.0, 11.0, 5.0, 1.0, 2.0, 2.0, 1.0, 0.5, 2.5];

fn outcome_weights(kind: usize) -> &'static [f64; 13] {
    match KINDS[kind].name {
        "Violence and sexual offences" | "Public order" | "Robbery" | "Other crime" => &AGAINST_PEOPLE,
        "Drugs" | "Possession of weapons" => &OFFENCES_FOUND,
        _ => &AGAINST_PROPERTY,
    }
}

/// Months until an outcome is known, and how likely.
const LAGS: [(u8, f64); 5] = [(0, 80.0), (1, 11.0), (2, 5.0), (3, 3.0), (4, 1.0)];

/// Draws every month's records, faults included, in the order of their files.
///
/// The records of the absent month are drawn too: the outcomes of its crimes are known even though
/// its street file is missing.
pub(super) fn draw(county: &County, gazetteer: &Gazetteer, pattern: &Pattern, seed: u64) -> Vec<(Month, Vec<Crime>)> {
    let chance = &mut Chance::of(seed, "crimes");
    Month::all()
        .map(|month| {
            let mut crimes = draw_month(gazetteer, pattern, month, chance);
            plant(&mut crimes, gazetteer, month, chance);
            sort(&mut crimes, county, month);
            (month, crimes)
        })
        .collect()
}

fn draw_month(gazetteer: &Gazetteer, pattern: &Pattern, month: Month, chance: &mut Chance) -> Vec<Crime> {
    let mut crimes = Vec::new();
    for kind in 0..KINDS.len() {
        let by_cell = running_totals(&pattern.weights(kind, month));
        let by_outcome = running_totals(outcome_weights(kind));
        for _ in 0..chance.poisson(Pattern::expected(kind, month)) {
            let place = if chance.happens(planted::UNLOCATED_SHARE) {
                Place::Unknown
            } else {
                let cell = chance.place_in(&by_cell);
                let wants_shop = kind == pattern::SHOPLIFTING;
                let point = Gazetteer::choose(&gazetteer.cells[cell], wants_shop, chance);
                Place::Within { cell, point }
            };
            crimes.push(Crime {
                id: (kind != pattern::ASB).then(|| chance.bytes_32()),
                kind,
                place,
                outcome: chance.place_in(&by_outcome),
                lag: chance.one_of(&LAGS).unwrap_or(0),
                added_on_reissue: false,
            });
        }
    }
    crimes
}

/// Plants the faults of a month.
fn plant(crimes: &mut Vec<Crime>, gazetteer: &Gazetteer, month: Month, chance: &mut Chance) {
    // Records placed next door. In the bad month nearly all are anti-social behaviour, as in the
    // real case this is drawn from.
    let share = if month == planted::OUTSIDE { planted::OUTSIDE_SHARE } else { planted::OUTSIDE_SHARE_OTHERWISE };
    let n_all = crimes.len() as f64;
    let n_asb = crimes.iter().filter(|crime| crime.kind == pattern::ASB).count() as f64;
    let asb_share = if month == planted::OUTSIDE { 0.9 } else { n_asb / n_all };
    let of_asb = (share * asb_share * n_all / n_asb).min(1.0);
    let of_others = share * (1.0 - asb_share) * n_all / (n_all - n_asb);
    for crime in crimes.iter_mut() {
        let p = if crime.kind == pattern::ASB { of_asb } else { of_others };
        if chance.happens(p) {
            let area = chance.below(gazetteer.outside.len());
            let point = Gazetteer::choose(&gazetteer.outside[area], false, chance);
            crime.place = Place::Outside { area, point };
        }
    }
    if month == planted::PARTIAL {
        crimes.retain(|_| chance.happens(planted::PARTIAL_SHARE));
    }
    let with_id: Vec<usize> = (0..crimes.len()).filter(|&i| crimes[i].id.is_some()).collect();
    if month == planted::REPEATED_ROWS {
        for n in 0..planted::N_REPEATED_ROWS {
            let again = crimes[spaced(&with_id, n, planted::N_REPEATED_ROWS)].clone();
            crimes.push(again);
        }
    }
    if month == planted::REPEATED_IDS {
        for n in 0..planted::N_REPEATED_IDS {
            // Two records far apart in the list differ in kind, so the rows are not equal.
            let first = spaced(&with_id, n, 2 * planted::N_REPEATED_IDS);
            let second = spaced(&with_id, n + planted::N_REPEATED_IDS, 2 * planted::N_REPEATED_IDS);
            crimes[second].id = crimes[first].id;
        }
    }
    if (planted::SECOND_DOWNLOAD_BEGINS..=planted::FIRST_DOWNLOAD_ENDS).contains(&month) {
        for n in 0..planted::N_ADDED_ON_REISSUE {
            crimes[spaced(&with_id, n, planted::N_ADDED_ON_REISSUE)].added_on_reissue = true;
        }
    }
}

/// The `n`th of `of` evenly spaced entries of a list.
fn spaced(list: &[usize], n: usize, of: usize) -> usize {
    list[n * list.len() / of]
}

/// Puts records in the order of the files: by area, then kind, those without a place last.
fn sort(crimes: &mut [Crime], county: &County, month: Month) {
    crimes.sort_by_key(|crime| match crime.place {
        Place::Within { cell, point } => {
            let area = if month < planted::LSOA_2021_FROM { county.lsoa_2011_of[cell] } else { county.lsoa_2021_of[cell] };
            (0, area, crime.kind, point, crime.id)
        }
        Place::Outside { area, point } => (1, area, crime.kind, point, crime.id),
        Place::Unknown => (2, 0, crime.kind, 0, crime.id),
    });
}
