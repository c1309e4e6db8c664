//! The pages of documents by the words they say, in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, PhraseQuery, Query, RegexQuery, TermQuery, TermSetQuery};
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer};
use tantivy::{
    DocAddress, DocId, Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, SegmentOrdinal, SegmentReader, TantivyDocument, TantivyError, Term,
};

use super::near::Near;
use super::question::{Question, Wanted};
use super::tokens::tokens;

/// What the writer may hold before it makes a part of the index of it.
const WRITER_BYTES: usize = 50_000_000;

/// Under which name the index knows how text is cut into words.
const CUTTER: &str = "words";

/// The names of columns: the number of a document, and the page.
const DOCUMENT: &str = "document";
const PAGE: &str = "page";

/// Pages of documents, searched by words. A document is known by the hash of its file.
pub struct PageIndex {
    fields: Fields,
    reader: IndexReader,
    writing: Mutex<Writing>,
}

struct Fields {
    document: Field,
    page: Field,
    text: Field,
}

struct Writing {
    writer: IndexWriter,
    /// The number of each document that is in the index.
    numbers: BTreeMap<String, u64>,
    next: u64,
}

/// A page that says what was searched for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoundPage {
    /// The number of its document in the index: see [`FoundPages::document`].
    pub number: u64,
    /// The page; the first is 1.
    pub page: usize,
    /// How well it fits, compared with other pages of one search.
    pub score: f32,
    address: DocAddress,
}

/// What a search found.
pub struct FoundPages {
    /// The pages, the best first.
    pub pages: Vec<FoundPage>,
    documents: BTreeMap<u64, String>,
    searcher: Searcher,
    text: Field,
}

impl FoundPages {
    /// The hash of the file of a page's document.
    pub fn document(&self, page: &FoundPage) -> &str {
        self.documents.get(&page.number).map_or("", String::as_str)
    }

    /// What a page says.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn text(&self, page: &FoundPage) -> Result<String, TantivyError> {
        let document: TantivyDocument = self.searcher.doc(page.address)?;
        Ok(document.get_first(self.text).and_then(|text| text.as_str()).unwrap_or_default().to_owned())
    }
}

/// Gathers all pages that are found, with what they are.
struct AllPages;

/// The pages of one part of the index.
struct PagesOfPart {
    part: SegmentOrdinal,
    numbers: Column<u64>,
    pages: Column<u64>,
    found: Vec<FoundPage>,
}

impl Collector for AllPages {
    type Fruit = Vec<FoundPage>;
    type Child = PagesOfPart;

