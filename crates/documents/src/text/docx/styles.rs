//! What the styles and lists of a Word document say of a paragraph: is it a heading, an item, hidden?

use super::super::numbering::{Counter, Format, LEVELS, Level, Scheme};
use super::super::parts::{broken, is_on, local, number, skip, value};
use crate::Refusal;
use crate::xml::{Event, Events};
use std::collections::BTreeMap;

/// How far a chain of styles is followed.
const LONGEST_CHAIN: usize = 20;

/// What a style, or a paragraph by itself, says; nothing where it says nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Says {
    /// 0 for the highest heading, 9 for none.
    pub(super) outline: Option<u8>,
    pub(super) list: Option<String>,
    pub(super) level: Option<usize>,
    pub(super) is_hidden: Option<bool>,
}

#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    says: Says,
}

/// The styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: BTreeMap<String, Style>,
}

impl Styles {
    pub(super) fn read(text: &str) -> Result<Self, Refusal> {
        let mut styles = BTreeMap::new();
        let mut events = Events::new(text);
        let (mut id, mut style) = (None, Style::default());
        let fault = |fault| broken(&fault, "styles.xml");
        while let Some(event) = events.next().map_err(fault)? {
            match event {
                Event::Start { name, attributes } => match local(name) {
                    "style" => {
                        id = value(attributes, "styleId");
                        style = Style::default();
                    }
                    "name" => style.name = value(attributes, "val").unwrap_or_default().to_lowercase(),
                    "basedOn" => style.based_on = value(attributes, "val"),
                    "outlineLvl" => style.says.outline = number(attributes, "val"),
                    "numId" => style.says.list = value(attributes, "val"),
                    "ilvl" => style.says.level = number(attributes, "val"),
                    "vanish" => style.says.is_hidden = Some(is_on(attributes)),
                    // What holds for a part of a table alone, and what was so before.
                    "tblStylePr" | "pPrChange" | "rPrChange" => skip(&mut events).map_err(fault)?,
                    _ => {}
                },
                Event::End { name } if local(name) == "style" => {
                    if let Some(id) = id.take() {
                        styles.insert(id, std::mem::take(&mut style));
                    }
                }
                _ => {}
            }
        }
        Ok(Self { styles })
    }

    /// What a style says, with what it is based on.
    pub(super) fn says(&self, id: &str) -> Says {
        let mut says = Says::default();
        let mut next = Some(id);
        for _ in 0..LONGEST_CHAIN {
            let Some(style) = next.and_then(|id| self.styles.get(id)) else { break };
            let by_name = || match style.name.as_str() {
                "title" => Some(0),
                name => name.strip_prefix("heading ").and_then(|n| n.parse::<u8>().ok()).filter(|n| (1..=9).contains(n)).map(|n| n - 1),
            };
            says.outline = says.outline.or(style.says.outline).or_else(by_name);
            says.list = says.list.or_else(|| style.says.list.clone());
            says.level = says.level.or(style.says.level);
            says.is_hidden = says.is_hidden.or(style.says.is_hidden);
            next = style.based_on.as_deref();
        }
        says
    }
}

/// The lists of a document, and where they stand.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// The forms of lists, and which level belongs to which style.
    forms: BTreeMap<String, Form>,
    lists: BTreeMap<String, List>,
    counters: BTreeMap<String, Counter>,
}

#[derive(Debug, Default)]
struct Form {
    scheme: Scheme,
    level_of_style: BTreeMap<String, usize>,
    /// It is the list of a style, which says how it looks.
    by_style: Option<String>,
}

#[derive(Debug, Default)]
struct List {
    form: String,
    /// Levels that begin anew where the list is first used.
    starts: BTreeMap<usize, u32>,
}

impl Lists {
    pub(super) fn read(text: &str) -> Result<Self, Refusal> {
        let mut out = Self::default();
        let mut events = Events::new(text);
        let (mut form_id, mut list_id) = (String::new(), String::new());
        let (mut form, mut list, mut level) = (Form::default(), List::default(), 0);
        let mut is_list = false;
        while let Some(event) = events.next().map_err(|fault| broken(&fault, "numbering.xml"))? {
            match event {
                Event::Start { name, attributes } => match local(name) {
                    "abstractNum" => {
                        (form_id, form, is_list) = (value(attributes, "abstractNumId").unwrap_or_default(), Form::default(), false);
                    }
                    "num" => (list_id, list, is_list) = (value(attributes, "numId").unwrap_or_default(), List::default(), true),
                    "abstractNumId" => list.form = value(attributes, "val").unwrap_or_default(),
                    "lvl" | "lvlOverride" => level = number(attributes, "ilvl").unwrap_or(0).min(LEVELS - 1),
                    "startOverride" => {
                        list.starts.insert(level, number(attributes, "val").unwrap_or(1));
                    }
                    _ if is_list => {}
                    "start" => form.scheme.entry(level).or_insert_with(Level::default).start = number(attributes, "val").unwrap_or(1),
                    "numFmt" => {
                        form.scheme.entry(level).or_insert_with(Level::default).format = format(&value(attributes, "val").unwrap_or_default())
                    }
                    "lvlText" => form.scheme.entry(level).or_insert_with(Level::default).template = value(attributes, "val").unwrap_or_default(),
                    "pStyle" => {
                        form.level_of_style.insert(value(attributes, "val").unwrap_or_default(), level);
                    }
                    "numStyleLink" => form.by_style = value(attributes, "val"),
                    _ => {}
                },
                Event::End { name } => match local(name) {
                    "abstractNum" => {
                        out.forms.insert(std::mem::take(&mut form_id), std::mem::take(&mut form));
                    }
                    "num" => {
                        out.lists.insert(std::mem::take(&mut list_id), std::mem::take(&mut list));
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        Ok(out)
    }

    /// The level of an item and the number before it, for a paragraph of this style; none if it belongs to no list.
    pub(super) fn next(&mut self, list: &str, level: Option<usize>, style: &str, styles: &Styles) -> Option<(usize, Option<String>)> {
        // 0 takes a paragraph out of the list of its style.
        if list == "0" {
            return None;
        }
        let found = self.lists.get_mut(list)?;
        let mut form = self.forms.get(&found.form)?;
        let mut key = found.form.clone();
        if let Some(other) = form.by_style.as_deref().and_then(|style| styles.says(style).list) {
            let linked = self.lists.get(&other)?.form.clone();
            form = self.forms.get(&linked)?;
            key = linked;
        }
        let level = level.or_else(|| form.level_of_style.get(style).copied()).unwrap_or(0).min(LEVELS - 1);
        let start = self.lists.get_mut(list)?.starts.remove(&level);
        Some((level, self.counters.entry(key).or_default().next(&form.scheme, level, start)))
    }
}

fn format(name: &str) -> Format {
    match name {
        "decimal" | "ordinal" | "cardinalText" | "ordinalText" => Format::Decimal,
        "decimalZero" => Format::DecimalZero,
        "lowerLetter" => Format::LowerLetter,
        "upperLetter" => Format::UpperLetter,
        "lowerRoman" => Format::LowerRoman,
        "upperRoman" => Format::UpperRoman,
        _ => Format::Unnumbered,
    }
}
