//! Which area lies in which: LSOA in ward in local authority in Community Safety Partnership in police force area.

use super::code::{AreaCode, Kind, Vintage};
use std::collections::{BTreeMap, BTreeSet};

/// The look-ups of a workspace, joined: every area's name, the larger areas it lies in, and the vintage of each LSOA.
///
/// Authorities are reorganised, so look-ups of several years contradict each other: the newest year that names a larger area
/// of a kind is believed, and older ones are not asked ([`Nesting::moved`] tells whom they contradict). A look-up that gives one area two parents of the same kind in one
/// year is not joined for that kind (it would count its people and crimes twice); the case is kept as a [`NestingProblem`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nesting {
    names: BTreeMap<AreaCode, String>,
    parents: BTreeMap<(AreaCode, Kind), Newest>,
    lsoas: BTreeMap<AreaCode, [bool; 2]>,
}

/// The larger areas of one kind that the newest look-up names; a look-up without a year is older than any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Newest {
    year: Option<u16>,
    areas: BTreeSet<AreaCode>,
    /// Those that look-ups of other years name.
    older: BTreeSet<AreaCode>,
}

/// Something in the look-ups that a plain join would get wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NestingProblem {
    /// One area lies in several areas of a kind: it is not joined to any of them.
    SeveralParents {
        /// The smaller area.
        child: AreaCode,
        /// The kind of larger area.
        kind: Kind,
        /// The larger areas named.
        parents: Vec<AreaCode>,
    },
}

impl Nesting {
    /// Records an area's name; a later name replaces an earlier one.
    pub fn name_area(&mut self, code: AreaCode, name: &str) {
        if !name.trim().is_empty() {
            self.names.insert(code, name.trim().to_owned());
        }
    }

    /// Records that `child` lies in `parent`, by a look-up whose codes of the parent's kind are of this year.
    pub fn place_in(&mut self, child: AreaCode, parent: AreaCode, year: Option<u16>) {
        let Some(kind) = parent.kind() else { return };
        let known = self.parents.entry((child, kind)).or_default();
        if year > known.year {
            known.year = year;
            known.older.append(&mut known.areas);
        }
        if year == known.year {
            known.areas.insert(parent)
        } else {
            known.older.insert(parent)
        };
    }

    /// Records that an LSOA code belongs to a vintage; most codes belong to both.
    pub fn mark_lsoa(&mut self, code: AreaCode, vintage: Vintage) {
        self.lsoas.entry(code).or_default()[vintage as usize] = true;
    }

    /// The vintages that know an LSOA code, as (2011, 2021); `None` when neither does.
    pub fn vintages(&self, lsoa: AreaCode) -> Option<(bool, bool)> {
        self.lsoas.get(&lsoa).map(|v| (v[0], v[1]))
    }

