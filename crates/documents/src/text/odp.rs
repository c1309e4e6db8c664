//! Text of OpenDocument presentations (ODP): a page a slide, its title as a heading, what the speaker says as notes.

use super::odt::{Story, Styles, parts_of};
use super::parts::{broken, local, value};
use super::writer::Writer;
use super::{BlockKind, DocumentText, Limits};
use crate::Refusal;
use crate::xml::{Event, Events};

/// Reads a presentation, or a drawing, which is made the same way.
pub(super) fn text(bytes: &[u8], limits: &Limits) -> Result<DocumentText, Refusal> {
    let (content, styles_part) = parts_of(bytes, limits)?;
    let styles = Styles::read(&[&styles_part, &content])?;
    let mut story = Story::new(&styles, Writer::new(limits));
    let fault = |fault| broken(&fault, "content.xml");
    let mut events = Events::new(&content);
    let (mut is_hidden, mut in_page) = (false, false);
    while let Some(event) = events.next().map_err(fault)? {
        match event {
            Event::Start { name: "draw:page", attributes } => {
                in_page = true;
                is_hidden = value(attributes, "style-name").is_some_and(|style| styles.hidden_pages.contains(&style));
                if is_hidden {
                    story.writer.remark("some slides are hidden; the words there are marked as not visible");
                }
            }
            Event::End { name: "draw:page" } => {
                in_page = false;
                story.writer.end_page(None)?;
            }
            Event::Start { name: "presentation:notes", .. } => {
                story.writer.begin_aside();
                story.hidden(true, |story| story.element(&mut events, "content.xml"))?;
                story.writer.end_aside(Some(BlockKind::Note));
            }
            Event::Start { name, attributes } if in_page && name.starts_with("draw:") => {
                let is_title = local(name) == "frame" && value(attributes, "class").as_deref() == Some("title");
                story.writer.begin_aside();
                story.hidden(is_hidden, |story| story.element(&mut events, "content.xml"))?;
                story.writer.end_aside(is_title.then_some(BlockKind::Heading(1)));
            }
            _ => {}
        }
    }
    Ok(story.writer.finish())
}
