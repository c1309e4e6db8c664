//! What a body left, for whoever left it: a receipt, and the questions of what each file is.
//!
//! The receipt has a secret address of its own, shown to the one who left the files: the link in the letter may have been passed
//! on, and tells nobody what they were called. No name is kept with it, so that an erased name is gone from it, too.

use headwater_prevention::exchange::id::{CommunicationId, DocumentId, ItemId, RecipientId};
use headwater_prevention::exchange::publication::Permission;
use jiff::Timestamp;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::account;
use super::form::Problems;
use super::layout;
use super::office::Known;
use super::publication::PERMISSIONS;
use super::replies::{self, Logged};
use super::said::{self, Names, OfFile, Said};
use super::visit::{Answer, Refusal, Reply, Visit, page};
use crate::problem::Problem;

const RECEIPT: &str = "receipt";

/// How many files stand open on the page; of more, each is folded, and what is said of all comes first.
const OPEN_FILES: usize = 6;

/// A receipt as it is kept: under the SHA-256 of its secret part.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Receipt {
    recipient: RecipientId,
    /// The second at which it came.
    at: i64,
    /// The messages, with which files came.
    communications: Vec<CommunicationId>,
    /// The files, each with its size.
    files: Vec<(DocumentId, u64)>,
    /// The one of the messages that is what was typed beside the files.
    words: Option<CommunicationId>,
    /// What was said of them, or without a file.
    told: Option<CommunicationId>,
}

/// Makes a receipt of what was left, and gives its address.
///
/// # Errors
/// The records cannot be written.
pub fn receipt(visit: &Visit, recipient: RecipientId, logged: &[Logged]) -> Result<String, Refusal> {
    let files = logged.iter().flat_map(|logged| logged.documents.iter().copied()).collect();
    let communications = logged.iter().map(|logged| logged.communication).collect();
    let words = logged.iter().find(|logged| logged.is_words).map(|logged| logged.communication);
    new(visit, &Receipt { recipient, at: visit.at.as_second(), communications, files, words, told: None })
}

/// Makes a receipt of what was said without a file, and gives its address.
///
/// # Errors
/// The records cannot be written.
pub fn receipt_of_words(visit: &Visit, recipient: RecipientId, told: CommunicationId) -> Result<String, Refusal> {
    new(visit, &Receipt { recipient, at: visit.at.as_second(), communications: Vec::new(), files: Vec::new(), words: None, told: Some(told) })
}

fn new(visit: &Visit, receipt: &Receipt) -> Result<String, Refusal> {
    let token = account::token(20)?;
    visit.app.ws.records().put(RECEIPT, &account::kept_of(&token), 0, &written(receipt)?)?;
    Ok(format!("/upload/left/{token}"))
}

fn written(receipt: &Receipt) -> Result<String, Problem> {
    serde_json::to_string(receipt).map_err(|error| Problem::while_doing("writing a receipt", error))
}

/// The receipt of an address, with its key and its version.
fn of(visit: &Visit) -> Result<(Receipt, String, i64), Refusal> {
    let key = account::kept_of(&visit.part::<String>("left")?);
    let record = visit.app.ws.records().get(RECEIPT, &key)?.ok_or(Refusal::NotFound)?;
    let receipt = serde_json::from_str(&record.body).map_err(|error| Problem::while_doing("reading a receipt", error))?;
    Ok((receipt, key, record.version))
}

/// A size in words.
fn size(n_bytes: u64) -> String {
    match n_bytes {
        0..1_000 => format!("{n_bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", n_bytes as f64 / 1e3),
        _ => format!("{:.1} MB", n_bytes as f64 / 1e6),
    }
}

/// Files of the receipt that are here still.
fn files(known: &Known, receipt: &Receipt) -> Vec<DocumentId> {
    let is_here = |id: &DocumentId| known.state.document(*id).is_some_and(|it| !it.screening.is_destroyed());
    receipt.files.iter().map(|(id, _)| *id).filter(is_here).collect()
}

/// The receipt, and the questions until they were answered.
///
/// # Errors
/// There is none of this address, or the records cannot be read.
pub fn show(visit: &Visit) -> Answer {
    // Everything is read before the exchange is locked.
    let (receipt, ..) = of(visit)?;
    let names: Names = receipt.files.iter().map(|(id, _)| Ok((*id, replies::name_of(visit, *id)?))).collect::<Result<_, Refusal>>()?;
    let told = receipt.told.and_then(|id| visit.app.office.known().state.communication(id).cloned());
    let said = told.as_ref().map(|it| said::by(visit, it)).transpose()?.flatten();
    let known = visit.app.office.known();
    let recipient = known.state.recipient(receipt.recipient).ok_or(Refusal::NotFound)?;
    let body = known.state.body(recipient.body).map_or("", |body| body.entry.name.as_str());
    let campaign = known.state.campaign(recipient.campaign).ok_or(Refusal::NotFound)?;
    let at = Timestamp::from_second(receipt.at).unwrap_or(visit.at);
    let title = if receipt.communications.is_empty() { "We have what you told us" } else { "Your files arrived" };
    let asks_what_they_are = receipt.told.is_none() && campaign.stage.takes_answers();
    let main = html! {
        (layout::facts(&[
            ("From", html! { (body) }),
            ("For", html! { (campaign.brief.title) ", " (visit.app.office_name()) }),
            ("Arrived", html! { (layout::clock(at)) ", London time" }),
        ]))
        @if !receipt.communications.is_empty() { (table(&known, &receipt, &names)) }
        @if let Some(said) = &said {
            h2 { "What you told us" }
            (said::told(visit, &known, said, &names))
            @if let Some(content) = told.as_ref().and_then(|it| it.content) { p.hint { "Kept under the SHA-256 " code { (content) } "." } }
        }
        p { "This is your receipt: print it, or keep its address. The address is shown to nobody else. "
            @if receipt.communications.is_empty() { "The link in our letter still works for your files, and has no last day." }
            @else { "The link in our letter is used up: if more is to follow, answer the letter by mail, or ask us for another link." }
        }
        @if asks_what_they_are { (questions(visit, &known, &receipt, &names)) }
    };
    page(layout::outside(visit, title, &main))
}

