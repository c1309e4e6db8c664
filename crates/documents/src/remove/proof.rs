//! The proof that nothing removed is in a file that is to leave.
//!
//! Several readers that know nothing of each other, and the bytes themselves, are asked for every word and every run of words
//! that went. What lawfully stands elsewhere in the document may be found as often as it was kept, and no more. A file that a
//! reader cannot read proves nothing, and fails.

use super::bytes;
use super::folded::{Folded, fold};
use crate::text;
use aho_corasick::{AhoCorasick, MatchKind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Shorter words are found in any text by chance, so that they are looked for as words only.
const LEAST_LETTERS: usize = 4;
/// Shorter words must begin and end where words do to be found in bytes.
const LEAST_IN_BYTES: usize = 6;
/// The part of what was kept that a reader must find before its silence counts.
const LEAST_READ: f64 = 0.95;

/// What was removed. It has no way to be printed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secrets {
    /// What is looked for, folded, and where words end within it.
    needles: BTreeMap<String, BTreeSet<usize>>,
    /// What is too short for that, folded.
    short: BTreeSet<String>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.needles.len() + self.short.len())
    }
}

impl Secrets {
    /// Adds a term that was asked for. One that is only too short to be looked for within words is looked for as a word.
    pub(super) fn add_term(&mut self, words: &str, is_whole: bool) {
        self.add(words, true);
        if !is_whole {
            self.add_each(words);
        }
    }

    /// Adds words that went together: the run, and each of them.
    pub(super) fn add_removed(&mut self, words: &str) {
        self.add(words, true);
        self.add_each(words);
    }

    /// Adds a word that nobody saw.
    pub(super) fn add_hidden(&mut self, word: &str) {
        self.add(word, false);
    }

    fn add_each(&mut self, words: &str) {
        words.split_whitespace().for_each(|word| self.add(word, false));
    }

    fn add(&mut self, words: &str, even_short: bool) {
        let folded = Folded::of(words);
        match folded.text.chars().count() {
            0 => {}
            n if n >= LEAST_LETTERS => {
                let gaps = folded.gaps(0, folded.text.len());
                self.needles.entry(folded.text).or_default().extend(gaps);
            }
            _ if even_short => {
                self.short.insert(folded.text);
            }
            _ => {}
        }
    }

    /// Whether a text, such as the name of a file, holds anything that was removed: any at all, also what stays elsewhere.
    ///
    /// ```
    /// # use headwater_documents::remove::{Removal, Target, remove};
    /// # use headwater_documents::text::{Limits, of};
    /// # let text = of("note.txt", b"Seen by Nia Invented, aged 14.".to_vec(), &Limits::default())?;
    /// # let name = Removal { target: Target::Term { words: "nia invented".into(), is_whole: true }, reason: 0 };
    /// let secrets = remove(&text, &[name])?.secrets;
    /// assert!(secrets.stand_in("plan-INVENTED.pdf") && !secrets.stand_in("plan.pdf"));
    /// # Ok::<(), headwater_documents::Refusal>(())
    /// ```
    pub fn stand_in(&self, text: &str) -> bool {
        let folded = fold(text);
        self.needles.keys().any(|needle| folded.contains(needle.as_str())) || tokens(text).any(|token| self.short.contains(&token))
    }

    /// Whether a text, such as a title, holds anything that was removed and that does not lawfully stand elsewhere as often.
    pub fn are_beyond(&self, text: &str, kept: &Kept) -> bool {
        !Search::of(kept, self).survivors(text, false).is_empty()
    }

    /// How many different words and runs of words are looked for.
    pub fn n(&self) -> usize {
        self.needles.len() + self.short.len()
    }
}

fn tokens(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).map(fold).filter(|token| !token.is_empty())
}

/// What a file is that is to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Form {
    /// One HTML page.
    Html,
    /// A PDF.
    Pdf,
}

