//! Files in files: gzip and zip unpacked as a stream under limits, workbooks sheet by sheet.
//!
//! Whoever packed a file controls what it claims, so nothing it claims is believed: what comes out is counted as it comes
//! out, checksums are checked by unpacking to the end, and names are never used as paths.

#[cfg(test)]
mod tests;
mod workbook;
mod zipped;

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use flate2::bufread::MultiGzDecoder;
use headwater_documents::allowance::{Allowance, Metered};
use headwater_documents::kind::{self, sniff};
use headwater_prevention::source::Kind;
use headwater_prevention::source::street::{self, StreetRead};

use super::recognise::{self, Fault, HEAD_BYTES};
use crate::problem::{Exit, Problem};
use crate::store::{Extract, Member};

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Not at all.
    Plain,
    /// With gzip.
    Gzip,
    /// A zip of files.
    Zip,
    /// XLSX or ODS.
    Workbook,
}

impl Form {
    /// The word in the log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Gzip => "gzip",
            Self::Zip => "zip",
            Self::Workbook => "workbook",
        }
    }
}

/// What a file holds.
#[derive(Debug)]
pub struct Contents {
    /// How it is packed.
    pub form: Form,
    /// What can be read, in order.
    pub members: Vec<Member>,
    /// What cannot be, with the reason.
    pub not_used: Vec<(String, String)>,
}

impl Contents {
    /// Notes a member that can be read.
    fn hold(&mut self, name: String, looked: Looked, take: TakeReading) {
        if let Some(street) = &looked.street {
            take(&name, street);
        }
        self.members.push(Member { name, kind: looked.kind, n_bytes: looked.n_bytes });
    }

    /// Notes a member that was looked at in a zip, where one that is of no use does no harm to the others.
    fn note(&mut self, name: String, looked: Result<Looked, Fault>, take: TakeReading) {
        match looked {
            Ok(looked) => self.hold(name, looked, take),
            Err(fault) => self.not_used.push((name, fault.what)),
        }
    }
}

/// The most bytes one file may unpack to: three years of every force are four gigabytes.
const MOST_UNPACKED_BYTES: u64 = 32 << 30;

/// The most files in a zip: fifteen years of every force, three files a month, are 24,000.
const MOST_MEMBERS: usize = 50_000;

/// How much is read at once when members are handed on.
const STREAM_BYTES: usize = 1 << 20;

/// How much is read at once when they are only looked at: it stays in the processor's cache.
const LOOK_BYTES: usize = 256 << 10;

const DAMAGED: &str = "download it again";

/// That a file unpacks to more than it may.
fn bomb(allowance: &Allowance) -> Fault {
    Fault::serious(
        format!(
            "the file is {} bytes long and unpacks to more than {}: it is made to fill a disk, or is no download",
            allowance.n_packed(),
            allowance.most()
        ),
        "do not use it; download the data from its publisher",
    )
}

/// Who takes what was read of a street file, with its name: it is read while it is unpacked, which has to be done anyway.
type TakeReading<'a> = &'a mut dyn FnMut(&str, &StreetRead);

/// What a look at a whole file gave.
struct Looked {
    kind: Kind,
    n_bytes: u64,
    street: Option<StreetRead>,
}

/// Looks at a file: how it is packed, what is in it, whether all of it can be unpacked. `take` gets the readings of street
/// files that had to be unpacked for that.
///
/// # Errors
/// Nothing in it can be used, or it is damaged or dangerous.
pub fn inspect(mut file: File, n_bytes: u64, name: &str, take: TakeReading) -> Result<Contents, Fault> {
    let (head, form) = form_of(&mut file, n_bytes)?;
    let mut contents = Contents { form, members: Vec::new(), not_used: Vec::new() };
    let mut allowance = Allowance::new(n_bytes, MOST_UNPACKED_BYTES);
    match form {
        Form::Plain => {
            let kind = recognise::data_set(name, &head, n_bytes <= HEAD_BYTES as u64)?;
            contents.members.push(Member { name: name.to_owned(), kind, n_bytes });
        }
        Form::Gzip => {
            let inner = name.strip_suffix(".gz").unwrap_or(name);
            let mut reader = Metered { inner: MultiGzDecoder::new(BufReader::with_capacity(LOOK_BYTES, file)), allowance: &mut allowance };
            let looked = look(inner, &mut reader).map_err(|error| fault_of(&error, &allowance))?;
            // The fault may be that it is a workbook or a zip that was packed once more.
            contents.hold(inner.to_owned(), looked?, take);
        }
        Form::Zip => zipped::inspect(file, &mut allowance, &mut contents, take)?,
        Form::Workbook => {
            let bytes = workbook::bytes(&mut file)?;
            workbook::inspect(name, &bytes, &mut contents)?;
        }
    }
    if contents.members.is_empty() {
        let first =
            contents.not_used.first().map_or_else(String::new, |(name, why)| format!(" (first of {}: {name}: {why})", contents.not_used.len()));
        return Err(Fault {
            is_serious: form == Form::Zip,
            ..Fault::other(format!("nothing in it is of a kind used here{first}"), "`headwater source kinds` lists the kinds")
        });
    }
    Ok(contents)
}

