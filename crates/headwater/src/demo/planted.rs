//! What is planted in the demo, and so what an assessment of it must find.
//!
//! The constants here are the only place where a fault or a fact is decided: the generator reads
//! them, [`Planted`] reports them, and `planted.json` among the demo's files repeats them.

use super::calendar::Month;
use super::county::{Change, County, NEIGHBOURHOODS};
use super::deprivation::Deprivation;
use super::names;
use super::residents::Residents;

/// The month whose street file is missing: a gap, never a zero.
pub(super) const ABSENT: Month = Month::new(2022, 9);
/// The month of which only about half was submitted.
pub(super) const PARTIAL: Month = Month::new(2023, 3);
/// The share of [`PARTIAL`] that was submitted.
pub(super) const PARTIAL_SHARE: f64 = 0.5;
/// The month in which many records are placed next door.
pub(super) const OUTSIDE: Month = Month::new(2022, 11);
/// The share of [`OUTSIDE`] placed next door.
pub(super) const OUTSIDE_SHARE: f64 = 0.09;
/// The share of every other month placed next door, as in real files.
pub(super) const OUTSIDE_SHARE_OTHERWISE: f64 = 0.003;
/// The month whose file repeats whole rows.
pub(super) const REPEATED_ROWS: Month = Month::new(2022, 5);
/// How many rows it repeats.
pub(super) const N_REPEATED_ROWS: usize = 40;
/// The month in which different records share a Crime ID.
pub(super) const REPEATED_IDS: Month = Month::new(2024, 5);
/// How many records carry the Crime ID of another.
pub(super) const N_REPEATED_IDS: usize = 30;
/// The month with a burst of anti-social behaviour.
pub(super) const BURST: Month = Month::new(2024, 7);
/// The burst, as a multiple of what the season would bring.
pub(super) const BURST_RATIO: f64 = 2.1;
/// The first month of the new way of recording robbery.
pub(super) const ROBBERY_STEP: Month = Month::new(2023, 10);
/// The step, as a multiple.
pub(super) const ROBBERY_STEP_RATIO: f64 = 1.8;
/// The last month of the first download.
pub(super) const FIRST_DOWNLOAD_ENDS: Month = Month::new(2023, 8);
/// The first month of the second download, two before the first one ends: both are re-issued.
pub(super) const SECOND_DOWNLOAD_BEGINS: Month = Month::new(2023, 7);
/// How many records each re-issued month gains.
pub(super) const N_ADDED_ON_REISSUE: usize = 25;
/// The first month with LSOA codes of 2021, as on data.police.uk.
pub(super) const LSOA_2021_FROM: Month = Month::new(2023, 6);
/// The month from which one neighbourhood is calm and another is not.
pub(super) const HOTSPOTS_MOVE: Month = Month::new(2024, 1);
/// Violence in a hotspot, as a multiple of the rate in the rest of the county.
pub(super) const HOTSPOT_RATIO: f64 = 6.0;
/// The same multiple before a hotspot emerges and after it has cooled.
pub(super) const CALM_RATIO: f64 = 1.5;
/// The neighbourhood that cools, in [`NEIGHBOURHOODS`].
pub(super) const COOLS: usize = 2;
/// The neighbourhood that emerges.
pub(super) const EMERGES: usize = 3;
/// Violence in the national fifths of deprivation, most deprived first, as multiples of the least.
pub(super) const VIOLENCE_BY_FIFTH: [f64; 5] = [2.8, 1.9, 1.5, 1.2, 1.0];
/// Growth of possession of weapons, a year.
pub(super) const WEAPONS_GROWTH: f64 = 0.25;
/// Violence in July above, and in January below, the middle of the year.
pub(super) const VIOLENCE_AMPLITUDE: f64 = 0.2;
/// Shoplifting in December, as a multiple of an ordinary month.
pub(super) const SHOPLIFTING_DECEMBER: f64 = 1.45;
/// The share of records without a location.
pub(super) const UNLOCATED_SHARE: f64 = 0.03;
/// The district that stands above the county.
pub(super) const DISTRICT_ABOVE: usize = 0;

/// A neighbourhood with planted violence.
#[derive(Clone, Debug, PartialEq)]
pub struct Hotspot {
    /// The neighbourhood's name, which is its ward's.
    pub name: String,
    /// Its ward's code.
    pub ward_code: String,
    /// The name of the district it is in.
    pub district: String,
    /// The codes of its LSOAs, the same in both vintages, in order.
    pub lsoa_codes: Vec<String>,
    /// Its first month as a hotspot, `YYYY-MM`.
    pub from: String,
    /// Its last month as a hotspot, `YYYY-MM`.
    pub to: String,
    /// Violence there in those months, as a multiple of the rate in the rest of the county.
    pub ratio: f64,
}

