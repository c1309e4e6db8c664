//! Does it load or update itself from elsewhere when it is opened?
//!
//! A link that a reader must click is none of these: every letter has some.

use super::look::Element;
use super::{Finding, Look, Screened, biff, pdf, presentation};
use crate::kind::Kind;
use crate::xml::{attribute, unescape};

const REMEDY: &str = "do not let it update; ask the sender for a copy with links broken and values kept";

/// Looks for links by where each kind of file keeps them.
pub(super) fn detect(look: &mut Look, screened: &mut Screened) {
    match look.kind {
        Kind::Xlsx | Kind::Xlsb | Kind::Docx | Kind::Pptx => office(look, screened),
        Kind::Ods | Kind::Odt | Kind::OfficeDocument => open_document(look, screened),
        Kind::OldOffice => {
            if let Some(workbook) = biff::workbook(look) {
                if workbook.has_links {
                    screened.add(Finding::ExternalLinks, "", "its formulas use other workbooks", REMEDY);
                }
                if workbook.has_connections {
                    screened.add(Finding::ExternalLinks, "", "it has connections to data elsewhere", REMEDY);
                }
            }
            if presentation::records(look).has_links {
                screened.add(Finding::ExternalLinks, "", "the presentation shows objects of other files", REMEDY);
            }
            if look.stream("/WordDocument").is_some_and(|bytes| has_old_field(&bytes)) {
                screened.add(Finding::ExternalLinks, "", FIELD, REMEDY);
            }
        }
        Kind::Pdf => {
            let names = pdf::names(look, screened);
            if names.contains("SubmitForm") || names.contains("ImportData") {
                screened.add(Finding::ExternalLinks, "", "the PDF holds a form that sends or fetches data", "print it to a new PDF");
            }
        }
        Kind::Rtf => {
            let text = String::from_utf8_lossy(look.bytes).to_lowercase();
            if text.contains("\\*\\template http") || text.contains("\\objautlink") || text.contains("includepicture \"http") {
                screened.add(Finding::ExternalLinks, "", "the document loads something from elsewhere when it is opened", REMEDY);
            }
        }
        _ => {}
    }
}

fn office(look: &mut Look, screened: &mut Screened) {
    let sources = look.parts_where(|name| {
        (name.starts_with("xl/externallinks/") || name == "xl/connections.xml" || name.starts_with("xl/querytables/")) && !name.contains("/_rels/")
    });
    screened.add_places(Finding::ExternalLinks, &sources, "this part links to another workbook or to data elsewhere", REMEDY);
    if look.kind == Kind::Docx {
        fields(look, screened);
    }
    for part in look.parts_where(|name| name.ends_with(".rels")) {
        let mut targets = Vec::new();
        look.elements(&part, |element| {
            let Element::Start("Relationship", attributes) = element else { return };
            let kind = attribute(attributes, "Type").unwrap_or_default();
            let kind = kind.rsplit('/').next().unwrap_or_default();
            let is_external = attribute(attributes, "TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external"));
            // A hyperlink waits for a click; a linked workbook is told by its own part.
            if is_external && !matches!(kind, "hyperlink" | "externalLinkPath" | "externalLink" | "xlExternalLinkPath") {
                targets.push((kind.to_owned(), attribute(attributes, "Target").unwrap_or_default()));
            }
        });
        for (kind, target) in targets.into_iter().take(super::NAMED) {
            let shown: String = target.chars().filter(|c| !c.is_control()).take(120).collect();
            screened.add(Finding::ExternalLinks, part.as_str(), format!("it loads \"{shown}\" from elsewhere ({kind})"), REMEDY);
        }
    }
}

/// What is said of a field that fetches.
const FIELD: &str = "a field of the document takes its text from another program or file when it is updated";

/// Whether the instruction of a field of Word fetches something.
fn fetches(instruction: &str) -> bool {
    let instruction = instruction.trim_start().to_ascii_uppercase();
    match instruction.split_whitespace().next() {
        Some("DDE" | "DDEAUTO" | "INCLUDE" | "INCLUDETEXT" | "IMPORT" | "LINK") => true,
        Some("INCLUDEPICTURE") => instruction.contains("://"),
        _ => false,
    }
}

/// Looks at the fields of a document; an instruction may lie in several pieces.
fn fields(look: &mut Look, screened: &mut Screened) {
    for part in look.parts_where(|name| name.starts_with("word/") && name.ends_with(".xml")) {
        let (mut instruction, mut in_instruction, mut found) = (String::new(), false, false);
        look.elements(&part, |element| match element {
            Element::Start("instrText", _) => in_instruction = true,
            Element::End("instrText") => in_instruction = false,
            Element::Text(text) if in_instruction => instruction.push_str(text),
            Element::Start("fldSimple", attributes) => found |= fetches(&attribute(attributes, "w:instr").unwrap_or_default()),
            // Where a field begins, shows its value, or ends, the instruction before is whole.
            Element::Start("fldChar", _) | Element::End("p" | "body") => found |= fetches(&unescape(&std::mem::take(&mut instruction))),
            _ => {}
        });
        if found {
            screened.add(Finding::ExternalLinks, part.as_str(), FIELD, REMEDY);
        }
    }
}

/// Whether a document of before 2007 has a field that takes values from another program: the mark of a field, then its
/// instruction, in letters of one byte or of two.
fn has_old_field(bytes: &[u8]) -> bool {
    memchr::memchr_iter(0x13, bytes).any(|at| {
        let rest = &bytes[at + 1..bytes.len().min(at + 65)];
        let wide = rest.first() == Some(&0);
        let letters: String = rest.iter().skip(usize::from(wide)).step_by(if wide { 2 } else { 1 }).map(|byte| char::from(*byte)).collect();
        fetches(&letters)
    })
}

fn open_document(look: &mut Look, screened: &mut Screened) {
    let mut kinds = std::collections::BTreeSet::new();
    look.elements("content.xml", |element| {
        let Element::Start(name, attributes) = element else { return };
        match name {
            "table-source" | "cell-range-source" | "section-source" => {
                kinds.insert("it holds tables or sections that are taken from another file");
            }
            "dde-source" | "dde-link" | "dde-connection-decl" => {
                kinds.insert("it takes values from another program (DDE)");
            }
            "database-source-query" | "database-source-sql" | "database-source-table" => {
                kinds.insert("it takes values from a database");
            }
            "object" | "object-ole" | "image" | "plugin" | "floating-frame" => {
                let target = attribute(attributes, "xlink:href").unwrap_or_default();
                if ["http:", "https:", "ftp:", "file:"].iter().any(|scheme| target.starts_with(scheme)) || target.starts_with("../") {
                    kinds.insert("it loads pictures or objects from elsewhere");
                }
            }
            _ => {}
        }
    });
    for what in kinds {
        screened.add(Finding::ExternalLinks, "content.xml", what, REMEDY);
    }
}