/// All text that may be in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What every reader must find: what stays of the document, with what was written for it.
    pub text: String,
    /// What some find besides: the title in the properties of the file, headings as bookmarks, numbers of pages.
    pub beside: String,
}

/// Where something was found that had to be gone, or why nothing could be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Where {
    /// In the text as this program reads it.
    OwnReader,
    /// In the text as another's reader gives it, which has nothing in common with ours.
    OtherReader,
    /// In the text as a program of this computer gives it.
    OtherProgram,
    /// In the bytes of the file, or of a stream in it: in any alphabet of computers, in strings, in properties.
    Bytes,
}

impl Where {
    /// The place in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::OwnReader => "the text as Headwater reads it",
            Self::OtherReader => "the text as a second reader gives it",
            Self::OtherProgram => "the text as pdftotext gives it",
            Self::Bytes => "the bytes of the file and of what is packed in it",
        }
    }
}

/// Something that speaks against a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Survivor {
    /// Where.
    pub place: Where,
    /// How many different words or runs of words that had to be gone; none where the file could not be read there.
    pub n: usize,
}

impl Survivor {
    /// It in a sentence that names nothing of what was removed.
    pub fn sentence(&self) -> String {
        match self.n {
            0 => format!("{} lacks much of what should be there, so that it proves nothing", self.place.words()),
            n => format!("{n} of the removed words, or runs of words, are in {}", self.place.words()),
        }
    }
}

/// Looks for what was removed in one file that is to leave. Empty is a pass.
///
/// `skeleton` is a file made in the same
/// way of a document without words: its markup is no text.
pub fn prove(form: Form, bytes: &[u8], kept: &Kept, skeleton: &[u8], secrets: &Secrets) -> Vec<Survivor> {
    let mut search = Search::of(kept, secrets);
    let own = text::of("", bytes.to_vec(), &text::Limits::default()).ok().map(|text| {
        let names = text.pages.iter().filter_map(|page| page.name.as_deref());
        names.chain([text.plain().as_str()]).collect::<Vec<_>>().join("\n")
    });
    let other = catch_unwind(AssertUnwindSafe(|| match form {
        Form::Pdf => pdf_extract::extract_text_from_mem(bytes).ok(),
        Form::Html => std::str::from_utf8(bytes).ok().map(mail_parser::decoders::html::html_to_text),
    }));
    let read = [(Where::OwnReader, own), (Where::OtherReader, other.unwrap_or_default())];
    let mut survivors: Vec<Survivor> = read.into_iter().filter_map(|(place, text)| search.read(place, text.as_deref())).collect();
    let known = bytes::Known::of(form, skeleton);
    search.lay_out(&bytes::views(form, skeleton, &known));
    let n = bytes::views(form, bytes, &known).iter().map(|view| search.survivors(view, true)).fold(BTreeSet::new(), |mut all, some| {
        all.extend(some);
        all
    });
    survivors.extend((!n.is_empty()).then_some(Survivor { place: Where::Bytes, n: n.len() }));
    survivors
}

/// Looks for what was removed in the text that another program gives of a file.
pub fn prove_text(text: &str, kept: &Kept, secrets: &Secrets) -> Option<Survivor> {
    Search::of(kept, secrets).read(Where::OtherProgram, Some(text))
}

/// How often something stands in a text: at all, and so that a word could be meant.
#[derive(Clone, Copy, Default)]
struct Times {
    at_all: usize,
    as_words: usize,
}

/// A search for all secrets at once.
struct Search<'a> {
    secrets: &'a Secrets,
    needles: Vec<(&'a str, &'a BTreeSet<usize>)>,
    automaton: Option<AhoCorasick>,
    allowed: Vec<Times>,
    /// How often each is in the bytes of a file without words: in the name of a typeface.
    laid_out: Vec<Times>,
    allowed_short: BTreeMap<String, usize>,
    n_kept: usize,
}

