//! Text of web pages.
//!
//! The markup may be of any kind: what is not closed is closed where a browser would close it, near enough. What a page hides by
//! itself (`hidden`, `display:none` and `visibility:hidden` in a `style`) is told apart; rules of style sheets are not applied.

use super::writer::Writer;
use super::{BlockKind, DocumentText, Limits};
use crate::Refusal;
use mail_parser::decoders::html::add_html_token;

/// The most elements that may be open in each other; deeper ones are read as if they did not nest.
const DEEPEST: usize = 300;

/// Elements without content.
const VOID: [&str; 14] = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements whose content is no text of the page.
const UNSEEN: [&str; 12] = ["script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math", "datalist", "audio", "video"];

/// Elements that stand for themselves on the page, so that text before and behind them is apart.
const BLOCKS: [&str; 37] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "ul",
];

/// Reads a web page.
pub(super) fn text(html: &str, limits: &Limits) -> Result<DocumentText, Refusal> {
    let mut writer = Writer::new(limits);
    write(html, &mut writer)?;
    writer.end_page(None)?;
    Ok(writer.finish())
}

/// An element that is open.
struct Open {
    name: String,
    is_hidden: bool,
    /// The number of the next item of an ordered list.
    number: Option<i32>,
}

/// Writes the text of HTML to the page that is open.
pub(super) fn write(html: &str, writer: &mut Writer<'_>) -> Result<(), Refusal> {
    let mut page = Page { writer, open: Vec::new(), n_hidden: 0, n_lists: 0, n_preformatted: 0 };
    let mut rest = html;
    while !rest.is_empty() {
        let Some(tag) = rest.strip_prefix('<') else {
            let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            rest = after;
            page.text(text)?;
            continue;
        };
        if let Some(comment) = tag.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        if !tag.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            page.text("<")?;
            rest = tag;
            continue;
        }
        let (inside, after) = tag.split_at(end_of_tag(tag));
        rest = after.strip_prefix('>').unwrap_or(after);
        let name: String = inside
            .trim_start_matches('/')
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
            .take(30)
            .collect::<String>()
            .to_ascii_lowercase();
        if inside.starts_with('/') {
            page.end(&name);
        } else if UNSEEN.contains(&name.as_str()) {
            if !inside.ends_with('/') {
                rest = behind_end_of(&name, rest);
            }
        } else {
            page.start(name, inside)?;
        }
    }
    page.writer.is_visible = true;
    Ok(())
}

/// Where a tag ends; a `>` in quotes does not end it, but a quote that never closes does not swallow the rest.
fn end_of_tag(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate().take(100_000) {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    tag.find('>').unwrap_or(tag.len())
}

/// What follows the end of an element whose content is not read.
fn behind_end_of<'a>(name: &str, text: &'a str) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return rest.find('>').map_or("", |end| &rest[end + 1..]);
        }
    }
    ""
}

struct Page<'a, 'b> {
    writer: &'a mut Writer<'b>,
    open: Vec<Open>,
    n_hidden: usize,
    n_lists: u8,
    n_preformatted: usize,
}

