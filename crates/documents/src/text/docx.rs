//! Text of Word documents (DOCX).
//!
//! What a reader of the document sees with all changes accepted: insertions are in, deletions out. Headers and footers are told
//! once, footnotes come behind the paragraph that refers to them, and so do text boxes and the words of diagrams. Comments are
//! not text of the document. What its author hid is there, and told apart.

mod styles;

use super::parts::{Parts, Relations, broken, is_on, local, missing, number, skip, value};
use super::writer::Writer;
use super::{BlockKind, DocumentText, Limits, drawn};
use crate::Refusal;
use crate::xml::{Event, Events, unescape};
use std::collections::{BTreeMap, BTreeSet};
use styles::{Lists, Says, Styles};

/// Reads a Word document.
pub(super) fn text(bytes: &[u8], limits: &Limits) -> Result<DocumentText, Refusal> {
    let mut parts = Parts::open(bytes, limits)?;
    let main = main_part(&mut parts)?.unwrap_or_else(|| "word/document.xml".to_owned());
    let content = parts.text(&main)?.ok_or_else(|| missing(&main))?;
    let relations = parts.relations(&main)?;
    let mut of_kind = |kind: &str| -> Result<Option<String>, Refusal> {
        let Some((_, part)) = relations.values().find(|(of, _)| of == kind) else { return Ok(None) };
        parts.text(part)
    };
    let styles = of_kind("styles")?.map_or_else(|| Ok(Styles::default()), |text| Styles::read(&text))?;
    let lists = of_kind("numbering")?.map_or_else(|| Ok(Lists::default()), |text| Lists::read(&text))?;
    let (footnotes, endnotes) = (of_kind("footnotes")?.unwrap_or_default(), of_kind("endnotes")?.unwrap_or_default());
    let mut notes = BTreeMap::new();
    for (of, text) in [("footnoteReference", footnotes.as_str()), ("endnoteReference", endnotes.as_str())] {
        notes.extend(notes_of(text)?.into_iter().map(|(id, note)| ((of, id), note)));
    }
    let mut story = Story { parts, relations: Relations::new(), styles, lists, notes, writer: Writer::new(limits) };
    story.margins(&relations, "header")?;
    story.relations = relations.clone();
    story.read(&content, &main)?;
    story.writer.end();
    story.margins(&relations, "footer")?;
    if relations.values().any(|(of, _)| of == "comments") {
        story.writer.remark("it has comments, which are not part of its text and were not read");
    }
    story.writer.end_page(None)?;
    Ok(story.writer.finish())
}

/// The part that the whole file is about.
pub(super) fn main_part(parts: &mut Parts<'_>) -> Result<Option<String>, Refusal> {
    Ok(parts.relations("")?.into_values().find(|(of, _)| of == "officeDocument").map(|(_, part)| part))
}

/// Each note by its number, as it is written.
fn notes_of(text: &str) -> Result<Vec<(String, &str)>, Refusal> {
    let mut out = Vec::new();
    let mut events = Events::new(text);
    let fault = |fault| broken(&fault, "its notes");
    while let Some(event) = events.next().map_err(fault)? {
        let Event::Start { name, attributes } = event else { continue };
        if !matches!(local(name), "footnote" | "endnote") {
            continue;
        }
        let begin = text.len() - events.n_left();
        let mut end = begin;
        let mut depth = 0_usize;
        while let Some(event) = events.next().map_err(fault)? {
            match event {
                Event::Start { .. } => depth += 1,
                Event::End { .. } if depth == 0 => break,
                Event::End { .. } => depth -= 1,
                Event::Text(_) | Event::Literal(_) => {}
            }
            end = text.len() - events.n_left();
        }
        // The lines between text and notes are kept as notes, too.
        if !matches!(value(attributes, "type").as_deref(), Some("separator" | "continuationSeparator" | "continuationNotice")) {
            out.push((value(attributes, "id").unwrap_or_default(), text.get(begin..end).unwrap_or_default()));
        }
    }
    Ok(out)
}

/// The deepest that fields may lie in fields.
const DEEPEST_FIELDS: usize = 50;

/// A field: what it is told to show, and then what it shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Told,
    Shown,
}

/// What is known of a paragraph or a run while it is read.
#[derive(Default)]
struct Paragraph {
    style: String,
    says: Says,
    /// The mark at its end was deleted, so that the next paragraph goes on with it.
    goes_on: bool,
    /// It ended, and goes on.
    is_ended: bool,
    is_numbered: bool,
}

/// Takes away a paragraph that ended and goes on.
fn pop_ended(paragraphs: &mut Vec<Paragraph>) -> bool {
    paragraphs.pop_if(|last| last.is_ended).is_some()
}

