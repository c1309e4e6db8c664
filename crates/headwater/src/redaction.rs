//! A document without what may not leave: made anew, set as a page and as a PDF, and each of these searched before it is given
//! to anybody.
//!
//! Nothing that this gives, says or refuses repeats a word of the document, but for the files themselves.

mod notes;

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use headwater_documents::Refusal;
use headwater_documents::kind::{Kind, sniff};
use headwater_documents::remove::{self, Form, Kept, Part, Remade, Removal, Survivor};
use headwater_documents::text::BlockKind;
use headwater_prevention::exchange::publication::OmissionGround;
use headwater_release::{LetterLanguage, RedactedDocument, RedactedPage, RedactedPart, RedactedPiece, RedactedText};
use sha2::{Digest, Sha256};

use crate::reading::{self, Leaks};
use crate::store::blobs::hex;

/// What is asked for.
pub struct Order<'a> {
    /// What is to go. The reasons are places in [`OmissionGround::ALL`].
    pub removals: &'a [Removal],
    /// The title of what is made; without it, the first heading that nothing was removed from.
    pub title: Option<&'a str>,
    /// The language in which the document is written.
    pub language: LetterLanguage,
}

/// One way in which a file was searched, and whether nothing was found.
pub struct LeakCheck {
    /// How, with versions.
    pub method: String,
    /// The SHA-256 of the file.
    pub of: String,
    /// Whether nothing was found.
    pub passed: bool,
}

/// A file that may leave.
pub struct Made {
    /// Its name, which says nothing of the document.
    pub name: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// How it was searched.
    pub checks: Vec<LeakCheck>,
}

/// A redacted document.
pub struct Redaction {
    /// What the document was.
    pub kind: Kind,
    /// The files that were made, each of which passed.
    pub files: Vec<Made>,
    /// What was removed and what was left out.
    pub remade: Remade,
    /// Why there is no PDF, if there is none.
    pub without_pdf: Option<&'static str>,
}

/// Redacts a document. The bytes are read by a confined process, and what is made is searched by another.
///
/// # Errors
/// The document cannot be read, a removal cannot be carried out, the title holds something that was removed, or something removed
/// was found in what was made: then there is none of it.
pub fn redact(name: &str, bytes: &[u8], order: &Order) -> Result<Redaction, Refusal> {
    let kind = sniff(bytes);
    let text = reading::read(name, bytes)?;
    let remade = remove::remove(&text, order.removals)?;
    drop(text);
    let document = document(&remade, order)?;
    let skeleton = skeleton(order.language)?;
    let mut files = vec![checked(
        "redacted.html",
        Form::Html,
        headwater_publish::redacted_page(&document).into_bytes(),
        headwater_publish::redacted_page(&skeleton).into_bytes(),
        &kept(&document, Form::Html),
        &remade,
    )?];
    let without_pdf = add_pdf(&document, &skeleton, &remade, &mut files)?;
    Ok(Redaction { kind, files, remade, without_pdf })
}

#[cfg(feature = "pdf")]
fn add_pdf(
    document: &RedactedDocument,
    skeleton: &RedactedDocument,
    remade: &Remade,
    files: &mut Vec<Made>,
) -> Result<Option<&'static str>, Refusal> {
    let plain = document.plain();
    let n_lacking = headwater_publish::settable(&plain).chars().zip(plain.chars()).filter(|(set, c)| set != c).count();
    if n_lacking * 20 > plain.chars().count() {
        return Ok(Some("the typeface of the PDF lacks more than a twentieth of its letters"));
    }
    let set = |document| {
        let cannot = |_| {
            Refusal::new(
                "the document cannot be set as PDF",
                "use the page alone, and say what kind of document it is to whoever looks after Headwater",
            )
        };
        headwater_publish::redacted_pdf(document).map_err(cannot)
    };
    let mut kept = kept(document, Form::Pdf);
    kept.text = headwater_publish::settable(&kept.text);
    files.push(checked("redacted.pdf", Form::Pdf, set(document)?, set(skeleton)?, &kept, remade)?);
    Ok(None)
}

#[cfg(not(feature = "pdf"))]
fn add_pdf(_: &RedactedDocument, _: &RedactedDocument, _: &Remade, _: &mut Vec<Made>) -> Result<Option<&'static str>, Refusal> {
    Ok(Some("this program was built without what sets it"))
}

/// What may be in the files: the words of the document, and what its properties, bookmarks and page numbers say.
fn kept(document: &RedactedDocument, form: Form) -> Kept {
    let text = document.plain();
    // In the head of a page and in the properties of a PDF, of which there are two, and as the first heading.
    let mut beside = vec![document.title().to_owned(); 3];
    if form == Form::Pdf {
        for page in document.pages() {
            beside.extend(page.heading.iter().map(|text| document.said(text)));
            beside.extend(
                page.parts.iter().filter_map(|part| if let RedactedPart::Heading(_, text) = part { Some(document.said(text)) } else { None }),
            );
        }
        // A letter between them: two numbers are no third.
        let most_pages = document.pages().len() + text.len() / 500 + 10;
        beside.extend((1..=most_pages).map(|number| format!("{number} x")));
    }
    Kept { text, beside: beside.join("\n") }
}

