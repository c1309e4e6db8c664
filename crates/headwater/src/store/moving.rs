//! A workspace as a whole: copied while it is in use, checked, and its log moved from one kind of store to the other.
//!
//! A copy is itself a workspace with its log in `log.sqlite` and its files in `blobs/`, whatever the original uses; so restoring is copying back. It
//! is written beside its place and gets its name last: a copy either is there whole or is not there. The log is copied
//! before the blobs, which are only ever added: whatever an event names is among them.

pub mod files;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::log::postgres::Postgres;
use super::log::sqlite::Sqlite;
use super::log::{Log, Stored, broken};
use super::records::Record;
use super::{HALF_WRITTEN, LOG_FILE, SETTINGS_FILE, Workspace, blobs, sync_tree, write_durably};
use crate::problem::{Exit, Problem};

/// The files that make a log of SQLite.
const SIDE_FILES: [&str; 2] = ["log.sqlite-wal", "log.sqlite-shm"];

/// What a copy holds.
pub struct Copied {
    /// Events in its log.
    pub n_events: u64,
    /// Hash of the last event, 64 hexadecimal digits.
    pub head_hash: String,
    /// Files, each read through and compared with its hash.
    pub n_blobs: usize,
}

/// Copies a workspace into a folder that is not there yet, and proves the copy.
///
/// # Errors
/// The folder is there, cannot be written, or the workspace itself is damaged: the sentence names the event or the file.
pub fn copy(ws: &Workspace, to: &Path) -> Result<Copied, Problem> {
    if to.exists() {
        return Err(Problem::new(format!("{} is there already", to.display())).hint("name a folder that does not exist yet").exit(Exit::WrongUse));
    }
    let beside = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let writing = |error: io::Error| Problem::of_files(format!("writing beside {}", to.display()), &error);
    fs::create_dir_all(beside).map_err(writing)?;
    let half = tempfile::Builder::new().prefix(HALF_WRITTEN).tempdir_in(beside).map_err(writing)?;
    let copied = fill(ws, half.path())?;
    sync_tree(half.path()).map_err(writing)?;
    // Someone may have made it meanwhile; renaming over a folder with something in it fails.
    fs::rename(half.path(), to).map_err(writing)?;
    blobs::sync_folder(beside).map_err(writing)?;
    // A temporary folder is for its owner alone; the copy is as open as what it was copied from.
    fs::metadata(&ws.root).and_then(|it| fs::set_permissions(to, it.permissions())).map_err(writing)?;
    Ok(copied)
}

fn fill(ws: &Workspace, to: &Path) -> Result<Copied, Problem> {
    let path = to.join(LOG_FILE);
    match &ws.settings.store {
        None => Sqlite::open(&ws.root.join(LOG_FILE))?.copy_to(&path)?,
        Some(address) => {
            let log = Sqlite::create(&path)?;
            Postgres::open(address)?.while_still(|events, records| log.fill(events, records))?;
        }
    }
    let log = Sqlite::open(&path)?;
    let log: &dyn Log = &log;
    let verified = log.verify(None)?.map_err(|fault| broken(&fault))?;
    let n_blobs = files::copy(&ws.blobs, &blobs::Blobs::in_folder(to.join("blobs")))?;
    let folder_of = |name: &str| -> Result<PathBuf, Problem> {
        let folder = to.join(name);
        fs::create_dir_all(&folder).map_err(|error| Problem::of_files(format!("making the folder {}", folder.display()), &error))?;
        Ok(folder)
    };
    folder_of("blobs")?;
    folder_of("index")?;
    // What people wrote; the second is there only if they did.
    for name in ["definitions", "translations"] {
        if ws.root.join(name).is_dir() {
            copy_files(&ws.root.join(name), &folder_of(name)?)?;
        }
    }
    for name in [".gitignore", SETTINGS_FILE] {
        let text = match fs::read_to_string(ws.root.join(name)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(Problem::of_files(format!("reading {name}"), &error)),
        };
        let text = if name == SETTINGS_FILE { files::with_blobs(&ws.root.join(name), &with_store(&text, None), None)? } else { text };
        write_durably(&to.join(name), &text).map_err(|error| Problem::of_files(format!("writing {name}"), &error))?;
    }
    Ok(Copied { n_events: verified.n_events, head_hash: verified.head_hash, n_blobs })
}

fn copy_files(from: &Path, to: &Path) -> Result<(), Problem> {
    let failed = |error: io::Error| Problem::of_files(format!("copying {}", from.display()), &error);
    for entry in fs::read_dir(from).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() {
            fs::create_dir_all(to.join(name)).map_err(failed)?;
            copy_files(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name)).map_err(failed)?;
        }
    }
    Ok(())
}

