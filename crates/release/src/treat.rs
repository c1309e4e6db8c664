//! The treatment of counts: what happens before anything is derived from them.

use crate::{Audience, Count, Rule};

/// A count after treatment: known, perhaps rounded, or hidden. Made by [`treat`] and by a [`Pattern`](crate::Pattern) alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Treated(pub(crate) Option<u64>);

impl Treated {
    /// The treated number; `None` when it is hidden.
    pub fn known(self) -> Option<u64> {
        self.0
    }
}

/// Treats one count under a rule for an audience; the team that holds the data sees it as it is.
///
/// Under controlled rounding a count by itself is hidden: what it is rounded to depends on the release that it stands in, which
/// [`protect`](crate::protect) treats as a whole.
///
/// ```
/// use headwater_release::{Audience, Count, Rule, treat};
/// let rule = Rule::named("nhs-subnational")?;
/// assert_eq!(treat(Count::new(7), rule, Audience::Public).known(), None);
/// assert_eq!(treat(Count::new(8), rule, Audience::Public).known(), Some(10));
/// assert_eq!(treat(Count::new(0), rule, Audience::Public).known(), Some(0));
/// assert_eq!(treat(Count::new(7), rule, Audience::Team).known(), Some(7));
/// # Ok::<(), headwater_release::UnknownRule>(())
/// ```
pub fn treat(count: Count, rule: &Rule, audience: Audience) -> Treated {
    if audience == Audience::Team {
        return Treated(Some(count.0));
    }
    let is_hidden = (1..=rule.hide_up_to).contains(&count.0);
    let shown = rule.rounding.of(count.0);
    Treated(shown.filter(|_| !is_hidden))
}

/// Treats many counts alike.
pub fn treat_all(counts: &[Count], rule: &Rule, audience: Audience) -> Vec<Treated> {
    counts.iter().map(|count| treat(*count, rule, audience)).collect()
}