/// A file, if nothing removed is in it.
fn checked(name: &'static str, form: Form, bytes: Vec<u8>, skeleton: Vec<u8>, kept: &Kept, remade: &Remade) -> Result<Made, Refusal> {
    let of = hex(&Sha256::digest(&bytes));
    let leaks = Leaks { form, bytes, kept: kept.clone(), skeleton, secrets: remade.secrets.clone() };
    let mut survivors: Vec<Survivor> = reading::leaks(&leaks)?;
    let bytes = leaks.bytes;
    let inside = format!(
        "Headwater {}: own reader, {}, bytes and streams",
        env!("CARGO_PKG_VERSION"),
        match form {
            Form::Pdf => "pdf-extract",
            Form::Html => "mail-parser",
        }
    );
    let mut checks = vec![LeakCheck { method: inside, of: of.clone(), passed: survivors.is_empty() }];
    if let Some((version, text)) = (form == Form::Pdf).then(|| by_pdftotext(&bytes)).flatten() {
        let found = remove::prove_text(&text, kept, &remade.secrets);
        checks.push(LeakCheck { method: version, of, passed: found.is_none() });
        survivors.extend(found);
    }
    if survivors.is_empty() {
        return Ok(Made { name, bytes, checks });
    }
    let places: Vec<String> = survivors.iter().map(Survivor::sentence).collect();
    Err(Refusal::new(
        format!("{name} was not written: {}", places.join("; ")),
        "name what is to go as terms, which are found wherever they stand, instead of by boxes alone; if it is refused again, keep the document and report this sentence",
    ))
}

