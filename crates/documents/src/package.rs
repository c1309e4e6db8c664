//! Zips in memory: parcels of files, and office files, which are zips inside.
//!
//! Whoever packed a zip controls what it claims: how many files, how large, under which names. Bytes are counted as they
//! come out, and names are only ever compared.

use crate::allowance::{Allowance, Metered};
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use zip::ZipArchive;
use zip::result::ZipError;

/// Why a zip, or one part of it, is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Damaged, cut off, or packed in a way that is not known here.
    Broken(String),
    /// A password is needed.
    Locked,
    /// It unpacks to more than it may.
    Bomb,
    /// It holds more files than it may.
    TooMany(usize),
    /// It is made to mislead: names twice, files that overlap.
    Misleading(&'static str),
    /// One part alone is larger than may be held.
    PartTooLarge,
}

/// One zip.
pub(crate) struct Package<R> {
    archive: ZipArchive<R>,
    names: Vec<String>,
}

impl<'a> Package<Cursor<&'a [u8]>> {
    /// Reads the list of files; none of them is unpacked.
    pub(crate) fn open(bytes: &'a [u8], most_files: usize) -> Result<Self, Fault> {
        Self::of(Cursor::new(bytes), most_files)
    }
}

impl<R: Read + Seek> Package<R> {
    /// The same of a zip that lies elsewhere than in memory.
    pub(crate) fn of(mut reader: R, most_files: usize) -> Result<Self, Fault> {
        // Before the list is read into memory, its entries are counted: each takes a few hundred bytes there. Zips that lie
        // unpacked within this one are counted with it, hence the room.
        let n_entries = entries_of(&mut reader, most_files.saturating_mul(50)).map_err(|error| io_fault(&error))?;
        if n_entries > most_files.saturating_mul(50) {
            return Err(Fault::TooMany(n_entries));
        }
        let mut archive = ZipArchive::new(reader).map_err(fault_of)?;
        if archive.len() > most_files {
            return Err(Fault::TooMany(archive.len()));
        }
        if archive.has_duplicate_names() {
            return Err(Fault::Misleading("it holds two files of the same name, so that it is not certain which one is meant"));
        }
        if archive.has_overlapping_files().map_err(fault_of)? {
            return Err(Fault::Misleading("it holds files that overlap, as no program packs them"));
        }
        let names = (0..archive.len())
            .map(|i| match archive.by_index_raw(i) {
                Ok(part) => part.name().map_or_else(|_| String::from_utf8_lossy(part.name_raw()).into_owned(), |name| name.into_owned()),
                Err(_) => String::new(),
            })
            .collect();
        Ok(Self { archive, names })
    }

    /// The names of all files and folders, as they were written, in their order.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether an entry is a folder.
    pub(crate) fn is_folder(&mut self, i: usize) -> bool {
        self.archive.by_index_raw(i).is_ok_and(|part| part.is_dir())
    }

    /// Unpacks one file into memory.
    pub(crate) fn read(&mut self, i: usize, allowance: &mut Allowance, most_bytes: usize) -> Result<Vec<u8>, Fault> {
        let part = self.archive.by_index(i).map_err(fault_of)?;
        let mut bytes = Vec::new();
        let reader = Metered { inner: part, allowance };
        reader.take(most_bytes as u64 + 1).read_to_end(&mut bytes).map_err(|error| io_fault(&error))?;
        if bytes.len() > most_bytes { Err(Fault::PartTooLarge) } else { Ok(bytes) }
    }

    /// Unpacks every file once without keeping it.
    pub(crate) fn check(&mut self, allowance: &mut Allowance) -> Result<(), (String, Fault)> {
        for i in 0..self.archive.len() {
            let tried = self
                .archive
                .by_index(i)
                .map_err(fault_of)
                .and_then(|part| io::copy(&mut Metered { inner: part, allowance }, &mut io::sink()).map_err(|error| io_fault(&error)));
            tried.map_err(|fault| (self.names[i].clone(), fault))?;
        }
        Ok(())
    }
}

/// How many entries of lists stand in a zip; when there are more than so many, that they are.
fn entries_of(reader: &mut (impl Read + Seek), most: usize) -> io::Result<usize> {
    const MARK: &[u8] = b"PK\x01\x02";
    reader.seek(SeekFrom::Start(0))?;
    let (mut buffer, mut n_kept, mut n_entries) = (vec![0; 1 << 20], 0, 0);
    loop {
        let n_read = reader.read(&mut buffer[n_kept..])?;
        let n = n_kept + n_read;
        n_entries += memchr::memmem::find_iter(&buffer[..n], MARK).count();
        if n_read == 0 || n_entries > most {
            return Ok(n_entries);
        }
        // A mark may lie across the end of what was read; one that was counted does not lie in what is kept.
        n_kept = n.min(MARK.len() - 1);
        buffer.copy_within(n - n_kept..n, 0);
    }
}

fn fault_of(error: ZipError) -> Fault {
    match error {
        ZipError::UnsupportedArchive(why) if why.contains("assword") => Fault::Locked,
        ZipError::Io(error) => io_fault(&error),
        other => Fault::Broken(other.to_string()),
    }
}

fn io_fault(error: &io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::QuotaExceeded => Fault::Bomb,
        io::ErrorKind::UnexpectedEof => Fault::Broken("it was cut off before its end".to_owned()),
        _ => Fault::Broken(error.to_string()),
    }
}

/// Whether a name stays inside the folder that a zip is unpacked to, on any system.
pub(crate) fn stays_inside(name: &str) -> bool {
    let is_absolute = name.starts_with(['/', '\\']) || name.as_bytes().get(1) == Some(&b':');
    !is_absolute && !name.contains('\0') && !name.split(['/', '\\']).any(|part| part == "..")
}
