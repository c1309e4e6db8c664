//! The codebook alone.

use std::fmt::Write as _;

use headwater_documents::Refusal;
use headwater_prevention::exchange::id::CodeId;
use headwater_prevention::exchange::reading::codebook::{CodeEntry, MOST_LEVELS};
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use super::{CODEBOOK, PROJECT, guid, xml};

/// The most codes that are taken from a file, and the most bytes of one.
const MOST_CODES: usize = 2_000;
pub const MOST_BYTES: u64 = 4_000_000;

/// A codebook as REFI-QDA writes it.
pub fn write(office: &str, outline: &[(CodeId, &CodeEntry, usize)]) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<CodeBook xmlns=\"{CODEBOOK}\" origin=\"Headwater {}\">\n{}<Sets/>\n</CodeBook>\n",
        env!("CARGO_PKG_VERSION"),
        codes(office, outline)
    )
}

/// The codes, one within the other.
pub(super) fn codes(office: &str, outline: &[(CodeId, &CodeEntry, usize)]) -> String {
    let mut out = "<Codes>\n".to_owned();
    for (at, (id, entry, level)) in outline.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "<Code guid=\"{}\" name=\"{}\" isCodable=\"true\">", guid(office, "code", id.0), xml(entry.name.as_str()));
        let described = description(entry);
        if !described.is_empty() {
            let _ = writeln!(out, "<Description>{}</Description>", xml(&described));
        }
        let next = outline.get(at + 1).map_or(0, |(_, _, next)| *next);
        for _ in next..=*level {
            out.push_str("</Code>\n");
        }
    }
    out + "</Codes>\n"
}

/// What a code means, in one text.
fn description(entry: &CodeEntry) -> String {
    let not = entry.not_this.iter().map(|it| format!("Not: {it}"));
    let examples = entry.examples.iter().map(|it| format!("Example: {it}"));
    entry.definition.iter().map(ToString::to_string).chain(not).chain(examples).collect::<Vec<_>>().join("\n")
}

/// A code of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadCode {
    /// Its id there.
    pub guid: String,
    /// Its name.
    pub name: String,
    /// What is said of it.
    pub description: String,
    /// The place in the list of the code under which it stands.
    pub under: Option<usize>,
}

