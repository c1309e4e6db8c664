//! Sentences made of fixed words, names and cleared values.

use crate::Value;

/// Where a link goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A section of this document, by its slug.
    Section(String),
    /// A figure of this document, by its slug.
    Figure(String),
    /// Another document of the publication, by its slug.
    Document(String),
    /// A section of another document of the publication: the document's slug, and the section's.
    SectionOf(String, String),
    /// A page about the publication, by its slug.
    About(String),
    /// The page about a measure or a data set, by its id.
    Measure(String),
    /// A file beside the pages of the publication, by its path below the site's folder.
    File(String),
    /// An address outside.
    Url(String),
}

/// One piece of a passage.
#[derive(Clone, Debug, PartialEq)]
pub enum Span {
    /// Words.
    Text(String),
    /// Words that matter most.
    Strong(String),
    /// A link.
    Link(String, Target),
}

/// A passage of text: fixed words, names, and values that were cleared.
///
/// ```
/// use headwater_release::{Audience, Count, Passage, Rule, Value, treat};
/// let n = treat(Count::new(1234), Rule::already_public(), Audience::Public);
/// let passage = Passage::new().say("Robbery rose to ").value(&Value::count(n)).say(" in ").name("Adur").say(".");
/// assert_eq!(passage.plain(), "Robbery rose to 1,234 in Adur.");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Passage(Vec<Span>);

impl Passage {
    /// An empty passage.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds fixed words.
    #[must_use]
    pub fn say(self, words: &'static str) -> Self {
        self.text(words.to_owned())
    }

    /// Adds the name of a place, month, source, method or definition, or a sentence that a method gives as its reason.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        self.text(name.into())
    }

    /// Adds a cleared value as people read it.
    #[must_use]
    pub fn value(self, value: &Value) -> Self {
        self.text(value.shown())
    }

    /// Adds emphasised words.
    #[must_use]
    pub fn strong(mut self, words: impl Into<String>) -> Self {
        self.0.push(Span::Strong(words.into()));
        self
    }

    /// Adds a link.
    #[must_use]
    pub fn link(mut self, words: impl Into<String>, target: Target) -> Self {
        self.0.push(Span::Link(words.into(), target));
        self
    }

    /// Adds another passage.
    #[must_use]
    pub fn then(mut self, other: Passage) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The pieces in order.
    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    /// The words alone.
    pub fn plain(&self) -> String {
        self.0
            .iter()
            .map(|span| match span {
                Span::Text(words) | Span::Strong(words) | Span::Link(words, _) => words.as_str(),
            })
            .collect()
    }

    /// Whether there are no words.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn text(mut self, words: String) -> Self {
        match self.0.last_mut() {
            Some(Span::Text(before)) => before.push_str(&words),
            _ => self.0.push(Span::Text(words)),
        }
        self
    }
}
