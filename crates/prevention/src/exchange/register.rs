//! Bodies that ship with the program: local policing bodies and violence reduction units, each row with its source.
//!
//! What was looked for and not found is `None` and stays so. Names follow the sources; a body that changed names its
//! predecessor. The tables are files in `registers/`, and a test reads each row.

use super::body::{BodyEntry, BodyKind, Language};
use super::words::Title;
use serde::Deserialize;
use std::sync::LazyLock;

/// What stands in a table where something was looked for and not found.
const NOT_FOUND: &str = "not found";

/// What form a local policing body has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicingBodyForm {
    /// A police and crime commissioner.
    Pcc,
    /// A police, fire and crime commissioner.
    Pfcc,
    /// A mayor who exercises the functions of a commissioner.
    Mayor,
    /// The Mayor's Office for Policing and Crime of London.
    Mopac,
    /// The Common Council of the City of London.
    CommonCouncil,
}

/// One territorial force of England and Wales and the body that oversees it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicingBody {
    /// Its permanent id: `sussex`.
    pub slug: String,
    /// The force.
    pub force: String,
    /// The police force area.
    pub area: String,
    /// The code of the area (Office for National Statistics).
    pub area_code: String,
    /// The local policing body.
    pub local_policing_body: String,
    /// Its form.
    pub form: PolicingBodyForm,
    /// Since when it has that form: a year, month or day.
    #[serde(deserialize_with = "found")]
    pub since: Option<String>,
    /// What it was before.
    #[serde(deserialize_with = "found")]
    pub before: Option<String>,
    /// Until when it was that.
    #[serde(deserialize_with = "found")]
    pub before_until: Option<String>,
    /// Where all this stands.
    pub source: String,
}

/// One violence reduction unit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViolenceReductionUnit {
    /// The permanent id of its area: `sussex`.
    pub slug: String,
    /// The code of its area.
    pub area_code: String,
    /// What it calls itself.
    #[serde(deserialize_with = "found")]
    pub name: Option<String>,
    /// Other names.
    #[serde(deserialize_with = "several")]
    pub aliases: Vec<String>,
    /// Whether it is one of the eighteen of 2019.
    #[serde(deserialize_with = "yes")]
    pub in_2019: bool,
    /// Whether it is one of the twenty of April 2022.
    #[serde(deserialize_with = "yes")]
    pub in_2022: bool,
    /// Where all this stands.
    pub source: String,
}

/// How exactly a sum is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SumPrecision {
    /// To the pound or penny.
    Exact,
    /// As the source rounds it.
    Rounded,
    /// The source says "more than".
    AtLeast,
    /// Looked for and not found.
    NotFound,
}

/// What money is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FundingProgramme {
    /// The grant for violence reduction units.
    Vru,
    /// Hotspot policing, before called Surge.
    Grip,
    /// The Serious Violence Duty.
    Duty,
}

/// Money for one area.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Funding {
    /// The permanent id of the area.
    pub slug: String,
    /// The financial year or years, as the source says.
    pub years: String,
    /// What for.
    pub programme: FundingProgramme,
    /// How much, in pence.
    #[serde(rename = "pounds", deserialize_with = "pence")]
    pub pence: Option<u64>,
    /// How exactly that is known.
    pub precision: SumPrecision,
    /// Where it stands.
    pub source: String,
}

fn found<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(from)?;
    Ok(Some(text).filter(|text| !text.is_empty() && text != NOT_FOUND))
}

fn several<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let text = String::deserialize(from)?;
    Ok(text.split(';').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

fn yes<'de, D: serde::Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    match String::deserialize(from)?.as_str() {
        "yes" => Ok(true),
        "no" => Ok(false),
        other => Err(serde::de::Error::custom(format!("\"{other}\" is neither yes nor no"))),
    }
}

fn pence<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let text = String::deserialize(from)?;
    if text == NOT_FOUND {
        return Ok(None);
    }
    let (pounds, pence) = text.split_once('.').unwrap_or((&text, "00"));
    let number = |digits: &str| digits.parse::<u64>().map_err(|_| serde::de::Error::custom(format!("\"{text}\" is not a sum of pounds")));
    if pence.len() != 2 {
        return Err(serde::de::Error::custom(format!("\"{text}\" has not two digits of pence")));
    }
    Ok(Some(number(pounds)? * 100 + number(pence)?))
}

/// Reads a table; a row that cannot be read gives a sentence with its line.
fn read<T: serde::de::DeserializeOwned>(table: &str) -> Result<Vec<T>, String> {
    csv::Reader::from_reader(table.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| format!("the register cannot be read: {error}"))
}

const PART_OF_THE_PROGRAM: &str = "the table is part of the program and a test reads it";

static POLICING_BODIES: LazyLock<Vec<PolicingBody>> =
    LazyLock::new(|| read(include_str!("../../registers/local-policing-bodies.csv")).expect(PART_OF_THE_PROGRAM));
static UNITS: LazyLock<Vec<ViolenceReductionUnit>> =
    LazyLock::new(|| read(include_str!("../../registers/violence-reduction-units.csv")).expect(PART_OF_THE_PROGRAM));
static FUNDING: LazyLock<Vec<Funding>> =
    LazyLock::new(|| read(include_str!("../../registers/violence-reduction-funding.csv")).expect(PART_OF_THE_PROGRAM));

/// The 43 territorial forces of England and Wales with their local policing bodies, as of the written answer of 16 May
/// 2025, those that changed with what they were. The government announced on 13 November 2025 that commissioners will be
/// abolished from 2028.
///
/// ```
/// use headwater_prevention::exchange::register::policing_bodies;
/// assert_eq!(policing_bodies().len(), 43);
/// ```
pub fn policing_bodies() -> &'static [PolicingBody] {
    &POLICING_BODIES
}

