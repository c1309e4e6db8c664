//! The text of a document: pages, and on each the blocks and words in reading order, with the place of every word.
//!
//! Offsets are bytes of a page's text, so that a passage is a page and a range, whatever the document was. A kind without pages
//! (a word-processor file) is one page without a size, and its words have no area; a sheet, a slide and a message are a page each.

mod docx;
mod drawn;
mod html;
mod message;
mod numbering;
mod odp;
mod odt;
mod parts;
mod plain;
mod pptx;
mod rtf;
mod sheets;
mod writer;

use crate::Refusal;
use crate::kind::{Kind, sniff};
use crate::pdf;
pub(crate) use parts::{is_on, within};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// How much a document may hold. PDF has limits of its own: see [`pdf`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes that all parts of an office file may unpack to; they are not held at once.
    pub most_unpacked_bytes: u64,
    /// The most bytes of one part, which is held while it is read.
    pub most_part_bytes: usize,
    /// The most parts of an office file.
    pub most_parts: usize,
    /// The most bytes of text.
    pub most_text_bytes: usize,
    /// The most words; each cell of a table counts as one, and each page.
    pub most_words: usize,
    /// The most pages: sheets, slides, messages.
    pub most_pages: usize,
}

impl Default for Limits {
    /// Five million words in 40 MB of text, which is a book of 10,000 pages, and 10,000 pages; office files that unpack to 1 GB,
    /// 128 MB in one part.
    fn default() -> Self {
        Self {
            most_unpacked_bytes: 1_000_000_000,
            most_part_bytes: 128_000_000,
            most_parts: 20_000,
            most_text_bytes: 40_000_000,
            most_words: 5_000_000,
            most_pages: 10_000,
        }
    }
}

/// Reads the text of a document of any kind, which its content tells. `name` is the name it was sent under: it decides only
/// whether text is a table with a delimiter.
///
/// # Errors
/// There is no text to be had from it: it is of a kind that has none, damaged, locked, or beyond the limits.
///
/// ```
/// use headwater_documents::text::{BlockKind, Limits, of};
/// let page = b"<html><h1>Violence</h1><p>Half of it lies in a fifth of <b>small</b> areas.".to_vec();
/// let text = of("page.html", page, &Limits::default())?;
/// assert_eq!(text.plain(), "Violence\nHalf of it lies in a fifth of small areas.\n");
/// assert_eq!(text.pages[0].blocks[0].kind, BlockKind::Heading(1));
/// # Ok::<(), headwater_documents::Refusal>(())
/// ```
pub fn of(name: &str, bytes: Vec<u8>, limits: &Limits) -> Result<DocumentText, Refusal> {
    let kind = sniff(&bytes);
    match kind {
        Kind::Pdf => pdf::text(bytes),
        Kind::Docx => docx::text(&bytes, limits),
        Kind::Odt => odt::text(&bytes, limits),
        Kind::Pptx => pptx::text(&bytes, limits),
        Kind::Xlsx | Kind::Ods => sheets::text(&bytes, kind, limits),
        Kind::OfficeDocument => other_office(&bytes, limits),
        Kind::HtmlPage => {
            let (page, guessed) = plain::decode_page(&bytes);
            let mut text = html::text(&page, limits)?;
            text.remarks.extend(guessed.then(|| "it names no character set and is not in UTF-8; it was read as Windows-1252".to_owned()));
            Ok(text)
        }
        Kind::Mail | Kind::OutlookMessage => message::text(&bytes, limits),
        Kind::Mailbox => message::mailbox(&bytes, limits),
        Kind::Rtf => rtf::text(&bytes, limits),
        Kind::Xml => match plain::decode(&bytes).0 {
            flat if flat.contains("<office:text") => odt::flat(&flat, limits),
            _ => Err(no_text(kind)),
        },
        Kind::Text | Kind::Utf16Text | Kind::Json | Kind::GeoJson => plain::text(name, &bytes, limits),
        _ => Err(no_text(kind)),
    }
}

