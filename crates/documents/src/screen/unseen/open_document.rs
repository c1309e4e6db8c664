//! White and tiny words of an OpenDocument text, and slides that are not shown.

use super::super::look::{Element, Look};
use super::{Pale, is_white};
use crate::xml::{attribute, unescape};
use std::collections::{BTreeMap, BTreeSet};

/// The largest size that nobody can read, in points.
const TINY: f32 = 2.0;

/// What a style says of its letters; what it does not say, its parent says.
#[derive(Clone, Debug, Default)]
struct Style {
    parent: String,
    is_white: Option<bool>,
    is_tiny: Option<bool>,
    is_filled: bool,
}

/// Reads the pale words of the text itself; in tables and boxes nobody knows here what lies beneath.
pub(super) fn pale_words(look: &mut Look) -> Pale {
    let mut styles: BTreeMap<String, Style> = BTreeMap::new();
    for part in ["styles.xml", "content.xml"] {
        let mut style = String::new();
        look.elements(part, |element| {
            let Element::Start(name, attributes) = element else { return };
            match name {
                "style" | "default-style" => {
                    style = attribute(attributes, "style:name").unwrap_or_default();
                    let parent = attribute(attributes, "style:parent-style-name").unwrap_or_default();
                    styles.insert(style.clone(), Style { parent, ..Style::default() });
                }
                "text-properties" | "paragraph-properties" => {
                    let Some(it) = styles.get_mut(&style) else { return };
                    it.is_white = attribute(attributes, "fo:color").map(|colour| is_white(&colour)).or(it.is_white);
                    let size = attribute(attributes, "fo:font-size").and_then(|size| size.strip_suffix("pt")?.parse::<f32>().ok());
                    it.is_tiny = size.map(|size| size <= TINY).or(it.is_tiny);
                    it.is_filled |= attribute(attributes, "fo:background-color").is_some_and(|colour| colour != "transparent" && !is_white(&colour));
                }
                // A page with a colour or a picture of its own.
                "drawing-page-properties" | "page-layout-properties" => {
                    let fills = attribute(attributes, "draw:fill").is_some_and(|fill| fill != "none");
                    let colour = attribute(attributes, "fo:background-color").is_some_and(|colour| colour != "transparent" && !is_white(&colour));
                    if fills || colour {
                        styles.entry("\0page".to_owned()).or_default().is_filled = true;
                    }
                }
                _ => {}
            }
        });
    }
    let is_plain_page = !styles.contains_key("\0page");
    let mut pale = Pale::default();
    let mut within: Vec<Style> = Vec::new();
    let (mut n_framed, mut in_body) = (0_usize, false);
    look.elements("content.xml", |element| match element {
        Element::Start("body", _) => in_body = true,
        Element::Start("table" | "frame" | "custom-shape" | "annotation" | "tracked-changes", _) => n_framed += 1,
        Element::End("table" | "frame" | "custom-shape" | "annotation" | "tracked-changes") => n_framed = n_framed.saturating_sub(1),
        Element::Start("p" | "h" | "span", attributes) => {
            let said = resolved(&styles, &attribute(attributes, "text:style-name").unwrap_or_default());
            let around = within.last().cloned().unwrap_or_default();
            within.push(Style {
                parent: String::new(),
                is_white: said.is_white.or(around.is_white),
                is_tiny: said.is_tiny.or(around.is_tiny),
                is_filled: said.is_filled || around.is_filled,
            });
        }
        Element::End("p" | "h" | "span") => {
            within.pop();
        }
        Element::Text(text) if in_body && n_framed == 0 && is_plain_page => {
            let Some(style) = within.last().filter(|style| !style.is_filled) else { return };
            let into = match (style.is_white, style.is_tiny) {
                (Some(true), _) => &mut pale.white,
                (_, Some(true)) => &mut pale.tiny,
                _ => return,
            };
            into.push_str(&unescape(text));
            into.push(' ');
        }
        _ => {}
    });
    pale
}

fn resolved(styles: &BTreeMap<String, Style>, name: &str) -> Style {
    let mut out = Style::default();
    let mut name = name;
    for _ in 0..12 {
        let Some(style) = styles.get(name) else { break };
        out.is_white = out.is_white.or(style.is_white);
        out.is_tiny = out.is_tiny.or(style.is_tiny);
        out.is_filled |= style.is_filled;
        name = &style.parent;
    }
    out
}

/// The slides that are not shown.
pub(super) fn hidden_slides(look: &mut Look) -> Vec<String> {
    let mut hiding = BTreeSet::new();
    let mut style = String::new();
    let (mut hidden, mut n) = (Vec::new(), 0_usize);
    look.elements("content.xml", |element| {
        let Element::Start(name, attributes) = element else { return };
        match name {
            "style" => style = attribute(attributes, "style:name").unwrap_or_default(),
            "drawing-page-properties" if attribute(attributes, "presentation:visibility").as_deref() == Some("hidden") => {
                hiding.insert(style.clone());
            }
            "page" => {
                n += 1;
                if attribute(attributes, "draw:style-name").is_some_and(|style| hiding.contains(&style)) {
                    hidden.push(format!("slide {n}"));
                }
            }
            _ => {}
        }
    });
    hidden
}
