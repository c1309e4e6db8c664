//! The same for other readers: Welsh, Easy Read. People write these; they are published as they came.

/// For which readers something was written anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Readership {
    /// In Welsh.
    Welsh,
    /// Easy Read: short sentences in large letters, with pictures that carry meaning.
    EasyRead,
}

impl Readership {
    /// Every kind of readers, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Welsh, Self::EasyRead];

    /// Its name in addresses, and in the workspace's folder `translations`.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Welsh => "cymraeg",
            Self::EasyRead => "easy-read",
        }
    }

    /// The language, as pages declare it.
    pub fn language(self) -> &'static str {
        match self {
            Self::Welsh => "cy",
            Self::EasyRead => "en-GB",
        }
    }

    /// The words of a link to it, in its own language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Welsh => "Cymraeg",
            Self::EasyRead => "Easy Read",
        }
    }
}

/// How it was supplied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rendering {
    /// Words in Markdown, which become a page; raw HTML in them is shown and not obeyed.
    Words(String),
    /// A PDF, offered as it came.
    Pdf(Vec<u8>),
}

/// A front page or the summary of one document, written anew by people for other readers.
///
/// It was not made from treated values: whoever supplies it answers for every number in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    /// For whom.
    pub readership: Readership,
    /// The document's slug; none for the front page.
    pub document: Option<String>,
    /// The words or the file.
    pub rendering: Rendering,
}
