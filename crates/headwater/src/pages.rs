//! A folder of pages, written whole or not at all.

use std::fs;
use std::io;
use std::path::Path;

use headwater_publish::File;
use headwater_release::Publication;
#[cfg(feature = "pdf")]
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::problem::{Exit, Problem};
use crate::store::blobs::hex;

/// The file by which a folder is known to hold pages of ours, so that it may be replaced.
const MARK: &str = "style.css";

/// How the names of folders begin in which pages are being written.
const HALF_WRITTEN: &str = ".headwater-pages-";

/// Refuses a folder that holds something else than pages of ours, before anything is done for it.
///
/// # Errors
/// Names the folder, or says that it cannot be read.
pub fn may_replace(out: &Path) -> Result<(), Problem> {
    let failed = |error: io::Error| Problem::of_files(format!("looking into {}", out.display()), &error);
    let is_used = out.is_dir() && fs::read_dir(out).map_err(failed)?.next().is_some();
    if out.is_file() || (is_used && !out.join(MARK).is_file()) {
        return Err(Problem::new(format!("{} holds something else than pages of ours", out.display()))
            .hint("name a new or empty folder with --out")
            .exit(Exit::WrongUse));
    }
    Ok(())
}

/// Writes the pages beside the folder first and puts them in its place when they are whole.
///
/// Killed at any moment, the folder holds the pages before or the pages after, never some of each. Where the system cannot
/// exchange two folders at once (all but Linux), it may be missing for the blink between two renamings.
///
/// # Errors
/// As [`may_replace`], or the files cannot be written.
pub fn write(files: &[File], out: &Path) -> Result<(), Problem> {
    may_replace(out)?;
    let failed = |error: io::Error| Problem::of_files(format!("writing {}", out.display()), &error);
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(failed)?;
    let name = out.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let prefix = format!("{HALF_WRITTEN}{name}-");
    sweep(parent, &prefix);
    let fresh = tempfile::Builder::new().prefix(&prefix).tempdir_in(parent).map_err(failed)?;
    let pages = fresh.path().join("pages");
    for file in files {
        let path = pages.join(&file.path);
        fs::create_dir_all(path.parent().unwrap_or(&pages)).map_err(failed)?;
        fs::write(&path, &file.bytes).map_err(failed)?;
    }
    if out.is_dir() {
        // What was there goes away with the folder in which the new pages were written.
        return exchange(&pages, out).or_else(|_| replace(&pages, out, &fresh.path().join("before"))).map_err(failed);
    }
    fs::rename(&pages, out).map_err(failed)
}

/// Both folders change places in one step.
#[cfg(target_os = "linux")]
fn exchange(pages: &Path, out: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, pages, CWD, out, RenameFlags::EXCHANGE)?)
}

/// There is no such step here.
#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn replace(pages: &Path, out: &Path, before: &Path) -> io::Result<()> {
    fs::rename(out, before)?;
    fs::rename(pages, out)
}

/// Removes what an interrupted command left; what cannot be removed does no harm.
fn sweep(parent: &Path, prefix: &str) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// One hash over all files, in order of path: two builds are the same when it is.
pub fn hash(files: &[File]) -> String {
    let mut hasher = Sha256::new();
    for file in files {
        hasher.update((file.path.len() as u64).to_be_bytes());
        hasher.update(file.path.as_bytes());
        hasher.update((file.bytes.len() as u64).to_be_bytes());
        hasher.update(&file.bytes);
    }
    hex(&hasher.finalize())
}

/// A PDF of each document, made side by side; their order is that of the documents.
#[cfg(feature = "pdf")]
pub fn pdfs(publication: &Publication) -> Result<Vec<File>, Problem> {
    (0..publication.documents.len()).into_par_iter().map(|document| headwater_publish::pdf(publication, document).map_err(Problem::new)).collect()
}

/// This program was built without PDFs.
#[cfg(not(feature = "pdf"))]
pub fn pdfs(_: &Publication) -> Result<Vec<File>, Problem> {
    Ok(Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_replace_pages_and_leave_nothing_beside_them() {
        let top = tempfile::tempdir().unwrap();
        let out = top.path().join("site");
        let files = |name: &str| vec![File { path: MARK.into(), bytes: vec![] }, File { path: format!("a/{name}"), bytes: b"x".to_vec() }];
        write(&files("old.html"), &out).unwrap();
        fs::create_dir_all(top.path().join(".headwater-pages-site-abc/pages")).unwrap();
        fs::create_dir_all(top.path().join(".headwater-pages-other-abc")).unwrap();
        write(&files("new.html"), &out).unwrap();
        assert!(out.join("a/new.html").is_file() && !out.join("a/old.html").exists());
        let mut left: Vec<String> = fs::read_dir(top.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        left.sort();
        assert_eq!(left, [".headwater-pages-other-abc", "site"]);
    }

    #[test]
    fn anything_else_is_never_replaced() {
        let top = tempfile::tempdir().unwrap();
        fs::write(top.path().join("thesis.txt"), "ten years").unwrap();
        assert!(write(&[], top.path()).unwrap_err().to_string().contains("something else"));
        assert!(write(&[], &top.path().join("thesis.txt")).is_err());
        assert_eq!(fs::read_to_string(top.path().join("thesis.txt")).unwrap(), "ten years");
    }
}
