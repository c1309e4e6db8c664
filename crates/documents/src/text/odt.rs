//! Text of OpenDocument texts (ODT), packed or flat.
//!
//! What a reader sees with all changes accepted. Headers and footers are told once, footnotes come behind the paragraph that
//! refers to them, and so do text boxes. Comments are not text of the document.

mod styles;

use super::numbering::{Counter, Scheme};
use super::parts::{Parts, broken, local, locked, missing, number, skip, value};
use super::writer::Writer;
use super::{BlockKind, DocumentText, Limits};
use crate::Refusal;
use crate::xml::{Event, Events, unescape};
use std::collections::{BTreeMap, BTreeSet};
pub(super) use styles::Styles;

/// The most spaces that one mark may stand for.
const MOST_SPACES: usize = 100;

/// What is drawn and may have words in it, as a text box has.
const SHAPES: [&str; 10] = [
    "draw:custom-shape",
    "draw:rect",
    "draw:ellipse",
    "draw:circle",
    "draw:polygon",
    "draw:regular-polygon",
    "draw:path",
    "draw:line",
    "draw:connector",
    "draw:caption",
];

/// Reads an OpenDocument text.
pub(super) fn text(bytes: &[u8], limits: &Limits) -> Result<DocumentText, Refusal> {
    let (content, styles) = parts_of(bytes, limits)?;
    whole(&content, &styles, limits)
}

/// Reads one that lies unpacked in one file.
pub(super) fn flat(content: &str, limits: &Limits) -> Result<DocumentText, Refusal> {
    whole(content, content, limits)
}

/// Content and styles, if they are not encrypted.
pub(super) fn parts_of(bytes: &[u8], limits: &Limits) -> Result<(String, String), Refusal> {
    let mut parts = Parts::open(bytes, limits)?;
    if parts.text("META-INF/manifest.xml")?.is_some_and(|manifest| manifest.contains("encryption-data")) {
        return Err(locked());
    }
    let content = parts.text("content.xml")?.ok_or_else(|| missing("content.xml"))?;
    Ok((content, parts.text("styles.xml")?.unwrap_or_default()))
}

fn whole(content: &str, styles_part: &str, limits: &Limits) -> Result<DocumentText, Refusal> {
    let styles = Styles::read(&[styles_part, content])?;
    let mut story = Story::new(&styles, Writer::new(limits));
    story.margins(styles_part, "header")?;
    story.read(content, &["text"])?;
    story.margins(styles_part, "footer")?;
    story.writer.end_page(None)?;
    Ok(story.writer.finish())
}

/// A list that is open.
struct List {
    style: Option<String>,
    /// Its items so far, and whether the number of the one that is open is still to be set.
    is_new_item: bool,
}

/// A document while it is read.
pub(super) struct Story<'a> {
    styles: &'a Styles,
    pub(super) writer: Writer<'a>,
    counters: BTreeMap<String, Counter>,
    outline: Counter,
    lists: Vec<List>,
    /// How many elements that are hidden are open.
    n_hidden: usize,
}

impl<'a> Story<'a> {
    pub(super) fn new(styles: &'a Styles, writer: Writer<'a>) -> Self {
        Self { styles, writer, counters: BTreeMap::new(), outline: Counter::default(), lists: Vec::new(), n_hidden: 0 }
    }

    /// Headers or footers of the page styles, each text once.
    fn margins(&mut self, text: &str, kind: &str) -> Result<(), Refusal> {
        let mut told = BTreeSet::new();
        let mut events = Events::new(text);
        let fault = |fault| broken(&fault, "styles.xml");
        while let Some(event) = events.next().map_err(fault)? {
            let Event::Start { name, .. } = event else { continue };
            // "header", "header-left", "header-first".
            if !name.starts_with("style:") || !local(name).starts_with(kind) || local(name).ends_with("style") {
                continue;
            }
            self.writer.begin_aside();
            self.element(&mut events, "styles.xml")?;
            let mut drafts = self.writer.take_aside();
            drafts.retain(|draft| told.insert(draft.text().to_owned()));
            self.writer.place(drafts, Some(BlockKind::Margin));
        }
        Ok(())
    }

