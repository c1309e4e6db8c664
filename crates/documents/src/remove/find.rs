//! Which words of a document are to go.

use super::folded::{Folded, fold};
use super::{Removal, Target, patterns};
use crate::Refusal;
use crate::text::{Area, DocumentText, PageText, Word};
use std::collections::BTreeSet;

/// What is known of each word, in the order of pages and words; names of pages come behind as further words.
pub(super) struct Found {
    /// For each word, the reason for which it goes.
    pub reasons: Vec<Option<usize>>,
    /// Removals that met nothing.
    pub without_effect: Vec<usize>,
    /// Terms that stand within longer words, which stay.
    pub within_longer: Vec<(usize, usize)>,
}

/// A word of the document as it is counted here.
#[derive(Clone, Copy)]
struct Known<'a> {
    page: usize,
    /// Words of one cell, or of one block, have the same.
    cell: usize,
    text: &'a str,
    word: Option<&'a Word>,
}

impl Known<'_> {
    fn is_visible(&self) -> bool {
        self.word.is_none_or(|word| word.is_visible)
    }
}

/// The words of a page, in reading order, and then those of its name.
pub(super) fn name_words(page: &PageText) -> impl Iterator<Item = &str> {
    page.name.iter().flat_map(|name| name.split_whitespace())
}

/// Finds for every word whether it goes.
pub(super) fn find(text: &DocumentText, removals: &[Removal]) -> Result<Found, Refusal> {
    let mut known = Vec::new();
    let mut cell = 0;
    for (page, it) in text.pages.iter().enumerate() {
        let mut at = 0;
        for word in &it.words {
            cell += it.text.get(at..word.range.start).unwrap_or_default().matches(['\t', '\n']).count();
            at = word.range.end;
            known.push(Known { page, cell, text: &it.text[word.range.clone()], word: Some(word) });
        }
        cell += 1;
    }
    for (page, it) in text.pages.iter().enumerate() {
        cell += 1;
        known.extend(name_words(it).map(|text| Known { page, cell, text, word: None }));
    }
    // What is seen is one run of words, and what is hidden between it another.
    let run = |seen: bool| {
        let mut folded = Folded::default();
        let of = known.iter().enumerate().filter(|(_, it)| it.is_visible() == seen);
        of.for_each(|(number, it)| folded.push(it.text, number));
        folded
    };
    let runs = [run(true), run(false)];
    let mut found = Found { reasons: vec![None; known.len()], without_effect: Vec::new(), within_longer: Vec::new() };
    for (place, removal) in removals.iter().enumerate() {
        let words: BTreeSet<usize> = match &removal.target {
            Target::Box { page, area } => under(text, &known, *page, *area, place)?,
            Target::Term { words, is_whole } => {
                let term = Folded::of(words);
                let n_letters = term.text.chars().count();
                if n_letters == 0 || (n_letters == 1 && !is_whole) {
                    return Err(Refusal::new(
                        format!("term {} has too few letters or digits", place + 1),
                        "give two or more, or one that must be a word by itself",
                    ));
                }
                let all: Vec<(usize, usize)> = runs.iter().enumerate().flat_map(|(run, it)| hits(it, &term.text).map(move |at| (run, at))).collect();
                let (taken, other): (Vec<_>, Vec<_>) = all.into_iter().partition(|(run, at)| is_met(&runs[*run], *at, &term, *is_whole));
                let words: BTreeSet<usize> =
                    taken.iter().flat_map(|(run, at)| runs[*run].word_of[*at..*at + term.text.len()].iter().copied()).collect();
                let longer = other.iter().filter(|(run, at)| runs[*run].gaps(*at, *at + term.text.len()).is_empty());
                let longer: BTreeSet<usize> = longer.map(|(run, at)| runs[*run].word_of[*at]).filter(|it| !words.contains(it)).collect();
                if !longer.is_empty() {
                    found.within_longer.push((place, longer.len()));
                }
                words
            }
            Target::Block { page, block } => within(text, &known, *page, *block, place)?,
            Target::Pattern(pattern) => {
                let seen = [true, false].into_iter().flat_map(|seen| {
                    let these = known.iter().enumerate().filter(|(_, it)| it.is_visible() == seen);
                    let these: Vec<patterns::Numbered> = these.map(|(number, it)| (number, it.text, it.cell)).collect();
                    patterns::found(*pattern, &these)
                });
                seen.collect()
            }
        };
        if words.is_empty() {
            found.without_effect.push(place);
        }
        for word in words {
            found.reasons[word].get_or_insert(removal.reason);
        }
    }
    Ok(found)
}

