//! Everything the sources of a workspace say, joined: which file speaks for which month, where every LSOA lies.

use crate::period::Month;
use crate::place::{AreaCode, Bridge, Kind as AreaKind, Nesting, Vintage};
use crate::source::boundary::{self, BoundaryTable};
use crate::source::deprivation::{self, DeprivationTable};
use crate::source::fingertips::{self, FingertipsTable};
use crate::source::lookup::{self, LookupTable, LsoaChangeTable};
use crate::source::nrm::{self, LongitudinalTable, NrmTable};
use crate::source::outcome::{self, OutcomeGroup, OutcomeTable};
use crate::source::population::{self, PopulationTable};
use crate::source::stop_search::{self, StopSearchTable};
use crate::source::street::{CrimeType, Part, StreetRead};
use crate::source::table::{TextTable, decode};
use crate::source::{Kind, Unreadable};
use std::collections::BTreeMap;

/// An extract as the figures cite it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extract {
    /// SHA-256, 64 hexadecimal digits.
    pub hash: String,
    /// The name under which it arrived.
    pub name: String,
}

/// One file of an extract, read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadFile<T> {
    /// Position of the extract in [`Evidence::extracts`].
    pub extract: usize,
    /// The file's own name, inside an archive where it came in one.
    pub name: String,
    /// What it says.
    pub read: T,
}

/// What a file other than street crime says.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// Population by LSOA.
    Population(PopulationTable),
    /// Deprivation by LSOA.
    Deprivation(DeprivationTable),
    /// Boundaries.
    Boundary(BoundaryTable),
    /// A look-up of areas.
    Lookup(LookupTable),
    /// LSOAs 2011 to 2021.
    LsoaChange(LsoaChangeTable),
    /// NRM referrals by first responder.
    Nrm(NrmTable),
    /// NRM referrals of the whole country by quarter.
    NrmSeries(LongitudinalTable),
    /// Fingertips values.
    Fingertips(FingertipsTable),
    /// Stop and search.
    StopSearch(StopSearchTable),
    /// Outcomes.
    Outcome(OutcomeTable),
}

impl Reading {
    /// Tells a table's kind by its content; street crime is told by [`crate::source::street::Reader::recognises`].
    pub fn recognise_table(table: &TextTable) -> Option<Kind> {
        if stop_search::recognises(table) {
            Some(Kind::StopAndSearch)
        } else if outcome::recognises(table) {
            Some(Kind::Outcome)
        } else if nrm::recognises(table) || nrm::recognises_longitudinal(table) {
            Some(Kind::NrmReferral)
        } else if fingertips::recognises(table) {
            Some(Kind::Fingertips)
        } else if lookup::recognises_change(table) {
            Some(Kind::LsoaChange)
        } else if deprivation::recognises(table) {
            Some(Kind::Deprivation)
        } else if population::recognises(table) {
            Some(Kind::Population)
        } else if lookup::recognises(table) {
            Some(Kind::Lookup)
        } else {
            None
        }
    }

    /// Reads a comma-separated table or GeoJSON of a kind already told.
    ///
    /// # Errors
    /// What the kind's own reader refuses, and kinds that are not read here.
    pub fn from_bytes(kind: Kind, file_name: &str, bytes: &[u8]) -> Result<Self, Unreadable> {
        if kind == Kind::Boundary {
            return boundary::read(&decode(bytes)).map(Self::Boundary);
        }
        Self::from_table(kind, file_name, &TextTable::from_csv(bytes)?)
    }

    /// Reads a table of a kind already told.
    ///
    /// # Errors
    /// What the kind's own reader refuses, and kinds that are not tables.
    pub fn from_table(kind: Kind, file_name: &str, table: &TextTable) -> Result<Self, Unreadable> {
        Ok(match kind {
            Kind::Population => Self::Population(population::read(table)?),
            Kind::Deprivation => Self::Deprivation(deprivation::read(table)?),
            Kind::Lookup => Self::Lookup(lookup::read(table)?),
            Kind::LsoaChange => Self::LsoaChange(lookup::read_change(table)?),
            // The two published layouts exclude each other: the long series names no first responder.
            Kind::NrmReferral if nrm::recognises_longitudinal(table) => Self::NrmSeries(nrm::read_longitudinal(table)?),
            Kind::NrmReferral => Self::Nrm(nrm::read(table)?),
            Kind::Fingertips => Self::Fingertips(fingertips::read(table)?),
            Kind::StopAndSearch => Self::StopSearch(stop_search::read(table, file_name)?),
            Kind::Outcome => Self::Outcome(outcome::read(table, file_name)?),
            Kind::Street | Kind::Boundary => {
                return Err(Unreadable::new(format!("{kind} is not read as a table"), "save the file as it was published"));
            }
        })
    }
}

