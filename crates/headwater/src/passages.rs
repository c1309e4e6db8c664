//! Passages of documents: the sentences of a page, the words of a passage, and where a passage stands after its text was read anew.
//!
//! Words are those that a search knows, of what a reader sees on the page. Sentences tile them: each word is of exactly one.

use std::collections::BTreeMap;
use std::ops::Range;

use headwater_documents::text::{BlockKind, DocumentText, PageText};
use headwater_prevention::exchange::id::BlobHash;
use headwater_prevention::exchange::reading::coding::{Segment, places_of, sum};

use crate::search::seen_text;
use crate::search::tokens::{Token, tokens};

/// A sentence, or a heading, an item or a row of a table, which are not parted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Its words.
    pub segment: Segment,
    /// Its place in the page's text, in bytes.
    pub range: Range<usize>,
    /// What it is part of: the place of the block on the page.
    pub block: usize,
}

/// A page as it is coded.
pub struct CodedPage {
    /// What a reader sees of it.
    pub text: String,
    /// Its sentences, in their order.
    pub sentences: Vec<Sentence>,
    words: Vec<Token>,
}

impl CodedPage {
    /// A page of a file.
    pub fn of(original: BlobHash, number: u32, page: &PageText) -> Self {
        let text = seen_text(page);
        let words = tokens(&text);
        let mut sentences = Vec::new();
        let mut next = 0;
        let mut take = |range: Range<usize>, block: usize| {
            let first = next;
            while words.get(next).is_some_and(|word| word.range.start < range.end) {
                next += 1;
            }
            let of_it = &words[first..next];
            if let (Some(begin), Some(end)) = (of_it.first(), of_it.last()) {
                let segment = Segment {
                    page: number,
                    first: first as u32,
                    n_words: of_it.len() as u32,
                    sum: sum(original, of_it.iter().map(|word| word.folded.as_str())),
                };
                sentences.push(Sentence { segment, range: range.start.min(begin.range.start)..range.end.max(end.range.end), block });
            }
        };
        for (at, block) in page.blocks.iter().enumerate() {
            for range in parts(&text, &block.range, block.kind) {
                take(range, at);
            }
        }
        // Words behind the last block belong to it.
        take(text.len()..text.len().saturating_add(1), page.blocks.len().saturating_sub(1));
        for sentence in &mut sentences {
            sentence.range.end = sentence.range.end.min(text.len());
        }
        Self { text, sentences, words }
    }

    /// The words of a passage of this page, as they stand; nothing if there are not so many words.
    pub fn quotation(&self, segment: Segment) -> Option<&str> {
        self.text.get(self.range(segment)?)
    }

    /// The place of a passage in the page's text.
    pub fn range(&self, segment: Segment) -> Option<Range<usize>> {
        let words = self.words.get(segment.first as usize..segment.end() as usize)?;
        let (first, last) = (words.first()?, words.last()?);
        // The point behind the last word is of the sentence.
        let end = self.sentences.iter().map(|sentence| &sentence.range).find(|range| range.contains(&last.range.start)).map(|range| range.end);
        let is_end = |end: &usize| self.words.get(segment.end() as usize).is_none_or(|next| *end <= next.range.start);
        Some(first.range.start..end.filter(is_end).unwrap_or(last.range.end).max(last.range.end))
    }

    fn folded(&self) -> Vec<&str> {
        self.words.iter().map(|word| word.folded.as_str()).collect()
    }

    /// Whether a passage stands where it says.
    fn holds(&self, original: BlobHash, segment: Segment) -> bool {
        let words = self.words.get(segment.first as usize..segment.end() as usize);
        words.is_some_and(|words| sum(original, words.iter().map(|word| word.folded.as_str())) == segment.sum)
    }
}

/// The units of a document in which coders are compared: its sentences.
pub fn frame(original: BlobHash, text: &DocumentText) -> Vec<Segment> {
    let pages = (1..).zip(&text.pages).map(|(number, page)| CodedPage::of(original, number, page));
    pages.flat_map(|page| page.sentences.into_iter().map(|sentence| sentence.segment)).collect()
}

/// The pages of a document that are asked for, made once.
pub struct CodedPages<'a> {
    original: BlobHash,
    text: &'a DocumentText,
    made: BTreeMap<u32, CodedPage>,
}

impl<'a> CodedPages<'a> {
    /// The pages of a file.
    pub fn new(original: BlobHash, text: &'a DocumentText) -> Self {
        Self { original, text, made: BTreeMap::new() }
    }

    /// One page.
    pub fn page(&mut self, number: u32) -> Option<&CodedPage> {
        let page = self.text.pages.get((number as usize).checked_sub(1)?)?;
        let original = self.original;
        Some(self.made.entry(number).or_insert_with(|| CodedPage::of(original, number, page)))
    }

    /// Where a passage stands now: where it was, or where its words went when the text was read anew, on the nearest page and there
    /// at the nearest place. Nothing where its words are not there any more.
    pub fn find(&mut self, segment: Segment) -> Option<Segment> {
        let original = self.original;
        if self.page(segment.page).is_some_and(|page| page.holds(original, segment)) {
            return Some(segment);
        }
        let mut numbers: Vec<u32> = (1..=self.text.pages.len() as u32).collect();
        numbers.sort_by_key(|number| number.abs_diff(segment.page));
        numbers.into_iter().find_map(|number| {
            let places = places_of(original, segment.n_words, segment.sum, &self.page(number)?.folded());
            let nearest = places.into_iter().min_by_key(|first| first.abs_diff(segment.first))?;
            Some(Segment { page: number, first: nearest, ..segment })
        })
    }

