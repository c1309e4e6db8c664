//! How a form comes in: its fields, and its files, which go to the disk as they come.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use multer::Multipart;
use tower_http::timeout::{DeadlineBody, TimeoutError};

use super::TOKEN;
use crate::problem::Problem;
use crate::web::App;
use crate::web::form::{Fields, Sent};
use crate::web::visit::Refusal;

/// The most bytes of a form without files: a letter of a hundred pages.
const LONGEST_FORM: usize = 4 << 20;

/// The most bytes of all files that are sent at once. They go to the disk as they come, so that memory sets no limit; a
/// browser whose line breaks begins anew, so that more at once helps nobody.
const LARGEST_UPLOAD: u64 = 2_000_000_000;

/// How much of what is too much is still let come, so that a browser reads why it was refused rather than that the line
/// broke: as much again, and half of it.
const LARGEST_REFUSED: u64 = 5 * LARGEST_UPLOAD / 2;

/// The most files that are sent at once.
const MOST_FILES: usize = 200;

/// The longest that an upload may take.
const LONGEST_UPLOAD: Duration = Duration::from_secs(7_200);

/// The longest that a form without files may take.
const LONGEST_FORM_TIME: Duration = Duration::from_secs(120);

/// What is asked of a form before anything of it is kept.
pub struct Asked {
    /// Whether files may come with it.
    pub takes_files: bool,
    /// The token that it must carry, before the first file; none for people who are not signed in.
    pub token: Option<String>,
}

impl Asked {
    fn is_ours(&self, fields: &Fields) -> Result<(), Refusal> {
        if self.token.as_ref().is_none_or(|token| fields.text(TOKEN) == token) { Ok(()) } else { Err(Refusal::Stale) }
    }
}

/// Reads a form, with its files if it has any.
pub async fn take(request: Request, app: &Arc<App>, asked: Asked) -> Result<(Fields, Vec<Sent>), Refusal> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    let body = request.into_body();
    if let Ok(boundary) = multer::parse_boundary(&kind) {
        if !asked.takes_files {
            return Err(Refusal::TooMuch("No files are taken here. Nothing was kept.".to_owned()));
        }
        let app = Arc::clone(app);
        let runtime = tokio::runtime::Handle::current();
        // Files go to the disk as they come: that waits, and so does not belong on the threads that serve. What is too late is
        // cut off below, where it is read: a thread that was begun cannot be ended from here.
        let body = Body::new(DeadlineBody::new(LONGEST_UPLOAD, body));
        return match tokio::task::spawn_blocking(move || take_files(body, boundary, &app, &asked, &runtime)).await {
            Ok(taken) => taken,
            Err(panic) => Err(Problem::while_doing("taking files", panic).into()),
        };
    }
    let body = Body::new(DeadlineBody::new(LONGEST_FORM_TIME, body));
    match axum::body::to_bytes(body, LONGEST_FORM).await {
        Ok(bytes) => {
            let fields = Fields::read(&bytes);
            asked.is_ours(&fields).map(|()| (fields, Vec::new()))
        }
        Err(error) if is_late(&error) => Err(Refusal::TooSlow),
        Err(_) => Err(Refusal::TooMuch(format!("The form held more than {} MB. Shorten it, or add the long part as a file.", LONGEST_FORM >> 20))),
    }
}

/// Whether something was cut off because it came too slowly.
fn is_late(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<TimeoutError>() || error.source().is_some_and(is_late)
}