/// Where letters stand, each place once.
fn hits<'a>(run: &'a Folded, letters: &'a str) -> impl Iterator<Item = usize> + 'a {
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + run.text.get(from..)?.find(letters)?;
        from = at + run.text[at..].chars().next().map_or(1, char::len_utf8);
        Some(at)
    })
}

/// Whether letters that stand here are the term. Where they run over the end of a word, they are if that is where the term has
/// one, too, or if they begin or end with a word: a word drawn in pieces is still a word.
fn is_met(run: &Folded, at: usize, term: &Folded, is_whole: bool) -> bool {
    let end = at + term.text.len();
    let (begins, ends) = (run.is_edge(at), run.is_edge(end));
    if is_whole {
        return begins && ends;
    }
    let own = term.gaps(0, term.text.len());
    begins || ends || run.gaps(at, end).iter().all(|gap| own.contains(gap))
}

/// The words of a block, seen or not.
fn within(text: &DocumentText, known: &[Known], page: usize, block: usize, place: usize) -> Result<BTreeSet<usize>, Refusal> {
    let it = page.checked_sub(1).and_then(|at| text.pages.get(at)).and_then(|it| it.blocks.get(block.checked_sub(1)?));
    let Some(it) = it else {
        return Err(Refusal::new(format!("block {} is not in the document", place + 1), "count pages, and the blocks of each, from 1"));
    };
    let meets =
        |known: &Known| known.page + 1 == page && known.word.is_some_and(|word| word.range.start < it.range.end && it.range.start < word.range.end);
    Ok(known.iter().enumerate().filter(|(_, it)| meets(it)).map(|(number, _)| number).collect())
}

/// The words under a box.
fn under(text: &DocumentText, known: &[Known], page: usize, area: Area, place: usize) -> Result<BTreeSet<usize>, Refusal> {
    let of = || format!("box {}", place + 1);
    let Some(it) = page.checked_sub(1).and_then(|at| text.pages.get(at)) else {
        return Err(Refusal::new(format!("{} is on page {page}, and the document has {}", of(), text.pages.len()), "count pages from 1"));
    };
    if it.size.is_none() {
        return Err(Refusal::new(
            format!("{} is on a page without a layout: documents of this kind are laid out by whoever opens them", of()),
            "name the words, or print the document to PDF and draw the boxes there",
        ));
    }
    let edges = [area.left, area.top, area.right, area.bottom];
    if edges.iter().any(|edge| !edge.is_finite()) || area.left >= area.right || area.top >= area.bottom {
        return Err(Refusal::new(
            format!("{} has no width or no height", of()),
            "give left, top, right and bottom in points from the top left corner",
        ));
    }
    let meets = |it: &Known| it.page + 1 == page && it.word.and_then(|word| word.area).is_some_and(|word| core(word, it.text).meets(area));
    Ok(known.iter().enumerate().filter(|(_, it)| meets(it)).map(|(number, _)| number).collect())
}

/// What of a word a box must meet: all of its width, and the middle half of its height. A word that runs upwards or downwards is
/// turned for that.
fn core(word: Area, text: &str) -> Area {
    const MARGIN: f32 = 0.25;
    const BESIDE: f32 = 0.3;
    let (width, height) = (word.right - word.left, word.bottom - word.top);
    let (x, y) = if height > 1.5 * width && fold(text).chars().count() > 1 {
        (width * MARGIN, BESIDE.min(height / 4.0))
    } else {
        (BESIDE.min(width / 4.0), height * MARGIN)
    };
    Area { left: word.left + x, top: word.top + y, right: word.right - x, bottom: word.bottom - y }
}