    /// The words of a passage, wherever it stands now.
    pub fn quotation(&mut self, segment: Segment) -> Option<(Segment, String)> {
        let found = self.find(segment)?;
        let words = self.page(found.page)?.quotation(found)?;
        Some((found, words.split_whitespace().collect::<Vec<_>>().join(" ")))
    }
}

/// A block in parts: paragraphs and notes by sentences, everything else whole.
fn parts(text: &str, block: &Range<usize>, kind: BlockKind) -> Vec<Range<usize>> {
    match kind {
        BlockKind::Paragraph | BlockKind::Item(_) | BlockKind::Note => sentences(text, block),
        BlockKind::Heading(_) | BlockKind::Row | BlockKind::Margin => vec![block.clone()],
    }
}

/// Words before a point that do not end a sentence.
const ABBREVIATIONS: [&str; 22] = [
    "mr", "mrs", "ms", "dr", "prof", "st", "no", "nos", "e.g", "i.e", "etc", "vs", "cf", "para", "paras", "p", "pp", "fig", "ch", "sch", "dept",
    "approx",
];

/// The sentences of a stretch of text, which tile it. A sentence ends with `.`, `!` or `?`, closing marks behind it and white space,
/// unless what follows begins with a small letter or what stands before the point is an abbreviation or a single letter.
fn sentences(text: &str, block: &Range<usize>) -> Vec<Range<usize>> {
    let Some(inside) = text.get(block.clone()) else { return Vec::new() };
    let mut found = Vec::new();
    let mut start = 0;
    let mut letters = inside.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if !matches!(letter, '.' | '!' | '?') {
            continue;
        }
        let mut end = at + letter.len_utf8();
        while let Some((behind, mark)) =
            letters.peek().copied().filter(|(_, mark)| matches!(mark, '.' | '!' | '?' | '"' | '\'' | ')' | ']' | '\u{2019}' | '\u{201d}'))
        {
            end = behind + mark.len_utf8();
            letters.next();
        }
        let rest = &inside[end..];
        let follows = rest.trim_start();
        let parted = rest.len() > follows.len();
        let goes_on = follows.chars().next().is_none_or(char::is_lowercase);
        if parted && !goes_on && !(letter == '.' && is_abbreviation(&inside[start..at])) {
            let next = end + (rest.len() - follows.len());
            found.push(block.start + start..block.start + end);
            start = next;
        }
    }
    if start < inside.len() {
        found.push(block.start + start..block.end);
    }
    found
}

/// Whether what stands before a point is shortened by it.
fn is_abbreviation(before: &str) -> bool {
    let word = before.rsplit(|it: char| it.is_whitespace() || it == '(').next().unwrap_or("");
    let is_initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    is_initial || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_documents::text::{Limits, of};
    use proptest::prelude::*;

    fn original() -> BlobHash {
        BlobHash::of(b"a file")
    }

    fn read(html: &str) -> DocumentText {
        of("a.html", format!("<html><body>{html}").into_bytes(), &Limits::default()).unwrap()
    }

    fn said(text: &str) -> Vec<&str> {
        sentences(text, &(0..text.len())).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn sentences_end_where_readers_end_them() {
        assert_eq!(
            said("We fund 3.5 posts (cf. para. 4). Dr. A. Invented leads! \"Is it enough?\" No. 7 is not done... and goes on."),
            ["We fund 3.5 posts (cf. para. 4).", "Dr. A. Invented leads!", "\"Is it enough?\"", "No. 7 is not done... and goes on."]
        );
        assert_eq!(said("One sentence without an end"), ["One sentence without an end"]);
        assert_eq!(said("e.g. this. That."), ["e.g. this.", "That."]);
    }

    #[test]
    fn a_page_is_parted_and_quoted() {
        let text = read("<h1>Our plan. And aims</h1><p>First we act. Then we rest.<table><tr><td>Who. What<td>When</table>");
        let page = CodedPage::of(original(), 1, &text.pages[0]);
        let quotations: Vec<&str> = page.sentences.iter().map(|it| page.quotation(it.segment).unwrap()).collect();
        assert_eq!(quotations, ["Our plan. And aims", "First we act.", "Then we rest.", "Who. What\tWhen"]);
        let both = page.sentences[1].segment.joined(page.sentences[2].segment);
        assert_eq!(page.quotation(both), Some("First we act. Then we rest."));
    }

    #[test]
    fn a_passage_is_found_again_where_the_text_was_read_anew() {
        let before = read("<p>First we act. Then we rest.");
        let segment = frame(original(), &before)[1];
        let after = read("<h1>A heading that was missing</h1><p>First we act.<p>Then we  rest.");
        let mut pages = CodedPages::new(original(), &after);
        let (found, words) = pages.quotation(segment).unwrap();
        assert_eq!((words.as_str(), found.first), ("Then we rest.", segment.first + 5));
        let gone = read("<p>First we act. Then we sleep.");
        assert_eq!(CodedPages::new(original(), &gone).quotation(segment), None);
    }

    proptest! {
        #[test]
        fn every_word_is_of_exactly_one_sentence(paragraphs in prop::collection::vec("[A-Za-z.!? é’\"()]{0,40}", 0..6)) {
            let html: String = paragraphs.iter().map(|it| format!("<p>{it}</p>")).collect();
            let text = read(&html);
            for (number, page) in (1..).zip(&text.pages) {
                let page = CodedPage::of(original(), number, page);
                let n_words = tokens(&page.text).len() as u32;
                let mut next = 0;
                for sentence in &page.sentences {
                    prop_assert!(sentence.segment.first == next && sentence.segment.n_words > 0);
                    next = sentence.segment.end();
                    prop_assert!(page.quotation(sentence.segment).is_some());
                    prop_assert_eq!(page.range(sentence.segment).unwrap().start >= sentence.range.start, true);
                }
                prop_assert_eq!(next, n_words);
            }
        }
    }
}
