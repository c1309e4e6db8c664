//! A letter as the bytes of a message.
//!
//! The same letter, addresses, Message-ID and time give the same bytes. All of it is ASCII in short lines, so that no
//! server on the way needs to change it.

use headwater_publish::letter_page;
use headwater_release::{Letter, LetterLanguage};
use jiff::Timestamp;
use mail_builder::MessageBuilder;
use mail_builder::headers::address::{Address as AddressHeader, EmailAddress};
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId as IdHeader;
use mail_builder::headers::text::Text;
use mail_builder::mime::{BodyPart, MimePart};
use sha2::{Digest, Sha256};

use super::address::{Address, Mailbox, MessageId, one_line};
use crate::problem::{Exit, Problem};
use crate::store::blobs::hex;

/// The longest subject, in characters.
const LONGEST_SUBJECT: usize = 300;

/// What makes a message besides its letter.
pub struct Envelope<'a> {
    /// Who writes.
    pub from: &'a Mailbox,
    /// Who is written to: one.
    pub to: &'a Mailbox,
    /// Where that recipient's answers arrive, and nobody else's.
    pub reply_to: &'a Address,
    /// Its name for ever.
    pub message_id: &'a MessageId,
    /// When it was written.
    pub at: Timestamp,
    /// The messages before it, oldest first; the last is the one it answers.
    pub thread: &'a [MessageId],
    /// How it goes.
    pub way: Way,
}

/// How a message goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A server takes it.
    Server,
    /// A person opens it in a mail program and sends it from there.
    ByHand,
}

/// A message of these letters: the first is its text, and all are attached as files for printing and keeping.
///
/// # Errors
/// There is no letter, its title cannot stand in a header, or it cannot be set as PDF.
pub fn compose(envelope: &Envelope<'_>, letters: &[Letter]) -> Result<Vec<u8>, Problem> {
    let first = letters.first().ok_or_else(|| Problem::new("there is no letter to send").exit(Exit::WrongUse))?;
    let languages: Vec<&str> = letters.iter().map(|letter| code(letter.language())).collect();
    let text = MimePart::new("text/plain", BodyPart::Text(first.plain().into())).language(code(first.language()));
    let page = MimePart::new("text/html", BodyPart::Text(letter_page(first).into())).language(code(first.language()));
    let mut parts = vec![multipart("alternative", envelope.message_id, vec![text, page])];
    for letter in letters {
        parts.extend(files(letter)?);
    }
    written(envelope, first.title(), &languages.join(", "), multipart("mixed", envelope.message_id, parts))
}

/// A message of words alone, in English.
///
/// # Errors
/// The subject cannot stand in a header.
pub fn compose_words(envelope: &Envelope<'_>, subject: &str, words: &str) -> Result<Vec<u8>, Problem> {
    written(envelope, subject, "en", MimePart::new("text/plain", BodyPart::Text(words.into())).language("en"))
}

fn written(envelope: &Envelope<'_>, subject: &str, languages: &str, body: MimePart<'_>) -> Result<Vec<u8>, Problem> {
    let mut message = MessageBuilder::new()
        .from(mailbox(envelope.from))
        .to(mailbox(envelope.to))
        .reply_to(AddressHeader::Address(EmailAddress { name: None, email: envelope.reply_to.as_str().into() }))
        .subject(one_line("the title", subject, LONGEST_SUBJECT)?)
        .date(Date::new(envelope.at.as_second()))
        .message_id(envelope.message_id.as_str());
    if let Some(last) = envelope.thread.last() {
        message = message.in_reply_to(last.as_str());
        message = message.references(IdHeader::new_list(envelope.thread.iter().map(MessageId::as_str)));
    }
    message = message.header("Content-Language", Text::new(languages));
    if envelope.way == Way::ByHand {
        // Outlook then opens it as a letter to be sent, not as one that came.
        message = message.header("X-Unsent", Text::new("1"));
    }
    let mut bytes = Vec::new();
    message.body(body).serialize(&mut bytes);
    Ok(bytes)
}

fn code(language: LetterLanguage) -> &'static str {
    match language {
        LetterLanguage::English => "en",
        LetterLanguage::Welsh => "cy",
    }
}

fn mailbox(mailbox: &Mailbox) -> AddressHeader<'_> {
    let name = (!mailbox.name().is_empty()).then(|| mailbox.name().into());
    AddressHeader::Address(EmailAddress { name, email: mailbox.address().as_str().into() })
}

/// Parts with a boundary that follows from the Message-ID; "=_" stands in no encoded text.
fn multipart<'a>(kind: &str, id: &MessageId, parts: Vec<MimePart<'a>>) -> MimePart<'a> {
    let digest = hex(&Sha256::digest(format!("{kind} {}", id.as_str()).as_bytes()));
    let kind = ContentType::new(format!("multipart/{kind}")).attribute("boundary", format!("=_{}", &digest[..32]));
    MimePart::new(kind, BodyPart::Multipart(parts))
}

/// The letter as files: a page, and a PDF where the program can set one.
fn files(letter: &Letter) -> Result<Vec<MimePart<'static>>, Problem> {
    let (name, language) = match letter.language() {
        LetterLanguage::English => ("letter", "en"),
        LetterLanguage::Welsh => ("llythyr", "cy"),
    };
    let mut files = Vec::new();
    #[cfg(feature = "pdf")]
    {
        let bytes = headwater_publish::letter_pdf(letter).map_err(Problem::new)?;
        files.push(MimePart::new("application/pdf", bytes).attachment(format!("{name}.pdf")).language(language));
    }
    let page = letter_page(letter).into_bytes();
    let kind = ContentType::new("text/html").attribute("charset", "utf-8");
    files.push(MimePart::new(kind, page).attachment(format!("{name}.html")).language(language));
    Ok(files)
}

/// The Message-ID in the head of a kept message, if it has one.
pub fn message_id_of(bytes: &[u8]) -> Option<MessageId> {
    header(bytes, "Message-ID")?.parse().ok()
}

/// The first header of a name, its lines joined.
pub fn header(bytes: &[u8], name: &str) -> Option<String> {
    let mut value: Option<String> = None;
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let continues = line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t'));
        if let Some(value) = &mut value {
            if !continues {
                break;
            }
            value.push_str(&String::from_utf8_lossy(line));
            continue;
        }
        if line.is_empty() {
            break;
        }
        let at = line.iter().position(|byte| *byte == b':');
        if let Some(at) = at
            && !continues
            && line[..at].trim_ascii_end().eq_ignore_ascii_case(name.as_bytes())
        {
            value = Some(String::from_utf8_lossy(&line[at + 1..]).into_owned());
        }
    }
    value.map(|value| value.trim().to_owned())
}
