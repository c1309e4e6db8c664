//! What is marked in a document, and what was looked up in it.

use crate::exchange::id::{BlobHash, CodeId, DocumentId, FieldId, PersonId, RoundId};
use crate::exchange::moment::{Day, Moment};
use crate::exchange::words::{Remark, Title};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Words that follow one another on one page of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// The page, from 1.
    pub page: u32,
    /// The first word on that page, from 0.
    pub first: u32,
    /// How many words.
    pub n_words: u32,
    /// The sum over them: see [`sum`].
    pub sum: u32,
}

impl Segment {
    /// The word behind its last.
    pub fn end(self) -> u32 {
        self.first.saturating_add(self.n_words)
    }

    /// How many words both have.
    pub fn shared(self, other: Segment) -> u32 {
        if self.page == other.page { self.end().min(other.end()).saturating_sub(self.first.max(other.first)) } else { 0 }
    }

    /// Whether another begins where it ends.
    pub fn is_followed_by(self, next: Segment) -> bool {
        self.page == next.page && self.end() == next.first
    }

    /// It and the one that follows it as one.
    #[must_use]
    pub fn joined(self, next: Segment) -> Segment {
        let power = (0..next.n_words).fold(1_u32, |power, _| power.wrapping_mul(STEP));
        Segment { n_words: self.n_words + next.n_words, sum: self.sum.wrapping_mul(power).wrapping_add(next.sum), ..self }
    }

    /// Whether it holds a word at all, and a page.
    pub fn is_sound(self) -> bool {
        self.page > 0 && self.n_words > 0 && self.first.checked_add(self.n_words).is_some()
    }
}

/// What the sum before is multiplied by when a word follows: odd, so that no bit of it is lost.
const STEP: u32 = 0x9e37_79b1;

/// A sum over the words of a passage, by which it is found again where the text was read anew and words moved.
///
/// Each word counts by the first four bytes of the SHA-256 of the file's hash and the word, and those before by a power of an odd
/// number, modulo 2³². Four bytes are enough to find a passage among the words of a document, and too few to prove what it said:
/// the log keeps the sum for ever, and the document may have to go.
pub fn sum<'a>(original: BlobHash, words: impl IntoIterator<Item = &'a str>) -> u32 {
    words.into_iter().fold(0, |sum, word| sum.wrapping_mul(STEP).wrapping_add(word_sum(original, word)))
}

/// What one word adds to the sum.
fn word_sum(original: BlobHash, word: &str) -> u32 {
    let bytes: [u8; 32] = Sha256::digest(format!("{original} {word}")).into();
    u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// Passages of as many words as this that have its sum, by their first word, among the words of one page; whoever reads the text
/// finds a passage again with it.
///
/// ```
/// use headwater_prevention::exchange::{id::BlobHash, reading::coding::{places_of, sum}};
/// let original = BlobHash::of(b"a file");
/// let page = ["a", "new", "head", "county", "lines", "and", "county", "lines"];
/// assert_eq!(places_of(original, 2, sum(original, ["county", "lines"]), &page), [3, 6]);
/// ```
pub fn places_of(original: BlobHash, n_words: u32, wanted: u32, page: &[&str]) -> Vec<u32> {
    let n = n_words as usize;
    if n == 0 || page.len() < n {
        return Vec::new();
    }
    let words: Vec<u32> = page.iter().map(|word| word_sum(original, word)).collect();
    let highest = (0..n).fold(1_u32, |power, _| power.wrapping_mul(STEP));
    let mut rolling = 0_u32;
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        rolling = rolling.wrapping_mul(STEP).wrapping_add(*word);
        if at >= n {
            rolling = rolling.wrapping_sub(words[at - n].wrapping_mul(highest));
        }
        if at + 1 >= n && rolling == wanted {
            found.push((at + 1 - n) as u32);
        }
    }
    found
}

/// Where something is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The document as a whole.
    Whole,
    /// A passage of it.
    Segment(Segment),
}

impl Place {
    /// The passage, if it is one.
    pub fn segment(self) -> Option<Segment> {
        match self {
            Place::Whole => None,
            Place::Segment(segment) => Some(segment),
        }
    }