/// Moves the log and the records of a workspace to a PostgreSQL database that holds none, or back into `log.sqlite`.
///
/// Nobody else works in the workspace meanwhile, and nobody can append. The settings change last: until then the old store is the store. A `log.sqlite` that
/// was moved away is kept under another name.
///
/// # Errors
/// The workspace is there already, the new store is not empty, or the chain is broken: nothing is changed then.
pub fn migrate(ws: &Workspace, to: Option<&str>) -> Result<u64, Problem> {
    if ws.settings.store.as_deref() == to {
        return Err(Problem::new("the log is there already; nothing was changed").exit(Exit::WrongUse));
    }
    let _alone = ws.in_use.alone()?;
    let settings = ws.root.join(SETTINGS_FILE);
    let text = fs::read_to_string(&settings).map_err(|error| Problem::of_files(format!("reading {}", settings.display()), &error))?;
    let switch =
        || write_durably(&settings, with_store(&text, to)).map_err(|error| Problem::of_files(format!("writing {}", settings.display()), &error));
    let local = ws.root.join(LOG_FILE);
    let away = ws.root.join("log-before-moving.sqlite");
    match to {
        Some(address) => {
            if away.exists() {
                return Err(Problem::new(format!("{} is there from an earlier move", away.display())).hint("move it out of the workspace"));
            }
            let target = Postgres::open(address)?;
            let n = Sqlite::open(&local)?.while_still(|events, records| {
                let n = proven(events)?;
                target.fill(events, records)?;
                same(&target, events)?;
                switch()?;
                Ok(n)
            })?;
            // Closing the last connection has brought the write-ahead log into the file.
            fs::rename(&local, &away).map_err(|error| Problem::of_files(format!("renaming {}", local.display()), &error))?;
            Ok(n)
        }
        None => {
            let Some(address) = &ws.settings.store else { return Err(Problem::new("the log is in log.sqlite already").exit(Exit::WrongUse)) };
            if local.exists() {
                return Err(Problem::new(format!("{} is there already", local.display())).hint("move it out of the workspace"));
            }
            Postgres::open(address)?.while_still(|events, records| move_into_file(events, records, &ws.root, &switch))
        }
    }
}

fn move_into_file(events: &[Stored], records: &[Record], root: &Path, switch: &dyn Fn() -> Result<(), Problem>) -> Result<u64, Problem> {
    let n = proven(events)?;
    let half = root.join(format!("{HALF_WRITTEN}log.sqlite"));
    let writing = |error: io::Error| Problem::of_files(format!("writing {}", half.display()), &error);
    if half.exists() {
        fs::remove_file(&half).map_err(writing)?;
    }
    {
        let log = Sqlite::create(&half)?;
        log.fill(events, records)?;
        same(&log, events)?;
    }
    File::open(&half).and_then(|file| file.sync_all()).map_err(writing)?;
    for name in SIDE_FILES {
        let left = root.join(format!("{HALF_WRITTEN}{name}"));
        if left.exists() {
            fs::remove_file(left).map_err(writing)?;
        }
    }
    fs::rename(&half, root.join(LOG_FILE)).and_then(|()| blobs::sync_folder(root)).map_err(writing)?;
    switch()?;
    Ok(n)
}

/// How many events there are, once every one is found as it was written.
fn proven(events: &[Stored]) -> Result<u64, Problem> {
    let mut chain = super::log::Chain::default();
    for event in events {
        chain.follow(super::log::Row::Stored(event.clone()));
    }
    chain.proven().map(|verified| verified.n_events).map_err(|fault| broken(&fault))
}

/// Whether a store ends as the events do.
fn same(log: &dyn Log, events: &[Stored]) -> Result<(), Problem> {
    let head = log.head()?.map(|head| head.hash);
    if head.as_ref() == events.last().map(|event| &event.hash) {
        Ok(())
    } else {
        Err(Problem::new("the new store does not end as the old one does; the old one stays in use").hint("try again; nothing was changed"))
    }
}

/// The settings with another store, all else as it was written.
fn with_store(text: &str, store: Option<&str>) -> String {
    let head_ends = text.lines().position(|line| line.trim_start().starts_with('[')).unwrap_or(usize::MAX);
    let is_store = |line: &str| line.trim_start().strip_prefix("store").is_some_and(|rest| rest.trim_start().starts_with('='));
    let kept = text.lines().enumerate().filter(|(n, line)| *n >= head_ends || !is_store(line)).map(|(_, line)| line);
    let new = store.map(|store| format!("store = {}", toml::Value::String(store.to_owned())));
    let mut out: String = new.iter().map(String::as_str).chain(kept).collect::<Vec<_>>().join("\n");
    out.push('\n');
    out
}

#[cfg(test)]
mod tests;
