//! `config show`: the settings, and where each comes from.

use serde_json::json;

use super::Context;
use crate::problem::Problem;

/// The verbs.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Print every setting and where it comes from
    Show,
}

/// Runs the command.
pub fn run(command: &Command, context: &mut Context) -> Result<(), Problem> {
    let Command::Show = command;
    let ws = context.workspace()?;
    let shown = ws.settings().shown();
    if context.shared.json {
        let settings: Vec<_> = shown.iter().map(|(name, value, origin)| json!({"name": name, "value": value, "origin": origin})).collect();
        return context.json(&settings);
    }
    for (name, value, origin) in shown {
        writeln!(context.out, "{name} = {value}  # {origin}")?;
    }
    Ok(())
}
