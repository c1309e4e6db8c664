//! What the letters of a campaign have in common, and what each says alone: so that forty are read once, and nothing is missed.
//!
//! The comparison is made from the letters as they stand, not from the template: what it shows is what will leave. It leaves
//! nothing out: the words in common with those of one letter put back in their places are that letter again.

use super::merge::{Letter, LetterBlock, Run};
use super::values::LateField;

/// One word, with the spaces after it, or what stands for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A word.
    Word(String),
    /// The mark of a footnote.
    Mark(u16),
    /// A place where a value is missing.
    Gap(String),
    /// A place for what follows from the day on which it leaves.
    Late(LateField),
}

/// What a line of a letter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineRole {
    /// The title.
    Title,
    /// A line of an address, or of the end.
    Under,
    /// The date, the greeting, or a paragraph.
    Paragraph,
    /// A heading.
    Heading,
    /// An item of a list.
    Item,
    /// An item of a list with numbers.
    Numbered,
    /// A footnote.
    Footnote,
}

/// One line of a letter: a paragraph is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub role: LineRole,
    /// Its words.
    pub tokens: Vec<Token>,
}

/// A part of a line that stands in all letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A word in common.
    Same(Token),
    /// A place where each letter has words of its own: its number, which leads into [`Comparison::own`].
    Own(usize),
}

/// A letter, and what is known of its recipient by name: a value is one word, however many it has, and names its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known<'a> {
    /// The letter.
    pub letter: &'a Letter,
    /// What each value is, in a few words, and the value.
    pub values: Vec<(&'a str, &'a str)>,
}

/// Letters beside each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What stands in all of them, line by line.
    pub lines: Vec<(LineRole, Vec<Part>)>,
    /// For each place that differs, what each letter has there, in the order of the letters. Places in which all letters have
    /// the same as in another place have one number.
    pub own: Vec<Vec<Vec<Line>>>,
    /// What stands in each of these places, where that is known.
    pub names: Vec<Option<String>>,
}

