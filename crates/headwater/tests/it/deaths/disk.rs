//! What a disk holds if the power goes: of each file what was there when it was last flushed, and in each folder the names that
//! were there when it was last flushed. That is the least a system promises; most keep more.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::unistd::Pid;

use super::watched::Does;

/// What is known to have reached the disk, where that differs from what programs see.
pub struct Disk {
    folder: PathBuf,
    /// By the number of the file.
    bytes: HashMap<u64, Vec<u8>>,
    names: BTreeMap<PathBuf, BTreeMap<PathBuf, u64>>,
    /// What flushes that are under way will have put there.
    flushing: HashMap<Pid, Flushing>,
}

enum Flushing {
    File(u64, Vec<u8>),
    Folder(BTreeMap<PathBuf, u64>),
}

fn number(path: &Path) -> Option<u64> {
    fs::symlink_metadata(path).ok().map(|found| found.ino())
}

fn names_in(folder: &Path) -> BTreeMap<PathBuf, u64> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| Some((entry.path(), number(&entry.path())?))).collect()
}

/// The index of SQLite's write-ahead log is made anew from it.
fn is_derived(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "sqlite-shm")
}

impl Disk {
    /// A folder that is all on the disk.
    pub fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), bytes: HashMap::new(), names: BTreeMap::new(), flushing: HashMap::new() }
    }

    /// A call is about to be made.
    pub fn before(&mut self, thread: Pid, does: &Does) {
        match does {
            Does::Nothing => {}
            Does::Write(path) => self.note(path),
            Does::Names(paths) => {
                for path in paths {
                    let folder = path.parent().unwrap_or(&self.folder);
                    self.names.entry(folder.to_owned()).or_insert_with(|| names_in(folder));
                    if path.is_file() {
                        self.note(path);
                    }
                }
            }
            Does::Flush(path) => {
                let flushing = if path.is_dir() {
                    Some(Flushing::Folder(names_in(path)))
                } else {
                    number(path).and_then(|number| Some(Flushing::File(number, fs::read(path).ok()?)))
                };
                self.flushing.extend(flushing.map(|flushing| (thread, flushing)));
            }
        }
    }

    /// Keeps what a file had before it was first changed.
    fn note(&mut self, path: &Path) {
        if let (Some(number), false) = (number(path), is_derived(path)) {
            self.bytes.entry(number).or_insert_with(|| fs::read(path).unwrap_or_default());
        }
    }

    /// A call was made.
    pub fn after(&mut self, thread: Pid, does: &Does, done: bool) {
        match (does, self.flushing.remove(&thread)) {
            (Does::Flush(_), Some(Flushing::File(number, bytes))) if done => drop(self.bytes.insert(number, bytes)),
            (Does::Flush(path), Some(Flushing::Folder(names))) if done => drop(self.names.insert(path.clone(), names)),
            _ => {}
        }
    }

    /// Makes the folder what is left of it when the power has gone.
    pub fn cut(self) {
        let mut seen: HashMap<u64, PathBuf> = HashMap::new();
        let mut folders = vec![self.folder.clone()];
        while let Some(folder) = folders.pop() {
            for (path, number) in names_in(&folder) {
                if path.is_dir() {
                    folders.push(path);
                } else {
                    seen.insert(number, path);
                }
            }
        }
        let left = |number: u64| self.bytes.get(&number).cloned().or_else(|| fs::read(seen.get(&number)?).ok());
        // All is read before anything is changed.
        let mut wanted: Vec<(PathBuf, Vec<u8>)> =
            seen.iter().filter_map(|(number, path)| Some((path.clone(), self.bytes.get(number)?.clone()))).collect();
        let mut gone: Vec<PathBuf> = Vec::new();
        for (folder, names) in &self.names {
            let now = names_in(folder);
            gone.extend(now.keys().filter(|path| !names.contains_key(*path)).cloned());
            for (path, number) in names.iter().filter(|(path, number)| now.get(*path) != Some(number)) {
                wanted.extend(left(*number).map(|bytes| (path.clone(), bytes)));
            }
        }
        for (path, bytes) in wanted {
            // A folder that did not reach the disk holds nothing that did.
            if path.parent().is_some_and(Path::is_dir) {
                fs::write(&path, bytes).unwrap();
            }
        }
        for path in gone {
            let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
        for (_, path) in seen.into_iter().filter(|(_, path)| is_derived(path)) {
            let _ = fs::remove_file(path);
        }
    }
}
