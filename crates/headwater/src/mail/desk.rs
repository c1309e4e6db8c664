//! Orders given at the command line: the same exchange over the log that the pages have.

use headwater_prevention::exchange::decide::{Allowed, Order};
use headwater_prevention::exchange::state::State;

use super::outbox::Desk;
use crate::problem::Problem;
use crate::store::Workspace;
use crate::web::office::Office;

/// The office of a workspace, without pages.
pub struct LogDesk<'a> {
    ws: &'a Workspace,
    office: Office,
}

impl<'a> LogDesk<'a> {
    /// A desk over the log of a workspace.
    ///
    /// # Errors
    /// The log or the records cannot be read.
    pub fn new(ws: &'a Workspace) -> Result<Self, Problem> {
        Ok(Self { ws, office: Office::open(ws)? })
    }
}

impl Desk for LogDesk<'_> {
    fn state(&self) -> Result<State, Problem> {
        self.office.follow(self.ws)?;
        Ok(self.office.known().state.clone())
    }

    fn act(&self, order: &Order, decide: &dyn Fn(&State, &Order) -> Allowed) -> Result<(), Problem> {
        Ok(self.office.act(self.ws, order, decide).map(drop)?)
    }
}
