//! The text of a document: pages, and on each the blocks and words in reading order, with the place of every word.
//!
//! Offsets are bytes of a page's text, so that a passage is a page and a range, whatever the document was. A kind without pages
//! (a word-processor file, a mail) is one page without a size, and its words have no area.

use std::ops::Range;

/// A rectangle of a page as it is shown, in points of 1/72 inch from its top left corner.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextBlock {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands in the page's text, without the line break behind it.
    pub range: Range<usize>,
}

/// A word and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Where it stands in the page's text.
    pub range: Range<usize>,
    /// Where it stands on the page; `None` where there is no layout.
    pub area: Option<Area>,
    /// Whether a reader of the page can see it: a word that is drawn in no ink, or beside the page, cannot be seen.
    pub is_visible: bool,
}

/// The text of one page.
#[derive(Clone, Debug, Default, PartialEq)]
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
#[derive(Clone, Debug, Default, PartialEq)]
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