/// A file that was added and could not be read after all: the evidence is without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The file's own name.
    pub name: String,
    /// What is wrong, and how to mend it.
    pub fault: Unreadable,
}

/// The joined evidence.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// The extracts, in the order in which they were added.
    pub extracts: Vec<Extract>,
    /// Street files.
    pub street: Vec<ReadFile<StreetRead>>,
    /// Population tables.
    pub population: Vec<ReadFile<PopulationTable>>,
    /// Deprivation tables.
    pub deprivation: Vec<ReadFile<DeprivationTable>>,
    /// Boundaries.
    pub boundary: Vec<ReadFile<BoundaryTable>>,
    /// NRM referrals by first responder.
    pub nrm: Vec<ReadFile<NrmTable>>,
    /// NRM referrals of the whole country by quarter.
    pub nrm_series: Vec<ReadFile<LongitudinalTable>>,
    /// Fingertips values.
    pub fingertips: Vec<ReadFile<FingertipsTable>>,
    /// Stop and search.
    pub stop_search: Vec<ReadFile<StopSearchTable>>,
    /// Outcomes.
    pub outcome: Vec<ReadFile<OutcomeTable>>,
    /// Files that could not be read.
    pub left_out: Vec<LeftOut>,
    /// Files of look-ups, by extract and name.
    pub lookup: Vec<ReadFile<Kind>>,
    /// Where every area lies.
    pub nesting: Nesting,
    /// LSOAs 2011 to 2021.
    pub bridge: Bridge,
    speaks: BTreeMap<(String, Month), usize>,
}

impl Evidence {
    /// Adds an extract and returns its position.
    pub fn add_extract(&mut self, hash: &str, name: &str) -> usize {
        self.extracts.push(Extract { hash: hash.to_owned(), name: name.to_owned() });
        self.extracts.len() - 1
    }

    /// Adds a street file. Where two files hold the same force and month, the one added later speaks: months are issued again.
    pub fn add_street(&mut self, extract: usize, name: &str, read: StreetRead) {
        let file = self.street.len();
        for (force, month, part) in read.force_months() {
            if part.n_rows() > 0 {
                self.speaks.insert((force.to_owned(), month), file);
            }
        }
        self.street.push(ReadFile { extract, name: name.to_owned(), read });
    }

    /// What came of a force's crimes of one type in one month, by [`OutcomeGroup`], as the file that speaks for it says.
    ///
    /// `None` when no file speaks.
    pub fn last_outcomes(&self, force: &str, month: Month, crime_type: CrimeType) -> Option<[u64; OutcomeGroup::COUNT]> {
        Some(self.part(force, month)?.by_outcome(crime_type))
    }

    /// Adds any other file.
    pub fn add(&mut self, extract: usize, name: &str, reading: Reading) {
        let name = name.to_owned();
        match reading {
            Reading::Population(read) => self.population.push(ReadFile { extract, name, read }),
            Reading::Deprivation(read) => self.deprivation.push(ReadFile { extract, name, read }),
            Reading::Boundary(read) => {
                for shape in &read.shapes {
                    self.nesting.name_area(shape.code, &shape.name);
                    if let Some(vintage) = shape.vintage() {
                        self.nesting.mark_lsoa(shape.code, vintage);
                    }
                }
                self.boundary.push(ReadFile { extract, name, read });
            }
            Reading::Nrm(read) => self.nrm.push(ReadFile { extract, name, read }),
            Reading::NrmSeries(read) => self.nrm_series.push(ReadFile { extract, name, read }),
            Reading::Fingertips(read) => self.fingertips.push(ReadFile { extract, name, read }),
            Reading::StopSearch(read) => self.stop_search.push(ReadFile { extract, name, read }),
            Reading::Outcome(read) => self.outcome.push(ReadFile { extract, name, read }),
            Reading::Lookup(read) => {
                read.apply(&mut self.nesting);
                self.lookup.push(ReadFile { extract, name, read: Kind::Lookup });
            }
            Reading::LsoaChange(read) => {
                read.apply(&mut self.bridge);
                read.apply_to_nesting(&mut self.nesting);
                self.lookup.push(ReadFile { extract, name, read: Kind::LsoaChange });
            }
        }
    }

