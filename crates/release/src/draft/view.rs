//! What releases say of the keys of one line, and which of them can be held together.

use super::Known;
use super::accounts::Accounts;

/// Up to so many different views of a line every choice among them is tried: each more doubles them.
const MOST: usize = 8;

/// What one release says of the keys of a line, in their order.
pub(super) type View = Vec<Option<u64>>;

/// What an account says of keys.
pub(super) fn of(account: &Known, places: &[u128]) -> View {
    places.iter().map(|place| account.get(place).copied()).collect()
}

/// The different views that there are of the keys of a line. What several accounts say together is one of its own only if
/// more follows from them than they say.
pub(super) fn all(accounts: &Accounts, places: &[u128]) -> Vec<View> {
    let mut views: Vec<View> = Vec::new();
    for account in &accounts.each {
        let view = of(account, places);
        if view.iter().any(Option::is_some) && !views.contains(&view) {
            views.push(view);
        }
    }
    let n_each = views.len();
    for account in &accounts.together {
        let view = of(account, places);
        let within = views[..n_each].iter().filter(|each| says(&view, each));
        let said = within.fold(vec![None; places.len()], |said, each| merged(&said, each).unwrap_or(said));
        if said != view && !views.contains(&view) {
            views.push(view);
        }
    }
    views
}

/// What views say together, from those that say most to each alone: of few views every choice that does not contradict itself;
/// of many, every two with all others that contradict none of them, then every two, then each.
pub(super) fn together(views: &[View]) -> Vec<View> {
    let nothing = || vec![None; views.first().map_or(0, Vec::len)];
    let mut found: Vec<View> = if views.len() <= MOST {
        let chosen = |set: u32| views.iter().enumerate().filter(move |(at, _)| set >> at & 1 == 1).map(|(_, view)| view);
        (1..1_u32 << views.len()).filter_map(|set| chosen(set).try_fold(nothing(), |said, view| merged(&said, view))).collect()
    } else {
        let both: Vec<View> = views.iter().enumerate().flat_map(|(at, a)| views[..at].iter().filter_map(|b| merged(a, b))).collect();
        let more = both.iter().map(|both| views.iter().fold(both.clone(), |said, view| merged(&said, view).unwrap_or(said)));
        more.chain(both.iter().cloned()).chain(views.iter().cloned()).collect()
    };
    let n_said = |view: &View| view.iter().flatten().count();
    found.sort_by(|a, b| n_said(b).cmp(&n_said(a)).then_with(|| a.cmp(b)));
    found.dedup();
    found
}

/// Whether one view says all that another does.
pub(super) fn says(more: &View, less: &View) -> bool {
    more.iter().zip(less).all(|(more, less)| less.is_none() || more == less)
}

/// What two views say together; none where they contradict each other.
fn merged(a: &View, b: &View) -> Option<View> {
    let both = |pair: (&Option<u64>, &Option<u64>)| match pair {
        (Some(a), Some(b)) if a != b => None,
        (a, b) => Some(a.or(*b)),
    };
    a.iter().zip(b).map(both).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_are_held_together_unless_they_contradict_each_other() {
        let view = |n: [u64; 3]| -> View { n.iter().map(|n| (*n > 0).then_some(*n)).collect() };
        let (total, other, north, south) = (view([50, 0, 0]), view([70, 0, 0]), view([0, 30, 0]), view([0, 0, 17]));
        let few = together(&[total.clone(), other, north.clone(), south.clone()]);
        assert_eq!(few[..2], [view([50, 30, 17]), view([70, 30, 17])]);
        assert!(few.iter().all(|view| view[0] != Some(120)) && few.len() == 11);
        // Many: every two at least.
        let many: Vec<View> = (1..=9).map(|n| view([50 + n, 0, 0])).chain([north, south]).collect();
        let many = together(&many);
        assert!((1..=9).all(|n| many.contains(&view([50 + n, 30, 17]))));
        assert!(says(&few[0], &total) && !says(&total, &few[0]));
    }
}
