//! Files that somebody drops or sends, taken apart: messages find their recipients, files are kept and looked into.
//!
//! A message is kept as it came, and names the files it carried; who wrote it stands nowhere but in it.

use headwater_documents::arrival::{Arrival, Arrived, Dropped, Limits, cleaned, unpack};
use headwater_documents::mail::{Automatic, DeliveryAction, Mail, SenderEvidence};
use headwater_prevention::exchange::body::Channel;
use headwater_prevention::exchange::communication::{Communication, DeliveryOutcome, Direction, HoldReason};
use headwater_prevention::exchange::decide::correspondence::log_delivery;
use headwater_prevention::exchange::id::{BlobHash, CommunicationId, MessageKey, PersonId, RecipientId, ReplyToken};
use headwater_prevention::exchange::moment::{Day, Moment};
use headwater_prevention::exchange::state::State;
use headwater_prevention::exchange::thread::{Clue, Headers, Matched, SenderCheck, Suggestion, place};
use jiff::Timestamp;
use maud::html;

use super::form::{Problems, Sent};
use super::gate;
use super::layout;
use super::office::Known;
use super::replies::{self, Came, LOOKED_INTO_BYTES, Piece};
use super::visit::{Answer, Refusal, Visit, page, see};
use crate::mail::compose::message_id_of;
use crate::problem::Problem;

/// What became of what was dropped.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// Messages that found their recipients.
    pub n_placed: usize,
    /// Messages and files that wait in the holding list.
    pub n_held: usize,
    /// Messages that came before.
    pub n_again: usize,
    /// Reports that a message of ours came back.
    pub n_bounced: usize,
    /// What could not be taken apart, in sentences.
    pub left_out: Vec<String>,
}

/// The page onto which files are dropped.
///
/// # Errors
/// None: it has the form of a handler.
pub fn show(visit: &Visit) -> Answer {
    let main = html! {
        p { "Messages (" code { ".eml" } ", " code { ".msg" } ", whole mailboxes), zips and files of any kind. Messages find their recipients by the reply address they were sent to and by what they answer; what finds none waits in the holding list." }
        (layout::order_with_files(visit, &visit.path, "Take these in", &layout::files(visit, "file", "Files", &format!("{}. Each is kept as it came; what is beyond {} MB is held without being looked into", gate::largest(&visit.app), LOOKED_INTO_BYTES / 1_000_000))))
    };
    page(layout::page(visit, "Take in messages and files", &[("Messages", "/messages")], &main))
}

/// Takes in what was dropped.
///
/// # Errors
/// Nothing was chosen, or it is made to do harm.
pub fn submit(visit: &Visit) -> Answer {
    if visit.files.is_empty() {
        return Err(Problems::one("file", "Choose at least one file").into());
    }
    let came = Came::unplaced(Channel::Email, visit.today());
    let taken = take_in(visit, visit.person()?, &came, &visit.files)?;
    see("/messages", &taken.said())
}

impl Taken {
    /// Adds what became of more.
    pub fn add(&mut self, more: Self) {
        self.n_placed += more.n_placed;
        self.n_held += more.n_held;
        self.n_again += more.n_again;
        self.n_bounced += more.n_bounced;
        self.left_out.extend(more.left_out);
    }

    /// What became of it, in one sentence for each kind.
    pub fn said(&self) -> String {
        let mut parts = Vec::new();
        let mut add = |n: usize, one: &str, many: &str, rest: &str| {
            if n > 0 {
                parts.push(format!("{} {rest}", layout::counted(n, one, many)));
            }
        };
        add(self.n_placed, "message", "messages", "placed");
        add(self.n_held, "thing", "things", "held until somebody says whom it is from");
        add(self.n_again, "message", "messages", "taken in before, and left as it is");
        add(self.n_bounced, "report", "reports", "of a message of ours that came back");
        parts.extend(self.left_out.iter().take(5).cloned());
        parts.join(". ")
    }
}

/// Takes apart what came, logs each message and the files that came by themselves, and looks into every file.
///
/// With recipients in `came` a person, or the link it came by, has said whom all of it is for.
///
/// # Errors
/// The parcel is made to do harm or beyond the limits, or something cannot be written.
pub fn take_in(visit: &Visit, by: PersonId, came: &Came, files: &[Sent]) -> Result<Taken, Refusal> {
    // What fits into memory is taken apart; what is too large for that is kept as it is, and held.
    let (mut dropped, mut too_large, mut n_bytes) = (Vec::new(), Vec::new(), 0);
    for file in files {
        if n_bytes + file.staged.n_bytes() > LOOKED_INTO_BYTES {
            too_large.push(file);
        } else {
            n_bytes += file.staged.n_bytes();
            dropped.push(Dropped { name: file.name.clone(), bytes: file.staged.bytes()? });
        }
    }
    take_apart(visit, by, came, dropped, &too_large)
}

