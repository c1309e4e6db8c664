//! Does it hold other files?

use super::look::Element;
use super::{Finding, Look, Screened, compound, pdf, presentation};
use crate::kind::Kind;
use crate::xml::attribute;

const WHAT: &str = "this part is a file of its own, which may hold more than is shown";
const REMEDY: &str = "ask the sender for the files inside by themselves, or for a copy in which pictures stand in their place";

/// Looks for files by where each kind of file keeps them.
pub(super) fn detect(look: &mut Look, screened: &mut Screened) {
    match look.kind {
        // Also the workbook behind a chart in a document or presentation: it often holds the whole table.
        Kind::Xlsx | Kind::Xlsb | Kind::Docx | Kind::Pptx => {
            let files = look.parts_where(|name| name.contains("/embeddings/") && !name.ends_with('/') && !name.contains("/_rels/"));
            screened.add_places(Finding::Attachments, &files, WHAT, REMEDY);
        }
        Kind::Ods | Kind::Odt | Kind::OfficeDocument => open_document(look, screened),
        Kind::OldOffice => {
            let files = look.compound().map_or_else(Vec::new, |file| {
                compound::paths(file)
                    .into_iter()
                    .filter(|path| {
                        let parts: Vec<&str> = path.split('/').collect();
                        matches!(parts.as_slice(), ["ObjectPool", _]) || matches!(parts.as_slice(), [one] if one.starts_with("MBD"))
                    })
                    .collect()
            });
            screened.add_places(Finding::Attachments, &files, WHAT, REMEDY);
            if presentation::records(look).has_files {
                screened.add(Finding::Attachments, "", "the presentation carries a file or an object of another program", REMEDY);
            }
        }
        Kind::Pdf => {
            let names = pdf::names(look, screened);
            if ["EmbeddedFile", "EmbeddedFiles", "FileAttachment"].iter().any(|name| names.contains(name)) {
                screened.add(Finding::Attachments, "", "the PDF carries files", REMEDY);
            }
        }
        Kind::Rtf if memchr::memmem::find(look.bytes, b"\\objdata").is_some() => {
            screened.add(Finding::Attachments, "", "the document carries a file or an object of another program", REMEDY);
        }
        _ => {}
    }
    if !look.bytes.starts_with(b"PK") && ends_as_zip(look.bytes) {
        screened.add(
            Finding::Attachments,
            "",
            "a zip of files is attached to its end, which programs that show it do not show",
            "do not open it; ask the sender for the file again by another way",
        );
    }
}

/// Whether the end of the bytes is the end of a zip, which no other file has.
fn ends_as_zip(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(65_557)..];
    memchr::memmem::rfind(tail, b"PK\x05\x06").is_some_and(|at| {
        let comment = tail.get(at + 20..at + 22).map(|two| usize::from(u16::from_le_bytes([two[0], two[1]])));
        comment.is_some_and(|comment| at + 22 + comment == tail.len())
    })
}

fn open_document(look: &mut Look, screened: &mut Screened) {
    // Excel keeps an object of another program as a file of this name, LibreOffice as a folder that the manifest describes.
    let mut files = look.parts_where(|name| name.strip_prefix("object ").is_some_and(|n| n.bytes().all(|byte| byte.is_ascii_digit())));
    look.elements("META-INF/manifest.xml", |element| {
        let Element::Start("file-entry", attributes) = element else { return };
        let path = attribute(attributes, "manifest:full-path").unwrap_or_default();
        let kind = attribute(attributes, "manifest:media-type").unwrap_or_default();
        let is_object = path.ends_with('/') && path != "/" && kind.starts_with("application/vnd.oasis.opendocument.");
        // Charts and formulas are drawings with the numbers that they draw.
        let is_drawing = kind.ends_with(".chart") || kind.ends_with(".formula");
        if is_object && !is_drawing || kind.starts_with("application/vnd.sun.star.oleobject") {
            files.push(path);
        }
    });
    screened.add_places(Finding::Attachments, &files, WHAT, REMEDY);
}
