//! Words of a text as a search knows them.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// More of a word is not told from another; nobody types so much.
const LONGEST: usize = 200;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// Its letters and digits without case, accents and ligatures, and without the `s` of a possessive.
    pub folded: String,
}

/// The words of a text, in order. Hyphens and punctuation part words; apostrophes, soft hyphens and joiners do not.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut is_in = false;
    for (at, c) in text.char_indices() {
        let letters = || std::iter::once(c).nfkd().filter(|it| it.is_alphanumeric() && !is_combining_mark(*it)).flat_map(char::to_lowercase);
        if letters().next().is_some() {
            if !is_in {
                found.push(Token { range: at..at, folded: String::new() });
                is_in = true;
            }
            if let Some(token) = found.last_mut() {
                if token.folded.len() < LONGEST {
                    token.folded.extend(letters());
                }
                token.range.end = at + c.len_utf8();
            }
        } else if is_in && matches!(c, '\'' | '\u{2019}') {
            if let Some(token) = found.last_mut().filter(|token| token.folded.len() < LONGEST) {
                token.folded.push('\'');
            }
        } else if !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}') && !is_combining_mark(c) {
            is_in = false;
        }
    }
    for token in &mut found {
        let without_end = token.folded.trim_end_matches('\'');
        let bare = without_end.strip_suffix("'s").unwrap_or(without_end);
        token.folded = bare.replace('\'', "");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.folded).collect()
    }

    #[test]
    fn words_are_told_apart_as_readers_do() {
        assert_eq!(folded("Children’s multi-agency work: 2019/20"), ["children", "multi", "agency", "work", "2019", "20"]);
        assert_eq!(
            folded("O'Neill's ‘county lines’ trafﬁcking Siân sold\u{ad}iers"),
            ["oneill", "county", "lines", "trafficking", "sian", "soldiers"]
        );
        assert_eq!(folded(" — '' … "), Vec::<String>::new());
    }

    #[test]
    fn a_word_stands_where_it_is_written() {
        let text = "a Siân’s b";
        let token = &tokens(text)[1];
        assert_eq!(&text[token.range.clone()], "Siân’s");
    }
}