    /// The LSOAs of a vintage, in code order.
    pub fn lsoas(&self, vintage: Vintage) -> impl Iterator<Item = AreaCode> + '_ {
        self.lsoas.iter().filter(move |(_, v)| v[vintage as usize]).map(|(code, _)| *code)
    }

    /// Whether any LSOA of the vintage is known.
    pub fn has_vintage(&self, vintage: Vintage) -> bool {
        self.lsoas.values().any(|v| v[vintage as usize])
    }

    /// An area's name, or its code where no look-up names it.
    pub fn name(&self, code: AreaCode) -> String {
        self.names.get(&code).cloned().unwrap_or_else(|| code.to_string())
    }

    /// The one area of `kind` in which `child` lies, climbing as far as needed; `None` when unknown or not unique.
    pub fn parent(&self, child: AreaCode, kind: Kind) -> Option<AreaCode> {
        if let Some(parents) = self.parents.get(&(child, kind)) {
            // Only a single answer is an answer.
            return (parents.areas.len() == 1).then(|| parents.areas.first().copied()).flatten();
        }
        // Climb by the widest step first: an LSOA's own local authority is surer than its ward's.
        for step in [Kind::CommunitySafetyPartnership, Kind::LocalAuthority, Kind::Ward] {
            if step < kind && child.kind().is_some_and(|own| own < step) {
                for via in self.parents.get(&(child, step)).into_iter().flat_map(|parents| &parents.areas) {
                    if let Some(found) = self.parent(*via, kind) {
                        return Some(found);
                    }
                }
            }
        }
        None
    }

    /// The areas directly known to lie in `parent` with the given kind, in code order.
    pub fn within(&self, parent: AreaCode, kind: Kind) -> Vec<AreaCode> {
        let Some(parent_kind) = parent.kind() else { return Vec::new() };
        let mut found = BTreeSet::new();
        let mut children: BTreeSet<AreaCode> = self.parents.keys().filter(|(c, _)| c.kind() == Some(kind)).map(|(c, _)| *c).collect();
        if kind == Kind::CommunitySafetyPartnership || kind == Kind::LocalAuthority {
            children.extend(self.parents.values().flat_map(|parents| &parents.areas).filter(|c| c.kind() == Some(kind)));
        }
        for child in children {
            if self.parent(child, parent_kind) == Some(parent) {
                found.insert(child);
            }
        }
        found.into_iter().collect()
    }

    /// The areas of a kind that older look-ups place in other areas of kind `within` than the newest one does, in code order.
    ///
    /// A plain join of all look-ups would count each of them twice.
    pub fn moved(&self, kind: Kind, within: Kind) -> impl Iterator<Item = AreaCode> + '_ {
        let is_moved = move |((child, parent_kind), parents): &(&(AreaCode, Kind), &Newest)| {
            child.kind() == Some(kind) && *parent_kind == within && !parents.older.is_subset(&parents.areas)
        };
        self.parents.iter().filter(is_moved).map(|((child, _), _)| *child)
    }

    /// What a plain join of these look-ups would get wrong, in code order.
    pub fn problems(&self) -> Vec<NestingProblem> {
        self.parents
            .iter()
            .filter(|((child, kind), parents)| {
                parents.areas.len() > 1 && child.kind() != Some(Kind::Lsoa) && *kind == Kind::CommunitySafetyPartnership
            })
            .map(|((child, kind), parents)| NestingProblem::SeveralParents {
                child: *child,
                kind: *kind,
                parents: parents.areas.iter().copied().collect(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> AreaCode {
        text.parse().unwrap()
    }

    #[test]
    fn an_lsoa_climbs_to_its_force_through_its_local_authority() {
        let mut nesting = Nesting::default();
        nesting.place_in(code("E01031349"), code("E07000223"), Some(2024));
        nesting.place_in(code("E07000223"), code("E22000200"), Some(2024));
        nesting.place_in(code("E22000200"), code("E23000033"), Some(2024));
        nesting.place_in(code("E07000223"), code("E23000033"), Some(2024));
        assert_eq!(nesting.parent(code("E01031349"), Kind::PoliceForceArea), Some(code("E23000033")));
        assert_eq!(nesting.within(code("E23000033"), Kind::Lsoa), [code("E01031349")]);
        assert_eq!(nesting.within(code("E23000033"), Kind::CommunitySafetyPartnership), [code("E22000200")]);
    }

    #[test]
    fn a_local_authority_with_two_partnerships_is_joined_to_neither_but_keeps_its_force() {
        let mut nesting = Nesting::default();
        nesting.place_in(code("E01000001"), code("E06000001"), Some(2024));
        for csp in ["E22000001", "E22000002"] {
            nesting.place_in(code("E06000001"), code(csp), Some(2024));
            nesting.place_in(code(csp), code("E23000001"), Some(2024));
        }
        nesting.place_in(code("E06000001"), code("E23000001"), Some(2024));
        assert_eq!(nesting.parent(code("E01000001"), Kind::CommunitySafetyPartnership), None);
        assert_eq!(nesting.parent(code("E01000001"), Kind::PoliceForceArea), Some(code("E23000001")));
        assert_eq!(nesting.problems().len(), 1);
    }

    #[test]
    fn a_reorganised_county_lies_in_its_newest_authority_whatever_the_order_of_the_look_ups() {
        let mut links = [("E07000187", Some(2022)), ("E06000066", Some(2024)), ("E07000187", None), ("E07000187", Some(2021))];
        for _ in 0..links.len() {
            links.rotate_left(1);
            let mut nesting = Nesting::default();
            for (authority, year) in links {
                nesting.place_in(code("E01029000"), code(authority), year);
            }
            nesting.place_in(code("E01029001"), code("E06000066"), Some(2024));
            nesting.place_in(code("E01029001"), code("E06000066"), Some(2022));
            assert_eq!(nesting.parent(code("E01029000"), Kind::LocalAuthority), Some(code("E06000066")));
            assert!(nesting.problems().is_empty());
            assert_eq!(nesting.moved(Kind::Lsoa, Kind::LocalAuthority).collect::<Vec<_>>(), [code("E01029000")]);
            assert_eq!(nesting.moved(Kind::Lsoa, Kind::Ward).count(), 0);
        }
    }
}
