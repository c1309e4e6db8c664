//! Templates of letters: read from a data file, with every field, mark and language checked.

use super::super::body::Language;
use super::super::campaign::PublishPolicy;
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

/// One block of a template: texts by language, one for a paragraph, several for a list or an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateBlock {
    /// Its role.
    pub role: BlockRole,
    /// Its texts by language.
    pub texts: BTreeMap<Language, Vec<Vec<Piece>>>,
    /// Where it stands only in letters of campaigns that do so with their answers: those.
    pub policies: Vec<PublishPolicy>,
}

/// A template of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterTemplate {
    /// Permanent id.
    pub id: String,
    /// Its title by language.
    pub titles: BTreeMap<Language, Vec<Piece>>,
    /// Its blocks.
    pub blocks: Vec<TemplateBlock>,
    /// Its footnotes by name.
    pub footnotes: BTreeMap<String, BTreeMap<Language, Vec<Piece>>>,
    /// What a thing of this title is called in the list of what is asked for, in Welsh.
    pub welsh_asks: BTreeMap<String, String>,
    /// Languages in which every block has a text.
    pub languages: Vec<Language>,
    /// Languages whose text nobody has checked who speaks it from birth.
    pub unchecked: Vec<Language>,
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
    #[serde(default)]
    policies: Vec<PublishPolicy>,
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

/// Splits a text into words, `{{fields}}` and `[^marks]`.
fn pieces(text: &str, place: &str) -> Result<Vec<Piece>, String> {
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

fn by_language(en: Option<OneOrMany>, cy: Option<OneOrMany>, place: &str) -> Result<BTreeMap<Language, Vec<Vec<Piece>>>, String> {
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

impl LetterTemplate {
    /// Reads a template, or says what is wrong with it and where.
    pub fn read(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| format!("the letter's template cannot be read: {error}"))?;
        let single = |mut texts: BTreeMap<Language, Vec<Vec<Piece>>>| -> BTreeMap<Language, Vec<Piece>> {
            texts.iter_mut().map(|(language, texts)| (*language, std::mem::take(texts).into_iter().flatten().collect())).collect()
        };
        let titles = single(by_language(file.title.en, file.title.cy, "the title")?);
        let mut blocks = Vec::new();
        for (place, block) in file.block.into_iter().enumerate() {
            let place = format!("block {}", place + 1);
            let texts = match block.role {
                BlockRole::Asks if block.en.is_some() || block.cy.is_some() => {
                    return Err(format!("{place} is the list of what is asked for, which has no text: take it out"));
                }
                BlockRole::Asks => Language::ALL.into_iter().map(|language| (language, Vec::new())).collect(),
                _ => by_language(block.en, block.cy, &place)?,
            };
            blocks.push(TemplateBlock { role: block.role, texts, policies: block.policies });
        }
        let mut footnotes = BTreeMap::new();
        for (name, texts) in file.footnote {
            let texts = by_language(texts.en, texts.cy, &format!("footnote {name}"))?;
            footnotes.insert(name, single(texts));
        }
        let whole = |language: &Language| titles.contains_key(language) && blocks.iter().all(|block| block.texts.contains_key(language));
        let languages: Vec<Language> = Language::ALL.into_iter().filter(whole).collect();
        let template = Self { id: file.id, titles, blocks, footnotes, welsh_asks: file.welsh_ask, languages, unchecked: file.unchecked };
        template.check()?;
        Ok(template)
    }

    fn check(&self) -> Result<(), String> {
        if self.blocks.is_empty() {
            return Err("the letter has no text: add a block".to_owned());
        }
        if self.languages.is_empty() {
            return Err("no language has a text for every block: complete English or Welsh".to_owned());
        }
        let mut marked: BTreeSet<&str> = BTreeSet::new();
        for (language, text) in
            self.blocks.iter().flat_map(|block| &block.texts).flat_map(|(language, texts)| texts.iter().map(move |text| (language, text)))
        {
            for piece in text {
                let Piece::Mark(name) = piece else { continue };
                marked.insert(name);
                match self.footnotes.get(name) {
                    None => return Err(format!("[^{name}] leads to no footnote: write [footnote.{name}]")),
                    Some(texts) if !texts.contains_key(language) => {
                        return Err(format!("the footnote {name} has no text in {}: write it", language.name()));
                    }
                    Some(_) => {}
                }
            }
        }
        let outside = self.titles.values().chain(self.footnotes.values().flat_map(BTreeMap::values)).flatten();
        if let Some(Piece::Mark(name)) = outside.into_iter().find(|piece| matches!(piece, Piece::Mark(_))) {
            return Err(format!("[^{name}] stands in the title or in a footnote: put it into a block"));
        }
        match self.footnotes.keys().find(|name| !marked.contains(name.as_str())) {
            Some(name) => Err(format!("no text leads to the footnote {name}: put [^{name}] where it belongs, or take it out")),
            None => Ok(()),
        }
    }

    /// The letter of a campaign that does so with its answers.
    pub fn under(mut self, policy: PublishPolicy) -> Self {
        self.blocks.retain(|block| block.policies.is_empty() || block.policies.contains(&policy));
        self
    }

    /// Every field that occurs, in alphabetical order: the columns that a file of values may have.
    pub fn fields(&self) -> BTreeSet<&str> {
        let titles = self.titles.values().flatten();
        let notes = self.footnotes.values().flat_map(BTreeMap::values).flatten();
        let texts = self.blocks.iter().flat_map(|block| block.texts.values()).flatten().flatten();
        titles.chain(notes).chain(texts).filter_map(|piece| if let Piece::Field(name) = piece { Some(name.as_str()) } else { None }).collect()
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
        assert_eq!((template.languages.as_slice(), template.unchecked.as_slice()), (&Language::ALL[..], &[Language::Cy][..]));
        // The same fields and the same marks, block by block, in the same number of texts.
        for block in &template.blocks {
            let parts = |language: Language| {
                let mut parts: Vec<Vec<&Piece>> =
                    block.texts[&language].iter().map(|text| text.iter().filter(|piece| !matches!(piece, Piece::Words(_))).collect()).collect();
                parts.iter_mut().for_each(|text| text.sort_by_key(|piece| format!("{piece:?}")));
                parts
            };
            assert_eq!(parts(Language::En), parts(Language::Cy));
        }
        for field in ["body.name", "contact.salutation", "local.paragraph", "coordinator.name", "office.plan_priority", "campaign.reply_address"] {
            assert!(template.fields().contains(field), "{field}");
        }
        assert_eq!(template.blocks.iter().filter(|block| block.role == BlockRole::Asks).count(), 1);
        let of = |policy: PublishPolicy| template.clone().under(policy).blocks.len();
        assert_eq!([PublishPolicy::AsPermitted, PublishPolicy::StatesOnly, PublishPolicy::Closed].map(of), [template.blocks.len() - 2; 3]);
        assert_eq!(template.footnotes.len(), 2);
    }
}
