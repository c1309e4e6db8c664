//! The public pages as readers would see them: as they stand now, or as if a document were public that is not yet.

use headwater_prevention::exchange::event::{DocumentPublished, Event, LeakChecked, PublicationApproved, PublicationDrafted, Recorded};
use headwater_prevention::exchange::id::{DocumentId, PersonId};
use headwater_prevention::exchange::state::State;
use headwater_prevention::exchange::words::Title;

use super::public::{SUMS, sums, written};
use super::visit::{Answer, Refusal, Reply, Visit, see};
use crate::problem::{Exit, Problem};

/// One page of the preview: nothing of it is written anywhere.
///
/// # Errors
/// There is no such page or document, or a letter cannot be read.
pub fn show(visit: &Visit) -> Answer {
    let (which, path): (String, String) = (visit.part("which")?, visit.part("path")?);
    let state = {
        let known = visit.app.office.known();
        match which.as_str() {
            "now" => known.state.clone(),
            number => as_if_public(visit, &known.state, DocumentId(number.parse().map_err(|_| Refusal::NotFound)?))?,
        }
    };
    let (pages, files) = match written(&visit.app.ws, &state, visit.today()) {
        Ok(made) => made,
        Err(problem) if problem.exit_code() == Exit::WrongUse as u8 => return see("/publishing", "Nothing is public yet: no campaign is out"),
        Err(problem) => return Err(problem.into()),
    };
    // A file lies at its document: who takes it there is logged.
    if let Some(file) = files.iter().find(|file| file.path == path) {
        return see(format!("/documents/{}", file.document.0), "");
    }
    if path == SUMS && !files.is_empty() {
        return Ok(Reply::File("SHA256SUMS".to_owned(), "application/octet-stream", sums(&files).into_bytes()));
    }
    let page = pages.into_iter().find(|page| page.path == path).ok_or(Refusal::NotFound)?;
    let kind = match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        _ => "application/octet-stream",
    };
    let name = path.rsplit('/').next().unwrap_or_default().to_owned();
    Ok(Reply::File(name, kind, page.bytes))
}

/// The state that would follow if a second person let the document go today.
fn as_if_public(visit: &Visit, state: &State, id: DocumentId) -> Result<State, Refusal> {
    let it = state.document(id).filter(|it| it.screening.is_readable()).ok_or(Refusal::NotFound)?;
    let person = |name: &str| -> Result<PersonId, Refusal> { Ok(name.parse().map_err(Problem::new)?) };
    let (first, second) = (person("preview-first")?, person("preview-second")?);
    let rendition = it.publication.rendition.unwrap_or(it.original);
    let notice = match it.publication.public {
        Some(public) if public == rendition => return Ok(state.clone()),
        Some(_) => Some("What was wrong is said here.".parse().map_err(Problem::new)?),
        None => None,
    };
    let method: Title = "preview".parse().map_err(Problem::new)?;
    let companions = it.publication.companions.clone();
    let checks = companions.iter().map(|file| (first, LeakChecked { document: id, rendition: *file, method: method.clone(), passed: true }.into()));
    let checks: Vec<(PersonId, Event)> = checks.collect();
    let steps: [(PersonId, Event); 4] = [
        (first, PublicationDrafted { document: id, rendition, grounds: it.publication.grounds.clone(), companions }.into()),
        (first, LeakChecked { document: id, rendition, method, passed: true }.into()),
        (second, PublicationApproved { document: id, rendition }.into()),
        (second, DocumentPublished { document: id, rendition, on: visit.today(), notice }.into()),
    ];
    let mut state = state.clone();
    let [drafted, rest @ ..] = steps;
    for (actor, event) in [drafted].into_iter().chain(checks).chain(rest) {
        state.apply(Recorded { seq: state.seq() + 1, at: visit.now(), actor, event });
    }
    Ok(state)
}
