//! Does a PDF say what no page of it shows? Text under a box that was drawn over it, or a name that stays in a bookmark, is
//! read by every program that opens the file.

use super::opc::counted;
use super::{Finding, Look, Note, Screened, pictures};
use crate::Refusal;
use crate::kind::Kind;
use crate::pdf::{self, Carried, Unseen};

const REMEDY: &str = "do not pass it on; ask the sender for a copy from which it is removed, not covered";

/// Looks for what is there and not seen.
pub(super) fn detect(look: &mut Look, screened: &mut Screened) {
    if look.kind != Kind::Pdf {
        return;
    }
    let looked = match pdf::look(look.bytes.to_vec()) {
        Ok(looked) => looked,
        // A person has to look at it already, and mostly for the reason that keeps it from being read.
        Err(_) if !screened.found.is_empty() => return,
        Err(Refusal { what, remedy }) => return screened.add(Finding::WrongKind, "", what, &remedy),
    };
    for it in &looked.concealed {
        let words = if it.n_words == 1 { "1 word".to_owned() } else { format!("{} words", it.n_words) };
        screened.add(Finding::Concealed, format!("page {}", it.page), format!("{words} {}", why(it.why)), REMEDY);
    }
    let beside = &looked.beside;
    for page in &beside.marked {
        screened.add(Finding::Concealed, format!("page {page}"), "places are marked to be redacted, and nothing was removed", REMEDY);
    }
    for (page, n) in &beside.comments {
        let comments = if *n == 1 { "a comment".to_owned() } else { format!("{n} comments") };
        let remedy = "read them before it is passed on; ask the sender for a copy without";
        screened.add(Finding::Comments, format!("page {page}"), format!("it carries {comments}"), remedy);
    }
    if beside.has_hidden_layers {
        screened.add(Finding::Concealed, "", "some of its layers are switched off, and anybody can switch them on", REMEDY);
    }
    if looked.n_bookmarks_unshown > 0 {
        let bookmarks = if looked.n_bookmarks_unshown == 1 { "a bookmark says" } else { "bookmarks say" };
        screened.add(Finding::Concealed, "", format!("{bookmarks} what no page shows ({})", looked.n_bookmarks_unshown), REMEDY);
    }
    if looked.n_earlier_words > 0 {
        let n = looked.n_earlier_words;
        let what = format!("an earlier version of it is still inside, with {n} words that no page shows any more");
        screened.add(Finding::Concealed, "", what, REMEDY);
    }
    carried(look, screened, looked.carried);
    look.keep_text(looked.text);
    screened.not_looked.push("words in pictures were not read".into());
}

/// What is on no page: told where it cannot be seen, and kept for those who read words, pictures and files.
fn carried(look: &mut Look, screened: &mut Screened, carried: Carried) {
    if carried.n_hidden_fields > 0 {
        let what = format!("{} filled and not shown", counted(carried.n_hidden_fields, "field of a form is", "fields of a form are"));
        screened.add(Finding::Concealed, "", what, REMEDY);
    }
    if carried.has_place {
        screened.add(Finding::Metadata, "", "its properties say where something was taken", pictures::REMEDY);
    }
    if carried.names_author {
        screened.note(Note::Author, "", "its properties name an author");
    }
    if carried.has_previews {
        screened.note(Note::Preview, "", "it keeps small pictures of its pages, which may show an earlier state");
    }
    if carried.is_cut {
        screened.not_looked.push("it carries more than may be taken out of it; the rest was not read".into());
    }
    for (place, words) in [
        ("fields of a form", &carried.fields),
        ("the data of a form", &carried.form_data),
        ("comments", &carried.comments),
        ("its properties", &carried.properties),
    ] {
        look.say(place, words);
    }
    for picture in &carried.pictures {
        pictures::picture(look, screened, "a picture in it", picture);
    }
    look.files.extend(carried.files.into_iter().map(|(name, bytes)| (String::new(), name, bytes)));
}

fn why(unseen: Unseen) -> &'static str {
    match unseen {
        Unseen::UnderShape => "under a shape that was drawn over them",
        Unseen::UnderPattern => "under a hatching that was drawn over them",
        Unseen::UnderPicture => "under a picture that shows nothing there",
        Unseen::UnderAnnotation => "under a mark or a note that was laid over them",
        Unseen::ColourOfGround => "in the colour of what they stand on",
        Unseen::NoInk => "drawn without ink, where nothing is shown",
        Unseen::OffPage => "beside the part of the page that is shown",
    }
}
