//! The invented county of Wealdmere: real file formats, no real person, no real place.
//!
//! `headwater demo` must show the whole of the program's work on a machine that has nothing else
//! installed, and on input whose truth is known. So this module makes up a county with a resort, a
//! university city, a market town and open country, and writes what a partnership's analyst would
//! have downloaded about it: police files in two overlapping zips, population, deprivation,
//! boundaries, look-ups, referrals and hospital admissions. Faults of the kinds that real downloads
//! have are planted in them, and so are facts; [`planted()`] says which.
//!
//! The geography, the people and the planted facts are always the same. The seed draws the records.
//! Same seed, same contents, on every machine: one seeded generator, no clock, no platform
//! mathematics. (The compressed bytes repeat on one machine; how well a stream packs may depend on
//! what its processor can do.)
//!
//! | part | holds |
//! |---|---|
//! | `outline`, `mesh` | land, and cells with shared borders |
//! | `county`, `wards`, `small_areas` | cells gathered into areas of two vintages |
//! | `names` | names and codes, all plainly invented |
//! | `residents`, `deprivation` | who lives where, and how deprived it is |
//! | `pattern`, `gazetteer`, `crimes` | what is expected where and when, and the records |
//! | `planted` | the facts and faults, decided in one place |
//! | `boundaries`, `lookups`, `police`, `referrals`, `admissions`, `archive` | the files |

mod admissions;
mod archive;
mod boundaries;
mod calendar;
mod chance;
mod county;
mod crimes;
mod deprivation;
mod gazetteer;
mod lookups;
mod mesh;
mod names;
pub mod office;
mod outline;
mod pattern;
pub mod planted;
mod police;
mod referrals;
mod residents;
mod small_areas;
#[cfg(test)]
mod tests;
mod wards;

use std::io;

use planted::Planted;

/// The seed of the demo that is shown; any other number makes other records of the same county.
pub const SEED: u64 = 20_201_013;

/// One file of the demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoFile {
    /// Where it goes, relative to the demo's folder, with `/` between the parts.
    ///
    /// Everything under `downloads/` is for `source add`; beside it lie `README.txt` and
    /// `planted.json`, which are for people and tests.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The facts and faults planted in the demo, whatever its seed: only the records are drawn by it.
pub fn planted() -> Planted {
    let county = county::County::new();
    let (residents, _) = planted::settle(&county);
    planted::report(&county, &residents)
}

/// Makes all files of the demo; the same contents for the same seed.
///
/// Takes about half a second and 60 MB of memory in an optimised build. Fails only if packing into memory fails.
pub fn files(seed: u64) -> io::Result<Vec<DemoFile>> {
    let county = county::County::new();
    let (residents, deprivation) = planted::settle(&county);
    let pattern = pattern::Pattern::new(&county, &residents, &deprivation);
    let gazetteer = gazetteer::Gazetteer::new(&county);
    let months = crimes::draw(&county, &gazetteer, &pattern, seed);

    let mut files = Vec::new();
    let mut add = |path: &str, bytes: Vec<u8>| {
        files.push(DemoFile { path: path.to_owned(), bytes });
    };
    add("README.txt", README.as_bytes().to_vec());
    add("planted.json", planted::json(&planted()).into_bytes());

    let clerk = police::Clerk::new(&county, &gazetteer);
    for download in police::DOWNLOADS {
        let mut entries = Vec::new();
        for (month, crimes) in &months {
            if !(download.first..=download.last).contains(month) {
                continue;
            }
            let path = |kind: &str| format!("{month}/{month}-{}-{kind}.csv", names::SLUG);
            if let Some(street) = clerk.street(download, *month, crimes) {
                entries.push((path("street"), street));
            }
            let outcomes = clerk.outcomes(download, *month, &months);
            entries.push((path("outcomes"), outcomes));
            let searches = police::searches(&gazetteer, &pattern, *month, seed);
            entries.push((path("stop-and-search"), searches));
        }
        let path = format!("downloads/police/{}-{}-to-{}.zip", names::SLUG, download.first, download.last);
        add(&path, archive::zip(&entries)?);
    }

    add("downloads/population/population20_lsoa11.csv.gz", archive::gzip(&residents.csv_2011(&county))?);
    add("downloads/population/mid-2022-lsoa-2021.csv", residents.csv_2021(&county).into_bytes());
    add(
        "downloads/deprivation/File_7_IoD2019_All_Scores_Ranks_Deciles_and_Population_Denominators.csv",
        deprivation.csv_2019(&county, &residents).into_bytes(),
    );
    add(
        "downloads/deprivation/File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv",
        deprivation.csv_2025(&county, &residents).into_bytes(),
    );
    add("downloads/boundaries/lsoa11_wealdmere.geojson.gz", archive::gzip(&boundaries::lsoa_2011(&county))?);
    add("downloads/boundaries/lsoa21_wealdmere.geojson", boundaries::lsoa_2021(&county).into_bytes());
    add("downloads/boundaries/wards_wealdmere.geojson", boundaries::wards(&county).into_bytes());
    add("downloads/boundaries/districts_wealdmere.geojson", boundaries::districts(&county).into_bytes());
    add("downloads/lookups/lookup_lsoa11_lsoa21_ltla22.csv", lookups::lsoa_2011_to_2021(&county).into_bytes());
    add("downloads/lookups/lookup_lsoa21_ward24_ltla24.csv", lookups::lsoa_2021_to_ward(&county).into_bytes());
    add("downloads/lookups/lookup_lsoa11_ltla21.csv.gz", archive::gzip(&lookups::lsoa_2011_to_district(&county))?);
    add("downloads/lookups/lookup_ltla24_csp24_pfa24.csv", lookups::district_to_force_area().into_bytes());
    add("downloads/nrm/nrm_referrals_by_first_responder_2022q2_2023q4_nonzero.csv.gz", archive::gzip(&referrals::csv(seed))?);
    add("downloads/health/fingertips_11201_wealdmere.csv", admissions::csv(&county, &residents, seed).into_bytes());
    Ok(files)
}

const README: &str = "\
Wealdmere: an invented county
=============================

Nothing here is real. Wealdmere, its districts, wards and neighbourhoods, its force, its people and
every record were made up by a program to show Headwater at work. The files have the formats of real
downloads so that the program treats them as it would treat yours.

How to tell: every code holds 99 after the letters (LSOAs E0199...., districts E0799....,
partnerships E2299...., force areas E2399...., wards E0599...., the county E10990001), far outside
the ranges in use, and every position lies in the open North Sea. The one real code is England's, in
the hospital table; its figures are invented too. Nationalities in the referrals are out of novels.

downloads/police        data.police.uk custom downloads: street crime, outcomes, stop and search
downloads/population    residents by LSOA of 2011 and of 2021; the two agree to the person
downloads/deprivation   Indices of Deprivation 2019 (LSOA 2011) and 2025 (LSOA 2021)
downloads/boundaries    LSOAs of both years, wards, districts (GeoJSON)
downloads/lookups       LSOA 2011 to 2021; LSOA to ward, district, partnership, force area
downloads/nrm           National Referral Mechanism referrals by first responder
downloads/health        hospital admissions for violence, as downloaded from Fingertips

Faults and facts were planted on purpose: a missing month, half a month, records next door, repeated
rows and Crime IDs, a re-issued month, a step in recording, hotspots that move. planted.json lists
them. A needs assessment made from these files ought to find them.
";