/// The eighteen violence reduction units of 2019 and the two that joined in April 2022.
pub fn violence_reduction_units() -> &'static [ViolenceReductionUnit] {
    &UNITS
}

/// What is known of the money for violence reduction units, hotspot policing and the Serious Violence Duty.
pub fn funding() -> &'static [Funding] {
    &FUNDING
}

/// Welsh areas are written to in both languages.
fn languages(area_code: &str) -> Vec<Language> {
    if area_code.starts_with('W') { Language::ALL.to_vec() } else { vec![Language::En] }
}

fn entry(name: &str, kind: BodyKind, area_code: &str, register: &str, aliases: &[String]) -> Result<BodyEntry, String> {
    Ok(BodyEntry {
        name: name.parse()?,
        kind,
        area: Some(area_code.parse()?),
        register: Some(register.parse()?),
        aliases: aliases.iter().map(|alias| alias.parse()).collect::<Result<Vec<Title>, _>>()?,
        domains: Vec::new(),
        languages: languages(area_code),
        // Whether Modern Slavery Act 2015 Sch. 3 lists a body could not be confirmed for any of these.
        duties: Vec::new(),
    })
}

impl PolicingBody {
    /// The body as it is entered in an exchange; its mail domains are for the office to add.
    pub fn entry(&self) -> Result<BodyEntry, String> {
        let before: Vec<String> = self.before.iter().cloned().collect();
        entry(&self.local_policing_body, BodyKind::LocalPolicingBody, &self.area_code, &format!("local-policing-bodies/{}", self.slug), &before)
    }
}

impl ViolenceReductionUnit {
    /// The unit as it is entered in an exchange; one whose own name was not found is named by its area.
    pub fn entry(&self) -> Result<BodyEntry, String> {
        let area = policing_bodies().iter().find(|body| body.slug == self.slug).map_or(self.slug.as_str(), |body| &body.area);
        let name = self.name.clone().unwrap_or_else(|| format!("Violence reduction unit of {area}"));
        entry(&name, BodyKind::ViolenceReductionUnit, &self.area_code, &format!("violence-reduction-units/{}", self.slug), &self.aliases)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn forty_three_forces_have_a_body_a_code_and_a_source_each() {
        let bodies = policing_bodies();
        assert_eq!(bodies.len(), 43);
        for key in [
            |body: &PolicingBody| body.slug.clone(),
            |body: &PolicingBody| body.area_code.clone(),
            |body: &PolicingBody| body.local_policing_body.clone(),
        ] {
            assert_eq!(bodies.iter().map(key).collect::<BTreeSet<_>>().len(), 43);
        }
        for body in bodies {
            assert!(body.area_code.len() == 9 && !body.source.is_empty(), "{body:?}");
            assert_eq!(
                body.before.is_some(),
                !matches!(body.form, PolicingBodyForm::Pcc | PolicingBodyForm::Mopac | PolicingBodyForm::CommonCouncil),
                "{body:?}"
            );
            assert_eq!(body.entry().unwrap().languages.len(), if body.area_code.starts_with('W') { 2 } else { 1 });
        }
        let forms = |form| bodies.iter().filter(|body| body.form == form).count();
        // The four mayors with the Mayor of London are the five of the written answer.
        assert_eq!((forms(PolicingBodyForm::Mayor), forms(PolicingBodyForm::Mopac), forms(PolicingBodyForm::Pfcc)), (4, 1, 4));
    }

    #[test]
    fn eighteen_units_of_2019_and_twenty_of_2022_lie_in_known_areas() {
        let units = violence_reduction_units();
        assert_eq!(units.iter().filter(|unit| unit.in_2019).count(), 18);
        assert_eq!(units.iter().filter(|unit| unit.in_2022).count(), 20);
        for unit in units {
            let area = policing_bodies().iter().find(|body| body.slug == unit.slug).unwrap();
            assert_eq!(area.area_code, unit.area_code);
            assert!(!unit.source.is_empty() && unit.entry().is_ok(), "{unit:?}");
        }
        let sussex = units.iter().find(|unit| unit.slug == "sussex").unwrap();
        assert_eq!(sussex.name.as_deref(), Some("Sussex Violence Reduction Partnership"));
    }

    #[test]
    fn money_is_known_as_exactly_as_its_source_says() {
        for row in funding() {
            assert!(violence_reduction_units().iter().any(|unit| unit.slug == row.slug), "{row:?}");
            assert_eq!(row.pence.is_none(), row.precision == SumPrecision::NotFound, "{row:?}");
        }
        let of = |years: &'static str, programme| funding().iter().filter(move |row| row.years == years && row.programme == programme);
        assert_eq!(of("2023-24", FundingProgramme::Vru).filter(|row| row.pence.is_none()).count(), 12, "twelve rows were not visible");
        let eighteen: u64 = of("2019-20", FundingProgramme::Vru).filter_map(|row| row.pence).sum();
        assert!(eighteen < 3_500_000_000 && eighteen > 3_300_000_000, "{eighteen}: pence; the eighteen shared 35 million pounds");
        assert_eq!(of("2024-25", FundingProgramme::Duty).next().unwrap().pence, Some(29_791_258));
    }

    #[test]
    fn a_row_that_is_wrong_says_in_which_line() {
        let error = read::<Funding>("slug,years,programme,pounds,precision,source\na,b,vru,12.5,exact,x\n").unwrap_err();
        assert!(error.contains("line: 2") && error.contains("two digits of pence"), "{error}");
    }
}
