//! Addresses, the names beside them, and Message-IDs.

use std::fmt;
use std::str::FromStr;

use headwater_prevention::exchange::id::{MessageKey, ReplyToken};

use super::is_invisible;
use crate::problem::{Exit, Problem};

/// The longest part before the @ (RFC 5321).
const LONGEST_LOCAL: usize = 64;

/// The longest address (RFC 5321).
const LONGEST: usize = 254;

/// The longest name beside an address, in characters.
const LONGEST_NAME: usize = 200;

/// An address to which mail can be sent: letters of ASCII, one @, a domain of two parts or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    text: String,
    at: usize,
}

impl Address {
    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What stands before the @.
    pub fn local(&self) -> &str {
        &self.text[..self.at]
    }

    /// What stands after the @.
    pub fn domain(&self) -> &str {
        &self.text[self.at + 1..]
    }

    /// The address at which one recipient's answers arrive: `office+token@domain`.
    ///
    /// # Errors
    /// It would be too long.
    pub fn with_token(&self, token: ReplyToken) -> Result<Self, Problem> {
        format!("{}+{token}@{}", self.local(), self.domain()).parse().map_err(|why: String| Problem::new(why).exit(Exit::WrongUse))
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| Err(format!("\"{}\" is no address for mail: {why}", text.chars().take(80).collect::<String>()));
        if !text.is_ascii() {
            return wrong("only letters of ASCII can stand in it; a domain with others is written in its xn-- form");
        }
        let Some((local, domain)) = text.split_once('@') else { return wrong("it has no @") };
        let atom = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
        if local.is_empty() || local.len() > LONGEST_LOCAL || !local.split('.').all(|part| !part.is_empty() && part.bytes().all(atom)) {
            return wrong("what stands before the @ is empty, too long, or holds something else than letters, digits, dots and signs");
        }
        let label = |part: &str| {
            let inside = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            !part.is_empty() && part.len() <= 63 && inside && !part.starts_with('-') && !part.ends_with('-')
        };
        if !domain.contains('.') || !domain.split('.').all(label) || text.len() > LONGEST {
            return wrong("what stands after the @ is no domain, such as office.example");
        }
        Ok(Self { text: text.to_owned(), at: local.len() })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A name and an address, as they stand in a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    name: String,
    address: Address,
}

impl Mailbox {
    /// A mailbox; the name may have any letters and may be empty.
    ///
    /// # Errors
    /// The name holds a line break, another control character, or letters that are not seen.
    pub fn new(name: &str, address: Address) -> Result<Self, Problem> {
        Ok(Self { name: one_line("the name", name, LONGEST_NAME)?, address })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address.
    pub fn address(&self) -> &Address {
        &self.address
    }
}

/// A text that may stand in a header: one line of letters that are seen.
///
/// # Errors
/// Says what is in it that may not be.
pub fn one_line(what: &str, text: &str, longest: usize) -> Result<String, Problem> {
    let text = text.trim();
    let wrong = |why: String| Err(Problem::new(format!("{what} {why}")).hint("write it on one line, as it should be read").exit(Exit::WrongUse));
    if text.chars().any(char::is_control) {
        return wrong("of the mail holds a line break or another control character".to_owned());
    }
    if text.chars().any(is_invisible) {
        return wrong("of the mail holds letters that are not seen".to_owned());
    }
    let n = text.chars().count();
    if n > longest {
        return wrong(format!("of the mail has {n} characters, and {longest} is the most"));
    }
    Ok(text.to_owned())
}

/// The name of a message, without its angle brackets; it never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageId(String);

impl MessageId {
    /// A new one at a domain, by chance that nobody can foresee.
    ///
    /// # Errors
    /// The system gives no chance.
    pub fn fresh(domain: &str) -> Result<Self, Problem> {
        let mut chance = [0u8; 16];
        getrandom::fill(&mut chance).map_err(|error| Problem::while_doing("asking the system for chance", error))?;
        Ok(Self(format!("{}@{domain}", crate::store::blobs::hex(&chance))))
    }

    /// The id without brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digest by which the log knows it.
    pub fn key(&self) -> MessageKey {
        MessageKey::of(&self.0)
    }
}

impl FromStr for MessageId {
    type Err = String;

    /// Reads what other programs wrote: more than the standard allows, but nothing that could end a line.
    fn from_str(text: &str) -> Result<Self, String> {
        let inner = text.trim().trim_start_matches('<').trim_end_matches('>').trim();
        let sound = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b',');
        if inner.is_empty() || inner.len() > 250 || !inner.bytes().all(sound) {
            return Err("it is no Message-ID".to_owned());
        }
        Ok(Self(inner.to_owned()))
    }
}
