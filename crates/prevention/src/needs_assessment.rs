//! The Strategic Needs Assessment: from evidence to a document of findings, for the whole area and each area in it.
//!
//! One pass counts the records, the same functions then write every area's document from them, so that the whole and its parts
//! are comparable. Every figure is a table of treated values; what the sources cannot say is said to be unknown.

mod area;
mod exhibit;
mod finding;
mod section;

use crate::counting::{self, Counted};
use crate::definition::{CaseDefinition, Definitions, Indicator};
use crate::evidence::Evidence;
use crate::period::Period;
use crate::place::shape::{self, Shape};
use crate::place::{AreaCode, Kind, Vintage};
use crate::source::audit::{Audit, PARTIAL_RATIO};
use crate::source::deprivation::Domain;
use crate::source::street::CrimeType;
use area::Scope;
use headwater_release::{Document, Open, Passage, Publication, Target};
use headwater_statistics::trend::{SuddenSettings, sudden_changes};
use std::collections::BTreeMap;

/// The source that feeds the counts, by its permanent id.
const STREET: &str = "police-uk-street";

/// How finely outlines are drawn, in metres: for the whole force area, and for one partnership.
const WHOLE_TOLERANCE_M: f64 = 120.0;
const PART_TOLERANCE_M: f64 = 25.0;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    /// The force as police.uk names it.
    pub force: &'a str,
    /// The force area's code.
    pub force_area: AreaCode,
    /// The area's name.
    pub name: &'a str,
    /// The area's permanent name in addresses.
    pub slug: &'a str,
    /// The months covered.
    pub period: Period,
    /// The agreed case definition.
    pub definition: &'a str,
    /// Name and version of the program.
    pub program: &'a str,
    /// The seed of every draw.
    pub seed: u64,
}

/// What the sections of every area share.
struct Setting<'a> {
    ask: &'a Ask<'a>,
    evidence: &'a Evidence,
    audit: &'a Audit,
    /// Says that every source is open.
    open: Open,
    counted: Counted,
    case: &'a CaseDefinition,
    indicators: Vec<&'a Indicator>,
    /// Residents of each LSOA of `counted.lsoas`.
    residents: Vec<Option<f64>>,
    population_file: Option<usize>,
    /// Deprivation decile of each LSOA: income where the file has it, else the whole index.
    deciles: Vec<Option<u8>>,
    deprivation_file: Option<usize>,
    deprivation_name: String,
    /// Outlines of the LSOAs, full and simplified, in order of `counted.lsoas`.
    outlines: Vec<Option<Shape>>,
    whole: Vec<Shape>,
    parts: Vec<Scope>,
    /// Which months the force probably supplied in part: shown, and left out of comparisons.
    partial: Vec<bool>,
    /// Hot spots of the broadest indicator, by LSOA.
    hot_spots: Result<section::HotSpots, String>,
}

/// Writes the needs assessment of a force area and of each Community Safety Partnership in it.
///
/// # Errors
/// Says what is missing before anything can be written: street crime in the period, or look-ups that place its LSOAs; or an
/// unknown case definition.
pub fn assess(ask: &Ask<'_>, evidence: &Evidence, audit: &Audit, definitions: &Definitions) -> Result<Publication, String> {
    let case = definitions.case(ask.definition).ok_or_else(|| format!("there is no case definition \"{}\" in definitions/", ask.definition))?;
    let indicators = definitions.proxies(case, STREET);
    if indicators.is_empty() {
        return Err(format!("the case definition \"{}\" names no indicator that street crime can stand in with", case.id));
    }
    let counted = counting::count(evidence, ask.force, ask.force_area, ask.period)?;
    let setting = Setting::new(ask, evidence, audit, counted, case, indicators);
    let mut documents = vec![write(&setting, &setting.whole_scope())?];
    for part in &setting.parts {
        documents.push(write(&setting, part)?);
    }
    Ok(Publication {
        title: format!("{}: Strategic Needs Assessment", ask.name),
        standfirst: Passage::new()
            .say("What open data say about violence in ")
            .name(ask.name)
            .say(", ")
            .name(ask.period.name())
            .say(": how much, where, when, and beside which needs; and what they cannot say. Made for the partners who must prevent serious violence together."),
        documents,
        about: section::about(&setting)?,
        attribution: vec![
            "Contains public sector information licensed under the Open Government Licence v3.0.".to_owned(),
            format!(
                "Source: data.police.uk; Home Office; Ministry of Housing, Communities & Local Government; Welsh Government; Office for National Statistics{}.",
                if evidence.fingertips.is_empty() { "" } else { "; Office for Health Improvement and Disparities" }
            ),
            "Contains OS data © Crown copyright and database right.".to_owned(),
        ],
        ..Publication::default()
    })
}

