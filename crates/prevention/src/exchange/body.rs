//! Bodies that are asked, and the people who may be written to there.

use super::id::{BodyId, ContactId, PersonId};
use super::moment::Day;
use super::words::Title;
use serde::{Deserialize, Serialize};

/// What kind of body it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyKind {
    /// A territorial police force.
    PoliceForce,
    /// A police and crime commissioner, a mayor in that role, MOPAC or the Common Council of the City of London.
    LocalPolicingBody,
    /// A violence reduction unit, whatever it calls itself.
    ViolenceReductionUnit,
    /// A council.
    LocalAuthority,
    /// A health body.
    HealthBody,
    /// A regulator or inspectorate.
    Regulator,
    /// A department of government.
    GovernmentDepartment,
    /// Anything else.
    Other,
}

/// A statute that lays duties on a body towards whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyFlag {
    /// Modern Slavery Act 2015 s.43: co-operation with the Commissioner.
    Msa43,
    /// Domestic Abuse Act 2021 s.15.
    Daa15,
    /// Police, Crime, Sentencing and Courts Act 2022 s.8.
    Pcsca8,
}

/// A language in which letters and pages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    En,
    /// Welsh.
    Cy,
}

impl Language {
    /// Both languages.
    pub const ALL: [Language; 2] = [Language::En, Language::Cy];

    /// Its code: en or cy.
    pub fn code(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Cy => "cy",
        }
    }

    /// Its English name.
    pub fn name(self) -> &'static str {
        match self {
            Language::En => "English",
            Language::Cy => "Welsh",
        }
    }
}

/// How a body is reached, or how it reached us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// E-mail.
    Email,
    /// A letter by post.
    Post,
    /// A telephone call.
    Phone,
    /// A meeting.
    Meeting,
    /// Files through an upload link of ours.
    Upload,
    /// A portal of theirs.
    Portal,
}

impl Channel {
    /// The way in words, as after "it came".
    pub fn words(self) -> &'static str {
        match self {
            Channel::Email => "by e-mail",
            Channel::Post => "by post",
            Channel::Phone => "by telephone",
            Channel::Meeting => "in a meeting",
            Channel::Upload => "through an upload link",
            Channel::Portal => "through a portal",
        }
    }
}

/// What is known of the way to a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactStatus {
    /// Nothing came back.
    Good,
    /// The last thing sent there came back.
    Bounced,
    /// Somebody else is written to now.
    Replaced {
        /// Who.
        by: ContactId,
    },
}

/// What a body is, as it is entered or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodyEntry {
    /// Its name.
    pub name: Title,
    /// Its kind.
    pub kind: BodyKind,
    /// The code of its area, such as E23000033, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Title>,
    /// Its id in a register that ships with the program, if it came from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register: Option<Title>,
    /// Other names by which it is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Title>,
    /// Domains from which its mail comes, in small letters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<Title>,
    /// The languages it is written to in.
    pub languages: Vec<Language>,
    /// Duties confirmed to apply to it; one that is not listed is not known to apply.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duties: Vec<DutyFlag>,
}

/// A body as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// What it is.
    pub entry: BodyEntry,
    /// Which body took its place, and when.
    pub successor: Option<(BodyId, Day)>,
    /// Its contacts, oldest first.
    pub contacts: Vec<ContactId>,
    /// The place in the log of its last change.
    pub version: u64,
}

impl Body {
    /// Whether mail from this domain, or one below it, may come from the body.
    pub fn writes_from(&self, domain: &str) -> bool {
        let domain = domain.to_ascii_lowercase();
        self.entry.domains.iter().any(|known| {
            let known = known.as_str();
            domain == known || domain.strip_suffix(known).is_some_and(|before| before.ends_with('.'))
        })
    }
}

/// A contact as it stands: a person at a body, named by id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Where.
    pub body: BodyId,
    /// Who; name and address are in the erasable record of that id.
    pub person: PersonId,
    /// In what role.
    pub role: Title,
    /// How they are reached.
    pub channel: Channel,
    /// In which language.
    pub language: Language,
    /// Whether the way works.
    pub status: ContactStatus,
    /// When somebody last checked.
    pub verified: Option<Day>,
    /// The place in the log of its last change.
    pub version: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_from_a_domain_that_only_looks_alike_is_not_the_bodys() {
        let entry = BodyEntry {
            name: "A body".parse().unwrap(),
            kind: BodyKind::Other,
            area: None,
            register: None,
            aliases: vec![],
            domains: vec!["body.example".parse().unwrap()],
            languages: vec![Language::En],
            duties: vec![],
        };
        let body = Body { entry, successor: None, contacts: vec![], version: 1 };
        for (domain, expected) in
            [("body.example", true), ("Mail.Body.Example", true), ("nobody.example", false), ("body.example.evil.example", false), ("", false)]
        {
            assert_eq!(body.writes_from(domain), expected, "{domain}");
        }
    }
}
