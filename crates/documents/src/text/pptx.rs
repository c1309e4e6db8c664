//! Text of PowerPoint presentations (PPTX): a page a slide, its title as a heading, what the speaker says as notes.

use super::docx::main_part;
use super::parts::{Parts, Relations, broken, local, missing, number, skip, value};
use super::writer::Writer;
use super::{BlockKind, DocumentText, Limits, drawn};
use crate::Refusal;
use crate::xml::{Event, Events, attribute, unescape};
use std::collections::BTreeSet;

/// Reads a presentation.
pub(super) fn text(bytes: &[u8], limits: &Limits) -> Result<DocumentText, Refusal> {
    let mut parts = Parts::open(bytes, limits)?;
    let main = main_part(&mut parts)?.unwrap_or_else(|| "ppt/presentation.xml".to_owned());
    let content = parts.text(&main)?.ok_or_else(|| missing(&main))?;
    let relations = parts.relations(&main)?;
    let mut writer = Writer::new(limits);
    // Each slide once, however often it is listed.
    let mut read = BTreeSet::new();
    let mut events = Events::new(&content);
    while let Some(event) = events.next().map_err(|fault| broken(&fault, &main))? {
        let Event::Start { name, attributes } = event else { continue };
        if local(name) != "sldId" {
            continue;
        }
        // It has a number without a prefix, too.
        let Some((_, part)) = attribute(attributes, "r:id").and_then(|id| relations.get(&id)) else { continue };
        if read.insert(part.clone()) {
            slide(&mut parts, part, &mut writer)?;
        }
    }
    Ok(writer.finish())
}

fn slide(parts: &mut Parts<'_>, part: &str, writer: &mut Writer<'_>) -> Result<(), Refusal> {
    let Some(text) = parts.text(part)? else { return Ok(()) };
    let relations = parts.relations(part)?;
    let notes = relations.values().find(|(of, _)| of == "notesSlide").map(|(_, part)| part.clone());
    shapes(parts, &text, part, relations, writer, false)?;
    if let Some(notes) = notes
        && let Some(text) = parts.text(&notes)?
    {
        writer.end();
        writer.begin_aside();
        shapes(parts, &text, &notes, Relations::new(), writer, true)?;
        writer.end_aside(Some(BlockKind::Note));
    }
    writer.is_visible = true;
    writer.end_page(None)
}

/// Reads the shapes of a slide in their order, or of the notes to it, of which only what the speaker is to say counts.
fn shapes(parts: &mut Parts<'_>, text: &str, part: &str, relations: Relations, writer: &mut Writer<'_>, are_notes: bool) -> Result<(), Refusal> {
    let fault = |fault| broken(&fault, part);
    let mut relations = relations;
    let mut events = Events::new(text);
    let (mut is_slide_hidden, mut is_shape_hidden, mut in_text) = (false, false, false);
    let mut kind = BlockKind::Paragraph;
    let mut counts = !are_notes;
    while let Some(event) = events.next().map_err(fault)? {
        match event {
            Event::Start { name, attributes } => match local(name) {
                "sld" if value(attributes, "show").is_some_and(|show| matches!(show.as_str(), "0" | "false")) => {
                    is_slide_hidden = true;
                    writer.remark("some slides are hidden; the words there are marked as not visible");
                }
                "sp" | "graphicFrame" => (kind, is_shape_hidden, counts) = (BlockKind::Paragraph, false, !are_notes),
                "cNvPr" if value(attributes, "hidden").is_some_and(|hidden| matches!(hidden.as_str(), "1" | "true")) => is_shape_hidden = true,
                "ph" => {
                    let of = value(attributes, "type");
                    kind = match of.as_deref() {
                        Some("title" | "ctrTitle") => BlockKind::Heading(1),
                        None | Some("body" | "obj") => BlockKind::Item(1),
                        _ => BlockKind::Paragraph,
                    };
                    if are_notes {
                        counts = of.as_deref() == Some("body");
                    }
                }
                "Fallback" => skip(&mut events).map_err(fault)?,
                "p" if counts => writer.begin(kind),
                "pPr" if counts => {
                    if let Some(BlockKind::Item(_)) = writer.open_kind() {
                        writer.kind(BlockKind::Item(number::<u8>(attributes, "lvl").unwrap_or(0).min(8) + 1));
                    }
                }
                "buNone" if counts => {
                    if let Some(BlockKind::Item(_)) = writer.open_kind() {
                        writer.kind(BlockKind::Paragraph);
                    }
                }
                "buChar" | "buAutoNum" if counts && kind == BlockKind::Paragraph => writer.kind(BlockKind::Item(1)),
                "t" if counts => {
                    in_text = true;
                    writer.is_visible = !is_slide_hidden && !is_shape_hidden && !are_notes;
                }
                "br" if counts => writer.line(),
                "tr" => writer.begin_row()?,
                "tc" => writer.begin_cell()?,
                "relIds" | "chart" => {
                    let found = value(attributes, if local(name) == "chart" { "id" } else { "dm" });
                    if let Some((_, part)) = found.and_then(|id| relations.remove(&id))
                        && let Some(text) = parts.text(&part)?
                    {
                        writer.is_visible = !is_slide_hidden;
                        drawn::read(&text, &part, writer)?;
                    }
                }
                _ => {}
            },
            Event::End { name } => match local(name) {
                "p" if counts => writer.end(),
                "t" => in_text = false,
                "tc" => writer.end_cell(),
                "tr" => writer.end_row(),
                _ => {}
            },
            Event::Text(text) if in_text => writer.text(&unescape(text))?,
            Event::Literal(text) if in_text => writer.text(text)?,
            Event::Text(_) | Event::Literal(_) => {}
        }
    }
    Ok(())
}
