//! Files come in: found, recognised by their content, kept unaltered, written into the log.
//!
//! A file is copied once into the workspace's blobs, hashed on the way, and everything else is asked of that copy, so
//! what is recognised is what is kept even if the file changes meanwhile. Only then does the log name it.

mod container;
mod find;
mod recognise;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use headwater_prevention::source::Kind;
use headwater_prevention::source::street::StreetRead;
use jiff::Timestamp;
use serde::Serialize;

use crate::problem::{Exit, Problem};
use crate::store::{Extract, Workspace, added_body};

/// What became of the files that were offered.
#[derive(Debug, Default, Serialize)]
pub struct Added {
    /// Files that were added.
    pub new: Vec<Extract>,
    /// Names of files whose content was there already.
    pub already: Vec<String>,
    /// Files in folders that are of no kind used here.
    pub not_used: Vec<Refused>,
    /// Files that were named, or that hold or promise data, and cannot be used.
    pub refused: Vec<Refused>,
}

/// A file that was not added.
#[derive(Debug, Serialize)]
pub struct Refused {
    /// Where it is.
    pub path: PathBuf,
    /// What is wrong, without a full stop.
    pub what: String,
    /// How to mend it.
    pub remedy: String,
}

/// Who adds, and when.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// The id of who does it.
    pub actor: &'a str,
    /// When.
    pub at: Timestamp,
}

/// Adds files, and all files in folders, in the order of their paths. What was added before is not added again.
///
/// `progress` is called before each file with how many are done, how many there are, and the file.
///
/// # Errors
/// The workspace cannot be read or written. Files that cannot be used are no error here: they are in the answer.
pub fn add(ws: &Workspace, paths: &[PathBuf], occasion: Occasion, progress: &mut dyn FnMut(usize, usize, &Path)) -> Result<Added, Problem> {
    let mut added = Added::default();
    let mut known: BTreeSet<String> = ws.extracts()?.into_iter().map(|extract| extract.sha256).collect();
    let found = find::files(paths, ws.root());
    for (n_done, offer) in found.offers.iter().enumerate() {
        progress(n_done, found.offers.len(), &offer.path);
        match add_one(ws, offer, &known, occasion)? {
            Outcome::New(extract) => {
                known.insert(extract.sha256.clone());
                added.new.push(extract);
            }
            Outcome::Already => added.already.push(offer.name.clone()),
            Outcome::Refused(fault) => {
                let list = if offer.is_named || fault.is_serious { &mut added.refused } else { &mut added.not_used };
                list.push(Refused { path: offer.path.clone(), what: fault.what, remedy: fault.remedy });
            }
        }
    }
    for (path, what) in found.unreadable {
        added.refused.push(Refused { path, what, remedy: "check the path and whether you may read it".to_owned() });
    }
    Ok(added)
}

enum Outcome {
    New(Extract),
    Already,
    Refused(recognise::Fault),
}

fn add_one(ws: &Workspace, offer: &find::Offer, known: &BTreeSet<String>, occasion: Occasion) -> Result<Outcome, Problem> {
    let refused = |error: &dyn std::fmt::Display| {
        Ok(Outcome::Refused(recognise::Fault::serious(format!("it cannot be read: {error}"), "check whether you may read it")))
    };
    let mut file = match File::open(&offer.path) {
        Ok(file) => file,
        Err(error) => return refused(&error),
    };
    let staged = match ws.blobs().stage(&mut file) {
        Ok(staged) => staged,
        Err(problem) if problem.exit_code() == Exit::Unreadable as u8 => return refused(&problem),
        Err(problem) => return Err(problem),
    };
    if known.contains(staged.sha256()) && ws.blobs().is_whole(staged.sha256()).unwrap_or(false) {
        return Ok(Outcome::Already);
    }
    let staged_file = staged.open().map_err(|error| Problem::while_doing("reading back what was written", error))?;
    let mut readings = None;
    let mut is_first = true;
    let mut take = |name: &str, read: &StreetRead| {
        if std::mem::take(&mut is_first) {
            readings = ws.index().begin(staged.sha256());
        }
        readings = readings.take().and_then(|readings| readings.add(name, read));
    };
    let contents = match container::inspect(staged_file, staged.n_bytes(), &offer.name, &mut take) {
        Ok(contents) => contents,
        Err(fault) => return Ok(Outcome::Refused(fault)),
    };
    let n_bytes = staged.n_bytes();
    let is_known = known.contains(staged.sha256());
    let blob = ws.blobs().keep(staged)?;
    if let Some(readings) = readings {
        readings.keep();
    }
    if is_known {
        // The log names it, its blob was lost or damaged, and is whole again.
        return Ok(Outcome::Already);
    }
    let extract = Extract {
        sha256: blob.sha256,
        name: offer.name.clone(),
        n_bytes,
        form: contents.form.word().to_owned(),
        members: contents.members,
        n_not_used: contents.not_used.len() as u64,
        added_at: occasion.at,
    };
    let body = added_body(&extract, &contents.not_used);
    let event = ws.log().append_once("source.added", &extract.sha256, body, occasion.actor, occasion.at)?;
    Ok(if event.is_some() { Outcome::New(extract) } else { Outcome::Already })
}

/// Streams every readable member of an extract, in its own order, unpacked and under limits.
///
/// A sheet of a workbook comes as comma-separated text, row for row. `read` gets the member's name, its kind and its
/// bytes; what it leaves unread is skipped. Members that the extract is given without are passed over.
///
/// # Errors
/// The blob is missing or damaged, or `read` fails.
pub fn members(ws: &Workspace, extract: &Extract, mut read: impl FnMut(&str, Kind, &mut dyn Read) -> Result<(), Problem>) -> Result<(), Problem> {
    let file = ws.blobs().read(&extract.sha256)?;
    container::stream(file, extract, &mut read)
}
