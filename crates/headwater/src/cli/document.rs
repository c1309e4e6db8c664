//! `document`: what files are and what in them no reader should meet unawares, before anybody opens them; and what they say; and documents without what may not
//! leave.

mod redact;
mod text;

use std::fs;
use std::path::{Path, PathBuf};

use headwater_documents::arrival::{self, Arrival, Arrived, Dropped};
use headwater_documents::mail::Mail;
use headwater_documents::screen::{Finding, Found, Screened};
use serde_json::{Value, json};

use super::{Context, counted};
use crate::problem::{Exit, Problem};
use crate::reading;
use crate::screening::screening_finding;

/// The verbs.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Look into files without opening them: what they are, and what is hidden in them
    ///
    /// Zips, mailboxes and messages are taken apart, and each file in them is looked at. What holds a file is found; what nearly
    /// every file says of its author is noted, and holds nothing. Nothing is kept, run or sent.
    Screen {
        /// Files as they came: documents, workbooks, messages (.eml, .msg, .mbox), zips
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Print what documents say, a form feed between pages
    ///
    /// PDF, Word, OpenDocument, presentations, workbooks (a page a sheet), web pages, messages, Rich Text and text, told apart by
    /// content. What is hidden is printed too; --json tells it apart, with headings, lists, tables, and the places of words.
    Text {
        /// Documents: .pdf, .docx, .odt, .pptx, .odp, .xlsx, .ods, .html, .eml, .msg, .mbox, .rtf, .txt, .csv
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Make a document anew without what may not leave, and search what is made before it is written
    ///
    /// By boxes on its pages, by words, and by the form of numbers, each with a reason of the closed list: national security,
    /// safety of a person, investigation or prosecution, prevention of crime, security of a prison, personal information,
    /// information about a patient, individual case. Pictures, comments, properties and what nobody sees are left out. If anything
    /// removed is found in what was made, nothing is written.
    Redact(redact::Arguments),
}

/// Runs the command.
pub fn run(command: &Command, context: &mut Context) -> Result<(), Problem> {
    match command {
        Command::Screen { files } => look(files, context),
        Command::Text { files } => text::run(files, context),
        Command::Redact(arguments) => redact::run(arguments, context),
    }
}

/// Screens files.
fn look(files: &[PathBuf], context: &mut Context) -> Result<(), Problem> {
    let limits = arrival::Limits::default();
    let mut left = limits.most_bytes as u64;
    let dropped = files.iter().map(|file| read(file, &mut left, limits.most_bytes)).collect::<Result<Vec<_>, _>>()?;
    let arrivals = arrival::unpack(dropped, &limits).map_err(|refusal| Problem::new(refusal.what).hint(refusal.remedy).exit(Exit::Unreadable))?;
    let looked: Vec<Looked> = arrivals.into_iter().map(Looked::at).collect();
    if context.shared.json {
        let all: Vec<Value> = looked.iter().map(Looked::json).collect();
        context.json(&all)?;
    } else {
        for one in &looked {
            one.say(context)?;
        }
    }
    match looked.iter().filter(|one| one.needs_a_look()).count() {
        0 => Ok(()),
        n => {
            Err(Problem::new(format!("{} of {} must be looked at by a person before anybody reads them", n, counted(looked.len(), "item", "items")))
                .hint("each line says what was found and what to do about it")
                .exit(Exit::Findings))
        }
    }
}

/// Reads a file, if what is left of the limit allows it.
fn read(file: &Path, left: &mut u64, most: usize) -> Result<Dropped, Problem> {
    let unreadable = |error: std::io::Error| {
        Problem::while_doing(format!("reading {}", file.display()), error).hint("name a file that you may read").exit(Exit::Unreadable)
    };
    let metadata = fs::metadata(file).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(Problem::new(format!("{} is not a file", file.display())).hint("name the files in it, or pack it as a zip").exit(Exit::WrongUse));
    }
    *left = left.checked_sub(metadata.len()).ok_or_else(|| {
        Problem::new(format!("{}: with it, the files are longer than {most} bytes", file.display()))
            .hint("look at fewer files at once")
            .exit(Exit::Unreadable)
    })?;
    let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(Dropped { name, bytes: fs::read(file).map_err(unreadable)? })
}

/// One thing that arrived, and what the first screen says of it.
struct Looked {
    arrival: Arrival,
    /// None for what was left out. Of a message, what its text says; its files are looked at one by one.
    screened: Option<Screened>,
}