    fn for_segment(&self, part: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<PagesOfPart> {
        let columns = reader.fast_fields();
        Ok(PagesOfPart { part, numbers: columns.u64(DOCUMENT)?, pages: columns.u64(PAGE)?, found: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, parts: Vec<Vec<FoundPage>>) -> tantivy::Result<Vec<FoundPage>> {
        Ok(parts.concat())
    }
}

impl SegmentCollector for PagesOfPart {
    type Fruit = Vec<FoundPage>;

    fn collect(&mut self, page: DocId, score: f32) {
        let of = |column: &Column<u64>| column.first(page).unwrap_or_default();
        let address = DocAddress { segment_ord: self.part, doc_id: page };
        self.found.push(FoundPage { number: of(&self.numbers), page: of(&self.pages) as usize, score, address });
    }

    fn harvest(self) -> Vec<FoundPage> {
        self.found
    }
}

impl PageIndex {
    /// An index without pages.
    ///
    /// # Errors
    /// No thread can be started for it.
    pub fn new() -> Result<Self, TantivyError> {
        let mut schema = Schema::builder();
        let words = TextFieldIndexing::default().set_tokenizer(CUTTER).set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let fields = Fields {
            document: schema.add_u64_field(DOCUMENT, INDEXED | FAST),
            page: schema.add_u64_field(PAGE, FAST),
            text: schema.add_text_field("text", TextOptions::default().set_indexing_options(words) | STORED),
        };
        let index = Index::create_in_ram(schema.build());
        index.tokenizers().register(CUTTER, TextAnalyzer::from(Cutter));
        let writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { fields, reader, writing: Mutex::new(Writing { writer, numbers: BTreeMap::new(), next: 0 }) })
    }

    /// The documents that are in it.
    pub fn documents(&self) -> BTreeSet<String> {
        self.writing().numbers.keys().cloned().collect()
    }

    /// Takes documents in and out; all of it shows at once.
    ///
    /// # Errors
    /// Memory is short.
    pub fn change<'a>(&self, out: &[String], new: impl IntoIterator<Item = (String, Vec<&'a str>)>) -> Result<(), TantivyError> {
        let mut writing = self.writing();
        let writing = &mut *writing;
        for document in out {
            if let Some(number) = writing.numbers.remove(document) {
                writing.writer.delete_term(Term::from_field_u64(self.fields.document, number));
            }
        }
        for (document, pages) in new {
            let number = writing.next;
            writing.next += 1;
            for (page, text) in (1_u64..).zip(pages) {
                let mut entry = TantivyDocument::new();
                entry.add_u64(self.fields.document, number);
                entry.add_u64(self.fields.page, page);
                entry.add_text(self.fields.text, text);
                writing.writer.add_document(entry)?;
            }
            if let Some(before) = writing.numbers.insert(document, number) {
                writing.writer.delete_term(Term::from_field_u64(self.fields.document, before));
            }
        }
        writing.writer.commit()?;
        self.reader.reload()
    }

    /// The pages of some documents that say what is searched for, the best first.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn find(&self, question: &Question, among: &BTreeSet<String>) -> Result<FoundPages, TantivyError> {
        let documents: BTreeMap<u64, String> = {
            let writing = self.writing();
            among.iter().filter_map(|document| Some((*writing.numbers.get(document)?, document.clone()))).collect()
        };
        let searcher = self.reader.searcher();
        let query = self.query(question, documents.keys().copied())?;
        let mut pages = searcher.search(&query, &AllPages)?;
        pages.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then((a.number, a.page).cmp(&(b.number, b.page))));
        Ok(FoundPages { pages, documents, searcher, text: self.fields.text })
    }

    fn query(&self, question: &Question, among: impl Iterator<Item = u64>) -> Result<BooleanQuery, TantivyError> {
        let documents = TermSetQuery::new(among.map(|number| Term::from_field_u64(self.fields.document, number)));
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::Must, Box::new(ConstScoreQuery::new(Box::new(documents), 0.0)))];
        for any in &question.all {
            let any = any.iter().map(|wanted| Ok((Occur::Should, self.wanted(wanted)?))).collect::<Result<Vec<_>, TantivyError>>()?;
            clauses.push((Occur::Must, Box::new(BooleanQuery::new(any))));
        }
        for wanted in &question.none {
            clauses.push((Occur::MustNot, self.wanted(wanted)?));
        }
        Ok(BooleanQuery::new(clauses))
    }

    fn wanted(&self, wanted: &Wanted) -> Result<Box<dyn Query>, TantivyError> {
        let term = |word: &String| Term::from_field_text(self.fields.text, word);
        let word = |word: &String| -> Box<dyn Query> { Box::new(TermQuery::new(term(word), IndexRecordOption::WithFreqs)) };
        Ok(match wanted {
            Wanted::Word(it) => word(it),
            // Letters and digits only, so that nothing in it has a meaning of its own.
            Wanted::Beginning(it) => Box::new(RegexQuery::from_pattern(&format!("{it}.*"), self.fields.text)?),
            Wanted::Phrase(words) => Box::new(PhraseQuery::new(words.iter().map(term).collect())),
            Wanted::Near(words, within) => {
                let near: Box<dyn Query> = Box::new(ConstScoreQuery::new(Box::new(Near::new(self.fields.text, words, *within)), 0.0));
                // How well it fits is told by the words.
                Box::new(BooleanQuery::new([near].into_iter().chain(words.iter().map(word)).map(|it| (Occur::Must, it)).collect()))
            }
        })
    }

    fn writing(&self) -> MutexGuard<'_, Writing> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Cuts text as [`tokens`] does.
