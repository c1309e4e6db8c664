//! Passages that the terms of a code find on a page: suggestions, which count for nothing until a person confirms one.

use headwater_prevention::exchange::id::{CodeId, DocumentId};
use headwater_prevention::exchange::reading::Reading;
use headwater_prevention::exchange::reading::coding::{Coding, Segment};

use crate::passages::CodedPage;
use crate::search::question::Question;

/// The most that are shown of a page.
const MOST: usize = 30;

/// A sentence that the terms of a code find.
pub struct Suggestion {
    /// The code.
    pub code: CodeId,
    /// The sentence.
    pub segment: Segment,
}

/// What the terms of all codes find on a page and is neither coded so nor dismissed, in the order of the page.
pub fn suggestions(reading: &Reading, document: DocumentId, page: &CodedPage, seen: &[&Coding]) -> Vec<Suggestion> {
    let Some(issue) = reading.codebook().current() else { return Vec::new() };
    let mut found: Vec<Suggestion> = Vec::new();
    for (code, entry) in &issue.codes {
        for question in entry.terms.iter().filter_map(|term| Question::read(&as_phrase(term.as_str())).ok()) {
            for place in question.places(&page.text) {
                let Some(sentence) = page.sentences.iter().find(|it| it.range.contains(&place.start)) else { continue };
                let segment = sentence.segment;
                let is_coded = seen.iter().any(|it| it.code == *code && it.place.segment().is_some_and(|at| at.shared(segment) > 0));
                let is_there = found.iter().any(|it| it.code == *code && it.segment == segment);
                if !is_coded && !is_there && !reading.is_dismissed(document, *code, segment) {
                    found.push(Suggestion { code: *code, segment });
                }
            }
        }
    }
    found.sort_by_key(|it| (it.segment.first, it.code));
    found.truncate(MOST);
    found
}

/// Several words of a term stand next to one another, unless it says otherwise by the signs of a search.
fn as_phrase(term: &str) -> String {
    let has_signs = term.contains(['"', '*', '~']) || term.contains(" OR ") || term.split_whitespace().any(|word| word.starts_with('-'));
    if has_signs || !term.contains(char::is_whitespace) { term.to_owned() } else { format!("\"{term}\"") }
}

#[cfg(test)]
mod tests {
    use super::as_phrase;

    #[test]
    fn a_term_of_several_words_is_a_phrase() {
        assert_eq!(as_phrase("county lines"), "\"county lines\"");
        for term in ["coercion", "traffick*", "\"county lines\"~3", "coercion OR control"] {
            assert_eq!(as_phrase(term), term);
        }
    }
}
