//! Where a figure comes from: printed beside every exhibit.

/// One extract that a figure rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExtractRef {
    /// SHA-256 of the file as received, 64 hexadecimal digits.
    pub hash: String,
    /// The file's name when it arrived.
    pub name: String,
    /// Who published it.
    pub publisher: String,
    /// Under which licence.
    pub licence: String,
}

/// The method of a figure and the page that explains it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MethodRef {
    /// The method as a reader says it.
    pub name: String,
    /// The slug of its page in `methods/`.
    pub page: String,
}

/// Everything needed to make a figure again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// The extracts it rests on, in order of name.
    pub extracts: Vec<ExtractRef>,
    /// The case definition or indicator, as id and version (a content hash).
    pub definition: Option<(String, String)>,
    /// The data sets it is counted from, by the ids of their pages.
    pub sources: Vec<String>,
    /// How the numbers were made.
    pub methods: Vec<MethodRef>,
    /// The period covered, in words.
    pub period: String,
    /// The rule on small numbers, by id.
    pub rule: String,
    /// The version of the program.
    pub program: String,
}