impl<'a> Search<'a> {
    fn of(kept: &Kept, secrets: &'a Secrets) -> Self {
        let needles: Vec<(&str, &BTreeSet<usize>)> = secrets.needles.iter().map(|(needle, gaps)| (needle.as_str(), gaps)).collect();
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(needles.iter().map(|(needle, _)| needle)).ok();
        let n_kept = fold(&kept.text).len();
        let all = format!("{}\n{}", kept.text, kept.beside);
        let mut search = Self { secrets, needles, automaton, allowed: Vec::new(), laid_out: Vec::new(), allowed_short: BTreeMap::new(), n_kept };
        search.allowed = search.times(&all, false);
        search.allowed_short = search.short_times(&all);
        search
    }

    /// Allows in bytes what is in those of a file without words.
    fn lay_out(&mut self, views: &[String]) {
        self.laid_out = vec![Times::default(); self.needles.len()];
        for view in views {
            let times = self.times(view, true);
            for (sum, times) in self.laid_out.iter_mut().zip(times) {
                sum.at_all += times.at_all;
                sum.as_words += times.as_words;
            }
        }
    }

    /// How often each needle stands in a text.
    fn times(&self, text: &str, is_bytes: bool) -> Vec<Times> {
        let mut times = vec![Times::default(); self.needles.len()];
        let folded = Folded::of(text);
        for hit in self.automaton.iter().flat_map(|automaton| automaton.find_overlapping_iter(&folded.text)) {
            let (_, own) = self.needles[hit.pattern().as_usize()];
            let (at, end) = (hit.start(), hit.end());
            let (begins, ends) = (folded.is_edge(at), folded.is_edge(end));
            // Four letters in a row are in many a hash.
            let is_short = is_bytes && end - at < LEAST_IN_BYTES;
            let is_word = if is_short { begins && ends } else { begins || ends || folded.gaps(at, end).iter().all(|gap| own.contains(gap)) };
            let times = &mut times[hit.pattern().as_usize()];
            times.at_all += 1;
            times.as_words += usize::from(is_word);
        }
        times
    }

    fn short_times(&self, text: &str) -> BTreeMap<String, usize> {
        let mut times = BTreeMap::new();
        if !self.secrets.short.is_empty() {
            tokens(text).filter(|token| self.secrets.short.contains(token)).for_each(|token| *times.entry(token).or_default() += 1);
        }
        times
    }

    /// What stands in a text more often than it was kept. In bytes, short words are no words.
    fn survivors(&self, text: &str, is_bytes: bool) -> BTreeSet<&str> {
        // A search that could not be made finds everything.
        if self.automaton.is_none() {
            return self.needles.iter().map(|(needle, _)| *needle).collect();
        }
        let times = self.times(text, is_bytes);
        let beyond = |at: usize| {
            let laid_out = self.laid_out.get(at).copied().filter(|_| is_bytes).unwrap_or_default();
            let (times, allowed) = (times[at], self.allowed[at]);
            times.at_all > allowed.at_all + laid_out.at_all && times.as_words > allowed.as_words + laid_out.as_words
        };
        let mut found: BTreeSet<&str> = (0..self.needles.len()).filter(|at| beyond(*at)).map(|at| self.needles[at].0).collect();
        if !is_bytes {
            let times = self.short_times(text);
            let beyond = |needle: &&String| times.get(*needle).copied().unwrap_or(0) > self.allowed_short.get(*needle).copied().unwrap_or(0);
            found.extend(self.secrets.short.iter().filter(beyond).map(String::as_str));
        }
        found
    }

    /// What speaks against a text that a reader gave.
    fn read(&self, place: Where, text: Option<&str>) -> Option<Survivor> {
        let text = text.unwrap_or_default();
        let found = self.survivors(text, false).len();
        let is_whole = fold(text).len() as f64 >= LEAST_READ * self.n_kept as f64;
        (found > 0 || !is_whole).then_some(Survivor { place, n: found })
    }
}
