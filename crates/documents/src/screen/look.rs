//! A file opened once for all detectors: its parts, its streams, and what could not be read of them.

use super::biff::OldWorkbook;
use super::inside::Room;
use super::personal::Said;
use super::{Finding, Limits, Screened, compound};
use crate::allowance::Allowance;
use crate::kind::Kind;
use crate::package::{Fault, Package};
use crate::text::{self, DocumentText};
use crate::xml::{Broken, Event, Events};
use cfb::CompoundFile;
use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A file that is being screened.
pub(super) struct Look<'a> {
    /// The name it was sent under.
    pub(super) name: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) kind: Kind,
    pub(super) limits: Limits,
    package: Option<Package<Cursor<&'a [u8]>>>,
    compound: Option<CompoundFile<Cursor<&'a [u8]>>>,
    /// The records of an old workbook, once they were read.
    pub(super) old_workbook: Option<Option<OldWorkbook>>,
    /// The names in a PDF, once they were gathered.
    pub(super) pdf_names: Option<BTreeSet<&'static str>>,
    /// What the file says, once it was read; none if it cannot be.
    text: Option<Option<DocumentText>>,
    /// What it says beside its pages: comments, deletions, fields.
    pub(super) said: Vec<Said>,
    /// Files inside it that are looked into: where each was found, what it is called, and its bytes.
    pub(super) files: Vec<(String, String, Vec<u8>)>,
    /// How much room is left for files inside files.
    pub(super) room: Room,
    /// Parts that could not be read, each told once.
    unread: BTreeSet<(String, String)>,
}

impl<'a> Look<'a> {
    /// Opens a file as what it is.
    pub(super) fn at(name: &'a str, bytes: &'a [u8], kind: Kind, limits: &Limits) -> Result<Self, Fault> {
        let is_package = bytes.starts_with(b"PK");
        let package = if is_package { Some(Package::open(bytes, limits.most_parts)?) } else { None };
        let compound = match kind {
            Kind::OldOffice | Kind::OutlookMessage => Some(compound::open(bytes)?),
            _ => None,
        };
        Ok(Self {
            name,
            bytes,
            kind,
            limits: *limits,
            package,
            compound,
            old_workbook: None,
            pdf_names: None,
            text: None,
            said: Vec::new(),
            files: Vec::new(),
            room: Room::default(),
            unread: BTreeSet::new(),
        })
    }

    /// What the file says, read once. A kind without text, or one that cannot be read, says nothing.
    pub(super) fn text(&mut self) -> Option<&DocumentText> {
        if self.text.is_none() {
            let limits = text::Limits {
                most_unpacked_bytes: self.limits.most_unpacked_bytes,
                most_part_bytes: self.limits.most_part_bytes,
                most_parts: self.limits.most_parts,
                ..text::Limits::default()
            };
            // The pages of a PDF are drawn where they are looked at.
            let read = if self.kind == Kind::Pdf { None } else { text::of(self.name, self.bytes.to_vec(), &limits).ok() };
            self.text = Some(read);
        }
        self.text.as_ref()?.as_ref()
    }

    /// Keeps what was read of the file elsewhere.
    pub(super) fn keep_text(&mut self, text: DocumentText) {
        self.text = Some(Some(text));
    }

    /// Takes what the file says, for who reads it last.
    pub(super) fn take_text(&mut self) -> Option<DocumentText> {
        self.text();
        self.text.take().flatten()
    }

    /// Keeps words that stand beside the pages.
    pub(super) fn say(&mut self, place: impl Into<String>, words: &str) {
        if !words.trim().is_empty() {
            self.said.push(Said::beside(place, words));
        }
    }

    /// Whether it is an OpenDocument file of this type: "presentation".
    pub(super) fn is_open_document(&self, of: &str) -> bool {
        let head = &self.bytes[..self.bytes.len().min(200)];
        memchr::memmem::find(head, format!("opendocument.{of}").as_bytes()).is_some()
    }

    /// Unpacks everything once, without keeping it; adds what is wrong, and says whether the parts may be read.
    pub(super) fn unpacks_safely(&mut self, screened: &mut Screened) -> bool {
        let n = self.bytes.len() as u64;
        let most = self.limits.most_unpacked_bytes;
        let Some(package) = self.package.as_mut() else { return true };
        if let Err((part, fault)) = package.check(&mut Allowance::new(n, most)) {
            super::naming::by_name(self.name, self.kind, screened);
            screened.add_fault(&part, &fault);
            return false;
        }
        true
    }

