//! XML as text: elements, attributes, and words that cannot become either.

/// An element with what is in it, which is XML already.
pub(super) fn element(name: &str, attributes: &[(&str, &str)], inner: &str) -> String {
    format!("<{name}{}>{inner}</{name}>", written(attributes))
}

/// An element with nothing in it.
pub(super) fn empty(name: &str, attributes: &[(&str, &str)]) -> String {
    format!("<{name}{}/>", written(attributes))
}

/// A whole file.
pub(super) fn declared(root: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{root}")
}

/// Words as XML. Characters that XML has no way to write become the replacement character.
pub(super) fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push_str(&format!("&#{};", u32::from(letter))),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(letter),
        }
    }
    out
}

/// A paragraph of a cell. Spaces in a row, tabs and line ends are elements of their own, or a reader would fold them into one.
pub(super) fn paragraph(words: &str) -> String {
    let mut inner = String::new();
    let mut plain = String::new();
    let mut letters = words.chars().peekable();
    let mut at_start = true;
    while let Some(letter) = letters.next() {
        let own = match letter {
            ' ' if at_start || plain.ends_with(' ') || letters.peek().is_none() => Some("<text:s/>"),
            '\t' => Some("<text:tab/>"),
            '\r' if letters.peek() == Some(&'\n') => Some(""),
            '\n' | '\r' => Some("<text:line-break/>"),
            _ => None,
        };
        if let Some(own) = own {
            inner.push_str(&escaped(&plain));
            inner.push_str(own);
            plain.clear();
            at_start = true;
        } else {
            plain.push(letter);
            at_start = false;
        }
    }
    inner.push_str(&escaped(&plain));
    element("text:p", &[], &inner)
}

fn written(attributes: &[(&str, &str)]) -> String {
    attributes.iter().map(|(name, value)| format!(" {name}=\"{}\"", escaped(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cannot_become_markup() {
        assert_eq!(element("a", &[("b", "\"<&")], &escaped("<c> & \u{1}")), "<a b=\"&quot;&lt;&amp;\">&lt;c&gt; &amp; \u{fffd}</a>");
    }

    #[test]
    fn no_space_tab_or_line_end_is_lost() {
        assert_eq!(paragraph(" a  b\tc\r\nd "), "<text:p><text:s/>a <text:s/>b<text:tab/>c<text:line-break/>d<text:s/></text:p>");
        assert_eq!(paragraph("Ynys Môn"), "<text:p>Ynys Môn</text:p>");
    }
}
