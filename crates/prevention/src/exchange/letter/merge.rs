//! Merging: a template and the values of one recipient give that recipient's letter, and what is missing in it.

use super::super::body::Language;
use super::super::id::BlobHash;
use super::template::{BlockRole, LetterTemplate, Piece, TemplateText};
use super::values::{FieldValues, LateField};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A run of a merged text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Run {
    /// Words.
    Words(String),
    /// The mark of a footnote, by its number in the letter.
    Mark(u16),
    /// A place where a value is missing, with the name of its field.
    Gap(String),
    /// A place for what follows from the day on which it leaves.
    Late(LateField),
}

/// One block of a merged letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterBlock {
    /// Lines under each other.
    Address(Vec<Vec<Run>>),
    /// The date.
    Date(Vec<Run>),
    /// "Dear …".
    Salutation(Vec<Run>),
    /// A heading.
    Heading(Vec<Run>),
    /// A paragraph.
    Paragraph(Vec<Run>),
    /// A list with marks.
    List(Vec<Vec<Run>>),
    /// A list with numbers.
    NumberedList(Vec<Vec<Run>>),
    /// Lines at the end.
    Closing(Vec<Vec<Run>>),
}

/// A letter to one recipient in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Its language.
    pub language: Language,
    /// Its title, for the head of a page or the subject of a mail.
    pub title: Vec<Run>,
    /// Its blocks.
    pub blocks: Vec<LetterBlock>,
    /// Its footnotes; the first is number 1.
    pub footnotes: Vec<Vec<Run>>,
}

impl Letter {
    /// The hash by which the letter is approved: over its JSON.
    pub fn hash(&self) -> BlobHash {
        let json = serde_json::to_vec(self).expect("a letter is made of text and numbers, which JSON can hold");
        BlobHash::of(&json)
    }

    /// The letter as plain text, for the text part of a mail.
    pub fn plain_text(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for block in &self.blocks {
            match block {
                LetterBlock::Date(runs) | LetterBlock::Salutation(runs) | LetterBlock::Heading(runs) | LetterBlock::Paragraph(runs) => {
                    lines.push(plain(runs))
                }
                LetterBlock::Address(texts) | LetterBlock::Closing(texts) => lines.extend(texts.iter().map(|text| plain(text))),
                LetterBlock::List(texts) => lines.extend(texts.iter().map(|text| format!("- {}", plain(text)))),
                LetterBlock::NumberedList(texts) => {
                    lines.extend(texts.iter().enumerate().map(|(place, text)| format!("{}. {}", place + 1, plain(text))))
                }
            }
            lines.push(String::new());
        }
        lines.extend(self.footnotes.iter().enumerate().map(|(place, text)| format!("[{}] {}", place + 1, plain(text))));
        lines.join("\n")
    }
}

/// A text without its markup; a gap shows the name of its field.
pub fn plain(runs: &[Run]) -> String {
    let mut text = String::new();
    for run in runs {
        match run {
            Run::Words(words) => text.push_str(words),
            Run::Mark(number) => text.push_str(&format!("[{number}]")),
            Run::Gap(field) => text.push_str(&format!("[missing: {field}]")),
            Run::Late(field) => text.push_str(&format!("[{}]", field.words())),
        }
    }
    text
}

struct Merging<'a> {
    text: &'a TemplateText,
    language: Language,
    office: &'a FieldValues,
    own: &'a FieldValues,
    missing: BTreeSet<String>,
    footnotes: Vec<&'a str>,
}