fn write(setting: &Setting<'_>, scope: &Scope) -> Result<Document, String> {
    let mut findings = Vec::new();
    let mut sections = vec![
        section::scope_and_definition(setting, scope)?,
        section::place_and_population(setting, scope, &mut findings)?,
        section::scale_and_trend(setting, scope, &mut findings)?,
        section::kinds(setting, scope, &mut findings)?,
        section::location(setting, scope, &mut findings)?,
        section::timing(setting, scope, &mut findings)?,
    ];
    sections.extend(section::people());
    sections.push(section::hidden_harm(setting, scope, &mut findings)?);
    sections.push(section::exploitation(setting, scope, &mut findings)?);
    sections.push(section::factors(setting, scope, &mut findings)?);
    sections.extend(section::response(setting, scope)?);
    let ranked = finding::rank(findings);
    sections.push(section::conclusions(&ranked));
    sections.push(section::quality(setting, scope)?);
    sections.insert(0, section::summary(setting, scope, &ranked));
    let key_figures = section::key_figures(setting, scope);
    Ok(Document {
        slug: scope.slug.clone(),
        title: format!("{}: Strategic Needs Assessment, {}", scope.name, setting.ask.period.name()),
        area: scope.name.clone(),
        area_kind: scope.kind.to_owned(),
        period: setting.ask.period.name(),
        audience: headwater_release::Audience::Public,
        standfirst: Passage::new()
            .say("What the data that anyone may see say about violence in ")
            .name(scope.name.clone())
            .say(", and what they cannot. ")
            .link("How the sources were checked", Target::Section("data-quality".into()))
            .say("."),
        key_figures,
        front: section::front_matter(setting, scope),
        sections,
    })
}

impl<'a> Setting<'a> {
    fn new(
        ask: &'a Ask<'a>,
        evidence: &'a Evidence,
        audit: &'a Audit,
        counted: Counted,
        case: &'a CaseDefinition,
        indicators: Vec<&'a Indicator>,
    ) -> Self {
        let population = evidence.population_for(counted.vintage, ask.period.last());
        let by_lsoa: BTreeMap<AreaCode, f64> =
            population.map(|file| file.read.records.iter().map(|r| (r.lsoa, f64::from(r.total))).collect()).unwrap_or_default();
        let residents = counted.lsoas.iter().map(|lsoa| by_lsoa.get(lsoa).copied().filter(|n| *n > 0.0)).collect();
        let deprivation = evidence.deprivation_for(counted.vintage, ask.force_area.is_welsh());
        let domain = deprivation.map_or(Domain::Overall, |file| {
            if file.read.has.contains(&(Domain::Income, crate::source::deprivation::Measure::Decile)) { Domain::Income } else { Domain::Overall }
        });
        let by_lsoa: BTreeMap<AreaCode, u8> =
            deprivation.map(|file| file.read.records.iter().filter_map(|r| Some((r.lsoa, r.standing(domain).decile?))).collect()).unwrap_or_default();
        let deciles = counted.lsoas.iter().map(|lsoa| by_lsoa.get(lsoa).copied()).collect();
        let deprivation_name = deprivation.map_or_else(String::new, |file| {
            let edition = file.read.edition.map_or("Index of deprivation", |edition| edition.name());
            if domain == Domain::Income { format!("{edition}, income domain") } else { edition.to_owned() }
        });
        let outlines = outlines(evidence, counted.vintage, &counted.lsoas);
        let present: Vec<Shape> = outlines.iter().flatten().cloned().collect();
        let whole = shape::simplify(&present, WHOLE_TOLERANCE_M);
        let mut setting = Self {
            ask,
            evidence,
            audit,
            open: audit.open,
            case,
            indicators,
            residents,
            population_file: population.map(|file| file.extract),
            deciles,
            deprivation_file: deprivation.map(|file| file.extract),
            deprivation_name,
            outlines,
            whole,
            parts: area::parts(evidence, ask.force_area, &counted.lsoas),
            hot_spots: Err(String::new()),
            partial: partial_months(&counted),
            counted,
        };
        setting.hot_spots = section::hot_spots(&setting);
        setting
    }

    fn whole_scope(&self) -> Scope {
        Scope {
            code: self.ask.force_area,
            name: self.ask.name.to_owned(),
            slug: self.ask.slug.to_owned(),
            kind: Kind::PoliceForceArea.name(),
            lsoas: (0..self.counted.lsoas.len()).collect(),
            is_whole: true,
        }
    }

    /// The broadest indicator: the last proxy of the case definition.
    fn broadest(&self) -> &'a Indicator {
        self.indicators[self.indicators.len() - 1]
    }
}

/// Months with far fewer records of all kinds than their neighbours; see [`crate::source::audit::PARTIAL_RATIO`].
fn partial_months(counted: &Counted) -> Vec<bool> {
    let all: Vec<Option<f64>> = counted.series_of_force(&CrimeType::ALL).into_iter().map(|n| n.map(|n| n as f64)).collect();
    supplied_in_part(&all)
}

/// Months with far fewer than their neighbours, in a series of whatever is supplied month by month.
fn supplied_in_part(all: &[Option<f64>]) -> Vec<bool> {
    let mut partial = vec![false; all.len()];
    let settings = SuddenSettings { odd_ratio: PARTIAL_RATIO, ..SuddenSettings::default() };
    for odd in sudden_changes(all, &settings).map(|found| found.odd_months).unwrap_or_default() {
        partial[odd.at] = odd.count < odd.usual;
    }
    partial
}

/// The best outlines at hand of some LSOAs: those with the most corners.
fn outlines(evidence: &Evidence, vintage: Vintage, lsoas: &[AreaCode]) -> Vec<Option<Shape>> {
    let mut best: Vec<Option<&Shape>> = vec![None; lsoas.len()];
    for file in &evidence.boundary {
        for shape in file.read.shapes.iter().filter(|shape| shape.vintage() == Some(vintage)) {
            if let Ok(i) = lsoas.binary_search(&shape.code)
                && best[i].is_none_or(|known| known.n_positions() < shape.n_positions())
            {
                best[i] = Some(shape);
            }
        }
    }
    best.into_iter().map(Option::<&Shape>::cloned).collect()
}
