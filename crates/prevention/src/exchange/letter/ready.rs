//! From a merged letter to one that may be set and sent: nothing may be missing in it.

use super::merge::{Letter, LetterBlock, Run, plain};
use crate::exchange::body::Language;
use headwater_release::{Letter as ReadyLetter, LetterLanguage, LetterPart, LetterPiece, LetterText};

/// The letter as the typesetter and the mail take it; the author is the office that writes.
///
/// # Errors
/// Refuses a letter with a gap, and names the fields that have no value; and what [`ReadyLetter::new`] refuses.
pub fn ready(letter: &Letter, author: &str) -> Result<ReadyLetter, String> {
    let mut missing: Vec<&str> = Vec::new();
    // Whatever is missing has been refused before any text is made.
    let text = |runs: &[Run]| -> LetterText { runs.iter().filter_map(piece).collect() };
    let gaps = letter.blocks.iter().flat_map(runs_of).chain(letter.footnotes.iter().map(Vec::as_slice)).chain([letter.title.as_slice()]);
    for run in gaps.flatten() {
        if let Run::Gap(field) = run
            && !missing.contains(&field.as_str())
        {
            missing.push(field);
        }
        if let Run::Late(field) = run {
            return Err(format!("the letter cannot go before it is said on which day: it leaves room for {}", field.words()));
        }
    }
    if !missing.is_empty() {
        return Err(format!(
            "the letter cannot go: there is no value for {}; fill the column of that name, or the office's own fields",
            missing.join(", ")
        ));
    }
    let parts = letter
        .blocks
        .iter()
        .map(|block| match block {
            LetterBlock::Address(texts) => LetterPart::Address(texts.iter().map(|runs| text(runs)).collect()),
            LetterBlock::Date(runs) => LetterPart::Date(text(runs)),
            LetterBlock::Salutation(runs) => LetterPart::Salutation(text(runs)),
            LetterBlock::Heading(runs) => LetterPart::Heading(text(runs)),
            LetterBlock::Paragraph(runs) => LetterPart::Paragraph(text(runs)),
            LetterBlock::List(texts) => LetterPart::List(texts.iter().map(|runs| text(runs)).collect()),
            LetterBlock::NumberedList(texts) => LetterPart::NumberedList(texts.iter().map(|runs| text(runs)).collect()),
            LetterBlock::Closing(texts) => LetterPart::Closing(texts.iter().map(|runs| text(runs)).collect()),
        })
        .collect();
    let footnotes = letter.footnotes.iter().map(|runs| text(runs)).collect();
    let language = match letter.language {
        Language::En => LetterLanguage::English,
        Language::Cy => LetterLanguage::Welsh,
    };
    ReadyLetter::new(language, &plain(&letter.title), author, parts, footnotes)
}

fn runs_of(block: &LetterBlock) -> Vec<&[Run]> {
    match block {
        LetterBlock::Address(texts) | LetterBlock::List(texts) | LetterBlock::NumberedList(texts) | LetterBlock::Closing(texts) => {
            texts.iter().map(Vec::as_slice).collect()
        }
        LetterBlock::Date(runs) | LetterBlock::Salutation(runs) | LetterBlock::Heading(runs) | LetterBlock::Paragraph(runs) => vec![runs],
    }
}

/// What is missing is no piece of a letter that goes.
fn piece(run: &Run) -> Option<LetterPiece> {
    match run {
        Run::Words(words) => Some(LetterPiece::Words(words.clone())),
        Run::Mark(number) => Some(LetterPiece::Mark(*number)),
        Run::Gap(_) | Run::Late(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::SHIPPED_REQUEST;
    use super::super::merge::merge;
    use super::super::template::LetterTemplate;
    use super::super::values::FieldValues;
    use super::*;

    fn shipped() -> (LetterTemplate, FieldValues) {
        let template = LetterTemplate::read(SHIPPED_REQUEST).unwrap();
        let mut office = FieldValues::default();
        let fields: Vec<String> = template.fields().into_iter().map(str::to_owned).collect();
        for field in fields.iter().map(String::as_str).chain(["ask.1"]) {
            office.set(field, &format!("<{field}>"));
        }
        (template, office)
    }

    #[test]
    fn a_letter_with_all_its_values_is_ready_and_says_them() {
        let (template, office) = shipped();
        let (letter, missing) = merge(&template, Language::En, &office, &FieldValues::default()).unwrap();
        assert!(missing.is_empty());
        let letter = ready(&letter, "An invented office").unwrap();
        assert!(letter.plain().contains("Dear <contact.salutation>") && letter.plain().contains("[1] <evidence.funding_source>"));
        assert_eq!(letter.title(), "<campaign.title>");
    }

    #[test]
    fn a_letter_with_a_gap_is_refused_by_the_name_of_its_field() {
        let (template, _) = shipped();
        let (letter, _) = merge(&template, Language::En, &FieldValues::default(), &FieldValues::default()).unwrap();
        let refused = ready(&letter, "An invented office").unwrap_err();
        assert!(refused.contains("contact.salutation") && refused.contains("campaign.title"), "{refused}");
    }
}
