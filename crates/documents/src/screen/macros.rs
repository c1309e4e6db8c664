//! Does it hold macros, scripts, or actions that start something?

use super::look::Element;
use super::{Finding, Look, Screened, biff, compound, pdf, presentation};
use crate::kind::Kind;
use crate::xml::attribute;

const REMEDY: &str = "ask the sender for a copy without macros: a workbook as XLSX or ODS, a document as DOCX, ODT or PDF";

/// Looks for code by where each kind of file keeps it.
pub(super) fn detect(look: &mut Look, screened: &mut Screened) {
    match look.kind {
        Kind::Xlsx | Kind::Xlsb | Kind::Docx | Kind::Pptx => office(look, screened),
        Kind::Ods | Kind::Odt | Kind::OfficeDocument => {
            office(look, screened);
            open_document(look, screened);
        }
        Kind::OldOffice => old(look, screened),
        Kind::Pdf => {
            let names = pdf::names(look, screened);
            for (name, what) in [
                ("JavaScript", "the PDF holds JavaScript"),
                ("Launch", "the PDF holds an action that starts a program or opens a file"),
                ("RichMedia", "the PDF holds rich media, which can run scripts"),
            ] {
                if names.contains(name) {
                    screened.add(Finding::Macros, "", what, "open it only in a viewer without scripts, or print it to a new PDF");
                }
            }
        }
        Kind::HtmlPage | Kind::Xml => {
            let text = String::from_utf8_lossy(look.bytes).to_lowercase();
            if let Some(mark) = ["<script", "javascript:", "vbscript:", "<iframe", "<object", "<embed", "onload=", "onerror=", "onclick="]
                .iter()
                .find(|mark| text.contains(**mark))
            {
                screened.add(
                    Finding::Macros,
                    "",
                    format!("the page holds scripts or loads others (\"{mark}\")"),
                    "open it as text, or ask the sender for a PDF of it",
                );
            }
        }
        _ => {}
    }
}

fn office(look: &Look, screened: &mut Screened) {
    let code = look.parts_where(|name| {
        let file = name.rsplit('/').next().unwrap_or(name);
        file.starts_with("vbaproject") || name.contains("/macrosheets/") || file.starts_with("activex") && file.ends_with(".bin")
    });
    screened.add_places(Finding::Macros, &code, "this part holds macros or controls that run", REMEDY);
    let without = [".xlsx", ".docx", ".pptx"].iter().find(|ending| look.name.to_lowercase().ends_with(**ending));
    if let Some(ending) = without.filter(|_| !code.is_empty()) {
        screened.add(
            Finding::WrongKind,
            "",
            format!("its name ends in {ending}, the form without macros, but it holds some"),
            "do not open it; ask the sender why",
        );
    }
}

fn open_document(look: &mut Look, screened: &mut Screened) {
    // The libraries' own lists are there even if they are empty.
    let code = look.parts_where(|name| {
        let is_list = name.ends_with("script-lc.xml") || name.ends_with("script-lb.xml");
        let is_dialogue = name.starts_with("dialogs/");
        (name.starts_with("basic/") && !is_list || name.starts_with("scripts/")) && !name.ends_with('/') && !is_dialogue
    });
    screened.add_places(Finding::Macros, &code, "this part holds a macro", REMEDY);
    let mut listens = false;
    look.elements("content.xml", |element| {
        if let Element::Start("event-listener", attributes) = element {
            listens |= attribute(attributes, "xlink:href").is_some_and(|target| target.starts_with("vnd.sun.star.script"));
        }
    });
    if listens {
        screened.add(Finding::Macros, "content.xml", "an action of the document starts a macro", REMEDY);
    }
}

fn old(look: &mut Look, screened: &mut Screened) {
    let Some(file) = look.compound() else { return };
    let code: Vec<String> = compound::paths(file)
        .into_iter()
        .filter(|path| {
            let last = path.rsplit('/').next().unwrap_or(path);
            last.eq_ignore_ascii_case("_VBA_PROJECT") || last.eq_ignore_ascii_case("_VBA_PROJECT_CUR") || last == "Macros"
        })
        .collect();
    screened.add_places(Finding::Macros, &code, "this stream holds macros", REMEDY);
    if let Some(workbook) = biff::workbook(look) {
        let sheets: Vec<String> = workbook.sheets.iter().filter(|sheet| sheet.is_macro).map(|sheet| format!("sheet \"{}\"", sheet.name)).collect();
        screened.add_places(Finding::Macros, &sheets, "this sheet holds Excel 4.0 macros", REMEDY);
    }
    if presentation::records(look).has_macros {
        screened.add(Finding::Macros, "", "the presentation holds macros or controls that run", REMEDY);
    }
}
