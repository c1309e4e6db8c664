//! The labels of the tables: responder types, exploitation, age, gender and quarter.

use crate::source::table::plain;
use std::fmt;

/// A quarter of a calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter {
    /// The calendar year.
    pub year: u16,
    /// The quarter, 1 to 4.
    pub number: u8,
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} Q{}", self.year, self.number)
    }
}

/// The types of first responder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ResponderType {
    /// Government agencies.
    GovernmentAgency,
    /// Local authorities, all together.
    LocalAuthority,
    /// Charities and other organisations of the third sector.
    ThirdSector,
    /// Police forces and Regional Organised Crime Units.
    Police,
}

impl ResponderType {
    /// The type that a label, a column name or a title names; `None` when it names none, or two.
    pub(super) fn read(label: &str) -> Option<Self> {
        let label = plain(label);
        let mut named = [
            (label.contains("government"), Self::GovernmentAgency),
            (label.contains("local authorit"), Self::LocalAuthority),
            (label.contains("ngo") || label.contains("third sector"), Self::ThirdSector),
            (label.contains("police") || label.contains("rocu"), Self::Police),
        ]
        .into_iter()
        .filter(|(is, _)| *is)
        .map(|(_, kind)| kind);
        named.next().filter(|_| named.next().is_none())
    }

    /// The type as a reader says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::GovernmentAgency => "government agency",
            Self::LocalAuthority => "local authority",
            Self::ThirdSector => "NGO and third sector",
            Self::Police => "police",
        }
    }
}

/// A set of exploitation types, as several may be claimed together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExploitationTypes(u8);

impl ExploitationTypes {
    /// Criminal exploitation, such as county lines.
    pub const CRIMINAL: Self = Self(1);
    /// Domestic servitude.
    pub const DOMESTIC: Self = Self(2);
    /// Labour exploitation.
    pub const LABOUR: Self = Self(4);
    /// Sexual exploitation.
    pub const SEXUAL: Self = Self(8);
    /// Organ harvesting.
    pub const ORGAN_HARVESTING: Self = Self(16);

    const NAMES: [(Self, &'static str); 5] = [
        (Self::CRIMINAL, "criminal"),
        (Self::DOMESTIC, "domestic"),
        (Self::LABOUR, "labour"),
        (Self::SEXUAL, "sexual"),
        (Self::ORGAN_HARVESTING, "organ harvesting"),
    ];

    /// Whether every type of `other` is in this set.
    pub fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// This set and another together.
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Display for ExploitationTypes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = Self::NAMES.into_iter().filter(|(kind, _)| self.includes(*kind)).map(|(_, name)| name).collect();
        f.write_str(&names.join(" and "))
    }
}

impl fmt::Debug for ExploitationTypes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The claimed exploitation of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exploitation {
    /// Everyone, whatever was claimed: a margin.
    Total,
    /// Not specified or unknown.
    NotSpecified,
    /// The types claimed, one or more.
    Types(ExploitationTypes),
}

/// The age at the time of the exploitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Everyone: a margin.
    Total,
    /// 18 or over.
    Adult,
    /// 17 or under.
    Child,
    /// Not specified or unknown.
    NotSpecified,
}

/// The gender of the people in a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gender {
    /// Everyone: a margin.
    Total,
    /// Female.
    Female,
    /// Male.
    Male,
    /// Other.
    Other,
    /// Not recorded or unknown.
    NotRecorded,
    /// Other or not recorded, where a release pools the two.
    OtherOrNotRecorded,
}

