//! What stays of a document, with a mark where something went.

use super::find::{Found, name_words};
use super::{Part, Remade, RemadeBlock, RemadePage, Removal, RemovedCount, Secrets, Target};
use crate::text::{DocumentText, PageText};
use std::collections::BTreeMap;

/// Builds the document from the words that stay. Of the document's own text nothing else is copied.
pub(super) fn rebuild(text: &DocumentText, removals: &[Removal], found: Found) -> Remade {
    let n_words: usize = text.pages.iter().map(|page| page.words.len()).sum();
    let (of_words, of_names) = found.reasons.split_at(n_words);
    let mut counts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut secrets = Secrets::default();
    for removal in removals {
        if let Target::Term { words, is_whole } = &removal.target {
            secrets.add_term(words, *is_whole);
        }
    }
    let (mut words_from, mut names_from) = (0, 0);
    let mut pages = Vec::with_capacity(text.pages.len());
    for (number, page) in text.pages.iter().enumerate() {
        let reasons = &of_words[words_from..words_from + page.words.len()];
        words_from += page.words.len();
        let name: Vec<&str> = name_words(page).collect();
        let name_reasons = &of_names[names_from..names_from + name.len()];
        names_from += name.len();
        let mut cell = Cell::default();
        name.iter().zip(name_reasons).for_each(|(word, reason)| cell.push(word, *reason, &mut secrets));
        let name = cell.end(&mut secrets);
        let blocks = blocks(page, reasons, &mut secrets);
        for part in name.iter().chain(blocks.iter().flat_map(|block| block.cells.iter().flatten())) {
            if let Part::Removed(reason) = part {
                *counts.entry((number + 1, *reason)).or_default() += 1;
            }
        }
        pages.push(RemadePage { name, blocks });
    }
    let numbers = |is: fn(&PageText) -> bool| text.pages.iter().enumerate().filter(|(_, page)| is(page)).map(|(at, _)| at + 1).collect();
    Remade {
        pages,
        counts: counts.into_iter().map(|((page, reason), n)| RemovedCount { page, reason, n }).collect(),
        without_effect: found.without_effect,
        within_longer: found.within_longer,
        n_hidden: text.pages.iter().flat_map(|page| &page.words).filter(|word| !word.is_visible).count(),
        unknown_on: numbers(|page| page.n_unknown > 0),
        wordless: numbers(|page| page.words.is_empty()),
        secrets,
    }
}

fn blocks(page: &PageText, reasons: &[Option<usize>], secrets: &mut Secrets) -> Vec<RemadeBlock> {
    let mut words = page.words.iter().zip(reasons).peekable();
    let mut blocks = Vec::with_capacity(page.blocks.len());
    for block in &page.blocks {
        let mut cells = Vec::new();
        let mut cell = Cell::default();
        let (mut at, mut any) = (block.range.start, false);
        while let Some((word, reason)) = words.next_if(|(word, _)| word.range.start < block.range.end) {
            for _ in page.text.get(at..word.range.start).unwrap_or_default().matches('\t') {
                cells.push(std::mem::take(&mut cell).end(secrets));
            }
            at = word.range.end;
            let text = &page.text[word.range.clone()];
            if word.is_visible {
                any |= !text.is_empty();
                cell.push(text, *reason, secrets);
            } else {
                secrets.add_hidden(text);
            }
        }
        for _ in page.text.get(at..block.range.end).unwrap_or_default().matches('\t') {
            cells.push(std::mem::take(&mut cell).end(secrets));
        }
        cells.push(cell.end(secrets));
        if any {
            blocks.push(RemadeBlock { kind: block.kind, cells });
        }
    }
    blocks
}

/// A cell, or a whole block, as it is made.
#[derive(Default)]
struct Cell {
    parts: Vec<Part>,
    /// What goes, until a word stays or goes for another reason.
    going: String,
}

impl Cell {
    fn push(&mut self, word: &str, reason: Option<usize>, secrets: &mut Secrets) {
        if word.is_empty() {
            return;
        }
        match (reason, self.parts.last_mut()) {
            (Some(reason), last) => {
                if last != Some(&mut Part::Removed(reason)) {
                    self.gone(secrets);
                    self.parts.push(Part::Removed(reason));
                }
                self.going.push(' ');
                self.going.push_str(word);
            }
            (None, Some(Part::Words(words))) => {
                words.push(' ');
                words.push_str(word);
            }
            (None, _) => {
                self.gone(secrets);
                self.parts.push(Part::Words(word.to_owned()));
            }
        }
    }

    fn gone(&mut self, secrets: &mut Secrets) {
        secrets.add_removed(&std::mem::take(&mut self.going));
    }

    fn end(mut self, secrets: &mut Secrets) -> Vec<Part> {
        self.gone(secrets);
        self.parts
    }
}
