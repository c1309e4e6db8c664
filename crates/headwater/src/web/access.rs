//! Who may do what: four roles, four rights.
//!
//! That a second person is not the first is no matter of roles: the exchange itself refuses it.

use serde::{Deserialize, Serialize};

/// What a person is to the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Answers for the office: everything, people and their accounts too.
    Lead,
    /// Prepares: campaigns, letters, replies, reminders, documents.
    Analyst,
    /// Is the second person: approves what another prepared. May prepare, too.
    Approver,
    /// Reads.
    ReadOnly,
}

/// What a page or an order asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// To see.
    Read,
    /// To prepare and to log.
    Prepare,
    /// To approve, release and publish.
    Approve,
    /// To decide on people, accounts and what cannot be taken back.
    Lead,
}

impl Role {
    /// All roles, the one with most rights first.
    pub const ALL: [Role; 4] = [Role::Lead, Role::Approver, Role::Analyst, Role::ReadOnly];

    /// Whether the role has a right.
    pub fn may(self, right: Right) -> bool {
        match right {
            Right::Read => true,
            Right::Prepare => self != Role::ReadOnly,
            Right::Approve => matches!(self, Role::Lead | Role::Approver),
            Right::Lead => self == Role::Lead,
        }
    }

    /// The role in a word.
    pub fn words(self) -> &'static str {
        match self {
            Role::Lead => "lead",
            Role::Analyst => "analyst",
            Role::Approver => "approver",
            Role::ReadOnly => "read-only",
        }
    }

    /// What it may do, in one sentence.
    pub fn about(self) -> &'static str {
        match self {
            Role::Lead => "Everything, and people and their accounts",
            Role::Approver => "Prepares, and approves what somebody else prepared",
            Role::Analyst => "Prepares campaigns, letters, reminders and documents, and logs replies",
            Role::ReadOnly => "Reads",
        }
    }

    /// The role of a word.
    pub fn of(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.words() == word)
    }
}

impl Right {
    /// Who has it, for the page that refuses.
    pub fn whose(self) -> &'static str {
        match self {
            Right::Read => "anyone who is signed in",
            Right::Prepare => "a lead, an approver or an analyst",
            Right::Approve => "a lead or an approver",
            Right::Lead => "a lead",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_has_the_rights_of_the_one_below() {
        let rights = |role: Role| [Right::Read, Right::Prepare, Right::Approve, Right::Lead].map(|right| role.may(right));
        assert_eq!(rights(Role::Lead), [true; 4]);
        assert_eq!(rights(Role::Approver), [true, true, true, false]);
        assert_eq!(rights(Role::Analyst), [true, true, false, false]);
        assert_eq!(rights(Role::ReadOnly), [true, false, false, false]);
        for role in Role::ALL {
            assert_eq!(Role::of(role.words()), Some(role));
        }
    }
}
