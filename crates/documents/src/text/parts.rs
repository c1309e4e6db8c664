//! The parts of an office file, unpacked one by one against one allowance.

use super::Limits;
use crate::Refusal;
use crate::allowance::Allowance;
use crate::package::{Fault, Package};
use crate::xml::{Broken, Event, Events, attribute, attribute_where};
use std::collections::BTreeMap;
use std::io::Cursor;

/// An office file.
pub(super) struct Parts<'a> {
    package: Package<Cursor<&'a [u8]>>,
    allowance: Allowance,
    most_part_bytes: usize,
}

/// What a part refers to: the kind of reference and the part, by the name that the reference has in the part.
pub(super) type Relations = BTreeMap<String, (String, String)>;

impl<'a> Parts<'a> {
    pub(super) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Refusal> {
        let package = Package::open(bytes, limits.most_parts).map_err(|fault| refusal(&fault, ""))?;
        let allowance = Allowance::new(bytes.len() as u64, limits.most_unpacked_bytes);
        Ok(Self { package, allowance, most_part_bytes: limits.most_part_bytes })
    }

    /// A part as text, in UTF-8 or in UTF-16 with its mark; none if there is no such part.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        let Some(i) = self.package.names().iter().position(|part| part.eq_ignore_ascii_case(name)) else { return Ok(None) };
        let bytes = self.package.read(i, &mut self.allowance, self.most_part_bytes).map_err(|fault| refusal(&fault, name))?;
        Ok(Some(match encoding_rs::Encoding::for_bom(&bytes) {
            Some((encoding, _)) => encoding.decode(&bytes).0.into_owned(),
            None => String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
        }))
    }

    /// What a part of an OOXML file refers to.
    pub(super) fn relations(&mut self, part: &str) -> Result<Relations, Refusal> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let list = if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
        let mut out = Relations::new();
        let Some(text) = self.text(&list)? else { return Ok(out) };
        let mut events = Events::new(&text);
        while let Some(event) = events.next().map_err(|fault| broken(&fault, &list))? {
            let Event::Start { name, attributes } = event else { continue };
            if local(name) != "Relationship" || attribute(attributes, "TargetMode").as_deref() == Some("External") {
                continue;
            }
            let (Some(id), Some(target)) = (attribute(attributes, "Id"), attribute(attributes, "Target")) else { continue };
            let of = attribute(attributes, "Type").unwrap_or_default();
            out.insert(id, (of.rsplit('/').next().unwrap_or_default().to_owned(), within(folder, &target)));
        }
        Ok(out)
    }
}

/// The part that a reference means, seen from a folder.
pub(crate) fn within(folder: &str, target: &str) -> String {
    let mut path: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').filter(|part| !part.is_empty()).collect() };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path.join("/")
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The value of the first attribute that has this name behind its prefix.
pub(super) fn value(attributes: &str, wanted: &str) -> Option<String> {
    attribute_where(attributes, |name| local(name) == wanted)
}

/// A number that an attribute holds.
pub(super) fn number<T: std::str::FromStr>(attributes: &str, wanted: &str) -> Option<T> {
    value(attributes, wanted)?.trim().parse().ok()
}

/// Whether a switch is on: it is when it is there and does not say no.
pub(crate) fn is_on(attributes: &str) -> bool {
    value(attributes, "val").is_none_or(|value| !matches!(value.as_str(), "0" | "false" | "off"))
}

/// Passes over the rest of an element that began.
pub(super) fn skip(events: &mut Events<'_>) -> Result<(), Broken> {
    let mut depth = 0_usize;
    while let Some(event) = events.next()? {
        match event {
            Event::Start { .. } => depth += 1,
            Event::End { .. } if depth == 0 => break,
            Event::End { .. } => depth -= 1,
            Event::Text(_) | Event::Literal(_) => {}
        }
    }
    Ok(())
}

/// Why a part that is no XML cannot be read.
pub(super) fn broken(fault: &Broken, part: &str) -> Refusal {
    refusal(&Fault::Broken(fault.0.clone()), part)
}

/// Why a document without one of its parts cannot be read.
pub(super) fn missing(part: &str) -> Refusal {
    refusal(&Fault::Broken("it is not there".to_owned()), part)
}

fn refusal(fault: &Fault, part: &str) -> Refusal {
    const ANEW: &str = "ask the sender for the file again; if it opens, save it anew under another name";
    let of = if part.is_empty() { "the document".to_owned() } else { format!("the document's part {part}") };
    match fault {
        Fault::Broken(why) => Refusal::new(format!("{of} is broken or was cut off: {why}"), ANEW),
        Fault::Locked => locked(),
        Fault::Bomb => {
            Refusal::new(format!("{of} unpacks to hundreds of times its size, as no document does"), "do not open it; ask the sender for it again")
        }
        Fault::TooMany(n) => Refusal::new(format!("{of} is made of {n} parts, as no document is"), "do not open it; ask the sender for it again"),
        Fault::Misleading(why) => Refusal::new(format!("{of} is not as programs write it: {why}"), ANEW),
        Fault::PartTooLarge => Refusal::new(format!("{of} is too large to be read"), "ask for the document in several files"),
    }
}

/// Why a document with a password is not read.
pub(super) fn locked() -> Refusal {
    Refusal::new("the document is protected by a password", "ask the sender for it without one, or open it with the password and save it without")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_means_a_part_seen_from_the_folder_of_its_own() {
        for (folder, target, wanted) in [
            ("word", "footnotes.xml", "word/footnotes.xml"),
            ("word", "/word/a.xml", "word/a.xml"),
            ("ppt/slides", "../notesSlides/n.xml", "ppt/notesSlides/n.xml"),
            ("", "word/document.xml", "word/document.xml"),
            ("word", "../../../../etc/passwd", "etc/passwd"),
        ] {
            assert_eq!(within(folder, target), wanted);
        }
    }
}
