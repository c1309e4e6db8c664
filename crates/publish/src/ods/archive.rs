//! The container of a workbook: a zip file without a time in it.

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Packs the parts. The media type comes first and is stored as it is, so that the kind of file can be told from its first
/// bytes; every part carries the earliest date that a zip file can write.
pub(super) fn pack(media_type: &str, parts: &[(&str, String)]) -> zip::result::ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default()).unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("mimetype", options.compression_method(CompressionMethod::Stored))?;
    zip.write_all(media_type.as_bytes())?;
    for (path, text) in parts {
        zip.start_file(*path, options.compression_method(CompressionMethod::Deflated))?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}
