//! Text without what tells spellings of the same words apart: case, accents, ligatures, hyphens, spaces, punctuation.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The letters and digits of a text; none of them is more than one character of what it was, so that places can be told.
pub(super) fn fold(text: &str) -> String {
    text.chars().flat_map(letters).collect()
}

/// What a character is made of, folded.
fn letters(c: char) -> impl Iterator<Item = char> {
    std::iter::once(c).nfkd().filter(|it| it.is_alphanumeric() && !is_combining_mark(*it)).flat_map(char::to_lowercase).map(|it| match it {
        'ς' => 'σ',
        'ı' => 'i',
        it => it,
    })
}

/// Marks within a word that are no end of it: soft hyphens, joiners, accents on their own.
fn is_within(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}') || is_combining_mark(c)
}

/// Words folded into one run of letters, each byte of which knows its word.
#[derive(Default)]
pub(super) struct Folded {
    /// All letters, one after another.
    pub text: String,
    /// For each byte, the number that its word was given.
    pub word_of: Vec<usize>,
    /// For each byte, whether a word begins there: behind a space or a punctuation mark, at a capital behind a small letter, and
    /// between letters and digits.
    pub begins: Vec<bool>,
}

impl Folded {
    /// Adds a word.
    pub fn push(&mut self, word: &str, number: usize) {
        let mut begins = true;
        let mut before: Option<char> = None;
        for c in word.chars() {
            let mut any = false;
            let turns = before.is_some_and(|it| (it.is_lowercase() && c.is_uppercase()) || (it.is_numeric() != c.is_numeric()));
            for letter in letters(c) {
                let start = begins || (turns && !any);
                any = true;
                for byte in 0..letter.len_utf8() {
                    self.word_of.push(number);
                    self.begins.push(start && byte == 0);
                }
                begins = false;
                self.text.push(letter);
            }
            if any {
                before = Some(c);
            } else if !is_within(c) {
                (begins, before) = (true, None);
            }
        }
    }

    /// Of text: its words are numbered from 0.
    pub fn of(text: &str) -> Self {
        let mut folded = Self::default();
        text.split_whitespace().enumerate().for_each(|(number, word)| folded.push(word, number));
        folded
    }

    /// Whether a word begins here, or the text ends.
    pub fn is_edge(&self, at: usize) -> bool {
        self.begins.get(at).copied().unwrap_or(true)
    }

    /// Between which bytes of a range one word ends and the next begins, counted from its start.
    pub fn gaps(&self, start: usize, end: usize) -> Vec<usize> {
        (start + 1..end).filter(|at| self.word_of[*at] != self.word_of[*at - 1]).map(|at| at - start).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_are_one() {
        for spelt in ["Siân-Offıce", "SIAN OFFICE", "sian of\u{ad}fice", "Sia\u{302}n o\u{fb03}ce", "s.i.a.n. office", "Siân\u{200b}office"] {
            assert_eq!(fold(spelt), "sianoffice", "{spelt}");
        }
        assert_eq!(fold("Nº ½ ²"), fold("n o 1 2 2"));
    }

    #[test]
    fn words_begin_behind_spaces_and_punctuation_and_at_capitals() {
        let folded = Folded::of("Mr. McNia's O\u{ad}ld2 plan");
        let starts: Vec<&str> = (0..folded.text.len()).filter(|at| folded.begins[*at]).map(|at| &folded.text[at..at + 1]).collect();
        assert_eq!(starts, ["m", "m", "n", "s", "o", "2", "p"]);
        assert_eq!(folded.gaps(0, 4), [2]);
    }
}
