//! What comes in: a reply with its files, by whatever way, and what it does to the asks.

use std::collections::BTreeMap;
use std::io::Read;

use headwater_prevention::exchange::body::{Channel, Language};
use headwater_prevention::exchange::communication::HoldReason;
use headwater_prevention::exchange::decide::Order;
use headwater_prevention::exchange::decide::correspondence::Incoming;
use headwater_prevention::exchange::decide::documents::{self as decide, NewDocument};
use headwater_prevention::exchange::document::{DocumentKind, ReceivedDocument, Screening, ScreeningFinding};
use headwater_prevention::exchange::event::Event;
use headwater_prevention::exchange::id::{BlobHash, CommunicationId, DocumentId, MessageKey, PersonId, RecipientId};
use headwater_prevention::exchange::moment::{Day, Moment};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::App;
use super::form::Problems;
use super::gate;
use super::layout::{self, area, radios};
use super::office::{Known, NewRecord, Undone};
use super::visit::{Refusal, Visit};
use crate::problem::Problem;
use crate::reading;
use crate::screening::screening_finding;
use crate::store::Workspace;
use crate::store::blobs::Staged;

/// The kind of the records that hold what a document was called when it came: a name may name a person, so it can be erased.
const DOCUMENT: &str = "document";

/// Ways by which things come, as forms and pages call them.
pub const CHANNELS: [(Channel, &str, &str); 6] = [
    (Channel::Email, "email", "E-mail"),
    (Channel::Post, "post", "Post"),
    (Channel::Phone, "phone", "Telephone"),
    (Channel::Meeting, "meeting", "A meeting"),
    (Channel::Upload, "upload", "The upload link"),
    (Channel::Portal, "portal", "A portal of theirs"),
];

/// A channel in words.
pub fn channel_words(channel: Channel) -> &'static str {
    CHANNELS.iter().find(|(one, ..)| *one == channel).map_or("", |(_, _, words)| words)
}

/// Something that came in.
#[derive(Clone, Debug)]
pub struct Came {
    /// How.
    pub channel: Channel,
    /// On which day.
    pub on: Day,
    /// For whom, as far as it is certain.
    pub recipients: Vec<RecipientId>,
    /// Why it must wait in the holding list.
    pub held: Vec<HoldReason>,
    /// What was said, or is said beside the files.
    pub note: String,
    /// The message itself, if it is kept already.
    pub content: Option<BlobHash>,
    /// The key of its Message-ID.
    pub message: Option<MessageKey>,
    /// What it answers.
    pub answers: Option<CommunicationId>,
}

impl Came {
    /// Something of which nobody has said whom it is for.
    pub fn unplaced(channel: Channel, on: Day) -> Self {
        Self { channel, on, recipients: Vec::new(), held: Vec::new(), note: String::new(), content: None, message: None, answers: None }
    }

    /// Something that came today by the link of a recipient; held if its campaign takes no answers.
    pub fn by_link(visit: &Visit, recipient: RecipientId) -> Self {
        let known = visit.app.office.known();
        let campaign = known.state.recipient(recipient).filter(|it| !it.removed).and_then(|it| known.state.campaign(it.campaign));
        let takes = campaign.is_some_and(|campaign| campaign.stage.takes_answers());
        let (recipients, held) = if takes { (vec![recipient], Vec::new()) } else { (Vec::new(), vec![HoldReason::CampaignTakesNoAnswers]) };
        Self { recipients, held, ..Self::unplaced(Channel::Upload, visit.today()) }
    }
}

/// A file of a reply: on the disk, and not yet kept.
pub struct Piece {
    /// Its name, as it came.
    pub name: String,
    /// Its bytes.
    pub staged: Staged,
}

/// What was logged of one thing that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// The message.
    pub communication: CommunicationId,
    /// Its files, each with its size.
    pub documents: Vec<(DocumentId, u64)>,
    /// Whether its content is what was typed beside the files.
    pub is_words: bool,
}