/// Everything planted in the demo. Months are written `YYYY-MM`, shares lie between 0 and 1, ratios
/// are multiples, and counts and ratios are exact in expectation: the records are drawn by chance.
#[derive(Clone, Debug, PartialEq)]
pub struct Planted {
    /// The force's name in the police files.
    pub force: String,
    /// The slug of the area, in file names.
    pub area: String,
    /// The police force area's code.
    pub force_area_code: String,
    /// First and last month covered by the downloads.
    pub months: [String; 2],
    /// LSOAs of 2011 and of 2021.
    pub n_lsoas: [usize; 2],
    /// Rows of the LSOA look-up by change code: split, merged, irregular.
    pub n_bridged: [usize; 3],
    /// Residents of the county, the same in both population tables.
    pub n_residents: u32,
    /// The first month whose street file carries LSOA codes of 2021.
    pub lsoa_2021_from: String,
    /// The month without a street file.
    pub absent_month: String,
    /// The month of which about half was submitted.
    pub partial_month: String,
    /// The share of it that was submitted.
    pub partial_share: f64,
    /// The month with many records outside the force area.
    pub outside_month: String,
    /// The share of that month's records that lie outside.
    pub outside_share: f64,
    /// The LSOAs outside; other months place about 0.3 % of their records there.
    pub outside_lsoa_codes: Vec<String>,
    /// The month whose street file repeats whole rows that have a Crime ID.
    pub repeated_rows_month: String,
    /// How many rows it repeats, beyond the first of each.
    pub n_repeated_rows: usize,
    /// The month in which different records share a Crime ID.
    pub repeated_ids_month: String,
    /// How many records carry the Crime ID of another.
    pub n_repeated_ids: usize,
    /// The month with a burst of anti-social behaviour.
    pub burst_month: String,
    /// The burst as a multiple of what its season would bring.
    pub burst_ratio: f64,
    /// The months in both downloads, with changed outcomes and added rows in the second.
    pub reissued_months: [String; 2],
    /// How many rows each of them gains.
    pub n_added_on_reissue: usize,
    /// The first month of the step up in robbery.
    pub robbery_step_month: String,
    /// The step as a multiple.
    pub robbery_step_ratio: f64,
    /// Growth of possession of weapons, a year.
    pub weapons_growth_a_year: f64,
    /// Violence in the most deprived national fifth of 2019 over that in the least, all months.
    pub violence_ratio_of_fifths: f64,
    /// Code and name of the one district significantly above the county's rate of violence.
    pub district_above: [String; 2],
    /// The calendar months in which violence is highest and lowest.
    pub violence_peak_and_trough: [u8; 2],
    /// Violence at its peak above the middle of the year, as a share.
    pub violence_amplitude: f64,
    /// The calendar month in which shoplifting is highest.
    pub shoplifting_peak: u8,
    /// The share of records without a location.
    pub unlocated_share: f64,
    /// The hotspots: two stay, one cools at the end of 2023 and one emerges in January 2024.
    pub hotspots: Vec<Hotspot>,
}

/// The first and last month in which a neighbourhood is a hotspot.
pub(super) fn hot_months(neighbourhood: usize) -> [Month; 2] {
    let (first, last) = (Month::new(2022, 1), Month::new(2024, 12));
    match neighbourhood {
        COOLS => [first, Month::new(2023, 12)],
        EMERGES => [HOTSPOTS_MOVE, last],
        _ => [first, last],
    }
}

/// Violence in a neighbourhood in a month, as a multiple of the rest of the county's rate.
pub(super) fn violence_ratio(neighbourhood: usize, month: Month) -> f64 {
    let [first, last] = hot_months(neighbourhood);
    if (first..=last).contains(&month) { HOTSPOT_RATIO } else { CALM_RATIO }
}

