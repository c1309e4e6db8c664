//! The public pages: what waits before it may be seen, and the pages themselves, made anew from the log each time.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use headwater_prevention::exchange::decide::Order;
use headwater_prevention::exchange::decide::publications::{clear_words as clear, publish};
use headwater_prevention::exchange::document::{ReceivedDocument, Screening};
use headwater_prevention::exchange::id::{AskId, BlobHash, BodyId, DocumentId, ItemId, RecipientId, RecommendationId};
use headwater_prevention::exchange::letter::merge::Letter;
use headwater_prevention::exchange::moment::{Day, Moment};
use headwater_prevention::exchange::public::{self, PublicFile, public_pages};
use headwater_prevention::exchange::publication::{FreeWords, Permission, PublicationState, Publishing};
use headwater_prevention::exchange::state::State;
use headwater_publish::{File, site, statements};
use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::access::Right;
use super::layout;
use super::messages::names;
use super::office::{Known, Office, Undone};
use super::recipient::document_title;
use super::replies;
use super::visit::{Answer, Refusal, Reply, Visit, page, see};
use super::whole_pages;
use crate::problem::{Exit, Problem};
use crate::store::Workspace;

/// The queue: every document that is on its way to the public, and where it stands.
///
/// # Errors
/// A name cannot be read.
pub fn show(visit: &Visit) -> Answer {
    let is_on_its_way = |document: &ReceivedDocument| {
        let readable = document.screening.is_readable() && !matches!(document.screening, Screening::ReturnedDestroyed { .. });
        place(&document.publication).filter(|_| readable)
    };
    let untitled = replies::untitled(visit, |known| {
        let all = known.state.documents().iter().enumerate().filter(|(_, it)| is_on_its_way(it).is_some());
        all.map(|(number, _)| DocumentId(number as u32)).collect()
    })?;
    let known = visit.app.office.known();
    let mut by_state: BTreeMap<usize, Vec<(DocumentId, &ReceivedDocument)>> = BTreeMap::new();
    for (number, document) in known.state.documents().iter().enumerate() {
        if let Some(place) = is_on_its_way(document) {
            by_state.entry(place).or_default().push((DocumentId(number as u32), document));
        }
    }
    let main = html! {
        p { "Nothing that one person alone has typed is public: a second person approves each document with its title, the letters, and the reasons below. How things stand, and when, follows from the log." }
        @if by_state.is_empty() { p { "No document is on its way." } }
        @for (place, documents) in &by_state {
            h2 { (STATES[*place]) }
            ul.tasks {
                @for (id, document) in documents {
                    li {
                        span {
                            a href={ "/documents/" (id.0) } { (untitled.get(id).cloned().unwrap_or_else(|| document_title(&known, *id))) }
                            @if let Some(submission) = known.state.submission(document.submission) { span.hint { (names(&known, &submission.recipients)) } }
                        }
                        @if let PublicationState::Embargoed { until } = &document.publication.state { span.state.wait { "not before " (until.name()) } }
                    }
                }
            }
        }
        (words(visit, &known)?)
        @if visit.may(Right::Approve) {
            h2 { "The public pages" }
            p { "For each campaign that is out: who was asked what, who answered, our letters, and every document that was cleared, with its hash. They are made anew from the log each time: the same log gives the same pages." }
            div.buttons { a.button href=(whole_pages::ADDRESS) { "Look at the public pages, approve and take them" } }
            p { "Put the folder on any web server. " code { "headwater campaign publish --out FOLDER" } " makes the same, and says whether somebody approved them as they are; with " code { "--approved" } " it makes no others." }
        }
    };
    page(layout::page(visit, "Publishing", &[], &main))
}

