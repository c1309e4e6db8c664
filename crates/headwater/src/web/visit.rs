//! One request: who asks, for what, with which form; and what they are answered.

use std::fs::File;
use std::str::FromStr;
use std::sync::Arc;

use headwater_prevention::exchange::decide::{Allowed, NotAllowed, Order};
use headwater_prevention::exchange::event::Event;
use headwater_prevention::exchange::id::PersonId;
use headwater_prevention::exchange::moment::{Day, Moment};
use headwater_prevention::exchange::state::State;
use jiff::Timestamp;
use maud::Markup;
use serde_json::Value;

use super::App;
use super::access::Right;
use super::form::{Fields, Problems, Sent};
use super::office::{AllowedWith, Undone};
use super::session::{SignIn, Who};
use crate::intake::Occasion;
use crate::problem::Problem;

/// A request as the pages see it.
pub struct Visit {
    /// The application.
    pub app: Arc<App>,
    /// Who asks, if they are signed in.
    pub who: Option<Who>,
    /// When.
    pub at: Timestamp,
    /// The path, without what follows a question mark.
    pub path: String,
    /// The parts of the path that are names or numbers.
    pub parts: Vec<(String, String)>,
    /// What follows the question mark.
    pub query: Fields,
    /// The form that was sent.
    pub form: Fields,
    /// The files that were sent.
    pub files: Vec<Sent>,
    /// What is wrong with the form that was sent.
    pub problems: Problems,
    /// The token that every form of this session carries.
    pub token: String,
    /// What is kept of the number of this session; empty without one.
    pub session: String,
    /// The browser, in general words: "Firefox on Windows".
    pub browser: String,
    /// What the last order did, to be said once.
    pub said: Option<String>,
    /// Their name.
    pub name: String,
    /// The last entry of the log that was taken in before the page was made.
    pub seq: u64,
}

/// What a page answers.
pub enum Reply {
    /// A page.
    Page(Markup),
    /// Another address; the words are said there.
    See(String, Option<String>),
    /// A file to keep: its name, its type, its bytes.
    File(String, &'static str, Vec<u8>),
    /// A page that brings its own style and leads nowhere: it is shown by itself, in a sandbox.
    Alone(Vec<u8>),
    /// A file to keep that may be too large to be held in memory: its name, and the blob.
    Stored(String, File),
    /// Somebody signs in, and sees another page; the words are said there.
    SignIn(SignIn, String, Option<String>),
    /// Somebody signs out.
    SignOut,
}

/// Why there is no such answer.
pub enum Refusal {
    /// There is no such thing.
    NotFound,
    /// They have to sign in first.
    SignInFirst,
    /// Their role has not the right.
    NotPermitted(Right),
    /// The form was not sent from a page of this session.
    Stale,
    /// Something is wrong with the form: its page is shown again with these words.
    Wrong(Problems),
    /// The exchange does not allow it.
    NotAllowed(NotAllowed),
    /// Too many attempts.
    TooOften,
    /// More was sent than is taken.
    TooMuch(String),
    /// What was sent did not arrive in time.
    TooSlow,
    /// Something of ours fails.
    Problem(Problem),
}

/// What every page and every order gives.
pub type Answer = Result<Reply, Refusal>;

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Refusal::Problem(problem)
    }
}

impl From<Undone> for Refusal {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::NotAllowed(not) => Refusal::NotAllowed(not),
            Undone::Problem(problem) => Refusal::Problem(problem),
        }
    }
}

impl From<Problems> for Refusal {
    fn from(problems: Problems) -> Self {
        Refusal::Wrong(problems)
    }
}

impl Visit {
    /// A part of the path, such as the number of a campaign.
    ///
    /// # Errors
    /// It is none.
    pub fn part<T: FromStr>(&self, name: &str) -> Result<T, Refusal> {
        let text = self.parts.iter().find(|(part, _)| part == name).map(|(_, value)| value.as_str());
        text.and_then(|text| text.parse().ok()).ok_or(Refusal::NotFound)
    }

    /// The person who asks.
    ///
    /// # Errors
    /// Nobody is signed in.
    pub fn who(&self) -> Result<&Who, Refusal> {
        self.who.as_ref().ok_or(Refusal::SignInFirst)
    }

    /// Whether who asks has a right: a button without it is not shown.
    pub fn may(&self, right: Right) -> bool {
        self.who.as_ref().is_some_and(|who| who.role.may(right))
    }

