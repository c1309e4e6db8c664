//! What a PDF says beside its pages: marks for redaction, comments, layers that are switched off, bookmarks, earlier versions.

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::dict::keys::{ANNOTS, BASE_STATE, CONTENTS, D, FIRST, NEXT, OCPROPERTIES, OFF, OUTLINES, SUBTYPE, TITLE};
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, String as PdfString};

/// The most bookmarks that are read, and the most earlier versions.
const MOST_BOOKMARKS: usize = 20_000;
const MOST_VERSIONS: usize = 4;

/// What stands beside the pages.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    /// Pages with places that are marked to be redacted and were not; the first page is 1.
    pub marked: Vec<usize>,
    /// Pages with comments, and how many.
    pub comments: Vec<(usize, usize)>,
    /// Whether some of its layers are switched off.
    pub has_hidden_layers: bool,
    /// The words of its bookmarks.
    pub bookmarks: Vec<String>,
}

/// Reads what stands beside the pages.
pub fn beside(pdf: &Pdf) -> Beside {
    let mut beside = Beside::default();
    for (at, page) in pdf.pages().iter().enumerate() {
        let Some(annotations) = page.raw().get::<Array<'_>>(ANNOTS) else { continue };
        let (mut is_marked, mut n_comments) = (false, 0);
        for annotation in annotations.iter::<Dict<'_>>() {
            let kind = annotation.get::<Name<'_>>(SUBTYPE);
            match kind.as_ref().map(AsRef::as_ref) {
                Some(b"Redact") => is_marked = true,
                // A link and a field of a form say there what they are for; a window only opens what another says.
                Some(b"Link" | b"Widget" | b"Popup") | None => {}
                Some(_) => {
                    let says = annotation.get::<PdfString<'_>>(CONTENTS).is_some_and(|words| !decoded(words.as_bytes()).trim().is_empty());
                    n_comments += usize::from(says);
                }
            }
        }
        beside.marked.extend(is_marked.then_some(at + 1));
        beside.comments.extend((n_comments > 0).then_some((at + 1, n_comments)));
    }
    if let Some(catalog) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) {
        beside.has_hidden_layers = has_hidden_layers(&catalog);
        beside.bookmarks = bookmarks(&catalog);
    }
    beside
}

fn has_hidden_layers(catalog: &Dict<'_>) -> bool {
    let Some(config) = catalog.get::<Dict<'_>>(OCPROPERTIES).and_then(|layers| layers.get::<Dict<'_>>(D)) else { return false };
    let is_off_at_first = config.get::<Name<'_>>(BASE_STATE).is_some_and(|state| state.as_ref() == b"OFF");
    is_off_at_first || config.get::<Array<'_>>(OFF).is_some_and(|off| off.raw_iter().next().is_some())
}

fn bookmarks(catalog: &Dict<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let mut to_read: Vec<Dict<'_>> = catalog.get::<Dict<'_>>(OUTLINES).and_then(|root| root.get(FIRST)).into_iter().collect();
    // Bookmarks that lead back to themselves end here, too.
    while let Some(bookmark) = to_read.pop().filter(|_| found.len() < MOST_BOOKMARKS) {
        found.push(bookmark.get::<PdfString<'_>>(TITLE).map(|title| decoded(title.as_bytes())).unwrap_or_default());
        to_read.extend(bookmark.get(NEXT));
        to_read.extend(bookmark.get(FIRST));
    }
    found
}

/// A string of a PDF: UTF-16 or UTF-8 with its mark, or else letters of one byte, which outside ASCII are nearly Latin-1.
pub fn decoded(bytes: &[u8]) -> String {
    match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding.decode(bytes).0.into_owned(),
        None => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// Where the versions of a PDF before the last end, the latest first: what is added to a file leaves what was there before.
pub fn earlier_ends(bytes: &[u8]) -> Vec<usize> {
    const END: &[u8] = b"%%EOF";
    let mut ends: Vec<usize> = memchr::memmem::find_iter(bytes, END).map(|at| at + END.len()).collect();
    ends.pop();
    // A file that is laid out for the web has its first end near its beginning, and is no version by itself.
    if memchr::memmem::find(&bytes[..bytes.len().min(1024)], b"/Linearized").is_some() && !ends.is_empty() {
        ends.remove(0);
    }
    ends.reverse();
    ends.truncate(MOST_VERSIONS);
    ends
}
