//! Messages on their way from the pages to the mail server.
//!
//! Each order has a thread of its own: no page waits for the server, and a browser that goes away breaks nothing off. What
//! became of a message stands in the log; here stands only what is going on at this moment, and the server's own words, which
//! the log does not keep.

use std::ops::ControlFlow;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use headwater_prevention::exchange::decide::{Allowed, Order};
use headwater_prevention::exchange::id::{CampaignId, MessageKey, PersonId};
use headwater_prevention::exchange::state::State;
use jiff::Timestamp;

use super::App;
use super::form::Problems;
use super::layout::{clock, counted, sentence};
use super::messages::names_of;
use super::visit::{Refusal, Visit};
use crate::mail::outbox::{Desk, Errand, Fate, Outbox};
use crate::mail::send::{Answer, Smtp};
use crate::mail::settings::{Mail, Server};
use crate::problem::Problem;

/// How long an order is waited for before its page is shown: most are over by then.
const WAIT: Duration = Duration::from_secs(8);

/// How many orders are remembered with the server's words.
const MOST_TOLD: usize = 200;

/// What one order hands over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parcel {
    /// All letters of a campaign that may go.
    Letters(CampaignId),
    /// One message.
    One(Errand),
    /// The same message once more.
    Again(MessageKey),
}

/// An order that is being carried out, or was.
#[derive(Clone, Debug)]
pub struct Handing {
    /// What it hands over.
    parcel: Parcel,
    /// Who gave it.
    pub by: PersonId,
    /// When it was given.
    pub since: Timestamp,
    /// What became of each message so far: the body, and what the server said.
    pub fates: Vec<(String, Fate)>,
    /// Why it came to nothing, or to an end before all was done.
    pub trouble: Option<String>,
}

#[derive(Default)]
struct Tray {
    going: Vec<Handing>,
    told: Vec<Handing>,
    is_stopping: bool,
}

/// All orders of this program.
#[derive(Default)]
pub struct Post {
    tray: Mutex<Tray>,
    changed: Condvar,
}

impl Post {
    fn tray(&self) -> MutexGuard<'_, Tray> {
        self.tray.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The order of this parcel that is being carried out at this moment.
    pub fn going(&self, parcel: Parcel) -> Option<Handing> {
        self.tray().going.iter().find(|it| it.parcel == parcel).cloned()
    }

    /// Whether anything is being handed over at this moment.
    pub fn is_going(&self) -> bool {
        !self.tray().going.is_empty()
    }

    /// The last order of this parcel that came to an end.
    pub fn told(&self, parcel: Parcel) -> Option<Handing> {
        self.tray().told.iter().rev().find(|it| it.parcel == parcel).cloned()
    }

