//! Blobs as objects of a bucket in S3-compatible storage, under the prefix and the name that they have in a folder.
//!
//! A blob is staged in a file of this computer, so that its hash is known before the object gets its name; storage shows an
//! object whole or not at all. Read, it goes into a file that has no name and is gone when it is closed, and nobody gets
//! it before its hash is proven ([decision 0015](../../../../../docs/decisions/0015-blobs-in-a-bucket.md)).

mod answer;
mod keys;
mod line;
mod parts;
mod signature;

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use self::answer::Element;
use self::line::{Line, Order, Patience, Sending, Trouble};
use super::settings::BucketAddress;
use super::{BUFFER_BYTES, Blob, Place, Staged, hex};
use crate::problem::{Exit, Problem};

/// How many requests run at once where many blobs are read or written.
pub const AT_ONCE: usize = 8;

/// How much must have come before a line was cut for patience to begin anew.
const PROGRESS_BYTES: u64 = 1 << 16;

/// How often a list of an object's versions is worked through before we say that the storage keeps them.
const SWEEPS: usize = 3;

/// The blobs of a workspace, in a bucket.
pub struct Bucket {
    line: Line,
    spool: PathBuf,
}

impl Bucket {
    /// Prepares the line; nothing is asked yet. `spool` is the folder for files on their way.
    ///
    /// # Errors
    /// There is no authority for certificates to trust.
    pub fn open(address: &BucketAddress, spool: PathBuf) -> Result<Self, Problem> {
        Ok(Self { line: Line::to(address, Patience::default())?, spool })
    }

    #[cfg(test)]
    fn impatient(address: &BucketAddress, spool: PathBuf, patience: Patience) -> Self {
        Self { line: Line::to(address, patience).unwrap(), spool }
    }

    fn key(&self, sha256: &str) -> String {
        // A hash that is none names no object; it must not name another one either.
        let safe: String = sha256.chars().filter(char::is_ascii_hexdigit).collect();
        let (folder, name) = safe.split_at(safe.len().min(2));
        format!("{}{folder}/{name}", self.line.address().prefix)
    }

    fn problem(&self, doing: &str, sha256: &str, trouble: Trouble) -> Problem {
        if trouble.is_missing() {
            return Problem::new(format!("the blob {sha256} is not {}", self.place_of(sha256)))
                .hint("put it back from a copy of the workspace, or add the file again")
                .exit(Exit::Unreadable);
        }
        self.line.problem(&format!("{doing} the blob {sha256}"), trouble)
    }

    fn damaged(&self, sha256: &str) -> Problem {
        Problem::new(format!("the blob {sha256} is damaged: what is {} has another hash than its name says", self.place_of(sha256)))
            .hint("put it back from a copy of the workspace, or add the file again")
            .exit(Exit::Findings)
    }

