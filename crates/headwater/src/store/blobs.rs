//! Files kept byte for byte under the SHA-256 of their content.
//!
//! A blob is staged first: written under another name in `blobs/incoming/` and hashed on the way. Only when its content has
//! been looked at is it kept: flushed, renamed to `blobs/ab/cdef…`, and both folders flushed. So a blob either is there
//! whole or is not there, and what a crash leaves in `incoming/` is swept when the workspace is next opened.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::incoming::{Incoming, Unfinished};
use crate::problem::{Exit, Problem};
use sha2::{Digest, Sha256};

/// How much is read and written at once.
const BUFFER_BYTES: usize = 1 << 20;

/// The blobs of a workspace.
pub struct Blobs {
    root: PathBuf,
    incoming: Incoming,
}

/// Bytes written and hashed but not yet kept; dropped, they are gone.
pub struct Staged {
    unfinished: Unfinished,
    sha256: String,
    n_bytes: u64,
}

/// A blob that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    pub sha256: String,
    /// Whether it was not there before.
    pub was_new: bool,
}

impl Staged {
    /// SHA-256 of the bytes, 64 hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// How many bytes there are.
    pub fn n_bytes(&self) -> u64 {
        self.n_bytes
    }

    /// Opens the bytes for reading.
    ///
    /// # Errors
    /// The file system refuses.
    pub fn open(&self) -> io::Result<File> {
        File::open(self.unfinished.file.path())
    }

    /// Its bytes, for what is small.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn bytes(&self) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        let read = self.open().and_then(|mut file| file.read_to_end(&mut bytes));
        read.map(|_| bytes).map_err(|error| Problem::of_files("reading what was sent", &error))
    }
}

impl Blobs {
    /// The blobs in a folder.
    pub fn open(root: PathBuf) -> Self {
        let incoming = Incoming::into_folder(&root);
        Self { root, incoming }
    }

    /// Removes what an interrupted command left half-written, unless another one is running.
    pub fn sweep(&self) {
        self.incoming.sweep();
    }

    /// Writes and hashes all bytes of a reader.
    ///
    /// # Errors
    /// Reading or writing fails: the sentence says which.
    pub fn stage(&self, reader: &mut dyn Read) -> Result<Staged, Problem> {
        let writing = |error: io::Error| Problem::of_files(format!("writing to {}", self.incoming.folder().display()), &error);
        let mut unfinished = self.incoming.begin().map_err(writing)?;
        let mut hash = Sha256::new();
        let mut n_bytes = 0;
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            let n = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Problem::new(format!("it cannot be read: {error}")).exit(Exit::Unreadable)),
            };
            hash.update(&buffer[..n]);
            unfinished.file.write_all(&buffer[..n]).map_err(writing)?;
            n_bytes += n as u64;
        }
        Ok(Staged { unfinished, sha256: hex(&hash.finalize()), n_bytes })
    }

    /// Keeps a staged blob. When this returns, it is on the disk whatever happens to the power.
    ///
    /// # Errors
    /// Writing fails.
    pub fn keep(&self, staged: Staged) -> Result<Blob, Problem> {
        let Staged { unfinished: Unfinished { file, _lock }, sha256, .. } = staged;
        let path = self.path(&sha256);
        let writing = |error: io::Error| Problem::of_files(format!("writing the blob {}", path.display()), &error);
        let folder = path.parent().unwrap_or(&self.root).to_owned();
        fs::create_dir_all(&folder).map_err(writing)?;
        let was_new = !(path.is_file() && self.is_whole(&sha256)?);
        if was_new {
            open_to_readers(file.as_file()).map_err(writing)?;
            file.as_file().sync_all().map_err(writing)?;
            file.persist(&path).map_err(|error| writing(error.error))?;
        }
        // Also when it was there: whoever wrote it may have died before flushing the folder.
        sync_folder(&folder).and_then(|()| sync_folder(&self.root)).map_err(writing)?;
        Ok(Blob { sha256, was_new })
    }

    /// Stages and keeps in one go.
    ///
    /// # Errors
    /// As [`stage`](Self::stage) and [`keep`](Self::keep).
    pub fn put(&self, reader: &mut dyn Read) -> Result<Blob, Problem> {
        let staged = self.stage(reader)?;
        self.keep(staged)
    }

    /// Overwrites a blob and takes it away; one that is gone already is no fault.
    ///
    /// # Errors
    /// It cannot be written or taken away.
    pub fn destroy(&self, sha256: &str) -> Result<(), Problem> {
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

    /// Opens a blob for reading.
    ///
    /// # Errors
    /// It is missing.
    pub fn read(&self, sha256: &str) -> Result<File, Problem> {
        let path = self.path(sha256);
        File::open(&path).map_err(|error| {
            Problem::while_doing(format!("opening the blob {}", path.display()), error)
                .hint("restore the folder blobs/ from a copy of the workspace, or add the file again")
                .exit(Exit::Unreadable)
        })
    }

    /// The hash of every blob that is kept, in order.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn all(&self) -> Result<Vec<String>, Problem> {
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

    /// Reads a blob through and says whether its content still has its hash.
    ///
    /// # Errors
    /// It is missing or cannot be read.
    pub fn is_whole(&self, sha256: &str) -> Result<bool, Problem> {
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

    pub(super) fn path(&self, sha256: &str) -> PathBuf {
        // A hash that is none names no file; it must not name one elsewhere either.
        let safe: String = sha256.chars().filter(char::is_ascii_hexdigit).collect();
        let (folder, name) = safe.split_at(safe.len().min(2));
        self.root.join(folder).join(name)
    }
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Flushes a folder, so that a renamed file is found there after a power cut.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Temporary files are for their owner only; kept ones have the permissions that any new file has.
pub fn open_to_readers(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    let _ = file;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blobs() -> (tempfile::TempDir, Blobs) {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path().join("blobs"));
        (folder, blobs)
    }

    #[test]
    fn a_blob_is_named_by_its_hash_and_kept_once() {
        let (_folder, blobs) = blobs();
        let first = blobs.put(&mut &b"abc"[..]).unwrap();
        // FIPS 180-4's own example.
        assert_eq!(first.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(first.was_new && blobs.is_whole(&first.sha256).unwrap());
        assert!(!blobs.put(&mut &b"abc"[..]).unwrap().was_new);
        let mut text = String::new();
        blobs.read(&first.sha256).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "abc");
    }

    #[test]
    fn a_changed_blob_and_a_missing_one_are_told() {
        let (folder, blobs) = blobs();
        let blob = blobs.put(&mut &b"abc"[..]).unwrap();
        fs::write(folder.path().join("blobs").join(&blob.sha256[..2]).join(&blob.sha256[2..]), "abd").unwrap();
        assert!(!blobs.is_whole(&blob.sha256).unwrap());
        assert!(blobs.is_whole(&"0".repeat(64)).is_err());
        assert!(blobs.read("../../../etc/passwd").is_err());
    }

    #[test]
    fn sweeping_takes_leftovers_but_never_what_is_being_written() {
        let (folder, blobs) = blobs();
        let staged = blobs.stage(&mut &b"running"[..]).unwrap();
        let leftover = folder.path().join("blobs/incoming/abc.part");
        fs::write(&leftover, "half").unwrap();
        blobs.sweep();
        assert!(leftover.exists(), "another command is running");
        let blob = blobs.keep(staged).unwrap();
        assert!(blobs.is_whole(&blob.sha256).unwrap());
        blobs.sweep();
        assert!(!leftover.exists());
    }
}
