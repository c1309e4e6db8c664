//! Messages as a folder or a zip, for an office without a mail server: somebody opens each and sends it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::problem::{Exit, Problem};
use crate::store::blobs::{open_to_readers, sync_folder};

/// One message to be sent by hand.
pub struct Sheet {
    /// The body that it goes to.
    pub body: String,
    /// Its subject.
    pub subject: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

const READ_ME: &str = "\
These are letters that have not been sent. Each .eml file is one letter to one body.

1. Open a file in a mail program (Outlook and Thunderbird open .eml files by a double click).
   Where it opens as a message that came in, choose \"Edit as new\" or \"Resend\".
2. Look at three things: the address it goes to, the address it comes from, and that answers go to
   the address with a + in it. Each body has an address of its own: by it an answer finds its place.
3. Send it. When all are out, log them in Headwater as sent, with the day.

letters.csv lists body, file and subject. The files hold names and addresses: delete this folder
when the letters are out. Headwater keeps its own copy of what it was told was sent.
";

/// Writes the messages into a folder that is not there yet or is empty, or into a file whose name ends in .zip: whole or not
/// at all.
///
/// # Errors
/// Something is there, or it cannot be written.
pub fn write(sheets: &[Sheet], out: &Path) -> Result<(), Problem> {
    let writing = |error: io::Error| Problem::of_files(format!("writing {}", out.display()), &error);
    let is_zip = out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
    let is_used = if out.is_dir() { is_zip || fs::read_dir(out).map_err(writing)?.next().is_some() } else { out.exists() };
    if is_used {
        return Err(Problem::new(format!("{} is there already", out.display()))
            .hint("name a folder that is new or empty, or a new .zip")
            .exit(Exit::WrongUse));
    }
    let beside = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(beside).map_err(writing)?;
    let files = files(sheets)?;
    if is_zip {
        let mut half = tempfile::Builder::new().prefix(".headwater-half-").tempfile_in(beside).map_err(writing)?;
        half.write_all(&zipped(&files).map_err(writing)?).map_err(writing)?;
        half.as_file().sync_all().map_err(writing)?;
        half.persist_noclobber(out).map_err(|error| writing(error.error))?;
    } else {
        let half = tempfile::Builder::new().prefix(".headwater-half-").tempdir_in(beside).map_err(writing)?;
        let folder = half.path().join("letters");
        fs::create_dir(&folder).map_err(writing)?;
        for (name, bytes) in &files {
            let mut file = File::create(folder.join(name)).map_err(writing)?;
            file.write_all(bytes).and_then(|()| open_to_readers(&file)).and_then(|()| file.sync_all()).map_err(writing)?;
        }
        if out.is_dir() {
            fs::remove_dir(out).map_err(writing)?;
        }
        fs::rename(&folder, out).map_err(writing)?;
    }
    sync_folder(beside).map_err(writing)
}

/// The files by name: what to do, the list, then each message.
fn files(sheets: &[Sheet]) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let width = sheets.len().to_string().len().max(2);
    let names: Vec<String> = sheets.iter().enumerate().map(|(n, sheet)| format!("{:0width$}-{}.eml", n + 1, short(&sheet.body))).collect();
    let mut list = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let listing = |error: csv::Error| Problem::while_doing("writing letters.csv", error);
    list.write_record(["body", "file", "subject"]).map_err(listing)?;
    for (sheet, name) in sheets.iter().zip(&names) {
        list.write_record([cell(&sheet.body).as_str(), name.as_str(), cell(&sheet.subject).as_str()]).map_err(listing)?;
    }
    let list = list.into_inner().map_err(|error| Problem::while_doing("writing letters.csv", error))?;
    let mut files = vec![("read-me.txt".to_owned(), READ_ME.replace('\n', "\r\n").into_bytes()), ("letters.csv".to_owned(), list)];
    files.extend(names.into_iter().zip(sheets.iter().map(|sheet| sheet.bytes.clone())));
    Ok(files)
}

/// A cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// A name for a file from a body's name: small letters, digits and dashes.
fn short(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_alphanumeric() {
            out.push(letter.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(60);
    let out = out.trim_end_matches('-');
    if out.is_empty() { "body".to_owned() } else { out.to_owned() }
}

fn zipped(files: &[(String, Vec<u8>)]) -> io::Result<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(name, options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
