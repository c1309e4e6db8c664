//! Who will read what is released.

use std::fmt;

/// Who will read what is released; the wider the audience, the more is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// The analysts who already hold the data.
    Team,
    /// The specified authorities under their information sharing agreement.
    Partners,
    /// Anyone.
    Public,
}

impl Audience {
    /// Whether anyone may read it.
    pub fn is_public(self) -> bool {
        self == Self::Public
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Team => "team",
            Self::Partners => "partners",
            Self::Public => "public",
        })
    }
}
