//! The words of diagrams and charts, which lie in parts of their own beside a document or a slide.

use super::BlockKind;
use super::parts::{broken, local, skip};
use super::writer::Writer;
use crate::Refusal;
use crate::xml::{Event, Events, unescape};

/// Writes them behind the open block: titles and labels, not the numbers of a chart.
pub(super) fn read(text: &str, part: &str, writer: &mut Writer<'_>) -> Result<(), Refusal> {
    let fault = |fault| broken(&fault, part);
    let mut events = Events::new(text);
    let (mut in_text, mut in_words) = (false, false);
    writer.begin_aside();
    while let Some(event) = events.next().map_err(fault)? {
        match event {
            Event::Start { name, .. } => match local(name) {
                "p" | "pt" => writer.begin(BlockKind::Paragraph),
                "t" => in_text = true,
                "strCache" | "strLit" => in_words = true,
                "v" if in_words => in_text = true,
                "numCache" | "numLit" | "Fallback" | "userShapes" => skip(&mut events).map_err(fault)?,
                "br" => writer.line(),
                _ => {}
            },
            Event::End { name } => match local(name) {
                "p" | "pt" => writer.end(),
                "t" | "v" => in_text = false,
                "strCache" | "strLit" => in_words = false,
                _ => {}
            },
            Event::Text(text) if in_text => writer.text(&unescape(text))?,
            Event::Literal(text) if in_text => writer.text(text)?,
            Event::Text(_) | Event::Literal(_) => {}
        }
    }
    writer.end_aside(None);
    Ok(())
}