    /// Reads the content of all elements of these names.
    fn read(&mut self, text: &str, wanted: &[&str]) -> Result<(), Refusal> {
        let mut events = Events::new(text);
        while let Some(event) = events.next().map_err(|fault| broken(&fault, "content.xml"))? {
            if let Event::Start { name, .. } = event
                && name.starts_with("office:")
                && wanted.contains(&local(name))
            {
                self.element(&mut events, "content.xml")?;
            }
        }
        Ok(())
    }

    /// Reads up to the end of the element that is open.
    pub(super) fn element(&mut self, events: &mut Events<'_>, part: &str) -> Result<(), Refusal> {
        let fault = |fault| broken(&fault, part);
        // What is open, each with whether it hides what is in it.
        let mut open: Vec<bool> = Vec::new();
        let mut n_paragraphs = 0_usize;
        while let Some(event) = events.next().map_err(fault)? {
            match event {
                Event::Start { name, attributes } => {
                    let hides = self.hides(local(name), attributes);
                    self.n_hidden += usize::from(hides);
                    self.writer.is_visible = self.n_hidden == 0;
                    open.push(hides);
                    match local(name) {
                        "tracked-changes" => {
                            self.writer.remark("it has tracked changes: it was read as if all were accepted, without what was deleted");
                            self.pass_over(events, &mut open, part)?;
                        }
                        "annotation" => {
                            self.writer.remark("it has comments, which are not part of its text and were not read");
                            self.pass_over(events, &mut open, part)?;
                        }
                        // Forms, what a drawing is called, the mark of a note, pronunciation: not text of the document.
                        "forms"
                        | "event-listeners"
                        | "script"
                        | "note-citation"
                        | "ruby-text"
                        | "number"
                        | "sequence-decls"
                        | "variable-decls"
                        | "user-field-decls"
                        | "index-title-template"
                        | "table-of-content-source"
                        | "alphabetical-index-source"
                        | "binary-data"
                        | "math"
                        | "object"
                        | "document"
                        | "notes" => self.pass_over(events, &mut open, part)?,
                        // Not the number itself, but where it is to stand.
                        "frame" if matches!(value(attributes, "class").as_deref(), Some("page-number" | "date-time")) => {
                            self.pass_over(events, &mut open, part)?;
                        }
                        _ if matches!(name, "svg:title" | "svg:desc") => self.pass_over(events, &mut open, part)?,
                        "p" | "h" => {
                            n_paragraphs += 1;
                            self.begin_paragraph(local(name) == "h", attributes)?;
                        }
                        "s" => {
                            let n: usize = number(attributes, "c").unwrap_or(1);
                            self.writer.text(&" ".repeat(n.min(MOST_SPACES)))?;
                        }
                        "tab" if n_paragraphs > 0 => self.writer.tab(),
                        "line-break" if n_paragraphs > 0 => self.writer.line(),
                        "list" => {
                            let style = value(attributes, "style-name").or_else(|| self.lists.last().and_then(|list| list.style.clone()));
                            if self.lists.is_empty()
                                && value(attributes, "continue-numbering").as_deref() != Some("true")
                                && value(attributes, "continue-list").is_none()
                                && let Some(style) = &style
                            {
                                self.counters.remove(style);
                            }
                            self.lists.push(List { style, is_new_item: false });
                        }
                        "list-item" => {
                            if let Some(list) = self.lists.last_mut() {
                                list.is_new_item = true;
                            }
                        }
                        "note" | "text-box" => self.writer.begin_aside(),
                        _ if SHAPES.contains(&name) => self.writer.begin_aside(),
                        "table-row" => self.writer.begin_row()?,
                        "table-cell" => self.writer.begin_cell()?,
                        _ => {}
                    }
                }
                Event::End { name } => {
                    let Some(hid) = open.pop() else { break };
                    self.n_hidden -= usize::from(hid);
                    self.writer.is_visible = self.n_hidden == 0;
                    match local(name) {
                        "p" | "h" => {
                            n_paragraphs -= 1;
                            self.writer.end();
                        }
                        "list" => {
                            self.lists.pop();
                        }
                        "note" => self.writer.end_aside(Some(BlockKind::Note)),
                        "text-box" => self.writer.end_aside(None),
                        _ if SHAPES.contains(&name) => self.writer.end_aside(None),
                        "table-cell" => self.writer.end_cell(),
                        "table-row" => self.writer.end_row(),
                        _ => {}
                    }
                }
                Event::Text(text) if n_paragraphs > 0 => self.writer.flowing(&unescape(text))?,
                Event::Literal(text) if n_paragraphs > 0 => self.writer.flowing(text)?,
                Event::Text(_) | Event::Literal(_) => {}
            }
        }
        Ok(())
    }

