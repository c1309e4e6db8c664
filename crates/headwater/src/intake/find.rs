//! Which files are meant by the paths that a person gave.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::store::SETTINGS_FILE;

/// A file to look at.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Offer {
    /// Where it is.
    pub path: PathBuf,
    /// Its name: relative to the folder that was given, with `/` between the parts, and no more of the path than that.
    pub name: String,
    /// Whether the person named the file itself.
    pub is_named: bool,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// The files, in the order of the paths given and sorted within folders; each once.
    pub offers: Vec<Offer>,
    /// Paths that could not be looked at, and why.
    pub unreadable: Vec<(PathBuf, String)>,
}

/// Folders below this depth are not looked into: nobody keeps downloads there, but a loop of links would.
const DEEPEST: usize = 32;

/// Finds the files meant by paths. Workspaces, hidden files and linked folders inside folders are passed over.
pub fn files(paths: &[PathBuf], workspace: &Path) -> Found {
    let mut found = Found::default();
    let mut seen = BTreeSet::new();
    for path in paths {
        match fs::metadata(path) {
            Err(error) => found.unreadable.push((path.clone(), error.to_string())),
            Ok(is) if is.is_dir() => walk(path, path, workspace, 0, &mut seen, &mut found),
            Ok(_) => {
                let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
                offer(path, name, true, &mut seen, &mut found);
            }
        }
    }
    found
}

fn walk(folder: &Path, top: &Path, workspace: &Path, depth: usize, seen: &mut BTreeSet<PathBuf>, found: &mut Found) {
    let is_workspace = folder.join(SETTINGS_FILE).is_file() && folder.join("log.sqlite").is_file();
    if is_workspace || depth > DEEPEST || same(folder, workspace) {
        return;
    }
    let entries = match fs::read_dir(folder).and_then(|entries| entries.collect::<Result<Vec<_>, _>>()) {
        Ok(entries) => entries,
        Err(error) => {
            found.unreadable.push((folder.to_owned(), error.to_string()));
            return;
        }
    };
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let Ok(is) = fs::symlink_metadata(&path) else { continue };
        if is_hidden {
            continue;
        }
        if is.is_dir() {
            walk(&path, top, workspace, depth + 1, seen, found);
        } else if fs::metadata(&path).is_ok_and(|target| target.is_file()) {
            let parts: Vec<_> = path.strip_prefix(top).unwrap_or(&path).iter().map(|part| part.to_string_lossy()).collect();
            offer(&path, parts.join("/"), false, seen, found);
        }
    }
}

fn offer(path: &Path, name: String, is_named: bool, seen: &mut BTreeSet<PathBuf>, found: &mut Found) {
    let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if seen.insert(place) {
        found.offers.push(Offer { path: path.to_owned(), name, is_named });
    }
}

fn same(a: &Path, b: &Path) -> bool {
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_sorted_and_once_without_workspaces_and_hidden_ones() {
        let top = tempfile::tempdir().unwrap();
        for path in ["b/2.csv", "b/1.csv", "a.csv", ".hidden", "ws/headwater.toml", "ws/log.sqlite", "ws/blobs/ab/x"] {
            let path = top.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let paths = [top.path().to_owned(), top.path().join("a.csv"), top.path().join("missing")];
        let found = files(&paths, &top.path().join("ws"));
        let names: Vec<&str> = found.offers.iter().map(|offer| offer.name.as_str()).collect();
        assert_eq!(names, ["a.csv", "b/1.csv", "b/2.csv"]);
        assert_eq!(found.unreadable.len(), 1);
    }
}