/// A document while it is read.
struct Story<'a, 'b> {
    parts: Parts<'a>,
    /// What the part that is being read refers to; diagrams are taken out when they are met.
    relations: Relations,
    styles: Styles,
    lists: Lists,
    /// The notes that were not yet met.
    notes: BTreeMap<(&'static str, String), &'b str>,
    writer: Writer<'a>,
}

impl Story<'_, '_> {
    /// Headers or footers, each text once.
    fn margins(&mut self, relations: &Relations, kind: &str) -> Result<(), Refusal> {
        let mut told = BTreeSet::new();
        let parts: BTreeSet<&String> = relations.values().filter(|(of, _)| of == kind).map(|(_, part)| part).collect();
        for part in parts {
            let Some(text) = self.parts.text(part)? else { continue };
            self.relations = self.parts.relations(part)?;
            self.writer.begin_aside();
            self.read(&text, part)?;
            let mut drafts = self.writer.take_aside();
            drafts.retain(|draft| told.insert(draft.text().to_owned()));
            self.writer.place(drafts, Some(BlockKind::Margin));
        }
        Ok(())
    }

    /// Reads a part, or a note of one.
    fn read(&mut self, text: &str, part: &str) -> Result<(), Refusal> {
        let mut events = Events::new(text);
        let fault = |fault| broken(&fault, part);
        let mut fields: Vec<Field> = Vec::new();
        // The paragraphs that are open: one in another lies in a text box.
        let mut paragraphs: Vec<Paragraph> = Vec::new();
        let (mut in_run, mut in_properties, mut in_row_properties, mut in_text) = (0_usize, false, false, false);
        let mut run_is_hidden = None;
        // A row that was deleted is read and put nowhere.
        let mut deleted_rows: Vec<bool> = Vec::new();
        while let Some(event) = events.next().map_err(fault)? {
            match event {
                Event::Start { name, attributes } => match local(name) {
                    "p" => {
                        if !pop_ended(&mut paragraphs) {
                            self.writer.begin(BlockKind::Paragraph);
                        }
                        paragraphs.push(Paragraph::default());
                        (in_run, in_properties, run_is_hidden) = (0, false, None);
                    }
                    "pPr" => in_properties = true,
                    "pStyle" if in_properties => {
                        if let Some(paragraph) = paragraphs.last_mut() {
                            paragraph.style = value(attributes, "val").unwrap_or_default();
                        }
                    }
                    "outlineLvl" | "numId" | "ilvl" if in_properties => {
                        if let Some(paragraph) = paragraphs.last_mut() {
                            match local(name) {
                                "outlineLvl" => paragraph.says.outline = number(attributes, "val"),
                                "numId" => paragraph.says.list = value(attributes, "val"),
                                _ => paragraph.says.level = number(attributes, "val"),
                            }
                        }
                    }
                    "del" | "moveFrom" if in_properties => {
                        if let Some(paragraph) = paragraphs.last_mut() {
                            paragraph.goes_on = true;
                        }
                        self.deletions();
                    }
                    "trPr" => in_row_properties = true,
                    "del" if in_row_properties => {
                        if let Some(row) = deleted_rows.last_mut() {
                            *row = true;
                        }
                        self.deletions();
                    }
                    "del" | "moveFrom" => {
                        self.deletions();
                        skip(&mut events).map_err(fault)?;
                    }
                    // The same drawing again for older programs; what was so before; what a field is told.
                    "Fallback" | "pPrChange" | "rPrChange" | "tblPrChange" | "trPrChange" | "tcPrChange" | "sectPrChange" | "delText"
                    | "instrText" | "delInstrText" | "ffData" | "sdtPr" => skip(&mut events).map_err(fault)?,
                    "r" => {
                        self.properties(&mut paragraphs)?;
                        in_run += 1;
                        run_is_hidden = None;
                    }
                    "vanish" if in_run > 0 && !in_properties => run_is_hidden = Some(is_on(attributes)),
                    "rStyle" if in_run > 0 && !in_properties => {
                        let says = self.styles.says(&value(attributes, "val").unwrap_or_default());
                        run_is_hidden = run_is_hidden.or(says.is_hidden);
                    }
                    "fldChar" => match value(attributes, "fldCharType").as_deref() {
                        // What is nested deeper is shown with the field around it.
                        Some("begin") if fields.len() < DEEPEST_FIELDS => fields.push(Field::Told),
                        Some("begin") => {}
                        Some("separate") => {
                            if let Some(field) = fields.last_mut() {
                                *field = Field::Shown;
                            }
                        }
                        _ => {
                            fields.pop();
                        }
                    },
                    of @ ("footnoteReference" | "endnoteReference") => {
                        let of = if of == "footnoteReference" { "footnoteReference" } else { "endnoteReference" };
                        // Each note once: a note that refers to itself comes to an end.
                        if let Some(note) = value(attributes, "id").and_then(|id| self.notes.remove(&(of, id))) {
                            self.writer.begin_aside();
                            self.read(note, "its notes")?;
                            self.writer.end_aside(Some(BlockKind::Note));
                        }
                    }
                    "txbxContent" => {
                        self.properties(&mut paragraphs)?;
                        self.writer.begin_aside();
                    }
                    "relIds" | "chart" => {
                        let found = value(attributes, if local(name) == "chart" { "id" } else { "dm" });
                        if let Some((_, part)) = found.and_then(|id| self.relations.remove(&id))
                            && let Some(text) = self.parts.text(&part)?
                        {
                            drawn::read(&text, &part, &mut self.writer)?;
                        }
                    }
                    "tr" => {
                        deleted_rows.push(false);
                        self.writer.begin_aside();
                        self.writer.begin_row()?;
                    }
                    "tc" => self.writer.begin_cell()?,
                    _ if fields.contains(&Field::Told) => {}
                    "t" => {
                        in_text = true;
                        self.writer.is_visible = !self.is_hidden(run_is_hidden, &paragraphs);
                    }
                    "tab" | "ptab" if in_run > 0 => self.writer.tab(),
                    "br" | "cr" if in_run > 0 => self.writer.line(),
                    "noBreakHyphen" if in_run > 0 => self.writer.text("\u{2011}")?,
                    "sym" if in_run > 0 => match symbol(attributes) {
                        Some(sign) => self.writer.text(sign)?,
                        None => self.writer.unknown(),
                    },
                    _ => {}
                },
                Event::End { name } => match local(name) {
                    "p" => {
                        self.properties(&mut paragraphs)?;
                        fields.iter_mut().for_each(|field| *field = Field::Shown);
                        match paragraphs.last_mut() {
                            Some(paragraph) if paragraph.goes_on => paragraph.is_ended = true,
                            _ => {
                                paragraphs.pop();
                                self.writer.end();
                            }
                        }
                        in_run = 0;
                    }
                    "pPr" => in_properties = false,
                    "trPr" => in_row_properties = false,
                    "r" => {
                        in_run = in_run.saturating_sub(1);
                        self.writer.is_visible = true;
                    }
                    "t" => in_text = false,
                    // A paragraph does not go on in the next cell, nor behind its box.
                    "txbxContent" => {
                        pop_ended(&mut paragraphs);
                        self.writer.end_aside(None);
                    }
                    "tc" => {
                        pop_ended(&mut paragraphs);
                        self.writer.end_cell();
                    }
                    "tr" => {
                        self.writer.end_row();
                        let row = self.writer.take_aside();
                        if deleted_rows.pop() == Some(false) {
                            self.writer.place(row, None);
                        }
                    }
                    _ => {}
                },
                Event::Text(text) if in_text => self.writer.text(&unescape(text))?,
                Event::Literal(text) if in_text => self.writer.text(text)?,
                Event::Text(_) | Event::Literal(_) => {}
            }
        }
        Ok(())
    }

