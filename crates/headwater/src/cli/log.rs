//! `log show`, `log verify`: the record of everything that was done.

use serde_json::json;

use super::{Context, counted};
use crate::problem::{Exit, Problem};
use crate::store::moving::files;
use crate::store::{Workspace, log};

/// The verbs.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Print every event
    Show,
    /// Prove that nothing in the log or in the files was changed since
    ///
    /// Walks the chain of hashes from the first event to the last, then reads every file through and compares its hash.
    Verify {
        /// A hash that an earlier `log verify` printed: the log must still hold the event that has it
        #[arg(long, value_name = "HASH")]
        head: Option<String>,
        /// Leave out the files
        #[arg(long)]
        log_only: bool,
    },
}

/// Runs the command.
pub fn run(command: &Command, context: &mut Context) -> Result<(), Problem> {
    match command {
        Command::Show => show(context),
        Command::Verify { head, log_only } => verify(head.as_deref(), *log_only, context),
    }
}

fn show(context: &mut Context) -> Result<(), Problem> {
    let events = context.workspace()?.log().events()?;
    if context.shared.json {
        let events: Vec<_> = events
            .iter()
            .map(|event| json!({"seq": event.seq, "at": event.at.to_string(), "actor": event.actor, "kind": event.kind, "body": event.body, "hash": event.hash}))
            .collect();
        return context.json(&events);
    }
    for event in events {
        let name = event.body["name"].as_str().or(event.body["area"]["name"].as_str()).unwrap_or_default();
        writeln!(context.out, "{:>5}  {:.0}  {:<12}  {:<18}  {name}", event.seq, event.at, event.actor, event.kind)?;
    }
    Ok(())
}

fn verify(known_head: Option<&str>, log_only: bool, context: &mut Context) -> Result<(), Problem> {
    let ws = context.workspace()?;
    let verified = ws.log().verify(known_head)?.map_err(|broken| log::broken(&broken))?;
    let n_files = if log_only { None } else { Some(verify_files(&ws)?) };
    if context.shared.json {
        return context.json(&json!({"n_events": verified.n_events, "head_hash": verified.head_hash, "n_files": n_files}));
    }
    writeln!(context.out, "{}", verified.head_hash)?;
    let files = n_files.map_or_else(String::new, |n| format!(" and {}", counted(n, "file", "files")));
    eprintln!(
        "{}{files}: nothing was changed. Keep this hash elsewhere to prove it later: log verify --head HASH",
        counted(verified.n_events.try_into().unwrap_or(usize::MAX), "event", "events")
    );
    Ok(())
}

fn verify_files(ws: &Workspace) -> Result<usize, Problem> {
    let extracts = ws.extracts()?;
    let added = extracts.iter().map(|extract| (format!("the file {}", extract.name), extract.sha256.clone()));
    let all: Vec<(String, String)> = added.chain(crate::clearing::files(ws)?).chain(crate::edition::files(ws)?).collect();
    files::at_once(&all, &|(what, sha256)| {
        if ws.blobs().is_whole(sha256)? {
            return Ok(());
        }
        Err(Problem::new(format!("{what} is not as it was when it was added (its hash was {sha256})"))
            .hint("restore the folder blobs/ from a copy of the workspace, or add the file again")
            .exit(Exit::Findings))
    })?;
    Ok(all.len())
}
