//! The codebook: codes in a hierarchy and fields, as they are drafted and as they were issued in numbered versions.

use crate::exchange::id::{CodeId, FieldId, PersonId};
use crate::exchange::moment::Moment;
use crate::exchange::words::{Remark, Title};
use serde::{Deserialize, Serialize};

/// The most levels of a codebook: more nobody keeps in mind.
pub const MOST_LEVELS: usize = 6;

/// What a code means, as it is drafted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeEntry {
    /// What it is called.
    pub name: Title,
    /// The code under which it stands; none for a theme at the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CodeId>,
    /// What is to be marked with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<Remark>,
    /// What is not to be marked with it, though it looks like it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_this: Option<Remark>,
    /// Examples of passages, made up or public already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Remark>,
    /// Terms by which the program suggests passages; never more than suggestions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<Title>,
}

impl CodeEntry {
    /// A code with a name alone.
    pub fn named(name: Title) -> Self {
        Self { name, parent: None, definition: None, not_this: None, examples: Vec::new(), terms: Vec::new() }
    }

    /// Whether the same passages are to be marked: name, terms and place apart.
    pub fn means_the_same(&self, other: &Self) -> bool {
        (&self.definition, &self.not_this) == (&other.definition, &other.not_this)
    }
}

/// What may be written down for a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Words.
    Words,
    /// A number.
    Number,
    /// A day.
    Day,
    /// Yes or no.
    YesNo,
    /// One of several choices.
    Choice(Vec<Title>),
}

/// Something to be looked up in each document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldEntry {
    /// What it is called.
    pub name: Title,
    /// The question that is put to each document.
    pub question: Remark,
    /// What may be written down.
    pub kind: FieldKind,
}

/// A code or a field of the draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafted<T> {
    /// What it says.
    pub entry: T,
    /// Why it is not used any more, if it is not.
    pub retired: Option<Remark>,
    /// The place in the log of its last change.
    pub changed: u64,
}

/// A version of the codebook: what was in use when it was issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// What it is for, or what was changed and why.
    pub note: Remark,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// Its codes in the order of their numbers.
    pub codes: Vec<(CodeId, CodeEntry)>,
    /// Its fields in the order of their numbers.
    pub fields: Vec<(FieldId, FieldEntry)>,
    /// Its place in the log.
    pub seq: u64,
}

impl Issue {
    /// A code of it.
    pub fn code(&self, id: CodeId) -> Option<&CodeEntry> {
        self.codes.binary_search_by_key(&id, |(code, _)| *code).ok().map(|at| &self.codes[at].1)
    }

    /// A field of it.
    pub fn field(&self, id: FieldId) -> Option<&FieldEntry> {
        self.fields.binary_search_by_key(&id, |(field, _)| *field).ok().map(|at| &self.fields[at].1)
    }

    /// Its codes from the top down, each behind the one under which it stands, with its level from 0.
    pub fn outline(&self) -> Vec<(CodeId, &CodeEntry, usize)> {
        outline(&self.codes.iter().map(|(id, entry)| (*id, entry)).collect::<Vec<_>>())
    }

    /// A code and all that stand under it, in the order of the outline.
    pub fn branch(&self, top: CodeId) -> Vec<CodeId> {
        let outline = self.outline();
        let Some(at) = outline.iter().position(|(id, _, _)| *id == top) else { return Vec::new() };
        let level = outline[at].2;
        let below = outline[at + 1..].iter().take_while(|(_, _, it)| *it > level);
        [top].into_iter().chain(below.map(|(id, _, _)| *id)).collect()
    }

    /// The names from the top down to a code.
    pub fn path(&self, id: CodeId) -> Vec<&Title> {
        let mut names = Vec::new();
        let mut next = Some(id);
        while let Some(entry) = next.and_then(|id| self.code(id)).filter(|_| names.len() <= MOST_LEVELS) {
            names.push(&entry.name);
            next = entry.parent;
        }
        names.reverse();
        names
    }
}

/// The codebook of an office.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Codebook {
    pub(in crate::exchange) codes: Vec<Drafted<CodeEntry>>,
    pub(in crate::exchange) fields: Vec<Drafted<FieldEntry>>,
    pub(in crate::exchange) issues: Vec<Issue>,
}

