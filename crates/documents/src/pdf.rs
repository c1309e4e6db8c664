//! Text of PDF files, with the place of every word.
//!
//! The drawing is interpreted as a viewer would do it, by `hayro-interpret`: what is drawn twice is there twice, and what a layer
//! that is switched off holds is not there. The letters come in the order in which they were drawn, which is the order of
//! reading in what word processors make; where it is not, the page is cut into columns (see `flow`).
//!
//! A hostile file can take long and much memory: callers read it in a process of its own, under limits.

mod beside;
mod carried;
mod cover;
mod drawing;
mod flow;
mod unseen;

pub use beside::Beside;
pub use carried::{Carried, has_place};
pub use unseen::Unseen;

use crate::Refusal;
use crate::text::{Area, DocumentText, PageText};
use cover::{Cover, Ink};
use drawing::Drawing;
use hayro_interpret::hayro_syntax::object::dict::keys::ANNOTS;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, TransformExt, interpret_page};
use kurbo::Rect;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The most pages that are read.
pub const MOST_PAGES: usize = 10_000;

/// Reads the text of a PDF file.
///
/// # Errors
/// It is damaged beyond repair, needs a password, or has more than [`MOST_PAGES`] pages.
pub fn text(bytes: Vec<u8>) -> Result<DocumentText, Refusal> {
    guarded(|| {
        let pdf = open(bytes)?;
        let cache = InterpreterCache::new();
        let page_text = |page| {
            let (drawing, unseen) = looked_at(page, &cache);
            flow::page_text(&drawing, &unseen)
        };
        Ok(DocumentText { pages: pdf.pages().iter().map(page_text).collect(), ..DocumentText::default() })
    })
}

/// The interpreter is another project's: a panic in it is a file that cannot be read.
fn guarded<T>(read: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged()))
}

fn damaged() -> Refusal {
    Refusal::new("the PDF is damaged and cannot be repaired", "ask the sender for it again; if it opens elsewhere, print it to PDF anew")
}

/// Words of a page that a program reads and nobody sees.
#[derive(Clone, Debug, PartialEq)]
pub struct Concealed {
    /// The page; the first is 1.
    pub page: usize,
    /// Why they are not seen.
    pub why: Unseen,
    /// How many words.
    pub n_words: usize,
    /// The part of the page that they fill.
    pub area: Area,
}

/// What is in a PDF beside what its pages show.
#[derive(Clone, Debug, PartialEq)]
pub struct Looked {
    /// Words that nobody sees, by page and reason. The text under the picture of a scan is seen where the picture shows something.
    pub concealed: Vec<Concealed>,
    /// Marks, comments, layers and bookmarks.
    pub beside: Beside,
    /// Bookmarks that say a word that is concealed, or of whose words half or more stand on no page.
    pub n_bookmarks_unshown: usize,
    /// Words of earlier versions of the file, which are still inside it, that no page shows.
    pub n_earlier_words: usize,
    /// What it carries that is on no page.
    pub carried: Carried,
    /// The text of its pages, with what annotations lay over them.
    pub text: DocumentText,
}

/// Looks for what a PDF says and no page of it shows.
///
/// # Errors
/// As those of [`text`].
pub fn look(bytes: Vec<u8>) -> Result<Looked, Refusal> {
    guarded(|| looked(bytes))
}

fn looked(bytes: Vec<u8>) -> Result<Looked, Refusal> {
    let ends = beside::earlier_ends(&bytes);
    let pdf = open(bytes)?;
    let cache = InterpreterCache::new();
    let mut concealed = Vec::new();
    // All that is seen, and all that is not, without spaces, since words are parted differently here and there.
    let (mut seen, mut not_seen) = (String::new(), String::new());
    let mut pages = Vec::new();
    for (at, page) in pdf.pages().iter().enumerate() {
        let (drawing, unseen) = with_annotations(page, &cache);
        concealed.extend(concealed_on(at + 1, &flow::unseen_words(&drawing, &unseen)));
        let text = flow::page_text(&drawing, &unseen);
        for word in &text.words {
            (if word.is_visible { &mut seen } else { &mut not_seen }).push_str(&folded(&text.text[word.range.clone()]));
        }
        // Who reads it after this asks for no places.
        pages.push(PageText { words: Vec::new(), ..text });
    }
    let beside = beside::beside(&pdf);
    let is_unshown = |title: &&String| {
        let words: Vec<String> = title.split_whitespace().map(folded).filter(|word| word.chars().count() > 2).collect();
        let n_missing = words.iter().filter(|word| !seen.contains(word.as_str())).count();
        words.iter().any(|word| !seen.contains(word.as_str()) && not_seen.contains(word.as_str())) || n_missing > 0 && n_missing * 2 >= words.len()
    };
    let n_bookmarks_unshown = beside.bookmarks.iter().filter(is_unshown).count();
    // One version after the other: each is a copy of the file.
    let n_beyond = |end: usize| open(pdf.data().as_ref()[..end].to_vec()).map_or(0, |version| words_beyond(&version, &seen));
    let n_earlier_words = ends.into_iter().map(n_beyond).max().unwrap_or(0);
    let text = DocumentText { pages, ..DocumentText::default() };
    Ok(Looked { concealed, beside, n_bookmarks_unshown, n_earlier_words, carried: carried::carried(&pdf), text })
}

