//! The words of a letter between greeting and closing as plain text, which an office can change without knowing our files.
//!
//! Blocks are told apart by how their lines begin, and end with an empty line or where a line begins otherwise:
//!
//! ```text
//! A paragraph, over as many lines as one likes, with a field {{body.name}} and the mark of a footnote[^source].
//!
//! # A heading
//!
//! ? A paragraph that is left out of a letter where a field in it is empty: {{local.paragraph}}
//!
//! - an item of a list
//! 1. an item of a list with numbers
//!
//! {{asks}}
//!
//! [^source]: The words of the footnote.
//! ```
//!
//! `{{asks}}`, alone on its line and there once, stands for what the campaign asks of a body. A `\` before the first letter of
//! a line makes it begin a paragraph whatever that letter is. [`write`] and [`read`] are the inverse of each other.

use super::template::{BlockRole, Piece, TemplateBlock, pieces};
use std::collections::{BTreeMap, BTreeSet};

/// The longest text, in characters: twenty pages.
const LONGEST: usize = 60_000;

/// The first parts of the names of fields that the program fills: others of such names could never have a value.
const OF_THE_PROGRAM: [&str; 5] = ["body.", "contact.", "campaign.", "office.", "ask."];

/// Footnotes by name.
type Footnotes = BTreeMap<String, Vec<Piece>>;

const ASKS: &str = "{{asks}}";

/// What the beginning of a line makes of it, and where its words begin.
fn role_of(line: &str) -> (Option<BlockRole>, &str) {
    if line == ASKS {
        return (Some(BlockRole::Asks), "");
    }
    if let Some(words) = line.strip_prefix('\\') {
        return (Some(BlockRole::Paragraph), words);
    }
    for (mark, role) in [("# ", BlockRole::Heading), ("?", BlockRole::OptionalParagraph), ("- ", BlockRole::List), ("* ", BlockRole::List)] {
        if let Some(words) = line.strip_prefix(mark) {
            return (Some(role), words.trim_start());
        }
    }
    let n_digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line[n_digits..].strip_prefix(". ") {
        Some(words) if (1..=3).contains(&n_digits) => (Some(BlockRole::NumberedList), words.trim_start()),
        _ => (None, line),
    }
}

/// The name and the words of a line that begins a footnote.
fn note_of(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("[^")?.split_once("]:")
}

/// A block of lines, before its texts are read: the line in the file at which each text begins, and its words.
struct Block {
    role: BlockRole,
    texts: Vec<(usize, String)>,
}

