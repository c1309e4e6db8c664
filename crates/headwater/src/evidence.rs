//! A workspace's extracts, read into evidence: in parallel, and joined in the order in which they were added.

use std::io::Read;

use headwater_prevention::evidence::{Evidence, LeftOut, Reading};
use headwater_prevention::source::street::{Reader, StreetRead};
use headwater_prevention::source::{Kind, Unreadable};
use rayon::prelude::*;

use crate::intake;
use crate::problem::Problem;
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
    let mut files = Vec::new();
    intake::members(ws, extract, |name, kind, bytes| {
        let file = if kind == Kind::Street { street(name, bytes)? } else { other(name, kind, bytes)? };
        files.push((name.to_owned(), file));
        Ok(())
    })?;
    Ok(files)
}

fn street(name: &str, bytes: &mut dyn Read) -> Result<Result<File, Unreadable>, Problem> {
    let mut reader = Reader::new(name);
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match bytes.read(&mut piece).map_err(|error| Problem::of_files(format!("reading {name}"), &error))? {
            0 => return Ok(reader.finish().map(|read| File::Street(Box::new(read)))),
            n => reader.feed(&piece[..n]),
        }
    }
}

fn other(name: &str, kind: Kind, bytes: &mut dyn Read) -> Result<Result<File, Unreadable>, Problem> {
    let mut whole = Vec::new();
    bytes.read_to_end(&mut whole).map_err(|error| Problem::of_files(format!("reading {name}"), &error))?;
    Ok(Reading::from_bytes(kind, name, &whole).map(|reading| File::Other(Box::new(reading))))
}