    fn deletions(&mut self) {
        self.writer.remark("it has tracked changes: it was read as if all were accepted, without what was deleted");
    }

    /// Whether a run is hidden: by itself, by its style, or by that of its paragraph.
    fn is_hidden(&self, run: Option<bool>, paragraphs: &[Paragraph]) -> bool {
        run.or_else(|| paragraphs.last().and_then(|paragraph| paragraph.says.is_hidden)).unwrap_or(false)
    }

    /// Works out what a paragraph is, once its properties are known.
    fn properties(&mut self, paragraphs: &mut [Paragraph]) -> Result<(), Refusal> {
        let Some(paragraph) = paragraphs.last_mut().filter(|paragraph| !paragraph.is_numbered) else { return Ok(()) };
        paragraph.is_numbered = true;
        let style = self.styles.says(&paragraph.style);
        paragraph.says.is_hidden = style.is_hidden;
        let outline = paragraph.says.outline.or(style.outline).filter(|level| *level < 9);
        // A list that the paragraph names has its own levels.
        let (list, level) = match &paragraph.says.list {
            Some(list) => (Some(list.clone()), paragraph.says.level),
            None => (style.list, paragraph.says.level.or(style.level)),
        };
        let item = list.and_then(|list| self.lists.next(&list, level, &paragraph.style, &self.styles));
        if let Some((level, label)) = item {
            self.writer.kind(BlockKind::Item(level as u8 + 1));
            if let Some(label) = label {
                self.writer.label(&label)?;
            }
        }
        if let Some(level) = outline {
            self.writer.kind(BlockKind::Heading(level + 1));
        }
        Ok(())
    }
}

/// Signs of fonts without letters that mean something in a form: boxes and ticks.
fn symbol(attributes: &str) -> Option<&'static str> {
    let font = value(attributes, "font")?.to_lowercase();
    let sign = value(attributes, "char")?.to_lowercase();
    match (font.as_str(), sign.trim_start_matches("f0").trim_start_matches("00")) {
        ("wingdings", "fe" | "78") => Some("\u{2612}"),
        ("wingdings", "a8" | "6f" | "71") => Some("\u{2610}"),
        ("wingdings", "fc") => Some("\u{2713}"),
        ("wingdings", "fb") => Some("\u{2717}"),
        ("wingdings", "e0") => Some("\u{2192}"),
        ("symbol", "b7") | ("wingdings", "a7" | "9f") => Some("\u{2022}"),
        _ => None,
    }
}