fn take_files(body: Body, boundary: String, app: &App, asked: &Asked, runtime: &tokio::runtime::Handle) -> Result<(Fields, Vec<Sent>), Refusal> {
    let cut = |error: multer::Error| match error {
        multer::Error::StreamSizeExceeded { .. } => Refusal::TooMuch(too_much_together()),
        multer::Error::FieldSizeExceeded { .. } => Refusal::TooMuch(format!("A field of the form held more than {} MB.", LONGEST_FORM >> 20)),
        error if is_late(&error) => Refusal::TooSlow,
        _ => Refusal::TooMuch("The form was cut off on its way. Nothing was kept; send it again.".to_owned()),
    };
    let limits = multer::SizeLimit::new().whole_stream(LARGEST_REFUSED);
    let mut parts = Multipart::with_constraints(body.into_data_stream(), boundary, multer::Constraints::new().size_limit(limits));
    let (mut fields, mut files, mut n_bytes) = (Fields::default(), Vec::new(), 0);
    let largest_file = app.ws.settings().largest_file_mb * 1_000_000;
    let mut left = LARGEST_UPLOAD;
    while let Some(mut part) = runtime.block_on(parts.next_field()).map_err(cut)? {
        let field = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            // A browser sends an empty part where no file was chosen.
            Some(name) if name.is_empty() => {}
            Some(name) => {
                // The token is the first field of every form: nothing goes to the disk for whoever has it not.
                if let Err(refusal) = asked.is_ours(&fields) {
                    drop(part);
                    throw_away(&mut parts, runtime);
                    return Err(refusal);
                }
                if files.len() == MOST_FILES {
                    return Err(Refusal::TooMuch(format!(
                        "More than {MOST_FILES} files came at once. Nothing was kept; send them in several parts, or as a zip."
                    )));
                }
                let mut failure = None;
                let most = left.min(largest_file);
                let mut chunks = Chunks { part: &mut part, runtime, rest: Default::default(), most, failure: &mut failure };
                let staged = app.ws.blobs().stage(&mut chunks);
                match failure {
                    Some(Failure::Cut(error)) => return Err(cut(error)),
                    Some(Failure::TooLarge) => {
                        let words = if most < left { too_large(&name, app) } else { too_much_together() };
                        drop((part, files));
                        throw_away(&mut parts, runtime);
                        return Err(Refusal::TooMuch(words));
                    }
                    None => {}
                }
                let staged = staged?;
                left -= staged.n_bytes();
                files.push(Sent { field, name, staged });
            }
            None => {
                let mut bytes = Vec::new();
                while let Some(chunk) = runtime.block_on(part.chunk()).map_err(cut)? {
                    n_bytes += chunk.len();
                    if n_bytes > LONGEST_FORM {
                        return Err(Refusal::TooMuch(format!("The form held more than {} MB of text.", LONGEST_FORM >> 20)));
                    }
                    bytes.extend_from_slice(&chunk);
                }
                fields.0.push((field, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
    }
    asked.is_ours(&fields)?;
    Ok((fields, files))
}

/// Reads the rest and throws it away: who is refused before all came sees a broken line.
fn throw_away(parts: &mut Multipart<'_>, runtime: &tokio::runtime::Handle) {
    while let Ok(Some(mut rest)) = runtime.block_on(parts.next_field()) {
        while let Ok(Some(_)) = runtime.block_on(rest.chunk()) {}
    }
}

/// How much may be sent at once, for the page where it is sent.
pub fn largest(app: &App) -> String {
    let most = app.ws.settings().largest_file_mb;
    let each = if most * 1_000_000 < LARGEST_UPLOAD { format!(", each at most {most} MB") } else { String::new() };
    format!("Up to {MOST_FILES} files, {} GB together{each}", LARGEST_UPLOAD / 1_000_000_000)
}

fn too_much_together() -> String {
    format!("The files held more than {} GB together. Nothing was kept; send them in several parts.", LARGEST_UPLOAD / 1_000_000_000)
}

fn too_large(name: &str, app: &App) -> String {
    let name: String = name.chars().take(100).collect();
    let most = app.ws.settings().largest_file_mb;
    format!(
        "The file \u{201c}{name}\u{201d} is larger than {most} MB, the most that one file may have here. Nothing was kept; send it in several parts."
    )
}

/// Why a file did not come to its end.
enum Failure {
    Cut(multer::Error),
    TooLarge,
}

/// A file of a form, as a reader.
struct Chunks<'a, 'b> {
    part: &'a mut multer::Field<'b>,
    runtime: &'a tokio::runtime::Handle,
    rest: axum::body::Bytes,
    /// How many more bytes it may have.
    most: u64,
    failure: &'a mut Option<Failure>,
}

impl Read for Chunks<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.runtime.block_on(self.part.chunk()) {
                Ok(Some(chunk)) => self.rest = chunk,
                Ok(None) => return Ok(0),
                Err(error) => {
                    *self.failure = Some(Failure::Cut(error));
                    return Err(io::Error::other("the upload was cut off"));
                }
            }
        }
        let n = into.len().min(self.rest.len());
        let Some(most) = self.most.checked_sub(n as u64) else {
            *self.failure = Some(Failure::TooLarge);
            return Err(io::Error::other("the file is too large"));
        };
        self.most = most;
        into[..n].copy_from_slice(&self.rest.split_to(n));
        Ok(n)
    }
}