fn form_of(file: &mut File, n_bytes: u64) -> Result<(Vec<u8>, Form), Fault> {
    let reading = |error: io::Error| Fault::serious(format!("it cannot be read: {error}"), "try again");
    let mut head = Vec::with_capacity(HEAD_BYTES);
    file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(reading)?;
    let mut looked_at = head.clone();
    if n_bytes > HEAD_BYTES as u64 {
        // A zip lists its contents at its end, and that list tells a workbook.
        file.seek(SeekFrom::End(-(HEAD_BYTES as i64).min(n_bytes as i64))).map_err(reading)?;
        file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut looked_at).map_err(reading)?;
    }
    file.rewind().map_err(reading)?;
    let form = match sniff(&looked_at) {
        kind::Kind::Gzip => Form::Gzip,
        kind::Kind::Zip => Form::Zip,
        kind::Kind::Xlsx | kind::Kind::Ods => Form::Workbook,
        _ => Form::Plain,
    };
    Ok((head, form))
}

/// Reads a stream to its end and says which data set it belongs to, with its size, and what it holds of street crime.
fn look(name: &str, reader: &mut dyn Read) -> io::Result<Result<Looked, Fault>> {
    let mut buffer = vec![0; LOOK_BYTES];
    let mut n_head = 0;
    while n_head < HEAD_BYTES {
        match read_some(reader, &mut buffer[n_head..HEAD_BYTES])? {
            0 => break,
            n => n_head += n,
        }
    }
    let is_all = n_head < HEAD_BYTES;
    let kind = match sniff(&buffer[..n_head]) {
        kind::Kind::Zip | kind::Kind::Gzip | kind::Kind::Xlsx | kind::Kind::Ods => Err(packed_twice()),
        _ => recognise::data_set(name, &buffer[..n_head], is_all),
    };
    let mut street = matches!(kind, Ok(Kind::Street)).then(|| street::Reader::new(name));
    if let Some(street) = &mut street {
        street.feed(&buffer[..n_head]);
    }
    let mut n_bytes = n_head as u64;
    loop {
        match read_some(reader, &mut buffer)? {
            0 => break,
            n => {
                n_bytes += n as u64;
                if let Some(street) = &mut street {
                    street.feed(&buffer[..n]);
                }
            }
        }
    }
    // What cannot be read of it is told when it is asked for.
    Ok(kind.map(|kind| Looked { kind, n_bytes, street: street.and_then(|street| street.finish().ok()) }))
}

fn read_some(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// What an error while unpacking says to a person.
fn fault_of(error: &io::Error, allowance: &Allowance) -> Fault {
    match error.kind() {
        io::ErrorKind::QuotaExceeded => bomb(allowance),
        io::ErrorKind::UnexpectedEof => Fault::serious("it was cut off before its end", DAMAGED),
        _ => Fault::serious(format!("it is damaged: {error}"), DAMAGED),
    }
}

fn packed_twice() -> Fault {
    Fault::serious("it is packed twice over, which is not unpacked here", "unpack it once and add what comes out")
}

enum Stopped {
    Fault(Fault),
    Problem(Problem),
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

type ReadMember<'a> = &'a mut dyn FnMut(&str, Kind, &mut dyn Read) -> Result<(), Problem>;

/// Streams the members of an extract that the log calls readable.
///
/// # Errors
/// The file is not as it was when it was added, or `read` fails.
pub fn stream(mut file: File, extract: &Extract, read: ReadMember) -> Result<(), Problem> {
    let unreadable =
        |fault: Fault| Problem::new(format!("{}: {}", extract.name, fault.what)).hint("run `headwater log verify`").exit(Exit::Unreadable);
    let mut allowance = Allowance::new(extract.n_bytes, MOST_UNPACKED_BYTES);
    match extract.form.as_str() {
        "gzip" => {
            let decoder = MultiGzDecoder::new(BufReader::with_capacity(LOOK_BYTES, file));
            hand_on(&extract.members, decoder, &mut allowance, read)
        }
        "zip" => zipped::stream(file, extract, &mut allowance, read).map_err(|error| match error {
            Stopped::Fault(fault) => unreadable(fault),
            Stopped::Problem(problem) => problem,
        }),
        "workbook" => {
            let bytes = workbook::bytes(&mut file).map_err(unreadable)?;
            workbook::stream(&extract.name, &bytes, &extract.members, read).map_err(|error| match error {
                Stopped::Fault(fault) => unreadable(fault),
                Stopped::Problem(problem) => problem,
            })
        }
        _ => hand_on(&extract.members, file, &mut Allowance::unlimited(), read),
    }
}

fn hand_on(members: &[Member], inner: impl Read, allowance: &mut Allowance, read: ReadMember) -> Result<(), Problem> {
    let Some(member) = members.first() else { return Ok(()) };
    let mut reader = BufReader::with_capacity(STREAM_BYTES, Metered { inner, allowance });
    read(&member.name, member.kind, &mut reader)
}