#[derive(Clone)]
struct Cutter;

/// The words of a text, one after another.
struct Cut {
    left: std::vec::IntoIter<super::tokens::Token>,
    now: Token,
}

impl Tokenizer for Cutter {
    type TokenStream<'a> = Cut;
    fn token_stream<'a>(&'a mut self, text: &'a str) -> Cut {
        Cut { left: tokens(text).into_iter(), now: Token::default() }
    }
}

impl TokenStream for Cut {
    fn advance(&mut self) -> bool {
        let Some(token) = self.left.next() else { return false };
        self.now.position = self.now.position.wrapping_add(1);
        (self.now.offset_from, self.now.offset_to, self.now.text) = (token.range.start, token.range.end, token.folded);
        true
    }
    fn token(&self) -> &Token {
        &self.now
    }
    fn token_mut(&mut self) -> &mut Token {
        &mut self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pages_of(found: &FoundPages) -> BTreeSet<(String, usize)> {
        found.pages.iter().map(|page| (found.document(page).to_owned(), page.page)).collect()
    }

    #[test]
    fn a_document_that_was_taken_out_or_is_not_asked_of_is_not_found() {
        let index = PageIndex::new().unwrap();
        let both = BTreeSet::from(["one".to_owned(), "two".to_owned()]);
        index
            .change(&[], [("one".to_owned(), vec!["knife crime", "county lines"]), ("two".to_owned(), vec!["county lines and more county lines"])])
            .unwrap();
        let lines = Question::read("\"county lines\"").unwrap();
        let found = index.find(&lines, &both).unwrap();
        assert_eq!(pages_of(&found), BTreeSet::from([("one".to_owned(), 2), ("two".to_owned(), 1)]));
        assert_eq!(found.text(&found.pages[1]).unwrap().len(), if found.document(&found.pages[1]) == "one" { 12 } else { 34 });
        assert_eq!(pages_of(&index.find(&lines, &BTreeSet::from(["one".to_owned()])).unwrap()).len(), 1);
        index.change(&["one".to_owned()], []).unwrap();
        assert_eq!(pages_of(&index.find(&lines, &both).unwrap()), BTreeSet::from([("two".to_owned(), 1)]));
        // The same document anew takes the place of the old.
        index.change(&[], [("two".to_owned(), vec!["nothing"])]).unwrap();
        assert!(index.find(&lines, &both).unwrap().pages.is_empty());
        assert_eq!(index.documents(), BTreeSet::from(["two".to_owned()]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn a_page_is_found_if_and_only_if_it_says_what_is_searched_for(
            pages in proptest::collection::vec("[ab]{1,2}( [ab]{1,2}|-[ab]| É|'s|, [ab]){0,8}", 1..12),
            typed in "(-?[abé]{1,2}\\*? |\"[ab] [ab]{1,2}\" |\"[ab] [ab]\"~[0-4] |[ab] OR \"b a\" ){1,3}",
        ) {
            let Ok(question) = Question::read(&typed) else { return Ok(()) };
            let index = PageIndex::new().unwrap();
            index.change(&[], [("it".to_owned(), pages.iter().map(String::as_str).collect())]).unwrap();
            let found: BTreeSet<usize> = index.find(&question, &BTreeSet::from(["it".to_owned()])).unwrap().pages.iter().map(|it| it.page).collect();
            let said: BTreeSet<usize> = (1..=pages.len()).filter(|page| !question.places(&pages[page - 1]).is_empty()).collect();
            prop_assert_eq!(found, said, "{:?} in {:?}", question, pages);
        }
    }
}
