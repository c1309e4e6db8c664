//! The first screen of a file that somebody sent: is it what it says, and does it hold what no reader should meet unawares?
//!
//! Each detector is a file of its own and has one question. Most look at structure: at names, records and marks; the last
//! ones read the words for what points at a person, those included that no page shows. They run nothing. What they cannot see
//! is said in [`Screened::not_looked`]. A finding is a reason for a person to look, not a verdict; what nearly every clean
//! file carries, such as the name of its author, is noted beside and holds nothing (decision 0022).

mod biff;
mod changes;
mod comments;
mod compound;
mod concealed;
mod embedded;
mod hidden;
mod inside;
mod links;
mod locked;
mod look;
mod macros;
mod naming;
mod opc;
mod pdf;
mod personal;
mod pictures;
mod pivots;
mod presentation;
mod properties;
mod strings;
mod unseen;

use crate::kind::{Kind, sniff};
use crate::package::Fault;
pub(crate) use hidden::cells as hidden_cells;
use inside::Room;
use look::Look;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// How large a file may be, and what it may unpack to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of the file.
    pub most_bytes: usize,
    /// The most bytes that all parts of an office file may unpack to; they are not held at once.
    pub most_unpacked_bytes: u64,
    /// The most bytes of one part, which is held while it is read.
    pub most_part_bytes: usize,
    /// The most parts of an office file, or files of a zip.
    pub most_parts: usize,
}

impl Default for Limits {
    /// Files of 100 MB, which unpack to 2 GB at most and 256 MB in one part; 20,000 parts.
    fn default() -> Self {
        Self { most_bytes: 100_000_000, most_unpacked_bytes: 2_000_000_000, most_part_bytes: 256_000_000, most_parts: 20_000 }
    }
}

/// What kind of thing was found; each has its place among the findings of the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Finding {
    /// Sheets, rows or columns that are hidden and hold something.
    HiddenCells,
    /// A pivot table that carries its source.
    PivotCache,
    /// Links to files or services elsewhere, which are followed when the file is opened.
    ExternalLinks,
    /// Macros, scripts, or actions that start a program.
    Macros,
    /// Files inside the file.
    Attachments,
    /// Words that a program reads and no reader sees: under a box, in white on white, in an earlier version.
    Concealed,
    /// Comments and notes.
    Comments,
    /// It grows beyond measure when it is opened.
    Bomb,
    /// Larger than may be taken in.
    TooLarge,
    /// Not of a kind that may be taken in, damaged, or not what its name says.
    WrongKind,
    /// It needs a password, or is encrypted.
    Locked,
    /// Changes that are tracked: what was deleted is still there.
    TrackedChanges,
    /// A place in its metadata: where a picture was taken.
    Metadata,
    /// Words that point at a person: a number, a date of birth, a list of names.
    PersonalIdentifier,
}

impl Finding {
    /// The finding in two or three words.
    pub fn words(self) -> &'static str {
        match self {
            Self::HiddenCells => "hidden cells",
            Self::PivotCache => "a pivot table's source",
            Self::ExternalLinks => "links to elsewhere",
            Self::Macros => "macros or scripts",
            Self::Attachments => "files inside the file",
            Self::Concealed => "words nobody sees",
            Self::Comments => "comments",
            Self::Bomb => "grows beyond measure",
            Self::TooLarge => "too large",
            Self::WrongKind => "not what it should be",
            Self::Locked => "locked",
            Self::TrackedChanges => "tracked changes",
            Self::Metadata => "a place in the metadata",
            Self::PersonalIdentifier => "personal identifiers",
        }
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Found {
    /// What kind of thing.
    pub finding: Finding,
    /// Where in the file: a sheet, a part; empty for the file as a whole.
    pub place: String,
    /// What it is, in a sentence.
    pub what: String,
    /// What a person can do about it.
    pub remedy: String,
}

/// What a file says beside its words, as nearly every clean file does. It holds nothing; who publishes the file takes it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// Who wrote it, or saved it last.
    Author,
    /// For whom they work.
    Organisation,
    /// From which template or folder it comes.
    Template,
    /// Properties that a program or an office added.
    Properties,
    /// A small picture of it, which may show an earlier state.
    Preview,
    /// Whose camera took a picture, or which one.
    Camera,
}

impl Note {
    /// The note in two or three words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Author => "authors",
            Self::Organisation => "an organisation",
            Self::Template => "a template or folder",
            Self::Properties => "further properties",
            Self::Preview => "a preview",
            Self::Camera => "a camera",
        }
    }
}

/// One thing that is noted beside a file. It says what is there, never whom it names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Noted {
    /// What kind of thing.
    pub note: Note,
    /// Where in the file; empty for the file as a whole.
    pub place: String,
    /// What it is, in a sentence.
    pub what: String,
}

/// What a first screen says of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screened {
    /// What it is, by its content.
    pub kind: Kind,
    /// What was found, by kind of finding and place.
    pub found: Vec<Found>,
    /// What it says beside its words and is no reason to hold it.
    pub noted: Vec<Noted>,
    /// What a look of this kind at a file of this kind cannot see, in sentences.
    pub not_looked: Vec<Cow<'static, str>>,
}