/// Reports what is planted in this county.
pub(super) fn report(county: &County, residents: &Residents) -> Planted {
    let bridged = |change| county.bridges.iter().filter(|b| b.change == change).count();
    let hotspots = county
        .neighbourhoods
        .iter()
        .enumerate()
        .map(|(place, &w)| {
            let ward = &county.wards[w];
            let mut lsoa_codes: Vec<String> = ward.cells.iter().map(|&cell| county.lsoa_2021[county.lsoa_2021_of[cell]].code.clone()).collect();
            lsoa_codes.sort();
            let [from, to] = hot_months(place).map(|month| month.to_string());
            Hotspot {
                name: ward.name.clone(),
                ward_code: ward.code.clone(),
                district: names::DISTRICTS[NEIGHBOURHOODS[place].district].to_owned(),
                lsoa_codes,
                from,
                to,
                ratio: HOTSPOT_RATIO,
            }
        })
        .collect();
    Planted {
        force: names::FORCE.to_owned(),
        area: names::SLUG.to_owned(),
        force_area_code: names::FORCE_AREA_CODE.to_owned(),
        months: [Month::new(2022, 1), Month::new(2024, 12)].map(|m| m.to_string()),
        n_lsoas: [county.lsoa_2011.len(), county.lsoa_2021.len()],
        n_bridged: [Change::Split, Change::Merged, Change::Irregular].map(bridged),
        n_residents: (0..county.n_cells()).map(|cell| residents.in_cell(cell)).sum(),
        lsoa_2021_from: LSOA_2021_FROM.to_string(),
        absent_month: ABSENT.to_string(),
        partial_month: PARTIAL.to_string(),
        partial_share: PARTIAL_SHARE,
        outside_month: OUTSIDE.to_string(),
        outside_share: OUTSIDE_SHARE,
        outside_lsoa_codes: county.outsiders.iter().map(|o| o.code.clone()).collect(),
        repeated_rows_month: REPEATED_ROWS.to_string(),
        n_repeated_rows: N_REPEATED_ROWS,
        repeated_ids_month: REPEATED_IDS.to_string(),
        n_repeated_ids: N_REPEATED_IDS,
        burst_month: BURST.to_string(),
        burst_ratio: BURST_RATIO,
        reissued_months: [SECOND_DOWNLOAD_BEGINS, FIRST_DOWNLOAD_ENDS].map(|m| m.to_string()),
        n_added_on_reissue: N_ADDED_ON_REISSUE,
        robbery_step_month: ROBBERY_STEP.to_string(),
        robbery_step_ratio: ROBBERY_STEP_RATIO,
        weapons_growth_a_year: WEAPONS_GROWTH,
        violence_ratio_of_fifths: VIOLENCE_BY_FIFTH[0] / VIOLENCE_BY_FIFTH[4],
        district_above: [names::district_code(DISTRICT_ABOVE + 1), names::DISTRICTS[DISTRICT_ABOVE].to_owned()],
        violence_peak_and_trough: [7, 1],
        violence_amplitude: VIOLENCE_AMPLITUDE,
        shoplifting_peak: 12,
        unlocated_share: UNLOCATED_SHARE,
        hotspots,
    }
}

/// The manifest among the files: [`Planted`] as JSON.
pub(super) fn json(planted: &Planted) -> String {
    let Planted {
        force,
        area,
        force_area_code,
        months,
        n_lsoas,
        n_bridged,
        n_residents,
        lsoa_2021_from,
        absent_month,
        partial_month,
        partial_share,
        outside_month,
        outside_share,
        outside_lsoa_codes,
        repeated_rows_month,
        n_repeated_rows,
        repeated_ids_month,
        n_repeated_ids,
        burst_month,
        burst_ratio,
        reissued_months,
        n_added_on_reissue,
        robbery_step_month,
        robbery_step_ratio,
        weapons_growth_a_year,
        violence_ratio_of_fifths,
        district_above,
        violence_peak_and_trough,
        violence_amplitude,
        shoplifting_peak,
        unlocated_share,
        hotspots,
    } = planted;
    let hotspots: Vec<_> = hotspots
        .iter()
        .map(|hotspot| {
            serde_json::json!({
                "name": hotspot.name,
                "ward_code": hotspot.ward_code,
                "district": hotspot.district,
                "lsoa_codes": hotspot.lsoa_codes,
                "from": hotspot.from,
                "to": hotspot.to,
                "ratio": hotspot.ratio,
            })
        })
        .collect();
    let all = serde_json::json!({
        "force": force,
        "area": area,
        "force_area_code": force_area_code,
        "months": months,
        "n_lsoas_2011_and_2021": n_lsoas,
        "n_bridged_split_merged_irregular": n_bridged,
        "n_residents": n_residents,
        "lsoa_2021_from": lsoa_2021_from,
        "faults": {
            "absent_month": absent_month,
            "partial_month": partial_month,
            "partial_share": partial_share,
            "outside_month": outside_month,
            "outside_share": outside_share,
            "outside_lsoa_codes": outside_lsoa_codes,
            "repeated_rows_month": repeated_rows_month,
            "n_repeated_rows": n_repeated_rows,
            "repeated_ids_month": repeated_ids_month,
            "n_repeated_ids": n_repeated_ids,
            "burst_of_anti_social_behaviour_month": burst_month,
            "burst_ratio": burst_ratio,
            "reissued_months": reissued_months,
            "n_added_on_reissue": n_added_on_reissue,
            "robbery_step_month": robbery_step_month,
            "robbery_step_ratio": robbery_step_ratio,
            "unlocated_share": unlocated_share,
        },
        "facts": {
            "weapons_growth_a_year": weapons_growth_a_year,
            "violence_ratio_of_most_to_least_deprived_fifth": violence_ratio_of_fifths,
            "district_above": district_above,
            "violence_peak_and_trough": violence_peak_and_trough,
            "violence_amplitude": violence_amplitude,
            "shoplifting_peak": shoplifting_peak,
            "hotspots": hotspots,
        },
    });
    format!("{all:#}\n")
}

/// The people and the deprivation of the county, which do not depend on the records' seed either.
pub(super) fn settle(county: &County) -> (Residents, Deprivation) {
    (Residents::new(county), Deprivation::new(county))
}
