//! The files of a workspace, copied or moved from where they are to where they shall be.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use crate::config;
use crate::problem::{Exit, Problem};
use crate::store::blobs::settings::BucketAddress;
use crate::store::blobs::{self, Blobs};
use crate::store::{SETTINGS_FILE, Workspace, write_durably};

/// Where the folder goes when its files are in a bucket.
const AWAY: &str = "blobs-before-moving";

/// Does something for each of many hashes, some at once. The first problem, in their order, ends it.
///
/// # Errors
/// What `each` says.
pub fn at_once<T: Sync>(all: &[T], each: &(dyn Fn(&T) -> Result<(), Problem> + Sync)) -> Result<(), Problem> {
    let (next, is_over, first) = (AtomicUsize::new(0), AtomicBool::new(false), Mutex::new(None::<(usize, Problem)>));
    let work = || {
        while !is_over.load(Ordering::Relaxed) {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let Some(one) = all.get(n) else { break };
            let Err(problem) = each(one) else { continue };
            is_over.store(true, Ordering::Relaxed);
            let mut first = first.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if first.as_ref().is_none_or(|(earlier, _)| n < *earlier) {
                *first = Some((n, problem));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..blobs::AT_ONCE.min(all.len()) {
            scope.spawn(work);
        }
    });
    let first = first.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    first.map_or(Ok(()), |(_, problem)| Err(problem))
}

/// Copies every file that is in one place into another, and reads each back.
///
/// # Errors
/// One is damaged, or reading or writing fails.
pub fn copy(from: &Blobs, to: &Blobs) -> Result<usize, Problem> {
    let all = from.all()?;
    at_once(&all, &|sha256| {
        let copied = to.put(&mut from.read(sha256)?)?;
        if copied.sha256 != *sha256 {
            return Err(Problem::new(format!("the file {sha256} is damaged: what is {} has another hash than its name says", from.place_of(sha256)))
                .hint("restore it from an older copy of the workspace")
                .exit(Exit::Findings));
        }
        // What was there already has been read through.
        if copied.was_new && !to.is_whole(sha256)? {
            return Err(Problem::new(format!("the file {sha256} did not come back as it was written: what is {} is damaged", to.place_of(sha256)))
                .hint("try again; if it happens again, look for another place to keep files"));
        }
        Ok(())
    })?;
    Ok(all.len())
}

/// Moves the files of a workspace into a bucket, or into the folder `blobs/`.
///
/// Nobody else works in the workspace meanwhile. The settings change last, when every file has been read back there and had
/// its hash: until then the old place is the place. A folder that was moved away is kept under another name; what was in a
/// bucket stays there.
///
/// # Errors
/// They are there already, somebody works in the workspace, the bucket holds files of another one, or a file is damaged:
/// nothing is changed then, and the command can be given again.
pub fn migrate(ws: &Workspace, to: Option<&BucketAddress>) -> Result<usize, Problem> {
    let is_there = match (&ws.settings.blobs, to) {
        (None, None) => true,
        (Some(now), Some(to)) => (&now.host, &now.bucket, &now.prefix) == (&to.host, &to.bucket, &to.prefix),
        _ => false,
    };
    if is_there {
        return Err(Problem::new("the files are there already; nothing was changed").hint("`headwater config show` says where").exit(Exit::WrongUse));
    }
    let folder = ws.root.join("blobs");
    let away = ws.root.join(AWAY);
    if ws.settings.blobs.is_none() && away.exists() {
        return Err(Problem::new(format!("{} is there from an earlier move", away.display())).hint("move it out of the workspace"));
    }
    let settings = ws.root.join(SETTINGS_FILE);
    let text = fs::read_to_string(&settings).map_err(|error| Problem::of_files(format!("reading {}", settings.display()), &error))?;
    let text = with_blobs(&settings, &text, to)?;
    let alone = ws.in_use.alone()?;
    let target = match to {
        Some(address) => Blobs::in_bucket(address, &folder)?,
        None => Blobs::in_folder(folder.clone()),
    };
    if to.is_some() {
        let ours: BTreeSet<String> = ws.blobs.all()?.into_iter().collect();
        let n_others = target.all()?.into_iter().filter(|sha256| !ours.contains(sha256)).count();
        if n_others > 0 {
            return Err(Problem::new(format!("the bucket holds {n_others} files there that are not of this workspace; nothing was changed"))
                .hint("name a prefix of its own: s3://BUCKET/PREFIX; a file that one workspace destroys would be gone for the other")
                .exit(Exit::NotPermitted));
        }
    }
    let n_files = copy(&ws.blobs, &target)?;
    let writing = |error| Problem::of_files(format!("writing {}", settings.display()), &error);
    write_durably(&settings, &text).map_err(writing)?;
    if ws.settings.blobs.is_none() {
        let renaming = |error| Problem::of_files(format!("renaming {}", folder.display()), &error);
        fs::rename(&folder, &away).and_then(|()| fs::create_dir(&folder)).and_then(|()| blobs::sync_folder(&ws.root)).map_err(renaming)?;
    }
    drop(alone);
    Ok(n_files)
}

/// The settings with another place for the files, all else as it was written.
///
/// # Errors
/// They are written so that this cannot be done line by line.
pub fn with_blobs(path: &Path, text: &str, blobs: Option<&BucketAddress>) -> Result<String, Problem> {
    let mut is_ours = false;
    let mut kept: Vec<&str> = Vec::new();
    for line in text.lines() {
        let line_begins = line.trim_start();
        if line_begins.starts_with('[') {
            is_ours = line_begins.trim_start_matches('[').trim_start().strip_prefix("blobs").is_some_and(|rest| rest.trim_start().starts_with(']'));
        }
        if !is_ours {
            kept.push(line);
        }
    }
    let mut out = kept.join("\n").trim_end().to_owned();
    out.push('\n');
    if let Some(address) = blobs {
        out.push_str("\n[blobs]\n");
        for (name, value) in address.shown() {
            out.push_str(&format!("{} = {value}\n", name.trim_start_matches("blobs.")));
        }
    }
    let read = config::parse(&path.display().to_string(), &out, &|_| None)?;
    if read.blobs.as_ref() == blobs {
        Ok(out)
    } else {
        Err(Problem::new(format!("{}: where the files are is not written as a part [blobs] of its own lines", path.display()))
            .hint("write it so, or take it out, and try again")
            .exit(Exit::Unreadable))
    }
}
