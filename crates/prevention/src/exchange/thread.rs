//! To whom does a message belong? Decided from headers alone, and only when nothing speaks against it.
//!
//! A message is placed by itself when its reply address or the message it answers names one of our recipients, the two do
//! not disagree, and its sender is verified and known for that body. Anything less goes to the holding list with reasons
//! and suggestions: a wrong thread, a forged sender and a subject line are never enough.

use super::communication::{Direction, HoldReason};
use super::id::{CommunicationId, MessageKey, RecipientId, ReplyToken};
use super::state::State;
use serde::Serialize;

/// What the receiving mail server found out about the sender's domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SenderCheck {
    /// It vouches for the domain (DMARC passed, or aligned DKIM or SPF).
    Verified,
    /// It found that the domain is forged.
    Failed,
    /// It said nothing.
    Unknown,
}

/// What the headers of a message say, as far as it matters here. Addresses are used and not kept.
#[derive(Clone, Debug)]
pub struct Headers<'a> {
    /// Tokens of ours in the addresses it was sent to.
    pub tokens: Vec<ReplyToken>,
    /// Its own Message-ID.
    pub message: Option<MessageKey>,
    /// The message it says it answers.
    pub in_reply_to: Option<MessageKey>,
    /// The messages before that, oldest first.
    pub references: Vec<MessageKey>,
    /// Its subject.
    pub subject: &'a str,
    /// The domain of its sender.
    pub sender_domain: &'a str,
    /// Whether the sender's domain is true.
    pub sender_check: SenderCheck,
}

/// Why a recipient is suggested, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Clue {
    /// It was sent to the recipient's own reply address.
    ReplyAddress,
    /// It answers a message to or from the recipient.
    Answers,
    /// The thread it belongs to holds a message to or from the recipient.
    Thread,
    /// Its subject is the campaign's title and it comes from the body's domain.
    SubjectAndDomain,
    /// It comes from the body's domain.
    Domain,
}

impl Clue {
    /// The reason in words, after "because".
    pub fn words(self) -> &'static str {
        match self {
            Clue::ReplyAddress => "it was sent to their own reply address",
            Clue::Answers => "it answers a message to or from them",
            Clue::Thread => "its thread holds a message to or from them",
            Clue::SubjectAndDomain => "it comes from their domain, and its subject is the campaign's title",
            Clue::Domain => "it comes from their domain",
        }
    }
}

/// A recipient to whom a held message may belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Suggestion {
    /// Why; the best reason found.
    pub evidence: Clue,
    /// Who.
    pub recipient: RecipientId,
}

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Matched {
    /// To these recipients, in answer to a message of ours where that is known.
    Placed {
        /// Recipients of one body, in any number of campaigns.
        recipients: Vec<RecipientId>,
        /// What it answers.
        answers: Option<CommunicationId>,
        /// What decided.
        evidence: Clue,
    },
    /// Into the holding list.
    Held {
        /// Why it is not certain.
        reasons: Vec<HoldReason>,
        /// To whom it may belong, the likeliest first; a person decides.
        suggestions: Vec<Suggestion>,
        /// What it says it answers, if that is a message we know.
        answers: Option<CommunicationId>,
    },
    /// Nowhere: the same message was logged before.
    SeenBefore(CommunicationId),
}

/// A subject without the prefixes that mail programs put before it.
fn bare_subject(subject: &str) -> String {
    let mut rest = subject.trim();
    loop {
        let lower = rest.to_lowercase();
        // Both languages: Welsh programs write ATB for ateb.
        let prefix = ["re:", "fw:", "fwd:", "atb:", "ymlaen:"].into_iter().find(|prefix| lower.starts_with(prefix));
        match prefix.and_then(|prefix| rest.get(prefix.len()..)) {
            Some(after) => rest = after.trim_start(),
            None => return rest.to_lowercase(),
        }
    }
}

