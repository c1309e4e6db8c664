//! Files kept byte for byte under the SHA-256 of their content, in a folder or in a bucket of S3-compatible storage.
//!
//! A blob is staged first: written under another name in `blobs/incoming/` and hashed on the way. Only when its content has
//! been looked at is it kept: it gets the hash as its name, in one step. So a blob either is there whole or is not there,
//! and what a crash leaves in `incoming/` is swept when the workspace is next opened.

mod bucket;
mod folder;
pub mod settings;

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tempfile::TempPath;

use self::bucket::Bucket;
use self::folder::Folder;
use self::settings::BucketAddress;
use super::incoming::{Incoming, Unfinished};
use crate::problem::{Exit, Problem};

pub use self::bucket::AT_ONCE;

/// How much is read and written at once.
const BUFFER_BYTES: usize = 1 << 20;

/// Where blobs are kept.
trait Place: Send + Sync {
    /// Where a blob is, for sentences.
    fn place_of(&self, sha256: &str) -> String;
    /// As [`Blobs::keep`].
    fn keep(&self, staged: Staged) -> Result<Blob, Problem>;
    /// As [`Blobs::read`].
    fn read(&self, sha256: &str) -> Result<File, Problem>;
    /// As [`Blobs::size`].
    fn size(&self, sha256: &str) -> Result<u64, Problem>;
    /// As [`Blobs::is_whole`].
    fn is_whole(&self, sha256: &str) -> Result<bool, Problem>;
    /// As [`Blobs::all`].
    fn all(&self) -> Result<Vec<String>, Problem>;
    /// As [`Blobs::destroy`].
    fn destroy(&self, sha256: &str) -> Result<(), Problem>;
}

/// The blobs of a workspace.
pub struct Blobs {
    incoming: Incoming,
    place: Box<dyn Place>,
}

/// Bytes written and hashed but not yet kept; dropped, they are gone.
///
/// It is no open file: a thousand can wait together.
pub struct Staged {
    path: TempPath,
    /// Held until it has its name or is gone.
    _lock: Arc<File>,
    hash: [u8; 32],
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
        File::open(&self.path)
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
    pub fn in_folder(root: PathBuf) -> Self {
        let incoming = Incoming::into_folder(&root);
        Self { incoming, place: Box::new(Folder::open(root)) }
    }

    /// The blobs in a bucket; files on their way there and back are in a folder `incoming` of `root`.
    ///
    /// Nothing is asked of the storage yet.
    ///
    /// # Errors
    /// There is no authority for certificates to trust.
    pub fn in_bucket(address: &BucketAddress, root: &Path) -> Result<Self, Problem> {
        let incoming = Incoming::into_folder(root);
        let bucket = Bucket::open(address, incoming.folder().to_owned())?;
        Ok(Self { incoming, place: Box::new(bucket) })
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
        let hash: [u8; 32] = hash.finalize().into();
        let Unfinished { file, lock } = unfinished;
        Ok(Staged { path: file.into_temp_path(), _lock: lock, hash, sha256: hex(&hash), n_bytes })
    }

    /// Keeps a staged blob. When this returns, it is kept whatever happens to the power.
    ///
    /// # Errors
    /// Writing fails, or the storage does.
    pub fn keep(&self, staged: Staged) -> Result<Blob, Problem> {
        self.place.keep(staged)
    }

    /// Stages and keeps in one go.
    ///
    /// # Errors
    /// As [`stage`](Self::stage) and [`keep`](Self::keep).
    pub fn put(&self, reader: &mut dyn Read) -> Result<Blob, Problem> {
        let staged = self.stage(reader)?;
        self.keep(staged)
    }

    /// Takes a blob away, so far as a program can: a file is overwritten first, of an object every version goes. One that is
    /// gone already is no fault.
    ///
    /// # Errors
    /// It cannot be written or taken away.
    pub fn destroy(&self, sha256: &str) -> Result<(), Problem> {
        self.place.destroy(sha256)
    }

    /// Opens a blob for reading. What comes from a bucket has been compared with its hash; what is in a folder has not.
    ///
    /// # Errors
    /// It is missing; in a bucket also: it is damaged.
    pub fn read(&self, sha256: &str) -> Result<File, Problem> {
        self.place.read(sha256)
    }

    /// How many bytes a blob has, without reading it.
    ///
    /// # Errors
    /// It is missing.
    pub fn size(&self, sha256: &str) -> Result<u64, Problem> {
        self.place.size(sha256)
    }

    /// The hash of every blob that is kept, in order.
    ///
    /// # Errors
    /// A folder or the bucket cannot be read.
    pub fn all(&self) -> Result<Vec<String>, Problem> {
        self.place.all()
    }

    /// Reads a blob through and says whether its content still has its hash.
    ///
    /// # Errors
    /// It is missing or cannot be read.
    pub fn is_whole(&self, sha256: &str) -> Result<bool, Problem> {
        self.place.is_whole(sha256)
    }

    /// Where a blob is, for sentences: `in ws/blobs/ab/cdef…`.
    pub fn place_of(&self, sha256: &str) -> String {
        self.place.place_of(sha256)
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
        let blobs = Blobs::in_folder(folder.path().join("blobs"));
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
