//! The letters of a campaign, handed over one after another, each kept and told to the log before it goes (decision 0012).

use std::collections::BTreeMap;
use std::io::Read;

use headwater_prevention::exchange::body::{Channel, Language};
use headwater_prevention::exchange::chase::Throttle;
use headwater_prevention::exchange::communication::Purpose;
use headwater_prevention::exchange::decide::campaigns::letters_to_send;
use headwater_prevention::exchange::decide::handovers::{self, NewHandover};
use headwater_prevention::exchange::decide::{Allowed, Order};
use headwater_prevention::exchange::handover::HandoverStage;
use headwater_prevention::exchange::id::{BlobHash, CampaignId, MessageKey, PersonId, RecipientId};
use headwater_prevention::exchange::letter::merge::Letter as Merged;
use headwater_prevention::exchange::letter::ready::ready;
use headwater_prevention::exchange::moment::Moment;
use headwater_prevention::exchange::state::State;
use headwater_release::Letter;
use jiff::Timestamp;

use super::address::{Mailbox, MessageId};
use super::compose::{Envelope, Way, compose, header, message_id_of};
use super::send::{Answer, Postbox};
use super::settings::Mail;
use crate::people::Person;
use crate::problem::{Exit, Problem};
use crate::store::Workspace;

/// Where orders are given and what follows from them stands.
pub trait Desk {
    /// The exchange as it stands now.
    ///
    /// # Errors
    /// The log cannot be read.
    fn state(&self) -> Result<State, Problem>;

    /// Decides and writes what follows, or nothing.
    ///
    /// # Errors
    /// What the decision refuses, or the log.
    fn act(&self, order: &Order, decide: &dyn Fn(&State, &Order) -> Allowed) -> Result<(), Problem>;
}

/// An office at its outbox.
pub struct Outbox<'a> {
    /// The workspace, for blobs.
    pub ws: &'a Workspace,
    /// Who writes.
    pub mail: &'a Mail,
    /// Who the ids of contacts are.
    pub people: &'a BTreeMap<String, Person>,
    /// Where orders are given.
    pub desk: &'a dyn Desk,
    /// Who gives them.
    pub by: PersonId,
}

/// A message that is whole.
pub struct Message {
    /// To whom.
    pub to: Mailbox,
    /// The body, for people to read.
    pub body: String,
    /// Its subject.
    pub subject: String,
    /// The key of its Message-ID.
    pub key: MessageKey,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What became of one letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The server said something, or nothing.
    Answered(Answer),
    /// It could not be handed over, and why; nothing was told to the log.
    NotBegun(String),
}

