//! What pages call the documents of a publication.

use headwater_release::Subject;

/// The words that differ by what the documents are about.
#[derive(Debug)]
pub(crate) struct Words {
    /// The way back to all of them.
    pub(crate) all: &'static str,
    /// Over the list to choose from.
    pub(crate) choose: &'static str,
    /// Over the contents of one.
    pub(crate) this: &'static str,
    /// Over the names of all of them, beside one.
    pub(crate) others: &'static str,
    /// Beside the choice of one, where readers search.
    pub(crate) which: &'static str,
    /// What the first page of one is, in a list of what was found.
    pub(crate) first_page: &'static str,
    /// Over the pages that are about all of them.
    pub(crate) about: &'static str,
    /// What stands in the A to Z.
    pub(crate) a_to_z: &'static str,
}

const AREAS: Words = Words {
    all: "All areas",
    choose: "Choose an area",
    this: "In this assessment",
    others: "Areas",
    which: "Area",
    first_page: "Area",
    about: "About the figures",
    a_to_z: "Every section, figure, table, measure and term, by name. Where areas have the same, each is linked.",
};

const CAMPAIGNS: Words = Words {
    all: "All campaigns",
    choose: "Choose a campaign",
    this: "On these pages",
    others: "Also here",
    which: "Where",
    first_page: "First page",
    about: "About these pages",
    a_to_z: "Every page and table, by name. Where several campaigns have the same, each is linked.",
};

const STATEMENT: Words = Words {
    all: "First page",
    choose: "In this statement",
    this: "In this statement",
    others: "Also here",
    which: "Where",
    first_page: "First page",
    about: "About these pages",
    a_to_z: "Every page and table of this statement, by name.",
};

/// The words for what documents are about.
pub(crate) fn words(subject: Subject) -> &'static Words {
    match subject {
        Subject::Areas => &AREAS,
        Subject::Campaigns => &CAMPAIGNS,
        Subject::Statement => &STATEMENT,
    }
}