impl Codebook {
    /// A code of the draft, retired or not.
    pub fn code(&self, id: CodeId) -> Option<&Drafted<CodeEntry>> {
        self.codes.get(id.index())
    }

    /// A field of the draft, retired or not.
    pub fn field(&self, id: FieldId) -> Option<&Drafted<FieldEntry>> {
        self.fields.get(id.index())
    }

    /// All codes of the draft in the order of their numbers, retired ones too.
    pub fn codes(&self) -> &[Drafted<CodeEntry>] {
        &self.codes
    }

    /// All fields of the draft in the order of their numbers, retired ones too.
    pub fn fields(&self) -> &[Drafted<FieldEntry>] {
        &self.fields
    }

    /// The codes of the draft that are in use, from the top down, each with its level from 0.
    pub fn outline(&self) -> Vec<(CodeId, &CodeEntry, usize)> {
        let in_use = (0..).map(CodeId).zip(&self.codes).filter(|(_, code)| code.retired.is_none());
        outline(&in_use.map(|(id, code)| (id, &code.entry)).collect::<Vec<_>>())
    }

    /// The fields of the draft that are in use.
    pub fn fields_in_use(&self) -> impl Iterator<Item = (FieldId, &FieldEntry)> {
        (0..).map(FieldId).zip(&self.fields).filter(|(_, field)| field.retired.is_none()).map(|(id, field)| (id, &field.entry))
    }

    /// All versions, the first one first.
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// The number of the version by which people code now; 0 before the first was issued.
    pub fn version(&self) -> u32 {
        self.issues.len() as u32
    }

    /// A version.
    pub fn issue(&self, version: u32) -> Option<&Issue> {
        self.issues.get((version as usize).checked_sub(1)?)
    }

    /// The version by which people code now.
    pub fn current(&self) -> Option<&Issue> {
        self.issues.last()
    }

    /// Whether the draft differs from what was issued last.
    pub fn is_changed(&self) -> bool {
        let (codes, mut fields) = (self.codes_in_use(), self.fields_in_use());
        match self.current() {
            None => !codes.is_empty() || fields.next().is_some(),
            Some(issue) => issue.codes != codes || !fields.eq(issue.fields.iter().map(|(id, entry)| (*id, entry))),
        }
    }

    /// The codes that would be issued now, in the order of their numbers.
    pub(in crate::exchange) fn codes_in_use(&self) -> Vec<(CodeId, CodeEntry)> {
        let mut codes: Vec<(CodeId, CodeEntry)> = self.outline().into_iter().map(|(id, entry, _)| (id, entry.clone())).collect();
        codes.sort_by_key(|(id, _)| *id);
        codes
    }

    /// How deep a code stands in the draft, from 0, or `None` where its line upwards breaks or goes in a ring.
    pub fn level(&self, id: CodeId) -> Option<usize> {
        let mut next = self.code(id)?.entry.parent;
        let mut level = 0;
        while let Some(parent) = next {
            level += 1;
            if level > self.codes.len() {
                return None;
            }
            next = self.code(parent)?.entry.parent;
        }
        Some(level)
    }

    /// The name of a code: as it is now, whether it is in use or not.
    pub fn name(&self, id: CodeId) -> &str {
        self.code(id).map_or("a code that is not there", |code| code.entry.name.as_str())
    }
}

/// Codes from the top down, each behind the one under which it stands; what stands under nothing that is here is left out.
fn outline<'a>(codes: &[(CodeId, &'a CodeEntry)]) -> Vec<(CodeId, &'a CodeEntry, usize)> {
    let mut found = Vec::with_capacity(codes.len());
    let children = |of: Option<CodeId>| codes.iter().filter(move |(_, entry)| entry.parent == of).rev();
    let mut waiting: Vec<(CodeId, &CodeEntry, usize)> = children(None).map(|(id, entry)| (*id, *entry, 0)).collect();
    while let Some((id, entry, level)) = waiting.pop() {
        found.push((id, entry, level));
        waiting.extend(children(Some(id)).map(|(child, entry)| (*child, *entry, level + 1)));
    }
    found
}
