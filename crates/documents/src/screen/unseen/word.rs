//! White and tiny words of a Word document.

use super::super::look::{Element, Look};
use super::{Pale, is_white};
use crate::text::is_on;
use crate::xml::{attribute, unescape};
use std::collections::{BTreeMap, BTreeSet};

/// The largest size that nobody can read, in half points.
const TINY: u32 = 4;

/// Reads the pale words of the text itself. In tables with a style, boxes and shapes nobody knows here what lies beneath.
pub(super) fn pale_words(look: &mut Look) -> Pale {
    let (shaded, white_styles) = styles(look);
    let mut pale = Pale::default();
    let mut has_background = false;
    let (mut in_paragraph_properties, mut in_run_properties, mut in_text) = (false, false, false);
    let (mut paragraph_is_shaded, mut run_is_shaded, mut is_white_run, mut is_tiny) = (false, false, false, false);
    let mut paragraph_is_white = false;
    // What lies around: boxes, and tables whose cells may be dark.
    let mut n_boxes = 0_usize;
    let mut tables: Vec<bool> = Vec::new();
    look.elements("word/document.xml", |element| match element {
        Element::Start("background", attributes) => has_background |= attribute(attributes, "w:color").is_some_and(|colour| !is_white(&colour)),
        Element::Start("txbxContent" | "drawing" | "pict", _) => n_boxes += 1,
        Element::End("txbxContent" | "drawing" | "pict") => n_boxes = n_boxes.saturating_sub(1),
        Element::Start("tbl", _) => tables.push(false),
        Element::End("tbl") => {
            tables.pop();
        }
        Element::Start("tblStyle", _) => {
            if let Some(table) = tables.last_mut() {
                *table = true;
            }
        }
        Element::Start("tc", _) => tables.push(tables.last().copied().unwrap_or(false)),
        Element::End("tc") => {
            tables.pop();
        }
        Element::Start("p", _) => (paragraph_is_shaded, paragraph_is_white) = (false, false),
        Element::Start("pPr", _) => in_paragraph_properties = true,
        Element::End("pPr") => in_paragraph_properties = false,
        Element::Start("pStyle", attributes) => {
            let style = attribute(attributes, "w:val").unwrap_or_default();
            paragraph_is_shaded |= shaded.contains(&style);
            paragraph_is_white |= white_styles.contains(&style);
        }
        Element::Start("r", _) => (run_is_shaded, is_white_run, is_tiny) = (false, paragraph_is_white, false),
        Element::Start("rPr", _) => in_run_properties = true,
        Element::End("rPr") => in_run_properties = false,
        Element::Start("shd", attributes) => {
            let is_dark = is_filled(attributes);
            match (in_run_properties && !in_paragraph_properties, in_paragraph_properties) {
                (true, _) => run_is_shaded |= is_dark,
                (_, true) => paragraph_is_shaded |= is_dark,
                _ => {
                    if let Some(cell) = tables.last_mut() {
                        *cell |= is_dark;
                    }
                }
            }
        }
        Element::Start("highlight", attributes) if in_run_properties => {
            run_is_shaded |= attribute(attributes, "w:val").is_some_and(|colour| !matches!(colour.as_str(), "none" | "white"));
        }
        Element::Start("color", attributes) if in_run_properties && !in_paragraph_properties => {
            is_white_run = attribute(attributes, "w:val").is_some_and(|colour| is_white(&colour));
        }
        Element::Start("rStyle", attributes) if in_run_properties => {
            let style = attribute(attributes, "w:val").unwrap_or_default();
            run_is_shaded |= shaded.contains(&style);
            is_white_run |= white_styles.contains(&style);
        }
        Element::Start("sz", attributes) if in_run_properties && !in_paragraph_properties => {
            is_tiny = attribute(attributes, "w:val").and_then(|size| size.parse::<u32>().ok()).is_some_and(|size| size <= TINY);
        }
        // What is hidden is told already.
        Element::Start("vanish", attributes) if in_run_properties && is_on(attributes) => (is_white_run, is_tiny) = (false, false),
        Element::Start("t", _) => in_text = true,
        Element::End("t") => in_text = false,
        Element::Text(text) if in_text => {
            let lies_on_white = !has_background && n_boxes == 0 && !paragraph_is_shaded && !run_is_shaded && tables.last() != Some(&true);
            if is_white_run && lies_on_white {
                pale.white.push_str(&unescape(text));
                pale.white.push(' ');
            } else if is_tiny {
                pale.tiny.push_str(&unescape(text));
                pale.tiny.push(' ');
            }
        }
        _ => {}
    });
    pale
}

fn is_filled(attributes: &str) -> bool {
    let fill = attribute(attributes, "w:fill").unwrap_or_default();
    let by_theme = attribute(attributes, "w:themeFill").is_some();
    let is_solid = attribute(attributes, "w:val").is_some_and(|pattern| !matches!(pattern.as_str(), "clear" | "nil"));
    by_theme || is_solid || fill.len() == 6 && !is_white(&fill)
}

/// Styles that lay something dark beneath, and styles of white letters.
fn styles(look: &mut Look) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut shaded, mut white) = (BTreeSet::new(), BTreeSet::new());
    let mut based_on: BTreeMap<String, String> = BTreeMap::new();
    let mut style = String::new();
    look.elements("word/styles.xml", |element| {
        let Element::Start(name, attributes) = element else { return };
        match name {
            "style" => style = attribute(attributes, "w:styleId").unwrap_or_default(),
            "basedOn" => {
                based_on.insert(style.clone(), attribute(attributes, "w:val").unwrap_or_default());
            }
            "shd" if is_filled(attributes) => {
                shaded.insert(style.clone());
            }
            "color" if attribute(attributes, "w:val").is_some_and(|colour| is_white(&colour)) => {
                white.insert(style.clone());
            }
            _ => {}
        }
    });
    for found in [&mut shaded, &mut white] {
        // As deep as styles of people go; a style that is based on itself comes to an end.
        for _ in 0..12 {
            let more: Vec<String> = based_on.iter().filter(|(_, on)| found.contains(*on)).map(|(style, _)| style.clone()).collect();
            found.extend(more);
        }
    }
    (shaded, white)
}
