//! How the exchange names things: numbers for its own things, short ids for people, SHA-256 for what was written.

use serde::de::{Error, Visitor};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

macro_rules! numbered {
    ($($(#[$doc:meta])* $name:ident, $word:literal;)*) => { $(
        $(#[$doc])*
        ///
        /// Given out one after another from 0 in the order of the log.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// Its place in a list of all.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($word, " {}"), self.0)
            }
        }
    )* };
}

numbered! {
    /// The number of a body.
    BodyId, "body";
    /// The number of a contact.
    ContactId, "contact";
    /// The number of a campaign.
    CampaignId, "campaign";
    /// The number of a recipient.
    RecipientId, "recipient";
    /// The number of a communication, in or out.
    CommunicationId, "communication";
    /// The number of a chaser.
    ChaserId, "chaser";
    /// The number of a submission.
    SubmissionId, "submission";
    /// The number of a document.
    DocumentId, "document";
    /// The number of a recommendation.
    RecommendationId, "recommendation";
    /// The number of a code of the codebook.
    CodeId, "code";
    /// The number of a field of the codebook.
    FieldId, "field";
    /// The number of a coding.
    CodingId, "coding";
    /// The number of a round of blind coding.
    RoundId, "round";
}

/// The place of an item among the items of its campaign, from 0; it never moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemId(pub u16);

impl ItemId {
    /// Its place in the campaign's list.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "item {}", self.0 + u16::from(self.0 < u16::MAX))
    }
}

/// One cell of the grid: what one recipient was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskId {
    /// Who was asked.
    pub recipient: RecipientId,
    /// For what.
    pub item: ItemId,
}

/// The longest short id, in bytes.
const LONGEST_SHORT_ID: usize = 31;

/// A short id kept in place: 1 to 31 small letters, digits and hyphens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct ShortId {
    bytes: [u8; LONGEST_SHORT_ID],
    n_bytes: u8,
}

impl ShortId {
    fn new(text: &str) -> Option<Self> {
        let sound = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
        if text.is_empty() || text.len() > LONGEST_SHORT_ID || !text.as_bytes().iter().all(sound) {
            return None;
        }
        let mut bytes = [0; LONGEST_SHORT_ID];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Some(Self { bytes, n_bytes: text.len() as u8 })
    }

    fn text(&self) -> &str {
        // Made from ASCII only; the empty text is never reached.
        std::str::from_utf8(&self.bytes[..usize::from(self.n_bytes)]).unwrap_or("")
    }
}

/// Reads a value from the text of a JSON string: what it should be, and how it is read.
pub(super) struct FromText<T>(pub(super) &'static str, pub(super) fn(&str) -> Result<T, String>);

impl<T> Visitor<'_> for FromText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.1)(text).map_err(E::custom)
    }
}

/// Serde for a type that is written and read as text.
macro_rules! as_text {
    ($name:ty, $what:literal) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_str($crate::exchange::id::FromText($what, |text| text.parse()))
            }
        }
    };
}

/// A person, named by the id under which the erasable record of that person is kept.
///
/// Only small letters, digits and hyphens, at most 31, so that neither a name nor an address can stand in an event.
///
/// ```
/// use headwater_prevention::exchange::id::PersonId;
/// let person: PersonId = "p-7kq2".parse()?;
/// assert_eq!(person.as_str(), "p-7kq2");
/// assert!("A. Person".parse::<PersonId>().is_err());
/// assert!("a.person@example.org".parse::<PersonId>().is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(ShortId);

impl PersonId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        self.0.text()
    }
}

impl FromStr for PersonId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        ShortId::new(text).map(Self).ok_or_else(|| format!("\"{}\" is not a person's id: use 1 to 31 small letters, digits and hyphens", shown(text)))
    }
}

/// The part of a reply address that belongs to one recipient alone: 8 to 31 small letters, digits and hyphens, by chance.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplyToken(ShortId);

