//! The letter as it leaves on a day: with that day, and the last day of its clock.

use super::merge::{Letter, LetterBlock, Run};
use super::values::LateField;
use crate::exchange::moment::Day;

/// The letter with the day on which it leaves, and the last day to answer as [`due_in_letter`](super::due::due_in_letter) says it. The rest is as it was approved:
/// two people who know the approved letter and the day get the same bytes.
///
/// Where there is no last day, the place for it stays empty, and [`ready`](super::ready::ready) refuses the letter.
pub fn dated(mut letter: Letter, due: Option<Day>, on: Day) -> Letter {
    let language = letter.language;
    let words = |field: LateField| match field {
        LateField::Sent => Some(on.name_in(language)),
        LateField::Due => due.map(|due| due.name_in(language)),
    };
    let fill = |runs: &mut Vec<Run>| {
        let mut filled: Vec<Run> = Vec::with_capacity(runs.len());
        for run in runs.drain(..) {
            let run = match run {
                Run::Late(field) => words(field).map_or(Run::Late(field), Run::Words),
                run => run,
            };
            match (filled.last_mut(), run) {
                (Some(Run::Words(before)), Run::Words(words)) => before.push_str(&words),
                (_, run) => filled.push(run),
            }
        }
        *runs = filled;
    };
    fill(&mut letter.title);
    letter.footnotes.iter_mut().for_each(fill);
    for block in &mut letter.blocks {
        match block {
            LetterBlock::Date(runs) | LetterBlock::Salutation(runs) | LetterBlock::Heading(runs) | LetterBlock::Paragraph(runs) => fill(runs),
            LetterBlock::Address(texts) | LetterBlock::List(texts) | LetterBlock::NumberedList(texts) | LetterBlock::Closing(texts) => {
                texts.iter_mut().for_each(fill);
            }
        }
    }
    letter
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::body::Language;

    #[test]
    fn the_day_and_the_last_day_are_those_of_the_sending() {
        let runs = vec![Run::Words("By ".to_owned()), Run::Late(LateField::Due), Run::Words(", as of ".to_owned()), Run::Late(LateField::Sent)];
        let letter = |language| Letter { language, title: Vec::new(), blocks: vec![LetterBlock::Paragraph(runs.clone())], footnotes: Vec::new() };
        let said = |language, due: Option<Day>| dated(letter(language), due, "2020-12-04".parse().unwrap()).plain_text();
        let due = Some("2021-01-06".parse().unwrap());
        assert_eq!(said(Language::En, due), "By 6 January 2021, as of 4 December 2020\n");
        assert_eq!(said(Language::Cy, due), "By 6 Ionawr 2021, as of 4 Rhagfyr 2020\n");
        assert!(said(Language::En, None).starts_with("By [the last day"));
    }
}
