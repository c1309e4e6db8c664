//! The page where a body leaves its files: no account, a link that works once. What it has no file for, it can say there.

use headwater_prevention::exchange::id::RecipientId;
use jiff::Timestamp;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::account;
use super::form::Problems;
use super::gate;
use super::intake;
use super::layout;
use super::left;
use super::replies::{self, Came};
use super::said::{self, Said};
use super::visit::{Answer, Refusal, Reply, Visit, page};
use crate::problem::Problem;
use crate::store::records::{Put, Records};

const UPLOAD: &str = "upload";

/// Which link of a recipient is good, under the recipient's number: the key of the last that was made.
const LAST: &str = "upload_last";

/// How often something may be said by one link without a file.
const MOST_SAID: u32 = 5;

/// A link as it is kept: under the SHA-256 of its secret part.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    recipient: u32,
    /// When files were left: then it is used up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    used: Option<String>,
    /// The second since which files are being taken in. It stays if the program dies over them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    begun: Option<i64>,
    /// How often something was said by it without a file.
    #[serde(default, skip_serializing_if = "is_nought")]
    said: u32,
}

fn is_nought(n: &u32) -> bool {
    *n == 0
}

/// Seconds after which files that were being taken in are held for lost, and the link for good.
const LONGEST_TAKING: i64 = 600;

impl Link {
    /// Whether somebody's files are being taken in at this moment.
    fn is_busy(&self, at: Timestamp) -> bool {
        self.begun.is_some_and(|begun| at.as_second() - begun < LONGEST_TAKING)
    }
}

/// Makes a link for a recipient; one that was not used yet ends. One that was used goes on saying that files arrived by it.
///
/// # Errors
/// The records cannot be written.
pub fn new_link(visit: &Visit, recipient: RecipientId) -> Result<String, Refusal> {
    let records = visit.app.ws.records();
    let token = account::token(20)?;
    let (key, of) = (account::kept_of(&token), recipient.0.to_string());
    records.put(UPLOAD, &key, 0, &written(&Link { recipient: recipient.0, used: None, begun: None, said: 0 })?)?;
    let before = loop {
        let before = records.get(LAST, &of)?;
        if let Put::Kept(_) = records.put(LAST, &of, before.as_ref().map_or(0, |record| record.version), &key)? {
            break before;
        }
    };
    // The one before is no longer good; only what was left by it is worth keeping.
    if let Some(before) = before
        && let Some(record) = records.get(UPLOAD, &before.body)?
        && read(&record.body)?.used.is_none()
    {
        records.erase(UPLOAD, &before.body)?;
    }
    Ok(format!("{}/upload/{token}", visit.app.address))
}

/// A link by its secret part, with its version: one that was used, or the last that was made for its recipient.
fn link(records: &dyn Records, token: &str) -> Result<Option<(Link, i64)>, Problem> {
    let key = account::kept_of(token);
    let Some(record) = records.get(UPLOAD, &key)? else { return Ok(None) };
    let link = read(&record.body)?;
    let is_good = link.used.is_some() || records.get(LAST, &link.recipient.to_string())?.is_none_or(|last| last.body == key);
    Ok(is_good.then_some((link, record.version)))
}

fn written(link: &Link) -> Result<String, Problem> {
    serde_json::to_string(link).map_err(|error| Problem::while_doing("writing a link", error))
}

fn read(body: &str) -> Result<Link, Problem> {
    serde_json::from_str(body).map_err(|error| Problem::while_doing("reading a link", error))
}

/// A page for people outside: no rooms, no marking.
fn outside(visit: &Visit, title: &str, main: &Markup) -> Answer {
    page(layout::outside(visit, title, main))
}

