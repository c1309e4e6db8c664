//! The police files: street crime, outcomes, and stop and search, with their exact columns.

use std::fmt::Write as _;

use super::calendar::Month;
use super::chance::{Chance, running_totals};
use super::county::County;
use super::crimes::{Crime, OUTCOMES, Place};
use super::gazetteer::Gazetteer;
use super::names;
use super::pattern::{self, KINDS, Pattern};
use super::planted;

const STREET: &str = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,\
                      LSOA code,LSOA name,Crime type,Last outcome category,Context\n";
const OUTCOME: &str = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,\
                       LSOA code,LSOA name,Outcome type\n";
const SEARCH: &str = "Type,Date,Part of a policing operation,Policing operation,Latitude,\
                      Longitude,Gender,Age range,Self-defined ethnicity,\
                      Officer-defined ethnicity,Legislation,Object of search,Outcome,\
                      Outcome linked to object of search,\
                      Removal of more than just outer clothing\n";

/// A download from data.police.uk: up to when, and whether it is the re-issue of shared months.
#[derive(Clone, Copy)]
pub(super) struct Download {
    /// The first month in it.
    pub(super) first: Month,
    /// The last month in it; outcomes reached later are not known yet.
    pub(super) last: Month,
}

/// The two downloads; they share two months, which the second re-issues.
pub(super) const DOWNLOADS: [Download; 2] = [
    Download { first: Month::new(2022, 1), last: planted::FIRST_DOWNLOAD_ENDS },
    Download { first: planted::SECOND_DOWNLOAD_BEGINS, last: Month::new(2024, 12) },
];

impl Download {
    fn holds(self, crime: &Crime) -> bool {
        !crime.added_on_reissue || self.first == planted::SECOND_DOWNLOAD_BEGINS
    }
}

/// Writes records as rows: position, words, area code and name.
pub(super) struct Clerk<'a> {
    county: &'a County,
    gazetteer: &'a Gazetteer,
}

impl<'a> Clerk<'a> {
    /// A clerk for this county.
    pub(super) fn new(county: &'a County, gazetteer: &'a Gazetteer) -> Self {
        Clerk { county, gazetteer }
    }

    /// One month's street file; none for the month that is missing.
    pub(super) fn street(&self, download: Download, month: Month, crimes: &[Crime]) -> Option<String> {
        if month == planted::ABSENT {
            return None;
        }
        let mut csv = String::with_capacity(crimes.len() * 230);
        csv.push_str(STREET);
        for crime in crimes.iter().filter(|crime| download.holds(crime)) {
            self.beginning(&mut csv, crime, month);
            let _ = write!(csv, ",{},", KINDS[crime.kind].name);
            if crime.id.is_some() {
                let is_known = month.index() + usize::from(crime.lag) <= download.last.index();
                csv.push_str(if is_known { OUTCOMES[crime.outcome].0 } else { "Under investigation" });
            }
            csv.push_str(",\n");
        }
        Some(csv)
    }

    /// One month's outcomes file: the crimes of this and earlier months whose outcome came then.
    pub(super) fn outcomes(&self, download: Download, month: Month, months: &[(Month, Vec<Crime>)]) -> String {
        let mut csv = String::from(OUTCOME);
        for (recorded, crimes) in months {
            let came_now = |crime: &&Crime| crime.id.is_some() && download.holds(crime) && recorded.index() + usize::from(crime.lag) == month.index();
            for crime in crimes.iter().filter(came_now) {
                self.beginning(&mut csv, crime, month);
                let _ = writeln!(csv, ",{}", OUTCOMES[crime.outcome].1);
            }
        }
        csv
    }

    /// The nine columns that street and outcomes files share.
    fn beginning(&self, csv: &mut String, crime: &Crime, month: Month) {
        for byte in crime.id.iter().flatten() {
            for half in [byte >> 4, byte & 15] {
                csv.push(char::from(b"0123456789abcdef"[usize::from(half)]));
            }
        }
        let _ = write!(csv, ",{month},{0},{0},", names::FORCE);
        let (point, code, name) = match crime.place {
            Place::Within { cell, point } => {
                let area = if month < planted::LSOA_2021_FROM {
                    &self.county.lsoa_2011[self.county.lsoa_2011_of[cell]]
                } else {
                    &self.county.lsoa_2021[self.county.lsoa_2021_of[cell]]
                };
                (&self.gazetteer.cells[cell][point], &area.code, &area.name)
            }
            Place::Outside { area, point } => {
                let next_door = &self.county.outsiders[area];
                (&self.gazetteer.outside[area][point], &next_door.code, &next_door.name)
            }
            Place::Unknown => {
                csv.push_str(",,No Location,,");
                return;
            }
        };
        for part in [&point.lon_lat, ",", &point.location, ",", code, ",", name] {
            csv.push_str(part);
        }
    }
}

