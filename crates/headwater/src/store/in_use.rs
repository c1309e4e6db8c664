//! Whether somebody works in a workspace: whoever has it open holds a lock together with others; moving it needs it alone.
//!
//! Without it, a program that runs while files or the log are moved would go on writing to where nobody looks any more.

use std::fs::{self, File};
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::problem::{Exit, Problem};

/// How often it is tried to get in; being moved takes longer, and then whoever comes is told so.
const ATTEMPTS: u32 = 10;
const BETWEEN: Duration = Duration::from_millis(50);

/// Held by whoever has a workspace open.
pub struct InUse {
    /// None where the folder can only be read: then nobody moves it either.
    file: Option<File>,
}

/// Held by whoever has it alone.
pub struct Alone<'a>(Option<&'a File>);

impl InUse {
    /// Joins those who work in a workspace.
    ///
    /// # Errors
    /// It is being moved.
    pub fn join(root: &Path) -> Result<Self, Problem> {
        let folder = root.join("blobs");
        let opened = fs::create_dir_all(&folder).and_then(|()| File::options().create(true).truncate(false).write(true).open(folder.join("lock")));
        let Ok(file) = opened else { return Ok(Self { file: None }) };
        for _ in 0..ATTEMPTS {
            match file.try_lock_shared() {
                Ok(()) => return Ok(Self { file: Some(file) }),
                Err(fs::TryLockError::WouldBlock) => thread::sleep(BETWEEN),
                // A file system without locks.
                Err(fs::TryLockError::Error(_)) => return Ok(Self { file: None }),
            }
        }
        Err(Problem::new(format!("the workspace {} is being moved by another command", root.display()))
            .hint("try again when `store migrate` is done"))
    }

    /// Has it alone until what is given back is dropped.
    ///
    /// # Errors
    /// Somebody else works in it.
    pub fn alone(&self) -> Result<Alone<'_>, Problem> {
        let Some(file) = &self.file else { return Ok(Alone(None)) };
        let failed = |error| Problem::of_files("locking the workspace", &error);
        file.unlock().map_err(failed)?;
        if file.try_lock().is_err() {
            file.lock_shared().map_err(failed)?;
            return Err(Problem::new("another command or `serve` works in this workspace; nothing was changed")
                .hint("stop it, on every computer that uses the same log or the same files, and try again")
                .exit(Exit::NotPermitted));
        }
        Ok(Alone(Some(file)))
    }
}

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        if let Some(file) = self.0 {
            // Whoever comes between has opened what is there now.
            let _ = file.unlock().and_then(|()| file.lock_shared());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_work_at_once_and_one_moves_alone() {
        let folder = tempfile::tempdir().unwrap();
        let one = InUse::join(folder.path()).unwrap();
        let other = InUse::join(folder.path()).unwrap();
        assert!(one.alone().err().unwrap().to_string().contains("works in this workspace"));
        drop(other);
        let alone = one.alone().unwrap();
        assert!(InUse::join(folder.path()).err().unwrap().to_string().contains("is being moved"));
        drop(alone);
        InUse::join(folder.path()).unwrap();
    }
}