/// Reasons and answers that one person typed: until a second has read them, readers see only how the thing stands.
fn words(visit: &Visit, known: &Known) -> Result<Markup, Refusal> {
    let me = visit.person()?;
    let body = |id: BodyId| known.state.body(id).map_or("", |body| body.entry.name.as_str());
    let line = |words: FreeWords| {
        let (text, by) = known.state.free_words(words)?;
        let (of, address, fields) = match words {
            FreeWords::Ask(id) => {
                let recipient = known.state.recipient(id.recipient)?;
                let campaign = known.state.campaign(recipient.campaign)?;
                let item = campaign.items.get(id.item.index())?.as_ref()?;
                let of = format!("{}: {}, {}", body(recipient.body), item.title, known.state.ask(id)?.status.words());
                (of, format!("/recipients/{}", id.recipient.0), [("ask", format!("{}-{}", id.recipient.0, id.item.0)), ("duty", String::new())])
            }
            FreeWords::Duty { recommendation, body: id } => {
                let number = &known.state.recommendation(recommendation)?.number;
                let of = format!("{} to recommendation {number}", body(id));
                (of, format!("/recommendations/{}", recommendation.0), [("ask", String::new()), ("duty", format!("{}-{}", recommendation.0, id.0))])
            }
        };
        Some((of, address, fields, text, by))
    };
    let all: Vec<_> = known.state.words_to_clear().filter_map(line).collect();
    Ok(html! {
        @if !all.is_empty() {
            h2 { "Words that wait for a second person" }
            p { "Until then readers see that it was refused, withdrawn or answered, and not these words." }
            ul.tasks {
                @for (of, address, fields, text, by) in &all {
                    li {
                        span { a href=(address) { (of) } span.hint { "\u{201c}" (text) "\u{201d}, typed by " (known.name(by.as_str())) } }
                        @if *by == me { span.state.wait { "Somebody else has to read it" } }
                        @else if visit.may(Right::Approve) {
                            form method="post" action="/publishing/words" {
                                (layout::hidden(visit))
                                @for (name, value) in fields { @if !value.is_empty() { input type="hidden" name=(name) value=(value); } }
                                input type="hidden" name="text" value=(BlobHash::of(text.as_str().as_bytes()));
                                button.other { "Let readers see it" span.unseen { ": " (of) } }
                            }
                        }
                    }
                }
            }
        }
    })
}

/// Lets readers see words that somebody else typed.
///
/// # Errors
/// They are one's own, or others than those that were read.
pub fn clear_words(visit: &Visit) -> Answer {
    let pair = |name: &str| {
        let (first, second) = visit.form.text(name).split_once('-')?;
        Some((first.parse().ok()?, second.parse::<u32>().ok()?))
    };
    let words = match (pair("ask"), pair("duty")) {
        (Some((recipient, item)), _) => {
            FreeWords::Ask(AskId { recipient: RecipientId(recipient), item: ItemId(u16::try_from(item).map_err(|_| Refusal::NotFound)?) })
        }
        (None, Some((recommendation, body))) => FreeWords::Duty { recommendation: RecommendationId(recommendation), body: BodyId(body) },
        (None, None) => return Err(Refusal::NotFound),
    };
    let text = visit.form.text("text").parse().map_err(|_| Refusal::NotFound)?;
    visit.act(&|state, order| clear(state, order, words, text))?;
    see("/publishing", "Readers see it with the next pages that are made")
}

/// States of the queue in the order of the page.
const STATES: [&str; 9] = [
    "It is not known what the body allows",
    "Allowed, and not proposed yet",
    "Waiting for the leak check",
    "Waiting for a second person",
    "Approved",
    "Public",
    "Withdrawn",
    "Not to be published",
    "Named only: readers are told that it exists",
];

fn place(publication: &Publishing) -> Option<usize> {
    match &publication.state {
        PublicationState::Private => Some(0),
        PublicationState::PermissionKnown if publication.permission.is_some_and(Permission::opens) => Some(1),
        PublicationState::PermissionKnown if publication.permission == Some(Permission::NameOnly) => Some(8),
        PublicationState::PermissionKnown => Some(7),
        PublicationState::RedactionDraft => Some(2),
        PublicationState::LeakChecked => Some(3),
        PublicationState::Approved | PublicationState::Embargoed { .. } => Some(4),
        PublicationState::Published { .. } | PublicationState::Corrected { .. } => Some(5),
        PublicationState::Withdrawn { .. } => Some(6),
        PublicationState::Erased { .. } => None,
    }
}

/// The public pages as one file.
///
/// # Errors
/// Nothing is public yet, or a file cannot be read.
pub fn take(visit: &Visit) -> Answer {
    publish_due_in(&visit.app.office, &visit.app.ws, &visit.who()?.id, visit.at)?;
    // Writing all pages takes a while, and nobody who writes to the log should wait for it.
    let state = visit.app.office.known().state.clone();
    let files = pages(&visit.app.ws, &state, visit.today())?;
    if !whole_pages::are_approved(visit, &files)? {
        return see(whole_pages::ADDRESS, "Nobody has approved the public pages as they are now. Look at them, and approve them");
    }
    let writing = |error: &dyn std::fmt::Display| Problem::while_doing("packing the pages", error);
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for file in &files {
        out.start_file(&file.path, SimpleFileOptions::default()).map_err(|error| writing(&error))?;
        out.write_all(&file.bytes).map_err(|error| writing(&error))?;
    }
    let bytes = out.finish().map_err(|error| writing(&error))?.into_inner();
    visit.log("audit.exported", json!({"what": "public pages", "n_files": files.len(), "sha256": crate::pages::hash(&files)}))?;
    Ok(Reply::File(format!("pages-{}.zip", visit.today()), "application/zip", bytes))
}