/// Presentations of OpenDocument, templates, and documents whose parts have other names than Word gives them.
fn other_office(bytes: &[u8], limits: &Limits) -> Result<DocumentText, Refusal> {
    let head = &bytes[..bytes.len().min(200)];
    let says = |kind: &[u8]| head.windows(kind.len()).any(|window| window == kind);
    if says(b"opendocument.text") {
        return odt::text(bytes, limits);
    }
    if says(b"opendocument.presentation") || says(b"opendocument.graphics") {
        return odp::text(bytes, limits);
    }
    let main = docx::main_part(&mut parts::Parts::open(bytes, limits)?)?.unwrap_or_default();
    match main.split('/').next() {
        Some("word") => docx::text(bytes, limits),
        Some("ppt") => pptx::text(bytes, limits),
        _ => Err(no_text(Kind::OfficeDocument)),
    }
}

/// Why there is no text to be had from files of a kind.
fn no_text(kind: Kind) -> Refusal {
    let (what, remedy) = match kind {
        Kind::Empty => ("the file is empty".to_owned(), "ask the sender for it again"),
        Kind::OldOffice => (
            "the file is an office document of before 2007, or it has a password".to_owned(),
            "open it, take the password off, and save it in the form of today: DOCX, XLSX or PPTX",
        ),
        Kind::Xlsb => ("the file is an Excel workbook in binary form (XLSB)".to_owned(), "open it and save it as XLSX"),
        Kind::Image => ("the file is a picture, which holds no text".to_owned(), "ask for the document from which it was made"),
        Kind::Zip | Kind::Gzip | Kind::OtherArchive => (format!("the file is {}, not a document", kind.name()), "unpack it and name the files in it"),
        Kind::Program => ("the file is a program, not a document".to_owned(), "do not open it; ask the sender what it is"),
        kind => (format!("no text can be read from {}", kind.name()), "open it where it was made and save it as PDF, DOCX or ODT"),
    };
    Refusal::new(what, remedy)
}

/// A rectangle of a page as it is shown, in points of 1/72 inch from its top left corner.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Area {
    /// The left edge.
    pub left: f32,
    /// The upper edge.
    pub top: f32,
    /// The right edge.
    pub right: f32,
    /// The lower edge.
    pub bottom: f32,
}

impl Area {
    /// The smallest rectangle around both.
    #[must_use]
    pub fn around(self, other: Area) -> Area {
        Area {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// Whether they share more than an edge.
    ///
    /// ```
    /// use headwater_documents::text::Area;
    /// let one = Area { left: 0.0, top: 0.0, right: 10.0, bottom: 10.0 };
    /// assert!(one.meets(Area { left: 9.0, top: 9.0, right: 20.0, bottom: 20.0 }));
    /// assert!(!one.meets(Area { left: 10.0, top: 0.0, right: 20.0, bottom: 10.0 }));
    /// ```
    pub fn meets(self, other: Area) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BlockKind {
    /// A heading; 1 is the highest level.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// An item of a list; 1 is the outermost list. A number that the program sets before it is part of its text, a bullet is not.
    Item(u8),
    /// A row of a table, its cells apart by tabs.
    Row,
    /// A footnote or endnote, behind the block that refers to it; what a speaker is to say to a slide.
    Note,
    /// What stands at the head or foot of every page, told once.
    Margin,
}

/// A stretch of a page's text that belongs together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextBlock {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands in the page's text, without the line break behind it.
    pub range: Range<usize>,
}

/// A word and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// Where it stands in the page's text.
    pub range: Range<usize>,
    /// Where it stands on the page; `None` where there is no layout.
    pub area: Option<Area>,
    /// Whether a reader of the page can see it: a word that is drawn in no ink, or beside the page, cannot be seen.
    pub is_visible: bool,
}

/// The text of one page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageText {
    /// What it is called: the name on a sheet's tab.
    pub name: Option<String>,
    /// Width and height in points as it is shown; `None` where there is no layout.
    pub size: Option<(f32, f32)>,
    /// The text, a line break behind each block.
    pub text: String,
    /// Its blocks, in reading order.
    pub blocks: Vec<TextBlock>,
    /// Its words, in reading order.
    pub words: Vec<Word>,
    /// Letters that were drawn and of which nobody can say which they are: their font does not tell.
    pub n_unknown: usize,
}

/// The text of a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DocumentText {
    /// Its pages.
    pub pages: Vec<PageText>,
    /// What was left out, is hidden, or had to be guessed, in sentences.
    pub remarks: Vec<String>,
}

impl DocumentText {
    /// All of it, a form feed between pages.
    pub fn plain(&self) -> String {
        self.pages.iter().map(|page| page.text.as_str()).collect::<Vec<_>>().join("\u{c}")
    }
}
