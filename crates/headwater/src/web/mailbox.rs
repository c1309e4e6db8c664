//! The mailbox of the office, read every few minutes and whenever somebody asks: what came in goes the way of dropped messages.
//!
//! How far it was read stands in the erasable records, so that all programs over one log know it; it is put forward behind each
//! message that was taken in. A program that dies over one message reads that one again, and knows it by its Message-ID.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use headwater_prevention::exchange::id::PersonId;
use headwater_prevention::exchange::moment::Day;
use headwater_prevention::exchange::state::State;
use jiff::Timestamp;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::App;
use super::access::Right;
use super::form::Problems;
use super::gate::stranger;
use super::intake::{self, Taken};
use super::layout::{self, sentence};
use super::visit::{Answer, Refusal, Visit, see};
use crate::mail::fetch::{Position, Wanted, fetch};
use crate::mail::settings::{Mail, Server};
use crate::problem::Problem;
use crate::store::records::Put;

/// The record that says how far the mailbox was read.
const RECORD: (&str, &str) = ("mailbox", "position");

/// How long an order to read is waited for before its page is shown.
const WAIT: Duration = Duration::from_secs(8);

/// Seconds after which a program that began to read and said nothing more is held for dead.
const LONGEST_SILENCE: i64 = 600;

/// The last look into the mailbox by this program.
#[derive(Clone, Debug)]
struct Look {
    at: Timestamp,
    said: Result<String, String>,
}

#[derive(Default)]
struct Looks {
    is_reading: bool,
    last: Option<Look>,
}

/// What this program knows of its looks.
#[derive(Default)]
pub struct Mailbox {
    looks: Mutex<Looks>,
    changed: Condvar,
    is_stopping: AtomicBool,
}

impl Mailbox {
    fn looks(&self) -> MutexGuard<'_, Looks> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a look end behind the message that is being taken in.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }
}

/// How far it was read, as it is kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// Which mailbox.
    mailbox: String,
    /// How far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
    /// The second since which a program reads and was last heard of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    begun: Option<i64>,
    /// The second of the last look that came to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    looked: Option<i64>,
}

fn server(app: &App) -> Option<(&Mail, &Server)> {
    let mail = app.ws.settings().mail.as_ref()?;
    Some((mail, mail.imap.as_ref()?))
}

/// Which mailbox it is: another one is read from its beginning.
fn name_of(mail: &Mail, server: &Server) -> String {
    format!("{}@{}:{}/{}", server.user.as_deref().unwrap_or(""), server.host, server.port, mail.folder)
}

/// Reads the mailbox if it is time to: how often is in the settings.
///
/// # Errors
/// The records cannot be read. That the mail server is down is said on the page of messages.
pub fn read_if_due(app: &Arc<App>) -> Result<(), Problem> {
    let Some((mail, server)) = server(app).filter(|(mail, _)| mail.every_minutes > 0) else { return Ok(()) };
    let every = i64::from(mail.every_minutes) * 60;
    let now = Timestamp::now().as_second();
    let is_early = |last: i64| now - last < every;
    if app.mailbox.looks().last.as_ref().is_some_and(|look| is_early(look.at.as_second())) {
        return Ok(());
    }
    // Another program over the same log may have looked.
    let kept = kept(app)?.0;
    if kept.mailbox == name_of(mail, server) && kept.looked.is_some_and(is_early) {
        return Ok(());
    }
    read(app, "program".parse().map_err(Problem::new)?);
    Ok(())
}

fn kept(app: &App) -> Result<(Kept, i64), Problem> {
    let Some(record) = app.ws.records().get(RECORD.0, RECORD.1)? else { return Ok((Kept::default(), 0)) };
    let kept = serde_json::from_str(&record.body).map_err(|error| Problem::while_doing("reading how far the mailbox was read", error))?;
    Ok((kept, record.version))
}

fn keep(app: &App, kept: &Kept, version: i64) -> Result<i64, Problem> {
    let body = serde_json::to_string(kept).map_err(|error| Problem::while_doing("writing how far the mailbox was read", error))?;
    match app.ws.records().put(RECORD.0, RECORD.1, version, &body)? {
        Put::Kept(version) => Ok(version),
        Put::ChangedMeanwhile => Err(Problem::new("another program reads the mailbox at this moment").hint("wait until it has done")),
    }
}

/// Reads the mailbox, unless somebody does; what came of it is remembered for the page.
fn read(app: &Arc<App>, by: PersonId) {
    {
        let mut looks = app.mailbox.looks();
        if looks.is_reading {
            return;
        }
        looks.is_reading = true;
    }
    let at = Timestamp::now();
    let done = Reading(app);
    let said = take_all(app, by, at).map_err(|problem| sentence(&problem.sentences()));
    let mut looks = app.mailbox.looks();
    if let Err(words) = &said
        && looks.last.as_ref().is_none_or(|last| last.said != said)
    {
        tracing::warn!(words, "the mailbox could not be read");
    }
    looks.last = Some(Look { at, said });
    drop(looks);
    drop(done);
}

/// Says that a look has ended, however it did.
struct Reading<'a>(&'a App);

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.0.mailbox.looks().is_reading = false;
        self.0.mailbox.changed.notify_all();
    }
}

