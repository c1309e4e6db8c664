//! The pages used without a browser: what a form would order, by a person, at a time.
//!
//! The invented office of the demo is made so. Each order passes through the handler that the page has, with the form that a
//! browser would send; only the door (sessions, tokens against foreign forms, who may approve) is left out, and the time is
//! given, so that months pass in a moment.

use std::fmt::Display;
use std::sync::{Arc, RwLockReadGuard};

use headwater_prevention::exchange::decide::{Allowed, Order};
use headwater_prevention::exchange::moment::Moment;
use headwater_prevention::exchange::state::State;
use jiff::Timestamp;

use super::access::{Right, Role};
use super::form::{Fields, Sent};
use super::gate::stranger;
use super::office::{Known, Office, Undone};
use super::visit::{Answer, Refusal, Visit};
use super::{App, account, session};
use crate::intake::Occasion;
use crate::people::{self, Person};
use crate::problem::Problem;
use crate::store::Workspace;

/// An office whose pages are used without a browser.
pub struct Rehearsal {
    app: Arc<App>,
}

/// Somebody at work at a time; nobody is somebody outside.
#[derive(Clone, Copy)]
pub struct Turn<'a> {
    rehearsal: &'a Rehearsal,
    who: Option<&'a str>,
    at: Timestamp,
}

impl Rehearsal {
    /// Opens the office of a workspace; `address` is where its pages will be, as it stands in letters.
    ///
    /// # Errors
    /// The log or the records cannot be read.
    pub fn open(ws: Workspace, address: &str) -> Result<Self, Problem> {
        let office = Office::open(&ws)?;
        Ok(Self { app: Arc::new(App::new(ws, office, address.to_owned(), true)?) })
    }

    /// The workspace.
    pub fn workspace(&self) -> &Workspace {
        &self.app.ws
    }

    /// What is known now.
    pub fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.app.office.known()
    }

    /// Takes an invented person on, whom anyone at this computer may play; gives their id.
    ///
    /// # Errors
    /// A record cannot be written.
    pub fn take_on(&self, name: &str, email: &str, role: Role, at: Timestamp) -> Result<String, Problem> {
        let person = Person { name: name.to_owned(), email: Some(email.to_owned()), ..Person::default() };
        let id = people::add(&self.app.ws, &person, Occasion { actor: "demo", at })?;
        account::put(&self.app.ws, &id, 0, &account::invented(role))?;
        self.app.ws.log().append("account.opened", serde_json::json!({"person": id, "role": role}), &id, at)?;
        self.app.office.follow(&self.app.ws)?;
        self.app.office.people_changed(&self.app.ws)?;
        Ok(id)
    }

    /// The turn of a person at a time.
    pub fn turn<'a>(&'a self, who: &'a str, at: Timestamp) -> Turn<'a> {
        Turn { rehearsal: self, who: Some(who), at }
    }

    /// The turn of somebody outside, who has a link and no account.
    pub fn turn_outside(&self, at: Timestamp) -> Turn<'_> {
        Turn { rehearsal: self, who: None, at }
    }
}

impl Turn<'_> {
    /// Sends a form.
    ///
    /// # Errors
    /// What the page would say: a right is missing, something is wrong with the form, or the exchange does not allow it.
    pub fn order(
        &self,
        submit: fn(&Visit) -> Answer,
        parts: &[(&str, &dyn Display)],
        form: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Result<(), Problem> {
        let app = &self.rehearsal.app;
        let who = self.who.map(|id| session::who(app, id)).transpose()?.flatten();
        if self.who.is_some() && !who.as_ref().is_some_and(|who| who.role.may(Right::Prepare)) {
            return Err(said(Refusal::NotPermitted(Right::Prepare)));
        }
        let seq = app.office.known().state.seq();
        let mut fields: Vec<(String, String)> = form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        fields.push(("seen".to_owned(), seq.to_string()));
        let files: Vec<Sent> = files
            .iter()
            .map(|(name, bytes)| Ok(Sent { field: "file".to_owned(), name: (*name).to_owned(), staged: app.ws.blobs().stage(&mut &**bytes)? }))
            .collect::<Result<_, Problem>>()?;
        let visit = Visit {
            who,
            at: self.at,
            parts: parts.iter().map(|(name, value)| ((*name).to_owned(), value.to_string())).collect(),
            form: Fields(fields),
            files,
            seq,
            ..stranger(app, "")
        };
        submit(&visit).map(|_| ()).map_err(said)
    }

    /// Asks the exchange itself, without a form.
    ///
    /// # Errors
    /// It is not allowed, or nobody's turn it is.
    pub fn decide(&self, decide: &dyn Fn(&State, &Order) -> Allowed) -> Result<(), Problem> {
        let by = self.who.unwrap_or_default().parse().map_err(Problem::new)?;
        let order = Order { by, at: Moment::from_microseconds(self.at.as_microsecond()), seen: u64::MAX };
        match self.rehearsal.app.office.act(&self.rehearsal.app.ws, &order, decide) {
            Ok(_) => Ok(()),
            Err(Undone::NotAllowed(not)) => Err(said(Refusal::NotAllowed(not))),
            Err(Undone::Problem(problem)) => Err(problem),
        }
    }
}

/// A refusal as a sentence.
fn said(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Problem(problem) => problem,
        Refusal::Wrong(problems) => Problem::new(problems.0.into_iter().map(|(_, words)| words).collect::<Vec<_>>().join("; ")),
        Refusal::NotAllowed(not) => Problem::new(not.what).hint(not.mend),
        Refusal::NotPermitted(right) => Problem::new(format!("only {} may do this", right.whose())),
        Refusal::NotFound => Problem::new("there is no such page"),
        Refusal::SignInFirst => Problem::new("nobody is signed in"),
        Refusal::Stale | Refusal::TooOften | Refusal::TooSlow => Problem::new("the form was not taken"),
        Refusal::TooMuch(words) => Problem::new(words),
    }
}
