//! Codebook and codings for other programs (REFI-QDA), and a codebook that comes from one.

use std::collections::BTreeMap;

use headwater_documents::Refusal as Unreadable;
use headwater_prevention::exchange::decide::reading::codebook as decide;
use headwater_prevention::exchange::id::{CodeId, CodingId, DocumentId, PersonId};
use headwater_prevention::exchange::reading::codebook::CodeEntry;
use headwater_prevention::exchange::reading::coding::{Coding, Place};
use headwater_prevention::exchange::reading::starters::StarterCode;
use headwater_prevention::exchange::words::{Remark, Title};
use serde_json::json;

use super::quotations::text_of;
use super::{name_of, to_code};
use crate::passages::CodedPages;
use crate::problem::Problem;
use crate::refi::codebook::{MOST_BYTES, ReadCode, read, write};
use crate::refi::project::{Project, Selection, Source};
use crate::search::seen_text;
use crate::web::form::Problems;
use crate::web::layout;
use crate::web::replies;
use crate::web::visit::{Answer, Refusal, Reply, Visit, see};

/// The draft of the codebook as a QDC file.
///
/// # Errors
/// The log cannot be written.
pub fn codebook(visit: &Visit) -> Answer {
    let bytes = {
        let known = visit.app.office.known();
        write(visit.app.office_name(), &known.state.reading().codebook().outline()).into_bytes()
    };
    visit.log("audit.exported", json!({"what": "the codebook"}))?;
    Ok(Reply::File("codebook.qdc".to_owned(), "application/xml", bytes))
}

/// Everything that is coded and may be seen by whoever asks, with the texts of the documents, as a QDPX file.
///
/// # Errors
/// A file cannot be read, or the log cannot be written.
pub fn project(visit: &Visit) -> Answer {
    let me = visit.person()?;
    let (documents, codings) = {
        let known = visit.app.office.known();
        let reading = known.state.reading();
        let documents = to_code(&known);
        let seen = |id: &DocumentId| reading.seen_by(*id, me).into_iter().map(|(id, it)| (id, it.clone())).collect::<Vec<(CodingId, Coding)>>();
        let codings: BTreeMap<DocumentId, Vec<(CodingId, Coding)>> =
            documents.iter().map(|id| (*id, seen(id))).filter(|(_, it)| !it.is_empty()).collect();
        (documents, codings)
    };
    let titles = replies::untitled(visit, |_| documents.clone())?;
    let mut sources = Vec::new();
    for (id, codings) in &codings {
        let (original, text) = match text_of(visit, *id) {
            Ok(text) => text,
            Err(Refusal::Problem(problem)) => return Err(problem.into()),
            Err(_) => continue,
        };
        // Pages follow one another, each with its line break.
        let mut whole = String::new();
        let mut begins = Vec::new();
        for page in &text.pages {
            begins.push(whole.len());
            whole.push_str(&seen_text(page));
            whole.push('\n');
        }
        let mut pages = CodedPages::new(original, &text);
        let mut place = |it: &Coding| match it.place {
            Place::Whole => Some(None),
            // What is not found any more cannot be shown elsewhere either.
            Place::Segment(segment) => {
                let found = pages.find(segment)?;
                let range = pages.page(found.page)?.range(found)?;
                let begin = begins.get(found.page as usize - 1)?;
                Some(Some(begin + range.start..begin + range.end))
            }
        };
        let selections = codings.iter().filter_map(|(id, it)| {
            let range = place(it)?;
            Some(Selection { id: *id, range, code: it.code, by: it.by, at: it.at, note: it.note.as_ref().map(ToString::to_string) })
        });
        let selections = selections.collect();
        let title = titles.get(id).cloned().unwrap_or_else(|| crate::web::recipient::document_title(&visit.app.office.known(), *id));
        sources.push(Source { id: *id, title, text: whole, selections });
    }
    let bytes = {
        let known = visit.app.office.known();
        let book = known.state.reading().codebook();
        let outline: Vec<(CodeId, &CodeEntry, usize)> = book.outline();
        let mut coders: Vec<PersonId> = sources.iter().flat_map(|it| &it.selections).map(|it| it.by).collect();
        coders.sort_unstable();
        coders.dedup();
        let users = coders.into_iter().map(|id| (id, name_of(&known, id).to_owned())).collect();
        let project = Project { office: visit.app.office_name(), at: visit.now(), outline, users, sources };
        project.pack().map_err(|error| Problem::of_files("packing a project", &error))?
    };
    visit.log("audit.exported", json!({"what": "documents with their codings"}))?;
    Ok(Reply::File("reading.qdpx".to_owned(), "application/zip", bytes))
}

/// Takes the codes of a QDC file into the draft: those that are there already, by their names and places, stay as they are.
///
/// # Errors
/// No file came, it is no codebook, or a name does not do.
pub fn take_in(visit: &Visit) -> Answer {
    let Some(sent) = visit.files.first() else { return Err(Problems::one("file", "Choose the file").into()) };
    if sent.staged.n_bytes() > MOST_BYTES {
        return Err(Problems::one("file", format!("The file has more than {} MB: a codebook has less", MOST_BYTES / 1_000_000)).into());
    }
    let told = |refusal: Unreadable| Problems::one("file", format!("{}: {}", layout::sentence(&refusal.what).trim_end_matches('.'), refusal.remedy));
    let read = read(&sent.staged.bytes()?).map_err(told)?;
    let codes: Vec<StarterCode> =
        read.iter().map(entry).collect::<Result<_, String>>().map_err(|why| Problems::one("file", layout::sentence(&why)))?;
    let written = visit.act_now(&|state, order| decide::take_in(state, order, &codes))?;
    see(
        "/reading/codebook#codes",
        &format!("{} taken into the draft, of {} in the file", layout::counted(written.len(), "code is", "codes are"), codes.len()),
    )
}

/// A code of a file as one of ours: its name on one line, and what is said of it as its definition.
fn entry(code: &ReadCode) -> Result<StarterCode, String> {
    let name: Title = code.name.split_whitespace().collect::<Vec<_>>().join(" ").parse().map_err(|why| format!("code \"{}\": {why}", code.name))?;
    let words = code.description.replace('\r', "");
    let definition: Option<Remark> = match words.trim() {
        "" => None,
        words => Some(words.parse().map_err(|why| format!("what is said of \"{name}\": {why}"))?),
    };
    Ok(StarterCode { entry: CodeEntry { definition, ..CodeEntry::named(name) }, under: code.under })
}
