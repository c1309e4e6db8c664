//! The treatment of counts: what happens before anything is derived from them.

use crate::{Audience, Count, Rule};

/// A count after treatment: known, perhaps rounded, or hidden. Made only by [`treat`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Treated(Option<u64>);

impl Treated {
    /// The treated number; `None` when it is hidden.
    pub fn known(self) -> Option<u64> {
        self.0
    }
}

/// Treats one count under a rule for an audience; the team that holds the data sees it as it is.
///
/// ```
/// use headwater_release::{Audience, Count, Rule, treat};
/// let rule = Rule::NHS_SUBNATIONAL;
/// assert_eq!(treat(Count::new(7), &rule, Audience::Public).known(), None);
/// assert_eq!(treat(Count::new(8), &rule, Audience::Public).known(), Some(10));
/// assert_eq!(treat(Count::new(0), &rule, Audience::Public).known(), Some(0));
/// assert_eq!(treat(Count::new(7), &rule, Audience::Team).known(), Some(7));
/// ```
pub fn treat(count: Count, rule: &Rule, audience: Audience) -> Treated {
    match rule {
        Rule::HideSmall { hide_up_to, round_to } if audience != Audience::Team => match count.0 {
            0 => Treated(Some(0)),
            n if n <= *hide_up_to => Treated(None),
            n => Treated(Some(round_to.filter(|to| *to > 0).map_or(n, |to| n.saturating_add(to / 2) / to * to))),
        },
        _ => Treated(Some(count.0)),
    }
}

/// Treats many counts alike.
pub fn treat_all(counts: &[Count], rule: &Rule, audience: Audience) -> Vec<Treated> {
    counts.iter().map(|count| treat(*count, rule, audience)).collect()
}
