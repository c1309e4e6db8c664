//! The crime types of data.police.uk: sixteen names in three successive sets.

use crate::period::Month;

/// A crime type as police.uk names it, over all three sets of categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs)] // The names are police.uk's own and say all there is to say.
pub enum CrimeType {
    AntiSocialBehaviour,
    BicycleTheft,
    Burglary,
    CriminalDamageAndArson,
    Drugs,
    OtherCrime,
    OtherTheft,
    PossessionOfWeapons,
    PublicDisorderAndWeapons,
    PublicOrder,
    Robbery,
    Shoplifting,
    TheftFromThePerson,
    VehicleCrime,
    ViolenceAndSexualOffences,
    ViolentCrime,
}

impl CrimeType {
    /// How many there are.
    pub const COUNT: usize = 16;

    /// Every type, in order of name.
    pub const ALL: [CrimeType; Self::COUNT] = [
        Self::AntiSocialBehaviour,
        Self::BicycleTheft,
        Self::Burglary,
        Self::CriminalDamageAndArson,
        Self::Drugs,
        Self::OtherCrime,
        Self::OtherTheft,
        Self::PossessionOfWeapons,
        Self::PublicDisorderAndWeapons,
        Self::PublicOrder,
        Self::Robbery,
        Self::Shoplifting,
        Self::TheftFromThePerson,
        Self::VehicleCrime,
        Self::ViolenceAndSexualOffences,
        Self::ViolentCrime,
    ];

    /// The name as the files have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::AntiSocialBehaviour => "Anti-social behaviour",
            Self::BicycleTheft => "Bicycle theft",
            Self::Burglary => "Burglary",
            Self::CriminalDamageAndArson => "Criminal damage and arson",
            Self::Drugs => "Drugs",
            Self::OtherCrime => "Other crime",
            Self::OtherTheft => "Other theft",
            Self::PossessionOfWeapons => "Possession of weapons",
            Self::PublicDisorderAndWeapons => "Public disorder and weapons",
            Self::PublicOrder => "Public order",
            Self::Robbery => "Robbery",
            Self::Shoplifting => "Shoplifting",
            Self::TheftFromThePerson => "Theft from the person",
            Self::VehicleCrime => "Vehicle crime",
            Self::ViolenceAndSexualOffences => "Violence and sexual offences",
            Self::ViolentCrime => "Violent crime",
        }
    }

    /// Reads a name as the files have it, letter for letter.
    pub fn from_bytes(name: &[u8]) -> Option<Self> {
        // Length and one letter leave one candidate; the comparison then makes sure.
        let candidate = match name.len() {
            5 => Self::Drugs,
            7 => Self::Robbery,
            8 => Self::Burglary,
            11 if name[0] == b'S' => Self::Shoplifting,
            11 if name[6] == b'c' => Self::OtherCrime,
            11 => Self::OtherTheft,
            12 => Self::PublicOrder,
            13 if name[0] == b'B' => Self::BicycleTheft,
            13 if name[1] == b'e' => Self::VehicleCrime,
            13 => Self::ViolentCrime,
            21 if name[0] == b'A' => Self::AntiSocialBehaviour,
            21 if name[0] == b'P' => Self::PossessionOfWeapons,
            21 => Self::TheftFromThePerson,
            25 => Self::CriminalDamageAndArson,
            27 => Self::PublicDisorderAndWeapons,
            28 => Self::ViolenceAndSexualOffences,
            _ => return None,
        };
        (candidate.name().as_bytes() == name).then_some(candidate)
    }
}

/// Which set of categories was in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CategorySet {
    /// December 2010 to August 2011.
    Six,
    /// September 2011 to April 2013.
    Eleven,
    /// From May 2013.
    Fourteen,
}

impl CategorySet {
    /// The set in force in a month.
    pub fn of(month: Month) -> Self {
        match (month.year(), month.month()) {
            (..=2010, _) | (2011, ..=8) => Self::Six,
            (2011 | 2012, _) | (2013, ..=4) => Self::Eleven,
            _ => Self::Fourteen,
        }
    }

    /// Whether the set has a category of its own for the type.
    pub fn has(self, crime_type: CrimeType) -> bool {
        use CrimeType::*;
        match crime_type {
            AntiSocialBehaviour | Burglary | OtherCrime | Robbery | VehicleCrime => true,
            ViolentCrime => self != Self::Fourteen,
            CriminalDamageAndArson | Drugs | OtherTheft | Shoplifting => self != Self::Six,
            PublicDisorderAndWeapons => self == Self::Eleven,
            BicycleTheft | PossessionOfWeapons | PublicOrder | TheftFromThePerson | ViolenceAndSexualOffences => self == Self::Fourteen,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back_and_no_other() {
        for crime_type in CrimeType::ALL {
            assert_eq!(CrimeType::from_bytes(crime_type.name().as_bytes()), Some(crime_type));
            assert_eq!(CrimeType::from_bytes(crime_type.name().to_lowercase().as_bytes()), None);
        }
        assert_eq!(CrimeType::from_bytes(b""), None);
    }

    #[test]
    fn the_sets_hold_six_eleven_and_fourteen() {
        for (set, n) in [(CategorySet::Six, 6), (CategorySet::Eleven, 11), (CategorySet::Fourteen, 14)] {
            assert_eq!(CrimeType::ALL.into_iter().filter(|t| set.has(*t)).count(), n, "{set:?}");
        }
    }
}
