//! `person add`, `person list`, `person erase`: who the ids in the log are.

use serde_json::json;

use super::Context;
use crate::people::{self, Person};
use crate::problem::Problem;

/// The verbs.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Write down a person; prints the id to give as --actor
    Add {
        /// The name that colleagues know
        #[arg(long)]
        name: String,
        /// An address for mail
        #[arg(long)]
        email: Option<String>,
    },
    /// Print everyone who is known
    List,
    /// Erase who an id is; what they did stays in the log under the id alone
    Erase {
        /// The id
        id: String,
    },
}

/// Runs the command.
pub fn run(command: &Command, context: &mut Context) -> Result<(), Problem> {
    let ws = context.workspace()?;
    match command {
        Command::Add { name, email } => {
            let id = people::add(&ws, &Person { name: name.clone(), email: email.clone(), ..Person::default() }, context.occasion())?;
            if context.shared.json { context.json(&json!({"id": id})) } else { Ok(writeln!(context.out, "{id}")?) }
        }
        Command::List => {
            let all = people::all(&ws)?;
            if context.shared.json {
                let all: Vec<_> = all.iter().map(|(id, person)| json!({"id": id, "name": person.name, "email": person.email})).collect();
                return context.json(&all);
            }
            for (id, person) in all {
                writeln!(context.out, "{id}  {}  {}", person.name, person.email.unwrap_or_default())?;
            }
            Ok(())
        }
        Command::Erase { id } => {
            people::erase(&ws, id, context.occasion())?;
            if context.shared.json {
                return context.json(&json!({"erased": id}));
            }
            eprintln!("Erased. Copies made with `store backup` before still hold the name: erase it there too, or delete them.");
            Ok(())
        }
    }
}
