//! Our letters as the public may read them: without what was for their reader alone.

use crate::exchange::campaign::Recipient;
use crate::exchange::id::RecipientId;
use crate::exchange::letter::dated::dated;
use crate::exchange::letter::due::due_in_letter;
use crate::exchange::letter::merge::{Letter, LetterBlock, Run};
use crate::exchange::letter::ready::ready;
use crate::exchange::state::State;
use headwater_release::{Block, Passage};

use super::Office;

/// Every letter that went to a recipient, each language of it, as it left.
pub(super) fn our_letters(state: &State, office: &Office<'_>, (id, recipient): (RecipientId, &Recipient), name: &str) -> Vec<Block> {
    let Some(on) = recipient.letter_sent else { return Vec::new() };
    let merged = recipient.letters.values().filter_map(|merged| (office.letter)(merged.letter));
    let sent = recipient.letter.and_then(|letter| state.communication(letter));
    let due = due_in_letter(state, id, sent, on);
    let found: Vec<Letter> = merged.map(|letter| dated(letter, due, on)).collect();
    let heading = match found.len() {
        0 => return Vec::new(),
        1 => "Our letter to it",
        _ => "Our letter to it, in each language",
    };
    let mut blocks = vec![
        Block::Heading(heading.to_owned()),
        Block::Paragraph(
            Passage::new().say("Its greeting, the name below it, and the addresses and links that were for its reader alone are left out."),
        ),
    ];
    blocks.extend(found.iter().map(|letter| match ready(&open(letter), name) {
        Ok(letter) => Block::Letter(Box::new(letter)),
        Err(why) => Block::Paragraph(Passage::new().say("It cannot be shown here: ").name(why).say(".")),
    }));
    blocks
}

/// The letter in the words that are public.
fn open(letter: &Letter) -> Letter {
    Letter {
        language: letter.language,
        title: public_words(&letter.title, is_own),
        blocks: letter.blocks.iter().filter_map(open_block).collect(),
        footnotes: letter.footnotes.iter().map(|runs| public_words(runs, is_own_in_a_source)).collect(),
    }
}

fn open_block(block: &LetterBlock) -> Option<LetterBlock> {
    let one = |runs: &[Run]| public_words(runs, is_own);
    let all = |texts: &[Vec<Run>]| texts.iter().map(|runs| one(runs)).collect();
    Some(match block {
        LetterBlock::Address(_) | LetterBlock::Salutation(_) => return None,
        LetterBlock::Date(runs) => LetterBlock::Date(one(runs)),
        LetterBlock::Heading(runs) => LetterBlock::Heading(one(runs)),
        LetterBlock::Paragraph(runs) => LetterBlock::Paragraph(one(runs)),
        LetterBlock::List(texts) => LetterBlock::List(all(texts)),
        LetterBlock::NumberedList(texts) => LetterBlock::NumberedList(all(texts)),
        // "Yours sincerely", a name, an office: the second line is the name.
        LetterBlock::Closing(texts) => {
            LetterBlock::Closing(texts.iter().enumerate().filter(|(line, _)| *line != 1).map(|(_, runs)| one(runs)).collect())
        }
    })
}

/// Words in which every address that `hides` finds is replaced.
fn public_words(runs: &[Run], hides: fn(&str) -> bool) -> Vec<Run> {
    let shown = |words: &str| {
        words
            .split(' ')
            .map(|word| {
                let end = word.trim_end_matches([',', '.', ';', ':', ')']).len();
                if hides(word) { format!("[address]{}", &word[end..]) } else { word.to_owned() }
            })
            .collect::<Vec<_>>()
            .join(" ")
    };
    runs.iter().map(|run| if let Run::Words(words) = run { Run::Words(shown(words)) } else { run.clone() }).collect()
}

/// Addresses in the text of a letter were one reader's own: for its reply, for its files.
fn is_own(word: &str) -> bool {
    word.contains('@') || word.contains("://")
}

/// A footnote names sources, and where they are is for everyone; a link to leave files is not.
fn is_own_in_a_source(word: &str) -> bool {
    word.contains('@') || word.contains("/upload/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::letter::merge::plain;

    fn check(words: &str, hides: fn(&str) -> bool, shown: &str) {
        assert_eq!(plain(&public_words(&[Run::Words(words.to_owned())], hides)), shown);
    }

    #[test]
    fn addresses_of_one_reader_are_left_out_and_those_of_sources_stay() {
        check("A reply to a+b@c.example, or https://c.example/upload/d.", is_own, "A reply to [address], or [address].");
        check("The list: https://gov.example/funding.", is_own_in_a_source, "The list: https://gov.example/funding.");
        check("Ask a@b.example or https://c.example/upload/d", is_own_in_a_source, "Ask [address] or [address]");
    }
}
