//! What is searched for, and where it stands in a text.

use std::collections::BTreeSet;
use std::ops::Range;

use super::tokens::{Token, tokens};

/// The most words of a question.
const MOST_WORDS: usize = 100;

/// The most bytes of a question.
const MOST_BYTES: usize = 2_000;

/// The widest that words can be asked to stand apart.
const WIDEST: usize = 1_000;

/// Something that a page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A word.
    Word(String),
    /// Any word that begins so.
    Beginning(String),
    /// Words that follow each other.
    Phrase(Vec<String>),
    /// Words in any order, with at most so many others among them.
    Near(Vec<String>, usize),
}

/// What is searched for: pages that say one of each of `all`, and nothing of `none`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// For each, one of these must be said.
    pub all: Vec<Vec<Wanted>>,
    /// None of these may be.
    pub none: Vec<Wanted>,
}

/// Why words are no question, in a sentence.
pub type NoQuestion = String;

impl Question {
    /// Reads what a person typed: words, `"words that follow each other"`, `"words near"~10`, `begin*`, `this OR that`, `-not`.
    ///
    /// # Errors
    /// There is nothing to look for in it, it is too long, or a quotation mark, an `OR` or a number is out of place.
    pub fn read(typed: &str) -> Result<Self, NoQuestion> {
        if typed.len() > MOST_BYTES {
            return Err(format!("a search may have {MOST_BYTES} letters at most; search for less at once"));
        }
        let typed: String = typed.chars().map(|c| if matches!(c, '“' | '”' | '„' | '«' | '»') { '"' } else { c }).collect();
        let mut question = Self { all: Vec::new(), none: Vec::new() };
        let mut rest = typed.trim_start();
        let mut or = false;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix("OR").filter(|after| after.is_empty() || after.starts_with(char::is_whitespace)) {
                if question.all.is_empty() || or {
                    return Err("OR stands between two things to look for, as in: coercion OR control".into());
                }
                (or, rest) = (true, after.trim_start());
                continue;
            }
            let (is_not, after) = match rest.strip_prefix('-') {
                Some(after) if !after.is_empty() && !after.starts_with(char::is_whitespace) => (true, after),
                _ => (false, rest),
            };
            let (wanted, after) = one(after)?;
            rest = after.trim_start();
            let Some(wanted) = wanted else { continue };
            match (is_not, or, question.all.last_mut()) {
                (true, true, _) => return Err("what follows OR cannot be left out with -; put the - words at the end".into()),
                (true, ..) => question.none.push(wanted),
                (false, true, Some(last)) => last.push(wanted),
                (false, ..) => question.all.push(vec![wanted]),
            }
            or = false;
        }
        if or {
            return Err("nothing stands behind OR; name what else to look for".into());
        }
        let n_words: usize = question.all.iter().flatten().chain(&question.none).map(|wanted| wanted.words().len()).sum();
        match (question.all.is_empty(), n_words) {
            (true, 0) => Err("type a word to look for".into()),
            (true, _) => Err("only what is to be left out was named; name a word to look for, too".into()),
            (false, n) if n > MOST_WORDS => Err(format!("a search may have {MOST_WORDS} words at most; search for less at once")),
            _ => Ok(question),
        }
    }

    /// Where a text says what is searched for, in order and without overlaps; nothing where it does not say all of it, or
    /// says something that it may not.
    pub fn places(&self, text: &str) -> Vec<Range<usize>> {
        let tokens = tokens(text);
        let said = |wanted: &Wanted| wanted.places(&tokens);
        if self.none.iter().any(|wanted| !said(wanted).is_empty()) {
            return Vec::new();
        }
        let mut places: Vec<Range<usize>> = Vec::new();
        for any in &self.all {
            let found: Vec<Range<usize>> = any.iter().flat_map(said).collect();
            if found.is_empty() {
                return Vec::new();
            }
            places.extend(found);
        }
        places.sort_unstable_by_key(|place| (place.start, std::cmp::Reverse(place.end)));
        let mut apart: Vec<Range<usize>> = Vec::new();
        for place in places {
            match apart.last_mut() {
                Some(last) if place.start < last.end => last.end = last.end.max(place.end),
                _ => apart.push(place),
            }
        }
        apart
    }
}

/// The first thing to look for, and what follows it; `None` where it has no letter.
fn one(typed: &str) -> Result<(Option<Wanted>, &str), NoQuestion> {
    let Some(quoted) = typed.strip_prefix('"') else {
        let end = typed.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(typed.len());
        let (word, rest) = typed.split_at(end);
        let words = folded(word);
        if word.trim_end_matches('*').contains('*') {
            return Err(format!("{word}: * stands at the end of a word, for any end"));
        }
        let wanted = match (words.len(), word.ends_with('*')) {
            (0, _) => None,
            (1, true) => Some(Wanted::Beginning(words.concat())),
            (1, false) => Some(Wanted::Word(words.concat())),
            (_, true) => return Err(format!("{word}: a beginning that ends in * is one word without a hyphen")),
            (_, false) => Some(Wanted::Phrase(words)),
        };
        return Ok((wanted, rest));
    };
    let Some((inside, rest)) = quoted.split_once('"') else {
        return Err("a quotation mark is missing: a phrase stands between two".into());
    };
    if inside.contains('*') {
        return Err("within quotation marks * has no meaning; look for the beginning outside of them".into());
    }
    let words = folded(inside);
    let Some(number) = rest.strip_prefix('~') else {
        return Ok((phrase(words), rest));
    };
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    let within = number[..end].parse().ok().filter(|within| *within <= WIDEST);
    let Some(within) = within else {
        return Err(format!("behind ~ stands how many other words may stand among them, from 0 to {WIDEST}"));
    };
    Ok((if words.len() > 1 { Some(Wanted::Near(words, within)) } else { phrase(words) }, &number[end..]))
}

