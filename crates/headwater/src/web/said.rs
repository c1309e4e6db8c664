//! What a body says by its link, without an account: what its files answer and what may become of them, what it needs longer
//! for, what it does not hold, what it asks.
//!
//! It is kept as the body's own words, a message of its own. Nothing follows from it until one of the office confirms it, part
//! by part: whoever has a link could say anything.

use std::collections::BTreeMap;
use std::io::Read;

use headwater_prevention::exchange::ask::{AskStatus, Proof};
use headwater_prevention::exchange::body::Channel;
use headwater_prevention::exchange::communication::{Communication, Direction};
use headwater_prevention::exchange::decide::{Allowed, Order, asks, documents, publications};
use headwater_prevention::exchange::id::{AskId, BlobHash, CommunicationId, DocumentId, ItemId, RecipientId};
use headwater_prevention::exchange::moment::Day;
use headwater_prevention::exchange::publication::Permission;
use headwater_prevention::exchange::state::State;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::access::Right;
use super::form::Problems;
use super::layout::{self, area, boxes};
use super::office::Known;
use super::publication::PERMISSIONS;
use super::replies;
use super::traces;
use super::visit::{Answer, Refusal, Visit, see};
use crate::problem::Problem;

/// The most bytes of what a body says.
const LONGEST: u64 = 1 << 20;

/// The most letters of a question.
const LONGEST_QUESTION: usize = 5_000;

/// The longest that a body may say it needs, in days: what the exchange takes as a promise.
const LONGEST_WAIT_DAYS: i32 = 3 * 366;

/// What a body says, as it is kept: the content of a message of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// The recipient whose link it was.
    pub recipient: RecipientId,
    /// When, so that to say the same again is another thing.
    pub said_at: String,
    /// What it says of files that it left.
    pub files: Vec<OfFile>,
    /// What it needs longer for.
    pub later: Option<Later>,
    /// What it does not hold.
    pub not_held: Vec<ItemId>,
    /// What it wants to know.
    pub question: Option<Question>,
}

/// What a body says of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfFile {
    /// The document.
    pub document: DocumentId,
    /// Its hash.
    pub sha256: BlobHash,
    /// What it answers.
    pub answers: Vec<ItemId>,
    /// What may become of it.
    pub permission: Option<Permission>,
}

/// What a body needs longer for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Later {
    /// What.
    pub items: Vec<ItemId>,
    /// Until when.
    pub until: Day,
}

/// What a body wants to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What it is about; nothing for everything that is open.
    pub items: Vec<ItemId>,
    /// Its words.
    pub words: String,
}

/// What documents were called when they came.
pub type Names = BTreeMap<DocumentId, String>;

impl Said {
    /// Nothing yet.
    pub fn nothing(visit: &Visit, recipient: RecipientId) -> Self {
        Self { recipient, said_at: visit.at.to_string(), files: Vec::new(), later: None, not_held: Vec::new(), question: None }
    }

    /// What its files are called. Read before anything is looked up in the exchange, which is locked then.
    ///
    /// # Errors
    /// A name cannot be read.
    pub fn names(&self, visit: &Visit) -> Result<Names, Refusal> {
        self.files.iter().map(|file| Ok((file.document, replies::name_of(visit, file.document)?))).collect()
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.later.is_none() && self.not_held.is_empty() && self.question.is_none()
    }

    /// Reads what was kept, if it is that.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// Keeps it as a message of the body, about the one with which its files came.
    ///
    /// # Errors
    /// Something cannot be written.
    pub fn log(&self, visit: &Visit, about: Option<CommunicationId>) -> Result<CommunicationId, Refusal> {
        let bytes = serde_json::to_vec_pretty(self).map_err(|error| Problem::while_doing("writing what a body says", error))?;
        let content = Some(replies::keep(visit, &bytes)?);
        let came = replies::Came { content, answers: about, ..replies::Came::by_link(visit, self.recipient) };
        Ok(replies::log(visit, replies::program(visit)?, &came, Vec::new())?.communication)
    }
}

/// What is asked of a recipient and was not withdrawn, with its title.
pub fn asked(known: &Known, id: RecipientId) -> Vec<(ItemId, String)> {
    let Some(recipient) = known.state.recipient(id) else { return Vec::new() };
    let is_asked = |status: &AskStatus| !matches!(status, AskStatus::Withdrawn { .. });
    recipient.asks().filter(|(_, ask)| is_asked(&ask.status)).map(|(item, _)| (item, title(known, id, item))).collect()
}

