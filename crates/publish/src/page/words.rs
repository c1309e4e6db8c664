//! What pages call the documents of a publication.

use headwater_release::Subject;

/// The words that differ by what the documents are about.
#[derive(Debug)]
pub(crate) struct Words {
    /// The way back to all of them.
    pub(crate) all: &'static str,
    /// Over the list to choose from.
    pub(crate) choose: &'static str,
    /// Over the list of what each holds.
    pub(crate) inside: &'static str,
    /// Over the contents of one.
    pub(crate) this: &'static str,
    /// What opens the table that has all side by side.
    pub(crate) compare: &'static str,
}

const AREAS: Words = Words {
    all: "All areas",
    choose: "Choose an area",
    inside: "What is in each assessment",
    this: "In this assessment",
    compare: "Compare the areas in a table",
};

const CAMPAIGNS: Words = Words {
    all: "All campaigns",
    choose: "Choose a campaign",
    inside: "What is in each",
    this: "On this campaign",
    compare: "Compare them in a table",
};

/// The words for what documents are about.
pub(crate) fn words(subject: Subject) -> &'static Words {
    match subject {
        Subject::Areas => &AREAS,
        Subject::Campaigns => &CAMPAIGNS,
    }
}
