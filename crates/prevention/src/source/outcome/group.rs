//! What came of a crime, in eight groups: police.uk's wordings are too many, and changed too often, to be shown one by one.

/// What came of a crime, so far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutcomeGroup {
    /// Someone was charged or summonsed, or a court has dealt with it.
    Charged,
    /// A caution, penalty notice, drugs warning or community resolution.
    OutOfCourt,
    /// Not taken further in the public interest, or passed to another organisation.
    NotPursued,
    /// A suspect is known and cannot be prosecuted: the evidence, or the victim's wish, stands against it.
    UnableToProsecute,
    /// Closed without a suspect.
    NoSuspect,
    /// Still under investigation when the file was made.
    UnderInvestigation,
    /// "Status update unavailable", or nothing at all.
    NotGiven,
    /// A wording that is not known here.
    OtherWords,
}

impl OutcomeGroup {
    /// How many there are.
    pub const COUNT: usize = 8;

    /// Every group, in the order in which they are shown.
    pub const ALL: [OutcomeGroup; Self::COUNT] = [
        Self::Charged,
        Self::OutOfCourt,
        Self::NotPursued,
        Self::UnableToProsecute,
        Self::NoSuspect,
        Self::UnderInvestigation,
        Self::NotGiven,
        Self::OtherWords,
    ];

    /// The group as a reader says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Charged => "Charged, or dealt with by a court",
            Self::OutOfCourt => "Dealt with out of court",
            Self::NotPursued => "Not in the public interest, or passed on",
            Self::UnableToProsecute => "Suspect known, unable to prosecute",
            Self::NoSuspect => "Closed, no suspect identified",
            Self::UnderInvestigation => "Still under investigation",
            Self::NotGiven => "No outcome given",
            Self::OtherWords => "Other wording",
        }
    }

    /// The group of a wording of police.uk, in street files ("Last outcome category") and outcomes files ("Outcome type") alike.
    ///
    /// ```
    /// use headwater_prevention::source::outcome::OutcomeGroup;
    /// assert_eq!(OutcomeGroup::of(b"Awaiting court outcome"), OutcomeGroup::Charged);
    /// assert_eq!(OutcomeGroup::of(b"Suspect charged"), OutcomeGroup::Charged);
    /// assert_eq!(OutcomeGroup::of(b""), OutcomeGroup::NotGiven);
    /// ```
    pub fn of(wording: &[u8]) -> Self {
        match wording {
            b"Under investigation" => Self::UnderInvestigation,
            b"Investigation complete; no suspect identified" => Self::NoSuspect,
            b"Unable to prosecute suspect" => Self::UnableToProsecute,
            b"" | b"Status update unavailable" => Self::NotGiven,
            b"Local resolution" | b"Offender given a caution" | b"Offender given penalty notice" | b"Offender given a drugs possession warning" => {
                Self::OutOfCourt
            }
            b"Formal action is not in the public interest"
            | b"Further action is not in the public interest"
            | b"Further investigation is not in the public interest"
            | b"Action to be taken by another organisation" => Self::NotPursued,
            b"Suspect charged"
            | b"Suspect charged as part of another case"
            | b"Awaiting court outcome"
            | b"Court result unavailable"
            | b"Court case unable to proceed"
            | b"Defendant found not guilty"
            | b"Defendant sent to Crown Court"
            | b"Offender deprived of property"
            | b"Offender fined"
            | b"Offender given absolute discharge"
            | b"Offender given community sentence"
            | b"Offender given conditional discharge"
            | b"Offender given suspended prison sentence"
            | b"Offender ordered to pay compensation"
            | b"Offender otherwise dealt with"
            | b"Offender sent to prison" => Self::Charged,
            _ => Self::OtherWords,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_groups_stand_in_order_and_an_unknown_wording_is_kept_apart() {
        for (i, group) in OutcomeGroup::ALL.into_iter().enumerate() {
            assert_eq!(group as usize, i);
        }
        assert_eq!(OutcomeGroup::of(b"under investigation"), OutcomeGroup::OtherWords);
        assert_eq!(OutcomeGroup::of(b"Local resolution"), OutcomeGroup::OutOfCourt);
        assert_eq!(OutcomeGroup::of(b"Action to be taken by another organisation"), OutcomeGroup::NotPursued);
    }
}