/// One question about a file. It adds what it finds, and what it could not look at.
type Detector = fn(&mut Look, &mut Screened);

/// All of them, in the order of their cost. A further one is a line here and a file.
const DETECTORS: [Detector; 15] = [
    naming::detect,
    locked::detect,
    macros::detect,
    links::detect,
    pivots::detect,
    embedded::detect,
    hidden::detect,
    concealed::detect,
    comments::detect,
    changes::detect,
    unseen::detect,
    pictures::detect,
    properties::detect,
    inside::detect,
    // It reads what the others came across.
    personal::detect,
];

/// Looks at one file. `name` is the name it was sent under; it is compared with the content and otherwise not believed.
///
/// ```
/// use headwater_documents::screen::{Finding, Limits, screen};
/// let limits = Limits::default();
/// assert!(screen("counts.csv", b"Area,Count\n", &limits).found.is_empty());
/// let pretended = screen("report.pdf", b"MZ\x90\0\x03\0\0\0", &limits);
/// assert_eq!(pretended.found[0].finding, Finding::WrongKind);
/// ```
pub fn screen(name: &str, bytes: &[u8], limits: &Limits) -> Screened {
    screen_within(name, bytes, limits, &mut Room::of(limits))
}

/// The same for a file that may lie in another.
fn screen_within(name: &str, bytes: &[u8], limits: &Limits, room: &mut Room) -> Screened {
    let mut screened = Screened::of(sniff(bytes));
    if bytes.len() > limits.most_bytes {
        screened.add(
            Finding::TooLarge,
            "",
            format!("the file is {} bytes long; the most is {}", bytes.len(), limits.most_bytes),
            "ask the sender for the document without pictures, or in several files",
        );
        return screened;
    }
    match Look::at(name, bytes, screened.kind, limits) {
        Ok(mut look) => {
            if look.unpacks_safely(&mut screened) {
                std::mem::swap(&mut look.room, room);
                for detect in DETECTORS {
                    detect(&mut look, &mut screened);
                    // Parts that are encrypted one by one are no XML: they would all be called damaged.
                    if matches!(screened.kind, Kind::Ods | Kind::Odt | Kind::OfficeDocument) && screened.holds(Finding::Locked) {
                        break;
                    }
                }
                std::mem::swap(&mut look.room, room);
            }
            look.tell_unread(&mut screened);
        }
        Err(fault) => {
            naming::by_name(name, screened.kind, &mut screened);
            screened.add_fault("", &fault);
        }
    }
    screened.found.sort();
    screened.found.dedup();
    screened.noted.sort();
    screened.noted.dedup();
    screened.not_looked.sort_unstable();
    screened.not_looked.dedup();
    screened
}

/// How many places of one kind are named before the rest is counted.
const NAMED: usize = 20;

impl Screened {
    /// Nothing was found yet.
    fn of(kind: Kind) -> Self {
        Self { kind, found: Vec::new(), noted: Vec::new(), not_looked: Vec::new() }
    }

    fn note(&mut self, note: Note, place: impl Into<String>, what: impl Into<String>) {
        self.noted.push(Noted { note, place: place.into(), what: what.into() });
    }

    fn holds(&self, finding: Finding) -> bool {
        self.found.iter().any(|found| found.finding == finding)
    }

    fn add(&mut self, finding: Finding, place: impl Into<String>, what: impl Into<String>, remedy: &str) {
        self.found.push(Found { finding, place: place.into(), what: what.into(), remedy: remedy.to_owned() });
    }

    /// Adds one finding for several places, naming the first of them.
    fn add_places(&mut self, finding: Finding, places: &[String], what: &str, remedy: &str) {
        for place in places.iter().take(NAMED) {
            self.add(finding, place.as_str(), what, remedy);
        }
        if let Some(beyond) = places.len().checked_sub(NAMED).filter(|n| *n > 0) {
            self.add(finding, format!("and {beyond} more"), what, remedy);
        }
    }

    /// Adds what keeps a packed file, or a part of it, from being read.
    fn add_fault(&mut self, place: &str, fault: &Fault) {
        const ANEW: &str = "ask the sender for the file again; if it opens, save it anew under another name";
        const DO_NOT_OPEN: &str = "do not open it; ask the sender for the file again by another way";
        match fault {
            Fault::Broken(why) => self.add(Finding::WrongKind, place, format!("it is damaged or was cut off: {why}"), ANEW),
            Fault::Locked => self.add(
                Finding::Locked,
                place,
                "it is protected by a password",
                "ask the sender for it without one, or open it with the password and save it without",
            ),
            Fault::Bomb => self.add(Finding::Bomb, place, "it unpacks to hundreds of times its size, as no document does", DO_NOT_OPEN),
            Fault::TooMany(n) => self.add(Finding::Bomb, place, format!("it is made of {n} parts, as no document is"), DO_NOT_OPEN),
            Fault::Misleading(why) => self.add(Finding::WrongKind, place, *why, DO_NOT_OPEN),
            Fault::PartTooLarge => {
                self.add(Finding::TooLarge, place, "one part of it is too large to be looked at", "ask for the document in several files")
            }
        }
    }
}
