//! Templates of letters: read from a data file, with every field, mark and language checked.

use super::super::body::Language;
use super::super::campaign::{DutyApplies, PublishPolicy};
use super::own_words;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The longest text of one block in one language, in characters.
const LONGEST_TEXT: usize = 20_000;

/// What stands in a text: words, a field, or the mark of a footnote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Words(String),
    /// The value of a field, such as `body.name`.
    Field(String),
    /// A mark that leads to a footnote.
    Mark(String),
}

/// The role of a block in a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockRole {
    /// Who writes, or to whom: lines under each other.
    Address,
    /// The date.
    Date,
    /// "Dear …".
    Salutation,
    /// A heading.
    Heading,
    /// A paragraph.
    Paragraph,
    /// A paragraph that only some recipients have: left out, without complaint, where its fields have no value.
    OptionalParagraph,
    /// A list with marks.
    List,
    /// A list with numbers.
    NumberedList,
    /// What is asked for: a list with numbers of the fields `ask.1`, `ask.2` and so on, as many as have a value. It has no text.
    Asks,
    /// The end, with a name.
    Closing,
}

/// One block of a template: one text for a paragraph, several for a list or an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateBlock {
    /// Its role.
    pub role: BlockRole,
    /// Its texts.
    pub texts: Vec<Vec<Piece>>,
}

/// The whole of a template in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateText {
    /// Its title.
    pub title: Vec<Piece>,
    /// Its blocks.
    pub blocks: Vec<TemplateBlock>,
    /// Its footnotes by name.
    pub footnotes: BTreeMap<String, Vec<Piece>>,
}

/// How an office is asked for the value of a field.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldAbout {
    /// What it is, in a few words.
    pub label: String,
    /// An example, or what to mind.
    #[serde(default)]
    pub hint: String,
    /// Whether its value is longer than a line.
    #[serde(default, rename = "long")]
    pub is_long: bool,
}

/// A template of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterTemplate {
    /// Permanent id.
    pub id: String,
    /// Its text in each language in which it is complete.
    pub texts: BTreeMap<Language, TemplateText>,
    /// What the field `campaign.publishing` says in a language, by what the campaign does with its answers.
    pub publishing: BTreeMap<PublishPolicy, BTreeMap<Language, String>>,
    /// What the field `campaign.duty` says in a language, by whether the body must co-operate.
    pub duty: BTreeMap<DutyApplies, BTreeMap<Language, String>>,
    /// What a thing of this title is called in the list of what is asked for, in Welsh.
    pub welsh_asks: BTreeMap<String, String>,
    /// Languages whose text nobody has checked who speaks it from birth.
    pub unchecked: Vec<Language>,
    /// How an office is asked for a field, by its name.
    pub about: BTreeMap<String, FieldAbout>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    title: Texts,
    #[serde(default, rename = "about")]
    _about: String,
    #[serde(default)]
    unchecked: Vec<Language>,
    block: Vec<FileBlock>,
    #[serde(default)]
    footnote: BTreeMap<String, Texts>,
    #[serde(default)]
    welsh_ask: BTreeMap<String, String>,
    #[serde(default)]
    publishing: BTreeMap<PublishPolicy, BTreeMap<Language, String>>,
    #[serde(default)]
    duty: BTreeMap<DutyApplies, BTreeMap<Language, String>>,
    #[serde(default)]
    field: BTreeMap<String, FieldAbout>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    en: Option<OneOrMany>,
    cy: Option<OneOrMany>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileBlock {
    role: BlockRole,
    en: Option<OneOrMany>,
    cy: Option<OneOrMany>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn into_vec(self) -> Vec<String> {
        match self {
            OneOrMany::One(text) => vec![text],
            OneOrMany::Many(texts) => texts,
        }
    }
}