/// Reads the words of an office: the blocks, and the footnotes by name. `known` are the fields of the template that they take
/// the place of.
///
/// # Errors
/// A sentence for each fault, with its line: what is not closed or no name, a field that nothing could fill, a footnote twice or
/// without words, and what is asked for not once.
pub(super) fn read(text: &str, known: &BTreeSet<String>) -> Result<(Vec<TemplateBlock>, Footnotes), Vec<String>> {
    if text.chars().count() > LONGEST {
        return Err(vec![format!("the letter is longer than {LONGEST} characters: shorten it, or send an annex")]);
    }
    let mut blocks: Vec<Block> = Vec::new();
    let mut notes: Vec<(String, usize, String)> = Vec::new();
    // Whether the next plain line goes on with what stands last, and whether that is a footnote.
    let (mut goes_on, mut in_note) = (false, false);
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() {
            goes_on = false;
            continue;
        }
        if let Some((name, words)) = note_of(line) {
            notes.push((name.trim().to_owned(), number, words.trim().to_owned()));
            (goes_on, in_note) = (true, true);
            continue;
        }
        match role_of(line) {
            (None, words) if goes_on => {
                let last = if in_note { notes.last_mut().map(|(.., text)| text) } else { last_text(&mut blocks) };
                if let Some(text) = last {
                    text.push(' ');
                    text.push_str(words);
                }
            }
            (Some(role @ (BlockRole::List | BlockRole::NumberedList)), words) => {
                // Items belong together unless a block stands between.
                match blocks.last_mut() {
                    Some(block) if block.role == role => block.texts.push((number, words.to_owned())),
                    _ => blocks.push(Block { role, texts: vec![(number, words.to_owned())] }),
                }
                (goes_on, in_note) = (true, false);
            }
            (role, words) => {
                let role = role.unwrap_or(BlockRole::Paragraph);
                blocks.push(Block { role, texts: vec![(number, words.to_owned())] });
                // A heading is one line, and nothing belongs to the list of what is asked for.
                (goes_on, in_note) = (!matches!(role, BlockRole::Heading | BlockRole::Asks), false);
            }
        }
    }
    let mut faults = Vec::new();
    let sound = |faults: &mut Vec<String>, number: usize, text: &str, what: &str| -> Vec<Piece> {
        let place = format!("line {number}");
        let found = pieces(text, &place).unwrap_or_else(|fault| {
            faults.push(fault);
            Vec::new()
        });
        if text.trim().is_empty() {
            faults.push(format!("{place}: {what} has no words"));
        }
        for piece in &found {
            if let Piece::Field(name) = piece
                && !known.contains(name)
                && (name == "asks" || OF_THE_PROGRAM.iter().any(|part| name.starts_with(part)))
            {
                faults.push(unknown(&place, name, known));
            }
        }
        found
    };
    let mut found = Vec::new();
    for block in &blocks {
        let texts = match block.role {
            BlockRole::Asks => Vec::new(),
            _ => block.texts.iter().map(|(number, text)| sound(&mut faults, *number, text, "what begins here")).collect(),
        };
        found.push(TemplateBlock { role: block.role, texts });
    }
    let mut footnotes = BTreeMap::new();
    for (name, number, text) in &notes {
        let words = sound(&mut faults, *number, text, "the footnote");
        if footnotes.insert(name.clone(), words).is_some() {
            faults.push(format!("line {number}: the footnote {name} stands there twice"));
        }
    }
    match blocks.iter().filter(|block| block.role == BlockRole::Asks).count() {
        1 => {}
        0 => faults.push(format!("the letter does not say what is asked for: put {ASKS} on a line of its own")),
        _ => faults.push(format!("what is asked for stands there more than once: keep one line {ASKS}")),
    }
    if faults.is_empty() { Ok((found, footnotes)) } else { Err(faults) }
}

fn last_text(blocks: &mut [Block]) -> Option<&mut String> {
    blocks.last_mut()?.texts.last_mut().map(|(_, text)| text)
}

fn unknown(place: &str, name: &str, known: &BTreeSet<String>) -> String {
    if name == "asks" {
        return format!("{place}: {ASKS} stands within other words: put it on a line of its own");
    }
    let part = name.split('.').next().unwrap_or(name);
    let alike: Vec<&str> = known.iter().map(String::as_str).filter(|other| other.split('.').next() == Some(part)).collect();
    match alike.is_empty() {
        true => format!("{place}: there is no field {{{{{name}}}}}: take it out"),
        false => format!("{place}: there is no field {{{{{name}}}}}; there is {}", alike.join(", ")),
    }
}

fn write_text(text: &[Piece]) -> String {
    text.iter()
        .map(|piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Field(name) => format!("{{{{{name}}}}}"),
            Piece::Mark(name) => format!("[^{name}]"),
        })
        .collect()
}

