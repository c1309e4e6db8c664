//! What is counted and how: the pages about measures, to which exhibits link.

use crate::Passage;

/// What a measure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MeasureKind {
    /// A case definition: what an area has agreed to call serious violence.
    Definition,
    /// An indicator: a count of some kinds of record.
    Indicator,
    /// A statistical method.
    Method,
    /// A data set, with its traps.
    Source,
}

impl MeasureKind {
    /// Every kind, in the order in which a reader meets them.
    pub const ALL: [Self; 4] = [Self::Definition, Self::Indicator, Self::Method, Self::Source];

    /// The kind in words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Definition => "Case definition",
            Self::Indicator => "Indicator",
            Self::Method => "Method",
            Self::Source => "Source",
        }
    }

    /// Several of the kind.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Definition => "Case definitions",
            Self::Indicator => "Indicators",
            Self::Method => "Methods",
            Self::Source => "Sources",
        }
    }
}

/// Something that is counted, or a way to count: what it is, what goes into it, what it does not show.
///
/// Where it is used is not said here: the pages find it out from the provenance of every figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// What it is.
    pub kind: MeasureKind,
    /// The id by which provenance names it: that of a definition, or the slug of a method's page.
    pub id: String,
    /// The version, a content hash; empty where there is none.
    pub version: String,
    /// The name people read.
    pub name: String,
    /// What it is, in a sentence or two.
    pub lede: Passage,
    /// Facts: what, and its value.
    pub facts: Vec<(String, Passage)>,
    /// What anyone who reads it must know, in order of weight: what it does not show, the traps of its source.
    pub traps: Vec<Passage>,
    /// Its page in Markdown, for methods; empty where the facts say everything. It holds no figure of the publication.
    pub page: String,
    /// Ids of other measures that belong to it: the indicators of a definition, the source of an indicator.
    pub see: Vec<String>,
}