/// Reads the codes of a codebook, or those of the project file of a project.
///
/// # Errors
/// It is no such file, damaged, or beyond the limits: six levels and 2,000 codes.
pub fn read(bytes: &[u8]) -> Result<Vec<ReadCode>, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::new("the file is not in UTF-8", "export it again as a REFI-QDA codebook"))?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut codes: Vec<ReadCode> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let (mut is_book, mut describes) = (false, false);
    loop {
        let damaged = |error: &dyn std::fmt::Display| Refusal::new(format!("the file is damaged: {error}"), "export it again as a REFI-QDA codebook");
        let event = reader.read_event().map_err(|error| damaged(&error))?;
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let is_open = matches!(event, Event::Start(_));
                match tag.local_name().as_ref() {
                    "CodeBook" | "Project" => {
                        let space = attribute(tag, "xmlns")?.unwrap_or_default();
                        is_book |= space == CODEBOOK || space == PROJECT;
                    }
                    "Code" if is_book => {
                        let (Some(guid), Some(name)) = (attribute(tag, "guid")?, attribute(tag, "name")?) else {
                            return Err(Refusal::new(
                                format!("code {} has no id or no name", codes.len() + 1),
                                "export it again as a REFI-QDA codebook",
                            ));
                        };
                        if codes.len() == MOST_CODES || open.len() == MOST_LEVELS {
                            let what = format!("it has more than {MOST_CODES} codes, or more than {MOST_LEVELS} levels");
                            return Err(Refusal::new(what, "take it in several parts, or bring some codes together first"));
                        }
                        codes.push(ReadCode { guid, name, description: String::new(), under: open.last().copied() });
                        if is_open {
                            open.push(codes.len() - 1);
                        }
                    }
                    // Those of sets and of cases are not of a code.
                    "Description" => describes = is_open && !open.is_empty(),
                    _ => {}
                }
            }
            Event::Text(words) if describes => {
                if let Some(code) = open.last().and_then(|at| codes.get_mut(*at)) {
                    code.description.push_str(words);
                }
            }
            Event::GeneralRef(name) if describes => {
                let letters = unescape(&format!("&{};", name.as_ref())).map_err(|error| damaged(&error))?.into_owned();
                if let Some(code) = open.last().and_then(|at| codes.get_mut(*at)) {
                    code.description.push_str(&letters);
                }
            }
            Event::End(tag) => match tag.local_name().as_ref() {
                "Code" => drop(open.pop()),
                "Description" => describes = false,
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    if !is_book {
        return Err(Refusal::new("the file is no REFI-QDA codebook", "export the codebook as REFI-QDA (QDC) from where it is"));
    }
    Ok(codes)
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, Refusal> {
    let damaged = |error: &dyn std::fmt::Display| Refusal::new(format!("the file is damaged: {error}"), "export it again as a REFI-QDA codebook");
    let Some(found) = tag.try_get_attribute(name).map_err(|error| damaged(&error))? else { return Ok(None) };
    Ok(Some(unescape(&found.value).map_err(|error| damaged(&error))?.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_prevention::exchange::reading::starters::starters;

    fn entries() -> Vec<(CodeId, CodeEntry, usize)> {
        let mut all: Vec<(CodeId, CodeEntry, usize)> = Vec::new();
        for starter in starters() {
            let first = all.len();
            for code in &starter.codes {
                let level = code.under.map_or(0, |under| all[first + under].2 + 1);
                let parent = code.under.map(|under| CodeId((first + under) as u32));
                all.push((CodeId(all.len() as u32), CodeEntry { parent, ..code.entry.clone() }, level));
            }
        }
        all
    }

    #[test]
    fn a_codebook_that_was_written_is_read_as_it_was() {
        let mut entries = entries();
        entries[0].1.definition = Some("A < B & \"C\"".parse().unwrap());
        let outline: Vec<_> = entries.iter().map(|(id, entry, level)| (*id, entry, *level)).collect();
        // Starters list a code behind the one under which it stands, though others may lie between: as an outline they do not.
        let in_order = outline.windows(2).all(|pair| pair[1].2 <= pair[0].2 + 1);
        assert!(in_order);
        let read = read(write("Office", &outline).as_bytes()).unwrap();
        assert_eq!(read.len(), entries.len());
        assert_eq!(read[0].description, "A < B & \"C\"");
        for (code, (id, entry, level)) in read.iter().zip(&entries) {
            assert_eq!((code.name.as_str(), &code.guid), (entry.name.as_str(), &guid("Office", "code", id.0)));
            assert_eq!(code.under.is_some(), *level > 0);
        }
    }

    #[test]
    fn what_is_no_codebook_says_so() {
        let refused = |text: &str| read(text.as_bytes()).unwrap_err().what;
        assert!(refused("<html/>").contains("no REFI-QDA codebook"));
        assert!(refused("<CodeBook xmlns=\"urn:QDA-XML:codebook:1.0\"><Codes><Code name=\"a\"/>").contains("no id or no name"));
        assert!(refused("<CodeBook xmlns=\"urn:QDA-XML:codebook:1.0\"><Codes></Code>").contains("damaged"));
        let deep = format!("<CodeBook xmlns=\"{CODEBOOK}\"><Codes>{}", "<Code guid=\"a\" name=\"a\">".repeat(7));
        assert!(refused(&deep).contains("more than 6 levels"));
        // An entity of its own is not looked up, and not expanded.
        let own = format!("<!DOCTYPE a [<!ENTITY b \"c\">]><CodeBook xmlns=\"{CODEBOOK}\"><Codes><Code guid=\"a\" name=\"&b;\"/></Codes></CodeBook>");
        assert!(refused(&own).contains("damaged"));
    }
}
