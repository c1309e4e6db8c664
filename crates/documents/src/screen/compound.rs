//! Office files of before 2007: which streams they have.

use crate::package::Fault;
use cfb::CompoundFile;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Opens a compound file.
pub(super) fn open(bytes: &[u8]) -> Result<CompoundFile<Cursor<&[u8]>>, Fault> {
    // The parser is another project's and reads bytes that anyone may have made: a panic in it becomes a fault here.
    catch_unwind(AssertUnwindSafe(|| CompoundFile::open(Cursor::new(bytes))))
        .map_err(|_| Fault::Broken("its parts do not fit together".to_owned()))?
        .map_err(|error| Fault::Broken(error.to_string()))
}

/// The paths of all streams and storages, without the leading stroke.
pub(super) fn paths(file: &CompoundFile<Cursor<&[u8]>>) -> Vec<String> {
    file.walk().map(|entry| entry.path().to_string_lossy().trim_start_matches('/').to_owned()).filter(|path| !path.is_empty()).collect()
}

/// What an office file of before 2007 is, by its main stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Old {
    Workbook,
    Document,
    Presentation,
    /// A newer file with a password, which is packed so.
    Encrypted,
    Unknown,
}

/// Looks for the main stream.
pub(super) fn what(file: &CompoundFile<Cursor<&[u8]>>) -> Old {
    if file.is_stream("/EncryptedPackage") {
        Old::Encrypted
    } else if file.is_stream("/Workbook") || file.is_stream("/Book") {
        Old::Workbook
    } else if file.is_stream("/WordDocument") {
        Old::Document
    } else if file.is_stream("/PowerPoint Document") {
        Old::Presentation
    } else {
        Old::Unknown
    }
}
