//! The areas that get a document of their own.

use crate::evidence::Evidence;
use crate::place::{AreaCode, Kind};

/// One area: the whole, or a Community Safety Partnership in it.
pub(super) struct Scope {
    pub code: AreaCode,
    pub name: String,
    pub slug: String,
    pub kind: &'static str,
    /// Positions of its LSOAs among those counted.
    pub lsoas: Vec<usize>,
    pub is_whole: bool,
}

/// The Community Safety Partnerships of a force area that have LSOAs, in order of name.
pub(super) fn parts(evidence: &Evidence, force_area: AreaCode, lsoas: &[AreaCode]) -> Vec<Scope> {
    let mut parts: Vec<Scope> = Vec::new();
    for code in evidence.partnerships(force_area) {
        let own: Vec<usize> = lsoas
            .iter()
            .enumerate()
            .filter(|(_, lsoa)| evidence.nesting.parent(**lsoa, Kind::CommunitySafetyPartnership) == Some(code))
            .map(|(i, _)| i)
            .collect();
        if own.is_empty() {
            continue;
        }
        let name = evidence.nesting.name(code);
        let mut slug = slug(&name);
        if slug.is_empty() || parts.iter().any(|part| part.slug == slug) {
            slug = code.to_string().to_lowercase();
        }
        parts.push(Scope { code, name, slug, kind: Kind::CommunitySafetyPartnership.name(), lsoas: own, is_whole: false });
    }
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    parts
}

/// A name as part of an address: lower case letters and digits, dashes between.
pub(super) fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') && c != '\'' {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_become_addresses() {
        for (name, slug) in [("Brighton and Hove", "brighton-and-hove"), ("King's Lynn & West", "kings-lynn-west"), ("Ynys Môn", "ynys-m-n")] {
            assert_eq!(super::slug(name), slug);
        }
    }
}
