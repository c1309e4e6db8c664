//! The audit an analyst does by hand today: what is wrong or odd in the sources, with its numbers, and what is done about it.
//!
//! Every observation is a sentence, the numbers in it once more for programs, and the treatment. Nothing is changed by the audit.

mod reference;
mod street;

use crate::evidence::Evidence;
use headwater_release::{NotOpen, Open, Passage, Rule, Value};

/// A month whose records of all kinds are fewer than its neighbours' by this ratio was probably supplied in part.
pub const PARTIAL_RATIO: f64 = 1.4;

/// How much an observation matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Figures would be wrong if nothing were done.
    Problem,
    /// Figures must be read with it in mind.
    Caution,
    /// Good to know.
    Note,
}

impl Weight {
    /// The word that is printed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Caution => "caution",
            Self::Note => "note",
        }
    }
}

/// One observation of the audit.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Permanent short name, such as `missing-months`.
    pub id: &'static str,
    /// How much it matters.
    pub weight: Weight,
    /// What it is about: a force, a file, a source.
    pub about: String,
    /// The sentence, with its numbers.
    pub sentence: Passage,
    /// What is done about it.
    pub treatment: &'static str,
    /// The numbers for programs, each with its name.
    pub numbers: Vec<(String, f64)>,
}

/// Rows of one file: read, kept, set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRows {
    /// The file's name.
    pub name: String,
    /// Position of its extract in [`Evidence::extracts`].
    pub extract: usize,
    /// The kind of data set.
    pub kind: crate::source::Kind,
    /// Data rows read.
    pub n_rows: u64,
    /// Rows set aside, with reasons.
    pub set_aside: crate::source::SetAsides,
}

/// The whole audit.
#[derive(Clone, Debug, PartialEq)]
pub struct Audit {
    /// Every file with its rows.
    pub files: Vec<FileRows>,
    /// What was observed, the weightiest first.
    pub observations: Vec<Observation>,
    /// Says that every file is of an open source, as its [kind](crate::source::Kind::rule) tells.
    pub open: Open,
}

/// Audits the evidence; `forces` are the territorial forces, as police.uk names them, that a national month should hold.
///
/// # Errors
/// Refuses evidence of which a file is under another rule than "already public": what is observed in it is said with its numbers.
pub fn audit(evidence: &Evidence, forces: &[&str]) -> Result<Audit, NotOpen> {
    let files = files(evidence);
    let open = Open::under(&Rule::strictest(files.iter().map(|file| file.kind.rule())))?;
    let mut observations = Vec::new();
    street::observe(evidence, open, forces, &mut observations);
    reference::observe(evidence, open, &mut observations);
    observations.sort_by_key(|observation| observation.weight);
    Ok(Audit { files, observations, open })
}

fn files(evidence: &Evidence) -> Vec<FileRows> {
    use crate::source::Kind;
    let mut files = Vec::new();
    for file in &evidence.street {
        files.push((file.extract, &file.name, Kind::Street, file.read.n_rows(), file.read.set_aside()));
    }
    for file in &evidence.population {
        files.push((file.extract, &file.name, Kind::Population, file.read.n_rows, &file.read.set_aside));
    }
    for file in &evidence.deprivation {
        files.push((file.extract, &file.name, Kind::Deprivation, file.read.n_rows, &file.read.set_aside));
    }
    for file in &evidence.boundary {
        files.push((file.extract, &file.name, Kind::Boundary, file.read.n_rows, &file.read.set_aside));
    }
    for file in &evidence.nrm {
        files.push((file.extract, &file.name, Kind::NrmReferral, file.read.n_rows, &file.read.set_aside));
    }
    for file in &evidence.nrm_series {
        files.push((file.extract, &file.name, Kind::NrmReferral, file.read.n_rows, &file.read.set_aside));
    }
    for file in &evidence.fingertips {
        files.push((file.extract, &file.name, Kind::Fingertips, file.read.n_rows, &file.read.set_aside));
    }
    for file in &evidence.stop_search {
        files.push((file.extract, &file.name, Kind::StopAndSearch, file.read.n_rows, &file.read.set_aside));
    }
    for file in &evidence.outcome {
        files.push((file.extract, &file.name, Kind::Outcome, file.read.n_rows, &file.read.set_aside));
    }
    files
        .into_iter()
        .map(|(extract, name, kind, n_rows, set_aside)| FileRows { name: name.clone(), extract, kind, n_rows, set_aside: set_aside.clone() })
        .collect()
}

/// A number of records or of things that the sources name.
fn whole(open: Open, n: u64) -> Value {
    Value::reference(open, n as f64, 0)
}

/// A share of records in per cent, one decimal.
fn percent(open: Open, part: u64, whole: u64) -> Value {
    Value::reference(open, if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }, 1)
}

/// "one month", "3 months".
fn months(n: usize) -> String {
    if n == 1 { "one month".to_owned() } else { format!("{n} months") }
}

#[cfg(test)]
mod tests;