fn folded(text: &str) -> Vec<String> {
    tokens(text).into_iter().map(|token| token.folded).collect()
}

fn phrase(words: Vec<String>) -> Option<Wanted> {
    match words.len() {
        0 => None,
        1 => Some(Wanted::Word(words.concat())),
        _ => Some(Wanted::Phrase(words)),
    }
}

impl Wanted {
    /// Its words.
    pub fn words(&self) -> &[String] {
        match self {
            Wanted::Word(word) | Wanted::Beginning(word) => std::slice::from_ref(word),
            Wanted::Phrase(words) | Wanted::Near(words, _) => words,
        }
    }

    /// Where it is said.
    fn places(&self, tokens: &[Token]) -> Vec<Range<usize>> {
        let of_words = |is_it: &dyn Fn(&str) -> bool| tokens.iter().filter(|token| is_it(&token.folded)).map(|token| token.range.clone()).collect();
        match self {
            Wanted::Word(word) => of_words(&|it| it == word),
            Wanted::Beginning(word) => of_words(&|it| it.starts_with(word.as_str())),
            Wanted::Phrase(words) => {
                let runs = tokens.windows(words.len()).filter(|run| run.iter().zip(words).all(|(token, word)| token.folded == *word));
                runs.map(|run| run[0].range.start..run[run.len() - 1].range.end).collect()
            }
            Wanted::Near(words, within) => near(tokens, words, *within),
        }
    }
}

/// The shortest stretches that hold all words, a word that is asked for twice twice.
fn near(tokens: &[Token], words: &[String], within: usize) -> Vec<Range<usize>> {
    let most = words.len() + within;
    let asked: BTreeSet<&str> = words.iter().map(String::as_str).collect();
    let at: Vec<usize> = (0..tokens.len()).filter(|at| asked.contains(tokens[*at].folded.as_str())).collect();
    let needs = |word: &str| words.iter().filter(|it| *it == word).count();
    let mut found: Vec<Range<usize>> = Vec::new();
    for (place, last) in at.iter().enumerate() {
        // The latest beginning from which all words are said until here.
        let first = (0..=place).rev().map(|place| at[place]).take_while(|first| last - first < most).find(|first| {
            let run = &tokens[*first..=*last];
            asked.iter().all(|word| run.iter().filter(|token| token.folded == **word).count() >= needs(word))
        });
        if let Some(first) = first {
            found.push(tokens[first].range.start..tokens[*last].range.end);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said<'a>(typed: &str, text: &'a str) -> Vec<&'a str> {
        Question::read(typed).unwrap().places(text).into_iter().map(|place| &text[place]).collect()
    }

    #[test]
    fn words_phrases_beginnings_and_neighbours_are_found_where_they_stand() {
        let text = "Exploitation of children through County-Lines; violence linked to exploitation.";
        assert_eq!(said("exploitation", text), ["Exploitation", "exploitation"]);
        assert_eq!(said("\"county lines\"", text), ["County-Lines"]);
        assert_eq!(said("county-lines", text), ["County-Lines"]);
        assert_eq!(said("viol* lines", text), ["Lines", "violence"]);
        assert_eq!(said("\"exploitation violence\"~2", text), ["violence linked to exploitation"]);
        assert_eq!(said("\"exploitation violence\"~1", text), Vec::<&str>::new());
        assert_eq!(said("gangs OR children", text), ["children"]);
        assert_eq!(said("children -gangs", text), ["children"]);
        assert_eq!(said("children -lines", text), Vec::<&str>::new());
        assert_eq!(said("children gangs", text), Vec::<&str>::new());
        assert_eq!(said("“county lines”", text), ["County-Lines"]);
    }

    #[test]
    fn what_was_typed_is_read_as_it_is_meant() {
        let question = Question::read(r#""county lines" OR exploit* -adult"#).unwrap();
        assert_eq!(question.all, [vec![Wanted::Phrase(vec!["county".into(), "lines".into()]), Wanted::Beginning("exploit".into())]]);
        assert_eq!(question.none, [Wanted::Word("adult".into())]);
    }

    #[test]
    fn a_word_that_is_asked_for_twice_must_be_said_twice() {
        assert_eq!(said("\"child child\"~3", "a child and a child"), ["child and a child"]);
        assert_eq!(said("\"child child\"~3", "a child"), Vec::<&str>::new());
    }

    #[test]
    fn what_is_no_question_is_refused_with_a_sentence() {
        for (typed, why) in [
            ("", "type a word"),
            (" … ", "type a word"),
            ("-adult", "to be left out"),
            ("OR adult", "between two things"),
            ("a OR OR b", "between two things"),
            ("a OR", "behind OR"),
            ("a OR -b", "behind OR cannot".trim_start_matches("behind ")),
            ("\"county lines", "quotation mark is missing"),
            ("\"a b\"~", "from 0 to"),
            ("\"a b\"~5000", "from 0 to"),
            ("multi-ag*", "without a hyphen"),
            ("ho*se", "at the end of a word"),
            ("\"coun* lines\"", "no meaning"),
        ] {
            let refused = Question::read(typed).unwrap_err();
            assert!(refused.contains(why), "{typed}: {refused}");
        }
        assert!(Question::read(&"a ".repeat(101)).unwrap_err().contains("100 words"));
        assert!(Question::read(&"a ".repeat(2_000)).unwrap_err().contains("2000 letters"));
    }
}
