//! What does an office file say of itself: who wrote it, for whom, from which template?
//!
//! Nearly every clean file names an author, so that nothing of this holds it; it is noted. The words of properties are read
//! with the others: a name of a victim in a title holds it as anywhere.

use super::look::{Element, Look};
use super::{Note, Noted, Screened};
use crate::kind::Kind;
use crate::xml::{attribute, unescape};

/// Reads the parts in which each kind of file keeps its properties.
pub(super) fn detect(look: &mut Look, screened: &mut Screened) {
    match look.kind {
        Kind::Docx | Kind::Pptx | Kind::Xlsx | Kind::Xlsb => office(look, screened),
        Kind::Odt | Kind::Ods | Kind::OfficeDocument => {
            office(look, screened);
            properties(look, screened, "meta.xml");
        }
        Kind::Rtf => {
            let head = &look.bytes[..look.bytes.len().min(64 * 1024)];
            if [&b"{\\author "[..], b"{\\operator ", b"{\\manager "].iter().any(|mark| memchr::memmem::find(head, mark).is_some()) {
                screened.note(Note::Author, "", "its properties name who wrote it or saved it last");
            }
            if [&b"{\\company "[..], b"{\\*\\company "].iter().any(|mark| memchr::memmem::find(head, mark).is_some()) {
                screened.note(Note::Organisation, "", "its properties name an organisation");
            }
        }
        Kind::OldOffice => {
            let has_summary = look.compound().is_some_and(|file| file.is_stream("/\u{5}SummaryInformation"));
            screened.noted.extend(has_summary.then(|| Noted {
                note: Note::Author,
                place: String::new(),
                what: "its properties may name who wrote it and saved it last".to_owned(),
            }));
        }
        _ => {}
    }
}

fn office(look: &mut Look, screened: &mut Screened) {
    for part in look.parts_where(|name| name.starts_with("docprops/") && name.ends_with(".xml")) {
        properties(look, screened, &part);
    }
    let previews = look.parts_where(|name| name.starts_with("docprops/thumbnail") || name.starts_with("thumbnails/"));
    for part in previews {
        screened.note(Note::Preview, part, "a small picture of the file, which may show an earlier state");
    }
    for part in ["word/_rels/settings.xml.rels", "word/settings.xml"] {
        let mut has_template = false;
        look.elements(part, |element| {
            let Element::Start(name, attributes) = element else { return };
            has_template |= name == "Relationship" && attribute(attributes, "Type").is_some_and(|kind| kind.ends_with("/attachedTemplate"));
        });
        if has_template {
            screened.note(Note::Template, part, "it names the template that it was made with, and where that lies");
        }
    }
}

/// Reads one part; what it says is kept for who reads words.
fn properties(look: &mut Look, screened: &mut Screened, part: &str) {
    let mut words = String::new();
    let (mut name, mut property) = (String::new(), String::new());
    let mut found: Vec<(Note, &'static str)> = Vec::new();
    let mut n_custom = 0_usize;
    look.elements(part, |element| match element {
        Element::Start(of, attributes) => {
            name = of.to_owned();
            match of {
                "property" => property = attribute(attributes, "name").unwrap_or_default(),
                "user-defined" => property = attribute(attributes, "meta:name").unwrap_or_default(),
                // OpenDocument names its template in attributes.
                "template" => found.push((Note::Template, "it names the template that it was made with")),
                _ => {}
            }
        }
        Element::Text(text) => {
            let text = unescape(text);
            match name.as_str() {
                "creator" | "initial-creator" | "printed-by" => found.push((Note::Author, "its properties name who wrote it")),
                "lastModifiedBy" => found.push((Note::Author, "its properties name who saved it last")),
                "Manager" => found.push((Note::Author, "its properties name a manager")),
                "Company" => found.push((Note::Organisation, "its properties name an organisation")),
                "Template" if text.contains(['/', '\\']) => found.push((Note::Template, "it names the folder of its template")),
                "HyperlinkBase" => found.push((Note::Template, "it names the folder that its links start from")),
                _ => {}
            }
            if !property.is_empty() {
                n_custom += 1;
                words += &format!("{property}: {text}\n");
            } else if !matches!(
                name.as_str(),
                "created"
                    | "modified"
                    | "date"
                    | "creation-date"
                    | "print-date"
                    | "TotalTime"
                    | "revision"
                    | "editing-duration"
                    | "AppVersion"
                    | "generator"
            ) {
                words += &format!("{text}\n");
            }
        }
        Element::End("property" | "user-defined") => property.clear(),
        Element::End(_) => {}
    });
    for (note, what) in found {
        screened.note(note, part, what);
    }
    if n_custom > 0 {
        screened.note(Note::Properties, part, super::opc::counted(n_custom, "property was added", "properties were added"));
    }
    look.say(format!("the properties of the file ({part})"), &words);
}
