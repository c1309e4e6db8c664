//! The text of an HTML page or message, in the order in which it stands.
//!
//! Everything that is not markup is text, also what a style would hide: whoever screens a message must see it all.

use mail_parser::decoders::html::add_html_token;

/// Elements whose content no reader sees.
const UNSEEN: [&str; 6] = ["script", "style", "head", "template", "title", "noscript"];

/// Elements that begin a new line.
const BLOCKS: [&str; 27] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "caption",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "ol",
    "p",
    "table",
    "tr",
];

/// Turns HTML into text: lines for blocks, tabs between the cells of a row, entities resolved.
///
/// ```
/// use headwater_documents::mail::text_of_html;
/// assert_eq!(text_of_html("<style>p {}</style><p>Fish &amp; chips<br>twice</p>"), "Fish & chips\ntwice\n");
/// ```
pub fn text_of_html(html: &str) -> String {
    let mut out = Lines { text: String::with_capacity(html.len() / 2), space: false };
    let mut rest = html;
    let mut hidden: Option<&str> = None;
    while !rest.is_empty() {
        let Some(tag) = rest.strip_prefix('<') else {
            let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            rest = after;
            if hidden.is_none() {
                out.words(text);
            }
            continue;
        };
        if let Some(comment) = tag.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        if !tag.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            // A "<" that opens nothing.
            if hidden.is_none() {
                out.words("<");
            }
            rest = tag;
            continue;
        }
        let end = end_of_tag(tag);
        let (inside, after) = tag.split_at(end);
        rest = after.strip_prefix('>').unwrap_or(after);
        let is_end = inside.starts_with('/');
        let name: String = inside.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        match hidden {
            Some(open) if is_end && open == name => hidden = None,
            // A head that is never closed must not hide the body.
            Some("head") if name == "body" => hidden = None,
            Some(_) => {}
            None if !is_end && !inside.ends_with('/') && UNSEEN.contains(&name.as_str()) => {
                hidden = UNSEEN.iter().find(|unseen| **unseen == name).copied();
            }
            None if BLOCKS.contains(&name.as_str()) => {
                out.new_line();
                if name == "li" && !is_end {
                    out.text.push_str("- ");
                }
            }
            None if matches!(name.as_str(), "td" | "th") && is_end => out.tab(),
            None => {}
        }
    }
    out.new_line();
    out.text
}

/// Where a tag ends; a `>` in quotes does not end it, but a quote that never closes does not swallow the rest.
fn end_of_tag(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    tag.find('>').unwrap_or(tag.len())
}

struct Lines {
    text: String,
    space: bool,
}

impl Lines {
    fn words(&mut self, text: &str) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if c.is_whitespace() && c != '\u{a0}' {
                self.space = true;
                rest = &rest[c.len_utf8()..];
                continue;
            }
            if self.space && !self.text.is_empty() && !self.text.ends_with(['\n', '\t', ' ']) {
                self.text.push(' ');
            }
            self.space = false;
            let entity = rest.strip_prefix('&').and_then(|_| rest.bytes().take(12).position(|byte| byte == b';'));
            if let Some(end) = entity {
                let mut resolved = String::new();
                add_html_token(&mut resolved, &rest.as_bytes()[..=end], false);
                self.text.push_str(if resolved == "\u{a0}" { " " } else { &resolved });
                rest = &rest[end + 1..];
            } else {
                self.text.push(if c == '\u{a0}' { ' ' } else { c });
                rest = &rest[c.len_utf8()..];
            }
        }
    }

    fn new_line(&mut self) {
        self.space = false;
        self.text.truncate(self.text.trim_end_matches([' ', '\t']).len());
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn tab(&mut self) {
        self.space = false;
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\t');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn html_as_mail_programs_write_it_becomes_text() {
        let cases = [
            ("<html><head><title>t</title></head><body><p>One</p><p>Two</p></body></html>", "One\nTwo\n"),
            ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a\tb\nc\td\n"),
            ("<ul><li>one<li>two</ul>", "- one\n- two\n"),
            ("a <!-- > hidden --> b<!--[if mso]>c<![endif]-->", "a b\n"),
            ("Dear&nbsp;Ms O&#39;Hara,&#x20;caf&eacute; &unknown; & co", "Dear Ms O'Hara, café &unknown; & co\n"),
            ("5 < 6 and <b>7</b>", "5 < 6 and 7\n"),
            ("<p title=\"a > b\">text", "text\n"),
            ("<p title=\"never closed>text", "text\n"),
            ("<head><body>seen", "seen\n"),
            ("<script>if (a < b) { x }</script>seen", "seen\n"),
            ("<span style=\"display:none\">also seen</span>", "also seen\n"),
            ("", ""),
        ];
        for (html, text) in cases {
            assert_eq!(text_of_html(html), text, "{html}");
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_to_an_end(html in "[<>/!a-p&;#x0-9\"'\\- \u{e9}\n]{0,80}") {
            let text = text_of_html(&html);
            prop_assert!(text.is_empty() || text.ends_with('\n'));
        }
    }
}