/// Takes in one message of a mailbox. One that cannot be taken apart, or that is made to do harm, is kept as it came and held:
/// it keeps none of those behind it waiting.
///
/// # Errors
/// Something cannot be read or written: then it is to be taken in again.
pub fn take_message(visit: &Visit, by: PersonId, bytes: Vec<u8>) -> Result<Taken, Refusal> {
    let again = || Taken { n_again: 1, ..Taken::default() };
    let message = message_id_of(&bytes).map(|id| id.key());
    let content = BlobHash::of(&bytes);
    if message.is_none() && came_before(visit, content) {
        return Ok(again());
    }
    let came = Came::unplaced(Channel::Email, visit.today());
    match take_apart(visit, by, &came, vec![Dropped { name: "message.eml".to_owned(), bytes: bytes.clone() }], &[]) {
        Err(Refusal::Wrong(_) | Refusal::NotAllowed(_)) => {}
        taken => return taken,
    }
    let was_logged = message.is_some_and(|key| visit.app.office.known().state.by_message(key).is_some());
    if was_logged || came_before(visit, content) {
        return Ok(again());
    }
    let content = replies::keep(visit, &bytes)?;
    replies::log(visit, by, &Came { held: vec![HoldReason::NothingToMatch], content: Some(content), message, ..came }, &[])?;
    Ok(Taken { n_held: 1, ..Taken::default() })
}

/// Whether these bytes came in before, as a message or as a file.
fn came_before(visit: &Visit, content: BlobHash) -> bool {
    let known = visit.app.office.known();
    // What was destroyed here does not come back by a mailbox that still holds it.
    let is_it = |it: &Communication| it.content == Some(content) || it.destroyed.iter().any(|gone| gone.content == content);
    let as_message = known.state.communications().iter().any(|it| it.direction == Direction::In && is_it(it));
    as_message || known.state.documents().iter().any(|it| it.original == content)
}

fn take_apart(visit: &Visit, by: PersonId, came: &Came, dropped: Vec<Dropped>, too_large: &[&Sent]) -> Result<Taken, Refusal> {
    let refused =
        |refusal: headwater_documents::Refusal| Problems::one("file", layout::sentence(&format!("{}. To mend it: {}", refusal.what, refusal.remedy)));
    let arrivals = unpack(dropped, &Limits::default()).map_err(refused)?;
    let mut taken = Taken::default();
    let mut loose: Vec<Piece> = too_large.iter().map(|file| kept(visit, file)).collect::<Result<_, Refusal>>()?;
    for (number, arrival) in arrivals.iter().enumerate() {
        match &arrival.what {
            Arrived::Message(mail) if arrival.carried_by.is_none() => {
                message(visit, by, came, mail, arrival, carried(&arrivals, number), &mut taken)?
            }
            // A message within a message goes with the outer one, as a file of it.
            Arrived::Message(_) => {}
            Arrived::File { .. } if arrival.carried_by.is_none() => loose.extend(piece(arrival)),
            Arrived::File { .. } => {}
            Arrived::LeftOut(refusal) => {
                taken.left_out.push(format!("{}: {}", arrival.path(), refusal.what));
                // What a computer adds by itself has no bytes worth keeping; what is damaged or locked is kept and held.
                if arrival.carried_by.is_none() {
                    loose.extend(piece(arrival));
                }
            }
        }
    }
    // Words beside the files are a message of their own: they may say what may be published.
    if !loose.is_empty() || !came.note.is_empty() {
        let held = came.recipients.is_empty() && came.held.is_empty();
        let came = if held { Came { held: vec![HoldReason::NothingToMatch], ..came.clone() } } else { came.clone() };
        replies::log(visit, by, &came, &loose)?;
        if came.recipients.is_empty() { taken.n_held += 1 } else { taken.n_placed += 1 }
    }
    Ok(taken)
}

/// A file that is too large to be held in memory, kept as it came.
fn kept(visit: &Visit, file: &Sent) -> Result<Piece, Refusal> {
    let mut staged = file.staged.open().map_err(|error| Problem::of_files("reading what was sent", &error))?;
    let blob = visit.app.ws.blobs().put(&mut staged)?;
    let hash: BlobHash = blob.sha256.parse().map_err(Problem::new)?;
    Ok(Piece { name: cleaned(&file.name), bytes: Vec::new(), kept: Some((hash, file.staged.n_bytes())) })
}

fn piece(arrival: &Arrival) -> Option<Piece> {
    arrival.bytes.clone().map(|bytes| Piece { name: arrival.name.clone(), bytes, kept: None })
}

