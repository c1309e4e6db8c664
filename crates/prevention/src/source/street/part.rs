//! What one file holds of one force and month.

use super::category::CrimeType;
use super::line::Column;
use super::rows::Kept;
use crate::place::{AreaCode, Kind};
use crate::source::outcome::OutcomeGroup;
use serde::{Deserialize, Serialize};

/// The tallies of one force and month in one file: what must be known before anything is counted on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    n_rows: u64,
    by_outcome: [[u64; OutcomeGroup::COUNT]; CrimeType::COUNT],
    n_without_place: u64,
    n_without_lsoa: u64,
    n_unusable_code: u64,
    n_without_id: u64,
    n_asb_with_id: u64,
    n_asb_with_outcome: u64,
    n_without_outcome: u64,
    n_under_investigation: u64,
    n_odd_point: u64,
    n_other_reporter: u64,
    n_context: u64,
}

impl Part {
    pub(super) fn new() -> Self {
        Self::default()
    }

    #[inline(always)]
    pub(super) fn take<'a>(&mut self, kept: Kept, field: impl Fn(Column) -> &'a [u8]) {
        self.n_rows += 1;
        let asb = kept.crime_type == CrimeType::AntiSocialBehaviour;
        let has_id = !field(Column::CrimeId).is_empty();
        let outcome = field(Column::Outcome);
        let has_outcome = !outcome.is_empty();
        self.by_outcome[kept.crime_type as usize][OutcomeGroup::of(outcome) as usize] += 1;
        self.n_without_id += u64::from(!has_id);
        self.n_asb_with_id += u64::from(asb && has_id);
        self.n_asb_with_outcome += u64::from(asb && has_outcome);
        self.n_without_outcome += u64::from(!asb && !has_outcome);
        self.n_under_investigation += u64::from(outcome == b"Under investigation");
        let (longitude, latitude) = (field(Column::Longitude), field(Column::Latitude));
        if longitude.is_empty() || latitude.is_empty() {
            self.n_without_place += 1;
        } else if !plausible(longitude, latitude) {
            self.n_odd_point += 1;
        }
        if field(Column::LsoaCode).is_empty() {
            self.n_without_lsoa += 1;
        } else if kept.lsoa.and_then(AreaCode::kind) != Some(Kind::Lsoa) {
            self.n_unusable_code += 1;
        }
        self.n_other_reporter += u64::from(field(Column::ReportedBy) != field(Column::FallsWithin));
        self.n_context += u64::from(!field(Column::Context).is_empty());
    }

    /// Whether the sums hold that hold for every tally.
    pub(super) fn agrees(&self) -> bool {
        let sum = self.by_outcome.iter().flatten().try_fold(0, |sum: u64, n| sum.checked_add(*n));
        let rest = [
            self.n_without_place,
            self.n_without_lsoa,
            self.n_unusable_code,
            self.n_without_id,
            self.n_asb_with_id,
            self.n_asb_with_outcome,
            self.n_without_outcome,
            self.n_under_investigation,
            self.n_odd_point,
            self.n_other_reporter,
            self.n_context,
        ];
        sum == Some(self.n_rows) && rest.iter().all(|n| *n <= self.n_rows)
    }

    /// Records kept.
    pub fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// Records of one crime type.
    pub fn by_type(&self, crime_type: CrimeType) -> u64 {
        self.by_outcome[crime_type as usize].iter().sum()
    }

    /// Records of one crime type by what came of them, in the order of [`OutcomeGroup::ALL`].
    ///
    /// Shares of recorded crimes by outcome can only be told here: a row is a crime, with its type and the month it was recorded
    /// in. The outcomes files name no type, date each row to the month of the outcome, and hold a crime once for each outcome.
    pub fn by_outcome(&self, crime_type: CrimeType) -> [u64; OutcomeGroup::COUNT] {
        self.by_outcome[crime_type as usize]
    }

    /// Records without co-ordinates.
    pub fn n_without_place(&self) -> u64 {
        self.n_without_place
    }

    /// Records without an LSOA code.
    pub fn n_without_lsoa(&self) -> u64 {
        self.n_without_lsoa
    }

    /// Records whose LSOA code is not an LSOA of England or Wales.
    pub fn n_unusable_code(&self) -> u64 {
        self.n_unusable_code
    }

    /// Records without a Crime ID.
    pub fn n_without_id(&self) -> u64 {
        self.n_without_id
    }

    /// Anti-social behaviour with a Crime ID; nil in every file seen.
    pub fn n_asb_with_id(&self) -> u64 {
        self.n_asb_with_id
    }

    /// Anti-social behaviour with an outcome; nil in every file seen.
    pub fn n_asb_with_outcome(&self) -> u64 {
        self.n_asb_with_outcome
    }

    /// Crimes (not anti-social behaviour) without an outcome.
    pub fn n_without_outcome(&self) -> u64 {
        self.n_without_outcome
    }

    /// Crimes still under investigation when the file was made: tells how old the snapshot is.
    pub fn n_under_investigation(&self) -> u64 {
        self.n_under_investigation
    }

    /// Records whose point cannot lie in England or Wales: zero, swapped or in metres.
    pub fn n_odd_point(&self) -> u64 {
        self.n_odd_point
    }

    /// Records reported by another force than the one they fall within.
    pub fn n_other_reporter(&self) -> u64 {
        self.n_other_reporter
    }

    /// Records with something in the Context column; nil in every file seen.
    pub fn n_context(&self) -> u64 {
        self.n_context
    }
}

/// Whether a point can lie in the United Kingdom: latitude 49 to 61, longitude -9 to 3, told from the first characters.
fn plausible(longitude: &[u8], latitude: &[u8]) -> bool {
    let latitude_fits =
        latitude.len() > 3 && latitude[2] == b'.' && matches!((latitude[0], latitude[1]), (b'4', b'9') | (b'5', b'0'..=b'9') | (b'6', b'0'));
    let east = longitude.strip_prefix(b"-").unwrap_or(longitude);
    let longitude_fits = east.len() > 2 && east[1] == b'.' && east[0].is_ascii_digit();
    latitude_fits && longitude_fits
}
