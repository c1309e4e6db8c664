//! Pages on which words stand near each other, by the places that the index knows.

use std::collections::BTreeMap;

use tantivy::postings::Postings;
use tantivy::query::{BitSetDocSet, ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{BitSet, DocId, DocSet, Result, Score, SegmentReader, TERMINATED, TantivyError, Term};

/// Pages that say all words, a word that is asked for twice twice, within so many words.
#[derive(Clone, Debug)]
pub struct Near {
    field: Field,
    /// How often each word is asked for.
    asked: BTreeMap<String, usize>,
    /// How many words a stretch may have that holds them all.
    most: usize,
}

impl Near {
    /// Words in any order with at most so many others among them.
    pub fn new(field: Field, words: &[String], within: usize) -> Self {
        let mut asked = BTreeMap::new();
        words.iter().for_each(|word| *asked.entry(word.clone()).or_default() += 1);
        Self { field, asked, most: words.len() + within }
    }

    /// The pages of a part of the index.
    fn pages(&self, reader: &SegmentReader) -> Result<Option<BitSet>> {
        let index = reader.inverted_index(self.field)?;
        let mut postings = Vec::new();
        for word in self.asked.keys() {
            let Some(of_word) = index.read_postings(&Term::from_field_text(self.field, word), IndexRecordOption::WithFreqsAndPositions)? else {
                return Ok(None);
            };
            postings.push(of_word);
        }
        let needed: Vec<usize> = self.asked.values().copied().collect();
        let mut pages = BitSet::with_max_value(reader.max_doc());
        let mut places: Vec<(u32, usize)> = Vec::new();
        let mut of_word = Vec::new();
        let mut page: DocId = 0;
        // Each word goes on to the page of the furthest, until all are on one.
        'pages: while page != TERMINATED {
            for postings in &mut postings {
                let at = if postings.doc() < page { postings.seek(page) } else { postings.doc() };
                if at > page {
                    page = at;
                    continue 'pages;
                }
            }
            if postings.is_empty() {
                break;
            }
            places.clear();
            for (word, postings) in postings.iter_mut().enumerate() {
                postings.positions(&mut of_word);
                places.extend(of_word.iter().map(|place| (*place, word)));
            }
            places.sort_unstable();
            if are_near(&places, &needed, self.most) {
                pages.insert(page);
            }
            page += 1;
        }
        Ok(Some(pages))
    }
}

/// Whether a stretch of at most so many places holds each word as often as it is needed. `places` are in order, each with its word.
fn are_near(places: &[(u32, usize)], needed: &[usize], most: usize) -> bool {
    let mut have = vec![0; needed.len()];
    let mut n_missing = needed.len();
    let mut first = 0;
    for (last, word) in places {
        have[*word] += 1;
        n_missing -= usize::from(have[*word] == needed[*word]);
        while places.get(first).is_some_and(|(place, _)| (last - place) as usize >= most) {
            let word = places[first].1;
            n_missing += usize::from(have[word] == needed[word]);
            have[word] -= 1;
            first += 1;
        }
        if n_missing == 0 {
            return true;
        }
    }
    false
}

impl Query for Near {
    fn weight(&self, _: EnableScoring<'_>) -> Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Near {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> Result<Box<dyn Scorer>> {
        Ok(match self.pages(reader)? {
            Some(pages) => Box::new(ConstScorer::new(BitSetDocSet::from(pages), boost)),
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, reader: &SegmentReader, page: DocId) -> Result<Explanation> {
        let is_there = self.pages(reader)?.is_some_and(|pages| pages.contains(page));
        if is_there { Ok(Explanation::new("the words stand near each other", 1.0)) } else { Err(TantivyError::InvalidArgument("they do not".into())) }
    }
}