    /// Reads something that is hidden as a whole, or not.
    pub(super) fn hidden(&mut self, is_hidden: bool, read: impl FnOnce(&mut Self) -> Result<(), Refusal>) -> Result<(), Refusal> {
        self.n_hidden += usize::from(is_hidden);
        read(self)?;
        self.n_hidden -= usize::from(is_hidden);
        Ok(())
    }

    fn pass_over(&mut self, events: &mut Events<'_>, open: &mut Vec<bool>, part: &str) -> Result<(), Refusal> {
        skip(events).map_err(|fault| broken(&fault, part))?;
        if open.pop() == Some(true) {
            self.n_hidden -= 1;
        }
        self.writer.is_visible = self.n_hidden == 0;
        Ok(())
    }

    /// Whether an element hides what is in it.
    fn hides(&self, name: &str, attributes: &str) -> bool {
        match name {
            "span" | "p" | "h" => value(attributes, "style-name").is_some_and(|style| self.styles.is_hidden(&style)),
            "section" => matches!(value(attributes, "display").as_deref(), Some("none")),
            "hidden-paragraph" | "hidden-text" => value(attributes, "is-hidden").as_deref() == Some("true"),
            "table-row" => matches!(value(attributes, "visibility").as_deref(), Some("collapse" | "filter")),
            _ => false,
        }
    }

    fn begin_paragraph(&mut self, is_heading: bool, attributes: &str) -> Result<(), Refusal> {
        let style = value(attributes, "style-name").unwrap_or_default();
        let level = number::<u8>(attributes, "outline-level").unwrap_or(1).clamp(1, 10);
        if is_heading {
            self.writer.begin(BlockKind::Heading(level));
            let is_counted = !matches!(value(attributes, "is-list-header").as_deref(), Some("true"));
            if self.lists.is_empty() {
                let label = if is_counted { self.outline.next(&self.styles.outline, usize::from(level) - 1, None) } else { None };
                self.writer.label(&label.unwrap_or_default())?;
            } else {
                self.number_item()?;
            }
        } else if self.styles.is_title(&style) {
            self.writer.begin(BlockKind::Heading(1));
        } else if let Some(depth) = self.lists.len().checked_sub(1) {
            self.writer.begin(BlockKind::Item(u8::try_from(depth + 1).unwrap_or(u8::MAX)));
            self.number_item()?;
        } else {
            self.writer.begin(BlockKind::Paragraph);
        }
        Ok(())
    }

    /// Sets the number before the first paragraph of an item.
    fn number_item(&mut self) -> Result<(), Refusal> {
        let Some(depth) = self.lists.len().checked_sub(1) else { return Ok(()) };
        let list = &mut self.lists[depth];
        if !std::mem::take(&mut list.is_new_item) {
            return Ok(());
        }
        let Some(style) = list.style.clone() else { return Ok(()) };
        let empty = Scheme::new();
        let scheme = self.styles.lists.get(&style).unwrap_or(&empty);
        if let Some(label) = self.counters.entry(style).or_default().next(scheme, depth, None) {
            self.writer.label(&label)?;
        }
        Ok(())
    }
}
