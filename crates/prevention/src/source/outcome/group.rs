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

    /// The wordings of police.uk that belong to the group, in street files and outcomes files together.
    pub fn wordings(self) -> &'static [&'static str] {
        match self {
            Self::Charged => &[
                "Suspect charged",
                "Suspect charged as part of another case",
                "Awaiting court outcome",
                "Court result unavailable",
                "Court case unable to proceed",
                "Defendant found not guilty",
                "Defendant sent to Crown Court",
                "Offender deprived of property",
                "Offender fined",
                "Offender given absolute discharge",
                "Offender given community sentence",
                "Offender given conditional discharge",
                "Offender given suspended prison sentence",
                "Offender ordered to pay compensation",
                "Offender otherwise dealt with",
                "Offender sent to prison",
            ],
            Self::OutOfCourt => {
                &["Local resolution", "Offender given a caution", "Offender given penalty notice", "Offender given a drugs possession warning"]
            }
            Self::NotPursued => &[
                "Formal action is not in the public interest",
                "Further action is not in the public interest",
                "Further investigation is not in the public interest",
                "Action to be taken by another organisation",
            ],
            Self::UnableToProsecute => &["Unable to prosecute suspect"],
            Self::NoSuspect => &["Investigation complete; no suspect identified"],
            Self::UnderInvestigation => &["Under investigation"],
            Self::NotGiven => &["Status update unavailable", ""],
            Self::OtherWords => &[],
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
        // The groups with one wording are the commonest, and stand last: they are tried first.
        Self::ALL.into_iter().rev().find(|group| group.wordings().iter().any(|known| known.as_bytes() == wording)).unwrap_or(Self::OtherWords)
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
