//! `store backup`, `store restore`, `store migrate`: the workspace as a whole.

use std::path::PathBuf;

use serde_json::json;

use super::{Context, counted};
use crate::problem::Problem;
use crate::store::Workspace;
use crate::store::moving::{self, Copied};

/// The verbs.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Copy the workspace into a new folder, while others go on working
    ///
    /// The copy is a workspace itself, with its log in log.sqlite. Every event and every file in it is checked.
    Backup {
        /// The folder to make
        dir: PathBuf,
    },
    /// Make a workspace from a copy, after checking every event and every file of it
    Restore {
        /// The copy
        from: PathBuf,
        /// The folder to make
        dir: PathBuf,
    },
    /// Move the log and the records to a PostgreSQL database, or back
    ///
    /// The events and their hashes stay as they are. Nobody can write meanwhile.
    #[command(after_help = "The address holds no password: put it into the environment variable PGPASSWORD.")]
    Migrate {
        /// postgres://USER@localhost/DATABASE, an empty database; or `sqlite`
        to: String,
    },
}

/// Runs the command.
pub fn run(command: &Command, context: &mut Context) -> Result<(), Problem> {
    match command {
        Command::Backup { dir } => {
            let ws = context.workspace()?;
            let copied = moving::copy(&ws, dir)?;
            ws.log().append("store.copied", json!({"head_hash": copied.head_hash, "n_files": copied.n_blobs}), &context.shared.actor, context.at)?;
            say(&copied, context)
        }
        Command::Restore { from, dir } => {
            let copied = moving::copy(&Workspace::open(from)?, dir)?;
            say(&copied, context)
        }
        Command::Migrate { to } => {
            let ws = context.workspace()?;
            let address = (to != "sqlite").then_some(to.as_str());
            let n_events = moving::migrate(&ws, address)?;
            let place = if address.is_some() { "PostgreSQL" } else { "log.sqlite" };
            let ws = Workspace::open(ws.root())?;
            ws.log().append("store.moved", json!({"to": place, "n_events": n_events}), &context.shared.actor, context.at)?;
            if context.shared.json {
                return context.json(&json!({"to": place, "n_events": n_events}));
            }
            let events = counted(n_events.try_into().unwrap_or(usize::MAX), "event is", "events are");
            Ok(writeln!(context.out, "{events} in {place} now, each with the hash it had.")?)
        }
    }
}

fn say(copied: &Copied, context: &mut Context) -> Result<(), Problem> {
    if context.shared.json {
        return context.json(&json!({"n_events": copied.n_events, "head_hash": copied.head_hash, "n_files": copied.n_blobs}));
    }
    writeln!(context.out, "{}", copied.head_hash)?;
    eprintln!(
        "Copied and checked: {} and {}.",
        counted(copied.n_events.try_into().unwrap_or(usize::MAX), "event", "events"),
        counted(copied.n_blobs, "file", "files")
    );
    Ok(())
}