    /// Whether a document can have it.
    pub fn is_sound(self) -> bool {
        self.segment().is_none_or(Segment::is_sound)
    }
}

/// How a coding came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A person read the passage and marked it.
    Person,
    /// The program suggested it and a person confirmed it.
    Suggestion,
    /// A person marked it in a round; it does not count by itself.
    Blind(RoundId),
    /// It was settled in a round.
    Settled(RoundId),
}

/// One code at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coding {
    /// In which document.
    pub document: DocumentId,
    /// Where.
    pub place: Place,
    /// With which code.
    pub code: CodeId,
    /// How it came about.
    pub origin: Origin,
    /// What its coder said of it.
    pub note: Option<Remark>,
    /// By whom; of what was settled, who settled it.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// By which version of the codebook.
    pub version: u32,
    /// Whether it was taken back.
    pub removed: bool,
    /// The place in the log of its last change.
    pub changed: u64,
}

impl Coding {
    /// Whether it counts in comparisons: what is coded blind counts only as it is settled.
    pub fn counts(&self) -> bool {
        !matches!(self.origin, Origin::Blind(_))
    }
}

/// What a document says of a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldValue {
    /// In words.
    Words(Remark),
    /// A number as it is written, with digits and at most one point.
    Number(Title),
    /// A day.
    Day(Day),
    /// Yes or no.
    YesNo(bool),
    /// One of the choices, by its place among them.
    Choice(u16),
    /// The document was searched and says nothing of it.
    NotSaid,
}

/// What was written down of a field of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extraction {
    /// From which document.
    pub document: DocumentId,
    /// For which field.
    pub field: FieldId,
    /// What it says; `None` where what had been written down was taken back.
    pub value: Option<FieldValue>,
    /// Where it says so.
    pub place: Place,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// By which version of the codebook.
    pub version: u32,
    /// Its place in the log.
    pub changed: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn segment(page: u32, first: u32, n_words: u32) -> Segment {
        Segment { page, first, n_words, sum: 0 }
    }

    #[test]
    fn passages_share_words_of_one_page_alone() {
        assert_eq!(segment(1, 0, 10).shared(segment(1, 5, 10)), 5);
        assert_eq!(segment(1, 5, 10).shared(segment(1, 0, 10)), 5);
        assert_eq!(segment(1, 0, 10).shared(segment(1, 10, 3)), 0);
        assert_eq!(segment(1, 0, 10).shared(segment(2, 0, 10)), 0);
        assert!(segment(1, 0, 1).is_sound());
        for unsound in [segment(0, 0, 1), segment(1, 0, 0), segment(1, u32::MAX, 1)] {
            assert!(!unsound.is_sound());
        }
    }

    #[test]
    fn a_sum_is_of_these_words_of_this_file() {
        let (one, other) = (BlobHash::of(b"one"), BlobHash::of(b"other"));
        assert_eq!(sum(one, ["county", "lines"]), sum(one, ["county", "lines"]));
        assert_ne!(sum(one, ["county", "lines"]), sum(other, ["county", "lines"]));
        assert_ne!(sum(one, ["county", "lines"]), sum(one, ["countylines"]));
        assert_ne!(sum(one, ["county", "lines"]), sum(one, ["lines", "county"]));
    }

    proptest! {
        #[test]
        fn passages_are_joined_and_found_as_their_words_say(words in prop::collection::vec("[ab]{1,2}", 1..30), cut in 0_usize..30, first in 0_usize..30, n in 1_usize..6) {
            let original = BlobHash::of(b"one");
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let of = |range: std::ops::Range<usize>| Segment {
                page: 1,
                first: range.start as u32,
                n_words: range.len() as u32,
                sum: sum(original, words[range].iter().copied()),
            };
            let cut = cut % words.len();
            prop_assert!(of(0..cut).is_followed_by(of(cut..words.len())));
            prop_assert_eq!(of(0..cut).joined(of(cut..words.len())), of(0..words.len()));
            let first = first % words.len();
            let n = n.min(words.len() - first);
            let expected: Vec<u32> = (0..=words.len() - n).filter(|at| words[*at..at + n] == words[first..first + n]).map(|at| at as u32).collect();
            prop_assert_eq!(places_of(original, n as u32, of(first..first + n).sum, &words), expected);
        }
    }
}
