//! Journeys: what a person does, step by step, through the built program.

#![allow(clippy::unwrap_used)]

mod adding;
mod answers;
mod at_once;
mod attacked;
mod browser;
mod campaign;
mod commands;
mod confined;
mod corrected;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod deaths;
mod destroyed;
mod faults;
mod first_steps;
mod held;
mod index;
mod keeping;
mod killed;
mod large;
mod leaving;
mod letters_out;
mod mailing;
mod many;
mod odd_mail;
mod office;
mod other_sources;
mod owing;
mod own;
mod own_words;
mod people;
mod planted;
mod programs;
mod reading;
mod redacted;
mod redacting;
mod request_file;
mod screening;
mod searching;
mod second;
mod serving;
mod shared;
mod silences;
mod site;
mod storage;
mod tampered;
mod terms;
mod traces;
mod uploads;
mod welsh;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Two rows of street crime as published.
pub const STREET: &str = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context\n\
,2020-10,Sussex Police,Sussex Police,-0.2,50.8,On or near Orchard Close,E01031349,Adur 001A,Anti-social behaviour,,\n\
,2020-10,Sussex Police,Sussex Police,-0.2,50.8,On or near Orchard Close,E01031349,Adur 001A,Anti-social behaviour,,\n";

/// A person's desk: an empty folder, and the program.
pub struct Desk(tempfile::TempDir);

/// What a command did.
pub struct Done {
    /// Its exit code.
    pub code: i32,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

impl Desk {
    /// An empty desk.
    pub fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A desk with a workspace `ws`.
    pub fn with_workspace() -> Self {
        let desk = Self::empty();
        assert_eq!(desk.run(&["new", "ws", "--area", "sussex"]).code, 0);
        desk
    }

    /// A path on the desk.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Puts a file on the desk.
    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The program, ready to start on the desk.
    pub fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_headwater"));
        command.current_dir(self.0.path()).env_remove("HEADWATER_ACTOR").env_remove("HEADWATER_SEED").env_remove("HEADWATER_DEFINITION");
        command.env_remove("NO_COLOR").stdin(Stdio::null());
        command
    }

    /// Runs a command on the desk.
    pub fn run(&self, arguments: &[&str]) -> Done {
        Done::of(&self.program().args(arguments).output().unwrap())
    }

    /// Runs a command in the workspace `ws`.
    pub fn ws(&self, arguments: &[&str]) -> Done {
        self.run(&[&["--workspace", "ws"], arguments].concat())
    }
}

impl Done {
    /// What a finished program did.
    pub fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// The answer as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err))
    }

    /// Asserts that the command failed in this way: its code, and words in its `error:` line; a `hint:` line is a must.
    #[track_caller]
    pub fn fails(&self, code: i32, words: &str) {
        assert_eq!(self.code, code, "{} {}", self.out, self.err);
        assert!(self.err.lines().any(|line| line.starts_with("error: ") && line.contains(words)), "no \"{words}\" in: {}", self.err);
        assert!(self.err.lines().any(|line| line.starts_with("hint: ") && line.len() > 12), "{}", self.err);
        assert!(!self.err.contains("panicked") && !self.err.contains('\u{1b}'), "{}", self.err);
    }

    /// Asserts that the command did what was asked.
    #[track_caller]
    pub fn succeeds(self) -> Self {
        assert_eq!(self.code, 0, "{} {}", self.out, self.err);
        self
    }
}

/// Every file under a folder with its bytes, sorted.
pub fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut out = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { out.push((path.clone(), fs::read(path).unwrap())) }
        }
    }
    out.sort();
    out
}
