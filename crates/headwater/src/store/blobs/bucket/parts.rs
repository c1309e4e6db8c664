//! Large objects, in parts: none of them can be seen before all are there and the whole gets its name in one step.
//!
//! Parts of an upload that was never finished take room in the bucket, unseen. They are taken away when the upload fails;
//! what a program that was killed left is taken away by the next large upload, after a day.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::line::{Line, Order, Sending, Trouble};
use crate::problem::Problem;
use crate::store::blobs::hex;

/// The size of a part; what is no larger goes in one piece. Storage takes parts of 5 MiB to 5 GiB; tests need many of them.
pub const PART_BYTES: u64 = if cfg!(test) { 5 << 20 } else { 16 << 20 };

/// How many parts an object may have.
const MOST_PARTS: u64 = 10_000;

/// After how long an upload that was not finished is one that nobody will finish.
const LEFT_BEHIND: SignedDuration = SignedDuration::from_hours(24);

/// Puts a file in parts.
pub fn put(line: &Line, key: &str, file: &File, n_bytes: u64) -> Result<(), Trouble> {
    // Whether room is cleared is not for this upload to fail on.
    let _ = take_away(line, &line.address().prefix, Some(Timestamp::now() - LEFT_BEHIND));
    let headers = vec![("content-type", "application/octet-stream".to_owned()), ("x-amz-checksum-algorithm", "SHA256".to_owned())];
    let begun = line.ask(&Order { method: "POST", key, query: vec![("uploads", String::new())], headers, ..Order::default() })?;
    let upload = begun.text("UploadId").to_owned();
    if upload.is_empty() {
        return Err(Trouble::Line("it gave an answer without the number of the upload".to_owned()));
    }
    let done = send(line, key, &upload, file, n_bytes);
    if done.is_err() {
        // The line may be gone; then the parts are found later.
        let _ = abort(line, key, &upload);
    }
    done
}

fn send(line: &Line, key: &str, upload: &str, file: &File, n_bytes: u64) -> Result<(), Trouble> {
    let size = PART_BYTES.max(n_bytes.div_ceil(MOST_PARTS));
    let mut list = String::from("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    for n in 0..n_bytes.div_ceil(size) {
        let (from, n_here) = (n * size, size.min(n_bytes - n * size));
        let hash = hash_of(file, from, n_here).map_err(|error| Trouble::Here(Problem::of_files("reading back what is to be kept", &error)))?;
        let (sha256, checksum) = (hex(&hash), BASE64_STANDARD.encode(&hash));
        let answer = line.tell(&Order {
            method: "PUT",
            key,
            query: vec![("partNumber", (n + 1).to_string()), ("uploadId", upload.to_owned())],
            headers: vec![("x-amz-checksum-sha256", checksum.clone())],
            body: Sending::Piece { file, from, n_bytes: n_here, sha256: &sha256 },
        })?;
        let tag = answer.get("etag").and_then(|tag| tag.to_str().ok()).filter(|tag| !tag.contains(['<', '>', '&']));
        let Some(tag) = tag else { return Err(Trouble::Line("it gave an answer without the mark of the part".to_owned())) };
        list.push_str(&format!("<Part><PartNumber>{}</PartNumber><ETag>{tag}</ETag><ChecksumSHA256>{checksum}</ChecksumSHA256></Part>", n + 1));
    }
    list.push_str("</CompleteMultipartUpload>");
    let query = vec![("uploadId", upload.to_owned())];
    match line.ask(&Order { method: "POST", key, query, body: Sending::Bytes(list.as_bytes()), ..Order::default() }) {
        Ok(_) => Ok(()),
        // It was done, and the answer was lost on its way.
        Err(trouble) if trouble.is_missing() && super::size(line, key).ok().flatten() == Some(n_bytes) => Ok(()),
        Err(trouble) => Err(trouble),
    }
}

fn hash_of(mut file: &File, from: u64, n_bytes: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(from))?;
    let (mut piece, mut hash, mut buffer) = (file.take(n_bytes), Sha256::new(), vec![0; 1 << 17]);
    loop {
        match piece.read(&mut buffer)? {
            0 => return Ok(hash.finalize().to_vec()),
            n => hash.update(&buffer[..n]),
        }
    }
}

/// Takes away the parts of uploads that were not finished: of keys that begin so, and of those begun before a moment.
pub fn take_away(line: &Line, prefix: &str, before: Option<Timestamp>) -> Result<(), Trouble> {
    let mut marks = Vec::new();
    loop {
        let mut query = vec![("uploads", String::new()), ("prefix", prefix.to_owned())];
        query.append(&mut marks);
        let list = match line.ask(&Order { method: "GET", query, ..Order::default() }) {
            Err(trouble) if trouble.is_unknown() => return Ok(()),
            list => list?,
        };
        for upload in list.all("Upload") {
            let (key, begun) = (upload.text("Key"), upload.text("Initiated").parse::<Timestamp>());
            // What does not say when it was begun may be running.
            let is_old = before.is_none_or(|before| begun.is_ok_and(|begun| begun < before));
            if key.starts_with(prefix) && super::is_ours(&line.address().prefix, key) && is_old {
                abort(line, key, upload.text("UploadId"))?;
            }
        }
        if list.text("IsTruncated") != "true" || list.text("NextKeyMarker").is_empty() {
            return Ok(());
        }
        marks = vec![("key-marker", list.text("NextKeyMarker").to_owned()), ("upload-id-marker", list.text("NextUploadIdMarker").to_owned())];
    }
}

fn abort(line: &Line, key: &str, upload: &str) -> Result<(), Trouble> {
    match line.tell(&Order { method: "DELETE", key, query: vec![("uploadId", upload.to_owned())], ..Order::default() }) {
        Err(trouble) if !trouble.is_missing() => Err(trouble),
        _ => Ok(()),
    }
}