/// Splits a text into words, `{{fields}}` and `[^marks]`; `place` says where it stands, for what is wrong with it.
pub(super) fn pieces(text: &str, place: &str) -> Result<Vec<Piece>, String> {
    let text = text.trim();
    if text.chars().count() > LONGEST_TEXT {
        return Err(format!("{place} is longer than {LONGEST_TEXT} characters: split it into paragraphs"));
    }
    let name_is_sound = |name: &str| {
        !name.is_empty()
            && name.len() <= 60
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-'))
    };
    let mut found = Vec::new();
    let mut words = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let field = rest.strip_prefix("{{").map(|after| ("{{", after, "}}"));
        let mark = rest.strip_prefix("[^").map(|after| ("[^", after, "]"));
        if let Some((begin, after, end)) = field.or(mark) {
            let (name, next) = after.split_once(end).ok_or_else(|| format!("{place}: a {begin} is not closed by {end}"))?;
            let name = name.trim();
            if !name_is_sound(name) {
                return Err(format!(
                    "{place}: \"{}\" is not a name: use small letters, digits, dots and hyphens",
                    name.chars().take(40).collect::<String>()
                ));
            }
            if !words.is_empty() {
                found.push(Piece::Words(std::mem::take(&mut words)));
            }
            found.push(if begin == "{{" { Piece::Field(name.to_owned()) } else { Piece::Mark(name.to_owned()) });
            rest = next;
        } else {
            let letter = rest.chars().next().unwrap_or(' ');
            // A line break in the file is a space in the letter.
            words.push(if letter == '\n' { ' ' } else { letter });
            rest = &rest[letter.len_utf8()..];
        }
    }
    if !words.is_empty() {
        found.push(Piece::Words(words));
    }
    Ok(found)
}

type ByLanguage = BTreeMap<Language, Vec<Vec<Piece>>>;

/// The texts of one thing by language.
fn by_language(en: Option<OneOrMany>, cy: Option<OneOrMany>, place: &str) -> Result<ByLanguage, String> {
    let mut found = BTreeMap::new();
    for (language, texts) in [(Language::En, en), (Language::Cy, cy)] {
        let Some(texts) = texts else { continue };
        let texts: Vec<Vec<Piece>> =
            texts.into_vec().iter().map(|text| pieces(text, &format!("{place} in {}", language.name()))).collect::<Result<_, _>>()?;
        found.insert(language, texts);
    }
    if found.is_empty() {
        return Err(format!("{place} has no text: write it under en or cy"));
    }
    Ok(found)
}