impl Outbox<'_> {
    fn order(&self, state: &State) -> Order {
        Order { by: self.by, at: Moment::from_microseconds(Timestamp::now().as_microsecond()), seen: state.seq() }
    }

    /// The letter to one recipient as a message, in the language of the contact, with the other language attached.
    ///
    /// # Errors
    /// There is nobody to write to, the letter has a gap, or a blob is missing.
    pub fn message(&self, state: &State, id: RecipientId, way: Way) -> Result<Message, Problem> {
        let recipient = state.recipient(id).ok_or_else(|| Problem::new(format!("there is no {id}")).exit(Exit::WrongUse))?;
        let body = state.body(recipient.body).map_or_else(|| recipient.body.to_string(), |body| body.entry.name.to_string());
        let (to, language) = self.contact(state, id, &body)?;
        let mut letters: Vec<(Language, Letter)> = Vec::new();
        for (language, merged) in &recipient.letters {
            letters.push((*language, self.letter(merged.letter)?));
        }
        letters.sort_by_key(|(it, _)| *it != language);
        let letters: Vec<Letter> = letters.into_iter().map(|(_, letter)| letter).collect();
        let message_id = MessageId::fresh(self.mail.office.address().domain())?;
        let envelope = Envelope {
            from: &self.mail.office,
            to: &to,
            reply_to: &self.mail.office.address().with_token(recipient.reply_token)?,
            message_id: &message_id,
            at: Timestamp::now(),
            thread: &[],
            way,
        };
        let bytes = compose(&envelope, &letters)?;
        let subject = letters.first().map(|letter| letter.title().to_owned()).unwrap_or_default();
        Ok(Message { to, body, subject, key: message_id.key(), bytes })
    }

    fn contact(&self, state: &State, id: RecipientId, body: &str) -> Result<(Mailbox, Language), Problem> {
        let nobody = |why: &str| {
            Problem::new(format!("{body}: {why}")).hint("enter or replace the contact, or send this letter by post and log it").exit(Exit::WrongUse)
        };
        let contact = state
            .recipient(id)
            .and_then(|recipient| recipient.contact)
            .and_then(|contact| state.contact(contact))
            .ok_or_else(|| nobody("there is no contact to write to"))?;
        if contact.channel != Channel::Email {
            return Err(nobody("the contact is not written to by e-mail"));
        }
        let person = self.people.get(contact.person.as_str()).ok_or_else(|| nobody("the record of the contact was erased"))?;
        let email = person.email.as_deref().ok_or_else(|| nobody("the contact has no e-mail address"))?;
        let address = email.trim().parse().map_err(|why: String| nobody(&why))?;
        Ok((Mailbox::new(&person.name, address)?, contact.language))
    }

    fn letter(&self, hash: BlobHash) -> Result<Letter, Problem> {
        let bytes = self.blob(hash)?;
        let merged: Merged = serde_json::from_slice(&bytes)
            .map_err(|error| Problem::while_doing(format!("reading the letter {hash}"), error).exit(Exit::Unreadable))?;
        ready(&merged, self.mail.office.name()).map_err(|why| Problem::new(why).exit(Exit::WrongUse))
    }

    fn blob(&self, hash: BlobHash) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        let doing = |error: std::io::Error| Problem::of_files(format!("reading the blob {hash}"), &error);
        self.ws.blobs().read(&hash.to_string())?.read_to_end(&mut bytes).map_err(doing)?;
        if BlobHash::of(&bytes) != hash {
            return Err(Problem::new(format!("the blob {hash} is damaged")).hint("restore it from a copy of the workspace").exit(Exit::Unreadable));
        }
        Ok(bytes)
    }

    /// Hands over the letters of a campaign that may go, and tells of each as it is known.
    ///
    /// Ends with the first letter of which nobody knows whether it went: a dead line would make more of them.
    ///
    /// # Errors
    /// The log or a blob cannot be written: nothing goes then.
    pub fn send(&self, campaign: CampaignId, server: &mut dyn Postbox, tell: &mut dyn FnMut(&str, &Fate)) -> Result<(), Problem> {
        let state = self.desk.state()?;
        for id in letters_to_send(&state, campaign, self.order(&state).at) {
            let body = state
                .recipient(id)
                .and_then(|recipient| state.body(recipient.body))
                .map_or_else(|| id.to_string(), |body| body.entry.name.to_string());
            let fate = self.send_one(id, server)?;
            tell(&body, &fate);
            if matches!(fate, Fate::Answered(Answer::Silence { .. })) {
                break;
            }
        }
        Ok(())
    }

    fn send_one(&self, id: RecipientId, server: &mut dyn Postbox) -> Result<Fate, Problem> {
        let state = self.desk.state()?;
        let (message, is_new) = match self.begun_before(&state, id)? {
            Some(message) => (message, false),
            None => match self.message(&state, id, Way::Server) {
                Ok(message) => (message, true),
                Err(problem) => return Ok(Fate::NotBegun(problem.to_string())),
            },
        };
        let key = message.key;
        let begun = if is_new {
            let content = self.ws.blobs().put(&mut message.bytes.as_slice())?.sha256.parse().map_err(Problem::new)?;
            let new = NewHandover { message: key, purpose: Purpose::Letter, recipients: vec![id], answers: None, chaser: None, content };
            self.desk.act(&self.order(&state), &|state, order| handovers::begin(state, order, &Throttle::default(), new.clone()))
        } else {
            self.desk.act(&self.order(&state), &|state, order| handovers::again(state, order, key, false))
        };
        if let Err(problem) = begun {
            // Somebody was quicker, or it is not allowed any more.
            return Ok(Fate::NotBegun(problem.to_string()));
        }
        self.hand_over(&message, server).map(Fate::Answered)
    }

    /// Hands over what was begun, and writes down what became of it.
    fn hand_over(&self, message: &Message, server: &mut dyn Postbox) -> Result<Answer, Problem> {
        let key = message.key;
        let answer = server.hand_over(self.mail.office.address(), message.to.address(), &message.bytes);
        let order = self.order(&self.desk.state()?);
        match &answer {
            Answer::Accepted => self.desk.act(&order, &|state, order| handovers::accepted(state, order, key, order.today()))?,
            Answer::Refused { for_good, of_address, code, .. } => {
                self.desk.act(&order, &|state, order| handovers::refused(state, order, key, *for_good, *of_address, *code))?;
            }
            Answer::Silence { .. } => {}
        }
        Ok(answer)
    }

    /// The message to this recipient that was refused for now, unless the contact has changed: then that one is given up.
    fn begun_before(&self, state: &State, id: RecipientId) -> Result<Option<Message>, Problem> {
        let waits = state
            .handovers()
            .find(|(_, it)| it.purpose == Purpose::Letter && it.recipients == [id] && matches!(it.stage, HandoverStage::RefusedForNow { .. }));
        let Some((key, _)) = waits else { return Ok(None) };
        let before = self.kept(state, key)?;
        let goes_to = self.contact(state, id, "").map(|(to, _)| to);
        if goes_to.is_ok_and(|to| to.address() == before.to.address()) {
            return Ok(Some(before));
        }
        let reason = || "The contact is another one now".parse().map_err(Problem::new);
        let reason: headwater_prevention::exchange::words::Remark = reason()?;
        self.desk.act(&self.order(state), &|state, order| handovers::give_up(state, order, key, reason.clone()))?;
        Ok(None)
    }

    /// A message that was begun, as it was kept.
    fn kept(&self, state: &State, key: MessageKey) -> Result<Message, Problem> {
        let handover = state
            .handover(key)
            .ok_or_else(|| Problem::new("no message of this key was handed over").hint("`headwater mail waiting` lists them").exit(Exit::WrongUse))?;
        let bytes = self.blob(handover.content)?;
        let damaged = || Problem::new(format!("the message {key} as it was kept has no address or no Message-ID")).exit(Exit::Unreadable);
        let to = header(&bytes, "To").ok_or_else(damaged)?;
        let address = to.rsplit_once('<').map_or(to.as_str(), |(_, rest)| rest).trim_end_matches('>').trim();
        let address = address.parse().map_err(|_| damaged())?;
        if message_id_of(&bytes).map(|id| id.key()) != Some(key) {
            return Err(damaged());
        }
        Ok(Message { to: Mailbox::new("", address)?, body: String::new(), subject: String::new(), key, bytes })
    }

    /// Hands over again what is in doubt, as the same message, because a person accepts that it may arrive twice.
    ///
    /// # Errors
    /// It is settled, somebody else settled it meanwhile, or the log cannot be written.
    pub fn send_again(&self, key: MessageKey, server: &mut dyn Postbox) -> Result<Answer, Problem> {
        let state = self.desk.state()?;
        let message = self.kept(&state, key)?;
        self.desk.act(&self.order(&state), &|state, order| handovers::again(state, order, key, true))?;
        self.hand_over(&message, server)
    }
}