/// The day before the first letter left: nothing that came earlier answers one.
fn first_day(state: &State) -> Option<Day> {
    let sent = state.recipients().iter().filter_map(|recipient| recipient.letter_sent);
    let begun = state.handovers().map(|(_, handover)| handover.begun.day_in_london());
    sent.chain(begun).min().map(|day| day.plus(-1))
}

fn take_all(app: &Arc<App>, by: PersonId, at: Timestamp) -> Result<String, Problem> {
    let Some((mail, server)) = server(app) else { return Ok(String::new()) };
    let mailbox = name_of(mail, server);
    let since = first_day(&app.office.known().state);
    if since.is_none() {
        return Ok("No letter is out yet. The mailbox is read from the day on which the first one leaves.".to_owned());
    }
    let (mut now, mut version) = kept(app)?;
    if now.begun.is_some_and(|begun| at.as_second() - begun < LONGEST_SILENCE) {
        return Err(Problem::new("another program reads the mailbox at this moment").hint("wait until it has done"));
    }
    if now.mailbox != mailbox {
        now = Kept { mailbox, ..Kept::default() };
    }
    now.begun = Some(at.as_second());
    version = keep(app, &now, version)?;
    let visit = stranger(app, "");
    let mut taken = Taken::default();
    let fetched = fetch(mail, server, Wanted { after: now.position, since }, &mut |arrived, position| {
        if app.mailbox.is_stopping.load(Ordering::Relaxed) {
            return Err(Problem::new("the program is about to stop").hint("the rest is read when it runs again"));
        }
        taken.add(intake::take_message(&visit, by, arrived.bytes).map_err(in_words)?);
        now.position = Some(position);
        now.begun = Some(Timestamp::now().as_second());
        version = keep(app, &now, version)?;
        Ok(())
    });
    now.begun = None;
    if let Ok(fetched) = &fetched {
        (now.position, now.looked) = (Some(fetched.position), Some(at.as_second()));
    }
    keep(app, &now, version)?;
    let fetched = fetched?;
    let mut said = taken.said();
    if said.is_empty() {
        said = "Nothing new".to_owned();
    }
    for (_, n_bytes) in &fetched.too_large {
        said.push_str(&format!(". A message of {} MB was left in the mailbox: take it from there, and drop its files here", n_bytes >> 20));
    }
    Ok(sentence(&said))
}

fn in_words(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Problem(problem) => problem,
        Refusal::NotAllowed(not) => Problem::new(not.what).hint(not.mend),
        _ => Problem::new("a message of the mailbox could not be taken in"),
    }
}

/// What the page of messages says of the mailbox.
pub fn part(visit: &Visit) -> Markup {
    let Some((mail, server)) = server(&visit.app) else { return html! {} };
    let (is_reading, last) = {
        let looks = visit.app.mailbox.looks();
        (looks.is_reading, looks.last.clone())
    };
    let minutes = mail.every_minutes as usize;
    html! {
        h2 { "The mailbox" }
        p {
            (mail.folder) " of " (mail.office.address().as_str()) " at " (server.host)
            @if minutes > 0 { ", read by itself every " (if minutes == 1 { "minute".to_owned() } else { format!("{minutes} minutes") }) ". " } @else { ", read when somebody asks. " }
            "Nothing in it is changed."
        }
        @if is_reading { p { "It is being read at this moment. " a href="/messages" { "Look again" } "." } }
        @else if let Some(look) = &last {
            @match &look.said {
                Ok(said) => p { "Read at " (layout::clock(look.at)) ". " (said) },
                Err(said) => p.warning { "It could not be read at " (layout::clock(look.at)) ". " (said) @if minutes > 0 { " It is tried again by itself." } },
            }
        }
        @if visit.may(Right::Prepare) && !is_reading { div.buttons { (layout::button(visit, "/messages/mailbox", "Read the mailbox now", "other")) } }
    }
}

/// Reads the mailbox because somebody asks.
///
/// # Errors
/// There is no mailbox, it is being read already, or the mail server is down.
pub fn read_now(visit: &Visit) -> Answer {
    let app = &visit.app;
    if server(app).is_none() {
        return Err(Problems::one("", "No mailbox is set for this office").into());
    }
    let by = visit.person()?;
    let asked = Timestamp::now();
    let reader = Arc::clone(app);
    std::thread::Builder::new()
        .name("mailbox".to_owned())
        .spawn(move || read(&reader, by))
        .map_err(|error| Problem::while_doing("beginning to read the mailbox", error))?;
    let until = Instant::now() + WAIT;
    let mut looks = app.mailbox.looks();
    loop {
        if let Some(look) = looks.last.as_ref().filter(|look| look.at >= asked) {
            return match &look.said {
                Ok(said) => see("/messages", &format!("The mailbox is read. {said}")),
                Err(said) => Err(Problems::one("", said.clone()).into()),
            };
        }
        let Some(left) = until.checked_duration_since(Instant::now()) else { break };
        looks = app.mailbox.changed.wait_timeout(looks, left).unwrap_or_else(PoisonError::into_inner).0;
    }
    see("/messages", "The mailbox is being read. Look again to see what came")
}
