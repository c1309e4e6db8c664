//! The document that is published: sections of findings, figures and honest gaps.

mod day;
mod imprint;
mod measure;
mod translation;

pub use day::Day;
pub use imprint::{Imprint, Publisher};
pub use measure::{Measure, MeasureKind};
pub use translation::{Readership, Rendering, Translation};

use crate::{Audience, Figure, Letter, Passage, Table, Target};

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Several sources, or one that fits the question, and chance is no likely explanation.
    High,
    /// One source with known weaknesses; chance is no likely explanation.
    Moderate,
    /// Few events, an indirect measure, or chance may explain it.
    Low,
}

impl Certainty {
    /// The word that is printed.
    pub fn word(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Moderate => "moderate",
            Self::Low => "low",
        }
    }
}

/// One ranked finding of the executive summary.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The sentence, with number, interval and source.
    pub statement: Passage,
    /// How sure.
    pub certainty: Certainty,
    /// Why that sure, in a sentence.
    pub why: Passage,
    /// The exhibit it rests on.
    pub exhibit: Target,
}

/// One block of a section.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Passage),
    /// A heading below the section's.
    Heading(String),
    /// A list with bullets.
    List(Vec<Passage>),
    /// Facts: what, and its value.
    Facts(Vec<(String, Passage)>),
    /// An exhibit.
    Figure(Box<Figure>),
    /// A table without a chart.
    Table(Box<Table>),
    /// Something the reader must not miss.
    Warning(Passage),
    /// What is not known, and what would be needed.
    NotYetKnown(Passage),
    /// Ranked findings.
    Findings(Vec<Finding>),
    /// A letter that was sent, as its readers may see it: told apart from what stands around it.
    Letter(Box<Letter>),
}

/// One section: a page of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Permanent name in addresses.
    pub slug: String,
    /// The section's name in the contents, such as "Scale and trend".
    pub name: String,
    /// The title as a finding.
    pub title: Passage,
    /// What a reader takes away, in a sentence or two.
    pub lede: Passage,
    /// The content.
    pub blocks: Vec<Block>,
}

/// A document for one area.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Permanent name in addresses.
    pub slug: String,
    /// The title.
    pub title: String,
    /// The area's name.
    pub area: String,
    /// What kind of area it is.
    pub area_kind: String,
    /// The period, in words.
    pub period: String,
    /// Who may read it.
    pub audience: Audience,
    /// What it is, in a sentence or two.
    pub standfirst: Passage,
    /// A few figures for the area chooser: what, and the value.
    pub key_figures: Vec<(String, Passage)>,
    /// Front matter: period, definition, data cut-offs, owner, marking.
    pub front: Vec<(String, Passage)>,
    /// The sections; the first is the executive summary.
    pub sections: Vec<Section>,
}

impl Document {
    /// Every figure with the section it stands in.
    pub fn figures(&self) -> impl Iterator<Item = (&Section, &Figure)> {
        self.sections.iter().flat_map(|section| {
            section.blocks.iter().filter_map(move |block| match block {
                Block::Figure(figure) => Some((section, figure.as_ref())),
                _ => None,
            })
        })
    }
}

/// What the documents of a publication are about, which decides what pages call them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Subject {
    /// Each is the assessment of an area.
    #[default]
    Areas,
    /// Each is a campaign: what was asked of many, and answered.
    Campaigns,
    /// There is one: what an office did in a year.
    Statement,
}

/// Documents that are published together: the whole area first, then the areas nested in it.
///
/// The default has no documents and cannot be published; it is there to be filled in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Publication {
    /// What its documents are about.
    pub subject: Subject,
    /// The title of the site.
    pub title: String,
    /// What it is, in a sentence or two.
    pub standfirst: Passage,
    /// The documents, the whole area's first.
    pub documents: Vec<Document>,
    /// Pages about the publication: sources and their problems, methods, accessibility, glossary.
    pub about: Vec<Section>,
    /// What is counted and how: a page each, to which every exhibit that uses it links.
    pub measures: Vec<Measure>,
    /// The same for readers of another language or another way of reading, written by people.
    pub translations: Vec<Translation>,
    /// Who must be named as the source, and under which licence.
    pub attribution: Vec<String>,
    /// Who publishes it, and when.
    pub imprint: Imprint,
}
