//! The typesetter: one source of ours for each kind of thing, the values it sets, two fonts, and nothing else of the world.
//!
//! What is set goes in as values (`sys.inputs`) and is never read as source, so that no name and no sentence can become a
//! command. There is no file system, no network and no clock to ask.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// What is set.
#[derive(Clone, Copy)]
pub(crate) enum Layout {
    /// An assessment.
    Document,
    /// A letter.
    Letter,
    /// A document of somebody else's with parts left out.
    Redacted,
}

impl Layout {
    /// How it looks.
    fn source(self) -> &'static str {
        match self {
            Self::Document => include_str!("layout.typ"),
            Self::Letter => include_str!("letter.typ"),
            Self::Redacted => include_str!("redacted.typ"),
        }
    }
}

/// The family of both fonts, for the layout and for the words in charts.
pub(crate) const FAMILY: &str = "Source Sans 3";

/// Source Sans 3 by Adobe, under the SIL Open Font License: `licences/source-sans-3.txt`.
static FONTS: LazyLock<(LazyHash<FontBook>, Vec<Font>)> = LazyLock::new(|| {
    let files: [&'static [u8]; 2] = [include_bytes!("fonts/SourceSans3-Regular.ttf"), include_bytes!("fonts/SourceSans3-Bold.ttf")];
    let fonts: Vec<Font> = files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect();
    (LazyHash::new(FontBook::from_fonts(&fonts)), fonts)
});

/// Whether the typeface has a letter, so that it can be set.
pub(crate) fn has_letter(letter: char) -> bool {
    FONTS.1.iter().all(|font| font.info().coverage.contains(letter.into()))
}

/// All that the typesetter sees.
struct Press {
    library: LazyHash<Library>,
    layout: Source,
}

impl World for Press {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.0
    }

    fn main(&self) -> FileId {
        self.layout.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.layout.id() { Ok(self.layout.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.1.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Sets the values by a layout and writes them as PDF/UA-1.
///
/// # Errors
/// Says what the standard or the layout did not accept, such as a picture without words for those who do not see it.
pub(crate) fn print(layout: Layout, values: Dict, identifier: &str) -> Result<Vec<u8>, String> {
    let path = VirtualPath::new("layout.typ").map_err(|_| "the layout has no path".to_owned())?;
    // The extras name the header cells of rows; the standard asks for them.
    let library = Library::builder().with_inputs(values).with_features([Feature::A11yExtras].into_iter().collect()).build();
    let press = Press {
        library: LazyHash::new(library),
        layout: Source::new(FileId::new(RootedPath::new(VirtualRoot::Project, path)), layout.source().to_owned()),
    };
    let options = PdfOptions {
        ident: Smart::Custom(identifier.to_owned()),
        creator: Smart::Custom(Some("Headwater".to_owned())),
        // No date: the same document gives the same bytes on any day.
        timestamp: None,
        standards: PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|refused| refused.message().to_string())?,
        ..PdfOptions::default()
    };
    let pages = typst::compile::<PagedDocument>(&press).output.map_err(|faults| sentence(&faults))?;
    let written = typst_pdf::pdf(&pages, &options).map_err(|faults| sentence(&faults));
    // What was remembered of this document helps no other.
    typst::comemo::evict(0);
    written
}

/// What went wrong, each fault once, with its hints.
fn sentence(faults: &[SourceDiagnostic]) -> String {
    let mut said: Vec<String> = Vec::new();
    for fault in faults {
        let hints: Vec<&str> = fault.hints.iter().map(|hint| hint.v.as_str()).collect();
        let words = if hints.is_empty() { fault.message.to_string() } else { format!("{} ({})", fault.message, hints.join("; ")) };
        if !said.contains(&words) {
            said.push(words);
        }
    }
    said.join("; ")
}