/// The most bytes that are held in memory and looked into: what is larger is kept and held.
pub const LOOKED_INTO_BYTES: u64 = 200_000_000;

/// The most bytes of one file that are looked into: what is larger is held for that.
pub const SCREENED_BYTES: u64 = 100_000_000;

/// What a document was called when it came.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrived {
    /// The name of its file.
    pub name: String,
}

/// The program itself, as the log names it.
///
/// # Errors
/// None in practice: the name has the form of an id.
pub fn program(_: &Visit) -> Result<PersonId, Refusal> {
    Ok("program".parse().map_err(Problem::new)?)
}

/// What a document was called when it came, unless that was erased.
///
/// # Errors
/// The record cannot be read.
pub fn name_of(visit: &Visit, document: DocumentId) -> Result<String, Refusal> {
    Ok(name_in(&visit.app.ws, document)?.unwrap_or_else(|| format!("document {}", document.0 + 1)))
}

/// The same from a workspace; nothing where it was erased.
///
/// # Errors
/// The record cannot be read.
pub fn name_in(ws: &Workspace, document: DocumentId) -> Result<Option<String>, Problem> {
    let record = ws.records().get(DOCUMENT, &document.0.to_string())?;
    Ok(record.and_then(|record| serde_json::from_str::<Arrived>(&record.body).ok()).map(|arrived| arrived.name))
}

/// What documents without a title were called when they came; the state is held only while it is looked through.
///
/// # Errors
/// A record cannot be read.
pub fn untitled(visit: &Visit, which: impl Fn(&Known) -> Vec<DocumentId>) -> Result<BTreeMap<DocumentId, String>, Refusal> {
    let without: Vec<DocumentId> = {
        let known = visit.app.office.known();
        which(&known).into_iter().filter(|id| known.state.document(*id).is_some_and(|it| it.title.is_none())).collect()
    };
    without.into_iter().map(|id| Ok((id, name_of(visit, id)?))).collect()
}

/// What a document is called: its title, or the name of its file until it has one.
///
/// # Errors
/// A record cannot be read.
pub fn title_of(visit: &Visit, id: DocumentId) -> Result<String, Refusal> {
    let untitled = untitled(visit, |_| vec![id])?;
    Ok(untitled.get(&id).cloned().unwrap_or_else(|| super::recipient::document_title(&visit.app.office.known(), id)))
}

/// What documents were called when they came; the state is held only while they are looked for.
///
/// # Errors
/// A record cannot be read.
pub fn names(visit: &Visit, which: impl Fn(&Known) -> Vec<DocumentId>) -> Result<BTreeMap<DocumentId, String>, Refusal> {
    let all = which(&visit.app.office.known());
    all.into_iter().map(|id| Ok((id, name_of(visit, id)?))).collect()
}

/// Erases what a document was called when it came.
///
/// # Errors
/// The record cannot be erased.
pub fn forget_name(ws: &Workspace, document: DocumentId) -> Result<(), Problem> {
    ws.records().erase(DOCUMENT, &document.0.to_string()).map(|_| ())
}

/// Logs one thing that came with its files: kept by hash, unaltered, and looked into before anybody opens them.
///
/// # Errors
/// The exchange does not allow it, or something cannot be written.
pub fn log(visit: &Visit, by: PersonId, came: &Came, files: Vec<Piece>) -> Result<Logged, Refusal> {
    let content = match came.content {
        None if came.note.is_empty() => None,
        None => Some(keep(visit, came.note.as_bytes())?),
        content => content,
    };
    let (documents, names, found) = keep_all(visit, files)?;
    let incoming = Incoming {
        channel: came.channel,
        on: came.on,
        recipients: came.recipients.clone(),
        held: came.held.clone(),
        message: came.message,
        answers: came.answers,
        content,
    };
    let written = visit.act_as_with(by, &|state, order| {
        let records = records_of(state.documents().len(), &names);
        Ok((decide::log_received_with(state, order, incoming.clone(), documents.clone())?, records))
    })?;
    let given = written.iter().find_map(|event| if let Event::CommunicationReceived(it) = event { Some(it.communication) } else { None });
    let communication = given.ok_or_else(|| Problem::new("the message was not logged").hint("nothing was changed; try again"))?;
    let received = written.iter().filter_map(|event| if let Event::DocumentReceived(it) = event { Some((it.document, it.n_bytes)) } else { None });
    let logged = Logged { communication, documents: received.collect(), is_words: came.content.is_none() && !came.note.is_empty() };
    for ((document, _), findings) in logged.documents.iter().zip(found) {
        say_what_was_found(&visit.app, visit.at, *document, &findings)?;
    }
    Ok(logged)
}

