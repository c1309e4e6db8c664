//! Messages: what a letter by e-mail says of itself, its text, and what it carries.
//!
//! A message is bytes that anyone may have made. Nothing it says of its sender is believed here; what was said is handed
//! on, with signs that it may be untrue, and the caller decides. Broken messages are read as far as they go, and what had to
//! be guessed is told in [`Mail::remarks`].
//!
//! Addresses and text are personal: the caller keeps them where they can be erased.

mod automatic;
mod bare;
mod eml;
mod field;
mod html;
mod mailbox;
mod outlook;
mod rtf;
mod sender;

pub use automatic::{Automatic, DeliveryAction, DeliveryReport};
pub use bare::without_files;
pub use html::text_of_html;
pub use mailbox::split;
pub use sender::{AuthenticationResult, SenderEvidence, SpoofSign};

use crate::Refusal;
use crate::kind::{Kind, sniff};

/// How much a message may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of one message, and of all that it carries once it is unpacked.
    pub most_bytes: usize,
    /// The most parts: texts, attachments, messages within messages, and what holds them together.
    pub most_parts: usize,
    /// How deep messages may lie in messages; 0 allows none.
    pub deepest: usize,
}

impl Default for Limits {
    /// 150 MB (the largest that common mail servers take in), 1,000 parts, eight messages deep.
    fn default() -> Self {
        Self { most_bytes: 150_000_000, most_parts: 1_000, deepest: 8 }
    }
}

/// A name and an address as a message gives them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// The name before the address, if there is one.
    pub name: Option<String>,
    /// The address, as written; it may be none at all.
    pub address: String,
}

impl Address {
    /// What follows the last `@`, in small letters; empty if there is none.
    ///
    /// ```
    /// use headwater_documents::mail::Address;
    /// let address = Address { name: None, address: "office@Example.ORG".to_owned() };
    /// assert_eq!(address.domain(), "example.org");
    /// ```
    pub fn domain(&self) -> String {
        self.address.rsplit_once('@').map_or_else(String::new, |(_, domain)| domain.trim_matches(['>', '.', ' ']).to_lowercase())
    }
}

/// A file that came with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name as the sender gave it: it can hold anything, and is never used as a path.
    pub name: Option<String>,
    /// What the sender says it is, such as `application/pdf`.
    pub declared_type: String,
    /// Whether it is shown within the text, as a picture in a signature is.
    pub is_inline: bool,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A message within a message, as one that was forwarded whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosed {
    /// What it says.
    pub mail: Mail,
    /// Its own bytes; Outlook keeps a message within a message as no file of its own.
    pub bytes: Option<Vec<u8>>,
}

/// What a message says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// Its Message-ID, without the brackets.
    pub message_id: Option<String>,
    /// The messages it says it answers: as a rule one.
    pub in_reply_to: Vec<String>,
    /// The messages before it, oldest first.
    pub references: Vec<String>,
    /// Who wrote it, as it says.
    pub from: Vec<Address>,
    /// Where answers are wanted.
    pub reply_to: Vec<Address>,
    /// Whom it names as those it is for.
    pub to: Vec<Address>,
    /// Whom it names as those who get a copy.
    pub cc: Vec<Address>,
    /// The mailboxes into which servers say they put it (Delivered-To, X-Original-To, Envelope-To): replies to an address of
    /// ours may come by a list or a blind copy.
    pub delivered_to: Vec<Address>,
    /// Where a failure is to be told (Return-Path); `Some` and empty for what must never be answered.
    pub return_path: Option<String>,
    /// When it says it was written, as `2020-10-13T09:30:00+01:00`.
    pub date: Option<String>,
    /// When the last server that handed it on had it (the first Received), in the same form: what its sender cannot choose.
    pub received: Option<String>,
    /// Its subject.
    pub subject: String,
    /// Its text; from HTML if it has no plain one.
    pub text: String,
    /// Whether its text was made from HTML: each line of it is then a paragraph.
    pub is_from_html: bool,
    /// The files it carries.
    pub attachments: Vec<Attachment>,
    /// The messages it carries.
    pub messages: Vec<Enclosed>,
    /// Whether a program wrote it, and why.
    pub automatic: Option<Automatic>,
    /// What a server reports of the delivery of a message, one for each recipient.
    pub deliveries: Vec<DeliveryReport>,
    /// What servers say they found out of its sender, the last server first.
    pub authentication: Vec<AuthenticationResult>,
    /// What speaks against its sender being who it says.
    pub signs: Vec<SpoofSign>,
    /// What could not be read as it was written, in sentences.
    pub remarks: Vec<String>,
}