/// Compares letters in one language; `None` where there is none.
pub fn compare(letters: &[Known<'_>]) -> Option<Comparison> {
    let all: Vec<Vec<Line>> = letters.iter().map(lines).collect();
    let mut found = Comparison { lines: Vec::new(), own: Vec::new(), names: Vec::new() };
    let common = all.iter().skip(1).fold(all.first()?.clone(), |common, letter| in_common(&common, letter));
    // Behind the last line in common there is one more stretch.
    let mut from = vec![0; all.len()];
    for line in common.iter().map(Some).chain([None]) {
        let to: Vec<usize> = all.iter().zip(&from).map(|(letter, from)| next(letter, *from, line)).collect();
        let stretch: Vec<&[Line]> = all.iter().zip(from.iter().zip(&to)).map(|(letter, (from, to))| &letter[*from..*to]).collect();
        found.add(&stretch);
        if let Some(line) = line {
            found.lines.push((line.role, line.tokens.iter().cloned().map(Part::Same).collect()));
        }
        from = to.iter().map(|to| to + 1).collect();
    }
    found.names = found.own.iter().map(|own| name_of(own, letters)).collect();
    Some(found)
}

/// What stands in a place: the same value by name in every letter.
fn name_of(own: &[Vec<Line>], letters: &[Known<'_>]) -> Option<String> {
    let said: Vec<String> = own.iter().map(|lines| lines.iter().map(Line::words).collect::<Vec<_>>().join(" ")).collect();
    let is_there =
        |name: &str| letters.iter().zip(&said).all(|(known, said)| known.values.iter().any(|(other, value)| *other == name && value == said));
    letters.first()?.values.iter().find(|(name, _)| is_there(name)).map(|(name, _)| (*name).to_owned())
}

/// The place of the next line like this one; the end if there is none.
fn next<T: PartialEq>(all: &[T], from: usize, wanted: Option<&T>) -> usize {
    wanted.and_then(|wanted| all[from..].iter().position(|it| it == wanted)).map_or(all.len(), |place| from + place)
}

impl Comparison {
    /// A stretch between two lines in common.
    fn add(&mut self, stretch: &[&[Line]]) {
        let roles = |lines: &[Line]| lines.iter().map(|line| line.role).collect::<Vec<_>>();
        let Some(first) = stretch.first() else { return };
        if stretch.iter().all(|lines| lines.is_empty()) {
            return;
        }
        // A paragraph that only some have, or another order: the whole stretch differs.
        if stretch.iter().any(|lines| roles(lines) != roles(first)) {
            let own = self.place(stretch.iter().map(|lines| lines.to_vec()).collect());
            self.lines.push((LineRole::Paragraph, vec![Part::Own(own)]));
            return;
        }
        for place in 0..first.len() {
            let line: Vec<&Line> = stretch.iter().map(|lines| &lines[place]).collect();
            let parts = self.parts(&line);
            self.lines.push((first[place].role, parts));
        }
    }

    /// The words that one line has in all letters, and the places between them.
    fn parts(&mut self, line: &[&Line]) -> Vec<Part> {
        let common = line.iter().skip(1).fold(line[0].tokens.clone(), |common, line| in_common(&common, &line.tokens));
        let shortest = line.iter().map(|line| line.tokens.len()).min().unwrap_or(0);
        // Where letters share no more than small words, the line is each one's own.
        let common = if common.len() * 2 < shortest { Vec::new() } else { common };
        let mut parts = Vec::new();
        let mut from = vec![0; line.len()];
        for token in common.iter().map(Some).chain([None]) {
            let to: Vec<usize> = line.iter().zip(&from).map(|(line, from)| next(&line.tokens, *from, token)).collect();
            let own = |(line, (from, to)): (&&Line, (&usize, &usize))| line.tokens[*from..*to].to_vec();
            let own: Vec<Vec<Token>> = line.iter().zip(from.iter().zip(&to)).map(own).collect();
            if own.iter().any(|tokens| !tokens.is_empty()) {
                // A space behind all of them is in common: a name is the same place at the end of a line and within one.
                let bare: Option<Vec<Vec<Token>>> = own.iter().map(|tokens| without_space(tokens)).collect();
                let space = bare.is_some().then(|| Part::Same(Token::Word(" ".to_owned())));
                let lines = bare.unwrap_or(own).into_iter().map(|tokens| vec![Line { role: line[0].role, tokens }]).collect();
                parts.push(Part::Own(self.place(lines)));
                parts.extend(space);
            }
            parts.extend(token.cloned().map(Part::Same));
            from = to.iter().map(|to| to + 1).collect();
        }
        parts
    }

    /// The number of a place: that of an earlier one where every letter has the same words.
    fn place(&mut self, own: Vec<Vec<Line>>) -> usize {
        let tokens = |lines: &[Line]| lines.iter().map(|line| line.tokens.clone()).collect::<Vec<_>>();
        let is_same = |other: &Vec<Vec<Line>>| other.iter().zip(&own).all(|(other, own)| tokens(other) == tokens(own));
        self.own.iter().position(is_same).unwrap_or_else(|| {
            self.own.push(own);
            self.own.len() - 1
        })
    }
}

/// Words without the space behind them; `None` where there is none.
fn without_space(tokens: &[Token]) -> Option<Vec<Token>> {
    let (last, before) = tokens.split_last()?;
    let Token::Word(word) = last else { return None };
    let bare = Token::Word(word.strip_suffix(' ')?.to_owned());
    Some(before.iter().cloned().chain([bare]).collect())
}

impl Line {
    /// Its words, spaces around them cut; a gap or a late field stands in brackets.
    pub fn words(&self) -> String {
        let of = |token: &Token| match token {
            Token::Word(word) => word.clone(),
            Token::Mark(number) => format!("[{number}]"),
            Token::Gap(field) => format!("[missing: {field}]"),
            Token::Late(field) => format!("[{}]", field.words()),
        };
        self.tokens.iter().map(of).collect::<String>().trim().to_owned()
    }
}

/// The lines of a letter, title first, footnotes last.
fn lines(known: &Known<'_>) -> Vec<Line> {
    let letter = known.letter;
    let tokens = |runs: &[Run]| tokens(runs, &known.values);
    let mut lines = vec![Line { role: LineRole::Title, tokens: tokens(&letter.title) }];
    for block in &letter.blocks {
        let (role, texts) = match block {
            LetterBlock::Address(texts) | LetterBlock::Closing(texts) => (LineRole::Under, texts.as_slice()),
            LetterBlock::List(texts) => (LineRole::Item, texts.as_slice()),
            LetterBlock::NumberedList(texts) => (LineRole::Numbered, texts.as_slice()),
            LetterBlock::Heading(runs) => (LineRole::Heading, std::slice::from_ref(runs)),
            LetterBlock::Date(runs) | LetterBlock::Salutation(runs) | LetterBlock::Paragraph(runs) => {
                (LineRole::Paragraph, std::slice::from_ref(runs))
            }
        };
        lines.extend(texts.iter().map(|runs| Line { role, tokens: tokens(runs) }));
    }
    lines.extend(letter.footnotes.iter().map(|runs| Line { role: LineRole::Footnote, tokens: tokens(runs) }));
    lines
}

fn tokens(runs: &[Run], known: &[(&str, &str)]) -> Vec<Token> {
    let mut tokens = Vec::new();
    for run in runs {
        match run {
            Run::Words(words) => tokens.extend(split(words, known).into_iter().map(|word| Token::Word(word.to_owned()))),
            Run::Mark(number) => tokens.push(Token::Mark(*number)),
            Run::Gap(field) => tokens.push(Token::Gap(field.clone())),
            Run::Late(field) => tokens.push(Token::Late(*field)),
        }
    }
    tokens
}

/// Words with the space behind each; a known value is one word, without it.
fn split<'a>(mut words: &'a str, known: &[(&str, &str)]) -> Vec<&'a str> {
    let mut found = Vec::new();
    let first = |words: &str| {
        known.iter().filter_map(|(_, value)| Some((place_of(words, value)?, value.len()))).min_by_key(|(at, length)| (*at, usize::MAX - length))
    };
    while let Some((at, length)) = first(words) {
        found.extend(words[..at].split_inclusive(' '));
        found.push(&words[at..at + length]);
        words = &words[at + length..];
    }
    found.extend(words.split_inclusive(' '));
    found
}

