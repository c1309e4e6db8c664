//! Does it hold tracked changes? What was deleted under tracking is still in the file, and so is who did it.
//!
//! A change of looks alone is no finding: nothing that was said is kept by it.

use super::look::{Element, Look};
use super::opc::{counted, n_words, words_in};
use super::{Finding, Screened};
use crate::kind::Kind;
use crate::xml::unescape;

const REMEDY: &str = "have the changes accepted or refused; ask the sender for a copy without them";

/// Looks for changes by where each kind of file keeps them.
pub(super) fn detect(look: &mut Look, screened: &mut Screened) {
    match look.kind {
        Kind::Docx => {
            let parts = look.parts_where(|name| {
                let file = name.strip_prefix("word/").and_then(|name| name.strip_suffix(".xml")).unwrap_or_default();
                ["document", "footnotes", "endnotes", "comments"].contains(&file) || file.starts_with("header") || file.starts_with("footer")
            });
            for part in parts {
                let changes = of_word(look, &part);
                tell(look, screened, if part == "word/document.xml" { "" } else { &part }, changes);
            }
        }
        Kind::Odt | Kind::OfficeDocument => {
            let deleted = words_in(look, "content.xml", "deletion", &["creator", "date"]);
            let n_inserted = words_in(look, "content.xml", "insertion", &[]).len();
            tell(look, screened, "", Changes { deleted, n_inserted });
        }
        Kind::Ods => {
            let changes = words_in(look, "content.xml", "cell-content-change", &["creator", "date"]);
            if !changes.is_empty() {
                let what = format!("it keeps {} of cells, with what stood there before", counted(changes.len(), "change", "changes"));
                screened.add(Finding::TrackedChanges, "", what, REMEDY);
                look.say("tracked changes", &changes.join("\n"));
            }
        }
        Kind::Xlsx | Kind::Xlsb => {
            let logs = look.parts_where(|name| name.starts_with("xl/revisions/revisionlog"));
            screened.add_places(Finding::TrackedChanges, &logs, "this part keeps changes of cells, with what stood there before", REMEDY);
            for part in logs {
                let words = words_in(look, &part, "revisions", &[]).join("\n");
                look.say("tracked changes", &words);
            }
        }
        Kind::Rtf => {
            let n = [&b"\\deleted"[..], b"\\revised"].map(|mark| control_words(look.bytes, mark));
            if n != [0, 0] {
                let what =
                    format!("it holds {} and {} under tracking", counted(n[0], "deletion", "deletions"), counted(n[1], "insertion", "insertions"));
                screened.add(Finding::TrackedChanges, "", what, REMEDY);
            }
        }
        _ => {}
    }
}

/// The changes of one part.
#[derive(Default)]
struct Changes {
    deleted: Vec<String>,
    n_inserted: usize,
}

fn tell(look: &mut Look, screened: &mut Screened, place: &str, changes: Changes) {
    let words = changes.deleted.join("\n");
    let n_deleted = changes.deleted.len();
    if n_deleted > 0 {
        let what = match n_words(&words) {
            0 => format!("{} without words", counted(n_deleted, "tracked deletion", "tracked deletions")),
            n => format!(
                "{}, of which {} still inside",
                counted(n_deleted, "tracked deletion", "tracked deletions"),
                counted(n, "word is", "words are")
            ),
        };
        screened.add(Finding::TrackedChanges, place, what, REMEDY);
        look.say("deleted words", &words);
    }
    if changes.n_inserted > 0 {
        let what = format!("{}, with who made them", counted(changes.n_inserted, "tracked insertion", "tracked insertions"));
        screened.add(Finding::TrackedChanges, place, what, REMEDY);
    }
}

/// What was deleted and inserted in a part of a Word document. A mark in the properties of a paragraph or row is a change, too.
fn of_word(look: &mut Look, part: &str) -> Changes {
    let mut changes = Changes::default();
    let mut depth = 0_usize;
    look.elements(part, |element| match element {
        Element::Start("del" | "moveFrom", _) => {
            if depth == 0 {
                changes.deleted.push(String::new());
            }
            depth += 1;
        }
        Element::End("del" | "moveFrom") => depth = depth.saturating_sub(1),
        Element::Start("ins" | "moveTo", _) => changes.n_inserted += 1,
        Element::Text(text) if depth > 0 => {
            if let Some(last) = changes.deleted.last_mut() {
                last.push_str(&unescape(text));
            }
        }
        _ => {}
    });
    changes
}

/// How often a control word of Rich Text stands there and is not switched off.
fn control_words(bytes: &[u8], word: &[u8]) -> usize {
    let ends = |at: usize| bytes.get(at + word.len()).is_none_or(|next| !next.is_ascii_alphanumeric());
    memchr::memmem::find_iter(bytes, word).filter(|at| ends(*at)).count()
}
