//! Messages of an office, handed over one after another, each kept and told to the log before it goes (decision 0012).

mod messages;

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::ControlFlow;

use headwater_prevention::exchange::chase::Throttle;
use headwater_prevention::exchange::communication::Purpose;
use headwater_prevention::exchange::decide::campaigns::letters_to_send;
use headwater_prevention::exchange::decide::handovers::{self, NewHandover};
use headwater_prevention::exchange::decide::{Allowed, Order};
use headwater_prevention::exchange::handover::{Handover, HandoverStage};
use headwater_prevention::exchange::id::{BlobHash, BodyId, CampaignId, ChaserId, CommunicationId, MessageKey, PersonId, RecipientId};
use headwater_prevention::exchange::moment::Moment;
use headwater_prevention::exchange::non_response::NoticeTerms;
use headwater_prevention::exchange::state::State;
use headwater_prevention::exchange::words::Remark;
use jiff::Timestamp;

use super::address::Mailbox;
use super::compose::{Way, header, message_id_of};
use super::send::{Answer, Postbox};
use super::settings::Mail;
use crate::people::Person;
use crate::problem::{Exit, Problem};
use crate::store::Workspace;

pub use self::messages::{DUTY_SUBJECT, addressee, body_of, notice_subject, reminder_subject};

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

/// What is to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// The letter of a campaign to one recipient.
    Letter(RecipientId),
    /// A reminder that a second person approved.
    Reminder(ChaserId),
    /// A reminder of answers to recommendations that a second person approved.
    DutyReminder(BodyId),
    /// Notice to a recipient before it is named for its silence; the evidence is its text, as it was read.
    Notice(RecipientId, NoticeTerms),
}

impl Errand {
    /// Whether a message that was handed over is of this errand.
    fn is_that_of(self, handover: &Handover) -> bool {
        match self {
            Errand::Letter(id) => handover.purpose == Purpose::Letter && handover.recipients == [id],
            Errand::Reminder(id) => handover.chaser == Some(id),
            Errand::DutyReminder(body) => handover.duty == Some(body),
            Errand::Notice(id, _) => handover.purpose == Purpose::Notice && handover.recipients == [id],
        }
    }
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
    /// Those whose answers it asks for.
    pub recipients: Vec<RecipientId>,
    /// What it follows in its thread.
    pub answers: Option<CommunicationId>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What became of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The server said something, or nothing.
    Answered(Answer),
    /// It could not be handed over, and why; nothing was told to the log.
    NotBegun(String),
}

impl Outbox<'_> {
    fn order(&self, state: &State) -> Order {
        Order { seen: state.seq(), ..self.newest() }
    }

    /// An order by whoever saw everything.
    fn newest(&self) -> Order {
        Order { by: self.by, at: Moment::from_microseconds(Timestamp::now().as_microsecond()), seen: u64::MAX }
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

    /// Hands over the letters of a campaign that may go, and tells of each as it is known, until it is told to break off.
    ///
    /// Ends with the first letter of which nobody knows whether it went: a dead line would make more of them.
    ///
    /// # Errors
    /// The log or a blob cannot be written: nothing goes then.
    pub fn send(&self, campaign: CampaignId, server: &mut dyn Postbox, tell: &mut dyn FnMut(&str, &Fate) -> ControlFlow<()>) -> Result<(), Problem> {
        let state = self.desk.state()?;
        for id in letters_to_send(&state, campaign, self.newest().at) {
            let fate = self.send_one(Errand::Letter(id), server)?;
            let is_silent = matches!(fate, Fate::Answered(Answer::Silence { .. }));
            if tell(&body_of(&state, id), &fate).is_break() || is_silent {
                break;
            }
        }
        Ok(())
    }

    /// Hands over one message: that which was refused for now, if it is still the right one, or a new one.
    ///
    /// # Errors
    /// The log or a blob cannot be written: it does not go then.
    pub fn send_one(&self, errand: Errand, server: &mut dyn Postbox) -> Result<Fate, Problem> {
        let state = self.desk.state()?;
        let (message, is_new) = match self.begun_before(&state, errand)? {
            Some(message) => (message, false),
            None => match self.message(&state, errand, Way::Server) {
                Ok(message) => (message, true),
                Err(problem) => return Ok(Fate::NotBegun(problem.to_string())),
            },
        };
        let key = message.key;
        let begun = if is_new {
            let content = self.ws.blobs().put(&mut message.bytes.as_slice())?.sha256.parse().map_err(Problem::new)?;
            let (recipients, answers) = (message.recipients.clone(), message.answers);
            let letter = NewHandover { message: key, purpose: Purpose::Letter, recipients, answers, chaser: None, duty: None, notice: None, content };
            let new = match errand {
                Errand::Letter(_) => letter,
                Errand::Reminder(id) => NewHandover { purpose: Purpose::Chaser, chaser: Some(id), ..letter },
                Errand::DutyReminder(body) => NewHandover { purpose: Purpose::Chaser, duty: Some(body), ..letter },
                Errand::Notice(_, terms) => NewHandover { purpose: Purpose::Notice, notice: Some(terms), ..letter },
            };
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
        let order = self.newest();
        match &answer {
            Answer::Accepted => self.desk.act(&order, &|state, order| handovers::accepted(state, order, key, order.today()))?,
            Answer::Refused { for_good, of_address, code, .. } => {
                self.desk.act(&order, &|state, order| handovers::refused(state, order, key, *for_good, *of_address, *code))?;
            }
            Answer::Silence { .. } => {}
        }
        Ok(answer)
    }

    /// The message of this errand that was refused for now, unless it is no longer what should go: then it is given up.
    fn begun_before(&self, state: &State, errand: Errand) -> Result<Option<Message>, Problem> {
        let waits = state.handovers().find(|(_, it)| errand.is_that_of(it) && matches!(it.stage, HandoverStage::RefusedForNow { .. }));
        let Some((key, handover)) = waits else { return Ok(None) };
        let before = self.kept(state, key)?;
        let goes_to = addressee(state, self.people, errand).map(|addressee| addressee.to);
        let reason = if matches!(errand, Errand::Notice(_, terms) if handover.notice != Some(terms)) {
            "Another notice takes its place"
        } else if handover.duty.is_some() && handover.went_otherwise(state, self.newest().today()) {
            "Another reminder takes its place"
        } else if goes_to.is_ok_and(|to| to.address() == before.to.address()) {
            return Ok(Some(before));
        } else {
            "The contact is another one now"
        };
        let reason: Remark = reason.parse().map_err(Problem::new)?;
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
        let (recipients, answers) = (handover.recipients.clone(), handover.answers);
        Ok(Message { to: Mailbox::new("", address)?, body: String::new(), subject: String::new(), key, recipients, answers, bytes })
    }

    /// Hands over again what is in doubt or was refused for now, as the same message, because a person accepts that it may
    /// arrive twice; `seen` is how much of the log they had seen.
    ///
    /// # Errors
    /// It is settled, somebody else settled it meanwhile, or the log cannot be written.
    pub fn send_again(&self, key: MessageKey, seen: u64, server: &mut dyn Postbox) -> Result<Answer, Problem> {
        let state = self.desk.state()?;
        let message = self.kept(&state, key)?;
        self.desk.act(&Order { seen, ..self.newest() }, &|state, order| handovers::again(state, order, key, true))?;
        self.hand_over(&message, server)
    }
}