    /// Takes no more orders, and waits for those that are being carried out; the message that is on its way is the last of each.
    pub fn stop(&self, longest: Duration) {
        let mut tray = self.tray();
        tray.is_stopping = true;
        let until = Instant::now() + longest;
        while let (false, Some(left)) = (tray.going.is_empty(), until.checked_duration_since(Instant::now())) {
            tray = self.changed.wait_timeout(tray, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn note(&self, parcel: Parcel, body: &str, fate: &Fate) -> ControlFlow<()> {
        let mut tray = self.tray();
        if let Some(it) = tray.going.iter_mut().find(|it| it.parcel == parcel) {
            it.fates.push((body.to_owned(), fate.clone()));
        }
        if tray.is_stopping { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Orders given in the pages: over the exchange that all pages share.
pub struct PageDesk<'a>(pub &'a App);

impl Desk for PageDesk<'_> {
    fn state(&self) -> Result<State, Problem> {
        self.0.office.follow(&self.0.ws)?;
        Ok(self.0.office.known().state.clone())
    }

    fn act(&self, order: &Order, decide: &dyn Fn(&State, &Order) -> Allowed) -> Result<(), Problem> {
        Ok(self.0.office.act(&self.0.ws, order, decide).map(drop)?)
    }
}

/// The server that takes letters, if there is one.
pub fn server(app: &App) -> Option<(&Mail, &Server)> {
    let mail = app.ws.settings().mail.as_ref()?;
    Some((mail, mail.smtp.as_ref()?))
}

/// Hands something over; gives what became of it, or nothing if that takes longer than a page should.
///
/// # Errors
/// It is being handed over already, or there is no server.
pub fn hand_over(visit: &Visit, parcel: Parcel) -> Result<Option<Handing>, Refusal> {
    let app = &visit.app;
    if server(app).is_none() {
        return Err(Problems::one("", "No mail server is set for this office: send it by hand, and log it").into());
    }
    let by = visit.person()?;
    let seen = visit.form.text("seen").parse().unwrap_or(0);
    {
        let mut tray = app.post.tray();
        if tray.is_stopping {
            return Err(Problems::one("", "The program is about to stop. Nothing was sent; try again in a minute").into());
        }
        if let Some(other) = tray.going.iter().find(|it| it.parcel == parcel) {
            return Err(Problems::one(
                "",
                format!("It is being handed to the mail server already, since {}. Load this page again to see how far it is", clock(other.since)),
            )
            .into());
        }
        tray.going.push(Handing { parcel, by, since: visit.at, fates: Vec::new(), trouble: None });
    }
    let done = Done { app: Arc::clone(app), parcel, trouble: Some("The program failed over it; look which messages are in doubt".to_owned()) };
    std::thread::Builder::new()
        .name("post".to_owned())
        .spawn(move || done.after(|app| run(app, parcel, by, seen)))
        .map_err(|error| Problem::while_doing("beginning to hand over", error))?;
    let until = Instant::now() + WAIT;
    let mut tray = app.post.tray();
    while tray.going.iter().any(|it| it.parcel == parcel) {
        let Some(left) = until.checked_duration_since(Instant::now()) else { return Ok(None) };
        tray = app.post.changed.wait_timeout(tray, left).unwrap_or_else(PoisonError::into_inner).0;
    }
    drop(tray);
    Ok(app.post.told(parcel))
}

/// Says that an order came to an end, however it did.
struct Done {
    app: Arc<App>,
    parcel: Parcel,
    trouble: Option<String>,
}

impl Done {
    fn after(mut self, work: impl FnOnce(&App) -> Result<(), Problem>) {
        let done = work(&self.app);
        if let Err(problem) = &done {
            tracing::warn!(%problem, "what was to be sent was not, or not all of it");
        }
        self.trouble = done.err().map(|problem| sentence(&problem.sentences()));
    }
}

impl Drop for Done {
    fn drop(&mut self) {
        let mut tray = self.app.post.tray();
        if let Some(place) = tray.going.iter().position(|it| it.parcel == self.parcel) {
            let mut it = tray.going.remove(place);
            it.trouble = self.trouble.take();
            tray.told.retain(|other| other.parcel != self.parcel);
            if tray.told.len() == MOST_TOLD {
                tray.told.remove(0);
            }
            tray.told.push(it);
        }
        drop(tray);
        self.app.post.changed.notify_all();
    }
}

fn run(app: &App, parcel: Parcel, by: PersonId, seen: u64) -> Result<(), Problem> {
    let Some((mail, server)) = server(app) else { return Ok(()) };
    let people = app.office.known().people.clone();
    let desk = PageDesk(app);
    let outbox = Outbox { ws: &app.ws, mail, people: &people, desk: &desk, by };
    let mut connection = Smtp::connect(server, mail.ca_file.as_deref())?;
    let note = |body: &str, fate: Fate| app.post.note(parcel, body, &fate);
    let done = match parcel {
        Parcel::Letters(campaign) => outbox.send(campaign, &mut connection, &mut |body, fate| note(body, fate.clone())),
        Parcel::One(errand) => outbox.send_one(errand, &mut connection).map(|fate| {
            let _ = note("", fate);
        }),
        Parcel::Again(key) => outbox.send_again(key, seen, &mut connection).map(|answer| {
            let name = {
                let known = app.office.known();
                known
                    .state
                    .handover(key)
                    .map_or_else(String::new, |it| it.bodies(&known.state).first().map_or_else(String::new, |id| names_of(&known.state, &[*id])))
            };
            let _ = note(&name, Fate::Answered(answer));
        }),
    };
    connection.quit();
    done
}

impl Handing {
    /// What became of it, as a sentence for each kind of end; an error where nothing went.
    pub fn said(&self) -> Result<String, Problems> {
        let count = |is: &dyn Fn(&Fate) -> bool| self.fates.iter().filter(|(_, fate)| is(fate)).count();
        let messages = |n: usize| counted(n, "message", "messages");
        let n_accepted = count(&|fate| *fate == Fate::Answered(Answer::Accepted));
        let n_for_now = count(&|fate| matches!(fate, Fate::Answered(Answer::Refused { for_good: false, .. })));
        let n_for_good = count(&|fate| matches!(fate, Fate::Answered(Answer::Refused { for_good: true, .. })));
        let n_in_doubt = count(&|fate| matches!(fate, Fate::Answered(Answer::Silence { .. })));
        let mut parts = Vec::new();
        for (n, words) in
            [(n_accepted, "accepted by the mail server"), (n_for_now, "refused for now"), (n_for_good, "refused for good"), (n_in_doubt, "in doubt")]
        {
            if n > 0 {
                parts.push(format!("{} {words}.", messages(n)));
            }
        }
        for (body, fate) in self.fates.iter() {
            if let Fate::NotBegun(why) = fate {
                parts.push(sentence(&if body.is_empty() || why.contains(body.as_str()) { why.clone() } else { format!("{body}: {why}") }));
            }
        }
        parts.extend(self.trouble.clone());
        if parts.is_empty() {
            parts.push("Nothing was left to send.".to_owned());
        }
        let said = parts.join(" ");
        if n_accepted > 0 { Ok(said) } else { Err(Problems::one("", said)) }
    }
}