impl Page<'_, '_> {
    fn text(&mut self, text: &str) -> Result<(), Refusal> {
        self.writer.is_visible = self.n_hidden == 0;
        let text = resolved(text);
        if self.n_preformatted == 0 {
            return self.writer.flowing(&text);
        }
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.writer.line();
            }
            self.writer.text(line)?;
        }
        Ok(())
    }

    fn start(&mut self, name: String, tag: &str) -> Result<(), Refusal> {
        // What a browser closes by itself.
        match name.as_str() {
            "li" => self.close_within(&["li"], &["ul", "ol", "menu", "dir", "table"]),
            "dt" | "dd" => self.close_within(&["dt", "dd"], &["dl", "table"]),
            "option" => self.close_within(&["option"], &["select"]),
            "tr" => self.close_within(&["tr"], &["table"]),
            "td" | "th" => self.close_within(&["td", "th"], &["tr", "table"]),
            "thead" | "tbody" | "tfoot" => self.close_within(&["thead", "tbody", "tfoot"], &["table"]),
            name if BLOCKS.contains(&name) || is_heading(name) => self.close_within(&["p"], &["td", "th", "table", "div", "li", "body"]),
            _ => {}
        }
        let is_hidden = is_hidden(tag);
        let is_void = VOID.contains(&name.as_str());
        match name.as_str() {
            "br" => {
                self.writer.is_visible = self.n_hidden == 0;
                self.writer.line();
            }
            name if BLOCKS.contains(&name) && name != "li" && self.writer.is_at_begin_of_item() => {}
            "li" => {
                self.writer.begin(BlockKind::Item(self.n_lists.max(1)));
                if let Some(number) = self.open.iter_mut().rev().find(|open| is_list(&open.name)).and_then(|list| list.number.as_mut()) {
                    let own = attribute(tag, "value=").unwrap_or(*number);
                    *number = own.saturating_add(1);
                    self.writer.label(&format!("{own}."))?;
                }
            }
            "tr" | "td" | "th" if self.open.len() >= DEEPEST => {}
            "tr" => self.writer.begin_row()?,
            "td" | "th" => self.writer.begin_cell()?,
            "pre" => self.writer.begin(BlockKind::Paragraph),
            name if is_heading(name) => self.writer.begin(BlockKind::Heading(name.as_bytes()[1] - b'0')),
            name if BLOCKS.contains(&name) => self.writer.end(),
            _ => {}
        }
        if !is_void && self.open.len() < DEEPEST {
            self.n_hidden += usize::from(is_hidden);
            self.n_lists = self.n_lists.saturating_add(u8::from(is_list(&name)));
            self.n_preformatted += usize::from(name == "pre");
            let number = (name == "ol").then(|| attribute(tag, "start=").unwrap_or(1));
            self.open.push(Open { name, is_hidden, number });
        }
        Ok(())
    }

    fn end(&mut self, name: &str) {
        match self.open.iter().rposition(|open| open.name == name) {
            Some(at) => {
                while self.open.len() > at {
                    self.close();
                }
            }
            // An end that nothing began parts text all the same.
            None if BLOCKS.contains(&name) => self.writer.end(),
            None => {}
        }
    }

    /// Closes an element of these names, unless one of the others lies between.
    fn close_within(&mut self, names: &[&str], borders: &[&str]) {
        let found = self.open.iter().rposition(|open| names.contains(&open.name.as_str()) || borders.contains(&open.name.as_str()));
        if let Some(at) = found.filter(|at| names.contains(&self.open[*at].name.as_str())) {
            while self.open.len() > at {
                self.close();
            }
        }
    }

    /// Closes the innermost element.
    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        self.n_hidden -= usize::from(open.is_hidden);
        self.n_lists = self.n_lists.saturating_sub(u8::from(is_list(&open.name)));
        self.n_preformatted -= usize::from(open.name == "pre");
        match open.name.as_str() {
            "td" | "th" => self.writer.end_cell(),
            "tr" => self.writer.end_row(),
            name if BLOCKS.contains(&name) || is_heading(name) => self.writer.end(),
            _ => {}
        }
    }
}

fn is_list(name: &str) -> bool {
    matches!(name, "ul" | "ol" | "menu" | "dir")
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Whether a tag hides what is in it.
fn is_hidden(tag: &str) -> bool {
    let Some(lower) = tag.get(..tag.len().min(5_000)).map(str::to_ascii_lowercase) else { return false };
    let style: String = lower.split_once("style=").map_or("", |(_, style)| style).chars().filter(|c| !c.is_whitespace()).collect();
    style.contains("display:none")
        || style.contains("visibility:hidden")
        || lower.split_ascii_whitespace().skip(1).any(|word| word.trim_end_matches('/') == "hidden" || word.starts_with("hidden="))
}

/// The number that an attribute holds.
fn attribute(tag: &str, name: &str) -> Option<i32> {
    let value = tag.split_ascii_whitespace().find_map(|word| word.strip_prefix(name))?;
    value.trim_matches(|c: char| !c.is_ascii_digit() && c != '-').parse().ok()
}

/// Text with its entities resolved.
fn resolved(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match rest.bytes().take(33).skip(1).position(|byte| !byte.is_ascii_alphanumeric() && byte != b'#').map(|end| end + 1) {
            Some(end) if rest.as_bytes()[end] == b';' => {
                add_html_token(&mut out, &rest.as_bytes()[..=end], false);
                rest = &rest[end + 1..];
            }
            _ => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}
