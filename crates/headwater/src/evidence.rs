//! A workspace's extracts, read into evidence: in parallel, and joined in the order in which they were added.

use std::io::Read;

use headwater_prevention::evidence::{Evidence, LeftOut, Reading};
use headwater_prevention::source::street::{Reader, StreetRead};
use headwater_prevention::source::{Kind, Unreadable};
use rayon::prelude::*;

use crate::intake;
use crate::problem::{Exit, Problem};
use crate::store::{Extract, Workspace};

/// How many bytes of a street file are read at a time.
const PIECE_BYTES: usize = 1 << 20;

enum File {
    Street(Box<StreetRead>),
    Other(Box<Reading>),
}

/// The files of one extract in their own order, each read or refused.
type ReadFiles = Vec<(String, Result<File, Unreadable>)>;

/// Reads every extract of a workspace.
///
/// # Errors
/// A blob is missing or damaged. Files that cannot be read are named in the evidence as left out, and the rest is read.
pub fn gather(ws: &Workspace) -> Result<Evidence, Problem> {
    let extracts = ws.extracts()?;
    let read: Vec<ReadFiles> = extracts.par_iter().map(|extract| read(ws, extract)).collect::<Result<_, _>>()?;
    let mut evidence = Evidence::default();
    let mut last = Vec::new();
    for (extract, files) in extracts.iter().zip(read) {
        let at = evidence.add_extract(&extract.sha256, &extract.name);
        for (name, file) in files {
            match file {
                Ok(File::Street(street)) => evidence.add_street(at, &name, *street),
                // The look-up from 2011 to 2021 fills only what the other look-ups leave open, so it comes after them.
                Ok(File::Other(reading)) if matches!(*reading, Reading::LsoaChange(_)) => last.push((at, name, *reading)),
                Ok(File::Other(reading)) => evidence.add(at, &name, *reading),
                Err(fault) => evidence.left_out.push(LeftOut { name, fault }),
            }
        }
    }
    for (at, name, reading) in last {
        evidence.add(at, &name, reading);
    }
    Ok(evidence)
}

fn read(ws: &Workspace, extract: &Extract) -> Result<ReadFiles, Problem> {
    match known(ws, extract)? {
        Some(street) => read_others(ws, extract, street),
        None => read_all(ws, extract),
    }
}

/// What is known of the street files of an extract since they were last read; `None` when they have to be read.
fn known(ws: &Workspace, extract: &Extract) -> Result<Option<Vec<StreetRead>>, Problem> {
    let names: Vec<&str> = extract.members.iter().filter(|member| member.kind == Kind::Street).map(|member| member.name.as_str()).collect();
    // Nothing is told of a file that is lost or cut off, however much is known of it.
    let is_there = || -> Result<bool, Problem> { Ok(ws.blobs().size(&extract.sha256)? == extract.n_bytes) };
    if names.is_empty() || !is_there()? { Ok(None) } else { Ok(ws.index().read(&extract.sha256, &names)) }
}

/// Reads all but the street files, and puts those in their places.
fn read_others(ws: &Workspace, extract: &Extract, street: Vec<StreetRead>) -> Result<ReadFiles, Problem> {
    let members = extract.members.iter().filter(|member| member.kind != Kind::Street).cloned().collect();
    let mut others = Vec::new();
    let rest = Extract { members, ..extract.clone() };
    if !rest.members.is_empty() {
        intake::members(ws, &rest, |name, kind, bytes| {
            others.push((name.to_owned(), other(name, kind, bytes)?));
            Ok(())
        })?;
    }
    let (mut street, mut others) = (street.into_iter(), others.into_iter().peekable());
    let mut files = Vec::new();
    for member in &extract.members {
        if member.kind == Kind::Street {
            files.extend(street.next().map(|read| (member.name.clone(), Ok(File::Street(Box::new(read))))));
        } else {
            files.extend(others.next_if(|(name, _)| *name == member.name));
        }
    }
    Ok(files)
}

/// Reads every file, and keeps what was read of the street files.
fn read_all(ws: &Workspace, extract: &Extract) -> Result<ReadFiles, Problem> {
    let has_street = extract.members.iter().any(|member| member.kind == Kind::Street);
    let mut readings = if has_street { ws.index().begin(&extract.sha256) } else { None };
    let mut files = Vec::new();
    intake::members(ws, extract, |name, kind, bytes| {
        let file = if kind == Kind::Street { street(name, bytes)? } else { other(name, kind, bytes)? };
        if kind == Kind::Street {
            readings = readings.take().and_then(|readings| match &file {
                Ok(File::Street(read)) => readings.add(name, read),
                _ => None,
            });
        }
        files.push((name.to_owned(), file));
        Ok(())
    })?;
    if let Some(readings) = readings {
        readings.keep();
    }
    Ok(files)
}

fn street(name: &str, bytes: &mut dyn Read) -> Result<Result<File, Unreadable>, Problem> {
    let mut reader = Reader::new(name);
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match bytes.read(&mut piece).map_err(|error| changed(name, error))? {
            0 => return Ok(reader.finish().map(|read| File::Street(Box::new(read)))),
            n => reader.feed(&piece[..n]),
        }
    }
}

fn other(name: &str, kind: Kind, bytes: &mut dyn Read) -> Result<Result<File, Unreadable>, Problem> {
    let mut whole = Vec::new();
    bytes.read_to_end(&mut whole).map_err(|error| changed(name, error))?;
    Ok(Reading::from_bytes(kind, name, &whole).map(|reading| File::Other(Box::new(reading))))
}

/// It could be unpacked when it was added.
fn changed(name: &str, error: std::io::Error) -> Problem {
    Problem::while_doing(format!("reading {name}"), error)
        .hint("run `headwater log verify`: it names every file that is not as it was when it was added; add those again")
        .exit(Exit::Unreadable)
}