/// Publishes every approved document whose day has come, and says how many these are.
///
/// # Errors
/// The log cannot be read or written.
pub fn publish_due(ws: &Workspace, actor: &str, at: Timestamp) -> Result<usize, Problem> {
    publish_due_in(&Office::open(ws)?, ws, actor, at)
}

fn publish_due_in(office: &Office, ws: &Workspace, actor: &str, at: Timestamp) -> Result<usize, Problem> {
    let at = Moment::from_microseconds(at.as_microsecond());
    let due: Vec<DocumentId> = {
        let known = office.known();
        let is_due = |it: &ReceivedDocument| matches!(it.publication.state, PublicationState::Embargoed { until } if until <= at.day_in_london());
        (0u32..).zip(known.state.documents()).filter(|(_, it)| is_due(it)).map(|(number, _)| DocumentId(number)).collect()
    };
    // Somebody at the keyboard may have any name; the log knows them as the program then.
    let by = actor.parse().or_else(|_| "program".parse()).map_err(Problem::new)?;
    let order = Order { by, at, seen: u64::MAX };
    let mut n_published = 0;
    for id in due {
        match office.act(ws, &order, &|state, order| publish(state, order, id)) {
            Ok(_) => n_published += 1,
            // It was held or sent back meanwhile.
            Err(Undone::NotAllowed(_)) => {}
            Err(Undone::Problem(problem)) => return Err(problem),
        }
    }
    Ok(n_published)
}

/// The public pages of a workspace, on a day; and whether somebody approved them as they are.
///
/// # Errors
/// Nothing is public yet, or a blob is missing.
pub fn of_workspace(ws: &Workspace, today: Day) -> Result<(Vec<File>, bool), Problem> {
    let office = Office::open(ws)?;
    let files = pages(ws, &office.known().state, today)?;
    let now = whole_pages::hash_of(&files)?;
    let approved = office.known().state.pages_approval().is_some_and(|approval| approval.pages == now);
    Ok((files, approved))
}

/// A blob, if it is what its hash says: what leaves is what was cleared, or nothing does.
fn bytes_of(ws: &Workspace, hash: BlobHash) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    ws.blobs().read(&hash.to_string())?.read_to_end(&mut bytes).map_err(|error| Problem::of_files("reading a blob", &error))?;
    if BlobHash::of(&bytes) != hash {
        return Err(Problem::new(format!("the blob {hash} is not what was cleared: it was damaged")).hint("restore it from a backup"));
    }
    Ok(bytes)
}

/// The pages that follow from a state, and the files that lie beside them.
pub(super) fn written(ws: &Workspace, state: &State, today: Day) -> Result<(Vec<File>, Vec<PublicFile>), Problem> {
    let office = public::Office {
        publisher: ws.settings().publisher.clone(),
        today,
        letter: &|hash| serde_json::from_slice::<Letter>(&bytes_of(ws, hash).ok()?).ok(),
        ending: &|document| {
            let name = replies::name_in(ws, document).ok().flatten().unwrap_or_default();
            name.rsplit_once('.').map_or_else(|| "bin".to_owned(), |(_, ending)| ending.to_owned())
        },
    };
    let mut found = public_pages(state, &office).map_err(|error| Problem::new(error.to_string()))?;
    if found.publication.documents.is_empty() {
        return Err(Problem::new("nothing is public yet: no campaign is out whose answers are published")
            .hint("send a campaign first, or change what is published of its answers")
            .exit(Exit::WrongUse));
    }
    // The first is on accessibility; the second is on official statistics, which these pages hold none of.
    let accessibility = statements(&found.publication).into_iter().take(1);
    found.publication.about.extend(accessibility);
    Ok((site(&found.publication).map_err(Problem::new)?, found.files))
}

/// Where the hashes of the public files stand.
pub(super) const SUMS: &str = "files/SHA256SUMS";

/// The hash of every file, as `sha256sum --check` reads them.
pub(super) fn sums(files: &[PublicFile]) -> String {
    files.iter().map(|file| format!("{}  {}\n", file.rendition, file.path.trim_start_matches("files/"))).collect()
}

pub(super) fn pages(ws: &Workspace, state: &State, today: Day) -> Result<Vec<File>, Problem> {
    let (mut files, beside) = written(ws, state, today)?;
    for file in &beside {
        files.push(File { path: file.path.clone(), bytes: bytes_of(ws, file.rendition)? });
    }
    if !beside.is_empty() {
        files.push(File { path: SUMS.to_owned(), bytes: sums(&beside).into_bytes() });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}