    /// The file that speaks for a force and month: the one added last.
    pub fn speaks(&self, force: &str, month: Month) -> Option<&ReadFile<StreetRead>> {
        self.speaks.get(&(force.to_owned(), month)).map(|file| &self.street[*file])
    }

    /// What the speaking file holds of a force and month.
    pub fn part(&self, force: &str, month: Month) -> Option<&Part> {
        let file = self.speaks(force, month)?;
        file.read.force_months().find(|(f, m, _)| *f == force && *m == month).map(|(_, _, part)| part)
    }

    /// Every force and month for which a file speaks, with the file's position in [`Evidence::street`].
    pub fn force_months(&self) -> impl Iterator<Item = (&str, Month, usize)> {
        self.speaks.iter().map(|((force, month), file)| (force.as_str(), *month, *file))
    }

    /// The vintage of the LSOA codes in one street file: the one that knows more of the codes which only one of them knows.
    ///
    /// `None` when no code tells, or no look-up or boundary knows the LSOAs.
    pub fn vintage(&self, file: &ReadFile<StreetRead>) -> Option<Vintage> {
        let [old, new] = self.telling_codes(file);
        match old.cmp(&new) {
            std::cmp::Ordering::Greater => Some(Vintage::Lsoa2011),
            std::cmp::Ordering::Less => Some(Vintage::Lsoa2021),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// Records of a file whose LSOA code is known to 2011 only, and to 2021 only.
    pub fn telling_codes(&self, file: &ReadFile<StreetRead>) -> [u64; 2] {
        let mut telling = [0; 2];
        for cell in file.read.counts().cells() {
            match cell.lsoa.and_then(|lsoa| self.nesting.vintages(lsoa)) {
                Some((true, false)) => telling[0] += cell.n,
                Some((false, true)) => telling[1] += cell.n,
                _ => {}
            }
        }
        telling
    }

    /// The LSOAs of a vintage that lie in an area, in code order.
    pub fn lsoas_in(&self, area: AreaCode, vintage: Vintage) -> Vec<AreaCode> {
        let Some(kind) = area.kind() else { return Vec::new() };
        self.nesting.lsoas(vintage).filter(|lsoa| self.nesting.parent(*lsoa, kind) == Some(area)).collect()
    }

    /// The population table to use for a vintage and month: nearest in time, single years of age before totals.
    pub fn population_for(&self, vintage: Vintage, month: Month) -> Option<&ReadFile<PopulationTable>> {
        self.population.iter().filter(|file| file.read.vintage == Some(vintage) && !file.read.records.is_empty()).min_by_key(|file| {
            let year = file.read.year.or_else(|| population::reference_year(&file.name));
            (year.map_or(99, |year| year.abs_diff(month.year())), file.read.layout == population::Layout::Totals)
        })
    }

    /// The deprivation table to use for a vintage: that of the nation in which the area lies (English and Welsh ranks are never
    /// pooled), whole index with deciles, newest edition.
    pub fn deprivation_for(&self, vintage: Vintage, is_welsh: bool) -> Option<&ReadFile<DeprivationTable>> {
        use deprivation::{Domain, Measure};
        self.deprivation
            .iter()
            .filter(|file| {
                file.read.vintage == Some(vintage) && file.read.is_welsh == is_welsh && file.read.has.contains(&(Domain::Overall, Measure::Decile))
            })
            .max_by_key(|file| (file.read.edition, file.read.has.contains(&(Domain::Income, Measure::Decile))))
    }

    /// The Community Safety Partnerships of a force area, in code order.
    pub fn partnerships(&self, force_area: AreaCode) -> Vec<AreaCode> {
        self.nesting.within(force_area, AreaKind::CommunitySafetyPartnership)
    }
}
