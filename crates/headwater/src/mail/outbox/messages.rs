//! What a message says: a letter, a reminder or a notice, to whom, and what it follows in its thread.

use std::collections::BTreeMap;

use headwater_prevention::exchange::body::{Channel, Language};
use headwater_prevention::exchange::communication::{Direction, Purpose};
use headwater_prevention::exchange::id::{BlobHash, ChaserId, CommunicationId, RecipientId};
use headwater_prevention::exchange::letter::dated::dated;
use headwater_prevention::exchange::letter::due::due_in_letter;
use headwater_prevention::exchange::letter::merge::Letter as Merged;
use headwater_prevention::exchange::letter::ready::ready;
use headwater_prevention::exchange::moment::Day;
use headwater_prevention::exchange::reminder::{addressee as newest, addressee_of_duties};
use headwater_prevention::exchange::state::State;
use headwater_release::Letter;
use jiff::Timestamp;

use super::{Errand, Message, Outbox};
use crate::mail::address::{Mailbox, MessageId};
use crate::mail::compose::{Envelope, Way, compose, compose_words, message_id_of};
use crate::people::Person;
use crate::problem::{Exit, Problem};

/// Whom a message goes to, and for which recipients.
pub struct Addressee {
    /// The contact.
    pub to: Mailbox,
    /// The language in which they are written to.
    language: Language,
    /// The body, for people to read.
    body: String,
    /// The recipient whose contact it is, and whose reply address answers go to; none of a message that belongs to no request.
    first: Option<RecipientId>,
    /// All whose answers it asks for.
    recipients: Vec<RecipientId>,
}

/// The name of the body that a recipient is.
pub fn body_of(state: &State, id: RecipientId) -> String {
    let body = state.recipient(id).and_then(|recipient| state.body(recipient.body));
    body.map_or_else(|| id.to_string(), |body| body.entry.name.to_string())
}

/// The subject of a reminder: what is still open, by the newest campaign that it is about.
pub fn reminder_subject(state: &State, id: ChaserId) -> String {
    let newest = newest(state, recipients_of(state, id));
    format!("Reminder: {}", newest.map_or_else(String::new, |id| title_of(state, id)))
}

/// The subject of a reminder of answers to recommendations.
pub const DUTY_SUBJECT: &str = "Reminder: our recommendations to you";

/// The subject of a notice.
pub fn notice_subject(state: &State, id: RecipientId) -> String {
    format!("Before we name you as not having answered: {}", title_of(state, id))
}

fn title_of(state: &State, id: RecipientId) -> String {
    let campaign = state.recipient(id).and_then(|recipient| state.campaign(recipient.campaign));
    campaign.map_or_else(String::new, |campaign| campaign.brief.title.to_string())
}

/// The recipients that a reminder is about.
fn recipients_of(state: &State, id: ChaserId) -> Vec<RecipientId> {
    let mut recipients: Vec<RecipientId> = state.chaser(id).map(|chaser| chaser.asks.iter().map(|ask| ask.recipient).collect()).unwrap_or_default();
    recipients.sort_unstable();
    recipients.dedup();
    recipients
}

/// Whom a message of this errand goes to.
///
/// # Errors
/// There is nobody to write to by mail.
pub fn addressee(state: &State, people: &BTreeMap<String, Person>, errand: Errand) -> Result<Addressee, Problem> {
    let gone = |what: String| Problem::new(format!("there is no {what}")).exit(Exit::WrongUse);
    let of_recipient = |id: RecipientId| state.recipient(id).map(|it| it.contact).ok_or_else(|| gone(id.to_string()));
    let (first, recipients, contact, body) = match errand {
        Errand::Letter(id) | Errand::Notice(id, _) => (Some(id), vec![id], of_recipient(id)?, body_of(state, id)),
        Errand::Reminder(id) => {
            let recipients = recipients_of(state, id);
            let first = newest(state, recipients.iter().copied()).ok_or_else(|| gone(id.to_string()))?;
            (Some(first), recipients, of_recipient(first)?, body_of(state, first))
        }
        Errand::DutyReminder(id) => {
            let name = state.body(id).map(|body| body.entry.name.to_string()).ok_or_else(|| gone(id.to_string()))?;
            (None, Vec::new(), addressee_of_duties(state, id), name)
        }
    };
    let nobody =
        |why: &str| Problem::new(format!("{body}: {why}")).hint("enter or replace the contact, or send it by post and log it").exit(Exit::WrongUse);
    let contact = contact.and_then(|id| state.contact(id)).ok_or_else(|| nobody("there is no contact to write to"))?;
    if contact.channel != Channel::Email {
        return Err(nobody("the contact is not written to by e-mail"));
    }
    let person = people.get(contact.person.as_str()).ok_or_else(|| nobody("the record of the contact was erased"))?;
    let email = person.email.as_deref().ok_or_else(|| nobody("the contact has no e-mail address"))?;
    let address = email.trim().parse().map_err(|why: String| nobody(&why))?;
    let to = Mailbox::new(&person.name, address)?;
    Ok(Addressee { to, language: contact.language, body, first, recipients })
}