/// What `pdftotext` reads in a PDF of ours, and which version of it; nothing where there is no such program.
fn by_pdftotext(bytes: &[u8]) -> Option<(String, String)> {
    let version = Command::new("pdftotext").arg("-v").stdin(Stdio::null()).output().ok()?;
    let version = String::from_utf8_lossy(&version.stderr).lines().next().unwrap_or("pdftotext").to_owned();
    let mut child = Command::new("pdftotext")
        .args(["-q", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let (mut stdin, mut stdout) = (child.stdin.take()?, child.stdout.take()?);
    let mut text = Vec::new();
    std::thread::scope(|scope| {
        // Whoever stops listening has said less than was kept, which does not pass.
        scope.spawn(move || stdin.write_all(bytes).is_ok());
        let _ = stdout.read_to_end(&mut text);
    });
    let _ = child.wait();
    Some((version, String::from_utf8_lossy(&text).into_owned()))
}

/// The document as it is set.
fn document(remade: &Remade, order: &Order) -> Result<RedactedDocument, Refusal> {
    let has_many = remade.pages.len() > 1;
    let pages: Vec<RedactedPage> = remade
        .pages
        .iter()
        .enumerate()
        .map(|(at, page)| {
            let number = || vec![RedactedPiece::Words(notes::page(order.language, at + 1))];
            let heading = if page.name.is_empty() { has_many.then(number) } else { Some(text(&page.name, order.language)) };
            RedactedPage { heading, parts: parts(page, order.language) }
        })
        .collect();
    let notes = notes::of(remade, order.language);
    let made = |title: &str| {
        RedactedDocument::new(order.language, title, notes.clone(), pages.clone()).map_err(|what| Refusal::new(what, "give it a title"))
    };
    let plain = made(notes::TITLE[usize::from(order.language == LetterLanguage::Welsh)])?;
    let body = Kept { text: plain.plain(), beside: String::new() };
    let says_too_much = |title: &str| remade.secrets.are_beyond(title, &body);
    if let Some(title) = order.title {
        if says_too_much(title) {
            return Err(Refusal::new("the title holds something that was removed", "give another title"));
        }
        return made(title);
    }
    let first = remade.pages.iter().flat_map(|page| &page.blocks).find(|block| matches!(block.kind, BlockKind::Heading(_)));
    match first.map(|block| block.cells.concat()).as_deref() {
        Some([Part::Words(words)]) if words.chars().count() <= 200 && !says_too_much(words) => made(words),
        _ => Ok(plain),
    }
}

fn parts(page: &remove::RemadePage, language: LetterLanguage) -> Vec<RedactedPart> {
    let mut parts: Vec<RedactedPart> = Vec::new();
    for block in &page.blocks {
        let whole = || block.cells.iter().flat_map(|cell| text(cell, language)).collect::<RedactedText>();
        match (block.kind, parts.last_mut()) {
            (BlockKind::Heading(level), _) => parts.push(RedactedPart::Heading(level, whole())),
            (BlockKind::Paragraph, _) => parts.push(RedactedPart::Paragraph(whole())),
            (BlockKind::Note | BlockKind::Margin, _) => parts.push(RedactedPart::Note(whole())),
            (BlockKind::Item(level), Some(RedactedPart::List(items))) => items.push((level, whole())),
            (BlockKind::Item(level), _) => parts.push(RedactedPart::List(vec![(level, whole())])),
            (BlockKind::Row, last) => {
                let row: Vec<RedactedText> = block.cells.iter().map(|cell| text(cell, language)).collect();
                match last {
                    Some(RedactedPart::Table(rows)) => rows.push(row),
                    _ => parts.push(RedactedPart::Table(vec![row])),
                }
            }
        }
    }
    parts
}

fn text(parts: &[Part], language: LetterLanguage) -> RedactedText {
    let piece = |part: &Part| match part {
        Part::Words(words) => RedactedPiece::Words(words.clone()),
        Part::Removed(reason) => {
            RedactedPiece::Removed(OmissionGround::ALL.get(*reason).map_or("", |ground| notes::ground(*ground, language)).to_owned())
        }
    };
    parts.iter().map(piece).collect()
}

/// A document with one of everything and without words: what is in its files is markup.
fn skeleton(language: LetterLanguage) -> Result<RedactedDocument, Refusal> {
    let x = || vec![RedactedPiece::Words("x".to_owned()), RedactedPiece::Removed("x".to_owned())];
    let numbered = || vec![RedactedPiece::Words("1 x".to_owned())];
    let row = || vec![x(), x(), Vec::new()];
    let mut parts: Vec<RedactedPart> = (1..=4).map(|level| RedactedPart::Heading(level, x())).collect();
    parts.extend([
        RedactedPart::Paragraph(x()),
        RedactedPart::Note(x()),
        RedactedPart::List(vec![(1, x()), (2, x())]),
        RedactedPart::List(vec![(1, numbered()), (2, numbered())]),
        RedactedPart::Table(vec![row()]),
        RedactedPart::Table(vec![row(), row(), row()]),
    ]);
    let page = |heading| RedactedPage { heading, parts: parts.clone() };
    RedactedDocument::new(language, "x", vec!["x".to_owned()], vec![page(Some(x())), page(None)]).map_err(|what| Refusal::new(what, ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_documents::remove::Target;

    fn term(words: &str) -> Removal {
        Removal { target: Target::Term { words: words.to_owned(), is_whole: true }, reason: 5 }
    }

    fn made(removals: &[Removal], title: Option<&str>) -> Result<Redaction, Refusal> {
        let page =
            b"<html><h1>The plan</h1><p>Seen by Nia Invented<ul><li>one<li>two</ul><table><tr><th>Who<th>When<tr><td>Nia Invented<td>May</table>";
        redact("a.html", page, &Order { removals, title, language: LetterLanguage::English })
    }

    #[test]
    fn a_page_is_made_with_its_headings_lists_and_tables_and_passes() {
        let redaction = made(&[term("nia invented")], None).unwrap();
        let page = String::from_utf8(redaction.files[0].bytes.clone()).unwrap();
        for kept in [
            "<title>The plan</title>",
            "<h2>The plan</h2>",
            "<li>two</li>",
            "<th scope=\"col\">When</th>",
            "<td>May</td>",
            "<strong>[removed: personal information]</strong>",
        ] {
            assert!(page.contains(kept), "{kept}: {page}");
        }
        assert!(redaction.files.iter().flat_map(|file| &file.checks).all(|check| check.passed && check.of.len() == 64));
    }

    #[test]
    fn a_title_that_says_what_was_removed_is_refused_and_a_heading_is_not_taken() {
        assert_eq!(made(&[term("nia invented")], Some("The plan of NIA-INVENTED")).err().unwrap().what, "the title holds something that was removed");
        let redaction = made(&[term("plan")], None).unwrap();
        let page = String::from_utf8(redaction.files[0].bytes.clone()).unwrap();
        assert!(page.contains("<title>Redacted document</title>"), "{page}");
    }

    #[test]
    fn a_file_in_which_something_removed_is_left_is_not_given() {
        let removals = [term("nia invented")];
        let redaction = made(&removals, None).unwrap();
        let document = document(&redaction.remade, &Order { removals: &removals, title: None, language: LetterLanguage::English }).unwrap();
        let page = headwater_publish::redacted_page(&document).replace("</main>", "<!-- nia invented --></main>").into_bytes();
        let empty = headwater_publish::redacted_page(&skeleton(LetterLanguage::English).unwrap()).into_bytes();
        let refused = checked("redacted.html", Form::Html, page, empty, &kept(&document, Form::Html), &redaction.remade).err().unwrap();
        assert!(refused.what.starts_with("redacted.html was not written: ") && !refused.what.to_lowercase().contains("nia"), "{}", refused.what);
    }
}
