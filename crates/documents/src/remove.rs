//! Redaction that is true: a document is made anew from what may stay, and then shown to hold nothing of what had to go.
//!
//! Nothing is painted over. What stays is read from the document, block by block; all else is not copied: words that were
//! marked, words that nobody sees, pictures, comments, properties, files inside, bookmarks, earlier versions. Where words went
//! stands a mark that says why, of one length for each reason, so that neither the length nor the width of what was there shows.
//!
//! A removal takes **whole words**: all letters up to the next space, with their punctuation. A box takes every word whose
//! *core* it meets: the middle half of its height, so that a box which reaches into the next line leaves that line alone, and a
//! tight one still takes its own. Terms are found without regard to case, accents, ligatures, hyphens, spaces and line ends.

mod bytes;
mod find;
mod folded;
mod patterns;
mod proof;
mod rebuild;

pub use patterns::Pattern;
pub use proof::{Form, Kept, Secrets, Survivor, Where, prove, prove_text};

use crate::Refusal;
use crate::text::{Area, BlockKind, DocumentText};
use serde::{Deserialize, Serialize};

/// What is to go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Target {
    /// The words under a box.
    Box {
        /// The page; the first is 1.
        page: usize,
        /// Where on the page, as a viewer shows it: cropped and turned, in points from its top left corner.
        area: Area,
    },
    /// A word or several, wherever they stand.
    Term {
        /// What it says.
        words: String,
        /// Whether it must begin and end where words do; if not, it is found within longer words, too, and takes them.
        is_whole: bool,
    },
    /// A whole block: a paragraph, an item of a list, a row.
    Block {
        /// The page; the first is 1.
        page: usize,
        /// Which block of it, in reading order; the first is 1.
        block: usize,
    },
    /// All that has the form of such a number or address.
    Pattern(Pattern),
}

/// One thing that is to go, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Removal {
    /// What.
    pub target: Target,
    /// The reason's place in the caller's closed list.
    pub reason: usize,
}

/// A stretch of a document made anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Words that stay, one space between them.
    Words(String),
    /// Here something was removed; the reason's place in the caller's list.
    Removed(usize),
}

/// A block of a document made anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemadeBlock {
    /// What it is.
    pub kind: BlockKind,
    /// The cells of a row; all other blocks have one.
    pub cells: Vec<Vec<Part>>,
}

/// A page of a document made anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemadePage {
    /// What it is called: the name of a sheet. Empty where it has none.
    pub name: Vec<Part>,
    /// Its blocks in reading order; one of which everything was hidden is not there.
    pub blocks: Vec<RemadeBlock>,
}

/// How often something was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemovedCount {
    /// The page; the first is 1.
    pub page: usize,
    /// The reason's place in the caller's list.
    pub reason: usize,
    /// Marks on that page for that reason.
    pub n: usize,
}

/// A document made anew, and what must not be in any file made from it.
#[derive(Debug)]
pub struct Remade {
    /// Its pages, as many as the document had.
    pub pages: Vec<RemadePage>,
    /// What was removed, by page and reason.
    pub counts: Vec<RemovedCount>,
    /// Removals, by their place, that met nothing.
    pub without_effect: Vec<usize>,
    /// Terms, by their place, that also stand within longer words, which stay; and in how many.
    pub within_longer: Vec<(usize, usize)>,
    /// Words that nobody sees, which were left out.
    pub n_hidden: usize,
    /// Pages with letters of which nobody can say which they are; they were left out. The first is 1.
    pub unknown_on: Vec<usize>,
    /// Pages on which no word was read: they hold pictures, or nothing. The first is 1.
    pub wordless: Vec<usize>,
    /// What is gone.
    pub secrets: Secrets,
}

/// Makes a document anew without what is to go.
///
/// # Errors
/// A removal cannot be carried out: a box without a width, or on a page that is not there or has no layout; a term without a
/// letter, or of one letter within longer words; or nothing at all is found, so that the result would be the document itself.
///
/// ```
/// use headwater_documents::remove::{Part, Removal, Target, remove};
/// use headwater_documents::text::{Limits, of};
/// let text = of("note.txt", b"Seen by Nia Invented, aged 14.".to_vec(), &Limits::default())?;
/// let name = Removal { target: Target::Term { words: "nia invented".into(), is_whole: true }, reason: 0 };
/// let remade = remove(&text, &[name])?;
/// let kept = [Part::Words("Seen by".into()), Part::Removed(0), Part::Words("aged 14.".into())];
/// assert_eq!(remade.pages[0].blocks[0].cells[0], kept);
/// # Ok::<(), headwater_documents::Refusal>(())
/// ```
pub fn remove(text: &DocumentText, removals: &[Removal]) -> Result<Remade, Refusal> {
    let found = find::find(text, removals)?;
    if found.without_effect.len() == removals.len() {
        return Err(Refusal::new(
            "nothing of what is to be removed stands in the text that can be read of the document",
            "look whether its pages are pictures, whether boxes are in points from the top left corner, and how the words are spelt there",
        ));
    }
    Ok(rebuild::rebuild(text, removals, found))
}