fn title(known: &Known, id: RecipientId, item: ItemId) -> String {
    let campaign = known.state.recipient(id).and_then(|recipient| known.state.campaign(recipient.campaign));
    let item = campaign.and_then(|campaign| campaign.items.get(item.index())).and_then(Option::as_ref);
    item.map_or_else(String::new, |item| item.title.to_string())
}

/// The items as boxes, none of them ticked.
pub fn item_boxes(visit: &Visit, name: &str, legend: &str, hint: &str, asked: &[(ItemId, String)]) -> Markup {
    let options: Vec<(String, String, bool)> = asked.iter().map(|(item, title)| (item.0.to_string(), title.clone(), false)).collect();
    boxes(visit, name, legend, hint, &options)
}

/// The items that were ticked, of those that are asked.
pub fn ticked(visit: &Visit, name: &str, asked: &[(ItemId, String)]) -> Vec<ItemId> {
    let sent: Vec<&str> = visit.form.all(name).collect();
    asked.iter().map(|(item, _)| *item).filter(|item| sent.contains(&item.0.to_string().as_str())).collect()
}

/// The fields for what is said without a file.
pub fn fields(visit: &Visit, asked: &[(ItemId, String)]) -> Markup {
    html! {
        h3 { "We need more time" }
        (item_boxes(visit, "later", "What you need more time for", "", asked))
        (layout::day(visit, "until", "Until which day", "Only if you ticked something above", None))
        h3 { "We hold none of this" }
        (item_boxes(visit, "none", "What you do not hold", "", asked))
        h3 { "We have a question" }
        (area(visit, "question", "Your question", "Please name nobody who could be harmed by it", ""))
        (item_boxes(visit, "unclear", "What it is about", "Tick nothing if it is about all of it", asked))
    }
}

/// Reads those fields into what is said.
pub fn read(visit: &Visit, asked: &[(ItemId, String)], said: &mut Said, problems: &mut Problems) {
    let (form, later) = (&visit.form, ticked(visit, "later", asked));
    if !later.is_empty() {
        let until = problems.day(form, "until", "Enter the day until which you need").filter(|until| {
            let days = until.since(visit.today());
            if days < 0 {
                problems.add("until", format!("{} is over: enter a day that is still to come", until.name()));
            } else if days > LONGEST_WAIT_DAYS {
                problems.add("until", format!("{} is more than three years ahead: check the year", until.name()));
            }
            (0..=LONGEST_WAIT_DAYS).contains(&days)
        });
        said.later = until.map(|until| Later { items: later.clone(), until });
    } else if !form.text("until").is_empty() {
        problems.add("later", "Tick what you need more time for");
    }
    said.not_held = ticked(visit, "none", asked);
    for (_, title) in asked.iter().filter(|(item, _)| later.contains(item) && said.not_held.contains(item)) {
        problems.add("none", format!("\u{201c}{title}\u{201d} is ticked twice: either you need more time for it, or you do not hold it"));
    }
    let (words, items) = (form.text("question"), ticked(visit, "unclear", asked));
    if words.chars().count() > LONGEST_QUESTION {
        problems.add("question", format!("Shorten your question to {LONGEST_QUESTION} letters, or send it by mail"));
    } else if !words.is_empty() {
        said.question = Some(Question { items, words: words.to_owned() });
    } else if !items.is_empty() {
        problems.add("question", "Write your question");
    }
}

/// How far one part of what was said is on its way into the log of the office.
enum Standing {
    /// Somebody can confirm it.
    Open,
    /// It stands as they say.
    Confirmed,
    /// It cannot be confirmed, and why.
    Not(&'static str),
}

/// One part of what was said: the name of its order, its words, the button, how it stands.
struct Part {
    what: String,
    /// What the button is about, where its words do not say it.
    of: String,
    words: Markup,
    button: String,
    standing: Standing,
}

/// What may become of a file, in the body's words.
fn permission_words(permission: Permission) -> &'static str {
    PERMISSIONS.iter().find(|(one, ..)| *one == permission).map_or("", |(_, _, words, _)| words)
}

fn titles(known: &Known, said: &Said, items: &[ItemId]) -> String {
    items.iter().map(|item| format!("\u{201c}{}\u{201d}", title(known, said.recipient, *item))).collect::<Vec<_>>().join(", ")
}

fn ask_ids(said: &Said, items: &[ItemId]) -> Vec<AskId> {
    items.iter().map(|item| AskId { recipient: said.recipient, item: *item }).collect()
}

/// Asks of which something else can be said than what stands, and is to be said.
fn open_asks(state: &State, asks: &[AskId], status: &AskStatus) -> Vec<AskId> {
    asks.iter().copied().filter(|id| state.ask(*id).is_some_and(|ask| ask.status != *status && ask.status.may_become(status))).collect()
}

