//! A project: the codebook, the texts of documents, and every coding with who made it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Cursor, Write as _};
use std::ops::Range;

use headwater_prevention::exchange::id::{CodeId, CodingId, DocumentId, PersonId};
use headwater_prevention::exchange::moment::Moment;
use headwater_prevention::exchange::reading::codebook::CodeEntry;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::codebook::codes;
use super::{PROJECT, guid, xml};

/// A project as it is taken away.
pub struct Project<'a> {
    /// Whose.
    pub office: &'a str,
    /// When it is taken.
    pub at: Moment,
    /// The codes from the top down, with their levels.
    pub outline: Vec<(CodeId, &'a CodeEntry, usize)>,
    /// People who coded, with their names.
    pub users: Vec<(PersonId, String)>,
    /// Documents.
    pub sources: Vec<Source>,
}

/// A document with what is coded in it.
pub struct Source {
    /// Its number.
    pub id: DocumentId,
    /// What it is called.
    pub title: String,
    /// Its text.
    pub text: String,
    /// Its codings.
    pub selections: Vec<Selection>,
}

/// One coding.
pub struct Selection {
    /// Its number.
    pub id: CodingId,
    /// Where it stands in the text, in bytes; the whole document if nowhere.
    pub range: Option<Range<usize>>,
    /// The code.
    pub code: CodeId,
    /// Who made it.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// What they said of it.
    pub note: Option<String>,
}

impl Project<'_> {
    fn id(&self, kind: &str, number: impl std::fmt::Display) -> String {
        guid(self.office, kind, number)
    }

    /// The project file, `project.qde`.
    pub fn description(&self) -> String {
        let at = |moment: Moment| moment.to_string();
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Project xmlns=\"{PROJECT}\" name=\"{}\" origin=\"Headwater {}\" creationDateTime=\"{}\">\n<Users>\n",
            xml(self.office),
            env!("CARGO_PKG_VERSION"),
            at(self.at)
        );
        // Writing to a string cannot fail, here and below.
        for (id, name) in &self.users {
            let _ = writeln!(out, "<User guid=\"{}\" name=\"{}\"/>", self.id("user", id), xml(name));
        }
        let _ = write!(out, "</Users>\n<CodeBook>\n{}</CodeBook>\n<Sources>\n", codes(self.office, &self.outline));
        let known: BTreeSet<CodeId> = self.outline.iter().map(|(id, ..)| *id).collect();
        for source in &self.sources {
            let id = self.id("document", source.id.0);
            let _ = writeln!(out, "<TextSource guid=\"{id}\" name=\"{}\" plainTextPath=\"internal://{id}.txt\">", xml(&source.title));
            let selections: Vec<&Selection> = source.selections.iter().filter(|it| known.contains(&it.code)).collect();
            for it in selections.iter().filter(|it| it.range.is_some()) {
                let Some(range) = &it.range else { continue };
                // Positions are of characters, and the end is behind the last.
                let start = source.text[..range.start].chars().count();
                let end = start + source.text[range.clone()].chars().count();
                let _ = writeln!(
                    out,
                    "<PlainTextSelection guid=\"{}\" name=\"{}\" startPosition=\"{start}\" endPosition=\"{end}\" creatingUser=\"{}\" creationDateTime=\"{}\">{}{}</PlainTextSelection>",
                    self.id("selection", it.id.0),
                    xml(&name(&source.text[range.clone()])),
                    self.id("user", it.by),
                    at(it.at),
                    it.note.as_ref().map_or_else(String::new, |note| format!("<Description>{}</Description>", xml(note))),
                    self.coding(it)
                );
            }
            for it in selections.iter().filter(|it| it.range.is_none()) {
                let _ = writeln!(out, "{}", self.coding(it));
            }
            out.push_str("</TextSource>\n");
        }
        out + "</Sources>\n</Project>\n"
    }

    fn coding(&self, it: &Selection) -> String {
        format!(
            "<Coding guid=\"{}\" creatingUser=\"{}\" creationDateTime=\"{}\"><CodeRef targetGUID=\"{}\"/></Coding>",
            self.id("coding", it.id.0),
            self.id("user", it.by),
            it.at,
            self.id("code", it.code.0)
        )
    }

    /// The whole as a file.
    ///
    /// # Errors
    /// It cannot be packed.
    pub fn pack(&self) -> io::Result<Vec<u8>> {
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        out.start_file("project.qde", SimpleFileOptions::default())?;
        out.write_all(self.description().as_bytes())?;
        for source in &self.sources {
            out.start_file(format!("Sources/{}.txt", self.id("document", source.id.0)), SimpleFileOptions::default())?;
            out.write_all(source.text.as_bytes())?;
        }
        Ok(out.finish()?.into_inner())
    }
}

/// The beginning of a selection, as other programs list it.
fn name(words: &str) -> String {
    words.split_whitespace().take(8).collect::<Vec<_>>().join(" ")
}
