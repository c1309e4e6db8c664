//! What each release says, and what those say together that count the same things alike.
//!
//! A release of last year's file and one of this year's may differ in every count, and a third may come from last year's file
//! again. A reader holds the first and the third together, though the second stands between them.

use super::closure::follow;
use super::keys::Keys;
use super::{Axis, Known};
use std::collections::BTreeSet;

/// What a reader holds who has kept every release.
#[derive(Default)]
pub(super) struct Accounts {
    /// Each release with what follows from it; what leaves now is the first.
    pub each: Vec<Known>,
    /// Sets of several that do not contradict each other anywhere, with what follows from all of a set.
    pub together: Vec<Known>,
}

/// Follows each source to its end, and every set of them that a reader may hold together.
///
/// For every two sources that do not contradict each other there is a set that holds both, and all others that contradict none
/// of it, the earlier ones first.
pub(super) fn accounts(axes: &[Axis], keys: &Keys, sources: Vec<Known>) -> Accounts {
    let agree: Vec<Vec<bool>> = sources.iter().map(|a| sources.iter().map(|b| !contradict(a, b)).collect()).collect();
    let mut sets: BTreeSet<Vec<usize>> = BTreeSet::new();
    for (a, agrees) in agree.iter().enumerate() {
        for b in (0..a).filter(|b| agrees[*b]) {
            let mut set = vec![b, a];
            for (other, agrees) in agree.iter().enumerate() {
                if !set.contains(&other) && set.iter().all(|of_set| agrees[*of_set]) {
                    set.push(other);
                }
            }
            set.sort_unstable();
            sets.insert(set);
        }
    }
    let followed = |mut known: Known| -> Known {
        let (follows, _) = follow(axes, keys, &known);
        known.extend(follows);
        known
    };
    let together = |set: &Vec<usize>| -> Known { set.iter().flat_map(|at| &sources[*at]).map(|(place, count)| (*place, *count)).collect() };
    let together = sets.iter().map(together).map(followed).collect();
    Accounts { each: sources.into_iter().map(followed).collect(), together }
}

/// Whether one gives a count of something of which the other gives another.
fn contradict(a: &Known, b: &Known) -> bool {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    few.iter().any(|(place, count)| many.get(place).is_some_and(|other| other != count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_contradict_is_held_together_and_followed() {
        let axes = [Axis::new("area").made_of("county", ["north", "south"])];
        let named = |area: &str| vec![area.to_owned()];
        let keys = Keys::new(&axes, std::iter::empty());
        let known = |counts: &[(&str, u64)]| counts.iter().map(|(area, n)| (keys.number(&named(area)).unwrap(), *n)).collect::<Known>();
        // Now, then, and then again: 60 of which 40; 50; and 30, of which nobody knows when it was counted.
        let now = known(&[("county", 60), ("north", 40)]);
        let all = accounts(&axes, &keys, vec![now.clone(), known(&[("county", 50)]), known(&[("north", 30)])]);
        assert_eq!((all.each.len(), all.together.len()), (3, 1));
        assert_eq!(all.each[0], known(&[("county", 60), ("north", 40), ("south", 20)]));
        assert_eq!(all.together[0], known(&[("county", 50), ("north", 30), ("south", 20)]));
        assert!(contradict(&now, &all.together[0]) && !contradict(&all.each[1], &all.together[0]));
    }
}
