//! The commands, noun then verb. One file per noun; each reads its arguments, calls one thing, and says what came of it.
//!
//! What was asked for goes to standard output, everything said about it to standard error.

mod assessment;
mod campaign;
mod config;
mod demo;
mod document;
mod log;
mod mail;
mod method;
mod new;
mod person;
mod release;
mod serve;
mod serve_site;
mod site;
mod source;
mod store;

use std::io::Write;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use jiff::Timestamp;

use crate::intake::Occasion;
use crate::problem::Problem;
use crate::store::Workspace;

const EXAMPLES: &str = "\
Examples:
  headwater demo                             an invented county, from downloads to pages
  headwater new vru --area sussex            a workspace for your area
  headwater new office --office 'Our Office' a workspace for an office that asks many
  headwater --workspace vru source add ~/Downloads
  headwater --workspace vru source check
  headwater --workspace vru assessment build --period 2019-12..2021-11 --out site
  headwater --workspace vru release check counts.csv --rule suppress-exact --measure Assaults

Exit codes:
  0 done  1 failed  2 wrong use  10 problems found in the data or the log
  11 a file could not be used  12 not permitted  13 clearance refused";

const SHORT_PAGE: &str = "\
Headwater: from partners' data to a published Strategic Needs Assessment.

  headwater demo                     see it at work on an invented county
  headwater new vru --area sussex    begin your own

then, in that folder:

  headwater source add FILE|FOLDER...
  headwater source check
  headwater assessment build --period 2019-12..2021-11 --out site

`headwater --help` lists every command, `headwater COMMAND --help` explains one.
";

/// From partners' data to a published Strategic Needs Assessment.
#[derive(Parser)]
#[command(name = "headwater", version, after_help = EXAMPLES, subcommand_required = false)]
struct Arguments {
    #[command(flatten)]
    shared: Shared,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What every command takes.
#[derive(clap::Args)]
struct Shared {
    /// The workspace's folder; without it, the current folder or the nearest one above with a headwater.toml
    #[arg(long, global = true, value_name = "DIR")]
    workspace: Option<PathBuf>,
    /// Print JSON for programs
    #[arg(long, global = true)]
    json: bool,
    /// The id of who does this, for the log; an id, never a name
    #[arg(long, global = true, value_name = "ID", env = "HEADWATER_ACTOR", default_value = "owner")]
    actor: String,
}

#[derive(Subcommand)]
enum Command {
    /// Make a workspace for an area
    New(new::Arguments),
    /// The files that everything rests on
    #[command(subcommand)]
    Source(source::Command),
    /// The Strategic Needs Assessment
    #[command(subcommand)]
    Assessment(assessment::Command),
    /// How campaigns stand, and their public pages
    #[command(subcommand)]
    Campaign(campaign::Command),
    /// Counts that are to leave, and all that left
    #[command(subcommand)]
    Release(release::Command),
    /// Files that somebody sent: what is hidden in them, and what they say
    #[command(subcommand)]
    Document(document::Command),
    /// The people whom the log names by id
    #[command(subcommand)]
    Person(person::Command),
    /// Where the log is kept: copies, and moving it
    #[command(subcommand)]
    Store(store::Command),
    /// The record of everything that was done
    #[command(subcommand)]
    Log(log::Command),
    /// Letters out and answers in, by a mail server or by hand
    #[command(subcommand)]
    Mail(mail::Command),
    /// The statistical methods, to check against your own tools
    #[command(subcommand)]
    Method(method::Command),
    /// The settings of the workspace
    #[command(subcommand)]
    Config(config::Command),
    /// An invented county, from downloads to pages
    Demo(demo::Arguments),
    /// The public site: editions at lasting and at dated addresses
    #[command(subcommand)]
    Site(site::Command),
    /// Serve the application: campaigns, replies, people; no script needed
    Serve(serve::Arguments),
    /// Show a folder of pages in a browser on this computer
    ServeSite(serve_site::Arguments),
}

/// What a command works with besides its own arguments.
struct Context<'a> {
    shared: &'a Shared,
    /// When the command was given.
    at: Timestamp,
    /// Where its answer goes.
    out: &'a mut dyn Write,
}

impl Context<'_> {
    /// Opens the workspace that is meant.
    fn workspace(&self) -> Result<Workspace, Problem> {
        match &self.shared.workspace {
            Some(folder) => Workspace::open(folder),
            None => {
                let here = std::env::current_dir().map_err(|error| Problem::while_doing("finding the current folder", error))?;
                Workspace::open(&Workspace::find(&here)?)
            }
        }
    }

    /// Who acts, and when.
    fn occasion(&self) -> Occasion<'_> {
        Occasion { actor: &self.shared.actor, at: self.at }
    }

    /// Prints a value as JSON.
    fn json(&mut self, value: &impl serde::Serialize) -> Result<(), Problem> {
        serde_json::to_writer_pretty(&mut *self.out, value).map_err(std::io::Error::from)?;
        writeln!(self.out)?;
        Ok(())
    }
}

/// Runs the command given on the command line.
///
/// # Errors
/// What went wrong, for `main` to print. Wrong use ends the program here, as clap words it.
pub fn run(out: &mut dyn Write) -> Result<(), Problem> {
    let arguments = Arguments::parse();
    let context = &mut Context { shared: &arguments.shared, at: Timestamp::now(), out };
    match arguments.command {
        None => Ok(write!(context.out, "{SHORT_PAGE}")?),
        Some(Command::New(arguments)) => new::run(&arguments, context),
        Some(Command::Source(command)) => source::run(&command, context),
        Some(Command::Assessment(command)) => assessment::run(&command, context),
        Some(Command::Campaign(command)) => campaign::run(&command, context),
        Some(Command::Release(command)) => release::run(&command, context),
        Some(Command::Document(command)) => document::run(&command, context),
        Some(Command::Person(command)) => person::run(&command, context),
        Some(Command::Store(command)) => store::run(&command, context),
        Some(Command::Log(command)) => log::run(&command, context),
        Some(Command::Mail(command)) => mail::run(&command, context),
        Some(Command::Method(command)) => method::run(&command, context),
        Some(Command::Config(command)) => config::run(&command, context),
        Some(Command::Demo(arguments)) => demo::run(&arguments, context),
        Some(Command::Site(command)) => site::run(&command, context),
        Some(Command::Serve(arguments)) => serve::run(&arguments, context),
        Some(Command::ServeSite(arguments)) => serve_site::run(&arguments, context),
    }
}

/// A number of things, in words: "1 file", "1,204 files".
fn counted(n: usize, one: &str, many: &str) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{out} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_well_formed() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }

    #[test]
    fn numbers_have_commas_and_their_noun() {
        assert_eq!(counted(1, "file", "files"), "1 file");
        assert_eq!(counted(0, "file", "files"), "0 files");
        assert_eq!(counted(1_204_567, "row", "rows"), "1,204,567 rows");
        assert_eq!(counted(100, "row", "rows"), "100 rows");
    }
}
