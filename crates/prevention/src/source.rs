//! Data sets as they are really published: recognised by content, read with every trap named.
//!
//! One file per data set. Each holds its columns, its numbered traps, its parser and its coverage.
//! A parser takes text or rows and returns records **and** [`SetAside`] rows; it never fails for one bad row,
//! and it never loses one: rows read = rows kept + rows set aside, always.

pub mod audit;
pub mod boundary;
pub mod deprivation;

pub mod fingertips;
pub mod lookup;
pub mod nrm;
pub mod outcome;
pub mod stop_search;

pub mod population;

pub mod street;
pub mod table;

use headwater_release::Rule;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// What kind of data set a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// data.police.uk street-level crime and anti-social behaviour.
    Street,
    /// data.police.uk stop and search.
    StopAndSearch,
    /// data.police.uk outcomes.
    Outcome,
    /// Population by LSOA, by single year of age or in total.
    Population,
    /// English Indices of Deprivation or Welsh Index of Multiple Deprivation, by LSOA.
    Deprivation,
    /// Boundaries of LSOAs, wards, local authorities or force areas as GeoJSON.
    Boundary,
    /// Which LSOA, ward, local authority, Community Safety Partnership lies in which larger area.
    Lookup,
    /// Which LSOA of 2011 became which LSOA of 2021.
    LsoaChange,
    /// National Referral Mechanism referrals: by first responder, or of the whole country by quarter.
    NrmReferral,
    /// Fingertips indicator values.
    Fingertips,
}

impl Kind {
    /// Every kind, in the order in which they are listed to people.
    pub const ALL: [Kind; 10] = [
        Kind::Street,
        Kind::StopAndSearch,
        Kind::Outcome,
        Kind::Population,
        Kind::Deprivation,
        Kind::Boundary,
        Kind::Lookup,
        Kind::LsoaChange,
        Kind::NrmReferral,
        Kind::Fingertips,
    ];

    /// The permanent short name, used in the log and in `--json`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Street => "police-uk-street",
            Self::StopAndSearch => "police-uk-stop-and-search",
            Self::Outcome => "police-uk-outcomes",
            Self::Population => "population-lsoa",
            Self::Deprivation => "deprivation-lsoa",
            Self::Boundary => "boundaries",
            Self::Lookup => "area-look-up",
            Self::LsoaChange => "lsoa-2011-2021-look-up",
            Self::NrmReferral => "nrm-referrals-by-first-responder",
            Self::Fingertips => "fingertips",
        }
    }

    /// The kind that an [`id`](Kind::id) names.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// The kind as a reader says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Street => "police.uk street crime",
            Self::StopAndSearch => "police.uk stop and search",
            Self::Outcome => "police.uk outcomes",
            Self::Population => "population by LSOA",
            Self::Deprivation => "index of deprivation by LSOA",
            Self::Boundary => "boundaries",
            Self::Lookup => "area look-up",
            Self::LsoaChange => "look-up of LSOAs 2011 to 2021",
            Self::NrmReferral => "NRM referrals",
            Self::Fingertips => "Fingertips indicator values",
        }
    }

    /// Who publishes the data set.
    pub fn publisher(self) -> &'static str {
        match self {
            Self::Street | Self::StopAndSearch | Self::Outcome => "data.police.uk (Home Office)",
            Self::Population | Self::Lookup | Self::LsoaChange | Self::Boundary => "Office for National Statistics",
            Self::Deprivation => "Ministry of Housing, Communities & Local Government; Welsh Government",
            Self::NrmReferral => "Home Office",
            Self::Fingertips => "Office for Health Improvement and Disparities",
        }
    }

    /// The licence under which the publisher makes it available.
    pub fn licence(self) -> &'static str {
        "Open Government Licence v3.0"
    }

    /// The rule on small numbers under which its figures may be shown.
    pub fn rule(self) -> &'static Rule {
        Rule::already_public()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why rows of one file were set aside: how many, the first few of them, and how to mend them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// The column that could not be read, as the file names it; empty when the whole row is at fault.
    pub column: String,
    /// What is wrong, in a few words without a full stop: "not a month".
    pub reason: Cow<'static, str>,
    /// What a person can do about it, in a few words without a full stop.
    pub remedy: Cow<'static, str>,
    /// How many rows.
    pub n_rows: u64,
    /// The first rows concerned (at most [`SetAside::SHOWN`]): row number in the file, the header being row 1, and what was found there.
    pub first: Vec<(u64, String)>,
}

impl SetAside {
    /// How many examples are kept for each reason.
    pub const SHOWN: usize = 5;
}

/// Collects rows set aside, grouped by column and reason, in order of first appearance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAsides(Vec<SetAside>);

impl SetAsides {
    /// Sets one row aside. `found` is shortened to sixty characters; it must not be personal data.
    pub fn add(&mut self, row: u64, column: &str, reason: &'static str, remedy: &'static str, found: &str) {
        let entry = match self.0.iter_mut().position(|s| s.reason == reason && s.column == column) {
            Some(i) => &mut self.0[i],
            None => {
                self.0.push(SetAside { column: column.to_owned(), reason: reason.into(), remedy: remedy.into(), n_rows: 0, first: Vec::new() });
                let last = self.0.len() - 1;
                &mut self.0[last]
            }
        };
        entry.n_rows += 1;
        if entry.first.len() < SetAside::SHOWN {
            let mut shown: String = found.chars().take(60).collect();
            if shown.len() < found.len() {
                shown.push('…');
            }
            entry.first.push((row, shown));
        }
    }

    /// How many rows were set aside, for whatever reason.
    pub fn n_rows(&self) -> u64 {
        self.0.iter().map(|s| s.n_rows).sum()
    }

    /// Whether every reason has the rows and examples that it can have: for what was written down and read back.
    pub(crate) fn agrees(&self) -> bool {
        let sum = self.0.iter().try_fold(0, |sum: u64, s| sum.checked_add(s.n_rows));
        sum.is_some() && self.0.iter().all(|s| s.first.len() as u64 == s.n_rows.min(SetAside::SHOWN as u64))
    }

    /// The reasons, in order of first appearance.
    pub fn reasons(&self) -> &[SetAside] {
        &self.0
    }
}

/// A file that could not be read at all: what is wrong and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Unreadable {
    /// What is wrong, naming row and column where there is one.
    pub what: String,
    /// How a person can mend it.
    pub remedy: String,
}

impl Unreadable {
    /// A file that cannot be read, with its remedy.
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }
}