fn standing_of(state: &State, asks: &[AskId], status: &AskStatus) -> Standing {
    if !open_asks(state, asks, status).is_empty() {
        Standing::Open
    } else if asks.iter().all(|id| state.ask(*id).is_some_and(|ask| ask.status == *status)) {
        Standing::Confirmed
    } else {
        Standing::Not("It stands otherwise by now")
    }
}

/// The asks a question is about.
fn questioned(state: &State, said: &Said, question: &Question) -> Vec<AskId> {
    if !question.items.is_empty() {
        return ask_ids(said, &question.items);
    }
    let Some(recipient) = state.recipient(said.recipient) else { return Vec::new() };
    let items: Vec<ItemId> = recipient.asks().filter(|(_, ask)| ask.is_waiting()).map(|(item, _)| item).collect();
    ask_ids(said, &items)
}

/// Whether a file is of those that the same body left by its link: of others it can say nothing here.
fn is_theirs(state: &State, said: &Said, file: &OfFile) -> bool {
    let Some(document) = state.document(file.document) else { return false };
    let Some(submission) = state.submission(document.submission) else { return false };
    let came = state.communication(submission.communication).is_some_and(|it| it.channel == Channel::Upload);
    came && document.original == file.sha256 && submission.recipients.contains(&said.recipient)
}

fn standing_of_file(state: &State, said: &Said, file: &OfFile) -> Standing {
    let Some(document) = state.document(file.document).filter(|_| is_theirs(state, said, file)) else {
        return Standing::Not("It is no file of theirs");
    };
    let is_so = ask_ids(said, &file.answers).iter().all(|ask| document.asks.contains(ask))
        && file.permission.is_none_or(|permission| document.publication.permission == Some(permission));
    if is_so {
        Standing::Confirmed
    } else if document.screening.is_destroyed() {
        Standing::Not("It was destroyed")
    } else if !document.screening.is_readable() {
        Standing::Not("It is held: look at it first")
    } else {
        Standing::Open
    }
}

fn parts(visit: &Visit, known: &Known, said: &Said, names: &Names) -> Vec<Part> {
    let mut parts = Vec::new();
    for file in &said.files {
        let name = names.get(&file.document).map_or("a file", String::as_str);
        let words = html! {
            @if visit.who.is_some() { a href={ "/documents/" (file.document.0) } { (name) } } @else { strong { (name) } }
            span.hint {
                @if !file.answers.is_empty() { "It answers " (titles(known, said, &file.answers)) ". " }
                @if let Some(permission) = file.permission { (permission_words(permission)) "." }
            }
        };
        let standing = standing_of_file(&known.state, said, file);
        parts.push(Part { what: format!("file-{}", file.document.0), of: format!(": {name}"), words, button: "Confirm".to_owned(), standing });
    }
    if let Some(later) = &said.later {
        let status = AskStatus::Promised { until: later.until };
        parts.push(Part {
            what: "later".to_owned(),
            of: String::new(),
            words: html! { "More time until " (later.until.name()) span.hint { "For " (titles(known, said, &later.items)) "." } },
            button: format!("Promised for {}", later.until.name()),
            standing: standing_of(&known.state, &ask_ids(said, &later.items), &status),
        });
    }
    if !said.not_held.is_empty() {
        parts.push(Part {
            what: "none".to_owned(),
            of: String::new(),
            words: html! { "None of this is held" span.hint { (titles(known, said, &said.not_held)) "." } },
            button: "Not held".to_owned(),
            standing: standing_of(&known.state, &ask_ids(said, &said.not_held), &AskStatus::NotHeld),
        });
    }
    if let Some(question) = &said.question {
        parts.push(Part {
            what: "question".to_owned(),
            of: String::new(),
            words: html! {
                "A question" @if !question.items.is_empty() { " about " (titles(known, said, &question.items)) } ":"
                blockquote { (question.words) }
            },
            button: "They ask what is meant: the clock stands still".to_owned(),
            standing: standing_of(&known.state, &questioned(&known.state, said, question), &AskStatus::ClarificationAsked),
        });
    }
    parts
}

/// What was said, for whoever said it.
pub fn told(visit: &Visit, known: &Known, said: &Said, names: &Names) -> Markup {
    html! { ul.tasks { @for part in parts(visit, known, said, names) { li { span { (part.words) } } } } }
}

