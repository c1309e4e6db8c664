//! A small reader of XML events: enough for the parts of office files, and it always comes to an end.

/// What is wrong with some XML, as the end of a sentence.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Broken(pub String);

fn broken(what: impl Into<String>) -> Broken {
    Broken(what.into())
}

/// The deepest elements may be nested.
const DEEPEST: usize = 200;

/// What comes next in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event<'a> {
    /// An element begins. An empty one (`<a/>`) is followed by its end.
    Start {
        /// Its name with its prefix, as written.
        name: &'a str,
        /// Its attributes as written.
        attributes: &'a str,
    },
    /// An element ends; it is always the one that began last.
    End {
        /// Its name with its prefix, as written.
        name: &'a str,
    },
    /// Text, with its entities as written.
    Text(&'a str),
    /// Text without entities (CDATA).
    Literal(&'a str),
}

/// Reads events one after another and sees to it that every element that begins also ends.
pub(crate) struct Events<'a> {
    rest: &'a str,
    open: Vec<&'a str>,
    ends_at_once: bool,
}

impl<'a> Events<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { rest: text.trim_start_matches('\u{feff}'), open: Vec::new(), ends_at_once: false }
    }

    /// How many bytes of the text were not yet read.
    pub(crate) fn n_left(&self) -> usize {
        self.rest.len()
    }

    /// The next event, or `None` at the end of a whole document.
    pub(crate) fn next(&mut self) -> Result<Option<Event<'a>>, Broken> {
        if std::mem::take(&mut self.ends_at_once) {
            return Ok(self.open.pop().map(|name| Event::End { name }));
        }
        loop {
            if self.rest.is_empty() {
                return match self.open.last() {
                    None => Ok(None),
                    Some(name) => Err(broken(format!("<{name}> has no end"))),
                };
            }
            let Some(tag) = self.rest.strip_prefix('<') else {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at(end);
                self.rest = rest;
                return Ok(Some(Event::Text(text)));
            };
            if let Some(rest) = tag.strip_prefix("!--") {
                self.rest = after(rest, "-->")?.1;
            } else if let Some(rest) = tag.strip_prefix("![CDATA[") {
                let (literal, rest) = after(rest, "]]>")?;
                self.rest = rest;
                return Ok(Some(Event::Literal(literal)));
            } else if let Some(rest) = tag.strip_prefix('?') {
                self.rest = after(rest, "?>")?.1;
            } else if tag.starts_with('!') {
                // A document type could define entities that grow without end; spreadsheets have none.
                return Err(broken("it declares a document type"));
            } else if let Some(rest) = tag.strip_prefix('/') {
                let (name, rest) = after(rest, ">")?;
                self.rest = rest;
                let name = name.trim_ascii_end();
                return match self.open.pop() {
                    Some(open) if open == name => Ok(Some(Event::End { name })),
                    open => Err(broken(format!("</{name}> where </{}> was due", open.unwrap_or_default()))),
                };
            } else {
                return self.start(tag).map(Some);
            }
        }
    }

    fn start(&mut self, tag: &'a str) -> Result<Event<'a>, Broken> {
        let mut quote = None;
        let end = tag.bytes().position(|byte| {
            match (quote, byte) {
                (None, b'>') => return true,
                (None, b'"' | b'\'') => quote = Some(byte),
                (Some(open), _) if open == byte => quote = None,
                _ => {}
            }
            false
        });
        let end = end.ok_or_else(|| broken("a tag has no end"))?;
        self.rest = &tag[end + 1..];
        let inside = &tag[..end];
        let (inside, is_empty) = inside.strip_suffix('/').map_or((inside, false), |inside| (inside, true));
        let (name, attributes) = inside.split_at(inside.find(|c: char| c.is_ascii_whitespace()).unwrap_or(inside.len()));
        if self.open.len() == DEEPEST {
            return Err(broken("its elements are nested too deep"));
        }
        self.open.push(name);
        self.ends_at_once = is_empty;
        Ok(Event::Start { name, attributes })
    }
}

fn after<'a>(text: &'a str, end: &str) -> Result<(&'a str, &'a str), Broken> {
    text.split_once(end).ok_or_else(|| broken(format!("no \"{end}\" where one was due")))
}

/// The value of an attribute, with its entities resolved.
pub(crate) fn attribute(attributes: &str, wanted: &str) -> Option<String> {
    attribute_where(attributes, |name| name == wanted)
}

/// The value of the first attribute whose name passes, with its entities resolved.
pub(crate) fn attribute_where(attributes: &str, passes: impl Fn(&str) -> bool) -> Option<String> {
    let mut rest = attributes;
    loop {
        let (name, after_name) = rest.split_once('=')?;
        let after_name = after_name.trim_ascii_start();
        let quote = after_name.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after_value) = after_name[1..].split_once(quote)?;
        if passes(name.trim_ascii()) {
            return Some(unescape(value));
        }
        rest = after_value;
    }
}

/// Text with its entities resolved; what is no entity stays as it is.
pub(crate) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest.find(';').filter(|end| *end <= 12).map(|end| &rest[1..end]);
        let character = entity.and_then(|entity| match entity {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            other => {
                let number = other.strip_prefix('#')?;
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(code)
            }
        });
        match (character, entity) {
            (Some(character), Some(entity)) => {
                out.push(character);
                rest = &rest[entity.len() + 2..];
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &str) -> Result<Vec<Event<'_>>, Broken> {
        let mut events = Events::new(text);
        let mut out = Vec::new();
        while let Some(event) = events.next()? {
            out.push(event);
        }
        Ok(out)
    }

    #[test]
    fn elements_text_and_empty_elements_come_in_order() {
        let events = all("<?xml version='1.0'?><!-- a > b --><a x=\"1 > 0\"><b/>t&amp;<![CDATA[<raw>]]></a >").unwrap();
        let expected = [
            Event::Start { name: "a", attributes: " x=\"1 > 0\"" },
            Event::Start { name: "b", attributes: "" },
            Event::End { name: "b" },
            Event::Text("t&amp;"),
            Event::Literal("<raw>"),
            Event::End { name: "a" },
        ];
        assert_eq!(events, expected);
        assert_eq!(attribute(" x = \"1 &gt; 0\" y='2'", "y"), Some("2".to_owned()));
        assert_eq!(attribute(" x=\"1 &gt; 0\"", "x"), Some("1 > 0".to_owned()));
        assert_eq!(unescape("&#65;&#x42;&nope; & &#x110000; &apos;"), "AB&nope; & &#x110000; '");
    }

    #[test]
    fn what_does_not_end_or_fit_is_refused() {
        for text in ["<a>", "<a", "<a></b>", "</a>", "<!-- ", "<!DOCTYPE x [<!ENTITY a \"b\">]><a/>", "<a><![CDATA[</a>"] {
            assert!(all(text).is_err(), "{text}");
        }
        assert!(all(&"<a>".repeat(1_000)).unwrap_err().0.contains("too deep"));
    }

    proptest! {
        #[test]
        fn any_text_comes_to_an_end(text in "[<>/!?a-c=\"'&;#x0-9\\[\\]\\- \u{e9}]{0,60}") {
            let _ = all(&text);
            let _ = attribute(&text, "a");
            let _ = unescape(&text);
        }
    }
}