impl Outbox<'_> {
    /// What is to be sent, as a message.
    ///
    /// A letter goes in the language of the contact, with the other language attached. A reminder and a notice are the words
    /// that were read by whoever let them go, and belong to the thread of the letter.
    ///
    /// # Errors
    /// There is nobody to write to, the letter has a gap, or a blob is missing.
    pub fn message(&self, state: &State, errand: Errand, way: Way) -> Result<Message, Problem> {
        let to_whom = addressee(state, self.people, errand)?;
        let office = self.mail.office.address();
        let reply_to = match to_whom.first.and_then(|id| state.recipient(id)) {
            Some(recipient) => office.with_token(recipient.reply_token)?,
            None => office.clone(),
        };
        let message_id = MessageId::fresh(office.domain())?;
        let (thread, answers) = match (errand, to_whom.first) {
            (Errand::Letter(_), _) | (_, None) => (Vec::new(), None),
            (_, Some(first)) => self.thread(state, first),
        };
        let envelope = Envelope {
            from: &self.mail.office,
            to: &to_whom.to,
            reply_to: &reply_to,
            message_id: &message_id,
            at: Timestamp::now(),
            thread: &thread,
            way,
        };
        let (subject, bytes) = match errand {
            Errand::Letter(id) => {
                let letters = self.letters(state, id, to_whom.language)?;
                let subject = letters.first().map(|letter| letter.title().to_owned()).unwrap_or_default();
                (subject, compose(&envelope, &letters)?)
            }
            Errand::Reminder(id) => {
                let text = state.chaser(id).map(|chaser| chaser.text).ok_or_else(|| Problem::new("the reminder is gone").exit(Exit::WrongUse))?;
                self.words(&envelope, reminder_subject(state, id), text)?
            }
            Errand::DutyReminder(body) => {
                let text = state.duty_reminder(body).map(|reminder| reminder.text);
                let text = text.ok_or_else(|| Problem::new("the reminder is gone").exit(Exit::WrongUse))?;
                self.words(&envelope, DUTY_SUBJECT.to_owned(), text)?
            }
            Errand::Notice(id, terms) => self.words(&envelope, notice_subject(state, id), terms.evidence)?,
        };
        Ok(Message { to: to_whom.to, body: to_whom.body, subject, key: message_id.key(), recipients: to_whom.recipients, answers, bytes })
    }

    /// The letters of a recipient as they leave today.
    fn letters(&self, state: &State, id: RecipientId, first: Language) -> Result<Vec<Letter>, Problem> {
        let today = self.newest().today();
        let due = due_in_letter(state, id, None, today);
        let mut letters: Vec<(Language, Letter)> = Vec::new();
        for (language, merged) in state.recipient(id).into_iter().flat_map(|recipient| &recipient.letters) {
            letters.push((*language, self.letter(merged.letter, due, today)?));
        }
        letters.sort_by_key(|(it, _)| *it != first);
        Ok(letters.into_iter().map(|(_, letter)| letter).collect())
    }

    fn letter(&self, hash: BlobHash, due: Option<Day>, on: Day) -> Result<Letter, Problem> {
        let bytes = self.blob(hash)?;
        let merged: Merged = serde_json::from_slice(&bytes)
            .map_err(|error| Problem::while_doing(format!("reading the letter {hash}"), error).exit(Exit::Unreadable))?;
        ready(&dated(merged, due, on), self.mail.office.name()).map_err(|why| Problem::new(why).exit(Exit::WrongUse))
    }

    fn words(&self, envelope: &Envelope<'_>, subject: String, text: BlobHash) -> Result<(String, Vec<u8>), Problem> {
        let text = String::from_utf8(self.blob(text)?).map_err(|error| Problem::while_doing("reading the words", error).exit(Exit::Unreadable))?;
        let bytes = compose_words(envelope, &subject, &text)?;
        Ok((subject, bytes))
    }

    /// The messages that this one follows, oldest first, as far as we sent them by mail; and the letter that it answers.
    fn thread(&self, state: &State, first: RecipientId) -> (Vec<MessageId>, Option<CommunicationId>) {
        let (mut thread, mut answers) = (Vec::new(), None);
        for (number, it) in state.communications().iter().enumerate() {
            let is_letter = it.direction == Direction::Out && it.purpose == Some(Purpose::Letter) && it.recipients.contains(&first);
            let (true, Some(key), Some(content)) = (is_letter, it.message, it.content) else { continue };
            // The log knows a Message-ID by its digest alone; the message itself has it in full, unless it was destroyed.
            let id = self.blob(content).ok().and_then(|bytes| message_id_of(&bytes)).filter(|id| id.key() == key);
            if let Some(id) = id {
                thread.push(id);
                answers = u32::try_from(number).ok().map(CommunicationId);
            }
        }
        (thread, answers)
    }
}
