//! The nine-character codes of the Government Statistical Service.

use std::fmt;
use std::str::FromStr;

/// A Government Statistical Service code: one letter and eight digits, such as `E01031349`.
///
/// Ordered as text. Only the shape is checked here; whether the place exists is for a look-up to say.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaCode {
    letter: u8,
    digits: u32,
}

impl AreaCode {
    /// Reads a code from bytes; `None` unless it is one capital letter and eight digits.
    pub fn from_bytes(text: &[u8]) -> Option<Self> {
        if text.len() != 9 || !text[0].is_ascii_uppercase() {
            return None;
        }
        let mut digits = 0u32;
        for byte in &text[1..] {
            if !byte.is_ascii_digit() {
                return None;
            }
            digits = digits * 10 + u32::from(byte - b'0');
        }
        Some(Self { letter: text[0], digits })
    }

    /// The code packed into 32 bits, so that it can be sorted and counted quickly; the order is that of the text.
    ///
    /// Room is left for the letters of the United Kingdom's own codes (E, J, K, L, M, N, S, W) and nothing is lost:
    /// see [`AreaCode::unpack`].
    pub fn pack(self) -> u64 {
        u64::from(self.letter - b'A') * 100_000_000 + u64::from(self.digits)
    }

    /// The code that [`AreaCode::pack`] packed.
    pub fn unpack(packed: u64) -> Option<Self> {
        let letter = packed / 100_000_000;
        (letter < 26).then(|| Self { letter: b'A' + letter as u8, digits: (packed % 100_000_000) as u32 })
    }

    /// What kind of place the code names, by its first three characters; `None` for kinds not used here.
    pub fn kind(self) -> Option<Kind> {
        Some(match (self.letter, self.digits / 1_000_000) {
            (b'E' | b'W', 1) => Kind::Lsoa,
            (b'E' | b'W', 2) => Kind::Msoa,
            (b'E' | b'W', 5) => Kind::Ward,
            (b'E', 6..=9) | (b'W', 6) => Kind::LocalAuthority,
            (b'E', 22) | (b'W', 14) => Kind::CommunitySafetyPartnership,
            (b'E', 23) | (b'W', 15) => Kind::PoliceForceArea,
            (b'E' | b'W', 92) | (b'K', 2..=4) => Kind::Country,
            _ => return None,
        })
    }

    /// Whether the place lies in Wales.
    pub fn is_welsh(self) -> bool {
        self.letter == b'W'
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:08}", char::from(self.letter), self.digits)
    }
}

impl fmt::Debug for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for AreaCode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::from_bytes(text.as_bytes())
            .ok_or_else(|| format!("\"{text}\" is not an area code: one capital letter and eight digits, such as E01031349"))
    }
}

/// The kinds of place used here, smallest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Lower layer Super Output Area: about 1,500 people.
    Lsoa,
    /// Middle layer Super Output Area: about 7,500 people.
    Msoa,
    /// Electoral ward.
    Ward,
    /// Lower tier local authority: district, borough, unitary authority.
    LocalAuthority,
    /// Community Safety Partnership.
    CommunitySafetyPartnership,
    /// Police force area.
    PoliceForceArea,
    /// England, Wales, or both.
    Country,
}

impl Kind {
    /// The kind as a reader says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lsoa => "LSOA",
            Self::Msoa => "MSOA",
            Self::Ward => "ward",
            Self::LocalAuthority => "local authority",
            Self::CommunitySafetyPartnership => "Community Safety Partnership",
            Self::PoliceForceArea => "police force area",
            Self::Country => "country",
        }
    }
}

/// Which census drew the LSOA boundaries that a code belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vintage {
    /// Boundaries of the 2011 Census.
    Lsoa2011,
    /// Boundaries of the 2021 Census.
    Lsoa2021,
}

impl Vintage {
    /// The census year, as text.
    pub fn year(self) -> &'static str {
        match self {
            Self::Lsoa2011 => "2011",
            Self::Lsoa2021 => "2021",
        }
    }
}

impl fmt::Display for Vintage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LSOA {}", self.year())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_say_what_kind_of_place_they_name() {
        let cases = [
            ("E01031349", Some(Kind::Lsoa)),
            ("W01000001", Some(Kind::Lsoa)),
            ("E05009861", Some(Kind::Ward)),
            ("E07000223", Some(Kind::LocalAuthority)),
            ("E22000173", Some(Kind::CommunitySafetyPartnership)),
            ("E23000033", Some(Kind::PoliceForceArea)),
            ("S01000001", None),
        ];
        for (text, kind) in cases {
            assert_eq!(text.parse::<AreaCode>().unwrap().kind(), kind, "{text}");
        }
    }

    proptest! {
        #[test]
        fn packing_loses_nothing_and_keeps_the_order(a in "[A-Z][0-9]{8}", b in "[A-Z][0-9]{8}") {
            let (x, y): (AreaCode, AreaCode) = (a.parse().unwrap(), b.parse().unwrap());
            prop_assert_eq!(AreaCode::unpack(x.pack()), Some(x));
            prop_assert_eq!(x.pack().cmp(&y.pack()), a.cmp(&b));
            prop_assert_eq!(x.to_string(), a);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..12)) {
            let _ = AreaCode::from_bytes(&bytes);
        }
    }
}