fn name(names: &Names, id: DocumentId) -> &str {
    names.get(&id).map_or("a file", String::as_str)
}

fn table(known: &Known, receipt: &Receipt, names: &Names) -> Markup {
    let mut rows = Vec::new();
    for id in &receipt.communications {
        if let Some(content) = known.state.communication(*id).and_then(|it| it.content) {
            let what = if receipt.words == Some(*id) { "What you wrote with them" } else { "An e-mail" };
            rows.push((what.to_owned(), String::new(), content.to_string()));
        }
    }
    for (id, n_bytes) in &receipt.files {
        let Some(it) = known.state.document(*id) else { continue };
        let name = if it.screening.is_destroyed() { "Destroyed here since" } else { name(names, *id) };
        rows.push((name.to_owned(), size(*n_bytes), it.original.to_string()));
    }
    html! {
        div.scroll tabindex="0" role="region" aria-label="What you left" {
            table {
                caption { "What you left. Zips are unpacked; the SHA-256 of a file shows that it is the very one you have" }
                thead { tr { th.t scope="col" { "File" } th scope="col" { "Size" } th.t scope="col" { "SHA-256" } } }
                tbody { @for (name, size, hash) in &rows { tr { th.t scope="row" { (name) } td { (size) } td.t { code.hash { (hash) } } } } }
            }
        }
    }
}

/// The form that asks what the files are. Everything in it may be left open.
fn questions(visit: &Visit, known: &Known, receipt: &Receipt, names: &Names) -> Markup {
    let (asked, files) = (said::asked(known, receipt.recipient), files(known, receipt));
    let of_one = |field: &dyn Fn(&str) -> String, what: &str| {
        html! {
            (said::item_boxes(visit, &field("answers"), &format!("What does {what} answer?"), "", &asked))
            (permissions(visit, &field("permission"), &format!("May {what} be published?")))
        }
    };
    let inside = html! {
        @if files.len() > 1 {
            h3 { "All of them" }
            p.hint { "What you say here is meant for every file of which you say nothing else below." }
            (of_one(&|field: &str| field.to_owned(), "each of them"))
        }
        @for id in &files {
            @let name = name(names, *id);
            @let field = |field: &str| format!("of-{}-{field}", id.0);
            @let what = format!("\u{201c}{name}\u{201d}");
            @if files.len() > OPEN_FILES {
                details open[visit.form.has(&field("answers")) || visit.form.has(&field("permission"))] { summary { (name) } (of_one(&field, &what)) }
            } @else { h3 { (name) } (of_one(&field, &what)) }
        }
        @if files.is_empty() { (said::fields(visit, &asked)) }
        @else { details open[!visit.problems.is_empty()] { summary { "Something is missing: you need more time, hold none of it, or have a question" } (said::fields(visit, &asked)) } }
    };
    html! {
        section.questions {
        h2 { @match files.len() { 0 => "What else can you tell us?", 1 => "What is this file?", _ => "What are these files?" } }
        p { "Your files are safe with us whether you answer this or not. You can tell us once; leave open what you do not know." }
        (layout::order(visit, &visit.path, "Tell us", &inside))
        }
    }
}

fn permissions(visit: &Visit, name: &str, legend: &str) -> Markup {
    let options: Vec<(&str, &str, &str)> = PERMISSIONS.iter().map(|(_, id, words, about)| (*id, *words, *about)).collect();
    layout::radios(visit, name, legend, "", &options, "")
}

fn permission(visit: &Visit, name: &str) -> Option<Permission> {
    PERMISSIONS.iter().find(|(_, id, ..)| *id == visit.form.text(name)).map(|(permission, ..)| *permission)
}

/// Keeps what a body says of its files.
///
/// # Errors
/// Nothing is said, what is wrong with the form, or it was said before.
pub fn describe(visit: &Visit) -> Answer {
    let (mut receipt, key, version) = of(visit)?;
    if receipt.told.is_some() {
        return Err(Problems::one("", "This was said before: to change it, answer the letter by mail").into());
    }
    let (mut said, mut problems) = (Said::nothing(visit, receipt.recipient), Problems::default());
    {
        let known = visit.app.office.known();
        let asked = said::asked(&known, receipt.recipient);
        let (for_all, may_all): (Vec<ItemId>, _) = (said::ticked(visit, "answers", &asked), permission(visit, "permission"));
        for id in files(&known, &receipt) {
            let own = said::ticked(visit, &format!("of-{}-answers", id.0), &asked);
            let answers = if own.is_empty() { for_all.clone() } else { own };
            let permission = permission(visit, &format!("of-{}-permission", id.0)).or(may_all);
            if let Some(it) = known.state.document(id).filter(|_| !answers.is_empty() || permission.is_some()) {
                said.files.push(OfFile { document: id, sha256: it.original, answers, permission });
            }
        }
        said::read(visit, &asked, &mut said, &mut problems);
    }
    if problems.is_empty() && said.is_empty() {
        problems.add("", "Say something of a file, or leave this page: your files have arrived");
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    receipt.told = Some(said.log(visit, receipt.communications.last().copied())?);
    visit.app.ws.records().put(RECEIPT, &key, version, &written(&receipt)?)?;
    Ok(Reply::See(visit.path.clone(), None))
}
