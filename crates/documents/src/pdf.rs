//! Text of PDF files, with the place of every word.
//!
//! The drawing is interpreted as a viewer would do it, by `hayro-interpret`: what is drawn twice is there twice, and what a layer
//! that is switched off holds is not there. The letters come in the order in which they were drawn, which is the order of
//! reading in what word processors make; where it is not, the page is cut into columns (see `flow`).
//!
//! A hostile file can take long and much memory: callers read it in a process of its own, under limits.

mod drawing;
mod flow;

use crate::Refusal;
use crate::text::DocumentText;
use drawing::Drawing;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, TransformExt, interpret_page};
use kurbo::Rect;
use std::sync::Arc;

/// The most pages that are read.
pub const MOST_PAGES: usize = 10_000;

/// Reads the text of a PDF file.
///
/// # Errors
/// It is damaged beyond repair, needs a password, or has more than [`MOST_PAGES`] pages.
pub fn text(bytes: Vec<u8>) -> Result<DocumentText, Refusal> {
    let pdf = open(bytes)?;
    let cache = InterpreterCache::new();
    let settings = InterpreterSettings { render_annotations: false, ..InterpreterSettings::default() };
    let pages = pdf.pages().iter().map(|page| flow::page_text(draw(page, &cache, &settings))).collect();
    Ok(DocumentText { pages, ..DocumentText::default() })
}

fn open(bytes: Vec<u8>) -> Result<Pdf, Refusal> {
    let pdf = Pdf::new(Arc::new(bytes)).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            Refusal::new("the PDF needs a password", "ask the sender for it without one, or open it with the password and save it without")
        }
        LoadPdfError::Decryption(_) => {
            Refusal::new("the PDF is encrypted in a way that is not known here", "ask the sender for it without encryption, or print it to PDF anew")
        }
        LoadPdfError::Invalid => {
            Refusal::new("the PDF is damaged and cannot be repaired", "ask the sender for it again; if it opens elsewhere, print it to PDF anew")
        }
    })?;
    let n_pages = pdf.pages().len();
    if n_pages > MOST_PAGES {
        return Err(Refusal::new(format!("the PDF has {n_pages} pages; the most is {MOST_PAGES}"), "ask for it in several files"));
    }
    Ok(pdf)
}

/// What is drawn on a page.
fn draw<'a>(page: &'a Page<'a>, cache: &InterpreterCache<'a>, settings: &InterpreterSettings) -> Drawing {
    let (width, height) = page.render_dimensions();
    let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let mut context = Context::new(page.initial_transform(true).to_kurbo(), bounds, cache, page.xref(), settings.clone());
    let mut drawing = Drawing::of((width, height));
    interpret_page(page, &mut context, &mut drawing);
    drawing
}
