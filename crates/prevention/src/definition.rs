//! Case definitions and indicators: data files, never code, versioned by their content.

use crate::source::street::CrimeType;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The definitions that ship with the program, as file name and text.
pub const SHIPPED: [(&str, &str); 7] = [
    ("sussex-vrp.toml", include_str!("../definitions/sussex-vrp.toml")),
    ("thames-valley.toml", include_str!("../definitions/thames-valley.toml")),
    ("leicester-llr.toml", include_str!("../definitions/leicester-llr.toml")),
    ("possession-of-weapons.toml", include_str!("../definitions/possession-of-weapons.toml")),
    ("robbery.toml", include_str!("../definitions/robbery.toml")),
    ("violence-and-sexual-offences.toml", include_str!("../definitions/violence-and-sexual-offences.toml")),
    ("anti-social-behaviour.toml", include_str!("../definitions/anti-social-behaviour.toml")),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    kind: String,
    name: String,
    words: String,
    told_by: String,
    #[serde(default)]
    elements: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    source: Vec<SourceFile>,
    #[serde(default)]
    crime_types: Vec<String>,
    #[serde(default)]
    caution: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceFile {
    kind: String,
    expresses: Vec<String>,
    cannot: Vec<String>,
    proxies: Vec<String>,
}

/// A case definition: what an area has agreed to call serious violence, and what each source can say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseDefinition {
    /// Permanent id.
    pub id: String,
    /// First twelve hexadecimal digits of the SHA-256 of the file: any change makes another version.
    pub version: String,
    /// The name people read.
    pub name: String,
    /// The definition in words.
    pub words: String,
    /// Who said so.
    pub told_by: String,
    /// Its elements, as what and which: ("age_years", "under 25").
    pub elements: Vec<(String, String)>,
    /// What each source can and cannot express of it.
    pub sources: Vec<Expression>,
}

/// What one source can say of a case definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// The source's permanent id.
    pub source: String,
    /// Elements that the source records.
    pub expresses: Vec<String>,
    /// Elements that it does not record.
    pub cannot: Vec<String>,
    /// Ids of the indicators that come nearest.
    pub proxies: Vec<String>,
}

/// An indicator: a count of some crime types under a permanent id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indicator {
    /// Permanent id.
    pub id: String,
    /// First twelve hexadecimal digits of the SHA-256 of the file.
    pub version: String,
    /// The name people read.
    pub name: String,
    /// What is counted, in words.
    pub words: String,
    /// What it does not show.
    pub caution: String,
    /// The crime types that are counted.
    pub crime_types: Vec<CrimeType>,
}

/// A definitions folder, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definitions {
    /// Case definitions in order of id.
    pub cases: Vec<CaseDefinition>,
    /// Indicators in order of id.
    pub indicators: Vec<Indicator>,
}

impl Definitions {
    /// Reads definition files, given as name and text.
    ///
    /// # Errors
    /// Names the file and what is wrong in it: not TOML, an unknown key, an unknown crime type, an id used twice.
    ///
    /// ```
    /// use headwater_prevention::definition::{Definitions, SHIPPED};
    /// let definitions = Definitions::read(&SHIPPED)?;
    /// assert_eq!((definitions.cases.len(), definitions.indicators.len()), (3, 4));
    /// # Ok::<(), String>(())
    /// ```
    pub fn read<N: AsRef<str>, T: AsRef<str>>(files: &[(N, T)]) -> Result<Self, String> {
        let mut out = Self::default();
        for (name, text) in files {
            let (name, text) = (name.as_ref(), text.as_ref());
            let file: File = toml::from_str(text).map_err(|error| format!("{name}: {error}"))?;
            let version = version(text);
            match file.kind.as_str() {
                "case" => out.cases.push(CaseDefinition {
                    id: file.id,
                    version,
                    name: file.name,
                    words: file.words,
                    told_by: file.told_by,
                    elements: file.elements.into_iter().collect(),
                    sources: file
                        .source
                        .into_iter()
                        .map(|s| Expression { source: s.kind, expresses: s.expresses, cannot: s.cannot, proxies: s.proxies })
                        .collect(),
                }),
                "indicator" => {
                    let crime_types: Result<Vec<CrimeType>, String> = file
                        .crime_types
                        .iter()
                        .map(|t| CrimeType::from_bytes(t.as_bytes()).ok_or_else(|| format!("{name}: \"{t}\" is not a crime type of data.police.uk")))
                        .collect();
                    let crime_types = crime_types?;
                    if crime_types.is_empty() {
                        return Err(format!("{name}: crime_types is empty, so there is nothing to count"));
                    }
                    out.indicators.push(Indicator { id: file.id, version, name: file.name, words: file.words, caution: file.caution, crime_types });
                }
                other => return Err(format!("{name}: kind = \"{other}\" is neither \"case\" nor \"indicator\"")),
            }
        }
        out.cases.sort_by(|a, b| a.id.cmp(&b.id));
        out.indicators.sort_by(|a, b| a.id.cmp(&b.id));
        let mut ids: Vec<&String> = out.cases.iter().map(|c| &c.id).chain(out.indicators.iter().map(|i| &i.id)).collect();
        ids.sort();
        if let Some(twice) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(format!("two definitions have the id \"{}\": give one of them another", twice[0]));
        }
        Ok(out)
    }

    /// The case definition of this id.
    pub fn case(&self, id: &str) -> Option<&CaseDefinition> {
        self.cases.iter().find(|case| case.id == id)
    }

    /// The indicators that stand in for a case definition where only `source` is at hand, in the definition's order.
    pub fn proxies(&self, case: &CaseDefinition, source: &str) -> Vec<&Indicator> {
        case.sources
            .iter()
            .filter(|expression| expression.source == source)
            .flat_map(|expression| &expression.proxies)
            .filter_map(|id| self.indicators.iter().find(|indicator| indicator.id == *id))
            .collect()
    }
}

fn version(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_file_is_said_with_its_name() {
        let good = SHIPPED[4].1;
        for (text, word) in [
            ("id = 3".to_owned(), "x.toml"),
            (good.replace("Robbery\"]", "Piracy\"]"), "Piracy"),
            (good.replace("\"indicator\"", "\"guess\""), "guess"),
            (good.to_owned() + "\nweight = 2\n", "weight"),
        ] {
            let error = Definitions::read(&[("x.toml", text)]).unwrap_err();
            assert!(error.contains(word), "{error}");
        }
        assert!(Definitions::read(&[("a.toml", good), ("b.toml", good)]).unwrap_err().contains("robbery"));
    }

    #[test]
    fn every_shipped_definition_names_indicators_that_ship() {
        let definitions = Definitions::read(&SHIPPED).unwrap();
        for case in &definitions.cases {
            let named: usize = case.sources.iter().map(|s| s.proxies.len()).sum();
            assert_eq!(definitions.proxies(case, "police-uk-street").len(), named, "{}", case.id);
        }
    }

    #[test]
    fn another_word_is_another_version() {
        assert_ne!(version("a"), version("b"));
        assert_eq!(version("a"), "ca978112ca1b");
    }
}