impl Looked {
    fn at(arrival: Arrival) -> Self {
        let screened = match (&arrival.what, &arrival.bytes) {
            (Arrived::File { .. }, Some(bytes)) => Some(reading::look(&arrival.name, bytes)),
            (Arrived::Message(_), Some(bytes)) => Some(in_words(reading::look(&arrival.name, bytes))),
            _ => None,
        };
        Self { arrival, screened }
    }

    fn needs_a_look(&self) -> bool {
        let is_held = self.screened.as_ref().is_some_and(|screened| !screened.found.is_empty());
        match &self.arrival.what {
            Arrived::Message(mail) => is_held || !mail.signs.is_empty() || !mail.remarks.is_empty(),
            Arrived::File { .. } => is_held,
            Arrived::LeftOut(_) => true,
        }
    }

    fn say(&self, context: &mut Context) -> Result<(), Problem> {
        let path = self.arrival.path();
        match (&self.arrival.what, &self.screened) {
            (Arrived::Message(mail), screened) => {
                let what = mail.automatic.map_or("an e-mail message", |automatic| automatic.words());
                writeln!(context.out, "{path}: {what}")?;
                for said in mail.signs.iter().map(|sign| sign.words()).chain(mail.remarks.iter().cloned()) {
                    writeln!(context.out, "  {said}")?;
                }
                screened.iter().try_for_each(|screened| say_found(screened, context))?;
            }
            (Arrived::LeftOut(why), _) => writeln!(context.out, "{path}: left out\n  {}\n    {}", why.what, why.remedy)?,
            (Arrived::File { .. }, Some(screened)) => {
                let verdict = match (screened.found.is_empty(), screened.not_looked.is_empty()) {
                    (true, true) => "; nothing found",
                    (true, false) => "; nothing found in what was looked at",
                    (false, _) => "",
                };
                writeln!(context.out, "{path}: {}{verdict}", screened.kind.name())?;
                say_found(screened, context)?;
                for it in &screened.noted {
                    let place = if it.place.is_empty() { String::new() } else { format!("{}: ", it.place) };
                    writeln!(context.out, "  noted: {place}{}", it.what)?;
                }
                for what in &screened.not_looked {
                    writeln!(context.out, "  not looked at: {what}")?;
                }
            }
            (Arrived::File { .. }, None) => {}
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let mut value = json!({ "path": self.arrival.path(), "carried_by": self.arrival.carried_by });
        match (&self.arrival.what, &self.screened) {
            (Arrived::Message(mail), screened) => value["message"] = of_message(mail, screened.as_ref()),
            (Arrived::LeftOut(why), _) => value["left_out"] = json!({ "what": why.what, "remedy": why.remedy }),
            (Arrived::File { .. }, screened) => value["file"] = screened.as_ref().map_or(Value::Null, of_file),
        }
        value
    }
}

/// What may be shown of a message: nothing that names a person.
fn of_message(mail: &Mail, screened: Option<&Screened>) -> Value {
    json!({
        "found": screened.map(found_in),
        "automatic": mail.automatic.map(|automatic| automatic.words()),
        "signs": mail.signs.iter().map(|sign| sign.words()).collect::<Vec<_>>(),
        "remarks": mail.remarks,
    })
}

fn of_file(screened: &Screened) -> Value {
    json!({ "kind": screened.kind.name(), "found": found_in(screened), "noted": screened.noted, "not_looked": screened.not_looked })
}

fn found_in(screened: &Screened) -> Value {
    let found = |it: &Found| json!({ "finding": screening_finding(it.finding), "place": it.place, "what": it.what, "remedy": it.remedy });
    screened.found.iter().map(found).collect()
}

fn say_found(screened: &Screened, context: &mut Context) -> Result<(), Problem> {
    for found in &screened.found {
        let place = if found.place.is_empty() { String::new() } else { format!("{}: ", found.place) };
        writeln!(context.out, "  {}: {place}{}\n    {}", found.finding.words(), found.what, found.remedy)?;
    }
    Ok(())
}

/// What a message says of people; everything else of it is told by its signs and by its files.
fn in_words(screened: Screened) -> Screened {
    Screened { found: screened.found.into_iter().filter(|it| it.finding == Finding::PersonalIdentifier).collect(), ..screened }
}