impl ReplyToken {
    /// The token as text.
    pub fn as_str(&self) -> &str {
        self.0.text()
    }
}

impl FromStr for ReplyToken {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        ShortId::new(text)
            .filter(|id| id.n_bytes >= 8)
            .map(Self)
            .ok_or_else(|| format!("\"{}\" is not a reply token: use 8 to 31 small letters, digits and hyphens", shown(text)))
    }
}

/// At most forty characters of something that was not understood.
fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Thirty-two bytes as hexadecimal digits.
fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

fn read_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let text = text.as_bytes();
    if text.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// The SHA-256 of what was written or received: a letter, a message, a document, a piece of evidence.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobHash([u8; 32]);

impl BlobHash {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// One hash of several in their order, as a seal over all of them.
    pub fn seal(hashes: impl IntoIterator<Item = BlobHash>) -> Self {
        let mut seal = Sha256::new();
        hashes.into_iter().for_each(|hash| seal.update(hash.0));
        Self(seal.finalize().into())
    }
}

impl FromStr for BlobHash {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        read_hex(text).map(Self).ok_or_else(|| format!("\"{}\" is not a SHA-256: write 64 digits 0-9, a-f", shown(text)))
    }
}

/// A Message-ID of a mail, as a digest: the id itself often holds an address.
///
/// Only whether two are the same is ever asked. Angle brackets and white space around the id do not count.
///
/// ```
/// use headwater_prevention::exchange::id::MessageKey;
/// assert_eq!(MessageKey::of(" <7@mail.example> "), MessageKey::of("7@mail.example"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageKey([u8; 16]);

impl MessageKey {
    /// The key of a Message-ID as it stands in a header.
    pub fn of(message_id: &str) -> Self {
        let inner = message_id.trim().trim_start_matches('<').trim_end_matches('>').trim();
        let digest: [u8; 32] = Sha256::digest(inner.as_bytes()).into();
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        Self(key)
    }
}

impl FromStr for MessageKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        read_hex(text).map(Self).ok_or_else(|| format!("\"{}\" is not a message key: write 32 digits 0-9, a-f", shown(text)))
    }
}

macro_rules! shown_as {
    ($($name:ident: |$it:ident, $f:ident| $write:expr;)*) => { $(
        impl fmt::Display for $name {
            fn fmt(&self, $f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let $it = self;
                $write
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )* };
}

shown_as! {
    PersonId: |it, f| f.write_str(it.as_str());
    ReplyToken: |it, f| f.write_str(it.as_str());
    BlobHash: |it, f| write_hex(&it.0, f);
    MessageKey: |it, f| write_hex(&it.0, f);
}

as_text!(PersonId, "a person's id");
as_text!(ReplyToken, "a reply token");
as_text!(BlobHash, "a SHA-256 in 64 hexadecimal digits");
as_text!(MessageKey, "a message key in 32 hexadecimal digits");

pub(super) use as_text;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_could_hold_a_name_or_an_address_is_refused() {
        for text in ["", "Jane", "jane doe", "j@example.org", "jane.doe", "a_b", "é", &"a".repeat(32)] {
            assert!(text.parse::<PersonId>().is_err(), "{text}");
        }
        assert_eq!("a".repeat(31).parse::<PersonId>().unwrap().as_str().len(), 31);
        assert!("short".parse::<ReplyToken>().is_err());
    }

    #[test]
    fn hashes_come_back_from_their_text() {
        let hash = BlobHash::of(b"abc");
        // FIPS 180-2, the one-block example.
        assert_eq!(hash.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert!("BA7816".parse::<BlobHash>().is_err());
        let key = MessageKey::of("<1@a>");
        assert_eq!(key.to_string().parse(), Ok(key));
    }

    #[test]
    fn a_seal_depends_on_the_order_of_what_it_seals() {
        let (a, b) = (BlobHash::of(b"a"), BlobHash::of(b"b"));
        assert_ne!(BlobHash::seal([a, b]), BlobHash::seal([b, a]));
    }
}