/// Reads one message: as it travels (`.eml`) or as Outlook saves it (`.msg`), told apart by content.
///
/// Character sets that are wrong or unknown are read as Windows-1252 where they are not UTF-8, and this is said.
///
/// # Errors
/// Refuses what is no message, what is beyond the limits, and a file of several messages, which [`split`] takes apart.
///
/// ```
/// use headwater_documents::mail::{Limits, read};
/// let mail = read(b"From: Ann <ann@example.org>\r\nSubject: Our answer\r\n\r\nIt is attached.\r\n", &Limits::default())?;
/// assert_eq!((mail.from[0].address.as_str(), mail.text.as_str()), ("ann@example.org", "It is attached.\n"));
/// # Ok::<(), headwater_documents::Refusal>(())
/// ```
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Mail, Refusal> {
    if bytes.len() > limits.most_bytes {
        return Err(too_large(limits));
    }
    match sniff(bytes) {
        Kind::OutlookMessage => outlook::read(bytes, limits),
        Kind::Mailbox => Err(Refusal::new("the file holds several messages, one after another", "split it, and read each by itself")),
        Kind::Mail | Kind::Text | Kind::HtmlPage | Kind::Binary => eml::read(bytes, limits),
        Kind::OldOffice => Err(Refusal::new(
            "the file is an office file of before 2007, not a message that Outlook saved",
            "save the message again from Outlook, as .msg, or from any other program as .eml",
        )),
        other => Err(Refusal::new(format!("the file is {}, not a message", other.name()), "save the message as .eml or .msg")),
    }
}

fn too_large(limits: &Limits) -> Refusal {
    Refusal::new(
        format!("the message and what it carries are larger than {} bytes", limits.most_bytes),
        "save its attachments in the mail program and hand them over as files",
    )
}

fn too_many_parts(limits: &Limits) -> Refusal {
    Refusal::new(
        format!("the message has more than {} parts, texts and attachments counted together", limits.most_parts),
        "forward what matters of it in a message of its own",
    )
}

fn too_deep(limits: &Limits) -> Refusal {
    Refusal::new(
        format!("messages lie in messages more than {} deep", limits.deepest),
        "open the message, save the one that matters as a file, and hand that over",
    )
}

fn no_message() -> Refusal {
    Refusal::new(
        "the file has no header of a message: no line such as \"From: …\" or \"Subject: …\" before its text",
        "save the message again from the mail program as .eml or .msg; if it is a note, hand it over as text",
    )
}

/// What is left of the limits while a message is read.
struct Meter<'a> {
    limits: &'a Limits,
    bytes_left: usize,
    parts_left: usize,
}

impl<'a> Meter<'a> {
    fn new(limits: &'a Limits) -> Self {
        Self { limits, bytes_left: limits.most_bytes, parts_left: limits.most_parts }
    }

    fn spend_bytes(&mut self, n: usize) -> Result<(), Refusal> {
        self.bytes_left = self.bytes_left.checked_sub(n).ok_or_else(|| too_large(self.limits))?;
        Ok(())
    }

    fn spend_part(&mut self) -> Result<(), Refusal> {
        self.parts_left = self.parts_left.checked_sub(1).ok_or_else(|| too_many_parts(self.limits))?;
        Ok(())
    }
}

/// Text with line ends as `\n`.
fn with_plain_line_ends(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}