/// The files that a message carried, those of the messages within it among them.
fn carried(arrivals: &[Arrival], message: usize) -> Vec<Piece> {
    let is_under = |mut at: usize| loop {
        match arrivals[at].carried_by {
            Some(outer) if outer == message => return true,
            Some(outer) => at = outer,
            None => return false,
        }
    };
    let is_file = |arrival: &Arrival| match arrival.what {
        // Pictures in a signature are no documents.
        Arrived::File { is_inline } => !is_inline,
        Arrived::Message(_) | Arrived::LeftOut(_) => true,
    };
    (0..arrivals.len()).filter(|at| is_under(*at) && is_file(&arrivals[*at])).filter_map(|at| piece(&arrivals[at])).collect()
}

fn message(visit: &Visit, by: PersonId, came: &Came, mail: &Mail, arrival: &Arrival, files: Vec<Piece>, taken: &mut Taken) -> Result<(), Refusal> {
    if mail.automatic == Some(Automatic::DeliveryReport)
        && let Some(is_new) = bounced(visit, by, mail)?
    {
        *(if is_new { &mut taken.n_bounced } else { &mut taken.n_again }) += 1;
        return Ok(());
    }
    // Without a Message-ID it is known by its bytes.
    let is_nameless = mail.message_id.as_deref().is_none_or(str::is_empty);
    if is_nameless && arrival.bytes.as_ref().is_some_and(|bytes| came_before(visit, BlobHash::of(bytes))) {
        taken.n_again += 1;
        return Ok(());
    }
    let (recipients, held, answers) = match matched(visit, mail) {
        Matched::SeenBefore(_) => {
            taken.n_again += 1;
            return Ok(());
        }
        Matched::Placed { answers, .. } | Matched::Held { answers, .. } if !came.recipients.is_empty() => {
            (came.recipients.clone(), Vec::new(), answers)
        }
        Matched::Placed { recipients, answers, .. } => (recipients, Vec::new(), answers),
        Matched::Held { reasons, answers, .. } => (Vec::new(), reasons, answers),
    };
    if recipients.is_empty() {
        taken.n_held += 1
    } else {
        taken.n_placed += 1
    }
    let content = match &arrival.bytes {
        Some(bytes) => replies::keep(visit, bytes)?,
        None => replies::keep(visit, mail.text.as_bytes())?,
    };
    // What came through a body's link came today, whatever is written in it.
    let by_link = came.channel == Channel::Upload;
    let on = if by_link { None } else { day_of(mail) }.filter(|day| *day <= visit.today()).unwrap_or_else(|| visit.today());
    let came = Came {
        channel: if by_link { Channel::Upload } else { Channel::Email },
        on,
        recipients,
        held,
        note: String::new(),
        content: Some(content),
        message: key(mail.message_id.as_deref()),
        answers,
    };
    replies::log(visit, by, &came, &files)?;
    Ok(())
}

fn key(message_id: Option<&str>) -> Option<MessageKey> {
    message_id.filter(|id| !id.is_empty()).map(MessageKey::of)
}

/// The day in London on which the office's server had it. Only where no server left a word, what its sender wrote: a message
/// of its own date could make itself early or late.
fn day_of(mail: &Mail) -> Option<Day> {
    let at: Timestamp = mail.received.as_deref().or(mail.date.as_deref())?.parse().ok()?;
    Some(Moment::from_microseconds(at.as_microsecond()).day_in_london())
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

/// Logs that messages of ours came back, if the report names any that we know; and says whether that was new.
fn bounced(visit: &Visit, by: PersonId, mail: &Mail) -> Result<Option<bool>, Refusal> {
    let mut is_of_ours = false;
    let mut found: Vec<(CommunicationId, RecipientId)> = Vec::new();
    {
        let known = visit.app.office.known();
        for report in mail.deliveries.iter().filter(|report| report.action == DeliveryAction::Failed) {
            let Some(id) = key(report.about.as_deref()).and_then(|key| known.state.by_message(key)) else { continue };
            let Some(communication) = known.state.communication(id).filter(|it| it.direction == Direction::Out) else { continue };
            is_of_ours = true;
            let is_logged = |recipient: &RecipientId| communication.deliveries.contains(&(*recipient, DeliveryOutcome::Bounced));
            found.extend(communication.recipients.iter().filter(|recipient| !is_logged(recipient)).map(|recipient| (id, *recipient)));
        }
    }
    let evidence: Option<BlobHash> = if found.is_empty() { None } else { Some(replies::keep(visit, mail.text.as_bytes())?) };
    for (communication, recipient) in &found {
        let on = visit.today();
        visit.act_as(by, &|state, order| log_delivery(state, order, *communication, *recipient, DeliveryOutcome::Bounced, evidence, on))?;
    }
    Ok(is_of_ours.then_some(!found.is_empty()))
}