/// What is kept of files: what the log says of each, the record of what each was called, and what the first look into it found.
pub type KeptFiles = (Vec<NewDocument>, Vec<String>, Vec<Vec<ScreeningFinding>>);

/// Keeps files, and looks into them.
///
/// # Errors
/// One cannot be read or written.
pub fn keep_all(visit: &Visit, files: Vec<Piece>) -> Result<KeptFiles, Refusal> {
    let (mut documents, mut names, mut found) = (Vec::new(), Vec::new(), Vec::new());
    for file in files {
        let (original, n_bytes) = (file.staged.sha256().parse::<BlobHash>().map_err(Problem::new)?, file.staged.n_bytes());
        // One after the other, so that memory holds one at a time.
        found.push(findings_in(&visit.app, &file)?);
        names.push(serde_json::to_string(&Arrived { name: file.name }).map_err(|error| Problem::while_doing("writing a name", error))?);
        visit.app.ws.blobs().keep(file.staged)?;
        documents.push(NewDocument { original, n_bytes, kind: DocumentKind::Other, language: Language::En });
    }
    Ok((documents, names, found))
}

/// The records of what documents were called, from the number that the first of them gets.
pub fn records_of(first: usize, names: &[String]) -> Vec<NewRecord> {
    (first..).zip(names).map(|(number, body)| NewRecord { kind: DOCUMENT, id: number.to_string(), body: body.clone() }).collect()
}

/// Keeps bytes, and names them.
///
/// # Errors
/// They cannot be written.
pub fn keep(visit: &Visit, bytes: &[u8]) -> Result<BlobHash, Refusal> {
    visit.app.ws.blobs().put(&mut &*bytes)?;
    Ok(BlobHash::of(bytes))
}

/// What the first look into a file finds. It waits until there is memory for it.
///
/// # Errors
/// It cannot be read.
pub fn findings_in(app: &App, file: &Piece) -> Result<Vec<ScreeningFinding>, Problem> {
    if file.staged.n_bytes() > SCREENED_BYTES {
        return Ok(vec![ScreeningFinding::TooLarge]);
    }
    let _held = app.memory.hold(file.staged.n_bytes());
    Ok(findings(&file.name, &file.staged.bytes()?))
}

fn findings(name: &str, bytes: &[u8]) -> Vec<ScreeningFinding> {
    let found = reading::look(name, bytes).found;
    let mut findings: Vec<ScreeningFinding> = found.into_iter().map(|found| screening_finding(found.finding)).collect();
    findings.sort_unstable();
    findings.dedup();
    findings
}

