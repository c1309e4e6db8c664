//! What went wrong, in the words that a person reads: what, how to mend it, and the code the program ends with.

use std::fmt::{self, Display};
use std::io;

/// The code with which the program ends; documented in `headwater --help`, so that a job can be judged without its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Something failed.
    Failed = 1,
    /// The command was used wrongly.
    WrongUse = 2,
    /// The sources have problems.
    Findings = 10,
    /// A file could not be read.
    Unreadable = 11,
    /// Not permitted.
    NotPermitted = 12,
    /// A release was not cleared.
    ClearanceRefused = 13,
}

/// One thing that went wrong.
#[derive(Debug)]
pub struct Problem {
    what: String,
    remedy: Option<String>,
    exit: Exit,
    reader_left: bool,
}

impl Problem {
    /// A failure without a known remedy.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: None, exit: Exit::Failed, reader_left: false }
    }

    /// A failure of the file system or of the log, with what was being done.
    pub fn while_doing(doing: impl Display, error: impl Display) -> Self {
        Self::new(format!("{doing}: {error}"))
    }

    /// A failure to read or write files, with what was being done.
    pub fn of_files(doing: impl Display, error: &io::Error) -> Self {
        let problem = Self::while_doing(doing, error);
        match error.kind() {
            io::ErrorKind::PermissionDenied => problem.exit(Exit::NotPermitted).hint("choose a folder that you may write to"),
            io::ErrorKind::StorageFull => problem.hint("make room on the disk; nothing that was acknowledged is lost"),
            _ => problem,
        }
    }

    /// The same problem with how to mend it.
    pub fn hint(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }

    /// The same problem with another exit code.
    pub fn exit(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    /// The code with which the program ends.
    pub fn exit_code(&self) -> u8 {
        self.exit as u8
    }

    /// Whether whoever read our output has left, as `head` does: no error at all.
    pub fn is_reader_gone(&self) -> bool {
        self.reader_left
    }
}

impl Problem {
    /// What happened and how to mend it, for a page.
    pub fn sentences(&self) -> String {
        match &self.remedy {
            Some(remedy) => format!("{}. To mend it: {remedy}", self.what),
            None => self.what.clone(),
        }
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Problem {}

impl miette::Diagnostic for Problem {
    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        self.remedy.as_ref().map(|remedy| Box::new(remedy) as Box<dyn Display>)
    }
}

/// Errors of writing our own output; everything else that reads or writes says what it was doing.
impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        let reader_left = error.kind() == io::ErrorKind::BrokenPipe;
        Self { reader_left, ..Self::while_doing("writing the output", error) }
    }
}

/// Prints a problem as `error:` and `hint:` lines.
pub fn print(problem: &dyn miette::Diagnostic, colour: bool) {
    use std::io::Write;
    let (red, cyan, end) = if colour { ("\x1b[1;31m", "\x1b[36m", "\x1b[0m") } else { ("", "", "") };
    let mut err = io::stderr().lock();
    // Nobody is left to tell if even this cannot be written.
    let _ = writeln!(err, "{red}error:{end} {problem}");
    if let Some(help) = problem.help() {
        let _ = writeln!(err, "{cyan}hint:{end} {help}");
    }
}
