//! Does it carry comments, or notes that who shows it alone sees?
//!
//! PDF has its own look, which sees its comments with the pages.

use super::opc::{counted, relations, sheets, slides, words_in};
use super::{Finding, Look, Screened};
use crate::kind::Kind;
use crate::text::BlockKind;

const REMEDY: &str = "read them before it is passed on; ask the sender for a copy without";

/// Looks for comments by where each kind of file keeps them.
pub(super) fn detect(look: &mut Look, screened: &mut Screened) {
    match look.kind {
        Kind::Docx => {
            let mut parts: Vec<String> =
                relations(look, "word/document.xml").into_iter().filter(|it| it.kind == "comments").map(|it| it.part).collect();
            if parts.is_empty() {
                parts = look.parts_where(|name| name == "word/comments.xml");
            }
            for part in parts {
                let words = words_in(look, &part, "comment", &[]);
                tell(look, screened, "", words);
            }
        }
        Kind::Xlsx => workbook(look, screened),
        Kind::Xlsb => {
            let parts = look.parts_where(|name| name.contains("/comments") && name.ends_with(".bin") || name.contains("/threadedcomments/"));
            screened.add_places(Finding::Comments, &parts, "this part holds comments", REMEDY);
        }
        Kind::Pptx => presentation(look, screened),
        Kind::Odt => {
            let words = words_in(look, "content.xml", "annotation", &OF_WHOM);
            tell(look, screened, "", words);
        }
        Kind::Ods | Kind::OfficeDocument => by_page(look, screened),
        Kind::Rtf => {
            let n = memchr::memmem::find_iter(look.bytes, b"\\*\\annotation").count();
            if n > 0 {
                screened.add(Finding::Comments, "", format!("it carries {}", counted(n, "comment", "comments")), REMEDY);
            }
        }
        Kind::OldOffice => screened.not_looked.push("comments and tracked changes of an office file of before 2007 were not looked for".into()),
        _ => {}
    }
    notes(look, screened);
}

/// Who commented and when, which is no word of the comment.
const OF_WHOM: [&str; 5] = ["creator", "date", "date-string", "creator-initials", "sender-initials"];

/// Tells comments, and keeps their words. An empty one is none.
fn tell(look: &mut Look, screened: &mut Screened, place: &str, words: Vec<String>) {
    let words: Vec<String> = words.into_iter().filter(|words| !words.trim().is_empty()).collect();
    if !words.is_empty() {
        screened.add(Finding::Comments, place, format!("it carries {}", counted(words.len(), "comment", "comments")), REMEDY);
        look.say(of_place("comments", place), &words.join("\n"));
    }
}

fn of_place(what: &str, place: &str) -> String {
    if place.is_empty() { what.to_owned() } else { format!("{what} on {place}") }
}

fn workbook(look: &mut Look, screened: &mut Screened) {
    let mut left = look.parts_where(|name| name.starts_with("xl/comments") && name.ends_with(".xml") || name.starts_with("xl/threadedcomments/"));
    for (place, part) in sheets(look) {
        let of_sheet = relations(look, &part);
        // A comment that can be answered has a copy for older programs.
        let newest = if of_sheet.iter().any(|it| it.kind == "threadedComment") { "threadedComment" } else { "comments" };
        let mut words = Vec::new();
        for it in of_sheet {
            left.retain(|part| !part.eq_ignore_ascii_case(&it.part));
            if it.kind == newest {
                words.extend(words_in(look, &it.part, if newest == "comments" { "comment" } else { "threadedComment" }, &[]));
            }
        }
        tell(look, screened, &place, words);
    }
    for part in left {
        let mut words = words_in(look, &part, "comment", &[]);
        words.extend(words_in(look, &part, "threadedComment", &[]));
        tell(look, screened, &part, words);
    }
}

fn presentation(look: &mut Look, screened: &mut Screened) {
    let mut left = look.parts_where(|name| name.starts_with("ppt/comments/") && name.ends_with(".xml"));
    for (place, part) in slides(look) {
        let mut words = Vec::new();
        for it in relations(look, &part).into_iter().filter(|it| it.kind == "comments") {
            left.retain(|part| !part.eq_ignore_ascii_case(&it.part));
            words.extend(words_in(look, &it.part, "cm", &[]));
        }
        tell(look, screened, &place, words);
    }
    for part in left {
        let words = words_in(look, &part, "cm", &[]);
        tell(look, screened, &part, words);
    }
}

/// Comments of sheets and slides of OpenDocument, each with the name of its page.
fn by_page(look: &mut Look, screened: &mut Screened) {
    use super::look::Element;
    let mut pages: Vec<(String, Vec<String>)> = Vec::new();
    let (mut in_comment, mut n_skipped, mut depth) = (false, 0_usize, 0_usize);
    let is_presentation = look.is_open_document("presentation");
    look.elements("content.xml", |element| match element {
        Element::Start("table", attributes) if !is_presentation => {
            depth += 1;
            if depth == 1 {
                let name = crate::xml::attribute(attributes, "table:name").unwrap_or_default();
                pages.push((format!("sheet \"{name}\""), Vec::new()));
            }
        }
        Element::End("table") if !is_presentation => depth = depth.saturating_sub(1),
        Element::Start("page", _) => pages.push((format!("slide {}", pages.len() + 1), Vec::new())),
        Element::Start("annotation", _) => {
            in_comment = true;
            if pages.is_empty() {
                pages.push((String::new(), Vec::new()));
            }
            if let Some((_, words)) = pages.last_mut() {
                words.push(String::new());
            }
        }
        Element::End("annotation") => in_comment = false,
        Element::Start(name, _) if OF_WHOM.contains(&name) => n_skipped += 1,
        Element::End(name) if OF_WHOM.contains(&name) => n_skipped = n_skipped.saturating_sub(1),
        Element::Text(text) if in_comment && n_skipped == 0 => {
            if let Some(words) = pages.last_mut().and_then(|(_, words)| words.last_mut()) {
                words.push_str(&crate::xml::unescape(text));
                words.push(' ');
            }
        }
        _ => {}
    });
    for (place, words) in pages {
        tell(look, screened, &place, words);
    }
}

/// What a speaker is to say to a slide; their words are read with the slide's.
fn notes(look: &mut Look, screened: &mut Screened) {
    if look.kind != Kind::Pptx && !(look.kind == Kind::OfficeDocument && look.is_open_document("presentation")) {
        return;
    }
    let Some(text) = look.text() else { return };
    let mut places = Vec::new();
    for (at, page) in text.pages.iter().enumerate() {
        let says = |block: &&crate::text::TextBlock| block.kind == BlockKind::Note && page.text[block.range.clone()].chars().any(char::is_alphabetic);
        if page.blocks.iter().any(|block| says(&block)) {
            places.push(format!("slide {}", at + 1));
        }
    }
    screened.add_places(Finding::Comments, &places, "it carries notes for the speaker", REMEDY);
}