/// Finds out to whom a message belongs.
pub fn place(state: &State, headers: &Headers<'_>) -> Matched {
    if let Some(before) = headers.message.and_then(|key| state.by_message(key)) {
        return Matched::SeenBefore(before);
    }
    let addressed: Vec<RecipientId> = headers.tokens.iter().filter_map(|token| state.by_token(*token)).collect();
    let answers = headers.in_reply_to.and_then(|key| state.by_message(key));
    let in_thread = headers.references.iter().rev().find_map(|key| state.by_message(*key));
    let recipients_of = |id: Option<CommunicationId>| id.and_then(|id| state.communication(id)).map_or(&[][..], |it| &it.recipients);

    let mut suggestions: Vec<Suggestion> = Vec::new();
    let mut suggest = |evidence, recipients: &[RecipientId]| {
        suggestions.extend(recipients.iter().map(|recipient| Suggestion { evidence, recipient: *recipient }));
    };
    suggest(Clue::ReplyAddress, &addressed);
    suggest(Clue::Answers, recipients_of(answers));
    suggest(Clue::Thread, recipients_of(in_thread));
    let subject = bare_subject(headers.subject);
    for (number, recipient) in state.recipients().iter().enumerate().filter(|(_, recipient)| !recipient.removed && recipient.letter_sent.is_some()) {
        // A domain that is known to be forged says nothing.
        let from_there =
            headers.sender_check != SenderCheck::Failed && state.body(recipient.body).is_some_and(|body| body.writes_from(headers.sender_domain));
        if from_there {
            let title = state.campaign(recipient.campaign).map(|campaign| campaign.brief.title.as_str().to_lowercase());
            let by_subject = title.is_some_and(|title| subject.contains(&title));
            suggest(if by_subject { Clue::SubjectAndDomain } else { Clue::Domain }, &[RecipientId(number as u32)]);
        }
    }

    let mut reasons = Vec::new();
    if !headers.tokens.is_empty() && addressed.len() < headers.tokens.len() {
        reasons.push(HoldReason::UnknownToken);
    }
    // What decides, and which recipients it names: the reply address is narrower than a message that went to several.
    let (evidence, mut recipients) = if !addressed.is_empty() {
        (Clue::ReplyAddress, addressed.clone())
    } else if answers.is_some() {
        (Clue::Answers, recipients_of(answers).to_vec())
    } else {
        (Clue::Thread, recipients_of(in_thread).to_vec())
    };
    recipients.sort_unstable();
    recipients.dedup();
    let other = recipients_of(answers.or(in_thread));
    let ours = answers.or(in_thread).and_then(|id| state.communication(id));
    let disagrees = !addressed.is_empty() && ours.is_some() && !other.is_empty() && !addressed.iter().all(|recipient| other.contains(recipient));
    let bodies = |ids: &[RecipientId]| {
        let mut bodies: Vec<_> = ids.iter().filter_map(|id| state.recipient(*id)).map(|recipient| recipient.body).collect();
        bodies.sort_unstable();
        bodies.dedup();
        bodies
    };
    let named = bodies(&recipients);
    if disagrees || named.len() > 1 {
        reasons.push(HoldReason::EvidenceDisagrees);
    }
    if recipients.is_empty() && reasons.is_empty() {
        reasons.push(HoldReason::NothingToMatch);
    }
    if !recipients.is_empty() {
        let known = named.iter().all(|body| state.body(*body).is_some_and(|body| body.writes_from(headers.sender_domain)));
        if !known {
            reasons.push(HoldReason::UnknownSender);
        }
        // A reply address is secret between us and the recipient; it may stand in for a silent mail server, not for a failed check.
        let vouched = match headers.sender_check {
            SenderCheck::Verified => true,
            SenderCheck::Unknown => evidence == Clue::ReplyAddress,
            SenderCheck::Failed => false,
        };
        if !vouched {
            reasons.push(HoldReason::NotAuthenticated);
        }
        let takes = |id: &RecipientId| {
            let campaign = state.recipient(*id).filter(|it| !it.removed).and_then(|recipient| state.campaign(recipient.campaign));
            campaign.is_some_and(|campaign| campaign.stage.takes_answers())
        };
        if !recipients.iter().all(takes) {
            reasons.push(HoldReason::CampaignTakesNoAnswers);
        }
    }
    let answers =
        answers.or(in_thread).filter(|id| state.communication(*id).is_some_and(|it| it.direction == Direction::Out || !it.recipients.is_empty()));
    if reasons.is_empty() {
        return Matched::Placed { recipients, answers, evidence };
    }
    // One line for each recipient, with its best reason.
    suggestions.sort_unstable();
    let mut seen = Vec::new();
    suggestions.retain(|suggestion| {
        let first = !seen.contains(&suggestion.recipient);
        seen.push(suggestion.recipient);
        first
    });
    Matched::Held { reasons, suggestions, answers }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_of_mail_programs_do_not_belong_to_a_subject() {
        for subject in ["Re: FW: A title", "ATB: a TITLE", "  fwd:re:  A title ", "A title"] {
            assert_eq!(bare_subject(subject), "a title", "{subject}");
        }
        assert_eq!(bare_subject("Requests"), "requests");
    }
}
