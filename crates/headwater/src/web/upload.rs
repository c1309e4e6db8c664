//! The page where a body leaves its files: no account, a link that works once.

use headwater_prevention::exchange::body::Channel;
use headwater_prevention::exchange::communication::HoldReason;
use headwater_prevention::exchange::id::RecipientId;
use jiff::Timestamp;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::account;
use super::form::Problems;
use super::gate;
use super::intake;
use super::layout;
use super::replies::{self, Came};
use super::visit::{Answer, Refusal, Reply, Visit, page};
use crate::problem::Problem;
use crate::store::records::Put;

const UPLOAD: &str = "upload";

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
}

/// Seconds after which files that were being taken in are held for lost, and the link for good.
const LONGEST_TAKING: i64 = 600;

impl Link {
    /// Whether somebody's files are being taken in at this moment.
    fn is_busy(&self, at: Timestamp) -> bool {
        self.begun.is_some_and(|begun| at.as_second() - begun < LONGEST_TAKING)
    }
}

/// Makes a link for a recipient; one that was not used yet ends.
///
/// # Errors
/// The records cannot be written.
pub fn new_link(visit: &Visit, recipient: RecipientId) -> Result<String, Refusal> {
    let records = visit.app.ws.records();
    let token = account::token(20)?;
    let older = records.all(UPLOAD)?;
    records.put(UPLOAD, &account::kept_of(&token), 0, &written(&Link { recipient: recipient.0, used: None, begun: None })?)?;
    // Last, so that there is one whenever the program dies.
    for record in older {
        if read(&record.body)?.recipient == recipient.0 {
            records.erase(UPLOAD, &record.id)?;
        }
    }
    Ok(format!("{}/upload/{token}", visit.app.address))
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
    let record = visit.app.ws.records().get(UPLOAD, &account::kept_of(&token))?;
    let Some(link) = record.map(|record| read(&record.body)).transpose()? else {
        return outside(
            visit,
            "This link is not good",
            &html! { p { "It may have been replaced by a newer one, or not copied whole. Answer the letter by mail, or ask " (visit.app.office_name()) " for another." } },
        );
    };
    let known = visit.app.office.known();
    let recipient = known.state.recipient(RecipientId(link.recipient)).ok_or(Refusal::NotFound)?;
    let body = known.state.body(recipient.body).map_or("", |body| body.entry.name.as_str());
    let campaign = known.state.campaign(recipient.campaign).ok_or(Refusal::NotFound)?;
    if let Some(on) = link.used {
        return outside(
            visit,
            "Your files arrived",
            &html! {
                p { "Files of " (body) " were left here on " (on) ". Thank you. The link works once: if more is to follow, answer the letter by mail, or ask " (visit.app.office_name()) " for another link." }
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
            ol { @for item in campaign.items.iter().flatten() { li { (item.title) } } }
            p.warning { "Please leave out information about any patient who could be identified, and individual cases: the law keeps them from us. Say of each document whether it may be published." }
            (layout::order_with_files(visit, &visit.path, "Leave these files", &inside))
            p { "The link works once. You need no account, and no cookie is set." }
        },
    )
}

/// Whether the link of an address is good for files: it is there, and was not used.
///
/// # Errors
/// The records cannot be read.
pub fn is_good(visit: &Visit) -> Result<bool, Refusal> {
    let token: String = visit.part("token")?;
    let record = visit.app.ws.records().get(UPLOAD, &account::kept_of(&token))?;
    Ok(record.map(|record| read(&record.body)).transpose()?.is_some_and(|link| link.used.is_none() && !link.is_busy(visit.at)))
}

/// Takes the files in.
///
/// # Errors
/// None came, or the link is used up.
pub fn submit(visit: &Visit) -> Answer {
    let token: String = visit.part("token")?;
    if visit.files.is_empty() {
        return Err(Problems::one("file", "Choose at least one file").into());
    }
    let records = visit.app.ws.records();
    let key = account::kept_of(&token);
    let record = records.get(UPLOAD, &key)?.ok_or(Refusal::NotFound)?;
    let mut link = read(&record.body)?;
    if link.used.is_some() {
        return Err(Problems::one("file", "The link was used already").into());
    }
    // Marked first, so that of two who press at once one leaves files; used up only when they are kept, so that nobody is told
    // that files arrived over which the program died.
    link.begun = Some(visit.at.as_second());
    let Put::Kept(version) = records.put(UPLOAD, &key, record.version, &written(&link)?)? else {
        return Err(Problems::one("file", "The link was used a moment ago").into());
    };
    let recipient = RecipientId(link.recipient);
    let takes = {
        let known = visit.app.office.known();
        known.state.recipient(recipient).and_then(|it| known.state.campaign(it.campaign)).is_some_and(|campaign| campaign.stage.takes_answers())
    };
    let (recipients, held) = if takes { (vec![recipient], Vec::new()) } else { (Vec::new(), vec![HoldReason::CampaignTakesNoAnswers]) };
    let came = Came { recipients, held, note: visit.form.text("note").to_owned(), ..Came::unplaced(Channel::Upload, visit.today()) };
    let by = replies::program(visit)?;
    let taken = intake::take_in(visit, by, &came, &visit.files);
    link.begun = None;
    if taken.is_ok() {
        link.used = Some(visit.today().name());
    }
    // A link that was made anew meanwhile is another one, and stays.
    records.put(UPLOAD, &key, version, &written(&link)?)?;
    taken?;
    Ok(Reply::See(visit.path.clone(), None))
}