/// The page behind a link.
///
/// # Errors
/// The records cannot be read.
pub fn show(visit: &Visit) -> Answer {
    let token: String = visit.part("token")?;
    let Some((link, _)) = link(visit.app.ws.records(), &token)? else {
        return outside(
            visit,
            "This link is not good",
            &html! { p { "It may have been replaced by a newer one, or not copied whole. Answer the letter by mail, or ask " (visit.app.office_name()) " for another." } },
        );
    };
    let known = visit.app.office.known();
    let id = RecipientId(link.recipient);
    let recipient = known.state.recipient(id).ok_or(Refusal::NotFound)?;
    let body = known.state.body(recipient.body).map_or("", |body| body.entry.name.as_str());
    let campaign = known.state.campaign(recipient.campaign).ok_or(Refusal::NotFound)?;
    if let Some(on) = link.used {
        return outside(
            visit,
            "Your files arrived",
            &html! {
                p { "Files of " (body) " were left here on " (on) ". Thank you. The link works once: if more is to follow, answer the letter by mail, or ask " (visit.app.office_name()) " for another link." }
                p { "What they were called is not told to everybody who has the link. Whoever left them was shown a receipt, which has an address of its own." }
            },
        );
    }
    if link.is_busy(visit.at) {
        return outside(
            visit,
            "Your files are being taken in",
            &html! { p { "Load this page again in a moment. If it still says so in ten minutes, they were cut off: then you can leave them once more." } },
        );
    }
    let address = format!("/upload/{token}");
    let asked = said::asked(&known, id);
    let inside = html! {
        (layout::files(visit, "file", "Files", &format!("{}; or one zip", gate::largest(&visit.app))))
        (layout::area(visit, "note", "Anything you want to say with them", "May be empty. Please name nobody who could be harmed by it", ""))
    };
    outside(
        visit,
        &format!("Leave files for {}", visit.app.office_name()),
        &html! {
            p { "From " strong { (body) } ", for " strong { (campaign.brief.title) } "." }
            p { "What was asked for:" }
            ol { @for (_, title) in &asked { li { (title) } } }
            p.warning { "Please leave out information about any patient who could be identified, and individual cases: the law keeps them from us." }
            h2 { "Leave files" }
            p { "When they are here, you are asked of each what it answers and whether it may be published, and you get a receipt." }
            (layout::order_with_files(visit, &address, "Leave these files", &inside))
            h2 { "You have no file for something?" }
            (layout::fold(visit, &format!("{address}/say"), "Say that you need more time, hold none of this, or have a question",
                &layout::order(visit, &format!("{address}/say"), "Tell us", &said::fields(visit, &asked))))
            p { "For files the link works once, and has no last day: it can still be used after you have told us something. You need no account, and no cookie is set." }
        },
    )
}

/// Whether the link of an address is good for files: it is there, and was not used.
///
/// # Errors
/// The records cannot be read.
pub fn is_good(visit: &Visit) -> Result<bool, Refusal> {
    let token: String = visit.part("token")?;
    Ok(link(visit.app.ws.records(), &token)?.is_some_and(|(link, _)| link.used.is_none() && !link.is_busy(visit.at)))
}

/// Takes the files in, and leads to their receipt, where whoever left them is asked what they are.
///
/// # Errors
/// None came, or the link is used up.
pub fn submit(visit: &Visit) -> Answer {
    let token: String = visit.part("token")?;
    if visit.files.is_empty() {
        return Err(Problems::one("file", "Choose at least one file").into());
    }
    let (records, key) = (visit.app.ws.records(), account::kept_of(&token));
    let (mut link, version) = link(records, &token)?.ok_or(Refusal::NotFound)?;
    if link.used.is_some() {
        return Err(Problems::one("file", "The link was used already").into());
    }
    // Marked first, so that of two who press at once one leaves files; used up only when they are kept, so that nobody is told
    // that files arrived over which the program died.
    link.begun = Some(visit.at.as_second());
    let Put::Kept(version) = records.put(UPLOAD, &key, version, &written(&link)?)? else {
        return Err(Problems::one("file", "The link was used a moment ago").into());
    };
    let recipient = RecipientId(link.recipient);
    let came = Came { note: visit.form.text("note").to_owned(), ..Came::by_link(visit, recipient) };
    let by = replies::program(visit)?;
    let left = intake::take_in(visit, by, &came, &visit.files).and_then(|taken| left::receipt(visit, recipient, &taken.logged));
    link.begun = None;
    if left.is_ok() {
        link.used = Some(visit.today().name());
    }
    // A link that was made anew meanwhile is another one, and stays.
    records.put(UPLOAD, &key, version, &written(&link)?)?;
    Ok(Reply::See(left?, None))
}

/// Keeps what a body says without a file, and leads to a receipt of it. The link stays good for files.
///
/// # Errors
/// Nothing is said, what is wrong with the form, or it was said too often.
pub fn say(visit: &Visit) -> Answer {
    let token: String = visit.part("token")?;
    let (records, key) = (visit.app.ws.records(), account::kept_of(&token));
    let (mut link, version) = link(records, &token)?.filter(|(link, _)| link.used.is_none()).ok_or(Refusal::NotFound)?;
    let recipient = RecipientId(link.recipient);
    let asked = said::asked(&visit.app.office.known(), recipient);
    let (mut said, mut problems) = (Said::nothing(visit, recipient), Problems::default());
    said::read(visit, &asked, &mut said, &mut problems);
    if problems.is_empty() && said.is_empty() {
        problems.add("later", "Tick or write something");
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    if link.said == MOST_SAID {
        return Err(Problems::one("later", format!("By this link something was said {MOST_SAID} times already: answer the letter by mail")).into());
    }
    // Counted first: of two who press at once, one is told to press again.
    link.said += 1;
    if records.put(UPLOAD, &key, version, &written(&link)?)? == Put::ChangedMeanwhile {
        return Err(Problems::one("later", "The link was used a moment ago: press once more").into());
    }
    let communication = said.log(visit, None)?;
    Ok(Reply::See(left::receipt_of_words(visit, recipient, communication)?, None))
}