    /// Hands every byte of an object to `take`, in order, and gives their hash. A line that is cut is taken up where it was.
    fn fetch(&self, sha256: &str, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> Result<String, Trouble> {
        let key = self.key(sha256);
        let (mut hash, mut n_had, mut buffer) = (Sha256::new(), 0_u64, vec![0; BUFFER_BYTES]);
        loop {
            let before = n_had;
            let done = self.line.persistently(|| {
                let headers = if n_had > 0 { vec![("range", format!("bytes={n_had}-"))] } else { Vec::new() };
                let response = match self.line.once(&Order { method: "GET", key: &key, headers, ..Order::default() }) {
                    // Cut after the last byte: there is no range behind it.
                    Err(Trouble::Refused { status: 416, .. }) if n_had > 0 => return Ok(true),
                    response => response?,
                };
                // Storage that knows no ranges begins anew.
                let mut n_to_skip = if response.status() == 206 { 0 } else { n_had };
                let mut body = response.into_body().into_with_config().limit(u64::MAX).reader();
                loop {
                    let n = match body.read(&mut buffer) {
                        Ok(0) if n_to_skip == 0 => return Ok(true),
                        Ok(0) => return Err(Trouble::Line("the object became shorter while it was read".to_owned())),
                        Ok(n) => n,
                        // What came is kept, and patience begins anew.
                        Err(_) if n_had - before >= PROGRESS_BYTES => return Ok(false),
                        Err(error) => return Err(Trouble::Line(line::of_io(&error))),
                    };
                    let skipped = usize::try_from(n_to_skip).unwrap_or(usize::MAX).min(n);
                    n_to_skip -= skipped as u64;
                    let new = &buffer[skipped..n];
                    hash.update(new);
                    take(new).map_err(|error| Trouble::Here(Problem::of_files("writing what comes from the storage to this computer", &error)))?;
                    n_had += new.len() as u64;
                }
            })?;
            if done {
                return Ok(hex(&hash.finalize()));
            }
        }
    }

    /// Every element of a list that comes in pages.
    fn pages(
        &self,
        kind: &[(&'static str, &str)],
        prefix: &str,
        marks: &[(&'static str, &str)],
        each: &mut dyn FnMut(&Element),
    ) -> Result<(), Trouble> {
        let mut next: Vec<(&'static str, String)> = Vec::new();
        loop {
            let mut query: Vec<(&'static str, String)> = kind.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
            query.push(("prefix", prefix.to_owned()));
            query.extend(next.iter().cloned());
            let list = self.line.ask(&Order { method: "GET", query, ..Order::default() })?;
            each(&list);
            if list.text("IsTruncated") != "true" {
                return Ok(());
            }
            let marks: Vec<(&'static str, String)> =
                marks.iter().map(|(query, answer)| (*query, list.text(answer).to_owned())).filter(|(_, value)| !value.is_empty()).collect();
            if marks.is_empty() || marks == next {
                return Err(Trouble::Line("it gave a list that does not say how it goes on".to_owned()));
            }
            next = marks;
        }
    }

    /// Every version of an object that the bucket keeps, by number; also marks that say that it was deleted.
    fn versions(&self, key: &str) -> Result<Vec<String>, Trouble> {
        let mut versions = Vec::new();
        let marks = [("key-marker", "NextKeyMarker"), ("version-id-marker", "NextVersionIdMarker")];
        self.pages(&[("versions", "")], key, &marks, &mut |list| {
            let all = list.all("Version").chain(list.all("DeleteMarker")).filter(|it| it.text("Key") == key);
            versions.extend(all.map(|it| it.text("VersionId").to_owned()));
        })?;
        Ok(versions)
    }

    fn delete(&self, key: &str, version: Option<&str>) -> Result<(), Trouble> {
        let query = version.filter(|version| !version.is_empty()).map(|version| ("versionId", version.to_owned())).into_iter().collect();
        match self.line.tell(&Order { method: "DELETE", key, query, ..Order::default() }) {
            Err(trouble) if !trouble.is_missing() => Err(trouble),
            _ => Ok(()),
        }
    }

    fn destroy_versions(&self, sha256: &str, key: &str) -> Result<(), Problem> {
        let failed = |trouble| self.problem("destroying", sha256, trouble);
        for _ in 0..SWEEPS {
            let versions = match self.versions(key) {
                // Storage without versions.
                Err(trouble) if trouble.is_unknown() => return self.delete(key, None).map_err(failed),
                versions => versions.map_err(failed)?,
            };
            if versions.is_empty() {
                return Ok(());
            }
            for version in versions {
                self.delete(key, Some(&version)).map_err(failed)?;
            }
        }
        Err(Problem::new(format!("the blob {sha256} is still {} after it was deleted", self.place_of(sha256)))
            .hint("the bucket may be locked against deletion: ask whoever looks after it, then destroy the file again")
            .exit(Exit::NotPermitted))
    }
}

/// The size of an object, if it is there.
fn size(line: &Line, key: &str) -> Result<Option<u64>, Trouble> {
    match line.tell(&Order { method: "HEAD", key, ..Order::default() }) {
        Ok(headers) => Ok(headers.get("content-length").and_then(|n| n.to_str().ok()).and_then(|n| n.parse().ok())),
        Err(trouble) if trouble.is_missing() => Ok(None),
        Err(trouble) => Err(trouble),
    }
}

/// Whether a key is that of a blob below the prefix.
fn is_ours(prefix: &str, key: &str) -> bool {
    hash_in(prefix, key).is_some()
}

/// The hash that a key says, if it is one of ours.
fn hash_in(prefix: &str, key: &str) -> Option<String> {
    let (folder, name) = key.strip_prefix(prefix)?.split_once('/')?;
    let is_hex = |text: &str, n: usize| text.len() == n && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (is_hex(folder, 2) && is_hex(name, 62)).then(|| format!("{folder}{name}"))
}

impl Place for Bucket {
    fn place_of(&self, sha256: &str) -> String {
        format!("in the bucket {} at {} as {}", self.line.address().bucket, self.line.address().host, self.key(sha256))
    }

    fn keep(&self, staged: Staged) -> Result<Blob, Problem> {
        let (sha256, n_bytes) = (staged.sha256().to_owned(), staged.n_bytes());
        let key = self.key(&sha256);
        let failed = |trouble| self.problem("keeping", &sha256, trouble);
        if size(&self.line, &key).map_err(failed)? == Some(n_bytes) && self.is_whole(&sha256)? {
            return Ok(Blob { sha256, was_new: false });
        }
        let file = staged.open().map_err(|error| Problem::of_files("reading back what is to be kept", &error))?;
        if n_bytes > parts::PART_BYTES {
            parts::put(&self.line, &key, &file, n_bytes).map_err(failed)?;
        } else {
            let checksum = BASE64_STANDARD.encode(staged.hash);
            let headers = vec![("content-type", "application/octet-stream".to_owned()), ("x-amz-checksum-sha256", checksum)];
            let body = Sending::Piece { file: &file, from: 0, n_bytes, sha256: &sha256 };
            self.line.tell(&Order { method: "PUT", key: &key, query: Vec::new(), headers, body }).map_err(failed)?;
        }
        Ok(Blob { sha256, was_new: true })
    }

    fn read(&self, sha256: &str) -> Result<File, Problem> {
        let writing = |error: io::Error| Problem::of_files(format!("writing to {}", self.spool.display()), &error);
        fs::create_dir_all(&self.spool).map_err(writing)?;
        let mut file = tempfile::tempfile_in(&self.spool).map_err(writing)?;
        // Once more where the hash is wrong: only what is wrong twice is damaged there, and not on its way.
        for _ in 0..2 {
            file.set_len(0).and_then(|()| file.rewind()).map_err(writing)?;
            let found = self.fetch(sha256, &mut |bytes| file.write_all(bytes)).map_err(|trouble| self.problem("reading", sha256, trouble))?;
            if found == sha256 {
                file.seek(SeekFrom::Start(0)).map_err(writing)?;
                return Ok(file);
            }
        }
        Err(self.damaged(sha256))
    }

    fn size(&self, sha256: &str) -> Result<u64, Problem> {
        let missing = || Trouble::Refused { status: 404, code: String::new(), region: None, pause: None };
        let size = size(&self.line, &self.key(sha256)).and_then(|size| size.ok_or_else(missing));
        size.map_err(|trouble| self.problem("looking for", sha256, trouble))
    }

    fn is_whole(&self, sha256: &str) -> Result<bool, Problem> {
        for _ in 0..2 {
            let found = self.fetch(sha256, &mut |_| Ok(())).map_err(|trouble| self.problem("reading", sha256, trouble))?;
            if found == sha256 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn all(&self) -> Result<Vec<String>, Problem> {
        let prefix = &self.line.address().prefix;
        let mut all = Vec::new();
        let listed = self.pages(&[("list-type", "2")], prefix, &[("continuation-token", "NextContinuationToken")], &mut |list| {
            all.extend(list.all("Contents").filter_map(|it| hash_in(prefix, it.text("Key"))));
        });
        listed.map_err(|trouble| self.line.problem("listing the files", trouble))?;
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }

    fn destroy(&self, sha256: &str) -> Result<(), Problem> {
        let key = self.key(sha256);
        if hash_in(&self.line.address().prefix, &key).is_none() {
            return Ok(());
        }
        parts::take_away(&self.line, &key, None).map_err(|trouble| self.problem("destroying", sha256, trouble))?;
        self.destroy_versions(sha256, &key)
    }
}

#[cfg(test)]
mod tests;
