//! Books to start from: themes with their codes, each with where it is taken from. They are a beginning, to be changed.

use super::codebook::CodeEntry;
use crate::exchange::words::{Remark, Title};
use serde::Deserialize;
use std::sync::LazyLock;

/// A start codebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Starter {
    /// A short name for addresses: `drivers`.
    pub key: String,
    /// What it is for.
    pub about: String,
    /// Where its codes are taken from.
    pub source: String,
    /// Its codes: the theme first, each behind the one under which it stands.
    pub codes: Vec<StarterCode>,
}

impl Starter {
    /// What the theme is called.
    pub fn name(&self) -> &str {
        self.codes[0].entry.name.as_str()
    }
}

/// A code of a start codebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StarterCode {
    /// What it means; under which it stands is given by `under`.
    pub entry: CodeEntry,
    /// The place in the list of the code under which it stands.
    pub under: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    book: Vec<Book>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    key: String,
    name: Title,
    about: String,
    source: String,
    definition: Remark,
    code: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    name: Title,
    under: Option<Title>,
    definition: Remark,
    not_this: Option<Remark>,
    #[serde(default)]
    examples: Vec<Remark>,
    #[serde(default)]
    terms: Vec<Title>,
}

/// All start codebooks.
///
/// ```
/// use headwater_prevention::exchange::reading::starters::starters;
/// let of = |key: &str| starters().iter().find(|it| it.key == key).unwrap();
/// // National Referral Mechanism: criminal, domestic servitude, labour, sexual, organ harvesting, and not said.
/// assert_eq!(of("exploitation").codes.iter().filter(|code| code.under == Some(0)).count(), 6);
/// ```
pub fn starters() -> &'static [Starter] {
    static ALL: LazyLock<Vec<Starter>> = LazyLock::new(|| {
        let file: Result<File, _> = toml::from_str(include_str!("starters.toml"));
        // A test reads each of them.
        file.map(|file| file.book.into_iter().filter_map(starter).collect()).unwrap_or_default()
    });
    &ALL
}

/// One book, if every code stands behind the one under which it stands.
fn starter(book: Book) -> Option<Starter> {
    let theme = CodeEntry { definition: Some(book.definition), ..CodeEntry::named(book.name) };
    let mut codes = vec![StarterCode { entry: theme, under: None }];
    for line in book.code {
        let under = match &line.under {
            None => 0,
            Some(above) => codes.iter().position(|code| code.entry.name == *above)?,
        };
        let entry = CodeEntry {
            definition: Some(line.definition),
            not_this: line.not_this,
            examples: line.examples,
            terms: line.terms,
            ..CodeEntry::named(line.name)
        };
        codes.push(StarterCode { entry, under: Some(under) });
    }
    Some(Starter { key: book.key, about: book.about, source: book.source, codes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_book_of_the_file_is_there_and_every_code_says_what_it_means() {
        let file: File = toml::from_str(include_str!("starters.toml")).unwrap();
        assert_eq!(starters().len(), file.book.len());
        assert_eq!(
            starters().iter().map(|it| it.key.as_str()).collect::<Vec<_>>(),
            ["letter", "contents", "drivers", "interventions", "exploitation", "multi-agency"]
        );
        for book in starters() {
            assert!(!book.about.is_empty() && !book.source.is_empty() && book.codes.len() > 3, "{}", book.key);
            for code in &book.codes {
                assert!(code.entry.definition.as_ref().is_some_and(|it| it.as_str().ends_with('.')), "{}", code.entry.name);
                let twins = book.codes.iter().filter(|it| (it.under, &it.entry.name) == (code.under, &code.entry.name)).count();
                assert_eq!(twins, 1, "{}", code.entry.name);
            }
        }
    }
}