/// A label without the mark of a footnote: `Total [note 3]` is `Total`.
pub(super) fn without_note(label: &str) -> String {
    let label = label.trim();
    let end = label.find("[note").or_else(|| label.find("[Note")).unwrap_or(label.len());
    label[..end].split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn is_total(label: &str) -> bool {
    label.eq_ignore_ascii_case("total")
}

pub(super) fn quarter(year: &str, number: &str) -> Option<Quarter> {
    let year = year.trim().parse().ok().filter(|year| (2009..2100).contains(year))?;
    let number = number.trim().trim_start_matches(['Q', 'q']).parse().ok().filter(|number| (1..=4).contains(number))?;
    Some(Quarter { year, number })
}

/// The quarter that a title or a file's name says; `None` when it says none, or a span of more than one year.
///
/// ```
/// use headwater_prevention::source::nrm::quarter_in;
/// for text in ["Quarter 4 2023", "nrm-2023-q4.ods", "1 October to 31 December 2023", "2023 Q4: October to December"] {
///     assert_eq!(quarter_in(text).map(|q| q.to_string()).as_deref(), Some("2023 Q4"), "{text}");
/// }
/// assert_eq!(quarter_in("Table 11: referrals by first responder"), None);
/// ```
pub fn quarter_in(text: &str) -> Option<Quarter> {
    let text = plain(text);
    let words: Vec<&str> = text.split(' ').collect();
    let is_year = |word: &str| word.len() == 4 && word.parse::<u16>().is_ok_and(|year| (2009..2100).contains(&year));
    let mut years: Vec<&str> = words.iter().copied().filter(|word| is_year(word)).collect();
    years.dedup();
    let number = words.iter().enumerate().find_map(|(i, word)| match *word {
        "q1" | "january" => Some(1),
        "q2" | "april" => Some(2),
        "q3" | "july" => Some(3),
        "q4" | "october" => Some(4),
        "quarter" => words.get(i + 1)?.parse().ok().filter(|number| (1..=4).contains(number)),
        _ => None,
    })?;
    match years[..] {
        [year] => Some(Quarter { year: year.parse().ok()?, number }),
        _ => None,
    }
}

pub(super) fn exploitation(label: &str) -> Option<Exploitation> {
    let label = plain(&label.replace(['&', ','], " and "));
    match label.as_str() {
        "total" => return Some(Exploitation::Total),
        "not specified or unknown" | "unknown" | "not specified" => {
            return Some(Exploitation::NotSpecified);
        }
        _ => {}
    }
    // "Labour, & Criminal" leaves an empty part between the two joints.
    let mut types = ExploitationTypes(0);
    for part in format!(" {label} ").split(" and ").map(str::trim).filter(|part| !part.is_empty()) {
        let part = part.strip_suffix(" exploitation").or_else(|| part.strip_suffix(" servitude")).unwrap_or(part);
        let (kind, _) = ExploitationTypes::NAMES.into_iter().find(|(_, name)| *name == part)?;
        types = types.and(kind);
    }
    (types.0 != 0).then_some(Exploitation::Types(types))
}

pub(super) fn age(label: &str) -> Option<Age> {
    Some(match plain(label).as_str() {
        "total" => Age::Total,
        "adult 18 or over" | "adult" | "18 or over" => Age::Adult,
        "child 17 or under" | "child" | "17 or under" => Age::Child,
        "not specified or unknown" | "age not specified or unknown" | "unknown" => Age::NotSpecified,
        _ => return None,
    })
}

pub(super) fn gender(label: &str) -> Option<Gender> {
    Some(match plain(label).as_str() {
        "total" => Gender::Total,
        "female" => Gender::Female,
        "male" => Gender::Male,
        "other" => Gender::Other,
        "not recorded" | "unknown" | "not specified or unknown" => Gender::NotRecorded,
        "other not recorded" | "other or not recorded" => Gender::OtherOrNotRecorded,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_labels_are_split_into_types() {
        let types = ExploitationTypes::SEXUAL.and(ExploitationTypes::LABOUR).and(ExploitationTypes::ORGAN_HARVESTING);
        for label in ["Sexual, Labour & Organ Harvesting", "Labour, Organ Harvesting & Sexual", "Sexual and labour exploitation, organ harvesting"] {
            assert_eq!(exploitation(label), Some(Exploitation::Types(types)), "{label}");
        }
        assert_eq!(types.to_string(), "labour and sexual and organ harvesting");
        for label in ["", "&", "Sexual & Magic", "Sexually"] {
            assert_eq!(exploitation(label), None, "{label}");
        }
    }

    #[test]
    fn a_title_with_two_years_says_no_quarter() {
        assert_eq!(quarter_in("Quarter 4 2022 compared with Quarter 4 2023"), None);
        assert_eq!(quarter_in("Quarter 7 2023"), None);
        assert_eq!(ResponderType::read("police and NGO first responders"), None);
        assert_eq!(without_note(" Adult  (18 or over) [note 4]"), "Adult (18 or over)");
    }
}
