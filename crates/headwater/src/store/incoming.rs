//! Files that are being written: under another name, and swept away when whoever wrote them did not come to an end.
//!
//! Whoever writes holds a shared lock; sweeping needs it alone, so it never takes a running command's files.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tempfile::NamedTempFile;

/// The folder of the files that are being written.
pub struct Incoming {
    folder: PathBuf,
    /// One for all files that are being written, so that a thousand of them are not a thousand open files more.
    lock: Mutex<Weak<File>>,
}

/// A file that is being written; dropped, it is gone.
pub struct Unfinished {
    /// The file, open for writing.
    pub file: NamedTempFile,
    /// Held until the file has its name or is gone.
    pub lock: Arc<File>,
}

impl Incoming {
    /// The files that are on their way into a folder.
    pub fn into_folder(root: &Path) -> Self {
        Self { folder: root.join("incoming"), lock: Mutex::new(Weak::new()) }
    }

    /// The folder where they are meanwhile.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Begins a file.
    ///
    /// # Errors
    /// The file system refuses.
    pub fn begin(&self) -> io::Result<Unfinished> {
        fs::create_dir_all(&self.folder)?;
        let lock = self.locked()?;
        let file = tempfile::Builder::new().suffix(".part").tempfile_in(&self.folder)?;
        Ok(Unfinished { file, lock })
    }

    fn locked(&self) -> io::Result<Arc<File>> {
        let mut shared = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = shared.upgrade() {
            return Ok(lock);
        }
        let lock = File::options().create(true).truncate(false).write(true).open(self.folder.join("lock"))?;
        lock.lock_shared()?;
        let lock = Arc::new(lock);
        *shared = Arc::downgrade(&lock);
        Ok(lock)
    }

    /// Removes what an interrupted command left, unless another one is running.
    ///
    /// Failing to is no harm: the files are in nobody's way and the next opening tries again.
    pub fn sweep(&self) {
        let Ok(lock) = File::options().write(true).open(self.folder.join("lock")) else { return };
        if lock.try_lock().is_err() {
            return;
        }
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if entry.path().extension().is_some_and(|extension| extension == "part") {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}