/// Words of one language: line breaks of the file are spaces.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl LetterTemplate {
    /// Reads a template, or says what is wrong with it and where.
    pub fn read(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| format!("the letter's template cannot be read: {error}"))?;
        let title = by_language(file.title.en, file.title.cy, "the title")?;
        let mut blocks: Vec<(BlockRole, ByLanguage)> = Vec::new();
        for (place, block) in file.block.into_iter().enumerate() {
            let place = format!("block {}", place + 1);
            let texts = match block.role {
                BlockRole::Asks if block.en.is_some() || block.cy.is_some() => {
                    return Err(format!("{place} is the list of what is asked for, which has no text: take it out"));
                }
                BlockRole::Asks => Language::ALL.into_iter().map(|language| (language, Vec::new())).collect(),
                _ => by_language(block.en, block.cy, &place)?,
            };
            blocks.push((block.role, texts));
        }
        if blocks.is_empty() {
            return Err("the letter has no text: add a block".to_owned());
        }
        let mut notes: BTreeMap<String, ByLanguage> = BTreeMap::new();
        for (name, texts) in file.footnote {
            let texts = by_language(texts.en, texts.cy, &format!("footnote {name}"))?;
            notes.insert(name, texts);
        }
        let mut texts = BTreeMap::new();
        for language in Language::ALL {
            let single = |texts: &ByLanguage| Some(texts.get(&language)?.iter().flatten().cloned().collect::<Vec<Piece>>());
            let of_block = |(role, texts): &(BlockRole, ByLanguage)| Some(TemplateBlock { role: *role, texts: texts.get(&language)?.clone() });
            let (Some(title), Some(blocks)) = (single(&title), blocks.iter().map(of_block).collect::<Option<Vec<_>>>()) else { continue };
            let footnotes = notes.iter().filter_map(|(name, texts)| Some((name.clone(), single(texts)?))).collect();
            let text = TemplateText { title, blocks, footnotes };
            text.check().map_err(|error| format!("{error} (in {})", language.name()))?;
            texts.insert(language, text);
        }
        if texts.is_empty() {
            return Err("no language has a text for every block: complete English or Welsh".to_owned());
        }
        let in_lines = |words: BTreeMap<Language, String>| words.into_iter().map(|(language, words)| (language, one_line(&words))).collect();
        let publishing = file.publishing.into_iter().map(|(policy, words)| (policy, in_lines(words))).collect();
        let duty = file.duty.into_iter().map(|(duty, words)| (duty, in_lines(words))).collect();
        Ok(Self { id: file.id, texts, publishing, duty, welsh_asks: file.welsh_ask, unchecked: file.unchecked, about: file.field })
    }

    /// What stands between greeting and closing, as an office reads and changes it; paragraphs apart by empty lines, `# ` before a heading, `- ` or `1. ` before an item,
    /// `?` before a paragraph that may be left out, `{{asks}}` for what is asked, `[^name]: ` before a footnote.
    pub fn words(&self, language: Language) -> Option<String> {
        let text = self.texts.get(&language)?;
        Some(own_words::write(&text.blocks[text.middle()], &text.footnotes))
    }

    /// The template with the words of an office between greeting and closing, in one language.
    ///
    /// # Errors
    /// A sentence for each thing that is wrong with them, by line: a brace that is not closed, a field that nothing could fill, a mark
    /// without its footnote; or that they do not say what is asked for.
    pub fn with_words(mut self, language: Language, own: &str) -> Result<Self, Vec<String>> {
        let known: BTreeSet<String> = self.fields().into_iter().map(str::to_owned).collect();
        let Some(text) = self.texts.get_mut(&language) else {
            return Err(vec![format!("the template has no {} letter", language.name())]);
        };
        let (blocks, footnotes) = own_words::read(own, &known)?;
        let middle = text.middle();
        text.blocks.splice(middle, blocks);
        text.footnotes = footnotes;
        text.check().map_err(|error| vec![error])?;
        self.unchecked.retain(|unchecked| *unchecked != language);
        Ok(self)
    }

    /// Every field that occurs, in alphabetical order: the columns that a file of values may have.
    pub fn fields(&self) -> BTreeSet<&str> {
        self.texts.values().flat_map(TemplateText::fields).collect()
    }
}

impl TemplateText {
    /// The blocks between greeting and closing.
    fn middle(&self) -> std::ops::Range<usize> {
        let after = self.blocks.iter().rposition(|block| matches!(block.role, BlockRole::Address | BlockRole::Date | BlockRole::Salutation));
        let begin = after.map_or(0, |place| place + 1);
        let end = self.blocks[begin..].iter().position(|block| block.role == BlockRole::Closing).map_or(self.blocks.len(), |place| begin + place);
        begin..end
    }

