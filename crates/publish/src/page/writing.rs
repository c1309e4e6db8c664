//! What people wrote in Markdown, as HTML: headings, paragraphs, lists, tables, links; nothing that acts.

use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A text with its first heading taken out as the title.
#[derive(Debug)]
pub(crate) struct Written {
    /// The words of the first heading, if the text begins with one.
    pub(crate) title: Option<String>,
    /// Everything else, its headings from the second level on.
    pub(crate) body: Markup,
}

/// Reads Markdown. Raw HTML in it is shown as it is written; pictures become their words; links lead to the web or to an
/// e-mail address, or are words only. Headings skip no level.
pub(crate) fn written(markdown: &str) -> Written {
    let mut events = Parser::new_ext(markdown, Options::ENABLE_TABLES).peekable();
    let mut title = None;
    if let Some(Event::Start(Tag::Heading { .. })) = events.peek() {
        let words = words_until(&mut events, |end| matches!(end, TagEnd::Heading(_)));
        title = (!words.is_empty()).then_some(words);
    }
    let (mut out, mut level, mut heading, mut links) = (Vec::new(), 1_usize, title.clone().unwrap_or_default(), Vec::new());
    while let Some(event) = events.next() {
        match event {
            Event::Html(raw) | Event::InlineHtml(raw) => out.push(Event::Text(raw)),
            Event::Start(Tag::Heading { level: given, .. }) => {
                let words = words_until(&mut events, |end| matches!(end, TagEnd::Heading(_)));
                // A heading without words would be an empty stop for a screen reader.
                if !words.is_empty() {
                    level = (given as usize).clamp(2, level + 1);
                    out.extend(whole_heading(level, &words));
                    heading = words;
                }
            }
            Event::Start(Tag::Table(_)) => out.push(Event::Html(table(&mut events, &heading).into_string().into())),
            Event::Start(Tag::Image { .. }) => {
                let words = words_until(&mut events, |end| matches!(end, TagEnd::Image));
                out.push(Event::Text(words.into()));
            }
            Event::Start(Tag::Link { ref dest_url, .. }) => {
                let allowed = ["https://", "http://", "mailto:"].iter().any(|scheme| dest_url.starts_with(scheme));
                links.push(allowed);
                if allowed {
                    out.push(event);
                }
            }
            Event::End(TagEnd::Link) => {
                if links.pop() == Some(true) {
                    out.push(event);
                }
            }
            // Blocks of raw HTML have been turned into text; a paragraph holds it.
            Event::Start(Tag::HtmlBlock) => out.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => out.push(Event::End(TagEnd::Paragraph)),
            other => out.push(other),
        }
    }
    let mut body = String::new();
    pulldown_cmark::html::push_html(&mut body, out.into_iter());
    Written { title, body: PreEscaped(body) }
}

fn whole_heading(level: usize, words: &str) -> [Event<'static>; 3] {
    let level = match level {
        2 => HeadingLevel::H2,
        3 => HeadingLevel::H3,
        4 => HeadingLevel::H4,
        5 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    };
    let start = Tag::Heading { level, id: None, classes: Vec::new(), attrs: Vec::new() };
    [Event::Start(start), Event::Text(CowStr::from(words.to_owned())), Event::End(TagEnd::Heading(level))]
}

/// The plain words up to the end of what has begun.
fn words_until<'a>(events: &mut impl Iterator<Item = Event<'a>>, is_end: impl Fn(&TagEnd) -> bool) -> String {
    let mut words = String::new();
    for event in events {
        match event {
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => words += &text,
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            Event::End(end) if is_end(&end) => break,
            _ => {}
        }
    }
    words.trim().to_owned()
}

/// A table with a caption and heading cells that say what they head.
fn table<'a>(events: &mut impl Iterator<Item = Event<'a>>, caption: &str) -> Markup {
    let (mut rows, mut row): (Vec<Vec<String>>, Vec<String>) = (Vec::new(), Vec::new());
    while let Some(event) = events.next() {
        match event {
            Event::Start(Tag::TableCell) => {
                let words = words_until(events, |end| matches!(end, TagEnd::TableCell));
                row.push(if words.is_empty() { "none".to_owned() } else { words });
            }
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => rows.push(std::mem::take(&mut row)),
            Event::End(TagEnd::Table) => break,
            _ => {}
        }
    }
    let caption = if caption.is_empty() { "Table" } else { caption };
    html! {
        div.scroll role="group" aria-label=(caption) tabindex="0" {
            table {
                caption { (caption) }
                @for (i, row) in rows.iter().enumerate() {
                    tr {
                        @for (j, cell) in row.iter().enumerate() {
                            @if i == 0 { th.t scope="col" { (cell) } } @else if j == 0 { th.t scope="row" { (cell) } } @else { td.t { (cell) } }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(markdown: &str, html: &str) {
        assert_eq!(written(markdown).body.into_string().trim(), html, "{markdown}");
    }

    #[test]
    fn nothing_that_is_written_can_act() {
        check("a <script>alert(1)</script> b", "<p>a &lt;script&gt;alert(1)&lt;/script&gt; b</p>");
        check("<div onclick=\"x\">\n\nb", "<p>&lt;div onclick=\"x\"&gt;\n</p>\n<p>b</p>");
        check("[x](javascript:alert) [y](https://a.example) [z](../up.html)", "<p>x <a href=\"https://a.example\">y</a> z</p>");
        check("![a picture](https://elsewhere.example/x.png)", "<p>a picture</p>");
    }

    #[test]
    fn the_first_heading_is_the_title_and_no_level_is_skipped() {
        let page = written("# Crynodeb\n\n#### Pell\n\n# Nesaf\n\n#\n");
        assert_eq!(page.title.as_deref(), Some("Crynodeb"));
        assert_eq!(page.body.into_string().trim(), "<h2>Pell</h2>\n<h2>Nesaf</h2>");
        assert_eq!(written("No heading").title, None);
    }

    #[test]
    fn tables_say_what_heads_them() {
        let page = written("# T\n\n## Bands\n\n| band | n |\n|---|---|\n| young | |\n").body.into_string();
        assert!(page.contains("<caption>Bands</caption>") && page.contains("<th class=\"t\" scope=\"col\">n</th>"), "{page}");
        assert!(page.contains("<th class=\"t\" scope=\"row\">young</th><td class=\"t\">none</td>"), "{page}");
    }
}
