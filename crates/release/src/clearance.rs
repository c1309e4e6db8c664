//! Who lets a release go: two people, the second of whom sees the raw counts.

use crate::{Audience, Audit};

/// What the second person says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It may go.
    Approve,
    /// It may not go as it is: what has to change.
    AskForChanges(String),
    /// It may not go: why.
    Reject(String),
}

/// A release that was proposed, as the decision sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The release, by its id.
    pub release: String,
    /// Who proposed it.
    pub proposed_by: String,
    /// Who is to receive it.
    pub audience: Audience,
    /// The rule, with its version.
    pub rule: String,
    /// How many counts the attack could work out.
    pub n_pinned: usize,
}

/// A decision on a release, made as it must be; only an approved one lets anything go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clearance {
    proposal: Proposal,
    decided_by: String,
    decision: Decision,
    overridden: Option<String>,
}

/// A decision that cannot stand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCleared {
    /// Both people are one.
    #[error("{who} proposed this release and cannot decide on it: a second person must")]
    SamePerson {
        /// Who.
        who: String,
    },
    /// The attack succeeded.
    #[error("{n_pinned} hidden counts can be worked out from what is shown")]
    NotSafe {
        /// How many.
        n_pinned: usize,
    },
    /// A refusal, a wish for changes or an override without a reason.
    #[error("a reason is needed, in words")]
    NoReason,
}

impl Proposal {
    /// A proposal, with what the attack on it found.
    pub fn new(release: impl Into<String>, proposed_by: impl Into<String>, audience: Audience, rule: impl Into<String>, audit: &Audit) -> Self {
        Self { release: release.into(), proposed_by: proposed_by.into(), audience, rule: rule.into(), n_pinned: audit.pinned.len() }
    }
}

impl Clearance {
    /// Decides on a proposal.
    ///
    /// `override_because` lets a release go that the attack found unsafe. It is for cases that the rule did not foresee (a
    /// count that its only subject has made public), and is printed with the release.
    ///
    /// ```
    /// use headwater_release::{Audience, Audit, Clearance, Decision, NotCleared, Proposal};
    /// let proposal = Proposal::new("r1", "ann", Audience::Public, "suppress-exact", &Audit::default());
    /// let alone = Clearance::decide(proposal.clone(), "ann", Decision::Approve, None);
    /// assert_eq!(alone, Err(NotCleared::SamePerson { who: "ann".into() }));
    /// assert!(Clearance::decide(proposal, "bob", Decision::Approve, None)?.lets_go());
    /// # Ok::<(), NotCleared>(())
    /// ```
    ///
    /// # Errors
    /// Refuses the person who proposed it, an approval of what is not safe, and words that are missing.
    pub fn decide(proposal: Proposal, by: &str, decision: Decision, override_because: Option<&str>) -> Result<Self, NotCleared> {
        if by == proposal.proposed_by {
            return Err(NotCleared::SamePerson { who: by.to_owned() });
        }
        let reasons = match &decision {
            Decision::AskForChanges(why) | Decision::Reject(why) => Some(why.as_str()),
            Decision::Approve => override_because,
        };
        if reasons.is_some_and(|why| !why.chars().any(char::is_alphanumeric)) {
            return Err(NotCleared::NoReason);
        }
        if decision == Decision::Approve && proposal.n_pinned > 0 && override_because.is_none() {
            return Err(NotCleared::NotSafe { n_pinned: proposal.n_pinned });
        }
        let overridden = override_because.filter(|_| decision == Decision::Approve && proposal.n_pinned > 0).map(str::to_owned);
        Ok(Self { proposal, decided_by: by.to_owned(), decision, overridden })
    }

    /// Whether the release may go.
    pub fn lets_go(&self) -> bool {
        self.decision == Decision::Approve
    }

    /// What was decided on.
    pub fn proposal(&self) -> &Proposal {
        &self.proposal
    }

    /// Who decided.
    pub fn decided_by(&self) -> &str {
        &self.decided_by
    }

    /// What was decided.
    pub fn decision(&self) -> &Decision {
        &self.decision
    }

    /// Why it may go although it was found unsafe; to be printed with the release.
    pub fn overridden(&self) -> Option<&str> {
        self.overridden.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposal(n_pinned: usize) -> Proposal {
        Proposal { n_pinned, ..Proposal::new("r1", "ann", Audience::Public, "suppress-exact", &Audit::default()) }
    }

    #[test]
    fn what_is_not_safe_goes_only_with_a_reason_that_is_kept() {
        let refused = Clearance::decide(proposal(2), "bob", Decision::Approve, None);
        assert_eq!(refused, Err(NotCleared::NotSafe { n_pinned: 2 }));
        assert_eq!(Clearance::decide(proposal(2), "bob", Decision::Approve, Some(" - ")), Err(NotCleared::NoReason));
        let cleared = Clearance::decide(proposal(2), "bob", Decision::Approve, Some("the coroner has named them")).unwrap();
        assert!(cleared.lets_go());
        assert_eq!(cleared.overridden(), Some("the coroner has named them"));
        // Where nothing had to be overridden, nothing is said.
        assert_eq!(Clearance::decide(proposal(0), "bob", Decision::Approve, Some("to be sure")).unwrap().overridden(), None);
    }

    #[test]
    fn a_refusal_needs_its_reason_and_lets_nothing_go() {
        assert_eq!(Clearance::decide(proposal(0), "bob", Decision::Reject(String::new()), None), Err(NotCleared::NoReason));
        let rejected = Clearance::decide(proposal(0), "bob", Decision::AskForChanges("combine the age bands".into()), None).unwrap();
        assert!(!rejected.lets_go());
    }
}
