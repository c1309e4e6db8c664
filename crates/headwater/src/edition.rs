//! Editions: what was published, kept whole in the workspace, each under one hash with one event in the log.
//!
//! An edition's files lie in one archive (zip, nothing in it compressed), so that the same files give the same hash on every
//! machine. The blob is durable before the event names it; the site is written from what is kept, and can be written again.

use std::io::{Cursor, Read, Write};

use headwater_publish::{Edition, File};
use headwater_release::Day;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::intake::Occasion;
use crate::problem::{Exit, Problem};
use crate::store::Workspace;
use crate::store::blobs::hex;

/// The event of an edition.
const PUBLISHED: &str = "edition.published";

/// An edition as the log tells it.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The day it was published.
    pub day: Day,
    /// The period it covers, in words.
    pub period: String,
    /// Why it superseded the edition before.
    pub because: Option<String>,
    /// SHA-256 of its archive.
    pub sha256: String,
    /// Path and SHA-256 of each text that people wrote for other readers.
    pub translations: Vec<(String, String)>,
}

/// What is written into the log of an edition.
pub struct Particulars<'a> {
    /// The day.
    pub day: Day,
    /// The period: its months, and in words.
    pub period: (String, String),
    /// Why it supersedes the edition before.
    pub because: Option<&'a str>,
    /// The case definition's id.
    pub definition: &'a str,
    /// Name and version of the program.
    pub program: &'a str,
    /// Path and SHA-256 of each translation.
    pub translations: Vec<(String, String)>,
}

/// Every edition, oldest first.
///
/// # Errors
/// The log cannot be read, or an event in it is not one that this program writes.
pub fn all(ws: &Workspace) -> Result<Vec<Kept>, Problem> {
    ws.log().events()?.iter().filter(|event| event.kind == PUBLISHED).map(|event| kept(event.seq, &event.body)).collect()
}

fn kept(seq: u64, body: &Value) -> Result<Kept, Problem> {
    let unknown =
        || Problem::new(format!("event {seq} of the log is not one that this version writes")).hint("use the version of Headwater that wrote it");
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(unknown);
    let translations = body["translations"].as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(Kept {
        day: text(&body["date"])?.parse().map_err(|_| unknown())?,
        period: text(&body["period_in_words"])?,
        because: body["because"].as_str().map(str::to_owned),
        sha256: text(&body["sha256"])?,
        translations: translations.iter().map(|it| Ok((text(&it["path"])?, text(&it["sha256"])?))).collect::<Result<_, Problem>>()?,
    })
}

/// Name and SHA-256 of every archive of an edition, for `log verify`.
///
/// # Errors
/// As [`all`].
pub fn files(ws: &Workspace) -> Result<Vec<(String, String)>, Problem> {
    Ok(all(ws)?.into_iter().map(|kept| (format!("the edition of {}", kept.day), kept.sha256)).collect())
}

/// Keeps an edition and writes it down; `false` when the very same edition was kept before.
///
/// # Errors
/// It cannot be written.
pub fn keep(ws: &Workspace, files: &[File], about: &Particulars<'_>, occasion: Occasion) -> Result<bool, Problem> {
    let bytes = packed(files).map_err(|error| Problem::while_doing("packing the edition", error))?;
    let blob = ws.blobs().put(&mut bytes.as_slice())?;
    let body = json!({
        "sha256": blob.sha256,
        "name": format!("{}, {}", about.day, about.period.1),
        "date": about.day.to_string(),
        "period": about.period.0,
        "period_in_words": about.period.1,
        "because": about.because,
        "definition": about.definition,
        "program": about.program,
        "n_files": files.len(),
        "n_bytes": bytes.len(),
        "translations": about.translations.iter().map(|(path, sha256)| json!({"path": path, "sha256": sha256})).collect::<Vec<_>>(),
    });
    Ok(ws.log().append_once(PUBLISHED, &blob.sha256, body, occasion.actor, occasion.at)?.is_some())
}

/// Reads an edition as it was kept.
///
/// # Errors
/// Its archive is missing or is not as it was kept.
pub fn open(ws: &Workspace, kept: Kept) -> Result<Edition, Problem> {
    let damaged = || {
        Problem::new(format!("the edition of {} is not as it was kept (its hash was {})", kept.day, kept.sha256))
            .hint("restore the folder blobs/ from a copy of the workspace; `headwater log verify` names everything that was changed")
            .exit(Exit::Findings)
    };
    let mut bytes = Vec::new();
    let mut blob = ws.blobs().read(&kept.sha256)?;
    blob.read_to_end(&mut bytes).map_err(|error| Problem::of_files(format!("reading the edition of {}", kept.day), &error))?;
    // Whoever changed an edition must not have it published again.
    if hex(&Sha256::digest(&bytes)) != kept.sha256 {
        return Err(damaged());
    }
    let files = unpacked(bytes).map_err(|_| damaged())?;
    Ok(Edition { day: kept.day, period: kept.period, because: kept.because, sha256: kept.sha256, files })
}

/// The files as one archive. Nothing is compressed: how well a stream packs may depend on what a processor can do, and the
/// hash must not.
fn packed(files: &[File]) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        SimpleFileOptions::default().compression_method(CompressionMethod::Stored).last_modified_time(DateTime::DEFAULT).unix_permissions(0o644);
    for file in files {
        archive.start_file(&file.path, options)?;
        archive.write_all(&file.bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

fn unpacked(bytes: Vec<u8>) -> zip::result::ZipResult<Vec<File>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let mut files = Vec::with_capacity(archive.len());
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i)?;
        let path = entry.name()?.into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        files.push(File { path, bytes });
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_gives_back_what_was_packed_and_always_has_the_same_bytes() {
        let file = |path: &str, bytes: &[u8]| File { path: path.to_owned(), bytes: bytes.to_vec() };
        let files = vec![file("a/ŷ.html", b"<p>"), file("index.html", b""), file("z.pdf", &[0, 255, 7])];
        let bytes = packed(&files).unwrap();
        assert_eq!(bytes, packed(&files).unwrap());
        assert_eq!(unpacked(bytes).unwrap(), files);
        assert!(unpacked(b"no archive".to_vec()).is_err());
    }
}
