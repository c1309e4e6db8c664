//! What was read of the street files of an extract, so that they need not be unpacked and read again.
//!
//! Made from the blobs and nothing else: it may be deleted at any time, and a copy of a workspace is without it. It is held
//! in one file for each extract, `index/street/SHA-256`, which is written under another name and then renamed:
//!
//! | Bytes | |
//! |---|---|
//! | 17 | `headwater street` and a line end |
//! | 16 | which sources of the readers wrote it, in hexadecimal ([`READERS`]) |
//! | for each file | 1, the length of its name in 4, its name, its reading |
//! | 1 | 0 |
//! | 4 | CRC-32 of all before |
//!
//! Numbers have their lowest byte first. What is of other readers, damaged or cut off counts as absent and is written anew
//! when the files have been read anew. A folder that cannot be written costs time and nothing else, so no failure here is told.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use headwater_prevention::source::street::StreetRead;

use super::blobs::open_to_readers;
use super::incoming::{Incoming, Unfinished};

/// What the sources of the readers come to: `build.rs` works it out, and a change in one of them lets everything be read anew.
const READERS: &str = env!("HEADWATER_READERS");

const MARK: &[u8] = b"headwater street\n";

/// How much is read and written at once.
const BUFFER_BYTES: usize = 256 << 10;

/// No file in an archive has a longer name.
const LONGEST_NAME: usize = 1 << 16;

/// The readings of a workspace.
pub struct Index {
    folder: PathBuf,
    incoming: Incoming,
}

/// The readings of one extract while they are being written; dropped, they are gone.
pub struct Writing {
    to: PathBuf,
    out: BufWriter<Summed<Unfinished>>,
}

impl Index {
    /// The readings in a folder.
    pub fn open(root: &Path) -> Self {
        Self { folder: root.join("street"), incoming: Incoming::into_folder(root) }
    }

    /// Removes what an interrupted command left half-written, unless another one is running.
    pub fn sweep(&self) {
        self.incoming.sweep();
    }

    /// Begins the readings of an extract; `None` where the folder cannot be written.
    pub fn begin(&self, sha256: &str) -> Option<Writing> {
        fs::create_dir_all(&self.folder).ok()?;
        let mut out = BufWriter::with_capacity(BUFFER_BYTES, Summed::new(self.incoming.begin().ok()?));
        out.write_all(MARK).and_then(|()| out.write_all(READERS.as_bytes())).ok()?;
        Some(Writing { to: self.path(sha256), out })
    }

    /// The readings of the street files of an extract, when these are its street files and all is whole and of these readers.
    pub fn read(&self, sha256: &str, names: &[&str]) -> Option<Vec<StreetRead>> {
        let file = File::open(self.path(sha256)).ok()?;
        let n_bytes = file.metadata().ok()?.len();
        read_all(&mut Summed::new(BufReader::with_capacity(BUFFER_BYTES, file)), n_bytes, names)
    }

    fn path(&self, sha256: &str) -> PathBuf {
        // A hash that is none must name no file elsewhere.
        self.folder.join(sha256.chars().filter(char::is_ascii_hexdigit).collect::<String>())
    }
}

impl Writing {
    /// Adds the reading of the next street file; `None` when it could not be written.
    pub fn add(mut self, name: &str, read: &StreetRead) -> Option<Self> {
        let n = u32::try_from(name.len()).ok().filter(|n| *n as usize <= LONGEST_NAME)?;
        self.out.write_all(&[1]).ok()?;
        self.out.write_all(&n.to_le_bytes()).ok()?;
        self.out.write_all(name.as_bytes()).ok()?;
        read.write_down(&mut self.out).ok()?;
        Some(self)
    }

    /// Ends the readings and gives them their place.
    pub fn keep(mut self) {
        if self.out.write_all(&[0]).is_err() {
            return;
        }
        let Ok(Summed { mut inner, sum }) = self.out.into_inner() else { return };
        let file = &mut inner.file;
        if file.write_all(&sum.finalize().to_le_bytes()).is_err() || open_to_readers(file.as_file()).is_err() {
            return;
        }
        // Not flushed to the disk: after a power cut it may be cut off, which its checksum tells.
        let _ = inner.file.persist(self.to);
    }
}

fn read_all(from: &mut Summed<impl Read>, n_bytes: u64, names: &[&str]) -> Option<Vec<StreetRead>> {
    let mut head = [0; MARK.len() + READERS.len()];
    from.read_exact(&mut head).ok()?;
    if head.strip_prefix(MARK)? != READERS.as_bytes() {
        return None;
    }
    let mut all = Vec::new();
    for name in names {
        let (mut mark, mut n) = ([0], [0; 4]);
        from.read_exact(&mut mark).ok()?;
        from.read_exact(&mut n).ok()?;
        if mark != [1] || u32::from_le_bytes(n) as usize != name.len() {
            return None;
        }
        let mut found = vec![0; name.len()];
        from.read_exact(&mut found).ok()?;
        if found != name.as_bytes() {
            return None;
        }
        all.push(StreetRead::read_back(name, from, n_bytes).ok()?);
    }
    let mut end = [1];
    from.read_exact(&mut end).ok()?;
    let sum = from.sum.clone().finalize();
    let mut rest = Vec::new();
    from.take(5).read_to_end(&mut rest).ok()?;
    (end == [0] && rest == sum.to_le_bytes()).then_some(all)
}

/// A reader or writer that works out the CRC-32 of what passes.
struct Summed<T> {
    inner: T,
    sum: crc32fast::Hasher,
}

impl<T> Summed<T> {
    fn new(inner: T) -> Self {
        Self { inner, sum: crc32fast::Hasher::new() }
    }
}

impl<T: Read> Read for Summed<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.sum.update(&buffer[..n]);
        Ok(n)
    }
}

impl Write for Summed<Unfinished> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.file.write(bytes)?;
        self.sum.update(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.file.flush()
    }
}

#[cfg(test)]
mod tests;