/// How many words of a version stand on no page that is seen.
fn words_beyond(version: &Pdf, seen: &str) -> usize {
    let cache = InterpreterCache::new();
    let words = |page| {
        let (drawing, unseen) = looked_at(page, &cache);
        let text = flow::page_text(&drawing, &unseen);
        text.words.iter().filter(|word| !seen.contains(&folded(&text.text[word.range.clone()]))).count()
    };
    version.pages().iter().map(words).sum()
}

/// Letters and digits only, small.
fn folded(words: &str) -> String {
    words.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A page with what its annotations lay over it. Letters of annotations are not asked whether they are seen.
fn with_annotations<'a>(page: &'a Page<'a>, cache: &InterpreterCache<'a>) -> (Drawing, Vec<Option<Unseen>>) {
    let (drawing, unseen) = looked_at(page, cache);
    if !page.raw().contains_key(ANNOTS) {
        return (drawing, unseen);
    }
    // What annotations draw comes last, so that all before is the page's own.
    let (n_covers, n_letters) = (drawing.covers.len(), drawing.letters.len());
    let with = draw(page, cache, drawing.looks_into_pictures, true);
    let mut unseen = unseen::unseen(&with, n_covers);
    unseen.iter_mut().skip(n_letters).for_each(|it| *it = None);
    (with, unseen)
}

fn concealed_on(page: usize, words: &[(Unseen, Area)]) -> Vec<Concealed> {
    let mut found: Vec<Concealed> = Vec::new();
    for (why, area) in words {
        match found.iter_mut().find(|it| it.why == *why) {
            Some(it) => (it.n_words, it.area) = (it.n_words + 1, it.area.around(*area)),
            None => found.push(Concealed { page, why: *why, n_words: 1, area: *area }),
        }
    }
    found
}

fn open(bytes: Vec<u8>) -> Result<Pdf, Refusal> {
    let pdf = Pdf::new(Arc::new(bytes)).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            Refusal::new("the PDF needs a password", "ask the sender for it without one, or open it with the password and save it without")
        }
        LoadPdfError::Decryption(_) => {
            Refusal::new("the PDF is encrypted in a way that is not known here", "ask the sender for it without encryption, or print it to PDF anew")
        }
        LoadPdfError::Invalid => damaged(),
    })?;
    let n_pages = pdf.pages().len();
    if n_pages > MOST_PAGES {
        return Err(Refusal::new(format!("the PDF has {n_pages} pages; the most is {MOST_PAGES}"), "ask for it in several files"));
    }
    Ok(pdf)
}

/// What is drawn on a page, and why letters of it are not seen. Pictures are looked into only where that can matter: where
/// letters lie under one, or are drawn without ink.
fn looked_at<'a>(page: &'a Page<'a>, cache: &InterpreterCache<'a>) -> (Drawing, Vec<Option<Unseen>>) {
    let drawing = draw(page, cache, false, false);
    let is_picture = |cover: &Cover| matches!(cover.ink, Ink::Picture(_));
    let lies_over = |cover: &Cover| is_picture(cover) && cover.n_letters > 0;
    let has_no_ink = drawing.letters.iter().any(|letter| !letter.has_ink);
    let matters = drawing.covers.iter().any(lies_over) || has_no_ink && drawing.covers.iter().any(is_picture);
    let drawing = if matters { draw(page, cache, true, false) } else { drawing };
    let unseen = unseen::unseen(&drawing, usize::MAX);
    (drawing, unseen)
}

/// What is drawn on a page.
fn draw<'a>(page: &'a Page<'a>, cache: &InterpreterCache<'a>, looks_into_pictures: bool, with_annotations: bool) -> Drawing {
    let settings = InterpreterSettings { render_annotations: with_annotations, ..InterpreterSettings::default() };
    let (width, height) = page.render_dimensions();
    let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let mut context = Context::new(page.initial_transform(true).to_kurbo(), bounds, cache, page.xref(), settings);
    let mut drawing = Drawing::of((width, height), looks_into_pictures);
    interpret_page(page, &mut context, &mut drawing);
    drawing
}