/// What was said, for the office: each part with a button that confirms it.
pub fn shown(visit: &Visit, known: &Known, id: CommunicationId, it: &Communication, said: &Said, names: &Names) -> Markup {
    let parts = parts(visit, known, said, names);
    let may = visit.may(Right::Prepare) && is_of(it, said);
    let n_open = parts.iter().filter(|part| part.what.starts_with("file-") && matches!(part.standing, Standing::Open)).count();
    let press = |what: &str, button: &str, of: &str| {
        html! {
            form method="post" action={ "/messages/" (id.0) "/confirm" } {
                (layout::hidden(visit))
                input type="hidden" name="what" value=(what);
                button.other { (button) span.unseen { (of) } }
            }
        }
    };
    html! {
        h2 { "What they say" }
        p.hint { "Said by whoever had the link of the letter. Nothing follows from it until one of you confirms it." @if let Some(with) = it.answers { " The files came with " a href={ "/messages/" (with.0) } { "another message" } "." } }
        @if it.direction == Direction::In && !is_of(it, said) { p { "It is placed with others than those whose link it was: nothing of it can be confirmed here." } }
        ul.tasks {
            @for part in &parts {
                li {
                    span { (part.words) }
                    @match part.standing {
                        Standing::Confirmed => span.state { "Confirmed" },
                        Standing::Not(why) => span.state.wait { (why) },
                        Standing::Open if may => (press(&part.what, &part.button, &part.of)),
                        Standing::Open => span.state.wait { "Not confirmed yet" },
                    }
                }
            }
        }
        @if may && n_open > 1 { (press("files", &format!("Confirm what they say of {n_open} files"), "")) }
    }
}

/// Whether a message is one by which the body whose link it was says something.
fn is_of(it: &Communication, said: &Said) -> bool {
    it.direction == Direction::In && it.channel == Channel::Upload && it.recipients.contains(&said.recipient)
}

/// What was said by a message, if that is what it is and it was not erased.
///
/// # Errors
/// It cannot be read.
pub fn by(visit: &Visit, it: &Communication) -> Result<Option<Said>, Refusal> {
    let Some(hash) = it.content.filter(|_| it.is_readable()) else { return Ok(None) };
    if traces::erased(&visit.app.ws, hash)?.is_some() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let blob = visit.app.ws.blobs().read(&hash.to_string())?;
    blob.take(LONGEST).read_to_end(&mut bytes).map_err(|error| Problem::of_files("reading what a body says", &error))?;
    Ok(Said::of(&bytes))
}

/// What follows from a part of what was said.
fn follows(state: &State, order: &Order, id: CommunicationId, on: Day, said: &Said, what: &str) -> Allowed {
    let describe = |ids: Vec<AskId>, status: AskStatus| {
        asks::describe(state, order, open_asks(state, &ids, &status), status, on, Some(Proof::Communication(id)))
    };
    match (what, &said.later, &said.question) {
        ("later", Some(later), _) => describe(ask_ids(said, &later.items), AskStatus::Promised { until: later.until }),
        ("none", ..) => describe(ask_ids(said, &said.not_held), AskStatus::NotHeld),
        ("question", _, Some(question)) => describe(questioned(state, said, question), AskStatus::ClarificationAsked),
        _ => {
            let is_meant = |file: &OfFile| what == "files" || what == format!("file-{}", file.document.0);
            let mut events = Vec::new();
            for file in said.files.iter().filter(|file| is_meant(file)) {
                if !matches!(standing_of_file(state, said, file), Standing::Open) {
                    continue;
                }
                let mut answers = state.document(file.document).map(|it| it.asks.clone()).unwrap_or_default();
                let n_before = answers.len();
                answers.extend(ask_ids(said, &file.answers));
                answers.sort_unstable();
                answers.dedup();
                if answers.len() > n_before {
                    events.extend(documents::assign(state, order, file.document, answers)?);
                }
                if let Some(permission) = file.permission {
                    events.extend(publications::permit(state, order, file.document, permission, Some(id))?);
                }
            }
            Ok(events)
        }
    }
}

/// Confirms a part of what a body says.
///
/// # Errors
/// The message is none of that kind, or somebody else changed meanwhile what it is about.
pub fn confirm(visit: &Visit) -> Answer {
    let id = CommunicationId(visit.part("message")?);
    let it = visit.app.office.known().state.communication(id).cloned().ok_or(Refusal::NotFound)?;
    let said = by(visit, &it)?.filter(|said| is_of(&it, said)).ok_or(Refusal::NotFound)?;
    let what = visit.form.text("what").to_owned();
    visit.act(&|state, order| follows(state, order, id, it.on, &said, &what))?;
    see(format!("/messages/{}", id.0), "Confirmed")
}