/// Writes blocks and footnotes as [`read`] takes them.
pub(super) fn write(blocks: &[TemplateBlock], footnotes: &Footnotes) -> String {
    let mut text = String::new();
    for block in blocks {
        let mut lines: Vec<String> = block.texts.iter().map(|text| write_text(text)).collect();
        match block.role {
            BlockRole::Asks => lines.push(ASKS.to_owned()),
            BlockRole::Heading => lines.iter_mut().for_each(|line| line.insert_str(0, "# ")),
            BlockRole::OptionalParagraph => lines.iter_mut().for_each(|line| line.insert_str(0, "? ")),
            BlockRole::List => lines.iter_mut().for_each(|line| line.insert_str(0, "- ")),
            BlockRole::NumberedList => (1..).zip(&mut lines).for_each(|(number, line)| line.insert_str(0, &format!("{number}. "))),
            BlockRole::Paragraph | BlockRole::Address | BlockRole::Date | BlockRole::Salutation | BlockRole::Closing => {
                for line in &mut lines {
                    if role_of(line).0.is_some() || note_of(line).is_some() {
                        line.insert(0, '\\');
                    }
                }
            }
        }
        let apart = if matches!(block.role, BlockRole::List | BlockRole::NumberedList) { "\n" } else { "\n\n" };
        text += &lines.join(apart);
        text += "\n\n";
    }
    for (name, words) in footnotes {
        text += &format!("[^{name}]: {}\n", write_text(words));
    }
    text.trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::super::SHIPPED_REQUEST;
    use super::super::template::LetterTemplate;
    use super::*;
    use crate::exchange::body::Language;
    use proptest::prelude::*;

    fn shipped() -> LetterTemplate {
        LetterTemplate::read(SHIPPED_REQUEST).unwrap()
    }

    #[test]
    fn the_shipped_letter_written_and_read_again_is_the_same() {
        for language in Language::ALL {
            let words = shipped().words(language).unwrap();
            let again = shipped().with_words(language, &words.replace('\n', "\r\n")).unwrap();
            assert_eq!(again.texts, shipped().texts);
            assert!(!again.unchecked.contains(&language), "the words are the office's now");
        }
    }

    #[test]
    fn what_an_office_writes_takes_the_place_of_what_stood_there() {
        let own = "I ask {{body.name}}\nfor two things[^why].\n# What\nThese:\n{{asks}}\n- one\n  more\n- two\n\n?{{local.paragraph}}\n\\# no heading\n[^why]: See {{my.source}},\n page 4.";
        let template = shipped().with_words(Language::En, own).unwrap();
        let text = &template.texts[&Language::En];
        let roles: Vec<BlockRole> = text.blocks.iter().map(|block| block.role).collect();
        use BlockRole::*;
        assert_eq!(roles, [Address, Date, Address, Salutation, Paragraph, Heading, Paragraph, Asks, List, OptionalParagraph, Paragraph, Closing]);
        assert_eq!(write_text(&text.blocks[4].texts[0]), "I ask {{body.name}} for two things[^why].");
        assert_eq!(text.blocks[8].texts.iter().map(|text| write_text(text)).collect::<Vec<_>>(), ["one more", "two"]);
        assert_eq!(write_text(&text.blocks[10].texts[0]), "# no heading");
        assert_eq!(write_text(&text.footnotes["why"]), "See {{my.source}}, page 4.");
        assert!(template.fields().contains("my.source"));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (own, says) in [
            ("Dear friends", "put {{asks}} on a line of its own"),
            ("I ask for {{asks}}", "line 1: {{asks}} stands within other words"),
            ("{{asks}}\n\n{{asks}}", "more than once"),
            ("{{asks}}\n\nTo {{body.nmae}}", "line 3: there is no field {{body.nmae}}; there is body.name"),
            ("{{asks}}\n\nSee {{x", "line 3: a {{ is not closed"),
            ("{{asks}}\n\nSee[^x]", "[^x] leads to no footnote"),
            ("{{asks}}\n[^x]: y", "no text leads to the footnote x"),
            ("See[^x]\n{{asks}}\n[^x]: y\n[^x]: z", "line 4: the footnote x stands there twice"),
            ("See[^x]\n{{asks}}\n[^x]:", "line 3: the footnote has no words"),
            ("?\n{{asks}}", "line 1: what begins here has no words"),
        ] {
            let faults = shipped().with_words(Language::En, own).unwrap_err();
            assert!(faults.iter().any(|fault| fault.contains(says)), "{own}: {faults:?}");
        }
        assert!(shipped().with_words(Language::En, &"x".repeat(LONGEST + 1)).unwrap_err()[0].contains("longer than"));
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_the_same_when_written_and_read_again(lines in prop::collection::vec("[-#?*1. a\\\\\\[\\]^:{}x]{0,12}", 0..12)) {
            let text = lines.join("\n") + "\n\n{{asks}}\n";
            if let Ok((blocks, footnotes)) = read(&text, &BTreeSet::new()) {
                prop_assert_eq!(read(&write(&blocks, &footnotes), &BTreeSet::new()), Ok((blocks, footnotes)));
            }
        }
    }
}
