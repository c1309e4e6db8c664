//! Zips: what is in them, and their members as a stream.

use std::fs::File;
use std::io::{self, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use headwater_documents::kind::{self, sniff};
use zip::ZipArchive;
use zip::result::ZipError;

use super::workbook::{self, MOST_BYTES};
use super::{Contents, DAMAGED, LOOK_BYTES, MOST_MEMBERS, ReadMember, STREAM_BYTES, Stopped};
use super::{TakeReading, fault_of, hand_on, look, packed_twice};
use crate::intake::recognise::{self, Fault};
use crate::store::Extract;
use headwater_documents::allowance::{Allowance, Metered};

fn zip_fault(error: &ZipError) -> Fault {
    match error {
        ZipError::UnsupportedArchive(why) if why.contains("assword") => encrypted(),
        ZipError::UnsupportedArchive(why) => {
            Fault::serious(format!("the zip is packed in a way that is not read here: {why}"), "unpack it and add the folder")
        }
        ZipError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => Fault::serious("the zip was cut off before its end", DAMAGED),
        other => Fault::serious(format!("the zip is damaged or was cut off: {other}"), DAMAGED),
    }
}

fn encrypted() -> Fault {
    Fault::serious("the zip is protected by a password", "unpack it with the password and add the folder")
}

fn open_zip(file: File) -> Result<ZipArchive<BufReader<File>>, Fault> {
    let mut archive = ZipArchive::new(BufReader::with_capacity(LOOK_BYTES, file)).map_err(|error| zip_fault(&error))?;
    let suspicious = |what: String| Fault::serious(what, "do not use it; download the data from its publisher");
    if archive.len() > MOST_MEMBERS {
        return Err(suspicious(format!("the zip holds {} files; the most is {MOST_MEMBERS}", archive.len())));
    }
    if archive.has_duplicate_names() {
        return Err(suspicious("the zip holds two files of the same name, so that it is not certain which one is meant".to_owned()));
    }
    if archive.has_overlapping_files().map_err(|error| zip_fault(&error))? {
        return Err(suspicious("the zip holds files that overlap: it is made to fill a disk".to_owned()));
    }
    let unsafe_name = archive.file_names_raw().find(|name| !is_safe(name)).map(|name| String::from_utf8_lossy(name).into_owned());
    match unsafe_name {
        Some(name) => Err(suspicious(format!("the zip holds a file whose name leads out of the folder: {name:?}"))),
        None => Ok(archive),
    }
}

/// Whether a name stays inside the folder that a zip is unpacked to, on any system.
fn is_safe(name: &[u8]) -> bool {
    let is_absolute = matches!(name.first(), Some(b'/' | b'\\')) || name.get(1) == Some(&b':');
    !is_absolute && !name.contains(&0) && !name.split(|byte| matches!(byte, b'/' | b'\\')).any(|part| part == b"..")
}

/// Looks into every member of a zip, to the end.
pub(super) fn inspect(file: File, allowance: &mut Allowance, contents: &mut Contents, take: TakeReading) -> Result<(), Fault> {
    let mut archive = open_zip(file)?;
    for i in 0..archive.len() {
        let raw = archive.by_index_raw(i).map_err(|error| zip_fault(&error))?;
        if raw.encrypted() {
            return Err(encrypted());
        }
        if raw.is_dir() {
            continue;
        }
        drop(raw);
        let entry = archive.by_index(i).map_err(|error| zip_fault(&error))?;
        let name = entry.name().map_err(|error| zip_fault(&error))?.into_owned();
        let of_member = |fault: Fault| fault.of_member(&name);
        let mut reader = BufReader::with_capacity(LOOK_BYTES, Metered { inner: entry, allowance });
        let form = match io::BufRead::fill_buf(&mut reader).map(sniff) {
            Ok(form) => form,
            Err(error) => return Err(of_member(fault_of(&error, reader.get_ref().allowance))),
        };
        match form {
            kind::Kind::Gzip => {
                let inner = name.strip_suffix(".gz").unwrap_or(&name).to_owned();
                let mut second = reader.get_ref().allowance.clone();
                let looked = look(&inner, &mut Metered { inner: MultiGzDecoder::new(&mut reader), allowance: &mut second });
                let looked = looked.map_err(|error| of_member(fault_of(&error, &second)))?;
                // Bytes after the last gzip part belong to nothing, but their checksum is still checked.
                io::copy(&mut reader, &mut io::sink()).map_err(|error| of_member(fault_of(&error, &second)))?;
                reader.get_mut().allowance.left = reader.get_ref().allowance.left.min(second.left);
                contents.note(name, looked, take);
            }
            // Only the end of a zip tells whether it is a workbook.
            kind::Kind::Zip | kind::Kind::Xlsx | kind::Kind::Ods | kind::Kind::OfficeDocument => {
                let mut bytes = Vec::new();
                let outcome = reader.by_ref().take(MOST_BYTES).read_to_end(&mut bytes).and_then(|_| io::copy(&mut reader, &mut io::sink()));
                let n_beyond = outcome.map_err(|error| of_member(fault_of(&error, reader.get_ref().allowance)))?;
                let fault = match sniff(&bytes) {
                    kind::Kind::Xlsx | kind::Kind::Ods if n_beyond > 0 => Some(workbook::too_large()),
                    kind::Kind::Xlsx | kind::Kind::Ods => workbook::inspect(&name, &bytes, contents).err(),
                    kind::Kind::Zip => Some(packed_twice()),
                    found => Some(recognise::unusable(&name, found)),
                };
                contents.not_used.extend(fault.map(|fault| (name, fault.what)));
            }
            _ => {
                let looked = look(&name, &mut reader);
                let looked = looked.map_err(|error| of_member(fault_of(&error, reader.get_ref().allowance)))?;
                contents.note(name, looked, take);
            }
        }
    }
    Ok(())
}

/// Streams the members that the log calls readable.
pub(super) fn stream(file: File, extract: &Extract, allowance: &mut Allowance, read: ReadMember) -> Result<(), Stopped> {
    let mut archive = open_zip(file)?;
    let mut members = extract.members.as_slice();
    for i in 0..archive.len() {
        let Some(next) = members.first() else { break };
        // What is not asked for is passed over without a look at it.
        if archive.name_for_index(i).and_then(Result::ok).is_some_and(|name| !next.name.starts_with(&*name)) {
            continue;
        }
        let entry = archive.by_index(i).map_err(|error| zip_fault(&error))?;
        let name = entry.name().map_err(|error| zip_fault(&error))?.into_owned();
        // Sheets of a workbook in the zip follow each other under its name.
        let n_sheets = members.iter().take_while(|member| member.name.starts_with(&format!("{name}, sheet "))).count();
        if next.name != name && n_sheets == 0 {
            continue;
        }
        let mut reader = BufReader::with_capacity(STREAM_BYTES, Metered { inner: entry, allowance });
        let head = io::BufRead::fill_buf(&mut reader).map_err(|error| Fault::serious(error.to_string(), DAMAGED))?;
        if n_sheets > 0 {
            let mut bytes = Vec::new();
            reader.take(MOST_BYTES).read_to_end(&mut bytes).map_err(|error| Fault::serious(error.to_string(), DAMAGED))?;
            workbook::stream(&name, &bytes, &members[..n_sheets], read)?;
            members = &members[n_sheets..];
        } else if sniff(head) == kind::Kind::Gzip {
            let mut second = reader.get_ref().allowance.clone();
            hand_on(&members[..1], MultiGzDecoder::new(&mut reader), &mut second, read)?;
            reader.get_mut().allowance.left = reader.get_ref().allowance.left.min(second.left);
            members = &members[1..];
        } else {
            read(&next.name, next.kind, &mut reader)?;
            members = &members[1..];
        }
    }
    Ok(())
}
