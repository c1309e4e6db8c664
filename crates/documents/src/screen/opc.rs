//! What the parts of an OOXML file refer to, and the names that its sheets and slides have for a reader.

use super::look::{Element, Look};
use crate::text::within;
use crate::xml::attribute;

/// One part that another refers to.
pub(super) struct Relation {
    id: String,
    /// The last word of its type: "comments".
    pub(super) kind: String,
    pub(super) part: String,
}

/// What a part refers to inside the file.
pub(super) fn relations(look: &mut Look, part: &str) -> Vec<Relation> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let list = format!("{folder}/_rels/{file}.rels");
    let mut out = Vec::new();
    look.elements(list.trim_start_matches('/'), |element| {
        let Element::Start("Relationship", attributes) = element else { return };
        let of = |name| attribute(attributes, name).unwrap_or_default();
        if of("TargetMode") != "External" {
            let kind = of("Type").rsplit('/').next().unwrap_or_default().to_owned();
            out.push(Relation { id: of("Id"), kind, part: within(folder, &of("Target")) });
        }
    });
    out
}

/// The parts that a list names, in its order, each with its attribute `name`: sheets of a workbook, slides of a presentation.
pub(super) fn listed(look: &mut Look, list: &str, element: &str, name: &str) -> Vec<(String, String)> {
    let relations = relations(look, list);
    let mut ids = Vec::new();
    look.elements(list, |it| {
        if let Element::Start(of, attributes) = it
            && of == element
        {
            ids.push((attribute(attributes, name).unwrap_or_default(), attribute(attributes, "r:id").unwrap_or_default()));
        }
    });
    let part_of = |(name, id): (String, String)| relations.iter().find(|it| it.id == id).map(|it| (name, it.part.clone()));
    ids.into_iter().filter_map(part_of).collect()
}

/// The sheets of a workbook: name and part.
pub(super) fn sheets(look: &mut Look) -> Vec<(String, String)> {
    listed(look, "xl/workbook.xml", "sheet", "name").into_iter().map(|(name, part)| (format!("sheet \"{name}\""), part)).collect()
}

/// The slides of a presentation: number and part.
pub(super) fn slides(look: &mut Look) -> Vec<(String, String)> {
    let slides = listed(look, "ppt/presentation.xml", "sldId", "id");
    slides.into_iter().enumerate().map(|(at, (_, part))| (format!("slide {}", at + 1), part)).collect()
}

/// The words inside each element of this name, a line for each paragraph; what stands in `skipped` elements is left out.
pub(super) fn words_in(look: &mut Look, part: &str, wanted: &str, skipped: &[&str]) -> Vec<String> {
    let (mut depth, mut n_skipped) = (0_usize, 0_usize);
    let mut out: Vec<String> = Vec::new();
    look.elements(part, |element| match element {
        Element::Start(name, _) if name == wanted => {
            if depth == 0 {
                out.push(String::new());
            }
            depth += 1;
        }
        Element::End(name) if name == wanted => depth = depth.saturating_sub(1),
        Element::Start(name, _) if skipped.contains(&name) => n_skipped += 1,
        Element::End(name) if skipped.contains(&name) => n_skipped = n_skipped.saturating_sub(1),
        Element::End("p" | "h") if depth > 0 => {
            if let Some(last) = out.last_mut() {
                last.push('\n');
            }
        }
        Element::Text(text) if depth > 0 && n_skipped == 0 => {
            if let Some(last) = out.last_mut() {
                last.push_str(&crate::xml::unescape(text));
            }
        }
        _ => {}
    });
    out
}

/// "1 comment", "3 comments".
pub(super) fn counted(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// How many words a text has.
pub(super) fn n_words(text: &str) -> usize {
    text.split_whitespace().count()
}
