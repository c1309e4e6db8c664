//! Blobs as files of a folder.
//!
//! Staged, a blob is flushed, renamed to `blobs/ab/cdef…`, and both folders flushed: it is there whole or not at all.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{BUFFER_BYTES, Blob, Place, Staged, hex, open_to_readers, sync_folder};
use crate::problem::{Exit, Problem};

/// The blobs of a workspace, in a folder of it.
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The blobs in a folder.
    pub fn open(root: PathBuf) -> Self {
        Self { root }
    }

    fn path(&self, sha256: &str) -> PathBuf {
        // A hash that is none names no file; it must not name one elsewhere either.
        let safe: String = sha256.chars().filter(char::is_ascii_hexdigit).collect();
        let (folder, name) = safe.split_at(safe.len().min(2));
        self.root.join(folder).join(name)
    }
}

impl Place for Folder {
    fn place_of(&self, sha256: &str) -> String {
        format!("in {}", self.path(sha256).display())
    }

    fn keep(&self, staged: Staged) -> Result<Blob, Problem> {
        let sha256 = staged.sha256().to_owned();
        let path = self.path(&sha256);
        let writing = |error: io::Error| Problem::of_files(format!("writing the blob {}", path.display()), &error);
        let folder = path.parent().unwrap_or(&self.root).to_owned();
        fs::create_dir_all(&folder).map_err(writing)?;
        let was_new = !(path.is_file() && self.is_whole(&sha256)?);
        if was_new {
            let file = File::options().write(true).open(&staged.path).map_err(writing)?;
            open_to_readers(&file).map_err(writing)?;
            file.sync_all().map_err(writing)?;
            drop(file);
            staged.path.persist(&path).map_err(|error| writing(error.error))?;
        }
        // Also when it was there: whoever wrote it may have died before flushing the folder.
        sync_folder(&folder).and_then(|()| sync_folder(&self.root)).map_err(writing)?;
        Ok(Blob { sha256, was_new })
    }

    fn read(&self, sha256: &str) -> Result<File, Problem> {
        let path = self.path(sha256);
        File::open(&path).map_err(|error| {
            Problem::while_doing(format!("opening the blob {}", path.display()), error)
                .hint("restore the folder blobs/ from a copy of the workspace, or add the file again")
                .exit(Exit::Unreadable)
        })
    }

    fn size(&self, sha256: &str) -> Result<u64, Problem> {
        let found = self.read(sha256)?.metadata();
        found.map(|found| found.len()).map_err(|error| Problem::of_files(format!("looking at {}", self.path(sha256).display()), &error))
    }

    fn is_whole(&self, sha256: &str) -> Result<bool, Problem> {
        let mut file = self.read(sha256)?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            match file.read(&mut buffer) {
                Ok(0) => return Ok(hex(&hash.finalize()) == sha256),
                Ok(n) => hash.update(&buffer[..n]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Problem::while_doing(format!("reading the blob {sha256}"), error).exit(Exit::Unreadable)),
            }
        }
    }

    fn all(&self) -> Result<Vec<String>, Problem> {
        let is_hex = |text: &str, n: usize| text.len() == n && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let names = |folder: &Path| -> Result<Vec<String>, Problem> {
            let failed = |error: io::Error| Problem::of_files(format!("reading {}", folder.display()), &error);
            match fs::read_dir(folder) {
                Ok(entries) => entries.map(|entry| Ok(entry.map_err(failed)?.file_name().to_string_lossy().into_owned())).collect(),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
                Err(error) => Err(failed(error)),
            }
        };
        let mut all = Vec::new();
        for first in names(&self.root)?.into_iter().filter(|name| is_hex(name, 2)) {
            all.extend(names(&self.root.join(&first))?.into_iter().filter(|rest| is_hex(rest, 62)).map(|rest| format!("{first}{rest}")));
        }
        all.sort_unstable();
        Ok(all)
    }

    fn destroy(&self, sha256: &str) -> Result<(), Problem> {
        let path = self.path(sha256);
        let writing = |error: io::Error| Problem::of_files(format!("destroying the blob {}", path.display()), &error);
        let Ok(found) = fs::metadata(&path) else { return Ok(()) };
        // What a disk keeps of the bytes that were there is beyond a program; a file system that writes in place keeps none.
        let mut file = File::options().write(true).open(&path).map_err(writing)?;
        io::copy(&mut io::repeat(0).take(found.len()), &mut file).map_err(writing)?;
        file.sync_all().map_err(writing)?;
        fs::remove_file(&path).map_err(writing)?;
        sync_folder(path.parent().unwrap_or(&self.root)).map_err(writing)
    }
}