const SELF_DEFINED: [(&str, f64); 8] = [
    ("White - English/Welsh/Scottish/Northern Irish/British", 54.0),
    ("White - Any other White background", 8.0),
    ("Other ethnic group - Not stated", 22.0),
    ("Black/African/Caribbean/Black British - African", 3.0),
    ("Asian/Asian British - Any other Asian background", 4.0),
    ("Mixed/Multiple ethnic groups - White and Black Caribbean", 3.0),
    ("Other ethnic group - Any other ethnic group", 2.0),
    ("", 4.0),
];
const OFFICER_DEFINED: [(&str, f64); 5] = [("White", 78.0), ("Black", 8.0), ("Asian", 7.0), ("Other", 3.0), ("", 4.0)];
const SEARCH_OUTCOMES: [(&str, f64); 7] = [
    ("A no further action disposal", 68.0),
    ("Arrest", 14.0),
    ("Community resolution", 9.0),
    ("Khat or Cannabis warning", 2.0),
    ("Summons / charged by post", 3.0),
    ("Penalty Notice for Disorder", 1.0),
    ("Caution (simple or conditional)", 1.0),
];
/// What is searched for, with the law it is searched under.
const OBJECTS: [((&str, &str), f64); 6] = [
    (("Controlled drugs", "Misuse of Drugs Act 1971 (section 23)"), 58.0),
    (("Offensive weapons", "Police and Criminal Evidence Act 1984 (section 1)"), 20.0),
    (("Stolen goods", "Police and Criminal Evidence Act 1984 (section 1)"), 10.0),
    (("Article for use in theft", "Police and Criminal Evidence Act 1984 (section 1)"), 7.0),
    (("Articles for use in criminal damage", "Police and Criminal Evidence Act 1984 (section 1)"), 3.0),
    (("Firearms", "Firearms Act 1968 (section 47)"), 1.0),
];

/// One month's stop-and-search file, most of it where weapons are found.
pub(super) fn searches(gazetteer: &Gazetteer, pattern: &Pattern, month: Month, seed: u64) -> String {
    let chance = &mut Chance::of(seed, &format!("searches {month}"));
    let by_cell = running_totals(&pattern.weights(pattern::WEAPONS, month));
    let mut rows: Vec<String> = (0..chance.poisson(170.0))
        .map(|_| {
            let day = 1 + chance.below(usize::from(month.days()));
            // Evenings and nights.
            let hour = (14 + chance.below(12)) % 24;
            let minute = 5 * chance.below(12);
            let date = format!("{month}-{day:02}T{hour:02}:{minute:02}:00+00:00");
            let place = if chance.happens(0.02) {
                ","
            } else {
                let points = &gazetteer.cells[chance.place_in(&by_cell)];
                &points[Gazetteer::choose(points, false, chance)].lat_lon
            };
            let mut draw = |choices: &[(&'static str, f64)]| chance.one_of(choices).unwrap_or("");
            let kind = draw(&[("Person search", 82.0), ("Person and Vehicle search", 18.0)]);
            let gender = draw(&[("Male", 86.0), ("Female", 12.0), ("Other", 0.5), ("", 1.5)]);
            let age = draw(&[("10-17", 19.0), ("18-24", 34.0), ("25-34", 24.0), ("over 34", 20.0), ("", 3.0)]);
            let self_defined = draw(&SELF_DEFINED);
            let officer_defined = draw(&OFFICER_DEFINED);
            let outcome = draw(&SEARCH_OUTCOMES);
            let linked = match outcome {
                "A no further action disposal" => "",
                _ => draw(&[("True", 80.0), ("False", 20.0)]),
            };
            let clothing = draw(&[("False", 96.0), ("True", 4.0)]);
            let (object, law) = chance.one_of(&OBJECTS).unwrap_or(OBJECTS[0].0);
            format!(
                "{kind},{date},False,,{place},{gender},{age},{self_defined},{officer_defined},\
                 {law},{object},{outcome},{linked},{clothing}"
            )
        })
        .collect();
    rows.sort_by(|a, b| a.split(',').nth(1).cmp(&b.split(',').nth(1)).then(a.cmp(b)));
    format!("{SEARCH}{}\n", rows.join("\n"))
}