/// Where a value stands as words of its own.
fn place_of(words: &str, value: &str) -> Option<usize> {
    let is_apart = |at: usize| {
        let (before, after) = (words[..at].chars().next_back(), words[at + value.len()..].chars().next());
        !before.into_iter().chain(after).any(char::is_alphanumeric)
    };
    if value.is_empty() { None } else { words.match_indices(value).map(|(at, _)| at).find(|at| is_apart(*at)) }
}

/// The longest things in common, in their order. The table of lengths has `a × b` entries: letters are short, and texts that are
/// not are told apart by what they begin and end with.
fn in_common<T: PartialEq + Clone>(a: &[T], b: &[T]) -> Vec<T> {
    const LARGEST: usize = 4_000_000;
    let n_before = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (rest_a, rest_b) = (&a[n_before..], &b[n_before..]);
    let n_after = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (within_a, within_b) = (&rest_a[..rest_a.len() - n_after], &rest_b[..rest_b.len() - n_after]);
    let mut found = a[..n_before].to_vec();
    if within_a.len() * within_b.len() <= LARGEST {
        let width = within_b.len() + 1;
        let mut longest = vec![0u32; (within_a.len() + 1) * width];
        for i in (0..within_a.len()).rev() {
            for j in (0..within_b.len()).rev() {
                let here = if within_a[i] == within_b[j] {
                    longest[(i + 1) * width + j + 1] + 1
                } else {
                    longest[(i + 1) * width + j].max(longest[i * width + j + 1])
                };
                longest[i * width + j] = here;
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < within_a.len() && j < within_b.len() {
            if within_a[i] == within_b[j] {
                found.push(within_a[i].clone());
                (i, j) = (i + 1, j + 1);
            } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
                i += 1;
            } else {
                j += 1;
            }
        }
    }
    found.extend_from_slice(&rest_a[rest_a.len() - n_after..]);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::body::Language;
    use proptest::prelude::*;

    fn letter(title: &str, paragraphs: &[&str]) -> Letter {
        let words = |words: &str| vec![Run::Words(words.to_owned())];
        Letter {
            language: Language::En,
            title: words(title),
            blocks: paragraphs.iter().map(|text| LetterBlock::Paragraph(words(text))).collect(),
            footnotes: vec![words("See the report.")],
        }
    }

    /// A letter as the comparison has it, line by line.
    fn again(comparison: &Comparison, letter: usize) -> Vec<String> {
        let mut found = Vec::new();
        for (role, parts) in &comparison.lines {
            // A stretch of lines.
            if let [Part::Own(place)] = parts[..] {
                found.extend(comparison.own[place][letter].iter().map(Line::words));
                continue;
            }
            let own = |place: usize| comparison.own[place][letter].iter().flat_map(|line| line.tokens.clone()).collect::<Vec<_>>();
            let tokens = parts.iter().flat_map(|part| match part {
                Part::Same(token) => vec![token.clone()],
                Part::Own(place) => own(*place),
            });
            found.push(Line { role: *role, tokens: tokens.collect() }.words());
        }
        found
    }

    #[test]
    fn what_differs_stands_in_numbered_places_and_the_rest_once() {
        let bare = |letter| Known { letter, values: Vec::new() };
        let one = letter("Request", &["Dear Ada", "I ask Kent VRU to answer.", "I have read of your bus.", "A reply of Kent VRU counts."]);
        let two = letter("Request", &["Dear Bo", "I ask Gwent OPCC to answer.", "A reply of Gwent OPCC counts."]);
        let found = compare(&[bare(&one), bare(&two)]).unwrap();
        let shown: Vec<String> = found
            .lines
            .iter()
            .map(|(_, parts)| {
                let of = |part: &Part| match part {
                    Part::Same(token) => Line { role: LineRole::Title, tokens: vec![token.clone()] }.words(),
                    Part::Own(place) => format!("<{place}>"),
                };
                parts.iter().map(of).collect::<Vec<_>>().join(" ")
            })
            .collect();
        // The stretch between the title and the footnote has another number of paragraphs in each: all of it is each one's own.
        assert_eq!(shown, ["Request", "<0>", "See the report."]);
        let three = letter("Request", &["Dear Cy", "I ask Essex VRU to answer.", "A reply of Essex VRU counts."]);
        let found = compare(&[bare(&two), bare(&three)]).unwrap();
        assert_eq!(found.lines.len(), 5);
        assert_eq!(found.own.len(), 2, "the name of the body is one place, and the greeting another");
        assert_eq!(found.own[1].iter().map(|lines| lines[0].words()).collect::<Vec<_>>(), ["Gwent OPCC", "Essex VRU"]);
    }

    #[test]
    fn letters_that_are_alike_have_no_place_of_their_own_and_no_letters_no_comparison() {
        let one = letter("Request", &["Dear friends"]);
        let bare = || Known { letter: &one, values: Vec::new() };
        assert!(compare(&[bare(), bare()]).unwrap().own.is_empty());
        assert_eq!(compare(&[bare()]).unwrap().lines.len(), 3);
        assert_eq!(compare(&[]), None);
    }

    #[test]
    fn a_name_is_one_place_though_its_words_are_alike_and_says_what_it_is() {
        let one = letter("Request", &["I ask Kent Violence Reduction Unit to answer.", "It belongs to Kent Violence Reduction Unit."]);
        let two = letter("Request", &["I ask Gwent Violence Reduction Office to answer.", "It belongs to Gwent Violence Reduction Office."]);
        let known = |letter, name| Known { letter, values: vec![("the body", name)] };
        let found = compare(&[known(&one, "Kent Violence Reduction Unit"), known(&two, "Gwent Violence Reduction Office")]).unwrap();
        assert_eq!(found.names, [Some("the body".to_owned())]);
        assert_eq!(found.own[0][1][0].words(), "Gwent Violence Reduction Office");
        assert_eq!(split("a Kentish Kent.", &[("", "Kent")]), ["a ", "Kentish ", "Kent", "."]);
    }

    proptest! {
        #[test]
        fn nothing_of_any_letter_is_left_out(letters in prop::collection::vec((prop::collection::vec("[ab ]{0,9}", 0..5), "[ab]{0,3}"), 1..5)) {
            let letters: Vec<Letter> = letters
                .iter()
                .map(|(paragraphs, title)| letter(title, &paragraphs.iter().map(String::as_str).collect::<Vec<_>>()))
                .collect();
            let all: Vec<Known<'_>> = letters.iter().map(|letter| Known { letter, values: vec![("", "ab"), ("", "b a")] }).collect();
            let found = compare(&all).unwrap();
            for (number, letter) in all.iter().enumerate() {
                let said: Vec<String> = lines(letter).iter().map(Line::words).collect();
                prop_assert_eq!(again(&found, number), said);
            }
        }
    }
}
