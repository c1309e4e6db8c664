//! A document as the values that the layout sets.

use super::exhibit;
use super::extracts::Extracts;
use crate::address::Here;
use crate::chart::lettering::capital;
use crate::page::{exhibit_name, marking, pieces, tied};
use headwater_release::{Block, Document, Finding, Passage, Section, Span, Target};
use typst::foundations::{Array, Dict, IntoValue, Value, dict};

/// Everything on paper, in order.
pub(crate) fn document(here: &Here<'_>, it: &Document) -> Dict {
    let extracts = Extracts::of(it);
    let sections = it.sections.iter().enumerate().map(|(position, part)| {
        let here = Here { section: Some(position), ..*here };
        section(&here, part, position, &extracts)
    });
    dict! {
        "title" => it.title.as_str(),
        "site" => here.site.publication.title.as_str(),
        "area" => it.area.as_str(),
        "kind" => capital(&it.area_kind),
        "period" => it.period.as_str(),
        "marking" => marking(it.audience).map_or(Value::None, |words| words.into_value()),
        "standfirst" => passage(&it.standfirst, here),
        "key_figures" => facts(&it.key_figures, here),
        "front" => facts(&[it.front.as_slice(), &published(here)].concat(), here),
        "sections" => sections.collect::<Array>(),
        "extracts" => extracts.values(),
        "attribution" => here.site.publication.attribution.iter().map(|line| line.as_str().into_value()).collect::<Array>(),
    }
}

/// Who published it and on which day, as far as that is known.
fn published(here: &Here<'_>) -> Vec<(String, Passage)> {
    let it = &here.site.publication.imprint;
    let day = it.issued.map(|day| ("Published".to_owned(), Passage::new().name(day.name())));
    let by = it.publisher.name.as_ref().map(|name| ("Publisher".to_owned(), Passage::new().name(name.clone())));
    day.into_iter().chain(by).collect()
}

fn section(here: &Here<'_>, it: &Section, position: usize, extracts: &Extracts<'_>) -> Value {
    let (mut figures, mut tables) = (0, 0);
    let blocks = it.blocks.iter().filter(|block| !leads_only_away(block, here)).map(|block| match block {
        Block::Paragraph(words) => dict! {"kind" => "paragraph", "words" => passage(words, here)},
        // All its words; set as a letter it has paper of its own, see `letter_pdf`.
        Block::Letter(letter) => dict! {"kind" => "paragraph", "words" => passage(&Passage::new().name(letter.plain()), here)},
        Block::Heading(words) => dict! {"kind" => "heading", "words" => words.as_str()},
        Block::List(items) => dict! {"kind" => "list", "items" => passages(items, here)},
        Block::Facts(all) => dict! {"kind" => "facts", "facts" => facts(all, here)},
        Block::Warning(words) => dict! {"kind" => "warning", "words" => passage(words, here)},
        Block::NotYetKnown(words) => dict! {"kind" => "unknown", "words" => passage(words, here)},
        Block::Findings(all) => dict! {"kind" => "findings", "findings" => all.iter().map(|one| finding(one, here)).collect::<Array>()},
        Block::Figure(figure) => {
            figures += 1;
            exhibit::figure(figure, here, figures - 1, extracts)
        }
        Block::Table(table) => {
            tables += 1;
            exhibit::lone_table(table, here, &format!("{}-table-{tables}", it.slug))
        }
    });
    let blocks: Array = blocks.map(IntoValue::into_value).collect();
    let begins_page = it.blocks.iter().any(|block| matches!(block, Block::Figure(_) | Block::Table(_)));
    dict! {
        "label" => section_label(position),
        "name" => it.name.as_str(),
        "title" => tied(&it.title.plain()),
        "lede" => passage(&it.lede, here),
        "begins_page" => begins_page,
        "blocks" => blocks,
    }
    .into_value()
}

/// A paragraph that is nothing but a link to another page of the site says nothing on paper.
fn leads_only_away(block: &Block, here: &Here<'_>) -> bool {
    let Block::Paragraph(words) = block else { return false };
    let says_nothing = |span: &Span| match span {
        Span::Link(_, target) => place(target, here).is_none(),
        Span::Text(words) => words.chars().all(|letter| letter == '.' || letter.is_whitespace()),
        Span::Strong(_) => false,
    };
    words.spans().iter().all(says_nothing)
}

fn finding(it: &Finding, here: &Here<'_>) -> Value {
    dict! {
        "statement" => passage(&it.statement, here),
        "certainty" => it.certainty.word(),
        "why" => passage(&it.why, here),
        "see" => tied(&exhibit_name(&it.exhibit, here)),
        "to" => place(&it.exhibit, here).map_or(Value::None, |(_, to)| to.into_value()),
    }
    .into_value()
}

fn facts(all: &[(String, Passage)], here: &Here<'_>) -> Array {
    all.iter().map(|(name, words)| dict! {"name" => name.as_str(), "words" => passage(words, here)}.into_value()).collect()
}

/// Several passages.
pub(crate) fn passages(all: &[Passage], here: &Here<'_>) -> Array {
    all.iter().map(|words| passage(words, here).into_value()).collect()
}

/// The pieces of a passage. A link to what is not on paper becomes plain words.
pub(crate) fn passage(it: &Passage, here: &Here<'_>) -> Array {
    let piece = |kind: &str, words: &str, to: &str| dict! {"kind" => kind, "words" => words, "to" => to}.into_value();
    let mut out = Array::new();
    for span in it.spans() {
        match span {
            Span::Text(words) => {
                for (is_command, part) in pieces(words) {
                    out.push(if is_command { piece("code", part, "") } else { piece("text", &tied(part), "") });
                }
            }
            Span::Strong(words) => out.push(piece("strong", &tied(words), "")),
            Span::Link(words, target) => match place(target, here) {
                Some((kind, to)) => out.push(piece(kind, &tied(words), &to)),
                None => out.push(piece("text", &tied(words), "")),
            },
        }
    }
    out
}

/// Where a link leads: a label on paper, or an address outside.
fn place(target: &Target, here: &Here<'_>) -> Option<(&'static str, String)> {
    match target {
        Target::Section(slug) => {
            let position = here.the_document()?.sections.iter().position(|section| section.slug == *slug)?;
            Some(("place", section_label(position)))
        }
        Target::Figure(slug) => here.figure_id(slug).map(|id| ("place", figure_label(&id))),
        // On paper there is nothing beside the document.
        Target::File(_) => None,
        Target::Url(_) => here.href(target).map(|address| ("url", address)),
        Target::Document(_) | Target::SectionOf(..) | Target::About(_) | Target::Measure(_) => None,
    }
}

fn section_label(position: usize) -> String {
    format!("section:{}", position + 1)
}

/// The label of a figure by its id.
pub(crate) fn figure_label(id: &str) -> String {
    format!("figure:{id}")
}