    /// The person's id, for the exchange.
    ///
    /// # Errors
    /// Nobody is signed in.
    pub fn person(&self) -> Result<PersonId, Refusal> {
        self.who()?.id.parse().map_err(|_| Refusal::SignInFirst)
    }

    /// Who does it, and when.
    ///
    /// # Errors
    /// Nobody is signed in.
    pub fn occasion(&self) -> Result<Occasion<'_>, Refusal> {
        Ok(Occasion { actor: &self.who()?.id, at: self.at })
    }

    /// Now, for the exchange.
    pub fn now(&self) -> Moment {
        Moment::from_microseconds(self.at.as_microsecond())
    }

    /// Today in London.
    pub fn today(&self) -> Day {
        self.now().day_in_london()
    }

    /// What a field holds when the page is shown: what was sent, or what stands there.
    pub fn value(&self, field: &str, stands: impl Into<String>) -> String {
        if self.form.has(field) { self.form.text(field).to_owned() } else { stands.into() }
    }

    /// Whether a box is ticked when the page is shown.
    pub fn ticked(&self, field: &str, value: &str, stands: bool) -> bool {
        if self.form.0.is_empty() { stands } else { self.form.all(field).any(|sent| sent == value) }
    }

    /// Asks the exchange to do something, as it stood in the page from which it is asked; gives back what was written.
    ///
    /// # Errors
    /// What the exchange does not allow, and failures of the log.
    pub fn act(&self, decide: &dyn Fn(&State, &Order) -> Allowed) -> Result<Vec<Event>, Refusal> {
        // A form without the number was made by hand: nothing of it was seen.
        let seen = self.form.text("seen").parse().unwrap_or(0);
        self.act_having_seen(seen, decide)
    }

    /// The same, for what was decided on the newest state.
    ///
    /// # Errors
    /// As [`act`](Self::act).
    pub fn act_now(&self, decide: &dyn Fn(&State, &Order) -> Allowed) -> Result<Vec<Event>, Refusal> {
        self.act_having_seen(u64::MAX, decide)
    }

    fn act_having_seen(&self, seen: u64, decide: &dyn Fn(&State, &Order) -> Allowed) -> Result<Vec<Event>, Refusal> {
        let order = Order { by: self.person()?, at: self.now(), seen };
        Ok(self.app.office.act(&self.app.ws, &order, decide)?)
    }

    /// The same as [`act`](Self::act) for what also makes records, with the events or not at all.
    ///
    /// # Errors
    /// As [`act`](Self::act).
    pub fn act_with(&self, decide: &dyn Fn(&State, &Order) -> AllowedWith) -> Result<Vec<Event>, Refusal> {
        let seen = self.form.text("seen").parse().unwrap_or(0);
        let order = Order { by: self.person()?, at: self.now(), seen };
        Ok(self.app.office.act_with(&self.app.ws, &order, decide)?)
    }

    /// Lets the program itself, or whoever else it is, do something on the newest state.
    ///
    /// # Errors
    /// As [`act`](Self::act).
    pub fn act_as(&self, by: PersonId, decide: &dyn Fn(&State, &Order) -> Allowed) -> Result<Vec<Event>, Refusal> {
        let order = Order { by, at: self.now(), seen: u64::MAX };
        Ok(self.app.office.act(&self.app.ws, &order, decide)?)
    }

    /// The same for what also makes records, with the events or not at all.
    ///
    /// # Errors
    /// As [`act`](Self::act).
    pub fn act_as_with(&self, by: PersonId, decide: &dyn Fn(&State, &Order) -> AllowedWith) -> Result<Vec<Event>, Refusal> {
        let order = Order { by, at: self.now(), seen: u64::MAX };
        Ok(self.app.office.act_with(&self.app.ws, &order, decide)?)
    }

    /// Writes into the log what is no matter of the exchange: who opened, exported or changed what.
    ///
    /// # Errors
    /// The log cannot be written.
    pub fn log(&self, kind: &str, body: Value) -> Result<(), Refusal> {
        self.app.ws.log().append(kind, body, &self.who()?.id, self.at)?;
        Ok(())
    }
}

/// A page.
///
/// # Errors
/// None: it has the form of what a handler gives.
pub fn page(markup: Markup) -> Answer {
    Ok(Reply::Page(markup))
}

/// Another page, where words are said.
///
/// # Errors
/// None: it has the form of what a handler gives.
pub fn see(to: impl Into<String>, said: &str) -> Answer {
    Ok(Reply::See(to.into(), (!said.is_empty()).then(|| said.to_owned())))
}