    /// The names of the parts of a package; none for other files.
    pub(super) fn parts(&self) -> Vec<String> {
        self.package.as_ref().map_or_else(Vec::new, |package| package.names().to_vec())
    }

    /// Parts whose name, in small letters, passes.
    pub(super) fn parts_where(&self, passes: impl Fn(&str) -> bool) -> Vec<String> {
        self.parts().into_iter().filter(|name| passes(&name.to_lowercase())).collect()
    }

    /// The bytes of a part; none if there is no such part or it cannot be read, which is then told.
    pub(super) fn part(&mut self, name: &str) -> Option<Vec<u8>> {
        let package = self.package.as_mut()?;
        let i = package.names().iter().position(|part| part.eq_ignore_ascii_case(name))?;
        let mut allowance = Allowance::new(self.bytes.len() as u64, self.limits.most_unpacked_bytes);
        match package.read(i, &mut allowance, self.limits.most_part_bytes) {
            Ok(bytes) => Some(bytes),
            Err(fault) => {
                let why = match fault {
                    Fault::PartTooLarge => "it is too large to be looked at".to_owned(),
                    Fault::Broken(why) => why,
                    _ => "it cannot be unpacked".to_owned(),
                };
                self.unread.insert((name.to_owned(), why));
                None
            }
        }
    }

    /// A part as text: UTF-8, or UTF-16 with its mark.
    pub(super) fn part_text(&mut self, name: &str) -> Option<String> {
        let bytes = self.part(name)?;
        Some(match encoding_rs::Encoding::for_bom(&bytes) {
            Some((encoding, _)) => encoding.decode(&bytes).0.into_owned(),
            None => String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
        })
    }

    /// Hands every element of an XML part to `see`, with its name without prefix. What stands after a fault is not seen, and
    /// the fault is told.
    pub(super) fn elements(&mut self, name: &str, mut see: impl FnMut(Element)) {
        let Some(text) = self.part_text(name) else { return };
        if let Err(Broken(why)) = each_element(&text, &mut see) {
            self.unread.insert((name.to_owned(), why));
        }
    }

    /// The compound file, for files of before 2007 and messages of Outlook.
    pub(super) fn compound(&mut self) -> Option<&mut CompoundFile<Cursor<&'a [u8]>>> {
        self.compound.as_mut()
    }

    /// A stream of a compound file.
    pub(super) fn stream(&mut self, path: &str) -> Option<Vec<u8>> {
        let most = self.limits.most_part_bytes as u64;
        let file = self.compound.as_mut()?;
        if !file.is_stream(path) {
            return None;
        }
        // The parser is another project's: a panic in it is a part that cannot be read.
        let read = catch_unwind(AssertUnwindSafe(|| {
            let mut bytes = Vec::new();
            file.open_stream(path).and_then(|stream| stream.take(most).read_to_end(&mut bytes)).map(|_| bytes)
        }));
        let why = match read {
            Ok(Ok(bytes)) => return Some(bytes),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "its parts do not fit together".to_owned(),
        };
        self.unread.insert((path.trim_start_matches('/').to_owned(), why));
        None
    }

    /// Adds the parts that no detector could read: a file is not clean where nobody looked.
    pub(super) fn tell_unread(&self, screened: &mut Screened) {
        for (part, why) in &self.unread {
            screened.add(
                Finding::WrongKind,
                part.as_str(),
                format!("this part cannot be read, so that it is not known what it holds: {why}"),
                "ask the sender for the file again, or open it and save it anew under another name",
            );
        }
    }
}

/// What happens in an XML part.
pub(super) enum Element<'a> {
    /// An element begins.
    Start(&'a str, &'a str),
    /// An element ends.
    End(&'a str),
    /// Text that is not only white space, with its entities as written.
    Text(&'a str),
}

/// Element by element, with names without prefixes.
pub(super) fn each_element(text: &str, see: &mut dyn FnMut(Element)) -> Result<(), Broken> {
    let local = |name: &'_ str| name.rsplit_once(':').map_or(0, |(prefix, _)| prefix.len() + 1);
    let mut events = Events::new(text);
    while let Some(event) = events.next()? {
        match event {
            Event::Start { name, attributes } => see(Element::Start(&name[local(name)..], attributes)),
            Event::End { name } => see(Element::End(&name[local(name)..])),
            Event::Text(text) | Event::Literal(text) if !text.trim_ascii().is_empty() => see(Element::Text(text)),
            Event::Text(_) | Event::Literal(_) => {}
        }
    }
    Ok(())
}