impl<'a> Merging<'a> {
    fn value(&self, field: &str) -> Option<&'a str> {
        self.own.get(self.language, field).or_else(|| self.office.get(self.language, field))
    }

    fn runs(&mut self, pieces: &'a [Piece]) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for piece in pieces {
            let run = match piece {
                Piece::Words(words) => Run::Words(words.clone()),
                // The value is taken as it stands: braces in it are braces.
                Piece::Field(field) => match self.value(field) {
                    Some(value) => Run::Words(value.to_owned()),
                    None => match self.late(field) {
                        Some(late) => Run::Late(late),
                        None => {
                            self.missing.insert(field.clone());
                            Run::Gap(field.clone())
                        }
                    },
                },
                Piece::Mark(name) => {
                    let place = self.footnotes.iter().position(|other| other == name).unwrap_or_else(|| {
                        self.footnotes.push(name);
                        self.footnotes.len() - 1
                    });
                    Run::Mark(u16::try_from(place + 1).unwrap_or(u16::MAX))
                }
            };
            match (runs.last_mut(), run) {
                (Some(Run::Words(before)), Run::Words(words)) => before.push_str(&words),
                (_, run) => runs.push(run),
            }
        }
        runs
    }

    fn texts(&mut self, texts: &'a [Vec<Piece>]) -> Vec<Vec<Run>> {
        texts.iter().map(|text| self.runs(text)).collect()
    }

    /// Whether every field of some texts has a value.
    fn is_filled(&self, texts: &[Vec<Piece>]) -> bool {
        texts.iter().flatten().all(|piece| !matches!(piece, Piece::Field(field) if self.value(field).is_none() && self.late(field).is_none()))
    }

    fn late(&self, field: &str) -> Option<LateField> {
        LateField::of(field).filter(|field| self.own.is_late(*field) || self.office.is_late(*field))
    }

    /// What is asked for: `ask.1` and so on, to the last that has a value in any language.
    fn asks(&mut self) -> Vec<Vec<Run>> {
        let names = (1..).map(|number: u32| format!("ask.{number}"));
        let has = |values: &FieldValues, field: &str| Language::ALL.iter().any(|language| values.get(*language, field).is_some());
        let in_any = |field: &String| has(self.own, field) || has(self.office, field);
        let known: Vec<(String, Option<&str>)> = names.take_while(in_any).map(|field| (field.clone(), self.value(&field))).collect();
        if known.is_empty() {
            self.missing.insert("ask.1".to_owned());
            return vec![vec![Run::Gap("ask.1".to_owned())]];
        }
        let of = |(field, value): (String, Option<&str>)| match value {
            Some(value) => vec![Run::Words(value.to_owned())],
            None => {
                self.missing.insert(field.clone());
                vec![Run::Gap(field)]
            }
        };
        known.into_iter().map(of).collect()
    }
}

/// Merges a template with the values of the office and of one recipient; says which fields have no value.
///
/// The recipient's own values come first. A letter with gaps can be looked at, and cannot be put up for review. `None`
/// when the template is not complete in that language.
pub fn merge(template: &LetterTemplate, language: Language, office: &FieldValues, own: &FieldValues) -> Option<(Letter, BTreeSet<String>)> {
    let text = template.texts.get(&language)?;
    let mut merging = Merging { text, language, office, own, missing: BTreeSet::new(), footnotes: Vec::new() };
    let title = merging.runs(&text.title);
    let mut blocks = Vec::new();
    for block in &text.blocks {
        if block.role == BlockRole::OptionalParagraph && !merging.is_filled(&block.texts) {
            continue;
        }
        let texts = &block.texts;
        let merged = merging.texts(texts);
        let one = |merged: Vec<Vec<Run>>| merged.into_iter().flatten().collect::<Vec<Run>>();
        match block.role {
            BlockRole::Address => blocks.push(LetterBlock::Address(merged)),
            BlockRole::Date => blocks.push(LetterBlock::Date(one(merged))),
            BlockRole::Salutation => blocks.push(LetterBlock::Salutation(one(merged))),
            BlockRole::Heading => blocks.push(LetterBlock::Heading(one(merged))),
            BlockRole::Paragraph | BlockRole::OptionalParagraph => blocks.extend(merged.into_iter().map(LetterBlock::Paragraph)),
            BlockRole::List => blocks.push(LetterBlock::List(merged)),
            BlockRole::NumberedList => blocks.push(LetterBlock::NumberedList(merged)),
            BlockRole::Asks => blocks.push(LetterBlock::NumberedList(merging.asks())),
            BlockRole::Closing => blocks.push(LetterBlock::Closing(merged)),
        }
    }
    // A footnote holds no marks of its own, so the list does not grow while it is worked through.
    let names = merging.footnotes.clone();
    let footnotes = names.into_iter().map(|name| merging.text.footnotes.get(name).map(|text| merging.runs(text)).unwrap_or_default()).collect();
    Some((Letter { language, title, blocks, footnotes }, merging.missing))
}
