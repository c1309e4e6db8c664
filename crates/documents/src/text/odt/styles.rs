//! What the styles of an OpenDocument text say: what is hidden, what is a title, how lists are numbered.

use super::super::numbering::{Format, LEVELS, Level, Scheme};
use super::super::parts::{broken, local, number, value};
use crate::Refusal;
use crate::xml::{Event, Events};
use std::collections::{BTreeMap, BTreeSet};

/// How far a chain of styles is followed.
const LONGEST_CHAIN: usize = 20;

/// The styles of a document.
#[derive(Debug, Default)]
pub(in super::super) struct Styles {
    hidden: BTreeSet<String>,
    /// Pages of a presentation that are not shown, by their style.
    pub(in super::super) hidden_pages: BTreeSet<String>,
    parents: BTreeMap<String, String>,
    pub(super) lists: BTreeMap<String, Scheme>,
    /// How headings are numbered.
    pub(super) outline: Scheme,
}

impl Styles {
    /// Reads the styles of several parts; what the later say holds.
    pub(in super::super) fn read(parts: &[&str]) -> Result<Self, Refusal> {
        let mut out = Self::default();
        for text in parts {
            out.add(text)?;
        }
        Ok(out)
    }

    fn add(&mut self, text: &str) -> Result<(), Refusal> {
        let mut events = Events::new(text);
        let (mut style, mut list) = (String::new(), None);
        while let Some(event) = events.next().map_err(|fault| broken(&fault, "styles.xml"))? {
            match event {
                Event::Start { name, attributes } => match local(name) {
                    "style" => {
                        style = value(attributes, "name").unwrap_or_default();
                        if let Some(parent) = value(attributes, "parent-style-name") {
                            self.parents.insert(style.clone(), parent);
                        }
                    }
                    "text-properties" if value(attributes, "display").as_deref() == Some("none") => {
                        self.hidden.insert(style.clone());
                    }
                    "drawing-page-properties" if value(attributes, "visibility").as_deref() == Some("hidden") => {
                        self.hidden_pages.insert(style.clone());
                    }
                    "list-style" => list = Some((value(attributes, "name").unwrap_or_default(), Scheme::new())),
                    "outline-style" => list = Some((String::new(), Scheme::new())),
                    "list-level-style-number" | "outline-level-style" => {
                        if let Some((_, scheme)) = &mut list {
                            let (at, level) = level(attributes);
                            scheme.insert(at, level);
                        }
                    }
                    _ => {}
                },
                Event::End { name } => match (local(name), &mut list) {
                    ("list-style", Some((name, scheme))) => {
                        self.lists.insert(std::mem::take(name), std::mem::take(scheme));
                        list = None;
                    }
                    ("outline-style", Some((_, scheme))) => {
                        self.outline = std::mem::take(scheme);
                        list = None;
                    }
                    _ => {}
                },
                Event::Text(_) | Event::Literal(_) => {}
            }
        }
        Ok(())
    }

    fn chain<'a>(&'a self, style: &'a str) -> impl Iterator<Item = &'a str> {
        std::iter::successors(Some(style), |style| self.parents.get(*style).map(String::as_str)).take(LONGEST_CHAIN)
    }

    pub(super) fn is_hidden(&self, style: &str) -> bool {
        self.chain(style).any(|style| self.hidden.contains(style))
    }

    pub(super) fn is_title(&self, style: &str) -> bool {
        self.chain(style).any(|style| style == "Title")
    }
}

/// A level and its place, from 0.
fn level(attributes: &str) -> (usize, Level) {
    let at = number::<usize>(attributes, "level").unwrap_or(1).clamp(1, LEVELS) - 1;
    let format = match value(attributes, "num-format").as_deref() {
        Some("1") => Format::Decimal,
        Some("01") => Format::DecimalZero,
        Some("a") => Format::LowerLetter,
        Some("A") => Format::UpperLetter,
        Some("i") => Format::LowerRoman,
        Some("I") => Format::UpperRoman,
        _ => Format::Unnumbered,
    };
    // LibreOffice keeps Word's own template, which says the same.
    let n_shown = number::<usize>(attributes, "display-levels").unwrap_or(1).clamp(1, at + 1);
    let numbers: Vec<String> = (at + 2 - n_shown..=at + 1).map(|level| format!("%{level}")).collect();
    let template = value(attributes, "num-list-format").map(|template| of_list_format(&template)).unwrap_or_else(|| {
        format!("{}{}{}", value(attributes, "num-prefix").unwrap_or_default(), numbers.join("."), value(attributes, "num-suffix").unwrap_or_default())
    });
    (at, Level { format, template, start: number(attributes, "start-value").unwrap_or(1) })
}

/// `%1%.%2%)` as `%1.%2)`.
fn of_list_format(template: &str) -> String {
    let mut out = String::new();
    let mut rest = template.chars().peekable();
    while let Some(c) = rest.next() {
        out.push(c);
        if c == '%'
            && let Some(digit) = rest.next_if(char::is_ascii_digit)
        {
            out.push(digit);
            rest.next_if_eq(&'%');
        }
    }
    out
}
