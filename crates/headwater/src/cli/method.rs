//! `method list`, `method run`: any method on anyone's numbers.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use headwater_linkage::nearest;
use serde_json::{Value, json};

use super::Context;
use crate::method::{self, MethodEntry};
use crate::problem::{Exit, Problem};

/// The verbs.
#[derive(clap::Subcommand)]
pub enum Command {
    /// List the methods, or print the page of one
    List {
        /// The method whose page is wanted
        name: Option<String>,
    },
    /// Compute a method from a JSON file
    ///
    /// The file holds the method's inputs, or an object with them under "inputs". The answer has the method's results; a
    /// refused value is null, with its reason under "refusals".
    Run {
        /// The method; `headwater method list` names them
        name: String,
        /// The file with the inputs; - is standard input
        #[arg(long, value_name = "FILE")]
        input: PathBuf,
    },
}

/// Runs the command.
pub fn run(command: &Command, context: &mut Context) -> Result<(), Problem> {
    match command {
        Command::List { name: None } => list(context),
        Command::List { name: Some(name) } => Ok(writeln!(context.out, "{}", find(name)?.page.trim_end())?),
        Command::Run { name, input } => {
            let name = find(name)?.name;
            // The folder of standard input, `-`, is the one we are in.
            let folder = input.parent().unwrap_or(Path::new(""));
            let answer = method::run(name, &read(input)?, folder).map_err(|what| {
                Problem::new(format!("{}: {}", input.display(), what.trim_end_matches('.')))
                    .hint(format!("`headwater method list {name}` says what it takes"))
                    .exit(Exit::Unreadable)
            })?;
            context.json(&answer)
        }
    }
}

fn list(context: &mut Context) -> Result<(), Problem> {
    if context.shared.json {
        let methods: Vec<_> = method::list().iter().map(|entry| json!({"name": entry.name, "description": entry.description})).collect();
        return context.json(&methods);
    }
    let width = method::list().iter().map(|entry| entry.name.len()).max().unwrap_or(0);
    for entry in method::list() {
        writeln!(context.out, "{:<width$}  {}", entry.name, entry.description)?;
    }
    Ok(())
}

fn find(name: &str) -> Result<&'static MethodEntry, Problem> {
    method::list().iter().find(|entry| entry.name == name).ok_or_else(|| {
        let problem = Problem::new(format!("there is no method \"{name}\"")).exit(Exit::WrongUse);
        match nearest(name, method::list().iter().map(|entry| entry.name)).first() {
            Some(suggestion) => problem.hint(format!("did you mean `{}`?", suggestion.name)),
            None => problem.hint("`headwater method list` names them"),
        }
    })
}

fn read(input: &PathBuf) -> Result<Value, Problem> {
    let unreadable = |error: &dyn std::fmt::Display| Problem::while_doing(format!("reading {}", input.display()), error).exit(Exit::Unreadable);
    let text = if input.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|error| unreadable(&error))?;
        text
    } else {
        fs::read_to_string(input).map_err(|error| unreadable(&error).hint("name a file, or - for standard input"))?
    };
    serde_json::from_str(&text).map_err(|error| unreadable(&error).hint("the file must be JSON: an object with the method's inputs"))
}