/// Looks into documents that were received and never looked into, because a program died over them: until then nobody can
/// open them.
///
/// # Errors
/// A file cannot be read, or the log cannot be written.
pub fn look_again(app: &App, at: Timestamp) -> Result<(), Problem> {
    let is_open = |document: &ReceivedDocument| matches!(document.screening, Screening::Received | Screening::Screening);
    let waiting: Vec<(usize, BlobHash)> = {
        let known = app.office.known();
        known.state.documents().iter().enumerate().filter(|(_, it)| is_open(it)).map(|(number, it)| (number, it.original)).collect()
    };
    let again = |number: usize, original: BlobHash| {
        let document = DocumentId(u32::try_from(number).unwrap_or(u32::MAX));
        let name = name_in(&app.ws, document)?.unwrap_or_default();
        let mut blob = app.ws.blobs().read(&original.to_string())?;
        let reading = |error: std::io::Error| Problem::of_files("reading a document", &error);
        let n_bytes = blob.metadata().map_err(reading)?.len();
        if n_bytes > SCREENED_BYTES {
            return say_what_was_found(app, at, document, &[ScreeningFinding::TooLarge]);
        }
        let _held = app.memory.hold(n_bytes);
        let mut bytes = Vec::new();
        blob.read_to_end(&mut bytes).map_err(reading)?;
        say_what_was_found(app, at, document, &findings(&name, &bytes))
    };
    // One that cannot be read does not keep the others waiting.
    let done: Vec<Result<(), Problem>> = waiting.into_iter().map(|(number, original)| again(number, original)).collect();
    done.into_iter().collect()
}

/// Says in the log what the first look into a document found, unless another program was quicker.
///
/// # Errors
/// The log cannot be written.
pub fn say_what_was_found(app: &App, at: Timestamp, document: DocumentId, findings: &[ScreeningFinding]) -> Result<(), Problem> {
    let order = Order { by: "program".parse().map_err(Problem::new)?, at: Moment::from_microseconds(at.as_microsecond()), seen: u64::MAX };
    let begun = app.office.act(&app.ws, &order, &|state, order| decide::begin_screening(state, order, document));
    let done = app.office.act(&app.ws, &order, &|state, order| decide::screened(state, order, document, findings.to_vec()));
    for acted in [begun, done] {
        if let Err(Undone::Problem(problem)) = acted {
            return Err(problem);
        }
    }
    Ok(())
}

/// The fields of a form that logs what came; `whom` asks for whom, where that is to be said.
pub fn fields(visit: &Visit, whom: &Markup) -> Markup {
    let channels: Vec<(&str, &str, &str)> = CHANNELS.iter().map(|(_, id, words)| (*id, *words, "")).collect();
    html! {
        (radios(visit, "channel", "How it came", "", &channels, "email"))
        (layout::day(visit, "on", "On which day", "", Some(visit.today())))
        (whom)
        (area(visit, "note", "What it says", "For a call or a meeting: what was said. Names and addresses of people do not belong here", ""))
        (layout::files(visit, "file", "Files", &format!("{}. Each is kept as it came, and looked at before anybody opens it", gate::largest(&visit.app))))
    }
}

/// Reads that form.
///
/// # Errors
/// What is wrong with it.
pub fn read(visit: &Visit) -> Result<Came, Problems> {
    let recipients: Vec<RecipientId> = visit.form.all("recipient").filter_map(|number| number.parse().ok()).map(RecipientId).collect();
    let came = read_unplaced(visit);
    match came {
        Ok(came) if recipients.is_empty() => Err(Problems::one("recipient", format!("Tick at least one body for what came on {}", came.on.name()))),
        Ok(came) => Ok(Came { recipients, ..came }),
        Err(problems) => Err(problems),
    }
}

/// Reads that form where it does not ask whom it is from.
///
/// # Errors
/// What is wrong with it.
pub fn read_unplaced(visit: &Visit) -> Result<Came, Problems> {
    let mut problems = Problems::default();
    let channel = problems
        .choice(&visit.form, "channel", "Choose how it came", |id| CHANNELS.iter().find(|(_, one, _)| *one == id).map(|(channel, ..)| *channel));
    let on = problems.day(&visit.form, "on", "Enter the day");
    let note = visit.form.text("note").to_owned();
    if note.is_empty() && visit.files.is_empty() {
        problems.add("note", "Write what it says, or add its files");
    }
    match (channel, on) {
        (Some(channel), Some(on)) if problems.is_empty() => Ok(Came { note, ..Came::unplaced(channel, on) }),
        _ => Err(problems),
    }
}
