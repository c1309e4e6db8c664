//! Whom a message may be from: by the address it was sent to, by what it answers, by who sent it.

use headwater_documents::mail::{Mail, SenderEvidence};
use headwater_prevention::exchange::id::{MessageKey, RecipientId, ReplyToken};
use headwater_prevention::exchange::state::State;
use headwater_prevention::exchange::thread::{Clue, Headers, Matched, SenderCheck, Suggestion, place};

use super::office::Known;
use super::visit::Visit;

/// The key of a Message-ID, if there is one.
pub fn key(message_id: Option<&str>) -> Option<MessageKey> {
    message_id.filter(|id| !id.is_empty()).map(MessageKey::of)
}

/// To whom a message belongs, by its headers.
pub fn matched(visit: &Visit, mail: &Mail) -> Matched {
    place_by(visit, &visit.app.office.known().state, mail, key(mail.message_id.as_deref()))
}

/// Whom a message in the log may be from, the likeliest first, each with the reason.
pub fn suggested(visit: &Visit, known: &Known, mail: &Mail) -> Vec<(RecipientId, &'static str)> {
    // It is in the log itself, under its own Message-ID: without it, it is looked at as if it came now.
    let by_headers = match place_by(visit, &known.state, mail, None) {
        Matched::Held { suggestions, .. } => suggestions,
        // A body's domain may have become known since it was held.
        Matched::Placed { recipients, evidence, .. } => recipients.into_iter().map(|recipient| Suggestion { evidence, recipient }).collect(),
        Matched::SeenBefore(_) => Vec::new(),
    };
    let (by_thread, by_domain): (Vec<_>, Vec<_>) = by_headers.into_iter().partition(|it| it.evidence < Clue::SubjectAndDomain);
    let words = |all: Vec<Suggestion>| all.into_iter().map(|it| (it.recipient, it.evidence.words())).collect::<Vec<_>>();
    let (by_address, by_contacts_domain) = by_contact(visit, known, mail);
    let mut found = [words(by_thread), by_address, words(by_domain), by_contacts_domain].concat();
    let mut seen = Vec::new();
    found.retain(|(recipient, _)| {
        let first = !seen.contains(recipient);
        seen.push(*recipient);
        first
    });
    found
}

type Guesses = Vec<(RecipientId, &'static str)>;

/// Recipients whose contact has the sender's address, and those whose contact has an address of the sender's domain.
fn by_contact(visit: &Visit, known: &Known, mail: &Mail) -> (Guesses, Guesses) {
    let (mut by_address, mut by_domain) = (Vec::new(), Vec::new());
    let [from] = mail.from.as_slice() else { return (by_address, by_domain) };
    // An address that is known to be forged says nothing.
    if from.domain().is_empty() || sender_check(visit, mail) == SenderCheck::Failed {
        return (by_address, by_domain);
    }
    for (number, recipient) in known.state.recipients().iter().enumerate().filter(|(_, it)| it.letter_sent.is_some()) {
        let contact = recipient.contact.and_then(|id| known.state.contact(id));
        let Some(email) = contact.and_then(|contact| known.people.get(contact.person.as_str())).and_then(|person| person.email.as_deref()) else {
            continue;
        };
        if email.eq_ignore_ascii_case(&from.address) {
            by_address.push((RecipientId(number as u32), "it comes from the address of their contact"));
        } else if email.rsplit_once('@').is_some_and(|(_, domain)| domain.eq_ignore_ascii_case(&from.domain())) {
            by_domain.push((RecipientId(number as u32), "their contact has an address of the same domain"));
        }
    }
    (by_address, by_domain)
}

/// What the office's own mail server found out about a message's sender.
pub fn sender_check(visit: &Visit, mail: &Mail) -> SenderCheck {
    match visit.app.mail_domain().map_or(SenderEvidence::Silent, |domain| mail.sender_evidence(domain)) {
        SenderEvidence::Vouched => SenderCheck::Verified,
        SenderEvidence::Denied => SenderCheck::Failed,
        SenderEvidence::Silent => SenderCheck::Unknown,
    }
}

fn place_by(visit: &Visit, state: &State, mail: &Mail, message: Option<MessageKey>) -> Matched {
    let sender_domain = mail.from.first().map(|from| from.domain()).unwrap_or_default();
    let headers = Headers {
        tokens: tokens(visit, mail),
        message,
        in_reply_to: mail.in_reply_to.first().and_then(|id| key(Some(id))),
        references: mail.references.iter().filter_map(|id| key(Some(id))).collect(),
        subject: &mail.subject,
        sender_domain: &sender_domain,
        sender_check: sender_check(visit, mail),
    };
    place(state, &headers)
}

/// The tokens of ours among the addresses it was sent to: the office's own address with a plus sign and a token.
fn tokens(visit: &Visit, mail: &Mail) -> Vec<ReplyToken> {
    let Some((name, domain)) = visit.app.ws.settings().office_address().and_then(|email| email.split_once('@')) else { return Vec::new() };
    let mut found: Vec<ReplyToken> = Vec::new();
    for address in mail.to.iter().chain(&mail.cc).chain(&mail.delivered_to) {
        let Some((local, at)) = address.address.rsplit_once('@') else { continue };
        let Some((before, token)) = local.split_once('+') else { continue };
        if before.eq_ignore_ascii_case(name)
            && at.eq_ignore_ascii_case(domain)
            && let Ok(token) = token.to_lowercase().parse()
            && !found.contains(&token)
        {
            found.push(token);
        }
    }
    found
}