    /// Its fields in the order in which they first occur, those of a footnote where its mark stands.
    pub fn fields(&self) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        let blocks = self.blocks.iter().flat_map(|block| &block.texts);
        for name in std::iter::once(&self.title).chain(blocks).flat_map(|text| self.fields_of(text)) {
            if !found.contains(&name) {
                found.push(name);
            }
        }
        found
    }

    /// The fields of one of its texts, and of the footnotes that it leads to.
    pub fn fields_of<'a>(&'a self, text: &'a [Piece]) -> Vec<&'a str> {
        let of = |piece: &'a Piece| if let Piece::Field(name) = piece { Some(name.as_str()) } else { None };
        let note = |piece: &'a Piece| if let Piece::Mark(name) = piece { self.footnotes.get(name) } else { None };
        let in_note = |piece: &'a Piece| note(piece).into_iter().flatten().filter_map(of);
        text.iter().flat_map(|piece| of(piece).into_iter().chain(in_note(piece))).collect()
    }

    fn check(&self) -> Result<(), String> {
        let mut marked: BTreeSet<&str> = BTreeSet::new();
        for piece in self.blocks.iter().flat_map(|block| &block.texts).flatten() {
            let Piece::Mark(name) = piece else { continue };
            marked.insert(name);
            if !self.footnotes.contains_key(name) {
                return Err(format!("[^{name}] leads to no footnote: write the footnote {name}"));
            }
        }
        let outside = std::iter::once(&self.title).chain(self.footnotes.values()).flatten();
        if let Some(Piece::Mark(name)) = outside.into_iter().find(|piece| matches!(piece, Piece::Mark(_))) {
            return Err(format!("[^{name}] stands in the title or in a footnote: put it into a block"));
        }
        match self.footnotes.keys().find(|name| !marked.contains(name.as_str())) {
            Some(name) => Err(format!("no text leads to the footnote {name}: put [^{name}] where it belongs, or take it out")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_with_a_fault_says_where_it_is() {
        for (text, says) in [
            ("", "cannot be read"),
            ("id = 'x'\ntitle = { en = 'T' }\nblock = []", "no text"),
            ("id = 'x'\ntitle = { en = 'T' }\n[[block]]\nrole = 'paragraph'\nen = 'Dear {{name'", "not closed"),
            ("id = 'x'\ntitle = { en = 'T' }\n[[block]]\nrole = 'paragraph'\nen = 'Dear {{Full Name}}'", "not a name"),
            ("id = 'x'\ntitle = { en = 'T' }\n[[block]]\nrole = 'paragraph'\nen = 'x[^a]'", "leads to no footnote"),
            ("id = 'x'\ntitle = { en = 'T' }\n[[block]]\nrole = 'paragraph'\nen = 'x'\n[footnote.a]\nen = 'y'", "no text leads"),
            ("id = 'x'\ntitle = { en = 'T' }\n[[block]]\nrole = 'paragraph'\ncy = 'x'", "no language"),
            ("id = 'x'\ntitle = { en = 'T' }\n[[block]]\nrole = 'poem'\nen = 'x'", "unknown variant"),
            ("id = 'x'\ntitle = { en = 'T' }\n[[block]]\nrole = 'paragraph'", "has no text"),
        ] {
            let error = LetterTemplate::read(text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }

    #[test]
    fn the_shipped_request_says_the_same_in_both_languages() {
        let template = LetterTemplate::read(super::super::SHIPPED_REQUEST).unwrap();
        assert_eq!((template.texts.len(), template.unchecked.as_slice()), (2, &[Language::Cy][..]));
        // The same fields and the same marks, block by block, in the same number of texts.
        let parts = |language: Language| -> Vec<(BlockRole, Vec<Vec<Piece>>)> {
            let of = |block: &TemplateBlock| {
                let fields = |text: &Vec<Piece>| {
                    let mut fields: Vec<Piece> = text.iter().filter(|piece| !matches!(piece, Piece::Words(_))).cloned().collect();
                    fields.sort_by_key(|piece| format!("{piece:?}"));
                    fields
                };
                (block.role, block.texts.iter().map(fields).collect())
            };
            template.texts[&language].blocks.iter().map(of).collect()
        };
        assert_eq!(parts(Language::En), parts(Language::Cy));
        for field in ["body.name", "contact.salutation", "local.paragraph", "coordinator.name", "office.plan_priority", "campaign.reply_address"] {
            assert!(template.fields().contains(field), "{field}");
        }
        let text = &template.texts[&Language::En];
        assert_eq!((text.blocks.iter().filter(|block| block.role == BlockRole::Asks).count(), text.footnotes.len()), (1, 2));
        // Every field is explained, and nothing is explained that is no field.
        assert_eq!(template.fields(), template.about.keys().map(String::as_str).collect());
        assert!(template.publishing.values().all(|words| words.len() == 2) && template.publishing.len() == 3);
        assert!(template.duty.values().all(|words| words.len() == 2) && template.duty.len() == 3);
    }
}
